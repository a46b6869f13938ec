// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The users of a session of in-band control: requests in, answers and events
 * out. */

#include <sys/socket.h>
#include <unistd.h>
#include "inband_users.h"
#include "nl_msg.h"

#define USER_EVENTS_MAX	(16u << 20)	/* bytes that wait for one user */
#define USER_EVENT_COST	256u		/* of one beside its bytes */

/**
 * struct user - one of them
 * @list:    in the users
 * @id:      of it
 * @fd:      our end of its socket
 * @slot:    of what was polled, -1: it came later
 * @ready:   there was a request
 * @events:  it asked for some
 * @dumps:   its next request is a dump, which has to wait for another
 * @broken:  it is to be forgotten: an answer of its is lost
 * @queue:   struct user_out that it has not taken
 * @waiting: what the events among them cost
 * @lost:    events that it was not sent since it was told last
 */
struct user {
	struct list_head	list;
	u32			id;
	int			fd;
	int			slot;
	bool			ready;
	bool			events;
	bool			dumps;
	bool			broken;
	struct list_head	queue;
	size_t			waiting;
	u32			lost;
};

/**
 * struct user_out - a datagram that waits
 * @list:  in the queue of a user
 * @len:   bytes of @data
 * @event: no answer
 */
struct user_out {
	struct list_head	list;
	size_t			len;
	bool			event;
	u8			data[];
};

/* Out */

/* 0, -EAGAIN, or another negative errno when nobody is there */
static int user_try(const struct user *user, const void *data, size_t len)
{
	if (send(user->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	return -errno;
}

static int user_queue(struct user *user, const void *data, size_t len,
		      bool event)
{
	struct user_out *out = kmalloc(sizeof(*out) + len, GFP_KERNEL);

	if (!out)
		return -ENOMEM;
	out->len = len;
	out->event = event;
	memcpy(out->data, data, len);
	if (event)
		user->waiting += len + USER_EVENT_COST;
	list_add_tail(&out->list, &user->queue);
	return 0;
}

static int user_send(struct user *user, const void *data, size_t len,
		     bool event)
{
	int ret = -EAGAIN;

	if (list_empty(&user->queue))
		ret = user_try(user, data, len);
	return ret == -EAGAIN ? user_queue(user, data, len, event) : ret;
}

static void user_answer(struct user *user, const void *data, size_t len)
{
	if (user_send(user, data, len, false) == -ENOMEM)
		user->broken = true;
}

static void user_tell_lost(struct user *user)
{
	struct sk_buff skb;
	u64 buf[8];

	if (!user->lost ||
	    cvsw_nl_msg_begin(&skb, buf, sizeof(buf), 0, 0, CVSW_CMD_LOST) ||
	    nla_put_u32(&skb, CVSW_A_LOST, user->lost))
		return;
	if (!user_send(user, buf, cvsw_nl_msg_len(&skb), true))
		user->lost = 0;
}

static void user_event(struct user *user, const void *data, size_t len)
{
	if (user->waiting < USER_EVENTS_MAX)
		user_tell_lost(user);
	if (user->waiting >= USER_EVENTS_MAX || user->lost ||
	    user_send(user, data, len, true) == -ENOMEM)
		user->lost++;
}

static void user_flush(struct user *user)
{
	struct user_out *out, *next;

	list_for_each_entry_safe(out, next, &user->queue, list) {
		if (user_try(user, out->data, out->len) == -EAGAIN)
			return;
		if (out->event)
			user->waiting -= out->len + USER_EVENT_COST;
		list_del(&out->list);
		kfree(out);
	}
	user_tell_lost(user);
}

/* Life */

void cvsw_users_init(struct cvsw_users *users)
{
	mutex_init(&users->lock);
	INIT_LIST_HEAD(&users->list);
}

/* with the lock */
static void user_free(struct cvsw_users *users, struct user *user)
{
	struct user_out *out, *next;

	list_del(&user->list);
	users->n--;
	list_for_each_entry_safe(out, next, &user->queue, list)
		kfree(out);
	close(user->fd);
	kfree(user);
}

void cvsw_users_free(struct cvsw_users *users)
{
	struct user *user, *next;

	list_for_each_entry_safe(user, next, &users->list, list)
		user_free(users, user);
	mutex_destroy(&users->lock);
}

/* a pair of sockets with room for the longest message, if the default is less */
static int user_sockets(int fd[2])
{
	const int size = 2 * CVSW_NL_MSG_MAX;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd))
		return -errno;
	setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

static int users_add(struct cvsw_users *users, struct user *user)
{
	int ret = -EMFILE;

	mutex_lock(&users->lock);
	if (users->n < CVSW_USERS_MAX) {
		users->n++;
		user->id = ++users->id;
		list_add_tail(&user->list, &users->list);
		ret = 0;
	}
	mutex_unlock(&users->lock);
	return ret;
}

int cvsw_users_add(struct cvsw_users *users)
{
	struct user *user = kzalloc(sizeof(*user), GFP_KERNEL);
	int fd[2], ret = -ENOMEM;

	if (!user)
		return ret;
	INIT_LIST_HEAD(&user->queue);
	user->slot = -1;
	ret = user_sockets(fd);
	if (!ret) {
		user->fd = fd[0];
		ret = users_add(users, user);
		if (!ret)
			return fd[1];
		close(fd[0]);
		close(fd[1]);
	}
	kfree(user);
	return ret;
}

/* Waiting */

unsigned int cvsw_users_poll(struct cvsw_users *users, struct pollfd *polls,
			     bool take)
{
	struct user *user;
	unsigned int n = 0;

	mutex_lock(&users->lock);
	list_for_each_entry(user, &users->list, list) {
		user->slot = (int)n;
		polls[n] = (struct pollfd){ .fd = user->fd };
		if (take && !(user->dumps && users->dump.seq))
			polls[n].events |= POLLIN;
		if (!list_empty(&user->queue))
			polls[n].events |= POLLOUT;
		n++;
	}
	mutex_unlock(&users->lock);
	return n;
}

void cvsw_users_polled(struct cvsw_users *users, const struct pollfd *polls)
{
	struct user *user, *next;
	short what;

	mutex_lock(&users->lock);
	list_for_each_entry_safe(user, next, &users->list, list) {
		what = user->slot < 0 ? 0 : polls[user->slot].revents;
		user->slot = -1;
		user->ready = what & POLLIN;
		if (what & (POLLHUP | POLLERR | POLLNVAL) || user->broken)
			user_free(users, user);
		else if (what & POLLOUT)
			user_flush(user);
	}
	mutex_unlock(&users->lock);
}

/* Requests */

static struct cvsw_users_route *users_route(struct cvsw_users *users, u32 seq)
{
	struct cvsw_users_route *route;

	if (!seq)
		return NULL;
	if (seq == users->dump.seq)
		return &users->dump;
	route = &users->route[seq % CVSW_USERS_ROUTES];
	return route->seq == seq ? route : NULL;
}

static bool msg_is_dump(const struct nlmsghdr *nlh)
{
	return (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

/* may the next request of @user be taken? */
static bool user_may(const struct cvsw_users *users, struct user *user)
{
	struct nlmsghdr head = {};
	ssize_t n = recv(user->fd, &head, sizeof(head), MSG_PEEK | MSG_DONTWAIT);

	user->ready = false;
	if (n < (ssize_t)sizeof(head)) {
		user->broken |= n >= 0;
		return false;
	}
	user->dumps = msg_is_dump(&head);
	return !user->dumps || !users->dump.seq;
}

/* give the request in users->buf a number of the session's */
static void users_number(struct cvsw_users *users, struct user *user)
{
	struct nlmsghdr *nlh = (void *)users->buf;
	struct cvsw_users_route *route;
	u32 seq = ++users->seq ?: ++users->seq;

	route = user->dumps ? &users->dump :
		&users->route[seq % CVSW_USERS_ROUTES];
	*route = (struct cvsw_users_route){ seq, nlh->nlmsg_seq, user->id };
	nlh->nlmsg_seq = seq;
	if (cvsw_nl_msg_ok(nlh) && cvsw_nl_msg_cmd(nlh) == CVSW_CMD_SUBSCRIBE)
		user->events = true;
}

/* the request of @user, if there is one that can be taken */
static size_t user_take(struct cvsw_users *users, struct user *user)
{
	const struct nlmsghdr *nlh = (void *)users->buf;
	ssize_t n;

	if (!user_may(users, user))
		return 0;
	n = recv(user->fd, users->buf, sizeof(users->buf), MSG_DONTWAIT);
	if (n <= 0)
		return 0;
	if (!cvsw_nl_msg_fits(nlh, (int)n)) {
		user->broken = true;
		return 0;
	}
	users_number(users, user);
	return (size_t)n;
}

size_t cvsw_users_take(struct cvsw_users *users)
{
	struct user *user;
	size_t n = 0;

	mutex_lock(&users->lock);
	list_for_each_entry(user, &users->list, list) {
		if (user->ready)
			n = user_take(users, user);
		if (n) {	/* the others are first, then */
			list_move_tail(&user->list, &users->list);
			break;
		}
	}
	mutex_unlock(&users->lock);
	return n;
}

/* Answers */

static struct user *users_find(struct cvsw_users *users, u32 id)
{
	struct user *user;

	list_for_each_entry(user, &users->list, list)
		if (user->id == id)
			return user;
	return NULL;
}

static void users_event(struct cvsw_users *users, const void *data, size_t len)
{
	struct user *user;

	list_for_each_entry(user, &users->list, list)
		if (user->events)
			user_event(user, data, len);
}

/* whose answer @nlh is, which gets the number that it was asked with; 0: none */
static u32 users_whose(struct cvsw_users *users, struct nlmsghdr *nlh)
{
	struct cvsw_users_route *route = users_route(users, nlh->nlmsg_seq);
	u32 user = route ? route->user : 0;

	if (!route)
		return 0;
	nlh->nlmsg_seq = route->theirs;
	if (route == &users->dump && (nlh->nlmsg_type == NLMSG_DONE ||
				      nlh->nlmsg_type == NLMSG_ERROR))
		route->seq = 0;
	return user;
}

/* answers in a row that are for one user go as one datagram */
static void users_answer(struct cvsw_users *users, u32 id, const u8 *from,
			 const u8 *to)
{
	struct user *user = id ? users_find(users, id) : NULL;

	if (user && to > from)
		user_answer(user, from, (size_t)(to - from));
}

void cvsw_users_give(struct cvsw_users *users, const void *msg, size_t len)
{
	struct nlmsghdr *nlh = (void *)users->buf;
	const u8 *from = users->buf;
	u32 whose, last = 0;
	int left = (int)len;

	memcpy(users->buf, msg, len);
	mutex_lock(&users->lock);
	while (cvsw_nl_msg_fits(nlh, left)) {
		whose = nlh->nlmsg_seq ? users_whose(users, nlh) : 0;
		if (whose != last || !whose) {
			users_answer(users, last, from, (u8 *)nlh);
			from = (u8 *)nlh;
			last = whose;
		}
		if (!nlh->nlmsg_seq)
			users_event(users, nlh, nlh->nlmsg_len);
		nlh = mnl_nlmsg_next(nlh, &left);
	}
	users_answer(users, last, from, min((u8 *)nlh, users->buf + len));
	mutex_unlock(&users->lock);
}

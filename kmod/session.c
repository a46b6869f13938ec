// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The server of a session of in-band control (version 3): a socket of generic
 * netlink, opened by us.  A datagram of the host is sent to our own family by
 * it, and what is answered there, read from it, goes back to the host.  So a
 * host is told what any other client is; genl.c sees to it that the socket's
 * requests reach the switch of its own device only.
 *
 * The family's number, which is another one after each load, is put in on the
 * way in and taken out on the way back.  Events are not read from the socket,
 * whose room is for answers, but wait here.
 *
 * Only dev->work uses the socket and the buffer, and holds no lock then, as the
 * family takes those of any request.  A kernel's socket holds no reference to
 * its network namespace, so one that ends waits for the work.
 */

#include <linux/net.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <cvsw/inband.h>
#include "cvsw.h"
#include "genl.h"
#include "nl_codec.h"

#define SESSION_REQUESTS	(2 * CVSW_NL_MSG_MAX)	/* bytes that wait */
#define SESSION_EVENTS		SZ_1M	/* likewise, with what holds them */
#define SESSION_JOIN		SZ_16K	/* answers go together up to so many */

/**
 * struct session_request - a datagram of the host
 * @list: in cvsw_session.requests
 * @len:  of it
 * @msg:  itself, and room for a header in any case
 */
struct session_request {
	struct list_head	list;
	u32			len;
	u8			msg[] __aligned(NLMSG_ALIGNTO);
};

static struct cvsw_session *session_of(struct cvsw_dev *dev, void *port_priv)
{
	return &dev->session[(unsigned long)port_priv - 1];
}

/* The socket */

/* Nobody waits for one.  No other socket has this, by which ours are known. */
static void session_wake(struct sock *sk)
{
}

struct cvsw_session *cvsw_session_of(const struct sk_buff *request)
{
	const struct sock *sk = NETLINK_CB(request).sk;

	return sk->sk_data_ready == session_wake ? sk->sk_user_data : NULL;
}

static void session_close(struct cvsw_session *s)
{
	if (s->sock)
		sock_release(s->sock);
	kvfree(s->buf);
	s->sock = NULL;
	s->buf = NULL;
	s->len = 0;
}

static int session_socket(struct cvsw_session *s)
{
	int on = 1, ret;
	struct sock *sk;

	ret = sock_create_kern(s->dev->net, PF_NETLINK, SOCK_RAW,
			       NETLINK_GENERIC, &s->sock);
	if (ret)
		return ret;
	sk = s->sock->sk;
	sk->sk_user_data = s;
	sk->sk_data_ready = session_wake;
	/* in this namespace they may be set lower */
	sk->sk_sndbuf = 2 * CVSW_NL_MSG_MAX;
	sk->sk_rcvbuf = 2 * CVSW_NL_MSG_MAX;
	return s->sock->ops->setsockopt(s->sock, SOL_NETLINK, NETLINK_EXT_ACK,
					KERNEL_SOCKPTR(&on), sizeof(on)) ?:
	       s->sock->ops->setsockopt(s->sock, SOL_NETLINK, NETLINK_CAP_ACK,
					KERNEL_SOCKPTR(&on), sizeof(on));
}

static int session_open(struct cvsw_session *s)
{
	s->buf = kvmalloc(CVSW_NL_MSG_MAX, GFP_KERNEL);
	if (s->buf && !session_socket(s))
		return 0;
	session_close(s);
	return -ENOMEM;
}

/* Requests */

/* struct cvsw_ops.inband_msg */
int cvsw_session_take(void *ctx, void *port_priv, const void *msg, u32 len)
{
	struct cvsw_session *s = session_of(ctx, port_priv);
	struct session_request *r;

	if (s->waiting + len > SESSION_REQUESTS)
		return -EAGAIN;
	r = kvzalloc(sizeof(*r) + max_t(u32, len, NLMSG_HDRLEN), GFP_KERNEL);
	if (!r)
		return -EAGAIN;
	memcpy(r->msg, msg, len);
	r->len = len;
	s->waiting += len;
	list_add_tail(&r->list, &s->requests);
	return 0;
}

/* the next one, NULL when there is none */
static struct session_request *session_next(struct cvsw_session *s)
{
	struct session_request *r;

	if (cvsw_dev_lock(s->dev))
		return NULL;
	r = list_first_entry_or_null(&s->requests, struct session_request,
				     list);
	if (r) {
		list_del(&r->list);
		s->waiting -= r->len;
	}
	cvsw_dev_unlock(s->dev);
	return r;
}

/* have it carried out.  A message that is not one whole of ours is cut to what
 * the family refuses; it must not get to another */
static void session_request(struct cvsw_session *s, struct session_request *r)
{
	/* who names the kernel needs no file for its credentials */
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &kernel,
			      .msg_namelen = sizeof(kernel) };
	struct nlmsghdr *nlh = (struct nlmsghdr *)r->msg;
	struct kvec part = { .iov_base = nlh };

	if (nlh->nlmsg_len != r->len || nlh->nlmsg_len < NLMSG_HDRLEN ||
	    nlh->nlmsg_type != CVSW_NL_TYPE) {
		nlh->nlmsg_len = NLMSG_HDRLEN;
		nlh->nlmsg_flags = NLM_F_REQUEST;
	}
	nlh->nlmsg_type = cvsw_genl_family.id;
	part.iov_len = nlh->nlmsg_len;
	kernel_sendmsg(s->sock, &msg, &part, 1, part.iov_len);
}

/* one more, when all answers are read, so that there is room for the next */
static bool session_in(struct cvsw_session *s)
{
	struct session_request *r;

	if (!skb_queue_empty_lockless(&s->sock->sk->sk_receive_queue))
		return false;
	r = session_next(s);
	if (!r)
		return false;
	session_request(s, r);
	kvfree(r);
	return true;
}

/* Answers */

/* @nlh as the host knows it */
static void session_name(struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_type == cvsw_genl_family.id)
		nlh->nlmsg_type = CVSW_NL_TYPE;
	nlh->nlmsg_pid = 0;
}

static void session_names(void *buf, int len)
{
	struct nlmsghdr *nlh;

	nlmsg_for_each_msg(nlh, buf, len, len) {
		session_name(nlh);
		if (nlh->nlmsg_type == NLMSG_ERROR)
			session_name(nlmsg_data(nlh) +
				     offsetof(struct nlmsgerr, msg));
	}
}

/* what the socket holds in one piece, a message or more; to @at in the buffer */
static int session_recv(struct cvsw_session *s, u32 at)
{
	struct sockaddr_nl from = {};
	struct msghdr msg = { .msg_name = &from };
	struct kvec part = { .iov_base = s->buf + at,
			     .iov_len = CVSW_NL_MSG_MAX - at };
	int n;

	do {
		n = kernel_recvmsg(s->sock, &msg, &part, 1, part.iov_len,
				   MSG_DONTWAIT);
	} while (n > 0 && from.nl_pid);	/* somebody's who may */
	return n;
}

static u32 session_answers(struct cvsw_session *s)
{
	u32 len = 0;
	int n;

	while (len < SESSION_JOIN && (n = session_recv(s, len)) > 0)
		len += (u32)n;
	session_names(s->buf, (int)len);
	return len;
}

/* Events */

/* a message that says how many were lost */
static struct sk_buff *session_lost(u32 lost)
{
	struct sk_buff *skb = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *head;

	if (!skb)
		return NULL;
	head = genlmsg_put(skb, 0, 0, &cvsw_genl_family, 0, CVSW_CMD_LOST);
	nla_put_u32(skb, CVSW_A_LOST, lost);
	genlmsg_end(skb, head);
	return skb;
}

/* the next one, into the buffer */
static u32 session_event(struct cvsw_session *s)
{
	struct sk_buff *skb;
	u32 lost = 0, len;

	spin_lock_irq(&s->events.lock);
	skb = __skb_dequeue(&s->events);
	if (skb)
		s->held -= skb->truesize;
	else
		swap(lost, s->lost);
	spin_unlock_irq(&s->events.lock);
	if (lost)
		skb = session_lost(lost);
	if (!skb)
		return 0;
	len = skb->len;
	memcpy(s->buf, skb->data, len);
	consume_skb(skb);
	session_names(s->buf, (int)len);
	return len;
}

static int session_tell(struct cvsw_session *s, const struct sk_buff *event,
			u32 groups, gfp_t gfp)
{
	struct sk_buff *skb = event ? alloc_skb(event->len, gfp) : NULL;
	unsigned long flags;
	int ret = -ENOBUFS;
	bool first;

	if (skb)
		skb_put_data(skb, event->data, event->len);
	spin_lock_irqsave(&s->events.lock, flags);
	first = skb_queue_empty(&s->events);
	if (!(s->groups & groups)) {
		ret = -ESRCH;
	} else if (!skb || s->held + skb->truesize > SESSION_EVENTS) {
		s->lost++;
	} else {
		s->held += skb->truesize;
		__skb_queue_tail(&s->events, skb);
		ret = 0;
	}
	spin_unlock_irqrestore(&s->events.lock, flags);
	if (ret)
		kfree_skb(skb);
	/* with one before it, work is on its way, or waits for the channel */
	if (first)
		cvsw_dev_kick(s->dev);
	return ret;
}

bool cvsw_session_wants(const struct cvsw_dev *dev, u32 groups)
{
	unsigned int i;
	u32 all = 0;

	for (i = 0; i < ARRAY_SIZE(dev->session); i++)
		all |= READ_ONCE(dev->session[i].groups);
	return all & groups;
}

int cvsw_session_event(struct cvsw_dev *dev, const struct sk_buff *event,
		       u32 groups, gfp_t gfp)
{
	int ret = -ESRCH;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dev->session); i++)
		if (READ_ONCE(dev->session[i].groups) & groups &&
		    !session_tell(&dev->session[i], event, groups, gfp))
			ret = 0;
	return ret;
}

void cvsw_session_subscribe(struct cvsw_session *s, u32 groups)
{
	/* whole is more */
	if (groups & CVSW_NL_GROUP_PACKET_IN_WHOLE)
		groups &= ~(u32)CVSW_NL_GROUP_PACKET_IN;
	WRITE_ONCE(s->groups, groups);
}

/* Sessions */

/* what there is for the host goes: false when the channel takes no more now */
static bool session_out(struct cvsw_session *s)
{
	int ret;

	if (!s->len)
		s->len = session_answers(s) ?: session_event(s);
	if (!s->len || cvsw_dev_lock(s->dev))
		return false;
	ret = s->serves != s->begun ? -ENOTCONN :
	      cvsw_inband_send(s->dev->sw, s->dev->ctl.worker, s->no, s->buf,
			       s->len, cvsw_now());
	cvsw_dev_unlock(s->dev);
	if (!ret)
		s->len = 0;
	return !ret;
}

static void session_run(struct cvsw_session *s)
{
	unsigned int begun = READ_ONCE(s->begun);

	if (s->serves != begun)
		session_close(s);
	s->serves = begun;
	if (!READ_ONCE(s->live) || (!s->sock && session_open(s)))
		return;
	while (session_out(s) || session_in(s))
		;
}

void cvsw_session_run(struct cvsw_dev *dev)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dev->session); i++) {
		if (READ_ONCE(dev->gone))
			session_close(&dev->session[i]);
		else
			session_run(&dev->session[i]);
	}
}

/* the channel takes another one, and dev->work is at it; struct
 * cvsw_ops.inband_sent */
void cvsw_session_sent(void *ctx, void *port_priv)
{
}

static void session_forget(struct cvsw_session *s)
{
	struct session_request *r, *next;

	list_for_each_entry_safe(r, next, &s->requests, list)
		kvfree(r);
	INIT_LIST_HEAD(&s->requests);
	s->waiting = 0;
	spin_lock_irq(&s->events.lock);
	__skb_queue_purge(&s->events);
	s->held = 0;
	s->lost = 0;
	WRITE_ONCE(s->groups, 0);
	spin_unlock_irq(&s->events.lock);
}

/* struct cvsw_ops.inband_session */
void cvsw_session_begin(void *ctx, void *port_priv, int live)
{
	struct cvsw_session *s = session_of(ctx, port_priv);

	session_forget(s);
	WRITE_ONCE(s->live, live);
	WRITE_ONCE(s->begun, s->begun + 1);
	cvsw_dev_kick(s->dev);
}

/* Life */

void cvsw_session_init(struct cvsw_dev *dev)
{
	struct cvsw_session *s;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dev->session); i++) {
		s = &dev->session[i];
		s->dev = dev;
		s->no = (u16)(i + 1);
		INIT_LIST_HEAD(&s->requests);
		skb_queue_head_init(&s->events);
	}
}

void cvsw_session_free(struct cvsw_dev *dev)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dev->session); i++)
		session_forget(&dev->session[i]);
}

/* its devices are detached by now, so their work has been told to end */
static void __net_exit session_net_exit(struct net *net)
{
	flush_workqueue(cvsw_wq);
}

struct pernet_operations cvsw_session_net = {
	.exit = session_net_exit,
};

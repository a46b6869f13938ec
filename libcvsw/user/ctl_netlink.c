// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control of the kernel module over generic netlink.  The family gets its
 * number when the module is loaded, so nlmsg_type is changed on the way.
 *
 * The kernel carries a request out while it is sent: then the answer, or the
 * first part of a dump, is there, or was lost since the socket had no room for
 * it.  Events that were lost so are told by a CVSW_CMD_LOST made here: once the
 * kernel says so, and again when all that there was is read, since until then it
 * gives the socket no more, and does not say so again.
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>
#include <linux/sock_diag.h>
#include "ctl_transport.h"

#define NETLINK_ROOM	(4 << 20)	/* of answers and events not read yet */
#define NETLINK_GROUPS	4

/**
 * struct netlink_link - a socket
 * @sock:    the socket, connected
 * @family:  nlmsg_type of our messages there
 * @timeout: how long an answer may take, ms, or -1
 * @joined:  CVSW_NL_GROUP_*
 * @name:    events of this switch only, of all when it is empty
 * @drops:   messages that it had no room for, as last told
 * @lossy:   there were some
 * @overrun: it had no room: what is not there will not come
 */
struct netlink_link {
	struct nl_sock	*sock;
	int		family;
	int		timeout;
	__u32		joined;
	char		name[CVSW_NAME_LEN];
	__u32		drops;
	bool		lossy;
	bool		overrun;
};

static int netlink_fd(const void *link)
{
	const struct netlink_link *l = link;

	return nl_socket_get_fd(l->sock);
}

static int netlink_send(void *link, const void *msg, size_t len, bool wait)
{
	struct netlink_link *l = link;
	struct nlmsghdr head = *(const struct nlmsghdr *)msg;
	struct iovec part[] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = (char *)msg + sizeof(head),
		  .iov_len = len - sizeof(head) },
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const struct msghdr out = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel),
		.msg_iov = part, .msg_iovlen = 2,
	};
	ssize_t n;

	head.nlmsg_type = (__u16)l->family;
	head.nlmsg_pid = nl_socket_get_local_port(l->sock);
	l->overrun = false;
	do {
		n = sendmsg(netlink_fd(l), &out, wait ? 0 : MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* Receiving */

/* how many messages the socket had no room for since this was asked last */
static __u32 netlink_lost(struct netlink_link *l)
{
	__u32 info[SK_MEMINFO_VARS], lost;
	socklen_t len = sizeof(info);

	if (getsockopt(netlink_fd(l), SOL_SOCKET, SO_MEMINFO, info, &len) ||
	    len < sizeof(info))
		return 0;
	lost = info[SK_MEMINFO_DROPS] - l->drops;
	l->drops = info[SK_MEMINFO_DROPS];
	return lost;
}

/* @lost events were lost: the message that says so */
static ssize_t netlink_tell_lost(void *buf, size_t size, __u32 lost)
{
	struct {
		struct nlmsghdr		nlh;
		struct genlmsghdr	genl;
		struct nlattr		nla;
		__u32			lost;
	} msg = {
		.nlh = { .nlmsg_len = sizeof(msg), .nlmsg_type = CVSW_NL_TYPE },
		.genl = { .cmd = CVSW_CMD_LOST, .version = CVSW_GENL_VERSION },
		.nla = { .nla_len = sizeof(msg.nla) + sizeof(msg.lost),
			 .nla_type = CVSW_A_LOST },
		.lost = lost,
	};

	if (size < sizeof(msg))
		return -EMSGSIZE;
	memcpy(buf, &msg, sizeof(msg));
	return sizeof(msg);
}

/* -EAGAIN for an event of another switch than is meant, -ECONNRESET for the last
 * one of that, else 0 */
static int netlink_event(const struct netlink_link *l, struct nlmsghdr *nlh)
{
	const struct nlattr *name;
	bool other, gone;

	if (nlh->nlmsg_seq || !genlmsg_valid_hdr(nlh, 0))
		return 0;
	name = nlmsg_find_attr(nlh, GENL_HDRLEN, CVSW_A_NAME);
	other = *l->name && name && nla_strcmp(name, l->name);
	gone = genlmsg_hdr(nlh)->cmd == CVSW_CMD_DETACH;
	if (gone && *l->name && !other)
		return -ECONNRESET;
	return gone || other ? -EAGAIN : 0;
}

/* our messages with the type that we know them by */
static ssize_t netlink_take(const struct netlink_link *l, void *buf, ssize_t n)
{
	struct nlmsghdr *nlh = buf;
	int left = (int)n, ret;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_type != l->family)
			continue;
		ret = netlink_event(l, nlh);
		if (ret)
			return ret;	/* events come one by one */
		nlh->nlmsg_type = CVSW_NL_TYPE;
	}
	return n;
}

/* what is there: as long as that is, -EAGAIN, or another negative errno */
static ssize_t netlink_now(const struct netlink_link *l, void *buf, size_t size)
{
	struct sockaddr_nl from = {};
	socklen_t len = sizeof(from);
	ssize_t n;

	n = recvfrom(netlink_fd(l), buf, size, MSG_DONTWAIT | MSG_TRUNC,
		     (struct sockaddr *)&from, &len);
	if (n < 0)
		return -errno;
	if ((size_t)n > size)
		return -EMSGSIZE;
	return from.nl_pid ? -EAGAIN : netlink_take(l, buf, n);
}

/* 0 when nothing came in @ms, -EINTR */
static int netlink_poll(const struct netlink_link *l, int ms)
{
	struct pollfd poll_fd = { .fd = netlink_fd(l), .events = POLLIN };
	int n = poll(&poll_fd, 1, ms);

	return n < 0 ? -errno : n;
}

static ssize_t netlink_answer(void *link, void *buf, size_t size)
{
	struct netlink_link *l = link;
	ssize_t n;
	int ready;

	for (;;) {
		ready = netlink_poll(l, l->overrun ? 0 : l->timeout);
		if (!ready)
			return l->overrun ? -ENOBUFS : -ETIMEDOUT;
		if (ready < 0)
			return ready == -EINTR ? 0 : ready;
		n = netlink_now(l, buf, size);
		if (n == -ENOBUFS)
			l->lossy = l->overrun = true;
		else if (n != -EAGAIN)
			return n == -EINTR ? 0 : n;
	}
}

static ssize_t netlink_recv(void *link, void *buf, size_t size, int timeout_ms)
{
	struct netlink_link *l = link;
	__u32 lost = 0;
	ssize_t n;
	int ready;

	for (;;) {
		n = netlink_now(l, buf, size);
		l->lossy |= n == -ENOBUFS;
		if (n == -ENOBUFS || (n == -EAGAIN && l->lossy))
			lost = netlink_lost(l);
		if (n == -ENOBUFS || lost)
			return netlink_tell_lost(buf, size, lost ? lost : 1);
		if (n != -EAGAIN)
			return n == -EINTR ? 0 : n;
		ready = netlink_poll(l, timeout_ms);
		if (ready <= 0)
			return ready == -EINTR ? 0 : ready;
	}
}

static int netlink_timeout(void *link, int ms)
{
	struct netlink_link *l = link;

	l->timeout = ms;
	return 0;
}

/* Groups */

static const struct {
	const char	*name;
	__u32		bit;
} netlink_groups[NETLINK_GROUPS] = {
	{ CVSW_GENL_GROUP_FLOW, CVSW_NL_GROUP_FLOW },
	{ CVSW_GENL_GROUP_PORT, CVSW_NL_GROUP_PORT },
	{ CVSW_GENL_GROUP_PACKET_IN, CVSW_NL_GROUP_PACKET_IN },
	{ CVSW_GENL_GROUP_WHOLE, CVSW_NL_GROUP_PACKET_IN_WHOLE },
};

/* the number of a group, asked on a socket where nothing else is under way */
static int netlink_group(const char *name)
{
	struct nl_sock *sock = nl_socket_alloc();
	int id = -ENOMEM;

	if (!sock)
		return id;
	if (genl_connect(sock))
		id = -EOPNOTSUPP;
	else
		id = genl_ctrl_resolve_grp(sock, CVSW_GENL_NAME, name);
	nl_socket_free(sock);
	return id < 0 ? -EOPNOTSUPP : id;
}

static int netlink_join(struct netlink_link *l, unsigned int i, bool join)
{
	int id;

	if (join == !!(l->joined & netlink_groups[i].bit))
		return 0;
	id = netlink_group(netlink_groups[i].name);
	if (id < 0)
		return id;
	if (setsockopt(netlink_fd(l), SOL_NETLINK, join ?
		       NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP, &id,
		       sizeof(id)))
		return -errno;
	l->joined ^= netlink_groups[i].bit;
	return 0;
}

static int netlink_subscribe(void *link, const char *name, __u32 groups)
{
	struct netlink_link *l = link;
	unsigned int i;
	int err;

	if (groups & ~(__u32)CVSW_NL_GROUP_MASK)
		return -EINVAL;
	if (groups & CVSW_NL_GROUP_PACKET_IN_WHOLE)
		groups &= ~(__u32)CVSW_NL_GROUP_PACKET_IN;
	snprintf(l->name, sizeof(l->name), "%s", name);
	for (i = 0; i < NETLINK_GROUPS; i++) {
		err = netlink_join(l, i, groups & netlink_groups[i].bit);
		if (err)
			return err;
	}
	return 0;
}

static void netlink_close(void *link)
{
	struct netlink_link *l = link;

	nl_socket_free(l->sock);
	free(l);
}

static const struct cvsw_ctl_transport netlink_transport = {
	.send = netlink_send,
	.answer = netlink_answer,
	.recv = netlink_recv,
	.timeout = netlink_timeout,
	.subscribe = netlink_subscribe,
	.fd = netlink_fd,
	.close = netlink_close,
};

/* Opening */

/* answers that say why, and do not repeat what was asked */
static int netlink_options(const struct netlink_link *l)
{
	const int on = 1, room = NETLINK_ROOM, size = 2 * CVSW_NL_MSG_MAX;
	const int fd = netlink_fd(l);

	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		return -errno;
	/* room for the longest message, and for as much as there may be */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return 0;
}

static int netlink_connect(struct netlink_link *l, const char **text)
{
	int err = genl_connect(l->sock);

	*text = nl_geterror(err);
	if (err)
		return -EOPNOTSUPP;
	l->family = genl_ctrl_resolve(l->sock, CVSW_GENL_NAME);
	*text = l->family == -NLE_OBJ_NOTFOUND ?
		"the kernel has no switches: is cvsw.ko loaded?" :
		nl_geterror(l->family);
	if (l->family < 0)
		return -EOPNOTSUPP;
	err = netlink_options(l);
	*text = strerror(-err);
	return err;
}

int cvsw_ctl_open_netlink(struct cvsw_ctl **out, const char *name,
			  struct cvsw_ctl_error *err)
{
	const char *text = strerror(ENOMEM);
	struct netlink_link *l;
	int ret = -ENOMEM;

	l = calloc(1, sizeof(*l));
	if (!l)
		return ret;
	l->timeout = -1;
	l->sock = nl_socket_alloc();
	if (l->sock)
		ret = netlink_connect(l, &text);
	if (ret) {
		snprintf(err->text, sizeof(err->text), "netlink:%s: %s", name,
			 text);
		netlink_close(l);
		return ret;
	}
	ret = cvsw_ctl_new(out, &netlink_transport, l);
	if (ret || !*name)
		return ret;
	ret = cvsw_ctl_use(*out, name);
	if (ret) {
		*err = *cvsw_ctl_error(*out);
		cvsw_ctl_close(*out);
	}
	return ret;
}

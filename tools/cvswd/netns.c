// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>

#define NETNS_DIR	"/run/netns/"

struct netns {
	struct netns	*next;
	unsigned int	users;
	int		fd;	/* of the namespace; -1: the daemon's own */
	int		own_fd;	/* the daemon's own, to go back to */
	int		ethtool; /* family, or libnl's error */
	struct nl_sock	*req;
	struct nl_sock	*gen;
	struct nl_sock	*mon;
	struct nl_sock	*routes;
	bool		follows;	/* @routes hears of changes */
	void		(*changed)(void *arg, struct netns *ns,
				   const struct netns_link *link);
	void		*arg;
	void		*priv;
	char		name[];
};

static struct netns *netns_list;

/* libnl's error numbers, as far as callers tell them apart */
int netns_errno(int nle)
{
	switch (-nle) {
	case 0:
		return 0;
	case NLE_NODEV:
	case NLE_OBJ_NOTFOUND:
		return -ENODEV;
	case NLE_PERM:
		return -EPERM;
	case NLE_NOMEM:
		return -ENOBUFS;
	case NLE_INVAL:
	case NLE_RANGE:
	case NLE_NOADDR:
	case NLE_AF_NOSUPPORT:
	case NLE_AF_MISMATCH:
		return -EINVAL;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_BUSY:
		return -EBUSY;
	case NLE_EXIST:
		return -EEXIST;
	case NLE_OPNOTSUPP:
		return -EOPNOTSUPP;
	}
	return -EIO;
}

static void netns_link_fill(struct rtnl_link *obj, struct netns_link *link)
{
	const unsigned int want = IFF_UP | IFF_LOWER_UP;
	struct nl_addr *addr = rtnl_link_get_addr(obj);

	*link = (struct netns_link){
		.ifindex = rtnl_link_get_ifindex(obj),
		.mtu = rtnl_link_get_mtu(obj),
		.up = (rtnl_link_get_flags(obj) & want) == want,
	};
	if (addr && nl_addr_get_len(addr) == sizeof(link->mac))
		memcpy(link->mac, nl_addr_get_binary_addr(addr),
		       sizeof(link->mac));
}

static int netns_message(struct nl_msg *msg, void *arg)
{
	const unsigned int want = IFF_UP | IFF_LOWER_UP;
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct netns *ns = arg;
	const struct ifinfomsg *ifi;
	struct netns_link link = {};
	struct nlattr *attr;

	if (nlh->nlmsg_type != RTM_NEWLINK && nlh->nlmsg_type != RTM_DELLINK)
		return NL_OK;
	if (!nlmsg_valid_hdr(nlh, sizeof(*ifi)))
		return NL_OK;
	ifi = nlmsg_data(nlh);
	if (ifi->ifi_family != AF_UNSPEC)	/* a bridge speaks of its port */
		return NL_OK;
	link.ifindex = ifi->ifi_index;
	link.gone = nlh->nlmsg_type == RTM_DELLINK;
	link.up = (ifi->ifi_flags & want) == want;
	attr = nlmsg_find_attr(nlh, sizeof(*ifi), IFLA_MTU);
	if (attr && nla_len(attr) >= (int)sizeof(link.mtu))
		link.mtu = nla_get_u32(attr);
	attr = nlmsg_find_attr(nlh, sizeof(*ifi), IFLA_ADDRESS);
	if (attr && nla_len(attr) == sizeof(link.mac))
		memcpy(link.mac, nla_data(attr), sizeof(link.mac));
	ns->changed(ns->arg, ns, &link);
	return NL_OK;
}

static int netns_connect(struct netns *ns)
{
	int ret;

	ns->req = nl_socket_alloc();
	ns->gen = nl_socket_alloc();
	if (!ns->req || !ns->gen)
		return -ENOMEM;
	ret = nl_connect(ns->req, NETLINK_ROUTE);
	if (!ret)
		ret = genl_connect(ns->gen);
	if (!ret)
		ns->ethtool = genl_ctrl_resolve(ns->gen, "ethtool");
	/* what asks for an acknowledgement says so */
	nl_socket_disable_auto_ack(ns->gen);
	return netns_errno(ret);
}

static int netns_listen(struct netns *ns)
{
	int ret;

	ns->mon = nl_socket_alloc();
	if (!ns->mon)
		return -ENOMEM;
	nl_socket_disable_seq_check(ns->mon);
	nl_socket_modify_cb(ns->mon, NL_CB_VALID, NL_CB_CUSTOM, netns_message,
			    ns);
	ret = nl_connect(ns->mon, NETLINK_ROUTE);
	if (!ret)
		ret = nl_socket_add_memberships(ns->mon, RTNLGRP_LINK,
						RTNLGRP_NONE);
	if (!ret)
		ret = nl_socket_set_nonblocking(ns->mon);
	return netns_errno(ret);
}

static int netns_follow_new(struct netns *ns)
{
	ns->routes = nl_socket_alloc();
	return ns->routes ? netns_follow_open(ns->routes) : -ENOMEM;
}

static void netns_free(struct netns *ns)
{
	nl_socket_free(ns->req);
	nl_socket_free(ns->gen);
	nl_socket_free(ns->mon);
	nl_socket_free(ns->routes);
	if (ns->fd >= 0)
		close(ns->fd);
	if (ns->own_fd >= 0)
		close(ns->own_fd);
	free(ns);
}

static int netns_files_open(struct netns *ns)
{
	char path[PATH_MAX];

	if (!*ns->name)
		return 0;
	if (strchr(ns->name, '/') ||
	    snprintf(path, sizeof(path), NETNS_DIR "%s", ns->name) >=
	    (int)sizeof(path))
		return -EINVAL;
	ns->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ns->fd < 0)
		return -errno;
	ns->own_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	return ns->own_fd < 0 ? -errno : 0;
}

static int netns_new(const char *name, struct netns **out)
{
	struct netns *ns = calloc(1, sizeof(*ns) + strlen(name) + 1);
	int ret;

	if (!ns)
		return -ENOMEM;
	ns->fd = -1;
	ns->own_fd = -1;
	strcpy(ns->name, name);
	ret = netns_files_open(ns);
	if (!ret)
		ret = netns_enter(ns);
	if (!ret) {
		ret = netns_connect(ns);
		if (!ret)
			ret = netns_listen(ns);
		if (!ret)
			ret = netns_follow_new(ns);
		netns_leave(ns);
	}
	if (ret) {
		netns_free(ns);
		return ret;
	}
	*out = ns;
	return 0;
}

static int netns_here(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* go to a new namespace, note the way there and the one back */
static int netns_scratch_open(struct netns *ns)
{
	ns->own_fd = netns_here();
	if (ns->own_fd < 0)
		return ns->own_fd;
	if (unshare(CLONE_NEWNET))
		return -errno;
	ns->fd = netns_here();
	if (ns->fd >= 0)
		return 0;
	/* as in netns_leave() */
	if (setns(ns->own_fd, CLONE_NEWNET))
		abort();
	return ns->fd;
}

int netns_scratch_new(struct netns **out)
{
	struct netns *ns = calloc(1, sizeof(*ns) + 1);
	int ret;

	if (!ns)
		return -ENOMEM;
	ns->fd = -1;
	ret = netns_scratch_open(ns);
	if (!ret) {
		netns_silence();
		ret = netns_connect(ns);
		netns_leave(ns);
	}
	if (ret) {
		netns_free(ns);
		return ret;
	}
	*out = ns;
	return 0;
}

void netns_scratch_free(struct netns *ns)
{
	netns_free(ns);
}

int netns_get(const char *name, struct netns **out)
{
	struct netns *ns;
	int ret;

	for (ns = netns_list; ns; ns = ns->next)
		if (!strcmp(ns->name, name))
			break;
	if (!ns) {
		ret = netns_new(name, &ns);
		if (ret)
			return ret;
		ns->next = netns_list;
		netns_list = ns;
	}
	ns->users++;
	*out = ns;
	return 0;
}

void netns_put(struct netns *ns)
{
	struct netns **at = &netns_list;

	if (--ns->users)
		return;
	while (*at != ns)
		at = &(*at)->next;
	*at = ns->next;
	netns_free(ns);
}

int netns_fd(const struct netns *ns)
{
	return nl_socket_get_fd(ns->mon);
}

bool netns_first(const struct netns *ns)
{
	return ns->users == 1;
}

void netns_priv_set(struct netns *ns, void *priv)
{
	ns->priv = priv;
}

void *netns_priv(const struct netns *ns)
{
	return ns->priv;
}

struct nl_sock *netns_request(const struct netns *ns)
{
	return ns->req;
}

struct nl_sock *netns_generic(const struct netns *ns)
{
	return ns->gen;
}

struct nl_sock *netns_routes(const struct netns *ns)
{
	return ns->routes;
}

bool netns_follows(const struct netns *ns)
{
	return ns->follows;
}

void netns_follows_set(struct netns *ns, bool on)
{
	ns->follows = on;
}

int netns_ethtool(const struct netns *ns)
{
	return ns->ethtool;
}

int netns_enter(const struct netns *ns)
{
	if (ns->fd < 0)
		return 0;
	return setns(ns->fd, CLONE_NEWNET) ? -errno : 0;
}

void netns_leave(const struct netns *ns)
{
	/* going on in the wrong namespace would be worse than not at all */
	if (ns->fd >= 0 && setns(ns->own_fd, CLONE_NEWNET))
		abort();
}

int netns_link_get(struct netns *ns, int ifindex, const char *name,
		   struct netns_link *link)
{
	struct rtnl_link *obj;
	int ret;

	ret = rtnl_link_get_kernel(ns->req, ifindex, name, &obj);
	if (ret)
		return netns_errno(ret);
	netns_link_fill(obj, link);
	rtnl_link_put(obj);
	return 0;
}

int netns_link_set(struct netns *ns, int ifindex, __u32 mtu, bool up)
{
	struct rtnl_link *orig, *change;
	int ret;

	orig = rtnl_link_alloc();
	change = rtnl_link_alloc();
	if (!orig || !change) {
		ret = -NLE_NOMEM;
		goto out;
	}
	rtnl_link_set_ifindex(orig, ifindex);
	if (mtu)
		rtnl_link_set_mtu(change, mtu);
	if (up)
		rtnl_link_set_flags(change, IFF_UP);
	ret = rtnl_link_change(ns->req, orig, change, 0);
out:
	rtnl_link_put(orig);
	rtnl_link_put(change);
	return netns_errno(ret);
}

int netns_read(struct netns *ns,
	       void (*changed)(void *arg, struct netns *ns,
			       const struct netns_link *link),
	       void *arg)
{
	int ret;

	ns->changed = changed;
	ns->arg = arg;
	do {
		ret = nl_recvmsgs_default(ns->mon);
	} while (!ret);
	ret = netns_errno(ret);
	return ret == -EAGAIN ? 0 : ret;
}

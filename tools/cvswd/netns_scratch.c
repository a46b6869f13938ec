// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Links that are made: in a scratch namespace what joins two devices to a loop. */

#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/link/veth.h>

/* nothing but what we send; where a file is not, neither is the noise */
static const struct {
	const char	*path;
	const char	*value;
} netns_noise[] = {
	{ "/proc/sys/net/ipv6/conf/default/disable_ipv6", "1" },
	{ "/proc/sys/net/bridge/bridge-nf-call-arptables", "0" },
	{ "/proc/sys/net/bridge/bridge-nf-call-ip6tables", "0" },
	{ "/proc/sys/net/bridge/bridge-nf-call-iptables", "0" },
};

void netns_silence(void)
{
	unsigned int i;
	int fd;

	for (i = 0; i < sizeof(netns_noise) / sizeof(netns_noise[0]); i++) {
		fd = open(netns_noise[i].path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (write(fd, netns_noise[i].value, 1) != 1)
			errno = 0;
		close(fd);
	}
}

/* add and free @link */
static int netns_link_add(struct netns *ns, struct rtnl_link *link)
{
	int ret;

	ret = rtnl_link_add(netns_request(ns), link, NLM_F_CREATE | NLM_F_EXCL);
	rtnl_link_put(link);
	return netns_errno(ret);
}

static int netns_enslave(struct netns *ns, int ifindex, int master)
{
	struct rtnl_link *orig, *change;
	int ret = -NLE_NOMEM;

	orig = rtnl_link_alloc();
	change = rtnl_link_alloc();
	if (orig && change) {
		rtnl_link_set_ifindex(orig, ifindex);
		rtnl_link_set_master(change, master);
		ret = rtnl_link_change(netns_request(ns), orig, change, 0);
	}
	rtnl_link_put(orig);
	rtnl_link_put(change);
	return netns_errno(ret);
}

int netns_bridge_new(struct netns *ns, const char *name, int a, int b)
{
	struct rtnl_link *link = rtnl_link_bridge_alloc();
	struct netns_link bridge;
	int ret;

	if (!link)
		return -ENOMEM;
	rtnl_link_set_name(link, name);
	ret = netns_link_add(ns, link);
	if (!ret)
		ret = netns_link_get(ns, 0, name, &bridge);
	if (!ret)
		ret = netns_link_set(ns, bridge.ifindex, 0, true);
	if (!ret)
		ret = netns_enslave(ns, a, bridge.ifindex);
	if (!ret)
		ret = netns_enslave(ns, b, bridge.ifindex);
	return ret;
}

int netns_veth_new(struct netns *ns, const char *name, const char *peer)
{
	struct rtnl_link *link = rtnl_link_veth_alloc(), *end;

	if (!link)
		return -ENOMEM;
	rtnl_link_set_name(link, name);
	end = rtnl_link_veth_get_peer(link);
	rtnl_link_set_name(end, peer);
	rtnl_link_put(end);
	return netns_link_add(ns, link);
}

/* have IPv6 say nothing by a link; without IPv6 it does not anyway */
static void netns_link_mute(struct netns *ns, int ifindex)
{
	struct rtnl_link *orig = rtnl_link_alloc(), *change = rtnl_link_alloc();
	const uint8_t none = (uint8_t)rtnl_link_inet6_str2addrgenmode("none");

	if (orig && change) {
		rtnl_link_set_ifindex(orig, ifindex);
		if (!rtnl_link_inet6_set_addr_gen_mode(change, none))
			rtnl_link_change(netns_request(ns), orig, change, 0);
	}
	rtnl_link_put(orig);
	rtnl_link_put(change);
}

int netns_ifb_new(struct netns *ns, const char *name, unsigned int len)
{
	struct rtnl_link *link = rtnl_link_alloc();
	struct netns_link ifb;
	int ret;

	if (!link)
		return -ENOMEM;
	rtnl_link_set_name(link, name);
	rtnl_link_set_txqlen(link, len);
	if (rtnl_link_set_type(link, "ifb")) {
		rtnl_link_put(link);
		return -ENOMEM;
	}
	ret = netns_link_add(ns, link);
	if (!ret)
		ret = netns_link_get(ns, 0, name, &ifb);
	if (ret)
		return ret;
	netns_link_mute(ns, ifb.ifindex);
	return netns_link_set(ns, ifb.ifindex, 0, true);
}

int netns_ifb_find(struct netns *ns, const char *name)
{
	struct rtnl_link *link;
	const char *type;
	int ret;

	ret = netns_errno(rtnl_link_get_kernel(netns_request(ns), 0, name,
					       &link));
	if (ret)
		return ret == -ENODEV ? 0 : ret;
	type = rtnl_link_get_type(link);
	ret = type && !strcmp(type, "ifb") ? rtnl_link_get_ifindex(link) : 0;
	rtnl_link_put(link);
	return ret;
}

int netns_link_del(struct netns *ns, int ifindex)
{
	struct rtnl_link *link = rtnl_link_alloc();
	int ret;

	if (!link)
		return -ENOMEM;
	rtnl_link_set_ifindex(link, ifindex);
	ret = rtnl_link_delete(netns_request(ns), link);
	rtnl_link_put(link);
	return netns_errno(ret);
}

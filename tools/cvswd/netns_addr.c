// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Addresses, neighbours and routes of a link, each from one word of text. */

#include "netns.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <linux/if_addr.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/route.h>

/* "A@B" as two addresses; @b of @family_b */
static int netns_pair(const char *text, struct nl_addr **a, int family_b,
		      struct nl_addr **b)
{
	const char *at = strchr(text, '@');
	char first[64];
	int ret;

	if (!at || at - text >= (int)sizeof(first))
		return -NLE_INVAL;
	memcpy(first, text, (size_t)(at - text));
	first[at - text] = '\0';
	ret = nl_addr_parse(first, AF_UNSPEC, a);
	if (ret)
		return ret;
	if (family_b == AF_UNSPEC)
		family_b = nl_addr_get_family(*a);
	ret = nl_addr_parse(at + 1, family_b, b);
	if (ret)
		nl_addr_put(*a);
	return ret;
}

static int netns_mac(struct nl_sock *sk, int ifindex, const char *text)
{
	struct rtnl_link *orig = rtnl_link_alloc();
	struct rtnl_link *change = rtnl_link_alloc();
	struct nl_addr *mac;
	int ret = -NLE_NOMEM;

	if (!orig || !change)
		goto out;
	ret = nl_addr_parse(text, AF_LLC, &mac);
	if (ret)
		goto out;
	rtnl_link_set_ifindex(orig, ifindex);
	rtnl_link_set_addr(change, mac);
	nl_addr_put(mac);
	ret = rtnl_link_change(sk, orig, change, 0);
out:
	rtnl_link_put(orig);
	rtnl_link_put(change);
	return ret;
}

static int netns_addr(struct nl_sock *sk, int ifindex, const char *text)
{
	struct rtnl_addr *addr = rtnl_addr_alloc();
	struct nl_addr *local;
	int ret;

	if (!addr)
		return -NLE_NOMEM;
	ret = nl_addr_parse(text, AF_UNSPEC, &local);
	if (!ret) {
		rtnl_addr_set_ifindex(addr, ifindex);
		ret = rtnl_addr_set_local(addr, local);
		/* said by a person: nobody else has it */
		if (nl_addr_get_family(local) == AF_INET6)
			rtnl_addr_set_flags(addr, IFA_F_NODAD);
		nl_addr_put(local);
	}
	if (!ret)
		ret = rtnl_addr_add(sk, addr, NLM_F_REPLACE);
	rtnl_addr_put(addr);
	return ret;
}

static int netns_neigh(struct nl_sock *sk, int ifindex, const char *text)
{
	struct rtnl_neigh *neigh = rtnl_neigh_alloc();
	struct nl_addr *dst, *mac;
	int ret;

	if (!neigh)
		return -NLE_NOMEM;
	ret = netns_pair(text, &dst, AF_LLC, &mac);
	if (!ret) {
		rtnl_neigh_set_ifindex(neigh, ifindex);
		rtnl_neigh_set_state(neigh, NUD_PERMANENT);
		rtnl_neigh_set_lladdr(neigh, mac);
		ret = rtnl_neigh_set_dst(neigh, dst);
		nl_addr_put(dst);
		nl_addr_put(mac);
	}
	if (!ret)
		ret = rtnl_neigh_add(sk, neigh, NLM_F_CREATE | NLM_F_REPLACE);
	rtnl_neigh_put(neigh);
	return ret;
}

static int netns_route(struct nl_sock *sk, int ifindex, const char *text)
{
	struct rtnl_route *route = rtnl_route_alloc();
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	struct nl_addr *dst, *gateway;
	int ret;

	if (!route || !hop) {
		ret = -NLE_NOMEM;
		goto out;
	}
	ret = netns_pair(text, &dst, AF_UNSPEC, &gateway);
	if (ret)
		goto out;
	ret = rtnl_route_set_dst(route, dst);
	rtnl_route_nh_set_ifindex(hop, ifindex);
	rtnl_route_nh_set_gateway(hop, gateway);
	rtnl_route_add_nexthop(route, hop);
	hop = NULL;
	nl_addr_put(dst);
	nl_addr_put(gateway);
	if (!ret)
		ret = rtnl_route_add(sk, route, NLM_F_CREATE | NLM_F_REPLACE);
out:
	if (hop)
		rtnl_route_nh_free(hop);
	rtnl_route_put(route);
	return ret;
}

static const struct {
	const char	*name;
	int		(*set)(struct nl_sock *sk, int ifindex,
			       const char *value);
} netns_words[] = {
	{ "addr=",	netns_addr },
	{ "mac=",	netns_mac },
	{ "neigh=",	netns_neigh },
	{ "route=",	netns_route },
};

#define NETNS_WORDS	(sizeof(netns_words) / sizeof(netns_words[0]))

bool netns_word_known(const char *word)
{
	size_t i;

	for (i = 0; i < NETNS_WORDS; i++)
		if (!strncmp(word, netns_words[i].name,
			     strlen(netns_words[i].name)))
			return true;
	return false;
}

int netns_word_set(struct netns *ns, int ifindex, const char *word)
{
	const char *value = strchr(word, '=') + 1;
	size_t i;

	for (i = 0; i < NETNS_WORDS; i++)
		if (!strncmp(word, netns_words[i].name, (size_t)(value - word)))
			return netns_errno(netns_words[i].set(netns_request(ns),
							      ifindex, value));
	return -EINVAL;
}

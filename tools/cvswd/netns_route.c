// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "netns_route.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include "netns.h"

#define NETNS_FOLLOW_BUF	(1 << 20)	/* of a socket that hears changes */

static unsigned int ip_len(int family)
{
	return family == AF_INET6 ? 16 : 4;
}

static struct nl_addr *ip_addr(const struct netns_ip *ip)
{
	return nl_addr_build(ip->family, ip->addr, ip_len(ip->family));
}

static bool ip_from(struct netns_ip *ip, struct nl_addr *addr)
{
	if (!addr || nl_addr_get_len(addr) != ip_len(nl_addr_get_family(addr)))
		return false;
	*ip = (struct netns_ip){ .family = nl_addr_get_family(addr) };
	memcpy(ip->addr, nl_addr_get_binary_addr(addr), ip_len(ip->family));
	return true;
}

/* Routes */

static int route_fill(struct rtnl_route *obj, const struct netns_ip *to,
		      struct netns_route *route)
{
	struct rtnl_nexthop *hop = rtnl_route_nexthop_n(obj, 0);

	*route = (struct netns_route){ .hop = *to };
	if (rtnl_route_get_type(obj) != RTN_UNICAST || !hop ||
	    !ip_from(&route->src, rtnl_route_get_pref_src(obj)))
		return -ENETUNREACH;
	route->ifindex = rtnl_route_nh_get_ifindex(hop);
	if (!ip_from(&route->hop, rtnl_route_nh_get_gateway(hop)))
		ip_from(&route->hop, rtnl_route_nh_get_via(hop));
	if (rtnl_route_get_metric(obj, RTAX_MTU, &route->mtu))
		route->mtu = 0;
	return 0;
}

int netns_route_get(struct netns *ns, const struct netns_ip *to,
		    struct netns_route *route)
{
	struct nl_addr *addr = ip_addr(to);
	struct rtnl_route *obj;
	int ret;

	if (!addr)
		return -ENOMEM;
	ret = rtnl_route_lookup(netns_request(ns), addr, &obj);
	nl_addr_put(addr);
	if (ret)
		return ret == -NLE_NOMEM ? -ENOMEM : -ENETUNREACH;
	ret = route_fill(obj, to, route);
	rtnl_route_put(obj);
	return ret;
}

int netns_link_master(struct netns *ns, int ifindex)
{
	struct rtnl_link *obj;
	int master;

	if (rtnl_link_get_kernel(netns_request(ns), ifindex, NULL, &obj))
		return 0;
	master = rtnl_link_get_master(obj);
	rtnl_link_put(obj);
	return master;
}

/* Neighbours */

struct neigh_answer {
	enum netns_neigh	state;
	__u8			*mac;
};

static enum netns_neigh neigh_state(unsigned int nud)
{
	if (nud & (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_DELAY |
		   NUD_PROBE))
		return NETNS_NEIGH_GOOD;
	if (nud & NUD_STALE)
		return NETNS_NEIGH_OLD;
	return nud & NUD_FAILED ? NETNS_NEIGH_FAILED : NETNS_NEIGH_NONE;
}

static int neigh_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct neigh_answer *answer = arg;
	const struct ndmsg *ndm;
	struct nlattr *attr;

	if (nlh->nlmsg_type != RTM_NEWNEIGH ||
	    !nlmsg_valid_hdr(nlh, sizeof(*ndm)))
		return NL_OK;
	ndm = nlmsg_data(nlh);
	answer->state = neigh_state(ndm->ndm_state);
	attr = nlmsg_find_attr(nlh, sizeof(*ndm), NDA_LLADDR);
	if (attr && nla_len(attr) == 6)
		memcpy(answer->mac, nla_data(attr), 6);
	else if (answer->state != NETNS_NEIGH_FAILED)
		answer->state = NETNS_NEIGH_NONE;
	return NL_OK;
}

static struct nl_msg *neigh_request(int ifindex, const struct netns_ip *ip)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETNEIGH, 0);
	struct ndmsg ndm = {
		.ndm_family = (__u8)ip->family,
		.ndm_ifindex = ifindex,
	};

	if (msg && !nlmsg_append(msg, &ndm, sizeof(ndm), NLMSG_ALIGNTO) &&
	    !nla_put(msg, NDA_DST, (int)ip_len(ip->family), ip->addr))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/* the answer to @msg, which is freed, goes to neigh_message() */
static void neigh_ask(struct nl_sock *sk, struct nl_msg *msg,
		      struct neigh_answer *answer)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int ret = -NLE_NOMEM;

	if (cb) {
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, neigh_message, answer);
		ret = nl_send_auto(sk, msg);
		if (ret >= 0)
			ret = nl_recvmsgs(sk, cb);
		nl_cb_put(cb);
	}
	nlmsg_free(msg);
	if (ret >= 0)
		nl_wait_for_ack(sk);
}

enum netns_neigh netns_neigh_get(struct netns *ns, int ifindex,
				 const struct netns_ip *ip, __u8 mac[6])
{
	struct neigh_answer answer = { NETNS_NEIGH_NONE, mac };
	struct nl_msg *msg = neigh_request(ifindex, ip);

	if (msg)
		neigh_ask(netns_request(ns), msg, &answer);
	return answer.state;
}

void netns_neigh_use(struct netns *ns, int ifindex, const struct netns_ip *ip)
{
	struct rtnl_neigh *neigh = rtnl_neigh_alloc();
	struct nl_addr *dst = ip_addr(ip);

	if (neigh && dst) {
		rtnl_neigh_set_ifindex(neigh, ifindex);
		rtnl_neigh_set_flags(neigh, NTF_USE);
		/* what cannot be asked for stays as it is */
		if (!rtnl_neigh_set_dst(neigh, dst))
			rtnl_neigh_add(netns_request(ns), neigh, NLM_F_CREATE);
	}
	if (dst)
		nl_addr_put(dst);
	if (neigh)
		rtnl_neigh_put(neigh);
}

/* Changes */

struct follow_read {
	void	(*changed)(void *arg, const struct netns_change *change);
	void	*arg;
};

static void follow_neigh(struct follow_read *read, struct nlmsghdr *nlh)
{
	struct netns_change change = {};
	const struct ndmsg *ndm;
	struct nlattr *attr;

	if (!nlmsg_valid_hdr(nlh, sizeof(*ndm)))
		return;
	ndm = nlmsg_data(nlh);
	if (ndm->ndm_family != AF_INET && ndm->ndm_family != AF_INET6)
		return;		/* a bridge's */
	attr = nlmsg_find_attr(nlh, sizeof(*ndm), NDA_DST);
	if (!attr || nla_len(attr) != (int)ip_len(ndm->ndm_family))
		return;
	change.ifindex = ndm->ndm_ifindex;
	change.ip.family = ndm->ndm_family;
	memcpy(change.ip.addr, nla_data(attr), (size_t)nla_len(attr));
	read->changed(read->arg, &change);
}

static int follow_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct netns_change all = {};
	struct follow_read *read = arg;

	if (nlh->nlmsg_type == RTM_NEWNEIGH || nlh->nlmsg_type == RTM_DELNEIGH)
		follow_neigh(read, nlh);
	else
		read->changed(read->arg, &all);
	return NL_OK;
}

static const int follow_groups[] = {
	RTNLGRP_LINK, RTNLGRP_NEIGH, RTNLGRP_NEXTHOP,
	RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE,
	RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE,
};

int netns_follow(struct netns *ns, bool on)
{
	struct nl_sock *sk = netns_routes(ns);
	int ret = 0;
	size_t i;

	if (netns_follows(ns) == on)
		return 0;
	for (i = 0; i < sizeof(follow_groups) / sizeof(int) && !ret; i++)
		ret = on ? nl_socket_add_membership(sk, follow_groups[i]) :
			   nl_socket_drop_membership(sk, follow_groups[i]);
	if (!ret)
		netns_follows_set(ns, on);
	return netns_errno(ret);
}

int netns_follow_fd(const struct netns *ns)
{
	return nl_socket_get_fd(netns_routes(ns));
}

void netns_follow_read(struct netns *ns,
		       void (*changed)(void *arg,
				       const struct netns_change *change),
		       void *arg)
{
	struct follow_read read = { changed, arg };
	const struct netns_change all = {};
	struct nl_sock *sk = netns_routes(ns);
	int ret;

	nl_socket_modify_cb(sk, NL_CB_VALID, NL_CB_CUSTOM, follow_message,
			    &read);
	do {
		ret = nl_recvmsgs_default(sk);
	} while (!ret);
	if (ret != -NLE_AGAIN)
		changed(arg, &all);
}

int netns_follow_open(struct nl_sock *sk)
{
	int ret;

	nl_socket_disable_seq_check(sk);
	ret = nl_connect(sk, NETLINK_ROUTE);
	if (!ret)
		ret = nl_socket_set_nonblocking(sk);
	if (!ret)
		nl_socket_set_buffer_size(sk, NETNS_FOLLOW_BUF, 0);
	return netns_errno(ret);
}

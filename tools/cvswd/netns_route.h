/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_NETNS_ROUTE_H
#define CVSWD_NETNS_ROUTE_H

/*
 * Routes and neighbours of a network namespace, over rtnetlink: what a frame
 * needs to get to an address.  Addresses are 4 bytes with AF_INET, 16 with
 * AF_INET6.  Main thread only.
 */

#include <stdbool.h>
#include <linux/types.h>

struct netns;

/** struct netns_ip - an address of either family */
struct netns_ip {
	int	family;		/* AF_INET, AF_INET6 */
	__u8	addr[16];
};

/**
 * struct netns_route - the way to an address, as far as routes say it
 * @ifindex: interface that leads there
 * @mtu:     of the route, 0 when it says none
 * @hop:     whose MAC is needed: a gateway, or the address itself
 * @src:     to come from; @hop and it may be of different families
 */
struct netns_route {
	int		ifindex;
	__u32		mtu;
	struct netns_ip	hop;
	struct netns_ip	src;
};

/**
 * netns_route_get - ask for the route to @to
 * Return: 0; -ENETUNREACH: there is none for packets to somebody else; another
 * negative errno.
 */
int netns_route_get(struct netns *ns, const struct netns_ip *to,
		    struct netns_route *route);

/** enum netns_neigh - what the kernel knows of a neighbour */
enum netns_neigh {
	NETNS_NEIGH_NONE,	/* not yet anything */
	NETNS_NEIGH_OLD,	/* a MAC that may be wrong by now */
	NETNS_NEIGH_GOOD,	/* a MAC */
	NETNS_NEIGH_FAILED,	/* it does not answer */
};

/** netns_neigh_get - @mac of a neighbour when there is one */
enum netns_neigh netns_neigh_get(struct netns *ns, int ifindex,
				 const struct netns_ip *ip, __u8 mac[6]);

/** netns_neigh_use - have the kernel find out what is not good */
void netns_neigh_use(struct netns *ns, int ifindex, const struct netns_ip *ip);

/** netns_link_master - the bridge or bond that a link is in, 0 for none */
int netns_link_master(struct netns *ns, int ifindex);

/** struct netns_change - something that ways may depend on has changed */
struct netns_change {
	int			ifindex;	/* of the neighbour */
	struct netns_ip		ip;		/* likewise; family 0: anything */
};

/** netns_follow - hear of changes, or no longer; again for nothing */
int netns_follow(struct netns *ns, bool on);

/** netns_follow_fd - becomes readable when something has changed */
int netns_follow_fd(const struct netns *ns);

/** netns_follow_read - take changes in; those that were lost as one of all */
void netns_follow_read(struct netns *ns,
		       void (*changed)(void *arg,
				       const struct netns_change *change),
		       void *arg);

#endif /* CVSWD_NETNS_ROUTE_H */

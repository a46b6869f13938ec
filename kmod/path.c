// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Ways to the far ends of tunnels that flows name by address alone: by the
 * routes of the device's namespace that lead out of it, or out of the bridge or
 * bond that it is in, with the MAC that the neighbour table has for the next
 * hop.
 *
 * All are looked for again when a neighbour or the device changes, within a
 * second of a change of routes, and now and then, which keeps neighbours alive.
 */

#include <linux/etherdevice.h>
#include <net/ip6_fib.h>
#include <net/l3mdev.h>
#include <net/neighbour.h>
#include <net/netevent.h>
#include <net/route.h>
#include "compat.h"
#include "cvsw.h"

#define PATH_REFRESH	5	/* seconds */

/* Routes: a reference or an error */

static struct dst_entry *path_route4(struct net_device *ndev, const u8 *addr,
				     struct cvsw_way *way)
{
	struct flowi4 fl4 = { .flowi4_oif = l3mdev_master_ifindex(ndev) };
	struct rtable *rt;

	memcpy(&fl4.daddr, addr, sizeof(fl4.daddr));
	rt = ip_route_output_key(dev_net(ndev), &fl4);
	if (IS_ERR(rt))
		return ERR_CAST(rt);
	memcpy(way->nw_src, &fl4.saddr, sizeof(fl4.saddr));
	if (rt->rt_type == RTN_UNICAST)
		return &rt->dst;
	ip_rt_put(rt);
	return ERR_PTR(-ENETUNREACH);
}

static struct dst_entry *path_route6(struct net_device *ndev, const u8 *addr,
				     struct cvsw_way *way)
{
	struct flowi6 fl6 = { .flowi6_oif = l3mdev_master_ifindex(ndev) };
	struct dst_entry *dst;

	memcpy(&fl6.daddr, addr, sizeof(fl6.daddr));
	dst = cvsw_ip6_route(dev_net(ndev), &fl6);
	if (IS_ERR(dst))
		return dst;
	memcpy(way->nw_src, &fl6.saddr, sizeof(fl6.saddr));
	if (!(container_of(dst, struct rt6_info, dst)->rt6i_flags & RTF_ANYCAST))
		return dst;
	dst_release(dst);
	return ERR_PTR(-ENETUNREACH);
}

/* The next hop */

static bool path_leaves(struct net_device *ndev, const struct net_device *out)
{
	bool leaves;

	rcu_read_lock();
	leaves = out == ndev || (out == netdev_master_upper_dev_get_rcu(ndev) &&
				 out->addr_len == ETH_ALEN);
	rcu_read_unlock();
	return leaves;
}

static int path_hop(const struct cvsw_dev *dev, struct dst_entry *dst,
		    const u8 *addr, struct cvsw_way *way)
{
	struct neighbour *n = dst_neigh_lookup(dst, addr);
	u8 state;

	if (!n)
		return -EAGAIN;
	state = READ_ONCE(n->nud_state);
	if (!(state & NUD_FAILED) || dev->refresh)
		neigh_event_send(n, NULL);
	neigh_ha_snapshot(way->dl_dst, n, dst->dev);
	neigh_release(n);
	if (!(state & NUD_VALID))
		return state & NUD_FAILED ? -EHOSTUNREACH : -EAGAIN;
	ether_addr_copy(way->dl_src, dst->dev->dev_addr);
	way->port = CVSW_PORT_NET;
	way->mtu = dst_mtu(dst);
	/* it knows better while its own follows the tunnels */
	if (dst->dev == dev->ndev && way->mtu == dev->ndev->mtu)
		way->mtu = 0;
	return 0;
}

static int path_find(void *arg, u8 family, const u8 *addr, struct cvsw_way *way)
{
	const struct cvsw_dev *dev = arg;
	struct dst_entry *dst;
	int ret = -ENETUNREACH;

	dst = family == 4 ? path_route4(dev->ndev, addr, way) :
			    path_route6(dev->ndev, addr, way);
	if (IS_ERR(dst))
		return ret;
	if (path_leaves(dev->ndev, dst->dev))
		ret = path_hop(dev, dst, addr, way);
	dst_release(dst);
	return ret;
}

void cvsw_path_look(struct cvsw_dev *dev, bool tick)
{
	int routes = rt_genid_ipv4(dev->net) + rt_genid_ipv6(dev->net);
	bool look = xchg(&dev->look, 0);

	dev->refresh = tick && !(++dev->seconds % PATH_REFRESH);
	if (!READ_ONCE(dev->paths) ||
	    !(look || dev->refresh || routes != dev->routes))
		return;
	dev->routes = routes;
	if (cvsw_paths_look(dev->sw, path_find, dev))
		cvsw_hook_wake(dev);
}

void cvsw_path_changed(struct cvsw_dev *dev)
{
	WRITE_ONCE(dev->look, 1);
	if (READ_ONCE(dev->paths))
		cvsw_dev_kick(dev);
}

/* Ops: under the switch's mutex */

void cvsw_path_open(void *ctx, u8 family, const u8 *addr)
{
	struct cvsw_dev *dev = ctx;

	WRITE_ONCE(dev->paths, dev->paths + 1);
	cvsw_path_changed(dev);
}

void cvsw_path_close(void *ctx, u8 family, const u8 *addr)
{
	struct cvsw_dev *dev = ctx;

	WRITE_ONCE(dev->paths, dev->paths - 1);
}

/* Neighbours */

static int path_netevent(struct notifier_block *nb, unsigned long event,
			 void *ptr)
{
	struct cvsw_dev *dev = container_of(nb, struct cvsw_dev, netevent);
	const struct neighbour *n = ptr;

	if (event == NETEVENT_NEIGH_UPDATE && path_leaves(dev->ndev, n->dev))
		cvsw_path_changed(dev);
	return NOTIFY_DONE;
}

void cvsw_path_add(struct cvsw_dev *dev)
{
	dev->netevent.notifier_call = path_netevent;
	register_netevent_notifier(&dev->netevent);
}

void cvsw_path_del(struct cvsw_dev *dev)
{
	unregister_netevent_notifier(&dev->netevent);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_KMOD_H
#define CVSW_KMOD_H

/*
 * What the parts of the module know of each other.
 *
 * A network device that is attached has a switch with two ports: what its own
 * stack sends comes in at CVSW_PORT_GUEST, what it receives at CVSW_PORT_NET.
 * hook.c brings the frames, dev.c makes and ends it, genl.c brings requests.
 */

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/refcount.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <cvsw/switch.h>

#define CVSW_PORT_GUEST		1
#define CVSW_PORT_NET		2

struct cvsw_dev;

/**
 * struct cvsw_lane - a worker, and the frame that it is at; wctx of the ops
 * @dev:    whose it is
 * @worker: of its switch
 * @timer:  wakes it for frames that wait
 * @skb:    what a hook was called with and still has, else NULL
 * @to:     number of the port that @skb goes on to if the hook lets it
 * @dst:    MAC that it was for when it came from the network
 * @passed: it does
 * @tx:     frames to be sent by the device after this one
 * @up:     frames to be received after this one
 * @rx:     frames to be merged, and received, by
 * @napi:   which is the lane's own
 *
 * One for each CPU, used with bottom halves off, and one for requests.
 */
struct cvsw_lane {
	struct cvsw_dev		*dev;
	struct cvsw_worker	*worker;
	struct timer_list	timer;
	struct sk_buff		*skb;
	u16			to;
	u8			dst[6];
	bool			passed;
	struct sk_buff_head	tx;
	struct sk_buff_head	up;
	struct sk_buff_head	rx;
	struct napi_struct	napi;
};

/**
 * struct cvsw_dev - a network device with a switch in it
 * @list:   in the list of all, by rising @id; readers under RCU
 * @id:     higher than that of all attached before, not 0
 * @ndev:   the device; there until cvsw_dev_detach() returns
 * @net:    where it is, likewise
 * @sw:     its switch, there as long as a reference is
 * @lane:   by CPU
 * @hook:   from the device, and to it
 * @expire: once a second
 * @ref:    one is the list's
 * @lock:   held by requests; guards @ctl, @bundles and @gone
 * @ctl:    lane of requests
 * @bundles: that were begun and not ended
 * @gone:   detached: nothing but the reference is left to be given back
 * @rcu:    frees it
 */
struct cvsw_dev {
	struct list_head	list;
	u64			id;
	struct net_device	*ndev;
	struct net		*net;
	struct cvsw_switch	*sw;
	struct cvsw_lane __percpu *lane;
	struct nf_hook_ops	hook[2];
	struct delayed_work	expire;
	refcount_t		ref;
	struct mutex		lock;
	struct cvsw_lane	ctl;
	struct list_head	bundles;
	bool			gone;
	struct rcu_head		rcu;
};

/* the clock of all calls to the core */
static inline u64 cvsw_now(void)
{
	return ktime_get_coarse_ns();
}

/* dev.c APIs: */

/**
 * cvsw_dev_attach - put a switch into @ndev; under rtnl
 * @err: may be NULL
 * Return: 0; -EEXIST: it has one; -EINVAL: not an Ethernet device; -ENOMEM;
 * -ENODEV: the module is on its way out.
 */
int cvsw_dev_attach(struct net_device *ndev, struct cvsw_error *err);

/** cvsw_dev_detach - take it out again; under rtnl; -ENODEV when there is none */
int cvsw_dev_detach(struct net_device *ndev);

/** cvsw_dev_get - a reference to that of the interface @name in @net, NULL when
 * there is none */
struct cvsw_dev *cvsw_dev_get(struct net *net, const char *name);

/** cvsw_dev_next - a reference to that of the lowest id above @id in @net, NULL
 * when there is none */
struct cvsw_dev *cvsw_dev_next(struct net *net, u64 id);

/** cvsw_dev_put - give a reference back, if there is one; may sleep */
void cvsw_dev_put(struct cvsw_dev *dev);

/** cvsw_dev_lock - begin a request that uses dev->ctl: 0, or -ENODEV when @dev
 * is detached meanwhile; and end it, which sends what it put out */
int cvsw_dev_lock(struct cvsw_dev *dev);
void cvsw_dev_unlock(struct cvsw_dev *dev);

/** cvsw_dev_changed - tell its switch how @ndev is now; under rtnl */
void cvsw_dev_changed(struct net_device *ndev);

/* hook.c APIs: */

/** cvsw_hook_add - begin to take the frames of dev->ndev; 0 or an error */
int cvsw_hook_add(struct cvsw_dev *dev);

/** cvsw_hook_del - no frame is in the switch when it returns */
void cvsw_hook_del(struct cvsw_dev *dev);

/** cvsw_lane_init - all of it but its worker */
void cvsw_lane_init(struct cvsw_lane *lane, struct cvsw_dev *dev);

/** cvsw_lane_send - send what is in lane->tx and lane->up; not inside the switch */
void cvsw_lane_send(struct cvsw_lane *lane);

/* struct cvsw_ops.output */
void cvsw_hook_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt);

/* genl.c APIs: */

/* struct cvsw_ops.event and .packet_in */
void cvsw_genl_event(void *ctx, const struct cvsw_event *event);
int cvsw_genl_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			const struct cvsw_packet_in *info);

/** cvsw_genl_init - take requests; after the notifier of devices is there, so
 * that what they attach is detached in time */
int cvsw_genl_init(void);

/** cvsw_genl_exit - take none any more, and wait for those under way; when no
 * device is attached any more, since there are no events then */
void cvsw_genl_exit(void);

#endif /* CVSW_KMOD_H */

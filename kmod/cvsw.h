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

#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/netfilter.h>
#include <linux/refcount.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <cvsw/switch.h>
#include "os.h"
#include "pkt_ops.h"

#define CVSW_PORT_GUEST		1
#define CVSW_PORT_NET		2

struct cvsw_dev;
struct socket;

/**
 * struct cvsw_session - what serves the host of in-band control, by one port
 * @dev:    whose it is
 * @no:     of the port
 * @live:   there is a session; guarded by dev->lock, as the next three
 * @begun:  sessions that began or ended, so far
 * @requests: of the host, not carried out yet
 * @waiting: bytes of them
 * @events: for the host; its lock guards the next three, too
 * @held:   bytes of memory that they take
 * @lost:   events that were none of them
 * @groups: CVSW_NL_GROUP_* that the host asked for
 * @serves: the session that @sock is of; only dev->work uses this and the rest
 * @sock:   of generic netlink; NULL: there is none
 * @buf:    CVSW_NL_MSG_MAX bytes, for
 * @len:    of a datagram that waits for the channel
 */
struct cvsw_session {
	struct cvsw_dev		*dev;
	u16			no;
	bool			live;
	unsigned int		begun;
	struct list_head	requests;
	u32			waiting;
	struct sk_buff_head	events;
	u32			held;
	u32			lost;
	u32			groups;
	unsigned int		serves;
	struct socket		*sock;
	u8			*buf;
	u32			len;
};

/**
 * struct cvsw_lane - a worker, and the frame that it is at; wctx of the ops
 * @dev:    whose it is
 * @worker: of its switch
 * @timer:  wakes it for frames that wait
 * @skb:    what a hook was called with and still has, else NULL
 * @to:     number of the port that @skb goes on to if the hook lets it
 * @dst:    MAC that it was for when it came from the network
 * @passed: it does
 * @pkt:    what hook_pass() asks about; not on the stack, which is cleared
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
	struct cvsw_pkt		pkt;
	struct sk_buff_head	tx;
	struct sk_buff_head	up;
	struct sk_buff_head	rx;
	struct napi_struct	napi;
};

/**
 * struct cvsw_dev - a network device with a switch in it
 * @list:    in the list of all, by rising @id; readers under RCU
 * @id:      higher than that of all attached before, not 0
 * @ndev:    the device; there until cvsw_dev_detach() returns
 * @net:     where it is, likewise
 * @sw:      its switch, there as long as a reference is
 * @lane:    by CPU
 * @inband:  control frames, for @work
 * @session: of the two ports
 * @hook:    from the device, and to it
 * @work:    once a second, or when kicked; a reference while it is pending
 * @tick:    jiffies of the next second
 * @changed: the device is not what the switch was told
 * @ref:     one is the list's
 * @lock:    held by requests and @work; guards @ctl, @gone, and the next six
 * @ctl:     lane of requests
 * @gone:    detached: nothing but the reference is left to be given back
 * @bundles: that were begun and not ended
 * @look:    look for ways; set by anybody
 * @routes:  state of the routes that ways were found by
 * @seconds: counted
 * @refresh: ask again for neighbours that did not answer
 * @paths:   that are open; guarded by the switch's mutex
 * @netevent: hears of neighbours
 * @headroom: of the device when it was attached; under rtnl, as all below
 * @mtu_own: MTU of the network side while the device's is the guest's alone, else
 *           0
 * @mtu_follow: that follows the tunnels
 * @mtu_was: the device's own, 0 while it was not changed here
 * @mtu_set: the last that was set here
 * @flipped: features that are not wanted as they were, but
 * @flipped_to: like this
 * @rcu:     frees it
 *
 * Locks: rtnl, @lock, the switch's mutex.  Nobody waits for @work under them.
 */
struct cvsw_dev {
	struct list_head	list;
	u64			id;
	struct net_device	*ndev;
	struct net		*net;
	struct cvsw_switch	*sw;
	struct cvsw_lane __percpu *lane;
	struct sk_buff_head	inband;
	struct cvsw_session	session[2];
	struct nf_hook_ops	hook[2];
	struct delayed_work	work;
	unsigned long		tick;
	int			changed;
	refcount_t		ref;
	struct mutex		lock;
	struct cvsw_lane	ctl;
	struct list_head	bundles;
	bool			gone;
	int			look;
	int			routes;
	unsigned int		seconds;
	bool			refresh;
	unsigned int		paths;
	struct notifier_block	netevent;
	u16			headroom;
	u32			mtu_own;
	bool			mtu_follow;
	u32			mtu_was;
	u32			mtu_set;
	netdev_features_t	flipped;
	netdev_features_t	flipped_to;
	struct rcu_head		rcu;
};

/* the clock of all calls to the core: ticks are fine enough, and cheap */
static inline u64 cvsw_now(void)
{
	return get_jiffies_64() * TICK_NSEC;
}

/* @ret, with @text for a person to read; @err may be NULL */
static inline int cvsw_refuse(struct cvsw_error *err, const char *text, int ret)
{
	if (err)
		*err = (struct cvsw_error){ .text = text, .index = -1,
					    .sub = -1 };
	return ret;
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

/** cvsw_dev_changed - have its switch told how @ndev is now; under rtnl */
void cvsw_dev_changed(struct net_device *ndev);

/** cvsw_dev_kick - have dev->work done now, by @dev attached; any context */
void cvsw_dev_kick(struct cvsw_dev *dev);

/* main.c: what dev->work is done by */
extern struct workqueue_struct *cvsw_wq;

/* hook.c APIs: */

/** cvsw_hook_add - begin to take the frames of dev->ndev; 0 or an error */
int cvsw_hook_add(struct cvsw_dev *dev);

/** cvsw_hook_del - no frame is in the switch when it returns */
void cvsw_hook_del(struct cvsw_dev *dev);

/** cvsw_lane_init - all of it but its worker */
void cvsw_lane_init(struct cvsw_lane *lane, struct cvsw_dev *dev);

/** cvsw_lane_send - send what is in lane->tx and lane->up; not inside the switch */
void cvsw_lane_send(struct cvsw_lane *lane);

/** cvsw_hook_wake - have every CPU look after the frames that wait; may sleep */
void cvsw_hook_wake(struct cvsw_dev *dev);

/* struct cvsw_ops.output */
void cvsw_hook_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt);

/* inband.c APIs: */

/* struct cvsw_ops.inband */
void cvsw_inband_take(void *wctx, void *port_priv, struct cvsw_pkt *pkt);

/* struct cvsw_ops.frame_new */
int cvsw_inband_frame(void *wctx, const void *data, u32 len,
		      struct cvsw_pkt *pkt);

/** cvsw_inband_run - do what the next control frames ask for; may sleep */
void cvsw_inband_run(struct cvsw_dev *dev);

/** cvsw_inband_due - do what is due, with dev->lock; jiffies until the next time,
 * at most a second */
long cvsw_inband_due(struct cvsw_dev *dev);

/** cvsw_inband_end - leave all sessions, with dev->lock */
void cvsw_inband_end(struct cvsw_dev *dev);

/* session.c APIs: */

void cvsw_session_init(struct cvsw_dev *dev);
void cvsw_session_free(struct cvsw_dev *dev);

/** cvsw_session_run - bring requests to the family and answers to the channel, or
 * close the sockets of one that is detached; by dev->work, without locks */
void cvsw_session_run(struct cvsw_dev *dev);

/* struct cvsw_ops.inband_msg, .inband_sent and .inband_session */
int cvsw_session_take(void *ctx, void *port_priv, const void *msg, u32 len);
void cvsw_session_sent(void *ctx, void *port_priv);
void cvsw_session_begin(void *ctx, void *port_priv, int live);

/** cvsw_session_of - whose socket has sent @request, one of our family and at
 * work; NULL: not ours */
struct cvsw_session *cvsw_session_of(const struct sk_buff *request);

/** cvsw_session_subscribe - to CVSW_NL_GROUP_*, and nothing else */
void cvsw_session_subscribe(struct cvsw_session *s, u32 groups);

/** cvsw_session_wants - is any subscribed to one of these? */
bool cvsw_session_wants(const struct cvsw_dev *dev, u32 groups);

/** cvsw_session_event - tell those that are so; @event is copied, NULL: there was
 * no memory for it; any context.  An error when it was told to none */
int cvsw_session_event(struct cvsw_dev *dev, const struct sk_buff *event,
		       u32 groups, gfp_t gfp);

/* by which a network namespace that ends waits for its sockets */
extern struct pernet_operations cvsw_session_net;

/* path.c APIs: */

/* struct cvsw_ops.path_open and .path_close */
void cvsw_path_open(void *ctx, u8 family, const u8 *addr);
void cvsw_path_close(void *ctx, u8 family, const u8 *addr);

/** cvsw_path_look - look for ways where there is a reason to, with dev->lock
 * @tick: a second went by
 */
void cvsw_path_look(struct cvsw_dev *dev, bool tick);

/** cvsw_path_changed - ways may have; any context */
void cvsw_path_changed(struct cvsw_dev *dev);

/** cvsw_path_add - begin to hear of changes; cvsw_path_del() - no more comes */
void cvsw_path_add(struct cvsw_dev *dev);
void cvsw_path_del(struct cvsw_dev *dev);

/* offload.c APIs, under rtnl but for the first: */

/** cvsw_offload_due - is the device's MTU not what the tunnels make it? */
bool cvsw_offload_due(const struct cvsw_dev *dev);

/** cvsw_offload_follow - make it so */
void cvsw_offload_follow(struct cvsw_dev *dev);

/** cvsw_offload_info - what the device is like now, for the port @info->no */
void cvsw_offload_info(const struct cvsw_dev *dev, struct cvsw_port_info *info);

/** cvsw_offload_link - what its link is like; takes the lock of its ops */
void cvsw_offload_link(struct net_device *ndev, struct cvsw_port_info *info);

/* struct cvsw_ops.port_set */
int cvsw_offload_set(void *ctx, void *priv, struct cvsw_port_info *want,
		     struct cvsw_error *err);

/** cvsw_offload_restore - put back what was changed */
void cvsw_offload_restore(struct cvsw_dev *dev);

/* genl.c APIs: */

/* struct cvsw_ops.event and .packet_in */
void cvsw_genl_event(void *ctx, const struct cvsw_event *event);
int cvsw_genl_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			const struct cvsw_packet_in *info);

/** cvsw_genl_gone - tell that there is no switch called @name any more; may
 * sleep */
void cvsw_genl_gone(struct cvsw_dev *dev, const char *name);

/** cvsw_genl_init - take requests; after the notifier of devices is there, so
 * that what they attach is detached in time */
int cvsw_genl_init(void);

/** cvsw_genl_exit - take none any more, and wait for those under way; when no
 * device is attached any more, since there are no events then */
void cvsw_genl_exit(void);

#endif /* CVSW_KMOD_H */

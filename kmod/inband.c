// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * In-band control: its frames, on their way from the hook to dev->work and back,
 * and its time.
 */

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <cvsw/inband.h>
#include "os.h"
#include "pkt_ops.h"
#include "cvsw.h"

#define INBAND_TURN	16	/* frames in one go, for others want rtnl, too */

void cvsw_inband_take(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	struct cvsw_lane *lane = wctx;
	struct cvsw_dev *dev = lane->dev;

	if (skb_queue_len_lockless(&dev->inband) >= CVSW_INBAND_QUEUE) {
		cvsw_worker_drop(lane->worker, pkt, CVSW_PORT_ANY,
				 CVSW_DROP_INBAND_RATE);
		return;
	}
	*(u16 *)pkt->frame->cb = pkt->in_port;
	skb_queue_tail(&dev->inband, pkt->frame);
	cvsw_dev_kick(dev);
}

int cvsw_inband_frame(void *wctx, const void *data, u32 len,
		      struct cvsw_pkt *pkt)
{
	const struct cvsw_lane *lane = wctx;
	struct net_device *ndev = lane->dev->ndev;
	u32 room = LL_RESERVED_SPACE(ndev) + NET_SKB_PAD;
	struct sk_buff *skb = alloc_skb(room + len, GFP_KERNEL);

	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, room);
	skb_put_data(skb, data, len);
	skb_reset_mac_header(skb);
	skb->dev = ndev;
	if (len >= ETH_HLEN)
		skb->protocol = eth_hdr(skb)->h_proto;
	*pkt = (struct cvsw_pkt){ .frame = skb };
	return 0;
}

static void inband_one(struct cvsw_dev *dev, struct sk_buff *skb)
{
	struct cvsw_pkt pkt = { .frame = skb, .in_port = *(u16 *)skb->cb };

	if (skb_linearize(skb))
		cvsw_worker_drop(dev->ctl.worker, &pkt, CVSW_PORT_ANY,
				 CVSW_DROP_NO_MEMORY);
	else
		cvsw_inband_input(dev->sw, dev->ctl.worker, &pkt, cvsw_now());
}

void cvsw_inband_run(struct cvsw_dev *dev)
{
	struct sk_buff *skb;
	unsigned int n;

	if (skb_queue_empty_lockless(&dev->inband))
		return;
	rtnl_lock();
	if (!cvsw_dev_lock(dev)) {
		for (n = 0; n < INBAND_TURN; n++) {
			skb = skb_dequeue(&dev->inband);
			if (!skb)
				break;
			inband_one(dev, skb);
		}
		if (n == INBAND_TURN)
			cvsw_dev_kick(dev);
		cvsw_dev_unlock(dev);
	}
	rtnl_unlock();
}

long cvsw_inband_due(struct cvsw_dev *dev)
{
	u64 now = cvsw_now();
	u64 due = cvsw_inband_tick(dev->sw, dev->ctl.worker, now);

	return due < now + NSEC_PER_SEC ?
	       (long)DIV_ROUND_UP_ULL(due > now ? due - now : 0, TICK_NSEC) :
	       HZ;
}

void cvsw_inband_end(struct cvsw_dev *dev)
{
	struct cvsw_port_info off = { .inband = CVSW_INBAND_OFF };

	for (off.no = CVSW_PORT_GUEST; off.no <= CVSW_PORT_NET; off.no++)
		cvsw_port_set(dev->sw, &off, CVSW_PORT_SET_INBAND, NULL);
	cvsw_inband_due(dev);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Control frames on their way from the hook to dev->work. */

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

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The way of a frame into the switch and out of it.
 *
 * A netfilter hook at the device's ingress and one at its egress hand each skb
 * to the worker of their CPU.  When that puts the very same skb out on the other
 * side, the hook lets it go on where it is.  All else is sent anew, past the
 * hooks, after the worker is done, as that may bring another frame, and before
 * the hook lets anything go, so that frames stay in order: to the network by
 * dev_queue_xmit(), to the guest by netif_receive_skb().  What comes back to the
 * guest that sent it goes by netif_rx(), as who sends it may hold locks, and
 * what came out of a tunnel by the lane's NAPI, which merges it.
 *
 * Whatever goes out is told all that its way needs to know, so it does not
 * matter if the skb is another one that was made where the first one was.
 */

#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>
#include "os.h"
#include "pkt_ops.h"
#include "cvsw.h"

#if !defined(CONFIG_NETFILTER_SKIP_EGRESS) || !defined(CONFIG_NET_CLS_ACT)
#error "cvsw needs CONFIG_NETFILTER_EGRESS and CONFIG_NET_CLS_ACT"
#endif

/* Out */

/* the outer tag goes out of band, as the way on has it; a frame gets longer by
 * one in band */
static int hook_tag_out(struct sk_buff *skb)
{
	__be16 proto = eth_hdr(skb)->h_proto;
	u16 tci;
	int ret;

	if (likely(!eth_type_vlan(proto)) || skb_vlan_tag_present(skb))
		return 0;
	ret = __skb_vlan_pop(skb, &tci);
	if (!ret)
		__vlan_hwaccel_put_tag(skb, proto, tci);
	return ret;
}

/* what came out of a tunnel is merged before the stack, and what is merged
 * already goes the same way, so that it overtakes none */
static bool hook_merges(const struct cvsw_lane *lane,
			const struct cvsw_pkt *pkt)
{
	return pkt->popped && lane->to == CVSW_PORT_GUEST &&
	       !skb_cloned(pkt->frame) && !netif_elide_gro(pkt->frame->dev);
}

/* as eth_type_trans(), of a frame that goes on where it is */
static void hook_type_again(const struct cvsw_lane *lane, struct sk_buff *skb)
{
	bool same = ether_addr_equal(eth_hdr(skb)->h_dest, lane->dst);
	u8 type = skb->pkt_type;

	if (likely(same && eth_hdr(skb)->h_proto == skb->protocol)) {
		__skb_pull(skb, ETH_HLEN);
		return;
	}
	skb->pkt_type = PACKET_HOST;
	skb->protocol = eth_type_trans(skb, skb->dev);
	/* who brought it may know better, if it still is for the same */
	if (same)
		skb->pkt_type = type;
}

static void hook_to_guest(struct cvsw_lane *lane, const struct cvsw_pkt *pkt)
{
	struct sk_buff *skb = pkt->frame;
	bool merge = hook_merges(lane, pkt);
	bool pass = skb == lane->skb && lane->to == CVSW_PORT_GUEST && !merge;

	if (pass) {
		hook_type_again(lane, skb);
		skb->skb_iif = skb->dev->ifindex;
	} else {
		skb_orphan(skb);
		skb_scrub_packet(skb, false);
		skb_clear_tstamp(skb);
		skb->tc_skip_classify = 1;
		skb->protocol = eth_type_trans(skb, skb->dev);
	}
	skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	lane->passed |= pass;
	if (merge) {
		skb_queue_tail(&lane->rx, skb);
		napi_schedule(&lane->napi);
	} else if (!pass && lane->to == CVSW_PORT_GUEST) {
		__skb_queue_tail(&lane->up, skb);
	} else if (!pass) {
		netif_rx(skb);
	}
}

static void hook_to_net(struct cvsw_lane *lane, struct sk_buff *skb)
{
	cvsw_skb_headers(skb);
	if (skb == lane->skb && lane->to == CVSW_PORT_NET) {
		lane->passed = true;
		return;
	}
	if (lane->to != CVSW_PORT_NET) {
		skb_scrub_packet(skb, false);
		skb_clear_tstamp(skb);
		skb_forward_csum(skb);
	}
	nf_skip_egress(skb, true);
	__skb_queue_tail(&lane->tx, skb);
}

void cvsw_hook_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	u16 no = (u16)(unsigned long)port_priv;
	struct sk_buff *skb = pkt->frame;
	struct cvsw_lane *lane = wctx;

	skb->dev = lane->dev->ndev;
	skb_reset_mac_header(skb);
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN) || hook_tag_out(skb))) {
		cvsw_worker_drop(lane->worker, pkt, no, CVSW_DROP_NO_MEMORY);
		return;
	}
	if (no == CVSW_PORT_GUEST)
		hook_to_guest(lane, pkt);
	else
		hook_to_net(lane, skb);
	if (lane->passed)
		lane->skb = NULL;
}

static int hook_poll(struct napi_struct *napi, int budget)
{
	struct cvsw_lane *lane = container_of(napi, struct cvsw_lane, napi);
	struct sk_buff *skb;
	int n;

	for (n = 0; n < budget && (skb = skb_dequeue(&lane->rx)); n++)
		napi_gro_receive(napi, skb);
	if (n < budget)
		napi_complete_done(napi, n);
	return n;
}

void cvsw_lane_send(struct cvsw_lane *lane)
{
	struct sk_buff_head up;
	struct sk_buff *skb;

	/* the stack may answer, which comes here again */
	__skb_queue_head_init(&up);
	skb_queue_splice_init(&lane->up, &up);
	while ((skb = __skb_dequeue(&up)))
		netif_receive_skb(skb);
	while ((skb = __skb_dequeue(&lane->tx)))
		dev_queue_xmit(skb);
}

/* In */

/* The next few bytes of the first page of a frame that just came in are moved by
 * hand, as GRO does it: that takes a tenth of the instructions */
bool cvsw_skb_pull(struct sk_buff *skb, u32 n)
{
	skb_frag_t *frag = skb_shinfo(skb)->frags;
	u32 more = n - skb_headlen(skb);
	const void *from;

	if (!skb_is_nonlinear(skb) || !skb_shinfo(skb)->nr_frags ||
	    skb_cloned(skb) || skb_zcopy(skb) ||
	    more >= skb_frag_size(frag) ||
	    more > (u32)(skb_end_pointer(skb) - skb_tail_pointer(skb)))
		return pskb_may_pull(skb, n);
	from = skb_frag_address_safe(frag);
	if (!from)
		return pskb_may_pull(skb, n);
	memcpy(skb_tail_pointer(skb), from, more);
	skb->tail += more;
	skb->data_len -= more;
	skb_frag_off_add(frag, (int)more);
	skb_frag_size_sub(frag, (int)more);
	return true;
}

/* make of @pkt what pkt_os.h asks for; the frame of a hook may not be shared */
static int hook_prepare(struct cvsw_lane *lane, struct cvsw_pkt *pkt)
{
	struct sk_buff *skb = pkt->frame;

	if (unlikely(skb_shared(skb))) {
		lane->skb = NULL;
		skb = skb_share_check(skb, GFP_ATOMIC);
		if (!skb)
			return -ENOMEM;
		pkt->frame = skb;
	}
	if (likely(!skb_vlan_tag_present(skb) ||
		   skb->vlan_proto == htons(ETH_P_8021Q)))
		return 0;
	return cvsw_skb_tag_in(pkt);
}

/* @skb came in by @from: does it go on by @to where it is? */
static unsigned int hook_frame(struct cvsw_dev *dev, struct sk_buff *skb,
			       u16 from, u16 to)
{
	struct cvsw_lane *lane = this_cpu_ptr(dev->lane);
	struct cvsw_pkt pkt = { .frame = skb, .in_port = from };
	bool passed;

	lane->skb = skb;
	lane->to = to;
	if (likely(!hook_prepare(lane, &pkt)))
		cvsw_input(lane->worker, &pkt, cvsw_now());
	else if (pkt.frame)
		cvsw_worker_drop(lane->worker, &pkt, from, CVSW_DROP_NO_MEMORY);
	passed = lane->passed;
	lane->passed = false;
	lane->skb = NULL;
	lane->to = 0;
	if (unlikely(!timer_pending(&lane->timer)))
		mod_timer(&lane->timer, jiffies + HZ);
	if (unlikely(!skb_queue_empty(&lane->tx) ||
		     !skb_queue_empty(&lane->up)))
		cvsw_lane_send(lane);
	return passed ? NF_ACCEPT : NF_STOLEN;
}

/* most frames of a switch that is asked for nothing */
static bool hook_pass(const struct cvsw_dev *dev, struct sk_buff *skb, u16 from)
{
	struct cvsw_lane *lane = this_cpu_ptr(dev->lane);

	lane->pkt.frame = skb;
	lane->pkt.in_port = from;
	return !skb_shared(skb) && cvsw_pass(lane->worker, &lane->pkt);
}

/* data is at the network header there */
static unsigned int hook_ingress(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	u32 hlen = (u32)(skb->data - skb_mac_header(skb));
	struct cvsw_dev *dev = priv;

	__skb_push(skb, hlen);
	if (likely(hook_pass(dev, skb, CVSW_PORT_NET))) {
		__skb_pull(skb, hlen);
		return NF_ACCEPT;
	}
	skb_postpush_rcsum(skb, skb->data, hlen);
	ether_addr_copy(this_cpu_ptr(dev->lane)->dst, eth_hdr(skb)->h_dest);
	return hook_frame(dev, skb, CVSW_PORT_NET, CVSW_PORT_GUEST);
}

static unsigned int hook_egress(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	if (likely(hook_pass(priv, skb, CVSW_PORT_GUEST)))
		return NF_ACCEPT;
	return hook_frame(priv, skb, CVSW_PORT_GUEST, CVSW_PORT_NET);
}

/* frames that wait are looked after while there are any */
static void hook_timer(struct timer_list *timer)
{
	struct cvsw_lane *lane = container_of(timer, struct cvsw_lane, timer);

	/* the timers of a CPU that goes away are moved */
	if (lane != this_cpu_ptr(lane->dev->lane))
		return;
	if (cvsw_worker_resume(lane->worker, cvsw_now()))
		mod_timer(timer, jiffies + HZ);
	cvsw_lane_send(lane);
}

/* on its CPU, whose timer stays there */
static void hook_wake(void *arg)
{
	struct cvsw_dev *dev = arg;

	mod_timer(&this_cpu_ptr(dev->lane)->timer, jiffies);
}

void cvsw_hook_wake(struct cvsw_dev *dev)
{
	on_each_cpu(hook_wake, dev, true);
}

/* Life */

void cvsw_lane_init(struct cvsw_lane *lane, struct cvsw_dev *dev)
{
	lane->dev = dev;
	timer_setup(&lane->timer, hook_timer, TIMER_PINNED);
	__skb_queue_head_init(&lane->tx);
	__skb_queue_head_init(&lane->up);
	skb_queue_head_init(&lane->rx);
}

static void hook_start(struct cvsw_dev *dev)
{
	struct cvsw_lane *lane;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		lane = per_cpu_ptr(dev->lane, cpu);
		set_bit(NAPI_STATE_NO_BUSY_POLL, &lane->napi.state);
		netif_napi_add(dev->ndev, &lane->napi, hook_poll);
		napi_enable(&lane->napi);
	}
}

/* no frame is at a hook any more, and none waits */
static void hook_settle(struct cvsw_dev *dev)
{
	struct cvsw_lane *lane;
	unsigned int cpu;

	synchronize_net();
	for_each_possible_cpu(cpu) {
		lane = per_cpu_ptr(dev->lane, cpu);
		timer_delete_sync(&lane->timer);
		while (!skb_queue_empty_lockless(&lane->rx))
			msleep(1);
		napi_disable(&lane->napi);
		__netif_napi_del(&lane->napi);
	}
	synchronize_net();
}

int cvsw_hook_add(struct cvsw_dev *dev)
{
	int ret;

	dev->hook[0] = (struct nf_hook_ops){
		.hook = hook_ingress, .dev = dev->ndev, .priv = dev,
		.pf = NFPROTO_NETDEV, .hooknum = NF_NETDEV_INGRESS,
		.priority = INT_MIN };
	dev->hook[1] = (struct nf_hook_ops){
		.hook = hook_egress, .dev = dev->ndev, .priv = dev,
		.pf = NFPROTO_NETDEV, .hooknum = NF_NETDEV_EGRESS,
		.priority = INT_MAX };
	hook_start(dev);
	ret = nf_register_net_hooks(dev->net, dev->hook, ARRAY_SIZE(dev->hook));
	if (ret)
		hook_settle(dev);
	return ret;
}

void cvsw_hook_del(struct cvsw_dev *dev)
{
	nf_unregister_net_hooks(dev->net, dev->hook, ARRAY_SIZE(dev->hook));
	hook_settle(dev);
}

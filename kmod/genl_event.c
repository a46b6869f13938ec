// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Events and packet-ins, to those who are in a multicast group, and to hosts that
 * asked for them in-band.  Where nobody is that costs one look.  Whoever has no
 * room for one is told so (ENOBUFS, or CVSW_CMD_LOST).
 */

#include "cvsw.h"
#include "genl.h"
#include "nl_codec.h"

#define GENL_EVENT_ROOM		((size_t)SKB_WITH_OVERHEAD(SZ_16K))
#define GENL_PACKET_IN_ROOM	256u	/* without the frame */

void cvsw_genl_bytes(const struct sk_buff *skb, u8 *to, u32 n)
{
	const __be16 vlan[] = { skb->vlan_proto,
				htons(skb_vlan_tag_get(skb)) };
	const u32 macs = min_t(u32, n, 2 * ETH_ALEN);
	const u32 tag = min(n - macs, cvsw_genl_len(skb) - skb->len);
	u32 start, at;
	__sum16 sum;

	skb_copy_bits(skb, 0, to, (int)macs);
	memcpy(to + macs, vlan, tag);
	skb_copy_bits(skb, (int)macs, to + macs + tag, (int)(n - macs - tag));
	if (skb->ip_summed != CHECKSUM_PARTIAL || skb_is_gso(skb))
		return;
	start = (u32)skb_checksum_start_offset(skb);
	at = tag + start + skb->csum_offset;
	if (at + sizeof(sum) > n)
		return;
	sum = csum_fold(skb_checksum(skb, (int)start, (int)(skb->len - start),
				     0));
	put_unaligned(sum ?: CSUM_MANGLED_0, (__sum16 *)(to + at));
}

static bool genl_wanted(const struct cvsw_dev *dev, unsigned int group)
{
	return cvsw_session_wants(dev, BIT(group)) ||
	       (READ_ONCE(cvsw_genl_up) &&
		genl_has_listeners(&cvsw_genl_family, dev->net, group));
}

static int genl_event_send(const struct cvsw_dev *dev, struct sk_buff *skb,
			   unsigned int group, gfp_t gfp)
{
	return genlmsg_multicast_netns(&cvsw_genl_family, dev->net, skb, 0,
				       group, gfp);
}

/* @event is NULL for the switch itself */
static void genl_event(struct cvsw_dev *dev, const char *name, u8 cmd,
		       unsigned int group, const struct cvsw_event *event)
{
	struct sk_buff *skb;
	void *head;

	if (!genl_wanted(dev, group))
		return;
	skb = nlmsg_new(GENL_EVENT_ROOM, GFP_KERNEL);
	head = skb ? genlmsg_put(skb, 0, 0, &cvsw_genl_family, 0, cmd) : NULL;
	if (!head || (event ? cvsw_nl_put_event(skb, name, event) :
			      nla_put_string(skb, CVSW_A_NAME, name))) {
		nlmsg_free(skb);
		/* those who listen have lost one */
		genl_set_err(&cvsw_genl_family, dev->net, 0, group, -ENOBUFS);
		cvsw_session_event(dev, NULL, BIT(group), GFP_KERNEL);
		return;
	}
	genlmsg_end(skb, head);
	/* hosts are told of their own switch, and that this is gone by its port */
	if (event)
		cvsw_session_event(dev, skb, BIT(group), GFP_KERNEL);
	genl_event_send(dev, skb, group, GFP_KERNEL);
}

void cvsw_genl_event(void *ctx, const struct cvsw_event *event)
{
	const bool flow = event->kind == CVSW_EVENT_FLOW_REMOVED;
	struct cvsw_dev *dev = ctx;

	genl_event(dev, dev->ndev->name, flow ? CVSW_CMD_FLOW_REMOVED :
		   CVSW_CMD_PORT_EVENT, flow ? GENL_GROUP_FLOW :
		   GENL_GROUP_PORT, event);
}

void cvsw_genl_gone(struct cvsw_dev *dev, const char *name)
{
	genl_event(dev, name, CVSW_CMD_DETACH, GENL_GROUP_PORT, NULL);
}

/* to one of the two groups, up to @len bytes of the frame */
static int genl_packet_in(struct cvsw_dev *dev,
			  const struct cvsw_packet_in *info,
			  const struct sk_buff *frame, u32 len,
			  unsigned int group)
{
	struct sk_buff *skb;
	void *head, *to;
	int told;

	if (!genl_wanted(dev, group))
		return -ENOTCONN;
	len = min(len, info->total_len);
	skb = nlmsg_new(GENL_PACKET_IN_ROOM + len, GFP_ATOMIC);
	if (!skb)
		return -ENOBUFS;
	head = genlmsg_put(skb, 0, 0, &cvsw_genl_family, 0, CVSW_CMD_PACKET_IN);
	to = head ? cvsw_nl_put_packet_in(skb, dev->ndev->name, info, len) :
		    NULL;
	if (!to) {
		nlmsg_free(skb);
		return -ENOBUFS;
	}
	cvsw_genl_bytes(frame, to, len);
	genlmsg_end(skb, head);
	told = cvsw_session_event(dev, skb, BIT(group), GFP_ATOMIC);
	return genl_event_send(dev, skb, group, GFP_ATOMIC) && told ? -ENOBUFS :
	       0;
}

int cvsw_genl_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			const struct cvsw_packet_in *info)
{
	const struct cvsw_lane *lane = wctx;
	struct cvsw_packet_in in = *info;
	int cut, whole;

	in.total_len = cvsw_genl_len(pkt->frame);
	whole = genl_packet_in(lane->dev, &in, pkt->frame, CVSW_NL_FRAME_MAX,
			       GENL_GROUP_WHOLE);
	cut = genl_packet_in(lane->dev, &in, pkt->frame,
			     in.max_len ?: CVSW_NL_FRAME_MAX,
			     GENL_GROUP_PACKET_IN);
	return !whole || cut == -ENOTCONN ? whole : cut;
}

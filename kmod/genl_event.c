// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Events and packet-ins, to those who are in a multicast group.  Where nobody
 * is that costs one look.
 */

#include "cvsw.h"
#include "genl.h"
#include "nl_codec.h"

#define GENL_EVENT_ROOM		((size_t)SKB_WITH_OVERHEAD(SZ_16K))
#define GENL_PACKET_IN_ROOM	256u	/* without the frame */

void cvsw_genl_bytes(const struct sk_buff *skb, u8 *to, u32 n)
{
	n = min(n, skb->len);
	if (n == skb->len && skb->ip_summed == CHECKSUM_PARTIAL &&
	    !skb_is_gso(skb))
		skb_copy_and_csum_dev(skb, to);
	else
		skb_copy_bits(skb, 0, to, (int)n);
	if (!skb_vlan_tag_present(skb) || n < 2 * ETH_ALEN)
		return;
	memmove(to + 2 * ETH_ALEN + VLAN_HLEN, to + 2 * ETH_ALEN,
		n - 2 * ETH_ALEN);
	put_unaligned(skb->vlan_proto, (__be16 *)(to + 2 * ETH_ALEN));
	put_unaligned_be16(skb_vlan_tag_get(skb), to + 2 * ETH_ALEN + 2);
}

static bool genl_wanted(const struct cvsw_dev *dev, unsigned int group)
{
	return READ_ONCE(cvsw_genl_up) &&
	       genl_has_listeners(&cvsw_genl_family, dev->net, group);
}

static int genl_event_send(const struct cvsw_dev *dev, struct sk_buff *skb,
			   unsigned int group, gfp_t gfp)
{
	return genlmsg_multicast_netns(&cvsw_genl_family, dev->net, skb, 0,
				       group, gfp);
}

void cvsw_genl_event(void *ctx, const struct cvsw_event *event)
{
	const bool flow = event->kind == CVSW_EVENT_FLOW_REMOVED;
	const unsigned int group = flow ? GENL_GROUP_FLOW : GENL_GROUP_PORT;
	const struct cvsw_dev *dev = ctx;
	struct sk_buff *skb;
	void *head;

	if (!genl_wanted(dev, group))
		return;
	skb = nlmsg_new(GENL_EVENT_ROOM, GFP_KERNEL);
	head = skb ? genlmsg_put(skb, 0, 0, &cvsw_genl_family, 0, flow ?
				 CVSW_CMD_FLOW_REMOVED : CVSW_CMD_PORT_EVENT) :
		     NULL;
	if (!head || cvsw_nl_put_event(skb, dev->ndev->name, event)) {
		nlmsg_free(skb);
		/* those who listen have lost one */
		genl_set_err(&cvsw_genl_family, dev->net, 0, group, -ENOBUFS);
		return;
	}
	genlmsg_end(skb, head);
	genl_event_send(dev, skb, group, GFP_KERNEL);
}

/* to one of the two groups; @bytes: the whole frame, @len of it go */
static int genl_packet_in(const struct cvsw_dev *dev,
			  const struct cvsw_packet_in *info, const u8 *bytes,
			  u32 len, unsigned int group)
{
	struct sk_buff *skb;
	void *head;

	if (!genl_wanted(dev, group))
		return -ESRCH;
	skb = nlmsg_new(GENL_PACKET_IN_ROOM + len, GFP_ATOMIC);
	if (!skb)
		return -ENOBUFS;
	head = genlmsg_put(skb, 0, 0, &cvsw_genl_family, 0, CVSW_CMD_PACKET_IN);
	if (!head || cvsw_nl_put_packet_in(skb, dev->ndev->name, info, bytes,
					   len)) {
		nlmsg_free(skb);
		return -ENOBUFS;
	}
	genlmsg_end(skb, head);
	return genl_event_send(dev, skb, group, GFP_ATOMIC);
}

int cvsw_genl_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			const struct cvsw_packet_in *info)
{
	const struct cvsw_lane *lane = wctx;
	const struct cvsw_dev *dev = lane->dev;
	const struct sk_buff *skb = pkt->frame;
	struct cvsw_packet_in in = *info;
	int cut, whole;
	u8 *bytes;
	u32 len;

	if (!genl_wanted(dev, GENL_GROUP_PACKET_IN) &&
	    !genl_wanted(dev, GENL_GROUP_WHOLE))
		return -ENOTCONN;
	bytes = kmalloc(skb->len + VLAN_HLEN, GFP_ATOMIC);
	if (!bytes)
		return -ENOBUFS;
	cvsw_genl_bytes(skb, bytes, skb->len);
	in.total_len = skb->len + cvsw_genl_tag_len(skb);
	len = min_t(u32, in.total_len, CVSW_NL_FRAME_MAX);
	whole = genl_packet_in(dev, &in, bytes, len, GENL_GROUP_WHOLE);
	if (in.max_len)
		len = min_t(u32, len, in.max_len);
	cut = genl_packet_in(dev, &in, bytes, len, GENL_GROUP_PACKET_IN);
	kfree(bytes);
	return cut && whole ? -ENOBUFS : 0;
}

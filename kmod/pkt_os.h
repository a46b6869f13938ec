/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_PKT_OS_H
#define CVSW_PKT_OS_H

/*
 * The packet vocabulary over struct sk_buff.
 *
 * Who makes a struct cvsw_pkt of an skb has to see to it that skb->data is at
 * the Ethernet header, that the skb is not shared (skb_share_check()), and that
 * a tag out of band is 802.1Q.  Headers are made linear when they are asked for.
 *
 * A complete checksum (CHECKSUM_COMPLETE) is not kept up to date; it is given
 * up by the first change.  The handle never changes.
 */

#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/ip_tunnels.h>
#include "hdr.h"

#define CVSW_SKB_GRE		(SKB_GSO_GRE | SKB_GSO_GRE_CSUM)
#define CVSW_SKB_TUNNEL		(SKB_GSO_UDP_TUNNEL | \
				 SKB_GSO_UDP_TUNNEL_CSUM | CVSW_SKB_GRE)
/* super-frames that may be put into a tunnel as they are */
#define CVSW_SKB_PLAIN		(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | \
				 SKB_GSO_UDP_L4 | SKB_GSO_TCP_ECN | \
				 SKB_GSO_TCP_FIXEDID | SKB_GSO_DODGY)

static inline u32 cvsw_pkt_len(const struct cvsw_pkt *pkt)
{
	return pkt->frame->len;
}

static inline bool cvsw_pkt_is_super(const struct cvsw_pkt *pkt)
{
	return skb_is_gso(pkt->frame);
}

static inline u32 cvsw_pkt_memory(const struct cvsw_pkt *pkt)
{
	return pkt->frame->truesize;
}

/* hook.c: as pskb_may_pull(), of more bytes than are linear */
bool cvsw_skb_pull(struct sk_buff *skb, u32 n);

static inline bool cvsw_skb_may_pull(struct sk_buff *skb, u32 n)
{
	return likely(n <= skb_headlen(skb)) || cvsw_skb_pull(skb, n);
}

static inline const void *cvsw_pkt_header(const struct cvsw_pkt *pkt, u32 off,
					  u32 n)
{
	struct sk_buff *skb = pkt->frame;

	if (unlikely((u64)off + n > skb_headlen(skb)) &&
	    ((u64)off + n > skb->len || !cvsw_skb_pull(skb, off + n)))
		return NULL;
	return skb->data + off;
}

/* Is there a partial checksum?  Since 6.11 UDP super-frames by a device without
 * checksums have one, too, that is not called so until they are cut */
static inline bool cvsw_skb_partial(struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_NONE && skb_is_gso(skb) &&
	    skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		skb->ip_summed = CHECKSUM_PARTIAL;
	return skb->ip_summed == CHECKSUM_PARTIAL;
}

/* bytes in front of the L4 payload of a super-frame, 0 when they are unknown */
static inline u32 cvsw_skb_gso_headers(struct sk_buff *skb)
{
	u32 l4 = skb_checksum_start_offset(skb);
	u8 buf, *doff;

	if (!cvsw_skb_partial(skb))
		return 0;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		return l4 + sizeof(struct cvsw_udp_hdr);
	doff = skb_header_pointer(skb, l4 + offsetof(struct cvsw_tcp_hdr, doff),
				  sizeof(buf), &buf);
	return doff ? l4 + (*doff >> 4) * 4u : 0;
}

static inline u32 cvsw_pkt_segments(const struct cvsw_pkt *pkt, u64 *bytes)
{
	struct sk_buff *skb = pkt->frame;
	u32 headers, n;

	*bytes = skb->len;
	if (!skb_is_gso(skb))
		return 1;
	headers = cvsw_skb_gso_headers(skb);
	if (headers >= skb->len)
		return 1;
	n = DIV_ROUND_UP(skb->len - headers, skb_shinfo(skb)->gso_size);
	*bytes += (u64)(n - 1) * headers;
	return n;
}

static inline u32 cvsw_pkt_sum(const struct cvsw_pkt *pkt, u32 off, u32 n,
			       u32 sum)
{
	return (__force u32)skb_checksum(pkt->frame, off, n,
					 (__force __wsum)sum);
}

/* before each change */
static inline void cvsw_skb_changes(struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
}

static inline void *cvsw_pkt_writable(struct cvsw_pkt *pkt, u32 off, u32 n)
{
	struct sk_buff *skb = pkt->frame;

	if ((u64)off + n > skb->len || skb_ensure_writable(skb, off + n))
		return NULL;
	cvsw_skb_changes(skb);
	return skb->data + off;
}

static inline void *cvsw_pkt_writable_now(struct cvsw_pkt *pkt, u32 off, u32 n)
{
	const struct sk_buff *skb = pkt->frame;

	if ((u64)off + n > skb_headlen(skb) || skb_cloned(skb) ||
	    skb->ip_summed == CHECKSUM_COMPLETE)
		return NULL;
	return skb->data + off;
}

static inline void *cvsw_pkt_push(struct cvsw_pkt *pkt, u32 n)
{
	struct sk_buff *skb = pkt->frame;

	if (skb->len + n > CVSW_FRAME_MAX || skb_cow_head(skb, n))
		return NULL;
	cvsw_skb_changes(skb);
	return skb_push(skb, n);
}

static inline void *cvsw_pkt_pull(struct cvsw_pkt *pkt, u32 n)
{
	struct sk_buff *skb = pkt->frame;

	return n <= skb->len && pskb_may_pull(skb, n) ?
	       skb_pull_rcsum(skb, n) : NULL;
}

static inline int cvsw_pkt_trim(struct cvsw_pkt *pkt, u32 len)
{
	return pskb_trim_rcsum(pkt->frame, len);
}

/* VLAN */

static inline bool cvsw_pkt_tag_get(const struct cvsw_pkt *pkt, u16 *tci)
{
	if (!skb_vlan_tag_present(pkt->frame))
		return false;
	*tci = skb_vlan_tag_get(pkt->frame);
	return true;
}

static inline bool cvsw_pkt_tag_set(struct cvsw_pkt *pkt, u16 tci)
{
	__vlan_hwaccel_put_tag(pkt->frame, htons(ETH_P_8021Q), tci);
	return true;
}

static inline void cvsw_pkt_tag_clear(struct cvsw_pkt *pkt)
{
	__vlan_hwaccel_clear_tag(pkt->frame);
}

/* Live */

static inline cvsw_frame_t cvsw_pkt_frame_clone(cvsw_frame_t frame)
{
	return skb_clone(frame, GFP_ATOMIC);
}

#define CVSW_SKB_LINEAR_NEW	256u	/* bytes of a new frame that are linear */

static inline cvsw_frame_t cvsw_pkt_frame_new(cvsw_frame_t like, u32 len)
{
	u32 linear = min(len, CVSW_SKB_LINEAR_NEW);
	struct sk_buff *skb;
	int err;

	skb = alloc_skb_with_frags(NET_SKB_PAD + linear, len - linear, 3, &err,
				   GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	skb->dev = like->dev;
	skb_reset_mac_header(skb);
	return skb;
}

static inline void cvsw_pkt_free(struct cvsw_pkt *pkt)
{
	kfree_skb(pkt->frame);
}

/* Offload */

static inline u8 cvsw_skb_gso_type(unsigned int type)
{
	if (type & SKB_GSO_TCPV4)
		return CVSW_GSO_TCP4;
	if (type & SKB_GSO_TCPV6)
		return CVSW_GSO_TCP6;
	return type & SKB_GSO_UDP_L4 ? CVSW_GSO_UDP_L4 : CVSW_GSO_NONE;
}

static inline void cvsw_pkt_offload_get(const struct cvsw_pkt *pkt,
					struct cvsw_offload *state)
{
	struct sk_buff *skb = pkt->frame;
	const struct skb_shared_info *info = skb_shinfo(skb);

	*state = (struct cvsw_offload){};
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		state->csum = CVSW_CSUM_GOOD;
	if (!cvsw_skb_partial(skb))
		return;
	state->csum = CVSW_CSUM_PARTIAL;
	state->csum_start = skb_checksum_start_offset(skb);
	state->csum_offset = skb->csum_offset;
	if (!skb_is_gso(skb))
		return;
	state->gso_type = cvsw_skb_gso_type(info->gso_type);
	state->gso_ecn = !!(info->gso_type & SKB_GSO_TCP_ECN);
	state->gso_size = info->gso_size;
	if (!(info->gso_type & CVSW_SKB_TUNNEL))
		return;
	state->tunnel = skb_network_header(skb)[0] >> 4;
	state->tunnel_csum = !!(info->gso_type & SKB_GSO_UDP_TUNNEL_CSUM);
	if (info->gso_type & CVSW_SKB_GRE)
		state->outer = CVSW_OUTER_GRE;
	state->outer_l4 = pkt->l4;	/* the header in the skb may be the inner */
	state->inner_l3 = skb_inner_network_offset(skb);
}

/* SKB_GSO_* of a TCP super-frame, 0 for what only the stack makes */
static inline unsigned int cvsw_skb_gso_make(const struct cvsw_offload *state)
{
	unsigned int type = SKB_GSO_DODGY;

	if (state->gso_ecn)
		type |= SKB_GSO_TCP_ECN;
	if (state->tunnel)
		return 0;
	if (state->gso_type == CVSW_GSO_TCP4)
		return type | SKB_GSO_TCPV4;
	return state->gso_type == CVSW_GSO_TCP6 ? type | SKB_GSO_TCPV6 : 0;
}

/*
 * Before segments of @size, or none: where GRO put skbs with linear parts into
 * one, skb_segment() believes that segments of any size end where these do.
 */
static inline int cvsw_skb_gso_begin(struct sk_buff *skb, u16 size)
{
	struct sk_buff *part;

	if (size)
		skb_walk_frags(skb, part)
			if (skb_headlen(part))
				return skb_linearize(skb);
	return skb_header_unclone(skb, GFP_ATOMIC);
}

/* segments of an STT frame may have any size, and no skb says so */
static inline int __must_check
cvsw_pkt_offload_set(struct cvsw_pkt *pkt, const struct cvsw_offload *state)
{
	struct skb_shared_info *info;
	struct sk_buff *skb = pkt->frame;
	unsigned int gso = cvsw_skb_gso_make(state);
	u32 end = state->csum_start + state->csum_offset + sizeof(__sum16);
	bool partial = state->csum == CVSW_CSUM_PARTIAL;

	if ((state->gso_type && !gso) || (partial && !pskb_may_pull(skb, end)))
		return -EINVAL;
	if (gso || skb_is_gso(skb)) {
		if (cvsw_skb_gso_begin(skb, state->gso_size))
			return -ENOMEM;
		info = skb_shinfo(skb);
		info->gso_type = gso;
		info->gso_size = state->gso_size;
		info->gso_segs = 0;
	}
	skb->encapsulation = 0;
	if (partial)
		return skb_partial_csum_set(skb, state->csum_start,
					    state->csum_offset) ? 0 : -EINVAL;
	skb->csum_level = 0;
	skb->ip_summed = state->csum == CVSW_CSUM_GOOD ? CHECKSUM_UNNECESSARY :
							 CHECKSUM_NONE;
	return 0;
}

/* whoever cuts the frame looks at its headers (SKB_GSO_DODGY) */
static inline int __must_check
cvsw_pkt_offload_claim(struct cvsw_pkt *pkt, const struct cvsw_offload *state)
{
	return cvsw_pkt_offload_set(pkt, state);
}

static inline int __must_check cvsw_pkt_csum_finish(struct cvsw_pkt *pkt)
{
	if (pkt->frame->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	return skb_csum_hwoffload_help(pkt->frame, 0);	/* of SCTP, too */
}

/* the tag out of band goes in band */
static inline int cvsw_skb_tag_in(struct cvsw_pkt *pkt)
{
	struct sk_buff *skb = pkt->frame;
	int ret;

	if (!skb_vlan_tag_present(skb))
		return 0;
	ret = __vlan_insert_tag(skb, skb->vlan_proto, skb_vlan_tag_get(skb));
	if (!ret)
		__vlan_hwaccel_clear_tag(skb);
	return ret;
}

/* let the skb know where its headers are: before it is sent, cut, or an inner
 * frame */
static inline void cvsw_skb_headers(struct sk_buff *skb)
{
	__be16 proto = ((const struct ethhdr *)skb->data)->h_proto;
	bool tag = eth_type_vlan(proto) && skb_headlen(skb) >= VLAN_ETH_HLEN;

	skb_reset_mac_header(skb);
	skb_set_network_header(skb, tag ? VLAN_ETH_HLEN : ETH_HLEN);
	if (eth_proto_is_802_3(proto))
		skb->protocol = proto;
}

/* SKB_GSO_* of the tunnel whose outer IP header is at @l3 */
static inline int cvsw_skb_tunnel_type(const u8 *l3, bool csum)
{
	u8 proto = *l3 >> 4 == 4 ? l3[offsetof(struct cvsw_ipv4_hdr, proto)] :
				   l3[offsetof(struct cvsw_ipv6_hdr, nexthdr)];

	if (proto == CVSW_IPPROTO_GRE)
		return SKB_GSO_GRE;
	return csum ? SKB_GSO_UDP_TUNNEL_CSUM : SKB_GSO_UDP_TUNNEL;
}

/* can the kernel cut the super-frame when it is in a tunnel of @type? */
static inline bool cvsw_skb_can_nest(const struct sk_buff *skb, int type)
{
	return !(skb_shinfo(skb)->gso_type & ~CVSW_SKB_PLAIN) &&
	       skb->ip_summed == CHECKSUM_PARTIAL &&
	       (type != SKB_GSO_GRE || IS_ENABLED(CONFIG_NET_IPGRE_DEMUX));
}

static inline int __must_check cvsw_pkt_encap(struct cvsw_pkt *pkt,
					      const void *hdr, u32 n,
					      u32 outer_l3, u32 outer_l4,
					      bool csum)
{
	int type = cvsw_skb_tunnel_type(hdr + outer_l3, csum);
	struct sk_buff *skb = pkt->frame;
	bool gso = skb_is_gso(skb);
	int ret;

	if (skb->len + n > CVSW_FRAME_MAX)
		return -EMSGSIZE;
	if (gso && !cvsw_skb_can_nest(skb, type))
		return -EOPNOTSUPP;
	ret = skb_cow_head(skb, n);
	if (!ret && !gso)
		ret = cvsw_pkt_csum_finish(pkt);
	if (ret)
		return ret;
	if (gso) {
		cvsw_skb_headers(skb);
		skb_set_transport_header(skb, skb_checksum_start_offset(skb));
	}
	ret = iptunnel_handle_offloads(skb, type);
	if (ret)
		return ret;
	skb_set_inner_protocol(skb, htons(ETH_P_TEB));
	memcpy(skb_push(skb, n), hdr, n);
	skb_set_network_header(skb, outer_l3);
	skb_set_transport_header(skb, outer_l4);
	pkt->l3 = 0;
	pkt->l4 = 0;
	if (csum && !gso)
		skb_partial_csum_set(skb, outer_l4,
				     offsetof(struct cvsw_udp_hdr, check));
	return 0;
}

static inline void *cvsw_pkt_encap_now(struct cvsw_pkt *pkt, const void *hdr,
				       u32 n, u32 outer_l3, u32 outer_l4)
{
	struct sk_buff *skb = pkt->frame;

	if (skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL ||
	    skb_vlan_tag_present(skb) ||
	    cvsw_pkt_encap(pkt, hdr, n, outer_l3, outer_l4, false))
		return NULL;
	return skb->data;
}

/* the hash of a tunnel's L4 ports is as good as that of what is in it */
static inline int __must_check cvsw_pkt_decap(struct cvsw_pkt *pkt, u32 n)
{
	struct sk_buff *skb = pkt->frame;

	if (skb_is_gso(skb) && (skb->ip_summed != CHECKSUM_PARTIAL ||
				skb_checksum_start_offset(skb) < (int)n))
		return -EOPNOTSUPP;
	if (!cvsw_skb_may_pull(skb, n + CVSW_ETH_HLEN))
		return -EINVAL;
	if (iptunnel_pull_offloads(skb))
		return -ENOMEM;
	__skb_decr_checksum_unnecessary(skb);
	__vlan_hwaccel_clear_tag(skb);
	skb_pull_rcsum(skb, n);
	skb_reset_mac_header(skb);
	skb_clear_hash_if_not_l4(skb);
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

static inline u32 __must_check
cvsw_pkt_cut(struct cvsw_pkt *pkt,
	     void (*each)(void *arg, struct cvsw_pkt *seg), void *arg)
{
	struct sk_buff *segs, *skb, *next;
	struct cvsw_pkt seg;
	u64 bytes;
	u32 n = cvsw_pkt_segments(pkt, &bytes);

	cvsw_skb_headers(pkt->frame);
	segs = skb_gso_segment(pkt->frame, NETIF_F_SG | NETIF_F_HW_CSUM);
	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(pkt->frame);
		return n;
	}
	consume_skb(pkt->frame);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		seg = *pkt;
		seg.frame = skb;
		seg.l3 = 0;
		seg.l4 = 0;
		each(arg, &seg);
	}
	return 0;
}

static inline void cvsw_pkt_copy(struct cvsw_pkt *pkt, u32 off,
				 const struct cvsw_pkt *src, u32 from, u32 n)
{
	struct skb_seq_state st;
	const u8 *data;
	u32 got, done = 0;

	skb_prepare_seq_read(src->frame, from, from + n, &st);
	while ((got = skb_seq_read(done, &data, &st))) {
		got = min(got, n - done);	/* a block may go on behind */
		skb_store_bits(pkt->frame, off + done, data, got);
		done += got;
	}
	skb_abort_seq_read(&st);
}

#endif /* CVSW_PKT_OS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_PKT_OS_H
#define CVSW_PKT_OS_H

/*
 * The packet vocabulary over struct sk_buff.
 *
 * Who makes a struct cvsw_pkt of an skb has to see to it that skb->data is at
 * the Ethernet header, that the skb is not shared (skb_share_check()), that a
 * tag out of band is 802.1Q, and that the first CVSW_PKT_LINEAR bytes, or all,
 * are linear: headers beyond are pulled when they are asked for, which moves
 * those before.
 *
 * A complete checksum (CHECKSUM_COMPLETE) is not kept up to date; it is given
 * up by the first change.  The handle never changes.
 */

#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/ip6_checksum.h>
#include <net/ip_tunnels.h>
#include <net/tcp.h>
#include <net/udp.h>
#include "hdr.h"

#define CVSW_PKT_LINEAR		256u

#define CVSW_SKB_GRE		(SKB_GSO_GRE | SKB_GSO_GRE_CSUM)
#define CVSW_SKB_TUNNEL		(SKB_GSO_UDP_TUNNEL | \
				 SKB_GSO_UDP_TUNNEL_CSUM | CVSW_SKB_GRE)

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

static inline const void *cvsw_pkt_header(const struct cvsw_pkt *pkt, u32 off,
					  u32 n)
{
	struct sk_buff *skb = pkt->frame;

	if (unlikely((u64)off + n > skb_headlen(skb)) &&
	    ((u64)off + n > skb->len || !pskb_may_pull(skb, off + n)))
		return NULL;
	return skb->data + off;
}

/* bytes in front of the L4 payload of a super-frame, 0 when they are unknown */
static inline u32 cvsw_skb_gso_headers(const struct sk_buff *skb)
{
	u32 l4 = skb_checksum_start_offset(skb);
	u8 buf, *doff;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)
		return l4 + sizeof(struct cvsw_udp_hdr);
	doff = skb_header_pointer(skb, l4 + offsetof(struct cvsw_tcp_hdr, doff),
				  sizeof(buf), &buf);
	return doff ? l4 + (*doff >> 4) * 4u : 0;
}

static inline u32 cvsw_pkt_segments(const struct cvsw_pkt *pkt, u64 *bytes)
{
	const struct sk_buff *skb = pkt->frame;
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

	if (n > skb->len || !pskb_may_pull(skb, n))
		return NULL;
	cvsw_skb_changes(skb);
	return skb_pull(skb, n);
}

static inline int cvsw_pkt_trim(struct cvsw_pkt *pkt, u32 len)
{
	cvsw_skb_changes(pkt->frame);
	return pskb_trim(pkt->frame, len);
}

/* VLAN */

static inline int cvsw_pkt_vlan_get(const struct cvsw_pkt *pkt, u16 *tci)
{
	const u8 *data;

	if (skb_vlan_tag_present(pkt->frame)) {
		*tci = skb_vlan_tag_get(pkt->frame);
		return CVSW_TAG_OUT_OF_BAND;
	}
	data = cvsw_pkt_header(pkt, 0, CVSW_ETH_HLEN + CVSW_VLAN_HLEN);
	if (!data || get_unaligned_be16(data + 12) != CVSW_ETH_P_8021Q)
		return 0;
	*tci = get_unaligned_be16(data + 14);
	return CVSW_TAG_IN_BAND;
}

static inline int __must_check cvsw_pkt_vlan_set(struct cvsw_pkt *pkt, u16 tci)
{
	u8 *data;
	u16 old;

	if (cvsw_pkt_vlan_get(pkt, &old) != CVSW_TAG_IN_BAND) {
		if (pkt->frame->len < CVSW_ETH_HLEN)
			return -EINVAL;
		__vlan_hwaccel_put_tag(pkt->frame, htons(ETH_P_8021Q), tci);
		return 0;
	}
	data = cvsw_pkt_writable(pkt, 0, CVSW_ETH_HLEN + CVSW_VLAN_HLEN);
	if (!data)
		return -ENOMEM;
	put_unaligned_be16(tci, data + 14);
	return 0;
}

static inline int __must_check cvsw_pkt_vlan_pop(struct cvsw_pkt *pkt)
{
	u8 *data;
	u16 tci;

	switch (cvsw_pkt_vlan_get(pkt, &tci)) {
	case CVSW_TAG_OUT_OF_BAND:
		__vlan_hwaccel_clear_tag(pkt->frame);
		return 0;
	case 0:
		return 0;
	}
	data = cvsw_pkt_writable(pkt, 0, CVSW_ETH_HLEN + CVSW_VLAN_HLEN);
	if (!data)
		return -ENOMEM;
	memmove(data + CVSW_VLAN_HLEN, data, 2 * CVSW_ETH_ALEN);
	skb_pull(pkt->frame, CVSW_VLAN_HLEN);
	pkt->l3 -= pkt->l3 ? CVSW_VLAN_HLEN : 0;
	pkt->l4 -= pkt->l4 ? CVSW_VLAN_HLEN : 0;
	return 0;
}

/* Live */

static inline int __must_check cvsw_pkt_clone(const struct cvsw_pkt *pkt,
					      struct cvsw_pkt *copy)
{
	struct sk_buff *skb = skb_clone(pkt->frame, GFP_ATOMIC);

	if (!skb)
		return -ENOMEM;
	*copy = *pkt;
	copy->frame = skb;
	return 0;
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
	const struct sk_buff *skb = pkt->frame;
	const struct skb_shared_info *info = skb_shinfo(skb);

	*state = (struct cvsw_offload){};
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		state->csum = CVSW_CSUM_GOOD;
	if (skb->ip_summed != CHECKSUM_PARTIAL)
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
	state->outer_l4 = skb_transport_offset(skb);
	state->inner_l3 = skb_inner_network_offset(skb);
}

/* SKB_GSO_* of a TCP super-frame, 0 for what only the stack makes */
static inline unsigned int cvsw_skb_gso_make(const struct cvsw_offload *state)
{
	unsigned int type = state->gso_ecn ? SKB_GSO_TCP_ECN : 0;

	if (state->tunnel)
		return 0;
	if (state->gso_type == CVSW_GSO_TCP4)
		return type | SKB_GSO_TCPV4 | SKB_GSO_DODGY;
	if (state->gso_type == CVSW_GSO_TCP6)
		return type | SKB_GSO_TCPV6 | SKB_GSO_DODGY;
	return 0;
}

/* segments of an STT frame may have any size, and no skb says so */
static inline int __must_check
cvsw_pkt_offload_set(struct cvsw_pkt *pkt, const struct cvsw_offload *state)
{
	struct sk_buff *skb = pkt->frame;
	unsigned int gso = cvsw_skb_gso_make(state);

	if (state->gso_type && !gso)
		return -EINVAL;
	if (gso || skb_is_gso(skb)) {
		if (skb_unclone(skb, GFP_ATOMIC))
			return -ENOMEM;
		skb_gso_reset(skb);
	}
	if (state->csum == CVSW_CSUM_PARTIAL) {
		if (!skb_partial_csum_set(skb, state->csum_start,
					  state->csum_offset))
			return -EINVAL;
		if (gso) {
			skb_shinfo(skb)->gso_type = gso;
			skb_shinfo(skb)->gso_size = state->gso_size;
		}
		return 0;
	}
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
	return skb_checksum_help(pkt->frame);
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

/* let the skb know where its headers are, before it becomes an inner frame */
static inline void cvsw_skb_headers(struct cvsw_pkt *pkt)
{
	struct sk_buff *skb = pkt->frame;
	u16 tci, l3 = CVSW_ETH_HLEN;

	if (cvsw_pkt_vlan_get(pkt, &tci) == CVSW_TAG_IN_BAND)
		l3 += CVSW_VLAN_HLEN;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, l3);
	skb_set_transport_header(skb, skb_checksum_start_offset(skb));
}

/* the checksum of the outer UDP header at @l4 */
static inline void cvsw_skb_udp_csum(struct sk_buff *skb, u32 l3, u32 l4)
{
	const struct cvsw_ipv6_hdr *ip6 = (void *)(skb->data + l3);
	const struct iphdr *ip = (void *)(skb->data + l3);
	int len = skb->len - l4;

	if (ip->version == 4)
		udp_set_csum(false, skb, ip->saddr, ip->daddr, len);
	else
		udp6_set_csum(false, skb, (const void *)ip6->src,
			      (const void *)ip6->dst, len);
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

static inline int __must_check cvsw_pkt_encap(struct cvsw_pkt *pkt,
					      const void *hdr, u32 n,
					      u32 outer_l3, u32 outer_l4,
					      bool csum)
{
	struct sk_buff *skb = pkt->frame;
	bool gso = skb_is_gso(skb);
	int ret;

	if (gso && skb_shinfo(skb)->gso_type & CVSW_SKB_TUNNEL)
		return -EOPNOTSUPP;
	if (gso && skb->ip_summed != CHECKSUM_PARTIAL)
		return -EINVAL;
	if (skb->len + VLAN_HLEN + n > CVSW_FRAME_MAX)
		return -EMSGSIZE;
	ret = skb_cow_head(skb, n + VLAN_HLEN) ?: cvsw_skb_tag_in(pkt);
	if (!ret && !gso)
		ret = cvsw_pkt_csum_finish(pkt);
	if (ret)
		return ret;
	if (gso)
		cvsw_skb_headers(pkt);
	ret = iptunnel_handle_offloads(skb, cvsw_skb_tunnel_type(hdr + outer_l3,
								 csum));
	if (ret)
		return ret;
	skb_set_inner_protocol(skb, htons(ETH_P_TEB));
	memcpy(skb_push(skb, n), hdr, n);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, outer_l3);
	skb_set_transport_header(skb, outer_l4);
	skb->protocol = *(__be16 *)(skb->data + outer_l3 - 2);
	skb_clear_hash(skb);
	if (csum)
		cvsw_skb_udp_csum(skb, outer_l3, outer_l4);
	pkt->l3 = 0;
	pkt->l4 = 0;
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

static inline int __must_check cvsw_pkt_decap(struct cvsw_pkt *pkt, u32 n)
{
	struct sk_buff *skb = pkt->frame;
	bool outer = skb->ip_summed == CHECKSUM_PARTIAL &&
		     skb_checksum_start_offset(skb) < (int)n;

	if (skb_is_gso(skb) && (outer || skb->ip_summed != CHECKSUM_PARTIAL))
		return -EINVAL;
	if (!pskb_may_pull(skb, n + CVSW_ETH_HLEN))
		return -EINVAL;
	if (iptunnel_pull_offloads(skb))
		return -ENOMEM;
	if (outer || skb->ip_summed != CHECKSUM_PARTIAL)
		skb->ip_summed = CHECKSUM_NONE;
	__vlan_hwaccel_clear_tag(skb);
	skb_pull(skb, n);
	skb_reset_mac_header(skb);
	skb_clear_hash(skb);
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

/* the seed of a TCP checksum over @len bytes behind the IP header at @l3 */
static inline __be16 cvsw_skb_tcp_seed(const u8 *l3, u32 len)
{
	const struct cvsw_ipv6_hdr *ip6 = (const void *)l3;
	const struct iphdr *ip = (const void *)l3;

	if (ip->version == 4)
		return (__force __be16)~tcp_v4_check((int)len, ip->saddr,
						     ip->daddr, 0);
	return (__force __be16)~tcp_v6_check((int)len, (const void *)ip6->src,
					     (const void *)ip6->dst, 0);
}

static inline int __must_check cvsw_pkt_encap_stt(struct cvsw_pkt *pkt,
						  const void *hdr, u32 n,
						  u32 outer_l3, u32 outer_l4,
						  u32 mss)
{
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.csum_start	= (u16)outer_l4,
		.csum_offset	= offsetof(struct cvsw_tcp_hdr, check),
	};
	struct sk_buff *skb = pkt->frame;
	struct cvsw_tcp_hdr *th;
	u32 len;
	int ret;

	if (skb->len + n > CVSW_FRAME_MAX)
		return -EMSGSIZE;
	ret = skb_cow_head(skb, n);
	if (ret)
		return ret;
	memcpy(skb_push(skb, n), hdr, n);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, outer_l3);
	skb_set_transport_header(skb, outer_l4);
	skb->protocol = *(__be16 *)(skb->data + outer_l3 - 2);
	skb->encapsulation = 0;
	skb_clear_hash(skb);
	len = skb->len - outer_l4;
	th = (void *)(skb->data + outer_l4);
	th->check = cvsw_skb_tcp_seed(skb->data + outer_l3, len);
	if (len - CVSW_TCP_HLEN > mss) {
		off.gso_type = skb->protocol == htons(ETH_P_IP) ?
			       CVSW_GSO_TCP4 : CVSW_GSO_TCP6;
		off.gso_size = (u16)mss;
	}
	pkt->l3 = 0;
	pkt->l4 = 0;
	return cvsw_pkt_offload_set(pkt, &off);
}

static inline int __must_check
cvsw_pkt_decap_as(struct cvsw_pkt *pkt, u32 n,
		  const struct cvsw_offload *state)
{
	const struct cvsw_offload none = {};
	struct sk_buff *skb = pkt->frame;
	int ret;

	ret = cvsw_pkt_offload_set(pkt, &none);
	if (ret)
		return ret;
	if (!pskb_may_pull(skb, n + CVSW_ETH_HLEN))
		return -EINVAL;
	__vlan_hwaccel_clear_tag(skb);
	skb_pull(skb, n);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, CVSW_ETH_HLEN);
	skb->csum_level = 0;
	skb_clear_hash(skb);
	pkt->l3 = 0;
	pkt->l4 = 0;
	return cvsw_pkt_offload_set(pkt, state);
}

static inline u32 __must_check
cvsw_pkt_cut(struct cvsw_pkt *pkt,
	     void (*each)(void *arg, struct cvsw_pkt *seg), void *arg)
{
	struct sk_buff *segs, *skb, *next;
	struct cvsw_pkt seg;
	u64 bytes;
	u32 n = cvsw_pkt_segments(pkt, &bytes);

	segs = skb_gso_segment(pkt->frame, NETIF_F_SG | NETIF_F_HW_CSUM);
	kfree_skb(pkt->frame);
	if (IS_ERR_OR_NULL(segs))
		return n;
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

static inline int __must_check
cvsw_pkt_new_like(struct cvsw_pkt *pkt, const struct cvsw_pkt *like, u32 len)
{
	struct sk_buff *skb;
	int err;

	skb = alloc_skb_with_frags(NET_SKB_PAD + min_t(u32, len, SZ_256), len -
				   min_t(u32, len, SZ_256), 3, &err, GFP_ATOMIC);
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put(skb, min_t(u32, len, SZ_256));
	skb->data_len = len - min_t(u32, len, SZ_256);
	skb->len = len;
	skb->dev = like->frame->dev;
	skb_reset_mac_header(skb);
	*pkt = *like;
	pkt->frame = skb;
	pkt->l3 = 0;
	pkt->l4 = 0;
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

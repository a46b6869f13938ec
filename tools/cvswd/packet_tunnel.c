// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "packet_tunnel.h"

#include "hdr.h"
#include "walk.h"

/* flags of GRE (RFC 2890), each for a word more */
#define TUNNEL_GRE_CSUM		0x8000
#define TUNNEL_GRE_SEQ		0x1000

/* struct virtio_net_hdr.gso_type; new ones are not in many a header */
#define TUNNEL_VNET_UDP_L4	5

/* is there a frame at @off whose L4 header is at @l4?  @inner: its IP header */
static bool tunnel_frame_at(const u8 *data, u32 len, u32 off, u32 l4,
			    struct cvsw_walk *inner)
{
	if (off >= len || cvsw_walk_eth(data + off, len - off, inner))
		return false;
	inner->l3 += off;
	inner->l4 += off;
	return inner->l4 == l4;
}

/* VXLAN has a header of 8 bytes, Geneve has options behind it */
static bool tunnel_in_udp(const u8 *data, u32 len, u32 udp, u32 l4,
			  struct cvsw_walk *inner)
{
	const u32 hdr = udp + CVSW_UDP_HLEN;
	u32 opts;

	if (hdr >= len)
		return false;
	opts = (data[hdr] & CVSW_GENEVE_LEN_MASK) * 4u;
	return tunnel_frame_at(data, len, hdr + CVSW_VXLAN_HLEN, l4, inner) ||
	       tunnel_frame_at(data, len, hdr + CVSW_GENEVE_HLEN + opts, l4,
			       inner);
}

static bool tunnel_in_gre(const u8 *data, u32 len, u32 gre, u32 l4,
			  struct cvsw_walk *inner)
{
	u32 hdr = gre + 4;
	u16 flags;

	if (hdr > len || get_unaligned_be16(data + gre + 2) != CVSW_ETH_P_TEB)
		return false;
	flags = get_unaligned_be16(data + gre);
	hdr += flags & TUNNEL_GRE_CSUM ? 4 : 0;
	hdr += flags & CVSW_NVGRE_K ? 4 : 0;
	hdr += flags & TUNNEL_GRE_SEQ ? 4 : 0;
	return tunnel_frame_at(data, len, hdr, l4, inner);
}

static u8 tunnel_gso_type(u8 type)
{
	switch (type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_TCPV4:
		return CVSW_GSO_TCP4;
	case VIRTIO_NET_HDR_GSO_TCPV6:
		return CVSW_GSO_TCP6;
	case TUNNEL_VNET_UDP_L4:
		return CVSW_GSO_UDP_L4;
	default:
		return CVSW_GSO_NONE;
	}
}

static bool tunnel_has_csum(const u8 *udp)
{
	return get_unaligned_be16(udp + offsetof(struct cvsw_udp_hdr, check));
}

int packet_tunnel(struct cvsw_pkt *pkt, const struct virtio_net_hdr *v)
{
	const u32 len = cvsw_pkt_len(pkt);
	const u8 *data = cvsw_pkt_header(pkt, 0, len);
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.gso_type	= tunnel_gso_type(v->gso_type),
		.gso_ecn	= !!(v->gso_type & VIRTIO_NET_HDR_GSO_ECN),
		.gso_size	= (__force u16)v->gso_size,
		.csum_start	= (__force u16)v->csum_start,
		.csum_offset	= (__force u16)v->csum_offset,
	};
	struct cvsw_walk outer, inner;
	struct cvsw_super super;
	bool found = false;

	if (cvsw_walk_eth(data, len, &outer) || outer.frag ||
	    outer.l4 >= off.csum_start)
		return -ENOENT;
	if (outer.proto == CVSW_IPPROTO_UDP)
		found = tunnel_in_udp(data, len, outer.l4, off.csum_start,
				      &inner);
	else if (outer.proto == CVSW_IPPROTO_GRE)
		found = tunnel_in_gre(data, len, outer.l4, off.csum_start,
				      &inner);
	if (!found)
		return -ENOENT;
	off.tunnel = outer.ver;
	off.outer_l4 = (u16)outer.l4;
	off.inner_l3 = (u16)inner.l3;
	if (outer.proto == CVSW_IPPROTO_GRE)
		off.outer = CVSW_OUTER_GRE;
	else
		off.tunnel_csum = tunnel_has_csum(data + outer.l4);
	if (!(v->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ||
	    cvsw_walk_super(data, len, &off, &super))
		return -EINVAL;
	return cvsw_pkt_offload_set(pkt, &off);
}

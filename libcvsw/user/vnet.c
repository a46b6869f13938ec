// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "vnet.h"
#include "walk.h"

#define VNET_F_NEEDS_CSUM	0x01
#define VNET_F_DATA_VALID	0x02
#define VNET_F_TUNNEL_CSUM	0x08

#define VNET_GSO_NONE		0x00
#define VNET_GSO_TCPV4		0x01
#define VNET_GSO_TCPV6		0x04
#define VNET_GSO_UDP_L4		0x05
#define VNET_GSO_TUNNEL4	0x20
#define VNET_GSO_TUNNEL6	0x40
#define VNET_GSO_TUNNEL		(VNET_GSO_TUNNEL4 | VNET_GSO_TUNNEL6)
#define VNET_GSO_ECN		0x80

/* the longest form; host order */
struct vnet_hdr {
	u8	flags;
	u8	gso_type;
	u16	hdr_len;		/* a hint */
	u16	gso_size;
	u16	csum_start;
	u16	csum_offset;
	u16	num_buffers;		/* from here on: 12 bytes */
	u16	hash_value[2];		/* 24 bytes */
	u16	hash_report;
	u16	padding;
	u16	outer_th_offset;
	u16	inner_nh_offset;
};
static_assert(sizeof(struct vnet_hdr) == CVSW_VNET_HLEN_TUNNEL, "vnet_hdr");

static const u8 vnet_gso[] = {
	[CVSW_GSO_NONE]		= VNET_GSO_NONE,
	[CVSW_GSO_TCP4]		= VNET_GSO_TCPV4,
	[CVSW_GSO_TCP6]		= VNET_GSO_TCPV6,
	[CVSW_GSO_UDP_L4]	= VNET_GSO_UDP_L4,
};

static bool vnet_size_ok(u32 size)
{
	return size == CVSW_VNET_HLEN || size == CVSW_VNET_HLEN_BUFS ||
	       size == CVSW_VNET_HLEN_TUNNEL;
}

static int vnet_gso_type(u8 type, struct cvsw_offload *off)
{
	u8 i;

	for (i = CVSW_GSO_TCP4; i < ARRAY_SIZE(vnet_gso); i++) {
		if (vnet_gso[i] != (type & ~(VNET_GSO_ECN | VNET_GSO_TUNNEL)))
			continue;
		if (type & VNET_GSO_ECN && i == CVSW_GSO_UDP_L4)
			return -EINVAL;
		off->gso_type = i;
		off->gso_ecn = !!(type & VNET_GSO_ECN);
		return 0;
	}
	return -EINVAL;
}

static int vnet_tunnel(const struct vnet_hdr *vnet, struct cvsw_offload *off)
{
	off->tunnel_csum = !!(vnet->flags & VNET_F_TUNNEL_CSUM);
	switch (vnet->gso_type & VNET_GSO_TUNNEL) {
	case 0:
		return off->tunnel_csum ? -EINVAL : 0;
	case VNET_GSO_TUNNEL4:
		off->tunnel = 4;
		break;
	case VNET_GSO_TUNNEL6:
		off->tunnel = 6;
		break;
	default:
		return -EINVAL;
	}
	off->outer_l4 = vnet->outer_th_offset;
	off->inner_l3 = vnet->inner_nh_offset;
	return 0;
}

static int vnet_super(const struct cvsw_pkt *pkt, const struct vnet_hdr *vnet,
		      struct cvsw_offload *off)
{
	u32 len = cvsw_pkt_len(pkt);
	const u8 *data = cvsw_pkt_header(pkt, 0, len);
	struct cvsw_super super;
	int ret;

	if (off->csum != CVSW_CSUM_PARTIAL)
		return -EINVAL;
	off->gso_size = vnet->gso_size;
	ret = vnet_gso_type(vnet->gso_type, off);
	if (ret)
		return ret;
	ret = vnet_tunnel(vnet, off);
	if (ret)
		return ret;
	ret = cvsw_walk_super(data, len, off, &super);
	if (ret)
		return ret;
	if (len - super.payload > off->gso_size)
		return 0;
	/* no super-frame: one segment; Linux loses such a one in a tunnel */
	if (off->tunnel)
		return -EINVAL;
	off->gso_type = CVSW_GSO_NONE;
	off->gso_ecn = 0;
	off->gso_size = 0;
	return 0;
}

int cvsw_vnet_decode(struct cvsw_pkt *pkt, const void *hdr, u32 size)
{
	u32 len = cvsw_pkt_len(pkt);
	struct cvsw_offload off = {};
	struct vnet_hdr vnet = {};
	u8 known = VNET_F_NEEDS_CSUM | VNET_F_DATA_VALID;
	int ret = 0;

	if (!vnet_size_ok(size))
		return -EINVAL;
	memcpy(&vnet, hdr, size);
	if (size == CVSW_VNET_HLEN_TUNNEL && vnet.gso_type)
		known |= VNET_F_TUNNEL_CSUM;
	if (vnet.flags & ~known)
		return -EINVAL;
	if (size != CVSW_VNET_HLEN_TUNNEL && vnet.gso_type & VNET_GSO_TUNNEL)
		return -EINVAL;
	if (vnet.flags & VNET_F_NEEDS_CSUM) {
		off.csum = CVSW_CSUM_PARTIAL;
		off.csum_start = vnet.csum_start;
		off.csum_offset = vnet.csum_offset;
	} else if (vnet.flags & VNET_F_DATA_VALID) {
		off.csum = CVSW_CSUM_GOOD;
	}
	if (vnet.gso_type)
		ret = vnet_super(pkt, &vnet, &off);
	else if (off.csum == CVSW_CSUM_PARTIAL)
		ret = cvsw_walk_csum(cvsw_pkt_header(pkt, 0, len), len, &off);
	return ret ? ret : cvsw_pkt_offload_set(pkt, &off);
}

/* the hint: headers in front of the payload of a super-frame */
static u16 vnet_hdr_len(const struct cvsw_pkt *pkt,
			const struct cvsw_offload *off)
{
	const u8 *doff;

	if (off->gso_type == CVSW_GSO_UDP_L4)
		return (u16)(off->csum_start + CVSW_UDP_HLEN);
	doff = cvsw_pkt_header(pkt, off->csum_start +
			       (u32)offsetof(struct cvsw_tcp_hdr, doff), 1);
	return doff ? (u16)(off->csum_start + (*doff >> 4) * 4) : 0;
}

int cvsw_vnet_encode(const struct cvsw_pkt *pkt, void *hdr, u32 size)
{
	struct vnet_hdr vnet = {};
	struct cvsw_offload off;

	if (!vnet_size_ok(size))
		return -EINVAL;
	cvsw_pkt_offload_get(pkt, &off);
	if (off.csum == CVSW_CSUM_GOOD)
		vnet.flags = VNET_F_DATA_VALID;
	if (off.csum == CVSW_CSUM_PARTIAL) {
		vnet.flags = VNET_F_NEEDS_CSUM;
		vnet.csum_start = off.csum_start;
		vnet.csum_offset = off.csum_offset;
	}
	if (off.gso_type) {
		vnet.gso_type = vnet_gso[off.gso_type];
		vnet.gso_type |= off.gso_ecn ? VNET_GSO_ECN : 0;
		vnet.gso_size = off.gso_size;
		vnet.hdr_len = vnet_hdr_len(pkt, &off);
	}
	if (off.tunnel) {
		if (size != CVSW_VNET_HLEN_TUNNEL ||
		    off.outer != CVSW_OUTER_UDP)
			return -EMSGSIZE;
		vnet.gso_type |= off.tunnel == 4 ? VNET_GSO_TUNNEL4 :
						   VNET_GSO_TUNNEL6;
		vnet.flags |= off.tunnel_csum ? VNET_F_TUNNEL_CSUM : 0;
		vnet.outer_th_offset = off.outer_l4;
		vnet.inner_nh_offset = off.inner_l3;
	}
	memcpy(hdr, &vnet, size);
	return 0;
}

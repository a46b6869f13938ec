// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * VXLAN (RFC 7348) as a tunnel type: an 8-byte header behind UDP.
 *
 * Reserved bits are ignored on receipt (section 5), and so those of the group
 * policy extension.  But not the bit by which VXLAN-GPE has other payloads
 * than Ethernet, which must not be taken for a frame.
 */

#include "tunnel.h"

static void vxlan_header(void *hdr, u32 opts, bool critical)
{
	struct cvsw_vxlan_hdr *vxlan = hdr;

	vxlan->flags = cpu_to_be32(CVSW_VXLAN_I);
}

static void vxlan_id(void *hdr, __be64 id)
{
	struct cvsw_vxlan_hdr *vxlan = hdr;
	u32 vni = (u32)be64_to_cpu(id);

	vxlan->vni = cpu_to_be32(vni << CVSW_VXLAN_VNI_SHIFT);
}

static __always_inline enum cvsw_drop
vxlan_read(const struct cvsw_pkt *pkt, u32 off, __be64 *id)
{
	const struct cvsw_vxlan_hdr *vxlan;

	vxlan = cvsw_pkt_header(pkt, off, CVSW_VXLAN_HLEN);
	if (!vxlan)
		return CVSW_DROP_TUNNEL_SHORT;
	if (!(vxlan->flags & cpu_to_be32(CVSW_VXLAN_I)))
		return CVSW_DROP_TUNNEL_FLAGS;
	if (vxlan->flags & cpu_to_be32(CVSW_VXLAN_P))
		return CVSW_DROP_TUNNEL_PROTO;
	*id = cpu_to_be64(be32_to_cpu(vxlan->vni) >> CVSW_VXLAN_VNI_SHIFT);
	return CVSW_DROP_NONE;
}

static bool vxlan_peek(struct cvsw_pkt *pkt, u32 off,
		       const struct cvsw_opts *opts, __be64 *id)
{
	return !vxlan_read(pkt, off, id);
}

static enum cvsw_drop vxlan_pop(struct cvsw_pkt *pkt, struct cvsw_tunnel_rx *rx)
{
	struct cvsw_tunnel_opened outer;
	enum cvsw_drop drop;
	__be64 id;

	drop = cvsw_tunnel_open_udp(pkt, &outer);
	if (drop)
		return drop;
	if (outer.end - outer.hdr < CVSW_VXLAN_HLEN)
		return CVSW_DROP_TUNNEL_SHORT;
	drop = vxlan_read(pkt, outer.hdr, &id);
	if (drop)
		return drop;
	return cvsw_tunnel_close(pkt, &outer, outer.hdr + CVSW_VXLAN_HLEN, id);
}

const struct cvsw_tunnel_type cvsw_tunnel_vxlan = {
	.name	= "VXLAN",
	.id_max	= 0xffffff,
	.port	= CVSW_VXLAN_PORT,
	.proto	= CVSW_IPPROTO_UDP,
	.l4_len	= CVSW_UDP_HLEN,
	.hlen	= CVSW_VXLAN_HLEN,
	.header	= vxlan_header,
	.id	= vxlan_id,
	.push	= cvsw_tunnel_push_udp,
	.pop	= vxlan_pop,
	.peek	= vxlan_peek,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * VXLAN (RFC 7348) as a tunnel type: an 8-byte header behind UDP.
 */

#include "tunnel.h"

static void vxlan_header(void *hdr, const struct cvsw_tunnel *tun, u32 opts,
			 bool critical)
{
	struct cvsw_vxlan_hdr *vxlan = hdr;
	u32 vni = (u32)be64_to_cpu(tun->id);

	vxlan->flags = cpu_to_be32(CVSW_VXLAN_I);
	vxlan->vni = cpu_to_be32(vni << CVSW_VXLAN_VNI_SHIFT);
}

/* reserved bits are to be ignored on receipt (section 5) */
static bool vxlan_peek(struct cvsw_pkt *pkt, u32 off,
		       const struct cvsw_opts *opts, __be64 *id)
{
	const struct cvsw_vxlan_hdr *vxlan;

	vxlan = cvsw_pkt_header(pkt, off, CVSW_VXLAN_HLEN);
	if (!vxlan || !(vxlan->flags & cpu_to_be32(CVSW_VXLAN_I)))
		return false;
	*id = cpu_to_be64(be32_to_cpu(vxlan->vni) >> CVSW_VXLAN_VNI_SHIFT);
	return true;
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
	if (!vxlan_peek(pkt, outer.hdr, NULL, &id))
		return CVSW_DROP_TUNNEL_FLAGS;
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
	.push	= cvsw_tunnel_push_udp,
	.pop	= vxlan_pop,
	.peek	= vxlan_peek,
};

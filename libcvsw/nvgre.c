// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * NVGRE (RFC 7637) as a tunnel type: 8 bytes of GRE, which are all there is
 * between IP and the inner frame.
 *
 * No inner frame may have a VLAN tag (section 3.2).  Reserved VSIDs are taken
 * as any other: it is for flows to say which there are.
 */

#include "tunnel.h"

/* bits of the GRE flags that must be as NVGRE has them: those of RFC 1701 and
 * the version.  The others are to be ignored on receipt (RFC 2784) */
#define NVGRE_FLAGS	0xfc07

static void nvgre_header(void *hdr, u32 opts, bool critical)
{
	struct cvsw_nvgre_hdr *nvgre = hdr;

	nvgre->flags = cpu_to_be16(CVSW_NVGRE_K);
	nvgre->proto = cpu_to_be16(CVSW_ETH_P_TEB);
}

static void nvgre_id(void *hdr, __be64 id)
{
	struct cvsw_nvgre_hdr *nvgre = hdr;
	u32 vsid = (u32)be64_to_cpu(id);

	nvgre->vsid_flow = cpu_to_be32(vsid << CVSW_NVGRE_VSID_SHIFT);
}

/* is the frame that starts at @off tagged, by a customer or a provider? */
static bool nvgre_is_tagged(const struct cvsw_pkt *pkt, u32 off)
{
	const struct cvsw_eth_hdr *eth;

	eth = cvsw_pkt_header(pkt, off, CVSW_ETH_HLEN);
	return eth && (eth->type == cpu_to_be16(CVSW_ETH_P_8021Q) ||
		       eth->type == cpu_to_be16(CVSW_ETH_P_8021AD));
}

/* FlowID is 8 bits of the inner flow's hash (section 3.2) */
static enum cvsw_drop nvgre_push(struct cvsw_pkt *pkt,
				 const struct cvsw_tunnel_template *tmpl,
				 const struct cvsw_tunnel_tx *tx)
{
	u32 len = cvsw_pkt_len(pkt) + tmpl->len;
	struct cvsw_tunnel_outer outer;
	struct cvsw_tunnel_inner in;
	struct cvsw_nvgre_hdr *nvgre;
	u8 *hdr;
	u16 tci;
	int err;

	if (nvgre_is_tagged(pkt, 0) || cvsw_pkt_vlan_get(pkt, &tci))
		return CVSW_DROP_TUNNEL_VLAN;
	in = cvsw_tunnel_inner_read(pkt, tmpl);
	hdr = cvsw_tunnel_outer_make(&outer, pkt, tmpl, tx, in, len);
	nvgre = (void *)(hdr + tmpl->l4);
	nvgre->vsid_flow |= cpu_to_be32((u32)(in.hash >> 56));
	err = cvsw_pkt_encap(pkt, hdr, tmpl->len, CVSW_ETH_HLEN, tmpl->l4,
			     false);
	return err ? cvsw_tunnel_error(pkt, err) : CVSW_DROP_NONE;
}

static enum cvsw_drop nvgre_read(const struct cvsw_pkt *pkt, u32 off,
				 __be64 *id)
{
	const struct cvsw_nvgre_hdr *nvgre;

	nvgre = cvsw_pkt_header(pkt, off, CVSW_NVGRE_HLEN);
	if (!nvgre)
		return CVSW_DROP_TUNNEL_SHORT;
	if ((nvgre->flags & cpu_to_be16(NVGRE_FLAGS)) !=
	    cpu_to_be16(CVSW_NVGRE_K))
		return CVSW_DROP_TUNNEL_FLAGS;
	if (nvgre->proto != cpu_to_be16(CVSW_ETH_P_TEB))
		return CVSW_DROP_TUNNEL_PROTO;
	*id = cpu_to_be64(be32_to_cpu(nvgre->vsid_flow) >>
			  CVSW_NVGRE_VSID_SHIFT);
	return CVSW_DROP_NONE;
}

static bool nvgre_peek(struct cvsw_pkt *pkt, u32 off,
		       const struct cvsw_opts *opts, __be64 *id)
{
	return off + CVSW_NVGRE_HLEN <= (u32)pkt->l3 + pkt->l3_len &&
	       !nvgre_read(pkt, off, id);
}

static enum cvsw_drop nvgre_pop(struct cvsw_pkt *pkt, struct cvsw_tunnel_rx *rx)
{
	struct cvsw_tunnel_opened outer;
	struct cvsw_offload off;
	enum cvsw_drop drop;
	u32 inner;
	__be64 id;

	drop = cvsw_tunnel_open(pkt, CVSW_IPPROTO_GRE, 0, &outer);
	if (drop)
		return drop;
	cvsw_pkt_offload_get(pkt, &off);
	drop = cvsw_tunnel_super_fault(pkt, &off);
	if (drop)
		return drop;
	inner = outer.hdr + CVSW_NVGRE_HLEN;
	if (inner > outer.end)
		return CVSW_DROP_TUNNEL_SHORT;
	drop = nvgre_read(pkt, outer.hdr, &id);
	if (drop)
		return drop;
	if (nvgre_is_tagged(pkt, inner))
		return CVSW_DROP_TUNNEL_VLAN;
	return cvsw_tunnel_close(pkt, &outer, inner, id);
}

const struct cvsw_tunnel_type cvsw_tunnel_nvgre = {
	.name	= "NVGRE",
	.id_max	= 0xffffff,
	.proto	= CVSW_IPPROTO_GRE,
	.hlen	= CVSW_NVGRE_HLEN,
	.header	= nvgre_header,
	.id	= nvgre_id,
	.push	= nvgre_push,
	.pop	= nvgre_pop,
	.peek	= nvgre_peek,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Geneve (RFC 8926) as a tunnel type: an 8-byte header and options behind UDP.
 *
 * The outer UDP checksum is sent where the endpoint asks for it, over IPv6 as
 * over IPv4: who leaves it out there has agreed with the far end (RFC 6935).
 */

#include "opts.h"
#include "tunnel.h"

/* what a header says */
struct geneve_seen {
	u32	len;		/* with its options */
	__be64	id;
	u64	opts;
};

static void geneve_header(void *hdr, u32 opts, bool critical)
{
	struct cvsw_geneve_hdr *geneve = hdr;

	geneve->ver_len = (u8)(opts / 4);
	geneve->flags = critical ? CVSW_GENEVE_C : 0;
	geneve->proto = cpu_to_be16(CVSW_ETH_P_TEB);
}

static void geneve_id(void *hdr, __be64 id)
{
	struct cvsw_geneve_hdr *geneve = hdr;
	u32 vni = (u32)be64_to_cpu(id);

	geneve->vni = cpu_to_be32(vni << CVSW_GENEVE_VNI_SHIFT);
}

/* reserved bits are to be ignored on receipt (section 3.4) */
static enum cvsw_drop geneve_fault(const struct cvsw_geneve_hdr *geneve)
{
	if (geneve->ver_len & CVSW_GENEVE_VER_MASK)
		return CVSW_DROP_TUNNEL_FLAGS;
	if (geneve->flags & CVSW_GENEVE_O)
		return CVSW_DROP_TUNNEL_CONTROL;
	if (geneve->proto != cpu_to_be16(CVSW_ETH_P_TEB))
		return CVSW_DROP_TUNNEL_PROTO;
	return CVSW_DROP_NONE;
}

/* the header at @off of a frame, in a datagram that ends at @end */
static enum cvsw_drop geneve_read(const struct cvsw_pkt *pkt, u32 off, u32 end,
				  const struct cvsw_opts *set,
				  struct geneve_seen *seen)
{
	const struct cvsw_geneve_hdr *geneve;
	enum cvsw_drop drop;
	u32 opts;

	if (off + CVSW_GENEVE_HLEN > end)
		return CVSW_DROP_TUNNEL_SHORT;
	geneve = cvsw_pkt_header(pkt, off, CVSW_GENEVE_HLEN);
	if (!geneve)
		return CVSW_DROP_TUNNEL_SHORT;
	drop = geneve_fault(geneve);
	if (drop)
		return drop;
	opts = (geneve->ver_len & CVSW_GENEVE_LEN_MASK) * 4u;
	seen->len = CVSW_GENEVE_HLEN + opts;
	if (off + seen->len > end)
		return CVSW_DROP_TUNNEL_SHORT;
	geneve = cvsw_pkt_header(pkt, off, seen->len);
	if (!geneve)
		return CVSW_DROP_TUNNEL_SHORT;
	seen->id = cpu_to_be64(be32_to_cpu(geneve->vni) >>
			       CVSW_GENEVE_VNI_SHIFT);
	drop = cvsw_opts_fault(set, (const u8 *)(geneve + 1), opts,
			       geneve->flags & CVSW_GENEVE_C);
	if (!drop || drop == CVSW_DROP_TUNNEL_OPT)
		seen->opts = cvsw_opts_read(set, (const u8 *)(geneve + 1),
					    opts);
	return drop;
}

/* an unknown critical option is for the end of the tunnel to refuse */
static bool geneve_peek(struct cvsw_pkt *pkt, u32 off,
			const struct cvsw_opts *opts, __be64 *id)
{
	struct geneve_seen seen;

	switch (geneve_read(pkt, off, (u32)pkt->l3 + pkt->l3_len, opts, &seen)) {
	case CVSW_DROP_NONE:
	case CVSW_DROP_TUNNEL_OPT:
		*id = seen.id;
		pkt->tun_opts = seen.opts;
		return true;
	default:
		return false;
	}
}

static enum cvsw_drop geneve_pop(struct cvsw_pkt *pkt,
				 struct cvsw_tunnel_rx *rx)
{
	struct cvsw_tunnel_opened outer;
	struct geneve_seen seen;
	enum cvsw_drop drop;

	drop = cvsw_tunnel_open_udp(pkt, &outer);
	if (drop)
		return drop;
	drop = geneve_read(pkt, outer.hdr, outer.end, rx->opts, &seen);
	if (drop)
		return drop;
	drop = cvsw_tunnel_close(pkt, &outer, outer.hdr + seen.len, seen.id);
	pkt->tun_opts = seen.opts;
	return drop;
}

const struct cvsw_tunnel_type cvsw_tunnel_geneve = {
	.name	= "Geneve",
	.id_max	= 0xffffff,
	.port	= CVSW_GENEVE_PORT,
	.proto	= CVSW_IPPROTO_UDP,
	.l4_len	= CVSW_UDP_HLEN,
	.hlen	= CVSW_GENEVE_HLEN,
	.opts	= true,
	.header	= geneve_header,
	.id	= geneve_id,
	.push	= cvsw_tunnel_push_udp,
	.pop	= geneve_pop,
	.peek	= geneve_peek,
};

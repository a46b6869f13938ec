// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Matches of OpenFlow 1.0.  As in Open vSwitch protocol, ports and DSCP are also
 * those of IPv6, and ports those of SCTP: the specification has them ignored.
 */

#include "of10.h"

#include "hdr.h"
#include "match.h"

/* Read */

/* how many bits from the top of an address count */
static unsigned int of10_prefix(u32 wild, unsigned int shift)
{
	u32 ignored = wild >> shift & CVSW_OFP_W_NW_BITS;

	return 32 - min(ignored, 32u);
}

static void of10_get_dl(const struct cvsw_ofp_match *wire, u32 wild,
			struct cvsw_match *m)
{
	if (!(wild & CVSW_OFP_W_IN_PORT))
		cvsw_match_set_in_port(m, be16_to_cpu(wire->in_port));
	if (!(wild & CVSW_OFP_W_DL_SRC)) {
		memcpy(m->value.dl_src, wire->dl_src, CVSW_ETH_ALEN);
		memset(m->mask.dl_src, 0xff, CVSW_ETH_ALEN);
	}
	if (!(wild & CVSW_OFP_W_DL_DST)) {
		memcpy(m->value.dl_dst, wire->dl_dst, CVSW_ETH_ALEN);
		memset(m->mask.dl_dst, 0xff, CVSW_ETH_ALEN);
	}
	cvsw_match_set_vlan(m, wild & CVSW_OFP_W_DL_VLAN ? CVSW_MATCH_VID_ANY :
			    be16_to_cpu(wire->dl_vlan),
			    wild & CVSW_OFP_W_DL_VLAN_PCP ? CVSW_MATCH_PCP_ANY :
			    wire->dl_vlan_pcp);
	if (!(wild & CVSW_OFP_W_DL_TYPE))
		cvsw_match_set_dl_type(m, be16_to_cpu(wire->dl_type));
}

/* but for addresses */
static void of10_get_nw(const struct cvsw_ofp_match *wire, u32 wild,
			struct cvsw_match *m)
{
	if (!(wild & CVSW_OFP_W_NW_PROTO))
		cvsw_match_set_nw_proto(m, wire->nw_proto);
	if (!(wild & CVSW_OFP_W_NW_TOS)) {
		m->value.nw_tos = wire->nw_tos & CVSW_TOS_DSCP_MASK;
		m->mask.nw_tos = CVSW_TOS_DSCP_MASK;
	}
}

static void of10_get_tp(const struct cvsw_ofp_match *wire, u32 wild,
			struct cvsw_match *m)
{
	if (!(wild & CVSW_OFP_W_TP_SRC)) {
		m->value.tp_src = wire->tp_src;
		m->mask.tp_src = cpu_to_be16(0xffff);
	}
	if (!(wild & CVSW_OFP_W_TP_DST)) {
		m->value.tp_dst = wire->tp_dst;
		m->mask.tp_dst = cpu_to_be16(0xffff);
	}
}

void cvsw_of10_match_get(const struct cvsw_ofp_match *wire,
			 struct cvsw_match *match)
{
	u32 wild = be32_to_cpu(wire->wildcards);

	memset(match, 0, sizeof(*match));
	of10_get_dl(wire, wild, match);
	of10_get_nw(wire, wild, match);
	of10_get_tp(wire, wild, match);
	if (!cvsw_of10_is_ipv6(match)) {
		cvsw_match_set_nw_src(match, wire->nw_src, 4,
				      of10_prefix(wild,
						  CVSW_OFP_W_NW_SRC_SHIFT));
		cvsw_match_set_nw_dst(match, wire->nw_dst, 4,
				      of10_prefix(wild,
						  CVSW_OFP_W_NW_DST_SHIFT));
	}
	cvsw_match_normalize(match);
}

/* Read what is of 2014 */

#define OF10_2014_NW_SRC	0x002000
#define OF10_2014_VXLAN		0x010000
#define OF10_2014_NVGRE		0x020000
#define OF10_2014_STT		0x040000
#define OF10_2014_NW_DST	0x080000
#define OF10_2014_GENEVE	OF10_2014_NW_DST

#define OF10_2014_VNI_MASK	0xffffff

/* what of an outer header says which tunnel it is */
static const struct of10_tunnel {
	u32	wild;
	u16	port;
	u8	proto;
	u8	shift;		/* of the id, and what of it counts */
	u32	mask;
} of10_tunnels[] = {
	{ OF10_2014_VXLAN, CVSW_VXLAN_PORT, CVSW_IPPROTO_UDP, 0,
	  OF10_2014_VNI_MASK },
	{ OF10_2014_NVGRE, 0, CVSW_IPPROTO_GRE, 0, OF10_2014_VNI_MASK },
	{ OF10_2014_STT, CVSW_STT_PORT, CVSW_IPPROTO_TCP, 32, 0xffffffff },
	{ OF10_2014_GENEVE, CVSW_GENEVE_PORT, CVSW_IPPROTO_UDP, 0,
	  OF10_2014_VNI_MASK },
};

static bool of10_has_nw_dst(const struct cvsw_ofp_match *wire, u32 wild)
{
	return !(wild & OF10_2014_NW_DST) && get_unaligned_be32(wire->nw_dst);
}

/* the tunnel whose id is asked for, or NULL */
static const struct of10_tunnel *
of10_tunnel_find(const struct cvsw_ofp_match *wire, u32 wild)
{
	unsigned int i;

	if (of10_has_nw_dst(wire, wild))
		wild |= OF10_2014_GENEVE;
	for (i = 0; i < ARRAY_SIZE(of10_tunnels); i++)
		if (!(wild & of10_tunnels[i].wild))
			return &of10_tunnels[i];
	return NULL;
}

static void of10_get_tunnel(const struct cvsw_ofp_match *wire,
			    const struct of10_tunnel *tun,
			    struct cvsw_match *m)
{
	u64 id = (u32)be16_to_cpu(wire->tp_src) << 16 |
		 be16_to_cpu(wire->tp_dst);

	m->value.tun_id = cpu_to_be64((id & tun->mask) << tun->shift);
	m->mask.tun_id = cpu_to_be64(~0ull);
	cvsw_match_set_nw_proto(m, tun->proto);
	if (!tun->port)
		return;
	m->value.tp_dst = cpu_to_be16(tun->port);
	m->mask.tp_dst = cpu_to_be16(0xffff);
}

/* addresses, ports, and anything else of IP, are of IPv4 */
static void of10_imply_ipv4(struct cvsw_match *m)
{
	if (!m->mask.dl_type &&
	    (m->mask.nw_proto || m->mask.nw_tos || m->mask.nw_src[0] ||
	     m->mask.nw_dst[0] || m->mask.tp_src || m->mask.tp_dst))
		cvsw_match_set_dl_type(m, CVSW_ETH_P_IPV4);
}

/* ports of IP without a protocol */
static bool of10_is_any_port(const struct cvsw_match *m)
{
	return (m->mask.tp_src || m->mask.tp_dst) && !m->mask.nw_proto &&
	       (cvsw_of10_is_ipv6(m) ||
		m->value.dl_type == cpu_to_be16(CVSW_ETH_P_IPV4));
}

unsigned int cvsw_of10_match_get_2014(const struct cvsw_ofp_match *wire,
				      struct cvsw_match match[2])
{
	u32 wild = be32_to_cpu(wire->wildcards);
	const struct of10_tunnel *tun = of10_tunnel_find(wire, wild);
	unsigned int n = 1;

	memset(match, 0, 2 * sizeof(*match));
	of10_get_dl(wire, wild, match);
	of10_get_nw(wire, wild, match);
	if (!(wild & OF10_2014_NW_SRC) && !cvsw_of10_is_ipv6(match))
		cvsw_match_set_nw_src(match, wire->nw_src, 4, 32);
	if (of10_has_nw_dst(wire, wild) && !cvsw_of10_is_ipv6(match))
		cvsw_match_set_nw_dst(match, wire->nw_dst, 4, 32);
	if (tun)
		of10_get_tunnel(wire, tun, match);
	else
		of10_get_tp(wire, wild, match);
	of10_imply_ipv4(match);
	if (of10_is_any_port(match)) {
		match[1] = match[0];
		cvsw_match_set_nw_proto(&match[0], CVSW_IPPROTO_TCP);
		cvsw_match_set_nw_proto(&match[1], CVSW_IPPROTO_UDP);
		cvsw_match_normalize(&match[1]);
		n = 2;
	}
	cvsw_match_normalize(&match[0]);
	return n;
}

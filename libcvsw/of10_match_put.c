// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Matches of OpenFlow 1.0, written. */

#include "of10.h"

#include "hdr.h"
#include "match.h"

/**
 * struct of10_match_out - a match that is being written
 * @wild:  its wildcards so far
 * @whole: it says all there is
 */
struct of10_match_out {
	u32	wild;
	bool	whole;
};

/* is the field, whose mask has these bytes, one that 1.0 can say?  If not it is
 * a wildcard */
static bool of10_put_field(struct of10_match_out *out, const void *mask,
			   unsigned int n, u32 wild)
{
	const u8 *byte = mask;
	unsigned int set = 0, i;

	for (i = 0; i < n; i++)
		set += byte[i] == 0xff;
	if (set == n)
		return true;
	for (i = 0; i < n; i++)
		if (byte[i])
			out->whole = false;
	out->wild |= wild;
	return false;
}

/* what says which tag, and so that there is one */
#define OF10_TAG_VID	(CVSW_VLAN_PRESENT | CVSW_VLAN_VID_MASK)
#define OF10_TAG_PCP	(CVSW_VLAN_PRESENT | CVSW_VLAN_PCP_MASK)

static void of10_put_vlan(const struct cvsw_match *m,
			  struct of10_match_out *out,
			  struct cvsw_ofp_match *wire)
{
	u16 mask = m->mask.vlan_tci, value = m->value.vlan_tci;

	if (mask & CVSW_VLAN_PRESENT && !(value & CVSW_VLAN_PRESENT)) {
		wire->dl_vlan = cpu_to_be16(CVSW_MATCH_VID_NONE);
		out->wild |= CVSW_OFP_W_DL_VLAN_PCP;	/* there is none */
		return;
	}
	if ((mask & OF10_TAG_VID) == OF10_TAG_VID)
		wire->dl_vlan = cpu_to_be16(value & CVSW_VLAN_VID_MASK);
	else
		out->wild |= CVSW_OFP_W_DL_VLAN;
	if ((mask & OF10_TAG_PCP) == OF10_TAG_PCP)
		wire->dl_vlan_pcp = (u8)(value >> CVSW_VLAN_PCP_SHIFT);
	else
		out->wild |= CVSW_OFP_W_DL_VLAN_PCP;
	if (mask && mask != OF10_TAG_VID && mask != OF10_TAG_PCP &&
	    mask != (OF10_TAG_VID | OF10_TAG_PCP))
		out->whole = false;
}

static void of10_put_dl(const struct cvsw_match *m, struct of10_match_out *out,
			struct cvsw_ofp_match *wire)
{
	const struct cvsw_key *v = &m->value, *mask = &m->mask;

	if (of10_put_field(out, &mask->in_port, 2, CVSW_OFP_W_IN_PORT))
		wire->in_port = cpu_to_be16(v->in_port);
	if (of10_put_field(out, mask->dl_src, 6, CVSW_OFP_W_DL_SRC))
		memcpy(wire->dl_src, v->dl_src, sizeof(wire->dl_src));
	if (of10_put_field(out, mask->dl_dst, 6, CVSW_OFP_W_DL_DST))
		memcpy(wire->dl_dst, v->dl_dst, sizeof(wire->dl_dst));
	of10_put_vlan(m, out, wire);
	if (of10_put_field(out, &mask->dl_type, 2, CVSW_OFP_W_DL_TYPE))
		wire->dl_type = v->dl_type;
}

/* the prefix of an address: how many low bits are wildcards */
static u32 of10_put_addr(struct of10_match_out *out, const u8 *value,
			 const u8 *mask, u8 *addr)
{
	u32 bits = get_unaligned_be32(mask);
	u32 ignored;

	if (~bits & (~bits + 1)) {
		out->whole = false;	/* holes: no prefix */
		return 32;
	}
	for (ignored = 0; ignored < 32 && !(bits >> ignored & 1); ignored++)
		;
	if (ignored < 32)
		memcpy(addr, value, 4);
	return ignored;
}

static void of10_put_nw(const struct cvsw_match *m, struct of10_match_out *out,
			struct cvsw_ofp_match *wire)
{
	const struct cvsw_key *v = &m->value, *mask = &m->mask;
	u8 dscp = mask->nw_tos & CVSW_TOS_DSCP_MASK;

	if (of10_put_field(out, &mask->nw_proto, 1, CVSW_OFP_W_NW_PROTO))
		wire->nw_proto = v->nw_proto;
	if (dscp == CVSW_TOS_DSCP_MASK)
		wire->nw_tos = v->nw_tos & CVSW_TOS_DSCP_MASK;
	else
		out->wild |= CVSW_OFP_W_NW_TOS;
	if (mask->nw_tos && mask->nw_tos != CVSW_TOS_DSCP_MASK)
		out->whole = false;
	out->wild |= of10_put_addr(out, v->nw_src, mask->nw_src, wire->nw_src)
		     << CVSW_OFP_W_NW_SRC_SHIFT;
	out->wild |= of10_put_addr(out, v->nw_dst, mask->nw_dst, wire->nw_dst)
		     << CVSW_OFP_W_NW_DST_SHIFT;
	if (of10_put_field(out, &mask->tp_src, 2, CVSW_OFP_W_TP_SRC))
		wire->tp_src = v->tp_src;
	if (of10_put_field(out, &mask->tp_dst, 2, CVSW_OFP_W_TP_DST))
		wire->tp_dst = v->tp_dst;
}

/* leave out addresses of IPv6; were there any? */
static bool of10_forget_ipv6(struct cvsw_match *m)
{
	struct cvsw_key was = m->mask;

	memset(m->mask.nw_src, 0, sizeof(m->mask.nw_src));
	memset(m->mask.nw_dst, 0, sizeof(m->mask.nw_dst));
	return memcmp(&was, &m->mask, sizeof(was));
}

bool cvsw_of10_match_put(const struct cvsw_match *match,
			 struct cvsw_ofp_match *wire)
{
	struct of10_match_out out = { .whole = !match->mask.tun_id };
	struct cvsw_match known = *match;

	memset(wire, 0, sizeof(*wire));
	if (cvsw_of10_is_ipv6(&known) && of10_forget_ipv6(&known))
		out.whole = false;
	of10_put_dl(&known, &out, wire);
	of10_put_nw(&known, &out, wire);
	wire->wildcards = cpu_to_be32(out.wild);
	return out.whole;
}

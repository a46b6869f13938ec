// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Normal form and comparison of matches.  Pure functions of their arguments.
 */

#include "hdr.h"
#include "match.h"

#define MATCH_ALL16	cpu_to_be16(0xffff)

/* the EtherType that is asked for, 0 when none is in full */
static u16 match_dl_type(const struct cvsw_match *m)
{
	return m->mask.dl_type == MATCH_ALL16 ? be16_to_cpu(m->value.dl_type) : 0;
}

static bool match_is_ip(u16 dl_type)
{
	return dl_type == CVSW_ETH_P_IPV4 || dl_type == CVSW_ETH_P_IPV6;
}

/* does the match fix the ICMP that goes with its IP version */
static bool match_is_icmp(const struct cvsw_match *m, u16 dl_type)
{
	return m->value.nw_proto == (dl_type == CVSW_ETH_P_IPV6 ?
				     CVSW_IPPROTO_ICMPV6 : CVSW_IPPROTO_ICMP);
}

/* are tp_src and tp_dst fields of frames that hit the match */
static bool match_has_tp(const struct cvsw_match *m, u16 dl_type)
{
	if (!match_is_ip(dl_type) || m->mask.nw_proto != 0xff)
		return false;
	return m->value.nw_proto == CVSW_IPPROTO_TCP ||
	       m->value.nw_proto == CVSW_IPPROTO_UDP ||
	       m->value.nw_proto == CVSW_IPPROTO_SCTP ||
	       match_is_icmp(m, dl_type);
}

/* any of @n bytes that is not zero both in @value and @mask */
static bool match_any(const u8 *value, const u8 *mask, unsigned int n)
{
	u8 any = 0;

	while (n--)
		any |= value[n] & mask[n];
	return any;
}

static const char *match_fault(const struct cvsw_match *m)
{
	u16 dl_type = match_dl_type(m);
	u8 frag = m->value.nw_tos & m->mask.nw_tos & CVSW_FRAG_MASK;
	u16 tci = m->value.vlan_tci & m->mask.vlan_tci;

	if (tci && !(tci & CVSW_VLAN_PRESENT) &&
	    m->mask.vlan_tci & CVSW_VLAN_PRESENT)
		return "vlan_tci: VID or PCP of an untagged frame";
	if (frag == CVSW_FRAG_LATER && (m->mask.nw_tos & CVSW_FRAG_ANY))
		return "nw_tos: a later fragment that is no fragment";
	if (dl_type == CVSW_ETH_P_IPV4 || dl_type == CVSW_ETH_P_ARP) {
		if (match_any(m->value.nw_src + 4, m->mask.nw_src + 4, 12))
			return "nw_src: an IPv4 address has 4 bytes";
		if (match_any(m->value.nw_dst + 4, m->mask.nw_dst + 4, 12))
			return "nw_dst: an IPv4 address has 4 bytes";
	}
	return NULL;
}

int cvsw_match_check(const struct cvsw_match *match, struct cvsw_error *err)
{
	const char *text = match_fault(match);

	if (!text)
		return 0;
	if (err) {
		err->text = text;
		err->index = -1;
		err->sub = -1;
	}
	return -EINVAL;
}

static void match_normalize_vlan(struct cvsw_match *m)
{
	if (m->value.vlan_tci) {		/* any of its bits means a tag */
		if (m->mask.vlan_tci & CVSW_VLAN_PRESENT &&
		    !(m->value.vlan_tci & CVSW_VLAN_PRESENT))
			m->value.vlan_tci = 0;	/* untagged: the rest is 0 */
		else
			m->value.vlan_tci |= CVSW_VLAN_PRESENT;
		m->mask.vlan_tci |= CVSW_VLAN_PRESENT;
	}
	if (m->mask.vlan_tci & CVSW_VLAN_PRESENT && !m->value.vlan_tci)
		m->mask.vlan_tci = 0xffff;
}

static void match_normalize_frag(struct cvsw_match *m)
{
	if (m->value.nw_tos & CVSW_FRAG_LATER) {
		m->value.nw_tos |= CVSW_FRAG_ANY;
		m->mask.nw_tos |= CVSW_FRAG_ANY;
	}
	if (m->mask.nw_tos & CVSW_FRAG_ANY && !(m->value.nw_tos & CVSW_FRAG_ANY))
		m->mask.nw_tos |= CVSW_FRAG_LATER;
}

/* a type or code is 8 bits in a 16-bit field, whose upper half is always 0 */
static void match_normalize_icmp(const __be16 *value, __be16 *mask)
{
	if (be16_to_cpu(*value) > 0xff)
		return;				/* hits nothing, and stays so */
	*mask &= cpu_to_be16(0x00ff);
	if (*mask)
		*mask |= cpu_to_be16(0xff00);
}

static void match_clear(u8 *value, u8 *mask, unsigned int from)
{
	memset(value + from, 0, 16 - from);
	memset(mask + from, 0, 16 - from);
}

static void match_normalize_nw(struct cvsw_match *m, u16 dl_type)
{
	unsigned int n = 0;	/* bytes that an address has */

	if (dl_type == CVSW_ETH_P_IPV4 || dl_type == CVSW_ETH_P_ARP)
		n = 4;
	else if (dl_type == CVSW_ETH_P_IPV6)
		n = 16;
	match_clear(m->value.nw_src, m->mask.nw_src, n);
	match_clear(m->value.nw_dst, m->mask.nw_dst, n);
	if (!n)
		m->value.nw_proto = m->mask.nw_proto = 0;
	if (!match_is_ip(dl_type))
		m->value.nw_tos = m->mask.nw_tos = 0;
}

void cvsw_match_normalize(struct cvsw_match *match)
{
	u16 dl_type = match_dl_type(match);
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		match->value.word[i] &= match->mask.word[i];
	match_normalize_vlan(match);
	match_normalize_nw(match, dl_type);
	match_normalize_frag(match);
	if (!match_has_tp(match, dl_type)) {
		match->value.tp_src = match->mask.tp_src = 0;
		match->value.tp_dst = match->mask.tp_dst = 0;
	} else if (match_is_icmp(match, dl_type)) {
		match_normalize_icmp(&match->value.tp_src, &match->mask.tp_src);
		match_normalize_icmp(&match->value.tp_dst, &match->mask.tp_dst);
	}
}

bool cvsw_match_covers(const struct cvsw_match *wide,
		       const struct cvsw_match *narrow)
{
	const u64 *wv = wide->value.word, *wm = wide->mask.word;
	const u64 *nv = narrow->value.word, *nm = narrow->mask.word;
	u64 diff = 0;
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		diff |= (wm[i] & ~nm[i]) | ((wv[i] ^ nv[i]) & wm[i]);
	return !diff;
}

bool cvsw_match_overlaps(const struct cvsw_match *a,
			 const struct cvsw_match *b)
{
	u64 diff = 0;
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		diff |= (a->value.word[i] ^ b->value.word[i]) &
			a->mask.word[i] & b->mask.word[i];
	return !diff;
}

bool cvsw_match_equal(const struct cvsw_match *a, const struct cvsw_match *b)
{
	return !memcmp(a, b, sizeof(*a));
}

void cvsw_match_set_vlan(struct cvsw_match *match, int vid, int pcp)
{
	u16 value = CVSW_VLAN_PRESENT, mask = CVSW_VLAN_PRESENT;

	if (vid == CVSW_MATCH_VID_NONE) {
		match->value.vlan_tci = 0;
		match->mask.vlan_tci = 0xffff;
		return;
	}
	if (vid == CVSW_MATCH_VID_ANY && pcp == CVSW_MATCH_PCP_ANY)
		value = mask = 0;
	if (vid != CVSW_MATCH_VID_ANY) {
		value |= (u16)vid & CVSW_VLAN_VID_MASK;
		mask |= CVSW_VLAN_VID_MASK;
	}
	if (pcp != CVSW_MATCH_PCP_ANY) {
		value |= (u16)(pcp << CVSW_VLAN_PCP_SHIFT);
		mask |= CVSW_VLAN_PCP_MASK;
	}
	match->value.vlan_tci = value;
	match->mask.vlan_tci = mask;
}

void cvsw_match_set_in_port(struct cvsw_match *match, u16 port)
{
	match->value.in_port = port;
	match->mask.in_port = 0xffff;
}

void cvsw_match_set_dl_type(struct cvsw_match *match, u16 type)
{
	match->value.dl_type = cpu_to_be16(type);
	match->mask.dl_type = MATCH_ALL16;
}

void cvsw_match_set_nw_proto(struct cvsw_match *match, u8 proto)
{
	match->value.nw_proto = proto;
	match->mask.nw_proto = 0xff;
}

void cvsw_match_prefix(u8 *mask, unsigned int n, unsigned int bits)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		mask[i] = (u8)(bits >= 8 ? 0xff : 0xff00 >> bits);
		bits -= min(bits, 8u);
	}
}

static void match_set_nw(u8 *value, u8 *mask, const u8 *addr, unsigned int n,
			 unsigned int bits)
{
	unsigned int i;

	match_clear(value, mask, 0);
	cvsw_match_prefix(mask, n, bits);
	for (i = 0; i < n; i++)
		value[i] = addr[i] & mask[i];
}

void cvsw_match_set_nw_src(struct cvsw_match *match, const u8 *addr,
			   unsigned int n, unsigned int bits)
{
	match_set_nw(match->value.nw_src, match->mask.nw_src, addr, n, bits);
}

void cvsw_match_set_nw_dst(struct cvsw_match *match, const u8 *addr,
			   unsigned int n, unsigned int bits)
{
	match_set_nw(match->value.nw_dst, match->mask.nw_dst, addr, n, bits);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Matches as text: one table of fields, read both ways.
 *
 * A field is set in a slot; words that set the same slot are the same field
 * under several names.  Which fields a match may have is decided when all of
 * it is read, so that the order of words does not matter.
 */

#include <errno.h>
#include <string.h>

#include "hdr.h"
#include "match.h"
#include "text.h"

enum text_slot {
	TEXT_IN_PORT,
	TEXT_VID,
	TEXT_PCP,
	TEXT_DL_SRC,
	TEXT_DL_DST,
	TEXT_DL_TYPE,
	TEXT_PROTO,
	TEXT_DSCP,
	TEXT_FRAG,
	TEXT_NW_SRC,
	TEXT_NW_DST,
	TEXT_TP_SRC,
	TEXT_TP_DST,
	TEXT_TUN_ID,
	TEXT_SLOT_COUNT
};
_Static_assert(TEXT_SLOT_COUNT <= TEXT_SLOTS, "slots");

/* what a field needs of dl_type and nw_proto */
enum text_need {
	NEED_NOTHING,
	NEED_IP,		/* IPv4 or IPv6 */
	NEED_NW,		/* IPv4, IPv6 or ARP */
	NEED_IPV4,		/* IPv4 or ARP addresses */
	NEED_IPV6,
	NEED_ARP,
	NEED_TP,		/* a protocol with tp_src and tp_dst */
	NEED_TCP,
	NEED_UDP,
	NEED_SCTP,
	NEED_ICMP,		/* of either IP version */
	NEED_ICMP6,
};

static const char *const text_needs[] = {
	[NEED_IP]	= "ip or ipv6",
	[NEED_NW]	= "ip, ipv6 or arp",
	[NEED_IPV4]	= "ip or arp",
	[NEED_IPV6]	= "ipv6",
	[NEED_ARP]	= "arp",
	[NEED_TP]	= "tcp, udp, sctp or icmp (or tcp6 ...)",
	[NEED_TCP]	= "tcp or tcp6",
	[NEED_UDP]	= "udp or udp6",
	[NEED_SCTP]	= "sctp or sctp6",
	[NEED_ICMP]	= "icmp or icmp6",
	[NEED_ICMP6]	= "icmp6",
};

/* how a value is read */
enum text_form {
	FORM_PORT,
	FORM_VID,
	FORM_PCP,
	FORM_TCI,
	FORM_MAC,
	FORM_BE16,
	FORM_U8,
	FORM_TOS,
	FORM_DSCP,
	FORM_FRAG,
	FORM_IPV4,
	FORM_IPV6,
	FORM_ICMP,
	FORM_BE64,
};

#define AT(member)	offsetof(struct cvsw_key, member)

static const struct text_field {
	const char *name;
	__u8 slot;
	__u8 form;
	__u8 need;
	__u8 at;		/* in struct cvsw_key */
} text_fields[] = {
	{ "in_port",	 TEXT_IN_PORT,	FORM_PORT, NEED_NOTHING, AT(in_port) },
	{ "dl_vlan",	 TEXT_VID,	FORM_VID,  NEED_NOTHING, AT(vlan_tci) },
	{ "dl_vlan_pcp", TEXT_PCP,	FORM_PCP,  NEED_NOTHING, AT(vlan_tci) },
	{ "vlan_tci",	 TEXT_VID,	FORM_TCI,  NEED_NOTHING, AT(vlan_tci) },
	{ "dl_src",	 TEXT_DL_SRC,	FORM_MAC,  NEED_NOTHING, AT(dl_src) },
	{ "dl_dst",	 TEXT_DL_DST,	FORM_MAC,  NEED_NOTHING, AT(dl_dst) },
	{ "eth_src",	 TEXT_DL_SRC,	FORM_MAC,  NEED_NOTHING, AT(dl_src) },
	{ "eth_dst",	 TEXT_DL_DST,	FORM_MAC,  NEED_NOTHING, AT(dl_dst) },
	{ "dl_type",	 TEXT_DL_TYPE,	FORM_BE16, NEED_NOTHING, AT(dl_type) },
	{ "eth_type",	 TEXT_DL_TYPE,	FORM_BE16, NEED_NOTHING, AT(dl_type) },
	{ "nw_proto",	 TEXT_PROTO,	FORM_U8,   NEED_NW,	 AT(nw_proto) },
	{ "ip_proto",	 TEXT_PROTO,	FORM_U8,   NEED_IP,	 AT(nw_proto) },
	{ "arp_op",	 TEXT_PROTO,	FORM_U8,   NEED_ARP,	 AT(nw_proto) },
	{ "nw_tos",	 TEXT_DSCP,	FORM_TOS,  NEED_IP,	 AT(nw_tos) },
	{ "ip_dscp",	 TEXT_DSCP,	FORM_DSCP, NEED_IP,	 AT(nw_tos) },
	{ "ip_frag",	 TEXT_FRAG,	FORM_FRAG, NEED_IP,	 AT(nw_tos) },
	{ "nw_frag",	 TEXT_FRAG,	FORM_FRAG, NEED_IP,	 AT(nw_tos) },
	{ "nw_src",	 TEXT_NW_SRC,	FORM_IPV4, NEED_IPV4,	 AT(nw_src) },
	{ "nw_dst",	 TEXT_NW_DST,	FORM_IPV4, NEED_IPV4,	 AT(nw_dst) },
	{ "ip_src",	 TEXT_NW_SRC,	FORM_IPV4, NEED_IPV4,	 AT(nw_src) },
	{ "ip_dst",	 TEXT_NW_DST,	FORM_IPV4, NEED_IPV4,	 AT(nw_dst) },
	{ "arp_spa",	 TEXT_NW_SRC,	FORM_IPV4, NEED_ARP,	 AT(nw_src) },
	{ "arp_tpa",	 TEXT_NW_DST,	FORM_IPV4, NEED_ARP,	 AT(nw_dst) },
	{ "ipv6_src",	 TEXT_NW_SRC,	FORM_IPV6, NEED_IPV6,	 AT(nw_src) },
	{ "ipv6_dst",	 TEXT_NW_DST,	FORM_IPV6, NEED_IPV6,	 AT(nw_dst) },
	{ "tp_src",	 TEXT_TP_SRC,	FORM_BE16, NEED_TP,	 AT(tp_src) },
	{ "tp_dst",	 TEXT_TP_DST,	FORM_BE16, NEED_TP,	 AT(tp_dst) },
	{ "tcp_src",	 TEXT_TP_SRC,	FORM_BE16, NEED_TCP,	 AT(tp_src) },
	{ "tcp_dst",	 TEXT_TP_DST,	FORM_BE16, NEED_TCP,	 AT(tp_dst) },
	{ "udp_src",	 TEXT_TP_SRC,	FORM_BE16, NEED_UDP,	 AT(tp_src) },
	{ "udp_dst",	 TEXT_TP_DST,	FORM_BE16, NEED_UDP,	 AT(tp_dst) },
	{ "sctp_src",	 TEXT_TP_SRC,	FORM_BE16, NEED_SCTP,	 AT(tp_src) },
	{ "sctp_dst",	 TEXT_TP_DST,	FORM_BE16, NEED_SCTP,	 AT(tp_dst) },
	{ "icmp_type",	 TEXT_TP_SRC,	FORM_ICMP, NEED_ICMP,	 AT(tp_src) },
	{ "icmp_code",	 TEXT_TP_DST,	FORM_ICMP, NEED_ICMP,	 AT(tp_dst) },
	{ "icmpv6_type", TEXT_TP_SRC,	FORM_ICMP, NEED_ICMP6,	 AT(tp_src) },
	{ "icmpv6_code", TEXT_TP_DST,	FORM_ICMP, NEED_ICMP6,	 AT(tp_dst) },
	{ "tun_id",	 TEXT_TUN_ID,	FORM_BE64, NEED_NOTHING, AT(tun_id) },
	{ "tunnel_id",	 TEXT_TUN_ID,	FORM_BE64, NEED_NOTHING, AT(tun_id) },
};

/* words that fix dl_type and maybe nw_proto; "ip" and "ipv6" must come last */
static const struct text_proto {
	const char *name;
	__u16 type;
	__s16 proto;		/* -1: any */
} text_protos[] = {
	{ "arp",	CVSW_ETH_P_ARP,		-1 },
	{ "icmp",	CVSW_ETH_P_IPV4,	CVSW_IPPROTO_ICMP },
	{ "tcp",	CVSW_ETH_P_IPV4,	CVSW_IPPROTO_TCP },
	{ "udp",	CVSW_ETH_P_IPV4,	CVSW_IPPROTO_UDP },
	{ "sctp",	CVSW_ETH_P_IPV4,	CVSW_IPPROTO_SCTP },
	{ "icmp6",	CVSW_ETH_P_IPV6,	CVSW_IPPROTO_ICMPV6 },
	{ "tcp6",	CVSW_ETH_P_IPV6,	CVSW_IPPROTO_TCP },
	{ "udp6",	CVSW_ETH_P_IPV6,	CVSW_IPPROTO_UDP },
	{ "sctp6",	CVSW_ETH_P_IPV6,	CVSW_IPPROTO_SCTP },
	{ "ip",		CVSW_ETH_P_IPV4,	-1 },
	{ "ipv6",	CVSW_ETH_P_IPV6,	-1 },
};

#define FIELDS	(sizeof(text_fields) / sizeof(text_fields[0]))
#define PROTOS	(sizeof(text_protos) / sizeof(text_protos[0]))

static const struct {
	const char *name;
	__u8 value, mask;
} text_frags[] = {
	{ "no",		0,				CVSW_FRAG_MASK },
	{ "yes",	CVSW_FRAG_ANY,			CVSW_FRAG_ANY },
	{ "first",	CVSW_FRAG_ANY,			CVSW_FRAG_MASK },
	{ "later",	CVSW_FRAG_MASK,			CVSW_FRAG_MASK },
	{ "not_later",	0,				CVSW_FRAG_LATER },
};

#define FRAGS	(sizeof(text_frags) / sizeof(text_frags[0]))

size_t text_match_names(void)
{
	return FIELDS + PROTOS;
}

const char *text_match_name(size_t i)
{
	return i < FIELDS ? text_fields[i].name : text_protos[i - FIELDS].name;
}

/* Reading */

static int text_read_vlan(const struct text_parser *ps,
			  const struct text_word *word, __u8 form,
			  struct cvsw_match *m)
{
	__u16 *value = &m->value.vlan_tci, *mask = &m->mask.vlan_tci;
	__u64 n, bits;
	int rc;

	if (form == FORM_TCI) {
		rc = text_number_mask(ps, word, 0xffff, &n, &bits);
		*value = (__u16)(n & bits);
		*mask = (__u16)bits;
		return rc;
	}
	rc = text_number(ps, word, word->value,
			 form == FORM_PCP ? 7 : 0xffff, &n);
	if (rc)
		return rc;
	if (form == FORM_VID && n == CVSW_MATCH_VID_NONE) {
		*value = 0;
		*mask = 0xffff;
		return 0;
	}
	if (form == FORM_VID && n > CVSW_VLAN_VID_MASK)
		return text_bad(ps, word, word->value,
				"a VLAN id (0 to 4095, or 0xffff for untagged)");
	if (*mask == 0xffff)		/* untagged: the PCP does not matter */
		return 0;
	*value |= (__u16)(CVSW_VLAN_PRESENT |
			  (form == FORM_PCP ? n << CVSW_VLAN_PCP_SHIFT : n));
	*mask |= CVSW_VLAN_PRESENT |
		 (form == FORM_PCP ? CVSW_VLAN_PCP_MASK : CVSW_VLAN_VID_MASK);
	return 0;
}

static int text_read_tos(const struct text_parser *ps,
			 const struct text_word *word, __u8 form,
			 struct cvsw_match *m)
{
	__u64 n, bits;
	int rc;

	rc = text_number_mask(ps, word, form == FORM_DSCP ? 63 : 255, &n, &bits);
	if (rc)
		return rc;
	if (form == FORM_DSCP) {
		n <<= 2;
		bits <<= 2;
	}
	if (n & 3)
		return text_bad(ps, word, word->value,
				"a TOS (the two lowest bits are ECN)");
	m->mask.nw_tos |= bits & CVSW_TOS_DSCP_MASK;
	m->value.nw_tos |= n & bits & CVSW_TOS_DSCP_MASK;
	return 0;
}

static int text_read_frag(const struct text_parser *ps,
			  const struct text_word *word, struct cvsw_match *m)
{
	size_t i;

	for (i = 0; i < FRAGS; i++) {
		if (text_is(word->value, text_frags[i].name)) {
			m->value.nw_tos |= text_frags[i].value;
			m->mask.nw_tos |= text_frags[i].mask;
			return 0;
		}
	}
	return text_bad(ps, word, word->value,
			"no, yes, first, later or not_later");
}

static int text_read_port(const struct text_parser *ps,
			  const struct text_word *word, struct cvsw_match *m)
{
	struct text_slice head, tail;
	__u64 mask = 0xffff;

	if (text_cut(word->value, '/', &head, &tail) &&
	    text_number(ps, word, tail, 0xffff, &mask))
		return -EINVAL;
	m->mask.in_port = (__u16)mask;
	return text_port(ps, word, head, &m->value.in_port);
}

static int text_read_number(const struct text_parser *ps,
			    const struct text_word *word, __u8 form, __u8 *value,
			    __u8 *mask)
{
	__u64 n, bits, max = 0xffff;
	int rc;

	if (form == FORM_U8 || form == FORM_ICMP)
		max = 0xff;
	else if (form == FORM_BE64)
		max = ~0ULL;
	rc = text_number_mask(ps, word, max, &n, &bits);
	if (rc)
		return rc;
	if (form == FORM_U8) {
		*value = (__u8)n;
		*mask = (__u8)bits;
	} else if (form == FORM_BE64) {
		put_unaligned_be64(n, value);
		put_unaligned_be64(bits, mask);
	} else {
		put_unaligned_be16((__u16)n, value);
		put_unaligned_be16((__u16)bits, mask);
	}
	return 0;
}

static int text_read_field(const struct text_parser *ps,
			   const struct text_word *word,
			   const struct text_field *field, struct cvsw_match *m)
{
	__u8 *value = (__u8 *)&m->value + field->at;
	__u8 *mask = (__u8 *)&m->mask + field->at;

	switch (field->form) {
	case FORM_PORT:
		return text_read_port(ps, word, m);
	case FORM_VID:
	case FORM_PCP:
	case FORM_TCI:
		return text_read_vlan(ps, word, field->form, m);
	case FORM_MAC:
		return text_mac_mask(ps, word, value, mask);
	case FORM_TOS:
	case FORM_DSCP:
		return text_read_tos(ps, word, field->form, m);
	case FORM_FRAG:
		return text_read_frag(ps, word, m);
	case FORM_IPV4:
		return text_addr_mask(ps, word, 4, value, mask);
	case FORM_IPV6:
		return text_addr_mask(ps, word, 6, value, mask);
	default:
		return text_read_number(ps, word, field->form, value, mask);
	}
}

/* are dl_type and nw_proto, as far as they are fixed, other than these */
static bool text_contradicts(const struct cvsw_match *m, __u16 type, int proto)
{
	if (m->mask.dl_type && m->value.dl_type != cpu_to_be16(type))
		return true;
	return proto >= 0 && m->mask.nw_proto && m->value.nw_proto != proto;
}

static int text_read_proto(const struct text_parser *ps,
			   const struct text_word *word,
			   const struct text_proto *proto, struct text_match *tm)
{
	if (word->has_value)
		return text_fail(ps, word->name, "takes no value");
	if (text_contradicts(&tm->match, proto->type, proto->proto))
		return text_fail(ps, word->name,
				 "contradicts what was said before");
	cvsw_match_set_dl_type(&tm->match, proto->type);
	if (!tm->said[TEXT_DL_TYPE].len)
		tm->said[TEXT_DL_TYPE] = word->name;
	if (proto->proto < 0)
		return 1;
	cvsw_match_set_nw_proto(&tm->match, (__u8)proto->proto);
	if (!tm->said[TEXT_PROTO].len)
		tm->said[TEXT_PROTO] = word->name;
	return 1;
}

/* dl_type and nw_proto after a word that fixed them: they must agree */
static int text_agree(const struct text_parser *ps, const struct text_word *word,
		      const struct cvsw_match *before, struct cvsw_match *m)
{
	if (before->mask.dl_type &&
	    (before->value.dl_type ^ m->value.dl_type) & before->mask.dl_type)
		return text_fail(ps, word->name, "contradicts what was said before");
	if ((before->value.nw_proto ^ m->value.nw_proto) & before->mask.nw_proto)
		return text_fail(ps, word->name, "contradicts what was said before");
	m->mask.dl_type |= before->mask.dl_type;
	m->mask.nw_proto |= before->mask.nw_proto;
	return 0;
}

/* has another word that is no protocol name set this field already */
static bool text_said_before(const struct text_match *tm, size_t index)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (tm->given >> i & 1 &&
		    text_fields[i].slot == text_fields[index].slot)
			return true;
	if (text_fields[index].form == FORM_TCI)
		return tm->said[TEXT_PCP].len;
	return text_fields[index].form == FORM_PCP &&
	       tm->said[TEXT_VID].len && text_is(tm->said[TEXT_VID], "vlan_tci");
}

static int text_match_field(const struct text_parser *ps,
			    const struct text_word *word, size_t index,
			    struct text_match *tm)
{
	const struct text_field *field = &text_fields[index];
	struct cvsw_match before = tm->match;

	if (text_said_before(tm, index))
		return text_fail(ps, word->name, "this field is said twice");
	if (!word->has_value)
		return text_fail(ps, word->name, "needs a value");
	if (text_read_field(ps, word, field, &tm->match) ||
	    text_agree(ps, word, &before, &tm->match))
		return -EINVAL;
	tm->given |= 1ULL << index;
	tm->said[field->slot] = word->name;
	return 1;
}

int text_match_word(const struct text_parser *ps, const struct text_word *word,
		    struct text_match *tm)
{
	size_t i;

	for (i = 0; i < PROTOS; i++)
		if (text_is(word->name, text_protos[i].name))
			return text_read_proto(ps, word, &text_protos[i], tm);
	for (i = 0; i < FIELDS; i++)
		if (text_is(word->name, text_fields[i].name))
			return text_match_field(ps, word, i, tm);
	return 0;
}

/* dl_type and nw_proto as far as they are fixed; -1 when not */
static int text_type(const struct cvsw_match *m)
{
	return m->mask.dl_type == cpu_to_be16(0xffff) ?
	       be16_to_cpu(m->value.dl_type) : -1;
}

static int text_ip_proto(const struct cvsw_match *m)
{
	return m->mask.nw_proto == 0xff ? m->value.nw_proto : -1;
}

/* is @proto the one that @need asks for, under @type */
static bool text_proto_fits(enum text_need need, int type, int proto)
{
	bool icmp = proto == (type == CVSW_ETH_P_IPV6 ? CVSW_IPPROTO_ICMPV6 :
			      CVSW_IPPROTO_ICMP);

	switch (need) {
	case NEED_TCP:
		return proto == CVSW_IPPROTO_TCP;
	case NEED_UDP:
		return proto == CVSW_IPPROTO_UDP;
	case NEED_SCTP:
		return proto == CVSW_IPPROTO_SCTP;
	case NEED_ICMP:
		return icmp;
	case NEED_ICMP6:
		return icmp && type == CVSW_ETH_P_IPV6;
	default:
		return icmp || proto == CVSW_IPPROTO_TCP ||
		       proto == CVSW_IPPROTO_UDP || proto == CVSW_IPPROTO_SCTP;
	}
}

/* 1: @m has what @need asks for; 0: it is open; -1: it has something else */
static int text_fits(const struct cvsw_match *m, enum text_need need)
{
	int type = text_type(m), proto = text_ip_proto(m);
	bool v4 = type == CVSW_ETH_P_IPV4, v6 = type == CVSW_ETH_P_IPV6;
	bool arp = type == CVSW_ETH_P_ARP, fits;

	switch (need) {
	case NEED_NOTHING:
		return 1;
	case NEED_IP:
		fits = v4 || v6;
		break;
	case NEED_NW:
		fits = v4 || v6 || arp;
		break;
	case NEED_IPV4:
		fits = v4 || arp;
		break;
	case NEED_IPV6:
		fits = v6;
		break;
	case NEED_ARP:
		fits = arp;
		break;
	default:
		if (type < 0 || ((v4 || v6) && proto < 0))
			return 0;
		return (v4 || v6) && text_proto_fits(need, type, proto) ? 1 : -1;
	}
	return fits ? 1 : type < 0 ? 0 : -1;
}

/* the bits of @field no longer count */
static void text_ignore(struct cvsw_match *m, const struct text_field *field)
{
	static const __u8 size[] = {
		[FORM_BE16] = 2, [FORM_U8] = 1, [FORM_IPV4] = 4,
		[FORM_IPV6] = 16, [FORM_ICMP] = 2,
	};

	if (field->form == FORM_TOS || field->form == FORM_DSCP)
		m->mask.nw_tos &= CVSW_FRAG_MASK;
	else if (field->form == FORM_FRAG)
		m->mask.nw_tos &= CVSW_TOS_DSCP_MASK;
	else
		memset((__u8 *)&m->mask + field->at, 0, size[field->form]);
}

/* ports first: what they need may itself be ignored */
static int text_match_needs(const struct text_parser *ps, struct text_match *tm,
			    unsigned int flags)
{
	const struct text_field *field;
	size_t i = FIELDS;
	int fits;

	while (i--) {
		field = &text_fields[i];
		fits = tm->given >> i & 1 ? text_fits(&tm->match, field->need) : 1;
		if (fits > 0)
			continue;
		if (fits < 0 || flags & CVSW_TEXT_STRICT)
			return text_fail(ps, tm->said[field->slot], "needs %s",
					 text_needs[field->need]);
		text_warn(ps, tm->said[field->slot],
			  "is ignored, for it needs %s", text_needs[field->need]);
		text_ignore(&tm->match, field);
	}
	return 0;
}

int text_match_finish(const struct text_parser *ps, struct text_match *tm,
		      unsigned int flags)
{
	if (text_match_needs(ps, tm, flags))
		return -EINVAL;
	if (cvsw_match_check(&tm->match, NULL))	/* all else was checked */
		return text_fail(ps, tm->said[TEXT_VID],
				 "VID or PCP of an untagged frame");
	cvsw_match_normalize(&tm->match);
	return 0;
}

/* Writing */

/* "name=value", with "/mask" unless all @bits count; @fmt is for both numbers */
static void text_put_number(struct text_out *out, const char *name, bool hex,
			    __u64 value, __u64 mask, __u64 bits)
{
	if (!mask)
		return;
	text_put_word(out, name);
	if (mask != bits)
		text_put(out, "=0x%llx/0x%llx", (unsigned long long)value,
			 (unsigned long long)mask);
	else
		text_put(out, hex ? "=0x%llx" : "=%llu", (unsigned long long)value);
}

static void text_put_in_port(struct text_out *out, const struct cvsw_match *m,
			     const struct cvsw_text_names *names)
{
	if (!m->mask.in_port)
		return;
	text_put_word(out, "in_port=");
	if (m->mask.in_port == 0xffff)
		text_put_port(out, m->value.in_port, names);
	else
		text_put(out, "%u/0x%x", m->value.in_port, m->mask.in_port);
}

static void text_put_vlan(struct text_out *out, const struct cvsw_match *m)
{
	__u16 tci = m->value.vlan_tci, mask = m->mask.vlan_tci;
	__u16 vid = mask & CVSW_VLAN_VID_MASK, pcp = mask & CVSW_VLAN_PCP_MASK;

	if (!mask)
		return;
	if (mask == 0xffff && !tci) {
		text_put_word(out, "vlan_tci=0x0000");
	} else if (!(tci & CVSW_VLAN_PRESENT) || !(vid || pcp) ||
		   (vid && vid != CVSW_VLAN_VID_MASK) ||
		   (pcp && pcp != CVSW_VLAN_PCP_MASK)) {
		text_put_word(out, "vlan_tci=");
		text_put(out, "0x%04x/0x%04x", tci, mask);
	} else {
		text_put_number(out, "dl_vlan", false, tci & CVSW_VLAN_VID_MASK,
				vid, vid);
		text_put_number(out, "dl_vlan_pcp", false,
				tci >> CVSW_VLAN_PCP_SHIFT, pcp, pcp);
	}
}

static void text_put_mac_mask(struct text_out *out, const char *name,
			      const __u8 *mac, const __u8 *mask)
{
	static const __u8 none[6], all[6] = { 255, 255, 255, 255, 255, 255 };

	if (!memcmp(mask, none, 6))
		return;
	text_put_word(out, name);
	text_put_mac(out, mac);
	if (!memcmp(mask, all, 6))
		return;
	text_put(out, "/");
	text_put_mac(out, mask);
}

/* length of the prefix that @mask of @n bytes is, -1 when it is none */
static int text_prefix_len(const __u8 *mask, unsigned int n)
{
	__u8 prefix[16];
	int bits = 0;

	while (bits < (int)n * 8 && mask[bits / 8] << (bits % 8) & 0x80)
		bits++;
	cvsw_match_prefix(prefix, n, (unsigned int)bits);
	return memcmp(prefix, mask, n) ? -1 : bits;
}

static void text_put_addr_mask(struct text_out *out, const char *name,
			       int family, const __u8 *addr, const __u8 *mask)
{
	unsigned int n = family == 4 ? 4 : 16;
	int bits = text_prefix_len(mask, n);

	if (!bits)
		return;
	text_put_word(out, name);
	text_put_addr(out, family, addr);
	if (bits == (int)n * 8)
		return;
	text_put(out, "/");
	if (bits > 0)
		text_put(out, "%d", bits);
	else
		text_put_addr(out, family, mask);
}

static void text_put_addrs(struct text_out *out, const struct cvsw_match *m)
{
	int type = text_type(m), family = type == CVSW_ETH_P_IPV6 ? 6 : 4;
	const char *src = "nw_src=", *dst = "nw_dst=";

	if (type == CVSW_ETH_P_ARP) {
		src = "arp_spa=";
		dst = "arp_tpa=";
	} else if (type == CVSW_ETH_P_IPV6) {
		src = "ipv6_src=";
		dst = "ipv6_dst=";
	}
	text_put_addr_mask(out, src, family, m->value.nw_src, m->mask.nw_src);
	text_put_addr_mask(out, dst, family, m->value.nw_dst, m->mask.nw_dst);
}

static void text_put_tos(struct text_out *out, const struct cvsw_match *m)
{
	__u8 frag = m->value.nw_tos & CVSW_FRAG_MASK;
	__u8 mask = m->mask.nw_tos & CVSW_FRAG_MASK;
	size_t i;

	text_put_number(out, "nw_tos", false, m->value.nw_tos & CVSW_TOS_DSCP_MASK,
			m->mask.nw_tos & CVSW_TOS_DSCP_MASK, CVSW_TOS_DSCP_MASK);
	for (i = 0; mask && i < FRAGS; i++) {
		if (text_frags[i].value == frag && text_frags[i].mask == mask) {
			text_put_word(out, "ip_frag=");
			text_put(out, "%s", text_frags[i].name);
		}
	}
}

static void text_put_ports(struct text_out *out, const struct cvsw_match *m)
{
	__u16 src = be16_to_cpu(m->value.tp_src), dst = be16_to_cpu(m->value.tp_dst);
	__u16 src_mask = be16_to_cpu(m->mask.tp_src);
	__u16 dst_mask = be16_to_cpu(m->mask.tp_dst);
	bool icmp = text_proto_fits(NEED_ICMP, text_type(m), text_ip_proto(m));

	if (icmp && src <= 0xff)
		text_put_number(out, "icmp_type", false, src, src_mask & 0xff, 0xff);
	else
		text_put_number(out, "tp_src", false, src, src_mask, 0xffff);
	if (icmp && dst <= 0xff)
		text_put_number(out, "icmp_code", false, dst, dst_mask & 0xff, 0xff);
	else
		text_put_number(out, "tp_dst", false, dst, dst_mask, 0xffff);
}

/* dl_type and nw_proto, as one word where there is one for them */
static void text_put_type(struct text_out *out, const struct cvsw_match *m)
{
	int type = text_type(m), proto = text_ip_proto(m);
	size_t i;

	for (i = 0; i < PROTOS; i++)
		if (text_protos[i].type == type &&
		    (text_protos[i].proto < 0 || text_protos[i].proto == proto))
			break;
	if (i < PROTOS)
		text_put_word(out, text_protos[i].name);
	else
		text_put_number(out, "dl_type", true, be16_to_cpu(m->value.dl_type),
				be16_to_cpu(m->mask.dl_type), 0xffff);
	if (i == PROTOS || text_protos[i].proto < 0)
		text_put_number(out, type == CVSW_ETH_P_ARP ? "arp_op" : "nw_proto",
				false, m->value.nw_proto, m->mask.nw_proto, 0xff);
}

void text_put_match(struct text_out *out, const struct cvsw_match *match,
		    const struct cvsw_text_names *names)
{
	text_put_type(out, match);
	text_put_number(out, "tun_id", true, be64_to_cpu(match->value.tun_id),
			be64_to_cpu(match->mask.tun_id), ~0ULL);
	text_put_in_port(out, match, names);
	text_put_vlan(out, match);
	text_put_mac_mask(out, "dl_src=", match->value.dl_src, match->mask.dl_src);
	text_put_mac_mask(out, "dl_dst=", match->value.dl_dst, match->mask.dl_dst);
	text_put_addrs(out, match);
	text_put_tos(out, match);
	text_put_ports(out, match);
}

int cvsw_text_match_print(char *buf, size_t size,
			  const struct cvsw_match *match,
			  const struct cvsw_text_names *names)
{
	struct text_out out = { .buf = buf, .size = size };

	text_put_match(&out, match, names);
	return (int)out.len;
}

int cvsw_text_key_print(char *buf, size_t size, const struct cvsw_key *key,
			const struct cvsw_text_names *names)
{
	struct cvsw_match match = { .value = *key };

	memset(&match.mask, 0xff, sizeof(match.mask));
	if (!key->tun_id)
		match.mask.tun_id = 0;
	cvsw_match_normalize(&match);
	return cvsw_text_match_print(buf, size, &match, names);
}

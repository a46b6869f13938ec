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

size_t cvsw_text_match_names(void)
{
	return FIELDS + PROTOS;
}

const char *cvsw_text_match_name(size_t i)
{
	return i < FIELDS ? text_fields[i].name : text_protos[i - FIELDS].name;
}

const char *cvsw_text_frag_name(__u8 value, __u8 mask)
{
	size_t i;

	for (i = 0; i < FRAGS; i++)
		if (text_frags[i].value == value && text_frags[i].mask == mask)
			return text_frags[i].name;
	return NULL;
}

const char *cvsw_text_proto_name(int type, int proto, bool *both)
{
	size_t i;

	for (i = 0; i < PROTOS; i++)
		if (text_protos[i].type == type &&
		    (text_protos[i].proto < 0 || text_protos[i].proto == proto))
			break;
	*both = i < PROTOS && text_protos[i].proto >= 0;
	return i < PROTOS ? text_protos[i].name : NULL;
}


static int text_read_vlan(const struct text_parser *ps,
			  const struct text_word *word, __u8 form,
			  struct cvsw_match *m)
{
	__u16 *value = &m->value.vlan_tci, *mask = &m->mask.vlan_tci;
	__u64 n, bits;
	int rc;

	if (form == FORM_TCI) {
		rc = cvsw_text_number_mask(ps, word, 0xffff, &n, &bits);
		*value = (__u16)(n & bits);
		*mask = (__u16)bits;
		return rc;
	}
	rc = cvsw_text_number(ps, word, word->value,
			      form == FORM_PCP ? 7 : 0xffff, &n);
	if (rc)
		return rc;
	if (form == FORM_VID && n == CVSW_MATCH_VID_NONE) {
		*value = 0;
		*mask = 0xffff;
		return 0;
	}
	if (form == FORM_VID && n > CVSW_VLAN_VID_MASK)
		return cvsw_text_bad(ps, word, word->value,
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

	rc = cvsw_text_number_mask(ps, word, form == FORM_DSCP ? 63 : 255, &n,
				   &bits);
	if (rc)
		return rc;
	if (form == FORM_DSCP) {
		n <<= 2;
		bits <<= 2;
	}
	if (n & 3)
		return cvsw_text_bad(ps, word, word->value,
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
		if (cvsw_text_is(word->value, text_frags[i].name)) {
			m->value.nw_tos |= text_frags[i].value;
			m->mask.nw_tos |= text_frags[i].mask;
			return 0;
		}
	}
	return cvsw_text_bad(ps, word, word->value,
			     "no, yes, first, later or not_later");
}

static int text_read_port(const struct text_parser *ps,
			  const struct text_word *word, struct cvsw_match *m)
{
	struct text_slice head, tail;
	__u64 mask = 0xffff;

	if (cvsw_text_cut(word->value, '/', &head, &tail) &&
	    cvsw_text_number(ps, word, tail, 0xffff, &mask))
		return -EINVAL;
	m->mask.in_port = (__u16)mask;
	return cvsw_text_port(ps, word, head, &m->value.in_port);
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
	rc = cvsw_text_number_mask(ps, word, max, &n, &bits);
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
		return cvsw_text_mac_mask(ps, word, value, mask);
	case FORM_TOS:
	case FORM_DSCP:
		return text_read_tos(ps, word, field->form, m);
	case FORM_FRAG:
		return text_read_frag(ps, word, m);
	case FORM_IPV4:
		return cvsw_text_addr_mask(ps, word, 4, value, mask);
	case FORM_IPV6:
		return cvsw_text_addr_mask(ps, word, 6, value, mask);
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
	if (cvsw_text_no_value(ps, word))
		return -EINVAL;
	if (text_contradicts(&tm->match, proto->type, proto->proto))
		return cvsw_text_fail(ps, word->name,
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
static int text_agree(const struct text_parser *ps,
		      const struct text_word *word,
		      const struct cvsw_match *old, struct cvsw_match *m)
{
	if ((old->value.dl_type ^ m->value.dl_type) & old->mask.dl_type ||
	    (old->value.nw_proto ^ m->value.nw_proto) & old->mask.nw_proto)
		return cvsw_text_fail(ps, word->name,
				      "contradicts what was said before");
	m->mask.dl_type |= old->mask.dl_type;
	m->mask.nw_proto |= old->mask.nw_proto;
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
	return text_fields[index].form == FORM_PCP && tm->said[TEXT_VID].len &&
	       cvsw_text_is(tm->said[TEXT_VID], "vlan_tci");
}

static int text_match_field(const struct text_parser *ps,
			    const struct text_word *word, size_t index,
			    struct text_match *tm)
{
	const struct text_field *field = &text_fields[index];
	struct cvsw_match before = tm->match;

	if (text_said_before(tm, index))
		return cvsw_text_fail(ps, word->name,
				      "this field is said twice");
	if (!word->has_value)
		return cvsw_text_fail(ps, word->name, "needs a value");
	if (text_read_field(ps, word, field, &tm->match) ||
	    text_agree(ps, word, &before, &tm->match))
		return -EINVAL;
	tm->given |= 1ULL << index;
	tm->said[field->slot] = word->name;
	return 1;
}

int cvsw_text_match_word(const struct text_parser *ps,
			 const struct text_word *word, struct text_match *tm)
{
	size_t i;

	for (i = 0; i < PROTOS; i++)
		if (cvsw_text_is(word->name, text_protos[i].name))
			return text_read_proto(ps, word, &text_protos[i], tm);
	for (i = 0; i < FIELDS; i++)
		if (cvsw_text_is(word->name, text_fields[i].name))
			return text_match_field(ps, word, i, tm);
	return 0;
}

int cvsw_text_dl_type(const struct cvsw_match *m)
{
	return m->mask.dl_type == cpu_to_be16(0xffff) ?
	       be16_to_cpu(m->value.dl_type) : -1;
}

int cvsw_text_nw_proto(const struct cvsw_match *m)
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
	int type = cvsw_text_dl_type(m), proto = cvsw_text_nw_proto(m);
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
			return cvsw_text_fail(ps, tm->said[field->slot],
					      "needs %s",
					      text_needs[field->need]);
		cvsw_text_warn(ps, tm->said[field->slot],
			       "is ignored, for it needs %s",
			       text_needs[field->need]);
		text_ignore(&tm->match, field);
	}
	return 0;
}

int cvsw_text_match_finish(const struct text_parser *ps, struct text_match *tm,
			   unsigned int flags)
{
	if (text_match_needs(ps, tm, flags))
		return -EINVAL;
	if (cvsw_match_check(&tm->match, NULL))	/* all else was checked */
		return cvsw_text_fail(ps, tm->said[TEXT_VID],
				      "VID or PCP of an untagged frame");
	cvsw_match_normalize(&tm->match);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Matches of NXM, Nicira's extended form: a list of fields that a flow asks for.
 * A field that the key does not have is refused, never ignored.  What else is
 * refused is as in Open vSwitch: prerequisites must come first, no field comes
 * twice, no bit of a value is outside its mask.
 */

#include "of10.h"

#include "hdr.h"
#include "match.h"

#define NXM_VALUE_MAX	16

/** enum nxm_need - what must have been asked for before a field */
enum nxm_need {
	NXM_ANY,
	NXM_IPV4,
	NXM_IPV6,
	NXM_IP,			/* one of both */
	NXM_ARP,
	NXM_TCP,		/* of IP */
	NXM_UDP,
	NXM_SCTP,
	NXM_ICMP,		/* of IPv4 */
	NXM_ICMPV6,
};

/** enum nxm_form - what its bytes are in a key */
enum nxm_form {
	NXM_BYTES,		/* the same */
	NXM_HOST16,		/* a number in host order */
	NXM_LOWER,		/* two of which the key has the second */
	NXM_LONGER,		/* one of which the key makes two */
	NXM_DSCP,		/* bits of a byte */
	NXM_FRAG,		/* the other ones */
	NXM_COOKIE,		/* nothing: it is of the flow */
};

/**
 * struct nxm_field - a field that we know
 * @head:  of an entry without a mask
 * @need:  enum nxm_need
 * @form:  enum nxm_form
 * @at:    where it is in a key
 * @masks: it may be asked for in part
 */
struct nxm_field {
	u32	head;
	u8	need;
	u8	form;
	u8	at;
	bool	masks;
};

#define NXM_FIELD(name, need, form, member, masks)			\
	{ CVSW_OFP_NXM_##name, NXM_##need, NXM_##form,			\
	  offsetof(struct cvsw_key, member), masks }

/* in the order in which they are written */
static const struct nxm_field nxm_fields[] = {
	NXM_FIELD(IN_PORT,	ANY,	HOST16,	in_port,	false),
	NXM_FIELD(ETH_SRC,	ANY,	BYTES,	dl_src,		true),
	NXM_FIELD(ETH_DST,	ANY,	BYTES,	dl_dst,		true),
	NXM_FIELD(ETH_TYPE,	ANY,	BYTES,	dl_type,	false),
	NXM_FIELD(VLAN_TCI,	ANY,	HOST16,	vlan_tci,	true),
	NXM_FIELD(IP_SRC,	IPV4,	BYTES,	nw_src,		true),
	NXM_FIELD(IP_DST,	IPV4,	BYTES,	nw_dst,		true),
	NXM_FIELD(IPV6_SRC,	IPV6,	BYTES,	nw_src,		true),
	NXM_FIELD(IPV6_DST,	IPV6,	BYTES,	nw_dst,		true),
	NXM_FIELD(IP_FRAG,	IP,	FRAG,	nw_tos,		true),
	NXM_FIELD(IP_TOS,	IP,	DSCP,	nw_tos,		false),
	NXM_FIELD(IP_PROTO,	IP,	BYTES,	nw_proto,	false),
	NXM_FIELD(TCP_SRC,	TCP,	BYTES,	tp_src,		true),
	NXM_FIELD(TCP_DST,	TCP,	BYTES,	tp_dst,		true),
	NXM_FIELD(UDP_SRC,	UDP,	BYTES,	tp_src,		true),
	NXM_FIELD(UDP_DST,	UDP,	BYTES,	tp_dst,		true),
	NXM_FIELD(SCTP_SRC,	SCTP,	BYTES,	tp_src,		true),
	NXM_FIELD(SCTP_DST,	SCTP,	BYTES,	tp_dst,		true),
	NXM_FIELD(ICMP_TYPE,	ICMP,	LONGER,	tp_src,		false),
	NXM_FIELD(ICMP_CODE,	ICMP,	LONGER,	tp_dst,		false),
	NXM_FIELD(ICMPV6_TYPE,	ICMPV6,	LONGER,	tp_src,		false),
	NXM_FIELD(ICMPV6_CODE,	ICMPV6,	LONGER,	tp_dst,		false),
	NXM_FIELD(ARP_OP,	ARP,	LOWER,	nw_proto,	false),
	NXM_FIELD(ARP_SPA,	ARP,	BYTES,	nw_src,		true),
	NXM_FIELD(ARP_TPA,	ARP,	BYTES,	nw_dst,		true),
	NXM_FIELD(TUN_ID,	ANY,	BYTES,	tun_id,		true),
	{ CVSW_OFP_NXM_COOKIE, NXM_ANY, NXM_COOKIE, 0, true },
};
static_assert(ARRAY_SIZE(nxm_fields) <= 32, "one bit each");

/* bytes of the value */
static unsigned int nxm_width(const struct nxm_field *field)
{
	return field->head & 0xff;
}

static bool nxm_all(const u8 *bytes, unsigned int n, u8 byte)
{
	while (n && bytes[n - 1] == byte)
		n--;
	return !n;
}

/* does the match ask for the protocol? */
static bool nxm_is(const struct cvsw_match *m, u8 proto)
{
	return m->mask.nw_proto == 0xff && m->value.nw_proto == proto;
}

/* enum nxm_need, as bits, of what the match asks for */
static u32 nxm_asked(const struct cvsw_match *m)
{
	u32 asked = 1u << NXM_ANY;

	if (m->mask.dl_type != cpu_to_be16(0xffff))
		return asked;
	switch (be16_to_cpu(m->value.dl_type)) {
	case CVSW_ETH_P_ARP:
		return asked | 1u << NXM_ARP;
	case CVSW_ETH_P_IPV4:
		asked |= 1u << NXM_IPV4 | 1u << NXM_IP;
		if (nxm_is(m, CVSW_IPPROTO_ICMP))
			asked |= 1u << NXM_ICMP;
		break;
	case CVSW_ETH_P_IPV6:
		asked |= 1u << NXM_IPV6 | 1u << NXM_IP;
		if (nxm_is(m, CVSW_IPPROTO_ICMPV6))
			asked |= 1u << NXM_ICMPV6;
		break;
	default:
		return asked;
	}
	if (nxm_is(m, CVSW_IPPROTO_TCP))
		asked |= 1u << NXM_TCP;
	if (nxm_is(m, CVSW_IPPROTO_UDP))
		asked |= 1u << NXM_UDP;
	if (nxm_is(m, CVSW_IPPROTO_SCTP))
		asked |= 1u << NXM_SCTP;
	return asked;
}

/* Read */

static int nxm_bad_len(struct cvsw_of10_error *err, const char *text)
{
	return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
				CVSW_OFP_REQUEST_LEN, text);
}

static int nxm_refuse(struct cvsw_of10_error *err, const char *text)
{
	return cvsw_of10_refuse(err, CVSW_OFP_E_FLOW_MOD_FAILED,
				CVSW_OFP_FLOW_UNSUPPORTED, text);
}

/** struct nxm_entry - one that is being read */
struct nxm_entry {
	const struct nxm_field	*field;
	u8			value[NXM_VALUE_MAX];
	u8			mask[NXM_VALUE_MAX];
};

/**
 * struct nxm_in - a match that is being read
 * @seen: bits of the fields that were in it
 */
struct nxm_in {
	struct cvsw_match	*match;
	u64			*cookie;
	u64			*cookie_mask;
	u32			seen;
};

static const struct nxm_field *nxm_find(u32 head)
{
	const struct nxm_field *field = nxm_fields;

	for (; field < nxm_fields + ARRAY_SIZE(nxm_fields); field++)
		if (field->head >> 9 == head >> 9)
			return field;
	return NULL;
}

/* the entry at @at, of which there are @left bytes; returns its length */
static int nxm_entry_get(const u8 *at, u32 left, struct nxm_entry *entry,
			 struct cvsw_of10_error *err)
{
	u32 head, len, n;
	bool masked;

	if (left < sizeof(head))
		return nxm_bad_len(err, "nx_match: truncated");
	head = get_unaligned_be32(at);
	masked = head & CVSW_OFP_NXM_MASKED;
	len = head & 0xff;
	if (len > left - sizeof(head))
		return nxm_bad_len(err, "nx_match: field beyond the end");
	entry->field = nxm_find(head);
	if (!entry->field)
		return nxm_refuse(err, "nx_match: unknown field");
	n = nxm_width(entry->field);
	if (len != (masked ? 2 * n : n))
		return nxm_bad_len(err, "nx_match: length is not that of the field");
	memcpy(entry->value, at + sizeof(head), n);
	memset(entry->mask, 0xff, n);
	if (masked)
		memcpy(entry->mask, at + sizeof(head) + n, n);
	return (int)(sizeof(head) + len);
}

static int nxm_entry_check(const struct nxm_entry *entry, const struct nxm_in *in,
			   struct cvsw_of10_error *err)
{
	const struct nxm_field *field = entry->field;
	unsigned int i, n = nxm_width(field);

	for (i = 0; i < n; i++)
		if (entry->value[i] & ~entry->mask[i])
			return nxm_refuse(err, "nx_match: value beyond its mask");
	if (!field->masks && !nxm_all(entry->mask, n, 0) &&
	    !nxm_all(entry->mask, n, 0xff))
		return nxm_refuse(err, "nx_match: field takes no mask");
	if (!(nxm_asked(in->match) >> field->need & 1))
		return nxm_refuse(err, "nx_match: field without its prerequisite");
	if (field->need >= NXM_TCP && field->need <= NXM_SCTP &&
	    in->match->value.nw_tos & CVSW_FRAG_LATER)
		return nxm_refuse(err, "nx_match: ports of a later fragment");
	if (in->seen >> (field - nxm_fields) & 1)
		return nxm_refuse(err, "nx_match: field twice");
	return 0;
}

static void nxm_set(void *to, const void *bytes, unsigned int n, u8 at)
{
	memcpy((u8 *)to + at, bytes, n);
}

/* bits of nw_tos, of which there are two fields */
static int nxm_set_tos(const struct nxm_entry *entry, u8 bits,
		       struct cvsw_match *m, struct cvsw_of10_error *err)
{
	if (entry->value[0] & ~bits)
		return nxm_refuse(err, "nx_match: no such value");
	m->value.nw_tos |= entry->value[0];
	m->mask.nw_tos |= entry->mask[0] & bits;
	return 0;
}

/* two bytes that are one in the key, or one that is two */
static int nxm_set_byte(const struct nxm_entry *entry, struct cvsw_match *m,
			struct cvsw_of10_error *err)
{
	const struct nxm_field *field = entry->field;
	u8 two[2] = { 0, entry->value[0] };

	if (field->form == NXM_LONGER) {
		nxm_set(&m->value, two, 2, field->at);
		nxm_set(&m->mask, "\xff\xff", 2, field->at);
		return 0;
	}
	if (entry->value[0])
		return nxm_refuse(err, "nx_match: opcode above 255");
	nxm_set(&m->value, entry->value + 1, 1, field->at);
	nxm_set(&m->mask, "\xff", 1, field->at);
	return 0;
}

static int nxm_entry_set(const struct nxm_entry *entry, struct nxm_in *in,
			 struct cvsw_of10_error *err)
{
	const struct nxm_field *field = entry->field;
	u16 value, mask;

	switch (field->form) {
	case NXM_HOST16:
		value = get_unaligned_be16(entry->value);
		mask = get_unaligned_be16(entry->mask);
		nxm_set(&in->match->value, &value, 2, field->at);
		nxm_set(&in->match->mask, &mask, 2, field->at);
		return 0;
	case NXM_LOWER:
	case NXM_LONGER:
		return nxm_set_byte(entry, in->match, err);
	case NXM_DSCP:
		return nxm_set_tos(entry, CVSW_TOS_DSCP_MASK, in->match, err);
	case NXM_FRAG:
		return nxm_set_tos(entry, CVSW_FRAG_MASK, in->match, err);
	case NXM_COOKIE:
		*in->cookie = get_unaligned_be64(entry->value);
		*in->cookie_mask = get_unaligned_be64(entry->mask);
		return 0;
	default:
		nxm_set(&in->match->value, entry->value, nxm_width(field),
			field->at);
		nxm_set(&in->match->mask, entry->mask, nxm_width(field),
			field->at);
		return 0;
	}
}

static int nxm_add(const struct nxm_entry *entry, struct nxm_in *in,
		   struct cvsw_of10_error *err)
{
	int ret = nxm_entry_check(entry, in, err);

	if (ret || nxm_all(entry->mask, nxm_width(entry->field), 0))
		return ret;		/* wrong, or nothing is asked for */
	in->seen |= 1u << (entry->field - nxm_fields);
	return nxm_entry_set(entry, in, err);
}

int cvsw_of10_nxm_get(const void *list, u32 len, struct cvsw_match *match,
		      u64 *cookie, u64 *cookie_mask,
		      struct cvsw_of10_error *err)
{
	struct nxm_in in = { match, cookie, cookie_mask, 0 };
	struct nxm_entry entry;
	struct cvsw_error fault;
	const u8 *at = list;
	int one, ret;

	memset(match, 0, sizeof(*match));
	*cookie = *cookie_mask = 0;
	for (; len; at += one, len -= (u32)one) {
		one = nxm_entry_get(at, len, &entry, err);
		if (one < 0)
			return one;
		ret = nxm_add(&entry, &in, err);
		if (ret)
			return ret;
	}
	if (cvsw_match_check(match, &fault))
		return nxm_refuse(err, fault.text);
	cvsw_match_normalize(match);
	return 0;
}

/* Write */

/* a byte of which these bits are the field */
static bool nxm_read_bits(struct nxm_entry *entry, u8 value, u8 mask, u8 bits)
{
	entry->value[0] = value & bits;
	entry->mask[0] = mask & bits;
	if (entry->mask[0] == bits)
		entry->mask[0] = 0xff;
	return true;
}

/* what of a key is the field; false: it has a form only for a part of it */
static bool nxm_entry_read(const struct cvsw_match *m, struct nxm_entry *entry)
{
	const struct nxm_field *field = entry->field;
	const u8 *value = (const u8 *)&m->value + field->at;
	const u8 *mask = (const u8 *)&m->mask + field->at;
	u16 number[2];

	switch (field->form) {
	case NXM_HOST16:
		memcpy(&number[0], value, 2);
		memcpy(&number[1], mask, 2);
		put_unaligned_be16(number[0], entry->value);
		put_unaligned_be16(number[1], entry->mask);
		return true;
	case NXM_LOWER:
		put_unaligned_be16(value[0], entry->value);
		memset(entry->mask, mask[0], 2);
		return true;
	case NXM_LONGER:
		entry->value[0] = value[1];
		entry->mask[0] = mask[1];
		return !value[0] && mask[0] == mask[1];
	case NXM_DSCP:
		return nxm_read_bits(entry, value[0], mask[0],
				     CVSW_TOS_DSCP_MASK);
	case NXM_FRAG:
		return nxm_read_bits(entry, value[0], mask[0], CVSW_FRAG_MASK);
	default:
		memcpy(entry->value, value, nxm_width(field));
		memcpy(entry->mask, mask, nxm_width(field));
		return true;
	}
}

/* write the entry at @at, which is up to NXM_ENTRY_MAX bytes; returns how many */
#define NXM_ENTRY_MAX	(4 + 2 * NXM_VALUE_MAX)

static u32 nxm_entry_put(const struct nxm_entry *entry, u8 *at)
{
	u32 n = nxm_width(entry->field), head = entry->field->head;
	bool masked = !nxm_all(entry->mask, n, 0xff);

	if (masked)
		head += n | CVSW_OFP_NXM_MASKED;
	put_unaligned_be32(head, at);
	memcpy(at + 4, entry->value, n);
	if (masked)
		memcpy(at + 4 + n, entry->mask, n);
	return 4 + (masked ? 2 * n : n);
}

/* the field of the match; returns its bytes, 0 if it is not asked for */
static u32 nxm_field_put(const struct nxm_field *field,
			 const struct cvsw_match *match, u8 *at, bool *whole)
{
	struct nxm_entry entry;
	u32 n = nxm_width(field);
	bool reads;

	entry.field = field;
	reads = nxm_entry_read(match, &entry);
	if (reads && nxm_all(entry.mask, n, 0))
		return 0;
	if (reads && (field->masks || nxm_all(entry.mask, n, 0xff)))
		return nxm_entry_put(&entry, at);
	if (whole)
		*whole = false;
	return 0;
}

/* may there be something of it in the match, which asks for @asked? */
static bool nxm_is_there(const struct nxm_field *field,
			 const struct cvsw_match *match, u32 asked)
{
	const u8 *mask = (const u8 *)&match->mask + field->at;
	u32 n = field->form == NXM_LOWER ? 1 : field->form == NXM_LONGER ? 2 :
		nxm_width(field);

	return asked >> field->need & 1 && field->form != NXM_COOKIE &&
	       !nxm_all(mask, n, 0);
}

int cvsw_of10_nxm_put(const struct cvsw_match *match, void *buf, u32 room,
		      bool *whole)
{
	const struct nxm_field *field = nxm_fields;
	u32 asked = nxm_asked(match), len = 0, one, pad;
	u8 wire[NXM_ENTRY_MAX];

	for (; field < nxm_fields + ARRAY_SIZE(nxm_fields); field++) {
		if (!nxm_is_there(field, match, asked))
			continue;
		one = nxm_field_put(field, match, wire, whole);
		if (one > room - len)
			return -EMSGSIZE;
		memcpy((u8 *)buf + len, wire, one);
		len += one;
	}
	pad = -len % CVSW_OFP_NXM_ALIGN;
	if (pad > room - len)
		return -EMSGSIZE;
	memset((u8 *)buf + len, 0, pad);
	return (int)len;
}

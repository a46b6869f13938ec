/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NLA_H
#define CVSW_NLA_H

/*
 * The kernel's netlink attribute names, as far as nl_*.c use them; kmod/nla.h
 * is the other body.  All are inline, since libnl exports functions of the same
 * names and a flow is made of some thirty attributes, or macros for a cvsw_nla_
 * function in nla.c.  Messages around them are libmnl's.
 *
 * A struct sk_buff is here what it is to netlink code: a message under
 * construction, in a buffer of fixed size.
 */

#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include "os.h"

struct sk_buff {
	struct nlmsghdr	*nlh;
	size_t		size;	/* of the buffer at @nlh */
};

/**
 * struct netlink_ext_ack - why a request was refused
 * @_msg:       static text
 * @bad_attr:   attribute of the request at fault
 * @cookie:     data for NLMSGERR_ATTR_COOKIE
 * @cookie_len: bytes of it
 */
struct netlink_ext_ack {
	const char		*_msg;
	const struct nlattr	*bad_attr;
	u8			cookie[20];
	u8			cookie_len;
};

#define NL_SET_BAD_ATTR(extack, attr)					\
	do {								\
		if (extack)						\
			(extack)->bad_attr = (attr);			\
	} while (0)

/* Policy */

enum {
	NLA_UNSPEC,
	NLA_U8,
	NLA_U16,
	NLA_U32,
	NLA_U64,
	NLA_FLAG,
	NLA_NUL_STRING,		/* at most .len characters */
	NLA_BINARY,		/* at most .len bytes */
	NLA_EXACT,		/* .len bytes; only by NLA_POLICY_EXACT_LEN() */
	NLA_NESTED,
};

enum {
	NLA_VALIDATE_NONE,
	NLA_VALIDATE_RANGE,
	NLA_VALIDATE_MASK,
};

/** struct nla_policy - what one attribute may hold; unset: it is unknown */
struct nla_policy {
	u8	type;
	u8	validation_type;
	u16	len;		/* NLA_NESTED: highest type in the nest */
	union {
		const struct nla_policy *nested_policy;
		struct {
			s16 min, max;
		};
		u32 mask;
	};
};

#define NLA_POLICY_EXACT_LEN(n)		{ .type = NLA_EXACT, .len = (n) }
#define NLA_POLICY_NESTED(policy)					\
	{ .type = NLA_NESTED, .len = ARRAY_SIZE(policy) - 1,		\
	  .nested_policy = (policy) }
#define NLA_POLICY_RANGE(t, lo, hi)					\
	{ .type = (t), .validation_type = NLA_VALIDATE_RANGE,		\
	  .min = (lo), .max = (hi) }
#define NLA_POLICY_MAX(t, hi)		NLA_POLICY_RANGE(t, 0, hi)
#define NLA_POLICY_MASK(t, m)						\
	{ .type = (t), .validation_type = NLA_VALIDATE_MASK, .mask = (m) }

/* Parsing */

/**
 * cvsw_nla_parse - check attributes against a policy and index them by type
 * @tb:     @maxtype + 1 pointers, the last attribute of each type; may be NULL
 * @strict: unknown attributes are errors, otherwise skipped
 * Return: 0, or -EINVAL or -ERANGE with reason and attribute in @extack.
 *
 * Checks nests, too, to any depth that @policy has.  Without a policy it only
 * indexes attributes, which were checked as part of what they are in.
 */
int cvsw_nla_parse(struct nlattr **tb, int maxtype, const struct nlattr *head,
		   int len, const struct nla_policy *policy, bool strict,
		   struct netlink_ext_ack *extack);

#define nla_parse(tb, max, head, len, policy, extack)			\
	cvsw_nla_parse(tb, max, head, len, policy, true, extack)
#define nla_parse_nested_deprecated(tb, max, nla, policy, extack)	\
	cvsw_nla_parse(tb, max, (nla) + 1, nla_len(nla), policy, false, extack)

/* @len up to where the next attribute may begin */
static inline u32 nla_aligned(u32 len)
{
	return (len + 3) & ~3u;
}

static inline int nla_type(const struct nlattr *nla)
{
	return nla->nla_type & NLA_TYPE_MASK;
}

static inline int nla_len(const struct nlattr *nla)
{
	return nla->nla_len - (int)sizeof(*nla);
}

static inline void *nla_data(const struct nlattr *nla)
{
	return (u8 *)nla + sizeof(*nla);
}

static inline int nla_ok(const struct nlattr *nla, int remaining)
{
	return remaining >= (int)sizeof(*nla) &&
	       nla->nla_len >= sizeof(*nla) && nla->nla_len <= remaining;
}

static inline struct nlattr *nla_next(const struct nlattr *nla, int *remaining)
{
	const int total = (int)nla_aligned(nla->nla_len);

	*remaining -= total;
	return (struct nlattr *)((u8 *)nla + total);
}

#define nla_for_each_attr(pos, head, len, rem)				\
	for (pos = (head), rem = (len); nla_ok(pos, rem);		\
	     pos = nla_next(pos, &(rem)))
#define nla_for_each_nested(pos, nla, rem)				\
	nla_for_each_attr(pos, (const struct nlattr *)nla_data(nla),	\
			  nla_len(nla), rem)

#define __CVSW_NLA_GET(name, type)					\
static inline type nla_get_##name(const struct nlattr *nla)		\
{									\
	type v;								\
									\
	memcpy(&v, nla_data(nla), sizeof(v));				\
	return v;							\
}
__CVSW_NLA_GET(u8, u8)
__CVSW_NLA_GET(u16, u16)
__CVSW_NLA_GET(u32, u32)
__CVSW_NLA_GET(u64, u64)
__CVSW_NLA_GET(be64, __be64)
#undef __CVSW_NLA_GET

/* copies at most @count bytes, zeroes the rest */
static inline int nla_memcpy(void *dest, const struct nlattr *nla, int count)
{
	int n = min(count, nla_len(nla));

	memcpy(dest, nla_data(nla), (size_t)n);
	memset((u8 *)dest + n, 0, (size_t)(count - n));
	return n;
}

ssize_t cvsw_nla_strscpy(char *dst, const struct nlattr *nla, size_t size);
#define nla_strscpy(dst, nla, size)	cvsw_nla_strscpy(dst, nla, size)

/* Building: 0 or -EMSGSIZE */

static inline void *nlmsg_get_pos(struct sk_buff *skb)
{
	return (u8 *)skb->nlh + nla_aligned(skb->nlh->nlmsg_len);
}

/* room for an attribute behind what there is, whose header is written */
static inline struct nlattr *nla_reserve(struct sk_buff *skb, int type,
					 int len)
{
	struct nlattr *nla = nlmsg_get_pos(skb);
	const u32 used = (u32)sizeof(*nla) + (u32)len;
	const u32 total = nla_aligned(used);

	if (len < 0 || used > 0xffff ||
	    total > skb->size - skb->nlh->nlmsg_len)
		return NULL;
	nla->nla_type = (u16)type;
	nla->nla_len = (u16)used;
	memset((u8 *)nla + used, 0, total - used);
	skb->nlh->nlmsg_len += total;
	return nla;
}

static inline int nla_put(struct sk_buff *skb, int type, int len,
			  const void *data)
{
	struct nlattr *nla = nla_reserve(skb, type, len);

	if (!nla)
		return -EMSGSIZE;
	if (len)
		memcpy(nla_data(nla), data, (size_t)len);
	return 0;
}

static inline int nla_put_u8(struct sk_buff *skb, int type, u8 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}

static inline int nla_put_u16(struct sk_buff *skb, int type, u16 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}

static inline int nla_put_u32(struct sk_buff *skb, int type, u32 v)
{
	return nla_put(skb, type, sizeof(v), &v);
}

/* here no attribute needs padding */
static inline int nla_put_u64_64bit(struct sk_buff *skb, int type, u64 v,
				    int padattr)
{
	(void)padattr;
	return nla_put(skb, type, sizeof(v), &v);
}

static inline int nla_put_be64(struct sk_buff *skb, int type, __be64 v,
			       int padattr)
{
	(void)padattr;
	return nla_put(skb, type, sizeof(v), &v);
}

static inline int nla_put_flag(struct sk_buff *skb, int type)
{
	return nla_put(skb, type, 0, NULL);
}

static inline int nla_put_string(struct sk_buff *skb, int type, const char *s)
{
	return nla_put(skb, type, (int)strlen(s) + 1, s);
}

static inline struct nlattr *nla_nest_start(struct sk_buff *skb, int type)
{
	return nla_reserve(skb, type | NLA_F_NESTED, 0);
}

static inline int nla_nest_end(struct sk_buff *skb, struct nlattr *start)
{
	start->nla_len = (u16)((u8 *)nlmsg_get_pos(skb) - (u8 *)start);
	return (int)skb->nlh->nlmsg_len;
}

/* back to where nlmsg_get_pos() was */
static inline void nlmsg_trim(struct sk_buff *skb, const void *mark)
{
	skb->nlh->nlmsg_len = (u32)((const u8 *)mark - (u8 *)skb->nlh);
}

static inline void nla_nest_cancel(struct sk_buff *skb, struct nlattr *start)
{
	nlmsg_trim(skb, start);
}

#endif /* CVSW_NLA_H */

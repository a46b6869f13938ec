/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NLA_H
#define CVSW_NLA_H

/*
 * The kernel's netlink attribute names over libmnl, as far as nl_*.c use
 * them; kmod/nla.h is the other body.  All are inline, since libnl exports
 * functions of the same names, or macros for a cvsw_nla_ function in nla.c.
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
 * Checks nests, too, to any depth that @policy has.
 */
int cvsw_nla_parse(struct nlattr **tb, int maxtype, const struct nlattr *head,
		   int len, const struct nla_policy *policy, bool strict,
		   struct netlink_ext_ack *extack);

#define nla_parse(tb, max, head, len, policy, extack)			\
	cvsw_nla_parse(tb, max, head, len, policy, true, extack)
#define nla_parse_nested_deprecated(tb, max, nla, policy, extack)	\
	cvsw_nla_parse(tb, max, (nla) + 1, nla_len(nla), policy, false, extack)

static inline int nla_type(const struct nlattr *nla)
{
	return mnl_attr_get_type(nla);
}

static inline int nla_len(const struct nlattr *nla)
{
	return mnl_attr_get_payload_len(nla);
}

static inline void *nla_data(const struct nlattr *nla)
{
	return mnl_attr_get_payload(nla);
}

static inline int nla_ok(const struct nlattr *nla, int remaining)
{
	return mnl_attr_ok(nla, remaining);
}

static inline struct nlattr *nla_next(const struct nlattr *nla, int *remaining)
{
	*remaining -= (int)MNL_ALIGN(nla->nla_len);
	return mnl_attr_next(nla);
}

#define nla_for_each_attr(pos, head, len, rem)				\
	for (pos = (head), rem = (len); nla_ok(pos, rem);		\
	     pos = nla_next(pos, &(rem)))
#define nla_for_each_nested(pos, nla, rem)				\
	nla_for_each_attr(pos, (const struct nlattr *)nla_data(nla),	\
			  nla_len(nla), rem)

static inline u8 nla_get_u8(const struct nlattr *nla)
{
	return mnl_attr_get_u8(nla);
}

static inline u16 nla_get_u16(const struct nlattr *nla)
{
	return mnl_attr_get_u16(nla);
}

static inline u32 nla_get_u32(const struct nlattr *nla)
{
	return mnl_attr_get_u32(nla);
}

static inline u64 nla_get_u64(const struct nlattr *nla)
{
	return mnl_attr_get_u64(nla);
}

static inline __be64 nla_get_be64(const struct nlattr *nla)
{
	return (__force __be64)mnl_attr_get_u64(nla);
}

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

static inline int nla_put(struct sk_buff *skb, int type, int len,
			  const void *data)
{
	if (len < 0 || len > 0xffff - (int)sizeof(struct nlattr) ||
	    !mnl_attr_put_check(skb->nlh, skb->size, (u16)type, (size_t)len,
				data))
		return -EMSGSIZE;
	/* libmnl 1.0.4 leaves the padding as it was */
	if (len & 3)
		memset((u8 *)mnl_nlmsg_get_payload_tail(skb->nlh) -
		       (4 - (len & 3)), 0, (size_t)(4 - (len & 3)));
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
	return mnl_attr_nest_start_check(skb->nlh, skb->size, (u16)type);
}

static inline int nla_nest_end(struct sk_buff *skb, struct nlattr *start)
{
	mnl_attr_nest_end(skb->nlh, start);
	return (int)skb->nlh->nlmsg_len;
}

static inline void *nlmsg_get_pos(struct sk_buff *skb)
{
	return mnl_nlmsg_get_payload_tail(skb->nlh);
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

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Attribute validation as the kernel does it for a family without legacy:
 * every attribute known and of its exact length, nests marked as such, no
 * bytes after the last attribute.
 */

#include "nla.h"

static int nla_fail(struct netlink_ext_ack *extack, const struct nlattr *nla,
		    const char *text, int ret)
{
	NL_SET_BAD_ATTR(extack, nla);
	if (extack)
		extack->_msg = text;
	return ret;
}

static bool nla_len_ok(const struct nlattr *nla, const struct nla_policy *p)
{
	const char *s = nla_data(nla);
	int len = nla_len(nla);

	switch (p->type) {
	case NLA_U8:
		return len == sizeof(u8);
	case NLA_U16:
		return len == sizeof(u16);
	case NLA_U32:
		return len == sizeof(u32);
	case NLA_U64:
		return len == sizeof(u64);
	case NLA_FLAG:
		return len == 0;
	case NLA_NUL_STRING:
		return len > 0 && len <= p->len + 1 && !s[len - 1] &&
		       strlen(s) == (size_t)len - 1;
	case NLA_BINARY:
		return !p->len || len <= p->len;
	case NLA_EXACT:
		return len == p->len;
	default:
		return true;
	}
}

/* it is shown to people, whose terminals take some bytes for commands */
static bool nla_text_ok(const struct nlattr *nla, const struct nla_policy *p)
{
	const char *s = nla_data(nla);

	if (p->type != NLA_NUL_STRING)
		return true;
	for (; *s; s++)
		if ((u8)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

static u64 nla_number(const struct nlattr *nla, u8 type)
{
	switch (type) {
	case NLA_U8:
		return nla_get_u8(nla);
	case NLA_U16:
		return nla_get_u16(nla);
	case NLA_U32:
		return nla_get_u32(nla);
	default:
		return nla_get_u64(nla);
	}
}

static bool nla_value_ok(const struct nlattr *nla, const struct nla_policy *p)
{
	u64 v;

	if (p->validation_type == NLA_VALIDATE_NONE)
		return true;
	v = nla_number(nla, p->type);
	if (p->validation_type == NLA_VALIDATE_MASK)
		return !(v & ~(u64)p->mask);
	return v >= (u64)p->min && v <= (u64)p->max;
}

static int nla_check(const struct nlattr *nla, const struct nla_policy *p,
		     bool strict, struct netlink_ext_ack *extack)
{
	bool nested = nla->nla_type & NLA_F_NESTED;

	if (!nla_len_ok(nla, p))
		return nla_fail(extack, nla, "wrong length", -EINVAL);
	if (!nla_text_ok(nla, p))
		return nla_fail(extack, nla, "has a control character", -EINVAL);
	if (!nla_value_ok(nla, p))
		return nla_fail(extack, nla, "out of range", -ERANGE);
	if (nested != (p->type == NLA_NESTED))
		return nla_fail(extack, nla, nested ? "is not a nest" :
				"is a nest, NLA_F_NESTED is missing", -EINVAL);
	if (!nested)
		return 0;
	return cvsw_nla_parse(NULL, p->len, nla_data(nla), nla_len(nla),
			      p->nested_policy, strict, extack);
}

int cvsw_nla_parse(struct nlattr **tb, int maxtype, const struct nlattr *head,
		   int len, const struct nla_policy *policy, bool strict,
		   struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem, type, err;

	if (tb)
		memset(tb, 0, ((size_t)maxtype + 1) * sizeof(*tb));
	nla_for_each_attr(nla, head, len, rem) {
		type = nla_type(nla);
		if (!type || type > maxtype ||
		    (policy && policy[type].type == NLA_UNSPEC)) {
			if (strict)
				return nla_fail(extack, nla,
						"unknown attribute", -EINVAL);
			continue;
		}
		err = policy ? nla_check(nla, &policy[type], strict, extack) :
			       0;
		if (err)
			return err;
		if (tb)
			tb[type] = (struct nlattr *)nla;
	}
	if (rem > 0 && strict)
		return nla_fail(extack, NULL, "bytes left after attributes",
				-EINVAL);
	return 0;
}

ssize_t cvsw_nla_strscpy(char *dst, const struct nlattr *nla, size_t size)
{
	size_t n = strnlen(nla_data(nla), (size_t)nla_len(nla));

	if (!size)
		return -E2BIG;
	if (n < size) {
		memcpy(dst, nla_data(nla), n);
		memset(dst + n, 0, size - n);
		return (ssize_t)n;
	}
	memcpy(dst, nla_data(nla), size - 1);
	dst[size - 1] = 0;
	return -E2BIG;
}

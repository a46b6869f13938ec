// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Attributes that are members of structs as they are, by tables.
 */

#include "nl_codec.h"

int cvsw_nl_put_fields(struct sk_buff *skb, const struct cvsw_nl_field *field,
		       unsigned int n, u32 wanted, const void *from)
{
	const u8 *at;
	int err;

	for (; n; n--, field++) {
		if (!nl_wanted(wanted, field->attr))
			continue;
		at = (const u8 *)from + field->offset;
		err = field->len == sizeof(u64) ?
		      nl_put_u64(skb, field->attr, *(const u64 *)at) :
		      nla_put(skb, field->attr, field->len, at);
		if (err)
			return err;
	}
	return 0;
}

void cvsw_nl_get_fields(struct nlattr *const *tb,
			const struct cvsw_nl_field *field, unsigned int n,
			void *to)
{
	for (; n; n--, field++)
		if (tb[field->attr])
			nla_memcpy((u8 *)to + field->offset, tb[field->attr],
				   field->len);
}

u32 cvsw_nl_named(struct nlattr *const *tb, unsigned int max)
{
	u32 fields = 0;

	for (; max; max--)
		if (tb[max])
			fields |= 1U << max;
	return fields;
}

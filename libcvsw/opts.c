// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "opts.h"

#include "hdr.h"

/* bytes of an option's data */
static u32 opts_data_len(const struct cvsw_geneve_opt_hdr *opt)
{
	return (opt->len & CVSW_GENEVE_OPT_LEN_MASK) * 4u;
}

static bool opts_same_type(const struct cvsw_tunnel_opt *want,
			   const struct cvsw_geneve_opt_hdr *opt)
{
	return want->opt_class == opt->opt_class && want->type == opt->type;
}

static bool opts_agree(const struct cvsw_opt_match *want,
		       const struct cvsw_geneve_opt_hdr *opt)
{
	const u8 *data = (const u8 *)(opt + 1);
	u32 len = opts_data_len(opt), i;

	if (!opts_same_type(&want->value, opt) || want->value.len != len)
		return false;
	for (i = 0; i < len; i++)
		if ((data[i] & want->mask[i]) != want->value.data[i])
			return false;
	return true;
}

u64 cvsw_opts_read(const struct cvsw_opts *set, const u8 *opts, u32 len)
{
	const struct cvsw_geneve_opt_hdr *opt;
	unsigned int nr;
	u64 used, left, has = 0;
	u32 off;

	if (!set)
		return 0;
	used = READ_ONCE(set->used);
	for (off = 0; off < len; off += (u32)sizeof(*opt) + opts_data_len(opt)) {
		opt = (const void *)(opts + off);
		for (left = used & ~has; left; left &= left - 1) {
			nr = __ffs64(left);
			if (opts_agree(&set->match[nr], opt))
				has |= 1ULL << nr;
		}
	}
	return has;
}

/* does a flow ask for an option of this class and type? */
static bool opts_known(const struct cvsw_opts *set,
		       const struct cvsw_geneve_opt_hdr *opt)
{
	u64 left;

	for (left = set ? READ_ONCE(set->used) : 0; left; left &= left - 1)
		if (opts_same_type(&set->match[__ffs64(left)].value, opt))
			return true;
	return false;
}

enum cvsw_drop cvsw_opts_fault(const struct cvsw_opts *set, const u8 *opts,
			       u32 len, bool critical)
{
	const struct cvsw_geneve_opt_hdr *opt;
	bool any = false, unknown = false;
	u32 off, size;

	for (off = 0; off < len; off += size) {
		if (len - off < sizeof(*opt))
			return CVSW_DROP_TUNNEL_SHORT;
		opt = (const void *)(opts + off);
		size = sizeof(*opt) + opts_data_len(opt);
		if (len - off < size)
			return CVSW_DROP_TUNNEL_SHORT;
		if (!(opt->type & CVSW_TUNNEL_OPT_CRITICAL))
			continue;
		any = true;
		unknown |= !opts_known(set, opt);
	}
	if (any != critical)
		return CVSW_DROP_TUNNEL_FLAGS;
	return unknown ? CVSW_DROP_TUNNEL_OPT : CVSW_DROP_NONE;
}

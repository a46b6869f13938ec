// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "opts.h"

#include "hdr.h"

/* index of cvsw_opts.type */
static unsigned int opts_hash(__be16 class, u8 type)
{
	u32 h = ((__force u16)class ^ type * 0x101u) * 0x9e3779b1u;

	return h >> 26;
}

void cvsw_opts_put(struct cvsw_opts *set, unsigned int nr,
		   const struct cvsw_opt_match *match)
{
	const struct cvsw_tunnel_opt *opt = &match->value;
	u64 bit = 1ULL << nr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(set->type); i++)
		set->type[i] &= ~bit;
	for (i = 0; i < ARRAY_SIZE(set->size); i++)
		set->size[i] &= ~bit;
	set->match[nr] = *match;
	set->type[opts_hash(opt->opt_class, opt->type)] |= bit;
	set->size[opt->len / 4] |= bit;
	set->used |= bit;
}

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

/* @want has the length of @opt */
static bool opts_agree(const struct cvsw_opt_match *want,
		       const struct cvsw_geneve_opt_hdr *opt)
{
	const u8 *data = (const u8 *)(opt + 1);
	u32 len = opts_data_len(opt), i;

	if (!opts_same_type(&want->value, opt))
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
		left = used & ~has & set->type[opts_hash(opt->opt_class,
							 opt->type)] &
		       set->size[opt->len & CVSW_GENEVE_OPT_LEN_MASK];
		for (; left; left &= left - 1) {
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
	u64 left = 0;

	if (set)
		left = READ_ONCE(set->used) &
		       set->type[opts_hash(opt->opt_class, opt->type)];
	for (; left; left &= left - 1)
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

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Dimensions of pruning.  See cls_dim.h. */

#include "cls_dim.h"

#define DIM_BITS_MIN	6
#define DIM_BITS_MAX	15

#define DIM_PART(field, skip, n)					\
	{ offsetof(struct cvsw_key, field) + (skip), n }

/* Bytes of the key, each run inside one word */
static const struct {
	u8 offset;
	u8 len;
} dim_parts[CVSW_CLS_PARTS] = {
	DIM_PART(nw_dst, 0, 4),
	DIM_PART(nw_dst, 0, 3),
	DIM_PART(nw_dst, 0, 2),
	DIM_PART(nw_dst, 0, 1),
	DIM_PART(nw_src, 0, 4),
	DIM_PART(nw_src, 0, 3),
	DIM_PART(nw_src, 0, 2),
	DIM_PART(nw_src, 0, 1),
	DIM_PART(nw_dst, 0, 8),
	DIM_PART(nw_src, 0, 8),
	DIM_PART(nw_dst, 8, 8),
	DIM_PART(nw_src, 8, 8),
	DIM_PART(tp_dst, 0, 2),
	DIM_PART(tp_src, 0, 2),
	DIM_PART(dl_type, 0, 3),	/* and nw_proto */
	DIM_PART(dl_dst, 0, 6),
	DIM_PART(dl_src, 2, 4),
	DIM_PART(in_port, 0, 2),
};

u64 cvsw_cls_part(unsigned int part, u8 *word)
{
	unsigned int offset = dim_parts[part].offset;
	struct cvsw_key key = {};

	memset((u8 *)&key + offset, 0xff, dim_parts[part].len);
	*word = (u8)(offset / 8);
	return key.word[offset / 8];
}

int cvsw_cls_dim_init(struct cvsw_cls_dim *dim, unsigned int part, u32 words,
		      u32 count, const u64 *mul)
{
	int bits = fls64(count);

	bits = max(bits, DIM_BITS_MIN);
	bits = min(bits, DIM_BITS_MAX);
	dim->mask = cvsw_cls_part(part, &dim->word);
	dim->mul = mul[dim->word];
	dim->shift = (u8)(64 - bits);
	dim->words = (u16)words;
	dim->bytes = ((1UL << bits) + 1) * words * sizeof(u64);
	dim->wild = kvzalloc(dim->bytes, GFP_KERNEL);
	if (!dim->wild)
		return -ENOMEM;
	dim->set = dim->wild + words;
	return 0;
}

void cvsw_cls_dim_fini(struct cvsw_cls_dim *dim)
{
	kvfree(dim->wild);
}

u64 *cvsw_cls_dim_of(const struct cvsw_cls_dim *dim,
		     const struct cvsw_cls_mask *mask, const u64 *value)
{
	unsigned int i;
	u64 h;

	for (i = 0; i < mask->n && mask->idx[i] < dim->word; i++)
		;
	if (i == mask->n || mask->idx[i] != dim->word ||
	    dim->mask & ~mask->word[i])
		return dim->wild;
	h = (value[i] & dim->mask) * dim->mul;
	return &dim->set[(h >> dim->shift) * dim->words];
}

void cvsw_cls_dim_add(struct cvsw_cls_dim *dim, u32 sub,
		      const struct cvsw_cls_mask *mask, const u64 *value)
{
	u64 *set = cvsw_cls_dim_of(dim, mask, value) + sub / 64;
	u64 bit = 1ULL << sub % 64;

	if (!(*set & bit))
		WRITE_ONCE(*set, *set | bit);
}

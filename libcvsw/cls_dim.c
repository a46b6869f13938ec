// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Dimensions of pruning.  See cls_dim.h. */

#include "cls_dim.h"

#define DIM_SPREAD	4	/* bits that a rule may lack of a level */
#define DIM_BITS_MIN	4	/* log2 of the sets of a level */
#define DIM_BITS_MAX	15	/* ... of one word; fewer of more words */
#define DIM_RARE	256	/* a level is dropped that fewer than 1/256 use */

#define DIM_LEVEL(field, skip, bits)					\
	{ offsetof(struct cvsw_key, field) + (skip), bits }

/* The levels of each field, the finest first: where they start, and how many
 * bits from there.  None crosses a word of the key. */
static const struct dim_level {
	u8 offset;
	u8 bits;
} dim_levels[CVSW_CLS_FIELDS][CVSW_CLS_LEVELS] = {
	{ DIM_LEVEL(nw_dst, 8, 64), DIM_LEVEL(nw_dst, 0, 64),
	  DIM_LEVEL(nw_dst, 0, 32), DIM_LEVEL(nw_dst, 0, 24),
	  DIM_LEVEL(nw_dst, 0, 16), DIM_LEVEL(nw_dst, 0, 8) },
	{ DIM_LEVEL(nw_src, 8, 64), DIM_LEVEL(nw_src, 0, 64),
	  DIM_LEVEL(nw_src, 0, 32), DIM_LEVEL(nw_src, 0, 24),
	  DIM_LEVEL(nw_src, 0, 16), DIM_LEVEL(nw_src, 0, 8) },
	{ DIM_LEVEL(tp_dst, 0, 16), DIM_LEVEL(tp_dst, 0, 6),
	  DIM_LEVEL(tp_dst, 0, 1) },
	{ DIM_LEVEL(tp_src, 0, 16), DIM_LEVEL(tp_src, 0, 6),
	  DIM_LEVEL(tp_src, 0, 1) },
	{ DIM_LEVEL(dl_type, 0, 24), DIM_LEVEL(dl_type, 0, 16) },
	{ DIM_LEVEL(dl_dst, 0, 48) },
	{ DIM_LEVEL(dl_src, 2, 32) },
	{ DIM_LEVEL(in_port, 0, 16) },
	{ DIM_LEVEL(vlan_tci, 0, 16), },
};

void cvsw_cls_dim_init(struct cvsw_cls_dim *dim, unsigned int field,
		       const u64 *mul)
{
	u32 i, bit;

	memset(dim, 0, sizeof(*dim));
	for (i = 0; i < CVSW_CLS_LEVELS && dim_levels[field][i].bits; i++) {
		const struct dim_level *from = &dim_levels[field][i];
		struct cvsw_key key = {};
		u8 *bytes = (u8 *)&key + from->offset;

		for (bit = 0; bit < from->bits; bit++)
			bytes[bit / 8] |= (u8)(0x80 >> bit % 8);
		dim->level[i].word = from->offset / 8;
		dim->level[i].mask = key.word[from->offset / 8];
		dim->level[i].mul = mul[from->offset / 8];
	}
	dim->levels = i;
}

void cvsw_cls_dim_show(const struct cvsw_cls_dim *dim,
		       const struct cvsw_cls_mask *mask,
		       struct cvsw_cls_show *show)
{
	u32 i;

	for (i = 0; i < dim->levels; i++) {
		show->lack = dim->level[i].mask &
			     ~mask->key.word[dim->level[i].word];
		if (show->lack != dim->level[i].mask &&
		    hweight64(show->lack) <= DIM_SPREAD)
			break;
	}
	show->level = i;
	if (i == dim->levels)
		show->lack = 0;
}

/* Leave out levels that few rules need: those will show at a coarser one.
 * Returns how many sets there are to be */
static size_t dim_shape(struct cvsw_cls_dim *dim, const u32 *need, u32 rules)
{
	int most = max(DIM_BITS_MAX - fls64(dim->words - 1), DIM_BITS_MIN);
	size_t sets = 0;
	u32 i, n = 0, rest = 0;
	int bits;

	for (i = 0; i < dim->levels; i++) {
		if (need[i] + rest <= rules / DIM_RARE) {
			rest += need[i];
			continue;
		}
		bits = fls64(need[i] + rest) + 1;
		bits = max(bits, DIM_BITS_MIN);
		bits = min(bits, most);
		dim->level[n] = dim->level[i];
		dim->level[n++].shift = (u32)(64 - bits);
		sets += 1UL << bits;
		rest = 0;
	}
	dim->levels = n;
	return sets;
}

int cvsw_cls_dim_alloc(struct cvsw_cls_dim *dim, u32 words, const u32 *need,
		       u32 rules)
{
	size_t sets;
	u64 *set;
	u32 i;

	dim->words = words;
	sets = dim_shape(dim, need, rules);
	dim->bytes = (sets + 1) * words * sizeof(u64);
	dim->wild = kvzalloc(dim->bytes, GFP_KERNEL);
	if (!dim->wild)
		return -ENOMEM;
	set = dim->wild + words;
	for (i = 0; i < dim->levels; i++) {
		dim->level[i].set = set;
		set += words << (64 - dim->level[i].shift);
	}
	return 0;
}

void cvsw_cls_dim_fini(struct cvsw_cls_dim *dim)
{
	kvfree(dim->wild);
}

static void dim_set_bit(u64 *set, u32 sub)
{
	u64 bit = 1ULL << sub % 64;

	set += sub / 64;
	if (!(*set & bit))
		WRITE_ONCE(*set, *set | bit);
}

void cvsw_cls_dim_add(struct cvsw_cls_dim *dim, u32 sub,
		      const struct cvsw_cls_show *show,
		      const struct cvsw_key *value)
{
	const struct cvsw_cls_level *level = &dim->level[show->level];
	u64 more = 0, h;

	if (show->level == dim->levels) {
		dim_set_bit(dim->wild, sub);
		return;
	}
	do {	/* each value of the bits it lacks */
		h = ((value->word[level->word] & level->mask) | more) *
		    level->mul;
		dim_set_bit(&level->set[(h >> level->shift) * dim->words], sub);
		more = (more - show->lack) & show->lack;
	} while (more);
}

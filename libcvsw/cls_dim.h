/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CLS_DIM_H
#define CVSW_CLS_DIM_H

/*
 * Pruning: which subtables can hold a rule for a key, asked before any of
 * them is searched.
 *
 * A dimension is a field of the key, such as nw_dst, seen at a few levels,
 * such as its first 8, 16, 24 and 32 bits.  A level has a table, indexed by a
 * hash of those bits, of sets with one bit for each subtable.  A rule sets
 * its subtable's bit at the finest level that it fixes, where its value falls;
 * when it lacks a few bits of a finer one (a /20), there for each value of
 * them.  A rule that fixes none of the levels sets a bit among @wild.
 *
 * A key so reads one set at each level.  All sets of a dimension together
 * are the subtables with a rule that matches the key in this field; and what
 * is in all dimensions is worth a search.
 *
 * Bits are only ever set, until all dimensions are made anew.  A bit too many
 * costs a search, never an answer.  Part of the classifier; one writer, and
 * readers which see the bits of all rules that they see.
 */

#include "os.h"
#include <cvsw/flow.h>
#include "cls.h"
#include "cls_mask.h"

#define CVSW_CLS_LEVELS		6	/* at most, of a dimension */
#define CVSW_CLS_FIELDS		9	/* that could be dimensions */

/**
 * struct cvsw_cls_level - one table of a dimension
 * @mask:  bits of @word of the key
 * @mul:   odd multiplier of their hash
 * @word:  index of the word
 * @shift: of the hash, to leave an index
 * @set:   the sets
 */
struct cvsw_cls_level {
	u64	mask;
	u64	mul;
	u32	word;
	u32	shift;
	u64	*set;
};

/**
 * struct cvsw_cls_dim - one dimension
 * @words:  u64s of one set
 * @levels: entries of @level, the finest first
 * @bytes:  memory of the sets
 * @wild:   subtables with rules that fix no level
 * @level:  the levels, and one that stands for none
 */
struct cvsw_cls_dim {
	u32			words;
	u32			levels;
	size_t			bytes;
	u64			*wild;
	struct cvsw_cls_level	level[CVSW_CLS_LEVELS + 1];
};

/**
 * cvsw_cls_dim_init - the form of a dimension, all levels, without sets
 * @field: which one, below CVSW_CLS_FIELDS
 */
void cvsw_cls_dim_init(struct cvsw_cls_dim *dim, unsigned int field,
		       const u64 *mul);

/** cvsw_cls_dim_show - where rules with @mask show; a rule takes one set for
 * each value of the bits it lacks */
void cvsw_cls_dim_show(const struct cvsw_cls_dim *dim,
		       const struct cvsw_cls_mask *mask,
		       struct cvsw_cls_show *show);

/**
 * cvsw_cls_dim_alloc - make the sets
 * @words: u64s of each
 * @need:  sets that rules need, by level; a level that few need is dropped
 * @rules: how many they are
 * Return: 0 or -ENOMEM.
 */
int cvsw_cls_dim_alloc(struct cvsw_cls_dim *dim, u32 words, const u32 *need,
		       u32 rules);
void cvsw_cls_dim_fini(struct cvsw_cls_dim *dim);

/**
 * cvsw_cls_dim_and - leave of @set the subtables that @dim allows for @key
 * @words: dim->words, a constant where it can be
 * @w:     first word of the sets
 * @n:     how many words; a constant, so that the loops unroll
 */
static __always_inline void cvsw_cls_dim_and(const struct cvsw_cls_dim *dim,
					     u32 words, u32 w, u32 n,
					     const struct cvsw_key *key,
					     u64 *set)
{
	u64 any[2] = {};
	u32 i, j;

	for (j = 0; j < n; j++)
		any[j] = READ_ONCE(dim->wild[w + j]);
	for (i = 0; i < dim->levels; i++) {
		const struct cvsw_cls_level *level = &dim->level[i];
		u64 h = (key->word[level->word] & level->mask) * level->mul;
		const u64 *at = &level->set[(h >> level->shift) * words + w];

		for (j = 0; j < n; j++)
			any[j] |= READ_ONCE(at[j]);
	}
	for (j = 0; j < n; j++)
		set[j] &= any[j];
}

/** cvsw_cls_dim_of - a set that has the bits of all subtables which hold
 * rules with this value, when they show as @show says */
static inline const u64 *cvsw_cls_dim_of(const struct cvsw_cls_dim *dim,
					 const struct cvsw_cls_show *show,
					 const struct cvsw_key *value)
{
	const struct cvsw_cls_level *level = &dim->level[show->level];
	u64 h;

	if (show->level == dim->levels)
		return dim->wild;
	h = (value->word[level->word] & level->mask) * level->mul;
	return &level->set[(h >> level->shift) * dim->words];
}

/** cvsw_cls_dim_add - @sub has a rule with this value now, to show like that */
void cvsw_cls_dim_add(struct cvsw_cls_dim *dim, u32 sub,
		      const struct cvsw_cls_show *show,
		      const struct cvsw_key *value);

#endif /* CVSW_CLS_DIM_H */

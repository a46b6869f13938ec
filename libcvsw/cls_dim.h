/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CLS_DIM_H
#define CVSW_CLS_DIM_H

/*
 * Pruning: which subtables can hold a rule for a key, asked before any of
 * them is searched.
 *
 * A dimension is a part of the key, such as the first 16 bits of nw_dst.  It
 * has a small table, indexed by a hash of that part, of bit sets with one bit
 * for each subtable.  A rule that fixes the whole part sets its subtable's
 * bit where its value falls; one that does not sets it among @wild.  A key
 * reads one set in each dimension; what is in all of them is worth a search.
 *
 * Bits are only ever set, until all dimensions are made anew.  A bit too many
 * costs a search, never an answer.  Part of the classifier; one writer, and
 * readers which see the bits of all rules that they see.
 */

#include "os.h"
#include <cvsw/flow.h>
#include "cls.h"
#include "cls_mask.h"

/**
 * struct cvsw_cls_dim - one dimension
 * @mask:  the part of @word of the key
 * @mul:   odd multiplier of its hash
 * @word:  index of the word
 * @shift: of the hash, to leave an index
 * @words: u64s of one set
 * @bytes: memory of the sets
 * @wild:  subtables with rules that do not fix the part
 * @set:   the sets, @wild not included
 */
struct cvsw_cls_dim {
	u64	mask;
	u64	mul;
	u8	word;
	u8	shift;
	u16	words;
	size_t	bytes;
	u64	*wild;
	u64	*set;
};

/** number of parts there are to choose from, and a part as a mask of its word */
#define CVSW_CLS_PARTS	18
u64 cvsw_cls_part(unsigned int part, u8 *word);

/**
 * cvsw_cls_dim_init - make a dimension
 * @part:  which part of the key, below CVSW_CLS_PARTS
 * @words: for how many subtables, in u64s
 * @count: rules it is for
 * @mul:   multipliers of the classifier
 * Return: 0 or -ENOMEM.
 */
int cvsw_cls_dim_init(struct cvsw_cls_dim *dim, unsigned int part, u32 words,
		      u32 count, const u64 *mul);
void cvsw_cls_dim_fini(struct cvsw_cls_dim *dim);

/** cvsw_cls_dim_at - the set where @key falls */
static inline u64 *cvsw_cls_dim_at(const struct cvsw_cls_dim *dim,
				   const struct cvsw_key *key)
{
	u64 h = (key->word[dim->word] & dim->mask) * dim->mul;

	return &dim->set[(h >> dim->shift) * dim->words];
}

/** cvsw_cls_dim_of - the set of rules with @mask and @value, maybe @wild */
u64 *cvsw_cls_dim_of(const struct cvsw_cls_dim *dim,
		     const struct cvsw_cls_mask *mask, const u64 *value);

/** cvsw_cls_dim_add - @sub has a rule with @mask and @value now */
void cvsw_cls_dim_add(struct cvsw_cls_dim *dim, u32 sub,
		      const struct cvsw_cls_mask *mask, const u64 *value);

#endif /* CVSW_CLS_DIM_H */

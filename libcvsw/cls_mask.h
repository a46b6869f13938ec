/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CLS_MASK_H
#define CVSW_CLS_MASK_H

/*
 * Masks of rules, each kept once.  A rule stores only those 32-bit parts of its
 * value that its mask uses, so that memory and compares cost what the rule asks
 * for: an IPv4 five-tuple has four.
 *
 * The options that a rule asks for are in its mask too: they are few, and a rule
 * that asks for none pays nothing for them.
 * Part of the classifier: the writer's, but for cvsw_cls_mask_hits().
 */

#include "os.h"
#include <cvsw/flow.h>

#define CVSW_CLS_KEY_PARTS	16	/* 32-bit parts of a key */
#define CVSW_CLS_DIMS		6	/* dimensions of a view, at most */
#define CVSW_CLS_FITS		6	/* subtables that a mask remembers */

/**
 * struct cvsw_cls_show - how rules with a mask show in a dimension (cls_dim.c)
 * @lack:  bits of the level that they lack
 * @level: index of the level; that of no level when they show among @wild
 */
struct cvsw_cls_show {
	u64	lack;
	u32	level;
};

/**
 * struct cvsw_cls_mask - one mask
 * @opts:   options that a frame must have
 * @n:      parts in use
 * @idx:    which of the 32-bit parts of the key they are
 * @part:   their bits
 * @refs:   rules that have it
 * @n_fits: entries of @fit
 * @gen:    state of the view that @fit was found in
 * @fit:    bits of the subtables that can take its rules, the finest first
 * @view:   birth of the view that @show is about
 * @show:   by dimension of that view
 * @key:    the mask of the key in full
 * @next:   in the hash chain
 */
struct cvsw_cls_mask {
	u64			opts;
	u8			n;
	u8			idx[CVSW_CLS_KEY_PARTS];
	u32			part[CVSW_CLS_KEY_PARTS];
	u32			refs;
	u32			n_fits;
	u64			gen;
	u32			fit[CVSW_CLS_FITS];
	u64			view;
	struct cvsw_cls_show	show[CVSW_CLS_DIMS];
	struct cvsw_key		key;
	struct cvsw_cls_mask	*next;
};

/**
 * struct cvsw_cls_masks - all masks of a classifier
 * @chain: hash table of @size chains
 * @count: masks in it
 */
struct cvsw_cls_masks {
	struct cvsw_cls_mask	**chain;
	u32			size;
	u32			count;
};

int cvsw_cls_masks_init(struct cvsw_cls_masks *masks);
void cvsw_cls_masks_fini(struct cvsw_cls_masks *masks);

/** cvsw_cls_mask_get - take a reference on a mask; NULL without memory */
struct cvsw_cls_mask *cvsw_cls_mask_get(struct cvsw_cls_masks *masks,
					const struct cvsw_key *mask, u64 opts);

/** cvsw_cls_mask_find - as cvsw_cls_mask_get(), without reference; NULL if none */
struct cvsw_cls_mask *cvsw_cls_mask_find(const struct cvsw_cls_masks *masks,
					 const struct cvsw_key *mask,
					 u64 opts);
void cvsw_cls_mask_put(struct cvsw_cls_masks *masks,
		       struct cvsw_cls_mask *mask);

/** cvsw_cls_mask_pack - the parts of @key that @mask uses */
static inline void cvsw_cls_mask_pack(const struct cvsw_cls_mask *mask,
				      const struct cvsw_key *key, u32 *value)
{
	const u32 *k = (const u32 *)key;
	unsigned int i;

	for (i = 0; i < mask->n; i++)
		value[i] = k[mask->idx[i]] & mask->part[i];
}

/** cvsw_cls_mask_unpack - @value as a key, 0 where @mask is */
static inline void cvsw_cls_mask_unpack(const struct cvsw_cls_mask *mask,
					const u32 *value, struct cvsw_key *key)
{
	u32 *k = (u32 *)key;
	unsigned int i;

	memset(key, 0, sizeof(*key));
	for (i = 0; i < mask->n; i++)
		k[mask->idx[i]] = value[i];
}

/** cvsw_cls_mask_hits - does @key have @value in the bits of @mask? */
static inline bool cvsw_cls_mask_hits(const struct cvsw_cls_mask *mask,
				      const u32 *value,
				      const struct cvsw_key *key)
{
	const u32 *k = (const u32 *)key;
	u32 diff = 0;
	unsigned int i;

	for (i = 0; i < mask->n; i++)
		diff |= (k[mask->idx[i]] & mask->part[i]) ^ value[i];
	return !diff;
}

/** cvsw_cls_mask_within - are all bits of @coarse in @mask? */
static inline bool cvsw_cls_mask_within(const struct cvsw_key *coarse,
					const struct cvsw_key *mask)
{
	u64 more = 0;
	unsigned int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		more |= coarse->word[i] & ~mask->word[i];
	return !more;
}

/** cvsw_cls_mask_bits - how many bits count */
u32 cvsw_cls_mask_bits(const struct cvsw_key *mask);

/**
 * cvsw_cls_mask_relax - a coarser mask, shared by many that are alike
 * @step: prefix lengths of addresses become multiples of it; the other
 *        fields stay when they are whole, and go when they are not
 */
void cvsw_cls_mask_relax(const struct cvsw_key *mask, unsigned int step,
			 struct cvsw_key *out);

#endif /* CVSW_CLS_MASK_H */

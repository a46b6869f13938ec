/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CLS_VIEW_H
#define CVSW_CLS_VIEW_H

/*
 * A view is what a reader of the classifier works with: the subtables and the
 * dimensions that prune them.  Rules come into a view and go from it in place;
 * when its layout no longer fits them, the writer builds another view of the
 * same rules beside it and swaps the two.  Part of the classifier.
 */

#include "os.h"
#include "cls.h"
#include "cls_dim.h"
#include "cls_mask.h"
#include "cls_sub.h"

/**
 * struct cvsw_cls_view - subtables and dimensions
 * @words:   u64s of a bit set with one bit for each subtable
 * @n_dims:  dimensions in use
 * @n_subs:  bits in use: subtables that hold rules, or once did
 * @dim:     the dimensions
 * @live:    set of subtables that hold rules
 * @bound:   by bit: no rule has a higher rank in this subtable and those of
 *           higher bits
 * @mul:     multipliers of all hashes
 * @birth:   tells views apart
 * @gen:     @birth, and one more with each new subtable; tells states apart
 * @retired: subtables that were replaced; next by their @next
 * @retired_bytes: their size
 * @bytes:   memory of the view itself
 * @next:    in the writer's list of retired views
 * @sub:     subtables, by bit
 */
struct cvsw_cls_view {
	u32			words;
	u32			n_dims;
	u32			n_subs;
	struct cvsw_cls_dim	dim[CVSW_CLS_DIMS];
	u64			*live;
	u64			*bound;
	const u64		*mul;
	u64			birth;
	u64			gen;
	struct cvsw_cls_sub	*retired;
	u64			retired_bytes;
	size_t			bytes;
	struct cvsw_cls_view	*next;
	struct cvsw_cls_sub __rcu *sub[];
};

/** cvsw_cls_view_sub - the subtable of bit @i; for the writer */
static inline struct cvsw_cls_sub *
cvsw_cls_view_sub(const struct cvsw_cls_view *view, u32 i)
{
	return rcu_dereference_protected(view->sub[i], true);
}

/** cvsw_cls_view_new - an empty view for up to 64 * @words subtables */
struct cvsw_cls_view *cvsw_cls_view_new(u32 words, const u64 *mul, u64 gen);

/** cvsw_cls_view_free - free a view that no reader uses, with its subtables */
void cvsw_cls_view_free(struct cvsw_cls_view *view);

/**
 * cvsw_cls_view_build - lay the rules of @old out anew
 * @masks: all their masks
 * Return: the new view, NULL without memory.
 */
struct cvsw_cls_view *cvsw_cls_view_build(const struct cvsw_cls_view *old,
					  const struct cvsw_cls_masks *masks);

/**
 * cvsw_cls_view_place - take in a group of rules
 * @rule:  its first
 * @value: the value of that in full
 * Return: 0, -ENOMEM, or -ENOSPC when it needs a subtable more than fit.
 */
int cvsw_cls_view_place(struct cvsw_cls_view *view, struct cvsw_cls_rule *rule,
			const struct cvsw_key *value);

/** struct cvsw_cls_spot - where in a view a group of rules is */
struct cvsw_cls_spot {
	u32				bit;
	struct cvsw_cls_sub		*sub;
	u64				hash;
	struct cvsw_cls_rule __rcu	**slot;
};

/** cvsw_cls_view_find - where the group of this match is; false if none */
bool cvsw_cls_view_find(const struct cvsw_cls_view *view,
			struct cvsw_cls_mask *mask, const struct cvsw_key *value,
			struct cvsw_cls_spot *spot);

/** cvsw_cls_view_raise - a rule of this rank is about to join the group at @spot */
void cvsw_cls_view_raise(struct cvsw_cls_view *view,
			 const struct cvsw_cls_spot *spot, u64 rank);

/** cvsw_cls_view_cut - give up the group at @spot */
void cvsw_cls_view_cut(struct cvsw_cls_view *view, struct cvsw_cls_spot *spot);

/** cvsw_cls_view_reclaim - free retired subtables, when no reader uses them */
void cvsw_cls_view_reclaim(struct cvsw_cls_view *view);

/** cvsw_cls_view_add_sub - a subtable more, with room for @count groups;
 * its bit, -ENOMEM or -ENOSPC */
int cvsw_cls_view_add_sub(struct cvsw_cls_view *view,
			  const struct cvsw_key *mask, u32 count);

/** cvsw_cls_view_groups - groups of rules in the view */
u32 cvsw_cls_view_groups(const struct cvsw_cls_view *view);

/* cls_plan.c */

/** cvsw_cls_plan - give an empty view the subtables that @masks call for */
int cvsw_cls_plan(struct cvsw_cls_view *view,
		  const struct cvsw_cls_masks *masks);

/** cvsw_cls_plan_dims - give a view with all its rules the dimensions that
 * prune it best */
int cvsw_cls_plan_dims(struct cvsw_cls_view *view);

#endif /* CVSW_CLS_VIEW_H */

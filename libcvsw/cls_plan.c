// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What a new view looks like: which masks its subtables have, and which parts
 * of the key prune them.  Only cost depends on it, no answer does.
 */

#include "cls_view.h"

#define PLAN_SUBS	120	/* leave some of 128 bits for what comes */
#define PLAN_SHARE	1024	/* a subtable for fewer of so many is not worth it */
#define PLAN_SAMPLES	64	/* keys to try dimensions with */
#define PLAN_DIM_GAIN	2	/* a dimension must spare so many quarters of a search */

/* A mask that a subtable could have, and how many rules it would be for */
struct plan_mask {
	struct cvsw_key	mask;
	u32		rules;
};

/* Count @rules rules for @mask; how many masks there are now */
static u32 plan_note(struct plan_mask *plan, u32 n, const struct cvsw_key *mask,
		     u32 rules)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (!memcmp(&plan[i].mask, mask, sizeof(*mask)))
			break;
	if (i == PLAN_SUBS)
		return n + 1;
	if (i == n) {
		plan[n].mask = *mask;
		plan[n++].rules = 0;
	}
	plan[i].rules += rules;
	return n;
}

/* All masks, relaxed; more than PLAN_SUBS when they are still too many */
static u32 plan_relax(struct plan_mask *plan, const struct cvsw_cls_masks *masks,
		      unsigned int step)
{
	const struct cvsw_cls_mask *m;
	struct cvsw_key coarse;
	u32 i, n = 0;

	for (i = 0; i < masks->size; i++) {
		for (m = masks->chain[i]; m; m = m->next) {
			cvsw_cls_mask_relax(&m->key, step, &coarse);
			n = plan_note(plan, n, &coarse, m->refs);
			if (n > PLAN_SUBS)
				return n;
		}
	}
	return n;
}

int cvsw_cls_plan(struct cvsw_cls_view *view, const struct cvsw_cls_masks *masks)
{
	struct plan_mask *plan;
	unsigned int step;
	u32 i, n = 0, rules = 0;
	int err = 0;

	plan = kvcalloc(PLAN_SUBS, sizeof(*plan), GFP_KERNEL);
	if (!plan)
		return -ENOMEM;
	for (step = 8; step <= 64; step *= 2) {
		n = plan_relax(plan, masks, step);
		if (n <= PLAN_SUBS)
			break;
	}
	n = min_t(u32, n, PLAN_SUBS);
	for (i = 0; i < n; i++)
		rules += plan[i].rules;
	for (i = 0; i < n && err >= 0; i++)
		if (plan[i].rules > rules / PLAN_SHARE)
			err = cvsw_cls_view_add_sub(view, &plan[i].mask,
						    plan[i].rules);
	kvfree(plan);
	return min(err, 0);
}

/* Dimensions on trial, and the keys to judge them by */
struct plan_trial {
	struct cvsw_cls_dim	dim[CVSW_CLS_FIELDS];
	u32			need[CVSW_CLS_FIELDS][CVSW_CLS_LEVELS + 1];
	struct cvsw_key		key[PLAN_SAMPLES];
	u32			keys;
	u32			groups;
};

/* A key that a rule is for, what the rule leaves open at random */
static void plan_key(const struct cvsw_cls_view *view,
		     const struct cvsw_cls_rule *rule, struct cvsw_key *key)
{
	u64 x = rule->rank ^ view->mul[0];
	unsigned int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++) {
		x = (x ^ x >> 29) * view->mul[i];
		key->word[i] = x ^ x >> 32;
	}
	for (i = 0; i < rule->mask->n; i++) {
		u32 *part = (u32 *)key + rule->mask->idx[i];

		*part = (*part & ~rule->mask->part[i]) | rule->value[i];
	}
}

/* Pass over all groups of rules */
static void plan_each(struct cvsw_cls_view *view, struct plan_trial *trial,
		      void (*fn)(struct cvsw_cls_view *view,
				 struct plan_trial *trial, u32 sub,
				 const struct cvsw_cls_rule *rule, u32 nth))
{
	unsigned int j;
	u32 i, b, nth = 0;

	for (i = 0; i < view->n_subs; i++) {
		const struct cvsw_cls_sub *sub = cvsw_cls_view_sub(view, i);

		for (b = 0; b <= sub->last; b++)
			for (j = 0; j < CVSW_CLS_SLOTS; j++)
				if (cvsw_cls_slot(&sub->bucket[b], j))
					fn(view, trial, i,
					   cvsw_cls_slot(&sub->bucket[b], j),
					   nth++);
	}
}

/* First pass: how many sets the levels need; and the sample keys */
static void plan_need(struct cvsw_cls_view *view, struct plan_trial *trial,
		      u32 sub, const struct cvsw_cls_rule *rule, u32 nth)
{
	struct cvsw_cls_show show;
	u32 d;

	(void)sub;
	for (d = 0; d < CVSW_CLS_FIELDS; d++) {
		cvsw_cls_dim_show(&trial->dim[d], rule->mask, &show);
		trial->need[d][show.level] += 1u << hweight64(show.lack);
	}
	if (nth % (trial->groups / PLAN_SAMPLES + 1) == 0 &&
	    trial->keys < PLAN_SAMPLES)
		plan_key(view, rule, &trial->key[trial->keys++]);
}

/* Second pass: set the bits */
static void plan_show(struct cvsw_cls_view *view, struct plan_trial *trial,
		      u32 sub, const struct cvsw_cls_rule *rule, u32 nth)
{
	struct cvsw_cls_show show;
	struct cvsw_key key;
	u32 d;

	(void)view;
	(void)nth;
	cvsw_cls_mask_unpack(rule->mask, rule->value, &key);
	for (d = 0; d < CVSW_CLS_FIELDS; d++) {
		if (!trial->dim[d].levels)
			continue;
		cvsw_cls_dim_show(&trial->dim[d], rule->mask, &show);
		cvsw_cls_dim_add(&trial->dim[d], sub, &show, &key);
	}
}

/* Searches that all sample keys take together, with the dimensions in use and @more */
static u32 plan_cost(const struct cvsw_cls_view *view,
		     const struct plan_trial *trial,
		     const struct cvsw_cls_dim *more)
{
	u32 d, k, w, n = 0;

	for (k = 0; k < trial->keys; k++) {
		for (w = 0; w < view->words; w++) {
			u64 set = view->live[w];

			if (more)
				cvsw_cls_dim_and(more, view->words, w, 1,
						 &trial->key[k], &set);
			for (d = 0; d < view->n_dims; d++)
				cvsw_cls_dim_and(&view->dim[d], view->words, w,
						 1, &trial->key[k], &set);
			n += hweight64(set);
		}
	}
	return n;
}

/* Take the dimensions that spare most, one after the other */
static void plan_choose(struct cvsw_cls_view *view, struct plan_trial *trial)
{
	u32 cost = plan_cost(view, trial, NULL);
	u32 d;

	while (view->n_dims < CVSW_CLS_DIMS) {
		u32 least = cost, best = 0;

		for (d = 0; d < CVSW_CLS_FIELDS; d++) {
			u32 with;

			if (!trial->dim[d].levels)
				continue;
			with = plan_cost(view, trial, &trial->dim[d]);
			if (with < least) {
				least = with;
				best = d;
			}
		}
		if ((cost - least) * 4 <= trial->keys * PLAN_DIM_GAIN)
			break;
		view->dim[view->n_dims++] = trial->dim[best];
		trial->dim[best].levels = 0;
		trial->dim[best].wild = NULL;
		cost = least;
	}
}

int cvsw_cls_plan_dims(struct cvsw_cls_view *view)
{
	struct plan_trial *trial;
	u32 d;
	int err = 0;

	trial = kvzalloc(sizeof(*trial), GFP_KERNEL);
	if (!trial)
		return -ENOMEM;
	trial->groups = cvsw_cls_view_groups(view);
	for (d = 0; d < CVSW_CLS_FIELDS; d++)
		cvsw_cls_dim_init(&trial->dim[d], d, view->mul);
	plan_each(view, trial, plan_need);
	for (d = 0; d < CVSW_CLS_FIELDS && !err; d++)
		err = cvsw_cls_dim_alloc(&trial->dim[d], view->words,
					 trial->need[d], trial->groups);
	if (!err) {
		plan_each(view, trial, plan_show);
		plan_choose(view, trial);
	}
	for (d = 0; d < CVSW_CLS_FIELDS; d++)
		cvsw_cls_dim_fini(&trial->dim[d]);
	kvfree(trial);
	return err;
}

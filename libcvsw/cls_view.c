// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Views: the writer's side.  See cls_view.h. */

#include "cls_view.h"

/* Groups that may meet in one place of a subtable before the next one goes to
 * a finer subtable.  From so many subtables on it is one more for every four,
 * so that masks which were made to collide cost by chains and subtables alike. */
#define VIEW_CHAIN_MAX	2
#define VIEW_SUBS_MANY	128

/* Subtables that a new view has room for beyond those it starts with */
#define VIEW_SPARE	4

struct cvsw_cls_view *cvsw_cls_view_new(u32 words, const u64 *mul, u64 gen)
{
	size_t subs = (size_t)words * 64;
	size_t bytes = sizeof(struct cvsw_cls_view) +
		       subs * (sizeof(struct cvsw_cls_sub *) + sizeof(u64)) +
		       words * sizeof(u64);
	struct cvsw_cls_view *view = kvzalloc(bytes, GFP_KERNEL);

	if (!view)
		return NULL;
	view->words = words;
	view->bound = (u64 *)&view->sub[subs];
	view->live = view->bound + subs;
	view->mul = mul;
	view->birth = gen;
	view->gen = gen;
	view->bytes = bytes;
	return view;
}

void cvsw_cls_view_reclaim(struct cvsw_cls_view *view)
{
	struct cvsw_cls_sub *sub;

	while ((sub = view->retired)) {
		view->retired = sub->next;
		cvsw_cls_sub_free(sub);
	}
	view->retired_bytes = 0;
}

void cvsw_cls_view_free(struct cvsw_cls_view *view)
{
	u32 i;

	cvsw_cls_view_reclaim(view);
	for (i = 0; i < view->n_subs; i++)
		cvsw_cls_sub_free(cvsw_cls_view_sub(view, i));
	for (i = 0; i < view->n_dims; i++)
		cvsw_cls_dim_fini(&view->dim[i]);
	kvfree(view);
}

u32 cvsw_cls_view_groups(const struct cvsw_cls_view *view)
{
	u32 i, n = 0;

	for (i = 0; i < view->n_subs; i++)
		n += cvsw_cls_view_sub(view, i)->count;
	return n;
}

/* Readers may be in @old: keep it until they are gone */
static void view_replace(struct cvsw_cls_view *view, u32 i,
			 struct cvsw_cls_sub *sub)
{
	struct cvsw_cls_sub *old = cvsw_cls_view_sub(view, i);

	rcu_assign_pointer(view->sub[i], sub);
	old->next = view->retired;
	view->retired = old;
	view->retired_bytes += old->bytes;
}

/* A subtable without rules whose bit can be given to another */
static u32 view_unused(const struct cvsw_cls_view *view)
{
	u32 i;

	for (i = 0; i < view->n_subs; i++)
		if (!cvsw_cls_view_sub(view, i)->count)
			break;
	return i;
}

int cvsw_cls_view_add_sub(struct cvsw_cls_view *view,
			  const struct cvsw_key *mask, u32 count)
{
	u32 i = view->n_subs;
	struct cvsw_cls_sub *sub;

	if (i == view->words * 64) {
		i = view_unused(view);
		if (i == view->n_subs)
			return -ENOSPC;
	}
	sub = cvsw_cls_sub_new(mask, count);
	if (!sub)
		return -ENOMEM;
	if (i == view->n_subs) {
		rcu_assign_pointer(view->sub[i], sub);
		view->n_subs++;
	} else {
		view_replace(view, i, sub);
	}
	view->gen++;
	return (int)i;
}

static bool view_has_sub(const struct cvsw_cls_view *view,
			 const struct cvsw_key *mask)
{
	u32 i;

	for (i = 0; i < view->n_subs; i++)
		if (!memcmp(&cvsw_cls_view_sub(view, i)->mask, mask,
			    sizeof(*mask)))
			return true;
	return false;
}

/* Is there room in @sub where a rule with this value would go? */
static bool view_room(const struct cvsw_cls_view *view,
		      const struct cvsw_cls_sub *sub,
		      const struct cvsw_key *value)
{
	u64 hash = cvsw_cls_sub_hash(sub, view->mul, value);

	u32 many = max_t(u32, view->n_subs, VIEW_SUBS_MANY) - VIEW_SUBS_MANY;

	return cvsw_cls_sub_chain(sub, hash) < VIEW_CHAIN_MAX + many / 4;
}

/* Note for @mask which subtables can take its rules, the finest first */
static void view_fit(const struct cvsw_cls_view *view,
		     struct cvsw_cls_mask *mask)
{
	u32 bits[CVSW_CLS_FITS];
	u32 i, j, n = 0;

	for (i = 0; i < view->n_subs; i++) {
		const struct cvsw_cls_sub *sub = cvsw_cls_view_sub(view, i);

		if (!cvsw_cls_mask_within(&sub->mask, &mask->key))
			continue;
		for (j = n; j && bits[j - 1] < sub->bits; j--) {
			if (j == CVSW_CLS_FITS)
				continue;
			bits[j] = bits[j - 1];
			mask->fit[j] = mask->fit[j - 1];
		}
		if (j == CVSW_CLS_FITS)
			continue;
		bits[j] = sub->bits;
		mask->fit[j] = i;
		n = min_t(u32, n + 1, CVSW_CLS_FITS);
	}
	mask->n_fits = n;
	mask->gen = view->gen;
}

/* How rules with @mask show in the dimensions of @view */
static const struct cvsw_cls_show *view_show(const struct cvsw_cls_view *view,
					     struct cvsw_cls_mask *mask)
{
	u32 d;

	if (mask->view == view->birth)
		return mask->show;
	for (d = 0; d < view->n_dims; d++)
		cvsw_cls_dim_show(&view->dim[d], mask, &mask->show[d]);
	mask->view = view->birth;
	return mask->show;
}

/* A new subtable for a rule with @mask: as coarse as there is none yet */
static int view_extend(struct cvsw_cls_view *view, const struct cvsw_key *mask)
{
	unsigned int step;
	struct cvsw_key m;
	u32 i;

	for (step = 16; step; step /= 2) {
		cvsw_cls_mask_relax(mask, step, &m);
		if (!view_has_sub(view, &m))
			return cvsw_cls_view_add_sub(view, &m, 0);
	}
	for (i = 0; i < view->n_subs; i++)
		if (!memcmp(&cvsw_cls_view_sub(view, i)->mask, mask,
			    sizeof(*mask)))
			return (int)i;
	return cvsw_cls_view_add_sub(view, mask, 0);
}

/* Which subtable is a rule with this mask and value to go to? */
static int view_target(struct cvsw_cls_view *view, struct cvsw_cls_mask *mask,
		       const struct cvsw_key *value)
{
	u32 i;

	if (mask->gen != view->gen)
		view_fit(view, mask);
	for (i = 0; i < mask->n_fits; i++)
		if (view_room(view, cvsw_cls_view_sub(view, mask->fit[i]),
			      value))
			return (int)mask->fit[i];
	return view_extend(view, &mask->key);
}

/* A rule of this rank comes into the subtable of @bit */
static void view_raise(struct cvsw_cls_view *view, u32 bit, u64 rank)
{
	u32 i;

	for (i = bit + 1; i && view->bound[i - 1] < rank; i--)
		WRITE_ONCE(view->bound[i - 1], rank);
}

void cvsw_cls_view_raise(struct cvsw_cls_view *view,
			 const struct cvsw_cls_spot *spot, u64 rank)
{
	view_raise(view, spot->bit, rank);
}

int cvsw_cls_view_place(struct cvsw_cls_view *view, struct cvsw_cls_rule *rule,
			const struct cvsw_key *value)
{
	const struct cvsw_cls_show *show;
	struct cvsw_cls_sub *sub;
	int i = view_target(view, rule->mask, value);
	u32 d;

	if (i < 0)
		return i;
	sub = cvsw_cls_view_sub(view, (u32)i);
	if (cvsw_cls_sub_crowded(sub)) {
		struct cvsw_cls_sub *more = cvsw_cls_sub_grown(sub, view->mul);

		if (!more && cvsw_cls_sub_full(sub))
			return -ENOMEM;
		if (more) {
			view_replace(view, (u32)i, more);
			sub = more;
		}
	}
	view_raise(view, (u32)i, rule->rank);
	show = view_show(view, rule->mask);
	for (d = 0; d < view->n_dims; d++)
		cvsw_cls_dim_add(&view->dim[d], (u32)i, &show[d], value);
	cvsw_cls_sub_put(sub, cvsw_cls_sub_hash(sub, view->mul, value), rule);
	WRITE_ONCE(view->live[i / 64], view->live[i / 64] | 1ULL << i % 64);
	return 0;
}

/* Subtables of the @w-th 64 that may hold rules with this mask and value */
static u64 view_holders(const struct cvsw_cls_view *view, u32 w,
			struct cvsw_cls_mask *mask,
			const struct cvsw_key *value)
{
	const struct cvsw_cls_show *show = view_show(view, mask);
	u64 set = view->live[w];
	u32 d;

	for (d = 0; d < view->n_dims; d++)
		set &= cvsw_cls_dim_of(&view->dim[d], &show[d], value)[w];
	return set;
}

bool cvsw_cls_view_find(const struct cvsw_cls_view *view,
			struct cvsw_cls_mask *mask, const struct cvsw_key *value,
			struct cvsw_cls_spot *spot)
{
	u32 w;

	for (w = 0; w < view->words; w++) {
		u64 set = view_holders(view, w, mask, value);

		for (; set; set &= set - 1) {
			struct cvsw_cls_sub *sub;

			spot->bit = w * 64 + __ffs64(set);
			sub = cvsw_cls_view_sub(view, spot->bit);
			if (!cvsw_cls_mask_within(&sub->mask, &mask->key))
				continue;
			spot->sub = sub;
			spot->hash = cvsw_cls_sub_hash(sub, view->mul, value);
			spot->slot = cvsw_cls_sub_find(sub, spot->hash, mask,
						       value);
			if (spot->slot)
				return true;
		}
	}
	return false;
}

void cvsw_cls_view_cut(struct cvsw_cls_view *view, struct cvsw_cls_spot *spot)
{
	u32 i = spot->bit;

	cvsw_cls_sub_cut(spot->sub, spot->hash, spot->slot);
	if (spot->sub->count)
		return;
	WRITE_ONCE(view->live[i / 64], view->live[i / 64] & ~(1ULL << i % 64));
}

/* All groups of @old, placed in @view */
static int view_fill(struct cvsw_cls_view *view,
		     const struct cvsw_cls_view *old)
{
	struct cvsw_key key;
	unsigned int j;
	u32 i, b;
	int err;

	for (i = 0; i < old->n_subs; i++) {
		const struct cvsw_cls_sub *sub = cvsw_cls_view_sub(old, i);

		for (b = 0; sub->count && b <= sub->last; b++) {
			for (j = 0; j < CVSW_CLS_SLOTS; j++) {
				struct cvsw_cls_rule *rule;

				rule = cvsw_cls_slot(&sub->bucket[b], j);
				if (!rule)
					continue;
				cvsw_cls_mask_unpack(rule->mask, rule->value,
						     &key);
				err = cvsw_cls_view_place(view, rule, &key);
				if (err)
					return err;
			}
		}
	}
	return 0;
}

/* The best rank in a subtable */
static u64 view_best(const struct cvsw_cls_sub *sub)
{
	const struct cvsw_cls_rule *rule;
	unsigned int j;
	u64 best = 0;
	u32 b;

	for (b = 0; sub->count && b <= sub->last; b++) {
		for (j = 0; j < CVSW_CLS_SLOTS; j++) {
			rule = cvsw_cls_slot(&sub->bucket[b], j);
			if (rule)
				best = max(best, rule->rank);
		}
	}
	return best;
}

/* Subtables with better rules first: a match there spares the others */
static void view_sort(struct cvsw_cls_view *view)
{
	u32 i, j;

	for (i = 0; i < view->n_subs; i++)
		view->bound[i] = view_best(cvsw_cls_view_sub(view, i));
	for (i = 1; i < view->n_subs; i++) {
		struct cvsw_cls_sub *sub = cvsw_cls_view_sub(view, i);
		u64 best = view->bound[i];

		for (j = i; j && view->bound[j - 1] < best; j--) {
			RCU_INIT_POINTER(view->sub[j],
					 cvsw_cls_view_sub(view, j - 1));
			view->bound[j] = view->bound[j - 1];
		}
		RCU_INIT_POINTER(view->sub[j], sub);
		view->bound[j] = best;
	}
	memset(view->live, 0, view->words * sizeof(u64));
	for (i = 0; i < view->n_subs; i++)
		if (cvsw_cls_view_sub(view, i)->count)
			view->live[i / 64] |= 1ULL << i % 64;
	view->gen++;
}

struct cvsw_cls_view *cvsw_cls_view_build(const struct cvsw_cls_view *old,
					  const struct cvsw_cls_masks *masks)
{
	u64 gen = old->gen + 1;
	struct cvsw_cls_view *view;
	u32 words;
	int err;

	for (words = 1;; words *= 2) {
		view = cvsw_cls_view_new(words, old->mul, gen);
		if (!view)
			return NULL;
		err = cvsw_cls_plan(view, masks);
		if (!err)
			err = view_fill(view, old);
		if (!err && view->n_subs + VIEW_SPARE > words * 64)
			err = -ENOSPC;
		if (!err) {
			view_sort(view);
			err = cvsw_cls_plan_dims(view);
			view->birth = view->gen++;
		}
		if (!err)
			break;
		gen = view->gen + 1;
		cvsw_cls_view_free(view);
		if (err != -ENOSPC)
			return NULL;
	}
	cvsw_cls_view_reclaim(view);
	return view;
}

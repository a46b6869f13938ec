// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The classifier over its views.  See cls.h. */

#include "cls.h"
#include "cls_mask.h"
#include "cls_sub.h"
#include "cls_view.h"

#define CLS_BUILD_MIN	32	/* groups of the first layout */
#define CLS_CUTS_MIN	1024	/* groups that may go before another */

/**
 * struct cvsw_cls - a classifier
 * @view:    what readers use
 * @mul:     odd multipliers of all hashes, secret
 * @masks:   masks of all rules
 * @retired: views that were replaced
 * @retired_bytes: their size
 * @groups:  groups of rules with the same match
 * @cuts:    groups that went since the view was built
 * @build_at: groups at which another one is due
 */
struct cvsw_cls {
	struct cvsw_cls_view __rcu	*view;
	u64				mul[CVSW_KEY_WORDS];
	struct cvsw_cls_masks		masks;
	struct cvsw_cls_view		*retired;
	u64				retired_bytes;
	u32				groups;
	u32				cuts;
	u32				build_at;
};

/* for the writer */
static struct cvsw_cls_view *cls_view(const struct cvsw_cls *cls)
{
	return rcu_dereference_protected(cls->view, true);
}

/* splitmix64 */
static u64 cls_random(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

struct cvsw_cls *cvsw_cls_new(u64 seed)
{
	struct cvsw_cls *cls = kzalloc(sizeof(*cls), GFP_KERNEL);
	unsigned int i;

	if (!cls)
		return NULL;
	for (i = 0; i < CVSW_KEY_WORDS; i++)
		cls->mul[i] = cls_random(&seed) | 1;
	cls->build_at = CLS_BUILD_MIN;
	if (cvsw_cls_masks_init(&cls->masks))
		goto free;
	RCU_INIT_POINTER(cls->view, cvsw_cls_view_new(1, cls->mul, 1));
	if (!cls_view(cls))
		goto masks;
	return cls;
masks:
	cvsw_cls_masks_fini(&cls->masks);
free:
	kfree(cls);
	return NULL;
}

void cvsw_cls_free(struct cvsw_cls *cls)
{
	if (!cls)
		return;
	cvsw_cls_reclaim(cls);
	cvsw_cls_view_free(cls_view(cls));
	cvsw_cls_masks_fini(&cls->masks);
	kfree(cls);
}

static size_t cls_view_bytes(const struct cvsw_cls_view *view)
{
	size_t bytes = view->bytes + view->retired_bytes;
	u32 i;

	for (i = 0; i < view->n_subs; i++)
		bytes += cvsw_cls_view_sub(view, i)->bytes;
	for (i = 0; i < view->n_dims; i++)
		bytes += view->dim[i].bytes;
	return bytes;
}

void cvsw_cls_reclaim(struct cvsw_cls *cls)
{
	struct cvsw_cls_view *view;

	while ((view = cls->retired)) {
		cls->retired = view->next;
		cvsw_cls_view_free(view);
	}
	cls->retired_bytes = 0;
	cvsw_cls_view_reclaim(cls_view(cls));
}

u64 cvsw_cls_retired(const struct cvsw_cls *cls)
{
	return cls->retired_bytes + cls_view(cls)->retired_bytes;
}

/* Lookup */

/* The first subtable of @set with the hash of @key there, and its bucket on the
 * way to the processor; NULL when the set is empty */
static __always_inline const struct cvsw_cls_sub *
cls_ahead(const struct cvsw_cls_view *view, u32 w, u64 set,
	  const struct cvsw_key *key, u64 *hash)
{
	const struct cvsw_cls_sub *sub;

	if (!set)
		return NULL;
	sub = rcu_dereference(view->sub[w + __ffs64(set)]);
	*hash = cvsw_cls_sub_hash(sub, view->mul, key);
	prefetch(cvsw_cls_sub_bucket(sub, *hash));
	return sub;
}

/* The best rule in the subtables of @n times 64 (1 or 2), from word @w of the
 * sets on, when better than @best */
static __always_inline struct cvsw_cls_rule *
cls_search(const struct cvsw_cls_view *view, u32 words, u32 w, u32 n,
	   const struct cvsw_cls_frame *frame, struct cvsw_cls_rule *best)
{
	const struct cvsw_key *key = frame->key;
	const struct cvsw_cls_sub *sub, *next;
	u64 set[2], hash = 0, next_hash = 0;
	u32 i;

	for (i = 0; i < n; i++)
		set[i] = READ_ONCE(view->live[w + i]);
	for (i = 0; i < view->n_dims; i++)
		cvsw_cls_dim_and(&view->dim[i], words, w, n, key, set);
	for (w *= 64; n--; w += 64, set[0] = set[1]) {
		sub = cls_ahead(view, w, set[0], key, &hash);
		for (; sub; sub = next, hash = next_hash) {
			i = w + __ffs64(set[0]);
			if (best && READ_ONCE(view->bound[i]) <= best->rank)
				return best;
			set[0] &= set[0] - 1;
			next = cls_ahead(view, w, set[0], key, &next_hash);
			best = cvsw_cls_sub_lookup(sub, hash, frame, best);
		}
	}
	return best;
}

struct cvsw_cls_rule *cvsw_cls_lookup(const struct cvsw_cls *cls,
				      const struct cvsw_key *key, u64 opts,
				      u64 version)
{
	const struct cvsw_cls_view *view = rcu_dereference(cls->view);
	const struct cvsw_cls_frame frame = { key, opts, version };
	struct cvsw_cls_rule *best = NULL;
	u32 w;

	if (view->words == 1)
		return cls_search(view, 1, 0, 1, &frame, NULL);
	if (view->words == 2)
		return cls_search(view, 2, 0, 2, &frame, NULL);
	for (w = 0; w < view->words; w += 2)
		best = cls_search(view, view->words, w, 2, &frame, best);
	return best;
}

/* Rules */

struct cvsw_cls_mask *cvsw_cls_mask_of(struct cvsw_cls *cls,
				       const struct cvsw_key *mask, u64 opts)
{
	return cvsw_cls_mask_get(&cls->masks, mask, opts);
}

void cvsw_cls_mask_drop(struct cvsw_cls *cls, struct cvsw_cls_mask *mask)
{
	cvsw_cls_mask_put(&cls->masks, mask);
}

void cvsw_cls_mask_hold(struct cvsw_cls_mask *mask)
{
	mask->refs++;
}

unsigned int cvsw_cls_mask_size(const struct cvsw_cls_mask *mask)
{
	return mask->n * (unsigned int)sizeof(u32);
}

u64 cvsw_cls_mask_opts(const struct cvsw_cls_mask *mask)
{
	return mask->opts;
}

void cvsw_cls_rule_init(struct cvsw_cls_rule *rule, struct cvsw_cls_mask *mask,
			const struct cvsw_match *match, u64 rank)
{
	rule->mask = mask;
	rule->rank = rank;
	rule->added = CVSW_VERSION_NEVER;
	rule->removed = CVSW_VERSION_NEVER;
	rule->next = NULL;
	cvsw_cls_mask_pack(mask, &match->value, rule->value);
}

void cvsw_cls_rule_match(const struct cvsw_cls_rule *rule,
			 struct cvsw_match *out)
{
	out->mask = rule->mask->key;
	cvsw_cls_mask_unpack(rule->mask, rule->value, &out->value);
}

/* Lay all rules out anew; without memory things stay as they are for a while */
static void cls_build(struct cvsw_cls *cls)
{
	struct cvsw_cls_view *old = cls_view(cls);
	struct cvsw_cls_view *view = cvsw_cls_view_build(old, &cls->masks);

	cls->cuts = 0;
	if (!view) {
		old->gen += 1ULL << 32;
		cls->build_at = cls->groups + cls->groups / 4 + CLS_BUILD_MIN;
		return;
	}
	cls->build_at = max_t(u32, cls->groups * 2, CLS_BUILD_MIN);
	old->next = cls->retired;
	cls->retired = old;
	cls->retired_bytes += cls_view_bytes(old);
	rcu_assign_pointer(cls->view, view);
}

/* Into a group: before the first that is not better */
static void cls_join(struct cvsw_cls_spot *spot, struct cvsw_cls_rule *rule)
{
	struct cvsw_cls_rule __rcu **at = spot->slot;
	struct cvsw_cls_rule *next;

	while ((next = rcu_dereference_protected(*at, true)) &&
	       next->rank > rule->rank)
		at = &next->next;
	RCU_INIT_POINTER(rule->next, next);
	rcu_assign_pointer(*at, rule);
}

int cvsw_cls_insert(struct cvsw_cls *cls, struct cvsw_cls_rule *rule,
		    bool alone)
{
	struct cvsw_cls_spot spot;
	struct cvsw_key key;
	int err;

	cvsw_cls_mask_unpack(rule->mask, rule->value, &key);
	if (!alone &&
	    cvsw_cls_view_find(cls_view(cls), rule->mask, &key, &spot)) {
		cvsw_cls_view_raise(cls_view(cls), &spot, rule->rank);
		cls_join(&spot, rule);
		return 0;
	}
	if (cls->groups >= cls->build_at)
		cls_build(cls);
	err = cvsw_cls_view_place(cls_view(cls), rule, &key);
	if (err == -ENOSPC) {
		cls_build(cls);
		err = cvsw_cls_view_place(cls_view(cls), rule, &key);
	}
	if (err)
		return -ENOMEM;
	cls->groups++;
	return 0;
}

void cvsw_cls_sweep(struct cvsw_cls *cls, struct cvsw_cls_rule *rule,
		    u64 version)
{
	struct cvsw_cls_rule __rcu **at;
	struct cvsw_cls_spot spot;
	struct cvsw_key key;

	if (!rule->removed)
		return;
	cvsw_cls_mask_unpack(rule->mask, rule->value, &key);
	if (!cvsw_cls_view_find(cls_view(cls), rule->mask, &key, &spot))
		return;
	at = spot.slot;
	while ((rule = rcu_dereference_protected(*at, true))) {
		if (rule->removed > version) {
			at = &rule->next;
			continue;
		}
		if (at == spot.slot && !cvsw_cls_after(rule)) {
			cvsw_cls_view_cut(cls_view(cls), &spot);
			cls->groups--;
			cls->cuts++;
		} else {
			rcu_assign_pointer(*at, cvsw_cls_after(rule));
		}
		WRITE_ONCE(rule->removed, 0);
	}
	if (cls->cuts > cls->groups * 2 + CLS_CUTS_MIN)
		cls_build(cls);
}

/* Finding rules by a match */

struct cvsw_cls_rule *cvsw_cls_first(const struct cvsw_cls *cls,
				     const struct cvsw_match *match, u64 opts)
{
	struct cvsw_cls_mask *mask = cvsw_cls_mask_find(&cls->masks,
							&match->mask, opts);
	struct cvsw_cls_spot spot;

	if (!mask || !cvsw_cls_view_find(cls_view(cls), mask, &match->value, &spot))
		return NULL;
	return rcu_dereference_protected(*spot.slot, true);
}

/* What cvsw_cls_each() looks for */
struct cls_query {
	const struct cvsw_match *match;
	bool (*fn)(void *arg, struct cvsw_cls_rule *rule);
	void *arg;
};

/* Hand over the groups in one bucket that agree with the query */
static bool cls_each_in(const struct cls_query *q,
			const struct cvsw_cls_bucket *b)
{
	const u32 *v = (const u32 *)&q->match->value;
	const u32 *m = (const u32 *)&q->match->mask;
	unsigned int i, j;

	for (j = 0; j < CVSW_CLS_SLOTS; j++) {
		struct cvsw_cls_rule *rule = cvsw_cls_slot(b, j), *next;
		u32 diff = 0;

		if (!rule)
			continue;
		for (i = 0; i < rule->mask->n; i++) {
			u32 at = rule->mask->idx[i];

			diff |= (rule->value[i] ^ v[at]) & rule->mask->part[i] &
				m[at];
		}
		for (; !diff && rule; rule = next) {
			next = cvsw_cls_after(rule);
			if (!q->fn(q->arg, rule))
				return false;
		}
	}
	return true;
}

static bool cls_each_sub(const struct cvsw_cls *cls,
			 const struct cvsw_cls_sub *sub,
			 const struct cls_query *q)
{
	const struct cvsw_cls_bucket *b;
	u32 i;

	if (!cvsw_cls_mask_within(&sub->mask, &q->match->mask)) {
		for (i = 0; i <= sub->last; i++)
			if (!cls_each_in(q, &sub->bucket[i]))
				return false;
		return true;
	}
	b = cvsw_cls_sub_bucket(sub, cvsw_cls_sub_hash(sub, cls->mul,
						       &q->match->value));
	for (i = 0; i <= sub->last; i++) {
		if (!cls_each_in(q, b))
			return false;
		if (!(b->tags >> 56))
			break;
		b = cvsw_cls_sub_after(sub, b);
	}
	return true;
}

bool cvsw_cls_each(const struct cvsw_cls *cls, const struct cvsw_match *match,
		   bool (*fn)(void *arg, struct cvsw_cls_rule *rule), void *arg)
{
	const struct cls_query q = { match, fn, arg };
	const struct cvsw_cls_view *view = cls_view(cls);
	u32 i;

	for (i = 0; i < view->n_subs; i++)
		if (cvsw_cls_view_sub(view, i)->count &&
		    !cls_each_sub(cls, cvsw_cls_view_sub(view, i), &q))
			return false;
	return true;
}

void cvsw_cls_count(const struct cvsw_cls *cls, struct cvsw_cls_counts *counts)
{
	const struct cvsw_cls_view *view = cls_view(cls);
	u32 i;

	counts->masks = cls->masks.count;
	counts->subtables = 0;
	for (i = 0; i < view->n_subs; i++)
		counts->subtables += cvsw_cls_view_sub(view, i)->count > 0;
	counts->memory = sizeof(*cls) + cls_view_bytes(view) +
			 cls->retired_bytes +
			 cls->masks.size * sizeof(*cls->masks.chain) +
			 cls->masks.count * sizeof(struct cvsw_cls_mask);
}

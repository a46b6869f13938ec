// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Subtables: the writer's side.  See cls_sub.h. */

#include "cls_sub.h"

#define SUB_ALIGN	64
#define SUB_ON		(1ULL << 56)	/* one rule that went on */
#define SUB_ON_MAX	(255ULL << 56)

struct cvsw_cls_sub *cvsw_cls_sub_new(const struct cvsw_key *mask, u32 count)
{
	size_t n = roundup_pow_of_two(max_t(u32, count / 4, 2));
	size_t head = sizeof(struct cvsw_cls_sub) + SUB_ALIGN;
	size_t bytes = head + n * sizeof(struct cvsw_cls_bucket);
	struct cvsw_cls_sub *sub = kvzalloc(bytes, GFP_KERNEL);
	unsigned long start;

	if (!sub)
		return NULL;
	start = ((unsigned long)sub + head) & ~(SUB_ALIGN - 1UL);
	sub->bucket = (struct cvsw_cls_bucket *)start;
	sub->last = (u32)n - 1;
	sub->shift = (u8)(65 - fls64(n));
	sub->mask = *mask;
	sub->bits = (u16)cvsw_cls_mask_bits(mask);
	sub->wide = mask->word[4] || mask->word[6] || mask->word[7];
	sub->bytes = bytes;
	return sub;
}

void cvsw_cls_sub_free(struct cvsw_cls_sub *sub)
{
	kvfree(sub);
}

struct cvsw_cls_sub *cvsw_cls_sub_grown(const struct cvsw_cls_sub *sub,
					const u64 *mul)
{
	struct cvsw_cls_sub *more;
	struct cvsw_key key;
	unsigned int j;
	u32 i;

	more = cvsw_cls_sub_new(&sub->mask, (sub->last + 1) * 8);
	if (!more)
		return NULL;
	for (i = 0; i <= sub->last; i++) {
		for (j = 0; j < CVSW_CLS_SLOTS; j++) {
			struct cvsw_cls_rule *rule;

			rule = cvsw_cls_slot(&sub->bucket[i], j);
			if (!rule)
				continue;
			cvsw_cls_mask_unpack(rule->mask, rule->value, &key);
			cvsw_cls_sub_put(more, cvsw_cls_sub_hash(more, mul, &key),
					 rule);
		}
	}
	return more;
}

struct cvsw_cls_rule *cvsw_cls_sub_search(const struct cvsw_cls_sub *sub,
					  const struct cvsw_cls_bucket *b,
					  u64 tags, u64 tag,
					  const struct cvsw_cls_frame *frame,
					  struct cvsw_cls_rule *best)
{
	const struct cvsw_cls_bucket *home = b;
	const struct cvsw_key *key = frame->key;
	u64 version = frame->version;
	u64 rank = best ? best->rank + 1 : 0;

	for (;;) {
		u64 hits = cvsw_cls_bucket_hits(tags, tag);

		for (; hits; hits &= hits - 1) {
			struct cvsw_cls_rule *rule;

			rule = rcu_dereference(b->slot[__ffs64(hits) / 8]);
			if (unlikely(!rule))
				continue;
			if (!(cvsw_cls_mask_hits(rule->mask, rule->value, key) &
			      (rule->rank >= rank)))
				continue;
			if (unlikely(rule->mask->opts & ~frame->opts))
				continue;
			while (rule && !cvsw_cls_rule_visible(rule, version))
				rule = rcu_dereference(rule->next);
			if (rule && rule->rank >= rank) {
				best = rule;
				rank = rule->rank + 1;
			}
		}
		if (likely(!(tags >> 56)))
			return best;
		b = cvsw_cls_sub_after(sub, b);
		if (b == home)
			return best;
		tags = smp_load_acquire(&b->tags);
	}
}

u32 cvsw_cls_sub_chain(const struct cvsw_cls_sub *sub, u64 hash)
{
	const struct cvsw_cls_bucket *home = cvsw_cls_sub_bucket(sub, hash);
	const struct cvsw_cls_bucket *b = home;
	u64 tag = cvsw_cls_sub_tag(sub, hash);
	u32 n = 0;

	do {
		n += hweight64(cvsw_cls_bucket_hits(b->tags, tag));
		if (!(b->tags >> 56))
			break;
		b = cvsw_cls_sub_after(sub, b);
	} while (b != home);
	return n;
}

struct cvsw_cls_rule __rcu **
cvsw_cls_sub_find(const struct cvsw_cls_sub *sub, u64 hash,
		  const struct cvsw_cls_mask *mask, const struct cvsw_key *value)
{
	struct cvsw_cls_bucket *home = cvsw_cls_sub_bucket(sub, hash);
	struct cvsw_cls_bucket *b = home;
	u64 tag = cvsw_cls_sub_tag(sub, hash);

	do {
		u64 hits = cvsw_cls_bucket_hits(b->tags, tag);

		for (; hits; hits &= hits - 1) {
			unsigned int i = __ffs64(hits) / 8;
			const struct cvsw_cls_rule *rule = cvsw_cls_slot(b, i);

			if (rule && rule->mask == mask &&
			    cvsw_cls_mask_hits(mask, rule->value, value))
				return &b->slot[i];
		}
		if (!(b->tags >> 56))
			break;
		b = cvsw_cls_sub_after(sub, b);
	} while (b != home);
	return NULL;
}

void cvsw_cls_sub_put(struct cvsw_cls_sub *sub, u64 hash,
		      struct cvsw_cls_rule *rule)
{
	struct cvsw_cls_bucket *b = cvsw_cls_sub_bucket(sub, hash);
	unsigned int i;

	for (;; b = cvsw_cls_sub_after(sub, b)) {
		for (i = 0; i < CVSW_CLS_SLOTS && b->slot[i]; i++)
			;
		if (i < CVSW_CLS_SLOTS)
			break;
		if (b->tags < SUB_ON_MAX)
			WRITE_ONCE(b->tags, b->tags + SUB_ON);
	}
	rcu_assign_pointer(b->slot[i], rule);
	smp_store_release(&b->tags,
			  b->tags | cvsw_cls_sub_tag(sub, hash) << 8 * i);
	sub->count++;
}

void cvsw_cls_sub_cut(struct cvsw_cls_sub *sub, u64 hash,
		      struct cvsw_cls_rule __rcu **slot)
{
	struct cvsw_cls_bucket *b = cvsw_cls_sub_bucket(sub, hash);
	unsigned int i;

	while (slot < b->slot || slot >= b->slot + CVSW_CLS_SLOTS) {
		if (b->tags < SUB_ON_MAX)
			WRITE_ONCE(b->tags, b->tags - SUB_ON);
		b = cvsw_cls_sub_after(sub, b);
	}
	i = (unsigned int)(slot - b->slot);
	smp_store_release(&b->tags, b->tags & ~(0xffULL << 8 * i));
	RCU_INIT_POINTER(*slot, NULL);
	sub->count--;
}

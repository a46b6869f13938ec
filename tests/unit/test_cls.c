// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The classifier against a list: rules of few and of very many masks, come and
 * gone at random, as it is rebuilt again and again; then its parts.
 */

#include "oracle.h"

#include <stdlib.h>

#include "cls.h"
#include "cls_dim.h"
#include "cls_mask.h"
#include "cls_sub.h"
#include "cls_view.h"

#define RULES	3000

/* A rule, its match in full, and the room behind it for the value */
struct item {
	struct cvsw_match	match;
	u64			opts;
	u64			rank;
	bool			in;
	union {
		struct cvsw_cls_rule	rule;
		u64			room[sizeof(struct cvsw_cls_rule) / 8 +
					     CVSW_KEY_WORDS];
	};
};

struct heap {
	struct cvsw_cls	*cls;
	struct item	*item;
	u64		version;
	u64		seed;
};

static void heap_init(struct heap *h)
{
	memset(h, 0, sizeof(*h));
	h->seed = test_seed();
	h->cls = cvsw_cls_new(h->seed);
	h->item = calloc(RULES, sizeof(*h->item));
	h->version = 2;
	assert_true(h->cls && h->item);
}

static void put_in(struct heap *h, u32 i)
{
	struct item *it = &h->item[i];
	struct cvsw_cls_mask *mask;

	mask = cvsw_cls_mask_of(h->cls, &it->match.mask, it->opts);
	assert_non_null(mask);
	assert_true(cvsw_cls_mask_opts(mask) == it->opts);
	it->rank = (u64)test_below(&h->seed, 50) << 48 | i;
	cvsw_cls_rule_init(&it->rule, mask, &it->match, it->rank);
	it->rule.added = h->version;
	assert_int_equal(cvsw_cls_insert(h->cls, &it->rule, false), 0);
	it->in = true;
}

static void take_out(struct heap *h, u32 i)
{
	struct item *it = &h->item[i];

	it->rule.removed = h->version;
	cvsw_cls_sweep(h->cls, &it->rule, h->version);
	assert_true(it->rule.removed == 0);
	cvsw_cls_mask_drop(h->cls, it->rule.mask);
	cvsw_cls_reclaim(h->cls);
	it->in = false;
}

static void heap_fini(struct heap *h)
{
	struct cvsw_cls_counts counts;
	u32 i;

	for (i = 0; i < RULES; i++)
		if (h->item[i].in)
			take_out(h, i);
	cvsw_cls_count(h->cls, &counts);
	assert_int_equal(counts.masks, 0);
	assert_int_equal(counts.subtables, 0);
	cvsw_cls_free(h->cls);
	free(h->item);
}

static bool hits(const struct cvsw_match *m, const struct cvsw_key *key)
{
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		if ((key->word[i] & m->mask.word[i]) != m->value.word[i])
			return false;
	return true;
}

static void check_lookup(struct heap *h, const struct cvsw_key *key)
{
	const struct item *best = NULL;
	u64 opts = oracle_opts(&h->seed);
	u32 i;

	for (i = 0; i < RULES; i++)
		if (h->item[i].in && hits(&h->item[i].match, key) &&
		    (h->item[i].opts & opts) == h->item[i].opts &&
		    (!best || h->item[i].rank > best->rank))
			best = &h->item[i];
	assert_ptr_equal(cvsw_cls_lookup(h->cls, key, opts, h->version),
			 best ? &best->rule : NULL);
}

/* A key that item @i is for, the rest at random */
static void key_for(struct heap *h, u32 i, struct cvsw_key *key)
{
	const struct cvsw_match *m = &h->item[i].match;
	int w;

	oracle_key(&h->seed, key);
	for (w = 0; w < CVSW_KEY_WORDS; w++)
		key->word[w] = (key->word[w] & ~m->mask.word[w]) |
			       m->value.word[w];
}

/* Few fields: many rules in few masks.  Many bits: a mask for nearly each */
static void random_item(struct heap *h, u32 i, bool odd)
{
	struct cvsw_match *m = &h->item[i].match;
	int w;

	h->item[i].opts = oracle_opts(&h->seed);
	oracle_match(&h->seed, 5, m);
	for (w = 0; odd && w < CVSW_KEY_WORDS; w++) {
		m->mask.word[w] = (u64)test_rand(&h->seed) << 32 &
				  (u64)test_rand(&h->seed) << 32;
		m->mask.word[w] |= test_rand(&h->seed) &
				   test_rand(&h->seed) & test_rand(&h->seed);
		m->value.word[w] = m->mask.word[w] &
				   (u64)test_rand(&h->seed) * 0x100000001ULL;
	}
}

static void stir(struct heap *h, u32 steps, bool odd)
{
	struct cvsw_cls_counts counts;
	struct cvsw_key key;
	u32 n;

	for (n = 0; n < steps; n++) {
		u32 i = test_below(&h->seed, RULES);

		if (h->item[i].in) {
			key_for(h, i, &key);
			check_lookup(h, &key);
			take_out(h, i);
		} else {
			random_item(h, i, odd);
			put_in(h, i);
		}
		key_for(h, i, &key);
		check_lookup(h, &key);
		h->version++;
	}
	cvsw_cls_count(h->cls, &counts);
	assert_true(counts.subtables > 0 && counts.masks >= counts.subtables / 8);
}

static void test_random(void **state)
{
	struct heap h;

	(void)state;
	heap_init(&h);
	stir(&h, 8000, false);
	heap_fini(&h);
}

static void test_a_mask_for_each_rule(void **state)
{
	struct cvsw_cls_counts counts;
	struct heap h;

	(void)state;
	heap_init(&h);
	stir(&h, 3000, true);
	cvsw_cls_count(h.cls, &counts);
	assert_true(counts.masks > 500);
	heap_fini(&h);
}

/* All that agree with a match, each once */

struct agree {
	struct heap		*h;
	const struct cvsw_match	*match;
	u32			found;
	u32			stop_at;
};

static bool agrees(const struct cvsw_match *a, const struct cvsw_match *b)
{
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		if ((a->value.word[i] ^ b->value.word[i]) & a->mask.word[i] &
		    b->mask.word[i])
			return false;
	return true;
}

static bool on_each(void *arg, struct cvsw_cls_rule *rule)
{
	struct item *it = container_of(rule, struct item, rule);
	struct agree *a = arg;

	assert_true(it->in);
	if (!agrees(&it->match, a->match))
		return true;
	it->in = false;		/* so that a second time would show */
	return ++a->found != a->stop_at;
}

static void test_each(void **state)
{
	struct heap h;
	u32 i, n;

	(void)state;
	heap_init(&h);
	stir(&h, 4000, false);
	for (n = 0; n < 200; n++) {
		struct cvsw_match match;
		struct agree a = { &h, &match, 0, 0 };
		static bool was[RULES];
		u32 want = 0;

		oracle_match(&h.seed, 3, &match);
		for (i = 0; i < RULES; i++) {
			was[i] = h.item[i].in;
			want += was[i] && agrees(&h.item[i].match, &match);
		}
		assert_true(cvsw_cls_each(h.cls, &match, on_each, &a));
		assert_int_equal(a.found, want);
		for (i = 0; i < RULES; i++)
			h.item[i].in = was[i];
		if (want < 2)
			continue;
		a.found = 0;
		a.stop_at = 1;
		assert_false(cvsw_cls_each(h.cls, &match, on_each, &a));
		assert_int_equal(a.found, 1);
		for (i = 0; i < RULES; i++)
			h.item[i].in = was[i];
	}
	heap_fini(&h);
}

/*
 * Rules with one match and each their own options, as many as there are: each
 * frame finds the best of those whose options it has.
 */
static void test_options(void **state)
{
	struct cvsw_match match;
	struct cvsw_key key;
	struct heap h;
	u32 i, j;

	(void)state;
	heap_init(&h);
	oracle_match(&h.seed, 4, &match);
	for (i = 0; i <= 64; i++) {
		h.item[i].match = match;
		h.item[i].opts = i < 64 ? 1ULL << i : 0;
		put_in(&h, i);
	}
	key_for(&h, 0, &key);
	for (i = 0; i <= 64; i++) {
		assert_ptr_equal(cvsw_cls_first(h.cls, &match, h.item[i].opts),
				 &h.item[i].rule);
		for (j = 0; j < 20; j++)
			check_lookup(&h, &key);
	}
	assert_ptr_equal(cvsw_cls_lookup(h.cls, &key, 0, h.version),
			 &h.item[64].rule);
	take_out(&h, 64);
	assert_null(cvsw_cls_lookup(h.cls, &key, 0, h.version));
	assert_null(cvsw_cls_first(h.cls, &match, 0));
	assert_null(cvsw_cls_first(h.cls, &match, 3));
	heap_fini(&h);
}

/* Rules with one match stand from the highest rank down */
static void test_group(void **state)
{
	struct cvsw_cls_rule *rule;
	struct cvsw_key key;
	struct heap h;
	u64 last = ~0ULL;
	u32 i, n = 0;

	(void)state;
	heap_init(&h);
	for (i = 0; i < 40; i++) {
		if (!i)
			oracle_match(&h.seed, 4, &h.item[0].match);
		h.item[i].match = h.item[0].match;
		put_in(&h, i);
	}
	rule = cvsw_cls_first(h.cls, &h.item[0].match, 0);
	for (; rule; rule = rule->next, n++) {
		assert_true(rule->rank < last);
		last = rule->rank;
	}
	assert_int_equal(n, 40);
	for (i = 0; i < 40; i++) {
		key_for(&h, i, &key);
		check_lookup(&h, &key);
		take_out(&h, i);
	}
	assert_null(cvsw_cls_first(h.cls, &h.item[0].match, 0));
	heap_fini(&h);
}

/* A subtable that is filled to the last slot still finds and ends */
static void test_sub_full(void **state)
{
	static struct item item[CVSW_CLS_SLOTS * 2];
	const u64 mul[CVSW_KEY_WORDS] = { 1, 3, 5, 7, 9, 11, 13, 15 };
	struct cvsw_cls_masks masks;
	struct cvsw_cls_mask *mask;
	struct cvsw_key full = {}, key;
	const struct cvsw_cls_frame frame = { &key, 0, 5 };
	struct cvsw_cls_sub *sub;
	u32 i;

	(void)state;
	full.in_port = 0xffff;
	full.tp_dst = 0xffff;
	assert_int_equal(cvsw_cls_masks_init(&masks), 0);
	mask = cvsw_cls_mask_get(&masks, &full, 0);
	memset(&key, 0, sizeof(key));
	sub = cvsw_cls_sub_new(&key, 0);	/* all keys have one hash */
	assert_true(mask && sub);
	for (i = 0; i < ARRAY_SIZE(item); i++) {
		assert_false(cvsw_cls_sub_full(sub));
		item[i].match.mask = full;
		item[i].match.value.in_port = (u16)i;
		cvsw_cls_rule_init(&item[i].rule, mask, &item[i].match, i + 1);
		item[i].rule.added = 0;
		cvsw_cls_sub_put(sub, 0, &item[i].rule);
	}
	assert_true(cvsw_cls_sub_full(sub));
	for (i = 0; i <= ARRAY_SIZE(item); i++) {
		key.in_port = (u16)i;
		assert_int_equal(cvsw_cls_sub_hash(sub, mul, &key), 0);
		assert_ptr_equal(cvsw_cls_sub_lookup(sub, 0, &frame, NULL),
				 i < ARRAY_SIZE(item) ? &item[i].rule : NULL);
	}
	for (i = 0; i < ARRAY_SIZE(item); i++)
		cvsw_cls_sub_cut(sub, 0, cvsw_cls_sub_find(sub, 0, mask,
							   &item[i].match.value));
	assert_int_equal(sub->count, 0);
	assert_true(!sub->bucket[0].tags && !sub->bucket[1].tags);
	cvsw_cls_sub_free(sub);
	cvsw_cls_mask_put(&masks, mask);
	cvsw_cls_masks_fini(&masks);
}

static void test_relax(void **state)
{
	static const struct {
		u8 len, step, want;
	} cases[] = {
		{ 32, 8, 32 }, { 31, 8, 24 }, { 31, 16, 16 }, { 15, 16, 0 },
		{ 128, 16, 128 }, { 63, 16, 48 }, { 8, 1, 8 }, { 0, 8, 0 },
	};
	size_t i;
	u32 bit;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cvsw_key mask = {}, got, want = {};

		for (bit = 0; bit < cases[i].len; bit++)
			mask.nw_dst[bit / 8] |= (u8)(0x80 >> bit % 8);
		for (bit = 0; bit < cases[i].want; bit++)
			want.nw_dst[bit / 8] |= (u8)(0x80 >> bit % 8);
		mask.tp_src = 0xffff;
		want.tp_src = 0xffff;
		mask.tp_dst = cpu_to_be16(0xfff0);	/* goes */
		cvsw_cls_mask_relax(&mask, cases[i].step, &got);
		assert_memory_equal(&got, &want, sizeof(got));
		assert_true(cvsw_cls_mask_within(&got, &mask));
	}
}

/* A dimension leads every key of a rule to the rule's subtable */
static void test_dimension(void **state)
{
	const u64 mul[CVSW_KEY_WORDS] = { ~1ULL, 3, 5, 0x9e3779b97f4a7c15, 9,
					  0x94d049bb133111eb, 13, 15 };
	u32 need[CVSW_CLS_LEVELS] = { 9, 9, 99, 99, 99, 99 };
	u64 seed = test_seed();
	u32 i, f;

	(void)state;
	for (i = 0; i < 3000; i++) {
		struct cvsw_cls_dim dim;
		struct cvsw_cls_show show;
		struct cvsw_cls_masks masks;
		struct cvsw_cls_mask *mask;
		struct cvsw_match match;
		u64 set[1] = { ~0ULL };
		struct cvsw_key key;
		u32 bit = test_below(&seed, 64);
		int w;

		f = test_below(&seed, CVSW_CLS_FIELDS);
		oracle_match(&seed, 5, &match);
		assert_int_equal(cvsw_cls_masks_init(&masks), 0);
		mask = cvsw_cls_mask_get(&masks, &match.mask, 0);
		assert_non_null(mask);
		cvsw_cls_dim_init(&dim, f, mul);
		assert_int_equal(cvsw_cls_dim_alloc(&dim, 1, need, 100), 0);
		cvsw_cls_dim_show(&dim, mask, &show);
		cvsw_cls_dim_add(&dim, bit, &show, &match.value);
		oracle_key(&seed, &key);
		for (w = 0; w < CVSW_KEY_WORDS; w++)
			key.word[w] = (key.word[w] & ~match.mask.word[w]) |
				      match.value.word[w];
		cvsw_cls_dim_and(&dim, 1, 0, 1, &key, set);
		assert_true(set[0] == 1ULL << bit);
		assert_true(*cvsw_cls_dim_of(&dim, &show, &match.value) ==
			    1ULL << bit);
		cvsw_cls_dim_fini(&dim);
		cvsw_cls_mask_put(&masks, mask);
		cvsw_cls_masks_fini(&masks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relax),
		cmocka_unit_test(test_dimension),
		cmocka_unit_test(test_sub_full),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_a_mask_for_each_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

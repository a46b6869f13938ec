// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The exact-match cache: it answers what the table answers, answers itself
 * when it can, and notices every change that matters.
 */

#include "oracle.h"

#include "fcache.h"
#include "stamp.h"

struct setup {
	struct cvsw_table	*table;
	struct cvsw_fcache	*cache;
};

static int setup(void **state)
{
	static struct setup s;

	s.table = cvsw_table_new(100000, 1);
	s.cache = cvsw_fcache_new(256, 1);
	*state = &s;
	return s.table && s.cache ? 0 : -1;
}

static int teardown(void **state)
{
	struct setup *s = *state;

	cvsw_fcache_free(s->cache);
	cvsw_table_free(s->table);
	return 0;
}

static struct cvsw_match match_of(u8 host, u16 port)
{
	struct cvsw_match m = {};

	m.mask.nw_dst[0] = 0xff;
	m.value.nw_dst[0] = 10;
	if (host) {
		memset(m.mask.nw_dst, 0xff, 4);
		m.value.nw_dst[3] = host;
	}
	if (port) {
		m.mask.tp_dst = 0xffff;
		m.value.tp_dst = cpu_to_be16(port);
	}
	return m;
}

static struct cvsw_key key_of(u8 host, u16 port)
{
	struct cvsw_key key = { .in_port = 1, .nw_dst = { 10, 0, 0, host } };

	key.tp_dst = cpu_to_be16(port);
	return key;
}

static void add(struct setup *s, u8 host, u16 port, u16 priority)
{
	struct cvsw_match m = match_of(host, port);
	const struct cvsw_table_spec spec = {
		.match = &m, .acts = "", .priority = priority,
		.cookie = (u64)priority << 32 | (u32)host << 16 | port,
	};

	cvsw_table_begin(s->table);
	assert_int_equal(cvsw_table_add(s->table, &spec), 0);
	cvsw_table_commit(s->table, NULL, NULL);
}

static void del(struct setup *s, u8 host, u16 port)
{
	struct cvsw_match m = match_of(host, port);
	const struct cvsw_table_filter filter = { .match = &m };

	cvsw_table_begin(s->table);
	assert_true(cvsw_table_del(s->table, &filter) > 0);
	cvsw_table_commit(s->table, NULL, NULL);
}

static void mod(struct setup *s, u8 host, u16 port, u64 cookie)
{
	struct cvsw_match m = match_of(host, port);
	const struct cvsw_table_filter filter = { .match = &m };

	cvsw_table_begin(s->table);
	assert_true(cvsw_table_mod(s->table, &filter, "x", 1, cookie) > 0);
	cvsw_table_commit(s->table, NULL, NULL);
}

/* Look up through the cache; was it a hit? */
static bool look(struct setup *s, u8 host, u16 port,
		 struct cvsw_table_flow **flow)
{
	struct cvsw_key key = key_of(host, port);
	u64 hits = cvsw_fcache_hits(s->cache), version;

	rcu_read_lock();
	version = cvsw_table_version(s->table);
	*flow = cvsw_fcache_lookup(s->cache, s->table, &key, version);
	assert_ptr_equal(*flow, cvsw_table_lookup(s->table, &key, 0, version));
	rcu_read_unlock();
	return cvsw_fcache_hits(s->cache) > hits;
}

static void test_hit_and_miss(void **state)
{
	struct setup *s = *state;
	struct cvsw_table_flow *flow;

	add(s, 1, 80, 5);
	assert_false(look(s, 1, 80, &flow));
	assert_non_null(flow);
	assert_true(look(s, 1, 80, &flow));
	assert_false(look(s, 1, 81, &flow));
	assert_null(flow);
	assert_true(look(s, 1, 81, &flow));	/* it remembers nothing, too */
	assert_null(flow);
}

static void test_changes_that_matter(void **state)
{
	struct setup *s = *state;
	struct cvsw_table_flow *flow, *first;

	add(s, 0, 0, 1);
	look(s, 1, 80, &first);
	add(s, 1, 80, 5);			/* a better one */
	assert_false(look(s, 1, 80, &flow));
	assert_ptr_not_equal(flow, first);
	mod(s, 1, 80, 77);			/* another object */
	assert_false(look(s, 1, 80, &flow));
	assert_int_equal(cvsw_table_flow_cookie(flow), 77);
	del(s, 1, 80);				/* back to the first */
	assert_false(look(s, 1, 80, &flow));
	assert_ptr_equal(flow, first);
	del(s, 0, 0);				/* none */
	assert_false(look(s, 1, 80, &flow));
	assert_null(flow);
	add(s, 1, 0, 1);			/* where there was none */
	assert_false(look(s, 1, 80, &flow));
	assert_non_null(flow);
}

/* What happens elsewhere in the table costs no lookup */
/* a flow that asks for options is for no frame that is looked up here */
static void test_options(void **state)
{
	struct setup *s = *state;
	struct cvsw_table_flow *flow, *first;
	struct cvsw_match m = match_of(1, 80);
	const struct cvsw_table_spec spec = {
		.match = &m, .opts = 5, .acts = "", .priority = 9,
	};
	struct cvsw_key key = key_of(1, 80);
	u64 version;

	add(s, 1, 80, 5);
	look(s, 1, 80, &first);
	cvsw_table_begin(s->table);
	assert_int_equal(cvsw_table_add(s->table, &spec), 0);
	cvsw_table_commit(s->table, NULL, NULL);
	assert_true(look(s, 1, 80, &flow));
	assert_ptr_equal(flow, first);
	rcu_read_lock();
	version = cvsw_table_version(s->table);
	flow = cvsw_table_lookup(s->table, &key, 7, version);
	assert_ptr_not_equal(flow, first);
	assert_ptr_equal(cvsw_table_lookup(s->table, &key, 4, version), first);
	rcu_read_unlock();
	assert_true(cvsw_table_flow_opts(flow) == 5);
	assert_true(cvsw_table_flow_opts(first) == 0);
}

static void test_changes_elsewhere(void **state)
{
	struct setup *s = *state;
	struct cvsw_table_flow *flow;
	u32 i, hits = 0;

	add(s, 1, 0, 5);
	look(s, 1, 80, &flow);
	look(s, 2, 80, &flow);
	for (i = 0; i < 100; i++) {
		add(s, (u8)(100 + i), 0, 5);
		hits += look(s, 1, 80, &flow) + look(s, 2, 80, &flow);
		mod(s, (u8)(100 + i), 0, i);
		hits += look(s, 1, 80, &flow) + look(s, 2, 80, &flow);
		if (i & 1)
			del(s, (u8)(100 + i), 0);
		hits += look(s, 1, 80, &flow) + look(s, 2, 80, &flow);
	}
	assert_true(hits > 580);	/* of 600: places are shared by chance */
	add(s, 99, 0, 5);
	cvsw_table_expire(s->table, 0, NULL, NULL);
	cvsw_table_expire(s->table, 0, NULL, NULL);
	assert_false(look(s, 1, 80, &flow));	/* it might have been freed */
	assert_true(look(s, 2, 80, &flow));	/* nothing cannot */
	assert_true(look(s, 1, 80, &flow));
}

/* More keys than entries, in a table that changes */
static void test_random(void **state)
{
	struct setup *s = *state;
	u64 seed = test_seed();
	struct cvsw_table_flow *flow;
	u32 i, hits = 0;

	for (i = 0; i < 20000; i++) {
		u8 host = (u8)test_below(&seed, 16);
		u16 port = (u16)test_below(&seed, 8);

		if (!test_below(&seed, 10))
			add(s, host, port, (u16)test_below(&seed, 3));
		else if (!test_below(&seed, 20) && look(s, host, port, &flow) &&
			 flow)
			mod(s, 0, 0, 1 + test_below(&seed, 9));
		if (!test_below(&seed, 300))
			cvsw_table_expire(s->table, 0, NULL, NULL);
		hits += look(s, (u8)test_below(&seed, 64),
			     (u16)test_below(&seed, 8), &flow);
	}
	assert_true(hits > 100 && hits < 20000);
}

/* A stamp is seen by every key of the rule that left it */
static void test_stamps(void **state)
{
	static struct cvsw_stamps stamps;
	u64 seed = test_seed(), version;
	u32 unseen = 0;

	(void)state;
	cvsw_stamps_init(&stamps, seed);
	for (version = 1; version < 3000; version++) {
		struct cvsw_match match;
		struct cvsw_key key, other;
		int w;

		oracle_match(&seed, 4, &match);
		oracle_key(&seed, &key);
		oracle_key(&seed, &other);
		for (w = 0; w < CVSW_KEY_WORDS; w++)
			key.word[w] = (key.word[w] & ~match.mask.word[w]) |
				      match.value.word[w];
		assert_false(cvsw_stamps_since(&stamps, &key, version));
		cvsw_stamps_set(&stamps, &match, version);
		assert_true(cvsw_stamps_since(&stamps, &key, version - 1));
		assert_false(cvsw_stamps_since(&stamps, &key, version));
		unseen += !cvsw_stamps_since(&stamps, &other, version - 1);
	}
	assert_true(unseen > 500);	/* and not by every other */
}

static void test_no_memory(void **state)
{
	unsigned long n;
	struct cvsw_fcache *cache;

	(void)state;
	for (n = 1; n <= 3; n++) {
		cvsw_alloc_fail_at(n);
		assert_null(cvsw_fcache_new(64, 1));
	}
	cvsw_alloc_fail_at(4);
	cache = cvsw_fcache_new(64, 1);
	cvsw_alloc_fail_at(0);
	assert_non_null(cache);
	cvsw_fcache_free(cache);
	cvsw_fcache_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_hit_and_miss, setup, teardown),
		cmocka_unit_test_setup_teardown(test_changes_that_matter, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_changes_elsewhere, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_options, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The rules of OpenFlow 1.0 for flows, one by one. */

#include "oracle.h"

#include "table_impl.h"

#define SEC	1000000000ULL

static void test_order_of_equal_priorities(void **state)
{
	struct cvsw_match wide = flow_match_dst(10, 0, 1), fine = flow_match_dst(10, 1, 2);
	struct cvsw_table_filter filter = { .match = &wide, .strict = true };
	struct cvsw_table *table = cvsw_table_new(10, 1);

	(void)state;
	flow_add_one(table, &wide, 5, 1);
	flow_add_one(table, &fine, 5, 2);
	assert_int_equal(flow_look_cookie(table, 10, 1), 1);	/* the first */
	flow_add_one(table, &wide, 5, 3);
	assert_int_equal(flow_look_cookie(table, 10, 1), 3);	/* in its place */
	filter.priority = 5;
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_mod(table, &filter, "action 4", 8, 4), 1);
	cvsw_table_commit(table, NULL, NULL);
	assert_int_equal(flow_look_cookie(table, 10, 1), 4);	/* likewise */
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_del(table, &filter), 1);
	cvsw_table_commit(table, NULL, NULL);
	flow_add_one(table, &wide, 5, 6);
	assert_int_equal(flow_look_cookie(table, 10, 1), 2);	/* now it is later */
	assert_int_equal(flow_look_cookie(table, 10, 2), 6);
	flow_add_one(table, &wide, 6, 7);
	assert_int_equal(flow_look_cookie(table, 10, 1), 7);
	cvsw_table_free(table);
}

static void test_full(void **state)
{
	struct cvsw_match a = flow_match_dst(10, 0, 1), b = flow_match_dst(11, 0, 1);
	struct cvsw_match c = flow_match_dst(12, 0, 1);
	struct cvsw_table *table = cvsw_table_new(2, 1);

	(void)state;
	assert_int_equal(flow_add_one(table, &a, 1, 1), 0);
	assert_int_equal(flow_add_one(table, &b, 1, 2), 0);
	assert_int_equal(flow_add_one(table, &c, 1, 3), -ENOSPC);
	assert_int_equal(flow_add_one(table, &b, 1, 4), 0);	/* replaces */
	cvsw_table_bound(table, 1);
	assert_int_equal(flow_add_one(table, &c, 1, 5), -ENOSPC);
	assert_int_equal(flow_look_cookie(table, 10, 0), 1);
	assert_int_equal(flow_look_cookie(table, 11, 0), 4);
	cvsw_table_bound(table, 3);
	assert_int_equal(flow_add_one(table, &c, 1, 6), 0);
	assert_int_equal(flow_look_cookie(table, 12, 0), 6);
	cvsw_table_free(table);
}

static void test_mod_keeps_the_rest(void **state)
{
	struct cvsw_match m = flow_match_dst(10, 0, 1);
	const struct cvsw_table_filter filter = { .match = &m };
	const struct cvsw_table_spec spec = {
		.match = &m, .acts = "before  ", .acts_len = 8,
		.idle_timeout = 7, .hard_timeout = 9, .created = 100 * SEC,
		.used = 100 * SEC, .flags = CVSW_FLOW_F_SEND_REM,
	};
	struct cvsw_table *table = cvsw_table_new(10, 1);
	struct cvsw_table_flow *flow;
	struct cvsw_flow f;
	unsigned int i;

	(void)state;
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_add(table, &spec), 0);
	cvsw_table_commit(table, NULL, NULL);
	cvsw_table_flow_account(flow_look(table, 10, 0), 3, 300, 102 * SEC);
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_mod(table, &filter, "after", 5, 77), 1);
	cvsw_table_commit(table, NULL, NULL);
	for (i = 0; i < 2; i++) {	/* before and after the old is freed */
		flow = flow_look(table, 10, 0);
		cvsw_table_flow_get(flow, 105 * SEC, &f);
		assert_int_equal(f.packets, 3);
		assert_int_equal(f.bytes, 300);
		assert_true(f.age_ns == 5 * SEC && f.idle_ns == 3 * SEC);
		assert_int_equal(f.cookie, 77);
		assert_int_equal(f.idle_timeout, 7);
		assert_int_equal(f.hard_timeout, 9);
		assert_int_equal(f.flags, CVSW_FLOW_F_SEND_REM);
		assert_int_equal(cvsw_table_flow_acts_len(flow), 5);
		assert_memory_equal(cvsw_table_flow_acts(flow), "after", 5);
		cvsw_table_expire(table, 105 * SEC, NULL, NULL);
	}
	cvsw_table_free(table);
}

/* A version sees its own table as long as its reader stays */
static void test_versions(void **state)
{
	struct cvsw_match m = flow_match_dst(10, 0, 1), all = {};
	const struct cvsw_table_filter filter = { .match = &all };
	struct cvsw_table *table = cvsw_table_new(10, 1);
	struct cvsw_key key = flow_key_dst(10, 0);
	struct cvsw_table_flow *flow;
	u64 before, with;

	(void)state;
	rcu_read_lock();
	before = cvsw_table_version(table);
	flow_add_one(table, &m, 1, 5);
	with = cvsw_table_version(table);
	assert_true(with > before);
	assert_null(cvsw_table_lookup(table, &key, 0, before));
	flow = cvsw_table_lookup(table, &key, 0, with);
	assert_non_null(flow);
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_mod(table, &filter, "new", 3, 6), 1);
	assert_ptr_equal(cvsw_table_lookup(table, &key, 0, with), flow);
	cvsw_table_commit(table, NULL, NULL);
	assert_ptr_equal(cvsw_table_lookup(table, &key, 0, with), flow);
	assert_int_equal(flow_look_cookie(table, 10, 0), 6);
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_del(table, &filter), 1);
	cvsw_table_commit(table, NULL, NULL);
	assert_ptr_equal(cvsw_table_lookup(table, &key, 0, with), flow);
	assert_null(flow_look(table, 10, 0));
	rcu_read_unlock();
	cvsw_table_free(table);
}

static void count_reason(void *arg, const struct cvsw_table_flow *flow,
			 enum cvsw_removed_reason reason)
{
	u32 *seen = arg;

	assert_int_equal(cvsw_table_flow_flags(flow), CVSW_FLOW_F_SEND_REM);
	seen[reason]++;
}

static void test_timeouts(void **state)
{
	static const struct {
		u16 idle, hard;
		u64 used, now;
		int reason;	/* -1: stays */
	} cases[] = {
		{ 0, 0, 0, 100000, -1 },
		{ 10, 0, 0, 9, -1 },
		{ 10, 0, 0, 10, CVSW_REMOVED_IDLE },
		{ 10, 0, 5, 14, -1 },
		{ 10, 0, 5, 15, CVSW_REMOVED_IDLE },
		{ 0, 10, 9, 10, CVSW_REMOVED_HARD },
		{ 10, 10, 0, 10, CVSW_REMOVED_HARD },
		{ 5, 10, 4, 9, CVSW_REMOVED_IDLE },
		{ 5, 10, 8, 9, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cvsw_table *table = cvsw_table_new(10, 1);
		struct cvsw_match m = flow_match_dst(10, 0, 1);
		const struct cvsw_table_spec spec = {
			.match = &m, .acts_len = 0, .acts = "",
			.idle_timeout = cases[i].idle,
			.hard_timeout = cases[i].hard,
			.flags = CVSW_FLOW_F_SEND_REM,
		};
		u32 seen[3] = {};

		cvsw_table_begin(table);
		assert_int_equal(cvsw_table_add(table, &spec), 0);
		cvsw_table_commit(table, NULL, NULL);
		if (cases[i].used)
			cvsw_table_flow_account(flow_look(table, 10, 0), 1, 60,
						cases[i].used * SEC);
		cvsw_table_expire(table, cases[i].now * SEC, count_reason, seen);
		assert_int_equal(!flow_look(table, 10, 0), cases[i].reason >= 0);
		if (cases[i].reason >= 0)
			assert_int_equal(seen[cases[i].reason], 1);
		assert_int_equal(seen[0] + seen[1] + seen[2],
				 cases[i].reason >= 0);
		cvsw_table_free(table);
	}
}

/* A dump in steps of one while flows before and behind it come, go and change */
static void test_dump_under_change(void **state)
{
	struct cvsw_table *table = cvsw_table_new(1000, 1);
	struct cvsw_table_cursor cursor, other;
	const struct cvsw_table_flow *flow;
	u32 seen[256] = {}, i;

	(void)state;
	for (i = 0; i < 200; i++) {
		struct cvsw_match m = flow_match_dst((u8)i, 0, 1);

		flow_add_one(table, &m, 1, i);
	}
	cvsw_table_cursor_start(table, &cursor);
	cvsw_table_cursor_start(table, &other);
	for (i = 0; (flow = cvsw_table_cursor_peek(table, &cursor, NULL)); i++) {
		struct cvsw_match m = flow_match_dst((u8)(i * 7 % 100), 0, 1);
		struct cvsw_match n = flow_match_dst((u8)(100 + i * 3 % 50), 0, 1);
		const struct cvsw_table_filter mod = { .match = &m };
		const struct cvsw_table_filter del = { .match = &n };
		struct cvsw_flow f;

		cvsw_table_flow_get(flow, 0, &f);
		seen[f.match.value.nw_dst[0]]++;
		cvsw_table_cursor_step(table, &cursor);
		cvsw_table_begin(table);
		assert_int_equal(cvsw_table_mod(table, &mod, "x", 1, i), 1);
		cvsw_table_del(table, &del);
		cvsw_table_commit(table, NULL, NULL);
		cvsw_table_expire(table, 0, NULL, NULL);
		assert_true(i < 1000);
	}
	cvsw_table_cursor_stop(&other);
	cvsw_table_cursor_stop(&cursor);
	for (i = 0; i < 200; i++)
		if (i < 100 || i >= 150)
			assert_int_equal(seen[i], 1);
	cvsw_table_free(table);
}

/* numbers of transactions come round, what was kept at them does not */
static void test_serial_wraps(void **state)
{
	struct cvsw_table *table = cvsw_table_new(10, 1);
	struct cvsw_match match = {};
	const u64 acts = 0;
	const struct cvsw_table_spec spec = {
		.match = &match, .acts = &acts, .acts_len = sizeof(acts),
	};
	u32 i;

	(void)state;
	assert_non_null(table);
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_add(table, &spec), 0);
	cvsw_table_commit(table, NULL, NULL);
	table->serial = ~0u;
	for (i = 0; i < 3; i++) {
		cvsw_table_begin(table);
		assert_int_equal(cvsw_table_del_unkept(table), 1);
		cvsw_table_rollback(table);
	}
	cvsw_table_begin(table);
	assert_int_equal(cvsw_table_keep(table, &spec), 0);
	assert_int_equal(cvsw_table_del_unkept(table), 0);
	cvsw_table_commit(table, NULL, NULL);
	cvsw_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_of_equal_priorities),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_mod_keeps_the_rest),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_dump_under_change),
		cmocka_unit_test(test_serial_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

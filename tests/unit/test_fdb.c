// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* MAC learning: what was learnt last is found, until it is too old. */

#include "util.h"

#include <pthread.h>

#include "fdb.h"

#define AGEING	300

static const u8 mac_a[] = { 2, 0, 0, 0, 0, 0xa };
static const u8 mac_b[] = { 2, 0, 0, 0, 0, 0xb };

static int setup(void **state)
{
	*state = cvsw_fdb_new(1);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	cvsw_fdb_free(*state);
	return 0;
}

static void test_learn_and_move(void **state)
{
	struct cvsw_fdb *fdb = *state;

	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 10, AGEING), 0);
	cvsw_fdb_learn(fdb, mac_a, 0, 1, 10);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 10, AGEING), 1);
	assert_int_equal(cvsw_fdb_find(fdb, mac_b, 0, 10, AGEING), 0);
	cvsw_fdb_learn(fdb, mac_a, 0, 0xfeff, 10);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 10, AGEING), 0xfeff);
}

static void test_vlans_are_apart(void **state)
{
	struct cvsw_fdb *fdb = *state;

	cvsw_fdb_learn(fdb, mac_a, 7, 1, 10);
	cvsw_fdb_learn(fdb, mac_a, 8, 2, 10);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 7, 10, AGEING), 1);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 8, 10, AGEING), 2);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 10, AGEING), 0);
}

static void test_ageing(void **state)
{
	struct cvsw_fdb *fdb = *state;

	cvsw_fdb_learn(fdb, mac_a, 0, 1, 10);
	cvsw_fdb_learn(fdb, mac_b, 0, 2, 20);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 310, AGEING), 1);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 311, AGEING), 0);
	cvsw_fdb_expire(fdb, 311, AGEING);
	/* gone, not only too old */
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 12, AGEING), 0);
	assert_int_equal(cvsw_fdb_find(fdb, mac_b, 0, 311, AGEING), 2);
	/* seen again in time */
	cvsw_fdb_learn(fdb, mac_b, 0, 2, 315);
	assert_int_equal(cvsw_fdb_find(fdb, mac_b, 0, 600, AGEING), 2);
}

static void test_forget_port(void **state)
{
	struct cvsw_fdb *fdb = *state;

	cvsw_fdb_learn(fdb, mac_a, 0, 1, 10);
	cvsw_fdb_learn(fdb, mac_b, 0, 2, 10);
	cvsw_fdb_forget(fdb, 1);
	assert_int_equal(cvsw_fdb_find(fdb, mac_a, 0, 10, AGEING), 0);
	assert_int_equal(cvsw_fdb_find(fdb, mac_b, 0, 10, AGEING), 2);
}

static void test_not_an_address(void **state)
{
	static const u8 group[] = { 1, 0, 0x5e, 0, 0, 1 }, zero[6] = { 0 };
	struct cvsw_fdb *fdb = *state;

	cvsw_fdb_learn(fdb, group, 0, 1, 10);
	cvsw_fdb_learn(fdb, zero, 5, 1, 10);
	assert_int_equal(cvsw_fdb_find(fdb, group, 0, 10, AGEING), 0);
	assert_int_equal(cvsw_fdb_find(fdb, zero, 5, 10, AGEING), 0);
}

static void number_to_mac(u32 n, u8 *mac)
{
	mac[0] = 2;
	mac[1] = 0;
	put_unaligned_be32(n, mac + 2);
}

/* a flood of addresses displaces the oldest ones only, and stays in bounds */
static void test_full(void **state)
{
	struct cvsw_fdb *fdb = *state;
	u32 i, found = 0, n = 10 * CVSW_FDB_ENTRIES;
	u8 mac[6];

	for (i = 0; i < n; i++) {
		number_to_mac(i, mac);
		cvsw_fdb_learn(fdb, mac, 0, (u16)(1 + i % 7), i);
		assert_int_equal(cvsw_fdb_find(fdb, mac, 0, i, AGEING),
				 1 + i % 7);
	}
	for (i = 0; i < n; i++) {
		number_to_mac(i, mac);
		found += !!cvsw_fdb_find(fdb, mac, 0, n, n);
	}
	assert_int_equal(found, CVSW_FDB_ENTRIES);
	cvsw_fdb_expire(fdb, 2 * n, 1);
	for (i = 0; i < n; i++) {
		number_to_mac(i, mac);
		assert_int_equal(cvsw_fdb_find(fdb, mac, 0, n, n), 0);
	}
}

struct racer {
	struct cvsw_fdb	*fdb;
	u64		seed;
	u32		wrong;
	u32		found;
};

/* far more addresses than entries, each with a port of its own */
static void *race(void *arg)
{
	struct racer *racer = arg;
	u32 i, n;
	u8 mac[6];
	u16 port;

	for (i = 0; i < 200000; i++) {
		n = test_below(&racer->seed, 8 * CVSW_FDB_ENTRIES);
		number_to_mac(n, mac);
		cvsw_fdb_learn(racer->fdb, mac, 0, (u16)(1 + n % 60000), i);
		n = test_below(&racer->seed, 8 * CVSW_FDB_ENTRIES);
		number_to_mac(n, mac);
		port = cvsw_fdb_find(racer->fdb, mac, 0, i, 1000000);
		racer->found += port != 0;
		racer->wrong += port != 0 && port != 1 + n % 60000;
	}
	return NULL;
}

static void test_many_writers(void **state)
{
	u64 seed = test_seed();
	struct racer racer[3];
	pthread_t thread[3];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		racer[i] = (struct racer){ .fdb = *state, .seed = seed + i };
		assert_int_equal(pthread_create(&thread[i], NULL, race,
						&racer[i]), 0);
	}
	for (i = 0; i < 3; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(racer[i].wrong, 0);
		assert_true(racer[i].found > 0);
	}
}

static void test_no_memory(void **state)
{
	cvsw_alloc_fail_at(1);
	assert_null(cvsw_fdb_new(0));
	cvsw_alloc_fail_at(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_learn_and_move, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vlans_are_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ageing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forget_port, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_an_address, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_writers, setup, teardown),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

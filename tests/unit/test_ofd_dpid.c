// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Datapath ids of switches that were given none. */

#include "ofd.h"
#include "util.h"

static void test_same(void **state)
{
	u64 id = dpid_make("/run/cvsw/cvswd.sock", "br0");

	assert_true(id == dpid_make("/run/cvsw/cvswd.sock", "br0"));
	assert_true(id == dpid_make("unix:/run/cvsw/cvswd.sock", "br0"));
	assert_true(id != dpid_make("/run/cvsw/cvswd.soc", "kbr0"));
	assert_true(id != dpid_make("/run/cvsw/cvswd.sock", "br1"));
	assert_true(id != dpid_make("/run/cvsw/other.sock", "br0"));
	assert_true(id != dpid_make("/run/cvsw/cvswd.sock", ""));
}

/* of all that one machine may have, no two are the same */
static void test_others(void **state)
{
	static u64 ids[100 * 100];
	unsigned int i, j, n = 0;
	char where[32], name[16];

	for (i = 0; i < 100; i++) {
		for (j = 0; j < 100; j++) {
			snprintf(where, sizeof(where), "/run/%u.sock", i);
			snprintf(name, sizeof(name), "cvsw%u", j);
			ids[n] = dpid_make(where, name);
			/* a MAC that nobody was given, and of no group */
			assert_int_equal(ids[n] >> 40 & 3, 2);
			assert_int_equal(ids[n] >> 48, 0);
			n++;
		}
	}
	for (i = 0; i < n; i++)
		for (j = 0; j < i; j++)
			assert_true(ids[i] != ids[j]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

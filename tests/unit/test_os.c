// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The kernel names over libc do what they do in Linux. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "os.h"

static void test_byte_order(void **state)
{
	static const u8 wire[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	u8 out[9] = { 0 };

	assert_int_equal(get_unaligned_be16(wire + 1), 0x0203);
	assert_int_equal(get_unaligned_be32(wire + 1), 0x02030405);
	assert_true(get_unaligned_be64(wire) == 0x0102030405060708ULL);
	put_unaligned_be32(0x01020304, out + 1);
	assert_memory_equal(out + 1, wire, 4);
	put_unaligned_be64(0x0102030405060708ULL, out + 1);
	assert_memory_equal(out + 1, wire, 8);
	assert_int_equal(be16_to_cpu(cpu_to_be16(0x1234)), 0x1234);
}

static void test_bits(void **state)
{
	static const struct {
		unsigned long n, power;
	} t[] = {
		{ 0, 1 }, { 1, 1 }, { 2, 2 }, { 3, 4 }, { 4, 4 }, { 5, 8 },
		{ 1000, 1024 }, { 65536, 65536 }, { 65537, 131072 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		assert_int_equal(roundup_pow_of_two(t[i].n), t[i].power);
	assert_int_equal(fls64(0), 0);
	assert_int_equal(fls64(1), 1);
	assert_int_equal(fls64(1ULL << 63), 64);
	assert_int_equal(__ffs64(1ULL << 40), 40);
	assert_int_equal(hweight64(~0ULL), 64);
	assert_int_equal(rol32(0x80000001, 1), 3);
	assert_int_equal(rol32(0x80000001, 0), 0x80000001);
}

static void test_allocation_fails_on_demand(void **state)
{
	unsigned long nth;
	void *p[3];
	size_t i;

	for (nth = 0; nth <= ARRAY_SIZE(p); nth++) {
		cvsw_alloc_fail_at(nth);
		for (i = 0; i < ARRAY_SIZE(p); i++)
			p[i] = kzalloc(16, GFP_KERNEL);
		assert_int_equal(cvsw_alloc_count(), ARRAY_SIZE(p));
		for (i = 0; i < ARRAY_SIZE(p); i++) {
			assert_int_equal(!p[i], i + 1 == nth);
			kfree(p[i]);
		}
	}
	cvsw_alloc_fail_at(0);
}

static void test_allocation_is_zeroed_and_checked(void **state)
{
	static const u8 zero[48];
	void *p = kcalloc(3, 16, GFP_KERNEL);

	assert_non_null(p);
	assert_memory_equal(p, zero, sizeof(zero));
	kfree(p);
	assert_null(kcalloc(SIZE_MAX / 8, 16, GFP_KERNEL));
}

struct item {
	int value;
	struct list_head link;
};

static int list_digits(struct list_head *head)
{
	struct item *item;
	int n = 0;

	list_for_each_entry(item, head, link)
		n = 10 * n + item->value;
	return n;
}

static void test_list(void **state)
{
	struct item item[5], *pos, *next;
	struct list_head a, b;
	int i;

	INIT_LIST_HEAD(&a);
	INIT_LIST_HEAD(&b);
	assert_true(list_empty(&a));
	for (i = 0; i < 5; i++)
		item[i].value = i + 1;
	for (i = 0; i < 3; i++)
		list_add_tail(&item[i].link, &a);
	list_add(&item[3].link, &a);
	assert_int_equal(list_digits(&a), 4123);
	list_add(&item[4].link, &b);
	list_splice_tail_init(&a, &b);
	assert_true(list_empty(&a));
	assert_int_equal(list_digits(&b), 54123);
	list_move_tail(&item[4].link, &b);
	assert_int_equal(list_digits(&b), 41235);
	list_del_init(&item[0].link);
	assert_true(list_empty(&item[0].link));
	assert_int_equal(list_digits(&b), 4235);
	list_for_each_entry_safe(pos, next, &b, link)
		if (pos->value % 2)
			list_del(&pos->link);
	assert_int_equal(list_digits(&b), 42);
}

static void test_spin_trylock(void **state)
{
	spinlock_t lock;

	spin_lock_init(&lock);
	assert_true(spin_trylock(&lock));
	assert_false(spin_trylock(&lock));
	spin_unlock(&lock);
	spin_lock(&lock);
	assert_false(spin_trylock(&lock));
	spin_unlock(&lock);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_byte_order),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_allocation_fails_on_demand),
		cmocka_unit_test(test_allocation_is_zeroed_and_checked),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_spin_trylock),
	};

	return cmocka_run_group_tests_name("os", tests, NULL, NULL);
}

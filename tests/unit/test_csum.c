// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "util.h"
#include "csum.h"

#define ROUNDS	20000

static u64 seed;

static void random_bytes(u8 *p, u32 n)
{
	while (n)
		p[--n] = (u8)test_rand(&seed);
}

/* a checksum field's value, host order */
static u16 host(__be16 check)
{
	return be16_to_cpu(check);
}

/* 0 and 0xffff are the same number */
static u16 canon(u32 sum)
{
	return (u16)(sum == 0xffff ? 0 : sum);
}

static void test_fold(void **state)
{
	static const struct {
		u32 sum;
		u16 seed;
	} cases[] = {
		{ 0, 0 },
		{ 1, 1 },
		{ 0xffff, 0xffff },
		{ 0x10000, 1 },
		{ 0x1ffff, 1 },
		{ 0xfffeffff, 0xfffe },
		{ 0xffff0000, 0xffff },
		{ 0xffffffff, 0xffff },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 sum = cases[i].sum;
		u16 want = cases[i].seed;

		assert_int_equal((__force u16)cvsw_csum_seed(sum), want);
		assert_int_equal((__force u16)cvsw_csum_fold(sum),
				 (u16)~want);
		assert_int_equal((__force u16)cvsw_csum_fold_udp(sum),
				 want == 0xffff ? 0xffff : (u16)~want);
	}
	assert_int_equal(cvsw_csum_add(0xffffffff, 1), 1);
	assert_int_equal(cvsw_csum_add(0xffffffff, 0xffffffff), 0xffffffff);
}

/* RFC 1624 section 4: equation 3 gives 0x0000 where RFC 1141 gave 0xffff */
static void test_rfc1624(void **state)
{
	__be16 check = cpu_to_be16(0xdd2f);

	(void)state;
	cvsw_csum_replace2(&check, cpu_to_be16(0x5555), cpu_to_be16(0x3285));
	assert_int_equal(host(check), 0x0000);
}

static void test_ipv4(void **state)
{
	u8 ip[60];
	__be16 check;
	u32 i, n;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random_bytes(ip, sizeof(ip));
		ip[0] = (u8)(0x45 + test_below(&seed, 11));
		n = (ip[0] & 15u) * 4;
		check = cvsw_csum_ipv4((void *)ip);
		memcpy(ip + 10, &check, 2);
		assert_int_equal(test_sum(ip, n, 0), 0xffff);
	}
}

static void test_pseudo(void **state)
{
	u8 p[40];
	u32 i, len;
	u8 proto;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random_bytes(p, 32);
		proto = (u8)test_rand(&seed);
		len = test_below(&seed, 65536);
		p[32] = 0;
		p[33] = proto;
		p[34] = (u8)(len >> 8);
		p[35] = (u8)len;
		assert_int_equal(host(cvsw_csum_seed(cvsw_csum_pseudo6(
				 p, p + 16, proto, len))),
				 test_sum(p, 36, 0));
		assert_int_equal(host(cvsw_csum_seed(cvsw_csum_pseudo4(
				 p, p + 4, proto, len))),
				 test_sum(p + 32, 4, test_sum(p, 8, 0)));
	}
	/* a jumbo length counts in both halves */
	assert_int_equal(host(cvsw_csum_seed(cvsw_csum_pseudo6(
			 (const u8 *)"0123456789abcdef",
			 (const u8 *)"0123456789abcdef", 17, 0x10002))),
			 test_sum((const u8 *)"0123456789abcdef"
				  "0123456789abcdef\0\21\0\1\0\2", 38, 0));
}

/* change @n bytes at an even place of @p and update, then compare with anew */
static void replace_round(u8 *p, u32 len, u32 n)
{
	u32 at = test_below(&seed, (len - n) / 2 + 1) * 2;
	__be16 check = cpu_to_be16((u16)~test_sum(p, len, 0));
	__be16 part = cpu_to_be16((u16)test_sum(p, len, 0));
	u8 from[16], to[16];
	__be16 from2, to2;
	__be32 from4, to4;

	memcpy(from, p + at, n);
	random_bytes(to, n);
	if (!test_below(&seed, 4))
		memset(to, test_below(&seed, 2) ? 0xff : 0, n);
	memcpy(p + at, to, n);
	switch (n) {
	case 2:
		memcpy(&from2, from, 2);
		memcpy(&to2, to, 2);
		cvsw_csum_replace2(&check, from2, to2);
		break;
	case 4:
		memcpy(&from4, from, 4);
		memcpy(&to4, to, 4);
		cvsw_csum_replace4(&check, from4, to4);
		cvsw_csum_apply_seed(&part, cvsw_csum_diff4(from4, to4));
		break;
	case 16:
		cvsw_csum_replace16(&check, from, to);
		cvsw_csum_apply_seed(&part, cvsw_csum_diff16(from, to));
		break;
	}
	assert_int_equal(canon((u16)~host(check)), canon(test_sum(p, len, 0)));
	if (n != 2)
		assert_int_equal(canon(host(part)),
				 canon(test_sum(p, len, 0)));
}

static void test_replace(void **state)
{
	static const u32 sizes[] = { 2, 4, 16 };
	u8 p[64];
	u32 i;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		random_bytes(p, sizeof(p));
		if (!test_below(&seed, 8))
			memset(p, 0, sizeof(p));
		replace_round(p, 16 + test_below(&seed, 24) * 2,
			      sizes[i % ARRAY_SIZE(sizes)]);
	}
}

/* the sum of any part of a frame, and sums that are chained */
static void test_pkt_sum(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	static u8 bytes[9000];
	struct cvsw_pkt pkt;
	u32 i, off, n, cut, start, sum;

	(void)state;
	random_bytes(bytes, sizeof(bytes));
	pkt = test_pkt(pool, bytes, sizeof(bytes));
	for (i = 0; i < ROUNDS; i++) {
		n = test_below(&seed, i % 16 ? 128 : sizeof(bytes));
		off = test_below(&seed, (u32)sizeof(bytes) - n);
		start = test_below(&seed, 65536);
		sum = cvsw_pkt_sum(&pkt, off, n,
				   cvsw_csum_word(cpu_to_be16((u16)start)));
		assert_int_equal(canon(host(cvsw_csum_seed(sum))),
				 canon(test_sum(bytes + off, n, start)));
		cut = test_below(&seed, n / 2 + 1) * 2;
		sum = cvsw_pkt_sum(&pkt, off, cut, 0);
		sum = cvsw_pkt_sum(&pkt, off + cut, n - cut, sum);
		assert_int_equal(canon(host(cvsw_csum_seed(sum))),
				 canon(test_sum(bytes + off, n, 0)));
	}
	cvsw_pkt_free(&pkt);

	/* all ones, the most that carries can add up to */
	memset(bytes, 0xff, sizeof(bytes));
	pkt = test_pkt(pool, bytes, sizeof(bytes));
	sum = cvsw_pkt_sum(&pkt, 0, sizeof(bytes), 0xffffffff);
	assert_int_equal(host(cvsw_csum_seed(sum)), 0xffff);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

static void test_good(void **state)
{
	static const struct test_frame frames[] = {
		{ .ver = 4, .proto = 6, .payload = 33 },
		{ .ver = 4, .proto = 17, .payload = 0 },
		{ .ver = 6, .proto = 6, .payload = 100 },
		{ .ver = 6, .proto = 17, .payload = 1 },
		{ .ver = 6, .proto = 58, .payload = 8 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	u8 bytes[256];
	struct cvsw_pkt pkt;
	u32 i, len, l4, l3, n, pseudo;
	u8 *byte;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		const struct test_frame *f = &frames[i];

		len = test_build(f, bytes);
		pkt = test_pkt(pool, bytes, len);
		l3 = 14;
		l4 = test_l4(f);
		n = len - l4;
		pseudo = f->ver == 4 ?
			 cvsw_csum_pseudo4(bytes + l3 + 12, bytes + l3 + 16,
					   f->proto, n) :
			 cvsw_csum_pseudo6(bytes + l3 + 8, bytes + l3 + 24,
					   f->proto, n);
		assert_true(cvsw_csum_good(&pkt, pseudo, l4, n));
		byte = cvsw_pkt_writable(&pkt, l4 + test_below(&seed, n), 1);
		*byte ^= 0x10;
		assert_false(cvsw_csum_good(&pkt, pseudo, l4, n));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_rfc1624),
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_pseudo),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_pkt_sum),
		cmocka_unit_test(test_good),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Answers to packets that are too long: byte for byte as built here by hand,
 * and none where none is due.
 */

#include "util.h"

#include <errno.h>
#include <cvsw/switch.h>
#include "icmp.h"
#include "key.h"

static u8 bytes[TEST_FRAME_MAX], want[TEST_FRAME_MAX];

#define DF	0x4000
#define TAG	(CVSW_VLAN_PRESENT | 3 << 13 | 77)

static const struct test_frame tcp4 = {
	.ver = 4, .proto = 6, .frag_off = DF, .payload = 1460,
};
static const struct test_frame udp6 = { .ver = 6, .proto = 17, .payload = 1452 };

static int setup(void **state)
{
	*state = cvsw_pool_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	cvsw_pool_free(*state);
	return 0;
}

/* the answer that @frame, built at bytes, gets when @mtu is told; its length */
static u32 answer(const struct test_frame *frame, u32 mtu)
{
	const u32 l3 = frame->vlan_tci ? 18 : 14, v6 = frame->ver == 6;
	const u32 len = test_build(frame, bytes) - l3;
	struct test_frame icmp = {
		.vlan_tci = frame->vlan_tci, .ver = frame->ver,
		.proto = v6 ? 58 : 1, .tp_src = v6 ? 2 : 3, .tp_dst = 4,
		.frag_off = v6 ? 0 : DF,
	};
	const u8 *ip = bytes + l3;
	u8 *out;
	u32 sum;

	icmp.payload = v6 ? 1280 - 48 : 576 - 28;
	if (icmp.payload > len)
		icmp.payload = len;
	memcpy(icmp.dl_dst, bytes + 6, 6);
	memcpy(icmp.dl_src, bytes, 6);
	memcpy(icmp.nw_src, ip + (v6 ? 24 : 16), v6 ? 16 : 4);
	memcpy(icmp.nw_dst, ip + (v6 ? 8 : 12), v6 ? 16 : 4);
	test_build_with(&icmp, ip, want);
	out = want + test_l4(&icmp);
	out[1] = v6 ? 0 : 4;
	put_unaligned_be16(0, out + 2);
	put_unaligned_be32(mtu, out + 4);
	sum = 0;
	if (v6) {
		sum = test_sum(want + l3 + 8, 32, 58 + 8 + icmp.payload);
		put_unaligned_be32(0x60000000, want + l3);
	}
	sum = test_sum(out, 8 + icmp.payload, sum);
	put_unaligned_be16((u16)~sum, out + 2);
	return test_l4(&icmp) + 8 + icmp.payload;
}

struct told_case {
	struct test_frame	frame;
	u32			mtu;
	u32			told;
};

static const struct told_case told_cases[] = {
	{ { .ver = 4, .proto = 6, .frag_off = DF, .payload = 1460 },
	  1450, 1450 },
	{ { .ver = 4, .proto = 6, .frag_off = DF, .payload = 1411 },
	  1450, 1450 },
	{ { .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472 },
	  1446, 1446 },
	{ { .ver = 4, .proto = 1, .tp_src = 8, .frag_off = DF,
	    .payload = 1472 }, 1450, 1450 },
	{ { .ver = 4, .proto = 1, .tp_src = 13, .frag_off = DF,
	    .payload = 1472 }, 1450, 1450 },
	{ { .ver = 4, .proto = 99, .frag_off = DF, .payload = 1480 },
	  1450, 1450 },
	{ { .ver = 4, .proto = 6, .frag_off = DF, .payload = 1460, .tos = 0xb8,
	    .ttl = 1, .tcp_options = 12, .vlan_tci = TAG }, 1446, 1446 },
	/* a first fragment */
	{ { .ver = 4, .proto = 17, .frag_off = DF | 0x2000, .payload = 1472 },
	  1450, 1450 },
	/* all of it fits */
	{ { .ver = 4, .proto = 6, .frag_off = DF, .payload = 60 }, 80, 80 },
	{ { .ver = 4, .proto = 6, .frag_off = DF, .payload = 60 }, 0, 68 },
	{ { .ver = 6, .proto = 17, .payload = 1452 }, 1450, 1450 },
	{ { .ver = 6, .proto = 6, .payload = 1440, .tos = 0xb9,
	    .vlan_tci = TAG }, 1446, 1446 },
	{ { .ver = 6, .proto = 6, .payload = 1432, .ext = 8 }, 1300, 1300 },
	{ { .ver = 6, .proto = 58, .tp_src = 128, .payload = 1452 },
	  1430, 1430 },
	{ { .ver = 6, .proto = 17, .payload = 1452 }, 1200, 1280 },
	{ { .ver = 6, .proto = 17, .payload = 1452 }, 0, 1280 },
	{ { .ver = 6, .proto = 17, .payload = 1233 }, 1279, 1280 },
};

/* with parse results known or not */
static void test_told(void **state)
{
	struct cvsw_pkt pkt, out;
	struct cvsw_key key;
	size_t i;
	u32 len, n;

	for (i = 0; i < 2 * ARRAY_SIZE(told_cases); i++) {
		const struct told_case *c = &told_cases[i / 2];

		n = answer(&c->frame, c->told);
		len = test_build(&c->frame, bytes);
		pkt = test_pkt_tight(*state, bytes, len);
		pkt.tun_id = cpu_to_be64(7);
		if (i % 2)
			cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key);
		len -= c->frame.vlan_tci ? 18 : 14;
		assert_int_equal(cvsw_icmp_too_big(&pkt, len, c->mtu, &out), 0);
		test_pkt_is(&out, want, n);
		test_pkt_strict(&out);
		assert_int_equal(out.in_port, pkt.in_port);
		test_pkt_is(&pkt, bytes, cvsw_pkt_len(&pkt));
		cvsw_pkt_free(&out);
		cvsw_pkt_free(&pkt);
	}
}

/* of a super-frame the segments count, and the start of it is quoted */
static void test_super_frame(void **state)
{
	const struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .gso_type = CVSW_GSO_TCP4,
		.gso_size = 1460, .csum_start = 34, .csum_offset = 16,
	};
	struct test_frame big = tcp4;
	struct cvsw_offload none;
	struct cvsw_pkt pkt, out;
	u32 n, len;

	big.payload = 20000;
	big.partial = 1;
	n = answer(&big, 1450);
	len = test_build(&big, bytes);
	pkt = test_pkt(*state, bytes, len);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_icmp_too_big(&pkt, 1500, 1450, &out), 0);
	test_pkt_is(&out, want, n);
	test_pkt_strict(&out);
	cvsw_pkt_offload_get(&out, &none);
	assert_int_equal(none.csum, CVSW_CSUM_NONE);
	assert_int_equal(none.gso_type, CVSW_GSO_NONE);
	cvsw_pkt_free(&out);
	cvsw_pkt_free(&pkt);
}

/* padding behind the packet is not quoted */
static void test_trailer(void **state)
{
	struct test_frame small = tcp4;
	struct cvsw_pkt pkt, out;
	u32 n, len;

	small.payload = 60;
	n = answer(&small, 90);
	len = test_build(&small, bytes);
	memset(bytes + len, 0xee, 8);
	pkt = test_pkt(*state, bytes, len + 8);
	assert_int_equal(cvsw_icmp_too_big(&pkt, 100, 90, &out), 0);
	test_pkt_is(&out, want, n);
	cvsw_pkt_free(&out);
	cvsw_pkt_free(&pkt);
}

static const struct test_frame silent_cases[] = {
	/* may be fragmented; a later fragment */
	{ .ver = 4, .proto = 6, .payload = 1460 },
	{ .ver = 4, .proto = 17, .frag_off = DF | 1, .payload = 1472 },
	{ .ver = 4, .proto = 17, .frag_off = DF | 0x2001, .payload = 1472 },
	/* errors */
	{ .ver = 4, .proto = 1, .tp_src = 3, .tp_dst = 4, .frag_off = DF,
	  .payload = 1472 },
	{ .ver = 4, .proto = 1, .tp_src = 4, .frag_off = DF, .payload = 1472 },
	{ .ver = 4, .proto = 1, .tp_src = 5, .frag_off = DF, .payload = 1472 },
	{ .ver = 4, .proto = 1, .tp_src = 11, .frag_off = DF, .payload = 1472 },
	{ .ver = 4, .proto = 1, .tp_src = 12, .frag_off = DF, .payload = 1472 },
	{ .ver = 6, .proto = 58, .tp_src = 1, .payload = 1452 },
	{ .ver = 6, .proto = 58, .tp_src = 2, .payload = 1452 },
	{ .ver = 6, .proto = 58, .tp_src = 127, .payload = 1452 },
	{ .ver = 6, .proto = 58, .tp_src = 137, .payload = 1452 },
	/* addresses */
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .nw_dst = { 224, 0, 0, 1 } },
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .nw_dst = { 255, 255, 255, 255 } },
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .nw_src = { 0, 0, 0, 1 } },
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .nw_src = { 127, 0, 0, 1 } },
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .nw_src = { 239, 0, 0, 1 } },
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .nw_src = { 240, 0, 0, 1 } },
	{ .ver = 6, .proto = 17, .payload = 1452, .nw_dst = { 0xff, 2, 0, 1 } },
	{ .ver = 6, .proto = 17, .payload = 1452, .nw_src = { 0xff, 2, 0, 1 } },
	{ .ver = 6, .proto = 17, .payload = 1452,
	  .nw_src = { [15] = 1 } },
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .dl_dst = { 1, 0, 0x5e, 0, 0, 1 } },
	{ .ver = 4, .proto = 17, .frag_off = DF, .payload = 1472,
	  .dl_dst = { 255, 255, 255, 255, 255, 255 } },
	{ .ver = 6, .proto = 17, .payload = 1452, .dl_src = { 3 } },
	/* not IP */
	{ .dl_type = 0x88b5, .payload = 1500 },
	{ .dl_type = 0x0806, .payload = 1500 },
};

static void is_silent(struct cvsw_pool *pool, u32 len, u32 ip, u32 mtu)
{
	struct cvsw_pkt pkt = test_pkt_tight(pool, bytes, len), out;

	assert_int_equal(cvsw_icmp_too_big(&pkt, ip, mtu, &out), -ENOENT);
	test_pkt_is(&pkt, bytes, len);
	cvsw_pkt_free(&pkt);
}

static void test_silent(void **state)
{
	struct test_frame frame;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(silent_cases); i++) {
		len = test_build(&silent_cases[i], bytes);
		is_silent(*state, len, len - 14, 1450);
	}
	/* the unspecified address, which a description cannot say */
	len = test_build(&udp6, bytes);
	memset(bytes + 14 + 8, 0, 16);
	is_silent(*state, len, len - 14, 1450);
	/* an ICMP header that is cut off */
	frame = tcp4;
	frame.proto = 1;
	frame.tp_src = 8;
	len = test_build(&frame, bytes);
	put_unaligned_be16(24, bytes + 16);
	is_silent(*state, 38, 1500, 1450);
	/* a header that is not right */
	len = test_build(&tcp4, bytes);
	bytes[14] = 0x44;
	is_silent(*state, len, len - 14, 1450);
}

/* telling would change nothing */
static void test_futile(void **state)
{
	struct test_frame frame = tcp4;
	u32 len;

	frame.payload = 28;
	len = test_build(&frame, bytes);
	is_silent(*state, len, 68, 40);
	frame = udp6;
	frame.payload = 1232;
	len = test_build(&frame, bytes);
	is_silent(*state, len, 1280, 1000);
}

static void test_no_memory(void **state)
{
	struct test_frame frame = tcp4;
	struct cvsw_pkt pkt, out;
	unsigned long nth;
	u32 len;

	frame.vlan_tci = TAG;
	len = test_build(&frame, bytes);
	pkt = test_pkt(*state, bytes, len);
	for (nth = 1;; nth++) {
		cvsw_alloc_fail_at(nth);
		if (!cvsw_icmp_too_big(&pkt, len - 18, 1450, &out))
			break;
		cvsw_alloc_fail_at(0);
		test_pkt_is(&pkt, bytes, len);
	}
	cvsw_alloc_fail_at(0);
	assert_true(nth > 1);
	cvsw_pkt_free(&out);
	cvsw_pkt_free(&pkt);
}

/* any bytes: it is right or there is none */
static void test_random(void **state)
{
	struct cvsw_pkt pkt, out;
	u64 seed = test_seed();
	struct test_frame frame;
	u32 len, i, j, told = 0;

	for (i = 0; i < 20000; i++) {
		frame = test_below(&seed, 2) ? tcp4 : udp6;
		frame.payload = test_below(&seed, 1600);
		if (test_below(&seed, 4) == 0)
			frame.vlan_tci = TAG;
		len = test_build(&frame, bytes);
		for (j = test_below(&seed, 3); j; j--)
			bytes[test_below(&seed, 80) % len] =
				(u8)test_rand(&seed);
		if (test_below(&seed, 4) == 0)
			len = 14 + test_below(&seed, len - 13);
		pkt = test_pkt_tight(*state, bytes, len);
		if (!cvsw_icmp_too_big(&pkt, test_below(&seed, 1600),
				       test_below(&seed, 1600), &out)) {
			test_pkt_strict(&out);
			assert_true(cvsw_pkt_len(&out) <= 1280 + 18);
			cvsw_pkt_free(&out);
			told++;
		}
		cvsw_pkt_free(&pkt);
	}
	assert_true(told > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_super_frame, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_trailer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_silent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_futile, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_memory, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

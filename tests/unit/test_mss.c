// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The MSS option: lowered in each place it can be at, and nothing else. */

#include "util.h"

#include "mss.h"

static u8 bytes[TEST_FRAME_MAX], want[TEST_FRAME_MAX];

#define SYN	0x02
#define ACK	0x10

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

/* recompute the TCP checksum of the IPv4 or IPv6 packet at @ip */
static void fix_tcp(u8 *ip, u32 len)
{
	const bool v6 = *ip >> 4 == 6;
	u32 hlen = v6 ? 40 : 20, sum = 6 + len - hlen;
	u8 *tcp = ip + hlen;

	put_unaligned_be16(0, tcp + 16);
	sum = test_sum(ip + (v6 ? 8 : 12), v6 ? 32 : 8, sum);
	put_unaligned_be16((u16)~test_sum(tcp, len - hlen, sum), tcp + 16);
}

/* a TCP segment with @n bytes of @options at @out; its length */
static u32 build(const struct test_frame *frame, const u8 *options, u32 n,
		 u8 *out)
{
	u32 len = test_build(frame, out), l4 = test_l4(frame);

	memcpy(out + l4 + 20, options, n);
	if (!frame->partial)
		fix_tcp(out + l4 - (frame->ver == 6 ? 40 : 20),
			len - l4 + (frame->ver == 6 ? 40 : 20));
	return len;
}

/* @to: what the MSS is to become; @at: where in @options it is, 0: nowhere */
struct clamp_case {
	u8	ver;
	u8	flags;
	u32	mtu;
	u8	options[12];
	u8	at;
	u16	to;
};

static const struct clamp_case clamp_cases[] = {
	{ 4, SYN, 1450, { 2, 4, 0x05, 0xb4 }, 2, 1410 },
	{ 6, SYN, 1450, { 2, 4, 0x05, 0xb4 }, 2, 1390 },
	{ 4, SYN | ACK, 1450, { 2, 4, 0x05, 0xb4 }, 2, 1410 },
	{ 4, SYN, 1450, { 2, 4, 0xff, 0xff }, 2, 1410 },
	{ 4, SYN, 1450, { 1, 2, 4, 0x05, 0xb4 }, 3, 1410 },
	{ 6, SYN, 1450, { 1, 1, 1, 2, 4, 0x05, 0xb4 }, 5, 1390 },
	{ 4, SYN, 1450, { 4, 2, 3, 3, 7, 2, 4, 0x05, 0xb4 }, 7, 1410 },
	{ 4, SYN, 1450, { 4, 2, 1, 3, 3, 7, 1, 1, 2, 4, 0x05, 0xb4 }, 10, 1410 },
	{ 4, SYN, 1450, { 2, 4, 0x05, 0x83 }, 2, 1410 },	/* 1411 */
	{ 4, SYN, 41, { 2, 4, 0x05, 0xb4 }, 2, 1 },
	/* low enough */
	{ 4, SYN, 1450, { 2, 4, 0x05, 0x82 }, 0, 0 },
	{ 4, SYN, 1450, { 2, 4, 0x02, 0x18 }, 0, 0 },
	{ 6, SYN, 1450, { 2, 4, 0x05, 0x6e }, 0, 0 },
	{ 4, SYN, 1450, { 2, 4, 0, 0 }, 0, 0 },
	{ 4, SYN, 9000, { 2, 4, 0x05, 0xb4 }, 0, 0 },
	/* no room for any */
	{ 4, SYN, 40, { 2, 4, 0x05, 0xb4 }, 0, 0 },
	{ 6, SYN, 60, { 2, 4, 0x05, 0xb4 }, 0, 0 },
	{ 4, SYN, 0, { 2, 4, 0x05, 0xb4 }, 0, 0 },
	/* not a SYN */
	{ 4, ACK, 1450, { 2, 4, 0x05, 0xb4 }, 0, 0 },
	/* behind the end, impossible, cut off */
	{ 4, SYN, 1450, { 0, 2, 4, 0x05, 0xb4 }, 0, 0 },
	{ 4, SYN, 1450, { 3, 0, 2, 4, 0x05, 0xb4 }, 0, 0 },
	{ 4, SYN, 1450, { 3, 1, 2, 4, 0x05, 0xb4 }, 0, 0 },
	{ 4, SYN, 1450, { 2, 3, 0x05, 1, 2, 4, 0x05, 0xb4 }, 0, 0 },
	{ 4, SYN, 1450, { 2, 5, 0x05, 0xb4, 0 }, 0, 0 },
	{ 4, SYN, 1450, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2 }, 0, 0 },
	{ 4, SYN, 1450, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 0x05 }, 0, 0 },
	{ 4, SYN, 1450, { 8, 13, 1, 1, 1, 1, 1, 1, 2, 4, 0x05, 0xb4 }, 0, 0 },
	{ 4, SYN, 1450, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, 0, 0 },
};

static void clamp(struct cvsw_pool *pool, const struct clamp_case *c,
		  const struct test_frame *frame)
{
	const struct cvsw_offload seed = {
		.csum = CVSW_CSUM_PARTIAL, .csum_offset = 16,
		.csum_start = (u16)test_l4(frame),
	};
	u8 options[sizeof(c->options)];
	struct cvsw_pkt pkt;
	u32 len;

	len = build(frame, c->options, sizeof(options), bytes);
	memcpy(options, c->options, sizeof(options));
	if (c->at)
		put_unaligned_be16(c->to, options + c->at);
	build(frame, options, sizeof(options), want);
	pkt = test_pkt_tight(pool, bytes, len);
	if (frame->partial)
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &seed), 0);
	assert_int_equal(cvsw_mss_clamp(&pkt, c->mtu), CVSW_DROP_NONE);
	test_pkt_is(&pkt, want, len);
	assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
	test_pkt_strict(&pkt);
	cvsw_pkt_free(&pkt);
}

static void test_clamp(void **state)
{
	struct test_frame frame;
	size_t i;
	int kind;

	for (i = 0; i < ARRAY_SIZE(clamp_cases); i++) {
		const struct clamp_case *c = &clamp_cases[i];

		for (kind = 0; kind < 8; kind++) {
			frame = (struct test_frame){
				.ver = c->ver, .proto = 6,
				.tcp_flags = c->flags, .tcp_options = 12,
				.partial = kind & 1,
				.vlan_tci = kind & 2 ? CVSW_VLAN_PRESENT | 5 : 0,
				.payload = kind & 4 ? 33 : 0,
			};
			clamp(*state, c, &frame);
		}
	}
}

/* what is not a whole TCP packet, or has its TCP header cut off */
static void test_untouched(void **state)
{
	static const u8 options[4] = { 2, 4, 0x05, 0xb4 };
	static const struct test_frame cases[] = {
		{ .ver = 4, .proto = 6, .tcp_flags = SYN, .tcp_options = 4,
		  .frag_off = 0x2000, .payload = 20 },
		{ .ver = 4, .proto = 6, .tcp_flags = SYN, .tcp_options = 4,
		  .frag_off = 1, .payload = 20 },
		{ .ver = 4, .proto = 17, .payload = 40 },
		{ .dl_type = 0x88b5, .payload = 60 },
	};
	const struct test_frame syn = {
		.ver = 4, .proto = 6, .tcp_flags = SYN, .tcp_options = 4,
	};
	struct cvsw_pkt pkt;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = test_build(&cases[i], bytes);
		pkt = test_pkt_tight(*state, bytes, len);
		assert_int_equal(cvsw_mss_clamp(&pkt, 1000), CVSW_DROP_NONE);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_free(&pkt);
	}
	len = build(&syn, options, sizeof(options), bytes);
	for (; len >= 14; len--) {
		if (len >= 34)		/* so that the rest is all there */
			put_unaligned_be16((u16)(len - 14), bytes + 16);
		if (len == 58)
			continue;
		pkt = test_pkt_tight(*state, bytes, len);
		assert_int_equal(cvsw_mss_clamp(&pkt, 1000), CVSW_DROP_NONE);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_free(&pkt);
	}
}

static void test_shared(void **state)
{
	static const u8 options[4] = { 2, 4, 0x05, 0xb4 };
	const struct test_frame syn = {
		.ver = 4, .proto = 6, .tcp_flags = SYN, .tcp_options = 4,
	};
	struct cvsw_pkt pkt, clone;
	u32 len = build(&syn, options, sizeof(options), bytes);

	pkt = test_pkt(*state, bytes, len);
	assert_int_equal(cvsw_pkt_clone(&pkt, &clone), 0);
	cvsw_alloc_fail_at(1);
	assert_int_equal(cvsw_mss_clamp(&clone, 1000), CVSW_DROP_NO_MEMORY);
	cvsw_alloc_fail_at(0);
	assert_int_equal(cvsw_mss_clamp(&clone, 1000), CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, len);
	test_pkt_strict(&clone);
	cvsw_pkt_free(&clone);
	cvsw_pkt_free(&pkt);
}

/* any options: what was right stays right */
static void test_random(void **state)
{
	u64 seed = test_seed();
	struct cvsw_pkt pkt;
	u8 options[40];
	u32 len, i, j;

	for (i = 0; i < 20000; i++) {
		struct test_frame frame = {
			.ver = test_below(&seed, 2) ? 4 : 6, .proto = 6,
			.tcp_flags = SYN,
			.tcp_options = (u8)(4 * test_below(&seed, 11)),
			.payload = test_below(&seed, 4),
		};

		for (j = 0; j < sizeof(options); j++)
			options[j] = test_below(&seed, 2) ?
				     (u8)test_below(&seed, 6) :
				     (u8)test_rand(&seed);
		len = build(&frame, options, frame.tcp_options, bytes);
		pkt = test_pkt_tight(*state, bytes, len);
		assert_int_equal(cvsw_mss_clamp(&pkt, test_below(&seed, 1600)),
				 CVSW_DROP_NONE);
		test_pkt_strict(&pkt);
		cvsw_pkt_free(&pkt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_clamp, setup, teardown),
		cmocka_unit_test_setup_teardown(test_untouched, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_shared, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

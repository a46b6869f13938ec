// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The actions of 2014: as their senders made them, and what is not taken. */

#include "legacy.h"
#include "util.h"

/* the actions of known control frames */
#define MACS			"222222222222" "111111111111"
#define ZERO12			"000000000000000000000000"
#define ADDRS			"ac100002" ZERO12 "ac100001" ZERO12
#define SET_VXLAN							\
	"10010040" MACS ADDRS "000000000000000a" "0000000000000000"
#define SET_STT								\
	"10050040" MACS ADDRS "0000000a00000000" "0000000000000000"
#define STRIP_VXLAN	"1002000800000000"

static u8 bytes[256];

static int parse(const char *hex, struct cvsw_action *act,
		 struct cvsw_error *err)
{
	return cvsw_legacy_action_parse(bytes,
					test_hex(hex, bytes, sizeof(bytes)),
					act, err);
}

static struct cvsw_action push(u8 kind, u64 id)
{
	return (struct cvsw_action){
		.type = CVSW_ACT_PUSH,
		.tunnel = {
			.id = cpu_to_be64(id), .kind = kind, .family = 4,
			.nw_src = { 172, 16, 0, 1 },
			.nw_dst = { 172, 16, 0, 2 },
			.dl_src = { 17, 17, 17, 17, 17, 17 },
			.dl_dst = { 34, 34, 34, 34, 34, 34 },
		},
	};
}

static void test_known_actions(void **state)
{
	const struct {
		const char *hex;
		struct cvsw_action act;
		int len;
	} t[] = {
		{ SET_VXLAN, push(CVSW_TUNNEL_VXLAN, 10), 64 },
		{ SET_STT, push(CVSW_TUNNEL_STT, 10ull << 32), 64 },
		{ STRIP_VXLAN, { .type = CVSW_ACT_POP,
		  .tunnel = { .kind = CVSW_TUNNEL_VXLAN } }, 8 },
	};
	struct cvsw_action act;
	u8 back[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		memset(&act, 0xff, sizeof(act));
		assert_int_equal(parse(t[i].hex, &act, NULL), t[i].len);
		assert_memory_equal(&act, &t[i].act, sizeof(act));
		assert_int_equal(cvsw_legacy_action_put(&act, back,
							sizeof(back)),
				 t[i].len);
		assert_memory_equal(back, bytes, (size_t)t[i].len);
	}
}

/* each type, and what it is */
static void test_types(void **state)
{
	static const u8 kinds[] = {
		CVSW_TUNNEL_VXLAN, CVSW_TUNNEL_NVGRE, CVSW_TUNNEL_STT,
		CVSW_TUNNEL_GENEVE,
	};
	struct cvsw_action act;
	u32 len;
	u16 i;

	for (i = 0; i < 8; i++) {
		len = test_hex(SET_VXLAN, bytes, sizeof(bytes));
		put_unaligned_be16(0x1001 + i, bytes);
		if (i & 1)
			put_unaligned_be16(8, bytes + 2);
		assert_int_equal(cvsw_legacy_action_parse(bytes, len, &act,
							  NULL),
				 i & 1 ? 8 : 64);
		assert_int_equal(act.type, i & 1 ? CVSW_ACT_POP :
						   CVSW_ACT_PUSH);
		assert_int_equal(act.tunnel.kind, kinds[i / 2]);
	}
}

/* one field of SET_VXLAN is changed; what the error says */
static void test_refused(void **state)
{
	static const struct {
		const char *text;
		u8 off, n;
		u8 value[16];
		u32 len;
		int ret;
	} t[] = {
		{ "truncated", 0, 0, { 0 }, 0, -EINVAL },
		{ "truncated", 0, 0, { 0 }, 3, -EINVAL },
		{ "truncated", 0, 0, { 0 }, 4, -EINVAL },
		{ "truncated", 0, 0, { 0 }, 63, -EINVAL },
		{ "truncated", 0, 4, { 0x10, 2, 0, 8 }, 7, -EINVAL },
		{ "type", 1, 1, { 0 }, 64, -EINVAL },
		{ "type", 1, 1, { 0x0b }, 64, -EINVAL },
		{ "type", 0, 1, { 0 }, 64, -EINVAL },
		{ "type", 0, 2, { 0xff, 0xff }, 64, -EINVAL },
		{ "SCLP", 1, 1, { 9 }, 64, -EOPNOTSUPP },
		{ "SCLP", 1, 1, { 10 }, 64, -EOPNOTSUPP },
		{ "length", 3, 1, { 0 }, 64, -EINVAL },
		{ "length", 3, 1, { 7 }, 64, -EINVAL },
		{ "length", 3, 1, { 8 }, 64, -EINVAL },
		{ "length", 3, 1, { 56 }, 64, -EINVAL },
		{ "length", 3, 1, { 72 }, 72, -EINVAL },
		{ "length", 2, 1, { 1 }, 64, -EINVAL },
		{ "length", 1, 1, { 2 }, 64, -EINVAL },
		{ "id too large", 52, 1, { 1 }, 64, -EINVAL },
		{ "id too large", 48, 1, { 1 }, 64, -EINVAL },
		{ "no destination", 16, 4, { 0 }, 64, -EINVAL },
		{ "different IP versions", 31, 1, { 1 }, 64, -EINVAL },
		{ "different IP versions", 36, 1, { 1 }, 64, -EINVAL },
	};
	struct cvsw_action act, was;
	struct cvsw_error err;
	size_t i;

	memset(&was, 0x5a, sizeof(was));
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		memset(bytes, 0, sizeof(bytes));
		test_hex(SET_VXLAN, bytes, sizeof(bytes));
		memcpy(bytes + t[i].off, t[i].value, t[i].n);
		act = was;
		assert_int_equal(cvsw_legacy_action_parse(bytes, t[i].len, &act,
							  &err), t[i].ret);
		assert_int_equal(cvsw_legacy_action_parse(bytes, t[i].len, &act,
							  NULL), t[i].ret);
		assert_non_null(strstr(err.text, t[i].text));
		assert_memory_equal(&act, &was, sizeof(act));
	}
}

/* 4 bytes are IPv4, more are IPv6; padding says nothing */
static void test_accepted(void **state)
{
	static const struct {
		u8 off, n;
		u8 value[16];
		u8 family;
	} t[] = {
		{ 56, 8, { 1, 2, 3, 4, 5, 6, 7, 8 }, 4 },
		{ 32, 4, { 0 }, 4 },
		{ 4, 12, { 0 }, 4 },
		{ 53, 3, { 0xff, 0xff, 0xff }, 4 },
	};
	static const u8 six[32] = { [0] = 0xfd, [15] = 2, [16] = 0xfd,
				    [31] = 1 };
	struct cvsw_action act;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		len = test_hex(SET_VXLAN, bytes, sizeof(bytes));
		memcpy(bytes + t[i].off, t[i].value, t[i].n);
		assert_int_equal(cvsw_legacy_action_parse(bytes, len, &act,
							  NULL), 64);
		assert_int_equal(act.tunnel.family, t[i].family);
	}
	len = test_hex(SET_VXLAN, bytes, sizeof(bytes));
	memcpy(bytes + 16, six, 32);
	assert_int_equal(cvsw_legacy_action_parse(bytes, len, &act, NULL), 64);
	assert_int_equal(act.tunnel.family, 6);
	assert_memory_equal(act.tunnel.nw_dst, six, 16);
	assert_memory_equal(act.tunnel.nw_src, six + 16, 16);
	memset(bytes + 32, 0, 16);	/* the route says it */
	assert_int_equal(cvsw_legacy_action_parse(bytes, len, &act, NULL), 64);
	assert_int_equal(act.tunnel.family, 6);
}

/* what has no form of 2014 is not written */
static void test_put_refused(void **state)
{
	struct cvsw_action t[] = {
		{ .type = CVSW_ACT_OUTPUT, .output = { .port = 1 } },
		{ .type = CVSW_ACT_TUNNEL_OPT },
		{ .type = CVSW_ACT_POP },
		{ .type = CVSW_ACT_POP, .tunnel = { .kind = 5 } },
		push(CVSW_TUNNEL_VXLAN, 1), push(CVSW_TUNNEL_VXLAN, 1),
		push(CVSW_TUNNEL_VXLAN, 1), push(CVSW_TUNNEL_VXLAN, 1),
		push(CVSW_TUNNEL_VXLAN, 1ull << 24),
		push(CVSW_TUNNEL_VXLAN, 1),
	};
	u8 body[64];
	size_t i;

	t[4].tunnel.ttl = 9;
	t[5].tunnel.tos = 0x28;
	t[6].tunnel.flags = CVSW_TUNNEL_F_CSUM;
	t[7].tunnel.tp_dst = cpu_to_be16(4790);
	t[9].tunnel.family = 6;		/* would be read as IPv4 */
	for (i = 0; i < ARRAY_SIZE(t); i++)
		assert_int_equal(cvsw_legacy_action_put(&t[i], body, 64),
				 -EOPNOTSUPP);
	t[0] = push(CVSW_TUNNEL_GENEVE, 1);
	assert_int_equal(cvsw_legacy_action_put(&t[0], body, 63), -EMSGSIZE);
	t[0] = (struct cvsw_action){
		.type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_NVGRE } };
	assert_int_equal(cvsw_legacy_action_put(&t[0], body, 7), -EMSGSIZE);
	assert_int_equal(cvsw_legacy_action_put(&t[0], body, 8), 8);
}

/* any bytes: refused, or written as they were but for padding */
static void test_random(void **state)
{
	u64 seed = test_seed();
	struct cvsw_action act;
	u8 back[64];
	u32 i, k, len;
	int n, taken = 0;

	for (i = 0; i < 20000; i++) {
		len = test_hex(SET_STT, bytes, sizeof(bytes));
		bytes[1] = (u8)(1 + test_below(&seed, 8));
		bytes[3] = bytes[1] & 1 ? 64 : 8;
		for (k = test_below(&seed, 6); k; k--)
			bytes[test_below(&seed, len)] = (u8)test_rand(&seed);
		n = cvsw_legacy_action_parse(bytes, test_below(&seed, 4) ? len :
					     test_below(&seed, len), &act,
					     NULL);
		if (n < 0)
			continue;
		taken++;
		assert_int_equal(cvsw_legacy_action_put(&act, back, 64), n);
		memset(bytes + (n == 64 ? 56 : 4), 0, n == 64 ? 8 : 4);
		assert_memory_equal(back, bytes, (size_t)n);
	}
	assert_in_range(taken, 2000, 18000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_actions),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_put_refused),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("legacy", tests, NULL, NULL);
}

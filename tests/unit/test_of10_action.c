// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Actions of OpenFlow 1.0: each as it is on the wire, and each refusal. */

#include "of10.h"
#include "of10_vectors.h"
#include "util.h"

static u8 bytes[8192], back[8192];
static struct cvsw_action acts[CVSW_ACTIONS_MAX];

static int get(const char *hex, enum cvsw_of10_place place,
	       struct cvsw_of10_error *err)
{
	u32 len = test_hex(hex, bytes, sizeof(bytes));
	u8 *tight = malloc(len ? len : 1);
	int n;

	memcpy(tight, bytes, len);
	memset(acts, 0xa5, sizeof(acts));
	n = cvsw_of10_actions_get(tight, len, place, acts, err);
	free(tight);
	return n;
}

static struct cvsw_tunnel old_vxlan(void)
{
	return (struct cvsw_tunnel){
		.id = cpu_to_be64(10), .kind = CVSW_TUNNEL_VXLAN, .family = 4,
		.nw_src = { 172, 16, 0, 1 }, .nw_dst = { 172, 16, 0, 2 },
		.dl_src = { 17, 17, 17, 17, 17, 17 },
		.dl_dst = { 34, 34, 34, 34, 34, 34 },
	};
}

static void test_both_ways(void **state)
{
	const struct {
		const char *hex;
		struct cvsw_action act;
	} t[] = {
		{ "0000000800020000", { .output = { .port = 2 } } },
		{ "000000080002ffe5",
		  { .output = { .port = 2, .max_len = 0xffe5 } } },
		{ "00000008feff0000", { .output = { .port = 0xfeff } } },
		{ "00000008fff80000", { .output = { .port = 0xfff8 } } },
		{ "00000008fffa0000", { .output = { .port = 0xfffa } } },
		{ "00000008fffb0000", { .output = { .port = 0xfffb } } },
		{ "00000008fffc0000", { .output = { .port = 0xfffc } } },
		{ "00000008fffd0080",
		  { .output = { .port = 0xfffd, .max_len = 128 } } },
		{ "00000008fffe0000", { .output = { .port = 0xfffe } } },
		{ "000100080fff0000", { .type = 1, .vlan = 4095 } },
		{ "0002000807000000", { .type = 2, .vlan = 7 } },
		{ "0003000800000000", { .type = 3 } },
		{ "00040010020000000001000000000000",
		  { .type = 4, .mac = { 2, 0, 0, 0, 0, 1 } } },
		{ "00050010020000000002000000000000",
		  { .type = 5, .mac = { 2, 0, 0, 0, 0, 2 } } },
		{ "000600080a000001", { .type = 6, .nw = { 10, 0, 0, 1 } } },
		{ "000700080a000002", { .type = 7, .nw = { 10, 0, 0, 2 } } },
		{ "00080008b8000000", { .type = 8, .tos = 0xb8 } },
		{ "0009000800500000", { .type = 9, .tp = cpu_to_be16(80) } },
		{ "000a0008ffff0000", { .type = 10, .tp = 0xffff } },
		{ "000b00100003000000000000000000ff",
		  { .type = 11, .output = { .port = 3, .queue = 255 } } },
		{ "ffff0010000023200001000300000000",
		  { .type = CVSW_ACT_RESUBMIT, .output = { .port = 3 } } },
		{ "ffff001000002320000efff800000000",
		  { .type = CVSW_ACT_RESUBMIT, .output = { .port = 0xfff8 } } },
		{ "ffff001000002320000200000000000a",
		  { .type = CVSW_ACT_SET_TUNNEL, .tun_id = cpu_to_be64(10) } },
		{ "ffff0010000023200002000000000000",
		  { .type = CVSW_ACT_SET_TUNNEL } },
		{ "ffff001800002320000900000000000000000001" "00000000",
		  { .type = CVSW_ACT_SET_TUNNEL,
		    .tun_id = cpu_to_be64(1ull << 32) } },
		{ SET_VXLAN, { .type = CVSW_ACT_PUSH, .tunnel = old_vxlan() } },
		{ STRIP_VXLAN, { .type = CVSW_ACT_POP,
		  .tunnel = { .kind = CVSW_TUNNEL_VXLAN } } },
		{ "ffff0010005653571008000800000000", { .type = CVSW_ACT_POP,
		  .tunnel = { .kind = CVSW_TUNNEL_GENEVE } } },
	};
	struct cvsw_of10_error err;
	bool whole = true;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		len = (u32)strlen(t[i].hex) / 2;
		if (get(t[i].hex, CVSW_OF10_FLOW_MOD, &err) != 1)
			fail_msg("%s: %s", t[i].hex, err.text);
		assert_memory_equal(acts, &t[i].act, sizeof(acts[0]));
		memset(back, 0xff, sizeof(back));
		assert_int_equal(cvsw_of10_actions_put(acts, 1, back, len,
						       &whole), len);
		assert_memory_equal(back, bytes, len);
		assert_int_equal(cvsw_of10_actions_put(acts, 1, back, len - 1,
						       NULL), -EMSGSIZE);
	}
	assert_true(whole);
}

/* read as another action would be: padding, and numbers that say nothing */
static void test_read_as(void **state)
{
	static const struct {
		const char *hex, *as;
		enum cvsw_of10_place place;
	} t[] = {
		{ "00010008000512ff", "0001000800050000", CVSW_OF10_FLOW_MOD },
		{ "0003000812345678", "0003000800000000", CVSW_OF10_FLOW_MOD },
		{ "ffff001000002320000e0003ff000000",
		  "ffff0010000023200001000300000000", CVSW_OF10_FLOW_MOD },
		{ "ffff001000002320000e000300000000",
		  "ffff0010000023200001000300000000", CVSW_OF10_FLOW_MOD },
		{ "ffff0010000023200001fff800000000",
		  "ffff001000002320000efff800000000", CVSW_OF10_FLOW_MOD },
		{ "00000008fff90000", "00000008fff90000",
		  CVSW_OF10_PACKET_OUT },
		/* 2014: tunnels by their own types; somewhere out */
		{ OLD_SET_VXLAN "0000000800020000",
		  SET_VXLAN "0000000800020000", CVSW_OF10_2014 },
		{ OLD_STRIP_VXLAN, STRIP_VXLAN "00000008fffa0000",
		  CVSW_OF10_2014 },
		{ "", "00000008fffa0000", CVSW_OF10_2014 },
		{ "0001000800050000" "00000008ffff0000", "", CVSW_OF10_2014 },
		/* tunnel ids that need no 64 bits; load:10->NXM_NX_TUN_ID[] */
		{ "ffff001800002320000900000000000000000000" "0000000a",
		  "ffff001000002320000200000000000a", CVSW_OF10_FLOW_MOD },
		{ "ffff0010000023200002ffff0000000a",
		  "ffff001000002320000200000000000a", CVSW_OF10_FLOW_MOD },
		{ "ffff0018000023200007003f00012008" "000000000000000a",
		  "ffff001000002320000200000000000a", CVSW_OF10_FLOW_MOD },
		/* notes are none */
		{ "ffff0010000023200008010203040506", "", CVSW_OF10_FLOW_MOD },
		{ "", "", CVSW_OF10_FLOW_MOD },
	};
	static u8 want[256];
	struct cvsw_of10_error err;
	size_t i;
	u32 len;
	int n;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		n = get(t[i].hex, t[i].place, &err);
		if (n < 0)
			fail_msg("%s: %s", t[i].hex, err.text);
		len = test_hex(t[i].as, want, sizeof(want));
		assert_int_equal(cvsw_of10_actions_put(acts, (unsigned int)n,
						       back, len, NULL), len);
		assert_memory_equal(back, want, len);
	}
}

#define OUT "0000000800020000"
#define SET_VXLAN_BUT(id) "ffff0048005653571001004022222222222211111111"    \
	"1111" "ac100002" ZERO8 ZERO4 "ac100001" ZERO8 ZERO4 id ZERO8

static void test_refused(void **state)
{
	static const struct {
		const char *hex;
		u16 type, code;
	} t[] = {
		/* (1,6): not a multiple of 8 */
		{ "0000000c0002000000000000", 1, 6 },
		{ "00", 1, 6 },
		{ OUT "00", 1, 6 },
		/* (2,1): lengths */
		{ "0000000000020000", 2, 1 },
		{ "0000000700020000", 2, 1 },
		{ "0000000c00020000" ZERO8, 2, 1 },
		{ "0000001000020000", 2, 1 },
		{ "0000ffff00020000", 2, 1 },
		{ "0000001000020000" ZERO8, 2, 1 },
		{ "0001001000020000" ZERO8, 2, 1 },
		{ "0002001000020000" ZERO8, 2, 1 },
		{ "0003001000000000" ZERO8, 2, 1 },
		{ "0004000800000000", 2, 1 },
		{ "0005001800000000" ZERO16, 2, 1 },
		{ "0006001000000000" ZERO8, 2, 1 },
		{ "0007001000000000" ZERO8, 2, 1 },
		{ "0008001000000000" ZERO8, 2, 1 },
		{ "0009001000000000" ZERO8, 2, 1 },
		{ "000a001000000000" ZERO8, 2, 1 },
		{ "000b000800010000", 2, 1 },
		{ "ffff000000002320", 2, 1 },
		{ "ffff000800002320", 2, 1 },
		{ "ffff000800565357", 2, 1 },
		{ "ffff0018000023200001000300000000" ZERO8, 2, 1 },
		{ "ffff0018005653571002000800000000" ZERO8, 2, 1 },
		{ "ffff0010005653571001004000000000", 2, 1 },
		{ "ffff0010005653571002001000000000", 2, 1 },
		/* (2,0): types */
		{ "000c000800000000", 2, 0 },
		{ "fffe000800000000", 2, 0 },
		{ OLD_STRIP_VXLAN, 2, 0 },
		{ OLD_SET_VXLAN, 2, 0 },
		/* (2,2), (2,3): vendors and theirs */
		{ "ffff000800112233", 2, 2 },
		{ "ffff0010001122330001000000000000", 2, 2 },
		{ "ffff0010000023200063000000000000", 2, 3 },
		{ "ffff0018000023200002000000000000" ZERO8, 2, 1 },
		{ "ffff0010000023200009000000000000", 2, 1 },
		{ "ffff00100000232000070000003f0001", 2, 1 },
		{ "ffff00180000232000070000" "00012008" ZERO8, 2, 5 },
		{ "ffff0018000023200007003f" "00010008" ZERO8, 2, 5 },
		{ "ffff0010005653571000000800000000", 2, 3 },
		{ "ffff001000565357100b000800000000", 2, 3 },
		{ "ffff001000565357100a000800000000", 2, 3 },
		/* (2,4): ports */
		{ "0000000800000000", 2, 4 },
		{ "00000008ff000000", 2, 4 },
		{ "00000008fff70000", 2, 4 },
		{ "00000008fff90000", 2, 4 },
		{ "00000008ffff0000", 2, 4 },
		{ "000b0010" "0000" "000000000000" "00000001", 2, 4 },
		{ "000b0010" "fffd" "000000000000" "00000001", 2, 4 },
		{ "000b0010" "ff00" "000000000000" "00000001", 2, 4 },
		/* (2,5): values */
		{ "0001000810000000", 2, 5 },
		{ "00010008ffff0000", 2, 5 },
		{ "0002000808000000", 2, 5 },
		{ "0008000801000000", 2, 5 },
		{ "0008000802000000", 2, 5 },
		{ "ffff001000002320000e000305000000", 2, 5 },
		{ "ffff0010000023200001fffd00000000", 2, 5 },
		{ "ffff0010000023200001000000000000", 2, 5 },
		{ SET_VXLAN_BUT("0000000001000000"), 2, 5 },
		{ SET_VXLAN_BUT("0100000000000000"), 2, 5 },
		/* behind one that is right */
		{ OUT "000c000800000000", 2, 0 },
		{ OUT OUT "0000001000020000", 2, 1 },
	};
	struct cvsw_of10_error err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		memset(&err, 0xff, sizeof(err));
		assert_int_equal(get(t[i].hex, CVSW_OF10_FLOW_MOD, &err),
				 -EINVAL);
		if (err.type != t[i].type || err.code != t[i].code)
			fail_msg("%s: (%u,%u) %s", t[i].hex, err.type, err.code,
				 err.text);
		assert_non_null(err.text);
	}
	assert_int_equal(get("100a000800000000", CVSW_OF10_2014, &err),
			 -EINVAL);
	assert_int_equal(err.type, 2);
	assert_int_equal(err.code, 0);
	assert_int_equal(get("00000008ffff0000", CVSW_OF10_PACKET_OUT, &err),
			 -EINVAL);
	assert_int_equal(err.code, 4);
}

static void test_too_many(void **state)
{
	struct cvsw_of10_error err;
	u32 i;

	for (i = 0; i <= CVSW_ACTIONS_MAX; i++)
		test_hex(OUT, bytes + 8 * i, 8);
	assert_int_equal(cvsw_of10_actions_get(bytes, 8 * CVSW_ACTIONS_MAX,
					       CVSW_OF10_FLOW_MOD, acts, &err),
			 CVSW_ACTIONS_MAX);
	assert_int_equal(cvsw_of10_actions_get(bytes, 8 * CVSW_ACTIONS_MAX + 8,
					       CVSW_OF10_FLOW_MOD, acts, &err),
			 -EINVAL);
	assert_int_equal(err.type, 2);
	assert_int_equal(err.code, 7);
	/* 2014: no room for the output that is implied */
	for (i = 0; i < CVSW_ACTIONS_MAX; i++)
		test_hex("0003000800000000", bytes + 8 * i, 8);
	assert_int_equal(cvsw_of10_actions_get(bytes, 8 * CVSW_ACTIONS_MAX,
					       CVSW_OF10_2014, acts, &err),
			 -EINVAL);
	assert_int_equal(err.code, 7);
}

/* what has no form is a note that says so, and is read as nothing */
static void test_notes(void **state)
{
	struct cvsw_action t[] = {
		{ .type = CVSW_ACT_SET_IPV6_SRC },
		{ .type = CVSW_ACT_SET_IPV6_DST },
		{ .type = CVSW_ACT_TUNNEL_OPT },
		{ .type = CVSW_ACT_PUSH, .tunnel = old_vxlan() },
		{ .type = CVSW_ACT_OUTPUT, .output = { .port = 0xfff7 } },
	};
	static const char *const names[] = {
		"set_ipv6_src", "set_ipv6_dst", "tunnel_opt", "push",
		"output:route",
	};
	struct cvsw_of10_error err;
	bool whole;
	size_t i;

	t[3].tunnel.ttl = 9;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		whole = true;
		assert_int_equal(cvsw_of10_actions_put(&t[i], 1, back,
						       sizeof(back), &whole),
				 24);
		assert_false(whole);
		assert_memory_equal(back, "\xff\xff\0\x18\0\0\x23\x20\0\x08",
				    10);
		assert_string_equal((char *)back + 10, names[i]);
		assert_int_equal(cvsw_of10_actions_get(back, 24,
						       CVSW_OF10_FLOW_MOD, acts,
						       &err), 0);
	}
}

/* what others cannot read becomes notes, and nothing else changes */
static void test_note(void **state)
{
	static const struct cvsw_action list[] = {
		{ .type = CVSW_ACT_SET_TP_SRC },
		{ .type = CVSW_ACT_PUSH, .tunnel = {
			.kind = CVSW_TUNNEL_VXLAN, .family = 4,
			.nw_dst = { 10, 0, 0, 1 } } },
		{ .type = CVSW_ACT_OUTPUT, .output.port = 2 },
		{ .type = CVSW_ACT_POP, .tunnel.kind = CVSW_TUNNEL_STT },
	};
	static const u8 pop[16] = "\xff\xff\0\x10\0\0\x23\x20\0\x08pop";
	struct cvsw_of10_error err;
	u8 before[112];
	bool whole = true;
	u32 i;

	assert_int_equal(cvsw_of10_actions_put(list, ARRAY_SIZE(list), before,
					       sizeof(before), &whole),
			 sizeof(before) - 8);
	assert_true(whole);
	memcpy(back, before, sizeof(before));
	cvsw_of10_actions_note(back, sizeof(before) - 8);
	assert_memory_equal(back, before, 8);
	assert_memory_equal(back + 8, "\xff\xff\0\x48\0\0\x23\x20\0\x08push",
			    14);
	for (i = 8 + 14; i < 8 + 72; i++)
		assert_int_equal(back[i], 0);
	assert_memory_equal(back + 80, before + 80, 8);
	assert_memory_equal(back + 88, pop, sizeof(pop));
	assert_int_equal(cvsw_of10_actions_get(back, sizeof(before) - 8,
					       CVSW_OF10_FLOW_MOD, acts, &err),
			 2);
}

/* any list: refused, or written as what is read as the same */
static void test_random(void **state)
{
	static const char *const parts[] = {
		OUT, "0001000800050000", "0002000803000000", "0003000800000000",
		"00040010020000000001000000000000", "000600080a000001",
		"00080008b8000000", "0009000800500000",
		"000b00100003000000000000000000ff", SET_VXLAN, STRIP_VXLAN,
		"ffff0010000023200001000300000000",
		"ffff0010000023200008010203040506", OLD_STRIP_VXLAN,
		"ffff001000002320000200000000000a",
		"ffff001800002320000900000000000000000001" "00000000",
	};
	static struct cvsw_action was[CVSW_ACTIONS_MAX];
	u64 seed = test_seed();
	struct cvsw_of10_error err;
	u32 i, k, len;
	int n, taken = 0;

	for (i = 0; i < 20000; i++) {
		len = 0;
		for (k = test_below(&seed, 6); k; k--)
			len += test_hex(parts[test_below(&seed, 16)],
					bytes + len, 128);
		for (k = len ? test_below(&seed, 3) : 0; k; k--)
			bytes[test_below(&seed, len)] = (u8)test_rand(&seed);
		n = cvsw_of10_actions_get(bytes, len, test_below(&seed, 3),
					  was, &err);
		if (n < 0)
			continue;
		taken++;
		n = cvsw_of10_actions_put(was, (unsigned int)n, back,
					  sizeof(back), NULL);
		assert_true(n >= 0);
		n = cvsw_of10_actions_get(back, (u32)n, CVSW_OF10_PACKET_OUT,
					  acts, &err);
		assert_true(n >= 0);
		assert_memory_equal(acts, was, (size_t)n * sizeof(acts[0]));
	}
	assert_in_range(taken, 2000, 18000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_read_as),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("of10_action", tests, NULL, NULL);
}

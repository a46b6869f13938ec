// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Flow-mods, flow-removed and entries of flow statistics of OpenFlow 1.0. */

#include "of10.h"
#include "of10_vectors.h"
#include "match.h"
#include "util.h"

static u8 bytes[8192], back[8192];
static struct cvsw_action acts[CVSW_ACTIONS_MAX];
static struct cvsw_flow_mod mod;
static struct cvsw_of10_error err;

/* offsets in a flow-mod */
enum {
	COOKIE = 48, COMMAND = 56, IDLE = 58, HARD = 60, PRIORITY = 62,
	BUFFER = 64, OUT_PORT = 68, FLAGS = 70, ACTIONS = 72,
};

static void set16(u32 off, u16 value)
{
	put_unaligned_be16(value, bytes + off);
}

/* read what is in bytes, from memory of its own */
static int get(u32 len)
{
	u8 *tight = malloc(len ? len : 1);
	int ret;

	memcpy(tight, bytes, len);
	memset(&mod, 0xa5, sizeof(mod));
	err = (struct cvsw_of10_error){ .type = 0xffff };
	ret = cvsw_of10_flow_mod_get(tight, len, false, &mod, acts, &err);
	free(tight);
	return ret;
}

static void is_refused(u32 len, u16 type, u16 code)
{
	assert_int_equal(get(len), -EINVAL);
	if (err.type != type || err.code != code)
		fail_msg("(%u,%u) %s", err.type, err.code, err.text);
	assert_non_null(err.text);
}

static void test_add(void **state)
{
	u32 len = test_hex(FLOW_MOD_ADD, bytes, sizeof(bytes));
	struct cvsw_ofp_match wire;

	assert_int_equal(len, 88);
	assert_int_equal(get(len), 0);
	assert_int_equal(mod.cmd, CVSW_FLOW_ADD);
	assert_int_equal(mod.out_port, CVSW_PORT_NONE);
	assert_int_equal(mod.cookie_mask, 0);
	assert_int_equal(mod.flow.cookie, 0x1122);
	assert_int_equal(mod.flow.idle_timeout, 60);
	assert_int_equal(mod.flow.hard_timeout, 0);
	assert_int_equal(mod.flow.priority, 0x8000);
	assert_int_equal(mod.flow.flags, CVSW_FLOW_F_SEND_REM);
	assert_int_equal(mod.flow.n_actions, 2);
	assert_ptr_equal(mod.flow.actions, acts);
	assert_int_equal(mod.flow.n_opts, 0);
	assert_int_equal(acts[0].type, CVSW_ACT_SET_NW_DST);
	assert_int_equal(get_unaligned_be32(acts[0].nw), 0x0a000002);
	assert_int_equal(acts[1].output.port, 2);
	assert_true(cvsw_of10_match_put(&mod.flow.match, &wire));
	assert_memory_equal(&wire, bytes + 8, 40);
	assert_int_equal(cvsw_of10_actions_put(mod.flow.actions, 2, back, 16,
					       NULL), 16);
	assert_memory_equal(back, bytes + ACTIONS, 16);
}

static void test_delete(void **state)
{
	const struct cvsw_match all = {};
	u32 len = test_hex(FLOW_MOD_DELETE, bytes, sizeof(bytes));

	assert_int_equal(len, 72);
	assert_int_equal(get(len), 0);
	assert_int_equal(mod.cmd, CVSW_FLOW_DEL);
	assert_int_equal(mod.out_port, CVSW_PORT_NONE);
	assert_int_equal(mod.flow.n_actions, 0);
	assert_memory_equal(&mod.flow.match, &all, sizeof(all));
	/* filter and buffer: the one counts, the other does not */
	set16(OUT_PORT, 0xfffd);
	put_unaligned_be32(5, bytes + BUFFER);
	set16(FLAGS, 3);
	assert_int_equal(get(len), 0);
	assert_int_equal(mod.out_port, 0xfffd);
	assert_int_equal(mod.flow.flags, 0);
	/* actions are read, but say nothing */
	len += test_hex("0000000800020000", bytes + len, 8);
	assert_int_equal(get(len), 0);
	assert_int_equal(mod.flow.n_actions, 0);
	put_unaligned_be16(0x0c, bytes + ACTIONS);
	is_refused(len, 2, 0);
}

static void test_fields(void **state)
{
	static const struct {
		u32 off;
		u16 value;
		u16 cmd, out_port, priority, flags;
		u64 cookie;
	} t[] = {
		{ COMMAND, 1, 1, 0xffff, 0x8000, 1, 0x1122 },
		{ COMMAND, 2, 2, 0xffff, 0x8000, 1, 0x1122 },
		{ COMMAND, 4, 4, 0xffff, 0x8000, 0, 0x1122 },
		{ OUT_PORT, 3, 0, 0xffff, 0x8000, 1, 0x1122 },
		{ PRIORITY, 7, 0, 0xffff, 7, 1, 0x1122 },
		{ FLAGS, 2, 0, 0xffff, 0x8000, 2, 0x1122 },
		{ FLAGS, 0xff83, 0, 0xffff, 0x8000, 3, 0x1122 },
		{ FLAGS, 0, 0, 0xffff, 0x8000, 0, 0x1122 },
		{ COOKIE, 0x8000, 0, 0xffff, 0x8000, 1, 1ull << 63 | 0x1122 },
	};
	u32 len, i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		len = test_hex(FLOW_MOD_ADD, bytes, sizeof(bytes));
		set16(t[i].off, t[i].value);
		assert_int_equal(get(len), 0);
		assert_int_equal(mod.cmd, t[i].cmd);
		assert_int_equal(mod.out_port, t[i].out_port);
		assert_int_equal(mod.flow.priority, t[i].priority);
		assert_int_equal(mod.flow.flags, t[i].flags);
		assert_int_equal(mod.flow.cookie, t[i].cookie);
	}
}

/* wildcards 0 are the highest priority, unknown bits aside */
static void test_exact(void **state)
{
	u32 len = test_hex(FLOW_MOD_ADD, bytes, sizeof(bytes));

	set16(PRIORITY, 1);
	put_unaligned_be32(0, bytes + 8);
	assert_int_equal(get(len), 0);
	assert_int_equal(mod.flow.priority, 0xffff);
	put_unaligned_be32(0xffc00000, bytes + 8);
	assert_int_equal(get(len), 0);
	assert_int_equal(mod.flow.priority, 0xffff);
	put_unaligned_be32(0x100, bytes + 8);
	assert_int_equal(get(len), 0);
	assert_int_equal(mod.flow.priority, 1);
}

static void test_refused(void **state)
{
	static const struct {
		u32 off;
		u16 value;
		u16 type, code;
	} t[] = {
		{ COMMAND, 5, 3, 4 },
		{ COMMAND, 9, 3, 4 },
		{ COMMAND, 0xffff, 3, 4 },
		{ FLAGS, 4, 3, 3 },		/* its idle timeout is 60 */
		{ FLAGS, 7, 3, 3 },
		{ BUFFER, 0, 1, 8 },
		{ BUFFER + 2, 5, 1, 8 },
		{ ACTIONS, 0x1001, 2, 0 },
		{ ACTIONS + 2, 0, 2, 1 },
		{ ACTIONS + 2, 7, 2, 1 },
		{ ACTIONS + 2, 24, 2, 1 },
		{ ACTIONS + 12, 0xff00, 2, 4 },
	};
	u32 len, i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		len = test_hex(FLOW_MOD_ADD, bytes, sizeof(bytes));
		set16(t[i].off, t[i].value);
		is_refused(len, t[i].type, t[i].code);
	}
	len = test_hex(FLOW_MOD_ADD, bytes, sizeof(bytes));
	for (i = 0; i < len; i++)
		if (i != 72 && i != 80)
			is_refused(i, 1, 6);
	assert_int_equal(get(80), 0);
	assert_int_equal(get(72), 0);
	/* emergency flows: no timeout, or the other one */
	set16(FLAGS, 4);
	set16(IDLE, 0);
	is_refused(len, 3, 0);
	set16(HARD, 1);
	is_refused(len, 3, 3);
}

/* buffers of MODIFY, which may add */
static void test_buffers(void **state)
{
	u32 len = test_hex(FLOW_MOD_ADD, bytes, sizeof(bytes));
	u16 cmd;

	put_unaligned_be32(1, bytes + BUFFER);
	for (cmd = 0; cmd < 5; cmd++) {
		set16(COMMAND, cmd);
		if (cmd < 3)
			is_refused(len, 1, 8);
		else
			assert_int_equal(get(len), 0);
	}
}

/* a SET_ENTRY as the samples of 2014 make it: most of it is 0 */
#define OLD_ENTRY							\
	"000e000000000000" "003ffffe" "0001" ZERO16 ZERO16 "0000"	\
	ZERO8 "0000000000002710" ZERO8

static int get_2014(u32 len, bool set)
{
	static struct cvsw_flow_mod mods[2];
	int ret;

	memset(mods, 0xa5, sizeof(mods));
	ret = cvsw_of10_flow_mod_get_2014(bytes, len, set, mods, acts, &err);
	mod = mods[0];
	return ret;
}

static void test_2014(void **state)
{
	u32 len = test_hex(OLD_ENTRY OLD_SET_VXLAN, bytes, sizeof(bytes));

	assert_int_equal(len, 136);
	assert_int_equal(get_2014(len, true), 1);
	assert_int_equal(mod.cmd, CVSW_FLOW_ADD);
	assert_int_equal(mod.flow.priority, 10000);
	assert_int_equal(mod.flow.match.value.in_port, 1);
	assert_int_equal(mod.flow.match.mask.vlan_tci, 0);
	assert_int_equal(mod.flow.n_actions, 2);
	assert_int_equal(acts[0].type, CVSW_ACT_PUSH);
	assert_int_equal(acts[1].output.port, CVSW_PORT_NORMAL);
	set16(COMMAND, 9);
	assert_int_equal(get_2014(len, true), 1);
	assert_int_equal(mod.cmd, CVSW_FLOW_ADD);
	set16(COMMAND, 4);
	assert_int_equal(get_2014(len, false), 1);
	assert_int_equal(mod.cmd, CVSW_FLOW_DEL_STRICT);
	assert_int_equal(mod.out_port, CVSW_PORT_NONE);
	assert_int_equal(mod.flow.n_actions, 0);
	/* wildcards 0 are no higher priority */
	put_unaligned_be32(0x3fff00, bytes + 8);
	bytes[33] = 6;
	assert_int_equal(get_2014(len, true), 1);
	assert_int_equal(mod.flow.priority, 10000);
	/* ports without a protocol */
	put_unaligned_be32(0x3fffbf, bytes + 8);
	assert_int_equal(get_2014(len, true), 2);
	assert_int_equal(mod.flow.match.value.nw_proto, 6);
}

static void test_2014_refused(void **state)
{
	u32 len = test_hex(OLD_ENTRY OLD_STRIP_VXLAN, bytes, sizeof(bytes));

	assert_int_equal(get_2014(71, true), -EINVAL);
	assert_int_equal(err.type << 8 | err.code, 0x106);
	assert_int_equal(get_2014(len, false), -EINVAL);
	assert_int_equal(err.type << 8 | err.code, 0x304);
	assert_int_equal(get_2014(len - 1, true), -EINVAL);
	assert_int_equal(err.type << 8 | err.code, 0x106);
	bytes[ACTIONS + 1] = 9;
	assert_int_equal(get_2014(len, true), -EINVAL);
	assert_int_equal(err.type << 8 | err.code, 0x201);
}

static void test_switch_refused(void **state)
{
	static const struct {
		int ret;
		bool action;
		u16 type, code;
	} t[] = {
		{ -ENOSPC, false, 3, 0 },
		{ -ENOMEM, false, 3, 0 },
		{ -EEXIST, false, 3, 1 },
		{ -EINVAL, true, 2, 5 },
		{ -EINVAL, false, 3, 5 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		cvsw_of10_flow_refused(t[i].ret, t[i].action, &err);
		assert_int_equal(err.type, t[i].type);
		assert_int_equal(err.code, t[i].code);
		assert_non_null(err.text);
	}
}

/* the flow of the vectors */
static struct cvsw_flow known_flow(void)
{
	static const struct cvsw_action out = { .output = { .port = 2 } };
	struct cvsw_flow flow = {
		.cookie = 0x1122, .packets = 10, .bytes = 640,
		.age_ns = 61500000000, .priority = 0x8000, .idle_timeout = 60,
		.n_actions = 1, .actions = &out,
	};

	cvsw_match_set_in_port(&flow.match, 1);
	return flow;
}

static void test_removed(void **state)
{
	struct cvsw_flow flow = known_flow();
	u32 len = test_hex(FLOW_REMOVED, bytes, sizeof(bytes));
	bool whole = true;

	memset(back, 0xff, sizeof(back));
	assert_int_equal(cvsw_of10_flow_removed_put(&flow, CVSW_REMOVED_IDLE,
						    back, len, &whole), len);
	assert_memory_equal(back, bytes, len);
	assert_true(whole);
	assert_int_equal(cvsw_of10_flow_removed_put(&flow, 0, back, len - 1,
						    NULL), -EMSGSIZE);
	cvsw_of10_flow_removed_put(&flow, CVSW_REMOVED_DELETE, back, len, NULL);
	assert_int_equal(back[58], 2);
	flow.match.mask.tun_id = cpu_to_be64(1);
	cvsw_of10_flow_removed_put(&flow, 0, back, len, &whole);
	assert_false(whole);
}

static void test_stats(void **state)
{
	struct cvsw_flow flow = known_flow();
	u32 len = test_hex(STATS_REPLY_FLOW, bytes, sizeof(bytes)) - 12;
	bool whole = true;

	memset(back, 0xff, sizeof(back));
	assert_int_equal(cvsw_of10_flow_stats_put(&flow, back, len, &whole),
			 len);
	assert_memory_equal(back, bytes + 12, len);
	assert_true(whole);
	for (; len; len--)
		assert_int_equal(cvsw_of10_flow_stats_put(&flow, back, len - 1,
							  NULL), -EMSGSIZE);
	flow.n_opts = 1;
	cvsw_of10_flow_stats_put(&flow, back, sizeof(back), &whole);
	assert_false(whole);
}

/* times that are long, and the longest list */
static void test_stats_bounds(void **state)
{
	struct cvsw_flow flow = known_flow();
	int len;
	u32 i;

	for (i = 0; i < CVSW_ACTIONS_MAX; i++)
		acts[i] = (struct cvsw_action){
			.type = CVSW_ACT_PUSH,
			.tunnel = { .kind = 4, .family = 4, .nw_dst = { 1 } },
		};
	flow.actions = acts;
	flow.n_actions = CVSW_ACTIONS_MAX;
	flow.age_ns = ~0ull;
	len = cvsw_of10_flow_stats_put(&flow, back, sizeof(back), NULL);
	assert_int_equal(len, 88 + CVSW_ACTIONS_MAX * 72);
	assert_int_equal(get_unaligned_be16(back), len);
	assert_int_equal(get_unaligned_be32(back + 44), 0xffffffff);
	assert_in_range(get_unaligned_be32(back + 48), 0, 999999999);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_delete),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_2014),
		cmocka_unit_test(test_2014_refused),
		cmocka_unit_test(test_switch_refused),
		cmocka_unit_test(test_removed),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_stats_bounds),
	};

	return cmocka_run_group_tests_name("of10_flow", tests, NULL, NULL);
}

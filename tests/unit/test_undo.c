// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Whatever actions did to a frame, it can be had as it was. */

#include "util.h"

#include <cvsw/switch.h>
#include "action.h"
#include "key.h"
#include "undo.h"

static u8 bytes[TEST_FRAME_MAX];

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

/* any action that rewrites */
static void random_action(u64 *seed, struct cvsw_action *act)
{
	static const u8 types[] = {
		CVSW_ACT_SET_VLAN_VID, CVSW_ACT_SET_VLAN_PCP,
		CVSW_ACT_STRIP_VLAN, CVSW_ACT_SET_DL_SRC, CVSW_ACT_SET_DL_DST,
		CVSW_ACT_SET_NW_SRC, CVSW_ACT_SET_NW_DST, CVSW_ACT_SET_NW_TOS,
		CVSW_ACT_SET_TP_SRC, CVSW_ACT_SET_TP_DST,
		CVSW_ACT_SET_IPV6_SRC, CVSW_ACT_SET_IPV6_DST,
		CVSW_ACT_SET_TUNNEL,
	};
	unsigned int i;

	memset(act, 0, sizeof(*act));
	act->type = types[test_below(seed, ARRAY_SIZE(types))];
	switch (act->type) {
	case CVSW_ACT_SET_VLAN_VID:
		act->vlan = (u16)test_below(seed, 4096);
		break;
	case CVSW_ACT_SET_VLAN_PCP:
		act->vlan = (u16)test_below(seed, 8);
		break;
	case CVSW_ACT_SET_NW_TOS:
		act->tos = (u8)(4 * test_below(seed, 64));
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		act->tp = cpu_to_be16((u16)test_below(seed, 0x10000));
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		for (i = 0; i < 6; i++)
			act->mac[i] = (u8)test_rand(seed);
		break;
	default:
		for (i = 0; i < 16; i++)
			act->nw[i] = (u8)test_rand(seed);
	}
}

static void random_frame(u64 *seed, struct test_frame *f)
{
	static const u8 protos[] = { 6, 17, 1, 58, 99 };

	*f = (struct test_frame){
		.ver = (u8)(4 + 2 * test_below(seed, 2)),
		.proto = protos[test_below(seed, ARRAY_SIZE(protos))],
		.tos = (u8)test_rand(seed),
		.tp_src = (u16)(1 + test_below(seed, 255)),
		.tp_dst = (u16)(1 + test_below(seed, 255)),
		.udp_zero = !test_below(seed, 4),
		.payload = test_below(seed, 200),
	};
	if (!test_below(seed, 3))
		f->vlan_tci = (u16)(CVSW_VLAN_PRESENT | test_below(seed, 4096) |
				    test_below(seed, 8) << 13);
	if (f->ver == 6 && !test_below(seed, 4))
		f->ext = 8;
	if (!test_below(seed, 8))
		*f = (struct test_frame){ .dl_type = 0x88b5, .payload = 60 };
	if (f->ver == 4 && !test_below(seed, 8))
		f->frag_off = test_below(seed, 2) ? 0x2000 : 5;
	if (f->ver && !f->frag_off && (f->proto == 6 || f->proto == 17))
		f->partial = !test_below(seed, 4);
	if (f->partial)
		f->udp_zero = 0;
}

static void rewrite(u64 *seed, struct cvsw_pkt *pkt)
{
	struct cvsw_action list[6];
	u64 blob[64];
	const struct cvsw_act *act;
	u32 i, n = 1 + test_below(seed, ARRAY_SIZE(list));

	for (i = 0; i < n; i++)
		random_action(seed, &list[i]);
	assert_true(cvsw_action_size(list, n) <= sizeof(blob));
	cvsw_action_compile(list, n, blob);
	for (act = cvsw_act_first(blob); act; act = cvsw_act_next(act))
		assert_int_equal(cvsw_action_apply(act, pkt), CVSW_DROP_NONE);
}

static void test_random(void **state)
{
	u64 seed = test_seed();
	struct cvsw_offload off;
	struct test_frame f;
	struct cvsw_key was;
	struct cvsw_pkt pkt;
	u32 i, len;

	for (i = 0; i < 20000; i++) {
		random_frame(&seed, &f);
		len = test_build(&f, bytes);
		pkt = test_pkt(*state, bytes, len);
		if (f.partial) {
			off = (struct cvsw_offload){
				.csum = CVSW_CSUM_PARTIAL,
				.csum_start = (u16)test_l4(&f),
				.csum_offset = f.proto == 6 ? 16 : 6,
			};
			assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
		}
		cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NX_MATCH, &was);
		rewrite(&seed, &pkt);
		assert_int_equal(cvsw_undo(&pkt, &was,
					   CVSW_FRAG_MODE_NX_MATCH), 0);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_free(&pkt);
	}
}

static void test_no_memory(void **state)
{
	const struct test_frame f = { .ver = 4, .proto = 6, .payload = 10 };
	u32 len = test_build(&f, bytes);
	struct cvsw_pkt pkt = test_pkt(*state, bytes, len), clone = {};
	struct cvsw_key was;

	cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &was);
	was.dl_src[0] ^= 4;
	assert_int_equal(cvsw_pkt_clone(&pkt, &clone), 0);
	cvsw_alloc_fail_at(1);
	assert_int_equal(cvsw_undo(&pkt, &was, CVSW_FRAG_MODE_NORMAL), -ENOMEM);
	cvsw_alloc_fail_at(0);
	test_pkt_is(&pkt, bytes, len);
	cvsw_pkt_free(&clone);
	cvsw_pkt_free(&pkt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_memory, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Settings, workers and flow calls: OpenFlow 1.0 semantics as seen through
 * <cvsw/switch.h>, all or nothing, and what events tell.
 */

#include "rig.h"

#include <pthread.h>

static const struct test_frame tcp = { .ver = 4, .proto = 6 };
static const struct cvsw_action out1[] = { RIG_OUT(1) };
static const struct cvsw_action out2[] = { RIG_OUT(2) };
static const struct cvsw_action out3[] = { RIG_OUT(3) };

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct rig));
	rig_open(*state, 4, NULL);
	return 0;
}

static int teardown(void **state)
{
	rig_close(*state);
	free(*state);
	return 0;
}

/* a flow for IPv4 to 10.0.@third.0/@bits with one output */
static struct cvsw_flow net_flow(u16 priority, u8 third, unsigned int bits,
				 const struct cvsw_action *out)
{
	struct cvsw_flow flow = {
		.priority = priority, .n_actions = 1, .actions = out,
	};
	unsigned int i;

	flow.match.value.dl_type = cpu_to_be16(0x0800);
	flow.match.mask.dl_type = cpu_to_be16(0xffff);
	memcpy(flow.match.value.nw_dst, (u8 []){ 10, 0, third, 0 }, 4);
	for (i = 0; i < bits; i++)
		flow.match.mask.nw_dst[i / 8] |= (u8)(0x80 >> i % 8);
	return flow;
}

static struct cvsw_flow_mod mod_of(u16 cmd, struct cvsw_flow flow)
{
	return (struct cvsw_flow_mod){
		.cmd = cmd, .out_port = CVSW_PORT_NONE, .flow = flow,
	};
}

static int do_mod(struct rig *rig, u16 cmd, struct cvsw_flow flow)
{
	struct cvsw_flow_mod mod = mod_of(cmd, flow);

	return cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL);
}

/* where a frame to 10.0.@third.1 goes */
static void goes_to(struct rig *rig, u8 third, const char *ports)
{
	struct test_frame frame = tcp;

	memcpy(frame.nw_dst, (u8 []){ 10, 0, third, 1 }, 4);
	rig_clear(rig);
	rig_input(rig, 4, &frame);
	rig_sent_is(rig, ports);
}

/* Settings */

static void test_config_is_checked(void **state)
{
	struct cvsw_config good, config;
	struct cvsw_switch *sw = NULL;
	struct cvsw_error err;

	cvsw_config_default(&good);
#define BAD(text_, edit)						\
	config = good;							\
	config.edit;							\
	assert_int_equal(cvsw_switch_new(&sw, &config, &rig_ops, NULL,	\
					 &err), -EINVAL);		\
	assert_non_null(strstr(err.text, text_))

	BAD("name", name[0] = 0);
	BAD("max_flows", max_flows = 0);
	BAD("max_flows", max_flows = (1u << 24) + 1);
	BAD("workers", workers = 0);
	BAD("workers", workers = CVSW_WORKERS_MAX + 1);
	BAD("miss", miss = 3);
	BAD("fragment", frag_mode = 2);
	BAD("burst", packet_in_burst[1] = 0);
#undef BAD
	assert_null(sw);
	assert_int_equal(cvsw_switch_new(&sw, &good, &rig_ops, NULL, NULL), 0);
	cvsw_switch_free(sw);
}

static void test_configure(void **state)
{
	struct rig *rig = *state;
	struct cvsw_config config, now;

	cvsw_switch_config(rig->sw, &config);
	config.miss = CVSW_MISS_CONTROLLER;
	config.mac_ageing = 10;
	assert_int_equal(cvsw_switch_configure(rig->sw, &config, NULL), 0);
	cvsw_switch_config(rig->sw, &now);
	assert_memory_equal(&now, &config, sizeof(now));
	config.seed++;
	assert_int_equal(cvsw_switch_configure(rig->sw, &config, NULL),
			 -EINVAL);
	config.seed--;
	config.workers++;
	assert_int_equal(cvsw_switch_configure(rig->sw, &config, NULL),
			 -EINVAL);
	config.workers--;
	config.miss = 7;
	assert_int_equal(cvsw_switch_configure(rig->sw, &config, NULL),
			 -EINVAL);
	cvsw_switch_config(rig->sw, &config);
	assert_memory_equal(&now, &config, sizeof(now));
}

static void test_workers(void **state)
{
	struct rig *rig = *state;
	struct cvsw_worker *w = cvsw_worker_get(rig->sw, 1, rig);

	assert_non_null(w);
	assert_ptr_not_equal(w, rig->w);
	assert_ptr_equal(w, cvsw_worker_get(rig->sw, 1, rig));
	assert_null(cvsw_worker_get(rig->sw, 2, rig));
}

static void test_new_without_memory(void **state)
{
	struct cvsw_config config;
	struct cvsw_switch *sw = NULL;
	unsigned long nth = 0;
	int ret;

	cvsw_config_default(&config);
	do {
		cvsw_alloc_fail_at(++nth);
		ret = cvsw_switch_new(&sw, &config, &rig_ops, NULL, NULL);
		cvsw_alloc_fail_at(0);
		assert_true(!ret || ret == -ENOMEM);
	} while (ret);
	assert_true(nth > 4);
	for (nth = 1; nth <= 2; nth++) {
		cvsw_alloc_fail_at(nth);
		assert_null(cvsw_worker_get(sw, 0, NULL));
		cvsw_alloc_fail_at(0);
	}
	assert_non_null(cvsw_worker_get(sw, 0, NULL));
	cvsw_switch_free(sw);
}

/* Flow-mods */

static void test_add_replaces_identical(void **state)
{
	struct rig *rig = *state;

	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 24, out1));
	goes_to(rig, 0, "1");
	rig->now += RIG_SECOND;
	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 24, out2));
	assert_int_equal(rig_flows(rig), 1);
	assert_int_equal(rig_flow(rig, 5).packets, 0);
	assert_int_equal(rig_flow(rig, 5).age_ns, 0);
	assert_int_equal(rig->n_events, 0);
	goes_to(rig, 0, "2");
	/* another priority or prefix is another flow */
	do_mod(rig, CVSW_FLOW_ADD, net_flow(6, 0, 24, out3));
	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 16, out1));
	assert_int_equal(rig_flows(rig), 3);
	goes_to(rig, 0, "3");
	goes_to(rig, 7, "1");
	goes_to(rig, 0, "3");
}

/* host bits and fields without their prerequisite do not count */
static void test_matches_are_normalised(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow flow = net_flow(5, 0, 24, out1);

	do_mod(rig, CVSW_FLOW_ADD, flow);
	flow.match.value.nw_dst[3] = 99;
	flow.match.value.tp_dst = cpu_to_be16(80);
	flow.match.mask.tp_dst = cpu_to_be16(0xffff);
	do_mod(rig, CVSW_FLOW_ADD, flow);
	assert_int_equal(rig_flows(rig), 1);
	flow = rig_flow(rig, 5);
	assert_int_equal(flow.match.value.nw_dst[3], 0);
	assert_int_equal(flow.match.mask.tp_dst, 0);
}

static void test_modify(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow flow = net_flow(5, 1, 24, out1);

	flow.idle_timeout = 60;
	flow.flags = CVSW_FLOW_F_SEND_REM;
	do_mod(rig, CVSW_FLOW_ADD, flow);
	do_mod(rig, CVSW_FLOW_ADD, net_flow(6, 2, 24, out1));
	do_mod(rig, CVSW_FLOW_ADD, net_flow(7, 0, 8, out1));
	goes_to(rig, 1, "1");
	rig->now += RIG_SECOND;
	/* those inside 10.0.0.0/16, whatever their priority */
	flow = net_flow(1, 0, 16, out2);
	flow.cookie = 99;
	do_mod(rig, CVSW_FLOW_MOD, flow);
	assert_int_equal(rig_flows(rig), 3);
	flow = rig_flow(rig, 5);
	assert_int_equal(flow.cookie, 99);
	assert_int_equal(flow.idle_timeout, 60);
	assert_int_equal(flow.flags, CVSW_FLOW_F_SEND_REM);
	assert_true(flow.age_ns == RIG_SECOND);
	assert_int_equal(rig_flow(rig, 7).cookie, 0);
	do_mod(rig, CVSW_FLOW_DEL_STRICT, net_flow(7, 0, 8, out1));
	goes_to(rig, 1, "2");
	goes_to(rig, 2, "2");
	/* strict: only the very same; the cookie stays if one wants it to */
	flow = net_flow(5, 1, 24, out3);
	flow.cookie = CVSW_COOKIE_KEEP;
	do_mod(rig, CVSW_FLOW_MOD_STRICT, flow);
	assert_int_equal(rig_flow(rig, 5).cookie, 99);
	goes_to(rig, 1, "3");
	goes_to(rig, 2, "2");
	/* none there: both add */
	do_mod(rig, CVSW_FLOW_MOD_STRICT, net_flow(6, 1, 24, out1));
	assert_int_equal(rig_flows(rig), 3);
	flow = net_flow(9, 9, 24, out3);
	flow.cookie = CVSW_COOKIE_KEEP;
	do_mod(rig, CVSW_FLOW_MOD, flow);
	assert_int_equal(rig_flows(rig), 4);
	assert_int_equal(rig_flow(rig, 9).cookie, 0);
	goes_to(rig, 9, "3");
	assert_int_equal(rig->n_events, 0);
}

static void test_modify_keeps_counters(void **state)
{
	struct rig *rig = *state;
	int i;

	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 1, 24, out1));
	for (i = 1; i <= 5; i++) {
		goes_to(rig, 1, i % 2 ? "1" : "2");
		assert_int_equal(rig_flow(rig, 5).packets, i);
		assert_int_equal(rig_flow(rig, 5).bytes, i * 54);
		do_mod(rig, CVSW_FLOW_MOD,
		       net_flow(5, 1, 24, i % 2 ? out2 : out1));
	}
}

static void test_cookie_filter(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow_mod mod;
	struct cvsw_flow flow;
	u8 i;

	for (i = 0; i < 4; i++) {
		flow = net_flow(i, i, 24, out1);
		flow.cookie = 0x10 + i;
		do_mod(rig, CVSW_FLOW_ADD, flow);
	}
	mod = mod_of(CVSW_FLOW_MOD, (struct cvsw_flow){
		.cookie = 0x11, .n_actions = 1, .actions = out2 });
	mod.cookie_mask = 1;
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
	goes_to(rig, 0, "1");
	goes_to(rig, 1, "2");
	goes_to(rig, 3, "2");
	/* a filter that finds nothing adds nothing */
	mod.flow.cookie = 0x77;
	mod.cookie_mask = ~0ull;
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
	assert_int_equal(rig_flows(rig), 4);
	/* those that it found have kept their cookies */
	mod.cmd = CVSW_FLOW_DEL;
	mod.flow.cookie = 0x13;
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
	assert_int_equal(rig_flows(rig), 3);
}

static void test_delete(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow_mod mod;
	struct cvsw_flow flow;

	flow = net_flow(5, 1, 24, out1);
	flow.flags = CVSW_FLOW_F_SEND_REM;
	flow.cookie = 55;
	do_mod(rig, CVSW_FLOW_ADD, flow);
	do_mod(rig, CVSW_FLOW_ADD, net_flow(6, 2, 24, out2));
	do_mod(rig, CVSW_FLOW_ADD, net_flow(7, 3, 24, out1));
	goes_to(rig, 1, "1");
	rig->now += 3 * RIG_SECOND;
	/* strict needs the priority */
	do_mod(rig, CVSW_FLOW_DEL_STRICT, net_flow(6, 1, 24, out1));
	assert_int_equal(rig_flows(rig), 3);
	/* filter on the output */
	mod = mod_of(CVSW_FLOW_DEL, (struct cvsw_flow){ .priority = 1 });
	mod.out_port = 2;
	rig_clear(rig);
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
	assert_int_equal(rig_flows(rig), 2);
	assert_int_equal(rig->n_events, 0);
	do_mod(rig, CVSW_FLOW_DEL, net_flow(0, 0, 16, out1));
	assert_int_equal(rig_flows(rig), 0);
	/* only the flagged one is told of */
	assert_int_equal(rig->n_events, 1);
	assert_int_equal(rig->event.event.kind, CVSW_EVENT_FLOW_REMOVED);
	assert_int_equal(rig->event.event.reason, CVSW_REMOVED_DELETE);
	assert_int_equal(rig->event.flow.priority, 5);
	assert_int_equal(rig->event.flow.cookie, 55);
	assert_int_equal(rig->event.flow.packets, 1);
	assert_true(rig->event.flow.age_ns == 3 * RIG_SECOND);
	assert_int_equal(rig->event.flow.n_actions, 1);
	assert_int_equal(rig->event.actions[0].output.port, 1);
	goes_to(rig, 1, "");
	assert_int_equal(do_mod(rig, CVSW_FLOW_DEL, net_flow(0, 0, 16, out1)),
			 0);
}

static void test_overlap(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow flow = net_flow(5, 1, 24, out2);
	struct cvsw_flow_mod mod;
	struct cvsw_error err;

	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 16, out1));
	flow.flags = CVSW_FLOW_F_CHECK_OVERLAP;
	mod = mod_of(CVSW_FLOW_ADD, flow);
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, &err),
			 -EEXIST);
	assert_int_equal(err.index, 0);
	assert_int_equal(err.sub, -1);
	mod.cmd = CVSW_FLOW_MOD_STRICT;		/* when it adds */
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, &err),
			 -EEXIST);
	assert_int_equal(rig_flows(rig), 1);
	/* another priority, or the identical flow: no overlap */
	mod.flow.priority = 6;
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, &err), 0);
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, &err), 0);
	assert_int_equal(rig_flow(rig, 6).flags, 0);
	assert_int_equal(rig_flows(rig), 2);
}

/* of equal priorities the one installed first wins, also when it was modified */
static void test_equal_priorities(void **state)
{
	struct rig *rig = *state;

	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 16, out1));
	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 24, out2));
	goes_to(rig, 0, "1");
	do_mod(rig, CVSW_FLOW_MOD_STRICT, net_flow(5, 0, 16, out3));
	goes_to(rig, 0, "3");
	do_mod(rig, CVSW_FLOW_DEL_STRICT, net_flow(5, 0, 16, out3));
	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 16, out1));
	goes_to(rig, 0, "2");
}

/* All or nothing */

static void test_bundle(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow_mod mods[] = {
		mod_of(CVSW_FLOW_ADD, net_flow(5, 1, 24, out1)),
		mod_of(CVSW_FLOW_ADD, net_flow(5, 2, 24, out1)),
		mod_of(CVSW_FLOW_MOD, net_flow(0, 0, 16, out2)),
		mod_of(CVSW_FLOW_DEL_STRICT, net_flow(5, 2, 24, out1)),
	};

	/* later ones see earlier ones */
	assert_int_equal(cvsw_flow_mods(rig->sw, mods, 4, rig->now, NULL), 0);
	assert_int_equal(rig_flows(rig), 1);
	goes_to(rig, 1, "2");
	assert_int_equal(cvsw_flow_mods(rig->sw, mods, 0, rig->now, NULL), 0);
}

static void bundle_fails(struct rig *rig, struct cvsw_flow_mod last, int ret,
			 s32 sub)
{
	const struct cvsw_flow all = {};
	struct cvsw_flow_mod mods[] = {
		mod_of(CVSW_FLOW_DEL, all),
		mod_of(CVSW_FLOW_ADD, net_flow(5, 1, 24, out3)),
		mod_of(CVSW_FLOW_MOD, net_flow(5, 1, 24, out2)),
		last,
	};
	struct cvsw_error err;

	rig_clear(rig);
	assert_int_equal(cvsw_flow_mods(rig->sw, mods, 4, rig->now, &err), ret);
	assert_int_equal(err.index, 3);
	assert_int_equal(err.sub, sub);
	assert_non_null(err.text);
	assert_int_equal(rig_flows(rig), 2);
	assert_int_equal(rig->n_events, 0);
	goes_to(rig, 1, "1");
	goes_to(rig, 2, "1");
}

static void test_bundle_rolls_back(void **state)
{
	static const struct cvsw_action bad[] = {
		RIG_OUT(1), { .type = CVSW_ACT_SET_NW_TOS, .tos = 3 },
	};
	struct rig *rig = *state;
	struct cvsw_flow flow = net_flow(5, 1, 24, out1);

	flow.flags = CVSW_FLOW_F_SEND_REM;
	do_mod(rig, CVSW_FLOW_ADD, flow);
	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 2, 24, out1));
	flow = net_flow(5, 9, 24, bad);
	flow.n_actions = 2;
	bundle_fails(rig, mod_of(CVSW_FLOW_ADD, flow), -EINVAL, 1);
	flow = net_flow(5, 9, 24, out1);
	flow.flags = 0x80;
	bundle_fails(rig, mod_of(CVSW_FLOW_ADD, flow), -EINVAL, -1);
	flow.flags = 0;
	bundle_fails(rig, mod_of(9, flow), -EINVAL, -1);
	flow.n_actions = CVSW_ACTIONS_MAX + 1;
	bundle_fails(rig, mod_of(CVSW_FLOW_ADD, flow), -EINVAL, -1);
	flow = net_flow(5, 0, 16, out1);
	flow.flags = CVSW_FLOW_F_CHECK_OVERLAP;
	bundle_fails(rig, mod_of(CVSW_FLOW_ADD, flow), -EEXIST, -1);
}

static void small_table(struct cvsw_config *config)
{
	config->max_flows = 3;
}

static void test_table_full(void **state)
{
	struct rig *rig = *state;
	struct cvsw_table_stats stats;
	struct cvsw_flow flows[4];
	struct cvsw_error err;
	u8 i;

	rig_configure(rig, small_table);
	for (i = 0; i < 4; i++)
		assert_int_equal(do_mod(rig, CVSW_FLOW_ADD,
					net_flow(5, i, 24, out1)),
				 i < 3 ? 0 : -ENOSPC);
	/* in place of another one there is room */
	assert_int_equal(do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 1, 24, out2)),
			 0);
	goes_to(rig, 1, "2");
	cvsw_switch_stats(rig->sw, &stats);
	assert_int_equal(stats.flows, 3);
	assert_int_equal(stats.max_flows, 3);
	/* and so is there for as many other ones, but not for more */
	for (i = 0; i < 4; i++)
		flows[i] = net_flow(6, (u8)(10 + i), 24, out3);
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, 4, rig->now, &err),
			 -ENOSPC);
	assert_int_equal(rig_flows(rig), 3);
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, 3, rig->now, NULL),
			 0);
	assert_int_equal(rig_flows(rig), 3);
	goes_to(rig, 12, "3");
	assert_int_equal(do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 0, 24, out1)),
			 -ENOSPC);
}

static void test_mods_without_memory(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow_mod mods[] = {
		mod_of(CVSW_FLOW_MOD, net_flow(5, 0, 16, out2)),
		mod_of(CVSW_FLOW_ADD, net_flow(7, 3, 28, out3)),
	};
	unsigned long nth = 0;
	int ret;

	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 1, 24, out1));
	do_mod(rig, CVSW_FLOW_ADD, net_flow(5, 2, 24, out1));
	do {
		goes_to(rig, 1, "1");
		goes_to(rig, 2, "1");
		goes_to(rig, 3, "");
		assert_int_equal(rig_flows(rig), 2);
		cvsw_alloc_fail_at(++nth);
		ret = cvsw_flow_mods(rig->sw, mods, 2, rig->now, NULL);
		cvsw_alloc_fail_at(0);
		assert_true(!ret || ret == -ENOMEM);
	} while (ret);
	assert_true(nth > 3);
	goes_to(rig, 1, "2");
	goes_to(rig, 2, "2");
	goes_to(rig, 3, "3");
}

static void test_replace(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow flows[3], removed = net_flow(9, 9, 24, out1);
	struct cvsw_error err;

	removed.flags = CVSW_FLOW_F_SEND_REM;
	do_mod(rig, CVSW_FLOW_ADD, removed);
	do_mod(rig, CVSW_FLOW_ADD, net_flow(1, 1, 24, out1));
	do_mod(rig, CVSW_FLOW_ADD, net_flow(2, 2, 24, out1));
	goes_to(rig, 1, "1");
	goes_to(rig, 2, "1");
	flows[0] = net_flow(1, 1, 24, out1);	/* stays */
	flows[1] = net_flow(2, 2, 24, out2);	/* changes */
	flows[2] = net_flow(3, 3, 24, out3);	/* comes */
	rig_clear(rig);
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, 3, rig->now, NULL),
			 0);
	assert_int_equal(rig->n_events, 1);
	assert_int_equal(rig->event.flow.priority, 9);
	assert_int_equal(rig_flows(rig), 3);
	assert_int_equal(rig_flow(rig, 1).packets, 1);
	assert_int_equal(rig_flow(rig, 2).packets, 0);
	goes_to(rig, 2, "2");
	goes_to(rig, 3, "3");
	goes_to(rig, 9, "");
	flows[1].n_actions = CVSW_ACTIONS_MAX + 1;
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, 3, rig->now, &err),
			 -EINVAL);
	assert_int_equal(err.index, 1);
	assert_int_equal(rig_flows(rig), 3);
	assert_int_equal(cvsw_flow_replace(rig->sw, NULL, 0, rig->now, NULL),
			 0);
	assert_int_equal(rig_flows(rig), 0);
}

/* Time */

static void test_timeouts(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow flow = net_flow(5, 1, 24, out1);

	flow.idle_timeout = 10;
	flow.flags = CVSW_FLOW_F_SEND_REM;
	do_mod(rig, CVSW_FLOW_ADD, flow);
	flow = net_flow(6, 2, 24, out1);
	flow.hard_timeout = 30;
	flow.flags = CVSW_FLOW_F_SEND_REM;
	do_mod(rig, CVSW_FLOW_ADD, flow);
	rig->now += 9 * RIG_SECOND;
	goes_to(rig, 1, "1");
	rig->now += 9 * RIG_SECOND;
	cvsw_switch_expire(rig->sw, rig->now);
	assert_int_equal(rig_flows(rig), 2);
	rig->now += RIG_SECOND;
	goes_to(rig, 2, "1");
	rig_clear(rig);
	cvsw_switch_expire(rig->sw, rig->now);
	assert_int_equal(rig->n_events, 1);
	assert_int_equal(rig->event.event.reason, CVSW_REMOVED_IDLE);
	assert_int_equal(rig->event.flow.packets, 1);
	rig->now += 11 * RIG_SECOND;
	cvsw_switch_expire(rig->sw, rig->now);
	assert_int_equal(rig->n_events, 2);
	assert_int_equal(rig->event.event.reason, CVSW_REMOVED_HARD);
	assert_true(rig->event.flow.age_ns == 30 * RIG_SECOND);
	assert_int_equal(rig_flows(rig), 0);
}

static void test_restore(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow flow = net_flow(5, 1, 24, out1);

	flow.packets = 1000;
	flow.bytes = 54000;
	flow.age_ns = 100 * RIG_SECOND;
	flow.idle_ns = 5 * RIG_SECOND;
	flow.hard_timeout = 120;
	/* also on a clock that has not run for that long */
	rig->now = 10 * RIG_SECOND;
	assert_int_equal(do_mod(rig, CVSW_FLOW_RESTORE, flow), 0);
	rig->now += RIG_SECOND;
	flow = rig_flow(rig, 5);
	assert_int_equal(flow.packets, 1000);
	assert_true(flow.age_ns == 101 * RIG_SECOND);
	assert_true(flow.idle_ns == 6 * RIG_SECOND);
	goes_to(rig, 1, "1");
	flow = rig_flow(rig, 5);
	assert_int_equal(flow.packets, 1001);
	assert_int_equal(flow.bytes, 54054);
	assert_true(flow.idle_ns == 0);
	rig->now += 18 * RIG_SECOND;
	cvsw_switch_expire(rig->sw, rig->now);
	assert_int_equal(rig_flows(rig), 1);
	rig->now += RIG_SECOND;
	cvsw_switch_expire(rig->sw, rig->now);
	assert_int_equal(rig_flows(rig), 0);
}

/* Dumps */

struct taker {
	unsigned int	room;
	unsigned int	seen;
	u64		sum;
};

static int take(void *arg, const struct cvsw_flow *flow)
{
	struct taker *taker = arg;

	if (!taker->room)
		return 1;
	taker->room--;
	taker->seen++;
	taker->sum += flow->cookie;
	assert_int_equal(flow->n_actions, 1);
	assert_int_equal(flow->actions[0].output.port, 1 + flow->cookie % 2);
	return 0;
}

static void test_dump_in_parts(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow_dump *dump;
	struct taker taker = { 0 };
	struct cvsw_flow flow, first;
	unsigned int parts = 0;
	u8 i;

	for (i = 0; i < 20; i++) {
		flow = net_flow(5, i, 24, i % 2 ? out2 : out1);
		flow.cookie = i;
		do_mod(rig, CVSW_FLOW_ADD, flow);
	}
	first = net_flow(5, 0, 24, out1);
	assert_int_equal(cvsw_flow_dump_start(rig->sw, &dump, NULL), 0);
	do {
		taker.room = 3;
		parts++;
		if (parts == 2)		/* seen already */
			do_mod(rig, CVSW_FLOW_MOD_STRICT, first);
		if (parts == 4)		/* not yet */
			do_mod(rig, CVSW_FLOW_MOD_STRICT, flow);
	} while (cvsw_flow_dump_next(dump, rig->now, take, &taker));
	cvsw_flow_dump_stop(dump);
	assert_int_equal(taker.seen, 20);
	assert_int_equal(parts, 7);
}

static unsigned int count_selected(struct rig *rig,
				   const struct cvsw_flow_mod *filter)
{
	struct taker taker = { .room = 1000 };
	struct cvsw_flow_dump *dump;

	assert_int_equal(cvsw_flow_dump_start(rig->sw, &dump, filter), 0);
	assert_int_equal(cvsw_flow_dump_next(dump, rig->now, take, &taker), 0);
	cvsw_flow_dump_stop(dump);
	return taker.seen;
}

static void test_dump_filter(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow_mod filter;
	struct cvsw_flow_dump *dump;
	struct cvsw_flow flow;
	u8 i;

	for (i = 0; i < 20; i++) {
		flow = net_flow(5, i, 24, i % 2 ? out2 : out1);
		flow.cookie = i;
		do_mod(rig, CVSW_FLOW_ADD, flow);
	}
	filter = mod_of(CVSW_FLOW_DEL, net_flow(0, 0, 22, NULL));
	filter.flow.n_actions = 0;
	assert_int_equal(count_selected(rig, &filter), 4);
	filter.out_port = 2;
	assert_int_equal(count_selected(rig, &filter), 2);
	filter.flow.cookie = 3;
	filter.cookie_mask = ~0ull;
	assert_int_equal(count_selected(rig, &filter), 1);
	cvsw_alloc_fail_at(1);
	assert_int_equal(cvsw_flow_dump_start(rig->sw, &dump, &filter),
			 -ENOMEM);
	cvsw_alloc_fail_at(0);
}

/*
 * A reader on one thread, bundles on another: each bundle moves the flow of a
 * frame and what it resubmits to together, so no frame may see half of one.
 */
struct half {
	struct rig	*rig;
	int		stop;
	u32		wrong;
	u32		frames;
};

static void *half_reader(void *arg)
{
	struct half *half = arg;
	struct rig *rig = half->rig;

	do {
		cvsw_worker_begin(rig->w);
		rig_clear(rig);
		rig_input(rig, 4, &tcp);
		cvsw_worker_flush(rig->w);
		half->wrong += rig->n_sent != 2 ||
			       rig->sent[0].port != rig->sent[1].port;
		half->frames++;
	} while (!__atomic_load_n(&half->stop, __ATOMIC_ACQUIRE));
	return NULL;
}

static struct cvsw_flow half_flow(u16 in_port, const struct cvsw_action *list,
				  u16 n)
{
	struct cvsw_flow flow = { .priority = 1, .n_actions = n,
				  .actions = list };

	flow.match.value.in_port = in_port;
	flow.match.mask.in_port = 0xffff;
	return flow;
}

static void test_no_frame_sees_half_a_bundle(void **state)
{
	static const struct cvsw_action list[2][2] = {
		{ RIG_OUT(1), RIG_RESUBMIT(50) },
		{ RIG_OUT(2), RIG_RESUBMIT(50) },
	};
	struct half half = { .rig = *state };
	struct rig *rig = *state;
	struct cvsw_flow_mod mods[2];
	pthread_t thread;
	int i;

	for (i = 0; i < 4000; i++) {
		mods[0] = mod_of(i ? CVSW_FLOW_MOD_STRICT : CVSW_FLOW_ADD,
				 half_flow(4, list[i % 2], 2));
		mods[1] = mod_of(CVSW_FLOW_ADD,
				 half_flow(50, i % 2 ? out2 : out1, 1));
		assert_int_equal(cvsw_flow_mods(rig->sw, mods, 2, rig->now,
						NULL), 0);
		if (!i)
			assert_int_equal(pthread_create(&thread, NULL,
							half_reader, &half), 0);
	}
	__atomic_store_n(&half.stop, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	assert_int_equal(half.wrong, 0);
	assert_true(half.frames > 0);
}

static void bare_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	cvsw_pkt_free(pkt);
}

static int bare_open(void *ctx, const char *spec, __u16 no,
		     struct cvsw_error *err)
{
	return strcmp(spec, "tap:x") ? -ENODEV : no;
}

/* all ops but output are optional */
static void test_without_ops(void **state)
{
	static const struct cvsw_action controller[] = {
		RIG_OUT(CVSW_PORT_CONTROLLER),
	};
	struct cvsw_ops ops = { .output = bare_output };
	struct cvsw_port_info info = rig_port(1);
	struct rig rig = { .now = RIG_SECOND };
	struct cvsw_flow_mod mod;
	struct cvsw_config config;
	struct cvsw_error err;

	cvsw_config_default(&config);
	assert_int_equal(cvsw_switch_new(&rig.sw, &config, &ops, NULL, NULL),
			 0);
	rig.w = cvsw_worker_get(rig.sw, 0, NULL);
	rig.pool = cvsw_pool_new();
	assert_int_equal(cvsw_port_add(rig.sw, &info, NULL, NULL), 0);
	assert_int_equal(cvsw_port_set(rig.sw, &info, CVSW_PORT_SET_MTU, &err),
			 -EOPNOTSUPP);
	assert_int_equal(cvsw_port_open(rig.sw, "tap:x", 7, &err), -EOPNOTSUPP);
	ops.port_open = bare_open;
	assert_int_equal(cvsw_port_open(rig.sw, "tap:x", 7, &err), 7);
	assert_int_equal(cvsw_port_open(rig.sw, "tap:y", 7, &err), -ENODEV);
	mod = mod_of(CVSW_FLOW_ADD, (struct cvsw_flow){
		.n_actions = 1, .actions = controller,
		.flags = CVSW_FLOW_F_SEND_REM });
	assert_int_equal(cvsw_flow_mods(rig.sw, &mod, 1, rig.now, NULL), 0);
	rig_input(&rig, 1, &tcp);
	rig_drops_are(&rig, CVSW_DROP_NO_CONTROLLER, 1);
	mod.cmd = CVSW_FLOW_DEL;
	assert_int_equal(cvsw_flow_mods(rig.sw, &mod, 1, rig.now, NULL), 0);
	/* the only port has nobody to talk to */
	rig_input(&rig, 1, &tcp);
	cvsw_alloc_fail_at(1);
	config.mac_ageing++;
	assert_int_equal(cvsw_switch_configure(rig.sw, &config, &err), -ENOMEM);
	cvsw_alloc_fail_at(0);
	assert_int_equal(rig_drops(&rig), 2);
	assert_int_equal(cvsw_port_del(rig.sw, 1, NULL), 0);
	cvsw_switch_free(rig.sw);
	cvsw_switch_free(NULL);
	cvsw_pool_free(rig.pool);
}

/* a match that is wrong in itself is said to be so */
static void test_bad_match(void **state)
{
	struct rig *rig = *state;
	struct cvsw_flow flow = net_flow(5, 1, 24, out1);
	struct cvsw_flow_mod mods[2] = {
		mod_of(CVSW_FLOW_ADD, flow), mod_of(CVSW_FLOW_ADD, flow),
	};
	struct cvsw_error err = { 0 };

	mods[1].flow.match.value.in_port = CVSW_PORT_NORMAL;
	mods[1].flow.match.mask.in_port = 0xffff;
	mods[1].flow.match.value.nw_dst[9] = 1;
	mods[1].flow.match.mask.nw_dst[9] = 0xff;
	assert_int_equal(cvsw_flow_mods(rig->sw, mods, 2, rig->now, &err),
			 -EINVAL);
	assert_int_equal(err.index, 1);
	assert_int_equal(err.sub, -1);
	assert_non_null(err.text);
	assert_int_equal(rig_flows(rig), 0);
}

static void test_drop_words(void **state)
{
	unsigned int i, j;

	for (i = 0; i < CVSW_DROP_COUNT; i++) {
		assert_non_null(cvsw_drop_name(i));
		assert_non_null(cvsw_drop_text(i));
		for (j = 0; j < i; j++)
			assert_string_not_equal(cvsw_drop_name(i),
						cvsw_drop_name(j));
	}
	assert_string_equal(cvsw_drop_name(CVSW_DROP_SPOOF_MAC), "spoof-mac");
	assert_null(cvsw_drop_name(CVSW_DROP_COUNT));
	assert_null(cvsw_drop_text(CVSW_DROP_COUNT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config_is_checked),
		cmocka_unit_test_setup_teardown(test_configure, setup, teardown),
		cmocka_unit_test_setup_teardown(test_workers, setup, teardown),
		cmocka_unit_test(test_new_without_memory),
		cmocka_unit_test_setup_teardown(test_add_replaces_identical, setup, teardown),
		cmocka_unit_test_setup_teardown(test_matches_are_normalised, setup, teardown),
		cmocka_unit_test_setup_teardown(test_modify, setup, teardown),
		cmocka_unit_test_setup_teardown(test_modify_keeps_counters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cookie_filter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_delete, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overlap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_equal_priorities, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bundle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bundle_rolls_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_table_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mods_without_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_replace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timeouts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_restore, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dump_in_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dump_filter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_frame_sees_half_a_bundle, setup, teardown),
		cmocka_unit_test(test_without_ops),
		cmocka_unit_test_setup_teardown(test_bad_match, setup, teardown),
		cmocka_unit_test(test_drop_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

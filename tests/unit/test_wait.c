// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames that wait for a way: they go on in order when it is told, and those
 * that do not are counted once each.
 */

#include "path_util.h"

#define WAIT_PATH	16	/* frames of one worker for one path */
#define WAIT_ALL	128

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	*state = rig;
	rig_open(rig, 3, NULL);
	return 0;
}

static int teardown(void **state)
{
	rig_close(*state);
	free(*state);
	return 0;
}

/* a frame with a number in it */
static void input_no(struct rig *rig, u16 port, u16 no)
{
	struct test_frame frame = { .ver = 4, .proto = 17, .tp_src = no };

	rig_input(rig, port, &frame);
}

/* the frame with that number, in VXLAN over IPv4 */
static void sent_no_is(const struct rig *rig, unsigned int i, u16 no)
{
	assert_true(i < rig->n_sent);
	assert_null(test_strict(rig->sent[i].bytes, rig->sent[i].len));
	assert_int_equal(get_unaligned_be16(rig->sent[i].bytes + 50 + 34), no);
}

static void add_push(struct rig *rig, u8 last)
{
	struct cvsw_action push = path_push(4, last, PATH_OPEN_ALL);

	rig_add(rig, last, 0, &push, 1);
	rig->paths[0] = 0;
}

static bool resume(struct rig *rig)
{
	return cvsw_worker_resume(rig->w, rig->now);
}

static void test_resume(void **state)
{
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	u16 i;

	add_push(rig, 9);
	assert_false(resume(rig));
	for (i = 1; i <= 5; i++)
		input_no(rig, 1, i);
	rig_paths_are(rig, "?9");		/* told once */
	rig_sent_is(rig, "");
	assert_true(resume(rig));
	path_set(rig, 4, 9, &way);
	rig_sent_is(rig, "");
	assert_false(resume(rig));
	rig_sent_is(rig, "2 2 2 2 2");
	for (i = 1; i <= 5; i++)
		sent_no_is(rig, i - 1u, i);
	input_no(rig, 1, 6);
	rig_sent_is(rig, "2 2 2 2 2 2");
	rig_paths_are(rig, "");
	assert_int_equal(rig_drops(rig), 0);
}

/* so many for a path, so many in all, and the rest is counted */
static void test_bounds(void **state)
{
	struct rig *rig = *state;
	unsigned int last, i, n = WAIT_ALL / WAIT_PATH;

	for (last = 1; last <= n + 1; last++) {
		add_push(rig, (u8)last);
		for (i = 0; i < WAIT_PATH + 3; i++)
			input_no(rig, 1, (u16)(i + 1));
	}
	rig_drops_are(rig, CVSW_DROP_UNRESOLVED, 3 * n + WAIT_PATH + 3);
	for (last = 1; last <= n; last++) {
		struct cvsw_way way = path_way(4, 2);

		rig_clear(rig);
		path_set(rig, 4, (u8)last, &way);
		assert_int_equal(resume(rig), last < n);
		assert_int_equal(rig->n_sent, WAIT_PATH);
		for (i = 0; i < WAIT_PATH; i++)
			sent_no_is(rig, i, (u16)(i + 1));
	}
}

static void test_too_late(void **state)
{
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;

	add_push(rig, 9);
	input_no(rig, 1, 1);
	rig->now += 2 * RIG_SECOND;
	input_no(rig, 1, 2);
	rig->now += RIG_SECOND - 1;
	assert_true(resume(rig));
	assert_int_equal(rig_drops(rig), 0);
	rig->now++;
	assert_true(resume(rig));
	rig_drops_are(rig, CVSW_DROP_UNRESOLVED, 1);
	path_set(rig, 4, 9, &way);
	assert_false(resume(rig));
	rig_sent_is(rig, "2");
	sent_no_is(rig, 0, 2);
	/* who comes after all have gone is told of again */
	rig_paths_are(rig, "?9");
}

/* no way: what waits goes, what comes does not wait, until there is one */
static void test_absent(void **state)
{
	struct cvsw_way way = path_way(4, 3);
	struct rig *rig = *state;

	add_push(rig, 9);
	input_no(rig, 1, 1);
	path_set(rig, 4, 9, NULL);
	assert_int_equal(path_info(rig, 4, 9).state, CVSW_PATH_ABSENT);
	assert_false(resume(rig));
	rig_drops_are(rig, CVSW_DROP_NO_ROUTE, 1);
	input_no(rig, 1, 2);
	rig_drops_are(rig, CVSW_DROP_NO_ROUTE, 2);
	path_set(rig, 4, 9, &way);
	input_no(rig, 1, 3);
	rig_sent_is(rig, "3");
	path_set(rig, 4, 9, NULL);
	input_no(rig, 1, 3);
	rig_drops_are(rig, CVSW_DROP_NO_ROUTE, 3);
	rig_paths_are(rig, "?9");
}

/* the flow goes while its frames wait: their list is their own */
static void test_flow_gone(void **state)
{
	struct cvsw_action push = path_push(4, 9, PATH_OPEN_ALL);
	struct cvsw_flow_mod all = { .cmd = CVSW_FLOW_DEL,
				     .out_port = CVSW_PORT_NONE };
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	unsigned int keep;

	for (keep = 0; keep < 2; keep++) {
		add_push(rig, 9);
		input_no(rig, 1, 1);
		cvsw_flow_mods(rig->sw, &all, 1, rig->now, NULL);
		if (keep)	/* another flow for the same far end */
			rig_add(rig, 1, 2, &push, 1);
		path_expire(rig);
		assert_int_equal(path_set(rig, 4, 9, &way),
				 keep ? 0 : -ENOENT);
		assert_false(resume(rig));
		rig_sent_is(rig, keep ? "2" : "");
		rig_drops_are(rig, CVSW_DROP_NO_ROUTE, 1);
	}
}

/* lists around the one that waits go on behind it */
static void test_resubmitted(void **state)
{
	struct cvsw_action push = path_push(4, 9, PATH_OPEN_ALL);
	struct cvsw_action vid = { .type = CVSW_ACT_SET_VLAN_VID, .vlan = 5 };
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;

	rig_add(rig, 1, 1, RIG_LIST(RIG_RESUBMIT(70), RIG_OUT(3)));
	rig_add(rig, 1, 70, RIG_LIST(RIG_RESUBMIT(71), vid));
	rig_add(rig, 1, 71, RIG_LIST(RIG_RESUBMIT(72), RIG_OUT(2)));
	rig_add(rig, 1, 72, RIG_LIST(push, RIG_OUT(CVSW_PORT_ROUTE)));
	input_no(rig, 1, 1);
	rig_sent_is(rig, "");
	path_set(rig, 4, 9, &way);
	assert_false(resume(rig));
	rig_sent_is(rig, "2 2 3");
	sent_no_is(rig, 0, 1);
	sent_no_is(rig, 1, 1);
	assert_int_equal(get_unaligned_be16(rig->sent[2].bytes + 12), 0x8100);
	assert_int_equal(rig_drops(rig), 0);
	assert_int_equal(rig_flow(rig, 1).packets, 1);
}

/* a second push that waits: the frame waits again, for its own time */
static void test_twice(void **state)
{
	struct cvsw_action list[2] = {
		path_push(4, 8, PATH_OPEN_ALL), path_push(4, 9, PATH_OPEN_ALL),
	};
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;

	rig_add(rig, 1, 1, list, 2);
	rig->paths[0] = 0;
	input_no(rig, 1, 1);
	path_set(rig, 4, 8, &way);
	rig->now += RIG_SECOND * 5 / 2;
	assert_true(resume(rig));
	rig_paths_are(rig, "?8 ?9");
	rig->now += RIG_SECOND * 5 / 2;
	path_set(rig, 4, 9, &way);
	assert_false(resume(rig));
	rig_sent_is(rig, "2");
	assert_int_equal(rig->sent[0].len, 42 + 2 * 50);
}

/* a copy went out before: what waits is not lost when it goes */
static void test_sent_before(void **state)
{
	struct cvsw_action push = path_push(4, 9, PATH_OPEN_ALL);
	struct rig *rig = *state;

	rig_add(rig, 1, 1, RIG_LIST(RIG_OUT(3), push));
	input_no(rig, 1, 1);
	input_no(rig, 1, 2);
	rig_sent_is(rig, "3 3");
	path_set(rig, 4, 9, NULL);
	assert_false(resume(rig));
	input_no(rig, 1, 3);
	rig_sent_is(rig, "3 3 3");
	assert_int_equal(rig_drops(rig), 0);
}

struct trace_log {
	char	text[256];
};

static void trace_step(void *arg, const struct cvsw_trace_step *step)
{
	struct trace_log *log = arg;
	char *end = log->text + strlen(log->text);

	if (step->what == CVSW_TRACE_HELD)
		strcpy(end, "H ");
	if (step->what == CVSW_TRACE_OUTPUT)
		sprintf(end, "O%u ", step->port);
	if (step->what == CVSW_TRACE_DROP)
		sprintf(end, "D:%s ", cvsw_drop_name(step->drop));
}

static void test_trace(void **state)
{
	static const char *const wants[] = { "H ", "D:no-route ", "O2 " };
	const struct test_frame frame = { .ver = 4, .proto = 17 };
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	unsigned int i;

	add_push(rig, 9);
	for (i = 0; i < ARRAY_SIZE(wants); i++) {
		struct trace_log log = { .text = "" };

		if (i)
			path_set(rig, 4, 9, i == 1 ? NULL : &way);
		cvsw_trace(rig->w, rig_frame(rig, 1, &frame), rig->now,
			   trace_step, &log);
		assert_string_equal(log.text, wants[i]);
	}
	rig_paths_are(rig, "");
	assert_false(resume(rig));
	assert_int_equal(rig_drops(rig), 0);
}

/* a super-frame waits as one, and is counted as its segments */
static void test_super(void **state)
{
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .gso_type = CVSW_GSO_TCP4,
		.gso_size = 1000, .csum_start = 34, .csum_offset = 16,
	};
	const struct test_frame frame = {
		.ver = 4, .proto = 6, .payload = 9500, .partial = 1,
	};
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	struct cvsw_pkt *pkt;
	unsigned int i;

	add_push(rig, 9);
	add_push(rig, 10);
	for (i = 0; i < 2; i++) {
		pkt = rig_frame(rig, 1, &frame);
		assert_int_equal(cvsw_pkt_offload_set(pkt, &off), 0);
		cvsw_input(rig->w, pkt, rig->now);
		path_set(rig, 4, 10, i ? &way : NULL);
		cvsw_worker_begin(rig->w);	/* in a batch of others */
		assert_false(resume(rig));
		cvsw_worker_flush(rig->w);
		rig_sent_is(rig, i ? "2" : "");
		rig_drops_are(rig, CVSW_DROP_NO_ROUTE, i ? 0 : 10);
		rig_close(rig);
		rig_open(rig, 3, NULL);
		add_push(rig, 10);
	}
}

/* whichever allocation fails: waiting and in order, or counted */
static void test_no_memory(void **state)
{
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	unsigned int nth;
	u64 lost;

	for (nth = 1; nth <= 3; nth++) {
		const struct test_frame frame = { .ver = 4, .proto = 17 };
		struct cvsw_pkt *pkt;

		rig_close(rig);
		rig_open(rig, 3, NULL);
		add_push(rig, 9);
		pkt = rig_frame(rig, 1, &frame);
		cvsw_alloc_fail_at(nth);
		cvsw_input(rig->w, pkt, rig->now);
		cvsw_alloc_fail_at(0);
		lost = rig_drops(rig);
		assert_int_equal(lost, nth < 3);
		rig_drops_are(rig, CVSW_DROP_NO_MEMORY, lost);
		path_set(rig, 4, 9, &way);
		assert_false(resume(rig));
		rig_sent_is(rig, lost ? "" : "2");
	}
}

static void no_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	fail_msg("a frame went out");
}

/* nobody looks for ways: nothing waits */
static void test_nobody(void **state)
{
	static const struct cvsw_ops ops = { .output = no_output };
	const struct test_frame frame = { .ver = 4, .proto = 17 };
	struct cvsw_action push = path_push(4, 9, PATH_OPEN_ALL);
	struct rig *rig = *state, none = *rig;
	struct cvsw_config config;

	cvsw_config_default(&config);
	assert_int_equal(cvsw_switch_new(&none.sw, &config, &ops, &none, NULL),
			 0);
	none.w = cvsw_worker_get(none.sw, 0, &none);
	for (u16 i = 1; i <= 2; i++) {
		struct cvsw_port_info info = rig_port(i);

		assert_int_equal(cvsw_port_add(none.sw, &info, NULL, NULL), 0);
	}
	rig_add(&none, 1, 0, &push, 1);
	rig_input(&none, 1, &frame);
	rig_drops_are(&none, CVSW_DROP_NO_ROUTE, 1);
	assert_false(cvsw_worker_resume(none.w, none.now));
	cvsw_switch_free(none.sw);
}

/* the switch goes while frames wait */
static void test_freed(void **state)
{
	struct rig *rig = *state;

	add_push(rig, 9);
	input_no(rig, 1, 1);
	input_no(rig, 1, 2);
}

/* too long for the way that it waited for: its sender is told of what it sent */
static void test_too_big(void **state)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 6, .frag_off = 0x4000, .payload = 1460,
	};
	struct cvsw_action open = path_push(4, 9, PATH_OPEN_ALL);
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	static u8 sent[TEST_FRAME_MAX];
	const u8 *answer;

	test_build(&frame, sent);
	way.mtu = 1500;
	rig_add(rig, 1, 0, RIG_LIST(
		{ .type = CVSW_ACT_SET_DL_SRC, .mac = { 2, 0, 0, 0, 7, 1 } },
		{ .type = CVSW_ACT_SET_NW_SRC, .nw = { 1, 2, 3, 4 } }, open));
	rig_input(rig, 1, &frame);
	path_set(rig, 4, 9, &way);
	assert_false(resume(rig));
	rig_sent_is(rig, "1");
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 1);
	answer = rig->sent[0].bytes;
	assert_memory_equal(answer, sent + 6, 6);
	assert_memory_equal(answer + 14 + 16, sent + 14 + 12, 4);
	assert_memory_equal(answer + 14 + 28, sent + 14, 548);
}

/* nobody is told of a tunnel that the frame was in already */
static void test_too_big_inside(void **state)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 6, .frag_off = 0x4000, .payload = 1400,
	};
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;

	way.mtu = 1500;
	rig_add(rig, 1, 0, RIG_LIST(path_push(4, 8, 0),
				    path_push(4, 9, PATH_OPEN_ALL)));
	path_set(rig, 4, 8, &way);
	rig_input(rig, 1, &frame);
	path_set(rig, 4, 9, &way);
	assert_false(resume(rig));
	rig_sent_is(rig, "");
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 1);
}

/* nor of one for which the frame was short */
static void test_too_big_short_inside(void **state)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 6, .frag_off = 0x4000, .payload = 496 - 54,
	};
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;

	way.mtu = 576;
	rig_add(rig, 1, 0, RIG_LIST(path_push(4, 8, 0),
				    path_push(4, 9, PATH_OPEN_DL_DST),
				    RIG_OUT(2)));
	path_set(rig, 4, 9, &way);
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "");
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_resume, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_absent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flow_gone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_resubmitted, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_twice, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sent_before, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_super, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_memory, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(test_freed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_big, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_big_inside, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_too_big_short_inside,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("wait", tests, NULL, NULL);
}

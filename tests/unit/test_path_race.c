// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Ways told, changed and taken back, and the flows that need them added,
 * modified and deleted, while workers push and ICMP errors come in.  Every
 * frame leaves by one way, whole, or is counted once.  cmocka's asserts are not
 * for threads: those note the first thing that went wrong.
 */

#include "path_util.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#define RACE_WORKERS	2
#define RACE_ENDS	12	/* far ends */
#define RACE_GENS	50	/* ways told, times far ends */
#define RACE_TICK	20000	/* ns; a frame's time */
#define RACE_BATCH	24

struct race {
	struct cvsw_switch	*sw;
	const char		*bad;
	u64			clock;
	u64			seed;
	bool			busy;
	bool			out;	/* something was sent */
	bool			open[RACE_ENDS];
};

/*
 * struct race_worker
 * @in:    frames brought
 * @sent:  those that left, ICMP errors included
 */
struct race_worker {
	struct race		*race;
	struct cvsw_worker	*w;
	struct cvsw_pool	*pool;
	u64			seed;
	u64			in;
	u64			sent;
};

static void race_want(struct race *race, bool holds, const char *what)
{
	const char *none = NULL;

	if (!holds)
		__atomic_compare_exchange_n(&race->bad, &none, what, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static u64 race_now(struct race *race)
{
	return __atomic_add_fetch(&race->clock, RACE_TICK, __ATOMIC_RELAXED);
}

static u8 race_end_family(unsigned int end)
{
	return end % 2 ? 6 : 4;
}

/* the way of a generation: all of it says which */
static struct cvsw_way race_way(unsigned int end, u32 gen)
{
	struct cvsw_way way = path_way(race_end_family(end),
				       (u16)(2 + gen % 2));

	put_unaligned_be32(gen, way.dl_src + 2);
	put_unaligned_be32(gen, way.dl_dst + 2);
	way.nw_src[way.nw_src[0] == 10 ? 3 : 15] = (u8)(100 + gen % 100);
	way.mtu = gen % 5 ? 0 : 1500;
	return way;
}

/* what leaves by port 2 or 3 has all of its way from one generation */
static void race_output(void *wctx, void *priv, struct cvsw_pkt *pkt)
{
	const u8 *b = cvsw_frame_data(pkt);
	struct race_worker *rw = wctx;
	u16 port = (u16)(uintptr_t)priv;
	u32 gen = get_unaligned_be32(b + 2);
	bool v6 = b[12] == 0x86;

	rw->sent++;
	__atomic_store_n(&rw->race->out, true, __ATOMIC_RELAXED);
	if (port != 4) {
		race_want(rw->race, gen == get_unaligned_be32(b + 8),
			  "MACs of two ways");
		race_want(rw->race, port == 2 + gen % 2, "port of another way");
		race_want(rw->race, b[v6 ? 37 : 29] == 100 + gen % 100,
			  "source of another way");
	}
	cvsw_frame_free(pkt);
}

static void race_path_open(void *ctx, u8 family, const u8 *addr)
{
	struct race *race = ctx;
	u8 end = addr[family == 4 ? 3 : 15];

	race_want(race, end < RACE_ENDS && !race->open[end], "opened twice");
	race->open[end] = true;
}

static void race_path_close(void *ctx, u8 family, const u8 *addr)
{
	struct race *race = ctx;
	u8 end = addr[family == 4 ? 3 : 15];

	race_want(race, end < RACE_ENDS && race->open[end], "not open");
	race->open[end] = false;
}

static const struct cvsw_ops race_ops = {
	.output = race_output,
	.path_open = race_path_open,
	.path_close = race_path_close,
};

/* Workers */

static void race_bring(struct race_worker *rw, u16 port, const u8 *bytes,
		       u32 len)
{
	struct cvsw_pkt *pkt = cvsw_frame_new(rw->pool, port, len);

	if (!pkt)
		return;
	memcpy(cvsw_frame_edit(pkt), bytes, len);
	rw->in++;
	cvsw_input(rw->w, pkt, race_now(rw->race));
}

/* a frame for some far end: its flow is found by the destination port */
static void race_frame(struct race_worker *rw)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 17, .payload = test_below(&rw->seed, 900),
		.tp_dst = (u16)(1000 + test_below(&rw->seed, RACE_ENDS)),
	};
	u8 bytes[1024];

	race_bring(rw, 1, bytes, test_build(&frame, bytes));
}

/* an ICMP error about a packet that such a flow may have sent */
static void race_error(struct race_worker *rw)
{
	struct test_frame frame = { .ver = 4, .proto = 1, .tp_src = 3,
				    .tp_dst = 4, .payload = 28 };
	u8 quote[28] = {
		[0] = 0x45, [2] = 1500 >> 8, [3] = 1500 & 0xff, [9] = 17,
		[12] = 10, [13] = 9, [15] = 100, [16] = 10, [17] = 9,
		[20] = 0xc0, [22] = 4789 >> 8, [23] = 4789 & 0xff,
	};
	u8 bytes[128];
	u32 len, l4 = test_l4(&frame);

	quote[15] = (u8)(quote[15] + test_below(&rw->seed, 100));
	quote[19] = (u8)test_below(&rw->seed, RACE_ENDS);
	len = test_build_with(&frame, quote, bytes);
	put_unaligned_be32(600 + test_below(&rw->seed, 900), bytes + l4 + 4);
	put_unaligned_be16(0, bytes + l4 + 2);
	put_unaligned_be16((u16)~test_sum(bytes + l4, len - l4, 0),
			   bytes + l4 + 2);
	race_bring(rw, (u16)(2 + test_below(&rw->seed, 2)), bytes, len);
}

static void *race_worker_run(void *arg)
{
	struct race_worker *rw = arg;
	unsigned int i;

	while (__atomic_load_n(&rw->race->busy, __ATOMIC_ACQUIRE)) {
		cvsw_worker_begin(rw->w);
		for (i = 0; i < RACE_BATCH; i++) {
			if (test_below(&rw->seed, 8))
				race_frame(rw);
			else
				race_error(rw);
		}
		cvsw_worker_flush(rw->w);
		cvsw_worker_resume(rw->w, race_now(rw->race));
	}
	return NULL;
}

/* Control */

static void race_flow(struct race *race, unsigned int end, u16 cmd)
{
	struct cvsw_action act = path_push(race_end_family(end), (u8)end,
					   PATH_OPEN_ALL);
	struct cvsw_flow_mod mod = {
		.cmd = cmd, .out_port = CVSW_PORT_NONE,
		.flow = {
			.priority = 1, .actions = &act, .n_actions = 1,
			.match = {
				.value = { .in_port = 1,
					.tp_dst = cpu_to_be16((u16)(1000 + end)),
					.nw_proto = 17,
					.dl_type = cpu_to_be16(0x800) },
				.mask = { .in_port = 0xffff,
					.tp_dst = cpu_to_be16(0xffff),
					.nw_proto = 0xff,
					.dl_type = cpu_to_be16(0xffff) },
			},
		},
	};

	race_want(race, !cvsw_flow_mods(race->sw, &mod, 1, race_now(race),
					NULL), "flow-mod failed");
}

static int race_look(void *arg, const struct cvsw_path_info *info)
{
	struct race *race = arg;

	race_want(race, !info->pmtu || (info->pmtu >= 576 && info->pmtu < 1500),
		  "a path MTU that nobody told");
	return 0;
}

static void race_control(struct race *race, u32 gen)
{
	unsigned int end = test_below(&race->seed, RACE_ENDS);
	struct cvsw_action act = path_push(race_end_family(end), (u8)end, 0);
	struct cvsw_way way = race_way(end, gen);
	int ret;

	switch (test_below(&race->seed, 8)) {
	case 0:
		race_flow(race, end, CVSW_FLOW_DEL_STRICT);
		break;
	case 1:
	case 2:
		race_flow(race, end, CVSW_FLOW_ADD);
		break;
	case 3:
		cvsw_switch_expire(race->sw, race_now(race));
		cvsw_paths_walk(race->sw, race_now(race), race_look, race);
		break;
	default:
		ret = cvsw_path_set(race->sw, race_end_family(end),
				    act.tunnel.nw_dst,
				    test_below(&race->seed, 4) ? &way : NULL);
		race_want(race, ret == (race->open[end] ? 0 : -ENOENT),
			  "a way was not taken");
	}
}

static void race_open(struct race *race)
{
	struct cvsw_config config;
	unsigned int i;

	race->seed = test_seed();
	race->clock = 1000 * RIG_SECOND;
	race->busy = true;
	cvsw_config_default(&config);
	config.workers = RACE_WORKERS;
	config.miss = CVSW_MISS_DROP;
	assert_int_equal(cvsw_switch_new(&race->sw, &config, &race_ops, race,
					 NULL), 0);
	for (i = 1; i <= 4; i++) {
		struct cvsw_port_info info = rig_port((u16)i);

		assert_int_equal(cvsw_port_add(race->sw, &info,
					       (void *)(uintptr_t)i, NULL), 0);
	}
}

static void race_judge(struct race *race, struct race_worker *rw)
{
	u64 drops[CVSW_DROP_COUNT], in = 0, sent = 0, dropped = 0;
	unsigned int i;

	/* all that waits is given up */
	race->clock += 10 * RIG_SECOND;
	for (i = 0; i < RACE_WORKERS; i++) {
		assert_false(cvsw_worker_resume(rw[i].w, race->clock));
		in += rw[i].in;
		sent += rw[i].sent;
	}
	cvsw_switch_drops(race->sw, drops);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		dropped += drops[i];
	assert_int_equal(sent + dropped, in);
	assert_true(sent > 0);
}

/* @n per cent of as many rounds as CVSW_RACE of the environment says */
static unsigned int race_rounds(unsigned int n)
{
	const char *env = getenv("CVSW_RACE");

	return n * (env ? (unsigned int)strtoul(env, NULL, 10) : 100) / 100;
}

static void test_race(void **state)
{
	struct race_worker rw[RACE_WORKERS] = {};
	struct race *race = calloc(1, sizeof(*race));
	pthread_t thread[RACE_WORKERS];
	unsigned int i, n = race_rounds(RACE_GENS * RACE_ENDS);

	race_open(race);
	for (i = 0; i < RACE_WORKERS; i++) {
		rw[i] = (struct race_worker){
			.race = race, .seed = race->seed + i + 1,
			.pool = cvsw_pool_new(),
			.w = cvsw_worker_get(race->sw, i, &rw[i]),
		};
		assert_non_null(rw[i].w);
		pthread_create(&thread[i], NULL, race_worker_run, &rw[i]);
	}
	/* on a busy machine a worker may come late */
	for (i = 1; i <= n || !__atomic_load_n(&race->out, __ATOMIC_RELAXED);
	     i++) {
		race_control(race, i);
		if (i > n)
			sched_yield();
	}
	__atomic_store_n(&race->busy, false, __ATOMIC_RELEASE);
	for (i = 0; i < RACE_WORKERS; i++)
		pthread_join(thread[i], NULL);
	if (race->bad)
		fail_msg("%s", race->bad);
	race_judge(race, rw);
	cvsw_switch_free(race->sw);
	for (i = 0; i < RACE_WORKERS; i++)
		cvsw_pool_free(rw[i].pool);
	free(race);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_race),
	};

	return cmocka_run_group_tests_name("path race", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flows that a switch forgot, brought back: random flow-mods go to a switch
 * and, as far as it took them, to what is kept of it.  Then the switch begins
 * anew, and all its flows without a timeout are to be there again.
 */

#include "util.h"
#include "stand.h"
#include "keep.h"

#define ROUNDS	60
#define MODS	40

/* main.c's */
u64 ofd_now(void);

static u64 clock_now;

u64 ofd_now(void)
{
	return clock_now;
}

static const struct cvsw_action actions[] = {
	{ .type = CVSW_ACT_OUTPUT, .output.port = 1 },
	{ .type = CVSW_ACT_OUTPUT, .output.port = 2 },
	{ .type = CVSW_ACT_STRIP_VLAN },
};

/* of so few matches and priorities that they meet */
static struct cvsw_flow_mod random_mod(u64 *seed)
{
	struct cvsw_flow_mod mod = {
		.cmd = (u16)test_below(seed, 5),
		.out_port = CVSW_PORT_NONE,
		.flow.priority = (u16)test_below(seed, 2),
		.flow.cookie = test_below(seed, 3),
		.flow.actions = actions + test_below(seed, 2),
		.flow.n_actions = (u16)test_below(seed, 3),
	};

	if (test_below(seed, 3)) {
		mod.flow.match.mask.in_port = 0xffff;
		mod.flow.match.value.in_port = (u16)test_below(seed, 3);
	}
	if (!test_below(seed, 3)) {
		mod.flow.match.mask.dl_type = 0xffff;
		mod.flow.match.value.dl_type = cpu_to_be16(0x88cc);
	}
	if (!test_below(seed, 4))
		mod.flow.idle_timeout = 60;
	if (!test_below(seed, 6))
		mod.flow.hard_timeout = 600;
	if (!test_below(seed, 6))
		mod.flow.flags = CVSW_FLOW_F_CHECK_OVERLAP;
	if (mod.cmd == CVSW_FLOW_DEL && test_below(seed, 2))
		mod.out_port = (u16)(1 + test_below(seed, 2));
	return mod;
}

/* a table as text */
struct listing {
	char	line[64][160];
	int	n;
};

static int list_flow(void *arg, const struct cvsw_flow *flow)
{
	struct listing *list = arg;

	if (flow->idle_timeout || flow->hard_timeout)
		return 0;
	assert_true(list->n < 64);
	snprintf(list->line[list->n++], sizeof(list->line[0]),
		 "%u %u/%u %x/%x %llx %u:%u", flow->priority,
		 flow->match.value.in_port, flow->match.mask.in_port,
		 flow->match.value.dl_type, flow->match.mask.dl_type,
		 (unsigned long long)flow->cookie, flow->n_actions,
		 flow->n_actions ? flow->actions[0].output.port : 0);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void list_table(struct cvsw_ctl *ctl, struct listing *list)
{
	list->n = 0;
	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, list_flow, list), 0);
	qsort(list->line, (size_t)list->n, sizeof(list->line[0]), by_text);
}

static void assert_same(const struct listing *a, const struct listing *b)
{
	int i;

	assert_int_equal(a->n, b->n);
	for (i = 0; i < a->n; i++)
		assert_string_equal(a->line[i], b->line[i]);
}

/* must it be the last of those that are told at once? */
static bool asks(const struct keep *keep, const struct cvsw_flow_mod *mod)
{
	return mod->cmd == CVSW_FLOW_MOD ||
	       (mod->cmd == CVSW_FLOW_MOD_STRICT && keep_asks(keep));
}

/* MODS of them, told to the switch in batches; how many were kept */
static unsigned int mods_run(struct cvsw_ctl *ctl, struct keep *keep,
			     u64 *seed)
{
	struct cvsw_flow_mod mods[4];
	unsigned int kept = 0, i, j, n;

	for (i = 0; i < MODS; i += n) {
		n = 1 + test_below(seed, 4);
		for (j = 0; j < n; j++) {
			mods[j] = random_mod(seed);
			if (asks(keep, &mods[j]))
				n = j + 1;
		}
		clock_now += test_below(seed, 2) * STAND_SECOND;
		if (cvsw_ctl_flow_mods(ctl, mods, n))
			continue;
		keep_mods(keep, ctl, mods, n);
		kept += n;
	}
	return kept;
}

static void test_random(void **state)
{
	struct listing before, after;
	unsigned int round, n, kept = 0, told = 0;
	struct stand stand;
	struct cvsw_ctl *ctl;
	struct keep *keep;
	u64 seed = test_seed();

	for (round = 0; round < ROUNDS; round++) {
		memset(&stand, 0, sizeof(stand));
		stand_open(&stand, "br0", 2);
		ctl = stand_ctl(&stand);
		assert_int_equal(keep_new(&keep), 0);
		kept += mods_run(ctl, keep, &seed);
		list_table(ctl, &before);
		if (test_below(&seed, 2))	/* it lost nothing at all */
			assert_int_equal(cvsw_ctl_flow_replace(ctl, NULL, 0), 0);
		assert_int_equal(keep_restore(keep, ctl, &n), 0);
		assert_int_equal(n, before.n);
		told += n;
		list_table(ctl, &after);
		assert_same(&before, &after);
		keep_free(keep);
		cvsw_ctl_close(ctl);
		stand_close(&stand);
	}
	assert_true(kept > ROUNDS && told > ROUNDS);
}

static int count_packets(void *arg, const struct cvsw_flow *flow)
{
	*(u64 *)arg += flow->packets;
	return 0;
}

/* a flow that the switch still has keeps its counters */
static void test_counters(void **state)
{
	static const u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8 };
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_ADD,
		.out_port = CVSW_PORT_NONE,
		.flow = { .priority = 7, .actions = actions, .n_actions = 1 },
	};
	struct stand stand = {};
	u64 packets = 0;
	struct cvsw_ctl *ctl;
	struct keep *keep;
	unsigned int n;

	stand_open(&stand, "br0", 2);
	ctl = stand_ctl(&stand);
	assert_int_equal(keep_new(&keep), 0);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	keep_mods(keep, ctl, &mod, 1);
	stand_input(&stand, 2, frame, sizeof(frame));
	assert_int_equal(keep_restore(keep, ctl, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, count_packets,
					    &packets), 0);
	assert_true(packets == 1);
	keep_free(keep);
	cvsw_ctl_close(ctl);
	stand_close(&stand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * cvsw_pass() against cvsw_input(): two switches with the same history are
 * given the same frames, and one of them is asked first whether they go straight
 * through.  What leaves, counters and drops are the same, whatever the settings
 * and the frames are; and the short way is taken where there is one.
 */

#include "rig.h"
#include "super.h"

#define ROUNDS	400
#define FRAMES	40

/* of two switches, the one that is asked first */
#define ASKED	1

struct pair {
	struct rig	rig[2];
	unsigned int	ports;
	u64		seed;
	unsigned int	passed;
};

static bool chance(struct pair *pair, u32 n)
{
	return !test_below(&pair->seed, n);
}

/* settings that nobody has to heed most of the time */
static void pair_open(struct pair *pair)
{
	struct cvsw_config config;

	pair->ports = chance(pair, 8) ? 1 + test_below(&pair->seed, 3) : 2;
	cvsw_config_default(&config);
	config.workers = 2;
	if (chance(pair, 6))
		config.miss = (u8)test_below(&pair->seed, 3);
	if (chance(pair, 4))
		config.frag_mode = CVSW_FRAG_MODE_DROP;
	rig_open(&pair->rig[0], pair->ports, &config);
	rig_open(&pair->rig[1], pair->ports, &config);
}

static void pair_set_port(struct pair *pair)
{
	static const u32 bits[] = {
		CVSW_PORT_C_DOWN, CVSW_PORT_C_NO_RECV, CVSW_PORT_C_NO_FWD,
		CVSW_PORT_C_NO_FLOOD, CVSW_PORT_C_NO_PACKET_IN,
	};
	struct cvsw_port_info want = {
		.no = (u16)(1 + test_below(&pair->seed, 2)),
	};
	unsigned int what = CVSW_PORT_SET_CONFIG | CVSW_PORT_SET_STATE |
			    CVSW_PORT_SET_ANTISPOOF | CVSW_PORT_SET_INBAND |
			    CVSW_PORT_SET_INBAND_STATE |
			    CVSW_PORT_SET_INBAND_POLICY |
			    CVSW_PORT_SET_INBAND_KEYS;
	int i, ret = 0;

	if (chance(pair, 3))
		want.config = bits[test_below(&pair->seed, ARRAY_SIZE(bits))];
	if (chance(pair, 3))
		want.mtu = 68 + test_below(&pair->seed, 1500);
	if (chance(pair, 4)) {
		want.antispoof.checks = CVSW_ANTISPOOF_MAC;
		want.antispoof.mac[0] = 2;
		want.antispoof.mac[5] = (u8)(1 + test_below(&pair->seed, 2));
	}
	if (chance(pair, 6))
		want.inband = CVSW_INBAND_V2;
	if (chance(pair, 6)) {
		want.inband = CVSW_INBAND_V3;
		want.inband_keys.n = 1;
		want.inband_state = (u8)(CVSW_INBAND_IDLE +
					 test_below(&pair->seed, 3));
		want.inband_policy = (u8)test_below(&pair->seed,
						    CVSW_INBAND_POLICIES);
	}
	for (i = 0; i < 2; i++)
		ret += cvsw_port_set(pair->rig[i].sw, &want, what, NULL);
	assert_int_equal(ret, want.no > pair->ports ? 2 * -ENODEV : 0);
}

/* a flow comes, or all go */
static void pair_set_flows(struct pair *pair)
{
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_DEL, .out_port = CVSW_PORT_NONE,
	};
	bool add = chance(pair, 3);
	int i;

	for (i = 0; i < 2; i++) {
		if (add)
			rig_add(&pair->rig[i], 1, 1, RIG_LIST(RIG_OUT(2)));
		else
			assert_int_equal(cvsw_flow_mods(pair->rig[i].sw, &mod,
							1, pair->rig[i].now,
							NULL), 0);
	}
}

static u32 random_bytes(struct pair *pair, u8 *bytes)
{
	static const u8 protos[] = { 6, 6, 17, 17, 1, 58, 132 };
	struct test_frame frame = {
		.ver = chance(pair, 2) ? 4 : 6,
		.proto = protos[test_below(&pair->seed, ARRAY_SIZE(protos))],
		.payload = test_below(&pair->seed, 1400),
	};
	u32 len;

	if (chance(pair, 8))
		frame.vlan_tci = (u16)(CVSW_VLAN_PRESENT | 5);
	if (chance(pair, 8))
		frame.frag_off = (u16)test_below(&pair->seed, 0x4000);
	if (chance(pair, 16)) {
		frame.ver = 0;
		frame.dl_type = chance(pair, 2) ? 0xabba : 0x88b5;
	}
	len = test_build(&frame, bytes);
	if (chance(pair, 3))	/* bytes that headers of plain frames have */
		bytes[12 + test_below(&pair->seed, 50)] ^=
			(u8)(1 << test_below(&pair->seed, 8));
	if (chance(pair, 6))
		len = 1 + test_below(&pair->seed, len);
	return len;
}

/* the same frame twice */
static void random_frame(struct pair *pair, struct cvsw_pkt **frame)
{
	u16 port = (u16)(1 + test_below(&pair->seed, chance(pair, 9) ? 4 : 2));
	static u8 bytes[TEST_FRAME_MAX];
	struct test_super super;
	struct cvsw_buf *buf;
	u32 len = 0;
	int i;

	if (chance(pair, 4))
		test_super_random(&pair->seed, &super);
	else
		len = random_bytes(pair, bytes);
	for (i = 0; i < 2; i++) {
		if (len) {
			frame[i] = rig_bytes(&pair->rig[i], port, bytes, len);
			continue;
		}
		buf = test_super_pkt(pair->rig[i].pool, &super).frame;
		frame[i] = &buf->pkt;
		*frame[i] = (struct cvsw_pkt){ .frame = buf, .in_port = port };
	}
}

static bool pair_passes(struct pair *pair, struct cvsw_pkt *pkt)
{
	struct rig *rig = &pair->rig[ASKED];
	int ret;

	cvsw_worker_begin(rig->w);
	ret = cvsw_pass(rig->w, pkt);
	cvsw_worker_flush(rig->w);
	if (!ret)
		return false;
	pair->passed++;
	rig_ops.output(rig, (void *)(uintptr_t)(3 - pkt->in_port), pkt);
	return true;
}

static void sent_are_same(const struct rig *a, const struct rig *b)
{
	unsigned int i;

	assert_int_equal(a->n_sent, b->n_sent);
	for (i = 0; i < a->n_sent; i++) {
		assert_int_equal(a->sent[i].port, b->sent[i].port);
		assert_int_equal(a->sent[i].len, b->sent[i].len);
		assert_memory_equal(a->sent[i].bytes, b->sent[i].bytes,
				    a->sent[i].len);
		assert_memory_equal(&a->sent[i].off, &b->sent[i].off,
				    sizeof(a->sent[i].off));
	}
}

static void counters_are_same(struct pair *pair)
{
	u64 drops[2][CVSW_DROP_COUNT];
	struct cvsw_table_stats stats[2];
	struct cvsw_port_info info[2];
	u16 no = 0;
	int i;

	for (i = 0; i < 2; i++) {
		cvsw_switch_drops(pair->rig[i].sw, drops[i]);
		cvsw_switch_stats(pair->rig[i].sw, &stats[i]);
	}
	assert_memory_equal(drops[0], drops[1], sizeof(drops[0]));
	assert_int_equal(stats[0].lookups, stats[1].lookups);
	assert_int_equal(stats[0].matched, stats[1].matched);
	assert_int_equal(stats[0].malformed, stats[1].malformed);
	while ((no = cvsw_port_next(pair->rig[0].sw, no)) != CVSW_PORT_NONE) {
		for (i = 0; i < 2; i++)
			cvsw_port_get(pair->rig[i].sw, no, &info[i]);
		assert_memory_equal(&info[0].stats, &info[1].stats,
				    sizeof(info[0].stats));
	}
}

static void pair_run(struct pair *pair)
{
	struct cvsw_pkt *frame[2];
	int i, n;

	pair_open(pair);
	for (n = 0; n < FRAMES; n++) {
		if (chance(pair, 25))
			pair_set_port(pair);
		if (chance(pair, 25))
			pair_set_flows(pair);
		random_frame(pair, frame);
		cvsw_input(pair->rig[!ASKED].w, frame[!ASKED],
			   pair->rig[!ASKED].now);
		if (!pair_passes(pair, frame[ASKED]))
			cvsw_input(pair->rig[ASKED].w, frame[ASKED],
				   pair->rig[ASKED].now);
		sent_are_same(&pair->rig[0], &pair->rig[1]);
		for (i = 0; i < 2; i++) {
			rig_control(&pair->rig[i]);
			rig_clear(&pair->rig[i]);
		}
	}
	counters_are_same(pair);
	rig_close(&pair->rig[0]);
	rig_close(&pair->rig[1]);
}

static void test_same(void **state)
{
	static struct pair pair;
	int i;

	(void)state;
	pair.seed = test_seed();
	for (i = 0; i < ROUNDS; i++)
		pair_run(&pair);
	assert_in_range(pair.passed, ROUNDS * FRAMES / 10,
			ROUNDS * FRAMES * 9 / 10);
}

/* who is asked for what goes straight through a new switch, says so */
static void test_short_way(void **state)
{
	static const struct test_frame frames[] = {
		{ .ver = 4, .proto = 6 }, { .ver = 4, .proto = 17 },
		{ .ver = 6, .proto = 6 }, { .ver = 6, .proto = 17 },
	};
	static struct pair pair;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		struct cvsw_config config;

		cvsw_config_default(&config);
		rig_open(&pair.rig[ASKED], 2, &config);
		assert_true(pair_passes(&pair, rig_frame(&pair.rig[ASKED], 2,
							 &frames[i])));
		rig_sent_is(&pair.rig[ASKED], "1");
		rig_close(&pair.rig[ASKED]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_way),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

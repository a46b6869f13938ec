// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The way of a frame: where it goes, and when it goes nowhere, that it is
 * counted once under the right cause.
 */

#include "rig.h"
#include "super.h"

static const struct test_frame tcp = { .ver = 4, .proto = 6, .payload = 10 };
#define TCP_LEN	(14 + 20 + 20 + 10)

static int setup2(void **state)
{
	*state = calloc(1, sizeof(struct rig));
	rig_open(*state, 2, NULL);
	return 0;
}

static int setup4(void **state)
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

static void set_config(struct rig *rig, u16 no, u32 config)
{
	struct cvsw_port_info want = { .no = no, .config = config };

	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG,
				       NULL), 0);
}

static struct cvsw_port_stats port_stats(struct rig *rig, u16 no)
{
	struct cvsw_port_info info;

	assert_int_equal(cvsw_port_get(rig->sw, no, &info), 0);
	return info.stats;
}

/* Outputs: four ports, frame in by 1, NO_FLOOD on 3 */

struct output_case {
	struct cvsw_action	actions[4];
	unsigned int		n;
	const char		*sent;
	enum cvsw_drop		drop;
};

static const struct output_case output_cases[] = {
	{ { RIG_OUT(2) }, 1, "2", 0 },
	{ { RIG_OUT(2), RIG_OUT(3), RIG_OUT(2) }, 3, "2 3 2", 0 },
	{ { RIG_OUT(1) }, 1, "", CVSW_DROP_IN_PORT },
	{ { RIG_OUT(1), RIG_OUT(2) }, 2, "2", 0 },
	{ { RIG_OUT(2), RIG_OUT(1) }, 2, "2", 0 },
	{ { RIG_OUT(CVSW_PORT_IN_PORT) }, 1, "1", 0 },
	{ { RIG_OUT(CVSW_PORT_ALL) }, 1, "2 3 4", 0 },
	{ { RIG_OUT(CVSW_PORT_FLOOD) }, 1, "2 4", 0 },
	{ { RIG_OUT(CVSW_PORT_NORMAL) }, 1, "2 4", 0 },
	{ { RIG_OUT(CVSW_PORT_ALL), RIG_OUT(CVSW_PORT_IN_PORT) }, 2,
	  "2 3 4 1", 0 },
	{ { RIG_OUT(CVSW_PORT_CONTROLLER) }, 1, "C", 0 },
	{ { RIG_OUT(CVSW_PORT_CONTROLLER), RIG_OUT(2) }, 2, "C 2", 0 },
	{ { RIG_OUT(CVSW_PORT_LOCAL) }, 1, "", CVSW_DROP_NO_PORT },
	{ { RIG_OUT(77) }, 1, "", CVSW_DROP_NO_PORT },
	{ { RIG_OUT(77), RIG_OUT(1) }, 2, "", CVSW_DROP_NO_PORT },
	{ { RIG_OUT(77), RIG_OUT(4) }, 2, "4", 0 },
	{ { { .type = CVSW_ACT_ENQUEUE, .output = { .port = 3, .queue = 1 } } },
	  1, "3", 0 },
	{ { { .type = CVSW_ACT_STRIP_VLAN } }, 1, "", CVSW_DROP_POLICY },
	{ { { 0 } }, 0, "", CVSW_DROP_POLICY },
	{ { { .type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN } },
	    RIG_OUT(2) }, 2, "", CVSW_DROP_NOT_TUNNEL },
	{ { RIG_OUT(2),
	    { .type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN } },
	    RIG_OUT(3) }, 3, "2", 0 },
};

static void test_outputs(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(output_cases); i++) {
		const struct output_case *c = &output_cases[i];
		struct rig rig;

		rig_open(&rig, 4, NULL);
		set_config(&rig, 3, CVSW_PORT_C_NO_FLOOD);
		rig_add(&rig, 1, 0, c->actions, c->n);
		rig_input(&rig, 1, &tcp);
		rig_sent_is(&rig, c->sent);
		rig_drops_are(&rig, c->drop, c->drop ? 1 : 0);
		rig_close(&rig);
	}
}

#define ENQUEUE(no, id)	\
	{ .type = CVSW_ACT_ENQUEUE, .output = { .port = no, .queue = id } }

/* the queue is that of one output, and of its copy of the frame only */
static void test_enqueue(void **state)
{
	static const struct cvsw_action actions[] = {
		ENQUEUE(2, 7), RIG_OUT(3), ENQUEUE(77, 8), RIG_OUT(4),
		ENQUEUE(CVSW_PORT_IN_PORT, 0xfffffffe), RIG_OUT(2),
		ENQUEUE(4, 9),
	};
	static const u32 queues[] = { 7, 0, 0, 0xfffffffe, 0, 9 };
	struct rig *rig = *state;
	unsigned int i;

	rig_add(rig, 1, 0, actions, ARRAY_SIZE(actions));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2 3 4 1 2 4");
	for (i = 0; i < ARRAY_SIZE(queues); i++)
		assert_int_equal(rig->sent[i].queue, queues[i]);
	rig_drops_are(rig, 0, 0);
	rig_input(rig, 4, &tcp);	/* the last one leads nowhere */
	rig_sent_is(rig, "2 3 4 1 2 4 2 3 4 2");
	rig_drops_are(rig, 0, 0);
	assert_int_equal(rig->sent[9].queue, 0);
}

/* each output sends the frame as rewritten so far */
static void test_rewrite_between_outputs(void **state)
{
	static const struct cvsw_action actions[] = {
		RIG_OUT(2),
		{ .type = CVSW_ACT_SET_DL_DST, .mac = { 2, 0, 0, 0, 0, 0xaa } },
		RIG_OUT(3),
		{ .type = CVSW_ACT_SET_VLAN_VID, .vlan = 5 },
		RIG_OUT(4),
	};
	struct rig *rig = *state;
	u8 want[TEST_FRAME_MAX];
	u32 len = test_build(&tcp, want);
	unsigned int i;

	rig_add(rig, 1, 0, actions, ARRAY_SIZE(actions));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2 3 4");
	assert_int_equal(rig->sent[0].len, len);
	assert_memory_equal(rig->sent[0].bytes, want, len);
	want[5] = 0xaa;
	assert_memory_equal(rig->sent[1].bytes, want, len);
	assert_int_equal(rig->sent[2].len, len + 4);
	assert_memory_equal(rig->sent[2].bytes, want, 12);
	assert_memory_equal(rig->sent[2].bytes + 12, "\x81\0\0\5", 4);
	assert_memory_equal(rig->sent[2].bytes + 16, want + 12, len - 12);
	for (i = 2; i <= 4; i++)
		assert_int_equal(port_stats(rig, (u16)i).tx_packets, 1);
	assert_int_equal(port_stats(rig, 4).tx_bytes, len + 4);
}

static void test_local_is_a_port(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = rig_port(CVSW_PORT_LOCAL);

	assert_int_equal(cvsw_port_add(rig->sw, &info,
				       (void *)(uintptr_t)CVSW_PORT_LOCAL,
				       NULL), 0);
	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(CVSW_PORT_ALL)));
	rig_add(rig, 2, CVSW_PORT_LOCAL, RIG_LIST(RIG_OUT(2)));
	rig_add(rig, 3, 2, RIG_LIST(RIG_OUT(CVSW_PORT_LOCAL)));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2 65534");
	rig_input(rig, CVSW_PORT_LOCAL, &tcp);
	rig_input(rig, 2, &tcp);
	rig_sent_is(rig, "2 65534 2 65534");
}

/* Ports */

struct port_case {
	u32		in_config;
	u32		out_config;
	enum cvsw_drop	drop;
	u64		rx_dropped;
	u64		tx_dropped;
};

static const struct port_case port_cases[] = {
	{ 0, 0, 0, 0, 0 },
	{ CVSW_PORT_C_DOWN, 0, CVSW_DROP_PORT_DOWN, 1, 0 },
	{ CVSW_PORT_C_NO_RECV, 0, CVSW_DROP_NO_RECV, 1, 0 },
	{ CVSW_PORT_C_NO_FWD, 0, 0, 0, 0 },
	{ 0, CVSW_PORT_C_DOWN, CVSW_DROP_PORT_DOWN, 0, 1 },
	{ 0, CVSW_PORT_C_NO_FWD, CVSW_DROP_NO_FWD, 0, 1 },
	{ 0, CVSW_PORT_C_NO_RECV, 0, 0, 0 },
	{ 0, CVSW_PORT_C_NO_FLOOD, 0, 0, 0 },
};

static void test_port_config(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(port_cases); i++) {
		const struct port_case *c = &port_cases[i];
		struct cvsw_port_stats in, out;
		struct rig rig;

		rig_open(&rig, 2, NULL);
		set_config(&rig, 1, c->in_config);
		set_config(&rig, 2, c->out_config);
		rig_add(&rig, 1, 0, RIG_LIST(RIG_OUT(2)));
		rig_input(&rig, 1, &tcp);
		rig_sent_is(&rig, c->drop ? "" : "2");
		rig_drops_are(&rig, c->drop, c->drop ? 1 : 0);
		in = port_stats(&rig, 1);
		out = port_stats(&rig, 2);
		assert_int_equal(in.rx_dropped, c->rx_dropped);
		assert_int_equal(in.rx_packets, 1 - c->rx_dropped);
		assert_int_equal(in.rx_bytes, in.rx_packets * TCP_LEN);
		assert_int_equal(out.tx_dropped, c->tx_dropped);
		assert_int_equal(out.tx_packets, !c->drop);
		assert_int_equal(out.tx_bytes, out.tx_packets * TCP_LEN);
		rig_close(&rig);
	}
}

static void test_runt_and_malformed(void **state)
{
	static const u8 runt[13];
	struct rig *rig = *state;
	struct cvsw_table_stats stats;
	u8 bytes[TEST_FRAME_MAX];

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2)));
	cvsw_input(rig->w, rig_bytes(rig, 1, runt, sizeof(runt)), rig->now);
	rig_drops_are(rig, CVSW_DROP_RUNT, 1);
	assert_int_equal(port_stats(rig, 1).rx_errors, 1);
	assert_int_equal(port_stats(rig, 1).rx_dropped, 1);
	/* a truncated IP header is counted, and is the table's to judge */
	test_build(&tcp, bytes);
	cvsw_input(rig->w, rig_bytes(rig, 1, bytes, 30), rig->now);
	rig_sent_is(rig, "2");
	cvsw_switch_stats(rig->sw, &stats);
	assert_int_equal(stats.malformed, 1);
	assert_int_equal(stats.lookups, 1);
	assert_int_equal(stats.matched, 1);
}

static void test_spoofed(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info want = {
		.no = 1,
		.antispoof = {
			.checks = CVSW_ANTISPOOF_MASK,
			.mac = { 2, 0, 0, 0, 0, 1 },
		},
	};

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2)));
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_ANTISPOOF,
				       NULL), 0);
	rig_input(rig, 1, &tcp);
	rig_drops_are(rig, CVSW_DROP_SPOOF_IPV4, 1);
	assert_int_equal(port_stats(rig, 1).rx_dropped, 1);
	assert_int_equal(port_stats(rig, 1).rx_errors, 0);
	want.antispoof.n_ipv4 = 1;
	memcpy(want.antispoof.ipv4[0], (u8 []){ 10, 0, 0, 1 }, 4);
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_ANTISPOOF,
				       NULL), 0);
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2");
}

static void drop_fragments(struct cvsw_config *config)
{
	config->frag_mode = CVSW_FRAG_MODE_DROP;
}

static void test_fragment_mode(void **state)
{
	static const struct test_frame first = {
		.ver = 4, .proto = 17, .frag_off = CVSW_IPV4_MF, .payload = 64,
	};
	static const struct test_frame later = {
		.ver = 4, .proto = 17, .frag_off = 9, .payload = 64,
	};
	struct rig *rig = *state;

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2)));
	rig_input(rig, 1, &first);
	rig_sent_is(rig, "2");
	rig_configure(rig, drop_fragments);
	rig_input(rig, 1, &first);
	rig_input(rig, 1, &later);
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2 2");
	rig_drops_are(rig, CVSW_DROP_FRAGMENT, 2);
	assert_int_equal(port_stats(rig, 1).rx_packets, 4);
}

static void test_mtu(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info want = { .no = 2, .mtu = TCP_LEN - 14 };
	struct test_frame frame = tcp;

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2)));
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
	rig_input(rig, 1, &frame);
	frame.vlan_tci = CVSW_VLAN_PRESENT | 1;		/* a tag is not counted */
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "2 2");
	frame.payload++;
	rig_input(rig, 1, &frame);
	frame.vlan_tci = 0;
	rig_input(rig, 1, &frame);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 2);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 2);
}

/* of tags in band two are not counted, whatever their types */
static void test_mtu_tags(void **state)
{
	static const u16 types[] = { CVSW_ETH_P_8021Q, CVSW_ETH_P_8021AD };
	struct cvsw_port_info want = { .no = 2, .mtu = 96 };
	struct rig *rig = *state;
	struct test_frame frame = { .vlan_tci = CVSW_VLAN_PRESENT | 1 };
	unsigned int i;

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2)));
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		frame.dl_type = types[i];
		frame.payload = 4 + 96;
		rig_input(rig, 1, &frame);
		frame.payload++;
		rig_input(rig, 1, &frame);
	}
	rig_sent_is(rig, "2 2");
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 2);
}

/* a super-frame counts as its segments, and they have to fit */
static void test_super_frame(void **state)
{
	static const struct test_frame big = {
		.ver = 4, .proto = 6, .payload = 2500, .partial = 1,
	};
	const struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .gso_type = CVSW_GSO_TCP4,
		.gso_size = 1000, .csum_start = 34, .csum_offset = 16,
	};
	struct cvsw_port_info want = { .no = 2, .mtu = 1040 };
	struct rig *rig = *state;
	struct cvsw_pkt *pkt;
	int i;

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2)));
	for (i = 0; i < 2; i++) {
		cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
		pkt = rig_frame(rig, 1, &big);
		assert_int_equal(cvsw_pkt_offload_set(pkt, &off), 0);
		cvsw_input(rig->w, pkt, rig->now);
		want.mtu--;
	}
	rig_sent_is(rig, "2");
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 3);
	assert_int_equal(port_stats(rig, 1).rx_packets, 6);
	assert_int_equal(port_stats(rig, 1).rx_bytes, 2 * (2500 + 3 * 54));
	assert_int_equal(port_stats(rig, 2).tx_packets, 3);
	assert_int_equal(port_stats(rig, 2).tx_bytes, 2500 + 3 * 54);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 3);
	assert_int_equal(rig_flow(rig, 1).packets, 6);
	assert_int_equal(rig_flow(rig, 1).bytes, 2 * (2500 + 3 * 54));
	assert_int_equal(rig->sent[0].off.gso_size, 1000);
}

static void test_device_refuses(void **state)
{
	struct rig *rig = *state;

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2)));
	rig->refuse = CVSW_DROP_TX_FULL;
	rig_input(rig, 1, &tcp);
	rig_drops_are(rig, CVSW_DROP_TX_FULL, 1);
	assert_int_equal(port_stats(rig, 2).tx_packets, 0);
	assert_int_equal(port_stats(rig, 2).tx_bytes, 0);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 1);
	assert_int_equal(port_stats(rig, 2).tx_errors, 0);
	rig->refuse = CVSW_DROP_TX_ERROR;
	rig_input(rig, 1, &tcp);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 2);
	assert_int_equal(port_stats(rig, 2).tx_errors, 1);
	rig->refuse = CVSW_DROP_NONE;
	rig_input(rig, 1, &tcp);
	assert_int_equal(port_stats(rig, 2).tx_packets, 1);
}

/* what the glue lost of a super-frame on its way out */
static void test_worker_lost(void **state)
{
	const struct cvsw_lost lost = { .frames = 3, .bytes = 3000 };
	struct rig *rig = *state;
	struct cvsw_port_stats stats;
	int i;

	rig_add(rig, 1, 1, RIG_LIST(RIG_OUT(2)));
	for (i = 0; i < 4; i++)
		rig_input(rig, 1, &tcp);
	stats = port_stats(rig, 2);
	cvsw_worker_lost(rig->w, 2, &lost, CVSW_DROP_NO_MEMORY);
	rig_drops_are(rig, CVSW_DROP_NO_MEMORY, 3);
	assert_int_equal(port_stats(rig, 2).tx_packets, 1);
	assert_true(port_stats(rig, 2).tx_bytes == stats.tx_bytes - 3000);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 3);
	cvsw_worker_lost(rig->w, CVSW_PORT_ANY, &lost, CVSW_DROP_NO_MEMORY);
	rig_drops_are(rig, CVSW_DROP_NO_MEMORY, 6);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 3);
}

static void test_clone_without_memory(void **state)
{
	struct rig *rig = *state;
	struct cvsw_pkt *pkt;

	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(2), RIG_OUT(3)));
	pkt = rig_frame(rig, 1, &tcp);
	cvsw_alloc_fail_at(1);
	cvsw_input(rig->w, pkt, rig->now);
	cvsw_alloc_fail_at(0);
	/* one copy is lost and shows at its port; the frame is not */
	rig_sent_is(rig, "3");
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 1);
}

/* Misses and packet-ins */

static void miss_pass(struct cvsw_config *config)
{
	config->miss = CVSW_MISS_PASS;
}

static void miss_controller(struct cvsw_config *config)
{
	config->miss = CVSW_MISS_CONTROLLER;
}

static void miss_silent(struct cvsw_config *config)
{
	config->miss_send_len = 0;
}

static void miss_whole(struct cvsw_config *config)
{
	config->miss_send_len = 0xffff;
}

static void test_miss(void **state)
{
	struct rig *rig = *state;
	struct cvsw_packet_in *info = &rig->sent[0].info;

	rig_input(rig, 1, &tcp);
	rig_drops_are(rig, CVSW_DROP_MISS, 1);
	rig_configure(rig, miss_pass);
	rig_input(rig, 1, &tcp);
	rig_input(rig, 2, &tcp);
	rig_sent_is(rig, "2 1");
	rig_clear(rig);
	rig_configure(rig, miss_controller);
	rig_input(rig, 2, &tcp);
	rig_sent_is(rig, "C");
	assert_int_equal(info->reason, CVSW_PACKET_IN_MISS);
	assert_int_equal(info->in_port, 2);
	assert_int_equal(info->max_len, 128);
	assert_int_equal(info->total_len, TCP_LEN);
	assert_true(info->cookie == ~0ull);
	rig_configure(rig, miss_whole);
	rig_clear(rig);
	rig_input(rig, 2, &tcp);
	assert_int_equal(info->max_len, 0);
	rig_configure(rig, miss_silent);
	rig_input(rig, 2, &tcp);
	rig_drops_are(rig, CVSW_DROP_MISS, 2);
}

static void test_packet_in_refused(void **state)
{
	struct rig *rig = *state;
	u64 drops[CVSW_DROP_COUNT];

	rig_configure(rig, miss_controller);
	set_config(rig, 1, CVSW_PORT_C_NO_PACKET_IN);
	rig_input(rig, 1, &tcp);
	rig_drops_are(rig, CVSW_DROP_NO_PACKET_IN, 1);
	/* which is about misses only */
	rig_add(rig, 1, 1, RIG_LIST({ .type = CVSW_ACT_OUTPUT, .output = {
		.port = CVSW_PORT_CONTROLLER, .max_len = 60 } }));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "C");
	assert_int_equal(rig->sent[0].info.reason, CVSW_PACKET_IN_ACTION);
	assert_int_equal(rig->sent[0].info.max_len, 60);
	assert_true(rig->sent[0].info.cookie == 1);
	rig->deaf = true;
	rig_input(rig, 2, &tcp);
	cvsw_switch_drops(rig->sw, drops);
	assert_int_equal(drops[CVSW_DROP_NO_CONTROLLER], 1);
	assert_int_equal(rig_drops(rig), 2);
}

static void slow_packet_in(struct cvsw_config *config)
{
	config->miss = CVSW_MISS_CONTROLLER;
	config->packet_in_rate[CVSW_PACKET_IN_MISS] = 10;
	config->packet_in_burst[CVSW_PACKET_IN_MISS] = 3;
	config->packet_in_rate[CVSW_PACKET_IN_ACTION] = 0;
}

static void test_packet_in_rate(void **state)
{
	struct rig *rig = *state;
	int i;

	rig_configure(rig, slow_packet_in);
	for (i = 0; i < 5; i++)
		rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "C C C");
	rig_drops_are(rig, CVSW_DROP_RATE, 2);
	rig->now += RIG_SECOND / 10;
	rig_input(rig, 1, &tcp);
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "C C C C");
	rig->now += 100 * RIG_SECOND;	/* no more than a burst is saved */
	for (i = 0; i < 5; i++)
		rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "C C C C C C C");
	rig_drops_are(rig, CVSW_DROP_RATE, 5);
	/* the other reason has a bucket of its own, here without a bottom */
	rig_clear(rig);
	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(CVSW_PORT_CONTROLLER)));
	for (i = 0; i < 20; i++)
		rig_input(rig, 1, &tcp);
	assert_int_equal(rig->n_sent, 20);
}

static void huge_burst(struct cvsw_config *config)
{
	slow_packet_in(config);
	config->packet_in_rate[CVSW_PACKET_IN_MISS] = 1;
	config->packet_in_burst[CVSW_PACKET_IN_MISS] = 1000;
}

static void test_packet_in_rate_changes(void **state)
{
	struct rig *rig = *state;
	int i;

	rig_configure(rig, huge_burst);
	for (i = 0; i < 400; i++)
		rig_input(rig, 1, &tcp);
	assert_int_equal(rig->n_sent, 400);
	rig_clear(rig);
	rig_configure(rig, slow_packet_in);	/* owes nothing for those */
	for (i = 0; i < 5; i++)
		rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "C C C");
	rig_clear(rig);
	rig_configure(rig, slow_packet_in);	/* no change, no new burst */
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "");
}

/* NORMAL */

static void learn_frame(struct rig *rig, u16 port, u8 from, u8 to, u16 vlan)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 6, .vlan_tci = vlan,
		.dl_src = { 2, 0, 0, 0, 1, from }, .dl_dst = { 2, 0, 0, 0, 1, to },
	};

	rig_clear(rig);
	rig_input(rig, port, &frame);
}

static void test_normal_learns(void **state)
{
	struct rig *rig = *state;

	set_config(rig, 4, CVSW_PORT_C_NO_FLOOD);
	rig_configure(rig, miss_pass);
	learn_frame(rig, 1, 0xa, 0xb, 0);
	rig_sent_is(rig, "2 3");
	learn_frame(rig, 2, 0xb, 0xa, 0);
	rig_sent_is(rig, "1");
	learn_frame(rig, 1, 0xa, 0xb, 0);
	rig_sent_is(rig, "2");
	/* both on one port: not sent back */
	learn_frame(rig, 2, 0xa, 0xb, 0);
	rig_sent_is(rig, "");
	rig_drops_are(rig, CVSW_DROP_IN_PORT, 1);
	/* moved */
	learn_frame(rig, 3, 0xb, 0xa, 0);
	rig_sent_is(rig, "2");
	/* another VLAN is another table */
	learn_frame(rig, 1, 0xc, 0xa, CVSW_VLAN_PRESENT | 9);
	rig_sent_is(rig, "2 3");
	/* NO_FLOOD ports are sent what is known to be behind them */
	learn_frame(rig, 4, 0xd, 0xa, 0);
	learn_frame(rig, 1, 0xe, 0xd, 0);
	rig_sent_is(rig, "4");
	/* a port that goes takes its addresses along */
	assert_int_equal(cvsw_port_del(rig->sw, 2, NULL), 0);
	learn_frame(rig, 1, 0xe, 0xa, 0);
	rig_sent_is(rig, "3");
	/* and time does */
	rig->now += 301 * RIG_SECOND;
	learn_frame(rig, 1, 0xe, 0xd, 0);
	rig_sent_is(rig, "3");
}

static void test_group_addresses_flood(void **state)
{
	static const struct test_frame all = {
		.ver = 4, .proto = 17,
		.dl_dst = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
		.dl_src = { 3, 0, 0, 0, 0, 1 },		/* not legal */
	};
	struct rig *rig = *state;

	rig_configure(rig, miss_pass);
	rig_input(rig, 1, &all);
	rig_sent_is(rig, "2 3 4");
}

/* Resubmit */

static void test_resubmit(void **state)
{
	struct rig *rig = *state;

	/* 1 → as from 50 → out by 3 and on with what follows the resubmit */
	rig_add(rig, 1, 1, RIG_LIST(
		{ .type = CVSW_ACT_SET_DL_DST, .mac = { 2, 0, 0, 0, 0, 0xaa } },
		RIG_RESUBMIT(50), RIG_OUT(4)));
	rig_add(rig, 2, 50, RIG_LIST(RIG_OUT(3),
		{ .type = CVSW_ACT_SET_VLAN_VID, .vlan = 7 }, RIG_OUT(1),
		RIG_OUT(CVSW_PORT_IN_PORT), RIG_OUT(CVSW_PORT_CONTROLLER)));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "3 1 C 4");
	assert_int_equal(rig->sent[0].bytes[5], 0xaa);
	assert_int_equal(rig->sent[0].len, TCP_LEN);
	assert_int_equal(rig->sent[3].len, TCP_LEN + 4);
	/* the port it really came in by stays what it was */
	assert_int_equal(rig->sent[2].info.in_port, 1);
	assert_true(rig->sent[2].info.cookie == 2);
	assert_int_equal(rig_flow(rig, 1).packets, 1);
	assert_int_equal(rig_flow(rig, 2).packets, 1);
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

static void test_resubmit_miss_and_drop(void **state)
{
	struct rig *rig = *state;

	rig_add(rig, 1, 1, RIG_LIST(RIG_RESUBMIT(50)));
	rig_input(rig, 1, &tcp);
	rig_drops_are(rig, CVSW_DROP_MISS, 1);
	rig_add(rig, 2, 1, RIG_LIST(RIG_RESUBMIT(50), RIG_OUT(2)));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2");
	rig_drops_are(rig, CVSW_DROP_MISS, 1);
	/* the miss policy holds for it, too */
	rig_clear(rig);
	rig_configure(rig, miss_pass);
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2 2");
}

/* as many lookups as are allowed, and not one more, whatever the shape */
static void test_resubmit_is_bounded(void **state)
{
	struct rig *rig = *state;
	struct cvsw_table_stats stats;
	u16 i;

	rig_add(rig, 1, 0, RIG_LIST(RIG_RESUBMIT(CVSW_PORT_IN_PORT)));
	rig_input(rig, 1, &tcp);
	rig_drops_are(rig, CVSW_DROP_RESUBMIT, 1);
	cvsw_switch_stats(rig->sw, &stats);
	assert_int_equal(stats.lookups, 1 + CVSW_RESUBMIT_MAX);
	rig_add(rig, 1, 0, RIG_LIST(RIG_RESUBMIT(CVSW_PORT_IN_PORT),
				    RIG_RESUBMIT(CVSW_PORT_IN_PORT),
				    RIG_OUT(2)));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "");
	rig_drops_are(rig, CVSW_DROP_RESUBMIT, 2);
	cvsw_switch_stats(rig->sw, &stats);
	assert_int_equal(stats.lookups, 2 * (1 + CVSW_RESUBMIT_MAX));
	/* a chain of just the right length */
	for (i = 0; i < CVSW_RESUBMIT_MAX; i++)
		rig_add(rig, 10, (u16)(i ? 100 + i : 1),
			RIG_LIST(RIG_RESUBMIT((u16)(101 + i)), RIG_OUT(2)));
	rig_add(rig, 10, 100 + CVSW_RESUBMIT_MAX, RIG_LIST(RIG_OUT(3)));
	rig_input(rig, 1, &tcp);
	assert_int_equal(rig->n_sent, 1 + CVSW_RESUBMIT_MAX);
	assert_int_equal(rig->sent[0].port, 3);
	rig_drops_are(rig, CVSW_DROP_RESUBMIT, 2);
}

static const struct cvsw_action push = {
	.type = CVSW_ACT_PUSH,
	.tunnel = {
		.kind = CVSW_TUNNEL_VXLAN, .family = 4,
		.nw_src = { 192, 168, 0, 1 }, .nw_dst = { 192, 168, 0, 2 },
		.dl_src = { 2, 0, 0, 0, 9, 1 }, .dl_dst = { 2, 0, 0, 0, 9, 2 },
	},
};

/* a frame goes into a tunnel and comes out; policy sees both sides of it */
static void test_tunnel_round_trip(void **state)
{
	static const struct cvsw_action pop = {
		.type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN },
	};
	struct cvsw_flow_mod mod = {
		.flow = { .priority = 9, .n_actions = 2 },
	};
	struct cvsw_action in[2] = { pop, RIG_RESUBMIT(CVSW_PORT_IN_PORT) };
	struct cvsw_action out[2] = { push, RIG_OUT(2) };
	struct rig *rig = *state;
	u8 want[TEST_FRAME_MAX];
	u32 len = test_build(&tcp, want);

	out[0].tunnel.id = cpu_to_be64(77);
	rig_add(rig, 1, 1, out, 2);
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2");
	assert_int_equal(rig->sent[0].len, len + 50);
	assert_null(test_strict(rig->sent[0].bytes, rig->sent[0].len));
	/* outer: VNI 77 → decapsulate and look again; inner: VNI 77, TCP → 3 */
	mod.flow.actions = in;
	mod.flow.match.value.tun_id = cpu_to_be64(77);
	mod.flow.match.mask.tun_id = cpu_to_be64(~0ull);
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
	mod.flow.priority = 10;
	mod.flow.n_actions = 1;
	mod.flow.actions = (const struct cvsw_action[]){ RIG_OUT(3) };
	mod.flow.match.value.dl_type = cpu_to_be16(0x0800);
	mod.flow.match.mask.dl_type = cpu_to_be16(0xffff);
	mod.flow.match.value.nw_proto = 6;
	mod.flow.match.mask.nw_proto = 0xff;
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
	cvsw_input(rig->w, rig_bytes(rig, 2, rig->sent[0].bytes,
				     rig->sent[0].len), rig->now);
	rig_sent_is(rig, "2 3");
	assert_int_equal(rig->sent[1].len, len);
	assert_memory_equal(rig->sent[1].bytes, want, len);
	assert_int_equal(rig_flow(rig, 9).bytes, len + 50);
	assert_int_equal(rig_flow(rig, 10).bytes, len);
}

/* @tun_id → out by @port */
static void add_tun_id(struct rig *rig, u64 tun_id, u16 port)
{
	const struct cvsw_action out = RIG_OUT(port);
	struct cvsw_flow_mod mod = {
		.flow = { .priority = 100, .n_actions = 1, .actions = &out },
	};

	mod.flow.match.value.tun_id = cpu_to_be64(tun_id);
	mod.flow.match.mask.tun_id = cpu_to_be64(~0ull);
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
}

#define SET_TUNNEL(id)							\
	{ .type = CVSW_ACT_SET_TUNNEL, .tun_id = (id) }

static void trace_is(struct rig *rig, u16 port, const char *want);

/* a lookup sees the id that an action gave the frame, also with none before */
static void test_set_tunnel(void **state)
{
	struct rig *rig = *state;

	add_tun_id(rig, 77, 2);
	add_tun_id(rig, 0x0123456789abcdef, 3);
	rig_add(rig, 1, 1, RIG_LIST(RIG_RESUBMIT(50), SET_TUNNEL(cpu_to_be64(77)),
		RIG_RESUBMIT(50), SET_TUNNEL(cpu_to_be64(0x0123456789abcdef)),
		RIG_RESUBMIT(50), SET_TUNNEL(0), RIG_RESUBMIT(50)));
	rig_add(rig, 2, 50, RIG_LIST(RIG_OUT(4)));
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "4 2 3 4");
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
	trace_is(rig, 1, "L0:1 M1/7 A0:14 L1:50 M2/1 A0:0 O4 A1:18 A2:14 "
		 "L2:50 M100/1 A0:0 O2 A3:18 A4:14 L3:50 M100/1 A0:0 O3 "
		 "A5:18 A6:14 L4:50 M2/1 A0:0 O4 ");
}

/* of every kind: a push takes the id that the frame has, if that fits */
static void test_push_id_of_frame(void **state)
{
	static const struct cvsw_action pop = {
		.type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN },
	};
	struct cvsw_action list[3] = {
		SET_TUNNEL(cpu_to_be64(0xabcdef)), push, RIG_RESUBMIT(50),
	};
	struct cvsw_action swap[4] = {
		list[0], push, pop, push,
	};
	struct rig *rig = *state;
	unsigned int kind;

	add_tun_id(rig, 0, 2);
	add_tun_id(rig, 0xabcdef, 3);
	add_tun_id(rig, 0x1000000, 4);
	list[1].tunnel.flags = CVSW_TUNNEL_F_ID_FLOW;
	for (kind = CVSW_TUNNEL_VXLAN; kind <= CVSW_TUNNEL_STT; kind++) {
		list[1].tunnel.kind = (u8)kind;
		list[0].tun_id = cpu_to_be64(0xabcdef);
		rig_add(rig, 200, 1, list, 3);
		rig_input(rig, 1, &tcp);
		list[0].tun_id = cpu_to_be64(0x1000000);
		rig_add(rig, 200, 1, list, 3);
		rig_input(rig, 1, &tcp);
		rig_add(rig, 200, 1, list + 1, 2);
		rig_input(rig, 1, &tcp);
	}
	rig_sent_is(rig, "3 2 3 2 3 2 3 4 2");
	rig_drops_are(rig, CVSW_DROP_TUNNEL_ID, 3);
	assert_null(test_strict(rig->sent[0].bytes, rig->sent[0].len));
	/* what a pop leaves is it, too */
	rig_clear(rig);
	swap[1].tunnel.id = cpu_to_be64(0x777);
	swap[3].tunnel.flags = CVSW_TUNNEL_F_ID_FLOW;
	rig_add(rig, 200, 1, (struct cvsw_action[]){ swap[0], swap[1], swap[2],
			     swap[3], list[2] }, 5);
	add_tun_id(rig, 0x777, 4);
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "4");
}

#define MANY	5		/* datagrams of one super-frame */

static const struct test_frame many_inner = {
	.ver = 4, .proto = 17, .payload = 100,
};

/* the inner frame of datagram @i, the last of which is shorter */
static u32 many_build(u32 i, u8 *out)
{
	struct test_frame f = many_inner;

	f.id = (u16)i;
	f.seq = i;
	f.payload -= i == MANY - 1 ? 9 : 0;
	return test_build(&f, out);
}

/* datagrams of a tunnel of @kind with an id of 77, merged by the underlay;
 * the header of number @bad is not valid */
static struct cvsw_pkt *many_super(struct rig *rig, u8 kind, u32 bad)
{
	struct test_frame outer = {
		.ver = 4, .proto = 17, .partial = 1, .tp_src = 50000,
		.tp_dst = kind == CVSW_TUNNEL_VXLAN ? 4789 : 6081,
	};
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .gso_type = CVSW_GSO_UDP_L4,
		.csum_start = 34, .csum_offset = 6,
	};
	u8 payload[2048], whole[2048], *hdr = payload;
	struct cvsw_pkt *pkt;
	u32 i, len;

	for (i = 0; i < MANY; i++, hdr += 8 + len) {
		put_unaligned_be32(kind == CVSW_TUNNEL_VXLAN ? 0x08000000 :
							       0x00006558, hdr);
		put_unaligned_be32(77 << 8, hdr + 4);
		hdr[0] |= i == bad ? 0xc0 : 0;
		hdr[0] &= i == bad ? 0xc0 : 0xff;
		len = many_build(i, hdr + 8);
		if (!i)
			off.gso_size = (u16)(8 + len);
	}
	outer.payload = (u32)(hdr - payload);
	len = test_build_with(&outer, payload, whole);
	pkt = rig_bytes(rig, 2, whole, len);
	assert_int_equal(cvsw_pkt_offload_set(pkt, &off), 0);
	return pkt;
}

static void many_come_out(struct rig *rig, u32 bad)
{
	u8 want[256];
	u32 i, n = 0, len;

	assert_int_equal(rig->n_sent, MANY - (bad < MANY));
	for (i = 0; i < MANY; i++) {
		if (i == bad)
			continue;
		len = many_build(i, want);
		assert_int_equal(rig->sent[n].port, 1);
		assert_int_equal(rig->sent[n].len, len);
		assert_memory_equal(rig->sent[n].bytes, want, len);
		n++;
	}
}

/* a pop takes a frame out of each of the datagrams, one lookup further, too */
static void test_many_in_one(void **state)
{
	static const u8 kinds[] = { CVSW_TUNNEL_VXLAN, CVSW_TUNNEL_GENEVE };
	struct cvsw_action pop = { .type = CVSW_ACT_POP };
	struct rig *rig = *state;
	u32 i, bad, far;

	for (far = 0; far < 2; far++)
		for (i = 0; i < ARRAY_SIZE(kinds); i++) {
			struct cvsw_action list[2] = { pop, RIG_OUT(1) };

			list[0].tunnel.kind = kinds[i];
			if (far)
				list[1] = (struct cvsw_action)RIG_RESUBMIT(50);
			rig_add(rig, 5, 2, list, 2);
			rig_add(rig, 5, 50, RIG_LIST(RIG_OUT(1)));
			for (bad = 0; bad <= MANY; bad++) {
				u64 drops = rig_drops(rig);

				rig_clear(rig);
				cvsw_input(rig->w, many_super(rig, kinds[i], bad),
					   rig->now);
				many_come_out(rig, bad);
				assert_int_equal(rig_drops(rig) - drops,
						 bad < MANY);
			}
		}
	rig_drops_are(rig, CVSW_DROP_TUNNEL_FLAGS, 4 * MANY);
	assert_int_equal(port_stats(rig, 2).rx_packets, 4 * (MANY + 1) * MANY);
}

/* no super-frame is in two tunnels: its segments are, each by itself */
static void test_super_frame_in_two_tunnels(void **state)
{
	static const u8 kinds[] = {
		CVSW_TUNNEL_VXLAN, CVSW_TUNNEL_GENEVE, CVSW_TUNNEL_NVGRE,
	};
	static const struct test_frame big = {
		.ver = 4, .proto = 6, .payload = 2500, .partial = 1,
	};
	const struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .gso_type = CVSW_GSO_TCP4,
		.gso_size = 1000, .csum_start = 34, .csum_offset = 16,
	};
	struct cvsw_action list[3] = { push, push, RIG_OUT(2) };
	struct rig *rig = *state;
	struct cvsw_pkt *pkt;
	u32 i, n, s;

	for (i = 0; i < 9; i++) {
		list[0].tunnel.kind = kinds[i % 3];
		list[1].tunnel.kind = kinds[i / 3];
		rig_add(rig, 1, 1, list, 3);
		rig_clear(rig);
		pkt = rig_frame(rig, 1, &big);
		assert_int_equal(cvsw_pkt_offload_set(pkt, &off), 0);
		cvsw_input(rig->w, pkt, rig->now);
		rig_sent_is(rig, "2 2 2");
		n = 54 + 100 - (i % 3 == 2 ? 8 : 0) - (i / 3 == 2 ? 8 : 0);
		for (s = 0; s < 3; s++) {
			assert_int_equal(rig->sent[s].len,
					 n + (s < 2 ? 1000 : 500));
			assert_int_equal(rig->sent[s].off.gso_type,
					 CVSW_GSO_NONE);
			assert_null(test_strict(rig->sent[s].bytes,
						rig->sent[s].len));
		}
	}
	assert_int_equal(rig_drops(rig), 0);
}

/* segments of which a copy went out before are not lost without memory */
static void test_cut_after_output(void **state)
{
	static const struct test_super big = {
		.inner = { .ver = 4, .proto = 6, .payload = 2500 },
		.size = 1000,
	};
	struct rig *rig = *state;
	struct cvsw_pool *pool;
	struct cvsw_pkt pkt;
	u64 n;
	u32 i;

	rig_add(rig, 1, 1, RIG_LIST(RIG_OUT(2), push, push, RIG_OUT(3)));
	for (i = 1; i < 20; i++) {
		n = rig_drops(rig);
		rig_clear(rig);
		pool = cvsw_pool_new();	/* with nothing in store */
		pkt = test_super_pkt(pool, &big);
		pkt.in_port = 1;
		cvsw_alloc_fail_at(i);
		cvsw_input(rig->w, &pkt, rig->now);
		cvsw_alloc_fail_at(0);
		cvsw_pool_free(pool);
		if (rig->n_sent && rig->sent[0].port == 2)
			assert_int_equal(rig_drops(rig), n);
	}
	assert_int_equal(rig->n_sent, 4);
}

/* Packet-out */

static void test_packet_out(void **state)
{
	static const struct cvsw_action bad[] = {
		RIG_OUT(1), { .type = CVSW_ACT_SET_VLAN_PCP, .vlan = 8 },
	};
	static const u8 tiny[10];
	struct rig *rig = *state;
	struct cvsw_error err = { 0 };
	struct cvsw_pkt *pkt;

	assert_int_equal(cvsw_packet_out(rig->w,
			 rig_frame(rig, CVSW_PORT_NONE, &tcp),
			 RIG_LIST(RIG_OUT(1), RIG_OUT(3)), rig->now, NULL), 0);
	rig_sent_is(rig, "1 3");
	rig_clear(rig);
	assert_int_equal(cvsw_packet_out(rig->w, rig_frame(rig, 1, &tcp),
			 RIG_LIST(RIG_OUT(CVSW_PORT_FLOOD)), rig->now, NULL), 0);
	rig_sent_is(rig, "2 3 4");
	rig_clear(rig);
	assert_int_equal(cvsw_packet_out(rig->w,
			 rig_frame(rig, CVSW_PORT_NONE, &tcp),
			 RIG_LIST(RIG_OUT(CVSW_PORT_IN_PORT)), rig->now,
			 NULL), 0);
	rig_drops_are(rig, CVSW_DROP_NO_PORT, 1);
	assert_int_equal(cvsw_packet_out(rig->w, rig_frame(rig, 1, &tcp), bad,
					 2, rig->now, &err), -EINVAL);
	assert_int_equal(err.index, 1);
	assert_int_equal(cvsw_packet_out(rig->w,
			 rig_bytes(rig, 1, tiny, sizeof(tiny)),
			 RIG_LIST(RIG_OUT(2)), rig->now, &err), -EINVAL);
	pkt = rig_frame(rig, 1, &tcp);
	cvsw_alloc_fail_at(1);
	assert_int_equal(cvsw_packet_out(rig->w, pkt, RIG_LIST(RIG_OUT(2)),
					 rig->now, &err), -ENOMEM);
	cvsw_alloc_fail_at(0);
	rig_sent_is(rig, "");
	assert_int_equal(rig_drops(rig), 1);
}

static void test_packet_out_to_table(void **state)
{
	struct rig *rig = *state;
	static const struct cvsw_action table = RIG_OUT(CVSW_PORT_TABLE);
	struct cvsw_flow_mod mod = {
		.flow = { .n_actions = 1, .actions = &table },
	};

	rig_add(rig, 1, 1, RIG_LIST(RIG_OUT(2)));
	assert_int_equal(cvsw_packet_out(rig->w, rig_frame(rig, 1, &tcp),
					 &table, 1, rig->now, NULL), 0);
	rig_sent_is(rig, "2");
	assert_int_equal(rig_flow(rig, 1).packets, 1);
	rig_configure(rig, miss_controller);
	assert_int_equal(cvsw_packet_out(rig->w, rig_frame(rig, 2, &tcp),
					 &table, 1, rig->now, NULL), 0);
	rig_sent_is(rig, "2 C");
	assert_int_equal(rig->sent[1].info.reason, CVSW_PACKET_IN_MISS);
	/* in a flow it has no place */
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL),
			 -EINVAL);
}

/* Trace */

struct trace_log {
	char	text[512];
	u8	last[64];
};

static void trace_step(void *arg, const struct cvsw_trace_step *step)
{
	struct trace_log *log = arg;
	char *end = log->text + strlen(log->text);

	assert_non_null(step->pkt);
	switch (step->what) {
	case CVSW_TRACE_LOOKUP:
		sprintf(end, "L%u:%u ", step->depth, step->key->in_port);
		break;
	case CVSW_TRACE_MATCH:
		if (step->flow)
			sprintf(end, "M%u/%u ", step->flow->priority,
				step->flow->n_actions);
		else
			strcpy(end, "M- ");
		break;
	case CVSW_TRACE_ACTION:
		sprintf(end, "A%u:%u ", step->index, step->action->type);
		break;
	case CVSW_TRACE_OUTPUT:
		sprintf(end, "O%u ", step->port);
		memcpy(log->last, cvsw_pkt_header(step->pkt, 0, 64), 64);
		break;
	case CVSW_TRACE_CONTROLLER:
		strcpy(end, "C ");
		break;
	case CVSW_TRACE_DROP:
		sprintf(end, "D:%s ", cvsw_drop_name(step->drop));
		break;
	}
}

static void trace_is(struct rig *rig, u16 port, const char *want)
{
	struct trace_log log = { "", { 0 } };

	cvsw_trace(rig->w, rig_frame(rig, port, &tcp), rig->now, trace_step,
		   &log);
	assert_string_equal(log.text, want);
}

static void test_trace(void **state)
{
	struct trace_log log = { "", { 0 } };
	struct rig *rig = *state;
	struct cvsw_table_stats stats;

	rig_add(rig, 1, 1, RIG_LIST(
		{ .type = CVSW_ACT_SET_DL_DST, .mac = { 2 } },
		RIG_RESUBMIT(50), RIG_OUT(CVSW_PORT_NORMAL)));
	rig_add(rig, 2, 50, RIG_LIST(RIG_OUT(3), RIG_OUT(CVSW_PORT_CONTROLLER)));
	rig_add(rig, 3, 2, RIG_LIST(RIG_OUT(2)));
	rig_add(rig, 4, 3, NULL, 0);
	trace_is(rig, 1, "L0:1 M1/3 A0:5 A1:14 L1:50 M2/2 A0:0 O3 A1:0 C "
		 "A2:0 O2 O3 O4 ");
	trace_is(rig, 2, "L0:2 M3/1 A0:0 D:in-port ");
	trace_is(rig, 3, "L0:3 M4/0 D:policy ");
	trace_is(rig, 4, "L0:4 M- D:miss ");
	trace_is(rig, 9, "D:no-port ");
	cvsw_alloc_fail_at(1);
	trace_is(rig, 1, "");
	cvsw_alloc_fail_at(0);
	/* what is cut is followed piece by piece */
	rig_add(rig, 9, 2, RIG_LIST(
		{ .type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN } },
		RIG_OUT(1)));
	cvsw_trace(rig->w, many_super(rig, CVSW_TUNNEL_VXLAN, 1), rig->now,
		   trace_step, &log);
	assert_string_equal(log.text, "L0:2 M9/2 A0:16 A0:16 A1:0 O1 "
			    "A0:16 D:tunnel-flags A0:16 A1:0 O1 "
			    "A0:16 A1:0 O1 A0:16 A1:0 O1 ");
	/* no trace of it is left */
	rig_sent_is(rig, "");
	assert_int_equal(rig_drops(rig), 0);
	cvsw_switch_stats(rig->sw, &stats);
	assert_int_equal(stats.lookups, 0);
	assert_int_equal(rig_flow(rig, 1).packets, 0);
	assert_int_equal(port_stats(rig, 1).rx_packets, 0);
	assert_int_equal(port_stats(rig, 3).tx_packets, 0);
}

/* Batches */

static void test_batch(void **state)
{
	struct rig *rig = *state;

	rig_add(rig, 1, 1, RIG_LIST(RIG_OUT(2)));
	rig_add(rig, 2, 2, RIG_LIST(RIG_OUT(1)));
	cvsw_worker_begin(rig->w);
	rig_input(rig, 1, &tcp);
	rig_input(rig, 1, &tcp);
	rig_input(rig, 2, &tcp);
	cvsw_worker_flush(rig->w);
	cvsw_worker_flush(rig->w);	/* harmless */
	assert_int_equal(rig_flow(rig, 1).packets, 2);
	assert_int_equal(rig_flow(rig, 1).bytes, 2 * TCP_LEN);
	assert_int_equal(rig_flow(rig, 2).packets, 1);
	rig_input(rig, 2, &tcp);
	assert_int_equal(rig_flow(rig, 2).packets, 2);
	/* the time of the last match is the frame's */
	rig->now += 5 * RIG_SECOND;
	rig_input(rig, 2, &tcp);
	rig->now += 2 * RIG_SECOND;
	assert_true(rig_flow(rig, 2).idle_ns == 2 * RIG_SECOND);
	assert_true(rig_flow(rig, 2).age_ns == 7 * RIG_SECOND);
}

/*
 * Random flows, ports and frames: every frame either leaves at least once or
 * is counted once, and the port counters agree with what came out.
 */
static void random_action(u64 *seed, struct cvsw_action *action)
{
	static const u16 special[] = {
		CVSW_PORT_IN_PORT, CVSW_PORT_NORMAL, CVSW_PORT_FLOOD,
		CVSW_PORT_ALL, CVSW_PORT_CONTROLLER, CVSW_PORT_LOCAL,
	};

	memset(action, 0, sizeof(*action));
	switch (test_below(seed, 10)) {
	case 8:
		action->type = CVSW_ACT_SET_TUNNEL;
		action->tun_id = cpu_to_be64((u64)test_below(seed, 3) << 24);
		break;
	case 9:
		*action = push;
		action->tunnel.flags = CVSW_TUNNEL_F_ID_FLOW;
		break;
	case 0:
		action->type = CVSW_ACT_RESUBMIT;
		action->output.port = (u16)(1 + test_below(seed, 6));
		break;
	case 1:
		action->type = CVSW_ACT_SET_VLAN_VID;
		action->vlan = (u16)test_below(seed, 4096);
		break;
	case 2:
		*action = push;
		break;
	case 3:
		action->type = CVSW_ACT_POP;
		action->tunnel.kind = CVSW_TUNNEL_VXLAN;
		break;
	case 4:
		action->output.port = special[test_below(seed,
							 ARRAY_SIZE(special))];
		break;
	default:
		action->output.port = (u16)(1 + test_below(seed, 5));
	}
}

static void random_round(u64 *seed)
{
	struct cvsw_action list[4];
	u64 before, packet_ins = 0, tx = 0, out = 0;
	struct rig rig;
	unsigned int i, j, n;

	rig_open(&rig, 4, NULL);
	rig_configure(&rig, test_below(seed, 2) ? miss_pass : miss_controller);
	for (i = 1; i <= 4; i++)
		set_config(&rig, (u16)i, test_below(seed, 3) ? 0 :
			   test_rand(seed) & CVSW_PORT_C_MASK);
	for (i = 1; i <= 5; i++) {
		n = test_below(seed, 5);
		for (j = 0; j < n; j++)
			random_action(seed, &list[j]);
		rig_add(&rig, (u16)i, (u16)i, list, n);
	}
	for (i = 0; i < 20; i++) {
		before = rig_drops(&rig);
		rig_clear(&rig);
		rig_input(&rig, (u16)(1 + test_below(seed, 5)), &tcp);
		assert_int_equal(rig_drops(&rig) - before, !rig.n_sent);
		for (j = 0; j < rig.n_sent; j++)
			if (rig.sent[j].port == CVSW_PORT_CONTROLLER)
				packet_ins++;
			else
				out++;
	}
	for (i = 1; i <= 4; i++)
		tx += port_stats(&rig, (u16)i).tx_packets;
	assert_int_equal(tx, out);
	rig_close(&rig);
}

static void test_random_frames_are_accounted_for(void **state)
{
	u64 seed = test_seed();
	int i;

	for (i = 0; i < 100; i++)
		random_round(&seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outputs),
		cmocka_unit_test_setup_teardown(test_rewrite_between_outputs, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_enqueue, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_local_is_a_port, setup2, teardown),
		cmocka_unit_test(test_port_config),
		cmocka_unit_test_setup_teardown(test_runt_and_malformed, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_spoofed, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_fragment_mode, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_mtu, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_mtu_tags, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_super_frame, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_device_refuses, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_worker_lost, setup2,
						teardown),
		cmocka_unit_test_setup_teardown(test_clone_without_memory, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_miss, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_packet_in_refused, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_packet_in_rate, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_packet_in_rate_changes, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_normal_learns, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_group_addresses_flood, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_resubmit, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_resubmit_miss_and_drop, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_resubmit_is_bounded, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_tunnel_round_trip, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_set_tunnel, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_push_id_of_frame, setup4,
						teardown),
		cmocka_unit_test_setup_teardown(test_many_in_one, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_super_frame_in_two_tunnels,
						setup2, teardown),
		cmocka_unit_test_setup_teardown(test_cut_after_output, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_packet_out, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_packet_out_to_table, setup2, teardown),
		cmocka_unit_test_setup_teardown(test_trace, setup4, teardown),
		cmocka_unit_test_setup_teardown(test_batch, setup2, teardown),
		cmocka_unit_test(test_random_frames_are_accounted_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

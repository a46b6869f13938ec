// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames that do not fit their tunnel: their senders are told the MTU that
 * there is, and nobody else is, and each is counted once.
 */

#include "rig.h"

#include "super.h"

#define DF	0x4000
#define TAG	(CVSW_VLAN_PRESENT | 42)

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct cvsw_port_info want = { .no = 2, .mtu = 1500 };

	*state = rig;
	rig_open(rig, 3, NULL);
	return cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
}

static void set_mtu(struct rig *rig, u16 no, u32 mtu)
{
	struct cvsw_port_info want = { .no = no, .mtu = mtu };

	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE,
				       NULL), 0);
}

static int teardown(void **state)
{
	rig_close(*state);
	free(*state);
	return 0;
}

static struct cvsw_action push(u8 kind, u8 family, u16 flags)
{
	struct cvsw_action act = {
		.type = CVSW_ACT_PUSH,
		.tunnel = {
			.kind = kind, .family = family, .flags = flags,
			.id = cpu_to_be64(77),
			.nw_src = { 192, 168, 0, 1 },
			.nw_dst = { 192, 168, 0, 2 },
			.dl_src = { 2, 0, 0, 0, 9, 1 },
			.dl_dst = { 2, 0, 0, 0, 9, 2 },
		},
	};

	return act;
}

static void add_push(struct rig *rig, struct cvsw_action act)
{
	rig_add(rig, 1, 1, RIG_LIST(act, RIG_OUT(2)));
}

static struct cvsw_port_stats port_stats(struct rig *rig, u16 no)
{
	struct cvsw_port_info info;

	assert_int_equal(cvsw_port_get(rig->sw, no, &info), 0);
	return info.stats;
}

/* the MTU that the last frame out, an answer at port 1, tells */
static u32 told(const struct rig *rig)
{
	const struct rig_sent *sent = &rig->sent[rig->n_sent - 1];
	u32 l3 = sent->bytes[12] == 0x81 ? 18 : 14;
	bool v6 = sent->bytes[l3] >> 4 == 6;
	const u8 *icmp = sent->bytes + l3 + (v6 ? 40 : 20);

	assert_int_equal(sent->port, 1);
	assert_null(test_strict(sent->bytes, sent->len));
	assert_memory_equal(icmp, v6 ? "\2\0" : "\3\4", 2);
	return get_unaligned_be32(icmp + 4);
}

/* wire-formats: 7 */
struct fit_case {
	u8	kind;
	u8	family;
	u32	mtu;	/* of untagged packets */
};

static const struct fit_case fit_cases[] = {
	{ CVSW_TUNNEL_VXLAN, 4, 1450 },
	{ CVSW_TUNNEL_VXLAN, 6, 1430 },
	{ CVSW_TUNNEL_GENEVE, 4, 1450 },
	{ CVSW_TUNNEL_GENEVE, 6, 1430 },
	{ CVSW_TUNNEL_NVGRE, 4, 1458 },
	{ CVSW_TUNNEL_NVGRE, 6, 1438 },
};

/* the longest packet goes, one byte more is answered */
static void test_fit(void **state)
{
	struct rig *rig = *state;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(fit_cases); i++) {
		const struct fit_case *c = &fit_cases[i];

		add_push(rig, push(c->kind, c->family, 0));
		for (j = 0; j < 4; j++) {
			bool v6 = j & 1, tag = j & 2;
			struct test_frame frame = {
				.ver = v6 ? 6 : 4, .proto = 17,
				.frag_off = v6 ? 0 : DF,
				.vlan_tci = tag ? TAG : 0,
				.payload = c->mtu - (v6 ? 48 : 28) -
					   (tag ? 4 : 0),
			};

			if (tag && c->kind == CVSW_TUNNEL_NVGRE)
				continue;
			rig_clear(rig);
			rig_input(rig, 1, &frame);
			rig_sent_is(rig, "2");
			frame.payload++;
			rig_input(rig, 1, &frame);
			rig_sent_is(rig, "2 1");
			assert_int_equal(told(rig), c->mtu - (tag ? 4 : 0));
		}
	}
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 4 * 4 + 2 * 2);
	assert_int_equal(port_stats(rig, 1).tx_packets, 4 * 4 + 2 * 2);
}

static void test_geneve_options(void **state)
{
	struct cvsw_action opt = {
		.type = CVSW_ACT_TUNNEL_OPT,
		.opt = { .opt_class = cpu_to_be16(0x102), .type = 1, .len = 12 },
	};
	struct test_frame frame = {
		.ver = 4, .proto = 17, .frag_off = DF, .payload = 1500 - 28,
	};
	struct rig *rig = *state;

	rig_add(rig, 1, 1, RIG_LIST(opt, opt, push(CVSW_TUNNEL_GENEVE, 4, 0),
				    RIG_OUT(2)));
	rig_input(rig, 1, &frame);
	assert_int_equal(told(rig), 1450 - 32);
}

/* who sent it is told of the frame that it sent, not of what became of it */
static void test_rewritten(void **state)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 6, .frag_off = DF, .vlan_tci = TAG,
		.payload = 1460,
	};
	struct cvsw_action vxlan = push(CVSW_TUNNEL_VXLAN, 4, 0);
	struct rig *rig = *state;
	static u8 sent[TEST_FRAME_MAX];
	const u8 *answer;

	test_build(&frame, sent);
	rig_add(rig, 1, 1, RIG_LIST(
		{ .type = CVSW_ACT_STRIP_VLAN },
		{ .type = CVSW_ACT_SET_DL_SRC, .mac = { 2, 0, 0, 0, 7, 1 } },
		{ .type = CVSW_ACT_SET_DL_DST, .mac = { 2, 0, 0, 0, 7, 2 } },
		RIG_RESUBMIT(9)));
	rig_add(rig, 1, 9, RIG_LIST(
		{ .type = CVSW_ACT_SET_NW_SRC, .nw = { 1, 2, 3, 4 } },
		{ .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8 },
		{ .type = CVSW_ACT_SET_TP_SRC, .tp = 7 },
		vxlan, RIG_OUT(2)));
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "1");
	assert_int_equal(told(rig), 1450);
	answer = rig->sent[0].bytes;
	assert_memory_equal(answer, sent + 6, 6);
	assert_memory_equal(answer + 6, sent, 6);
	assert_memory_equal(answer + 12, sent + 12, 4);
	assert_memory_equal(answer + 18 + 16, sent + 18 + 12, 4);
	assert_memory_equal(answer + 18 + 28, sent + 18, 548);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 1);
}

/* by ports of which the push does not know; all of it is told once */
static void test_late(void **state)
{
	struct test_frame frame = {
		.ver = 4, .proto = 17, .frag_off = DF, .payload = 1500 - 28,
	};
	struct cvsw_action vxlan = push(CVSW_TUNNEL_VXLAN, 4, 0);
	struct rig *rig = *state;
	struct test_super super = {
		.inner = { .ver = 4, .proto = 6, .frag_off = DF,
			   .payload = 14000, .partial = 1 },
		.size = 1400,
	};
	struct cvsw_pkt pkt;

	set_mtu(rig, 3, 1400);
	rig_add(rig, 2, 0, RIG_LIST(
		{ .type = CVSW_ACT_SET_NW_SRC, .nw = { 1, 2, 3, 4 } },
		vxlan, RIG_RESUBMIT(9)));
	rig_add(rig, 3, 9, RIG_LIST(RIG_OUT(2)));
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "1");
	assert_int_equal(told(rig), 1450);
	assert_memory_equal(rig->sent[0].bytes + 30, "\12\0\0\1", 4);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 1);
	assert_int_equal(port_stats(rig, 2).tx_dropped, 1);
	/* one of two ports takes it; the order is theirs */
	frame.payload = 1450 - 28;
	rig_clear(rig);
	rig_add(rig, 3, 9, RIG_LIST(RIG_OUT(CVSW_PORT_ALL)));
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "2 1");
	assert_int_equal(told(rig), 1350);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 1);
	assert_int_equal(port_stats(rig, 3).tx_dropped, 1);
	assert_int_equal(rig->sent[0].len, 1500 + 14);
	/* neither does; with a tag in the way; in segments */
	frame.payload = 1500 - 28;
	rig_clear(rig);
	rig_add(rig, 3, 9, RIG_LIST(
		{ .type = CVSW_ACT_SET_VLAN_VID, .vlan = 9 },
		RIG_OUT(CVSW_PORT_ALL)));
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "1");
	assert_int_equal(told(rig), 1450);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 2);
	rig_clear(rig);
	set_mtu(rig, 2, 1400);
	pkt = test_super_pkt(rig->pool, &super);
	cvsw_input(rig->w, &pkt, rig->now);
	rig_sent_is(rig, "1");
	assert_int_equal(told(rig), 1350);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 12);
}

/* no answer, but counted; in_port and what is done in front of the push */
static void test_silent(void **state)
{
	struct rig *rig = *state;
	struct test_frame frame = {
		.ver = 4, .proto = 17, .payload = 1500 - 28,
	};
	struct cvsw_port_info down = { .no = 1 };
	struct cvsw_action vxlan = push(CVSW_TUNNEL_VXLAN, 4, 0);
	u64 n = 1;

	add_push(rig, vxlan);
	rig_input(rig, 1, &frame);		/* may be fragmented */
	frame.frag_off = DF;
	down.config = CVSW_PORT_C_NO_FWD;
	cvsw_port_set(rig->sw, &down, CVSW_PORT_SET_CONFIG, NULL);
	rig_input(rig, 1, &frame);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, ++n);
	down.config = 0;
	down.mtu = 500;				/* too short for answers */
	cvsw_port_set(rig->sw, &down, CVSW_PORT_SET_CONFIG, NULL);
	cvsw_port_set(rig->sw, &down, CVSW_PORT_SET_STATE, NULL);
	rig_input(rig, 1, &frame);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, ++n);
	/* a controller's frame has no sender */
	cvsw_packet_out(rig->w, rig_frame(rig, CVSW_PORT_NONE, &frame),
			RIG_LIST(vxlan, RIG_OUT(2)), rig->now, NULL);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, ++n);
	/* one tunnel in another: the outer packet is our own */
	frame.payload = 1450 - 28;
	rig_add(rig, 2, 3, RIG_LIST(vxlan, vxlan, RIG_OUT(2)));
	rig_input(rig, 3, &frame);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, ++n);
	rig_sent_is(rig, "");
	assert_int_equal(port_stats(rig, 1).tx_packets, 0);
	assert_int_equal(port_stats(rig, 1).tx_dropped, 0);
}

/* out of one tunnel into another: the sender is not behind the port */
static void test_popped(void **state)
{
	struct rig *rig = *state;
	struct cvsw_action pop = {
		.type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN },
	};
	static u8 inner[TEST_FRAME_MAX], outer[TEST_FRAME_MAX];
	const struct test_frame in = {
		.ver = 4, .proto = 17, .frag_off = DF, .payload = 1460 - 28,
	}, out = { .ver = 4 };
	u32 len = test_build(&in, inner);

	len = test_vxlan(&out, 5, inner, len, outer);
	rig_add(rig, 1, 1, RIG_LIST(pop, push(CVSW_TUNNEL_VXLAN, 4, 0),
				    RIG_OUT(2)));
	cvsw_input(rig->w, rig_bytes(rig, 1, outer, len), rig->now);
	rig_sent_is(rig, "");
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 1);
}

/* no memory for the answer; the device refuses it: one more frame lost */
static void test_refused(void **state)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 17, .frag_off = DF, .payload = 1500 - 28,
	};
	struct rig *rig = *state;
	u64 drops[CVSW_DROP_COUNT];

	struct cvsw_pkt *pkt = rig_frame(rig, 1, &frame);

	add_push(rig, push(CVSW_TUNNEL_VXLAN, 4, 0));
	cvsw_alloc_fail_at(1);
	cvsw_input(rig->w, pkt, rig->now);
	cvsw_alloc_fail_at(0);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 1);
	rig->refuse = CVSW_DROP_TX_FULL;
	rig_input(rig, 1, &frame);
	cvsw_switch_drops(rig->sw, drops);
	assert_int_equal(drops[CVSW_DROP_TOO_BIG_TOLD], 1);
	assert_int_equal(drops[CVSW_DROP_TX_FULL], 1);
	assert_int_equal(port_stats(rig, 1).tx_packets, 0);
	assert_int_equal(port_stats(rig, 1).tx_dropped, 1);
	rig_sent_is(rig, "");
}

/* segments count, and each is lost */
static void test_super_frame(void **state)
{
	struct test_super super = {
		.inner = { .ver = 4, .proto = 6, .frag_off = DF,
			   .payload = 14000, .partial = 1 },
		.size = 1410,
	};
	struct rig *rig = *state;
	struct cvsw_pkt pkt;
	unsigned int ver;

	add_push(rig, push(CVSW_TUNNEL_VXLAN, 4, 0));
	for (ver = 4; ver <= 6; ver += 2) {
		super.inner.ver = (u8)ver;
		super.inner.frag_off = ver == 4 ? DF : 0;
		super.size = ver == 4 ? 1410 : 1390;
		rig_clear(rig);
		pkt = test_super_pkt(rig->pool, &super);
		cvsw_input(rig->w, &pkt, rig->now);
		rig_sent_is(rig, "2");
		super.size++;
		pkt = test_super_pkt(rig->pool, &super);
		cvsw_input(rig->w, &pkt, rig->now);
		rig_sent_is(rig, "2 1");
		assert_int_equal(told(rig), 1450);
	}
	rig_drops_are(rig, CVSW_DROP_TOO_BIG_TOLD, 10 + 11);
	assert_int_equal(port_stats(rig, 1).tx_packets, 2);
}

struct trace_log {
	char	text[256];
	u32	len;
};

static void trace_step(void *arg, const struct cvsw_trace_step *step)
{
	struct trace_log *log = arg;
	char *end = log->text + strlen(log->text);

	if (step->what == CVSW_TRACE_ANSWER) {
		sprintf(end, "T%u ", step->port);
		log->len = cvsw_pkt_len(step->pkt);
	} else if (step->what == CVSW_TRACE_OUTPUT) {
		sprintf(end, "O%u ", step->port);
	} else if (step->what == CVSW_TRACE_DROP) {
		sprintf(end, "D:%s ", cvsw_drop_name(step->drop));
	}
}

static void test_trace(void **state)
{
	const struct test_frame frame = {
		.ver = 4, .proto = 17, .frag_off = DF, .payload = 1500 - 28,
	};
	struct rig *rig = *state;
	struct trace_log log = { .len = 0 };

	add_push(rig, push(CVSW_TUNNEL_VXLAN, 4, 0));
	cvsw_trace(rig->w, rig_frame(rig, 1, &frame), rig->now, trace_step,
		   &log);
	assert_string_equal(log.text, "T1 D:too-big-told ");
	assert_int_equal(log.len, 590);
	rig_sent_is(rig, "");
	assert_int_equal(rig_drops(rig), 0);
	assert_int_equal(port_stats(rig, 1).tx_packets, 0);
}

/* MSS of the last frame out, a SYN in VXLAN over IPv4 */
static u16 sent_mss(const struct rig *rig)
{
	const struct rig_sent *sent = &rig->sent[rig->n_sent - 1];
	const u8 *inner = sent->bytes + 50;

	assert_null(test_strict(sent->bytes, sent->len));
	return get_unaligned_be16(inner + (inner[14] >> 4 == 4 ? 34 : 54) + 22);
}

static void test_clamp(void **state)
{
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		bool v6 = i & 1, clamp = i & 2;
		struct test_frame syn = {
			.ver = v6 ? 6 : 4, .proto = 6, .tcp_flags = 2,
			.tcp_options = 4,
		};
		u8 bytes[128];
		u32 len = test_build(&syn, bytes), l4 = test_l4(&syn), sum;

		memcpy(bytes + l4 + 20, "\2\4\5\xb4", 4);
		put_unaligned_be16(0, bytes + l4 + 16);
		sum = test_sum(bytes + (v6 ? 22 : 26), v6 ? 32 : 8, 6 + 24);
		sum = test_sum(bytes + l4, 24, sum);
		put_unaligned_be16((u16)~sum, bytes + l4 + 16);
		add_push(rig, push(CVSW_TUNNEL_VXLAN, 4,
				   clamp ? CVSW_TUNNEL_F_CLAMP_MSS : 0));
		cvsw_input(rig->w, rig_bytes(rig, 1, bytes, len), rig->now);
		assert_int_equal(sent_mss(rig), !clamp ? 1460 : v6 ? 1390 : 1410);
	}
}

/* MTU of the tunnels */

static void del_flow(struct rig *rig, u16 priority, u16 in_port)
{
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_DEL_STRICT,
		.out_port = CVSW_PORT_NONE,
		.flow = { .priority = priority },
	};

	if (in_port) {
		mod.flow.match.value.in_port = in_port;
		mod.flow.match.mask.in_port = 0xffff;
	}
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
}

static u32 tunnel_mtu(struct rig *rig)
{
	cvsw_switch_expire(rig->sw, rig->now);
	return cvsw_tunnel_mtu(rig->sw, rig->now);
}

/* wire-formats: 7 */
static void test_tunnel_mtu(void **state)
{
	struct cvsw_action opt = {
		.type = CVSW_ACT_TUNNEL_OPT,
		.opt = { .opt_class = cpu_to_be16(0x102), .type = 1, .len = 4 },
	};
	struct rig *rig = *state;
	size_t i;

	assert_int_equal(tunnel_mtu(rig), 0);
	for (i = 0; i < ARRAY_SIZE(fit_cases); i++) {
		add_push(rig, push(fit_cases[i].kind, fit_cases[i].family, 0));
		assert_int_equal(tunnel_mtu(rig),
				 fit_cases[i].mtu);
	}
	add_push(rig, push(CVSW_TUNNEL_STT, 4, 0));
	assert_int_equal(tunnel_mtu(rig), 1428);
	add_push(rig, push(CVSW_TUNNEL_STT, 6, 0));
	assert_int_equal(tunnel_mtu(rig), 1408);
	rig_add(rig, 1, 1, RIG_LIST(opt, opt, push(CVSW_TUNNEL_GENEVE, 4, 0),
				    RIG_OUT(2)));
	assert_int_equal(tunnel_mtu(rig), 1450 - 16);
	del_flow(rig, 1, 1);
	assert_int_equal(tunnel_mtu(rig), 0);
}

/* the least of all, and what it follows */
static void test_tunnel_mtu_least(void **state)
{
	struct cvsw_action near = push(CVSW_TUNNEL_VXLAN, 4, 0);
	struct cvsw_action far = push(CVSW_TUNNEL_NVGRE, 4, 0);
	struct rig *rig = *state;
	u16 i;

	far.tunnel.nw_dst[3] = 77;
	for (i = 1; i <= 3; i++)
		rig_add(rig, i, 1, RIG_LIST(near, RIG_OUT(2)));
	rig_add(rig, 4, 1, RIG_LIST(far, RIG_OUT(3)));
	assert_int_equal(tunnel_mtu(rig), 1450);
	assert_true(cvsw_tunnel_leaves_by(rig->sw, 2));
	assert_true(cvsw_tunnel_leaves_by(rig->sw, 3));
	assert_false(cvsw_tunnel_leaves_by(rig->sw, 1));
	set_mtu(rig, 3, 1400);
	assert_int_equal(tunnel_mtu(rig), 1358);
	set_mtu(rig, 2, 9000);
	set_mtu(rig, 3, 0);			/* unknown */
	assert_int_equal(tunnel_mtu(rig), 8950);
	set_mtu(rig, 3, 9000);
	assert_int_equal(tunnel_mtu(rig), 8950);
	for (i = 1; i <= 3; i++) {
		del_flow(rig, i, 1);
		assert_int_equal(tunnel_mtu(rig),
				 i < 3 ? 8950 : 8958);
	}
	assert_false(cvsw_tunnel_leaves_by(rig->sw, 2));
	/* a flow whose actions change */
	rig_add(rig, 4, 1, RIG_LIST(near, RIG_OUT(2)));
	assert_int_equal(tunnel_mtu(rig), 8950);
	rig_add(rig, 4, 1, RIG_LIST(RIG_OUT(2)));
	assert_int_equal(tunnel_mtu(rig), 0);
	/* nothing so small */
	rig_add(rig, 4, 1, RIG_LIST(near, RIG_OUT(2)));
	set_mtu(rig, 2, 60);
	assert_int_equal(tunnel_mtu(rig), 68);
}

/* the way and its MTU count where a push leaves them open */
static void test_tunnel_mtu_way(void **state)
{
	struct cvsw_action open = push(CVSW_TUNNEL_VXLAN, 4, 0);
	const struct cvsw_way way = { .port = 2, .mtu = 1492 };
	struct rig *rig = *state;

	memset(open.tunnel.dl_dst, 0, 6);
	rig_add(rig, 1, 1, RIG_LIST(open));
	assert_int_equal(tunnel_mtu(rig), 0);
	assert_int_equal(cvsw_path_set(rig->sw, 4, open.tunnel.nw_dst, &way), 0);
	assert_int_equal(tunnel_mtu(rig), 1442);
	assert_true(cvsw_tunnel_leaves_by(rig->sw, 2));
	set_mtu(rig, 2, 1400);
	assert_int_equal(tunnel_mtu(rig), 1350);
	assert_int_equal(cvsw_path_set(rig->sw, 4, open.tunnel.nw_dst, NULL), 0);
	assert_int_equal(tunnel_mtu(rig), 0);
}

/* whichever allocation fails, what is counted stays right */
static void test_tunnel_mtu_no_memory(void **state)
{
	struct cvsw_action vxlan = push(CVSW_TUNNEL_VXLAN, 4, 0);
	struct cvsw_action list[] = { vxlan, RIG_OUT(2) };
	struct cvsw_flow_mod mod = {
		.flow = { .priority = 5, .n_actions = 2, .actions = list },
	};
	struct rig *rig = *state;
	unsigned long nth = 0;
	int ret;

	do {
		cvsw_alloc_fail_at(++nth);
		ret = cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL);
		cvsw_alloc_fail_at(0);
		assert_int_equal(tunnel_mtu(rig),
				 ret ? 0 : 1450);
	} while (ret);
	assert_true(nth > 2);
	del_flow(rig, 5, 0);
	assert_int_equal(tunnel_mtu(rig), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_geneve_options, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_rewritten, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_silent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_popped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_super_frame, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clamp, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tunnel_mtu, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_tunnel_mtu_least, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_tunnel_mtu_way, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_tunnel_mtu_no_memory,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

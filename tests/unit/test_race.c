// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Workers and control calls at the same time.  Workers bring frames of several
 * kinds, each knowing what may become of them:
 *
 *  steady  their flows stay, but are modified all the time: each frame leaves
 *          by port 2 and is counted by its flow
 *  pair    two flows, joined by a resubmit, are exchanged in one transaction;
 *          each writes its generation into the frame, which must show the
 *          same one twice, not an older one than was published before the
 *          frame came, and never one that was rolled back
 *  meter   their flow is removed and added in one transaction; what is told of
 *          the removed ones adds up to all frames
 *  churn   flows for them come and go by the hundred
 *  guest   their port comes and goes
 *
 * At the end every frame has to be accounted for exactly once.  cmocka's
 * asserts are not for threads: those note the first thing that went wrong.
 */

#include "util.h"

#include <pthread.h>
#include <stdlib.h>
#include <cvsw/switch.h>
#include "os.h"

#define RACE_WORKERS	3
#define RACE_CONTROL	RACE_WORKERS	/* the control threads' worker */
#define RACE_HELD	32		/* frames of a batch */
#define RACE_STEADY	48		/* flows */
#define RACE_GENS	4096u		/* generations of the pair */
#define RACE_PORTS	5		/* that stay */
#define RACE_GUEST	20		/* the first of those that do not */
#define RACE_GUESTS	3
#define RACE_TICK	50000		/* ns; a frame's time */

#define COOKIE_STEADY	(1ull << 56)
#define COOKIE_PAIR	(2ull << 56)
#define COOKIE_CHURN	(3ull << 56)
#define COOKIE_METER	(4ull << 56)
#define COOKIE_KIND	(0xffull << 56)

#define PORT_MAGIC	0x706f7274

enum race_kind { STEADY, PAIR, METER, CHURN, GUEST, KINDS };

struct race_port {
	u32	magic;
	u16	no;
};

/*
 * struct race
 * @bad:       what went wrong first
 * @clock:     ns
 * @busy:      control threads at work
 * @committed: generation of the pair that is there for certain
 * @failed:    generations that were rolled back
 * @gone:      counters of the ports that were removed
 * @metered:   frames of the meter flows that were removed
 */
struct race {
	struct cvsw_switch	*sw;
	const char		*bad;
	u64			clock;
	u64			seed;
	u32			busy;
	u32			committed;
	bool			failed[RACE_GENS];
	struct cvsw_port_stats	gone;
	u64			metered;
};

struct race_held {
	struct race_port	*port;
	struct cvsw_pkt		*pkt;
};

/*
 * struct race_worker - one thread that brings frames
 * @in:      frames brought; of these and of packet-outs
 * @sent:    times a frame left
 * @refused: times one was not taken
 * @lost:    frames that left by no port
 * @outs:    of the frame at work: times it left, was refused or looked at
 * @gen:     of the last pair frame
 * @meter:   frames of that kind
 * @steady:  frames by flow
 * @seen:    generations
 */
struct race_worker {
	struct race		*race;
	struct cvsw_worker	*w;
	struct cvsw_pool	*pool;
	u64			seed;
	unsigned int		id;
	unsigned int		batch;
	unsigned int		n_held;
	struct race_held	held[RACE_HELD * 16];
	u64			in;
	u64			sent;
	u64			refused;
	u64			lost;
	unsigned int		outs;
	u32			gen;
	u64			meter;
	u64			steady[RACE_STEADY];
	bool			seen[RACE_GENS];
};

static void race_bad(struct race *race, const char *what)
{
	const char *none = NULL;

	__atomic_compare_exchange_n(&race->bad, &none, what, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static void race_want(struct race *race, bool holds, const char *what)
{
	if (!holds)
		race_bad(race, what);
}

static u64 race_now(struct race *race)
{
	return __atomic_add_fetch(&race->clock, RACE_TICK, __ATOMIC_RELAXED);
}

static bool race_is_busy(struct race *race)
{
	return __atomic_load_n(&race->busy, __ATOMIC_ACQUIRE);
}

/* Frames: UDP to 10.KIND.X.Y */

static struct cvsw_pkt *race_frame(struct race_worker *rw, u16 in_port,
				   enum race_kind kind, u32 which)
{
	struct test_frame frame = {
		.ver = 4, .proto = 17, .payload = 20 + which % 7,
		.nw_dst = { 10, (u8)kind, (u8)(which >> 8), (u8)which },
		.tp_dst = (u16)(80 + which % 2), .udp_zero = 1,
	};
	struct cvsw_pkt *pkt;
	u8 bytes[128];
	u32 len;

	frame.dl_src[0] = 2;
	frame.dl_src[5] = (u8)(1 + in_port + test_below(&rw->seed, 3));
	frame.dl_dst[0] = 2;
	frame.dl_dst[5] = (u8)(1 + test_below(&rw->seed, 8));
	len = test_build(&frame, bytes);
	pkt = cvsw_frame_new(rw->pool, in_port, len);
	if (pkt)
		memcpy(cvsw_frame_edit(pkt), bytes, len);
	return pkt;
}

#define FRAME_DST	30	/* offset of the IPv4 destination */

static u32 race_gen(const u8 *mac)
{
	return (u32)mac[2] << 24 | (u32)mac[3] << 16 | (u32)mac[4] << 8 |
	       mac[5];
}

static void race_check_pair(struct race_worker *rw, const u8 *bytes)
{
	u32 gen = race_gen(bytes + 6);

	race_want(rw->race, gen == race_gen(bytes), "half a bundle was seen");
	race_want(rw->race, gen < RACE_GENS, "pair: no generation");
	race_want(rw->race, gen >= rw->gen, "pair: a bundle was undone");
	rw->gen = gen;
	rw->seen[gen % RACE_GENS] = true;
}

/* Ops */

static bool race_port_is(const struct race_port *port)
{
	return READ_ONCE(port->magic) == PORT_MAGIC;
}

/* send or refuse, at once or later */
static void race_send(struct race_worker *rw, const struct race_port *port,
		      struct cvsw_pkt *pkt)
{
	race_want(rw->race, race_port_is(port), "a closed port was used");
	if (test_below(&rw->seed, 8)) {
		rw->sent++;
		cvsw_frame_free(pkt);
		return;
	}
	rw->refused++;
	cvsw_worker_drop(rw->w, pkt, port->no, CVSW_DROP_TX_FULL);
}

static void race_output(void *wctx, void *priv, struct cvsw_pkt *pkt)
{
	const u8 *bytes = cvsw_frame_data(pkt);
	struct race_worker *rw = wctx;
	struct race_port *port = priv;

	rw->outs++;
	race_want(rw->race, race_port_is(port), "a closed port was given");
	if (bytes[FRAME_DST + 1] == PAIR)
		race_check_pair(rw, bytes);
	if (bytes[FRAME_DST + 1] <= METER)
		race_want(rw->race, port->no == 2, "the wrong port");
	if (rw->batch)
		rw->held[rw->n_held++] = (struct race_held){
			port, cvsw_frame_keep(pkt) };
	else
		race_send(rw, port, pkt);
}

static int race_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			  const struct cvsw_packet_in *info)
{
	struct race_worker *rw = wctx;

	race_want(rw->race, info->total_len == cvsw_frame_len(pkt),
		  "packet-in: its length");
	if (!test_below(&rw->seed, 4))
		return -ENOTCONN;
	rw->outs++;
	return 0;
}

static void race_removed(struct race *race, const struct cvsw_flow *flow)
{
	if ((flow->cookie & COOKIE_KIND) == COOKIE_METER)
		race->metered += flow->packets;
	else
		race_want(race, (flow->cookie & COOKIE_KIND) == COOKIE_CHURN,
			  "event: not a flow of ours");
}

static void race_event(void *ctx, const struct cvsw_event *event)
{
	const struct cvsw_port_stats *from;
	struct race *race = ctx;

	if (event->kind == CVSW_EVENT_FLOW_REMOVED)
		race_removed(race, event->flow);
	if (event->kind != CVSW_EVENT_PORT_DEL)
		return;
	from = &event->port->stats;
	race->gone.rx_packets += from->rx_packets;
	race->gone.rx_dropped += from->rx_dropped;
	race->gone.tx_packets += from->tx_packets;
}

static void race_port_close(void *ctx, void *priv)
{
	struct race_port *port = priv;

	WRITE_ONCE(port->magic, 0);
	free(port);
}

static const struct cvsw_ops race_ops = {
	.output = race_output,
	.packet_in = race_packet_in,
	.event = race_event,
	.port_close = race_port_close,
};

/* Workers */

/* frames of this batch leave now */
static void race_flush(struct race_worker *rw)
{
	unsigned int i;

	for (i = 0; i < rw->n_held; i++)
		race_send(rw, rw->held[i].port, rw->held[i].pkt);
	rw->n_held = 0;
	cvsw_worker_flush(rw->w);
}

static void race_bring(struct race_worker *rw, enum race_kind kind)
{
	u32 which = test_below(&rw->seed, kind == STEADY ? RACE_STEADY : 512);
	u16 port = (u16)(1 + test_below(&rw->seed, RACE_PORTS));
	u32 gen = __atomic_load_n(&rw->race->committed, __ATOMIC_ACQUIRE);
	struct cvsw_pkt *pkt;

	if (kind <= METER)
		port = 1;
	if (kind == GUEST)
		port = (u16)(RACE_GUEST + test_below(&rw->seed, RACE_GUESTS));
	pkt = race_frame(rw, port, kind, which);
	if (!pkt)
		return;
	rw->outs = 0;
	rw->in++;
	cvsw_input(rw->w, pkt, race_now(rw->race));
	rw->lost += !rw->outs;
	if (kind <= METER)
		race_want(rw->race, rw->outs == 1, "a frame was lost");
	if (kind == STEADY)
		rw->steady[which]++;
	if (kind == PAIR)
		race_want(rw->race, rw->gen >= gen, "pair: an old bundle");
	rw->meter += kind == METER;
}

static void *race_worker_run(void *arg)
{
	static const u8 mix[] = { STEADY, PAIR, METER, CHURN, CHURN, GUEST };
	struct race_worker *rw = arg;
	unsigned int i;

	while (race_is_busy(rw->race)) {
		rw->batch = rw->id ? test_below(&rw->seed, RACE_HELD) : 0;
		if (rw->batch)
			cvsw_worker_begin(rw->w);
		for (i = 0; i < rw->batch + !rw->batch; i++)
			race_bring(rw, mix[test_below(&rw->seed, sizeof(mix))]);
		if (rw->batch)
			race_flush(rw);
	}
	return NULL;
}

/* Flows */

static struct cvsw_action race_mac(u16 type, u32 gen)
{
	return (struct cvsw_action){ .type = type, .mac = {
		2, 0, (u8)(gen >> 24), (u8)(gen >> 16), (u8)(gen >> 8),
		(u8)gen } };
}

static struct cvsw_action race_out(u16 type, u16 port)
{
	return (struct cvsw_action){ .type = type, .output = { .port = port } };
}

/* a flow for UDP to 10.@kind.@which/@bits */
static struct cvsw_flow race_flow(enum race_kind kind, u32 which,
				  unsigned int bits,
				  const struct cvsw_action *actions, u16 n)
{
	struct cvsw_flow flow = { .n_actions = n, .actions = actions };
	struct cvsw_match *m = &flow.match;
	unsigned int i;

	m->value.dl_type = cpu_to_be16(0x0800);
	m->mask.dl_type = cpu_to_be16(0xffff);
	m->value.nw_dst[0] = 10;
	m->value.nw_dst[1] = (u8)kind;
	m->value.nw_dst[2] = (u8)(which >> 8);
	m->value.nw_dst[3] = (u8)which;
	for (i = 0; i < bits; i++)
		m->mask.nw_dst[i / 8] |= (u8)(0x80 >> i % 8);
	return flow;
}

static void race_match_port(struct cvsw_flow *flow, u16 port)
{
	flow->match.value.in_port = port;
	flow->match.mask.in_port = 0xffff;
}

/* Control: flows that stay, and the pair */

#define FLIP_VIA	900	/* ports of the resubmits */
#define FLIP_PRIORITY	65534

/*
 * struct race_flip - the thread that makes bundles
 * @via:  the pair's resubmit
 * @acts: actions of the pair at work
 * @top:  another pair covers the pair
 * @look: actions of the steady flows
 * @gens: where to stop
 */
struct race_flip {
	struct race		*race;
	u64			seed;
	u32			gens;
	u16			via;
	struct cvsw_action	acts[4];
	bool			top;
	struct cvsw_action	look[2];
	u16			n_look;
};

static struct cvsw_flow_mod flip_mod(u16 cmd, struct cvsw_flow flow)
{
	return (struct cvsw_flow_mod){
		.cmd = cmd, .out_port = CVSW_PORT_NONE, .flow = flow,
	};
}

/* the two flows of generation @gen */
static void flip_pair(struct race_flip *flip, u32 gen, struct cvsw_flow *pair)
{
	struct cvsw_action *acts = flip->acts;
	unsigned int i;

	acts[0] = race_mac(CVSW_ACT_SET_DL_SRC, gen);
	acts[1] = race_out(CVSW_ACT_RESUBMIT, flip->via);
	acts[2] = race_mac(CVSW_ACT_SET_DL_DST, gen);
	acts[3] = race_out(CVSW_ACT_OUTPUT, 2);
	for (i = 0; i < 2; i++) {
		pair[i] = race_flow(PAIR, 0, 16, acts + 2 * i, 2);
		pair[i].priority = FLIP_PRIORITY;
		pair[i].cookie = COOKIE_PAIR;
	}
	race_match_port(&pair[0], 1);
	race_match_port(&pair[1], flip->via);
}

static int flip_do(struct race_flip *flip, const struct cvsw_flow_mod *mods,
		   unsigned int n)
{
	return cvsw_flow_mods(flip->race->sw, mods, n, race_now(flip->race),
			      NULL);
}

/* the flows change places, keeping or not what is known of them */
static int flip_set(struct race_flip *flip, u16 cmd, u32 gen)
{
	struct cvsw_flow_mod mods[2];
	struct cvsw_flow pair[2];

	flip_pair(flip, gen, pair);
	mods[0] = flip_mod(cmd, pair[1]);
	mods[1] = flip_mod(cmd, pair[0]);
	return flip_do(flip, mods, 2);
}

/* other flows, joined by another port */
static int flip_move(struct race_flip *flip, u32 gen)
{
	struct cvsw_flow_mod mods[3];
	struct cvsw_flow pair[2];
	u16 via = flip->via;
	int ret;

	flip->via = FLIP_VIA + (via == FLIP_VIA);
	flip_pair(flip, gen, pair);
	mods[0] = flip_mod(CVSW_FLOW_DEL, race_flow(PAIR, 0, 16, NULL, 0));
	mods[1] = flip_mod(CVSW_FLOW_ADD, pair[0]);
	mods[2] = flip_mod(CVSW_FLOW_ADD, pair[1]);
	ret = flip_do(flip, mods, 3);
	if (ret)
		flip->via = via;
	return ret;
}

/* new flows above the pair, or what is below them comes to light again */
static int flip_cover(struct race_flip *flip, u32 gen)
{
	struct cvsw_flow_mod mods[4];
	struct cvsw_flow pair[2];
	unsigned int i, n = 0;
	int ret;

	flip_pair(flip, gen, pair);
	for (i = 0; flip->top && i < 2; i++)
		mods[n++] = flip_mod(CVSW_FLOW_MOD_STRICT, pair[i]);
	for (i = 0; i < 2; i++) {
		pair[i].priority++;
		mods[n++] = flip_mod(flip->top ? CVSW_FLOW_DEL_STRICT :
				     CVSW_FLOW_ADD, pair[i]);
	}
	ret = flip_do(flip, mods, n);
	if (!ret)
		flip->top = !flip->top;
	return ret;
}

/* all is done but for the last flow-mod, which cannot be */
static int flip_fail(struct race_flip *flip, u32 gen)
{
	struct cvsw_flow_mod mods[4];
	struct cvsw_flow pair[2];
	int ret;

	flip_pair(flip, gen, pair);
	mods[0] = flip_mod(CVSW_FLOW_MOD_STRICT, pair[1]);
	mods[1] = flip_mod(CVSW_FLOW_DEL_STRICT, pair[0]);
	mods[2] = flip_mod(CVSW_FLOW_ADD, pair[0]);
	mods[3] = flip_mod(CVSW_FLOW_ADD, race_flow(PAIR, 7, 32, NULL, 0));
	mods[3].flow.priority = FLIP_PRIORITY;
	mods[3].flow.flags = CVSW_FLOW_F_CHECK_OVERLAP;
	ret = flip_do(flip, mods, 4);
	race_want(flip->race, ret, "a bundle did not fail");
	return ret;
}

static void flip_steady(const struct race_flip *flip, struct cvsw_flow *flows)
{
	unsigned int i;

	for (i = 0; i < RACE_STEADY; i++) {
		flows[i] = race_flow(STEADY, i, 32, flip->look, flip->n_look);
		flows[i].priority = 60000;
		flows[i].cookie = COOKIE_STEADY | i;
		if (i % 4 == 1)
			race_match_port(&flows[i], 1);
		if (i % 4 == 2) {
			flows[i].match.value.nw_proto = 17;
			flows[i].match.mask.nw_proto = 0xff;
		}
	}
}

static struct cvsw_flow flip_meter(void)
{
	static const struct cvsw_action out = {
		.type = CVSW_ACT_OUTPUT, .output = { .port = 2 },
	};
	struct cvsw_flow flow = race_flow(METER, 0, 16, &out, 1);

	flow.priority = 65000;
	flow.cookie = COOKIE_METER;
	flow.flags = CVSW_FLOW_F_SEND_REM;
	return flow;
}

/* the whole table: what stays, the pair and the meter */
static int flip_replace(struct race_flip *flip, u32 gen)
{
	struct cvsw_flow flows[RACE_STEADY + 3];

	flip_steady(flip, flows);
	flip_pair(flip, gen, flows + RACE_STEADY);
	flows[RACE_STEADY + 2] = flip_meter();
	return cvsw_flow_replace(flip->race->sw, flows, RACE_STEADY + 3,
				 race_now(flip->race), NULL);
}

/* a new meter */
static void flip_remeter(struct race_flip *flip)
{
	struct cvsw_flow_mod mods[2];
	int ret;

	mods[0] = flip_mod(CVSW_FLOW_DEL_STRICT, flip_meter());
	mods[1] = flip_mod(CVSW_FLOW_ADD, flip_meter());
	ret = flip_do(flip, mods, 2);
	race_want(flip->race, !ret || ret == -ENOMEM || ret == -ENOSPC,
		  "meter: an unexpected error");
}

/* other actions for the flows that stay, which do the same */
static void flip_look(struct race_flip *flip)
{
	struct cvsw_flow_mod mod;
	int ret;

	flip->n_look = (u16)(3 - flip->n_look);
	flip->look[0] = race_mac(CVSW_ACT_SET_DL_DST, 1);
	flip->look[flip->n_look - 1] = race_out(CVSW_ACT_OUTPUT, 2);
	mod = flip_mod(CVSW_FLOW_MOD, race_flow(STEADY, 0, 16, flip->look,
						flip->n_look));
	mod.flow.cookie = CVSW_COOKIE_KEEP;
	ret = flip_do(flip, &mod, 1);
	race_want(flip->race, !ret || ret == -ENOMEM, "steady: mod failed");
	if (!ret)
		return;
	flip->n_look = (u16)(3 - flip->n_look);
	flip->look[0] = race_mac(CVSW_ACT_SET_DL_DST, 1);
	flip->look[flip->n_look - 1] = race_out(CVSW_ACT_OUTPUT, 2);
}

static int flip_one(struct race_flip *flip, u32 gen)
{
	if (flip->top)
		return flip_cover(flip, gen);
	switch (test_below(&flip->seed, 7)) {
	case 0:
		return flip_move(flip, gen);
	case 1:
		return flip_set(flip, CVSW_FLOW_ADD, gen);
	case 2:
		return flip_fail(flip, gen);
	case 3:
		return test_below(&flip->seed, 4) ?
		       flip_set(flip, CVSW_FLOW_MOD_STRICT, gen) :
		       flip_replace(flip, gen);
	case 4:
	case 5:
		return flip_cover(flip, gen);
	default:
		return flip_set(flip, CVSW_FLOW_MOD_STRICT, gen);
	}
}

static void *race_flip_run(void *arg)
{
	struct race_flip *flip = arg;
	struct race *race = flip->race;
	u32 gen;
	int ret;

	for (gen = 2; gen < flip->gens; gen++) {
		ret = flip_one(flip, gen);
		if (ret)
			race->failed[gen] = true;
		else
			__atomic_store_n(&race->committed, gen,
					 __ATOMIC_RELEASE);
		race_want(race, !ret || ret == -ENOMEM || ret == -EEXIST ||
			  ret == -ENOSPC, "pair: an unexpected error");
		if (gen % 16 == 0)
			flip_look(flip);
		if (gen % 16 == 8)
			flip_remeter(flip);
	}
	__atomic_sub_fetch(&race->busy, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* Control: flows that come and go, time, memory */

struct race_aide {
	struct race		*race;
	struct race_worker	*rw;
	u64			seed;
	unsigned int		rounds;
};

static struct cvsw_flow churn_flow(u64 *seed, struct cvsw_action *act)
{
	static const u16 outs[] = { 1, 2, 3, 4, 5, CVSW_PORT_FLOOD,
		CVSW_PORT_ALL, CVSW_PORT_NORMAL, CVSW_PORT_CONTROLLER,
		CVSW_PORT_IN_PORT };
	unsigned int bits = 16 + test_below(seed, 17);
	struct cvsw_flow flow;

	*act = race_out(CVSW_ACT_OUTPUT, outs[test_below(seed, 10)]);
	flow = race_flow(test_below(seed, 4) ? CHURN :
			 (enum race_kind)test_below(seed, KINDS),
			 test_below(seed, 512), bits, act,
			 test_below(seed, 8) > 0);
	flow.priority = (u16)test_below(seed, 8);
	flow.cookie = COOKIE_CHURN | test_rand(seed);
	flow.flags = (u16)test_below(seed, 4);
	if (!test_below(seed, 4))
		flow.idle_timeout = 1;
	if (!test_below(seed, 8))
		flow.hard_timeout = (u16)(1 + test_below(seed, 2));
	if (!test_below(seed, 3))
		race_match_port(&flow, (u16)(1 + test_below(seed, RACE_PORTS)));
	if (!test_below(seed, 3)) {
		flow.match.value.nw_proto = 17;
		flow.match.mask.nw_proto = 0xff;
		flow.match.value.tp_dst = cpu_to_be16(80);
		flow.match.mask.tp_dst = cpu_to_be16((u16)test_rand(seed));
	}
	return flow;
}

static void churn_mods(struct race_aide *aide)
{
	unsigned int i, n = 1 + test_below(&aide->seed, 32);
	struct cvsw_flow_mod mods[32];
	struct cvsw_action acts[32];
	int ret;

	for (i = 0; i < n; i++) {
		mods[i] = flip_mod((u16)test_below(&aide->seed, 6),
				   churn_flow(&aide->seed, &acts[i]));
		if (mods[i].cmd == CVSW_FLOW_DEL && test_below(&aide->seed, 4))
			mods[i].cmd = CVSW_FLOW_ADD;
		if (mods[i].cmd == CVSW_FLOW_ADD)
			continue;
		mods[i].cookie_mask = COOKIE_KIND;
		if (mods[i].cmd == CVSW_FLOW_DEL_STRICT)
			mods[i].out_port = 3;
	}
	ret = cvsw_flow_mods(aide->race->sw, mods, n, race_now(aide->race),
			     NULL);
	race_want(aide->race, !ret || ret == -EEXIST || ret == -ENOSPC ||
		  ret == -ENOMEM, "churn: an unexpected error");
}

/* a flood of flows of many masks, to make the classifier grow, and away */
static void churn_wave(struct race_aide *aide)
{
	enum { WAVE = 600 };
	struct cvsw_flow_mod *mods = calloc(WAVE, sizeof(*mods)), all;
	struct cvsw_action *acts = calloc(WAVE, sizeof(*acts));
	unsigned int i;

	for (i = 0; i < WAVE; i++) {
		mods[i] = flip_mod(CVSW_FLOW_ADD,
				   churn_flow(&aide->seed, &acts[i]));
		mods[i].flow.flags = 0;
	}
	cvsw_flow_mods(aide->race->sw, mods, WAVE, race_now(aide->race), NULL);
	all = flip_mod(CVSW_FLOW_DEL, (struct cvsw_flow){
		.cookie = COOKIE_CHURN });
	all.cookie_mask = COOKIE_KIND;
	if (test_below(&aide->seed, 2))
		race_want(aide->race,
			  !cvsw_flow_mods(aide->race->sw, &all, 1,
					  race_now(aide->race), NULL),
			  "churn: a removal failed");
	free(mods);
	free(acts);
}

static void race_aide_end(struct race_aide *aide)
{
	__atomic_sub_fetch(&aide->race->busy, 1, __ATOMIC_RELEASE);
}

static void *race_churn_run(void *arg)
{
	struct race_aide *aide = arg;
	unsigned int i;

	for (i = 0; i < aide->rounds; i++) {
		churn_mods(aide);
		if (i % 16 == 0)
			churn_wave(aide);
		if (i % 8 == 0)
			cvsw_switch_expire(aide->race->sw,
					   race_now(aide->race));
		if (i % 4 == 0)
			cvsw_alloc_fail_at(1 + test_below(&aide->seed, 200));
	}
	cvsw_alloc_fail_at(0);
	race_aide_end(aide);
	return NULL;
}

/* Control: ports and settings */

static int race_port_add(struct race *race, u16 no)
{
	struct race_port *port = malloc(sizeof(*port));
	struct cvsw_port_info info = { .no = no, .mac = { 2, 0, 0, 0, 9 } };
	int ret;

	*port = (struct race_port){ PORT_MAGIC, no };
	info.mac[5] = (u8)no;
	snprintf(info.name, sizeof(info.name), "p%u", no);
	ret = cvsw_port_add(race->sw, &info, port, NULL);
	if (ret)
		free(port);
	return ret;
}

static void ports_guest(struct race_aide *aide)
{
	u16 no = (u16)(RACE_GUEST + test_below(&aide->seed, RACE_GUESTS));
	int ret = race_port_add(aide->race, no);

	if (ret == -EEXIST)
		ret = cvsw_port_del(aide->race->sw, no, NULL);
	race_want(aide->race, !ret || ret == -ENOMEM, "guest port");
}

/* ports 3 to 5 and guests are changed; what is needed of 1 and 2 stays */
static void ports_set(struct race_aide *aide)
{
	static const u8 bits[] = { CVSW_PORT_C_DOWN, CVSW_PORT_C_NO_RECV,
		CVSW_PORT_C_NO_FLOOD, CVSW_PORT_C_NO_FWD,
		CVSW_PORT_C_NO_PACKET_IN };
	struct cvsw_port_info info;
	u16 no = (u16)(3 + test_below(&aide->seed, RACE_PORTS - 2));
	int ret;

	if (cvsw_port_get(aide->race->sw, no, &info)) {
		race_bad(aide->race, "a port is missing");
		return;
	}
	info.config ^= bits[test_below(&aide->seed, sizeof(bits))];
	info.antispoof.checks = CVSW_ANTISPOOF_MAC | CVSW_ANTISPOOF_IPV4;
	info.antispoof.mac[0] = 2;
	info.antispoof.mac[5] = (u8)(1 + no);
	info.antispoof.n_ipv4 = 1;
	info.antispoof.ipv4[0][0] = 10;
	info.antispoof.ipv4[0][3] = (u8)test_below(&aide->seed, 2);
	info.mtu = 40 + test_below(&aide->seed, 40);
	ret = cvsw_port_set(aide->race->sw, &info,
			    CVSW_PORT_SET_CONFIG | CVSW_PORT_SET_ANTISPOOF |
			    CVSW_PORT_SET_STATE, NULL);
	race_want(aide->race, !ret || ret == -ENOMEM, "port: set failed");
}

static void ports_config(struct race_aide *aide)
{
	struct cvsw_config config;
	int ret;

	cvsw_switch_config(aide->race->sw, &config);
	config.miss = (u8)test_below(&aide->seed, 3);
	config.frag_mode = (u8)test_below(&aide->seed, 2);
	config.max_flows = test_below(&aide->seed, 8) ? 1000 : 1;
	config.packet_in_rate[0] = test_below(&aide->seed, 3) * 1000;
	config.mac_ageing = (u16)test_below(&aide->seed, 3);
	ret = cvsw_switch_configure(aide->race->sw, &config, NULL);
	race_want(aide->race, !ret || ret == -ENOMEM, "configure failed");
}

static void *race_ports_run(void *arg)
{
	struct race_aide *aide = arg;
	unsigned int i;

	for (i = 0; i < aide->rounds; i++) {
		ports_guest(aide);
		ports_set(aide);
		ports_config(aide);
	}
	race_aide_end(aide);
	return NULL;
}

/* Control: looking, and frames of a controller */

struct look_walk {
	struct race	*race;
	u64		packets[RACE_STEADY];
	unsigned int	seen[RACE_STEADY];
	unsigned int	part;		/* flows until the next break */
};

static int look_flow(void *arg, const struct cvsw_flow *flow)
{
	struct look_walk *walk = arg;
	u64 i = flow->cookie & 0xff;

	if (!walk->part--)
		return 1;
	if ((flow->cookie & COOKIE_KIND) != COOKIE_STEADY)
		return 0;
	race_want(walk->race, i < RACE_STEADY, "dump: a cookie");
	race_want(walk->race, flow->packets >= walk->packets[i],
		  "dump: a counter went back");
	race_want(walk->race, flow->n_actions && flow->n_actions <= 2,
		  "dump: actions");
	walk->packets[i] = flow->packets;
	walk->seen[i]++;
	return 0;
}

static void look_dump(struct race_aide *aide, struct look_walk *walk)
{
	struct cvsw_flow_dump *dump;
	unsigned int i;

	if (cvsw_flow_dump_start(aide->race->sw, &dump, NULL))
		return;
	memset(walk->seen, 0, sizeof(walk->seen));
	do {
		walk->part = 1 + test_below(&aide->seed, 40);
	} while (cvsw_flow_dump_next(dump, race_now(aide->race), look_flow,
				     walk));
	cvsw_flow_dump_stop(dump);
	for (i = 0; i < RACE_STEADY; i++)
		race_want(aide->race, walk->seen[i] == 1,
			  "dump: a flow was not seen once");
}

static void look_step(void *arg, const struct cvsw_trace_step *step)
{
	u16 *port = arg;

	if (step->what == CVSW_TRACE_OUTPUT)
		*port = step->port;
}

static void look_trace(struct race_aide *aide)
{
	u32 which = test_below(&aide->seed, RACE_STEADY);
	struct cvsw_pkt *pkt = race_frame(aide->rw, 1, STEADY, which);
	u16 port = 0;

	if (!pkt)
		return;
	cvsw_trace(aide->rw->w, pkt, race_now(aide->race), look_step, &port);
	race_want(aide->race, port == 2 || !port, "trace: the wrong port");
}

static void look_packet_out(struct race_aide *aide)
{
	u32 which = test_below(&aide->seed, RACE_STEADY);
	struct cvsw_pkt *pkt = race_frame(aide->rw, 1, STEADY, which);
	struct cvsw_action act = race_out(CVSW_ACT_OUTPUT, CVSW_PORT_TABLE);
	int ret;

	if (!pkt)
		return;
	aide->rw->outs = 0;
	ret = cvsw_packet_out(aide->rw->w, pkt, &act, 1, race_now(aide->race),
			      NULL);
	race_want(aide->race, !ret || ret == -ENOMEM, "packet-out failed");
	race_want(aide->race, aide->rw->outs == !ret, "packet-out lost");
	aide->rw->steady[which] += !ret;
}

static void look_numbers(struct race_aide *aide)
{
	struct cvsw_table_stats stats;
	struct cvsw_port_info info;
	u64 drops[CVSW_DROP_COUNT];
	u16 no = 0, ports = 0;

	cvsw_switch_stats(aide->race->sw, &stats);
	race_want(aide->race, stats.flows <= 1000 + RACE_STEADY + 3,
		  "stats: flows");
	cvsw_switch_drops(aide->race->sw, drops);
	race_want(aide->race, !drops[CVSW_DROP_NONE], "drops: none");
	while ((no = cvsw_port_next(aide->race->sw, no)) != CVSW_PORT_NONE)
		ports += !cvsw_port_get(aide->race->sw, no, &info);
	race_want(aide->race, ports >= RACE_PORTS, "ports are missing");
}

static void *race_look_run(void *arg)
{
	struct race_aide *aide = arg;
	struct look_walk walk = { .race = aide->race };
	unsigned int i;

	for (i = 0; i < aide->rounds; i++) {
		look_dump(aide, &walk);
		look_trace(aide);
		look_packet_out(aide);
		look_numbers(aide);
	}
	race_aide_end(aide);
	return NULL;
}

/* Judgement */

static int race_count_flow(void *arg, const struct cvsw_flow *flow)
{
	struct cvsw_flow *found = arg;
	u64 i = flow->cookie & 0xff;

	if ((flow->cookie & COOKIE_KIND) == COOKIE_STEADY)
		found[i] = *flow;
	if ((flow->cookie & COOKIE_KIND) == COOKIE_METER)
		found[RACE_STEADY] = *flow;
	return 0;
}

/* flows that stayed have counted all of their frames */
static void race_judge_flows(struct race *race, const struct race_worker *rw)
{
	struct cvsw_flow found[RACE_STEADY + 1] = {};
	struct cvsw_flow_dump *dump;
	u64 frames, len;
	unsigned int i, j;

	assert_int_equal(cvsw_flow_dump_start(race->sw, &dump, NULL), 0);
	cvsw_flow_dump_next(dump, race->clock, race_count_flow, found);
	cvsw_flow_dump_stop(dump);
	for (i = 0; i < RACE_STEADY; i++) {
		frames = 0;
		for (j = 0; j <= RACE_CONTROL; j++)
			frames += rw[j].steady[i];
		len = 14 + 20 + 8 + 20 + i % 7;
		assert_int_equal(found[i].packets, frames);
		assert_int_equal(found[i].bytes, frames * len);
	}
	frames = 0;
	for (j = 0; j <= RACE_CONTROL; j++)
		frames += rw[j].meter;
	assert_int_equal(race->metered + found[RACE_STEADY].packets, frames);
}

static void race_judge_pair(const struct race *race,
			    const struct race_worker *rw)
{
	unsigned int i, j, seen = 0;

	for (i = 0; i < RACE_GENS; i++)
		for (j = 0; j < RACE_WORKERS; j++) {
			assert_false(rw[j].seen[i] && race->failed[i]);
			seen += rw[j].seen[i];
		}
	assert_true(seen > 0);
}

static void race_judge_ports(struct race *race, const struct race_worker *rw)
{
	struct cvsw_port_stats sum = race->gone;
	struct cvsw_port_info info;
	u64 drops[CVSW_DROP_COUNT], dropped = 0, in = 0, sent = 0, lost = 0;
	unsigned int i;
	u16 no = 0;

	while ((no = cvsw_port_next(race->sw, no)) != CVSW_PORT_NONE) {
		assert_int_equal(cvsw_port_get(race->sw, no, &info), 0);
		sum.rx_packets += info.stats.rx_packets;
		sum.rx_dropped += info.stats.rx_dropped;
		sum.tx_packets += info.stats.tx_packets;
	}
	for (i = 0; i <= RACE_CONTROL; i++) {
		in += rw[i].in;
		sent += rw[i].sent;
		lost += rw[i].lost + rw[i].refused;
	}
	cvsw_switch_drops(race->sw, drops);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		dropped += drops[i];
	print_message("# %llu frames, %llu sent, %llu dropped\n", in, sent,
		      dropped);
	assert_int_equal(sum.rx_packets + sum.rx_dropped +
			 drops[CVSW_DROP_NO_PORT], in);
	assert_int_equal(sum.tx_packets, sent);
	assert_int_equal(dropped, lost);
}

static void race_worker_init(struct race_worker *rw, struct race *race,
			     unsigned int id)
{
	rw->race = race;
	rw->id = id;
	rw->seed = race->seed + id;
	rw->pool = cvsw_pool_new();
	rw->w = cvsw_worker_get(race->sw, id, rw);
	assert_non_null(rw->pool);
	assert_non_null(rw->w);
}

static void race_open(struct race *race)
{
	struct cvsw_config config;
	u16 i;

	cvsw_config_default(&config);
	config.workers = RACE_WORKERS + 1;
	config.max_flows = 1000;
	race->clock = 1000000000;
	race->seed = test_seed();
	config.seed = race->seed;
	assert_int_equal(cvsw_switch_new(&race->sw, &config, &race_ops, race,
					 NULL), 0);
	for (i = 1; i <= RACE_PORTS; i++)
		assert_int_equal(race_port_add(race, i), 0);
}

/* @n per cent of as many rounds as CVSW_RACE of the environment says */
static unsigned int race_rounds(unsigned int n)
{
	const char *env = getenv("CVSW_RACE");

	return n * (env ? (unsigned int)strtoul(env, NULL, 10) : 100) / 100;
}

static void test_race(void **state)
{
	struct race *race = calloc(1, sizeof(*race));
	struct race_worker *rw = calloc(RACE_WORKERS + 1, sizeof(*rw));
	struct race_flip flip = { .race = race, .via = FLIP_VIA, .n_look = 1 };
	struct race_aide aide[3] = {};
	pthread_t thread[RACE_WORKERS + 4];
	unsigned int i;

	race_open(race);
	for (i = 0; i <= RACE_CONTROL; i++)
		race_worker_init(&rw[i], race, i);
	flip.seed = race->seed + 100;
	flip.gens = min(race_rounds(1500), RACE_GENS);
	flip.look[0] = race_out(CVSW_ACT_OUTPUT, 2);
	assert_int_equal(flip_replace(&flip, 1), 0);
	race->committed = 1;
	for (i = 0; i < 3; i++)
		aide[i] = (struct race_aide){ race, &rw[RACE_CONTROL],
			race->seed + 200 + i, race_rounds(i == 1 ? 25 : 100) };
	race->busy = 4;
	for (i = 0; i < RACE_WORKERS; i++)
		pthread_create(&thread[i], NULL, race_worker_run, &rw[i]);
	pthread_create(&thread[i++], NULL, race_flip_run, &flip);
	pthread_create(&thread[i++], NULL, race_churn_run, &aide[0]);
	pthread_create(&thread[i++], NULL, race_ports_run, &aide[1]);
	pthread_create(&thread[i++], NULL, race_look_run, &aide[2]);
	while (i)
		pthread_join(thread[--i], NULL);
	if (race->bad)
		fail_msg("%s", race->bad);
	race_judge_flows(race, rw);
	race_judge_pair(race, rw);
	race_judge_ports(race, rw);
	for (i = 0; i <= RACE_CONTROL; i++)
		cvsw_pool_free(rw[i].pool);
	cvsw_switch_free(race->sw);
	free(rw);
	free(race);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_race),
	};

	return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Paths: they live as long as flows push to them, the glue is told once, and
 * only ICMP errors about packets of ours lower their MTU.
 */

#include "path_util.h"

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

/* References */

static struct cvsw_flow_mod mod_of(u16 cmd, u16 priority,
				   const struct cvsw_action *actions, u16 n)
{
	return (struct cvsw_flow_mod){
		.cmd = cmd, .out_port = CVSW_PORT_NONE,
		.flow = { .priority = priority, .actions = actions,
			  .n_actions = n },
	};
}

static int mod_do(struct rig *rig, u16 cmd, u16 priority,
		  const struct cvsw_action *actions, u16 n)
{
	struct cvsw_flow_mod mod = mod_of(cmd, priority, actions, n);

	return cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL);
}

static void flows_are(struct rig *rig, u8 last, unsigned int n)
{
	assert_int_equal(path_info(rig, 4, last).flows, n);
}

static void test_add_and_delete(void **state)
{
	struct cvsw_action push = path_push(4, 2, PATH_OPEN_ALL);
	struct rig *rig = *state;

	mod_do(rig, CVSW_FLOW_ADD, 1, &push, 1);
	rig_paths_are(rig, "+2");
	mod_do(rig, CVSW_FLOW_ADD, 2, &push, 1);
	rig_paths_are(rig, "");
	flows_are(rig, 2, 2);
	assert_int_equal(path_info(rig, 4, 2).state, CVSW_PATH_ASKED);
	mod_do(rig, CVSW_FLOW_DEL_STRICT, 1, NULL, 0);
	path_expire(rig);
	rig_paths_are(rig, "");
	flows_are(rig, 2, 1);
	mod_do(rig, CVSW_FLOW_DEL, 0, NULL, 0);
	path_expire(rig);
	rig_paths_are(rig, "-2");
	assert_int_equal(path_count(rig), 0);
	mod_do(rig, CVSW_FLOW_ADD, 1, &push, 1);
	rig_paths_are(rig, "+2");
}

/* what is left out of a push says whether somebody has to look for the way */
static void test_asked(void **state)
{
	struct cvsw_action list[2] = { path_push(4, 0, 0), RIG_OUT(2) };
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	unsigned int open;
	char told[8];

	for (open = 0; open <= PATH_OPEN_ALL; open++) {
		list[0] = path_push(4, (u8)open, open);
		mod_do(rig, CVSW_FLOW_ADD, (u16)(open + 1), list, 2);
		sprintf(told, open ? "+%u" : "", open);
		rig_paths_are(rig, told);
		assert_int_equal(path_info(rig, 4, (u8)open).state,
				 open ? CVSW_PATH_ASKED : CVSW_PATH_FIXED);
		assert_int_equal(path_set(rig, 4, (u8)open, &way),
				 open ? 0 : -ENOENT);
		assert_int_equal(path_info(rig, 4, (u8)open).state,
				 open ? CVSW_PATH_KNOWN : CVSW_PATH_FIXED);
	}
	assert_int_equal(path_set(rig, 4, 99, &way), -ENOENT);
	assert_int_equal(path_set(rig, 6, 1, &way), -ENOENT);
	/* where to output to may be all that is left out */
	list[0] = path_push(4, 50, 0);
	list[1].output.port = CVSW_PORT_ROUTE;
	mod_do(rig, CVSW_FLOW_ADD, 50, list, 2);
	rig_paths_are(rig, "+50");
	/* an open push beside one that says all, and gone again */
	list[0] = path_push(4, 0, PATH_OPEN_DL_DST);
	mod_do(rig, CVSW_FLOW_ADD, 51, list, 1);
	rig_paths_are(rig, "+0");
	assert_int_equal(path_set(rig, 4, 0, &way), 0);
	mod_do(rig, CVSW_FLOW_DEL_STRICT, 51, NULL, 0);
	path_expire(rig);
	rig_paths_are(rig, "-0");
	assert_int_equal(path_info(rig, 4, 0).state, CVSW_PATH_FIXED);
	assert_int_equal(path_info(rig, 4, 0).way.port, 0);
}

static void test_replaced_and_modified(void **state)
{
	struct cvsw_action a = path_push(4, 2, PATH_OPEN_ALL);
	struct cvsw_action b = path_push(4, 3, PATH_OPEN_ALL);
	struct cvsw_action c = path_push(6, 4, PATH_OPEN_ALL);
	struct rig *rig = *state;

	mod_do(rig, CVSW_FLOW_ADD, 1, &a, 1);
	mod_do(rig, CVSW_FLOW_ADD, 1, &b, 1);
	path_expire(rig);
	rig_paths_are(rig, "+2 +3 -2");
	mod_do(rig, CVSW_FLOW_MOD, 0, &c, 1);
	path_expire(rig);
	rig_paths_are(rig, "+4 -3");
	mod_do(rig, CVSW_FLOW_MOD, 0, &c, 1);
	path_expire(rig);
	rig_paths_are(rig, "");
	assert_int_equal(path_info(rig, 6, 4).flows, 1);
	assert_int_equal(path_count(rig), 1);
}

/* a bundle: what comes and goes inside it, all at once, and equal flows */
static void test_bundles(void **state)
{
	struct cvsw_action a = path_push(4, 2, PATH_OPEN_ALL);
	struct cvsw_action b = path_push(4, 3, PATH_OPEN_ALL);
	struct cvsw_flow_mod mods[3] = {
		mod_of(CVSW_FLOW_ADD, 1, &a, 1),
		mod_of(CVSW_FLOW_DEL, 0, NULL, 0),
		mod_of(CVSW_FLOW_ADD, 2, &b, 1),
	};
	struct cvsw_flow flows[2] = { mods[2].flow, mods[0].flow };
	struct rig *rig = *state;

	assert_int_equal(cvsw_flow_mods(rig->sw, mods, 3, rig->now, NULL), 0);
	path_expire(rig);
	assert_int_equal(path_info(rig, 4, 2).flows, 0);
	assert_int_equal(path_info(rig, 4, 3).flows, 1);
	rig->paths[0] = 0;
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, 1, rig->now, NULL),
			 0);
	path_expire(rig);
	rig_paths_are(rig, "");
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, 2, rig->now, NULL),
			 0);
	path_expire(rig);
	rig_paths_are(rig, "+2");
	assert_int_equal(cvsw_flow_replace(rig->sw, flows + 1, 1, rig->now,
					   NULL), 0);
	path_expire(rig);
	rig_paths_are(rig, "-3");
}

/* what is undone was never there: nobody is asked */
static void test_rollback(void **state)
{
	struct cvsw_action a = path_push(4, 2, PATH_OPEN_ALL);
	struct cvsw_action b = path_push(4, 3, PATH_OPEN_ALL);
	struct cvsw_flow_mod mods[] = {
		mod_of(CVSW_FLOW_DEL, 0, NULL, 0),
		mod_of(CVSW_FLOW_ADD, 1, &a, 1),
		mod_of(CVSW_FLOW_ADD, 2, &b, 1),
		mod_of(CVSW_FLOW_MOD, 0, &b, 1),
		mod_of(CVSW_FLOW_ADD, 2, &a, 1),
	};
	struct rig *rig = *state;

	mods[4].flow.flags = CVSW_FLOW_F_CHECK_OVERLAP;
	mods[4].flow.match.mask.in_port = 0xffff;
	mod_do(rig, CVSW_FLOW_ADD, 9, &b, 1);
	rig_paths_are(rig, "+3");
	assert_int_equal(cvsw_flow_mods(rig->sw, mods, ARRAY_SIZE(mods),
					rig->now, NULL), -EEXIST);
	rig_paths_are(rig, "");
	assert_int_equal(path_count(rig), 1);
	flows_are(rig, 3, 1);
	path_expire(rig);
	rig_paths_are(rig, "");
	flows_are(rig, 3, 1);
}

/* whichever allocation fails, as many references are left as there are flows */
static void test_no_memory(void **state)
{
	struct cvsw_action a[2] = {
		path_push(4, 2, PATH_OPEN_ALL), path_push(4, 3, PATH_OPEN_ALL),
	};
	struct rig *rig = *state;
	unsigned int i;
	int ret = -1;

	for (i = 1; ret; i++) {
		cvsw_alloc_fail_at(i);
		ret = mod_do(rig, CVSW_FLOW_ADD, 1, a, 2);
		cvsw_alloc_fail_at(0);
		if (ret)
			assert_int_equal(path_count(rig), 0);
		rig_paths_are(rig, ret ? "" : "+3 +2");
	}
	assert_true(i > 3);
	flows_are(rig, 2, 1);
	flows_are(rig, 3, 1);
	for (i = 1; i < 3; i++) {
		struct cvsw_way way = path_way(4, 2);

		cvsw_alloc_fail_at(i);
		ret = path_set(rig, 4, 2, &way);
		cvsw_alloc_fail_at(0);
		assert_int_equal(ret, i == 1 ? -ENOMEM : 0);
		assert_int_equal(path_info(rig, 4, 2).state,
				 ret ? CVSW_PATH_ASKED : CVSW_PATH_KNOWN);
	}
}

/* what find() says, and what becomes of it */
struct look {
	struct cvsw_way	way;
	int		ret;
	unsigned int	n;
};

static int look_find(void *arg, __u8 family, const __u8 *addr,
		     struct cvsw_way *way)
{
	const struct cvsw_way none = {};
	struct look *look = arg;

	look->n++;
	assert_int_equal(family, 4);
	assert_memory_equal(addr, ((u8[]){ 10, 9, 0, 2 }), 4);
	assert_memory_equal(way, &none, sizeof(none));
	*way = look->way;
	return look->ret;
}

struct look_case {
	int	ret;
	u32	mtu;
	int	changed;
	u8	state;
};

static const struct look_case look_cases[] = {
	{ -EAGAIN, 0, 0, CVSW_PATH_ASKED },
	{ 0, 1500, 1, CVSW_PATH_KNOWN },
	{ 0, 1500, 0, CVSW_PATH_KNOWN },
	{ 0, 1400, 1, CVSW_PATH_KNOWN },
	{ -EAGAIN, 1300, 0, CVSW_PATH_KNOWN },
	{ -ENETUNREACH, 1300, 1, CVSW_PATH_ABSENT },
	{ -EHOSTUNREACH, 1300, 0, CVSW_PATH_ABSENT },
	{ -EAGAIN, 1300, 0, CVSW_PATH_ABSENT },
	{ 0, 1500, 1, CVSW_PATH_KNOWN },
};

static void test_look(void **state)
{
	struct cvsw_action open = path_push(4, 2, PATH_OPEN_ALL);
	struct cvsw_action fixed = path_push(4, 3, 0);
	struct look look = { .way = path_way(4, 2) };
	struct rig *rig = *state;
	u32 mtu = 0;
	size_t i;

	assert_int_equal(cvsw_paths_look(rig->sw, look_find, &look), 0);
	mod_do(rig, CVSW_FLOW_ADD, 1, &open, 1);
	mod_do(rig, CVSW_FLOW_ADD, 2, &fixed, 1);
	for (i = 0; i < ARRAY_SIZE(look_cases); i++) {
		const struct look_case *c = &look_cases[i];

		look.ret = c->ret;
		look.way.mtu = c->mtu;
		assert_int_equal(cvsw_paths_look(rig->sw, look_find, &look),
				 c->changed);
		assert_int_equal(look.n, i + 1);
		assert_int_equal(path_info(rig, 4, 2).state, c->state);
		if (c->changed)
			mtu = c->ret ? 0 : c->mtu;
		assert_int_equal(path_info(rig, 4, 2).way.mtu, mtu);
	}
	/* without memory nothing is changed, and it is told the next time */
	look.way.mtu = 1200;
	cvsw_alloc_fail_at(1);
	assert_int_equal(cvsw_paths_look(rig->sw, look_find, &look), 0);
	cvsw_alloc_fail_at(0);
	assert_int_equal(path_info(rig, 4, 2).way.mtu, 1500);
	assert_int_equal(cvsw_paths_look(rig->sw, look_find, &look), 1);
	assert_int_equal(path_info(rig, 4, 2).way.mtu, 1200);
}

static void test_expired(void **state)
{
	struct cvsw_action push = path_push(4, 2, PATH_OPEN_ALL);
	struct cvsw_flow_mod mod = mod_of(CVSW_FLOW_ADD, 1, &push, 1);
	struct rig *rig = *state;

	mod.flow.hard_timeout = 1;
	cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL);
	rig->now += 2 * RIG_SECOND;
	path_expire(rig);
	rig_paths_are(rig, "+2 -2");
}

/* as many destinations as there may be, and one more */
static void test_too_many(void **state)
{
	enum { MAX = 65536 };
	struct cvsw_action *acts = calloc(MAX + 1, sizeof(*acts));
	struct cvsw_flow *flows = calloc(MAX + 1, sizeof(*flows));
	struct cvsw_error err = {};
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i <= MAX; i++) {
		acts[i] = path_push(4, 0, 0);
		put_unaligned_be32(0x0a000000 + i, acts[i].tunnel.nw_dst);
		flows[i] = (struct cvsw_flow){ .actions = &acts[i],
					       .n_actions = 1 };
		flows[i].match.value.tp_dst = cpu_to_be16((u16)i);
		flows[i].match.mask.tp_dst = cpu_to_be16(0xffff);
		flows[i].match.value.nw_proto = i > 65535 ? 6 : 17;
		flows[i].match.mask.nw_proto = 0xff;
		flows[i].match.value.dl_type = cpu_to_be16(0x800);
		flows[i].match.mask.dl_type = cpu_to_be16(0xffff);
	}
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, MAX + 1, rig->now,
					   &err), -ENOSPC);
	assert_string_equal(err.text, "too many destinations of tunnels");
	assert_int_equal(err.index, MAX);
	assert_int_equal(path_count(rig), 0);
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, MAX, rig->now,
					   NULL), 0);
	assert_int_equal(path_count(rig), MAX);
	free(acts);
	free(flows);
}

/* Frames: what the way says is in them */

static void test_ways(void **state)
{
	static const u8 families[] = { 4, 6 };
	const struct test_frame frame = { .ver = 4, .proto = 17, .payload = 9 };
	struct rig *rig = *state;
	unsigned int i, open;

	for (i = 0; i < 2; i++) {
		u8 family = families[i];
		struct cvsw_way ways[2] = {
			path_way(family, 2), path_way(family, 3),
		};
		u32 src = family == 4 ? 26 : 22, len = family == 4 ? 4 : 16;

		for (open = 1; open <= PATH_OPEN_ALL; open++) {
			struct cvsw_action list[2] = {
				path_push(family, (u8)open, open),
				RIG_OUT(CVSW_PORT_ROUTE),
			};
			struct cvsw_tunnel *tun = &list[0].tunnel;
			unsigned int turn;

			mod_do(rig, CVSW_FLOW_ADD, 1, list,
			       open & PATH_OPEN_DL_DST ? 1 : 2);
			for (turn = 0; turn < 2; turn++) {
				const struct cvsw_way *way = &ways[turn];
				const u8 *b;

				path_set(rig, family, (u8)open, way);
				rig_clear(rig);
				rig_input(rig, 1, &frame);
				rig_sent_is(rig, turn ? "3" : "2");
				b = rig->sent[0].bytes;
				assert_null(test_strict(b, rig->sent[0].len));
				assert_memory_equal(b,
					open & PATH_OPEN_DL_DST ? way->dl_dst :
					tun->dl_dst, 6);
				assert_memory_equal(b + 6,
					open & PATH_OPEN_DL_SRC ? way->dl_src :
					tun->dl_src, 6);
				assert_memory_equal(b + src,
					open & PATH_OPEN_NW_SRC ? way->nw_src :
					tun->nw_src, len);
			}
		}
	}
	assert_int_equal(rig_drops(rig), 0);
}

/* the route's MTU counts, for what is not known otherwise too */
static void test_way_mtu(void **state)
{
	struct cvsw_action push = path_push(4, 2, PATH_OPEN_ALL);
	struct test_frame frame = {
		.ver = 4, .proto = 17, .payload = 1350 - 28,
	};
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;

	mod_do(rig, CVSW_FLOW_ADD, 1, &push, 1);
	way.mtu = 1400;
	path_set(rig, 4, 2, &way);
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "2");
	frame.payload++;
	rig_input(rig, 1, &frame);
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 1);
}

/* a way that leads back, to a port that is gone, or to none */
static void test_way_nowhere(void **state)
{
	struct cvsw_action push = path_push(4, 2, PATH_OPEN_ALL);
	const struct test_frame frame = { .ver = 4, .proto = 17 };
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	u64 drops[CVSW_DROP_COUNT];

	mod_do(rig, CVSW_FLOW_ADD, 1, &push, 1);
	path_set(rig, 4, 2, &way);
	rig_input(rig, 2, &frame);
	way.port = 77;
	path_set(rig, 4, 2, &way);
	rig_input(rig, 1, &frame);
	way.port = 0;
	path_set(rig, 4, 2, &way);
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "");
	cvsw_switch_drops(rig->sw, drops);
	assert_int_equal(drops[CVSW_DROP_IN_PORT], 1);
	assert_int_equal(drops[CVSW_DROP_NO_PORT], 1);
	assert_int_equal(drops[CVSW_DROP_NO_ROUTE], 1);
}

/* a packet-out has no flow; its far end is known when some flow leads there */
static void test_packet_out(void **state)
{
	struct cvsw_action push = path_push(4, 2, PATH_OPEN_ALL);
	const struct test_frame frame = { .ver = 4, .proto = 17 };
	struct cvsw_way way = path_way(4, 2);
	struct rig *rig = *state;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		if (i == 1)
			mod_do(rig, CVSW_FLOW_ADD, 1, &push, 1);
		if (i == 2)
			path_set(rig, 4, 2, &way);
		assert_int_equal(cvsw_packet_out(rig->w,
				 rig_frame(rig, CVSW_PORT_NONE, &frame), &push,
				 1, rig->now, NULL), 0);
		rig_drops_are(rig, CVSW_DROP_NO_ROUTE, 1);
	}
	rig_sent_is(rig, "2");
	cvsw_worker_resume(rig->w, rig->now);
	rig_sent_is(rig, "2 2");
}

/* Learning */

/*
 * struct learn - an ICMP error in its parts
 * @frame: what quotes
 * @quote: @quoted bytes of a packet
 * @mtu:   that it says
 * @bad_sum: its checksum is wrong
 */
struct learn {
	struct test_frame	frame;
	u8			quote[128];
	u32			quoted;
	u32			mtu;
	bool			bad_sum;
	u16			in_port;
};

#define LEARN_LEN	1500	/* bytes of the packet that did not fit */

/* the error that a router sends about the first frame that went out */
static void learn_init(struct learn *learn, const struct rig *rig, u8 family,
		       u32 mtu)
{
	const u8 *sent = rig->sent[0].bytes + 14;
	bool v6 = family == 6;

	*learn = (struct learn){
		.frame = { .ver = family, .proto = v6 ? 58 : 1,
			   .tp_src = v6 ? 2 : 3, .tp_dst = v6 ? 0 : 4 },
		.quoted = v6 ? 48 : 28, .mtu = mtu, .in_port = 2,
	};
	memcpy(learn->quote, sent, learn->quoted);
	put_unaligned_be16(v6 ? LEARN_LEN - 40 : LEARN_LEN,
			   learn->quote + (v6 ? 4 : 2));
	memcpy(learn->frame.nw_dst, sent + (v6 ? 8 : 12), v6 ? 16 : 4);
}

static void learn_input(struct rig *rig, struct learn *learn)
{
	bool v6 = learn->frame.ver == 6;
	u32 len, l4, sum = 0;
	u8 bytes[256];

	learn->frame.payload = learn->quoted;
	len = test_build_with(&learn->frame, learn->quote, bytes);
	l4 = test_l4(&learn->frame);
	if (l4 && !learn->frame.frag_off) {
		put_unaligned_be32(learn->mtu, bytes + l4 + 4);
		put_unaligned_be16(0, bytes + l4 + 2);
		if (v6)
			sum = test_sum(bytes + 22, 32, 58 + len - l4);
		sum = test_sum(bytes + l4, len - l4, sum);
		put_unaligned_be16((u16)(~sum + learn->bad_sum),
				   bytes + l4 + 2);
	}
	cvsw_input(rig->w, rig_bytes(rig, learn->in_port, bytes, len),
		   rig->now);
}

/* a flow that pushes to far end 2 by port 2, and the frame that it makes; all
 * else goes to port 3 */
static void learn_setup(struct rig *rig, u8 family, unsigned int open)
{
	const struct test_frame frame = { .ver = 4, .proto = 17 };
	struct cvsw_way way = path_way(family, 2);
	struct cvsw_action push = path_push(family, 2, open);

	rig_add(rig, 2, 1, RIG_LIST(push, RIG_OUT(2)));
	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(3)));
	path_set(rig, family, 2, &way);
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "2");
}

static u32 learnt(struct rig *rig, u8 family)
{
	return path_info(rig, family, 2).pmtu;
}

struct learn_value {
	u8	family;
	u32	says;
	u32	means;
};

static const struct learn_value learn_values[] = {
	{ 4, 1400, 1400 },
	{ 4, 1499, 1499 },
	{ 4, 576, 576 },
	{ 4, 575, 576 },		/* never below */
	{ 4, 68, 576 },
	{ 4, 1, 576 },
	{ 4, 0, 1492 },			/* the plateau below 1500 */
	{ 4, 0xffff0000 | 1400, 1400 },	/* the upper half is not of it */
	{ 4, LEARN_LEN, 0 },		/* then it would have fit */
	{ 4, 65535, 0 },
	{ 6, 1400, 1400 },
	{ 6, 1280, 1280 },
	{ 6, 1279, 1280 },
	{ 6, 0, 1280 },
	{ 6, LEARN_LEN, 0 },
	{ 6, 0xffffffff, 0 },
};

static void test_learn(void **state)
{
	struct rig *rig = *state;
	size_t i;
	unsigned int open;
	struct learn learn;

	for (i = 0; i < ARRAY_SIZE(learn_values); i++) {
		const struct learn_value *v = &learn_values[i];

		for (open = 0; open <= PATH_OPEN_ALL; open += PATH_OPEN_ALL) {
			rig_close(rig);
			rig_open(rig, 3, NULL);
			learn_setup(rig, v->family, open);
			learn_init(&learn, rig, v->family, v->says);
			learn_input(rig, &learn);
			assert_int_equal(learnt(rig, v->family), v->means);
			rig_sent_is(rig, "2 3");	/* it went on */
		}
	}
}

/* down at once, never up, and forgotten after a while */
static void test_learn_time(void **state)
{
	const struct test_frame fits = {
		.ver = 4, .proto = 17, .payload = 1350 - 28,
	}, fits_not = { .ver = 4, .proto = 17, .payload = 1351 - 28 };
	struct rig *rig = *state;
	struct learn learn;

	learn_setup(rig, 4, 0);
	learn_init(&learn, rig, 4, 1400);
	learn_input(rig, &learn);
	rig_clear(rig);
	rig_input(rig, 1, &fits);
	rig_input(rig, 1, &fits_not);
	rig_sent_is(rig, "2");
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 1);
	assert_int_equal(path_info(rig, 4, 2).pmtu_left, 600);
	learn.mtu = 1450;
	learn_input(rig, &learn);
	assert_int_equal(learnt(rig, 4), 1400);
	learn.mtu = 1300;
	rig->now += 500 * RIG_SECOND;
	learn_input(rig, &learn);
	assert_int_equal(learnt(rig, 4), 1300);
	rig->now += 600 * RIG_SECOND - 1;
	assert_int_equal(learnt(rig, 4), 1300);
	rig->now++;
	assert_int_equal(learnt(rig, 4), 0);
	rig_clear(rig);
	rig_input(rig, 1, &fits_not);
	rig_sent_is(rig, "2");
}

/* what is not such an error, or not about a packet of ours */
struct learn_bad {
	const char *name;
	u8	family;		/* 0: both */
	void	(*spoil)(struct learn *learn);
};

#define SPOIL(name, code)						\
	static void spoil_##name(struct learn *learn) { code; }

SPOIL(sum, learn->bad_sum = true)
SPOIL(type, learn->frame.tp_src++)
SPOIL(code, learn->frame.tp_dst++)
SPOIL(fragment, learn->frame.frag_off = 0x2000)
SPOIL(later, learn->frame.frag_off = 1)
SPOIL(port, learn->in_port = 3)
SPOIL(guest, learn->in_port = 1)
SPOIL(nothing, learn->quoted = 0)
SPOIL(half4, learn->quoted = 19)
SPOIL(half6, learn->quoted = 39)
SPOIL(no_l4_4, learn->quoted = 20)
SPOIL(no_l4_6, learn->quoted = 40)
SPOIL(cut_l4_4, learn->quoted = 23)
SPOIL(cut_l4_6, learn->quoted = 43)
SPOIL(version, learn->quote[0] ^= 0xf0)
SPOIL(ihl, learn->quote[0] = 0x44)
SPOIL(ihl_long, learn->quote[0] = 0x4f)
SPOIL(quoted_later, learn->quote[7] = 1)
SPOIL(proto4, learn->quote[9] = 6)
SPOIL(proto6, learn->quote[6] = 6)
SPOIL(src4, learn->quote[15] ^= 1)
SPOIL(src6, learn->quote[23] ^= 1)
SPOIL(dst4, learn->quote[19] ^= 1)
SPOIL(dst6, learn->quote[39] ^= 1)
SPOIL(dport4, learn->quote[23] ^= 1)
SPOIL(dport6, learn->quote[43] ^= 1)
SPOIL(short4, put_unaligned_be16(1300, learn->quote + 2))
SPOIL(short6, put_unaligned_be16(1300 - 40, learn->quote + 4))

static const struct learn_bad learn_bads[] = {
	{ "checksum", 0, spoil_sum },
	{ "type", 0, spoil_type },
	{ "code", 0, spoil_code },
	{ "first fragment", 4, spoil_fragment },
	{ "later fragment", 4, spoil_later },
	{ "another port", 0, spoil_port },
	{ "port of a guest", 0, spoil_guest },
	{ "nothing quoted", 0, spoil_nothing },
	{ "IPv4 header cut", 4, spoil_half4 },
	{ "IPv6 header cut", 6, spoil_half6 },
	{ "no L4", 4, spoil_no_l4_4 },
	{ "no L4", 6, spoil_no_l4_6 },
	{ "L4 cut", 4, spoil_cut_l4_4 },
	{ "L4 cut", 6, spoil_cut_l4_6 },
	{ "IP version", 0, spoil_version },
	{ "IHL 4", 4, spoil_ihl },
	{ "IHL 15", 4, spoil_ihl_long },
	{ "later fragment quoted", 4, spoil_quoted_later },
	{ "protocol", 4, spoil_proto4 },
	{ "protocol", 6, spoil_proto6 },
	{ "source", 4, spoil_src4 },
	{ "source", 6, spoil_src6 },
	{ "destination", 4, spoil_dst4 },
	{ "destination", 6, spoil_dst6 },
	{ "destination port", 4, spoil_dport4 },
	{ "destination port", 6, spoil_dport6 },
	{ "short packet", 4, spoil_short4 },
	{ "short packet", 6, spoil_short6 },
};

static void test_learn_not(void **state)
{
	static const u8 families[] = { 4, 6 };
	struct rig *rig = *state;
	unsigned int f, open;
	struct learn learn;
	size_t i;

	for (f = 0; f < 2; f++) {
		for (open = 0; open <= PATH_OPEN_ALL; open += PATH_OPEN_ALL) {
			rig_close(rig);
			rig_open(rig, 3, NULL);
			learn_setup(rig, families[f], open);
			for (i = 0; i < ARRAY_SIZE(learn_bads); i++) {
				const struct learn_bad *bad = &learn_bads[i];

				if (bad->family && bad->family != families[f])
					continue;
				learn_init(&learn, rig, families[f], 1400);
				bad->spoil(&learn);
				learn_input(rig, &learn);
				if (learnt(rig, families[f]))
					fail_msg("%s: believed", bad->name);
			}
			learn_init(&learn, rig, families[f], 1400);
			learn_input(rig, &learn);
			assert_int_equal(learnt(rig, families[f]), 1400);
		}
	}
}

/* without the port that packets leave by, an error may come in anywhere */
static void test_learn_any_port(void **state)
{
	const struct test_frame frame = { .ver = 4, .proto = 17 };
	struct cvsw_action push = path_push(4, 2, 0);
	struct rig *rig = *state;
	struct learn learn;

	rig_add(rig, 2, 1, RIG_LIST(push, RIG_OUT(CVSW_PORT_FLOOD)));
	rig_input(rig, 1, &frame);
	rig_sent_is(rig, "2 3");
	learn_init(&learn, rig, 4, 1400);
	learn.in_port = 3;
	learn_input(rig, &learn);
	assert_int_equal(learnt(rig, 4), 1400);
}

/* every kind of tunnel takes the way, and its packets are known again */
static void test_kinds(void **state)
{
	static const u8 families[] = { 4, 6 };
	struct rig *rig = *state;
	unsigned int f, kind;
	struct learn learn;

	for (f = 0; f < 2; f++) {
		for (kind = CVSW_TUNNEL_VXLAN; kind <= CVSW_TUNNEL_STT; kind++) {
			const struct test_frame frame = { .ver = 4,
							  .proto = 17 };
			u8 family = families[f];
			struct cvsw_way way = path_way(family, 2);
			struct cvsw_action push = path_push(family, 2,
							    PATH_OPEN_ALL);
			const u8 *b;

			rig_close(rig);
			rig_open(rig, 3, NULL);
			push.tunnel.kind = (u8)kind;
			rig_add(rig, 2, 1, &push, 1);
			path_set(rig, family, 2, &way);
			rig_input(rig, 1, &frame);
			rig_sent_is(rig, "2");
			b = rig->sent[0].bytes;
			if (kind == CVSW_TUNNEL_VXLAN || kind == CVSW_TUNNEL_NVGRE)
				assert_null(test_strict(b, rig->sent[0].len));
			assert_memory_equal(b, way.dl_dst, 6);
			assert_memory_equal(b + 6, way.dl_src, 6);
			assert_memory_equal(b + (family == 4 ? 26 : 22),
					    way.nw_src, family == 4 ? 4 : 16);
			learn_init(&learn, rig, family, 1400);
			learn.in_port = 3;
			learn_input(rig, &learn);
			assert_int_equal(learnt(rig, family), 0);
			learn.in_port = 2;
			learn_input(rig, &learn);
			assert_int_equal(learnt(rig, family), 1400);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_add_and_delete, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_replaced_and_modified,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_bundles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rollback, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_memory, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_look, setup, teardown),
		cmocka_unit_test_setup_teardown(test_expired, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ways, setup, teardown),
		cmocka_unit_test_setup_teardown(test_way_mtu, setup, teardown),
		cmocka_unit_test_setup_teardown(test_way_nowhere, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_packet_out, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_learn, setup, teardown),
		cmocka_unit_test_setup_teardown(test_learn_time, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_learn_not, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_learn_any_port, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What one frame costs in memory, one hot flow, stage by stage: ours, and a
 * floor written by hand for just this frame (headers at fixed offsets, one
 * hash lookup, a ready-made outer header copied in front).
 *
 *   bench_path [RUNS [FRAMES]]     time, one JSON object a line
 *   bench_path STAGE FRAMES        only run that stage, for an instruction
 *                                  counter: valgrind --tool=callgrind
 *                                  --toggle-collect=path_STAGE
 *
 * Without arguments instructions are counted, too, where valgrind is there:
 * at two numbers of frames, so that what is not per frame cancels out.  The
 * stage "reset", which makes the frame new for the next round, is taken off
 * all of the others.
 */

#include "os.h"

#include <unistd.h>

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "bench.h"
#include "hdr.h"
#include "key.h"
#include "pkt_ops.h"

#define FRAME_LEN	64
#define OUTER_LEN	50

struct bench {
	struct cvsw_switch	*sw;
	struct cvsw_worker	*w;
	struct cvsw_pool	*pool;
	struct cvsw_pkt		*pkt;
	u8			*home;		/* where the frame starts */
	u8			plain[FRAME_LEN];
	u8			tunnelled[OUTER_LEN + FRAME_LEN];
	u64			sink;
};

static struct bench bench;

static const u8 outer_template[OUTER_LEN] = {
	2, 0, 0, 0, 9, 2, 2, 0, 0, 0, 9, 1, 8, 0,
	0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 168, 0, 1,
	192, 168, 0, 2,
	0xc0, 0, 0x12, 0xb5, 0, 0, 0, 0,
	8, 0, 0, 0, 0, 0, 77, 0,
};

/* A switch that keeps what it would send */

static void bench_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	bench.sink++;
}

static const struct cvsw_ops bench_ops = { .output = bench_output };

/* flows: port 1 out by 2; 3: TOS, VXLAN, 2; 2: out of VXLAN and to 1 */
static void bench_flow(u16 in_port, const struct cvsw_action *list, u16 n)
{
	struct cvsw_flow_mod mod = {
		.flow = { .priority = 1, .n_actions = n, .actions = list },
	};
	struct cvsw_match *match = &mod.flow.match;

	match->value.in_port = in_port;
	match->mask.in_port = 0xffff;
	match->value.dl_type = cpu_to_be16(CVSW_ETH_P_IPV4);
	match->mask.dl_type = cpu_to_be16(0xffff);
	match->value.nw_proto = CVSW_IPPROTO_UDP;
	match->mask.nw_proto = 0xff;
	if (cvsw_flow_mods(bench.sw, &mod, 1, 0, NULL))
		abort();
}

static void bench_flows(void)
{
	static const struct cvsw_action pass = { .output = { .port = 2 } };
	struct cvsw_action push[3] = {
		{ .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8 },
		{ .type = CVSW_ACT_PUSH, .tunnel = {
			.kind = CVSW_TUNNEL_VXLAN, .family = 4,
			.id = cpu_to_be64(77),
			.nw_src = { 192, 168, 0, 1 },
			.nw_dst = { 192, 168, 0, 2 },
			.dl_src = { 2, 0, 0, 0, 9, 1 },
			.dl_dst = { 2, 0, 0, 0, 9, 2 } } },
		pass,
	};
	static const struct cvsw_action pop[] = {
		{ .type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN } },
		{ .output = { .port = 1 } },
	};

	bench_flow(1, &pass, 1);
	bench_flow(3, push, 3);
	bench_flow(2, pop, 2);
}

/* UDP over IPv4, 64 bytes with its UDP checksum left out */
static void bench_frames(void)
{
	static const u8 head[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
		0x45, 0, 0, 50, 0, 1, 0x40, 0, 64, 17, 0x26, 0xb8,
		10, 0, 0, 1, 10, 0, 0, 2, 4, 0, 0, 53, 0, 30, 0, 0,
	};
	u8 *t = bench.tunnelled;
	u32 sum = 0, i;

	memcpy(bench.plain, head, sizeof(head));
	memcpy(t, outer_template, OUTER_LEN);
	memcpy(t + OUTER_LEN, bench.plain, FRAME_LEN);
	put_unaligned_be16(OUTER_LEN + FRAME_LEN - 14, t + 16);
	put_unaligned_be16(OUTER_LEN + FRAME_LEN - 34, t + 38);
	for (i = 14; i < 34; i += 2)
		sum += get_unaligned_be16(t + i);
	put_unaligned_be16((u16)~(sum % 0xffff), t + 24);
}

static void bench_start(void)
{
	struct cvsw_config config;
	struct cvsw_port_info info;
	u16 i;

	cvsw_config_default(&config);
	if (cvsw_switch_new(&bench.sw, &config, &bench_ops, NULL, NULL))
		abort();
	for (i = 1; i <= 3; i++) {
		info = (struct cvsw_port_info){ .no = i, .mtu = 1600 };
		snprintf(info.name, sizeof(info.name), "p%u", i);
		if (cvsw_port_add(bench.sw, &info, NULL, NULL))
			abort();
	}
	bench_frames();
	bench_flows();
	bench.w = cvsw_worker_get(bench.sw, 0, NULL);
	bench.pool = cvsw_pool_new();
	bench.pkt = cvsw_frame_new(bench.pool, 1, 256);
	bench.home = (u8 *)cvsw_frame_edit(bench.pkt);
}

static void bench_stop(void)
{
	cvsw_frame_free(bench.pkt);
	cvsw_switch_free(bench.sw);
	cvsw_pool_free(bench.pool);
}

/* Stages */

/* the frame as new */
static inline void fresh(u16 port, const u8 *bytes, u32 len)
{
	struct cvsw_pkt *pkt = bench.pkt;
	struct cvsw_buf *buf = pkt->frame;

	buf->data = bench.home;
	buf->len = len;
	buf->off.csum = CVSW_CSUM_NONE;
	pkt->in_port = port;
	pkt->tun_id = 0;
	memcpy(bench.home, bytes, FRAME_LEN);
	barrier();
}

static noinline void path_reset(u32 n)
{
	while (n--)
		fresh(1, bench.plain, FRAME_LEN);
}

static noinline void path_parse(u32 n)
{
	struct cvsw_key key;

	while (n--) {
		fresh(1, bench.plain, FRAME_LEN);
		bench.sink += cvsw_key_extract(bench.pkt,
					       CVSW_FRAG_MODE_NORMAL, &key);
		bench.sink += key.word[3];
	}
}

static noinline void path_output(u32 n)
{
	cvsw_worker_begin(bench.w);
	while (n--) {
		fresh(1, bench.plain, FRAME_LEN);
		cvsw_input(bench.w, bench.pkt, n);
	}
	cvsw_worker_flush(bench.w);
}

static noinline void path_encap(u32 n)
{
	cvsw_worker_begin(bench.w);
	while (n--) {
		fresh(3, bench.plain, FRAME_LEN);
		cvsw_input(bench.w, bench.pkt, n);
	}
	cvsw_worker_flush(bench.w);
}

static noinline void path_decap(u32 n)
{
	cvsw_worker_begin(bench.w);
	while (n--) {
		fresh(2, bench.tunnelled, OUTER_LEN + FRAME_LEN);
		cvsw_input(bench.w, bench.pkt, n);
	}
	cvsw_worker_flush(bench.w);
}

/* The floor */

struct floor_flow {
	struct cvsw_key	key;
	u64		packets;
	u64		bytes;
	u8		outer[OUTER_LEN];
};

static struct floor_flow floor_table[256];

static inline u64 floor_word(u32 first, u32 second)
{
	return (__force u16)cpu_to_be16(1) == 1 ? (u64)first << 32 | second :
						  (u64)second << 32 | first;
}

static inline u32 floor_load(const u8 *p)
{
	u32 x;

	memcpy(&x, p, sizeof(x));
	return x;
}

/* what this frame shows, at the places where it shows it, in whole words */
static inline void floor_parse(const u8 *f, u16 port, struct cvsw_key *key)
{
	u32 type_proto_tos;

	if (get_unaligned_be16(f + 12) != CVSW_ETH_P_IPV4 || f[14] != 0x45)
		abort();
	type_proto_tos = (u32)CVSW_ETH_P_IPV4 << 16 | (u32)f[23] << 8 |
			 (f[15] & CVSW_TOS_DSCP_MASK);
	key->word[0] = floor_word(port, (__force u32)cpu_to_be32(type_proto_tos));
	key->word[1] = floor_word(floor_load(f), floor_load(f + 4));
	key->word[2] = floor_word(floor_load(f + 8), floor_load(f + 34));
	key->word[3] = floor_word(floor_load(f + 26), 0);
	key->word[4] = 0;
	key->word[5] = floor_word(floor_load(f + 30), 0);
	key->word[6] = 0;
	key->word[7] = 0;
}

static inline u32 floor_hash(const struct cvsw_key *key)
{
	u64 hash = 0;
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		hash = (hash ^ key->word[i]) * 0x9e3779b97f4a7c15ull;
	return (u32)(hash >> 32);
}

static inline struct floor_flow *floor_find(const struct cvsw_key *key,
					    u32 hash)
{
	struct floor_flow *flow = &floor_table[hash & 255];

	return memcmp(&flow->key, key, sizeof(*key)) ? NULL : flow;
}

/* RFC 1624 for one changed word */
static inline void floor_csum(u8 *check, u32 from, u32 to)
{
	u32 sum = (u16)~get_unaligned_be16(check) + (u16)~from + to;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put_unaligned_be16((u16)~sum, check);
}

static inline void floor_push(u8 *f, const struct floor_flow *flow, u32 hash)
{
	u8 *o = f - OUTER_LEN;
	u32 sum;

	memcpy(o, flow->outer, OUTER_LEN);
	put_unaligned_be16(OUTER_LEN + FRAME_LEN - 14, o + 16);
	put_unaligned_be16(OUTER_LEN + FRAME_LEN - 34, o + 38);
	put_unaligned_be16((u16)(0xc000 | (hash & 0x3fff)), o + 34);
	sum = get_unaligned_be16(o + 24) + (OUTER_LEN + FRAME_LEN - 14);
	sum = (sum & 0xffff) + (sum >> 16);
	put_unaligned_be16((u16)~sum, o + 24);
}

static noinline void path_floor_parse(u32 n)
{
	struct cvsw_key key;

	while (n--) {
		fresh(1, bench.plain, FRAME_LEN);
		floor_parse(bench.home, 1, &key);
		__asm__ __volatile__("" : : "r"(&key) : "memory");
	}
}

static noinline void path_floor_output(u32 n)
{
	struct floor_flow *flow;
	struct cvsw_key key;

	while (n--) {
		fresh(1, bench.plain, FRAME_LEN);
		floor_parse(bench.home, 1, &key);
		flow = floor_find(&key, floor_hash(&key));
		if (!flow)
			abort();
		flow->packets++;
		flow->bytes += FRAME_LEN;
		bench_ops.output(NULL, NULL, bench.pkt);
	}
}

static noinline void path_floor_encap(u32 n)
{
	struct floor_flow *flow;
	struct cvsw_key key;
	u32 hash;

	while (n--) {
		fresh(1, bench.plain, FRAME_LEN);
		floor_parse(bench.home, 1, &key);
		hash = floor_hash(&key);
		flow = floor_find(&key, hash);
		if (!flow)
			abort();
		flow->packets++;
		flow->bytes += FRAME_LEN;
		floor_csum(bench.home + 24, get_unaligned_be16(bench.home + 14),
			   0x4500 | 0xb8);
		bench.home[15] = 0xb8;
		floor_push(bench.home, flow, hash);
		bench_ops.output(NULL, NULL, bench.pkt);
	}
}

static noinline void path_floor_decap(u32 n)
{
	const u8 *f = bench.home;
	struct floor_flow *flow;
	struct cvsw_key key;

	while (n--) {
		fresh(2, bench.tunnelled, OUTER_LEN + FRAME_LEN);
		floor_parse(f, 2, &key);
		flow = floor_find(&key, floor_hash(&key));
		if (!flow || get_unaligned_be16(f + 36) != CVSW_VXLAN_PORT ||
		    f[42] != 8 || get_unaligned_be16(f + 38) < 16)
			abort();
		flow->packets++;
		flow->bytes += OUTER_LEN + FRAME_LEN;
		bench.pkt->frame->data += OUTER_LEN;
		bench.pkt->frame->len -= OUTER_LEN;
		bench_ops.output(NULL, NULL, bench.pkt);
	}
}

static void floor_add(u16 port, const u8 *frame)
{
	struct floor_flow *flow;
	struct cvsw_key key;
	u32 sum = 0, i;

	floor_parse(frame, port, &key);
	flow = &floor_table[floor_hash(&key) & 255];
	flow->key = key;
	memcpy(flow->outer, outer_template, OUTER_LEN);
	for (i = 14; i < 34; i += 2)
		sum += get_unaligned_be16(outer_template + i);
	put_unaligned_be16((u16)(sum % 0xffff), flow->outer + 24);
}

/* Measuring */

struct stage {
	const char	*name;
	void		(*run)(u32 n);
	const char	*peer;		/* the stage to compare with */
};

static const struct stage stages[] = {
	{ "reset",		path_reset,		NULL },
	{ "floor_parse",	path_floor_parse,	NULL },
	{ "floor_output",	path_floor_output,	NULL },
	{ "floor_encap",	path_floor_encap,	NULL },
	{ "floor_decap",	path_floor_decap,	NULL },
	{ "parse",		path_parse,		"floor_parse" },
	{ "output",		path_output,		"floor_output" },
	{ "encap",		path_encap,		"floor_encap" },
	{ "decap",		path_decap,		"floor_decap" },
};

#define STAGES	ARRAY_SIZE(stages)

static const struct stage *stage_find(const char *name)
{
	size_t i;

	for (i = 0; i < STAGES; i++)
		if (!strcmp(stages[i].name, name))
			return &stages[i];
	return NULL;
}

/* instructions of the stage at @n frames, negative when they cannot be counted */
static double count_at(const char *self, const char *stage, u32 n)
{
	char cmd[1024], line[256];
	double count = -1;
	FILE *f;

	snprintf(cmd, sizeof(cmd), "valgrind --tool=callgrind "
		 "--callgrind-out-file=/dev/null --toggle-collect=path_%s "
		 "%s %s %u 2>&1", stage, self, stage, n);
	f = popen(cmd, "r");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, "Collected : ");

		if (at)
			count = strtod(at + 12, NULL);
	}
	return pclose(f) ? -1 : count;
}

static double count_instructions(const char *self, const char *stage)
{
	double few = count_at(self, stage, 1000);
	double many = count_at(self, stage, 11000);

	return few < 0 || many < 0 ? -1 : (many - few) / 10000;
}

/* ns of each stage in each run, interleaved, less what the reset takes */
static void report_times(int runs, u32 frames)
{
	static struct bench_series ns[STAGES];
	double start, reset = 0, took;
	char name[64];
	size_t i;
	int r;

	for (i = 0; i < STAGES; i++)
		stages[i].run(frames / 10);
	for (r = 0; r < runs; r++)
		for (i = 0; i < STAGES; i++) {
			start = bench_cpu();
			stages[i].run(frames);
			took = (bench_cpu() - start) / frames;
			if (!i)
				reset = took;
			bench_put(&ns[i], i ? took - reset : took);
		}
	for (i = 0; i < STAGES; i++) {
		if (!stages[i].peer)
			continue;
		snprintf(name, sizeof(name), "path/%s", stages[i].name);
		bench_print(name, "ns/frame", &ns[i], "hand-written floor",
			    &ns[stage_find(stages[i].peer) - stages]);
	}
}

static void report_instructions(const char *self)
{
	double reset = count_instructions(self, "reset");
	const struct stage *s;
	double ours, floor;
	char name[64];

	if (reset < 0) {
		fprintf(stderr, "bench_path: no valgrind, no instructions\n");
		return;
	}
	for (s = stages; s < stages + STAGES; s++) {
		if (!s->peer)
			continue;
		ours = count_instructions(self, s->name) - reset;
		floor = count_instructions(self, s->peer) - reset;
		snprintf(name, sizeof(name), "path/%s instructions", s->name);
		bench_line(name, ours, "instructions/frame",
			   "hand-written floor", floor, ours / floor, 1, 0);
	}
}

int main(int argc, char **argv)
{
	const struct stage *stage = argc > 2 ? stage_find(argv[1]) : NULL;
	int runs = argc > 1 && !stage ? atoi(argv[1]) : 15;
	u32 frames = argc > 2 ? (u32)strtoul(argv[2], NULL, 0) : 1000000;
	char self[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n < 0 ? 0 : n] = 0;
	bench_start();
	floor_add(1, bench.plain);
	floor_add(2, bench.tunnelled);
	if (stage) {
		stage->run(frames);
	} else {
		report_times(max(1, min(runs, BENCH_RUNS_MAX)), frames);
		report_instructions(self);
	}
	bench_stop();
	return 0;
}

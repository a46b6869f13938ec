// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "rules.h"

#include <arpa/inet.h>
#include <stdio.h>

const char *const bench_kind_name[BENCH_KINDS] = {
	"acl", "fw", "ipc", "of10", "single",
};

u64 bench_random(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static u32 below(u64 *seed, u32 n)
{
	return (u32)((bench_random(seed) >> 32) * n >> 32);
}

static bool chance(u64 *seed, u32 percent)
{
	return below(seed, 100) < percent;
}

static void *must(void *p)
{
	if (p)
		return p;
	fprintf(stderr, "no memory\n");
	exit(1);
}

/* A tree of networks: hosts in /24s in /16s, as many as the rules call for */
struct world {
	u64	seed;
	u32	n16, n24, hosts;	/* in all; of each /16; of each /24 */
	u32	services;
};

static u32 mix(u64 seed, u64 a, u64 b)
{
	u64 s = seed ^ a * 0x9e3779b97f4a7c15ULL ^ b << 40;

	return (u32)bench_random(&s);
}

static u32 world_addr(const struct world *w, u64 *seed, u32 side)
{
	u32 a = below(seed, w->n16), b = below(seed, w->n24);
	u32 c = below(seed, w->hosts);
	u32 net16 = mix(w->seed, side, a) & 0xffff0000;
	u32 net24 = mix(w->seed, side + 2, (u64)a << 8 | b) & 0xff00;
	u32 host = mix(w->seed, side + 4, (u64)a << 16 | b << 8 | c) & 0xff;

	return net16 | net24 | host;
}

static u16 world_port(const struct world *w, u64 *seed)
{
	/* small numbers are asked for most */
	u32 s = below(seed, 1 + below(seed, w->services));

	return (u16)(mix(w->seed, 7, s) % (s < 30 ? 1024 : 65535) + 1);
}

static void world_init(struct world *w, u32 n, u64 seed)
{
	u32 nets;

	w->seed = seed;
	for (nets = 4; nets * nets * 12 < n; nets++)
		;
	w->n16 = nets;
	w->n24 = nets / 2 + 2;
	w->hosts = 20;
	w->services = 40 + n / 200;
}

/* Fields */

static void put_prefix(u8 *value, u8 *mask, u32 addr, u32 len)
{
	u32 m = len ? 0xffffffffu << (32 - len) : 0;
	u32 be = htonl(m), v = htonl(addr & m);

	memcpy(mask, &be, 4);
	memcpy(value, &v, 4);
}

static void put_port(__be16 *value, __be16 *mask, u16 port, u32 len)
{
	u16 m = (u16)(0xffff0000u >> len);

	*mask = htons(m);
	*value = htons(port & m);
}

static void put_ip(struct cvsw_match *m, u8 proto)
{
	m->value.dl_type = htons(0x0800);
	m->mask.dl_type = 0xffff;
	if (proto) {
		m->value.nw_proto = proto;
		m->mask.nw_proto = 0xff;
	}
}

/* Prefix lengths: percent of 0, 32, 24, 16; the rest of some others from @low */
struct lengths {
	u8 any, host, net24, net16, low;
};

static u32 pick_length(const struct lengths *l, u64 *seed)
{
	static const u8 others[] = { 8, 12, 18, 20, 22, 26, 28 };
	int x = (int)below(seed, 100);

	if ((x -= l->any) < 0)
		return 0;
	if ((x -= l->host) < 0)
		return 32;
	if ((x -= l->net24) < 0)
		return 24;
	if ((x -= l->net16) < 0)
		return 16;
	do {
		x = others[below(seed, sizeof(others))];
	} while (x < l->low);
	return (u32)x;
}

/* Five-tuple sets */
static const struct mix5 {
	struct lengths	src, dst;
	u8		tcp, udp, icmp;		/* percent; the rest any protocol */
	u8		sp_exact, sp_range;
	u8		dp_exact, dp_range;
} mix5[] = {
	[BENCH_ACL] = { { 30, 38, 18, 8, 20 }, { 4, 54, 22, 10, 20 },
			78, 12, 4, 1, 0, 60, 12 },
	[BENCH_FW] = { { 38, 24, 16, 8, 18 }, { 12, 48, 18, 8, 18 },
		       62, 24, 5, 8, 10, 42, 20 },
	[BENCH_IPC] = { { 15, 30, 10, 5, 8 }, { 10, 35, 10, 5, 8 },
			55, 25, 6, 14, 10, 40, 18 },
};

static void make_port(const struct world *w, u64 *seed, u32 exact, u32 range,
		      __be16 *value, __be16 *mask)
{
	static const u8 bits[] = { 6, 6, 6, 6, 6, 1 };
	u32 x = below(seed, 100);

	if (x < exact)
		put_port(value, mask, world_port(w, seed), 16);
	else if (x < exact + range)
		put_port(value, mask, (u16)(world_port(w, seed) | 0x8000),
			 bits[below(seed, sizeof(bits))]);
}

static void make5(const struct world *w, const struct mix5 *x, u64 *seed,
		  struct cvsw_match *m)
{
	int p = (int)below(seed, 100);
	u8 proto = p < x->tcp ? 6 : p < x->tcp + x->udp ? 17 :
		   p < x->tcp + x->udp + x->icmp ? 1 : 0;

	put_ip(m, proto);
	put_prefix(m->value.nw_src, m->mask.nw_src, world_addr(w, seed, 0),
		   pick_length(&x->src, seed));
	put_prefix(m->value.nw_dst, m->mask.nw_dst, world_addr(w, seed, 1),
		   pick_length(&x->dst, seed));
	if (proto == 6 || proto == 17) {
		make_port(w, seed, x->sp_exact, x->sp_range, &m->value.tp_src,
			  &m->mask.tp_src);
		make_port(w, seed, x->dp_exact, x->dp_range, &m->value.tp_dst,
			  &m->mask.tp_dst);
	}
}

static void make_single(const struct world *w, u64 *seed, struct cvsw_match *m)
{
	put_ip(m, chance(seed, 80) ? 6 : 17);
	put_prefix(m->value.nw_src, m->mask.nw_src, world_addr(w, seed, 0), 32);
	put_prefix(m->value.nw_dst, m->mask.nw_dst, world_addr(w, seed, 1), 32);
	put_port(&m->value.tp_src, &m->mask.tp_src, (u16)bench_random(seed), 16);
	put_port(&m->value.tp_dst, &m->mask.tp_dst, world_port(w, seed), 16);
}

/*
 * of10: switching, routing and policy in one table.  A template says which
 * fields its rules fix: bits of OF_*, prefix lengths of nw_src and nw_dst.
 */
#define OF_IN_PORT	0x001
#define OF_DL_SRC	0x002
#define OF_DL_DST	0x004
#define OF_VID		0x008
#define OF_PCP		0x010
#define OF_TOS		0x020
#define OF_PROTO	0x040
#define OF_TP_SRC	0x080
#define OF_TP_DST	0x100
#define OF_IP		0x200

static const u16 of10_l2[] = {
	OF_DL_DST, OF_IN_PORT | OF_DL_DST, OF_VID | OF_DL_DST,
	OF_IN_PORT | OF_VID | OF_DL_DST, OF_DL_SRC | OF_DL_DST,
	OF_IN_PORT | OF_DL_SRC | OF_DL_DST, OF_IN_PORT | OF_DL_SRC,
	OF_VID | OF_PCP | OF_DL_DST, OF_VID | OF_DL_SRC | OF_DL_DST,
	OF_IN_PORT | OF_VID | OF_DL_SRC | OF_DL_DST,
};

static const u16 of10_l3[] = {
	0, OF_PROTO, OF_IN_PORT, OF_VID, OF_TOS, OF_PROTO | OF_TP_DST,
	OF_PROTO | OF_TP_DST, OF_PROTO | OF_TP_SRC, OF_IN_PORT | OF_PROTO,
	OF_PROTO | OF_TP_SRC | OF_TP_DST, OF_IN_PORT | OF_PROTO | OF_TP_DST,
	OF_VID | OF_PROTO | OF_TP_DST, OF_DL_DST, OF_DL_DST | OF_PROTO | OF_TP_DST,
};

static void put_mac(u8 *value, u8 *mask, u32 host)
{
	u32 be = htonl(host);

	value[0] = 2;
	memcpy(value + 2, &be, 4);
	memset(mask, 0xff, 6);
}

static void put_of10_l2(const struct world *w, u32 fields, u64 *seed,
			struct cvsw_match *m)
{
	if (fields & OF_IN_PORT) {
		m->value.in_port = (u16)(1 + below(seed, 48));
		m->mask.in_port = 0xffff;
	}
	if (fields & OF_VID) {
		m->value.vlan_tci = (u16)(CVSW_VLAN_PRESENT | below(seed, 256));
		m->mask.vlan_tci = CVSW_VLAN_PRESENT | CVSW_VLAN_VID_MASK;
	}
	if (fields & OF_PCP) {
		m->value.vlan_tci |= (u16)(below(seed, 8) << 13);
		m->mask.vlan_tci = 0xffff;
	}
	if (fields & OF_DL_SRC)
		put_mac(m->value.dl_src, m->mask.dl_src, world_addr(w, seed, 0));
	if (fields & OF_DL_DST)
		put_mac(m->value.dl_dst, m->mask.dl_dst, world_addr(w, seed, 1));
}

static void put_of10_l3(const struct world *w, u32 fields, u32 src, u32 dst,
			u64 *seed, struct cvsw_match *m)
{
	put_ip(m, fields & OF_PROTO ? (chance(seed, 75) ? 6 : 17) : 0);
	put_prefix(m->value.nw_src, m->mask.nw_src, world_addr(w, seed, 0), src);
	put_prefix(m->value.nw_dst, m->mask.nw_dst, world_addr(w, seed, 1), dst);
	if (fields & OF_TOS) {
		m->value.nw_tos = (u8)(below(seed, 64) << 2);
		m->mask.nw_tos = 0xfc;
	}
	if (fields & OF_TP_SRC)
		put_port(&m->value.tp_src, &m->mask.tp_src, world_port(w, seed), 16);
	if (fields & OF_TP_DST)
		put_port(&m->value.tp_dst, &m->mask.tp_dst, world_port(w, seed), 16);
}

static void make_of10(const struct world *w, u64 *seed, struct cvsw_match *m)
{
	static const u8 srcs[] = { 0, 0, 0, 0, 24, 24, 32 };
	static const u8 dsts[] = { 16, 20, 24, 24, 32, 32, 32 };
	u64 t = w->seed + 1 + below(seed, 100);
	u32 fields, src, dst;

	if (chance(&t, 30)) {
		fields = of10_l2[below(&t, ARRAY_SIZE(of10_l2))];
		put_of10_l2(w, fields, seed, m);
		return;
	}
	fields = of10_l3[below(&t, ARRAY_SIZE(of10_l3))];
	src = srcs[below(&t, sizeof(srcs))];
	dst = dsts[below(&t, sizeof(dsts))];
	put_of10_l2(w, fields, seed, m);
	put_of10_l3(w, fields, src, dst, seed, m);
}

static void make(const struct world *w, enum bench_kind kind, u64 *seed,
		 struct cvsw_match *m)
{
	memset(m, 0, sizeof(*m));
	if (kind == BENCH_OF10)
		make_of10(w, seed, m);
	else if (kind == BENCH_SINGLE)
		make_single(w, seed, m);
	else
		make5(w, &mix5[kind], seed, m);
}

/* Sets: no match twice; finer ones tend to come first */

struct ranked {
	struct cvsw_match	match;
	int			score;
};

static int by_score(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return memcmp(&x->match, &y->match, sizeof(x->match));
}

static int bits_of(const struct cvsw_key *mask)
{
	int i, n = 0;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		n += __builtin_popcountll(mask->word[i]);
	return n;
}

static u64 match_hash(const struct cvsw_match *m)
{
	u64 h = 0;
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++) {
		h ^= m->value.word[i] + m->mask.word[i] * 31;
		bench_random(&h);
		h *= 0x94d049bb133111ebULL;
		h ^= h >> 29;
	}
	return h;
}

void bench_rules_make(struct bench_rules *rules, enum bench_kind kind, u32 n,
		      u64 seed)
{
	u32 size = 1, i = 0, tries = 0;
	struct ranked *r = must(calloc(n, sizeof(*r)));
	struct world w;
	u32 *seen;

	while (size < 2 * n)
		size *= 2;
	seen = must(calloc(size, sizeof(*seen)));
	world_init(&w, n, seed);
	rules->seed = seed;
	while (i < n && tries++ < 100 * n) {
		u64 slot;

		make(&w, kind, &seed, &r[i].match);
		slot = match_hash(&r[i].match) & (size - 1);
		while (seen[slot] && memcmp(&r[seen[slot] - 1].match,
					    &r[i].match, sizeof(r[i].match)))
			slot = (slot + 1) & (size - 1);
		if (seen[slot])
			continue;
		seen[slot] = i + 1;
		r[i].score = bits_of(&r[i].match.mask) + (int)below(&seed, 24);
		i++;
	}
	qsort(r, i, sizeof(*r), by_score);
	rules->kind = kind;
	rules->n = i;
	rules->match = must(calloc(i, sizeof(*rules->match)));
	while (i--)
		rules->match[i] = r[i].match;
	free(seen);
	free(r);
}

void bench_rules_free(struct bench_rules *rules)
{
	free(rules->match);
}

/* Traces */

/* A frame that the rule is for: what the rule leaves open is at random */
static void make_key(const struct bench_rules *rules, const struct world *w,
		     u64 *seed, struct cvsw_key *key)
{
	const struct cvsw_match *m = &rules->match[below(seed, rules->n)];
	struct cvsw_match fill = {};
	int i;

	put_ip(&fill, chance(seed, 80) ? 6 : 17);
	put_prefix(fill.value.nw_src, fill.mask.nw_src, world_addr(w, seed, 0), 32);
	put_prefix(fill.value.nw_dst, fill.mask.nw_dst, world_addr(w, seed, 1), 32);
	put_port(&fill.value.tp_src, &fill.mask.tp_src,
		 (u16)(32768 + below(seed, 28232)), 16);
	put_port(&fill.value.tp_dst, &fill.mask.tp_dst, world_port(w, seed), 16);
	put_mac(fill.value.dl_src, fill.mask.dl_src, world_addr(w, seed, 0));
	put_mac(fill.value.dl_dst, fill.mask.dl_dst, world_addr(w, seed, 1));
	fill.value.in_port = (u16)(1 + below(seed, 48));
	for (i = 0; i < CVSW_KEY_WORDS; i++)
		key->word[i] = (fill.value.word[i] & ~m->mask.word[i]) |
			       m->value.word[i];
}

/* Index of a flow by Zipf's law: binary search in the running sum of 1/i */
static u32 zipf_pick(const double *sum, u32 n, u64 *seed)
{
	double x = (double)(bench_random(seed) >> 11) / 9007199254740992.0;
	u32 low = 0, high = n - 1;

	x *= sum[n - 1];
	while (low < high) {
		u32 mid = (low + high) / 2;

		if (sum[mid] < x)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct cvsw_key *bench_trace(const struct bench_rules *rules, u32 n, u32 flows,
			     bool zipf, u64 seed)
{
	struct cvsw_key *pool = must(calloc(flows, sizeof(*pool)));
	struct cvsw_key *trace = must(aligned_alloc(64, n * sizeof(*trace)));
	double *sum = must(calloc(flows, sizeof(*sum)));
	struct world w;
	u32 i;

	world_init(&w, rules->n, rules->seed);
	for (i = 0; i < flows; i++) {
		make_key(rules, &w, &seed, &pool[i]);
		sum[i] = (i ? sum[i - 1] : 0) + 1.0 / (i + 1);
	}
	for (i = 0; i < n; i++)
		trace[i] = pool[zipf ? zipf_pick(sum, flows, &seed) :
				below(&seed, flows)];
	free(sum);
	free(pool);
	return trace;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Lookups beside DPDK's: rte_acl for the table without its cache, rte_hash
 * for repeated flows.  Both sides have the same rules and the same trace, take
 * turns, and must agree on every answer.
 *
 *	bench_lookup [-n RULES,...] [-k KIND,...] [-r RUNS] [-t KEYS] [-s SEED]
 *		     [-p NONE_ABOVE]
 *
 * rte_acl takes minutes to build large sets: above NONE_ABOVE rules we run
 * alone.
 */

#include <getopt.h>
#include <unistd.h>

#include "bench.h"
#include "fcache.h"
#include "peer.h"
#include "rules.h"
#include "table.h"

#define FLOWS_MAX	65536
#define HIT_FLOWS	1000
#define HIT_KEYS	4096	/* so few that reading them is not what is measured */

struct options {
	const char	*sizes;
	const char	*kinds;
	int		runs;
	u32		keys;
	u64		seed;
	u32		none_above;
	bool		peers;
};

static void die(const char *why)
{
	fprintf(stderr, "bench_lookup: %s\n", why);
	exit(1);
}

/* Ours */

static u16 priority_of(const struct bench_rules *rules, u32 i)
{
	return (u16)(65535 - (u64)i * 65535 / rules->n);
}

/* Rule @i into the table; of equal priorities the first wins, as in the set */
static void load_rule(struct cvsw_table *table, const struct bench_rules *rules,
		      u32 i)
{
	const u64 acts = i;
	const struct cvsw_table_spec spec = {
		.match = &rules->match[i],
		.acts = &acts,
		.acts_len = sizeof(acts),
		.priority = priority_of(rules, i),
		.cookie = i,
	};

	if (cvsw_table_add(table, &spec))
		die("table is full");
}

static struct cvsw_table *load(const struct bench_rules *rules, u64 seed,
			       bool one_by_one, double *ns)
{
	struct cvsw_table *table = cvsw_table_new(rules->n, seed);
	u32 i;

	if (!table)
		die("no memory");
	*ns = bench_cpu();
	if (!one_by_one)
		cvsw_table_begin(table);
	for (i = 0; i < rules->n; i++) {
		if (one_by_one)
			cvsw_table_begin(table);
		load_rule(table, rules, i);
		if (one_by_one)
			cvsw_table_commit(table, NULL, NULL);
	}
	if (!one_by_one)
		cvsw_table_commit(table, NULL, NULL);
	*ns = bench_cpu() - *ns;
	return table;
}

static void run_table(const struct cvsw_table *table,
		      const struct cvsw_key *key, u32 n, u32 *out)
{
	u32 i;

	rcu_read_lock();
	for (i = 0; i < n; i++) {
		u64 version = cvsw_table_version(table);
		const struct cvsw_table_flow *flow;

		flow = cvsw_table_lookup(table, &key[i], 0, version);
		out[i] = flow ? (u32)cvsw_table_flow_cookie(flow) : PEER_NONE;
	}
	rcu_read_unlock();
}

static u64 run_cache(struct cvsw_fcache *cache, const struct cvsw_table *table,
		     const struct cvsw_key *key, u32 n)
{
	u64 sum = 0;
	u32 i;

	rcu_read_lock();
	for (i = 0; i < n; i++) {
		u64 version = cvsw_table_version(table);

		sum += (uintptr_t)cvsw_fcache_lookup(cache, table, &key[i],
						     version);
	}
	rcu_read_unlock();
	return sum;
}

/* One set */

/* What is measured of a set of one size */
struct result {
	double	uniform, zipf, hit, load;	/* ratios, NAN without a peer */
};

static void agree(const u32 *ours, const u32 *theirs, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		if (ours[i] == theirs[i])
			continue;
		fprintf(stderr, "key %u: we say rule %d, rte_acl %d\n", i,
			(int)ours[i], (int)theirs[i]);
		exit(1);
	}
}

static double bench_uncached(const struct options *opt, const char *set,
			     const struct cvsw_table *table,
			     struct peer_acl *acl, const struct cvsw_key *key,
			     const char *law)
{
	struct bench_series ours = {}, theirs = {};
	u32 *a = calloc(opt->keys, sizeof(u32));
	u32 *b = calloc(opt->keys, sizeof(u32));
	char name[96];
	int i;

	if (!a || !b)
		die("no memory");
	for (i = -1; i < opt->runs; i++) {	/* the first warms up */
		double t = bench_cpu(), u;

		run_table(table, key, opt->keys, a);
		u = bench_cpu();
		if (i >= 0)
			bench_put(&ours, (u - t) / opt->keys);
		if (!acl)
			continue;
		t = bench_cpu();
		peer_acl_run(acl, key, opt->keys, b);
		u = bench_cpu();
		if (i >= 0)
			bench_put(&theirs, (u - t) / opt->keys);
		agree(a, b, opt->keys);
	}
	free(a);
	free(b);
	snprintf(name, sizeof(name), "lookup/%s/%s", set, law);
	return bench_print(name, "ns", &ours, "rte_acl burst 1", &theirs);
}

static double bench_hits(const struct options *opt, const char *set,
			 const struct cvsw_table *table,
			 const struct cvsw_key *key, u32 flows)
{
	struct cvsw_fcache *cache = cvsw_fcache_new(CVSW_FCACHE_ENTRIES,
						    opt->seed);
	struct peer_hash *hash = opt->peers ?
				 peer_hash_new(key, HIT_KEYS, flows) : NULL;
	u32 j, rounds = opt->keys / HIT_KEYS + 1;
	struct bench_series ours = {}, theirs = {};
	u64 sum = 0;
	char name[96];
	int i;

	if (!cache)
		die("no memory");
	for (i = -1; i < opt->runs; i++) {
		double t = bench_cpu(), u, v;

		for (j = 0; j < rounds; j++)
			sum += run_cache(cache, table, key, HIT_KEYS);
		u = bench_cpu();
		for (j = 0; hash && j < rounds; j++)
			sum += peer_hash_run(hash, key, HIT_KEYS);
		v = bench_cpu();
		if (i < 0)
			continue;
		bench_put(&ours, (u - t) / rounds / HIT_KEYS);
		if (hash)
			bench_put(&theirs, (v - u) / rounds / HIT_KEYS);
	}
	if (!sum)
		die("nothing was found");
	cvsw_fcache_free(cache);
	peer_hash_free(hash);
	snprintf(name, sizeof(name), "hit/%s/%u-flows", set, flows);
	return bench_print(name, "ns", &ours, "rte_hash burst 1", &theirs);
}

static double bench_load(const struct options *opt, const char *set,
			 const struct bench_rules *rules, double build)
{
	struct bench_series ours = {}, theirs = {};
	int runs = opt->runs < 5 ? opt->runs : 5;
	char name[96];
	int i;

	for (i = 0; i < runs; i++) {
		double ns;

		cvsw_table_free(load(rules, opt->seed, true, &ns));
		bench_put(&ours, ns / 1e6);
	}
	if (isfinite(build))
		bench_put(&theirs, build / 1e6);
	snprintf(name, sizeof(name), "load/%s", set);
	return bench_print(name, "ms", &ours, "rte_acl build", &theirs);
}

static void bench_set(const struct options *opt, enum bench_kind kind, u32 n,
		      struct result *result)
{
	struct peer_acl *acl = NULL;
	struct cvsw_table_stats stats;
	struct cvsw_table *table;
	struct bench_rules rules;
	struct cvsw_key *key;
	double ns, build = NAN;
	char set[64];
	u32 flows;

	bench_rules_make(&rules, kind, n, opt->seed + kind);
	flows = rules.n < FLOWS_MAX ? rules.n : FLOWS_MAX;
	snprintf(set, sizeof(set), "%s/%u", bench_kind_name[kind], n);
	table = load(&rules, opt->seed, false, &ns);
	cvsw_table_expire(table, 0, NULL, NULL);
	cvsw_table_stats_get(table, &stats);
	fprintf(stderr, "%s: %u rules, %u masks in %u subtables\n", set,
		stats.flows, stats.masks, stats.subtables);
	if (opt->peers && n <= opt->none_above)
		acl = peer_acl_new(&rules, &build);
	key = bench_trace(&rules, opt->keys, flows, false, opt->seed);
	result->uniform = bench_uncached(opt, set, table, acl, key, "uniform");
	free(key);
	key = bench_trace(&rules, opt->keys, flows, true, opt->seed);
	result->zipf = bench_uncached(opt, set, table, acl, key, "zipf");
	free(key);
	key = bench_trace(&rules, HIT_KEYS, HIT_FLOWS, true, opt->seed);
	result->hit = bench_hits(opt, set, table, key, HIT_FLOWS);
	free(key);
	result->load = bench_load(opt, set, &rules, build);
	peer_acl_free(acl);
	cvsw_table_free(table);
	bench_rules_free(&rules);
}

/* All sets of one size, and their geometric means */
static void bench_size(const struct options *opt, u32 n)
{
	double ratio[4][BENCH_KINDS];
	static const char *const what[] = { "uniform", "zipf", "hit", "load" };
	struct result r;
	char name[64];
	int i, kinds = 0;

	for (i = 0; i < BENCH_KINDS; i++) {
		if (!strstr(opt->kinds, bench_kind_name[i]))
			continue;
		bench_set(opt, (enum bench_kind)i, n, &r);
		ratio[0][kinds] = r.uniform;
		ratio[1][kinds] = r.zipf;
		ratio[2][kinds] = r.hit;
		ratio[3][kinds++] = r.load;
	}
	for (i = 0; i < 4 && opt->peers; i++) {
		double mean = bench_geomean(ratio[i], kinds);

		snprintf(name, sizeof(name), "geomean/%s/%u", what[i], n);
		bench_line(name, mean, "ratio", i == 2 ? "rte_hash burst 1" :
			   i == 3 ? "rte_acl build" : "rte_acl burst 1", 1,
			   mean, opt->runs, NAN);
	}
}

int main(int argc, char **argv)
{
	struct options opt = {
		.sizes = "100,1000,10000,100000",
		.kinds = "acl,fw,ipc,of10,single",
		.runs = 9,
		.keys = 65536,
		.seed = 1,
		.none_above = 10000,
	};
	const char *size;
	int c;

	while ((c = getopt(argc, argv, "n:k:r:t:s:p:")) != -1) {
		switch (c) {
		case 'n': opt.sizes = optarg; break;
		case 'k': opt.kinds = optarg; break;
		case 'r': opt.runs = atoi(optarg); break;
		case 't': opt.keys = (u32)atoi(optarg); break;
		case 's': opt.seed = strtoull(optarg, NULL, 0); break;
		case 'p': opt.none_above = (u32)atoi(optarg); break;
		default: return 2;
		}
	}
	opt.peers = opt.none_above && peer_init();
	for (size = opt.sizes; size; size = strchr(size, ',')) {
		size += *size == ',';
		bench_size(&opt, (u32)atoi(size));
	}
	return 0;
}

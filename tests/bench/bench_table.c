// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Changing the table: flow-mods per second into a full table while a reader
 * looks up, what the reader feels of it, the time to load many flows and the
 * memory that each takes.  Every flow-mod is a transaction of its own.
 *
 *	bench_table [-n FLOWS] [-m FLOWS_TO_LOAD] [-r RUNS] [-s SEED]
 */

#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include "action.h"
#include "bench.h"
#include "fcache.h"
#include "rules.h"
#include "table.h"

#define KEYS		65536
#define READ_BATCH	32		/* lookups of one RCU section, as a worker's */
#define RUN_NS		3e8

struct options {
	u32	flows;
	u32	load;
	int	runs;
	u64	seed;
};

/* The reader and the writer, and what they have in common */
struct stage {
	struct cvsw_table	*table;
	struct cvsw_fcache	*cache;		/* NULL to do without */
	struct bench_rules	rules;
	struct cvsw_key		*key;
	u64			acts[2];	/* output:1, output:2 */
	u32			at;		/* rule of the next flow-mod */
	int			stop;
	double			ns;		/* of a lookup, the reader's answer */
	double			cpu;		/* of a flow-mod, ns */
	u64			sum;
};

static void die(const char *why)
{
	fprintf(stderr, "bench_table: %s\n", why);
	exit(1);
}

static u64 compile_output(u16 port)
{
	const struct cvsw_action output = {
		.type = CVSW_ACT_OUTPUT,
		.output.port = port,
	};
	u64 blob;

	if (cvsw_action_size(&output, 1) != sizeof(blob))
		die("size of an output action");
	cvsw_action_compile(&output, 1, &blob);
	return blob;
}

/* Flow-mods */

static u16 priority_of(const struct bench_rules *rules, u32 i)
{
	return (u16)(65535 - (u64)i * 65535 / rules->n);
}

static void do_add(struct stage *s, u32 i)
{
	const struct cvsw_table_spec spec = {
		.match = &s->rules.match[i],
		.acts = &s->acts[0],
		.acts_len = sizeof(s->acts[0]),
		.priority = priority_of(&s->rules, i),
		.cookie = i,
	};

	cvsw_table_begin(s->table);
	if (cvsw_table_add(s->table, &spec))
		die("cannot add");
	cvsw_table_commit(s->table, NULL, NULL);
}

static void do_strict(struct stage *s, u32 i, const u64 *acts)
{
	const struct cvsw_table_filter filter = {
		.match = &s->rules.match[i],
		.priority = priority_of(&s->rules, i),
		.strict = true,
	};
	int n;

	cvsw_table_begin(s->table);
	if (acts)
		n = cvsw_table_mod(s->table, &filter, acts, sizeof(*acts), i);
	else
		n = (int)cvsw_table_del(s->table, &filter);
	cvsw_table_commit(s->table, NULL, NULL);
	if (n != 1)
		die("a flow is not there");
}

/* Delete a flow, add it again and modify it: flow-mods done until time is up */
static u64 write_for(struct stage *s, double ns)
{
	double end = bench_wall() + ns, cpu = bench_cpu();
	u64 n = 0;
	int i;

	while (bench_wall() < end) {
		for (i = 0; i < 16; i++) {
			u32 at = s->at;

			s->at = (at + 7919) % s->rules.n;
			do_strict(s, at, NULL);
			do_add(s, at);
			do_strict(s, at, &s->acts[1]);
			n += 3;
		}
	}
	s->cpu = (bench_cpu() - cpu) / (double)n;
	return n;
}

/* Lookups */

static u64 read_batch(const struct stage *s, u32 from)
{
	u64 sum = 0;
	u32 i;

	rcu_read_lock();
	for (i = from; i < from + READ_BATCH; i++) {
		const struct cvsw_key *key = &s->key[i % KEYS];
		u64 version = cvsw_table_version(s->table);

		sum += (uintptr_t)(s->cache ?
				   cvsw_fcache_lookup(s->cache, s->table, key,
						      version) :
				   cvsw_table_lookup(s->table, key, 0, version));
	}
	rcu_read_unlock();
	return sum;
}

static void *reader(void *arg)
{
	struct stage *s = arg;
	double start = bench_cpu();
	u32 n = 0;

	while (!__atomic_load_n(&s->stop, __ATOMIC_ACQUIRE)) {
		s->sum += read_batch(s, n);
		n += READ_BATCH;
	}
	s->ns = (bench_cpu() - start) / n;
	return NULL;
}

/* One run of a reader, beside a writer or alone; flow-mods per second */
static double run(struct stage *s, bool write)
{
	double start = bench_wall();
	pthread_t thread;
	u64 mods = 0;

	s->stop = 0;
	if (pthread_create(&thread, NULL, reader, s))
		die("no thread");
	if (write)
		mods = write_for(s, RUN_NS);
	else
		usleep((useconds_t)(RUN_NS / 1e3));
	start = bench_wall() - start;
	__atomic_store_n(&s->stop, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	return (double)mods * 1e9 / start;
}

static void stage_init(struct stage *s, const struct options *opt, u32 n)
{
	memset(s, 0, sizeof(*s));
	bench_rules_make(&s->rules, BENCH_ACL, n, opt->seed);
	s->table = cvsw_table_new(s->rules.n, opt->seed);
	if (!s->table)
		die("no memory");
	s->acts[0] = compile_output(1);
	s->acts[1] = compile_output(2);
}

static void stage_fini(struct stage *s)
{
	cvsw_fcache_free(s->cache);
	cvsw_table_free(s->table);
	bench_rules_free(&s->rules);
	free(s->key);
}

static void bench_mods(const struct options *opt, bool cached)
{
	struct bench_series rate = {}, with = {}, alone = {}, cpu = {};
	char name[96];
	struct stage s;
	u32 i;
	int r;

	stage_init(&s, opt, opt->flows);
	for (i = 0; i < s.rules.n; i++)
		do_add(&s, i);
	s.key = bench_trace(&s.rules, KEYS, cached ? 1000 : KEYS, true,
			    opt->seed);
	if (cached)
		s.cache = cvsw_fcache_new(CVSW_FCACHE_ENTRIES, opt->seed);
	run(&s, true);
	for (r = 0; r < opt->runs; r++) {
		run(&s, false);
		bench_put(&alone, s.ns);
		bench_put(&rate, run(&s, true));
		bench_put(&with, s.ns);
		bench_put(&cpu, s.cpu);
	}
	snprintf(name, sizeof(name), "flow-mods/%u/%s-reader", opt->flows,
		 cached ? "cached" : "uncached");
	bench_print(name, "1/s", &rate, NULL, NULL);
	snprintf(name, sizeof(name), "flow-mod-cpu/%u/%s-reader", opt->flows,
		 cached ? "cached" : "uncached");
	bench_print(name, "ns", &cpu, NULL, NULL);
	snprintf(name, sizeof(name), "reader-beside-writer/%u/%s", opt->flows,
		 cached ? "cached" : "uncached");
	bench_print(name, "ns", &with, "reader alone", &alone);
	stage_fini(&s);
}

/* Bytes that malloc has given out */
static double heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)m.uordblks + (double)m.hblkhd;
}

static void bench_load(const struct options *opt)
{
	struct bench_series load = {}, bytes = {}, said = {}, look = {};
	struct cvsw_table_stats stats;
	char name[96];
	double t, h;
	struct stage s;
	u32 i;

	stage_init(&s, opt, opt->load);
	h = heap();
	t = bench_cpu();
	for (i = 0; i < s.rules.n; i++)
		do_add(&s, i);
	bench_put(&load, (bench_cpu() - t) / 1e9);
	for (i = 0; i < 2; i++)		/* what waits for readers goes */
		cvsw_table_expire(s.table, 0, NULL, NULL);
	bench_put(&bytes, (heap() - h) / s.rules.n);
	cvsw_table_stats_get(s.table, &stats);
	bench_put(&said, (double)stats.memory / s.rules.n);
	if (stats.flows != s.rules.n)
		die("flows are missing");
	s.key = bench_trace(&s.rules, KEYS, KEYS, false, opt->seed);
	t = bench_cpu();
	for (i = 0; i < KEYS; i += READ_BATCH)
		s.sum += read_batch(&s, i);
	bench_put(&look, (bench_cpu() - t) / KEYS);
	fprintf(stderr, "%u flows, %u masks, %u subtables\n", stats.flows,
		stats.masks, stats.subtables);
	snprintf(name, sizeof(name), "load/%u", opt->load);
	bench_print(name, "s", &load, NULL, NULL);
	snprintf(name, sizeof(name), "bytes-per-flow/%u", opt->load);
	bench_print(name, "B", &bytes, NULL, NULL);
	snprintf(name, sizeof(name), "bytes-per-flow-by-stats/%u", opt->load);
	bench_print(name, "B", &said, NULL, NULL);
	snprintf(name, sizeof(name), "lookup/acl/%u/uniform", opt->load);
	bench_print(name, "ns", &look, NULL, NULL);
	stage_fini(&s);
}

int main(int argc, char **argv)
{
	struct options opt = {
		.flows = 100000,
		.load = 1000000,
		.runs = 5,
		.seed = 1,
	};
	int c;

	while ((c = getopt(argc, argv, "n:m:r:s:")) != -1) {
		switch (c) {
		case 'n': opt.flows = (u32)atoi(optarg); break;
		case 'm': opt.load = (u32)atoi(optarg); break;
		case 'r': opt.runs = atoi(optarg); break;
		case 's': opt.seed = strtoull(optarg, NULL, 0); break;
		default: return 2;
		}
	}
	bench_mods(&opt, false);
	bench_mods(&opt, true);
	bench_load(&opt);
	return 0;
}

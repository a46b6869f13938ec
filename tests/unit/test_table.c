// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The flow table against its judge: random transactions, with and without
 * memory, and every answer compared; then readers beside a writer.
 */

#include "oracle.h"

#include <pthread.h>
#include <stdlib.h>

#include "fcache.h"

#define SEC	1000000000ULL

/* A table, its judge and a cache over it */
struct pair {
	struct cvsw_table	*table;
	struct cvsw_fcache	*cache;
	struct oracle		oracle;
	u64			seed;
	u64			now;
	struct cvsw_flow	*gone;		/* told by the removed call */
	u64			*gone_opts;	/* of each */
	u8			*reason;
	u32			n_gone;
	bool			starve;		/* let allocations fail */
};

static void pair_init(struct pair *p, u64 seed, u32 max_flows)
{
	memset(p, 0, sizeof(*p));
	p->table = cvsw_table_new(max_flows, seed);
	p->cache = cvsw_fcache_new(64, seed);
	assert_true(p->table && p->cache);
	oracle_init(&p->oracle, max_flows);
	p->seed = seed;
	p->now = 1000 * SEC;
}

static void pair_fini(struct pair *p)
{
	cvsw_fcache_free(p->cache);
	cvsw_table_free(p->table);
	oracle_fini(&p->oracle);
	free(p->gone);
	free(p->gone_opts);
	free(p->reason);
}

static void on_removed(void *arg, const struct cvsw_table_flow *flow,
		       enum cvsw_removed_reason reason)
{
	struct pair *p = arg;

	p->gone = realloc(p->gone, (p->n_gone + 1) * sizeof(*p->gone));
	p->gone_opts = realloc(p->gone_opts,
			       (p->n_gone + 1) * sizeof(*p->gone_opts));
	p->reason = realloc(p->reason, p->n_gone + 1);
	assert_true(p->gone && p->gone_opts && p->reason);
	p->gone_opts[p->n_gone] = cvsw_table_flow_opts(flow);
	cvsw_table_flow_get(flow, p->now, &p->gone[p->n_gone]);
	p->reason[p->n_gone++] = (u8)reason;
}

/* Every flow the judge saw removed was told, once, with its last counters */
static void check_removed(struct pair *p)
{
	struct oracle *o = &p->oracle;
	u32 i, j;

	assert_int_equal(p->n_gone, o->n_removed);
	for (i = 0; i < o->n_removed; i++) {
		const struct oracle_flow *f = &o->removed[i];

		for (j = 0; j < p->n_gone; j++)
			if (p->gone[j].cookie == f->cookie &&
			    p->gone[j].priority == f->priority &&
			    p->gone[j].packets == f->packets &&
			    p->gone[j].bytes == f->bytes &&
			    p->reason[j] == o->reason[i] &&
			    p->gone_opts[j] == f->opts &&
			    !memcmp(&p->gone[j].match, &f->match,
				    sizeof(f->match)))
				break;
		assert_true(j < p->n_gone);
		p->gone[j].cookie = ~p->gone[j].cookie;	/* taken */
	}
	p->n_gone = 0;
	o->n_removed = 0;
}

/* The whole table, through a cursor */
static void check_dump(struct pair *p)
{
	struct cvsw_table_cursor cursor;
	const struct cvsw_table_flow *flow;
	struct cvsw_table_stats stats;
	u32 n = 0;

	cvsw_table_cursor_start(p->table, &cursor);
	while ((flow = cvsw_table_cursor_peek(p->table, &cursor, NULL))) {
		struct cvsw_flow f;

		cvsw_table_flow_get(flow, p->now, &f);
		oracle_flow_is(oracle_find(&p->oracle, &f.match,
					   cvsw_table_flow_opts(flow),
					   f.priority),
			       flow, p->now);
		cvsw_table_cursor_step(p->table, &cursor);
		n++;
	}
	cvsw_table_cursor_stop(&cursor);
	assert_int_equal(n, p->oracle.n);
	cvsw_table_stats_get(p->table, &stats);
	assert_int_equal(stats.flows, n);
	assert_int_equal(stats.max_flows, p->oracle.max_flows);
}

/* Frames: both find the same flow, and count on it */
static void check_lookups(struct pair *p, u32 n)
{
	while (n--) {
		struct cvsw_table_flow *flow, *cached;
		struct oracle_flow *want;
		u64 version, opts = oracle_opts(&p->seed);
		struct cvsw_key key;

		oracle_key(&p->seed, &key);
		rcu_read_lock();
		version = cvsw_table_version(p->table);
		flow = cvsw_table_lookup(p->table, &key, opts, version);
		cached = cvsw_fcache_lookup(p->cache, p->table, &key, version);
		want = oracle_lookup(&p->oracle, &key, opts);
		oracle_flow_is(want, flow, p->now);
		if (!opts)
			assert_ptr_equal(cached, flow);
		if (flow) {
			u32 packets = test_below(&p->seed, 3);

			cvsw_table_flow_account(flow, packets, packets * 60,
						p->now);
			want->packets += packets;
			want->bytes += packets * 60;
			want->used = p->now;
		}
		rcu_read_unlock();
	}
}

static bool acts_first_is(void *arg, const void *acts)
{
	return *(const u8 *)acts == *(u8 *)arg;
}

static void random_spec(struct pair *p, struct cvsw_match *match, u8 *acts,
			struct cvsw_table_spec *spec)
{
	u64 *seed = &p->seed;
	u32 i;

	if (test_below(seed, 4) || !p->oracle.n)
		oracle_match(seed, 4, match);
	else
		*match = p->oracle.flow[test_below(seed, p->oracle.n)].match;
	*spec = (struct cvsw_table_spec){
		.match = match,
		.opts = oracle_opts(seed),
		.acts = acts,
		.acts_len = (u16)(8 * (1 + test_below(seed, 2))),
		.priority = (u16)test_below(seed, 5),
		.cookie = test_below(seed, 16),
		.created = p->now,
		.used = p->now,
		.flags = (u16)test_below(seed, 4),
	};
	for (i = 0; i < spec->acts_len; i++)
		acts[i] = (u8)test_below(seed, 3);
	if (!test_below(seed, 3))
		spec->idle_timeout = (u16)(1 + test_below(seed, 20));
	if (!test_below(seed, 3))
		spec->hard_timeout = (u16)(1 + test_below(seed, 40));
	if (!test_below(seed, 8))
		spec->packets = test_below(seed, 1000);
}

static void random_filter(struct pair *p, const struct cvsw_match *match,
			  u16 priority, u8 *first,
			  struct cvsw_table_filter *filter)
{
	u64 *seed = &p->seed;

	*filter = (struct cvsw_table_filter){ .match = match };
	if (test_below(seed, 2))
		filter->opts = oracle_opts(seed);
	if (!test_below(seed, 12))
		filter->match = NULL;
	else if (test_below(seed, 2))
		filter->strict = true;
	filter->priority = priority;
	if (!test_below(seed, 3)) {
		filter->cookie = test_below(seed, 16);
		filter->cookie_mask = test_below(seed, 2) ? 3 : ~0ULL;
	}
	if (!test_below(seed, 3)) {
		*first = (u8)test_below(seed, 3);
		filter->acts = acts_first_is;
		filter->arg = first;
	}
}

/* One operation on both; with starve, the table's may fail and then has done
 * nothing, which what follows will show */
static void random_op(struct pair *p)
{
	struct oracle *o = &p->oracle;
	struct cvsw_table_filter filter;
	struct cvsw_table_spec spec;
	struct cvsw_match match;
	u8 acts[ORACLE_ACTS], first;
	u32 what = test_below(&p->seed, 100);
	u32 fail = p->starve ? 1 + test_below(&p->seed, 6) : 0;
	int ret;

	random_spec(p, &match, acts, &spec);
	random_filter(p, &match, spec.priority, &first, &filter);
	assert_int_equal(cvsw_table_overlaps(p->table, &match, spec.opts,
					     spec.priority),
			 oracle_overlaps(o, &match, spec.opts, spec.priority));
	cvsw_alloc_fail_at(fail);
	if (what < 60) {
		ret = cvsw_table_add(p->table, &spec);
		if (!(ret == -ENOMEM && fail))
			assert_int_equal(ret, oracle_add(o, &spec));
	} else if (what < 65) {
		ret = cvsw_table_keep(p->table, &spec);
		if (!(ret == -ENOMEM && fail))
			assert_int_equal(ret, oracle_keep(o, &spec));
	} else if (what < 85) {
		ret = cvsw_table_mod(p->table, &filter, acts, spec.acts_len,
				     spec.cookie);
		if (!(ret == -ENOMEM && fail))
			assert_int_equal(ret, oracle_mod(o, &filter, acts,
							 spec.acts_len,
							 spec.cookie));
	} else {
		assert_int_equal(cvsw_table_del(p->table, &filter),
				 oracle_del(o, &filter));
	}
	cvsw_alloc_fail_at(0);
}

static void random_transaction(struct pair *p)
{
	u32 n = test_below(&p->seed, 8) ? 1 : test_below(&p->seed, 10);

	cvsw_table_begin(p->table);
	oracle_begin(&p->oracle);
	while (n--)
		random_op(p);
	if (!test_below(&p->seed, 200))
		assert_int_equal(cvsw_table_del_unkept(p->table),
				 oracle_del_unkept(&p->oracle));
	if (test_below(&p->seed, 8)) {
		cvsw_table_commit(p->table, on_removed, p);
		oracle_commit(&p->oracle);
	} else {
		cvsw_table_rollback(p->table);
		oracle_rollback(&p->oracle);
	}
	check_removed(p);
}

static void random_walk(u32 transactions, u32 max_flows, bool starve)
{
	struct pair p;
	u32 i;

	pair_init(&p, test_seed(), max_flows);
	p.starve = starve;
	for (i = 0; i < transactions; i++) {
		p.now += test_below(&p.seed, 3) * SEC / 4;
		random_transaction(&p);
		check_lookups(&p, 3);
		if (!test_below(&p.seed, 20)) {
			oracle_expire(&p.oracle, p.now);
			cvsw_table_expire(p.table, p.now, on_removed, &p);
			check_removed(&p);
		}
		if (!test_below(&p.seed, 40))
			check_dump(&p);
	}
	check_dump(&p);
	pair_fini(&p);
}

static void test_random(void **state)
{
	(void)state;
	random_walk(6000, 100000, false);
}

static void test_random_full(void **state)
{
	(void)state;
	random_walk(2000, 20, false);
}

static void test_random_starved(void **state)
{
	(void)state;
	random_walk(3000, 1000, true);
}

/* Allocation failure, one at a time */

/* A short history; any step may fail once and is then tried again */
static void history(struct cvsw_table *table, u64 seed)
{
	u32 i;

	for (i = 0; i < 60; i++) {
		struct cvsw_table_filter filter = { .strict = false };
		struct cvsw_table_spec spec = { .acts_len = 8 };
		struct cvsw_match match;
		u64 acts = i;
		int ret;

		oracle_match(&seed, 4, &match);
		spec.match = &match;
		spec.acts = &acts;
		filter.match = &match;
		cvsw_table_begin(table);
		ret = cvsw_table_add(table, &spec);
		if (ret)
			assert_int_equal(cvsw_table_add(table, &spec), 0);
		ret = cvsw_table_mod(table, &filter, &acts, 8, i);
		if (ret < 0)
			ret = cvsw_table_mod(table, &filter, &acts, 8, i);
		assert_true(ret > 0);
		cvsw_table_commit(table, NULL, NULL);
	}
}

static void test_every_allocation_fails(void **state)
{
	const struct cvsw_table_filter all = { .strict = false };
	u64 seed = test_seed();
	unsigned long n, asked;
	u32 flows = 0;

	(void)state;
	for (n = 0;; n++) {
		struct cvsw_table *table;
		struct cvsw_table_stats stats;

		cvsw_alloc_fail_at(n);
		table = cvsw_table_new(1000, seed);
		if (!table)
			continue;
		history(table, seed);
		asked = cvsw_alloc_count();
		cvsw_alloc_fail_at(0);
		cvsw_table_stats_get(table, &stats);
		if (!n)
			flows = stats.flows;
		assert_int_equal(stats.flows, flows);
		cvsw_table_begin(table);
		assert_int_equal(cvsw_table_del(table, &all), flows);
		cvsw_table_commit(table, NULL, NULL);
		cvsw_table_free(table);
		if (n > asked)
			break;
	}
	assert_true(n > 100);
}

/* Readers beside a writer */

#define CROWD_KEYS	32
#define CROWD_ROUNDS	100
#define CROWD_CHURN	40

struct crowd {
	struct cvsw_table	*table;
	int			stop;
	int			bad;
	u64			looks;
};

/* All the keys at one version: are they all sent the same way, and not the
 * way of an older version than before? */
static bool crowd_look(struct crowd *c, struct cvsw_fcache *cache, u64 *last)
{
	u64 version = cvsw_table_version(c->table), way = 0;
	u32 i;

	for (i = 0; i < CROWD_KEYS; i++) {
		struct cvsw_key key = flow_key_dst(200, (u8)i);
		struct cvsw_table_flow *flow;

		flow = i & 1 ? cvsw_table_lookup(c->table, &key, 0, version) :
			       cvsw_fcache_lookup(cache, c->table, &key, version);
		if (!flow)
			return false;
		if (i && way != *(const u64 *)cvsw_table_flow_acts(flow))
			return false;
		way = *(const u64 *)cvsw_table_flow_acts(flow);
		cvsw_table_flow_account(flow, 1, 60, 0);
	}
	if (way < *last)
		return false;
	*last = way;
	return true;
}

static void *crowd_reader(void *arg)
{
	struct crowd *c = arg;
	struct cvsw_fcache *cache = cvsw_fcache_new(64, 7);
	bool fine = cache != NULL;
	u64 looks = 0, last = 0;

	while (fine && !__atomic_load_n(&c->stop, __ATOMIC_ACQUIRE)) {
		rcu_read_lock();
		fine = crowd_look(c, cache, &last);
		rcu_read_unlock();
		looks++;
	}
	cvsw_fcache_free(cache);
	__atomic_fetch_add(&c->looks, looks, __ATOMIC_RELAXED);
	__atomic_fetch_add(&c->bad, !fine, __ATOMIC_RELAXED);
	return NULL;
}

/* Turn all the keys at once, and stir the rest of the table */
static void crowd_write(struct crowd *c, u64 *seed, u64 way)
{
	struct cvsw_match all = flow_match_dst(200, 0, 1), m;
	const struct cvsw_table_filter turn = { .match = &all };
	u32 i;

	cvsw_table_begin(c->table);
	assert_int_equal(cvsw_table_mod(c->table, &turn, &way, 8, way),
			 CROWD_KEYS);
	cvsw_table_commit(c->table, NULL, NULL);
	for (i = 0; i < CROWD_CHURN; i++) {
		const struct cvsw_table_filter del = { .match = &m };
		const struct cvsw_table_spec spec = {
			.match = &m, .acts = "churn", .acts_len = 5,
		};

		oracle_match(seed, 5, &m);
		m.mask.nw_dst[0] = 0xff;
		m.value.nw_dst[0] = (u8)test_below(seed, 200);
		cvsw_table_begin(c->table);
		if (test_below(seed, 20))
			assert_int_equal(cvsw_table_add(c->table, &spec), 0);
		else
			cvsw_table_del(c->table, &del);
		if (test_below(seed, 10))
			cvsw_table_commit(c->table, NULL, NULL);
		else
			cvsw_table_rollback(c->table);
	}
}

static void test_crowd(void **state)
{
	struct crowd c = { .table = cvsw_table_new(100000, 1) };
	struct cvsw_table_stats stats;
	u64 seed = test_seed();
	pthread_t reader[2];
	u64 packets = 0;
	u32 i;

	(void)state;
	for (i = 0; i < CROWD_KEYS; i++) {
		struct cvsw_match m = flow_match_dst(200, (u8)i, 2);

		flow_add_one(c.table, &m, 1, 0);
	}
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&reader[i], NULL, crowd_reader,
						&c), 0);
	for (i = 1; i <= CROWD_ROUNDS; i++)
		crowd_write(&c, &seed, i);
	__atomic_store_n(&c.stop, 1, __ATOMIC_RELEASE);
	for (i = 0; i < 2; i++)
		pthread_join(reader[i], NULL);
	assert_int_equal(c.bad, 0);
	cvsw_table_expire(c.table, 0, NULL, NULL);
	for (i = 0; i < CROWD_KEYS; i++) {	/* no count got lost */
		struct cvsw_flow f;

		cvsw_table_flow_get(flow_look(c.table, 200, (u8)i), 0, &f);
		packets += f.packets;
	}
	assert_true(packets == c.looks * CROWD_KEYS);
	cvsw_table_stats_get(c.table, &stats);
	assert_true(stats.flows > CROWD_KEYS && stats.subtables > 1);
	cvsw_table_free(c.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_full),
		cmocka_unit_test(test_random_starved),
		cmocka_unit_test(test_every_allocation_fails),
		cmocka_unit_test(test_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "oracle.h"

#include <arpa/inet.h>
#include <stdlib.h>

#define SEC	1000000000ULL
#define BYTES	sizeof(struct cvsw_key)

/* Matches, byte by byte */

static const u8 *value_of(const struct cvsw_match *m)
{
	return (const u8 *)&m->value;
}

static const u8 *mask_of(const struct cvsw_match *m)
{
	return (const u8 *)&m->mask;
}

static bool match_hits(const struct cvsw_match *m, const struct cvsw_key *key)
{
	const u8 *k = (const u8 *)key;
	size_t i;

	for (i = 0; i < BYTES; i++)
		if ((k[i] & mask_of(m)[i]) != value_of(m)[i])
			return false;
	return true;
}

static bool match_covers(const struct cvsw_match *wide,
			 const struct cvsw_match *narrow)
{
	size_t i;

	for (i = 0; i < BYTES; i++) {
		if (mask_of(wide)[i] & ~mask_of(narrow)[i])
			return false;
		if ((value_of(narrow)[i] & mask_of(wide)[i]) != value_of(wide)[i])
			return false;
	}
	return true;
}

static bool match_overlaps(const struct cvsw_match *a,
			   const struct cvsw_match *b)
{
	size_t i;

	for (i = 0; i < BYTES; i++) {
		u8 both = mask_of(a)[i] & mask_of(b)[i];

		if ((value_of(a)[i] ^ value_of(b)[i]) & both)
			return false;
	}
	return true;
}

static bool match_same(const struct cvsw_match *a, const struct cvsw_match *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Options, one by one: is each of @wanted there? */

static bool opts_hit(u64 wanted, u64 there)
{
	int i;

	for (i = 0; i < 64; i++)
		if (wanted >> i & 1 && !(there >> i & 1))
			return false;
	return true;
}

/* Life */

void oracle_init(struct oracle *o, u32 max_flows)
{
	memset(o, 0, sizeof(*o));
	o->max_flows = max_flows;
}

void oracle_fini(struct oracle *o)
{
	free(o->flow);
	free(o->saved);
	free(o->removed);
	free(o->reason);
}

void oracle_begin(struct oracle *o)
{
	o->serial++;
	free(o->saved);
	o->n_saved = o->n;
	o->saved = malloc((o->n + 1) * sizeof(*o->saved));
	assert_non_null(o->saved);
	if (o->n)
		memcpy(o->saved, o->flow, o->n * sizeof(*o->flow));
	o->n_removed = 0;
}

void oracle_commit(struct oracle *o)
{
	o->n_saved = 0;
}

void oracle_rollback(struct oracle *o)
{
	struct oracle_flow *now = o->flow;

	o->flow = o->saved;
	o->n = o->n_saved;
	o->saved = now;
	o->n_removed = 0;
}

/* Operations */

struct oracle_flow *oracle_find(const struct oracle *o,
				const struct cvsw_match *match, u64 opts,
				u16 priority)
{
	u32 i;

	for (i = 0; i < o->n; i++)
		if (o->flow[i].priority == priority &&
		    o->flow[i].opts == opts &&
		    match_same(&o->flow[i].match, match))
			return &o->flow[i];
	return NULL;
}

struct oracle_flow *oracle_lookup(const struct oracle *o,
				  const struct cvsw_key *key, u64 opts)
{
	struct oracle_flow *best = NULL;
	u32 i;

	for (i = 0; i < o->n; i++) {
		struct oracle_flow *f = &o->flow[i];

		if (!match_hits(&f->match, key) || !opts_hit(f->opts, opts))
			continue;
		if (!best || f->priority > best->priority ||
		    (f->priority == best->priority && f->order < best->order))
			best = f;
	}
	return best;
}

static void acts_set(struct oracle_flow *f, const void *acts, u16 len)
{
	assert_true(len <= ORACLE_ACTS);
	f->acts_len = len;
	memset(f->acts, 0, sizeof(f->acts));
	memcpy(f->acts, acts, len);
}

int oracle_add(struct oracle *o, const struct cvsw_table_spec *spec)
{
	struct oracle_flow *f = oracle_find(o, spec->match, spec->opts,
					    spec->priority);
	u64 order = f ? f->order : o->order++;

	if (!f && o->n >= o->max_flows)
		return -ENOSPC;
	if (!f) {
		o->flow = realloc(o->flow, (o->n + 1) * sizeof(*f));
		assert_non_null(o->flow);
		f = &o->flow[o->n++];
	}
	memset(f, 0, sizeof(*f));
	f->match = *spec->match;
	f->opts = spec->opts;
	f->cookie = spec->cookie;
	f->created = spec->created;
	f->used = spec->used;
	f->packets = spec->packets;
	f->bytes = spec->bytes;
	f->order = order;
	f->priority = spec->priority;
	f->idle_timeout = spec->idle_timeout;
	f->hard_timeout = spec->hard_timeout;
	f->flags = spec->flags & CVSW_FLOW_F_SEND_REM;
	f->mark = o->serial;
	acts_set(f, spec->acts, spec->acts_len);
	return 0;
}

int oracle_keep(struct oracle *o, const struct cvsw_table_spec *spec)
{
	struct oracle_flow *f = oracle_find(o, spec->match, spec->opts,
					    spec->priority);

	if (!f || f->cookie != spec->cookie ||
	    f->idle_timeout != spec->idle_timeout ||
	    f->hard_timeout != spec->hard_timeout ||
	    f->flags != (spec->flags & CVSW_FLOW_F_SEND_REM) ||
	    f->acts_len != spec->acts_len ||
	    memcmp(f->acts, spec->acts, spec->acts_len))
		return oracle_add(o, spec);
	f->mark = o->serial;
	return 0;
}

static bool selects(const struct cvsw_table_filter *filter,
		    const struct oracle_flow *f)
{
	if ((f->cookie & filter->cookie_mask) !=
	    (filter->cookie & filter->cookie_mask))
		return false;
	if (filter->strict ? f->opts != filter->opts :
			     !opts_hit(filter->opts, f->opts))
		return false;
	if (filter->strict && (f->priority != filter->priority ||
			       !match_same(filter->match, &f->match)))
		return false;
	if (!filter->strict && filter->match &&
	    !match_covers(filter->match, &f->match))
		return false;
	return !filter->acts || filter->acts(filter->arg, f->acts);
}

int oracle_mod(struct oracle *o, const struct cvsw_table_filter *filter,
	       const void *acts, u16 acts_len, u64 cookie)
{
	int n = 0;
	u32 i;

	for (i = 0; i < o->n; i++) {
		if (!selects(filter, &o->flow[i]))
			continue;
		acts_set(&o->flow[i], acts, acts_len);
		o->flow[i].cookie = cookie;
		n++;
	}
	return n;
}

static void drop(struct oracle *o, u32 i, u8 reason)
{
	o->removed = realloc(o->removed,
			     (o->n_removed + 1) * sizeof(*o->removed));
	o->reason = realloc(o->reason, o->n_removed + 1);
	assert_true(o->removed && o->reason);
	o->removed[o->n_removed] = o->flow[i];
	o->reason[o->n_removed++] = reason;
	memmove(&o->flow[i], &o->flow[i + 1], (o->n - i - 1) * sizeof(*o->flow));
	o->n--;
}

u32 oracle_del(struct oracle *o, const struct cvsw_table_filter *filter)
{
	u32 i, n = 0;

	for (i = 0; i < o->n;) {
		if (!selects(filter, &o->flow[i])) {
			i++;
			continue;
		}
		drop(o, i, CVSW_REMOVED_DELETE);
		n++;
	}
	return n;
}

u32 oracle_del_unkept(struct oracle *o)
{
	u32 i, n = 0;

	for (i = 0; i < o->n;) {
		if (o->flow[i].mark == o->serial) {
			i++;
			continue;
		}
		drop(o, i, CVSW_REMOVED_DELETE);
		n++;
	}
	return n;
}

bool oracle_overlaps(const struct oracle *o, const struct cvsw_match *match,
		     u64 opts, u16 priority)
{
	u32 i;

	for (i = 0; i < o->n; i++)
		if (o->flow[i].priority == priority &&
		    !(match_same(&o->flow[i].match, match) &&
		      o->flow[i].opts == opts) &&
		    match_overlaps(&o->flow[i].match, match))
			return true;
	return false;
}

void oracle_expire(struct oracle *o, u64 now)
{
	u32 i;

	oracle_begin(o);
	for (i = 0; i < o->n;) {
		const struct oracle_flow *f = &o->flow[i];

		if (f->hard_timeout && now >= f->created + f->hard_timeout * SEC)
			drop(o, i, CVSW_REMOVED_HARD);
		else if (f->idle_timeout && now >= f->used + f->idle_timeout * SEC)
			drop(o, i, CVSW_REMOVED_IDLE);
		else
			i++;
	}
}

void oracle_flow_is(const struct oracle_flow *want,
		    const struct cvsw_table_flow *flow, u64 now)
{
	struct cvsw_flow got;

	if (!want) {
		assert_null(flow);
		return;
	}
	assert_non_null(flow);
	cvsw_table_flow_get(flow, now, &got);
	assert_memory_equal(&got.match, &want->match, sizeof(got.match));
	assert_true(cvsw_table_flow_opts(flow) == want->opts);
	assert_int_equal(got.priority, want->priority);
	assert_true(got.cookie == want->cookie);
	assert_true(got.packets == want->packets);
	assert_true(got.bytes == want->bytes);
	assert_true(got.age_ns == now - want->created);
	assert_true(got.idle_ns == now - want->used);
	assert_int_equal(got.idle_timeout, want->idle_timeout);
	assert_int_equal(got.hard_timeout, want->hard_timeout);
	assert_int_equal(got.flags, want->flags);
	assert_int_equal(cvsw_table_flow_acts_len(flow), want->acts_len);
	assert_memory_equal(cvsw_table_flow_acts(flow), want->acts,
			    want->acts_len);
}

/* The small world: IPv4 and IPv6, few ports, addresses that share prefixes */

static void prefix(u8 *mask, u32 bits)
{
	u32 i;

	for (i = 0; i < bits; i++)
		mask[i / 8] |= (u8)(0x80 >> i % 8);
}

static void random_addr(u64 *seed, u8 *addr, u32 len)
{
	u32 i;

	memset(addr, 0, 16);
	for (i = 0; i < len; i++)
		addr[i] = (u8)(test_below(seed, 3) << (test_below(seed, 2) * 6));
}

void oracle_key(u64 *seed, struct cvsw_key *key)
{
	bool v6 = !test_below(seed, 4);
	u32 len = v6 ? 16 : 4;

	memset(key, 0, sizeof(*key));
	key->in_port = (u16)(1 + test_below(seed, 3));
	if (!test_below(seed, 3))
		key->vlan_tci = (u16)(CVSW_VLAN_PRESENT | test_below(seed, 3));
	key->dl_type = htons(v6 ? 0x86dd : 0x0800);
	key->nw_proto = test_below(seed, 2) ? 6 : 17;
	key->nw_tos = (u8)(test_below(seed, 2) << 2);
	key->dl_dst[5] = (u8)test_below(seed, 3);
	key->dl_src[5] = (u8)test_below(seed, 3);
	key->tp_src = htons((u16)(1024 + test_below(seed, 3)));
	key->tp_dst = htons((u16)(80 + test_below(seed, 4)));
	random_addr(seed, key->nw_src, len);
	random_addr(seed, key->nw_dst, len);
	key->tun_id = test_below(seed, 8) ? 0 : htobe64(test_below(seed, 3));
}

u64 oracle_opts(u64 *seed)
{
	u64 opts = 0;

	while (!test_below(seed, 3))
		opts |= 1ULL << 21 * test_below(seed, 4);
	return opts;
}

static void fix_field(u64 *seed, struct cvsw_key *mask)
{
	bool v6 = test_below(seed, 4) == 0;
	u32 bits = test_below(seed, v6 ? 129 : 33);

	switch (test_below(seed, 12)) {
	case 0: mask->in_port = 0xffff; break;
	case 1: mask->vlan_tci = 0xffff; break;
	case 2: mask->nw_tos = 0xfc; break;
	case 3: memset(mask->dl_dst, 0xff, 6); break;
	case 4: memset(mask->dl_src, 0xff, 6); break;
	case 5: mask->nw_proto = 0xff; mask->tp_src = 0xffff; break;
	case 6: mask->nw_proto = 0xff; mask->tp_dst = 0xffff; break;
	case 7: mask->nw_proto = 0xff; mask->tp_dst = htons(0xfffe); break;
	case 8: mask->tun_id = ~(__be64)0; break;
	case 9: mask->nw_proto = 0xff; break;
	case 10: memset(mask->nw_src, 0, 16); prefix(mask->nw_src, bits); break;
	case 11: memset(mask->nw_dst, 0, 16); prefix(mask->nw_dst, bits); break;
	}
	mask->dl_type = 0xffff;
}

void oracle_match(u64 *seed, unsigned int fields, struct cvsw_match *match)
{
	u8 *v = (u8 *)&match->value;
	size_t i;
	u32 n;

	memset(match, 0, sizeof(*match));
	oracle_key(seed, &match->value);
	for (n = test_below(seed, fields + 1); n; n--)
		fix_field(seed, &match->mask);
	for (i = 0; i < BYTES; i++)
		v[i] &= mask_of(match)[i];
}

/* Flows with IPv4 destinations */

struct cvsw_match flow_match_dst(u8 a, u8 b, u32 bytes)
{
	struct cvsw_match m = {};

	m.value.dl_type = cpu_to_be16(0x0800);
	m.mask.dl_type = cpu_to_be16(0xffff);
	m.value.nw_dst[0] = a;
	m.value.nw_dst[1] = bytes > 1 ? b : 0;
	memset(m.mask.nw_dst, 0xff, bytes);
	return m;
}

struct cvsw_key flow_key_dst(u8 a, u8 b)
{
	struct cvsw_key key = { .in_port = 1 };

	key.dl_type = cpu_to_be16(0x0800);
	key.nw_dst[0] = a;
	key.nw_dst[1] = b;
	return key;
}

int flow_add_one(struct cvsw_table *table, const struct cvsw_match *match,
		   u16 priority, u64 cookie)
{
	const struct cvsw_table_spec spec = {
		.match = match,
		.acts = &cookie,
		.acts_len = sizeof(cookie),
		.priority = priority,
		.cookie = cookie,
		.flags = CVSW_FLOW_F_SEND_REM | CVSW_FLOW_F_CHECK_OVERLAP,
	};
	int ret;

	cvsw_table_begin(table);
	ret = cvsw_table_add(table, &spec);
	if (ret)
		cvsw_table_rollback(table);
	else
		cvsw_table_commit(table, NULL, NULL);
	return ret;
}

struct cvsw_table_flow *flow_look(struct cvsw_table *table, u8 a, u8 b)
{
	struct cvsw_key key = flow_key_dst(a, b);
	struct cvsw_table_flow *flow;

	rcu_read_lock();
	flow = cvsw_table_lookup(table, &key, 0, cvsw_table_version(table));
	rcu_read_unlock();
	return flow;
}

u64 flow_look_cookie(struct cvsw_table *table, u8 a, u8 b)
{
	struct cvsw_table_flow *flow = flow_look(table, a, b);

	return flow ? cvsw_table_flow_cookie(flow) : 0;
}

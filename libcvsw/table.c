// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The flow table: its life, its readers, and what becomes of transactions and
 * of the flows that they remove.  See table.h.
 */

#include "table_impl.h"

/* Removed flows that are retired together: so many, and one for so many flows
 * in the table.  Enough that a grace period, which may take 10 ms, costs little
 * for each, and few enough that their memory does not matter */
#define TABLE_DEAD_MAX		4096
#define TABLE_DEAD_SHARE	4

/* Bytes of replaced lookup structures that are worth a grace period */
#define TABLE_RETIRED_MAX	(4u << 20)

/* Life */

struct cvsw_table *cvsw_table_new(u32 max_flows, u64 seed)
{
	struct cvsw_table *table = kvzalloc(sizeof(*table), GFP_KERNEL);

	if (!table)
		return NULL;
	table->cls = cvsw_cls_new(seed);
	if (!table->cls) {
		kvfree(table);
		return NULL;
	}
	cvsw_stamps_init(&table->stamps, seed);
	INIT_LIST_HEAD(&table->timed);
	INIT_LIST_HEAD(&table->untimed);
	table->version = 2;	/* 1 is for what is undone, 0 for what is swept */
	table->empty = table->version;
	table->max_flows = max_flows;
	table->due = ~0ULL;
	table->dead_end = &table->dead;
	table->seed = seed;
	return table;
}

void cvsw_table_own(struct cvsw_table *table,
		    const struct cvsw_table_owner *owner, void *arg)
{
	table->owner = owner;
	table->owner_arg = arg;
}

void cvsw_table_flow_free(struct cvsw_table *table,
			  struct cvsw_table_flow *flow)
{
	cvsw_table_drop(table, flow);
	table->bytes -= (u64)flow->acts_off + flow->acts_len;
	cvsw_cls_mask_drop(table->cls, flow->rule.mask);
	kfree(flow);
}

static void table_free_list(struct cvsw_table *table, struct list_head *list)
{
	struct cvsw_table_node *node, *next;

	list_for_each_entry_safe(node, next, list, link)
		if (!node->is_cursor)
			cvsw_table_flow_free(table,
					     container_of(node, struct cvsw_table_flow, node));
}

static void table_free_chain(struct cvsw_table *table,
			     struct cvsw_table_flow *flow)
{
	struct cvsw_table_flow *next;

	for (; flow; flow = next) {
		next = flow->pending;
		cvsw_table_flow_free(table, flow);
	}
}

void cvsw_table_free(struct cvsw_table *table)
{
	if (!table)
		return;
	table_free_chain(table, table->dead);
	table_free_chain(table, table->unlinked);
	table_free_list(table, &table->timed);
	table_free_list(table, &table->untimed);
	cvsw_cls_free(table->cls);
	kvfree(table);
}

u64 cvsw_table_seed(const struct cvsw_table *table)
{
	return table->seed;
}

/* Readers */

struct cvsw_table_flow *cvsw_table_lookup(const struct cvsw_table *table,
					  const struct cvsw_key *key, u64 opts,
					  u64 version)
{
	struct cvsw_cls_rule *rule = cvsw_cls_lookup(table->cls, key, opts,
						     version);

	return rule ? cvsw_table_flow_of(rule) : NULL;
}

bool cvsw_table_holds(const struct cvsw_table *table,
		      const struct cvsw_key *key,
		      const struct cvsw_table_flow *flow, u64 then,
		      u64 version)
{
	if (then > version)
		return false;
	if (flow && (then < smp_load_acquire(&table->reaped) ||
		     version >= READ_ONCE(flow->rule.removed)))
		return false;
	return !cvsw_stamps_since(&table->stamps, key, then);
}

void cvsw_table_flow_account(struct cvsw_table_flow *flow, u64 packets,
			     u64 bytes, u64 now)
{
	atomic64_add((s64)packets, &flow->packets);
	atomic64_add((s64)bytes, &flow->bytes);
	atomic64_set(&flow->used, (s64)now);
}

u64 cvsw_table_flow_used(const struct cvsw_table_flow *flow)
{
	u64 used = 0;

	for (; flow; flow = READ_ONCE(flow->ancestor))
		used = max_t(u64, used, (u64)atomic64_read(&flow->used));
	return used;
}

static u64 flow_age(u64 since, u64 now)
{
	return now > since ? now - since : 0;
}

void cvsw_table_flow_get(const struct cvsw_table_flow *flow, u64 now,
			 struct cvsw_flow *out)
{
	const struct cvsw_table_flow *f;

	memset(out, 0, sizeof(*out));
	cvsw_cls_rule_match(&flow->rule, &out->match);
	out->cookie = flow->cookie;
	for (f = flow; f; f = READ_ONCE(f->ancestor)) {
		out->packets += (u64)atomic64_read(&f->packets);
		out->bytes += (u64)atomic64_read(&f->bytes);
	}
	out->age_ns = flow_age(flow->created, now);
	out->idle_ns = flow_age(cvsw_table_flow_used(flow), now);
	out->priority = cvsw_table_flow_priority(flow);
	out->idle_timeout = flow->node.idle_timeout;
	out->hard_timeout = flow->node.hard_timeout;
	out->flags = flow->node.flags;
}

/* The retired */

static void table_retire(struct cvsw_table *table, struct cvsw_table_flow *flow)
{
	flow->pending = NULL;
	*table->dead_end = flow;
	table->dead_end = &flow->pending;
	table->n_dead++;
}

/* @flow was in use at @used, if not later; workers may write it too */
static void flow_used_raise(struct cvsw_table_flow *flow, s64 used)
{
	s64 old;

	do {
		old = atomic64_read(&flow->used);
	} while (old < used && atomic64_cmpxchg(&flow->used, old, used) != old);
}

/* What a flow counted goes to the one that took its place */
static void flow_bequeath(struct cvsw_table_flow *flow)
{
	struct cvsw_table_flow *heir = flow->node.heir;

	if (!heir)
		return;
	atomic64_add(atomic64_read(&flow->packets), &heir->packets);
	atomic64_add(atomic64_read(&flow->bytes), &heir->bytes);
	flow_used_raise(heir, atomic64_read(&flow->used));
	WRITE_ONCE(heir->ancestor, NULL);
}

/*
 * One grace period serves two batches.  After it no reader is at a version
 * that shows the dead, which are then unlinked, and none holds those that were
 * unlinked the last time, which are freed.
 */
void cvsw_table_reap(struct cvsw_table *table)
{
	struct cvsw_table_flow *flow;

	if (!table->dead && !table->unlinked && !cvsw_cls_retired(table->cls))
		return;
	synchronize_rcu();
	table_free_chain(table, table->unlinked);
	cvsw_cls_reclaim(table->cls);
	smp_store_release(&table->reaped, table->version);
	for (flow = table->dead; flow; flow = flow->pending) {
		cvsw_cls_sweep(table->cls, &flow->rule, table->version);
		flow_bequeath(flow);
	}
	table->unlinked = table->dead;
	table->dead = NULL;
	table->dead_end = &table->dead;
	table->n_dead = 0;
}

void cvsw_table_reclaim(struct cvsw_table *table)
{
	cvsw_table_reap(table);
	cvsw_table_reap(table);
}

static void table_reap_many(struct cvsw_table *table)
{
	if (table->n_dead > TABLE_DEAD_MAX + table->flows / TABLE_DEAD_SHARE ||
	    cvsw_cls_retired(table->cls) > TABLE_RETIRED_MAX)
		cvsw_table_reap(table);
}

/* Transactions */

static void table_forget_marks(struct list_head *list)
{
	struct cvsw_table_node *node;

	list_for_each_entry(node, list, link)
		if (!node->is_cursor)
			container_of(node, struct cvsw_table_flow,
				     node)->mark = 0;
}

void cvsw_table_begin(struct cvsw_table *table)
{
	if (++table->serial)
		return;
	/* all numbers have been in use: none of them may look kept */
	table->serial = 1;
	table_forget_marks(&table->timed);
	table_forget_marks(&table->untimed);
}

/* The pending flows in the order they came */
static struct cvsw_table_flow *table_pending(struct cvsw_table *table)
{
	struct cvsw_table_flow *flow, *list = NULL;

	while ((flow = table->pending)) {
		table->pending = flow->pending;
		flow->pending = list;
		list = flow;
	}
	return list;
}

static void table_stamp(struct cvsw_table *table,
			const struct cvsw_table_flow *flow)
{
	struct cvsw_match match;

	if (!cvsw_table_flow_there(flow) || cvsw_table_flow_opts(flow) ||
	    !(flow->node.state & CVSW_FLOW_S_FRESH))
		return;
	cvsw_cls_rule_match(&flow->rule, &match);
	cvsw_stamps_set(&table->stamps, &match, cvsw_table_next(table));
}

/* What is left to do with a pending flow once its version is out */
static void table_settle(struct cvsw_table *table, struct cvsw_table_flow *flow,
			 cvsw_table_removed_fn removed, void *arg)
{
	u8 state = flow->node.state;

	flow->node.state &= (u8)~CVSW_FLOW_S_FRESH;
	if (flow->ancestor && flow->rule.added == table->version)
		flow->ancestor->node.heir = flow;
	if (cvsw_table_flow_there(flow))
		return;
	list_del(&flow->node.link);
	flow->node.heir = NULL;
	if (removed && !(state & CVSW_FLOW_S_REPLACED))
		removed(arg, flow, state & CVSW_FLOW_S_REASON);
	table_retire(table, flow);
}

/* Is a flow among those in @list whose removal somebody wants to know of? */
static bool table_tells(const struct cvsw_table_flow *list)
{
	for (; list; list = list->pending)
		if (!cvsw_table_flow_there(list) &&
		    !(list->node.state & CVSW_FLOW_S_REPLACED) &&
		    list->node.flags & CVSW_FLOW_F_SEND_REM)
			return true;
	return false;
}

void cvsw_table_commit(struct cvsw_table *table, cvsw_table_removed_fn removed,
		       void *arg)
{
	struct cvsw_table_flow *flow, *next, *list = table_pending(table);

	if (!list)
		return;
	for (flow = list; flow; flow = flow->pending)
		table_stamp(table, flow);
	if (!table->flows)
		WRITE_ONCE(table->empty, cvsw_table_next(table));
	smp_store_release(&table->version, cvsw_table_next(table));
	if (removed && table_tells(list))
		synchronize_rcu();	/* who matched it has counted it */
	for (flow = list; flow; flow = next) {
		next = flow->pending;
		table_settle(table, flow, removed, arg);
	}
	table_reap_many(table);
}

/* Take back the adding of a flow: no version has shown it */
static void table_undo_add(struct cvsw_table *table,
			   struct cvsw_table_flow *flow)
{
	struct cvsw_table_flow *old = flow->ancestor;

	if (old && old->rule.added == cvsw_table_next(table)) {
		WRITE_ONCE(old->rule.removed, CVSW_VERSION_NEVER);
		old->node.state &= CVSW_FLOW_S_FRESH;
		table->flows++;
	}
	WRITE_ONCE(flow->rule.added, CVSW_VERSION_NEVER);
	table->flows -= cvsw_table_flow_there(flow);
	WRITE_ONCE(flow->rule.removed, 1);
	cvsw_cls_sweep(table->cls, &flow->rule, 1);
	list_del(&flow->node.link);
	flow->node.heir = NULL;
	flow->ancestor = NULL;
	cvsw_table_drop(table, flow);
	flow->node.state |= CVSW_FLOW_S_UNDONE;
	table_retire(table, flow);
}

void cvsw_table_undo(struct cvsw_table *table, struct cvsw_table_flow *mark)
{
	struct cvsw_table_flow *flow;

	while ((flow = table->pending) != mark) {
		table->pending = flow->pending;
		if (flow->rule.added == cvsw_table_next(table)) {
			table_undo_add(table, flow);
			continue;
		}
		WRITE_ONCE(flow->rule.removed, CVSW_VERSION_NEVER);
		flow->node.state = 0;
		table->flows++;
	}
}

void cvsw_table_rollback(struct cvsw_table *table)
{
	cvsw_table_undo(table, NULL);
	table_reap_many(table);
}

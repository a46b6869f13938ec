// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The flow table: what a transaction is made of.  See table.h. */

#include "table_impl.h"
#include "match.h"

#define OPS_ORDER_MASK	((1ULL << 48) - 1)

/* Selecting */

bool cvsw_table_filter_hits(const struct cvsw_table_filter *filter,
			    const struct cvsw_table_flow *flow, bool match)
{
	struct cvsw_match m;

	if ((flow->cookie ^ filter->cookie) & filter->cookie_mask)
		return false;
	if (filter->strict &&
	    cvsw_table_flow_priority(flow) != filter->priority)
		return false;
	if (filter->strict ? filter->opts != cvsw_table_flow_opts(flow) :
			     filter->opts & ~cvsw_table_flow_opts(flow))
		return false;
	if (match && filter->match) {
		cvsw_cls_rule_match(&flow->rule, &m);
		if (filter->strict ? !cvsw_match_equal(filter->match, &m) :
				     !cvsw_match_covers(filter->match, &m))
			return false;
	}
	return !filter->acts ||
	       filter->acts(filter->arg, cvsw_table_flow_acts(flow));
}

/* One selection at work: what is done with each flow */
struct ops_selection {
	struct cvsw_table *table;
	const struct cvsw_table_filter *filter;
	bool (*each)(struct ops_selection *sel, struct cvsw_table_flow *flow);
	struct cvsw_table_flow **flows;	/* ops_gather(): what was found */
	u32 count;			/* flows selected */
	u32 size;			/* room in @flows */
};

static bool ops_select(void *arg, struct cvsw_cls_rule *rule)
{
	struct ops_selection *sel = arg;
	struct cvsw_table_flow *flow = cvsw_table_flow_of(rule);

	if (!cvsw_table_flow_there(flow) ||
	    !cvsw_table_filter_hits(sel->filter, flow, true))
		return true;
	return sel->each(sel, flow);
}

static bool ops_select_list(struct ops_selection *sel, struct list_head *list)
{
	struct cvsw_table_node *node;

	list_for_each_entry(node, list, link) {
		struct cvsw_table_flow *flow;

		if (node->is_cursor)
			continue;
		flow = container_of(node, struct cvsw_table_flow, node);
		if (!ops_select(sel, &flow->rule))
			return false;
	}
	return true;
}

static bool ops_match_any(const struct cvsw_match *match)
{
	static const struct cvsw_key none;

	return !match || !memcmp(&match->mask, &none, sizeof(none));
}

/* Do sel->each for every flow that the filter selects; false when it did */
static bool ops_run(struct ops_selection *sel)
{
	const struct cvsw_table_filter *filter = sel->filter;
	struct cvsw_table *table = sel->table;
	struct cvsw_cls_rule *rule;

	if (!filter->strict && ops_match_any(filter->match))
		return ops_select_list(sel, &table->timed) &&
		       ops_select_list(sel, &table->untimed);
	if (!filter->strict)
		return cvsw_cls_each(table->cls, filter->match, ops_select, sel);
	rule = cvsw_cls_first(table->cls, filter->match, filter->opts);
	for (; rule; rule = cvsw_cls_after(rule))
		if (!ops_select(sel, rule))
			return false;
	return true;
}

/* Adding and removing */

static bool flow_timed(const struct cvsw_table_flow *flow)
{
	return flow->node.idle_timeout || flow->node.hard_timeout;
}

/* A flow object with @mask, of which it takes the reference; not linked */
static struct cvsw_table_flow *flow_new(struct cvsw_table *table,
					struct cvsw_cls_mask *mask,
					const struct cvsw_match *match,
					u64 rank, const void *acts,
					u16 acts_len)
{
	size_t off = offsetof(struct cvsw_table_flow, rule.value) +
		     (cvsw_cls_mask_size(mask) + 7) / 8 * 8;
	struct cvsw_table_flow *flow = kmalloc(off + acts_len, GFP_KERNEL);

	if (!flow)
		return NULL;
	memset(flow, 0, offsetof(struct cvsw_table_flow, rule));
	cvsw_cls_rule_init(&flow->rule, mask, match, rank);
	flow->rule.added = cvsw_table_next(table);
	flow->acts_off = (u16)off;
	flow->acts_len = acts_len;
	flow->mark = table->serial;
	memcpy((char *)flow + off, acts, acts_len);
	table->bytes += off + acts_len;
	cvsw_table_hold(table, flow);
	return flow;
}

static void flow_pend(struct cvsw_table *table, struct cvsw_table_flow *flow)
{
	flow->pending = table->pending;
	table->pending = flow;
}

/* Let the time of @flow be looked at when it may be up */
static void flow_due(struct cvsw_table *table,
		     const struct cvsw_table_flow *flow)
{
	if (flow->node.hard_timeout)
		table->due = min_t(u64, table->due, flow->created +
				   flow->node.hard_timeout * CVSW_NSEC);
	if (flow->node.idle_timeout)
		table->due = min_t(u64, table->due,
				   (u64)atomic64_read(&flow->used) +
				   flow->node.idle_timeout * CVSW_NSEC);
}

void cvsw_table_flow_remove(struct cvsw_table *table,
			    struct cvsw_table_flow *flow, u8 why)
{
	WRITE_ONCE(flow->rule.removed, cvsw_table_next(table));
	flow->node.state |= why;
	table->flows--;
	if (flow->rule.added != cvsw_table_next(table))
		flow_pend(table, flow);
}

/* Put a flow into the classifier, the list and the transaction, there in the
 * place of @old, if any; frees it when that fails.  @alone: no flow has its
 * match, at whatever priority and version */
static int flow_link(struct cvsw_table *table, struct cvsw_table_flow *flow,
		     struct cvsw_table_flow *old, bool alone)
{
	if (cvsw_cls_insert(table->cls, &flow->rule, alone)) {
		cvsw_table_flow_free(table, flow);
		return -ENOMEM;
	}
	if (old && flow_timed(old) == flow_timed(flow))
		list_add(&flow->node.link, &old->node.link);
	else
		list_add_tail(&flow->node.link, flow_timed(flow) ?
			      &table->timed : &table->untimed);
	if (old)
		cvsw_table_flow_remove(table, old, CVSW_FLOW_S_REPLACED);
	flow_due(table, flow);
	flow_pend(table, flow);
	table->flows++;
	return 0;
}

/* Was there no flow in this place at the version before? */
static u8 flow_fresh(const struct cvsw_table *table,
		     const struct cvsw_table_flow *old)
{
	if (old && (old->rule.added < cvsw_table_next(table) ||
		    !(old->node.state & CVSW_FLOW_S_FRESH)))
		return 0;
	return CVSW_FLOW_S_FRESH;
}

/* The flow of this priority in a group of flows with the same match, of which
 * the highest are first */
static struct cvsw_table_flow *ops_pick(struct cvsw_cls_rule *rule,
					u16 priority)
{
	for (; rule; rule = cvsw_cls_after(rule)) {
		struct cvsw_table_flow *flow = cvsw_table_flow_of(rule);

		if (cvsw_table_flow_priority(flow) < priority)
			return NULL;
		if (cvsw_table_flow_priority(flow) == priority &&
		    cvsw_table_flow_there(flow))
			return flow;
	}
	return NULL;
}

struct cvsw_table_flow *cvsw_table_find(struct cvsw_table *table,
					const struct cvsw_match *match,
					u64 opts, u16 priority)
{
	return ops_pick(cvsw_cls_first(table->cls, match, opts), priority);
}

static struct cvsw_table_flow *ops_flow_of(struct cvsw_table *table,
					   const struct cvsw_table_spec *spec,
					   u64 rank)
{
	struct cvsw_cls_mask *mask;
	struct cvsw_table_flow *flow;

	mask = cvsw_cls_mask_of(table->cls, &spec->match->mask, spec->opts);
	if (!mask)
		return NULL;
	flow = flow_new(table, mask, spec->match, rank, spec->acts,
			spec->acts_len);
	if (!flow) {
		cvsw_cls_mask_drop(table->cls, mask);
		return NULL;
	}
	flow->cookie = spec->cookie;
	flow->created = spec->created;
	atomic64_set(&flow->used, (s64)spec->used);
	atomic64_set(&flow->packets, (s64)spec->packets);
	atomic64_set(&flow->bytes, (s64)spec->bytes);
	flow->node.idle_timeout = spec->idle_timeout;
	flow->node.hard_timeout = spec->hard_timeout;
	flow->node.flags = spec->flags & (u16)~CVSW_FLOW_F_CHECK_OVERLAP;
	return flow;
}

int cvsw_table_add(struct cvsw_table *table,
		   const struct cvsw_table_spec *spec)
{
	struct cvsw_cls_rule *group = cvsw_cls_first(table->cls, spec->match,
						     spec->opts);
	struct cvsw_table_flow *flow, *old = ops_pick(group, spec->priority);
	u64 rank;
	int err;

	if (!old && table->flows >= table->max_flows)
		return -ENOSPC;
	rank = (u64)spec->priority << 48 |
	       (OPS_ORDER_MASK - (table->order & OPS_ORDER_MASK));
	flow = ops_flow_of(table, spec, old ? old->rule.rank : rank);
	if (!flow)
		return -ENOMEM;
	flow->node.state = flow_fresh(table, old);
	err = flow_link(table, flow, old, !group);
	if (!err && !old)
		table->order++;
	return err;
}

static bool ops_same(const struct cvsw_table_flow *flow,
		     const struct cvsw_table_spec *spec)
{
	return flow->cookie == spec->cookie &&
	       flow->node.idle_timeout == spec->idle_timeout &&
	       flow->node.hard_timeout == spec->hard_timeout &&
	       !((flow->node.flags ^ spec->flags) & CVSW_FLOW_F_SEND_REM) &&
	       flow->acts_len == spec->acts_len &&
	       !memcmp(cvsw_table_flow_acts(flow), spec->acts, spec->acts_len);
}

int cvsw_table_keep(struct cvsw_table *table,
		    const struct cvsw_table_spec *spec)
{
	struct cvsw_table_flow *old;

	old = cvsw_table_find(table, spec->match, spec->opts, spec->priority);
	if (!old || !ops_same(old, spec))
		return cvsw_table_add(table, spec);
	old->mark = table->serial;
	return 0;
}

/* Modifying */

/* A flow with new actions in the place of @old */
static int ops_modify(struct cvsw_table *table, struct cvsw_table_flow *old,
		      const void *acts, u16 acts_len, u64 cookie)
{
	struct cvsw_table_flow *flow;
	struct cvsw_match match;

	if (cookie == CVSW_COOKIE_KEEP)
		cookie = old->cookie;
	if (old->cookie == cookie && old->acts_len == acts_len &&
	    !memcmp(cvsw_table_flow_acts(old), acts, acts_len))
		return 0;
	cvsw_cls_rule_match(&old->rule, &match);
	flow = flow_new(table, old->rule.mask, &match, old->rule.rank, acts,
			acts_len);
	if (!flow)
		return -ENOMEM;
	cvsw_cls_mask_hold(flow->rule.mask);
	flow->cookie = cookie;
	flow->created = old->created;
	atomic64_set(&flow->used, atomic64_read(&old->used));
	flow->mark = old->mark;
	flow->ancestor = old;
	flow->node.idle_timeout = old->node.idle_timeout;
	flow->node.hard_timeout = old->node.hard_timeout;
	flow->node.flags = old->node.flags;
	flow->node.state = flow_fresh(table, old);
	return flow_link(table, flow, old, false);
}

static bool ops_gather(struct ops_selection *sel, struct cvsw_table_flow *flow)
{
	struct cvsw_table_flow **more;
	u32 size;

	if (sel->count == sel->size) {
		size = sel->size * 2 + 16;
		more = kvmalloc(size * sizeof(flow), GFP_KERNEL);
		if (!more)
			return false;
		if (sel->count)
			memcpy(more, sel->flows, sel->count * sizeof(flow));
		kvfree(sel->flows);
		sel->flows = more;
		sel->size = size;
	}
	sel->flows[sel->count++] = flow;
	return true;
}

int cvsw_table_mod(struct cvsw_table *table,
		   const struct cvsw_table_filter *filter, const void *acts,
		   u16 acts_len, u64 cookie)
{
	struct ops_selection sel = {
		.table = table,
		.filter = filter,
		.each = ops_gather,
	};
	struct cvsw_table_flow *before = table->pending;
	int err = ops_run(&sel) ? 0 : -ENOMEM;
	u32 i;

	for (i = 0; i < sel.count && !err; i++)
		err = ops_modify(table, sel.flows[i], acts, acts_len, cookie);
	if (err)
		cvsw_table_undo(table, before);
	kvfree(sel.flows);
	return err ? err : (int)sel.count;
}

/* Deleting */

static bool ops_delete(struct ops_selection *sel, struct cvsw_table_flow *flow)
{
	cvsw_table_flow_remove(sel->table, flow, CVSW_REMOVED_DELETE);
	sel->count++;
	return true;
}

u32 cvsw_table_del(struct cvsw_table *table,
		   const struct cvsw_table_filter *filter)
{
	struct ops_selection sel = {
		.table = table,
		.filter = filter,
		.each = ops_delete,
	};

	ops_run(&sel);
	return sel.count;
}

static bool ops_delete_unkept(struct ops_selection *sel,
			      struct cvsw_table_flow *flow)
{
	return flow->mark == sel->table->serial || ops_delete(sel, flow);
}

u32 cvsw_table_del_unkept(struct cvsw_table *table)
{
	static const struct cvsw_table_filter all;
	struct ops_selection sel = {
		.table = table,
		.filter = &all,
		.each = ops_delete_unkept,
	};

	ops_run(&sel);
	return sel.count;
}

/* Overlap */

static bool ops_overlap(struct ops_selection *sel, struct cvsw_table_flow *flow)
{
	struct cvsw_match match;

	cvsw_cls_rule_match(&flow->rule, &match);
	if (cvsw_match_equal(&match, sel->filter->match))
		return cvsw_table_flow_opts(flow) == sel->filter->opts;
	return !cvsw_match_overlaps(&match, sel->filter->match);
}

static bool ops_overlap_rule(void *arg, struct cvsw_cls_rule *rule)
{
	struct ops_selection *sel = arg;
	struct cvsw_table_flow *flow = cvsw_table_flow_of(rule);

	if (!cvsw_table_flow_there(flow) ||
	    cvsw_table_flow_priority(flow) != sel->filter->priority)
		return true;
	return sel->each(sel, flow);
}

bool cvsw_table_overlaps(struct cvsw_table *table,
			 const struct cvsw_match *match, u64 opts, u16 priority)
{
	const struct cvsw_table_filter filter = {
		.match = match,
		.opts = opts,
		.priority = priority,
	};
	struct ops_selection sel = {
		.table = table,
		.filter = &filter,
		.each = ops_overlap,
	};

	return !cvsw_cls_each(table->cls, match, ops_overlap_rule, &sel);
}

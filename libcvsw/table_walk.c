// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The flow table: expiry, dumps and numbers.  See table.h. */

#include "table_impl.h"

static struct cvsw_table_flow *walk_flow(struct cvsw_table_node *node)
{
	return node->is_cursor ? NULL :
	       container_of(node, struct cvsw_table_flow, node);
}

/* Expiry */

/* When the time of @flow is up, and for which reason; hard when both at once */
static u64 walk_due(const struct cvsw_table_flow *flow, u64 now, u8 *reason)
{
	u64 hard = ~0ULL, idle = ~0ULL;

	if (flow->node.hard_timeout)
		hard = flow->created + flow->node.hard_timeout * CVSW_NSEC;
	if (flow->node.idle_timeout)
		idle = cvsw_table_flow_used(flow) +
		       flow->node.idle_timeout * CVSW_NSEC;
	*reason = hard <= now ? CVSW_REMOVED_HARD : CVSW_REMOVED_IDLE;
	return min(hard, idle);
}

static void walk_expire(struct cvsw_table *table, u64 now)
{
	struct cvsw_table_node *node;

	table->due = ~0ULL;
	list_for_each_entry(node, &table->timed, link) {
		struct cvsw_table_flow *flow = walk_flow(node);
		u8 reason;
		u64 due;

		if (!flow)
			continue;
		due = walk_due(flow, now, &reason);
		if (due <= now)
			cvsw_table_flow_remove(table, flow, reason);
		else
			table->due = min(table->due, due);
	}
}

void cvsw_table_expire(struct cvsw_table *table, u64 now,
		       cvsw_table_removed_fn removed, void *arg)
{
	if (now >= table->due) {
		cvsw_table_begin(table);
		walk_expire(table, now);
		cvsw_table_commit(table, removed, arg);
	}
	cvsw_table_reap(table);
}

/* Dumps */

void cvsw_table_cursor_start(struct cvsw_table *table,
			     struct cvsw_table_cursor *cursor)
{
	memset(cursor, 0, sizeof(*cursor));
	cursor->node.is_cursor = true;
	list_add(&cursor->node.link, &table->timed);
}

/* The next flow of all, wherever it is; NULL at the end */
static struct cvsw_table_flow *cursor_ahead(struct cvsw_table *table,
					    struct cvsw_table_cursor *cursor)
{
	struct list_head *at = cursor->node.link.next;

	for (;;) {
		if (at == &table->untimed)
			return NULL;
		if (at == &table->timed) {
			list_move_tail(&cursor->node.link, table->untimed.next);
			at = cursor->node.link.next;
			continue;
		}
		if (!list_entry(at, struct cvsw_table_node, link)->is_cursor)
			return container_of(at, struct cvsw_table_flow,
					    node.link);
		at = at->next;
	}
}

/* Put the cursor behind @flow */
static void cursor_pass(struct cvsw_table_cursor *cursor,
			struct cvsw_table_flow *flow)
{
	list_move_tail(&cursor->node.link, flow->node.link.next);
}

const struct cvsw_table_flow *
cvsw_table_cursor_peek(struct cvsw_table *table,
		       struct cvsw_table_cursor *cursor,
		       const struct cvsw_table_filter *filter)
{
	struct cvsw_table_flow *flow;

	while ((flow = cursor_ahead(table, cursor))) {
		if (!filter || cvsw_table_filter_hits(filter, flow, true))
			break;
		cursor_pass(cursor, flow);
	}
	return flow;
}

void cvsw_table_cursor_step(struct cvsw_table *table,
			    struct cvsw_table_cursor *cursor)
{
	struct cvsw_table_flow *flow = cursor_ahead(table, cursor);

	if (flow)
		cursor_pass(cursor, flow);
}

void cvsw_table_cursor_stop(struct cvsw_table_cursor *cursor)
{
	list_del(&cursor->node.link);
}

/* Numbers */

void cvsw_table_bound(struct cvsw_table *table, u32 max_flows)
{
	table->max_flows = max_flows;
}

void cvsw_table_stats_get(const struct cvsw_table *table,
			  struct cvsw_table_stats *stats)
{
	struct cvsw_cls_counts counts;

	cvsw_cls_count(table->cls, &counts);
	stats->flows = table->flows;
	stats->max_flows = table->max_flows;
	stats->masks = counts.masks;
	stats->subtables = counts.subtables;
	stats->memory = sizeof(*table) + table->bytes + counts.memory;
}

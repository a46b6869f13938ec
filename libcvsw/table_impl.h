/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TABLE_IMPL_H
#define CVSW_TABLE_IMPL_H

/*
 * What the files of the table share: table.c (life, readers, the fate of
 * transactions and of the retired), table_ops.c (the operations on flows) and
 * table_walk.c (expiry, dumps, numbers).
 */

#include "table.h"
#include "stamp.h"

/* struct cvsw_table_node.state */
#define CVSW_FLOW_S_REASON	0x03	/* enum cvsw_removed_reason */
#define CVSW_FLOW_S_REPLACED	0x04	/* removed for another, no event */
#define CVSW_FLOW_S_FRESH	0x08	/* nothing was there at the version before */
#define CVSW_FLOW_S_UNDONE	0x10	/* its adding was: the owner knows */

/**
 * struct cvsw_table - the flow table
 * @version:   published; what readers work at
 * @empty:     a version at which there is no flow
 * @reaped:    flows with removed <= it may have been freed
 * @cls:       the classifier
 * @stamps:    where new flows appeared
 * @timed:     flows with timeouts, in the order they came
 * @untimed:   the others
 * @flows:     how many a reader sees once the transaction is committed
 * @max_flows: bound on it
 * @order:     counts flows, for their ranks
 * @due:       ns; no flow's time is up before it
 * @pending:   flows that the transaction added or removed, last one first
 * @serial:    number of the transaction
 * @dead:      removed flows, in order; readers at older versions see them
 * @dead_end:  where to append the next
 * @n_dead:    how many
 * @unlinked:  flows that the classifier no longer has; readers may hold them
 * @bytes:     memory of all flow objects
 * @seed:      as given
 * @owner:     of what blobs refer to, NULL for none
 * @owner_arg: handed to it
 */
struct cvsw_table {
	u64			version;
	u64			empty;
	u64			reaped;
	struct cvsw_cls		*cls;
	struct cvsw_stamps	stamps;
	struct list_head	timed;
	struct list_head	untimed;
	u32			flows;
	u32			max_flows;
	u64			order;
	u64			due;
	struct cvsw_table_flow	*pending;
	u32			serial;
	struct cvsw_table_flow	*dead;
	struct cvsw_table_flow	**dead_end;
	u32			n_dead;
	struct cvsw_table_flow	*unlinked;
	u64			bytes;
	u64			seed;
	const struct cvsw_table_owner *owner;
	void			*owner_arg;
};
static_assert(offsetof(struct cvsw_table, version) == 0,
	      "where cvsw_table_version() looks");

#define CVSW_NSEC		1000000000ULL

/* the version that the transaction works for */
static inline u64 cvsw_table_next(const struct cvsw_table *table)
{
	return table->version + 1;
}

static inline struct cvsw_table_flow *
cvsw_table_flow_of(struct cvsw_cls_rule *rule)
{
	return container_of(rule, struct cvsw_table_flow, rule);
}

static inline u16 cvsw_table_flow_priority(const struct cvsw_table_flow *flow)
{
	return (u16)(flow->rule.rank >> 48);
}

/* is the flow there, as far as the transaction has come? */
static inline bool cvsw_table_flow_there(const struct cvsw_table_flow *flow)
{
	return flow->rule.removed == CVSW_VERSION_NEVER;
}

/* when it last matched, its ancestors included */
u64 cvsw_table_flow_used(const struct cvsw_table_flow *flow);

/* does @filter select the flow?  Of its match, only when @match says so */
bool cvsw_table_filter_hits(const struct cvsw_table_filter *filter,
			    const struct cvsw_table_flow *flow, bool match);

/* remove a flow in the transaction; @why: CVSW_FLOW_S_REPLACED or a reason */
void cvsw_table_flow_remove(struct cvsw_table *table,
			    struct cvsw_table_flow *flow, u8 why);

/* undo the transaction back to when @mark was its last flow */
void cvsw_table_undo(struct cvsw_table *table, struct cvsw_table_flow *mark);

/* bring the retired one step further; waits for readers */
void cvsw_table_reap(struct cvsw_table *table);

void cvsw_table_flow_free(struct cvsw_table *table,
			  struct cvsw_table_flow *flow);

/* tell the owner of a new flow, and that it is no more */
static inline void cvsw_table_hold(const struct cvsw_table *table,
				   const struct cvsw_table_flow *flow)
{
	if (table->owner)
		table->owner->hold(table->owner_arg, flow);
}

static inline void cvsw_table_drop(const struct cvsw_table *table,
				   const struct cvsw_table_flow *flow)
{
	if (table->owner && !(flow->node.state & CVSW_FLOW_S_UNDONE))
		table->owner->drop(table->owner_arg, flow);
}

#endif /* CVSW_TABLE_IMPL_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TABLE_H
#define CVSW_TABLE_H

/*
 * The flow table: what OpenFlow 1.0 says of flows, over the classifier (cls.h).
 *
 * Readers
 *   cvsw_table_version(), cvsw_table_lookup() and the calls on a flow marked
 *   "reader" may be made by any thread inside an RCU read-side section; a flow
 *   lives until the section in which it was looked up ends.  A reader takes
 *   the version once a frame and sees exactly the table of that version, in
 *   every lookup of that frame.
 *
 * Writers
 *   Everything else is called under the switch's mutex and may sleep.  All
 *   changes are made in a transaction: begin, any number of add, mod and del,
 *   and then commit, which makes all of them visible at once, or rollback.
 *   An operation that fails leaves the transaction as it was before it, and
 *   commit and rollback cannot fail.
 *
 * Versions
 *   A flow is visible to versions with added <= version < removed.  A
 *   transaction works for the version after the published one; its flows are
 *   in the classifier at once, but seen only when commit publishes that
 *   version.  A removed flow stays in the classifier until no reader can be
 *   at an older version.  Removed flows are unlinked and freed in batches, so
 *   the grace periods are paid once for many.
 *
 * Order
 *   Higher priority wins; of equal ones the flow installed first wins.  A
 *   modified flow, and one that an add with the same match and priority
 *   replaces, keeps its place; a flow deleted and added again gets a new one.
 *
 * Options
 *   A flow may ask for options beside its match, a frame may have some; which is
 *   which is known to opts.h.  Everywhere here the two belong together: flows
 *   with the same match and other options are different flows, and one at least
 *   as specific as another asks for all that the other asks for.
 *
 * Matches handed in must be normal (cvsw_match_normalize()).
 */

#include "os.h"
#include <cvsw/flow.h>
#include <cvsw/switch.h>
#include "cls.h"

struct cvsw_table;

/**
 * struct cvsw_table_node - an element of the table's lists, a flow or a cursor
 * @link:         in one of the two lists
 * @heir:         of a flow that has left them: the one that a mod put there
 * @is_cursor:    it is a struct cvsw_table_cursor, and the rest does not count
 * @state:        CVSW_FLOW_S_* of table_impl.h
 * @idle_timeout: seconds
 * @hard_timeout: seconds
 * @flags:        CVSW_FLOW_F_*
 */
struct cvsw_table_node {
	union {
		struct list_head	link;
		struct cvsw_table_flow	*heir;
	};
	u8			is_cursor;
	u8			state;
	u16			idle_timeout;
	u16			hard_timeout;
	u16			flags;
};

/**
 * struct cvsw_table_flow - one flow; its members are table.c's own
 * @node:     its place in the table
 * @pending:  next in the transaction, later in the list of the retired
 * @ancestor: the flow that this one replaced by a mod, until that one is freed
 * @cookie:   as given
 * @created:  ns, of installation
 * @used:     ns, of the last match, or of installation
 * @packets:  matched by this object, without those of its ancestors
 * @bytes:    likewise
 * @mark:     serial number of the transaction that last kept it
 * @acts_len: bytes of the action blob
 * @acts_off: where it is, from the start of the flow
 * @rule:     the classifier's part; the blob follows it
 */
struct cvsw_table_flow {
	struct cvsw_table_node	node;
	struct cvsw_table_flow	*pending;
	struct cvsw_table_flow	*ancestor;
	u64			cookie;
	u64			created;
	atomic64_t		used;
	atomic64_t		packets;
	atomic64_t		bytes;
	u32			mark;
	u16			acts_len;
	u16			acts_off;
	struct cvsw_cls_rule	rule;
};

/**
 * struct cvsw_table_spec - a flow to add
 * @match:        normal
 * @opts:         options that a frame must have
 * @acts:         action blob, copied; any bytes as far as the table knows
 * @acts_len:     its length
 * @priority:     as in struct cvsw_flow; likewise all that is not named here
 * @created:      ns: now, or of a restored flow what it was
 * @used:         ns: likewise
 * @packets:      start of the counter, 0 unless restored
 * @bytes:        likewise
 */
struct cvsw_table_spec {
	const struct cvsw_match	*match;
	u64			opts;
	const void		*acts;
	u16			acts_len;
	u16			priority;
	u16			idle_timeout;
	u16			hard_timeout;
	u16			flags;
	u64			cookie;
	u64			created;
	u64			used;
	u64			packets;
	u64			bytes;
};

/**
 * struct cvsw_table_owner - what action blobs refer to, and who counts that
 * @hold: a flow has come into being, with a blob of which the caller of the
 *        table holds what it refers to
 * @drop: it is about to be freed, and no reader has it, or it was undone, and
 *        none ever did
 *
 * Both are called under the mutex, in a transaction or not, and must not touch
 * the table.
 */
struct cvsw_table_owner {
	void (*hold)(void *arg, const struct cvsw_table_flow *flow);
	void (*drop)(void *arg, const struct cvsw_table_flow *flow);
};

/**
 * struct cvsw_table_filter - which flows a mod, del or dump is for
 * @match:       flows at least as specific; strict: with this very match
 * @opts:        likewise
 * @cookie:      flows whose cookie agrees with it in the bits of ...
 * @cookie_mask: 0 for every flow
 * @acts:        when not NULL: flows for whose action blob it returns true
 * @arg:         handed to @acts
 * @priority:    strict: flows of this priority
 * @strict:      see @match and @priority
 */
struct cvsw_table_filter {
	const struct cvsw_match	*match;
	u64			opts;
	u64			cookie;
	u64			cookie_mask;
	bool			(*acts)(void *arg, const void *acts);
	void			*arg;
	u16			priority;
	bool			strict;
};

/** called for each flow that left the table; it lives until this returns */
typedef void (*cvsw_table_removed_fn)(void *arg,
				      const struct cvsw_table_flow *flow,
				      enum cvsw_removed_reason reason);

/* Life */

/**
 * cvsw_table_new - make an empty table
 * @max_flows: bound on the flows in it
 * @seed:      secret start value of its hash functions
 * Return: the table, NULL without memory.
 */
struct cvsw_table *cvsw_table_new(u32 max_flows, u64 seed);

/** cvsw_table_own - have @owner, which is given @arg, told of all flows from now
 * on; before the first one */
void cvsw_table_own(struct cvsw_table *table,
		    const struct cvsw_table_owner *owner, void *arg);

/** cvsw_table_free - free the table and its flows; no reader may be in it */
void cvsw_table_free(struct cvsw_table *table);

/* Readers */

/** cvsw_table_version - the version that is published, a table's first member */
static inline u64 cvsw_table_version(const struct cvsw_table *table)
{
	return smp_load_acquire((const u64 *)table);
}

/** cvsw_table_is_empty - is there no flow at @version?  What is published of it
 * is a table's second member */
static inline bool cvsw_table_is_empty(const struct cvsw_table *table,
				       u64 version)
{
	return READ_ONCE(((const u64 *)table)[1]) == version;
}

/**
 * cvsw_table_lookup - the flow that a frame with @key matches
 * @opts:    options that the frame has
 * @version: from cvsw_table_version(), in the same RCU read-side section
 * Return: the flow, NULL when none matches.
 */
struct cvsw_table_flow *cvsw_table_lookup(const struct cvsw_table *table,
					  const struct cvsw_key *key, u64 opts,
					  u64 version);

/** cvsw_table_flow_acts - the action blob, 8-byte aligned (reader) */
static inline const void *
cvsw_table_flow_acts(const struct cvsw_table_flow *flow)
{
	return (const char *)flow + flow->acts_off;
}

static inline u16 cvsw_table_flow_flags(const struct cvsw_table_flow *flow)
{
	return flow->node.flags;
}

static inline u16 cvsw_table_flow_acts_len(const struct cvsw_table_flow *flow)
{
	return flow->acts_len;
}

/** cvsw_table_flow_cookie - (reader) */
static inline u64 cvsw_table_flow_cookie(const struct cvsw_table_flow *flow)
{
	return flow->cookie;
}

/** cvsw_table_flow_opts - options that it asks for (reader) */
static inline u64 cvsw_table_flow_opts(const struct cvsw_table_flow *flow)
{
	return cvsw_cls_mask_opts(flow->rule.mask);
}

/** cvsw_table_flow_account - count frames that matched (reader) */
void cvsw_table_flow_account(struct cvsw_table_flow *flow, u64 packets,
			     u64 bytes, u64 now);

/**
 * cvsw_table_flow_get - a flow as the API shows it (reader)
 * @now:  for the ages
 * @flow: all of it but actions and options, which become 0
 */
void cvsw_table_flow_get(const struct cvsw_table_flow *flow, u64 now,
			 struct cvsw_flow *out);

/* Transactions */

void cvsw_table_begin(struct cvsw_table *table);

/**
 * cvsw_table_add - add a flow, replacing the one with its match and priority
 * Return: 0, -ENOSPC (table full) or -ENOMEM.
 */
int cvsw_table_add(struct cvsw_table *table,
		   const struct cvsw_table_spec *spec);

/**
 * cvsw_table_keep - as cvsw_table_add(), but an equal flow stays as it is
 *
 * Equal in match, priority, cookie, timeouts, flags and actions.  In either
 * case cvsw_table_del_unkept() spares it.
 */
int cvsw_table_keep(struct cvsw_table *table,
		    const struct cvsw_table_spec *spec);

/**
 * cvsw_table_mod - give the selected flows new actions and another cookie
 * @cookie: CVSW_COOKIE_KEEP leaves each its own
 *
 * All else of them stays: match, priority, place, timeouts, flags, counters.
 *
 * Return: how many were selected (0: the caller now acts as for an add), or
 * -ENOMEM and none is changed.
 */
int cvsw_table_mod(struct cvsw_table *table,
		   const struct cvsw_table_filter *filter, const void *acts,
		   u16 acts_len, u64 cookie);

/** cvsw_table_del - remove the selected flows; how many they were */
u32 cvsw_table_del(struct cvsw_table *table,
		   const struct cvsw_table_filter *filter);

/** cvsw_table_del_unkept - remove all flows not added or kept in this transaction */
u32 cvsw_table_del_unkept(struct cvsw_table *table);

/**
 * cvsw_table_overlaps - does a flow of @priority overlap with @match and @opts?
 *
 * One with the very same ones does not count: it would be replaced.  A frame can
 * have any options, so these keep no two flows apart.
 */
bool cvsw_table_overlaps(struct cvsw_table *table,
			 const struct cvsw_match *match, u64 opts,
			 u16 priority);

/**
 * cvsw_table_commit - publish the transaction
 * @removed: told of each deleted flow, CVSW_REMOVED_DELETE; not of replaced
 *           ones.  Filtering by CVSW_FLOW_F_SEND_REM is up to it, but only
 *           with this flag the counters are final: it costs a grace period.
 *           May be NULL.
 */
void cvsw_table_commit(struct cvsw_table *table, cvsw_table_removed_fn removed,
		       void *arg);
void cvsw_table_rollback(struct cvsw_table *table);

/** cvsw_table_reclaim - free all flows that are gone, outside a transaction;
 * waits for readers, twice */
void cvsw_table_reclaim(struct cvsw_table *table);

/**
 * cvsw_table_expire - remove flows whose time is up, free what was retired
 *
 * A transaction of its own.  When both timeouts are due, hard is the reason.
 */
void cvsw_table_expire(struct cvsw_table *table, u64 now,
		       cvsw_table_removed_fn removed, void *arg);

/* Looking at the table, under the mutex, outside a transaction */

/** cvsw_table_find - the flow with this match, options and priority, NULL if
 * none */
struct cvsw_table_flow *cvsw_table_find(struct cvsw_table *table,
					const struct cvsw_match *match,
					u64 opts, u16 priority);

/**
 * struct cvsw_table_cursor - a place in a walk over the table
 *
 * The mutex may be released between two steps, the table may change: a flow
 * that stays (modified or not) is seen once, one that comes is seen or not.
 */
struct cvsw_table_cursor {
	struct cvsw_table_node	node;
};

void cvsw_table_cursor_start(struct cvsw_table *table,
			     struct cvsw_table_cursor *cursor);

/**
 * cvsw_table_cursor_peek - the next flow that @filter selects, NULL at the end
 * @filter: NULL for all flows
 *
 * The cursor stays before that flow until cvsw_table_cursor_step().
 */
const struct cvsw_table_flow *
cvsw_table_cursor_peek(struct cvsw_table *table,
		       struct cvsw_table_cursor *cursor,
		       const struct cvsw_table_filter *filter);
void cvsw_table_cursor_step(struct cvsw_table *table,
			    struct cvsw_table_cursor *cursor);
void cvsw_table_cursor_stop(struct cvsw_table_cursor *cursor);

/** cvsw_table_bound - set the bound; flows above it stay, new ones are refused */
void cvsw_table_bound(struct cvsw_table *table, u32 max_flows);

/** cvsw_table_stats_get - fill flows, max_flows, masks, subtables and memory */
void cvsw_table_stats_get(const struct cvsw_table *table,
			  struct cvsw_table_stats *stats);

/* For the exact-match cache (fcache.c; reader) */

/**
 * cvsw_table_holds - is @flow, right at version @then, right at @version too?
 * @key:  what was looked up, without options
 * @flow: what was found at @then; NULL for nothing
 *
 * false means only that one has to look again.
 */
bool cvsw_table_holds(const struct cvsw_table *table,
		      const struct cvsw_key *key,
		      const struct cvsw_table_flow *flow, u64 then,
		      u64 version);

/** cvsw_table_seed - secret start value for hash functions of its readers */
u64 cvsw_table_seed(const struct cvsw_table *table);

#endif /* CVSW_TABLE_H */

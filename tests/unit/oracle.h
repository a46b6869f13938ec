/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_ORACLE_H
#define CVSW_TEST_ORACLE_H

/*
 * The judge of the flow table: the same operations on a plain array, each done
 * in the most obvious way, with no code of the library.  And random matches
 * from a world so small that they meet each other all the time.
 */

#include "util.h"
#include "table.h"

#define ORACLE_ACTS	16		/* longest action blob */

struct oracle_flow {
	struct cvsw_match	match;
	u64			opts;
	u64			cookie;
	u64			created;
	u64			used;
	u64			packets;
	u64			bytes;
	u64			order;		/* of two equal priorities the lower wins */
	u16			priority;
	u16			idle_timeout;
	u16			hard_timeout;
	u16			flags;
	u16			acts_len;
	u8			acts[ORACLE_ACTS];
	u32			mark;		/* transaction that added or kept it */
};

struct oracle {
	struct oracle_flow	*flow;
	u32			n;
	u32			max_flows;
	u64			order;
	u32			serial;
	struct oracle_flow	*saved;		/* as it was at begin */
	u32			n_saved;
	struct oracle_flow	*removed;	/* by the transaction */
	u8			*reason;	/* why */
	u32			n_removed;
};

void oracle_init(struct oracle *o, u32 max_flows);
void oracle_fini(struct oracle *o);

void oracle_begin(struct oracle *o);
int oracle_add(struct oracle *o, const struct cvsw_table_spec *spec);
int oracle_keep(struct oracle *o, const struct cvsw_table_spec *spec);
int oracle_mod(struct oracle *o, const struct cvsw_table_filter *filter,
	       const void *acts, u16 acts_len, u64 cookie);
u32 oracle_del(struct oracle *o, const struct cvsw_table_filter *filter);
u32 oracle_del_unkept(struct oracle *o);
bool oracle_overlaps(const struct oracle *o, const struct cvsw_match *match,
		     u64 opts, u16 priority);
void oracle_commit(struct oracle *o);
void oracle_rollback(struct oracle *o);

/* begins, removes and leaves the commit to the caller */
void oracle_expire(struct oracle *o, u64 now);

struct oracle_flow *oracle_lookup(const struct oracle *o,
				  const struct cvsw_key *key, u64 opts);
struct oracle_flow *oracle_find(const struct oracle *o,
				const struct cvsw_match *match, u64 opts,
				u16 priority);

/* fail unless the table shows the very same flow (both may be none) */
void oracle_flow_is(const struct oracle_flow *want,
		    const struct cvsw_table_flow *flow, u64 now);

/* a random match, of up to @fields fields out of a small world; normal */
void oracle_match(u64 *seed, unsigned int fields, struct cvsw_match *match);

/* a random key of that world */
void oracle_key(u64 *seed, struct cvsw_key *key);

/* random options of it, most often none */
u64 oracle_opts(u64 *seed);

/* Simple cases: flows to a.b.0.0, of which @bytes bytes are matched */

struct cvsw_match flow_match_dst(u8 a, u8 b, u32 bytes);
struct cvsw_key flow_key_dst(u8 a, u8 b);

/* add such a flow, in a transaction of its own; its actions are @cookie, too */
int flow_add_one(struct cvsw_table *table, const struct cvsw_match *match,
		 u16 priority, u64 cookie);

/* what a frame to a.b.0.0 finds, and the cookie of that or 0 */
struct cvsw_table_flow *flow_look(struct cvsw_table *table, u8 a, u8 b);
u64 flow_look_cookie(struct cvsw_table *table, u8 a, u8 b);

#endif /* CVSW_TEST_ORACLE_H */

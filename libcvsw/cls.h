/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CLS_H
#define CVSW_CLS_H

/*
 * The classifier: which of many rules with priorities and any bit masks is
 * the best for a key.  It knows rules, ranks and versions, not flows.
 *
 * Why this way.  Plain tuple space search (Open vSwitch) looks into one hash
 * table for each mask: update is cheap, but hundreds of masks make a lookup
 * slow.  Compiled tries (rte_acl) look fast but are built anew, in seconds,
 * for any change.  We keep the hash tables and take two things to them:
 *
 *  - Merging, after TupleMerge (Daly et al., 2019): rules of many masks share
 *    a subtable (cls_sub.h) whose mask is coarser than theirs, as long as very
 *    few of them meet in one place; then the next one goes to a finer
 *    subtable.  So there are tens of subtables instead of hundreds.
 *
 *  - Pruning, after Srinivasan's pruned tuple space and Lakshman's bit
 *    vectors: for each of a few fields of the key, small tables tell as a bit
 *    set which subtables have a rule that matches it there; only what is in
 *    all of these sets is looked into (cls_dim.h).
 *
 * Which subtables and which fields that are, cls_plan.c chooses from the
 * rules.  Subtables stand in the order of their best rank, so that a match
 * ends the search as soon as nothing behind it can be better.
 *
 * A lookup among 10,000 rules so costs some ten reads of small tables and one
 * cache line each for four to six subtables; a change touches one line of a
 * subtable and a few bits.  When the number of rules has doubled, or twice as
 * many as there are have gone, the whole is laid out anew beside the old
 * (cls_view.h), which spreads to a constant cost for each change; the one
 * change that does it waits, half a second at a million rules, and readers
 * notice nothing.
 *
 * A rule may also ask for options (opts.h).  Which ones is part of its mask: so
 * rules that differ in nothing else are different rules, and a frame without
 * options pays for that with one compare for each rule it is held against.
 *
 * Readers call cvsw_cls_lookup() inside an RCU read-side section and take no
 * lock.  Everything else belongs to the one writer (the switch's mutex).
 * Rules are inserted before the version that shows them is published, and
 * swept when no reader can be at a version that shows them; so a reader may
 * see more rules than it should, but these it knows by their versions, and
 * never less.
 */

#include "os.h"
#include <cvsw/flow.h>

struct cvsw_cls;
struct cvsw_cls_mask;

#define CVSW_VERSION_NEVER	(~0ULL)

/**
 * struct cvsw_cls_rule - what the classifier knows of a rule
 * @mask:    its mask, shared by all rules that have the same
 * @rank:    higher wins; of two rules with the same match and rank that are
 *           there at different versions, the later has the same rank
 * @added:   first version that sees it
 * @removed: first version that no longer does; 0 once it is swept
 * @next:    rule with the same match and a lower rank, or an older one
 * @value:   wanted bits, only of the 32-bit parts that @mask uses
 */
struct cvsw_cls_rule {
	struct cvsw_cls_mask		*mask;
	u64				rank;
	u64				added;
	u64				removed;
	struct cvsw_cls_rule __rcu	*next;
	u32				value[];
};

/** cvsw_cls_after - the rule behind @rule in its group; for the writer */
static inline struct cvsw_cls_rule *
cvsw_cls_after(const struct cvsw_cls_rule *rule)
{
	return rcu_dereference_protected(rule->next, true);
}

/** struct cvsw_cls_counts - the classifier in numbers */
struct cvsw_cls_counts {
	u32	masks;		/* distinct masks of rules */
	u32	subtables;	/* that hold rules */
	u64	memory;		/* bytes, rules themselves not included */
};

/** cvsw_cls_new - an empty classifier, NULL without memory */
struct cvsw_cls *cvsw_cls_new(u64 seed);

/** cvsw_cls_free - free it; no reader may be in it.  Rules are the caller's */
void cvsw_cls_free(struct cvsw_cls *cls);

/**
 * cvsw_cls_lookup - the best rule for @key at @version
 * @opts: options that the frame has
 * Return: the visible rule with the highest rank that matches, NULL if none.
 */
struct cvsw_cls_rule *cvsw_cls_lookup(const struct cvsw_cls *cls,
				      const struct cvsw_key *key, u64 opts,
				      u64 version);

/* The writer's */

/** cvsw_cls_mask_of - the shared form of a mask, with a reference; NULL
 * without memory.  @opts: options that rules with it ask for */
struct cvsw_cls_mask *cvsw_cls_mask_of(struct cvsw_cls *cls,
				       const struct cvsw_key *mask, u64 opts);
void cvsw_cls_mask_drop(struct cvsw_cls *cls, struct cvsw_cls_mask *mask);

/** cvsw_cls_mask_hold - one more reference */
void cvsw_cls_mask_hold(struct cvsw_cls_mask *mask);

/** cvsw_cls_mask_size - bytes of the value of a rule with @mask */
unsigned int cvsw_cls_mask_size(const struct cvsw_cls_mask *mask);

/** cvsw_cls_mask_opts - options that a rule with @mask asks for (reader) */
u64 cvsw_cls_mask_opts(const struct cvsw_cls_mask *mask);

/** cvsw_cls_rule_init - fill in @rule; takes over the reference on @mask */
void cvsw_cls_rule_init(struct cvsw_cls_rule *rule, struct cvsw_cls_mask *mask,
			const struct cvsw_match *match, u64 rank);

/** cvsw_cls_rule_match - the match of a rule in full */
void cvsw_cls_rule_match(const struct cvsw_cls_rule *rule,
			 struct cvsw_match *out);

/**
 * cvsw_cls_insert - take a rule in, for versions from rule->added on
 * @alone: cvsw_cls_first() has just found no rule with its match
 * Return: 0, or -ENOMEM and nothing is changed.
 */
int cvsw_cls_insert(struct cvsw_cls *cls, struct cvsw_cls_rule *rule,
		    bool alone);

/**
 * cvsw_cls_sweep - unlink all rules with the match of @rule which no version
 * from @version on sees; sets their removed to 0
 *
 * Readers at older versions must be gone (synchronize_rcu()), and after it
 * new ones must be waited for before the rules are freed.
 */
void cvsw_cls_sweep(struct cvsw_cls *cls, struct cvsw_cls_rule *rule,
		    u64 version);

/** cvsw_cls_reclaim - free what was replaced; only after synchronize_rcu() */
void cvsw_cls_reclaim(struct cvsw_cls *cls);

/** cvsw_cls_retired - bytes that cvsw_cls_reclaim() would free */
u64 cvsw_cls_retired(const struct cvsw_cls *cls);

/** cvsw_cls_first - the first of the rules with this very match and these very
 * options, NULL if none */
struct cvsw_cls_rule *cvsw_cls_first(const struct cvsw_cls *cls,
				     const struct cvsw_match *match, u64 opts);

/**
 * cvsw_cls_each - find the rules that agree with @match
 * @fn: called for a superset of the rules which have a key in common with
 *      @match, whatever their options, until it returns false; it must not
 *      insert or sweep
 *
 * Costs a few probes where @match fixes what subtables look at, else a walk.
 * Return: false when @fn did.
 */
bool cvsw_cls_each(const struct cvsw_cls *cls, const struct cvsw_match *match,
		   bool (*fn)(void *arg, struct cvsw_cls_rule *rule),
		   void *arg);

void cvsw_cls_count(const struct cvsw_cls *cls, struct cvsw_cls_counts *counts);

#endif /* CVSW_CLS_H */

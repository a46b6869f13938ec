/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_FCACHE_H
#define CVSW_FCACHE_H

/*
 * The exact-match cache in front of the table: one for each worker, used by
 * that worker alone, so without locks.  It remembers for whole keys which
 * flow, or that none, was found, and at which version of the table.
 *
 * Only frames without options are looked up here.
 *
 * At another version the entry is checked again before it is used
 * (cvsw_table_holds()), so that a table in constant change does not make the
 * cache useless: only flows that could take over the frame, or the removal of
 * the flow itself, send its frames through the classifier again.
 */

#include "os.h"
#include <cvsw/flow.h>
#include "table.h"

/**
 * struct cvsw_fcache_entry - what was found for a key
 * @key:     the whole key
 * @flow:    the flow, NULL for none
 * @version: at which that was right
 */
struct cvsw_fcache_entry {
	struct cvsw_key		key;
	struct cvsw_table_flow	*flow;
	u64			version;
};

/**
 * struct cvsw_fcache - a cache; only fcache.c, and lookups inline, look into it
 * @mul:   odd multipliers of the hash
 * @shift: of a hash, to leave the index of a set
 * @turn:  which way of a full set goes next
 * @last:  the entry that answered last: frames of one flow come in trains
 * @hits:  lookups answered
 * @tags:  of each set, 16 bits of hash an entry; 0 for none
 * @entry: the entries, set by set
 */
struct cvsw_fcache {
	u64				mul[CVSW_KEY_WORDS];
	unsigned int			shift;
	u32				turn;
	struct cvsw_fcache_entry	*last;
	u64				hits;
	u64				*tags;
	struct cvsw_fcache_entry	*entry;
};

#define CVSW_FCACHE_ENTRIES	8192	/* default; 82 bytes each */

/**
 * cvsw_fcache_new - make an empty cache
 * @entries: rounded up to a power of two
 * @seed:    secret start value of the hash function
 * Return: the cache, NULL without memory.
 */
struct cvsw_fcache *cvsw_fcache_new(u32 entries, u64 seed);
void cvsw_fcache_free(struct cvsw_fcache *cache);

/* is @key that of the entry?  First the words that most often differ */
static __always_inline bool cvsw_fcache_is(const struct cvsw_fcache_entry *e,
					   const struct cvsw_key *key)
{
	const u64 *a = e->key.word, *b = key->word;

	if ((a[2] ^ b[2]) | (a[3] ^ b[3]))
		return false;
	return !((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[4] ^ b[4]) |
		 (a[5] ^ b[5]) | (a[6] ^ b[6]) | (a[7] ^ b[7]));
}

/* out of line part of cvsw_fcache_lookup() */
struct cvsw_table_flow *cvsw_fcache_search(struct cvsw_fcache *cache,
					   const struct cvsw_table *table,
					   const struct cvsw_key *key,
					   u64 version);

/**
 * cvsw_fcache_lookup - as cvsw_table_lookup() of a frame without options,
 * through the cache
 *
 * A cache belongs to one table for life, and its versions never go backwards.
 * The caller is inside an RCU read-side section.
 */
static __always_inline struct cvsw_table_flow *
cvsw_fcache_lookup(struct cvsw_fcache *cache, const struct cvsw_table *table,
		   const struct cvsw_key *key, u64 version)
{
	struct cvsw_fcache_entry *last = cache->last;

	if (cvsw_fcache_is(last, key) && last->version == version) {
		cache->hits++;
		return last->flow;
	}
	return cvsw_fcache_search(cache, table, key, version);
}

/** cvsw_fcache_hits - lookups answered by the cache */
u64 cvsw_fcache_hits(const struct cvsw_fcache *cache);

#endif /* CVSW_FCACHE_H */

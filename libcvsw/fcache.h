/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_FCACHE_H
#define CVSW_FCACHE_H

/*
 * The exact-match cache in front of the table: one for each worker, used by
 * that worker alone, so without locks.  It remembers for whole keys which
 * flow, or that none, was found, and at which version of the table.
 *
 * At another version the entry is checked again before it is used
 * (cvsw_table_holds()), so that a table in constant change does not make the
 * cache useless: only flows that could take over the frame, or the removal of
 * the flow itself, send its frames through the classifier again.
 */

#include "os.h"
#include <cvsw/flow.h>
#include "table.h"

struct cvsw_fcache;

#define CVSW_FCACHE_ENTRIES	8192	/* default; 82 bytes each */

/**
 * cvsw_fcache_new - make an empty cache
 * @entries: rounded up to a power of two
 * @seed:    secret start value of the hash function
 * Return: the cache, NULL without memory.
 */
struct cvsw_fcache *cvsw_fcache_new(u32 entries, u64 seed);
void cvsw_fcache_free(struct cvsw_fcache *cache);

/**
 * cvsw_fcache_lookup - as cvsw_table_lookup(), through the cache
 *
 * A cache belongs to one table for life, and its versions never go backwards.
 * The caller is inside an RCU read-side section.
 */
struct cvsw_table_flow *cvsw_fcache_lookup(struct cvsw_fcache *cache,
					   const struct cvsw_table *table,
					   const struct cvsw_key *key,
					   u64 version);

/** cvsw_fcache_hits - lookups answered by the cache */
u64 cvsw_fcache_hits(const struct cvsw_fcache *cache);

#endif /* CVSW_FCACHE_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The exact-match cache.  Sets of four entries; the 16 bits of hash that tell
 * them apart are kept by themselves, 8 bytes a set, so that they stay in the
 * nearest cache and a key that is not there touches nothing else.
 */

#include "fcache.h"

#define FCACHE_WAYS	4
#define FCACHE_LANES	0x0001000100010001ULL

struct cvsw_fcache *cvsw_fcache_new(u32 entries, u64 seed)
{
	size_t sets = roundup_pow_of_two(max_t(u32, entries / FCACHE_WAYS, 2));
	struct cvsw_fcache *cache = kzalloc(sizeof(*cache), GFP_KERNEL);
	unsigned int i;

	if (!cache)
		return NULL;
	cache->shift = (unsigned int)(65 - fls64(sets));
	for (i = 0; i < CVSW_KEY_WORDS; i++) {
		seed = (seed ^ seed >> 29) * 0xbf58476d1ce4e5b9ULL +
		       0x9e3779b97f4a7c15ULL;
		cache->mul[i] = (seed ^ seed >> 32) | 1;
	}
	cache->tags = kvcalloc(sets, sizeof(*cache->tags), GFP_KERNEL);
	cache->entry = kvcalloc(sets * FCACHE_WAYS, sizeof(*cache->entry),
				GFP_KERNEL);
	if (cache->tags && cache->entry) {
		cache->last = cache->entry;
		cache->last->version = ~0ULL;	/* there is none yet */
		return cache;
	}
	cvsw_fcache_free(cache);
	return NULL;
}

void cvsw_fcache_free(struct cvsw_fcache *cache)
{
	if (!cache)
		return;
	kvfree(cache->tags);
	kvfree(cache->entry);
	kfree(cache);
}

u64 cvsw_fcache_hits(const struct cvsw_fcache *cache)
{
	return READ_ONCE(cache->hits);
}

static u64 fcache_hash(const struct cvsw_fcache *cache,
		       const struct cvsw_key *key)
{
	const u64 *k = key->word, *m = cache->mul;

	return k[0] * m[0] + k[1] * m[1] + k[2] * m[2] + k[3] * m[3] +
	       k[4] * m[4] + k[5] * m[5] + k[6] * m[6] + k[7] * m[7];
}

/* The top bit of each 16 of @tags that are @tag; seldom one too many */
static u64 fcache_lanes(u64 tags, u64 tag)
{
	u64 x = tags ^ tag * FCACHE_LANES;

	return (x - FCACHE_LANES) & ~x & FCACHE_LANES << 15;
}

/* Which way of a set takes a new key: an empty one, else each in turn */
static unsigned int fcache_way(struct cvsw_fcache *cache, u64 tags)
{
	u64 empty = fcache_lanes(tags, 0);

	return empty ? __ffs64(empty) / 16 : cache->turn++ % FCACHE_WAYS;
}

static struct cvsw_table_flow *fcache_fill(struct cvsw_fcache_entry *e,
					   const struct cvsw_table *table,
					   const struct cvsw_key *key,
					   u64 version)
{
	e->flow = cvsw_table_lookup(table, key, 0, version);
	e->version = version;
	return e->flow;
}

struct cvsw_table_flow *cvsw_fcache_search(struct cvsw_fcache *cache,
					   const struct cvsw_table *table,
					   const struct cvsw_key *key,
					   u64 version)
{
	u64 hash = fcache_hash(cache, key);
	u64 set = hash >> cache->shift;
	u64 tag = hash >> (cache->shift - 16) & 0xffff;
	struct cvsw_fcache_entry *e = &cache->entry[set * FCACHE_WAYS];
	u64 hits;
	unsigned int i;

	tag += !tag;
	hits = fcache_lanes(cache->tags[set], tag);
	for (; hits; hits &= hits - 1) {
		i = __ffs64(hits) / 16;
		if (!cvsw_fcache_is(&e[i], key))
			continue;
		cache->last = &e[i];
		if (unlikely(e[i].version != version)) {
			if (!cvsw_table_holds(table, key, e[i].flow,
					      e[i].version, version))
				return fcache_fill(&e[i], table, key, version);
			e[i].version = version;
		}
		cache->hits++;
		return e[i].flow;
	}
	i = fcache_way(cache, cache->tags[set]);
	cache->tags[set] = (cache->tags[set] & ~(0xffffULL << 16 * i)) |
			   tag << 16 * i;
	e[i].key = *key;
	cache->last = &e[i];
	return fcache_fill(&e[i], table, key, version);
}

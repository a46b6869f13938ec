/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CLS_SUB_H
#define CVSW_CLS_SUB_H

/*
 * A subtable: a hash table over rules whose masks all include its own.  A
 * bucket is one cache line of seven rules with a byte of their hash each, so
 * a lookup that finds nothing touches one line.  A bucket that is full sends
 * rules on to the next one and counts them; a lookup follows them only then.
 *
 * Rules with the same match form a group, linked from the highest rank down;
 * the subtable holds the first of each.  Groups whose match differs may share
 * all bits of the subtable's mask and so a hash: a chain.
 *
 * Part of the classifier.  One writer; readers inside RCU read-side sections
 * see every rule that was there before the version they look up.  Growing
 * makes a new subtable; the writer publishes it and retires the old one.
 */

#include "os.h"
#include <cvsw/flow.h>
#include "cls.h"
#include "cls_mask.h"

#define CVSW_CLS_SLOTS	7

/**
 * struct cvsw_cls_bucket - one cache line
 * @tags: from the lowest byte: one of each slot's hash, 0 when it is empty;
 *        in the highest byte how many rules went on to the next bucket, and
 *        once that is 255 it stays
 * @slot: first rules of groups
 */
struct cvsw_cls_bucket {
	u64				tags;
	struct cvsw_cls_rule __rcu	*slot[CVSW_CLS_SLOTS];
};

/**
 * struct cvsw_cls_sub - a subtable
 * @bucket:   one more than @last of them
 * @last:     index of the last bucket
 * @shift:    of a hash, to leave the bucket's index
 * @wide:     @mask uses more words than IPv4 needs
 * @bits:     bits of @mask
 * @mask:     bits that all its rules look at
 * @count:    groups in it
 * @bytes:    memory it takes
 * @next:     in the writer's list of what it retires
 */
struct cvsw_cls_sub {
	struct cvsw_cls_bucket	*bucket;
	u32			last;
	u8			shift;
	bool			wide;
	u16			bits;
	struct cvsw_key		mask;
	u32			count;
	size_t			bytes;
	struct cvsw_cls_sub	*next;
};

/** cvsw_cls_sub_new - empty, with room for @count groups; NULL without memory */
struct cvsw_cls_sub *cvsw_cls_sub_new(const struct cvsw_key *mask, u32 count);
void cvsw_cls_sub_free(struct cvsw_cls_sub *sub);

/**
 * cvsw_cls_sub_grown - a larger copy, which shares the rules
 * @mul: multipliers of the hash, one odd number for each word
 * Return: the copy, NULL without memory.
 */
struct cvsw_cls_sub *cvsw_cls_sub_grown(const struct cvsw_cls_sub *sub,
					const u64 *mul);

/** cvsw_cls_sub_crowded - is it time to grow? */
static inline bool cvsw_cls_sub_crowded(const struct cvsw_cls_sub *sub)
{
	return sub->count >= (sub->last + 1) * 5u;
}

/** cvsw_cls_sub_full - is there no slot left at all? */
static inline bool cvsw_cls_sub_full(const struct cvsw_cls_sub *sub)
{
	return sub->count >= (sub->last + 1) * (u32)CVSW_CLS_SLOTS;
}

/**
 * cvsw_cls_sub_hash - where in the subtable @key belongs
 *
 * Multiply-shift over the masked words: with secret multipliers two keys meet
 * in a bucket hardly more often than by chance, whoever chose them.
 */
static inline u64 cvsw_cls_sub_hash(const struct cvsw_cls_sub *sub,
				    const u64 *mul, const struct cvsw_key *key)
{
	const u64 *k = key->word, *m = sub->mask.word;
	u64 h = (k[0] & m[0]) * mul[0] + (k[1] & m[1]) * mul[1] +
		(k[2] & m[2]) * mul[2] + (k[3] & m[3]) * mul[3] +
		(k[5] & m[5]) * mul[5];

	if (unlikely(sub->wide))
		h += (k[4] & m[4]) * mul[4] + (k[6] & m[6]) * mul[6] +
		     (k[7] & m[7]) * mul[7];
	return h;
}

static inline struct cvsw_cls_bucket *
cvsw_cls_sub_bucket(const struct cvsw_cls_sub *sub, u64 hash)
{
	return &sub->bucket[hash >> sub->shift];
}

static inline u64 cvsw_cls_sub_tag(const struct cvsw_cls_sub *sub, u64 hash)
{
	u64 tag = hash >> (sub->shift - 8) & 0xff;

	return tag + !tag;
}

/* A bit (0x80) in each byte of @tags that is @tag, but for the highest byte;
 * seldom also in one that is not */
static inline u64 cvsw_cls_bucket_hits(u64 tags, u64 tag)
{
	u64 x = tags ^ tag * 0x0101010101010101ULL;

	return (x - 0x0101010101010101ULL) & ~x & 0x0080808080808080ULL;
}

static inline struct cvsw_cls_bucket *
cvsw_cls_sub_after(const struct cvsw_cls_sub *sub,
		   const struct cvsw_cls_bucket *b)
{
	return b == &sub->bucket[sub->last] ? sub->bucket :
	       (struct cvsw_cls_bucket *)b + 1;
}

static inline bool cvsw_cls_rule_visible(const struct cvsw_cls_rule *rule,
					 u64 version)
{
	return version >= READ_ONCE(rule->added) &&
	       version < READ_ONCE(rule->removed);
}

/**
 * struct cvsw_cls_frame - what a rule is looked for by
 * @key:     of the frame
 * @opts:    options that it has
 * @version: at which
 */
struct cvsw_cls_frame {
	const struct cvsw_key	*key;
	u64			opts;
	u64			version;
};

/**
 * cvsw_cls_sub_search - the best rule for @frame in a bucket and those that it
 * sends on to
 * @b:    the bucket of its hash
 * @tags: of that bucket, as they were read
 * @tag:  of its hash
 * @best: the best so far, NULL for none
 * Return: the best found when better than @best, else @best.
 */
struct cvsw_cls_rule *cvsw_cls_sub_search(const struct cvsw_cls_sub *sub,
					  const struct cvsw_cls_bucket *b,
					  u64 tags, u64 tag,
					  const struct cvsw_cls_frame *frame,
					  struct cvsw_cls_rule *best);

/** cvsw_cls_sub_lookup - the same in all of @sub; @hash: cvsw_cls_sub_hash() */
static __always_inline struct cvsw_cls_rule *
cvsw_cls_sub_lookup(const struct cvsw_cls_sub *sub, u64 hash,
		    const struct cvsw_cls_frame *frame,
		    struct cvsw_cls_rule *best)
{
	const struct cvsw_cls_bucket *b = cvsw_cls_sub_bucket(sub, hash);
	u64 tag = cvsw_cls_sub_tag(sub, hash);
	u64 tags = smp_load_acquire(&b->tags);

	if (!(cvsw_cls_bucket_hits(tags, tag) | tags >> 56))
		return best;
	return cvsw_cls_sub_search(sub, b, tags, tag, frame, best);
}

/* The writer's */

/** cvsw_cls_slot - the first rule of the @i-th group in @b, or NULL */
static inline struct cvsw_cls_rule *
cvsw_cls_slot(const struct cvsw_cls_bucket *b, unsigned int i)
{
	return rcu_dereference_protected(b->slot[i], true);
}

/** cvsw_cls_sub_chain - how many groups in it (may) have this hash */
u32 cvsw_cls_sub_chain(const struct cvsw_cls_sub *sub, u64 hash);

/** cvsw_cls_sub_find - the slot that holds the group of this match, NULL if none */
struct cvsw_cls_rule __rcu **
cvsw_cls_sub_find(const struct cvsw_cls_sub *sub, u64 hash,
		  const struct cvsw_cls_mask *mask, const struct cvsw_key *value);

/** cvsw_cls_sub_put - take in a group; the subtable is not full */
void cvsw_cls_sub_put(struct cvsw_cls_sub *sub, u64 hash,
		      struct cvsw_cls_rule *rule);

/** cvsw_cls_sub_cut - give up the group in @slot */
void cvsw_cls_sub_cut(struct cvsw_cls_sub *sub, u64 hash,
		      struct cvsw_cls_rule __rcu **slot);

#endif /* CVSW_CLS_SUB_H */

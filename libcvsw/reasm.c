// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A frame gets, with its first segment, a buffer of its whole length, into
 * which the segments are copied: in steady state nothing is allocated, and a
 * segment costs little more than the copy.  What is there of it is a sorted
 * list of parts that do not touch; segments in order, or in reverse order,
 * make one part.
 *
 * Frames are in two lists, by age for the timeout and by use for the choice of
 * what makes room, and in a hash table of as many buckets as there may be
 * frames.
 */

#include "reasm.h"
#include "hdr.h"

#define REASM_BITS	9
#define REASM_BUCKETS	(1u << REASM_BITS)
#define REASM_WORDS	6

static_assert(REASM_BUCKETS == CVSW_REASM_FRAMES, "one bucket per frame");
static_assert(sizeof(struct cvsw_reasm_key) == 8 * REASM_WORDS, "key is words");

/* bytes from @from to before @to */
struct reasm_part {
	u16	from;
	u16	to;
};

/*
 * struct reasm_frame - a frame that is not complete
 * @key:    of its segments
 * @next:   in the bucket, or of those that are free
 * @age:    in @by_age, the oldest first
 * @use:    in @by_use, what has longest got nothing first
 * @pkt:    what there is of it
 * @until:  ns: its time is up then
 * @memory: that @pkt takes; 0: it is given up, and there is no @pkt
 * @held:   carrier frames whose bytes are in @pkt
 * @why:    why it was given up
 * @ecn:    of the segments so far
 * @parts:  how many there are
 */
struct reasm_frame {
	u64			key[REASM_WORDS];
	struct reasm_frame	*next;
	struct list_head	age;
	struct list_head	use;
	struct cvsw_pkt		pkt;
	u64			until;
	u32			memory;
	u32			held;
	u8			why;
	u8			ecn;
	u16			parts;
	struct reasm_part	part[CVSW_REASM_PARTS];
};

/*
 * struct cvsw_reasm - the frames of one worker
 * @mul:    odd multipliers of the hash function
 * @by_age: all frames
 * @by_use: likewise
 * @free:   memory of frames, for reuse
 * @frames: how many there are in use
 * @memory: sum of theirs
 */
struct cvsw_reasm {
	u64			mul[REASM_WORDS];
	struct list_head	by_age;
	struct list_head	by_use;
	struct reasm_frame	*free;
	u32			frames;
	u32			memory;
	struct reasm_frame	*bucket[REASM_BUCKETS];
};

struct cvsw_reasm *cvsw_reasm_new(u64 seed)
{
	struct cvsw_reasm *reasm = kzalloc(sizeof(*reasm), GFP_ATOMIC);
	unsigned int i;

	if (!reasm)
		return NULL;
	INIT_LIST_HEAD(&reasm->by_age);
	INIT_LIST_HEAD(&reasm->by_use);
	for (i = 0; i < REASM_WORDS; i++) {
		seed = (seed ^ seed >> 29) * 0xbf58476d1ce4e5b9ULL +
		       0x9e3779b97f4a7c15ULL;
		reasm->mul[i] = (seed ^ seed >> 32) | 1;
	}
	return reasm;
}

/* Frames */

static struct reasm_frame **reasm_bucket(struct cvsw_reasm *reasm,
					 const u64 *k)
{
	const u64 *m = reasm->mul;
	u64 hash = k[0] * m[0] + k[1] * m[1] + k[2] * m[2] + k[3] * m[3] +
		   k[4] * m[4] + k[5] * m[5];

	return &reasm->bucket[hash >> (64 - REASM_BITS)];
}

static bool reasm_is(const struct reasm_frame *frame, const u64 *k)
{
	const u64 *f = frame->key;

	return !((f[0] ^ k[0]) | (f[1] ^ k[1]) | (f[2] ^ k[2]) |
		 (f[3] ^ k[3]) | (f[4] ^ k[4]) | (f[5] ^ k[5]));
}

static struct reasm_frame *reasm_find(struct cvsw_reasm *reasm, const u64 *key)
{
	struct reasm_frame *frame = *reasm_bucket(reasm, key);

	while (frame && !reasm_is(frame, key))
		frame = frame->next;
	return frame;
}

/* out of all lists; its @pkt is the caller's */
static void reasm_forget(struct cvsw_reasm *reasm, struct reasm_frame *frame)
{
	struct reasm_frame **at = reasm_bucket(reasm, frame->key);

	while (*at != frame)
		at = &(*at)->next;
	*at = frame->next;
	list_del(&frame->age);
	list_del(&frame->use);
	reasm->memory -= frame->memory;
	reasm->frames--;
	frame->next = reasm->free;
	reasm->free = frame;
}

/* free and count what there is of it; its key stays, to know the rest by */
static void reasm_spoil(struct cvsw_reasm *reasm, struct reasm_frame *frame,
			enum cvsw_drop why, u64 *drops)
{
	if (frame->memory)
		cvsw_pkt_free(&frame->pkt);
	reasm->memory -= frame->memory;
	frame->memory = 0;
	drops[why] += frame->held;
	frame->held = 0;
	frame->why = (u8)why;
}

static void reasm_give_up(struct cvsw_reasm *reasm, struct reasm_frame *frame,
			  enum cvsw_drop why, u64 *drops)
{
	reasm_spoil(reasm, frame, why, drops);
	reasm_forget(reasm, frame);
}

static void reasm_make_room(struct cvsw_reasm *reasm, u64 *drops)
{
	reasm_give_up(reasm,
		      list_first_entry(&reasm->by_use, struct reasm_frame, use),
		      CVSW_DROP_REASM_FULL, drops);
}

/* memory for one more frame */
static struct reasm_frame *reasm_place(struct cvsw_reasm *reasm, u64 *drops)
{
	struct reasm_frame *frame;

	if (reasm->frames == CVSW_REASM_FRAMES)
		reasm_make_room(reasm, drops);
	frame = reasm->free;
	if (!frame)
		return kmalloc(sizeof(*frame), GFP_ATOMIC);
	reasm->free = frame->next;
	return frame;
}

/* a new frame, of which @pkt carries a segment; spoilt without memory for what
 * is in it, NULL without memory for itself */
static struct reasm_frame *reasm_start(struct cvsw_reasm *reasm,
				       const struct cvsw_pkt *pkt,
				       const u64 *key, u32 len, u64 now,
				       u64 *drops)
{
	struct reasm_frame **bucket = reasm_bucket(reasm, key);
	struct reasm_frame *frame = reasm_place(reasm, drops);

	if (!frame)
		return NULL;
	memcpy(frame->key, key, sizeof(frame->key));
	frame->next = *bucket;
	*bucket = frame;
	list_add_tail(&frame->age, &reasm->by_age);
	list_add_tail(&frame->use, &reasm->by_use);
	frame->until = now + CVSW_REASM_NS;
	frame->memory = 0;
	frame->held = 0;
	frame->parts = 0;
	frame->why = CVSW_DROP_NONE;
	reasm->frames++;
	if (cvsw_pkt_new_like(&frame->pkt, pkt, len)) {
		frame->why = CVSW_DROP_NO_MEMORY;
		return frame;
	}
	frame->memory = cvsw_pkt_memory(&frame->pkt);
	reasm->memory += frame->memory;
	while (reasm->memory > CVSW_REASM_BYTES)
		reasm_make_room(reasm, drops);
	return frame;
}

bool cvsw_reasm_expire(struct cvsw_reasm *reasm, u64 now, u64 *drops)
{
	struct reasm_frame *frame;

	while (!list_empty(&reasm->by_age)) {
		frame = list_first_entry(&reasm->by_age, struct reasm_frame,
					 age);
		if (now < frame->until)
			break;
		reasm_give_up(reasm, frame, CVSW_DROP_REASM_TIMEOUT, drops);
	}
	return reasm->memory;
}

void cvsw_reasm_free(struct cvsw_reasm *reasm)
{
	u64 drops[CVSW_DROP_COUNT] = {};
	struct reasm_frame *frame;

	if (!reasm)
		return;
	(void)cvsw_reasm_expire(reasm, ~0ull, drops);
	while ((frame = reasm->free)) {
		reasm->free = frame->next;
		kfree(frame);
	}
	kfree(reasm);
}

/* Segments */

/* the parts @i - 1 and @i of @frame touch: make them one */
static void reasm_join(struct reasm_frame *frame, unsigned int i)
{
	struct reasm_part *part = &frame->part[i];

	part[-1].to = part->to;
	frame->parts--;
	memmove(part, part + 1, (frame->parts - i) * sizeof(*part));
}

static void reasm_insert(struct reasm_frame *frame, unsigned int i, u32 from,
			 u32 to)
{
	struct reasm_part *part = &frame->part[i];

	memmove(part + 1, part, (frame->parts - i) * sizeof(*part));
	frame->parts++;
	part->from = (u16)from;
	part->to = (u16)to;
}

/* note that the bytes from @from to before @to are there, or why they may not
 * be */
static enum cvsw_drop reasm_note(struct reasm_frame *frame, u32 from, u32 to)
{
	struct reasm_part *part = frame->part;
	unsigned int i = frame->parts;
	bool before, behind;

	while (i && part[i - 1].from >= to)
		i--;
	if (i && part[i - 1].to > from)
		return CVSW_DROP_REASM_OVERLAP;
	before = i && part[i - 1].to == from;
	behind = i < frame->parts && part[i].from == to;
	if (before) {
		part[i - 1].to = (u16)to;
		if (behind)
			reasm_join(frame, i);
	} else if (behind) {
		part[i].from = (u16)from;
	} else {
		if (frame->parts == CVSW_REASM_PARTS)
			return CVSW_DROP_REASM_LENGTH;
		reasm_insert(frame, i, from, to);
	}
	return CVSW_DROP_NONE;
}

static enum cvsw_drop reasm_fit(struct reasm_frame *frame,
				const struct cvsw_reasm_seg *seg, u32 len)
{
	if (!seg->len || seg->off > len || seg->len > len - seg->off)
		return CVSW_DROP_REASM_LENGTH;
	return reasm_note(frame, seg->off, seg->off + seg->len);
}

static u8 reasm_ecn(u8 a, u8 b)
{
	if (a == b)
		return a;
	if (a == CVSW_IP_ECN_CE || b == CVSW_IP_ECN_CE)
		return CVSW_IP_ECN_CE;
	return a && b ? CVSW_IP_ECN_ECT0 : 0;
}

/* copy the segment of @pkt into its place */
static void reasm_fill(struct reasm_frame *frame, struct cvsw_pkt *pkt,
		       const struct cvsw_reasm_seg *seg)
{
	u64 bytes;

	cvsw_pkt_copy(&frame->pkt, seg->off, pkt, seg->from, seg->len);
	frame->ecn = frame->held ? reasm_ecn(frame->ecn, seg->ecn) : seg->ecn;
	frame->held += cvsw_pkt_segments(pkt, &bytes);
	cvsw_pkt_free(pkt);
}

static bool reasm_is_whole(const struct reasm_frame *frame, u32 len)
{
	return frame->parts == 1 &&
	       (u32)(frame->part->to - frame->part->from) == len;
}

static unsigned int reasm_drop(struct cvsw_pkt *pkt, enum cvsw_drop why,
			       u64 *drops)
{
	u64 bytes;

	drops[why] += cvsw_pkt_segments(pkt, &bytes);
	cvsw_pkt_free(pkt);
	return CVSW_HELD;
}

unsigned int cvsw_reasm_add(struct cvsw_reasm *reasm, struct cvsw_pkt *pkt,
			    const struct cvsw_reasm_key *key,
			    struct cvsw_reasm_seg *seg, u64 now, u64 *drops)
{
	struct reasm_frame *frame;
	u64 words[REASM_WORDS];
	enum cvsw_drop why;

	(void)cvsw_reasm_expire(reasm, now, drops);
	if (key->len < CVSW_REASM_LEN_MIN || key->len > CVSW_REASM_LEN_MAX)
		return reasm_drop(pkt, CVSW_DROP_REASM_LENGTH, drops);
	memcpy(words, key, sizeof(words));
	frame = reasm_find(reasm, words);
	if (!frame)
		frame = reasm_start(reasm, pkt, words, key->len, now, drops);
	if (!frame)
		return reasm_drop(pkt, CVSW_DROP_NO_MEMORY, drops);
	if (!frame->why) {
		why = reasm_fit(frame, seg, key->len);
		if (why)
			reasm_spoil(reasm, frame, why, drops);
	}
	if (frame->why)
		return reasm_drop(pkt, frame->why, drops);
	reasm_fill(frame, pkt, seg);
	if (!reasm_is_whole(frame, key->len)) {
		list_move_tail(&frame->use, &reasm->by_use);
		return CVSW_HELD;
	}
	*pkt = frame->pkt;
	seg->ecn = frame->ecn;
	reasm_forget(reasm, frame);
	return CVSW_DROP_NONE;
}

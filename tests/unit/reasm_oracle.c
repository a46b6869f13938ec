// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "reasm_oracle.h"

/*
 * struct naive - a frame
 * @there: map of its bytes
 * @used:  serial number of the last segment that it got
 */
struct naive {
	struct cvsw_reasm_key	key;
	u8			*bytes;
	u8			*there;
	u64			until;
	u64			used;
	u32			memory;
	u32			held;
	unsigned int		ecns;
	enum cvsw_drop		why;
	bool			in_use;
};

struct reasm_pair {
	struct cvsw_pool	*pool;
	struct cvsw_reasm	*reasm;
	u64			drops[CVSW_DROP_COUNT];
	u64			want[CVSW_DROP_COUNT];
	u64			serial;
	u64			given;
	u64			whole;
	struct naive		frame[CVSW_REASM_FRAMES];
};

struct reasm_pair *reasm_pair_new(struct cvsw_pool *pool, u64 seed)
{
	struct reasm_pair *pair = calloc(1, sizeof(*pair));

	if (!pair)
		return NULL;
	pair->pool = pool;
	pair->reasm = cvsw_reasm_new(seed);
	if (!pair->reasm) {
		free(pair);
		return NULL;
	}
	return pair;
}

static void naive_end(struct naive *f)
{
	free(f->bytes);
	free(f->there);
	*f = (struct naive){};
}

void reasm_pair_free(struct reasm_pair *pair)
{
	unsigned int i;

	for (i = 0; i < CVSW_REASM_FRAMES; i++)
		naive_end(&pair->frame[i]);
	cvsw_reasm_free(pair->reasm);
	free(pair);
}

const u64 *reasm_pair_drops(const struct reasm_pair *pair)
{
	return pair->drops;
}

u64 reasm_pair_whole(const struct reasm_pair *pair)
{
	return pair->whole;
}

static u32 up(u32 n, u32 by)
{
	return (n + by - 1) / by;
}

struct cvsw_pkt reasm_carrier(struct cvsw_pool *pool, const u8 *bytes, u32 n,
			      u32 segments)
{
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .csum_start = 34, .csum_offset = 16,
		.gso_type = CVSW_GSO_TCP4,
	};
	struct cvsw_pkt pkt = { .in_port = 1 };
	u8 *p;

	pkt.frame = cvsw_buf_new(pool, REASM_CARRIER + n);
	if (!pkt.frame)
		abort();
	p = pkt.frame->data;
	memset(p, 0, REASM_CARRIER);
	p[12] = 0x08;
	p[14] = 0x45;
	put_unaligned_be16((u16)(REASM_CARRIER - 14 + n), p + 16);
	p[23] = 6;
	p[46] = 0x50;
	memcpy(p + REASM_CARRIER, bytes, n);
	off.gso_size = (u16)up(n, segments);
	if (segments > 1 && cvsw_pkt_offload_set(&pkt, &off))
		abort();
	return pkt;
}

/* What should be */

static u32 naive_memory(struct reasm_pair *pair, u32 len)
{
	struct cvsw_pkt pkt = { .frame = cvsw_buf_new(pair->pool, len) };
	u32 memory;

	if (!pkt.frame)
		abort();
	memory = cvsw_pkt_memory(&pkt);
	cvsw_pkt_free(&pkt);
	return memory;
}

static void naive_spoil(struct reasm_pair *pair, struct naive *f,
			enum cvsw_drop why)
{
	pair->want[why] += f->held;
	f->held = 0;
	f->memory = 0;
	f->why = why;
}

static u64 naive_held(const struct reasm_pair *pair, unsigned int *frames)
{
	u64 memory = 0;
	unsigned int i;

	*frames = 0;
	for (i = 0; i < CVSW_REASM_FRAMES; i++) {
		*frames += pair->frame[i].in_use;
		memory += pair->frame[i].memory;
	}
	return memory;
}

static void naive_evict(struct reasm_pair *pair)
{
	struct naive *oldest = NULL, *f = pair->frame;
	unsigned int i;

	for (i = 0; i < CVSW_REASM_FRAMES; i++, f++)
		if (f->in_use && (!oldest || f->used < oldest->used))
			oldest = f;
	naive_spoil(pair, oldest, CVSW_DROP_REASM_FULL);
	naive_end(oldest);
}

static void naive_expire(struct reasm_pair *pair, u64 now)
{
	struct naive *f = pair->frame;
	unsigned int i;

	for (i = 0; i < CVSW_REASM_FRAMES; i++, f++) {
		if (!f->in_use || now < f->until)
			continue;
		naive_spoil(pair, f, CVSW_DROP_REASM_TIMEOUT);
		naive_end(f);
	}
}

static struct naive *naive_start(struct reasm_pair *pair,
				 const struct cvsw_reasm_key *key, u64 now)
{
	struct naive *f = pair->frame;
	unsigned int frames;

	naive_held(pair, &frames);
	if (frames == CVSW_REASM_FRAMES)
		naive_evict(pair);
	while (f->in_use)
		f++;
	*f = (struct naive){
		.key = *key, .in_use = true, .until = now + CVSW_REASM_NS,
		.used = pair->serial,
		.memory = naive_memory(pair, key->len),
		.bytes = calloc(1, key->len), .there = calloc(1, key->len),
	};
	if (!f->bytes || !f->there)
		abort();
	while (naive_held(pair, &frames) > CVSW_REASM_BYTES)
		naive_evict(pair);
	return f;
}

static struct naive *naive_find(struct reasm_pair *pair,
				const struct cvsw_reasm_key *key, u64 now)
{
	struct naive *f = pair->frame;
	unsigned int i;

	for (i = 0; i < CVSW_REASM_FRAMES; i++, f++)
		if (f->in_use && !memcmp(&f->key, key, sizeof(*key)))
			return f;
	return naive_start(pair, key, now);
}

static u32 naive_parts(const struct naive *f)
{
	const u8 *end = f->there + f->key.len, *p = f->there;
	u32 parts = 0;

	while (p && (p = memchr(p, 1, (size_t)(end - p)))) {
		p = memchr(p, 0, (size_t)(end - p));
		parts++;
	}
	return parts;
}

static enum cvsw_drop naive_judge(struct naive *f,
				  const struct cvsw_reasm_seg *seg)
{
	if (!seg->len || (u64)seg->off + seg->len > f->key.len)
		return CVSW_DROP_REASM_LENGTH;
	if (memchr(f->there + seg->off, 1, seg->len))
		return CVSW_DROP_REASM_OVERLAP;
	memset(f->there + seg->off, 1, seg->len);
	return naive_parts(f) > CVSW_REASM_PARTS ? CVSW_DROP_REASM_LENGTH :
						   CVSW_DROP_NONE;
}

static u8 naive_ecn(unsigned int ecns)
{
	if (ecns & 1u << 3)
		return 3;
	if (ecns & 1u << 0)
		return 0;
	return ecns & 1u << 2 ? 2 : 1;
}

/* the frame that this segment completes, or NULL */
static struct naive *naive_add(struct reasm_pair *pair,
			       const struct cvsw_reasm_key *key,
			       const struct cvsw_reasm_seg *seg,
			       const u8 *bytes, u32 segments, u64 now)
{
	struct naive *f;
	enum cvsw_drop why;

	pair->serial++;
	naive_expire(pair, now);
	if (key->len < CVSW_REASM_LEN_MIN || key->len > CVSW_REASM_LEN_MAX) {
		pair->want[CVSW_DROP_REASM_LENGTH] += segments;
		return NULL;
	}
	f = naive_find(pair, key, now);
	if (!f->why) {
		why = naive_judge(f, seg);
		if (why)
			naive_spoil(pair, f, why);
	}
	if (f->why) {
		pair->want[f->why] += segments;
		return NULL;
	}
	memcpy(f->bytes + seg->off, bytes, seg->len);
	f->held += segments;
	f->used = pair->serial;
	f->ecns |= 1u << seg->ecn;
	return memchr(f->there, 0, f->key.len) ? NULL : f;
}

/* What is */

static const char *pair_compare(struct reasm_pair *pair)
{
	return memcmp(pair->drops, pair->want, sizeof(pair->drops)) ?
	       "drop counters differ" : NULL;
}

static const char *pair_frame(const struct cvsw_pkt *pkt, const struct naive *f,
			      u8 ecn)
{
	u32 len = cvsw_pkt_len(pkt);

	if (len != f->key.len)
		return "length of the frame";
	if (memcmp(cvsw_pkt_header(pkt, 0, len), f->bytes, len))
		return "bytes of the frame";
	if (ecn != naive_ecn(f->ecns))
		return "ECN of the frame";
	if (pkt->in_port != 1 || pkt->l3 || pkt->l4 || cvsw_pkt_is_super(pkt))
		return "descriptor of the frame";
	return NULL;
}

const char *reasm_pair_add(struct reasm_pair *pair,
			   const struct cvsw_reasm_key *key,
			   struct cvsw_reasm_seg *seg, const u8 *bytes,
			   u32 segments, u64 now, bool *whole)
{
	struct cvsw_pkt pkt = reasm_carrier(pair->pool, bytes, seg->len,
					    segments);
	const char *wrong = NULL;
	unsigned int verdict;
	struct naive *f;

	seg->from = REASM_CARRIER;
	segments = segments > 1 ? up(seg->len, up(seg->len, segments)) : 1;
	pair->given += segments;
	f = naive_add(pair, key, seg, bytes, segments, now);
	verdict = cvsw_reasm_add(pair->reasm, &pkt, key, seg, now, pair->drops);
	*whole = verdict == CVSW_DROP_NONE;
	if (verdict != (f ? CVSW_DROP_NONE : CVSW_HELD))
		return "verdicts differ";
	if (f) {
		wrong = pair_frame(&pkt, f, seg->ecn);
		pair->whole += f->held;
		naive_end(f);
		cvsw_pkt_free(&pkt);
	}
	return wrong ? wrong : pair_compare(pair);
}

const char *reasm_pair_expire(struct reasm_pair *pair, u64 now)
{
	unsigned int frames;
	bool held = cvsw_reasm_expire(pair->reasm, now, pair->drops);

	naive_expire(pair, now);
	if (held != (naive_held(pair, &frames) > 0))
		return "what is held differs";
	return pair_compare(pair);
}

const char *reasm_pair_balance(struct reasm_pair *pair)
{
	const char *wrong = reasm_pair_expire(pair, ~0ull);
	u64 sum = pair->whole;
	unsigned int i;

	for (i = 0; i < CVSW_DROP_COUNT; i++)
		sum += pair->drops[i];
	if (wrong)
		return wrong;
	return sum == pair->given ? NULL : "lost and not counted";
}

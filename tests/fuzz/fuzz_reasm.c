// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Reassembly beside its oracle.  Eight bytes are a step: what it does, which
 * frame (its length comes from there), offset and length of the segment, ECN
 * and size of the super-frame that carries it, and the time that passes.
 */

#include <cvsw/pkt.h>
#include "../unit/reasm_oracle.h"

#define STEP		8
#define STEPS		256
#define CROWD_MAX	1200		/* more than there is room for */
#define SEG_MAX		40000
#define TICK		(CVSW_REASM_NS / 64)

enum {
	SEGMENT,	/* as the step says */
	NEXT,		/* of its length, behind the last one of its frame */
	BEFORE,		/* likewise, in front of that */
	REST,		/* from the last one to the end of the frame */
	CROWD,		/* many frames, of which this is the only segment */
	EXPIRE,
	WHATS,
};

struct run {
	struct cvsw_pool	*pool;
	struct reasm_pair	*pair;
	u64			now;
	u32			crowd;
	u32			from[256];	/* last segment of each frame */
	u32			to[256];
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u8 payload[65536];

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void add(struct run *run, u32 id, u32 frame_len, u32 off, u32 len,
		u8 how)
{
	struct cvsw_reasm_seg seg = {
		.off = off, .len = min(len, (u32)SEG_MAX), .ecn = how & 3,
	};
	struct cvsw_reasm_key key = {
		.id = cpu_to_be32(id), .len = (u16)frame_len, .family = 4,
	};
	u32 segments = 1 + (how >> 2 & 7);
	bool whole;

	if (segments > seg.len)
		segments = 1;
	must(!reasm_pair_add(run->pair, &key, &seg, payload + off % 1000,
			     segments, run->now, &whole));
}

static void step(struct run *run, const u8 *p)
{
	static const u16 lens[] = {
		32, 33, 100, 1000, 1532, 9000, 65515, 31
	};
	u8 id = p[1];
	u32 frame_len = lens[id % ARRAY_SIZE(lens)];
	u32 off = get_unaligned_be16(p + 2), len = get_unaligned_be16(p + 4), i;

	run->now += p[7] * TICK;
	switch (p[0] % WHATS) {
	case NEXT:
		off = run->to[id];
		break;
	case BEFORE:
		len = min(len, run->from[id]);
		off = run->from[id] - len;
		break;
	case REST:
		off = run->to[id];
		len = frame_len - min(off, frame_len);
		break;
	case CROWD:
		for (i = 0; i < id && run->crowd < CROWD_MAX; i++)
			add(run, 1000 + run->crowd++, 3000, off, len, p[6]);
		return;
	case EXPIRE:
		must(!reasm_pair_expire(run->pair, run->now));
		return;
	}
	len = min(len, (u32)SEG_MAX);
	add(run, id, frame_len, off, len, p[6]);
	run->from[id] = off;
	run->to[id] = off + len;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct run run = { .now = 1 };
	size_t i;

	for (i = 0; !payload[1] && i < sizeof(payload); i++)
		payload[i] = (u8)(i * 0x9e3779b1u >> 24);
	run.pool = cvsw_pool_new();
	must(run.pool);
	run.pair = reasm_pair_new(run.pool, size);
	must(run.pair);
	for (i = 0; i < STEPS && size - i * STEP >= STEP; i++)
		step(&run, data + i * STEP);
	must(!reasm_pair_balance(run.pair));
	reasm_pair_free(run.pair);
	cvsw_pool_free(run.pool);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_REASM_ORACLE_H
#define CVSW_REASM_ORACLE_H

/*
 * Reassembly as one would write it who has time: a map of the bytes of each
 * frame, an array of frames, and a search through all of it for each question.
 * A pair is that and the real table side by side: both are given the same, and
 * must say the same of it.  For unit tests and fuzzers.
 */

#include <cvsw/pkt.h>
#include "reasm.h"

struct reasm_pair;

/* NULL without memory; @pool: where carriers come from */
struct reasm_pair *reasm_pair_new(struct cvsw_pool *pool, u64 seed);
void reasm_pair_free(struct reasm_pair *pair);

/*
 * Give both a segment of the bytes at @bytes, in a carrier that is a
 * super-frame of about @segments when that is more than 1.  NULL when they say the
 * same and say it right, else what differs.  *@whole: was its frame completed?
 */
const char *reasm_pair_add(struct reasm_pair *pair,
			   const struct cvsw_reasm_key *key,
			   struct cvsw_reasm_seg *seg, const u8 *bytes,
			   u32 segments, u64 now, bool *whole);

const char *reasm_pair_expire(struct reasm_pair *pair, u64 now);

/* drop counters of the real one, by cause */
const u64 *reasm_pair_drops(const struct reasm_pair *pair);

/* carriers, segments counted, that whole frames are made of */
u64 reasm_pair_whole(const struct reasm_pair *pair);

/* end it: all that was given must be in whole frames, or counted as lost */
const char *reasm_pair_balance(struct reasm_pair *pair);

/* a carrier: a TCP/IPv4 frame with @n bytes of payload at offset 54 */
#define REASM_CARRIER	54
struct cvsw_pkt reasm_carrier(struct cvsw_pool *pool, const u8 *bytes, u32 n,
			      u32 segments);

#endif /* CVSW_REASM_ORACLE_H */

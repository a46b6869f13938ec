/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_STAMP_H
#define CVSW_STAMP_H

/*
 * Stamps tell for a key since which version no new rule can have matched it,
 * so that what was once found for the key need not be looked up again.
 *
 * A new rule leaves its version in one place: where its value falls in the
 * first of a few parts of the key that it fixes, or in @all.  A key asks all
 * the places where a rule for it could have left one.  One writer, under the
 * switch's mutex, which stamps before it publishes the version.
 */

#include "os.h"
#include <cvsw/flow.h>

#define CVSW_STAMP_PARTS	7
#define CVSW_STAMP_BITS		12
#define CVSW_STAMP_PLACES	(1u << CVSW_STAMP_BITS)

/**
 * struct cvsw_stamps - versions of the last new rules
 * @mask:  the parts: bits of one word of the key
 * @word:  which word
 * @mul:   odd multipliers of their hashes
 * @last:  of the last new rule
 * @all:   of rules that fix none of the parts
 * @at:    of those that do, by hash; the parts share the places
 */
struct cvsw_stamps {
	u64	mask[CVSW_STAMP_PARTS];
	u8	word[CVSW_STAMP_PARTS];
	u64	mul[CVSW_STAMP_PARTS];
	u64	last;
	u64	all;
	u64	at[CVSW_STAMP_PLACES];
};

void cvsw_stamps_init(struct cvsw_stamps *stamps, u64 seed);

/** cvsw_stamps_set - @match is that of a new rule, first seen at @version */
void cvsw_stamps_set(struct cvsw_stamps *stamps, const struct cvsw_match *match,
		     u64 version);

/** cvsw_stamps_since - may a rule for @key be newer than version @then? */
bool cvsw_stamps_since(const struct cvsw_stamps *stamps,
		       const struct cvsw_key *key, u64 then);

#endif /* CVSW_STAMP_H */

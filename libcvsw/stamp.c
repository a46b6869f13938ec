// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Stamps of new rules.  See stamp.h. */

#include "stamp.h"

#define STAMP_PART(field, len)	{ offsetof(struct cvsw_key, field), len }

/* Finest first: the fewer keys share a place, the fewer are looked up again */
static const struct {
	u8 offset;
	u8 len;
} stamp_parts[CVSW_STAMP_PARTS] = {
	STAMP_PART(nw_dst, 4),
	STAMP_PART(nw_src, 4),
	STAMP_PART(dl_dst, 6),
	STAMP_PART(nw_dst, 2),
	STAMP_PART(nw_src, 2),
	STAMP_PART(tp_dst, 2),
	STAMP_PART(in_port, 2),
};

void cvsw_stamps_init(struct cvsw_stamps *stamps, u64 seed)
{
	unsigned int i;

	memset(stamps, 0, sizeof(*stamps));
	for (i = 0; i < CVSW_STAMP_PARTS; i++) {
		unsigned int offset = stamp_parts[i].offset;
		struct cvsw_key key = {};

		seed = (seed ^ seed >> 31) * 0xbf58476d1ce4e5b9ULL +
		       0x9e3779b97f4a7c15ULL;
		stamps->mul[i] = seed | 1;
		memset((u8 *)&key + offset, 0xff, stamp_parts[i].len);
		stamps->word[i] = (u8)(offset / 8);
		stamps->mask[i] = key.word[offset / 8];
	}
}

static u32 stamp_place(const struct cvsw_stamps *stamps, unsigned int part,
		       const struct cvsw_key *key)
{
	u64 h = (key->word[stamps->word[part]] & stamps->mask[part]) *
		stamps->mul[part];

	return (u32)(h >> (64 - CVSW_STAMP_BITS));
}

void cvsw_stamps_set(struct cvsw_stamps *stamps, const struct cvsw_match *match,
		     u64 version)
{
	unsigned int i;
	u32 place;

	WRITE_ONCE(stamps->last, version);
	for (i = 0; i < CVSW_STAMP_PARTS; i++)
		if (!(stamps->mask[i] & ~match->mask.word[stamps->word[i]]))
			break;
	if (i == CVSW_STAMP_PARTS) {
		WRITE_ONCE(stamps->all, version);
		return;
	}
	place = stamp_place(stamps, i, &match->value);
	WRITE_ONCE(stamps->at[place], version);
}

bool cvsw_stamps_since(const struct cvsw_stamps *stamps,
		       const struct cvsw_key *key, u64 then)
{
	bool since = READ_ONCE(stamps->all) > then;
	unsigned int i;

	if (READ_ONCE(stamps->last) <= then)
		return false;
	for (i = 0; i < CVSW_STAMP_PARTS; i++)
		since |= READ_ONCE(stamps->at[stamp_place(stamps, i, key)]) >
			 then;
	return since;
}

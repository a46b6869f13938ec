/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_MATCH_H
#define CVSW_MATCH_H

/*
 * What can be asked of matches.  A match is a plain value; nothing here
 * allocates or locks.
 *
 * All but check and normalise expect normal form: then two matches that the
 * same frames hit are equal word for word, and "at least as specific" and
 * "overlap" can be answered from the bits alone.
 */

#include <cvsw/flow.h>
#include <cvsw/switch.h>

#include "os.h"

/**
 * cvsw_match_check - refuse what no frame could ever match for its form alone
 * @err: receives the field at fault; may be NULL
 * Return: 0 or -EINVAL.
 */
int cvsw_match_check(const struct cvsw_match *match, struct cvsw_error *err);

/**
 * cvsw_match_normalize - bring @match to normal form
 *
 * Value bits outside the mask become 0.  A field whose prerequisite is not
 * fixed is wildcarded (OpenFlow 1.0 errata, as Open vSwitch does):
 *
 *	nw_src, nw_dst, nw_proto	dl_type IPv4, ARP or IPv6
 *	nw_tos, fragment bits		dl_type IPv4 or IPv6
 *	tp_src, tp_dst			nw_proto TCP, UDP, SCTP, ICMP, ICMPv6
 *
 * An untagged match is vlan_tci 0 in all bits, a match on PCP or VID implies
 * a tag, and fragment and ICMP bits that follow from others are filled in.
 */
void cvsw_match_normalize(struct cvsw_match *match);

/* does @key hit @match */
static inline bool cvsw_match_hits(const struct cvsw_match *match,
				   const struct cvsw_key *key)
{
	const u64 *v = match->value.word, *m = match->mask.word;
	u64 diff = 0;
	int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		diff |= (key->word[i] & m[i]) ^ v[i];
	return !diff;
}

/* is @narrow at least as specific as @wide: every frame that hits it hits @wide */
bool cvsw_match_covers(const struct cvsw_match *wide,
		       const struct cvsw_match *narrow);

/* is there a key that hits both */
bool cvsw_match_overlaps(const struct cvsw_match *a,
			 const struct cvsw_match *b);

bool cvsw_match_equal(const struct cvsw_match *a, const struct cvsw_match *b);

/* Setting fields.  A match under construction starts as "= {}" */

#define CVSW_MATCH_VID_ANY	(-1)
#define CVSW_MATCH_VID_NONE	0xffff		/* untagged, as OpenFlow 1.0 has it */
#define CVSW_MATCH_PCP_ANY	(-1)

/**
 * cvsw_match_set_vlan - the VLAN fields as OpenFlow 1.0 has them
 * @vid: CVSW_MATCH_VID_NONE, CVSW_MATCH_VID_ANY, or a number of which 12 bits
 *       count
 * @pcp: CVSW_MATCH_PCP_ANY, or a number of which 3 bits count; ignored with
 *       CVSW_MATCH_VID_NONE
 */
void cvsw_match_set_vlan(struct cvsw_match *match, int vid, int pcp);

void cvsw_match_set_in_port(struct cvsw_match *match, u16 port);
void cvsw_match_set_dl_type(struct cvsw_match *match, u16 type);
void cvsw_match_set_nw_proto(struct cvsw_match *match, u8 proto);

/**
 * cvsw_match_prefix - fill the first @bits bits of a mask of @n bytes with
 * ones, the rest with zeros; @bits beyond @n bytes count as all
 */
void cvsw_match_prefix(u8 *mask, unsigned int n, unsigned int bits);

/* nw_src and nw_dst from the first @bits bits of @addr of 4 or 16 bytes (@n) */
void cvsw_match_set_nw_src(struct cvsw_match *match, const u8 *addr,
			   unsigned int n, unsigned int bits);
void cvsw_match_set_nw_dst(struct cvsw_match *match, const u8 *addr,
			   unsigned int n, unsigned int bits);

#endif /* CVSW_MATCH_H */

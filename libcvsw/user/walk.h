/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_WALK_H
#define CVSW_WALK_H

/*
 * Where the headers of a frame with offloads lie.  Whoever completes a
 * checksum or cuts a super-frame writes where the offload state says; what a
 * peer says is believed only where these calls find the headers for it.
 *
 * Headers start at even offsets (hdr.h); others are refused.  The calls take the
 * linear bytes of a frame and change nothing.
 */

#include "os.h"

struct cvsw_offload;

/**
 * struct cvsw_walk - an IP header and what follows
 * @l3:    offset of the IP header
 * @l4:    offset of what follows it and its options or extension headers
 * @ver:   4 or 6
 * @proto: IP protocol of @l4
 * @frag:  it is a fragment; @l4 may be payload
 */
struct cvsw_walk {
	u32	l3;
	u32	l4;
	u8	ver;
	u8	proto;
	u8	frag;
};

/**
 * struct cvsw_super - a super-frame's headers
 * @outer:   those of the tunnel, when it is in one
 * @inner:   those that the segments are made from
 * @payload: offset of the L4 payload
 */
struct cvsw_super {
	struct cvsw_walk	outer;
	struct cvsw_walk	inner;
	u32			payload;
};

/** cvsw_walk_eth - find the L3 header behind Ethernet and VLAN tags
 * Return: 0, or -EINVAL when it is not IP or truncated. */
int cvsw_walk_eth(const u8 *data, u32 len, struct cvsw_walk *walk);

/** cvsw_walk_ip - find L4 behind the IP header at @l3; likewise */
int cvsw_walk_ip(const u8 *data, u32 len, u32 l3, struct cvsw_walk *walk);

/**
 * cvsw_walk_csum - whether a partial checksum may be where @off says
 * @off: offload state that is not of a super-frame
 *
 * It must be the checksum of the outermost L4 header or lie behind all that a
 * switch looks at in the outer headers, lest completing it rewrite what has
 * been looked at.  Return: 0 or -EINVAL.
 */
int cvsw_walk_csum(const u8 *data, u32 len, const struct cvsw_offload *off);

/**
 * cvsw_walk_super - find the headers of a super-frame
 * @off: its offload state
 * Return: 0, or -EINVAL when they are not what @off says.
 */
int cvsw_walk_super(const u8 *data, u32 len, const struct cvsw_offload *off,
		    struct cvsw_super *super);

#endif /* CVSW_WALK_H */

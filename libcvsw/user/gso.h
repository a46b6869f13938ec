/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_GSO_H
#define CVSW_GSO_H

/*
 * In software what the other side does not do: super-frames are cut into
 * segments and partial checksums completed.  Segments are what Linux makes:
 * IP IDs count up, in both IP headers of a tunnel; FIN and PSH are only on
 * the last, CWR only on the first; a super-frame that asks for an outer UDP
 * checksum gets one on each.
 */

#include "pkt_ops.h"
#include "walk.h"

/**
 * cvsw_gso_needs - CVSW_OFFLOAD_* that whoever takes @pkt must support
 * Return: the bits, 0 when the frame can go out as it is.
 */
u32 cvsw_gso_needs(const struct cvsw_pkt *pkt);

/**
 * struct cvsw_gso - a super-frame being cut
 *
 * Private to gso.c, on the stack of the caller.
 */
struct cvsw_gso {
	struct cvsw_pkt		pkt;
	struct cvsw_offload	off;
	struct cvsw_super	super;
	u32			next;		/* offset of the next payload */
	u32			n;		/* segments made */
	u16			outer_id;	/* IPv4 ID of the first */
	u16			inner_id;
	bool			partial;
	u32			seed;		/* inner checksum's, less the length */
	u32			outer_seed;	/* outer UDP checksum's, likewise */
};

/**
 * cvsw_gso_start - begin to cut @pkt, which stays the caller's
 * @gso:     receives the state
 * @partial: leave the L4 checksum of each segment partial
 * Return: 0; -EINVAL when @pkt is no super-frame or its headers are not what
 * its offload state says.
 */
int __must_check cvsw_gso_start(struct cvsw_gso *gso,
				const struct cvsw_pkt *pkt, bool partial);

/**
 * cvsw_gso_next - the next segment
 * @seg: receives it; the caller's to free
 * Return: 1; 0 at the end; -ENOMEM.
 */
int __must_check cvsw_gso_next(struct cvsw_gso *gso, struct cvsw_pkt *seg);

/**
 * cvsw_gso_lower - do to @pkt what a taker of @offloads does not
 * @pkt:      taken
 * @offloads: CVSW_OFFLOAD_* of the taker
 * @each:     is given, and owns, each resulting frame
 * @arg:      handed to @each
 *
 * A frame that needs nothing is given to @each as it is.
 *
 * Return: 0; -EINVAL or -ENOMEM with the rest of the frame freed.
 */
int cvsw_gso_lower(struct cvsw_pkt *pkt, u32 offloads,
		   void (*each)(void *arg, struct cvsw_pkt *pkt), void *arg);

#endif /* CVSW_GSO_H */

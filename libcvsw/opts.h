/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OPTS_H
#define CVSW_OPTS_H

/*
 * Geneve options that flows match.
 *
 * A key has no room for options.  Instead a switch numbers the distinct
 * options that its flows ask for (struct cvsw_opt_match), 0 to CVSW_OPTS - 1,
 * and a frame carries one word that says which of them its Geneve header has.
 * A flow matches when it asks for no bit that the frame lacks.
 *
 * The set is read by workers (RCU) and changed under the switch's mutex.
 */

#include <cvsw/flow.h>
#include <cvsw/switch.h>
#include "pkt_ops.h"

#define CVSW_OPTS	64

/**
 * struct cvsw_opts - the options that flows ask for; const once published
 * @used:     which numbers are in use; 0: nobody asks for options.  This may
 *            lose bits also later
 * @type:     numbers by a hash of class and type, some of them no longer used
 * @size:     likewise by data length / 4.  A frame may have 63 options: these
 *            two keep it from being held against 64 others with each
 * @match:    by number
 */
struct cvsw_opts {
	u64			used;
	u64			type[CVSW_OPTS];
	u64			size[CVSW_TUNNEL_OPT_DATA / 4 + 1];
	struct cvsw_opt_match	match[CVSW_OPTS];
};

/** cvsw_opts_put - give @match the number @nr, whatever had it before */
void cvsw_opts_put(struct cvsw_opts *set, unsigned int nr,
		   const struct cvsw_opt_match *match);

/**
 * cvsw_opts_read - which options of @set are in a Geneve option list
 * @set:  NULL: none
 * @opts: @len bytes of options, which cvsw_opts_fault() has found good
 */
u64 cvsw_opts_read(const struct cvsw_opts *set, const u8 *opts, u32 len);

/**
 * cvsw_opts_fault - is a Geneve option list in order?
 * @set:  critical options whose class and type are in it are known ones
 * @critical: the C bit of the header
 *
 * The option lengths must add up to @len; the C bit says whether there is a
 * critical option; an unknown critical option must drop the frame (RFC 8926
 * section 3.5).
 *
 * Return: CVSW_DROP_NONE, _TUNNEL_SHORT, _TUNNEL_FLAGS, _TUNNEL_OPT.
 */
enum cvsw_drop cvsw_opts_fault(const struct cvsw_opts *set, const u8 *opts,
			       u32 len, bool critical);

#endif /* CVSW_OPTS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_UNDO_H
#define CVSW_UNDO_H

/*
 * A frame as its sender knows it, after actions have rewritten it: whoever is
 * told about a frame must recognise it.  Floor 6 of the core; no state.
 */

#include <cvsw/flow.h>

#include "pkt_ops.h"

/**
 * cvsw_undo - give a frame back the fields that actions have changed
 * @pkt:       the frame; parse results right or unknown, and right afterwards
 * @was:       its key as it came in
 * @frag_mode: by which that was made
 *
 * All that actions can rewrite is in the key, but for the ports of fragments in
 * CVSW_FRAG_MODE_NORMAL, which stay as they are now.
 *
 * Return: 0 or -ENOMEM.
 */
int __must_check cvsw_undo(struct cvsw_pkt *pkt, const struct cvsw_key *was,
			   u8 frag_mode);

#endif /* CVSW_UNDO_H */

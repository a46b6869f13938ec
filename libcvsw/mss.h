/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_MSS_H
#define CVSW_MSS_H

/*
 * The MSS option of TCP, lowered on its way into a tunnel, so that its
 * receiver sends no segments that do not fit the way back.  Floor 4 of the
 * core; no state.
 */

#include <cvsw/drop.h>

#include "hdr.h"
#include "pkt_ops.h"

/**
 * cvsw_mss_clamp - lower the MSS option of a SYN
 * @pkt: the frame; parse results right or unknown
 * @mtu: longest IP packet that fits the tunnel
 *
 * To @mtu less the fixed headers of IP and TCP (RFC 6691).  Does nothing to
 * what is not a whole TCP packet with SYN, and nothing to an option that is
 * lower already or is not well-formed; adds none.
 *
 * Return: CVSW_DROP_NONE, or CVSW_DROP_NO_MEMORY.
 */
enum cvsw_drop __must_check cvsw_mss_clamp(struct cvsw_pkt *pkt, u32 mtu);

#endif /* CVSW_MSS_H */

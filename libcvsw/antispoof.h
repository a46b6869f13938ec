/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_ANTISPOOF_H
#define CVSW_ANTISPOOF_H

#include "pkt_ops.h"
#include <cvsw/switch.h>

/* 0, or -EINVAL with @err filled */
int cvsw_antispoof_config_check(const struct cvsw_antispoof *as,
				struct cvsw_error *err);

/**
 * cvsw_antispoof_check - may the peer of a port send this frame?
 * @as:  the port's preset
 * @pkt: the frame, with the parse results of cvsw_key_extract()
 * @key: its key
 * Return: CVSW_DROP_NONE or CVSW_DROP_SPOOF_*.
 */
enum cvsw_drop cvsw_antispoof_check(const struct cvsw_antispoof *as,
				    const struct cvsw_pkt *pkt,
				    const struct cvsw_key *key);

#endif /* CVSW_ANTISPOOF_H */

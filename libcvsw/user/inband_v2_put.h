/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_V2_PUT_H
#define CVSW_INBAND_V2_PUT_H

#include "os.h"
#include <cvsw/flow.h>

#define CVSW_V2_FLOW_MAX	8192u	/* bytes of a flow-mod, more than frames have */

/**
 * cvsw_v2_put_flow - write a flow-mod as hosts of 2014 did
 * @mod: an ADD, DEL or DEL_STRICT
 * @buf: room for CVSW_V2_FLOW_MAX
 * @why: static text, when it has no such form
 * Return: its bytes, or -EOPNOTSUPP.
 */
int cvsw_v2_put_flow(const struct cvsw_flow_mod *mod, void *buf,
		     const char **why);

/** cvsw_v2_put_offload - CVSW_INBAND_V2_* of CVSW_DEVICE_*; -EOPNOTSUPP when
 * there are others, or it would be more than is asked for */
int cvsw_v2_put_offload(u32 device);

#endif /* CVSW_INBAND_V2_PUT_H */

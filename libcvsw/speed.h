/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_SPEED_H
#define CVSW_SPEED_H

/* Speeds of links in the terms of OpenFlow 1.0, which knows them up to 10 Gbit/s */

#include <cvsw/switch.h>
#include "os.h"

/** cvsw_speed - the CVSW_PORT_F_* of @mbits a second, 0 when there is none */
static inline u32 cvsw_speed(u32 mbits, bool full)
{
	switch (mbits) {
	case 10:
		return full ? CVSW_PORT_F_10MB_FD : CVSW_PORT_F_10MB_HD;
	case 100:
		return full ? CVSW_PORT_F_100MB_FD : CVSW_PORT_F_100MB_HD;
	case 1000:
		return full ? CVSW_PORT_F_1GB_FD : CVSW_PORT_F_1GB_HD;
	case 10000:
		return full ? CVSW_PORT_F_10GB_FD : 0;
	default:
		return 0;
	}
}

#endif /* CVSW_SPEED_H */

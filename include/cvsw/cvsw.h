/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CVSW_H
#define CVSW_CVSW_H

/* Everything a userspace program may use of libcvsw */

#include <cvsw/ctl.h>
#include <cvsw/drop.h>
#include <cvsw/flow.h>
#include <cvsw/inband.h>
#include <cvsw/nl.h>
#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include <cvsw/text.h>

#endif /* CVSW_CVSW_H */

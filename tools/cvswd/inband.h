/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_INBAND_H
#define CVSWD_INBAND_H

/*
 * Control frames on their way from the workers to the main thread, which does
 * what they ask for.
 */

#include <cvsw/inband.h>
#include "cvswd.h"

struct inband;

/** inband_new - 0 or a negative errno */
int inband_new(struct cvswd *d, struct inband **out);
void inband_free(struct inband *in);

/** inband_take - ops->inband: of a frame that came in by the port @priv */
void inband_take(void *wctx, void *priv, struct cvsw_pkt *pkt);

#endif /* CVSWD_INBAND_H */

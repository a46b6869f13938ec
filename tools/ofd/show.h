/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_SHOW_H
#define CVSW_OFD_SHOW_H

/* What show.c and show_json.c know of each other. */

#include <jansson.h>
#include "ofd.h"

/**
 * show_all - all that there is to tell of these switches
 * Return: a document for json_decref(); NULL without memory.
 *
 * It is called by another thread than theirs.  One that is busy for a second is
 * left out but for its name.
 */
json_t *show_all(struct sw *const *sw, unsigned int n);

#endif /* CVSW_OFD_SHOW_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_CONF_PRIV_H
#define CVSWD_CONF_PRIV_H

/* What conf.c and conf_items.c know of each other. */

#include "conf.h"

extern const struct setting conf_items[];
extern const unsigned int conf_items_n;

#endif /* CVSWD_CONF_PRIV_H */

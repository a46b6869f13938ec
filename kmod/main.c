// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What makes a module of core.c.  It does nothing by itself yet: there is
 * nobody in it who makes a switch.
 */

#include <linux/module.h>

MODULE_AUTHOR("The CVSW authors");
MODULE_DESCRIPTION("OpenFlow-style switch: the core");
MODULE_LICENSE("Dual BSD/GPL");

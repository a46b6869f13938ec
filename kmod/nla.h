/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NLA_H
#define CVSW_NLA_H

/*
 * Netlink attributes, from where they are at home.  libcvsw/user/nla.h is the
 * other body.
 */

#include <linux/netlink.h>
#include <net/netlink.h>

#endif /* CVSW_NLA_H */

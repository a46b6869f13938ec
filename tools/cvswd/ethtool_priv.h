/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_ETHTOOL_PRIV_H
#define CVSWD_ETHTOOL_PRIV_H

/* ethtool.c's for ethtool_link.c: questions about a device. */

#include <stdbool.h>
#include <linux/types.h>

struct netns;
struct nl_msg;
struct nlattr;

/**
 * ethtool_request - ask a question that has nothing but a header
 * @cmd:   ETHTOOL_MSG_*
 * @valid: is given the answer
 * Return: 0 or libnl's error.
 */
int ethtool_request(struct netns *ns, int ifindex, __u8 cmd,
		    int (*valid)(struct nl_msg *msg, void *arg), void *arg);

/** ethtool_bits_each - the names in a bit set, which may be NULL, and which are on */
void ethtool_bits_each(struct nlattr *nest,
		       void (*each)(void *arg, const char *name, bool on),
		       void *arg);

#endif /* CVSWD_ETHTOOL_PRIV_H */

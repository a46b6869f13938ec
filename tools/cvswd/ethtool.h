/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_ETHTOOL_H
#define CVSWD_ETHTOOL_H

/*
 * Settings of network devices, as ethtool(8) has them, over ethtool netlink:
 * unlike the ioctls it takes features by name, several at once, tells which
 * were asked for, and its socket stays in its namespace once we cannot go
 * there any more.  Settings stay as they are set when the daemon ends.
 *
 * Main thread only.
 */

#include <linux/types.h>

struct netns;

/**
 * struct ethtool_features - what a device does
 * @on:    CVSW_DEVICE_* that it really does
 * @asked: that it was asked to do: others that these build on may be off
 * @fixed: that cannot be changed
 */
struct ethtool_features {
	__u32	on;
	__u32	asked;
	__u32	fixed;
};

/**
 * ethtool_get - look at a device
 * Return: 0, or a negative errno with all of @features 0.
 */
int ethtool_get(struct netns *ns, int ifindex,
		struct ethtool_features *features);

/**
 * ethtool_set - ask a device to do something or not to
 * @mask: CVSW_DEVICE_* that are meant
 * @on:   of these, those that it is to do
 * Return: 0 also when it cannot; a negative errno.
 */
int ethtool_set(struct netns *ns, int ifindex, __u32 mask, __u32 on);

/* struct ethtool_link - as in struct cvsw_port_info */
struct ethtool_link {
	__u32	curr;
	__u32	advertised;
	__u32	supported;
	__u32	peer;
};

/**
 * ethtool_link_get - look at the link of a device
 * Return: 0, or a negative errno with what it did not tell 0 in @link.
 */
int ethtool_link_get(struct netns *ns, int ifindex, struct ethtool_link *link);

#endif /* CVSWD_ETHTOOL_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_QUEUE_TAP_H
#define CVSWD_QUEUE_TAP_H

/*
 * Queues in front of a TAP device.  What we write to it comes in there, and
 * queues are where frames go out: so frames make a detour over an IFB device,
 * which has the queues and hands them back to the TAP device.
 *
 * A frame says which is its class in an 802.1ad tag in front of all others,
 * which a BPF program takes off again.
 */

#include <linux/types.h>

struct netns;

#define QUEUE_TAP_MAX	4093u	/* the highest id: its class fits into a VLAN id */

/**
 * queue_tap_load - load the program, which takes CAP_BPF
 * Return: its descriptor, good for any number of devices, or a negative errno.
 */
int queue_tap_load(void);

/**
 * queue_tap_up - make the detour
 * @prog:    the program
 * @tap:     index of the TAP device; @name: its name
 * @ifindex: receives that of the IFB device
 * @why:     receives what went wrong
 */
int queue_tap_up(struct netns *ns, int prog, int tap, const char *name,
		 int *ifindex, const char **why);

/** queue_tap_down - remove the detour, if there is one */
void queue_tap_down(struct netns *ns, int tap, const char *name);

#endif /* CVSWD_QUEUE_TAP_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TAP_H
#define CVSW_TAP_H

/*
 * A TAP device, held by its userspace end.
 *
 * Owns the descriptors of its queues and knows what stands in front of each
 * frame on them.  Opening and changing belong to one control thread; each
 * queue may be read by one thread at a time, and written by any.
 *
 * Offloads are seen from the switch: rx is what the kernel may put into frames
 * that are read, and can be chosen; tx is what may be put into frames that are
 * written, and follows from the kernel and its virtio-net header.
 */

#include <net/if.h>
#include "pkt_ops.h"

#define CVSW_TAP_QUEUES_MAX	64

/* flags of cvsw_tap_open() */
#define CVSW_TAP_PERSIST	0x1	/* the device outlives its descriptors */

/**
 * struct cvsw_tap - one TAP device
 * @name:       as the kernel has it
 * @queues:     entries of @fd
 * @hdr_len:    virtio-net header in front of each frame: 24, 12, 10 or 0
 * @rx_offload: CVSW_OFFLOAD_*
 * @tx_offload: CVSW_OFFLOAD_*
 * @fd:         non-blocking descriptors
 */
struct cvsw_tap {
	char		name[IFNAMSIZ];
	unsigned int	queues;
	unsigned int	hdr_len;
	u32		rx_offload;
	u32		tx_offload;
	int		fd[CVSW_TAP_QUEUES_MAX];
};

/**
 * cvsw_tap_open - open a TAP device in the thread's network namespace
 * @tap:    filled in
 * @name:   created if it does not exist; "tap%d" lets the kernel choose
 * @queues: 1 to CVSW_TAP_QUEUES_MAX
 * @flags:  CVSW_TAP_*
 * @why:    receives what failed, for a person to read
 * Return: 0 or a negative errno.
 */
int cvsw_tap_open(struct cvsw_tap *tap, const char *name, unsigned int queues,
		  unsigned int flags, const char **why);

/** cvsw_tap_close - close all queues; a device that is not persistent goes */
void cvsw_tap_close(struct cvsw_tap *tap);

/**
 * cvsw_tap_offload_set - choose what frames that are read may come with
 * @want: CVSW_OFFLOAD_*; what the device cannot do is left out
 * Return: 0 with the result in @tap->rx_offload, or a negative errno.
 */
int cvsw_tap_offload_set(struct cvsw_tap *tap, u32 want);

/** cvsw_tap_mac - hardware address of the device; 0 or a negative errno */
int cvsw_tap_mac(const struct cvsw_tap *tap, u8 *mac);

/**
 * cvsw_tap_read - read one frame
 * @pool:  where it comes from
 * @frame: receives it, with its offload state
 * Return: 0; -EPROTO when its header makes no sense: @frame is there, without
 * offload state.  Else there is no frame: -EAGAIN, none now; -ENOMEM; another
 * negative errno, the device is gone.
 */
int cvsw_tap_read(const struct cvsw_tap *tap, unsigned int queue,
		  struct cvsw_pool *pool, struct cvsw_pkt **frame);

/**
 * cvsw_tap_write - write one frame, which stays the caller's
 * Return: 0; -EAGAIN when the queue is full; -EMSGSIZE when the device's
 * header cannot say what the frame asks for; another negative errno.
 */
int cvsw_tap_write(const struct cvsw_tap *tap, unsigned int queue,
		   const struct cvsw_pkt *frame);

/**
 * cvsw_tap_write_tagged - the same with one more tag in front of all others
 * @vid: VLAN id of that tag, which is an 802.1ad one; a super-frame is written
 *       without, for there is no header that could say where it starts
 */
int cvsw_tap_write_tagged(const struct cvsw_tap *tap, unsigned int queue,
			  const struct cvsw_pkt *frame, u16 vid);

#endif /* CVSW_TAP_H */

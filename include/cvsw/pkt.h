/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_PKT_H
#define CVSW_PKT_H

/*
 * Frames for programs that embed the switch in userspace: make one, fill it,
 * give it to cvsw_input(); look into the one that ops->output is given, then
 * free it.
 *
 * Frames come from a pool and go back to it, so that a program in steady
 * state allocates nothing.  A pool and all frames of it belong to one thread
 * at a time: have one pool for each worker.
 *
 * Errors are negative errno values.
 */

#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cvsw_gro;
struct cvsw_lost;
struct cvsw_pkt;
struct cvsw_pool;

#define CVSW_FRAME_MAX		65535	/* longest frame, bytes */

/** cvsw_pool_new - an empty pool, NULL without memory */
struct cvsw_pool *cvsw_pool_new(void);

/** cvsw_pool_free - free a pool all of whose frames have been freed */
void cvsw_pool_free(struct cvsw_pool *pool);

/**
 * cvsw_frame_new - a frame of @len uninitialised bytes
 * @pool:    where it comes from and returns to
 * @in_port: port that it comes in by
 * @len:     at most CVSW_FRAME_MAX
 * Return: the frame, NULL without memory or when @len is too much.  It lives
 * until it is freed or given to cvsw_input() or cvsw_packet_out().
 */
struct cvsw_pkt *cvsw_frame_new(struct cvsw_pool *pool, __u16 in_port,
				__u32 len);

/**
 * cvsw_frame_keep - hold on to a frame beyond the call that it was given to
 *
 * The struct cvsw_pkt that ops->output and cvsw_frame_lower()'s each are
 * given lives until they return, the frame behind it until it is freed.
 *
 * Return: a struct cvsw_pkt for the frame that lives as long as it does.
 */
struct cvsw_pkt *cvsw_frame_keep(const struct cvsw_pkt *frame);

/** cvsw_frame_give - in ops->frame_new: make @pkt the frame @frame */
void cvsw_frame_give(struct cvsw_pkt *pkt, const struct cvsw_pkt *frame);

/** cvsw_frame_free - free a frame that ops->output was given, or an unused one */
void cvsw_frame_free(struct cvsw_pkt *frame);

/** cvsw_frame_len - bytes from the Ethernet header to the end, without FCS */
__u32 cvsw_frame_len(const struct cvsw_pkt *frame);

/** cvsw_frame_data - all bytes of a frame, to read */
const void *cvsw_frame_data(const struct cvsw_pkt *frame);

/** cvsw_frame_edit - all bytes of a frame, to write; NULL without memory */
void *cvsw_frame_edit(struct cvsw_pkt *frame);

/** cvsw_frame_trim - make a frame @len bytes long if it is longer */
int cvsw_frame_trim(struct cvsw_pkt *frame, __u32 len);

/**
 * cvsw_frame_vnet_set - take a frame's offload state from a virtio_net_hdr
 * @hdr:  in host byte order, as a TAP device has it
 * @size: 10, 12 or 24
 * Return: 0, or -EINVAL when it is not consistent with the bytes of @frame.
 */
int cvsw_frame_vnet_set(struct cvsw_pkt *frame, const void *hdr, __u32 size);

/**
 * cvsw_frame_vnet_get - write a frame's offload state as a virtio_net_hdr
 * Return: 0, or -EMSGSIZE when @size bytes cannot express it.
 */
int cvsw_frame_vnet_get(const struct cvsw_pkt *frame, void *hdr, __u32 size);

/** cvsw_frame_queue - in ops->output: id of the queue that the frame is to leave
 * by, 0 for the port's default */
__u32 cvsw_frame_queue(const struct cvsw_pkt *frame);

/**
 * cvsw_frame_needs - CVSW_OFFLOAD_* that whoever takes @frame must support
 * Return: the bits; 0 when the frame can go out as it is.
 */
__u32 cvsw_frame_needs(const struct cvsw_pkt *frame);

/**
 * cvsw_frame_lower - do in software what a taker of @frame does not support
 * @frame:    taken
 * @offloads: CVSW_OFFLOAD_* that the taker supports
 * @each:     is given, and owns, each resulting frame
 * @arg:      handed to @each
 * @lost:     receives what @each was not given, as cvsw_worker_lost() takes it;
 *            nothing when 0 is returned
 *
 * Completes partial checksums and cuts super-frames.
 *
 * Return: 0; -EINVAL for a super-frame with impossible headers or -ENOMEM,
 * with the rest of the frame dropped.
 */
int cvsw_frame_lower(struct cvsw_pkt *frame, __u32 offloads,
		     void (*each)(void *arg, struct cvsw_pkt *frame),
		     void *arg, struct cvsw_lost *lost);

/*
 * Merging: of frames that are collected to be sent to one place, those that
 * follow each other in a TCP or UDP flow become one super-frame, of which
 * cvsw_frame_lower() makes the same frames again.
 *
 * In short: give each frame to cvsw_gro_receive(), append those that it did not
 * take to a list, in this order, and when the list is to be sent call
 * cvsw_gro_flush() first.  A struct cvsw_gro belongs to one thread at a time.
 */

/** cvsw_gro_new - a place where frames are merged, NULL without memory */
struct cvsw_gro *cvsw_gro_new(void);

/** cvsw_gro_free - free it; NULL is allowed */
void cvsw_gro_free(struct cvsw_gro *gro);

/**
 * cvsw_gro_receive - append a frame to an earlier one if it can follow there
 * @frame:    of the pool of the frames before, from cvsw_frame_new() or
 *            cvsw_frame_keep()
 * @offloads: CVSW_OFFLOAD_* of where the frames go
 *
 * Merged are TCP segments, and UDP datagrams of the same length, over IPv4 and
 * IPv6, with one VLAN tag or none, whose headers say that they follow each
 * other and whose checksums are right, or yet to be completed.
 *
 * Return: 1: @frame is taken; 0: it remains the caller's, but others may be
 * appended to it, so that it is not touched until cvsw_gro_flush().
 */
int cvsw_gro_receive(struct cvsw_gro *gro, struct cvsw_pkt *frame,
		     __u32 offloads);

/** cvsw_gro_flush - nothing is appended any more to the frames until now */
void cvsw_gro_flush(struct cvsw_gro *gro);

#ifdef __cplusplus
}
#endif

#endif /* CVSW_PKT_H */

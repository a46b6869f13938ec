/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_SELFTEST_H
#define CVSW_SELFTEST_H

/*
 * The self-test of offloads: does the kernel do to frames what a device says
 * it does?
 *
 * Frames that ask for something, a checksum to be completed or to be cut into
 * segments, plain and in tunnels, go through a loop of two devices.  First the
 * far one takes no offloads, then all that are left.  What comes out, when we
 * have done in software what is still asked for, must be byte for byte what
 * gso.c makes of the same frame.
 *
 * Each frame tests one offload: the last, in the order of their bits, of those
 * that it needs.  It is only sent when the others have passed.
 *
 * One thread; the caller's loop may wait.
 */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "pkt_ops.h"

/**
 * struct cvsw_selftest_loop - two devices: what is sent on one comes in on the
 * other
 * @pool:    of all frames
 * @tx:      CVSW_OFFLOAD_* that frames may be sent with
 * @rx:      CVSW_OFFLOAD_* that they may come in with
 * @take:    have them come in with these of @rx only; 0 or a negative errno
 * @send:    send a frame, which stays the caller's; likewise
 * @receive: one that came in, the caller's then; -EAGAIN when there was none
 *           for @wait_ms, -EPROTO for one that makes no sense
 * @arg:     handed to all three
 */
struct cvsw_selftest_loop {
	struct cvsw_pool	*pool;
	u32			tx;
	u32			rx;
	int	(*take)(void *arg, u32 offloads);
	int	(*send)(void *arg, const struct cvsw_pkt *frame);
	int	(*receive)(void *arg, int wait_ms, struct cvsw_pkt **frame);
	void	*arg;
};

/**
 * struct cvsw_selftest - what was found
 * @tx_failed: CVSW_OFFLOAD_* that frames must not be sent with
 * @rx_failed: that they must not come in with: those of @tx_failed, which the
 *             kernel does not know to do, and more
 * @n:         entries of @test
 * @test:      one for each offload of the loop
 */
struct cvsw_selftest {
	u32			tx_failed;
	u32			rx_failed;
	unsigned int		n;
	struct cvsw_test	test[CVSW_TESTS_MAX];
};

/**
 * cvsw_selftest_run - test all offloads of @loop
 * @result: receives what was found
 * Return: 0 also when some failed; -ENOLINK when nothing comes through, not
 * even what asks for nothing; -ENOMEM.
 */
int cvsw_selftest_run(const struct cvsw_selftest_loop *loop,
		      struct cvsw_selftest *result);

/**
 * struct cvsw_selftest_case - one frame of the test
 * @tunnel:  enum cvsw_tunnel_kind
 * @outer:   4 or 6, IP version of the tunnel
 * @csum:    with an outer UDP checksum
 * @inner:   4 or 6
 * @proto:   CVSW_IPPROTO_TCP or _UDP
 * @flags:   SELFTEST_*
 * @size:    payload of each segment, 0: it is not to be cut
 * @payload: bytes behind the L4 header
 */
struct cvsw_selftest_case {
	u8	tunnel;
	u8	outer;
	u8	csum;
	u8	inner;
	u8	proto;
	u8	flags;
	u16	size;
	u32	payload;
};

#define SELFTEST_WHOLE	0x1	/* checksum and all: asks for nothing */
#define SELFTEST_CWR	0x2	/* TCP super-frame with CWR */
#define SELFTEST_LATE	0x4	/* the checksum inside a tunnel is left partial */

/* selftest_frame.c's for selftest.c */

extern const struct cvsw_selftest_case cvsw_selftest_cases[];
extern const unsigned int cvsw_selftest_n;

/* the frame of @c, whose source MAC ends with @tag; NULL without memory or when
 * this library has no such tunnel */
struct cvsw_pkt *cvsw_selftest_frame(struct cvsw_pool *pool,
				     const struct cvsw_selftest_case *c,
				     u16 tag);

/* is @frame, or in a tunnel is its outer frame, of @tag? */
bool cvsw_selftest_is(const struct cvsw_pkt *frame, u16 tag);

/* what @c is, in words */
void cvsw_selftest_name(const struct cvsw_selftest_case *c, char *text,
			size_t size);

#endif /* CVSW_SELFTEST_H */

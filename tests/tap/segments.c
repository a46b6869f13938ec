// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * segments ROUNDS OFFLOADS COMMAND: is our segmentation the kernel's?
 *
 * Opens TAP devices segin and segout, has COMMAND bridge them, and writes
 * random super-frames to the first.  What the kernel makes of each for the
 * second, which takes CVSW_OFFLOAD_* OFFLOADS (none, or CSUM), must be equal
 * byte for byte to what gso.c makes of it.
 */

#include <err.h>
#include <poll.h>

#include <cvsw/switch.h>
#include "gso.h"
#include "../unit/super.h"
#include "tap.h"

#define SEGMENTS_MAX	900	/* fewer than a device's queue holds */
#define WAIT_MS		2000

/* the source MAC that test_build() gives a frame; others are not ours */
static const u8 source[6] = { 2, 0, 0, 0, 0, 1 };

static struct cvsw_pool *pool;
static struct cvsw_tap in, out;

static void tap_open(struct cvsw_tap *tap, const char *name, u32 offloads)
{
	const char *why;

	if (cvsw_tap_open(tap, name, 1, 0, &why))
		errx(1, "%s: %s", name, why);
	if (cvsw_tap_offload_set(tap, offloads) || tap->rx_offload != offloads)
		errx(1, "%s: offloads 0x%x", name, offloads);
}

/* the next of our frames that comes out */
static struct cvsw_pkt *receive(void)
{
	struct pollfd fd = { .fd = out.fd[0], .events = POLLIN };
	struct cvsw_pkt *frame;
	int ret;

	while (poll(&fd, 1, WAIT_MS) > 0) {
		ret = cvsw_tap_read(&out, 0, pool, &frame);
		if (ret == -EAGAIN)
			continue;
		if (ret)
			errx(1, "read: %s", strerror(-ret));
		if (!memcmp((const u8 *)cvsw_frame_data(frame) + 6, source, 6))
			return frame;
		cvsw_frame_free(frame);
	}
	errx(1, "a segment did not come out");
}

static void compare(const struct cvsw_pkt *ours)
{
	struct cvsw_pkt *theirs = receive();

	test_pkt_is(ours, cvsw_frame_data(theirs), cvsw_frame_len(theirs));
	if (cvsw_gso_needs(ours) != cvsw_gso_needs(theirs))
		errx(1, "offload state differs");
	cvsw_frame_free(theirs);
}

/*
 * One that the kernel cuts.  One of a single segment it takes for a plain
 * frame or loses: any in a tunnel, else one whose payload is longer than
 * gso_size only with the TCP options added.
 */
static struct cvsw_pkt random_super(u64 *seed)
{
	struct test_super super;
	struct cvsw_pkt pkt;
	u32 n;

	for (;;) {
		test_super_random(seed, &super);
		n = test_super_segments(&super);
		if (n == 1 || n > SEGMENTS_MAX)
			continue;
		pkt = test_super_pkt(pool, &super);
		if (!(cvsw_gso_needs(&pkt) & ~in.tx_offload))
			return pkt;
		cvsw_pkt_free(&pkt);
	}
}

static u32 one_super(u64 *seed, bool partial)
{
	struct cvsw_pkt pkt = random_super(seed), seg;
	struct cvsw_gso gso;
	u32 n = 0;
	int ret;

	ret = cvsw_tap_write(&in, 0, &pkt);
	if (ret)
		errx(1, "write: %s", strerror(-ret));
	if (cvsw_gso_start(&gso, &pkt, partial))
		errx(1, "cvsw_gso_start");
	for (; cvsw_gso_next(&gso, &seg) == 1; n++) {
		compare(&seg);
		cvsw_pkt_free(&seg);
	}
	cvsw_pkt_free(&pkt);
	return n;
}

int main(int argc, char **argv)
{
	unsigned long rounds, offloads;
	u32 segments = 0;
	u64 seed;

	if (argc != 4)
		errx(2, "usage: segments ROUNDS OFFLOADS COMMAND");
	rounds = strtoul(argv[1], NULL, 0);
	offloads = strtoul(argv[2], NULL, 0);
	seed = test_seed();
	pool = cvsw_pool_new();
	if (!pool)
		errx(1, "no memory");
	tap_open(&in, "segin", 0);
	tap_open(&out, "segout", (u32)offloads);
	if (!(in.tx_offload & CVSW_OFFLOAD_TSO4))
		errx(1, "a TAP device without segmentation");
	if (system(argv[3]))
		errx(1, "%s failed", argv[3]);
	for (; rounds; rounds--)
		segments += one_super(&seed, offloads);
	printf("%u segments are the kernel's\n", segments);
	cvsw_tap_close(&in);
	cvsw_tap_close(&out);
	cvsw_pool_free(pool);
	return 0;
}

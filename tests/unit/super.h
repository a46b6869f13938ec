/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_SUPER_H
#define CVSW_TEST_SUPER_H

/* Super-frames for tests of segmentation, built as util.h builds frames. */

#include "util.h"

/**
 * struct test_super - a super-frame by description
 * @inner:      the frame whose payload is to be cut; TCP or UDP
 * @outer:      of its VXLAN tunnel, unless .ver is 0
 * @size:       gso_size
 * @outer_csum: the tunnel asks for an outer UDP checksum
 * @gre:        the tunnel is NVGRE
 */
struct test_super {
	struct test_frame	inner;
	struct test_frame	outer;
	u16			size;
	bool			outer_csum;
	bool			gre;
};

/* how many segments it stands for */
u32 test_super_segments(const struct test_super *super);

/* it as its sender leaves it, with offload state */
struct cvsw_pkt test_super_pkt(struct cvsw_pool *pool,
			       const struct test_super *super);

/* put @inner, of segment @i, into the tunnel of @super if there is one; with
 * @seeded an outer checksum is its seed */
u32 test_super_wrap(const struct test_super *super, u32 i, bool seeded,
		    const u8 *inner, u32 len, u8 *out);

/* any super-frame; the state of test_rand() is in @seed */
void test_super_random(u64 *seed, struct test_super *super);

#endif /* CVSW_TEST_SUPER_H */

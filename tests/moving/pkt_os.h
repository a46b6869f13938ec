/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_MOVING_H
#define CVSW_TEST_MOVING_H

/*
 * The userspace storage, but for one thing: bytes that are asked for behind
 * those that were asked for last are got from elsewhere, as in the kernel, so
 * that the frame moves, and where it was there is rubbish, or nothing.
 *
 * Who keeps a pointer for too long reads that.  A build that finds this header
 * first is what tests/moving.tap runs the unit tests of.
 */

#include <stdlib.h>
#include <string.h>

#define cvsw_pkt_header	cvsw_pkt_header_still
#include "../../libcvsw/user/pkt_os.h"
#undef cvsw_pkt_header

static inline const void *cvsw_pkt_header(const struct cvsw_pkt *pkt, u32 off,
					  u32 n);

/* the frame asked last, and the end of what was asked for; the same for all who
 * include this */
__thread const u8 *moving_data __attribute__((weak));
__thread u32 moving_end __attribute__((weak));

/* not by kmalloc(), of which tests count the calls */
static inline void moving_move(struct cvsw_buf *buf)
{
	struct cvsw_block *old = buf->block, *block;

	if (old->refs != 1)	/* to move would make a copy, which tests see */
		return;
	block = malloc(sizeof(*block) + old->size);
	if (!block)
		abort();
	memcpy(block, old, sizeof(*block) + old->size);
	buf->data = block->mem + (buf->data - old->mem);
	buf->head = block->mem + (buf->head - old->mem);
	buf->block = block;
	memset(old->mem, 0xa5, old->size);
	free(old);
}

static inline const void *cvsw_pkt_header(const struct cvsw_pkt *pkt, u32 off,
					  u32 n)
{
	struct cvsw_buf *buf = pkt->frame;

	if ((u64)off + n > buf->len)
		return NULL;
	if (buf->data != moving_data || off + n > moving_end) {
		moving_move(buf);
		moving_data = buf->data;
		moving_end = off + n;
	}
	return buf->data + off;
}

#endif /* CVSW_TEST_MOVING_H */

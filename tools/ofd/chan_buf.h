/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_CHAN_BUF_H
#define CVSW_OFD_CHAN_BUF_H

/*
 * Bytes that are put at the end and taken from the front, in one piece.  They
 * move when room is made; how many may be there is its owner's to bound.
 */

#include "os.h"

/**
 * struct chan_buf - {} is an empty one
 * @size:  of @data
 * @begin: of the bytes in it; @end: behind them
 */
struct chan_buf {
	u8	*data;
	u32	size;
	u32	begin;
	u32	end;
};

static inline u32 chan_buf_len(const struct chan_buf *b)
{
	return b->end - b->begin;
}

static inline u8 *chan_buf_first(const struct chan_buf *b)
{
	return b->data + b->begin;
}

/* how many bytes may be put at chan_buf_room() */
static inline u32 chan_buf_left(const struct chan_buf *b)
{
	return b->size - b->end;
}

/** chan_buf_room - where to put @need bytes or more; NULL: no memory */
u8 *chan_buf_room(struct chan_buf *b, u32 need);

/** chan_buf_put - @len bytes were put there */
void chan_buf_put(struct chan_buf *b, u32 len);

/** chan_buf_take - the first @len bytes are gone; an empty buffer keeps little
 * memory */
void chan_buf_take(struct chan_buf *b, u32 len);

/** chan_buf_free - all are gone, and the memory too */
void chan_buf_free(struct chan_buf *b);

#endif /* CVSW_OFD_CHAN_BUF_H */

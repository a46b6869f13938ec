// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "chan_buf.h"

#define CHAN_BUF_KEEP	4096	/* bytes that an empty one may keep */

static u8 *chan_buf_grow(struct chan_buf *b, u32 need)
{
	const u32 len = chan_buf_len(b);
	u32 size = max_t(u32, len + need, CHAN_BUF_KEEP);
	u8 *data;

	size = max(size, 2 * b->size);
	data = malloc(size);
	if (!data)
		return NULL;
	if (len)
		memcpy(data, chan_buf_first(b), len);
	free(b->data);
	*b = (struct chan_buf){ data, size, 0, len };
	return data + len;
}

u8 *chan_buf_room(struct chan_buf *b, u32 need)
{
	const u32 len = chan_buf_len(b);

	if (chan_buf_left(b) >= need && b->data)
		return b->data + b->end;
	/* as many bytes were taken as are moved now: each is moved once */
	if (b->size - len < need || b->begin < len)
		return chan_buf_grow(b, need);
	memcpy(b->data, chan_buf_first(b), len);
	b->begin = 0;
	b->end = len;
	return b->data + len;
}

void chan_buf_put(struct chan_buf *b, u32 len)
{
	b->end += len;
}

void chan_buf_take(struct chan_buf *b, u32 len)
{
	b->begin += len;
	if (b->begin < b->end)
		return;
	b->begin = 0;
	b->end = 0;
	if (b->size > CHAN_BUF_KEEP)
		chan_buf_free(b);
}

void chan_buf_free(struct chan_buf *b)
{
	free(b->data);
	*b = (struct chan_buf){};
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Storage of frames in userspace: bufs, their blocks and the pools that both
 * return to.  See pkt_os.h, which has the common way of each call, for what
 * is shared and who may touch it.
 *
 * A freed buf keeps its block when nobody shares it, so that a new frame is
 * one take from a list.  Blocks come in two sizes: one for what fits an
 * Ethernet MTU, one for the longest frame.
 */

#include <cvsw/pkt.h>
#include "pkt_ops.h"

enum {
	BUF_SMALL,
	BUF_LARGE,
	BUF_CLASSES,
};

static const struct {
	u32 size;		/* of a block's memory */
	u32 keep;		/* bufs kept in the pool */
} buf_classes[BUF_CLASSES] = {
	[BUF_SMALL] = { 2048 - sizeof(struct cvsw_block), 4096 },
	[BUF_LARGE] = { CVSW_BUF_HEADROOM + CVSW_FRAME_MAX + 1, 256 },
};

#define BUF_KEEP_BARE	4096	/* bufs without a block kept in the pool */

struct buf_list {
	struct cvsw_buf	*first;
	u32		n;
};

/*
 * struct cvsw_pool - where one thread's frames come from
 * @whole: free bufs with a block, by class
 * @bare:  free bufs without
 */
struct cvsw_pool {
	struct buf_list	whole[BUF_CLASSES];
	struct buf_list	bare;
};

static struct cvsw_buf *buf_list_take(struct buf_list *list)
{
	struct cvsw_buf *buf = list->first;

	if (buf) {
		list->first = buf->next;
		list->n--;
	}
	return buf;
}

static void buf_release(struct cvsw_buf *buf)
{
	kfree(buf->block);
	kfree(buf);
}

static void buf_list_give(struct buf_list *list, struct cvsw_buf *buf,
			  u32 keep)
{
	if (unlikely(list->n == keep)) {
		buf_release(buf);
		return;
	}
	buf->next = list->first;
	list->first = buf;
	list->n++;
}

static void buf_list_free(struct buf_list *list)
{
	struct cvsw_buf *buf;

	while ((buf = buf_list_take(list)))
		buf_release(buf);
}

struct cvsw_pool *cvsw_pool_new(void)
{
	return kzalloc(sizeof(struct cvsw_pool), GFP_KERNEL);
}

void cvsw_pool_free(struct cvsw_pool *pool)
{
	unsigned int i;

	if (!pool)
		return;
	for (i = 0; i < BUF_CLASSES; i++)
		buf_list_free(&pool->whole[i]);
	buf_list_free(&pool->bare);
	kfree(pool);
}

/* a buf without a block */
static struct cvsw_buf *buf_bare(struct cvsw_pool *pool)
{
	struct cvsw_buf *buf = buf_list_take(&pool->bare);

	if (buf)
		return buf;
	buf = kmalloc(sizeof(*buf), GFP_KERNEL);
	if (!buf)
		return NULL;
	buf->pool = pool;
	buf->block = NULL;
	return buf;
}

static void buf_free_bare(struct cvsw_buf *buf)
{
	buf->block = NULL;
	buf_list_give(&buf->pool->bare, buf, BUF_KEEP_BARE);
}

static struct cvsw_block *buf_block_new(u32 class)
{
	u32 size = buf_classes[class].size;
	struct cvsw_block *block;

	block = kmalloc(sizeof(*block) + size, GFP_KERNEL);
	if (block) {
		block->refs = 1;
		block->size = size;
	}
	return block;
}

/* a buf with a block of its own and @len bytes behind @room */
static struct cvsw_buf *buf_whole(struct cvsw_pool *pool, u32 room, u32 len)
{
	u32 class = room + len > buf_classes[BUF_SMALL].size;
	struct cvsw_buf *buf = buf_list_take(&pool->whole[class]);

	if (unlikely(!buf)) {
		buf = buf_bare(pool);
		if (!buf)
			return NULL;
		buf->block = buf_block_new(class);
		if (!buf->block) {
			buf_free_bare(buf);
			return NULL;
		}
		buf->class = class;
		buf->head = buf->block->mem;
	}
	buf->data = buf->head + room;
	buf->len = len;
	return buf;
}

struct cvsw_buf *cvsw_buf_new(struct cvsw_pool *pool, u32 len)
{
	struct cvsw_buf *buf;

	if (unlikely(len > CVSW_FRAME_MAX))
		return NULL;
	buf = buf_whole(pool, CVSW_BUF_HEADROOM, len);
	if (likely(buf))
		buf->off = (struct cvsw_offload){};
	return buf;
}

struct cvsw_buf *cvsw_buf_clone(const struct cvsw_buf *buf)
{
	struct cvsw_buf *copy = buf_bare(buf->pool);

	if (unlikely(!copy))
		return NULL;
	copy->data = buf->data;
	copy->head = buf->head;
	copy->len = buf->len;
	copy->class = buf->class;
	copy->off = buf->off;
	copy->block = buf->block;
	copy->block->refs++;
	return copy;
}

void cvsw_buf_free(struct cvsw_buf *buf)
{
	if (unlikely(buf->block->refs != 1)) {
		buf->block->refs--;
		buf_free_bare(buf);
		return;
	}
	buf_list_give(&buf->pool->whole[buf->class], buf,
		      buf_classes[buf->class].keep);
}

/* a block of its own, of @len bytes or more behind @room */
static int buf_move(struct cvsw_buf *buf, u32 room, u32 len)
{
	u32 old = cvsw_buf_headroom(buf);
	struct cvsw_buf *mine = buf_whole(buf->pool, room, len);

	if (!mine)
		return -ENOMEM;
	memcpy(mine->data, buf->data, buf->len);
	swap(mine->block, buf->block);
	swap(mine->class, buf->class);
	swap(mine->head, buf->head);
	swap(mine->data, buf->data);
	cvsw_buf_free(mine);
	cvsw_buf_moved(buf, room - old);
	return 0;
}

int cvsw_buf_own(struct cvsw_buf *buf, u32 room)
{
	if (room > CVSW_FRAME_MAX - buf->len)
		return -EMSGSIZE;
	return buf_move(buf, room + CVSW_BUF_HEADROOM, buf->len);
}

int cvsw_buf_append(struct cvsw_buf *buf, const void *data, u32 n)
{
	u32 room = buf->block->size - cvsw_buf_headroom(buf) - buf->len;
	bool own = buf->block->refs == 1;
	int ret;

	if (unlikely(n > CVSW_FRAME_MAX - buf->len))
		return -EMSGSIZE;
	if (unlikely(!own || n > room)) {
		if (own && buf->class == BUF_LARGE)
			return -EMSGSIZE;
		ret = buf_move(buf, CVSW_BUF_HEADROOM, CVSW_FRAME_MAX);
		if (ret)
			return ret;
	}
	memcpy(buf->data + buf->len, data, n);
	buf->len += n;
	return 0;
}

/* Sum */

static u64 sum_add(u64 a, u64 b)
{
	a += b;
	return a + (a < b);
}

static u64 sum_load(const u8 *p)
{
	u64 word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* the last, less than 8 bytes */
static u64 sum_tail(const u8 *p, u32 n)
{
	u64 sum = 0;
	u32 four;
	u16 two = 0;

	if (n & 4) {
		memcpy(&four, p, 4);
		sum = four;
		p += 4;
	}
	if (n & 2) {
		memcpy(&two, p, 2);
		sum += two;
		p += 2;
		two = 0;
	}
	if (n & 1) {
		memcpy(&two, p, 1);
		sum += two;
	}
	return sum;
}

u32 cvsw_buf_sum(const void *data, u32 n, u32 sum)
{
	const u8 *p = data;
	u64 a = sum, b = 0, c = 0, d = 0;

	for (; n >= 32; n -= 32, p += 32) {
		a = sum_add(a, sum_load(p));
		b = sum_add(b, sum_load(p + 8));
		c = sum_add(c, sum_load(p + 16));
		d = sum_add(d, sum_load(p + 24));
	}
	for (; n >= 8; n -= 8, p += 8)
		a = sum_add(a, sum_load(p));
	a = sum_add(sum_add(a, b), sum_add(c, d));
	a = sum_add(a, sum_tail(p, n));
	a = (a & 0xffffffff) + (a >> 32);
	return (u32)(a + (a >> 32));
}

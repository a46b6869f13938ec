/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_PKT_OS_H
#define CVSW_PKT_OS_H

/*
 * The packet vocabulary over struct cvsw_buf: userspace storage.
 *
 * A frame is linear, in one block of memory.  Clones share the block; whoever
 * writes while it is shared gets a block of its own first.  A buf, its block
 * and its pool belong to one thread at a time, so that nothing is atomic.
 *
 * Here is the common way, inline; what is seldom is in pkt.c and offload.c.
 * The cheap test for "nothing asked for" is off.csum != CVSW_CSUM_PARTIAL,
 * since each other offload requires that one.
 *
 * vlan_set and vlan_pop move the parse results in struct cvsw_pkt along,
 * encap and decap clear them, push and pull leave them to the caller.
 */

#include "hdr.h"

#define CVSW_BUF_HEADROOM	256	/* in front of a new frame */

/* memory of one frame, or of several that are clones */
struct cvsw_block {
	u32	refs;			/* bufs that use it */
	u32	size;			/* bytes of @mem */
	u64	pad;			/* @mem is 16-byte aligned */
	u8	mem[];
};

/*
 * struct cvsw_buf - one frame
 * @data:  its first byte
 * @head:  first byte that it may grow down to
 * @len:   bytes
 * @class: of its block's size, index in the pool
 * @off:   offload state; its offsets count from @head, modulo 65536, so that
 *         push and pull do not change them
 * @block: its storage; NULL only in the pool
 * @pool:  where it returns to
 * @next:  in the pool
 * @pkt:   descriptor for embedding programs (<cvsw/pkt.h>)
 */
struct cvsw_buf {
	u8			*data;
	u8			*head;
	u32			len;
	u32			class;
	struct cvsw_offload	off;
	struct cvsw_block	*block;
	struct cvsw_pool	*pool;
	struct cvsw_buf		*next;
	struct cvsw_pkt		pkt;
};

struct cvsw_pool;

/* pkt.c APIs: */

/* a frame of @len bytes, NULL without memory or when too long */
struct cvsw_buf *cvsw_buf_new(struct cvsw_pool *pool, u32 len);
struct cvsw_buf *cvsw_buf_clone(const struct cvsw_buf *buf);
void cvsw_buf_free(struct cvsw_buf *buf);

/* sum as cvsw_pkt_sum() */
u32 cvsw_buf_sum(const void *data, u32 n, u32 sum);

/* make @buf the only user of its block, with at least @room bytes in front */
int cvsw_buf_own(struct cvsw_buf *buf, u32 room);

/* append @n bytes, in a block of its own; -EMSGSIZE when they do not fit */
int cvsw_buf_append(struct cvsw_buf *buf, const void *data, u32 n);

/* offload.c APIs, see the calls of pkt_ops.h: */

int cvsw_buf_offload_set(struct cvsw_buf *buf,
			 const struct cvsw_offload *state);
int cvsw_buf_offload_claim(struct cvsw_buf *buf,
			   const struct cvsw_offload *state);
u32 cvsw_buf_segments(const struct cvsw_buf *buf, u64 *bytes);
void *cvsw_buf_pull(struct cvsw_buf *buf, u32 n);
int cvsw_buf_trim(struct cvsw_buf *buf, u32 len);
int cvsw_buf_csum_finish(struct cvsw_pkt *pkt);
int cvsw_buf_encap(struct cvsw_pkt *pkt, const void *hdr, u32 n, u32 outer_l3,
		   u32 outer_l4, bool csum);
int cvsw_buf_decap(struct cvsw_pkt *pkt, u32 n);

/* gso.c APIs, see cvsw_pkt_cut(): */

u32 cvsw_buf_cut(struct cvsw_pkt *pkt,
		 void (*each)(void *arg, struct cvsw_pkt *seg), void *arg);

static inline u32 cvsw_buf_headroom(const struct cvsw_buf *buf)
{
	return (u32)(buf->data - buf->head);
}

/* offset of the L4 header that a partial checksum belongs to */
static inline u32 cvsw_buf_csum_start(const struct cvsw_buf *buf)
{
	return (u16)(buf->off.csum_start - cvsw_buf_headroom(buf));
}

/* the headroom grew by @by bytes: offsets count from its start */
static inline void cvsw_buf_moved(struct cvsw_buf *buf, u32 by)
{
	if (buf->off.csum != CVSW_CSUM_PARTIAL)
		return;
	buf->off.csum_start = (u16)(buf->off.csum_start + by);
	if (!buf->off.tunnel)
		return;
	buf->off.outer_l4 = (u16)(buf->off.outer_l4 + by);
	buf->off.inner_l3 = (u16)(buf->off.inner_l3 + by);
}

/* a block of one's own, and @n bytes in front? */
static inline bool cvsw_buf_can_push(const struct cvsw_buf *buf, u32 n)
{
	return n <= cvsw_buf_headroom(buf) && buf->len + n <= CVSW_FRAME_MAX &&
	       buf->block->refs == 1;
}

static inline u32 cvsw_pkt_len(const struct cvsw_pkt *pkt)
{
	return pkt->frame->len;
}

static inline bool cvsw_pkt_is_super(const struct cvsw_pkt *pkt)
{
	return pkt->frame->off.gso_type;
}

static inline u32 cvsw_pkt_memory(const struct cvsw_pkt *pkt)
{
	return sizeof(struct cvsw_buf) + sizeof(struct cvsw_block) +
	       pkt->frame->block->size;
}

static inline u32 cvsw_pkt_segments(const struct cvsw_pkt *pkt, u64 *bytes)
{
	const struct cvsw_buf *buf = pkt->frame;

	*bytes = buf->len;
	if (likely(!buf->off.gso_type))
		return 1;
	return cvsw_buf_segments(buf, bytes);
}

static inline const void *cvsw_pkt_header(const struct cvsw_pkt *pkt, u32 off,
					  u32 n)
{
	const struct cvsw_buf *buf = pkt->frame;
	const u8 *data = buf->data;

	if (!data)		/* never: spares callers' checks for NULL */
		__builtin_unreachable();
	if (unlikely((u64)off + n > buf->len))
		return NULL;
	return data + off;
}

static inline u32 cvsw_pkt_sum(const struct cvsw_pkt *pkt, u32 off, u32 n,
			       u32 sum)
{
	return cvsw_buf_sum(pkt->frame->data + off, n, sum);
}

static inline void *cvsw_pkt_writable(struct cvsw_pkt *pkt, u32 off, u32 n)
{
	struct cvsw_buf *buf = pkt->frame;

	if (unlikely((u64)off + n > buf->len))
		return NULL;
	if (unlikely(buf->block->refs != 1) && cvsw_buf_own(buf, 0))
		return NULL;
	return buf->data + off;
}

static inline void *cvsw_pkt_writable_now(struct cvsw_pkt *pkt, u32 off, u32 n)
{
	const struct cvsw_buf *buf = pkt->frame;
	u8 *data = buf->data;

	if (!data)		/* as in cvsw_pkt_header() */
		__builtin_unreachable();
	if (unlikely((u64)off + n > buf->len || buf->block->refs != 1))
		return NULL;
	return data + off;
}

static inline void *cvsw_pkt_push(struct cvsw_pkt *pkt, u32 n)
{
	struct cvsw_buf *buf = pkt->frame;

	if (unlikely(!cvsw_buf_can_push(buf, n)) && cvsw_buf_own(buf, n))
		return NULL;
	buf->len += n;
	return buf->data -= n;
}

static inline void *cvsw_pkt_pull(struct cvsw_pkt *pkt, u32 n)
{
	struct cvsw_buf *buf = pkt->frame;

	if (unlikely(buf->off.csum == CVSW_CSUM_PARTIAL))
		return cvsw_buf_pull(buf, n);
	if (unlikely(n > buf->len))
		return NULL;
	buf->len -= n;
	return buf->data += n;
}

static inline int cvsw_pkt_trim(struct cvsw_pkt *pkt, u32 len)
{
	struct cvsw_buf *buf = pkt->frame;

	if (len >= buf->len)
		return 0;
	return cvsw_buf_trim(buf, len);
}

/* a tag is always in band */
static inline bool cvsw_pkt_tag_get(const struct cvsw_pkt *pkt, u16 *tci)
{
	return false;
}

static inline bool cvsw_pkt_tag_set(struct cvsw_pkt *pkt, u16 tci)
{
	return false;
}

static inline void cvsw_pkt_tag_clear(struct cvsw_pkt *pkt)
{
}

static inline cvsw_frame_t cvsw_pkt_frame_clone(cvsw_frame_t frame)
{
	return cvsw_buf_clone(frame);
}

static inline cvsw_frame_t cvsw_pkt_frame_new(cvsw_frame_t like, u32 len)
{
	return cvsw_buf_new(like->pool, len);
}

static inline void cvsw_pkt_free(struct cvsw_pkt *pkt)
{
	cvsw_buf_free(pkt->frame);
}

static inline void cvsw_pkt_offload_get(const struct cvsw_pkt *pkt,
					struct cvsw_offload *state)
{
	const struct cvsw_buf *buf = pkt->frame;
	u32 room = cvsw_buf_headroom(buf);

	*state = buf->off;
	if (likely(state->csum != CVSW_CSUM_PARTIAL))
		return;
	state->csum_start = (u16)(state->csum_start - room);
	if (!state->tunnel)
		return;
	state->outer_l4 = (u16)(state->outer_l4 - room);
	state->inner_l3 = (u16)(state->inner_l3 - room);
}

static inline int __must_check
cvsw_pkt_offload_set(struct cvsw_pkt *pkt, const struct cvsw_offload *state)
{
	return cvsw_buf_offload_set(pkt->frame, state);
}

static inline int __must_check
cvsw_pkt_offload_claim(struct cvsw_pkt *pkt, const struct cvsw_offload *state)
{
	return cvsw_buf_offload_claim(pkt->frame, state);
}

static inline int __must_check cvsw_pkt_csum_finish(struct cvsw_pkt *pkt)
{
	if (likely(pkt->frame->off.csum != CVSW_CSUM_PARTIAL))
		return 0;
	return cvsw_buf_csum_finish(pkt);
}

static inline int __must_check cvsw_pkt_encap(struct cvsw_pkt *pkt,
					      const void *hdr, u32 n,
					      u32 outer_l3, u32 outer_l4,
					      bool csum)
{
	return cvsw_buf_encap(pkt, hdr, n, outer_l3, outer_l4, csum);
}

static inline void *cvsw_pkt_encap_now(struct cvsw_pkt *pkt, const void *hdr,
				       u32 n, u32 outer_l3, u32 outer_l4)
{
	struct cvsw_buf *buf = pkt->frame;
	u8 *data = buf->data - n;

	if (unlikely(buf->off.csum == CVSW_CSUM_PARTIAL ||
		     !cvsw_buf_can_push(buf, n)))
		return NULL;
	buf->len += n;
	buf->data = data;
	memcpy(data, hdr, n);
	buf->off.csum = CVSW_CSUM_NONE;
	pkt->l3 = 0;
	pkt->l4 = 0;
	return data;
}

static inline int __must_check cvsw_pkt_decap(struct cvsw_pkt *pkt, u32 n)
{
	struct cvsw_buf *buf = pkt->frame;

	if (unlikely(buf->off.csum == CVSW_CSUM_PARTIAL || n > buf->len))
		return cvsw_buf_decap(pkt, n);
	buf->len -= n;
	buf->data += n;
	buf->off.csum = CVSW_CSUM_NONE;
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

static inline u32 __must_check
cvsw_pkt_cut(struct cvsw_pkt *pkt,
	     void (*each)(void *arg, struct cvsw_pkt *seg), void *arg)
{
	return cvsw_buf_cut(pkt, each, arg);
}

static inline void cvsw_pkt_copy(struct cvsw_pkt *pkt, u32 off,
				 const struct cvsw_pkt *src, u32 from, u32 n)
{
	memcpy(pkt->frame->data + off, src->frame->data + from, n);
}

#endif /* CVSW_PKT_OS_H */

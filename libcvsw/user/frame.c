// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* <cvsw/pkt.h>: the packet calls under the names that programs may use. */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "gso.h"
#include "vnet.h"

struct cvsw_pkt *cvsw_frame_new(struct cvsw_pool *pool, u16 in_port, u32 len)
{
	struct cvsw_buf *buf = cvsw_buf_new(pool, len);

	if (!buf)
		return NULL;
	buf->pkt = (struct cvsw_pkt){ .frame = buf, .in_port = in_port };
	return &buf->pkt;
}

struct cvsw_pkt *cvsw_frame_keep(const struct cvsw_pkt *frame)
{
	struct cvsw_buf *buf = frame->frame;

	if (frame != &buf->pkt)
		buf->pkt = *frame;
	return &buf->pkt;
}

void cvsw_frame_give(struct cvsw_pkt *pkt, const struct cvsw_pkt *frame)
{
	*pkt = *frame;
}

void cvsw_frame_free(struct cvsw_pkt *frame)
{
	cvsw_pkt_free(frame);
}

u32 cvsw_frame_len(const struct cvsw_pkt *frame)
{
	return cvsw_pkt_len(frame);
}

const void *cvsw_frame_data(const struct cvsw_pkt *frame)
{
	return cvsw_pkt_header(frame, 0, cvsw_pkt_len(frame));
}

void *cvsw_frame_edit(struct cvsw_pkt *frame)
{
	return cvsw_pkt_writable(frame, 0, cvsw_pkt_len(frame));
}

int cvsw_frame_trim(struct cvsw_pkt *frame, u32 len)
{
	return cvsw_pkt_trim(frame, len);
}

int cvsw_frame_vnet_set(struct cvsw_pkt *frame, const void *hdr, u32 size)
{
	return cvsw_vnet_decode(frame, hdr, size);
}

int cvsw_frame_vnet_get(const struct cvsw_pkt *frame, void *hdr, u32 size)
{
	return cvsw_vnet_encode(frame, hdr, size);
}

u32 cvsw_frame_queue(const struct cvsw_pkt *frame)
{
	return frame->queue;
}

u32 cvsw_frame_needs(const struct cvsw_pkt *frame)
{
	return cvsw_gso_needs(frame);
}

struct frame_lowering {
	void			(*each)(void *arg, struct cvsw_pkt *frame);
	void			*arg;
	struct cvsw_lost	*left;
};

static void frame_lowered(void *arg, struct cvsw_pkt *frame)
{
	const struct frame_lowering *lowering = arg;

	lowering->left->frames--;
	lowering->left->bytes -= cvsw_pkt_len(frame);
	lowering->each(lowering->arg, frame);
}

int cvsw_frame_lower(struct cvsw_pkt *frame, u32 offloads,
		     void (*each)(void *arg, struct cvsw_pkt *frame),
		     void *arg, struct cvsw_lost *lost)
{
	struct frame_lowering lowering = { each, arg, lost };
	u64 bytes;

	*lost = (struct cvsw_lost){};
	lost->frames = cvsw_pkt_segments(frame, &bytes);
	lost->bytes = bytes;
	return cvsw_gso_lower(frame, offloads, frame_lowered, &lowering);
}

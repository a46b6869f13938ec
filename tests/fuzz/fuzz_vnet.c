// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A virtio_net_hdr of 24 bytes and a frame behind it, as from a TAP device:
 * decode, and if that is content do all that a switch and its ports do with
 * such a frame.  The last byte chooses what the ports support.
 */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "gso.h"
#include "vnet.h"

#define TUNNEL	50		/* bytes of outer headers put in front */

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct sink {
	u32	offloads;
	u32	n;
	u64	bytes;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* what comes out needs no more than was asked for and says so consistently */
static void each(void *arg, struct cvsw_pkt *pkt)
{
	struct sink *sink = arg;
	u8 hdr[CVSW_VNET_HLEN_TUNNEL];

	must(!(cvsw_gso_needs(pkt) & ~sink->offloads));
	must(!cvsw_vnet_encode(pkt, hdr, sizeof(hdr)));
	sink->n++;
	sink->bytes += cvsw_pkt_len(pkt);
	cvsw_pkt_free(pkt);
}

static void lower(const struct cvsw_pkt *pkt, u32 offloads)
{
	struct sink sink = { .offloads = offloads };
	struct cvsw_pkt copy;
	u32 segments;
	u64 bytes;

	must(!cvsw_pkt_clone(pkt, &copy));
	segments = cvsw_pkt_segments(&copy, &bytes);
	if (cvsw_gso_lower(&copy, offloads, each, &sink))
		return;
	must(sink.n == 1 || (sink.n == segments && sink.bytes == bytes));
}

static void tunnel(const struct cvsw_pkt *pkt, u32 offloads, bool csum)
{
	static const u8 hdr[TUNNEL] = {
		[12] = 8, [14] = 0x45, [23] = 17, [36] = 0x12, [37] = 0xb5,
		[42] = 8,
	};
	u32 len = cvsw_pkt_len(pkt);
	struct cvsw_pkt copy;

	must(!cvsw_pkt_clone(pkt, &copy));
	if (!cvsw_pkt_encap(&copy, hdr, TUNNEL, 14, 34, csum)) {
		must(cvsw_pkt_len(&copy) == len + TUNNEL);
		lower(&copy, offloads);
		if (!cvsw_pkt_decap(&copy, TUNNEL))
			must(cvsw_pkt_len(&copy) == len);
	}
	cvsw_pkt_free(&copy);
	must(!cvsw_pkt_clone(pkt, &copy));
	if (!cvsw_pkt_decap(&copy, TUNNEL)) {
		must(cvsw_pkt_len(&copy) == len - TUNNEL);
		lower(&copy, offloads);
	}
	cvsw_pkt_free(&copy);
}

/* a frame at the end of its memory, so that an overrun is seen */
static struct cvsw_pkt frame(struct cvsw_pool *pool, const u8 *data, u32 len)
{
	struct cvsw_pkt pkt = { .frame = cvsw_buf_new(pool, len), .in_port = 1 };
	struct cvsw_buf *buf = pkt.frame;

	must(buf);
	buf->data = buf->head + ((buf->block->size - len) & ~1u);
	memcpy(buf->data, data, len);
	return pkt;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cvsw_pool *pool;
	struct cvsw_pkt pkt;
	u32 offloads;

	if (size < CVSW_VNET_HLEN_TUNNEL + 1 || size > CVSW_FRAME_MAX)
		return 0;
	offloads = data[size - 1] * 2u & CVSW_OFFLOAD_MASK;
	pool = cvsw_pool_new();
	must(pool);
	pkt = frame(pool, data + CVSW_VNET_HLEN_TUNNEL,
		    (u32)size - CVSW_VNET_HLEN_TUNNEL);
	if (!cvsw_vnet_decode(&pkt, data, CVSW_VNET_HLEN_TUNNEL)) {
		lower(&pkt, 0);
		lower(&pkt, offloads);
		tunnel(&pkt, offloads, size & 1);
	}
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
	return 0;
}

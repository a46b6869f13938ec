// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames that are merged: whatever goes in must come out again, byte for byte,
 * when what leaves is cut.  In which order is for test_gro to say.
 *
 * Input: records of a byte that says what follows, RECORD_*, and that.
 *   FRAME   length (2 bytes, little endian), virtio_net_hdr of 12, frame
 *   NEXT    the frame before once more, as the next of its flow: its length
 *           less the byte that follows, checksums right
 *   SPOIL   a byte of the frame before, at an offset, and what it becomes, in
 *           the next NEXT
 *   FLUSH
 */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "csum.h"
#include "gso.h"
#include "vnet.h"

#define FRAMES_MAX	200
#define VNET		12

enum {
	RECORD_FRAME,
	RECORD_NEXT,
	RECORD_SPOIL,
	RECORD_FLUSH,
	RECORDS
};

/*
 * struct stream - the input, and what came of it
 * @in, @out: sums of a hash of each frame
 * @last: bytes of the frame before
 */
struct stream {
	const u8		*data;
	size_t			size;
	struct cvsw_pool	*pool;
	struct cvsw_gro		*gro;
	struct cvsw_pkt		*frame[FRAMES_MAX];
	u32			n;
	u64			in;
	u64			out;
	u32			len;
	u8			last[CVSW_FRAME_MAX];
};

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static u64 hash(const struct cvsw_pkt *pkt)
{
	u32 i, len = cvsw_pkt_len(pkt);
	const u8 *data = cvsw_pkt_header(pkt, 0, len);
	u64 h = len;

	for (i = 0; i < len; i++)
		h = (h ^ data[i]) * 0x100000001b3;
	return h * 0x9e3779b97f4a7c15;
}

static void each(void *arg, struct cvsw_pkt *pkt)
{
	u64 *sum = arg;

	*sum += hash(pkt);
	cvsw_pkt_free(pkt);
}

/* of the two forms of a TCP checksum of 0 Linux takes one when it completes it
 * and the other when it cuts, and so do we: is it the first? */
static bool is_mangled(const struct cvsw_pkt *pkt)
{
	struct cvsw_offload off;
	struct cvsw_pkt copy;
	const u8 *check;
	bool mangled;

	cvsw_pkt_offload_get(pkt, &off);
	if (off.csum != CVSW_CSUM_PARTIAL || off.gso_type)
		return false;
	must(!cvsw_pkt_clone(pkt, &copy) && !cvsw_pkt_csum_finish(&copy));
	check = cvsw_pkt_header(&copy, off.csum_start + off.csum_offset, 2);
	mangled = check[0] == 0xff && check[1] == 0xff;
	cvsw_pkt_free(&copy);
	return mangled;
}

static void flush(struct stream *s)
{
	u8 hdr[VNET];
	u32 i;

	cvsw_gro_flush(s->gro);
	for (i = 0; i < s->n; i++) {
		must(!cvsw_vnet_encode(s->frame[i], hdr, VNET));
		must(!cvsw_vnet_decode(s->frame[i], hdr, VNET));
		must(!cvsw_gso_lower(s->frame[i], 0, each, &s->out));
	}
	s->n = 0;
}

static void take(struct stream *s, struct cvsw_pkt pkt)
{
	struct cvsw_pkt copy, *frame = cvsw_frame_keep(&pkt);

	must(!cvsw_pkt_clone(frame, &copy));
	must(!cvsw_gso_lower(&copy, 0, each, &s->in));
	if (cvsw_gro_receive(s->gro, frame, CVSW_OFFLOAD_MASK))
		return;
	s->frame[s->n++] = frame;
	if (s->n == FRAMES_MAX)
		flush(s);
}

/* a frame of the bytes in s->last at the end of its memory */
static struct cvsw_pkt frame(struct stream *s)
{
	struct cvsw_pkt pkt = {
		.frame = cvsw_buf_new(s->pool, s->len), .in_port = 1,
	};
	struct cvsw_buf *buf = pkt.frame;

	must(buf);
	buf->data = buf->head + ((buf->block->size - s->len) & ~1u);
	memcpy(buf->data, s->last, s->len);
	return pkt;
}

static const u8 *eat(struct stream *s, size_t n)
{
	const u8 *p = s->data;

	if (n > s->size)
		return NULL;
	s->data += n;
	s->size -= n;
	return p;
}

static bool record_frame(struct stream *s)
{
	const u8 *p = eat(s, 2), *hdr = p ? eat(s, VNET) : NULL;
	struct cvsw_offload off;
	struct cvsw_pkt pkt;

	if (!hdr)
		return false;
	s->len = (u32)p[0] | (u32)p[1] << 8;
	p = eat(s, s->len);
	if (!p) {
		s->len = 0;
		return false;
	}
	memcpy(s->last, p, s->len);
	pkt = frame(s);
	if (cvsw_vnet_decode(&pkt, hdr, VNET) || is_mangled(&pkt)) {
		cvsw_pkt_free(&pkt);
		return true;
	}
	cvsw_pkt_offload_get(&pkt, &off);
	/* of a checksum that is said to be good nobody sees that it is not */
	if (off.csum == CVSW_CSUM_GOOD)
		must(!cvsw_pkt_offload_set(&pkt, &(struct cvsw_offload){}));
	take(s, pkt);
	return true;
}

/* make the frame in s->last the next of its flow, when it is of one */
static void advance(struct stream *s, u32 less)
{
	struct cvsw_ipv4_hdr *ip4;
	struct cvsw_ipv6_hdr *ip6;
	struct cvsw_tcp_hdr *th;
	struct cvsw_udp_hdr *udp;
	struct cvsw_walk walk;
	__be16 *check;
	u32 sum, hlen;

	if (cvsw_walk_eth(s->last, s->len, &walk) || walk.frag)
		return;
	th = (void *)(s->last + walk.l4);
	udp = (void *)th;
	if (s->len < walk.l4 + CVSW_TCP_HLEN)
		return;
	hlen = walk.l4 + (walk.proto == 6 ? (th->doff >> 4) * 4u : 8);
	if (s->len <= hlen)
		return;
	if (walk.proto == 6)
		th->seq = cpu_to_be32(be32_to_cpu(th->seq) + s->len - hlen);
	s->len -= min_t(u32, less, s->len - hlen);
	ip4 = (void *)(s->last + walk.l3);
	ip6 = (void *)ip4;
	if (walk.ver == 4) {
		ip4->id = cpu_to_be16((u16)(be16_to_cpu(ip4->id) + 1));
		ip4->tot_len = cpu_to_be16((u16)(s->len - walk.l3));
		ip4->check = cvsw_csum_ipv4(ip4);
		sum = cvsw_csum_pseudo4(ip4->src, ip4->dst, walk.proto,
					s->len - walk.l4);
	} else {
		ip6->payload_len = cpu_to_be16((u16)(s->len - walk.l3 - 40));
		sum = cvsw_csum_pseudo6(ip6->src, ip6->dst, walk.proto,
					s->len - walk.l4);
	}
	udp->len = walk.proto == 17 ? cpu_to_be16((u16)(s->len - walk.l4)) :
				      udp->len;
	check = walk.proto == 6 ? &th->check : &udp->check;
	*check = 0;
	sum = cvsw_buf_sum(s->last + walk.l4, s->len - walk.l4, sum);
	*check = walk.proto == 6 ? cvsw_csum_fold(sum) :
				   cvsw_csum_fold_udp(sum);
}

static bool record(struct stream *s)
{
	const u8 *p = eat(s, 1);

	if (!p)
		return false;
	switch (*p % RECORDS) {
	case RECORD_FRAME:
		return record_frame(s);
	case RECORD_NEXT:
		p = eat(s, 1);
		if (!p)
			return false;
		advance(s, *p);
		take(s, frame(s));
		return true;
	case RECORD_SPOIL:
		p = eat(s, 2);
		if (!p)
			return false;
		s->last[p[0]] ^= p[1];
		return true;
	default:
		flush(s);
		return true;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct stream s;
	u32 i;

	s = (struct stream){ .data = data, .size = size };
	s.pool = cvsw_pool_new();
	s.gro = cvsw_gro_new();
	must(s.pool && s.gro);
	for (i = 0; i < 1000 && record(&s); i++)
		;
	flush(&s);
	must(s.in == s.out);
	cvsw_gro_free(s.gro);
	cvsw_pool_free(s.pool);
	return 0;
}

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
#include "csum.h"
#include "walk.h"

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

/* move the offsets that count from @head by what the headroom grew by */
static void buf_offload_moved(struct cvsw_buf *buf, u32 by)
{
	if (buf->off.csum != CVSW_CSUM_PARTIAL)
		return;
	buf->off.csum_start = (u16)(buf->off.csum_start + by);
	if (!buf->off.tunnel)
		return;
	buf->off.outer_l4 = (u16)(buf->off.outer_l4 + by);
	buf->off.inner_l3 = (u16)(buf->off.inner_l3 + by);
}

int cvsw_buf_own(struct cvsw_buf *buf, u32 room)
{
	u32 old = cvsw_buf_headroom(buf);
	struct cvsw_buf *mine;

	if (room > CVSW_FRAME_MAX - buf->len)
		return -EMSGSIZE;
	room += CVSW_BUF_HEADROOM;
	mine = buf_whole(buf->pool, room, buf->len);
	if (!mine)
		return -ENOMEM;
	memcpy(mine->data, buf->data, buf->len);
	swap(mine->block, buf->block);
	swap(mine->class, buf->class);
	swap(mine->head, buf->head);
	swap(mine->data, buf->data);
	cvsw_buf_free(mine);
	buf_offload_moved(buf, room - old);
	return 0;
}

/* Offload state */

/* L4 header and payload of a super-frame have room? */
static int buf_check_gso(const struct cvsw_buf *buf,
			 const struct cvsw_offload *state)
{
	bool tcp = state->gso_type != CVSW_GSO_UDP_L4;

	if (state->gso_type > CVSW_GSO_UDP_L4 || !state->gso_size)
		return -EINVAL;
	if (state->csum_start + (tcp ? CVSW_TCP_HLEN + 0u : CVSW_UDP_HLEN) >
	    buf->len)
		return -EINVAL;
	switch (state->tunnel) {
	case 0:
		return state->tunnel_csum ? -EINVAL : 0;
	case 4:
	case 6:
		break;
	default:
		return -EINVAL;
	}
	if (state->outer_l4 < CVSW_ETH_HLEN + CVSW_IPV4_HLEN ||
	    state->outer_l4 + CVSW_UDP_HLEN > state->inner_l3 ||
	    state->inner_l3 + CVSW_IPV4_HLEN > state->csum_start)
		return -EINVAL;
	return 0;
}

int cvsw_buf_offload_set(struct cvsw_buf *buf,
			 const struct cvsw_offload *state)
{
	if (state->csum != CVSW_CSUM_PARTIAL) {
		if (state->csum > CVSW_CSUM_PARTIAL || state->gso_type ||
		    state->tunnel)
			return -EINVAL;
		buf->off = (struct cvsw_offload){ .csum = state->csum };
		return 0;
	}
	if ((u32)state->csum_start + state->csum_offset + 2 > buf->len ||
	    (state->csum_start | state->csum_offset) & 1)
		return -EINVAL;
	if (state->gso_type) {
		if (buf_check_gso(buf, state))
			return -EINVAL;
	} else if (state->tunnel) {
		return -EINVAL;
	}
	buf->off = *state;
	buf_offload_moved(buf, cvsw_buf_headroom(buf));
	return 0;
}

static u32 buf_csum_start(const struct cvsw_buf *buf)
{
	return (u16)(buf->off.csum_start - cvsw_buf_headroom(buf));
}

u32 cvsw_buf_segments(const struct cvsw_buf *buf, u64 *bytes)
{
	const struct cvsw_tcp_hdr *th;
	u32 payload, n;
	u32 hdr = buf_csum_start(buf);

	if (buf->off.gso_type == CVSW_GSO_UDP_L4) {
		hdr += CVSW_UDP_HLEN;
	} else {
		th = (const void *)(buf->data + hdr);
		hdr += (th->doff >> 4) * 4u;
	}
	*bytes = buf->len;
	if (hdr >= buf->len)
		return 1;
	payload = buf->len - hdr;
	n = (payload + buf->off.gso_size - 1) / buf->off.gso_size;
	*bytes += (u64)(n - 1) * hdr;
	return n;
}

void *cvsw_buf_pull(struct cvsw_buf *buf, u32 n)
{
	if (n > buf->len)
		return NULL;
	if (buf_csum_start(buf) < n) {
		if (buf->off.gso_type)
			return NULL;
		buf->off = (struct cvsw_offload){};
	}
	buf->len -= n;
	return buf->data += n;
}

int cvsw_buf_trim(struct cvsw_buf *buf, u32 len)
{
	u32 need;

	if (buf->off.csum == CVSW_CSUM_PARTIAL) {
		need = buf_csum_start(buf) + buf->off.csum_offset + 2;
		if (buf->off.gso_type)
			need = max(need, buf_csum_start(buf) + CVSW_TCP_HLEN);
		if (len < need)
			return -EINVAL;
	}
	buf->len = len;
	return 0;
}

int cvsw_buf_csum_finish(struct cvsw_pkt *pkt)
{
	struct cvsw_buf *buf = pkt->frame;
	u32 start = buf_csum_start(buf);
	__be16 check;
	u8 *field;

	if (buf->off.gso_type)
		return -EINVAL;
	field = cvsw_pkt_writable(pkt, start + buf->off.csum_offset, 2);
	if (!field)
		return -ENOMEM;
	check = cvsw_csum_fold_udp(cvsw_buf_sum(buf->data + start,
						buf->len - start, 0));
	memcpy(field, &check, sizeof(check));
	buf->off = (struct cvsw_offload){};
	return 0;
}

/* Encapsulation */

/* sum of the outer pseudo header, for the UDP length in the header */
static u32 buf_outer_pseudo(const u8 *l3, const u8 *l4)
{
	const struct cvsw_udp_hdr *udp = (const void *)l4;
	const struct cvsw_ipv4_hdr *ip4 = (const void *)l3;
	const struct cvsw_ipv6_hdr *ip6 = (const void *)l3;
	u16 len = be16_to_cpu(udp->len);

	if (*l3 >> 4 == 4)
		return cvsw_csum_pseudo4(ip4->src, ip4->dst, CVSW_IPPROTO_UDP,
					 len);
	return cvsw_csum_pseudo6(ip6->src, ip6->dst, CVSW_IPPROTO_UDP, len);
}

/* a super-frame becomes one inside a tunnel */
static int buf_encap_super(struct cvsw_pkt *pkt, const u8 *hdr, u32 n,
			   u32 outer_l3, u32 outer_l4, bool csum)
{
	struct cvsw_buf *buf = pkt->frame;
	struct cvsw_udp_hdr *udp;
	struct cvsw_walk inner;

	if (buf->off.tunnel || !outer_l4)
		return -EOPNOTSUPP;
	if (cvsw_walk_eth(buf->data, buf->len, &inner) ||
	    inner.l4 != buf_csum_start(buf))
		return -EINVAL;
	buf->len += n;
	buf->data -= n;
	memcpy(buf->data, hdr, n);
	buf->off.tunnel = hdr[outer_l3] >> 4;
	buf->off.tunnel_csum = csum;
	buf->off.outer_l4 = (u16)(outer_l4 + cvsw_buf_headroom(buf));
	buf->off.inner_l3 = (u16)(inner.l3 + n + cvsw_buf_headroom(buf));
	udp = (void *)(buf->data + outer_l4);
	udp->check = 0;
	if (csum)
		udp->check = cvsw_csum_seed(buf_outer_pseudo(hdr + outer_l3,
							     hdr + outer_l4));
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

/*
 * Outer UDP checksum, when all bytes from @start on sum to @rest: what a
 * completed checksum covers sums to the complement of its seed, so that only
 * the headers in front need be read (local checksum offload).
 */
static void buf_outer_csum(struct cvsw_buf *buf, u32 outer_l3, u32 outer_l4,
			   u32 start, u32 rest)
{
	struct cvsw_udp_hdr *udp = (void *)(buf->data + outer_l4);
	u32 sum = buf_outer_pseudo(buf->data + outer_l3, buf->data + outer_l4);

	udp->check = 0;
	sum = cvsw_buf_sum(udp, start - outer_l4, sum);
	udp->check = cvsw_csum_fold_udp(cvsw_csum_add(sum, rest));
}

int cvsw_buf_encap(struct cvsw_pkt *pkt, const void *hdr, u32 n, u32 outer_l3,
		   u32 outer_l4, bool csum)
{
	struct cvsw_buf *buf = pkt->frame;
	u32 start = buf->len, rest = 0;
	__be16 seed;
	int ret;

	ret = cvsw_buf_can_push(buf, n) ? 0 : cvsw_buf_own(buf, n);
	if (ret)
		return ret;
	if (buf->off.gso_type)
		return buf_encap_super(pkt, hdr, n, outer_l3, outer_l4, csum);
	if (buf->off.csum == CVSW_CSUM_PARTIAL) {
		start = buf_csum_start(buf);
		memcpy(&seed, buf->data + start + buf->off.csum_offset, 2);
		rest = (u16)~cvsw_csum_word(seed);
		ret = cvsw_buf_csum_finish(pkt);
		if (ret)
			return ret;
	}
	buf->off.csum = CVSW_CSUM_NONE;
	buf->len += n;
	buf->data -= n;
	memcpy(buf->data, hdr, n);
	if (csum && outer_l4)
		buf_outer_csum(buf, outer_l3, outer_l4, start + n, rest);
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

/* whether offload state found under @n bytes of headers can go on without */
static int buf_decap_check(const struct cvsw_buf *buf, u32 n)
{
	const u8 *inner = buf->data + n;
	u32 len = buf->len - n;
	struct cvsw_offload off = buf->off;
	struct cvsw_super super;

	off.csum_start = (u16)(buf_csum_start(buf) - n);
	if (!off.gso_type)
		return cvsw_walk_csum(inner, len, &off);
	if (!off.tunnel)
		return -EINVAL;
	off.tunnel = 0;
	return cvsw_walk_super(inner, len, &off, &super);
}

int cvsw_buf_decap(struct cvsw_pkt *pkt, u32 n)
{
	struct cvsw_buf *buf = pkt->frame;
	int ret;

	if (n > buf->len)
		return -EINVAL;
	if (buf_csum_start(buf) < n) {
		/* the outer checksum: nobody will look at it any more */
		if (buf->off.gso_type)
			return -EINVAL;
		buf->off = (struct cvsw_offload){};
	} else {
		ret = buf_decap_check(buf, n);
		if (ret)
			return ret;
		buf->off.tunnel = 0;
		buf->off.tunnel_csum = 0;
		buf->off.outer_l4 = 0;
		buf->off.inner_l3 = 0;
	}
	buf->len -= n;
	buf->data += n;
	pkt->l3 = 0;
	pkt->l4 = 0;
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

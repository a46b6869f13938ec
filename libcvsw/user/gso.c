// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include <cvsw/switch.h>
#include "csum.h"
#include "gso.h"

/* IP version of the headers that a UDP super-frame's segments are made from */
static u8 gso_version(const struct cvsw_pkt *pkt,
		      const struct cvsw_offload *off)
{
	u32 len = cvsw_pkt_len(pkt);
	const u8 *data = cvsw_pkt_header(pkt, 0, len);
	struct cvsw_walk walk;

	if (off->tunnel)
		return data[off->inner_l3] >> 4;
	return cvsw_walk_eth(data, len, &walk) ? 0 : walk.ver;
}

static u32 gso_needs(const struct cvsw_pkt *pkt,
		     const struct cvsw_offload *off)
{
	u32 needs = CVSW_OFFLOAD_CSUM;

	switch (off->gso_type) {
	case CVSW_GSO_TCP4:
		needs |= CVSW_OFFLOAD_TSO4;
		break;
	case CVSW_GSO_TCP6:
		needs |= CVSW_OFFLOAD_TSO6;
		break;
	case CVSW_GSO_UDP_L4:
		needs |= gso_version(pkt, off) == 6 ? CVSW_OFFLOAD_USO6 :
						      CVSW_OFFLOAD_USO4;
		break;
	}
	if (off->gso_ecn)
		needs |= CVSW_OFFLOAD_TSO_ECN;
	if (off->tunnel)
		needs |= off->outer == CVSW_OUTER_GRE ? CVSW_OFFLOAD_GRE :
							CVSW_OFFLOAD_TUNNEL;
	if (off->tunnel_csum)
		needs |= CVSW_OFFLOAD_TUNNEL_CSUM;
	return needs;
}

u32 cvsw_gso_needs(const struct cvsw_pkt *pkt)
{
	struct cvsw_offload off;

	cvsw_pkt_offload_get(pkt, &off);
	if (off.csum != CVSW_CSUM_PARTIAL)
		return 0;
	return gso_needs(pkt, &off);
}

static u16 gso_ip_id(const u8 *data, const struct cvsw_walk *walk)
{
	const struct cvsw_ipv4_hdr *ip = (const void *)(data + walk->l3);

	return walk->ver == 4 ? be16_to_cpu(ip->id) : 0;
}

/* @sum less a 16-bit length that it contains */
static u32 gso_sum_less(u32 sum, u32 len)
{
	__be16 word = cpu_to_be16((u16)len);

	return cvsw_csum_add(sum, (u16)~cvsw_csum_word(word));
}

static u32 gso_sum_more(u32 sum, u32 len)
{
	return cvsw_csum_add(sum, cvsw_csum_word(cpu_to_be16((u16)len)));
}

int cvsw_gso_start(struct cvsw_gso *gso, const struct cvsw_pkt *pkt,
		   bool partial)
{
	u32 len = cvsw_pkt_len(pkt);
	const u8 *data = cvsw_pkt_header(pkt, 0, len);
	const struct cvsw_udp_hdr *outer;
	__be16 seed;
	int ret;

	gso->pkt = *pkt;
	cvsw_pkt_offload_get(pkt, &gso->off);
	if (!gso->off.gso_type)
		return -EINVAL;
	ret = cvsw_walk_super(data, len, &gso->off, &gso->super);
	if (ret)
		return ret;
	memcpy(&seed, data + gso->off.csum_start + gso->off.csum_offset, 2);
	gso->seed = gso_sum_less(cvsw_csum_word(seed),
				 len - gso->off.csum_start);
	gso->outer_id = gso_ip_id(data, &gso->super.outer);
	gso->inner_id = gso_ip_id(data, &gso->super.inner);
	gso->next = gso->super.payload;
	gso->n = 0;
	gso->partial = partial;
	if (!gso->off.tunnel_csum)
		return 0;
	outer = (const void *)(data + gso->off.outer_l4);
	gso->outer_seed = gso_sum_less(cvsw_csum_word(outer->check),
				       be16_to_cpu(outer->len));
	return 0;
}

static void gso_put_ip(u8 *data, u32 len, const struct cvsw_walk *walk, u16 id)
{
	struct cvsw_ipv4_hdr *ip4 = (void *)(data + walk->l3);
	struct cvsw_ipv6_hdr *ip6 = (void *)(data + walk->l3);
	u32 bytes = len - walk->l3;

	if (walk->ver == 4) {
		ip4->tot_len = cpu_to_be16((u16)bytes);
		ip4->id = cpu_to_be16(id);
		ip4->check = cvsw_csum_ipv4(ip4);
	} else {
		ip6->payload_len = cpu_to_be16((u16)(bytes - CVSW_IPV6_HLEN));
	}
}

static void gso_put_tcp(const struct cvsw_gso *gso, struct cvsw_tcp_hdr *th,
			bool last)
{
	u32 seq = be32_to_cpu(th->seq);

	th->seq = cpu_to_be32(seq + gso->n * gso->off.gso_size);
	if (gso->n)
		th->flags &= 0xff & ~CVSW_TCP_CWR;
	if (!last)
		th->flags &= 0xff & ~(CVSW_TCP_FIN | CVSW_TCP_PSH);
}

/* the L4 checksum; the sum of all it covers, once it is completed */
static u32 gso_put_csum(const struct cvsw_gso *gso, u8 *data, u32 len)
{
	u8 *l4 = data + gso->off.csum_start;
	u8 *field = l4 + gso->off.csum_offset;
	u32 bytes = len - gso->off.csum_start;
	u32 sum = gso_sum_more(gso->seed, bytes);
	__be16 check = cvsw_csum_seed(sum);
	u32 covered = (u16)~cvsw_csum_word(check);

	memcpy(field, &check, sizeof(check));
	if (gso->partial)
		return covered;
	sum = cvsw_buf_sum(l4, bytes, 0);
	check = gso->off.gso_type == CVSW_GSO_UDP_L4 ? cvsw_csum_fold_udp(sum) :
						       cvsw_csum_fold(sum);
	memcpy(field, &check, sizeof(check));
	return covered;
}

/* outer UDP header, when all from the inner L4 header on sums to @covered */
static void gso_put_outer(const struct cvsw_gso *gso, u8 *data, u32 len,
			  u32 covered)
{
	struct cvsw_udp_hdr *udp = (void *)(data + gso->off.outer_l4);
	u32 bytes = len - gso->off.outer_l4;
	u32 hdrs = (u32)gso->off.csum_start - gso->off.outer_l4;
	u32 sum;

	udp->len = cpu_to_be16((u16)bytes);
	udp->check = 0;
	if (!gso->off.tunnel_csum)
		return;
	sum = cvsw_buf_sum(udp, hdrs, gso_sum_more(gso->outer_seed, bytes));
	udp->check = cvsw_csum_fold_udp(cvsw_csum_add(sum, covered));
}

/* lengths, ids and checksums of a segment that is a copy so far */
static void gso_put_headers(const struct cvsw_gso *gso, u8 *data, u32 len,
			    bool last)
{
	const struct cvsw_walk *inner = &gso->super.inner;
	struct cvsw_udp_hdr *udp = (void *)(data + inner->l4);
	u16 n = (u16)gso->n;
	u32 covered;

	gso_put_ip(data, len, inner, (u16)(gso->inner_id + n));
	if (gso->off.gso_type == CVSW_GSO_UDP_L4)
		udp->len = cpu_to_be16((u16)(len - inner->l4));
	else
		gso_put_tcp(gso, (void *)udp, last);
	covered = gso_put_csum(gso, data, len);
	if (!gso->off.tunnel)
		return;
	gso_put_ip(data, len, &gso->super.outer, (u16)(gso->outer_id + n));
	if (gso->off.outer == CVSW_OUTER_UDP)
		gso_put_outer(gso, data, len, covered);
}

/* what is left to do for whoever takes the segment */
static int gso_put_offload(const struct cvsw_gso *gso, struct cvsw_buf *buf)
{
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.csum_start	= gso->off.csum_start,
		.csum_offset	= gso->off.csum_offset,
	};

	return gso->partial ? cvsw_buf_offload_set(buf, &off) : 0;
}

int cvsw_gso_next(struct cvsw_gso *gso, struct cvsw_pkt *seg)
{
	const struct cvsw_buf *whole = gso->pkt.frame;
	u32 hlen = gso->super.payload;
	u32 n = min_t(u32, whole->len - gso->next, gso->off.gso_size);
	struct cvsw_buf *buf;
	int ret;

	if (!n && gso->n)
		return 0;
	buf = cvsw_buf_new(whole->pool, hlen + n);
	if (!buf)
		return -ENOMEM;
	memcpy(buf->data, whole->data, hlen);
	memcpy(buf->data + hlen, whole->data + gso->next, n);
	gso_put_headers(gso, buf->data, hlen + n, gso->next + n == whole->len);
	ret = gso_put_offload(gso, buf);
	if (ret) {
		cvsw_buf_free(buf);
		return ret;
	}
	gso->next += n;
	gso->n++;
	*seg = gso->pkt;
	seg->frame = buf;
	seg->l3 = 0;	/* it is shorter */
	seg->l4 = 0;
	return 1;
}

/*
 * Cut @pkt, which is taken.  0 or a negative errno, with the segments that
 * @each did not get in *@lost.
 */
static int gso_cut(struct cvsw_pkt *pkt, bool partial,
		   void (*each)(void *arg, struct cvsw_pkt *pkt), void *arg,
		   u32 *lost)
{
	struct cvsw_pkt seg;
	struct cvsw_gso gso;
	u64 bytes;
	int ret;

	*lost = cvsw_pkt_segments(pkt, &bytes);
	ret = cvsw_gso_start(&gso, pkt, partial);
	while (!ret) {
		ret = cvsw_gso_next(&gso, &seg);
		if (ret <= 0)
			break;
		(*lost)--;
		each(arg, &seg);
		ret = 0;
	}
	cvsw_pkt_free(pkt);
	return ret;
}

u32 cvsw_buf_cut(struct cvsw_pkt *pkt,
		 void (*each)(void *arg, struct cvsw_pkt *seg), void *arg)
{
	u32 lost;

	gso_cut(pkt, true, each, arg, &lost);
	return lost;
}

int cvsw_gso_lower(struct cvsw_pkt *pkt, u32 offloads,
		   void (*each)(void *arg, struct cvsw_pkt *pkt), void *arg)
{
	u32 lacks = cvsw_gso_needs(pkt) & ~offloads;
	u32 lost;
	int ret;

	if (lacks && pkt->frame->off.gso_type)
		return gso_cut(pkt, offloads & CVSW_OFFLOAD_CSUM, each, arg,
			       &lost);
	if (lacks) {
		ret = cvsw_pkt_csum_finish(pkt);
		if (ret) {
			cvsw_pkt_free(pkt);
			return ret;
		}
	}
	each(arg, pkt);
	return 0;
}

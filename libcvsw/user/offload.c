// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames with offloads in userspace: setting their state, and what the calls
 * of pkt_ops.h do to it.  pkt_os.h comes here only for such frames and for an
 * outer checksum.
 */

#include "csum.h"
#include "walk.h"

/* do the headers of a tunnel around a super-frame have room? */
static int offload_check_tunnel(const struct cvsw_offload *state)
{
	bool gre = state->outer == CVSW_OUTER_GRE;

	if (!state->tunnel)
		return state->tunnel_csum || gre ? -EINVAL : 0;
	if ((state->tunnel != 4 && state->tunnel != 6) ||
	    state->outer > CVSW_OUTER_GRE || (gre && state->tunnel_csum))
		return -EINVAL;
	if (state->outer_l4 < CVSW_ETH_HLEN + CVSW_IPV4_HLEN ||
	    state->outer_l4 + CVSW_UDP_HLEN > state->inner_l3 ||
	    state->inner_l3 + CVSW_IPV4_HLEN > state->csum_start)
		return -EINVAL;
	return 0;
}

/* L4 header and payload of a super-frame have room? */
static int offload_check_gso(const struct cvsw_buf *buf,
			     const struct cvsw_offload *state)
{
	bool tcp = state->gso_type != CVSW_GSO_UDP_L4;

	if (state->gso_type > CVSW_GSO_UDP_L4 || !state->gso_size ||
	    state->outer > CVSW_OUTER_STT)
		return -EINVAL;
	if (state->csum_start + (tcp ? CVSW_TCP_HLEN + 0u : CVSW_UDP_HLEN) >
	    buf->len)
		return -EINVAL;
	return offload_check_tunnel(state);
}

int cvsw_buf_offload_set(struct cvsw_buf *buf,
			 const struct cvsw_offload *state)
{
	if (state->csum != CVSW_CSUM_PARTIAL) {
		if (state->csum > CVSW_CSUM_PARTIAL || state->gso_type ||
		    state->tunnel || state->outer)
			return -EINVAL;
		buf->off = (struct cvsw_offload){ .csum = state->csum };
		return 0;
	}
	if ((u32)state->csum_start + state->csum_offset + 2 > buf->len ||
	    (state->csum_start | state->csum_offset) & 1)
		return -EINVAL;
	if (state->gso_type) {
		if (offload_check_gso(buf, state))
			return -EINVAL;
	} else if (state->tunnel || state->outer) {
		return -EINVAL;
	}
	buf->off = *state;
	cvsw_buf_moved(buf, cvsw_buf_headroom(buf));
	return 0;
}

int cvsw_buf_offload_claim(struct cvsw_buf *buf,
			   const struct cvsw_offload *state)
{
	struct cvsw_super super;
	int ret = 0;

	if (state->gso_type)
		ret = cvsw_walk_super(buf->data, buf->len, state, &super);
	else if (state->csum == CVSW_CSUM_PARTIAL)
		ret = cvsw_walk_csum(buf->data, buf->len, state);
	return ret ? ret : cvsw_buf_offload_set(buf, state);
}

u32 cvsw_buf_segments(const struct cvsw_buf *buf, u64 *bytes)
{
	const struct cvsw_tcp_hdr *th;
	u32 payload, n;
	u32 hdr = cvsw_buf_csum_start(buf);

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
	if (cvsw_buf_csum_start(buf) < n) {
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
		need = cvsw_buf_csum_start(buf) + buf->off.csum_offset + 2;
		if (buf->off.gso_type)
			need = max(need, cvsw_buf_csum_start(buf) + CVSW_TCP_HLEN);
		if (len < need)
			return -EINVAL;
	}
	buf->len = len;
	return 0;
}

int cvsw_buf_csum_finish(struct cvsw_pkt *pkt)
{
	struct cvsw_buf *buf = pkt->frame;
	u32 start = cvsw_buf_csum_start(buf);
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

/* the protocol that the IP header at @l3 names, which has no extensions */
static u8 offload_ip_proto(const u8 *l3)
{
	const struct cvsw_ipv4_hdr *ip4 = (const void *)l3;
	const struct cvsw_ipv6_hdr *ip6 = (const void *)l3;

	return *l3 >> 4 == 4 ? ip4->proto : ip6->nexthdr;
}

/* a super-frame becomes one inside a tunnel */
static int offload_encap_super(struct cvsw_pkt *pkt, const u8 *hdr, u32 n,
			       u32 outer_l3, u32 outer_l4, bool csum)
{
	struct cvsw_buf *buf = pkt->frame;
	struct cvsw_walk inner;

	if (buf->off.tunnel || !outer_l4)
		return -EOPNOTSUPP;
	if (cvsw_walk_eth(buf->data, buf->len, &inner) ||
	    inner.l4 != cvsw_buf_csum_start(buf))
		return -EINVAL;
	buf->len += n;
	buf->data -= n;
	memcpy(buf->data, hdr, n);
	buf->off.tunnel = hdr[outer_l3] >> 4;
	buf->off.tunnel_csum = csum;
	buf->off.outer_l4 = (u16)(outer_l4 + cvsw_buf_headroom(buf));
	buf->off.inner_l3 = (u16)(inner.l3 + n + cvsw_buf_headroom(buf));
	buf->off.outer = CVSW_OUTER_UDP;
	if (offload_ip_proto(hdr + outer_l3) == CVSW_IPPROTO_GRE)
		buf->off.outer = CVSW_OUTER_GRE;
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

/*
 * Outer UDP checksum, whose seed is in its field, when all bytes from @start on
 * sum to @rest: what a completed checksum covers sums to the complement of its
 * seed, so that only the headers in front need be read (local checksum offload).
 */
static void offload_outer_csum(struct cvsw_buf *buf, u32 outer_l4, u32 start,
			       u32 rest)
{
	struct cvsw_udp_hdr *udp = (void *)(buf->data + outer_l4);

	rest = cvsw_buf_sum(udp, start - outer_l4, rest);
	udp->check = cvsw_csum_fold_udp(rest);
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
		return offload_encap_super(pkt, hdr, n, outer_l3, outer_l4, csum);
	if (buf->off.csum == CVSW_CSUM_PARTIAL) {
		start = cvsw_buf_csum_start(buf);
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
		offload_outer_csum(buf, outer_l4, start + n, rest);
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

/* whether offload state found under @n bytes of headers can go on without */
static int offload_decap_check(const struct cvsw_buf *buf, u32 n)
{
	const u8 *inner = buf->data + n;
	u32 len = buf->len - n;
	struct cvsw_offload off = buf->off;
	struct cvsw_super super;

	off.csum_start = (u16)(cvsw_buf_csum_start(buf) - n);
	if (!off.gso_type)
		return cvsw_walk_csum(inner, len, &off);
	if (!off.tunnel)
		return -EINVAL;
	off.tunnel = 0;
	off.outer = CVSW_OUTER_UDP;
	return cvsw_walk_super(inner, len, &off, &super);
}

int cvsw_buf_decap(struct cvsw_pkt *pkt, u32 n)
{
	struct cvsw_buf *buf = pkt->frame;
	int ret;

	if (n > buf->len)
		return -EINVAL;
	if (cvsw_buf_csum_start(buf) < n) {
		/* the outer checksum: nobody will look at it any more */
		if (buf->off.gso_type)
			return -EINVAL;
		buf->off = (struct cvsw_offload){};
	} else {
		ret = offload_decap_check(buf, n);
		if (ret)
			return ret;
		buf->off.tunnel = 0;
		buf->off.tunnel_csum = 0;
		buf->off.outer = CVSW_OUTER_UDP;
		buf->off.outer_l4 = 0;
		buf->off.inner_l3 = 0;
	}
	buf->len -= n;
	buf->data += n;
	pkt->l3 = 0;
	pkt->l4 = 0;
	return 0;
}

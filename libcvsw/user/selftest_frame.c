// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The frames of the self-test, by description. */

#include "selftest.h"

#include <stdio.h>
#include "csum.h"
#include "tunnel.h"

#define FRAME_TCP	CVSW_IPPROTO_TCP
#define FRAME_UDP	CVSW_IPPROTO_UDP

#define FRAME_MTU	1200	/* of the path that an STT frame is cut for */
#define FRAME_SIZE	1000	/* of segments: fits any tunnel over Ethernet */
#define FRAME_PAYLOAD	2500	/* three of them */
#define FRAME_BIG	60000	/* forty-odd */

/* all that can be inside a tunnel over @outer, cut by whoever sends it out */
#define FRAME_IN_TUNNEL(kind, outer, csum)				\
	{ kind, outer, csum, 4, FRAME_TCP, 0, FRAME_SIZE, FRAME_PAYLOAD }, \
	{ kind, outer, csum, 6, FRAME_TCP, 0, FRAME_SIZE, FRAME_PAYLOAD }, \
	{ kind, outer, csum, 4, FRAME_UDP, 0, FRAME_SIZE, FRAME_PAYLOAD }, \
	{ kind, outer, csum, 6, FRAME_UDP, 0, FRAME_SIZE, FRAME_PAYLOAD }

const struct cvsw_selftest_case cvsw_selftest_cases[] = {
	/* csum */
	{ 0, 0, 0, 4, FRAME_UDP, 0, 0, 100 },
	{ 0, 0, 0, 6, FRAME_UDP, 0, 0, 101 },
	{ 0, 0, 0, 4, FRAME_TCP, 0, 0, 1000 },
	{ 0, 0, 0, 6, FRAME_TCP, 0, 0, 1001 },
	{ CVSW_TUNNEL_VXLAN, 4, 0, 4, FRAME_TCP, SELFTEST_LATE, 0, 100 },
	{ CVSW_TUNNEL_GENEVE, 6, 0, 6, FRAME_TCP, SELFTEST_LATE, 0, 100 },
	{ CVSW_TUNNEL_STT, 4, 0, 4, FRAME_TCP, 0, 0, 100 },
	/* tso4 */
	{ 0, 0, 0, 4, FRAME_TCP, 0, FRAME_SIZE, FRAME_PAYLOAD },
	{ 0, 0, 0, 4, FRAME_TCP, 0, 1448, FRAME_BIG },
	{ CVSW_TUNNEL_STT, 4, 0, 4, FRAME_TCP, 0, FRAME_SIZE, FRAME_PAYLOAD },
	/* tso6 */
	{ 0, 0, 0, 6, FRAME_TCP, 0, FRAME_SIZE, FRAME_PAYLOAD },
	{ 0, 0, 0, 6, FRAME_TCP, 0, 1428, FRAME_BIG },
	{ CVSW_TUNNEL_STT, 6, 0, 6, FRAME_TCP, 0, FRAME_SIZE, FRAME_PAYLOAD },
	/* tso_ecn */
	{ 0, 0, 0, 4, FRAME_TCP, SELFTEST_CWR, FRAME_SIZE, FRAME_PAYLOAD },
	{ 0, 0, 0, 6, FRAME_TCP, SELFTEST_CWR, FRAME_SIZE, FRAME_PAYLOAD },
	/* uso4, uso6 */
	{ 0, 0, 0, 4, FRAME_UDP, 0, FRAME_SIZE, FRAME_PAYLOAD },
	{ 0, 0, 0, 6, FRAME_UDP, 0, FRAME_SIZE, FRAME_PAYLOAD },
	/* tunnel */
	FRAME_IN_TUNNEL(CVSW_TUNNEL_VXLAN, 4, 0),
	FRAME_IN_TUNNEL(CVSW_TUNNEL_VXLAN, 6, 0),
	FRAME_IN_TUNNEL(CVSW_TUNNEL_GENEVE, 4, 0),
	FRAME_IN_TUNNEL(CVSW_TUNNEL_GENEVE, 6, 0),
	/* tunnel_csum */
	FRAME_IN_TUNNEL(CVSW_TUNNEL_VXLAN, 4, 1),
	FRAME_IN_TUNNEL(CVSW_TUNNEL_VXLAN, 6, 1),
	FRAME_IN_TUNNEL(CVSW_TUNNEL_GENEVE, 4, 1),
	FRAME_IN_TUNNEL(CVSW_TUNNEL_GENEVE, 6, 1),
};

const unsigned int cvsw_selftest_n = ARRAY_SIZE(cvsw_selftest_cases);

static const u8 frame_dst[6] = { 0x02, 0x63, 0x76, 0x73, 0xff, 0xff };
static const u8 frame_src[4] = { 0x02, 0x63, 0x76, 0x73 };

static void frame_mac(u8 *mac, u16 tag)
{
	memcpy(mac, frame_src, sizeof(frame_src));
	put_unaligned_be16(tag, mac + sizeof(frame_src));
}

/* the inner frame, or one without a tunnel */

/* returns the sum of the pseudo header */
static u32 frame_ip(u8 *data, const struct cvsw_selftest_case *c, u32 l4_len)
{
	static const u8 net6[15] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct cvsw_ipv4_hdr *ip4 = (void *)data;
	struct cvsw_ipv6_hdr *ip6 = (void *)data;

	if (c->inner == 4) {
		*ip4 = (struct cvsw_ipv4_hdr){
			.ver_ihl = 0x45,
			.tos = CVSW_IP_ECN_ECT0,
			.tot_len = cpu_to_be16((u16)(CVSW_IPV4_HLEN + l4_len)),
			.id = cpu_to_be16(0xfffe),	/* counts past its end */
			.frag_off = cpu_to_be16(CVSW_IPV4_DF),
			.ttl = 64,
			.proto = c->proto,
			.src = { 192, 0, 2, 1 },
			.dst = { 192, 0, 2, 2 },
		};
		ip4->check = cvsw_csum_ipv4(ip4);
		return cvsw_csum_pseudo4(ip4->src, ip4->dst, c->proto, l4_len);
	}
	*ip6 = (struct cvsw_ipv6_hdr){
		.ver_tc_flow = cpu_to_be32(0x60212345),
		.payload_len = cpu_to_be16((u16)l4_len),
		.nexthdr = c->proto,
		.hop_limit = 64,
	};
	memcpy(ip6->src, net6, sizeof(net6));
	memcpy(ip6->dst, net6, sizeof(net6));
	ip6->src[15] = 1;
	ip6->dst[15] = 2;
	return cvsw_csum_pseudo6(ip6->src, ip6->dst, c->proto, l4_len);
}

static void frame_l4(u8 *data, const struct cvsw_selftest_case *c, u32 len)
{
	struct cvsw_tcp_hdr *th = (void *)data;
	struct cvsw_udp_hdr *udp = (void *)data;

	if (c->proto == FRAME_TCP) {
		*th = (struct cvsw_tcp_hdr){
			.sport = cpu_to_be16(50001),
			.dport = cpu_to_be16(50002),
			.seq = cpu_to_be32(0xfffffc00),	/* likewise */
			.ack = cpu_to_be32(1),
			.doff = CVSW_TCP_HLEN / 4 << 4,
			.flags = CVSW_TCP_ACK | CVSW_TCP_PSH,
			.window = cpu_to_be16(500),
		};
		if (c->flags & SELFTEST_CWR)
			th->flags |= CVSW_TCP_CWR;
		return;
	}
	*udp = (struct cvsw_udp_hdr){
		.sport = cpu_to_be16(50001),
		.dport = cpu_to_be16(50002),
		.len = cpu_to_be16((u16)len),
	};
}

static u32 frame_l4_hlen(const struct cvsw_selftest_case *c)
{
	return c->proto == FRAME_TCP ? CVSW_TCP_HLEN : CVSW_UDP_HLEN;
}

static u32 frame_l4_at(const struct cvsw_selftest_case *c)
{
	return CVSW_ETH_HLEN + (c->inner == 4 ? CVSW_IPV4_HLEN : CVSW_IPV6_HLEN);
}

static u16 frame_check_at(const struct cvsw_selftest_case *c)
{
	return c->proto == FRAME_TCP ? offsetof(struct cvsw_tcp_hdr, check) :
				       offsetof(struct cvsw_udp_hdr, check);
}

static int frame_offload(struct cvsw_pkt *pkt,
			 const struct cvsw_selftest_case *c, u32 l4)
{
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL,
		.csum_start = (u16)l4,
		.csum_offset = frame_check_at(c),
	};

	if (c->size) {
		off.gso_size = c->size;
		off.gso_ecn = !!(c->flags & SELFTEST_CWR);
		off.gso_type = c->proto == FRAME_UDP ? CVSW_GSO_UDP_L4 :
			       c->inner == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6;
	}
	return cvsw_pkt_offload_set(pkt, &off);
}

/* @seed: receives what a partial checksum's field holds */
static void frame_fill(u8 *data, const struct cvsw_selftest_case *c, u16 tag,
		       __be16 *seed)
{
	struct cvsw_eth_hdr *eth = (void *)data;
	u32 l4 = frame_l4_at(c), i;
	u32 l4_len = frame_l4_hlen(c) + c->payload;
	u8 *payload = data + l4 + frame_l4_hlen(c);

	memcpy(eth->dst, frame_dst, sizeof(eth->dst));
	frame_mac(eth->src, tag);
	eth->type = cpu_to_be16(c->inner == 4 ? CVSW_ETH_P_IPV4 :
						CVSW_ETH_P_IPV6);
	*seed = cvsw_csum_seed(frame_ip(data + CVSW_ETH_HLEN, c, l4_len));
	frame_l4(data + l4, c, l4_len);
	memcpy(data + l4 + frame_check_at(c), seed, sizeof(*seed));
	for (i = 0; i < c->payload; i++)
		payload[i] = (u8)(i * 7 + (i >> 8));
}

/* Tunnels */

static void frame_endpoint(struct cvsw_tunnel *tun,
			   const struct cvsw_selftest_case *c, u16 tag)
{
	static const u8 net4[3] = { 198, 51, 100 };
	static const u8 net6[15] = { 0x20, 0x01, 0x0d, 0xb8, 0, 1 };

	*tun = (struct cvsw_tunnel){
		.id = cpu_to_be64(0x637673),
		.kind = c->tunnel,
		.family = c->outer,
		.flags = c->csum ? CVSW_TUNNEL_F_CSUM : 0,
	};
	memcpy(tun->dl_dst, frame_dst, sizeof(tun->dl_dst));
	frame_mac(tun->dl_src, tag);
	if (c->outer == 4) {
		memcpy(tun->nw_src, net4, sizeof(net4));
		memcpy(tun->nw_dst, net4, sizeof(net4));
		tun->nw_src[3] = 1;
		tun->nw_dst[3] = 2;
	} else {
		memcpy(tun->nw_src, net6, sizeof(net6));
		memcpy(tun->nw_dst, net6, sizeof(net6));
		tun->nw_src[15] = 1;
		tun->nw_dst[15] = 2;
	}
}

static int frame_push(struct cvsw_pkt *pkt, const struct cvsw_selftest_case *c,
		      u16 tag)
{
	u64 mem[(sizeof(struct cvsw_tunnel_template) + CVSW_TUNNEL_HDR_MAX) / 8] = {};
	u32 number = tag;
	const struct cvsw_tunnel_tx tx = { .frame = &number, .mtu = FRAME_MTU };
	struct cvsw_tunnel_template *tmpl = (void *)mem;
	struct cvsw_tunnel tun;

	if (!cvsw_tunnel_type_get(c->tunnel))
		return -EOPNOTSUPP;
	frame_endpoint(&tun, c, tag);
	cvsw_tunnel_template_init(tmpl, &tun, NULL, 0, 0);
	return cvsw_tunnel_push(pkt, tmpl, &tx) ? -EINVAL : 0;
}

/* leave to others what push has completed: as a guest does that has a tunnel
 * of its own */
static int frame_late(struct cvsw_pkt *pkt, const struct cvsw_selftest_case *c,
		      u32 outer, __be16 seed)
{
	u32 l4 = outer + frame_l4_at(c);
	u8 *field = cvsw_pkt_writable(pkt, l4 + frame_check_at(c), sizeof(seed));

	if (!field)
		return -ENOMEM;
	memcpy(field, &seed, sizeof(seed));
	return frame_offload(pkt, c, l4);
}

static int frame_make(struct cvsw_pkt *pkt, const struct cvsw_selftest_case *c,
		      u16 tag)
{
	u32 len = cvsw_pkt_len(pkt);
	__be16 seed;
	int ret;

	frame_fill(cvsw_frame_edit(pkt), c, tag, &seed);
	ret = frame_offload(pkt, c, frame_l4_at(c));
	if (!ret && c->tunnel)
		ret = frame_push(pkt, c, tag);
	if (!ret && c->flags & SELFTEST_LATE)
		ret = frame_late(pkt, c, cvsw_pkt_len(pkt) - len, seed);
	if (!ret && c->flags & SELFTEST_WHOLE)
		ret = cvsw_pkt_csum_finish(pkt);
	return ret;
}

struct cvsw_pkt *cvsw_selftest_frame(struct cvsw_pool *pool,
				     const struct cvsw_selftest_case *c, u16 tag)
{
	u32 len = frame_l4_at(c) + frame_l4_hlen(c) + c->payload;
	struct cvsw_pkt *frame = cvsw_frame_new(pool, CVSW_PORT_ANY, len);

	if (!frame)
		return NULL;
	if (frame_make(frame, c, tag)) {
		cvsw_frame_free(frame);
		return NULL;
	}
	return frame;
}

bool cvsw_selftest_is(const struct cvsw_pkt *frame, u16 tag)
{
	const struct cvsw_eth_hdr *eth = cvsw_pkt_header(frame, 0, sizeof(*eth));
	u8 mac[6];

	frame_mac(mac, tag);
	return eth && !memcmp(eth->src, mac, sizeof(mac));
}

void cvsw_selftest_name(const struct cvsw_selftest_case *c, char *text,
			size_t size)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(c->tunnel);
	int n;

	n = snprintf(text, size, "%s%s/IPv%u%s",
		     c->size ? "large " : "",
		     c->proto == FRAME_TCP ? "TCP" : "UDP", c->inner,
		     c->flags & SELFTEST_CWR ? " with CWR" : "");
	if (type && n < (int)size)
		snprintf(text + n, size - (size_t)n, " in %s/IPv%u%s",
			 type->name, c->outer, c->csum ? " with checksum" : "");
}

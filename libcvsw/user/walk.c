// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "hdr.h"
#include "pkt_ops.h"
#include "walk.h"

#define WALK_TAGS_MAX	2	/* VLAN tags in front of IP */
#define WALK_EXT_MAX	8	/* IPv6 extension headers */

/* what a switch reads of a tunnel in front of the inner headers: no inner L4
 * header starts earlier than this behind the outer one */
#define WALK_INNER_MIN	24

#define WALK_UDP_SEGMENTS_MAX	128	/* as in Linux */
#define WALK_TCP_GSO_SIZE_MIN	8

#define WALK_PROTO_UDPLITE	136

static bool walk_has(u32 len, u32 off, u32 n)
{
	return off <= len && n <= len - off;
}

static int walk_ipv4(const u8 *data, u32 len, struct cvsw_walk *walk)
{
	const struct cvsw_ipv4_hdr *ip = (const void *)(data + walk->l3);
	u32 hlen;

	if (!walk_has(len, walk->l3, CVSW_IPV4_HLEN))
		return -EINVAL;
	hlen = (ip->ver_ihl & 15u) * 4;
	if (hlen < CVSW_IPV4_HLEN || !walk_has(len, walk->l3, hlen))
		return -EINVAL;
	walk->l4 = walk->l3 + hlen;
	walk->proto = ip->proto;
	walk->frag = !!(be16_to_cpu(ip->frag_off) &
			(CVSW_IPV4_MF | CVSW_IPV4_OFFSET));
	return 0;
}

/* step over the extension header at walk->l4; 1 when there is none */
static int walk_ext(const u8 *data, u32 len, struct cvsw_walk *walk)
{
	const struct cvsw_ipv6_ext_hdr *ext = (const void *)(data + walk->l4);
	u32 hlen;

	switch (walk->proto) {
	case CVSW_IPPROTO_HOPOPTS:
	case CVSW_IPPROTO_ROUTING:
	case CVSW_IPPROTO_DSTOPTS:
	case CVSW_IPPROTO_AH:
		break;
	case CVSW_IPPROTO_FRAGMENT:
		walk->frag = 1;
		return 1;
	default:
		return 1;
	}
	if (!walk_has(len, walk->l4, sizeof(*ext)))
		return -EINVAL;
	hlen = walk->proto == CVSW_IPPROTO_AH ? (ext->len + 2u) * 4 :
						(ext->len + 1u) * 8;
	if (!walk_has(len, walk->l4, hlen))
		return -EINVAL;
	walk->proto = ext->nexthdr;
	walk->l4 += hlen;
	return 0;
}

static int walk_ipv6(const u8 *data, u32 len, struct cvsw_walk *walk)
{
	const struct cvsw_ipv6_hdr *ip = (const void *)(data + walk->l3);
	unsigned int i;
	int ret;

	if (!walk_has(len, walk->l3, CVSW_IPV6_HLEN))
		return -EINVAL;
	walk->l4 = walk->l3 + CVSW_IPV6_HLEN;
	walk->proto = ip->nexthdr;
	walk->frag = 0;
	for (i = 0; i < WALK_EXT_MAX; i++) {
		ret = walk_ext(data, len, walk);
		if (ret)
			return ret < 0 ? ret : 0;
	}
	return -EINVAL;
}

int cvsw_walk_ip(const u8 *data, u32 len, u32 l3, struct cvsw_walk *walk)
{
	if (l3 & 1 || !walk_has(len, l3, 1))
		return -EINVAL;
	walk->l3 = l3;
	walk->ver = data[l3] >> 4;
	switch (walk->ver) {
	case 4:
		return walk_ipv4(data, len, walk);
	case 6:
		return walk_ipv6(data, len, walk);
	default:
		return -EINVAL;
	}
}

int cvsw_walk_eth(const u8 *data, u32 len, struct cvsw_walk *walk)
{
	u32 off = offsetof(struct cvsw_eth_hdr, type);
	unsigned int tags = 0;
	u16 type;
	int ret;

	for (;; off += CVSW_VLAN_HLEN) {
		if (!walk_has(len, off, 2))
			return -EINVAL;
		type = get_unaligned_be16(data + off);
		if (type != CVSW_ETH_P_8021Q && type != CVSW_ETH_P_8021AD)
			break;
		if (tags++ == WALK_TAGS_MAX)
			return -EINVAL;
	}
	if (type != CVSW_ETH_P_IPV4 && type != CVSW_ETH_P_IPV6)
		return -EINVAL;
	ret = cvsw_walk_ip(data, len, off + 2, walk);
	if (ret)
		return ret;
	return (type == CVSW_ETH_P_IPV4) == (walk->ver == 4) ? 0 : -EINVAL;
}

/* offset of the checksum in an L4 header; 0 when there is none that is had
 * as a partial checksum is */
static u32 walk_csum_offset(u8 proto)
{
	switch (proto) {
	case CVSW_IPPROTO_TCP:
		return offsetof(struct cvsw_tcp_hdr, check);
	case CVSW_IPPROTO_UDP:
	case WALK_PROTO_UDPLITE:
		return offsetof(struct cvsw_udp_hdr, check);
	case CVSW_IPPROTO_ICMP:
	case CVSW_IPPROTO_ICMPV6:
		return offsetof(struct cvsw_icmp_hdr, check);
	case CVSW_IPPROTO_GRE:
		return 4;
	default:
		return 0;
	}
}

static bool walk_may_nest(u8 proto)
{
	return proto == CVSW_IPPROTO_UDP || proto == CVSW_IPPROTO_GRE;
}

int cvsw_walk_csum(const u8 *data, u32 len, const struct cvsw_offload *off)
{
	struct cvsw_walk walk;
	int ret;

	ret = cvsw_walk_eth(data, len, &walk);
	if (ret)
		return ret;
	if (walk.frag)
		return -EINVAL;
	if (off->csum_start == walk.l4)
		return off->csum_offset &&
		       off->csum_offset == walk_csum_offset(walk.proto) ?
		       0 : -EINVAL;
	if (!walk_may_nest(walk.proto) || off->csum_start & 1 ||
	    off->csum_start < walk.l4 + WALK_INNER_MIN)
		return -EINVAL;
	return 0;
}

/* payload of the super-frame with L4 header @l4: its offset, 0 when impossible */
static u32 walk_payload(const u8 *data, u32 len, u32 l4, bool tcp)
{
	const struct cvsw_tcp_hdr *th = (const void *)(data + l4);
	u32 hlen = CVSW_UDP_HLEN;

	if (tcp) {
		if (!walk_has(len, l4, CVSW_TCP_HLEN))
			return 0;
		hlen = (th->doff >> 4) * 4u;
		if (hlen < CVSW_TCP_HLEN)
			return 0;
	}
	return walk_has(len, l4, hlen) ? l4 + hlen : 0;
}

static int walk_super_l4(const u8 *data, u32 len,
			 const struct cvsw_offload *off,
			 struct cvsw_super *super)
{
	bool tcp = off->gso_type != CVSW_GSO_UDP_L4;
	const struct cvsw_walk *in = &super->inner;

	if (in->frag || in->l4 != off->csum_start ||
	    in->proto != (tcp ? CVSW_IPPROTO_TCP : CVSW_IPPROTO_UDP) ||
	    off->csum_offset != walk_csum_offset(in->proto))
		return -EINVAL;
	if ((off->gso_type == CVSW_GSO_TCP4 && in->ver != 4) ||
	    (off->gso_type == CVSW_GSO_TCP6 && in->ver != 6))
		return -EINVAL;
	super->payload = walk_payload(data, len, in->l4, tcp);
	if (!super->payload)
		return -EINVAL;
	if (tcp)
		return off->gso_size < WALK_TCP_GSO_SIZE_MIN ? -EINVAL : 0;
	return !off->gso_size || len - super->payload >
	       (u32)off->gso_size * WALK_UDP_SEGMENTS_MAX ? -EINVAL : 0;
}

int cvsw_walk_super(const u8 *data, u32 len, const struct cvsw_offload *off,
		    struct cvsw_super *super)
{
	u8 outer = off->outer == CVSW_OUTER_GRE ? CVSW_IPPROTO_GRE :
						  CVSW_IPPROTO_UDP;
	int ret;

	ret = cvsw_walk_eth(data, len, &super->outer);
	if (ret)
		return ret;
	if (!off->tunnel) {
		super->inner = super->outer;
		return walk_super_l4(data, len, off, super);
	}
	if (super->outer.frag || super->outer.ver != off->tunnel ||
	    super->outer.proto != outer ||
	    super->outer.l4 != off->outer_l4 ||
	    off->inner_l3 < off->outer_l4 + CVSW_UDP_HLEN)
		return -EINVAL;
	ret = cvsw_walk_ip(data, len, off->inner_l3, &super->inner);
	if (ret)
		return ret;
	return walk_super_l4(data, len, off, super);
}

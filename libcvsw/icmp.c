// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "icmp.h"

#include "csum.h"
#include "ip.h"

#define ICMP_TTL	64

/* Is one due? */

static bool icmp_is_error4(u8 type)
{
	return type == CVSW_ICMP_UNREACH || type == CVSW_ICMP_QUENCH ||
	       type == CVSW_ICMP_REDIRECT || type == CVSW_ICMP_TIME ||
	       type == CVSW_ICMP_PARAM;
}

static bool icmp_is_error6(u8 type)
{
	return type < CVSW_ICMPV6_INFO || type == CVSW_ICMPV6_REDIRECT;
}

/* is the packet an ICMP error?  One whose type cannot be seen may be */
static bool icmp_may_be_error(const struct cvsw_pkt *pkt, unsigned int ver)
{
	const struct cvsw_icmp_hdr *icmp;

	if (pkt->l4_proto != (ver == 4 ? CVSW_IPPROTO_ICMP :
					 CVSW_IPPROTO_ICMPV6))
		return false;
	icmp = pkt->l4 ? cvsw_pkt_header(pkt, pkt->l4, sizeof(*icmp)) : NULL;
	if (!icmp)
		return true;
	return ver == 4 ? icmp_is_error4(icmp->type) :
			  icmp_is_error6(icmp->type);
}

/* an address of one host: not this network, loopback, multicast, reserved */
static bool icmp_is_host4(const u8 *addr)
{
	return addr[0] && addr[0] != 127 && addr[0] < 224;
}

/* likewise: not unspecified, loopback, multicast */
static bool icmp_is_host6(const u8 *addr)
{
	return addr[0] != 0xff &&
	       (get_unaligned_be64(addr) || get_unaligned_be64(addr + 8) > 1);
}

static bool icmp_is_due4(const struct cvsw_pkt *pkt)
{
	const struct cvsw_ipv4_hdr *ip;
	u16 frag;

	ip = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV4_HLEN);
	if (!ip)
		return false;
	frag = be16_to_cpu(ip->frag_off);
	return frag & CVSW_IPV4_DF && !(frag & CVSW_IPV4_OFFSET) &&
	       icmp_is_host4(ip->src) && icmp_is_host4(ip->dst);
}

static bool icmp_is_due6(const struct cvsw_pkt *pkt)
{
	const struct cvsw_ipv6_hdr *ip;

	ip = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV6_HLEN);
	return ip && icmp_is_host6(ip->src) && icmp_is_host6(ip->dst);
}

static bool icmp_is_due(const struct cvsw_pkt *pkt, unsigned int ver)
{
	const struct cvsw_eth_hdr *eth = cvsw_pkt_header(pkt, 0, sizeof(*eth));

	if (!eth || (eth->dst[0] | eth->src[0]) & 1 ||
	    icmp_may_be_error(pkt, ver))
		return false;
	return ver == 4 ? icmp_is_due4(pkt) : icmp_is_due6(pkt);
}

/* Make it */

static void icmp_fill_eth(const struct cvsw_pkt *pkt, struct cvsw_eth_hdr *eth,
			  u16 type)
{
	const struct cvsw_eth_hdr *from = cvsw_pkt_header(pkt, 0,
							  sizeof(*from));

	memcpy(eth->dst, from->src, sizeof(eth->dst));
	memcpy(eth->src, from->dst, sizeof(eth->src));
	eth->type = cpu_to_be16(type);
}

/* DF is set, so an ID of 0 is as good as any (RFC 6864) */
static void icmp_fill_ipv4(const struct cvsw_pkt *pkt, struct cvsw_ipv4_hdr *ip,
			   u32 len)
{
	const struct cvsw_ipv4_hdr *from = cvsw_pkt_header(pkt, pkt->l3,
							   sizeof(*from));

	*ip = (struct cvsw_ipv4_hdr){
		.ver_ihl = 0x45,
		.tot_len = cpu_to_be16((u16)(sizeof(*ip) + len)),
		.frag_off = cpu_to_be16(CVSW_IPV4_DF),
		.ttl = ICMP_TTL,
		.proto = CVSW_IPPROTO_ICMP,
	};
	memcpy(ip->src, from->dst, sizeof(ip->src));
	memcpy(ip->dst, from->src, sizeof(ip->dst));
	ip->check = cvsw_csum_ipv4(ip);
}

/* the sum of its pseudo header */
static u32 icmp_fill_ipv6(const struct cvsw_pkt *pkt, struct cvsw_ipv6_hdr *ip,
			  u32 len)
{
	const struct cvsw_ipv6_hdr *from = cvsw_pkt_header(pkt, pkt->l3,
							   sizeof(*from));

	*ip = (struct cvsw_ipv6_hdr){
		.ver_tc_flow = cpu_to_be32(0x60000000),
		.payload_len = cpu_to_be16((u16)len),
		.nexthdr = CVSW_IPPROTO_ICMPV6,
		.hop_limit = ICMP_TTL,
	};
	memcpy(ip->src, from->dst, sizeof(ip->src));
	memcpy(ip->dst, from->src, sizeof(ip->dst));
	return cvsw_csum_pseudo6(ip->src, ip->dst, CVSW_IPPROTO_ICMPV6, len);
}

/* all of @answer, that has room for @quoted bytes of the packet */
static int icmp_fill(const struct cvsw_pkt *pkt, unsigned int ver, u32 mtu,
		     u32 quoted, struct cvsw_pkt *answer)
{
	u32 l4 = CVSW_ETH_HLEN + (ver == 4 ? CVSW_IPV4_HLEN : CVSW_IPV6_HLEN);
	u32 len = CVSW_ICMP_HLEN + quoted, sum = 0;
	struct cvsw_icmp_hdr *icmp;
	u8 *hdr;

	hdr = cvsw_pkt_writable(answer, 0, l4 + CVSW_ICMP_HLEN);
	if (!hdr)
		return -ENOMEM;
	icmp = (void *)(hdr + l4);
	icmp->check = 0;
	icmp->rest = cpu_to_be32(mtu);
	if (ver == 4) {
		icmp->type = CVSW_ICMP_UNREACH;
		icmp->code = CVSW_ICMP_FRAG_NEEDED;
		icmp_fill_eth(pkt, (void *)hdr, CVSW_ETH_P_IPV4);
		icmp_fill_ipv4(pkt, (void *)(hdr + CVSW_ETH_HLEN), len);
	} else {
		icmp->type = CVSW_ICMPV6_TOO_BIG;
		icmp->code = 0;
		icmp_fill_eth(pkt, (void *)hdr, CVSW_ETH_P_IPV6);
		sum = icmp_fill_ipv6(pkt, (void *)(hdr + CVSW_ETH_HLEN), len);
	}
	cvsw_pkt_copy(answer, l4 + CVSW_ICMP_HLEN, pkt, pkt->l3, quoted);
	icmp->check = cvsw_csum_fold(cvsw_pkt_sum(answer, l4, len, sum));
	return 0;
}

static int icmp_make(const struct cvsw_pkt *pkt, unsigned int ver, u32 mtu,
		     struct cvsw_pkt *answer)
{
	u32 hlen = ver == 4 ? CVSW_IPV4_HLEN : CVSW_IPV6_HLEN;
	u32 room = ver == 4 ? CVSW_ICMP_LEN4 : CVSW_ICMP_LEN6;
	u32 quoted;
	u16 tci;
	int ret;

	hlen += CVSW_ICMP_HLEN;
	quoted = min_t(u32, pkt->l3_len, room - hlen);
	ret = cvsw_pkt_new_like(answer, pkt, CVSW_ETH_HLEN + hlen + quoted);
	if (ret)
		return ret;
	ret = icmp_fill(pkt, ver, mtu, quoted, answer);
	if (!ret && cvsw_pkt_vlan_get(pkt, &tci))
		ret = cvsw_pkt_vlan_set(answer, tci);
	if (ret)
		cvsw_pkt_free(answer);
	return ret;
}

int cvsw_icmp_too_big(struct cvsw_pkt *pkt, u32 len, u32 mtu,
		      struct cvsw_pkt *answer)
{
	unsigned int ver = cvsw_ip_version(pkt);

	if (!ver)
		return -ENOENT;
	mtu = max_t(u32, mtu, ver == 4 ? CVSW_ICMP_MTU_MIN4 :
					 CVSW_ICMP_MTU_MIN6);
	if (len <= mtu || !icmp_is_due(pkt, ver))
		return -ENOENT;
	return icmp_make(pkt, ver, mtu, answer);
}

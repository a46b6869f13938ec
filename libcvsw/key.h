/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_KEY_H
#define CVSW_KEY_H

#include <cvsw/flow.h>

#include "hdr.h"
#include "pkt_ops.h"

/**
 * enum cvsw_parse - where reading a frame ended
 * @CVSW_PARSE_OK:   all there is to read was read
 * @CVSW_PARSE_RUNT: shorter than an Ethernet header
 * @CVSW_PARSE_L2:   VLAN tag truncated
 * @CVSW_PARSE_L3:   ARP, IPv4 or IPv6 header (with its extension headers)
 *                   truncated, malformed, or longer than the frame
 * @CVSW_PARSE_L4:   TCP, UDP, SCTP or ICMP header truncated
 */
enum cvsw_parse {
	CVSW_PARSE_OK,
	CVSW_PARSE_RUNT,
	CVSW_PARSE_L2,
	CVSW_PARSE_L3,
	CVSW_PARSE_L4,
};

/* IPv6 extension headers of one frame that are read; more are malformed */
#define CVSW_KEY_EXT_MAX	8

/**
 * cvsw_key_extract - read the headers of a frame
 * @pkt:       the frame; its l3, l4, l3_len, l4_proto and frag are set
 * @frag_mode: enum cvsw_frag_mode: in CVSW_FRAG_MODE_NX_MATCH the key of a
 *             first fragment has its ports, in others ports 0
 * @key:       receives the fields; in_port and tun_id are those of @pkt
 *
 * Return: where reading ended.  The fields of that layer and of those above
 * are 0, but for the addresses and TOS of an IPv6 header whose extension
 * headers are not right.  @pkt->l3 is set for well-formed ARP, IPv4 and IPv6
 * only, @pkt->l3_len for IPv4 and IPv6 only, and @pkt->l4 when the L4 header
 * that its protocol has is there (in first fragments, too).
 */
enum cvsw_parse cvsw_key_extract(struct cvsw_pkt *pkt, u8 frag_mode,
				 struct cvsw_key *key);

/* what a key has of a plain frame of IPv4, at the offsets where it is */
struct cvsw_key_plain {
	struct cvsw_eth_hdr	eth;
	struct cvsw_ipv4_hdr	ip;
	u8			l4[CVSW_UDP_HLEN];
} CVSW_HDR;
static_assert(sizeof(struct cvsw_key_plain) ==
	      CVSW_ETH_HLEN + CVSW_IPV4_HLEN + CVSW_UDP_HLEN, "no holes");

/* bytes of the shortest L4 header of a protocol that plain frames have, else
 * more than there are in a frame */
static __always_inline u32 cvsw_key_plain_l4(u8 proto)
{
	if (proto == CVSW_IPPROTO_TCP)
		return CVSW_TCP_HLEN;
	return likely(proto == CVSW_IPPROTO_UDP) ? CVSW_UDP_HLEN :
						   CVSW_FRAME_MAX + 1;
}

/* is the frame, of @room bytes, unfragmented UDP or TCP over @len bytes of
 * IPv4, and well-formed without options? */
static __always_inline bool
cvsw_key_is_plain4(const struct cvsw_key_plain *f, u32 len, u32 room)
{
	return f->ip.ver_ihl == 0x45 && len + CVSW_ETH_HLEN <= room &&
	       len >= CVSW_IPV4_HLEN + cvsw_key_plain_l4(f->ip.proto) &&
	       !(f->ip.frag_off & cpu_to_be16(CVSW_IPV4_MF | CVSW_IPV4_OFFSET));
}

/**
 * cvsw_key_is_plain - is the frame untagged, unfragmented, well-formed UDP or
 * TCP over IP without options?
 *
 * Of such a frame cvsw_key_extract() returns CVSW_PARSE_OK.
 */
static __always_inline bool cvsw_key_is_plain(const struct cvsw_pkt *pkt)
{
	const struct cvsw_key_plain *f = cvsw_pkt_header(pkt, 0, sizeof(*f));
	const struct cvsw_ipv6_hdr *ip6;
	u32 len, room = cvsw_pkt_len(pkt);
	u16 tci;

	if (unlikely(!f || cvsw_pkt_tag_get(pkt, &tci)))
		return false;
	if (likely(f->eth.type == cpu_to_be16(CVSW_ETH_P_IPV4)))
		return cvsw_key_is_plain4(f, be16_to_cpu(f->ip.tot_len), room);
	if (f->eth.type != cpu_to_be16(CVSW_ETH_P_IPV6))
		return false;
	ip6 = (const struct cvsw_ipv6_hdr *)&f->ip;	/* its first 8 bytes */
	len = be16_to_cpu(ip6->payload_len);
	return be32_to_cpu(ip6->ver_tc_flow) >> 28 == 6 &&
	       len + CVSW_IPV6_HLEN <= min_t(u32, room - CVSW_ETH_HLEN,
					     CVSW_FRAME_MAX) &&
	       len >= cvsw_key_plain_l4(ip6->nexthdr);
}

#endif /* CVSW_KEY_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_HDR_H
#define CVSW_HDR_H

/*
 * Headers as they are on the wire, and the numbers in them.  Floor 0 of the
 * core: only types, no code.  Network order throughout, no bitfields.
 *
 * A frame starts at an even address and headers follow each other at even
 * offsets, but no more than that: CVSW_HDR makes the compiler load and store
 * their fields accordingly.  The address of a __be16 field may be taken, that
 * of a wider one may not.
 */

#include "os.h"

#define CVSW_HDR	__attribute__((packed, aligned(2)))

/* Ethernet (wire-formats: 1) */

#define CVSW_ETH_ALEN		6
#define CVSW_ETH_HLEN		14
#define CVSW_VLAN_HLEN		4
#define CVSW_FRAME_MAX		65535		/* longest frame we carry */

#define CVSW_ETH_P_802_3_MIN	0x0600		/* below: a length, not a type */
#define CVSW_ETH_P_IPV4		0x0800
#define CVSW_ETH_P_ARP		0x0806
#define CVSW_ETH_P_TEB		0x6558		/* Ethernet in GRE and Geneve */
#define CVSW_ETH_P_8021Q	0x8100
#define CVSW_ETH_P_IPV6		0x86dd
#define CVSW_ETH_P_8021AD	0x88a8
#define CVSW_ETH_P_INBAND	0xabba		/* CVSW's control frames */

struct cvsw_eth_hdr {
	__u8	dst[CVSW_ETH_ALEN];
	__u8	src[CVSW_ETH_ALEN];
	__be16	type;
} CVSW_HDR;

/* what stands at the offset of cvsw_eth_hdr.type in a tagged frame */
struct cvsw_vlan_hdr {
	__be16	tpid;
	__be16	tci;
} CVSW_HDR;

/* what follows the length of an 802.3 frame with an LLC/SNAP header */
struct cvsw_snap_hdr {
	__u8	dsap;		/* 0xaa */
	__u8	ssap;		/* 0xaa */
	__u8	ctrl;		/* 3 */
	__u8	oui[3];		/* 0: an EtherType follows */
	__be16	type;
} CVSW_HDR;

/* ARP for IPv4 over Ethernet */
struct cvsw_arp_hdr {
	__be16	htype;		/* 1 */
	__be16	ptype;		/* CVSW_ETH_P_IPV4 */
	__u8	hlen;		/* 6 */
	__u8	plen;		/* 4 */
	__be16	op;
	__u8	sha[CVSW_ETH_ALEN];
	__u8	spa[4];
	__u8	tha[CVSW_ETH_ALEN];
	__u8	tpa[4];
} CVSW_HDR;

#define CVSW_ARP_HTYPE_ETHER	1
#define CVSW_ARP_OP_REQUEST	1
#define CVSW_ARP_OP_REPLY	2

/* IP */

#define CVSW_IPPROTO_HOPOPTS	0
#define CVSW_IPPROTO_ICMP	1
#define CVSW_IPPROTO_TCP	6
#define CVSW_IPPROTO_UDP	17
#define CVSW_IPPROTO_ROUTING	43
#define CVSW_IPPROTO_FRAGMENT	44
#define CVSW_IPPROTO_GRE	47
#define CVSW_IPPROTO_AH		51
#define CVSW_IPPROTO_ICMPV6	58
#define CVSW_IPPROTO_NONE	59
#define CVSW_IPPROTO_DSTOPTS	60
#define CVSW_IPPROTO_SCTP	132

#define CVSW_IP_ECN_MASK	0x03
#define CVSW_IP_ECN_ECT0	0x02
#define CVSW_IP_ECN_CE		0x03

struct cvsw_ipv4_hdr {
	__u8	ver_ihl;	/* 4 in the upper half, words of header below */
	__u8	tos;
	__be16	tot_len;
	__be16	id;
	__be16	frag_off;	/* CVSW_IPV4_DF, _MF, _OFFSET (8-byte units) */
	__u8	ttl;
	__u8	proto;
	__be16	check;
	__u8	src[4];
	__u8	dst[4];
} CVSW_HDR;

#define CVSW_IPV4_HLEN		20
#define CVSW_IPV4_DF		0x4000
#define CVSW_IPV4_MF		0x2000
#define CVSW_IPV4_OFFSET	0x1fff

struct cvsw_ipv6_hdr {
	__be32	ver_tc_flow;	/* version 4, traffic class 8, flow label 20 bits */
	__be16	payload_len;
	__u8	nexthdr;
	__u8	hop_limit;
	__u8	src[16];
	__u8	dst[16];
} CVSW_HDR;

#define CVSW_IPV6_HLEN		40
#define CVSW_IPV6_TC_SHIFT	20		/* in ver_tc_flow */

/* hop-by-hop, routing and destination options; AH has its length in 4-byte
 * units less 2 in the same place */
struct cvsw_ipv6_ext_hdr {
	__u8	nexthdr;
	__u8	len;		/* 8-byte units less 1 */
	__u8	data[6];
} CVSW_HDR;

struct cvsw_ipv6_frag_hdr {
	__u8	nexthdr;
	__u8	reserved;
	__be16	frag_off;	/* CVSW_IPV6_OFFSET (bytes), CVSW_IPV6_MF */
	__be32	id;
} CVSW_HDR;

#define CVSW_IPV6_OFFSET	0xfff8
#define CVSW_IPV6_MF		0x0001

/* L4 */

struct cvsw_tcp_hdr {
	__be16	sport;
	__be16	dport;
	__be32	seq;
	__be32	ack;
	__u8	doff;		/* words of header in the upper half */
	__u8	flags;
	__be16	window;
	__be16	check;
	__be16	urgent;
} CVSW_HDR;

#define CVSW_TCP_HLEN		20
#define CVSW_TCP_FIN		0x01
#define CVSW_TCP_SYN		0x02
#define CVSW_TCP_PSH		0x08
#define CVSW_TCP_ACK		0x10
#define CVSW_TCP_ECE		0x40
#define CVSW_TCP_CWR		0x80

struct cvsw_udp_hdr {
	__be16	sport;
	__be16	dport;
	__be16	len;
	__be16	check;
} CVSW_HDR;

#define CVSW_UDP_HLEN		8

struct cvsw_sctp_hdr {
	__be16	sport;
	__be16	dport;
	__be32	vtag;
	__be32	check;		/* CRC32c, little endian by its definition */
} CVSW_HDR;

#define CVSW_SCTP_HLEN		12

/* ICMP and ICMPv6 */
struct cvsw_icmp_hdr {
	__u8	type;
	__u8	code;
	__be16	check;
	__be32	rest;
} CVSW_HDR;

#define CVSW_ICMP_HLEN		8

#define CVSW_ICMP_UNREACH	3
#define CVSW_ICMP_FRAG_NEEDED	4		/* code of CVSW_ICMP_UNREACH */
#define CVSW_ICMP_QUENCH	4
#define CVSW_ICMP_REDIRECT	5
#define CVSW_ICMP_TIME		11
#define CVSW_ICMP_PARAM		12

#define CVSW_ICMPV6_TOO_BIG	2
#define CVSW_ICMPV6_INFO	128		/* types below are errors */
#define CVSW_ICMPV6_RS		133
#define CVSW_ICMPV6_RA		134
#define CVSW_ICMPV6_NS		135
#define CVSW_ICMPV6_NA		136
#define CVSW_ICMPV6_REDIRECT	137

/* neighbour solicitation and advertisement; options follow */
struct cvsw_nd_hdr {
	__u8	type;
	__u8	code;
	__be16	check;
	__be32	flags;
	__u8	target[16];
} CVSW_HDR;

struct cvsw_nd_opt {
	__u8	type;
	__u8	len;		/* 8-byte units */
	__u8	mac[CVSW_ETH_ALEN];
} CVSW_HDR;

#define CVSW_ND_OPT_SOURCE	1		/* link-layer addresses */
#define CVSW_ND_OPT_TARGET	2

/* Tunnels: RFC 7348, RFC 8926, RFC 7637, draft-davie-stt-08 */

struct cvsw_vxlan_hdr {
	__be32	flags;		/* CVSW_VXLAN_I; the rest reserved */
	__be32	vni;		/* in the upper 24 bits; the rest reserved */
} CVSW_HDR;

#define CVSW_VXLAN_HLEN		8
#define CVSW_VXLAN_PORT		4789
#define CVSW_VXLAN_I		0x08000000	/* flags: the VNI is valid */
#define CVSW_VXLAN_P		0x04000000	/* flags: VXLAN-GPE, with a next protocol */
#define CVSW_VXLAN_VNI_SHIFT	8

struct cvsw_geneve_hdr {
	__u8	ver_len;	/* version in the upper 2 bits, 4-byte words of options */
	__u8	flags;		/* CVSW_GENEVE_* */
	__be16	proto;		/* CVSW_ETH_P_TEB */
	__be32	vni;		/* in the upper 24 bits; the rest reserved */
} CVSW_HDR;

#define CVSW_GENEVE_HLEN	8
#define CVSW_GENEVE_PORT	6081
#define CVSW_GENEVE_VER_MASK	0xc0
#define CVSW_GENEVE_LEN_MASK	0x3f
#define CVSW_GENEVE_O		0x80	/* flags: a control packet, not data */
#define CVSW_GENEVE_C		0x40	/* flags: there are critical options */
#define CVSW_GENEVE_VNI_SHIFT	8

/* an option, followed by its data */
struct cvsw_geneve_opt_hdr {
	__be16	opt_class;
	__u8	type;		/* CVSW_TUNNEL_OPT_CRITICAL */
	__u8	len;		/* 4-byte words of data in the lower 5 bits */
} CVSW_HDR;

#define CVSW_GENEVE_OPT_HLEN	4
#define CVSW_GENEVE_OPT_LEN_MASK 0x1f

/* GRE as NVGRE has it */
struct cvsw_nvgre_hdr {
	__be16	flags;		/* CVSW_NVGRE_K and nothing else */
	__be16	proto;		/* CVSW_ETH_P_TEB */
	__be32	vsid_flow;	/* VSID in the upper 24 bits, FlowID below */
} CVSW_HDR;

#define CVSW_NVGRE_HLEN		8
#define CVSW_NVGRE_K		0x2000
#define CVSW_NVGRE_VSID_SHIFT	8

/* behind the TCP-like header of an STT frame's first segment */
struct cvsw_stt_hdr {
	__u8	version;	/* 0 */
	__u8	flags;		/* CVSW_STT_* */
	__u8	l4_off;		/* of the inner L4 header, from the inner frame on */
	__u8	reserved;
	__be16	mss;
	__be16	vlan;		/* PCP, CVSW_STT_VLAN, VID */
	__u8	id[8];		/* context id */
	__u8	pad[2];
} CVSW_HDR;

#define CVSW_STT_HLEN		18
#define CVSW_STT_PORT		7471
#define CVSW_STT_VERIFIED	0x01	/* flags: the inner checksum is right */
#define CVSW_STT_PARTIAL	0x02	/* flags: it holds the pseudo-header sum */
#define CVSW_STT_IPV4		0x04
#define CVSW_STT_TCP		0x08
#define CVSW_STT_VLAN		0x1000	/* vlan: there is a tag */

#define CVSW_HDR_SIZE(name, n)						\
	static_assert(sizeof(struct cvsw_##name##_hdr) == (n), #name)
CVSW_HDR_SIZE(eth, 14);
CVSW_HDR_SIZE(vlan, 4);
CVSW_HDR_SIZE(snap, 8);
CVSW_HDR_SIZE(arp, 28);
CVSW_HDR_SIZE(ipv4, 20);
CVSW_HDR_SIZE(ipv6, 40);
CVSW_HDR_SIZE(ipv6_ext, 8);
CVSW_HDR_SIZE(ipv6_frag, 8);
CVSW_HDR_SIZE(tcp, 20);
CVSW_HDR_SIZE(udp, 8);
CVSW_HDR_SIZE(sctp, 12);
CVSW_HDR_SIZE(icmp, 8);
CVSW_HDR_SIZE(nd, 24);
CVSW_HDR_SIZE(vxlan, 8);
CVSW_HDR_SIZE(geneve, 8);
CVSW_HDR_SIZE(geneve_opt, 4);
CVSW_HDR_SIZE(nvgre, 8);
CVSW_HDR_SIZE(stt, 18);
#undef CVSW_HDR_SIZE

#endif /* CVSW_HDR_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frame to key.  A pure function of the frame: no state, any context.
 *
 * Each layer is asked for once, with the length that its fixed header has,
 * and nothing beyond the length that the IP header states is read.  A later
 * layer is never read when an earlier one is not right: what a rule cannot
 * see it must not match by chance.
 *
 * The key is hashed word by word at once, and a load of a word that was put
 * together from smaller stores waits until they have left the store buffer.
 * So on the common way fields are gathered and stored as whole words.
 *
 * Unlike Open vSwitch, later IPv6 fragments keep the protocol that their
 * fragment header names, as later IPv4 fragments do, instead of 44.
 */

#include <cvsw/switch.h>

#include "hdr.h"
#include "key.h"
#include "pkt_ops.h"

static_assert(offsetof(struct cvsw_key, dl_src) == 14 &&
	      offsetof(struct cvsw_key, tp_src) == 20 &&
	      offsetof(struct cvsw_key, nw_src) == 24 &&
	      offsetof(struct cvsw_key, nw_dst) == 40, "words of the key");

#define KEY_BIG_ENDIAN	((__force u16)cpu_to_be16(1) == 1)

/* 4 bytes as they lie in memory */
static __always_inline u32 key_load(const void *p)
{
	u32 x;

	memcpy(&x, p, sizeof(x));
	return x;
}

/* the word that has @first and behind it @second in memory */
static __always_inline u64 key_halves(u32 first, u32 second)
{
	return KEY_BIG_ENDIAN ? (u64)first << 32 | second :
				(u64)second << 32 | first;
}

/* the first word of the key of an IPv4 packet */
static __always_inline u64 key_word0(u32 port, u32 tci, u32 proto, u32 tos)
{
	u32 type = (__force u16)cpu_to_be16(CVSW_ETH_P_IPV4);

	if (KEY_BIG_ENDIAN)
		return key_halves(port << 16 | tci,
				  type << 16 | proto << 8 | tos);
	return key_halves(tci << 16 | port, tos << 24 | proto << 16 | type);
}

/* an L4 header of @need bytes that starts with two ports */
static __always_inline enum cvsw_parse
key_ports(struct cvsw_pkt *pkt, u32 off, u32 len, u32 need, bool ports,
	  struct cvsw_key *key)
{
	const void *hdr;

	if (unlikely(len < need))
		return CVSW_PARSE_L4;
	hdr = cvsw_pkt_header(pkt, off, need);
	if (unlikely(!hdr))
		return CVSW_PARSE_L4;
	pkt->l4 = (u16)off;
	if (ports)	/* and the end of dl_src, which is in the same word */
		key->word[2] = key_halves(key_load(cvsw_pkt_header(pkt, 8, 4)),
					  key_load(hdr));
	return CVSW_PARSE_OK;
}

static __always_inline enum cvsw_parse
key_icmp(struct cvsw_pkt *pkt, u32 off, u32 len, bool ports,
	 struct cvsw_key *key)
{
	const struct cvsw_icmp_hdr *icmp;

	if (len < sizeof(*icmp))
		return CVSW_PARSE_L4;
	icmp = cvsw_pkt_header(pkt, off, sizeof(*icmp));
	if (!icmp)
		return CVSW_PARSE_L4;
	pkt->l4 = (u16)off;
	if (ports) {
		key->tp_src = cpu_to_be16(icmp->type);
		key->tp_dst = cpu_to_be16(icmp->code);
	}
	return CVSW_PARSE_OK;
}

/**
 * key_l4 - read the L4 header
 * @off:   where it is
 * @len:   bytes of it and its payload, all in the frame
 * @proto: its number
 * @icmp:  number of the ICMP that goes with the IP version
 * @ports: whether the key has its ports
 */
static __always_inline enum cvsw_parse
key_l4(struct cvsw_pkt *pkt, u32 off, u32 len, u8 proto, u8 icmp, bool ports,
       struct cvsw_key *key)
{
	if (proto == CVSW_IPPROTO_UDP)
		return key_ports(pkt, off, len, sizeof(struct cvsw_udp_hdr),
				 ports, key);
	if (proto == CVSW_IPPROTO_TCP)
		return key_ports(pkt, off, len, sizeof(struct cvsw_tcp_hdr),
				 ports, key);
	if (proto == CVSW_IPPROTO_SCTP)
		return key_ports(pkt, off, len, sizeof(struct cvsw_sctp_hdr),
				 ports, key);
	if (proto == icmp)
		return key_icmp(pkt, off, len, ports, key);
	pkt->l4 = (u16)off;
	return CVSW_PARSE_OK;
}

static void key_note_fragment(struct cvsw_pkt *pkt, bool later,
			      struct cvsw_key *key)
{
	pkt->frag = later ? CVSW_FRAG_ANY | CVSW_FRAG_LATER : CVSW_FRAG_ANY;
	key->nw_tos |= pkt->frag;
}

/* as key_l4() in a fragment, of which only the first has an L4 header */
static noinline enum cvsw_parse
key_fragment(struct cvsw_pkt *pkt, u32 off, u32 len, u8 icmp, bool later,
	     u8 frag_mode, struct cvsw_key *key)
{
	key_note_fragment(pkt, later, key);
	if (later)
		return CVSW_PARSE_OK;
	return key_l4(pkt, off, len, pkt->l4_proto, icmp,
		      frag_mode == CVSW_FRAG_MODE_NX_MATCH, key);
}

static __always_inline enum cvsw_parse
key_ipv4(struct cvsw_pkt *pkt, u32 off, u8 frag_mode, struct cvsw_key *key)
{
	const struct cvsw_ipv4_hdr *ip;
	u32 hlen, len;
	u16 frag;
	u8 proto;

	ip = cvsw_pkt_header(pkt, off, sizeof(*ip));
	if (unlikely(!ip))
		return CVSW_PARSE_L3;
	hlen = (ip->ver_ihl & 0x0fu) * 4;
	len = be16_to_cpu(ip->tot_len);
	if (unlikely(ip->ver_ihl < 0x45 || ip->ver_ihl > 0x4f || hlen > len ||
		     len > cvsw_pkt_len(pkt) - off))
		return CVSW_PARSE_L3;
	pkt->l3 = (u16)off;
	pkt->l3_len = (u16)len;
	proto = ip->proto;
	pkt->l4_proto = proto;
	key->word[0] = key_word0(pkt->in_port, key->vlan_tci, proto,
				 ip->tos & CVSW_TOS_DSCP_MASK);
	key->word[3] = key_halves(key_load(ip->src), 0);
	key->word[5] = key_halves(key_load(ip->dst), 0);
	frag = be16_to_cpu(ip->frag_off) & (CVSW_IPV4_MF | CVSW_IPV4_OFFSET);
	if (unlikely(frag))
		return key_fragment(pkt, off + hlen, len - hlen,
				    CVSW_IPPROTO_ICMP, frag & CVSW_IPV4_OFFSET,
				    frag_mode, key);
	return key_l4(pkt, off + hlen, len - hlen, proto, CVSW_IPPROTO_ICMP,
		      true, key);
}

/* is there an extension header of this number that may be skipped */
static bool key_ipv6_is_ext(u8 nexthdr)
{
	return nexthdr == CVSW_IPPROTO_HOPOPTS ||
	       nexthdr == CVSW_IPPROTO_ROUTING ||
	       nexthdr == CVSW_IPPROTO_FRAGMENT ||
	       nexthdr == CVSW_IPPROTO_DSTOPTS ||
	       nexthdr == CVSW_IPPROTO_AH;
}

static u32 key_ipv6_ext_len(u8 nexthdr, const struct cvsw_ipv6_ext_hdr *ext)
{
	if (nexthdr == CVSW_IPPROTO_FRAGMENT)
		return sizeof(struct cvsw_ipv6_frag_hdr);
	if (nexthdr == CVSW_IPPROTO_AH)
		return (ext->len + 2u) * 4;
	return (ext->len + 1u) * 8;
}

/**
 * key_ipv6_ext - go past the extension headers
 * @nexthdr: the first one's number; becomes that of what is behind the last
 * @off:     where it is; becomes the offset behind the last
 * @end:     end of the packet
 * @frag:    receives the fragment header's offset and M bit
 *
 * It ends at the header of a later fragment, behind which is no header.
 */
static enum cvsw_parse key_ipv6_ext(const struct cvsw_pkt *pkt, u8 *nexthdr,
				    u32 *off, u32 end, u16 *frag)
{
	const struct cvsw_ipv6_ext_hdr *ext;
	const struct cvsw_ipv6_frag_hdr *fh;
	u32 len;
	int i;

	for (i = 0; key_ipv6_is_ext(*nexthdr); i++) {
		if (i == CVSW_KEY_EXT_MAX || end - *off < sizeof(*ext))
			return CVSW_PARSE_L3;
		ext = cvsw_pkt_header(pkt, *off, sizeof(*ext));
		if (!ext)
			return CVSW_PARSE_L3;
		len = key_ipv6_ext_len(*nexthdr, ext);
		if (len > end - *off)
			return CVSW_PARSE_L3;
		if (*nexthdr == CVSW_IPPROTO_FRAGMENT) {
			fh = (const struct cvsw_ipv6_frag_hdr *)ext;
			*frag = be16_to_cpu(fh->frag_off) &
				(CVSW_IPV6_OFFSET | CVSW_IPV6_MF);
		}
		*nexthdr = ext->nexthdr;
		*off += len;
		if (*frag & CVSW_IPV6_OFFSET)
			break;
	}
	return CVSW_PARSE_OK;
}

static noinline enum cvsw_parse
key_ipv6(struct cvsw_pkt *pkt, u32 l3, u8 frag_mode, struct cvsw_key *key)
{
	const struct cvsw_ipv6_hdr *ip;
	enum cvsw_parse end;
	u32 first, off, len;
	u16 frag = 0;
	u8 nexthdr;

	ip = cvsw_pkt_header(pkt, l3, sizeof(*ip));
	if (!ip)
		return CVSW_PARSE_L3;
	first = be32_to_cpu(ip->ver_tc_flow);
	len = CVSW_IPV6_HLEN + be16_to_cpu(ip->payload_len);
	if (first >> 28 != 6 || len > cvsw_pkt_len(pkt) - l3 ||
	    len > CVSW_FRAME_MAX)
		return CVSW_PARSE_L3;
	pkt->l3 = (u16)l3;
	pkt->l3_len = (u16)len;
	key->nw_tos = (first >> CVSW_IPV6_TC_SHIFT) & CVSW_TOS_DSCP_MASK;
	memcpy(key->nw_src, ip->src, sizeof(ip->src));
	memcpy(key->nw_dst, ip->dst, sizeof(ip->dst));
	nexthdr = ip->nexthdr;
	off = l3 + CVSW_IPV6_HLEN;
	end = key_ipv6_ext(pkt, &nexthdr, &off, l3 + len, &frag);
	if (end) {
		if (frag)
			key_note_fragment(pkt, frag & CVSW_IPV6_OFFSET, key);
		return end;
	}
	pkt->l4_proto = nexthdr;
	key->nw_proto = nexthdr;
	if (frag)
		return key_fragment(pkt, off, l3 + len - off,
				    CVSW_IPPROTO_ICMPV6, frag & CVSW_IPV6_OFFSET,
				    frag_mode, key);
	return key_l4(pkt, off, l3 + len - off, nexthdr, CVSW_IPPROTO_ICMPV6,
		      true, key);
}

static noinline enum cvsw_parse key_arp(struct cvsw_pkt *pkt, u32 off,
					struct cvsw_key *key)
{
	const struct cvsw_arp_hdr *arp;
	u16 op;

	arp = cvsw_pkt_header(pkt, off, sizeof(*arp));
	if (!arp)
		return CVSW_PARSE_L3;
	if (arp->htype != cpu_to_be16(CVSW_ARP_HTYPE_ETHER) ||
	    arp->ptype != cpu_to_be16(CVSW_ETH_P_IPV4) ||
	    arp->hlen != sizeof(arp->sha) || arp->plen != sizeof(arp->spa))
		return CVSW_PARSE_OK;	/* not for IPv4 over Ethernet */
	pkt->l3 = (u16)off;
	op = be16_to_cpu(arp->op);
	key->nw_proto = op > 0xff ? 0 : (u8)op;
	memcpy(key->nw_src, arp->spa, sizeof(arp->spa));
	memcpy(key->nw_dst, arp->tpa, sizeof(arp->tpa));
	return CVSW_PARSE_OK;
}

static __always_inline enum cvsw_parse
key_l3(struct cvsw_pkt *pkt, __be16 type, u32 off, u8 frag_mode,
       struct cvsw_key *key)
{
	key->dl_type = type;
	if (likely(type == cpu_to_be16(CVSW_ETH_P_IPV4)))
		return key_ipv4(pkt, off, frag_mode, key);
	if (type == cpu_to_be16(CVSW_ETH_P_IPV6))
		return key_ipv6(pkt, off, frag_mode, key);
	if (type == cpu_to_be16(CVSW_ETH_P_ARP))
		return key_arp(pkt, off, key);
	return CVSW_PARSE_OK;
}

/* an 802.3 frame, whose payload is at @off: the type is in its SNAP header */
static noinline enum cvsw_parse
key_802_3(struct cvsw_pkt *pkt, u32 off, u8 frag_mode, struct cvsw_key *key)
{
	static const u8 prefix[6] = { 0xaa, 0xaa, 3, 0, 0, 0 };
	const struct cvsw_snap_hdr *snap;

	key->dl_type = cpu_to_be16(CVSW_DL_TYPE_802_3);
	snap = cvsw_pkt_header(pkt, off, sizeof(*snap));
	if (!snap || memcmp(snap, prefix, sizeof(prefix)) ||
	    be16_to_cpu(snap->type) < CVSW_ETH_P_802_3_MIN)
		return CVSW_PARSE_OK;
	return key_l3(pkt, snap->type, off + (u32)sizeof(*snap), frag_mode, key);
}

/* read the outer tag and the type behind it, which ends at *@off */
static __always_inline bool key_vlan(const struct cvsw_pkt *pkt, u32 *off,
				     __be16 *type, struct cvsw_key *key)
{
	const __be16 *inner;
	u16 tci;
	int tag;

	tag = cvsw_pkt_vlan_get(pkt, &tci);
	if (likely(!tag))
		return *type != cpu_to_be16(CVSW_ETH_P_8021Q);
	key->vlan_tci = CVSW_VLAN_PRESENT |
			(tci & (CVSW_VLAN_PCP_MASK | CVSW_VLAN_VID_MASK));
	if (tag == CVSW_TAG_OUT_OF_BAND)
		return true;
	inner = cvsw_pkt_header(pkt, *off + CVSW_VLAN_HLEN - 2, sizeof(*inner));
	if (!inner)
		return false;
	*off += CVSW_VLAN_HLEN;
	*type = *inner;
	return true;
}

static void key_clear(struct cvsw_pkt *pkt, struct cvsw_key *key)
{
	memset(key, 0, sizeof(*key));
	key->in_port = pkt->in_port;
	key->tun_id = pkt->tun_id;
	pkt->l3 = 0;
	pkt->l4 = 0;
	pkt->l3_len = 0;
	pkt->l4_proto = 0;
	pkt->frag = 0;
}

/* any frame, layer by layer */
static noinline enum cvsw_parse key_any(struct cvsw_pkt *pkt, u8 frag_mode,
					struct cvsw_key *key)
{
	const struct cvsw_eth_hdr *eth;
	u32 off = sizeof(*eth);
	__be16 type;
	bool tagged;

	key_clear(pkt, key);
	eth = cvsw_pkt_header(pkt, 0, sizeof(*eth));
	if (unlikely(!eth))
		return CVSW_PARSE_RUNT;
	type = eth->type;
	memcpy(&key->word[1], eth, sizeof(eth->dst) + sizeof(eth->src));
	tagged = key_vlan(pkt, &off, &type, key);
	if (unlikely(!tagged))
		return CVSW_PARSE_L2;
	if (unlikely(be16_to_cpu(type) < CVSW_ETH_P_802_3_MIN))
		return key_802_3(pkt, off, frag_mode, key);
	return key_l3(pkt, type, off, frag_mode, key);
}

/*
 * Most frames are read at once, as one header.  What is not so plain, or not
 * right, key_any() reads; of a plain frame it would make the same key.
 */
enum cvsw_parse cvsw_key_extract(struct cvsw_pkt *pkt, u8 frag_mode,
				 struct cvsw_key *key)
{
	const struct cvsw_key_plain *f = cvsw_pkt_header(pkt, 0, sizeof(*f));
	u8 proto;
	u32 len;
	u16 tci;

	if (unlikely(!f || f->eth.type != cpu_to_be16(CVSW_ETH_P_IPV4) ||
		     cvsw_pkt_tag_get(pkt, &tci)))
		return key_any(pkt, frag_mode, key);
	len = be16_to_cpu(f->ip.tot_len);
	if (unlikely(!cvsw_key_is_plain4(f, len, cvsw_pkt_len(pkt))))
		return key_any(pkt, frag_mode, key);
	proto = f->ip.proto;
	key->word[0] = key_word0(pkt->in_port, 0, proto,
				 f->ip.tos & CVSW_TOS_DSCP_MASK);
	key->word[1] = key_halves(key_load(f->eth.dst),
				  key_load((const u8 *)&f->eth + 4));
	key->word[2] = key_halves(key_load(f->eth.src + 2), key_load(f->l4));
	key->word[3] = key_halves(key_load(f->ip.src), 0);
	key->word[4] = 0;
	key->word[5] = key_halves(key_load(f->ip.dst), 0);
	key->word[6] = 0;
	key->tun_id = pkt->tun_id;
	pkt->l4_proto = proto;
	pkt->frag = 0;
	pkt->l3 = offsetof(struct cvsw_key_plain, ip);
	pkt->l4 = offsetof(struct cvsw_key_plain, l4);
	pkt->l3_len = (u16)len;
	return CVSW_PARSE_OK;
}

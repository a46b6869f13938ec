// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Actions at work on a frame.  What each action does is not inlined into the
 * switch over them all, which thereby is a jump and saves no registers.
 */

#include "action.h"

#include "csum.h"
#include "ip.h"

/* Ethernet */

static noinline enum cvsw_drop action_set_tci(struct cvsw_pkt *pkt, u16 bits,
					      u16 mask)
{
	u16 tci = 0;

	cvsw_pkt_vlan_get(pkt, &tci);
	tci = (u16)((tci & ~mask) | bits);
	return cvsw_pkt_vlan_set(pkt, tci) ? CVSW_DROP_NO_MEMORY :
	       CVSW_DROP_NONE;
}

static noinline enum cvsw_drop action_strip_vlan(struct cvsw_pkt *pkt)
{
	return cvsw_pkt_vlan_pop(pkt) ? CVSW_DROP_NO_MEMORY : CVSW_DROP_NONE;
}

static noinline enum cvsw_drop action_set_mac(struct cvsw_pkt *pkt,
					      const void *mac, u32 off)
{
	u8 *field = cvsw_pkt_writable(pkt, off, CVSW_ETH_ALEN);

	if (unlikely(!field))
		return CVSW_DROP_NO_MEMORY;
	memcpy(field, mac, CVSW_ETH_ALEN);
	return CVSW_DROP_NONE;
}

/* L4 checksums */

/*
 * Offset of the checksum in the L4 header of an IP packet, 0 when it has none
 * that we know.
 */
static u32 action_check_off(u8 proto, unsigned int ver)
{
	if (proto == CVSW_IPPROTO_TCP)
		return offsetof(struct cvsw_tcp_hdr, check);
	if (proto == CVSW_IPPROTO_UDP)
		return offsetof(struct cvsw_udp_hdr, check);
	if (proto == (ver == 4 ? CVSW_IPPROTO_ICMP : CVSW_IPPROTO_ICMPV6))
		return offsetof(struct cvsw_icmp_hdr, check);
	return 0;
}

/* does the checksum field of pkt->l4 hold the seed of a partial checksum? */
static bool action_is_seed(const struct cvsw_pkt *pkt)
{
	struct cvsw_offload off;

	cvsw_pkt_offload_get(pkt, &off);
	if (off.csum != CVSW_CSUM_PARTIAL)
		return false;
	if (off.tunnel)
		return off.tunnel_csum && off.outer_l4 == pkt->l4;
	return off.csum_start == pkt->l4;
}

/*
 * Bytes under the checksum at @check changed by @diff.  "No checksum" of UDP
 * stays that, over IPv6 also (RFC 6935), and no other becomes it.
 */
static void action_fix_check(__be16 *check, u8 proto, u32 diff)
{
	if (proto != CVSW_IPPROTO_UDP) {
		cvsw_csum_apply(check, diff);
		return;
	}
	if (!*check)
		return;
	cvsw_csum_apply(check, diff);
	if (!*check)
		*check = (__force __be16)0xffff;
}

/* the pseudo header of the L4 checksum changed by @diff; ICMP has none */
static enum cvsw_drop action_fix_pseudo(struct cvsw_pkt *pkt, unsigned int ver,
					u32 diff)
{
	u32 off = action_check_off(pkt->l4_proto, ver);
	__be16 *check;

	if (!pkt->l4 || !off || pkt->l4_proto == CVSW_IPPROTO_ICMP)
		return CVSW_DROP_NONE;
	check = cvsw_pkt_writable(pkt, pkt->l4 + off, sizeof(*check));
	if (unlikely(!check))
		return CVSW_DROP_NO_MEMORY;
	if (action_is_seed(pkt))
		cvsw_csum_apply_seed(check, diff);
	else
		action_fix_check(check, pkt->l4_proto, diff);
	return CVSW_DROP_NONE;
}

/* IP */

/* @off: of the address in the IPv4 header */
static noinline enum cvsw_drop action_set_nw(struct cvsw_pkt *pkt,
					     const u8 *addr, u32 off)
{
	struct cvsw_ipv4_hdr *ip;
	__be32 from, to;

	if (cvsw_ip_version(pkt) != 4)
		return CVSW_DROP_NONE;
	ip = cvsw_pkt_writable(pkt, pkt->l3, CVSW_IPV4_HLEN);
	if (unlikely(!ip))
		return CVSW_DROP_NO_MEMORY;
	memcpy(&from, (u8 *)ip + off, sizeof(from));
	memcpy(&to, addr, sizeof(to));
	memcpy((u8 *)ip + off, addr, sizeof(to));
	cvsw_csum_replace4(&ip->check, from, to);
	return action_fix_pseudo(pkt, 4, cvsw_csum_diff4(from, to));
}

/* of an IPv6 packet: does a routing header say that it is not yet there? */
static bool action_is_routed(const struct cvsw_pkt *pkt)
{
	u32 off = pkt->l3 + CVSW_IPV6_HLEN;
	const struct cvsw_ipv6_ext_hdr *ext;
	const struct cvsw_ipv6_hdr *ip;
	u8 next;

	ip = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV6_HLEN);
	for (next = ip->nexthdr; off < pkt->l4; next = ext->nexthdr) {
		ext = cvsw_pkt_header(pkt, off, sizeof(*ext));
		if (!ext)
			break;
		if (next == CVSW_IPPROTO_ROUTING && ext->data[1])
			return true;
		if (next == CVSW_IPPROTO_FRAGMENT)
			off += sizeof(struct cvsw_ipv6_frag_hdr);
		else if (next == CVSW_IPPROTO_AH)
			off += (ext->len + 2u) * 4;
		else
			off += (ext->len + 1u) * 8;
	}
	return false;
}

/*
 * @off: of the address in the IPv6 header.  With segments left in a routing
 * header the checksum is over the last of them and not over the destination
 * in the header.  (The home address option of mobile IPv6, which does the same
 * to the source, is not looked for.)
 */
static noinline enum cvsw_drop action_set_ipv6(struct cvsw_pkt *pkt,
					       const void *addr, u32 off)
{
	u8 *field;
	u32 diff;

	if (cvsw_ip_version(pkt) != 6)
		return CVSW_DROP_NONE;
	field = cvsw_pkt_writable(pkt, pkt->l3 + off, 16);
	if (unlikely(!field))
		return CVSW_DROP_NO_MEMORY;
	diff = cvsw_csum_diff16(field, addr);
	memcpy(field, addr, 16);
	if (off == offsetof(struct cvsw_ipv6_hdr, dst) && action_is_routed(pkt))
		return CVSW_DROP_NONE;
	return action_fix_pseudo(pkt, 6, diff);
}

/* Ports */

/*
 * Set the bits of @mask in the word at @off of the L4 header.  It is under the
 * checksum at @check_off, but not in the seed of a partial one.
 */
static enum cvsw_drop action_set_word(struct cvsw_pkt *pkt, u32 off,
				      __be16 value, __be16 mask, u32 check_off)
{
	__be16 *check, *field;
	__be16 from;
	u8 *l4;

	l4 = cvsw_pkt_writable(pkt, pkt->l4, check_off + sizeof(*check));
	if (unlikely(!l4))
		return CVSW_DROP_NO_MEMORY;
	field = (void *)(l4 + off);
	check = (void *)(l4 + check_off);
	from = *field;
	*field = (from & ~mask) | (value & mask);
	if (!action_is_seed(pkt))
		action_fix_check(check, pkt->l4_proto,
				 cvsw_csum_add((u16)~(__force u16)from,
					       cvsw_csum_word(*field)));
	return CVSW_DROP_NONE;
}

/* type (@off is 0) or code (2), which share the first word */
static enum cvsw_drop action_set_icmp(struct cvsw_pkt *pkt, u32 off, __be16 tp,
				      u32 check_off)
{
	u16 value = be16_to_cpu(tp) & 0xff;

	if (off)
		return action_set_word(pkt, 0, cpu_to_be16(value),
				       cpu_to_be16(0xff), check_off);
	return action_set_word(pkt, 0, cpu_to_be16((u16)(value << 8)),
			       cpu_to_be16(0xff00), check_off);
}

/* CRC32c without start value and complement, a nibble at a time */
static u32 action_crc32c(u32 crc, u8 byte)
{
	static const u32 nibble[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
		0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};

	crc ^= byte;
	crc = crc >> 4 ^ nibble[crc & 0xf];
	return crc >> 4 ^ nibble[crc & 0xf];
}

/*
 * CRC32c is linear: the checksum changes by the CRC of what changed, followed
 * by as many zeros as there are bytes behind it.  A fragment does not tell how
 * many that are, so its ports stay.
 */
static enum cvsw_drop action_set_sctp(struct cvsw_pkt *pkt, u32 off, __be16 tp)
{
	u32 n = (u32)pkt->l3 + pkt->l3_len - pkt->l4 - off;
	struct cvsw_sctp_hdr *sctp;
	u8 diff[2], *field;
	u32 crc = 0;
	u32 i;

	if (pkt->frag)
		return CVSW_DROP_NONE;
	sctp = cvsw_pkt_writable(pkt, pkt->l4, CVSW_SCTP_HLEN);
	if (unlikely(!sctp))
		return CVSW_DROP_NO_MEMORY;
	field = (u8 *)sctp + off;
	memcpy(diff, &tp, sizeof(diff));
	diff[0] ^= field[0];
	diff[1] ^= field[1];
	memcpy(field, &tp, sizeof(tp));
	for (i = 0; i < n; i++)
		crc = action_crc32c(crc, i < sizeof(diff) ? diff[i] : 0);
	field = (u8 *)&sctp->check;
	for (i = 0; i < sizeof(sctp->check); i++)
		field[i] ^= (u8)(crc >> 8 * i);
	return CVSW_DROP_NONE;
}

/* @off: 0 or 2, of the port in the L4 header */
static noinline enum cvsw_drop action_set_tp(struct cvsw_pkt *pkt, __be16 tp,
					     u32 off)
{
	unsigned int ver = cvsw_ip_version(pkt);
	u32 check_off;

	if (!ver || !pkt->l4)
		return CVSW_DROP_NONE;
	if (pkt->l4_proto == CVSW_IPPROTO_SCTP)
		return action_set_sctp(pkt, off, tp);
	check_off = action_check_off(pkt->l4_proto, ver);
	if (!check_off)
		return CVSW_DROP_NONE;
	if (check_off == offsetof(struct cvsw_icmp_hdr, check))
		return action_set_icmp(pkt, off, tp, check_off);
	return action_set_word(pkt, off, tp, cpu_to_be16(0xffff), check_off);
}

enum cvsw_drop cvsw_action_apply_any(struct cvsw_pkt *pkt,
				     const struct cvsw_act *act)
{
	switch (act->type) {
	case CVSW_ACT_SET_VLAN_VID:
		return action_set_tci(pkt, act->vlan, CVSW_VLAN_VID_MASK);
	case CVSW_ACT_SET_VLAN_PCP:
		return action_set_tci(pkt,
				      (u16)(act->vlan << CVSW_VLAN_PCP_SHIFT),
				      CVSW_VLAN_PCP_MASK);
	case CVSW_ACT_STRIP_VLAN:
		return action_strip_vlan(pkt);
	case CVSW_ACT_SET_DL_SRC:
		return action_set_mac(pkt, act->data,
				      offsetof(struct cvsw_eth_hdr, src));
	case CVSW_ACT_SET_DL_DST:
		return action_set_mac(pkt, act->data,
				      offsetof(struct cvsw_eth_hdr, dst));
	case CVSW_ACT_SET_NW_SRC:
		return action_set_nw(pkt, act->nw4,
				     offsetof(struct cvsw_ipv4_hdr, src));
	case CVSW_ACT_SET_NW_DST:
		return action_set_nw(pkt, act->nw4,
				     offsetof(struct cvsw_ipv4_hdr, dst));
	case CVSW_ACT_SET_TP_SRC:
		return action_set_tp(pkt, act->tp, 0);
	case CVSW_ACT_SET_TP_DST:
		return action_set_tp(pkt, act->tp, 2);
	case CVSW_ACT_SET_IPV6_SRC:
		return action_set_ipv6(pkt, act->data,
				       offsetof(struct cvsw_ipv6_hdr, src));
	case CVSW_ACT_SET_IPV6_DST:
		return action_set_ipv6(pkt, act->data,
				       offsetof(struct cvsw_ipv6_hdr, dst));
	case CVSW_ACT_SET_TUNNEL:
		memcpy(&pkt->tun_id, act->data, sizeof(pkt->tun_id));
		return CVSW_DROP_NONE;
	default:
		return CVSW_DROP_NONE;
	}
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_IP_H
#define CVSW_IP_H

/*
 * The outermost IP header of a frame: which it is, and its TOS byte.  Floor 3
 * of the core; no state.
 */

#include <cvsw/drop.h>

#include "csum.h"
#include "hdr.h"
#include "pkt_ops.h"

/* set the parse results of @pkt, which are unknown */
void cvsw_ip_parse(struct cvsw_pkt *pkt);

/**
 * cvsw_ip_version - 4, 6, or 0 when the frame has no well-formed IP header
 *
 * Unknown parse results (pkt->l3 is 0) become known.
 */
static inline unsigned int cvsw_ip_version(struct cvsw_pkt *pkt)
{
	const u8 *hdr;

	if (unlikely(!pkt->l3))
		cvsw_ip_parse(pkt);
	if (!pkt->l3)
		return 0;
	hdr = cvsw_pkt_header(pkt, pkt->l3, 1);
	return likely(hdr) ? *hdr >> 4 : 0;	/* ARP begins with a 0 */
}

/** cvsw_ip_is_plain - is it TCP or UDP, and not a fragment?  Parse results are
 * known */
static __always_inline bool cvsw_ip_is_plain(const struct cvsw_pkt *pkt)
{
	u32 what = pkt->l4_proto | (u32)pkt->frag << 8;	/* one load */

	return what == CVSW_IPPROTO_UDP || what == CVSW_IPPROTO_TCP;
}

/** cvsw_ipv6_tos - traffic class of an IPv6 header, which straddles bytes */
static inline u8 cvsw_ipv6_tos(const void *hdr)
{
	return (u8)(get_unaligned_be16(hdr) >> 4);
}

/** cvsw_ipv6_tos_put - set it */
static inline void cvsw_ipv6_tos_put(void *hdr, u8 tos)
{
	u32 word = get_unaligned_be16(hdr) & 0xf00fu;

	put_unaligned_be16((u16)(word | (u32)tos << 4), hdr);
}

/* out of line part of cvsw_ip_tos_set() */
enum cvsw_drop __must_check cvsw_ip_tos_set_any(struct cvsw_pkt *pkt, u8 tos,
						u8 mask);

/* set those bits of the TOS byte that are in @mask */
static __always_inline void cvsw_ipv4_tos_put(struct cvsw_ipv4_hdr *ip, u8 tos,
					      u8 mask)
{
	__be16 from, to;	/* the word that it is in */

	memcpy(&from, ip, sizeof(from));
	to = (from & cpu_to_be16((u16)~mask)) | cpu_to_be16(tos & mask);
	memcpy(ip, &to, sizeof(to));
	cvsw_csum_replace2(&ip->check, from, to);
}

/**
 * cvsw_ip_tos_set - set those bits of TOS or traffic class that are in @mask
 * Return: CVSW_DROP_NONE, also without an IP header, or CVSW_DROP_NO_MEMORY.
 */
static __always_inline enum cvsw_drop __must_check
cvsw_ip_tos_set(struct cvsw_pkt *pkt, u8 tos, u8 mask)
{
	struct cvsw_ipv4_hdr *ip;

	if (unlikely(!pkt->l3))
		return cvsw_ip_tos_set_any(pkt, tos, mask);
	ip = cvsw_pkt_writable_now(pkt, pkt->l3, CVSW_IPV4_HLEN);
	if (unlikely(!ip || ip->ver_ihl >> 4 != 4))
		return cvsw_ip_tos_set_any(pkt, tos, mask);
	cvsw_ipv4_tos_put(ip, tos, mask);
	return CVSW_DROP_NONE;
}

#endif /* CVSW_IP_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "ip.h"

#include <cvsw/switch.h>

#include "csum.h"
#include "key.h"

void cvsw_ip_parse(struct cvsw_pkt *pkt)
{
	struct cvsw_key key;

	cvsw_key_extract(pkt, CVSW_FRAG_MODE_NORMAL, &key);
}

static enum cvsw_drop ip_tos_set4(struct cvsw_pkt *pkt, u8 tos, u8 mask)
{
	struct cvsw_ipv4_hdr *ip;
	u8 old;

	ip = cvsw_pkt_writable(pkt, pkt->l3, CVSW_IPV4_HLEN);
	if (unlikely(!ip))
		return CVSW_DROP_NO_MEMORY;
	old = ip->tos;
	ip->tos = (u8)((old & ~mask) | (tos & mask));
	cvsw_csum_replace2(&ip->check, cpu_to_be16(old), cpu_to_be16(ip->tos));
	return CVSW_DROP_NONE;
}

static enum cvsw_drop ip_tos_set6(struct cvsw_pkt *pkt, u8 tos, u8 mask)
{
	struct cvsw_ipv6_hdr *ip;

	ip = cvsw_pkt_writable(pkt, pkt->l3, CVSW_IPV6_HLEN);
	if (unlikely(!ip))
		return CVSW_DROP_NO_MEMORY;
	cvsw_ipv6_tos_put(ip, (u8)((cvsw_ipv6_tos(ip) & ~mask) | (tos & mask)));
	return CVSW_DROP_NONE;
}

enum cvsw_drop cvsw_ip_tos_set(struct cvsw_pkt *pkt, u8 tos, u8 mask)
{
	switch (cvsw_ip_version(pkt)) {
	case 4:
		return ip_tos_set4(pkt, tos, mask);
	case 6:
		return ip_tos_set6(pkt, tos, mask);
	default:
		return CVSW_DROP_NONE;
	}
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "ip.h"

#include <cvsw/switch.h>

#include "key.h"

void cvsw_ip_parse(struct cvsw_pkt *pkt)
{
	struct cvsw_key key;

	cvsw_key_extract(pkt, CVSW_FRAG_MODE_NORMAL, &key);
}

enum cvsw_drop cvsw_ip_tos_set_any(struct cvsw_pkt *pkt, u8 tos, u8 mask)
{
	unsigned int ver = cvsw_ip_version(pkt);
	void *ip;

	if (!ver)
		return CVSW_DROP_NONE;
	ip = cvsw_pkt_writable(pkt, pkt->l3, CVSW_IPV4_HLEN);
	if (!ip)
		return CVSW_DROP_NO_MEMORY;
	if (ver == 4)
		cvsw_ipv4_tos_put(ip, tos, mask);
	else
		cvsw_ipv6_tos_put(ip, (u8)((cvsw_ipv6_tos(ip) & ~mask) |
					   (tos & mask)));
	return CVSW_DROP_NONE;
}

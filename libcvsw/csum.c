// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "csum.h"

/* sum of @n bytes at @p; @n is even and small */
static u32 csum_bytes(const u8 *p, u32 n, u32 sum)
{
	u16 word;

	for (; n; n -= 2, p += 2) {
		memcpy(&word, p, 2);
		sum += word;
	}
	return sum;
}

u32 cvsw_csum_diff16(const u8 from[16], const u8 to[16])
{
	u32 gone = csum_bytes(from, 16, 0);

	return cvsw_csum_add(~gone, csum_bytes(to, 16, 0));
}

__be16 cvsw_csum_ipv4(const struct cvsw_ipv4_hdr *ip)
{
	u32 sum = csum_bytes((const u8 *)ip, (ip->ver_ihl & 15u) * 4, 0);

	return cvsw_csum_fold(cvsw_csum_add(sum,
					    (u16)~cvsw_csum_word(ip->check)));
}

u32 cvsw_csum_pseudo4(const u8 *src, const u8 *dst, u8 proto, u32 len)
{
	u32 sum = csum_bytes(src, 4, csum_bytes(dst, 4, 0));

	sum += cvsw_csum_word(cpu_to_be16(proto));
	return sum + cvsw_csum_word(cpu_to_be16((u16)len));
}

u32 cvsw_csum_pseudo6(const u8 *src, const u8 *dst, u8 proto, u32 len)
{
	u32 sum = csum_bytes(src, 16, csum_bytes(dst, 16, 0));

	sum += cvsw_csum_word(cpu_to_be16(proto));
	sum += cvsw_csum_word(cpu_to_be16((u16)(len >> 16)));
	return sum + cvsw_csum_word(cpu_to_be16((u16)len));
}

u32 cvsw_csum_pseudo(const void *ip, u8 proto, u32 len)
{
	const struct cvsw_ipv4_hdr *ip4 = ip;
	const struct cvsw_ipv6_hdr *ip6 = ip;

	return ip4->ver_ihl >> 4 == 4 ?
	       cvsw_csum_pseudo4(ip4->src, ip4->dst, proto, len) :
	       cvsw_csum_pseudo6(ip6->src, ip6->dst, proto, len);
}

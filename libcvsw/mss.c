// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "mss.h"

#include "csum.h"
#include "ip.h"

#define MSS_OPT_END	0
#define MSS_OPT_NOP	1
#define MSS_OPT		2
#define MSS_OPT_LEN	4

/* bytes of the TCP header of a SYN that is all there, else 0 */
static u32 mss_syn_hlen(const struct cvsw_pkt *pkt)
{
	const struct cvsw_tcp_hdr *tcp;
	u32 hlen;

	if (!pkt->l4 || pkt->frag || pkt->l4_proto != CVSW_IPPROTO_TCP)
		return 0;
	tcp = cvsw_pkt_header(pkt, pkt->l4, CVSW_TCP_HLEN);
	if (!tcp || !(tcp->flags & CVSW_TCP_SYN))
		return 0;
	hlen = (tcp->doff >> 4) * 4u;
	if (hlen < CVSW_TCP_HLEN || pkt->l4 + hlen > (u32)pkt->l3 + pkt->l3_len)
		return 0;
	return hlen;
}

/* offset of the MSS in a TCP header of @hlen bytes, 0 when there is none */
static u32 mss_find(const u8 *tcp, u32 hlen)
{
	u32 off = CVSW_TCP_HLEN, len;

	while (off < hlen && tcp[off] != MSS_OPT_END) {
		if (tcp[off] == MSS_OPT_NOP) {
			off++;
			continue;
		}
		len = off + 1 < hlen ? tcp[off + 1] : 0;
		if (len < 2 || len > hlen - off)
			return 0;
		if (tcp[off] == MSS_OPT)
			return len == MSS_OPT_LEN ? off + 2 : 0;
		off += len;
	}
	return 0;
}

/* does the checksum field at pkt->l4 hold a seed, which sums no options? */
static bool mss_is_seed(const struct cvsw_pkt *pkt)
{
	struct cvsw_offload off;

	cvsw_pkt_offload_get(pkt, &off);
	return off.csum == CVSW_CSUM_PARTIAL && off.csum_start == pkt->l4;
}

static void mss_put(const struct cvsw_pkt *pkt, u8 *tcp, u32 off, u16 mss)
{
	struct cvsw_tcp_hdr *hdr = (void *)tcp;
	u16 from = get_unaligned_be16(tcp + off), to = mss;

	put_unaligned_be16(mss, tcp + off);
	if (mss_is_seed(pkt))
		return;
	if (off & 1) {		/* each half is in another word of the sum */
		from = (u16)(from << 8 | from >> 8);
		to = (u16)(to << 8 | to >> 8);
	}
	cvsw_csum_replace2(&hdr->check, cpu_to_be16(from), cpu_to_be16(to));
}

enum cvsw_drop cvsw_mss_clamp(struct cvsw_pkt *pkt, u32 mtu)
{
	unsigned int ver = cvsw_ip_version(pkt);
	u32 hlen, off, need;
	const u8 *tcp;
	u8 *to;

	hlen = ver ? mss_syn_hlen(pkt) : 0;
	tcp = hlen ? cvsw_pkt_header(pkt, pkt->l4, hlen) : NULL;
	off = tcp ? mss_find(tcp, hlen) : 0;
	need = (ver == 4 ? CVSW_IPV4_HLEN : CVSW_IPV6_HLEN) + CVSW_TCP_HLEN;
	if (!off || mtu <= need || get_unaligned_be16(tcp + off) <= mtu - need)
		return CVSW_DROP_NONE;
	to = cvsw_pkt_writable(pkt, pkt->l4, hlen);
	if (!to)
		return CVSW_DROP_NO_MEMORY;
	mss_put(pkt, to, off, (u16)(mtu - need));
	return CVSW_DROP_NONE;
}

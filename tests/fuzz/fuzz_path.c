// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A byte and a frame behind it, which may be an ICMP error: it lowers the path
 * MTU of one path at most, the one whose address is quoted, and not too far.
 * Bit 7 of the byte: the frame's ICMP checksum is made right before; the rest
 * is the port that it comes in by.
 */

#include <cvsw/pkt.h>
#include "csum.h"
#include "hdr.h"
#include "key.h"
#include "path.h"
#include "pkt_ops.h"

#define NOW	1000000000000ull

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* the frame ends where its memory ends, as near as an even address allows */
static struct cvsw_pkt frame(struct cvsw_pool *pool, u8 port, const u8 *data,
			     u32 len)
{
	struct cvsw_pkt pkt = { .in_port = port };
	struct cvsw_block *block;

	pkt.frame = cvsw_buf_new(pool, len);
	must(pkt.frame);
	block = pkt.frame->block;
	pkt.frame->data = block->mem + block->size - len - (len & 1);
	memcpy(pkt.frame->data, data, len);
	return pkt;
}

static void make_right(struct cvsw_pkt *pkt)
{
	u32 len = (u32)pkt->l3 + pkt->l3_len - pkt->l4, sum = 0;
	struct cvsw_icmp_hdr *icmp;
	const u8 *ip;

	if (!pkt->l4 || len < CVSW_ICMP_HLEN)
		return;
	icmp = cvsw_pkt_writable(pkt, pkt->l4, CVSW_ICMP_HLEN);
	ip = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV4_HLEN);
	must(icmp && ip);
	if (ip[0] >> 4 == 6)
		sum = cvsw_csum_pseudo6(ip + 8, ip + 24, pkt->l4_proto, len);
	icmp->check = 0;
	icmp->check = cvsw_csum_fold(cvsw_pkt_sum(pkt, pkt->l4, len, sum));
}

/* far ends 10.9.0.2 and fd09::2, with pushes of UDP from 10.9.0.1 and fd09::1
 * to port 4789 by port 2 */
static struct cvsw_path *path_of(struct cvsw_paths *paths, u8 family)
{
	struct cvsw_path_use use = {
		.port = 2, .proto = CVSW_IPPROTO_UDP,
		.word = cpu_to_be16(CVSW_VXLAN_PORT), .len = 50,
	};
	u8 addr[16] = { 10, 9, 0, 2 };
	struct cvsw_path *path;

	if (family == 6) {
		memcpy(addr, "\xfd\x09\0\0", 4);
		addr[15] = 2;
	}
	memcpy(use.nw_src, addr, sizeof(addr));
	use.nw_src[family == 6 ? 15 : 3] = 1;
	must(!cvsw_path_get(paths, family, addr, &use, &path));
	cvsw_path_hold(paths, path, &use);
	return path;
}

/* a path MTU was learnt, of which the frame speaks */
static bool learnt(const struct cvsw_path *path, const u8 *data, size_t size)
{
	u32 mtu = cvsw_path_pmtu(path, NOW), n = path->family == 6 ? 16 : 4;

	if (!mtu)
		return false;
	must(mtu >= (path->family == 6 ? 1280 : 576) && mtu < 65535 + 40);
	must(memmem(data, size, path->addr, n));
	return true;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cvsw_path *path4, *path6;
	struct cvsw_paths *paths;
	struct cvsw_pool *pool;
	struct cvsw_key key;
	struct cvsw_pkt pkt;

	if (!size || size > CVSW_FRAME_MAX)
		return 0;
	pool = cvsw_pool_new();
	paths = cvsw_paths_new(1);
	must(pool && paths);
	path4 = path_of(paths, 4);
	path6 = path_of(paths, 6);
	pkt = frame(pool, data[0] & 0x7f, data + 1, (u32)size - 1);
	if (cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key) ==
	    CVSW_PARSE_OK &&
	    (key.nw_proto == CVSW_IPPROTO_ICMP ||
	     key.nw_proto == CVSW_IPPROTO_ICMPV6)) {
		if (data[0] & 0x80)
			make_right(&pkt);
		cvsw_path_learn(paths, &pkt, NOW);
		must(learnt(path4, data, size) + learnt(path6, data, size) < 2);
	}
	cvsw_pkt_free(&pkt);
	cvsw_paths_free(paths);
	cvsw_pool_free(pool);
	return 0;
}

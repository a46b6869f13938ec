// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Two bytes of MTU and a frame behind them: its MSS is lowered, its sender
 * told.  An answer is right whatever the frame is, and the frame as it was, but
 * for an MSS whose checksum is as right or wrong as before.
 */

#include <cvsw/pkt.h>
#include "hdr.h"
#include "icmp.h"
#include "mss.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* the frame ends where its memory ends, as near as an even address allows */
static struct cvsw_pkt frame(struct cvsw_pool *pool, const u8 *data, u32 len)
{
	struct cvsw_pkt pkt = { .in_port = 1 };
	struct cvsw_block *block;

	pkt.frame = cvsw_buf_new(pool, len);
	must(pkt.frame);
	block = pkt.frame->block;
	pkt.frame->data = block->mem + block->size - len - (len & 1);
	memcpy(pkt.frame->data, data, len);
	return pkt;
}

/* RFC 1071 of @n bytes, byte by byte, added to @sum and folded */
static u32 sum(const u8 *p, u32 n, u32 sum)
{
	u32 i;

	for (i = 0; i < n; i++)
		sum += i & 1 ? p[i] : (u32)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void check_answer(const u8 *p, u32 len, const u8 *asked)
{
	u32 off = 14, ip, n;

	must(len >= 14 + 28 && !memcmp(p, asked + 6, 6) &&
	     !memcmp(p + 6, asked, 6));
	if (p[12] == 0x81)
		off += 4;
	ip = len - off;
	p += off;
	if (*p == 0x45) {
		must(ip <= 576 && get_unaligned_be16(p + 2) == ip);
		must(sum(p, 20, 0) == 0xffff && sum(p + 20, ip - 20, 0) == 0xffff);
		must(p[20] == 3 && p[21] == 4 && get_unaligned_be32(p + 24) >= 68);
		must(!memcmp(p + 12, p + 28 + 16, 4));
		return;
	}
	must(*p == 0x60 && ip <= 1280 && get_unaligned_be16(p + 4) == ip - 40);
	n = sum(p + 8, 32, 58 + ip - 40);
	must(sum(p + 40, ip - 40, n) == 0xffff);
	must(p[40] == 2 && get_unaligned_be32(p + 44) >= 1280);
	must(!memcmp(p + 8, p + 48 + 24, 16));
}

static void tell(struct cvsw_pkt *pkt, const u8 *data, u32 len, u32 mtu)
{
	struct cvsw_pkt answer;
	int ret;

	ret = cvsw_icmp_too_big(pkt, len, mtu, &answer);
	must(!memcmp(cvsw_pkt_header(pkt, 0, len), data, len));
	if (ret) {
		must(ret == -ENOENT);
		return;
	}
	check_answer(cvsw_pkt_header(&answer, 0, cvsw_pkt_len(&answer)),
		     cvsw_pkt_len(&answer), data);
	cvsw_pkt_free(&answer);
}

/* the checksum made up for what changed: both are in the sum */
static void clamp(struct cvsw_pkt *pkt, const u8 *data, u32 len, u32 mtu)
{
	const u8 *now;
	u32 i, changed = 0;

	must(!cvsw_mss_clamp(pkt, mtu));
	must(cvsw_pkt_len(pkt) == len);
	now = cvsw_pkt_header(pkt, 0, len);
	for (i = 0; i < len; i++)
		changed += now[i] != data[i];
	must(changed <= 4);
	if (changed)
		must(sum(now, len, 0) % 0xffff == sum(data, len, 0) % 0xffff);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cvsw_pool *pool;
	struct cvsw_pkt pkt;
	u32 len, mtu;

	if (size < 2 + CVSW_ETH_HLEN || size > 2 + CVSW_FRAME_MAX)
		return 0;
	mtu = get_unaligned_be16(data);
	data += 2;
	len = (u32)size - 2;
	pool = cvsw_pool_new();
	must(pool);
	pkt = frame(pool, data, len);
	tell(&pkt, data, len, mtu);
	clamp(&pkt, data, len, mtu);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
	return 0;
}

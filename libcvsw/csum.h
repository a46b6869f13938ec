/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CSUM_H
#define CVSW_CSUM_H

/*
 * The Internet checksum (RFC 1071), its incremental update (RFC 1624) and
 * pseudo headers.  Floor 2 of the core; no state.
 *
 * A *sum* is a u32 ones' complement sum of 16-bit words as they lie in
 * memory, neither folded nor complemented; sums of pieces that start at even
 * offsets are added with cvsw_csum_add().  cvsw_pkt_sum() makes them from
 * frames.  A *check* is what a header's field holds: the folded complement of
 * a sum.  A *seed* is what the field of a partial checksum holds instead: the
 * folded sum of the pseudo header, not complemented.
 */

#include "hdr.h"
#include "pkt_ops.h"

/** cvsw_csum_add - ones' complement sum of two sums */
static inline u32 cvsw_csum_add(u32 a, u32 b)
{
	a += b;
	return a + (a < b);
}

/** cvsw_csum_seed - fold @sum to 16 bits: the seed of a partial checksum */
static inline __be16 cvsw_csum_seed(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum += sum >> 16;
	return (__force __be16)(u16)sum;
}

/** cvsw_csum_fold - fold and complement @sum: what a checksum field holds */
static inline __be16 cvsw_csum_fold(u32 sum)
{
	return (__force __be16)(u16)~(__force u16)cvsw_csum_seed(sum);
}

/** cvsw_csum_fold_udp - likewise for UDP, where 0 would mean "no checksum" */
static inline __be16 cvsw_csum_fold_udp(u32 sum)
{
	__be16 check = cvsw_csum_fold(sum);

	return check ? check : (__force __be16)0xffff;
}

/** cvsw_csum_word - the sum that consists of one 16-bit word */
static inline u32 cvsw_csum_word(__be16 word)
{
	return (__force u16)word;
}

/**
 * cvsw_csum_diff4 - what a change of 4 bytes adds to a sum
 * @from: the bytes that went
 * @to:   the bytes that came
 */
static inline u32 cvsw_csum_diff4(__be32 from, __be32 to)
{
	return cvsw_csum_add(~(__force u32)from, (__force u32)to);
}

/** cvsw_csum_diff16 - likewise for 16 bytes, an IPv6 address */
u32 cvsw_csum_diff16(const u8 from[16], const u8 to[16]);

/** cvsw_csum_apply - update @check by @diff (RFC 1624 equation 3) */
static inline void cvsw_csum_apply(__be16 *check, u32 diff)
{
	u32 sum = (__force u16)~*check;

	*check = cvsw_csum_fold(cvsw_csum_add(sum, diff));
}

/** cvsw_csum_apply_seed - update a partial checksum's @seed by @diff */
static inline void cvsw_csum_apply_seed(__be16 *seed, u32 diff)
{
	*seed = cvsw_csum_seed(cvsw_csum_add(cvsw_csum_word(*seed), diff));
}

/* one field under @check changed from @from to @to; the complements of the
 * two that go are 0xffff less each */
static inline void cvsw_csum_replace2(__be16 *check, __be16 from, __be16 to)
{
	*check = cvsw_csum_fold(2 * 0xffffu - cvsw_csum_word(*check) -
				cvsw_csum_word(from) + cvsw_csum_word(to));
}

static inline void cvsw_csum_replace4(__be16 *check, __be32 from, __be32 to)
{
	cvsw_csum_apply(check, cvsw_csum_diff4(from, to));
}

static inline void cvsw_csum_replace16(__be16 *check, const u8 from[16],
				       const u8 to[16])
{
	cvsw_csum_apply(check, cvsw_csum_diff16(from, to));
}

/** cvsw_csum_ipv4 - checksum for @ip, whose check field need not be 0 */
__be16 cvsw_csum_ipv4(const struct cvsw_ipv4_hdr *ip);

/**
 * cvsw_csum_pseudo4 - sum of the IPv4 pseudo header
 * @src:   4 bytes
 * @dst:   4 bytes
 * @proto: IP protocol
 * @len:   bytes of L4 header and payload
 */
u32 cvsw_csum_pseudo4(const u8 *src, const u8 *dst, u8 proto, u32 len);

/** cvsw_csum_pseudo6 - likewise for IPv6, with addresses of 16 bytes */
u32 cvsw_csum_pseudo6(const u8 *src, const u8 *dst, u8 proto, u32 len);

/** cvsw_csum_pseudo - that of the IP header @ip, of either version, likewise */
u32 cvsw_csum_pseudo(const void *ip, u8 proto, u32 len);

/**
 * cvsw_csum_good - whether the L4 checksum of a frame is right
 * @pseudo: sum of its pseudo header
 * @l4:     offset of the L4 header
 * @len:    bytes of L4 header and payload; the frame is that long
 */
static inline bool cvsw_csum_good(const struct cvsw_pkt *pkt, u32 pseudo,
				  u32 l4, u32 len)
{
	return !cvsw_csum_fold(cvsw_pkt_sum(pkt, l4, len, pseudo));
}

#endif /* CVSW_CSUM_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_UTIL_H
#define CVSW_TEST_UTIL_H

/*
 * What the unit tests share: frames from hex and from descriptions, and a
 * strict receiver.  Everything here works byte by byte and uses no code of
 * the library but its packet storage, so that it can be the judge of the rest.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <cvsw/flow.h>
#include <cvsw/pkt.h>
#include "pkt_ops.h"

/* Random numbers */

/* the seed of this run: CVSW_SEED of the environment, or a new one; printed */
u64 test_seed(void);

/* the next number of the sequence that *@state, a seed, has come to */
u32 test_rand(u64 *state);

/* one of 0 to @n - 1 */
u32 test_below(u64 *state, u32 n);

/* of long lists do one in so many: CVSW_PART of the environment, or 1; where each
 * takes much longer than elsewhere */
u32 test_part(void);

/* Frames */

/* bytes of @hex, in which blanks are ignored, to @out; how many */
u32 test_hex(const char *hex, u8 *out, u32 max);

/* a frame of these bytes in @pool that came in by port 1 */
struct cvsw_pkt test_pkt(struct cvsw_pool *pool, const void *bytes, u32 len);

/* likewise at the end of its memory, so that sanitizers see an overrun */
struct cvsw_pkt test_pkt_tight(struct cvsw_pool *pool, const void *bytes,
			       u32 len);

/* likewise from hex */
struct cvsw_pkt test_pkt_hex(struct cvsw_pool *pool, const char *hex);

/* fail, showing both, unless the frame has exactly these bytes */
void test_pkt_is(const struct cvsw_pkt *pkt, const void *bytes, u32 len);

/*
 * struct test_frame - a frame to be built; {} with a .ver and a .proto is one
 *
 * Checksums and lengths come out right.  The payload is .payload bytes that
 * depend on their position and on .seq.
 */
struct test_frame {
	u8	dl_dst[6];		/* 02:00:00:00:00:02 if 0 */
	u8	dl_src[6];		/* 02:00:00:00:00:01 if 0 */
	u16	vlan_tci;		/* with CVSW_VLAN_PRESENT: tagged */
	u16	dl_type;		/* of a frame whose .ver is 0: raw payload */
	u8	ver;			/* 4, 6 */
	u8	proto;			/* 6, 17, 1, 58; others: raw payload */
	u8	tos;			/* or traffic class */
	u8	ttl;			/* 64 if 0 */
	u16	id;			/* IPv4 */
	u16	frag_off;		/* IPv4, host order with flags */
	u8	nw_src[16];		/* 10.0.0.1, fd00::1 if 0 */
	u8	nw_dst[16];		/* 10.0.0.2, fd00::2 if 0 */
	u16	tp_src;			/* 1024 if 0; ICMP: type */
	u16	tp_dst;			/* 80 if 0; ICMP: code */
	u32	seq;			/* TCP */
	u8	tcp_flags;		/* ACK if 0 */
	u8	tcp_options;		/* bytes, a multiple of 4 */
	u8	ext;			/* IPv6: destination options of 8 bytes */
	u8	udp_zero;		/* UDP: no checksum */
	u8	partial;		/* the L4 checksum is left as its seed */
	u32	payload;		/* bytes behind the L4 header */
};

#define TEST_FRAME_MAX	65535

/* build @frame at @out, of TEST_FRAME_MAX bytes; its length */
u32 test_build(const struct test_frame *frame, u8 *out);

/* likewise with .payload bytes that are at @payload */
u32 test_build_with(const struct test_frame *frame, const u8 *payload, u8 *out);

/* offset of the L4 header, and of what it carries, in what test_build() makes */
u32 test_l4(const struct test_frame *frame);
u32 test_payload(const struct test_frame *frame);

/* build @outer as the UDP/VXLAN wrapping of @inner; its length.  With .partial
 * the outer checksum is a seed, with .udp_zero it is 0 */
u32 test_vxlan(const struct test_frame *outer, u32 vni, const u8 *inner,
	       u32 len, u8 *out);

/* likewise as the GRE wrapping that NVGRE has, with @key for VSID and FlowID */
u32 test_gre(const struct test_frame *outer, u32 key, const u8 *inner, u32 len,
	     u8 *out);

/* Judgement */

/* RFC 1071 of @n bytes at @p, added to @sum, byte by byte: not complemented */
u32 test_sum(const u8 *p, u32 n, u32 sum);

/*
 * The strict receiver: NULL when every length and every IP, TCP, UDP, ICMP
 * and ICMPv6 checksum of the frame is right, also of a frame inside VXLAN or
 * Geneve (by UDP port) or NVGRE, else what is wrong.  Ethernet padding to 60
 * bytes is allowed.
 */
const char *test_strict(const u8 *frame, u32 len);

/* fail with the reason and a dump unless test_strict() is content */
void test_pkt_strict(const struct cvsw_pkt *pkt);

#endif /* CVSW_TEST_UTIL_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Offload state, completion of checksums, encapsulation: offload.c, pkt_os.h. */

#include "util.h"

static u64 seed;
static struct cvsw_pool *pool;
static u8 bytes[TEST_FRAME_MAX], other[TEST_FRAME_MAX], want[TEST_FRAME_MAX];

static int setup(void **state)
{
	(void)state;
	cvsw_alloc_fail_at(0);
	pool = cvsw_pool_new();
	return pool ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	cvsw_alloc_fail_at(0);
	cvsw_pool_free(pool);
	return 0;
}

#define PARTIAL(start, offset)						\
	.csum = CVSW_CSUM_PARTIAL, .csum_start = (start),		\
	.csum_offset = (offset)

static void test_offload_set(void **state)
{
	static const struct {
		struct cvsw_offload off;
		bool ok;
	} cases[] = {		/* of a frame of 200 bytes */
		{ { .csum = CVSW_CSUM_NONE }, true },
		{ { .csum = CVSW_CSUM_GOOD }, true },
		{ { .csum = 3 }, false },
		{ { .csum = CVSW_CSUM_NONE, .gso_type = CVSW_GSO_TCP4,
		    .gso_size = 10 }, false },
		{ { .csum = CVSW_CSUM_GOOD, .tunnel = 4 }, false },
		{ { PARTIAL(34, 16) }, true },
		{ { PARTIAL(182, 16) }, true },
		{ { PARTIAL(184, 16) }, false },
		{ { PARTIAL(0xfffe, 0xfffe) }, false },
		{ { PARTIAL(35, 16) }, false },
		{ { PARTIAL(34, 15) }, false },
		{ { PARTIAL(34, 16), .tunnel = 4 }, false },
		{ { PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4,
		    .gso_size = 10 }, true },
		{ { PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4 }, false },
		{ { PARTIAL(34, 16), .gso_type = 4, .gso_size = 10 }, false },
		{ { PARTIAL(182, 16), .gso_type = CVSW_GSO_TCP6,
		    .gso_size = 10 }, false },
		{ { PARTIAL(192, 6), .gso_type = CVSW_GSO_UDP_L4,
		    .gso_size = 10 }, true },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 4, .outer_l4 = 34, .inner_l3 = 64 }, true },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 5, .outer_l4 = 34, .inner_l3 = 64 }, false },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 4, .outer_l4 = 32, .inner_l3 = 64 }, false },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 4, .outer_l4 = 58, .inner_l3 = 64 }, false },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 4, .outer_l4 = 34, .inner_l3 = 66 }, false },
		{ { PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel_csum = 1 }, false },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 4, .outer = CVSW_OUTER_GRE, .outer_l4 = 34,
		    .inner_l3 = 64 }, true },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 4, .tunnel_csum = 1, .outer = CVSW_OUTER_GRE,
		    .outer_l4 = 34, .inner_l3 = 64 }, false },
		{ { PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .tunnel = 4, .outer = CVSW_OUTER_STT, .outer_l4 = 34,
		    .inner_l3 = 64 }, false },
		{ { PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .outer = CVSW_OUTER_GRE }, false },
		{ { PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .outer = CVSW_OUTER_STT }, true },
		{ { PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 10,
		    .outer = CVSW_OUTER_STT + 1 }, false },
		{ { PARTIAL(34, 16), .outer = CVSW_OUTER_GRE }, false },
		{ { .csum = CVSW_CSUM_NONE, .outer = CVSW_OUTER_GRE }, false },
	};
	struct cvsw_pkt pkt = test_pkt(pool, bytes, 200);
	struct cvsw_offload off;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		off = (struct cvsw_offload){};
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &cases[i].off),
				 cases[i].ok ? 0 : -EINVAL);
		if (cases[i].ok)
			off = cases[i].off;
		memset(&want, 0xff, sizeof(off));
		cvsw_pkt_offload_get(&pkt, (void *)want);
		assert_memory_equal(want, &off, sizeof(off));
	}
	cvsw_pkt_free(&pkt);
}

/* offsets follow whatever moves the frame in its storage */
static void test_offload_follows(void **state)
{
	static const struct cvsw_offload at = {
		PARTIAL(84, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 100,
		.tunnel = 4, .outer_l4 = 34, .inner_l3 = 64,
	};
	struct cvsw_pkt pkt, copy;
	struct cvsw_offload off;
	u32 i, moved = 0, n;

	(void)state;
	pkt = test_pkt(pool, bytes, 1000);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &at), 0);
	for (i = 0; i < 2000; i++) {
		n = test_below(&seed, 90);
		if (test_below(&seed, 2) && moved + n < 64000) {
			assert_non_null(cvsw_pkt_push(&pkt, n));
			moved += n;
		} else if (moved >= n) {
			assert_non_null(cvsw_pkt_pull(&pkt, n));
			moved -= n;
		}
		if (!test_below(&seed, 3)) {
			assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
			assert_non_null(cvsw_pkt_writable(&pkt, 0, 1));
			cvsw_pkt_free(&pkt);
			pkt = copy;
		}
		cvsw_pkt_offload_get(&pkt, &off);
		assert_int_equal(off.csum_start, at.csum_start + moved);
		assert_int_equal(off.outer_l4, at.outer_l4 + moved);
		assert_int_equal(off.inner_l3, at.inner_l3 + moved);
		assert_int_equal(off.csum_offset, at.csum_offset);
	}
	cvsw_pkt_free(&pkt);
}

static void test_offload_cut(void **state)
{
	static const struct cvsw_offload part = { PARTIAL(34, 16) };
	static const struct cvsw_offload super = {
		PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 100,
	};
	struct cvsw_offload off;
	struct cvsw_pkt pkt;

	(void)state;
	pkt = test_pkt(pool, bytes, 500);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &super), 0);
	assert_null(cvsw_pkt_pull(&pkt, 35));
	assert_int_equal(cvsw_pkt_trim(&pkt, 53), -EINVAL);
	assert_int_equal(cvsw_pkt_len(&pkt), 500);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &part), 0);
	assert_int_equal(cvsw_pkt_trim(&pkt, 51), -EINVAL);
	assert_int_equal(cvsw_pkt_trim(&pkt, 52), 0);
	assert_non_null(cvsw_pkt_pull(&pkt, 34));
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_PARTIAL);
	assert_int_equal(off.csum_start, 0);
	assert_non_null(cvsw_pkt_pull(&pkt, 1));
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_NONE);
	cvsw_pkt_free(&pkt);
}

static const struct test_frame l4_frames[] = {
	{ .ver = 4, .proto = 6, .payload = 0 },
	{ .ver = 4, .proto = 6, .payload = 1, .tcp_options = 12 },
	{ .ver = 4, .proto = 17, .payload = 77 },
	{ .ver = 4, .proto = 17, .payload = 1400, .vlan_tci = 0x1005 },
	{ .ver = 6, .proto = 6, .payload = 1001 },
	{ .ver = 6, .proto = 6, .payload = 1000, .ext = 16 },
	{ .ver = 6, .proto = 17, .payload = 3 },
	{ .ver = 6, .proto = 58, .tp_src = 128, .payload = 56 },
};

/* @frame as its sender leaves it to be completed, with the state to match */
static struct cvsw_pkt pkt_partial(const struct test_frame *frame)
{
	struct test_frame f = *frame;
	struct cvsw_offload off = {
		PARTIAL((u16)test_l4(frame), frame->proto == 6 ? 16 :
			frame->proto == 17 ? 6 : 2),
	};
	struct cvsw_pkt pkt;

	f.partial = 1;
	pkt = test_pkt(pool, bytes, test_build(&f, bytes));
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	return pkt;
}

static void test_csum_finish(void **state)
{
	struct cvsw_offload off;
	struct cvsw_pkt pkt, copy;
	u32 i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(l4_frames); i++) {
		pkt = pkt_partial(&l4_frames[i]);
		len = cvsw_pkt_len(&pkt);
		assert_non_null(test_strict(bytes, len));
		assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
		assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
		assert_int_equal(test_build(&l4_frames[i], want), len);
		test_pkt_is(&pkt, want, len);
		cvsw_pkt_offload_get(&pkt, &off);
		assert_int_equal(off.csum, CVSW_CSUM_NONE);
		assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
		test_pkt_is(&copy, bytes, len);
		cvsw_pkt_free(&pkt);
		cvsw_pkt_free(&copy);
	}
}

/* a computed UDP checksum of 0 is sent as 0xffff */
static void test_csum_zero(void **state)
{
	struct test_frame f = { .ver = 4, .proto = 17, .payload = 2 };
	const u8 ones[] = { 0xff, 0xff };
	struct cvsw_pkt pkt;
	u32 len, sum;

	(void)state;
	len = test_build(&f, bytes);
	f.partial = 1;
	pkt = pkt_partial(&f);
	sum = ~test_sum(bytes + 34, len - 34, 0) & 0xffff;
	/* a payload that brings the sum to all ones */
	sum = test_sum(cvsw_pkt_header(&pkt, 34, 8), 8, 0);
	put_unaligned_be16((u16)~sum, cvsw_pkt_writable(&pkt, 42, 2));
	assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
	assert_memory_equal(cvsw_pkt_header(&pkt, 40, 2), ones, 2);
	test_pkt_strict(&pkt);
	cvsw_pkt_free(&pkt);
}

/* Encapsulation */

/* the outer headers of @outer, for a frame of @len bytes inside, with the seed of
 * a UDP checksum or no such; how many bytes */
static u32 outer_hdr(const struct test_frame *outer, const u8 *inner, u32 len,
		     bool csum, u8 *hdr)
{
	struct test_frame f = *outer;
	static u8 whole[TEST_FRAME_MAX];
	u32 n;

	f.partial = csum;
	f.udp_zero = !csum;
	n = test_vxlan(&f, 0xabcdef, inner, len, whole) - len;
	memcpy(hdr, whole, n);
	return n;
}

static const struct test_frame outers[] = {
	{ .ver = 4, .tos = 0x28, .id = 77, .frag_off = 0x4000 },
	{ .ver = 6, .ttl = 3 },
	{ .ver = 4, .vlan_tci = 0x1007 },
};

static u32 outer_l3(const struct test_frame *outer)
{
	return outer->vlan_tci ? 18 : 14;
}

/* the same with GRE */
static u32 gre_hdr(const struct test_frame *outer, const u8 *inner, u32 len,
		   u8 *hdr)
{
	static u8 whole[TEST_FRAME_MAX];
	u32 n = test_gre(outer, 0xabcdef01, inner, len, whole) - len;

	memcpy(hdr, whole, n);
	return n;
}

/* each inner frame in each outer one; checksums complete, good and partial */
static void encap_one(const struct test_frame *inner,
		      const struct test_frame *outer, u8 csum, bool outer_csum)
{
	struct cvsw_offload off = { .csum = csum };
	struct test_frame f = *outer;
	struct cvsw_pkt pkt, copy;
	u8 hdr[128];
	u32 len, n;

	len = test_build(inner, other);
	if (csum == CVSW_CSUM_PARTIAL) {
		pkt = pkt_partial(inner);
	} else {
		pkt = test_pkt(pool, other, len);
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	}
	memcpy(bytes, cvsw_pkt_header(&pkt, 0, len), len);
	assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
	pkt.l3 = 14;
	pkt.l4 = 34;
	n = outer_hdr(outer, other, len, outer_csum, hdr);
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, outer_l3(outer), n - 16,
					outer_csum), 0);
	f.udp_zero = !outer_csum;
	test_pkt_is(&pkt, want, test_vxlan(&f, 0xabcdef, other, len, want));
	test_pkt_strict(&pkt);
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_NONE);
	assert_int_equal(pkt.l3, 0);
	assert_int_equal(pkt.l4, 0);
	test_pkt_is(&copy, bytes, len);
	cvsw_pkt_free(&copy);

	assert_int_equal(cvsw_pkt_decap(&pkt, n), 0);
	test_pkt_is(&pkt, other, len);
	cvsw_pkt_free(&pkt);
}

static void test_encap(void **state)
{
	u32 i, o, csum;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(l4_frames); i++)
		for (o = 0; o < ARRAY_SIZE(outers); o++)
			for (csum = 0; csum <= CVSW_CSUM_PARTIAL; csum++) {
				encap_one(&l4_frames[i], &outers[o], (u8)csum,
					  false);
				encap_one(&l4_frames[i], &outers[o], (u8)csum,
					  true);
			}
}

/* an outer checksum that comes out as 0 is sent as 0xffff */
static void test_encap_zero(void **state)
{
	struct test_frame inner = { .dl_type = 0x1234, .payload = 50 };
	struct test_frame outer = { .ver = 4 };
	struct cvsw_pkt pkt;
	u8 hdr[64];
	u32 len, n;

	(void)state;
	len = test_build(&inner, other);
	test_vxlan(&outer, 0xabcdef, other, len, want);
	/* the inner type takes up what is left of the sum */
	put_unaligned_be16((u16)(test_sum(want + 40, 2, 0x1234)), other + 12);
	n = outer_hdr(&outer, other, len, true, hdr);
	pkt = test_pkt(pool, other, len);
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, 14, 34, true), 0);
	assert_int_equal(get_unaligned_be16(cvsw_pkt_header(&pkt, 40, 2)),
			 0xffff);
	test_pkt_strict(&pkt);
	cvsw_pkt_free(&pkt);
}

/* a super-frame inside a tunnel, and out of it again */
static void encap_super(const struct test_frame *outer, bool csum)
{
	struct test_frame inner = {
		.ver = 6, .proto = 6, .payload = 20000, .partial = 1,
		.vlan_tci = 0x1003,
	};
	const struct cvsw_offload in = {
		PARTIAL((u16)test_l4(&inner), 16), .gso_type = CVSW_GSO_TCP6,
		.gso_size = 1400, .gso_ecn = 1,
	};
	struct test_frame f = *outer;
	struct cvsw_offload off;
	struct cvsw_pkt pkt;
	u32 len, n;
	u8 hdr[128];

	len = test_build(&inner, other);
	n = outer_hdr(outer, other, len, csum, hdr);
	pkt = test_pkt(pool, other, len);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &in), 0);
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, outer_l3(outer), n - 16,
					csum), 0);
	f.partial = csum;
	f.udp_zero = !csum;
	test_pkt_is(&pkt, want, test_vxlan(&f, 0xabcdef, other, len, want));
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_PARTIAL);
	assert_int_equal(off.gso_type, CVSW_GSO_TCP6);
	assert_int_equal(off.gso_size, 1400);
	assert_int_equal(off.gso_ecn, 1);
	assert_int_equal(off.tunnel, outer->ver);
	assert_int_equal(off.tunnel_csum, csum);
	assert_int_equal(off.csum_start, in.csum_start + n);
	assert_int_equal(off.outer_l4, n - 16);
	assert_int_equal(off.inner_l3, n + 18);
	assert_int_equal(cvsw_pkt_csum_finish(&pkt), -EINVAL);

	/* no device cuts what is in two tunnels */
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, outer_l3(outer), n - 16,
					csum), -EOPNOTSUPP);
	assert_int_equal(cvsw_pkt_decap(&pkt, n), 0);
	test_pkt_is(&pkt, other, len);
	memset(&off, 0xff, sizeof(off));
	cvsw_pkt_offload_get(&pkt, &off);
	assert_memory_equal(&off, &in, sizeof(off));
	cvsw_pkt_free(&pkt);
}

static void test_encap_super(void **state)
{
	u32 o;

	(void)state;
	for (o = 0; o < ARRAY_SIZE(outers); o++) {
		encap_super(&outers[o], false);
		encap_super(&outers[o], true);
	}
}

/* a frame of any kind inside GRE, and out of it again */
static void encap_gre(const struct test_frame *inner, bool super,
		      const struct test_frame *outer)
{
	const struct cvsw_offload in = {
		PARTIAL((u16)test_l4(inner), 16),
		.gso_type = super ? CVSW_GSO_TCP4 : CVSW_GSO_NONE,
		.gso_size = super ? 1400 : 0,
	};
	struct test_frame f = *inner;
	struct cvsw_offload off;
	struct cvsw_pkt pkt;
	u32 len, n;
	u8 hdr[128];

	len = test_build(inner, other);
	n = gre_hdr(outer, other, len, hdr);
	pkt = test_pkt(pool, other, len);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &in), 0);
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, outer_l3(outer), n - 8,
					false), 0);
	f.partial = super;	/* else it is completed now */
	test_build(&f, bytes);
	test_pkt_is(&pkt, want, test_gre(outer, 0xabcdef01, bytes, len, want));
	cvsw_pkt_offload_get(&pkt, &off);
	if (!super) {
		assert_int_equal(off.csum, CVSW_CSUM_NONE);
		test_pkt_strict(&pkt);
	} else {
		assert_int_equal(off.tunnel, outer->ver);
		assert_int_equal(off.outer, CVSW_OUTER_GRE);
		assert_int_equal(off.tunnel_csum, 0);
		assert_int_equal(off.csum_start, in.csum_start + n);
		assert_int_equal(off.outer_l4, n - 8);
		assert_int_equal(off.inner_l3, n + 14);
		assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, outer_l3(outer),
						n - 8, false), -EOPNOTSUPP);
	}
	assert_int_equal(cvsw_pkt_decap(&pkt, n), 0);
	test_pkt_is(&pkt, bytes, len);
	cvsw_pkt_offload_get(&pkt, &off);
	if (super)
		assert_memory_equal(&off, &in, sizeof(off));
	cvsw_pkt_free(&pkt);
}

static void test_encap_gre(void **state)
{
	static const struct test_frame inner = {
		.ver = 4, .proto = 6, .payload = 20000, .partial = 1,
	};
	u32 o;

	(void)state;
	for (o = 0; o < ARRAY_SIZE(outers); o++) {
		encap_gre(&inner, false, &outers[o]);
		encap_gre(&inner, true, &outers[o]);
	}
}

static void test_encap_refused(void **state)
{
	struct test_frame inner = { .ver = 4, .proto = 6, .payload = 65000 };
	struct cvsw_offload super = {
		PARTIAL(34, 16), .gso_type = CVSW_GSO_TCP4, .gso_size = 1000,
	};
	struct cvsw_pkt pkt;
	u32 len, n;
	u8 hdr[600] = {};

	(void)state;
	len = test_build(&inner, other);
	n = outer_hdr(&outers[0], other, 100, false, hdr);
	pkt = test_pkt(pool, other, len);
	/* longer than any frame, within and beyond the headroom */
	assert_int_equal(cvsw_pkt_push(&pkt, 256) != NULL, 1);
	assert_non_null(cvsw_pkt_pull(&pkt, 256));
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, 600, 14, 34, false),
			 -EMSGSIZE);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &super), 0);
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, 600, 14, 34, true),
			 -EMSGSIZE);
	/* a tunnel without UDP cuts nothing */
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, 14, 0, false),
			 -EOPNOTSUPP);
	/* nor is one made of a frame whose headers are elsewhere */
	super.csum_start = 36;
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &super), 0);
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, n, 14, 34, false), -EINVAL);
	test_pkt_is(&pkt, other, len);
	cvsw_pkt_free(&pkt);
}

/* frames whose inner checksum is left to be completed, as Linux sends them */
static void test_decap(void **state)
{
	struct test_frame inner = {
		.ver = 4, .proto = 17, .payload = 99, .partial = 1,
	};
	struct cvsw_offload off = {};
	struct cvsw_pkt pkt;
	u32 len, ilen;

	(void)state;
	ilen = test_build(&inner, other);
	len = test_vxlan(&outers[0], 1, other, ilen, bytes);

	/* inner partial: stays so */
	pkt = test_pkt(pool, bytes, len);
	off = (struct cvsw_offload){ PARTIAL(84, 6) };
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_decap(&pkt, 50), 0);
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_PARTIAL);
	assert_int_equal(off.csum_start, 34);
	assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
	test_pkt_strict(&pkt);
	cvsw_pkt_free(&pkt);

	/* inner partial at a place that is no checksum: refused */
	pkt = test_pkt(pool, bytes, len);
	off = (struct cvsw_offload){ PARTIAL(80, 6) };
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_decap(&pkt, 50), -EINVAL);
	test_pkt_is(&pkt, bytes, len);

	/* outer partial, outer good: of no use any more */
	off = (struct cvsw_offload){ PARTIAL(34, 6) };
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_decap(&pkt, len + 1), -EINVAL);
	assert_int_equal(cvsw_pkt_decap(&pkt, 50), 0);
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_NONE);
	cvsw_pkt_free(&pkt);

	pkt = test_pkt(pool, bytes, len);
	pkt.l3 = 14;
	pkt.l4 = 34;
	off = (struct cvsw_offload){ .csum = CVSW_CSUM_GOOD };
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_decap(&pkt, len + 1), -EINVAL);
	assert_int_equal(cvsw_pkt_decap(&pkt, 50), 0);
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_NONE);
	assert_int_equal(pkt.l3 | pkt.l4, 0);
	test_pkt_is(&pkt, other, ilen);
	cvsw_pkt_free(&pkt);

	/* datagrams of a UDP super-frame that are tunnel packets each */
	pkt = test_pkt(pool, bytes, len);
	off = (struct cvsw_offload){
		PARTIAL(34, 6), .gso_type = CVSW_GSO_UDP_L4, .gso_size = 40,
	};
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_decap(&pkt, 50), -EINVAL);
	cvsw_pkt_free(&pkt);
}

static void test_segments(void **state)
{
	static const struct {
		u32 len;		/* headers: 14 + 20 + 20 or 8 */
		u8 type;
		u16 size;
		u32 n;
		u64 total;
	} cases[] = {
		{ 54 + 1000, CVSW_GSO_NONE, 0, 1, 1054 },
		{ 54 + 1000, CVSW_GSO_TCP4, 1000, 1, 1054 },
		{ 54 + 1001, CVSW_GSO_TCP4, 1000, 2, 54 + 1000 + 54 + 1 },
		{ 54 + 4000, CVSW_GSO_TCP4, 1000, 4, 4 * 1054 },
		{ 54 + 65481, CVSW_GSO_TCP4, 8, 8186, 65481 + 8186 * 54 },
		{ 42 + 2500, CVSW_GSO_UDP_L4, 1000, 3, 2500 + 3 * 42 },
		{ 54, CVSW_GSO_TCP4, 1000, 1, 54 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool udp = cases[i].type == CVSW_GSO_UDP_L4;
		struct cvsw_offload off = {
			PARTIAL(34, udp ? 6 : 16), .gso_type = cases[i].type,
			.gso_size = cases[i].size,
		};
		struct test_frame f = {
			.ver = 4, .proto = udp ? 17 : 6,
			.payload = cases[i].len - (udp ? 42 : 54),
		};
		struct cvsw_pkt pkt;
		u64 total = 0;

		pkt = test_pkt(pool, bytes, test_build(&f, bytes));
		assert_int_equal(cvsw_pkt_len(&pkt), cases[i].len);
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
		assert_int_equal(cvsw_pkt_segments(&pkt, &total), cases[i].n);
		assert_int_equal(total, cases[i].total);
		cvsw_pkt_free(&pkt);
	}
}

/* Memory */

/* what needs memory when the frame is shared; -ENOMEM or 0 */
static int op_writable(struct cvsw_pkt *pkt)
{
	return cvsw_pkt_writable(pkt, 0, 1) ? 0 : -ENOMEM;
}

static int op_push(struct cvsw_pkt *pkt)
{
	return cvsw_pkt_push(pkt, 8) ? 0 : -ENOMEM;
}

static int op_vlan_set(struct cvsw_pkt *pkt)
{
	return cvsw_pkt_vlan_set(pkt, 7);
}

static int op_vlan_pop(struct cvsw_pkt *pkt)
{
	return cvsw_pkt_vlan_pop(pkt);
}

static int op_finish(struct cvsw_pkt *pkt)
{
	return cvsw_pkt_csum_finish(pkt);
}

static int op_encap(struct cvsw_pkt *pkt)
{
	u8 hdr[64];
	u32 n = outer_hdr(&outers[0], bytes, cvsw_pkt_len(pkt), true, hdr);

	return cvsw_pkt_encap(pkt, hdr, n, 14, 34, true);
}

static int op_clone(struct cvsw_pkt *pkt)
{
	struct cvsw_pkt copy;
	int ret = cvsw_pkt_clone(pkt, &copy);

	if (!ret)
		cvsw_pkt_free(&copy);
	return ret;
}

static void test_no_memory(void **state)
{
	static int (*const ops[])(struct cvsw_pkt *pkt) = {
		op_writable, op_push, op_vlan_set, op_vlan_pop, op_finish,
		op_encap, op_clone,
	};
	struct cvsw_offload before, after;
	struct cvsw_pkt pkt, copy;
	u32 i, len, nth;
	int ret;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		for (nth = 1, ret = -1; ret; nth++) {
			assert_true(nth < 8);
			pkt = pkt_partial(&l4_frames[3]);
			len = cvsw_pkt_len(&pkt);
			assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
			cvsw_pkt_offload_get(&pkt, &before);
			cvsw_alloc_fail_at(nth);
			ret = ops[i](&pkt);
			cvsw_alloc_fail_at(0);
			if (ret) {
				assert_int_equal(ret, -ENOMEM);
				test_pkt_is(&pkt, bytes, len);
				cvsw_pkt_offload_get(&pkt, &after);
				assert_memory_equal(&before, &after,
						    sizeof(before));
			}
			test_pkt_is(&copy, bytes, len);
			cvsw_pkt_free(&pkt);
			cvsw_pkt_free(&copy);
			/* nothing left to take without asking */
			cvsw_pool_free(pool);
			pool = cvsw_pool_new();
		}
		assert_true(nth > 2);
	}
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_offload_set),
		TEST(test_offload_follows),
		TEST(test_offload_cut),
		TEST(test_csum_finish),
		TEST(test_csum_zero),
		TEST(test_encap),
		TEST(test_encap_zero),
		TEST(test_encap_super),
		TEST(test_encap_gre),
		TEST(test_encap_refused),
		TEST(test_decap),
		TEST(test_segments),
		TEST(test_no_memory),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

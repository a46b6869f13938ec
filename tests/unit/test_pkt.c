// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "util.h"
#include "csum.h"

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

static void random_bytes(u8 *p, u32 n)
{
	while (n)
		p[--n] = (u8)test_rand(&seed);
}

/* Look, write, move */

static void test_new(void **state)
{
	static const u32 sizes[] = { 0, 1, 60, 1514, 1772, 2032, 9000, 65535 };
	struct cvsw_buf *buf;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		buf = cvsw_buf_new(pool, sizes[i]);
		assert_non_null(buf);
		assert_int_equal(buf->len, sizes[i]);
		assert_true(cvsw_buf_headroom(buf) >= CVSW_BUF_HEADROOM);
		memset(buf->data - CVSW_BUF_HEADROOM, 0xa5,
		       sizes[i] + CVSW_BUF_HEADROOM);
		cvsw_buf_free(buf);
	}
	assert_null(cvsw_buf_new(pool, CVSW_FRAME_MAX + 1));
	assert_null(cvsw_buf_new(pool, 0xffffffff));
}

static void test_bounds(void **state)
{
	static const struct {
		u32 off, n;
		bool ok;
	} cases[] = {
		{ 0, 0, true },
		{ 0, 100, true },
		{ 99, 1, true },
		{ 100, 0, true },
		{ 100, 1, false },
		{ 0, 101, false },
		{ 101, 0, false },
		{ 1, 0xffffffff, false },
		{ 0xffffffff, 1, false },
		{ 0xffffffff, 0xffffffff, false },
	};
	struct cvsw_pkt pkt;
	const u8 *start;
	u32 i;

	(void)state;
	pkt = test_pkt(pool, bytes, 100);
	start = cvsw_pkt_header(&pkt, 0, 100);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 off = cases[i].off, n = cases[i].n;
		const u8 *p = cases[i].ok ? start + off : NULL;

		assert_ptr_equal(cvsw_pkt_header(&pkt, off, n), p);
		assert_ptr_equal(cvsw_pkt_writable(&pkt, off, n), p);
	}
	cvsw_pkt_free(&pkt);
}

/* more in front than any headroom, up to the longest frame */
static void test_push(void **state)
{
	u32 len = 100, n;
	struct cvsw_pkt pkt;
	u8 *p;

	(void)state;
	random_bytes(want, sizeof(want));
	pkt = test_pkt(pool, want + sizeof(want) - len, len);
	while (len < CVSW_FRAME_MAX) {
		n = 1 + test_below(&seed, min(300u, CVSW_FRAME_MAX - len));
		p = cvsw_pkt_push(&pkt, n);
		assert_non_null(p);
		len += n;
		memcpy(p, want + sizeof(want) - len, n);
		assert_int_equal(cvsw_pkt_len(&pkt), len);
	}
	test_pkt_is(&pkt, want, sizeof(want));
	assert_null(cvsw_pkt_push(&pkt, 1));
	assert_null(cvsw_pkt_push(&pkt, 0xffffffff));
	test_pkt_is(&pkt, want, sizeof(want));

	assert_null(cvsw_pkt_pull(&pkt, CVSW_FRAME_MAX + 1));
	p = cvsw_pkt_pull(&pkt, 65000);
	assert_non_null(p);
	test_pkt_is(&pkt, want + 65000, sizeof(want) - 65000);
	assert_null(cvsw_pkt_pull(&pkt, 536));
	assert_int_equal(cvsw_pkt_trim(&pkt, 600), 0);
	assert_int_equal(cvsw_pkt_len(&pkt), 535);
	assert_int_equal(cvsw_pkt_trim(&pkt, 35), 0);
	test_pkt_is(&pkt, want + 65000, 35);
	cvsw_pkt_free(&pkt);
}

/*
 * Random calls on clones of one another, beside an array for each: what one
 * writes no other sees.
 */
#define MODELS		6
#define MODEL_MAX	3000

struct model {
	struct cvsw_pkt	pkt;
	bool		live;
	u32		len;
	u8		bytes[MODEL_MAX];
};

static void model_step(struct model *m, struct model *spare)
{
	u32 n = test_below(&seed, 80), off;
	u8 *p;

	switch (test_below(&seed, 6)) {
	case 0:
		if (m->len + n > MODEL_MAX)
			break;
		p = cvsw_pkt_push(&m->pkt, n);
		assert_non_null(p);
		memmove(m->bytes + n, m->bytes, m->len);
		random_bytes(m->bytes, n);
		memcpy(p, m->bytes, n);
		m->len += n;
		break;
	case 1:
		n = min(n, m->len);
		assert_non_null(cvsw_pkt_pull(&m->pkt, n));
		m->len -= n;
		memmove(m->bytes, m->bytes + n, m->len);
		break;
	case 2:
		if (n > m->len)
			break;
		off = test_below(&seed, m->len - n + 1);
		p = cvsw_pkt_writable(&m->pkt, off, n);
		assert_non_null(p);
		random_bytes(p, n);
		memcpy(m->bytes + off, p, n);
		break;
	case 3:
		if (test_below(&seed, 8))
			break;
		m->len = min(m->len, test_below(&seed, MODEL_MAX));
		assert_int_equal(cvsw_pkt_trim(&m->pkt, m->len), 0);
		break;
	case 4:
		if (spare->live)
			break;
		assert_int_equal(cvsw_pkt_clone(&m->pkt, &spare->pkt), 0);
		spare->live = true;
		spare->len = m->len;
		memcpy(spare->bytes, m->bytes, m->len);
		break;
	case 5:
		if (test_below(&seed, 4))
			break;
		cvsw_pkt_free(&m->pkt);
		m->live = false;
		break;
	}
}

static void model_check(const struct model *models)
{
	u32 i;

	for (i = 0; i < MODELS; i++)
		if (models[i].live)
			test_pkt_is(&models[i].pkt, models[i].bytes,
				    models[i].len);
}

static void test_model(void **state)
{
	static struct model models[MODELS];
	u32 i, step;

	(void)state;
	for (step = 0; step < 30000; step++) {
		struct model *m = &models[test_below(&seed, MODELS)];

		if (m->live) {
			model_step(m, &models[test_below(&seed, MODELS)]);
		} else {
			m->len = test_below(&seed, MODEL_MAX);
			random_bytes(m->bytes, m->len);
			m->pkt = test_pkt(pool, m->bytes, m->len);
			m->live = true;
		}
		if (step % 4 == 0)
			model_check(models);
	}
	for (i = 0; i < MODELS; i++)
		if (models[i].live)
			cvsw_pkt_free(&models[i].pkt);
}

/* VLAN */

static void test_vlan(void **state)
{
	static const struct {
		const char *before;
		int tagged;		/* vlan_get */
		u16 tci;
		const char *set;	/* tci 0xa064 set */
		const char *popped;
	} cases[] = {
		{ "020000000002 020000000001 0800 45000014", 0, 0,
		  "020000000002 020000000001 8100a064 0800 45000014",
		  "020000000002 020000000001 0800 45000014" },
		{ "020000000002 020000000001 81000005 0800 45000014", 1, 5,
		  "020000000002 020000000001 8100a064 0800 45000014",
		  "020000000002 020000000001 0800 45000014" },
		/* priority tag */
		{ "020000000002 020000000001 8100e000 0806 0001", 1, 0xe000,
		  "020000000002 020000000001 8100a064 0806 0001",
		  "020000000002 020000000001 0806 0001" },
		/* two tags: the outer one */
		{ "020000000002 020000000001 81000001 81000002 0800", 1, 1,
		  "020000000002 020000000001 8100a064 81000002 0800",
		  "020000000002 020000000001 81000002 0800" },
		/* a service tag is no 802.1Q tag */
		{ "020000000002 020000000001 88a80001 0800", 0, 0,
		  "020000000002 020000000001 8100a064 88a80001 0800",
		  "020000000002 020000000001 88a80001 0800" },
		/* too short to be tagged */
		{ "020000000002 020000000001 8100 0001", 0, 0,
		  "020000000002 020000000001 8100a064 8100 0001",
		  "020000000002 020000000001 8100 0001" },
		{ "020000000002 020000000001 0800", 0, 0,
		  "020000000002 020000000001 8100a064 0800",
		  "020000000002 020000000001 0800" },
	};
	u8 hex[64];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cvsw_pkt pkt = test_pkt_hex(pool, cases[i].before);
		struct cvsw_pkt copy;
		u16 tci = 0;
		int by;

		pkt.l3 = cases[i].tagged ? 18 : 14;
		pkt.l4 = pkt.l3 ? (u16)(pkt.l3 + 20) : 0;
		by = pkt.l3;
		assert_int_equal(cvsw_pkt_vlan_get(&pkt, &tci),
				 cases[i].tagged ? CVSW_TAG_IN_BAND : 0);
		assert_int_equal(tci, cases[i].tci);
		assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);

		assert_int_equal(cvsw_pkt_vlan_set(&copy, 0xa064), 0);
		test_pkt_is(&copy, hex, test_hex(cases[i].set, hex, 64));
		assert_int_equal(copy.l3, 18);
		assert_int_equal(copy.l4, 38);
		test_pkt_is(&pkt, hex, test_hex(cases[i].before, hex, 64));

		assert_int_equal(cvsw_pkt_vlan_pop(&pkt), 0);
		test_pkt_is(&pkt, hex, test_hex(cases[i].popped, hex, 64));
		assert_int_equal(pkt.l3, cases[i].tagged ? by - 4 : by);
		test_pkt_is(&copy, hex, test_hex(cases[i].set, hex, 64));
		cvsw_pkt_free(&pkt);
		cvsw_pkt_free(&copy);
	}
}

static void test_vlan_runt(void **state)
{
	struct cvsw_pkt pkt = test_pkt(pool, bytes, 13);
	u16 tci;

	(void)state;
	assert_int_equal(cvsw_pkt_vlan_get(&pkt, &tci), 0);
	assert_int_equal(cvsw_pkt_vlan_set(&pkt, 1), -EINVAL);
	assert_int_equal(cvsw_pkt_vlan_pop(&pkt), 0);
	assert_int_equal(cvsw_pkt_len(&pkt), 13);
	cvsw_pkt_free(&pkt);
}

/* Offload state */

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

/* the outer headers of @outer, for a frame of @len bytes inside, with no UDP
 * checksum; how many bytes */
static u32 outer_hdr(const struct test_frame *outer, const u8 *inner, u32 len,
		     u8 *hdr)
{
	struct test_frame f = *outer;
	static u8 whole[TEST_FRAME_MAX];
	u32 n;

	f.udp_zero = 1;
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
	n = outer_hdr(outer, other, len, hdr);
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
	n = outer_hdr(&outer, other, len, hdr);
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
	n = outer_hdr(outer, other, len, hdr);
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
	n = outer_hdr(&outers[0], other, 100, hdr);
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
	u32 n = outer_hdr(&outers[0], bytes, cvsw_pkt_len(pkt), hdr);

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
	for (nth = 1; nth <= 2; nth++) {
		cvsw_alloc_fail_at(nth);
		assert_null(cvsw_buf_new(pool, 100));
		cvsw_pool_free(pool);
		pool = cvsw_pool_new();
	}
	cvsw_alloc_fail_at(1);
	assert_null(cvsw_pool_new());
}

/* the life of a frame that is copied, rewritten and encapsulated */
static void one_life(u32 len)
{
	struct cvsw_pkt pkt, copy;
	u8 hdr[50] = {};

	pkt = test_pkt(pool, bytes, len);
	assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
	assert_non_null(cvsw_pkt_writable(&copy, 0, 14));
	assert_int_equal(cvsw_pkt_encap(&pkt, hdr, 50, 14, 34, false), 0);
	cvsw_pkt_free(&pkt);
	assert_non_null(cvsw_pkt_push(&copy, 300));
	cvsw_pkt_free(&copy);
}

static void test_steady(void **state)
{
	u32 i;

	(void)state;
	one_life(60);
	one_life(9000);
	cvsw_alloc_fail_at(0);
	for (i = 0; i < 1000; i++) {
		one_life(60);
		one_life(9000);
	}
	assert_int_equal(cvsw_alloc_count(), 0);
}

/* a pool keeps only so many */
static void test_pool_bound(void **state)
{
	static struct cvsw_buf *bufs[400];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bufs); i++) {
		bufs[i] = cvsw_buf_new(pool, CVSW_FRAME_MAX);
		assert_non_null(bufs[i]);
	}
	for (i = 0; i < ARRAY_SIZE(bufs); i++)
		cvsw_buf_free(bufs[i]);
	cvsw_alloc_fail_at(0);
	for (i = 0; i < ARRAY_SIZE(bufs); i++)
		bufs[i] = cvsw_buf_new(pool, CVSW_FRAME_MAX);
	assert_in_range(cvsw_alloc_count(), 1, 2 * ARRAY_SIZE(bufs) - 1);
	for (i = 0; i < ARRAY_SIZE(bufs); i++)
		cvsw_buf_free(bufs[i]);
}

/* <cvsw/pkt.h> */

static void test_frame(void **state)
{
	struct cvsw_pkt *frame, *kept, copy;
	const u8 *data;
	u8 *edit;

	(void)state;
	frame = cvsw_frame_new(pool, 3, 100);
	assert_non_null(frame);
	assert_int_equal(frame->in_port, 3);
	assert_int_equal(cvsw_frame_len(frame), 100);
	edit = cvsw_frame_edit(frame);
	memcpy(edit, bytes, 100);
	data = cvsw_frame_data(frame);
	assert_memory_equal(data, bytes, 100);
	assert_int_equal(cvsw_frame_trim(frame, 60), 0);
	assert_int_equal(cvsw_frame_len(frame), 60);
	assert_int_equal(cvsw_frame_needs(frame), 0);

	/* a descriptor of the switch's, kept */
	assert_int_equal(cvsw_pkt_clone(frame, &copy), 0);
	copy.in_port = 9;
	kept = cvsw_frame_keep(&copy);
	memset(&copy, 0, sizeof(copy));
	assert_int_equal(kept->in_port, 9);
	assert_ptr_equal(cvsw_frame_keep(kept), kept);
	edit = cvsw_frame_edit(kept);
	edit[0] ^= 0xff;
	data = cvsw_frame_data(frame);
	assert_memory_equal(data, bytes, 60);
	cvsw_frame_free(kept);
	cvsw_frame_free(frame);
	assert_null(cvsw_frame_new(pool, 1, CVSW_FRAME_MAX + 1));
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_new),
		TEST(test_bounds),
		TEST(test_push),
		TEST(test_model),
		TEST(test_vlan),
		TEST(test_vlan_runt),
		TEST(test_offload_set),
		TEST(test_offload_follows),
		TEST(test_offload_cut),
		TEST(test_csum_finish),
		TEST(test_csum_zero),
		TEST(test_encap),
		TEST(test_encap_zero),
		TEST(test_encap_super),
		TEST(test_encap_refused),
		TEST(test_decap),
		TEST(test_segments),
		TEST(test_no_memory),
		TEST(test_steady),
		TEST(test_pool_bound),
		TEST(test_frame),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "util.h"

static u64 seed;
static struct cvsw_pool *pool;
static u8 bytes[TEST_FRAME_MAX], want[TEST_FRAME_MAX];

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

/* The pool */

static void test_no_memory(void **state)
{
	u32 nth;

	(void)state;
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
	struct cvsw_pkt pkt, copy = {};
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
		TEST(test_no_memory),
		TEST(test_steady),
		TEST(test_pool_bound),
		TEST(test_frame),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

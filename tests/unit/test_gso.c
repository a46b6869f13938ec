// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Every segment is compared with one that is built from nothing: the oracle
 * does not cut frames, it makes the frame that segment number i must be.
 */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "gso.h"
#include "super.h"

static u64 seed;
static struct cvsw_pool *pool;

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

/* what segment @i of @s must be, its L4 checksum partial or complete */
static u32 oracle(const struct test_super *s, u32 i, bool partial, u8 *out)
{
	static u8 whole[TEST_FRAME_MAX], inner[TEST_FRAME_MAX];
	struct test_frame f = s->inner;
	u32 n = test_super_segments(s), at = i * s->size, head, len, done;

	test_build(&s->inner, whole);
	f.payload = min_t(u32, s->inner.payload - at, s->size);
	f.id = (u16)(f.id + i);
	if (s->inner.proto == 6) {
		f.seq += at;
		if (i)
			f.tcp_flags &= (u8)~0x80;
		if (i < n - 1)
			f.tcp_flags &= (u8)~0x09;
	}
	/* the payload first, whose bytes the checksum is of */
	head = test_payload(&f);
	len = test_build_with(&f, whole + test_payload(&s->inner) + at, inner);
	assert_int_equal(len, head + f.payload);
	done = test_super_wrap(s, i, false, inner, len, out);
	if (!partial)
		return done;
	/* only now the seed, which the outer checksum does not know of */
	f.partial = 1;
	test_build_with(&f, whole + test_payload(&s->inner) + at, inner);
	memcpy(out + done - len, inner, len);
	return done;
}

/* cut @s and compare each segment; @partial as cvsw_gso_start() has it */
static void check_super(const struct test_super *s, bool partial)
{
	static u8 want[TEST_FRAME_MAX];
	struct cvsw_pkt pkt = test_super_pkt(pool, s), seg;
	u64 bytes = 0, total = 0;
	struct cvsw_gso gso;
	u32 i, n, len;

	n = cvsw_pkt_segments(&pkt, &bytes);
	assert_int_equal(n, test_super_segments(s));
	assert_int_equal(cvsw_gso_start(&gso, &pkt, partial), 0);
	for (i = 0; i < n; i++) {
		struct cvsw_offload off;

		assert_int_equal(cvsw_gso_next(&gso, &seg), 1);
		len = oracle(s, i, partial, want);
		test_pkt_is(&seg, want, len);
		cvsw_pkt_offload_get(&seg, &off);
		assert_int_equal(off.csum, partial ? CVSW_CSUM_PARTIAL :
						     CVSW_CSUM_NONE);
		if (partial)
			assert_int_equal(cvsw_pkt_csum_finish(&seg), 0);
		test_pkt_strict(&seg);
		assert_int_equal(seg.in_port, pkt.in_port);
		total += len;
		cvsw_pkt_free(&seg);
	}
	assert_int_equal(cvsw_gso_next(&gso, &seg), 0);
	assert_int_equal(bytes, total);
	cvsw_pkt_free(&pkt);
}

static void test_table(void **state)
{
	static const struct test_super cases[] = {
		/* flags: all of CWR, ACK, PSH, FIN */
		{ { .ver = 4, .proto = 6, .payload = 3000, .id = 0xfffe,
		    .tcp_flags = 0x99, .seq = 0xfffffc00 }, {}, 1000, .outer_csum = false },
		{ { .ver = 4, .proto = 6, .payload = 3001, .tcp_options = 40,
		    .vlan_tci = 0x3005 }, {}, 1000, .outer_csum = false },
		{ { .ver = 6, .proto = 6, .payload = 2999, .tcp_flags = 0x18 },
		  {}, 1000, .outer_csum = false },
		{ { .ver = 6, .proto = 6, .payload = 64000, .ext = 24 }, {},
		  1428, .outer_csum = false },
		{ { .ver = 4, .proto = 17, .payload = 5000, .id = 9 }, {}, 1472,
		  .outer_csum = false },
		{ { .ver = 6, .proto = 17, .payload = 5001 }, {}, 999, .outer_csum = false },
		/* a super-frame of one segment */
		{ { .ver = 4, .proto = 6, .payload = 100, .tcp_flags = 0x99 },
		  { .ver = 4 }, 1000, .outer_csum = true },
		/* in tunnels, with and without outer checksum */
		{ { .ver = 4, .proto = 6, .payload = 3000, .tcp_flags = 0x99,
		    .id = 0xffff }, { .ver = 4, .id = 0xffff,
		    .frag_off = 0x4000, .tos = 0x41 }, 1000, .outer_csum = false },
		{ { .ver = 4, .proto = 6, .payload = 3001 },
		  { .ver = 4, .vlan_tci = 0x1009 }, 999, .outer_csum = true },
		{ { .ver = 6, .proto = 6, .payload = 3000, .vlan_tci = 0x1001 },
		  { .ver = 6 }, 1000, .outer_csum = true },
		{ { .ver = 6, .proto = 17, .payload = 4001, .ext = 8 },
		  { .ver = 4 }, 1001, .outer_csum = true },
		{ { .ver = 4, .proto = 17, .payload = 4001 },
		  { .ver = 6, .ttl = 9 }, 1001, .outer_csum = false },
		{ { .ver = 4, .proto = 6, .payload = 65000 }, { .ver = 6 }, 8,
		  .outer_csum = true },
		{ { .ver = 4, .proto = 6, .payload = 3000, .tcp_flags = 0x99,
		    .id = 0xffff }, { .ver = 4, .id = 0xffff,
		    .frag_off = 0x4000, .tos = 0x41 }, 1000, .gre = true },
		{ { .ver = 6, .proto = 17, .payload = 4001, .ext = 8 },
		  { .ver = 6, .ttl = 9 }, 1001, .gre = true },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		check_super(&cases[i], false);
		check_super(&cases[i], true);
	}
}

static void test_random(void **state)
{
	struct test_super s;
	u32 i;

	(void)state;
	for (i = 0; i < 400; i++) {
		test_super_random(&seed, &s);
		check_super(&s, test_below(&seed, 2));
	}
}

/* Refusal */

static void test_refused(void **state)
{
	static const struct {
		u32 off;		/* byte of the super-frame */
		u8 value;
	} cases[] = {
		{ 13, 0x06 },		/* ARP */
		{ 14, 0x65 },		/* IPv6 in IPv4's place */
		{ 14, 0x44 },		/* IHL 4 */
		{ 14, 0x46 },		/* IHL 6: L4 is elsewhere */
		{ 20, 0x20 },		/* a fragment */
		{ 21, 0x01 },
		{ 23, 17 },		/* not TCP */
		{ 46, 0x40 },		/* data offset 4 */
	};
	static const struct test_super inside = {
		{ .ver = 4, .proto = 6, .payload = 3000 }, { .ver = 4 }, 1000,
		.gre = true,
	};
	static const struct test_super s = {
		{ .ver = 4, .proto = 6, .payload = 3000 }, {}, 1000, .outer_csum = false
	};
	struct cvsw_gso gso;
	struct cvsw_pkt pkt;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		pkt = test_super_pkt(pool, &s);
		*(u8 *)cvsw_pkt_writable(&pkt, cases[i].off, 1) =
			cases[i].value;
		assert_int_equal(cvsw_gso_start(&gso, &pkt, false), -EINVAL);
		cvsw_pkt_free(&pkt);
	}
	/* GRE that is UDP */
	pkt = test_super_pkt(pool, &inside);
	*(u8 *)cvsw_pkt_writable(&pkt, 23, 1) = 17;
	assert_int_equal(cvsw_gso_start(&gso, &pkt, false), -EINVAL);
	cvsw_pkt_free(&pkt);
	pkt = test_super_pkt(pool, &s);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &(struct cvsw_offload){}),
			 0);
	assert_int_equal(cvsw_gso_start(&gso, &pkt, false), -EINVAL);
	cvsw_pkt_free(&pkt);
}

/* Lowering to what a port takes */

struct sink {
	u32	n;
	u32	needs;			/* of all frames together */
	u32	allowed;		/* CVSW_OFFLOAD_* */
};

static void sink_each(void *arg, struct cvsw_pkt *pkt)
{
	struct sink *sink = arg;
	u32 needs = cvsw_gso_needs(pkt);

	sink->n++;
	sink->needs |= needs;
	assert_int_equal(needs & ~sink->allowed, 0);
	if (!needs)
		test_pkt_strict(pkt);
	cvsw_pkt_free(pkt);
}

static void test_lower(void **state)
{
	static const struct test_super tcp4 = {
		{ .ver = 4, .proto = 6, .payload = 3000, }, {}, 1000, .outer_csum = false
	}, tcp6 = {
		{ .ver = 6, .proto = 6, .payload = 3000, }, {}, 1000, .outer_csum = false
	}, udp4 = {
		{ .ver = 4, .proto = 17, .payload = 3000, }, {}, 1000, .outer_csum = false
	}, udp6 = {
		{ .ver = 6, .proto = 17, .payload = 3000, }, {}, 1000, .outer_csum = false
	}, tunnel = {
		{ .ver = 6, .proto = 6, .payload = 3000, }, { .ver = 4 }, 1000,
		.outer_csum = false
	}, tunnel_udp = {
		{ .ver = 6, .proto = 17, .payload = 3000, }, { .ver = 4 }, 1000,
		.outer_csum = true
	}, gre = {
		{ .ver = 4, .proto = 6, .payload = 3000, }, { .ver = 6 }, 1000,
		.gre = true
	};
	const u32 CSUM = CVSW_OFFLOAD_CSUM;
	const struct {
		const struct test_super *s;
		u32 needs;
	} cases[] = {
		{ &tcp4, CSUM | CVSW_OFFLOAD_TSO4 },
		{ &tcp6, CSUM | CVSW_OFFLOAD_TSO6 },
		{ &udp4, CSUM | CVSW_OFFLOAD_USO4 },
		{ &udp6, CSUM | CVSW_OFFLOAD_USO6 },
		{ &tunnel, CSUM | CVSW_OFFLOAD_TSO6 | CVSW_OFFLOAD_TUNNEL },
		{ &tunnel_udp, CSUM | CVSW_OFFLOAD_USO6 | CVSW_OFFLOAD_TUNNEL |
			       CVSW_OFFLOAD_TUNNEL_CSUM },
		{ &gre, CSUM | CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_GRE },
	};
	u32 i, bit;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sink all = { .allowed = cases[i].needs };
		struct sink none = {}, csum = { .allowed = CSUM };
		struct cvsw_pkt pkt = test_super_pkt(pool, cases[i].s);

		assert_int_equal(cvsw_gso_needs(&pkt), cases[i].needs);
		assert_int_equal(cvsw_gso_lower(&pkt, cases[i].needs,
						sink_each, &all), 0);
		assert_int_equal(all.n, 1);
		assert_int_equal(all.needs, cases[i].needs);

		pkt = test_super_pkt(pool, cases[i].s);
		assert_int_equal(cvsw_gso_lower(&pkt, 0, sink_each, &none), 0);
		assert_int_equal(none.n, 3);
		pkt = test_super_pkt(pool, cases[i].s);
		assert_int_equal(cvsw_gso_lower(&pkt, CSUM, sink_each, &csum),
				 0);
		assert_int_equal(csum.n, 3);
		assert_int_equal(csum.needs, CSUM);

		/* each of the bits is needed */
		for (bit = 1; bit < CVSW_OFFLOAD_MASK; bit <<= 1) {
			struct sink less = {
				.allowed = cases[i].needs & ~bit,
			};

			if (!(cases[i].needs & bit))
				continue;
			pkt = test_super_pkt(pool, cases[i].s);
			assert_int_equal(cvsw_gso_lower(&pkt, less.allowed,
							sink_each, &less), 0);
			assert_int_equal(less.n, 3);
		}
	}
}

static void test_lower_ecn(void **state)
{
	static const struct test_super s = {
		{ .ver = 4, .proto = 6, .payload = 3000, .tcp_flags = 0x90 },
		{}, 1000, .outer_csum = false
	};
	struct sink with = { .allowed = CVSW_OFFLOAD_MASK };
	struct sink without = {
		.allowed = CVSW_OFFLOAD_MASK & ~CVSW_OFFLOAD_TSO_ECN,
	};
	struct cvsw_offload off;
	struct cvsw_pkt pkt, copy;

	(void)state;
	pkt = test_super_pkt(pool, &s);
	cvsw_pkt_offload_get(&pkt, &off);
	off.gso_ecn = 1;
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
	assert_int_equal(cvsw_gso_lower(&pkt, with.allowed, sink_each, &with),
			 0);
	assert_int_equal(with.n, 1);
	assert_int_equal(cvsw_gso_lower(&copy, without.allowed, sink_each,
					&without), 0);
	assert_int_equal(without.n, 3);
}

static void test_lower_partial(void **state)
{
	struct test_frame f = { .ver = 6, .proto = 17, .payload = 31,
				.partial = 1 };
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .csum_start = 54, .csum_offset = 6,
	};
	struct sink none = {}, csum = { .allowed = CVSW_OFFLOAD_CSUM };
	struct cvsw_pkt pkt, copy;
	u8 bytes[256];

	(void)state;
	pkt = test_pkt(pool, bytes, test_build(&f, bytes));
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
	assert_int_equal(cvsw_gso_lower(&pkt, CVSW_OFFLOAD_CSUM, sink_each,
					&csum), 0);
	assert_int_equal(csum.needs, CVSW_OFFLOAD_CSUM);
	assert_int_equal(cvsw_gso_lower(&copy, 0, sink_each, &none), 0);
	assert_int_equal(none.n, 1);
}

/* each allocation fails once: what came out is right, the rest is freed */
static void test_no_memory(void **state)
{
	static const struct test_super s = {
		{ .ver = 4, .proto = 6, .payload = 5000 }, { .ver = 4 }, 1000,
		.outer_csum = true
	};
	struct cvsw_pkt pkt;
	u32 nth;
	int ret;

	(void)state;
	for (nth = 1, ret = -1; ret; nth++) {
		struct sink sink = {};

		assert_true(nth < 20);
		cvsw_pool_free(pool);
		pool = cvsw_pool_new();
		pkt = test_super_pkt(pool, &s);
		cvsw_alloc_fail_at(nth);
		ret = cvsw_gso_lower(&pkt, 0, sink_each, &sink);
		cvsw_alloc_fail_at(0);
		if (ret) {
			assert_int_equal(ret, -ENOMEM);
			assert_int_equal(sink.n, 0);
		} else {
			assert_int_equal(sink.n, 5);
		}
	}
	assert_int_equal(nth, 4);
}

/* kept, as frames are until their batch is sent */
struct kept {
	struct cvsw_pkt	*frame[64];
	u32		n;
	u64		bytes;
};

static void keep_each(void *arg, struct cvsw_pkt *frame)
{
	struct kept *kept = arg;

	assert_true(kept->n < ARRAY_SIZE(kept->frame));
	kept->frame[kept->n++] = cvsw_frame_keep(frame);
	kept->bytes += cvsw_frame_len(frame);
}

/* memory ends midway: what did not come out is counted */
static void test_lost(void **state)
{
	static const struct test_super cases[] = {
		{ .inner = { .ver = 4, .proto = 6, .payload = 30000 },
		  .size = 1000 },
		{ .inner = { .ver = 6, .proto = 17, .payload = 30999 },
		  .size = 1000 },
		{ .inner = { .ver = 4, .proto = 6, .payload = 29001 },
		  .outer = { .ver = 6 }, .size = 1000 },
	};
	struct cvsw_lost lost;
	struct cvsw_pkt pkt;
	struct kept kept;
	u32 nth, i, n, midway = 0;
	u64 bytes;
	int ret;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (nth = 1, ret = -1; ret; nth++) {
			memset(&kept, 0, sizeof(kept));
			cvsw_pool_free(pool);
			pool = cvsw_pool_new();
			pkt = test_super_pkt(pool, &cases[i]);
			n = cvsw_pkt_segments(&pkt, &bytes);
			cvsw_alloc_fail_at(nth);
			ret = cvsw_frame_lower(&pkt, 0, keep_each, &kept, &lost);
			cvsw_alloc_fail_at(0);
			assert_int_equal(lost.frames, n - kept.n);
			assert_true(lost.bytes == bytes - kept.bytes);
			assert_int_equal(!ret, !lost.frames);
			midway += kept.n && lost.frames;
			while (kept.n)
				cvsw_frame_free(kept.frame[--kept.n]);
		}
	}
	assert_true(midway > 10);
}

/* one frame is lost or not */
static void test_lost_one(void **state)
{
	const struct test_frame f = {
		.ver = 4, .proto = 6, .payload = 100, .partial = 1,
	};
	const struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .csum_start = 34, .csum_offset = 16,
	};
	u8 bytes[256];
	u32 len = test_build(&f, bytes);
	struct cvsw_pkt pkt = test_pkt(pool, bytes, len), clone;
	struct kept kept = {};
	struct cvsw_lost lost;

	(void)state;
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(cvsw_pkt_clone(&pkt, &clone), 0);
	cvsw_alloc_fail_at(1);
	assert_int_equal(cvsw_frame_lower(&clone, 0, keep_each, &kept, &lost),
			 -ENOMEM);
	cvsw_alloc_fail_at(0);
	assert_int_equal(lost.frames, 1);
	assert_int_equal(lost.bytes, len);
	assert_int_equal(cvsw_frame_lower(&pkt, 0, keep_each, &kept, &lost), 0);
	assert_int_equal(lost.frames, 0);
	assert_int_equal(lost.bytes, 0);
	cvsw_frame_free(kept.frame[0]);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_table),
		TEST(test_random),
		TEST(test_refused),
		TEST(test_lower),
		TEST(test_lower_ecn),
		TEST(test_lower_partial),
		TEST(test_no_memory),
		TEST(test_lost),
		TEST(test_lost_one),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Every segment is compared with one that is built from nothing: the oracle
 * does not cut frames, it makes the frame that segment number i must be.
 */

#include <cvsw/switch.h>
#include "util.h"
#include "gso.h"

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

/* a super-frame by description */
struct super {
	struct test_frame	inner;
	struct test_frame	outer;		/* .ver 0: no tunnel */
	u16			size;		/* gso_size */
	bool			outer_csum;
};

static bool is_tcp(const struct super *s)
{
	return s->inner.proto == 6;
}

static u32 segments(const struct super *s)
{
	u32 n = (s->inner.payload + s->size - 1) / s->size;

	return n ? n : 1;
}

/* put @inner into the tunnel of @s, if there is one */
static u32 wrap(const struct super *s, u32 i, bool seeded, const u8 *inner,
		u32 len, u8 *out)
{
	struct test_frame outer = s->outer;

	if (!outer.ver) {
		memcpy(out, inner, len);
		return len;
	}
	outer.id = (u16)(outer.id + i);
	outer.udp_zero = !s->outer_csum;
	outer.partial = seeded && s->outer_csum;
	return test_vxlan(&outer, 99, inner, len, out);
}

/* the super-frame as its sender leaves it */
static struct cvsw_pkt super_new(const struct super *s)
{
	static u8 inner[TEST_FRAME_MAX], whole[TEST_FRAME_MAX];
	struct test_frame f = s->inner;
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL,
		.csum_offset = is_tcp(s) ? 16 : 6,
		.gso_type = !is_tcp(s) ? CVSW_GSO_UDP_L4 :
			    f.ver == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6,
		.gso_size = s->size,
		.tunnel = s->outer.ver,
		.tunnel_csum = s->outer_csum,
	};
	u32 ilen, len, l3 = f.vlan_tci ? 18 : 14;
	struct cvsw_pkt pkt;

	f.partial = 1;
	ilen = test_build(&f, inner);
	len = wrap(s, 0, true, inner, ilen, whole);
	off.csum_start = (u16)(len - ilen + test_l4(&f));
	if (s->outer.ver) {
		off.outer_l4 = (u16)test_l4(&s->outer);
		off.inner_l3 = (u16)(len - ilen + l3);
	}
	pkt = test_pkt(pool, whole, len);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	return pkt;
}

/* what segment @i of @s must be, its L4 checksum partial or complete */
static u32 oracle(const struct super *s, u32 i, bool partial, u8 *out)
{
	static u8 whole[TEST_FRAME_MAX], inner[TEST_FRAME_MAX];
	struct test_frame f = s->inner;
	u32 n = segments(s), at = i * s->size, head, len, done;
	struct super complete = *s;

	test_build(&s->inner, whole);
	f.payload = min_t(u32, s->inner.payload - at, s->size);
	f.id = (u16)(f.id + i);
	if (is_tcp(s)) {
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
	done = wrap(&complete, i, false, inner, len, out);
	if (!partial)
		return done;
	/* only now the seed, which the outer checksum does not know of */
	f.partial = 1;
	test_build_with(&f, whole + test_payload(&s->inner) + at, inner);
	memcpy(out + done - len, inner, len);
	return done;
}

/* cut @s and compare each segment; @partial as cvsw_gso_start() has it */
static void check_super(const struct super *s, bool partial)
{
	static u8 want[TEST_FRAME_MAX];
	struct cvsw_pkt pkt = super_new(s), seg;
	u64 bytes = 0, total = 0;
	struct cvsw_gso gso;
	u32 i, n, len;

	n = cvsw_pkt_segments(&pkt, &bytes);
	assert_int_equal(n, segments(s));
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
	static const struct super cases[] = {
		/* flags: all of CWR, ACK, PSH, FIN */
		{ { .ver = 4, .proto = 6, .payload = 3000, .id = 0xfffe,
		    .tcp_flags = 0x99, .seq = 0xfffffc00 }, {}, 1000, false },
		{ { .ver = 4, .proto = 6, .payload = 3001, .tcp_options = 40,
		    .vlan_tci = 0x3005 }, {}, 1000, false },
		{ { .ver = 6, .proto = 6, .payload = 2999, .tcp_flags = 0x18 },
		  {}, 1000, false },
		{ { .ver = 6, .proto = 6, .payload = 64000, .ext = 24 }, {},
		  1428, false },
		{ { .ver = 4, .proto = 17, .payload = 5000, .id = 9 }, {}, 1472,
		  false },
		{ { .ver = 6, .proto = 17, .payload = 5001 }, {}, 999, false },
		/* a super-frame of one segment */
		{ { .ver = 4, .proto = 6, .payload = 100, .tcp_flags = 0x99 },
		  { .ver = 4 }, 1000, true },
		/* in tunnels, with and without outer checksum */
		{ { .ver = 4, .proto = 6, .payload = 3000, .tcp_flags = 0x99,
		    .id = 0xffff }, { .ver = 4, .id = 0xffff,
		    .frag_off = 0x4000, .tos = 0x41 }, 1000, false },
		{ { .ver = 4, .proto = 6, .payload = 3001 },
		  { .ver = 4, .vlan_tci = 0x1009 }, 999, true },
		{ { .ver = 6, .proto = 6, .payload = 3000, .vlan_tci = 0x1001 },
		  { .ver = 6 }, 1000, true },
		{ { .ver = 6, .proto = 17, .payload = 4001, .ext = 8 },
		  { .ver = 4 }, 1001, true },
		{ { .ver = 4, .proto = 17, .payload = 4001 },
		  { .ver = 6, .ttl = 9 }, 1001, false },
		{ { .ver = 4, .proto = 6, .payload = 65000 }, { .ver = 6 }, 8,
		  true },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		check_super(&cases[i], false);
		check_super(&cases[i], true);
	}
}

static void random_super(struct super *s)
{
	struct test_frame *in = &s->inner;

	*s = (struct super){};
	in->ver = test_below(&seed, 2) ? 4 : 6;
	in->proto = test_below(&seed, 3) ? 6 : 17;
	in->payload = test_below(&seed, test_below(&seed, 8) ? 9000 : 65000);
	in->tos = (u8)test_rand(&seed);
	in->ttl = (u8)test_rand(&seed);
	in->id = (u16)test_rand(&seed);
	in->seq = test_rand(&seed);
	in->tcp_flags = (u8)(test_rand(&seed) | 0x10);
	in->tcp_options = (u8)(test_below(&seed, 11) * 4);
	in->ext = (u8)(test_below(&seed, 4) * 8);
	in->tp_dst = (u16)test_below(&seed, 4789);
	if (test_below(&seed, 2))
		in->vlan_tci = (u16)(test_rand(&seed) | CVSW_VLAN_PRESENT);
	s->size = (u16)(8 + test_below(&seed, 2000));
	if (in->proto == 17)
		s->size = (u16)(s->size + in->payload / 128);
	if (test_below(&seed, 2))
		return;
	s->outer.ver = test_below(&seed, 2) ? 4 : 6;
	s->outer.id = (u16)test_rand(&seed);
	s->outer.tp_src = (u16)test_rand(&seed);
	s->outer.tos = (u8)test_rand(&seed);
	s->outer_csum = test_below(&seed, 2);
}

static void test_random(void **state)
{
	struct super s;
	u32 i;

	(void)state;
	for (i = 0; i < 400; i++) {
		random_super(&s);
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
	static const struct super s = {
		{ .ver = 4, .proto = 6, .payload = 3000 }, {}, 1000, false
	};
	struct cvsw_gso gso;
	struct cvsw_pkt pkt;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		pkt = super_new(&s);
		*(u8 *)cvsw_pkt_writable(&pkt, cases[i].off, 1) =
			cases[i].value;
		assert_int_equal(cvsw_gso_start(&gso, &pkt, false), -EINVAL);
		cvsw_pkt_free(&pkt);
	}
	pkt = super_new(&s);
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
	static const struct super tcp4 = {
		{ .ver = 4, .proto = 6, .payload = 3000, }, {}, 1000, false
	}, tcp6 = {
		{ .ver = 6, .proto = 6, .payload = 3000, }, {}, 1000, false
	}, udp4 = {
		{ .ver = 4, .proto = 17, .payload = 3000, }, {}, 1000, false
	}, udp6 = {
		{ .ver = 6, .proto = 17, .payload = 3000, }, {}, 1000, false
	}, tunnel = {
		{ .ver = 6, .proto = 6, .payload = 3000, }, { .ver = 4 }, 1000,
		false
	}, tunnel_udp = {
		{ .ver = 6, .proto = 17, .payload = 3000, }, { .ver = 4 }, 1000,
		true
	};
	const u32 CSUM = CVSW_OFFLOAD_CSUM;
	const struct {
		const struct super *s;
		u32 needs;
	} cases[] = {
		{ &tcp4, CSUM | CVSW_OFFLOAD_TSO4 },
		{ &tcp6, CSUM | CVSW_OFFLOAD_TSO6 },
		{ &udp4, CSUM | CVSW_OFFLOAD_USO4 },
		{ &udp6, CSUM | CVSW_OFFLOAD_USO6 },
		{ &tunnel, CSUM | CVSW_OFFLOAD_TSO6 | CVSW_OFFLOAD_TUNNEL },
		{ &tunnel_udp, CSUM | CVSW_OFFLOAD_USO6 | CVSW_OFFLOAD_TUNNEL |
			       CVSW_OFFLOAD_TUNNEL_CSUM },
	};
	u32 i, bit;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sink all = { .allowed = cases[i].needs };
		struct sink none = {}, csum = { .allowed = CSUM };
		struct cvsw_pkt pkt = super_new(cases[i].s);

		assert_int_equal(cvsw_gso_needs(&pkt), cases[i].needs);
		assert_int_equal(cvsw_gso_lower(&pkt, cases[i].needs,
						sink_each, &all), 0);
		assert_int_equal(all.n, 1);
		assert_int_equal(all.needs, cases[i].needs);

		pkt = super_new(cases[i].s);
		assert_int_equal(cvsw_gso_lower(&pkt, 0, sink_each, &none), 0);
		assert_int_equal(none.n, 3);
		pkt = super_new(cases[i].s);
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
			pkt = super_new(cases[i].s);
			assert_int_equal(cvsw_gso_lower(&pkt, less.allowed,
							sink_each, &less), 0);
			assert_int_equal(less.n, 3);
		}
	}
}

static void test_lower_ecn(void **state)
{
	static const struct super s = {
		{ .ver = 4, .proto = 6, .payload = 3000, .tcp_flags = 0x90 },
		{}, 1000, false
	};
	struct sink with = { .allowed = CVSW_OFFLOAD_MASK };
	struct sink without = {
		.allowed = CVSW_OFFLOAD_MASK & ~CVSW_OFFLOAD_TSO_ECN,
	};
	struct cvsw_offload off;
	struct cvsw_pkt pkt, copy;

	(void)state;
	pkt = super_new(&s);
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
	static const struct super s = {
		{ .ver = 4, .proto = 6, .payload = 5000 }, { .ver = 4 }, 1000,
		true
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
		pkt = super_new(&s);
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
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

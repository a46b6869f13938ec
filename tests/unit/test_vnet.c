// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include <cvsw/switch.h>
#include "super.h"
#include "gso.h"
#include "vnet.h"

static u64 seed;
static struct cvsw_pool *pool;
static u8 bytes[TEST_FRAME_MAX], inner[TEST_FRAME_MAX];

static int setup(void **state)
{
	(void)state;
	pool = cvsw_pool_new();
	return pool ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	cvsw_pool_free(pool);
	return 0;
}

/* struct virtio_net_hdr by its offsets, host order */
struct hdr {
	u8 flags, gso;
	u16 hdr_len, size, start, offset, bufs;
	u16 outer_th, inner_nh;
};

static void hdr_put(const struct hdr *h, u8 *out)
{
	memset(out, 0, 24);
	out[0] = h->flags;
	out[1] = h->gso;
	memcpy(out + 2, &h->hdr_len, 2);
	memcpy(out + 4, &h->size, 2);
	memcpy(out + 6, &h->start, 2);
	memcpy(out + 8, &h->offset, 2);
	memcpy(out + 10, &h->bufs, 2);
	memcpy(out + 20, &h->outer_th, 2);
	memcpy(out + 22, &h->inner_nh, 2);
}

/* the frames that the cases are about */
enum kind {
	TCP4, UDP4, TCP6, UDP6, ICMP4, ARP, VLAN, FRAG, OPTIONS,
	VX4, VX6, VXUDP, KINDS
};

static const struct test_frame outer4 = { .ver = 4, .udp_zero = 1 };
static const struct test_frame outer6 = { .ver = 6, .udp_zero = 1 };

static u32 build(enum kind kind, u32 payload, u8 *out)
{
	struct test_frame f = { .ver = 4, .proto = 6, .partial = 1,
				.payload = payload };

	switch (kind) {
	case UDP4:
	case VXUDP:
		f.proto = 17;
		break;
	case TCP6:
		f.ver = 6;
		break;
	case UDP6:
		f.ver = 6;
		f.proto = 17;
		break;
	case ICMP4:
		f.proto = 1;
		break;
	case ARP:
		f.ver = 0;
		f.dl_type = 0x0806;
		break;
	case VLAN:
		f.vlan_tci = 0x1001;
		break;
	case FRAG:
		f.frag_off = 0x2000;
		break;
	case OPTIONS:
		f.tcp_options = 40;
		break;
	default:
		break;
	}
	if (kind < VX4)
		return test_build(&f, out);
	payload = test_build(&f, inner);
	return test_vxlan(kind == VX6 ? &outer6 : &outer4, 7, inner, payload,
			  out);
}

#define P	.csum = CVSW_CSUM_PARTIAL

static void test_decode(void **state)
{
	static const struct {
		const char *what;
		enum kind kind;
		u32 size;		/* of the header */
		struct hdr hdr;
		int ret;
		struct cvsw_offload off;
	} cases[] = {
		{ "nothing", TCP4, 10, { 0 }, 0, { 0 } },
		{ "nothing, on what is not IP", ARP, 12, { 0 }, 0, { 0 } },
		{ "data valid", ARP, 10, { .flags = 2 }, 0,
		  { .csum = CVSW_CSUM_GOOD } },
		{ "fields without flag", TCP4, 10, { .start = 9999, .size = 7 },
		  0, { 0 } },
		{ "partial", TCP4, 10, { .flags = 1, .start = 34,
		  .offset = 16 }, 0, { P, .csum_start = 34,
		  .csum_offset = 16 } },
		{ "partial and data valid", UDP6, 12, { .flags = 3,
		  .start = 54, .offset = 6 }, 0, { P, .csum_start = 54,
		  .csum_offset = 6 } },
		{ "partial ICMP", ICMP4, 12, { .flags = 1, .start = 34,
		  .offset = 2 }, 0, { P, .csum_start = 34, .csum_offset = 2 } },
		{ "partial behind a tag", VLAN, 12, { .flags = 1, .start = 38,
		  .offset = 16 }, 0, { P, .csum_start = 38,
		  .csum_offset = 16 } },
		{ "partial in a tunnel", VX4, 12, { .flags = 1, .start = 84,
		  .offset = 16 }, 0, { P, .csum_start = 84,
		  .csum_offset = 16 } },
		{ "partial of the tunnel", VX4, 12, { .flags = 1, .start = 34,
		  .offset = 6 }, 0, { P, .csum_start = 34, .csum_offset = 6 } },
		{ "TSO", TCP4, 10, { .flags = 1, .gso = 1, .size = 1000,
		  .hdr_len = 54, .start = 34, .offset = 16 }, 0,
		  { P, .gso_type = CVSW_GSO_TCP4, .gso_size = 1000,
		    .csum_start = 34, .csum_offset = 16 } },
		{ "TSO, ECN", TCP4, 10, { .flags = 1, .gso = 0x81,
		  .size = 1000, .start = 34, .offset = 16 }, 0,
		  { P, .gso_type = CVSW_GSO_TCP4, .gso_size = 1000,
		    .gso_ecn = 1, .csum_start = 34, .csum_offset = 16 } },
		{ "TSO of too little", TCP4, 10, { .flags = 1, .gso = 0x81,
		  .size = 3000, .start = 34, .offset = 16 }, 0,
		  { P, .csum_start = 34, .csum_offset = 16 } },
		{ "TSO of too little behind options", OPTIONS, 10,
		  { .flags = 1, .gso = 1, .size = 3000, .start = 34,
		    .offset = 16 }, 0,
		  { P, .csum_start = 34, .csum_offset = 16 } },
		{ "TSO behind options", OPTIONS, 10, { .flags = 1, .gso = 1,
		  .size = 2999, .start = 34, .offset = 16 }, 0,
		  { P, .gso_type = CVSW_GSO_TCP4, .gso_size = 2999,
		    .csum_start = 34, .csum_offset = 16 } },
		{ "TSO6", TCP6, 24, { .flags = 1, .gso = 4, .size = 1000,
		  .start = 54, .offset = 16 }, 0,
		  { P, .gso_type = CVSW_GSO_TCP6, .gso_size = 1000,
		    .csum_start = 54, .csum_offset = 16 } },
		{ "USO", UDP4, 24, { .flags = 1, .gso = 5, .size = 1000,
		  .start = 34, .offset = 6 }, 0,
		  { P, .gso_type = CVSW_GSO_UDP_L4, .gso_size = 1000,
		    .csum_start = 34, .csum_offset = 6 } },
		{ "tunnel GSO", VX4, 24, { .flags = 1, .gso = 0x21,
		  .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		  .inner_nh = 64 }, 0,
		  { P, .gso_type = CVSW_GSO_TCP4, .gso_size = 1000,
		    .csum_start = 84, .csum_offset = 16, .tunnel = 4,
		    .outer_l4 = 34, .inner_l3 = 64 } },
		{ "tunnel GSO over IPv6 with checksum", VX6, 24, { .flags = 9,
		  .gso = 0x41, .size = 1000, .start = 104, .offset = 16,
		  .outer_th = 54, .inner_nh = 84 }, 0,
		  { P, .gso_type = CVSW_GSO_TCP4, .gso_size = 1000,
		    .csum_start = 104, .csum_offset = 16, .tunnel = 6,
		    .tunnel_csum = 1, .outer_l4 = 54, .inner_l3 = 84 } },
		{ "tunnel USO", VXUDP, 24, { .flags = 1, .gso = 0x25,
		  .size = 1000, .start = 84, .offset = 6, .outer_th = 34,
		  .inner_nh = 64 }, 0,
		  { P, .gso_type = CVSW_GSO_UDP_L4, .gso_size = 1000,
		    .csum_start = 84, .csum_offset = 6, .tunnel = 4,
		    .outer_l4 = 34, .inner_l3 = 64 } },

#define NO(what, kind, size, ...) \
		{ what, kind, size, { __VA_ARGS__ }, -EINVAL, { 0 } }
		/* sizes and flags */
		NO("size 0", TCP4, 0, 0),
		NO("size 11", TCP4, 11, 0),
		NO("size 20", TCP4, 20, 0),
		NO("RSC_INFO", TCP4, 10, .flags = 4),
		NO("flag 0x10", TCP4, 24, .flags = 0x10),
		NO("tunnel checksum, 12 bytes", TCP4, 12, .flags = 9,
		   .start = 34, .offset = 16),
		NO("tunnel checksum, no GSO", TCP4, 24, .flags = 9,
		   .start = 34, .offset = 16),
		NO("tunnel checksum, no tunnel", TCP4, 24, .flags = 9,
		   .gso = 1, .size = 1000, .start = 34, .offset = 16),
		/* where a partial checksum may be */
		NO("partial, not IP", ARP, 10, .flags = 1, .start = 14,
		   .offset = 16),
		NO("partial, a fragment", FRAG, 10, .flags = 1, .start = 34,
		   .offset = 16),
		NO("partial in the MACs", TCP4, 10, .flags = 1),
		NO("partial in IP", TCP4, 10, .flags = 1, .start = 14,
		   .offset = 16),
		NO("partial at the port", TCP4, 10, .flags = 1, .start = 34,
		   .offset = 2),
		NO("partial at the port from IP", UDP4, 10, .flags = 1,
		   .start = 30, .offset = 6),
		NO("partial in the payload of TCP", TCP4, 10, .flags = 1,
		   .start = 100, .offset = 16),
		NO("partial at the VNI", VX4, 12, .flags = 1, .start = 42,
		   .offset = 4),
		NO("partial past the end", TCP4, 10, .flags = 1,
		   .start = 0xfffe, .offset = 16),
		NO("partial far past the end", TCP4, 10, .flags = 1,
		   .start = 0xfffe, .offset = 0xfffe),
		/* segmentation */
		NO("GSO without checksum", TCP4, 10, .gso = 1, .size = 1000,
		   .start = 34, .offset = 16),
		NO("GSO, data valid", TCP4, 10, .flags = 2, .gso = 1,
		   .size = 1000, .start = 34, .offset = 16),
		NO("ECN alone", TCP4, 10, .flags = 1, .gso = 0x80,
		   .size = 1000, .start = 34, .offset = 16),
		NO("ECN of UDP", UDP4, 10, .flags = 1, .gso = 0x85,
		   .size = 1000, .start = 34, .offset = 6),
		NO("type 2", TCP4, 10, .flags = 1, .gso = 2, .size = 1000,
		   .start = 34, .offset = 16),
		NO("UFO", UDP4, 10, .flags = 1, .gso = 3, .size = 1000,
		   .start = 34, .offset = 6),
		NO("type 0x10", TCP4, 24, .flags = 1, .gso = 0x11,
		   .size = 1000, .start = 34, .offset = 16),
		NO("size 0", TCP4, 10, .flags = 1, .gso = 1, .start = 34,
		   .offset = 16),
		NO("size 7", TCP4, 10, .flags = 1, .gso = 1, .size = 7,
		   .start = 34, .offset = 16),
		NO("UDP, too many", UDP4, 10, .flags = 1, .gso = 5,
		   .size = 23, .start = 34, .offset = 6),
		NO("wrong family", TCP6, 10, .flags = 1, .gso = 1,
		   .size = 1000, .start = 54, .offset = 16),
		NO("wrong family", TCP4, 10, .flags = 1, .gso = 4,
		   .size = 1000, .start = 34, .offset = 16),
		NO("wrong protocol", UDP4, 10, .flags = 1, .gso = 1,
		   .size = 1000, .start = 34, .offset = 16),
		NO("wrong protocol", TCP4, 10, .flags = 1, .gso = 5,
		   .size = 1000, .start = 34, .offset = 6),
		NO("wrong offset", TCP4, 10, .flags = 1, .gso = 1,
		   .size = 1000, .start = 34, .offset = 6),
		NO("start in the options", TCP4, 10, .flags = 1, .gso = 1,
		   .size = 1000, .start = 36, .offset = 16),
		NO("a fragment", FRAG, 10, .flags = 1, .gso = 1,
		   .size = 1000, .start = 34, .offset = 16),
		NO("GSO inside without tunnel bits", VX4, 12, .flags = 1,
		   .gso = 1, .size = 1000, .start = 84, .offset = 16),
		/* tunnels */
		NO("tunnel GSO in 12 bytes", VX4, 12, .flags = 1, .gso = 0x21,
		   .size = 1000, .start = 84, .offset = 16),
		NO("tunnel of nothing", VX4, 24, .flags = 1, .gso = 0x20,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 64),
		NO("tunnel GSO of too little", VX4, 24, .flags = 1, .gso = 0x21,
		   .size = 3000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 64),
		NO("both families", VX4, 24, .flags = 1, .gso = 0x61,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 64),
		NO("the other family", VX4, 24, .flags = 1, .gso = 0x41,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 64),
		NO("tunnel GSO without checksum", VX4, 24, .gso = 0x21,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 64),
		NO("inner_nh too small", VX4, 24, .flags = 1, .gso = 0x21,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 40),
		NO("inner_nh odd", VX4, 24, .flags = 1, .gso = 0x21,
		   .size = 1000, .start = 85, .offset = 16, .outer_th = 34,
		   .inner_nh = 65),
		NO("inner_nh not IP", VX4, 24, .flags = 1, .gso = 0x21,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 50),
		NO("inner_nh past the end", VX4, 24, .flags = 1, .gso = 0x21,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 0xfffe),
		NO("outer_th not L4", VX4, 24, .flags = 1, .gso = 0x21,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 30,
		   .inner_nh = 64),
		NO("outer TCP", TCP4, 24, .flags = 1, .gso = 0x21,
		   .size = 1000, .start = 84, .offset = 16, .outer_th = 34,
		   .inner_nh = 64),
	};
	struct cvsw_offload off;
	struct cvsw_pkt pkt;
	u32 i, len;
	u8 hdr[24];
	int ret;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		len = build(cases[i].kind, 3000, bytes);
		pkt = test_pkt(pool, bytes, len);
		hdr_put(&cases[i].hdr, hdr);
		ret = cvsw_vnet_decode(&pkt, hdr, cases[i].size);
		memset(&off, 0xff, sizeof(off));
		cvsw_pkt_offload_get(&pkt, &off);
		if (ret != cases[i].ret ||
		    memcmp(&off, &cases[i].off, sizeof(off)))
			fail_msg("%s: %d", cases[i].what, ret);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_free(&pkt);
	}
}

/* what is written is what was read, in each size that can hold it */
static void test_encode(void **state)
{
	static const struct {
		enum kind kind;
		u32 least;
		struct hdr hdr;
	} cases[] = {
		{ TCP4, 10, { 0 } },
		{ TCP4, 10, { .flags = 2 } },
		{ UDP4, 10, { .flags = 1, .start = 34, .offset = 6 } },
		{ TCP4, 10, { .flags = 1, .gso = 0x81, .size = 1400,
		  .hdr_len = 54, .start = 34, .offset = 16 } },
		{ TCP6, 10, { .flags = 1, .gso = 4, .size = 1400,
		  .hdr_len = 74, .start = 54, .offset = 16 } },
		{ UDP6, 10, { .flags = 1, .gso = 5, .size = 1400,
		  .hdr_len = 62, .start = 54, .offset = 6 } },
		{ VX4, 24, { .flags = 1, .gso = 0x21, .size = 1400,
		  .hdr_len = 104, .start = 84, .offset = 16, .outer_th = 34,
		  .inner_nh = 64 } },
		{ VX6, 24, { .flags = 9, .gso = 0x41, .size = 1400,
		  .hdr_len = 124, .start = 104, .offset = 16, .outer_th = 54,
		  .inner_nh = 84 } },
	};
	static const u32 sizes[] = { 10, 12, 24 };
	struct cvsw_pkt pkt;
	u8 hdr[24], got[24];
	u32 i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		pkt = test_pkt(pool, bytes, build(cases[i].kind, 3000, bytes));
		hdr_put(&cases[i].hdr, hdr);
		assert_int_equal(cvsw_vnet_decode(&pkt, hdr, 24), 0);
		for (k = 0; k < ARRAY_SIZE(sizes); k++) {
			int ret;

			memset(got, 0xa5, sizeof(got));
			ret = cvsw_vnet_encode(&pkt, got, sizes[k]);
			if (sizes[k] < cases[i].least) {
				assert_int_equal(ret, -EMSGSIZE);
				continue;
			}
			assert_int_equal(ret, 0);
			assert_memory_equal(got, hdr, sizes[k]);
			assert_true(sizes[k] == 24 || got[sizes[k]] == 0xa5);
		}
		assert_int_equal(cvsw_vnet_encode(&pkt, got, 11), -EINVAL);
		cvsw_pkt_free(&pkt);
	}
}

/* what no header can say */
static void test_encode_gre(void **state)
{
	static const struct test_super s = {
		{ .ver = 4, .proto = 6, .payload = 3000 }, { .ver = 4 }, 1000,
		.gre = true,
	};
	struct cvsw_pkt pkt = test_super_pkt(pool, &s);
	u8 hdr[24];

	(void)state;
	assert_int_equal(cvsw_vnet_encode(&pkt, hdr, 24), -EMSGSIZE);
	assert_int_equal(cvsw_vnet_encode(&pkt, hdr, 10), -EMSGSIZE);
	cvsw_pkt_free(&pkt);
}

/* a header that suits @kind, with up to two bytes of it changed */
static void random_hdr(enum kind kind, u8 *out)
{
	static const struct hdr suits[] = {
		[TCP4]	= { .flags = 1, .gso = 1, .start = 34, .offset = 16 },
		[UDP4]	= { .flags = 1, .gso = 5, .start = 34, .offset = 6 },
		[TCP6]	= { .flags = 1, .gso = 4, .start = 54, .offset = 16 },
		[UDP6]	= { .flags = 1, .gso = 5, .start = 54, .offset = 6 },
		[ICMP4]	= { .flags = 1, .start = 34, .offset = 2 },
		[VLAN]	= { .flags = 1, .gso = 0x81, .start = 38, .offset = 16 },
		[OPTIONS] = { .flags = 1, .gso = 1, .start = 34, .offset = 16 },
		[VX4]	= { .flags = 9, .gso = 0x21, .start = 84, .offset = 16,
			    .outer_th = 34, .inner_nh = 64 },
		[VX6]	= { .flags = 1, .gso = 0x41, .start = 104, .offset = 16,
			    .outer_th = 54, .inner_nh = 84 },
		[VXUDP]	= { .flags = 1, .gso = 0x25, .start = 84, .offset = 6,
			    .outer_th = 34, .inner_nh = 64 },
	};
	struct hdr h = suits[kind];
	u32 i;

	h.size = (u16)test_below(&seed, 3000);
	if (!test_below(&seed, 4)) {
		h.gso = 0;
		h.flags &= 1;
	}
	hdr_put(&h, out);
	for (i = test_below(&seed, 3); i; i--)
		out[test_below(&seed, 24)] = (u8)test_rand(&seed);
}

static void drop_each(void *arg, struct cvsw_pkt *pkt)
{
	u32 *n = arg;

	(*n)++;
	cvsw_pkt_free(pkt);
}

/*
 * Any header on any frame: refused, or all that can be done with the frame
 * stays within it.  The sanitizers are what looks on.
 */
static void test_hostile(void **state)
{
	u32 i, k, len, n, accepted = 0;
	struct cvsw_pkt pkt, copy;
	u8 hdr[24];
	u64 total;

	(void)state;
	for (i = 0; i < 20000; i++) {
		enum kind kind = test_below(&seed, KINDS);

		len = build(kind, test_below(&seed, 4000), bytes);
		for (k = test_below(&seed, 4); k; k--)
			bytes[12 + test_below(&seed, min(len - 12, 100u))] =
				(u8)test_rand(&seed);
		if (!test_below(&seed, 4))
			len = test_below(&seed, len);
		random_hdr(kind, hdr);
		pkt = test_pkt_tight(pool, bytes, len);
		if (cvsw_vnet_decode(&pkt, hdr, 24)) {
			test_pkt_is(&pkt, bytes, len);
			cvsw_pkt_free(&pkt);
			continue;
		}
		accepted++;
		n = 0;
		(void)cvsw_pkt_segments(&pkt, &total);
		assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
		if (!cvsw_pkt_encap(&copy, bytes, 50, 14, 34,
				    test_below(&seed, 2)))
			assert_int_equal(cvsw_pkt_len(&copy), len + 50);
		(void)cvsw_gso_lower(&copy, test_rand(&seed) &
				     CVSW_OFFLOAD_MASK, drop_each, &n);
		assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
		if (!cvsw_pkt_decap(&copy, 50))
			assert_int_equal(cvsw_pkt_len(&copy), len - 50);
		cvsw_pkt_free(&copy);
		n = 0;
		assert_int_equal(cvsw_gso_lower(&pkt, 0, drop_each, &n), 0);
		assert_true(n >= 1);
	}
	assert_in_range(accepted, 1000, 19000);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_decode),
		TEST(test_encode),
		TEST(test_encode_gre),
		TEST(test_hostile),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

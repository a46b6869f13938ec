// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* VXLAN on the wire: golden vectors both ways, and what must not get in. */

#include "endpoint.h"
#include "util.h"

#include "../golden/vectors.h"
#include "key.h"
#include "tunnel.h"

static u8 bytes[TEST_FRAME_MAX], more[TEST_FRAME_MAX];

/* the source port of the golden vectors, and of the hand-made ones */
#define GOLDEN_PORT	50000

static u32 l4_of(const u8 *frame)
{
	return frame[12] == 0x08 ? 34 : 54;
}

static u16 field(const u8 *p)
{
	return get_unaligned_be16(p);
}

/* recompute the outer checksums of @frame, by the book */
static void fix_outer(u8 *frame)
{
	u32 l4 = l4_of(frame), len = field(frame + l4 + 4), sum = 17 + len;

	if (l4 == 34) {
		put_unaligned_be16(0, frame + 24);
		put_unaligned_be16((u16)~test_sum(frame + 14, 20, 0),
				   frame + 24);
	}
	if (!field(frame + l4 + 6))
		return;
	put_unaligned_be16(0, frame + l4 + 6);
	sum = l4 == 34 ? test_sum(frame + 26, 8, sum) :
			 test_sum(frame + 22, 32, sum);
	sum = (u16)~test_sum(frame + l4, len, sum);
	put_unaligned_be16((u16)(sum ? sum : 0xffff), frame + l4 + 6);
}

/*
 * Push @inner into @tun: what comes out is right, and is @outer when the
 * source port is GOLDEN_PORT and the IP ID @id.
 */
static void push_is(struct cvsw_pool *pool, const struct cvsw_tunnel *tun,
		    const char *inner, const char *outer, u16 id)
{
	struct cvsw_pkt pkt = test_pkt_hex(pool, inner);
	u32 len, l4;

	assert_int_equal(cvsw_tunnel_check(tun, NULL), 0);
	assert_int_equal(endpoint_push(&pkt, tun), CVSW_DROP_NONE);
	test_pkt_strict(&pkt);

	len = cvsw_pkt_len(&pkt);
	memcpy(bytes, cvsw_pkt_header(&pkt, 0, len), len);
	cvsw_pkt_free(&pkt);
	l4 = l4_of(bytes);
	put_unaligned_be16(GOLDEN_PORT, bytes + l4);
	if (l4 == 34) {
		assert_int_equal(field(bytes + 18), 0);
		put_unaligned_be16(id, bytes + 18);
	}
	fix_outer(bytes);
	pkt = test_pkt(pool, bytes, len);
	len = test_hex(outer, more, sizeof(more));
	test_pkt_is(&pkt, more, len);
	cvsw_pkt_free(&pkt);
}

static void pop_is(struct cvsw_pool *pool, const char *outer, u32 id,
		   const char *inner)
{
	struct cvsw_pkt pkt = test_pkt_hex(pool, outer);
	u32 len = test_hex(inner, bytes, sizeof(bytes));

	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
			 CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, len);
	assert_true(pkt.tun_id == cpu_to_be64(id));
	cvsw_pkt_free(&pkt);
}

#define INNER_UDP							\
	"52540000000252540000000108004500002000014000401126ca0a0000010a00" \
	"000204571e61000c326e43565357"
#define INNER_TAGGED							\
	"5254000000025254000000018100a00a08004500002000014000401126ca0a00" \
	"00010a00000204571e61000c326e43565357"
#define INNER_ARP							\
	"5254000000025254000000018100a00008060001080006040001525400000001" \
	"0a0000010000000000000a000002"
#define OUTER_PLAIN							\
	"020000000022020000000011080045000052123440004011d043ac100001ac10" \
	"0002c35012b5003e00000800000000000a00" INNER_UDP
#define OUTER_CSUM							\
	"020000000022020000000011080045000052123440004011d043ac100001ac10" \
	"0002c35012b5003e26bd0800000000000a00" INNER_UDP
#define OUTER_IPV6							\
	"02000000002202000000001186dd60000000003e1140fd000000000000000000" \
	"000000000001fd000000000000000000000000000002c35012b5003ef40d0800" \
	"0000abcdef00" INNER_UDP

/* hand-made vectors that tshark agrees with */
static void test_known_frames(void **state)
{
	static const struct {
		struct cvsw_tunnel tun;
		u32 id;
		const char *outer;
	} t[] = {
		{ { .id = GOLDEN_BE64(10), GOLDEN_IPV4 }, 10, OUTER_PLAIN },
		{ { .id = GOLDEN_BE64(10), GOLDEN_IPV4
		    .flags = CVSW_TUNNEL_F_CSUM }, 10, OUTER_CSUM },
		{ { .id = GOLDEN_BE64(0xabcdef), GOLDEN_IPV6
		    .flags = CVSW_TUNNEL_F_CSUM }, 0xabcdef, OUTER_IPV6 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		push_is(pool, &t[i].tun, INNER_UDP, t[i].outer, 0x1234);
		pop_is(pool, t[i].outer, t[i].id, INNER_UDP);
	}
	cvsw_pool_free(pool);
}

/* any inner frame comes back as it went in */
static void test_known_inner_frames(void **state)
{
	static const char *const inner[] = { INNER_UDP, INNER_TAGGED, INNER_ARP };
	static const struct cvsw_tunnel tun = {
		.id = GOLDEN_BE64(77), GOLDEN_IPV4
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(inner); i++) {
		pkt = test_pkt_hex(pool, inner[i]);
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
		test_pkt_strict(&pkt);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
				 CVSW_DROP_NONE);
		test_pkt_is(&pkt, bytes, test_hex(inner[i], bytes,
						  sizeof(bytes)));
		assert_true(pkt.tun_id == cpu_to_be64(77));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

static void test_scapy(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	const struct golden_tunnel *g;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(golden_tunnels); i++) {
		g = &golden_tunnels[i];
		print_message("%s\n", g->name);
		push_is(pool, &g->tun, g->inner, g->outer, 0);
		pop_is(pool, g->outer, (u32)be64_to_cpu(g->tun.id), g->inner);
	}
	cvsw_pool_free(pool);
}

/*
 * struct mutation - OUTER_CSUM, or _IPV6, with up to 4 bytes replaced
 * @cut:  the frame ends here; 0 for the whole
 * @fix:  recompute the outer checksums afterwards
 */
struct mutation {
	const char *name;
	const char *frame;
	struct {
		u8 off, value;
	} set[4];
	u8 cut;
	bool fix;
	enum cvsw_drop drop;
};

static struct cvsw_pkt mutate(struct cvsw_pool *pool, const struct mutation *m)
{
	u32 len = test_hex(m->frame, bytes, sizeof(bytes));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(m->set); i++)
		if (m->set[i].off)
			bytes[m->set[i].off] = m->set[i].value;
	if (m->fix)
		fix_outer(bytes);
	return test_pkt(pool, bytes, m->cut ? m->cut : len);
}

static void test_refused(void **state)
{
	static const struct mutation t[] = {
		{ "I=0", OUTER_CSUM, { { 42, 0 } }, 0, true,
		  CVSW_DROP_TUNNEL_FLAGS },
		{ "I=0, all others set", OUTER_CSUM, { { 42, 0xf7 } }, 0, true,
		  CVSW_DROP_TUNNEL_FLAGS },
		{ "VXLAN-GPE with IPv4", OUTER_CSUM,
		  { { 42, 0x0c }, { 45, 1 } }, 0, true,
		  CVSW_DROP_TUNNEL_PROTO },
		{ "VXLAN-GPE with Ethernet", OUTER_CSUM,
		  { { 42, 0x0c }, { 45, 3 } }, 0, true,
		  CVSW_DROP_TUNNEL_PROTO },
		{ "header truncated at 7 bytes", OUTER_PLAIN,
		  { { 17, 35 }, { 39, 15 } }, 49, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "no header at all", OUTER_PLAIN,
		  { { 17, 28 }, { 39, 8 } }, 42, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "header beyond the datagram", OUTER_PLAIN, { { 39, 15 } },
		  0, true, CVSW_DROP_TUNNEL_SHORT },
		{ "no inner frame", OUTER_PLAIN, { { 17, 36 }, { 39, 16 } },
		  50, true, CVSW_DROP_TUNNEL_SHORT },
		{ "inner frame of 13 bytes", OUTER_PLAIN,
		  { { 17, 49 }, { 39, 29 } }, 63, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "UDP length 7", OUTER_PLAIN, { { 39, 7 } }, 0, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "UDP length 0", OUTER_PLAIN, { { 39, 0 } }, 0, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "UDP length beyond the packet", OUTER_PLAIN, { { 39, 63 } },
		  0, true, CVSW_DROP_TUNNEL_SHORT },
		{ "UDP header truncated", OUTER_PLAIN, { { 17, 27 } }, 0, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "IPv6: UDP length beyond the packet", OUTER_IPV6,
		  { { 59, 63 } }, 0, false, CVSW_DROP_TUNNEL_SHORT },
		{ "frame truncated", OUTER_PLAIN, { }, 95, false,
		  CVSW_DROP_NOT_TUNNEL },
		{ "IHL 4", OUTER_PLAIN, { { 14, 0x44 } }, 0, true,
		  CVSW_DROP_NOT_TUNNEL },
		{ "IHL beyond the packet", OUTER_PLAIN,
		  { { 14, 0x4f }, { 17, 40 } }, 0, true, CVSW_DROP_NOT_TUNNEL },
		{ "total length beyond the frame", OUTER_PLAIN, { { 17, 83 } },
		  0, true, CVSW_DROP_NOT_TUNNEL },
		{ "TCP", OUTER_PLAIN, { { 23, 6 } }, 0, true,
		  CVSW_DROP_NOT_TUNNEL },
		{ "ARP", INNER_ARP, { }, 0, false, CVSW_DROP_NOT_TUNNEL },
		{ "not IP", OUTER_PLAIN, { { 12, 0x90 } }, 0, false,
		  CVSW_DROP_NOT_TUNNEL },
		{ "first fragment", OUTER_PLAIN, { { 20, 0x20 } }, 0, true,
		  CVSW_DROP_TUNNEL_FRAG },
		{ "later fragment", OUTER_PLAIN, { { 20, 0 }, { 21, 9 } }, 0,
		  true, CVSW_DROP_TUNNEL_FRAG },
		{ "wrong checksum", OUTER_CSUM, { { 41, 0xbe } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "inner payload flipped", OUTER_CSUM, { { 95, 0 } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "address flipped", OUTER_CSUM, { { 29, 7 } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "IPv6: wrong checksum", OUTER_IPV6, { { 60, 0 } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "outer CE, inner Not-ECT", OUTER_CSUM, { { 15, 3 } }, 0, true,
		  CVSW_DROP_TUNNEL_ECN },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(pool, &t[i]);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
				 t[i].drop);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

static void test_accepted(void **state)
{
	static const struct mutation t[] = {
		{ "reserved flags", OUTER_CSUM, { { 42, 0xfb } }, 0, true, 0 },
		{ "group policy", OUTER_CSUM,
		  { { 42, 0x88 }, { 43, 0x48 }, { 44, 0x12 }, { 45, 0x34 } },
		  0, true, 0 },
		{ "reserved bytes", OUTER_CSUM,
		  { { 43, 1 }, { 44, 2 }, { 45, 3 }, { 49, 4 } }, 0, true, 0 },
		{ "no checksum", OUTER_PLAIN, { }, 0, false, 0 },
		{ "IPv6 without checksum", OUTER_IPV6, { { 60, 0 }, { 61, 0 } },
		  0, false, 0 },
		{ "another destination port", OUTER_CSUM,
		  { { 36, 0x21 }, { 37, 0x18 } }, 0, true, 0 },
		{ "source port 1", OUTER_CSUM, { { 34, 0 }, { 35, 1 } }, 0,
		  true, 0 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(pool, &t[i]);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
				 CVSW_DROP_NONE);
		test_pkt_is(&pkt, bytes,
			    test_hex(INNER_UDP, bytes, sizeof(bytes)));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* IPv4 options, an outer tag, and padding of the outer frame */
static void test_outer_extras(void **state)
{
	static const u8 tag[] = { 0x81, 0x00, 0xa0, 0x0a };
	struct cvsw_pool *pool = cvsw_pool_new();
	u32 inner = test_hex(INNER_UDP, more, sizeof(more));
	struct cvsw_pkt pkt;
	u32 len, words;

	for (words = 0; words <= 10; words++) {
		len = test_hex(OUTER_CSUM, bytes, sizeof(bytes));
		memmove(bytes + 34 + 4 * words, bytes + 34, len - 34);
		memset(bytes + 34, 1, 4 * words);
		len += 4 * words;
		bytes[14] = (u8)(0x45 + words);
		put_unaligned_be16((u16)(len - 14), bytes + 16);
		put_unaligned_be16(0, bytes + 24);
		put_unaligned_be16((u16)~test_sum(bytes + 14, 20 + 4 * words, 0),
				   bytes + 24);
		memmove(bytes + 16, bytes + 12, len - 12);
		memcpy(bytes + 12, tag, sizeof(tag));
		memset(bytes + 4 + len, 0xaa, words);
		pkt = test_pkt(pool, bytes, len + 4 + words);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
				 CVSW_DROP_NONE);
		test_pkt_is(&pkt, more, inner);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* a wrong checksum that somebody vouches for is not looked at */
static void test_known_checksum(void **state)
{
	static const struct mutation wrong = {
		"wrong checksum", OUTER_CSUM, { { 41, 0xbe } }, 0, false, 0,
	};
	static const struct cvsw_offload t[] = {
		{ .csum = CVSW_CSUM_GOOD },
		{ .csum = CVSW_CSUM_PARTIAL, .csum_start = 34,
		  .csum_offset = 6 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_offload off;
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		pkt = mutate(pool, &wrong);
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &t[i]), 0);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
				 CVSW_DROP_NONE);
		cvsw_pkt_offload_get(&pkt, &off);
		assert_int_equal(off.csum, CVSW_CSUM_NONE);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* a partial checksum inside stays one */
static void test_partial_inside(void **state)
{
	static const struct test_frame inner = {
		.ver = 4, .proto = 6, .payload = 99, .partial = 1,
	};
	static const struct test_frame outer = { .ver = 4, .udp_zero = 1 };
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .csum_start = 84, .csum_offset = 16,
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	u32 len = test_build(&inner, bytes);
	struct cvsw_pkt pkt;

	pkt = test_pkt(pool, more, test_vxlan(&outer, 1, bytes, len, more));
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
			 CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, len);
	off.csum_start = 34;
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_PARTIAL);
	assert_int_equal(off.csum_start, 34);
	assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
	test_pkt_strict(&pkt);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/* what tun_id a frame is looked up with */
static void test_peek(void **state)
{
	static const struct {
		struct mutation m;
		u16 port;
		u32 id;
	} t[] = {
		{ { .frame = OUTER_PLAIN }, 4789, 10 },
		{ { .frame = OUTER_IPV6 }, 4789, 0xabcdef },
		/* reserved bits */
		{ { .frame = OUTER_PLAIN, .set = { { 42, 0xfb }, { 49, 9 } } },
		  4789, 10 },
		/* GPE, another port, I=0, TCP, fragment, truncated, no tunnel */
		{ { .frame = OUTER_PLAIN, .set = { { 42, 0x0c } } }, 4789, 99 },
		{ { .frame = OUTER_PLAIN }, 8472, 99 },
		{ { .frame = OUTER_PLAIN, .set = { { 42, 0 } } }, 4789, 99 },
		{ { .frame = OUTER_PLAIN, .set = { { 23, 6 } } }, 4789, 99 },
		{ { .frame = OUTER_PLAIN, .set = { { 20, 0x20 } } }, 4789, 99 },
		{ { .frame = OUTER_PLAIN, .set = { { 17, 35 } }, .cut = 49 },
		  4789, 99 },
		{ { .frame = INNER_ARP }, 4789, 99 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_key key;
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		pkt = mutate(pool, &t[i].m);
		pkt.tun_id = cpu_to_be64(99);	/* of a tunnel popped before */
		cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NX_MATCH, &key);
		endpoint_peek(&pkt, &key, t[i].port, 0, 0);
		assert_true(key.tun_id == cpu_to_be64(t[i].id));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

static void random_tunnel(u64 *seed, struct cvsw_tunnel *tun)
{
	static const struct cvsw_tunnel four = { GOLDEN_IPV4 };
	static const struct cvsw_tunnel six = { GOLDEN_IPV6 };

	*tun = test_below(seed, 2) ? four : six;
	tun->id = cpu_to_be64(test_below(seed, 0x1000000));
	tun->tp_dst = cpu_to_be16((u16)test_below(seed, 2) * 4789);
	tun->tos = test_rand(seed) & 0xfc;
	tun->ttl = (u8)test_rand(seed);
	tun->flags = (u16)test_below(seed, CVSW_TUNNEL_F_MASK + 1) &
		     (u16)~CVSW_TUNNEL_F_ID_FLOW;
}

static void random_frame(u64 *seed, struct test_frame *f)
{
	static const u8 protos[] = { 6, 17, 1, 47 };

	*f = (struct test_frame){
		.ver = (u8)(test_below(seed, 3) * 2 + 2),
		.proto = protos[test_below(seed, 4)],
		.tos = (u8)test_rand(seed),
		.ttl = (u8)test_rand(seed),
		.id = (u16)test_rand(seed),
		.vlan_tci = test_below(seed, 4) ? 0 : 0xb123,
		.dl_type = 0x9000,
		.tp_src = (u16)(1 + test_below(seed, 4000)),
		.seq = test_rand(seed),
		.tcp_options = (u8)(test_below(seed, 3) * 4),
		.ext = (u8)(test_below(seed, 2) * 8),
		.udp_zero = !test_below(seed, 4),
		.payload = 46 + test_below(seed, 1500),
	};
	if (f->ver == 2)
		f->ver = 0;
	if (f->ver == 6) {
		f->udp_zero = 0;
		f->proto = f->proto == 1 ? 58 : f->proto;
	}
}

/* through up to three tunnels and back */
static void round_trip(struct cvsw_pool *pool, u64 *seed)
{
	u32 depth = 1 + test_below(seed, 3), i;
	struct cvsw_tunnel tun[3];
	struct test_frame f;
	struct cvsw_pkt pkt;
	struct cvsw_key key;
	u32 len;

	random_frame(seed, &f);
	len = test_build(&f, bytes);
	pkt = test_pkt(pool, bytes, len);
	for (i = 0; i < depth; i++) {
		if (test_below(seed, 2))
			cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key);
		random_tunnel(seed, &tun[i]);
		assert_int_equal(cvsw_tunnel_check(&tun[i], NULL), 0);
		assert_int_equal(endpoint_push(&pkt, &tun[i]), CVSW_DROP_NONE);
		test_pkt_strict(&pkt);
	}
	while (i--) {
		if (test_below(seed, 2))
			cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
				 CVSW_DROP_NONE);
		assert_true(pkt.tun_id == tun[i].id);
	}
	test_pkt_is(&pkt, bytes, len);
	cvsw_pkt_free(&pkt);
}

static void test_round_trips(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	u64 seed = test_seed();
	u32 i;

	for (i = 0; i < 3000; i++)
		round_trip(pool, &seed);
	cvsw_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_frames),
		cmocka_unit_test(test_known_inner_frames),
		cmocka_unit_test(test_scapy),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_outer_extras),
		cmocka_unit_test(test_known_checksum),
		cmocka_unit_test(test_partial_inside),
		cmocka_unit_test(test_peek),
		cmocka_unit_test(test_round_trips),
	};

	return cmocka_run_group_tests_name("vxlan", tests, NULL, NULL);
}

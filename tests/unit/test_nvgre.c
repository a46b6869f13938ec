// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* NVGRE on the wire: golden vectors both ways, and what must not get in. */

#include "endpoint.h"
#include "super.h"

#include "../golden/vectors.h"
#include "gso.h"
#include "key.h"
#include "tunnel.h"

static u8 bytes[TEST_FRAME_MAX], more[TEST_FRAME_MAX];

#define INNER								\
	"52540000000252540000000108004500002000014000401126ca0a0000010a00" \
	"000204571e61000c326e43565357"
#define INNER_TAGGED							\
	"5254000000025254000000018100a00a08004500002000014000401126ca0a00" \
	"00010a00000204571e61000c326e43565357"
#define OUTER4								\
	"02000000002202000000001108004500004a12344000402fd02dac100001ac10" \
	"0002"
#define NVGRE_PLAIN	OUTER4 "2000655801000a07" INNER
#define NVGRE_2014	OUTER4 "2000655800000aac" INNER

/* where headers are */
#define GRE		34
#define FLOW_ID		41
#define IN		42

static struct cvsw_tunnel endpoint(u8 family, u32 vsid)
{
	static const struct cvsw_tunnel four = { GOLDEN_IPV4 };
	static const struct cvsw_tunnel six = { GOLDEN_IPV6 };
	struct cvsw_tunnel tun = family == 4 ? four : six;

	tun.kind = CVSW_TUNNEL_NVGRE;
	tun.id = cpu_to_be64(vsid);
	return tun;
}

static void fix_ip(u8 *frame)
{
	put_unaligned_be16(0, frame + 24);
	put_unaligned_be16((u16)~test_sum(frame + 14, 20, 0), frame + 24);
}

static void push_is(struct cvsw_pool *pool, const struct cvsw_tunnel *tun,
		    const char *outer)
{
	struct cvsw_pkt pkt = test_pkt_hex(pool, INNER);
	u32 len, want;

	assert_int_equal(cvsw_tunnel_check(tun, NULL), 0);
	assert_int_equal(endpoint_push(&pkt, tun), CVSW_DROP_NONE);
	test_pkt_strict(&pkt);
	len = cvsw_pkt_len(&pkt);
	memcpy(bytes, cvsw_pkt_header(&pkt, 0, len), len);
	cvsw_pkt_free(&pkt);
	want = test_hex(outer, more, sizeof(more));
	bytes[FLOW_ID] = more[FLOW_ID];
	put_unaligned_be16(0x1234, bytes + 18);
	fix_ip(bytes);
	pkt = test_pkt(pool, bytes, len);
	test_pkt_is(&pkt, more, want);
	cvsw_pkt_free(&pkt);
}

static void pop_is(struct cvsw_pool *pool, const char *outer, u32 id)
{
	struct cvsw_pkt pkt = test_pkt_hex(pool, outer);

	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_NVGRE),
			 CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, test_hex(INNER, bytes, sizeof(bytes)));
	assert_true(pkt.tun_id == cpu_to_be64(id));
	cvsw_pkt_free(&pkt);
}

/* hand-made vectors that tshark agrees with; 10 is a reserved VSID */
static void test_known_frames(void **state)
{
	struct cvsw_tunnel tun = endpoint(4, 0x1000a);
	struct cvsw_pool *pool = cvsw_pool_new();

	push_is(pool, &tun, NVGRE_PLAIN);
	tun.id = cpu_to_be64(10);
	push_is(pool, &tun, NVGRE_2014);
	pop_is(pool, NVGRE_PLAIN, 0x1000a);
	pop_is(pool, NVGRE_2014, 10);
	cvsw_pool_free(pool);
}

/* the FlowID of a flow with @sport */
static u8 flow_id(struct cvsw_pool *pool, u16 sport, u32 payload)
{
	const struct test_frame f = {
		.ver = 4, .proto = 6, .tp_src = sport, .payload = payload,
	};
	struct cvsw_tunnel tun = endpoint(4, 0x1000);
	struct cvsw_pkt pkt = test_pkt(pool, bytes, test_build(&f, bytes));
	u8 id;

	assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
	id = *(const u8 *)cvsw_pkt_header(&pkt, FLOW_ID, 1);
	cvsw_pkt_free(&pkt);
	return id;
}

static void test_flow_id(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	unsigned int seen[256] = {}, used = 0;
	u32 i;
	u8 id;

	for (i = 1; i <= 2048; i++) {
		id = flow_id(pool, (u16)i, 10);
		assert_int_equal(flow_id(pool, (u16)i, 99), id);
		used += !seen[id]++;
	}
	assert_true(used > 240);
	for (i = 0; i < 256; i++)
		assert_true(seen[i] < 40);
	cvsw_pool_free(pool);
}

/*
 * struct mutation - vector 10 with up to 3 bytes replaced
 * @cut: bytes of GRE header and inner frame; 0 for all
 */
struct mutation {
	const char *name;
	struct {
		u8 off, value;
	} set[3];
	u8 cut;
	enum cvsw_drop drop;
};

static struct cvsw_pkt mutate(struct cvsw_pool *pool, const struct mutation *m)
{
	u32 len = test_hex(NVGRE_PLAIN, bytes, sizeof(bytes));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(m->set); i++)
		if (m->set[i].off)
			bytes[m->set[i].off] = m->set[i].value;
	if (m->cut) {
		len = GRE + m->cut;
		put_unaligned_be16((u16)(len - 14), bytes + 16);
	}
	fix_ip(bytes);
	return test_pkt(pool, bytes, len);
}

static void test_refused(void **state)
{
	static const struct mutation t[] = {
		{ "C=1", { { GRE, 0xa0 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "R=1", { { GRE, 0x60 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "S=1", { { GRE, 0x30 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "s=1", { { GRE, 0x28 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "K=0", { { GRE, 0 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "version 1", { { GRE + 1, 1 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "version 7", { { GRE + 1, 7 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "IPv4 inside", { { GRE + 2, 8 }, { GRE + 3, 0 } }, 0,
		  CVSW_DROP_TUNNEL_PROTO },
		{ "tagged inside", { { IN + 12, 0x81 }, { IN + 13, 0 } }, 0,
		  CVSW_DROP_TUNNEL_VLAN },
		{ "service tag inside", { { IN + 12, 0x88 },
		  { IN + 13, 0xa8 } }, 0, CVSW_DROP_TUNNEL_VLAN },
		{ "header truncated at 7 bytes", { { 0 } }, 7,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "header truncated at 1 byte", { { 0 } }, 1,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "no inner frame", { { 0 } }, 8, CVSW_DROP_TUNNEL_SHORT },
		{ "inner frame of 13 bytes", { { 0 } }, 21,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "UDP", { { 23, 17 } }, 0, CVSW_DROP_NOT_TUNNEL },
		{ "first fragment", { { 20, 0x20 } }, 0,
		  CVSW_DROP_TUNNEL_FRAG },
		{ "later fragment", { { 20, 0 }, { 21, 9 } }, 0,
		  CVSW_DROP_TUNNEL_FRAG },
		{ "outer CE, inner Not-ECT", { { 15, 3 } }, 0,
		  CVSW_DROP_TUNNEL_ECN },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(pool, &t[i]);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_NVGRE),
				 t[i].drop);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* bits that RFC 2784 has ignored, and any FlowID */
static void test_accepted(void **state)
{
	static const struct mutation t[] = {
		{ "reserved bits", { { GRE, 0x23 }, { GRE + 1, 0xf8 } }, 0, 0 },
		{ "FlowID 0", { { FLOW_ID, 0 } }, 0, 0 },
		{ "FlowID 255", { { FLOW_ID, 255 } }, 0, 0 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(pool, &t[i]);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_NVGRE),
				 CVSW_DROP_NONE);
		test_pkt_is(&pkt, bytes, test_hex(INNER, bytes, sizeof(bytes)));
		assert_true(pkt.tun_id == cpu_to_be64(0x1000a));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* a tagged frame is not pushed, and stays as it is */
static void test_push_tagged(void **state)
{
	static const u16 tpids[] = { 0x8100, 0x88a8 };
	struct cvsw_tunnel tun = endpoint(4, 0x1000);
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(tpids); i++) {
		len = test_hex(INNER_TAGGED, bytes, sizeof(bytes));
		put_unaligned_be16(tpids[i], bytes + 12);
		pkt = test_pkt(pool, bytes, len);
		assert_int_equal(endpoint_push(&pkt, &tun),
				 CVSW_DROP_TUNNEL_VLAN);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* what tun_id a frame is looked up with */
static void test_peek(void **state)
{
	static const struct {
		struct mutation m;
		u32 id;
	} t[] = {
		{ { .name = "" }, 0x1000a },
		/* the tag is for who is at the end */
		{ { .set = { { IN + 12, 0x81 }, { IN + 13, 0 } } }, 0x1000a },
		/* C=1, version, IPv4, fragment, ICMP, truncated */
		{ { .set = { { GRE, 0xa0 } } }, 99 },
		{ { .set = { { GRE + 1, 1 } } }, 99 },
		{ { .set = { { GRE + 2, 8 } } }, 99 },
		{ { .set = { { 20, 0x20 } } }, 99 },
		{ { .set = { { 23, 1 }, { GRE + 1, 0 } } }, 99 },
		{ { .cut = 7 }, 99 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_key key;
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		pkt = mutate(pool, &t[i].m);
		pkt.tun_id = cpu_to_be64(99);	/* of a tunnel popped before */
		cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NX_MATCH, &key);
		endpoint_peek(&pkt, &key, 4789, 6081, 7471);
		assert_true(key.tun_id == cpu_to_be64(t[i].id));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* Super-frames */

struct sink {
	u32 n, payload;
	u32 vsid;
};

/* each segment is popped: how much payload is inside */
static void sink_pop(void *arg, struct cvsw_pkt *pkt)
{
	struct sink *sink = arg;
	const u8 *ip;

	test_pkt_strict(pkt);
	assert_int_equal(endpoint_pop(pkt, CVSW_TUNNEL_NVGRE), CVSW_DROP_NONE);
	assert_true(pkt->tun_id == cpu_to_be64(sink->vsid));
	test_pkt_strict(pkt);
	ip = cvsw_pkt_header(pkt, 14, 20);
	sink->payload += get_unaligned_be16(ip + 2) - 40u;
	sink->n++;
	cvsw_pkt_free(pkt);
}

/* it goes in whole, comes out whole, or is cut in between */
static void test_super_frames(void **state)
{
	static const struct test_super inner = {
		{ .ver = 4, .proto = 6, .payload = 50000, .tcp_flags = 0x18 },
		.size = 1400,
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_offload before, off;
	struct cvsw_pkt pkt, copy;
	u8 family;
	u32 len;

	for (family = 4; family <= 6; family += 2) {
		struct cvsw_tunnel tun = endpoint(family, 0xfffffe);
		struct sink sink = { .vsid = 0xfffffe };

		pkt = test_super_pkt(pool, &inner);
		len = cvsw_pkt_len(&pkt);
		memcpy(bytes, cvsw_pkt_header(&pkt, 0, len), len);
		cvsw_pkt_offload_get(&pkt, &before);
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
		cvsw_pkt_offload_get(&pkt, &off);
		assert_int_equal(off.outer, CVSW_OUTER_GRE);
		assert_int_equal(off.tunnel, family);
		assert_int_equal(cvsw_gso_needs(&pkt), CVSW_OFFLOAD_CSUM |
				 CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_GRE);
		assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
		assert_int_equal(cvsw_gso_lower(&copy, 0, sink_pop, &sink), 0);
		assert_int_equal(sink.n, 36);
		assert_int_equal(sink.payload, 50000);

		/* in a second tunnel only its segments have room */
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_CUT);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_NVGRE),
				 CVSW_DROP_NONE);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_offload_get(&pkt, &off);
		assert_memory_equal(&off, &before, sizeof(off));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* a super-frame whose headers are not those that it is popped of */
static void test_foreign_super_frame(void **state)
{
	static const struct test_super vxlan = {
		{ .ver = 4, .proto = 6, .payload = 5000 }, { .ver = 4 },
		.size = 1400,
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt = test_super_pkt(pool, &vxlan);
	struct cvsw_tunnel tun = endpoint(4, 10);

	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_NVGRE),
			 CVSW_DROP_NOT_TUNNEL);
	cvsw_pkt_free(&pkt);

	/* an IP packet in GRE that is no Ethernet, with super-frame state */
	pkt = test_super_pkt(pool, &(struct test_super){
		.inner = { .ver = 4, .proto = 6, .payload = 5000 },
		.size = 1400 });
	assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
	put_unaligned_be16(0x0800, cvsw_pkt_writable(&pkt, GRE + 2, 2));
	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_NVGRE),
			 CVSW_DROP_TUNNEL_PROTO);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/* any frame, through up to three tunnels and back */
static void test_round_trips(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	u64 seed = test_seed();
	struct cvsw_tunnel tun[3];
	struct test_super s;
	struct cvsw_pkt pkt;
	u32 i, depth, d, len;

	for (i = 0; i < 2000; i++) {
		test_super_random(&seed, &s);
		s.inner.vlan_tci = 0;
		s.inner.payload = test_below(&seed, 1400);
		len = test_build(&s.inner, bytes);
		pkt = test_pkt(pool, bytes, len);
		depth = 1 + test_below(&seed, 3);
		for (d = 0; d < depth; d++) {
			tun[d] = endpoint(test_below(&seed, 2) ? 4 : 6,
					  test_below(&seed, 0x1000000));
			tun[d].flags = (u16)test_below(&seed, 32) &
				       (u16)~CVSW_TUNNEL_F_CSUM;
			tun[d].tos = test_rand(&seed) & 0xfc;
			assert_int_equal(cvsw_tunnel_check(&tun[d], NULL), 0);
			assert_int_equal(endpoint_push(&pkt, &tun[d]),
					 CVSW_DROP_NONE);
			test_pkt_strict(&pkt);
		}
		while (d--) {
			assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_NVGRE),
					 CVSW_DROP_NONE);
			assert_true(pkt.tun_id == tun[d].id);
		}
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_frames),
		cmocka_unit_test(test_flow_id),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_push_tagged),
		cmocka_unit_test(test_peek),
		cmocka_unit_test(test_super_frames),
		cmocka_unit_test(test_foreign_super_frame),
		cmocka_unit_test(test_round_trips),
	};

	return cmocka_run_group_tests_name("nvgre", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Endpoints, templates, and what outer headers take from inner ones and back. */

#include "endpoint.h"
#include "super.h"
#include "util.h"

#include "key.h"
#include "tunnel.h"

static u8 bytes[TEST_FRAME_MAX], more[TEST_FRAME_MAX];

static struct cvsw_tunnel endpoint(u8 family)
{
	static const u8 v4[2][4] = { { 172, 16, 0, 1 }, { 172, 16, 0, 2 } };
	struct cvsw_tunnel tun = {
		.id = cpu_to_be64(10),
		.dl_src = { 2, 0, 0, 0, 0, 0x11 },
		.dl_dst = { 2, 0, 0, 0, 0, 0x22 },
		.kind = CVSW_TUNNEL_VXLAN,
		.family = family,
	};

	if (family == 4) {
		memcpy(tun.nw_src, v4[0], 4);
		memcpy(tun.nw_dst, v4[1], 4);
	} else {
		tun.nw_src[0] = tun.nw_dst[0] = 0xfd;
		tun.nw_src[15] = 1;
		tun.nw_dst[15] = 2;
	}
	return tun;
}

static enum cvsw_drop push(struct cvsw_pkt *pkt, const struct cvsw_tunnel *tun)
{

	assert_int_equal(cvsw_tunnel_check(tun, NULL), 0);
	return endpoint_push(pkt, tun);
}

static struct cvsw_pkt build(struct cvsw_pool *pool, const struct test_frame *f)
{
	u32 len = test_build(f, bytes);

	return test_pkt(pool, bytes, len);
}

static const u8 *at(const struct cvsw_pkt *pkt, u32 off)
{
	const u8 *p = cvsw_pkt_header(pkt, off, 1);

	assert_non_null(p);
	return p;
}

static u16 source_port(const struct cvsw_pkt *pkt, u8 family)
{
	return get_unaligned_be16(at(pkt, family == 4 ? 34 : 54));
}

static void test_registry(void **state)
{
	static const u8 absent[] = {
		CVSW_TUNNEL_NONE, CVSW_TUNNEL_STT + 1, 99,
	};
	size_t i;

	assert_ptr_equal(cvsw_tunnel_type_get(CVSW_TUNNEL_VXLAN),
			 &cvsw_tunnel_vxlan);
	assert_string_equal(cvsw_tunnel_vxlan.name, "VXLAN");
	for (i = 0; i < ARRAY_SIZE(absent); i++)
		assert_null(cvsw_tunnel_type_get(absent[i]));
}

/* one byte of a good endpoint is changed; what the error says */
static void test_check(void **state)
{
#define FIELD(name)	offsetof(struct cvsw_tunnel, name)
	static const struct {
		const char *text;
		u32 off;
		u8 family, value;
		int ret;
	} t[] = {
		{ NULL, FIELD(ttl), 4, 255, 0 },
		{ NULL, FIELD(tos), 4, 0xfc, 0 },
		{ NULL, FIELD(nw_dst), 4, 224, 0 },
		{ NULL, FIELD(nw_dst), 6, 0xff, 0 },
		{ NULL, FIELD(dl_dst), 4, 0x03, 0 },
		{ NULL, FIELD(tp_dst), 4, 0x21, 0 },
		{ NULL, FIELD(id) + 5, 4, 0xff, 0 },
		{ "id too large", FIELD(id) + 4, 4, 1, -EINVAL },
		{ "id too large", FIELD(id), 4, 1, -EINVAL },
		{ "unknown kind", FIELD(kind), 4, 0, -EINVAL },
		{ "unknown kind", FIELD(kind), 4, 5, -EINVAL },
		{ NULL, FIELD(kind), 4, CVSW_TUNNEL_GENEVE, 0 },
		{ NULL, FIELD(kind), 4, CVSW_TUNNEL_NVGRE, 0 },
		{ NULL, FIELD(kind), 4, CVSW_TUNNEL_STT, 0 },
		{ "neither 4 nor 6", FIELD(family), 4, 0, -EINVAL },
		{ "neither 4 nor 6", FIELD(family), 4, 5, -EINVAL },
		{ "more than an IPv4", FIELD(family), 6, 4, -EINVAL },
		{ "more than an IPv4", FIELD(nw_src) + 4, 4, 1, -EINVAL },
		{ "more than an IPv4", FIELD(nw_dst) + 15, 4, 1, -EINVAL },
		{ "not of one host", FIELD(nw_src), 4, 224, -EINVAL },
		{ "not of one host", FIELD(nw_src), 4, 239, -EINVAL },
		{ "not of one host", FIELD(nw_src), 6, 0xff, -EINVAL },
		{ "source MAC is a group", FIELD(dl_src), 4, 3, -EINVAL },
		{ "low bits of tos", FIELD(tos), 4, 0x01, -EINVAL },
		{ "low bits of tos", FIELD(tos), 4, 0xb9, -EINVAL },
		{ "pad", FIELD(pad) + 2, 4, 1, -EINVAL },
	};
#undef FIELD
	struct cvsw_error err;
	struct cvsw_tunnel tun;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		tun = endpoint(t[i].family);
		((u8 *)&tun)[t[i].off] = t[i].value;
		err = (struct cvsw_error){};
		assert_int_equal(cvsw_tunnel_check(&tun, &err), t[i].ret);
		assert_int_equal(cvsw_tunnel_check(&tun, NULL), t[i].ret);
		if (!t[i].text)
			assert_null(err.text);
		else
			assert_non_null(strstr(err.text, t[i].text));
	}
}

static void test_check_absent(void **state)
{
	static const struct {
		const char *text;
		u32 off, n;
	} t[] = {
		{ NULL, offsetof(struct cvsw_tunnel, nw_src), 16 },
		{ "no destination address",
		  offsetof(struct cvsw_tunnel, nw_dst), 16 },
		{ NULL, offsetof(struct cvsw_tunnel, dl_src), 6 },
		{ NULL, offsetof(struct cvsw_tunnel, dl_dst), 6 },
	};
	struct cvsw_error err;
	struct cvsw_tunnel tun;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		tun = endpoint(i & 1 ? 4 : 6);
		memset((u8 *)&tun + t[i].off, 0, t[i].n);
		if (!t[i].text) {	/* the way there says it */
			assert_int_equal(cvsw_tunnel_check(&tun, &err), 0);
			continue;
		}
		assert_int_equal(cvsw_tunnel_check(&tun, &err), -EINVAL);
		assert_non_null(strstr(err.text, t[i].text));
	}
	tun = endpoint(4);
	memset(tun.nw_src, 0xff, 4);
	assert_int_equal(cvsw_tunnel_check(&tun, &err), -EINVAL);
	assert_non_null(strstr(err.text, "not of one host"));
	tun = endpoint(4);
	tun.flags = CVSW_TUNNEL_F_MASK;
	tun.id = cpu_to_be64(1);
	assert_int_equal(cvsw_tunnel_check(&tun, &err), -EINVAL);
	assert_non_null(strstr(err.text, "that of the frame"));
	tun.id = 0;
	assert_int_equal(cvsw_tunnel_check(&tun, &err), 0);
	tun.flags = CVSW_TUNNEL_F_MASK + 1;
	assert_int_equal(cvsw_tunnel_check(&tun, &err), -EINVAL);
	assert_non_null(strstr(err.text, "unknown flag"));
}

/* many flows: all in the range, spread over all of it */
static void test_source_port_range(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_tunnel tun = endpoint(4);
	u32 hits[64] = { 0 };
	u32 i;

	for (i = 0; i < 6400; i++) {
		struct test_frame f = {
			.ver = i & 1 ? 4 : 6, .proto = i & 2 ? 6 : 17,
			.tp_src = (u16)(1024 + i), .payload = 4,
		};
		struct cvsw_pkt pkt = build(pool, &f);
		u16 port;

		assert_int_equal(push(&pkt, &tun), CVSW_DROP_NONE);
		port = source_port(&pkt, 4);
		assert_in_range(port, 49152, 65535);
		hits[(port - 49152) / 256]++;
		cvsw_pkt_free(&pkt);
	}
	for (i = 0; i < ARRAY_SIZE(hits); i++)
		assert_in_range(hits[i], 50, 150);
	cvsw_pool_free(pool);
}

/* @b in the same flow as @a or not, by whatever parse state */
static void source_port_case(const struct test_frame *a,
			     const struct test_frame *b, bool same)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_tunnel tun = endpoint(6);
	struct cvsw_pkt x = build(pool, a), y = build(pool, b);
	struct cvsw_key key;

	cvsw_key_extract(&x, CVSW_FRAG_MODE_NORMAL, &key);
	assert_int_equal(push(&x, &tun), CVSW_DROP_NONE);
	assert_int_equal(push(&y, &tun), CVSW_DROP_NONE);
	assert_int_equal(source_port(&x, 6) == source_port(&y, 6), same);
	cvsw_pkt_free(&x);
	cvsw_pkt_free(&y);
	cvsw_pool_free(pool);
}

static void test_source_port_flow(void **state)
{
	static const struct {
		struct test_frame a, b;
		bool same;
	} t[] = {
		{ { .ver = 4, .proto = 6, .seq = 1, .payload = 9 },
		  { .ver = 4, .proto = 6, .seq = 7, .payload = 90, .id = 3,
		    .tos = 8, .ttl = 3, .vlan_tci = 0x1005 }, true },
		{ { .ver = 4, .proto = 6 }, { .ver = 4, .proto = 17 }, false },
		{ { .ver = 4, .proto = 6 },
		  { .ver = 4, .proto = 6, .tp_dst = 81 }, false },
		{ { .ver = 4, .proto = 17 },
		  { .ver = 4, .proto = 17, .nw_dst = { 10, 0, 0, 3 } }, false },
		{ { .ver = 6, .proto = 17, .payload = 1 },
		  { .ver = 6, .proto = 17, .payload = 80, .tos = 3 }, true },
		{ { .ver = 6, .proto = 17 },
		  { .ver = 6, .proto = 17, .nw_src = { 0xfd, 1 } }, false },
		{ { .ver = 6, .proto = 17 },
		  { .ver = 6, .proto = 17, .tp_src = 99 }, false },
		/* ICMP: not by what lies where others have ports */
		{ { .ver = 4, .proto = 1, .tp_src = 8, .payload = 9 },
		  { .ver = 4, .proto = 1, .payload = 77 }, true },
		{ { .ver = 6, .proto = 58, .tp_src = 128, .payload = 9 },
		  { .ver = 6, .proto = 58, .payload = 77 }, true },
		/* fragments of one packet, the second without a UDP header */
		{ { .ver = 4, .proto = 17, .frag_off = 0x2000, .payload = 80 },
		  { .ver = 4, .proto = 17, .tp_src = 7, .frag_off = 11,
		    .payload = 3 }, true },
		/* not IP: by MACs */
		{ { .dl_type = 0x9000, .payload = 50 },
		  { .dl_type = 0x9000, .payload = 60, .seq = 4 }, true },
		{ { .dl_type = 0x9000, .payload = 50 },
		  { .dl_type = 0x9000, .payload = 50,
		    .dl_src = { 2, 0, 0, 0, 0, 9 } }, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		source_port_case(&t[i].a, &t[i].b, t[i].same);
}

static u8 outer_tos(const struct cvsw_pkt *pkt, u8 family)
{
	if (family == 4)
		return *at(pkt, 15);
	return (u8)(get_unaligned_be16(at(pkt, 14)) >> 4);
}

static u8 outer_ttl(const struct cvsw_pkt *pkt, u8 family)
{
	return *at(pkt, family == 4 ? 22 : 21);
}

static void test_tos_and_ttl(void **state)
{
	static const struct {
		u8 inner_ver, inner_tos, inner_ttl;	/* ver 0: not IP */
		u8 flags, set_tos, set_ttl;
		u8 tos, ttl;
	} t[] = {
		{ 4, 0x00, 9, 0, 0x00, 0, 0x00, 64 },
		{ 4, 0xb8, 9, 0, 0x00, 0, 0x00, 64 },
		{ 4, 0xb8, 9, 0, 0x28, 7, 0x28, 7 },
		{ 4, 0xb9, 9, 0, 0x28, 255, 0x29, 255 },
		{ 6, 0xba, 9, 0, 0x28, 0, 0x2a, 64 },
		{ 6, 0xbb, 9, 0, 0xfc, 0, 0xff, 64 },
		{ 4, 0xbb, 9, 0, 0x00, 0, 0x03, 64 },
		{ 4, 0xb9, 9, CVSW_TUNNEL_F_TOS_INHERIT, 0x28, 7, 0xb9, 7 },
		{ 6, 0xba, 9, CVSW_TUNNEL_F_TOS_INHERIT, 0x28, 7, 0xba, 7 },
		{ 4, 0xb8, 9, CVSW_TUNNEL_F_TTL_INHERIT, 0x28, 7, 0x28, 9 },
		{ 6, 0xb8, 1, CVSW_TUNNEL_F_TTL_INHERIT, 0x28, 7, 0x28, 1 },
		{ 0, 0, 0, CVSW_TUNNEL_F_TTL_INHERIT | CVSW_TUNNEL_F_TOS_INHERIT,
		  0x28, 7, 0x28, 7 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	size_t i;
	u8 family;

	for (i = 0; i < 2 * ARRAY_SIZE(t); i++) {
		struct test_frame f = {
			.ver = t[i / 2].inner_ver, .tos = t[i / 2].inner_tos,
			.ttl = t[i / 2].inner_ttl, .proto = 17,
			.dl_type = 0x9000, .payload = 46,
		};
		struct cvsw_pkt pkt = build(pool, &f);
		struct cvsw_tunnel tun;

		family = i & 1 ? 6 : 4;
		tun = endpoint(family);
		tun.flags = t[i / 2].flags;
		tun.tos = t[i / 2].set_tos;
		tun.ttl = t[i / 2].set_ttl;
		assert_int_equal(push(&pkt, &tun), CVSW_DROP_NONE);
		assert_int_equal(outer_tos(&pkt, family), t[i / 2].tos);
		assert_int_equal(outer_ttl(&pkt, family), t[i / 2].ttl);
		test_pkt_strict(&pkt);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* with DF the ID is 0; without it differs from packet to packet of a flow */
static void test_df_and_id(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_tunnel tun = endpoint(4);
	u32 i, equal = 0;
	u16 id, last = 0;

	for (i = 0; i < 200; i++) {
		struct test_frame f = {
			.ver = i & 1 ? 6 : 4, .proto = 6, .seq = i / 2 * 100,
			.payload = 100,
		};
		struct cvsw_pkt pkt = build(pool, &f);

		tun.flags = i < 100 ? 0 : CVSW_TUNNEL_F_NO_DF;
		assert_int_equal(push(&pkt, &tun), CVSW_DROP_NONE);
		test_pkt_strict(&pkt);
		id = get_unaligned_be16(at(&pkt, 18));
		assert_int_equal(get_unaligned_be16(at(&pkt, 20)),
				 i < 100 ? 0x4000 : 0);
		if (i < 100)
			assert_int_equal(id, 0);
		else
			equal += id == last;
		last = id;
		cvsw_pkt_free(&pkt);
	}
	assert_in_range(equal, 0, 2);
	cvsw_pool_free(pool);
}

/* @frame in a tunnel whose outer ECN is @ecn */
static struct cvsw_pkt tunnelled(struct cvsw_pool *pool, u8 family, u8 ecn,
				 const struct test_frame *inner)
{
	struct test_frame outer = {
		.ver = family, .tos = ecn, .tp_src = 50000,
	};
	u32 len = test_build(inner, bytes);

	len = test_vxlan(&outer, 10, bytes, len, more);
	return test_pkt(pool, more, len);
}

/* RFC 6040 figure 4, as it is printed there */
static void test_ecn_decap(void **state)
{
	enum { NOT = 0, ECT1 = 1, ECT0 = 2, CE = 3, DROP = 4 };
	static const u8 codes[4] = { NOT, ECT0, ECT1, CE };
	static const u8 figure[4][4] = {	/* [inner][outer] */
		{ NOT,	NOT,	NOT,	DROP },
		{ ECT0,	ECT0,	ECT1,	CE },
		{ ECT1,	ECT1,	ECT1,	CE },
		{ CE,	CE,	CE,	CE },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	u32 i, n;

	for (n = 0; n < 8 * 16; n++) {
		u8 want = figure[n >> 2 & 3][n & 3];
		struct test_frame inner = {
			.ver = n & 16 ? 4 : 6, .proto = n & 32 ? 6 : 17,
			.tos = 0xb8 | codes[n >> 2 & 3], .payload = 33,
			.vlan_tci = n & 64 ? 0x1007 : 0,
		};
		struct cvsw_pkt pkt;

		for (i = 4; i <= 6; i += 2) {
			enum cvsw_drop drop;

			inner.tos = 0xb8 | codes[n >> 2 & 3];
			pkt = tunnelled(pool, (u8)i, codes[n & 3], &inner);
			drop = endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN);
			if (want == DROP) {
				assert_int_equal(drop, CVSW_DROP_TUNNEL_ECN);
			} else {
				assert_int_equal(drop, CVSW_DROP_NONE);
				inner.tos = 0xb8 | want;
				test_pkt_is(&pkt, bytes,
					    test_build(&inner, bytes));
				test_pkt_strict(&pkt);
			}
			cvsw_pkt_free(&pkt);
		}
	}
	cvsw_pool_free(pool);
}

/* a frame without ECN field has nothing to lose */
static void test_ecn_decap_not_ip(void **state)
{
	static const struct test_frame inner = {
		.dl_type = 0x9000, .payload = 46,
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt = tunnelled(pool, 4, 3, &inner);

	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
			 CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, test_build(&inner, bytes));
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

static void test_too_long(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	static const struct {
		u8 family;
		u32 len;
		enum cvsw_drop drop;
	} t[] = {
		{ 4, 65535 - 50, CVSW_DROP_NONE },
		{ 4, 65535 - 49, CVSW_DROP_TUNNEL_LONG },
		{ 4, 65535, CVSW_DROP_TUNNEL_LONG },
		{ 6, 65535 - 70, CVSW_DROP_NONE },
		{ 6, 65535 - 69, CVSW_DROP_TUNNEL_LONG },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		struct test_frame f = {
			.ver = 4, .proto = 17, .payload = t[i].len - 42,
		};
		struct cvsw_tunnel tun = endpoint(t[i].family);
		struct cvsw_pkt pkt = build(pool, &f);

		assert_int_equal(push(&pkt, &tun), t[i].drop);
		if (t[i].drop)
			test_pkt_is(&pkt, bytes, t[i].len);
		else
			test_pkt_strict(&pkt);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* a TCP super-frame of @ver */
static struct cvsw_pkt super_frame(struct cvsw_pool *pool, u8 ver)
{
	const struct test_frame f = {
		.ver = ver, .proto = 6, .payload = 5000, .partial = 1,
		.tos = 0x02,
	};
	const struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL,
		.gso_type = ver == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6,
		.gso_size = 1400,
		.csum_start = (u16)test_l4(&f),
		.csum_offset = 16,
	};
	struct cvsw_pkt pkt = build(pool, &f);

	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	return pkt;
}

static void super_frame_case(u8 family, u8 ver, u16 flags)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt = super_frame(pool, ver);
	struct cvsw_tunnel tun = endpoint(family);
	u32 len = cvsw_pkt_len(&pkt), n = family == 4 ? 50 : 70;
	u32 l3 = n + 14, l4 = l3 + (ver == 4 ? 20 : 40);
	struct cvsw_offload before, off;
	u16 seed;

	cvsw_pkt_offload_get(&pkt, &before);
	tun.flags = flags;
	assert_int_equal(push(&pkt, &tun), CVSW_DROP_NONE);
	assert_int_equal(cvsw_pkt_len(&pkt), len + n);
	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_PARTIAL);
	assert_int_equal(off.gso_type, before.gso_type);
	assert_int_equal(off.gso_size, 1400);
	assert_int_equal(off.tunnel, family);
	assert_int_equal(off.tunnel_csum, !!flags);
	assert_int_equal(off.csum_start, l4);
	assert_int_equal(off.outer_l4, n - 16);
	assert_int_equal(off.inner_l3, l3);
	assert_int_equal(get_unaligned_be16(at(&pkt, n - 12)), len + 16);
	seed = get_unaligned_be16(at(&pkt, n - 10));
	assert_int_equal(!seed, !flags);
	assert_memory_equal(at(&pkt, n), bytes, len);

	/* no tunnel in a tunnel for super-frames, but for their segments */
	assert_int_equal(push(&pkt, &tun), CVSW_CUT);

	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
			 CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, len);
	cvsw_pkt_offload_get(&pkt, &off);
	assert_memory_equal(&off, &before, sizeof(off));
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

static void test_super_frames(void **state)
{
	u8 i;

	for (i = 0; i < 8; i++)
		super_frame_case(i & 1 ? 4 : 6, i & 2 ? 4 : 6,
				 i & 4 ? CVSW_TUNNEL_F_CSUM : 0);
}

/* of a super-frame that is too long then, the segments fit */
static void test_super_too_long(void **state)
{
	static const struct test_super s = {
		.inner = { .ver = 4, .proto = 6, .payload = 65535 - 54 },
		.size = 1400,
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_tunnel tun = endpoint(4);
	struct cvsw_offload before, off;
	struct cvsw_pkt pkt = test_super_pkt(pool, &s);

	cvsw_pkt_offload_get(&pkt, &before);
	for (tun.kind = 1; cvsw_tunnel_type_get(tun.kind); tun.kind++) {
		assert_int_equal(push(&pkt, &tun), CVSW_CUT);
		assert_int_equal(cvsw_pkt_len(&pkt), 65535);
		cvsw_pkt_offload_get(&pkt, &off);
		assert_memory_equal(&off, &before, sizeof(off));
	}
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/* a super-frame of datagrams, each of which is a VXLAN packet of its own */
static void test_foreign_super_frame(void **state)
{
	static const struct test_frame f = {
		.ver = 4, .proto = 17, .tp_dst = 4789, .payload = 3000,
		.partial = 1,
	};
	static const struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .gso_type = CVSW_GSO_UDP_L4,
		.gso_size = 1000, .csum_start = 34, .csum_offset = 6,
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt = build(pool, &f);

	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN), CVSW_CUT);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/* without memory a clone stays what it is */
static void test_no_memory(void **state)
{
	static const struct test_frame f = { .ver = 4, .proto = 6 };
	struct cvsw_tunnel tun = endpoint(4);
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt = build(pool, &f), copy;
	u32 len = cvsw_pkt_len(&pkt);

	assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
	cvsw_alloc_fail_at(1);
	assert_int_equal(push(&copy, &tun), CVSW_DROP_NO_MEMORY);
	cvsw_alloc_fail_at(0);
	test_pkt_is(&copy, bytes, len);
	assert_int_equal(push(&copy, &tun), CVSW_DROP_NONE);
	test_pkt_strict(&copy);
	test_pkt_is(&pkt, bytes, len);
	cvsw_pkt_free(&pkt);
	cvsw_pkt_free(&copy);
	cvsw_pool_free(pool);
}

static void test_parse_results_unknown(void **state)
{
	static const struct test_frame f = { .ver = 6, .proto = 17 };
	struct cvsw_tunnel tun = endpoint(4);
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt = build(pool, &f);
	struct cvsw_key key;

	cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key);
	assert_int_equal(push(&pkt, &tun), CVSW_DROP_NONE);
	assert_int_equal(pkt.l3, 0);
	cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key);
	assert_int_equal(pkt.l3, 14);
	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN),
			 CVSW_DROP_NONE);
	assert_int_equal(pkt.l3, 0);
	assert_true(pkt.tun_id == cpu_to_be64(10));
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_absent),
		cmocka_unit_test(test_source_port_range),
		cmocka_unit_test(test_source_port_flow),
		cmocka_unit_test(test_tos_and_ttl),
		cmocka_unit_test(test_df_and_id),
		cmocka_unit_test(test_ecn_decap),
		cmocka_unit_test(test_ecn_decap_not_ip),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_super_frames),
		cmocka_unit_test(test_super_too_long),
		cmocka_unit_test(test_foreign_super_frame),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_parse_results_unknown),
	};

	return cmocka_run_group_tests_name("tunnel", tests, NULL, NULL);
}

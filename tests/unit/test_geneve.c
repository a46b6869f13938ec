// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Geneve on the wire: golden vectors both ways, and what must not get in. */

#include "endpoint.h"
#include "util.h"

#include "../golden/vectors.h"
#include "key.h"
#include "opts.h"
#include "tunnel.h"

static u8 bytes[TEST_FRAME_MAX], more[TEST_FRAME_MAX];

/* the source port of the golden vectors, and of the hand-made ones */
#define GOLDEN_PORT	50000

#define INNER								\
	"52540000000252540000000108004500002000014000401126ca0a0000010a00" \
	"000204571e61000c326e43565357"

/* outer headers of @len bytes of UDP payload, with lengths in hex */
#define OUTER4(ip_len, ip_csum, udp_len, udp_csum)			\
	"020000000022020000000011080045000" ip_len "12344000" "4011"	\
	ip_csum "ac100001ac100002" "c35017c1" udp_len udp_csum

#define GENEVE_PLAIN							\
	OUTER4("052", "d043", "003e", "c458") "0000655800000a00" INNER
#define GENEVE_OPTION							\
	OUTER4("05a", "d03b", "0046", "4102") "0240655800000a00"	\
	"0102800100010002" INNER
#define GENEVE_OAM							\
	OUTER4("052", "d043", "003e", "c3d8") "0080655800000a00" INNER

static u16 field(const u8 *p)
{
	return get_unaligned_be16(p);
}

/* recompute the outer checksums of an IPv4 frame, by the book */
static void fix_outer(u8 *frame)
{
	u32 len = field(frame + 38), sum;

	put_unaligned_be16(0, frame + 24);
	put_unaligned_be16((u16)~test_sum(frame + 14, 20, 0), frame + 24);
	if (!field(frame + 40))
		return;
	put_unaligned_be16(0, frame + 40);
	sum = test_sum(frame + 26, 8, 17 + len);
	sum = (u16)~test_sum(frame + 34, len, sum);
	put_unaligned_be16((u16)(sum ? sum : 0xffff), frame + 40);
}

/* the option of vector 8, as a flow pushes and as a flow matches it */
static const struct cvsw_tunnel_opt option = {
	.opt_class = GOLDEN_BE16(0x0102), .type = 0x80, .len = 4,
	.data = { 0, 1, 0, 2 },
};

static const struct cvsw_tunnel golden = {
	.id = GOLDEN_BE64(10), GOLDEN_IPV4
	.flags = CVSW_TUNNEL_F_CSUM,
};

static struct cvsw_tunnel endpoint(void)
{
	struct cvsw_tunnel tun = golden;

	tun.kind = CVSW_TUNNEL_GENEVE;
	return tun;
}

static enum cvsw_drop pop_with(struct cvsw_pkt *pkt,
			       const struct cvsw_opts *opts)
{
	return endpoint_pop_with(pkt, CVSW_TUNNEL_GENEVE, opts);
}

/* a set that knows @opt, as number @nr */
static void known(struct cvsw_opts *set, unsigned int nr,
		  const struct cvsw_tunnel_opt *opt)
{
	struct cvsw_opt_match match = { .value = *opt };

	memset(match.mask, 0xff, opt->len);
	cvsw_opts_put(set, nr, &match);
}

static void push_is(struct cvsw_pool *pool, const struct cvsw_tunnel *tun,
		    const struct cvsw_tunnel_opt *opts, unsigned int n,
		    const char *outer)
{
	struct cvsw_pkt pkt = test_pkt_hex(pool, INNER);
	u32 len;

	assert_int_equal(cvsw_tunnel_check(tun, NULL), 0);
	assert_int_equal(endpoint_push_with(&pkt, tun, opts, n),
			 CVSW_DROP_NONE);
	test_pkt_strict(&pkt);
	len = cvsw_pkt_len(&pkt);
	memcpy(bytes, cvsw_pkt_header(&pkt, 0, len), len);
	cvsw_pkt_free(&pkt);
	assert_true(field(bytes + 34) >= CVSW_TUNNEL_SPORT_MIN);
	put_unaligned_be16(GOLDEN_PORT, bytes + 34);
	put_unaligned_be16(0x1234, bytes + 18);
	fix_outer(bytes);
	pkt = test_pkt(pool, bytes, len);
	test_pkt_is(&pkt, more, test_hex(outer, more, sizeof(more)));
	cvsw_pkt_free(&pkt);
}

/* hand-made vectors that tshark agrees with */
static void test_known_frames(void **state)
{
	struct cvsw_tunnel tun = endpoint();
	struct cvsw_pool *pool = cvsw_pool_new();
	static struct cvsw_opts set;
	struct cvsw_pkt pkt;

	push_is(pool, &tun, NULL, 0, GENEVE_PLAIN);
	push_is(pool, &tun, &option, 1, GENEVE_OPTION);

	pkt = test_pkt_hex(pool, GENEVE_PLAIN);
	pkt.tun_opts = 7;		/* of a tunnel popped before */
	assert_int_equal(pop_with(&pkt, NULL), CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, test_hex(INNER, bytes, sizeof(bytes)));
	assert_true(pkt.tun_id == cpu_to_be64(10));
	assert_true(!pkt.tun_opts && pkt.popped);
	cvsw_pkt_free(&pkt);

	known(&set, 3, &option);
	pkt = test_pkt_hex(pool, GENEVE_OPTION);
	assert_int_equal(pop_with(&pkt, &set), CVSW_DROP_NONE);
	test_pkt_is(&pkt, bytes, test_hex(INNER, bytes, sizeof(bytes)));
	assert_true(pkt.tun_id == cpu_to_be64(10));
	assert_true(pkt.tun_opts == 1 << 3);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/*
 * struct mutation - a frame with up to 4 bytes replaced, then checksums fixed
 * @set: from the Geneve header on, 0 ends; @cut: UDP payload, 0 for the whole
 */
struct mutation {
	const char *name;
	const char *frame;
	struct {
		u8 off, value;
	} set[5];
	u8 cut;
	enum cvsw_drop drop;
};

#define HDR	42		/* offset of the Geneve header */

static struct cvsw_pkt mutate(struct cvsw_pool *pool, const struct mutation *m)
{
	u32 len = test_hex(m->frame, bytes, sizeof(bytes));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(m->set); i++)
		if (m->set[i].off)
			bytes[m->set[i].off] = m->set[i].value;
	if (m->cut) {
		len = HDR + m->cut;
		put_unaligned_be16((u16)(len - 14), bytes + 16);
		put_unaligned_be16((u16)(len - 34), bytes + 38);
	}
	fix_outer(bytes);
	return test_pkt(pool, bytes, len);
}

static void test_refused(void **state)
{
	static const struct mutation t[] = {
		{ "version 1", GENEVE_PLAIN, { { HDR, 0x40 } }, 0,
		  CVSW_DROP_TUNNEL_FLAGS },
		{ "version 2", GENEVE_OPTION, { { HDR, 0x82 } }, 0,
		  CVSW_DROP_TUNNEL_FLAGS },
		{ "OAM", GENEVE_OAM, { { 0 } }, 0, CVSW_DROP_TUNNEL_CONTROL },
		{ "IPv4 inside", GENEVE_PLAIN,
		  { { HDR + 2, 8 }, { HDR + 3, 0 } }, 0,
		  CVSW_DROP_TUNNEL_PROTO },
		{ "unknown critical option", GENEVE_OPTION, { { 0 } }, 0,
		  CVSW_DROP_TUNNEL_OPT },
		{ "C without a critical option", GENEVE_PLAIN,
		  { { HDR + 1, 0x40 } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "C with another option", GENEVE_OPTION, { { HDR + 10, 0 } },
		  0, CVSW_DROP_TUNNEL_FLAGS },
		{ "a critical option without C", GENEVE_OPTION,
		  { { HDR + 1, 0x3f } }, 0, CVSW_DROP_TUNNEL_FLAGS },
		{ "OptLen past the end", GENEVE_PLAIN, { { HDR, 0x3f } }, 0,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "OptLen up to the end", GENEVE_PLAIN,
		  { { HDR, 2 }, { HDR + 15, 0 } }, 16,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "option longer than OptLen", GENEVE_OPTION,
		  { { HDR + 11, 2 } }, 0, CVSW_DROP_TUNNEL_SHORT },
		{ "option shorter than OptLen", GENEVE_OPTION,
		  { { HDR, 4 }, { HDR + 11, 2 }, { HDR + 23, 0x1f } }, 0,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "header truncated at 7 bytes", GENEVE_PLAIN, { { 0 } }, 7,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "options truncated", GENEVE_OPTION, { { 0 } }, 15,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "inner frame of 13 bytes", GENEVE_PLAIN, { { 0 } }, 21,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "no header at all", GENEVE_PLAIN,
		  { { 39, 8 }, { 40, 0 }, { 41, 0 } }, 0,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "first fragment", GENEVE_PLAIN, { { 20, 0x20 } }, 0,
		  CVSW_DROP_TUNNEL_FRAG },
		{ "TCP", GENEVE_PLAIN, { { 23, 6 } }, 0, CVSW_DROP_NOT_TUNNEL },
		{ "outer CE, inner Not-ECT", GENEVE_PLAIN, { { 15, 3 } }, 0,
		  CVSW_DROP_TUNNEL_ECN },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(pool, &t[i]);
		assert_int_equal(pop_with(&pkt, NULL), t[i].drop);
		cvsw_pkt_free(&pkt);
	}
	/* a checksum that is not 0 must be right (section 3.3) */
	test_hex(GENEVE_PLAIN, bytes, sizeof(bytes));
	bytes[41]++;
	pkt = test_pkt(pool, bytes, 96);
	assert_int_equal(pop_with(&pkt, NULL), CVSW_DROP_TUNNEL_CSUM);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

static void test_accepted(void **state)
{
	static const struct mutation t[] = {
		{ "reserved bits", GENEVE_PLAIN,
		  { { HDR + 1, 0x3f }, { HDR + 7, 0xff } }, 0, 0 },
		{ "no checksum", GENEVE_PLAIN, { { 40, 0 }, { 41, 0 } }, 0, 0 },
		{ "another destination port", GENEVE_PLAIN,
		  { { 36, 0x21 }, { 37, 0x18 } }, 0, 0 },
		{ "source port 1", GENEVE_PLAIN, { { 34, 0 }, { 35, 1 } }, 0,
		  0 },
		{ "unknown option", GENEVE_OPTION,
		  { { HDR + 1, 0 }, { HDR + 10, 0x7f } }, 0, 0 },
		{ "options without data, reserved bits in one", GENEVE_OPTION,
		  { { HDR + 1, 0 }, { HDR + 10, 1 }, { HDR + 11, 0xe0 },
		    { HDR + 15, 0 } }, 0, 0 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(pool, &t[i]);
		assert_int_equal(pop_with(&pkt, NULL), CVSW_DROP_NONE);
		test_pkt_is(&pkt, bytes, test_hex(INNER, bytes, sizeof(bytes)));
		assert_true(pkt.tun_id == cpu_to_be64(10));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* what tun_id and options a frame is looked up with */
static void test_peek(void **state)
{
	static const struct {
		struct mutation m;
		u16 port;
		u32 id;
		u64 opts;
	} t[] = {
		{ { .frame = GENEVE_PLAIN }, 6081, 10, 0 },
		{ { .frame = GENEVE_OPTION }, 6081, 10, 1 },
		/* critical and unknown: for who is at the end */
		{ { .frame = GENEVE_OPTION, .set = { { HDR + 9, 3 } } }, 6081,
		  10, 0 },
		/* other ports, not data, not Ethernet, not right */
		{ { .frame = GENEVE_PLAIN }, 6080, 99, 7 },
		{ { .frame = GENEVE_OAM }, 6081, 99, 7 },
		{ { .frame = GENEVE_PLAIN, .set = { { HDR, 0x40 } } }, 6081,
		  99, 7 },
		{ { .frame = GENEVE_PLAIN, .set = { { HDR + 2, 8 } } }, 6081,
		  99, 7 },
		{ { .frame = GENEVE_PLAIN, .set = { { HDR, 0x3f } } }, 6081,
		  99, 7 },
		{ { .frame = GENEVE_OPTION, .cut = 15 }, 6081, 99, 7 },
		{ { .frame = GENEVE_OPTION, .cut = 7 }, 6081, 99, 7 },
		{ { .frame = GENEVE_OPTION, .set = { { HDR + 11, 9 } } }, 6081,
		  99, 7 },
		{ { .frame = GENEVE_PLAIN, .set = { { 23, 6 } } }, 6081, 99,
		  7 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	static struct cvsw_opts set;
	struct cvsw_key key;
	struct cvsw_pkt pkt;
	size_t i;

	known(&set, 0, &option);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		pkt = mutate(pool, &t[i].m);
		pkt.tun_id = cpu_to_be64(99);	/* of a tunnel popped before */
		pkt.tun_opts = 7;
		cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NX_MATCH, &key);
		endpoint_peek_with(&pkt, &key, 4789, t[i].port, 7471, &set);
		assert_true(key.tun_id == cpu_to_be64(t[i].id));
		assert_true(pkt.tun_opts == t[i].opts);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* @n options in a tunnel to @tun and out of it again; all in @set */
static void options_case(struct cvsw_pool *pool, const struct cvsw_tunnel *tun,
			 const struct cvsw_opts *set,
			 const struct cvsw_tunnel_opt *opts, unsigned int n)
{
	struct cvsw_pkt pkt = test_pkt_hex(pool, INNER);
	u32 hdr = tun->family == 4 ? HDR : HDR + 20;
	struct endpoint end;
	const u8 *geneve;

	assert_in_range(sizeof(struct cvsw_tunnel_template) +
			endpoint_init_with(&end, tun, opts, n)->len, 0,
			cvsw_tunnel_template_size(tun, 4 * n));
	assert_int_equal(endpoint_push_with(&pkt, tun, opts, n),
			 CVSW_DROP_NONE);
	geneve = cvsw_pkt_header(&pkt, hdr, 8);
	assert_int_equal(geneve[0], n);
	assert_int_equal(geneve[1], n > 1 ? 0x40 : 0);
	assert_int_equal(pop_with(&pkt, set), CVSW_DROP_NONE);
	assert_true(pkt.tun_opts == (1ull << n) - 1);
	test_pkt_is(&pkt, bytes, test_hex(INNER, bytes, sizeof(bytes)));
	cvsw_pkt_free(&pkt);
}

/* as many options as a header has room for, and each of them known */
static void test_many_options(void **state)
{
	static struct cvsw_tunnel_opt opts[63];
	static struct cvsw_opts set;
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_tunnel four = endpoint(), six = { GOLDEN_IPV6 };
	unsigned int i;

	six.kind = CVSW_TUNNEL_GENEVE;
	for (i = 0; i < ARRAY_SIZE(opts); i++) {
		opts[i].opt_class = cpu_to_be16((u16)i);
		opts[i].type = (u8)(i & 1 ? 0x80 : 0);
		known(&set, i, &opts[i]);
	}
	for (i = 0; i <= ARRAY_SIZE(opts); i++) {
		options_case(pool, &four, &set, opts, i);
		options_case(pool, &six, &set, opts, i);
	}
	cvsw_pool_free(pool);
}

/* another tunnel inside has no options, but those outside were seen */
static void test_nested(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_tunnel outer = endpoint(), inner = golden;
	static struct cvsw_opts set;
	struct cvsw_key key;
	struct cvsw_pkt pkt = test_pkt_hex(pool, INNER);

	known(&set, 0, &option);
	inner.id = cpu_to_be64(11);
	assert_int_equal(endpoint_push(&pkt, &inner), CVSW_DROP_NONE);
	assert_int_equal(endpoint_push_with(&pkt, &outer, &option, 1),
			 CVSW_DROP_NONE);
	assert_int_equal(pop_with(&pkt, &set), CVSW_DROP_NONE);
	assert_int_equal(pkt.tun_opts, 1);
	cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NX_MATCH, &key);
	endpoint_peek_with(&pkt, &key, 4789, 6081, 7471, &set);
	assert_true(key.tun_id == cpu_to_be64(11) && !pkt.tun_opts);
	pkt.tun_opts = 1;
	assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_VXLAN), CVSW_DROP_NONE);
	assert_true(pkt.tun_id == cpu_to_be64(11) && !pkt.tun_opts);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_frames),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_peek),
		cmocka_unit_test(test_many_options),
		cmocka_unit_test(test_nested),
	};

	return cmocka_run_group_tests_name("geneve", tests, NULL, NULL);
}

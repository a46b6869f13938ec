// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * STT on the wire: golden vectors both ways, what must not get in, and that
 * any frame, with any offload state, comes out as it went in, over whatever
 * cuts, merges and reorders between.
 */

#include "endpoint.h"
#include "rig.h"
#include "super.h"
#include "util.h"

#include "gso.h"
#include "key.h"
#include "reasm.h"

static u8 bytes[TEST_FRAME_MAX], more[TEST_FRAME_MAX];
static struct cvsw_pool *pool;
static u64 drops[CVSW_DROP_COUNT];
static struct cvsw_tunnel_rx rx;

static int setup(void **state)
{
	memset(drops, 0, sizeof(drops));
	rx = (struct cvsw_tunnel_rx){ .drops = drops, .seed = 1, .now = 1 };
	pool = cvsw_pool_new();
	return pool ? 0 : -1;
}

static int teardown(void **state)
{
	cvsw_reasm_free(rx.reasm);
	cvsw_pool_free(pool);
	return 0;
}

static struct cvsw_tunnel tunnel(u8 family, u64 id)
{
	struct cvsw_tunnel tun = {
		.kind = CVSW_TUNNEL_STT,
		.family = family,
		.id = cpu_to_be64(id),
		.dl_src = { 2, 0, 0, 0, 0, 0x11 },
		.dl_dst = { 2, 0, 0, 0, 0, 0x22 },
		.nw_src = { 172, 16, 0, 1 },
		.nw_dst = { 172, 16, 0, 2 },
	};

	if (family == 6) {
		memset(tun.nw_src, 0, sizeof(tun.nw_src));
		memset(tun.nw_dst, 0, sizeof(tun.nw_dst));
		tun.nw_src[0] = 0xfd;
		tun.nw_src[15] = 1;
		tun.nw_dst[0] = 0xfd;
		tun.nw_dst[15] = 2;
	}
	assert_int_equal(cvsw_tunnel_check(&tun, NULL), 0);
	return tun;
}

static unsigned int pop(struct cvsw_pkt *pkt)
{
	return cvsw_tunnel_pop(pkt, CVSW_TUNNEL_STT, &rx);
}

static u16 field(const u8 *p)
{
	return get_unaligned_be16(p);
}

/* recompute the outer checksums of @frame, by the book */
static void fix_outer(u8 *frame, u32 len)
{
	u32 l4 = frame[12] == 0x08 ? 34 : 54, n = len - l4, sum = 6 + n;

	if (l4 == 34) {
		put_unaligned_be16(0, frame + 24);
		put_unaligned_be16((u16)~test_sum(frame + 14, 20, 0),
				   frame + 24);
	}
	put_unaligned_be16(0, frame + l4 + 16);
	sum = l4 == 34 ? test_sum(frame + 26, 8, sum) :
			 test_sum(frame + 22, 32, sum);
	put_unaligned_be16((u16)~test_sum(frame + l4, n, sum), frame + l4 + 16);
}

#define INNER_UDP							\
	"52540000000252540000000108004500002000014000401126ca0a0000010a00" \
	"000204571e61000c326e43565357"
/* vector 12: verified */
#define VERIFIED							\
	"020000000022020000000011080045000068123440004006d038ac100001ac10" \
	"0002c3501d2f00400000112233445018ffff99ac000000010000000000000000" \
	"00000000000a0000" INNER_UDP
/* vector 13: partial TCP/IPv4, MSS 1400, PCP 3, VID 100 */
#define PARTIAL								\
	"020000000022020000000011080045000074123440004006d02cac100001ac10" \
	"0002c3501d2f004c0000112233445018ffffd6590000000e2200057870641122" \
	"334455667788000052540000000252540000000108004500002c000140004006" \
	"26c90a0000010a00000204d20050000003e800000001501801f4142100004356" \
	"5357"
/* its inner frame, as it was before */
#define PARTIAL_TAGGED							\
	"5254000000025254000000018100606408004500002c00014000400626c90a00" \
	"00010a00000204d20050000003e800000001501801f41421000043565357"
/* vector 14: as the sender of 2014 has it */
#define OF_2014								\
	"020000000022020000000011080045000068123440004006d038ac100001ac10" \
	"0002c3501d2f004000001122334450100000724c000000052200056400000000" \
	"000a000000000000" INNER_UDP
/* vectors 15 and 16: VERIFIED less the flag, cut at 40 */
#define FIRST								\
	"020000000022020000000011080045000050000140004006e283ac100001ac10" \
	"0002c3501d2f00400000112233445010ffff008b000000010000000000000000" \
	"00000000000a000052540000000252540000000108004500002000014000"
#define SECOND								\
	"020000000022020000000011080045000040000240004006e292ac100001ac10" \
	"0002c3501d2f00400028112233445018ffffcb840000401126ca0a0000010a00" \
	"000204571e61000c326e43565357"

/* Golden vectors */

static const struct {
	const char *name, *outer, *inner;
	u64 id;
	struct cvsw_offload off;
} golden[] = {
	{ "verified", VERIFIED, INNER_UDP, 10, { .csum = CVSW_CSUM_GOOD } },
	{ "partial", PARTIAL, PARTIAL_TAGGED, 0x1122334455667788,
	  { .csum = CVSW_CSUM_PARTIAL, .csum_start = 38, .csum_offset = 16 } },
	{ "of 2014", OF_2014, INNER_UDP, 10ull << 32,
	  { .csum = CVSW_CSUM_GOOD } },
};

static void off_is(const struct cvsw_pkt *pkt, const struct cvsw_offload *want)
{
	struct cvsw_offload off;

	cvsw_pkt_offload_get(pkt, &off);
	assert_int_equal(off.csum, want->csum);
	assert_int_equal(off.gso_type, want->gso_type);
	assert_int_equal(off.gso_ecn, want->gso_ecn);
	assert_int_equal(off.gso_size, want->gso_size);
	assert_int_equal(off.tunnel, 0);
	if (off.csum != CVSW_CSUM_PARTIAL)
		return;
	assert_int_equal(off.csum_start, want->csum_start);
	assert_int_equal(off.csum_offset, want->csum_offset);
}

static void golden_is(struct cvsw_pkt *pkt, size_t i)
{
	u32 len = test_hex(golden[i].inner, more, sizeof(more));

	test_pkt_is(pkt, more, len);
	off_is(pkt, &golden[i].off);
	assert_true(pkt->tun_id == cpu_to_be64(golden[i].id));
	assert_true(pkt->popped);
	assert_int_equal(cvsw_pkt_csum_finish(pkt), 0);
	test_pkt_strict(pkt);
	cvsw_pkt_free(pkt);
}

static void test_pop_golden(void **state)
{
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(golden); i++) {
		print_message("%s\n", golden[i].name);
		pkt = test_pkt_hex(pool, golden[i].outer);
		test_pkt_strict(&pkt);
		assert_int_equal(pop(&pkt), CVSW_DROP_NONE);
		golden_is(&pkt, i);
	}
}

/* what differs from push to push set to what the vectors have */
static void push_is(struct cvsw_pkt *pkt, const struct cvsw_tunnel *tun,
		    const char *outer)
{
	u32 len;

	assert_int_equal(endpoint_push(pkt, tun), CVSW_DROP_NONE);
	assert_int_equal(cvsw_pkt_csum_finish(pkt), 0);
	test_pkt_strict(pkt);
	len = cvsw_pkt_len(pkt);
	memcpy(bytes, cvsw_pkt_header(pkt, 0, len), len);
	cvsw_pkt_free(pkt);
	assert_true(field(bytes + 34) >= CVSW_TUNNEL_SPORT_MIN);
	put_unaligned_be16(50000, bytes + 34);
	put_unaligned_be32(0x11223344, bytes + 42);
	put_unaligned_be16(0x1234, bytes + 18);
	fix_outer(bytes, len);
	*pkt = test_pkt(pool, bytes, len);
	len = test_hex(outer, more, sizeof(more));
	test_pkt_is(pkt, more, len);
	cvsw_pkt_free(pkt);
}

static void test_push_golden(void **state)
{
	static const struct cvsw_offload good = { .csum = CVSW_CSUM_GOOD };
	static const struct cvsw_offload partial = {
		.csum = CVSW_CSUM_PARTIAL, .csum_start = 38, .csum_offset = 16,
		.gso_type = CVSW_GSO_TCP4, .gso_size = 1400,
	};
	struct cvsw_tunnel tun = tunnel(4, 10);
	struct cvsw_pkt pkt = test_pkt_hex(pool, INNER_UDP);

	assert_int_equal(cvsw_pkt_offload_set(&pkt, &good), 0);
	push_is(&pkt, &tun, VERIFIED);

	tun = tunnel(4, 0x1122334455667788);
	pkt = test_pkt_hex(pool, PARTIAL_TAGGED);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &partial), 0);
	push_is(&pkt, &tun, PARTIAL);
}

static void test_segments_golden(void **state)
{
	static const char *const order[][2] = {
		{ FIRST, SECOND }, { SECOND, FIRST },
	};
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order); i++) {
		pkt = test_pkt_hex(pool, order[i][0]);
		assert_int_equal(pop(&pkt), CVSW_HELD);
		pkt = test_pkt_hex(pool, order[i][1]);
		assert_int_equal(pop(&pkt), CVSW_DROP_NONE);
		golden_is(&pkt, 0);
		/* nothing may be held: the frame stays the caller's */
		pkt = test_pkt_hex(pool, order[i][0]);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_STT),
				 CVSW_HELD);
		test_pkt_is(&pkt, more, test_hex(order[i][0], more,
						 sizeof(more)));
		cvsw_pkt_free(&pkt);
	}
}

/* What must not get in */

/*
 * struct mutation - a frame with up to 4 bytes replaced
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

static struct cvsw_pkt mutate(const struct mutation *m)
{
	u32 len = test_hex(m->frame, bytes, sizeof(bytes));
	size_t i;

	len = m->cut ? m->cut : len;
	for (i = 0; i < ARRAY_SIZE(m->set); i++)
		if (m->set[i].off)
			bytes[m->set[i].off] = m->set[i].value;
	if (m->fix)
		fix_outer(bytes, len);
	return test_pkt(pool, bytes, len);
}

static void test_refused(void **state)
{
	static const struct mutation t[] = {
		{ "STT version 1", VERIFIED, { { 54, 1 } }, 0, true,
		  CVSW_DROP_TUNNEL_FLAGS },
		{ "verified and partial", PARTIAL, { { 55, 3 } }, 0, true,
		  CVSW_DROP_TUNNEL_FLAGS },
		{ "TCP header of 24 bytes", VERIFIED, { { 46, 0x60 } }, 0,
		  true, CVSW_DROP_TUNNEL_FLAGS },
		{ "TCP header of 16 bytes", VERIFIED, { { 46, 0x40 } }, 0,
		  true, CVSW_DROP_TUNNEL_FLAGS },
		{ "total 0", VERIFIED, { { 39, 0 } }, 0, true,
		  CVSW_DROP_REASM_LENGTH },
		{ "total 17", VERIFIED, { { 39, 17 } }, 0, true,
		  CVSW_DROP_REASM_LENGTH },
		{ "total 31", VERIFIED, { { 39, 31 } }, 0, true,
		  CVSW_DROP_REASM_LENGTH },
		{ "total 31, all of it", VERIFIED, { { 39, 31 }, { 17, 71 } },
		  85, true, CVSW_DROP_REASM_LENGTH },
		{ "total 65535", VERIFIED, { { 38, 255 }, { 39, 255 } }, 0,
		  true, CVSW_DROP_REASM_LENGTH },
		{ "no payload", VERIFIED, { { 17, 40 } }, 54, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "TCP header truncated", VERIFIED, { { 17, 39 } }, 53, false,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "L4 offset past the end", PARTIAL, { { 56, 58 } }, 0, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "L4 offset 255", PARTIAL, { { 56, 255 } }, 0, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "L4 offset with 7 bytes behind", PARTIAL, { { 56, 51 } }, 0,
		  true, CVSW_DROP_TUNNEL_SHORT },
		{ "L4 offset 0", PARTIAL, { { 56, 0 } }, 0, true,
		  CVSW_DROP_TUNNEL_SHORT },
		{ "L4 offset in the IP header", PARTIAL, { { 56, 33 } }, 0,
		  true, CVSW_DROP_TUNNEL_SHORT },
		{ "L4 offset behind the L4 header", PARTIAL, { { 56, 36 } }, 0,
		  true, CVSW_DROP_OFFLOAD },
		{ "partial of ICMP", PARTIAL, { { 95, 1 } }, 0, true,
		  CVSW_DROP_OFFLOAD },
		{ "partial in a fragment", PARTIAL, { { 92, 0x20 } }, 0, true,
		  CVSW_DROP_OFFLOAD },
		{ "partial, not IP", PARTIAL, { { 84, 0x90 } }, 0, true,
		  CVSW_DROP_OFFLOAD },
		{ "MSS 2", PARTIAL, { { 58, 0 }, { 59, 2 } }, 0, true,
		  CVSW_DROP_OFFLOAD },
		{ "wrong checksum", VERIFIED, { { 51, 0xad } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "no checksum", VERIFIED, { { 50, 0 }, { 51, 0 } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "inner payload flipped", VERIFIED, { { 117, 0 } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "address flipped", VERIFIED, { { 29, 7 } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "segment: wrong checksum", SECOND, { { 51, 0 } }, 0, false,
		  CVSW_DROP_TUNNEL_CSUM },
		{ "frame truncated", VERIFIED, { }, 117, false,
		  CVSW_DROP_NOT_TUNNEL },
		{ "UDP", VERIFIED, { { 23, 17 } }, 0, true,
		  CVSW_DROP_NOT_TUNNEL },
		{ "first fragment", VERIFIED, { { 20, 0x20 } }, 0, true,
		  CVSW_DROP_TUNNEL_FRAG },
		{ "later fragment", VERIFIED, { { 20, 0 }, { 21, 9 } }, 0, true,
		  CVSW_DROP_TUNNEL_FRAG },
		{ "outer CE, inner Not-ECT", VERIFIED, { { 15, 3 } }, 0, true,
		  CVSW_DROP_TUNNEL_ECN },
	};
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		if (!t[i].drop)
			continue;
		print_message("%s\n", t[i].name);
		pkt = mutate(&t[i]);
		assert_int_equal(pop(&pkt), t[i].drop);
		cvsw_pkt_free(&pkt);
	}
	assert_null(rx.reasm);
}

/* impossible as a part of its frame: taken and counted, or refused when
 * nothing may be held */
static void test_impossible_segments(void **state)
{
	static const struct mutation t[] = {
		{ "off + len > total", SECOND, { { 41, 0x29 } }, 0, true, 0 },
		{ "off > total", SECOND, { { 40, 1 } }, 0, true, 0 },
		{ "total of less than there is", VERIFIED, { { 39, 63 } }, 0,
		  true, 0 },
	};
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(&t[i]);
		assert_int_equal(endpoint_pop(&pkt, CVSW_TUNNEL_STT),
				 CVSW_DROP_REASM_LENGTH);
		assert_int_equal(pop(&pkt), CVSW_HELD);
		assert_int_equal(drops[CVSW_DROP_REASM_LENGTH], i + 1);
	}
	/* the frame that they were of is spoilt as a whole */
	pkt = test_pkt_hex(pool, FIRST);
	assert_int_equal(pop(&pkt), CVSW_HELD);
	assert_int_equal(drops[CVSW_DROP_REASM_LENGTH], i + 1);
}

static void test_accepted(void **state)
{
	static const struct mutation t[] = {
		{ "reserved flags", VERIFIED, { { 55, 0xf1 }, { 57, 0xff } },
		  0, true, 0 },
		{ "padding of the header", VERIFIED,
		  { { 70, 0xff }, { 71, 0xff } }, 0, true, 0 },
		{ "other TCP flags, window and urgent pointer", VERIFIED,
		  { { 47, 0xd0 }, { 48, 0 }, { 49, 0 }, { 53, 1 } }, 0, true,
		  0 },
		{ "another destination port", VERIFIED, { { 37, 0x30 } }, 0,
		  true, 0 },
		{ "source port 1", VERIFIED, { { 34, 0 }, { 35, 1 } }, 0, true,
		  0 },
		{ "another id", VERIFIED, { { 42, 0 } }, 0, true, 0 },
		{ "VLAN field without V", VERIFIED,
		  { { 60, 0xe0 }, { 61, 7 } }, 0, true, 0 },
	};
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].name);
		pkt = mutate(&t[i]);
		assert_int_equal(pop(&pkt), CVSW_DROP_NONE);
		golden_is(&pkt, 0);
	}
}

/* which IP and L4 there are is what the frame says */
static void test_wrong_flags(void **state)
{
	static const struct mutation t = { "", PARTIAL, { { 55, 2 } }, 0, true,
					   0 };
	struct cvsw_pkt pkt = mutate(&t);

	assert_int_equal(pop(&pkt), CVSW_DROP_NONE);
	golden_is(&pkt, 1);
}

/* a wrong checksum that somebody vouches for is not looked at */
static void test_known_checksum(void **state)
{
	static const struct mutation wrong = {
		"", VERIFIED, { { 51, 0xad } }, 0, false, 0,
	};
	static const struct cvsw_offload t[] = {
		{ .csum = CVSW_CSUM_GOOD },
		{ .csum = CVSW_CSUM_PARTIAL, .csum_start = 34,
		  .csum_offset = 16 },
	};
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		pkt = mutate(&wrong);
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &t[i]), 0);
		assert_int_equal(pop(&pkt), CVSW_DROP_NONE);
		golden_is(&pkt, 0);
	}
}

/* what tun_id a frame is looked up with */
static void test_peek(void **state)
{
	static const struct {
		struct mutation m;
		u16 port;
		u64 id;
	} t[] = {
		{ { .frame = VERIFIED }, 7471, 10 },
		{ { .frame = PARTIAL }, 7471, 0x1122334455667788 },
		{ { .frame = OF_2014 }, 7471, 10ull << 32 },
		{ { .frame = FIRST }, 7471, 10 },
		/* not a first segment, another port, version, header, fragment */
		{ { .frame = SECOND }, 7471, 99 },
		{ { .frame = VERIFIED }, 7472, 99 },
		{ { .frame = VERIFIED, .set = { { 54, 1 } } }, 7471, 99 },
		{ { .frame = VERIFIED, .set = { { 46, 0x60 } } }, 7471, 99 },
		{ { .frame = VERIFIED, .set = { { 20, 0x20 } } }, 7471, 99 },
		/* 17 bytes of the header */
		{ { .frame = VERIFIED, .set = { { 17, 57 } } }, 7471, 99 },
		{ { .frame = VERIFIED, .set = { { 17, 58 } } }, 7471, 10 },
	};
	struct cvsw_key key;
	struct cvsw_pkt pkt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		pkt = mutate(&t[i].m);
		pkt.tun_id = cpu_to_be64(99);	/* of a tunnel popped before */
		cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NX_MATCH, &key);
		endpoint_peek(&pkt, &key, 0, 0, t[i].port);
		assert_true(key.tun_id == cpu_to_be64(t[i].id));
		cvsw_pkt_free(&pkt);
	}
}

/* In and out again */

#define SEGMENTS_MAX	9000

static struct cvsw_pkt segment[SEGMENTS_MAX];
static u32 segments;

static void collect(void *arg, struct cvsw_pkt *seg)
{
	assert_true(segments < SEGMENTS_MAX);
	segment[segments++] = *seg;
}

/* what a device makes of a frame */
static void cut(struct cvsw_pkt *pkt, u32 offloads)
{
	segments = 0;
	assert_int_equal(cvsw_gso_lower(pkt, offloads, collect, NULL), 0);
}

static void shuffle(u64 *seed)
{
	u32 i, j;

	for (i = segments; i > 1; i--) {
		j = test_below(seed, i);
		swap(segment[i - 1], segment[j]);
	}
}

/* pop all segments, of which the last completes *@pkt */
static void pop_segments(struct cvsw_pkt *pkt)
{
	u32 i;

	for (i = 0; i < segments; i++) {
		test_pkt_strict(&segment[i]);
		assert_int_equal(pop(&segment[i]),
				 i == segments - 1 ? CVSW_DROP_NONE :
						     CVSW_HELD);
	}
	*pkt = segment[segments - 1];
}

/* over an underlay that does as @how says */
enum way { WHOLE, FINISHED, SEGMENTS, SHUFFLED, WAYS };

static void carry(struct cvsw_pkt *pkt, u64 *seed, u32 how)
{
	switch (how) {
	case WHOLE:
		assert_int_equal(pop(pkt), CVSW_DROP_NONE);
		break;
	case FINISHED:
		if (!cvsw_pkt_is_super(pkt))
			assert_int_equal(cvsw_pkt_csum_finish(pkt), 0);
		assert_int_equal(pop(pkt), CVSW_DROP_NONE);
		break;
	case SHUFFLED:
	case SEGMENTS:
		cut(pkt, 0);
		if (how == SHUFFLED && segments <= 2 * CVSW_REASM_PARTS)
			shuffle(seed);
		pop_segments(pkt);
		break;
	}
}

/* the state of @s behind a tunnel: what its sender set, and what follows from
 * its headers */
static struct cvsw_offload super_off(const struct test_super *s)
{
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL,
		.csum_start = (u16)test_l4(&s->inner),
		.csum_offset = 16,
	};

	if (s->inner.payload <= s->size)
		return off;
	off.gso_type = s->inner.ver == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6;
	off.gso_size = s->size;
	off.gso_ecn = s->inner.tcp_flags >> 7;
	return off;
}

/* the segments of @pkt and of @other are the same; both are taken */
static void cut_same(struct cvsw_pkt *pkt, struct cvsw_pkt *other)
{
	static struct cvsw_pkt kept[SEGMENTS_MAX];
	u32 i, n, len;

	cut(other, 0);
	n = segments;
	memcpy(kept, segment, n * sizeof(*kept));
	cut(pkt, 0);
	assert_int_equal(segments, n);
	for (i = 0; i < n; i++) {
		len = cvsw_pkt_len(&kept[i]);
		test_pkt_is(&segment[i], cvsw_pkt_header(&kept[i], 0, len),
			    len);
		test_pkt_strict(&segment[i]);
		cvsw_pkt_free(&segment[i]);
		cvsw_pkt_free(&kept[i]);
	}
}

/* there is an outer checksum to be completed, and segments of that size */
static void pushed_right(const struct cvsw_pkt *pkt, u32 mtu, u8 family)
{
	u32 l4 = family == 4 ? 34 : 54, mss = (mtu - l4 + 14 - 20) & ~1u;
	u32 n = cvsw_pkt_len(pkt) - l4 - 20;
	struct cvsw_offload off;

	cvsw_pkt_offload_get(pkt, &off);
	assert_int_equal(off.csum, CVSW_CSUM_PARTIAL);
	assert_int_equal(off.csum_start, l4);
	assert_int_equal(off.csum_offset, 16);
	assert_int_equal(off.tunnel, 0);
	assert_int_equal(cvsw_pkt_is_super(pkt), n > mss);
	assert_int_equal(cvsw_gso_needs(pkt), n <= mss ? CVSW_OFFLOAD_CSUM :
			 CVSW_OFFLOAD_CSUM | (family == 4 ?
			 CVSW_OFFLOAD_TSO4 : CVSW_OFFLOAD_TSO6));
	if (n <= mss)
		return;
	assert_int_equal(off.gso_type, family == 4 ? CVSW_GSO_TCP4 :
						     CVSW_GSO_TCP6);
	assert_int_equal(off.gso_size, mss);
	assert_int_equal(off.outer, CVSW_OUTER_STT);
}

static void super_trip(u64 *seed, const struct test_super *s, u8 family,
		       u32 mtu, u32 how)
{
	u64 id = (u64)test_rand(seed) << 32 | test_rand(seed);
	struct cvsw_tunnel tun = tunnel(family, id);
	struct cvsw_pkt pkt = test_super_pkt(pool, s);
	struct cvsw_pkt direct = test_super_pkt(pool, s);
	struct cvsw_offload off = super_off(s);
	struct cvsw_key key;
	u32 len = cvsw_pkt_len(&pkt);

	memcpy(bytes, cvsw_pkt_header(&pkt, 0, len), len);
	if (test_below(seed, 2))
		cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key);
	assert_int_equal(endpoint_push_mtu(&pkt, &tun, mtu), CVSW_DROP_NONE);
	pushed_right(&pkt, mtu, family);
	carry(&pkt, seed, how);
	test_pkt_is(&pkt, bytes, len);
	off_is(&pkt, &off);
	assert_true(pkt.tun_id == tun.id);
	if (off.gso_type) {
		cut_same(&pkt, &direct);
		return;
	}
	cvsw_pkt_free(&pkt);
	cvsw_pkt_free(&direct);
}

static void test_super_frames(void **state)
{
	static const struct test_super t[] = {
		{ { .ver = 4, .proto = 6, .payload = 64000, .id = 7 }, .size = 1448 },
		{ { .ver = 6, .proto = 6, .payload = 64000, .ext = 24 }, .size = 1428 },
		{ { .ver = 4, .proto = 6, .payload = 3000, .tcp_flags = 0x99,
		    .tcp_options = 40, .vlan_tci = 0x7064, .tos = 3 }, .size = 1400 },
		{ { .ver = 4, .proto = 6, .payload = 65299 }, .size = 8 },
		{ { .ver = 4, .proto = 6, .payload = 1 }, .size = 100 },
	};
	static const u32 mtus[] = { 1500, 1501, 576, 9000, 65535, 100, 0 };
	u64 seed = 1;
	u32 i, m, how;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		for (m = 0; mtus[m]; m++)
			for (how = 0; how < WAYS; how++) {
				super_trip(&seed, &t[i], 4, mtus[m], how);
				super_trip(&seed, &t[i], 6, mtus[m], how);
			}
}

static void test_super_random_frames(void **state)
{
	u64 seed = test_seed();
	struct test_super s;
	u32 i;

	for (i = 0; i < 400; i++) {
		test_super_random(&seed, &s);
		s.inner.proto = 6;
		s.outer.ver = 0;
		s.outer_csum = false;
		super_trip(&seed, &s, test_below(&seed, 2) ? 4 : 6,
			   100 + test_below(&seed, 3000),
			   test_below(&seed, WAYS));
	}
}

/* a frame that is no super-frame, with this state */
static void plain_trip(const struct test_frame *f, struct cvsw_offload off,
		       struct cvsw_offload want, u64 *seed)
{
	struct cvsw_tunnel tun = tunnel(test_below(seed, 2) ? 4 : 6,
					test_rand(seed));
	u32 len = test_build(f, bytes), how;
	struct cvsw_pkt pkt;

	for (how = 0; how < WAYS; how++) {
		pkt = test_pkt(pool, bytes, len);
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
		assert_int_equal(endpoint_push_mtu(&pkt, &tun, 600),
				 CVSW_DROP_NONE);
		carry(&pkt, seed, how);
		off_is(&pkt, &want);
		if (want.csum == off.csum)
			test_pkt_is(&pkt, bytes, len);
		assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
		test_pkt_strict(&pkt);
		assert_int_equal(cvsw_pkt_len(&pkt), len);
		cvsw_pkt_free(&pkt);
	}
}

static void test_plain_frames(void **state)
{
	static const struct test_frame t[] = {
		{ .ver = 4, .proto = 6, .payload = 100 },
		{ .ver = 4, .proto = 17, .payload = 0 },
		{ .ver = 4, .proto = 17, .payload = 1401, .vlan_tci = 0x1001 },
		{ .ver = 6, .proto = 17, .payload = 333, .ext = 16 },
		{ .ver = 6, .proto = 6, .payload = 9000, .vlan_tci = 0xf000 },
		/* what the header has no words for */
		{ .ver = 4, .proto = 1, .payload = 56, .vlan_tci = 0x7fff },
		{ .ver = 6, .proto = 58, .payload = 3000 },
		{ .ver = 6, .proto = 6, .payload = 100, .ext = 208 },
	};
	const struct cvsw_offload none = {}, good = { .csum = CVSW_CSUM_GOOD };
	struct cvsw_offload off;
	struct test_frame f;
	u64 seed = 1;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		f = t[i];
		plain_trip(&f, none, none, &seed);
		plain_trip(&f, good, good, &seed);
		off = (struct cvsw_offload){
			.csum = CVSW_CSUM_PARTIAL,
			.csum_start = (u16)test_l4(&f),
			.csum_offset = f.proto == 6 ? 16 : f.proto == 17 ? 6 : 2,
		};
		f.partial = f.proto != 1;
		if (f.proto == 1) {
			/* no pseudo header: the seed is 0 */
			continue;
		}
		plain_trip(&f, off, f.proto == 58 || f.ext == 208 ? none : off,
			   &seed);
	}
}

/* the longest L4 offset that can be said is 255 without the tag */
static void test_l4_offset(void **state)
{
	static const struct cvsw_offload none = {};
	struct test_frame f = { .ver = 6, .proto = 17, .payload = 10,
				.partial = 1 };
	struct cvsw_offload off = { .csum = CVSW_CSUM_PARTIAL,
				    .csum_offset = 6 };
	u64 seed = 1;

	for (f.ext = 184; f.ext <= 216; f.ext = (u8)(f.ext + 8)) {
		for (f.vlan_tci = 0; f.vlan_tci <= 0x1000;
		     f.vlan_tci = (u16)(f.vlan_tci + 0x1000)) {
			off.csum_start = (u16)test_l4(&f);
			plain_trip(&f, off, 54 + f.ext <= 255 ? off : none,
				   &seed);
		}
	}
}

/* super-frames that can only be pushed in pieces; nothing is done to them */
static void test_cut_first(void **state)
{
	static const struct test_super t[] = {
		{ { .ver = 4, .proto = 17, .payload = 5000, .vlan_tci = 0x1001 },
		  .size = 1400 },
		{ { .ver = 6, .proto = 17, .payload = 5000 }, .size = 1400 },
		{ { .ver = 4, .proto = 6, .payload = 5000 },
		  .outer = { .ver = 4 }, .size = 1400 },
		{ { .ver = 6, .proto = 6, .payload = 5000 },
		  .outer = { .ver = 6 }, .size = 1400,
		  .outer_csum = true },
		{ { .ver = 6, .proto = 6, .payload = 5000, .ext = 208 },
		  .size = 1400 },
		{ { .ver = 4, .proto = 6, .payload = 65480 }, .size = 1400 },
	};
	struct cvsw_tunnel tun = tunnel(4, 1);
	struct cvsw_offload before, after;
	struct cvsw_pkt pkt;
	u32 len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		pkt = test_super_pkt(pool, &t[i]);
		len = cvsw_pkt_len(&pkt);
		memcpy(bytes, cvsw_pkt_header(&pkt, 0, len), len);
		cvsw_pkt_offload_get(&pkt, &before);
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_CUT);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_offload_get(&pkt, &after);
		assert_memory_equal(&before, &after, sizeof(before));
		cvsw_pkt_free(&pkt);
	}
}

/* up to 65535 bytes with all headers */
static void test_too_long(void **state)
{
	struct test_frame f = { .ver = 0, .dl_type = 0x9000 };
	u64 seed = 1;
	u32 room;
	u8 family;

	for (family = 4; family <= 6; family = (u8)(family + 2)) {
		struct cvsw_tunnel tun = tunnel(family, 1);
		struct cvsw_pkt pkt;

		room = 65535 - 14 - (family == 4 ? 20 : 40) - 20 - 18;
		f.payload = room - 14;
		pkt = test_pkt(pool, bytes, test_build(&f, bytes));
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
		carry(&pkt, &seed, SHUFFLED);
		test_pkt_is(&pkt, bytes, room);
		cvsw_pkt_free(&pkt);

		f.payload++;
		pkt = test_pkt(pool, bytes, test_build(&f, bytes));
		assert_int_equal(endpoint_push(&pkt, &tun),
				 CVSW_DROP_TUNNEL_LONG);
		test_pkt_is(&pkt, bytes, room + 1);
		cvsw_pkt_free(&pkt);
	}
}

/* a second tag stays where it is, whatever the first */
static void test_two_tags(void **state)
{
	static const char *const t[] = {
		"525400000002525400000001810060648100200708060001",
		"52540000000252540000000188a860648100200708060001",
		"525400000002525400000001810060",
		"5254000000025254000000018100",
	};
	struct cvsw_tunnel tun = tunnel(4, 1);
	struct cvsw_pkt pkt;
	u64 seed = 1;
	u32 how, len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		for (how = 0; how < WAYS; how++) {
			len = test_hex(t[i], bytes, sizeof(bytes));
			pkt = test_pkt(pool, bytes, len);
			assert_int_equal(endpoint_push(&pkt, &tun),
					 CVSW_DROP_NONE);
			carry(&pkt, &seed, how);
			test_pkt_is(&pkt, bytes, len);
			cvsw_pkt_free(&pkt);
		}
	}
}

/* the outer header has the inner ECN field; CE on any segment comes back */
static void test_ecn(void **state)
{
	struct test_super s = {
		{ .ver = 4, .proto = 6, .payload = 5000, .tos = 0xb9 }, .size = 1000,
	};
	struct cvsw_tunnel tun = tunnel(4, 1);
	struct cvsw_pkt pkt;
	const u8 *ip;
	u8 *tos;
	u32 i, n;

	for (i = 0, n = 1; i < n; i++) {
		pkt = test_super_pkt(pool, &s);
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
		cut(&pkt, 0);
		n = segments;
		assert_true(n > 2);
		tos = cvsw_pkt_writable(&segment[i], 15, 1);
		assert_int_equal(*tos, 1);
		*tos |= 3;
		fix_outer(tos - 15, cvsw_pkt_len(&segment[i]));
		pop_segments(&pkt);
		ip = cvsw_pkt_header(&pkt, 14, 20);
		assert_int_equal(ip[1], 0xbb);
		assert_int_equal((u16)~test_sum(ip, 20, 0), 0);
		cvsw_pkt_free(&pkt);
	}
}

/* no two frames have the same identifier; it is in all segments of one */
static void test_frame_id(void **state)
{
	struct test_super s = {
		{ .ver = 6, .proto = 6, .payload = 5000 }, .size = 1000,
	};
	struct cvsw_tunnel tun = tunnel(6, 1);
	u32 last = 0, frame, i, id;
	struct cvsw_pkt pkt;
	const u8 *th;

	for (frame = 0; frame < 3; frame++) {
		pkt = test_super_pkt(pool, &s);
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
		cut(&pkt, 0);
		for (i = 0; i < segments; i++) {
			th = cvsw_pkt_header(&segment[i], 54, 20);
			id = get_unaligned_be32(th + 8);
			if (!i && frame)
				assert_int_equal(id - last,
						 CVSW_TUNNEL_FRAME_STEP);
			else if (i)
				assert_int_equal(id, last);
			last = id;
			/* PSH on the last only, as from a device */
			assert_int_equal(th[13], i == segments - 1 ? 0x18 :
								     0x10);
			cvsw_pkt_free(&segment[i]);
		}
	}
}

/* segments that the underlay merged are as good as single ones */
static void test_merged(void **state)
{
	struct test_super s = {
		{ .ver = 4, .proto = 6, .payload = 9000 }, .size = 1000,
	};
	struct cvsw_tunnel tun = tunnel(4, 1);
	struct cvsw_offload off = super_off(&s);
	struct cvsw_pkt pkt, whole, part;
	u32 len, inner, first;

	for (first = 2; first < 9080; first += 2) {
		pkt = test_super_pkt(pool, &s);
		inner = cvsw_pkt_len(&pkt);
		memcpy(bytes, cvsw_pkt_header(&pkt, 0, inner), inner);
		assert_int_equal(endpoint_push(&pkt, &tun), CVSW_DROP_NONE);
		cut(&pkt, 0);
		whole = segment[0];
		/* two segments of any size, the second first */
		len = 54;
		memcpy(more, cvsw_pkt_header(&whole, 0, 54), 54);
		while (segments) {
			pkt = segment[--segments];
			memcpy(more + 54 + field(cvsw_pkt_header(&pkt, 40, 2)),
			       cvsw_pkt_header(&pkt, 54,
					       cvsw_pkt_len(&pkt) - 54),
			       cvsw_pkt_len(&pkt) - 54);
			len += cvsw_pkt_len(&pkt) - 54;
			cvsw_pkt_free(&pkt);
		}
		if (first >= len - 54)
			return;
		part = test_pkt(pool, more, len - first);
		memcpy((u8 *)(uintptr_t)cvsw_pkt_header(&part, 0, 54), more,
		       54);
		memmove(cvsw_pkt_writable(&part, 54, len - first - 54),
			more + 54 + first, len - first - 54);
		put_unaligned_be16((u16)(len - first - 14),
				   cvsw_pkt_writable(&part, 16, 2));
		put_unaligned_be16((u16)first, cvsw_pkt_writable(&part, 40, 2));
		fix_outer(cvsw_pkt_writable(&part, 0, len - first),
			  len - first);
		assert_int_equal(pop(&part), CVSW_HELD);
		part = test_pkt(pool, more, 54 + first);
		put_unaligned_be16((u16)(40 + first),
				   cvsw_pkt_writable(&part, 16, 2));
		fix_outer(cvsw_pkt_writable(&part, 0, 54 + first), 54 + first);
		assert_int_equal(pop(&part), CVSW_DROP_NONE);
		test_pkt_is(&part, bytes, inner);
		off_is(&part, &off);
		cvsw_pkt_free(&part);
	}
}

/* without memory it is a drop, not a crash */
static void test_no_memory(void **state)
{
	struct cvsw_pkt pkt;
	unsigned long nth;

	for (nth = 1; nth <= 3; nth++) {
		cvsw_alloc_fail_at(0);
		pkt = test_pkt_hex(pool, FIRST);
		cvsw_alloc_fail_at(nth);
		switch (pop(&pkt)) {
		case CVSW_DROP_NO_MEMORY:
			cvsw_pkt_free(&pkt);
			break;
		default:
			assert_int_equal(drops[CVSW_DROP_NO_MEMORY], nth - 1);
		}
		cvsw_alloc_fail_at(0);
	}
}

/* In a switch */

static const struct cvsw_action stt_push = {
	.type = CVSW_ACT_PUSH,
	.tunnel = {
		.kind = CVSW_TUNNEL_STT, .family = 4,
		.dl_src = { 2, 1 }, .dl_dst = { 2, 2 },
		.nw_src = { 172, 16, 0, 1 }, .nw_dst = { 172, 16, 0, 2 },
	},
};
static const struct cvsw_action stt_pop = {
	.type = CVSW_ACT_POP, .tunnel.kind = CVSW_TUNNEL_STT,
};

/* workers number frames by themselves, and never alike */
static void test_workers(void **state)
{
	static const struct test_frame f = { .ver = 4, .proto = 17,
					     .payload = 10 };
	struct cvsw_worker *w[3];
	struct cvsw_config config;
	struct rig rig;
	u32 i, id;

	cvsw_config_default(&config);
	config.workers = ARRAY_SIZE(w);
	rig_open(&rig, 2, &config);
	rig_add(&rig, 1, 1, RIG_LIST(stt_push, RIG_OUT(2)));
	for (i = 0; i < 3 * ARRAY_SIZE(w); i++) {
		w[i % 3] = cvsw_worker_get(rig.sw, i % 3, &rig);
		cvsw_input(w[i % 3], rig_frame(&rig, 1, &f), rig.now);
		assert_int_equal(rig.n_sent, i + 1);
		id = get_unaligned_be32(rig.sent[i].bytes + 42);
		assert_int_equal(id % CVSW_WORKERS_MAX, i % 3);
		assert_int_equal(id / CVSW_WORKERS_MAX, i / 3 + 1);
	}
	rig_close(&rig);
}

/* segments that no port is large enough for are cut to its MTU */
static void test_port_mtu(void **state)
{
	static const struct test_frame f = { .ver = 4, .proto = 17,
					     .payload = 3000 };
	struct cvsw_port_info info = rig_port(2);
	struct rig rig;

	rig_open(&rig, 2, NULL);
	info.mtu = 1280;
	assert_int_equal(cvsw_port_set(rig.sw, &info, CVSW_PORT_SET_MTU,
				       NULL), 0);
	rig_add(&rig, 1, 1, RIG_LIST(stt_push, RIG_OUT(2)));
	rig_input(&rig, 1, &f);
	rig_sent_is(&rig, "2");
	assert_int_equal(rig.sent[0].off.gso_type, CVSW_GSO_TCP4);
	assert_int_equal(rig.sent[0].off.gso_size, 1280 - 40);
	rig_close(&rig);
}

static void told(void *arg, const struct cvsw_trace_step *step)
{
	*(u32 *)arg |= 1u << step->what;
}

/* what waits is given up in time, and what a trace shows does not wait */
static void test_waiting(void **state)
{
	struct cvsw_pkt *pkt;
	struct rig rig;
	u32 steps = 0;

	rig_open(&rig, 2, NULL);
	rig_add(&rig, 1, 1, RIG_LIST(stt_pop, RIG_OUT(2)));
	pkt = rig_bytes(&rig, 1, bytes, test_hex(SECOND, bytes, sizeof(bytes)));
	cvsw_trace(rig.w, pkt, rig.now, told, &steps);
	assert_true(steps >> CVSW_TRACE_HELD & 1);
	assert_int_equal(cvsw_worker_resume(rig.w, rig.now), 0);

	pkt = rig_bytes(&rig, 1, bytes, test_hex(SECOND, bytes, sizeof(bytes)));
	cvsw_input(rig.w, pkt, rig.now);
	rig_sent_is(&rig, "");
	assert_int_equal(rig_drops(&rig), 0);
	assert_int_equal(cvsw_worker_resume(rig.w, rig.now), 1);
	rig.now += CVSW_REASM_NS;
	assert_int_equal(cvsw_worker_resume(rig.w, rig.now), 0);
	rig_drops_are(&rig, CVSW_DROP_REASM_TIMEOUT, 1);

	/* the switch goes while something waits */
	pkt = rig_bytes(&rig, 1, bytes, test_hex(FIRST, bytes, sizeof(bytes)));
	cvsw_input(rig.w, pkt, rig.now);
	assert_int_equal(cvsw_worker_resume(rig.w, rig.now), 1);
	rig_close(&rig);
}

/* UDP super-frames go through in pieces, each in a frame of its own */
static void test_cut_in_switch(void **state)
{
	static const struct test_super s = {
		{ .ver = 4, .proto = 17, .payload = 5000, .vlan_tci = 0x1007 },
		.size = 1000,
	};
	struct cvsw_pkt pkt = test_super_pkt(pool, &s);
	u32 len = cvsw_pkt_len(&pkt), i;
	struct cvsw_offload off;
	struct cvsw_pkt *in;
	struct rig rig;

	rig_open(&rig, 3, NULL);
	rig_add(&rig, 1, 1, RIG_LIST(stt_push, RIG_OUT(2)));
	rig_add(&rig, 1, 2, RIG_LIST(stt_pop, RIG_OUT(3)));
	cvsw_pkt_offload_get(&pkt, &off);
	in = rig_bytes(&rig, 1, cvsw_pkt_header(&pkt, 0, len), len);
	assert_int_equal(cvsw_pkt_offload_set(in, &off), 0);
	cvsw_input(rig.w, in, rig.now);
	rig_sent_is(&rig, "2 2 2 2 2");
	for (i = 0; i < 5; i++) {
		/* its header has the tag, and a partial checksum */
		assert_int_equal(rig.sent[i].bytes[55], 6);
		assert_int_equal(rig.sent[i].bytes[56], 34);
		assert_int_equal(field(rig.sent[i].bytes + 60), 0x1007);
		assert_int_equal(rig.sent[i].len, 72 + 42 + 1000);
	}
	assert_int_equal(rig_drops(&rig), 0);
	rig_close(&rig);
	cvsw_pkt_free(&pkt);
}

#define STT_TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STT_TEST(test_pop_golden),
		STT_TEST(test_push_golden),
		STT_TEST(test_segments_golden),
		STT_TEST(test_refused),
		STT_TEST(test_impossible_segments),
		STT_TEST(test_accepted),
		STT_TEST(test_wrong_flags),
		STT_TEST(test_known_checksum),
		STT_TEST(test_peek),
		STT_TEST(test_super_frames),
		STT_TEST(test_super_random_frames),
		STT_TEST(test_plain_frames),
		STT_TEST(test_l4_offset),
		STT_TEST(test_cut_first),
		STT_TEST(test_too_long),
		STT_TEST(test_two_tags),
		STT_TEST(test_ecn),
		STT_TEST(test_frame_id),
		STT_TEST(test_merged),
		STT_TEST(test_no_memory),
		STT_TEST(test_workers),
		STT_TEST(test_port_mtu),
		STT_TEST(test_waiting),
		STT_TEST(test_cut_in_switch),
	};

	return cmocka_run_group_tests_name("stt", tests, NULL, NULL);
}

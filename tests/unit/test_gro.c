// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Merging is judged by undoing it: whatever goes in, cut into segments and with
 * its checksums completed, must come out again byte for byte and in the order
 * of its flow when the frames that leave are cut in turn.  That cutting is
 * right is for test_gso to show.  And that frames are merged at all, and which
 * are not, is told case by case.
 */

#include <cvsw/switch.h>
#include "gso.h"
#include "super.h"

#define ALL	CVSW_OFFLOAD_MASK
#define BATCH	192

static u64 seed;
static struct cvsw_pool *pool;
static struct cvsw_gro *gro;

/* frames that are to leave, in the caller's hands until the batch ends */
static struct cvsw_pkt *batch[BATCH];
static u32 n_batch;

static int setup(void **state)
{
	(void)state;
	cvsw_alloc_fail_at(0);
	pool = cvsw_pool_new();
	gro = cvsw_gro_new();
	n_batch = 0;
	return pool && gro ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	cvsw_alloc_fail_at(0);
	cvsw_gro_free(gro);
	cvsw_pool_free(pool);
	return 0;
}

/* 1 when it was merged */
static int receive(struct cvsw_pkt pkt, u32 offloads)
{
	struct cvsw_pkt *frame = cvsw_frame_keep(&pkt);

	if (cvsw_gro_receive(gro, frame, offloads))
		return 1;
	assert_true(n_batch < BATCH);
	batch[n_batch++] = frame;
	return 0;
}

static void batch_free(void)
{
	cvsw_gro_flush(gro);
	while (n_batch)
		cvsw_frame_free(batch[--n_batch]);
}

/* Frames with something odd */

/* the IPv4 and L4 checksums of a frame that was changed */
static void fix(u8 *data, u32 len, u32 l3, bool v4, bool raw_l4)
{
	u8 *ip = data + l3, tail[4] = {};
	u32 l4 = v4 ? l3 + (*ip & 15u) * 4 : l3 + 40, sum;
	u8 proto = v4 ? ip[9] : ip[6];
	u8 *field = data + l4 + (proto == 6 ? 16 : 6);

	if (v4) {
		put_unaligned_be16(0, ip + 10);
		put_unaligned_be16((u16)~test_sum(ip, l4 - l3, 0), ip + 10);
		sum = test_sum(ip + 12, 8, 0);
	} else {
		sum = test_sum(ip + 8, 32, 0);
	}
	if (raw_l4)
		return;
	tail[1] = proto;
	put_unaligned_be16((u16)(len - l4), tail + 2);
	put_unaligned_be16(0, field);
	sum = ~test_sum(data + l4, len - l4, test_sum(tail, 4, sum)) & 0xffff;
	put_unaligned_be16((u16)(sum || proto == 6 ? sum : 0xffff), field);
}

/*
 * struct odd - a frame, and one byte of it changed
 * @at:  of the byte, 0 for none
 * @raw: 1: the checksums stay as they are; 2: only that of L4 does
 * @pad: zero bytes behind the packet
 */
struct odd {
	struct test_frame	f;
	u8			at;
	u8			value;
	u8			raw;
	u8			pad;
};

static struct cvsw_pkt odd_pkt(const struct odd *odd)
{
	static u8 bytes[TEST_FRAME_MAX];
	u32 len = test_build(&odd->f, bytes);
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.csum_start	= (u16)test_l4(&odd->f),
		.csum_offset	= odd->f.proto == 6 ? 16 : 6,
	};
	struct cvsw_pkt pkt;

	if (odd->at) {
		bytes[odd->at] = odd->value;
		if (odd->raw != 1)
			fix(bytes, len, odd->f.vlan_tci ? 18 : 14,
			    odd->f.ver == 4, odd->raw == 2);
	}
	memset(bytes + len, 0, odd->pad);
	pkt = test_pkt(pool, bytes, len + odd->pad);
	if (odd->f.partial)
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	return pkt;
}

/* Which */

/* segment @i of a flow, but for seq and id */
#define TCP4	.ver = 4, .proto = 6, .payload = 1000
#define TCP6	.ver = 6, .proto = 6, .payload = 1000
#define UDP4	.ver = 4, .proto = 17, .payload = 1000
#define UDP6	.ver = 6, .proto = 17, .payload = 1000
#define AT(i)	.seq = 5000 + (i) * 1000, .id = (u16)(0xffff + (i))
#define TAG	.vlan_tci = 0x3005

#define IS(...)			{ .f = { __VA_ARGS__ } }
#define BUT(n, byte, ...)	{ .f = { __VA_ARGS__ }, .at = n, .value = byte }
#define RAW(n, byte, ...)						\
	{ .f = { __VA_ARGS__ }, .at = n, .value = byte, .raw = 1 }
#define RAW_L4(n, byte, ...)						\
	{ .f = { __VA_ARGS__ }, .at = n, .value = byte, .raw = 2 }

struct pair {
	const char	*what;
	struct odd	a;
	struct odd	b;
	int		merges;
};

static const struct pair pairs[] = {
	{ "TCP over IPv4", IS(TCP4, AT(0)), IS(TCP4, AT(1)), 1 },
	{ "TCP over IPv6", IS(TCP6, AT(0)), IS(TCP6, AT(1)), 1 },
	{ "UDP over IPv4", IS(UDP4, AT(0)), IS(UDP4, AT(1)), 1 },
	{ "UDP over IPv6", IS(UDP6, AT(0)), IS(UDP6, AT(1)), 1 },
	{ "tagged", IS(TCP4, AT(0), TAG), IS(TCP4, AT(1), TAG), 1 },
	{ "one tagged", IS(TCP4, AT(0), TAG), IS(TCP4, AT(1)), 0 },
	{ "partial", IS(TCP4, AT(0), .partial = 1),
	  IS(TCP4, AT(1), .partial = 1), 1 },
	{ "one partial", IS(UDP6, AT(0), .partial = 1), IS(UDP6, AT(1)), 1 },
	{ "shorter", IS(TCP4, AT(0)),
	  IS(.ver = 4, .proto = 6, .payload = 1, AT(1)), 1 },
	{ "longer", IS(TCP4, AT(0)),
	  IS(.ver = 4, .proto = 6, .payload = 1001, AT(1)), 0 },
	{ "nothing", IS(TCP4, AT(0)), IS(.ver = 4, .proto = 6, AT(1)), 0 },
	{ "short UDP", IS(UDP6, AT(0)),
	  IS(.ver = 6, .proto = 17, .payload = 999, AT(1)), 1 },
	{ "empty UDP", IS(UDP6, AT(0)), IS(.ver = 6, .proto = 17, AT(1)), 0 },
	{ "too small a segment",
	  IS(.ver = 4, .proto = 6, .payload = 7, .seq = 1, .id = 1),
	  IS(.ver = 4, .proto = 6, .payload = 7, .seq = 8, .id = 2), 0 },
	{ "lost segment", IS(TCP4, AT(0)), IS(TCP4, AT(2)), 0 },
	{ "wrong order", IS(TCP6, AT(1)), IS(TCP6, AT(0)), 0 },
	{ "twice", IS(TCP6, AT(0)), IS(TCP6, AT(0)), 0 },
	{ "same id", IS(TCP4, .id = 9), IS(TCP4, .id = 9, .seq = 1000), 0 },
	{ "id 0", IS(TCP4, .frag_off = 0x4000),
	  IS(TCP4, .frag_off = 0x4000, .seq = 1000), 0 },
	{ "DF", IS(TCP4, AT(0), .frag_off = 0x4000),
	  IS(TCP4, AT(1), .frag_off = 0x4000), 1 },
	{ "one DF", IS(TCP4, AT(0), .frag_off = 0x4000), IS(TCP4, AT(1)), 0 },
	{ "fragment", IS(UDP4, AT(0)), IS(UDP4, AT(1), .frag_off = 0x2000), 0 },
	{ "both fragments", IS(UDP4, AT(0), .frag_off = 0x2000),
	  IS(UDP4, AT(1), .frag_off = 0x2000), 0 },
	{ "both later fragments", IS(UDP4, AT(0), .frag_off = 0x0080),
	  IS(UDP4, AT(1), .frag_off = 0x0080), 0 },
	{ "later fragment", IS(UDP4, AT(0)),
	  IS(UDP4, AT(1), .frag_off = 0x0080), 0 },
	{ "TOS", IS(TCP4, AT(0)), IS(TCP4, AT(1), .tos = 1), 0 },
	{ "class", IS(TCP6, AT(0)), IS(TCP6, AT(1), .tos = 1), 0 },
	{ "TTL", IS(TCP4, AT(0)), IS(TCP4, AT(1), .ttl = 63), 0 },
	{ "hop limit", IS(TCP6, AT(0)), IS(TCP6, AT(1), .ttl = 9), 0 },
	{ "flow label", IS(TCP6, AT(0)), BUT(17, 0x44, TCP6, AT(1)), 0 },
	{ "MAC", IS(TCP4, AT(0)), BUT(5, 9, TCP4, AT(1)), 0 },
	{ "IP options", IS(UDP4, AT(0)), RAW(14, 0x46, UDP4, AT(1)), 0 },
	{ "both IP options", RAW_L4(14, 0x46, UDP4, AT(0)),
	  RAW_L4(14, 0x46, UDP4, AT(1)), 0 },
	{ "version", BUT(14, 0x50, TCP6, AT(0)), BUT(14, 0x50, TCP6, AT(1)), 0 },
	{ "length", IS(TCP4, AT(0)), BUT(17, 1, TCP4, AT(1)), 0 },
	{ "length first", BUT(17, 1, TCP4, AT(0)), IS(TCP4, AT(1)), 0 },
	{ "IPv6 length", IS(TCP6, AT(0)), BUT(19, 1, TCP6, AT(1)), 0 },
	{ "UDP length", IS(UDP4, AT(0)), BUT(39, 1, UDP4, AT(1)), 0 },
	{ "UDP length first", BUT(39, 1, UDP4, AT(0)), IS(UDP4, AT(1)), 0 },
	{ "extension headers", IS(UDP6, AT(0), .ext = 8),
	  IS(UDP6, AT(1), .ext = 8), 0 },
	{ "another address", IS(TCP4, AT(0)), BUT(33, 7, TCP4, AT(1)), 0 },
	{ "another port", IS(TCP6, AT(0)), BUT(57, 7, TCP6, AT(1)), 0 },
	{ "ack", IS(TCP4, AT(0)), BUT(45, 7, TCP4, AT(1)), 0 },
	{ "window", IS(TCP4, AT(0)), BUT(49, 7, TCP4, AT(1)), 0 },
	{ "urgent", IS(TCP4, AT(0)), BUT(53, 7, TCP4, AT(1)), 0 },
	{ "options", IS(TCP4, AT(0), .tcp_options = 12),
	  IS(TCP4, AT(1), .tcp_options = 12), 1 },
	{ "other options", IS(TCP4, AT(0), .tcp_options = 12),
	  BUT(65, 7, TCP4, AT(1), .tcp_options = 12), 0 },
	{ "more options", IS(TCP4, AT(0), .tcp_options = 12),
	  IS(TCP4, AT(1), .tcp_options = 16), 0 },
	{ "fewer options", IS(TCP4, AT(0), .tcp_options = 16),
	  IS(TCP4, AT(1), .tcp_options = 12), 0 },
	{ "data offset", BUT(46, 0x40, TCP4, AT(0)), BUT(46, 0x40, TCP4, AT(1)),
	  0 },
	{ "reserved flag", IS(TCP4, AT(0)), BUT(46, 0x51, TCP4, AT(1)), 0 },
	{ "PSH last", IS(TCP4, AT(0)), IS(TCP4, AT(1), .tcp_flags = 0x18), 1 },
	{ "PSH first", IS(TCP4, AT(0), .tcp_flags = 0x18), IS(TCP4, AT(1)), 0 },
	{ "FIN last", IS(TCP4, AT(0)), IS(TCP4, AT(1), .tcp_flags = 0x11), 1 },
	{ "FIN first", IS(TCP4, AT(0), .tcp_flags = 0x11), IS(TCP4, AT(1)), 0 },
	{ "CWR first", IS(TCP4, AT(0), .tcp_flags = 0x90), IS(TCP4, AT(1)), 0 },
	{ "CWR last", IS(TCP4, AT(0)), IS(TCP4, AT(1), .tcp_flags = 0x90), 0 },
	{ "CWR on both", IS(TCP4, AT(0), .tcp_flags = 0x90),
	  IS(TCP4, AT(1), .tcp_flags = 0x90), 0 },
	{ "ECE", IS(TCP4, AT(0), .tcp_flags = 0x50),
	  IS(TCP4, AT(1), .tcp_flags = 0x50), 1 },
	{ "ECE last", IS(TCP4, AT(0)), IS(TCP4, AT(1), .tcp_flags = 0x50), 0 },
	{ "no ACK", IS(TCP4, AT(0), .tcp_flags = 0x40),
	  IS(TCP4, AT(1), .tcp_flags = 0x40), 0 },
	{ "URG", IS(TCP4, AT(0), .tcp_flags = 0x30),
	  IS(TCP4, AT(1), .tcp_flags = 0x30), 0 },
	{ "SYN", IS(TCP4, AT(0), .tcp_flags = 0x12),
	  IS(TCP4, AT(1), .tcp_flags = 0x12), 0 },
	{ "RST", IS(TCP4, AT(0)), IS(TCP4, AT(1), .tcp_flags = 0x14), 0 },
	{ "wrong checksum", IS(TCP4, AT(0)), RAW(99, 0x55, TCP4, AT(1)), 0 },
	{ "wrong checksum first", RAW(99, 0x55, TCP6, AT(0)),
	  IS(TCP6, AT(1)), 0 },
	{ "wrong header checksum", IS(UDP4, AT(0)),
	  RAW(24, 0x55, UDP4, AT(1)), 0 },
	{ "no checksum", IS(UDP4, AT(0), .udp_zero = 1),
	  IS(UDP4, AT(1), .udp_zero = 1), 0 },
	{ "wrong seed", IS(UDP6, AT(0)),
	  RAW(60, 0x55, UDP6, AT(1), .partial = 1), 0 },
	{ "padding", IS(TCP4, AT(0)), { .f = { TCP4, AT(1) }, .pad = 1 }, 0 },
	{ "ICMP", IS(.ver = 4, .proto = 1, .payload = 1000, AT(0)),
	  IS(.ver = 4, .proto = 1, .payload = 1000, AT(1)), 0 },
	{ "ARP", IS(.dl_type = 0x0806, .payload = 46),
	  IS(.dl_type = 0x0806, .payload = 46), 0 },
	{ "runt", IS(.dl_type = 0x0800, .payload = 3),
	  IS(.dl_type = 0x0800, .payload = 3), 0 },
};

static void test_pairs(void **state)
{
	const struct pair *p;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		p = &pairs[i];
		assert_int_equal(receive(odd_pkt(&p->a), ALL), 0);
		if (receive(odd_pkt(&p->b), ALL) != p->merges)
			fail_msg("%s: %smerged", p->what,
				 p->merges ? "not " : "");
		batch_free();
	}
}

/* frames for different queues of a port stay apart */
static void test_queues(void **state)
{
	static const struct {
		u32	queue;
		int	merges;
	} frames[] = {
		{ 1, 0 }, { 1, 1 }, { 2, 0 }, { 2, 1 }, { 0, 0 }, { 0, 1 },
	};
	struct cvsw_pkt pkt;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		pkt = odd_pkt(&(struct odd)IS(TCP4, AT(i)));
		pkt.queue = frames[i].queue;
		assert_int_equal(receive(pkt, ALL), frames[i].merges);
	}
	batch_free();
}

/* the L4 checksum comes to 0, which has two forms */
static struct cvsw_pkt zero_pkt(u8 proto, u32 i, u16 form)
{
	static u8 bytes[TEST_FRAME_MAX];
	struct test_frame f = { .ver = 4, .proto = proto, .payload = 1000,
				.seq = i * 1000, .id = (u16)i };
	u8 *check = bytes + test_l4(&f) + (proto == 6 ? 16 : 6);
	u8 *word = bytes + test_payload(&f);
	u32 len = test_build(&f, bytes), sum;

	sum = (u32)get_unaligned_be16(word) + get_unaligned_be16(check);
	put_unaligned_be16((u16)((sum & 0xffff) + (sum >> 16)), word);
	put_unaligned_be16(form, check);
	return test_pkt(pool, bytes, len);
}

static void test_zero(void **state)
{
	static const struct {
		u8	proto;
		u16	form;
		int	merges;
	} cases[] = {
		{ 6, 0, 1 }, { 6, 0xffff, 0 }, { 17, 0xffff, 1 }, { 17, 0, 0 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		receive(zero_pkt(cases[i].proto, 0, cases[i].form), ALL);
		assert_int_equal(receive(zero_pkt(cases[i].proto, 1,
						  cases[i].form), ALL),
				 cases[i].merges);
		batch_free();
	}
}

/* a checksum that is yet to be completed, but not that of the flow */
static void test_elsewhere(void **state)
{
	struct odd odd = { .f = { UDP6, .partial = 1 } };
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .csum_offset = 6,
		.csum_start = (u16)(test_l4(&odd.f) + 24),
	};
	struct cvsw_pkt pkt;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		pkt = odd_pkt(&odd);
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
		assert_int_equal(receive(pkt, ALL), 0);
	}
	batch_free();
}

/* what the port must take for each kind */
static void test_offloads(void **state)
{
	static const struct {
		struct test_frame	f;
		u32			needs;
	} cases[] = {
		{ { TCP4 }, CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO4 },
		{ { TCP6 }, CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO6 },
		{ { UDP4 }, CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_USO4 },
		{ { UDP6 }, CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_USO6 },
	};
	struct odd a = {}, b = {};
	unsigned int i, bit;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		a.f = cases[i].f;
		b.f = cases[i].f;
		b.f.seq = 1000;
		b.f.id = 1;
		receive(odd_pkt(&a), cases[i].needs);
		assert_int_equal(receive(odd_pkt(&b), cases[i].needs), 1);
		cvsw_gro_flush(gro);
		assert_int_equal(cvsw_frame_needs(batch[0]), cases[i].needs);
		batch_free();
		for (bit = 1; bit < ALL; bit <<= 1) {
			if (!(cases[i].needs & bit))
				continue;
			receive(odd_pkt(&a), ALL & ~bit);
			assert_int_equal(receive(odd_pkt(&b), ALL & ~bit), 0);
			batch_free();
		}
	}
}

/* Back again */

/*
 * struct line - a frame that is to come
 * @check: where its TCP checksum is that we completed, 0 for none.  Of the two
 *         forms of a zero Linux takes one when it completes a checksum and the
 *         other when it cuts, and so do we
 */
struct line {
	u8	*bytes;
	u32	len;
	u32	check;
	u8	flow;
};

#define LINES	4096

static struct line want[LINES];
static u32 n_want;

#define FLOWS	6

/* the next of each flow in want[] */
static u32 at[FLOWS];

static u8 flow_of(const struct cvsw_pkt *pkt)
{
	return ((const u8 *)cvsw_frame_data(pkt))[11];
}

static void want_each(void *arg, struct cvsw_pkt *pkt)
{
	const struct cvsw_offload *off = arg;
	struct line *line = &want[n_want++];

	assert_true(n_want <= LINES);
	line->flow = flow_of(pkt);
	line->check = off->csum == CVSW_CSUM_PARTIAL && off->csum_offset == 16 ?
		      off->csum_start + 16u : 0;
	line->len = cvsw_pkt_len(pkt);
	line->bytes = malloc(line->len);
	memcpy(line->bytes, cvsw_frame_data(pkt), line->len);
	cvsw_pkt_free(pkt);
}

static void got_each(void *arg, struct cvsw_pkt *pkt)
{
	u8 flow = flow_of(pkt), *check;
	const struct line *line;

	assert_true(flow < FLOWS);
	while (at[flow] < n_want && want[at[flow]].flow != flow)
		at[flow]++;
	assert_true(at[flow] < n_want);
	line = &want[at[flow]++];
	if (line->check && !memcmp(line->bytes + line->check, "\xff\xff", 2)) {
		check = cvsw_pkt_writable(pkt, line->check, 2);
		if (check && !memcmp(check, "\0\0", 2))
			memset(check, 0xff, 2);
	}
	test_pkt_is(pkt, line->bytes, line->len);
	cvsw_pkt_free(pkt);
}

/* are the lengths and the IPv4 checksum of a super-frame right? */
static void super_is_right(const struct cvsw_pkt *pkt)
{
	u32 len = cvsw_pkt_len(pkt), l3 = 14, l4;
	const u8 *data = cvsw_pkt_header(pkt, 0, len);

	if (get_unaligned_be16(data + 12) == 0x8100)
		l3 += 4;
	if (data[l3] >> 4 == 4) {
		l4 = l3 + 20;
		assert_int_equal(get_unaligned_be16(data + l3 + 2), len - l3);
		assert_int_equal(test_sum(data + l3, 20, 0), 0xffff);
		assert_true(data[l3 + 9] == 6 ||
			    get_unaligned_be16(data + l4 + 4) == len - l4);
	} else {
		l4 = l3 + 40;
		assert_int_equal(get_unaligned_be16(data + l3 + 4), len - l4);
		assert_true(data[l3 + 6] == 6 ||
			    get_unaligned_be16(data + l4 + 4) == len - l4);
	}
}

/* send what is in the batch, as a device does that can do nothing */
static void send_batch(void)
{
	u8 hdr[12];
	u32 i;

	cvsw_gro_flush(gro);
	for (i = 0; i < n_batch; i++) {
		struct cvsw_offload off;

		assert_int_equal(cvsw_frame_vnet_get(batch[i], hdr, 12), 0);
		cvsw_pkt_offload_get(batch[i], &off);
		if (off.gso_type)
			super_is_right(batch[i]);
		if (off.csum == CVSW_CSUM_PARTIAL)
			assert_int_equal(cvsw_frame_vnet_set(batch[i], hdr, 12),
					 0);
		assert_int_equal(cvsw_gso_lower(batch[i], 0, got_each, NULL),
				 0);
	}
	n_batch = 0;
}

/* this must come out again */
static void expect(struct cvsw_pkt pkt)
{
	struct cvsw_offload off;
	struct cvsw_pkt copy;

	cvsw_pkt_offload_get(&pkt, &off);
	assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
	assert_int_equal(cvsw_gso_lower(&copy, 0, want_each, &off), 0);
}

static int take(struct cvsw_pkt pkt)
{
	expect(pkt);
	return receive(pkt, ALL);
}

static void lines_begin(void)
{
	n_want = 0;
	memset(at, 0, sizeof(at));
}

/* everything has come out */
static void lines_end(void)
{
	u8 flow;

	for (flow = 0; flow < FLOWS; flow++)
		for (; at[flow] < n_want; at[flow]++)
			assert_true(want[at[flow]].flow != flow);
	while (n_want)
		free(want[--n_want].bytes);
}

/* a plain flow of one MTU's segments: 64 KiB at once */
static void test_plain(void **state)
{
	struct odd odd = { .f = { TCP4, .dl_src = { 2 }, .tcp_options = 12 } };
	u64 bytes;
	u32 i, n;

	(void)state;
	for (n = 0; n < 16; n++) {
		odd.f.ver = n & 1 ? 6 : 4;
		odd.f.proto = n & 2 ? 17 : 6;
		odd.f.vlan_tci = n & 4 ? 0x3005 : 0;
		odd.f.partial = n >> 3;
		odd.f.payload = 1436;
		odd.f.seq = 0xfffff000;
		odd.f.id = 0xfff0;
		lines_begin();
		for (i = 0; i < 44; i++) {
			odd.f.tcp_flags = i == 43 ? 0x18 : 0x10;
			assert_int_equal(take(odd_pkt(&odd)), !!i);
			odd.f.seq += odd.f.payload;
			odd.f.id++;
		}
		assert_int_equal(n_batch, 1);
		cvsw_gro_flush(gro);
		assert_int_equal(cvsw_pkt_segments(batch[0], &bytes), 44);
		send_batch();
		lines_end();
	}
}

/* as long as a frame may be, then another one */
static void test_full(void **state)
{
	struct odd odd = { .f = { TCP6, .dl_src = { 2 } } };
	u32 i, n = 0;

	(void)state;
	lines_begin();
	for (i = 0; i < 100; i++) {
		n += !take(odd_pkt(&odd));
		odd.f.seq += odd.f.payload;
	}
	assert_int_equal(n, 2);
	send_batch();
	/* the 58th would make it one byte too long */
	odd.f.ver = 4;
	odd.f.payload = 1129;
	for (i = 0, n = 0; i < 58; i++) {
		n += !take(odd_pkt(&odd));
		odd.f.seq += odd.f.payload;
		odd.f.id++;
	}
	assert_int_equal(n, 2);
	send_batch();
	odd.f.ver = 6;
	odd.f.proto = 17;
	odd.f.payload = 10;
	for (i = 0, n = 0; i < 128; i++)
		n += !take(odd_pkt(&odd));
	assert_int_equal(n, 2);
	send_batch();
	lines_end();
}

/* more flows than the table has room for, and each twice */
static void test_many(void **state)
{
	struct odd odd = { .f = { UDP4, .dl_src = { 2 } } };
	u32 i, merged = 0;

	(void)state;
	lines_begin();
	for (i = 0; i < 300; i++) {
		odd.f.tp_src = (u16)(1 + i / 2);
		odd.f.id = i & 1;
		merged += (u32)take(odd_pkt(&odd));
	}
	assert_in_range(merged, 148, 150);
	send_batch();
	lines_end();
}

/* a super-frame goes on */
static void test_super(void **state)
{
	struct test_super s = {
		.inner = { TCP4, .dl_src = { 2 } }, .size = 1000,
	};
	u32 i, merged = 0;

	(void)state;
	lines_begin();
	for (i = 0; i < 12; i++) {
		/* 8, 7 and a half, 8, ... segments */
		s.inner.payload = i & 1 ? 7500 : 8000;
		merged += (u32)take(test_super_pkt(pool, &s));
		s.inner.seq += s.inner.payload;
		s.inner.id = (u16)(s.inner.id + 8);
	}
	assert_int_equal(merged, 6);
	send_batch();
	/* too long to be copied */
	s.inner.payload = 9000;
	take(test_super_pkt(pool, &s));
	s.inner.seq += s.inner.payload;
	s.inner.id = (u16)(s.inner.id + 9);
	assert_int_equal(take(test_super_pkt(pool, &s)), 0);
	send_batch();
	lines_end();
}

/* one that says it is of another kind, or more than TCP */
static void test_super_odd(void **state)
{
	struct test_super s = {
		.inner = { TCP4, .dl_src = { 2 } }, .size = 1000,
	};
	struct cvsw_offload off;
	struct cvsw_pkt pkt;
	u32 i;

	(void)state;
	s.inner.payload = 8000;
	for (i = 0; i < 6; i++) {
		pkt = test_super_pkt(pool, &s);
		cvsw_pkt_offload_get(&pkt, &off);
		if (i < 3)
			off.gso_type = CVSW_GSO_TCP6;
		else
			off.outer = CVSW_OUTER_STT;
		assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
		assert_int_equal(receive(pkt, ALL), 0);
		s.inner.seq += 8000;
		s.inner.id = (u16)(s.inner.id + 8);
	}
	batch_free();
}

/* a frame that cannot be merged keeps its place */
static void test_order(void **state)
{
	static const struct odd odd[] = {
		{ .f = { UDP6, .dl_src = { 2 } } },
		{ .f = { UDP6, .dl_src = { 2 } } },
		{ .f = { UDP6, .dl_src = { 2 }, .udp_zero = 1 } },
		{ .f = { UDP6, .dl_src = { 2 } } },
		{ .f = { UDP6, .dl_src = { 2 } } },
		{ .f = { UDP6, .dl_src = { 2 }, .ext = 8 } },
		{ .f = { UDP6, .dl_src = { 2 } } },
		{ .f = { UDP6, .dl_src = { 2 } } },
	};
	unsigned int i;

	(void)state;
	lines_begin();
	for (i = 0; i < ARRAY_SIZE(odd); i++)
		take(odd_pkt(&odd[i]));
	assert_int_equal(n_batch, 5);
	send_batch();
	lines_end();
}

/*
 * A fragment ends what is between its addresses, and nothing else; TCP and UDP
 * between the same ports are two flows.
 */
static void test_others(void **state)
{
	static const struct {
		struct odd	odd;
		int		merged;
	} frames[] = {
		{ { .f = { UDP4, .dl_src = { 2 } } }, 0 },
		{ { .f = { TCP4, .dl_src = { 2 } } }, 0 },
		{ { .f = { UDP6, .dl_src = { 2 }, .tp_src = 9 } }, 0 },
		{ { .f = { UDP4, .dl_src = { 2 }, .frag_off = 0x2000,
			   .nw_src = { 9 } } }, 0 },
		{ { .f = { UDP6, .dl_src = { 2 }, .ext = 8,
			   .nw_src = { 9 } } }, 0 },
		{ { .f = { UDP4, .dl_src = { 2 }, .id = 1 } }, 1 },
		{ { .f = { TCP4, .dl_src = { 2 }, .id = 1, .seq = 1000 } }, 1 },
		{ { .f = { UDP6, .dl_src = { 2 }, .tp_src = 9 } }, 1 },
		{ { .f = { UDP4, .dl_src = { 2 }, .frag_off = 0x2000 } }, 0 },
		{ { .f = { UDP4, .dl_src = { 2 }, .id = 2 } }, 0 },
		{ { .f = { UDP6, .dl_src = { 2 }, .tp_src = 9 } }, 1 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(frames); i++)
		assert_int_equal(receive(odd_pkt(&frames[i].odd), ALL),
				 frames[i].merged);
	batch_free();
}

/* memory: a small head needs a larger buffer, a shared one its own */
static void test_memory(void **state)
{
	struct odd odd = { .f = { TCP4, .dl_src = { 2 } } };
	struct cvsw_pkt first, second, copy;

	(void)state;
	lines_begin();
	first = odd_pkt(&odd);
	assert_int_equal(cvsw_pkt_clone(&first, &copy), 0);
	assert_int_equal(take(first), 0);
	odd.f.seq = 1000;
	odd.f.id = 1;
	second = odd_pkt(&odd);
	expect(second);
	cvsw_alloc_fail_at(1);
	assert_int_equal(receive(second, ALL), 0);
	cvsw_alloc_fail_at(0);
	send_batch();
	lines_end();
	odd.f.seq = 0;
	odd.f.id = 0;
	lines_begin();
	assert_int_equal(take(copy), 0);
	odd.f.seq = 1000;
	odd.f.id = 1;
	assert_int_equal(take(odd_pkt(&odd)), 1);
	send_batch();
	lines_end();
}

/* Anything */

struct flow {
	struct odd	odd;
	u32		size;
};

static void flow_random(struct flow *flow, u8 n)
{
	struct test_frame *f = &flow->odd.f;

	memset(flow, 0, sizeof(*flow));
	f->ver = test_below(&seed, 2) ? 4 : 6;
	f->proto = test_below(&seed, 3) ? 6 : 17;
	f->dl_src[0] = 2;
	f->dl_src[5] = n;
	f->tp_src = (u16)(n / 2 + 1);
	f->nw_src[0] = 10;
	f->nw_src[3] = (u8)(n + 1);
	f->tos = (u8)test_rand(&seed);
	f->seq = test_rand(&seed);
	f->id = (u16)test_rand(&seed);
	f->tcp_flags = 0x10;
	f->tcp_options = (u8)(test_below(&seed, 4) * 4);
	f->frag_off = test_below(&seed, 2) ? 0x4000 : 0;
	if (test_below(&seed, 2))
		f->vlan_tci = (u16)(test_rand(&seed) | CVSW_VLAN_PRESENT);
	flow->size = 1 + test_below(&seed, 1400);
}

/* does byte @off of a frame say whose flow it is? */
static bool flow_names(const struct test_frame *f, u32 off)
{
	u32 l3 = f->vlan_tci ? 18 : 14, l4 = test_l4(f);

	if (off < l3)
		return off > 5 && off != 14 && off != 15;
	if (off == l3 || (off >= l4 && off < l4 + 4))
		return true;
	if (off > l4)
		return false;
	return off - l3 == (f->ver == 4 ? 9 : 6) ||
	       off - l3 >= (f->ver == 4 ? 12 : 8);
}

static void flow_odd(struct odd *odd)
{
	struct test_frame *f = &odd->f;
	u32 len = test_payload(f) + f->payload;

	switch (test_below(&seed, 14)) {
	case 0:
		f->seq++;
		break;
	case 1:
		f->id++;
		break;
	case 2:
		f->tos ^= 1;
		break;
	case 3:
		f->ttl = 9;
		break;
	case 4:
		f->tcp_flags = (u8)test_rand(&seed);
		break;
	case 5:
		f->udp_zero = 1;
		break;
	case 6:
		f->ext = 8;
		break;
	case 7:
		f->frag_off = (u16)(test_rand(&seed) & 0x6003);
		break;
	case 8:
		odd->pad = (u8)test_below(&seed, 3);
		break;
	case 9:
		f->payload = test_below(&seed, 1500);
		break;
	case 10:
		f->tcp_flags |= 0x08;
		break;
	default:
		do
			odd->at = (u8)test_below(&seed, min_t(u32, len, 120));
		while (flow_names(f, odd->at));
		odd->value = (u8)test_rand(&seed);
		odd->raw = 1;
	}
}

/* a PARTIAL checksum of what is not TCP or UDP any more is not completed */
static bool flow_partial(const struct odd *odd)
{
	return !odd->at && !odd->f.ext && !odd->pad && !odd->f.udp_zero &&
	       !(odd->f.ver == 4 && odd->f.frag_off & 0x3fff);
}

/* a super-frame of the flow */
static struct cvsw_pkt flow_super(const struct flow *flow, struct odd *odd)
{
	struct test_super s = { .size = (u16)flow->size };

	odd->f.payload = 1 + test_below(&seed, 30 * flow->size);
	s.inner = odd->f;
	return test_super_pkt(pool, &s);
}

static u32 flow_take(struct flow *flow)
{
	struct odd odd = flow->odd;
	u32 merged;

	if (!test_below(&seed, 12))
		flow_odd(&odd);
	odd.f.partial = flow_partial(&odd) && !test_below(&seed, 3);
	if (odd.f.partial && flow->size >= 8 && !test_below(&seed, 4))
		merged = (u32)take(flow_super(flow, &odd));
	else
		merged = (u32)take(odd_pkt(&odd));
	flow->odd.f.seq += odd.f.payload;
	flow->odd.f.id = (u16)(flow->odd.f.id +
			       (odd.f.payload + flow->size - 1) / flow->size);
	return merged;
}

static void test_random(void **state)
{
	struct flow flow[FLOWS];
	u32 round, i, merged = 0;
	u8 n;

	(void)state;
	for (round = 0; round < 1000; round++) {
		lines_begin();
		for (n = 0; n < FLOWS; n++)
			flow_random(&flow[n], n);
		for (i = 0, n = 0; i < 100; i++) {
			if (!test_below(&seed, 4))
				n = (u8)test_below(&seed, FLOWS);
			flow[n].odd.f.payload = flow[n].size;
			merged += flow_take(&flow[n]);
			if (!test_below(&seed, 30))
				send_batch();
		}
		send_batch();
		lines_end();
	}
	/* of 100,000, about half */
	assert_in_range(merged, 30000, 90000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pairs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queues, setup, teardown),
		cmocka_unit_test_setup_teardown(test_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(test_elsewhere, setup, teardown),
		cmocka_unit_test_setup_teardown(test_offloads, setup, teardown),
		cmocka_unit_test_setup_teardown(test_plain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_super, setup, teardown),
		cmocka_unit_test_setup_teardown(test_super_odd, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_others, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The self-test of offloads against kernels that do one thing wrong: exactly
 * that is found, and the rest passes.
 */

#include "util.h"

#include <cvsw/switch.h>
#include "csum.h"
#include "gso.h"
#include "selftest.h"
#include "tunnel.h"
#include "walk.h"

#define CSUM	CVSW_OFFLOAD_CSUM
#define TSO4	CVSW_OFFLOAD_TSO4
#define TSO6	CVSW_OFFLOAD_TSO6
#define ECN	CVSW_OFFLOAD_TSO_ECN
#define USO4	CVSW_OFFLOAD_USO4
#define USO6	CVSW_OFFLOAD_USO6
#define TUNNEL	CVSW_OFFLOAD_TUNNEL
#define TCSUM	CVSW_OFFLOAD_TUNNEL_CSUM
#define ALL	(CSUM | TSO4 | TSO6 | ECN | USO4 | USO6 | TUNNEL | TCSUM)

#define QUEUE	256

/* what a kernel does wrong */
enum fault {
	NONE,
	REFUSED,	/* write() fails */
	GONE,		/* the frame vanishes, as in 2014 */
	LOST,		/* the last segment does */
	TWICE,		/* the first segment comes twice */
	UNCUT,		/* it comes as it was, although it must not */
	SEED,		/* the checksum is said to be complete and is not */
	PARTIAL,	/* segments come with checksums to be completed */
	SAME_ID,	/* all segments have the IP ID of the first */
	CWR_ALL,	/* all segments have CWR */
	SHORT,		/* the last byte is missing */
	NO_OUTER,	/* the outer UDP checksum is 0 */
	WRONG_SIZE,	/* the header says another gso_size */
	BAD_HEADER,	/* the header makes no sense */
	LATE,		/* only the patient get it */
	DEAF,		/* cannot be told what to take */
};

/*
 * struct kernel - a loop through a kernel that is right but for @fault
 * @bit:   of frames that need this offload
 * @rx:    only when they may come in with it
 */
struct kernel {
	enum fault	fault;
	u32		bit;
	bool		rx;
	struct cvsw_pool *pool;
	u32		taken;
	unsigned int	sent;
	unsigned int	first;
	unsigned int	n;
	struct cvsw_pkt	*queue[QUEUE];
};

static bool faulty(const struct kernel *k, u32 needs)
{
	return needs & k->bit && (!k->rx || k->taken & k->bit);
}

static void arrive(void *arg, struct cvsw_pkt *pkt)
{
	struct kernel *k = arg;

	assert_true(k->n < QUEUE);
	k->queue[k->n++] = cvsw_frame_keep(pkt);
}

/* the inner headers of a frame that may be in VXLAN or Geneve */
static void find_inner(const struct cvsw_pkt *pkt, struct cvsw_walk *outer,
		       struct cvsw_walk *inner)
{
	u32 len = cvsw_pkt_len(pkt);
	const u8 *data = cvsw_frame_data(pkt);

	assert_int_equal(cvsw_walk_eth(data, len, outer), 0);
	*inner = *outer;
	if (outer->proto == CVSW_IPPROTO_UDP &&
	    get_unaligned_be16(data + outer->l4 + 2) < 10000)
		assert_int_equal(cvsw_walk_ip(data, len, outer->l4 + 8 + 8 + 14,
					      inner), 0);
}

static void spoil_id(u8 *data, const struct cvsw_walk *walk, u16 id)
{
	struct cvsw_ipv4_hdr *ip = (void *)(data + walk->l3);

	ip->id = cpu_to_be16(id);
	ip->check = cvsw_csum_ipv4(ip);
}

/* spoil the segments that @k has put into the queue from @from on */
static void spoil(struct kernel *k, unsigned int from)
{
	struct cvsw_walk outer, inner;
	struct cvsw_pkt *frame;
	struct cvsw_tcp_hdr *th;
	unsigned int i;
	u8 *data;

	for (i = from; i < k->n; i++) {
		frame = k->queue[i];
		data = cvsw_frame_edit(frame);
		find_inner(frame, &outer, &inner);
		th = (void *)(data + inner.l4);
		switch (k->fault) {
		case SEED:
			data[inner.l4 + (inner.proto == 6 ? 16 : 6)] ^= 1;
			break;
		case SAME_ID:
			if (inner.ver == 4)
				spoil_id(data, &inner, 0xfffe);
			break;
		case CWR_ALL:
			th->flags |= CVSW_TCP_CWR;
			break;
		case SHORT:
			assert_int_equal(cvsw_frame_trim(frame,
							 cvsw_frame_len(frame) - 1), 0);
			break;
		case NO_OUTER:
			memset(data + outer.l4 + 6, 0, 2);
			break;
		default:
			break;
		}
	}
	if (k->fault == LOST)
		cvsw_frame_free(k->queue[--k->n]);
	if (k->fault == TWICE) {
		struct cvsw_pkt copy;

		assert_int_equal(cvsw_pkt_clone(k->queue[from], &copy), 0);
		arrive(k, &copy);
	}
}

static void wrong_size(struct cvsw_pkt *pkt)
{
	struct cvsw_offload off;

	cvsw_pkt_offload_get(pkt, &off);
	off.gso_size++;
	assert_int_equal(cvsw_pkt_offload_set(pkt, &off), 0);
}

static int kernel_send(void *arg, const struct cvsw_pkt *frame)
{
	struct kernel *k = arg;
	const u32 needs = cvsw_gso_needs(frame);
	unsigned int from = k->n;
	struct cvsw_pkt copy;
	u32 take = k->taken;

	k->sent++;
	if (k->fault == REFUSED && faulty(k, needs))
		return -EINVAL;
	if (k->fault == GONE && faulty(k, needs))
		return 0;
	assert_int_equal(cvsw_pkt_clone(frame, &copy), 0);
	if (faulty(k, needs)) {
		if (k->fault == UNCUT)
			take = ~0u;
		if (k->fault == PARTIAL)
			take = CSUM;
		if (k->fault == WRONG_SIZE)
			wrong_size(&copy);
	}
	assert_int_equal(cvsw_gso_lower(&copy, take, arrive, k), 0);
	if (faulty(k, needs))
		spoil(k, from);
	return 0;
}

static int kernel_take(void *arg, u32 offloads)
{
	struct kernel *k = arg;

	if (k->fault == DEAF)
		return -EPERM;
	k->taken = offloads;
	return 0;
}

static int kernel_receive(void *arg, int wait_ms, struct cvsw_pkt **frame)
{
	struct kernel *k = arg;
	u32 needs;

	if (k->first == k->n) {
		k->first = 0;
		k->n = 0;
		return -EAGAIN;
	}
	needs = cvsw_gso_needs(k->queue[k->first]);
	if (k->fault == LATE && wait_ms && wait_ms < 100 &&
	    k->sent > 10)
		return -EAGAIN;
	*frame = k->queue[k->first++];
	if (k->fault != BAD_HEADER || !faulty(k, needs))
		return 0;
	cvsw_frame_free(*frame);
	return -EPROTO;
}

static void run(struct kernel *k, u32 tx, u32 rx, struct cvsw_selftest *result,
		int want)
{
	const struct cvsw_selftest_loop loop = {
		.tx = tx, .rx = rx, .take = kernel_take, .send = kernel_send,
		.receive = kernel_receive, .arg = k,
		.pool = k->pool = cvsw_pool_new(),
	};

	assert_int_equal(cvsw_selftest_run(&loop, result), want);
	while (k->first < k->n)
		cvsw_frame_free(k->queue[k->first++]);
	cvsw_pool_free(k->pool);
}

static void verdicts_are(const struct cvsw_selftest *r, u32 all, u32 tx_failed,
			 u32 rx_failed)
{
	unsigned int i;
	u32 seen = 0;

	for (i = 0; i < r->n; i++) {
		const struct cvsw_test *t = &r->test[i];

		seen |= t->offload;
		if ((t->tx == CVSW_TEST_FAILED) != !!(t->offload & tx_failed))
			fail_msg("0x%x: tx %u, %s", t->offload, t->tx, t->text);
		if (!(t->offload & (tx_failed | rx_failed)) && *t->text)
			fail_msg("0x%x: %s", t->offload, t->text);
		if (t->offload & (tx_failed | rx_failed) && !*t->text)
			fail_msg("0x%x: no reason", t->offload);
	}
	assert_int_equal(seen, all);
	assert_int_equal(r->tx_failed, tx_failed);
	assert_int_equal(r->rx_failed, rx_failed);
}

static void test_right(void **state)
{
	static const u32 can[] = {
		ALL, CSUM | TSO4 | TSO6 | ECN | USO4 | USO6, CSUM | TSO4 | TSO6,
		ALL & ~(USO4 | USO6), ALL & ~TCSUM, CSUM, 0,
	};
	struct cvsw_selftest r;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(can); i++) {
		struct kernel k = { .fault = NONE };

		run(&k, can[i], can[i], &r, 0);
		verdicts_are(&r, can[i], 0, 0);
		for (j = 0; j < r.n; j++) {
			assert_int_equal(r.test[j].tx, CVSW_TEST_PASSED);
			assert_int_equal(r.test[j].rx, CVSW_TEST_PASSED);
		}
	}
}

static const struct {
	enum fault	fault;
	u32		bit;
	const char	*text;	/* begins like this */
} faults[] = {
	{ SEED, CSUM, "UDP/IPv4: frame 1 of 1 differs at byte" },
	{ PARTIAL, CSUM, "UDP/IPv4: it came with a checksum left to do" },
	{ UNCUT, CSUM, "UDP/IPv4: it came with a checksum left to do" },
	{ REFUSED, CSUM, "UDP/IPv4: it was not sent: Invalid argument" },
	{ SHORT, CSUM, "UDP/IPv4: frame 1 of 1 differs at byte" },
	{ LOST, TSO4, "large TCP/IPv4: 2 frames came of 3" },
	{ SAME_ID, TSO4, "large TCP/IPv4: frame" },
	{ PARTIAL, TSO4, "large TCP/IPv4: it came with a checksum" },
	{ UNCUT, TSO4, "large TCP/IPv4: it came with segmentation left" },
	{ TWICE, TSO6, "large TCP/IPv6: 4 frames came of 3" },
	{ GONE, TSO6, "large TCP/IPv6: 0 frames came of 3" },
	{ CWR_ALL, ECN, "large TCP/IPv4 with CWR: frame" },
	{ SEED, ECN, "large TCP/IPv4 with CWR: frame" },
	{ LOST, USO4, "large UDP/IPv4: 2 frames came of 3" },
	{ SAME_ID, USO4, "large UDP/IPv4: frame" },
	{ SEED, USO6, "large UDP/IPv6: frame" },
	{ GONE, TUNNEL, "large TCP/IPv4 in VXLAN/IPv4: 0 frames came of 3" },
	{ SAME_ID, TUNNEL, "large TCP/IPv4 in VXLAN/IPv4: frame" },
	{ UNCUT, TUNNEL, "large TCP/IPv4 in VXLAN/IPv4: it came with segm" },
	{ NO_OUTER, TCSUM, "large TCP/IPv4 in VXLAN/IPv4 with checksum: frame" },
	{ LOST, TCSUM, "large TCP/IPv4 in VXLAN/IPv4 with checksum: 2" },
};

/* what builds on a bit that failed cannot be tried */
static u32 builds_on(u32 bit)
{
	switch (bit) {
	case CSUM:
		return ALL;
	case TUNNEL:
		return TUNNEL | TCSUM;
	default:
		return bit;
	}
}

static void test_wrong(void **state)
{
	struct cvsw_selftest r;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		struct kernel k = {
			.fault = faults[i].fault, .bit = faults[i].bit,
		};

		run(&k, ALL, ALL, &r, 0);
		verdicts_are(&r, ALL, k.bit, k.bit);
		for (j = 0; j < r.n; j++) {
			const struct cvsw_test *t = &r.test[j];

			if (t->offload == k.bit)
				assert_int_equal(strncmp(t->text, faults[i].text,
							 strlen(faults[i].text)), 0);
			else if (t->offload & builds_on(k.bit))
				assert_int_equal(t->tx, CVSW_TEST_NONE);
			else if (t->tx != CVSW_TEST_PASSED ||
				 t->rx != CVSW_TEST_PASSED)
				fail_msg("fault %u of 0x%x: 0x%x is not tested",
					 k.fault, k.bit, t->offload);
		}
	}
}

/* right to send with, wrong to take */
static void test_wrong_in(void **state)
{
	static const struct {
		enum fault	fault;
		u32		bit;
	} in[] = {
		{ WRONG_SIZE, TSO4 }, { WRONG_SIZE, TSO6 }, { WRONG_SIZE, USO6 },
		{ WRONG_SIZE, TUNNEL }, { WRONG_SIZE, TCSUM }, { GONE, ECN },
		{ GONE, TUNNEL }, { BAD_HEADER, USO4 }, { BAD_HEADER, TCSUM },
		{ BAD_HEADER, CSUM }, { TWICE, TSO4 },
	};
	struct cvsw_selftest r;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(in); i++) {
		struct kernel k = { in[i].fault, in[i].bit, .rx = true };

		run(&k, ALL, ALL, &r, 0);
		verdicts_are(&r, ALL, 0, in[i].bit);
		for (j = 0; j < r.n; j++)
			assert_int_equal(r.test[j].tx, CVSW_TEST_PASSED);
	}
}

/* each side may have what the other has not */
static void test_sides(void **state)
{
	struct kernel k = { .fault = NONE };
	struct cvsw_selftest r;
	unsigned int i;

	run(&k, CSUM | TSO4 | TSO6, CSUM | TSO4 | USO4, &r, 0);
	verdicts_are(&r, CSUM | TSO4 | TSO6 | USO4, 0, 0);
	for (i = 0; i < r.n; i++) {
		u32 bit = r.test[i].offload;

		assert_int_equal(r.test[i].tx, bit != USO4);
		assert_int_equal(r.test[i].rx, bit & (CSUM | TSO4) ? 1 : 0);
	}
}

/* a busy machine is no broken one */
static void test_late(void **state)
{
	struct kernel k = { .fault = LATE };
	struct cvsw_selftest r;

	run(&k, ALL, ALL, &r, 0);
	verdicts_are(&r, ALL, 0, 0);
}

static void test_deaf(void **state)
{
	struct kernel k = { .fault = DEAF };
	struct cvsw_selftest r;

	run(&k, ALL, ALL, &r, -EPERM);
	verdicts_are(&r, ALL, 0, 0);
}

static int nothing_sent(void *arg, const struct cvsw_pkt *frame)
{
	return *(const int *)arg;
}

static int nothing_came(void *arg, int wait_ms, struct cvsw_pkt **frame)
{
	return -EAGAIN;
}

static int nothing_taken(void *arg, u32 offloads)
{
	return 0;
}

static void test_dead_loop(void **state)
{
	int sent = 0;
	struct cvsw_selftest_loop loop = {
		.tx = ALL, .rx = ALL, .take = nothing_taken,
		.send = nothing_sent, .receive = nothing_came, .arg = &sent,
		.pool = cvsw_pool_new(),
	};
	struct cvsw_selftest r;

	assert_int_equal(cvsw_selftest_run(&loop, &r), -ENOLINK);
	verdicts_are(&r, ALL, 0, 0);
	sent = -ENETDOWN;
	assert_int_equal(cvsw_selftest_run(&loop, &r), -ENOLINK);
	cvsw_pool_free(loop.pool);
}

/* the frames are good ones: what asks for nothing passes the strict receiver */
static void lowered(void *arg, struct cvsw_pkt *pkt)
{
	unsigned int *n = arg;
	const char *wrong = test_strict(cvsw_frame_data(pkt),
					cvsw_frame_len(pkt));

	/* a tunnel may do without (RFC 6935) */
	if (wrong && strcmp(wrong, "UDP over IPv6 without checksum"))
		fail_msg("%s", wrong);
	++*n;
	cvsw_pkt_free(pkt);
}

static void test_frames(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt *frame;
	unsigned int i, n;
	u32 needs = 0;

	for (i = 0; i < cvsw_selftest_n; i++) {
		if (cvsw_selftest_cases[i].tunnel &&
		    !cvsw_tunnel_type_get(cvsw_selftest_cases[i].tunnel))
			continue;
		frame = cvsw_selftest_frame(pool, &cvsw_selftest_cases[i], 7);
		assert_non_null(frame);
		assert_true(cvsw_selftest_is(frame, 7));
		assert_false(cvsw_selftest_is(frame, 8));
		needs |= cvsw_gso_needs(frame);
		n = 0;
		assert_int_equal(cvsw_gso_lower(frame, 0, lowered, &n), 0);
		assert_true(n == 1 || cvsw_selftest_cases[i].size);
	}
	assert_int_equal(needs, ALL);
	cvsw_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_wrong_in),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_deaf),
		cmocka_unit_test(test_dead_loop),
		cmocka_unit_test(test_frames),
	};

	return cmocka_run_group_tests_name("selftest", tests, NULL, NULL);
}

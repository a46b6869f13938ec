// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Reassembly: rules one by one, and random segments beside the oracle.  In
 * each case what was given is either in a whole frame, or counted.
 */

#include "util.h"
#include "reasm_oracle.h"

#define SEC	1000000000ull

static u64 seed;
static struct cvsw_pool *pool;
static struct reasm_pair *pair;
static u8 bytes[TEST_FRAME_MAX];

static int setup(void **state)
{
	u32 i;

	cvsw_alloc_fail_at(0);
	pool = cvsw_pool_new();
	pair = reasm_pair_new(pool, seed);
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (u8)test_rand(&seed);
	return pair ? 0 : -1;
}

static int teardown(void **state)
{
	reasm_pair_free(pair);
	cvsw_pool_free(pool);
	return 0;
}

static struct cvsw_reasm_key key_of(u32 n, u32 len)
{
	return (struct cvsw_reasm_key){
		.src = { 10, 0, 0, 1 }, .dst = { 10, 0, 0, 2 },
		.id = cpu_to_be32(n), .sport = cpu_to_be16(50000),
		.dport = cpu_to_be16(7471), .len = (u16)len, .family = 4,
	};
}

/* a segment of frame @n, whose bytes are bytes[@n] and so on; is it whole? */
static bool add_ecn(u32 n, u32 len, u32 off, u32 seg_len, u64 now,
		    u32 segments, u8 *ecn)
{
	struct cvsw_reasm_seg seg = { .off = off, .len = seg_len, .ecn = *ecn };
	struct cvsw_reasm_key key = key_of(n, len);
	const char *wrong;
	bool whole;

	wrong = reasm_pair_add(pair, &key, &seg, bytes + (n + off) % 2000,
			       segments, now, &whole);
	if (wrong)
		fail_msg("frame %u, %u bytes at %u of %u: %s", n, seg_len, off,
			 len, wrong);
	*ecn = seg.ecn;
	return whole;
}

static bool add(u32 n, u32 len, u32 off, u32 seg_len, u64 now)
{
	u8 ecn = 0;

	return add_ecn(n, len, off, seg_len, now, 1, &ecn);
}

static void expire(u64 now)
{
	const char *wrong = reasm_pair_expire(pair, now);

	if (wrong)
		fail_msg("%s", wrong);
}

static u64 counted(enum cvsw_drop why)
{
	return reasm_pair_drops(pair)[why];
}

/* nothing is lost uncounted */
static void balance(void)
{
	const char *wrong = reasm_pair_balance(pair);

	if (wrong)
		fail_msg("%s", wrong);
}

/* Rules */

/* one segment of frame 1, of 100 bytes unless told, and what is counted for it
 * and for those before it that are given up with it */
struct step {
	u32 off, len;
	bool whole;
	enum cvsw_drop why;
	u32 count;
	u32 frame_len;
	u64 now;
};

#define WAITS(o, l, ...)	{ .off = o, .len = l, ##__VA_ARGS__ }
#define WHOLE(o, l, ...)	WAITS(o, l, .whole = true, ##__VA_ARGS__)
#define LOST(o, l, w, n, ...)	WAITS(o, l, .why = CVSW_DROP_REASM_##w, \
				      .count = n, ##__VA_ARGS__)

static void test_rules(void **state)
{
	static const struct {
		const char *what;
		struct step step[8];
	} t[] = {
		{ "in order", {
			WAITS(0, 40), WAITS(40, 40), WHOLE(80, 20) } },
		{ "in reverse order", {
			WAITS(80, 20), WAITS(40, 40), WHOLE(0, 40) } },
		{ "the middle last", {
			WAITS(0, 40), WAITS(80, 20), WHOLE(40, 40) } },
		{ "one that is whole", { WHOLE(0, 100) } },
		{ "single bytes at both ends", {
			WAITS(0, 1), WAITS(99, 1), WHOLE(1, 98) } },
		{ "a second frame of the same key", {
			WAITS(0, 60), WHOLE(60, 40),
			WAITS(60, 40), WHOLE(0, 60) } },
		{ "the same once more", {
			WAITS(0, 40), LOST(0, 40, OVERLAP, 2),
			LOST(40, 60, OVERLAP, 1) } },
		{ "one byte over what is before", {
			WAITS(0, 40), LOST(39, 61, OVERLAP, 2),
			LOST(40, 60, OVERLAP, 1) } },
		{ "one byte over what is behind", {
			WAITS(40, 60), LOST(0, 41, OVERLAP, 2) } },
		{ "around another", {
			WAITS(40, 10), LOST(30, 30, OVERLAP, 2) } },
		{ "inside another", {
			WAITS(40, 30), LOST(50, 10, OVERLAP, 2) } },
		{ "over two", {
			WAITS(0, 40), WAITS(60, 40),
			LOST(39, 22, OVERLAP, 3) } },
		{ "a part of what is whole but for a byte", {
			WAITS(0, 99), LOST(98, 1, OVERLAP, 2) } },
		{ "beyond the end", {
			WAITS(0, 40), LOST(80, 21, LENGTH, 2),
			LOST(40, 60, LENGTH, 1) } },
		{ "from the end", { LOST(100, 1, LENGTH, 1) } },
		{ "from far beyond the end", {
			LOST(0xffffffff, 2, LENGTH, 1),
			LOST(0, 100, LENGTH, 1) } },
		{ "empty", {
			LOST(40, 0, LENGTH, 1), LOST(0, 100, LENGTH, 1) } },
		{ "spoilt, first one cause, then another", {
			WAITS(0, 40), LOST(0, 40, OVERLAP, 2),
			LOST(90, 40, OVERLAP, 1) } },
		{ "the shortest frame", {
			WAITS(0, 31, .frame_len = 32),
			WHOLE(31, 1, .frame_len = 32) } },
		{ "a frame that is too short", {
			LOST(0, 31, LENGTH, 1, .frame_len = 31),
			LOST(0, 1, LENGTH, 1, .frame_len = 1) } },
		{ "the longest frame", {
			WAITS(1, 65514 - 9000, .frame_len = 65515),
			WAITS(65515 - 9000, 9000, .frame_len = 65515),
			WHOLE(0, 1, .frame_len = 65515) } },
		{ "a frame that is too long", {
			LOST(0, 9000, LENGTH, 1, .frame_len = 65516),
			LOST(65514, 2, LENGTH, 1, .frame_len = 65516) } },
		{ "just in time", {
			WAITS(0, 50, .now = 7),
			WHOLE(50, 50, .now = CVSW_REASM_NS + 6) } },
		{ "too late, and another frame with it", {
			WAITS(0, 50, .now = 7),
			LOST(50, 50, TIMEOUT, 1, .now = CVSW_REASM_NS + 7),
			WHOLE(0, 50, .now = CVSW_REASM_NS + 8) } },
		{ "time counts from the first", {
			WAITS(0, 40),
			WAITS(40, 40, .now = CVSW_REASM_NS - 1),
			LOST(80, 20, TIMEOUT, 2, .now = CVSW_REASM_NS) } },
		{ "spoilt until its time is up", {
			WAITS(0, 40), LOST(0, 1, OVERLAP, 2),
			LOST(0, 60, OVERLAP, 1, .now = CVSW_REASM_NS - 1),
			WAITS(0, 60, .now = CVSW_REASM_NS),
			WHOLE(60, 40, .now = 2 * CVSW_REASM_NS - 1) } },
		{ "a clock that goes back", {
			WAITS(0, 50, .now = 5 * SEC),
			WHOLE(50, 50, .now = SEC) } },
	};
	const struct step *s;
	u64 before;
	size_t i;
	bool whole;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		print_message("%s\n", t[i].what);
		for (s = t[i].step; s->off || s->len; s++) {
			before = counted(s->why);
			whole = add(1, s->frame_len ? s->frame_len : 100,
				    s->off, s->len, s->now);
			assert_int_equal(whole, s->whole);
			assert_int_equal(counted(s->why) - before, s->count);
		}
		balance();
	}
}

/* one merged by a device on the way counts for all that are in it */
static void test_merged(void **state)
{
	u8 ecn = 0;

	assert_false(add_ecn(1, 5000, 1400, 2800, 0, 2, &ecn));
	assert_false(add(1, 5000, 0, 1400, 0));
	assert_true(add_ecn(1, 5000, 4200, 800, 0, 1, &ecn));
	assert_int_equal(reasm_pair_whole(pair), 4);

	assert_false(add_ecn(2, 9000, 0, 8400, 0, 6, &ecn));
	assert_false(add_ecn(2, 9000, 7000, 2000, 0, 2, &ecn));
	assert_int_equal(counted(CVSW_DROP_REASM_OVERLAP), 8);
	balance();
}

static void test_ecn(void **state)
{
	static const u8 t[][4] = {	/* of three segments, and of the whole */
		{ 0, 0, 0, 0 }, { 1, 1, 1, 1 }, { 2, 2, 2, 2 }, { 3, 3, 3, 3 },
		{ 0, 0, 3, 3 }, { 3, 0, 0, 3 }, { 2, 3, 2, 3 }, { 1, 2, 3, 3 },
		{ 0, 1, 1, 0 }, { 2, 2, 0, 0 }, { 1, 2, 1, 2 }, { 2, 1, 1, 2 },
		{ 1, 2, 0, 0 },
	};
	size_t i;
	u8 ecn;
	u32 k;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		for (k = 0; k < 3; k++) {
			ecn = t[i][k];
			assert_int_equal(add_ecn(1, 90, 30 * k, 30, 0, 1, &ecn),
					 k == 2);
			assert_int_equal(ecn, t[i][k == 2 ? 3 : k]);
		}
	balance();
}

/* whatever differs in the key: another frame */
static void test_key(void **state)
{
	struct cvsw_reasm_key key = key_of(1, 100);
	struct cvsw_reasm_seg seg;
	bool whole;
	u32 i;

	for (i = 0; i < 43; i++) {
		seg = (struct cvsw_reasm_seg){ .off = 0, .len = 40 };
		((u8 *)&key)[i] ^= 1;
		assert_null(reasm_pair_add(pair, &key, &seg, bytes, 1, 0,
					   &whole));
		assert_false(whole);
		((u8 *)&key)[i] ^= 1;
	}
	assert_true(add(1, 100, 0, 100, 0));
	assert_int_equal(counted(CVSW_DROP_REASM_OVERLAP), 0);
	balance();
	assert_int_equal(counted(CVSW_DROP_REASM_TIMEOUT), 43);
}

/* Limits */

/* what has longest got nothing makes room */
static void test_frames(void **state)
{
	u32 i;

	for (i = 0; i < CVSW_REASM_FRAMES; i++)
		assert_false(add(i, 100, 0, 40, i));
	assert_false(add(0, 100, 40, 40, i));
	assert_int_equal(counted(CVSW_DROP_REASM_FULL), 0);
	assert_false(add(i, 100, 0, 40, i));
	assert_int_equal(counted(CVSW_DROP_REASM_FULL), 1);
	assert_true(add(0, 100, 80, 20, i));
	assert_true(add(2, 100, 40, 60, i));
	/* it was 1: what comes of it now waits in vain */
	assert_false(add(1, 100, 40, 60, i));
	for (i = 3; i <= CVSW_REASM_FRAMES; i++)
		assert_true(add(i, 100, 40, 60, i));
	balance();
}

static u32 memory_of(u32 len)
{
	struct cvsw_pkt pkt = { .frame = cvsw_buf_new(pool, len) };
	u32 memory = cvsw_pkt_memory(&pkt);

	cvsw_pkt_free(&pkt);
	return memory;
}

static void test_bytes(void **state)
{
	u32 small = memory_of(100), large = memory_of(60000);
	u32 room = (CVSW_REASM_BYTES - small) / large, i;

	assert_true(room > 64);
	assert_false(add(5000, 100, 0, 40, 0));
	for (i = 0; i < room; i++)
		assert_false(add(i, 60000, 0, 1400, i));
	assert_false(add(0, 60000, 1400, 1400, i));
	assert_int_equal(counted(CVSW_DROP_REASM_FULL), 0);
	/* the small one goes, which is not enough, and 1 */
	assert_false(add(i, 60000, 0, 1400, i));
	assert_int_equal(counted(CVSW_DROP_REASM_FULL), 2);
	/* a spoilt one holds no bytes */
	assert_false(add(2, 60000, 0, 1400, i));
	assert_int_equal(counted(CVSW_DROP_REASM_OVERLAP), 2);
	assert_false(add(i + 1, 60000, 0, 1400, i));
	assert_int_equal(counted(CVSW_DROP_REASM_FULL), 2);
	assert_true(add(0, 60000, 2800, 57200, i));
	balance();
}

static void test_parts(void **state)
{
	u32 i;

	/* the longest frame over the smallest MTU, each second first */
	for (i = 0; i < 65515; i += 2 * 536)
		assert_false(add(1, 65515, i, min(536u, 65515 - i), 0));
	for (i = 536; i < 65515; i += 2 * 536)
		assert_int_equal(add(1, 65515, i, min(536u, 65515 - i), 0),
				 i + 536 >= 65515 - 536);
	for (i = 0; i < CVSW_REASM_PARTS; i++)
		assert_false(add(2, 1000, 4 * i, 1, 0));
	assert_int_equal(counted(CVSW_DROP_REASM_LENGTH), 0);
	assert_false(add(2, 1000, 900, 1, 0));
	assert_int_equal(counted(CVSW_DROP_REASM_LENGTH), CVSW_REASM_PARTS + 1);
	balance();
}

static void test_expire(void **state)
{
	expire(0);
	assert_false(add(1, 100, 0, 40, 10));
	assert_false(add(2, 100, 0, 40, 20));
	assert_false(add(1, 100, 40, 40, 30));
	expire(9 + CVSW_REASM_NS);
	assert_int_equal(counted(CVSW_DROP_REASM_TIMEOUT), 0);
	expire(10 + CVSW_REASM_NS);
	assert_int_equal(counted(CVSW_DROP_REASM_TIMEOUT), 2);
	expire(20 + CVSW_REASM_NS);
	assert_int_equal(counted(CVSW_DROP_REASM_TIMEOUT), 3);
	balance();
}

/* No memory */

/* three frames, of which one is never whole, with the @nth allocation failing:
 * nothing is lost uncounted, and those that got memory come out */
static unsigned long without_memory(unsigned long nth)
{
	static const u32 order[] = { 0, 3, 1, 4, 2, 5, 6 };
	u64 drops[CVSW_DROP_COUNT] = {}, sum = 0;
	struct cvsw_pool *own = cvsw_pool_new();
	struct cvsw_reasm *reasm;
	struct cvsw_reasm_seg seg;
	struct cvsw_reasm_key key;
	struct cvsw_pkt pkt;
	unsigned long asked;
	u32 i, n, whole = 0;

	reasm = cvsw_reasm_new(seed);
	assert_non_null(reasm);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		n = order[i];
		pkt = reasm_carrier(own, bytes, 1000, 1);
		key = key_of(n / 3, 3000);
		seg = (struct cvsw_reasm_seg){
			.off = n % 3 * 1000, .len = 1000, .from = REASM_CARRIER
		};
		if (!i)
			cvsw_alloc_fail_at(nth);
		if (cvsw_reasm_add(reasm, &pkt, &key, &seg, 0, drops))
			continue;
		whole++;
		assert_int_equal(cvsw_pkt_len(&pkt), 3000);
		cvsw_pkt_free(&pkt);
	}
	asked = cvsw_alloc_count();
	cvsw_alloc_fail_at(0);
	assert_false(cvsw_reasm_expire(reasm, ~0ull, drops));
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		sum += drops[i];
	assert_int_equal(sum + 3 * whole, ARRAY_SIZE(order));
	assert_int_equal(!nth, !drops[CVSW_DROP_NO_MEMORY]);
	assert_true(whole >= 1 && (nth || whole == 2));
	cvsw_reasm_free(reasm);
	cvsw_pool_free(own);
	return asked;
}

static void test_no_memory(void **state)
{
	unsigned long nth, asked = without_memory(0);

	/* each frame one for itself; buf and block for those not in the pool */
	assert_true(asked >= 3);
	for (nth = 1; nth <= 3; nth++)
		without_memory(nth);
	cvsw_alloc_fail_at(1);
	assert_null(cvsw_reasm_new(1));
	cvsw_alloc_fail_at(0);
	cvsw_reasm_free(NULL);
}

/* in steady state there is nothing to allocate or to give up, and what is held
 * is freed */
static void test_steady(void **state)
{
	u64 drops[CVSW_DROP_COUNT] = {};
	struct cvsw_reasm *reasm = cvsw_reasm_new(1);
	struct cvsw_reasm_seg seg;
	struct cvsw_reasm_key key;
	struct cvsw_pkt pkt;
	u32 i;

	for (i = 0; i < 4 * CVSW_REASM_FRAMES + 1; i++) {
		if (i == 10)
			cvsw_alloc_fail_at(0);
		pkt = reasm_carrier(pool, bytes, 1400, 1);
		key = key_of(i / 2, 2800);
		seg = (struct cvsw_reasm_seg){
			.off = i % 2 * 1400, .len = 1400, .from = REASM_CARRIER
		};
		if (!cvsw_reasm_add(reasm, &pkt, &key, &seg, 0, drops))
			cvsw_pkt_free(&pkt);
	}
	assert_int_equal(cvsw_alloc_count(), 0);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		assert_int_equal(drops[i], 0);
	cvsw_reasm_free(reasm);
}

/* Random frames, many at a time */

#define CROWD	40
#define PIECES	90

/* a frame that is being sent in some order; .len 0: none */
struct sent {
	u32 id;
	u32 len;
	u32 n;
	struct {
		u32 off, len;
	} piece[PIECES];
};

static void cut(struct sent *s, u32 id)
{
	u32 mss, off, i, k;

	s->id = id;
	s->len = CVSW_REASM_LEN_MIN + test_below(&seed, test_below(&seed, 8) ?
						 4000 : 60000);
	mss = max(s->len / (1 + test_below(&seed, PIECES - 2)), 1u);
	for (s->n = 0, off = 0; off < s->len; s->n++, off += mss) {
		s->piece[s->n].off = off;
		s->piece[s->n].len = min(mss, s->len - off);
		if (s->n == PIECES - 1)
			s->piece[s->n].len = s->len - off;
		if (s->piece[s->n].len == s->len - off) {
			s->n++;
			break;
		}
	}
	if (test_below(&seed, 2))
		return;
	for (i = s->n - 1; i; i--) {
		k = test_below(&seed, i + 1);
		swap(s->piece[i], s->piece[k]);
	}
}

/* the next piece of a frame: as it should be, or now and then not */
static void send_one(struct sent *s, u64 now)
{
	u32 off = s->piece[s->n - 1].off, len = s->piece[s->n - 1].len;

	switch (test_below(&seed, 500)) {
	case 0:			/* lost */
		break;
	case 1:			/* twice */
		add(s->id, s->len, off, len, now);
		fallthrough;
	default:
		add(s->id, s->len, off, len, now);
		break;
	case 2:			/* wrong */
		add(s->id, s->len, test_below(&seed, s->len + 10),
		    test_below(&seed, 1500), now);
		break;
	}
	if (!--s->n)
		s->len = 0;
}

static void test_random(void **state)
{
	static struct sent crowd[CROWD];
	u64 now = SEC;
	u32 i, k, id = 0;

	memset(crowd, 0, sizeof(crowd));
	for (i = 0; i < 30000; i++) {
		k = test_below(&seed, CROWD);
		if (!crowd[k].len)
			cut(&crowd[k], id++);
		send_one(&crowd[k], now);
		now += test_below(&seed, SEC / 1500);
		if (!test_below(&seed, 100))
			expire(now);
	}
	assert_true(reasm_pair_whole(pair) > 5000);
	balance();
}

/* any cut of a frame in any order, alone */
static void test_any_order(void **state)
{
	struct sent s;
	u32 i, given = 0;

	for (i = 0; i < 300; i++) {
		cut(&s, i);
		given += s.n;
		while (s.n) {
			s.n--;
			assert_int_equal(add(s.id, s.len, s.piece[s.n].off,
					     s.piece[s.n].len, i), !s.n);
		}
	}
	balance();
	assert_int_equal(reasm_pair_whole(pair), given);
}

int main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_rules),
		CASE(test_merged),
		CASE(test_ecn),
		CASE(test_key),
		CASE(test_frames),
		CASE(test_bytes),
		CASE(test_parts),
		CASE(test_expire),
		CASE(test_no_memory),
		CASE(test_steady),
		CASE(test_any_order),
		CASE(test_random),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A host and a vNIC of version 3 with a hostile wire between them: frames are
 * lost, doubled, mixed up, changed, and played again much later; either side
 * is started anew.  What one side sent arrives at the other once and in order,
 * nothing else does, and in the end both agree.
 */

#include "util.h"

#include "inband_host.h"
#include "inband_vnic.h"

#define FRAME_MAX	2000u
#define WIRE_MAX	600u
#define OLD_MAX		4096u
#define S_NS		1000000000ull

struct frame {
	bool	to_vnic;
	u32	n;
	u8	bytes[FRAME_MAX];
};

static const u8 host_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const u8 vnic_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const u8 key_bytes[CVSW_HMAC_LEN] = "a key of thirty-one bytes and 0";

static struct frame wire[WIRE_MAX], old[OLD_MAX];
static u32 lease_ms = 10000;
static bool mute;			/* who speaks is not heard */
static u32 wire_n, old_n, lose, twice, mix, spoil, again;
static struct cvsw_v3_host *host;
static struct cvsw_v3_vnic *vnic;
static u64 now, seed;
static u64 drops[CVSW_DROP_COUNT];

/* what happened at either end */
static u32 asked, answered, taken;	/* requests, replies, requests that came */
static u32 reply_due;			/* that could not be sent yet, + 1 */
static u8 host_state, vnic_state;
static u32 vnic_lives, host_talks;

static void wire_put(bool to_vnic, const u8 *bytes, u32 n)
{
	struct frame *frame = &old[old_n++ % OLD_MAX];
	u32 copies = 1;

	assert_true(n <= FRAME_MAX);
	if (mute)
		return;
	frame->to_vnic = to_vnic;
	frame->n = n;
	memcpy(frame->bytes, bytes, n);
	if (test_below(&seed, 100) < lose)
		copies = 0;
	else if (test_below(&seed, 100) < twice)
		copies = 2;
	for (; copies && wire_n < WIRE_MAX; copies--)
		wire[wire_n++] = *frame;
	if (test_below(&seed, 100) < again && wire_n < WIRE_MAX)
		wire[wire_n++] = old[test_below(&seed, min(old_n, OLD_MAX))];
}

static void host_send(void *ctx, const u8 *frame, u32 len)
{
	assert_memory_equal(frame + 6, host_mac, 6);
	wire_put(true, frame, len);
}

static void vnic_send(void *ctx, const u8 *frame, u32 len)
{
	assert_memory_equal(frame + 6, vnic_mac, 6);
	wire_put(false, frame, len);
}

/* message @i: its number, and as many more bytes as it says */
static u32 message(u32 i, u8 fill, u8 *bytes)
{
	u32 n = 4 + i * 7919 % 3000;

	memset(bytes, (int)(fill + i), n);
	put_unaligned_be32(i, bytes);
	return n;
}

static void check(const u8 *msg, u32 len, u32 i, u8 fill)
{
	static u8 want[4096];

	assert_int_equal(get_unaligned_be32(msg), i);
	assert_int_equal(len, message(i, fill, want));
	assert_memory_equal(msg, want, len);
}

static void reply(void)
{
	static u8 bytes[4096];
	int ret;

	if (!reply_due)
		return;
	ret = cvsw_v3_vnic_send(vnic, bytes, message(reply_due - 1, 77, bytes),
				now);
	if (!ret)
		reply_due = 0;
}

static int vnic_deliver(void *ctx, const u8 *msg, u32 len)
{
	check(msg, len, taken, 33);
	reply_due = ++taken;
	reply();
	return 0;
}

static void vnic_sent(void *ctx)
{
	/* replies go one for each request */
}

static void vnic_be(void *ctx, enum cvsw_v3_vnic_state state)
{
	vnic_state = (u8)state;
	vnic_lives += state == CVSW_V3_LIVE;
}

static int host_deliver(void *ctx, const u8 *msg, u32 len)
{
	check(msg, len, answered, 77);
	answered++;
	return 0;
}

static void host_sent(void *ctx)
{
}

static void host_be(void *ctx, enum cvsw_v3_host_state state, const char *why)
{
	host_state = (u8)state;
	host_talks += state == CVSW_V3_TALKING;
	if (state != CVSW_V3_CALLING)
		return;
	/* what was under way is asked for once more */
	asked = answered;
	taken = answered;
	reply_due = 0;
}

static const struct cvsw_v3_vnic_ops vnic_ops = {
	.send = vnic_send,
	.deliver = vnic_deliver,
	.sent = vnic_sent,
	.state = vnic_be,
};

static const struct cvsw_v3_host_ops host_ops = {
	.send = host_send,
	.deliver = host_deliver,
	.sent = host_sent,
	.state = host_be,
};

static void vnic_make(void)
{
	struct cvsw_v3_vnic_info info = { .dpid = 7, .mtu = 1500,
					  .name = "eth0" };

	memcpy(info.mac, vnic_mac, sizeof(info.mac));
	vnic = cvsw_v3_vnic_new(&vnic_ops, NULL, &info);
	assert_non_null(vnic);
	assert_int_equal(cvsw_v3_vnic_key(vnic, 5, key_bytes), 0);
	vnic_state = CVSW_V3_IDLE;
}

static void host_make(u16 key_id, const u8 *key)
{
	struct cvsw_v3_host_info info = { .mtu = 1500, .key_id = key_id,
					  .lease_ms = lease_ms };

	memcpy(info.mac, host_mac, sizeof(info.mac));
	memcpy(info.vnic, vnic_mac, sizeof(info.vnic));
	memcpy(info.key, key, sizeof(info.key));
	host = cvsw_v3_host_new(&host_ops, NULL, &info);
	assert_non_null(host);
	host_state = CVSW_V3_CALLING;
}

static void start(void)
{
	wire_n = old_n = lose = twice = mix = spoil = again = 0;
	asked = answered = taken = reply_due = vnic_lives = host_talks = 0;
	memset(drops, 0, sizeof(drops));
	now = S_NS;
	vnic_make();
	host_make(5, key_bytes);
}

static void stop(void)
{
	cvsw_v3_host_free(host);
	cvsw_v3_vnic_free(vnic);
}

/* @bytes as a receiver gets them: at the end of their memory */
static enum cvsw_drop input(bool to_vnic, const u8 *bytes, u32 n)
{
	u8 *tight = test_malloc(n ?: 1);
	enum cvsw_drop why;

	memcpy(tight, bytes, n);
	why = to_vnic ? cvsw_v3_vnic_input(vnic, tight, n, now) :
			cvsw_v3_host_input(host, tight, n, now);
	test_free(tight);
	drops[why]++;
	return why;
}

/* a frame arrives, the oldest or any, whole or not */
static void step(void)
{
	u32 i = test_below(&seed, 100) < mix ? test_below(&seed, wire_n) : 0;
	static struct frame frame;
	u32 at;

	frame = wire[i];
	memmove(wire + i, wire + i + 1, (--wire_n - i) * sizeof(*wire));
	if (test_below(&seed, 100) < spoil) {
		at = test_below(&seed, frame.n);
		frame.bytes[at] ^= (u8)(1 + test_below(&seed, 255));
	}
	input(frame.to_vnic, frame.bytes, frame.n);
}

static void run_until(u64 end, bool (*over)(void))
{
	u64 due;

	while (now < end && !over()) {
		while (wire_n)
			step();
		reply();
		due = cvsw_v3_host_tick(host, now);
		due = min(due, cvsw_v3_vnic_tick(vnic, now));
		if (!wire_n)
			now = min(max(due, now + 1), end);
	}
}

static bool talking(void)
{
	return host_state == CVSW_V3_TALKING;
}

static bool never(void)
{
	return false;
}

static u32 goal;

static bool done(void)
{
	static u8 bytes[4096];

	if (answered == asked && asked < goal && host_state == CVSW_V3_TALKING &&
	    !cvsw_v3_host_send(host, bytes, message(asked, 33, bytes), now))
		asked++;
	return answered == goal;
}

static void test_wire(void **state)
{
	static const u32 percent[][5] = {
		{ 0, 0, 0, 0, 0 }, { 10, 0, 0, 0, 0 }, { 0, 20, 0, 0, 0 },
		{ 0, 0, 40, 0, 0 }, { 0, 0, 0, 10, 0 }, { 0, 0, 0, 0, 50 },
		{ 5, 5, 20, 5, 20 }, { 30, 10, 50, 10, 50 },
	};
	u32 i;

	lease_ms = 100000;
	for (i = 0; i < ARRAY_SIZE(percent); i++) {
		start();
		lose = percent[i][0];
		twice = percent[i][1];
		mix = percent[i][2];
		spoil = percent[i][3];
		again = percent[i][4];
		goal = 10000 / ARRAY_SIZE(percent) / test_part();
		run_until(now + 36000 * S_NS, done);
		assert_int_equal(answered, goal);
		assert_int_equal(taken, goal);
		/* a START that is not answered is given up, a session is not */
		assert_int_equal(host_talks, 1);
		if (spoil)
			assert_true(drops[CVSW_DROP_INBAND_TAG]);
		if (again)
			assert_true(drops[CVSW_DROP_INBAND_REPLAY]);
		stop();
	}
	lease_ms = 10000;
}

/* the vNIC boots anew, again and again; and so does the host */
static void test_reboot(void **state)
{
	u32 i;

	start();
	lose = 5;
	again = 30;
	for (i = 0; i < 40; i++) {
		goal = asked + 5;
		run_until(now + 3600 * S_NS, done);
		assert_int_equal(answered, goal);
		/* without a word of farewell */
		mute = true;
		if (i & 1) {
			cvsw_v3_vnic_free(vnic);
			vnic_make();
		} else {
			cvsw_v3_host_free(host);
			host_make(5, key_bytes);
		}
		mute = false;
	}
	stop();
}

/* everything that was ever sent is played to a vNIC that was booted anew, and to
 * one that is in another session */
static void test_replay(void **state)
{
	u32 i, n, lives;

	start();
	goal = 50;
	run_until(now + 100 * S_NS, done);
	assert_int_equal(answered, goal);
	n = min(old_n, OLD_MAX);
	cvsw_v3_host_free(host);
	host_make(5, key_bytes);
	run_until(now + 100 * S_NS, talking);
	lives = vnic_lives;
	for (i = 0; i < n; i++)
		if (old[i].to_vnic)
			input(true, old[i].bytes, old[i].n);
	assert_int_equal(taken, goal);
	assert_int_equal(vnic_lives, lives);
	assert_int_equal(host_state, CVSW_V3_TALKING);
	cvsw_v3_vnic_free(vnic);
	vnic_make();
	n = min(old_n, OLD_MAX);
	for (i = 0; i < n; i++)
		if (old[i].to_vnic)
			input(true, old[i].bytes, old[i].n);
	assert_int_equal(taken, goal);
	assert_int_equal(vnic_lives, lives);
	assert_int_equal(vnic_state, CVSW_V3_IDLE);
	stop();
}

/* no single bit of any frame of a session may be another one */
static void test_forged(void **state)
{
	static struct frame frame;
	u32 i, bit;

	start();
	run_until(now + 10 * S_NS, talking);
	assert_int_equal(host_state, CVSW_V3_TALKING);
	old_n = 0;
	lose = 100;
	goal = asked + 1;
	done();
	assert_true(old_n >= 1);
	for (i = 0; i < old_n; i++) {
		for (bit = 0; bit < old[i].n * 8; bit++) {
			frame = old[i];
			frame.bytes[bit / 8] ^= (u8)(1 << bit % 8);
			now += S_NS / 1000;
			/* the EtherType is looked at before */
			if (bit / 8 != 12 && bit / 8 != 13)
				assert_int_not_equal(input(true, frame.bytes,
							   frame.n), 0);
		}
	}
	assert_int_equal(taken, 0);
	assert_int_equal(input(true, old[0].bytes, old[0].n), 0);
	stop();
}

/* who has another key, or another id for it, gets no answer */
static void test_wrong_key(void **state)
{
	u8 other[CVSW_HMAC_LEN];

	start();
	cvsw_v3_host_free(host);
	memcpy(other, key_bytes, sizeof(other));
	other[31] ^= 1;
	host_make(5, other);
	run_until(now + 20 * S_NS, talking);
	assert_int_equal(host_state, CVSW_V3_CALLING);
	assert_true(drops[CVSW_DROP_INBAND_TAG]);
	cvsw_v3_host_free(host);
	host_make(6, key_bytes);
	run_until(now + 20 * S_NS, talking);
	assert_int_equal(host_state, CVSW_V3_CALLING);
	assert_true(drops[CVSW_DROP_INBAND_KEY]);
	/* the key gets that id, too: roll-over */
	assert_int_equal(cvsw_v3_vnic_key(vnic, 6, key_bytes), 0);
	assert_int_equal(cvsw_v3_vnic_key(vnic, 7, key_bytes), -ENOSPC);
	assert_int_equal(cvsw_v3_vnic_key(vnic, 5, NULL), 0);
	assert_int_equal(cvsw_v3_vnic_key(vnic, 5, NULL), -ENOENT);
	run_until(now + 20 * S_NS, talking);
	assert_int_equal(host_state, CVSW_V3_TALKING);
	stop();
}

/* silence: the lease; speech: none */
static void test_lease(void **state)
{
	u64 from;

	start();
	run_until(now + 10 * S_NS, talking);
	assert_int_equal(vnic_state, CVSW_V3_LIVE);
	run_until(now + 3600 * S_NS, never);
	assert_int_equal(vnic_state, CVSW_V3_LIVE);
	assert_int_equal(vnic_lives, 1);
	lose = 100;
	from = now;
	run_until(now + 9 * S_NS - S_NS * 5 / 2, never);
	assert_int_equal(vnic_state, CVSW_V3_LIVE);
	run_until(from + 11 * S_NS, never);
	assert_int_equal(vnic_state, CVSW_V3_SILENT);
	assert_int_equal(host_state, CVSW_V3_CALLING);
	lose = 0;
	run_until(now + 10 * S_NS, talking);
	assert_int_equal(vnic_state, CVSW_V3_LIVE);
	cvsw_v3_host_free(host);
	while (wire_n)
		step();
	assert_int_equal(vnic_state, CVSW_V3_IDLE);
	host_make(5, key_bytes);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_reboot),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_lease),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Datagrams over frames that are lost, doubled and overtake one another: what
 * arrives is what was sent, once and in order.  And what no sender says.
 */

#include "util.h"

#include "inband_chan.h"

#define WIRE_MAX	400
#define ROOM		1024u

/**
 * struct wire_frame - a frame under way
 * @to:   which end it goes to
 * @ask:  of DATA
 * @ack:  it is an ACK
 * @n:    bytes of
 * @body: its body
 */
struct wire_frame {
	int	to;
	bool	ask;
	bool	ack;
	u32	n;
	u8	body[CVSW_CHAN_DATA_HLEN + ROOM];
};

/**
 * struct end - one side
 * @chan: its channel
 * @no:   which one it is
 * @sent: datagrams begun, and
 * @done: of these, known to have arrived
 * @got:  datagrams received
 */
struct end {
	struct cvsw_chan	chan;
	int			no;
	u32			sent;
	u32			done;
	u32			got;
};

static struct wire_frame wire[WIRE_MAX];
static u32 wire_n;
static struct end ends[2];
static u8 msg[CVSW_CHAN_MSG_MAX];

/* percent of frames */
static u32 lose, twice, mix;
static u64 seed;

static void wire_put(const struct wire_frame *frame)
{
	if (test_below(&seed, 100) < lose)
		return;
	assert_true(wire_n < WIRE_MAX);
	wire[wire_n++] = *frame;
	if (test_below(&seed, 100) < twice && wire_n < WIRE_MAX)
		wire[wire_n++] = *frame;
}

/* datagram @i of end @no: its length, and bytes that no other one has */
static u32 message(int no, u32 i)
{
	static const u32 len[] = { 1, 5, ROOM, ROOM + 1, 20000,
				   CVSW_CHAN_MSG_MAX, 3 * ROOM };
	u32 n = len[(i + (u32)no) % ARRAY_SIZE(len)], at;

	for (at = 0; at < n; at++)
		msg[at] = (u8)(at * 7 + at / 251 + i * 13 + (u32)no);
	return n;
}

static void end_data(void *ctx, const u8 head[CVSW_CHAN_DATA_HLEN],
		     const u8 *bytes, u32 n, bool ask)
{
	static struct wire_frame frame;
	const struct end *end = ctx;

	assert_in_range(n, 1, ROOM);
	frame.to = !end->no;
	frame.ask = ask;
	frame.ack = false;
	frame.n = CVSW_CHAN_DATA_HLEN + n;
	memcpy(frame.body, head, CVSW_CHAN_DATA_HLEN);
	memcpy(frame.body + CVSW_CHAN_DATA_HLEN, bytes, n);
	wire_put(&frame);
}

static void end_ack(void *ctx, const u8 body[CVSW_CHAN_ACK_LEN])
{
	static struct wire_frame frame;
	const struct end *end = ctx;

	frame.to = !end->no;
	frame.ack = true;
	frame.n = CVSW_CHAN_ACK_LEN;
	memcpy(frame.body, body, CVSW_CHAN_ACK_LEN);
	wire_put(&frame);
}

static int end_deliver(void *ctx, const u8 *bytes, u32 len)
{
	struct end *end = ctx;

	assert_int_equal(len, message(!end->no, end->got));
	assert_memory_equal(bytes, msg, len);
	end->got++;
	return 0;
}

static void end_sent(void *ctx)
{
	struct end *end = ctx;

	end->done++;
	assert_int_equal(end->done, end->sent);
	assert_int_equal(ends[!end->no].got, end->done);
}

static const struct cvsw_chan_ops ops = {
	.data = end_data,
	.ack = end_ack,
	.deliver = end_deliver,
	.sent = end_sent,
};

static void start(void)
{
	int i;

	wire_n = 0;
	for (i = 0; i < 2; i++) {
		ends[i] = (struct end){ .no = i };
		cvsw_chan_init(&ends[i].chan, &ops, &ends[i], ROOM);
	}
}

static void stop(void)
{
	cvsw_chan_free(&ends[0].chan);
	cvsw_chan_free(&ends[1].chan);
}

/* one frame arrives: the oldest, or any */
static void step(u64 now)
{
	u32 i = test_below(&seed, 100) < mix ? test_below(&seed, wire_n) : 0;
	static struct wire_frame frame;
	struct end *end;

	frame = wire[i];
	memmove(wire + i, wire + i + 1, (--wire_n - i) * sizeof(*wire));
	end = &ends[frame.to];
	if (frame.ack)
		assert_int_equal(cvsw_chan_ack(&end->chan, frame.body, frame.n,
					       now), 0);
	else	/* old ones may be left from a datagram before the last */
		cvsw_chan_data(&end->chan, frame.body, frame.n, frame.ask);
}

/* each end sends @n datagrams; the virtual ns that it took */
static u64 exchange(u32 n)
{
	u64 now = 1, due, next;
	int i;

	while (ends[0].done < n || ends[1].done < n) {
		for (i = 0; i < 2; i++) {
			struct end *end = &ends[i];

			if (end->sent < n && !cvsw_chan_busy(&end->chan)) {
				u32 len = message(i, end->sent++);

				assert_int_equal(cvsw_chan_send(&end->chan, msg,
								len, now), 0);
			}
		}
		while (wire_n)
			step(now);
		due = CVSW_CHAN_NEVER;
		for (i = 0; i < 2; i++) {
			next = cvsw_chan_tick(&ends[i].chan, now);
			due = min(due, next);
		}
		if (!wire_n && due != CVSW_CHAN_NEVER)
			now = max(now, due);
	}
	assert_int_equal(ends[0].got, n);
	assert_int_equal(ends[1].got, n);
	return now;
}

static void test_quiet(void **state)
{
	lose = twice = mix = 0;
	start();
	/* nothing goes twice, so no time passes */
	assert_int_equal(exchange(50), 1);
	stop();
}

static void test_bad_wire(void **state)
{
	static const u32 percent[][3] = {
		{ 10, 0, 0 }, { 0, 30, 0 }, { 0, 0, 50 }, { 5, 5, 20 },
		{ 50, 20, 80 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(percent); i++) {
		lose = percent[i][0];
		twice = percent[i][1];
		mix = percent[i][2];
		start();
		exchange(70);
		stop();
	}
}

static void test_send_refused(void **state)
{
	struct cvsw_chan *chan = &ends[0].chan;

	lose = twice = mix = 0;
	start();
	assert_int_equal(cvsw_chan_send(chan, msg, 0, 1), -EMSGSIZE);
	assert_int_equal(cvsw_chan_send(chan, msg, CVSW_CHAN_MSG_MAX + 1, 1),
			 -EMSGSIZE);
	assert_int_equal(cvsw_chan_send(chan, msg, 1, 1), 0);
	assert_int_equal(cvsw_chan_send(chan, msg, 1, 1), -EBUSY);
	assert_int_equal(wire_n, 1);
	stop();
}

/* a DATA body of @bytes bytes behind its head; what comes of it */
static int data(u32 no, u16 i, u16 n, u32 len, u32 bytes)
{
	static u8 body[CVSW_CHAN_DATA_HLEN + 2 * ROOM];

	put_unaligned_be32(no, body);
	put_unaligned_be16(i, body + 4);
	put_unaligned_be16(n, body + 6);
	put_unaligned_be32(len, body + 8);
	return cvsw_chan_data(&ends[0].chan, body, CVSW_CHAN_DATA_HLEN + bytes,
			      true);
}

static void test_data_refused(void **state)
{
	static const struct {
		u32	no;
		u16	i, n;
		u32	len, bytes;
	} bad[] = {
		{ 2, 0, 1, 5, 5 },		/* not the next one */
		{ 1, 0, 0, 5, 5 },		/* of no fragments */
		{ 1, 1, 1, 5, 5 },		/* behind the last */
		{ 1, 0, 129, 129, 1 },		/* too many */
		{ 1, 0, 128, 131073, 1025 },	/* too long */
		{ 1, 0, 1, 0, 0 },		/* nothing */
		{ 1, 0, 1, 5, 4 },		/* short */
		{ 1, 0, 1, 5, 6 },		/* long */
		{ 1, 0, 3, 4, 2 },		/* the last would be empty */
		{ 1, 2, 3, 2000, 667 },		/* the last is shorter */
	};
	u8 body[CVSW_CHAN_DATA_HLEN] = { 0 };
	u32 i;

	lose = twice = mix = 0;
	start();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(data(bad[i].no, bad[i].i, bad[i].n, bad[i].len,
				      bad[i].bytes), -EBADMSG);
		assert_null(ends[0].chan.in.bytes);
	}
	for (i = 0; i < CVSW_CHAN_DATA_HLEN; i++)
		assert_int_equal(cvsw_chan_data(&ends[0].chan, body, i, true),
				 -EBADMSG);
	assert_int_equal(wire_n, 0);
	/* one of two; then one that says otherwise */
	assert_int_equal(data(1, 0, 2, 2000, 1000), 0);
	assert_int_equal(data(1, 1, 2, 2002, 1001), -EBADMSG);
	assert_int_equal(data(1, 2, 3, 2000, 666), -EBADMSG);
	assert_int_equal(wire_n, 1);
	stop();
}

static void test_ack_refused(void **state)
{
	u8 body[CVSW_CHAN_ACK_LEN] = { 0, 0, 0, 2 };
	struct cvsw_chan *chan = &ends[0].chan;
	u32 i;

	lose = twice = mix = 0;
	start();
	assert_int_equal(cvsw_chan_ack(chan, body, sizeof(body), 1), -EBADMSG);
	body[3] = 1;
	for (i = 0; i < sizeof(body); i++)
		assert_int_equal(cvsw_chan_ack(chan, body, i, 1), -EBADMSG);
	body[5] = 1;
	assert_int_equal(cvsw_chan_ack(chan, body, sizeof(body), 1), -EBADMSG);
	body[5] = 0;
	assert_int_equal(cvsw_chan_ack(chan, body, sizeof(body), 1), 0);
	stop();
}

/* again after 0.1 s, 0.2 s ... 1.6 s, 1.6 s, and only what is missing */
static void test_again(void **state)
{
	static const u64 after[] = { 1, 2, 4, 8, 16, 16, 16 };
	struct cvsw_chan *chan = &ends[0].chan;
	u8 body[CVSW_CHAN_ACK_LEN] = { [3] = 1, [8] = 0x05 };
	u64 now = 0, due;
	u32 i;

	lose = twice = mix = 0;
	start();
	assert_int_equal(cvsw_chan_tick(chan, 0), CVSW_CHAN_NEVER);
	assert_int_equal(cvsw_chan_send(chan, msg, 4 * ROOM, now), 0);
	assert_int_equal(wire_n, 4);
	for (i = 0; i < ARRAY_SIZE(after); i++) {
		wire_n = 0;
		due = cvsw_chan_tick(chan, now);
		assert_int_equal(due, now + after[i] * CVSW_CHAN_AGAIN_NS);
		assert_int_equal(wire_n, i ? 4 : 0);
		assert_int_equal(cvsw_chan_tick(chan, due - 1), due);
		now = due;
	}
	wire_n = 0;
	assert_int_equal(cvsw_chan_ack(chan, body, sizeof(body), now), 0);
	assert_int_equal(wire_n, 2);
	assert_int_equal(get_unaligned_be16(wire[0].body + 4), 1);
	assert_false(wire[0].ask);
	assert_int_equal(get_unaligned_be16(wire[1].body + 4), 3);
	assert_true(wire[1].ask);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_bad_wire),
		cmocka_unit_test(test_send_refused),
		cmocka_unit_test(test_data_refused),
		cmocka_unit_test(test_ack_refused),
		cmocka_unit_test(test_again),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Sessions, roles, what is told to whom, dialling and listening, with a clock
 * and streams of the test's own.  Requests are counted, not carried out.
 */

#include "ofd_rig.h"
#include "util.h"

#define MS	1000000ull

static struct target targets[] = {
	{ .text = "tcp:192.0.2.1", .port = 6653 },
	{ .text = "tcp:192.0.2.2", .port = 6653 },
	{ .text = "ptcp:", .listen = true, .port = 6653 },
};

/**
 * struct ran - what msg_run() was given
 * @calls: how often; @msgs: messages; @most: bytes of the longest call
 * @last:  type of the first message of the last call
 * @hook:  called at the end of it
 */
static struct ran {
	unsigned int	calls;
	unsigned int	msgs;
	u32		most;
	u8		last;
	void		(*hook)(struct conn *conn);
} ran;

void msg_frames_forget(const struct conn *conn)
{
}

u32 msg_run(struct conn *conn, const void *msgs, u32 len)
{
	const u8 *p = msgs;
	u32 n = 0;

	assert_true(conn->up && !conn->ended && !conn->job);
	for (; n < len; n += get_unaligned_be16(p + n + 2)) {
		assert_true(p[n + 1] > CVSW_OFP_ECHO_REPLY);
		ran.msgs++;
	}
	assert_true(len && n == len);
	ran.calls++;
	ran.last = p[1];
	ran.most = max(ran.most, len);
	if (ran.hook)
		ran.hook(conn);
	return len;
}

/* Set up */

static int setup(void **state)
{
	memset(&ran, 0, sizeof(ran));
	rig_open(targets, ARRAY_SIZE(targets));
	remotes_start(&rig.sw);
	return 0;
}

static int teardown(void **state)
{
	rig_close();
	return 0;
}

static void send_msg(struct chan *chan, u8 version, u8 type, u32 xid,
		     const void *body, u16 len)
{
	u8 msg[CVSW_OFP_MSG_MAX];

	msg[0] = version;
	msg[1] = type;
	put_unaligned_be16(8 + len, msg + 2);
	put_unaligned_be32(xid, msg + 4);
	if (len)
		memcpy(msg + 8, body, len);
	rig_send(chan, msg, 8u + len);
}

/* a stream whose session is still without the peer's HELLO */
static struct chan *greet(struct chan *chan)
{
	const struct cvsw_ofp_header *msg;

	rig_up(chan);
	rig_run();
	msg = rig_next(chan);
	assert_non_null(msg);
	assert_int_equal(msg->version, CVSW_OFP_VERSION);
	assert_int_equal(msg->type, CVSW_OFP_HELLO);
	assert_int_equal(be16_to_cpu(msg->length), 8);
	assert_null(rig_next(chan));
	return chan;
}

static struct chan *agree(struct chan *chan)
{
	greet(chan);
	send_msg(chan, 1, CVSW_OFP_HELLO, 1, NULL, 0);
	rig_run();
	assert_null(rig_next(chan));
	return chan;
}

/* the session that came last */
static struct conn *newest(void)
{
	return list_entry(rig.sw.conns.prev, struct conn, link);
}

static unsigned int sessions(void)
{
	struct conn *conn;
	unsigned int n = 0;

	list_for_each_entry(conn, &rig.sw.conns, link)
		n++;
	return n;
}

/* the next message put is an error like this, about @xid */
static void is_error(struct chan *chan, u16 type, u16 code, u32 xid)
{
	const struct cvsw_ofp_error *msg = (const void *)rig_next(chan);

	assert_non_null(msg);
	assert_int_equal(msg->header.type, CVSW_OFP_ERROR);
	assert_int_equal(be32_to_cpu(msg->header.xid), xid);
	assert_int_equal(be16_to_cpu(msg->type), type);
	assert_int_equal(be16_to_cpu(msg->code), code);
}

/* Every message in every state */

enum state { FIRST, UP, WORKING, FULL, ENDED };
enum outcome { AGREED, FAILED, REFUSED, AGAIN, SILENCE, ECHO, STRANGE, RUN };

static void job_nothing(struct conn_job *job)
{
}

static struct conn_job idle_job = { .room = job_nothing, .stop = job_nothing };

static enum outcome expected(enum state state, u8 type, u8 version)
{
	if (state == WORKING || state == FULL || state == ENDED)
		return SILENCE;
	switch (type) {
	case CVSW_OFP_HELLO:
		return state == UP ? AGAIN : version ? AGREED : FAILED;
	case CVSW_OFP_ERROR:
		return state == UP ? SILENCE : REFUSED;
	case CVSW_OFP_ECHO_REQUEST:
		return state != UP ? FAILED : version ? ECHO : STRANGE;
	case CVSW_OFP_ECHO_REPLY:
		return state == UP ? SILENCE : FAILED;
	default:
		return state == UP ? RUN : FAILED;
	}
}

static struct conn *in_state(struct chan *chan, enum state state)
{
	struct conn *conn;

	if (state == FIRST) {
		greet(chan);
		return newest();
	}
	agree(chan);
	conn = newest();
	if (state == WORKING)
		conn_work(conn, &idle_job);
	while (state == FULL && !conn_full(conn))
		send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, 0, rig.conf.name, 4),
		rig_run();
	while (rig_next(chan))
		;
	if (state == ENDED)
		conn_end(conn, "of itself");
	return conn;
}

static void try_message(enum state state, u8 type, u8 version)
{
	enum outcome want = expected(state, type, version);
	struct chan *chan = rig_accept("peer");
	struct conn *conn = in_state(chan, state);
	const struct cvsw_ofp_header *msg;
	bool ended;

	memset(&ran, 0, sizeof(ran));
	send_msg(chan, version, type, 77, "body", 4);
	chan->ops->ready(chan->arg);
	ended = conn->ended;
	assert_int_equal(ended, want == FAILED || want == REFUSED ||
				state == ENDED);
	assert_int_equal(ran.calls, want == RUN);
	assert_int_equal(conn->up, state != FIRST || want == AGREED);
	if (want == FAILED)
		is_error(chan, CVSW_OFP_E_HELLO_FAILED,
			 CVSW_OFP_HELLO_INCOMPATIBLE, 77);
	if (want == AGAIN)
		is_error(chan, CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_TYPE,
			 77);
	if (want == STRANGE)
		is_error(chan, CVSW_OFP_E_BAD_REQUEST,
			 CVSW_OFP_REQUEST_VERSION, 77);
	if (want == ECHO) {
		msg = rig_next(chan);
		assert_non_null(msg);
		assert_int_equal(msg->type, CVSW_OFP_ECHO_REPLY);
		assert_int_equal(be32_to_cpu(msg->xid), 77);
		assert_memory_equal(msg + 1, "body", 4);
	}
	assert_null(rig_next(chan));
	if (state == WORKING)
		conn_done(conn);
	if (!ended)
		conn_end(conn, "done");
	if (want == FAILED)	/* it is given time to read that */
		rig_down(chan, "closed by the peer");
	rig_run();
	assert_int_equal(sessions(), 0);
}

static void test_states(void **state)
{
	static const u8 versions[] = { 0, 1, 4, 255 };
	enum state s;
	unsigned int type;
	size_t v;

	for (s = FIRST; s <= ENDED; s++)
		for (type = 0; type < 256; type += type < 24 ? 1 : 33)
			for (v = 0; v < ARRAY_SIZE(versions); v++)
				try_message(s, (u8)type, versions[v]);
}

/* HELLO */

static void test_hello(void **state)
{
	struct chan *chan = rig_accept("peer");
	struct conn *conn = newest();
	u8 body[2000];

	greet(chan);
	memset(body, 0xa5, sizeof(body));
	send_msg(chan, 6, CVSW_OFP_HELLO, 1, body, sizeof(body));
	send_msg(chan, 1, CVSW_OFP_FEATURES_REQUEST, 2, NULL, 0);
	rig_run();
	assert_true(conn->up);
	assert_int_equal(ran.calls, 1);
	assert_int_equal(conn->in[CVSW_OFP_HELLO], 1);
	assert_int_equal(conn->in[CVSW_OFP_FEATURES_REQUEST], 1);
	assert_int_equal(conn->out[CVSW_OFP_HELLO], 1);
}

/* the peer's own HELLO may be there before ours goes out */
static void test_hello_early(void **state)
{
	struct chan *chan = rig_accept("peer");

	send_msg(chan, 1, CVSW_OFP_HELLO, 1, NULL, 0);
	chan->ready = false;
	rig_up(chan);
	chan->ready = true;
	rig_run();
	assert_true(newest()->up);
}

/* a header that says less than its own size is answered, and nothing after it */
static void test_short(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));
	const struct cvsw_ofp_error *err;

	send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, 7, NULL, 0);
	rig_send(chan, "\1\2\0\5\0\0\0\x8", 8);
	send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, 9, NULL, 0);
	rig_run();
	assert_int_equal(rig_next(chan)->type, CVSW_OFP_ECHO_REPLY);
	err = (const void *)rig_next(chan);
	assert_memory_equal(err, "\1\1\0\x14\0\0\0\x8\0\1\0\6"
			    "\1\2\0\5\0\0\0\x8", 20);
	assert_null(rig_next(chan));
	assert_true(chan->shut);
	assert_int_equal(sessions(), 1);
	rig_down(chan, "closed by the peer");
	rig_run();
	assert_int_equal(sessions(), 0);
	assert_string_equal(rig.line, "br0: ptcp: from peer: message of 5 bytes");
}

/* the reason reaches the peer, which is given a second, and the log */
static void test_hello_failed(void **state)
{
	struct chan *chan = greet(rig_accept("192.0.2.9:1234"));
	const struct cvsw_ofp_error *err;

	send_msg(chan, 1, CVSW_OFP_FEATURES_REQUEST, 9, NULL, 0);
	send_msg(chan, 1, CVSW_OFP_FEATURES_REQUEST, 10, NULL, 0);
	rig_wait(999 * MS);
	assert_int_equal(sessions(), 1);
	assert_true(chan->shut);
	rig_wait(1 * MS);
	assert_int_equal(sessions(), 0);
	assert_int_equal(ran.calls, 0);
	err = (const void *)(rig.closed + 8);
	assert_int_equal(err->header.type, CVSW_OFP_ERROR);
	assert_int_equal(rig.closed_len, 8 + be16_to_cpu(err->header.length));
	assert_memory_equal(err + 1, "HELLO must be first", 19);
	assert_string_equal(rig.line, "br0: ptcp: from 192.0.2.9:1234: "
			    "HELLO must be first, and not a message of type 5");
}

static void test_hello_refused(void **state)
{
	static const u8 body[] = "\0\0\0\0we want 1.3\x01!";
	struct chan *chan = greet(rig.chans[0]);
	struct conn *conn = newest();

	send_msg(chan, 4, CVSW_OFP_ERROR, 9, body, sizeof(body) - 1);
	chan->ops->ready(chan->arg);
	assert_string_equal(conn->last_error,
			    "received (0,0) we want 1.3?!");
	rig_run();
	assert_int_equal(rig.closed_len, 8);	/* our HELLO, and no error */
	assert_string_equal(rig.line, "br0: tcp:192.0.2.1: refused by the peer: "
			    "received (0,0) we want 1.3?!");
}

static void test_hello_never(void **state)
{
	struct chan *chan = greet(rig_accept("peer"));

	assert_non_null(chan);
	rig_wait(CONN_HELLO_MS * MS - 1);
	assert_int_equal(sessions(), 1);
	rig_wait(1);
	assert_int_equal(sessions(), 0);
	assert_string_equal(rig.line, "br0: ptcp: from peer: no HELLO within 5 s");
	/* TLS that is never agreed, likewise, and the same is not said twice */
	rig.lines = 0;
	rig_accept("peer");
	rig_wait(CONN_HELLO_MS * MS);
	assert_int_equal(sessions(), 0);
	assert_int_equal(rig.lines, 0);
}

/* Streams */

static void test_cut(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));
	struct conn *conn = newest();
	u8 bytes[4096];
	u64 seed = test_seed();
	u32 len = 0, i, n;

	for (i = 0; i < 60; i++) {
		static const u8 types[] = { 2, 5, 3, 14, 1, 18, 99 };
		u8 *msg = bytes + len;

		n = 8 + test_below(&seed, 40);
		memset(msg, 0x11, n);
		msg[0] = 1;
		msg[1] = types[i % ARRAY_SIZE(types)];
		put_unaligned_be16((u16)n, msg + 2);
		len += n;
	}
	for (i = 0; i < len; i += n) {
		n = min_t(u32, 1 + test_below(&seed, 30), len - i);
		rig_send(chan, bytes + i, n);
		rig_run();
	}
	assert_int_equal(conn->in[CVSW_OFP_ECHO_REQUEST], 9);
	assert_int_equal(conn->out[CVSW_OFP_ECHO_REPLY], 9);
	assert_int_equal(conn->in[CVSW_OFP_ERROR], 8);
	assert_int_equal(conn->in_strange, 8);
	assert_int_equal(ran.msgs, 4 * 9 - 2);
}

/* as many requests as there are together, in one call */
static void test_batches(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));
	unsigned int i;

	for (i = 0; i < 10; i++)
		send_msg(chan, 1, CVSW_OFP_FLOW_MOD, i, NULL, 0);
	send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, i, NULL, 0);
	for (i = 0; i < 5; i++)
		send_msg(chan, 1, CVSW_OFP_BARRIER_REQUEST, i, NULL, 0);
	rig_run();
	assert_int_equal(ran.calls, 2);
	assert_int_equal(ran.msgs, 15);
	assert_int_equal(ran.last, CVSW_OFP_BARRIER_REQUEST);
}

static u32 at_first;

static void note_first(struct conn *conn)
{
	if (!strcmp(conn->peer, "ptcp: from short") && !at_first)
		at_first = ran.calls;
}

/* one that sends without end holds up nobody */
static void test_turns(void **state)
{
	struct chan *noisy = agree(rig_accept("long"));
	struct chan *other = agree(rig_accept("short"));
	u8 body[992] = {};
	unsigned int i;

	at_first = 0;
	ran.hook = note_first;
	for (i = 0; i < 500; i++)
		send_msg(noisy, 1, CVSW_OFP_FLOW_MOD, i, body, sizeof(body));
	send_msg(other, 1, CVSW_OFP_BARRIER_REQUEST, 1, NULL, 0);
	noisy->ops->ready(noisy->arg);
	assert_int_equal(ran.calls, 1);
	noisy->ready = false;
	other->ops->ready(other->arg);
	noisy->ready = true;
	rig_run();
	assert_int_equal(at_first, 2);
	assert_int_equal(ran.msgs, 501);
	assert_true(ran.most <= CONN_TURN_BYTES && ran.most > 60000);
}

static void take_time(struct conn *conn)
{
	rig.now += CONN_TURN_NS / 2;
}

/* nor does one whose requests take long */
static void test_turns_long(void **state)
{
	struct chan *chan = agree(rig_accept("long"));
	unsigned int i;

	ran.hook = take_time;
	for (i = 0; i < 10; i++) {
		send_msg(chan, 1, CVSW_OFP_STATS_REQUEST, i, NULL, 0);
		send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, i, NULL, 0);
	}
	chan->ops->ready(chan->arg);
	assert_int_equal(ran.calls, 2);
	rig_run();
	assert_int_equal(ran.calls, 10);
	/* one that never has time gets on, too */
	rig.tick = CONN_TURN_NS;
	for (i = 0; i < 10; i++)
		send_msg(chan, 1, CVSW_OFP_STATS_REQUEST, i, NULL, 0);
	rig_run();
	assert_int_equal(ran.msgs, 20);
}

static void test_echo(void **state)
{
	static const u16 lens[] = { 0, 1, 100, CVSW_OFP_MSG_MAX - 8 };
	struct chan *chan = agree(rig_accept("peer"));
	const struct cvsw_ofp_header *msg;
	u8 body[CVSW_OFP_MSG_MAX];
	unsigned int version;
	size_t i;

	for (i = 0; i < sizeof(body); i++)
		body[i] = (u8)(i * 7);
	for (version = 1; version < 256; version += 51)
		for (i = 0; i < ARRAY_SIZE(lens); i++) {
			send_msg(chan, (u8)version, CVSW_OFP_ECHO_REQUEST, 5,
				 body, lens[i]);
			rig_run();
			rig_take(chan, UINT32_MAX);
			msg = rig_next(chan);
			assert_non_null(msg);
			assert_int_equal(msg->type, CVSW_OFP_ECHO_REPLY);
			assert_int_equal(be16_to_cpu(msg->length), 8 + lens[i]);
			assert_memory_equal(msg + 1, body, lens[i]);
		}
	send_msg(chan, 0, CVSW_OFP_ECHO_REQUEST, 5, NULL, 0);
	rig_run();
	msg = rig_next(chan);
	assert_non_null(msg);
	assert_int_equal(msg->version, CVSW_OFP_VERSION);
	assert_int_equal(msg->type, CVSW_OFP_ERROR);
	assert_memory_equal(msg + 1, "\0\1\0\0", 4);
}

static void test_errors(void **state)
{
	static const struct {
		const char	*body;
		u16		len;
		const char	*text;
	} cases[] = {
		{ "\0\1\0\1\1\2\0\x8\0\0\0\0", 12,
		  "received (1,1) to a message of type 2" },
		{ "\0\1\0\5", 4, "received (1,5)" },
		{ "\0\1\0", 3, "" },
		{ "\0\0\0\1go away\0x", 13, "received (0,1) go away" },
	};
	static const struct cvsw_of10_error err = {
		2, 4, "output: no such port"
	};
	struct chan *chan = agree(rig_accept("peer"));
	struct conn *conn = newest();
	u8 request[100] = { 1, CVSW_OFP_FLOW_MOD, 0, 100, 0, 0, 0, 3 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		conn->last_error[0] = '\0';
		send_msg(chan, 1, CVSW_OFP_ERROR, 0, cases[i].body,
			 cases[i].len);
		rig_run();
		assert_string_equal(conn->last_error, cases[i].text);
		assert_null(rig_next(chan));
	}
	conn_refuse(conn, request, sizeof(request), &err);
	is_error(chan, 2, 4, 3);
	assert_string_equal(conn->last_error, "sent (2,4) output: no such port");
	request[1] = CVSW_OFP_ERROR;
	conn_refuse(conn, request, sizeof(request), &err);
	assert_null(rig_next(chan));
}

/* Answers of several steps */

static struct {
	struct conn_job	job;
	struct conn	*conn;
	unsigned int	rooms;
	unsigned int	stops;
	unsigned int	needs;	/* calls of ->room() until it is done */
} work;

static void work_room(struct conn_job *job)
{
	if (++work.rooms == work.needs)
		conn_done(work.conn);
}

static void work_stop(struct conn_job *job)
{
	work.stops++;
}

static void start_work(struct conn *conn)
{
	ran.hook = NULL;
	work.conn = conn;
	conn_work(conn, &work.job);
}

static void job_setup(unsigned int needs)
{
	memset(&work, 0, sizeof(work));
	work.job.room = work_room;
	work.job.stop = work_stop;
	work.needs = needs;
	ran.hook = start_work;
}

static void test_job(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));

	job_setup(3);
	send_msg(chan, 1, CVSW_OFP_STATS_REQUEST, 1, NULL, 0);
	send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, 2, NULL, 0);
	send_msg(chan, 1, CVSW_OFP_BARRIER_REQUEST, 3, NULL, 0);
	chan->ops->ready(chan->arg);
	chan->ready = false;
	assert_int_equal(work.rooms, 1);
	rig_run();
	assert_int_equal(ran.calls, 1);
	assert_null(rig_next(chan));
	chan->ready = true;			/* room */
	rig_run();
	assert_int_equal(work.rooms, 2);
	assert_null(rig_next(chan));
	work_room(&work.job);			/* by itself: done */
	rig_run();
	assert_int_equal(rig_next(chan)->type, CVSW_OFP_ECHO_REPLY);
	assert_int_equal(ran.calls, 2);
	assert_int_equal(work.stops, 0);
}

static void test_job_stopped(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));

	job_setup(9);
	send_msg(chan, 1, CVSW_OFP_STATS_REQUEST, 1, NULL, 0);
	rig_run();
	rig_down(chan, "closed by the peer");
	rig_run();
	assert_int_equal(work.stops, 1);
	assert_int_equal(sessions(), 0);
}

/* who does not read is not answered, and goes on when it does */
static void test_full(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));
	u8 body[30000] = {};
	unsigned int i;
	u32 waits;

	for (i = 0; i < 20; i++)
		send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, i, body, sizeof(body));
	rig_run();
	waits = chan_waiting(chan);
	assert_true(waits >= CHAN_OUT_FULL && waits < CHAN_OUT_FULL + 40000);
	rig_take(chan, 10);
	rig_run();
	assert_int_equal(chan_waiting(chan), waits - 10);
	rig_take(chan, 200000);
	rig_run();
	rig_take(chan, UINT32_MAX);
	rig_run();
	for (i = 0; i < 20; i++)
		assert_int_equal(be32_to_cpu(rig_next(chan)->xid), i);
}

/* Probes */

static void test_probe(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));
	const struct cvsw_ofp_header *msg;

	send_msg(chan, 1, CVSW_OFP_BARRIER_REQUEST, 1, NULL, 0);
	rig_run();
	rig_wait(5000 * MS - 1);
	assert_null(rig_next(chan));
	rig_wait(1);
	msg = rig_next(chan);
	assert_int_equal(msg->type, CVSW_OFP_ECHO_REQUEST);
	assert_int_equal(be16_to_cpu(msg->length), 8);
	rig_take(chan, UINT32_MAX);
	rig_wait(4000 * MS);
	send_msg(chan, 1, CVSW_OFP_ECHO_REPLY, 0, NULL, 0);
	rig_run();
	rig_wait(4999 * MS);
	assert_null(rig_next(chan));
	rig_wait(1 * MS);
	assert_int_equal(rig_next(chan)->type, CVSW_OFP_ECHO_REQUEST);
	rig_take(chan, UINT32_MAX);
	rig_wait(5000 * MS - 1);
	assert_int_equal(sessions(), 1);
	rig_wait(1);
	assert_int_equal(sessions(), 0);
	assert_string_equal(rig.line, "br0: ptcp: from peer: no answer to a probe");
}

/* who says nothing but HELLO is asked after half of the time */
static void test_probe_early(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));

	rig_wait(2499 * MS);
	assert_null(rig_next(chan));
	rig_wait(1 * MS);
	assert_int_equal(rig_next(chan)->type, CVSW_OFP_ECHO_REQUEST);
	rig_take(chan, UINT32_MAX);
	rig_wait(5000 * MS);
	assert_int_equal(sessions(), 0);
}

static void test_probe_never(void **state)
{
	struct chan *chan;

	rig.conf.probe_ms = 0;
	chan = agree(rig_accept("peer"));
	rig_take(chan, UINT32_MAX);
	rig_wait(3600 * RIG_SECOND);
	assert_int_equal(sessions(), 1);
	assert_null(rig_next(chan));
}

/* while we make its answer, silence is not its fault */
static void test_probe_job(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));

	rig_take(chan, UINT32_MAX);
	job_setup(9);
	send_msg(chan, 1, CVSW_OFP_STATS_REQUEST, 1, NULL, 0);
	rig_run();
	rig_wait(60 * RIG_SECOND);
	assert_int_equal(sessions(), 1);
	assert_null(rig_next(chan));
	conn_done(newest());
	rig_wait(5 * RIG_SECOND);
	assert_int_equal(rig_next(chan)->type, CVSW_OFP_ECHO_REQUEST);
	rig_wait(5 * RIG_SECOND);
	assert_int_equal(sessions(), 0);
}

static void test_stuck(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));
	u8 body[60000] = {};
	unsigned int i;

	rig_take(chan, UINT32_MAX);
	for (i = 0; i < 10; i++)
		send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, i, body, sizeof(body));
	rig_run();
	rig_wait(14 * RIG_SECOND);
	rig_take(chan, 1);			/* slow, but it reads */
	rig_wait(14 * RIG_SECOND);
	assert_int_equal(sessions(), 1);
	rig_wait(5 * RIG_SECOND);
	assert_int_equal(sessions(), 0);
	assert_string_equal(rig.line, "br0: ptcp: from peer: "
			    "it does not read what it is sent: 300039 bytes wait");
}

/* Ends */

static void end_inside(struct conn *conn)
{
	conn_end(conn, "from %s", "inside");
	conn_end(conn, "once more");
}

/* all that may be called on one that has ended */
static void test_ended(void **state)
{
	static const struct cvsw_of10_error err = { 1, 1, "x" };
	static const u8 request[8] = { 1, CVSW_OFP_BARRIER_REQUEST, 0, 8 };
	struct chan *chan = agree(rig_accept("peer"));
	struct conn *conn = newest();

	ran.hook = end_inside;
	send_msg(chan, 1, CVSW_OFP_BARRIER_REQUEST, 1, NULL, 0);
	send_msg(chan, 1, CVSW_OFP_ECHO_REQUEST, 2, NULL, 0);
	chan->ops->ready(chan->arg);
	assert_true(conn->ended);
	assert_string_equal(conn->why, "from inside");
	assert_null(conn_room(conn, 8));
	conn_put(conn, 8);
	conn_send(conn, request, sizeof(request));
	conn_refuse(conn, request, sizeof(request), &err);
	role_request(conn, request, sizeof(request));
	conn_async(conn);
	assert_int_equal(conn->told, 0);
	assert_true(conn_full(conn));
	memset(&work, 0, sizeof(work));
	work.job.stop = work_stop;
	conn_work(conn, &work.job);
	assert_int_equal(work.stops, 1);
	conn_done(conn);
	chan->ops->ready(chan->arg);
	chan->ops->down(chan->arg, "closed by the peer");
	assert_null(rig_next(chan));
	rig_run();
	assert_int_equal(sessions(), 0);
	assert_string_equal(rig.line, "br0: ptcp: from peer: from inside");
}

static void job_end(struct conn_job *job)
{
	work.rooms++;
	conn_end(work.conn, "while at work");
}

static void test_end_in_job(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));

	job_setup(9);
	work.job.room = job_end;
	send_msg(chan, 1, CVSW_OFP_STATS_REQUEST, 1, NULL, 0);
	rig_run();
	assert_int_equal(work.rooms, 1);
	assert_int_equal(work.stops, 1);
	assert_int_equal(sessions(), 0);
}

/* the switch goes, with everything under way */
static void test_stop(void **state)
{
	struct chan *chan = agree(rig.chans[0]);

	agree(rig_accept("peer"));
	rig_accept("not yet up");
	job_setup(9);
	send_msg(chan, 1, CVSW_OFP_STATS_REQUEST, 1, NULL, 0);
	rig_run();
	conn_end(newest(), "just before");
	remotes_stop(&rig.sw, "switch lost");
	assert_int_equal(work.stops, 1);
	assert_int_equal(rig.n_chans, 0);
	assert_int_equal(sessions(), 0);
	rig_wait(60 * RIG_SECOND);
	assert_int_equal(rig.dialled, 2);
	remotes_start(&rig.sw);
	assert_int_equal(rig.dialled, 4);
	assert_non_null(rig.listener);
}

/* Roles */

static void ask_role(struct chan *chan, u32 role)
{
	u8 body[12] = { 0, 0, 0x23, 0x20, 0, 0, 0, 10 };
	u8 msg[20] = { 1, CVSW_OFP_VENDOR, 0, 20, 0, 0, 0, 42 };

	put_unaligned_be32(role, body + 8);
	memcpy(msg + 8, body, sizeof(body));
	role_request(chan->arg, msg, sizeof(msg));
}

static void is_role(struct chan *chan, u32 role)
{
	const struct cvsw_ofp_nx_role_message *msg = (const void *)rig_next(chan);

	assert_non_null(msg);
	assert_int_equal(msg->nx.header.type, CVSW_OFP_VENDOR);
	assert_int_equal(be32_to_cpu(msg->nx.header.xid), 42);
	assert_int_equal(be32_to_cpu(msg->nx.subtype), CVSW_OFP_NX_ROLE_REPLY);
	assert_int_equal(be32_to_cpu(msg->role), role);
	assert_null(rig_next(chan));
}

static void test_roles(void **state)
{
	struct chan *chans[3] = { agree(rig.chans[0]), agree(rig.chans[1]) };
	struct conn *conns[3];
	unsigned int i;

	chans[2] = agree(rig_accept("peer"));
	for (i = 0; i < 3; i++) {
		conns[i] = chans[i]->arg;
		assert_int_equal(conns[i]->role, CVSW_OFP_NX_ROLE_EQUAL);
	}
	ask_role(chans[0], CVSW_OFP_NX_ROLE_MASTER);
	is_role(chans[0], CVSW_OFP_NX_ROLE_MASTER);
	assert_int_equal(conns[1]->role, CVSW_OFP_NX_ROLE_EQUAL);
	ask_role(chans[1], CVSW_OFP_NX_ROLE_MASTER);
	is_role(chans[1], CVSW_OFP_NX_ROLE_MASTER);
	assert_int_equal(conns[0]->role, CVSW_OFP_NX_ROLE_SLAVE);
	assert_int_equal(conns[0]->told, CONN_A_PORTS);
	assert_int_equal(conns[2]->role, CVSW_OFP_NX_ROLE_EQUAL);
	ask_role(chans[2], CVSW_OFP_NX_ROLE_SLAVE);
	is_role(chans[2], CVSW_OFP_NX_ROLE_SLAVE);
	assert_int_equal(conns[1]->role, CVSW_OFP_NX_ROLE_MASTER);
	ask_role(chans[1], CVSW_OFP_NX_ROLE_MASTER);
	is_role(chans[1], CVSW_OFP_NX_ROLE_MASTER);
	ask_role(chans[0], CVSW_OFP_NX_ROLE_EQUAL);
	is_role(chans[0], CVSW_OFP_NX_ROLE_EQUAL);
	assert_int_equal(conns[0]->told, CONN_A_ALL);
	assert_int_equal(conns[1]->role, CVSW_OFP_NX_ROLE_MASTER);
	ask_role(chans[0], 3);
	is_error(chans[0], CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_SUBTYPE, 42);
	assert_int_equal(conns[0]->role, CVSW_OFP_NX_ROLE_EQUAL);
}

static void test_rights(void **state)
{
	struct conn *conn;
	unsigned int type;

	agree(rig.chans[0]);
	conn = newest();
	for (type = 0; type < CVSW_OFP_TYPES; type++) {
		bool changes = type == CVSW_OFP_FLOW_MOD ||
			       type == CVSW_OFP_PACKET_OUT ||
			       type == CVSW_OFP_PORT_MOD;

		conn->role = CVSW_OFP_NX_ROLE_SLAVE;
		assert_int_equal(role_may(conn, (u8)type), !changes);
		conn->role = CVSW_OFP_NX_ROLE_MASTER;
		assert_true(role_may(conn, (u8)type));
		conn->role = CVSW_OFP_NX_ROLE_EQUAL;
		assert_true(role_may(conn, (u8)type));
	}
}

/* What is told to whom */

static const struct cvsw_flow removed_flow = { .priority = 7, .cookie = 9 };
static const struct cvsw_port_info event_port = { .no = 3, .name = "p3" };

static const struct cvsw_ctl_event events[] = {
	{ .cmd = CVSW_CMD_PACKET_IN, .reason = CVSW_PACKET_IN_MISS,
	  .in_port = 2, .len = 64, .frame = "frame", .frame_len = 5 },
	{ .cmd = CVSW_CMD_PACKET_IN, .reason = CVSW_PACKET_IN_ACTION,
	  .in_port = 2, .len = 5, .frame = "frame", .frame_len = 5 },
	{ .cmd = CVSW_CMD_PORT_EVENT, .reason = CVSW_EVENT_PORT_ADD,
	  .port = &event_port },
	{ .cmd = CVSW_CMD_PORT_EVENT, .reason = CVSW_EVENT_PORT_DEL,
	  .port = &event_port },
	{ .cmd = CVSW_CMD_PORT_EVENT, .reason = CVSW_EVENT_PORT_MOD,
	  .port = &event_port },
	{ .cmd = CVSW_CMD_FLOW_REMOVED, .reason = CVSW_REMOVED_IDLE,
	  .flow = &removed_flow },
	{ .cmd = CVSW_CMD_FLOW_REMOVED, .reason = CVSW_REMOVED_HARD,
	  .flow = &removed_flow },
	{ .cmd = CVSW_CMD_FLOW_REMOVED, .reason = CVSW_REMOVED_DELETE,
	  .flow = &removed_flow },
};

/* for each of events[]: M miss, A action; P ports; R removed; - nothing */
static const struct told {
	bool		dialled;
	u32		role;
	int		miss_send_len;	/* -1: never set */
	const char	*told;
} tolds[] = {
	{ true, CVSW_OFP_NX_ROLE_EQUAL, -1, "MAPPPRRR" },
	{ true, CVSW_OFP_NX_ROLE_EQUAL, 0xffff, "MAPPPRRR" },
	{ true, CVSW_OFP_NX_ROLE_EQUAL, 0, "MAPPPRRR" },
	{ true, CVSW_OFP_NX_ROLE_MASTER, -1, "MAPPPRRR" },
	{ true, CVSW_OFP_NX_ROLE_MASTER, 0, "MAPPPRRR" },
	{ true, CVSW_OFP_NX_ROLE_SLAVE, -1, "--PPP---" },
	{ true, CVSW_OFP_NX_ROLE_SLAVE, 0, "--PPP---" },
	{ false, CVSW_OFP_NX_ROLE_EQUAL, -1, "--------" },
	{ false, CVSW_OFP_NX_ROLE_MASTER, -1, "--------" },
	{ false, CVSW_OFP_NX_ROLE_SLAVE, -1, "--------" },
	{ false, CVSW_OFP_NX_ROLE_EQUAL, 0, "--------" },
	{ false, CVSW_OFP_NX_ROLE_EQUAL, 1, "MAPPPRRR" },
	{ false, CVSW_OFP_NX_ROLE_MASTER, 128, "MAPPPRRR" },
	{ false, CVSW_OFP_NX_ROLE_SLAVE, 128, "--PPP---" },
};

static void is_told(struct chan *chan, char what, const struct cvsw_ctl_event *event)
{
	const struct cvsw_ofp_header *msg;
	const struct cvsw_ofp_packet_in *in;
	const struct cvsw_ofp_port_status *port;
	const struct cvsw_ofp_flow_removed *flow;

	async_event(&rig.sw, event);
	msg = rig_next(chan);
	if (what == '-') {
		assert_null(msg);
		return;
	}
	assert_non_null(msg);
	assert_int_equal(be32_to_cpu(msg->xid), 0);
	assert_null(rig_next(chan));
	in = (const void *)msg;
	port = (const void *)msg;
	flow = (const void *)msg;
	switch (what) {
	case 'P':
		assert_int_equal(msg->type, CVSW_OFP_PORT_STATUS);
		assert_int_equal(port->reason,
				 event->reason - CVSW_EVENT_PORT_ADD);
		assert_int_equal(be16_to_cpu(port->desc.port_no), 3);
		break;
	case 'R':
		assert_int_equal(msg->type, CVSW_OFP_FLOW_REMOVED);
		assert_int_equal(flow->reason, event->reason);
		assert_int_equal(be16_to_cpu(flow->priority), 7);
		break;
	default:
		assert_int_equal(msg->type, CVSW_OFP_PACKET_IN);
		assert_int_equal(in->reason, what == 'A');
		assert_int_equal(be32_to_cpu(in->buffer_id), CVSW_OFP_NO_BUFFER);
		assert_int_equal(be16_to_cpu(in->total_len), event->len);
		assert_int_equal(be16_to_cpu(msg->length), 18 + 5);
	}
}

static void test_told(void **state)
{
	struct chan *chan;
	struct conn *conn;
	size_t i, e;

	for (i = 0; i < ARRAY_SIZE(tolds); i++) {
		remotes_stop(&rig.sw, "next");
		remotes_start(&rig.sw);
		chan = tolds[i].dialled ? rig.chans[0] : rig_accept("peer");
		greet(chan);
		for (e = 0; e < ARRAY_SIZE(events); e++)	/* no HELLO yet */
			is_told(chan, '-', &events[e]);
		send_msg(chan, 1, CVSW_OFP_HELLO, 1, NULL, 0);
		rig_run();
		conn = chan->arg;
		conn->role = tolds[i].role;
		if (tolds[i].miss_send_len >= 0)
			conn->miss_send_len = (u16)tolds[i].miss_send_len;
		conn_async(conn);
		for (e = 0; e < ARRAY_SIZE(events); e++)
			is_told(chan, tolds[i].told[e], &events[e]);
	}
}

/* NXT_SET_ASYNC_CONFIG: by reason, and apart for slaves */
static void test_told_wanted(void **state)
{
	struct chan *chan = agree(rig.chans[0]);
	struct conn *conn = chan->arg;
	size_t e;

	conn->async[0] = CONN_A_PACKET_IN(CVSW_PACKET_IN_ACTION) |
			 CONN_A_PORT(CVSW_OFP_PORT_DELETE) |
			 CONN_A_REMOVED(CVSW_REMOVED_HARD);
	conn->async[1] = CONN_A_PACKET_IN(CVSW_PACKET_IN_MISS) |
			 CONN_A_REMOVED(CVSW_REMOVED_DELETE);
	conn_async(conn);
	for (e = 0; e < ARRAY_SIZE(events); e++)
		is_told(chan, "-A-P--R-"[e], &events[e]);
	conn->role = CVSW_OFP_NX_ROLE_SLAVE;
	conn_async(conn);
	for (e = 0; e < ARRAY_SIZE(events); e++)
		is_told(chan, "M------R"[e], &events[e]);
}

/* each in the form that it asked for */
static void test_told_forms(void **state)
{
	struct chan *a = agree(rig.chans[0]), *b = agree(rig.chans[1]);
	const struct cvsw_ofp_nx_message *msg;
	struct conn *conn = b->arg;

	conn->nxm = true;
	conn->nxm_in = true;
	async_event(&rig.sw, &events[0]);
	assert_int_equal(rig_next(a)->type, CVSW_OFP_PACKET_IN);
	msg = (const void *)rig_next(b);
	assert_int_equal(msg->header.type, CVSW_OFP_VENDOR);
	assert_int_equal(be32_to_cpu(msg->subtype), CVSW_OFP_NX_PACKET_IN);
	async_event(&rig.sw, &events[7]);
	assert_int_equal(rig_next(a)->type, CVSW_OFP_FLOW_REMOVED);
	msg = (const void *)rig_next(b);
	assert_int_equal(be32_to_cpu(msg->subtype), CVSW_OFP_NX_FLOW_REMOVED);
	async_event(&rig.sw, &events[2]);
	assert_int_equal(rig_next(a)->type, CVSW_OFP_PORT_STATUS);
	assert_int_equal(rig_next(b)->type, CVSW_OFP_PORT_STATUS);
	assert_null(rig_next(a));
	assert_null(rig_next(b));
}

/* who does not read loses frames, which is counted, and nothing else; others
 * lose nothing */
static void test_told_full(void **state)
{
	struct chan *slow = agree(rig.chans[0]), *good = agree(rig.chans[1]);
	struct conn *conn = slow->arg, *other = good->arg;
	unsigned int lines, i;

	rig_take(good, UINT32_MAX);
	for (i = 0; i < 30000; i++) {
		async_event(&rig.sw, &events[0]);
		rig_take(good, UINT32_MAX);
	}
	assert_true(conn->missed > 15000);
	assert_int_equal(conn->missed + conn->out[CVSW_OFP_PACKET_IN], 30000);
	assert_int_equal(other->missed, 0);
	assert_string_equal(rig.line, "br0: tcp:192.0.2.1: it does not read: "
			    "PACKET_INs are lost");
	lines = rig.lines;
	async_event(&rig.sw, &events[7]);
	assert_int_equal(conn->out[CVSW_OFP_FLOW_REMOVED], 1);
	async_event(&rig.sw, &events[0]);
	assert_int_equal(rig.lines, lines);
	rig_take(slow, UINT32_MAX);
	async_event(&rig.sw, &events[0]);
	assert_false(conn->behind);
	/* of the rest there can be too much, too */
	for (i = 0; i < 100000 && !slow->down; i++) {
		async_event(&rig.sw, &events[7]);
		rig_take(good, UINT32_MAX);
	}
	rig_run();
	assert_int_equal(sessions(), 1);
	assert_string_equal(rig.line, "br0: tcp:192.0.2.1: does not read");
}

static void test_lost(void **state)
{
	const struct cvsw_ctl_event lost = { .cmd = CVSW_CMD_LOST, .lost = 5 };

	async_event(&rig.sw, &lost);
	async_event(&rig.sw, &lost);
	assert_int_equal(rig.sw.lost, 10);
	assert_int_equal(rig.lines, 1);
}

/* Dialling */

static struct remote *first_remote(void)
{
	return list_first_entry(&rig.sw.remotes, struct remote, link);
}

/* ns until the first target is dialled again */
static u64 until_dialled(void)
{
	u64 begin = rig.now;

	while (!first_remote()->chan) {
		rig_wait(MS / 2);
		assert_true(rig.now - begin < 60 * RIG_SECOND);
	}
	return (rig.now - begin) / MS;
}

static struct chan *drop(const char *why)
{
	struct remote *remote = first_remote();

	rig_down(remote->chan ?: remote->conn->chan, why);
	rig_run();
	until_dialled();
	return remote->chan;
}

static void test_backoff(void **state)
{
	static const u64 waits[] = { 1000, 2000, 4000, 8000, 8000, 8000 };
	struct remote *remote = first_remote();
	unsigned int lines = rig.lines;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(waits); i++) {
		rig_down(remote->chan, "connection refused");
		rig_run();
		assert_int_equal(until_dialled(), waits[i]);
		assert_int_equal(remote->tries, i + 2);
	}
	assert_int_equal(rig.lines, lines + 1);
	/* accepted and dropped before HELLO: somebody is there */
	greet(remote->chan);
	rig_down(remote->conn->chan, "closed by the peer");
	rig_run();
	assert_int_equal(until_dialled(), 1000);
	agree(remote->chan);
	assert_int_equal(remote->tries, 0);
	assert_string_equal(rig.line, "br0: tcp:192.0.2.1: connected");
	rig_down(remote->conn->chan, "closed by the peer");
	rig_run();
	assert_string_equal(rig.line, "br0: tcp:192.0.2.1: closed by the peer");
	assert_int_equal(until_dialled(), 1000);
	rig_down(remote->chan, "connection refused");
	rig_run();
	assert_int_equal(until_dialled(), 2000);
}

static void test_dropped_often(void **state)
{
	struct remote *remote = first_remote();
	unsigned int i;

	for (i = 0; i < 500; i++) {
		agree(remote->chan);
		rig_down(remote->conn->chan, "closed by the peer");
		rig_run();
		assert_null(remote->conn);
		assert_int_equal(until_dialled(), 1000);
	}
}

static void test_dial_fails(void **state)
{
	unsigned int dialled;

	remotes_stop(&rig.sw, "again");
	rig.refuse = "ssl: no key";
	dialled = rig.dialled;
	remotes_start(&rig.sw);
	assert_int_equal(rig.dialled, dialled + 2);
	assert_string_equal(first_remote()->why, "ssl: no key");
	rig_wait(1000 * MS);
	assert_int_equal(rig.dialled, dialled + 4);
	rig_wait(2000 * MS);
	assert_int_equal(rig.dialled, dialled + 6);
}

/* Listening */

/* there is no end of peers that do something wrong, but of what is said of them */
static void test_flood(void **state)
{
	unsigned int i, lines = rig.lines;
	struct chan *chan;

	for (i = 0; i < 1000; i++) {
		chan = rig_accept("peer");
		agree(chan);
		rig_down(chan, "message of 3 bytes");
		rig_run();
	}
	assert_int_equal(rig.lines, lines + 20);
	rig_wait(10000 * MS);
	chan = rig_accept("peer");
	agree(chan);
	rig_down(chan, "message of 4 bytes");
	rig_run();
	assert_int_equal(rig.lines, lines + 22);
	assert_string_equal(rig.line, "br0: ptcp: from peer: message of 4 bytes");
}

static void test_many(void **state)
{
	struct chan *chans[SERVICE_CONNS];
	unsigned int i, lines = rig.lines;

	for (i = 0; i < SERVICE_CONNS; i++) {
		chans[i] = rig_accept("peer");
		assert_non_null(chans[i]);
	}
	for (i = 0; i < 10; i++)
		assert_null(rig_accept("peer"));
	assert_int_equal(rig.lines, lines + 1);
	assert_string_equal(rig.line, "br0: ptcp:: more than 32 connections");
	for (i = 0; i < SERVICE_CONNS / 2; i++) {
		rig_down(chans[i], "closed by the peer");
		rig_run();
	}
	assert_int_equal(rig.lines, lines + 2);
	for (i = 0; i < SERVICE_CONNS / 2; i++)
		assert_non_null(rig_accept("peer"));
	assert_null(rig_accept("peer"));
	assert_int_equal(rig.lines, lines + 3);
}

/* tools that come and go are not worth a line */
static void test_tool(void **state)
{
	struct chan *chan = agree(rig_accept("peer"));
	unsigned int lines = rig.lines;

	rig_down(chan, "closed by the peer");
	rig_run();
	assert_int_equal(sessions(), 0);
	assert_int_equal(rig.lines, lines);
	/* but what they do wrong is */
	rig_send(agree(rig_accept("peer")), "\1\2\0\3\0\0\0\0", 8);
	rig_wait(1000 * MS);
	assert_int_equal(sessions(), 0);
	assert_string_equal(rig.line, "br0: ptcp: from peer: message of 3 bytes");
}

static void test_listen_again(void **state)
{
	struct service *service = list_first_entry(&rig.sw.services,
						   struct service, link);
	unsigned int lines;

	remotes_stop(&rig.sw, "again");
	rig.refuse = "address in use";
	lines = rig.lines;
	service_start(service);
	rig_wait(3000 * MS);
	assert_int_equal(rig.lines, lines + 1);
	assert_string_equal(rig.line, "br0: ptcp:: address in use");
	assert_string_equal(service->why, "address in use");
	rig.refuse = NULL;
	rig_wait(1000 * MS - 1);
	assert_null(rig.listener);
	rig_wait(1);
	assert_non_null(rig.listener);
	assert_string_equal(service->why, "");
}

/* Fail mode */

static int setup_alone(void **state)
{
	memset(&ran, 0, sizeof(ran));
	rig_open(targets, ARRAY_SIZE(targets));
	rig.conf.fail_mode = OFD_FAIL_STANDALONE;
	rig.sw.config.miss = CVSW_MISS_CONTROLLER;
	remotes_start(&rig.sw);
	return 0;
}

static void test_alone(void **state)
{
	rig_wait(15000 * MS - 1);
	assert_false(rig.sw.alone);
	rig_wait(1);
	assert_true(rig.sw.alone);
	assert_int_equal(rig.sw.config.miss, CVSW_MISS_PASS);
	until_dialled();
	agree(first_remote()->chan);
	assert_false(rig.sw.alone);
	assert_int_equal(rig.sw.config.miss, CVSW_MISS_CONTROLLER);
	assert_int_equal(rig.misses, 2);
	/* lost for less than that */
	drop("closed by the peer");
	rig_wait(4000 * MS);
	agree(first_remote()->chan);
	rig_wait(7000 * MS);
	assert_int_equal(rig.misses, 2);
	/* and for more */
	while (first_remote()->conn)
		rig_wait(MS);
	rig_wait(15000 * MS - 2 * MS);
	assert_false(rig.sw.alone);
	rig_wait(2 * MS);
	assert_true(rig.sw.alone);
}

/* a tool is no controller, and one of two controllers is enough */
static void test_alone_others(void **state)
{
	struct chan *chan = rig_accept("tool"), *second = rig.chans[1];
	unsigned int i;

	rig.conf.probe_ms = 0;
	agree(chan);
	rig_wait(15000 * MS);
	assert_true(rig.sw.alone);
	remotes_stop(&rig.sw, "switch lost");
	assert_true(rig.sw.alone);
	remotes_start(&rig.sw);
	second = rig.chans[1];
	rig_take(agree(second), UINT32_MAX);
	assert_false(rig.sw.alone);
	for (i = 0; i < 10; i++)
		rig_wait(5000 * MS);
	assert_false(rig.sw.alone);
}

static void test_secure(void **state)
{
	rig_wait(100 * RIG_SECOND);
	assert_int_equal(rig.misses, 0);
	assert_false(rig.sw.alone);
}

static void test_none_dialled(void **state)
{
	rig_open(targets + 2, 1);
	rig.conf.fail_mode = OFD_FAIL_STANDALONE;
	remotes_start(&rig.sw);
	rig_wait(100 * RIG_SECOND);
	assert_int_equal(rig.misses, 0);
	rig_close();
}

#define ONE(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
#define ALONE(name)							\
	cmocka_unit_test_setup_teardown(name, setup_alone, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ONE(test_states),
		ONE(test_hello),
		ONE(test_hello_early),
		ONE(test_short), ONE(test_hello_failed),
		ONE(test_hello_refused),
		ONE(test_hello_never),
		ONE(test_cut),
		ONE(test_batches),
		ONE(test_turns),
		ONE(test_turns_long),
		ONE(test_echo),
		ONE(test_errors),
		ONE(test_job),
		ONE(test_job_stopped),
		ONE(test_full),
		ONE(test_probe),
		ONE(test_probe_early),
		ONE(test_probe_never),
		ONE(test_probe_job),
		ONE(test_stuck),
		ONE(test_ended),
		ONE(test_end_in_job),
		ONE(test_stop),
		ONE(test_roles),
		ONE(test_rights),
		ONE(test_told),
		ONE(test_told_wanted),
		ONE(test_told_forms),
		ONE(test_told_full),
		ONE(test_lost),
		ONE(test_backoff),
		ONE(test_dropped_often),
		ONE(test_dial_fails),
		ONE(test_flood), ONE(test_many),
		ONE(test_tool),
		ONE(test_listen_again),
		ALONE(test_alone),
		ALONE(test_alone_others),
		ONE(test_secure),
		cmocka_unit_test(test_none_dialled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Statistics that controllers ask for, of a switch in the same process.  The
 * connection is a buffer here that keeps what was sent, and the event loop one
 * descriptor, which is always ready.
 */

#include "msg.h"
#include "stand.h"
#include "util.h"

#define SENT_MAX	(16u << 20)
#define SPIN_MAX	100000		/* turns in which a walk must end */

static struct stand stand;
static struct sw sw;
static struct conn conn;
static u8 *sent;
static u32 sent_len;
static bool full;		/* the peer takes nothing just now */
static bool gone;		/* nor is the switch there */
static bool crowded;		/* nor has it room for one more connection */
static bool ended;
static unsigned int done;	/* jobs that are over */
static struct ev_fd *watched;
static u32 wanted;		/* events of it */

/* What msg_stats.c and msg_dump.c need of the rest */

void conn_send(struct conn *c, const void *msg, u32 len)
{
	assert_int_equal(len, get_unaligned_be16((const u8 *)msg + 2));
	assert_true(sent_len + len <= SENT_MAX);
	memcpy(sent + sent_len, msg, len);
	sent_len += len;
}

void conn_refuse(struct conn *c, const void *msg, u32 len,
		 const struct cvsw_of10_error *err)
{
	int n = cvsw_of10_error_put(err, msg_xid(msg), msg, len,
				    sent + sent_len, SENT_MAX - sent_len);

	assert_true(n > 0);
	sent_len += (u32)n;
}

void conn_end(struct conn *c, const char *why, ...)
{
	ended = true;
}

bool conn_full(const struct conn *c)
{
	return full;
}

void conn_work(struct conn *c, struct conn_job *job)
{
	c->job = job;
	job->room(job);
}

void conn_done(struct conn *c)
{
	c->job = NULL;
	done++;
}

bool sw_failed(struct sw *s, int err)
{
	return !gone && err != -ECONNRESET;
}

int sw_open(const struct sw *s, struct cvsw_ctl **out,
	    struct cvsw_ctl_error *err)
{
	if (gone)
		return -ECONNREFUSED;
	if (crowded)
		return -ECONNRESET;
	*out = stand_ctl(&stand);
	return 0;
}

int ev_add(struct ev *ev, struct ev_fd *f, u32 events)
{
	watched = f;
	wanted = events;
	return 0;
}

void ev_mod(struct ev *ev, struct ev_fd *f, u32 events)
{
	assert_ptr_equal(f, watched);
	wanted = events;
}

void ev_del(struct ev *ev, struct ev_fd *f)
{
	watched = NULL;
}

void sw_tell(struct sw *s, int priority, const char *who, const char *format,
	     ...)
{
}

/* A switch with two ports */

static int setup(void **state)
{
	sent = malloc(SENT_MAX);
	stand_open(&stand, "br0", 2);
	memset(&sw, 0, sizeof(sw));
	memset(&conn, 0, sizeof(conn));
	conn.sw = &sw;
	sw.ctl = stand_ctl(&stand);
	assert_int_equal(cvsw_ctl_switch_get(sw.ctl, &sw.config, NULL), 0);
	sw.config.datapath_id = 0x0123456789abcdef;
	sent_len = 0;
	full = false;
	gone = false;
	crowded = false;
	ended = false;
	done = 0;
	return 0;
}

static int teardown(void **state)
{
	assert_null(watched);
	assert_null(conn.job);
	cvsw_ctl_close(sw.ctl);
	stand_close(&stand);
	free(sent);
	return 0;
}

/* @n flows, of priorities from 1 on, each with @outputs actions */
static void add_flows(unsigned int n, u16 outputs)
{
	struct cvsw_action acts[CVSW_ACTIONS_MAX];
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_ADD,
		.out_port = CVSW_PORT_NONE,
		.flow = { .actions = acts, .n_actions = outputs },
	};
	unsigned int i;

	memset(acts, 0, sizeof(acts));
	for (i = 0; i < outputs; i++) {
		acts[i].type = CVSW_ACT_OUTPUT;
		acts[i].output.port = 2;
	}
	for (i = 0; i < n; i++) {
		mod.flow.priority = (u16)(i + 1);
		assert_int_equal(cvsw_ctl_flow_mods(sw.ctl, &mod, 1), 0);
	}
}

/* Asking */

static void ask(u16 type, const void *body, u32 len)
{
	u8 msg[128] = { 1, CVSW_OFP_STATS_REQUEST };

	put_unaligned_be16((u16)(12 + len), msg + 2);
	put_unaligned_be32(77, msg + 4);
	put_unaligned_be16(type, msg + 8);
	if (len)
		memcpy(msg + 12, body, len);
	sent_len = 0;
	msg_stats(&conn, msg, 12 + len);
}

/* flows of @table; a request of Nicira's when @nxm */
static void ask_flows(u16 type, u8 table, bool nxm)
{
	u8 of10[44] = { 0, 0x38, 0x20, 0xff };
	u8 nx[20] = { 0, 0, 0x23, 0x20 };

	if (!nxm) {
		of10[40] = table;
		put_unaligned_be16(CVSW_PORT_NONE, of10 + 42);
		ask(type, of10, sizeof(of10));
		return;
	}
	put_unaligned_be32(type - CVSW_OFP_STATS_FLOW, nx + 4);
	put_unaligned_be16(CVSW_PORT_NONE, nx + 12);
	nx[16] = table;
	ask(CVSW_OFP_STATS_VENDOR, nx, sizeof(nx));
}

/* let the walk go on until it is over, or waits */
static void turn(void)
{
	unsigned int i;

	for (i = 0; watched && wanted; i++) {
		assert_true(i < SPIN_MAX);
		watched->ready(watched, wanted);
	}
}

/* that is an ERROR */
static void is_error(u16 type, u16 code)
{
	assert_int_equal(sent[1], CVSW_OFP_ERROR);
	assert_int_equal(get_unaligned_be32(sent + 4), 77);
	assert_int_equal(get_unaligned_be16(sent + 8), type);
	assert_int_equal(get_unaligned_be16(sent + 10), code);
}

/**
 * struct told - what a reply of several messages has
 * @n:     entries, each of which says its length first
 * @parts: messages
 * @top:   the longest of them
 * @sum:   of priorities, which are at @at of an entry
 */
struct told {
	u32	n;
	u32	parts;
	u32	top;
	u64	sum;
};

/* all but the last have MORE, entries are whole */
static struct told entries(u32 head, u32 at)
{
	struct told told = {};
	const u8 *msg, *entry, *end;
	u32 len;

	for (msg = sent; msg < sent + sent_len; msg += len) {
		len = get_unaligned_be16(msg + 2);
		assert_int_equal(msg[1], CVSW_OFP_STATS_REPLY);
		assert_int_equal(get_unaligned_be32(msg + 4), 77);
		assert_int_equal(get_unaligned_be16(msg + 10),
				 msg + len < sent + sent_len);
		told.parts++;
		told.top = max(told.top, len);
		end = msg + len;
		for (entry = msg + head; entry < end;
		     entry += get_unaligned_be16(entry)) {
			told.n++;
			told.sum += get_unaligned_be16(entry + at);
			assert_true(get_unaligned_be16(entry) >= 48);
		}
		assert_ptr_equal(entry, end);
	}
	return told;
}

/* What there is */

static void test_desc(void **state)
{
	ask(CVSW_OFP_STATS_DESC, NULL, 0);
	assert_int_equal(sent_len, 12 + 1056);
	assert_string_equal((char *)sent + 12, "CVSW");
	assert_string_equal((char *)sent + 12 + 256, "virtual switch");
	assert_string_equal((char *)sent + 12 + 512, PACKAGE_VERSION);
	assert_string_equal((char *)sent + 12 + 768, "0123456789abcdef");
	assert_string_equal((char *)sent + 12 + 800, "br0");
}

static void test_table(void **state)
{
	add_flows(3, 1);
	ask(CVSW_OFP_STATS_TABLE, NULL, 0);
	assert_int_equal(sent_len, 12 + 64);
	assert_int_equal(get_unaligned_be32(sent + 12 + 36), 0x3fffff);
	assert_int_equal(get_unaligned_be32(sent + 12 + 44), 3);
}

static void test_ports(void **state)
{
	static const struct {
		u16	port;
		u32	n;
	} cases[] = {
		{ CVSW_PORT_NONE, 2 }, { 1, 1 }, { 2, 1 }, { 3, 0 },
		{ CVSW_PORT_LOCAL, 0 },
	};
	size_t i;
	u8 body[8];

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(body, 0, sizeof(body));
		put_unaligned_be16(cases[i].port, body);
		ask(CVSW_OFP_STATS_PORT, body, sizeof(body));
		assert_int_equal(sent[1], CVSW_OFP_STATS_REPLY);
		assert_int_equal(sent_len, 12 + 104 * cases[i].n);
		if (cases[i].n == 1)
			assert_int_equal(get_unaligned_be16(sent + 12),
					 cases[i].port);
	}
}

static void test_queues(void **state)
{
	static const struct {
		u16	port;
		u32	queue;
		int	n;	/* -1: bad queue, -2: bad port */
	} cases[] = {
		{ 1, CVSW_QUEUE_ALL, 2 }, { 1, 7, 1 }, { 1, 9, -1 },
		{ 2, CVSW_QUEUE_ALL, 1 }, { 2, 5, -1 }, { 9, 5, -2 },
		{ 9, CVSW_QUEUE_ALL, -2 },
		{ CVSW_PORT_ALL, CVSW_QUEUE_ALL, 3 }, { CVSW_PORT_ALL, 7, 2 },
		{ CVSW_PORT_ALL, 6, -1 }, { CVSW_PORT_NONE, 5, 1 },
	};
	static const struct cvsw_queue_info queues[] = {
		{ .port = 1, .id = 5, .max_rate = 1000000 },
		{ .port = 1, .id = 7, .max_rate = 1000000 },
		{ .port = 2, .id = 7, .max_rate = 1000000 },
	};
	u8 body[8];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(queues); i++)
		assert_int_equal(cvsw_ctl_queue_set(sw.ctl, &queues[i]), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(body, 0, sizeof(body));
		put_unaligned_be16(cases[i].port, body);
		put_unaligned_be32(cases[i].queue, body + 4);
		ask(CVSW_OFP_STATS_QUEUE, body, sizeof(body));
		if (cases[i].n < 0) {
			is_error(CVSW_OFP_E_QUEUE_OP_FAILED,
				 cases[i].n == -2 ? CVSW_OFP_QUEUE_BAD_PORT :
						    CVSW_OFP_QUEUE_BAD_QUEUE);
			continue;
		}
		assert_int_equal(sent[1], CVSW_OFP_STATS_REPLY);
		assert_int_equal(sent_len, 12 + 32 * cases[i].n);
	}
}

/* more than a message has room for */
static void test_many_queues(void **state)
{
	struct cvsw_queue_info info = { .port = 1 };
	u8 body[8] = {};
	u32 at, n = 0;

	for (info.id = 0; info.id < 2500; info.id++)
		assert_int_equal(cvsw_ctl_queue_set(sw.ctl, &info), 0);
	put_unaligned_be16(1, body);
	put_unaligned_be32(CVSW_QUEUE_ALL, body + 4);
	ask(CVSW_OFP_STATS_QUEUE, body, sizeof(body));
	for (at = 0; at < sent_len; at += get_unaligned_be16(sent + at + 2)) {
		n += (get_unaligned_be16(sent + at + 2) - 12u) / 32;
		assert_int_equal(sent[at + 11],
				 at + get_unaligned_be16(sent + at + 2) < sent_len);
	}
	assert_int_equal(n, 2500);
}

static void test_flows(void **state)
{
	struct told told;

	add_flows(5, 1);
	ask_flows(CVSW_OFP_STATS_FLOW, 0xff, false);
	turn();
	assert_int_equal(done, 1);
	told = entries(12, 52);
	assert_int_equal(told.parts, 1);
	assert_int_equal(told.n, 5);
	assert_int_equal(told.sum, 1 + 2 + 3 + 4 + 5);
	ask_flows(CVSW_OFP_STATS_FLOW, 0, true);
	turn();
	assert_int_equal(done, 2);
	assert_int_equal(get_unaligned_be32(sent + 12), CVSW_OFP_NX_VENDOR);
	told = entries(24, 12);
	assert_int_equal(told.parts, 1);
	assert_int_equal(told.n, 5);
	assert_int_equal(told.sum, 1 + 2 + 3 + 4 + 5);
}

static void test_many_flows(void **state)
{
	struct told told;

	add_flows(3000, CVSW_ACTIONS_MAX);
	ask_flows(CVSW_OFP_STATS_FLOW, 0xff, false);
	turn();
	told = entries(12, 52);
	assert_int_equal(told.n, 3000);
	assert_int_equal(told.sum, 3000ull * 3001 / 2);
	assert_true(told.top > 65535 - 600);
	assert_int_equal(told.parts, 1 + 3000 / ((65535 - 12) / 600));
}

static void test_no_flows(void **state)
{
	static const bool nxm[] = { false, true };
	size_t i;

	for (i = 0; i < 2; i++) {
		ask_flows(CVSW_OFP_STATS_FLOW, 0xff, nxm[i]);
		turn();
		assert_int_equal(sent_len, nxm[i] ? 24 : 12);
	}
	add_flows(3, 1);
	for (i = 0; i < 2; i++) {
		ask_flows(CVSW_OFP_STATS_FLOW, 9, nxm[i]);
		assert_int_equal(sent_len, nxm[i] ? 24 : 12);
	}
	assert_int_equal(done, 2);	/* the others are no jobs */
}

static void test_sums(void **state)
{
	u8 frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 };

	add_flows(700, 1);
	stand_input(&stand, 1, frame, sizeof(frame));
	stand_input(&stand, 1, frame, sizeof(frame));
	ask_flows(CVSW_OFP_STATS_AGGREGATE, 0xff, false);
	turn();
	assert_int_equal(sent_len, 12 + 24);
	assert_int_equal(get_unaligned_be64(sent + 12), 2);
	assert_int_equal(get_unaligned_be64(sent + 20), 128);
	assert_int_equal(get_unaligned_be32(sent + 28), 700);
	ask_flows(CVSW_OFP_STATS_AGGREGATE, 0xff, true);
	turn();
	assert_int_equal(sent_len, 24 + 24);
	assert_int_equal(get_unaligned_be32(sent + 40), 700);
	ask_flows(CVSW_OFP_STATS_AGGREGATE, 7, false);
	assert_int_equal(sent_len, 12 + 24);
	assert_int_equal(get_unaligned_be32(sent + 28), 0);
}

/* Peers and switches that are slow, or go */

static void test_slow_peer(void **state)
{
	u32 before;

	add_flows(3000, CVSW_ACTIONS_MAX);
	full = true;
	ask_flows(CVSW_OFP_STATS_FLOW, 0xff, false);
	turn();
	assert_int_equal(sent_len, 0);
	assert_int_equal(wanted, 0);
	full = false;
	conn.job->room(conn.job);
	watched->ready(watched, wanted);
	before = sent_len;
	full = true;
	turn();
	assert_int_equal(sent_len, before);
	full = false;
	conn.job->room(conn.job);
	turn();
	assert_int_equal(entries(12, 52).n, 3000);
}

static void test_stop(void **state)
{
	struct conn_job *job;

	add_flows(3000, 1);
	ask_flows(CVSW_OFP_STATS_FLOW, 0xff, false);
	job = conn.job;
	conn.job = NULL;
	job->stop(job);
	assert_int_equal(done, 0);
}

static void test_gone(void **state)
{
	gone = true;
	ask_flows(CVSW_OFP_STATS_FLOW, 0xff, false);
	assert_int_equal(sent_len, 0);	/* connections end, all of them */
	assert_null(conn.job);
}

/* which does not mean that the switch is gone */
static void test_crowded(void **state)
{
	crowded = true;
	ask_flows(CVSW_OFP_STATS_FLOW, 0xff, false);
	is_error(CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_EPERM);
	assert_null(conn.job);
}

static void test_refused(void **state)
{
	static const u8 nothing[8];

	ask(CVSW_OFP_STATS_DESC, nothing, 1);
	is_error(CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_LEN);
	ask(6, NULL, 0);
	is_error(CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_STAT);
	ask(CVSW_OFP_STATS_VENDOR, nothing, 8);
	is_error(CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_VENDOR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_desc, setup, teardown),
		cmocka_unit_test_setup_teardown(test_table, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queues, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_queues, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_flows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_flows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sums, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slow_peer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stop, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_crowded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

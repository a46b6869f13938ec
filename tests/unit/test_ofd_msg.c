// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Requests of controllers against a switch in the same process.  The connection
 * is a buffer here that keeps what was put; messages are built byte by byte.
 */

#include "keep.h"
#include "msg.h"
#include "stand.h"
#include "util.h"

#define NONE_BUFFER	0xffffffff
#define PUT_MAX		(4u << 20)

static struct stand stand;
static struct sw sw;
static struct conn conn;
static u8 *put;			/* what was put */
static u32 put_len;
static bool shut;		/* there is no room */
static unsigned int asyncs;	/* times that conn_async() was called */
static unsigned int stats;	/* STATS_REQUESTs that came through */
static unsigned int kept;	/* flow-mods that were done */
static bool timed;		/* keep_asks() */

/* What msg*.c need of the rest */

void *conn_room(struct conn *c, u32 len)
{
	assert_true(put_len + len <= PUT_MAX);
	return shut ? NULL : put + put_len;
}

void conn_put(struct conn *c, u32 len)
{
	assert_int_equal(len, get_unaligned_be16(put + put_len + 2));
	put_len += len;
}

void conn_refuse(struct conn *c, const void *msg, u32 len,
		 const struct cvsw_of10_error *err)
{
	int n = cvsw_of10_error_put(err, msg_xid(msg), msg, len, put + put_len,
				    PUT_MAX - put_len);

	assert_true(n > 0);
	conn_put(c, (u32)n);
}

void conn_async(struct conn *c)
{
	asyncs++;
}

bool role_may(const struct conn *c, u8 type)
{
	return c->role != CVSW_OFP_NX_ROLE_SLAVE ||
	       (type != CVSW_OFP_PACKET_OUT && type != CVSW_OFP_FLOW_MOD &&
		type != CVSW_OFP_PORT_MOD);
}

void role_request(struct conn *c, const void *msg, u32 len)
{
	msg_reply(c, msg, CVSW_OFP_VENDOR, "role", 4);
}

void msg_stats(struct conn *c, const void *msg, u32 len)
{
	stats++;
}

void keep_mods(struct keep *keep, struct cvsw_ctl *ctl,
	       const struct cvsw_flow_mod *mods, unsigned int n)
{
	kept += n;
}

bool keep_asks(const struct keep *keep)
{
	return timed;
}

bool sw_failed(struct sw *s, int err)
{
	return sw_there(s);
}

/* an event is put as an ECHO_REQUEST with its command */
void sw_events(struct sw *s)
{
	struct cvsw_ctl_event event;
	u8 *at;

	while (cvsw_ctl_event(s->events, 0, &event) > 0) {
		at = put + put_len;
		memset(at, 0, 12);
		at[0] = 1;
		at[1] = CVSW_OFP_ECHO_REQUEST;
		at[3] = 12;
		at[11] = (u8)event.cmd;
		conn_put(&conn, 12);
	}
}

void sw_tell(struct sw *s, int priority, const char *who, const char *format,
	     ...)
{
}

/* A switch with three ports */

static int setup(void **state)
{
	put = malloc(PUT_MAX);
	stand_open(&stand, "br0", 3);
	memset(&sw, 0, sizeof(sw));
	memset(&conn, 0, sizeof(conn));
	conn.sw = &sw;
	sw.ctl = stand_ctl(&stand);
	cvsw_ctl_on_refused(sw.ctl, msg_frame_refused, &sw);
	sw.events = stand_ctl(&stand);
	sw.room = msg_room_new();
	assert_int_equal(cvsw_ctl_subscribe(sw.events, CVSW_NL_GROUP_MASK), 0);
	assert_int_equal(cvsw_ctl_switch_get(sw.ctl, &sw.config, NULL), 0);
	sw.config.datapath_id = 0x0123456789abcdef;
	conn.miss_send_len = CVSW_OFP_MISS_SEND_LEN;
	put_len = 0;
	shut = false;
	asyncs = 0;
	stats = 0;
	kept = 0;
	timed = false;
	return 0;
}

static int teardown(void **state)
{
	cvsw_ctl_close(sw.events);
	cvsw_ctl_close(sw.ctl);
	free(sw.room);
	stand_close(&stand);
	free(put);
	return 0;
}

/* Messages: built at the end of in[], of which in_len are used */

static u8 in[1 << 20];
static u32 in_len;
static u32 in_xid;

static u8 *begin(u8 type, u32 len)
{
	u8 *msg = in + in_len;

	memset(msg, 0, len);
	msg[0] = 1;
	msg[1] = type;
	put_unaligned_be16((u16)len, msg + 2);
	put_unaligned_be32(++in_xid, msg + 4);
	in_len += len;
	return msg;
}

/* @n outputs to @port */
static u8 *outputs(u8 *at, unsigned int n, u16 port)
{
	for (; n; n--, at += 8) {
		put_unaligned_be16(8, at + 2);
		put_unaligned_be16(port, at + 4);
	}
	return at;
}

/* a flow for what comes in by @in_port (0: any) to @port (0: no action) */
static u8 *flow(u16 cmd, u16 priority, u16 in_port, u16 port)
{
	u8 *msg = begin(CVSW_OFP_FLOW_MOD, port ? 80 : 72);

	put_unaligned_be32(in_port ? 0x3820fe : 0x3820ff, msg + 8);
	put_unaligned_be16(in_port, msg + 12);
	put_unaligned_be16(cmd, msg + 56);
	put_unaligned_be16(priority, msg + 62);
	put_unaligned_be32(NONE_BUFFER, msg + 64);
	put_unaligned_be16(CVSW_PORT_NONE, msg + 68);
	outputs(msg + 72, !!port, port);
	return msg;
}

static u8 *packet_out(u16 in_port, u16 port, u32 frame_len)
{
	u8 *msg = begin(CVSW_OFP_PACKET_OUT, 24 + frame_len);

	put_unaligned_be32(NONE_BUFFER, msg + 8);
	put_unaligned_be16(in_port, msg + 12);
	put_unaligned_be16(8, msg + 14);
	memset(msg + 24, 0x5a, frame_len);
	memset(msg + 24, 0xff, min_t(u32, frame_len, 6));
	outputs(msg + 16, 1, port);
	return msg;
}

static u8 *port_mod(u16 no, u8 mac5, u32 config, u32 mask)
{
	u8 *msg = begin(CVSW_OFP_PORT_MOD, 32);

	put_unaligned_be16(no, msg + 8);
	msg[10] = 2;
	msg[15] = mac5;
	put_unaligned_be32(config, msg + 16);
	put_unaligned_be32(mask, msg + 20);
	return msg;
}

static u8 *vendor(u32 id, u32 subtype, u32 len)
{
	u8 *msg = begin(CVSW_OFP_VENDOR, len);

	put_unaligned_be32(id, msg + 8);
	if (len >= 16)
		put_unaligned_be32(subtype, msg + 12);
	return msg;
}

/* hand over all of in[], from memory of its own, at an odd address */
static void run(void)
{
	u8 *tight = malloc(in_len + 1), *at = tight + 1;
	u32 left = in_len, n;

	memcpy(at, in, in_len);
	for (; left; at += n, left -= n) {
		n = msg_run(&conn, at, left);
		assert_true(n && n <= left);
	}
	free(tight);
	in_len = 0;
}

/* likewise message by message */
static void run_singly(void)
{
	const u8 *at = in, *end = in + in_len;

	for (; at < end; at += msg_len(at))
		assert_int_equal(msg_run(&conn, at, msg_len(at)), msg_len(at));
	in_len = 0;
}

/* What was put */

static const u8 *next(u32 *at)
{
	const u8 *msg = put + *at;

	assert_true(*at + 8 <= put_len);
	*at += get_unaligned_be16(msg + 2);
	assert_true(*at <= put_len);
	return msg;
}

/* in all, one error for the message at in[0]; @type 0xff: none */
static void run_is_refused(u16 type, u16 code)
{
	u8 msg[CVSW_OFP_MSG_MAX];
	u32 len = in_len;

	memcpy(msg, in, len);
	put_len = 0;
	run();
	if (type == 0xff) {
		assert_int_equal(put_len, 0);
		return;
	}
	assert_int_equal(put_len, 12 + len);
	assert_int_equal(put[1], CVSW_OFP_ERROR);
	assert_memory_equal(put + 4, msg + 4, 4);
	if (get_unaligned_be16(put + 8) != type ||
	    get_unaligned_be16(put + 10) != code)
		fail_msg("(%u,%u), not (%u,%u)", get_unaligned_be16(put + 8),
			 get_unaligned_be16(put + 10), type, code);
	assert_memory_equal(put + 12, msg, len);
	put_len = 0;
}

/* Types and versions */

static void test_types(void **state)
{
	unsigned int type;

	for (type = CVSW_OFP_VENDOR; type < 256; type++) {
		switch (type) {
		case CVSW_OFP_FEATURES_REQUEST:
		case CVSW_OFP_GET_CONFIG_REQUEST:
		case CVSW_OFP_BARRIER_REQUEST:
			begin((u8)type, 8);
			run();
			assert_int_equal(put[1], type + 1);
			assert_int_equal(get_unaligned_be32(put + 4), in_xid);
			assert_int_equal(get_unaligned_be16(put + 2), put_len);
			put_len = 0;
			begin((u8)type, 9);
			run_is_refused(1, 6);
			begin((u8)type, 16);
			run_is_refused(1, 6);
			break;
		case CVSW_OFP_VENDOR:
		case CVSW_OFP_SET_CONFIG:
		case CVSW_OFP_PACKET_OUT:
		case CVSW_OFP_FLOW_MOD:
		case CVSW_OFP_PORT_MOD:
		case CVSW_OFP_STATS_REQUEST:
		case CVSW_OFP_QUEUE_GET_CONFIG_REQUEST:
			begin((u8)type, 8);
			run_is_refused(1, 6);
			break;
		default:
			begin((u8)type, 8);
			if (type < CVSW_OFP_TYPES && type != 20)
				begin((u8)type, 92), in_len = 8;
			put_len = 0;
			run();
			assert_int_equal(put[1], CVSW_OFP_ERROR);
			assert_int_equal(get_unaligned_be16(put + 8), 1);
			put_len = 0;
		}
		begin((u8)type, 8)[0] = 4;
		run_is_refused(1, 0);
		begin((u8)type, 8)[0] = 0;
		run_is_refused(1, 0);
	}
	begin(CVSW_OFP_STATS_REQUEST, 12);
	run_is_refused(0xff, 0);
	assert_int_equal(stats, 1);
}

/* only a switch sends these, and what there is not */
static void test_strange(void **state)
{
	static const struct {
		u8	type;
		u16	len;
	} cases[] = {
		{ CVSW_OFP_FEATURES_REPLY, 32 }, { CVSW_OFP_PACKET_IN, 18 },
		{ CVSW_OFP_GET_CONFIG_REPLY, 12 }, { CVSW_OFP_FLOW_REMOVED, 88 },
		{ CVSW_OFP_PORT_STATUS, 64 }, { CVSW_OFP_STATS_REPLY, 12 },
		{ CVSW_OFP_BARRIER_REPLY, 8 }, { 22, 8 }, { 255, 8 },
		{ CVSW_OFP_QUEUE_GET_CONFIG_REPLY, 16 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(cases[i].type, cases[i].len);
		run_is_refused(1, 1);
	}
}

/* FEATURES and configuration */

static void test_features(void **state)
{
	const u8 *port = put + 32;

	begin(CVSW_OFP_FEATURES_REQUEST, 8);
	run();
	assert_int_equal(put_len, 32 + 3 * 48);
	assert_int_equal(get_unaligned_be64(put + 8), 0x0123456789abcdef);
	assert_int_equal(get_unaligned_be32(put + 16), 0);
	assert_int_equal(put[20], 1);
	assert_int_equal(get_unaligned_be32(put + 24), 0xc7);
	assert_int_equal(get_unaligned_be32(put + 28), 0xfff);
	assert_int_equal(get_unaligned_be16(port + 48), 2);
	assert_int_equal(port[48 + 7], 2);
	assert_string_equal((const char *)port + 48 + 8, "p2");
	shut = true;
	begin(CVSW_OFP_FEATURES_REQUEST, 8);
	run();
	assert_int_equal(put_len, 32 + 3 * 48);
}

/* as many ports as a message holds */
static void test_many_ports(void **state)
{
	char spec[32];
	unsigned int i;

	for (i = 4; i < 1400; i++) {
		sprintf(spec, "test:p%u", i);
		assert_int_equal(cvsw_ctl_port_add(sw.ctl, spec, 0, NULL), 0);
	}
	begin(CVSW_OFP_FEATURES_REQUEST, 8);
	begin(CVSW_OFP_GET_CONFIG_REQUEST, 8);
	run();
	assert_int_equal(put_len, 32 + 1364 * 48 + 12);
	assert_int_equal(get_unaligned_be16(put + 2), 32 + 1364 * 48);
}

static void test_config(void **state)
{
	static const struct {
		u16	flags;
		u16	told;
		u8	frag_mode;
	} cases[] = {
		{ 1, 1, CVSW_FRAG_MODE_DROP },
		{ 2, 2, CVSW_FRAG_MODE_NORMAL },
		{ 3, 3, CVSW_FRAG_MODE_NX_MATCH },
		{ 0xfff0, 0, CVSW_FRAG_MODE_NORMAL },
		{ 0xfff3, 3, CVSW_FRAG_MODE_NX_MATCH },
	};
	struct cvsw_config config;
	size_t i;
	u8 *msg;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		put_len = 0;
		msg = begin(CVSW_OFP_SET_CONFIG, 12);
		put_unaligned_be16(cases[i].flags, msg + 8);
		put_unaligned_be16((u16)(100 + i), msg + 10);
		begin(CVSW_OFP_GET_CONFIG_REQUEST, 8);
		run();
		assert_int_equal(put_len, 12);
		assert_int_equal(get_unaligned_be16(put + 8), cases[i].told);
		assert_int_equal(get_unaligned_be16(put + 10), 100 + i);
		assert_int_equal(conn.miss_send_len, 100 + i);
		assert_int_equal(asyncs, i + 1);
		cvsw_switch_config(stand.sw, &config);
		assert_int_equal(config.frag_mode, cases[i].frag_mode);
	}
	/* of a slave only miss_send_len */
	conn.role = CVSW_OFP_NX_ROLE_SLAVE;
	begin(CVSW_OFP_SET_CONFIG, 12);
	run();
	assert_int_equal(conn.miss_send_len, 0);
	cvsw_switch_config(stand.sw, &config);
	assert_int_equal(config.frag_mode, CVSW_FRAG_MODE_NX_MATCH);
	assert_int_equal(sw.flags, 3);
}

/* Ports and queues */

static void test_port_mod(void **state)
{
	static const struct {
		u16	no;
		u8	mac5;
		u16	type;
		u16	code;
	} bad[] = {
		{ 9, 9, 4, 0 }, { 0, 0, 4, 0 }, { CVSW_PORT_NONE, 2, 4, 0 },
		{ CVSW_PORT_LOCAL, 2, 4, 0 }, { CVSW_PORT_ALL, 2, 4, 0 },
		{ 2, 3, 4, 1 }, { 3, 2, 4, 1 },
	};
	struct cvsw_port_info info;
	u32 at = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		port_mod(bad[i].no, bad[i].mac5, 0x10, 0x10);
		run_is_refused(bad[i].type, bad[i].code);
	}
	port_mod(2, 2, 0xffffffff, CVSW_PORT_C_NO_FLOOD | 0xff000002);
	begin(CVSW_OFP_BARRIER_REQUEST, 8);
	run();
	assert_int_equal(cvsw_port_get(stand.sw, 2, &info), 0);
	assert_int_equal(info.config, CVSW_PORT_C_NO_FLOOD);
	/* what became of it is told before the barrier is */
	assert_int_equal(next(&at)[11], CVSW_CMD_PORT_EVENT);
	assert_int_equal(next(&at)[1], CVSW_OFP_BARRIER_REPLY);
	assert_int_equal(at, put_len);

	port_mod(2, 2, CVSW_PORT_C_DOWN, CVSW_PORT_C_DOWN);
	port_mod(2, 2, 0, CVSW_PORT_C_NO_FLOOD);
	port_mod(2, 2, 0xff, 0);
	run_is_refused(0xff, 0);
	assert_int_equal(cvsw_port_get(stand.sw, 2, &info), 0);
	assert_int_equal(info.config, CVSW_PORT_C_DOWN);
}

static void queue_request(u16 port)
{
	put_unaligned_be16(port,
			   begin(CVSW_OFP_QUEUE_GET_CONFIG_REQUEST, 12) + 8);
}

static void test_queues(void **state)
{
	static const u16 bad[] = {
		0, 4, CVSW_PORT_MAX, CVSW_PORT_ALL, CVSW_PORT_NONE,
		CVSW_PORT_LOCAL,
	};
	struct cvsw_queue_info queue = { .port = 2, .id = 7,
					 .min_rate = 25000000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		queue_request(bad[i]);
		run_is_refused(5, 0);
	}
	queue_request(1);
	run();
	assert_int_equal(put_len, 16);
	assert_int_equal(put[1], CVSW_OFP_QUEUE_GET_CONFIG_REPLY);
	assert_int_equal(put[9], 1);
	put_len = 0;
	assert_int_equal(cvsw_ctl_queue_set(sw.ctl, &queue), 0);
	queue.id = 8;
	queue.min_rate = 0;
	assert_int_equal(cvsw_ctl_queue_set(sw.ctl, &queue), 0);
	queue_request(2);
	run();
	assert_int_equal(put_len, 16 + 2 * 24);
	assert_int_equal(get_unaligned_be32(put + 16), 7);
	assert_int_equal(get_unaligned_be16(put + 20), 24);
	assert_int_equal(get_unaligned_be32(put + 40), 8);
	assert_int_equal(get_unaligned_be16(put + 40 + 16), 0xffff);
}

/* Flow-mods */

static void test_flow_errors(void **state)
{
	u8 *msg;

	flow(9, 1, 1, 2);
	run_is_refused(3, 4);
	put_unaligned_be16(CVSW_OFP_FLOW_F_EMERG, flow(0, 1, 1, 2) + 70);
	run_is_refused(3, 0);
	msg = flow(0, 1, 1, 2);
	msg[61] = 1;
	msg[71] = CVSW_OFP_FLOW_F_EMERG;
	run_is_refused(3, 3);
	put_unaligned_be32(5, flow(0, 1, 1, 2) + 64);
	run_is_refused(1, 8);
	flow(0, 1, 1, CVSW_PORT_NONE);
	run_is_refused(2, 4);
	flow(3, 1, 1, CVSW_PORT_TABLE);
	run_is_refused(2, 4);
	assert_int_equal(stand_flows(&stand), 0);

	flow(0, 1, 1, 2);
	flow(0, 1, 2, 77);
	run_is_refused(0xff, 0);
	put_unaligned_be16(CVSW_FLOW_F_CHECK_OVERLAP, flow(0, 1, 0, 2) + 70);
	run_is_refused(3, 1);
	assert_int_equal(stand_flows(&stand), 2);
	put_unaligned_be32(5, flow(3, 1, 0, 0) + 64);
	run_is_refused(0xff, 0);
	assert_int_equal(stand_flows(&stand), 0);
}

static void limit(u32 flows)
{
	struct cvsw_config config = { .max_flows = flows };

	assert_int_equal(cvsw_ctl_switch_set(sw.ctl, &config,
					     1u << CVSW_SWITCH_A_MAX_FLOWS), 0);
}

static void test_table_full(void **state)
{
	unsigned int i;
	u32 at = 0;

	limit(100);
	for (i = 1; i <= 1000; i++)
		flow(0, (u16)i, 1, 2);
	run();
	assert_int_equal(stand_flows(&stand), 100);
	for (i = 101; i <= 1000; i++) {
		const u8 *msg = next(&at);

		assert_int_equal(msg[1], CVSW_OFP_ERROR);
		assert_int_equal(get_unaligned_be32(msg + 8), 3 << 16);
		assert_int_equal(get_unaligned_be16(msg + 12 + 62), i);
	}
	assert_int_equal(at, put_len);
}

/* the table as text, in some order */
struct dump {
	u8	bytes[1 << 16];
	u32	len;
};

static int dump_flow(void *arg, const struct cvsw_flow *f)
{
	struct dump *dump = arg;
	bool whole = true;
	int n = cvsw_of10_flow_stats_put(f, dump->bytes + dump->len,
					 sizeof(dump->bytes) - dump->len,
					 &whole);

	assert_true(n > 0 && whole);
	dump->len += (u32)n;
	return 0;
}

static void dump_table(struct dump *dump)
{
	dump->len = 0;
	assert_int_equal(cvsw_ctl_flow_dump(sw.ctl, NULL, dump_flow, dump), 0);
}

/* one of any kind, often a bad one */
static void random_message(u64 *seed)
{
	u16 in_port = (u16)test_below(seed, 4);
	u16 priority = (u16)test_below(seed, 6);
	u8 *msg;

	switch (test_below(seed, 14)) {
	case 0:		/* refused by the codec */
		flow(9, priority, in_port, 2);
		break;
	case 1:
		flow(0, priority, in_port, CVSW_PORT_NONE);
		break;
	case 2:		/* perhaps by the switch */
		msg = flow(0, priority, in_port, 3);
		msg[71] = CVSW_FLOW_F_CHECK_OVERLAP;
		break;
	case 3:
		begin(CVSW_OFP_BARRIER_REQUEST, 8);
		break;
	case 4:
		flow((u16)(3 + test_below(seed, 2)), priority, in_port, 0);
		break;
	case 5:
		begin(CVSW_OFP_FLOW_MOD, 71);
		break;
	case 6:
		flow(0, priority, in_port, 2)[0] = 4;
		break;
	case 7:
		put_unaligned_be64(in_port,
				   flow((u16)(1 + test_below(seed, 2)),
					priority, in_port, 1) + 48);
		break;
	default:
		msg = flow(0, priority, in_port, in_port);
		msg[71] = test_below(seed, 2);
		put_unaligned_be16((u16)test_rand(seed), msg + 54);
	}
}

static bool is_event(const u8 *msg)
{
	return msg[1] == CVSW_OFP_ECHO_REQUEST;
}

/* @a of @a_len bytes and what was put have the same messages, but that events
 * may come earlier in @a */
static void is_same(const u8 *a, u32 a_len)
{
	const u8 *b = put, *a_end = a + a_len, *b_end = put + put_len;
	int early = 0;

	assert_int_equal(a_len, put_len);
	while (a < a_end || b < b_end) {
		for (; a < a_end && is_event(a); a += msg_len(a))
			early++;
		for (; b < b_end && is_event(b); b += msg_len(b))
			early--;
		assert_true(early >= 0);
		if (a == a_end || b == b_end)
			break;
		assert_memory_equal(a, b, msg_len(b));
		a += msg_len(a);
		b += msg_len(b);
	}
	assert_true(a == a_end && b == b_end && !early);
}

/* together is as each by itself: the same table, the same answers */
static void test_batches(void **state)
{
	static struct dump together, singly;
	static u8 answers[PUT_MAX];
	u64 seed = test_seed(), again;
	unsigned int round, n, i;
	u32 len, xid;

	limit(12);
	for (round = 0; round < 300; round++) {
		n = 1 + test_below(&seed, round % 10 ? 20 : 700);
		again = seed;
		xid = in_xid;
		for (i = 0; i < n; i++)
			random_message(&seed);
		put_len = 0;
		run();
		sw_events(&sw);
		dump_table(&together);
		memcpy(answers, put, put_len);
		len = put_len;

		flow(3, 0, 0, 0);
		run();
		sw_events(&sw);
		in_xid = xid;
		for (i = 0; i < n; i++)
			random_message(&again);
		put_len = 0;
		run_singly();
		sw_events(&sw);
		dump_table(&singly);
		assert_int_equal(together.len, singly.len);
		assert_memory_equal(together.bytes, singly.bytes, singly.len);
		is_same(answers, len);
		flow(3, 0, 0, 0);
		run();
		sw_events(&sw);
	}
}

/* a bad one in every place of a batch */
static void test_batch_places(void **state)
{
	unsigned int place, i;
	u8 *msg;

	for (place = 0; place < 20; place++) {
		flow(0, 500, 0, 3);
		run();
		for (i = 0; i < 20; i++) {
			msg = flow(0, (u16)(i == place ? 500 : i), 1, 2);
			msg[71] = i == place ? CVSW_FLOW_F_CHECK_OVERLAP : 0;
		}
		put_len = 0;
		run();
		assert_int_equal(stand_flows(&stand), 20);
		assert_int_equal(kept, 21 * (place + 1) - 1);
		assert_int_equal(put_len, 12 + 80);
		assert_int_equal(get_unaligned_be32(put + 8), 3 << 16 | 1);
		assert_int_equal(get_unaligned_be16(put + 12 + 62), 500);
		flow(3, 0, 0, 0);
		run();
	}
}

/* many actions: as many at once as there is room for */
static void test_batch_actions(void **state)
{
	unsigned int i;
	u8 *msg;

	for (i = 0; i < 200; i++) {
		msg = flow(0, (u16)i, 1, 0);
		put_unaligned_be16(72 + CVSW_ACTIONS_MAX * 8, msg + 2);
		memset(msg + 72, 0, CVSW_ACTIONS_MAX * 8);
		outputs(msg + 72, CVSW_ACTIONS_MAX, 2);
		in_len += CVSW_ACTIONS_MAX * 8;
	}
	run();
	assert_int_equal(put_len, 0);
	assert_int_equal(stand_flows(&stand), 200);
}

/* one that may look at the whole table is the last of a turn, whatever it is
 * and however many there are */
static void test_walks(void **state)
{
	static const struct {
		u16	cmd;
		u8	flags;
		bool	timed;
		bool	walks;
	} cases[] = {
		{ 0, 0, true, false },
		{ 0, CVSW_FLOW_F_CHECK_OVERLAP, false, true },
		{ 1, 0, false, true },
		{ 2, 0, false, false },
		{ 2, 0, true, true },
		{ 3, 0, false, true },
		{ 4, 0, true, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		timed = cases[i].timed;
		flow(0, 1, 1, 2);
		flow(cases[i].cmd, 2, 2, 2)[71] = cases[i].flags;
		begin(CVSW_OFP_BARRIER_REQUEST, 8);
		flow(0, 3, 3, 2);
		assert_int_equal(msg_run(&conn, in, in_len),
				 cases[i].walks ? 80 + 80 + 8 : in_len);
		in_len = 0;
	}
}

static void test_barrier(void **state)
{
	unsigned int i;
	u32 at = 0;

	for (i = 1; i <= 3; i++)
		flow(0, 1, (u16)i, 2)[71] = CVSW_FLOW_F_SEND_REM;
	flow(3, 0, 2, 0);
	begin(CVSW_OFP_BARRIER_REQUEST, 8);
	begin(CVSW_OFP_GET_CONFIG_REQUEST, 8);
	flow(3, 0, 0, 0);
	begin(CVSW_OFP_BARRIER_REQUEST, 8);
	run();
	assert_int_equal(next(&at)[11], CVSW_CMD_FLOW_REMOVED);
	assert_int_equal(get_unaligned_be32(next(&at) + 4), in_xid - 3);
	assert_int_equal(next(&at)[1], CVSW_OFP_GET_CONFIG_REPLY);
	assert_int_equal(next(&at)[11], CVSW_CMD_FLOW_REMOVED);
	assert_int_equal(next(&at)[11], CVSW_CMD_FLOW_REMOVED);
	assert_int_equal(get_unaligned_be32(next(&at) + 4), in_xid);
	assert_int_equal(at, put_len);
}

/* a barrier behind each flow-mod, one of which is refused: what was asked in
 * front of a barrier is answered in front of it */
static void test_barriers(void **state)
{
	unsigned int i;
	u32 at = 0;

	flow(0, 500, 0, 3);
	for (i = 0; i < 1000; i++) {
		flow(0, i == 333 ? 500 : 1, (u16)(1 + i % 3),
		     2)[71] = i == 333 ? CVSW_FLOW_F_CHECK_OVERLAP : 0;
		begin(CVSW_OFP_BARRIER_REQUEST, 8);
	}
	run();
	assert_int_equal(stand_flows(&stand), 4);
	for (i = 0; i < 1000; i++) {
		if (i == 333)
			assert_int_equal(get_unaligned_be32(next(&at) + 8),
					 3 << 16 | 1);
		assert_int_equal(get_unaligned_be32(next(&at) + 4),
				 in_xid - 2 * (999 - i));
	}
	assert_int_equal(at, put_len);
}

/* Packet-outs */

static void test_frames(void **state)
{
	static const struct {
		u16		in_port;
		u16		port;
		unsigned int	sent;
	} good[] = {
		{ CVSW_PORT_NONE, 2, 1 }, { CVSW_PORT_CONTROLLER, 1, 1 },
		{ 1, 2, 1 }, { 1, 1, 0 }, { 1, CVSW_PORT_IN_PORT, 1 },
		{ 0, 3, 1 }, { 77, 3, 1 }, { CVSW_PORT_LOCAL, 1, 1 },
		{ 1, CVSW_PORT_FLOOD, 2 }, { CVSW_PORT_NONE, CVSW_PORT_ALL, 3 },
		{ 1, 77, 0 }, { 1, CVSW_PORT_LOCAL, 0 },
		{ CVSW_PORT_NONE, CVSW_PORT_IN_PORT, 0 },
		{ 1, CVSW_PORT_NORMAL, 2 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		stand.sent = 0;
		packet_out(good[i].in_port, good[i].port, 60);
		run_is_refused(0xff, 0);
		if (stand.sent != good[i].sent)
			fail_msg("%zu: %u sent", i, stand.sent);
	}
	/* through the table */
	flow(0, 1, 1, 3);
	packet_out(1, CVSW_PORT_TABLE, 60);
	stand.sent = 0;
	run_is_refused(0xff, 0);
	assert_int_equal(stand.sent, 1);
	assert_int_equal(stand.port, 3);
	/* and to the controller */
	packet_out(2, CVSW_PORT_CONTROLLER, 60);
	begin(CVSW_OFP_BARRIER_REQUEST, 8);
	run();
	assert_int_equal(put[11], CVSW_CMD_PACKET_IN);
	assert_int_equal(put[12 + 1], CVSW_OFP_BARRIER_REPLY);
}

static void test_frame_errors(void **state)
{
	unsigned int i;
	u32 at = 0;

	put_unaligned_be32(5, packet_out(1, 2, 60) + 8);
	run_is_refused(1, 8);
	put_unaligned_be16(1000, packet_out(1, 2, 60) + 14);
	run_is_refused(1, 6);
	put_unaligned_be16(4, packet_out(1, 2, 60) + 14);
	run_is_refused(1, 6);
	packet_out(CVSW_PORT_TABLE, 2, 60);
	run_is_refused(2, 4);
	packet_out(1, CVSW_PORT_NONE, 60);
	run_is_refused(2, 4);
	assert_int_equal(stand.sent, 0);

	/* those between bad ones are sent, and answers are in order */
	for (i = 0; i < 300; i++)
		packet_out(1, i % 7 ? 2 : CVSW_PORT_NONE, 60 + i);
	run();
	assert_int_equal(stand.sent, 300 - 43);
	for (i = 0; i < 300; i += 7)
		assert_int_equal(get_unaligned_be32(next(&at) + 4),
				 in_xid - 299 + i);
	assert_int_equal(at, put_len);
}

/* frames that are none; where there are no bytes, none was to be sent */
static void test_runts(void **state)
{
	packet_out(1, 2, 60);
	packet_out(1, 2, 0);
	packet_out(1, 2, 13);
	packet_out(1, 2, 14);
	run();
	assert_int_equal(stand.sent, 2);
	assert_int_equal(put_len, 12 + 24 + 13);
	assert_int_equal(get_unaligned_be32(put + 8), 1 << 16 | 6);
}

/* Roles and vendors */

static void test_slave(void **state)
{
	conn.role = CVSW_OFP_NX_ROLE_SLAVE;
	flow(0, 1, 1, 2);
	run_is_refused(1, 5);
	packet_out(1, 2, 60);
	run_is_refused(1, 5);
	port_mod(1, 1, 1, 1);
	run_is_refused(1, 5);
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_FLOW_MOD, 48);
	run_is_refused(1, 5);
	begin(CVSW_OFP_STATS_REQUEST, 12);
	begin(CVSW_OFP_FEATURES_REQUEST, 8);
	begin(CVSW_OFP_BARRIER_REQUEST, 8);
	run();
	assert_int_equal(put_len, 32 + 3 * 48 + 8);
	assert_int_equal(stats, 1);
	assert_int_equal(stand_flows(&stand), 0);
	assert_int_equal(stand.sent, 0);
	conn.role = CVSW_OFP_NX_ROLE_MASTER;
	flow(0, 1, 1, 2);
	run();
	assert_int_equal(stand_flows(&stand), 1);
}

static void test_vendors(void **state)
{
	u8 *msg;

	vendor(CVSW_OFP_NX_VENDOR, 0, 12);
	run_is_refused(1, 6);
	vendor(0x123456, 0, 16);
	run_is_refused(1, 3);
	vendor(CVSW_OFP_NX_VENDOR, 999, 16);
	run_is_refused(1, 4);
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_ROLE_REPLY, 20);
	run_is_refused(1, 4);
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_ROLE_REQUEST, 20);
	run();
	assert_int_equal(put_len, 12);
	assert_memory_equal(put + 8, "role", 4);

	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_SET_FLOW_FORMAT, 20)[19] = 2;
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_SET_PACKET_IN_FORMAT, 20)[19] = 1;
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_FLOW_MOD_TABLE_ID, 24)[16] = 1;
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_SET_CONTROLLER_ID, 24);
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_FLOW_AGE, 16);
	msg = vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_SET_ASYNC_CONFIG, 40);
	msg[19] = 1;		/* packet_in, as master: NO_MATCH */
	msg[23] = 2;		/* as slave: ACTION */
	msg[27] = 4;		/* port_status: MODIFY */
	msg[39] = 2;		/* flow_removed, as slave: HARD */
	run_is_refused(0xff, 0);
	assert_true(conn.nxm && conn.nxm_in && conn.table_id);
	assert_int_equal(conn.async[0], CONN_A_PACKET_IN(0) | CONN_A_PORT(2));
	assert_int_equal(conn.async[1], CONN_A_PACKET_IN(1) |
			 CONN_A_REMOVED(1));
	assert_int_equal(asyncs, 1);
	vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_SET_FLOW_FORMAT, 20)[19] = 9;
	run();
	assert_int_equal(put[1], CVSW_OFP_ERROR);
	assert_true(conn.nxm);

	/* table ids: there is only 0 */
	flow(0x0000, 1, 1, 2);
	flow(0xff03, 1, 1, 0);
	run_is_refused(0xff, 0);
}

/* Nicira's flow-mods go together with the others */
static void test_nx_flows(void **state)
{
	u8 *msg;

	flow(0, 1, 1, 2);
	msg = vendor(CVSW_OFP_NX_VENDOR, CVSW_OFP_NX_FLOW_MOD, 48);
	put_unaligned_be16(7, msg + 30);
	put_unaligned_be32(NONE_BUFFER, msg + 32);
	put_unaligned_be16(CVSW_PORT_NONE, msg + 36);
	flow(0, 2, 1, 2);
	assert_int_equal(msg_run(&conn, in, in_len), in_len);
	in_len = 0;
	assert_int_equal(put_len, 0);
	assert_int_equal(stand_flows(&stand), 3);
}

/* a switch that is found to be gone */
static void test_gone(void **state)
{
	begin(CVSW_OFP_BARRIER_REQUEST, 8);
	flow(0, 1, 1, 2);
	sw.gone.armed = true;
	run();
	assert_int_equal(put_len, 0);
	assert_int_equal(stand_flows(&stand), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		TEST(test_types), TEST(test_strange), TEST(test_features),
		TEST(test_many_ports), TEST(test_config), TEST(test_port_mod),
		TEST(test_queues), TEST(test_flow_errors),
		TEST(test_table_full), TEST(test_batches),
		TEST(test_batch_places), TEST(test_batch_actions),
		TEST(test_walks),
		TEST(test_barrier), TEST(test_barriers), TEST(test_frames),
		TEST(test_frame_errors),
		TEST(test_runts), TEST(test_slave), TEST(test_vendors),
		TEST(test_nx_flows), TEST(test_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

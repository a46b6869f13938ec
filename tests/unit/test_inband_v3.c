// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * In-band control, version 3, of the ports of a switch: its settings, and
 * sessions with a host that comes by one of them, whose frames go through
 * cvsw_input() as all do.  What frames are like is test_inband_session.c's.
 */

#include "rig.h"

#include "inband_host.h"
#include "inband_vnic.h"

#define GUEST	1
#define NET	2
#define WIRE	400

static const u8 host_mac[6] = { 2, 0, 0, 0, 1, 1 };

/* frames of the host that have not come yet */
static struct {
	u8	bytes[CVSW_V3_FRAME_MAX];
	u32	len;
} wire[WIRE];
static u32 n_wire;

static struct rig *rig;
static struct cvsw_v3_host *host;
static u8 host_state;
static const char *host_why;
static u8 got[CVSW_CHAN_MSG_MAX], said[CVSW_CHAN_MSG_MAX];
static u32 n_got, got_len, refuse;

/* The host */

static void host_send(void *ctx, const u8 *frame, u32 len)
{
	assert_true(n_wire < WIRE);
	memcpy(wire[n_wire].bytes, frame, len);
	wire[n_wire++].len = len;
}

static int host_deliver(void *ctx, const u8 *msg, u32 len)
{
	memcpy(got, msg, len);
	got_len = len;
	n_got++;
	return 0;
}

static void host_sent(void *ctx)
{
}

static void host_be(void *ctx, enum cvsw_v3_host_state state, const char *why)
{
	host_state = (u8)state;
	host_why = why;
}

static const struct cvsw_v3_host_ops host_ops = {
	.send = host_send,
	.deliver = host_deliver,
	.sent = host_sent,
	.state = host_be,
};

static u8 *key_bytes(u16 id)
{
	static u8 key[CVSW_INBAND_KEY_LEN];

	memset(key, id, sizeof(key));
	return key;
}

static void host_new(u16 key_id)
{
	struct cvsw_v3_host_info info = { .mtu = 1500, .key_id = key_id,
					  .lease_ms = 10000 };

	memcpy(info.mac, host_mac, sizeof(info.mac));
	memset(info.vnic, 0xff, sizeof(info.vnic));
	memcpy(info.key, key_bytes(key_id), sizeof(info.key));
	host = cvsw_v3_host_new(&host_ops, NULL, &info);
	assert_non_null(host);
	host_state = CVSW_V3_CALLING;
}

static void host_end(void)
{
	if (host)
		cvsw_v3_host_free(host);
	host = NULL;
}

/* Between the two */

static bool is_control(const struct rig_sent *sent)
{
	return sent->port == NET && get_unaligned_be16(sent->bytes + 12) ==
	       CVSW_INBAND_TYPE;
}

/* what the switch sent goes to the host; it sent nothing else */
static bool to_host(void)
{
	u32 i, n = rig->n_sent;

	for (i = 0; i < n; i++) {
		assert_true(is_control(&rig->sent[i]));
		if (host)
			cvsw_v3_host_input(host, rig->sent[i].bytes,
					   rig->sent[i].len, rig->now);
	}
	while (rig->n_sent)
		free(rig->sent[--rig->n_sent].bytes);
	return n;
}

static bool to_switch(void)
{
	u32 i, n = n_wire;
	struct cvsw_pkt *pkt;

	for (i = 0; i < n; i++) {
		pkt = cvsw_frame_new(rig->pool, NET, wire[i].len);
		if (!pkt)	/* lost */
			continue;
		memcpy(cvsw_frame_edit(pkt), wire[i].bytes, wire[i].len);
		cvsw_input(rig->w, pkt, rig->now);
		rig_control(rig);
	}
	n_wire = 0;
	return n;
}

static u64 tick(void)
{
	return cvsw_inband_tick(rig->sw, rig->w, rig->now);
}

/* until nothing is under way */
static void run(void)
{
	bool more;

	do {
		if (host)
			cvsw_v3_host_tick(host, rig->now);
		more = to_switch();
		tick();
		more = to_host() || more;
	} while (more);
}

/* time goes by, and what is due is done */
static void pass_time(u32 s)
{
	u32 i;

	for (i = 0; i < s * 4; i++) {
		rig->now += RIG_SECOND / 4;
		run();
	}
}

/* The port */

static struct cvsw_port_info port_is(u16 no)
{
	struct cvsw_port_info info;

	assert_int_equal(cvsw_port_get(rig->sw, no, &info), 0);
	return info;
}

static struct cvsw_inband_keys keys_of(u16 n, u16 id, u16 id2)
{
	struct cvsw_inband_keys keys = { .n = n, .id = { id, id2 } };

	memcpy(keys.key[0], key_bytes(id), sizeof(keys.key[0]));
	memcpy(keys.key[1], key_bytes(id2), sizeof(keys.key[1]));
	return keys;
}

static int set_inband(u16 no, u8 version, u16 n, u16 id, u16 id2,
		      struct cvsw_error *err)
{
	struct cvsw_port_info want = { .no = no, .inband = version };

	want.inband_keys = keys_of(n, id, id2);
	return cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_INBAND |
			     (n ? CVSW_PORT_SET_INBAND_KEYS : 0), err);
}

static void set_policy(enum cvsw_inband_policy policy)
{
	struct cvsw_port_info want = { .no = NET, .inband_policy = policy };

	assert_int_equal(cvsw_port_set(rig->sw, &want,
				       CVSW_PORT_SET_INBAND_POLICY, NULL), 0);
}

static void state_is(enum cvsw_inband_state state)
{
	static const u8 none[6];
	struct cvsw_port_info info = port_is(NET);

	assert_int_equal(info.inband_state, state);
	assert_memory_equal(info.inband_host,
			    state == CVSW_INBAND_LIVE ? host_mac : none, 6);
}

static u64 drops_of(enum cvsw_drop why)
{
	u64 drops[CVSW_DROP_COUNT];

	cvsw_switch_drops(rig->sw, drops);
	return drops[why];
}

static int setup(void **state)
{
	rig = calloc(1, sizeof(*rig));
	rig_open(rig, 2, NULL);
	n_wire = n_got = got_len = refuse = 0;
	host = NULL;
	host_why = NULL;
	return 0;
}

static int teardown(void **state)
{
	n_wire = 0;
	host_end();
	rig_close(rig);
	free(rig);
	return 0;
}

/* a session by port NET, with key 5 */
static void talk(void)
{
	assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 1, 5, 0, NULL), 0);
	host_new(5);
	run();
	assert_int_equal(host_state, CVSW_V3_TALKING);
	state_is(CVSW_INBAND_LIVE);
}

/* Settings */

static void test_settings(void **state)
{
	static const struct {
		u8		from;	/* that it has */
		u8		version;
		u16		n;
		u16		id[2];
		const char	*text;	/* NULL: it is taken */
	} t[] = {
		{ 0, 3, 1, { 5, 0 }, NULL },
		{ 0, 3, 2, { 5, 6 }, NULL },
		{ 0, 3, 2, { 0, 65535 }, NULL },
		{ 3, 3, 1, { 6, 0 }, NULL },
		{ 3, 3, 0, {}, NULL },
		{ 3, 0, 0, {}, NULL },
		{ 3, 2, 0, {}, NULL },
		{ 2, 3, 1, { 5, 0 }, NULL },
		{ 0, 1, 0, {}, "port: unknown in-band protocol" },
		{ 0, 4, 1, { 5, 0 }, "port: unknown in-band protocol" },
		{ 0, 3, 0, {}, "port: inband_keys: version 3 takes a key" },
		{ 2, 3, 0, {}, "port: inband_keys: version 3 takes a key" },
		{ 0, 3, 2, { 5, 5 }, "port: inband_keys: two of one id" },
		{ 3, 3, 2, { 5, 5 }, "port: inband_keys: two of one id" },
		{ 0, 3, 3, { 5, 6 }, "port: inband_keys: too many" },
		{ 0, 0, 1, { 5, 0 }, "port: inband_keys: version 3 has keys" },
		{ 0, 2, 1, { 5, 0 }, "port: inband_keys: version 3 has keys" },
		{ 3, 0, 1, { 5, 0 }, "port: inband_keys: version 3 has keys" },
	};
	struct cvsw_port_info was, is;
	struct cvsw_error err;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		set_inband(NET, CVSW_INBAND_OFF, 0, 0, 0, NULL);
		assert_int_equal(set_inband(NET, t[i].from, t[i].from == 3, 9,
					    0, NULL), 0);
		was = port_is(NET);
		ret = set_inband(NET, t[i].version, t[i].n, t[i].id[0],
				 t[i].id[1], &err);
		is = port_is(NET);
		if (t[i].text) {
			assert_int_equal(ret, -EINVAL);
			assert_string_equal(err.text, t[i].text);
			assert_memory_equal(&was, &is, sizeof(is));
			continue;
		}
		assert_int_equal(ret, 0);
		assert_int_equal(is.inband, t[i].version);
		assert_int_equal(is.inband_state, t[i].version == 3 ?
				 CVSW_INBAND_IDLE : CVSW_INBAND_DISCONNECTED);
		assert_int_equal(is.inband_keys.n, t[i].n ?: t[i].version == 3);
		if (t[i].n)
			assert_int_equal(is.inband_keys.id[0], t[i].id[0]);
	}
	was.inband_policy = CVSW_INBAND_POLICIES;
	assert_int_equal(cvsw_port_set(rig->sw, &was,
				       CVSW_PORT_SET_INBAND_POLICY, &err),
			 -EINVAL);
	assert_string_equal(err.text, "port: unknown inband_policy");
}

static bool has_key(const void *bytes, size_t n, u16 id)
{
	return memmem(bytes, n, key_bytes(id), 8);
}

/* what is shown of keys is their ids: of a port, and in events */
static void test_keys_unseen(void **state)
{
	struct cvsw_port_info info = rig_port(7);

	assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 2, 5, 6, NULL), 0);
	info.inband = CVSW_INBAND_V3;
	info.inband_keys = keys_of(2, 5, 6);
	assert_int_equal(rig->event.event.kind, CVSW_EVENT_PORT_MOD);
	assert_int_equal(rig->event.port.inband_keys.n, 2);
	assert_false(has_key(&rig->event.port, sizeof(rig->event.port), 5));
	assert_int_equal(cvsw_port_add(rig->sw, &info, (void *)7, NULL), 0);
	assert_int_equal(rig->event.event.kind, CVSW_EVENT_PORT_ADD);
	assert_int_equal(rig->event.port.inband_state, CVSW_INBAND_IDLE);
	assert_false(has_key(&rig->event.port, sizeof(rig->event.port), 5));
	info = port_is(7);
	assert_int_equal(info.inband_keys.id[1], 6);
	assert_false(has_key(&info, sizeof(info), 5));
	assert_false(has_key(&info, sizeof(info), 6));
}

/* a glue without sessions */
static void test_no_ops(void **state)
{
	static const struct cvsw_ops *const with = &rig_ops;
	struct cvsw_port_info info = rig_port(1);
	struct cvsw_ops ops;
	struct cvsw_config config;
	struct cvsw_switch *sw;
	struct cvsw_error err;
	int i;

	cvsw_config_default(&config);
	info.inband = CVSW_INBAND_V3;
	info.inband_keys = keys_of(1, 5, 0);
	for (i = 0; i < 4; i++) {
		ops = *with;
		ops.event = NULL;
		ops.port_close = NULL;
		if (i == 0)
			ops.frame_new = NULL;
		else if (i == 1)
			ops.inband_msg = NULL;
		else if (i == 2)
			ops.inband_sent = NULL;
		else
			ops.inband_session = NULL;
		assert_int_equal(cvsw_switch_new(&sw, &config, &ops, NULL,
						 NULL), 0);
		assert_int_equal(cvsw_port_add(sw, &info, NULL, &err),
				 -EOPNOTSUPP);
		cvsw_switch_free(sw);
	}
}

/* nothing is due where nobody has it */
static void test_nothing(void **state)
{
	assert_true(tick() == U64_MAX);
	assert_int_equal(cvsw_inband_send(rig->sw, rig->w, NET, "x", 1,
					  rig->now), -ENOTCONN);
	assert_int_equal(set_inband(NET, CVSW_INBAND_V2, 0, 0, 0, NULL), 0);
	assert_true(tick() == U64_MAX);
	rig_sent_is(rig, "");
}

/* Sessions */

static void test_announce(void **state)
{
	struct cvsw_port_info want;
	u64 due;

	assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 2, 5, 6, NULL), 0);
	due = tick();
	rig_sent_is(rig, "2 2");	/* one for each key */
	assert_true(is_control(&rig->sent[0]));
	assert_int_equal(rig->sent[0].bytes[15], CVSW_V3_ANNOUNCE);
	assert_true(due > rig->now + 10 * RIG_SECOND);
	rig_clear(rig);
	assert_true(tick() == due);
	rig_sent_is(rig, "");
	rig->now = due;
	tick();
	rig_sent_is(rig, "2 2");
	rig_clear(rig);
	/* so it does when its link comes up */
	want = port_is(NET);
	want.state = CVSW_PORT_S_LINK_DOWN;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
	tick();
	rig_sent_is(rig, "");
	want.state = 0;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
	tick();
	rig_sent_is(rig, "2 2");
}

static void test_session(void **state)
{
	static const u32 lens[] = { 1, 1000, 1448, 20000, CVSW_CHAN_MSG_MAX };
	size_t i;
	u32 k;

	talk();
	assert_string_equal(rig->told, "live2");
	assert_int_equal(rig->event.event.kind, CVSW_EVENT_PORT_MOD);
	assert_int_equal(rig->event.port.inband_state, CVSW_INBAND_LIVE);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		for (k = 0; k < lens[i]; k++)
			said[k] = (u8)(k * 7 + i);
		rig_clear(rig);
		assert_int_equal(cvsw_v3_host_send(host, said, lens[i],
						   rig->now), 0);
		run();
		assert_string_equal(rig->told, "msg2");
		rig_clear(rig);
		assert_int_equal(cvsw_inband_send(rig->sw, rig->w, NET, said,
						  lens[i], rig->now), 0);
		assert_int_equal(cvsw_inband_send(rig->sw, rig->w, NET, said,
						  lens[i], rig->now), -EBUSY);
		run();
		assert_string_equal(rig->told, "sent2");
		assert_int_equal(n_got, i + 1);
		assert_int_equal(got_len, lens[i]);
		assert_memory_equal(got, said, got_len);
	}
	assert_int_equal(cvsw_inband_send(rig->sw, rig->w, NET, said, 0,
					  rig->now), -EMSGSIZE);
	assert_int_equal(cvsw_inband_send(rig->sw, rig->w, NET, said,
					  CVSW_CHAN_MSG_MAX + 1, rig->now),
			 -EMSGSIZE);
	assert_int_equal(cvsw_inband_send(rig->sw, rig->w, GUEST, said, 1,
					  rig->now), -ENOTCONN);
	/* it is kept up without a word */
	pass_time(60);
	state_is(CVSW_INBAND_LIVE);
	rig_clear(rig);
	host_end();
	run();
	assert_string_equal(rig->told, "end2");
	state_is(CVSW_INBAND_IDLE);
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

/* switched off, its host is told */
static void test_off(void **state)
{
	talk();
	rig_clear(rig);
	assert_int_equal(set_inband(NET, CVSW_INBAND_OFF, 0, 0, 0, NULL), 0);
	assert_int_equal(port_is(NET).inband_keys.n, 0);
	run();
	assert_string_equal(rig->told, "end2");
	assert_int_equal(host_state, CVSW_V3_ENDED);
	assert_string_equal(host_why,
			    "the vNIC takes no in-band control any more");
	assert_int_equal(cvsw_inband_send(rig->sw, rig->w, NET, "x", 1,
					  rig->now), -ENOTCONN);
	assert_true(tick() == U64_MAX);
}

/* off and on in one go is another beginning */
static void test_off_and_on(void **state)
{
	talk();
	set_inband(NET, CVSW_INBAND_OFF, 0, 0, 0, NULL);
	set_inband(NET, CVSW_INBAND_V3, 1, 5, 0, NULL);
	state_is(CVSW_INBAND_IDLE);
	run();
	assert_int_equal(host_state, CVSW_V3_ENDED);
	state_is(CVSW_INBAND_IDLE);
	host_end();
	host_new(5);
	run();
	state_is(CVSW_INBAND_LIVE);
}

/* a host that was killed comes again, and takes the session over */
static void test_again(void **state)
{
	talk();
	rig_clear(rig);
	host_end();
	n_wire = 0;		/* what it said at last is lost */
	host_new(5);
	run();
	assert_int_equal(host_state, CVSW_V3_TALKING);
	assert_string_equal(rig->told, "live2");
	state_is(CVSW_INBAND_LIVE);
}

/* from one key to another while a session goes on */
static void test_roll_over(void **state)
{
	u64 unknown;

	talk();
	assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 2, 6, 5, NULL), 0);
	pass_time(30);
	state_is(CVSW_INBAND_LIVE);
	assert_int_equal(host_state, CVSW_V3_TALKING);
	host_end();
	host_new(6);
	run();
	assert_int_equal(host_state, CVSW_V3_TALKING);
	assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 1, 6, 0, NULL), 0);
	pass_time(30);
	assert_int_equal(host_state, CVSW_V3_TALKING);
	host_end();
	run();
	unknown = drops_of(CVSW_DROP_INBAND_KEY);
	host_new(5);
	run();
	assert_int_equal(host_state, CVSW_V3_CALLING);
	assert_int_equal(drops_of(CVSW_DROP_INBAND_KEY), unknown + 1);
	host_end();
	/* both at once */
	assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 2, 7, 8, NULL), 0);
	host_new(8);
	run();
	assert_int_equal(host_state, CVSW_V3_TALKING);
}

/* Not now */

static int msg_refuse(struct rig *r, u16 port, const void *msg, u32 len)
{
	if (refuse) {
		refuse--;
		return -EAGAIN;
	}
	n_got++;
	got_len = len;
	memcpy(got, msg, len);
	return 0;
}

static void test_not_now(void **state)
{
	static const u32 lens[] = { 10, 5000 };
	size_t i;

	talk();
	rig->msg = msg_refuse;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		n_got = 0;
		refuse = 3;
		memset(said, (int)(i + 1), lens[i]);
		cvsw_v3_host_send(host, said, lens[i], rig->now);
		to_switch();
		assert_int_equal(refuse, 2);
		/* nothing was acknowledged, so it is the host's still */
		to_host();
		assert_int_equal(cvsw_v3_host_send(host, said, 1, rig->now),
				 -EBUSY);
		tick();
		tick();
		assert_int_equal(refuse, 0);
		assert_int_equal(n_got, 0);
		tick();
		assert_int_equal(n_got, 1);
		assert_int_equal(got_len, lens[i]);
		assert_memory_equal(got, said, got_len);
		run();
		assert_int_equal(n_got, 1);
		assert_int_equal(cvsw_v3_host_send(host, said, 1, rig->now), 0);
		run();
		assert_int_equal(n_got, 2);
	}
	/* it comes again by itself, too */
	refuse = 1;
	cvsw_v3_host_send(host, said, 5000, rig->now);
	to_switch();
	rig->now += RIG_SECOND / 2;
	cvsw_v3_host_tick(host, rig->now);
	to_switch();
	assert_int_equal(n_got, 3);
}

/* Changes from inside a session */

static void (*change)(void);

static int msg_change(struct rig *r, u16 port, const void *msg, u32 len)
{
	change();
	/* the answer, if there is anybody to have it */
	cvsw_inband_send(r->sw, r->w, port, "done", 4, r->now);
	return 0;
}

static void change_off(void)
{
	assert_int_equal(set_inband(NET, CVSW_INBAND_OFF, 0, 0, 0, NULL), 0);
}

static void change_v2(void)
{
	assert_int_equal(set_inband(NET, CVSW_INBAND_V2, 0, 0, 0, NULL), 0);
}

static void change_keys(void)
{
	assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 1, 9, 0, NULL), 0);
}

static void change_gone(void)
{
	assert_int_equal(cvsw_port_del(rig->sw, NET, NULL), 0);
}

static void change_other(void)
{
	struct cvsw_port_info info = rig_port(NET);

	change_gone();
	info.inband = CVSW_INBAND_V3;
	info.inband_keys = keys_of(1, 5, 0);
	assert_int_equal(cvsw_port_add(rig->sw, &info, (void *)NET, NULL), 0);
}

static void change_all_gone(void)
{
	change_gone();
	assert_int_equal(cvsw_port_del(rig->sw, GUEST, NULL), 0);
}

static void test_change(void **state)
{
	static const struct {
		void		(*change)(void);
		bool		answered;
		u8		host;
		const char	*told;
	} t[] = {
		{ change_off, true, CVSW_V3_ENDED, "msg2 end2" },
		{ change_v2, true, CVSW_V3_ENDED, "msg2 end2" },
		{ change_keys, true, CVSW_V3_TALKING, "msg2 sent2" },
		{ change_gone, false, CVSW_V3_TALKING, "msg2" },
		{ change_other, false, CVSW_V3_TALKING, "msg2" },
		{ change_all_gone, false, CVSW_V3_TALKING, "msg2" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		if (i)
			setup(NULL);
		talk();
		rig_clear(rig);
		rig->msg = msg_change;
		change = t[i].change;
		cvsw_v3_host_send(host, "x", 1, rig->now);
		run();
		assert_int_equal(n_got, t[i].answered);
		assert_int_equal(host_state, t[i].host);
		assert_string_equal(rig->told, t[i].told);
		if (i + 1 < ARRAY_SIZE(t))
			teardown(NULL);
	}
}

/* a new port under the number of another: the host finds it */
static void test_port_again(void **state)
{
	talk();
	change_other();
	pass_time(30);
	assert_int_equal(host_state, CVSW_V3_TALKING);
	state_is(CVSW_INBAND_LIVE);
}

static u32 longest(void)
{
	u32 i, len = 0;

	for (i = 0; i < rig->n_sent; i++)
		len = max(len, rig->sent[i].len);
	return len;
}

/* frames heed the MTU of the port as it is */
static void test_mtu(void **state)
{
	struct cvsw_port_info want;

	talk();
	want = port_is(NET);
	want.mtu = 1300;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
	tick();
	cvsw_inband_send(rig->sw, rig->w, NET, said, 20000, rig->now);
	assert_in_range(longest(), 1200, 1314);
	/* which goes down once more while these are on their way */
	want.mtu = 1200;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE, NULL);
	rig_clear(rig);
	tick();
	assert_string_equal(rig->told, "end2");
	state_is(CVSW_INBAND_IDLE);
	rig_clear(rig);
	pass_time(30);
	state_is(CVSW_INBAND_LIVE);
	cvsw_inband_send(rig->sw, rig->w, NET, said, 20000, rig->now);
	assert_in_range(longest(), 1100, 1214);
	rig_clear(rig);
	pass_time(2);
	assert_int_equal(n_got, 1);
}

/* one allocation fails, whichever: a request may, but not the session */
static bool short_of(unsigned long nth)
{
	bool hit;
	int ret;

	n_got = 0;
	host_new(5);
	cvsw_alloc_fail_at(nth);
	ret = set_inband(NET, CVSW_INBAND_V3, 2, 5, 6, NULL);
	if (ret) {
		assert_int_equal(ret, -ENOMEM);
		assert_int_equal(set_inband(NET, CVSW_INBAND_V3, 2, 5, 6, NULL),
				 0);
	}
	pass_time(12);
	assert_int_equal(host_state, CVSW_V3_TALKING);
	if (cvsw_inband_send(rig->sw, rig->w, NET, "x", 1, rig->now))
		assert_int_equal(cvsw_inband_send(rig->sw, rig->w, NET, "x", 1,
						  rig->now), 0);
	if (cvsw_v3_host_send(host, said, 5000, rig->now))
		assert_int_equal(cvsw_v3_host_send(host, said, 5000, rig->now),
				 0);
	pass_time(3);
	assert_int_equal(n_got, 1);
	hit = cvsw_alloc_count() >= nth;
	cvsw_alloc_fail_at(0);
	assert_non_null(strstr(rig->told, "msg2"));
	state_is(CVSW_INBAND_LIVE);
	host_end();
	run();
	state_is(CVSW_INBAND_IDLE);
	return hit;
}

static void test_no_memory(void **state)
{
	unsigned long nth;

	for (nth = 1; short_of(nth); nth++) {
		teardown(NULL);
		setup(NULL);
	}
	assert_true(nth > 30);
}

/* Silence */

static const struct test_frame udp = { .ver = 4, .proto = 17, .payload = 10 };
static const struct test_frame tcp = { .ver = 6, .proto = 6, .payload = 10 };
static const struct test_frame icmp = { .ver = 4, .proto = 1, .payload = 10 };

/* a flow drops what comes from the guest; @out: what becomes of it all */
static void traffic_is(const char *out)
{
	static const struct test_frame *const frames[] = { &udp, &tcp, &icmp };
	char all[64] = "";
	size_t i;

	rig_clear(rig);
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		rig_input(rig, GUEST, frames[i]);
		rig_input(rig, NET, frames[i]);
		if (*out)
			sprintf(all + strlen(all), "%s%s", i ? " " : "", out);
	}
	rig_sent_is(rig, all);
	rig_clear(rig);
}

static void be_silent(void)
{
	host_end();
	n_wire = 0;
	state_is(CVSW_INBAND_LIVE);
	pass_time(9);
	state_is(CVSW_INBAND_LIVE);
	pass_time(2);
	state_is(CVSW_INBAND_SILENT);
}

static const struct {
	enum cvsw_inband_policy	policy;
	const char		*out;	/* of frames of guest and net */
} policies[] = {
	{ CVSW_INBAND_KEEP, "1" },
	{ CVSW_INBAND_PASS, "2 1" },
	{ CVSW_INBAND_DROP, "" },
};

static void flows(void)
{
	rig_add(rig, 1, GUEST, NULL, 0);
	rig_add(rig, 1, NET, RIG_LIST(RIG_OUT(GUEST)));
}

static void lift_session(void)
{
	host_new(5);
	run();
	state_is(CVSW_INBAND_LIVE);
}

static void lift_policy(void)
{
	set_policy(CVSW_INBAND_KEEP);
}

static void lift_off(void)
{
	change_off();
	tick();
}

static void lift_port(void)
{
	struct cvsw_port_info info = rig_port(NET);

	change_gone();
	assert_int_equal(cvsw_port_add(rig->sw, &info, (void *)NET, NULL), 0);
}

static void test_silent(void **state)
{
	static void (*const lifts[])(void) = {
		lift_session, lift_policy, lift_off, lift_port,
	};
	size_t i, k;
	bool first = true;

	for (i = 0; i < ARRAY_SIZE(policies); i++)
		for (k = 0; k < ARRAY_SIZE(lifts); k++) {
			if (!first) {
				teardown(NULL);
				setup(NULL);
			}
			first = false;
			flows();
			set_policy(policies[i].policy);
			traffic_is("1");
			talk();
			traffic_is("1");
			be_silent();
			traffic_is(policies[i].out);
			assert_int_equal(drops_of(CVSW_DROP_INBAND_SILENT),
					 policies[i].policy ==
					 CVSW_INBAND_DROP ? 6 : 0);
			lifts[k]();
			traffic_is("1");
		}
}

/* who leaves in good order leaves what there is */
static void test_leave(void **state)
{
	flows();
	set_policy(CVSW_INBAND_DROP);
	talk();
	host_end();
	pass_time(60);
	state_is(CVSW_INBAND_IDLE);
	traffic_is("1");
}

/* another policy takes the place of the one that holds */
static void test_other_policy(void **state)
{
	size_t i;

	flows();
	talk();
	be_silent();
	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		set_policy(policies[i].policy);
		traffic_is(policies[i].out);
	}
}

/* what bars frames does so before */
static void test_silent_barred(void **state)
{
	struct cvsw_port_info want;
	u64 n;

	set_policy(CVSW_INBAND_PASS);
	talk();
	be_silent();
	want = port_is(GUEST);
	want.config = CVSW_PORT_C_NO_RECV;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG, NULL);
	traffic_is("1");
	assert_int_equal(drops_of(CVSW_DROP_NO_RECV), 3);
	want.config = 0;
	want.antispoof.checks = CVSW_ANTISPOOF_MAC;
	want.antispoof.mac[0] = 6;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG |
		      CVSW_PORT_SET_ANTISPOOF, NULL);
	traffic_is("1");
	assert_int_equal(drops_of(CVSW_DROP_SPOOF_MAC), 3);
	n = port_is(NET).stats.rx_packets;
	traffic_is("1");
	assert_int_equal(port_is(NET).stats.rx_packets, n + 3);
}

struct traced {
	u16	drop;
	u16	port;
};

static void trace_step(void *arg, const struct cvsw_trace_step *step)
{
	struct traced *t = arg;

	assert_true(step->what == CVSW_TRACE_DROP ||
		    step->what == CVSW_TRACE_OUTPUT);
	t->drop = step->drop;
	t->port = step->port;
}

/* the short way is not taken, and a trace shows what would be */
static void test_silent_seen(void **state)
{
	struct cvsw_config config;
	struct traced t = {};
	struct cvsw_pkt *pkt;

	cvsw_switch_config(rig->sw, &config);
	config.miss = CVSW_MISS_PASS;
	assert_int_equal(cvsw_switch_configure(rig->sw, &config, NULL), 0);
	set_policy(CVSW_INBAND_DROP);
	talk();
	pkt = rig_frame(rig, GUEST, &udp);
	assert_int_equal(cvsw_pass(rig->w, pkt), 1);
	be_silent();
	assert_int_equal(cvsw_pass(rig->w, pkt), 0);
	cvsw_trace(rig->w, pkt, rig->now, trace_step, &t);
	assert_int_equal(t.drop, CVSW_DROP_INBAND_SILENT);
	set_policy(CVSW_INBAND_PASS);
	cvsw_trace(rig->w, rig_frame(rig, GUEST, &udp), rig->now, trace_step,
		   &t);
	assert_int_equal(t.port, NET);
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

/* of two ports whose hosts are silent the harder policy holds */
static void test_two_ports(void **state)
{
	struct cvsw_port_info want = { .no = GUEST, .inband = CVSW_INBAND_V3,
				       .inband_state = CVSW_INBAND_SILENT };

	flows();
	set_policy(CVSW_INBAND_DROP);
	talk();
	want.inband_policy = CVSW_INBAND_PASS;
	want.inband_keys = keys_of(1, 5, 0);
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_INBAND |
				       CVSW_PORT_SET_INBAND_KEYS |
				       CVSW_PORT_SET_INBAND_STATE |
				       CVSW_PORT_SET_INBAND_POLICY, NULL), 0);
	traffic_is("2 1");
	host_end();
	n_wire = 0;
	want = port_is(NET);
	want.inband_state = CVSW_INBAND_SILENT;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_INBAND_STATE, NULL);
	traffic_is("");
}

#define TEST(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_settings),
		TEST(test_keys_unseen),
		TEST(test_no_ops),
		TEST(test_nothing),
		TEST(test_announce),
		TEST(test_session),
		TEST(test_off),
		TEST(test_off_and_on),
		TEST(test_again),
		TEST(test_roll_over),
		TEST(test_not_now),
		TEST(test_change),
		TEST(test_port_again),
		TEST(test_mtu),
		TEST(test_no_memory),
		TEST(test_silent),
		TEST(test_leave),
		TEST(test_other_policy),
		TEST(test_silent_barred),
		TEST(test_silent_seen),
		TEST(test_two_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

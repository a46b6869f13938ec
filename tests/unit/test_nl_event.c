// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Events of a server: who gets which, in which order, what becomes of those
 * that a client does not take, and all of it with several threads.
 */

#include <pthread.h>
#include "util.h"
#include "stand.h"
#include "nl_server_priv.h"

/**
 * struct ear - a client that listens
 * @room:   datagrams that it still takes
 * @gone:   what it answers instead, when it is not 0
 * @slow:   it takes one in two only; its seed
 * @events: it got, LOST aside
 * @lost:   told by LOST
 * @cmd:    of the last one
 * @len:    CVSW_A_LEN of it
 * @frame:  its frame
 * @frame_len: bytes of it
 * @next:   by thread: number of the event that comes next, or a later one
 */
struct ear {
	struct cvsw_nl_client	*client;
	unsigned int		room;
	int			gone;
	u64			slow;
	unsigned int		events;
	u32			lost;
	u8			cmd;
	u32			len;
	u8			frame[256];
	size_t			frame_len;
	u32			next[8];
};

static int hear_attr(const struct nlattr *nla, void *arg)
{
	struct ear *ear = arg;

	switch (mnl_attr_get_type(nla)) {
	case CVSW_A_LOST:
		ear->lost += mnl_attr_get_u32(nla);
		break;
	case CVSW_A_LEN:
		ear->len = mnl_attr_get_u32(nla);
		break;
	case CVSW_A_FRAME:
		ear->frame_len = mnl_attr_get_payload_len(nla);
		memcpy(ear->frame, mnl_attr_get_payload(nla),
		       min_t(size_t, ear->frame_len, sizeof(ear->frame)));
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static int hear(void *ctx, void *client_ctx, const void *msg, size_t len)
{
	struct ear *ear = client_ctx;
	const struct nlmsghdr *nlh = msg;

	if (ear->gone)
		return ear->gone;
	if (!ear->room || (ear->slow && test_rand(&ear->slow) & 0x100))
		return -EAGAIN;
	ear->room--;
	if (nlh->nlmsg_seq)
		return 0;
	assert_int_equal(nlh->nlmsg_len, len);
	ear->cmd = cvsw_nl_msg_cmd(msg);
	mnl_attr_parse(nlh, GENL_HDRLEN, hear_attr, ear);
	ear->events += ear->cmd != CVSW_CMD_LOST;
	return 0;
}

static void ask(struct ear *ear, u8 cmd, u32 groups, const char *name)
{
	u64 buf[16];
	struct sk_buff skb;

	assert_int_equal(cvsw_nl_msg_begin(&skb, buf, sizeof(buf),
					   NLM_F_REQUEST | NLM_F_ACK, 1, cmd),
			 0);
	if (cmd == CVSW_CMD_SUBSCRIBE)
		nla_put_u32(&skb, CVSW_A_GROUPS, groups);
	if (name)
		nla_put_string(&skb, CVSW_A_NAME, name);
	assert_int_equal(cvsw_nl_client_input(ear->client, buf,
					      cvsw_nl_msg_len(&skb), 1), 0);
}

static void subscribe(struct ear *ear, u32 groups)
{
	ask(ear, CVSW_CMD_SUBSCRIBE, groups, NULL);
}

static void ear_open(struct stand *stand, struct ear *ear, u32 groups)
{
	memset(ear, 0, sizeof(*ear));
	ear->room = ~0u;
	ear->client = cvsw_nl_client_new(stand->server, ear);
	assert_non_null(ear->client);
	ear->client->send = hear;
	if (groups)
		subscribe(ear, groups);
}

static void ear_close(struct ear *ear)
{
	cvsw_nl_client_free(ear->client);
}

static int setup(void **state)
{
	struct stand *stand = calloc(1, sizeof(*stand));

	stand_open(stand, "br0", 2);
	*state = stand;
	return 0;
}

static int teardown(void **state)
{
	stand_close(*state);
	free(*state);
	return 0;
}

/* a packet-in of @len bytes that were counted upwards, @max_len asked for */
static int packet_in(struct stand *stand, u32 len, u16 max_len)
{
	const struct cvsw_packet_in info = {
		.in_port = 1, .total_len = len, .max_len = max_len
	};
	struct cvsw_pkt *pkt = cvsw_frame_new(stand->pool, 1, len);
	u8 *bytes = cvsw_frame_edit(pkt);
	int ret;
	u32 i;

	for (i = 0; i < len; i++)
		bytes[i] = (u8)i;
	ret = cvsw_nl_server_packet_in(stand->server, stand->sw, pkt, &info);
	cvsw_frame_free(pkt);
	return ret;
}

static void test_wanted(void **state)
{
	struct stand *stand = *state;
	struct ear ear;

	ear_open(stand, &ear, 0);
	assert_int_equal(packet_in(stand, 60, 0), -ENOTCONN);
	subscribe(&ear, CVSW_NL_GROUP_FLOW | CVSW_NL_GROUP_PORT);
	assert_int_equal(packet_in(stand, 60, 0), -ENOTCONN);
	subscribe(&ear, CVSW_NL_GROUP_PACKET_IN);
	assert_int_equal(packet_in(stand, 60, 0), 0);
	assert_int_equal(ear.events, 1);	/* at once */
	assert_int_equal(stand->wakes, 0);
	subscribe(&ear, 0);
	assert_int_equal(packet_in(stand, 60, 0), -ENOTCONN);
	assert_int_equal(ear.events, 1);
	ear_close(&ear);
}

/* one wants them cut, one whole, one asked for both; each gets one */
static void test_whole(void **state)
{
	static const u32 groups[] = {
		CVSW_NL_GROUP_PACKET_IN,
		CVSW_NL_GROUP_PACKET_IN_WHOLE,
		CVSW_NL_GROUP_PACKET_IN_WHOLE | CVSW_NL_GROUP_PACKET_IN,
		CVSW_NL_GROUP_FLOW,
	};
	static const struct {
		u32	len;
		u16	max_len;
		u32	cut;
	} cases[] = {
		{ 200, 20, 20 }, { 200, 0, 200 }, { 60, 60, 60 },
		{ 60, 0xffff, 60 }, { 200, 1, 1 },
	};
	struct stand *stand = *state;
	struct ear ears[ARRAY_SIZE(groups)], *ear;
	unsigned int i, e;
	u32 len, k;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (e = 0; e < ARRAY_SIZE(groups); e++)
			ear_open(stand, &ears[e], groups[e]);
		assert_int_equal(packet_in(stand, cases[i].len,
					   cases[i].max_len), 0);
		for (e = 0; e < ARRAY_SIZE(groups); e++) {
			ear = &ears[e];
			ear_close(ear);
			assert_int_equal(ear->events, e != 3);
			if (e == 3)
				continue;
			len = e ? cases[i].len : cases[i].cut;
			assert_int_equal(ear->len, cases[i].len);
			assert_int_equal(ear->frame_len, len);
			for (k = 0; k < len; k++)
				assert_int_equal(ear->frame[k], (u8)k);
		}
	}
}

/* a client that does not read loses events and is told how many as soon as it
 * reads; nobody else is concerned */
static void test_lost(void **state)
{
	struct stand *stand = *state;
	struct ear deaf, other, flows;
	unsigned int i, kept = 0;

	ear_open(stand, &deaf, CVSW_NL_GROUP_PACKET_IN);
	ear_open(stand, &other, CVSW_NL_GROUP_PACKET_IN);
	ear_open(stand, &flows, CVSW_NL_GROUP_FLOW);
	deaf.room = 0;
	for (i = 0; i < 10000; i++)
		assert_int_equal(packet_in(stand, 60, 0), 0);
	assert_int_equal(other.events, 10000);
	assert_int_equal(stand->wakes, 1);	/* for all that wait */
	assert_int_equal(cvsw_nl_client_wants(deaf.client),
			 CVSW_NL_CLIENT_READ | CVSW_NL_CLIENT_WRITE);
	assert_int_equal(cvsw_nl_client_wants(other.client),
			 CVSW_NL_CLIENT_READ);
	/* when it is the only one, whoever has a frame is told, too */
	ear_close(&other);
	assert_int_equal(packet_in(stand, 60, 0), -ENOBUFS);
	while (cvsw_nl_client_pending(deaf.client)) {
		deaf.room = 7;
		assert_int_equal(cvsw_nl_client_ready(deaf.client, 1), 0);
		kept = deaf.events;
	}
	assert_in_range(kept, 500, 9999);
	assert_int_equal(deaf.cmd, CVSW_CMD_LOST);
	assert_int_equal(deaf.lost, 10001 - kept);
	deaf.room = 7;
	assert_int_equal(packet_in(stand, 60, 0), 0);
	assert_int_equal(deaf.events, kept + 1);
	assert_int_equal(deaf.lost, 10001 - kept);
	assert_int_equal(flows.lost + flows.events, 0);
	ear_close(&flows);
	ear_close(&deaf);
}

/* no memory to encode an event: it counts as lost, once */
static void test_no_memory(void **state)
{
	struct stand *stand = *state;
	struct cvsw_port_info info = { .name = "x" };
	const struct cvsw_event event = {
		.kind = CVSW_EVENT_PORT_ADD, .port = &info
	};
	struct ear ear;

	ear_open(stand, &ear, CVSW_NL_GROUP_PORT);
	cvsw_alloc_fail_at(1);
	cvsw_nl_server_event(stand->server, stand->sw, &event);
	cvsw_alloc_fail_at(0);
	assert_int_equal(ear.events, 0);
	cvsw_nl_server_event(stand->server, stand->sw, &event);
	assert_int_equal(ear.events, 1);
	assert_int_equal(ear.lost, 1);
	ear_close(&ear);
}

/* requests of a client go on while events wait for it, in front of the answer */
static void test_requests_meanwhile(void **state)
{
	struct stand *stand = *state;
	struct ear ear;

	ear_open(stand, &ear, CVSW_NL_GROUP_PACKET_IN);
	ear.room = 0;
	assert_int_equal(packet_in(stand, 60, 0), 0);
	ask(&ear, CVSW_CMD_DROPS_GET, 0, NULL);
	assert_int_equal(cvsw_nl_client_wants(ear.client),
			 CVSW_NL_CLIENT_WRITE);
	assert_int_equal(packet_in(stand, 60, 0), 0);
	ear.room = 2;
	assert_int_equal(cvsw_nl_client_ready(ear.client, 1), 0);
	assert_int_equal(ear.events, 1);
	assert_int_equal(cvsw_nl_client_wants(ear.client),
			 CVSW_NL_CLIENT_READ | CVSW_NL_CLIENT_WRITE);
	ear.room = 2;
	assert_int_equal(cvsw_nl_client_ready(ear.client, 1), 0);
	assert_int_equal(ear.events, 2);
	assert_int_equal(cvsw_nl_client_wants(ear.client),
			 CVSW_NL_CLIENT_READ);
	ear_close(&ear);
}

static void test_one_switch(void **state)
{
	struct stand *stand = *state, other;
	struct cvsw_port_info info = { .name = "x" };
	struct ear ear;

	stand_join(stand, &other, "br1");
	ear_open(stand, &ear, 0);
	ask(&ear, CVSW_CMD_SUBSCRIBE, CVSW_NL_GROUP_PORT, "br1");
	assert_int_equal(cvsw_port_add(stand->sw, &info, NULL, NULL), 0);
	assert_int_equal(ear.events, 0);
	info.no = 0;
	assert_int_equal(cvsw_port_add(other.sw, &info, NULL, NULL), 0);
	assert_int_equal(ear.events, 1);
	ear.room = 0;
	info.no = 0;
	strcpy(info.name, "y");
	assert_int_equal(cvsw_port_add(other.sw, &info, NULL, NULL), 0);
	stand_leave(stand, &other);	/* with its event under way */
	ear.room = 9;
	assert_int_equal(cvsw_nl_client_ready(ear.client, 1), 0);
	assert_int_equal(ear.events, 2);
	info.no = 0;
	assert_int_equal(cvsw_port_add(stand->sw, &info, NULL, NULL), 0);
	assert_int_equal(ear.events, 2);
	ear_close(&ear);
}

/* what whoever sends an event finds out, the server's thread is told */
static void test_gone(void **state)
{
	struct stand *stand = *state;
	struct ear ear;

	ear_open(stand, &ear, CVSW_NL_GROUP_PACKET_IN);
	ear.gone = -EPIPE;
	assert_int_equal(packet_in(stand, 60, 0), -ENOBUFS);
	assert_int_equal(stand->wakes, 1);
	assert_int_equal(cvsw_nl_client_wants(ear.client), 0);
	assert_int_equal(packet_in(stand, 60, 0), -ENOBUFS);
	assert_int_equal(stand->wakes, 1);
	assert_int_equal(cvsw_nl_client_ready(ear.client, 1), -EPIPE);
	ear_close(&ear);
}

/* Requests and what they cause: on the listener's side before the answer */

static void cause_removal(struct cvsw_ctl *ctl)
{
	const struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_DEL, .out_port = CVSW_PORT_NONE
	};

	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
}

static void cause_port_event(struct cvsw_ctl *ctl)
{
	const struct cvsw_port_info info = {
		.no = 1, .config = CVSW_PORT_C_NO_FLOOD
	};

	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_CONFIG,
					   CVSW_PORT_C_NO_FLOOD), 0);
}

static void cause_packet_in(struct cvsw_ctl *ctl)
{
	const struct cvsw_action action = {
		.type = CVSW_ACT_OUTPUT, .output.port = CVSW_PORT_CONTROLLER
	};
	const u8 frame[60] = { 2 };

	assert_int_equal(cvsw_ctl_packet_out(ctl, 1, frame, 60, &action, 1), 0);
}

static void test_before_answer(void **state)
{
	static const struct {
		void	(*cause)(struct cvsw_ctl *ctl);
		u8	cmd;
	} cases[] = {
		{ cause_removal, CVSW_CMD_FLOW_REMOVED },
		{ cause_port_event, CVSW_CMD_PORT_EVENT },
		{ cause_packet_in, CVSW_CMD_PACKET_IN },
	};
	const struct cvsw_flow_mod mod = {
		.out_port = CVSW_PORT_NONE,
		.flow.flags = CVSW_FLOW_F_SEND_REM,
	};
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct ear ear;
	size_t i;

	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ear_open(stand, &ear, CVSW_NL_GROUP_MASK);
		cases[i].cause(ctl);
		assert_int_equal(ear.events, 1);
		assert_int_equal(ear.cmd, cases[i].cmd);
		ear_close(&ear);
	}
	cvsw_ctl_close(ctl);
}

/* and so are the frames that it sends */
static void test_flush_before_answer(void **state)
{
	struct stand *stand = *state;
	struct ear ear;

	ear_open(stand, &ear, 0);
	ear.client->send = stand->server->ops->send;
	ear.client->ctx = stand;
	stand->flushed = 99;
	ask(&ear, CVSW_CMD_DROPS_GET, 0, NULL);
	assert_int_equal(stand->flushed, 0);
	assert_int_equal(stand->n_got, 1);
	ear_close(&ear);
}

/* Threads: what each sends arrives in its order, or is told as lost */

enum { SENDERS = 3, EVENTS = 4000 };

struct sender {
	struct stand	*stand;
	pthread_t	thread;
	u32		id;
	unsigned int	sent;
};

static void *send_events(void *arg)
{
	struct sender *sender = arg;
	const struct stand *stand = sender->stand;
	const struct cvsw_packet_in info = {
		.in_port = 1, .total_len = 60, .max_len = sender->id ? 0 : 20
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt *pkt = cvsw_frame_new(pool, 1, 60);
	u32 mark[2] = { sender->id }, i;

	for (i = 0; i < EVENTS; i++) {
		mark[1] = i;
		memcpy(cvsw_frame_edit(pkt), mark, sizeof(mark));
		sender->sent += !cvsw_nl_server_packet_in(stand->server,
							  stand->sw, pkt,
							  &info);
	}
	cvsw_frame_free(pkt);
	cvsw_pool_free(pool);
	return NULL;
}

static int hear_in_order(void *ctx, void *client_ctx, const void *msg,
			 size_t len)
{
	struct ear *ear = client_ctx;
	const unsigned int events = ear->events;
	int err = hear(ctx, client_ctx, msg, len);
	u32 mark[2];

	if (err || ear->events == events)
		return err;
	memcpy(mark, ear->frame, sizeof(mark));
	assert_true(mark[1] >= ear->next[mark[0]]);
	ear->next[mark[0]] = mark[1] + 1;
	return 0;
}

static void test_threads(void **state)
{
	struct sender senders[SENDERS] = {};
	struct stand *stand = *state, other;
	struct ear quick, slow, fleeting;
	u64 seed = test_seed();
	unsigned int i;

	ear_open(stand, &quick, CVSW_NL_GROUP_PACKET_IN_WHOLE);
	ear_open(stand, &slow, CVSW_NL_GROUP_PACKET_IN);
	quick.client->send = hear_in_order;
	slow.client->send = hear_in_order;
	slow.slow = seed | 1;
	for (i = 0; i < SENDERS; i++) {
		senders[i] = (struct sender){ .stand = stand, .id = i };
		assert_int_equal(pthread_create(&senders[i].thread, NULL,
						send_events, &senders[i]), 0);
	}
	for (i = 0; i < 300; i++) {
		assert_int_equal(cvsw_nl_client_ready(slow.client, 1), 0);
		ear_open(stand, &fleeting, CVSW_NL_GROUP_PACKET_IN);
		if (i % 10 == 0) {
			stand_join(stand, &other, "br1");
			stand_leave(stand, &other);
		}
		ear_close(&fleeting);
	}
	for (i = 0; i < SENDERS; i++) {
		pthread_join(senders[i].thread, NULL);
		assert_int_equal(senders[i].sent, EVENTS);
		assert_int_equal(quick.next[i], EVENTS);
	}
	slow.slow = 0;
	assert_int_equal(cvsw_nl_client_ready(slow.client, 1), 0);
	assert_int_equal(quick.events, SENDERS * EVENTS);
	assert_int_equal(quick.lost, 0);
	assert_int_equal(slow.events + slow.lost, SENDERS * EVENTS);
	assert_true(slow.events > 0);
	ear_close(&slow);
	ear_close(&quick);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(test_wanted),
		WITH_SERVER(test_whole),
		WITH_SERVER(test_lost),
		WITH_SERVER(test_no_memory),
		WITH_SERVER(test_requests_meanwhile),
		WITH_SERVER(test_one_switch),
		WITH_SERVER(test_gone),
		WITH_SERVER(test_before_answer),
		WITH_SERVER(test_flush_before_answer),
		WITH_SERVER(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

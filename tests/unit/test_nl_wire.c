// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The wire format against libnl-3, which has its own idea of how attributes
 * are laid out: what it builds we must read, and what we send it must read.
 * Nothing of our codec is used here but the server and <cvsw/nl.h>.
 */

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <cvsw/nl.h>
#include <cvsw/switch.h>
#include "nl_server.h"

#define NOW	1000000000ull

struct wire {
	struct cvsw_switch	*sw;
	struct cvsw_nl_server	*server;
	struct cvsw_nl_client	*client;
	size_t			len;
	char			got[CVSW_NL_MSG_MAX]
					__attribute__((aligned(8)));
};

static void wire_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	(void)wctx;
	(void)port_priv;
	(void)pkt;
	fail_msg("nothing is sent in this test");
}

static const struct cvsw_ops wire_ops = { .output = wire_output };

/* datagrams are appended */
static int wire_send(void *ctx, void *client_ctx, const void *msg, size_t len)
{
	struct wire *wire = client_ctx;

	(void)ctx;
	assert_true(wire->len + len <= sizeof(wire->got));
	memcpy(wire->got + wire->len, msg, len);
	wire->len += len;
	return 0;
}

static void wire_wake(void *ctx)
{
	(void)ctx;
}

static const struct cvsw_nl_server_ops wire_server_ops = {
	.send = wire_send,
	.wake = wire_wake,
};

static int setup(void **state)
{
	static struct wire wire;
	struct cvsw_config config;
	struct cvsw_port_info info = { .no = 7, .name = "p7" };

	memset(&wire, 0, sizeof(wire));
	cvsw_config_default(&config);
	memset(config.name, 0, sizeof(config.name));
	strcpy(config.name, "cvsw0");
	config.workers = 1;
	assert_int_equal(cvsw_switch_new(&wire.sw, &config, &wire_ops, NULL,
					 NULL), 0);
	assert_int_equal(cvsw_port_add(wire.sw, &info, NULL, NULL), 0);
	wire.server = cvsw_nl_server_new(&wire_server_ops, NULL);
	assert_non_null(wire.server);
	assert_int_equal(cvsw_nl_server_add(wire.server, wire.sw,
			 cvsw_worker_get(wire.sw, 0, NULL)), 0);
	wire.client = cvsw_nl_client_new(wire.server, &wire);
	assert_non_null(wire.client);
	*state = &wire;
	return 0;
}

static int teardown(void **state)
{
	struct wire *wire = *state;

	cvsw_nl_client_free(wire->client);
	cvsw_nl_server_free(wire->server);
	cvsw_switch_free(wire->sw);
	return 0;
}

static struct nl_msg *begin(uint8_t cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	assert_non_null(msg);
	assert_non_null(genlmsg_put(msg, 0, 1, CVSW_NL_TYPE, 0,
				    NLM_F_REQUEST | flags, cmd,
				    CVSW_GENL_VERSION));
	return msg;
}

/* send, and free */
static void ask(struct wire *wire, struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	wire->len = 0;
	assert_int_equal(cvsw_nl_client_input(wire->client, nlh,
					      nlh->nlmsg_len, NOW), 0);
	nlmsg_free(msg);
}

static struct nlmsghdr *answer(struct wire *wire)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)wire->got;

	assert_true(nlmsg_ok(nlh, (int)wire->len));
	return nlh;
}

static int error_of(struct wire *wire)
{
	const struct nlmsghdr *nlh = answer(wire);
	const struct nlmsgerr *err = nlmsg_data(nlh);

	assert_int_equal(nlh->nlmsg_type, NLMSG_ERROR);
	return err->error;
}

/* every kind of attribute that a flow may have, put by libnl */
static void put_flow(struct nl_msg *msg)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 9 };
	static const uint8_t addr[16] = { 10, 1, 2, 0 };
	static const uint8_t mask[16] = { 255, 255, 255, 0 };
	struct nlattr *flow, *nest, *action;

	flow = nla_nest_start(msg, CVSW_A_FLOW);
	nla_put_u16(msg, CVSW_FLOW_A_PRIORITY, 77);
	nla_put_u64(msg, CVSW_FLOW_A_COOKIE, 0x0102030405060708);
	nest = nla_nest_start(msg, CVSW_FLOW_A_KEY);
	nla_put_u16(msg, CVSW_KEY_A_IN_PORT, 7);
	nla_put_u16(msg, CVSW_KEY_A_DL_TYPE, htons(0x0800));
	nla_put_u8(msg, CVSW_KEY_A_NW_PROTO, 6);
	nla_put(msg, CVSW_KEY_A_NW_DST, 16, addr);
	nla_put_u16(msg, CVSW_KEY_A_TP_DST, htons(443));
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, CVSW_FLOW_A_MASK);
	nla_put(msg, CVSW_KEY_A_NW_DST, 16, mask);
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, CVSW_FLOW_A_ACTIONS);
	nla_put(msg, CVSW_ACTION_A_SET_DL_DST, 6, mac);
	nla_put_flag(msg, CVSW_ACTION_A_STRIP_VLAN);
	nla_put_u16(msg, CVSW_ACTION_A_SET_VLAN_VID, 100);
	action = nla_nest_start(msg, CVSW_ACTION_A_OUTPUT);
	nla_put_u16(msg, CVSW_OUTPUT_A_PORT, 7);
	nla_nest_end(msg, action);
	nla_nest_end(msg, nest);
	nla_nest_end(msg, flow);
}

struct seen {
	struct cvsw_flow	flow;
	struct cvsw_action	actions[8];
	unsigned int		n;
};

static int see(void *arg, const struct cvsw_flow *flow)
{
	struct seen *seen = arg;

	seen->n++;
	seen->flow = *flow;
	assert_true(flow->n_actions <= 8);
	memcpy(seen->actions, flow->actions,
	       flow->n_actions * sizeof(seen->actions[0]));
	return 0;
}

static void test_request(void **state)
{
	struct wire *wire = *state;
	struct nl_msg *msg = begin(CVSW_CMD_FLOW_MOD, NLM_F_ACK);
	struct cvsw_flow_dump *dump;
	struct seen seen = {};
	const struct cvsw_key *v = &seen.flow.match.value;
	const struct cvsw_key *m = &seen.flow.match.mask;

	nla_put_string(msg, CVSW_A_NAME, "cvsw0");
	put_flow(msg);
	ask(wire, msg);
	assert_int_equal(error_of(wire), 0);

	assert_int_equal(cvsw_flow_dump_start(wire->sw, &dump, NULL), 0);
	assert_int_equal(cvsw_flow_dump_next(dump, NOW, see, &seen), 0);
	cvsw_flow_dump_stop(dump);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.flow.priority, 77);
	assert_true(seen.flow.cookie == 0x0102030405060708);
	assert_int_equal(v->in_port, 7);
	assert_int_equal(m->in_port, 0xffff);
	assert_int_equal(v->dl_type, htons(0x0800));
	assert_int_equal(v->nw_proto, 6);
	assert_int_equal(v->tp_dst, htons(443));
	assert_memory_equal(v->nw_dst, "\x0a\x01\x02\x00", 4);
	assert_memory_equal(m->nw_dst, "\xff\xff\xff\x00", 4);
	assert_int_equal(seen.flow.n_actions, 4);
	assert_int_equal(seen.actions[0].type, CVSW_ACT_SET_DL_DST);
	assert_int_equal(seen.actions[0].mac[5], 9);
	assert_int_equal(seen.actions[1].type, CVSW_ACT_STRIP_VLAN);
	assert_int_equal(seen.actions[2].vlan, 100);
	assert_int_equal(seen.actions[3].output.port, 7);
}

static void test_dump(void **state)
{
	struct nlattr *top[CVSW_A_MAX + 1], *flow[CVSW_FLOW_A_MAX + 1];
	struct nlattr *key[CVSW_KEY_A_MAX + 1], *mask[CVSW_KEY_A_MAX + 1];
	struct nlattr *output[CVSW_OUTPUT_A_MAX + 1], *nla;
	struct wire *wire = *state;
	struct nl_msg *msg = begin(CVSW_CMD_FLOW_MOD, NLM_F_ACK);
	int types[8], n = 0, rem, left;
	struct nlmsghdr *nlh;

	put_flow(msg);
	ask(wire, msg);
	assert_int_equal(error_of(wire), 0);
	ask(wire, begin(CVSW_CMD_FLOW_GET, NLM_F_DUMP));
	nlh = answer(wire);
	assert_int_equal(nlh->nlmsg_type, CVSW_NL_TYPE);
	assert_true(nlh->nlmsg_flags & NLM_F_MULTI);
	assert_int_equal(genlmsg_parse(nlh, 0, top, CVSW_A_MAX, NULL), 0);
	assert_int_equal(nla_parse_nested(flow, CVSW_FLOW_A_MAX,
					  top[CVSW_A_FLOW], NULL), 0);
	assert_int_equal(nla_get_u16(flow[CVSW_FLOW_A_PRIORITY]), 77);
	assert_true(nla_get_u64(flow[CVSW_FLOW_A_COOKIE]) ==
		    0x0102030405060708);
	assert_true(nla_get_u64(flow[CVSW_FLOW_A_PACKETS]) == 0);
	assert_int_equal(nla_parse_nested(key, CVSW_KEY_A_MAX,
					  flow[CVSW_FLOW_A_KEY], NULL), 0);
	assert_int_equal(nla_get_u16(key[CVSW_KEY_A_TP_DST]), htons(443));
	assert_int_equal(nla_len(key[CVSW_KEY_A_NW_DST]), 16);
	assert_int_equal(nla_parse_nested(mask, CVSW_KEY_A_MAX,
					  flow[CVSW_FLOW_A_MASK], NULL), 0);
	assert_non_null(mask[CVSW_KEY_A_NW_DST]);
	assert_null(mask[CVSW_KEY_A_TP_DST]);
	nla_for_each_nested(nla, flow[CVSW_FLOW_A_ACTIONS], rem) {
		assert_in_range(n, 0, 7);
		types[n++] = nla_type(nla);
		if (nla_type(nla) == CVSW_ACTION_A_OUTPUT)
			assert_int_equal(nla_parse_nested(output,
				CVSW_OUTPUT_A_MAX, nla, NULL), 0);
	}
	assert_int_equal(rem, 0);
	assert_int_equal(n, 4);
	assert_int_equal(types[0], CVSW_ACTION_A_SET_DL_DST);
	assert_int_equal(types[3], CVSW_ACTION_A_OUTPUT);
	assert_int_equal(nla_get_u16(output[CVSW_OUTPUT_A_PORT]), 7);

	left = (int)wire->len;
	nlh = nlmsg_next(nlh, &left);
	assert_true(nlmsg_ok(nlh, left));
	assert_int_equal(nlh->nlmsg_type, NLMSG_DONE);
}

static void test_port(void **state)
{
	struct nlattr *top[CVSW_A_MAX + 1], *port[CVSW_PORT_A_MAX + 1], *nest;
	struct wire *wire = *state;
	struct nl_msg *msg = begin(CVSW_CMD_PORT_GET, 0);

	nest = nla_nest_start(msg, CVSW_A_PORT);
	nla_put_string(msg, CVSW_PORT_A_NAME, "p7");
	nla_nest_end(msg, nest);
	ask(wire, msg);
	assert_int_equal(genlmsg_parse(answer(wire), 0, top, CVSW_A_MAX, NULL),
			 0);
	assert_int_equal(nla_parse_nested(port, CVSW_PORT_A_MAX,
					  top[CVSW_A_PORT], NULL), 0);
	assert_int_equal(nla_get_u16(port[CVSW_PORT_A_NO]), 7);
	assert_string_equal(nla_get_string(port[CVSW_PORT_A_NAME]), "p7");
}

/* the extended error, as the kernel would send it */
static void test_error(void **state)
{
	struct nlattr *top[NLMSGERR_ATTR_MAX + 1];
	struct wire *wire = *state;
	struct nl_msg *msg = begin(CVSW_CMD_FLOW_MOD, NLM_F_ACK);
	struct nlattr *nest = nla_nest_start(msg, CVSW_A_FLOW);
	struct nlmsghdr *nlh;

	nla_put_u32(msg, CVSW_FLOW_A_PRIORITY, 1);
	nla_nest_end(msg, nest);
	ask(wire, msg);
	assert_int_equal(error_of(wire), -EINVAL);
	nlh = answer(wire);
	assert_true(nlh->nlmsg_flags & NLM_F_ACK_TLVS);
	assert_true(nlh->nlmsg_flags & NLM_F_CAPPED);
	assert_int_equal(nlmsg_parse(nlh, sizeof(struct nlmsgerr), top,
				     NLMSGERR_ATTR_MAX, NULL), 0);
	assert_string_equal(nla_get_string(top[NLMSGERR_ATTR_MSG]),
			    "flow.priority: wrong length");
	/* behind both headers and that of the flow */
	assert_int_equal(nla_get_u32(top[NLMSGERR_ATTR_OFFS]), 16 + 4 + 4);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(test_request),
		WITH_SERVER(test_dump),
		WITH_SERVER(test_port),
		WITH_SERVER(test_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

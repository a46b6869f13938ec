// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The server at the level of messages: what a client that does not use our
 * library sees.  Requests are built byte by byte with libmnl.
 */

#include <libmnl/libmnl.h>
#include "util.h"
#include "stand.h"
#include "nl_server_priv.h"

/**
 * struct dialog - one client
 * @buf:    the request being built
 * @nlh:    its header
 */
struct dialog {
	struct stand		*stand;
	struct cvsw_nl_client	*client;
	u32			seq;
	u8			buf[CVSW_NL_MSG_MAX + 64]
					__attribute__((aligned(8)));
	struct nlmsghdr		*nlh;
};

static int setup(void **state)
{
	struct dialog *d = calloc(1, sizeof(*d));

	d->stand = calloc(1, sizeof(*d->stand));
	stand_open(d->stand, "br0", 2);
	d->client = cvsw_nl_client_new(d->stand->server, d->stand);
	assert_non_null(d->client);
	*state = d;
	return 0;
}

static int teardown(void **state)
{
	struct dialog *d = *state;

	cvsw_nl_client_free(d->client);
	stand_close(d->stand);
	free(d->stand);
	free(d);
	return 0;
}

static void begin(struct dialog *d, u8 cmd, u16 flags)
{
	struct genlmsghdr *genl;

	d->nlh = mnl_nlmsg_put_header(d->buf);
	d->nlh->nlmsg_type = CVSW_NL_TYPE;
	d->nlh->nlmsg_flags = flags;
	d->nlh->nlmsg_seq = ++d->seq;
	genl = mnl_nlmsg_put_extra_header(d->nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
}

static int ask(struct dialog *d)
{
	d->stand->n_got = 0;
	return cvsw_nl_client_input(d->client, d->nlh, d->nlh->nlmsg_len,
				    d->stand->now);
}

/* the @i'th message that came back, or NULL */
static const struct nlmsghdr *answer(const struct dialog *d, unsigned int i)
{
	const struct nlmsghdr *nlh;
	unsigned int g;
	int left;

	for (g = 0; g < d->stand->n_got; g++) {
		nlh = (const void *)d->stand->got[g].data;
		left = (int)d->stand->got[g].len;
		for (; cvsw_nl_msg_fits(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
			if (!i--)
				return nlh;
		assert_int_equal(left, 0);
	}
	return NULL;
}

static struct cvsw_nl_failure failure(const struct dialog *d)
{
	const struct nlmsghdr *nlh = answer(d, 0);
	struct cvsw_nl_failure f;

	assert_non_null(nlh);
	assert_null(answer(d, 1));
	assert_int_equal(nlh->nlmsg_type, NLMSG_ERROR);
	assert_int_equal(nlh->nlmsg_seq, d->seq);
	assert_int_equal(cvsw_nl_msg_failure(nlh, &f), 0);
	return f;
}

static void is_ack(const struct dialog *d)
{
	struct cvsw_nl_failure f = failure(d);

	if (f.err)
		fail_msg("refused: %s", f.text);
	assert_null(f.text);
}

#define REQUEST	(NLM_F_REQUEST | NLM_F_ACK)

/* Headers */

static void test_header(void **state)
{
	static const struct {
		u16		type;
		u16		flags;
		u8		version;
		u16		reserved;
		s32		len;	/* more than there is */
		const char	*text;
	} cases[] = {
		{ CVSW_NL_TYPE, REQUEST, 1, 0, 0, NULL },
		{ CVSW_NL_TYPE, REQUEST | NLM_F_ECHO, 1, 0, 0, NULL },
		{ 0x11, REQUEST, 1, 0, 0, "nlmsg_type is wrong" },
		{ CVSW_NL_TYPE, NLM_F_ACK, 1, 0, 0,
		  "nlmsg_flags: NLM_F_REQUEST is missing" },
		{ CVSW_NL_TYPE, REQUEST | NLM_F_CREATE, 1, 0, 0,
		  "nlmsg_flags: only REQUEST, ACK, ECHO and DUMP are known" },
		{ CVSW_NL_TYPE, REQUEST | NLM_F_MULTI, 1, 0, 0,
		  "nlmsg_flags: only REQUEST, ACK, ECHO and DUMP are known" },
		{ CVSW_NL_TYPE, REQUEST, 2, 0, 0, "genl version is not 1" },
		{ CVSW_NL_TYPE, REQUEST, 1, 1, 0,
		  "genl reserved field is not 0" },
		{ CVSW_NL_TYPE, REQUEST, 1, 0, 4, "nlmsg_len is wrong" },
		{ CVSW_NL_TYPE, REQUEST, 1, 0, -4, "nlmsg_len is wrong" },
		{ CVSW_NL_TYPE, REQUEST, 1, 0, -8, "nlmsg_len is wrong" },
	};
	struct dialog *d = *state;
	struct genlmsghdr *genl;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(d, CVSW_CMD_DROPS_GET, cases[i].flags);
		genl = mnl_nlmsg_get_payload(d->nlh);
		genl->version = cases[i].version;
		genl->reserved = cases[i].reserved;
		d->nlh->nlmsg_type = cases[i].type;
		len = d->nlh->nlmsg_len;
		d->nlh->nlmsg_len += (u32)cases[i].len;
		d->stand->n_got = 0;
		assert_int_equal(cvsw_nl_client_input(d->client, d->nlh, len,
						      d->stand->now), 0);
		if (!cases[i].text) {
			assert_non_null(answer(d, 1));	/* reply and ack */
			continue;
		}
		assert_int_equal(failure(d).err, -EINVAL);
		assert_string_equal(failure(d).text, cases[i].text);
	}
	assert_int_equal(cvsw_nl_client_input(d->client, d->nlh, 15,
					      d->stand->now), -EBADMSG);
}

static void test_unknown_command(void **state)
{
	static const u8 cmds[] = {
		0, CVSW_CMD_FLOW_REMOVED, CVSW_CMD_PORT_EVENT,
		CVSW_CMD_PACKET_IN, CVSW_CMD_LOST, CVSW_CMD_MAX + 1, 255
	};
	struct dialog *d = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		begin(d, cmds[i], REQUEST);
		assert_int_equal(ask(d), 0);
		assert_int_equal(failure(d).err, -EOPNOTSUPP);
		begin(d, cmds[i], NLM_F_REQUEST | NLM_F_DUMP);
		assert_int_equal(ask(d), 0);
		assert_int_equal(failure(d).err, -EOPNOTSUPP);
	}
}

/* each command must have its attributes and no others */
static void test_attributes_of_commands(void **state)
{
	static const struct {
		u8	cmd;
		u8	alien;
		u8	lacks;
	} cases[] = {
		{ CVSW_CMD_SWITCH_GET, 1, 0 }, { CVSW_CMD_SWITCH_SET, 1, 1 },
		{ CVSW_CMD_PORT_GET, 1, 1 }, { CVSW_CMD_PORT_ADD, 1, 1 },
		{ CVSW_CMD_PORT_DEL, 1, 1 }, { CVSW_CMD_PORT_SET, 1, 1 },
		{ CVSW_CMD_PORT_TEST, 1, 1 },
		{ CVSW_CMD_FLOW_MOD, 1, 1 }, { CVSW_CMD_FLOW_REPLACE, 1, 0 },
		{ CVSW_CMD_BUNDLE_BEGIN, 1, 1 }, { CVSW_CMD_BUNDLE_ADD, 1, 1 },
		{ CVSW_CMD_BUNDLE_COMMIT, 1, 1 },
		{ CVSW_CMD_BUNDLE_ABORT, 1, 1 }, { CVSW_CMD_DROPS_GET, 1, 0 },
		{ CVSW_CMD_PATH_GET, 1, 0 }, { CVSW_CMD_QUEUE_GET, 1, 0 },
		{ CVSW_CMD_QUEUE_SET, 1, 1 }, { CVSW_CMD_QUEUE_DEL, 1, 1 },
		{ CVSW_CMD_TRACE, 1, 1 }, { CVSW_CMD_PACKET_OUT, 1, 1 },
		{ CVSW_CMD_SUBSCRIBE, 1, 1 },
	};
	struct dialog *d = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(d, cases[i].cmd, REQUEST);
		mnl_attr_put_u32(d->nlh, CVSW_A_LOST, 1);
		assert_int_equal(ask(d), 0);
		assert_int_equal(failure(d).err, -EINVAL);
		if (!cases[i].lacks)
			continue;
		begin(d, cases[i].cmd, REQUEST);
		assert_int_equal(ask(d), 0);
		assert_int_equal(failure(d).err, -EINVAL);
		assert_non_null(strstr(failure(d).text, "missing"));
	}
}

/* Policy: the attribute at fault is named, by offset and in words */

typedef struct nlattr *(*bad_fn)(struct nlmsghdr *nlh);

static struct nlattr *last(struct nlmsghdr *nlh, size_t payload)
{
	u8 *tail = mnl_nlmsg_get_payload_tail(nlh);

	return (void *)(tail - MNL_ALIGN(sizeof(struct nlattr) + payload));
}

static struct nlattr *bad_unknown(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, 200, 1);
	return last(nlh, 4);
}

static struct nlattr *bad_zero(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, 0, 1);
	return last(nlh, 4);
}

static struct nlattr *bad_name(struct nlmsghdr *nlh)
{
	mnl_attr_put(nlh, CVSW_A_NAME, 3, "br0");	/* without its NUL */
	return last(nlh, 3);
}

/* a terminal would take it for a command */
static struct nlattr *bad_text(struct nlmsghdr *nlh)
{
	mnl_attr_put_strz(nlh, CVSW_A_NAME, "\33[2J");
	return last(nlh, 5);
}

static struct nlattr *bad_key(struct nlmsghdr *nlh)
{
	struct nlattr *flow = mnl_attr_nest_start(nlh, CVSW_A_FLOW);
	struct nlattr *key = mnl_attr_nest_start(nlh, CVSW_FLOW_A_KEY), *bad;

	mnl_attr_put_u16(nlh, CVSW_KEY_A_IN_PORT, 1);
	mnl_attr_put_u32(nlh, CVSW_KEY_A_TP_DST, 80);
	bad = last(nlh, 4);
	mnl_attr_nest_end(nlh, key);
	mnl_attr_nest_end(nlh, flow);
	return bad;
}

static struct nlattr *bad_mask(struct nlmsghdr *nlh)
{
	struct nlattr *flow = mnl_attr_nest_start(nlh, CVSW_A_FLOW), *nest;
	struct nlattr *bad;

	nest = mnl_attr_nest_start(nlh, CVSW_FLOW_A_KEY);
	mnl_attr_put_u16(nlh, CVSW_KEY_A_IN_PORT, 1);
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, CVSW_FLOW_A_MASK);
	mnl_attr_put_u16(nlh, CVSW_KEY_A_TP_DST, 0xff);
	bad = last(nlh, 2);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_nest_end(nlh, flow);
	return bad;
}

static struct nlattr *bad_action(struct nlmsghdr *nlh)
{
	struct nlattr *flow = mnl_attr_nest_start(nlh, CVSW_A_FLOW);
	struct nlattr *acts = mnl_attr_nest_start(nlh, CVSW_FLOW_A_ACTIONS);
	struct nlattr *bad;

	mnl_attr_put_u16(nlh, CVSW_ACTION_A_SET_VLAN_VID, 4096);
	bad = last(nlh, 2);
	mnl_attr_nest_end(nlh, acts);
	mnl_attr_nest_end(nlh, flow);
	return bad;
}

static struct nlattr *bad_output(struct nlmsghdr *nlh)
{
	struct nlattr *flow = mnl_attr_nest_start(nlh, CVSW_A_FLOW), *output;
	struct nlattr *acts = mnl_attr_nest_start(nlh, CVSW_FLOW_A_ACTIONS);

	output = mnl_attr_nest_start(nlh, CVSW_ACTION_A_OUTPUT);
	mnl_attr_nest_end(nlh, output);
	mnl_attr_nest_end(nlh, acts);
	mnl_attr_nest_end(nlh, flow);
	return output;
}

static struct nlattr *bad_flat(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, CVSW_A_FLOW, 0);	/* no NLA_F_NESTED */
	return last(nlh, 4);
}

static struct nlattr *bad_nested(struct nlmsghdr *nlh)
{
	struct nlattr *flow = mnl_attr_nest_start(nlh, CVSW_A_FLOW);
	struct nlattr *bad;

	mnl_attr_put_u16(nlh, CVSW_FLOW_A_PRIORITY | NLA_F_NESTED, 1);
	bad = last(nlh, 2);
	mnl_attr_nest_end(nlh, flow);
	return bad;
}

static struct nlattr *bad_tunnel(struct nlmsghdr *nlh)
{
	struct nlattr *flow = mnl_attr_nest_start(nlh, CVSW_A_FLOW), *push;
	struct nlattr *acts = mnl_attr_nest_start(nlh, CVSW_FLOW_A_ACTIONS);
	static const u8 addr[16];
	struct nlattr *bad;

	push = mnl_attr_nest_start(nlh, CVSW_ACTION_A_PUSH);
	mnl_attr_put_u8(nlh, CVSW_TUNNEL_A_KIND, CVSW_TUNNEL_VXLAN);
	mnl_attr_put_u64(nlh, CVSW_TUNNEL_A_ID, 0);
	mnl_attr_put(nlh, CVSW_TUNNEL_A_NW_SRC, 4, addr);
	mnl_attr_put(nlh, CVSW_TUNNEL_A_NW_DST, 16, addr);
	bad = last(nlh, 16);
	mnl_attr_nest_end(nlh, push);
	mnl_attr_nest_end(nlh, acts);
	mnl_attr_nest_end(nlh, flow);
	return bad;
}

static void test_policy(void **state)
{
	static const struct {
		bad_fn		put;
		int		err;
		const char	*text;
	} cases[] = {
		{ bad_unknown, -EINVAL, "attribute 200: unknown attribute" },
		{ bad_zero, -EINVAL, "attribute 0: unknown attribute" },
		{ bad_name, -EINVAL, "name: wrong length" },
		{ bad_text, -EINVAL, "name: has a control character" },
		{ bad_key, -EINVAL, "flow.key.tp_dst: wrong length" },
		{ bad_mask, -EINVAL,
		  "mask of a field that the key does not name" },
		{ bad_action, -ERANGE,
		  "flow.actions.set_vlan_vid: out of range" },
		{ bad_output, -EINVAL, "output: port is missing" },
		{ bad_flat, -EINVAL,
		  "flow: is a nest, NLA_F_NESTED is missing" },
		{ bad_nested, -EINVAL, "flow.priority: is not a nest" },
		{ bad_tunnel, -EINVAL,
		  "push: outer nw_dst is not of the family of nw_src" },
	};
	struct dialog *d = *state;
	struct cvsw_nl_failure f;
	struct nlattr *bad;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(d, CVSW_CMD_FLOW_MOD, REQUEST);
		bad = cases[i].put(d->nlh);
		assert_int_equal(ask(d), 0);
		f = failure(d);
		assert_int_equal(f.err, cases[i].err);
		assert_non_null(f.text);
		assert_string_equal(f.text, cases[i].text);
		assert_int_equal(f.offs, (u8 *)bad - (u8 *)d->nlh);
		assert_int_equal(stand_flows(d->stand), 0);
	}
}

/* bytes that no attribute owns */
static void test_trailing_bytes(void **state)
{
	struct dialog *d = *state;

	begin(d, CVSW_CMD_DROPS_GET, REQUEST);
	memset((u8 *)d->nlh + d->nlh->nlmsg_len, 0, 4);
	d->nlh->nlmsg_len += 2;
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EINVAL);
	assert_string_equal(failure(d).text, "bytes left after attributes");
	begin(d, CVSW_CMD_DROPS_GET, REQUEST);
	mnl_attr_put_strz(d->nlh, CVSW_A_NAME, "br0");
	((struct nlattr *)mnl_nlmsg_get_payload_offset(d->nlh, 4))->nla_len = 80;
	assert_int_equal(ask(d), 0);
	assert_string_equal(failure(d).text, "bytes left after attributes");
}

/* Flows and bundles */

static void put_flow(struct nlmsghdr *nlh, u16 priority, u16 port, u16 flags)
{
	struct nlattr *flow = mnl_attr_nest_start(nlh, CVSW_A_FLOW), *nest, *a;

	mnl_attr_put_u16(nlh, CVSW_FLOW_A_PRIORITY, priority);
	if (flags)
		mnl_attr_put_u16(nlh, CVSW_FLOW_A_FLAGS, flags);
	nest = mnl_attr_nest_start(nlh, CVSW_FLOW_A_ACTIONS);
	a = mnl_attr_nest_start(nlh, CVSW_ACTION_A_OUTPUT);
	mnl_attr_put_u16(nlh, CVSW_OUTPUT_A_PORT, port);
	mnl_attr_nest_end(nlh, a);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_nest_end(nlh, flow);
}

static void bundle(struct dialog *d, u8 cmd, u32 id)
{
	begin(d, cmd, REQUEST);
	mnl_attr_put_u32(d->nlh, CVSW_A_BUNDLE, id);
}

static void test_bundle(void **state)
{
	struct dialog *d = *state;
	unsigned int i;

	bundle(d, CVSW_CMD_BUNDLE_BEGIN, 7);
	assert_int_equal(ask(d), 0);
	is_ack(d);
	bundle(d, CVSW_CMD_BUNDLE_BEGIN, 7);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EEXIST);
	for (i = 0; i < 10; i++) {
		bundle(d, CVSW_CMD_BUNDLE_ADD, 7);
		put_flow(d->nlh, (u16)i, 2, 0);
		assert_int_equal(ask(d), 0);
		is_ack(d);
		assert_int_equal(stand_flows(d->stand), 0);
	}
	bundle(d, CVSW_CMD_BUNDLE_COMMIT, 8);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -ENOENT);
	bundle(d, CVSW_CMD_BUNDLE_COMMIT, 7);
	assert_int_equal(ask(d), 0);
	is_ack(d);
	assert_int_equal(stand_flows(d->stand), 10);

	bundle(d, CVSW_CMD_BUNDLE_BEGIN, 7);
	assert_int_equal(ask(d), 0);
	bundle(d, CVSW_CMD_BUNDLE_ADD, 7);
	put_flow(d->nlh, 100, 2, 0);
	put_flow(d->nlh, 101, 0, 0);	/* no such action */
	assert_int_equal(ask(d), 0);
	is_ack(d);
	bundle(d, CVSW_CMD_BUNDLE_COMMIT, 7);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EINVAL);
	assert_int_equal(failure(d).index, 1);
	assert_int_equal(failure(d).sub, 0);
	assert_int_equal(stand_flows(d->stand), 10);
	bundle(d, CVSW_CMD_BUNDLE_ABORT, 7);	/* gone with its commit */
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -ENOENT);

	for (i = 0; i < CVSW_NL_BUNDLES; i++) {
		bundle(d, CVSW_CMD_BUNDLE_BEGIN, i);
		assert_int_equal(ask(d), 0);
		is_ack(d);
	}
	bundle(d, CVSW_CMD_BUNDLE_BEGIN, i);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -ENOSPC);
	bundle(d, CVSW_CMD_BUNDLE_ABORT, 3);
	assert_int_equal(ask(d), 0);
	is_ack(d);
	bundle(d, CVSW_CMD_BUNDLE_BEGIN, i);
	assert_int_equal(ask(d), 0);
	is_ack(d);
}

/* a bundle is its client's: another one does not see it, and it ends with it */
static void test_bundle_owner(void **state)
{
	struct dialog *d = *state, *other = calloc(1, sizeof(*other));

	*other = (struct dialog){ .stand = d->stand };
	other->client = cvsw_nl_client_new(d->stand->server, d->stand);
	bundle(other, CVSW_CMD_BUNDLE_BEGIN, 1);
	assert_int_equal(ask(other), 0);
	is_ack(other);
	bundle(d, CVSW_CMD_BUNDLE_COMMIT, 1);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -ENOENT);
	cvsw_nl_client_free(other->client);
	free(other);
}

static void test_replace_takes_no_commands(void **state)
{
	struct dialog *d = *state;
	struct nlattr *flow;

	begin(d, CVSW_CMD_FLOW_REPLACE, REQUEST);
	put_flow(d->nlh, 1, 2, 0);
	flow = mnl_attr_nest_start(d->nlh, CVSW_A_FLOW);
	mnl_attr_put_u8(d->nlh, CVSW_FLOW_A_CMD, CVSW_FLOW_DEL);
	mnl_attr_nest_end(d->nlh, flow);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EINVAL);
	assert_int_equal(failure(d).index, 1);
	assert_int_equal(stand_flows(d->stand), 0);
}

/* every allocation on the way of a request fails once */
static void test_no_memory(void **state)
{
	struct dialog *d = *state;
	unsigned long n, nth;

	begin(d, CVSW_CMD_FLOW_MOD, REQUEST);
	put_flow(d->nlh, 1, 2, 0);
	put_flow(d->nlh, 2, 2, 0);
	cvsw_alloc_fail_at(0);
	assert_int_equal(ask(d), 0);
	is_ack(d);
	n = cvsw_alloc_count();
	assert_true(n >= 3);
	begin(d, CVSW_CMD_FLOW_REPLACE, REQUEST);
	assert_int_equal(ask(d), 0);
	is_ack(d);
	for (nth = 1; nth <= n; nth++) {
		begin(d, CVSW_CMD_FLOW_MOD, REQUEST);
		put_flow(d->nlh, 1, 2, 0);
		put_flow(d->nlh, 2, 2, 0);
		cvsw_alloc_fail_at(nth);
		assert_int_equal(ask(d), 0);
		cvsw_alloc_fail_at(0);
		if (failure(d).err) {
			assert_int_equal(failure(d).err, -ENOMEM);
			assert_int_equal(stand_flows(d->stand), 0);
		} else {
			assert_int_equal(stand_flows(d->stand), 2);
			begin(d, CVSW_CMD_FLOW_REPLACE, REQUEST);
			assert_int_equal(ask(d), 0);
		}
	}
}

/* Dumps */

static void add_flows(struct dialog *d, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		begin(d, CVSW_CMD_FLOW_MOD, REQUEST);
		put_flow(d->nlh, (u16)i, 2, CVSW_FLOW_F_SEND_REM);
		d->stand->room = STAND_DATAGRAMS;
		assert_int_equal(ask(d), 0);
		is_ack(d);
	}
}

/* a client that takes one datagram at a time */
static void test_dump_in_parts(void **state)
{
	enum { FLOWS = 6000 };
	struct dialog *d = *state;
	const struct nlmsghdr *nlh;
	const struct nlattr *nla;
	unsigned int parts = 0, n = 0, i;

	add_flows(d, FLOWS);
	begin(d, CVSW_CMD_FLOW_GET, NLM_F_REQUEST | NLM_F_DUMP);
	d->stand->room = 1;
	assert_int_equal(ask(d), 0);
	while (parts < 100) {
		parts++;
		for (i = 0; (nlh = answer(d, i)); i++) {
			assert_int_equal(nlh->nlmsg_seq, d->seq);
			assert_true(nlh->nlmsg_flags & NLM_F_MULTI);
			if (nlh->nlmsg_type == NLMSG_DONE)
				break;
			mnl_attr_for_each(nla, nlh, sizeof(struct genlmsghdr))
				n += mnl_attr_get_type(nla) == CVSW_A_FLOW;
		}
		if (nlh)
			break;
		/* not taken yet: no other request */
		assert_true(cvsw_nl_client_pending(d->client));
		assert_int_equal(cvsw_nl_client_input(d->client, d->nlh,
						      d->nlh->nlmsg_len,
						      d->stand->now), -EBUSY);
		d->stand->n_got = 0;
		d->stand->room = 1;
		assert_int_equal(cvsw_nl_client_ready(d->client,
						      d->stand->now), 0);
	}
	assert_in_range(parts, 3, 99);
	assert_int_equal(n, FLOWS);
	assert_false(cvsw_nl_client_pending(d->client));
}

/* nor does one that takes all keep others waiting */
static void test_dump_in_turns(void **state)
{
	struct dialog *d = *state;
	const struct nlmsghdr *nlh = NULL;
	unsigned int turns, i;

	add_flows(d, 30000);
	begin(d, CVSW_CMD_FLOW_GET, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(ask(d), 0);
	for (turns = 1; cvsw_nl_client_pending(d->client); turns++) {
		assert_in_range(d->stand->n_got, 1, 5);
		assert_int_equal(cvsw_nl_client_wants(d->client),
				 CVSW_NL_CLIENT_WRITE);
		d->stand->n_got = 0;
		assert_int_equal(cvsw_nl_client_ready(d->client,
						      d->stand->now), 0);
	}
	assert_in_range(turns, 3, 99);
	for (i = 0; answer(d, i); i++)
		nlh = answer(d, i);
	assert_non_null(nlh);
	assert_int_equal(nlh->nlmsg_type, NLMSG_DONE);
	begin(d, CVSW_CMD_DROPS_GET, REQUEST);
	assert_int_equal(ask(d), 0);
}

/* a dump whose switch goes away ends with an error */
static void test_dump_of_gone_switch(void **state)
{
	struct dialog *d = *state;
	struct stand other;
	const struct nlmsghdr *nlh;
	struct cvsw_flow_mod mod = { .cmd = CVSW_FLOW_ADD,
				     .out_port = CVSW_PORT_NONE };
	unsigned int i;
	int err;

	stand_join(d->stand, &other, "br1");
	for (i = 0; i < 12000; i++) {
		mod.flow.priority = (u16)i;
		assert_int_equal(cvsw_flow_mods(other.sw, &mod, 1, other.now,
						NULL), 0);
	}
	begin(d, CVSW_CMD_FLOW_GET, NLM_F_REQUEST | NLM_F_DUMP);
	mnl_attr_put_strz(d->nlh, CVSW_A_NAME, "br1");
	d->stand->room = 1;
	assert_int_equal(ask(d), 0);
	assert_true(cvsw_nl_client_pending(d->client));
	stand_leave(d->stand, &other);
	d->stand->room = STAND_DATAGRAMS;
	d->stand->n_got = 0;
	assert_int_equal(cvsw_nl_client_ready(d->client, d->stand->now), 0);
	for (i = 0; (nlh = answer(d, i)); i++)
		if (nlh->nlmsg_type == NLMSG_DONE)
			break;
	assert_non_null(nlh);
	memcpy(&err, mnl_nlmsg_get_payload(nlh), sizeof(err));
	assert_int_equal(err, -ENODEV);
	assert_false(cvsw_nl_client_pending(d->client));
}

/* messages of a dump say between which of them the table was changed */
static void test_dump_of_changed_table(void **state)
{
	const struct cvsw_flow_mod mod = { .cmd = CVSW_FLOW_ADD,
					   .out_port = CVSW_PORT_NONE };
	struct dialog *d = *state;
	const struct nlmsghdr *nlh;
	unsigned int parts, i;

	add_flows(d, 20000);
	begin(d, CVSW_CMD_FLOW_GET, NLM_F_REQUEST | NLM_F_DUMP);
	d->stand->room = 1;
	assert_int_equal(ask(d), 0);
	for (parts = 1; cvsw_nl_client_pending(d->client); parts++) {
		for (i = 0; (nlh = answer(d, i)); i++)
			assert_int_equal(!!(nlh->nlmsg_flags & NLM_F_DUMP_INTR),
					 parts == 4);
		/* the third waits, the next one is made after the change */
		if (parts == 2)
			assert_int_equal(cvsw_flow_mods(d->stand->sw, &mod, 1,
							d->stand->now, NULL),
					 0);
		d->stand->n_got = 0;
		d->stand->room = 1;
		assert_int_equal(cvsw_nl_client_ready(d->client,
						      d->stand->now), 0);
	}
	assert_in_range(parts, 5, 99);
}

/* what the kernel says in place of an NLMSG_ERROR */
static void test_done_with_text(void **state)
{
	struct cvsw_nl_failure failure;
	u8 buf[64] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	int *err;

	(void)state;
	nlh->nlmsg_type = NLMSG_DONE;
	assert_int_equal(cvsw_nl_msg_failure(nlh, &failure), -EBADMSG);
	err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));
	*err = -ENODEV;
	assert_int_equal(cvsw_nl_msg_failure(nlh, &failure), 0);
	assert_int_equal(failure.err, -ENODEV);
	assert_null(failure.text);
	nlh->nlmsg_flags = NLM_F_MULTI | NLM_F_ACK_TLVS;
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "why");
	assert_int_equal(cvsw_nl_msg_failure(nlh, &failure), 0);
	assert_int_equal(failure.err, -ENODEV);
	assert_string_equal(failure.text, "why");
}

static void test_dump_refused(void **state)
{
	struct dialog *d = *state;
	struct nlattr *nest;

	begin(d, CVSW_CMD_DROPS_GET, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EOPNOTSUPP);
	begin(d, CVSW_CMD_FLOW_GET, REQUEST);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EOPNOTSUPP);
	begin(d, CVSW_CMD_FLOW_GET, NLM_F_REQUEST | NLM_F_DUMP);
	put_flow(d->nlh, 1, 2, 0);	/* a filter with actions */
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EINVAL);
	begin(d, CVSW_CMD_PORT_GET, NLM_F_REQUEST | NLM_F_DUMP);
	nest = mnl_attr_nest_start(d->nlh, CVSW_A_PORT);
	mnl_attr_nest_end(d->nlh, nest);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EINVAL);
	begin(d, CVSW_CMD_SWITCH_GET, NLM_F_REQUEST | NLM_F_DUMP);
	mnl_attr_put(d->nlh, CVSW_A_REPLACE, 0, NULL);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EINVAL);
	assert_false(cvsw_nl_client_pending(d->client));
}

/* a client of one switch: others are not there */
static void name_put(struct dialog *d, u8 cmd, u16 flags, const char *name)
{
	begin(d, cmd, flags);
	if (name)
		mnl_attr_put_strz(d->nlh, CVSW_A_NAME, name);
}

/* how many events of a change of port 1 of @stand come */
static unsigned int events_of(struct dialog *d, struct stand *stand)
{
	struct cvsw_port_info want;

	assert_int_equal(cvsw_port_get(stand->sw, 1, &want), 0);
	want.config ^= CVSW_PORT_C_NO_FLOOD;
	d->stand->n_got = 0;
	assert_int_equal(cvsw_port_set(stand->sw, &want, CVSW_PORT_SET_CONFIG,
				       NULL), 0);
	return d->stand->n_got;
}

static void test_only(void **state)
{
	static const u8 cmds[] = {
		CVSW_CMD_SWITCH_GET, CVSW_CMD_DROPS_GET, CVSW_CMD_FLOW_REPLACE,
	};
	struct dialog *d = *state;
	struct nlattr *attrs[CVSW_A_MAX + 1];
	struct stand other = {};
	const struct nlattr *list;
	size_t i;
	int len;

	stand_join(d->stand, &other, "br1");
	cvsw_nl_client_only(d->client, d->stand->sw);
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		name_put(d, cmds[i], NLM_F_REQUEST | NLM_F_ACK, "br1");
		assert_int_equal(ask(d), 0);
		assert_int_equal(failure(d).err, -ENODEV);
		assert_string_equal(failure(d).text,
				    "name: there is no switch called so");
		name_put(d, cmds[i], NLM_F_REQUEST | NLM_F_ACK, NULL);
		assert_int_equal(ask(d), 0);
		assert_int_equal(answer(d, cmds[i] != CVSW_CMD_FLOW_REPLACE)
				 ->nlmsg_type, NLMSG_ERROR);
		name_put(d, cmds[i], NLM_F_REQUEST | NLM_F_ACK, "br0");
		assert_int_equal(ask(d), 0);
		assert_int_equal(answer(d, cmds[i] != CVSW_CMD_FLOW_REPLACE)
				 ->nlmsg_type, NLMSG_ERROR);
	}
	/* all that there are */
	name_put(d, CVSW_CMD_SWITCH_GET, NLM_F_REQUEST | NLM_F_DUMP, NULL);
	assert_int_equal(ask(d), 0);
	list = cvsw_nl_msg_attrs(answer(d, 0), &len);
	assert_int_equal(nla_parse(attrs, CVSW_A_MAX, list, len,
				   cvsw_nl_policy, NULL), 0);
	assert_non_null(memmem(nla_data(attrs[CVSW_A_SWITCH]),
			       (size_t)nla_len(attrs[CVSW_A_SWITCH]), "br0", 4));
	assert_int_equal(answer(d, 1)->nlmsg_type, NLMSG_DONE);
	/* the events of all */
	name_put(d, CVSW_CMD_SUBSCRIBE, REQUEST, NULL);
	mnl_attr_put_u32(d->nlh, CVSW_A_GROUPS, CVSW_NL_GROUP_PORT);
	assert_int_equal(ask(d), 0);
	is_ack(d);
	assert_int_equal(events_of(d, d->stand), 1);
	assert_int_equal(events_of(d, &other), 0);
	name_put(d, CVSW_CMD_SUBSCRIBE, REQUEST, "br1");
	mnl_attr_put_u32(d->nlh, CVSW_A_GROUPS, CVSW_NL_GROUP_PORT);
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -ENODEV);
	name_put(d, CVSW_CMD_ATTACH, REQUEST, "br0");
	assert_int_equal(ask(d), 0);
	assert_int_equal(failure(d).err, -EOPNOTSUPP);
	/* it does not outlive its switch */
	cvsw_nl_client_only(d->client, other.sw);
	stand_leave(d->stand, &other);
	assert_int_equal(cvsw_nl_client_wants(d->client), 0);
	name_put(d, CVSW_CMD_SWITCH_GET, REQUEST, "br0");
	assert_int_equal(ask(d), -ENODEV);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(test_header),
		WITH_SERVER(test_unknown_command),
		WITH_SERVER(test_attributes_of_commands),
		WITH_SERVER(test_policy),
		WITH_SERVER(test_trailing_bytes),
		WITH_SERVER(test_bundle),
		WITH_SERVER(test_bundle_owner),
		WITH_SERVER(test_replace_takes_no_commands),
		WITH_SERVER(test_no_memory),
		WITH_SERVER(test_dump_in_parts),
		WITH_SERVER(test_dump_in_turns),
		WITH_SERVER(test_dump_of_gone_switch),
		WITH_SERVER(test_dump_of_changed_table),
		WITH_SERVER(test_done_with_text),
		WITH_SERVER(test_dump_refused),
		WITH_SERVER(test_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

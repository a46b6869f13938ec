// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The handler of requests: each command is a function here, which turns
 * attributes into one call of <cvsw/switch.h> and its result into a reply.
 *
 * nl_ops says which attributes a command must and may have; all others are
 * refused before its function runs.
 */

#include "nl_codec.h"

#define NL_BIT(attr)	(1U << (attr))

static int nl_refuse(const struct cvsw_nl_request *req, int attr,
		     const char *text, int ret)
{
	return cvsw_nl_refuse(req->extack, attr ? req->attrs[attr] : NULL,
			      text, ret);
}

/* the switch refused: its reason; @attr is what it was told */
static int nl_result(const struct cvsw_nl_request *req, int attr,
		     const struct cvsw_error *err, int ret)
{
	if (!ret)
		return 0;
	if (attr == CVSW_A_ACTIONS && err->index >= 0)
		cvsw_nl_blame(req->extack, -1, err->index);
	return nl_refuse(req, attr, err->text, ret);
}

/* Switch */

static int nl_switch_get(const struct cvsw_nl_request *req,
			 struct sk_buff *reply)
{
	return cvsw_nl_put_switch(reply, req->sw) ?: 1;
}

static int nl_switch_set(const struct cvsw_nl_request *req,
			 struct sk_buff *reply)
{
	const u32 fixed = NL_BIT(CVSW_SWITCH_A_NAME) |
			  NL_BIT(CVSW_SWITCH_A_WORKERS) |
			  NL_BIT(CVSW_SWITCH_A_STATS);
	struct cvsw_error err = { .index = -1, .sub = -1 };
	struct cvsw_config config;
	u32 fields = 0;
	int ret;

	cvsw_switch_config(req->sw, &config);
	ret = cvsw_nl_get_config(req->attrs[CVSW_A_SWITCH], &config, &fields,
				 NULL, req->extack);
	if (ret)
		return ret;
	if (fields & fixed)
		return nl_refuse(req, CVSW_A_SWITCH,
				 "name, workers and stats cannot be changed",
				 -EINVAL);
	ret = cvsw_switch_configure(req->sw, &config, &err);
	return nl_result(req, CVSW_A_SWITCH, &err, ret);
}

/* Ports */

/*
 * The port that a request names by number, else by name.  @want receives it
 * as it is, changed as the request says.
 */
static int nl_port_find(const struct cvsw_nl_request *req,
			struct cvsw_port_info *want, u32 *fields)
{
	const struct nlattr *nest = req->attrs[CVSW_A_PORT];
	struct cvsw_port_info said = {};
	u16 no;
	int ret;

	*fields = 0;
	ret = cvsw_nl_get_port(nest, &said, fields, req->extack);
	if (ret)
		return ret;
	if (!(*fields & (NL_BIT(CVSW_PORT_A_NO) | NL_BIT(CVSW_PORT_A_NAME))))
		return nl_refuse(req, CVSW_A_PORT, "port: no or name is missing",
				 -EINVAL);
	no = *fields & NL_BIT(CVSW_PORT_A_NO) ? said.no :
	     cvsw_port_find(req->sw, said.name);
	ret = cvsw_port_get(req->sw, no, want);
	if (ret)
		return nl_refuse(req, CVSW_A_PORT, "port: there is none such",
				 ret);
	/* an MTU that is named is meant to stay */
	want->mtu_auto = 0;
	/* one that is not named stays as it was asked for */
	want->rx_offload = want->rx_asked;
	want->tx_offload = want->tx_asked;
	ret = cvsw_nl_get_port(nest, want, NULL, req->extack);
	want->no = no;
	*fields &= ~(NL_BIT(CVSW_PORT_A_NO) | NL_BIT(CVSW_PORT_A_NAME));
	return ret;
}

/* likewise, of a request that does not change it; @info: as it is */
static int nl_port_which(const struct cvsw_nl_request *req,
			 struct cvsw_port_info *info)
{
	u32 fields;
	int ret;

	ret = nl_port_find(req, info, &fields);
	if (ret)
		return ret;
	if (fields)
		return nl_refuse(req, CVSW_A_PORT,
				 "port: only no or name select a port", -EINVAL);
	return cvsw_port_get(req->sw, info->no, info);
}

static int nl_port_get(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	struct cvsw_port_info info;
	int ret;

	if (!req->attrs[CVSW_A_PORT])
		return nl_refuse(req, 0, "port: no or name is missing", -EINVAL);
	ret = nl_port_which(req, &info);
	if (ret)
		return ret;
	return cvsw_nl_put_port(reply, &info, CVSW_NL_PORT_ALL, 0) ?: 1;
}

static u16 nl_port_free(struct cvsw_switch *sw)
{
	u16 no = 1, next = cvsw_port_next(sw, 0);

	while (next == no) {
		no++;
		next = cvsw_port_next(sw, next);
	}
	return no;
}

static int nl_port_add(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	struct cvsw_error err = { .index = -1, .sub = -1 };
	struct cvsw_port_info info = {};
	u32 fields = 0;
	int ret;

	ret = cvsw_nl_get_port(req->attrs[CVSW_A_PORT], &info, &fields,
			       req->extack);
	if (ret)
		return ret;
	if (!(fields & NL_BIT(CVSW_PORT_A_SPEC)))
		return nl_refuse(req, CVSW_A_PORT, "port: spec is missing",
				 -EINVAL);
	if (fields & ~(NL_BIT(CVSW_PORT_A_SPEC) | NL_BIT(CVSW_PORT_A_NO)))
		return nl_refuse(req, CVSW_A_PORT,
				 "port: add takes only spec and no", -EINVAL);
	if (!info.no)
		info.no = nl_port_free(req->sw);
	if (info.no > CVSW_PORT_MAX && info.no != CVSW_PORT_LOCAL)
		return nl_refuse(req, CVSW_A_PORT, "port: no is out of range",
				 -EINVAL);
	ret = cvsw_port_open(req->sw, info.spec, info.no, &err);
	if (ret)
		return nl_result(req, CVSW_A_PORT, &err, ret);
	ret = cvsw_port_get(req->sw, info.no, &info);
	return ret ?: cvsw_nl_put_port(reply, &info, CVSW_NL_PORT_ALL, 0) ?: 1;
}

static int nl_port_del(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	struct cvsw_error err = { .index = -1, .sub = -1 };
	struct cvsw_port_info info;
	int ret;

	ret = nl_port_which(req, &info);
	if (ret)
		return ret;
	ret = cvsw_port_close(req->sw, info.no, &err);
	return nl_result(req, CVSW_A_PORT, &err, ret);
}

/* CVSW_PORT_SET_* of attributes; 0 when one of them cannot be set */
static unsigned int nl_port_what(u32 fields)
{
	unsigned int what = 0;

	if (fields & NL_BIT(CVSW_PORT_A_CONFIG))
		what |= CVSW_PORT_SET_CONFIG;
	if (fields & (NL_BIT(CVSW_PORT_A_MTU) | NL_BIT(CVSW_PORT_A_MTU_AUTO)))
		what |= CVSW_PORT_SET_MTU;
	if (fields & (NL_BIT(CVSW_PORT_A_RX_OFFLOAD) |
		      NL_BIT(CVSW_PORT_A_TX_OFFLOAD)))
		what |= CVSW_PORT_SET_OFFLOAD;
	if (fields & NL_BIT(CVSW_PORT_A_DEVICE_ASKED))
		what |= CVSW_PORT_SET_DEVICE;
	if (fields & NL_BIT(CVSW_PORT_A_ANTISPOOF))
		what |= CVSW_PORT_SET_ANTISPOOF;
	if (fields & NL_BIT(CVSW_PORT_A_INBAND))
		what |= CVSW_PORT_SET_INBAND;
	if (fields & NL_BIT(CVSW_PORT_A_INBAND_POLICY))
		what |= CVSW_PORT_SET_INBAND_POLICY;
	if (fields & NL_BIT(CVSW_PORT_A_INBAND_KEYS))
		what |= CVSW_PORT_SET_INBAND_KEYS;
	fields &= ~(NL_BIT(CVSW_PORT_A_CONFIG) | NL_BIT(CVSW_PORT_A_MTU) |
		    NL_BIT(CVSW_PORT_A_MTU_AUTO) |
		    NL_BIT(CVSW_PORT_A_CONFIG_MASK) |
		    NL_BIT(CVSW_PORT_A_RX_OFFLOAD) |
		    NL_BIT(CVSW_PORT_A_TX_OFFLOAD) |
		    NL_BIT(CVSW_PORT_A_DEVICE_ASKED) |
		    NL_BIT(CVSW_PORT_A_INBAND) |
		    NL_BIT(CVSW_PORT_A_INBAND_POLICY) |
		    NL_BIT(CVSW_PORT_A_INBAND_KEYS) |
		    NL_BIT(CVSW_PORT_A_ANTISPOOF));
	return fields ? 0 : what;
}

static int nl_port_set(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	struct cvsw_error err = { .index = -1, .sub = -1 };
	struct cvsw_port_info want;
	unsigned int what;
	u32 fields;
	int ret;

	ret = nl_port_find(req, &want, &fields);
	if (ret)
		return ret;
	what = nl_port_what(fields);
	if (!what)
		return nl_refuse(req, CVSW_A_PORT,
				 "port: this of it cannot be set",
				 -EINVAL);
	ret = cvsw_port_set(req->sw, &want, what, &err);
	return nl_result(req, CVSW_A_PORT, &err, ret);
}

static int nl_port_test(const struct cvsw_nl_request *req,
			struct sk_buff *reply)
{
	struct cvsw_error err = { .index = -1, .sub = -1 };
	struct cvsw_port_info info;
	struct cvsw_test *tests;
	unsigned int n, i;
	int ret;

	ret = nl_port_which(req, &info);
	if (ret)
		return ret;
	tests = kcalloc(CVSW_TESTS_MAX, sizeof(*tests), GFP_KERNEL);
	if (!tests)
		return -ENOMEM;
	ret = cvsw_port_test(req->sw, info.no, tests, &n, &err);
	ret = nl_result(req, CVSW_A_PORT, &err, ret);
	for (i = 0; i < n && !ret; i++)
		ret = cvsw_nl_put_test(reply, &tests[i]);
	kfree(tests);
	return ret ?: 1;
}

/* Flows */

static int nl_flow_change(const struct cvsw_nl_request *req, bool replace)
{
	struct cvsw_nl_mods mods;
	int ret;

	cvsw_nl_mods_init(&mods);
	ret = cvsw_nl_mods_add(&mods, req->list, req->len, req->extack);
	if (!ret)
		ret = cvsw_nl_mods_apply(&mods, req->sw, replace, req->now,
					 req->list, req->len, req->extack);
	cvsw_nl_mods_free(&mods);
	return ret;
}

static int nl_flow_mod(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	return nl_flow_change(req, false);
}

static int nl_flow_replace(const struct cvsw_nl_request *req,
			   struct sk_buff *reply)
{
	return nl_flow_change(req, true);
}

static int nl_bundle_begin(const struct cvsw_nl_request *req,
			   struct sk_buff *reply)
{
	int ret = cvsw_nl_bundle_begin(req->bundles, req->client,
				       nla_get_u32(req->attrs[CVSW_A_BUNDLE]),
				       req->attrs[CVSW_A_REPLACE]);

	if (ret == -EEXIST)
		return nl_refuse(req, CVSW_A_BUNDLE,
				 "bundle: one of this id is open", ret);
	if (ret == -ENOSPC)
		return nl_refuse(req, CVSW_A_BUNDLE,
				 "bundle: too many are open", ret);
	return ret;
}

static struct cvsw_nl_bundle *nl_bundle(const struct cvsw_nl_request *req)
{
	return cvsw_nl_bundle_find(req->bundles, req->client,
				   nla_get_u32(req->attrs[CVSW_A_BUNDLE]));
}

static int nl_bundle_none(const struct cvsw_nl_request *req)
{
	return nl_refuse(req, CVSW_A_BUNDLE, "bundle: none of this id is open",
			 -ENOENT);
}

static int nl_bundle_add(const struct cvsw_nl_request *req,
			 struct sk_buff *reply)
{
	struct cvsw_nl_bundle *bundle = nl_bundle(req);

	if (!bundle)
		return nl_bundle_none(req);
	return cvsw_nl_mods_add(&bundle->mods, req->list, req->len,
				req->extack);
}

static int nl_bundle_commit(const struct cvsw_nl_request *req,
			    struct sk_buff *reply)
{
	struct cvsw_nl_bundle *bundle = nl_bundle(req);
	int ret;

	if (!bundle)
		return nl_bundle_none(req);
	ret = cvsw_nl_mods_apply(&bundle->mods, req->sw, bundle->replace,
				 req->now, NULL, 0, req->extack);
	cvsw_nl_bundle_end(bundle);
	return ret;
}

static int nl_bundle_abort(const struct cvsw_nl_request *req,
			   struct sk_buff *reply)
{
	struct cvsw_nl_bundle *bundle = nl_bundle(req);

	if (!bundle)
		return nl_bundle_none(req);
	cvsw_nl_bundle_end(bundle);
	return 0;
}

/* Frames */

static int nl_drops_get(const struct cvsw_nl_request *req,
			struct sk_buff *reply)
{
	u64 drops[CVSW_DROP_COUNT];
	unsigned int i;
	int ret;

	cvsw_switch_drops(req->sw, drops);
	for (i = CVSW_DROP_NONE + 1; i < CVSW_DROP_COUNT; i++) {
		ret = cvsw_nl_put_drop(reply, CVSW_A_DROP, i, &drops[i]);
		if (ret)
			return ret;
	}
	return 1;
}

static struct cvsw_pkt *nl_frame(const struct cvsw_nl_request *req)
{
	const struct nlattr *frame = req->attrs[CVSW_A_FRAME];
	const struct nlattr *port = req->attrs[CVSW_A_IN_PORT];

	return req->frames->make(req->ctx,
				 port ? nla_get_u16(port) : CVSW_PORT_NONE,
				 nla_data(frame), (u32)nla_len(frame));
}

struct nl_trace {
	const struct cvsw_nl_request	*req;
	struct sk_buff			*reply;
	const struct nlattr		*shown;
	int				err;
};

static void nl_trace_step(void *arg, const struct cvsw_trace_step *step)
{
	struct nl_trace *trace = arg;
	const void *frame;
	u32 len;

	if (trace->err)
		return;
	frame = trace->req->frames->look(trace->req->ctx, step->pkt, &len);
	trace->err = cvsw_nl_put_step(trace->reply, step, frame, len,
				      &trace->shown);
}

static int nl_trace(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	struct nl_trace trace = { .req = req, .reply = reply };
	struct cvsw_port_info info;
	struct cvsw_pkt *pkt;

	if (cvsw_port_get(req->sw, nla_get_u16(req->attrs[CVSW_A_IN_PORT]),
			  &info))
		return nl_refuse(req, CVSW_A_IN_PORT,
				 "in_port: there is no such port", -ENODEV);
	pkt = nl_frame(req);
	if (!pkt)
		return -ENOMEM;
	cvsw_trace(req->worker, pkt, req->now, nl_trace_step, &trace);
	if (trace.err)
		return nl_refuse(req, 0, "the trace is too long for a reply",
				 trace.err);
	return 1;
}

static int nl_packet_out(const struct cvsw_nl_request *req,
			 struct sk_buff *reply)
{
	const struct nlattr *nest = req->attrs[CVSW_A_ACTIONS];
	struct cvsw_error err = { .index = -1, .sub = -1 };
	unsigned int n = cvsw_nl_count_actions(nest);
	struct cvsw_action *actions;
	struct cvsw_pkt *pkt;
	int ret;

	if (n > CVSW_ACTIONS_MAX)
		return nl_refuse(req, CVSW_A_ACTIONS, "too many actions",
				 -EINVAL);
	actions = kcalloc(n ?: 1, sizeof(*actions), GFP_KERNEL);
	if (!actions)
		return -ENOMEM;
	ret = cvsw_nl_get_actions(nest, actions, req->extack);
	if (ret)
		goto out;
	ret = -ENOMEM;
	pkt = nl_frame(req);
	if (!pkt)
		goto out;
	ret = cvsw_packet_out(req->worker, pkt, actions, n, req->now, &err);
	cvsw_worker_flush(req->worker);
	ret = nl_result(req, CVSW_A_ACTIONS, &err, ret);
out:
	kfree(actions);
	return ret;
}

/* The table of commands */

struct nl_op {
	int		(*doit)(const struct cvsw_nl_request *req,
				struct sk_buff *reply);
	u32		must;	/* NL_BIT(CVSW_A_*) */
	u32		may;
	const char	*lacks;	/* when one of @must is missing */
	int		(*part)(struct cvsw_nl_dump *dump, struct sk_buff *skb,
				u64 now);
	int		(*start)(struct cvsw_nl_dump *dump,
				 const struct cvsw_nl_request *req);
};

#define NL_NEEDS(bits, text)	.must = (bits), .lacks = text " is missing"

static const struct nl_op nl_ops[CVSW_CMD_MAX + 1] = {
	[CVSW_CMD_SWITCH_GET] = { .doit = nl_switch_get,
		.part = cvsw_nl_dump_switch },
	[CVSW_CMD_SWITCH_SET] = { .doit = nl_switch_set,
		NL_NEEDS(NL_BIT(CVSW_A_SWITCH), "switch") },
	[CVSW_CMD_PORT_GET] = { .doit = nl_port_get,
		.may = NL_BIT(CVSW_A_PORT), .part = cvsw_nl_dump_ports,
		.start = cvsw_nl_dump_ports_start },
	[CVSW_CMD_PORT_ADD] = { .doit = nl_port_add,
		NL_NEEDS(NL_BIT(CVSW_A_PORT), "port") },
	[CVSW_CMD_PORT_DEL] = { .doit = nl_port_del,
		NL_NEEDS(NL_BIT(CVSW_A_PORT), "port") },
	[CVSW_CMD_PORT_SET] = { .doit = nl_port_set,
		NL_NEEDS(NL_BIT(CVSW_A_PORT), "port") },
	[CVSW_CMD_PORT_TEST] = { .doit = nl_port_test,
		NL_NEEDS(NL_BIT(CVSW_A_PORT), "port") },
	[CVSW_CMD_FLOW_MOD] = { .doit = nl_flow_mod,
		NL_NEEDS(NL_BIT(CVSW_A_FLOW), "flow") },
	[CVSW_CMD_FLOW_REPLACE] = { .doit = nl_flow_replace,
		.may = NL_BIT(CVSW_A_FLOW) },
	[CVSW_CMD_FLOW_GET] = { .may = NL_BIT(CVSW_A_FLOW),
		.part = cvsw_nl_dump_flows, .start = cvsw_nl_dump_flows_start },
	[CVSW_CMD_BUNDLE_BEGIN] = { .doit = nl_bundle_begin,
		NL_NEEDS(NL_BIT(CVSW_A_BUNDLE), "bundle id"),
		.may = NL_BIT(CVSW_A_REPLACE) },
	[CVSW_CMD_BUNDLE_ADD] = { .doit = nl_bundle_add,
		NL_NEEDS(NL_BIT(CVSW_A_BUNDLE) | NL_BIT(CVSW_A_FLOW),
			 "bundle id or flow") },
	[CVSW_CMD_BUNDLE_COMMIT] = { .doit = nl_bundle_commit,
		NL_NEEDS(NL_BIT(CVSW_A_BUNDLE), "bundle id") },
	[CVSW_CMD_BUNDLE_ABORT] = { .doit = nl_bundle_abort,
		NL_NEEDS(NL_BIT(CVSW_A_BUNDLE), "bundle id") },
	[CVSW_CMD_DROPS_GET] = { .doit = nl_drops_get },
	[CVSW_CMD_PATH_GET] = { .part = cvsw_nl_dump_paths },
	[CVSW_CMD_QUEUE_GET] = { .may = NL_BIT(CVSW_A_QUEUE),
		.part = cvsw_nl_dump_queues,
		.start = cvsw_nl_dump_queues_start },
	[CVSW_CMD_QUEUE_SET] = { .doit = cvsw_nl_queue_set,
		NL_NEEDS(NL_BIT(CVSW_A_QUEUE), "queue") },
	[CVSW_CMD_QUEUE_DEL] = { .doit = cvsw_nl_queue_del,
		NL_NEEDS(NL_BIT(CVSW_A_QUEUE), "queue") },
	[CVSW_CMD_TRACE] = { .doit = nl_trace,
		NL_NEEDS(NL_BIT(CVSW_A_IN_PORT) | NL_BIT(CVSW_A_FRAME),
			 "in_port or frame") },
	[CVSW_CMD_PACKET_OUT] = { .doit = nl_packet_out,
		NL_NEEDS(NL_BIT(CVSW_A_FRAME) | NL_BIT(CVSW_A_ACTIONS),
			 "frame or actions"),
		.may = NL_BIT(CVSW_A_IN_PORT) },
	/* the transport's, by cvsw_nl_check() */
	[CVSW_CMD_SUBSCRIBE] = { NL_NEEDS(NL_BIT(CVSW_A_GROUPS), "groups") },
	[CVSW_CMD_ATTACH] = { NL_NEEDS(NL_BIT(CVSW_A_NAME), "name") },
	[CVSW_CMD_DETACH] = { NL_NEEDS(NL_BIT(CVSW_A_NAME), "name") },
};

/* NULL when there is no such command */
static const struct nl_op *nl_op(u8 cmd)
{
	const struct nl_op *op = &nl_ops[cmd <= CVSW_CMD_MAX ? cmd : 0];

	return op->doit || op->part || op->must ? op : NULL;
}

unsigned int cvsw_nl_command(u8 cmd)
{
	const struct nl_op *op = nl_op(cmd);

	if (cmd == CVSW_CMD_ATTACH || cmd == CVSW_CMD_DETACH)
		return CVSW_NL_IFACE;
	if (cmd == CVSW_CMD_PORT_SET || cmd == CVSW_CMD_PORT_TEST)
		return CVSW_NL_DO | CVSW_NL_DEVICE;
	if (!op || cmd == CVSW_CMD_SUBSCRIBE)
		return 0;
	return op->part ? CVSW_NL_DO | CVSW_NL_DUMP : CVSW_NL_DO;
}

int cvsw_nl_check(const struct cvsw_nl_request *req)
{
	const struct nl_op *op = nl_op(req->cmd);
	u32 known;
	int i;

	if (!op)
		return nl_refuse(req, 0, "unknown command", -EOPNOTSUPP);
	known = op->must | op->may | NL_BIT(CVSW_A_NAME);
	for (i = 1; i <= CVSW_A_MAX; i++) {
		if (req->attrs[i] && !(known & NL_BIT(i)))
			return nl_refuse(req, i,
					 "attribute does not belong to this command",
					 -EINVAL);
		if (!req->attrs[i] && (op->must & NL_BIT(i)))
			return nl_refuse(req, 0, op->lacks, -EINVAL);
	}
	return 0;
}

int cvsw_nl_no_switch(struct netlink_ext_ack *extack, const struct nlattr *name,
		      bool several)
{
	const char *text = name ? "name: there is no switch called so" :
			   several ? "name: there are several switches, say which" :
				     "name: there is no switch";

	return cvsw_nl_refuse(extack, name, text, -ENODEV);
}

int cvsw_nl_doit(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	const struct nl_op *op = nl_op(req->cmd);
	int ret = cvsw_nl_check(req);

	if (ret)
		return ret;
	if (op->doit)
		return op->doit(req, reply);
	return nl_refuse(req, 0, op->part ? "this can only be dumped" :
			 "only the kernel module attaches to interfaces",
			 -EOPNOTSUPP);
}

int cvsw_nl_dump_start(struct cvsw_nl_dump *dump,
		       const struct cvsw_nl_request *req)
{
	const struct nl_op *op = nl_op(req->cmd);
	int ret = cvsw_nl_check(req);

	if (ret)
		return ret;
	if (!op->part)
		return nl_refuse(req, 0, "this command has no dump",
				 -EOPNOTSUPP);
	memset(dump, 0, sizeof(*dump));
	dump->sw = req->sw;
	dump->cmd = req->cmd;
	return op->start ? op->start(dump, req) : 0;
}

int cvsw_nl_dumpit(struct cvsw_nl_dump *dump, struct sk_buff *skb, u64 now)
{
	const void *empty = nlmsg_get_pos(skb);
	int more = nl_ops[dump->cmd].part(dump, skb, now);

	return more && nlmsg_get_pos(skb) == empty ? -EMSGSIZE : more;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control calls about flows and frames.  Changes that fit go as one request,
 * others as a bundle of several.
 */

#include "ctl_priv.h"

/**
 * struct ctl_list - flows on their way to the switch
 * @mods:  flow-mods, or
 * @flows: the flows of a replacement
 * @n:     how many
 */
struct ctl_list {
	const struct cvsw_flow_mod	*mods;
	const struct cvsw_flow		*flows;
	unsigned int			n;
};

static int ctl_put_nth(struct sk_buff *skb, const struct ctl_list *list,
		       unsigned int i)
{
	struct cvsw_flow_mod mod = { .out_port = CVSW_PORT_NONE };

	if (list->mods)
		return cvsw_nl_put_flow(skb, CVSW_A_FLOW, &list->mods[i],
					CVSW_NL_FLOW_MOD);
	mod.flow = list->flows[i];
	return cvsw_nl_put_flow(skb, CVSW_A_FLOW, &mod, CVSW_NL_FLOW_MOD);
}

/* as many as fit from *@i on, which is moved; -EMSGSIZE when not even one does */
static int ctl_put_some(struct cvsw_ctl *ctl, struct sk_buff *skb,
			const struct ctl_list *list, unsigned int *i)
{
	unsigned int first = *i;
	int err = 0;

	while (*i < list->n && !err) {
		err = ctl_put_nth(skb, list, *i);
		*i += !err;
	}
	if (!err || (err == -EMSGSIZE && *i > first))
		return 0;
	cvsw_ctl_fail(ctl, 0, "flow cannot be expressed in a request");
	ctl->error.index = (int)*i;
	return err;
}

static int ctl_bundle_run(struct cvsw_ctl *ctl, u8 cmd, bool replace)
{
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, cmd, false) ?:
	       nla_put_u32(&skb, CVSW_A_BUNDLE, ctl->bundle) ?:
	       (replace ? nla_put_flag(&skb, CVSW_A_REPLACE) : 0) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

static int ctl_bundle_add(struct cvsw_ctl *ctl, const struct ctl_list *list,
			  unsigned int *i)
{
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_BUNDLE_ADD, false) ?:
	       nla_put_u32(&skb, CVSW_A_BUNDLE, ctl->bundle) ?:
	       ctl_put_some(ctl, &skb, list, i) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

static int ctl_bundle(struct cvsw_ctl *ctl, const struct ctl_list *list)
{
	struct cvsw_ctl_error error;
	unsigned int i = 0;
	int err;

	ctl->bundle++;
	err = ctl_bundle_run(ctl, CVSW_CMD_BUNDLE_BEGIN, list->flows);
	if (err)
		return err;
	while (i < list->n && !err)
		err = ctl_bundle_add(ctl, list, &i);
	if (!err)
		return ctl_bundle_run(ctl, CVSW_CMD_BUNDLE_COMMIT, false);
	error = ctl->error;
	ctl_bundle_run(ctl, CVSW_CMD_BUNDLE_ABORT, false);
	ctl->error = error;
	return err;
}

static int ctl_flows(struct cvsw_ctl *ctl, const struct ctl_list *list)
{
	u8 cmd = list->flows ? CVSW_CMD_FLOW_REPLACE : CVSW_CMD_FLOW_MOD;
	struct sk_buff skb;
	unsigned int i = 0;
	int err;

	err = cvsw_ctl_begin(ctl, &skb, cmd, false) ?:
	      ctl_put_some(ctl, &skb, list, &i);
	if (err)
		return err;
	if (i < list->n)
		return ctl_bundle(ctl, list);
	return cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

int cvsw_ctl_flow_mods(struct cvsw_ctl *ctl, const struct cvsw_flow_mod *mods,
		       unsigned int n)
{
	const struct ctl_list list = { .mods = mods, .n = n };

	return n ? ctl_flows(ctl, &list) : 0;
}

int cvsw_ctl_flow_replace(struct cvsw_ctl *ctl, const struct cvsw_flow *flows,
			  unsigned int n)
{
	static const struct cvsw_flow none;
	const struct ctl_list list = { .flows = flows ?: &none, .n = n };

	return ctl_flows(ctl, &list);
}

/* Dump */

struct ctl_flow_dump {
	struct cvsw_ctl	*ctl;
	int		(*each)(void *arg, const struct cvsw_flow *flow);
	void		*arg;
	bool		stop;
};

static int ctl_flow_msg(void *arg, const struct nlmsghdr *nlh)
{
	struct ctl_flow_dump *dump = arg;
	const struct nlattr *nla;
	int rem, len, err;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) != CVSW_A_FLOW || dump->stop)
			continue;
		err = cvsw_ctl_get_flow(dump->ctl, nla);
		if (err)
			return err;
		dump->stop = dump->each(dump->arg, &dump->ctl->flow.flow);
	}
	return 0;
}

/* a filter has a match, options, a port and a cookie only */
static int ctl_put_filter(struct sk_buff *skb,
			  const struct cvsw_flow_mod *filter)
{
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_DEL,
		.out_port = filter->out_port,
		.cookie_mask = filter->cookie_mask,
		.flow.match = filter->flow.match,
		.flow.opts = filter->flow.opts,
		.flow.n_opts = filter->flow.n_opts,
		.flow.cookie = filter->flow.cookie,
		.flow.priority = filter->flow.priority,
	};

	return cvsw_nl_put_flow(skb, CVSW_A_FLOW, &mod, CVSW_NL_FLOW_MOD);
}

int cvsw_ctl_flow_dump(struct cvsw_ctl *ctl, const struct cvsw_flow_mod *filter,
		       int (*each)(void *arg, const struct cvsw_flow *flow),
		       void *arg)
{
	struct ctl_flow_dump dump = { .ctl = ctl, .each = each, .arg = arg };
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_FLOW_GET, true) ?:
	       (filter ? ctl_put_filter(&skb, filter) : 0) ?:
	       cvsw_ctl_run(ctl, &skb, ctl_flow_msg, &dump);
}

/* Trace */

/**
 * struct ctl_trace - a trace being read
 * @ctl:   the connection
 * @each:  is given the steps
 * @arg:   its argument
 * @frame: the frame shown last, which further steps may refer to
 * @key:   of a step
 */
struct ctl_trace {
	struct cvsw_ctl		*ctl;
	void			(*each)(void *arg,
					const struct cvsw_ctl_step *step);
	void			*arg;
	const struct nlattr	*frame;
	struct cvsw_key		key;
};

static int ctl_step_drop(const struct nlattr *nest, struct cvsw_ctl_step *step)
{
	struct nlattr *tb[CVSW_DROP_A_MAX + 1];

	if (nla_parse_nested_deprecated(tb, CVSW_DROP_A_MAX, nest,
					cvsw_nl_drop_policy, NULL) ||
	    !tb[CVSW_DROP_A_NAME] || !tb[CVSW_DROP_A_TEXT])
		return -EBADMSG;
	step->drop_name = nla_data(tb[CVSW_DROP_A_NAME]);
	step->drop_text = nla_data(tb[CVSW_DROP_A_TEXT]);
	return 0;
}

static int ctl_step_action(struct ctl_trace *trace, const struct nlattr *nest,
			   struct cvsw_ctl_step *step)
{
	struct cvsw_action *action = &trace->ctl->step;

	if (cvsw_nl_count_actions(nest) != 1 ||
	    cvsw_nl_get_actions(nest, action, NULL))
		return -EBADMSG;
	step->action = action;
	return 0;
}

/* what only some steps have */
static int ctl_step_parts(struct ctl_trace *trace, struct nlattr *const *tb,
			  struct cvsw_ctl_step *step)
{
	int err = 0;

	if (tb[CVSW_STEP_A_KEY] || step->what == CVSW_TRACE_LOOKUP) {
		memset(&trace->key, 0, sizeof(trace->key));
		if (tb[CVSW_STEP_A_KEY])
			err = cvsw_nl_get_key(tb[CVSW_STEP_A_KEY],
					      &trace->key, NULL);
		step->key = &trace->key;
	}
	if (!err && tb[CVSW_STEP_A_FLOW]) {
		err = cvsw_ctl_get_flow(trace->ctl, tb[CVSW_STEP_A_FLOW]);
		step->flow = &trace->ctl->flow.flow;
	}
	if (!err && tb[CVSW_STEP_A_ACTIONS])
		err = ctl_step_action(trace, tb[CVSW_STEP_A_ACTIONS], step);
	if (!err && tb[CVSW_STEP_A_DROP])
		err = ctl_step_drop(tb[CVSW_STEP_A_DROP], step);
	return err;
}

static void ctl_step_frame(struct ctl_trace *trace, struct nlattr *const *tb,
			   struct cvsw_ctl_step *step)
{
	if (tb[CVSW_STEP_A_FRAME])
		trace->frame = tb[CVSW_STEP_A_FRAME];
	if (!tb[CVSW_STEP_A_LEN] || !trace->frame)
		return;
	step->len = nla_get_u32(tb[CVSW_STEP_A_LEN]);
	step->frame = nla_data(trace->frame);
	step->frame_len = (u32)nla_len(trace->frame);
}

static u16 ctl_u16(const struct nlattr *nla)
{
	return nla ? nla_get_u16(nla) : 0;
}

static int ctl_step(struct ctl_trace *trace, const struct nlattr *nest)
{
	struct nlattr *tb[CVSW_STEP_A_MAX + 1];
	struct cvsw_ctl_step step = {};

	if (nla_parse_nested_deprecated(tb, CVSW_STEP_A_MAX, nest,
					cvsw_nl_step_policy, NULL))
		return -EBADMSG;
	step.what = ctl_u16(tb[CVSW_STEP_A_WHAT]);
	step.depth = ctl_u16(tb[CVSW_STEP_A_DEPTH]);
	step.index = ctl_u16(tb[CVSW_STEP_A_INDEX]);
	step.port = ctl_u16(tb[CVSW_STEP_A_PORT]);
	if (ctl_step_parts(trace, tb, &step))
		return -EBADMSG;
	ctl_step_frame(trace, tb, &step);
	trace->each(trace->arg, &step);
	return 0;
}

static int ctl_trace_msg(void *arg, const struct nlmsghdr *nlh)
{
	struct ctl_trace *trace = arg;
	const struct nlattr *nla;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem)
		if (nla_type(nla) == CVSW_A_STEP && ctl_step(trace, nla))
			return cvsw_ctl_fail(trace->ctl, -EBADMSG,
					     "malformed answer: step");
	return 0;
}

static int ctl_put_frame(struct cvsw_ctl *ctl, struct sk_buff *skb,
			 const void *frame, size_t len)
{
	if (len > CVSW_NL_FRAME_MAX)
		return cvsw_ctl_fail(ctl, -EMSGSIZE,
				     "frame: longer than %d bytes",
				     CVSW_NL_FRAME_MAX);
	return nla_put(skb, CVSW_A_FRAME, (int)len, frame);
}

int cvsw_ctl_trace(struct cvsw_ctl *ctl, u16 in_port, const void *frame,
		   size_t len,
		   void (*each)(void *arg, const struct cvsw_ctl_step *step),
		   void *arg)
{
	struct ctl_trace trace = { .ctl = ctl, .each = each, .arg = arg };
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_TRACE, false) ?:
	       nla_put_u16(&skb, CVSW_A_IN_PORT, in_port) ?:
	       ctl_put_frame(ctl, &skb, frame, len) ?:
	       cvsw_ctl_run(ctl, &skb, ctl_trace_msg, &trace);
}

int cvsw_ctl_packet_out(struct cvsw_ctl *ctl, u16 in_port, const void *frame,
			size_t len, const struct cvsw_action *actions,
			unsigned int n)
{
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_PACKET_OUT, false) ?:
	       nla_put_u16(&skb, CVSW_A_IN_PORT, in_port) ?:
	       ctl_put_frame(ctl, &skb, frame, len) ?:
	       cvsw_nl_put_actions(&skb, CVSW_A_ACTIONS, actions, n) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

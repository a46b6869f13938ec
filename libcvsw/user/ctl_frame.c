// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Control calls about frames: what would become of one, and sending some. */

#include "ctl_priv.h"

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
			cvsw_nl_get_key(tb[CVSW_STEP_A_KEY], &trace->key);
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

/* Packet-outs */

static int ctl_put_packet_out(struct cvsw_ctl *ctl, struct sk_buff *skb,
			      const struct cvsw_ctl_packet_out *out)
{
	return cvsw_ctl_begin(ctl, skb, CVSW_CMD_PACKET_OUT, false) ?:
	       nla_put_u16(skb, CVSW_A_IN_PORT, out->in_port) ?:
	       ctl_put_frame(ctl, skb, out->frame, out->len) ?:
	       cvsw_nl_put_actions(skb, CVSW_A_ACTIONS, out->actions,
				   out->n_actions);
}

int cvsw_ctl_packet_out(struct cvsw_ctl *ctl, u16 in_port, const void *frame,
			size_t len, const struct cvsw_action *actions,
			unsigned int n)
{
	const struct cvsw_ctl_packet_out out = {
		.frame = frame,
		.len = len,
		.actions = actions,
		.n_actions = (u16)min(n, 0xffffu),	/* too many anyhow */
		.in_port = in_port,
	};
	struct sk_buff skb;

	return ctl_put_packet_out(ctl, &skb, &out) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

/* more requests without an answer do not make it faster */
#define CTL_OUTS_AHEAD		32
#define CTL_OUT_UNANSWERED	1	/* in place of its result */

/**
 * struct ctl_outs - packet-outs on their way
 * @seq:     sequence number of the request of the first; the others follow
 * @outs:    all of them
 * @sent:    how many are done with or under way
 * @waiting: how many are under way
 */
struct ctl_outs {
	struct cvsw_ctl			*ctl;
	u32				seq;
	struct cvsw_ctl_packet_out	*outs;
	unsigned int			sent;
	unsigned int			waiting;
};

static void ctl_outs_answer(struct ctl_outs *o, const struct nlmsghdr *nlh)
{
	struct cvsw_ctl_packet_out *out;

	if (nlh->nlmsg_type != NLMSG_ERROR || nlh->nlmsg_seq - o->seq >= o->sent) {
		cvsw_ctl_post_answer(o->ctl, nlh);
		return;
	}
	out = &o->outs[nlh->nlmsg_seq - o->seq];
	if (out->ret != CTL_OUT_UNANSWERED)
		return;
	out->ret = cvsw_ctl_refused(o->ctl, NULL, nlh);
	if (out->ret)
		out->sub = o->ctl->error.sub;
	o->waiting--;
}

static int ctl_outs_recv(struct ctl_outs *o)
{
	const struct nlmsghdr *nlh = (void *)o->ctl->in;
	int n = cvsw_ctl_recv(o->ctl);

	for (; n > 0 && cvsw_nl_msg_fits(nlh, n); nlh = mnl_nlmsg_next(nlh, &n))
		ctl_outs_answer(o, nlh);
	return min(n, 0);
}

/* as long as answers are under way a request waits for them, not for room: that
 * may come of the other side's waiting for its answers to be read */
static int ctl_outs_send(struct ctl_outs *o)
{
	struct cvsw_ctl_packet_out *out = &o->outs[o->sent];
	struct sk_buff skb;
	int err;

	out->sub = -1;
	out->ret = ctl_put_packet_out(o->ctl, &skb, out);
	if (out->ret)
		goto sent;	/* as if it had been refused */
	while ((err = cvsw_ctl_send(o->ctl, &skb, !o->waiting)) == -EAGAIN) {
		err = ctl_outs_recv(o);
		if (err)
			return err;
	}
	if (err)
		return err;
	out->ret = CTL_OUT_UNANSWERED;
	o->waiting++;
sent:
	o->sent++;
	return 0;
}

int cvsw_ctl_packet_outs(struct cvsw_ctl *ctl, struct cvsw_ctl_packet_out *outs,
			 unsigned int n)
{
	struct ctl_outs o = { .ctl = ctl, .outs = outs };
	unsigned int i;
	int err;

	err = cvsw_ctl_usable(ctl);
	if (ctl->seq + n < ctl->seq)
		ctl->seq = 0;
	o.seq = ctl->seq + 1;
	while (!err && (o.sent < n || o.waiting))
		err = o.sent < n && o.waiting < CTL_OUTS_AHEAD ?
		      ctl_outs_send(&o) : ctl_outs_recv(&o);
	for (i = 0; err && i < n; i++)
		if (i >= o.sent || outs[i].ret == CTL_OUT_UNANSWERED)
			outs[i].ret = err;
	return err;
}

/* Posting */

void cvsw_ctl_on_refused(struct cvsw_ctl *ctl,
			 void (*refused)(void *arg, u32 seq, int err),
			 void *arg)
{
	ctl->refused = refused;
	ctl->refused_arg = arg;
}

void cvsw_ctl_post_answer(struct cvsw_ctl *ctl, const struct nlmsghdr *nlh)
{
	int err;

	if (nlh->nlmsg_type != NLMSG_ERROR || !ctl->refused)
		return;
	err = cvsw_ctl_refused(ctl, NULL, nlh);
	if (err)
		ctl->refused(ctl->refused_arg, nlh->nlmsg_seq, err);
}

int cvsw_ctl_posted(struct cvsw_ctl *ctl)
{
	const struct nlmsghdr *nlh;
	int n, err = cvsw_ctl_usable(ctl);

	while (!err) {
		n = (int)ctl->transport->recv(ctl->link, ctl->in,
					      sizeof(ctl->in), 0);
		if (!n)
			break;
		if (n < 0)
			return cvsw_ctl_lost(ctl, n);
		nlh = (void *)ctl->in;
		for (; cvsw_nl_msg_fits(nlh, n); nlh = mnl_nlmsg_next(nlh, &n))
			cvsw_ctl_post_answer(ctl, nlh);
	}
	return err;
}

int cvsw_ctl_packet_post(struct cvsw_ctl *ctl,
			 const struct cvsw_ctl_packet_out *out, u32 *seq)
{
	struct sk_buff skb;
	int err = ctl_put_packet_out(ctl, &skb, out);

	if (err)
		return err;
	skb.nlh->nlmsg_flags &= (u16)~NLM_F_ACK;
	*seq = skb.nlh->nlmsg_seq;
	err = cvsw_ctl_send(ctl, &skb, true);
	/* one in the same process has answered already */
	return err || cvsw_ctl_fd(ctl) >= 0 ? err : cvsw_ctl_posted(ctl);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control calls about flows.  Changes that fit go as one request, others as a
 * bundle of several.
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
	bool		stops;	/* when @each says so */
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
		if (dump->each(dump->arg, &dump->ctl->flow.flow))
			dump->stop = dump->stops;
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

static int ctl_flow_dump_request(struct cvsw_ctl *ctl, struct sk_buff *skb,
				 const struct cvsw_flow_mod *filter)
{
	return cvsw_ctl_begin(ctl, skb, CVSW_CMD_FLOW_GET, true) ?:
	       (filter ? ctl_put_filter(skb, filter) : 0);
}

int cvsw_ctl_flow_dump(struct cvsw_ctl *ctl, const struct cvsw_flow_mod *filter,
		       int (*each)(void *arg, const struct cvsw_flow *flow),
		       void *arg)
{
	struct ctl_flow_dump dump = {
		.ctl = ctl, .each = each, .arg = arg, .stops = true
	};
	struct sk_buff skb;

	return ctl_flow_dump_request(ctl, &skb, filter) ?:
	       cvsw_ctl_run(ctl, &skb, ctl_flow_msg, &dump);
}

int cvsw_ctl_flow_dump_begin(struct cvsw_ctl *ctl,
			     const struct cvsw_flow_mod *filter)
{
	struct sk_buff skb;
	int err;

	err = ctl_flow_dump_request(ctl, &skb, filter) ?:
	      cvsw_ctl_send(ctl, &skb, true);
	if (err)
		return err;
	ctl->dump = (struct cvsw_ctl_run){
		.request = skb.nlh,
		.seq = skb.nlh->nlmsg_seq,
		.each = ctl_flow_msg,
	};
	ctl->dumping = true;
	return 0;
}

static ssize_t ctl_flow_dump_recv(struct cvsw_ctl *ctl, int timeout_ms)
{
	if (timeout_ms < 0)
		return ctl->transport->answer(ctl->link, ctl->in,
					      sizeof(ctl->in));
	return ctl->transport->recv(ctl->link, ctl->in, sizeof(ctl->in),
				    timeout_ms);
}

int cvsw_ctl_flow_dump_step(struct cvsw_ctl *ctl, int timeout_ms,
			    int (*each)(void *arg, const struct cvsw_flow *flow),
			    void *arg)
{
	struct ctl_flow_dump dump = { .ctl = ctl, .each = each, .arg = arg };
	ssize_t n;

	if (!ctl->dumping)
		return cvsw_ctl_usable(ctl) ?:
		       cvsw_ctl_fail(ctl, -EINVAL, "no dump was begun");
	n = ctl_flow_dump_recv(ctl, timeout_ms);
	if (n < 0) {
		ctl->dumping = false;
		return cvsw_ctl_lost(ctl, (int)n);
	}
	ctl->dump.arg = &dump;
	if (n)
		cvsw_ctl_take(ctl, &ctl->dump, (int)n);
	ctl->dumping = !ctl->dump.over && !ctl->dump.err;
	return ctl->dumping ? 1 : ctl->dump.err;
}

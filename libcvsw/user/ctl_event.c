// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Events: asking for them and taking them apart. */

#include "ctl_priv.h"

static int ctl_subscribe_begin(struct cvsw_ctl *ctl, struct sk_buff *skb,
			       u32 groups)
{
	return cvsw_ctl_begin(ctl, skb, CVSW_CMD_SUBSCRIBE, false) ?:
	       nla_put_u32(skb, CVSW_A_GROUPS, groups);
}

static int ctl_subscribe_self(struct cvsw_ctl *ctl, u32 groups)
{
	int err = cvsw_ctl_usable(ctl);

	if (err)
		return err;
	err = ctl->transport->subscribe(ctl->link, ctl->name, groups);
	return err ? cvsw_ctl_fail(ctl, err, "groups: %s", strerror(-err)) : 0;
}

static int ctl_subscribe_ask(struct cvsw_ctl *ctl, u32 groups)
{
	struct sk_buff skb;

	return ctl_subscribe_begin(ctl, &skb, groups) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

int cvsw_ctl_subscribe(struct cvsw_ctl *ctl, u32 groups)
{
	int err = ctl->transport->subscribe ? ctl_subscribe_self(ctl, groups) :
					      ctl_subscribe_ask(ctl, groups);

	if (!err)
		ctl->groups = groups;
	return err;
}

/* a request that changes nothing, and is answered in its turn by one message:
 * to ask again for what there is, or about the switch */
static int ctl_mark_begin(struct cvsw_ctl *ctl, struct sk_buff *skb)
{
	int err;

	if (!ctl->transport->subscribe)
		return ctl_subscribe_begin(ctl, skb, ctl->groups);
	err = cvsw_ctl_begin(ctl, skb, CVSW_CMD_SWITCH_GET, false);
	if (!err)
		skb->nlh->nlmsg_flags &= (u16)~NLM_F_ACK;
	return err;
}

int cvsw_ctl_event_mark(struct cvsw_ctl *ctl)
{
	struct sk_buff skb;
	int err = ctl_mark_begin(ctl, &skb) ?: cvsw_ctl_send(ctl, &skb, true);

	if (!err)
		ctl->mark = ctl->seq;
	return err;
}

static void ctl_event_numbers(struct nlattr *const *tb,
			      struct cvsw_ctl_event *event)
{
	if (tb[CVSW_A_NAME])
		nla_strscpy(event->name, tb[CVSW_A_NAME], sizeof(event->name));
	if (tb[CVSW_A_REASON])
		event->reason = nla_get_u16(tb[CVSW_A_REASON]);
	if (tb[CVSW_A_IN_PORT])
		event->in_port = nla_get_u16(tb[CVSW_A_IN_PORT]);
	if (tb[CVSW_A_LEN])
		event->len = nla_get_u32(tb[CVSW_A_LEN]);
	if (tb[CVSW_A_COOKIE])
		event->cookie = nla_get_u64(tb[CVSW_A_COOKIE]);
	if (tb[CVSW_A_TUN_ID])
		event->tun_id = nla_get_be64(tb[CVSW_A_TUN_ID]);
	if (tb[CVSW_A_LOST])
		event->lost = nla_get_u32(tb[CVSW_A_LOST]);
	if (tb[CVSW_A_FRAME]) {
		event->frame = nla_data(tb[CVSW_A_FRAME]);
		event->frame_len = (size_t)nla_len(tb[CVSW_A_FRAME]);
	}
}

static bool ctl_event_whole(const struct cvsw_ctl_event *event)
{
	switch (event->cmd) {
	case CVSW_CMD_FLOW_REMOVED:
		return event->flow;
	case CVSW_CMD_PORT_EVENT:
		return event->port;
	case CVSW_CMD_PACKET_IN:
		return event->frame;
	case CVSW_CMD_LOST:
		return event->lost;
	default:
		return false;
	}
}

static int ctl_event_read(struct cvsw_ctl *ctl, const struct nlmsghdr *nlh,
			  struct cvsw_ctl_event *event)
{
	struct nlattr *tb[CVSW_A_MAX + 1];
	const struct nlattr *list;
	int len, err;

	memset(event, 0, sizeof(*event));
	event->cmd = cvsw_nl_msg_cmd(nlh);
	list = cvsw_nl_msg_attrs(nlh, &len);
	err = cvsw_nla_parse(tb, CVSW_A_MAX, list, len, cvsw_nl_policy, false,
			     NULL);
	if (!err && tb[CVSW_A_FLOW])
		err = cvsw_ctl_get_flow(ctl, tb[CVSW_A_FLOW]);
	if (!err && tb[CVSW_A_FLOW])
		event->flow = &ctl->flow.flow;
	if (!err && tb[CVSW_A_PORT]) {
		memset(&ctl->port, 0, sizeof(ctl->port));
		err = cvsw_nl_get_port(tb[CVSW_A_PORT], &ctl->port, NULL,
				       NULL);
		event->port = &ctl->port;
	}
	if (err)
		return cvsw_ctl_fail(ctl, -EBADMSG, "malformed event");
	ctl_event_numbers(tb, event);
	if (!ctl_event_whole(event))
		return cvsw_ctl_fail(ctl, -EBADMSG, "malformed event");
	return 1;
}

static int ctl_event_at_mark(struct cvsw_ctl *ctl, struct cvsw_ctl_event *event)
{
	memset(event, 0, sizeof(*event));
	ctl->mark = 0;
	return 1;
}

int cvsw_ctl_event(struct cvsw_ctl *ctl, int timeout_ms,
		   struct cvsw_ctl_event *event)
{
	/* the kernel answered at once, or the answer was lost with events */
	bool marked = ctl->mark && ctl->transport->subscribe;
	const struct nlmsghdr *nlh = (void *)ctl->in;
	ssize_t n = cvsw_ctl_usable(ctl);

	if (n)
		return (int)n;
	n = ctl->transport->recv(ctl->link, ctl->in, sizeof(ctl->in),
				 marked ? 0 : timeout_ms);
	if (!n && marked)
		return ctl_event_at_mark(ctl, event);
	if (n <= 0)
		return n ? cvsw_ctl_lost(ctl, (int)n) : 0;
	if (cvsw_nl_msg_fits(nlh, (int)n) && ctl->mark &&
	    nlh->nlmsg_seq == ctl->mark)
		return ctl_event_at_mark(ctl, event);
	/* each event has a datagram of its own */
	if (!cvsw_nl_msg_fits(nlh, (int)n) || !cvsw_nl_msg_ok(nlh) ||
	    nlh->nlmsg_seq)
		return cvsw_ctl_fail(ctl, -EBADMSG, "malformed event");
	return ctl_event_read(ctl, nlh, event);
}

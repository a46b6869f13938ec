// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Control calls about queues of ports. */

#include "ctl_priv.h"

#define CTL_QUEUE_WHICH	(1U << CVSW_QUEUE_A_PORT | 1U << CVSW_QUEUE_A_ID)
#define CTL_QUEUE_RATES	(1U << CVSW_QUEUE_A_MIN_RATE | \
			 1U << CVSW_QUEUE_A_MAX_RATE)

int cvsw_ctl_queue_set(struct cvsw_ctl *ctl, const struct cvsw_queue_info *info)
{
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_QUEUE_SET, false) ?:
	       cvsw_nl_put_queue(&skb, info,
				 CTL_QUEUE_WHICH | CTL_QUEUE_RATES) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

int cvsw_ctl_queue_del(struct cvsw_ctl *ctl, u16 port, u32 id)
{
	const struct cvsw_queue_info info = { .port = port, .id = id };
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_QUEUE_DEL, false) ?:
	       cvsw_nl_put_queue(&skb, &info, CTL_QUEUE_WHICH) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

struct ctl_queues {
	struct cvsw_ctl	*ctl;
	int		(*each)(void *arg, const struct cvsw_queue_info *info);
	void		*arg;
	bool		stop;
};

static int ctl_queue_msg(void *arg, const struct nlmsghdr *nlh)
{
	struct ctl_queues *dump = arg;
	struct cvsw_queue_info info;
	const struct nlattr *nla;
	int rem, len;
	u32 fields;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) != CVSW_A_QUEUE || dump->stop)
			continue;
		if (cvsw_nl_get_queue(nla, &info, &fields, NULL) ||
		    (fields & CTL_QUEUE_WHICH) != CTL_QUEUE_WHICH)
			return cvsw_ctl_fail(dump->ctl, -EBADMSG,
					     "malformed answer: queue");
		dump->stop = dump->each(dump->arg, &info);
	}
	return 0;
}

int cvsw_ctl_queue_dump(struct cvsw_ctl *ctl, u16 port,
			int (*each)(void *arg,
				    const struct cvsw_queue_info *info),
			void *arg)
{
	struct ctl_queues dump = { .ctl = ctl, .each = each, .arg = arg };
	const struct cvsw_queue_info info = { .port = port };
	struct sk_buff skb;

	if (port == CVSW_PORT_NONE)
		return cvsw_ctl_get(ctl, CVSW_CMD_QUEUE_GET, true,
				    ctl_queue_msg, &dump);
	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_QUEUE_GET, true) ?:
	       cvsw_nl_put_queue(&skb, &info, 1U << CVSW_QUEUE_A_PORT) ?:
	       cvsw_ctl_run(ctl, &skb, ctl_queue_msg, &dump);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Queues of ports: as attributes, and the requests about them.
 */

#include "nl_codec.h"

/* Attributes */

#define NL_QUEUE(member, attr) \
	CVSW_NL_FIELD(struct cvsw_queue_info, member, CVSW_QUEUE_A_##attr)

static const struct cvsw_nl_field nl_queue_fields[] = {
	NL_QUEUE(port, PORT),
	NL_QUEUE(id, ID),
	NL_QUEUE(min_rate, MIN_RATE),
	NL_QUEUE(max_rate, MAX_RATE),
	NL_QUEUE(tx_bytes, TX_BYTES),
	NL_QUEUE(tx_packets, TX_PACKETS),
	NL_QUEUE(tx_errors, TX_ERRORS),
};

int cvsw_nl_put_queue(struct sk_buff *skb, const struct cvsw_queue_info *info,
		      u32 fields)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_QUEUE);

	if (!nest)
		return -EMSGSIZE;
	if (cvsw_nl_put_fields(skb, nl_queue_fields,
			       ARRAY_SIZE(nl_queue_fields), fields, info)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int cvsw_nl_get_queue(const struct nlattr *nest, struct cvsw_queue_info *info,
		      u32 *fields, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_QUEUE_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_QUEUE_A_MAX, nest,
					  cvsw_nl_queue_policy, extack);
	if (err)
		return err;
	memset(info, 0, sizeof(*info));
	cvsw_nl_get_fields(tb, nl_queue_fields, ARRAY_SIZE(nl_queue_fields),
			   info);
	*fields = cvsw_nl_named(tb, CVSW_QUEUE_A_MAX);
	return 0;
}

/* Requests */

#define NL_QUEUE_WHICH	(1U << CVSW_QUEUE_A_PORT | 1U << CVSW_QUEUE_A_ID)
#define NL_QUEUE_RATES	(1U << CVSW_QUEUE_A_MIN_RATE | \
			 1U << CVSW_QUEUE_A_MAX_RATE)

static int nl_queue_refuse(const struct cvsw_nl_request *req, const char *text,
			   int ret)
{
	return cvsw_nl_refuse(req->extack, req->attrs[CVSW_A_QUEUE], text, ret);
}

/* the queue that a request names, and nothing but what it @may */
static int nl_queue_named(const struct cvsw_nl_request *req,
			  struct cvsw_queue_info *info, u32 may)
{
	u32 fields;
	int ret;

	ret = cvsw_nl_get_queue(req->attrs[CVSW_A_QUEUE], info, &fields,
				req->extack);
	if (ret)
		return ret;
	if ((fields & NL_QUEUE_WHICH) != NL_QUEUE_WHICH)
		return nl_queue_refuse(req, "queue: port or id is missing",
				       -EINVAL);
	if (fields & ~(NL_QUEUE_WHICH | may))
		return nl_queue_refuse(req, "queue: this of it cannot be set",
				       -EINVAL);
	return 0;
}

int cvsw_nl_queue_set(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	struct cvsw_error err = { .index = -1, .sub = -1 };
	struct cvsw_queue_info info;
	int ret;

	ret = nl_queue_named(req, &info, NL_QUEUE_RATES);
	if (ret)
		return ret;
	ret = cvsw_queue_set(req->sw, &info, &err);
	return ret ? nl_queue_refuse(req, err.text, ret) : 0;
}

int cvsw_nl_queue_del(const struct cvsw_nl_request *req, struct sk_buff *reply)
{
	struct cvsw_error err = { .index = -1, .sub = -1 };
	struct cvsw_queue_info info;
	int ret;

	ret = nl_queue_named(req, &info, 0);
	if (ret)
		return ret;
	ret = cvsw_queue_del(req->sw, info.port, info.id, &err);
	return ret ? nl_queue_refuse(req, err.text, ret) : 0;
}

/* Dumps */

int cvsw_nl_dump_queues_start(struct cvsw_nl_dump *dump,
			      const struct cvsw_nl_request *req)
{
	struct cvsw_queue_info info = {};
	struct cvsw_port_info port;
	u32 fields;
	int ret;

	dump->only = CVSW_PORT_NONE;
	if (!req->attrs[CVSW_A_QUEUE])
		return 0;
	ret = cvsw_nl_get_queue(req->attrs[CVSW_A_QUEUE], &info, &fields,
				req->extack);
	if (ret)
		return ret;
	if (fields != 1U << CVSW_QUEUE_A_PORT)
		return nl_queue_refuse(req, "queue: a dump takes only a port",
				       -EINVAL);
	if (cvsw_port_get(req->sw, info.port, &port))
		return nl_queue_refuse(req, "queue: no such port", -ENODEV);
	dump->only = info.port;
	dump->port = info.port;
	return 0;
}

/* a message at work, and the queues of a port that were put before it */
struct nl_dump_queues {
	struct sk_buff	*skb;
	u64		from;
	bool		full;
};

static int nl_dump_queue(void *arg, const struct cvsw_queue_info *info)
{
	struct nl_dump_queues *queues = arg;

	if (info->id < queues->from)
		return 0;
	queues->full = cvsw_nl_put_queue(queues->skb, info, ~0U);
	if (!queues->full)
		queues->from = info->id + 1ull;
	return queues->full;
}

/* 1 when the message is full; dump->port is the port at work */
int cvsw_nl_dump_queues(struct cvsw_nl_dump *dump, struct sk_buff *skb,
			u64 now)
{
	struct nl_dump_queues queues = { .skb = skb, .from = dump->queue };

	if (dump->only == CVSW_PORT_NONE && !dump->port)
		dump->port = cvsw_port_next(dump->sw, 0);
	while (dump->port != CVSW_PORT_NONE) {
		/* a port that is gone meanwhile has none */
		cvsw_queues_walk(dump->sw, dump->port, nl_dump_queue, &queues);
		dump->queue = queues.from;
		if (queues.full)
			return 1;
		if (dump->only != CVSW_PORT_NONE)
			break;
		dump->port = cvsw_port_next(dump->sw, dump->port);
		queues.from = 0;
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The parts of dumps, for the table of nl_request.c; those of queues are in
 * nl_queue.c.
 */

#include "nl_codec.h"

int cvsw_nl_dump_switch(struct cvsw_nl_dump *dump, struct sk_buff *skb,
			u64 now)
{
	return cvsw_nl_put_switch(skb, dump->sw);
}

int cvsw_nl_dump_flows_start(struct cvsw_nl_dump *dump,
			     const struct cvsw_nl_request *req)
{
	const struct nlattr *nest = req->attrs[CVSW_A_FLOW];
	struct cvsw_opt_match *opts;
	struct cvsw_flow_mod filter;
	int ret;

	if (!nest)
		return cvsw_flow_dump_start(req->sw, &dump->flows, NULL);
	if (cvsw_nl_count_flow_actions(nest))
		return cvsw_nl_refuse(req->extack, nest,
				      "a filter has no actions", -EINVAL);
	opts = kcalloc(CVSW_OPT_MATCHES_MAX, sizeof(*opts), GFP_KERNEL);
	if (!opts)
		return -ENOMEM;
	ret = cvsw_nl_get_flow(nest, &filter, NULL, opts, req->extack);
	if (!ret) {
		filter.cmd = CVSW_FLOW_DEL;
		ret = cvsw_flow_dump_start(req->sw, &dump->flows, &filter);
		if (ret == -EINVAL)
			cvsw_nl_refuse(req->extack, nest,
				       "options: not in order", ret);
	}
	kfree(opts);
	return ret;
}

static int nl_dump_flow(void *arg, const struct cvsw_flow *flow)
{
	struct cvsw_flow_mod mod = { .flow = *flow };

	return cvsw_nl_put_flow(arg, CVSW_A_FLOW, &mod, CVSW_NL_FLOW_STATS);
}

int cvsw_nl_dump_flows(struct cvsw_nl_dump *dump, struct sk_buff *skb,
		       u64 now)
{
	int more = cvsw_flow_dump_next(dump->flows, now, nl_dump_flow, skb);

	dump->seq = cvsw_flow_dump_seq(dump->flows);
	return more;
}

int cvsw_nl_dump_ports_start(struct cvsw_nl_dump *dump,
			     const struct cvsw_nl_request *req)
{
	const struct nlattr *port = req->attrs[CVSW_A_PORT];

	return port ? cvsw_nl_refuse(req->extack, port,
				     "a dump of ports is of all of them",
				     -EINVAL) : 0;
}

/* 1 when the message is full */
int cvsw_nl_dump_ports(struct cvsw_nl_dump *dump, struct sk_buff *skb,
		       u64 now)
{
	struct cvsw_port_info info;
	u16 no;

	for (;;) {
		no = cvsw_port_next(dump->sw, dump->port);
		if (no == CVSW_PORT_NONE)
			return 0;
		if (!cvsw_port_get(dump->sw, no, &info) &&
		    cvsw_nl_put_port(skb, &info, CVSW_NL_PORT_ALL, 0))
			return 1;
		dump->port = no;
	}
}

/* a message at work, and paths before it */
struct nl_dump_paths {
	struct sk_buff	*skb;
	u32		skip;
	u32		put;
	int		more;
};

static int nl_dump_path(void *arg, const struct cvsw_path_info *info)
{
	struct nl_dump_paths *paths = arg;

	if (paths->skip) {
		paths->skip--;
		return 0;
	}
	paths->more = cvsw_nl_put_path(paths->skb, info) ? 1 : 0;
	paths->put += !paths->more;
	return paths->more;
}

int cvsw_nl_dump_paths(struct cvsw_nl_dump *dump, struct sk_buff *skb,
		       u64 now)
{
	struct nl_dump_paths paths = { .skb = skb, .skip = dump->paths };

	cvsw_paths_walk(dump->sw, now, nl_dump_path, &paths);
	dump->paths += paths.put;
	return paths.more;
}

void cvsw_nl_dump_stop(struct cvsw_nl_dump *dump)
{
	if (dump->flows)
		cvsw_flow_dump_stop(dump->flows);
	dump->flows = NULL;
}

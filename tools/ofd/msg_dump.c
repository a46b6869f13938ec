// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flows, and sums over them: a walk over the table by a connection to the switch
 * of its own, as fast as the controller takes what is found.
 */

#include <sys/epoll.h>
#include "msg.h"

#define DUMP_STEPS	8	/* before others have their turn */


/**
 * struct dump - a walk
 * @job:   of the connection that asked
 * @ctl:   that the walk goes by
 * @fd:    of it
 * @seen:  flows, likewise @packets and @bytes of them
 * @reply: what is told of them
 */
struct dump {
	struct conn_job		job;
	struct cvsw_ctl		*ctl;
	struct ev_fd		fd;
	u64			seen;
	u64			packets;
	u64			bytes;
	struct stats_reply	reply;
};

static void dump_free(struct dump *dump)
{
	ev_del(dump->reply.conn->sw->ev, &dump->fd);
	cvsw_ctl_close(dump->ctl);
	free(dump);
}

static void dump_stop(struct conn_job *job)
{
	dump_free(container_of(job, struct dump, job));
}

/* why the switch failed, when a walk's own connection did because of @err.  It may
 * have no room for one more, or have ended this one only; if it is gone its other
 * connections tell. */
static int dump_failed(int err)
{
	return err == -ETIMEDOUT ? err : -EBUSY;
}

/* What is found */

/* bytes in front of the actions of an entry */
static u32 dump_head(const struct dump *dump, const void *at)
{
	const struct cvsw_ofp_nx_flow_stats *nx = at;

	if (!dump->reply.nxm)
		return sizeof(struct cvsw_ofp_flow_stats);
	return (u32)sizeof(*nx) + ((be16_to_cpu(nx->match_len) + 7u) & ~7u);
}

static int dump_put(struct dump *dump, const struct cvsw_flow *flow)
{
	u32 room, head;
	u8 *at = stats_at(&dump->reply, &room);
	int len = dump->reply.nxm ?
		  cvsw_of10_nx_flow_stats_put(flow, at, room, NULL) :
		  cvsw_of10_flow_stats_put(flow, at, room, NULL);

	if (len > 0 && !dump->reply.conn->vendor) {
		head = dump_head(dump, at);
		cvsw_of10_actions_note(at + head, (u32)len - head);
	}
	return len;
}

static int dump_flow(void *arg, const struct cvsw_flow *flow)
{
	struct dump *dump = arg;
	int put;

	dump->seen++;
	dump->packets += flow->packets;
	dump->bytes += flow->bytes;
	if (dump->reply.type == CVSW_OFP_STATS_AGGREGATE)
		return 0;
	put = dump_put(dump, flow);
	if (put == -EMSGSIZE) {
		stats_more(&dump->reply);
		put = dump_put(dump, flow);
	}
	if (put > 0)
		dump->reply.len += (u32)put;
	return 0;
}

static void dump_sum(struct dump *dump)
{
	u32 room;
	void *at = stats_at(&dump->reply, &room);
	int put = cvsw_of10_aggregate_put(dump->packets, dump->bytes,
					  (u32)dump->seen, at, room);

	dump->reply.len += (u32)put;
}

/* The walk */

static void dump_over(struct dump *dump, int ret)
{
	struct conn *conn = dump->reply.conn;

	if (!ret && dump->reply.type == CVSW_OFP_STATS_AGGREGATE)
		dump_sum(dump);
	if (!ret)
		stats_end(&dump->reply);
	else if (sw_failed(conn->sw, dump_failed(ret)))
		conn_end(conn, "the switch tells no more flows: %s",
			 cvsw_ctl_error(dump->ctl)->text);
	dump_free(dump);
	conn_done(conn);
}

/* steps, until there is nothing more just now; 1: it goes on */
static int dump_steps(struct dump *dump)
{
	unsigned int i;
	u64 before;
	int ret = 1;

	for (i = 0; i < DUMP_STEPS && ret > 0; i++) {
		if (conn_full(dump->reply.conn))
			break;
		before = dump->seen;
		ret = cvsw_ctl_flow_dump_step(dump->ctl, 0, dump_flow, dump);
		if (dump->seen == before)
			break;
	}
	return ret;
}

/* while nothing more is taken the switch is not looked at */
static void dump_go(struct dump *dump)
{
	struct conn *conn = dump->reply.conn;
	int ret = dump_steps(dump);

	if (ret > 0)
		ev_mod(conn->sw->ev, &dump->fd, conn_full(conn) ? 0 : EPOLLIN);
	else
		dump_over(dump, ret);
}

static void dump_ready(struct ev_fd *fd, u32 events)
{
	(void)events;
	dump_go(container_of(fd, struct dump, fd));
}

static void dump_room(struct conn_job *job)
{
	struct dump *dump = container_of(job, struct dump, job);

	if (!conn_full(dump->reply.conn))
		ev_mod(dump->reply.conn->sw->ev, &dump->fd, EPOLLIN);
}

/* It begins */

static int dump_begin(struct dump *dump,
		      const struct cvsw_of10_stats_request *req,
		      struct cvsw_ctl_error *err)
{
	struct sw *sw = dump->reply.conn->sw;
	int ret = sw_open(sw, &dump->ctl, err);

	if (ret)
		return ret;
	ret = cvsw_ctl_flow_dump_begin(dump->ctl, &req->filter);
	if (ret) {
		*err = *cvsw_ctl_error(dump->ctl);
		return ret;
	}
	dump->fd.fd = cvsw_ctl_fd(dump->ctl);
	return ev_add(sw->ev, &dump->fd, EPOLLIN);
}

/* of a table that there is not */
static void dump_nothing(struct dump *dump)
{
	if (dump->reply.type == CVSW_OFP_STATS_AGGREGATE)
		dump_sum(dump);
	stats_end(&dump->reply);
	free(dump);
}

void msg_dump(struct conn *conn, const void *msg, u32 len,
	      const struct cvsw_of10_stats_request *req)
{
	struct dump *dump = malloc(sizeof(*dump));
	struct cvsw_ctl_error err = {};
	int ret;

	if (!dump) {
		stats_failed(conn, msg, len, -ENOMEM, "");
		return;
	}
	memset(dump, 0, offsetof(struct dump, reply));
	dump->job.room = dump_room;
	dump->job.stop = dump_stop;
	dump->fd.ready = dump_ready;
	stats_begin(&dump->reply, conn, msg, req);
	if (req->absent) {
		dump_nothing(dump);
		return;
	}
	ret = dump_begin(dump, req, &err);
	if (ret) {
		stats_failed(conn, msg, len, dump_failed(ret), err.text);
		dump_free(dump);
		return;
	}
	conn_work(conn, &dump->job);
}

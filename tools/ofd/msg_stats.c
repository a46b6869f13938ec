// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Statistics: of the switch, its table, ports and queues; flows are msg_dump.c's. */

#include "msg.h"

/* A reply */

static void stats_head(struct stats_reply *reply)
{
	int put;

	put = reply->nxm ?
	      cvsw_of10_nx_stats_put(reply->type, reply->xid, reply->buf,
				     sizeof(reply->buf)) :
	      cvsw_of10_stats_put(reply->type, reply->xid, reply->buf,
				  sizeof(reply->buf));
	reply->len = (u32)put;
}

void stats_begin(struct stats_reply *reply, struct conn *conn, const void *msg,
		 const struct cvsw_of10_stats_request *req)
{
	reply->conn = conn;
	reply->type = req->type;
	reply->nxm = req->nxm;
	reply->xid = msg_xid(msg);
	stats_head(reply);
}

void stats_more(struct stats_reply *reply)
{
	cvsw_of10_stats_end(reply->buf, (u16)reply->len, true);
	conn_send(reply->conn, reply->buf, reply->len);
	stats_head(reply);
}

void stats_end(struct stats_reply *reply)
{
	cvsw_of10_stats_end(reply->buf, (u16)reply->len, false);
	conn_send(reply->conn, reply->buf, reply->len);
}

void stats_failed(struct conn *conn, const void *msg, u32 len, int err,
		  const char *why)
{
	struct cvsw_of10_error refusal;

	if (!sw_failed(conn->sw, err))
		return;
	sw_tell(conn->sw, LOG_WARNING, "", "%s", *why ? why : strerror(-err));
	cvsw_of10_refuse(&refusal, CVSW_OFP_E_BAD_REQUEST,
			 CVSW_OFP_REQUEST_EPERM, "stats: the switch did not tell");
	conn_refuse(conn, msg, len, &refusal);
}

/* What is asked for */

static int stats_add(struct stats_reply *reply, int put)
{
	if (put < 0)
		return put;
	reply->len += (u32)put;
	return 0;
}

static int stats_desc(struct stats_reply *reply,
		      const struct cvsw_of10_stats_request *req,
		      struct cvsw_of10_error *err)
{
	const struct cvsw_config *config = &reply->conn->sw->config;
	char serial[20];
	const struct cvsw_of10_desc desc = {
		.mfr = "CVSW",
		.hw = "virtual switch",
		.sw = PACKAGE_VERSION,
		.serial = serial,
		.dp = config->name,
	};
	void *at;
	u32 room;

	snprintf(serial, sizeof(serial), "%016llx", config->datapath_id);
	at = stats_at(reply, &room);
	return stats_add(reply, cvsw_of10_desc_put(&desc, at, room));
}

static int stats_table(struct stats_reply *reply,
		       const struct cvsw_of10_stats_request *req,
		       struct cvsw_of10_error *err)
{
	struct cvsw_table_stats stats;
	void *at;
	u32 room;
	int ret = cvsw_ctl_switch_get(reply->conn->sw->ctl, NULL, &stats);

	if (ret)
		return ret;
	at = stats_at(reply, &room);
	return stats_add(reply, cvsw_of10_table_stats_put(&stats, at, room));
}

static int stats_port(void *arg, const struct cvsw_port_info *info)
{
	struct stats_reply *reply = arg;
	u32 room;
	void *at = stats_at(reply, &room);
	int put = cvsw_of10_port_stats_put(info, at, room);

	if (put < 0) {
		stats_more(reply);
		at = stats_at(reply, &room);
		put = cvsw_of10_port_stats_put(info, at, room);
	}
	stats_add(reply, put);
	return 0;
}

static int stats_ports(struct stats_reply *reply,
		       const struct cvsw_of10_stats_request *req,
		       struct cvsw_of10_error *err)
{
	struct sw *sw = reply->conn->sw;
	struct cvsw_port_info info;
	int ret;

	if (req->port == CVSW_PORT_NONE)
		return cvsw_ctl_port_dump(sw->ctl, stats_port, reply);
	ret = cvsw_ctl_port_get(sw->ctl, req->port, NULL, &info);
	if (!ret)
		stats_port(reply, &info);
	else if (ret == -ENODEV && sw_failed(sw, ret))
		ret = 0;	/* no such port: nothing to tell */
	return ret;
}

/**
 * struct queue_search - queues that are asked for
 * @id:    CVSW_QUEUE_ALL for all
 * @found: how many there are
 */
struct queue_search {
	struct stats_reply	*reply;
	u32			id;
	u32			found;
};

static int stats_queue(void *arg, const struct cvsw_queue_info *info)
{
	struct queue_search *queues = arg;
	struct stats_reply *reply = queues->reply;
	const struct cvsw_of10_queue_stats stats = {
		.queue = info->id,
		.port = info->port,
		.tx_bytes = info->tx_bytes,
		.tx_packets = info->tx_packets,
		.tx_errors = info->tx_errors,
	};
	void *at;
	u32 room;
	int put;

	if (queues->id != CVSW_QUEUE_ALL && queues->id != info->id)
		return 0;
	queues->found++;
	at = stats_at(reply, &room);
	put = cvsw_of10_queue_stats_put(&stats, at, room);
	if (put < 0) {
		stats_more(reply);
		at = stats_at(reply, &room);
		put = cvsw_of10_queue_stats_put(&stats, at, room);
	}
	stats_add(reply, put);
	return 0;
}

static int stats_queues(struct stats_reply *reply,
			const struct cvsw_of10_stats_request *req,
			struct cvsw_of10_error *err)
{
	struct queue_search queues = { .reply = reply, .id = req->queue };
	bool all = req->port == CVSW_PORT_ALL || req->port == CVSW_PORT_NONE;
	struct sw *sw = reply->conn->sw;
	int ret = cvsw_ctl_queue_dump(sw->ctl,
				      all ? CVSW_PORT_NONE : req->port,
				      stats_queue, &queues);

	if (ret == -ENODEV && sw_failed(sw, ret))
		return cvsw_of10_refuse(err, CVSW_OFP_E_QUEUE_OP_FAILED,
					CVSW_OFP_QUEUE_BAD_PORT,
					"stats: no such port");
	if (!ret && req->queue != CVSW_QUEUE_ALL && !queues.found)
		return cvsw_of10_refuse(err, CVSW_OFP_E_QUEUE_OP_FAILED,
					CVSW_OFP_QUEUE_BAD_QUEUE,
					"stats: no such queue");
	return ret;
}

/* how each is answered: 0, or a negative errno; @err is filled when the request
 * is at fault, else it is the switch that failed */
static int (*const stats_kinds[])(struct stats_reply *reply,
				  const struct cvsw_of10_stats_request *req,
				  struct cvsw_of10_error *err) = {
	[CVSW_OFP_STATS_DESC]	= stats_desc,
	[CVSW_OFP_STATS_TABLE]	= stats_table,
	[CVSW_OFP_STATS_PORT]	= stats_ports,
	[CVSW_OFP_STATS_QUEUE]	= stats_queues,
};

static void stats_answer(struct conn *conn, const void *msg, u32 len,
			 const struct cvsw_of10_stats_request *req)
{
	struct stats_reply *reply = malloc(sizeof(*reply));
	struct cvsw_of10_error err = {};
	int ret = -ENOMEM;

	if (reply) {
		stats_begin(reply, conn, msg, req);
		ret = stats_kinds[req->type](reply, req, &err);
	}
	if (!ret)
		stats_end(reply);
	else if (err.text)
		conn_refuse(conn, msg, len, &err);
	else
		stats_failed(conn, msg, len, ret,
			     cvsw_ctl_error(conn->sw->ctl)->text);
	free(reply);
}

void msg_stats(struct conn *conn, const void *msg, u32 len)
{
	struct cvsw_of10_stats_request req;
	struct cvsw_of10_error err;

	if (cvsw_of10_stats_get(msg, len, &req, &err))
		conn_refuse(conn, msg, len, &err);
	else if (req.type == CVSW_OFP_STATS_FLOW ||
		 req.type == CVSW_OFP_STATS_AGGREGATE)
		msg_dump(conn, msg, len, &req);
	else
		stats_answer(conn, msg, len, &req);
}

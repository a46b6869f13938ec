// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Requests: which there are, who may make them and what handles them.
 *
 * Each is done when its handler returns, so that a barrier has nothing to wait
 * for but what the switch has told meanwhile.
 */

#include "msg.h"

struct msg_room *msg_room_new(void)
{
	return calloc(1, sizeof(struct msg_room));
}

bool msg_is_next(const void *msg, u32 left, u8 type)
{
	const struct cvsw_ofp_header *head = msg;
	struct cvsw_of10_error err;

	return left && head->type == type &&
	       !cvsw_of10_check(msg, msg_len(msg), &err);
}

void msg_reply(struct conn *conn, const void *msg, u8 type, const void *body,
	       u32 len)
{
	u32 size = (u32)sizeof(struct cvsw_ofp_header) + len;
	void *buf = conn_room(conn, size);
	int put;

	if (!buf)
		return;
	put = cvsw_of10_put(type, msg_xid(msg), body, len, buf, size);
	if (put > 0)
		conn_put(conn, (u32)put);
}

void msg_barrier(struct conn *conn, const void *msg, u32 len)
{
	(void)len;
	sw_events(conn->sw);
	msg_reply(conn, msg, CVSW_OFP_BARRIER_REPLY, NULL, 0);
}

/**
 * struct msg_kind - what is done with messages of one type
 * @one:     handles one
 * @many:    or handles those that are at the front; returns their bytes
 */
static const struct msg_kind {
	void	(*one)(struct conn *conn, const void *msg, u32 len);
	u32	(*many)(struct conn *conn, const void *msgs, u32 len);
} msg_kinds[CVSW_OFP_TYPES] = {
	[CVSW_OFP_VENDOR]		= { .many = msg_vendors },
	[CVSW_OFP_FEATURES_REQUEST]	= { .one = msg_features },
	[CVSW_OFP_GET_CONFIG_REQUEST]	= { .one = msg_config_get },
	[CVSW_OFP_SET_CONFIG]		= { .one = msg_config_set },
	[CVSW_OFP_PACKET_OUT]		= { .many = msg_frames },
	[CVSW_OFP_FLOW_MOD]		= { .many = msg_flows },
	[CVSW_OFP_PORT_MOD]		= { .one = msg_port_mod },
	[CVSW_OFP_STATS_REQUEST]	= { .one = msg_stats },
	[CVSW_OFP_BARRIER_REQUEST]	= { .one = msg_barrier },
	[CVSW_OFP_QUEUE_GET_CONFIG_REQUEST] = { .one = msg_queues },
};

int msg_allowed(const struct conn *conn, u8 type, struct cvsw_of10_error *err)
{
	if (role_may(conn, type))
		return 0;
	return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
				CVSW_OFP_REQUEST_EPERM,
				"message: not for a slave");
}

/* may it be asked for, here and now? */
static int msg_check(const struct conn *conn, const void *msg, u32 len,
		     struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_header *head = msg;
	const struct msg_kind *kind;
	int ret = cvsw_of10_check(msg, len, err);

	if (ret)
		return ret;
	kind = &msg_kinds[head->type];
	if (!kind->one && !kind->many)
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
					CVSW_OFP_REQUEST_TYPE,
					"message: no request");
	return msg_allowed(conn, head->type, err);
}

u32 msg_run(struct conn *conn, const void *msgs, u32 len)
{
	const struct cvsw_ofp_header *head = msgs;
	const struct msg_kind *kind;
	struct cvsw_of10_error err;
	u32 one = msg_len(msgs);

	if (!sw_there(conn->sw))
		return len;	/* the connection is about to end */
	if (msg_check(conn, msgs, one, &err)) {
		conn_refuse(conn, msgs, one, &err);
		return one;
	}
	kind = &msg_kinds[head->type];
	if (kind->many)
		return kind->many(conn, msgs, len);
	msg_frames_done(conn->sw);
	if (!sw_there(conn->sw))
		return len;
	kind->one(conn, msgs, one);
	return one;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What the switch tells unasked, to those who want to hear it.  A message is
 * made once for all connections, or twice when they want it in two forms.
 *
 * Who does not read loses PACKET_INs, of which there may be any number; all
 * else waits for it, until its queue is full and it is cut.
 */

#include "ofd.h"

#define ASYNC_CAUGHT_UP	(CHAN_OUT_FULL / 2)	/* bytes: it reads again */

void conn_async(struct conn *conn)
{
	conn->told = 0;
	if (!conn->up || conn->ended)
		return;
	if (!conn->remote && !conn->miss_send_len)
		return;
	conn->told = conn->async[conn->role == CVSW_OFP_NX_ROLE_SLAVE];
}

/**
 * struct async - something to be told
 * @what:  CONN_A_* that it is
 * @event: where it is from
 * @put:   writes it, in Nicira's form (@nxm) or in that of 1.0: its bytes, or
 *         -EMSGSIZE
 * @tell:  sends it to one connection
 * @nxm:   does a connection want Nicira's form?
 */
struct async {
	u32				what;
	const struct cvsw_ctl_event	*event;
	int	(*put)(const struct cvsw_ctl_event *event, bool nxm, void *buf,
		       u32 room);
	void	(*tell)(struct conn *conn, const void *msg, u32 len);
	bool	(*nxm)(const struct conn *conn);
};

static void async_form(struct sw *sw, const struct async *async, bool nxm)
{
	struct conn *conn;
	int len = 0;

	list_for_each_entry(conn, &sw->conns, link) {
		if (!(conn->told & async->what) || async->nxm(conn) != nxm)
			continue;
		if (!len)
			len = async->put(async->event, nxm, sw->buf,
					 sizeof(sw->buf));
		if (len < 0)
			return;
		async->tell(conn, sw->buf, (u32)len);
	}
}

static void async_tell(struct sw *sw, const struct async *async)
{
	async_form(sw, async, false);
	async_form(sw, async, true);
}

/* PACKET_IN */

static int async_frame_put(const struct cvsw_ctl_event *event, bool nxm,
			   void *buf, u32 room)
{
	const struct cvsw_packet_in info = {
		.reason = event->reason,
		.in_port = event->in_port,
		.total_len = event->len,
		.cookie = event->cookie,
		.tun_id = event->tun_id,
	};
	u32 len = (u32)event->frame_len;

	return nxm ? cvsw_of10_nx_packet_in_put(&info, event->frame, len, buf,
						room) :
		     cvsw_of10_packet_in_put(&info, event->frame, len, buf,
					     room);
}

static void async_frame_tell(struct conn *conn, const void *msg, u32 len)
{
	u32 waiting = chan_waiting(conn->chan);

	if (waiting >= CHAN_OUT_FULL) {
		conn->missed++;
		if (!conn->behind)
			sw_tell(conn->sw, LOG_WARNING, conn->peer,
				"it does not read: PACKET_INs are lost");
		conn->behind = true;
		return;
	}
	if (waiting < ASYNC_CAUGHT_UP)
		conn->behind = false;
	conn_send(conn, msg, len);
}

static bool async_frame_nxm(const struct conn *conn)
{
	return conn->nxm_in;
}

static void async_packet_in(struct sw *sw, const struct cvsw_ctl_event *event)
{
	const struct async async = {
		.what = CONN_A_PACKET_IN(event->reason),
		.event = event,
		.put = async_frame_put,
		.tell = async_frame_tell,
		.nxm = async_frame_nxm,
	};

	async_tell(sw, &async);
}

/* FLOW_REMOVED: that of 1.0 says of the match what it can */

static int async_flow_put(const struct cvsw_ctl_event *event, bool nxm,
			  void *buf, u32 room)
{
	u8 reason = (u8)event->reason;

	return nxm ? cvsw_of10_nx_flow_removed_put(event->flow, reason, buf,
						   room, NULL) :
		     cvsw_of10_flow_removed_put(event->flow, reason, buf, room,
						NULL);
}

static bool async_flow_nxm(const struct conn *conn)
{
	return conn->nxm;
}

static void async_removed(struct sw *sw, const struct cvsw_ctl_event *event)
{
	const struct async async = {
		.what = CONN_A_REMOVED(event->reason),
		.event = event,
		.put = async_flow_put,
		.tell = conn_send,
		.nxm = async_flow_nxm,
	};

	async_tell(sw, &async);
}

/* PORT_STATUS */

static int async_port_put(const struct cvsw_ctl_event *event, bool nxm,
			  void *buf, u32 room)
{
	return cvsw_of10_port_status_put(event->reason, event->port, buf, room);
}

static bool async_port_nxm(const struct conn *conn)
{
	return false;
}

static void async_port(struct sw *sw, const struct cvsw_ctl_event *event)
{
	static const u8 reasons[] = {
		[CVSW_EVENT_PORT_ADD] = CVSW_OFP_PORT_ADD,
		[CVSW_EVENT_PORT_DEL] = CVSW_OFP_PORT_DELETE,
		[CVSW_EVENT_PORT_MOD] = CVSW_OFP_PORT_MODIFY,
	};
	struct async async = {
		.event = event,
		.put = async_port_put,
		.tell = conn_send,
		.nxm = async_port_nxm,
	};

	if (event->reason < CVSW_EVENT_PORT_ADD ||
	    event->reason > CVSW_EVENT_PORT_MOD)
		return;
	async.what = CONN_A_PORT(reasons[event->reason]);
	async_tell(sw, &async);
}

/* said for the first only: there may be many, and they are counted */
static void async_lost(struct sw *sw, u32 lost)
{
	if (!sw->lost)
		say(LOG_WARNING, "%s: events are lost: more came than could be read",
		    sw->config.name);
	sw->lost += lost;
}

void async_event(struct sw *sw, const struct cvsw_ctl_event *event)
{
	switch (event->cmd) {
	case CVSW_CMD_PACKET_IN:
		async_packet_in(sw, event);
		break;
	case CVSW_CMD_FLOW_REMOVED:
		async_removed(sw, event);
		break;
	case CVSW_CMD_PORT_EVENT:
		async_port(sw, event);
		break;
	case CVSW_CMD_LOST:
		async_lost(sw, event->lost);
		break;
	}
}

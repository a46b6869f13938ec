// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Events on their way to clients.
 *
 * They come from any thread, which encodes what it has and sends it itself to
 * all who want it.  Clients and switches stay meanwhile, since it holds the
 * server's lock as one of many; see cvsw_nl_client_event() for what a client
 * does not take at once.  Where nobody wants an event that costs one load.
 */

#include "nl_server_priv.h"

/* longest event but for a packet-in, and such a one without its frame */
#define NL_EVENT_ROOM		16384u
#define NL_PACKET_IN_ROOM	256u

/**
 * struct nl_event - an event as it is sent
 * @len:  bytes of @data
 * @data: the message; NULL: none yet, or there was no memory
 */
struct nl_event {
	size_t	len;
	u8	*data;
};

static int nl_event_begin(struct nl_event *event, struct sk_buff *skb,
			  size_t room, u8 cmd)
{
	event->data = kmalloc(room, GFP_KERNEL);
	if (!event->data)
		return -ENOMEM;
	return cvsw_nl_msg_begin(skb, event->data, room, 0, 0, cmd);
}

/* @err: of encoding it */
static void nl_event_end(struct nl_event *event, const struct sk_buff *skb,
			 int err)
{
	if (!err) {
		event->len = cvsw_nl_msg_len(skb);
		return;
	}
	kfree(event->data);
	event->data = NULL;
}

static bool nl_event_wanted(const struct cvsw_nl_client *client,
			    const struct nl_served *served, u32 groups)
{
	return client->groups & groups &&
	       (!client->only || client->only == served);
}

/* Of flows and ports */

static void nl_event_send(struct cvsw_nl_server *server,
			  const struct nl_served *served,
			  const struct cvsw_event *event, u32 group)
{
	const u8 cmd = group == CVSW_NL_GROUP_FLOW ? CVSW_CMD_FLOW_REMOVED :
						     CVSW_CMD_PORT_EVENT;
	struct cvsw_nl_client *client;
	struct nl_event out = {};
	struct sk_buff skb;

	nl_event_end(&out, &skb,
		     nl_event_begin(&out, &skb, NL_EVENT_ROOM, cmd) ?:
		     cvsw_nl_put_event(&skb, served->name, event));
	list_for_each_entry(client, &server->clients, list)
		if (nl_event_wanted(client, served, group))
			cvsw_nl_client_event(client, out.data, out.len,
					     NL_CLIENT_EVENTS_MAX);
	kfree(out.data);
}

void cvsw_nl_server_event(struct cvsw_nl_server *server,
			  const struct cvsw_switch *sw,
			  const struct cvsw_event *event)
{
	const u32 group = event->kind == CVSW_EVENT_FLOW_REMOVED ?
			  CVSW_NL_GROUP_FLOW : CVSW_NL_GROUP_PORT;
	const struct nl_served *served;

	if (!(READ_ONCE(server->groups) & group))
		return;
	down_read(&server->lock);
	served = cvsw_nl_server_find(server, sw);
	if (served && served->groups & group)
		nl_event_send(server, served, event, group);
	up_read(&server->lock);
}

/* Packet-ins */

#define NL_PACKET_INS	(CVSW_NL_GROUP_PACKET_IN | CVSW_NL_GROUP_PACKET_IN_WHOLE)

/**
 * struct nl_packet_in - a frame for controllers
 * @served: its switch
 * @pkt:    the frame
 * @info:   what goes with it
 * @cut:    with as much of the frame as was asked for
 * @whole:  with all of it; there may be only one of them
 */
struct nl_packet_in {
	const struct nl_served		*served;
	const struct cvsw_pkt		*pkt;
	const struct cvsw_packet_in	*info;
	struct nl_event			cut;
	struct nl_event			whole;
};

static void nl_packet_in_make(const struct nl_packet_in *in,
			      struct nl_event *event, u32 len)
{
	struct sk_buff skb;
	void *frame = NULL;

	if (!nl_event_begin(event, &skb, NL_PACKET_IN_ROOM + len,
			    CVSW_CMD_PACKET_IN))
		frame = cvsw_nl_put_packet_in(&skb, in->served->name, in->info,
					      len);
	if (frame)
		memcpy(frame, cvsw_frame_data(in->pkt), len);
	nl_event_end(event, &skb, frame ? 0 : -EMSGSIZE);
}

/* the event for those who want it @whole, or not */
static const struct nl_event *nl_packet_in_event(struct nl_packet_in *in,
						 bool whole)
{
	u32 len = min_t(u32, cvsw_frame_len(in->pkt), CVSW_NL_FRAME_MAX);
	const u32 max_len = in->info->max_len;
	struct nl_event *event = &in->whole;

	if (!whole && max_len && max_len < len) {
		event = &in->cut;
		len = max_len;
	}
	if (!event->data)
		nl_packet_in_make(in, event, len);
	return event;
}

/* -ENOBUFS when nobody got it */
static int nl_packet_in_send(struct cvsw_nl_server *server,
			     struct nl_packet_in *in)
{
	struct cvsw_nl_client *client;
	const struct nl_event *event;
	int ret = -ENOBUFS;

	list_for_each_entry(client, &server->clients, list) {
		if (!nl_event_wanted(client, in->served, NL_PACKET_INS))
			continue;
		event = nl_packet_in_event(in, client->groups &
					   CVSW_NL_GROUP_PACKET_IN_WHOLE);
		if (!cvsw_nl_client_event(client, event->data, event->len,
					  NL_CLIENT_FRAMES_MAX))
			ret = 0;
	}
	kfree(in->cut.data);
	kfree(in->whole.data);
	return ret;
}

int cvsw_nl_server_packet_in(struct cvsw_nl_server *server,
			     const struct cvsw_switch *sw,
			     const struct cvsw_pkt *pkt,
			     const struct cvsw_packet_in *info)
{
	struct nl_packet_in in = { .pkt = pkt, .info = info };
	int ret = -ENOTCONN;

	if (!(READ_ONCE(server->groups) & NL_PACKET_INS))
		return ret;
	down_read(&server->lock);
	in.served = cvsw_nl_server_find(server, sw);
	if (in.served && in.served->groups & NL_PACKET_INS)
		ret = nl_packet_in_send(server, &in);
	up_read(&server->lock);
	return ret;
}

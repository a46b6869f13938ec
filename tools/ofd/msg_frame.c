// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Packet-outs, of which those that follow each other are sent together. */

#include "msg.h"

/* the packet-out @msg, as flow_get() */
static int frame_get(struct msg_room *room, const void *msg, u32 left,
		     unsigned int n, unsigned int used,
		     struct cvsw_of10_error *err)
{
	struct cvsw_ctl_packet_out *frame = &room->frame[n];
	struct cvsw_of10_packet_out out;
	int ret;

	if (!msg_is_next(msg, left, CVSW_OFP_PACKET_OUT))
		return -ENOENT;
	ret = cvsw_of10_packet_out_get(msg, msg_len(msg), &out,
				       &room->act[used], err);
	if (ret)
		return ret;
	*frame = (struct cvsw_ctl_packet_out){
		.frame = out.frame,
		.len = out.frame_len,
		.actions = &room->act[used],
		.n_actions = out.n_actions,
		.in_port = out.in_port,
		.sub = -1,
	};
	return 0;
}

static unsigned int frames_get(struct msg_room *room, const u8 *msgs, u32 len,
			       struct cvsw_of10_error *err)
{
	unsigned int n = 0, used = 0;
	u32 at = 0;

	while (n < MSG_FRAMES && used <= MSG_ACTS - CVSW_ACTIONS_MAX &&
	       at < MSG_BYTES &&
	       !frame_get(room, msgs + at, len - at, n, used, err)) {
		used += room->frame[n].n_actions;
		room->at[n++] = at;
		at += msg_len(msgs + at);
	}
	room->at[n] = at;
	return n;
}

static void frame_refuse(struct conn *conn, const u8 *msgs, unsigned int i)
{
	const struct cvsw_ctl_packet_out *frame = &conn->sw->room->frame[i];
	const u32 *at = &conn->sw->room->at[i];
	struct cvsw_of10_error err;

	if (frame->sub >= 0)
		cvsw_of10_refuse(&err, CVSW_OFP_E_BAD_ACTION,
				 CVSW_OFP_ACTION_ARGUMENT,
				 "action: not valid here");
	else if (frame->ret == -EINVAL && !frame->len)
		return;			/* no frame: there is nothing to send */
	else if (frame->ret == -EINVAL)
		cvsw_of10_refuse(&err, CVSW_OFP_E_BAD_REQUEST,
				 CVSW_OFP_REQUEST_LEN,
				 "packet_out: frame too short");
	else
		cvsw_of10_refuse(&err, CVSW_OFP_E_BAD_ACTION,
				 CVSW_OFP_ACTION_TOO_MANY,
				 "packet_out: no memory");
	conn_refuse(conn, msgs + at[0], at[1] - at[0], &err);
}

u32 msg_frames(struct conn *conn, const void *msgs, u32 len)
{
	struct sw *sw = conn->sw;
	struct msg_room *room = sw->room;
	struct cvsw_of10_error err;
	unsigned int n, i;
	int ret;

	n = frames_get(room, msgs, len, &err);
	if (!n) {
		conn_refuse(conn, msgs, msg_len(msgs), &err);
		return msg_len(msgs);
	}
	ret = cvsw_ctl_packet_outs(sw->ctl, room->frame, n);
	if (ret && !sw_failed(sw, ret))
		return room->at[n];
	for (i = 0; i < n; i++)
		if (room->frame[i].ret)
			frame_refuse(conn, msgs, i);
	return room->at[n];
}

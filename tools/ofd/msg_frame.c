// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Packet-outs.  Nobody waits for their answers; what is refused is told when it
 * is heard of, before the answer to any other request at the latest.
 */

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

static void frame_refuse(const struct post *post, int ret, bool action)
{
	struct cvsw_of10_error err;

	if (action)
		cvsw_of10_refuse(&err, CVSW_OFP_E_BAD_ACTION,
				 CVSW_OFP_ACTION_ARGUMENT,
				 "action: not valid here");
	else if (ret == -EINVAL && !post->frame_len)
		return;			/* no frame: there is nothing to send */
	else if (ret == -EINVAL || ret == -EMSGSIZE)
		cvsw_of10_refuse(&err, CVSW_OFP_E_BAD_REQUEST,
				 CVSW_OFP_REQUEST_LEN,
				 "packet_out: frame too short or too long");
	else
		cvsw_of10_refuse(&err, CVSW_OFP_E_BAD_ACTION,
				 CVSW_OFP_ACTION_TOO_MANY,
				 "packet_out: no memory");
	conn_refuse(post->conn, post->msg, post->len, &err);
}

void msg_frame_refused(void *arg, u32 seq, int err)
{
	const struct sw *sw = arg;
	const struct post *post = sw->room->post;
	const struct post *end = post + sw->room->n_posts;

	while (post < end && post->seq != seq)
		post++;
	if (post < end && post->conn)
		frame_refuse(post, err, cvsw_ctl_error(sw->ctl)->sub >= 0);
}

void msg_frames_forget(const struct conn *conn)
{
	struct msg_room *room = conn->sw->room;
	unsigned int i;

	for (i = 0; i < room->n_posts; i++)
		if (room->post[i].conn == conn)
			room->post[i].conn = NULL;
}

void msg_frames_done(struct sw *sw)
{
	int ret;

	if (!sw->room->n_posts || !sw_there(sw))
		return;
	ret = cvsw_ctl_switch_get(sw->ctl, NULL, NULL);
	if (ret)
		sw_failed(sw, ret);
	sw->room->n_posts = 0;
}

/* send number @i of those that were got; false: the switch is gone */
static bool frame_post(struct conn *conn, const u8 *msgs, unsigned int i)
{
	struct sw *sw = conn->sw;
	struct msg_room *room = sw->room;
	const u32 *at = &room->at[i];
	struct post *post;
	int ret;

	if (room->n_posts == CVSW_CTL_POSTS)
		msg_frames_done(sw);
	if (!sw_there(sw))
		return false;
	/* one in the same process may be refused before this returns */
	post = &room->post[room->n_posts++];
	post->conn = conn;
	post->frame_len = (u32)room->frame[i].len;
	post->len = min_t(u32, at[1] - at[0], POST_COPY);
	memcpy(post->msg, msgs + at[0], post->len);
	ret = cvsw_ctl_packet_post(sw->ctl, &room->frame[i], &post->seq);
	if (ret && sw_failed(sw, ret))
		frame_refuse(post, ret, false);
	return sw_there(sw);
}

u32 msg_frames(struct conn *conn, const void *msgs, u32 len)
{
	struct msg_room *room = conn->sw->room;
	struct cvsw_of10_error err;
	unsigned int n, i;

	n = frames_get(room, msgs, len, &err);
	if (!n) {
		conn_refuse(conn, msgs, msg_len(msgs), &err);
		return msg_len(msgs);
	}
	for (i = 0; i < n && frame_post(conn, msgs, i); i++)
		;
	return room->at[n];
}

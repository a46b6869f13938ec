/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_MSG_H
#define CVSW_OFD_MSG_H

/*
 * What the msg*.c share.  A handler is given one whole message, or several of
 * which the first passed cvsw_of10_check(), from a controller that may ask for
 * it.  It puts its answer or its error; nothing when the switch is found to be
 * gone.
 */

#include "ofd.h"

/* bounds of what is handled together */
#define MSG_STEPS	512
#define MSG_FLOWS	256
#define MSG_FRAMES	64
#define MSG_ACTS	2048
#define MSG_BYTES	CONN_TURN_BYTES

#define MSG_BARRIER	0xffff

#define POST_COPY	128	/* bytes of a request that its ERROR tells */

/**
 * struct post - a packet-out whose answer nobody waits for
 * @seq:       by which the switch refuses it
 * @frame_len: bytes of its frame
 * @len:       bytes of @msg
 * @conn:      who sent it; NULL: it is gone
 * @msg:       how it began
 */
struct post {
	u32		seq;
	u32		frame_len;
	u32		len;
	struct conn	*conn;
	u8		msg[POST_COPY];
};

/**
 * struct msg_room - memory for messages that are handled together
 * @mod:   flow-mods
 * @frame: packet-outs
 * @at:    where each message begins, bytes from the first, and where the last
 *         one ends
 * @nth:   which of @mod it is, or MSG_BARRIER
 * @act:   actions of @mod or @frame
 */
struct msg_room {
	struct cvsw_flow_mod		mod[MSG_FLOWS];
	struct cvsw_ctl_packet_out	frame[MSG_FRAMES];
	u32				at[MSG_STEPS + 1];
	u16				nth[MSG_STEPS];
	struct cvsw_action		act[MSG_ACTS];
	struct post			post[CVSW_CTL_POSTS];
	unsigned int			n_posts;
};

static inline u32 msg_len(const void *msg)
{
	const struct cvsw_ofp_header *head = msg;

	return be16_to_cpu(head->length);
}

static inline u32 msg_xid(const void *msg)
{
	const struct cvsw_ofp_header *head = msg;

	return be32_to_cpu(head->xid);
}

/* msg.c */

/* is a good message of @type the next, @left bytes before the end? */
bool msg_is_next(const void *msg, u32 left, u8 type);

/* may its role send messages of @type?  0 or -EINVAL */
int msg_allowed(const struct conn *conn, u8 type, struct cvsw_of10_error *err);

/* what came before has been done; what it caused is told before the answer */
void msg_barrier(struct conn *conn, const void *msg, u32 len);

/* put a reply that has a body of @len bytes, or none */
void msg_reply(struct conn *conn, const void *msg, u8 type, const void *body,
	       u32 len);

/* msg_flow.c, msg_frame.c: as many as are cheaper together, of @len bytes;
 * returns how many bytes were handled */
u32 msg_flows(struct conn *conn, const void *msgs, u32 len);
u32 msg_frames(struct conn *conn, const void *msgs, u32 len);

/* msg_frame.c: wait until all packet-outs are done with, or refused */
void msg_frames_done(struct sw *sw);

/* msg_config.c */
void msg_config_get(struct conn *conn, const void *msg, u32 len);
void msg_config_set(struct conn *conn, const void *msg, u32 len);

/* msg_port.c */
void msg_features(struct conn *conn, const void *msg, u32 len);
void msg_port_mod(struct conn *conn, const void *msg, u32 len);
void msg_queues(struct conn *conn, const void *msg, u32 len);

/* msg_stats.c */

/**
 * struct stats_reply - an answer to a STATS_REQUEST, of as many messages as it
 * takes
 * @conn: whose it is
 * @type: enum cvsw_ofp_stats_type
 * @nxm:  of Nicira's form
 * @xid:  of the request
 * @len:  bytes of the message that is being made
 * @buf:  which is there, since others may be sent between two entries
 */
struct stats_reply {
	struct conn	*conn;
	u16		type;
	bool		nxm;
	u32		xid;
	u32		len;
	u8		buf[CVSW_OFP_MSG_MAX];
};

void stats_begin(struct stats_reply *reply, struct conn *conn, const void *msg,
		 const struct cvsw_of10_stats_request *req);

/* where the next entry is to be put, and how much room there is; what does not
 * fit goes into the next message, after stats_more() */
static inline void *stats_at(struct stats_reply *reply, u32 *room)
{
	*room = CVSW_OFP_MSG_MAX - reply->len;
	return reply->buf + reply->len;
}

/* send what there is, and begin the next message */
void stats_more(struct stats_reply *reply);

/* send the last one */
void stats_end(struct stats_reply *reply);

/* the switch did not tell because of @err, as @ctl knows: refuse the request */
void stats_failed(struct conn *conn, const void *msg, u32 len, int err,
		  const char *why);

/* msg_dump.c: FLOW and AGGREGATE */
void msg_dump(struct conn *conn, const void *msg, u32 len,
	      const struct cvsw_of10_stats_request *req);

/* msg_vendor.c: as msg_flows(), which it calls for those of Nicira */
u32 msg_vendors(struct conn *conn, const void *msgs, u32 len);

#endif /* CVSW_OFD_MSG_H */

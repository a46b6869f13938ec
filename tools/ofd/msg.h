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
#define MSG_FLOWS	256
#define MSG_FRAMES	64
#define MSG_ACTS	2048
#define MSG_BYTES	CONN_TURN_BYTES

/**
 * struct msg_room - memory for messages that are handled together
 * @mod:   flow-mods
 * @frame: packet-outs
 * @at:    where each begins, bytes from the first, and where the last one ends
 * @act:   their actions
 */
struct msg_room {
	struct cvsw_flow_mod		mod[MSG_FLOWS];
	struct cvsw_ctl_packet_out	frame[MSG_FRAMES];
	u32				at[MSG_FLOWS + 1];
	struct cvsw_action		act[MSG_ACTS];
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

/* put a reply that has a body of @len bytes, or none */
void msg_reply(struct conn *conn, const void *msg, u8 type, const void *body,
	       u32 len);

/* msg_flow.c, msg_frame.c: as many as are cheaper together, of @len bytes;
 * returns how many bytes were handled */
u32 msg_flows(struct conn *conn, const void *msgs, u32 len);
u32 msg_frames(struct conn *conn, const void *msgs, u32 len);

/* msg_config.c */
void msg_config_get(struct conn *conn, const void *msg, u32 len);
void msg_config_set(struct conn *conn, const void *msg, u32 len);

/* msg_port.c */
void msg_features(struct conn *conn, const void *msg, u32 len);
void msg_port_mod(struct conn *conn, const void *msg, u32 len);
void msg_queues(struct conn *conn, const void *msg, u32 len);

/* msg_vendor.c: as msg_flows(), which it calls for those of Nicira */
u32 msg_vendors(struct conn *conn, const void *msgs, u32 len);

#endif /* CVSW_OFD_MSG_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What comes in by a connection.  HELLO must be first; then HELLO, ERROR and
 * ECHO are answered here and everything else is msg.c's.
 *
 * It takes its turn with other connections, and none while an answer is not
 * finished or the peer does not read: what it sends then stays where it is.
 */

#include <ctype.h>
#include <time.h>
#include "conn.h"

#define CONN_WORDS	100	/* bytes of a peer's text that are kept */

static u32 conn_msg_len(const void *msg)
{
	const struct cvsw_ofp_header *head = msg;

	return be16_to_cpu(head->length);
}

/* Errors of the peer: noted, and never answered */

/* what can be read of @n bytes, and begins with a blank */
static void conn_words(const u8 *from, u32 n, char *to)
{
	u32 i;

	n = min_t(u32, n, CONN_WORDS);
	for (i = 0; i < n && from[i]; i++)
		to[i] = isascii(from[i]) && isprint(from[i]) ? (char)from[i]
							      : '?';
	to[i] = '\0';
}

/* the text of a HELLO_FAILED, or which request of ours was at fault */
static void conn_told_error(struct conn *conn, const void *msg, u32 len)
{
	const struct cvsw_ofp_error *wire = msg;
	const struct cvsw_ofp_header *ours = (const void *)(wire + 1);
	char text[CONN_WORDS + 1] = "";
	u32 n;

	if (len < sizeof(*wire))
		return;
	n = len - (u32)sizeof(*wire);
	if (wire->type == cpu_to_be16(CVSW_OFP_E_HELLO_FAILED))
		conn_words((const u8 *)ours, n, text);
	else if (n >= sizeof(*ours))
		snprintf(text, sizeof(text), "to a message of type %u",
			 ours->type);
	conn_error(conn, "received", be16_to_cpu(wire->type),
		   be16_to_cpu(wire->code), text);
}

/* The first message */

static void conn_agree(struct conn *conn)
{
	u64 probe = conn->sw->conf->probe_ms * CONN_MS, now = conn->heard;

	conn->up = true;
	conn->since = (u64)time(NULL);
	/* who says no more than HELLO is asked early whether it is there */
	conn->heard -= min(probe / 2, now);
	conn_watch(conn, now);
	conn_async(conn);
	if (conn->remote)
		remote_up(conn->remote);
	if (conn->service)
		service_up(conn->service);
}

/* end with HELLO_FAILED, which has a text as its body */
static void conn_fail(struct conn *conn, const struct cvsw_ofp_header *head,
		      const char *text)
{
	const struct cvsw_of10_error err = {
		CVSW_OFP_E_HELLO_FAILED, CVSW_OFP_HELLO_INCOMPATIBLE, text
	};
	u32 size = (u32)(sizeof(struct cvsw_ofp_error) + strlen(text));
	void *room = conn_room(conn, size);

	if (room && cvsw_of10_error_put(&err, be32_to_cpu(head->xid), text,
					(u32)strlen(text), room, size) > 0) {
		conn_put(conn, size);
		conn_error(conn, "sent", err.type, err.code, text);
	}
	conn_part(conn, "%s", text);
}

static void conn_first(struct conn *conn, const void *msg, u32 len)
{
	const struct cvsw_ofp_header *head = msg;
	char text[80];

	if (head->type == CVSW_OFP_HELLO && head->version >= CVSW_OFP_VERSION) {
		conn_agree(conn);
		return;
	}
	if (head->type == CVSW_OFP_ERROR) {
		conn_told_error(conn, msg, len);
		conn_end(conn, "refused by the peer: %s", conn->last_error);
		return;
	}
	if (head->type == CVSW_OFP_HELLO)
		snprintf(text, sizeof(text),
			 "HELLO of version 0x%02x, and we speak 0x%02x",
			 head->version, CVSW_OFP_VERSION);
	else
		snprintf(text, sizeof(text),
			 "HELLO must be first, and not a message of type %u",
			 head->type);
	conn_fail(conn, head, text);
}

/* The others */

static void conn_again(struct conn *conn, const void *msg, u32 len)
{
	static const struct cvsw_of10_error err = {
		CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_TYPE,
		"message: HELLO again"
	};

	conn_refuse(conn, msg, len, &err);
}

/* of any version that there is: a peer may not yet have heard ours */
static void conn_echo(struct conn *conn, const void *msg, u32 len)
{
	static const struct cvsw_of10_error err = {
		CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_VERSION,
		"message: of version 0"
	};
	const struct cvsw_ofp_header *head = msg;
	void *room;

	if (!head->version) {
		conn_refuse(conn, msg, len, &err);
		return;
	}
	room = conn_room(conn, len);
	if (room && cvsw_of10_put(CVSW_OFP_ECHO_REPLY, be32_to_cpu(head->xid),
				  head + 1, len - (u32)sizeof(*head), room,
				  len) > 0)
		conn_put(conn, len);
}

/* where the next message begins is not to be known */
void conn_bad(void *arg, const void *head)
{
	static const struct cvsw_of10_error err = {
		CVSW_OFP_E_BAD_REQUEST, CVSW_OFP_REQUEST_LEN,
		"message: shorter than its header"
	};
	struct conn *conn = arg;

	conn_refuse(conn, head, (u32)sizeof(struct cvsw_ofp_header), &err);
	conn_part(conn, "message of %u bytes", conn_msg_len(head));
}

/* bytes of the messages at the front that are for msg.c */
static u32 conn_requests(const u8 *msgs, u32 len)
{
	const struct cvsw_ofp_header *head;
	u32 n = 0;

	for (; n < len; n += conn_msg_len(head)) {
		head = (const void *)(msgs + n);
		if (head->type <= CVSW_OFP_ECHO_REPLY)
			break;
	}
	return n;
}

/* handle what is at the front: its bytes */
static u32 conn_some(struct conn *conn, const u8 *msgs, u32 len)
{
	const struct cvsw_ofp_header *head = (const void *)msgs;
	u32 one = conn_msg_len(msgs);

	if (!conn->up) {
		conn_first(conn, msgs, one);
		return one;
	}
	switch (head->type) {
	case CVSW_OFP_HELLO:
		conn_again(conn, msgs, one);
		return one;
	case CVSW_OFP_ERROR:
		conn_told_error(conn, msgs, one);
		return one;
	case CVSW_OFP_ECHO_REQUEST:
		conn_echo(conn, msgs, one);
		return one;
	case CVSW_OFP_ECHO_REPLY:	/* it was heard, which is all we ask */
		return one;
	default:
		return msg_run(conn, msgs, conn_requests(msgs, len));
	}
}

/* Turns */

static void conn_count(struct conn *conn, const u8 *msgs, u32 len)
{
	const struct cvsw_ofp_header *head;
	u32 n;

	for (n = 0; n < len; n += conn_msg_len(head)) {
		head = (const void *)(msgs + n);
		if (head->type < CVSW_OFP_TYPES)
			conn->in[head->type]++;
		else
			conn->in_strange++;
	}
}

/* bytes of the whole messages at the front that make one turn */
static u32 conn_turn(const u8 *msgs, u32 len)
{
	u32 n = 0, one;

	if (len <= CONN_TURN_BYTES)
		return len;
	for (; n < len; n += one) {
		one = conn_msg_len(msgs + n);
		if (n + one > CONN_TURN_BYTES)
			break;
	}
	return n;
}

static void conn_run(struct conn *conn)
{
	u64 until = ofd_now() + CONN_TURN_NS;
	u32 len, n, done = 0;
	const u8 *msgs = chan_look(conn->chan, &len);

	len = conn_turn(msgs, len);
	while (done < len && !conn->job && !conn_full(conn) &&
	       (!done || ofd_now() < until)) {
		n = conn_some(conn, msgs + done, len - done);
		conn_count(conn, msgs + done, n);
		done += n;
	}
	if (done)
		chan_eat(conn->chan, done);
}

void conn_go(struct ev_task *task)
{
	struct conn *conn = container_of(task, struct conn, go);

	if (conn_full(conn))
		return;
	if (conn->job)
		conn->job->room(conn->job);
	else
		conn_run(conn);
}

void conn_ready(void *arg)
{
	struct conn *conn = arg;

	conn->heard = ofd_now();
	conn->probed = 0;
	conn_go(&conn->go);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * One connection: its life, what is sent by it, and answers of several steps.
 * What comes in is conn_in.c's.
 *
 * It ends in two steps.  From conn_end() on it takes and sends nothing; a task
 * frees it, when nobody is inside of it any more.
 */

#include <stdarg.h>
#include "conn.h"

#define CONN_LOOKS	5	/* at a peer, within what its patience is */

/* Who is there */

/* ns that a peer may read nothing, though something waits for it */
static u64 conn_patience(const struct conn *conn)
{
	u64 probe = conn->sw->conf->probe_ms * CONN_MS;

	return probe ? 3 * probe : CONN_STUCK_MS * CONN_MS;
}

static void conn_ask(struct conn *conn, u64 now)
{
	const struct cvsw_ofp_header probe = {
		.version = CVSW_OFP_VERSION,
		.type = CVSW_OFP_ECHO_REQUEST,
		.length = cpu_to_be16(sizeof(probe)),
	};

	conn->probed = now;
	conn_send(conn, &probe, sizeof(probe));
}

/* look again when something may be due, and now and then, for what waits to be
 * sent may have come any time */
void conn_watch(struct conn *conn, u64 now)
{
	u64 probe = conn->sw->conf->probe_ms * CONN_MS;
	u64 when = now + conn_patience(conn) / CONN_LOOKS;

	if (!conn->up)
		when = min(when, conn->born + CONN_HELLO_MS * CONN_MS);
	else if (probe)
		when = min(when, (conn->probed ?: conn->heard) + probe);
	ev_at(conn->sw->ev, &conn->probe, when);
}

/* it is we who hold up what has come: silence means nothing */
static bool conn_busy(const struct conn *conn)
{
	return conn->job || conn_full(conn);
}

static void conn_look(struct ev_timer *timer)
{
	struct conn *conn = container_of(timer, struct conn, probe);
	u64 probe = conn->sw->conf->probe_ms * CONN_MS;
	u64 now = ofd_now();

	if (conn->ended) {
		ev_soon(conn->sw->ev, &conn->end);
		return;
	}
	if (conn_busy(conn)) {
		conn->heard = now;
		conn->probed = 0;
	}
	if (chan_stuck(conn->chan, now) > conn_patience(conn))
		conn_end(conn, "it does not read what it is sent: %u bytes wait",
			 chan_waiting(conn->chan));
	else if (!conn->up && now - conn->born >= CONN_HELLO_MS * CONN_MS)
		conn_end(conn, "no HELLO within %u s", CONN_HELLO_MS / 1000);
	else if (conn->probed && now - conn->probed >= probe)
		conn_end(conn, "no answer to a probe");
	if (conn->ended)
		return;
	if (conn->up && probe && !conn->probed && now - conn->heard >= probe)
		conn_ask(conn, now);
	conn_watch(conn, now);
}

/* Its life */

static void conn_chan_up(void *arg)
{
	conn_hello(arg);
}

static void conn_chan_down(void *arg, const char *why)
{
	struct conn *conn = arg;

	conn->left = !conn->ended && !strcmp(why, CHAN_CLOSED);
	conn_end(conn, "%s", why);
	ev_soon(conn->sw->ev, &conn->end);
}

static const struct chan_ops conn_ops = {
	.up = conn_chan_up,
	.ready = conn_ready,
	.bad = conn_bad,
	.down = conn_chan_down,
};

static void conn_ended(struct ev_task *task)
{
	conn_free(container_of(task, struct conn, end));
}

int conn_new(struct conn **out, struct sw *sw, struct chan *chan,
	     struct remote *remote, const char *peer)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	if (!conn) {
		chan_close(chan);
		return -ENOMEM;
	}
	conn->sw = sw;
	conn->chan = chan;
	conn->remote = remote;
	conn->vendor = remote;
	snprintf(conn->peer, sizeof(conn->peer), "%s", peer);
	conn->async[0] = CONN_A_ALL;
	conn->async[1] = CONN_A_PORTS;
	conn->miss_send_len = remote ? CVSW_OFP_MISS_SEND_LEN : 0;
	conn->probe.due = conn_look;
	conn->go.run = conn_go;
	conn->end.run = conn_ended;
	conn->born = ofd_now();
	list_add_tail(&conn->link, &sw->conns);
	chan_take(chan, &conn_ops, conn);
	conn_watch(conn, conn->born);
	*out = conn;
	return 0;
}

void conn_hello(struct conn *conn)
{
	const struct cvsw_ofp_header hello = {
		.version = CVSW_OFP_VERSION,
		.type = CVSW_OFP_HELLO,
		.length = cpu_to_be16(sizeof(hello)),
	};

	conn_send(conn, &hello, sizeof(hello));
}

/* nothing more is done for it */
static void conn_stop(struct conn *conn)
{
	struct conn_job *job = conn->job;

	conn->ended = true;
	conn->told = 0;
	conn->job = NULL;
	if (job)
		job->stop(job);
	ev_cancel(conn->sw->ev, &conn->probe);
	ev_not_soon(conn->sw->ev, &conn->go);
	ev_not_soon(conn->sw->ev, &conn->end);
}

void conn_free(struct conn *conn)
{
	conn_stop(conn);
	msg_frames_forget(conn);
	list_del(&conn->link);
	chan_close(conn->chan);
	if (conn->remote)
		remote_down(conn->remote, conn->why);
	if (conn->service)
		service_down(conn->service, conn);
	free(conn);
}

static void conn_over(struct conn *conn, const char *why, va_list args)
{
	vsnprintf(conn->why, sizeof(conn->why), why, args);
	conn->ended = true;
	conn->told = 0;
}

void conn_end(struct conn *conn, const char *why, ...)
{
	va_list args;

	if (conn->ended)
		return;
	va_start(args, why);
	conn_over(conn, why, args);
	va_end(args);
	ev_soon(conn->sw->ev, &conn->end);
}

void conn_part(struct conn *conn, const char *why, ...)
{
	va_list args;

	if (conn->ended)
		return;
	va_start(args, why);
	conn_over(conn, why, args);
	va_end(args);
	chan_shut(conn->chan);
	ev_at(conn->sw->ev, &conn->probe, ofd_now() + CONN_PART_MS * CONN_MS);
}

/* What is sent */

void *conn_room(struct conn *conn, u32 len)
{
	conn->room = conn->ended ? NULL : chan_room(conn->chan, len);
	return conn->room;
}

void conn_put(struct conn *conn, u32 len)
{
	const struct cvsw_ofp_header *head = conn->room;

	if (!head || conn->ended)
		return;
	conn->room = NULL;
	conn->out[head->type]++;
	chan_put(conn->chan, len);
}

void conn_send(struct conn *conn, const void *msg, u32 len)
{
	void *room = conn_room(conn, len);

	if (!room)
		return;
	memcpy(room, msg, len);
	conn_put(conn, len);
}

void conn_refuse(struct conn *conn, const void *msg, u32 len,
		 const struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_header *head = msg;
	u32 size = min_t(u32, len + (u32)sizeof(struct cvsw_ofp_error),
			 CVSW_OFP_MSG_MAX);
	void *room;
	int put;

	if (head->type == CVSW_OFP_ERROR)
		return;
	room = conn_room(conn, size);
	if (!room)
		return;
	put = cvsw_of10_error_put(err, be32_to_cpu(head->xid), msg, len, room,
				  size);
	if (put > 0)
		conn_put(conn, (u32)put);
	conn_error(conn, "sent", err->type, err->code, err->text);
}

void conn_error(struct conn *conn, const char *way, u16 type, u16 code,
		const char *text)
{
	snprintf(conn->last_error, sizeof(conn->last_error), "%s (%u,%u)%s%s",
		 way, type, code, *text ? " " : "", text);
	say(LOG_DEBUG, "%s: %s: %s", conn->sw->config.name, conn->peer,
	    conn->last_error);
}

/* Answers of several steps */

bool conn_full(const struct conn *conn)
{
	return conn->ended || chan_waiting(conn->chan) >= CHAN_OUT_FULL;
}

void conn_work(struct conn *conn, struct conn_job *job)
{
	if (conn->ended) {
		job->stop(job);
		return;
	}
	conn->job = job;
	job->room(job);
}

void conn_done(struct conn *conn)
{
	conn->job = NULL;
	if (!conn->ended)
		ev_soon(conn->sw->ev, &conn->go);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The bytes of a chan, in and out, plain or through TLS. */

#include "chan_priv.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include "ofd.h"
#include "tls.h"

#define CHAN_IN_FIRST	2048	/* bytes: of room that a read begins with */
#define CHAN_WASTE	64	/* reads of what nobody wants, at once */

/* Whole messages */

static void chan_scan(struct chan *c)
{
	const u32 whole = c->whole, len = chan_buf_len(&c->in);
	struct cvsw_of10_head head;
	int ret;

	for (;;) {
		ret = cvsw_of10_head_get(chan_buf_first(&c->in) + c->whole,
					 len - c->whole, &head);
		if (ret || head.length > len - c->whole)
			break;
		c->whole += head.length;
	}
	if (ret == -EBADMSG)
		c->bad = true;
	if (c->whole > whole)
		c->tell_ready = true;
}

/* In */

/* bytes that came; 0: none for now, or no more */
static u32 chan_recv(struct chan *c, void *buf, u32 len)
{
	ssize_t n;

	do {
		n = recv(c->fd.fd, buf, len, 0);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		return (u32)n;
	if (!n)
		chan_end(c, CHAN_CLOSED);
	else if (errno != EAGAIN)
		chan_end_errno(c, errno);
	return 0;
}

static u32 chan_recv_tls(struct chan *c, void *buf, u32 len)
{
	char why[sizeof(c->why)];
	int n;

	c->read_wants = EPOLLIN;
	n = tls_read(c->ssl, buf, len, &c->read_wants, why, sizeof(why));
	if (n > 0)
		return (u32)n;
	if (!n)
		chan_end(c, CHAN_CLOSED);
	else if (n != -EAGAIN)
		chan_end(c, "%s", why);
	return 0;
}

/* a part of what has come; false: that was all, or all that there is room for.
 * With TLS only a read that gets nothing tells that there is nothing left. */
static bool chan_fill_some(struct chan *c, u32 need)
{
	u32 room = CHAN_IN_MAX - chan_buf_len(&c->in), n;
	u8 *buf;

	c->stuffed = !room;
	if (!room)
		return false;
	buf = chan_buf_room(&c->in, min(need, room));
	if (!buf) {
		chan_end_errno(c, ENOMEM);
		return false;
	}
	room = min_t(u32, room, chan_buf_left(&c->in));
	n = c->ssl ? chan_recv_tls(c, buf, room) : chan_recv(c, buf, room);
	if (!n)
		return false;
	chan_buf_put(&c->in, n);
	chan_scan(c);
	return c->ssl || n == room;
}

/* what comes when nobody wants it any more */
static void chan_waste(struct chan *c)
{
	u8 rest[4096];
	unsigned int i;
	u32 n = 1;

	chan_buf_free(&c->in);
	for (i = 0; i < CHAN_WASTE && n && !c->ended; i++)
		n = c->ssl ? chan_recv_tls(c, rest, sizeof(rest)) :
			     chan_recv(c, rest, sizeof(rest));
	if (!n || c->ended)
		return;
	c->again = true;
	ev_soon(c->ev, &c->work);
}

/* little at first: most of the time there is one message */
void chan_fill(struct chan *c)
{
	u32 need = CHAN_IN_FIRST;

	c->again = false;
	if (c->shut) {
		chan_waste(c);
		return;
	}
	while (!c->ended && !c->bad && chan_fill_some(c, need))
		need = CHAN_IN_MAX;
}

/* Out */

/* bytes that went, 0: none for now, or negative: never more, because of @why */
static int chan_send(struct chan *c, char *why, size_t size)
{
	ssize_t n;

	do {
		n = send(c->fd.fd, chan_buf_first(&c->out),
			 chan_buf_len(&c->out), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return (int)n;
	if (errno == EAGAIN)
		return 0;
	if (errno == EPIPE)
		snprintf(why, size, CHAN_CLOSED);
	else
		chan_errno_text(errno, why, size);
	return -EPIPE;
}

static int chan_send_tls(struct chan *c, char *why, size_t size)
{
	int n;

	c->write_wants = EPOLLOUT;
	n = tls_write(c->ssl, chan_buf_first(&c->out), chan_buf_len(&c->out),
		      &c->write_wants, why, size);
	return n == -EAGAIN ? 0 : n;
}

/* Nothing more can be sent, because of c->why.  What came before that is still
 * looked at; it is read soon: the owner may be looking at messages just now. */
static void chan_mute(struct chan *c)
{
	c->mute = true;
	c->again = true;
	c->blocked = false;
	chan_buf_free(&c->out);
	ev_soon(c->ev, &c->work);
}

/* some of it went, or nothing */
static void chan_is_blocked(struct chan *c, bool moved)
{
	if (!c->blocked || moved)
		c->moved = ofd_now();
	c->blocked = true;
}

static void chan_sent(struct chan *c)
{
	if (!c->full || c->shut || chan_buf_len(&c->out) >= CHAN_OUT_FULL)
		return;
	c->full = false;
	c->tell_ready = true;
}

void chan_flush(struct chan *c)
{
	char why[sizeof(c->why)];
	bool moved = false;
	u32 len;
	int n = 0;

	while ((len = chan_buf_len(&c->out))) {
		n = c->ssl ? chan_send_tls(c, why, sizeof(why)) :
			     chan_send(c, why, sizeof(why));
		if (n <= 0)
			break;
		moved = true;
		chan_buf_take(&c->out, (u32)n);
		if (!c->ssl && (u32)n < len)
			break;
	}
	if (n < 0) {
		if (!c->ended)
			snprintf(c->why, sizeof(c->why), "%s", why);
		chan_mute(c);
	} else if (len) {
		chan_is_blocked(c, moved);
	} else {
		c->blocked = false;
	}
	chan_sent(c);
}

/* The handshake */

bool chan_shake(struct chan *c)
{
	char why[sizeof(c->why)];
	int ret = tls_shake(c->ssl, &c->read_wants, why, sizeof(why));

	if (ret && ret != -EAGAIN)
		chan_end(c, "%s", why);
	return !ret;
}

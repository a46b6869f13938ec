// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* A chan: its life, and what its owner is told and asks. */

#include "chan_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "ofd.h"
#include "tls.h"

#define CHAN_OUT_NOW	(64u << 10)	/* do not wait for more */
#define CHAN_REST	64		/* reads that throw away */

/* The end */

void chan_end(struct chan *c, const char *why, ...)
{
	va_list args;

	if (c->ended)
		return;
	c->ended = true;
	/* what was sent last has told why */
	if (c->mute)
		return;
	va_start(args, why);
	vsnprintf(c->why, sizeof(c->why), why, args);
	va_end(args);
}

void chan_end_errno(struct chan *c, int err)
{
	char text[100];

	chan_errno_text(err, text, sizeof(text));
	chan_end(c, "%s", text);
}

/* at once: what has come is not looked at, what waits is not sent.  The owner
 * may be looking at messages just now. */
static void chan_drop(struct chan *c)
{
	c->ended = true;
	c->dropped = true;
	c->mute = true;
	c->blocked = false;
	c->tell_ready = false;
	chan_buf_free(&c->out);
	ev_soon(c->ev, &c->work);
}

/* have ev call for nothing more */
static void chan_stop(struct chan *c)
{
	chan_drop(c);
	c->state = CHAN_OVER;
	ev_del(c->ev, &c->fd);
	ev_cancel(c->ev, &c->limit);
	ev_not_soon(c->ev, &c->work);
	chan_way_free(c->way);
	c->way = NULL;
	chan_buf_free(&c->in);
}

/* What its owner is told */

/* there is something to tell when it has eaten all */
static bool chan_has_end(const struct chan *c)
{
	return c->ended || c->bad;
}

static void chan_tell_bad(struct chan *c)
{
	struct cvsw_of10_head head;
	const u8 *msg = chan_buf_first(&c->in);

	c->bad = false;
	if (c->ops->bad) {
		c->ops->bad(c->arg, msg);
		return;
	}
	cvsw_of10_head_get(msg, chan_buf_len(&c->in), &head);
	chan_end(c, "message of %u bytes", head.length);
	ev_soon(c->ev, &c->work);
}

void chan_tell(struct chan *c)
{
	if (c->state == CHAN_WAITS || c->state == CHAN_OVER)
		return;
	if (c->tell_up || c->tell_ready) {
		if (c->tell_up || chan_has_end(c))
			ev_soon(c->ev, &c->work);
		if (c->tell_up) {
			c->tell_up = false;
			c->ops->up(c->arg);
		} else {
			c->tell_ready = false;
			c->ops->ready(c->arg);
		}
	} else if (c->bad && !c->whole && !c->dropped) {
		chan_tell_bad(c);
	} else if (c->ended && (!c->whole || c->dropped)) {
		chan_stop(c);
		c->ops->down(c->arg, c->why);
	}
}

/* Events */

static void chan_watch(struct chan *c)
{
	u32 events = 0;

	if (!chan_has_end(c) && !c->stuffed)
		events |= c->read_wants;
	if (c->blocked)
		events |= c->write_wants;
	if (c->ended && !events) {
		ev_del(c->ev, &c->fd);
	} else if (events != c->watched) {
		c->watched = events;
		ev_mod(c->ev, &c->fd, events);
	}
}

static void chan_is_up(struct chan *c)
{
	ev_cancel(c->ev, &c->limit);
	c->state = CHAN_UP;
	c->tell_up = true;
	c->read_wants = EPOLLIN;
	c->write_wants = EPOLLOUT;
	/* behind the handshake there may be something already */
	c->again = c->ssl != NULL;
}

static void chan_shake_on(struct chan *c)
{
	if (chan_shake(c))
		chan_is_up(c);
	chan_watch(c);
}

static void chan_move(struct chan *c, u32 events)
{
	if (c->blocked)
		chan_flush(c);
	if (events & ~(u32)EPOLLOUT || c->ssl)
		chan_fill(c);
	/* there is no room for what comes before the end */
	if ((c->stuffed || c->bad) && events & (EPOLLERR | EPOLLHUP))
		chan_end_errno(c, ECONNRESET);
	chan_watch(c);
}

static void chan_fd_ready(struct ev_fd *f, u32 events)
{
	struct chan *c = container_of(f, struct chan, fd);

	if (c->state == CHAN_DIALS)
		chan_dial_ready(c);
	else if (c->state == CHAN_SHAKES)
		chan_shake_on(c);
	else
		chan_move(c, events);
	chan_tell(c);
}

static void chan_work(struct ev_task *task)
{
	struct chan *c = container_of(task, struct chan, work);

	if (c->state == CHAN_UP) {
		if (!c->blocked)
			chan_flush(c);
		if (c->again)
			chan_fill(c);
		if (c->mute)
			c->ended = true;
		chan_watch(c);
	}
	chan_tell(c);
}

static void chan_late(struct ev_timer *timer)
{
	struct chan *c = container_of(timer, struct chan, limit);

	if (c->state == CHAN_DIALS)
		chan_dial_late(c);
	else
		chan_end(c, "no TLS handshake within %u s",
			 (unsigned int)(CHAN_UP_NS / 1000000000));
	chan_tell(c);
}

/* Life */

struct chan *chan_new(struct ev *ev, SSL_CTX *tls)
{
	struct chan *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->ev = ev;
	c->tls = tls;
	c->fd.fd = -1;
	c->fd.ready = chan_fd_ready;
	c->work.run = chan_work;
	c->limit.due = chan_late;
	c->read_wants = EPOLLIN;
	c->write_wants = EPOLLOUT;
	return c;
}

void chan_connected(struct chan *c, bool client)
{
	if (!c->tls) {
		chan_is_up(c);
		chan_watch(c);
		return;
	}
	c->state = CHAN_SHAKES;
	c->ssl = tls_open(c->tls, c->fd.fd, client);
	if (c->ssl)
		chan_shake_on(c);
	else
		chan_end_errno(c, ENOMEM);
}

int chan_open(struct chan **out, struct ev *ev, int fd, SSL_CTX *tls)
{
	struct chan *c = chan_new(ev, tls);

	if (!c)
		return -ENOMEM;
	c->fd.fd = fd;
	*out = c;
	return 0;
}

void chan_take(struct chan *c, const struct chan_ops *ops, void *arg)
{
	int ret;

	c->ops = ops;
	c->arg = arg;
	if (c->state != CHAN_WAITS)
		return;
	c->state = CHAN_SHAKES;
	c->watched = EPOLLIN;
	ev_at(c->ev, &c->limit, ofd_now() + CHAN_UP_NS);
	ret = ev_add(c->ev, &c->fd, EPOLLIN);
	if (ret)
		chan_end_errno(c, -ret);
	else
		chan_connected(c, false);
	ev_soon(c->ev, &c->work);
}

/* What the peer has sent and nobody has read would make the kernel tell it of
 * a broken connection, and throw away what it has not read itself. */
static void chan_throw_away(const struct chan *c)
{
	u8 rest[4096];
	unsigned int i;

	for (i = 0; i < CHAN_REST; i++)
		if (recv(c->fd.fd, rest, sizeof(rest), MSG_DONTWAIT) <= 0)
			return;
}

void chan_close(struct chan *c)
{
	const bool good = c->state == CHAN_UP && !c->mute;

	if (good)
		chan_flush(c);
	tls_close(c->ssl, good && !c->ended);
	chan_stop(c);
	if (c->fd.fd >= 0) {
		chan_throw_away(c);
		close(c->fd.fd);
	}
	free(c);
}

/* Messages that came */

const void *chan_look(struct chan *c, u32 *len)
{
	*len = c->dropped || c->shut ? 0 : c->whole;
	return *len ? chan_buf_first(&c->in) : NULL;
}

void chan_eat(struct chan *c, u32 len)
{
	if (c->dropped || c->shut)
		return;
	c->whole -= len;
	chan_buf_take(&c->in, len);
	if (c->stuffed && chan_buf_len(&c->in) <= CHAN_IN_MAX / 2) {
		c->stuffed = false;
		c->again = true;
	}
	c->tell_ready = c->whole > 0;
	if (c->tell_ready || c->again || chan_has_end(c))
		ev_soon(c->ev, &c->work);
}

/* Messages that go */

/* @c->in stays for now: the owner may be looking at it */
void chan_shut(struct chan *c)
{
	c->shut = true;
	c->bad = false;
	c->stuffed = false;
	c->tell_ready = false;
	c->whole = 0;
	c->again = true;
	ev_soon(c->ev, &c->work);
}

void *chan_room(struct chan *c, u32 len)
{
	const u32 waiting = chan_buf_len(&c->out);
	u8 *room = NULL;

	if (c->state != CHAN_UP)
		return NULL;
	if (!c->mute && waiting + len <= CHAN_OUT_MAX) {
		room = chan_buf_room(&c->out, len);
		if (room)
			return room;
		chan_end_errno(c, ENOMEM);
	} else if (!c->mute) {
		chan_end(c, "does not read: %u bytes wait", waiting);
	}
	chan_drop(c);
	return NULL;
}

void chan_put(struct chan *c, u32 len)
{
	chan_buf_put(&c->out, len);
	if (!c->blocked && chan_buf_len(&c->out) >= CHAN_OUT_NOW)
		chan_flush(c);
	if (chan_buf_len(&c->out) >= CHAN_OUT_FULL)
		c->full = true;
	ev_soon(c->ev, &c->work);
}

u32 chan_waiting(const struct chan *c)
{
	return chan_buf_len(&c->out);
}

u64 chan_stuck(const struct chan *c, u64 now)
{
	return c->blocked && now > c->moved ? now - c->moved : 0;
}

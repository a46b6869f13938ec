// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Control frames, and the time of sessions. */

#include "inband_priv.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <cvsw/pkt.h>
#include "loop.h"
#include "port.h"

#define INBAND_BYTES	(CVSW_INBAND_QUEUE * 2048)	/* that may wait */
#define INBAND_NEVER	(~0ull)
#define INBAND_TURNS	8	/* in one go, for others want theirs */

/*
 * struct inband_frame - a frame that waits.  Frames belong to the thread that
 * they came to, so it is a copy
 */
struct inband_frame {
	struct inband_frame	*next;
	const struct vswitch	*vs;
	u32			len;
	u16			port;
	u8			data[];
};

/* Workers */

static struct inband_frame *inband_copy(const struct vswitch *vs, u16 port,
					const struct cvsw_pkt *pkt)
{
	const u32 len = cvsw_frame_len(pkt);
	struct inband_frame *f = malloc(sizeof(*f) + len);

	if (!f)
		return NULL;
	f->next = NULL;
	f->vs = vs;
	f->port = port;
	f->len = len;
	memcpy(f->data, cvsw_frame_data(pkt), len);
	return f;
}

static bool inband_put(struct inband *in, struct inband_frame *f)
{
	bool room;

	pthread_mutex_lock(&in->lock);
	room = in->n < CVSW_INBAND_QUEUE && in->bytes + f->len <= INBAND_BYTES;
	if (room) {
		*in->end = f;
		in->end = &f->next;
		in->n++;
		in->bytes += f->len;
	}
	pthread_mutex_unlock(&in->lock);
	return room;
}

static void inband_wake(struct inband *in)
{
	const u64 one = 1;

	/* fails only when it is set already */
	if (write(in->wake_fd, &one, sizeof(one)) < 0)
		return;
}

void inband_take(void *wctx, void *priv, struct cvsw_pkt *pkt)
{
	const struct vswitch *vs = loop_lane_switch(wctx);
	struct inband *in = vs->daemon->inband;
	const struct port *port = priv;
	struct inband_frame *f = inband_copy(vs, port->no, pkt);

	if (f && inband_put(in, f)) {
		inband_wake(in);
		cvsw_frame_free(pkt);
		return;
	}
	cvsw_worker_drop(loop_lane_worker(wctx), pkt, CVSW_PORT_ANY,
			 f ? CVSW_DROP_INBAND_RATE : CVSW_DROP_NO_MEMORY);
	free(f);
}

/* The main thread */

static void inband_run(struct inband *in, const struct inband_frame *f)
{
	struct cvsw_worker *w = loop_control(in->daemon->loop, f->vs);
	const struct cvsw_lost lost = { .bytes = f->len, .frames = 1 };
	struct cvsw_pkt *pkt;

	pkt = cvsw_frame_new(in->pool, f->port, f->len);
	if (!pkt) {
		cvsw_worker_lost(w, CVSW_PORT_ANY, &lost, CVSW_DROP_NO_MEMORY);
		return;
	}
	memcpy(cvsw_frame_edit(pkt), f->data, f->len);
	cvsw_inband_input(f->vs->sw, w, pkt, cvswd_now());
	inband_clients_carry(in);
	loop_control_flush(in->daemon->loop);
}

int inband_frame_new(void *wctx, const void *data, u32 len,
		     struct cvsw_pkt *pkt)
{
	const struct vswitch *vs = loop_lane_switch(wctx);
	struct cvsw_pkt *new;

	new = cvsw_frame_new(vs->daemon->inband->pool, CVSW_PORT_NONE, len);
	if (!new)
		return -ENOMEM;
	memcpy(cvsw_frame_edit(new), data, len);
	cvsw_frame_give(pkt, new);
	return 0;
}

static struct inband_frame *inband_get_all(struct inband *in)
{
	struct inband_frame *first;

	pthread_mutex_lock(&in->lock);
	first = in->first;
	in->first = NULL;
	in->end = &in->first;
	in->n = 0;
	in->bytes = 0;
	pthread_mutex_unlock(&in->lock);
	return first;
}

static void inband_woken(void *arg, u32 events)
{
	struct inband_frame *f, *next;
	struct inband *in = arg;
	u64 count;

	if (read(in->wake_fd, &count, sizeof(count)) < 0)
		return;
	for (f = inband_get_all(in); f; f = next) {
		next = f->next;
		inband_run(in, f);
		free(f);
	}
	mtu_check(in->daemon);
}

/* Time */

/* what is due in all switches; when the next time is */
static u64 inband_tick(struct inband *in)
{
	const struct cvswd *d = in->daemon;
	u64 due = INBAND_NEVER, next;
	unsigned int i;

	for (i = 0; i < d->n_vs && d->vs[i].sw; i++) {
		next = cvsw_inband_tick(d->vs[i].sw,
					loop_control(d->loop, &d->vs[i]),
					cvswd_now());
		due = min(due, next);
	}
	return due;
}

static void inband_timer_set(struct inband *in, u64 due)
{
	struct itimerspec at = {};

	if (due == in->due)
		return;
	in->due = due;
	if (due != INBAND_NEVER) {
		due = max(due, 1ull);
		at.it_value.tv_sec = (time_t)(due / 1000000000);
		at.it_value.tv_nsec = (long)(due % 1000000000);
	}
	timerfd_settime(in->timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

void inband_settle(struct inband *in)
{
	unsigned int turn = 0;
	u64 due;

	do {
		in->moved = false;
		inband_clients_bury(in, false);
		inband_clients_carry(in);
		due = inband_tick(in);
		turn++;
	} while ((in->moved || due <= cvswd_now()) && turn < INBAND_TURNS);
	inband_timer_set(in, in->moved ? 0 : due);
	loop_control_flush(in->daemon->loop);
}

/* inband_settle() follows */
static void inband_timer(void *arg, u32 events)
{
	struct inband *in = arg;
	u64 count;

	if (read(in->timer_fd, &count, sizeof(count)) > 0)
		in->due = INBAND_NEVER;
}

/* the next tick tells their hosts */
void inband_leave(struct inband *in)
{
	const struct cvswd *d = in->daemon;
	struct cvsw_port_info info = {};
	const struct port *port;
	unsigned int i;

	for (i = 0; i < d->n_vs; i++)
		for (port = d->vs[i].ports; port; port = port->next) {
			info.no = port->no;
			cvsw_port_set(d->vs[i].sw, &info, CVSW_PORT_SET_INBAND,
				      NULL);
		}
	inband_settle(in);
}

/* Life */

static int inband_open(struct inband *in)
{
	in->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	in->timer_fd = timerfd_create(CLOCK_MONOTONIC,
				      TFD_CLOEXEC | TFD_NONBLOCK);
	if (in->wake_fd < 0 || in->timer_fd < 0)
		return -errno;
	return watch_add(in->wake_fd, EPOLLIN, inband_woken, in) ?:
	       watch_add(in->timer_fd, EPOLLIN, inband_timer, in);
}

static void inband_close(int fd)
{
	if (fd < 0)
		return;
	watch_del(fd);
	close(fd);
}

int inband_new(struct cvswd *d, struct inband **out)
{
	struct inband *in = calloc(1, sizeof(*in));
	int ret = -ENOMEM;

	if (!in)
		return ret;
	pthread_mutex_init(&in->lock, NULL);
	in->daemon = d;
	in->end = &in->first;
	in->due = INBAND_NEVER;
	in->thread = pthread_self();
	in->wake_fd = -1;
	in->timer_fd = -1;
	in->pool = cvsw_pool_new();
	if (in->pool)
		ret = inband_open(in);
	if (ret)
		inband_free(in);
	else
		*out = in;
	return ret;
}

void inband_free(struct inband *in)
{
	struct inband_frame *f, *next;

	for (f = in->first; f; f = next) {
		next = f->next;
		free(f);
	}
	inband_clients_bury(in, true);
	inband_close(in->wake_fd);
	inband_close(in->timer_fd);
	if (in->pool)
		cvsw_pool_free(in->pool);
	pthread_mutex_destroy(&in->lock);
	free(in);
}

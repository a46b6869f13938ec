// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "inband.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <cvsw/pkt.h>
#include "loop.h"
#include "port.h"

#define INBAND_BYTES	(CVSW_INBAND_QUEUE * 2048)	/* that may wait */

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

/*
 * struct inband
 * @lock: of those that wait: @n of @bytes, the oldest @first; the next goes to
 *        *@end
 */
struct inband {
	struct cvswd		*daemon;
	struct cvsw_pool	*pool;
	pthread_mutex_t		lock;
	struct inband_frame	*first;
	struct inband_frame	**end;
	unsigned int		n;
	size_t			bytes;
	int			wake_fd;
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
	loop_control_flush(in->daemon->loop);
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

/* Life */

int inband_new(struct cvswd *d, struct inband **out)
{
	struct inband *in = calloc(1, sizeof(*in));
	int ret = -ENOMEM;

	if (!in)
		return ret;
	pthread_mutex_init(&in->lock, NULL);
	in->daemon = d;
	in->end = &in->first;
	in->pool = cvsw_pool_new();
	in->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (in->pool && in->wake_fd >= 0)
		ret = watch_add(in->wake_fd, EPOLLIN, inband_woken, in);
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
	if (in->wake_fd >= 0) {
		watch_del(in->wake_fd);
		close(in->wake_fd);
	}
	if (in->pool)
		cvsw_pool_free(in->pool);
	pthread_mutex_destroy(&in->lock);
	free(in);
}

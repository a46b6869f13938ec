// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "loop.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <cvsw/pkt.h>
#include "cvswd.h"
#include "pkt_ops.h"
#include "port.h"

#define LOOP_SLOTS	4096		/* queues of one worker */
#define LOOP_EVENTS	32
#define LOOP_STOP	LOOP_SLOTS	/* in place of a slot */
#define LOOP_WAKE	(LOOP_SLOTS + 1)
#define LOOP_RESUME_MS	250
#define LOOP_RESUME_NS	(LOOP_RESUME_MS * 1000000ull)

/*
 * struct loop_tx - frames that one worker has collected for one port
 * @next: in the worker's list of those with frames
 * @gro:  merges those that came out of tunnels; made for the first of them
 */
struct loop_tx {
	struct port	*port;
	struct loop_tx	*next;
	struct cvsw_gro	*gro;
	unsigned int	n;
	struct cvsw_pkt	*frame[PORT_BATCH];
};

/* struct loop_lane - one worker's way through one switch: a wctx */
struct loop_lane {
	struct loop_thread	*thread;
	const struct vswitch	*vs;
	struct cvsw_worker	*worker;
};

/*
 * struct loop_thread - one worker; the last is the main thread's
 * @slots: its queues; written by the main thread, read inside RCU
 * @tx:    those with frames to send
 * @n_lanes: switches
 * @now:    ns, when frames came last
 * @resume: ns: look after frames that wait then; 0: none do
 * @wake_fd: eventfd: look after them now
 */
struct loop_thread {
	unsigned int		id;
	int			epfd;
	int			wake_fd;
	bool			running;
	pthread_t		thread;
	struct cvsw_pool	*pool;
	struct loop_tx		*tx;
	struct loop_lane	*lanes;
	unsigned int		n_lanes;
	u64			now;
	u64			resume;
	struct port_queue	**slots;
	struct port_batch	batch;
};

struct loop {
	unsigned int		workers;
	unsigned int		lanes;
	unsigned int		next;	/* who gets the next queue */
	int			stop_fd;
	struct loop_thread	thread[];
};

/* Out */

static void loop_tx_flush(struct loop_lane *lane, struct loop_tx *tx)
{
	struct port *port = tx->port;
	struct port_queue *q = &port->queue[lane->thread->id % port->n_queues];
	struct cvsw_pkt **frame = tx->frame;
	unsigned int left = tx->n, sent;
	enum cvsw_drop why;

	tx->n = 0;
	if (tx->gro)
		cvsw_gro_flush(tx->gro);
	while (left) {
		sent = port->ops->write(q, frame, left, &why);
		left -= sent;
		for (; sent; sent--)
			cvsw_frame_free(*frame++);
		if (!left)
			break;
		cvsw_worker_drop(lane->worker, *frame++, port->no, why);
		left--;
	}
}

/* the lane of the same thread for the switch that @port is of */
static struct loop_lane *loop_port_lane(struct loop_thread *t,
					const struct port *port)
{
	return &t->lanes[port->vs->index];
}

static void loop_flush(struct loop_thread *t)
{
	struct loop_tx *tx;

	while ((tx = t->tx)) {
		t->tx = tx->next;
		loop_tx_flush(loop_port_lane(t, tx->port), tx);
	}
}

struct loop_out {
	struct loop_lane	*lane;
	struct loop_tx		*tx;
};

static void loop_tx_put(struct loop_lane *lane, struct loop_tx *tx,
			struct cvsw_pkt *frame)
{
	if (tx->n == PORT_BATCH) {
		loop_tx_flush(lane, tx);
		tx->frame[tx->n++] = frame;
		return;
	}
	if (!tx->n) {
		tx->next = lane->thread->tx;
		lane->thread->tx = tx;
	}
	tx->frame[tx->n++] = frame;
}

/* a frame out of a tunnel: maybe it is a part of one before */
static noinline void loop_tx_merge(struct loop_lane *lane, struct loop_tx *tx,
				   struct cvsw_pkt *frame, u32 can)
{
	if (!tx->gro)
		tx->gro = cvsw_gro_new();
	if (!tx->gro || !cvsw_gro_receive(tx->gro, frame, can))
		loop_tx_put(lane, tx, frame);
}

static void loop_lowered(void *arg, struct cvsw_pkt *frame)
{
	const struct loop_out *out = arg;

	loop_tx_put(out->lane, out->tx, cvsw_frame_keep(frame));
}

void loop_output(void *wctx, void *priv, struct cvsw_pkt *pkt)
{
	struct loop_lane *lane = wctx;
	struct port *port = priv;
	struct loop_tx *tx = &port->tx[lane->thread->id];
	const u32 can = READ_ONCE(port->tx_offload);
	struct loop_out out = { lane, tx };
	struct cvsw_lost lost;
	int ret;

	if (likely(!(cvsw_frame_needs(pkt) & ~can))) {
		if (pkt->popped && can & CVSW_OFFLOAD_GRO)
			loop_tx_merge(lane, tx, cvsw_frame_keep(pkt), can);
		else
			loop_tx_put(lane, tx, cvsw_frame_keep(pkt));
		return;
	}
	/* nothing that comes later may get in front of its parts */
	if (tx->gro)
		cvsw_gro_flush(tx->gro);
	ret = cvsw_frame_lower(pkt, can, loop_lowered, &out, &lost);
	if (ret)
		cvsw_worker_lost(lane->worker, port->no, &lost,
				 ret == -ENOMEM ? CVSW_DROP_NO_MEMORY :
						  CVSW_DROP_OFFLOAD);
}

/* In */

static void loop_queue_dead(struct loop_thread *t, struct port_queue *q)
{
	epoll_ctl(t->epfd, EPOLL_CTL_DEL, q->fd, NULL);
	WRITE_ONCE(q->port->dead, true);
}

static void loop_queue_run(struct loop_thread *t, struct port_queue *q)
{
	struct loop_lane *lane = loop_port_lane(t, q->port);
	struct port_batch *b = &t->batch;
	unsigned int i;
	u64 now;

	b->n = 0;
	b->n_bad = 0;
	b->bytes = 0;
	if (q->port->ops->read(q, t->pool, b))
		loop_queue_dead(t, q);
	t->now = now = cvswd_now();
	if (!t->resume)
		t->resume = now + LOOP_RESUME_NS;
	cvsw_worker_begin(lane->worker);
	for (i = 0; i < b->n; i++)
		cvsw_input(lane->worker, b->frame[i], now);
	for (i = 0; i < b->n_bad; i++)
		cvsw_worker_drop(lane->worker, b->bad[i], CVSW_PORT_ANY,
				 CVSW_DROP_OFFLOAD);
	loop_flush(t);
	cvsw_worker_flush(lane->worker);
}

/* go on with frames that wait, and give up those that did so too long */
static void loop_resume(struct loop_thread *t, u64 now)
{
	struct cvsw_worker *w;
	bool more = false;
	unsigned int i;

	if (!t->resume || now < t->resume)
		return;
	for (i = 0; i < t->n_lanes; i++) {
		w = t->lanes[i].worker;
		if (!w)
			continue;
		cvsw_worker_begin(w);
		more |= cvsw_worker_resume(w, now);
		loop_flush(t);
		cvsw_worker_flush(w);
	}
	t->resume = more ? now + LOOP_RESUME_NS : 0;
}

static void loop_woken(struct loop_thread *t)
{
	u64 count;

	if (read(t->wake_fd, &count, sizeof(count)) < 0)
		return;
	t->now = cvswd_now();
	t->resume = t->now;
}

static void *loop_thread_run(void *arg)
{
	struct epoll_event ev[LOOP_EVENTS];
	struct loop_thread *t = arg;
	struct port_queue *q;
	int i, n;

	for (;;) {
		n = epoll_wait(t->epfd, ev, LOOP_EVENTS,
			       t->resume ? LOOP_RESUME_MS : -1);
		rcu_read_lock();
		for (i = 0; i < n; i++) {
			if (ev[i].data.u32 == LOOP_STOP) {
				rcu_read_unlock();
				return NULL;
			}
			if (ev[i].data.u32 == LOOP_WAKE) {
				loop_woken(t);
				continue;
			}
			q = rcu_dereference(t->slots[ev[i].data.u32]);
			if (q)
				loop_queue_run(t, q);
		}
		loop_resume(t, n > 0 ? t->now : cvswd_now());
		rcu_read_unlock();
	}
}

/* Life */

static int loop_thread_init(struct loop *loop, struct loop_thread *t)
{
	struct epoll_event stop = { .events = EPOLLIN, .data.u32 = LOOP_STOP };
	struct epoll_event wake = { .events = EPOLLIN, .data.u32 = LOOP_WAKE };

	t->pool = cvsw_pool_new();
	t->lanes = calloc(loop->lanes, sizeof(*t->lanes));
	t->slots = calloc(LOOP_SLOTS, sizeof(*t->slots));
	t->epfd = epoll_create1(EPOLL_CLOEXEC);
	t->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!t->pool || !t->lanes || !t->slots || t->epfd < 0 || t->wake_fd < 0)
		return -ENOMEM;
	if (epoll_ctl(t->epfd, EPOLL_CTL_ADD, loop->stop_fd, &stop) ||
	    epoll_ctl(t->epfd, EPOLL_CTL_ADD, t->wake_fd, &wake))
		return -errno;
	return 0;
}

struct loop *loop_new(unsigned int workers, const struct vswitch *vs,
		      unsigned int n)
{
	struct loop *loop;
	unsigned int i;
	int ret = 0;

	loop = calloc(1, sizeof(*loop) + (workers + 1) * sizeof(loop->thread[0]));
	if (!loop)
		return NULL;
	loop->workers = workers;
	loop->lanes = n;
	loop->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	for (i = 0; i <= workers; i++) {
		loop->thread[i].id = i;
		loop->thread[i].epfd = -1;
		loop->thread[i].wake_fd = -1;
		loop->thread[i].n_lanes = n;
		if (!ret)
			ret = loop_thread_init(loop, &loop->thread[i]);
	}
	if (!ret)
		return loop;
	loop_free(loop);
	return NULL;
}

int loop_bind(struct loop *loop, const struct vswitch *vs)
{
	struct loop_lane *lane;
	unsigned int i;

	for (i = 0; i <= loop->workers; i++) {
		lane = &loop->thread[i].lanes[vs->index];
		lane->thread = &loop->thread[i];
		lane->vs = vs;
		lane->worker = cvsw_worker_get(vs->sw, i, lane);
		if (!lane->worker)
			return -ENOMEM;
	}
	return 0;
}

void loop_unbind(struct loop *loop, const struct vswitch *vs)
{
	unsigned int i;

	for (i = 0; i <= loop->workers; i++)
		loop->thread[i].lanes[vs->index].worker = NULL;
}

int loop_start(struct loop *loop)
{
	struct loop_thread *t;
	char name[32];
	unsigned int i;
	int ret;

	for (i = 0; i < loop->workers; i++) {
		t = &loop->thread[i];
		ret = -pthread_create(&t->thread, NULL, loop_thread_run, t);
		if (ret)
			return ret;
		t->running = true;
		snprintf(name, sizeof(name), "cvswd/%u", i);
		pthread_setname_np(t->thread, name);
	}
	return 0;
}

void loop_wake(struct loop *loop)
{
	const u64 one = 1;
	unsigned int i;

	/* fails only when it is set already */
	for (i = 0; i < loop->workers; i++)
		if (write(loop->thread[i].wake_fd, &one, sizeof(one)) < 0)
			continue;
	loop_control_resume(loop);
}

void loop_stop(struct loop *loop)
{
	const u64 one = 1;
	unsigned int i;
	ssize_t ret;

	ret = write(loop->stop_fd, &one, sizeof(one));
	if (ret < 0)
		return;
	for (i = 0; i < loop->workers; i++)
		if (loop->thread[i].running)
			pthread_join(loop->thread[i].thread, NULL);
}

void loop_free(struct loop *loop)
{
	struct loop_thread *t;
	unsigned int i;

	for (i = 0; i <= loop->workers; i++) {
		t = &loop->thread[i];
		if (t->pool)
			cvsw_pool_free(t->pool);
		if (t->epfd >= 0)
			close(t->epfd);
		if (t->wake_fd >= 0)
			close(t->wake_fd);
		free(t->lanes);
		free(t->slots);
	}
	close(loop->stop_fd);
	free(loop);
}

/* Ports */

int loop_tx_new(struct loop *loop, struct port *port)
{
	unsigned int i;

	port->tx = calloc(loop->workers + 1, sizeof(*port->tx));
	if (!port->tx)
		return -ENOMEM;
	for (i = 0; i <= loop->workers; i++)
		port->tx[i].port = port;
	return 0;
}

void loop_tx_free(struct loop *loop, struct port *port)
{
	unsigned int i;

	for (i = 0; port->tx && i <= loop->workers; i++)
		cvsw_gro_free(port->tx[i].gro);
	free(port->tx);
	port->tx = NULL;
}

static int loop_queue_add(struct loop *loop, struct port_queue *q)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct loop_thread *t;
	unsigned int slot;

	q->worker = loop->next++ % loop->workers;
	t = &loop->thread[q->worker];
	for (slot = 0; slot < LOOP_SLOTS; slot++)
		if (!t->slots[slot])
			break;
	if (slot == LOOP_SLOTS)
		return -ENOSPC;
	q->slot = slot;
	rcu_assign_pointer(t->slots[slot], q);
	ev.data.u32 = slot;
	return epoll_ctl(t->epfd, EPOLL_CTL_ADD, q->fd, &ev) ? -errno : 0;
}

int loop_add(struct loop *loop, struct port *port)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < port->n_queues && !ret; i++)
		if (port->queue[i].fd >= 0)
			ret = loop_queue_add(loop, &port->queue[i]);
	return ret;
}

void loop_del(struct loop *loop, struct port *port)
{
	struct port_queue *q;
	struct loop_thread *t;
	unsigned int i;

	loop_control_flush(loop);
	for (i = 0; i < port->n_queues; i++) {
		q = &port->queue[i];
		t = &loop->thread[q->worker];
		if (q->fd < 0 || t->slots[q->slot] != q)
			continue;
		epoll_ctl(t->epfd, EPOLL_CTL_DEL, q->fd, NULL);
		rcu_assign_pointer(t->slots[q->slot], NULL);
	}
	synchronize_rcu();
}

/* The main thread */

struct cvsw_worker *loop_control(struct loop *loop, const struct vswitch *vs)
{
	return loop->thread[loop->workers].lanes[vs->index].worker;
}

void loop_control_flush(struct loop *loop)
{
	struct loop_thread *t = &loop->thread[loop->workers];
	unsigned int i;

	loop_flush(t);
	for (i = 0; i < loop->lanes; i++)
		if (t->lanes[i].worker)
			cvsw_worker_flush(t->lanes[i].worker);
}

void loop_control_resume(struct loop *loop)
{
	struct loop_thread *t = &loop->thread[loop->workers];

	t->now = cvswd_now();
	t->resume = t->now;
	loop_resume(t, t->now);
}

const struct vswitch *loop_lane_switch(const void *wctx)
{
	const struct loop_lane *lane = wctx;

	return lane->vs;
}

struct cvsw_worker *loop_lane_worker(const void *wctx)
{
	const struct loop_lane *lane = wctx;

	return lane->worker;
}

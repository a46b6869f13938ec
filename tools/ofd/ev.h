/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_EV_H
#define CVSW_OFD_EV_H

/*
 * What a thread waits for: descriptors, times, and things left to do soon.
 *
 * One struct ev belongs to one thread, which makes all calls but ev_wake().
 * What is watched is embedded in its owner and borrowed until it is taken out
 * again; anything may be taken out, and freed, from inside any callback, and is
 * not called any more then.  A descriptor is taken out before it is closed.
 */

#include "os.h"

struct ev;

/**
 * struct ev_fd - a descriptor that is watched
 * @fd:    the descriptor, not owned
 * @ready: called with EPOLL* bits
 * @index: ev.c's; 0 when it is not watched
 */
struct ev_fd {
	int		fd;
	void		(*ready)(struct ev_fd *self, u32 events);
	unsigned int	index;
};

/**
 * struct ev_timer - a time that is waited for
 * @due:  called once, when it has come
 * @when: ns of ofd_now()
 * @link: ev.c's
 */
struct ev_timer {
	void		(*due)(struct ev_timer *self);
	u64		when;
	struct list_head link;
	bool		armed;
};

/**
 * struct ev_task - something to do before the thread waits again
 * @run:  called once
 * @link: ev.c's
 */
struct ev_task {
	void		(*run)(struct ev_task *self);
	struct list_head link;
	bool		armed;
};

/** ev_new - 0 or a negative errno */
int ev_new(struct ev **out);
void ev_free(struct ev *ev);

/** ev_add - watch @f->fd for @events; 0 or a negative errno */
int ev_add(struct ev *ev, struct ev_fd *f, u32 events);

/** ev_mod - for these from now on; may be 0: only errors and its end */
void ev_mod(struct ev *ev, struct ev_fd *f, u32 events);

/** ev_del - no more; nothing if it is not watched */
void ev_del(struct ev *ev, struct ev_fd *f);

/** ev_at - have @t called at @when, and no more for any time told before */
void ev_at(struct ev *ev, struct ev_timer *t, u64 when);
void ev_cancel(struct ev *ev, struct ev_timer *t);

/** ev_soon - have @task called after what is being done now; tasks run in the
 * order they came, and descriptors are looked at between two rounds of them */
void ev_soon(struct ev *ev, struct ev_task *task);
void ev_not_soon(struct ev *ev, struct ev_task *task);

/** ev_wake - have ev_once() of another thread return */
void ev_wake(struct ev *ev);

/**
 * ev_lock - take the lock of ev_once() in another thread
 *
 * A mutex is not fair: a thread that is busy would have it again before one
 * that waits for it wakes up.  With this call ev_once() gives way.
 */
void ev_lock(struct ev *ev, pthread_mutex_t *lock);

/** ev_lock_until - the same, but no later than @when of ofd_now(); was it taken? */
bool ev_lock_until(struct ev *ev, pthread_mutex_t *lock, u64 when);

/**
 * ev_once - wait until there is something to do, and do it
 * @lock: the caller's, and still so afterwards; given up while it waits.  NULL: none
 * Return: 0 or a negative errno.
 */
int ev_once(struct ev *ev, pthread_mutex_t *lock);

#endif /* CVSW_OFD_EV_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "ev.h"

#include <limits.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "ofd.h"

#define EV_EVENTS	64	/* of one round */

/*
 * struct ev_slot - where a descriptor that is watched is found again
 * @f:    NULL: free
 * @age:  how many were in this slot before; an event tells of one of them
 * @next: free: the next free one
 */
struct ev_slot {
	struct ev_fd	*f;
	u32		age;
	unsigned int	next;
};

/*
 * @slots:  the first is not used: an index of 0 is none
 * @free:   index of the first free one
 * @timers: by time, and those of one time in the order they came
 * @tasks:  in the order they came
 * @way:    who has it is the next to have the lock
 */
struct ev {
	int			epfd;
	int			wake_fd;
	struct ev_slot		*slots;
	unsigned int		n_slots;
	unsigned int		free;
	struct list_head	timers;
	struct list_head	tasks;
	pthread_mutex_t		way;
};

/* Life */

static int ev_init(struct ev *ev)
{
	struct epoll_event wake = { .events = EPOLLIN };

	INIT_LIST_HEAD(&ev->timers);
	INIT_LIST_HEAD(&ev->tasks);
	pthread_mutex_init(&ev->way, NULL);
	ev->n_slots = 1;
	ev->epfd = epoll_create1(EPOLL_CLOEXEC);
	ev->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ev->epfd < 0 || ev->wake_fd < 0 ||
	    epoll_ctl(ev->epfd, EPOLL_CTL_ADD, ev->wake_fd, &wake))
		return -errno;
	return 0;
}

int ev_new(struct ev **out)
{
	struct ev *ev = calloc(1, sizeof(*ev));
	int ret;

	if (!ev)
		return -ENOMEM;
	ret = ev_init(ev);
	if (ret)
		ev_free(ev);
	else
		*out = ev;
	return ret;
}

void ev_free(struct ev *ev)
{
	if (!ev)
		return;
	if (ev->epfd >= 0)
		close(ev->epfd);
	if (ev->wake_fd >= 0)
		close(ev->wake_fd);
	pthread_mutex_destroy(&ev->way);
	free(ev->slots);
	free(ev);
}

/* Descriptors */

static int ev_more_slots(struct ev *ev)
{
	const unsigned int n = ev->n_slots < 16 ? 16 : 2 * ev->n_slots;
	struct ev_slot *slots = realloc(ev->slots, n * sizeof(*slots));
	unsigned int i;

	if (!slots)
		return -ENOMEM;
	for (i = ev->n_slots; i < n; i++)
		slots[i] = (struct ev_slot){ .next = i + 1 < n ? i + 1 : 0 };
	ev->free = ev->n_slots;
	ev->slots = slots;
	ev->n_slots = n;
	return 0;
}

static int ev_tell_kernel(struct ev *ev, int op, const struct ev_fd *f,
			  u32 events)
{
	struct epoll_event e = {
		.events = events,
		.data.u64 = (u64)ev->slots[f->index].age << 32 | f->index,
	};

	return epoll_ctl(ev->epfd, op, f->fd, &e) ? -errno : 0;
}

static void ev_slot_free(struct ev *ev, struct ev_fd *f)
{
	struct ev_slot *slot = &ev->slots[f->index];

	slot->f = NULL;
	slot->age++;
	slot->next = ev->free;
	ev->free = f->index;
	f->index = 0;
}

int ev_add(struct ev *ev, struct ev_fd *f, u32 events)
{
	int ret;

	if (!ev->free) {
		ret = ev_more_slots(ev);
		if (ret)
			return ret;
	}
	f->index = ev->free;
	ev->free = ev->slots[f->index].next;
	ev->slots[f->index].f = f;
	ret = ev_tell_kernel(ev, EPOLL_CTL_ADD, f, events);
	if (ret)
		ev_slot_free(ev, f);
	return ret;
}

void ev_mod(struct ev *ev, struct ev_fd *f, u32 events)
{
	if (f->index)
		ev_tell_kernel(ev, EPOLL_CTL_MOD, f, events);
}

void ev_del(struct ev *ev, struct ev_fd *f)
{
	if (!f->index)
		return;
	ev_tell_kernel(ev, EPOLL_CTL_DEL, f, 0);
	ev_slot_free(ev, f);
}

static void ev_woken(struct ev *ev)
{
	u64 count;

	/* nothing to read: somebody else's wake was read before */
	if (read(ev->wake_fd, &count, sizeof(count)) < 0)
		return;
}

static void ev_run_fd(struct ev *ev, const struct epoll_event *e)
{
	const unsigned int index = (u32)e->data.u64;
	const struct ev_slot *slot;

	if (!index) {
		ev_woken(ev);
		return;
	}
	slot = &ev->slots[index];
	if (slot->f && slot->age == e->data.u64 >> 32)
		slot->f->ready(slot->f, e->events);
}

/* Times */

void ev_at(struct ev *ev, struct ev_timer *t, u64 when)
{
	struct list_head *behind;

	ev_cancel(ev, t);
	t->when = when;
	t->armed = true;
	/* most are later than all others */
	for (behind = ev->timers.prev; behind != &ev->timers;
	     behind = behind->prev)
		if (list_entry(behind, struct ev_timer, link)->when <= when)
			break;
	list_add(&t->link, behind);
}

void ev_cancel(struct ev *ev, struct ev_timer *t)
{
	if (t->armed)
		list_del(&t->link);
	t->armed = false;
}

/* Those that are due go to a list of their own first: one that is told a time
 * which has passed has its turn in the next round. */
static void ev_run_timers(struct ev *ev)
{
	struct list_head due;
	struct ev_timer *t;
	u64 now;

	if (list_empty(&ev->timers))
		return;
	now = ofd_now();
	INIT_LIST_HEAD(&due);
	while (!list_empty(&ev->timers)) {
		t = list_first_entry(&ev->timers, struct ev_timer, link);
		if (t->when > now)
			break;
		list_move_tail(&t->link, &due);
	}
	while (!list_empty(&due)) {
		t = list_first_entry(&due, struct ev_timer, link);
		ev_cancel(ev, t);
		t->due(t);
	}
}

/* Tasks */

void ev_soon(struct ev *ev, struct ev_task *task)
{
	if (task->armed)
		return;
	task->armed = true;
	list_add_tail(&task->link, &ev->tasks);
}

void ev_not_soon(struct ev *ev, struct ev_task *task)
{
	if (task->armed)
		list_del(&task->link);
	task->armed = false;
}

static void ev_run_tasks(struct ev *ev)
{
	struct list_head round;
	struct ev_task *task;

	INIT_LIST_HEAD(&round);
	list_splice_tail_init(&ev->tasks, &round);
	while (!list_empty(&round)) {
		task = list_first_entry(&round, struct ev_task, link);
		ev_not_soon(ev, task);
		task->run(task);
	}
}

/* Waiting */

void ev_wake(struct ev *ev)
{
	const u64 one = 1;

	/* fails only when it is set already */
	if (write(ev->wake_fd, &one, sizeof(one)) < 0)
		return;
}

void ev_lock(struct ev *ev, pthread_mutex_t *lock)
{
	pthread_mutex_lock(&ev->way);
	pthread_mutex_lock(lock);
	pthread_mutex_unlock(&ev->way);
}

bool ev_lock_until(struct ev *ev, pthread_mutex_t *lock, u64 when)
{
	const struct timespec until = {
		.tv_sec = (time_t)(when / 1000000000),
		.tv_nsec = (long)(when % 1000000000),
	};
	int ret;

	if (pthread_mutex_clocklock(&ev->way, CLOCK_MONOTONIC, &until))
		return false;
	ret = pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, &until);
	pthread_mutex_unlock(&ev->way);
	return !ret;
}

/* how long to wait, as epoll_wait() wants it */
static int ev_timeout(const struct ev *ev)
{
	const struct ev_timer *first;
	u64 now, ms;

	if (!list_empty(&ev->tasks))
		return 0;
	if (list_empty(&ev->timers))
		return -1;
	first = list_first_entry(&ev->timers, struct ev_timer, link);
	now = ofd_now();
	if (first->when <= now)
		return 0;
	ms = (first->when - now - 1) / 1000000 + 1;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

int ev_once(struct ev *ev, pthread_mutex_t *lock)
{
	struct epoll_event events[EV_EVENTS];
	const int timeout = ev_timeout(ev);
	int i, n, err;

	if (lock)
		pthread_mutex_unlock(lock);
	n = epoll_wait(ev->epfd, events, EV_EVENTS, timeout);
	err = errno;
	if (lock)
		ev_lock(ev, lock);
	if (n < 0 && err != EINTR)
		return -err;
	for (i = 0; i < n; i++)
		ev_run_fd(ev, &events[i]);
	ev_run_timers(ev);
	ev_run_tasks(ev);
	return 0;
}

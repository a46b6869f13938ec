// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What the main thread waits for: descriptors, each with a function.  A
 * watch may be deleted from inside any of these functions.
 */

#include "cvswd.h"

#include <sys/epoll.h>

struct watch {
	void	(*fn)(void *arg, u32 events);
	void	*arg;
};

static int watch_epfd = -1;
static struct watch *watches;	/* by descriptor */
static unsigned int n_watches;

static int watch_room(unsigned int fd)
{
	struct watch *more;
	unsigned int n;

	if (watch_epfd < 0) {
		watch_epfd = epoll_create1(EPOLL_CLOEXEC);
		if (watch_epfd < 0)
			return -errno;
	}
	if (fd < n_watches)
		return 0;
	n = (unsigned int)roundup_pow_of_two(fd + 1);
	more = realloc(watches, n * sizeof(*more));
	if (!more)
		return -ENOMEM;
	memset(more + n_watches, 0, (n - n_watches) * sizeof(*more));
	watches = more;
	n_watches = n;
	return 0;
}

int watch_add(int fd, u32 events, void (*fn)(void *arg, u32 events), void *arg)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };
	int ret = watch_room((unsigned int)fd);

	if (ret)
		return ret;
	if (epoll_ctl(watch_epfd, EPOLL_CTL_ADD, fd, &ev))
		return -errno;
	watches[fd] = (struct watch){ .fn = fn, .arg = arg };
	return 0;
}

int watch_mod(int fd, u32 events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(watch_epfd, EPOLL_CTL_MOD, fd, &ev) ? -errno : 0;
}

void watch_del(int fd)
{
	epoll_ctl(watch_epfd, EPOLL_CTL_DEL, fd, NULL);
	watches[fd].fn = NULL;
}

int watch_wait(void)
{
	struct epoll_event ev;
	const struct watch *w;
	int n;

	/* one at a time: a function may delete, and reuse, other descriptors */
	n = epoll_wait(watch_epfd, &ev, 1, -1);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	w = &watches[ev.data.fd];
	if (n && w->fn)
		w->fn(w->arg, ev.events);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What there is to see: who connects to the socket is told all there is, as one
 * JSON document, (show_json.c), and is done with.
 */

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "daemon.h"
#include "show.h"

#define SHOW_WRITE_S	1	/* that a reader may take nothing */
#define SHOW_REST_NS	100000000ull	/* when nobody can be accepted */

/**
 * struct show - the socket, and what can be seen there
 * @fd: the socket, not watched when there is none
 * @again: when to accept again, after there were no descriptors left
 */
static struct show {
	struct ev		*ev;
	struct ev_fd		fd;
	struct ev_timer		again;
	const char		*path;
	struct sw *const	*sw;
	unsigned int		n_sw;
} show = { .fd.fd = -1 };

/* Answers */

static int show_write(const char *buffer, size_t size, void *data)
{
	const int *fd = data;
	ssize_t n;

	for (; size; buffer += n, size -= (size_t)n) {
		n = send(*fd, buffer, size, MSG_NOSIGNAL);
		if (n <= 0)
			return -1;
	}
	return 0;
}

/* the main thread has nothing else to do; but signals must come through */
static void show_answer(int fd)
{
	const struct timeval patience = { .tv_sec = SHOW_WRITE_S };
	json_t *all = show_all(show.sw, show.n_sw);

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!json_dump_callback(all, show_write, &fd, JSON_COMPACT))
		show_write("\n", 1, &fd);
	json_decref(all);
}

static void show_again(struct ev_timer *again)
{
	(void)again;
	ev_mod(show.ev, &show.fd, EPOLLIN);
}

/* what fails for want of descriptors would fail again at once, and for ever */
static void show_rest(void)
{
	ev_mod(show.ev, &show.fd, 0);
	ev_at(show.ev, &show.again, ofd_now() + SHOW_REST_NS);
}

static void show_ready(struct ev_fd *f, u32 events)
{
	int fd = accept4(f->fd, NULL, NULL, SOCK_CLOEXEC);

	(void)events;
	if (fd < 0) {
		show_rest();
		return;
	}
	show_answer(fd);
	close(fd);
}

/* The socket */

static int show_open(const char *path)
{
	int ret;

	show.fd.fd = daemon_listen(path, SOCK_STREAM);
	if (show.fd.fd < 0)
		return show.fd.fd;
	show.path = path;
	show.fd.ready = show_ready;
	show.again.due = show_again;
	ret = ev_add(show.ev, &show.fd, EPOLLIN);
	if (ret)
		unlink(path);
	return ret;
}

int show_new(struct ev *ev, const char *path, struct sw *const *sw,
	     unsigned int n)
{
	int ret;

	show.ev = ev;
	show.sw = sw;
	show.n_sw = n;
	ret = show_open(path);
	if (!ret)
		return 0;
	say(LOG_WARNING, "nothing to be seen at %s: %s", path, strerror(-ret));
	if (show.fd.fd >= 0)
		close(show.fd.fd);
	show.fd.fd = -1;
	return ret;
}

void show_free(void)
{
	if (show.fd.fd < 0)
		return;
	ev_cancel(show.ev, &show.again);
	ev_del(show.ev, &show.fd);
	close(show.fd.fd);
	show.fd.fd = -1;
	unlink(show.path);
}

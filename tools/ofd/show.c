// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What there is to see: who connects to the socket is told all there is, as one
 * JSON document, (show_json.c), and is done with.
 */

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "show.h"

#define SHOW_BACKLOG	16
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
	struct sockaddr_un	addr;
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

/* a socket that nobody listens on any more? */
static bool show_stale(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool stale;

	if (fd < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)&show.addr,
			sizeof(show.addr)) && errno == ECONNREFUSED;
	close(fd);
	return stale;
}

/* the directory of the default socket is ours to make */
static void show_mkdir(const char *path)
{
	char dir[sizeof(show.addr.sun_path)];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash && slash != dir) {
		*slash = '\0';
		mkdir(dir, 0755);
	}
}

static int show_bind(const char *path)
{
	const struct sockaddr *sa = (const struct sockaddr *)&show.addr;
	mode_t old;
	int ret;

	if (strlen(path) >= sizeof(show.addr.sun_path))
		return -ENAMETOOLONG;
	show.addr.sun_family = AF_UNIX;
	strcpy(show.addr.sun_path, path);
	show_mkdir(path);
	old = umask(0177);
	ret = bind(show.fd.fd, sa, sizeof(show.addr)) ? -errno : 0;
	if (ret == -EADDRINUSE && show_stale()) {
		unlink(path);
		ret = bind(show.fd.fd, sa, sizeof(show.addr)) ? -errno : 0;
	}
	umask(old);
	return ret;
}

static int show_open(const char *path)
{
	int ret;

	show.fd.fd = socket(AF_UNIX,
			    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (show.fd.fd < 0)
		return -errno;
	ret = show_bind(path);
	if (ret)
		return ret;
	show.fd.ready = show_ready;
	show.again.due = show_again;
	ret = listen(show.fd.fd, SHOW_BACKLOG) ? -errno : 0;
	if (!ret)
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
	unlink(show.addr.sun_path);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control over a Unix socket of type SOCK_SEQPACKET: one datagram, one or more
 * messages.  mnl_socket_recvfrom() takes only peers that are netlink, hence
 * plain recv().
 */

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "ctl_priv.h"

#define UNIX_CONNECT_S	5	/* to be accepted, or to wait for it in line */

int cvsw_ctl_socket_send(void *link, const void *msg, size_t len, bool wait)
{
	const int flags = MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT);
	const struct cvsw_ctl_socket *l = link;
	ssize_t n;

	do {
		n = send(l->fd, msg, len, flags);
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return 0;
	if (errno == EAGAIN)
		return wait ? -ETIMEDOUT : -EAGAIN;
	return errno == EPIPE ? -ECONNRESET : -errno;
}

static ssize_t socket_receive(const struct cvsw_ctl_socket *l, void *buf,
			      size_t size, int flags)
{
	ssize_t n = recv(l->fd, buf, size, flags);

	if (!n)
		return -ECONNRESET;
	return n < 0 ? (errno == EINTR ? 0 : -errno) : n;
}

ssize_t cvsw_ctl_socket_answer(void *link, void *buf, size_t size)
{
	ssize_t n = socket_receive(link, buf, size, 0);

	return n == -EAGAIN ? -ETIMEDOUT : n;
}

/* mostly there is something, or nobody waits for it */
ssize_t cvsw_ctl_socket_recv(void *link, void *buf, size_t size, int timeout_ms)
{
	const struct cvsw_ctl_socket *l = link;
	struct pollfd poll_fd = { .fd = l->fd, .events = POLLIN };
	ssize_t n;

	n = socket_receive(l, buf, size, MSG_DONTWAIT);
	if (n != -EAGAIN || !timeout_ms)
		return n == -EAGAIN ? 0 : n;
	if (poll(&poll_fd, 1, timeout_ms) < 0)
		return errno == EINTR ? 0 : -errno;
	n = socket_receive(l, buf, size, MSG_DONTWAIT);
	return n == -EAGAIN ? 0 : n;
}

int cvsw_ctl_socket_timeout(void *link, int ms)
{
	const struct cvsw_ctl_socket *l = link;
	struct timeval tv = {};	/* for ever */

	if (ms > 0) {
		tv.tv_sec = ms / 1000;
		tv.tv_usec = ms % 1000 * 1000;
	}
	if (setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) ||
	    setsockopt(l->fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)))
		return -errno;
	return 0;
}

int cvsw_ctl_socket_fd(const void *link)
{
	const struct cvsw_ctl_socket *l = link;

	return l->fd;
}

static void unix_close(void *link)
{
	struct cvsw_ctl_socket *l = link;

	close(l->fd);
	free(l);
}

static const struct cvsw_ctl_transport unix_transport = {
	.send = cvsw_ctl_socket_send,
	.answer = cvsw_ctl_socket_answer,
	.recv = cvsw_ctl_socket_recv,
	.timeout = cvsw_ctl_socket_timeout,
	.fd = cvsw_ctl_socket_fd,
	.close = unix_close,
};

/* A daemon that stands still accepts nobody, and those who dialled it before are
 * all that it has room for. */
static int unix_dial(int fd, const struct sockaddr_un *sun)
{
	const struct timeval patience = { .tv_sec = UNIX_CONNECT_S }, ever = {};
	int err;

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	err = connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) ? -errno :
									0;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &ever, sizeof(ever));
	return err == -EAGAIN ? -ETIMEDOUT : err;
}

static int unix_connect(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd, err, size = 2 * CVSW_NL_MSG_MAX;

	if (strlen(path) >= sizeof(sun.sun_path))
		return -ENAMETOOLONG;
	strcpy(sun.sun_path, path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* room for the longest message, if the default is less */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	err = unix_dial(fd, &sun);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int cvsw_ctl_open_unix(struct cvsw_ctl **out, const char *path,
		       struct cvsw_ctl_error *err)
{
	struct cvsw_ctl_socket *link = malloc(sizeof(*link));
	int fd;

	if (!link)
		return -ENOMEM;
	fd = unix_connect(path);
	if (fd < 0) {
		free(link);
		snprintf(err->text, sizeof(err->text), "%s: %s", path,
			 strerror(-fd));
		return fd;
	}
	link->fd = fd;
	return cvsw_ctl_new(out, &unix_transport, link);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control over a Unix socket of type SOCK_SEQPACKET: one datagram, one or more
 * messages.  mnl_socket_recvfrom() takes only peers that are netlink, hence
 * plain recv().
 */

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "ctl_priv.h"

struct unix_link {
	int fd;
};

static int unix_send(void *link, const void *msg, size_t len)
{
	const struct unix_link *l = link;
	ssize_t n;

	do {
		n = send(l->fd, msg, len, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return 0;
	return errno == EPIPE ? -ECONNRESET : -errno;
}

static ssize_t unix_recv(void *link, void *buf, size_t size, int timeout_ms)
{
	const struct unix_link *l = link;
	struct pollfd poll_fd = { .fd = l->fd, .events = POLLIN };
	ssize_t n;

	n = poll(&poll_fd, 1, timeout_ms);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (n == 0)
		return 0;
	n = recv(l->fd, buf, size, 0);
	if (n == 0)
		return -ECONNRESET;
	return n < 0 ? (errno == EINTR ? 0 : -errno) : n;
}

static int unix_fd(const void *link)
{
	const struct unix_link *l = link;

	return l->fd;
}

static void unix_close(void *link)
{
	struct unix_link *l = link;

	close(l->fd);
	free(l);
}

static const struct cvsw_ctl_transport unix_transport = {
	.send = unix_send,
	.recv = unix_recv,
	.fd = unix_fd,
	.close = unix_close,
};

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
	if (!connect(fd, (struct sockaddr *)&sun, sizeof(sun)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int cvsw_ctl_open_unix(struct cvsw_ctl **out, const char *path,
		       struct cvsw_ctl_error *err)
{
	struct unix_link *link = malloc(sizeof(*link));
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

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "server.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cvsw/nl.h>
#include "cvswd.h"
#include "daemon.h"
#include "loop.h"
#include "nl_server.h"

#define SERVER_CLIENTS		256	/* an agent is one with each dump, too */
#define SERVER_SOCK_BUF		(4 * CVSW_NL_MSG_MAX)
#define SERVER_TURN		16	/* requests of a client in one go */

/*
 * struct server_client - one connection
 * @next:   of the server
 * @events: what is waited for
 * @lost:   to be closed as soon as nobody is inside it
 */
struct server_client {
	struct server		*server;
	struct cvsw_nl_client	*nl;
	struct server_client	*next;
	int			fd;
	u32			events;
	bool			lost;
};

struct server {
	struct cvswd		*daemon;
	struct cvsw_nl_server	*nl;
	struct server_client	*clients;
	unsigned int		n_clients;
	int			fd;
	int			wake_fd;
	bool			full;	/* and that was said */
	char			*path;
	u8			buf[CVSW_NL_MSG_MAX + 1];
};

/* Clients */

static void server_client_close(struct server_client *c)
{
	struct server_client **at = &c->server->clients;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->server->n_clients--;
	watch_del(c->fd);
	cvsw_nl_client_free(c->nl);
	close(c->fd);
	free(c);
}

/* close it if it is lost, else wait for what it can go on with */
static void server_settle(struct server_client *c)
{
	unsigned int wants = cvsw_nl_client_wants(c->nl);
	u32 events = 0;

	if (wants & CVSW_NL_CLIENT_READ)
		events |= EPOLLIN;
	if (wants & CVSW_NL_CLIENT_WRITE)
		events |= EPOLLOUT;
	if (c->lost || !wants)
		server_client_close(c);
	else if (events != c->events && !watch_mod(c->fd, events))
		c->events = events;
}

static int server_recv(struct server_client *c)
{
	struct server *s = c->server;
	ssize_t len;

	len = recv(c->fd, s->buf, sizeof(s->buf), MSG_DONTWAIT | MSG_TRUNC);
	if (len < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	if (!len)
		return -ECONNRESET;
	if (len > CVSW_NL_MSG_MAX)
		return -EMSGSIZE;
	return cvsw_nl_client_input(c->nl, s->buf, (size_t)len, cvswd_now());
}

/* several requests if they are there, but others want their turn */
static int server_requests(struct server_client *c)
{
	unsigned int n;
	int ret = 0;

	for (n = 0; n < SERVER_TURN && !ret; n++) {
		if (!(cvsw_nl_client_wants(c->nl) & CVSW_NL_CLIENT_READ))
			break;
		ret = server_recv(c);
	}
	return ret == -EAGAIN ? 0 : ret;
}

static void server_client_ready(void *arg, u32 events)
{
	struct server_client *c = arg;
	struct server *s = c->server;
	int ret = 0;

	if (!(events & (EPOLLIN | EPOLLOUT)))	/* EPOLLHUP, EPOLLERR */
		ret = -ECONNRESET;
	if (events & EPOLLOUT)
		ret = cvsw_nl_client_ready(c->nl, cvswd_now());
	if (events & EPOLLIN && !ret)
		ret = server_requests(c);
	if (ret)
		c->lost = true;
	loop_control_flush(s->daemon->loop);
	mtu_check(s->daemon);
	server_settle(c);
}

/* by any thread; the server is told when there was an error */
static int server_send(void *ctx, void *client_ctx, const void *msg, size_t len)
{
	const struct server_client *c = client_ctx;

	if (send(c->fd, msg, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS)
		return -EAGAIN;
	return -errno;
}

/* who has an answer can count on the frames before it */
static void server_flush(void *ctx)
{
	struct server *s = ctx;

	loop_control_flush(s->daemon->loop);
}

static int server_client_new(struct server *s, int fd)
{
	const int size = SERVER_SOCK_BUF;
	struct server_client *c = calloc(1, sizeof(*c));
	int ret;

	if (!c)
		return -ENOMEM;
	c->server = s;
	c->fd = fd;
	c->nl = cvsw_nl_client_new(s->nl, c);
	if (!c->nl) {
		free(c);
		return -ENOMEM;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	c->events = EPOLLIN;
	ret = watch_add(fd, EPOLLIN, server_client_ready, c);
	if (ret) {
		cvsw_nl_client_free(c->nl);
		free(c);
		return ret;
	}
	c->next = s->clients;
	s->clients = c;
	s->n_clients++;
	return 0;
}

static void server_accept(void *arg, u32 events)
{
	struct server *s = arg;
	int fd;

	fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	if (s->n_clients < SERVER_CLIENTS && !server_client_new(s, fd)) {
		s->full = false;
		return;
	}
	close(fd);
	if (!s->full)
		say(LOG_WARNING, "control: no room for more clients");
	s->full = true;
}

/* Events */

/* some client is to be looked at, and it is not known which */
static void server_wake(void *ctx)
{
	struct server *s = ctx;
	const u64 one = 1;

	/* fails only when it is set already */
	if (write(s->wake_fd, &one, sizeof(one)) < 0)
		return;
}

static void server_woken(void *arg, u32 events)
{
	struct server_client *c, *next;
	struct server *s = arg;
	u64 count;

	if (read(s->wake_fd, &count, sizeof(count)) < 0)
		return;
	for (c = s->clients; c; c = next) {
		next = c->next;
		server_settle(c);
	}
}

void server_event(struct server *s, const struct vswitch *vs,
		  const struct cvsw_event *event)
{
	cvsw_nl_server_event(s->nl, vs->sw, event);
}

int server_packet_in(struct server *s, const struct vswitch *vs,
		     const struct cvsw_pkt *pkt,
		     const struct cvsw_packet_in *info)
{
	return cvsw_nl_server_packet_in(s->nl, vs->sw, pkt, info);
}

/* Life */

static const struct cvsw_nl_server_ops server_ops = {
	.send = server_send,
	.wake = server_wake,
	.flush = server_flush,
};

static int server_open(struct server *s)
{
	int ret;

	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->wake_fd < 0)
		return -errno;
	s->fd = daemon_listen(s->path, SOCK_SEQPACKET);
	if (s->fd < 0)
		return s->fd;
	ret = watch_add(s->fd, EPOLLIN, server_accept, s);
	if (!ret)
		ret = watch_add(s->wake_fd, EPOLLIN, server_woken, s);
	if (ret)
		unlink(s->path);
	return ret;
}

static void server_release(struct server *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (s->wake_fd >= 0)
		close(s->wake_fd);
	if (s->nl)
		cvsw_nl_server_free(s->nl);
	free(s->path);
	free(s);
}

int server_new(struct cvswd *d, const char *path, struct server **out)
{
	struct server *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	if (!s)
		return -ENOMEM;
	s->daemon = d;
	s->fd = -1;
	s->wake_fd = -1;
	s->path = strdup(path);
	s->nl = cvsw_nl_server_new(&server_ops, s);
	if (s->path && s->nl)
		ret = server_open(s);
	if (ret) {
		server_release(s);
		return ret;
	}
	*out = s;
	return 0;
}

struct cvsw_nl_server *server_nl(const struct server *s)
{
	return s->nl;
}

void server_free(struct server *s)
{
	while (s->clients)
		server_client_close(s->clients);
	watch_del(s->fd);
	watch_del(s->wake_fd);
	unlink(s->path);
	server_release(s);
}

int server_add(struct server *s, const struct vswitch *vs)
{
	return cvsw_nl_server_add(s->nl, vs->sw,
				  loop_control(s->daemon->loop, vs));
}

void server_del(struct server *s, const struct vswitch *vs)
{
	cvsw_nl_server_del(s->nl, vs->sw);
}

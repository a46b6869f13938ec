// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "lookup.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * struct lookup_query - what the thread and the one who asks share
 * @host, @port: text
 * @done_fd: eventfd: there is an answer
 * @users:   who still needs it: 2, 1; the last frees it
 * @err:     EAI_*
 */
struct lookup_query {
	char		host[256];
	char		port[8];
	int		done_fd;
	int		users;
	int		err;
	struct addrinfo	*list;
};

struct lookup {
	struct ev		*ev;
	struct ev_fd		fd;
	struct lookup_query	*query;
	void			(*done)(void *arg, struct addrinfo *list,
					const char *why);
	void			*arg;
};

static int lookup_ask(struct addrinfo **list, const char *host,
		      const char *port, int flags)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICSERV | flags,
		.ai_socktype = SOCK_STREAM,
	};

	*list = NULL;
	return getaddrinfo(host, port, &hints, list);
}

int lookup_address(struct addrinfo **list, const char *host, u16 port,
		   int flags)
{
	char text[8];

	snprintf(text, sizeof(text), "%u", port);
	return lookup_ask(list, host, text, AI_NUMERICHOST | flags);
}

/* The thread */

static void lookup_query_put(struct lookup_query *q)
{
	if (__atomic_sub_fetch(&q->users, 1, __ATOMIC_ACQ_REL))
		return;
	if (q->list)
		freeaddrinfo(q->list);
	if (q->done_fd >= 0)
		close(q->done_fd);
	free(q);
}

static void *lookup_run(void *arg)
{
	struct lookup_query *q = arg;
	const u64 one = 1;

	q->err = lookup_ask(&q->list, q->host, q->port, 0);
	/* an eventfd that nobody has written to takes it */
	if (write(q->done_fd, &one, sizeof(one)) < 0)
		q->err = EAI_SYSTEM;
	lookup_query_put(q);
	return NULL;
}

static int lookup_start(struct lookup_query *q)
{
	pthread_attr_t attr;
	pthread_t thread;
	int ret;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	q->users++;
	ret = -pthread_create(&thread, &attr, lookup_run, q);
	if (ret)
		q->users--;
	pthread_attr_destroy(&attr);
	return ret;
}

/* Who asks */

static void lookup_ready(struct ev_fd *f, u32 events)
{
	struct lookup *l = container_of(f, struct lookup, fd);
	struct addrinfo *list = l->query->list;
	const char *why = list ? NULL : gai_strerror(l->query->err);
	void (*done)(void *, struct addrinfo *, const char *) = l->done;
	void *arg = l->arg;

	l->query->list = NULL;
	lookup_free(l);
	done(arg, list, why);
}

static int lookup_begin(struct lookup *l, const char *host, u16 port)
{
	struct lookup_query *q = calloc(1, sizeof(*q));
	int ret;

	if (!q)
		return -ENOMEM;
	l->query = q;
	q->users = 1;
	snprintf(q->host, sizeof(q->host), "%s", host);
	snprintf(q->port, sizeof(q->port), "%u", port);
	q->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (q->done_fd < 0)
		return -errno;
	l->fd.fd = q->done_fd;
	l->fd.ready = lookup_ready;
	ret = ev_add(l->ev, &l->fd, EPOLLIN);
	return ret ? ret : lookup_start(q);
}

int lookup_new(struct lookup **out, struct ev *ev, const char *host, u16 port,
	       void (*done)(void *arg, struct addrinfo *list, const char *why),
	       void *arg)
{
	struct lookup *l = calloc(1, sizeof(*l));
	int ret;

	if (!l)
		return -ENOMEM;
	l->ev = ev;
	l->done = done;
	l->arg = arg;
	ret = lookup_begin(l, host, port);
	if (ret)
		lookup_free(l);
	else
		*out = l;
	return ret;
}

void lookup_free(struct lookup *l)
{
	if (!l)
		return;
	ev_del(l->ev, &l->fd);
	if (l->query)
		lookup_query_put(l->query);
	free(l);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The way to a peer: its addresses one after the other, until one answers. */

#include "chan_priv.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "lookup.h"
#include "ofd.h"

/*
 * struct chan_way - what is still to be tried
 * @lookup: the name is being looked up
 * @list:   to be freed; @next: in it, or @unix_next: the next one
 * @until:  ns: by then it is to be up; shared by the addresses that are left
 * @err:    errno of the last one
 */
struct chan_way {
	struct lookup		*lookup;
	struct addrinfo		*list;
	const struct addrinfo	*next;
	struct addrinfo		unix_next;
	struct sockaddr_un	unix_addr;
	u64			until;
	int			err;
	char			host[256];
};

void chan_way_free(struct chan_way *way)
{
	if (!way)
		return;
	lookup_free(way->lookup);
	if (way->list)
		freeaddrinfo(way->list);
	free(way);
}

/* One address */

static void dial_hang_up(struct chan *c)
{
	ev_del(c->ev, &c->fd);
	if (c->fd.fd >= 0)
		close(c->fd.fd);
	c->fd.fd = -1;
}

static int dial_connect(struct chan *c, const struct addrinfo *to)
{
	int ret;

	c->fd.fd = socket(to->ai_family,
			  SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd.fd < 0)
		return -errno;
	ret = connect(c->fd.fd, to->ai_addr, to->ai_addrlen) ? -errno : 0;
	if (ret && ret != -EINPROGRESS)
		return ret;
	c->watched = EPOLLOUT;
	return ev_add(c->ev, &c->fd, EPOLLOUT);
}

/* the time that is left is for all addresses that are left */
static void dial_set_limit(struct chan *c)
{
	const struct addrinfo *ai = c->way->next;
	const u64 now = ofd_now(), until = c->way->until;
	u32 n = 1;

	for (; ai; ai = ai->ai_next)
		n++;
	ev_at(c->ev, &c->limit,
	      until > now ? now + div_u64(until - now, n) : now);
}

static void dial_next(struct chan *c)
{
	struct chan_way *way = c->way;
	const struct addrinfo *to;
	int ret;

	while ((to = way->next)) {
		way->next = to->ai_next;
		ret = dial_connect(c, to);
		if (!ret) {
			dial_set_limit(c);
			return;
		}
		way->err = -ret;
		dial_hang_up(c);
	}
	chan_end_errno(c, way->err);
}

static void dial_failed(struct chan *c, int err)
{
	c->way->err = err;
	dial_hang_up(c);
	dial_next(c);
}

/* A port that is dialled from itself answers itself, when nobody else has it. */
static bool dial_is_self(const struct chan *c)
{
	struct sockaddr_storage own = {}, peer = {};
	socklen_t own_len = sizeof(own), peer_len = sizeof(peer);

	if (getsockname(c->fd.fd, (struct sockaddr *)&own, &own_len) ||
	    getpeername(c->fd.fd, (struct sockaddr *)&peer, &peer_len))
		return false;
	return own.ss_family != AF_UNIX && own_len == peer_len &&
	       !memcmp(&own, &peer, own_len);
}

void chan_dial_ready(struct chan *c)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(c->fd.fd, SOL_SOCKET, SO_ERROR, &err, &len))
		err = errno;
	if (!err && dial_is_self(c))
		err = ECONNREFUSED;
	if (err) {
		dial_failed(c, err);
		return;
	}
	ev_at(c->ev, &c->limit, c->way->until);
	chan_way_free(c->way);
	c->way = NULL;
	chan_tcp_set(c->fd.fd);
	chan_connected(c, true);
}

void chan_dial_late(struct chan *c)
{
	if (c->way->lookup)
		chan_end(c, "%s: no answer from the name service",
			 c->way->host);
	else
		dial_failed(c, ETIMEDOUT);
}

/* Where to */

static void dial_found(void *arg, struct addrinfo *list, const char *why)
{
	struct chan *c = arg;

	c->way->lookup = NULL;
	c->way->list = list;
	c->way->next = list;
	if (list)
		dial_next(c);
	else
		chan_end(c, "%s: %s", c->way->host, why);
	chan_tell(c);
}

static void dial_unix(struct chan *c, const struct target *target)
{
	struct chan_way *way = c->way;

	way->unix_addr.sun_family = AF_UNIX;
	memcpy(way->unix_addr.sun_path, target->path, sizeof(target->path));
	way->unix_next.ai_family = AF_UNIX;
	way->unix_next.ai_addr = (struct sockaddr *)&way->unix_addr;
	way->unix_next.ai_addrlen = sizeof(way->unix_addr);
	way->next = &way->unix_next;
	dial_next(c);
}

/* what fails here is told by ->down() too */
static void dial_begin(struct chan *c, const struct target *target)
{
	struct chan_way *way = c->way;
	int ret = 0;

	snprintf(way->host, sizeof(way->host), "%s", target->host);
	way->until = ofd_now() + CHAN_UP_NS;
	ev_at(c->ev, &c->limit, way->until);
	if (target->kind == TARGET_UNIX) {
		dial_unix(c, target);
	} else if (!lookup_address(&way->list, target->host, target->port, 0)) {
		way->next = way->list;
		dial_next(c);
	} else {
		ret = lookup_new(&way->lookup, c->ev, target->host,
				 target->port, dial_found, c);
	}
	if (ret)
		chan_end_errno(c, -ret);
	if (c->ended)
		ev_soon(c->ev, &c->work);
}

int chan_dial(struct chan **out, struct ev *ev, const struct target *target,
	      SSL_CTX *tls, const struct chan_ops *ops, void *arg, char *why,
	      size_t size)
{
	const bool is_tls = target->kind == TARGET_SSL;
	struct chan *c;

	if (is_tls && !tls) {
		snprintf(why, size, CHAN_NO_TLS);
		return -EINVAL;
	}
	c = chan_new(ev, is_tls ? tls : NULL);
	if (c)
		c->way = calloc(1, sizeof(*c->way));
	if (!c || !c->way) {
		free(c);
		chan_errno_text(ENOMEM, why, size);
		return -ENOMEM;
	}
	c->ops = ops;
	c->arg = arg;
	c->state = CHAN_DIALS;
	dial_begin(c, target);
	*out = c;
	return 0;
}

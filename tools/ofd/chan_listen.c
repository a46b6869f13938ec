// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Where peers dial in. */

#include "chan_priv.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "lookup.h"
#include "ofd.h"

#define LISTEN_BACKLOG	128
#define LISTEN_REST_NS	100000000ull	/* when there are no descriptors left */

/*
 * struct chan_listener - one of them
 * @again:  when to accept again
 * @short_of: there were no descriptors last time, and it was said
 * @dev, @ino: of a Unix socket, to take no other away in the end
 */
struct chan_listener {
	struct ev		*ev;
	struct target		target;
	SSL_CTX			*tls;
	void			(*each)(void *arg, struct chan *chan,
					const char *peer);
	void			*arg;
	struct ev_fd		fd;
	struct ev_timer		again;
	bool			short_of;
	dev_t			dev;
	ino_t			ino;
};

/* Who it is */

static void peer_inet(const struct sockaddr *sa, socklen_t len, char *text,
		      size_t size)
{
	char host[NI_MAXHOST], port[NI_MAXSERV];
	const char *h = host;

	if (getnameinfo(sa, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV))
		return;
	/* IPv4 that came in by a socket of both */
	if (!strncmp(host, "::ffff:", 7) && strchr(host, '.'))
		h += 7;
	snprintf(text, size, strchr(h, ':') ? "[%s]:%s" : "%s:%s", h, port);
}

static void peer_text(int fd, const struct sockaddr_storage *ss, socklen_t len,
		      char *text, size_t size)
{
	struct ucred cred;
	socklen_t cred_len = sizeof(cred);

	*text = '\0';
	if (ss->ss_family != AF_UNIX)
		peer_inet((const struct sockaddr *)ss, len, text, size);
	else if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &cred_len))
		snprintf(text, size, "process %d", (int)cred.pid);
}

/* Accepting */

/* an error that does not go away by trying again at once */
static void listen_rest(struct chan_listener *l, int err)
{
	if (!l->short_of)
		say(LOG_WARNING, "%s: nobody can dial in: %s", l->target.text,
		    strerror(err));
	l->short_of = true;
	ev_mod(l->ev, &l->fd, 0);
	ev_at(l->ev, &l->again, ofd_now() + LISTEN_REST_NS);
}

static void listen_again(struct ev_timer *again)
{
	struct chan_listener *l = container_of(again, struct chan_listener,
					       again);

	ev_mod(l->ev, &l->fd, EPOLLIN);
}

static bool listen_err_stays(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOBUFS ||
	       err == ENOMEM;
}

/* one at a time: the listener may be gone afterwards */
static void listen_ready(struct ev_fd *f, u32 events)
{
	struct chan_listener *l = container_of(f, struct chan_listener, fd);
	struct sockaddr_storage ss = {};
	socklen_t len = sizeof(ss);
	struct chan *c;
	char peer[64];
	int fd;

	fd = accept4(f->fd, (struct sockaddr *)&ss, &len,
		     SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) {
		if (listen_err_stays(errno))
			listen_rest(l, errno);
		return;
	}
	l->short_of = false;
	chan_tcp_set(fd);
	peer_text(fd, &ss, len, peer, sizeof(peer));
	if (chan_open(&c, l->ev, fd, l->tls)) {
		close(fd);
		return;
	}
	l->each(l->arg, c, peer);
}

/* TCP */

static int listen_bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	const int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, sa, len) || listen(fd, LISTEN_BACKLOG))
		return -errno;
	return 0;
}

/* IPv6 and IPv4, or IPv4 where there is no IPv6 */
static int listen_any(struct chan_listener *l)
{
	const struct sockaddr_in6 any6 = {
		.sin6_family = AF_INET6,
		.sin6_port = cpu_to_be16(l->target.port),
	};
	const struct sockaddr_in any4 = {
		.sin_family = AF_INET,
		.sin_port = cpu_to_be16(l->target.port),
	};
	const int off = 0;
	int ret;

	l->fd.fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			  0);
	if (l->fd.fd >= 0) {
		setsockopt(l->fd.fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
			   sizeof(off));
		ret = listen_bind(l->fd.fd, (const struct sockaddr *)&any6,
				  sizeof(any6));
		if (ret != -EADDRNOTAVAIL)
			return ret;
		close(l->fd.fd);
	}
	l->fd.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			  0);
	if (l->fd.fd < 0)
		return -errno;
	return listen_bind(l->fd.fd, (const struct sockaddr *)&any4,
			   sizeof(any4));
}

static int listen_tcp(struct chan_listener *l, char *why, size_t size)
{
	struct addrinfo *ai;
	int ret;

	if (!*l->target.host)
		return listen_any(l);
	if (lookup_address(&ai, l->target.host, l->target.port, AI_PASSIVE)) {
		snprintf(why, size, "%s: not an address", l->target.host);
		return -EINVAL;
	}
	l->fd.fd = socket(ai->ai_family,
			  SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ret = l->fd.fd < 0 ? -errno :
			     listen_bind(l->fd.fd, ai->ai_addr, ai->ai_addrlen);
	freeaddrinfo(ai);
	return ret;
}

/* Unix sockets */

/* does nobody answer there any more? */
static bool listen_is_stale(const struct sockaddr_un *sun)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(sun->sun_path, &st) || !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) &&
		errno == ECONNREFUSED;
	close(fd);
	return stale;
}

/* The mode of the descriptor becomes that of the file, so that nobody else can
 * dial in between. */
static int listen_unix(struct chan_listener *l)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	const struct sockaddr *sa = (const struct sockaddr *)&sun;
	struct stat st;
	int ret;

	memcpy(sun.sun_path, l->target.path, sizeof(l->target.path));
	l->fd.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			  0);
	if (l->fd.fd < 0 || fchmod(l->fd.fd, 0600))
		return -errno;
	ret = bind(l->fd.fd, sa, sizeof(sun)) ? -errno : 0;
	if (ret == -EADDRINUSE && listen_is_stale(&sun)) {
		unlink(sun.sun_path);
		ret = bind(l->fd.fd, sa, sizeof(sun)) ? -errno : 0;
	}
	if (ret)
		return ret;
	if (!lstat(sun.sun_path, &st)) {
		l->dev = st.st_dev;
		l->ino = st.st_ino;
	}
	return listen(l->fd.fd, LISTEN_BACKLOG) ? -errno : 0;
}

static void listen_unix_end(const struct chan_listener *l)
{
	struct stat st;

	if (l->ino && !lstat(l->target.path, &st) && st.st_dev == l->dev &&
	    st.st_ino == l->ino)
		unlink(l->target.path);
}

/* Life */

static int listen_begin(struct chan_listener *l, char *why, size_t size)
{
	int ret;

	if (l->target.kind == TARGET_SSL && !l->tls) {
		snprintf(why, size, CHAN_NO_TLS);
		return -EINVAL;
	}
	ret = l->target.kind == TARGET_UNIX ? listen_unix(l) :
					      listen_tcp(l, why, size);
	return ret ? ret : ev_add(l->ev, &l->fd, EPOLLIN);
}

int chan_listen(struct chan_listener **out, struct ev *ev,
		const struct target *target, SSL_CTX *tls,
		void (*each)(void *arg, struct chan *chan, const char *peer),
		void *arg, char *why, size_t size)
{
	struct chan_listener *l = calloc(1, sizeof(*l));
	int ret;

	if (!l) {
		chan_errno_text(ENOMEM, why, size);
		return -ENOMEM;
	}
	l->ev = ev;
	l->target = *target;
	l->tls = target->kind == TARGET_SSL ? tls : NULL;
	l->each = each;
	l->arg = arg;
	l->fd.fd = -1;
	l->fd.ready = listen_ready;
	l->again.due = listen_again;
	*why = '\0';
	ret = listen_begin(l, why, size);
	if (!ret) {
		*out = l;
		return 0;
	}
	if (!*why)
		chan_errno_text(-ret, why, size);
	chan_unlisten(l);
	return ret;
}

void chan_unlisten(struct chan_listener *l)
{
	if (!l)
		return;
	ev_cancel(l->ev, &l->again);
	ev_del(l->ev, &l->fd);
	if (l->fd.fd >= 0)
		close(l->fd.fd);
	listen_unix_end(l);
	free(l);
}

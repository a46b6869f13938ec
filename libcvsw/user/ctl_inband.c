// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control of a vNIC by frames.  With a key it is version 3: a user of a session,
 * whose socket is as that of a daemon.  Without one it is version 2, see
 * ctl_inband_v2.c.
 */

#include <stdio.h>
#include <unistd.h>
#include "ctl_inband.h"
#include "ctl_transport.h"
#include "inband_session.h"

#define INBAND_WAIT_MS	3000	/* for a vNIC to answer */

/**
 * struct inband_link - a user of a session
 * @socket:  first, for cvsw_ctl_socket_send() and the like
 * @session: it is a user of
 * @why:     what the session said last of its end
 */
struct inband_link {
	struct cvsw_ctl_socket	socket;
	struct cvsw_session	*session;
	char			why[CVSW_SESSION_WHY];
};

static int inband_link_new(struct cvsw_session *session, void **out)
{
	struct inband_link *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->session = session;
	l->socket.fd = cvsw_session_get(session);
	if (l->socket.fd < 0) {
		int err = l->socket.fd;

		free(l);
		return err;
	}
	*out = l;
	return 0;
}

static int inband_more(void *link, void **out)
{
	const struct inband_link *l = link;

	return inband_link_new(l->session, out);
}

static const char *inband_why(void *link)
{
	struct inband_link *l = link;

	cvsw_session_why(l->session, l->why);
	return *l->why ? l->why : NULL;
}

static void inband_close(void *link)
{
	struct inband_link *l = link;

	close(l->socket.fd);
	cvsw_session_put(l->session);
	free(l);
}

static const struct cvsw_ctl_transport inband_transport = {
	.send = cvsw_ctl_socket_send,
	.answer = cvsw_ctl_socket_answer,
	.recv = cvsw_ctl_socket_recv,
	.timeout = cvsw_ctl_socket_timeout,
	.more = inband_more,
	.why = inband_why,
	.fd = cvsw_ctl_socket_fd,
	.close = inband_close,
};

/* Opening */

int cvsw_ctl_open_session(struct cvsw_ctl **out, struct cvsw_session *session)
{
	void *link;
	int ret = inband_link_new(session, &link);

	return ret ?: cvsw_ctl_new(out, &inband_transport, link);
}

static int inband_fail(struct cvsw_ctl_error *err, int ret, const char *where,
		       const char *why)
{
	snprintf(err->text, sizeof(err->text), "frame:%.*s: %s",
		 (int)strcspn(where, ","), where, why);
	return ret;
}

static int inband_v3(struct cvsw_ctl **out, struct cvsw_sock *sock,
		     const struct cvsw_sock_where *where,
		     struct cvsw_ctl_error *err)
{
	struct cvsw_v3_host_info info = {
		.mtu = sock->mtu,
		.key_id = where->keys.id[0],
		.lease_ms = where->lease_ms,
	};
	struct cvsw_session *session;
	char why[CVSW_SESSION_WHY];
	int ret;

	if (sock->mtu < CVSW_V3_MTU_MIN) {
		close(sock->fd);
		return inband_fail(err, -EINVAL, where->iface,
				   "its MTU is too small");
	}
	memcpy(info.mac, sock->mac, sizeof(info.mac));
	memcpy(info.vnic, where->vnic, sizeof(info.vnic));
	memcpy(info.key, where->keys.key[0], sizeof(info.key));
	ret = cvsw_session_new(&session, sock->fd, &info, INBAND_WAIT_MS, why);
	memzero_explicit(&info, sizeof(info));
	if (ret)
		return inband_fail(err, ret, where->iface, ret == -ETIMEDOUT ?
				   "no vNIC answers; is inband=v3 set there, "
				   "with the same id and key?" : why);
	ret = cvsw_ctl_open_session(out, session);
	cvsw_session_put(session);
	return ret;
}

int cvsw_ctl_open_inband(struct cvsw_ctl **out, const char *text,
			 struct cvsw_ctl_error *err)
{
	struct cvsw_sock_where where;
	char why[CVSW_SOCK_WHY];
	struct cvsw_sock sock;
	int ret = cvsw_sock_where_read(&where, text, why);

	if (!ret)
		ret = cvsw_sock_open(&sock, where.iface, why);
	if (ret)
		inband_fail(err, ret, text, why);
	else if (where.has_keys)
		ret = inband_v3(out, &sock, &where, err);
	else
		ret = cvsw_ctl_open_v2(out, &sock, &where, err);
	memzero_explicit(&where, sizeof(where));
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A client inside its server.  It holds one datagram, the next that will be
 * received; until then the server is told to wait.
 */

#include "ctl_local.h"
#include "ctl_priv.h"
#include "nl_server_priv.h"

/*
 * struct local_link - such a client
 * @lock: for @held and @buf: the server may send by any thread
 */
struct local_link {
	struct cvsw_nl_client	*client;
	struct mutex		lock;
	u64			(*now)(void *arg);
	void			*arg;
	size_t			held;
	u8			buf[CVSW_NL_MSG_MAX];
};

/* the server sends */
static int local_hold(void *ctx, void *client_ctx, const void *msg, size_t len)
{
	struct local_link *l = client_ctx;
	int err = 0;

	(void)ctx;
	if (len > sizeof(l->buf))
		return -EMSGSIZE;
	mutex_lock(&l->lock);
	if (l->held) {
		err = -EAGAIN;
	} else {
		memcpy(l->buf, msg, len);
		l->held = len;
	}
	mutex_unlock(&l->lock);
	return err;
}

/* take what is held, into @buf if there is one */
static size_t local_take(struct local_link *l, void *buf)
{
	size_t n;

	mutex_lock(&l->lock);
	n = l->held;
	if (buf)
		memcpy(buf, l->buf, n);
	l->held = 0;
	mutex_unlock(&l->lock);
	return n;
}

static int local_send(void *link, const void *msg, size_t len, bool wait)
{
	struct local_link *l = link;
	int err;

	if (!wait && (READ_ONCE(l->held) || cvsw_nl_client_pending(l->client)))
		return -EAGAIN;
	/* events that nobody read must not hold up a request */
	while (cvsw_nl_client_pending(l->client)) {
		local_take(l, NULL);
		err = cvsw_nl_client_ready(l->client, l->now(l->arg));
		if (err)
			return err;
	}
	return cvsw_nl_client_input(l->client, msg, len, l->now(l->arg));
}

static ssize_t local_recv(void *link, void *buf, size_t size, int timeout_ms)
{
	struct local_link *l = link;
	size_t n;
	int err;

	if (size < sizeof(l->buf))
		return -EMSGSIZE;
	n = local_take(l, buf);
	if (n)
		return (ssize_t)n;
	err = cvsw_nl_client_ready(l->client, l->now(l->arg));
	if (err)
		return err;
	n = local_take(l, buf);
	if (!n && timeout_ms < 0)	/* nothing comes by waiting */
		return -ENODATA;
	return (ssize_t)n;
}

static ssize_t local_answer(void *link, void *buf, size_t size)
{
	return local_recv(link, buf, size, -1);
}

/* it is here at once or never */
static int local_timeout(void *link, int ms)
{
	(void)link;
	(void)ms;
	return 0;
}

static int local_fd(const void *link)
{
	(void)link;
	return -1;
}

static void local_close(void *link)
{
	struct local_link *l = link;

	cvsw_nl_client_free(l->client);
	mutex_destroy(&l->lock);
	free(l);
}

static const struct cvsw_ctl_transport local_transport = {
	.send = local_send,
	.answer = local_answer,
	.recv = local_recv,
	.timeout = local_timeout,
	.fd = local_fd,
	.close = local_close,
};

int cvsw_ctl_open_local(struct cvsw_ctl **out, struct cvsw_nl_server *server,
			u64 (*now)(void *arg), void *arg)
{
	struct local_link *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->client = cvsw_nl_client_new(server, l);
	if (!l->client) {
		free(l);
		return -ENOMEM;
	}
	cvsw_nl_client_via(l->client, local_hold, NULL);
	mutex_init(&l->lock);
	l->now = now;
	l->arg = arg;
	return cvsw_ctl_new(out, &local_transport, l);
}

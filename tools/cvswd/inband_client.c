// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Sessions of in-band control, version 3: each is a client of the server, which
 * knows the switch of its port only.
 *
 * Whatever goes to a client waits in its queue, for an event may come from any
 * thread, or with the switch's mutex held; the main thread carries it on.
 */

#include "inband_priv.h"

#include <pthread.h>
#include "loop.h"
#include "nl_server.h"
#include "port.h"
#include "server.h"

/*
 * struct inband_client - a session
 * @port: by which it is; NULL when it is over
 */
struct inband_client {
	struct inband_client	*next;
	struct inband		*in;
	struct port		*port;
	struct cvsw_nl_client	*nl;
};

/* The server sends */

static int client_send(void *ctx, void *client_ctx, const void *msg,
		       size_t len)
{
	struct inband *in = ctx;
	const struct inband_client *c = client_ctx;
	const struct vswitch *vs;
	int ret;

	if (!in->carrying || !pthread_equal(pthread_self(), in->thread))
		return -EAGAIN;
	if (!c->port)
		return -ENOTCONN;
	vs = c->port->vs;
	ret = cvsw_inband_send(vs->sw, loop_control(in->daemon->loop, vs),
			       c->port->no, msg, (u32)len, cvswd_now());
	in->moved |= !ret;
	return ret == -EBUSY ? -EAGAIN : ret;
}

void inband_clients_carry(struct inband *in)
{
	struct inband_client *c;

	in->carrying = true;
	for (c = in->clients; c; c = c->next)
		if (c->port && cvsw_nl_client_pending(c->nl))
			cvsw_nl_client_ready(c->nl, cvswd_now());
	in->carrying = false;
}

/* What ports tell */

static struct inband_client *client_new(struct inband *in, struct port *port)
{
	struct cvsw_nl_server *server = server_nl(in->daemon->server);
	struct inband_client *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->nl = cvsw_nl_client_new(server, c);
	if (!c->nl) {
		free(c);
		return NULL;
	}
	cvsw_nl_client_via(c->nl, client_send, in);
	cvsw_nl_client_only(c->nl, port->vs->sw);
	c->in = in;
	c->port = port;
	c->next = in->clients;
	in->clients = c;
	return c;
}

void inband_port_gone(struct port *port)
{
	if (port->session)
		port->session->port = NULL;
	port->session = NULL;
}

void inband_session(void *ctx, void *priv, int live)
{
	const struct vswitch *vs = ctx;
	struct port *port = priv;

	inband_port_gone(port);
	if (live)
		port->session = client_new(vs->daemon->inband, port);
}

int inband_msg(void *ctx, void *priv, const void *msg, u32 len)
{
	const struct vswitch *vs = ctx;
	struct port *port = priv;
	struct inband_client *c;
	int ret;

	if (!port->session)	/* there was no memory for it */
		port->session = client_new(vs->daemon->inband, port);
	c = port->session;
	if (!c)
		return -EAGAIN;
	if (!(cvsw_nl_client_wants(c->nl) & CVSW_NL_CLIENT_READ))
		return -EAGAIN;
	c->in->moved = true;
	ret = cvsw_nl_client_input(c->nl, msg, len, cvswd_now());
	if (ret)
		say(LOG_DEBUG, "in-band control: a request is not valid: %s",
		    strerror(-ret));
	return 0;
}

/* inband_settle() looks what goes next */
void inband_sent(void *ctx, void *priv)
{
	const struct vswitch *vs = ctx;

	vs->daemon->inband->moved = true;
}

void inband_clients_bury(struct inband *in, bool all)
{
	struct inband_client **at = &in->clients, *c;

	while ((c = *at)) {
		if (c->port && !all) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		cvsw_nl_client_free(c->nl);
		free(c);
	}
}

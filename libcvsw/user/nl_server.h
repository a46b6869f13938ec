/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NL_SERVER_H
#define CVSW_NL_SERVER_H

/*
 * What generic netlink is to the kernel module, for a daemon: takes requests
 * apart, has nl_request.c handle them, and sends replies, dumps in parts,
 * errors and events to clients.  It owns clients and what waits to be sent to
 * them; it does not own switches, and knows no sockets: whoever runs it reads
 * datagrams from them and gives a function that sends one.
 *
 * One thread, the server's, makes all calls but cvsw_nl_server_event() and
 * cvsw_nl_server_packet_in(), which are for ops->event and ops->packet_in of
 * struct cvsw_ops and may be called by any thread at any time.
 *
 * Those two send an event before they return, unless others wait in front of it;
 * so what a request causes is sent before it is answered.
 *
 * A client that does not read holds up nobody: its requests wait for its
 * replies, and events beyond a bound are dropped and counted (CVSW_CMD_LOST).
 */

#include <stdbool.h>
#include <stddef.h>
#include <cvsw/switch.h>

struct cvsw_nl_server;
struct cvsw_nl_client;

/**
 * struct cvsw_nl_server_ops - what the server asks of whoever runs it
 * @send:  hand one datagram to the client whose @client_ctx it is given; 0,
 *         -EAGAIN when it cannot take it now, or another error when the client
 *         is lost.  Called by any thread, for one client by one at a time; must
 *         not block or call the server
 * @wake:  have the server's thread look what each client wants
 *         (cvsw_nl_client_wants()); called by any thread, must not block
 * @flush: a request was handled and is going to be answered: send the frames
 *         that it caused; may be NULL
 */
struct cvsw_nl_server_ops {
	int (*send)(void *ctx, void *client_ctx, const void *msg, size_t len);
	void (*wake)(void *ctx);
	void (*flush)(void *ctx);
};

/**
 * cvsw_nl_server_new - make a server without switches and clients
 * @ops: borrowed
 * @ctx: handed to @ops
 * Return: NULL without memory.
 */
struct cvsw_nl_server *cvsw_nl_server_new(const struct cvsw_nl_server_ops *ops,
					  void *ctx);

/** cvsw_nl_server_free - free a server that has no clients any more */
void cvsw_nl_server_free(struct cvsw_nl_server *server);

/**
 * cvsw_nl_server_add - serve a switch
 * @sw:     borrowed until cvsw_nl_server_del()
 * @worker: one of its workers, which from now on only the server's thread uses
 * Return: 0, -EEXIST when there is one of that name, -ENOMEM.
 */
int cvsw_nl_server_add(struct cvsw_nl_server *server, struct cvsw_switch *sw,
		       struct cvsw_worker *worker);

/** cvsw_nl_server_del - serve it no more; dumps of it end with an error */
void cvsw_nl_server_del(struct cvsw_nl_server *server, struct cvsw_switch *sw);

/** cvsw_nl_client_new - a client connected; NULL without memory */
struct cvsw_nl_client *cvsw_nl_client_new(struct cvsw_nl_server *server,
					  void *client_ctx);

/** cvsw_nl_client_via - what goes to it goes by @send, which is as ops->send is, with
 * @ctx; before anything does */
void cvsw_nl_client_via(struct cvsw_nl_client *client,
			int (*send)(void *ctx, void *client_ctx,
				    const void *msg, size_t len),
			void *ctx);

/**
 * cvsw_nl_client_only - it knows no switch but @sw, which is served
 *
 * To others it is as if they were not there.  With @sw the client is lost.
 */
void cvsw_nl_client_only(struct cvsw_nl_client *client,
			 const struct cvsw_switch *sw);

/** cvsw_nl_client_free - a client left; what waited for it is forgotten */
void cvsw_nl_client_free(struct cvsw_nl_client *client);

/**
 * cvsw_nl_client_input - one datagram from a client
 * @now: nanoseconds, as in every call on the switches
 * Return: 0; -EBUSY without CVSW_NL_CLIENT_READ, the datagram is not taken;
 * another error when the client is to be closed.
 */
int cvsw_nl_client_input(struct cvsw_nl_client *client, const void *msg,
			 size_t len, __u64 now);

/**
 * cvsw_nl_client_ready - send what waits, since the client reads again
 * Return: 0, or an error when the client is to be closed.
 *
 * Sends no more than some parts of a dump at a time, for the sake of others.
 */
int cvsw_nl_client_ready(struct cvsw_nl_client *client, __u64 now);

#define CVSW_NL_CLIENT_READ	0x1	/* cvsw_nl_client_input() */
#define CVSW_NL_CLIENT_WRITE	0x2	/* cvsw_nl_client_ready(), when it can */

/** cvsw_nl_client_wants - CVSW_NL_CLIENT_*; 0 when the client is to be closed */
unsigned int cvsw_nl_client_wants(struct cvsw_nl_client *client);

/** cvsw_nl_client_pending - is there something that the client did not take? */
static inline bool cvsw_nl_client_pending(struct cvsw_nl_client *client)
{
	return cvsw_nl_client_wants(client) & CVSW_NL_CLIENT_WRITE;
}

/** cvsw_nl_server_event - ops->event of a switch that is served */
void cvsw_nl_server_event(struct cvsw_nl_server *server,
			  const struct cvsw_switch *sw,
			  const struct cvsw_event *event);

/** cvsw_nl_server_packet_in - ops->packet_in; -ENOTCONN when nobody listens,
 * -ENOBUFS when nobody who does took it */
int cvsw_nl_server_packet_in(struct cvsw_nl_server *server,
			     const struct cvsw_switch *sw,
			     const struct cvsw_pkt *pkt,
			     const struct cvsw_packet_in *info);

#endif /* CVSW_NL_SERVER_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NL_SERVER_PRIV_H
#define CVSW_NL_SERVER_PRIV_H

/*
 * What nl_server.c (switches), nl_event.c (events), nl_client.c (requests) and
 * nl_send.c (what goes to a client) share.
 *
 * Locks, in the order in which they are taken:
 *   the server's  which switches and clients there are and who wants what.
 *                 The server's thread alone changes it; threads with an event
 *                 hold it as readers until the event is with all clients.
 *   a client's    what goes to it
 * The rest is the server's thread's own.
 */

#include <cvsw/pkt.h>
#include "nl_codec.h"
#include "nl_msg.h"
#include "nl_server.h"

/* bounds of events that wait for one client, bytes.  Packet-ins are lost earlier
 * than what happens once: one request may remove 100,000 flows */
#define NL_CLIENT_FRAMES_MAX	(1u << 20)
#define NL_CLIENT_EVENTS_MAX	(64u << 20)
#define NL_EVENT_COST		256u	/* of one beside its bytes */

/**
 * struct nl_served - a switch that is served
 * @list:   in the server
 * @sw:     the switch
 * @worker: the server's worker of it
 * @name:   its name, which does not change
 * @groups: CVSW_NL_GROUP_* that some client wants
 * @bundles: for it, of all clients
 */
struct nl_served {
	struct list_head	list;
	struct cvsw_switch	*sw;
	struct cvsw_worker	*worker;
	char			name[CVSW_NAME_LEN];
	u32			groups;
	struct list_head	bundles;
};

/**
 * struct nl_out - a datagram that waits
 * @list:  in a client's queue
 * @len:   bytes of @data
 * @event: no answer
 * @data:  the messages
 */
struct nl_out {
	struct list_head	list;
	size_t			len;
	bool			event;
	u8			data[] __attribute__((aligned(8)));
};

/**
 * struct cvsw_nl_server - the server
 * @ops:      of whoever runs it
 * @ctx:      handed to @ops
 * @pool:     frames for traces and packet-outs
 * @lock:     see above
 * @switches: struct nl_served
 * @clients:  struct cvsw_nl_client
 * @last_id:  of the client that came last
 * @groups:   CVSW_NL_GROUP_* that some client wants of some switch; read by
 *            any thread
 * @buf:      where answers are built
 */
struct cvsw_nl_server {
	const struct cvsw_nl_server_ops	*ops;
	void				*ctx;
	struct cvsw_pool		*pool;
	struct rw_semaphore		lock;
	struct list_head		switches;
	struct list_head		clients;
	u32				last_id;
	u32				groups;
	u8				buf[CVSW_NL_MSG_MAX]
					__attribute__((aligned(8)));
};

/**
 * struct cvsw_nl_client - one client
 * @list:     in the server
 * @server:   the server
 * @id:       whose bundles are its
 * @send:     ops->send of the server, or the client's own
 * @send_ctx: its first argument
 * @ctx:      its second
 * @home:     the one switch that it knows; NULL: all
 * @groups:   CVSW_NL_GROUP_* it wants
 * @only:     of this switch; NULL for all
 * @lock:     for the next five
 * @queue:    struct nl_out that it has not taken
 * @waiting:  what the events among them cost
 * @answers:  how many of them are none
 * @lost:     events dropped since it was told last
 * @gone:     error of @send when it was lost
 * @dump:     its dump
 * @dump_cmd: command of the dump, 0 when there is none
 * @dump_seq: sequence number of the dump
 * @dump_all: it is of all switches, of which
 * @dump_at:  so many were put
 * @dump_tab: @seq of @dump at the message before, 0 at the first
 */
struct cvsw_nl_client {
	struct list_head	list;
	struct cvsw_nl_server	*server;
	u32			id;
	int			(*send)(void *ctx, void *client_ctx,
					const void *msg, size_t len);
	void			*send_ctx;
	void			*ctx;
	struct nl_served	*home;
	u32			groups;
	const struct nl_served	*only;
	struct mutex		lock;
	struct list_head	queue;
	size_t			waiting;
	unsigned int		answers;
	u32			lost;
	int			gone;
	struct cvsw_nl_dump	dump;
	u32			dump_seq;
	bool			dump_all;
	unsigned int		dump_at;
	u32			dump_tab;
	u8			dump_cmd;
};

/* what an event counts for in the bounds */
static inline size_t nl_event_cost(size_t len)
{
	return len + NL_EVENT_COST;
}

/* nl_server.c */

/* with the server's lock: the switch that @sw is here, or NULL */
struct nl_served *cvsw_nl_server_find(struct cvsw_nl_server *server,
				      const struct cvsw_switch *sw);

/* with the lock as writer: work out anew which events are wanted at all */
void cvsw_nl_server_groups(struct cvsw_nl_server *server);

/* nl_send.c */

/* send an answer, or have it wait; 0 or a negative errno */
int cvsw_nl_client_send(struct cvsw_nl_client *client, const void *data,
			size_t len);

/**
 * cvsw_nl_client_event - send an event, have it wait, or count it as lost
 * @data: NULL: there was no memory for it
 * @max:  of NL_CLIENT_*_MAX
 * Return: 0, or a negative errno when it is lost.
 *
 * With the server's lock, by any thread.
 */
int cvsw_nl_client_event(struct cvsw_nl_client *client, const void *data,
			 size_t len, size_t max);

/* send what waits; 0, -EAGAIN or another negative errno */
int cvsw_nl_client_flush(struct cvsw_nl_client *client);

/* nl_client.c */

/* with the server's lock as writer: no events of @served any more */
void cvsw_nl_client_unsubscribe(struct cvsw_nl_client *client,
				const struct nl_served *served);

/* the switch is gone from the server */
void cvsw_nl_client_forget(struct cvsw_nl_client *client,
			   const struct nl_served *served);

#endif /* CVSW_NL_SERVER_PRIV_H */

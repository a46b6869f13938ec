/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NL_SERVER_PRIV_H
#define CVSW_NL_SERVER_PRIV_H

/* What nl_server.c (switches, events) and nl_client.c (requests) share. */

#include <cvsw/pkt.h>
#include "nl_codec.h"
#include "nl_msg.h"
#include "nl_server.h"

/* bounds of events that wait, bytes: for all clients together, and for one */
#define NL_EVENTS_MAX		(8u << 20)
#define NL_CLIENT_EVENTS_MAX	(1u << 20)
#define NL_EVENT_COST		256u	/* of one beside its bytes */

#define NL_GROUPS		3	/* bits of CVSW_NL_GROUP_* */

/**
 * struct nl_served - a switch that is served
 * @list:   in the server
 * @sw:     the switch
 * @worker: the server's worker of it
 * @name:   its name, which does not change
 * @groups: CVSW_NL_GROUP_* that some client wants; read by any thread
 * @lost:   events dropped before they came to a client, by bit of their group;
 *          under the server's lock
 */
struct nl_served {
	struct list_head	list;
	struct cvsw_switch	*sw;
	struct cvsw_worker	*worker;
	char			name[CVSW_NAME_LEN];
	u32			groups;
	u32			lost[NL_GROUPS];
};

/**
 * struct nl_out - a datagram that waits
 * @list: in a client's queue or the server's events
 * @from: events: the switch
 * @group: CVSW_NL_GROUP_* of an event, 0 of an answer
 * @len:  bytes of @data
 * @data: the messages
 */
struct nl_out {
	struct list_head	list;
	const struct nl_served	*from;
	u32			group;
	size_t			len;
	u8			data[] __attribute__((aligned(8)));
};

/**
 * struct cvsw_nl_server - the server
 * @ops:      of whoever runs it
 * @ctx:      handed to @ops
 * @pool:     frames for traces and packet-outs
 * @switches: struct nl_served; changed with @lock held
 * @clients:  struct cvsw_nl_client
 * @groups:   CVSW_NL_GROUP_* that some client wants of some switch; read by
 *            any thread
 * @lock:     for @events, @waiting and @switches
 * @events:   struct nl_out on their way to clients
 * @waiting:  what they cost
 * @buf:      where messages to be sent are built
 */
struct cvsw_nl_server {
	const struct cvsw_nl_server_ops	*ops;
	void				*ctx;
	struct cvsw_pool		*pool;
	struct list_head		switches;
	struct list_head		clients;
	u32				groups;
	struct mutex			lock;
	struct list_head		events;
	size_t				waiting;
	u8				buf[CVSW_NL_MSG_MAX]
					__attribute__((aligned(8)));
};

/**
 * struct cvsw_nl_client - one client
 * @list:     in the server
 * @server:   the server
 * @send:     ops->send of the server, or the client's own
 * @send_ctx: its first argument
 * @ctx:      its second
 * @session:  its bundles
 * @queue:    struct nl_out that it has not taken
 * @waiting:  what the events among them cost
 * @lost:     events dropped since it was told last
 * @groups:   CVSW_NL_GROUP_* it wants
 * @only:     of this switch; NULL for all
 * @dump:     its dump
 * @dump_cmd: command of the dump, 0 when there is none
 * @dump_seq: sequence number of the dump
 * @dump_at:  SWITCH_GET: switches that were put
 * @gone:     error of @send when it was lost
 */
struct cvsw_nl_client {
	struct list_head	list;
	struct cvsw_nl_server	*server;
	int			(*send)(void *ctx, void *client_ctx,
					const void *msg, size_t len);
	void			*send_ctx;
	void			*ctx;
	struct cvsw_nl_session	session;
	struct list_head	queue;
	size_t			waiting;
	u32			lost;
	u32			groups;
	const struct nl_served	*only;
	struct cvsw_nl_dump	dump;
	u32			dump_seq;
	unsigned int		dump_at;
	u8			dump_cmd;
	int			gone;
};

/* what an event counts for in the bounds */
static inline size_t nl_event_cost(size_t len)
{
	return len + NL_EVENT_COST;
}

/* nl_server.c */

/* work out anew which events are wanted at all */
void cvsw_nl_server_groups(struct cvsw_nl_server *server);

/* nl_client.c */

/* send @len bytes, or have them wait; those of an event (@group) may be
 * dropped instead */
int cvsw_nl_client_send(struct cvsw_nl_client *client, const void *data,
			size_t len, u32 group);

/* the switch goes away */
void cvsw_nl_client_forget(struct cvsw_nl_client *client,
			   const struct nl_served *served);

#endif /* CVSW_NL_SERVER_PRIV_H */

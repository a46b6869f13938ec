// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The switches that are served and the events they send.
 *
 * Events come from any thread.  Each is encoded by the thread that has it,
 * queued under the server's lock, and sent by the server's thread.
 */

#include "nl_server_priv.h"

/* longest event but for a packet-in's frame */
#define NL_EVENT_ROOM	16384u

struct cvsw_nl_server *cvsw_nl_server_new(const struct cvsw_nl_server_ops *ops,
					  void *ctx)
{
	struct cvsw_nl_server *server = kzalloc(sizeof(*server), GFP_KERNEL);

	if (!server)
		return NULL;
	server->pool = cvsw_pool_new();
	if (!server->pool) {
		kfree(server);
		return NULL;
	}
	server->ops = ops;
	server->ctx = ctx;
	mutex_init(&server->lock);
	INIT_LIST_HEAD(&server->switches);
	INIT_LIST_HEAD(&server->clients);
	INIT_LIST_HEAD(&server->events);
	return server;
}

/* drop events that wait: those of @from, or all */
static void nl_server_purge(struct cvsw_nl_server *server,
			    const struct nl_served *from)
{
	struct nl_out *out, *next;

	list_for_each_entry_safe(out, next, &server->events, list) {
		if (from && out->from != from)
			continue;
		list_del(&out->list);
		server->waiting -= nl_event_cost(out->len);
		kfree(out);
	}
}

void cvsw_nl_server_free(struct cvsw_nl_server *server)
{
	struct nl_served *served, *next;

	nl_server_purge(server, NULL);
	list_for_each_entry_safe(served, next, &server->switches, list)
		kfree(served);
	cvsw_pool_free(server->pool);
	mutex_destroy(&server->lock);
	kfree(server);
}

int cvsw_nl_server_add(struct cvsw_nl_server *server, struct cvsw_switch *sw,
		       struct cvsw_worker *worker)
{
	struct nl_served *served, *other;
	struct cvsw_config config;

	cvsw_switch_config(sw, &config);
	list_for_each_entry(other, &server->switches, list)
		if (!strcmp(other->name, config.name))
			return -EEXIST;
	served = kzalloc(sizeof(*served), GFP_KERNEL);
	if (!served)
		return -ENOMEM;
	served->sw = sw;
	served->worker = worker;
	memcpy(served->name, config.name, sizeof(served->name));
	mutex_lock(&server->lock);
	list_add_tail(&served->list, &server->switches);
	mutex_unlock(&server->lock);
	cvsw_nl_server_groups(server);
	return 0;
}

static struct nl_served *nl_server_find(struct cvsw_nl_server *server,
					const struct cvsw_switch *sw)
{
	struct nl_served *served;

	list_for_each_entry(served, &server->switches, list)
		if (served->sw == sw)
			return served;
	return NULL;
}

void cvsw_nl_server_del(struct cvsw_nl_server *server, struct cvsw_switch *sw)
{
	struct nl_served *served = nl_server_find(server, sw);
	struct cvsw_nl_client *client;

	if (!served)
		return;
	mutex_lock(&server->lock);
	list_del(&served->list);
	nl_server_purge(server, served);
	mutex_unlock(&server->lock);
	list_for_each_entry(client, &server->clients, list)
		cvsw_nl_client_forget(client, served);
	kfree(served);
}

void cvsw_nl_server_groups(struct cvsw_nl_server *server)
{
	const struct cvsw_nl_client *client;
	struct nl_served *served;
	u32 groups, all = 0;

	list_for_each_entry(served, &server->switches, list) {
		groups = 0;
		list_for_each_entry(client, &server->clients, list)
			if (!client->only || client->only == served)
				groups |= client->groups;
		WRITE_ONCE(served->groups, groups);
		all |= groups;
	}
	WRITE_ONCE(server->groups, all);
}

/* does anybody want this?  Its name is copied: the lock is not kept */
static bool nl_server_wants(struct cvsw_nl_server *server,
			    const struct cvsw_switch *sw, u32 group,
			    char name[CVSW_NAME_LEN])
{
	struct nl_served *served;
	bool wants;

	if (!(READ_ONCE(server->groups) & group))
		return false;
	mutex_lock(&server->lock);
	served = nl_server_find(server, sw);
	wants = served && READ_ONCE(served->groups) & group;
	if (wants)
		memcpy(name, served->name, CVSW_NAME_LEN);
	mutex_unlock(&server->lock);
	return wants;
}

static struct nl_out *nl_event_new(u8 cmd, u32 group, size_t room,
				   struct sk_buff *skb)
{
	struct nl_out *out = kmalloc(sizeof(*out) + room, GFP_KERNEL);

	if (!out)
		return NULL;
	out->group = group;
	if (cvsw_nl_msg_begin(skb, out->data, room, 0, 0, cmd)) {
		kfree(out);
		return NULL;
	}
	return out;
}

/* queue an event, or count it as lost when too many wait */
static int nl_event_queue(struct cvsw_nl_server *server,
			  const struct cvsw_switch *sw, struct nl_out *out)
{
	struct nl_served *served;
	bool first;

	mutex_lock(&server->lock);
	served = nl_server_find(server, sw);
	if (!served || server->waiting >= NL_EVENTS_MAX) {
		if (served)
			served->lost[__ffs64(out->group)]++;
		mutex_unlock(&server->lock);
		kfree(out);
		return -ENOBUFS;
	}
	out->from = served;
	first = list_empty(&server->events);
	list_add_tail(&out->list, &server->events);
	server->waiting += nl_event_cost(out->len);
	mutex_unlock(&server->lock);
	if (first)
		server->ops->wake(server->ctx);
	return 0;
}

void cvsw_nl_server_event(struct cvsw_nl_server *server,
			  const struct cvsw_switch *sw,
			  const struct cvsw_event *event)
{
	bool flow = event->kind == CVSW_EVENT_FLOW_REMOVED;
	u32 group = flow ? CVSW_NL_GROUP_FLOW : CVSW_NL_GROUP_PORT;
	char name[CVSW_NAME_LEN];
	struct nl_out *out;
	struct sk_buff skb;

	if (!nl_server_wants(server, sw, group, name))
		return;
	out = nl_event_new(flow ? CVSW_CMD_FLOW_REMOVED : CVSW_CMD_PORT_EVENT,
			   group, NL_EVENT_ROOM, &skb);
	if (!out)
		return;
	if (cvsw_nl_put_event(&skb, name, event)) {
		kfree(out);
		return;
	}
	out->len = cvsw_nl_msg_len(&skb);
	nl_event_queue(server, sw, out);
}

int cvsw_nl_server_packet_in(struct cvsw_nl_server *server,
			     const struct cvsw_switch *sw,
			     const struct cvsw_pkt *pkt,
			     const struct cvsw_packet_in *info)
{
	u32 len = min_t(u32, cvsw_frame_len(pkt), CVSW_NL_FRAME_MAX);
	char name[CVSW_NAME_LEN];
	struct nl_out *out;
	struct sk_buff skb;

	if (!nl_server_wants(server, sw, CVSW_NL_GROUP_PACKET_IN, name))
		return -ENOTCONN;
	if (info->max_len)
		len = min_t(u32, len, info->max_len);
	out = nl_event_new(CVSW_CMD_PACKET_IN, CVSW_NL_GROUP_PACKET_IN,
			   NL_EVENT_ROOM + len, &skb);
	if (!out)
		return -ENOMEM;
	if (cvsw_nl_put_packet_in(&skb, name, info, cvsw_frame_data(pkt),
				  len)) {
		kfree(out);
		return -EMSGSIZE;
	}
	out->len = cvsw_nl_msg_len(&skb);
	return nl_event_queue(server, sw, out);
}

static void nl_event_deliver(struct cvsw_nl_server *server,
			     const struct nl_out *out)
{
	struct cvsw_nl_client *client;

	list_for_each_entry(client, &server->clients, list)
		if ((client->groups & out->group) &&
		    (!client->only || client->only == out->from))
			cvsw_nl_client_send(client, out->data, out->len,
					    out->group);
}

/* clients are told of what was lost before the next event that they get */
static void nl_events_lost(struct cvsw_nl_server *server,
			   struct nl_served *served)
{
	struct cvsw_nl_client *client;
	unsigned int i;

	list_for_each_entry(client, &server->clients, list) {
		if (client->only && client->only != served)
			continue;
		for (i = 0; i < NL_GROUPS; i++)
			if (client->groups & 1u << i)
				client->lost += served->lost[i];
	}
	memset(served->lost, 0, sizeof(served->lost));
}

void cvsw_nl_server_events(struct cvsw_nl_server *server)
{
	struct nl_served *served;
	struct nl_out *out, *next;
	struct list_head events;

	INIT_LIST_HEAD(&events);
	mutex_lock(&server->lock);
	list_splice_tail_init(&server->events, &events);
	server->waiting = 0;
	mutex_unlock(&server->lock);
	list_for_each_entry_safe(out, next, &events, list) {
		nl_event_deliver(server, out);
		kfree(out);
	}
	mutex_lock(&server->lock);
	list_for_each_entry(served, &server->switches, list)
		nl_events_lost(server, served);
	mutex_unlock(&server->lock);
}

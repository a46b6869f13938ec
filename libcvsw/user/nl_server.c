// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The switches that are served, and who wants what of them. */

#include "nl_server_priv.h"

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
	init_rwsem(&server->lock);
	INIT_LIST_HEAD(&server->switches);
	INIT_LIST_HEAD(&server->clients);
	return server;
}

static void nl_served_free(struct nl_served *served)
{
	cvsw_nl_bundles_forget(&served->bundles, CVSW_NL_CLIENT_ALL);
	kfree(served);
}

void cvsw_nl_server_free(struct cvsw_nl_server *server)
{
	struct nl_served *served, *next;

	list_for_each_entry_safe(served, next, &server->switches, list)
		nl_served_free(served);
	cvsw_pool_free(server->pool);
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
	INIT_LIST_HEAD(&served->bundles);
	memcpy(served->name, config.name, sizeof(served->name));
	down_write(&server->lock);
	list_add_tail(&served->list, &server->switches);
	cvsw_nl_server_groups(server);
	up_write(&server->lock);
	return 0;
}

struct nl_served *cvsw_nl_server_find(struct cvsw_nl_server *server,
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
	struct nl_served *served = cvsw_nl_server_find(server, sw);
	struct cvsw_nl_client *client;

	if (!served)
		return;
	down_write(&server->lock);
	list_del(&served->list);
	list_for_each_entry(client, &server->clients, list)
		cvsw_nl_client_unsubscribe(client, served);
	cvsw_nl_server_groups(server);
	up_write(&server->lock);
	list_for_each_entry(client, &server->clients, list)
		cvsw_nl_client_forget(client, served);
	nl_served_free(served);
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
		served->groups = groups;
		all |= groups;
	}
	WRITE_ONCE(server->groups, all);
}

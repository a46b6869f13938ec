// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * All there is to tell, as JSON.  Names, once given, stay.  Times are seconds
 * of the clock, text that may be empty is null then.
 */

#include <time.h>
#include <unistd.h>
#include "show.h"

#define SHOW_LOCK_NS	1000000000ull

static const char *const show_types[CVSW_OFP_TYPES] = {
	[CVSW_OFP_HELLO]		= "hello",
	[CVSW_OFP_ERROR]		= "error",
	[CVSW_OFP_ECHO_REQUEST]		= "echo_request",
	[CVSW_OFP_ECHO_REPLY]		= "echo_reply",
	[CVSW_OFP_VENDOR]		= "vendor",
	[CVSW_OFP_FEATURES_REQUEST]	= "features_request",
	[CVSW_OFP_FEATURES_REPLY]	= "features_reply",
	[CVSW_OFP_GET_CONFIG_REQUEST]	= "get_config_request",
	[CVSW_OFP_GET_CONFIG_REPLY]	= "get_config_reply",
	[CVSW_OFP_SET_CONFIG]		= "set_config",
	[CVSW_OFP_PACKET_IN]		= "packet_in",
	[CVSW_OFP_FLOW_REMOVED]		= "flow_removed",
	[CVSW_OFP_PORT_STATUS]		= "port_status",
	[CVSW_OFP_PACKET_OUT]		= "packet_out",
	[CVSW_OFP_FLOW_MOD]		= "flow_mod",
	[CVSW_OFP_PORT_MOD]		= "port_mod",
	[CVSW_OFP_STATS_REQUEST]	= "stats_request",
	[CVSW_OFP_STATS_REPLY]		= "stats_reply",
	[CVSW_OFP_BARRIER_REQUEST]	= "barrier_request",
	[CVSW_OFP_BARRIER_REPLY]	= "barrier_reply",
	[CVSW_OFP_QUEUE_GET_CONFIG_REQUEST] = "queue_get_config_request",
	[CVSW_OFP_QUEUE_GET_CONFIG_REPLY] = "queue_get_config_reply",
};

static const char *const show_roles[] = {
	[CVSW_OFP_NX_ROLE_EQUAL]	= "equal",
	[CVSW_OFP_NX_ROLE_MASTER]	= "master",
	[CVSW_OFP_NX_ROLE_SLAVE]	= "slave",
};

/* what came from outside need not be UTF-8 */
static json_t *show_text(const char *text)
{
	if (!*text)
		return json_null();
	return json_string(text) ?: json_string("?");
}

/* Connections */

static json_t *show_messages(const u64 *count)
{
	json_t *json = json_object();
	unsigned int i;

	for (i = 0; i < CVSW_OFP_TYPES; i++)
		if (count[i])
			json_object_set_new(json, show_types[i],
					    json_integer((json_int_t)count[i]));
	return json;
}

static json_t *show_conn(const struct conn *conn)
{
	return json_pack("{s:o, s:b, s:s, s:I, s:o, s:o, s:I, s:I, s:I, s:o}",
			 "peer", show_text(conn->peer),
			 "agreed", conn->up,
			 "role", show_roles[conn->role],
			 "since", (json_int_t)conn->since,
			 "in", show_messages(conn->in),
			 "out", show_messages(conn->out),
			 "in_unknown", (json_int_t)conn->in_strange,
			 "missed_packet_ins", (json_int_t)conn->missed,
			 "waiting", (json_int_t)chan_waiting(conn->chan),
			 "last_error", show_text(conn->last_error));
}

/* Controllers */

static const char *show_state(const struct remote *remote)
{
	if (remote->conn && !remote->conn->ended)
		return remote->conn->up ? "connected" : "negotiating";
	if (remote->chan)
		return "dialling";
	return remote->again.armed ? "waiting" : "idle";
}

/* seconds until it is dialled again */
static json_t *show_next(const struct remote *remote, u64 now)
{
	if (remote->conn || remote->chan || !remote->again.armed)
		return json_null();
	if (remote->again.when <= now)
		return json_real(0);
	return json_real((double)(remote->again.when - now) / 1e9);
}

static json_t *show_remote(const struct remote *remote, u64 now)
{
	return json_pack("{s:s, s:s, s:I, s:o, s:I, s:o, s:o}",
			 "target", remote->target->text,
			 "state", show_state(remote),
			 "since", (json_int_t)remote->since,
			 "next_try", show_next(remote, now),
			 "tries", (json_int_t)remote->tries,
			 "why", show_text(remote->why),
			 "connection", remote->conn ? show_conn(remote->conn) :
						      json_null());
}

/* Where it is dialled */

static json_t *show_service(const struct sw *sw, const struct service *service)
{
	json_t *conns = json_array();
	const struct conn *conn;

	list_for_each_entry(conn, &sw->conns, link)
		if (conn->service == service)
			json_array_append_new(conns, show_conn(conn));
	return json_pack("{s:s, s:b, s:o, s:o}",
			 "target", service->target->text,
			 "listening", service->listener != NULL,
			 "why", show_text(service->why),
			 "connections", conns);
}

/* Switches */

static json_t *show_switch(const struct sw *sw)
{
	json_t *remotes = json_array(), *services = json_array();
	const struct service *service;
	const struct remote *remote;
	u64 now = ofd_now();
	char dpid[20];

	list_for_each_entry(remote, &sw->remotes, link)
		json_array_append_new(remotes, show_remote(remote, now));
	list_for_each_entry(service, &sw->services, link)
		json_array_append_new(services, show_service(sw, service));
	snprintf(dpid, sizeof(dpid), "%016llx", sw->config.datapath_id);
	return json_pack("{s:s, s:s, s:b, s:b, s:I, s:o, s:o, s:s, s:b, s:I, s:o, s:o}",
			 "name", sw->config.name,
			 "socket", sw->conf->where,
			 "busy", false,
			 "connected", sw_there(sw),
			 "since", (json_int_t)sw->since,
			 "why", show_text(sw->why),
			 "datapath_id", sw->known ? json_string(dpid) : json_null(),
			 "fail_mode",
			 sw->conf->fail_mode == OFD_FAIL_SECURE ? "secure" :
								  "standalone",
			 "alone", sw->alone,
			 "lost_events", (json_int_t)sw->lost,
			 "controllers", remotes,
			 "services", services);
}

static json_t *show_locked(struct sw *sw)
{
	json_t *json;

	if (!ev_lock_until(sw->ev, &sw->lock, ofd_now() + SHOW_LOCK_NS))
		return json_pack("{s:s, s:s, s:b}", "name", sw->conf->name,
				 "socket", sw->conf->where, "busy", true);
	json = show_switch(sw);
	pthread_mutex_unlock(&sw->lock);
	return json;
}

json_t *show_all(struct sw *const *sw, unsigned int n)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < n; i++)
		json_array_append_new(list, show_locked(sw[i]));
	return json_pack("{s:s, s:i, s:I, s:o}",
			 "version", PACKAGE_VERSION,
			 "pid", (int)getpid(),
			 "now", (json_int_t)time(NULL),
			 "switches", list);
}

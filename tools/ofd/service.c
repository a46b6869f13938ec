// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Where tools and controllers dial in. */

#include "ofd.h"

#define SERVICE_RETRY_NS	1000000000ull

static void service_again(struct ev_timer *again)
{
	service_start(container_of(again, struct service, again));
}

/* one more than there may be is said once, until half of them are gone */
static bool service_is_full(struct service *service)
{
	if (service->n < SERVICE_CONNS)
		return false;
	if (!service->full)
		sw_tell(service->sw, LOG_WARNING, service->target->text,
			"more than %u connections", SERVICE_CONNS);
	service->full = true;
	return true;
}

static void service_each(void *arg, struct chan *chan, const char *peer)
{
	struct service *service = arg;
	char name[TARGET_TEXT_MAX + 64];
	struct conn *conn;

	if (service_is_full(service)) {
		chan_close(chan);
		return;
	}
	snprintf(name, sizeof(name), "%s%s%s", service->target->text,
		 *peer ? " from " : "", peer);
	if (conn_new(&conn, service->sw, chan, NULL, name))
		return;
	conn->service = service;
	service->n++;
}

void service_up(struct service *service)
{
	service->last[0] = '\0';
}

/* a peer that comes and goes is nothing to tell of, nor are many that fail
 * alike before they have said HELLO */
void service_down(struct service *service, const struct conn *conn)
{
	bool known = !conn->up && !strcmp(service->last, conn->why);

	if (--service->n <= SERVICE_CONNS / 2)
		service->full = false;
	sw_tell(service->sw,
		(conn->up && conn->left) || known ? LOG_DEBUG : LOG_WARNING,
		conn->peer, "%s", conn->why);
	if (!conn->up)
		snprintf(service->last, sizeof(service->last), "%s", conn->why);
}

void service_start(struct service *service)
{
	struct sw *sw = service->sw;
	char why[sizeof(service->why)] = "";

	if (!chan_listen(&service->listener, sw->ev, service->target, sw->tls,
			 service_each, service, why, sizeof(why))) {
		service->why[0] = '\0';
		return;
	}
	if (strcmp(service->why, why)) {
		snprintf(service->why, sizeof(service->why), "%s", why);
		say(LOG_WARNING, "%s: %s: %s", sw->config.name,
		    service->target->text, why);
	}
	ev_at(sw->ev, &service->again, ofd_now() + SERVICE_RETRY_NS);
}

int service_new(struct sw *sw, const struct target *target)
{
	struct service *service = calloc(1, sizeof(*service));

	if (!service)
		return -ENOMEM;
	service->sw = sw;
	service->target = target;
	service->again.due = service_again;
	list_add_tail(&service->link, &sw->services);
	return 0;
}

void service_stop(struct service *service)
{
	ev_cancel(service->sw->ev, &service->again);
	if (service->listener)
		chan_unlisten(service->listener);
	service->listener = NULL;
}

void services_free(struct sw *sw)
{
	struct service *service, *next;

	list_for_each_entry_safe(service, next, &sw->services, link) {
		list_del(&service->link);
		free(service);
	}
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Controllers that are dialled, and what the switch does without them.
 *
 * One that is lost is dialled again a second later; each try that fails doubles
 * the wait, until a session is agreed.  While the switch stands alone, as the
 * fail mode may want it after three probes' time without any of them, frames
 * that no flow matches pass.
 */

#include <time.h>
#include "ofd.h"

#define REMOTE_MS		1000000ull	/* ns */
#define REMOTE_FIRST_MS		1000	/* to wait at first */
#define REMOTE_PROBES		3	/* without any: alone */
#define REMOTE_ALONE_MS		15000	/* the same when there are no probes */

/* Without controllers */

static bool remote_is_up(const struct remote *remote)
{
	return remote->conn && remote->conn->up && !remote->conn->ended;
}

static bool remotes_up(const struct sw *sw)
{
	const struct remote *remote;

	list_for_each_entry(remote, &sw->remotes, link)
		if (remote_is_up(remote))
			return true;
	return false;
}

static void remotes_alone(struct ev_timer *fail)
{
	struct sw *sw = container_of(fail, struct sw, fail);

	say(LOG_WARNING, "%s: no controller for too long: misses pass",
	    sw->config.name);
	sw->alone = true;
	sw->miss = sw->config.miss;
	sw_miss(sw, CVSW_MISS_PASS);
}

/* if there is no controller, then not for ever */
static void remotes_wait(struct sw *sw)
{
	u64 probe = sw->conf->probe_ms;
	u64 ms = probe ? REMOTE_PROBES * probe : REMOTE_ALONE_MS;

	if (sw->conf->fail_mode != OFD_FAIL_STANDALONE || sw->alone ||
	    sw->fail.armed || list_empty(&sw->remotes) || remotes_up(sw))
		return;
	ev_at(sw->ev, &sw->fail, ofd_now() + ms * REMOTE_MS);
}

static void remotes_back(struct sw *sw)
{
	ev_cancel(sw->ev, &sw->fail);
	if (!sw->alone)
		return;
	say(LOG_INFO, "%s: a controller is back", sw->config.name);
	sw->alone = false;
	sw_miss(sw, sw->miss);
}

/* Dialling */

static void remote_why(struct remote *remote, const char *why)
{
	if (!strcmp(remote->why, why))
		return;
	snprintf(remote->why, sizeof(remote->why), "%s", why);
	say(LOG_WARNING, "%s: %s: %s", remote->sw->config.name,
	    remote->target->text, remote->why);
}

/* it is not there: dial it again later, and later each time */
static void remote_failed(struct remote *remote, const char *why)
{
	u32 most = max_t(u32, remote->sw->conf->backoff_max_ms,
			 REMOTE_FIRST_MS);

	remote_why(remote, why);
	ev_at(remote->sw->ev, &remote->again,
	      ofd_now() + remote->backoff_ms * REMOTE_MS);
	remote->backoff_ms = min(remote->backoff_ms * 2, most);
}

static void remote_chan_up(void *arg)
{
	struct remote *remote = arg;
	struct chan *chan = remote->chan;
	int ret;

	remote->chan = NULL;
	/* somebody is there: also who hangs up before HELLO may mean it soon */
	remote->backoff_ms = REMOTE_FIRST_MS;
	ret = conn_new(&remote->conn, remote->sw, chan, remote,
		       remote->target->text);
	if (ret)
		remote_failed(remote, strerror(-ret));
	else
		conn_hello(remote->conn);
}

/* nothing may be sent before it is up, and then it is the session's */
static void remote_chan_ready(void *arg)
{
}

static void remote_hang_up(struct remote *remote)
{
	if (remote->chan)
		chan_close(remote->chan);
	remote->chan = NULL;
}

static void remote_chan_down(void *arg, const char *why)
{
	struct remote *remote = arg;

	remote_failed(remote, why);	/* @why may be the chan's */
	remote_hang_up(remote);
}

static const struct chan_ops remote_ops = {
	.up = remote_chan_up,
	.ready = remote_chan_ready,
	.down = remote_chan_down,
};

static void remote_dial(struct remote *remote)
{
	struct sw *sw = remote->sw;
	char why[sizeof(remote->why)] = "";

	remote->tries++;
	if (chan_dial(&remote->chan, sw->ev, remote->target, sw->tls,
		      &remote_ops, remote, why, sizeof(why)))
		remote_failed(remote, why);
}

static void remote_again(struct ev_timer *again)
{
	remote_dial(container_of(again, struct remote, again));
}

void remote_up(struct remote *remote)
{
	remote->tries = 0;
	remote->since = (u64)time(NULL);
	remote->why[0] = '\0';
	say(LOG_INFO, "%s: %s: connected", remote->sw->config.name,
	    remote->target->text);
	remotes_back(remote->sw);
}

void remote_down(struct remote *remote, const char *why)
{
	if (remote->conn->up)
		remote->since = (u64)time(NULL);
	remote->conn = NULL;
	remote_failed(remote, why);
	remotes_wait(remote->sw);
}

/* All of them */

static int remote_new(struct sw *sw, const struct target *target)
{
	struct remote *remote = calloc(1, sizeof(*remote));

	if (!remote)
		return -ENOMEM;
	remote->sw = sw;
	remote->target = target;
	remote->since = (u64)time(NULL);
	remote->backoff_ms = REMOTE_FIRST_MS;
	remote->again.due = remote_again;
	list_add_tail(&remote->link, &sw->remotes);
	return 0;
}

int remotes_new(struct sw *sw)
{
	const struct target *target = sw->conf->targets;
	unsigned int i;
	int ret = 0;

	sw->fail.due = remotes_alone;
	for (i = 0; i < sw->conf->n_targets && !ret; i++, target++)
		ret = target->listen ? service_new(sw, target) :
				       remote_new(sw, target);
	return ret;
}

void remotes_start(struct sw *sw)
{
	struct remote *remote;
	struct service *service;

	list_for_each_entry(service, &sw->services, link)
		service_start(service);
	list_for_each_entry(remote, &sw->remotes, link)
		remote_dial(remote);
	remotes_wait(sw);
}

void remotes_stop(struct sw *sw, const char *why)
{
	struct conn *conn, *next;
	struct remote *remote;
	struct service *service;

	list_for_each_entry(service, &sw->services, link)
		service_stop(service);
	list_for_each_entry_safe(conn, next, &sw->conns, link) {
		conn_end(conn, "%s", why);
		conn_free(conn);
	}
	list_for_each_entry(remote, &sw->remotes, link) {
		remote_hang_up(remote);
		ev_cancel(sw->ev, &remote->again);
		remote->backoff_ms = REMOTE_FIRST_MS;
	}
	ev_cancel(sw->ev, &sw->fail);
}

void remotes_free(struct sw *sw)
{
	struct remote *remote, *next;

	list_for_each_entry_safe(remote, next, &sw->remotes, link) {
		list_del(&remote->link);
		free(remote);
	}
	services_free(sw);
}

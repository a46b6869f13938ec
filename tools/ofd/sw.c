// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * One switch: its thread, finding it and noticing when it is gone, and what it
 * is set to while controllers manage it.
 *
 * It is looked for until it is there; then controllers are dialled.  When it
 * goes all connections end, for a controller has to learn that anything may
 * have changed, and looking begins again.  Once it is back it is told the flows
 * that controllers made.
 */

#include <signal.h>
#include <sys/epoll.h>
#include <time.h>
#include "keep.h"
#include "ofd.h"

#define SW_RETRY_NS	250000000ull
#define SW_GROUPS	(CVSW_NL_GROUP_FLOW | CVSW_NL_GROUP_PORT | \
			 CVSW_NL_GROUP_PACKET_IN_WHOLE)
#define SW_MISS_WHOLE	0xffff	/* miss_send_len: all of the frame */
#define SW_ANSWER_MS	10000	/* that it may take the switch to answer */

/* events read at once.  Fewer than that, and its socket never was full */
#define SW_EVENTS_BYTES	65536u
#define SW_EVENT_COST	512u	/* of one beside its frame */

/* Settings */

/* are there controllers that it dials, and so somebody to manage misses for? */
static bool sw_dials(const struct sw *sw)
{
	unsigned int i;

	for (i = 0; i < sw->conf->n_targets; i++)
		if (!sw->conf->targets[i].listen)
			return true;
	return false;
}

static u64 sw_dpid(const struct sw *sw)
{
	if (sw->conf->dpid)
		return sw->conf->dpid;
	return sw->config.datapath_id ?:
	       dpid_make(sw->conf->where, sw->config.name);
}

/* set @sw->config's @fields */
static int sw_set(struct sw *sw, u32 fields)
{
	int ret = cvsw_ctl_switch_set(sw->ctl, &sw->config, fields);

	if (ret && sw_failed(sw, ret))
		say(LOG_WARNING, "%s: %s", sw->config.name,
		    cvsw_ctl_error(sw->ctl)->text);
	return ret;
}

void sw_miss(struct sw *sw, u8 miss)
{
	sw->config.miss = miss;
	if (sw_there(sw))
		sw_set(sw, 1u << CVSW_SWITCH_A_MISS);
}

/* Finding it */

int sw_open(const struct sw *sw, struct cvsw_ctl **out,
	    struct cvsw_ctl_error *err)
{
	const char *name = *sw->conf->name ? sw->conf->name : NULL;
	int ret;

	/* a vNIC has one session for all of them */
	ret = sw->events ? cvsw_ctl_open_more(out, sw->events, err) :
			   cvsw_ctl_open(out, sw->conf->where, err);
	if (ret)
		return ret;
	ret = cvsw_ctl_timeout(*out, SW_ANSWER_MS) ?:
	      (name ? cvsw_ctl_use(*out, name) : 0);
	if (!ret)
		return 0;
	*err = *cvsw_ctl_error(*out);
	cvsw_ctl_close(*out);
	*out = NULL;
	return ret;
}

/* events first, so that none is missed between what is read and what is told */
static int sw_connect(struct sw *sw, struct cvsw_ctl_error *err)
{
	int ret = sw_open(sw, &sw->events, err);

	if (ret)
		return ret;
	ret = cvsw_ctl_subscribe(sw->events, SW_GROUPS);
	if (ret) {
		*err = *cvsw_ctl_error(sw->events);
		return ret;
	}
	return sw_open(sw, &sw->ctl, err);
}

/* read what it is like, and make it what it has to be */
static int sw_settle(struct sw *sw, struct cvsw_ctl_error *err)
{
	struct cvsw_config *config = &sw->config, before = *config;
	u32 fields = 1u << CVSW_SWITCH_A_DATAPATH_ID |
		     1u << CVSW_SWITCH_A_MISS_SEND_LEN |
		     1u << CVSW_SWITCH_A_FRAG_MODE |
		     1u << CVSW_SWITCH_A_MISS;
	int ret = cvsw_ctl_switch_get(sw->ctl, config, NULL);

	if (!ret) {
		config->datapath_id = sw_dpid(sw);
		config->miss_send_len = SW_MISS_WHOLE;
		if (sw->known)
			config->frag_mode = before.frag_mode;
		else
			sw->flags = config->frag_mode;
		if (sw->known && sw->alone)
			config->miss = before.miss;
		else if (sw->conf->miss != OFD_MISS_KEEP && sw_dials(sw))
			config->miss = sw->conf->miss;
		ret = cvsw_ctl_switch_set(sw->ctl, config, fields);
	}
	if (ret)
		*err = *cvsw_ctl_error(sw->ctl);
	return ret;
}

static void sw_close(struct sw *sw)
{
	ev_del(sw->ev, &sw->events_fd);
	ev_del(sw->ev, &sw->ctl_fd);
	cvsw_ctl_close(sw->events);
	cvsw_ctl_close(sw->ctl);
	sw->events = NULL;
	sw->ctl = NULL;
}

/* it is not there, because of @why, which is said once */
static void sw_missing(struct sw *sw, const char *why)
{
	if (strcmp(sw->why, why)) {
		snprintf(sw->why, sizeof(sw->why), "%s", why);
		say(LOG_WARNING, "%s%s%s", sw->conf->name,
		    *sw->conf->name ? ": " : "", why);
	}
	ev_at(sw->ev, &sw->retry, ofd_now() + SW_RETRY_NS);
}

static int sw_watch(struct sw *sw)
{
	sw->events_fd.fd = cvsw_ctl_fd(sw->events);
	sw->ctl_fd.fd = cvsw_ctl_fd(sw->ctl);
	cvsw_ctl_on_refused(sw->ctl, msg_frame_refused, sw);
	return ev_add(sw->ev, &sw->events_fd, EPOLLIN) ?:
	       ev_add(sw->ev, &sw->ctl_fd, EPOLLIN);
}

/* does @err of a call mean that the other side is not there? */
static bool sw_is_lost(struct sw *sw, int err)
{
	switch (-err) {
	case ECONNRESET:
	case ECONNREFUSED:
	case ENOTCONN:
	case EPIPE:
	case ETIMEDOUT:
		return true;
	case ENODEV:	/* of a port too */
		return cvsw_ctl_switch_get(sw->ctl, NULL, NULL);
	default:
		return false;
	}
}

/* have it do again what controllers told one that stood in its place */
static int sw_restore(struct sw *sw, struct cvsw_ctl_error *err)
{
	unsigned int n;
	int ret = keep_restore(sw->keep, sw->ctl, &n);

	if (n)
		say(LOG_NOTICE, "%s: %u flows of controllers restored",
		    sw->config.name, n);
	if (!ret)
		return 0;
	*err = *cvsw_ctl_error(sw->ctl);
	if (sw_is_lost(sw, ret))
		return ret;
	say(LOG_ERR, "%s: flows of controllers: %s", sw->config.name,
	    *err->text ? err->text : strerror(-ret));
	return 0;
}

static void sw_look(struct ev_timer *retry)
{
	struct sw *sw = container_of(retry, struct sw, retry);
	struct cvsw_ctl_error err = {};
	int ret;

	ret = sw_connect(sw, &err) ?: sw_settle(sw, &err) ?:
	      sw_restore(sw, &err) ?: sw_watch(sw);
	if (ret) {
		sw_close(sw);
		sw_missing(sw, *err.text ? err.text : strerror(-ret));
		return;
	}
	sw->known = true;
	sw->since = (u64)time(NULL);
	sw->why[0] = '\0';
	say(LOG_INFO, "%s: switch found, datapath id %016llx", sw->config.name,
	    (unsigned long long)sw->config.datapath_id);
	remotes_start(sw);
}

/* Losing it */

static void sw_gone(struct ev_task *gone)
{
	struct sw *sw = container_of(gone, struct sw, gone);
	char why[sizeof(sw->why)];

	memcpy(why, sw->why, sizeof(why));
	sw->why[0] = '\0';
	sw_close(sw);
	sw->since = (u64)time(NULL);
	remotes_stop(sw, why);
	sw_missing(sw, why);
}

bool sw_failed(struct sw *sw, int err)
{
	if (!sw_there(sw))
		return false;
	if (!sw_is_lost(sw, err))
		return true;
	snprintf(sw->why, sizeof(sw->why), "switch lost: %s", strerror(-err));
	ev_soon(sw->ev, &sw->gone);
	return false;
}

/* Events */

/* deliver the next one; what it cost, or 0: it is a mark, or there is none
 * within @timeout_ms, or no switch */
static u32 sw_event(struct sw *sw, int timeout_ms)
{
	struct cvsw_ctl_event event;
	int ret = cvsw_ctl_event(sw->events, timeout_ms, &event);

	if (ret < 0)	/* one that is not to be understood is passed over */
		return sw_failed(sw, ret) ? SW_EVENT_COST : 0;
	if (!ret || event.cmd == CVSW_CMD_UNSPEC)
		return 0;
	async_event(sw, &event);
	return SW_EVENT_COST + (u32)event.frame_len;
}

/* those that wait, up to the bound; is that all of them? */
static bool sw_events_some(struct sw *sw)
{
	u32 left = SW_EVENTS_BYTES, cost;

	while (left && sw_there(sw)) {
		cost = sw_event(sw, 0);
		if (!cost)
			return true;
		left -= min(left, cost);
	}
	return false;
}

void sw_events(struct sw *sw)
{
	int ret;

	if (sw_events_some(sw) || !sw_there(sw))
		return;
	ret = cvsw_ctl_event_mark(sw->events);
	if (ret)
		sw_failed(sw, ret);
	while (sw_there(sw) && sw_event(sw, SW_ANSWER_MS))
		;
}

static void sw_events_ready(struct ev_fd *fd, u32 events)
{
	struct sw *sw = container_of(fd, struct sw, events_fd);

	(void)events;
	if (sw_there(sw))
		sw_events_some(sw);
}

/* a packet-out was refused, or the switch left */
static void sw_ctl_ready(struct ev_fd *fd, u32 events)
{
	struct sw *sw = container_of(fd, struct sw, ctl_fd);
	int ret;

	(void)events;
	if (!sw_there(sw))
		return;
	ret = cvsw_ctl_posted(sw->ctl);
	if (ret)
		sw_failed(sw, ret);
}

/* Its thread */

static void *sw_run(void *arg)
{
	struct sw *sw = arg;
	int ret = 0;

	pthread_mutex_lock(&sw->lock);
	while (!ret && !sw->stop)
		ret = ev_once(sw->ev, &sw->lock);
	if (ret)
		say(LOG_ERR, "%s: %s", sw->config.name, strerror(-ret));
	pthread_mutex_unlock(&sw->lock);
	return NULL;
}

/* signals are the main thread's */
static int sw_thread(struct sw *sw)
{
	sigset_t all, before;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = -pthread_create(&sw->thread, NULL, sw_run, sw);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ret;
}

static void sw_destroy(struct sw *sw)
{
	if (sw->ev) {
		remotes_stop(sw, "the agent ends");
		remotes_free(sw);
		ev_cancel(sw->ev, &sw->retry);
		ev_not_soon(sw->ev, &sw->gone);
		sw_close(sw);
		ev_free(sw->ev);
	}
	pthread_mutex_destroy(&sw->lock);
	keep_free(sw->keep);
	free(sw->room);
	free(sw);
}

int sw_new(struct sw **out, const struct conf_sw *conf, SSL_CTX *tls)
{
	struct sw *sw = calloc(1, sizeof(*sw));
	int ret;

	if (!sw)
		return -ENOMEM;
	sw->conf = conf;
	sw->tls = tls;
	sw->since = (u64)time(NULL);
	sw->retry.due = sw_look;
	sw->gone.run = sw_gone;
	sw->events_fd.ready = sw_events_ready;
	sw->ctl_fd.ready = sw_ctl_ready;
	strcpy(sw->config.name, conf->name);
	pthread_mutex_init(&sw->lock, NULL);
	INIT_LIST_HEAD(&sw->conns);
	INIT_LIST_HEAD(&sw->remotes);
	INIT_LIST_HEAD(&sw->services);
	sw->room = msg_room_new();
	ret = sw->room ? keep_new(&sw->keep) ?: ev_new(&sw->ev) : -ENOMEM;
	if (!ret)
		ret = remotes_new(sw);
	if (!ret) {
		sw_look(&sw->retry);
		ret = sw_thread(sw);
	}
	if (ret) {
		say(LOG_ERR, "%s: %s", conf->name, strerror(-ret));
		sw_destroy(sw);
		return ret;
	}
	*out = sw;
	return 0;
}

void sw_free(struct sw *sw)
{
	ev_lock(sw->ev, &sw->lock);
	sw->stop = true;
	pthread_mutex_unlock(&sw->lock);
	ev_wake(sw->ev);
	pthread_join(sw->thread, NULL);
	sw_destroy(sw);
}

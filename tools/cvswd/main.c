// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "cvswd.h"

#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "conf.h"
#include "inband.h"
#include "loop.h"
#include "port_test.h"
#include "queue.h"
#include "queue_tap.h"
#include "route.h"
#include "server.h"

/* between two writes of the state file: so long, and so many times what the
 * last one took */
#define STATE_NS	10000000000ull
#define STATE_TIMES	20

u64 cvswd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

/* What switches ask of the world */

static int op_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			const struct cvsw_packet_in *info)
{
	const struct vswitch *vs = loop_lane_switch(wctx);

	return server_packet_in(vs->daemon->server, vs, pkt, info);
}

static void op_event(void *ctx, const struct cvsw_event *event)
{
	const struct vswitch *vs = ctx;

	server_event(vs->daemon->server, vs, event);
	if (event->port)
		routes_changed(vs->daemon->routes);
}

static int op_port_open(void *ctx, const char *text, u16 no,
			struct cvsw_error *err)
{
	struct vswitch *vs = ctx;
	struct cvswd *d = vs->daemon;
	struct port_spec spec;
	struct port *port;
	int ret;

	ret = port_spec_parse(text, &spec, d->why, sizeof(d->why));
	if (!ret) {
		if (no)
			spec.no = no;
		ret = port_open(vs, &spec, &port, d->why, sizeof(d->why));
	}
	if (ret && err)
		*err = (struct cvsw_error){ d->why, -1, -1 };
	return ret;
}

static const struct cvsw_ops cvswd_ops = {
	.output = loop_output,
	.packet_in = op_packet_in,
	.inband = inband_take,
	.frame_new = inband_frame_new,
	.inband_msg = inband_msg,
	.inband_sent = inband_sent,
	.inband_session = inband_session,
	.event = op_event,
	.port_open = op_port_open,
	.port_close = port_close,
	.port_set = port_set,
	.port_test = port_test,
	.queue_set = queue_set,
	.queue_del = queue_del,
	.queue_walk = queue_walk,
	.path_open = route_path_open,
	.path_close = route_path_close,
};

/* Switches */

static int cvswd_switch_open(struct cvswd *d, struct conf_sw *sw,
			     struct vswitch *vs)
{
	struct cvsw_error err = {};
	int ret;

	if (getrandom(&sw->config.seed, sizeof(sw->config.seed), 0) < 0)
		return -errno;
	vs->daemon = d;
	vs->index = (unsigned int)(vs - d->vs);
	memcpy(vs->name, sw->config.name, sizeof(vs->name));
	ret = cvsw_switch_new(&vs->sw, &sw->config, &cvswd_ops, vs, &err);
	if (!ret)
		ret = loop_bind(d->loop, vs);
	if (!ret)
		ret = server_add(d->server, vs);
	if (ret)
		say(LOG_ERR, "%s: %s", vs->name,
		    err.text ? err.text : strerror(-ret));
	return ret;
}

static int cvswd_ports_open(struct cvswd *d)
{
	const struct conf_sw *sw;
	struct port *port;
	unsigned int i, j;
	char why[512];
	int ret;

	for (i = 0; i < d->n_vs; i++) {
		sw = &d->conf->sw[i];
		for (j = 0; j < sw->n_ports; j++) {
			ret = port_open(&d->vs[i], &sw->ports[j], &port, why,
					sizeof(why));
			if (ret) {
				say(LOG_ERR, "%s", why);
				return ret;
			}
		}
	}
	return 0;
}

/* flows as they were, and where there is no memory of them, as files say */
static int cvswd_flows_open(struct cvswd *d)
{
	bool *restored = calloc(d->n_vs, sizeof(*restored));
	unsigned int i;
	char why[512];
	int ret = 0;

	if (!restored)
		return -ENOMEM;
	if (d->conf->restore)
		ret = state_restore(d, d->conf->restore, restored);
	if (ret == -ENOENT) {
		say(LOG_NOTICE, "%s: not there, nothing to restore",
		    d->conf->restore);
		ret = 0;
	}
	for (i = 0; i < d->n_vs && !ret; i++) {
		if (restored[i])
			continue;
		ret = reload_flows(&d->vs[i], &d->conf->sw[i], why,
				   sizeof(why));
		if (ret)
			say(LOG_ERR, "%s", why);
	}
	free(restored);
	return ret;
}

/* without the means for it, offloads are what the kernel says they are */
static void cvswd_tests_open(struct cvswd *d)
{
	const char *why;
	int ret;

	if (d->conf->no_self_test)
		return;
	ret = port_tests_new(&d->tests, &why);
	if (ret)
		say(LOG_NOTICE, "no self-test of offloads: %s: %s", why,
		    strerror(-ret));
}

static int cvswd_open(struct cvswd *d)
{
	unsigned int i;
	int ret;

	d->n_vs = d->conf->n_sw;
	d->vs = calloc(d->n_vs, sizeof(*d->vs));
	d->loop = d->vs ? loop_new(d->conf->workers, d->vs, d->n_vs) : NULL;
	if (!d->loop) {
		say(LOG_ERR, "cannot make workers: %m");
		return -ENOMEM;
	}
	ret = server_new(d, d->conf->socket, &d->server);
	if (ret) {
		say(LOG_ERR, "%s: %s", d->conf->socket, strerror(-ret));
		return ret;
	}
	cvswd_tests_open(d);
	ret = routes_new(d, &d->routes) ?: inband_new(d, &d->inband);
	for (i = 0; i < d->n_vs && !ret; i++)
		ret = cvswd_switch_open(d, &d->conf->sw[i], &d->vs[i]);
	if (!ret)
		ret = cvswd_ports_open(d);
	if (!ret)
		ret = cvswd_flows_open(d);
	return ret;
}

/* ports first: closing them takes workers, which go with the switch */
static void cvswd_switch_close(struct vswitch *vs)
{
	if (!vs->sw)
		return;
	while (vs->ports)
		cvsw_port_del(vs->sw, vs->ports->no, NULL);
	server_del(vs->daemon->server, vs);
	loop_unbind(vs->daemon->loop, vs);
	cvsw_switch_free(vs->sw);
}

static void cvswd_close(struct cvswd *d)
{
	unsigned int i;

	if (d->inband)
		inband_leave(d->inband);
	for (i = 0; i < d->n_vs; i++)
		cvswd_switch_close(&d->vs[i]);
	routes_free(d->routes);
	if (d->inband)
		inband_free(d->inband);
	if (d->tests)
		port_tests_free(d->tests);
	if (d->server)
		server_free(d->server);
	if (d->loop)
		loop_free(d->loop);
	free(d->vs);
}

/* The process */

static void cvswd_save(struct cvswd *d)
{
	const u64 start = cvswd_now();
	u64 took;
	int ret;

	if (!d->conf->state)
		return;
	ret = state_save(d, d->conf->state);
	if (ret)
		say(LOG_ERR, "%s: %s", d->conf->state, strerror(-ret));
	took = cvswd_now() - start;
	d->next_save = start + max_t(u64, STATE_NS, took * STATE_TIMES);
}

static void cvswd_tick(void *arg, u32 events)
{
	struct cvswd *d = arg;
	struct port *port;
	unsigned int i;
	u64 ticks;

	if (read(d->timer_fd, &ticks, sizeof(ticks)) != sizeof(ticks))
		return;
	for (i = 0; i < d->n_vs; i++) {
		cvsw_switch_expire(d->vs[i].sw, cvswd_now());
		for (port = d->vs[i].ports; port; port = port->next)
			port_tick(port);
	}
	mtu_check(d);
	routes_tick(d->routes);
	loop_control_resume(d->loop);
	if (cvswd_now() >= d->next_save)
		cvswd_save(d);
}

static int cvswd_timer(struct cvswd *d)
{
	const struct itimerspec every = { { 1, 0 }, { 1, 0 } };

	d->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (d->timer_fd < 0 || timerfd_settime(d->timer_fd, 0, &every, NULL))
		return -errno;
	return watch_add(d->timer_fd, EPOLLIN, cvswd_tick, d);
}

struct cvswd_signals {
	struct cvswd	*daemon;
	int		fd;
};

static void cvswd_signal(void *arg, u32 events)
{
	const struct cvswd_signals *s = arg;
	int signo = daemon_signal(s->fd);

	if (signo == SIGHUP)
		reload(s->daemon);
	else if (signo)
		s->daemon->stop = true;
}

static int cvswd_signals_open(struct cvswd_signals *s)
{
	s->fd = daemon_signals();
	if (s->fd < 0)
		return s->fd;
	return watch_add(s->fd, EPOLLIN, cvswd_signal, s);
}

static int cvswd_run(struct cvswd *d, int ready_fd)
{
	/* for ports that are added later: TAP and links, AF_PACKET */
	static const unsigned int caps[] = { CAP_NET_ADMIN, CAP_NET_RAW };
	struct cvswd_signals signals = { .daemon = d, .fd = -1 };
	int ret;

	ret = cvswd_signals_open(&signals);
	if (!ret)
		ret = cvswd_open(d);
	if (!ret)
		ret = cvswd_timer(d);
	if (!ret)
		mtu_check(d);
	d->queue_prog = queue_tap_load();
	if (!ret)
		ret = daemon_drop_privileges(caps, ARRAY_SIZE(caps));
	if (!ret)
		ret = loop_start(d->loop);
	if (!ret) {
		say(LOG_NOTICE, "running, control socket %s", d->conf->socket);
		daemon_ready(ready_fd);
	}
	while (!ret && !d->stop) {
		inband_settle(d->inband);
		ret = watch_wait();
		if (ret)
			say(LOG_ERR, "cannot wait: %s", strerror(-ret));
	}
	if (d->loop)
		loop_stop(d->loop);
	if (d->stop)
		cvswd_save(d);
	cvswd_close(d);
	return ret;
}

static int cvswd_main(struct cvswd *d)
{
	struct conf *conf = d->conf;
	int ready_fd = -1, ret = 0;

	daemon_log("cvswd", LOG_INFO, conf->syslog);
	if (conf->daemon)
		ret = daemon_background(&ready_fd);
	if (!ret && conf->pidfile)
		ret = daemon_pidfile(conf->pidfile);
	if (ret)
		return ret;
	ret = cvswd_run(d, ready_fd);
	if (d->conf->pidfile)
		unlink(d->conf->pidfile);
	return ret;
}

int main(int argc, char **argv)
{
	struct cvswd d = { .argc = argc, .argv = argv };
	int ret;

	daemon_log("cvswd", LOG_INFO, false);
	d.conf = calloc(1, sizeof(*d.conf));
	if (!d.conf)
		return 1;
	ret = conf_load(d.conf, argc, argv);
	if (ret < 0)
		say(LOG_ERR, "%s", d.conf->settings.why);
	else if (!ret)
		ret = cvswd_main(&d);
	conf_free(d.conf);
	free(d.conf);
	return ret < 0 ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The process: a thread for each switch, and the main thread, which waits for
 * signals and for those who want to look. */

#include <linux/capability.h>
#include <signal.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include "conf.h"

/**
 * struct agent - all of it
 * @conf:      borrowed
 * @tls:       NULL: not needed
 * @ev:        what the main thread waits for
 * @signal_fd: of signals
 * @sw:        of as many switches as @conf has
 * @n_sw:      how many have begun
 */
struct agent {
	struct conf	*conf;
	SSL_CTX		*tls;
	struct ev	*ev;
	struct ev_fd	signal_fd;
	struct sw	**sw;
	unsigned int	n_sw;
	bool		stop;
};

u64 ofd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

/* Signals */

static void agent_signal(struct ev_fd *f, u32 events)
{
	struct agent *a = container_of(f, struct agent, signal_fd);
	int signo = daemon_signal(f->fd);

	if (signo == SIGHUP)
		say(LOG_NOTICE, "settings are read at start only");
	else if (signo)
		a->stop = true;
}

static int agent_signals(struct agent *a)
{
	a->signal_fd.fd = daemon_signals();
	a->signal_fd.ready = agent_signal;
	if (a->signal_fd.fd < 0)
		return a->signal_fd.fd;
	return ev_add(a->ev, &a->signal_fd, EPOLLIN);
}

/* Beginning and end */

static int agent_tls(struct agent *a)
{
	const struct tls_files files = {
		.key = a->conf->key,
		.cert = a->conf->cert,
		.ca = a->conf->ca,
	};
	char why[300];
	int ret;

	if (!conf_uses_tls(a->conf))
		return 0;
	ret = tls_new(&a->tls, &files, why, sizeof(why));
	if (ret)
		say(LOG_ERR, "%s", why);
	return ret;
}

static int agent_switches(struct agent *a)
{
	const struct conf *c = a->conf;
	int ret = 0;

	a->sw = calloc(c->n_sw, sizeof(*a->sw));
	if (!a->sw)
		return -ENOMEM;
	while (a->n_sw < c->n_sw && !ret) {
		ret = sw_new(&a->sw[a->n_sw], &c->sw[a->n_sw], a->tls);
		if (!ret)
			a->n_sw++;
	}
	return ret;
}

/* nobody asked for the socket of old: another agent may have it */
static int agent_show(struct agent *a)
{
	int ret = show_new(a->ev, a->conf->show, a->sw, a->n_sw);

	return a->conf->show_asked ? ret : 0;
}

/* is there a switch that is reached by @way? */
static bool agent_needs(const struct agent *a, const char *way)
{
	unsigned int i;

	for (i = 0; i < a->conf->n_sw; i++)
		if (!strncmp(a->conf->sw[i].where, way, strlen(way)))
			return true;
	return false;
}

/* ports to listen on are opened, and opened again, while it runs; so are
 * connections to the kernel, and packet sockets for frames */
static int agent_drop_privileges(const struct agent *a)
{
	unsigned int caps[3] = { CAP_NET_BIND_SERVICE };
	size_t n = 1;

	if (agent_needs(a, "netlink:"))
		caps[n++] = CAP_NET_ADMIN;
	if (agent_needs(a, "frame:"))
		caps[n++] = CAP_NET_RAW;
	return daemon_drop_privileges(caps, n);
}

/* privileges before threads: each has its own */
static int agent_open(struct agent *a)
{
	int ret = ev_new(&a->ev);

	if (!ret)
		ret = agent_signals(a);
	if (ret) {
		say(LOG_ERR, "cannot wait: %s", strerror(-ret));
		return ret;
	}
	ret = agent_tls(a);
	if (!ret)
		ret = agent_drop_privileges(a);
	if (!ret)
		ret = agent_switches(a);
	return ret ? ret : agent_show(a);
}

static void agent_close(struct agent *a)
{
	show_free();
	while (a->n_sw)
		sw_free(a->sw[--a->n_sw]);
	free(a->sw);
	if (a->tls)
		tls_free(a->tls);
	if (!a->ev)
		return;
	ev_del(a->ev, &a->signal_fd);
	ev_free(a->ev);
	close(a->signal_fd.fd);
}

static int agent_run(struct agent *a, int ready_fd)
{
	int ret = agent_open(a);

	if (!ret) {
		say(LOG_NOTICE, "running");
		daemon_ready(ready_fd);
	}
	while (!ret && !a->stop) {
		ret = ev_once(a->ev, NULL);
		if (ret)
			say(LOG_ERR, "cannot wait: %s", strerror(-ret));
	}
	agent_close(a);
	return ret;
}

static int agent_main(struct conf *conf)
{
	struct agent agent = { .conf = conf };
	int ready_fd = -1, ret = 0;

	daemon_log("cvsw-ofd", conf->verbose ? LOG_DEBUG : LOG_INFO,
		   conf->syslog);
	if (conf->daemon)
		ret = daemon_background(&ready_fd);
	if (!ret && conf->pidfile)
		ret = daemon_pidfile(conf->pidfile);
	if (ret)
		return ret;
	ret = agent_run(&agent, ready_fd);
	if (conf->pidfile)
		unlink(conf->pidfile);
	return ret;
}

int main(int argc, char **argv)
{
	struct conf conf;
	int ret;

	daemon_log("cvsw-ofd", LOG_INFO, false);
	ret = conf_load(&conf, argc, argv);
	if (ret < 0)
		say(LOG_ERR, "%s", conf.settings.why);
	else if (!ret)
		ret = agent_main(&conf);
	conf_free(&conf);
	return ret < 0 ? 1 : 0;
}

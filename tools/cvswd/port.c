// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "port.h"

#include <stdio.h>
#include <sys/epoll.h>
#include "cvswd.h"
#include "ethtool.h"
#include "inband.h"
#include "loop.h"
#include "netns.h"
#include "queue.h"
#include "route.h"

/* Links */

static void port_each_changed(void *arg, struct netns *ns,
			      const struct netns_link *link)
{
	struct cvswd *d = arg;
	struct port *port;
	unsigned int i;

	for (i = 0; i < d->n_vs; i++)
		for (port = d->vs[i].ports; port; port = port->next)
			if (port->ns == ns && port->ifindex == link->ifindex)
				port_link_changed(port, link);
}

/* messages were lost: ask for each link */
static void port_each_ask(struct cvswd *d, struct netns *ns)
{
	struct netns_link link;
	struct port *port;
	unsigned int i;

	for (i = 0; i < d->n_vs; i++)
		for (port = d->vs[i].ports; port; port = port->next)
			if (port->ns == ns && port->ifindex &&
			    !netns_link_get(ns, port->ifindex, NULL, &link))
				port_link_changed(port, &link);
}

struct port_watch {
	struct cvswd	*daemon;
	struct netns	*ns;
};

static void port_netns_ready(void *arg, u32 events)
{
	struct port_watch *w = arg;

	if (netns_read(w->ns, port_each_changed, w->daemon))
		port_each_ask(w->daemon, w->ns);
	mtu_check(w->daemon);
}

/* share of a namespace, which is watched as long as a port is in it */
static int port_netns_get(struct port *port, const char *name)
{
	struct port_watch *w;
	int ret;

	ret = netns_get(name, &port->ns);
	if (ret || !netns_first(port->ns))
		return ret;
	w = malloc(sizeof(*w));
	if (!w)
		return -ENOMEM;
	*w = (struct port_watch){ port->vs->daemon, port->ns };
	netns_priv_set(port->ns, w);
	ret = watch_add(netns_fd(port->ns), EPOLLIN, port_netns_ready, w);
	return ret ?: routes_netns_add(port->vs->daemon->routes, port->ns);
}

static void port_netns_put(struct port *port)
{
	if (!port->ns)
		return;
	if (netns_first(port->ns)) {
		routes_netns_del(port->vs->daemon->routes, port->ns);
		watch_del(netns_fd(port->ns));
		free(netns_priv(port->ns));
	}
	netns_put(port->ns);
}

/* what its link does; nothing when it is out of reach */
static void port_link_info(const struct port *port, struct cvsw_port_info *info)
{
	struct ethtool_link link = {};

	if (port->ns && port->ifindex)
		ethtool_link_get(port->ns, port->ifindex, &link);
	info->curr = link.curr;
	info->advertised = link.advertised;
	info->supported = link.supported;
	info->peer = link.peer;
}

static void port_state_tell(struct port *port, u32 state)
{
	struct cvsw_port_info info;

	port->untold = false;
	if (cvsw_port_get(port->vs->sw, port->no, &info))
		return;
	info.state = state;
	info.mtu = port->mtu;
	port_offload_info(port, &info);
	port_link_info(port, &info);
	cvsw_port_set(port->vs->sw, &info, CVSW_PORT_SET_STATE, NULL);
}

static void port_dead(struct port *port)
{
	port->mourned = true;
	say(LOG_WARNING, "%s: port %s: its device is gone", port->vs->name,
	    port->name);
	port_state_tell(port, CVSW_PORT_S_LINK_DOWN);
}

void port_tick(struct port *port)
{
	if (READ_ONCE(port->dead) && !port->mourned)
		port_dead(port);
	else if (port->untold)
		port_state_tell(port, port->link_up ? 0 :
				      CVSW_PORT_S_LINK_DOWN);
}

void port_link_changed(struct port *port, const struct netns_link *link)
{
	if (link->gone) {
		queue_close(port);
		port->ifindex = 0;
		if (!(port->ops->options & PORT_O_MOVES)) {
			port_dead(port);
			return;
		}
		say(LOG_NOTICE, "%s: port %s: its link left the namespace",
		    port->vs->name, port->name);
		/* nothing says that it is down */
		port_state_tell(port, 0);
		return;
	}
	WRITE_ONCE(port->mtu, link->mtu);
	port->link_up = link->up;
	port_state_tell(port, link->up ? 0 : CVSW_PORT_S_LINK_DOWN);
}

/* Life */

static void port_free(struct port *port)
{
	loop_tx_free(port->vs->daemon->loop, port);
	queue_close(port);
	mtu_restore(port);
	if (port->priv)
		port->ops->close(port);
	port_netns_put(port);
	free(port->spec);
	free(port);
}

/* find the link of an opened device and make it what @spec asks for */
static int port_link_open(struct port *port, const struct port_spec *spec,
			  struct netns_link *link, const char **why)
{
	unsigned int i;
	int ret;

	*why = "mtu or up";
	ret = spec->mtu || spec->up ?
	      netns_link_set(port->ns, port->ifindex, spec->mtu, spec->up) : 0;
	for (i = 0; i < spec->n_link && !ret; i++) {
		*why = spec->link[i];
		ret = netns_word_set(port->ns, port->ifindex, spec->link[i]);
	}
	if (!ret) {
		*why = "rtnetlink";
		ret = netns_link_get(port->ns, port->ifindex, NULL, link);
	}
	port->mtu = link->mtu;
	port->link_up = link->up;
	if (!ret && spec->mtu_auto)
		ret = mtu_change(port, link->mtu, true);
	if (!ret)
		queue_open(port);
	return ret;
}

static int port_device_open(struct port *port, const struct port_spec *spec,
			    struct netns_link *link, const char **why)
{
	int ret;

	if (!(spec->ops->options & PORT_O_LINK)) {
		link->up = true;
		return spec->ops->open(port, spec, why);
	}
	*why = "netns";
	ret = port_netns_get(port, spec->netns);
	if (!ret)
		ret = netns_enter(port->ns);
	if (ret)
		return ret;
	ret = spec->ops->open(port, spec, why);
	netns_leave(port->ns);
	if (!ret)
		ret = port_offload_open(port, spec, why);
	return ret ? ret : port_link_open(port, spec, link, why);
}

static void port_info_fill(struct port *port, const struct port_spec *spec,
			   const struct netns_link *link,
			   struct cvsw_port_info *info)
{
	*info = (struct cvsw_port_info){
		.no = port->no,
		.queues = port->n_queues,
		.state = link->up ? 0 : CVSW_PORT_S_LINK_DOWN,
		.mtu = port->mtu,
		.mtu_auto = !!port->mtu_own,
		.inband = spec->inband,
		.inband_policy = spec->inband_policy,
		.inband_keys = spec->inband_keys,
	};
	port_offload_info(port, info);
	port_link_info(port, info);
	memcpy(info->mac, link->mac, sizeof(info->mac));
	memcpy(info->name, port->name, sizeof(info->name));
	snprintf(info->spec, sizeof(info->spec), "%s", port->spec);
}

/* takes @port */
static int port_add(struct port *port, const struct port_spec *spec,
		    const struct netns_link *link, const char **why)
{
	struct cvsw_error err = {};
	struct cvsw_port_info info;
	int ret;

	*why = "memory";
	ret = loop_tx_new(port->vs->daemon->loop, port);
	if (!ret) {
		port_info_fill(port, spec, link, &info);
		ret = cvsw_port_add(port->vs->sw, &info, port, &err);
		explicit_bzero(&info.inband_keys, sizeof(info.inband_keys));
		*why = err.text ? err.text : "port";
	}
	if (ret) {
		port_free(port);
		return ret;
	}
	port->no = info.no;
	port->next = port->vs->ports;
	port->vs->ports = port;
	ret = loop_add(port->vs->daemon->loop, port);
	if (ret) {
		*why = "workers";
		cvsw_port_del(port->vs->sw, port->no, NULL);
	}
	return ret;
}

static struct port *port_new(struct vswitch *vs, const struct port_spec *spec)
{
	struct port *port = calloc(1, sizeof(*port));
	unsigned int i;

	if (!port)
		return NULL;
	port->spec = strdup(spec->text);
	if (!port->spec) {
		free(port);
		return NULL;
	}
	port->ops = spec->ops;
	port->vs = vs;
	port->no = spec->no;
	port->n_queues = spec->queues;
	memcpy(port->name, spec->name, sizeof(port->name));
	for (i = 0; i < PORT_QUEUES_MAX; i++)
		port->queue[i] = (struct port_queue){
			.port = port, .index = i, .fd = -1,
		};
	return port;
}

int port_open(struct vswitch *vs, const struct port_spec *spec,
	      struct port **out, char *why, size_t size)
{
	struct port *port = port_new(vs, spec);
	struct netns_link link = {};
	const char *what = "memory";
	int ret;

	if (!port) {
		snprintf(why, size, "%s: no memory", spec->text);
		return -ENOMEM;
	}
	ret = port_device_open(port, spec, &link, &what);
	if (ret)
		port_free(port);
	else
		ret = port_add(port, spec, &link, &what);
	if (ret) {
		snprintf(why, size, "%s: %s: %s", spec->text, what,
			 strerror(-ret));
		return ret;
	}
	say(LOG_INFO, "%s: port %u %s (%s), rx offload 0x%x, tx 0x%x", vs->name,
	    port->no, port->name, port->spec, port->rx_offload,
	    port->tx_offload);
	*out = port;
	return 0;
}

void port_close(void *ctx, void *priv)
{
	struct port *port = priv, **at = &port->vs->ports;

	inband_port_gone(port);
	loop_del(port->vs->daemon->loop, port);
	while (*at != port)
		at = &(*at)->next;
	*at = port->next;
	say(LOG_INFO, "%s: port %u %s closed", port->vs->name, port->no,
	    port->name);
	port_free(port);
}

/* Changes */

int port_set(void *ctx, void *priv, struct cvsw_port_info *want,
	     struct cvsw_error *err)
{
	struct port *port = priv;
	const struct port_asked before = port_offload_asked(port);
	int ret;

	ret = port_offload_set(port, want, err);
	if (ret)
		return ret;
	ret = mtu_change(port, want->mtu, want->mtu_auto);
	if (ret) {
		err->text = "mtu: the device does not take it";
		port_offload_back(port, &before);
		return ret;
	}
	want->mtu = port->mtu;
	port_offload_info(port, want);
	return 0;
}

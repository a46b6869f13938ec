// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "route.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "cvswd.h"
#include "loop.h"
#include "netns.h"
#include "netns_route.h"
#include "port.h"

#define ROUTE_BUCKETS		4096
#define ROUTE_BATCH		64	/* paths between two looks at clients */
#define ROUTE_NS_PER_S		1000000000ull
#define ROUTE_ASK_NS		(1 * ROUTE_NS_PER_S)	/* no MAC yet */
#define ROUTE_RETRY_NS		(5 * ROUTE_NS_PER_S)	/* no way */
#define ROUTE_REFRESH_NS	(15 * ROUTE_NS_PER_S)	/* a way */

/*
 * struct route_path - a far end that a switch asks for
 * @next:  in its bucket
 * @link:  in the list of those to look for, else empty
 * @vs:    who asks
 * @to:    the far end
 * @route: as it was found last; ifindex 0: there is none
 * @told:  what the switch was told, CVSW_PATH_*
 * @way:   likewise
 * @look:  ns: look again then
 */
struct route_path {
	struct route_path	*next;
	struct list_head	link;
	struct vswitch		*vs;
	struct netns_ip		to;
	struct netns_route	route;
	enum cvsw_path_state	told;
	struct cvsw_way		way;
	u64			look;
};

/* struct route_watch - what hears of changes in one namespace */
struct route_watch {
	struct route_watch	*next;
	struct routes		*routes;
	struct netns		*ns;
};

/*
 * struct routes
 * @fd:     eventfd: there is something in @todo
 * @n:      paths
 * @todo:   paths to look for
 * @told:   some switch was told something
 * @again:  look again for all
 */
struct routes {
	struct cvswd		*daemon;
	struct route_watch	*watches;
	int			fd;
	unsigned int		n;
	bool			told;
	bool			again;
	struct list_head	todo;
	struct route_path	*bucket[ROUTE_BUCKETS];
};

/* Paths */

static void routes_wake(struct routes *routes)
{
	const u64 one = 1;

	/* fails only when it is set already */
	if (write(routes->fd, &one, sizeof(one)) < 0)
		return;
}

static struct route_path **route_bucket(struct routes *routes,
					const struct netns_ip *to)
{
	u32 hash = (u32)to->family;
	unsigned int i;

	for (i = 0; i < sizeof(to->addr); i++)
		hash = (hash ^ to->addr[i]) * 16777619;
	return &routes->bucket[(hash ^ hash >> 16) % ROUTE_BUCKETS];
}

static bool route_ip_is(const struct netns_ip *a, const struct netns_ip *b)
{
	return a->family == b->family &&
	       !memcmp(a->addr, b->addr, sizeof(a->addr));
}

static void route_dirty(struct routes *routes, struct route_path *path)
{
	if (list_empty(&path->link))
		list_add_tail(&path->link, &routes->todo);
	routes_wake(routes);
}

static void routes_each(struct routes *routes,
			void (*fn)(struct routes *routes,
				   struct route_path *path, const void *arg),
			const void *arg)
{
	struct route_path *path;
	unsigned int i;

	for (i = 0; i < ROUTE_BUCKETS && routes->n; i++)
		for (path = routes->bucket[i]; path; path = path->next)
			fn(routes, path, arg);
}

static struct netns_ip route_ip(u8 family, const u8 *addr)
{
	struct netns_ip ip = { .family = family == 6 ? AF_INET6 : AF_INET };

	memcpy(ip.addr, addr, family == 6 ? 16 : 4);
	return ip;
}

void route_path_open(void *ctx, u8 family, const u8 *addr)
{
	struct vswitch *vs = ctx;
	struct routes *routes = vs->daemon->routes;
	struct route_path *path = calloc(1, sizeof(*path)), **at;

	if (!path) {
		say(LOG_WARNING, "%s: no memory to look for a tunnel's end",
		    vs->name);
		return;
	}
	path->vs = vs;
	path->to = route_ip(family, addr);
	path->told = CVSW_PATH_ASKED;
	INIT_LIST_HEAD(&path->link);
	at = route_bucket(routes, &path->to);
	path->next = *at;
	*at = path;
	routes->n++;
	route_dirty(routes, path);
}

void route_path_close(void *ctx, u8 family, const u8 *addr)
{
	struct vswitch *vs = ctx;
	struct routes *routes = vs->daemon->routes;
	struct netns_ip to = route_ip(family, addr);
	struct route_path **at = route_bucket(routes, &to), *path;

	while ((path = *at) && (path->vs != vs || !route_ip_is(&path->to, &to)))
		at = &path->next;
	if (!path)
		return;
	*at = path->next;
	list_del(&path->link);
	free(path);
	routes->n--;
	routes_wake(routes);	/* with the last one, changes do not matter */
}

/* Looking */

/*
 * The port that leads out of the interface @ifindex.  The kernel sends by it as
 * we do where it sees the port's frames, too (ops->quiet); the link of any
 * port may be in that interface, a bridge.
 */
static struct port *route_port(const struct vswitch *vs, struct netns *ns,
			       int ifindex)
{
	struct port *port;

	for (port = vs->ports; port; port = port->next)
		if (port->ns == ns && port->ifindex == ifindex &&
		    port->ops->quiet)
			return port;
	for (port = vs->ports; port; port = port->next)
		if (port->ns == ns && port->ifindex &&
		    netns_link_master(ns, port->ifindex) == ifindex)
			return port;
	return NULL;
}

/* has a port before @port the same namespace? */
static bool route_netns_seen(const struct port *port)
{
	const struct port *p;

	for (p = port->vs->ports; p != port; p = p->next)
		if (p->ns == port->ns)
			return true;
	return false;
}

/* the port by which packets leave, path->route then says how; NULL for none */
static struct port *route_find(struct route_path *path)
{
	struct port *port, *out;

	for (port = path->vs->ports; port; port = port->next) {
		if (!port->ns || route_netns_seen(port))
			continue;
		netns_follow(port->ns, true);
		if (netns_route_get(port->ns, &path->to, &path->route))
			continue;
		out = route_port(path->vs, port->ns, path->route.ifindex);
		if (out)
			return out;
	}
	path->route = (struct netns_route){};
	return NULL;
}

static void route_tell(struct routes *routes, struct route_path *path,
		       const struct cvsw_way *way)
{
	enum cvsw_path_state state = way ? CVSW_PATH_KNOWN : CVSW_PATH_ABSENT;
	u8 family = path->to.family == AF_INET6 ? 6 : 4;

	if (path->told == state &&
	    (!way || !memcmp(way, &path->way, sizeof(*way))))
		return;
	if (cvsw_path_set(path->vs->sw, family, path->to.addr, way))
		return;		/* closed; or no memory, and it is tried again */
	path->told = state;
	if (way)
		path->way = *way;
	routes->told = true;
}

/* the kernel's stack has the tunnel's address, and is not to answer */
static void route_quiet(struct port *port)
{
	struct cvsw_config config;

	if (!port->ops->quiet)
		return;
	cvsw_switch_config(port->vs->sw, &config);
	port->ops->quiet(port, &config);
}

static void route_found(struct routes *routes, struct route_path *path,
			struct port *port, const u8 mac[6])
{
	struct cvsw_way way = { .port = port->no, .mtu = path->route.mtu };
	struct netns_link link;

	if (netns_link_get(port->ns, path->route.ifindex, NULL, &link)) {
		route_tell(routes, path, NULL);
		return;
	}
	if (!way.mtu)
		way.mtu = link.mtu;
	memcpy(way.dl_src, link.mac, sizeof(way.dl_src));
	memcpy(way.dl_dst, mac, sizeof(way.dl_dst));
	memcpy(way.nw_src, path->route.src.addr, sizeof(way.nw_src));
	route_quiet(port);
	route_tell(routes, path, &way);
}

/* there is a route: look for the next hop */
static u64 route_hop(struct routes *routes, struct route_path *path,
		     struct port *port)
{
	const struct netns_route *route = &path->route;
	enum netns_neigh state;
	u8 mac[6];

	state = netns_neigh_get(port->ns, route->ifindex, &route->hop, mac);
	if (state != NETNS_NEIGH_GOOD)
		netns_neigh_use(port->ns, route->ifindex, &route->hop);
	switch (state) {
	case NETNS_NEIGH_GOOD:
	case NETNS_NEIGH_OLD:
		route_found(routes, path, port, mac);
		return ROUTE_REFRESH_NS;
	case NETNS_NEIGH_FAILED:
		route_tell(routes, path, NULL);
		return ROUTE_RETRY_NS;
	default:
		return ROUTE_ASK_NS;
	}
}

static void route_look(struct routes *routes, struct route_path *path)
{
	struct port *port = route_find(path);
	u64 then = ROUTE_RETRY_NS;

	/* the source has to be of the tunnel's family, whatever the next hop's */
	if (port && path->route.src.family == path->to.family)
		then = route_hop(routes, path, port);
	else
		route_tell(routes, path, NULL);
	path->look = cvswd_now() + then;
}

static void route_all(struct routes *routes, struct route_path *path,
		      const void *arg)
{
	route_dirty(routes, path);
}

/* workers go on with what waited */
static void routes_told(struct routes *routes)
{
	if (!routes->told)
		return;
	routes->told = false;
	loop_wake(routes->daemon->loop);
}

static void routes_follow_none(struct routes *routes)
{
	struct route_watch *w;

	for (w = routes->watches; w; w = w->next)
		netns_follow(w->ns, false);
}

static void routes_work(void *arg, u32 events)
{
	struct routes *routes = arg;
	struct route_path *path;
	unsigned int n;
	u64 count;

	if (read(routes->fd, &count, sizeof(count)) < 0)
		return;
	if (routes->again)
		routes_each(routes, route_all, NULL);
	routes->again = false;
	for (n = 0; n < ROUTE_BATCH && !list_empty(&routes->todo); n++) {
		path = list_first_entry(&routes->todo, struct route_path, link);
		list_del_init(&path->link);
		route_look(routes, path);
	}
	if (!list_empty(&routes->todo))
		routes_wake(routes);
	if (!routes->n)
		routes_follow_none(routes);
	routes_told(routes);
}

/* Changes */

void routes_changed(struct routes *routes)
{
	routes->again = true;
	routes_wake(routes);
}

static void route_neigh(struct routes *routes, struct route_path *path,
			const void *arg)
{
	const struct netns_change *change = arg;

	if (path->route.ifindex == change->ifindex &&
	    route_ip_is(&path->route.hop, &change->ip))
		route_dirty(routes, path);
}

static void routes_heard(void *arg, const struct netns_change *change)
{
	if (change->ip.family)
		routes_each(arg, route_neigh, change);
	else
		routes_changed(arg);
}

static void routes_ready(void *arg, u32 events)
{
	struct route_watch *w = arg;

	netns_follow_read(w->ns, routes_heard, w->routes);
}

static void route_due(struct routes *routes, struct route_path *path,
		      const void *arg)
{
	const u64 *now = arg;

	if (*now >= path->look)
		route_dirty(routes, path);
}

void routes_tick(struct routes *routes)
{
	u64 now = cvswd_now();

	routes_each(routes, route_due, &now);
}

int routes_netns_add(struct routes *routes, struct netns *ns)
{
	struct route_watch *w = malloc(sizeof(*w));
	int ret;

	if (!w)
		return -ENOMEM;
	*w = (struct route_watch){ routes->watches, routes, ns };
	ret = watch_add(netns_follow_fd(ns), EPOLLIN, routes_ready, w);
	if (ret) {
		free(w);
		return ret;
	}
	routes->watches = w;
	return 0;
}

void routes_netns_del(struct routes *routes, struct netns *ns)
{
	struct route_watch **at = &routes->watches, *w;

	while ((w = *at) && w->ns != ns)
		at = &w->next;
	if (!w)
		return;
	*at = w->next;
	watch_del(netns_follow_fd(ns));
	free(w);
}

/* Life */

int routes_new(struct cvswd *d, struct routes **out)
{
	struct routes *routes = calloc(1, sizeof(*routes));
	int ret;

	if (!routes)
		return -ENOMEM;
	routes->daemon = d;
	INIT_LIST_HEAD(&routes->todo);
	routes->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = routes->fd < 0 ? -errno :
	      watch_add(routes->fd, EPOLLIN, routes_work, routes);
	if (ret) {
		if (routes->fd >= 0)
			close(routes->fd);
		free(routes);
		return ret;
	}
	*out = routes;
	return 0;
}

void routes_free(struct routes *routes)
{
	struct route_path *path;
	unsigned int i;

	if (!routes)
		return;
	for (i = 0; i < ROUTE_BUCKETS; i++)
		while ((path = routes->bucket[i])) {
			routes->bucket[i] = path->next;
			free(path);
		}
	watch_del(routes->fd);
	close(routes->fd);
	free(routes);
}

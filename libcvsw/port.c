// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The ports of a switch.  Workers read a set of ports that never changes; each
 * control call here makes the next set and lets the last one go after a grace
 * period.  All of it runs under the switch's mutex.
 */

#include "switch_priv.h"
#include "antispoof.h"

#define PORT_OFFLOADS(info)	((info)->rx_offload | (info)->tx_offload | \
				 (info)->rx_asked | (info)->tx_asked)

static struct cvsw_ports *port_set_alloc(u32 limit, u32 n)
{
	struct cvsw_ports *ports;

	ports = kvzalloc(sizeof(*ports) +
			 (limit + n) * sizeof(struct cvsw_port *), GFP_KERNEL);
	if (!ports)
		return NULL;
	ports->limit = limit;
	ports->list = ports->slot + limit;
	return ports;
}

struct cvsw_ports *cvsw_ports_new(void)
{
	return port_set_alloc(1, 0);
}

static void port_set_put(struct cvsw_ports *ports, struct cvsw_port *port)
{
	if (port->info.no == CVSW_PORT_LOCAL)
		ports->local = port;
	else
		ports->slot[port->info.no] = port;
	ports->list[ports->n++] = port;
}

/* the set @old with @port in the place of the one of its number, if any */
static struct cvsw_ports *port_set_with(const struct cvsw_ports *old,
					struct cvsw_port *port)
{
	u16 no = port->info.no;
	u32 limit = old->limit, i;
	struct cvsw_ports *ports;

	if (no != CVSW_PORT_LOCAL && no >= limit)
		limit = no + 1u;
	ports = port_set_alloc(limit, old->n + 1);
	if (!ports)
		return NULL;
	for (i = 0; i < old->n && old->list[i]->info.no < no; i++)
		port_set_put(ports, old->list[i]);
	port_set_put(ports, port);
	for (; i < old->n; i++)
		if (old->list[i]->info.no != no)
			port_set_put(ports, old->list[i]);
	return ports;
}

static struct cvsw_ports *port_set_without(const struct cvsw_ports *old,
					   u16 no)
{
	struct cvsw_ports *ports;
	u32 limit = 1, i;

	for (i = 0; i < old->n; i++)
		if (old->list[i]->info.no != no &&
		    old->list[i]->info.no != CVSW_PORT_LOCAL)
			limit = old->list[i]->info.no + 1u;
	ports = port_set_alloc(limit, old->n - 1);
	if (!ports)
		return NULL;
	for (i = 0; i < old->n; i++)
		if (old->list[i]->info.no != no)
			port_set_put(ports, old->list[i]);
	return ports;
}

/* do its settings let every frame in, and out if it is short enough? */
static bool port_is_open(const struct cvsw_port *port)
{
	const u32 barred = CVSW_PORT_C_DOWN | CVSW_PORT_C_NO_RECV |
			   CVSW_PORT_C_NO_FWD;

	return !(port->info.config & barred) && !port->info.antispoof.checks;
}

/* what follows from all of them */
static void port_set_settle(struct cvsw_ports *ports)
{
	u32 i, silent;

	ports->wire = ports->n == 2;
	for (i = 0; i < ports->n; i++) {
		ports->inband |= cvsw_port_inband_flags(&ports->list[i]->info);
		if (!port_is_open(ports->list[i]))
			ports->wire = false;
	}
	silent = ports->inband & ~CVSW_PORTS_INBAND ? CVSW_PORT_BAR_SILENT : 0;
	if (silent)
		ports->wire = false;
	/* workers look at the set that they have whether it is so */
	for (i = 0; i < ports->n; i++)
		WRITE_ONCE(ports->list[i]->bar,
			   (ports->list[i]->info.config & CVSW_PORT_BARS) |
			   silent);
}

/* after this no worker uses the set before */
static void port_set_publish(struct cvsw_switch *sw, struct cvsw_ports *ports)
{
	struct cvsw_ports *old = rcu_dereference_protected(sw->ports, true);

	port_set_settle(ports);
	rcu_assign_pointer(sw->ports, ports);
	synchronize_rcu();
	kvfree(old);
	WRITE_ONCE(sw->changes, sw->changes + 1);
}

static void port_event(struct cvsw_switch *sw, u16 kind,
		       const struct cvsw_port_info *info)
{
	struct cvsw_event event = { .kind = kind, .port = info };

	if (sw->ops->event)
		sw->ops->event(sw->ctx, &event);
}

static u16 port_workers(const struct cvsw_switch *sw)
{
	return rcu_dereference_protected(sw->config, true)->workers;
}

/* @info of @port with the counters of all workers */
static void port_info(const struct cvsw_switch *sw,
		      const struct cvsw_port *port, struct cvsw_port_info *info)
{
	const struct cvsw_port_stats *from;
	struct cvsw_port_stats *sum = &info->stats;
	unsigned int i;

	*info = port->info;
	for (i = 0; i < port_workers(sw); i++) {
		from = &port->stats[i];
		sum->rx_packets += READ_ONCE(from->rx_packets);
		sum->rx_bytes += READ_ONCE(from->rx_bytes);
		sum->rx_dropped += READ_ONCE(from->rx_dropped);
		sum->rx_errors += READ_ONCE(from->rx_errors);
		sum->tx_packets += READ_ONCE(from->tx_packets);
		sum->tx_bytes += READ_ONCE(from->tx_bytes);
		sum->tx_dropped += READ_ONCE(from->tx_dropped);
		sum->tx_errors += READ_ONCE(from->tx_errors);
	}
}

/* what follows from the rest */
static void port_settle(struct cvsw_port *port)
{
	u32 mtu = port->info.mtu_rx ? 0 : port->info.mtu;

	port->max_len = mtu ? mtu + CVSW_ETH_HLEN : 0xffffffffu;
	port->free_len = port->max_len;
	if (port->info.config & (CVSW_PORT_C_DOWN | CVSW_PORT_C_NO_FWD))
		port->free_len = 0;
	memset(&port->info.stats, 0, sizeof(port->info.stats));
}

/* a copy that is not used */
static void port_copy_free(struct cvsw_port *port)
{
	if (port)
		memzero_explicit(&port->keys, sizeof(port->keys));
	kfree(port);
}

static struct cvsw_port *port_new(struct cvsw_switch *sw,
				  const struct cvsw_port_info *info, void *priv)
{
	struct cvsw_port *port = kzalloc(sizeof(*port), GFP_KERNEL);
	size_t lines = (port_workers(sw) * sizeof(*port->stats) +
			CVSW_LINE - 1) / CVSW_LINE;

	if (!port)
		return NULL;
	port->mem = kvzalloc((lines + 1) * CVSW_LINE, GFP_KERNEL);
	if (!port->mem) {
		kfree(port);
		return NULL;
	}
	port->stats = PTR_ALIGN(port->mem, CVSW_LINE);
	port->priv = priv;
	port->info = *info;
	port->info.rx_asked |= info->rx_offload;
	port->info.tx_asked |= info->tx_offload;
	port->serial = ++sw->serial;
	cvsw_port_inband_new(sw, port);
	port_settle(port);
	return port;
}

static void port_free(struct cvsw_port *port)
{
	kvfree(port->mem);
	port_copy_free(port);
}

void cvsw_ports_free(struct cvsw_switch *sw)
{
	struct cvsw_ports *ports = rcu_dereference_protected(sw->ports, true);
	u32 i;

	/* closing one may count frames for any other */
	for (i = 0; i < ports->n && sw->ops->port_close; i++)
		sw->ops->port_close(sw->ctx, ports->list[i]->priv);
	for (i = 0; i < ports->n; i++)
		port_free(ports->list[i]);
	kvfree(ports);
}

static struct cvsw_port *port_find(const struct cvsw_ports *ports,
				   const char *name)
{
	u32 i;

	for (i = 0; i < ports->n; i++)
		if (!strncmp(ports->list[i]->info.name, name, CVSW_NAME_LEN))
			return ports->list[i];
	return NULL;
}

/* the lowest free number, 0 when all are taken */
static u16 port_free_no(const struct cvsw_ports *ports)
{
	u32 no;

	for (no = 1; no < ports->limit; no++)
		if (!ports->slot[no])
			return (u16)no;
	return no <= CVSW_PORT_MAX ? (u16)no : 0;
}

static int port_config_check(const struct cvsw_port_info *info,
			     struct cvsw_error *err)
{
	if (info->config & ~(u32)CVSW_PORT_C_MASK)
		return cvsw_error_set(err, -EINVAL, "port: unknown config bit");
	return 0;
}

static int port_check(const struct cvsw_switch *sw,
		      const struct cvsw_port_info *info, struct cvsw_error *err)
{
	if (info->no > CVSW_PORT_MAX && info->no != CVSW_PORT_LOCAL)
		return cvsw_error_set(err, -EINVAL, "port: number not valid");
	if (!cvsw_name_ok(info->name, sizeof(info->name)))
		return cvsw_error_set(err, -EINVAL, "port: name not valid");
	if (!memchr(info->spec, 0, sizeof(info->spec)))
		return cvsw_error_set(err, -EINVAL, "port: spec too long");
	if (PORT_OFFLOADS(info) & ~(u32)CVSW_OFFLOAD_MASK)
		return cvsw_error_set(err, -EINVAL, "port: unknown offload");
	return port_config_check(info, err) ?:
	       cvsw_port_inband_check(sw, info, err) ?:
	       cvsw_antispoof_config_check(&info->antispoof, err);
}

/* the MAC table, as soon as there is a choice of where to send */
static int port_need_fdb(struct cvsw_switch *sw, const struct cvsw_ports *ports)
{
	struct cvsw_fdb *fdb;

	if (ports->n <= 2 || rcu_access_pointer(sw->fdb))
		return 0;
	fdb = cvsw_fdb_new(rcu_dereference_protected(sw->config, true)->seed);
	if (!fdb)
		return -ENOMEM;
	rcu_assign_pointer(sw->fdb, fdb);
	return 0;
}

static int port_add(struct cvsw_switch *sw, struct cvsw_port_info *info,
		    void *priv, struct cvsw_error *err)
{
	const struct cvsw_ports *old = cvsw_switch_ports(sw);
	struct cvsw_ports *ports;
	struct cvsw_port *port;
	u16 no = info->no ? info->no : port_free_no(old);

	if (!no || cvsw_ports_get(old, no))
		return cvsw_error_set(err, -EEXIST, "port: number taken");
	if (port_find(old, info->name))
		return cvsw_error_set(err, -EEXIST, "port: name taken");
	port = port_new(sw, info, priv);
	if (!port)
		return cvsw_error_set(err, -ENOMEM, "port: no memory");
	port->info.no = no;
	ports = port_set_with(old, port);
	if (!ports || port_need_fdb(sw, ports)) {
		kvfree(ports);
		port_free(port);
		return cvsw_error_set(err, -ENOMEM, "port: no memory");
	}
	info->no = no;
	port_set_publish(sw, ports);
	port_event(sw, CVSW_EVENT_PORT_ADD, &port->info);
	return 0;
}

int cvsw_port_add(struct cvsw_switch *sw, struct cvsw_port_info *info,
		  void *priv, struct cvsw_error *err)
{
	int ret = port_check(sw, info, err);

	if (ret)
		return ret;
	mutex_lock(&sw->lock);
	ret = port_add(sw, info, priv, err);
	mutex_unlock(&sw->lock);
	return ret;
}

int cvsw_port_open(struct cvsw_switch *sw, const char *spec, __u16 no,
		   struct cvsw_error *err)
{
	if (!sw->ops->port_open)
		return cvsw_error_set(err, -EOPNOTSUPP,
				      "port: none can be opened");
	return sw->ops->port_open(sw->ctx, spec, no, err);
}

static int port_del(struct cvsw_switch *sw, u16 no, struct cvsw_error *err)
{
	struct cvsw_port *port = cvsw_ports_get(cvsw_switch_ports(sw), no);
	struct cvsw_fdb *fdb = rcu_dereference_protected(sw->fdb, true);
	struct cvsw_port_info info;
	struct cvsw_ports *ports;

	if (!port)
		return cvsw_error_set(err, -ENODEV, "port: no such port");
	ports = port_set_without(cvsw_switch_ports(sw), no);
	if (!ports)
		return cvsw_error_set(err, -ENOMEM, "port: no memory");
	port_set_publish(sw, ports);
	if (fdb)
		cvsw_fdb_forget(fdb, no);
	if (sw->ops->port_close)
		sw->ops->port_close(sw->ctx, port->priv);
	port_info(sw, port, &info);
	port_event(sw, CVSW_EVENT_PORT_DEL, &info);
	port_free(port);
	return 0;
}

int cvsw_port_del(struct cvsw_switch *sw, __u16 no, struct cvsw_error *err)
{
	int ret;

	mutex_lock(&sw->lock);
	ret = port_del(sw, no, err);
	mutex_unlock(&sw->lock);
	return ret;
}

int cvsw_port_close(struct cvsw_switch *sw, __u16 no, struct cvsw_error *err)
{
	if (!sw->ops->port_open)
		return cvsw_error_set(err, -EOPNOTSUPP,
				      "port: those that there are stay");
	return cvsw_port_del(sw, no, err);
}

int cvsw_port_get(struct cvsw_switch *sw, __u16 no, struct cvsw_port_info *info)
{
	const struct cvsw_port *port;

	mutex_lock(&sw->lock);
	port = cvsw_ports_get(cvsw_switch_ports(sw), no);
	if (port)
		port_info(sw, port, info);
	mutex_unlock(&sw->lock);
	return port ? 0 : -ENODEV;
}

__u16 cvsw_port_next(struct cvsw_switch *sw, __u16 no)
{
	const struct cvsw_ports *ports;
	u16 next = CVSW_PORT_NONE;
	u32 i;

	mutex_lock(&sw->lock);
	ports = cvsw_switch_ports(sw);
	for (i = 0; i < ports->n && next == CVSW_PORT_NONE; i++)
		if (ports->list[i]->info.no > no)
			next = ports->list[i]->info.no;
	mutex_unlock(&sw->lock);
	return next;
}

__u16 cvsw_port_find(struct cvsw_switch *sw, const char *name)
{
	const struct cvsw_port *port;
	u16 no;

	mutex_lock(&sw->lock);
	port = port_find(cvsw_switch_ports(sw), name);
	no = port ? port->info.no : CVSW_PORT_NONE;
	mutex_unlock(&sw->lock);
	return no;
}

/* the parts of @want that are settings of the switch or news from the device */
static int port_apply(struct cvsw_switch *sw, struct cvsw_port *port,
		      const struct cvsw_port_info *want, unsigned int what,
		      struct cvsw_error *err)
{
	struct cvsw_port_info *info = &port->info;
	int ret = 0;

	if (what & CVSW_PORT_SET_CONFIG) {
		info->config = want->config;
		ret = port_config_check(info, err);
	}
	if (!ret && what & CVSW_PORT_SET_ANTISPOOF) {
		info->antispoof = want->antispoof;
		ret = cvsw_antispoof_config_check(&info->antispoof, err);
	}
	if (!ret)
		ret = cvsw_port_inband_apply(sw, port, want, what, err);
	if (what & CVSW_PORT_SET_STATE) {
		info->state = want->state;
		info->mtu = want->mtu;
		memcpy(info->mac, want->mac, sizeof(info->mac));
		info->rx_offload = want->rx_offload;
		info->tx_offload = want->tx_offload;
		info->rx_failed = want->rx_failed;
		info->tx_failed = want->tx_failed;
		info->device = want->device;
		info->device_asked = want->device_asked;
		info->device_fixed = want->device_fixed;
		info->curr = want->curr;
		info->advertised = want->advertised;
		info->supported = want->supported;
		info->peer = want->peer;
	}
	return ret;
}

/* the parts that the device has to agree to */
static int port_apply_device(struct cvsw_switch *sw, struct cvsw_port *port,
			     const struct cvsw_port_info *want,
			     unsigned int what, struct cvsw_error *err)
{
	struct cvsw_port_info *info = &port->info;
	struct cvsw_error unheard;

	if (!(what & (CVSW_PORT_SET_MTU | CVSW_PORT_SET_OFFLOAD |
		      CVSW_PORT_SET_DEVICE)))
		return 0;
	if (!sw->ops->port_set)
		return cvsw_error_set(err, -EOPNOTSUPP,
				      "port: device settings are fixed");
	if (what & CVSW_PORT_SET_MTU) {
		info->mtu = want->mtu;
		info->mtu_auto = !!want->mtu_auto;
	}
	if (what & CVSW_PORT_SET_OFFLOAD) {
		info->rx_offload = want->rx_offload & CVSW_OFFLOAD_MASK;
		info->tx_offload = want->tx_offload & CVSW_OFFLOAD_MASK;
		info->rx_asked = info->rx_offload;
		info->tx_asked = info->tx_offload;
	}
	if (what & CVSW_PORT_SET_DEVICE)
		info->device_asked = want->device_asked & CVSW_DEVICE_MASK;
	return sw->ops->port_set(sw->ctx, port->priv, info, err ?: &unheard);
}

static int port_set(struct cvsw_switch *sw, const struct cvsw_port_info *want,
		    unsigned int what, struct cvsw_error *err)
{
	struct cvsw_port *old = cvsw_ports_get(cvsw_switch_ports(sw), want->no);
	struct cvsw_ports *ports = NULL;
	struct cvsw_port *port;
	int ret;

	if (!old)
		return cvsw_error_set(err, -ENODEV, "port: no such port");
	port = kmalloc(sizeof(*port), GFP_KERNEL);
	if (port) {
		memcpy(port, old, sizeof(*port));
		ports = port_set_with(cvsw_switch_ports(sw), port);
	}
	ret = ports ? port_apply(sw, port, want, what, err) ?:
		      port_apply_device(sw, port, want, what, err) :
		      cvsw_error_set(err, -ENOMEM, "port: no memory");
	if (!ret)
		port_settle(port);
	if (ret || !memcmp(port, old, sizeof(*port))) {
		kvfree(ports);
		port_copy_free(port);
		return ret;
	}
	port_set_publish(sw, ports);
	port_copy_free(old);
	port_event(sw, CVSW_EVENT_PORT_MOD, &port->info);
	return 0;
}

int cvsw_port_set(struct cvsw_switch *sw, const struct cvsw_port_info *want,
		  unsigned int what, struct cvsw_error *err)
{
	int ret;

	mutex_lock(&sw->lock);
	ret = port_set(sw, want, what, err);
	mutex_unlock(&sw->lock);
	return ret;
}

static int port_test(struct cvsw_switch *sw, u16 no, struct cvsw_test *tests,
		     unsigned int *n, struct cvsw_error *err)
{
	struct cvsw_port *port = cvsw_ports_get(cvsw_switch_ports(sw), no);
	struct cvsw_port_info want;
	int ret;

	if (!port)
		return cvsw_error_set(err, -ENODEV, "port: no such port");
	if (!sw->ops->port_test)
		return cvsw_error_set(err, -EOPNOTSUPP,
				      "port: there is no self-test");
	ret = sw->ops->port_test(sw->ctx, port->priv, tests, n, err);
	if (ret)
		return ret;
	/* the same is asked for, but other things may have failed now */
	want = port->info;
	want.rx_offload = want.rx_asked;
	want.tx_offload = want.tx_asked;
	return port_set(sw, &want, CVSW_PORT_SET_OFFLOAD, err);
}

int cvsw_port_test(struct cvsw_switch *sw, __u16 no, struct cvsw_test *tests,
		   unsigned int *n, struct cvsw_error *err)
{
	int ret;

	*n = 0;
	mutex_lock(&sw->lock);
	ret = port_test(sw, no, tests, n, err);
	mutex_unlock(&sw->lock);
	return ret;
}

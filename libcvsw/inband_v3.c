// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * In-band control, version 3, of the ports of a switch: each port that has it
 * owns a vNIC of inband_vnic.h.
 *
 * Ports change under the switch's mutex, vNICs only inside cvsw_inband_*(): who
 * changes a port raises sw->changes, and the next of these calls acts upon it.
 * What a vNIC does to the world may change ports, and end up in
 * cvsw_inband_send() once more, so that nothing is taken away but at the
 * beginning of the outermost call; until then a vNIC whose port is gone is mute.
 */

#include "inband_in.h"
#include "inband_vnic.h"
#include "switch_priv.h"

#define V3_MTU		1500u		/* where it is not known */
#define V3_RETRY_NS	1000000000ull	/* when there was no memory */

/**
 * struct v3_port - a port with in-band control, version 3
 * @list:    in sw->v3
 * @sw:      its switch
 * @priv:    the glue's
 * @vnic:    what it is
 * @serial:  of struct cvsw_port, as are the next two
 * @inband:  which time it was switched on
 * @keys_no: keys that @vnic has
 * @no:      its number
 * @up:      its link was
 * @untold:  the switch does not know its @state, there was no memory
 * @state:   of @vnic, enum cvsw_v3_vnic_state
 * @info:    what @vnic was told last
 */
struct v3_port {
	struct list_head	list;
	struct cvsw_switch	*sw;
	void			*priv;
	struct cvsw_v3_vnic	*vnic;
	u64			serial;
	u64			inband;
	u64			keys_no;
	u16			no;
	bool			up;
	bool			untold;
	u8			state;
	struct cvsw_v3_vnic_info info;
};

static struct v3_port *v3_find(const struct cvsw_switch *sw, u16 no)
{
	struct v3_port *p;

	list_for_each_entry(p, &sw->v3.ports, list)
		if (p->no == no)
			return p;
	return NULL;
}

/* the port of @p, NULL when it is gone; under the mutex */
static const struct cvsw_port *v3_port_of(const struct v3_port *p)
{
	const struct cvsw_port *port;

	port = cvsw_ports_get(cvsw_switch_ports(p->sw), p->no);
	return port && port->serial == p->serial ? port : NULL;
}

/* is it still there? */
static bool v3_is_there(const struct v3_port *p)
{
	bool there;

	mutex_lock(&p->sw->lock);
	there = v3_port_of(p);
	mutex_unlock(&p->sw->lock);
	return there;
}

/* What a vNIC does to the world */

static void v3_send(void *ctx, const u8 *frame, u32 len)
{
	const struct v3_port *p = ctx;
	const struct cvsw_action out = {
		.type = CVSW_ACT_OUTPUT, .output = { .port = p->no },
	};
	const struct cvsw_lost lost = { .bytes = len, .frames = 1 };
	struct cvsw_worker *w = p->sw->v3.w;
	struct cvsw_pkt pkt;

	if (!w || !v3_is_there(p))
		return;
	if (p->sw->ops->frame_new(w->wctx, frame, len, &pkt)) {
		cvsw_worker_lost(w, CVSW_PORT_ANY, &lost, CVSW_DROP_NO_MEMORY);
		return;
	}
	pkt.in_port = CVSW_PORT_NONE;
	cvsw_packet_out(w, &pkt, &out, 1, p->sw->v3.now, NULL);
}

static int v3_deliver(void *ctx, const u8 *msg, u32 len)
{
	const struct v3_port *p = ctx;

	if (!v3_is_there(p))
		return -EAGAIN;
	return p->sw->ops->inband_msg(p->sw->ctx, p->priv, msg, len);
}

static void v3_sent(void *ctx)
{
	const struct v3_port *p = ctx;

	if (v3_is_there(p))
		p->sw->ops->inband_sent(p->sw->ctx, p->priv);
}

static const u8 v3_states[] = {
	[CVSW_V3_IDLE] = CVSW_INBAND_IDLE,
	[CVSW_V3_LIVE] = CVSW_INBAND_LIVE,
	[CVSW_V3_SILENT] = CVSW_INBAND_SILENT,
};

/* tell the switch, unless in-band control was switched off meanwhile */
static void v3_state_tell(struct v3_port *p)
{
	const u8 *host = cvsw_v3_vnic_host(p->vnic);
	struct cvsw_port_info *want = kzalloc(sizeof(*want), GFP_KERNEL);
	const struct cvsw_port *port;
	bool mine;

	p->untold = !want;
	if (!want)
		return;
	want->no = p->no;
	want->inband_state = v3_states[p->state];
	if (host)
		memcpy(want->inband_host, host, sizeof(want->inband_host));
	mutex_lock(&p->sw->lock);
	port = v3_port_of(p);
	mine = port && port->inband == p->inband;
	mutex_unlock(&p->sw->lock);
	p->untold = mine && cvsw_port_set(p->sw, want,
					  CVSW_PORT_SET_INBAND_STATE, NULL);
	kfree(want);
}

static void v3_state(void *ctx, enum cvsw_v3_vnic_state state)
{
	struct v3_port *p = ctx;

	if (v3_is_there(p))
		p->sw->ops->inband_session(p->sw->ctx, p->priv,
					   state == CVSW_V3_LIVE);
	p->state = (u8)state;
	v3_state_tell(p);
}

static const struct cvsw_v3_vnic_ops v3_ops = {
	.send = v3_send,
	.deliver = v3_deliver,
	.sent = v3_sent,
	.state = v3_state,
};

/* What changed of ports */

static void v3_info(const struct cvsw_switch *sw, const struct cvsw_port *port,
		    struct cvsw_v3_vnic_info *info)
{
	const struct cvsw_config *config =
		rcu_dereference_protected(sw->config, true);
	u32 mtu = port->info.mtu ?: V3_MTU;

	memset(info, 0, sizeof(*info));
	info->dpid = config->datapath_id;
	info->mtu = (u16)min(max(mtu, CVSW_V3_MTU_MIN), 65535u);
	info->policy = port->info.inband_policy;
	memcpy(info->mac, port->info.mac, sizeof(info->mac));
	memcpy(info->name, config->name, sizeof(info->name));
}

static bool v3_keys_have(const struct cvsw_inband_keys *keys, u16 id)
{
	u16 i;

	for (i = 0; i < keys->n; i++)
		if (keys->id[i] == id)
			return true;
	return false;
}

static int v3_keys_set(struct v3_port *p, const struct cvsw_port *port)
{
	const struct cvsw_inband_keys *keys = &port->keys;
	int ret = 0;
	u32 id;
	u16 i;

	if (p->keys_no == port->keys_no)
		return 0;
	for (i = 0; (id = cvsw_v3_vnic_key_id(p->vnic, i)) != CVSW_V3_NO_KEY;)
		if (v3_keys_have(keys, (u16)id))
			i++;
		else
			cvsw_v3_vnic_key(p->vnic, (u16)id, NULL);
	for (i = 0; i < keys->n && !ret; i++)
		ret = cvsw_v3_vnic_key(p->vnic, keys->id[i], keys->key[i]);
	if (!ret)
		p->keys_no = port->keys_no;
	return ret;
}

/* @p is as @port says, from now on */
static int v3_follow(struct v3_port *p, const struct cvsw_port *port)
{
	const bool up = !(port->info.state & CVSW_PORT_S_LINK_DOWN);
	struct cvsw_v3_vnic_info info;

	v3_info(p->sw, port, &info);
	if (memcmp(&info, &p->info, sizeof(info)) || (up && !p->up))
		cvsw_v3_vnic_tell(p->vnic, &info);
	p->info = info;
	p->up = up;
	return v3_keys_set(p, port);
}

static int v3_new(struct cvsw_switch *sw, const struct cvsw_port *port)
{
	struct v3_port *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	p->sw = sw;
	p->no = port->info.no;
	p->priv = port->priv;
	p->serial = port->serial;
	p->inband = port->inband;
	v3_info(sw, port, &p->info);
	p->vnic = cvsw_v3_vnic_new(&v3_ops, p, &p->info);
	if (!p->vnic) {
		kfree(p);
		return -ENOMEM;
	}
	list_add_tail(&p->list, &sw->v3.ports);
	return v3_follow(p, port);
}

static void v3_free(struct v3_port *p)
{
	cvsw_v3_vnic_free(p->vnic);
	kfree(p);
}

/* a port that has version 3: its vNIC is there, and as it should be */
static int v3_port_sync(struct cvsw_switch *sw, const struct cvsw_port *port)
{
	struct v3_port *p = v3_find(sw, port->info.no);

	return p ? v3_follow(p, port) : v3_new(sw, port);
}

/* under the mutex: those that are switched off, or gone, into @over */
static void v3_sort_out(struct cvsw_switch *sw, struct list_head *over)
{
	const struct cvsw_port *port;
	struct v3_port *p, *next;

	list_for_each_entry_safe(p, next, &sw->v3.ports, list) {
		port = v3_port_of(p);
		if (port && port->inband == p->inband)
			continue;
		list_del(&p->list);
		list_add_tail(&p->list, over);
	}
}

/* its host is told, if there is a port to tell it by, and the glue likewise */
static void v3_retire(struct v3_port *p)
{
	bool live = cvsw_v3_vnic_host(p->vnic);

	if (live && v3_is_there(p))
		p->sw->ops->inband_session(p->sw->ctx, p->priv, false);
	v3_free(p);
}

/* act upon what changed since the last time; 0, or -ENOMEM: not all of it */
static int v3_sync(struct cvsw_switch *sw)
{
	const struct cvsw_ports *ports;
	struct v3_port *p, *next;
	struct list_head over;
	int ret = 0;
	u32 i;

	if (sw->v3.seen == READ_ONCE(sw->changes))
		return 0;
	INIT_LIST_HEAD(&over);
	mutex_lock(&sw->lock);
	sw->v3.seen = sw->changes;
	v3_sort_out(sw, &over);
	ports = cvsw_switch_ports(sw);
	for (i = 0; i < ports->n; i++)
		if (ports->list[i]->info.inband == CVSW_INBAND_V3)
			ret = v3_port_sync(sw, ports->list[i]) ?: ret;
	mutex_unlock(&sw->lock);
	list_for_each_entry_safe(p, next, &over, list)
		v3_retire(p);
	if (ret)
		sw->v3.seen--;	/* so that it is done again */
	return ret;
}

/* The calls */

/* is this the outermost call? */
static bool v3_enter(struct cvsw_switch *sw, struct cvsw_worker *w, u64 now)
{
	if (sw->v3.w)
		return false;
	sw->v3.w = w;
	sw->v3.now = now;
	return true;
}

static void v3_leave(struct cvsw_switch *sw, bool entered)
{
	if (entered)
		sw->v3.w = NULL;
}

enum cvsw_drop cvsw_inband_v3(struct cvsw_inband_in *in)
{
	const u32 n = cvsw_pkt_len(in->pkt);
	const u8 *bytes = cvsw_pkt_header(in->pkt, 0, n);
	bool entered = v3_enter(in->sw, in->w, in->now);
	enum cvsw_drop why = CVSW_DROP_NO_MEMORY;
	struct v3_port *p;

	v3_sync(in->sw);
	p = v3_find(in->sw, in->port.no);
	if (p && bytes)
		why = cvsw_v3_vnic_input(p->vnic, bytes, n, in->now);
	v3_leave(in->sw, entered);
	return why;
}

int cvsw_inband_send(struct cvsw_switch *sw, struct cvsw_worker *w, __u16 port,
		     const void *msg, __u32 len, __u64 now)
{
	/* changes can wait: this may be the answer to what made them */
	bool entered = v3_enter(sw, w, now);
	struct v3_port *p = v3_find(sw, port);
	int ret = -ENOTCONN;

	if (p && v3_is_there(p))
		ret = cvsw_v3_vnic_send(p->vnic, msg, len, now);
	v3_leave(sw, entered);
	return ret;
}

__u64 cvsw_inband_tick(struct cvsw_switch *sw, struct cvsw_worker *w, __u64 now)
{
	bool entered = v3_enter(sw, w, now);
	const int ret = v3_sync(sw);
	u64 due = ret ? now + V3_RETRY_NS : U64_MAX, next;
	struct v3_port *p;

	list_for_each_entry(p, &sw->v3.ports, list) {
		next = cvsw_v3_vnic_tick(p->vnic, now);
		if (p->untold)
			v3_state_tell(p);
		if (p->untold)
			next = min(next, now + V3_RETRY_NS);
		due = min(due, next);
	}
	if (!ret && sw->v3.seen != READ_ONCE(sw->changes))
		due = now;
	v3_leave(sw, entered);
	return due;
}

void cvsw_v3_init(struct cvsw_v3 *v3)
{
	INIT_LIST_HEAD(&v3->ports);
}

void cvsw_v3_free(struct cvsw_v3 *v3)
{
	struct v3_port *p, *next;

	list_for_each_entry_safe(p, next, &v3->ports, list)
		v3_free(p);
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INPUT_OUT_H
#define CVSW_INPUT_OUT_H

/*
 * Where frames go out, and what keeps them from it: the second half of input.c,
 * which alone includes it.  All of it is static so that the compiler sees that
 * nobody keeps a walk, and may hold what is in it in registers: as a file of
 * its own it made each frame 8 percent slower.
 */

#include "input_push.h"
#include "input_way.h"

static bool input_is_tag(__be16 type)
{
	return type == cpu_to_be16(CVSW_ETH_P_8021Q) ||
	       type == cpu_to_be16(CVSW_ETH_P_8021AD);
}

/* bytes of the tags in band, of which two count */
static u32 input_tags(const struct cvsw_pkt *pkt)
{
	const __be16 *type;
	u32 n;

	for (n = 0; n < 2 * CVSW_VLAN_HLEN; n += CVSW_VLAN_HLEN) {
		type = cvsw_pkt_header(pkt, 2 * CVSW_ETH_ALEN + n,
				       sizeof(*type));
		if (!type || !input_is_tag(*type))
			break;
	}
	return n;
}

/* is the frame, or each segment of it, short enough for @port? */
static bool input_fits(const struct input_walk *walk,
		       const struct cvsw_port *port)
{
	u32 len = input_longest(walk);

	return len <= port->max_len ||
	       len - input_tags(walk->pkt) <= port->max_len;
}

/* may a frame longer than port->free_len go out by @port? */
static noinline __cold enum cvsw_drop
input_may_send(const struct input_walk *walk, const struct cvsw_port *port)
{
	if (port->info.config & CVSW_PORT_C_DOWN)
		return CVSW_DROP_PORT_DOWN;
	if (port->info.config & CVSW_PORT_C_NO_FWD)
		return CVSW_DROP_NO_FWD;
	return input_fits(walk, port) ? CVSW_DROP_NONE :
	       CVSW_DROP_TOO_BIG;
}

/* the frame is not sent to @port, or in a trace not really */
static noinline __cold void input_not_sent(struct input_walk *walk,
					   const struct cvsw_port *port,
					   enum cvsw_drop why, u64 segments)
{
	if (!why) {
		input_tell(walk, (struct cvsw_trace_step){
			.what = CVSW_TRACE_OUTPUT, .port = port->info.no });
		walk->sent = true;
		return;
	}
	if (why == CVSW_DROP_TOO_BIG && walk->pushed)
		why = input_too_big_late(walk, port);
	if (!walk->trace)
		input_stats(walk->w, port)->tx_dropped += segments;
	input_note(walk, why);
}

/* to @port goes the frame itself if it is the @last time, else a clone */
static __always_inline void input_send_now(struct input_walk *walk,
					   const struct cvsw_port *port,
					   bool last, bool traced)
{
	struct cvsw_port_stats *stats = input_stats(walk->w, port);
	struct input_size size = input_size(walk);
	struct cvsw_worker *w = walk->w;
	struct cvsw_pkt copy, *pkt = walk->pkt;
	enum cvsw_drop why = CVSW_DROP_NONE;

	if (unlikely(size.bytes > port->free_len))
		why = input_may_send(walk, port);
	if (!last && !why && !traced) {
		if (cvsw_pkt_clone(pkt, &copy))
			why = CVSW_DROP_NO_MEMORY;
		pkt = &copy;
	}
	if (unlikely(why || traced)) {
		input_not_sent(walk, port, why, size.segments);
		return;
	}
	input_count(&stats->tx_packets, &stats->tx_bytes, size);
	if (last)
		walk->taken = true;
	else
		walk->sent = true;
	w->ops->output(w->wctx, port->priv, pkt);
}

static noinline void input_send(struct input_walk *walk,
				const struct cvsw_port *port, bool last)
{
	input_send_now(walk, port, last, walk->trace);
}

static void input_send_no(struct input_walk *walk, u16 no, bool last)
{
	const struct cvsw_port *port = cvsw_ports_get(walk->w->ports, no);

	if (unlikely(!port))
		input_note(walk, CVSW_DROP_NO_PORT);
	else
		input_send(walk, port, last);
}

/* to every port but the one it came in by and those with a @skip bit */
static void input_flood(struct input_walk *walk, u32 skip, bool last)
{
	const struct cvsw_port *port, *held = NULL;
	u32 i;

	for (i = 0; i < walk->w->ports->n; i++) {
		port = walk->w->ports->list[i];
		if (port->info.no == walk->pkt->in_port ||
		    port->info.config & skip)
			continue;
		if (held)
			input_send(walk, held, false);
		held = port;
	}
	if (held)
		input_send(walk, held, last);
	else
		input_note(walk, CVSW_DROP_NO_PORT);
}

static u16 input_learn(const struct input_walk *walk, struct cvsw_fdb *fdb)
{
	u64 now_s = div_u64(walk->now, CVSW_NS_PER_S);
	u16 in_port = walk->pkt->in_port, tci = 0;
	const struct cvsw_eth_hdr *eth;

	cvsw_pkt_vlan_get(walk->pkt, &tci);
	tci &= CVSW_VLAN_VID_MASK;
	eth = cvsw_pkt_header(walk->pkt, 0, sizeof(*eth));
	if (!eth)
		return 0;
	if (!walk->trace && cvsw_ports_get(walk->w->ports, in_port))
		cvsw_fdb_learn(fdb, eth->src, tci, in_port, now_s);
	if (eth->dst[0] & 1)
		return 0;
	return cvsw_fdb_find(fdb, eth->dst, tci, now_s,
			     walk->w->config->mac_ageing);
}

/* learning among many ports; of two, the other one */
static void input_normal(struct input_walk *walk, bool last)
{
	struct cvsw_fdb *fdb = rcu_dereference(walk->w->sw->fdb);
	u16 to = 0;

	if (walk->w->ports->n <= 2) {
		input_flood(walk, 0, last);
		return;
	}
	if (fdb)
		to = input_learn(walk, fdb);
	if (!to || !cvsw_ports_get(walk->w->ports, to))
		input_flood(walk, CVSW_PORT_C_NO_FLOOD, last);
	else if (to == walk->pkt->in_port)
		input_note(walk, CVSW_DROP_IN_PORT);
	else
		input_send_no(walk, to, last);
}

/* Packet-ins */

/*
 * A token bucket in one word: the time at which all that was let through so far
 * is earned, at @rate a second (0: no limit).  It may run ahead of the clock by
 * @burst.
 */
static bool input_rate_ok(atomic64_t *bucket, u32 rate, u32 burst, u64 now)
{
	u64 step, room, full;
	s64 old;

	if (!rate)
		return true;
	step = div_u64(CVSW_NS_PER_S, rate);
	room = step * burst;
	do {
		old = atomic64_read(bucket);
		full = max((u64)old, now) + step;
		if (full > now + room)
			return false;
	} while (atomic64_cmpxchg(bucket, old, (s64)full) != old);
	return true;
}

static enum cvsw_drop input_packet_in(const struct input_walk *walk,
				      u16 reason, u16 max_len)
{
	struct cvsw_worker *w = walk->w;
	const struct cvsw_config *config = w->config;
	const struct cvsw_packet_in info = {
		.reason = reason,
		.in_port = walk->pkt->in_port,
		.max_len = max_len,
		.total_len = cvsw_pkt_len(walk->pkt),
		.cookie = walk->flow ? cvsw_table_flow_cookie(walk->flow) :
				       ~0ull,
		.tun_id = walk->tun_id,
	};

	if (walk->trace) {
		input_tell(walk, (struct cvsw_trace_step){
			.what = CVSW_TRACE_CONTROLLER });
		return CVSW_DROP_NONE;
	}
	if (!w->ops->packet_in)
		return CVSW_DROP_NO_CONTROLLER;
	if (!input_rate_ok(&w->sw->bucket[reason],
			   config->packet_in_rate[reason],
			   config->packet_in_burst[reason], walk->now))
		return CVSW_DROP_RATE;
	if (w->ops->packet_in(w->wctx, walk->pkt, &info))
		return CVSW_DROP_NO_CONTROLLER;
	return CVSW_DROP_NONE;
}

/* Control frames */

#define INPUT_INBAND_RATE	2000	/* a second, of version 2 */
#define INPUT_INBAND_RATE_V3	10000	/* inband_vnic.c has more to say */

/* an untagged frame of EtherType 0xabba, while some port has in-band control:
 * it passes no table */
static noinline __cold void input_inband(struct input_walk *walk)
{
	const struct cvsw_port *port = cvsw_ports_get(walk->w->ports,
						      walk->pkt->in_port);
	struct cvsw_worker *w = walk->w;
	u32 rate = INPUT_INBAND_RATE;

	if (port && port->info.inband == CVSW_INBAND_V3)
		rate = INPUT_INBAND_RATE_V3;
	if (!port || !port->info.inband) {
		input_note(walk, CVSW_DROP_INBAND);
	} else if (walk->trace) {
		input_tell(walk, (struct cvsw_trace_step){
			.what = CVSW_TRACE_INBAND });
		walk->sent = true;	/* it is not lost */
	} else if (!input_rate_ok(&w->sw->inband_bucket, rate,
				  CVSW_INBAND_QUEUE, walk->now)) {
		input_note(walk, CVSW_DROP_INBAND_RATE);
	} else {
		walk->taken = true;
		w->ops->inband(w->wctx, port->priv, walk->pkt);
	}
}

static void input_to_controller(struct input_walk *walk, u16 reason,
				u16 max_len)
{
	enum cvsw_drop why = input_packet_in(walk, reason, max_len);

	if (why)
		input_note(walk, why);
	else
		walk->sent = true;
}

/* a miss goes to the controller, unless its port or the length says no */
static void input_miss_controller(struct input_walk *walk)
{
	const struct cvsw_port *port = cvsw_ports_get(walk->w->ports,
						      walk->pkt->in_port);
	u16 len = walk->w->config->miss_send_len;

	if (port && port->info.config & CVSW_PORT_C_NO_PACKET_IN)
		input_note(walk, CVSW_DROP_NO_PACKET_IN);
	else if (!len)
		input_note(walk, CVSW_DROP_MISS);
	else
		input_to_controller(walk, CVSW_PACKET_IN_MISS,
				    len == 0xffff ? 0 : len);
}

static noinline void input_miss(struct input_walk *walk, bool last)
{
	switch (walk->w->config->miss) {
	case CVSW_MISS_PASS:
		input_normal(walk, last);
		break;
	case CVSW_MISS_CONTROLLER:
		input_miss_controller(walk);
		break;
	default:
		input_note(walk, CVSW_DROP_MISS);
	}
}

/* output to any port number */
static noinline void input_output_any(struct input_walk *walk, u16 port,
				      u16 max_len, bool last)
{
	switch (port) {
	case CVSW_PORT_IN_PORT:
		input_send_no(walk, walk->pkt->in_port, last);
		break;
	case CVSW_PORT_NORMAL:
		input_normal(walk, last);
		break;
	case CVSW_PORT_FLOOD:
		input_flood(walk, CVSW_PORT_C_NO_FLOOD, last);
		break;
	case CVSW_PORT_ALL:
		input_flood(walk, 0, last);
		break;
	case CVSW_PORT_CONTROLLER:
		input_to_controller(walk, CVSW_PACKET_IN_ACTION, max_len);
		break;
	case CVSW_PORT_ROUTE:
		if (walk->route == walk->pkt->in_port && walk->route)
			input_note(walk, CVSW_DROP_IN_PORT);
		else if (walk->route)
			input_send_no(walk, walk->route, last);
		else
			input_note(walk, CVSW_DROP_NO_ROUTE);
		break;
	default:
		if (port == walk->pkt->in_port)
			input_note(walk, CVSW_DROP_IN_PORT);
		else
			input_send_no(walk, port, last);
	}
}

/* ENQUEUE: an output that says by which queue of the port */
static noinline void input_enqueue(struct input_walk *walk,
				   const struct cvsw_act *act, bool last)
{
	walk->pkt->queue = act->queue;
	input_output_any(walk, act->port, 0, last);
	if (!walk->taken)
		walk->pkt->queue = 0;
}

#endif /* CVSW_INPUT_OUT_H */

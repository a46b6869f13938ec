// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The way of a frame: port, key, anti-spoof, fragments, table, actions.
 *
 * A walk owns its frame until the frame is handed to ops->output or freed at
 * the end.  Each output but the last gets a clone; the last one, known by
 * having nothing behind it, takes the frame itself.  What keeps a frame from
 * going out is noted, the first cause only, and counted at the end if nothing
 * went out: so each frame lost is counted once.
 *
 * A resubmit puts what is left of the list on a small stack, not on the C
 * stack, and goes on with the actions of the flow found.  Only the lookup
 * sees the port it names; "the port it came in by" stays what it was.
 *
 * A trace is the same walk with steps told, and with sending and counting
 * left out where these are done: input_lookup(), input_count_rx(),
 * input_send_now(), input_packet_in(), input_learn() and input_finish().
 *
 * What most frames do is inlined into one function, input_walk(); what is
 * seldom done is kept out of it on purpose (noinline).
 *
 * Called by workers only, all of it inside one RCU read-side section.
 */

#include "switch_priv.h"
#include "antispoof.h"
#include "key.h"

/* what a trace needs beside the walk; too big for the stack */
struct input_trace {
	void			(*step)(void *arg,
					const struct cvsw_trace_step *step);
	void			*arg;
	struct cvsw_flow	flow;
	struct cvsw_action	list[CVSW_ACTIONS_MAX];
	struct cvsw_action	action;
};

/**
 * struct input_walk - one frame on its way
 * @w:       the worker
 * @pkt:     the frame
 * @config:  settings and
 * @ports:   ports, the same ones for the whole way
 * @trace:   NULL unless traced
 * @now:     ns
 * @version: of the table
 * @flow:    whose actions run; NULL when there is none
 * @tun_id:  of the last lookup
 * @depth:   lookups after the first
 * @why:     enum cvsw_drop, the first cause that kept the frame back
 * @sent:    it went out, or to the controller, at least once
 * @taken:   it is no longer ours
 * @end:     no list goes on
 */
struct input_walk {
	struct cvsw_worker		*w;
	struct cvsw_pkt			*pkt;
	const struct cvsw_config	*config;
	const struct cvsw_ports		*ports;
	struct input_trace		*trace;
	u64				now;
	u64				version;
	const struct cvsw_table_flow	*flow;
	__be64				tun_id;
	u16				depth;
	u8				why;
	bool				sent;
	bool				taken;
	bool				end;
};

/* a list that is not yet at its end */
struct input_rest {
	const struct cvsw_act		*act;
	const struct cvsw_table_flow	*flow;
	u16				index;
};

static __always_inline void input_walk_init(struct input_walk *walk,
					    struct cvsw_worker *w,
					    struct cvsw_pkt *pkt, u64 now)
{
	walk->w = w;
	walk->pkt = pkt;
	walk->config = rcu_dereference(w->sw->config);
	walk->ports = w->ports;
	walk->trace = NULL;
	walk->now = now;
	walk->version = cvsw_table_version(w->sw->table);
	walk->flow = NULL;
	walk->tun_id = 0;
	walk->depth = 0;
	walk->why = CVSW_DROP_NONE;
	walk->sent = false;
	walk->taken = false;
	walk->end = false;
}

static void input_note(struct input_walk *walk, enum cvsw_drop why)
{
	if (!walk->why)
		walk->why = (u8)why;
}

static struct cvsw_port_stats *input_stats(const struct input_walk *walk,
					   const struct cvsw_port *port)
{
	return &port->stats[walk->w->id];
}

/* Trace */

static void input_tell(const struct input_walk *walk,
		       struct cvsw_trace_step step)
{
	step.depth = walk->depth;
	step.pkt = walk->pkt;
	walk->trace->step(walk->trace->arg, &step);
}

static noinline void input_tell_lookup(const struct input_walk *walk,
			      const struct cvsw_key *key,
			      const struct cvsw_table_flow *found)
{
	struct input_trace *trace = walk->trace;

	input_tell(walk, (struct cvsw_trace_step){
		.what = CVSW_TRACE_LOOKUP, .key = key });
	if (found)
		cvsw_flow_show(found, walk->now, &trace->flow, trace->list);
	input_tell(walk, (struct cvsw_trace_step){
		.what = CVSW_TRACE_MATCH, .key = key,
		.flow = found ? &trace->flow : NULL });
}

static noinline void input_tell_action(const struct input_walk *walk,
			      const struct cvsw_act *act, u16 index)
{
	cvsw_action_get(act, &walk->trace->action);
	input_tell(walk, (struct cvsw_trace_step){
		.what = CVSW_TRACE_ACTION, .action = &walk->trace->action,
		.index = index });
}

/* Out */

/* is the frame, or each segment of it, short enough for @port? */
static noinline bool input_fits(const struct input_walk *walk,
				const struct cvsw_port *port, u32 segments,
				u64 bytes)
{
	u32 len = cvsw_pkt_len(walk->pkt);
	struct cvsw_offload off;
	u16 tci;

	if (segments > 1) {
		/* all but the first add a copy of the headers to the bytes */
		cvsw_pkt_offload_get(walk->pkt, &off);
		len = (u32)div_u64(bytes - len, segments - 1) + off.gso_size;
	}
	if (cvsw_pkt_vlan_get(walk->pkt, &tci) == CVSW_TAG_IN_BAND)
		len -= CVSW_VLAN_HLEN;
	return len <= port->max_len;
}

static __always_inline enum cvsw_drop
input_may_send(const struct input_walk *walk, const struct cvsw_port *port,
	       u32 segments, u64 bytes)
{
	if (unlikely(port->info.config &
		     (CVSW_PORT_C_DOWN | CVSW_PORT_C_NO_FWD)))
		return port->info.config & CVSW_PORT_C_DOWN ?
		       CVSW_DROP_PORT_DOWN : CVSW_DROP_NO_FWD;
	if (unlikely(bytes > port->max_len &&
		     !input_fits(walk, port, segments, bytes)))
		return CVSW_DROP_TOO_BIG;
	return CVSW_DROP_NONE;
}

/* the frame is not sent to @port, or in a trace not really */
static noinline void input_not_sent(struct input_walk *walk,
				    const struct cvsw_port *port,
				    enum cvsw_drop why, u32 segments)
{
	if (!why) {
		input_tell(walk, (struct cvsw_trace_step){
			.what = CVSW_TRACE_OUTPUT, .port = port->info.no });
		walk->sent = true;
		return;
	}
	if (!walk->trace)
		input_stats(walk, port)->tx_dropped += segments;
	input_note(walk, why);
}

/* to @port goes the frame itself if it is the @last time, else a clone */
static __always_inline void input_send_now(struct input_walk *walk,
					   const struct cvsw_port *port,
					   bool last)
{
	struct cvsw_port_stats *stats = input_stats(walk, port);
	struct cvsw_worker *w = walk->w;
	struct cvsw_pkt copy, *pkt = walk->pkt;
	enum cvsw_drop why;
	u64 bytes;
	u32 segments = cvsw_pkt_segments(pkt, &bytes);

	why = input_may_send(walk, port, segments, bytes);
	if (!last && !why && !walk->trace) {
		if (cvsw_pkt_clone(pkt, &copy))
			why = CVSW_DROP_NO_MEMORY;
		pkt = &copy;
	}
	if (unlikely(why || walk->trace)) {
		input_not_sent(walk, port, why, segments);
		return;
	}
	stats->tx_packets += segments;
	stats->tx_bytes += bytes;
	walk->sent = true;
	walk->taken = last;
	w->ops->output(w->wctx, port->priv, pkt);
}

static noinline void input_send(struct input_walk *walk,
				const struct cvsw_port *port, bool last)
{
	input_send_now(walk, port, last);
}

static void input_send_no(struct input_walk *walk, u16 no, bool last)
{
	const struct cvsw_port *port = cvsw_ports_get(walk->ports, no);

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

	for (i = 0; i < walk->ports->n; i++) {
		port = walk->ports->list[i];
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

static u16 input_learn(const struct input_walk *walk, struct cvsw_fdb *fdb,
		       const struct cvsw_eth_hdr *eth)
{
	u64 now_s = div_u64(walk->now, CVSW_NS_PER_S);
	u16 in_port = walk->pkt->in_port, tci = 0;

	cvsw_pkt_vlan_get(walk->pkt, &tci);
	tci &= CVSW_VLAN_VID_MASK;
	if (!walk->trace && cvsw_ports_get(walk->ports, in_port))
		cvsw_fdb_learn(fdb, eth->src, tci, in_port, now_s);
	if (eth->dst[0] & 1)
		return 0;
	return cvsw_fdb_find(fdb, eth->dst, tci, now_s,
			     walk->config->mac_ageing);
}

/* learning among many ports; of two, the other one */
static void input_normal(struct input_walk *walk, bool last)
{
	struct cvsw_fdb *fdb = rcu_dereference(walk->w->sw->fdb);
	const struct cvsw_eth_hdr *eth;
	u16 to = 0;

	if (walk->ports->n <= 2) {
		input_flood(walk, 0, last);
		return;
	}
	eth = cvsw_pkt_header(walk->pkt, 0, sizeof(*eth));
	if (fdb && eth)
		to = input_learn(walk, fdb, eth);
	if (!to || !cvsw_ports_get(walk->ports, to))
		input_flood(walk, CVSW_PORT_C_NO_FLOOD, last);
	else if (to == walk->pkt->in_port)
		input_note(walk, CVSW_DROP_IN_PORT);
	else
		input_send_no(walk, to, last);
}

/* Packet-ins */

/*
 * A token bucket in one word: the time at which all packet-ins sent so far
 * are earned.  It may run ahead of the clock by a burst.
 */
static bool input_rate_ok(const struct input_walk *walk, unsigned int reason)
{
	atomic64_t *bucket = &walk->w->sw->bucket[reason];
	u32 rate = walk->config->packet_in_rate[reason];
	u64 step, room, full;
	s64 old;

	if (!rate)
		return true;
	step = div_u64(CVSW_NS_PER_S, rate);
	room = step * walk->config->packet_in_burst[reason];
	do {
		old = atomic64_read(bucket);
		full = max((u64)old, walk->now) + step;
		if (full > walk->now + room)
			return false;
	} while (atomic64_cmpxchg(bucket, old, (s64)full) != old);
	return true;
}

static enum cvsw_drop input_packet_in(const struct input_walk *walk,
				      u16 reason, u16 max_len)
{
	struct cvsw_worker *w = walk->w;
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
	if (!input_rate_ok(walk, reason))
		return CVSW_DROP_RATE;
	if (w->ops->packet_in(w->wctx, walk->pkt, &info))
		return CVSW_DROP_NO_CONTROLLER;
	return CVSW_DROP_NONE;
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
	const struct cvsw_port *port = cvsw_ports_get(walk->ports,
						      walk->pkt->in_port);
	u16 len = walk->config->miss_send_len;

	if (port && port->info.config & CVSW_PORT_C_NO_PACKET_IN)
		input_note(walk, CVSW_DROP_NO_PACKET_IN);
	else if (!len)
		input_note(walk, CVSW_DROP_MISS);
	else
		input_to_controller(walk, CVSW_PACKET_IN_MISS,
				    len == 0xffff ? 0 : len);
}

static void input_miss(struct input_walk *walk, bool last)
{
	switch (walk->config->miss) {
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

/* Actions */

/* to a reserved port, to nowhere, or back */
static noinline void input_output_special(struct input_walk *walk, u16 port,
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
	default:
		if (port == walk->pkt->in_port)
			input_note(walk, CVSW_DROP_IN_PORT);
		else
			input_send_no(walk, port, last);
	}
}

static __always_inline void input_output(struct input_walk *walk,
					 const struct cvsw_act *act, bool last)
{
	const struct cvsw_ports *ports = walk->ports;
	u16 no = act->port;

	if (likely(no < ports->limit && ports->slot[no] &&
		   no != walk->pkt->in_port))
		input_send_now(walk, ports->slot[no], last);
	else
		input_output_special(walk, no, (u16)act->max_len, last);
}

/* a frame as @walk has it now, matched by @flow */
static __always_inline void input_hit(const struct input_walk *walk,
				      struct cvsw_table_flow *flow)
{
	struct cvsw_worker *w = walk->w;
	u64 bytes;
	u32 segments = cvsw_pkt_segments(walk->pkt, &bytes);

	w->matched++;
	if (unlikely(w->hit != flow)) {
		cvsw_worker_settle(w);
		w->hit = flow;
	}
	w->packets += segments;
	w->bytes += bytes;
	w->used = walk->now;
}

/* look the frame up; the first action of its flow, NULL if there is none */
static __always_inline const struct cvsw_act *
input_lookup(struct input_walk *walk, const struct cvsw_key *key)
{
	const struct cvsw_table *table = walk->w->sw->table;
	struct cvsw_worker *w = walk->w;
	struct cvsw_table_flow *flow;

	walk->tun_id = key->tun_id;
	if (unlikely(walk->trace)) {
		flow = cvsw_table_lookup(table, key, walk->version);
		input_tell_lookup(walk, key, flow);
	} else {
		flow = cvsw_fcache_lookup(w->cache, table, key, walk->version);
		w->lookups++;
		if (likely(flow))
			input_hit(walk, flow);
	}
	walk->flow = flow;
	return likely(flow) ? cvsw_act_first(cvsw_table_flow_acts(flow)) : NULL;
}

static __always_inline enum cvsw_parse input_key(struct input_walk *walk,
						 struct cvsw_key *key)
{
	enum cvsw_parse parse = cvsw_key_extract(walk->pkt,
						 walk->config->frag_mode, key);

	cvsw_tunnel_peek(walk->pkt, key, walk->config->vxlan_port);
	return parse;
}

/* look the frame up once more, as from @port; the flow's actions, NULL if none */
static noinline const struct cvsw_act *input_resubmit(struct input_walk *walk,
						      u16 port, bool last)
{
	const struct cvsw_act *act;
	struct cvsw_key key;

	if (walk->depth == CVSW_RESUBMIT_MAX) {
		input_note(walk, CVSW_DROP_RESUBMIT);
		walk->end = true;
		return NULL;
	}
	walk->depth++;
	input_key(walk, &key);
	if (port != CVSW_PORT_IN_PORT && port != CVSW_PORT_TABLE)
		key.in_port = port;
	act = input_lookup(walk, &key);
	if (!walk->flow)
		input_miss(walk, last);
	return act;
}

/* actions of this file; the others rewrite the frame, and action.c does them */
#define INPUT_ACTS	(1u << CVSW_ACT_OUTPUT | 1u << CVSW_ACT_ENQUEUE | \
			 1u << CVSW_ACT_RESUBMIT)

static __always_inline bool input_is_rewrite(const struct cvsw_act *act)
{
	return !(INPUT_ACTS >> (act->type & 31) & 1);
}

/* OUTPUT to TABLE is allowed in packet-outs only */
static bool input_is_resubmit(const struct cvsw_act *act)
{
	return act->type == CVSW_ACT_RESUBMIT ||
	       (act->type == CVSW_ACT_OUTPUT && act->port == CVSW_PORT_TABLE);
}

/*
 * Run the list from @act on, and those that it resubmits to.  A list takes a
 * place in @rest when it is left before its end, for a lookup, so there are
 * enough.
 */
static noinline void input_run_any(struct input_walk *walk,
				   const struct cvsw_act *act)
{
	struct input_rest rest[CVSW_RESUBMIT_MAX + 1];
	const struct cvsw_act *next;
	enum cvsw_drop why = CVSW_DROP_NONE;
	unsigned int n = 0;
	u16 index = 0;

	while ((act || n) && !why && !walk->end) {
		if (!act) {
			act = rest[--n].act;
			walk->flow = rest[n].flow;
			index = rest[n].index;
		}
		if (walk->trace)
			input_tell_action(walk, act, index);
		index++;
		next = cvsw_act_next(act);
		if (input_is_resubmit(act)) {
			if (next)
				rest[n++] = (struct input_rest){
					next, walk->flow, index };
			next = input_resubmit(walk, act->port, !n);
			index = 0;
		} else if (input_is_rewrite(act)) {
			why = cvsw_action_apply(act, walk->pkt);
		} else {
			input_output(walk, act, !next && !n);
		}
		act = next;
	}
	input_note(walk, why);
}

/* the same for a flow's list that does not resubmit and is not traced */
static __always_inline void input_run(struct input_walk *walk,
				      const struct cvsw_act *act)
{
	const struct cvsw_act *next;
	enum cvsw_drop why;

	do {
		next = cvsw_act_next(act);
		if (input_is_rewrite(act)) {
			why = cvsw_action_apply(act, walk->pkt);
			if (unlikely(why)) {
				input_note(walk, why);
				return;
			}
		} else if (likely(act->type != CVSW_ACT_RESUBMIT)) {
			input_output(walk, act, !next);
		} else {
			input_run_any(walk, act);
			return;
		}
		act = next;
	} while (act);
}

/* In */

/* the end of a way that led nowhere, at least not to the last output */
static noinline void input_finish(struct input_walk *walk)
{
	enum cvsw_drop why = walk->why ?: CVSW_DROP_POLICY;
	u64 bytes;

	if (!walk->sent) {
		if (walk->trace)
			input_tell(walk, (struct cvsw_trace_step){
				.what = CVSW_TRACE_DROP, .drop = (u16)why });
		else
			walk->w->drops[why] +=
				cvsw_pkt_segments(walk->pkt, &bytes);
	}
	cvsw_pkt_free(walk->pkt);
}

/* may the frame come in at @port? */
static __always_inline enum cvsw_drop input_admit(struct input_walk *walk,
						  const struct cvsw_port *port,
						  struct cvsw_key *key)
{
	enum cvsw_parse parse;

	if (unlikely(!port))
		return CVSW_DROP_NO_PORT;
	if (unlikely(port->info.config &
		     (CVSW_PORT_C_DOWN | CVSW_PORT_C_NO_RECV)))
		return port->info.config & CVSW_PORT_C_DOWN ?
		       CVSW_DROP_PORT_DOWN : CVSW_DROP_NO_RECV;
	parse = input_key(walk, key);
	if (unlikely(parse)) {
		if (parse == CVSW_PARSE_RUNT)
			return CVSW_DROP_RUNT;
		if (!walk->trace)
			walk->w->malformed++;
	}
	if (port->info.antispoof.checks)
		return cvsw_antispoof_check(&port->info.antispoof, walk->pkt,
					    key);
	return CVSW_DROP_NONE;
}

static noinline void input_refuse(struct input_walk *walk,
				  const struct cvsw_port *port,
				  enum cvsw_drop why)
{
	struct cvsw_port_stats *stats;
	u64 bytes;
	u32 segments = cvsw_pkt_segments(walk->pkt, &bytes);

	input_note(walk, why);
	if (!port || walk->trace)
		return;
	stats = input_stats(walk, port);
	stats->rx_dropped += segments;
	if (why == CVSW_DROP_RUNT)
		stats->rx_errors += segments;
}

static __always_inline void input_count_rx(const struct input_walk *walk,
					   const struct cvsw_port *port)
{
	struct cvsw_port_stats *stats = input_stats(walk, port);
	u64 bytes;
	u32 segments = cvsw_pkt_segments(walk->pkt, &bytes);

	if (unlikely(walk->trace))
		return;
	stats->rx_packets += segments;
	stats->rx_bytes += bytes;
}

static __always_inline void input_frame(struct input_walk *walk)
{
	const struct cvsw_port *port = cvsw_ports_get(walk->ports,
						      walk->pkt->in_port);
	const struct cvsw_act *act;
	struct cvsw_key key;
	enum cvsw_drop why = input_admit(walk, port, &key);

	if (unlikely(why)) {
		input_refuse(walk, port, why);
		return;
	}
	input_count_rx(walk, port);
	if (unlikely(walk->pkt->frag &&
		     walk->config->frag_mode == CVSW_FRAG_MODE_DROP)) {
		input_note(walk, CVSW_DROP_FRAGMENT);
		return;
	}
	act = input_lookup(walk, &key);
	if (unlikely(!act)) {
		if (!walk->flow)
			input_miss(walk, true);
	} else if (unlikely(walk->trace)) {
		input_run_any(walk, act);
	} else {
		input_run(walk, act);
	}
}

static void input_walk(struct cvsw_worker *w, struct cvsw_pkt *pkt, u64 now,
		       struct input_trace *trace)
{
	struct input_walk walk;

	input_walk_init(&walk, w, pkt, now);
	walk.trace = trace;
	input_frame(&walk);
	if (!walk.taken)
		input_finish(&walk);
}

void cvsw_input(struct cvsw_worker *w, struct cvsw_pkt *pkt, __u64 now)
{
	if (likely(w->batch)) {
		input_walk(w, pkt, now, NULL);
		return;
	}
	cvsw_worker_enter(w);
	input_walk(w, pkt, now, NULL);
	cvsw_worker_leave(w);
}

void cvsw_trace(struct cvsw_worker *w, struct cvsw_pkt *pkt, __u64 now,
		void (*step)(void *arg, const struct cvsw_trace_step *step),
		void *arg)
{
	struct input_trace *trace = kmalloc(sizeof(*trace), GFP_ATOMIC);

	if (!trace) {
		cvsw_pkt_free(pkt);
		return;
	}
	trace->step = step;
	trace->arg = arg;
	if (!w->batch)
		cvsw_worker_enter(w);
	input_walk(w, pkt, now, trace);
	if (!w->batch)
		cvsw_worker_leave(w);
	kfree(trace);
}

/* the blob of a packet-out's list, NULL without memory */
static void *input_compile(const struct cvsw_action *actions, unsigned int n)
{
	void *blob = kmalloc(cvsw_action_size(actions, n), GFP_ATOMIC);

	if (blob)
		cvsw_action_compile(actions, n, blob);
	return blob;
}

static void input_packet_out(struct cvsw_worker *w, struct cvsw_pkt *pkt,
			     const void *blob, u64 now)
{
	struct input_walk walk;
	struct cvsw_key key;

	if (!w->batch)
		cvsw_worker_enter(w);
	input_walk_init(&walk, w, pkt, now);
	input_key(&walk, &key);
	walk.tun_id = key.tun_id;
	input_run_any(&walk, cvsw_act_first(blob));
	if (!walk.taken)
		input_finish(&walk);
	if (!w->batch)
		cvsw_worker_leave(w);
}

int cvsw_packet_out(struct cvsw_worker *w, struct cvsw_pkt *pkt,
		    const struct cvsw_action *actions, unsigned int n,
		    __u64 now, struct cvsw_error *err)
{
	void *blob = NULL;
	int ret = 0;

	if (cvsw_pkt_len(pkt) < CVSW_ETH_HLEN)
		ret = cvsw_error_set(err, -EINVAL, "packet-out: frame too short");
	else if (n > CVSW_ACTIONS_MAX)
		ret = cvsw_error_set(err, -EINVAL, "packet-out: too many actions");
	else
		ret = cvsw_action_check_out(actions, n, err);
	if (!ret) {
		blob = input_compile(actions, n);
		if (!blob)
			ret = cvsw_error_set(err, -ENOMEM,
					     "packet-out: no memory");
	}
	if (ret)
		cvsw_pkt_free(pkt);
	else
		input_packet_out(w, pkt, blob, now);
	kfree(blob);
	return ret;
}

void cvsw_worker_drop(struct cvsw_worker *w, struct cvsw_pkt *pkt,
		      __u16 port_no, enum cvsw_drop why)
{
	const struct cvsw_port *port;
	struct cvsw_port_stats *stats;
	u64 bytes;
	u32 segments = cvsw_pkt_segments(pkt, &bytes);

	w->drops[why] += segments;
	rcu_read_lock();
	port = cvsw_ports_get(w->ports ?: rcu_dereference(w->sw->ports),
			      port_no);
	if (port) {
		/* it was counted as sent when it was handed over */
		stats = &port->stats[w->id];
		stats->tx_packets -= segments;
		stats->tx_bytes -= bytes;
		stats->tx_dropped += segments;
		if (why == CVSW_DROP_TX_ERROR)
			stats->tx_errors += segments;
	}
	rcu_read_unlock();
	cvsw_pkt_free(pkt);
}

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
 * left out where these are done, here and in input_out.h.
 *
 * What most frames do is inlined into one function, input_walk(); what is
 * seldom done is kept out of it on purpose (noinline).
 *
 * Called by workers only, all of it inside one RCU read-side section.
 */

#include "input_way.h"
#include "input_out.h"
#include "input_push.h"
#include "antispoof.h"
#include "key.h"

/* a list that is not yet at its end */
struct input_rest {
	const struct cvsw_act		*act;
	const struct cvsw_table_flow	*flow;
	u16				index;
};

/* all but @flow and @tun_id, which a lookup sets */
static __always_inline void input_walk_init(struct input_walk *walk,
					    struct cvsw_worker *w,
					    struct cvsw_pkt *pkt, u64 now)
{
	/* first: what is stored before it would have to be loaded again */
	walk->version = cvsw_table_version(w->sw->table);
	walk->w = w;
	walk->pkt = pkt;
	walk->key = NULL;
	walk->trace = NULL;
	walk->now = now;
	walk->route = 0;
	walk->pushed = 0;
	walk->depth = 0;
	walk->why = CVSW_DROP_NONE;
	walk->sent = false;
	walk->taken = false;
	walk->end = false;
}

/* Trace */

static noinline __cold void
input_tell_lookup(const struct input_walk *walk, const struct cvsw_key *key,
		  const struct cvsw_table_flow *found)
{
	struct input_trace *trace = walk->trace;

	input_tell(walk, (struct cvsw_trace_step){
		.what = CVSW_TRACE_LOOKUP, .key = key });
	if (found)
		cvsw_flow_show(found, walk->w->rx.opts, walk->now,
			       &trace->flow, &trace->room);
	input_tell(walk, (struct cvsw_trace_step){
		.what = CVSW_TRACE_MATCH, .key = key,
		.flow = found ? &trace->flow : NULL });
}

static noinline __cold void input_tell_action(const struct input_walk *walk,
					      const struct cvsw_act *act,
					      u16 index)
{
	cvsw_action_get(act, &walk->trace->action);
	input_tell(walk, (struct cvsw_trace_step){
		.what = CVSW_TRACE_ACTION, .action = &walk->trace->action,
		.index = index });
}

/* Actions */

static __always_inline void input_output(struct input_walk *walk,
					 const struct cvsw_act *act, bool last,
					 bool traced)
{
	const struct cvsw_ports *ports = walk->w->ports;
	unsigned int no = act->port;

	if (likely(no < ports->limit && ports->slot[no] &&
		   no != walk->pkt->in_port))
		input_send_now(walk, ports->slot[no], last, traced);
	else
		input_output_any(walk, (u16)no, (u16)act->max_len, last);
}

/* a frame of @size matched @flow */
static __always_inline void input_hit(struct cvsw_worker *w,
				      struct cvsw_table_flow *flow,
				      struct input_size size, u64 now)
{
	if (unlikely(w->hit != flow)) {
		if (w->hit)
			cvsw_worker_settle(w);
		w->hit = flow;
	}
	w->packets += size.segments;
	w->bytes += size.bytes;
	w->used = now;
}

/* look the frame, of @size, up; the first action of its flow, NULL if there is
 * none */
static __always_inline const struct cvsw_act *
input_lookup(struct input_walk *walk, const struct cvsw_key *key,
	     struct input_size size, bool traced)
{
	const struct cvsw_table *table = walk->w->sw->table;
	struct cvsw_worker *w = walk->w;
	u64 opts = walk->pkt->tun_opts;
	struct cvsw_table_flow *flow;

	walk->tun_id = key->tun_id;
	if (unlikely(traced)) {
		flow = cvsw_table_lookup(table, key, opts, walk->version);
		input_tell_lookup(walk, key, flow);
	} else {
		flow = unlikely(opts) ?
		       cvsw_table_lookup(table, key, opts, walk->version) :
		       cvsw_fcache_lookup(w->cache, table, key, walk->version);
		w->lookups++;
		if (likely(flow))
			input_hit(w, flow, size, walk->now);
		else
			w->missed++;
	}
	walk->flow = flow;
	return likely(flow) ? cvsw_act_first(cvsw_table_flow_acts(flow)) : NULL;
}

/* the key of @pkt, but for what it has inside a tunnel */
static __always_inline enum cvsw_parse
input_key_outer(const struct cvsw_worker *w, struct cvsw_pkt *pkt,
		struct cvsw_key *key)
{
	return cvsw_key_extract(pkt, w->frag_mode, key);
}

static __always_inline void input_key_inner(const struct cvsw_worker *w,
					    struct cvsw_pkt *pkt,
					    struct cvsw_key *key)
{
	cvsw_tunnel_peek(pkt, key, cvsw_worker_tun_ports(w), w->rx.opts);
}

static void input_key(struct input_walk *walk, struct cvsw_key *key)
{
	(void)input_key_outer(walk->w, walk->pkt, key);
	input_key_inner(walk->w, walk->pkt, key);
}

/* look the frame up once more, as from @port; actions of its flow, if any */
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
	act = input_lookup(walk, &key, input_size(walk), walk->trace);
	if (!walk->flow)
		input_miss(walk, last);
	return act;
}

/* actions of this file; the others rewrite the frame, and action.c does them */
#define INPUT_ACTS	(1u << CVSW_ACT_OUTPUT | 1u << CVSW_ACT_ENQUEUE | \
			 1u << CVSW_ACT_RESUBMIT | 1u << CVSW_ACT_PUSH | \
			 1u << CVSW_ACT_POP)

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
 * struct input_list - the lists that are at work
 * @act:   what is next, NULL at the end of the innermost list
 * @n:     lists around it that are not at their ends
 * @index: of @act in its list
 * @rest:  those lists.  One takes a place here when it is left before its end,
 *         for a lookup, so there are enough
 */
struct input_list {
	const struct cvsw_act	*act;
	unsigned int		n;
	u16			index;
	struct input_rest	rest[CVSW_RESUBMIT_MAX + 1];
};

static void input_run_list(struct input_walk *walk, struct input_list *list);
static void input_end(struct input_walk *walk);

struct input_cutting {
	const struct input_walk	*walk;
	const struct input_list	*list;
};

/* a segment goes on from where the whole frame was */
static void input_segment(void *arg, struct cvsw_pkt *seg)
{
	const struct input_cutting *cut = arg;
	struct input_walk walk = *cut->walk;
	struct input_list list = *cut->list;

	walk.pkt = seg;
	input_run_list(&walk, &list);
	input_end(&walk);
}

/* what cannot be done to the super-frame is done to each of its segments */
static noinline __cold void input_cut(struct input_walk *walk,
				      const struct input_list *list)
{
	struct input_cutting cut = { walk, list };
	u32 lost = cvsw_pkt_cut(walk->pkt, input_segment, &cut);

	if (!walk->trace && !walk->sent)
		walk->w->drops[CVSW_DROP_NO_MEMORY] += lost;
	walk->taken = true;
}

/* it waits for the way of the PUSH that is next in @list */
static noinline __cold unsigned int input_wait(struct input_walk *walk,
					       const struct input_list *list)
{
	struct cvsw_past past = {
		.known = walk->key, .sent = walk->sent, .pushed = walk->pushed,
	};
	const struct cvsw_act *rest[CVSW_RESUBMIT_MAX + 2];
	unsigned int i, n = 0;

	if (walk->trace)
		return CVSW_HELD;
	if (walk->key)
		past.key = *walk->key;
	rest[n++] = list->act;
	for (i = list->n; i--;)
		rest[n++] = list->rest[i].act;
	return cvsw_wait_add(walk->w, walk->pkt, rest, n, &past, walk->now);
}

/* the frame goes no further: @why */
static noinline __cold void input_stop(struct input_walk *walk,
				       const struct input_list *list,
				       unsigned int why)
{
	if (why == CVSW_DROP_UNRESOLVED)
		why = input_wait(walk, list);
	if (why == CVSW_CUT) {
		input_cut(walk, list);
	} else if (why != CVSW_HELD) {
		input_note(walk, (enum cvsw_drop)why);
	} else if (walk->trace) {
		input_tell(walk, (struct cvsw_trace_step){
			.what = CVSW_TRACE_HELD });
		walk->sent = true;	/* it is not lost */
	} else {
		walk->taken = true;
	}
	walk->end = true;
}

static unsigned int input_act(struct input_walk *walk,
			      const struct cvsw_act *act)
{
	switch (act->type) {
	case CVSW_ACT_PUSH:
		return input_push(walk, act);
	case CVSW_ACT_POP:
		return input_pop(walk, act);
	default:
		return cvsw_action_apply(act, walk->pkt);
	}
}

/* run the list, and those that it resubmits to */
static void input_run_list(struct input_walk *walk, struct input_list *list)
{
	const struct cvsw_act *act, *next;
	unsigned int why;

	while ((list->act || list->n) && !walk->end) {
		if (!list->act) {
			const struct input_rest *rest = &list->rest[--list->n];

			list->act = rest->act;
			walk->flow = rest->flow;
			list->index = rest->index;
		}
		act = list->act;
		if (walk->trace)
			input_tell_action(walk, act, list->index);
		next = cvsw_act_next(act);
		if (input_is_resubmit(act)) {
			if (next)
				list->rest[list->n++] = (struct input_rest){
					next, walk->flow,
					(u16)(list->index + 1) };
			list->act = input_resubmit(walk, act->port, !list->n);
			list->index = 0;
			continue;
		}
		if (act->type == CVSW_ACT_OUTPUT) {
			input_output(walk, act, !next && !list->n,
				     walk->trace);
		} else if (act->type == CVSW_ACT_ENQUEUE) {
			input_enqueue(walk, act, !next && !list->n);
		} else {
			why = input_act(walk, act);
			if (why) {
				input_stop(walk, list, why);
				return;
			}
		}
		list->act = next;
		list->index++;
	}
}

/* the list from @act on */
static noinline void input_run_any(struct input_walk *walk,
				   const struct cvsw_act *act)
{
	struct input_list list;

	list.act = act;
	list.n = 0;
	list.index = 0;
	input_run_list(walk, &list);
}

/* the frame met @why at @act of a list that is left by no lookup */
static noinline __cold void input_halt(struct input_walk *walk,
				       const struct cvsw_act *act,
				       unsigned int why)
{
	struct input_list list;

	list.act = act;
	list.n = 0;
	list.index = 0;
	input_stop(walk, &list, why);
}

/* the same as input_run_any() for a flow's list that is not traced */
static __always_inline void input_run(struct input_walk *walk,
				      const struct cvsw_act *act)
{
	unsigned int why;

	for (;; act = cvsw_act_next(act)) {
		why = CVSW_DROP_NONE;
		if (act->type == CVSW_ACT_OUTPUT) {
			input_output(walk, act, cvsw_act_is_last(act), false);
		} else if (act->type == CVSW_ACT_PUSH) {
			why = input_push(walk, act);
		} else if (input_is_rewrite(act)) {
			why = cvsw_action_apply(act, walk->pkt);
		} else if (act->type == CVSW_ACT_POP) {
			why = input_pop(walk, act);
		} else {	/* seldom: a queue, another lookup */
			input_run_any(walk, act);
			return;
		}
		if (unlikely(why)) {
			input_halt(walk, act, why);
			return;
		}
		if (cvsw_act_is_last(act))
			return;
	}
}

/* In */

/* the end of a way that led nowhere, at least not to the last output */
static noinline void input_finish(struct input_walk *walk)
{
	enum cvsw_drop why = walk->why ?: CVSW_DROP_POLICY;

	if (!walk->sent) {
		if (walk->trace)
			input_tell(walk, (struct cvsw_trace_step){
				.what = CVSW_TRACE_DROP, .drop = (u16)why });
		else
			walk->w->drops[why] += input_size(walk).segments;
	}
	cvsw_pkt_free(walk->pkt);
}

/* of any way */
static void input_end(struct input_walk *walk)
{
	if (unlikely(!walk->taken))
		input_finish(walk);
}

#define INPUT_SILENT	CVSW_DROP_COUNT	/* not dropped, but see input_silent() */

static noinline __cold enum cvsw_drop input_barred(const struct cvsw_port *port)
{
	if (port->info.config & CVSW_PORT_C_DOWN)
		return CVSW_DROP_PORT_DOWN;
	return port->info.config & CVSW_PORT_C_NO_RECV ? CVSW_DROP_NO_RECV :
	       INPUT_SILENT;
}

/* may the frame, which its port does not bar, come in? */
static __always_inline enum cvsw_drop
input_admit_open(struct input_walk *walk, const struct cvsw_port *port,
		 struct cvsw_key *key)
{
	struct cvsw_worker *w = walk->w;
	struct cvsw_pkt *pkt = walk->pkt;
	enum cvsw_parse parse;

	parse = input_key_outer(w, pkt, key);
	if (unlikely(parse)) {
		if (parse == CVSW_PARSE_RUNT)
			return CVSW_DROP_RUNT;
		if (!walk->trace)
			w->malformed++;
	}
	input_key_inner(w, pkt, key);
	if (port->info.antispoof.checks)
		return cvsw_antispoof_check(&port->info.antispoof, pkt, key);
	return CVSW_DROP_NONE;
}

/* may the frame come in at @port? */
static __always_inline enum cvsw_drop input_admit(struct input_walk *walk,
						  const struct cvsw_port *port,
						  struct cvsw_key *key)
{
	if (unlikely(!port))
		return CVSW_DROP_NO_PORT;
	if (unlikely(READ_ONCE(port->bar)))
		return input_barred(port);
	return input_admit_open(walk, port, key);
}

static noinline __cold void input_refuse(struct input_walk *walk,
					 const struct cvsw_port *port,
					 enum cvsw_drop why)
{
	u64 segments = input_size(walk).segments;
	struct cvsw_port_stats *stats;

	input_note(walk, why);
	if (!port || walk->trace)
		return;
	stats = input_stats(walk->w, port);
	stats->rx_dropped += segments;
	if (why == CVSW_DROP_RUNT)
		stats->rx_errors += segments;
}

static __always_inline void input_count_rx(const struct cvsw_worker *w,
					   const struct cvsw_port *port,
					   struct input_size size)
{
	struct cvsw_port_stats *stats = input_stats(w, port);

	input_count(&stats->rx_packets, &stats->rx_bytes, size);
}

/* does the Ethernet header itself, no tag and no SNAP header, say 0xabba? */
static bool input_is_inband(const struct input_walk *walk)
{
	const struct cvsw_eth_hdr *eth;

	if (walk->key->dl_type != cpu_to_be16(CVSW_ETH_P_INBAND) ||
	    walk->key->vlan_tci)
		return false;
	eth = cvsw_pkt_header(walk->pkt, 0, sizeof(*eth));
	return eth && eth->type == cpu_to_be16(CVSW_ETH_P_INBAND);
}

/* a frame that is neither TCP nor UDP, or a fragment: an ICMP error may say how
 * long those of a tunnel may be, and it may be a control frame.  Is this the end
 * of its way? */
static noinline __cold bool input_look_close(struct input_walk *walk)
{
	const struct cvsw_pkt *pkt = walk->pkt;

	if (unlikely(walk->w->ports->inband) && input_is_inband(walk)) {
		input_inband(walk);
		return true;
	}
	if ((pkt->l4_proto == CVSW_IPPROTO_ICMP ||
	     pkt->l4_proto == CVSW_IPPROTO_ICMPV6) && !walk->trace)
		cvsw_path_learn(walk->w->sw->paths, pkt, walk->now);
	if (!pkt->frag || walk->w->frag_mode != CVSW_FRAG_MODE_DROP)
		return false;
	input_note(walk, CVSW_DROP_FRAGMENT);
	return true;
}

/* a frame while the host of in-band control may be silent, and the policy another
 * than to keep flows: control frames go on to be taken, others do not see the
 * table */
static noinline __cold void input_silent(struct input_walk *walk,
					 const struct cvsw_port *port,
					 struct cvsw_key *key)
{
	const u8 inband = walk->w->ports->inband;
	enum cvsw_drop why = input_admit_open(walk, port, key);
	const struct cvsw_act *act;

	if (why) {
		input_refuse(walk, port, why);
		return;
	}
	walk->key = key;
	walk->tun_id = key->tun_id;
	walk->flow = NULL;
	if (!walk->trace)
		input_count_rx(walk->w, port, input_size(walk));
	if (!cvsw_ip_is_plain(walk->pkt) && input_look_close(walk))
		return;
	if (inband & CVSW_PORTS_SILENT_DROP) {
		input_note(walk, CVSW_DROP_INBAND_SILENT);
	} else if (inband & CVSW_PORTS_SILENT_PASS) {
		input_normal(walk, true);
	} else {	/* not any more, or not yet */
		act = input_lookup(walk, key, input_size(walk), walk->trace);
		if (act)
			input_run_any(walk, act);
		else if (!walk->flow)
			input_miss(walk, true);
	}
}

static __always_inline void input_frame(struct input_walk *walk, bool traced)
{
	const struct cvsw_worker *w = walk->w;
	const struct cvsw_pkt *pkt = walk->pkt;
	const struct cvsw_port *port = cvsw_ports_get(w->ports, pkt->in_port);
	const struct cvsw_act *act;
	struct input_size size;
	struct cvsw_key key;
	enum cvsw_drop why = input_admit(walk, port, &key);

	if (unlikely(why)) {
		if (why == INPUT_SILENT)
			input_silent(walk, port, &key);
		else
			input_refuse(walk, port, why);
		return;
	}
	walk->key = &key;
	size = input_size_of(pkt);
	if (!traced)
		input_count_rx(w, port, size);
	if (unlikely(!cvsw_ip_is_plain(pkt)) && input_look_close(walk))
		return;
	act = input_lookup(walk, &key, size, traced);
	if (unlikely(!act)) {
		if (!walk->flow)
			input_miss(walk, true);
	} else if (traced) {
		input_run_any(walk, act);
	} else {
		input_run(walk, act);
	}
}

static noinline void input_walk(struct cvsw_worker *w, struct cvsw_pkt *pkt,
				u64 now)
{
	struct input_walk walk;

	input_walk_init(&walk, w, pkt, now);
	input_frame(&walk, false);
	input_end(&walk);
}

/* @trace is told, and nothing counted or sent */
static noinline __cold void input_walk_traced(struct cvsw_worker *w,
					      struct cvsw_pkt *pkt, u64 now,
					      struct input_trace *trace)
{
	struct input_walk walk;

	input_walk_init(&walk, w, pkt, now);
	walk.trace = trace;
	input_frame(&walk, true);
	input_end(&walk);
}

/* a frame outside of a batch is one by itself */
static noinline void input_alone(struct cvsw_worker *w, struct cvsw_pkt *pkt,
				 u64 now)
{
	cvsw_worker_enter(w);
	input_walk(w, pkt, now);
	cvsw_worker_leave(w);
}

void cvsw_input(struct cvsw_worker *w, struct cvsw_pkt *pkt, __u64 now)
{
	if (likely(w->ports))
		input_walk(w, pkt, now);
	else
		input_alone(w, pkt, now);
}

/* a frame that is long, or many: no segment when it does not go out by @port */
static noinline struct input_size
input_size_by(const struct cvsw_pkt *pkt, const struct cvsw_port *port)
{
	struct input_size size = input_size_of(pkt);

	if (input_longest_of(pkt, size) > port->max_len)
		size.segments = 0;
	return size;
}

/* the rest of cvsw_pass() when there is no flow */
static noinline int input_pass(struct cvsw_worker *w,
			       const struct cvsw_pkt *pkt)
{
	const struct cvsw_ports *ports = rcu_dereference(w->sw->ports);
	const struct cvsw_port *from, *to;
	struct cvsw_port_stats *stats;
	struct input_size size;

	if (!ports->wire ||
	    rcu_dereference(w->sw->config)->miss != CVSW_MISS_PASS ||
	    !cvsw_key_is_plain(pkt))
		return 0;
	from = ports->list[0];
	to = ports->list[1];
	if (from->info.no != pkt->in_port)
		swap(from, to);
	if (from->info.no != pkt->in_port)
		return 0;
	size = (struct input_size){ 1, cvsw_pkt_len(pkt) };
	if (unlikely(size.bytes > to->max_len || cvsw_pkt_is_super(pkt)))
		size = input_size_by(pkt, to);
	if (unlikely(!size.segments))
		return 0;
	stats = input_stats(w, from);
	input_count(&stats->rx_packets, &stats->rx_bytes, size);
	stats = input_stats(w, to);
	input_count(&stats->tx_packets, &stats->tx_bytes, size);
	w->lookups++;
	w->missed++;
	return 1;
}

int cvsw_pass(struct cvsw_worker *w, const struct cvsw_pkt *pkt)
{
	const struct cvsw_table *table = w->sw->table;

	if (!cvsw_table_is_empty(table, cvsw_table_version(table)))
		return 0;
	return input_pass(w, pkt);
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
	input_walk_traced(w, pkt, now, trace);
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

void cvsw_input_acts(struct cvsw_worker *w, struct cvsw_pkt *pkt,
		     const struct cvsw_act *act, const struct cvsw_past *past,
		     u64 now)
{
	struct input_walk walk;

	input_walk_init(&walk, w, pkt, now);
	walk.key = past->known ? &past->key : NULL;
	walk.tun_id = pkt->tun_id;
	walk.flow = NULL;
	walk.pushed = past->pushed;
	walk.sent = past->sent;
	input_run_any(&walk, act);
	input_end(&walk);
}

static void input_packet_out(struct cvsw_worker *w, struct cvsw_pkt *pkt,
			     void *blob, u64 now)
{
	struct input_walk walk;
	struct cvsw_key key;

	if (!w->batch)
		cvsw_worker_enter(w);
	input_walk_init(&walk, w, pkt, now);
	input_key(&walk, &key);
	walk.key = &key;
	walk.tun_id = key.tun_id;
	walk.flow = NULL;
	cvsw_switch_paths_find(w->sw, blob);
	input_run_any(&walk, cvsw_act_first(blob));
	input_end(&walk);
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
		ret = cvsw_error_set(err, -EINVAL,
				     "packet-out: frame too short");
	else if (n > CVSW_ACTIONS_MAX)
		ret = cvsw_error_set(err, -EINVAL,
				     "packet-out: too many actions");
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

void cvsw_worker_lost(struct cvsw_worker *w, __u16 port_no,
		      const struct cvsw_lost *lost, enum cvsw_drop why)
{
	const struct cvsw_port *port;
	struct cvsw_port_stats *stats;

	w->drops[why] += lost->frames;
	rcu_read_lock();
	port = cvsw_ports_get(w->ports ?: rcu_dereference(w->sw->ports),
			      port_no);
	if (port) {
		/* it was counted as sent when it was handed over */
		stats = &port->stats[w->id];
		stats->tx_packets -= lost->frames;
		stats->tx_bytes -= lost->bytes;
		stats->tx_dropped += lost->frames;
		if (why == CVSW_DROP_TX_ERROR)
			stats->tx_errors += lost->frames;
	}
	rcu_read_unlock();
}

void cvsw_worker_drop(struct cvsw_worker *w, struct cvsw_pkt *pkt,
		      __u16 port_no, enum cvsw_drop why)
{
	struct cvsw_lost lost = {};
	u64 bytes;

	lost.frames = cvsw_pkt_segments(pkt, &bytes);
	lost.bytes = bytes;
	cvsw_worker_lost(w, port_no, &lost, why);
	cvsw_pkt_free(pkt);
}

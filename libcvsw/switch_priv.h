/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_SWITCH_PRIV_H
#define CVSW_SWITCH_PRIV_H

/*
 * What switch.c, flow.c, port.c and input.c know of each other.
 *
 * Everything a worker reads of the switch is behind an RCU pointer to
 * something that does not change any more: the settings, and the set of ports
 * with each port in it.  A control call, under the mutex, makes a changed
 * copy, publishes it, waits for a grace period and frees the old one.
 *
 * What workers write is their own: struct cvsw_worker, and one struct
 * cvsw_port_stats of each port.  Control calls read these counters as they
 * are at that moment.  The exceptions are the packet-in buckets and the MAC
 * table, which are made for many writers.
 */

#include "os.h"
#include "pkt_ops.h"
#include <cvsw/switch.h>
#include "action.h"
#include "fcache.h"
#include "fdb.h"
#include "opts.h"
#include "path.h"
#include "reasm.h"
#include "table.h"

struct cvsw_wait;

/* struct cvsw_port.bar */
#define CVSW_PORT_BARS		(CVSW_PORT_C_DOWN | CVSW_PORT_C_NO_RECV)
#define CVSW_PORT_BAR_SILENT	0x80000000u

/* struct cvsw_ports.inband */
#define CVSW_PORTS_INBAND	0x1	/* a port has in-band control */
#define CVSW_PORTS_SILENT_PASS	0x2	/* its host is silent: frames pass the table */
#define CVSW_PORTS_SILENT_DROP	0x4	/* likewise: they are dropped */

#define CVSW_LINE	64	/* bytes; workers do not share what is hot */
#define CVSW_NS_PER_S	1000000000ull

/* Inside, clocks started this long ago (146 years), so that a flow that is
 * restored can be older than the clock */
#define CVSW_EPOCH	(1ull << 62)

/* longest action blob */
#define CVSW_BLOB_MAX							\
	((CVSW_ACTIONS_MAX + 1) *					\
	 (sizeof(struct cvsw_act) + sizeof(struct cvsw_act_push) +	\
	  CVSW_TUNNEL_HDR_MAX))

/**
 * struct cvsw_port - one port, const once published
 * @priv:    the glue's
 * @stats:   counters, one for each worker
 * @mem:     memory of @stats, which all copies of a port share
 * @max_len: longest frame without a tag, 0xffffffff when there is no bound
 * @free_len: frames up to this long go out without another look at the port: 0
 *           when its settings forbid it, else @max_len
 * @bar:     why a frame that comes in by it is to be looked at closely:
 *           CVSW_PORT_BARS, CVSW_PORT_BAR_SILENT.  Not const: other ports decide, too
 * @serial:  no other port has it, before or after
 * @inband:  of its in-band control, version 3, since it was switched on, likewise
 * @keys_no: of @keys, likewise
 * @keys:    of in-band control
 * @info:    the rest
 */
struct cvsw_port {
	void			*priv;
	struct cvsw_port_stats	*stats;
	void			*mem;
	u32			max_len;
	u32			free_len;
	u32			bar;
	u32			pad;
	u64			serial;
	u64			inband;
	u64			keys_no;
	struct cvsw_inband_keys	keys;
	struct cvsw_port_info	info;
};

/**
 * struct cvsw_ports - the ports of a switch, const once published
 * @limit: numbers below it have a place in @slot
 * @n:     ports there are
 * @inband: CVSW_PORTS_*
 * @wire:  there are two, whose settings bar no frame
 * @local: the one numbered CVSW_PORT_LOCAL
 * @list:  all of them in order of their numbers, behind @slot
 * @slot:  port by number
 */
struct cvsw_ports {
	u32			limit;
	u32			n;
	u8			inband;
	bool			wire;
	struct cvsw_port	*local;
	struct cvsw_port	**list;
	struct cvsw_port	*slot[];
};

/**
 * struct cvsw_settings - settings of a switch, const once published
 * @config:    as given
 * @tun_ports: out of it
 */
struct cvsw_settings {
	struct cvsw_config		config;
	struct cvsw_tunnel_ports	tun_ports;
};

/**
 * struct cvsw_worker - one thread that brings frames
 * @sw:        its switch
 * @ops:       of @sw
 * @wctx:      handed to them
 * @cache:     exact-match cache
 * @id:        index of its counters
 * @frag_mode: out of @config, asked for by each frame
 * @batch:     between cvsw_worker_begin() and cvsw_worker_flush()
 * @ports:     of @sw, the same ones from cvsw_worker_enter() to
 *             cvsw_worker_leave(), so that a frame which is not sent after all
 *             is put down to the port that it was counted for; else NULL
 * @config:    likewise, settings of @sw
 * @hit:       flow whose counters are held back, NULL when none
 * @packets:   to be added to @hit
 * @lookups:   as in struct cvsw_table_stats
 * @bytes:     as @packets
 * @missed:    of the lookups, without a flow found
 * @used:      when @hit was last matched
 * @malformed: as in struct cvsw_table_stats
 * @rx:        what pops need; its opts are the switch's as @ports
 * @tun_frame: struct cvsw_tunnel_tx.frame
 * @wait:      frames that wait for a way
 * @drops:     frames by enum cvsw_drop
 */
struct cvsw_worker {
	struct cvsw_switch	*sw;
	const struct cvsw_ops	*ops;
	void			*wctx;
	struct cvsw_fcache	*cache;
	u16			id;
	u8			frag_mode;
	bool			batch;
	const struct cvsw_ports	*ports;
	const struct cvsw_config *config;
	struct cvsw_table_flow	*hit;
	u64			packets;
	u64			lookups;
	u64			bytes;
	u64			missed;
	u64			used;
	u64			malformed;
	struct cvsw_tunnel_rx	rx;
	u32			tun_frame;
	struct cvsw_wait	*wait;
	u64			drops[CVSW_DROP_COUNT];
};

/**
 * struct cvsw_flow_room - what a flow that is shown points to
 * @actions: its actions
 * @opts:    its options, in order of class and type
 */
struct cvsw_flow_room {
	struct cvsw_action	actions[CVSW_ACTIONS_MAX];
	struct cvsw_opt_match	opts[CVSW_OPT_MATCHES_MAX];
};

/**
 * struct cvsw_v3 - in-band control, version 3, of a switch
 * @ports: struct v3_port of inband_v3.c
 * @w:     worker of the call at work; NULL when there is none
 * @now:   of this call
 * @seen:  cvsw_switch.changes that was acted upon
 */
struct cvsw_v3 {
	struct list_head	ports;
	struct cvsw_worker	*w;
	u64			now;
	u32			seen;
};

/**
 * struct cvsw_switch
 * @config:  settings, of struct cvsw_settings
 * @ports:   never NULL
 * @fdb:     NULL until there are more than two ports
 * @opts:    Geneve options that flows ask for, NULL for none
 * @paths:   ways to the far ends of tunnels
 * @table:   the flows
 * @ops:     and
 * @ctx:     the glue's
 * @worker:  config.workers of them, NULL until asked for
 * @bucket:  by reason: when the packet-ins sent so far are all earned, ns
 * @inband_bucket: the same of control frames
 * @v3:      what only cvsw_inband_*() uses
 * @lock:    held by control calls; guards all below
 * @serial:  given out last
 * @changes: of ports and settings, so far; read by cvsw_inband_*() without it
 * @opts_next: @opts and what the flow-mods at work ask for beside them; NULL for
 *           nothing
 * @opt_flows: flows that ask for an option, by its number; those that were
 *           removed count as long as they are not freed
 * @shown:   of the flow that an event or dump shows
 * @blob:    of the flow-mod at work
 */
struct cvsw_switch {
	struct cvsw_config	__rcu *config;
	struct cvsw_ports	__rcu *ports;
	struct cvsw_fdb		__rcu *fdb;
	struct cvsw_opts	__rcu *opts;
	struct cvsw_paths	*paths;
	struct cvsw_table	*table;
	const struct cvsw_ops	*ops;
	void			*ctx;
	struct cvsw_worker	**worker;
	atomic64_t		bucket[CVSW_PACKET_IN_REASONS];
	atomic64_t		inband_bucket;
	struct cvsw_v3		v3;
	struct mutex		lock;
	u64			serial;
	u32			changes;
	struct cvsw_opts	*opts_next;
	u32			opt_flows[CVSW_OPTS];
	struct cvsw_flow_room	shown;
	u64			blob[CVSW_BLOB_MAX / sizeof(u64)];
};

/* switch.c APIs: */

/* fill @err, which may be NULL, and return @ret */
int cvsw_error_set(struct cvsw_error *err, int ret, const char *text);

/* is the string in an array of @size bytes ended and not empty? */
bool cvsw_name_ok(const char *name, size_t size);

/* write back what @w held for w->hit; inside the section that found it */
void cvsw_worker_settle(struct cvsw_worker *w);

/* the RCU read-side section of a batch, or of one frame */
static inline void cvsw_worker_enter(struct cvsw_worker *w)
{
	rcu_read_lock();
	w->ports = rcu_dereference(w->sw->ports);
	w->config = rcu_dereference(w->sw->config);
	w->rx.opts = rcu_dereference(w->sw->opts);
	w->frag_mode = w->config->frag_mode;
}

static inline const struct cvsw_tunnel_ports *
cvsw_worker_tun_ports(const struct cvsw_worker *w)
{
	return &container_of(w->config, struct cvsw_settings, config)->tun_ports;
}

static inline void cvsw_worker_leave(struct cvsw_worker *w)
{
	if (w->hit)
		cvsw_worker_settle(w);
	w->ports = NULL;
	w->config = NULL;
	rcu_read_unlock();
}

/* port.c APIs: */

/* an empty set, NULL without memory */
struct cvsw_ports *cvsw_ports_new(void);

/* close and free all ports of a switch nobody uses any more */
void cvsw_ports_free(struct cvsw_switch *sw);

/* the set of ports, under the mutex */
static inline const struct cvsw_ports *
cvsw_switch_ports(const struct cvsw_switch *sw)
{
	return rcu_dereference_protected(sw->ports, true);
}

/* the port numbered @no, NULL when there is none; reader or under the mutex */
static inline struct cvsw_port *cvsw_ports_get(const struct cvsw_ports *ports,
					       u16 no)
{
	unsigned int nr = no;

	if (likely(nr < ports->limit))
		return ports->slot[nr];
	return no == CVSW_PORT_LOCAL ? ports->local : NULL;
}

/* port_inband.c APIs, under the mutex: */

/* CVSW_PORTS_* of one port */
u8 cvsw_port_inband_flags(const struct cvsw_port_info *info);

/* of a port that is made with what port->info says */
void cvsw_port_inband_new(struct cvsw_switch *sw, struct cvsw_port *port);

/* 0, or a negative errno with @err filled */
int cvsw_port_inband_check(const struct cvsw_switch *sw,
			   const struct cvsw_port_info *info,
			   struct cvsw_error *err);

/* those of CVSW_PORT_SET_INBAND* that are in @what; as above */
int cvsw_port_inband_apply(struct cvsw_switch *sw, struct cvsw_port *port,
			   const struct cvsw_port_info *want,
			   unsigned int what, struct cvsw_error *err);

/* switch_path.c APIs: */

/* take a reference to the path of each push in @blob, which was just compiled:
 * 0, -ENOSPC or -ENOMEM; and give them back */
int cvsw_switch_paths_get(struct cvsw_switch *sw, void *blob);
void cvsw_switch_paths_put(struct cvsw_switch *sw, void *blob);

/* a flow with @blob, whose paths the caller holds, is made; one is freed */
void cvsw_switch_paths_hold(struct cvsw_switch *sw, const void *blob);
void cvsw_switch_paths_drop(struct cvsw_switch *sw, const void *blob);

/* find the path of each push in @blob, NULL where there is none; reader */
void cvsw_switch_paths_find(const struct cvsw_switch *sw, void *blob);

/* inband_v3.c APIs: */

void cvsw_v3_init(struct cvsw_v3 *v3);

/* forget all sessions; nothing is sent */
void cvsw_v3_free(struct cvsw_v3 *v3);

/* wait.c APIs: */

/**
 * struct cvsw_past - what became of a frame before it had to wait
 * @key:    of the frame as it came in
 * @known:  there is @key
 * @sent:   another copy of it went out
 * @pushed: as in struct input_walk
 */
struct cvsw_past {
	struct cvsw_key	key;
	bool		known;
	bool		sent;
	u16		pushed;
};

/**
 * cvsw_wait_add - keep a frame until the way of a path is known
 * @pkt:  taken, unless it fails
 * @rest: @n lists, or what is left of them, to be done one after the other; the
 *        first is at the PUSH that waits.  Copied
 * @past: copied
 * Return: CVSW_HELD; CVSW_DROP_UNRESOLVED: too many wait already; _NO_MEMORY.
 */
enum cvsw_drop cvsw_wait_add(struct cvsw_worker *w, struct cvsw_pkt *pkt,
			     const struct cvsw_act *const *rest, unsigned int n,
			     const struct cvsw_past *past, u64 now);

/* free the frames that wait, uncounted */
void cvsw_wait_free(struct cvsw_worker *w);

/* input.c APIs: */

/* run @act and what is behind it on a frame that waited, which is taken; inside
 * the worker's section */
void cvsw_input_acts(struct cvsw_worker *w, struct cvsw_pkt *pkt,
		     const struct cvsw_act *act, const struct cvsw_past *past,
		     u64 now);

/* flow.c APIs: */

/* a flow as the API shows it; @set: the options that flows ask for */
void cvsw_flow_show(const struct cvsw_table_flow *from,
		    const struct cvsw_opts *set, u64 now,
		    struct cvsw_flow *out, struct cvsw_flow_room *room);

/* counts what flows refer to; given the switch */
extern const struct cvsw_table_owner cvsw_flow_owner;

/* tell of the flows that expired */
void cvsw_flow_expire(struct cvsw_switch *sw, u64 now);

/* flow_opts.c APIs, under the mutex: */

/* are the options of a flow in order?  0, or -EINVAL with @err filled */
int cvsw_flow_opts_check(const struct cvsw_flow *flow, struct cvsw_error *err);

/* the numbers of the options of @flow, as bits; false when one has none */
bool cvsw_flow_opts_find(const struct cvsw_switch *sw,
			 const struct cvsw_flow *flow, u64 *opts);

/* give those a number that have none; -ENOMEM, or -ENOSPC when there are no
 * more.  Valid until cvsw_flow_opts_settle() unless they are published */
int cvsw_flow_opts_number(struct cvsw_switch *sw, const struct cvsw_flow *flow,
			  struct cvsw_error *err);

/* show workers what was numbered, before the flows that ask for it */
void cvsw_flow_opts_publish(struct cvsw_switch *sw);

/* take back what was numbered and not published, and what no flow asks for any
 * more; after each transaction */
void cvsw_flow_opts_settle(struct cvsw_switch *sw);

/* a flow with @opts is made or freed */
void cvsw_flow_opts_hold(struct cvsw_switch *sw, u64 opts);
void cvsw_flow_opts_drop(struct cvsw_switch *sw, u64 opts);

/* the options with these numbers, into @list of CVSW_OPT_MATCHES_MAX, in order
 * of class and type; how many they are (reader) */
u16 cvsw_flow_opts_list(const struct cvsw_opts *set, u64 opts,
			struct cvsw_opt_match *list);

#endif /* CVSW_SWITCH_PRIV_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INPUT_WAY_H
#define CVSW_INPUT_WAY_H

/*
 * A frame on its way through the switch: what input.c, which brings it to its
 * actions, and input_out.h, which brings it out, know of it.
 */

#include "switch_priv.h"

/* what a trace needs beside the walk; too big for the stack */
struct input_trace {
	void			(*step)(void *arg,
					const struct cvsw_trace_step *step);
	void			*arg;
	struct cvsw_flow	flow;
	struct cvsw_flow_room	room;
	struct cvsw_action	action;
};

#define INPUT_PUSHED_DEEP	0xffff

/**
 * struct input_walk - one frame on its way
 * @w:       the worker, with settings and ports
 * @pkt:     the frame
 * @key:     of the frame as it came in, NULL when that is not known
 * @trace:   NULL unless traced
 * @now:     ns
 * @version: of the table
 * @flow:    whose actions run; NULL when there is none
 * @tun_id:  of the last lookup
 * @route:   port that the way of the tunnel pushed last leads to, 0 for none
 * @depth:   lookups after the first, at most CVSW_RESUBMIT_MAX
 * @why:     enum cvsw_drop, the first cause that kept the frame back
 * @pushed:  bytes of the headers of the tunnel that it was put into, 0 for none;
 *           INPUT_PUSHED_DEEP when these do not lead back to what its sender made
 * @sent:    a clone went out, or it went to the controller, at least once
 * @taken:   it is no longer ours
 * @end:     no list goes on
 */
struct input_walk {
	struct cvsw_worker		*w;
	struct cvsw_pkt			*pkt;
	const struct cvsw_key		*key;
	struct input_trace		*trace;
	u64				now;
	u64				version;
	const struct cvsw_table_flow	*flow;
	__be64				tun_id;
	u16				route;
	u16				pushed;
	u8				depth;
	u8				why;
	bool				sent;
	bool				taken;
	bool				end;
};

static inline void input_note(struct input_walk *walk, enum cvsw_drop why)
{
	if (!walk->why)
		walk->why = (u8)why;
}

static inline struct cvsw_port_stats *
input_stats(const struct cvsw_worker *w, const struct cvsw_port *port)
{
	return &port->stats[w->id];
}

/* the frame as it is now: segments, and bytes of them all on the wire */
struct input_size {
	u64	segments;
	u64	bytes;
};

static __always_inline struct input_size
input_size_of(const struct cvsw_pkt *pkt)
{
	u64 bytes, n;

	if (likely(!cvsw_pkt_is_super(pkt)))
		return (struct input_size){ 1, cvsw_pkt_len(pkt) };
	n = cvsw_pkt_segments(pkt, &bytes);
	return (struct input_size){ n, bytes };
}

static __always_inline struct input_size
input_size(const struct input_walk *walk)
{
	return input_size_of(walk->pkt);
}

/* one add each: a vector of the two takes longer to put together */
static __always_inline void input_count(__u64 *packets, __u64 *bytes,
					struct input_size size)
{
	*packets += size.segments;
	barrier();
	*bytes += size.bytes;
}

static inline void input_tell(const struct input_walk *walk,
			      struct cvsw_trace_step step)
{
	step.depth = walk->depth;
	step.pkt = walk->pkt;
	walk->trace->step(walk->trace->arg, &step);
}

#endif /* CVSW_INPUT_WAY_H */

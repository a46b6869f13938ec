/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INPUT_PUSH_H
#define CVSW_INPUT_PUSH_H

/*
 * Frames into tunnels and out of them, on their way through the switch: the
 * way to the far end, and what fits there.  Part of input.c, which alone
 * includes it, as input_out.h.
 */

#include "icmp.h"
#include "input_way.h"
#include "mss.h"
#include "path.h"
#include "undo.h"

/* frames to a way that is not known wait, if somebody looks for it */
static enum cvsw_drop input_no_way(const struct input_walk *walk,
				   const struct cvsw_path *path)
{
	if (!path || READ_ONCE(path->absent) || !walk->w->ops->path_open)
		return CVSW_DROP_NO_ROUTE;
	return CVSW_DROP_UNRESOLVED;
}

/* what a push to @tmpl must know; walk->route is set */
static enum cvsw_drop input_tx(struct input_walk *walk,
			       const struct cvsw_tunnel_template *tmpl,
			       struct cvsw_tunnel_tx *tx)
{
	const struct cvsw_path *path = tmpl->path;
	const struct cvsw_port *port;
	u16 out = tmpl->out_port;

	tx->way = NULL;
	tx->frame = &walk->w->tun_frame;
	tx->mtu = 0;
	walk->route = 0;
	if (path) {
		tx->way = rcu_dereference(path->way);
		tx->mtu = cvsw_path_pmtu(path, walk->now);
	}
	if (tx->way) {
		tx->mtu = cvsw_mtu_min(tx->mtu, tx->way->mtu);
		walk->route = tx->way->port;
	} else if (tmpl->open) {
		return input_no_way(walk, path);
	}
	port = cvsw_ports_get(walk->w->ports, out ? out : walk->route);
	if (port)
		tx->mtu = cvsw_mtu_min(tx->mtu, port->info.mtu);
	return CVSW_DROP_NONE;
}

/* bytes of the frame, or of the longest of its segments */
static u32 input_longest_of(const struct cvsw_pkt *pkt, struct input_size size)
{
	u32 len = cvsw_pkt_len(pkt);
	struct cvsw_offload off;

	if (size.segments == 1)
		return len;
	/* all but the first add a copy of the headers to the bytes */
	cvsw_pkt_offload_get(pkt, &off);
	return (u32)div_u64(size.bytes - len, (u32)size.segments - 1) +
	       off.gso_size;
}

static u32 input_longest(const struct input_walk *walk)
{
	return input_longest_of(walk->pkt, input_size(walk));
}

/* bytes of the frame in front of what its IP packet may grow to */
static u32 input_l2_len(const struct cvsw_pkt *pkt)
{
	return pkt->l3 ? pkt->l3 : CVSW_ETH_HLEN;
}

/* longest IP packet that fits in this frame and outer headers of @hlen bytes, for
 * an outer @mtu */
static u32 input_inner_mtu(const struct cvsw_pkt *pkt, u32 hlen, u32 mtu)
{
	u32 over = hlen - CVSW_ETH_HLEN + input_l2_len(pkt);
	u16 tci;

	if (cvsw_pkt_vlan_get(pkt, &tci) == CVSW_TAG_OUT_OF_BAND)
		over += CVSW_VLAN_HLEN;		/* it is put in band */
	return mtu > over ? mtu - over : 0;
}

/* send the answer to a frame back to where that came in */
static bool input_answer(const struct input_walk *walk,
			 const struct cvsw_port *port, struct cvsw_pkt *answer)
{
	struct cvsw_port_stats *stats = input_stats(walk->w, port);
	u32 len = cvsw_pkt_len(answer);

	if (len > port->free_len) {
		cvsw_pkt_free(answer);
		return false;
	}
	if (walk->trace) {
		walk->trace->step(walk->trace->arg, &(struct cvsw_trace_step){
			.what = CVSW_TRACE_ANSWER, .port = port->info.no,
			.depth = (u16)walk->depth, .pkt = answer });
		cvsw_pkt_free(answer);
		return true;
	}
	input_count(&stats->tx_packets, &stats->tx_bytes,
		    (struct input_size){ 1, len });
	walk->w->ops->output(walk->w->wctx, port->priv, answer);
	return true;
}

/*
 * The frame is too long for its tunnel.  Its sender is told, of the frame that
 * it sent, if it is behind a port: not if it is at the end of another tunnel.
 * One answer for one frame, as from tunnels of Linux: no more is sent than comes.
 */
static noinline __cold enum cvsw_drop input_too_big(struct input_walk *walk,
						    u32 len, u32 mtu)
{
	const struct cvsw_port *port = cvsw_ports_get(walk->w->ports,
						      walk->pkt->in_port);
	struct cvsw_pkt answer;

	if (!port || walk->pushed || walk->pkt->popped ||
	    (walk->key && cvsw_undo(walk->pkt, walk->key, walk->w->frag_mode)) ||
	    cvsw_icmp_too_big(walk->pkt, len, mtu, &answer) ||
	    !input_answer(walk, port, &answer))
		return CVSW_DROP_TOO_BIG;
	return CVSW_DROP_TOO_BIG_TOLD;
}

/* what the MTU of the way asks for */
static enum cvsw_drop input_fit(struct input_walk *walk,
				const struct cvsw_tunnel_template *tmpl,
				u32 outer_mtu)
{
	struct cvsw_pkt *pkt = walk->pkt;
	u32 len, mtu;

	cvsw_ip_version(pkt);
	len = input_longest(walk) - input_l2_len(pkt);
	mtu = input_inner_mtu(pkt, tmpl->len, outer_mtu);
	if (len > mtu)
		return input_too_big(walk, len, mtu);
	if (tmpl->flags & CVSW_TUNNEL_F_CLAMP_MSS)
		return cvsw_mss_clamp(pkt, mtu);
	return CVSW_DROP_NONE;
}

/*
 * The frame is in a tunnel, and too long for @port, of which its push did not
 * know.
 */
static noinline __cold enum cvsw_drop
input_too_big_late(struct input_walk *walk, const struct cvsw_port *port)
{
	enum cvsw_drop why = CVSW_DROP_TOO_BIG;
	struct input_walk inner = *walk;
	const u32 hlen = walk->pushed;
	struct cvsw_pkt pkt;
	u32 len;

	walk->pushed = INPUT_PUSHED_DEEP;	/* one answer is enough */
	if (hlen == INPUT_PUSHED_DEEP || cvsw_pkt_clone(walk->pkt, &pkt))
		return why;
	inner.pkt = &pkt;
	inner.pushed = 0;
	/* a tag came after the push */
	if (!cvsw_pkt_vlan_pop(&pkt) && !cvsw_pkt_decap(&pkt, hlen) &&
	    cvsw_ip_version(&pkt)) {
		len = input_longest(&inner) - input_l2_len(&pkt);
		why = input_too_big(&inner, len,
				    input_inner_mtu(&pkt, hlen,
						    port->info.mtu));
	}
	cvsw_pkt_free(&pkt);
	return why;
}

/* what becomes of the way back to the frame as it was, by a push */
static u16 input_pushed(const struct input_walk *walk,
			const struct cvsw_tunnel_template *tmpl)
{
	if (walk->pushed || walk->pkt->popped || tmpl->type->any_len)
		return INPUT_PUSHED_DEEP;
	return tmpl->len;
}

/* a frame for which input_push() has no short way */
static noinline enum cvsw_drop input_push_far(struct input_walk *walk,
					      const struct cvsw_act *act)
{
	const struct cvsw_tunnel_template *tmpl = &cvsw_act_push(act)->tmpl;
	enum cvsw_drop why;
	struct cvsw_tunnel_tx tx;
	u16 pushed;

	if (tmpl->flags & CVSW_TUNNEL_F_ID_FLOW &&
	    be64_to_cpu(walk->pkt->tun_id) > tmpl->type->id_max)
		return CVSW_DROP_TUNNEL_ID;
	why = input_tx(walk, tmpl, &tx);
	if (!why && tx.mtu && !tmpl->type->any_len)
		why = input_fit(walk, tmpl, tx.mtu);
	if (why)
		return why;
	pushed = input_pushed(walk, tmpl);
	walk->pkt->popped = false;
	why = cvsw_tunnel_push(walk->pkt, tmpl, &tx);
	if (!why)
		walk->pushed = pushed;
	return why;
}

static __always_inline enum cvsw_drop input_push(struct input_walk *walk,
						 const struct cvsw_act *act)
{
	const struct cvsw_tunnel_template *tmpl = &cvsw_act_push(act)->tmpl;

	if (unlikely(cvsw_pkt_len(walk->pkt) > tmpl->short_len))
		return input_push_far(walk, act);
	walk->pushed = INPUT_PUSHED_DEEP;	/* it fits everywhere, or ought to */
	walk->pkt->popped = false;
	return cvsw_tunnel_push(walk->pkt, tmpl, NULL);
}

static noinline enum cvsw_drop input_pop(struct input_walk *walk,
					 const struct cvsw_act *act)
{
	struct cvsw_worker *w = walk->w;

	if (unlikely(walk->trace)) {
		struct cvsw_tunnel_rx trace = {
			.opts = w->rx.opts, .now = walk->now,
		};

		return cvsw_tunnel_pop(walk->pkt, act->kind, &trace);
	}
	w->rx.now = walk->now;
	return cvsw_tunnel_pop(walk->pkt, act->kind, &w->rx);
}

#endif /* CVSW_INPUT_PUSH_H */

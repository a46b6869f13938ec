// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flow-mods.  Those that follow each other, with barriers or without, go to the
 * switch as one request, which it carries out wholly or not at all; what comes
 * out is as if each had been carried out, or refused, by itself.  They are done
 * in their order, and so a barrier is answered when more than it asks for is.
 */

#include "keep.h"
#include "msg.h"

/* of 1.0 or of Nicira */
static bool flow_is_next(const void *msg, u32 left)
{
	struct cvsw_of10_error err;
	u32 subtype;

	if (msg_is_next(msg, left, CVSW_OFP_FLOW_MOD))
		return true;
	return msg_is_next(msg, left, CVSW_OFP_VENDOR) &&
	       !cvsw_of10_vendor_get(msg, msg_len(msg), &subtype, &err) &&
	       subtype == CVSW_OFP_NX_FLOW_MOD;
}

/**
 * struct flow_run - flow-mods, and barriers between and behind them
 * @conn:  who sent them
 * @msgs:  the messages
 * @steps: how many there are
 * @n:     how many of them are flow-mods
 * @acts:  actions that they have
 * @walks: the last of them looks at the whole table; others wait for a turn
 */
struct flow_run {
	struct conn	*conn;
	const u8	*msgs;
	unsigned int	steps;
	unsigned int	n;
	unsigned int	acts;
	bool		walks;
};

/* is each flow that there is looked at?  A thousand such together, and the switch
 * would be busy with nothing else for longer than anybody waits */
static bool flow_walks(const struct sw *sw, const struct cvsw_flow_mod *mod)
{
	switch (mod->cmd) {
	case CVSW_FLOW_MOD:
	case CVSW_FLOW_DEL:
		return true;
	case CVSW_FLOW_MOD_STRICT:
		return keep_asks(sw->keep);
	default:
		return mod->flow.flags & CVSW_FLOW_F_CHECK_OVERLAP;
	}
}

/* has it actions that only those know who know our vendor? */
static bool flow_is_ours(const struct cvsw_flow_mod *mod)
{
	unsigned int i;

	for (i = 0; i < mod->flow.n_actions; i++)
		if (mod->flow.actions[i].type == CVSW_ACT_PUSH ||
		    mod->flow.actions[i].type == CVSW_ACT_POP)
			return true;
	return false;
}

/* the next step, @left bytes before the end: 0; -EINVAL: @err; -ENOENT: the
 * message is something else, or there is no room */
static int flow_get(struct flow_run *run, const u8 *msg, u32 left,
		    struct cvsw_of10_error *err)
{
	struct msg_room *room = run->conn->sw->room;
	struct cvsw_flow_mod *mod = &room->mod[run->n];
	int ret;

	room->nth[run->steps] = MSG_BARRIER;
	if (run->n && msg_is_next(msg, left, CVSW_OFP_BARRIER_REQUEST))
		return 0;
	if (run->walks || run->n == MSG_FLOWS ||
	    run->acts > MSG_ACTS - CVSW_ACTIONS_MAX ||
	    !flow_is_next(msg, left))
		return -ENOENT;
	ret = cvsw_of10_flow_mod_get(msg, msg_len(msg), run->conn->table_id,
				     mod, &room->act[run->acts], err);
	if (ret)
		return ret;
	room->nth[run->steps] = (u16)run->n++;
	run->acts += mod->flow.n_actions;
	run->walks = flow_walks(run->conn->sw, mod);
	if (!run->conn->vendor)
		run->conn->vendor = flow_is_ours(mod);
	return 0;
}

/* those at the front that are well-formed, as far as there is room for them;
 * when there is none the first is not, because of @err */
static void flows_get(struct flow_run *run, u32 len,
		      struct cvsw_of10_error *err)
{
	struct msg_room *room = run->conn->sw->room;
	u32 at = 0;

	while (run->steps < MSG_STEPS && at < MSG_BYTES &&
	       !flow_get(run, run->msgs + at, len - at, err)) {
		room->at[run->steps++] = at;
		at += msg_len(run->msgs + at);
	}
	room->at[run->steps] = at;
}

/* have the switch do @n of them, from number @i on, all or none */
static int flows_tell(struct sw *sw, unsigned int i, unsigned int n)
{
	const struct cvsw_flow_mod *mods = &sw->room->mod[i];
	int ret = cvsw_ctl_flow_mods(sw->ctl, mods, n);

	if (!ret)
		keep_mods(sw->keep, sw->ctl, mods, n);
	return ret;
}

/* answer step @i, which the switch refused with @ret */
static void flow_refuse(const struct flow_run *run, unsigned int i, int ret)
{
	const struct sw *sw = run->conn->sw;
	const struct cvsw_ctl_error *why = cvsw_ctl_error(sw->ctl);
	const u32 *at = &sw->room->at[i];
	struct cvsw_of10_error err;

	cvsw_of10_flow_refused(ret, why->sub >= 0, &err);
	conn_refuse(run->conn, run->msgs + at[0], at[1] - at[0], &err);
}

/* all @n were refused because of one: do those in front of it.  Returns how
 * many were done */
static unsigned int flows_before(struct sw *sw, unsigned int n)
{
	int index = cvsw_ctl_error(sw->ctl)->index;

	if (index <= 0 || index >= (int)n)
		return 0;
	n = (unsigned int)index;
	return flows_tell(sw, 0, n) ? 0 : n;
}

/* together, as far as that goes; returns how many are done */
static unsigned int flows_together(const struct flow_run *run)
{
	struct sw *sw = run->conn->sw;
	int ret = flows_tell(sw, 0, run->n);

	if (!ret)
		return run->n;
	if (!sw_failed(sw, ret))
		return 0;
	if (run->n > 1)
		return flows_before(sw, run->n);
	flow_refuse(run, 0, ret);
	return 1;
}

/* step @i by itself, unless it is one of the first @done flow-mods */
static void flow_step(const struct flow_run *run, unsigned int i,
		      unsigned int done)
{
	struct sw *sw = run->conn->sw;
	const struct msg_room *room = sw->room;
	const u8 *msg = run->msgs + room->at[i];
	int ret;

	if (room->nth[i] == MSG_BARRIER) {
		msg_barrier(run->conn, msg, msg_len(msg));
		return;
	}
	if (room->nth[i] < done)
		return;
	ret = flows_tell(sw, room->nth[i], 1);
	if (ret && sw_failed(sw, ret))
		flow_refuse(run, i, ret);
}

u32 msg_flows(struct conn *conn, const void *msgs, u32 len)
{
	struct flow_run run = { .conn = conn, .msgs = msgs };
	struct sw *sw = conn->sw;
	struct cvsw_of10_error err;
	unsigned int done, i;

	flows_get(&run, len, &err);
	if (!run.n) {
		conn_refuse(conn, msgs, msg_len(msgs), &err);
		return msg_len(msgs);
	}
	done = flows_together(&run);
	for (i = 0; i < run.steps && sw_there(sw); i++)
		flow_step(&run, i, done);
	return sw->room->at[run.steps];
}

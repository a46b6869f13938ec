// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flow-mods.  Those that follow each other go to the switch as one request,
 * which it carries out wholly or not at all; what comes out is as if each had
 * been carried out, or refused, by itself.
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

/* the flow-mod @msg, @left bytes before the end, as number @n; @used: actions
 * before its own.  -EINVAL: @err; -ENOENT: there is none */
static int flow_get(const struct conn *conn, const void *msg, u32 left,
		    unsigned int n, unsigned int used,
		    struct cvsw_of10_error *err)
{
	struct msg_room *room = conn->sw->room;

	if (!flow_is_next(msg, left))
		return -ENOENT;
	return cvsw_of10_flow_mod_get(msg, msg_len(msg), conn->table_id,
				      &room->mod[n], &room->act[used], err);
}

/* those at the front that are well-formed, as far as there is room for them;
 * when there is none the first is not, because of @err */
static unsigned int flows_get(const struct conn *conn, const u8 *msgs, u32 len,
			      struct cvsw_of10_error *err)
{
	struct msg_room *room = conn->sw->room;
	unsigned int n = 0, used = 0;
	u32 at = 0;

	while (n < MSG_FLOWS && used <= MSG_ACTS - CVSW_ACTIONS_MAX &&
	       at < MSG_BYTES &&
	       !flow_get(conn, msgs + at, len - at, n, used, err)) {
		used += room->mod[n].flow.n_actions;
		room->at[n++] = at;
		at += msg_len(msgs + at);
	}
	room->at[n] = at;
	return n;
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

/* answer number @i, which the switch refused with @ret */
static void flow_refuse(struct conn *conn, const u8 *msgs, unsigned int i,
			int ret)
{
	const struct cvsw_ctl_error *why = cvsw_ctl_error(conn->sw->ctl);
	const u32 *at = &conn->sw->room->at[i];
	struct cvsw_of10_error err;

	cvsw_of10_flow_refused(ret, why->sub >= 0, &err);
	conn_refuse(conn, msgs + at[0], at[1] - at[0], &err);
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

/* from number @i on, each by itself */
static void flows_singly(struct conn *conn, const u8 *msgs, unsigned int i,
			 unsigned int n)
{
	struct sw *sw = conn->sw;
	int ret;

	for (; i < n; i++) {
		ret = flows_tell(sw, i, 1);
		if (ret && !sw_failed(sw, ret))
			return;
		if (ret)
			flow_refuse(conn, msgs, i, ret);
	}
}

u32 msg_flows(struct conn *conn, const void *msgs, u32 len)
{
	struct sw *sw = conn->sw;
	struct cvsw_of10_error err;
	unsigned int n;
	int ret;

	n = flows_get(conn, msgs, len, &err);
	if (!n) {
		conn_refuse(conn, msgs, msg_len(msgs), &err);
		return msg_len(msgs);
	}
	ret = flows_tell(sw, 0, n);
	if (ret && sw_failed(sw, ret)) {
		if (n == 1)
			flow_refuse(conn, msgs, 0, ret);
		else
			flows_singly(conn, msgs, flows_before(sw, n), n);
	}
	return sw->room->at[n];
}

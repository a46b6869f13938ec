// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Flows of OpenFlow 1.0: changes to them, how they are now, and their end. */

#include "of10.h"

#define OF10_NSEC_PER_SEC	1000000000u
#define OF10_EXACT_PRIORITY	0xffff

/* Read */

static int of10_flow_refuse(struct cvsw_of10_error *err, u16 code,
			    const char *text)
{
	return cvsw_of10_refuse(err, CVSW_OFP_E_FLOW_MOD_FAILED, code, text);
}

static bool of10_flow_deletes(u16 cmd)
{
	return cmd == CVSW_FLOW_DEL || cmd == CVSW_FLOW_DEL_STRICT;
}

/* what both dialects have in common; its actions are those of @mod */
static void of10_flow_get(const struct cvsw_ofp_flow_mod *wire, u16 cmd,
			  struct cvsw_flow_mod *mod)
{
	memset(mod, 0, sizeof(*mod));
	mod->cmd = cmd;
	mod->out_port = CVSW_PORT_NONE;
	mod->flow.cookie = be64_to_cpu(wire->cookie);
	mod->flow.priority = be16_to_cpu(wire->priority);
	mod->flow.idle_timeout = be16_to_cpu(wire->idle_timeout);
	mod->flow.hard_timeout = be16_to_cpu(wire->hard_timeout);
}

/* there are no emergency flows */
static int of10_flow_emerg(const struct cvsw_flow *flow,
			   struct cvsw_of10_error *err)
{
	if (flow->idle_timeout || flow->hard_timeout)
		return of10_flow_refuse(err, CVSW_OFP_FLOW_EMERG_TIMEOUT,
					"flow: emergency flow with a timeout");
	return of10_flow_refuse(err, CVSW_OFP_FLOW_ALL_TABLES_FULL,
				"flow: there is no emergency table");
}

/* command, flags, priority and filters */
static int of10_flow_head(const struct cvsw_ofp_flow_mod *wire,
			  struct cvsw_flow_mod *mod,
			  struct cvsw_of10_error *err)
{
	u16 cmd = be16_to_cpu(wire->command), flags = be16_to_cpu(wire->flags);

	of10_flow_get(wire, cmd, mod);
	if (cmd > CVSW_FLOW_DEL_STRICT)
		return of10_flow_refuse(err, CVSW_OFP_FLOW_COMMAND,
					"flow: unknown command");
	if (flags & CVSW_OFP_FLOW_F_EMERG)
		return of10_flow_emerg(&mod->flow, err);
	if (!(be32_to_cpu(wire->match.wildcards) & CVSW_OFP_W_MASK))
		mod->flow.priority = OF10_EXACT_PRIORITY;
	if (of10_flow_deletes(cmd))
		mod->out_port = be16_to_cpu(wire->out_port);
	else
		mod->flow.flags = flags & CVSW_FLOW_F_MASK;
	cvsw_of10_match_get(&wire->match, &mod->flow.match);
	return 0;
}

/* behind the head; of a DELETE they are read, but mean nothing */
static int of10_flow_actions(const struct cvsw_ofp_flow_mod *wire, u32 len,
			     enum cvsw_of10_place place,
			     struct cvsw_flow_mod *mod,
			     struct cvsw_action *acts,
			     struct cvsw_of10_error *err)
{
	int n = cvsw_of10_actions_get(wire + 1, len - (u32)sizeof(*wire), place,
				      acts, err);

	if (n < 0)
		return n;
	mod->flow.actions = acts;
	if (!of10_flow_deletes(mod->cmd))
		mod->flow.n_actions = (u16)n;
	return 0;
}

static int of10_flow_len(u32 len, struct cvsw_of10_error *err)
{
	if (len < sizeof(struct cvsw_ofp_flow_mod))
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
					CVSW_OFP_REQUEST_LEN,
					"flow: truncated");
	return 0;
}

int cvsw_of10_flow_mod_get(const void *msg, u32 len, struct cvsw_flow_mod *mod,
			   struct cvsw_action *acts,
			   struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_flow_mod *wire = msg;
	int ret = of10_flow_len(len, err);

	if (!ret)
		ret = of10_flow_head(wire, mod, err) ?:
		      of10_flow_actions(wire, len, CVSW_OF10_FLOW_MOD, mod,
					acts, err);
	if (ret)
		return ret;
	if (!of10_flow_deletes(mod->cmd) &&
	    be32_to_cpu(wire->buffer_id) != CVSW_OFP_NO_BUFFER)
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
					CVSW_OFP_REQUEST_BUFFER_UNKNOWN,
					"flow: unknown buffer");
	return 0;
}

int cvsw_of10_flow_mod_get_2014(const void *msg, u32 len, bool set,
				struct cvsw_flow_mod *mod,
				struct cvsw_action *acts,
				struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_flow_mod *wire = msg;
	int ret = of10_flow_len(len, err);
	u16 cmd;

	if (ret)
		return ret;
	cmd = set ? CVSW_FLOW_ADD : be16_to_cpu(wire->command);
	if (!set && !of10_flow_deletes(cmd))
		return of10_flow_refuse(err, CVSW_OFP_FLOW_COMMAND,
					"flow: does not delete");
	of10_flow_get(wire, cmd, mod);
	return cvsw_of10_match_get_2014(&wire->match, &mod->flow.match, err) ?:
	       of10_flow_actions(wire, len, CVSW_OF10_2014, mod, acts, err);
}

void cvsw_of10_flow_refused(int ret, bool action, struct cvsw_of10_error *err)
{
	if (action)
		cvsw_of10_refuse(err, CVSW_OFP_E_BAD_ACTION,
				 CVSW_OFP_ACTION_ARGUMENT,
				 "action: not valid here");
	else if (ret == -ENOSPC || ret == -ENOMEM)
		of10_flow_refuse(err, CVSW_OFP_FLOW_ALL_TABLES_FULL,
				 "flow: table full");
	else if (ret == -EEXIST)
		of10_flow_refuse(err, CVSW_OFP_FLOW_OVERLAP,
				 "flow: overlaps with another one");
	else
		of10_flow_refuse(err, CVSW_OFP_FLOW_UNSUPPORTED,
				 "flow: not possible");
}

/* Write */

static u32 of10_seconds(u64 ns)
{
	return (u32)min_t(u64, div_u64(ns, OF10_NSEC_PER_SEC), ~0u);
}

/* beyond the seconds */
static u32 of10_nanoseconds(u64 ns)
{
	return (u32)(ns - div_u64(ns, OF10_NSEC_PER_SEC) * OF10_NSEC_PER_SEC);
}

static void of10_put_match(const struct cvsw_flow *flow,
			   struct cvsw_ofp_match *wire, bool *whole)
{
	if (!cvsw_of10_match_put(&flow->match, wire) || flow->n_opts)
		*whole = false;
}

int cvsw_of10_flow_removed_put(const struct cvsw_flow *flow, u8 reason,
			       void *buf, u32 room, bool *whole)
{
	struct cvsw_ofp_flow_removed *wire = buf;
	bool all = true;

	if (room < sizeof(*wire))
		return -EMSGSIZE;
	memset(wire, 0, sizeof(*wire));
	wire->header.version = CVSW_OFP_VERSION;
	wire->header.type = CVSW_OFP_FLOW_REMOVED;
	wire->header.length = cpu_to_be16(sizeof(*wire));
	of10_put_match(flow, &wire->match, whole ?: &all);
	wire->cookie = cpu_to_be64(flow->cookie);
	wire->priority = cpu_to_be16(flow->priority);
	wire->reason = reason;
	wire->duration_sec = cpu_to_be32(of10_seconds(flow->age_ns));
	wire->duration_nsec = cpu_to_be32(of10_nanoseconds(flow->age_ns));
	wire->idle_timeout = cpu_to_be16(flow->idle_timeout);
	wire->packet_count = cpu_to_be64(flow->packets);
	wire->byte_count = cpu_to_be64(flow->bytes);
	return sizeof(*wire);
}

int cvsw_of10_flow_stats_put(const struct cvsw_flow *flow, void *buf, u32 room,
			     bool *whole)
{
	struct cvsw_ofp_flow_stats *wire = buf;
	bool all = true;
	int len;

	if (room < sizeof(*wire))
		return -EMSGSIZE;
	len = cvsw_of10_actions_put(flow->actions, flow->n_actions, wire + 1,
				    room - (u32)sizeof(*wire), whole ?: &all);
	if (len < 0)
		return len;
	len += (int)sizeof(*wire);
	memset(wire, 0, sizeof(*wire));
	wire->length = cpu_to_be16((u16)len);
	of10_put_match(flow, &wire->match, whole ?: &all);
	wire->duration_sec = cpu_to_be32(of10_seconds(flow->age_ns));
	wire->duration_nsec = cpu_to_be32(of10_nanoseconds(flow->age_ns));
	wire->priority = cpu_to_be16(flow->priority);
	wire->idle_timeout = cpu_to_be16(flow->idle_timeout);
	wire->hard_timeout = cpu_to_be16(flow->hard_timeout);
	wire->cookie = cpu_to_be64(flow->cookie);
	wire->packet_count = cpu_to_be64(flow->packets);
	wire->byte_count = cpu_to_be64(flow->bytes);
	return len;
}

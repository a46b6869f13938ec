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

/**
 * struct of10_flow_spec - what a FLOW_MOD and an NXT_FLOW_MOD have in common
 */
struct of10_flow_spec {
	__be64	cookie;
	__be16	command;
	__be16	idle_timeout;
	__be16	hard_timeout;
	__be16	priority;
	__be32	buffer_id;
	__be16	out_port;
	__be16	flags;
} CVSW_OFP_WIRE;

#define OF10_SPEC_AT(name)						\
	static_assert(offsetof(struct of10_flow_spec, flags) ==		\
		      offsetof(struct cvsw_ofp_##name, flags) -		\
		      offsetof(struct cvsw_ofp_##name, cookie), #name)
OF10_SPEC_AT(flow_mod);
OF10_SPEC_AT(nx_flow_mod);

/* what all dialects have in common; its actions are those of @mod */
static void of10_flow_get(const void *cookie, u16 cmd,
			  struct cvsw_flow_mod *mod)
{
	const struct of10_flow_spec *spec = cookie;

	memset(mod, 0, sizeof(*mod));
	mod->cmd = cmd;
	mod->out_port = CVSW_PORT_NONE;
	mod->flow.cookie = be64_to_cpu(spec->cookie);
	mod->flow.priority = be16_to_cpu(spec->priority);
	mod->flow.idle_timeout = be16_to_cpu(spec->idle_timeout);
	mod->flow.hard_timeout = be16_to_cpu(spec->hard_timeout);
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

/* the command; with @table_id its upper half is a table */
static int of10_flow_cmd(u16 cmd, bool table_id, struct cvsw_of10_error *err)
{
	u8 table = (u8)(cmd >> 8);

	if (table_id && table && table != CVSW_OFP_TABLE_ALL)
		return of10_flow_refuse(err, CVSW_OFP_FLOW_UNSUPPORTED,
					"flow: there is table 0 only");
	if (table_id)
		cmd &= 0xff;
	if (cmd > CVSW_FLOW_DEL_STRICT)
		return of10_flow_refuse(err, CVSW_OFP_FLOW_COMMAND,
					"flow: unknown command");
	return cmd;
}

/* command, flags, priority and out_port */
static int of10_flow_spec(const void *cookie, bool table_id,
			  struct cvsw_flow_mod *mod,
			  struct cvsw_of10_error *err)
{
	const struct of10_flow_spec *spec = cookie;
	int cmd = of10_flow_cmd(be16_to_cpu(spec->command), table_id, err);
	u16 flags = be16_to_cpu(spec->flags);

	if (cmd < 0)
		return cmd;
	of10_flow_get(spec, (u16)cmd, mod);
	if (flags & CVSW_OFP_FLOW_F_EMERG)
		return of10_flow_emerg(&mod->flow, err);
	if (of10_flow_deletes(mod->cmd))
		mod->out_port = be16_to_cpu(spec->out_port);
	else
		mod->flow.flags = flags & CVSW_FLOW_F_MASK;
	return 0;
}

/* behind all else, @len bytes; of a DELETE they are read, but mean nothing */
static int of10_flow_actions(const void *list, u32 len,
			     enum cvsw_of10_place place,
			     struct cvsw_flow_mod *mod,
			     struct cvsw_action *acts,
			     struct cvsw_of10_error *err)
{
	int n = cvsw_of10_actions_get(list, len, place, acts, err);

	if (n < 0)
		return n;
	mod->flow.actions = acts;
	if (!of10_flow_deletes(mod->cmd))
		mod->flow.n_actions = (u16)n;
	return 0;
}

static int of10_flow_len(u32 len, u32 least, struct cvsw_of10_error *err)
{
	if (len < least)
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
					CVSW_OFP_REQUEST_LEN,
					"flow: truncated");
	return 0;
}

static int of10_flow_buffer(__be32 buffer_id, const struct cvsw_flow_mod *mod,
			    struct cvsw_of10_error *err)
{
	if (of10_flow_deletes(mod->cmd) ||
	    be32_to_cpu(buffer_id) == CVSW_OFP_NO_BUFFER)
		return 0;
	return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
				CVSW_OFP_REQUEST_BUFFER_UNKNOWN,
				"flow: unknown buffer");
}

static int of10_flow_mod_std(const void *msg, u32 len, bool table_id,
			     struct cvsw_flow_mod *mod,
			     struct cvsw_action *acts,
			     struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_flow_mod *wire = msg;
	int ret = of10_flow_len(len, sizeof(*wire), err);

	if (!ret)
		ret = of10_flow_spec(&wire->cookie, table_id, mod, err);
	if (ret)
		return ret;
	if (!(be32_to_cpu(wire->match.wildcards) & CVSW_OFP_W_MASK))
		mod->flow.priority = OF10_EXACT_PRIORITY;
	cvsw_of10_match_get(&wire->match, &mod->flow.match);
	return of10_flow_actions(wire + 1, len - (u32)sizeof(*wire),
				 CVSW_OF10_FLOW_MOD, mod, acts, err) ?:
	       of10_flow_buffer(wire->buffer_id, mod, err);
}

/* match and cookie of an NXT_FLOW_MOD.  A MODIFY that asks for cookies leaves
 * them as they are: the switch has one number for both */
static int of10_flow_nx_match(const struct cvsw_ofp_nx_flow_mod *wire,
			      struct cvsw_flow_mod *mod,
			      struct cvsw_of10_error *err)
{
	u64 cookie, mask, given = mod->flow.cookie;
	int ret = cvsw_of10_nxm_get(wire + 1, be16_to_cpu(wire->match_len),
				    &mod->flow.match, &cookie, &mask, err);

	if (ret || !mask)
		return ret;
	if (mod->cmd == CVSW_FLOW_ADD)
		return of10_flow_refuse(err, CVSW_OFP_FLOW_UNSUPPORTED,
					"flow: a new one has no cookie to ask for");
	if (!of10_flow_deletes(mod->cmd) && given != CVSW_COOKIE_KEEP)
		return of10_flow_refuse(err, CVSW_OFP_FLOW_UNSUPPORTED,
					"flow: one cookie to ask for and one to set");
	mod->flow.cookie = cookie;
	mod->cookie_mask = mask;
	return 0;
}

static int of10_flow_mod_nx(const void *msg, u32 len, bool table_id,
			    struct cvsw_flow_mod *mod, struct cvsw_action *acts,
			    struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_flow_mod *wire = msg;
	int ret = of10_flow_len(len, sizeof(*wire), err);
	u32 before;		/* the actions */

	if (ret)
		return ret;
	if (be32_to_cpu(wire->nx.vendor) != CVSW_OFP_NX_VENDOR ||
	    be32_to_cpu(wire->nx.subtype) != CVSW_OFP_NX_FLOW_MOD)
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
					CVSW_OFP_REQUEST_SUBTYPE,
					"vendor: not a flow-mod");
	before = (u32)sizeof(*wire) +
		 ALIGN((u32)be16_to_cpu(wire->match_len), CVSW_OFP_NXM_ALIGN);
	ret = of10_flow_len(len, before, err) ?:
	      of10_flow_spec(&wire->cookie, table_id, mod, err) ?:
	      of10_flow_nx_match(wire, mod, err);
	if (ret)
		return ret;
	return of10_flow_actions((const u8 *)msg + before, len - before,
				 CVSW_OF10_FLOW_MOD, mod, acts, err) ?:
	       of10_flow_buffer(wire->buffer_id, mod, err);
}

int cvsw_of10_flow_mod_get(const void *msg, u32 len, bool table_id,
			   struct cvsw_flow_mod *mod, struct cvsw_action *acts,
			   struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_header *head = msg;
	int ret = of10_flow_len(len, sizeof(*head), err);

	if (ret)
		return ret;
	if (head->type == CVSW_OFP_VENDOR)
		return of10_flow_mod_nx(msg, len, table_id, mod, acts, err);
	return of10_flow_mod_std(msg, len, table_id, mod, acts, err);
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

/* Without a tag a match is exact whether PCP is a wildcard or not.  Its priority
 * tells which it was: exact ones have but one. */
static void of10_put_match(const struct cvsw_flow *flow,
			   struct cvsw_ofp_match *wire, bool *whole)
{
	if (!cvsw_of10_match_put(&flow->match, wire) || flow->n_opts)
		*whole = false;
	if (wire->wildcards == cpu_to_be32(CVSW_OFP_W_DL_VLAN_PCP) &&
	    flow->priority == OF10_EXACT_PRIORITY)
		wire->wildcards = 0;
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

/* Write in Nicira's form */

/* the match behind @head bytes; returns bytes with it, *@match_len: it alone */
static int of10_put_nxm(const struct cvsw_flow *flow, u32 head, u8 *buf,
			u32 room, __be16 *match_len, bool *whole)
{
	int len = -EMSGSIZE;

	if (room >= head)
		len = cvsw_of10_nxm_put(&flow->match, buf + head, room - head,
					whole);
	if (len < 0)
		return len;
	if (flow->n_opts)
		*whole = false;
	*match_len = cpu_to_be16((u16)len);
	return (int)(head + ALIGN((u32)len, CVSW_OFP_NXM_ALIGN));
}

int cvsw_of10_nx_flow_removed_put(const struct cvsw_flow *flow, u8 reason,
				  void *buf, u32 room, bool *whole)
{
	struct cvsw_ofp_nx_flow_removed *wire = buf;
	bool all = true;
	__be16 match_len;
	int len = of10_put_nxm(flow, sizeof(*wire), buf, room, &match_len,
			       whole ?: &all);

	if (len < 0)
		return len;
	memset(wire, 0, sizeof(*wire));
	wire->nx.header.version = CVSW_OFP_VERSION;
	wire->nx.header.type = CVSW_OFP_VENDOR;
	wire->nx.header.length = cpu_to_be16((u16)len);
	wire->nx.vendor = cpu_to_be32(CVSW_OFP_NX_VENDOR);
	wire->nx.subtype = cpu_to_be32(CVSW_OFP_NX_FLOW_REMOVED);
	wire->cookie = cpu_to_be64(flow->cookie);
	wire->priority = cpu_to_be16(flow->priority);
	wire->reason = reason;
	wire->table = 1;
	wire->duration_sec = cpu_to_be32(of10_seconds(flow->age_ns));
	wire->duration_nsec = cpu_to_be32(of10_nanoseconds(flow->age_ns));
	wire->idle_timeout = cpu_to_be16(flow->idle_timeout);
	wire->match_len = match_len;
	wire->packet_count = cpu_to_be64(flow->packets);
	wire->byte_count = cpu_to_be64(flow->bytes);
	return len;
}

int cvsw_of10_nx_flow_stats_put(const struct cvsw_flow *flow, void *buf,
				u32 room, bool *whole)
{
	struct cvsw_ofp_nx_flow_stats *wire = buf;
	bool all = true;
	__be16 match_len;
	int acts, len = of10_put_nxm(flow, sizeof(*wire), buf, room, &match_len,
				     whole ?: &all);

	if (len < 0)
		return len;
	acts = cvsw_of10_actions_put(flow->actions, flow->n_actions,
				     (u8 *)buf + len, room - (u32)len,
				     whole ?: &all);
	if (acts < 0)
		return acts;
	memset(wire, 0, sizeof(*wire));
	wire->length = cpu_to_be16((u16)(len + acts));
	wire->duration_sec = cpu_to_be32(of10_seconds(flow->age_ns));
	wire->duration_nsec = cpu_to_be32(of10_nanoseconds(flow->age_ns));
	wire->priority = cpu_to_be16(flow->priority);
	wire->idle_timeout = cpu_to_be16(flow->idle_timeout);
	wire->hard_timeout = cpu_to_be16(flow->hard_timeout);
	wire->match_len = match_len;
	wire->idle_age = cpu_to_be16((u16)min(of10_seconds(flow->idle_ns) + 1ull,
					      0xffffull));
	wire->cookie = cpu_to_be64(flow->cookie);
	wire->packet_count = cpu_to_be64(flow->packets);
	wire->byte_count = cpu_to_be64(flow->bytes);
	return len + acts;
}

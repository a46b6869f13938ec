// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flow-mods and offloads in the words of 2014.  What was written is read again,
 * as a vNIC reads it: what does not come out as it went in has no form.
 */

#include <cvsw/inband.h>
#include "inband_v2_put.h"
#include "legacy.h"
#include "of10.h"

/* wildcards of 2014, where they are not those of 1.0 */
#define V2_W_NW_SRC	0x002000u
#define V2_W_NW_DST	0x080000u
#define V2_W_ADDRS	0x0fff00u	/* these, the tunnels, and what is not used */

#define OF10_PREFIX_ALL	32u

/* Matches */

/* take the bit of an address that is asked for out of @to; false: of a part */
static bool v2_addr(u32 wild, unsigned int shift, u32 bit, u32 *to)
{
	u32 bits = wild >> shift & CVSW_OFP_W_NW_BITS;

	if (!bits)
		*to &= ~bit;
	return !bits || bits >= OF10_PREFIX_ALL;
}

static bool v2_put_plain(const struct cvsw_match *match,
			 struct cvsw_ofp_match *wire)
{
	bool whole = cvsw_of10_match_put(match, wire);
	u32 wild = be32_to_cpu(wire->wildcards);
	u32 to = wild | V2_W_ADDRS;

	if (!whole ||
	    !v2_addr(wild, CVSW_OFP_W_NW_SRC_SHIFT, V2_W_NW_SRC, &to) ||
	    !v2_addr(wild, CVSW_OFP_W_NW_DST_SHIFT, V2_W_NW_DST, &to))
		return false;
	wire->wildcards = cpu_to_be32(to);
	return true;
}

static bool v2_same_match(const struct cvsw_ofp_match *wire,
			  const struct cvsw_match *match)
{
	struct cvsw_match back[2];

	return cvsw_of10_match_get_2014(wire, back) == 1 &&
	       !memcmp(&back[0], match, sizeof(*match));
}

/* the id of a tunnel is where the ports are, and which one it is is for the
 * reader to find out */
static bool v2_put_tunnel(const struct cvsw_match *match,
			  struct cvsw_ofp_match *wire)
{
	static const struct {
		u32	wild;
		u8	shift;
	} tunnels[] = {
		{ 0x010000, 0 }, { 0x020000, 0 }, { 0x040000, 32 },
		{ V2_W_NW_DST, 0 },
	};
	u64 id = be64_to_cpu(match->value.tun_id);
	struct cvsw_match plain = *match;
	unsigned int i;

	plain.value.tun_id = plain.mask.tun_id = 0;
	plain.value.tp_src = plain.mask.tp_src = 0;
	plain.value.tp_dst = plain.mask.tp_dst = 0;
	for (i = 0; i < ARRAY_SIZE(tunnels); i++) {
		if (!v2_put_plain(&plain, wire))
			return false;
		wire->wildcards &= cpu_to_be32(~tunnels[i].wild);
		wire->tp_src = cpu_to_be16((u16)(id >> tunnels[i].shift >> 16));
		wire->tp_dst = cpu_to_be16((u16)(id >> tunnels[i].shift));
		if (v2_same_match(wire, match))
			return true;
	}
	return false;
}

static bool v2_put_match(const struct cvsw_match *match,
			 struct cvsw_ofp_match *wire)
{
	memset(wire, 0, sizeof(*wire));
	if (match->mask.tun_id)
		return v2_put_tunnel(match, wire);
	return v2_put_plain(match, wire) && v2_same_match(wire, match);
}

/* Actions */

static int v2_put_action(const struct cvsw_action *act, u8 *buf, u32 room)
{
	bool whole = true;
	int n;

	if (act->type == CVSW_ACT_PUSH || act->type == CVSW_ACT_POP)
		return cvsw_legacy_action_put(act, buf, room);
	n = cvsw_of10_actions_put(act, 1, buf, room, &whole);
	return whole ? n : -EOPNOTSUPP;
}

/* to the other port is where all goes that is not sent; what is dropped has to be
 * sent nowhere */
static int v2_put_actions(const struct cvsw_flow *flow, u8 *buf, u32 room)
{
	const struct cvsw_action nowhere = {
		.type = CVSW_ACT_OUTPUT, .output.port = CVSW_PORT_NONE,
	};
	int n, len = 0;
	u16 i;

	if (!flow->n_actions)
		return v2_put_action(&nowhere, buf, room);
	for (i = 0; i < flow->n_actions; i++) {
		if (i && i + 1 == flow->n_actions &&
		    flow->actions[i].type == CVSW_ACT_OUTPUT &&
		    flow->actions[i].output.port == CVSW_PORT_NORMAL)
			break;
		n = v2_put_action(&flow->actions[i], buf + len, room - (u32)len);
		if (n < 0)
			return n;
		len += n;
	}
	return len;
}

static bool v2_same_actions(const void *list, u32 len,
			    const struct cvsw_flow *flow)
{
	struct cvsw_action acts[CVSW_ACTIONS_MAX];
	struct cvsw_of10_error err;
	int n = cvsw_of10_actions_get(list, len, CVSW_OF10_2014, acts, &err);

	return n == flow->n_actions &&
	       !memcmp(acts, flow->actions, (size_t)n * sizeof(*acts));
}

/* Flow-mods */

static const char *v2_lacks(const struct cvsw_flow_mod *mod)
{
	if (mod->cmd != CVSW_FLOW_ADD && mod->cmd != CVSW_FLOW_DEL &&
	    mod->cmd != CVSW_FLOW_DEL_STRICT)
		return "flow: version 2 of in-band control adds and deletes only";
	if (mod->flow.flags)
		return "flags: version 2 of in-band control has none";
	if (mod->flow.n_opts)
		return "geneve_opt: version 2 of in-band control has none";
	if (mod->cookie_mask || mod->out_port != CVSW_PORT_NONE)
		return "flow: version 2 of in-band control deletes by match only";
	return NULL;
}

int cvsw_v2_put_flow(const struct cvsw_flow_mod *mod, void *buf,
		     const char **why)
{
	const u32 room = CVSW_V2_FLOW_MAX - (u32)sizeof(struct cvsw_ofp_flow_mod);
	const struct cvsw_flow *flow = &mod->flow;
	struct cvsw_ofp_flow_mod *wire = buf;
	int n = 0;

	memset(wire, 0, sizeof(*wire));
	*why = v2_lacks(mod);
	if (!*why && !v2_put_match(&flow->match, &wire->match))
		*why = "match: has no form in version 2 of in-band control";
	if (!*why && mod->cmd == CVSW_FLOW_ADD) {
		n = v2_put_actions(flow, (u8 *)(wire + 1), room);
		if (n < 0 || !v2_same_actions(wire + 1, (u32)n, flow))
			*why = "actions: have no form in version 2 of in-band control";
	}
	if (*why)
		return -EOPNOTSUPP;
	wire->header.version = CVSW_OFP_VERSION;
	wire->header.type = CVSW_OFP_FLOW_MOD;
	wire->header.length = cpu_to_be16((u16)(sizeof(*wire) + (u32)n));
	wire->cookie = cpu_to_be64(flow->cookie);
	wire->command = cpu_to_be16(mod->cmd);
	wire->idle_timeout = cpu_to_be16(flow->idle_timeout);
	wire->hard_timeout = cpu_to_be16(flow->hard_timeout);
	wire->priority = cpu_to_be16(flow->priority);
	wire->out_port = cpu_to_be16(CVSW_PORT_NONE);
	return (int)sizeof(*wire) + n;
}

/* Offloads */

int cvsw_v2_put_offload(u32 device)
{
	static const struct {
		u32	device;
		int	word;
	} words[] = {
		{ CVSW_DEVICE_CSUM | CVSW_DEVICE_RX_CSUM, CVSW_INBAND_V2_CSUM },
		{ CVSW_DEVICE_TSO, CVSW_INBAND_V2_TSO },
		{ CVSW_DEVICE_USO, CVSW_INBAND_V2_UFO },
		{ CVSW_DEVICE_GSO, CVSW_INBAND_V2_GSO },
		{ CVSW_DEVICE_GRO, CVSW_INBAND_V2_GRO },
	};
	unsigned int i;
	int to = 0;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if ((device & words[i].device) != words[i].device)
			continue;
		device &= ~words[i].device;
		to |= words[i].word;
	}
	return device ? -EOPNOTSUPP : to;
}

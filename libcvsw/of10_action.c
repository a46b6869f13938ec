// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Actions of OpenFlow 1.0: the twelve of the specification, Nicira's that we
 * know, and the tunnel actions of 2014, which travel inside of vendor actions.
 */

#include "of10.h"

#include "hdr.h"
#include "legacy.h"

#define OF10_ACT_ALIGN		8
#define OF10_ACT_MIN		8

const u8 cvsw_of10_act_len[CVSW_OFP_ACTIONS] = {
	[CVSW_ACT_OUTPUT]	= sizeof(struct cvsw_ofp_action_output),
	[CVSW_ACT_SET_VLAN_VID]	= sizeof(struct cvsw_ofp_action_vlan_vid),
	[CVSW_ACT_SET_VLAN_PCP]	= sizeof(struct cvsw_ofp_action_vlan_pcp),
	[CVSW_ACT_STRIP_VLAN]	= sizeof(struct cvsw_ofp_action_strip_vlan),
	[CVSW_ACT_SET_DL_SRC]	= sizeof(struct cvsw_ofp_action_dl_addr),
	[CVSW_ACT_SET_DL_DST]	= sizeof(struct cvsw_ofp_action_dl_addr),
	[CVSW_ACT_SET_NW_SRC]	= sizeof(struct cvsw_ofp_action_nw_addr),
	[CVSW_ACT_SET_NW_DST]	= sizeof(struct cvsw_ofp_action_nw_addr),
	[CVSW_ACT_SET_NW_TOS]	= sizeof(struct cvsw_ofp_action_nw_tos),
	[CVSW_ACT_SET_TP_SRC]	= sizeof(struct cvsw_ofp_action_tp_port),
	[CVSW_ACT_SET_TP_DST]	= sizeof(struct cvsw_ofp_action_tp_port),
	[CVSW_ACT_ENQUEUE]	= sizeof(struct cvsw_ofp_action_enqueue),
};

/**
 * struct of10_act_in - one action that is being read
 * @wire:  from its type on
 * @len:   its bytes, by its own length
 * @type:  its type
 * @place: where it stands
 */
struct of10_act_in {
	const void		*wire;
	u16			len;
	u16			type;
	enum cvsw_of10_place	place;
};

static int of10_act_refuse(struct cvsw_of10_error *err, u16 code,
			   const char *text)
{
	return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_ACTION, code, text);
}

/* Read.  Each returns 1, 0 when the action does nothing, or -EINVAL */

static bool of10_is_port(u16 port)
{
	return port != CVSW_PORT_ANY && port <= CVSW_PORT_MAX;
}

static bool of10_is_out_port(u16 port, enum cvsw_of10_place place)
{
	switch (port) {
	case CVSW_PORT_IN_PORT:
	case CVSW_PORT_NORMAL:
	case CVSW_PORT_FLOOD:
	case CVSW_PORT_ALL:
	case CVSW_PORT_CONTROLLER:
	case CVSW_PORT_LOCAL:
		return true;
	case CVSW_PORT_TABLE:
		return place == CVSW_OF10_PACKET_OUT;
	case CVSW_PORT_NONE:
		return place == CVSW_OF10_2014;
	default:
		return of10_is_port(port);
	}
}

/* ENQUEUE and resubmit */
static bool of10_is_plain_port(u16 port)
{
	return of10_is_port(port) || port == CVSW_PORT_IN_PORT ||
	       port == CVSW_PORT_LOCAL;
}

static int of10_get_output(const struct of10_act_in *in,
			   struct cvsw_action *act, struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action_output *wire = in->wire;

	act->output.port = be16_to_cpu(wire->port);
	/* of other ports too: controllers compare what they are told with what
	 * they said */
	if (act->output.port != CVSW_PORT_NONE)
		act->output.max_len = be16_to_cpu(wire->max_len);
	if (!of10_is_out_port(act->output.port, in->place))
		return of10_act_refuse(err, CVSW_OFP_ACTION_OUT_PORT,
				       "output: no such port number");
	return 1;
}

static int of10_get_enqueue(const struct of10_act_in *in,
			    struct cvsw_action *act,
			    struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action_enqueue *wire = in->wire;

	act->output.port = be16_to_cpu(wire->port);
	act->output.queue = be32_to_cpu(wire->queue_id);
	if (!of10_is_plain_port(act->output.port))
		return of10_act_refuse(err, CVSW_OFP_ACTION_OUT_PORT,
				       "enqueue: no such port number");
	if (act->output.queue > CVSW_QUEUE_MAX)
		return of10_act_refuse(err, CVSW_OFP_ACTION_QUEUE,
				       "enqueue: no such queue number");
	return 1;
}

static int of10_get_vlan(const struct of10_act_in *in, struct cvsw_action *act,
			 struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action_vlan_vid *vid = in->wire;
	const struct cvsw_ofp_action_vlan_pcp *pcp = in->wire;

	if (in->type == CVSW_ACT_SET_VLAN_PCP)
		act->vlan = pcp->vlan_pcp;
	else
		act->vlan = be16_to_cpu(vid->vlan_vid);
	if (in->type == CVSW_ACT_SET_VLAN_PCP && act->vlan > 7)
		return of10_act_refuse(err, CVSW_OFP_ACTION_ARGUMENT,
				       "set_vlan_pcp: above 7");
	if (act->vlan > CVSW_VLAN_VID_MASK)
		return of10_act_refuse(err, CVSW_OFP_ACTION_ARGUMENT,
				       "set_vlan_vid: above 4095");
	return 1;
}

static int of10_get_tos(const struct of10_act_in *in, struct cvsw_action *act,
			struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action_nw_tos *wire = in->wire;

	act->tos = wire->nw_tos;
	if (act->tos & ~CVSW_TOS_DSCP_MASK)
		return of10_act_refuse(err, CVSW_OFP_ACTION_ARGUMENT,
				       "set_nw_tos: low bits set");
	return 1;
}

/* one of the twelve */
static int of10_get_standard(const struct of10_act_in *in,
			     struct cvsw_action *act,
			     struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action_dl_addr *dl = in->wire;
	const struct cvsw_ofp_action_nw_addr *nw = in->wire;
	const struct cvsw_ofp_action_tp_port *tp = in->wire;

	if (in->len != cvsw_of10_act_len[in->type])
		return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
				       "action: length is not that of its type");
	act->type = in->type;
	switch (in->type) {
	case CVSW_ACT_OUTPUT:
		return of10_get_output(in, act, err);
	case CVSW_ACT_ENQUEUE:
		return of10_get_enqueue(in, act, err);
	case CVSW_ACT_SET_VLAN_VID:
	case CVSW_ACT_SET_VLAN_PCP:
		return of10_get_vlan(in, act, err);
	case CVSW_ACT_SET_NW_TOS:
		return of10_get_tos(in, act, err);
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		memcpy(act->mac, dl->dl_addr, sizeof(act->mac));
		return 1;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		memcpy(act->nw, nw->nw_addr, sizeof(nw->nw_addr));
		return 1;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		act->tp = tp->tp_port;
		return 1;
	default:		/* STRIP_VLAN */
		return 1;
	}
}

/* an action of 2014 of @len bytes; @unknown: the code when it is none */
static int of10_get_2014(const void *body, u32 len, u16 unknown,
			 struct cvsw_action *act, struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action *head = body;
	u32 nr = (u32)be16_to_cpu(head->type) - CVSW_LEGACY_FIRST;
	struct cvsw_error fault;
	int ret;

	if (nr > CVSW_LEGACY_LAST - CVSW_LEGACY_FIRST)
		return of10_act_refuse(err, unknown, "action: unknown type");
	if (len != (nr % 2 ? CVSW_LEGACY_STRIP_LEN : CVSW_LEGACY_SET_LEN) ||
	    be16_to_cpu(head->len) != len)
		return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
				       "tunnel action: length is not that of its type");
	ret = cvsw_legacy_action_parse(body, len, act, &fault);
	if (ret == -EOPNOTSUPP)
		return of10_act_refuse(err, unknown, fault.text);
	if (ret < 0)
		return of10_act_refuse(err, CVSW_OFP_ACTION_ARGUMENT,
				       fault.text);
	return 1;
}

static int of10_get_resubmit(const struct of10_act_in *in,
			     struct cvsw_action *act,
			     struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_resubmit *wire = in->wire;

	if (in->len != sizeof(*wire))
		return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
				       "resubmit: length");
	if (be16_to_cpu(wire->subtype) == CVSW_OFP_NX_RESUBMIT_TABLE &&
	    wire->table && wire->table != CVSW_OFP_TABLE_ALL)
		return of10_act_refuse(err, CVSW_OFP_ACTION_ARGUMENT,
				       "resubmit: there is table 0 only");
	act->type = CVSW_ACT_RESUBMIT;
	act->output.port = be16_to_cpu(wire->in_port);
	if (!of10_is_plain_port(act->output.port))
		return of10_act_refuse(err, CVSW_OFP_ACTION_ARGUMENT,
				       "resubmit: no such port number");
	return 1;
}

static int of10_get_set_tunnel(const struct of10_act_in *in,
			       struct cvsw_action *act,
			       struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_set_tunnel *wire = in->wire;
	const struct cvsw_ofp_nx_set_tunnel64 *wire64 = in->wire;
	bool is64 = be16_to_cpu(wire->subtype) == CVSW_OFP_NX_SET_TUNNEL64;

	if (in->len != (is64 ? sizeof(*wire64) : sizeof(*wire)))
		return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
				       "set_tunnel: length");
	act->type = CVSW_ACT_SET_TUNNEL;
	act->tun_id = is64 ? wire64->tun_id :
		      cpu_to_be64(be32_to_cpu(wire->tun_id));
	return 1;
}

/* how Open vSwitch has set_field, of which we know one more way to say
 * set_tunnel */
static int of10_get_reg_load(const struct of10_act_in *in,
			     struct cvsw_action *act,
			     struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_reg_load *wire = in->wire;

	if (in->len != sizeof(*wire))
		return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
				       "load: length");
	if (be32_to_cpu(wire->dst) != CVSW_OFP_NXM_TUN_ID ||
	    be16_to_cpu(wire->ofs_nbits) != 63)
		return of10_act_refuse(err, CVSW_OFP_ACTION_ARGUMENT,
				       "load: of the whole tun_id only");
	act->type = CVSW_ACT_SET_TUNNEL;
	act->tun_id = wire->value;
	return 1;
}

static int of10_get_nicira(const struct of10_act_in *in,
			   struct cvsw_action *act, struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_action *wire = in->wire;

	if (in->len < sizeof(*wire))
		return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
				       "vendor action: truncated");
	switch (be16_to_cpu(wire->subtype)) {
	case CVSW_OFP_NX_RESUBMIT:
	case CVSW_OFP_NX_RESUBMIT_TABLE:
		return of10_get_resubmit(in, act, err);
	case CVSW_OFP_NX_NOTE:
		return 0;
	case CVSW_OFP_NX_SET_TUNNEL:
	case CVSW_OFP_NX_SET_TUNNEL64:
		return of10_get_set_tunnel(in, act, err);
	case CVSW_OFP_NX_REG_LOAD:
		return of10_get_reg_load(in, act, err);
	default:
		return of10_act_refuse(err, CVSW_OFP_ACTION_VENDOR_TYPE,
				       "vendor action: unknown subtype");
	}
}

static int of10_get_vendor(const struct of10_act_in *in,
			   struct cvsw_action *act, struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action_vendor *wire = in->wire;

	switch (be32_to_cpu(wire->vendor)) {
	case CVSW_OFP_NX_VENDOR:
		return of10_get_nicira(in, act, err);
	case CVSW_OFP_VENDOR_ID:
		if (in->len < sizeof(*wire) + CVSW_LEGACY_STRIP_LEN)
			return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
					       "vendor action: truncated");
		return of10_get_2014(wire + 1, in->len - (u32)sizeof(*wire),
				     CVSW_OFP_ACTION_VENDOR_TYPE, act, err);
	default:
		return of10_act_refuse(err, CVSW_OFP_ACTION_VENDOR,
				       "vendor action: unknown vendor");
	}
}

static int of10_act_get(const struct of10_act_in *in, struct cvsw_action *act,
			struct cvsw_of10_error *err)
{
	memset(act, 0, sizeof(*act));
	if (in->type < CVSW_OFP_ACTIONS)
		return of10_get_standard(in, act, err);
	if (in->type == CVSW_OFP_ACT_VENDOR)
		return of10_get_vendor(in, act, err);
	if (in->place == CVSW_OF10_2014)
		return of10_get_2014(in->wire, in->len, CVSW_OFP_ACTION_TYPE,
				     act, err);
	return of10_act_refuse(err, CVSW_OFP_ACTION_TYPE,
			       "action: unknown type");
}

/* type and length of the action at @at, @left bytes before the end */
static int of10_act_head(const u8 *at, u32 left, struct of10_act_in *in,
			 struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_action *head = (const void *)at;

	in->wire = at;
	in->type = be16_to_cpu(head->type);
	in->len = be16_to_cpu(head->len);
	if (in->len < OF10_ACT_MIN || in->len % OF10_ACT_ALIGN ||
	    in->len > left)
		return of10_act_refuse(err, CVSW_OFP_ACTION_LEN,
				       "action: impossible length");
	return 0;
}

/* a list of 2014: what it says of where to */
static int of10_end_2014(struct cvsw_action *acts, unsigned int n,
			 struct cvsw_of10_error *err)
{
	bool out = false;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (acts[i].type == CVSW_ACT_OUTPUT &&
		    acts[i].output.port == CVSW_PORT_NONE)
			return 0;
		if (acts[i].type == CVSW_ACT_OUTPUT ||
		    acts[i].type == CVSW_ACT_ENQUEUE)
			out = true;
	}
	if (out)
		return (int)n;
	if (n == CVSW_ACTIONS_MAX)
		return of10_act_refuse(err, CVSW_OFP_ACTION_TOO_MANY,
				       "too many actions");
	acts[n] = (struct cvsw_action){
		.type = CVSW_ACT_OUTPUT,
		.output = { .port = CVSW_PORT_NORMAL },
	};
	return (int)n + 1;
}

int cvsw_of10_actions_get(const void *list, u32 len, enum cvsw_of10_place place,
			  struct cvsw_action *acts, struct cvsw_of10_error *err)
{
	struct of10_act_in in = { .place = place };
	struct cvsw_action act;
	const u8 *at = list;
	unsigned int n = 0;
	int ret;

	if (len % OF10_ACT_ALIGN)
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
					CVSW_OFP_REQUEST_LEN,
					"actions: not a multiple of 8 bytes");
	for (; len; at += in.len, len -= in.len) {
		ret = of10_act_head(at, len, &in, err) ?:
		      of10_act_get(&in, &act, err);
		if (ret < 0)
			return ret;
		if (ret && n == CVSW_ACTIONS_MAX)
			return of10_act_refuse(err, CVSW_OFP_ACTION_TOO_MANY,
					       "too many actions");
		if (ret)
			acts[n++] = act;
	}
	return place == CVSW_OF10_2014 ? of10_end_2014(acts, n, err) : (int)n;
}

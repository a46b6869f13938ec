// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Actions of OpenFlow 1.0, written. */

#include "of10.h"

#include "hdr.h"
#include "legacy.h"

#define OF10_ACT_MAX		(sizeof(struct cvsw_ofp_action_vendor) + \
				 CVSW_LEGACY_SET_LEN)
#define OF10_NOTE_LEN		24	/* of a note that we write */

/* Write.  Each fills zeroed memory and returns how many bytes that are */

/* Nicira's @subtype of @len bytes */
static u32 of10_put_nicira(u16 subtype, u16 len, void *buf)
{
	struct cvsw_ofp_nx_action *wire = buf;

	wire->type = cpu_to_be16(CVSW_OFP_ACT_VENDOR);
	wire->len = cpu_to_be16(len);
	wire->vendor = cpu_to_be32(CVSW_OFP_NX_VENDOR);
	wire->subtype = cpu_to_be16(subtype);
	return len;
}

/* in place of an action that has no form */
static u32 of10_put_note(const char *name, void *buf, bool *whole)
{
	u8 *text = (u8 *)buf + offsetof(struct cvsw_ofp_nx_action, pad);

	if (whole)
		*whole = false;
	memcpy(text, name, strlen(name));
	return of10_put_nicira(CVSW_OFP_NX_NOTE, OF10_NOTE_LEN, buf);
}

/* as what ovs-ofctl makes of the usual ways to say so, resubmit:PORT and
 * resubmit(,0) */
static u32 of10_put_resubmit(const struct cvsw_action *act, void *buf)
{
	struct cvsw_ofp_nx_resubmit *wire = buf;
	bool table = act->output.port == CVSW_PORT_IN_PORT;

	wire->in_port = cpu_to_be16(act->output.port);
	return of10_put_nicira(table ? CVSW_OFP_NX_RESUBMIT_TABLE :
			       CVSW_OFP_NX_RESUBMIT, sizeof(*wire), buf);
}

/* in 64 bits if it needs them */
static u32 of10_put_set_tunnel(const struct cvsw_action *act, void *buf)
{
	struct cvsw_ofp_nx_set_tunnel *wire = buf;
	struct cvsw_ofp_nx_set_tunnel64 *wire64 = buf;
	u64 id = be64_to_cpu(act->tun_id);

	if (id >> 32) {
		wire64->tun_id = act->tun_id;
		return of10_put_nicira(CVSW_OFP_NX_SET_TUNNEL64,
				       sizeof(*wire64), buf);
	}
	wire->tun_id = cpu_to_be32((u32)id);
	return of10_put_nicira(CVSW_OFP_NX_SET_TUNNEL, sizeof(*wire), buf);
}

static u32 of10_put_tunnel(const struct cvsw_action *act, void *buf,
			   bool *whole)
{
	struct cvsw_ofp_action_vendor *wire = buf;
	int len = cvsw_legacy_action_put(act, wire + 1, CVSW_LEGACY_SET_LEN);

	if (len < 0)
		return of10_put_note("push", buf, whole);
	len += (int)sizeof(*wire);
	wire->type = cpu_to_be16(CVSW_OFP_ACT_VENDOR);
	wire->len = cpu_to_be16((u16)len);
	wire->vendor = cpu_to_be32(CVSW_OFP_VENDOR_ID);
	return (u32)len;
}

static void of10_put_output(const struct cvsw_action *act, void *buf)
{
	struct cvsw_ofp_action_output *output = buf;
	struct cvsw_ofp_action_enqueue *enqueue = buf;

	output->port = cpu_to_be16(act->output.port);
	if (act->type == CVSW_ACT_ENQUEUE)
		enqueue->queue_id = cpu_to_be32(act->output.queue);
	else
		output->max_len = cpu_to_be16(act->output.max_len);
}

static u32 of10_put_standard(const struct cvsw_action *act, void *buf)
{
	struct cvsw_ofp_action *head = buf;
	struct cvsw_ofp_action_vlan_vid *vid = buf;
	struct cvsw_ofp_action_vlan_pcp *pcp = buf;
	struct cvsw_ofp_action_dl_addr *dl = buf;
	struct cvsw_ofp_action_nw_addr *nw = buf;
	struct cvsw_ofp_action_nw_tos *tos = buf;
	struct cvsw_ofp_action_tp_port *tp = buf;

	head->type = cpu_to_be16(act->type);
	head->len = cpu_to_be16(cvsw_of10_act_len[act->type]);
	switch (act->type) {
	case CVSW_ACT_OUTPUT:
	case CVSW_ACT_ENQUEUE:
		of10_put_output(act, buf);
		break;
	case CVSW_ACT_SET_VLAN_VID:
		vid->vlan_vid = cpu_to_be16(act->vlan);
		break;
	case CVSW_ACT_SET_VLAN_PCP:
		pcp->vlan_pcp = (u8)act->vlan;
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		memcpy(dl->dl_addr, act->mac, sizeof(dl->dl_addr));
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		memcpy(nw->nw_addr, act->nw, sizeof(nw->nw_addr));
		break;
	case CVSW_ACT_SET_NW_TOS:
		tos->nw_tos = act->tos;
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		tp->tp_port = act->tp;
		break;
	}
	return cvsw_of10_act_len[act->type];
}

static u32 of10_act_put(const struct cvsw_action *act, void *buf, bool *whole)
{
	switch (act->type) {
	case CVSW_ACT_OUTPUT:
		if (act->output.port == CVSW_PORT_ROUTE)
			return of10_put_note("output:route", buf, whole);
		return of10_put_standard(act, buf);
	case CVSW_ACT_RESUBMIT:
		return of10_put_resubmit(act, buf);
	case CVSW_ACT_SET_TUNNEL:
		return of10_put_set_tunnel(act, buf);
	case CVSW_ACT_PUSH:
	case CVSW_ACT_POP:
		return of10_put_tunnel(act, buf, whole);
	case CVSW_ACT_SET_IPV6_SRC:
		return of10_put_note("set_ipv6_src", buf, whole);
	case CVSW_ACT_SET_IPV6_DST:
		return of10_put_note("set_ipv6_dst", buf, whole);
	case CVSW_ACT_TUNNEL_OPT:
		return of10_put_note("tunnel_opt", buf, whole);
	default:
		return of10_put_standard(act, buf);
	}
}

int cvsw_of10_actions_put(const struct cvsw_action *acts, unsigned int n,
			  void *buf, u32 room, bool *whole)
{
	u8 wire[OF10_ACT_MAX];
	u32 len = 0, one;
	unsigned int i;

	for (i = 0; i < n; i++) {
		memset(wire, 0, sizeof(wire));
		one = of10_act_put(&acts[i], wire, whole);
		if (one > room - len)
			return -EMSGSIZE;
		memcpy((u8 *)buf + len, wire, one);
		len += one;
	}
	return (int)len;
}

void cvsw_of10_actions_note(void *list, u32 len)
{
	const u32 text = offsetof(struct cvsw_ofp_nx_action, pad);
	struct cvsw_ofp_action_vendor *wire;
	u8 *at = list, *end = at + len;
	u16 one;

	for (; at < end; at += one) {
		wire = (void *)at;
		one = be16_to_cpu(wire->len);
		if (wire->type != cpu_to_be16(CVSW_OFP_ACT_VENDOR) ||
		    wire->vendor != cpu_to_be32(CVSW_OFP_VENDOR_ID))
			continue;
		memset(at + text, 0, one - text);
		memcpy(at + text, one > OF10_NOTE_LEN ? "push" : "pop", 4);
		of10_put_nicira(CVSW_OFP_NX_NOTE, one, at);
	}
}

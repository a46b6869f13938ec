// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "undo.h"

#include "action.h"
#include "key.h"

/* words of an action with the longest data */
#define UNDO_WORDS	(sizeof(struct cvsw_act) / 8 + 2)

/* do the action that sets @n bytes of a field to those at @was */
static int undo_field(struct cvsw_pkt *pkt, u8 type, const void *now,
		      const void *was, u32 n)
{
	u64 word[UNDO_WORDS] = {};
	struct cvsw_act *undo = (void *)word;

	if (!memcmp(now, was, n))
		return 0;
	undo->type = type;
	switch (type) {
	case CVSW_ACT_SET_NW_TOS:
		memcpy(&undo->tos, was, n);
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		memcpy(&undo->tp, was, n);
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		memcpy(undo->nw4, was, n);
		break;
	default:
		memcpy(undo->data, was, n);
	}
	return cvsw_action_apply(undo, pkt) ? -ENOMEM : 0;
}

static int undo_vlan(struct cvsw_pkt *pkt, u16 now, u16 was)
{
	if (now == was)
		return 0;
	if (!was)
		return cvsw_pkt_vlan_pop(pkt);
	return cvsw_pkt_vlan_set(pkt, was & (u16)~CVSW_VLAN_PRESENT);
}

static int undo_eth(struct cvsw_pkt *pkt, const struct cvsw_key *now,
		    const struct cvsw_key *was)
{
	return undo_vlan(pkt, now->vlan_tci, was->vlan_tci) ?:
	       undo_field(pkt, CVSW_ACT_SET_DL_SRC, now->dl_src, was->dl_src,
			  sizeof(was->dl_src)) ?:
	       undo_field(pkt, CVSW_ACT_SET_DL_DST, now->dl_dst, was->dl_dst,
			  sizeof(was->dl_dst));
}

static int undo_ip(struct cvsw_pkt *pkt, const struct cvsw_key *now,
		   const struct cvsw_key *was, unsigned int ver)
{
	const u8 tos_now = now->nw_tos & CVSW_TOS_DSCP_MASK;
	const u8 tos_was = was->nw_tos & CVSW_TOS_DSCP_MASK;
	const u32 n = ver == 4 ? 4 : 16;

	return undo_field(pkt, CVSW_ACT_SET_NW_TOS, &tos_now, &tos_was, 1) ?:
	       undo_field(pkt, ver == 4 ? CVSW_ACT_SET_NW_SRC :
					  CVSW_ACT_SET_IPV6_SRC,
			  now->nw_src, was->nw_src, n) ?:
	       undo_field(pkt, ver == 4 ? CVSW_ACT_SET_NW_DST :
					  CVSW_ACT_SET_IPV6_DST,
			  now->nw_dst, was->nw_dst, n);
}

static int undo_tp(struct cvsw_pkt *pkt, const struct cvsw_key *now,
		   const struct cvsw_key *was)
{
	return undo_field(pkt, CVSW_ACT_SET_TP_SRC, &now->tp_src, &was->tp_src,
			  sizeof(was->tp_src)) ?:
	       undo_field(pkt, CVSW_ACT_SET_TP_DST, &now->tp_dst, &was->tp_dst,
			  sizeof(was->tp_dst));
}

int cvsw_undo(struct cvsw_pkt *pkt, const struct cvsw_key *was, u8 frag_mode)
{
	struct cvsw_key now;
	unsigned int ver;

	cvsw_key_extract(pkt, frag_mode, &now);
	ver = cvsw_ip_version(pkt);
	return undo_eth(pkt, &now, was) ?:
	       (ver ? undo_ip(pkt, &now, was, ver) : 0) ?:
	       undo_tp(pkt, &now, was);
}

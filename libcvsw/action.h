/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_ACTION_H
#define CVSW_ACTION_H

/*
 * Actions: a list is checked once, compiled into a blob that lies in its flow,
 * and run from there frame by frame.
 *
 * A blob is a row of struct cvsw_act, const once made, any number of readers.
 * Whoever runs it (input.c) walks it with cvsw_act_first() and _next(), does
 * OUTPUT, ENQUEUE, RESUBMIT, PUSH and POP itself, and hands everything else to
 * cvsw_action_apply().
 */

#include <cvsw/drop.h>
#include <cvsw/flow.h>
#include <cvsw/switch.h>

#include "hdr.h"
#include "ip.h"
#include "pkt_ops.h"
#include "tunnel.h"

/**
 * struct cvsw_act - one compiled action, 8-byte aligned
 * @type:    enum cvsw_action_type, or CVSW_ACT_END
 * @words:   its size in 8-byte words, CVSW_ACT_LAST set in the last of a blob
 * @port:    OUTPUT, ENQUEUE, RESUBMIT
 * @vlan:    SET_VLAN_VID, SET_VLAN_PCP
 * @tp:      SET_TP_SRC, SET_TP_DST
 * @tos:     SET_NW_TOS
 * @kind:    POP
 * @max_len: OUTPUT
 * @queue:   ENQUEUE
 * @nw4:     SET_NW_SRC, SET_NW_DST
 * @data:    SET_DL_*: the MAC; SET_IPV6_*: the address; PUSH: struct
 *           cvsw_act_push; TUNNEL_OPT: the option; SET_TUNNEL: the id
 */
struct cvsw_act {
	u8	type;
	u8	words;
	union {
		u16	port;
		u16	vlan;
		__be16	tp;
		u8	tos;
		u8	kind;
	};
	union {
		u16	max_len;
		u32	queue;
		u8	nw4[4];
	};
	u64	data[];
};
static_assert(sizeof(struct cvsw_act) == 8, "an output is 8 bytes");

#define CVSW_ACT_END	0xff	/* alone in the blob of an empty list */
#define CVSW_ACT_LAST	0x80	/* in cvsw_act.words */

/* max_len of an OUTPUT to CVSW_PORT_ROUTE that the list does not have */
#define CVSW_ACT_IMPLIED	0xffff

/**
 * struct cvsw_act_push - the data of a PUSH
 * @tun:  what it was made from
 * @tmpl: what a push copies; options of TUNNEL_OPTs before it included
 */
struct cvsw_act_push {
	struct cvsw_tunnel		tun;
	struct cvsw_tunnel_template	tmpl;
};

/* the data of a PUSH */
static inline struct cvsw_act_push *cvsw_act_push(const struct cvsw_act *act)
{
	return (void *)act->data;
}

/* Install */

/**
 * cvsw_action_check - may a flow have this list?
 * @err: receives index and text of the action at fault; may be NULL
 * Return: 0 or -EINVAL.
 */
int cvsw_action_check(const struct cvsw_action *list, unsigned int n,
		      struct cvsw_error *err);

/** cvsw_action_check_out - the same for a packet-out, which may output to
 * CVSW_PORT_TABLE */
int cvsw_action_check_out(const struct cvsw_action *list, unsigned int n,
			  struct cvsw_error *err);

/** cvsw_action_size - bytes of the blob of a checked list, a multiple of 8 */
size_t cvsw_action_size(const struct cvsw_action *list, unsigned int n);

/** cvsw_action_compile - write it to @blob, 8-byte aligned, of that size */
void cvsw_action_compile(const struct cvsw_action *list, unsigned int n,
			 void *blob);

/* Look */

/** cvsw_action_blob_size - bytes of a blob, or of what is left of it */
size_t cvsw_action_blob_size(const void *blob);

/** cvsw_action_blob_go_on - have the last action of a blob, which is not empty,
 * followed by what is behind it in memory */
void cvsw_action_blob_go_on(void *blob);

/**
 * cvsw_action_list - the list that @blob was made from
 * @out: receives its first @max actions
 * Return: how many it has.
 */
unsigned int cvsw_action_list(const void *blob, struct cvsw_action *out,
			      unsigned int max);

/** cvsw_action_get - @act as it was in the list */
void cvsw_action_get(const struct cvsw_act *act, struct cvsw_action *out);

/**
 * cvsw_action_pushes - hand the template of each PUSH in @blob to @each
 *
 * Until it returns non-zero, which is returned.
 */
int cvsw_action_pushes(void *blob,
		       int (*each)(void *arg, struct cvsw_act_push *push),
		       void *arg);

/** cvsw_action_outputs_to - does it OUTPUT or ENQUEUE to @port? */
bool cvsw_action_outputs_to(const void *blob, u16 port);

/** cvsw_act_first - the first action of a blob, NULL when it is empty */
static inline const struct cvsw_act *cvsw_act_first(const void *blob)
{
	const struct cvsw_act *act = blob;

	return act->type == CVSW_ACT_END ? NULL : act;
}

/** cvsw_act_is_last - is there none behind it? */
static inline bool cvsw_act_is_last(const struct cvsw_act *act)
{
	return act->words & CVSW_ACT_LAST;
}

/** cvsw_act_next - the action behind @act, NULL at the end */
static inline const struct cvsw_act *cvsw_act_next(const struct cvsw_act *act)
{
	if (cvsw_act_is_last(act))
		return NULL;
	return (const void *)((const u64 *)act + act->words);
}

/* Frames */

/* out of line part of cvsw_action_apply() */
enum cvsw_drop __must_check
cvsw_action_apply_any(struct cvsw_pkt *pkt, const struct cvsw_act *act);

/**
 * cvsw_action_apply - do one action that only rewrites the frame
 * @act: the action
 * @pkt: the frame; parse results right or unknown (l3 is 0), and so they are
 *       afterwards
 *
 * An action on a layer that the frame does not have does nothing.  Checksums
 * stay as right or wrong as they were.
 *
 * Return: CVSW_DROP_NONE, or why the frame must be dropped; it is still the
 * caller's.
 */
static __always_inline enum cvsw_drop __must_check
cvsw_action_apply(const struct cvsw_act *act, struct cvsw_pkt *pkt)
{
	if (act->type == CVSW_ACT_SET_NW_TOS)
		return cvsw_ip_tos_set(pkt, act->tos, CVSW_TOS_DSCP_MASK);
	return cvsw_action_apply_any(pkt, act);
}

#endif /* CVSW_ACTION_H */

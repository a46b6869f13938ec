// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Action lists: checked, compiled into blobs, and looked at. */

#include "action.h"

/* Check */

static bool action_is_port(u16 port)
{
	return port != CVSW_PORT_ANY && port <= CVSW_PORT_MAX;
}

static const char *action_output_fault(const struct cvsw_action *act,
				       bool packet_out)
{
	if (act->output.queue)
		return "output: queue is not zero";
	switch (act->output.port) {
	case CVSW_PORT_IN_PORT:
	case CVSW_PORT_NORMAL:
	case CVSW_PORT_FLOOD:
	case CVSW_PORT_ALL:
	case CVSW_PORT_CONTROLLER:
	case CVSW_PORT_LOCAL:
		return NULL;
	case CVSW_PORT_ROUTE:
		return act->output.max_len ? "output: max_len is not zero" :
		       NULL;
	case CVSW_PORT_TABLE:
		return packet_out ? NULL : "output: to table, in a flow";
	default:
		return action_is_port(act->output.port) ? NULL :
		       "output: no such port number";
	}
}

static const char *action_enqueue_fault(const struct cvsw_action *act)
{
	if (act->output.max_len)
		return "enqueue: max_len is not zero";
	if (action_is_port(act->output.port) ||
	    act->output.port == CVSW_PORT_IN_PORT ||
	    act->output.port == CVSW_PORT_LOCAL)
		return NULL;
	return "enqueue: no such port number";
}

static const char *action_resubmit_fault(const struct cvsw_action *act)
{
	if (act->output.max_len || act->output.queue)
		return "resubmit: takes a port only";
	if (action_is_port(act->output.port) ||
	    act->output.port == CVSW_PORT_IN_PORT ||
	    act->output.port == CVSW_PORT_LOCAL)
		return NULL;
	return "resubmit: no such port number";
}

static const char *action_nw_fault(const struct cvsw_action *act)
{
	u8 any = 0;
	unsigned int i;

	for (i = 4; i < sizeof(act->nw); i++)
		any |= act->nw[i];
	return any ? "address: more than an IPv4 address" : NULL;
}

/* everything but PUSH and POP */
static const char *action_fault(const struct cvsw_action *act, bool packet_out)
{
	if (act->pad[0] | act->pad[1] | act->pad[2])
		return "pad is not zero";
	switch (act->type) {
	case CVSW_ACT_OUTPUT:
		return action_output_fault(act, packet_out);
	case CVSW_ACT_ENQUEUE:
		return action_enqueue_fault(act);
	case CVSW_ACT_RESUBMIT:
		return action_resubmit_fault(act);
	case CVSW_ACT_SET_VLAN_VID:
		return act->vlan > CVSW_VLAN_VID_MASK ?
		       "VLAN id above 4095" : NULL;
	case CVSW_ACT_SET_VLAN_PCP:
		return act->vlan > CVSW_VLAN_PCP_MASK >> CVSW_VLAN_PCP_SHIFT ?
		       "VLAN priority above 7" : NULL;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		return action_nw_fault(act);
	case CVSW_ACT_SET_NW_TOS:
		return act->tos & ~CVSW_TOS_DSCP_MASK ?
		       "tos: low bits set" : NULL;
	case CVSW_ACT_STRIP_VLAN:
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
	case CVSW_ACT_SET_IPV6_SRC:
	case CVSW_ACT_SET_IPV6_DST:
	case CVSW_ACT_PUSH:
	case CVSW_ACT_POP:
	case CVSW_ACT_TUNNEL_OPT:
	case CVSW_ACT_SET_TUNNEL:
		return NULL;
	default:
		return "unknown action";
	}
}

static int action_pop_check(const struct cvsw_action *act,
			    struct cvsw_error *err)
{
	const struct cvsw_tunnel only = { .kind = act->tunnel.kind };

	if (!cvsw_tunnel_type_get(only.kind)) {
		err->text = "tunnel: unknown kind";
		return -EINVAL;
	}
	if (memcmp(&act->tunnel, &only, sizeof(only))) {
		err->text = "pop: takes a kind only";
		return -EINVAL;
	}
	return 0;
}

static int action_check_one(const struct cvsw_action *act, bool packet_out,
			    struct cvsw_error *err)
{
	err->text = action_fault(act, packet_out);
	if (err->text)
		return -EINVAL;
	switch (act->type) {
	case CVSW_ACT_PUSH:
		return cvsw_tunnel_check(&act->tunnel, err);
	case CVSW_ACT_POP:
		return action_pop_check(act, err);
	case CVSW_ACT_TUNNEL_OPT:
		return cvsw_tunnel_opt_check(&act->opt, err);
	default:
		return 0;
	}
}

/*
 * struct action_before - what matters of the actions before one
 * @opts:   bytes of the TUNNEL_OPTs right before it
 * @pushed: there is a PUSH
 */
struct action_before {
	u32	opts;
	bool	pushed;
};

static const char *action_place_fault(const struct cvsw_action *act,
				      const struct action_before *before)
{
	const struct cvsw_tunnel_type *type;

	switch (act->type) {
	case CVSW_ACT_TUNNEL_OPT:
		return before->opts + cvsw_tunnel_opt_size(&act->opt) >
		       CVSW_TUNNEL_OPTS_MAX ? "option: more than 252 bytes of them" :
		       NULL;
	case CVSW_ACT_PUSH:
		type = cvsw_tunnel_type_get(act->tunnel.kind);
		return before->opts && !type->opts ?
		       "option: this tunnel has none" : NULL;
	case CVSW_ACT_OUTPUT:
		if (act->output.port == CVSW_PORT_ROUTE && !before->pushed)
			return "output: to route, without a push before it";
		break;
	}
	return before->opts ? "option: without a push behind it" : NULL;
}

/* may it stand where it does? */
static int action_place_check(const struct cvsw_action *act, bool last,
			      struct action_before *before,
			      struct cvsw_error *err)
{
	err->text = action_place_fault(act, before);
	if (!err->text && last && act->type == CVSW_ACT_TUNNEL_OPT)
		err->text = "option: without a push behind it";
	if (act->type == CVSW_ACT_TUNNEL_OPT)
		before->opts += cvsw_tunnel_opt_size(&act->opt);
	else
		before->opts = 0;
	before->pushed |= act->type == CVSW_ACT_PUSH;
	return err->text ? -EINVAL : 0;
}

static int action_check_list(const struct cvsw_action *list, unsigned int n,
			     bool packet_out, struct cvsw_error *err)
{
	struct action_before before = {};
	struct cvsw_error fault = {};
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && i < CVSW_ACTIONS_MAX; i++) {
		ret = action_check_one(&list[i], packet_out, &fault) ?:
		      action_place_check(&list[i], i == n - 1, &before, &fault);
		if (ret)
			break;
	}
	if (i == n)
		return 0;
	if (!ret) {
		fault.text = "too many actions";
		ret = -EINVAL;
	}
	fault.index = (s32)i;
	fault.sub = -1;
	if (err)
		*err = fault;
	return ret;
}

int cvsw_action_check(const struct cvsw_action *list, unsigned int n,
		      struct cvsw_error *err)
{
	return action_check_list(list, n, false, err);
}

int cvsw_action_check_out(const struct cvsw_action *list, unsigned int n,
			  struct cvsw_error *err)
{
	return action_check_list(list, n, true, err);
}

/* Compile */

static unsigned int action_words(const struct cvsw_action *act, u32 opts)
{
	switch (act->type) {
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
	case CVSW_ACT_SET_TUNNEL:
		return 2;
	case CVSW_ACT_SET_IPV6_SRC:
	case CVSW_ACT_SET_IPV6_DST:
		return 3;
	case CVSW_ACT_TUNNEL_OPT:
		return 1 + (cvsw_tunnel_opt_size(&act->opt) + 7) / 8;
	case CVSW_ACT_PUSH:
		return (unsigned int)
		       (1 + sizeof(struct cvsw_tunnel) / 8 +
			cvsw_tunnel_template_size(&act->tunnel, opts) / 8);
	default:
		return 1;
	}
}
static_assert(1 + (sizeof(struct cvsw_act_push) + CVSW_TUNNEL_HDR_MAX) / 8 <
	      CVSW_ACT_LAST, "the size of a push fits in cvsw_act.words");

/* does the list end with a push that says not where to, and so sends? */
static bool action_implies_output(const struct cvsw_action *list,
				  unsigned int n)
{
	static const u8 none[CVSW_ETH_ALEN];

	return n && list[n - 1].type == CVSW_ACT_PUSH &&
	       !memcmp(list[n - 1].tunnel.dl_dst, none, sizeof(none));
}

static u32 action_opts(u32 opts, const struct cvsw_action *act)
{
	return act->type == CVSW_ACT_TUNNEL_OPT ?
	       opts + cvsw_tunnel_opt_size(&act->opt) : 0;
}

size_t cvsw_action_size(const struct cvsw_action *list, unsigned int n)
{
	size_t words = n && !action_implies_output(list, n) ? 0 : 1;
	unsigned int i;
	u32 opts = 0;

	for (i = 0; i < n; i++) {
		words += action_words(&list[i], opts);
		opts = action_opts(opts, &list[i]);
	}
	return words * 8;
}

/* the first numbered port that list[@i] and those behind it output to */
static u16 action_out_port(const struct cvsw_action *list, unsigned int n,
			   unsigned int i)
{
	for (; i < n; i++)
		if ((list[i].type == CVSW_ACT_OUTPUT ||
		     list[i].type == CVSW_ACT_ENQUEUE) &&
		    action_is_port(list[i].output.port))
			return list[i].output.port;
	return 0;
}

/* does list[@i], which is a PUSH, or one behind it, leave to its way where to
 * send to? */
static bool action_routes(const struct cvsw_action *list, unsigned int n,
			  unsigned int i)
{
	if (action_implies_output(list, n))
		return true;
	for (; i < n; i++)
		if (list[i].type == CVSW_ACT_OUTPUT &&
		    list[i].output.port == CVSW_PORT_ROUTE)
			return true;
	return false;
}

/* list[@i], with the options before it */
static void action_compile_push(const struct cvsw_action *list, unsigned int n,
				unsigned int i, struct cvsw_act_push *push)
{
	unsigned int first = i;

	while (first && list[first - 1].type == CVSW_ACT_TUNNEL_OPT)
		first--;
	push->tun = list[i].tunnel;
	cvsw_tunnel_template_init(&push->tmpl, &list[i].tunnel,
				  &list[first].opt, i - first,
				  sizeof(list[0]));
	push->tmpl.out_port = action_out_port(list, n, i);
	if (action_routes(list, n, i)) {
		push->tmpl.open |= CVSW_TUNNEL_OPEN_PORT;
		push->tmpl.short_len = 0;
	}
}

/* all but PUSH; @out is zero, but for its size */
static void action_compile_one(const struct cvsw_action *act,
			       struct cvsw_act *out)
{
	out->type = (u8)act->type;
	switch (act->type) {
	case CVSW_ACT_OUTPUT:
		out->port = act->output.port;
		out->max_len = act->output.max_len;
		break;
	case CVSW_ACT_ENQUEUE:
	case CVSW_ACT_RESUBMIT:
		out->port = act->output.port;
		out->queue = act->output.queue;
		break;
	case CVSW_ACT_SET_VLAN_VID:
	case CVSW_ACT_SET_VLAN_PCP:
		out->vlan = act->vlan;
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		memcpy(out->data, act->mac, sizeof(act->mac));
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		memcpy(out->nw4, act->nw, sizeof(out->nw4));
		break;
	case CVSW_ACT_SET_NW_TOS:
		out->tos = act->tos;
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		out->tp = act->tp;
		break;
	case CVSW_ACT_SET_IPV6_SRC:
	case CVSW_ACT_SET_IPV6_DST:
		memcpy(out->data, act->nw, sizeof(act->nw));
		break;
	case CVSW_ACT_TUNNEL_OPT:
		memcpy(out->data, &act->opt, cvsw_tunnel_opt_size(&act->opt));
		break;
	case CVSW_ACT_SET_TUNNEL:
		memcpy(out->data, &act->tun_id, sizeof(act->tun_id));
		break;
	case CVSW_ACT_POP:
		out->kind = act->tunnel.kind;
		break;
	}
}

void cvsw_action_compile(const struct cvsw_action *list, unsigned int n,
			 void *blob)
{
	struct cvsw_act *last = blob;
	u64 *word = blob;
	unsigned int i;
	u32 opts = 0;

	memset(blob, 0, cvsw_action_size(list, n));
	if (!n) {
		last->type = CVSW_ACT_END;
		last->words = 1;
	}
	for (i = 0; i < n; i++) {
		last = (void *)word;
		last->words = (u8)action_words(&list[i], opts);
		action_compile_one(&list[i], last);
		if (last->type == CVSW_ACT_PUSH)
			action_compile_push(list, n, i, cvsw_act_push(last));
		opts = action_opts(opts, &list[i]);
		word += last->words;
	}
	if (action_implies_output(list, n)) {
		last = (void *)word;
		last->type = CVSW_ACT_OUTPUT;
		last->words = 1;
		last->port = CVSW_PORT_ROUTE;
		last->max_len = CVSW_ACT_IMPLIED;
	}
	last->words |= CVSW_ACT_LAST;
}

/* Look */

static const struct cvsw_act *action_last(const void *blob)
{
	const struct cvsw_act *act = blob;

	while (!cvsw_act_is_last(act))
		act = cvsw_act_next(act);
	return act;
}

size_t cvsw_action_blob_size(const void *blob)
{
	const struct cvsw_act *act = action_last(blob);

	return (size_t)((const u8 *)act - (const u8 *)blob) +
	       8 * (act->words & (CVSW_ACT_LAST - 1u));
}

void cvsw_action_blob_go_on(void *blob)
{
	size_t off = (size_t)((const u8 *)action_last(blob) - (u8 *)blob);
	struct cvsw_act *last = (void *)((u8 *)blob + off);

	last->words &= CVSW_ACT_LAST - 1u;
}

void cvsw_action_get(const struct cvsw_act *act, struct cvsw_action *out)
{
	const struct cvsw_tunnel_opt *opt = (const void *)act->data;

	memset(out, 0, sizeof(*out));
	out->type = act->type;
	switch (act->type) {
	case CVSW_ACT_OUTPUT:
		out->output.port = act->port;
		out->output.max_len = act->max_len;
		break;
	case CVSW_ACT_ENQUEUE:
	case CVSW_ACT_RESUBMIT:
		out->output.port = act->port;
		out->output.queue = act->queue;
		break;
	case CVSW_ACT_SET_VLAN_VID:
	case CVSW_ACT_SET_VLAN_PCP:
		out->vlan = act->vlan;
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		memcpy(out->mac, act->data, sizeof(out->mac));
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		memcpy(out->nw, act->nw4, sizeof(act->nw4));
		break;
	case CVSW_ACT_SET_NW_TOS:
		out->tos = act->tos;
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		out->tp = act->tp;
		break;
	case CVSW_ACT_SET_IPV6_SRC:
	case CVSW_ACT_SET_IPV6_DST:
		memcpy(out->nw, act->data, sizeof(out->nw));
		break;
	case CVSW_ACT_PUSH:
		out->tunnel = cvsw_act_push(act)->tun;
		break;
	case CVSW_ACT_TUNNEL_OPT:
		memcpy(&out->opt, opt, cvsw_tunnel_opt_size(opt));
		break;
	case CVSW_ACT_SET_TUNNEL:
		memcpy(&out->tun_id, act->data, sizeof(out->tun_id));
		break;
	case CVSW_ACT_POP:
		out->tunnel.kind = act->kind;
		break;
	}
}

static bool action_is_implied(const struct cvsw_act *act)
{
	return act->type == CVSW_ACT_OUTPUT && act->port == CVSW_PORT_ROUTE &&
	       act->max_len == CVSW_ACT_IMPLIED;
}

unsigned int cvsw_action_list(const void *blob, struct cvsw_action *out,
			      unsigned int max)
{
	const struct cvsw_act *act;
	unsigned int n = 0;

	for (act = cvsw_act_first(blob); act; act = cvsw_act_next(act)) {
		if (action_is_implied(act))
			break;
		if (n < max)
			cvsw_action_get(act, &out[n]);
		n++;
	}
	return n;
}

int cvsw_action_pushes(void *blob,
		       int (*each)(void *arg, struct cvsw_act_push *push),
		       void *arg)
{
	const struct cvsw_act *act;
	int ret = 0;

	for (act = cvsw_act_first(blob); act && !ret; act = cvsw_act_next(act))
		if (act->type == CVSW_ACT_PUSH)
			ret = each(arg, cvsw_act_push(act));
	return ret;
}

bool cvsw_action_outputs_to(const void *blob, u16 port)
{
	const struct cvsw_act *act;

	for (act = cvsw_act_first(blob); act; act = cvsw_act_next(act)) {
		if ((act->type == CVSW_ACT_OUTPUT ||
		     act->type == CVSW_ACT_ENQUEUE) && act->port == port)
			return true;
	}
	return false;
}

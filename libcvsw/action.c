// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "action.h"

#include "csum.h"
#include "ip.h"

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

/*
 * Apply: Ethernet.  What each action does is not inlined into the switch over
 * them all, which thereby is a jump and saves no registers.
 */

static noinline enum cvsw_drop action_set_tci(struct cvsw_pkt *pkt, u16 bits,
					      u16 mask)
{
	u16 tci = 0;

	cvsw_pkt_vlan_get(pkt, &tci);
	tci = (u16)((tci & ~mask) | bits);
	return cvsw_pkt_vlan_set(pkt, tci) ? CVSW_DROP_NO_MEMORY :
	       CVSW_DROP_NONE;
}

static noinline enum cvsw_drop action_strip_vlan(struct cvsw_pkt *pkt)
{
	return cvsw_pkt_vlan_pop(pkt) ? CVSW_DROP_NO_MEMORY : CVSW_DROP_NONE;
}

static noinline enum cvsw_drop action_set_mac(struct cvsw_pkt *pkt,
					      const void *mac, u32 off)
{
	u8 *field = cvsw_pkt_writable(pkt, off, CVSW_ETH_ALEN);

	if (unlikely(!field))
		return CVSW_DROP_NO_MEMORY;
	memcpy(field, mac, CVSW_ETH_ALEN);
	return CVSW_DROP_NONE;
}

/* Apply: L4 checksums */

/*
 * Offset of the checksum in the L4 header of an IP packet, 0 when it has none
 * that we know.
 */
static u32 action_check_off(u8 proto, unsigned int ver)
{
	if (proto == CVSW_IPPROTO_TCP)
		return offsetof(struct cvsw_tcp_hdr, check);
	if (proto == CVSW_IPPROTO_UDP)
		return offsetof(struct cvsw_udp_hdr, check);
	if (proto == (ver == 4 ? CVSW_IPPROTO_ICMP : CVSW_IPPROTO_ICMPV6))
		return offsetof(struct cvsw_icmp_hdr, check);
	return 0;
}

/* does the checksum field of pkt->l4 hold the seed of a partial checksum? */
static bool action_is_seed(const struct cvsw_pkt *pkt)
{
	struct cvsw_offload off;

	cvsw_pkt_offload_get(pkt, &off);
	if (off.csum != CVSW_CSUM_PARTIAL)
		return false;
	if (off.tunnel)
		return off.tunnel_csum && off.outer_l4 == pkt->l4;
	return off.csum_start == pkt->l4;
}

/*
 * Bytes under the checksum at @check changed by @diff.  "No checksum" of UDP
 * stays that, over IPv6 also (RFC 6935), and no other becomes it.
 */
static void action_fix_check(__be16 *check, u8 proto, u32 diff)
{
	if (proto != CVSW_IPPROTO_UDP) {
		cvsw_csum_apply(check, diff);
		return;
	}
	if (!*check)
		return;
	cvsw_csum_apply(check, diff);
	if (!*check)
		*check = (__force __be16)0xffff;
}

/* the pseudo header of the L4 checksum changed by @diff; ICMP has none */
static enum cvsw_drop action_fix_pseudo(struct cvsw_pkt *pkt, unsigned int ver,
					u32 diff)
{
	u32 off = action_check_off(pkt->l4_proto, ver);
	__be16 *check;

	if (!pkt->l4 || !off || pkt->l4_proto == CVSW_IPPROTO_ICMP)
		return CVSW_DROP_NONE;
	check = cvsw_pkt_writable(pkt, pkt->l4 + off, sizeof(*check));
	if (unlikely(!check))
		return CVSW_DROP_NO_MEMORY;
	if (action_is_seed(pkt))
		cvsw_csum_apply_seed(check, diff);
	else
		action_fix_check(check, pkt->l4_proto, diff);
	return CVSW_DROP_NONE;
}

/* Apply: IP */

/* @off: of the address in the IPv4 header */
static noinline enum cvsw_drop action_set_nw(struct cvsw_pkt *pkt,
					     const u8 *addr, u32 off)
{
	struct cvsw_ipv4_hdr *ip;
	__be32 from, to;

	if (cvsw_ip_version(pkt) != 4)
		return CVSW_DROP_NONE;
	ip = cvsw_pkt_writable(pkt, pkt->l3, CVSW_IPV4_HLEN);
	if (unlikely(!ip))
		return CVSW_DROP_NO_MEMORY;
	memcpy(&from, (u8 *)ip + off, sizeof(from));
	memcpy(&to, addr, sizeof(to));
	memcpy((u8 *)ip + off, addr, sizeof(to));
	cvsw_csum_replace4(&ip->check, from, to);
	return action_fix_pseudo(pkt, 4, cvsw_csum_diff4(from, to));
}

/* of an IPv6 packet: does a routing header say that it is not yet there? */
static bool action_is_routed(const struct cvsw_pkt *pkt)
{
	u32 off = pkt->l3 + CVSW_IPV6_HLEN;
	const struct cvsw_ipv6_ext_hdr *ext;
	const struct cvsw_ipv6_hdr *ip;
	u8 next;

	ip = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV6_HLEN);
	for (next = ip->nexthdr; off < pkt->l4; next = ext->nexthdr) {
		ext = cvsw_pkt_header(pkt, off, sizeof(*ext));
		if (!ext)
			break;
		if (next == CVSW_IPPROTO_ROUTING && ext->data[1])
			return true;
		if (next == CVSW_IPPROTO_FRAGMENT)
			off += sizeof(struct cvsw_ipv6_frag_hdr);
		else if (next == CVSW_IPPROTO_AH)
			off += (ext->len + 2u) * 4;
		else
			off += (ext->len + 1u) * 8;
	}
	return false;
}

/*
 * @off: of the address in the IPv6 header.  With segments left in a routing
 * header the checksum is over the last of them and not over the destination
 * in the header.  (The home address option of mobile IPv6, which does the same
 * to the source, is not looked for.)
 */
static noinline enum cvsw_drop action_set_ipv6(struct cvsw_pkt *pkt,
					       const void *addr, u32 off)
{
	u8 *field;
	u32 diff;

	if (cvsw_ip_version(pkt) != 6)
		return CVSW_DROP_NONE;
	field = cvsw_pkt_writable(pkt, pkt->l3 + off, 16);
	if (unlikely(!field))
		return CVSW_DROP_NO_MEMORY;
	diff = cvsw_csum_diff16(field, addr);
	memcpy(field, addr, 16);
	if (off == offsetof(struct cvsw_ipv6_hdr, dst) && action_is_routed(pkt))
		return CVSW_DROP_NONE;
	return action_fix_pseudo(pkt, 6, diff);
}

/* Apply: ports */

/*
 * Set the bits of @mask in the word at @off of the L4 header.  It is under the
 * checksum at @check_off, but not in the seed of a partial one.
 */
static enum cvsw_drop action_set_word(struct cvsw_pkt *pkt, u32 off,
				      __be16 value, __be16 mask, u32 check_off)
{
	__be16 *check, *field;
	__be16 from;
	u8 *l4;

	l4 = cvsw_pkt_writable(pkt, pkt->l4, check_off + sizeof(*check));
	if (unlikely(!l4))
		return CVSW_DROP_NO_MEMORY;
	field = (void *)(l4 + off);
	check = (void *)(l4 + check_off);
	from = *field;
	*field = (from & ~mask) | (value & mask);
	if (!action_is_seed(pkt))
		action_fix_check(check, pkt->l4_proto,
				 cvsw_csum_add((u16)~(__force u16)from,
					       cvsw_csum_word(*field)));
	return CVSW_DROP_NONE;
}

/* type (@off is 0) or code (2), which share the first word */
static enum cvsw_drop action_set_icmp(struct cvsw_pkt *pkt, u32 off, __be16 tp,
				      u32 check_off)
{
	u16 value = be16_to_cpu(tp) & 0xff;

	if (off)
		return action_set_word(pkt, 0, cpu_to_be16(value),
				       cpu_to_be16(0xff), check_off);
	return action_set_word(pkt, 0, cpu_to_be16((u16)(value << 8)),
			       cpu_to_be16(0xff00), check_off);
}

/* CRC32c without start value and complement, a nibble at a time */
static u32 action_crc32c(u32 crc, u8 byte)
{
	static const u32 nibble[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
		0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};

	crc ^= byte;
	crc = crc >> 4 ^ nibble[crc & 0xf];
	return crc >> 4 ^ nibble[crc & 0xf];
}

/*
 * CRC32c is linear: the checksum changes by the CRC of what changed, followed
 * by as many zeros as there are bytes behind it.  A fragment does not tell how
 * many that are, so its ports stay.
 */
static enum cvsw_drop action_set_sctp(struct cvsw_pkt *pkt, u32 off, __be16 tp)
{
	u32 n = (u32)pkt->l3 + pkt->l3_len - pkt->l4 - off;
	struct cvsw_sctp_hdr *sctp;
	u8 diff[2], *field;
	u32 crc = 0;
	u32 i;

	if (pkt->frag)
		return CVSW_DROP_NONE;
	sctp = cvsw_pkt_writable(pkt, pkt->l4, CVSW_SCTP_HLEN);
	if (unlikely(!sctp))
		return CVSW_DROP_NO_MEMORY;
	field = (u8 *)sctp + off;
	memcpy(diff, &tp, sizeof(diff));
	diff[0] ^= field[0];
	diff[1] ^= field[1];
	memcpy(field, &tp, sizeof(tp));
	for (i = 0; i < n; i++)
		crc = action_crc32c(crc, i < sizeof(diff) ? diff[i] : 0);
	field = (u8 *)&sctp->check;
	for (i = 0; i < sizeof(sctp->check); i++)
		field[i] ^= (u8)(crc >> 8 * i);
	return CVSW_DROP_NONE;
}

/* @off: 0 or 2, of the port in the L4 header */
static noinline enum cvsw_drop action_set_tp(struct cvsw_pkt *pkt, __be16 tp,
					     u32 off)
{
	unsigned int ver = cvsw_ip_version(pkt);
	u32 check_off;

	if (!ver || !pkt->l4)
		return CVSW_DROP_NONE;
	if (pkt->l4_proto == CVSW_IPPROTO_SCTP)
		return action_set_sctp(pkt, off, tp);
	check_off = action_check_off(pkt->l4_proto, ver);
	if (!check_off)
		return CVSW_DROP_NONE;
	if (check_off == offsetof(struct cvsw_icmp_hdr, check))
		return action_set_icmp(pkt, off, tp, check_off);
	return action_set_word(pkt, off, tp, cpu_to_be16(0xffff), check_off);
}

enum cvsw_drop cvsw_action_apply_any(struct cvsw_pkt *pkt,
				     const struct cvsw_act *act)
{
	switch (act->type) {
	case CVSW_ACT_SET_VLAN_VID:
		return action_set_tci(pkt, act->vlan, CVSW_VLAN_VID_MASK);
	case CVSW_ACT_SET_VLAN_PCP:
		return action_set_tci(pkt,
				      (u16)(act->vlan << CVSW_VLAN_PCP_SHIFT),
				      CVSW_VLAN_PCP_MASK);
	case CVSW_ACT_STRIP_VLAN:
		return action_strip_vlan(pkt);
	case CVSW_ACT_SET_DL_SRC:
		return action_set_mac(pkt, act->data,
				      offsetof(struct cvsw_eth_hdr, src));
	case CVSW_ACT_SET_DL_DST:
		return action_set_mac(pkt, act->data,
				      offsetof(struct cvsw_eth_hdr, dst));
	case CVSW_ACT_SET_NW_SRC:
		return action_set_nw(pkt, act->nw4,
				     offsetof(struct cvsw_ipv4_hdr, src));
	case CVSW_ACT_SET_NW_DST:
		return action_set_nw(pkt, act->nw4,
				     offsetof(struct cvsw_ipv4_hdr, dst));
	case CVSW_ACT_SET_TP_SRC:
		return action_set_tp(pkt, act->tp, 0);
	case CVSW_ACT_SET_TP_DST:
		return action_set_tp(pkt, act->tp, 2);
	case CVSW_ACT_SET_IPV6_SRC:
		return action_set_ipv6(pkt, act->data,
				       offsetof(struct cvsw_ipv6_hdr, src));
	case CVSW_ACT_SET_IPV6_DST:
		return action_set_ipv6(pkt, act->data,
				       offsetof(struct cvsw_ipv6_hdr, dst));
	default:
		return CVSW_DROP_NONE;
	}
}

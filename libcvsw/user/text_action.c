// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Action lists as text, but for tunnels: a table of action words.
 */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "hdr.h"
#include "text.h"

/* how an argument is read and written */
enum text_arg {
	ARG_NONE,
	ARG_PORT,		/* output */
	ARG_RESUBMIT,
	ARG_CONTROLLER,
	ARG_ENQUEUE,
	ARG_VLAN,
	ARG_MAC,
	ARG_IPV4,
	ARG_IPV6,
	ARG_TOS,
	ARG_TP,
	ARG_TUN_ID,
	ARG_SET_FIELD,
};

/* of several names of one action the first is the one that is written */
static const struct text_verb {
	const char *name;
	__u8 type;
	__u8 arg;
	__u16 max;
} text_verbs[] = {
	{ "output",	  CVSW_ACT_OUTPUT,	 ARG_PORT, 0 },
	{ "controller",	  CVSW_ACT_OUTPUT,	 ARG_CONTROLLER, 0 },
	{ "mod_vlan_vid", CVSW_ACT_SET_VLAN_VID, ARG_VLAN, 4095 },
	{ "set_vlan_vid", CVSW_ACT_SET_VLAN_VID, ARG_VLAN, 4095 },
	{ "mod_vlan_pcp", CVSW_ACT_SET_VLAN_PCP, ARG_VLAN, 7 },
	{ "set_vlan_pcp", CVSW_ACT_SET_VLAN_PCP, ARG_VLAN, 7 },
	{ "strip_vlan",	  CVSW_ACT_STRIP_VLAN,	 ARG_NONE, 0 },
	{ "pop_vlan",	  CVSW_ACT_STRIP_VLAN,	 ARG_NONE, 0 },
	{ "mod_dl_src",	  CVSW_ACT_SET_DL_SRC,	 ARG_MAC, 0 },
	{ "mod_dl_dst",	  CVSW_ACT_SET_DL_DST,	 ARG_MAC, 0 },
	{ "mod_nw_src",	  CVSW_ACT_SET_NW_SRC,	 ARG_IPV4, 0 },
	{ "mod_nw_dst",	  CVSW_ACT_SET_NW_DST,	 ARG_IPV4, 0 },
	{ "mod_nw_tos",	  CVSW_ACT_SET_NW_TOS,	 ARG_TOS, 0 },
	{ "mod_tp_src",	  CVSW_ACT_SET_TP_SRC,	 ARG_TP, 0 },
	{ "mod_tp_dst",	  CVSW_ACT_SET_TP_DST,	 ARG_TP, 0 },
	{ "enqueue",	  CVSW_ACT_ENQUEUE,	 ARG_ENQUEUE, 0 },
	{ "mod_ipv6_src", CVSW_ACT_SET_IPV6_SRC, ARG_IPV6, 0 },
	{ "mod_ipv6_dst", CVSW_ACT_SET_IPV6_DST, ARG_IPV6, 0 },
	{ "resubmit",	  CVSW_ACT_RESUBMIT,	 ARG_RESUBMIT, 0 },
	{ "set_tunnel",	  CVSW_ACT_SET_TUNNEL,	 ARG_TUN_ID, 0 },
	{ "set_tunnel64", CVSW_ACT_SET_TUNNEL,	 ARG_TUN_ID, 0 },
	{ "set_field",	  0,			 ARG_SET_FIELD, 0 },
};

/* set_field:VALUE->FIELD is the action @verb */
static const struct {
	const char *field;
	const char *verb;
} text_set_fields[] = {
	{ "dl_src",	"mod_dl_src" },
	{ "dl_dst",	"mod_dl_dst" },
	{ "eth_src",	"mod_dl_src" },
	{ "eth_dst",	"mod_dl_dst" },
	{ "vlan_pcp",	"mod_vlan_pcp" },
	{ "nw_src",	"mod_nw_src" },
	{ "nw_dst",	"mod_nw_dst" },
	{ "ip_src",	"mod_nw_src" },
	{ "ip_dst",	"mod_nw_dst" },
	{ "nw_tos",	"mod_nw_tos" },
	{ "ipv6_src",	"mod_ipv6_src" },
	{ "ipv6_dst",	"mod_ipv6_dst" },
	{ "tp_src",	"mod_tp_src" },
	{ "tp_dst",	"mod_tp_dst" },
	{ "tcp_src",	"mod_tp_src" },
	{ "tcp_dst",	"mod_tp_dst" },
	{ "udp_src",	"mod_tp_src" },
	{ "udp_dst",	"mod_tp_dst" },
	{ "sctp_src",	"mod_tp_src" },
	{ "sctp_dst",	"mod_tp_dst" },
	{ "icmp_type",	"mod_tp_src" },
	{ "icmp_code",	"mod_tp_dst" },
};

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))

/* actions that are a port or nothing at all, for cvsw_text_nearest() */
static const char *const text_bare[] = {
	"drop", "in_port", "all", "flood", "normal", "local",
};

static size_t text_action_names(void)
{
	return COUNT(text_verbs) + COUNT(text_bare) + cvsw_text_tunnel_names();
}

static const char *text_action_name(size_t i)
{
	if (i < COUNT(text_verbs))
		return text_verbs[i].name;
	i -= COUNT(text_verbs);
	if (i < COUNT(text_bare))
		return text_bare[i];
	return cvsw_text_tunnel_name(i - COUNT(text_bare));
}

/* Arguments */

static int text_read_controller(const struct text_parser *ps,
				const struct text_word *word,
				struct cvsw_action *act)
{
	struct text_parser inner = cvsw_text_inside(ps, word->value);
	struct text_word arg = *word;
	__u64 n = 0;
	int rc = 1;

	act->output.port = CVSW_PORT_CONTROLLER;
	if (!word->has_value)
		return 0;
	if (word->parens)
		rc = cvsw_text_next(&inner, &arg);
	if (rc > 0 && word->parens && !cvsw_text_is(arg.name, "max_len"))
		return cvsw_text_fail(ps, arg.name,
				      "only max_len= is known here");
	if (rc > 0)
		rc = cvsw_text_number(ps, &arg, arg.value, 0xffff, &n);
	act->output.max_len = (__u16)n;
	if (!rc && word->parens && cvsw_text_next(&inner, &arg))
		return cvsw_text_fail(ps, arg.name,
				      "only max_len= is known here");
	return rc;
}

static int text_read_enqueue(const struct text_parser *ps,
			     const struct text_word *word,
			     struct cvsw_action *act)
{
	struct text_slice port, queue;
	__u64 n = 0;

	if (!cvsw_text_cut(word->value, word->parens ? ',' : ':', &port,
			   &queue))
		return cvsw_text_fail(ps, word->name,
				      "needs a port and a queue");
	if (cvsw_text_port(ps, word, port, &act->output.port) ||
	    cvsw_text_number(ps, word, queue, 0xffffffff, &n))
		return -EINVAL;
	act->output.queue = (__u32)n;
	return 0;
}

/* resubmit, resubmit:PORT, resubmit(PORT), resubmit([PORT],[0]) */
static int text_read_resubmit(const struct text_parser *ps,
			      const struct text_word *word,
			      struct cvsw_action *act)
{
	struct text_slice port, table;
	__u64 n = 0;

	act->output.port = CVSW_PORT_IN_PORT;
	if (!word->has_value)
		return 0;
	port = word->value;
	table.len = 0;
	if (word->parens)
		cvsw_text_cut(word->value, ',', &port, &table);
	if (table.len && cvsw_text_number(ps, word, table, 0, &n))
		return cvsw_text_fail(ps, word->name, "there is only table 0");
	if (!port.len && word->parens)
		return 0;
	return cvsw_text_port(ps, word, port, &act->output.port);
}

static int text_read_arg(const struct text_parser *ps,
			 const struct text_word *word,
			 const struct text_verb *verb, struct cvsw_action *act)
{
	struct text_slice value = word->value;
	__u64 n = 0;
	int rc;

	switch (verb->arg) {
	case ARG_PORT:
		return cvsw_text_port(ps, word, value, &act->output.port);
	case ARG_RESUBMIT:
		return text_read_resubmit(ps, word, act);
	case ARG_CONTROLLER:
		return text_read_controller(ps, word, act);
	case ARG_ENQUEUE:
		return text_read_enqueue(ps, word, act);
	case ARG_VLAN:
		rc = cvsw_text_number(ps, word, value, verb->max, &n);
		act->vlan = (__u16)n;
		return rc;
	case ARG_MAC:
		return cvsw_text_mac(ps, word, value, act->mac);
	case ARG_IPV4:
		return cvsw_text_addr(ps, word, value, 4, act->nw);
	case ARG_IPV6:
		return cvsw_text_addr(ps, word, value, 6, act->nw);
	case ARG_TOS:
		return cvsw_text_tos(ps, word, value, &act->tos);
	case ARG_TP:
		rc = cvsw_text_number(ps, word, value, 0xffff, &n);
		act->tp = cpu_to_be16((__u16)n);
		return rc;
	case ARG_TUN_ID:
		rc = cvsw_text_number(ps, word, value, ~0ULL, &n);
		act->tun_id = cpu_to_be64(n);
		return rc;
	default:
		return cvsw_text_no_value(ps, word);
	}
}

static const struct text_verb *text_verb_find(struct text_slice name)
{
	size_t i;

	for (i = 0; i < COUNT(text_verbs); i++)
		if (cvsw_text_is(name, text_verbs[i].name))
			return &text_verbs[i];
	return NULL;
}

static int text_read_verb(const struct text_parser *ps,
			  const struct text_word *word,
			  const struct text_verb *verb, struct cvsw_action *act);

static int text_read_set_field(const struct text_parser *ps,
			       const struct text_word *word,
			       struct cvsw_action *act)
{
	const char *arrow = word->value.len ?
		memmem(word->value.at, word->value.len, "->", 2) : NULL;
	struct text_word inner = *word;
	struct text_slice field;
	size_t i;

	if (!arrow)
		return cvsw_text_fail(ps, word->name, "needs VALUE->FIELD");
	inner.value.len = (size_t)(arrow - word->value.at);
	field.at = arrow + 2;
	field.len = word->value.len - inner.value.len - 2;
	for (i = 0; i < COUNT(text_set_fields); i++)
		if (cvsw_text_is(field, text_set_fields[i].field))
			return text_read_verb(ps, &inner, text_verb_find(
				(struct text_slice){ text_set_fields[i].verb,
				strlen(text_set_fields[i].verb) }), act);
	return cvsw_text_bad(ps, word, field, "a field that can be set");
}

static int text_read_verb(const struct text_parser *ps,
			  const struct text_word *word,
			  const struct text_verb *verb, struct cvsw_action *act)
{
	if (verb->arg == ARG_SET_FIELD)
		return text_read_set_field(ps, word, act);
	act->type = verb->type;
	return text_read_arg(ps, word, verb, act);
}

/* the action, or actions, that @word is: how many, at most @max */
static int text_read_action(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_action *act, unsigned int max)
{
	const struct text_verb *verb = text_verb_find(word->name);
	const char *nearest;
	int rc;

	memset(act, 0, sizeof(*act));
	if (verb)
		return text_read_verb(ps, word, verb, act) ? : 1;
	rc = cvsw_text_tunnel_action(ps, word, act, max);
	if (rc)
		return rc;
	act->type = CVSW_ACT_OUTPUT;
	if (!word->has_value) {
		rc = cvsw_text_port(ps, word, word->name, &act->output.port);
		if (!rc || isdigit((unsigned char)*word->name.at))
			return rc ? : 1;
	}
	nearest = cvsw_text_nearest(word->name, text_action_names(),
				    text_action_name);
	if (nearest)
		return cvsw_text_fail(ps, word->name,
				"no such action or port; did you mean %s?",
				nearest);
	return cvsw_text_fail(ps, word->name, "no such action or port");
}

int cvsw_text_actions(struct text_parser *ps, struct cvsw_action *actions,
		      unsigned int max)
{
	struct text_slice drop = {};
	struct text_word word;
	unsigned int n = 0;
	int rc;

	while ((rc = cvsw_text_next(ps, &word)) > 0) {
		if (drop.len || (n && cvsw_text_is(word.name, "drop")))
			return cvsw_text_fail(ps, drop.len ? drop : word.name,
					      "must be the only action");
		if (cvsw_text_is(word.name, "drop") && !word.has_value) {
			drop = word.name;
			continue;
		}
		if (n == max) {
			cvsw_text_fail(ps, word.name, "more than %u actions",
				       max);
			return -E2BIG;
		}
		rc = text_read_action(ps, &word, &actions[n], max - n);
		if (rc < 0)
			return rc;
		n += (unsigned int)rc;
	}
	return rc ? : (int)n;
}

int cvsw_text_actions_parse(const char *text,
			    const struct cvsw_text_names *names,
			    struct cvsw_action *actions, unsigned int max,
			    struct cvsw_text_error *err)
{
	struct text_parser ps;

	cvsw_text_start(&ps, text, names, err);
	return cvsw_text_actions(&ps, actions, max);
}

/* Writing */

static void text_put_output(struct text_out *out, const struct cvsw_action *act,
			    const struct cvsw_text_names *names)
{
	if (!cvsw_text_port_reserved(act->output.port))
		cvsw_text_put(out, "output:");
	cvsw_text_put_port(out, act->output.port, names);
	if (act->output.port == CVSW_PORT_CONTROLLER && act->output.max_len)
		cvsw_text_put(out, ":%u", act->output.max_len);
}

static void text_put_resubmit(struct text_out *out,
			      const struct cvsw_action *act,
			      const struct cvsw_text_names *names)
{
	if (act->output.port == CVSW_PORT_IN_PORT) {
		cvsw_text_put(out, "resubmit(,0)");
		return;
	}
	cvsw_text_put(out, "resubmit:");
	cvsw_text_put_port(out, act->output.port, names);
}

/* as Open vSwitch, which has a name of its own for those of more than 32 bits */
static void text_put_set_tunnel(struct text_out *out,
				const struct cvsw_action *act)
{
	unsigned long long id = be64_to_cpu(act->tun_id);

	cvsw_text_put(out, "set_tunnel%s:%#llx", id >> 32 ? "64" : "", id);
}

static void text_put_arg(struct text_out *out, const struct text_verb *verb,
			 const struct cvsw_action *act,
			 const struct cvsw_text_names *names)
{
	cvsw_text_put(out, verb->arg == ARG_NONE ? "%s" : "%s:", verb->name);
	switch (verb->arg) {
	case ARG_ENQUEUE:
		cvsw_text_put_port(out, act->output.port, names);
		cvsw_text_put(out, ":%u", act->output.queue);
		break;
	case ARG_VLAN:
		cvsw_text_put(out, "%u", act->vlan);
		break;
	case ARG_MAC:
		cvsw_text_put_mac(out, act->mac);
		break;
	case ARG_IPV4:
		cvsw_text_put_addr(out, 4, act->nw);
		break;
	case ARG_IPV6:
		cvsw_text_put_addr(out, 6, act->nw);
		break;
	case ARG_TOS:
		cvsw_text_put(out, "%u", act->tos);
		break;
	case ARG_TP:
		cvsw_text_put(out, "%u", be16_to_cpu(act->tp));
		break;
	}
}

static void text_put_action(struct text_out *out, const struct cvsw_action *act,
			    const struct cvsw_text_names *names)
{
	size_t i;

	switch (act->type) {
	case CVSW_ACT_OUTPUT:
		text_put_output(out, act, names);
		return;
	case CVSW_ACT_RESUBMIT:
		text_put_resubmit(out, act, names);
		return;
	case CVSW_ACT_SET_TUNNEL:
		text_put_set_tunnel(out, act);
		return;
	case CVSW_ACT_PUSH:
		cvsw_text_put_push(out, &act->tunnel, NULL, 0);
		return;
	case CVSW_ACT_TUNNEL_OPT:
		cvsw_text_put(out, "geneve_opt:");
		cvsw_text_put_opt(out, &act->opt);
		return;
	case CVSW_ACT_POP:
		cvsw_text_put_pop(out, &act->tunnel);
		return;
	}
	for (i = 0; i < COUNT(text_verbs); i++) {
		if (text_verbs[i].type == act->type) {
			text_put_arg(out, &text_verbs[i], act, names);
			return;
		}
	}
	cvsw_text_put(out, "action_%u", act->type);
}

/* options at the start of @actions that the PUSH behind them will say */
static unsigned int text_push_opts(const struct cvsw_action *actions,
				   unsigned int n)
{
	unsigned int i = 0;

	while (i < n && actions[i].type == CVSW_ACT_TUNNEL_OPT)
		i++;
	return i < n && actions[i].type == CVSW_ACT_PUSH &&
	       cvsw_text_tunnel_opts(actions[i].tunnel.kind) ? i : 0;
}

void cvsw_text_put_actions(struct text_out *out,
			   const struct cvsw_action *actions, unsigned int n,
			   const struct cvsw_text_names *names)
{
	unsigned int i, opts;

	if (!n)
		cvsw_text_put(out, "drop");
	for (i = 0; i < n; i++) {
		if (i)
			cvsw_text_put(out, ",");
		out->list = true;
		opts = text_push_opts(&actions[i], n - i);
		if (opts)
			cvsw_text_put_push(out, &actions[i + opts].tunnel,
					   &actions[i], opts);
		else
			text_put_action(out, &actions[i], names);
		i += opts;
	}
}

int cvsw_text_actions_print(char *buf, size_t size,
			    const struct cvsw_action *actions, unsigned int n,
			    const struct cvsw_text_names *names)
{
	struct text_out out = { .buf = buf, .size = size };

	cvsw_text_put_actions(&out, actions, n, names);
	return (int)out.len;
}

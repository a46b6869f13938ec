// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Action lists as text: a table of action words and one of tunnels.
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

/* push_NAME(ID=...) and pop_NAME; another tunnel is another line */
static const struct text_tunnel {
	const char *push, *pop, *id;
	__u64 id_max;
	__u8 kind;
	bool udp;		/* has a destination port, checksum */
} text_tunnels[] = {
	{ "push_vxlan", "pop_vxlan", "vni", 0xffffff, CVSW_TUNNEL_VXLAN, true },
};

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))

static size_t text_action_names(void)
{
	return COUNT(text_verbs) + 2 * COUNT(text_tunnels) + 6;
}

static const char *text_action_name(size_t i)
{
	static const char *const rest[] = {
		"drop", "in_port", "all", "flood", "normal", "local",
	};

	if (i < COUNT(text_verbs))
		return text_verbs[i].name;
	i -= COUNT(text_verbs);
	if (i < COUNT(rest))
		return rest[i];
	i -= COUNT(rest);
	return i % 2 ? text_tunnels[i / 2].pop : text_tunnels[i / 2].push;
}

/* Tunnels */

enum text_tunnel_word {
	TUNNEL_ID,
	TUNNEL_SRC,
	TUNNEL_DST,
	TUNNEL_ETH_SRC,
	TUNNEL_ETH_DST,
	TUNNEL_PORT,
	TUNNEL_TTL,
	TUNNEL_TOS,
	TUNNEL_CSUM,
	TUNNEL_NODF,
	TUNNEL_WORDS
};

#define TUNNEL_REQUIRED	5	/* the first so many */

static const char *text_tunnel_word(const struct text_tunnel *type, size_t i)
{
	static const char *const names[] = {
		NULL, "src", "dst", "eth_src", "eth_dst", "port", "ttl", "tos",
		"csum", "nodf",
	};

	return i == TUNNEL_ID ? type->id : names[i];
}

/* both ends are of the family of the one that is read first */
static int text_tunnel_addr(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_tunnel *tun, __u8 *addr)
{
	__u8 family = word->value.len && memchr(word->value.at, ':',
						word->value.len) ? 6 : 4;

	if (tun->family && tun->family != family)
		return text_fail(ps, word->name,
				 "src and dst are of different IP versions");
	tun->family = family;
	return text_addr(ps, word, word->value, family, addr);
}

/* "N", "inherit", or "inherit/N": N where there is nothing to inherit */
static int text_inherit(const struct text_parser *ps,
			const struct text_word *word, struct cvsw_tunnel *tun,
			__u16 flag, __u8 *value)
{
	struct text_slice head, tail;
	__u64 n;
	int rc;

	text_cut(word->value, '/', &head, &tail);
	if (text_is(head, "inherit")) {
		tun->flags |= flag;
		if (head.len == word->value.len)
			return 0;
	} else {
		tail = word->value;
	}
	rc = text_number(ps, word, tail, 255, &n);
	if (rc)
		return rc;
	if (flag == CVSW_TUNNEL_F_TOS_INHERIT && n & 3)
		return text_bad(ps, word, tail,
				"a TOS (the two lowest bits are ECN)");
	if (flag == CVSW_TUNNEL_F_TTL_INHERIT && !n)
		return text_bad(ps, word, tail, "a TTL");
	*value = (__u8)n;
	return 0;
}

static int text_tunnel_flag(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_tunnel *tun, __u16 flag)
{
	tun->flags |= flag;
	return word->has_value ?
	       text_fail(ps, word->name, "takes no value") : 0;
}

static int text_tunnel_read(const struct text_parser *ps,
			    const struct text_word *word,
			    const struct text_tunnel *type, size_t what,
			    struct cvsw_tunnel *tun)
{
	__u64 n = 0;
	int rc;

	switch (what) {
	case TUNNEL_ID:
		rc = text_number(ps, word, word->value, type->id_max, &n);
		tun->id = cpu_to_be64(n);
		return rc;
	case TUNNEL_SRC:
		return text_tunnel_addr(ps, word, tun, tun->nw_src);
	case TUNNEL_DST:
		return text_tunnel_addr(ps, word, tun, tun->nw_dst);
	case TUNNEL_ETH_SRC:
		return text_mac(ps, word, word->value, tun->dl_src);
	case TUNNEL_ETH_DST:
		return text_mac(ps, word, word->value, tun->dl_dst);
	case TUNNEL_PORT:
		rc = text_number(ps, word, word->value, 0xffff, &n);
		tun->tp_dst = cpu_to_be16((__u16)n);
		return rc;
	case TUNNEL_TTL:
		return text_inherit(ps, word, tun, CVSW_TUNNEL_F_TTL_INHERIT,
				    &tun->ttl);
	case TUNNEL_TOS:
		return text_inherit(ps, word, tun, CVSW_TUNNEL_F_TOS_INHERIT,
				    &tun->tos);
	case TUNNEL_CSUM:
		return text_tunnel_flag(ps, word, tun, CVSW_TUNNEL_F_CSUM);
	default:
		return text_tunnel_flag(ps, word, tun, CVSW_TUNNEL_F_NO_DF);
	}
}

static size_t text_tunnel_find(const struct text_tunnel *type,
			       struct text_slice name)
{
	size_t i;

	for (i = 0; i < TUNNEL_WORDS; i++)
		if (text_is(name, text_tunnel_word(type, i)) &&
		    (type->udp || (i != TUNNEL_PORT && i != TUNNEL_CSUM)))
			break;
	return i;
}

static int text_tunnel_push(const struct text_parser *ps,
			    const struct text_word *push,
			    const struct text_tunnel *type,
			    struct cvsw_action *act)
{
	struct text_parser inner = text_inside(ps, push->value);
	unsigned int given = 0;
	struct text_word word;
	size_t i;
	int rc;

	if (!push->parens)
		return text_fail(ps, push->name, "needs (%s=..., src=..., ...)",
				 type->id);
	act->type = CVSW_ACT_PUSH;
	act->tunnel.kind = type->kind;
	while ((rc = text_next(&inner, &word)) > 0) {
		i = text_tunnel_find(type, word.name);
		if (i == TUNNEL_WORDS)
			return text_fail(ps, word.name, "no such word in %s",
					 type->push);
		if (given >> i & 1)
			return text_fail(ps, word.name, "said twice");
		given |= 1u << i;
		rc = text_tunnel_read(ps, &word, type, i, &act->tunnel);
		if (rc)
			return rc;
	}
	for (i = 0; !rc && i < TUNNEL_REQUIRED; i++)
		if (!(given >> i & 1))
			return text_fail(ps, push->name, "%s= is missing",
					 text_tunnel_word(type, i));
	return rc;
}

/* 1 when @word is a tunnel action, 0 when not */
static int text_tunnel(const struct text_parser *ps,
		       const struct text_word *word, struct cvsw_action *act)
{
	size_t i;

	for (i = 0; i < COUNT(text_tunnels); i++) {
		if (text_is(word->name, text_tunnels[i].push))
			return text_tunnel_push(ps, word, &text_tunnels[i],
						act) ? : 1;
		if (!text_is(word->name, text_tunnels[i].pop))
			continue;
		if (word->has_value)
			return text_fail(ps, word->name, "takes no value");
		act->type = CVSW_ACT_POP;
		act->tunnel.kind = text_tunnels[i].kind;
		return 1;
	}
	return 0;
}

/* Arguments */

static int text_read_controller(const struct text_parser *ps,
				const struct text_word *word,
				struct cvsw_action *act)
{
	struct text_parser inner = text_inside(ps, word->value);
	struct text_word arg = *word;
	__u64 n = 0;
	int rc = 1;

	act->output.port = CVSW_PORT_CONTROLLER;
	if (!word->has_value)
		return 0;
	if (word->parens)
		rc = text_next(&inner, &arg);
	if (rc > 0 && word->parens && !text_is(arg.name, "max_len"))
		return text_fail(ps, arg.name, "only max_len= is known here");
	if (rc > 0)
		rc = text_number(ps, &arg, arg.value, 0xffff, &n);
	act->output.max_len = (__u16)n;
	if (!rc && word->parens && text_next(&inner, &arg))
		return text_fail(ps, arg.name, "only max_len= is known here");
	return rc;
}

static int text_read_enqueue(const struct text_parser *ps,
			     const struct text_word *word,
			     struct cvsw_action *act)
{
	struct text_slice port, queue;
	__u64 n = 0;

	if (!text_cut(word->value, word->parens ? ',' : ':', &port, &queue))
		return text_fail(ps, word->name, "needs a port and a queue");
	if (text_port(ps, word, port, &act->output.port) ||
	    text_number(ps, word, queue, 0xffffffff, &n))
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
		text_cut(word->value, ',', &port, &table);
	if (table.len && text_number(ps, word, table, 0, &n))
		return text_fail(ps, word->name, "there is only table 0");
	if (!port.len && word->parens)
		return 0;
	return text_port(ps, word, port, &act->output.port);
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
		return text_port(ps, word, value, &act->output.port);
	case ARG_RESUBMIT:
		return text_read_resubmit(ps, word, act);
	case ARG_CONTROLLER:
		return text_read_controller(ps, word, act);
	case ARG_ENQUEUE:
		return text_read_enqueue(ps, word, act);
	case ARG_VLAN:
		rc = text_number(ps, word, value, verb->max, &n);
		act->vlan = (__u16)n;
		return rc;
	case ARG_MAC:
		return text_mac(ps, word, value, act->mac);
	case ARG_IPV4:
		return text_addr(ps, word, value, 4, act->nw);
	case ARG_IPV6:
		return text_addr(ps, word, value, 6, act->nw);
	case ARG_TOS:
		rc = text_number(ps, word, value, 255, &n);
		act->tos = (__u8)n;
		return rc || !(n & 3) ? rc :
		       text_bad(ps, word, value,
				"a TOS (the two lowest bits are ECN)");
	case ARG_TP:
		rc = text_number(ps, word, value, 0xffff, &n);
		act->tp = cpu_to_be16((__u16)n);
		return rc;
	default:
		return word->has_value ?
		       text_fail(ps, word->name, "takes no value") : 0;
	}
}

static const struct text_verb *text_verb_find(struct text_slice name)
{
	size_t i;

	for (i = 0; i < COUNT(text_verbs); i++)
		if (text_is(name, text_verbs[i].name))
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
		return text_fail(ps, word->name, "needs VALUE->FIELD");
	inner.value.len = (size_t)(arrow - word->value.at);
	field.at = arrow + 2;
	field.len = word->value.len - inner.value.len - 2;
	for (i = 0; i < COUNT(text_set_fields); i++)
		if (text_is(field, text_set_fields[i].field))
			return text_read_verb(ps, &inner, text_verb_find(
				(struct text_slice){ text_set_fields[i].verb,
				strlen(text_set_fields[i].verb) }), act);
	return text_bad(ps, word, field, "a field that can be set");
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

static int text_read_action(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_action *act)
{
	const struct text_verb *verb = text_verb_find(word->name);
	const char *nearest;
	int rc;

	memset(act, 0, sizeof(*act));
	if (verb)
		return text_read_verb(ps, word, verb, act);
	rc = text_tunnel(ps, word, act);
	if (rc)
		return rc < 0 ? rc : 0;
	act->type = CVSW_ACT_OUTPUT;
	if (!word->has_value) {
		rc = text_port(ps, word, word->name, &act->output.port);
		if (!rc || isdigit((unsigned char)*word->name.at))
			return rc;
	}
	nearest = text_nearest(word->name, text_action_names(), text_action_name);
	if (nearest)
		return text_fail(ps, word->name,
				 "no such action or port; did you mean %s?",
				 nearest);
	return text_fail(ps, word->name, "no such action or port");
}

int text_actions(struct text_parser *ps, struct cvsw_action *actions,
		 unsigned int max)
{
	struct text_slice drop = {};
	struct text_word word;
	unsigned int n = 0;
	int rc;

	while ((rc = text_next(ps, &word)) > 0) {
		if (drop.len || (n && text_is(word.name, "drop")))
			return text_fail(ps, drop.len ? drop : word.name,
					 "must be the only action");
		if (text_is(word.name, "drop") && !word.has_value) {
			drop = word.name;
			continue;
		}
		if (n == max) {
			text_fail(ps, word.name, "more than %u actions", max);
			return -E2BIG;
		}
		rc = text_read_action(ps, &word, &actions[n++]);
		if (rc)
			return rc;
	}
	return rc ? : (int)n;
}

int cvsw_text_actions_parse(const char *text,
			    const struct cvsw_text_names *names,
			    struct cvsw_action *actions, unsigned int max,
			    struct cvsw_text_error *err)
{
	struct text_parser ps;

	text_start(&ps, text, names, err);
	return text_actions(&ps, actions, max);
}

/* Writing */

static void text_put_inherit(struct text_out *out, const char *name,
			     bool inherit, __u8 value)
{
	if (!inherit && !value)
		return;
	text_put_word(out, name);
	if (inherit)
		text_put(out, value ? "inherit/" : "inherit");
	if (value)
		text_put(out, "%u", value);
}

static void text_put_push(struct text_out *out, const struct cvsw_tunnel *tun)
{
	const struct text_tunnel *type = NULL;
	size_t i;

	for (i = 0; i < COUNT(text_tunnels); i++)
		if (text_tunnels[i].kind == tun->kind)
			type = &text_tunnels[i];
	if (!type) {
		text_put(out, "push_%u", tun->kind);
		return;
	}
	text_put(out, "%s(%s=%llu,src=", type->push, type->id,
		 (unsigned long long)be64_to_cpu(tun->id));
	text_put_addr(out, tun->family, tun->nw_src);
	text_put(out, ",dst=");
	text_put_addr(out, tun->family, tun->nw_dst);
	text_put(out, ",eth_src=");
	text_put_mac(out, tun->dl_src);
	text_put(out, ",eth_dst=");
	text_put_mac(out, tun->dl_dst);
	if (tun->tp_dst)
		text_put(out, ",port=%u", be16_to_cpu(tun->tp_dst));
	text_put_inherit(out, "ttl=", tun->flags & CVSW_TUNNEL_F_TTL_INHERIT,
			 tun->ttl);
	text_put_inherit(out, "tos=", tun->flags & CVSW_TUNNEL_F_TOS_INHERIT,
			 tun->tos);
	if (tun->flags & CVSW_TUNNEL_F_CSUM)
		text_put(out, ",csum");
	if (tun->flags & CVSW_TUNNEL_F_NO_DF)
		text_put(out, ",nodf");
	text_put(out, ")");
}

static void text_put_pop(struct text_out *out, const struct cvsw_tunnel *tun)
{
	size_t i;

	for (i = 0; i < COUNT(text_tunnels); i++)
		if (text_tunnels[i].kind == tun->kind)
			text_put(out, "%s", text_tunnels[i].pop);
}

static void text_put_output(struct text_out *out, const struct cvsw_action *act,
			    const struct cvsw_text_names *names)
{
	if (!text_port_reserved(act->output.port))
		text_put(out, "output:");
	text_put_port(out, act->output.port, names);
	if (act->output.max_len)
		text_put(out, ":%u", act->output.max_len);
}

static void text_put_resubmit(struct text_out *out,
			      const struct cvsw_action *act,
			      const struct cvsw_text_names *names)
{
	if (act->output.port == CVSW_PORT_IN_PORT) {
		text_put(out, "resubmit(,0)");
		return;
	}
	text_put(out, "resubmit:");
	text_put_port(out, act->output.port, names);
}

static void text_put_arg(struct text_out *out, const struct text_verb *verb,
			 const struct cvsw_action *act,
			 const struct cvsw_text_names *names)
{
	text_put(out, verb->arg == ARG_NONE ? "%s" : "%s:", verb->name);
	switch (verb->arg) {
	case ARG_ENQUEUE:
		text_put_port(out, act->output.port, names);
		text_put(out, ":%u", act->output.queue);
		break;
	case ARG_VLAN:
		text_put(out, "%u", act->vlan);
		break;
	case ARG_MAC:
		text_put_mac(out, act->mac);
		break;
	case ARG_IPV4:
		text_put_addr(out, 4, act->nw);
		break;
	case ARG_IPV6:
		text_put_addr(out, 6, act->nw);
		break;
	case ARG_TOS:
		text_put(out, "%u", act->tos);
		break;
	case ARG_TP:
		text_put(out, "%u", be16_to_cpu(act->tp));
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
	case CVSW_ACT_PUSH:
		text_put_push(out, &act->tunnel);
		return;
	case CVSW_ACT_POP:
		text_put_pop(out, &act->tunnel);
		return;
	}
	for (i = 0; i < COUNT(text_verbs); i++) {
		if (text_verbs[i].type == act->type) {
			text_put_arg(out, &text_verbs[i], act, names);
			return;
		}
	}
	text_put(out, "action_%u", act->type);
}

void text_put_actions(struct text_out *out, const struct cvsw_action *actions,
		      unsigned int n, const struct cvsw_text_names *names)
{
	unsigned int i;

	if (!n)
		text_put(out, "drop");
	for (i = 0; i < n; i++) {
		if (i)
			text_put(out, ",");
		out->list = true;
		text_put_action(out, &actions[i], names);
	}
}

int cvsw_text_actions_print(char *buf, size_t size,
			    const struct cvsw_action *actions, unsigned int n,
			    const struct cvsw_text_names *names)
{
	struct text_out out = { .buf = buf, .size = size };

	text_put_actions(&out, actions, n, names);
	return (int)out.len;
}

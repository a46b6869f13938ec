// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Keys, actions and flows as attributes.
 *
 * Most fields are plain copies between an attribute and a place in a struct;
 * those go by table (nl_key_fields, nl_action_fields).  Nests inside of others
 * are read without a policy: they were checked with what they are in.
 */

#include "nl_codec.h"

int cvsw_nl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		   const char *text, int ret)
{
	if (extack)
		extack->_msg = text;
	NL_SET_BAD_ATTR(extack, attr);
	return ret;
}

void cvsw_nl_blame(struct netlink_ext_ack *extack, s32 index, s32 sub)
{
	s32 at[2] = { -1, -1 };

	if (!extack)
		return;
	if (extack->cookie_len == sizeof(at))
		memcpy(at, extack->cookie, sizeof(at));
	if (index >= 0)
		at[0] = index;
	if (sub >= 0)
		at[1] = sub;
	memcpy(extack->cookie, at, sizeof(at));
	extack->cookie_len = sizeof(at);
}

/* Keys */

struct nl_field {
	u8 off;
	u8 len;
};

#define NL_KEY_FIELD(f)							\
	{ offsetof(struct cvsw_key, f), sizeof(((struct cvsw_key *)0)->f) }

static const struct nl_field nl_key_fields[CVSW_KEY_A_MAX + 1] = {
	[CVSW_KEY_A_IN_PORT]	= NL_KEY_FIELD(in_port),
	[CVSW_KEY_A_VLAN_TCI]	= NL_KEY_FIELD(vlan_tci),
	[CVSW_KEY_A_DL_TYPE]	= NL_KEY_FIELD(dl_type),
	[CVSW_KEY_A_NW_PROTO]	= NL_KEY_FIELD(nw_proto),
	[CVSW_KEY_A_NW_TOS]	= NL_KEY_FIELD(nw_tos),
	[CVSW_KEY_A_DL_DST]	= NL_KEY_FIELD(dl_dst),
	[CVSW_KEY_A_DL_SRC]	= NL_KEY_FIELD(dl_src),
	[CVSW_KEY_A_TP_SRC]	= NL_KEY_FIELD(tp_src),
	[CVSW_KEY_A_TP_DST]	= NL_KEY_FIELD(tp_dst),
	[CVSW_KEY_A_NW_SRC]	= NL_KEY_FIELD(nw_src),
	[CVSW_KEY_A_NW_DST]	= NL_KEY_FIELD(nw_dst),
	[CVSW_KEY_A_TUN_ID]	= NL_KEY_FIELD(tun_id),
};

/* are all bits of a field as those of @bits, 0 or ~0? */
static bool nl_key_is(const struct cvsw_key *key, const struct nl_field *f,
		      u64 bits)
{
	const u8 *p = (const u8 *)key + f->off;
	unsigned int n = f->len;
	u64 v;

	for (; n >= sizeof(v); n -= (unsigned int)sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		if (v != bits)
			return false;
		p += sizeof(v);
	}
	for (; n; n--)
		if (*p++ != (u8)bits)
			return false;
	return true;
}

/* those of @fields, 1 << CVSW_KEY_A_*, that are not so */
static u32 nl_key_but(const struct cvsw_key *key, u32 fields, u64 bits)
{
	u32 left = fields;
	unsigned int i;

	for (; left; left &= left - 1) {
		i = __ffs64(left);
		if (nl_key_is(key, &nl_key_fields[i], bits))
			fields &= ~(1U << i);
	}
	return fields;
}

#define NL_KEY_ALL	((2U << CVSW_KEY_A_MAX) - 2)

static int nl_put_fields(struct sk_buff *skb, int type,
			 const struct cvsw_key *key, u32 fields)
{
	struct nlattr *nest = fields ? nla_nest_start(skb, type) : NULL;
	const struct nl_field *f;
	int i;

	if (!nest)
		return fields ? -EMSGSIZE : 0;
	for (; fields; fields &= fields - 1) {
		i = (int)__ffs64(fields);
		f = &nl_key_fields[i];
		if (nla_put(skb, i, f->len, (const u8 *)key + f->off)) {
			nla_nest_cancel(skb, nest);
			return -EMSGSIZE;
		}
	}
	nla_nest_end(skb, nest);
	return 0;
}

int cvsw_nl_put_key(struct sk_buff *skb, int type, const struct cvsw_key *key)
{
	return nl_put_fields(skb, type, key, nl_key_but(key, NL_KEY_ALL, 0));
}

int cvsw_nl_put_match(struct sk_buff *skb, int key_type, int mask_type,
		      const struct cvsw_match *match)
{
	const u32 named = nl_key_but(&match->mask, NL_KEY_ALL, 0);

	return nl_put_fields(skb, key_type, &match->value, named) ?:
	       nl_put_fields(skb, mask_type, &match->mask,
			     nl_key_but(&match->mask, named, ~0ULL));
}

/* fields of a nest into @key, and which they are into @fields, 1 << CVSW_KEY_A_* */
static void nl_get_fields(const struct nlattr *nest, struct cvsw_key *key,
			  u32 *fields)
{
	const struct nlattr *nla;
	int rem, type;

	nla_for_each_nested(nla, nest, rem) {
		type = nla_type(nla);
		if (!type || type > CVSW_KEY_A_MAX)
			continue;
		memcpy((u8 *)key + nl_key_fields[type].off, nla_data(nla),
		       nl_key_fields[type].len);
		*fields |= 1U << type;
	}
}

void cvsw_nl_get_key(const struct nlattr *nest, struct cvsw_key *key)
{
	u32 fields = 0;

	memset(key, 0, sizeof(*key));
	nl_get_fields(nest, key, &fields);
}

static const struct nlattr *nl_find(const struct nlattr *nest, u32 types)
{
	const struct nlattr *nla;
	int rem;

	nla_for_each_nested(nla, nest, rem)
		if (nla_type(nla) <= CVSW_KEY_A_MAX &&
		    types & 1U << nla_type(nla))
			return nla;
	return nest;
}

/* the mask of @fields, that the key names: all bits if @nest does not say else */
static int nl_get_mask(const struct nlattr *nest, u32 fields,
		       struct cvsw_key *mask, struct netlink_ext_ack *extack)
{
	u32 left = fields, masks = 0;
	const struct nl_field *f;

	for (; left; left &= left - 1) {
		f = &nl_key_fields[__ffs64(left)];
		memset((u8 *)mask + f->off, 0xff, f->len);
	}
	if (!nest)
		return 0;
	nl_get_fields(nest, mask, &masks);
	if (masks & ~fields)
		return cvsw_nl_refuse(extack, nl_find(nest, masks & ~fields),
				      "mask of a field that the key does not name",
				      -EINVAL);
	return 0;
}

int cvsw_nl_get_match(const struct nlattr *key, const struct nlattr *mask,
		      struct cvsw_match *match, struct netlink_ext_ack *extack)
{
	u32 fields = 0;

	memset(match, 0, sizeof(*match));
	if (!key && mask)
		return cvsw_nl_refuse(extack, mask, "mask without a key",
				      -EINVAL);
	if (!key)
		return 0;
	nl_get_fields(key, &match->value, &fields);
	return nl_get_mask(mask, fields, &match->mask, extack);
}

/* Options */

/* @mask: NULL for one that is pushed */
static int nl_put_opt(struct sk_buff *skb, int type,
		      const struct cvsw_tunnel_opt *opt, const u8 *mask)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	bool exact = true;
	u8 i;

	for (i = 0; mask && i < opt->len; i++)
		exact &= mask[i] == 0xff;
	if (!nest ||
	    nla_put(skb, CVSW_OPT_A_CLASS, 2, &opt->opt_class) ||
	    nla_put_u8(skb, CVSW_OPT_A_TYPE, opt->type) ||
	    nla_put(skb, CVSW_OPT_A_DATA, opt->len, opt->data) ||
	    (!exact && nla_put(skb, CVSW_OPT_A_MASK, opt->len, mask)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* @mask: as above, CVSW_TUNNEL_OPT_DATA bytes */
static int nl_get_opt(const struct nlattr *nla, struct cvsw_tunnel_opt *opt,
		      u8 *mask, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_OPT_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_OPT_A_MAX, nla,
					  NULL, extack);
	if (err)
		return err;
	if (!tb[CVSW_OPT_A_CLASS] || !tb[CVSW_OPT_A_TYPE])
		return cvsw_nl_refuse(extack, nla, tb[CVSW_OPT_A_CLASS] ?
				      "option: type is missing" :
				      "option: class is missing", -EINVAL);
	nla_memcpy(&opt->opt_class, tb[CVSW_OPT_A_CLASS], 2);
	opt->type = nla_get_u8(tb[CVSW_OPT_A_TYPE]);
	if (tb[CVSW_OPT_A_DATA]) {
		opt->len = (u8)nla_len(tb[CVSW_OPT_A_DATA]);
		nla_memcpy(opt->data, tb[CVSW_OPT_A_DATA], sizeof(opt->data));
	}
	if (mask)
		memset(mask, 0xff, opt->len);
	if (!tb[CVSW_OPT_A_MASK])
		return 0;
	if (!mask || nla_len(tb[CVSW_OPT_A_MASK]) != opt->len)
		return cvsw_nl_refuse(extack, tb[CVSW_OPT_A_MASK], mask ?
				      "option: mask is not as long as the data" :
				      "option: mask of one that is pushed",
				      -EINVAL);
	nla_memcpy(mask, tb[CVSW_OPT_A_MASK], opt->len);
	return 0;
}

/* Actions */

#define NL_ACTION_FIELD(f, n)	{ offsetof(struct cvsw_action, f), n }
#define NL_ACTION_NEST		{ 0, 0xff }

/* by CVSW_ACTION_A_*: where its payload is; for nests there are functions */
static const struct nl_field nl_action_fields[CVSW_ACTION_A_MAX + 1] = {
	[CVSW_ACTION_A_OUTPUT]		= NL_ACTION_NEST,
	[CVSW_ACTION_A_SET_VLAN_VID]	= NL_ACTION_FIELD(vlan, 2),
	[CVSW_ACTION_A_SET_VLAN_PCP]	= NL_ACTION_FIELD(vlan, 2),
	[CVSW_ACTION_A_SET_DL_SRC]	= NL_ACTION_FIELD(mac, 6),
	[CVSW_ACTION_A_SET_DL_DST]	= NL_ACTION_FIELD(mac, 6),
	[CVSW_ACTION_A_SET_NW_SRC]	= NL_ACTION_FIELD(nw, 4),
	[CVSW_ACTION_A_SET_NW_DST]	= NL_ACTION_FIELD(nw, 4),
	[CVSW_ACTION_A_SET_NW_TOS]	= NL_ACTION_FIELD(tos, 1),
	[CVSW_ACTION_A_SET_TP_SRC]	= NL_ACTION_FIELD(tp, 2),
	[CVSW_ACTION_A_SET_TP_DST]	= NL_ACTION_FIELD(tp, 2),
	[CVSW_ACTION_A_ENQUEUE]		= NL_ACTION_NEST,
	[CVSW_ACTION_A_SET_IPV6_SRC]	= NL_ACTION_FIELD(nw, 16),
	[CVSW_ACTION_A_SET_IPV6_DST]	= NL_ACTION_FIELD(nw, 16),
	[CVSW_ACTION_A_RESUBMIT]	= NL_ACTION_FIELD(output.port, 2),
	[CVSW_ACTION_A_PUSH]		= NL_ACTION_NEST,
	[CVSW_ACTION_A_POP]		= NL_ACTION_FIELD(tunnel.kind, 1),
	[CVSW_ACTION_A_TUNNEL_OPT]	= NL_ACTION_NEST,
	[CVSW_ACTION_A_SET_TUNNEL]	= NL_ACTION_FIELD(tun_id, 8),
};

static int nl_put_output(struct sk_buff *skb, const struct cvsw_action *a)
{
	struct nlattr *nest = nla_nest_start(skb, a->type + 1);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, CVSW_OUTPUT_A_PORT, a->output.port) ||
	    (a->output.max_len &&
	     nla_put_u16(skb, CVSW_OUTPUT_A_MAX_LEN, a->output.max_len)) ||
	    (a->type == CVSW_ACT_ENQUEUE &&
	     nla_put_u32(skb, CVSW_OUTPUT_A_QUEUE, a->output.queue)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int nl_get_output(const struct nlattr *nla, struct cvsw_action *a,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_OUTPUT_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_OUTPUT_A_MAX, nla,
					  NULL, extack);
	if (err)
		return err;
	if (!tb[CVSW_OUTPUT_A_PORT])
		return cvsw_nl_refuse(extack, nla, "output: port is missing",
				      -EINVAL);
	a->output.port = nla_get_u16(tb[CVSW_OUTPUT_A_PORT]);
	if (tb[CVSW_OUTPUT_A_MAX_LEN])
		a->output.max_len = nla_get_u16(tb[CVSW_OUTPUT_A_MAX_LEN]);
	if (tb[CVSW_OUTPUT_A_QUEUE] && a->type != CVSW_ACT_ENQUEUE)
		return cvsw_nl_refuse(extack, tb[CVSW_OUTPUT_A_QUEUE],
				      "output: queue is for enqueue only",
				      -EINVAL);
	if (tb[CVSW_OUTPUT_A_QUEUE])
		a->output.queue = nla_get_u32(tb[CVSW_OUTPUT_A_QUEUE]);
	return 0;
}

static int nl_put_tunnel(struct sk_buff *skb, const struct cvsw_tunnel *t)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_ACTION_A_PUSH);
	int n = t->family == 4 ? 4 : 16;

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u8(skb, CVSW_TUNNEL_A_KIND, t->kind) ||
	    nla_put_be64(skb, CVSW_TUNNEL_A_ID, t->id, CVSW_TUNNEL_A_UNSPEC) ||
	    nla_put(skb, CVSW_TUNNEL_A_NW_SRC, n, t->nw_src) ||
	    nla_put(skb, CVSW_TUNNEL_A_NW_DST, n, t->nw_dst) ||
	    nla_put(skb, CVSW_TUNNEL_A_DL_SRC, 6, t->dl_src) ||
	    nla_put(skb, CVSW_TUNNEL_A_DL_DST, 6, t->dl_dst) ||
	    nla_put(skb, CVSW_TUNNEL_A_TP_DST, 2, &t->tp_dst) ||
	    nla_put_u8(skb, CVSW_TUNNEL_A_TTL, t->ttl) ||
	    nla_put_u8(skb, CVSW_TUNNEL_A_TOS, t->tos) ||
	    nla_put_u16(skb, CVSW_TUNNEL_A_FLAGS, t->flags))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* outer addresses, of one length, which is the family; the source is optional */
static int nl_get_endpoints(const struct nlattr *nla, struct nlattr *const *tb,
			    struct cvsw_tunnel *t,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *src = tb[CVSW_TUNNEL_A_NW_SRC];
	const struct nlattr *dst = tb[CVSW_TUNNEL_A_NW_DST];

	if (!dst)
		return cvsw_nl_refuse(extack, nla,
				      "push: outer nw_dst is missing", -EINVAL);
	if (nla_len(dst) != 4 && nla_len(dst) != 16)
		return cvsw_nl_refuse(extack, dst,
				      "push: outer nw_dst is not of 4 or 16 bytes",
				      -EINVAL);
	if (src && nla_len(src) != nla_len(dst))
		return cvsw_nl_refuse(extack, dst,
				      "push: outer nw_dst is not of the family of nw_src",
				      -EINVAL);
	t->family = nla_len(dst) == 4 ? 4 : 6;
	if (src)
		nla_memcpy(t->nw_src, src, sizeof(t->nw_src));
	nla_memcpy(t->nw_dst, dst, sizeof(t->nw_dst));
	return 0;
}

static void nl_get_tunnel_options(struct nlattr *const *tb,
				  struct cvsw_tunnel *t)
{
	if (tb[CVSW_TUNNEL_A_DL_SRC])
		nla_memcpy(t->dl_src, tb[CVSW_TUNNEL_A_DL_SRC], 6);
	if (tb[CVSW_TUNNEL_A_DL_DST])
		nla_memcpy(t->dl_dst, tb[CVSW_TUNNEL_A_DL_DST], 6);
	if (tb[CVSW_TUNNEL_A_TP_DST])
		nla_memcpy(&t->tp_dst, tb[CVSW_TUNNEL_A_TP_DST], 2);
	if (tb[CVSW_TUNNEL_A_TTL])
		t->ttl = nla_get_u8(tb[CVSW_TUNNEL_A_TTL]);
	if (tb[CVSW_TUNNEL_A_TOS])
		t->tos = nla_get_u8(tb[CVSW_TUNNEL_A_TOS]);
	if (tb[CVSW_TUNNEL_A_FLAGS])
		t->flags = nla_get_u16(tb[CVSW_TUNNEL_A_FLAGS]);
}

static int nl_get_tunnel(const struct nlattr *nla, struct cvsw_tunnel *t,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_TUNNEL_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_TUNNEL_A_MAX, nla,
					  NULL, extack);
	if (err)
		return err;
	if (!tb[CVSW_TUNNEL_A_KIND] || !tb[CVSW_TUNNEL_A_ID])
		return cvsw_nl_refuse(extack, nla, tb[CVSW_TUNNEL_A_KIND] ?
				      "push: id is missing" :
				      "push: kind is missing", -EINVAL);
	t->kind = nla_get_u8(tb[CVSW_TUNNEL_A_KIND]);
	t->id = nla_get_be64(tb[CVSW_TUNNEL_A_ID]);
	nl_get_tunnel_options(tb, t);
	return nl_get_endpoints(nla, tb, t, extack);
}

static int nl_put_action(struct sk_buff *skb, const struct cvsw_action *a)
{
	const struct nl_field *f;

	if (a->type >= CVSW_ACTION_A_MAX)
		return -EINVAL;
	f = &nl_action_fields[a->type + 1];
	if (a->type == CVSW_ACT_PUSH)
		return nl_put_tunnel(skb, &a->tunnel);
	if (a->type == CVSW_ACT_TUNNEL_OPT)
		return nl_put_opt(skb, CVSW_ACTION_A_TUNNEL_OPT, &a->opt,
				  NULL);
	if (f->len == 0xff)
		return nl_put_output(skb, a);
	return nla_put(skb, a->type + 1, f->len, (const u8 *)a + f->off);
}

int cvsw_nl_put_actions(struct sk_buff *skb, int type,
			const struct cvsw_action *actions, unsigned int n)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	unsigned int i;
	int err = 0;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < n && !err; i++)
		err = nl_put_action(skb, &actions[i]);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}

unsigned int cvsw_nl_count_actions(const struct nlattr *nest)
{
	const struct nlattr *nla;
	unsigned int n = 0;
	int rem;

	nla_for_each_nested(nla, nest, rem)
		n++;
	return n;
}

static int nl_get_action(const struct nlattr *nla, struct cvsw_action *a,
			 struct netlink_ext_ack *extack)
{
	int type = nla_type(nla);
	const struct nl_field *f;

	if (!type || type > CVSW_ACTION_A_MAX)
		return cvsw_nl_refuse(extack, nla, "unknown action", -EINVAL);
	f = &nl_action_fields[type];
	memset(a, 0, sizeof(*a));
	a->type = (u16)(type - 1);
	if (a->type == CVSW_ACT_PUSH)
		return nl_get_tunnel(nla, &a->tunnel, extack);
	if (a->type == CVSW_ACT_TUNNEL_OPT)
		return nl_get_opt(nla, &a->opt, NULL, extack);
	if (f->len == 0xff)
		return nl_get_output(nla, a, extack);
	if (nla_len(nla) != f->len)
		return cvsw_nl_refuse(extack, nla, "action of a wrong length",
				      -EINVAL);
	memcpy((u8 *)a + f->off, nla_data(nla), f->len);
	return 0;
}

int cvsw_nl_get_actions(const struct nlattr *nest, struct cvsw_action *actions,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem, err, i = 0;

	nla_for_each_nested(nla, nest, rem) {
		err = nl_get_action(nla, &actions[i], extack);
		if (err) {
			cvsw_nl_blame(extack, -1, i);
			return err;
		}
		i++;
	}
	return 0;
}

/* Flows */

static int nl_put_counters(struct sk_buff *skb, const struct cvsw_flow *f)
{
	const int pad = CVSW_FLOW_A_UNSPEC;

	return nla_put_u64_64bit(skb, CVSW_FLOW_A_PACKETS, f->packets, pad) ?:
	       nla_put_u64_64bit(skb, CVSW_FLOW_A_BYTES, f->bytes, pad) ?:
	       nla_put_u64_64bit(skb, CVSW_FLOW_A_AGE, f->age_ns, pad) ?:
	       nla_put_u64_64bit(skb, CVSW_FLOW_A_IDLE, f->idle_ns, pad);
}

static int nl_put_filters(struct sk_buff *skb, const struct cvsw_flow_mod *mod)
{
	if (nla_put_u8(skb, CVSW_FLOW_A_CMD, (u8)mod->cmd) ||
	    (mod->out_port != CVSW_PORT_NONE &&
	     nla_put_u16(skb, CVSW_FLOW_A_OUT_PORT, mod->out_port)) ||
	    (mod->cookie_mask &&
	     nla_put_u64_64bit(skb, CVSW_FLOW_A_COOKIE_MASK, mod->cookie_mask,
			       CVSW_FLOW_A_UNSPEC)))
		return -EMSGSIZE;
	return 0;
}

/* a modification without a cookie keeps those of the flows */
static bool nl_keeps_cookie(u16 cmd)
{
	return cmd == CVSW_FLOW_MOD || cmd == CVSW_FLOW_MOD_STRICT;
}

static int nl_put_opts(struct sk_buff *skb, const struct cvsw_flow *f)
{
	int i, err = 0;

	for (i = 0; i < f->n_opts && !err; i++)
		err = nl_put_opt(skb, CVSW_FLOW_A_OPT, &f->opts[i].value,
				 f->opts[i].mask);
	return err;
}

static int nl_put_flow_fields(struct sk_buff *skb,
			      const struct cvsw_flow_mod *mod)
{
	const struct cvsw_flow *f = &mod->flow;
	u64 no_cookie = nl_keeps_cookie(mod->cmd) ? CVSW_COOKIE_KEEP : 0;

	if (cvsw_nl_put_match(skb, CVSW_FLOW_A_KEY, CVSW_FLOW_A_MASK,
			      &f->match) ||
	    nl_put_opts(skb, f) ||
	    nla_put_u16(skb, CVSW_FLOW_A_PRIORITY, f->priority) ||
	    (f->cookie != no_cookie &&
	     nla_put_u64_64bit(skb, CVSW_FLOW_A_COOKIE, f->cookie,
			       CVSW_FLOW_A_UNSPEC)) ||
	    (f->idle_timeout &&
	     nla_put_u16(skb, CVSW_FLOW_A_IDLE_TIMEOUT, f->idle_timeout)) ||
	    (f->hard_timeout &&
	     nla_put_u16(skb, CVSW_FLOW_A_HARD_TIMEOUT, f->hard_timeout)) ||
	    (f->flags && nla_put_u16(skb, CVSW_FLOW_A_FLAGS, f->flags)))
		return -EMSGSIZE;
	if (!f->n_actions)
		return 0;
	return cvsw_nl_put_actions(skb, CVSW_FLOW_A_ACTIONS, f->actions,
				   f->n_actions);
}

int cvsw_nl_put_flow(struct sk_buff *skb, int type,
		     const struct cvsw_flow_mod *mod,
		     enum cvsw_nl_flow_form form)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err = 0;

	if (!nest)
		return -EMSGSIZE;
	if (form == CVSW_NL_FLOW_MOD)
		err = nl_put_filters(skb, mod);
	if (!err)
		err = nl_put_flow_fields(skb, mod);
	if (!err && (form == CVSW_NL_FLOW_STATS ||
		     mod->cmd == CVSW_FLOW_RESTORE))
		err = nl_put_counters(skb, &mod->flow);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}

unsigned int cvsw_nl_count_flow_actions(const struct nlattr *nest)
{
	const struct nlattr *nla;
	unsigned int n = 0;
	int rem;

	nla_for_each_nested(nla, nest, rem)
		if (nla_type(nla) == CVSW_FLOW_A_ACTIONS)
			n += cvsw_nl_count_actions(nla);
	return n;
}

unsigned int cvsw_nl_count_flow_opts(const struct nlattr *nest)
{
	const struct nlattr *nla;
	unsigned int n = 0;
	int rem;

	nla_for_each_nested(nla, nest, rem)
		n += nla_type(nla) == CVSW_FLOW_A_OPT;
	return n;
}

static u64 nl_u64(const struct nlattr *nla)
{
	return nla ? nla_get_u64(nla) : 0;
}

static u16 nl_u16(const struct nlattr *nla, u16 absent)
{
	return nla ? nla_get_u16(nla) : absent;
}

static void nl_get_flow_fields(struct nlattr *const *tb,
			       struct cvsw_flow_mod *mod)
{
	struct cvsw_flow *f = &mod->flow;

	mod->cmd = tb[CVSW_FLOW_A_CMD] ? nla_get_u8(tb[CVSW_FLOW_A_CMD]) :
		   CVSW_FLOW_ADD;
	mod->out_port = nl_u16(tb[CVSW_FLOW_A_OUT_PORT], CVSW_PORT_NONE);
	mod->cookie_mask = nl_u64(tb[CVSW_FLOW_A_COOKIE_MASK]);
	f->priority = nl_u16(tb[CVSW_FLOW_A_PRIORITY], CVSW_PRIORITY_DEFAULT);
	f->idle_timeout = nl_u16(tb[CVSW_FLOW_A_IDLE_TIMEOUT], 0);
	f->hard_timeout = nl_u16(tb[CVSW_FLOW_A_HARD_TIMEOUT], 0);
	f->flags = nl_u16(tb[CVSW_FLOW_A_FLAGS], 0);
	f->cookie = nl_u64(tb[CVSW_FLOW_A_COOKIE]);
	if (!tb[CVSW_FLOW_A_COOKIE] && nl_keeps_cookie(mod->cmd))
		f->cookie = CVSW_COOKIE_KEEP;
	f->packets = nl_u64(tb[CVSW_FLOW_A_PACKETS]);
	f->bytes = nl_u64(tb[CVSW_FLOW_A_BYTES]);
	f->age_ns = nl_u64(tb[CVSW_FLOW_A_AGE]);
	f->idle_ns = nl_u64(tb[CVSW_FLOW_A_IDLE]);
}

static int nl_get_opts(const struct nlattr *nest, struct cvsw_flow *f,
		       struct cvsw_opt_match *opts,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem, err;

	nla_for_each_nested(nla, nest, rem) {
		if (nla_type(nla) != CVSW_FLOW_A_OPT)
			continue;
		if (f->n_opts == CVSW_OPT_MATCHES_MAX)
			return cvsw_nl_refuse(extack, nla, "options: more than 8",
					      -EINVAL);
		f->opts = opts;
		memset(&opts[f->n_opts], 0, sizeof(*opts));
		err = nl_get_opt(nla, &opts[f->n_opts].value,
				 opts[f->n_opts].mask, extack);
		if (err)
			return err;
		f->n_opts++;
	}
	return 0;
}

int cvsw_nl_get_flow(const struct nlattr *nest, struct cvsw_flow_mod *mod,
		     struct cvsw_action *actions, struct cvsw_opt_match *opts,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_FLOW_A_MAX + 1];
	unsigned int n;
	int err;

	memset(mod, 0, sizeof(*mod));
	err = nla_parse_nested_deprecated(tb, CVSW_FLOW_A_MAX, nest,
					  cvsw_nl_flow_policy, extack);
	if (err)
		return err;
	nl_get_flow_fields(tb, mod);
	err = cvsw_nl_get_match(tb[CVSW_FLOW_A_KEY], tb[CVSW_FLOW_A_MASK],
				&mod->flow.match, extack) ?:
	      nl_get_opts(nest, &mod->flow, opts, extack);
	if (err || !tb[CVSW_FLOW_A_ACTIONS])
		return err;
	n = cvsw_nl_count_actions(tb[CVSW_FLOW_A_ACTIONS]);
	if (n > CVSW_ACTIONS_MAX)
		return cvsw_nl_refuse(extack, tb[CVSW_FLOW_A_ACTIONS],
				      "too many actions", -EINVAL);
	mod->flow.actions = actions;
	mod->flow.n_actions = (u16)n;
	return cvsw_nl_get_actions(tb[CVSW_FLOW_A_ACTIONS], actions, extack);
}

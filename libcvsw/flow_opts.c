// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The options that flows ask for: their numbers.  See opts.h.
 *
 * Flow-mods number what is new in a copy of the set, which is thrown away if
 * they fail.  Else it is published a grace period before the flows are: who sees
 * them has taken up this set, or a newer one.  A number is free again when the
 * last flow that asks for it has been freed: no reader can see such a flow then,
 * and none that takes the number for what it was can see what asks for another
 * option by it.
 */

#include "switch_priv.h"

/* Check */

static const char *flow_opt_fault(const struct cvsw_opt_match *opt)
{
	u32 len = opt->value.len, i;

	if (!cvsw_is_zero(opt->mask + len, CVSW_TUNNEL_OPT_DATA - len))
		return "option: mask behind its length";
	for (i = 0; i < len; i++)
		if (opt->value.data[i] & ~opt->mask[i])
			return "option: value outside its mask";
	return NULL;
}

static bool flow_opt_same_type(const struct cvsw_opt_match *a,
			       const struct cvsw_opt_match *b)
{
	return a->value.opt_class == b->value.opt_class &&
	       a->value.type == b->value.type;
}

static const char *flow_opts_fault(const struct cvsw_opt_match *opts, u32 n)
{
	u32 size = 0, i, j;

	for (i = 0; i < n; i++) {
		size += cvsw_tunnel_opt_size(&opts[i].value);
		for (j = 0; j < i; j++)
			if (flow_opt_same_type(&opts[i], &opts[j]))
				return "options: one of them twice";
	}
	return size > CVSW_TUNNEL_OPTS_MAX ?
	       "options: more than 252 bytes of them" : NULL;
}

int cvsw_flow_opts_check(const struct cvsw_flow *flow, struct cvsw_error *err)
{
	const char *fault;
	u32 i;

	if (flow->n_opts > CVSW_OPT_MATCHES_MAX)
		return cvsw_error_set(err, -EINVAL, "options: more than 8");
	for (i = 0; i < flow->n_opts; i++) {
		if (cvsw_tunnel_opt_check(&flow->opts[i].value, err))
			return -EINVAL;
		fault = flow_opt_fault(&flow->opts[i]);
		if (fault)
			return cvsw_error_set(err, -EINVAL, fault);
	}
	fault = flow_opts_fault(flow->opts, flow->n_opts);
	return fault ? cvsw_error_set(err, -EINVAL, fault) : 0;
}

/* Numbers */

static struct cvsw_opts *flow_opts_set(const struct cvsw_switch *sw)
{
	return rcu_dereference_protected(sw->opts, true);
}

/* bit of @opt in @set, 0 when it has none */
static u64 flow_opt_bit(const struct cvsw_opts *set,
			const struct cvsw_opt_match *opt)
{
	unsigned int nr;
	u64 left;

	for (left = set ? set->used : 0; left; left &= left - 1) {
		nr = __ffs64(left);
		if (!memcmp(&set->match[nr], opt, sizeof(*opt)))
			return 1ULL << nr;
	}
	return 0;
}

bool cvsw_flow_opts_find(const struct cvsw_switch *sw,
			 const struct cvsw_flow *flow, u64 *opts)
{
	const struct cvsw_opts *set = sw->opts_next ?: flow_opts_set(sw);
	u64 bit;
	u32 i;

	*opts = 0;
	for (i = 0; i < flow->n_opts; i++) {
		bit = flow_opt_bit(set, &flow->opts[i]);
		if (!bit)
			return false;
		*opts |= bit;
	}
	return true;
}

/* a set that can be changed: what is published, and then more */
static struct cvsw_opts *flow_opts_next(struct cvsw_switch *sw)
{
	const struct cvsw_opts *set = flow_opts_set(sw);

	if (sw->opts_next)
		return sw->opts_next;
	sw->opts_next = kvzalloc(sizeof(*sw->opts_next), GFP_KERNEL);
	if (sw->opts_next && set)
		*sw->opts_next = *set;
	return sw->opts_next;
}

static int flow_opt_number(struct cvsw_switch *sw,
			   const struct cvsw_opt_match *opt,
			   struct cvsw_error *err)
{
	struct cvsw_opts *next;
	unsigned int nr;

	if (flow_opt_bit(sw->opts_next ?: flow_opts_set(sw), opt))
		return 0;
	next = flow_opts_next(sw);
	if (!next)
		return cvsw_error_set(err, -ENOMEM, "no memory");
	if (next->used == ~0ULL)
		return cvsw_error_set(err, -ENOSPC,
				      "options: more than 64 different ones");
	nr = __ffs64(~next->used);
	cvsw_opts_put(next, nr, opt);
	return 0;
}

int cvsw_flow_opts_number(struct cvsw_switch *sw, const struct cvsw_flow *flow,
			  struct cvsw_error *err)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < flow->n_opts && !ret; i++)
		ret = flow_opt_number(sw, &flow->opts[i], err);
	return ret;
}

/* numbers that flows have */
static u64 flow_opts_held(const struct cvsw_switch *sw)
{
	unsigned int nr;
	u64 held = 0;

	for (nr = 0; nr < CVSW_OPTS; nr++)
		held |= (u64)!!sw->opt_flows[nr] << nr;
	return held;
}

void cvsw_flow_opts_publish(struct cvsw_switch *sw)
{
	struct cvsw_opts *next = sw->opts_next, *old = flow_opts_set(sw);

	if (!next)
		return;
	next->used &= flow_opts_held(sw);
	if (!(next->used & ~(old ? old->used : 0)))
		return;
	rcu_assign_pointer(sw->opts, next);
	sw->opts_next = NULL;
	synchronize_rcu();
	kvfree(old);
}

void cvsw_flow_opts_settle(struct cvsw_switch *sw)
{
	struct cvsw_opts *set = flow_opts_set(sw);

	kvfree(sw->opts_next);
	sw->opts_next = NULL;
	if (set)
		WRITE_ONCE(set->used, set->used & flow_opts_held(sw));
}

void cvsw_flow_opts_hold(struct cvsw_switch *sw, u64 opts)
{
	for (; opts; opts &= opts - 1)
		sw->opt_flows[__ffs64(opts)]++;
}

void cvsw_flow_opts_drop(struct cvsw_switch *sw, u64 opts)
{
	for (; opts; opts &= opts - 1)
		sw->opt_flows[__ffs64(opts)]--;
}

/* Show */

/* before @b in a flow that is shown?  By class and type, which are first */
static bool flow_opt_before(const struct cvsw_opt_match *a,
			    const struct cvsw_opt_match *b)
{
	return memcmp(&a->value, &b->value,
		      offsetof(struct cvsw_tunnel_opt, len)) < 0;
}

u16 cvsw_flow_opts_list(const struct cvsw_opts *set, u64 opts,
			struct cvsw_opt_match *list)
{
	const struct cvsw_opt_match *opt;
	u16 n = 0, i;

	for (; opts && n < CVSW_OPT_MATCHES_MAX; opts &= opts - 1) {
		opt = &set->match[__ffs64(opts)];
		for (i = n++; i && flow_opt_before(opt, &list[i - 1]); i--)
			list[i] = list[i - 1];
		list[i] = *opt;
	}
	return n;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flow calls: flow-mods as OpenFlow 1.0 has them, over the transactions of
 * table.c.  A list of flow-mods is checked as a whole, then done in order in
 * one transaction; whatever fails rolls all of it back.
 *
 * A MOD that finds no flow adds one, unless it asked for a cookie: then it
 * meant flows that were there.
 */

#include "switch_priv.h"
#include "match.h"

/* What flows refer to */

static void flow_hold(void *arg, const struct cvsw_table_flow *flow)
{
	cvsw_flow_opts_hold(arg, cvsw_table_flow_opts(flow));
	cvsw_switch_paths_hold(arg, cvsw_table_flow_acts(flow));
}

static void flow_drop(void *arg, const struct cvsw_table_flow *flow)
{
	cvsw_flow_opts_drop(arg, cvsw_table_flow_opts(flow));
	cvsw_switch_paths_drop(arg, cvsw_table_flow_acts(flow));
}

const struct cvsw_table_owner cvsw_flow_owner = {
	.hold	= flow_hold,
	.drop	= flow_drop,
};

/* the flows are as they will be for now: so is what they refer to */
static void flow_settle(struct cvsw_switch *sw)
{
	cvsw_flow_opts_settle(sw);
	cvsw_paths_settle(sw->paths, sw->ops, sw->ctx);
}

/* Out: flows as the API shows them */

void cvsw_flow_show(const struct cvsw_table_flow *from,
		    const struct cvsw_opts *set, u64 now,
		    struct cvsw_flow *out, struct cvsw_flow_room *room)
{
	cvsw_table_flow_get(from, now + CVSW_EPOCH, out);
	out->n_actions = (u16)cvsw_action_list(cvsw_table_flow_acts(from),
					       room->actions,
					       CVSW_ACTIONS_MAX);
	out->actions = room->actions;
	out->n_opts = cvsw_flow_opts_list(set, cvsw_table_flow_opts(from),
					  room->opts);
	out->opts = room->opts;
}

/* the same under the mutex */
static void flow_show(struct cvsw_switch *sw,
		      const struct cvsw_table_flow *from, u64 now,
		      struct cvsw_flow *out)
{
	cvsw_flow_show(from, rcu_dereference_protected(sw->opts, true), now,
		       out, &sw->shown);
}

struct flow_telling {
	struct cvsw_switch	*sw;
	u64			now;
};

static void flow_removed(void *arg, const struct cvsw_table_flow *from,
			 enum cvsw_removed_reason reason)
{
	const struct flow_telling *telling = arg;
	struct cvsw_switch *sw = telling->sw;
	struct cvsw_flow flow;
	struct cvsw_event event = {
		.kind = CVSW_EVENT_FLOW_REMOVED,
		.reason = (u16)reason,
		.flow = &flow,
	};

	if (!(from->node.flags & CVSW_FLOW_F_SEND_REM) || !sw->ops->event)
		return;
	flow_show(sw, from, telling->now, &flow);
	sw->ops->event(sw->ctx, &event);
}

/* flows that are gone no longer hold what they referred to */
static void flow_reclaim(struct cvsw_switch *sw)
{
	cvsw_table_reclaim(sw->table);
	flow_settle(sw);
}

void cvsw_flow_expire(struct cvsw_switch *sw, u64 now)
{
	struct flow_telling telling = { sw, now };

	cvsw_table_expire(sw->table, now + CVSW_EPOCH, flow_removed, &telling);
	flow_reclaim(sw);
}

/* In: what is wrong with a flow-mod */

/* point @err at element @index, what it pointed at becomes the inner one */
static int flow_error_at(struct cvsw_error *err, int ret, unsigned int index)
{
	if (ret && err) {
		err->sub = err->index;
		err->index = (s32)index;
	}
	return ret;
}

static int flow_check(const struct cvsw_flow *flow, struct cvsw_error *err)
{
	if (flow->flags & ~CVSW_FLOW_F_MASK)
		return cvsw_error_set(err, -EINVAL, "flow: unknown flag");
	if (flow->n_actions > CVSW_ACTIONS_MAX)
		return cvsw_error_set(err, -EINVAL, "flow: too many actions");
	return cvsw_match_check(&flow->match, err) ?:
	       cvsw_flow_opts_check(flow, err) ?:
	       cvsw_action_check(flow->actions, flow->n_actions, err);
}

static int flow_mod_check(const struct cvsw_flow_mod *mod,
			  struct cvsw_error *err)
{
	if (mod->cmd > CVSW_FLOW_RESTORE)
		return cvsw_error_set(err, -EINVAL, "flow: unknown command");
	return flow_check(&mod->flow, err);
}

/* In: one flow-mod at work */

/**
 * struct flow_job - a flow-mod, ready for the table
 * @match: normal
 * @spec:  to add
 * @known: all its options have numbers: else no flow asks for them
 */
struct flow_job {
	struct cvsw_match	match;
	struct cvsw_table_spec	spec;
	bool			known;
};

/* ends with cvsw_switch_paths_put() of sw->blob */
static int flow_job_init(struct flow_job *job, struct cvsw_switch *sw,
			 const struct cvsw_flow *flow, u64 now,
			 struct cvsw_error *err)
{
	int ret;

	job->match = flow->match;
	cvsw_match_normalize(&job->match);
	cvsw_action_compile(flow->actions, flow->n_actions, sw->blob);
	ret = cvsw_switch_paths_get(sw, sw->blob);
	if (ret == -ENOSPC)
		return cvsw_error_set(err, ret,
				      "too many destinations of tunnels");
	if (ret)
		return cvsw_error_set(err, ret, "no memory");
	job->spec = (struct cvsw_table_spec){
		.match = &job->match,
		.acts = sw->blob,
		.acts_len = (u16)cvsw_action_size(flow->actions,
						  flow->n_actions),
		.priority = flow->priority,
		.idle_timeout = flow->idle_timeout,
		.hard_timeout = flow->hard_timeout,
		.flags = flow->flags & CVSW_FLOW_F_SEND_REM,
		.cookie = flow->cookie,
		.created = now + CVSW_EPOCH,
		.used = now + CVSW_EPOCH,
	};
	job->known = cvsw_flow_opts_find(sw, flow, &job->spec.opts);
	return 0;
}

static int flow_table_error(struct cvsw_error *err, int ret)
{
	switch (ret) {
	case 0:
		return 0;
	case -ENOSPC:
		return cvsw_error_set(err, ret, "table full");
	default:
		return cvsw_error_set(err, ret, "no memory");
	}
}

static int flow_add(struct cvsw_switch *sw, const struct cvsw_flow *flow,
		    const struct flow_job *job, struct cvsw_error *err)
{
	if (flow->flags & CVSW_FLOW_F_CHECK_OVERLAP &&
	    cvsw_table_overlaps(sw->table, &job->match, job->spec.opts,
				flow->priority))
		return cvsw_error_set(err, -EEXIST,
				      "flow overlaps with another one");
	return flow_table_error(err, cvsw_table_add(sw->table, &job->spec));
}

static int flow_restore(struct cvsw_switch *sw, const struct cvsw_flow *flow,
			struct flow_job *job, struct cvsw_error *err)
{
	job->spec.created -= min_t(u64, flow->age_ns, CVSW_EPOCH);
	job->spec.used -= min_t(u64, flow->idle_ns, CVSW_EPOCH);
	job->spec.packets = flow->packets;
	job->spec.bytes = flow->bytes;
	return flow_table_error(err, cvsw_table_add(sw->table, &job->spec));
}

static bool flow_outputs_to(void *arg, const void *acts)
{
	const u16 *port = arg;

	return cvsw_action_outputs_to(acts, *port);
}

static void flow_filter_init(struct cvsw_table_filter *filter,
			     const struct cvsw_flow_mod *mod,
			     const struct cvsw_match *match, u64 opts)
{
	*filter = (struct cvsw_table_filter){
		.match = match,
		.opts = opts,
		.cookie = mod->flow.cookie,
		.cookie_mask = mod->cookie_mask,
		.priority = mod->flow.priority,
		.strict = mod->cmd == CVSW_FLOW_MOD_STRICT ||
			  mod->cmd == CVSW_FLOW_DEL_STRICT,
	};
}

static void flow_del(struct cvsw_switch *sw, const struct cvsw_flow_mod *mod,
		     const struct flow_job *job)
{
	u16 out_port = mod->out_port;
	struct cvsw_table_filter filter;

	if (!job->known)
		return;
	flow_filter_init(&filter, mod, &job->match, job->spec.opts);
	if (out_port != CVSW_PORT_NONE) {
		filter.acts = flow_outputs_to;
		filter.arg = &out_port;
	}
	cvsw_table_del(sw->table, &filter);
}

static int flow_modify(struct cvsw_switch *sw, const struct cvsw_flow_mod *mod,
		       struct flow_job *job, struct cvsw_error *err)
{
	struct cvsw_table_filter filter;
	int ret = 0;

	flow_filter_init(&filter, mod, &job->match, job->spec.opts);
	if (job->known)
		ret = cvsw_table_mod(sw->table, &filter, job->spec.acts,
				     job->spec.acts_len,
				     mod->cookie_mask ? CVSW_COOKIE_KEEP :
				     mod->flow.cookie);
	if (ret < 0)
		return flow_table_error(err, ret);
	if (ret > 0 || mod->cookie_mask)
		return 0;
	if (job->spec.cookie == CVSW_COOKIE_KEEP)
		job->spec.cookie = 0;
	return flow_add(sw, &mod->flow, job, err);
}

static int flow_job_do(struct cvsw_switch *sw, const struct cvsw_flow_mod *mod,
		       struct flow_job *job, struct cvsw_error *err)
{
	switch (mod->cmd) {
	case CVSW_FLOW_ADD:
		return flow_add(sw, &mod->flow, job, err);
	case CVSW_FLOW_RESTORE:
		return flow_restore(sw, &mod->flow, job, err);
	case CVSW_FLOW_MOD:
	case CVSW_FLOW_MOD_STRICT:
		return flow_modify(sw, mod, job, err);
	default:
		flow_del(sw, mod, job);
		return 0;
	}
}

static int flow_mod_do(struct cvsw_switch *sw, const struct cvsw_flow_mod *mod,
		       u64 now, struct cvsw_error *err)
{
	struct flow_job job;
	int ret = flow_job_init(&job, sw, &mod->flow, now, err);

	if (ret)
		return ret;
	ret = flow_job_do(sw, mod, &job, err);
	cvsw_switch_paths_put(sw, sw->blob);
	return ret;
}

/* end a transaction the way it went */
static void flow_end(struct cvsw_switch *sw, int ret, u64 now)
{
	struct flow_telling telling = { sw, now };

	if (ret) {
		cvsw_table_rollback(sw->table);
	} else {
		cvsw_flow_opts_publish(sw);
		cvsw_table_commit(sw->table, flow_removed, &telling);
	}
	flow_settle(sw);
}

/* Options get their numbers before the transaction begins */

/* may the flow-mod add a flow? */
static bool flow_mod_adds(const struct cvsw_flow_mod *mod)
{
	switch (mod->cmd) {
	case CVSW_FLOW_ADD:
	case CVSW_FLOW_RESTORE:
		return true;
	case CVSW_FLOW_MOD:
	case CVSW_FLOW_MOD_STRICT:
		return !mod->cookie_mask;
	default:
		return false;
	}
}

static int flow_number_mods(struct cvsw_switch *sw,
			    const struct cvsw_flow_mod *mods, unsigned int n,
			    struct cvsw_error *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		if (mods[i].flow.n_opts && flow_mod_adds(&mods[i]))
			ret = flow_error_at(err, cvsw_flow_opts_number(
					    sw, &mods[i].flow, err), i);
	return ret;
}

static int flow_number_flows(struct cvsw_switch *sw,
			     const struct cvsw_flow *flows, unsigned int n,
			     struct cvsw_error *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = flow_error_at(err, cvsw_flow_opts_number(sw, &flows[i],
							       err), i);
	return ret;
}

int cvsw_flow_mods(struct cvsw_switch *sw, const struct cvsw_flow_mod *mods,
		   unsigned int n, __u64 now, struct cvsw_error *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = flow_error_at(err, flow_mod_check(&mods[i], err), i);
	if (ret)
		return ret;
	mutex_lock(&sw->lock);
	ret = flow_number_mods(sw, mods, n, err);
	if (ret == -ENOSPC) {
		flow_reclaim(sw);
		ret = flow_number_mods(sw, mods, n, err);
	}
	cvsw_table_begin(sw->table);
	for (i = 0; i < n && !ret; i++)
		ret = flow_error_at(err, flow_mod_do(sw, &mods[i], now, err),
				    i);
	flow_end(sw, ret, now);
	mutex_unlock(&sw->lock);
	return ret;
}

/* the old flows do not count against the bound while the new ones come in */
static int flow_replace(struct cvsw_switch *sw, const struct cvsw_flow *flows,
			unsigned int n, u64 now, struct cvsw_error *err)
{
	struct flow_job job;
	unsigned int i;
	int ret;

	ret = flow_number_flows(sw, flows, n, err);
	if (ret == -ENOSPC) {
		flow_reclaim(sw);
		ret = flow_number_flows(sw, flows, n, err);
	}
	for (i = 0; i < n && !ret; i++) {
		ret = flow_job_init(&job, sw, &flows[i], now, err);
		if (!ret) {
			ret = cvsw_table_keep(sw->table, &job.spec);
			ret = flow_table_error(err, ret);
			cvsw_switch_paths_put(sw, sw->blob);
		}
		ret = flow_error_at(err, ret, i);
	}
	if (!ret)
		cvsw_table_del_unkept(sw->table);
	return ret;
}

int cvsw_flow_replace(struct cvsw_switch *sw, const struct cvsw_flow *flows,
		      unsigned int n, __u64 now, struct cvsw_error *err)
{
	unsigned int i;
	int ret = 0;
	u32 bound;

	for (i = 0; i < n && !ret; i++)
		ret = flow_error_at(err, flow_check(&flows[i], err), i);
	if (ret)
		return ret;
	mutex_lock(&sw->lock);
	bound = rcu_dereference_protected(sw->config, true)->max_flows;
	if (n > bound) {
		ret = cvsw_error_set(err, -ENOSPC, "table full");
	} else {
		cvsw_table_begin(sw->table);
		cvsw_table_bound(sw->table, ~0u);
		ret = flow_replace(sw, flows, n, now, err);
		cvsw_table_bound(sw->table, bound);
		flow_end(sw, ret, now);
	}
	mutex_unlock(&sw->lock);
	return ret;
}

/* Dumps */

/**
 * struct cvsw_flow_dump - a walk over the table
 * @sw:       its switch
 * @cursor:   where it is
 * @filter:   what is wanted
 * @match:    of @filter
 * @opts:     of @filter, whose numbers may change
 * @n_opts:   of them
 * @out_port: of @filter
 * @all:      no filter
 * @seq:      cvsw_flow_dump_seq()
 */
struct cvsw_flow_dump {
	struct cvsw_switch		*sw;
	struct cvsw_table_cursor	cursor;
	struct cvsw_table_filter	filter;
	struct cvsw_match		match;
	struct cvsw_opt_match		opts[CVSW_OPT_MATCHES_MAX];
	u16				n_opts;
	u16				out_port;
	bool				all;
	u32				seq;
};

static void flow_dump_filter(struct cvsw_flow_dump *dump,
			     const struct cvsw_flow_mod *filter)
{
	dump->match = filter->flow.match;
	cvsw_match_normalize(&dump->match);
	dump->n_opts = filter->flow.n_opts;
	if (dump->n_opts)
		memcpy(dump->opts, filter->flow.opts,
		       dump->n_opts * sizeof(*dump->opts));
	dump->out_port = filter->out_port;
	flow_filter_init(&dump->filter, filter, &dump->match, 0);
	if (dump->out_port == CVSW_PORT_NONE)
		return;
	dump->filter.acts = flow_outputs_to;
	dump->filter.arg = &dump->out_port;
}

int cvsw_flow_dump_start(struct cvsw_switch *sw, struct cvsw_flow_dump **out,
			 const struct cvsw_flow_mod *filter)
{
	struct cvsw_flow_dump *dump;

	if (filter && cvsw_flow_opts_check(&filter->flow, NULL))
		return -EINVAL;
	dump = kzalloc(sizeof(*dump), GFP_KERNEL);
	if (!dump)
		return -ENOMEM;
	dump->sw = sw;
	dump->all = !filter;
	if (filter)
		flow_dump_filter(dump, filter);
	mutex_lock(&sw->lock);
	cvsw_table_cursor_start(sw->table, &dump->cursor);
	mutex_unlock(&sw->lock);
	*out = dump;
	return 0;
}

/* give the filter the numbers that its options have now; false: they have none,
 * so no flow asks for them */
static bool flow_dump_known(struct cvsw_flow_dump *dump)
{
	const struct cvsw_flow flow = {
		.opts = dump->opts,
		.n_opts = dump->n_opts,
	};

	return cvsw_flow_opts_find(dump->sw, &flow, &dump->filter.opts);
}

int cvsw_flow_dump_next(struct cvsw_flow_dump *dump, __u64 now,
			int (*each)(void *arg, const struct cvsw_flow *flow),
			void *arg)
{
	struct cvsw_switch *sw = dump->sw;
	const struct cvsw_table_flow *from;
	struct cvsw_flow flow;
	int more = 0;

	mutex_lock(&sw->lock);
	dump->seq = (u32)cvsw_table_version(sw->table) | 1u << 31;
	while (!more && flow_dump_known(dump)) {
		from = cvsw_table_cursor_peek(sw->table, &dump->cursor,
					      dump->all ? NULL : &dump->filter);
		if (!from)
			break;
		flow_show(sw, from, now, &flow);
		if (each(arg, &flow))
			more = 1;
		else
			cvsw_table_cursor_step(sw->table, &dump->cursor);
	}
	mutex_unlock(&sw->lock);
	return more;
}

__u32 cvsw_flow_dump_seq(const struct cvsw_flow_dump *dump)
{
	return dump->seq;
}

void cvsw_flow_dump_stop(struct cvsw_flow_dump *dump)
{
	if (!dump)
		return;
	mutex_lock(&dump->sw->lock);
	cvsw_table_cursor_stop(&dump->cursor);
	mutex_unlock(&dump->sw->lock);
	kfree(dump);
}

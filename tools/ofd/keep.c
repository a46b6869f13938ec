// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "keep.h"

#include "ofd.h"

#define KEEP_FLOWS_MAX	(1u << 24)	/* whatever the switch takes */
#define KEEP_BATCH	64		/* flows that are told at once */
#define KEEP_TIDY_NS	1000000000ull

/**
 * struct keep - flows that are kept
 * @table: a switch without ports and workers
 * @tidy:  when it gives back what flows left behind, ns
 * @timed: controllers have made flows with timeouts, which are not in @table
 */
struct keep {
	struct cvsw_switch	*table;
	u64			tidy;
	bool			timed;
};

int keep_new(struct keep **out)
{
	static const struct cvsw_ops none;
	struct cvsw_config config;
	struct keep *keep;
	int ret;

	keep = calloc(1, sizeof(*keep));
	if (!keep)
		return -ENOMEM;
	cvsw_config_default(&config);
	config.max_flows = KEEP_FLOWS_MAX;
	ret = cvsw_switch_new(&keep->table, &config, &none, keep, NULL);
	if (ret)
		free(keep);
	else
		*out = keep;
	return ret;
}

void keep_free(struct keep *keep)
{
	if (!keep)
		return;
	cvsw_switch_free(keep->table);
	free(keep);
}

/* Taking note */

static u32 keep_count(const struct keep *keep)
{
	struct cvsw_table_stats stats;

	cvsw_switch_stats(keep->table, &stats);
	return stats.flows;
}

static void keep_one(struct keep *keep, const struct cvsw_flow_mod *mod)
{
	cvsw_flow_mods(keep->table, mod, 1, ofd_now(), NULL);
}

/* a flow that will go by itself: none of its match and priority stands */
static void keep_none(struct keep *keep, const struct cvsw_flow_mod *mod)
{
	struct cvsw_flow_mod del = {
		.cmd = CVSW_FLOW_DEL_STRICT,
		.out_port = CVSW_PORT_NONE,
		.flow = mod->flow,
	};

	del.flow.actions = NULL;
	del.flow.n_actions = 0;
	keep_one(keep, &del);
}

/**
 * struct keep_find - looking for a flow in the switch
 * @mod:   its match, options and priority
 * @found: it is there, and stays
 */
struct keep_find {
	const struct cvsw_flow_mod	*mod;
	bool				found;
};

static int keep_find_each(void *arg, const struct cvsw_flow *flow)
{
	struct keep_find *find = arg;
	const struct cvsw_flow *want = &find->mod->flow;

	if (flow->priority != want->priority || flow->n_opts != want->n_opts ||
	    memcmp(&flow->match, &want->match, sizeof(flow->match)))
		return 0;
	find->found = !flow->idle_timeout && !flow->hard_timeout;
	return 1;
}

/*
 * A MODIFY adds a flow when it finds none.  Here it may find none only because
 * all that it found in the switch have timeouts: then the switch has no flow
 * like this one.
 */
static void keep_modify(struct keep *keep, struct cvsw_ctl *ctl,
			const struct cvsw_flow_mod *mod)
{
	struct keep_find find = { .mod = mod };
	struct cvsw_flow_mod filter = *mod;
	u32 before = keep_count(keep);

	keep_one(keep, mod);
	if (!keep->timed || keep_count(keep) == before)
		return;
	filter.out_port = CVSW_PORT_NONE;
	filter.cookie_mask = 0;
	cvsw_ctl_flow_dump(ctl, &filter, keep_find_each, &find);
	if (!find.found)
		keep_none(keep, mod);
}

/* one that is not taken as it is; the switch has looked for an overlap, and here
 * may be flows that somebody else took out of it */
static void keep_special(struct keep *keep, struct cvsw_ctl *ctl,
			 struct cvsw_flow_mod mod)
{
	mod.flow.flags &= (u16)~CVSW_FLOW_F_CHECK_OVERLAP;
	keep->timed |= mod.flow.idle_timeout || mod.flow.hard_timeout;
	if (mod.cmd != CVSW_FLOW_ADD)
		keep_modify(keep, ctl, &mod);
	else if (mod.flow.idle_timeout || mod.flow.hard_timeout)
		keep_none(keep, &mod);
	else
		keep_one(keep, &mod);
}

static bool keep_is_special(const struct cvsw_flow_mod *mod)
{
	switch (mod->cmd) {
	case CVSW_FLOW_ADD:
		return mod->flow.idle_timeout || mod->flow.hard_timeout ||
		       mod->flow.flags & CVSW_FLOW_F_CHECK_OVERLAP;
	case CVSW_FLOW_MOD:
	case CVSW_FLOW_MOD_STRICT:
		return true;
	default:
		return false;
	}
}

void keep_mods(struct keep *keep, struct cvsw_ctl *ctl,
	       const struct cvsw_flow_mod *mods, unsigned int n)
{
	const u64 now = ofd_now();
	unsigned int i, from = 0;

	for (i = 0; i <= n; i++) {
		if (i < n && !keep_is_special(&mods[i]))
			continue;
		cvsw_flow_mods(keep->table, mods + from, i - from, now, NULL);
		if (i < n)
			keep_special(keep, ctl, mods[i]);
		from = i + 1;
	}
	if (now < keep->tidy)
		return;
	cvsw_switch_expire(keep->table, now);
	keep->tidy = now + KEEP_TIDY_NS;
}

bool keep_asks(const struct keep *keep)
{
	return keep->timed;
}

/* Bringing back */

/**
 * struct keep_batch - flows on their way to the switch
 * @actions, @opts: of them all, since a walk lends them for a moment only
 */
struct keep_batch {
	struct cvsw_ctl		*ctl;
	int			ret;
	unsigned int		n;
	unsigned int		total;
	struct cvsw_flow_mod	mods[KEEP_BATCH];
	struct cvsw_action	actions[KEEP_BATCH][CVSW_ACTIONS_MAX];
	struct cvsw_opt_match	opts[KEEP_BATCH][CVSW_OPT_MATCHES_MAX];
};

static void keep_tell(struct keep_batch *batch)
{
	if (!batch->ret)
		batch->ret = cvsw_ctl_flow_mods(batch->ctl, batch->mods,
						batch->n);
	if (!batch->ret)
		batch->total += batch->n;
	batch->n = 0;
}

static int keep_each(void *arg, const struct cvsw_flow *flow)
{
	struct keep_batch *batch = arg;
	unsigned int i = batch->n++;

	memcpy(batch->actions[i], flow->actions,
	       flow->n_actions * sizeof(*flow->actions));
	memcpy(batch->opts[i], flow->opts, flow->n_opts * sizeof(*flow->opts));
	batch->mods[i] = (struct cvsw_flow_mod){
		.cmd = CVSW_FLOW_MOD_STRICT,
		.out_port = CVSW_PORT_NONE,
		.flow = *flow,
	};
	batch->mods[i].flow.actions = batch->actions[i];
	batch->mods[i].flow.opts = batch->opts[i];
	if (batch->n == KEEP_BATCH)
		keep_tell(batch);
	return 0;
}

int keep_restore(struct keep *keep, struct cvsw_ctl *ctl, unsigned int *n)
{
	struct cvsw_flow_dump *dump;
	struct keep_batch *batch;
	int ret;

	*n = 0;
	batch = malloc(sizeof(*batch));
	if (!batch)
		return -ENOMEM;
	batch->ctl = ctl;
	batch->ret = 0;
	batch->n = 0;
	batch->total = 0;
	ret = cvsw_flow_dump_start(keep->table, &dump, NULL);
	if (!ret) {
		while (cvsw_flow_dump_next(dump, ofd_now(), keep_each, batch) &&
		       !batch->ret)
			;
		cvsw_flow_dump_stop(dump);
		if (batch->n)
			keep_tell(batch);
		ret = batch->ret;
		*n = batch->total;
	}
	free(batch);
	return ret;
}

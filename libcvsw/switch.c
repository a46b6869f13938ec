// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Life of a switch: settings, workers, counters.  The flow calls are in
 * flow.c, ports in port.c, the way of a frame in input.c.
 *
 * One mutex per switch orders the control calls.  Workers never take it: see
 * switch_priv.h for what they read and write.
 */

#include "reasm.h"
#include "switch_priv.h"

#define CONFIG_MAX_FLOWS	(1u << 24)

int cvsw_error_set(struct cvsw_error *err, int ret, const char *text)
{
	if (err)
		*err = (struct cvsw_error){ .text = text, .index = -1,
					    .sub = -1 };
	return ret;
}

bool cvsw_name_ok(const char *name, size_t size)
{
	return name[0] && memchr(name, 0, size);
}

/* Settings */

void cvsw_config_default(struct cvsw_config *config)
{
	*config = (struct cvsw_config){
		.name = "cvsw",
		.max_flows = 1u << 20,
		.packet_in_rate = { 100000, 100000 },
		.packet_in_burst = { 25000, 25000 },
		.miss_send_len = 128,
		.mac_ageing = 300,
		.workers = 16,
		.vxlan_port = CVSW_VXLAN_PORT,
		.geneve_port = CVSW_GENEVE_PORT,
		.stt_port = CVSW_STT_PORT,
		.miss = CVSW_MISS_PASS,
		.frag_mode = CVSW_FRAG_MODE_NORMAL,
	};
}

static bool config_frag_mode_ok(u8 mode)
{
	return mode == CVSW_FRAG_MODE_NORMAL || mode == CVSW_FRAG_MODE_DROP ||
	       mode == CVSW_FRAG_MODE_NX_MATCH;
}

static int config_check(const struct cvsw_config *config,
			struct cvsw_error *err)
{
	unsigned int i;

	if (!cvsw_name_ok(config->name, sizeof(config->name)))
		return cvsw_error_set(err, -EINVAL, "config: name not valid");
	if (!config->max_flows || config->max_flows > CONFIG_MAX_FLOWS)
		return cvsw_error_set(err, -EINVAL, "config: max_flows");
	if (!config->workers || config->workers > CVSW_WORKERS_MAX)
		return cvsw_error_set(err, -EINVAL, "config: workers");
	if (config->miss > CVSW_MISS_CONTROLLER)
		return cvsw_error_set(err, -EINVAL, "config: miss policy");
	if (!config_frag_mode_ok(config->frag_mode))
		return cvsw_error_set(err, -EINVAL, "config: fragment mode");
	for (i = 0; i < CVSW_PACKET_IN_REASONS; i++)
		if (config->packet_in_rate[i] && !config->packet_in_burst[i])
			return cvsw_error_set(err, -EINVAL,
					      "config: packet-in burst is 0");
	return 0;
}

static struct cvsw_config *config_copy(const struct cvsw_config *config)
{
	struct cvsw_settings *copy = kmalloc(sizeof(*copy), GFP_KERNEL);

	if (!copy)
		return NULL;
	copy->config = *config;
	cvsw_tunnel_ports_init(&copy->tun_ports, config);
	return &copy->config;
}

static struct cvsw_config *switch_config(const struct cvsw_switch *sw)
{
	return rcu_dereference_protected(sw->config, true);
}

void cvsw_switch_config(struct cvsw_switch *sw, struct cvsw_config *config)
{
	mutex_lock(&sw->lock);
	*config = *switch_config(sw);
	mutex_unlock(&sw->lock);
}

/* what was sent at another rate is no debt at the new one */
static void switch_set_rates(struct cvsw_switch *sw,
			     const struct cvsw_config *old,
			     const struct cvsw_config *config)
{
	unsigned int i;

	for (i = 0; i < CVSW_PACKET_IN_REASONS; i++)
		if (old->packet_in_rate[i] != config->packet_in_rate[i] ||
		    old->packet_in_burst[i] != config->packet_in_burst[i])
			atomic64_set(&sw->bucket[i], 0);
}

static void switch_set_config(struct cvsw_switch *sw,
			      struct cvsw_config *config)
{
	struct cvsw_config *old = switch_config(sw);

	cvsw_table_bound(sw->table, config->max_flows);
	rcu_assign_pointer(sw->config, config);
	synchronize_rcu();
	switch_set_rates(sw, old, config);
	kfree(old);
	WRITE_ONCE(sw->changes, sw->changes + 1);
}

int cvsw_switch_configure(struct cvsw_switch *sw,
			  const struct cvsw_config *config,
			  struct cvsw_error *err)
{
	struct cvsw_config *copy;
	int ret = config_check(config, err);

	if (ret)
		return ret;
	copy = config_copy(config);
	if (!copy)
		return cvsw_error_set(err, -ENOMEM, "config: no memory");
	mutex_lock(&sw->lock);
	if (config->seed != switch_config(sw)->seed)
		ret = cvsw_error_set(err, -EINVAL, "config: seed is fixed");
	else if (config->workers != switch_config(sw)->workers)
		ret = cvsw_error_set(err, -EINVAL, "config: workers is fixed");
	else
		switch_set_config(sw, copy);
	mutex_unlock(&sw->lock);
	if (ret)
		kfree(copy);
	return ret;
}

/* Life */

/* frees a switch of which parts may be missing */
static void switch_destroy(struct cvsw_switch *sw)
{
	kfree(sw->worker);
	kvfree(rcu_dereference_protected(sw->ports, true));
	kfree(switch_config(sw));
	if (sw->table)
		cvsw_table_free(sw->table);
	kvfree(rcu_dereference_protected(sw->opts, true));
	cvsw_paths_free(sw->paths);
	mutex_destroy(&sw->lock);
	kvfree(sw);
}

int cvsw_switch_new(struct cvsw_switch **out, const struct cvsw_config *config,
		    const struct cvsw_ops *ops, void *ctx,
		    struct cvsw_error *err)
{
	int ret = config_check(config, err);
	struct cvsw_switch *sw;

	if (ret)
		return ret;
	sw = kvzalloc(sizeof(*sw), GFP_KERNEL);
	if (!sw)
		return cvsw_error_set(err, -ENOMEM, "switch: no memory");
	mutex_init(&sw->lock);
	cvsw_v3_init(&sw->v3);
	sw->ops = ops;
	sw->ctx = ctx;
	sw->worker = kcalloc(config->workers, sizeof(*sw->worker), GFP_KERNEL);
	sw->table = cvsw_table_new(config->max_flows, config->seed);
	sw->paths = cvsw_paths_new(config->seed);
	RCU_INIT_POINTER(sw->config, config_copy(config));
	RCU_INIT_POINTER(sw->ports, cvsw_ports_new());
	if (!sw->worker || !sw->table || !sw->paths ||
	    !rcu_access_pointer(sw->config) || !rcu_access_pointer(sw->ports)) {
		switch_destroy(sw);
		return cvsw_error_set(err, -ENOMEM, "switch: no memory");
	}
	cvsw_table_own(sw->table, &cvsw_flow_owner, sw);
	*out = sw;
	return 0;
}

static void worker_free(struct cvsw_worker *w)
{
	if (!w)
		return;
	cvsw_fcache_free(w->cache);
	cvsw_wait_free(w);
	cvsw_reasm_free(w->rx.reasm);
	kfree(w);
}

void cvsw_switch_free(struct cvsw_switch *sw)
{
	unsigned int i;

	if (!sw)
		return;
	cvsw_v3_free(&sw->v3);
	cvsw_ports_free(sw);
	RCU_INIT_POINTER(sw->ports, NULL);
	for (i = 0; i < switch_config(sw)->workers; i++)
		worker_free(sw->worker[i]);
	cvsw_fdb_free(rcu_dereference_protected(sw->fdb, true));
	switch_destroy(sw);
}

/* Workers */

static struct cvsw_worker *worker_new(struct cvsw_switch *sw, unsigned int id)
{
	struct cvsw_worker *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	w->cache = cvsw_fcache_new(CVSW_FCACHE_ENTRIES,
				   cvsw_table_seed(sw->table));
	if (!w->cache) {
		kfree(w);
		return NULL;
	}
	w->sw = sw;
	w->ops = sw->ops;
	w->id = (u16)id;
	w->tun_frame = id;
	w->rx.drops = w->drops;
	w->rx.seed = cvsw_table_seed(sw->table);
	return w;
}

struct cvsw_worker *cvsw_worker_get(struct cvsw_switch *sw, unsigned int id,
				    void *wctx)
{
	struct cvsw_worker *w = NULL;

	mutex_lock(&sw->lock);
	if (id < switch_config(sw)->workers) {
		if (!sw->worker[id])
			sw->worker[id] = worker_new(sw, id);
		w = sw->worker[id];
	}
	if (w)
		w->wctx = wctx;
	mutex_unlock(&sw->lock);
	return w;
}

void cvsw_worker_settle(struct cvsw_worker *w)
{
	cvsw_table_flow_account(w->hit, w->packets, w->bytes,
				w->used + CVSW_EPOCH);
	w->hit = NULL;
	w->packets = 0;
	w->bytes = 0;
}

void cvsw_worker_begin(struct cvsw_worker *w)
{
	if (w->batch)
		return;
	cvsw_worker_enter(w);
	w->batch = true;
}

void cvsw_worker_flush(struct cvsw_worker *w)
{
	if (!w->batch)
		return;
	w->batch = false;
	cvsw_worker_leave(w);
}

/* Counters */

/* the workers there are; under the mutex */
static struct cvsw_worker *switch_worker(const struct cvsw_switch *sw,
					 unsigned int *i)
{
	while (*i < switch_config(sw)->workers)
		if (sw->worker[(*i)++])
			return sw->worker[*i - 1];
	return NULL;
}

void cvsw_switch_stats(struct cvsw_switch *sw, struct cvsw_table_stats *stats)
{
	const struct cvsw_worker *w;
	unsigned int i = 0;
	u64 missed = 0;

	*stats = (struct cvsw_table_stats){};
	mutex_lock(&sw->lock);
	cvsw_table_stats_get(sw->table, stats);
	while ((w = switch_worker(sw, &i))) {
		stats->lookups += READ_ONCE(w->lookups);
		missed += READ_ONCE(w->missed);
		stats->cache_hits += cvsw_fcache_hits(w->cache);
		stats->malformed += READ_ONCE(w->malformed);
	}
	stats->matched = stats->lookups - missed;
	mutex_unlock(&sw->lock);
}

void cvsw_switch_drops(struct cvsw_switch *sw, __u64 *drops)
{
	const struct cvsw_worker *w;
	unsigned int i = 0, d;

	memset(drops, 0, CVSW_DROP_COUNT * sizeof(*drops));
	mutex_lock(&sw->lock);
	while ((w = switch_worker(sw, &i)))
		for (d = 0; d < CVSW_DROP_COUNT; d++)
			drops[d] += READ_ONCE(w->drops[d]);
	mutex_unlock(&sw->lock);
}

void cvsw_switch_expire(struct cvsw_switch *sw, __u64 now)
{
	struct cvsw_fdb *fdb;

	mutex_lock(&sw->lock);
	cvsw_flow_expire(sw, now);
	cvsw_paths_reclaim(sw->paths);
	fdb = rcu_dereference_protected(sw->fdb, true);
	if (fdb)
		cvsw_fdb_expire(fdb, div_u64(now, CVSW_NS_PER_S),
				switch_config(sw)->mac_ageing);
	mutex_unlock(&sw->lock);
}

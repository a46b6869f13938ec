// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flow-mods gathered from one request or, in a bundle, from many, until they
 * are carried out together.  A request's actions and options are decoded into
 * one chunk of memory, which stays where it is; the flow-mods grow as one
 * array, since the switch wants one.
 */

#include "nl_codec.h"

/* the options follow the actions */
struct nl_chunk {
	struct list_head	list;
	struct cvsw_action	action[];
};

/* what a list of attributes needs memory for */
struct nl_counts {
	unsigned int	flows;
	size_t		actions;
	size_t		opts;
};

void cvsw_nl_mods_init(struct cvsw_nl_mods *mods)
{
	memset(mods, 0, sizeof(*mods));
	INIT_LIST_HEAD(&mods->chunks);
}

void cvsw_nl_mods_free(struct cvsw_nl_mods *mods)
{
	struct nl_chunk *chunk, *next;

	list_for_each_entry_safe(chunk, next, &mods->chunks, list)
		kvfree(chunk);
	kvfree(mods->mod);
	cvsw_nl_mods_init(mods);
}

/* room for @more flow-mods */
static int nl_mods_grow(struct cvsw_nl_mods *mods, unsigned int more)
{
	unsigned int room = max(mods->room, 64u);
	struct cvsw_flow_mod *mod;

	if (more > CVSW_NL_BUNDLE_MODS - mods->n)
		return -E2BIG;
	while (room < mods->n + more)
		room *= 2;
	if (room == mods->room)
		return 0;
	mod = kvmalloc(room * sizeof(*mod), GFP_KERNEL);
	if (!mod)
		return -ENOMEM;
	if (mods->n)
		memcpy(mod, mods->mod, mods->n * sizeof(*mod));
	kvfree(mods->mod);
	mods->mod = mod;
	mods->room = room;
	return 0;
}

static struct nl_counts nl_count_flows(const struct nlattr *list, int len)
{
	struct nl_counts counts = {};
	const struct nlattr *nla;
	int rem;

	nla_for_each_attr(nla, list, len, rem) {
		if (nla_type(nla) != CVSW_A_FLOW)
			continue;
		counts.actions += cvsw_nl_count_flow_actions(nla);
		counts.opts += cvsw_nl_count_flow_opts(nla);
		counts.flows++;
	}
	return counts;
}

/* decode all flows; on failure mods->n is as it was */
static int nl_mods_decode(struct cvsw_nl_mods *mods, const struct nlattr *list,
			  int len, struct cvsw_action *action,
			  struct cvsw_opt_match *opt,
			  struct netlink_ext_ack *extack)
{
	unsigned int n = mods->n;
	const struct nlattr *nla;
	int rem, err;

	nla_for_each_attr(nla, list, len, rem) {
		if (nla_type(nla) != CVSW_A_FLOW)
			continue;
		err = cvsw_nl_get_flow(nla, &mods->mod[n], action, opt, extack);
		if (err) {
			cvsw_nl_blame(extack, (s32)n, -1);
			return err;
		}
		action += mods->mod[n].flow.n_actions;
		opt += mods->mod[n].flow.n_opts;
		n++;
	}
	mods->n = n;
	return 0;
}

int cvsw_nl_mods_add(struct cvsw_nl_mods *mods, const struct nlattr *list,
		     int len, struct netlink_ext_ack *extack)
{
	struct nl_counts counts = nl_count_flows(list, len);
	struct nl_chunk *chunk;
	int err;

	err = nl_mods_grow(mods, counts.flows);
	if (err == -E2BIG)
		return cvsw_nl_refuse(extack, NULL, "bundle: too many flows",
				      err);
	if (err)
		return err;
	chunk = kvmalloc(sizeof(*chunk) +
			 counts.actions * sizeof(struct cvsw_action) +
			 counts.opts * sizeof(struct cvsw_opt_match),
			 GFP_KERNEL);
	if (!chunk)
		return -ENOMEM;
	err = nl_mods_decode(mods, list, len, chunk->action,
			     (void *)&chunk->action[counts.actions], extack);
	if (err)
		kvfree(chunk);
	else
		list_add_tail(&chunk->list, &mods->chunks);
	return err;
}

/* the @index'th attribute of type @type */
static const struct nlattr *nl_nth(const struct nlattr *list, int len,
				   int type, s32 index)
{
	const struct nlattr *nla;
	int rem;

	nla_for_each_attr(nla, list, len, rem)
		if ((!type || nla_type(nla) == type) && index-- == 0)
			return nla;
	return NULL;
}

static const struct nlattr *nl_nth_action(const struct nlattr *flow, s32 sub)
{
	const struct nlattr *nla = nl_nth(nla_data(flow), nla_len(flow),
					  CVSW_FLOW_A_ACTIONS, 0);

	return nla && sub >= 0 ? nl_nth(nla_data(nla), nla_len(nla), 0, sub) :
				 NULL;
}

/* tell which flow and action the switch did not like */
static int nl_mods_refuse(const struct cvsw_error *err,
			  const struct nlattr *list, int len, int ret,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *flow = NULL, *action = NULL;

	if (err->index >= 0) {
		cvsw_nl_blame(extack, err->index, err->sub);
		flow = nl_nth(list, len, CVSW_A_FLOW, err->index);
	}
	if (flow)
		action = nl_nth_action(flow, err->sub);
	return cvsw_nl_refuse(extack, action ?: flow, err->text, ret);
}

/*
 * The flows alone, moved together at the start of the array: a flow is
 * shorter than its flow-mod, so each lands on memory already read.
 */
static const struct cvsw_flow *nl_mods_flows(struct cvsw_nl_mods *mods)
{
	struct cvsw_flow *flows = (struct cvsw_flow *)mods->mod;
	unsigned int i;

	BUILD_BUG_ON(sizeof(*flows) > sizeof(mods->mod[0]));
	for (i = 0; i < mods->n; i++)
		memmove(&flows[i], &mods->mod[i].flow, sizeof(flows[i]));
	return flows;
}

/* in a replacement there are no commands and filters */
static int nl_mods_plain(const struct cvsw_nl_mods *mods,
			 struct netlink_ext_ack *extack)
{
	const struct cvsw_flow_mod *mod;
	unsigned int i;

	for (i = 0; i < mods->n; i++) {
		mod = &mods->mod[i];
		if (mod->cmd == CVSW_FLOW_ADD && !mod->cookie_mask &&
		    mod->out_port == CVSW_PORT_NONE)
			continue;
		cvsw_nl_blame(extack, (s32)i, -1);
		return cvsw_nl_refuse(extack, NULL,
				      "a replacement takes flows to add only",
				      -EINVAL);
	}
	return 0;
}

int cvsw_nl_mods_apply(struct cvsw_nl_mods *mods, struct cvsw_switch *sw,
		       bool replace, u64 now, const struct nlattr *list,
		       int len, struct netlink_ext_ack *extack)
{
	struct cvsw_error err = { .index = -1, .sub = -1 };
	int ret;

	if (!replace) {
		ret = cvsw_flow_mods(sw, mods->mod, mods->n, now, &err);
	} else {
		ret = nl_mods_plain(mods, extack);
		if (ret)
			return ret;
		ret = cvsw_flow_replace(sw, nl_mods_flows(mods), mods->n, now,
					&err);
	}
	return ret ? nl_mods_refuse(&err, list, len, ret, extack) : 0;
}

/* Bundles */

struct cvsw_nl_bundle *cvsw_nl_bundle_find(struct list_head *bundles,
					   u32 client, u32 id)
{
	struct cvsw_nl_bundle *bundle;

	list_for_each_entry(bundle, bundles, list)
		if (bundle->client == client && bundle->id == id)
			return bundle;
	return NULL;
}

static unsigned int nl_bundles(const struct list_head *bundles, u32 client)
{
	const struct cvsw_nl_bundle *bundle;
	unsigned int n = 0;

	list_for_each_entry(bundle, bundles, list)
		n += bundle->client == client;
	return n;
}

int cvsw_nl_bundle_begin(struct list_head *bundles, u32 client, u32 id,
			 bool replace)
{
	struct cvsw_nl_bundle *bundle;

	if (cvsw_nl_bundle_find(bundles, client, id))
		return -EEXIST;
	if (nl_bundles(bundles, client) >= CVSW_NL_BUNDLES)
		return -ENOSPC;
	bundle = kzalloc(sizeof(*bundle), GFP_KERNEL);
	if (!bundle)
		return -ENOMEM;
	bundle->client = client;
	bundle->id = id;
	bundle->replace = replace;
	cvsw_nl_mods_init(&bundle->mods);
	list_add_tail(&bundle->list, bundles);
	return 0;
}

void cvsw_nl_bundle_end(struct cvsw_nl_bundle *bundle)
{
	list_del(&bundle->list);
	cvsw_nl_mods_free(&bundle->mods);
	kfree(bundle);
}

void cvsw_nl_bundles_forget(struct list_head *bundles, u32 client)
{
	struct cvsw_nl_bundle *bundle, *next;

	list_for_each_entry_safe(bundle, next, bundles, list)
		if (client == CVSW_NL_CLIENT_ALL || bundle->client == client)
			cvsw_nl_bundle_end(bundle);
}

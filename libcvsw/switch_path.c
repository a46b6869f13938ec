// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Paths of a switch: the references that its flows have, and the calls by which
 * the glue says the ways.
 *
 * Each flow object of the table holds a reference for each of its pushes, from
 * when it is made until it is freed.  While a blob is not yet in a flow, who
 * made it holds them.
 */

#include "switch_priv.h"
#include "icmp.h"

/* References */

static struct cvsw_path_use path_push_use(const struct cvsw_act_push *push)
{
	const struct cvsw_tunnel_template *tmpl = &push->tmpl;
	struct cvsw_path_use use = {
		.port = tmpl->out_port,
		.proto = tmpl->type->proto,
		.open = tmpl->open,
		.len = tmpl->len,
	};

	memcpy(use.nw_src, push->tun.nw_src, sizeof(use.nw_src));
	memcpy(&use.word, tmpl->hdr + tmpl->l4 + 2, sizeof(use.word));
	return use;
}

static int path_push_get(void *arg, struct cvsw_act_push *push)
{
	const struct cvsw_path_use use = path_push_use(push);
	struct cvsw_switch *sw = arg;

	return cvsw_path_get(sw->paths, push->tun.family, push->tun.nw_dst,
			     &use, &push->tmpl.path);
}

static int path_push_put(void *arg, struct cvsw_act_push *push)
{
	const struct cvsw_path_use use = path_push_use(push);
	struct cvsw_switch *sw = arg;

	if (!push->tmpl.path)
		return -ENOENT;	/* nor have those behind it */
	cvsw_path_put(sw->paths, push->tmpl.path, &use);
	return 0;
}

int cvsw_switch_paths_get(struct cvsw_switch *sw, void *blob)
{
	int ret = cvsw_action_pushes(blob, path_push_get, sw);

	if (ret)
		cvsw_switch_paths_put(sw, blob);
	return ret;
}

void cvsw_switch_paths_put(struct cvsw_switch *sw, void *blob)
{
	cvsw_action_pushes(blob, path_push_put, sw);
}

static int path_push_hold(void *arg, struct cvsw_act_push *push)
{
	const struct cvsw_path_use use = path_push_use(push);
	struct cvsw_switch *sw = arg;

	cvsw_path_hold(sw->paths, push->tmpl.path, &use);
	return 0;
}

static int path_push_drop(void *arg, struct cvsw_act_push *push)
{
	const struct cvsw_path_use use = path_push_use(push);
	struct cvsw_switch *sw = arg;

	cvsw_path_drop(sw->paths, push->tmpl.path, &use);
	return 0;
}

void cvsw_switch_paths_hold(struct cvsw_switch *sw, const void *blob)
{
	cvsw_action_pushes((void *)blob, path_push_hold, sw);
}

void cvsw_switch_paths_drop(struct cvsw_switch *sw, const void *blob)
{
	cvsw_action_pushes((void *)blob, path_push_drop, sw);
}

static int path_push_find(void *arg, struct cvsw_act_push *push)
{
	push->tmpl.path = cvsw_path_find(arg, push->tun.family,
					 push->tun.nw_dst);
	return 0;
}

void cvsw_switch_paths_find(const struct cvsw_switch *sw, void *blob)
{
	cvsw_action_pushes(blob, path_push_find, sw->paths);
}

/* The glue */

int cvsw_path_set(struct cvsw_switch *sw, __u8 family, const __u8 *addr,
		  const struct cvsw_way *way)
{
	u8 full[16] = {};
	struct cvsw_path *path;
	int ret = -ENOENT;

	memcpy(full, addr, family == 6 ? 16 : 4);
	mutex_lock(&sw->lock);
	path = cvsw_path_find(sw->paths, family, full);
	if (path && path->asked)
		ret = cvsw_path_way_set(sw->paths, path, way, !way);
	mutex_unlock(&sw->lock);
	return ret;
}

/* ask @find for the way of a path that is open; has it changed? */
static bool path_look(struct cvsw_switch *sw, struct cvsw_path *path,
		      int (*find)(void *arg, __u8 family, const __u8 *addr,
				  struct cvsw_way *way), void *arg)
{
	const struct cvsw_way *old = rcu_dereference_protected(path->way, true);
	struct cvsw_way way = {};
	int ret = find(arg, path->family, path->addr, &way);

	if (ret == -EAGAIN || (ret && path->absent) ||
	    (!ret && old && !memcmp(old, &way, sizeof(way))))
		return false;
	/* without memory it is tried again with the next look */
	return !cvsw_path_way_set(sw->paths, path, ret ? NULL : &way, !!ret);
}

int cvsw_paths_look(struct cvsw_switch *sw,
		    int (*find)(void *arg, __u8 family, const __u8 *addr,
				struct cvsw_way *way), void *arg)
{
	struct cvsw_path *path = NULL;
	int changed = 0;

	mutex_lock(&sw->lock);
	while ((path = cvsw_paths_next(sw->paths, path)))
		if (path->asked)
			changed |= path_look(sw, path, find, arg);
	mutex_unlock(&sw->lock);
	return changed;
}

static void path_show(const struct cvsw_path *path, u64 now,
		      struct cvsw_path_info *info)
{
	const struct cvsw_way *way = rcu_dereference_protected(path->way, true);

	*info = (struct cvsw_path_info){
		.family = path->family,
		.state = CVSW_PATH_FIXED,
		.flows = path->refs,
		.pmtu = cvsw_path_pmtu(path, now),
	};
	memcpy(info->addr, path->addr, sizeof(info->addr));
	if (info->pmtu)
		info->pmtu_left = (u32)div_u64(READ_ONCE(path->pmtu_until) -
					       now, CVSW_NS_PER_S);
	if (way)
		info->way = *way;
	if (path->asked)
		info->state = way ? CVSW_PATH_KNOWN :
			      path->absent ? CVSW_PATH_ABSENT :
					     CVSW_PATH_ASKED;
}

void cvsw_paths_walk(struct cvsw_switch *sw, __u64 now,
		     int (*each)(void *arg, const struct cvsw_path_info *info),
		     void *arg)
{
	struct cvsw_path *path = NULL;
	struct cvsw_path_info info;

	mutex_lock(&sw->lock);
	while ((path = cvsw_paths_next(sw->paths, path))) {
		path_show(path, now, &info);
		if (each(arg, &info))
			break;
	}
	mutex_unlock(&sw->lock);
}

/* MTU */

/* the port that packets leave by, 0 when it is not known */
static u16 path_fit_port(const struct cvsw_path *path,
			 const struct cvsw_path_fit *fit)
{
	const struct cvsw_way *way = rcu_dereference_protected(path->way, true);

	return fit->port || !way ? fit->port : way->port;
}

/* longest outer packet, 0 when it is not known: as input_tx() has it */
static u32 path_fit_mtu(const struct cvsw_switch *sw,
			const struct cvsw_path *path,
			const struct cvsw_path_fit *fit, u64 now)
{
	const struct cvsw_way *way = rcu_dereference_protected(path->way, true);
	const struct cvsw_port *port;
	u32 mtu;

	mtu = cvsw_mtu_min(cvsw_path_pmtu(path, now), way ? way->mtu : 0);
	port = cvsw_ports_get(rcu_dereference_protected(sw->ports, true),
			      path_fit_port(path, fit));
	return port ? cvsw_mtu_min(mtu, port->info.mtu) : mtu;
}

__u32 cvsw_tunnel_mtu(struct cvsw_switch *sw, __u64 now)
{
	const struct cvsw_path_fit *fit;
	struct cvsw_path *path = NULL;
	u32 least = 0, mtu;

	mutex_lock(&sw->lock);
	while ((path = cvsw_paths_next(sw->paths, path)))
		for (fit = path->fits; fit; fit = fit->next) {
			mtu = path_fit_mtu(sw, path, fit, now);
			if (!mtu)
				continue;
			mtu -= min_t(u32, mtu, fit->len);
			least = cvsw_mtu_min(least, max_t(u32, mtu,
							  CVSW_ICMP_MTU_MIN4));
		}
	mutex_unlock(&sw->lock);
	return least;
}

int cvsw_tunnel_leaves_by(struct cvsw_switch *sw, __u16 no)
{
	const struct cvsw_path_fit *fit;
	struct cvsw_path *path = NULL;
	int leaves = 0;

	mutex_lock(&sw->lock);
	while (!leaves && (path = cvsw_paths_next(sw->paths, path)))
		for (fit = path->fits; fit && !leaves; fit = fit->next)
			leaves = path_fit_port(path, fit) == no;
	mutex_unlock(&sw->lock);
	return leaves;
}

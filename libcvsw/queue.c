// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The queues of ports.  They are the glue's, and so are their counters; here
 * they are checked, and found by the number of their port.
 */

#include "switch_priv.h"

/* under the mutex; NULL when there is none such */
static const struct cvsw_port *queue_port(const struct cvsw_switch *sw, u16 no)
{
	return cvsw_ports_get(rcu_dereference_protected(sw->ports, true), no);
}

static int queue_check(const struct cvsw_queue_info *info,
		       struct cvsw_error *err)
{
	if (info->id > CVSW_QUEUE_MAX)
		return cvsw_error_set(err, -EINVAL, "queue: id is too high");
	if (info->max_rate && info->max_rate < info->min_rate)
		return cvsw_error_set(err, -EINVAL,
				      "queue: max_rate is below min_rate");
	return 0;
}

static int queue_set(struct cvsw_switch *sw, const struct cvsw_queue_info *info,
		     struct cvsw_error *err)
{
	const struct cvsw_port *port = queue_port(sw, info->port);

	if (!port)
		return cvsw_error_set(err, -ENODEV, "queue: no such port");
	if (!sw->ops->queue_set)
		return cvsw_error_set(err, -EOPNOTSUPP,
				      "queue: none here; tc(8) shapes the interface");
	return sw->ops->queue_set(sw->ctx, port->priv, info, err);
}

int cvsw_queue_set(struct cvsw_switch *sw, const struct cvsw_queue_info *info,
		   struct cvsw_error *err)
{
	int ret = queue_check(info, err);

	if (ret)
		return ret;
	mutex_lock(&sw->lock);
	ret = queue_set(sw, info, err);
	mutex_unlock(&sw->lock);
	return ret;
}

static int queue_del(struct cvsw_switch *sw, u16 no, u32 id,
		     struct cvsw_error *err)
{
	const struct cvsw_port *port = queue_port(sw, no);

	if (!port)
		return cvsw_error_set(err, -ENODEV, "queue: no such port");
	if (!sw->ops->queue_del)
		return cvsw_error_set(err, -EOPNOTSUPP,
				      "queue: none here; tc(8) shapes the interface");
	return sw->ops->queue_del(sw->ctx, port->priv, id, err);
}

int cvsw_queue_del(struct cvsw_switch *sw, __u16 port, __u32 id,
		   struct cvsw_error *err)
{
	int ret;

	mutex_lock(&sw->lock);
	ret = queue_del(sw, port, id, err);
	mutex_unlock(&sw->lock);
	return ret;
}

/* the glue knows its ports by their priv */
struct queue_walk {
	int	(*each)(void *arg, const struct cvsw_queue_info *info);
	void	*arg;
	u16	port;
};

static int queue_each(void *arg, const struct cvsw_queue_info *info)
{
	const struct queue_walk *walk = arg;
	struct cvsw_queue_info queue = *info;

	queue.port = walk->port;
	return walk->each(walk->arg, &queue);
}

int cvsw_queues_walk(struct cvsw_switch *sw, __u16 port,
		     int (*each)(void *arg, const struct cvsw_queue_info *info),
		     void *arg)
{
	struct queue_walk walk = { .each = each, .arg = arg, .port = port };
	const struct cvsw_port *found;
	int ret = -ENODEV;

	mutex_lock(&sw->lock);
	found = queue_port(sw, port);
	if (found)
		ret = sw->ops->queue_walk ?
		      sw->ops->queue_walk(sw->ctx, found->priv, queue_each,
					  &walk) : 0;
	mutex_unlock(&sw->lock);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * HTB is put on a link when its first queue is made, and removed with the last
 * one.  A root qdisc that is not ours, and not the one that the kernel gives
 * every link, is left alone.
 *
 * All classes are in one that has no limit, or what a class may send beyond
 * its own rate would not be there to be borrowed.  Where the link itself is
 * the limit it holds HTB up, which then serves those that are within their
 * rates first.
 */

#include "queue.h"

#include <stdlib.h>
#include "cvswd.h"
#include "netns.h"
#include "port.h"
#include "tc.h"

#define QUEUE_DEFAULT	1			/* minor of the default class */
#define QUEUE_UNLIMITED	125000000000ull		/* bytes/s: 1 Tbit/s */
#define QUEUE_LITTLE	125			/* bytes/s, where none are promised */

/* what waits in a class: 100 ms, within bounds */
#define QUEUE_WAIT_DIV	10
#define QUEUE_WAIT_MIN	131072
#define QUEUE_WAIT_MAX	4194304

/**
 * struct port_queues - those of a port
 * @ifindex: link that HTB is on
 * @n:       how many
 * @queue:   by rising id; the port in it is not set
 */
struct port_queues {
	int			ifindex;
	unsigned int		n;
	struct cvsw_queue_info	*queue;
};

static int queue_fault(struct cvsw_error *err, int ret, const char *text)
{
	if (err)
		*err = (struct cvsw_error){ text, -1, -1 };
	return ret;
}

/* The list */

/* the queue @id, or where it would be */
static unsigned int queue_at(const struct port_queues *qs, u32 id)
{
	unsigned int i = 0;

	while (i < qs->n && qs->queue[i].id < id)
		i++;
	return i;
}

static struct cvsw_queue_info *queue_find(const struct port_queues *qs, u32 id)
{
	unsigned int i = queue_at(qs, id);

	return i < qs->n && qs->queue[i].id == id ? &qs->queue[i] : NULL;
}

/* room for one more */
static int queue_reserve(struct port_queues *qs)
{
	struct cvsw_queue_info *queue;

	queue = reallocarray(qs->queue, qs->n + 1, sizeof(*queue));
	if (!queue)
		return -ENOMEM;
	qs->queue = queue;
	return 0;
}

/* with room for it */
static void queue_insert(struct port_queues *qs,
			 const struct cvsw_queue_info *info)
{
	unsigned int i = queue_at(qs, info->id);

	memmove(&qs->queue[i + 1], &qs->queue[i],
		(qs->n - i) * sizeof(*qs->queue));
	qs->queue[i] = *info;
	qs->n++;
}

static void queue_remove(struct port_queues *qs, struct cvsw_queue_info *queue)
{
	struct cvsw_queue_info *end = qs->queue + qs->n--;

	memmove(queue, queue + 1, (size_t)((u8 *)end - (u8 *)(queue + 1)));
}

/* Classes */

static struct tc_rate queue_rate(const struct cvsw_queue_info *info)
{
	struct tc_rate rate = { info->min_rate / 8, info->max_rate / 8 };

	if (!info->max_rate || rate.ceil > QUEUE_UNLIMITED)
		rate.ceil = QUEUE_UNLIMITED;
	rate.ceil = max_t(u64, rate.ceil, 1);
	if (!rate.rate)
		rate.rate = QUEUE_LITTLE;
	rate.rate = min_t(u64, rate.rate, rate.ceil);
	return rate;
}

static int queue_class(const struct port *port, int ifindex,
		       const struct cvsw_queue_info *info)
{
	const u32 handle = QUEUE_HANDLE | queue_minor(info->id);
	const struct tc_rate rate = queue_rate(info);
	u64 wait = rate.ceil / QUEUE_WAIT_DIV;
	int ret;

	wait = min_t(u64, max_t(u64, wait, QUEUE_WAIT_MIN), QUEUE_WAIT_MAX);
	ret = tc_htb_class_set(port->ns, ifindex, QUEUE_HANDLE | QUEUE_ROOT,
			       handle, &rate);
	return ret ? ret : tc_bfifo_set(port->ns, ifindex, handle, (u32)wait);
}

static int queue_class_default(const struct port *port, int ifindex)
{
	const struct cvsw_queue_info none = {};

	return queue_class(port, ifindex, &none);
}

/* HTB with its root class and the default one */
static int queue_install(const struct port *port, int ifindex)
{
	const struct tc_rate all = { QUEUE_UNLIMITED, QUEUE_UNLIMITED };
	int ret;

	ret = tc_htb_new(port->ns, ifindex, QUEUE_HANDLE, QUEUE_DEFAULT);
	if (ret)
		return ret;
	ret = tc_htb_class_set(port->ns, ifindex, QUEUE_HANDLE,
			       QUEUE_HANDLE | QUEUE_ROOT, &all);
	if (!ret)
		ret = queue_class_default(port, ifindex);
	if (ret)
		tc_del(port->ns, ifindex, TC_H_ROOT, QUEUE_HANDLE);
	return ret;
}

/* A port that has some */

/* another port on the same link, which has some */
static const struct port *queue_other(const struct port *port)
{
	const struct cvswd *d = port->vs->daemon;
	const struct port *other;
	unsigned int i;

	for (i = 0; i < d->n_vs; i++)
		for (other = d->vs[i].ports; other; other = other->next)
			if (other != port && other->queues &&
			    other->ns == port->ns &&
			    other->ifindex == port->ifindex)
				return other;
	return NULL;
}

static void queue_shaped(struct port *port, bool shaped)
{
	if (port->shaped == shaped)
		return;
	WRITE_ONCE(port->shaped, shaped);
	port_offload_settle(port);
	port->untold = true;
}

static void queue_end(struct port *port)
{
	struct port_queues *qs = port->queues;

	queue_shaped(port, false);
	port->queues = NULL;
	if (qs->ifindex)
		tc_del(port->ns, qs->ifindex, TC_H_ROOT, QUEUE_HANDLE);
	port->ops->unshape(port);
	free(qs->queue);
	free(qs);
}

static int queue_begin(struct port *port, struct cvsw_error *err)
{
	struct port_queues *qs;
	const char *why = NULL;
	int ret, ifindex;

	if (!port->ops->shape)
		return queue_fault(err, -EOPNOTSUPP,
				   "queue: this kind of port has none");
	if (!port->ns || !port->ifindex)
		return queue_fault(err, -ENODEV,
				   "queue: the link of the port is not there");
	if (queue_other(port))
		return queue_fault(err, -EBUSY,
				   "queue: another port on this link has some");
	qs = calloc(1, sizeof(*qs));
	if (!qs)
		return queue_fault(err, -ENOMEM, "queue: no memory");
	ret = port->ops->shape(port, &ifindex, &why);
	if (ret) {
		free(qs);
		return queue_fault(err, ret, why);
	}
	qs->ifindex = ifindex;
	port->queues = qs;
	ret = queue_install(port, ifindex);
	if (!ret)
		return 0;
	if (ret == -EEXIST)
		qs->ifindex = 0;	/* not ours to remove */
	queue_end(port);
	return queue_fault(err, ret, ret == -EEXIST ?
			   "queue: the link has a root qdisc of somebody else" :
			   "queue: the link does not take HTB");
}

void queue_open(struct port *port)
{
	if (!port->ops->shape || !port->ns || !port->ifindex ||
	    queue_other(port))
		return;
	if (tc_root_is(port->ns, port->ifindex, "htb", QUEUE_HANDLE) > 0)
		tc_del(port->ns, port->ifindex, TC_H_ROOT, QUEUE_HANDLE);
	if (port->ops->unshape)
		port->ops->unshape(port);
}

void queue_close(struct port *port)
{
	if (port->queues)
		queue_end(port);
}

/* Control */

int queue_set(void *ctx, void *priv, const struct cvsw_queue_info *want,
	      struct cvsw_error *err)
{
	struct port *port = priv;
	const bool fresh = !port->queues;
	struct cvsw_queue_info *queue;
	int ret;

	if (want->id > port->ops->queue_max && port->ops->shape)
		return queue_fault(err, -EINVAL,
				   "queue: id is too high for this kind of port");
	ret = fresh ? queue_begin(port, err) : 0;
	if (ret)
		return ret;
	ret = queue_reserve(port->queues);
	if (!ret)
		ret = queue_class(port, port->queues->ifindex, want);
	if (ret) {
		if (fresh)
			queue_end(port);
		return queue_fault(err, ret,
				   "queue: the link does not take the class");
	}
	queue = queue_find(port->queues, want->id);
	if (queue)
		*queue = *want;
	else
		queue_insert(port->queues, want);
	queue_shaped(port, true);
	return 0;
}

int queue_del(void *ctx, void *priv, u32 id, struct cvsw_error *err)
{
	struct port *port = priv;
	struct port_queues *qs = port->queues;
	struct cvsw_queue_info *queue = qs ? queue_find(qs, id) : NULL;
	int ret;

	if (id == CVSW_QUEUE_ALL) {
		queue_close(port);
		return 0;
	}
	if (!queue)
		return queue_fault(err, -ENOENT, "queue: no such id");
	if (qs->n == 1) {
		queue_end(port);
		return 0;
	}
	ret = id ? tc_htb_class_del(port->ns, qs->ifindex,
				    QUEUE_HANDLE | queue_minor(id)) :
		   queue_class_default(port, qs->ifindex);
	if (ret && ret != -ENOENT)
		return queue_fault(err, ret,
				   "queue: the link does not let the class go");
	queue_remove(qs, queue);
	return 0;
}

static void queue_count(void *arg, const struct tc_class *cl)
{
	const struct port_queues *qs = arg;
	struct cvsw_queue_info *queue;

	if (TC_H_MAJ(cl->handle) != QUEUE_HANDLE || !TC_H_MIN(cl->handle))
		return;
	queue = queue_find(qs, TC_H_MIN(cl->handle) - 1);
	if (!queue)
		return;
	queue->tx_bytes = cl->bytes;
	queue->tx_packets = cl->packets;
	queue->tx_errors = cl->dropped;
}

int queue_walk(void *ctx, void *priv,
	       int (*each)(void *arg, const struct cvsw_queue_info *info),
	       void *arg)
{
	const struct port *port = priv;
	struct port_queues *qs = port->queues;
	unsigned int i;
	int ret;

	if (!qs)
		return 0;
	ret = tc_classes(port->ns, qs->ifindex, queue_count, qs);
	if (ret)
		return ret;
	for (i = 0; i < qs->n; i++)
		if (each(arg, &qs->queue[i]))
			break;
	return 0;
}

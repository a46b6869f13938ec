/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_QUEUE_H
#define CVSWD_QUEUE_H

/*
 * Queues of ports: classes of HTB on a link, with the id of the queue plus one
 * for their minor number.  Class 1, that of queue 0, takes what is for none.
 *
 * Main thread only, but for queue_priority().
 */

#include <linux/pkt_sched.h>
#include <cvsw/switch.h>
#include "os.h"

struct port;

/* of all that we make, so that we know it again */
#define QUEUE_HANDLE	0x63760000u
#define QUEUE_ROOT	0xfffeu		/* class that has all others in it */

/* ops->queue_* of struct cvsw_ops */
int queue_set(void *ctx, void *priv, const struct cvsw_queue_info *want,
	      struct cvsw_error *err);
int queue_del(void *ctx, void *priv, u32 id, struct cvsw_error *err);
int queue_walk(void *ctx, void *priv,
	       int (*each)(void *arg, const struct cvsw_queue_info *info),
	       void *arg);

/** queue_open - of a port that was just opened: remove what was left behind */
void queue_open(struct port *port);

/** queue_close - remove the queues of @port, if it has any */
void queue_close(struct port *port);

/** queue_minor - minor number of the class of queue @id; 0: there cannot be one */
static inline u32 queue_minor(u32 id)
{
	return id <= CVSW_QUEUE_MAX ? id + 1 : 0;
}

/** queue_priority - SO_PRIORITY of frames for queue @id */
static inline u32 queue_priority(u32 id)
{
	return id && queue_minor(id) ? QUEUE_HANDLE | queue_minor(id) : 0;
}

#endif /* CVSWD_QUEUE_H */

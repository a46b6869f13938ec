/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_LOOP_H
#define CVSWD_LOOP_H

/*
 * Worker threads and the way of a frame through them.
 *
 * Each queue of each port is read by one worker.  A worker waits for its
 * queues, reads a batch of frames from one, gives each to the switch, and
 * collects what comes out per port until the batch ends.  All of that is one
 * RCU read section, so that whoever waits for readers has waited for frames
 * in transit too.
 *
 * The main thread has a worker of its own, without a thread, for frames that
 * control requests send.
 */

#include <cvsw/switch.h>
#include "os.h"

struct loop;
struct port;
struct vswitch;

/** loop_new - @workers threads, not yet running, for @n switches */
struct loop *loop_new(unsigned int workers, const struct vswitch *vs,
		      unsigned int n);

/** loop_bind - make the workers of a new switch (which needs workers + 1) */
int loop_bind(struct loop *loop, const struct vswitch *vs);

/** loop_unbind - forget them, before the switch goes; its ports are gone */
void loop_unbind(struct loop *loop, const struct vswitch *vs);

int loop_start(struct loop *loop);

/** loop_wake - have all workers go on with frames that wait, now */
void loop_wake(struct loop *loop);

/** loop_stop - end the threads */
void loop_stop(struct loop *loop);

/** loop_free - free a stopped loop that has no ports any more */
void loop_free(struct loop *loop);

/* what workers hold for a port; before it is added and after it is gone */
int loop_tx_new(struct loop *loop, struct port *port);
void loop_tx_free(struct loop *loop, struct port *port);

/** loop_add - spread the queues of @port over the workers */
int loop_add(struct loop *loop, struct port *port);

/** loop_del - take the queues away; no worker uses @port when it returns */
void loop_del(struct loop *loop, struct port *port);

/** loop_control - the main thread's worker of a switch */
struct cvsw_worker *loop_control(struct loop *loop, const struct vswitch *vs);

/** loop_control_flush - send what the main thread's workers have collected */
void loop_control_flush(struct loop *loop);

/** loop_control_resume - have the main thread's workers go on with frames that
 * wait */
void loop_control_resume(struct loop *loop);

/** loop_output - ops->output of struct cvsw_ops */
void loop_output(void *wctx, void *priv, struct cvsw_pkt *pkt);

/** loop_lane_switch - the switch that a wctx of struct cvsw_ops belongs to, and
 * its worker */
const struct vswitch *loop_lane_switch(const void *wctx);
struct cvsw_worker *loop_lane_worker(const void *wctx);

#endif /* CVSWD_LOOP_H */

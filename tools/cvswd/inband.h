/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_INBAND_H
#define CVSWD_INBAND_H

/*
 * In-band control: control frames on their way from the workers to the main
 * thread, which does what they ask for, and its sessions (version 3).
 */

#include <cvsw/inband.h>
#include "cvswd.h"

struct inband;
struct port;

/** inband_new - 0 or a negative errno */
int inband_new(struct cvswd *d, struct inband **out);
void inband_free(struct inband *in);

/** inband_take - ops->inband: of a frame that came in by the port @priv */
void inband_take(void *wctx, void *priv, struct cvsw_pkt *pkt);

/** inband_settle - carry on what can go on in sessions; after whatever the main
 * thread has done */
void inband_settle(struct inband *in);

/** inband_leave - end all sessions, for all is going to be closed */
void inband_leave(struct inband *in);

/* the four ops of struct cvsw_ops that are version 3's, by the main thread */
int inband_frame_new(void *wctx, const void *data, u32 len,
		     struct cvsw_pkt *pkt);
int inband_msg(void *ctx, void *priv, const void *msg, u32 len);
void inband_sent(void *ctx, void *priv);
void inband_session(void *ctx, void *priv, int live);

/** inband_port_gone - @port is about to be closed */
void inband_port_gone(struct port *port);

#endif /* CVSWD_INBAND_H */

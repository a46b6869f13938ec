/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_CONN_H
#define CVSW_OFD_CONN_H

/* What the files of a connection know of each other. */

#include "ofd.h"

#define CONN_MS		1000000ull	/* ns */

/* conn.c */

/* look at the peer when it may be time to */
void conn_watch(struct conn *conn, u64 now);

/* note an ERROR that went @way: "sent" or "received" */
void conn_error(struct conn *conn, const char *way, u16 type, u16 code,
		const char *text);

/* conn_in.c */

/* chan_ops.ready and .bad and the task conn->go of a struct conn */
void conn_ready(void *arg);
void conn_bad(void *arg, const void *head);
void conn_go(struct ev_task *task);

#endif /* CVSW_OFD_CONN_H */

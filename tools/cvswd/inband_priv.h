/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_INBAND_PRIV_H
#define CVSWD_INBAND_PRIV_H

/* What inband.c (frames) and inband_client.c (sessions) share. */

#include <pthread.h>
#include "inband.h"

struct inband_client;
struct inband_frame;

/**
 * struct inband
 * @lock:     of frames that wait: @n of @bytes, the oldest @first; the next goes
 *            to *@end
 * @timer_fd: set to
 * @due:      ns, all ones for never
 * @clients:  sessions
 * @thread:   the main one
 * @carrying: to the clients, by the main thread
 * @moved:    something went on, so that more may
 */
struct inband {
	struct cvswd		*daemon;
	struct cvsw_pool	*pool;
	pthread_mutex_t		lock;
	struct inband_frame	*first;
	struct inband_frame	**end;
	unsigned int		n;
	size_t			bytes;
	int			wake_fd;
	int			timer_fd;
	u64			due;
	struct inband_client	*clients;
	pthread_t		thread;
	bool			carrying;
	bool			moved;
};

/** inband_clients_carry - have what waits for the clients go */
void inband_clients_carry(struct inband *in);

/** inband_clients_bury - free those whose session is over, or @all */
void inband_clients_bury(struct inband *in, bool all);

#endif /* CVSWD_INBAND_PRIV_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CTL_LOCAL_H
#define CVSW_CTL_LOCAL_H

/*
 * Control of a server in the same process, without a socket: a daemon reads
 * its flow file and saves and restores its state with the calls of
 * <cvsw/ctl.h>, in the server's thread.
 */

#include <cvsw/ctl.h>
#include "nl_server.h"

/**
 * cvsw_ctl_open_local - connect to @server
 * @now: the time for its calls, nanoseconds
 * @arg: handed to @now
 * Return: 0 or -ENOMEM.
 */
int cvsw_ctl_open_local(struct cvsw_ctl **out, struct cvsw_nl_server *server,
			__u64 (*now)(void *arg), void *arg);

#endif /* CVSW_CTL_LOCAL_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_QUIET_H
#define CVSWD_QUIET_H

/*
 * Keep the kernel from answering tunnel frames that are ours.
 *
 * Where a tunnel's end is an address of the kernel, the kernel sees each frame
 * that a packet port takes in, too, and finds nobody listening: it would
 * answer with ICMP unreachable, and STT with a TCP reset.  Sockets that listen
 * and drop everything by a filter end that.
 *
 * Main thread only.
 */

#include <cvsw/switch.h>

struct quiet;

/**
 * quiet_new - sockets in the thread's namespace, in nobody's way as yet
 * Return: them, NULL without memory or sockets.
 */
struct quiet *quiet_new(void);
void quiet_free(struct quiet *quiet);

/**
 * quiet_start - have tunnels of all kinds ignored; once, and again for nothing
 * @config: with the ports of the tunnels
 *
 * What others have bound, the kernel's own tunnels say, stays theirs.
 */
void quiet_start(struct quiet *quiet, const struct cvsw_config *config);

#endif /* CVSWD_QUIET_H */

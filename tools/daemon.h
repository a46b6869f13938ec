/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_DAEMON_H
#define CVSW_DAEMON_H

/* What makes a program a daemon: its log, its process, its rights. */

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

/** say - one line to standard error or to syslog; from any thread */
void say(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** daemon_log - lines of up to @priority are said, by @program, to syslog if so
 * wanted */
void daemon_log(const char *program, int priority, bool to_syslog);

/**
 * daemon_background - go on as a child without a terminal
 * @ready_fd: receives what daemon_ready() wants
 *
 * The parent waits until the child is ready, or is gone, which its exit code
 * tells.  Standard error stays as it is unless lines go to syslog.
 *
 * Return: 0 or a negative errno, in the child.
 */
int daemon_background(int *ready_fd);

/** daemon_ready - let the parent go; -1: there is none */
void daemon_ready(int ready_fd);

/** daemon_pidfile - write the process id to @path, and hold it locked; a negative
 * errno, which was said, when another process does */
int daemon_pidfile(const char *path);

/**
 * daemon_signals - from now on SIGHUP, SIGINT and SIGTERM are read from a
 * descriptor, which is returned, or a negative errno; SIGPIPE is ignored
 *
 * To be called before there are threads: they inherit what is blocked.
 */
int daemon_signals(void);

/** daemon_signal - read one from there and say so; 0 when there is none */
int daemon_signal(int fd);

/**
 * daemon_listen - listen on a Unix socket at @path, for the owner only
 * @type: SOCK_STREAM or SOCK_SEQPACKET
 *
 * One left over from a daemon that was killed is replaced; the last folder of
 * the path is made when it is lacking.
 *
 * Return: the descriptor, which does not block, or a negative errno.
 */
int daemon_listen(const char *path, int type);

/**
 * daemon_drop_privileges - keep only these capabilities, for good
 * @caps: CAP_*
 * Return: 0, also for one that had none; or a negative errno, which was said.
 */
int daemon_drop_privileges(const unsigned int *caps, size_t n);

#endif /* CVSW_DAEMON_H */

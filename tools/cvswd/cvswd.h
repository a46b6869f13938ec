/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_H
#define CVSWD_H

/*
 * The daemon: switches, their ports, and the threads that carry frames
 * between them.
 *
 * The main thread does all control: it waits in watch.c for signals, the
 * clock, link changes and control clients, and is the only one that opens and
 * closes anything.  Worker threads (loop.c) only move frames.
 */

#include <cvsw/switch.h>
#include "daemon.h"
#include "os.h"

struct conf;
struct conf_sw;
struct cvsw_nl_server;
struct inband;
struct loop;
struct port;
struct port_tests;
struct routes;

/**
 * struct vswitch - one switch of the daemon
 * @index: which, from 0
 * @ports: all of them, linked by their next
 */
struct vswitch {
	struct cvswd		*daemon;
	struct cvsw_switch	*sw;
	struct port		*ports;
	unsigned int		index;
	char			name[CVSW_NAME_LEN];
};

/**
 * struct cvswd - the daemon
 * @tests: self-tests of offloads; NULL: there are none
 * @routes: ways to the far ends of tunnels
 * @inband: control frames
 * @queue_prog: queue_tap_load()'s
 * @why: text of the last control error, for struct cvsw_error
 */
struct cvswd {
	int			argc;
	char			**argv;
	struct conf		*conf;
	struct loop		*loop;
	struct server		*server;
	struct port_tests	*tests;
	struct routes		*routes;
	struct inband		*inband;
	struct vswitch		*vs;
	unsigned int		n_vs;
	u64			next_save;	/* of the state file, ns */
	int			timer_fd;
	int			queue_prog;
	bool			stop;
	char			why[256];
};

/** cvswd_now - nanoseconds of the monotonic clock */
u64 cvswd_now(void);

/* watch.c: what the main thread waits for */

/**
 * watch_add - have @fn called when @fd is ready for @events (EPOLL*)
 * Return: 0 or a negative errno.
 */
int watch_add(int fd, u32 events, void (*fn)(void *arg, u32 events), void *arg);
int watch_mod(int fd, u32 events);
void watch_del(int fd);

/** watch_wait - wait for something and handle it; 0 or a negative errno */
int watch_wait(void);

/* mtu.c: MTUs that follow the tunnels */

/**
 * mtu_change - set the MTU of @port
 * @follow: that is what it has without tunnels, and else it follows them
 * Return: 0, -EOPNOTSUPP when its device takes none, or a negative errno.
 */
int mtu_change(struct port *port, u32 mtu, bool follow);

/** mtu_restore - give the link back the MTU that it has without tunnels */
void mtu_restore(struct port *port);

/** mtu_check - have those of all ports follow now; after anything that may have
 * changed tunnels or their underlay, and now and then */
void mtu_check(const struct cvswd *d);

/* state.c: flows and counters across a restart */

/** state_save - write the flows of all switches to @path, atomically */
int state_save(struct cvswd *d, const char *path);

/**
 * state_restore - bring back what state_save() wrote
 * @restored: receives which switches (by index) were in the file
 * Return: 0, -ENOENT when there is no such file, or an error that was said.
 */
int state_restore(struct cvswd *d, const char *path, bool *restored);

/* reload.c: flow files, at start and at SIGHUP */

/** reload_flows - have the flows of @vs be those of its file, if it has one */
int reload_flows(struct vswitch *vs, const struct conf_sw *sw, char *why,
		 size_t size);

/** reload - go over to the configuration as it is now, or change nothing */
int reload(struct cvswd *d);

#endif /* CVSWD_H */

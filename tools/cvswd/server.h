/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_SERVER_H
#define CVSWD_SERVER_H

/*
 * The control socket: SOCK_SEQPACKET, mode 0600, one netlink message a
 * datagram (<cvsw/nl.h>).  Sockets are here; what is said on them is
 * nl_server's.  Main thread, but for server_event() and server_packet_in().
 */

#include <cvsw/switch.h>

struct cvsw_nl_server;
struct cvswd;
struct server;
struct vswitch;

/**
 * server_new - listen
 * @path: of the socket; one that nobody listens on any more is replaced
 * @out:  receives the server
 * Return: 0, -EADDRINUSE when another daemon is there, or a negative errno.
 */
int server_new(struct cvswd *d, const char *path, struct server **out);

/** server_nl - that which serves */
struct cvsw_nl_server *server_nl(const struct server *s);

/** server_free - close clients and socket, and remove it */
void server_free(struct server *s);

/** server_add - serve a switch, after loop_bind() */
int server_add(struct server *s, const struct vswitch *vs);
void server_del(struct server *s, const struct vswitch *vs);

/* ops->event and ops->packet_in of struct cvsw_ops, by any thread */
void server_event(struct server *s, const struct vswitch *vs,
		  const struct cvsw_event *event);
int server_packet_in(struct server *s, const struct vswitch *vs,
		     const struct cvsw_pkt *pkt,
		     const struct cvsw_packet_in *info);

#endif /* CVSWD_SERVER_H */

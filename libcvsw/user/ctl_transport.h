/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CTL_TRANSPORT_H
#define CVSW_CTL_TRANSPORT_H

/*
 * What carries the messages of a control connection.  Apart from ctl_priv.h,
 * whose attributes have the names of libnl's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <cvsw/ctl.h>

/**
 * struct cvsw_ctl_transport - what carries messages
 * @send:      one datagram; 0 or a negative errno, which is -EAGAIN when it may
 *             not @wait but would have to, -ETIMEDOUT when it did for too long
 * @answer:    receive one datagram into @size bytes; its length, 0 when a signal
 *             came, or a negative errno, -ETIMEDOUT likewise
 * @recv:      the same within @timeout_ms (-1: for ever); 0 when that is over
 * @timeout:   how long is too long, ms, or -1; 0 or a negative errno
 * @subscribe: have events of @groups, CVSW_NL_GROUP_*, of the switch called
 *             @name, or of all when that is empty; 0 or a negative errno.
 *             NULL: by CVSW_CMD_SUBSCRIBE
 * @more:      one more link to the same place, into @out; 0 or a negative errno.
 *             NULL: opening it again leads there
 * @why:       for -ECONNRESET, what is known of the reason, or NULL; good until
 *             the next call.  NULL: nothing ever is
 * @fd:        see cvsw_ctl_fd()
 * @close:     free @link
 */
struct cvsw_ctl_transport {
	int	(*send)(void *link, const void *msg, size_t len, bool wait);
	ssize_t	(*answer)(void *link, void *buf, size_t size);
	ssize_t	(*recv)(void *link, void *buf, size_t size, int timeout_ms);
	int	(*timeout)(void *link, int ms);
	int	(*subscribe)(void *link, const char *name, __u32 groups);
	int	(*more)(void *link, void **out);
	const char *(*why)(void *link);
	int	(*fd)(const void *link);
	void	(*close)(void *link);
};

/* a connection over @link, which it owns also when this fails; -ENOMEM */
int cvsw_ctl_new(struct cvsw_ctl **out,
		 const struct cvsw_ctl_transport *transport, void *link);

/* ctl_unix.c */
int cvsw_ctl_open_unix(struct cvsw_ctl **out, const char *path,
		       struct cvsw_ctl_error *err);

/* what links that are a socket of SOCK_SEQPACKET begin with, and what they do */
struct cvsw_ctl_socket {
	int	fd;
};

int cvsw_ctl_socket_send(void *link, const void *msg, size_t len, bool wait);
ssize_t cvsw_ctl_socket_answer(void *link, void *buf, size_t size);
ssize_t cvsw_ctl_socket_recv(void *link, void *buf, size_t size, int timeout_ms);
int cvsw_ctl_socket_timeout(void *link, int ms);
int cvsw_ctl_socket_fd(const void *link);

/* ctl_netlink.c; @name: the switch meant, empty: the only one */
int cvsw_ctl_open_netlink(struct cvsw_ctl **out, const char *name,
			  struct cvsw_ctl_error *err);

/* ctl_inband.c; @where: IFACE[,key=FILE][,vnic=MAC][,lease=SECONDS] */
int cvsw_ctl_open_inband(struct cvsw_ctl **out, const char *where,
			 struct cvsw_ctl_error *err);

#endif /* CVSW_CTL_TRANSPORT_H */

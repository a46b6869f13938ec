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
 * @fd:        see cvsw_ctl_fd()
 * @close:     free @link
 */
struct cvsw_ctl_transport {
	int	(*send)(void *link, const void *msg, size_t len, bool wait);
	ssize_t	(*answer)(void *link, void *buf, size_t size);
	ssize_t	(*recv)(void *link, void *buf, size_t size, int timeout_ms);
	int	(*timeout)(void *link, int ms);
	int	(*subscribe)(void *link, const char *name, __u32 groups);
	int	(*fd)(const void *link);
	void	(*close)(void *link);
};

/* a connection over @link, which it owns also when this fails; -ENOMEM */
int cvsw_ctl_new(struct cvsw_ctl **out,
		 const struct cvsw_ctl_transport *transport, void *link);

/* ctl_unix.c */
int cvsw_ctl_open_unix(struct cvsw_ctl **out, const char *path,
		       struct cvsw_ctl_error *err);

/* ctl_netlink.c; @name: the switch meant, empty: the only one */
int cvsw_ctl_open_netlink(struct cvsw_ctl **out, const char *name,
			  struct cvsw_ctl_error *err);

#endif /* CVSW_CTL_TRANSPORT_H */

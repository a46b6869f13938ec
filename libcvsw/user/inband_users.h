/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_USERS_H
#define CVSW_INBAND_USERS_H

/*
 * The users of a session of in-band control, each at the far end of a socket of
 * its own.  The other side knows one client only: so requests get sequence
 * numbers of the session, by which an answer finds back to who asked, and
 * events go to all who asked for some.
 *
 * A user that does not read holds up nobody: what is for it waits in memory,
 * answers as many as it asked for, events up to a bound, beyond which they are
 * counted (CVSW_CMD_LOST).  There is one dump at a time; who asks for another
 * waits.
 *
 * All calls but cvsw_users_add() are those of the session's thread.
 */

#include <poll.h>
#include <cvsw/nl.h>
#include "os.h"

#define CVSW_USERS_MAX		256u
#define CVSW_USERS_ROUTES	4096u	/* requests whose answers find back */

/**
 * struct cvsw_users_route - whose a request is
 * @seq:    of the session's; 0: none
 * @theirs: as the user numbered it
 * @user:   its id
 */
struct cvsw_users_route {
	u32	seq;
	u32	theirs;
	u32	user;
};

/**
 * struct cvsw_users - all of them
 * @lock:  for @list, @n and @id; the thread alone takes users away
 * @list:  struct user, by list
 * @n:     how many
 * @id:    of the one that came last
 * @seq:   of the request that was taken last
 * @route: by sequence number; the oldest are forgotten
 * @dump:  that of the dump under way
 * @buf:   the request taken last, or an answer being handed on
 */
struct cvsw_users {
	struct mutex		lock;
	struct list_head	list;
	unsigned int		n;
	u32			id;
	u32			seq;
	struct cvsw_users_route	route[CVSW_USERS_ROUTES];
	struct cvsw_users_route	dump;
	u8	buf[CVSW_NL_MSG_MAX] __attribute__((aligned(8)));
};

void cvsw_users_init(struct cvsw_users *users);

/** cvsw_users_free - forget them all; they see the end of their sockets */
void cvsw_users_free(struct cvsw_users *users);

/** cvsw_users_add - one more, by any thread: its end of the socket, or a negative
 * errno; -EMFILE: there are CVSW_USERS_MAX */
int cvsw_users_add(struct cvsw_users *users);

/**
 * cvsw_users_poll - what to wait for
 * @polls: room for CVSW_USERS_MAX
 * @take:  requests, too
 * Return: how many of @polls were filled in.
 */
unsigned int cvsw_users_poll(struct cvsw_users *users, struct pollfd *polls,
			     bool take);

/** cvsw_users_polled - send what waits to users that read again, and forget those
 * that left; @polls: of the last cvsw_users_poll() */
void cvsw_users_polled(struct cvsw_users *users, const struct pollfd *polls);

/** cvsw_users_take - the next request of those that there were when it was
 * polled: its bytes, in users->buf, or 0 */
size_t cvsw_users_take(struct cvsw_users *users);

/** cvsw_users_give - hand on a datagram that came, @len bytes */
void cvsw_users_give(struct cvsw_users *users, const void *msg, size_t len);

#endif /* CVSW_INBAND_USERS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_SESSION_H
#define CVSW_INBAND_SESSION_H

/*
 * A session of in-band control, version 3, with one vNIC: a thread of its own
 * keeps it up, whatever its users are busy with, since a vNIC that hears
 * nothing for as long as the lease may stop its guest's traffic.
 *
 * It does not outlive the vNIC's view of it: when it is lost, all its users see
 * the end of their sockets, and may call anew.
 */

#include "inband_host.h"

#define CVSW_SESSION_WHY	120	/* bytes of a reason */

struct cvsw_session;

/**
 * cvsw_session_new - call a vNIC, and begin a session when it answers
 * @fd:      reads and writes frames of CVSW_INBAND_TYPE; the session's from now
 *           on, also when this fails
 * @wait_ms: how long an answer may take
 * @why:     receives the reason of a failure
 * Return: 0; -ETIMEDOUT: nobody answers; -ECONNREFUSED: it does not want to, see
 * @why; another negative errno.
 */
int cvsw_session_new(struct cvsw_session **out, int fd,
		     const struct cvsw_v3_host_info *info, int wait_ms,
		     char why[CVSW_SESSION_WHY]);

/**
 * cvsw_session_get - one user more
 * Return: a socket of SOCK_SEQPACKET, the caller's, on which it is as with cvswd's;
 * a negative errno, -ECONNRESET: the session is over.
 */
int cvsw_session_get(struct cvsw_session *session);

/** cvsw_session_put - one user less, which has closed its socket.  With the last
 * one the session ends, and the vNIC is told; what was asked for without waiting
 * for an answer may then not be done */
void cvsw_session_put(struct cvsw_session *session);

/** cvsw_session_why - why it is over; empty when it is not */
void cvsw_session_why(struct cvsw_session *session, char why[CVSW_SESSION_WHY]);

#endif /* CVSW_INBAND_SESSION_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CTL_INBAND_H
#define CVSW_CTL_INBAND_H

#include "inband_sock.h"
#include "inband_session.h"

/* one more user of @session, which stays the caller's, too */
int cvsw_ctl_open_session(struct cvsw_ctl **out, struct cvsw_session *session);

/* ctl_inband_v2.c; @sock is taken, also when this fails */
int cvsw_ctl_open_v2(struct cvsw_ctl **out, const struct cvsw_sock *sock,
		     const struct cvsw_sock_where *where,
		     struct cvsw_ctl_error *err);

#endif /* CVSW_CTL_INBAND_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_TARGET_H
#define CVSW_OFD_TARGET_H

/*
 * Where controllers are: tcp:HOST[:PORT], ssl:HOST[:PORT] and unix:PATH are
 * dialled, ptcp:[PORT][:HOST], pssl:[PORT][:HOST] and punix:PATH are listened
 * on.  An IPv6 address stands in brackets.  The port is 6653 unless said.
 */

#include "os.h"

#define TARGET_TEXT_MAX	300

enum target_kind {
	TARGET_TCP,
	TARGET_SSL,
	TARGET_UNIX,
};

/**
 * struct target - one of them
 * @text:   as it was written
 * @kind:   enum target_kind
 * @listen: we are dialled
 * @host:   address or name; empty (@listen): any
 * @port:   1 to 65535
 * @path:   TARGET_UNIX
 */
struct target {
	char	text[TARGET_TEXT_MAX];
	u8	kind;
	bool	listen;
	u16	port;
	char	host[256];
	char	path[108];
};

/** target_parse - read one; -EINVAL with the reason in @why */
int target_parse(const char *text, struct target *target, char *why,
		 size_t size);

#endif /* CVSW_OFD_TARGET_H */

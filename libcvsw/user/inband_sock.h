/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_SOCK_H
#define CVSW_INBAND_SOCK_H

/*
 * Where a host sends control frames from: a packet socket, and who is meant, as
 * the text "IFACE[,key=FILE][,vnic=MAC][,lease=SECONDS]" says it.
 */

#include <net/if.h>
#include <cvsw/ctl.h>
#include "os.h"

#define CVSW_SOCK_WHY		160	/* bytes of a reason */

/**
 * struct cvsw_sock_where - what the text says
 * @iface:    name of the interface
 * @vnic:     MAC of the vNIC; all: of any
 * @has_keys: version 3, with
 * @keys:     of which the first is meant; to be wiped after use
 * @lease_ms: of version 3
 */
struct cvsw_sock_where {
	char			iface[IFNAMSIZ];
	u8			vnic[6];
	bool			has_keys;
	struct cvsw_inband_keys	keys;
	u32			lease_ms;
};

/** cvsw_sock_where_read - take the text apart, and read the key file; 0 or a
 * negative errno, with the reason in @why */
int cvsw_sock_where_read(struct cvsw_sock_where *where, const char *text,
			 char why[CVSW_SOCK_WHY]);

/**
 * struct cvsw_sock - a packet socket
 * @fd:  bound to the interface, receives frames of CVSW_INBAND_TYPE
 * @mac: of the interface
 * @mtu: likewise, at most 65535
 */
struct cvsw_sock {
	int	fd;
	u8	mac[6];
	u16	mtu;
};

/** cvsw_sock_open - get one on @iface; 0 or a negative errno, with @why */
int cvsw_sock_open(struct cvsw_sock *sock, const char *iface,
		   char why[CVSW_SOCK_WHY]);

#endif /* CVSW_INBAND_SOCK_H */

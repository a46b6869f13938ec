/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_LEGACY_H
#define CVSW_LEGACY_H

/*
 * The OpenFlow actions of the CVSW of 2014: SET_ and STRIP_ of each tunnel, in
 * the way of OpenFlow 1.0.  A codec for whoever reads or writes an OpenFlow
 * action list; no state.
 *
 * They are less than ours: no port, TTL, TOS, checksum or options.
 */

#include <cvsw/flow.h>
#include <cvsw/switch.h>

#include "os.h"

/* action types: SET_, and of each the STRIP_ behind it */
#define CVSW_LEGACY_VXLAN	0x1001
#define CVSW_LEGACY_NVGRE	0x1003
#define CVSW_LEGACY_STT		0x1005
#define CVSW_LEGACY_GENEVE	0x1007
#define CVSW_LEGACY_SCLP	0x1009		/* VXLAN over SCLP */
#define CVSW_LEGACY_FIRST	CVSW_LEGACY_VXLAN
#define CVSW_LEGACY_LAST	(CVSW_LEGACY_SCLP + 1)

#define CVSW_LEGACY_SET_LEN	64
#define CVSW_LEGACY_STRIP_LEN	8

/**
 * cvsw_legacy_action_parse - read one action
 * @body: the action from its type on; network order, any alignment
 * @len:  bytes from there to the end of the list
 * @out:  receives a PUSH or a POP
 * @err:  receives the text of what is wrong; may be NULL
 *
 * Both addresses are IPv6 when one of them has more than its first 4 bytes
 * set, else IPv4.  MACs and the source address may be 0: then the way to the
 * far end says them, as in struct cvsw_tunnel.  Padding is not looked at.
 *
 * @out is for cvsw_action_check() to judge, as any other action: senders of
 * 2014 are known to name a group address as the source MAC.
 *
 * Return: bytes of the action, CVSW_LEGACY_*_LEN; -EINVAL; -EOPNOTSUPP for
 * VXLAN over SCLP.
 */
int cvsw_legacy_action_parse(const void *body, u32 len,
			     struct cvsw_action *out, struct cvsw_error *err);

/**
 * cvsw_legacy_action_put - write one action
 * @act:  a checked PUSH or POP
 * @body: receives it
 * @len:  bytes that @body has room for
 * Return: bytes of it; -EOPNOTSUPP when there is no such action that says all
 * of @act; -EMSGSIZE: more than @len.
 */
int cvsw_legacy_action_put(const struct cvsw_action *act, void *body, u32 len);

#endif /* CVSW_LEGACY_H */

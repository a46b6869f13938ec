// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * SET_CONFIG and what is told of it.  How fragments are treated is a setting of
 * the switch, one for all controllers; how much of a missed frame is wanted is
 * each controller's own.
 */

#include "msg.h"

void msg_config_get(struct conn *conn, const void *msg, u32 len)
{
	const struct cvsw_of10_config config = {
		.flags = conn->sw->flags,
		.miss_send_len = conn->miss_send_len,
	};
	u32 size = sizeof(struct cvsw_ofp_switch_config);
	void *buf = conn_room(conn, size);

	(void)len;
	if (buf && cvsw_of10_config_put(&config, msg_xid(msg), buf, size) > 0)
		conn_put(conn, size);
}

/* 0, or the switch is gone */
static int config_fragments(struct sw *sw,
			    const struct cvsw_of10_config *config)
{
	struct cvsw_config want = sw->config;
	int ret;

	want.frag_mode = config->frag_mode;
	if (want.frag_mode != sw->config.frag_mode) {
		ret = cvsw_ctl_switch_set(sw->ctl, &want,
					  1u << CVSW_SWITCH_A_FRAG_MODE);
		if (ret) {
			sw_failed(sw, ret);
			return ret;
		}
	}
	sw->config.frag_mode = want.frag_mode;
	sw->flags = config->flags;
	return 0;
}

/* a slave sets what it is sent itself, and nothing else */
void msg_config_set(struct conn *conn, const void *msg, u32 len)
{
	struct cvsw_of10_config config;
	struct cvsw_of10_error err;

	if (cvsw_of10_config_get(msg, len, &config, &err)) {
		conn_refuse(conn, msg, len, &err);
		return;
	}
	if (role_may(conn, CVSW_OFP_PORT_MOD) &&
	    config_fragments(conn->sw, &config))
		return;
	conn->miss_send_len = config.miss_send_len;
	conn_async(conn);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * How ports are commanded in-band, and what follows from it for frames: version,
 * policy and keys, which are settings, and how far it has got, which is told by
 * those who do it.  Under the switch's mutex.
 */

#include "switch_priv.h"

u8 cvsw_port_inband_flags(const struct cvsw_port_info *info)
{
	u8 flags = info->inband ? CVSW_PORTS_INBAND : 0;

	if (info->inband_state != CVSW_INBAND_SILENT)
		return flags;
	if (info->inband_policy == CVSW_INBAND_PASS)
		flags |= CVSW_PORTS_SILENT_PASS;
	if (info->inband_policy == CVSW_INBAND_DROP)
		flags |= CVSW_PORTS_SILENT_DROP;
	return flags;
}

/* Keys are kept where nobody sees them */
static void port_keys_take(struct cvsw_switch *sw, struct cvsw_port *port,
			   const struct cvsw_inband_keys *keys)
{
	struct cvsw_inband_keys *shown = &port->info.inband_keys;

	port->keys = *keys;
	port->keys_no = ++sw->serial;
	*shown = port->keys;
	memzero_explicit(shown->key, sizeof(shown->key));
}

/* in-band control starts anew */
static void port_inband_start(struct cvsw_switch *sw, struct cvsw_port *port)
{
	static const struct cvsw_inband_keys none;
	struct cvsw_port_info *info = &port->info;
	const bool v3 = info->inband == CVSW_INBAND_V3;

	info->inband_state = v3 ? CVSW_INBAND_IDLE : CVSW_INBAND_DISCONNECTED;
	memset(info->inband_host, 0, sizeof(info->inband_host));
	port->inband = v3 ? ++sw->serial : 0;
	if (!v3)
		port_keys_take(sw, port, &none);
}

void cvsw_port_inband_new(struct cvsw_switch *sw, struct cvsw_port *port)
{
	port_keys_take(sw, port, &port->info.inband_keys);
	port_inband_start(sw, port);
}

static bool port_inband_can(const struct cvsw_ops *ops, u8 version)
{
	switch (version) {
	case CVSW_INBAND_V2:
		return ops->inband;
	case CVSW_INBAND_V3:
		return ops->inband && ops->frame_new && ops->inband_msg &&
		       ops->inband_sent && ops->inband_session;
	}
	return true;
}

static int port_keys_check(const struct cvsw_inband_keys *keys, u8 version,
			   struct cvsw_error *err)
{
	if (keys->n > CVSW_INBAND_KEYS)
		return cvsw_error_set(err, -EINVAL,
				      "port: inband_keys: too many");
	if (keys->n == 2 && keys->id[0] == keys->id[1])
		return cvsw_error_set(err, -EINVAL,
				      "port: inband_keys: two of one id");
	if (keys->n && version != CVSW_INBAND_V3)
		return cvsw_error_set(err, -EINVAL,
				      "port: inband_keys: version 3 has keys");
	if (!keys->n && version == CVSW_INBAND_V3)
		return cvsw_error_set(err, -EINVAL,
				      "port: inband_keys: version 3 takes a key");
	return 0;
}

int cvsw_port_inband_check(const struct cvsw_switch *sw,
			   const struct cvsw_port_info *info,
			   struct cvsw_error *err)
{
	if (info->inband != CVSW_INBAND_OFF && info->inband != CVSW_INBAND_V2 &&
	    info->inband != CVSW_INBAND_V3)
		return cvsw_error_set(err, -EINVAL,
				      "port: unknown in-band protocol");
	if (info->inband_policy >= CVSW_INBAND_POLICIES)
		return cvsw_error_set(err, -EINVAL,
				      "port: unknown inband_policy");
	if (!port_inband_can(sw->ops, info->inband))
		return cvsw_error_set(err, -EOPNOTSUPP,
				      "port: there is no in-band control");
	return port_keys_check(&info->inband_keys, info->inband, err);
}

int cvsw_port_inband_apply(struct cvsw_switch *sw, struct cvsw_port *port,
			   const struct cvsw_port_info *want,
			   unsigned int what, struct cvsw_error *err)
{
	struct cvsw_port_info *info = &port->info;

	if (what & CVSW_PORT_SET_INBAND && info->inband != want->inband) {
		info->inband = want->inband;
		port_inband_start(sw, port);
	}
	if (what & CVSW_PORT_SET_INBAND_KEYS)
		port_keys_take(sw, port, &want->inband_keys);
	if (what & CVSW_PORT_SET_INBAND_POLICY)
		info->inband_policy = want->inband_policy;
	if (what & CVSW_PORT_SET_INBAND_STATE) {
		info->inband_state = want->inband_state;
		memcpy(info->inband_host, want->inband_host,
		       sizeof(info->inband_host));
	}
	return cvsw_port_inband_check(sw, info, err);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What a link does, can do, and tells its peer, in the terms of OpenFlow 1.0.
 */

#include "ethtool.h"

#include <stdlib.h>
#include <string.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <cvsw/switch.h>
#include "ethtool_priv.h"
#include "netns.h"
#include "os.h"
#include "speed.h"

/* the kernel's name of a mode, as "1000baseT/Full" */
static u32 ethtool_mode(const char *name)
{
	static const struct {
		const char	*name;
		u32		bit;
	} others[] = {
		{ "Autoneg", CVSW_PORT_F_AUTONEG },
		{ "TP", CVSW_PORT_F_COPPER },
		{ "FIBRE", CVSW_PORT_F_FIBER },
		{ "Pause", CVSW_PORT_F_PAUSE },
		{ "Asym_Pause", CVSW_PORT_F_PAUSE_ASYM },
	};
	unsigned int i;
	char *end;
	u32 speed = (u32)strtoul(name, &end, 10);

	if (end != name)
		return cvsw_speed(speed, strstr(end, "/Full"));
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(name, others[i].name))
			return others[i].bit;
	return 0;
}

static void ethtool_link_bit(void *arg, const char *name, bool on)
{
	u32 *bits = arg;		/* all, and those that are on */
	const u32 bit = ethtool_mode(name);

	bits[0] |= bit;
	bits[1] |= on ? bit : 0;
}

static int ethtool_modes_message(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[ETHTOOL_A_LINKMODES_MAX + 1];
	u32 ours[2] = {}, peer[2] = {}, speed;
	struct ethtool_link *link = arg;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, ETHTOOL_A_LINKMODES_MAX, NULL))
		return NL_SKIP;
	ethtool_bits_each(tb[ETHTOOL_A_LINKMODES_OURS], ethtool_link_bit, ours);
	ethtool_bits_each(tb[ETHTOOL_A_LINKMODES_PEER], ethtool_link_bit, peer);
	link->supported = ours[0];
	link->advertised = ours[1];
	link->peer = peer[1];
	if (tb[ETHTOOL_A_LINKMODES_SPEED] && tb[ETHTOOL_A_LINKMODES_DUPLEX]) {
		speed = nla_get_u32(tb[ETHTOOL_A_LINKMODES_SPEED]);
		link->curr |= cvsw_speed(speed,
				nla_get_u8(tb[ETHTOOL_A_LINKMODES_DUPLEX]) ==
				DUPLEX_FULL);
	}
	if (tb[ETHTOOL_A_LINKMODES_AUTONEG] &&
	    nla_get_u8(tb[ETHTOOL_A_LINKMODES_AUTONEG]) == AUTONEG_ENABLE)
		link->curr |= CVSW_PORT_F_AUTONEG;
	return NL_OK;
}

static int ethtool_info_message(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[ETHTOOL_A_LINKINFO_MAX + 1];
	struct ethtool_link *link = arg;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, ETHTOOL_A_LINKINFO_MAX, NULL) ||
	    !tb[ETHTOOL_A_LINKINFO_PORT])
		return NL_SKIP;
	switch (nla_get_u8(tb[ETHTOOL_A_LINKINFO_PORT])) {
	case PORT_TP:
		link->curr |= CVSW_PORT_F_COPPER;
		break;
	case PORT_FIBRE:
		link->curr |= CVSW_PORT_F_FIBER;
		break;
	}
	return NL_OK;
}

int ethtool_link_get(struct netns *ns, int ifindex, struct ethtool_link *link)
{
	int ret;

	*link = (struct ethtool_link){};
	ret = ethtool_request(ns, ifindex, ETHTOOL_MSG_LINKMODES_GET,
			      ethtool_modes_message, link);
	if (!ret)
		ret = ethtool_request(ns, ifindex, ETHTOOL_MSG_LINKINFO_GET,
				      ethtool_info_message, link);
	return netns_errno(ret);
}

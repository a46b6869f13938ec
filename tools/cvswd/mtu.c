// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * mtu=auto: the link of a port never takes a packet that is too long for a
 * tunnel that the flows push to.
 *
 * It gets what cvsw_tunnel_mtu() says, but no more than it had when that was
 * asked for, for there may be more behind the switch than tunnels.  A port by
 * which tunnels leave keeps its own MTU: theirs follows from it.  And none gets
 * less than IPv6 takes, for then the kernel throws the addresses of the link
 * away, for good, while a path may be that short for minutes only.
 *
 * What was set is heard of as any change of a link is, and so told to whoever
 * listens.
 */

#include "cvswd.h"

#include "netns.h"
#include "port.h"

#define MTU_AUTO_MIN	1280u

int mtu_change(struct port *port, u32 mtu, bool follow)
{
	int ret = 0;

	if (mtu == port->mtu && follow == !!port->mtu_own)
		return 0;
	if (!port->ns || !port->ifindex || !mtu)
		return -EOPNOTSUPP;
	if (mtu != port->mtu)
		ret = netns_link_set(port->ns, port->ifindex, mtu, false);
	if (ret)
		return ret;
	if (!follow)
		port->mtu_own = 0;
	else if (mtu != port->mtu || !port->mtu_own)
		port->mtu_own = mtu;
	WRITE_ONCE(port->mtu, mtu);
	return 0;
}

/* say what is done, or cannot be done, once */
static void mtu_set(struct port *port, u32 mtu)
{
	bool again = mtu == port->mtu_tried;
	int ret;

	ret = netns_link_set(port->ns, port->ifindex, mtu, false);
	port->mtu_tried = mtu;
	if (again)
		return;
	if (ret)
		say(LOG_WARNING, "%s: port %s: cannot set mtu %u: %s",
		    port->vs->name, port->name, mtu, strerror(-ret));
	else
		say(LOG_INFO, "%s: port %s: mtu %u", port->vs->name,
		    port->name, mtu);
}

void mtu_restore(struct port *port)
{
	if (port->mtu_own && port->mtu_own != port->mtu && port->ifindex)
		mtu_set(port, port->mtu_own);
}

/*
 * A port that was lowered does not become one that tunnels leave by without
 * their MTU going down by it, so who has what he should have is not looked at.
 */
static void mtu_follow(struct port *port, u32 tunnels)
{
	const u32 own = port->mtu_own;
	u32 mtu = tunnels ? min(max(tunnels, MTU_AUTO_MIN), own) : own;

	if (mtu == port->mtu || !port->ifindex)
		return;
	if (mtu < own && cvsw_tunnel_leaves_by(port->vs->sw, port->no))
		mtu = own;
	if (mtu != port->mtu)
		mtu_set(port, mtu);
}

static void mtu_check_switch(const struct vswitch *vs)
{
	struct port *port;
	u32 tunnels = 0;
	bool asked = false;

	for (port = vs->ports; port; port = port->next) {
		if (!port->mtu_own)
			continue;
		if (!asked)
			tunnels = cvsw_tunnel_mtu(vs->sw, cvswd_now());
		asked = true;
		mtu_follow(port, tunnels);
	}
}

void mtu_check(const struct cvswd *d)
{
	unsigned int i;

	for (i = 0; i < d->n_vs; i++)
		mtu_check_switch(&d->vs[i]);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Settings of the device behind both ports of a switch: MTU, segmentation,
 * checksums, merging, as ip(8) and ethtool(8) have them.
 *
 * What is set stays until somebody else changes it or the switch goes, which
 * puts back what was changed here.  An MTU that is set at the guest's port, or
 * follows the tunnels there, is the device's, but the port of the network keeps
 * what it had if that is more, for tunnelled frames are as long as that.
 *
 * All under rtnl.
 */

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include "compat.h"
#include "cvsw.h"
#include "speed.h"

#define OFFLOAD_MTU_MIN	1280u	/* with less, IPv6 addresses are thrown away */

/* whatever skbs are like, they pass */
#define OFFLOAD_ANY	((u32)(CVSW_OFFLOAD_MASK & ~CVSW_OFFLOAD_GRO))

/* by bits of CVSW_DEVICE_*; @along is set with the others, but tells nothing */
static const struct {
	netdev_features_t	tells;
	netdev_features_t	along;
} offload_features[] = {
	{ NETIF_F_CSUM_MASK },
	{ NETIF_F_RXCSUM },
	{ NETIF_F_TSO | NETIF_F_TSO6, NETIF_F_ALL_TSO | NETIF_F_GSO_ACCECN },
	{ NETIF_F_GSO_UDP_L4 },
	{ NETIF_F_GSO_UDP_TUNNEL, NETIF_F_GSO_UDP_TUNNEL_CSUM },
	{ NETIF_F_GSO },
	{ NETIF_F_GRO },
};

#define OFFLOAD_FIXED(word, bit)	word ": fixed by the device",
static const char *const offload_fixed[] = {
	CVSW_DEVICE_WORDS(OFFLOAD_FIXED)
};

/* CVSW_DEVICE_* that any of @features tells of */
static u32 offload_bits(netdev_features_t features)
{
	unsigned int i;
	u32 bits = 0;

	for (i = 0; i < ARRAY_SIZE(offload_features); i++)
		if (features & offload_features[i].tells)
			bits |= BIT(i);
	return bits;
}

static netdev_features_t offload_can(const struct net_device *ndev)
{
	return ndev->hw_features & ~NETIF_F_NEVER_CHANGE;
}

void cvsw_offload_info(const struct cvsw_dev *dev, struct cvsw_port_info *info)
{
	const struct net_device *ndev = dev->ndev;
	bool net = info->no == CVSW_PORT_NET;
	bool up = net ? netif_carrier_ok(ndev) : netif_running(ndev);

	info->state = up ? 0 : CVSW_PORT_S_LINK_DOWN;
	info->mtu = net && dev->mtu_own ? dev->mtu_own : ndev->mtu;
	ether_addr_copy(info->mac, ndev->dev_addr);
	info->rx_offload = OFFLOAD_ANY;
	info->tx_offload = OFFLOAD_ANY;
	if (ndev->features & NETIF_F_GRO)
		info->tx_offload |= CVSW_OFFLOAD_GRO;
	info->device = offload_bits(ndev->features);
	info->device_fixed = CVSW_DEVICE_MASK & ~offload_bits(offload_can(ndev));
	info->device_asked = offload_bits(ndev->wanted_features &
					  offload_can(ndev)) |
			     (info->device & info->device_fixed);
}

/* The link, in the terms of OpenFlow 1.0 */

static u32 offload_modes(const unsigned long *modes)
{
	static const u8 others[][2] = {
		{ ETHTOOL_LINK_MODE_Autoneg_BIT, ilog2(CVSW_PORT_F_AUTONEG) },
		{ ETHTOOL_LINK_MODE_TP_BIT, ilog2(CVSW_PORT_F_COPPER) },
		{ ETHTOOL_LINK_MODE_FIBRE_BIT, ilog2(CVSW_PORT_F_FIBER) },
		{ ETHTOOL_LINK_MODE_Pause_BIT, ilog2(CVSW_PORT_F_PAUSE) },
		{ ETHTOOL_LINK_MODE_Asym_Pause_BIT,
		  ilog2(CVSW_PORT_F_PAUSE_ASYM) },
	};
	struct ethtool_link_ksettings mode;
	unsigned int i;
	u32 bits = 0;

	for_each_set_bit(i, modes, __ETHTOOL_LINK_MODE_MASK_NBITS) {
		ethtool_params_from_link_mode(&mode, i);
		bits |= cvsw_speed(mode.base.speed,
				   mode.base.duplex == DUPLEX_FULL);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (test_bit(others[i][0], modes))
			bits |= BIT(others[i][1]);
	return bits;
}

void cvsw_offload_link(struct net_device *ndev, struct cvsw_port_info *info)
{
	struct ethtool_link_ksettings link = {};

	if (__ethtool_get_link_ksettings(ndev, &link))
		return;
	info->supported = offload_modes(link.link_modes.supported);
	info->advertised = offload_modes(link.link_modes.advertising);
	info->peer = offload_modes(link.link_modes.lp_advertising);
	info->curr = cvsw_speed(link.base.speed,
				link.base.duplex == DUPLEX_FULL);
	if (link.base.autoneg == AUTONEG_ENABLE)
		info->curr |= CVSW_PORT_F_AUTONEG;
	if (link.base.port == PORT_TP)
		info->curr |= CVSW_PORT_F_COPPER;
	if (link.base.port == PORT_FIBRE)
		info->curr |= CVSW_PORT_F_FIBER;
}

/* MTU */

static int offload_mtu_set(struct cvsw_dev *dev, u32 mtu)
{
	u32 was = dev->ndev->mtu;
	int ret = dev_set_mtu(dev->ndev, (int)mtu);

	if (ret || mtu == was)
		return ret;
	if (!dev->mtu_was)
		dev->mtu_was = was;
	dev->mtu_set = mtu;
	return 0;
}

static int offload_mtu(struct cvsw_dev *dev, const struct cvsw_port_info *want,
		       struct cvsw_error *err)
{
	const struct net_device *ndev = dev->ndev;
	bool net = want->no == CVSW_PORT_NET, follow = want->mtu_auto;
	u32 now = net && dev->mtu_own ? dev->mtu_own : ndev->mtu, own = 0;

	if (net && follow)
		return cvsw_refuse(err, "mtu: auto is for the port guest",
				   -EOPNOTSUPP);
	if (want->mtu == now && (net || follow == dev->mtu_follow))
		return 0;
	if (want->mtu < ndev->min_mtu ||
	    (ndev->max_mtu && want->mtu > ndev->max_mtu))
		return cvsw_refuse(err, "mtu: out of the device's range",
				   -EINVAL);
	if (net && dev->mtu_own &&
	    (dev->mtu_follow || want->mtu >= ndev->mtu)) {
		dev->mtu_own = want->mtu;
		return 0;
	}
	if (!net)
		own = max(dev->mtu_own ?: ndev->mtu, want->mtu);
	if (offload_mtu_set(dev, want->mtu))
		return cvsw_refuse(err, "mtu: the device does not take it",
				   -EINVAL);
	dev->mtu_own = own;
	dev->mtu_follow = follow;
	return 0;
}

/* what the device is to have; @dev->mtu_own without tunnels */
static u32 offload_mtu_auto(const struct cvsw_dev *dev)
{
	u32 tunnels = cvsw_tunnel_mtu(dev->sw, cvsw_now());

	return tunnels ? min(max(tunnels, OFFLOAD_MTU_MIN), dev->mtu_own) :
			 dev->mtu_own;
}

bool cvsw_offload_due(const struct cvsw_dev *dev)
{
	return dev->mtu_follow && offload_mtu_auto(dev) != dev->ndev->mtu;
}

void cvsw_offload_follow(struct cvsw_dev *dev)
{
	if (dev->mtu_follow) {
		if (offload_mtu_set(dev, offload_mtu_auto(dev)))
			netdev_warn_once(dev->ndev, "cvsw: mtu not taken\n");
	} else if (dev->ndev->mtu != dev->mtu_set) {
		dev->mtu_own = 0;	/* somebody else set one for all */
	}
}

/* Features */

static void offload_want(struct cvsw_dev *dev, netdev_features_t wanted)
{
	struct net_device *ndev = dev->ndev;

	ndev->wanted_features = wanted;
	netdev_lock_ops(ndev);
	netdev_update_features(ndev);
	netdev_unlock_ops(ndev);
}

/* as ethtool -K does; and note what is not as it was */
static void offload_device(struct cvsw_dev *dev, u32 change, u32 asked)
{
	netdev_features_t old = dev->ndev->wanted_features, mask = 0, on = 0;
	netdev_features_t bits, flip, back;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offload_features); i++) {
		bits = offload_features[i].tells | offload_features[i].along;
		mask |= change & BIT(i) ? bits : 0;
		on |= change & asked & BIT(i) ? bits : 0;
	}
	flip = (old ^ on) & mask & offload_can(dev->ndev);
	back = flip & dev->flipped & ~(old ^ dev->flipped_to);
	dev->flipped = (dev->flipped | flip) & ~back;
	dev->flipped_to = (dev->flipped_to & ~flip) | (on & flip);
	if (flip)
		offload_want(dev, old ^ flip);
}

int cvsw_offload_set(void *ctx, void *priv, struct cvsw_port_info *want,
		     struct cvsw_error *err)
{
	struct cvsw_dev *dev = ctx;
	struct cvsw_port_info now = { .no = want->no };
	u32 change, fixed;
	int ret;

	ASSERT_RTNL();
	cvsw_offload_info(dev, &now);
	change = want->device_asked ^ now.device_asked;
	fixed = change & now.device_fixed;
	if (fixed)
		return cvsw_refuse(err, offload_fixed[__ffs(fixed)],
				   -EOPNOTSUPP);
	if (want->rx_asked != OFFLOAD_ANY ||
	    (want->tx_asked | CVSW_OFFLOAD_GRO) != CVSW_OFFLOAD_MASK)
		return cvsw_refuse(err, "offload: frames pass as they are",
				   -EOPNOTSUPP);
	ret = offload_mtu(dev, want, err);
	if (ret)
		return ret;
	offload_device(dev, change, want->device_asked);
	cvsw_offload_info(dev, want);
	cvsw_dev_kick(dev);
	return 0;
}

void cvsw_offload_restore(struct cvsw_dev *dev)
{
	struct net_device *ndev = dev->ndev;
	netdev_features_t flip;

	if (ndev->reg_state != NETREG_REGISTERED)
		return;
	/* on its way to another namespace it keeps its MTU: a change would bring
	 * IPv4 and IPv6, which have left it, back to this one */
	if (dev->mtu_was && ndev->mtu == dev->mtu_set && __in_dev_get_rtnl(ndev))
		dev_set_mtu(ndev, (int)dev->mtu_was);
	flip = dev->flipped & ~(ndev->wanted_features ^ dev->flipped_to);
	if (flip)
		offload_want(dev, ndev->wanted_features ^ flip);
}

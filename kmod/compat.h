/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */

/*
 * What differs between the kernels that cvsw.ko is built for (6.1 and later),
 * and the only place that may ask for their version.
 */

#ifndef CVSW_COMPAT_H
#define CVSW_COMPAT_H

#include <linux/version.h>

#if !defined(CONFIG_NETFILTER_INGRESS) || !defined(CONFIG_NETFILTER_EGRESS) || \
	!defined(CONFIG_NETFILTER_SKIP_EGRESS)
#error "needs CONFIG_NETFILTER_INGRESS and (Linux 5.16) CONFIG_NETFILTER_EGRESS, _SKIP_EGRESS"
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* skb_gso_segment() */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

/* what may change the features of a device */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#include <net/netdev_lock.h>
#else
#define netdev_lock_ops(ndev)		do { } while (0)
#define netdev_unlock_ops(ndev)		do { } while (0)
#endif

/* a kind of TSO since 6.15 */
#include <linux/netdev_features.h>
#ifndef NETIF_F_GSO_ACCECN
#define NETIF_F_GSO_ACCECN		0
#endif

/* routes of IPv6, which could be a module */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
#include <net/ipv6.h>
#define cvsw_ip6_route(net, fl6)	ip6_dst_lookup_flow(net, NULL, fl6, NULL)
#else
#include <net/ipv6_stubs.h>
#define cvsw_ip6_route(net, fl6)	\
	ipv6_stub->ipv6_dst_lookup_flow(net, NULL, fl6, NULL)
#endif

#if !IS_ENABLED(CONFIG_IPV6)
#define rt_genid_ipv6(net)		0
#endif

/* the attributes of a dump's request, in its callbacks */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define cvsw_genl_dump_attrs(cb)	(genl_info_dump(cb)->attrs)
#else
#define cvsw_genl_dump_attrs(cb)	(genl_dumpit_info(cb)->attrs)
#endif

#endif /* CVSW_COMPAT_H */

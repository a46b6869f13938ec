/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_PATH_H
#define CVSW_PATH_H

/*
 * Paths: what is known of the way to a tunnel's far end.
 *
 * There is one path for each destination address that a flow of the switch
 * pushes to.  Its path MTU is learnt from ICMP errors of the underlay.  Where
 * the flow leaves out MACs, source address or output port, they come from the
 * path's way, which the glue finds and keeps up to date (ops->path_open,
 * cvsw_path_set()).
 *
 * Workers read paths inside an RCU read-side section; they are made, changed
 * and freed under the switch's mutex, but for the learnt MTU, which any worker
 * may lower.
 */

#include <cvsw/flow.h>
#include <cvsw/switch.h>
#include "pkt_ops.h"

#define CVSW_PATHS_MAX		65536
#define CVSW_PMTU_NS		600000000000ull	/* a learnt path MTU is forgotten */
#define CVSW_PMTU_MIN4		576		/* no ICMP error makes it smaller */
#define CVSW_PMTU_MIN6		1280

struct cvsw_paths;

/**
 * struct cvsw_path - one destination
 * @way:        NULL while it is not known
 * @pmtu:       learnt, 0 when none; IP packet bytes
 * @pmtu_until: when that is forgotten, ns
 * @refs:       pushes that use it; under the mutex
 * @family:     4 or 6
 * @asked:      the glue was asked for a way
 * @addr:       destination; IPv4 in the first 4 bytes, then 0
 * @next:       in its hash bucket
 */
struct cvsw_path {
	struct cvsw_way __rcu	*way;
	u32			pmtu;
	u64			pmtu_until;
	u32			refs;
	u8			family;
	bool			asked;
	u8			addr[16];
	struct cvsw_path __rcu	*next;
};

/* cvsw_path_mtu - the MTU of a path, without its way: 0 when nothing is known */
static inline u32 cvsw_path_pmtu(const struct cvsw_path *path, u64 now)
{
	u32 mtu = READ_ONCE(path->pmtu);

	return mtu && now < READ_ONCE(path->pmtu_until) ? mtu : 0;
}

/* Life: under the mutex */

struct cvsw_paths *cvsw_paths_new(u64 seed);
void cvsw_paths_free(struct cvsw_paths *paths);

/**
 * cvsw_path_get - the path to @addr, made if it is new
 * Return: the path with one reference more, NULL without memory or when there
 * are too many.
 */
struct cvsw_path *cvsw_path_get(struct cvsw_paths *paths, u8 family,
				const u8 *addr);

/** cvsw_path_put - one reference less; the last one frees it behind readers */
void cvsw_path_put(struct cvsw_paths *paths, struct cvsw_path *path);

/** cvsw_path_find - the path to @addr, NULL when there is none (reader) */
struct cvsw_path *cvsw_path_find(const struct cvsw_paths *paths, u8 family,
				 const u8 *addr);

/**
 * cvsw_path_learn - look whether a frame is an ICMP error about a tunnel of ours
 * @pkt: parsed; ICMP 3/4 or ICMPv6 2 whose embedded packet went to the end of
 *       a path: that path's MTU is lowered (reader)
 */
void cvsw_path_learn(const struct cvsw_paths *paths, const struct cvsw_pkt *pkt,
		     u64 now);

#endif /* CVSW_PATH_H */

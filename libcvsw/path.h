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
 * may lower.  What readers may still have when it is replaced is retired, and
 * freed for many at a time, so that a grace period is paid once for them all.
 *
 * Who may lower a path MTU: an ICMP error is believed when the packet that it
 * quotes is one that a flow sends, or sent since there is the path (addresses,
 * protocol and destination port), and longer than what it says would fit, and
 * when it came in by the port that such packets leave by, where that is known.
 * So a guest behind a port of its own cannot.  Whoever is on the underlay and
 * knows the endpoints of a tunnel can, down to CVSW_PMTU_MIN4 or _MIN6 and for
 * CVSW_PMTU_NS.
 */

#include <cvsw/flow.h>
#include <cvsw/switch.h>
#include "pkt_ops.h"

#define CVSW_PATHS_MAX		65536
#define CVSW_PATH_USES		8		/* that are told apart */
#define CVSW_PMTU_NS		600000000000ull	/* a learnt path MTU is forgotten */
#define CVSW_PMTU_MIN4		576		/* no ICMP error makes it smaller */
#define CVSW_PMTU_MIN6		1280

struct cvsw_paths;

/**
 * struct cvsw_path_fit - pushes of a path that leave the same room for frames
 * @next: of the same path
 * @refs: pushes; under the mutex, as all of it
 * @port: that they leave by, 0 when it is not known, or that of the way
 * @len:  bytes of their outer headers, Ethernet included
 */
struct cvsw_path_fit {
	struct cvsw_path_fit	*next;
	u32			refs;
	u16			port;
	u16			len;
};

/**
 * struct cvsw_path - one destination
 * @way:        NULL while it is not known
 * @pmtu:       learnt, 0 when none; IP packet bytes
 * @pmtu_until: when that is forgotten, ns
 * @uses:       struct cvsw_path_use of its pushes, each as one word, 0 when free
 * @fits:       of its pushes; under the mutex
 * @refs:       pushes that use it; likewise
 * @open:       of those, that need its way; likewise
 * @family:     4 or 6
 * @asked:      the glue was asked for a way
 * @absent:     it says that there is none
 * @listed:     in the list of the changed
 * @crowded:    there are more @uses than that: any will do
 * @addr:       destination; IPv4 in the first 4 bytes, then 0
 * @next:       in its hash bucket
 * @changed:    next in that list, later among the retired
 */
struct cvsw_path {
	struct cvsw_way __rcu	*way;
	u32			pmtu;
	u64			pmtu_until;
	u64			uses[CVSW_PATH_USES];
	struct cvsw_path_fit	*fits;
	u32			refs;
	u32			open;
	u8			family;
	bool			asked;
	bool			absent;
	bool			listed;
	bool			crowded;
	u8			addr[16];
	struct cvsw_path __rcu	*next;
	struct cvsw_path	*changed;
};

/**
 * struct cvsw_path_use - a push, as far as its packets can be told from others
 * @nw_src: their source address; all 0: that of the way
 * @port:   port they leave by, 0 when it is not known, or that of the way
 * @proto:  CVSW_IPPROTO_*
 * @word:   bytes 2 and 3 of the L4 header: destination port, GRE protocol
 * @open:   the push needs a way
 * @len:    bytes of the outer headers, Ethernet included
 */
struct cvsw_path_use {
	u8	nw_src[16];
	u16	port;
	u8	proto;
	bool	open;
	__be16	word;
	u16	len;
};

/* cvsw_path_pmtu - the MTU that was learnt: 0 when none was */
static inline u32 cvsw_path_pmtu(const struct cvsw_path *path, u64 now)
{
	u32 mtu = READ_ONCE(path->pmtu);

	return mtu && now < READ_ONCE(path->pmtu_until) ? mtu : 0;
}

/* cvsw_mtu_min - the smaller of two MTUs, of which 0 is none */
static inline u32 cvsw_mtu_min(u32 a, u32 b)
{
	return !a || (b && b < a) ? b : a;
}

/* Life: under the mutex */

struct cvsw_paths *cvsw_paths_new(u64 seed);

/** cvsw_paths_free - free all, of which nobody may have any */
void cvsw_paths_free(struct cvsw_paths *paths);

/**
 * cvsw_path_get - the path to @addr, made if it is new, for a push that is @use
 * @out: receives it with one reference more
 * Return: 0, -ENOSPC: CVSW_PATHS_MAX are there; -ENOMEM.
 */
int cvsw_path_get(struct cvsw_paths *paths, u8 family, const u8 *addr,
		  const struct cvsw_path_use *use, struct cvsw_path **out);

/** cvsw_path_put - one reference less; the last one frees it, behind readers,
 * with the next cvsw_paths_settle() */
void cvsw_path_put(struct cvsw_paths *paths, struct cvsw_path *path,
		   const struct cvsw_path_use *use);

/** cvsw_path_hold - a reference more, for a push that is @use, as somebody has
 * one already */
void cvsw_path_hold(struct cvsw_paths *paths, struct cvsw_path *path,
		    const struct cvsw_path_use *use);

/** cvsw_path_drop - it is gone */
void cvsw_path_drop(struct cvsw_paths *paths, struct cvsw_path *path,
		    const struct cvsw_path_use *use);

/**
 * cvsw_path_way_set - say the way of a path, and whether there is one
 * @way: copied; NULL: none is known
 * Return: 0, or -ENOMEM and nothing is changed.
 */
int cvsw_path_way_set(struct cvsw_paths *paths, struct cvsw_path *path,
		      const struct cvsw_way *way, bool absent);

/**
 * cvsw_paths_settle - tell the glue whose way is needed and whose no longer is,
 * free paths without references; waits for readers now and then
 *
 * After everything that gets, puts, holds or drops.
 */
void cvsw_paths_settle(struct cvsw_paths *paths, const struct cvsw_ops *ops,
		       void *ctx);

/** cvsw_paths_reclaim - free all that is retired; waits for readers */
void cvsw_paths_reclaim(struct cvsw_paths *paths);

/** cvsw_paths_next - the path after @path, in no order; NULL for the first, and
 * after the last one */
struct cvsw_path *cvsw_paths_next(struct cvsw_paths *paths,
				  const struct cvsw_path *path);

/* Readers, or under the mutex */

/** cvsw_path_find - the path to @addr, NULL when there is none */
struct cvsw_path *cvsw_path_find(const struct cvsw_paths *paths, u8 family,
				 const u8 *addr);

/**
 * cvsw_path_learn - look whether a frame is an ICMP error about a tunnel of ours
 * @pkt: parsed; ICMP 3/4 or ICMPv6 2 whose embedded packet went to the end of
 *       a path: that path's MTU is lowered
 */
void cvsw_path_learn(const struct cvsw_paths *paths, const struct cvsw_pkt *pkt,
		     u64 now);

#endif /* CVSW_PATH_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_BENCH_PEER_H
#define CVSW_BENCH_PEER_H

/*
 * The peers of the lookup bench: DPDK's rte_acl and rte_hash, one packet at a
 * time.  Where DPDK is not there, peer_none.c says so.
 */

#include "rules.h"

#define PEER_NONE	(~0u)

/** peer_init - start the peers; false when there are none */
bool peer_init(void);

struct peer_acl;
struct peer_hash;

/**
 * peer_acl_new - rte_acl over @rules
 * @build_ns: processor time of rte_acl_build()
 * Return: the classifier, NULL when it could not be built.
 */
struct peer_acl *peer_acl_new(const struct bench_rules *rules,
			      double *build_ns);
void peer_acl_free(struct peer_acl *acl);

/** peer_acl_run - look @n keys up, one a call; @out: index of the rule or PEER_NONE */
void peer_acl_run(struct peer_acl *acl, const struct cvsw_key *key, u32 n,
		  u32 *out);

/** peer_hash_new - rte_hash over the @n keys, of which some may be equal */
struct peer_hash *peer_hash_new(const struct cvsw_key *key, u32 n, u32 flows);
void peer_hash_free(struct peer_hash *hash);

/** peer_hash_run - look @n keys up, one a call; the sum of what was stored */
u64 peer_hash_run(struct peer_hash *hash, const struct cvsw_key *key, u32 n);

#endif /* CVSW_BENCH_PEER_H */

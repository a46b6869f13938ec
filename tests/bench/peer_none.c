// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* No DPDK, no peers. */

#include "peer.h"

bool peer_init(void)
{
	return false;
}

struct peer_acl *peer_acl_new(const struct bench_rules *rules,
			      double *build_ns)
{
	(void)rules;
	(void)build_ns;
	return NULL;
}

void peer_acl_free(struct peer_acl *acl)
{
	(void)acl;
}

void peer_acl_run(struct peer_acl *acl, const struct cvsw_key *key, u32 n,
		  u32 *out)
{
	(void)acl;
	(void)key;
	while (n--)
		*out++ = PEER_NONE;
}

struct peer_hash *peer_hash_new(const struct cvsw_key *key, u32 n, u32 flows)
{
	(void)key;
	(void)n;
	(void)flows;
	return NULL;
}

void peer_hash_free(struct peer_hash *hash)
{
	(void)hash;
}

u64 peer_hash_run(struct peer_hash *hash, const struct cvsw_key *key, u32 n)
{
	(void)hash;
	(void)key;
	(void)n;
	return 0;
}

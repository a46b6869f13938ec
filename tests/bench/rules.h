/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_BENCH_RULES_H
#define CVSW_BENCH_RULES_H

/*
 * Rule sets and traces, made from a seed.  Structured like those of ClassBench
 * (Taylor and Turner, 2007): addresses come from a tree of networks, prefix
 * lengths, ports and protocols follow the mix of access lists (acl), firewalls
 * (fw) and IP chains (ipc); finer rules tend to stand before coarser ones.
 * of10 has a hundred templates over all twelve OpenFlow 1.0 fields; single is
 * exact five-tuples.  Port ranges are prefixes, so that a bit mask says them.
 */

#include "os.h"
#include <cvsw/flow.h>

enum bench_kind {
	BENCH_ACL,
	BENCH_FW,
	BENCH_IPC,
	BENCH_OF10,
	BENCH_SINGLE,
	BENCH_KINDS
};

extern const char *const bench_kind_name[BENCH_KINDS];

/** struct bench_rules - @n normal matches, the one with the highest priority first */
struct bench_rules {
	enum bench_kind		kind;
	u32			n;
	u64			seed;
	struct cvsw_match	*match;
};

void bench_rules_make(struct bench_rules *rules, enum bench_kind kind, u32 n,
		      u64 seed);
void bench_rules_free(struct bench_rules *rules);

/**
 * bench_trace - keys of frames that the rules are for
 * @n:     how many
 * @flows: how many different ones they are drawn from, each from one rule
 * @zipf:  drawn by Zipf's law with exponent 1.0, else uniformly
 * Return: the keys, free() them.
 */
struct cvsw_key *bench_trace(const struct bench_rules *rules, u32 n, u32 flows,
			     bool zipf, u64 seed);

/** bench_random - the next of a sequence of numbers */
u64 bench_random(u64 *state);

#endif /* CVSW_BENCH_RULES_H */

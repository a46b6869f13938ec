/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_FDB_H
#define CVSW_FDB_H

/*
 * Which port a MAC address was last seen on, for output:NORMAL.
 *
 * A fixed number of entries, four to a bucket.  Workers learn and look up at
 * the same time without locks and without waiting: a writer claims an entry
 * by compare-and-swap and gives up when another one has it, as the next frame
 * will teach the same.  When a bucket is full its oldest entry goes.
 *
 * An address is (VLAN id, MAC); 0 stands for untagged frames as well as for
 * priority tags.  Times are seconds of the switch's clock.
 */

#include "os.h"

#define CVSW_FDB_ENTRIES	8192u

struct cvsw_fdb;

/* NULL without memory */
struct cvsw_fdb *cvsw_fdb_new(u64 seed);
void cvsw_fdb_free(struct cvsw_fdb *fdb);

void cvsw_fdb_learn(struct cvsw_fdb *fdb, const u8 *mac, u16 vid, u16 port,
		    u64 now_s);

/* the port of @mac, 0 when it is not known or older than @ageing seconds */
u16 cvsw_fdb_find(struct cvsw_fdb *fdb, const u8 *mac, u16 vid, u64 now_s,
		  u32 ageing);

/* forget what is older than @ageing seconds */
void cvsw_fdb_expire(struct cvsw_fdb *fdb, u64 now_s, u32 ageing);

/* forget all that was learnt on @port */
void cvsw_fdb_forget(struct cvsw_fdb *fdb, u16 port);

#endif /* CVSW_FDB_H */

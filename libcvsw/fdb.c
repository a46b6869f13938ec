// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * MAC learning.  An entry is two words: the address, and what is known of it.
 * The second is only written while the first says FDB_CLAIMED, and a reader
 * takes it only when the first was the same before and after.
 */

#include "fdb.h"

#define FDB_WAYS	4u
#define FDB_BUCKETS	(CVSW_FDB_ENTRIES / FDB_WAYS)
#define FDB_CLAIMED	(~0ull)		/* no address has this name */
#define FDB_PORT_BITS	16

struct fdb_entry {
	atomic64_t	name;	/* vid << 48 | mac; 0 when free */
	u64		value;	/* seconds << 16 | port */
};

struct cvsw_fdb {
	u64			seed;
	struct fdb_entry	entry[CVSW_FDB_ENTRIES];
};

static u64 fdb_name(const u8 *mac, u16 vid)
{
	return (u64)vid << 48 | (u64)get_unaligned_be16(mac) << 32 |
	       get_unaligned_be32(mac + 2);
}

static struct fdb_entry *fdb_bucket(struct cvsw_fdb *fdb, u64 name)
{
	u64 hash = (name ^ fdb->seed) * 0x9e3779b97f4a7c15ull;

	hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93ull;
	return &fdb->entry[(hash >> 32) % FDB_BUCKETS * FDB_WAYS];
}

static bool fdb_is_name(u64 name)
{
	return name && name != FDB_CLAIMED;
}

static u64 fdb_value(u16 port, u64 now_s)
{
	return now_s << FDB_PORT_BITS | port;
}

static u16 fdb_port(u64 value)
{
	return (u16)value;
}

static bool fdb_is_old(u64 value, u64 now_s, u32 ageing)
{
	u64 seen = value >> FDB_PORT_BITS;

	return now_s > seen && now_s - seen > ageing;
}

struct cvsw_fdb *cvsw_fdb_new(u64 seed)
{
	struct cvsw_fdb *fdb = kvzalloc(sizeof(*fdb), GFP_KERNEL);

	if (fdb)
		fdb->seed = seed;
	return fdb;
}

void cvsw_fdb_free(struct cvsw_fdb *fdb)
{
	kvfree(fdb);
}

/* give @e the name @to if it still is called @from */
static void fdb_write(struct fdb_entry *e, u64 from, u64 to, u64 value)
{
	if (atomic64_cmpxchg(&e->name, (s64)from, (s64)FDB_CLAIMED) !=
	    (s64)from)
		return;
	WRITE_ONCE(e->value, value);
	smp_wmb();	/* pairs with fdb_read() */
	atomic64_set(&e->name, (s64)to);
}

/* the value of @e if it is called @name during the whole read */
static bool fdb_read(const struct fdb_entry *e, u64 name, u64 *value)
{
	if ((u64)atomic64_read(&e->name) != name)
		return false;
	smp_rmb();	/* pairs with fdb_write() */
	*value = READ_ONCE(e->value);
	smp_rmb();
	return (u64)atomic64_read(&e->name) == name;
}

/* the entry to overwrite: a free one, else the oldest */
static struct fdb_entry *fdb_victim(struct fdb_entry *bucket)
{
	struct fdb_entry *oldest = bucket;
	unsigned int i;

	for (i = 0; i < FDB_WAYS; i++) {
		if (!atomic64_read(&bucket[i].name))
			return &bucket[i];
		if (READ_ONCE(bucket[i].value) >> FDB_PORT_BITS <
		    READ_ONCE(oldest->value) >> FDB_PORT_BITS)
			oldest = &bucket[i];
	}
	return oldest;
}

void cvsw_fdb_learn(struct cvsw_fdb *fdb, const u8 *mac, u16 vid, u16 port,
		    u64 now_s)
{
	u64 name = fdb_name(mac, vid), old, value = fdb_value(port, now_s);
	struct fdb_entry *e = fdb_bucket(fdb, name);
	unsigned int i;

	if (mac[0] & 1 || !(name << 16))
		return;
	for (i = 0; i < FDB_WAYS; i++) {
		if ((u64)atomic64_read(&e[i].name) != name)
			continue;
		if (READ_ONCE(e[i].value) != value)
			fdb_write(&e[i], name, name, value);
		return;
	}
	e = fdb_victim(e);
	old = (u64)atomic64_read(&e->name);
	if (old != FDB_CLAIMED)
		fdb_write(e, old, name, value);
}

u16 cvsw_fdb_find(struct cvsw_fdb *fdb, const u8 *mac, u16 vid, u64 now_s,
		  u32 ageing)
{
	u64 name = fdb_name(mac, vid), value;
	struct fdb_entry *e = fdb_bucket(fdb, name);
	unsigned int i;

	for (i = 0; i < FDB_WAYS; i++)
		if (fdb_read(&e[i], name, &value))
			return fdb_is_old(value, now_s, ageing) ?
			       0 : fdb_port(value);
	return 0;
}

void cvsw_fdb_expire(struct cvsw_fdb *fdb, u64 now_s, u32 ageing)
{
	struct fdb_entry *e;
	u64 name, value;

	for (e = fdb->entry; e < fdb->entry + CVSW_FDB_ENTRIES; e++) {
		name = (u64)atomic64_read(&e->name);
		if (fdb_is_name(name) && fdb_read(e, name, &value) &&
		    fdb_is_old(value, now_s, ageing))
			fdb_write(e, name, 0, 0);
	}
}

void cvsw_fdb_forget(struct cvsw_fdb *fdb, u16 port)
{
	struct fdb_entry *e;
	u64 name, value;

	for (e = fdb->entry; e < fdb->entry + CVSW_FDB_ENTRIES; e++) {
		name = (u64)atomic64_read(&e->name);
		if (fdb_is_name(name) && fdb_read(e, name, &value) &&
		    fdb_port(value) == port)
			fdb_write(e, name, 0, 0);
	}
}

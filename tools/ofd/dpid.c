// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A datapath id of a switch that was given none.  It has to be the same after
 * every restart and another one for every switch that a controller may see, so
 * it is made from what makes the switch this one: the machine, the socket by
 * which it is controlled, and its name there.
 */

#include <stdio.h>
#include <sys/utsname.h>
#include "ofd.h"

#define DPID_FNV_START	0xcbf29ce484222325ull	/* FNV-1a, 64 bits */
#define DPID_FNV_PRIME	0x100000001b3ull
#define DPID_MAC_BITS	0xffffffffffffull
#define DPID_MAC_LOCAL	0x020000000000ull	/* locally administered */
#define DPID_MAC_GROUP	0x010000000000ull

/* with its NUL, so that "ab", "c" and "a", "bc" differ */
static u64 dpid_add(u64 hash, const char *text)
{
	do {
		hash = (hash ^ (u8)*text) * DPID_FNV_PRIME;
	} while (*text++);
	return hash;
}

/* which machine this is; without an id of its own, by its name */
static void dpid_machine(char *text, size_t size)
{
	struct utsname names;
	FILE *file = fopen("/etc/machine-id", "re");

	*text = '\0';
	if (file) {
		if (!fgets(text, (int)size, file))
			*text = '\0';
		fclose(file);
	}
	if (!*text && !uname(&names))
		snprintf(text, size, "%s", names.nodename);
}

u64 dpid_make(const char *where, const char *name)
{
	char machine[65];
	u64 hash;

	if (!strncmp(where, "unix:", 5))
		where += 5;
	dpid_machine(machine, sizeof(machine));
	hash = dpid_add(DPID_FNV_START, machine);
	hash = dpid_add(hash, where);
	hash = dpid_add(hash, name);
	/* the upper bits are the better mixed ones */
	hash ^= hash >> 32;
	return (hash & DPID_MAC_BITS & ~DPID_MAC_GROUP) | DPID_MAC_LOCAL;
}

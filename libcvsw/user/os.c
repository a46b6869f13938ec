// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Allocation with a failure hook.  The hook is what the allocation-failure
 * tests count with; it costs two relaxed atomic operations, and no frame in
 * steady state allocates.
 */

#include "os.h"

static unsigned long fail_at;	/* 0, or allocations until the one that fails */
static unsigned long asked;

void cvsw_alloc_fail_at(unsigned long nth)
{
	__atomic_store_n(&fail_at, nth, __ATOMIC_RELAXED);
	__atomic_store_n(&asked, 0, __ATOMIC_RELAXED);
}

unsigned long cvsw_alloc_count(void)
{
	return __atomic_load_n(&asked, __ATOMIC_RELAXED);
}

void *cvsw_alloc(size_t size, gfp_t gfp)
{
	unsigned long n = __atomic_add_fetch(&asked, 1, __ATOMIC_RELAXED);

	if (unlikely(n == __atomic_load_n(&fail_at, __ATOMIC_RELAXED)))
		return NULL;
	return gfp & __GFP_ZERO ? calloc(1, size) : malloc(size);
}

void cvsw_alloc_free(const void *ptr)
{
	free((void *)ptr);
}

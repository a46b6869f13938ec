// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* An action list of 2014: what is read of it is written back as it was. */

#include <stdlib.h>

#include "action.h"
#include "legacy.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* one action of @n bytes, which was read as @act */
static void write_back(const u8 *data, u32 n, const struct cvsw_action *act)
{
	u32 same = n == CVSW_LEGACY_SET_LEN ? 56 : 4;	/* the rest is padding */
	u8 back[CVSW_LEGACY_SET_LEN];
	struct cvsw_error err = {};

	must(n == CVSW_LEGACY_SET_LEN || n == CVSW_LEGACY_STRIP_LEN);
	must(cvsw_legacy_action_put(act, back, sizeof(back)) == (int)n);
	must(!memcmp(back, data, same));
	/* a SET_ may be refused later, a STRIP_ may not */
	if (cvsw_action_check(act, 1, &err))
		must(act->type == CVSW_ACT_PUSH && err.text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cvsw_error err;
	struct cvsw_action act;
	int n;

	while (size <= 65535) {
		err.text = NULL;
		n = cvsw_legacy_action_parse(data, (u32)size, &act, &err);
		if (n < 0)
			break;
		must((size_t)n <= size);
		write_back(data, (u32)n, &act);
		data += n;
		size -= (size_t)n;
	}
	if (size <= 65535)
		must(err.text);
	return 0;
}

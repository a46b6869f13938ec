// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A file of keys.  What is taken has as many keys as it says, no two with the
 * same id, and comes out the same when it is written in hexadecimal digits; what
 * is not has a reason, and leaves nothing behind.
 */

#include <stdio.h>
#include "keyfile.h"
#include "os.h"

#define KEY_LINE	80

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_again(const struct cvsw_inband_keys *keys)
{
	char text[CVSW_INBAND_KEYS * KEY_LINE];
	struct cvsw_inband_keys back;
	size_t n = 0, i;
	u16 k;

	for (k = 0; k < keys->n; k++) {
		n += (size_t)sprintf(text + n, "%u ", keys->id[k]);
		for (i = 0; i < CVSW_INBAND_KEY_LEN; i++)
			n += (size_t)sprintf(text + n, "%02x", keys->key[k][i]);
		text[n++] = '\n';
	}
	must(!cvsw_keyfile_parse(text, n, &back, NULL));
	must(!memcmp(&back, keys, sizeof(back)));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const struct cvsw_inband_keys none = {};
	struct cvsw_error err = {};
	struct cvsw_inband_keys keys;
	int ret;

	ret = cvsw_keyfile_parse((const char *)data, size, &keys, &err);
	must(!ret || ret == -EINVAL);
	must(!ret == !err.text);
	if (ret) {
		must(!memcmp(&keys, &none, sizeof(keys)));
		must(err.index >= -1);
		return 0;
	}
	must(keys.n >= 1 && keys.n <= CVSW_INBAND_KEYS);
	must(keys.n == 1 || keys.id[0] != keys.id[1]);
	check_again(&keys);
	return 0;
}

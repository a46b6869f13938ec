/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_KEYFILE_H
#define CVSW_KEYFILE_H

#include <stddef.h>
#include <cvsw/ctl.h>

/** cvsw_keyfile_parse - what cvsw_keyfile_read() makes of the @len bytes of a
 * file; 0 or -EINVAL, and then @keys is all 0 */
int cvsw_keyfile_parse(const char *text, size_t len,
		       struct cvsw_inband_keys *keys, struct cvsw_error *err);

#endif /* CVSW_KEYFILE_H */

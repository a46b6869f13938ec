#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# The test vector of in-band control, as the implementation in Python makes it,
# is that of the manual page and that of the unit test.

cd "${srcdir:-.}" || exit 1
python3 -B tests/tap/inband3.py check libcvsw/cvsw-inband.7 \
	tests/unit/inband3_vector.h

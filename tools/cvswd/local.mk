# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# cvswd: sources one per line, sorted.

if CVSWD
endif

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# cvsw-nl: sources one per line, sorted.

if CVSW_NL
endif

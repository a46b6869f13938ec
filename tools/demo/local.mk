# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors

demo: $(bin_PROGRAMS) $(sbin_PROGRAMS)
	@srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' \
		$(srcdir)/tools/demo/demo.sh

.PHONY: demo

EXTRA_DIST += tools/demo/demo.sh

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Whole programs over the installed headers only.  tests/install/install.tap
# builds and runs them against an installed tree.

exampledir = $(docdir)/examples
dist_example_DATA = \
	tools/examples/filter.c

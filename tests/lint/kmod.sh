#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# The core compiles in the kernel of --with-kernel without a warning, and the
# module asks for nothing that is not there.

. "${srcdir:-.}/tests/cases.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
[ -n "$KERNEL_DIR" ] || exit 77

make -C "$builddir" -f Makefile kmod >"$tmp/log" 2>&1
status=$?
cat "$tmp/log"
[ $status = 0 ] && [ -s "$builddir/kmod-build/kmod/cvsw.ko" ] &&
	! grep -i 'warning' "$tmp/log"

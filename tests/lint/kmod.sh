#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# The module compiles in the kernel of --with-kernel without a warning, of sparse
# neither if that is there, and asks for nothing that is not there.

. "${srcdir:-.}/tests/cases.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
[ -n "$KERNEL_DIR" ] || exit 77

flags=
! command -v sparse >/dev/null || flags=C=2
make -C "$builddir" -f Makefile kmod KMOD_FLAGS=$flags >"$tmp/log" 2>&1
status=$?
cat "$tmp/log"
[ $status = 0 ] && [ -s "$builddir/kmod-build/kmod/cvsw.ko" ] &&
	! grep -iE 'warning|error:' "$tmp/log"

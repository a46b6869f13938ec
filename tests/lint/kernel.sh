#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# The public headers that the kernel shares compile in it, twice: --with-kernel.

. "${srcdir:-.}/tests/cases.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
[ -n "$KERNEL_DIR" ] || exit 77

for header in drop flow nl openflow switch drop flow nl openflow switch; do
	echo "#include <cvsw/$header.h>"
done >"$tmp/shared.c"
cat >"$tmp/Kbuild" <<EOF
obj-m := shared.o
ccflags-y := -I$srcdir/include -std=gnu11 -Wall -Wextra -Wno-unused-parameter
ccflags-y += -Werror
EOF
make -C "$KERNEL_DIR" M="$tmp" shared.o && [ -s "$tmp/shared.o" ]

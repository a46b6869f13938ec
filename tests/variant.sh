# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced after cases.sh by tests that build the tree once more, differently:
#
#   variant NAME FLAG...    configures and builds $unit_tests $fuzz_targets, from
#                           what `make dist` would ship, in
#                           $builddir/variant-NAME
#   each PROGRAM... -- COMMAND...
#                           one case for each test program, run by COMMAND
#
# $variant is the build folder of the last variant.

variant()
{
	variant=$builddir/variant-$1
	shift
	unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CC CXX CFLAGS
	rm -rf "$variant" && mkdir -p "$variant" || return 1
	dist=${variant#"$builddir"/}/source
	make -C "$builddir" -f Makefile distdir \
		distdir="$dist" top_distdir="$dist" || return 1
	cd "$variant" || return 1
	./source/configure -q --disable-shared --disable-man \
		--disable-completion "$@" || return 1
	make -j"$(nproc)" $unit_tests $fuzz_targets
}

each()
{
	programs=
	while [ "$1" != -- ]; do
		programs="$programs $1"
		shift
	done
	shift
	for program in $programs; do
		check "$program" "$@" "./$program"
	done
}

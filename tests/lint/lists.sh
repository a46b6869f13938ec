#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Every source, script and page is in a list of Makefile.am or a local.mk, by
# its path or its folder's, or is the one source of a program listed there:
# what is in no list is neither built nor shipped.  Tests can be run.

cd "${srcdir:-.}" || exit 1
bad=0
lists=$(cat Makefile.am */local.mk */*/local.mk | grep -v '^#' | tr ' \t' '\n\n')

listed()
{
	printf '%s\n' "$lists" | grep -qxF -e "$1" -e "${1%.c}" -e "$1.in" \
		-e "${1%.in}"
}

for file in $(find include kmod libcvsw tests tools -type f \
	\( -name '*.[ch1-8]' -o -name '*.in' -o -name '*.map' -o -name '*.py' \
	-o -name '*.sh' -o -name '*.tap' -o -name '*.supp' -o -name '*.bash' \)); do
	path=$file
	until listed "$path"; do
		case $path in
		*/*) path=${path%/*} ;;
		*) echo "$file: in no local.mk"; bad=1; break ;;
		esac
	done
done
for file in $(find tests -name '*.tap'); do
	[ -x "$file" ] || { echo "$file: not executable"; bad=1; }
done
exit $bad

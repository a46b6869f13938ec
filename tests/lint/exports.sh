#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# libcvsw.so exports exactly what the public headers declare, and libcvsw.map
# names exactly that.

. "${srcdir:-.}/tests/cases.sh"
so=$builddir/libcvsw/.libs/libcvsw.so
[ -f "$so" ] || exit 77

for header in "$srcdir"/include/cvsw/*.h; do
	echo "#include <cvsw/${header##*/}>"
done >"$tmp/all.c"
gcc -I"$srcdir/include" -fsyntax-only -aux-info "$tmp/aux" "$tmp/all.c" ||
	exit 1
sed -n 's/^.*include\/cvsw\/[^ ]* \*\/ extern .*[ *]\(cvsw_[a-z0-9_]*\) (.*/\1/p' \
	"$tmp/aux" | sort -u >"$tmp/declared"
sed -n 's/^\t\(cvsw_[a-z0-9_]*\);$/\1/p' "$srcdir/libcvsw/libcvsw.map" |
	sort -u >"$tmp/named"
nm -D --defined-only "$so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
	sort -u >"$tmp/exported"

[ -s "$tmp/declared" ] || exit 1
diff -u --label "declared in include/cvsw" --label libcvsw.map \
	"$tmp/declared" "$tmp/named" &&
diff -u --label "declared in include/cvsw" --label libcvsw.so \
	"$tmp/declared" "$tmp/exported"

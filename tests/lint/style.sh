#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Plain things that a reader would trip over: long lines (80 columns are the
# rule, 100 the bound that tables may use; 120 in prose, 144 in scripts, for
# flows), blanks at the end of a line, blanks for tabs in C, notes to oneself.

cd "${srcdir:-.}" || exit 1
bad=0

# say WHAT FILE LINES: what grep -n found in a file
say()
{
	[ -n "$3" ] || return 0
	printf '%s\n' "$3" | sed "s|^|$2:|; s|\$|   <- $1|"
	bad=1
}

for file in $(find include kmod libcvsw tests tools .ci README.md Makefile.am \
	configure.ac GNUmakefile -type f \( -name '*.[ch1-8]' -o -name '*.sh' \
	-o -name '*.tap' -o -name '*.mk' -o -name '*.py' -o -name '*.md' \
	-o -name run -o -name deps -o -name '*.am' -o -name '*.ac' \
	-o -name GNUmakefile \)); do
	case $file in
	tests/golden/vectors.h) continue ;;	# written by make_vectors.py
	*.c | *.h | *.mk | *.[1-8] | Makefile.am) columns=100 ;;
	*.sh | *.tap) columns=144 ;;
	*) columns=120 ;;
	esac
	say "more than $columns columns" "$file" \
		"$(expand "$file" | grep -nE "^.{$columns}." | cut -c1-60)"
	say "blank at the end" "$file" "$(grep -nE '[[:space:]]$' "$file")"
	say "note to oneself" "$file" \
		"$(grep -nwE 'TO''DO|FIX''ME|X''XX' "$file")"
	case $file in
	*.[ch]) say "blanks for a tab" "$file" "$(grep -nE '^        ' "$file")" ;;
	esac
	[ -z "$(tail -c 1 "$file")" ] || say "no newline at the end" "$file" x
done
exit $bad

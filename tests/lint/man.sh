#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Manual pages format without a complaint from groff, and what is installed as
# a program has one.

cd "${srcdir:-.}" || exit 1
bad=0

for page in kmod/*.4 libcvsw/*.[37] tools/*/*.8; do
	[ -f "$page" ] || continue
	said=$(groff -man -Tutf8 -ww -z "$page" 2>&1)
	if [ -n "$said" ]; then
		printf '%s\n' "$said"
		bad=1
	fi
done
for program in $(sed -n 's/^s*bin_PROGRAMS += tools\/[a-z]*\///p' \
	tools/*/local.mk); do
	ls tools/*/"$program".8 >/dev/null || bad=1
done
exit $bad

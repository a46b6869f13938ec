#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# tally.sh STATUS FILE.trs...: add up the results that the test drivers left,
# print them as one line and fail if a test did.  STATUS is what make made of
# the run; a failure that no test accounts for counts as one.  Under CI=true a
# skipped test is a failed one.

status=$1
shift
passed=0 failed=0 skipped=0

for trs; do
	before=$failed
	if ! [ -f "$trs" ]; then
		echo "no result: ${trs%.trs}"
		failed=$((failed + 1))
		continue
	fi
	while read -r tag result rest; do
		[ "$tag" = :test-result: ] || continue
		case $result in
		PASS | XFAIL) passed=$((passed + 1)) ;;
		SKIP)
			echo "skipped: ${trs%.trs} $rest"
			skipped=$((skipped + 1)) ;;
		*) failed=$((failed + 1)) ;;
		esac
	done <"$trs"
	if [ $failed -ne "$before" ]; then
		echo "failed: ${trs%.trs}"
		grep -vE '^(ok|PASS:|FAIL:|1\.\.)' "${trs%.trs}.log" | tail -n 60 | sed 's/^/    /'
	fi
done

if [ "$CI" = true ]; then
	failed=$((failed + skipped))
	skipped=0
fi
if [ "$status" -ne 0 ] && [ $failed -eq 0 ]; then
	failed=1
fi
line="$passed passed, $failed failed"
[ $skipped -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ $failed -eq 0 ] && [ $passed -gt 0 ]

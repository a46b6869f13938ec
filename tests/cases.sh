# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced by shell tests that print TAP (*.tap):
#
#   check NAME COMMAND...   one case: passes when the command succeeds; what it
#                           prints is shown when it fails
#   cases_of COMMAND...     what prints TAP without numbers and plan: its cases
#                           become this test's, the rest comments
#   skip NAME REASON        a case that cannot run here
#   finish                  the plan, at the end
#
# $tmp is a private folder, removed at exit.

srcdir=${srcdir:-$PWD}
builddir=${builddir:-$srcdir}
cases=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

check()
{
	case_name=$1
	shift
	cases=$((cases + 1))
	if "$@" >"$tmp/.said" 2>&1; then
		echo "ok $cases - $case_name"
	else
		echo "not ok $cases - $case_name"
		sed 's/^/# /' "$tmp/.said"
	fi
}

skip()
{
	cases=$((cases + 1))
	echo "ok $cases - $1 # SKIP $2"
}

cases_of()
{
	local line plan=0

	"$@" >"$tmp/cases" 2>&1 || plan=1
	while IFS= read -r line; do
		case $line in
		'ok - '*)
			cases=$((cases + 1))
			echo "ok $cases - ${line#ok - }" ;;
		'not ok - '*)
			cases=$((cases + 1))
			echo "not ok $cases - ${line#not ok - }" ;;
		*)
			echo "# ${line#\# }" ;;
		esac
	done <"$tmp/cases"
	return $plan
}

finish()
{
	echo "1..$cases"
}

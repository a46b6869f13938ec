#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Run every bench in the build tree, one after the other, JSON lines on
# standard output.  A first argument that is not empty makes it quick.

set -eu
dir=$(dirname "$0")
bin=tests/bench

if [ -n "${1:-}" ]; then
	lookup='-n 1000,10000 -r 3 -p 10000' table='-m 100000 -r 3' path=5 rounds=1
	guest=--quick
else
	lookup='-n 100,1000,10000,100000 -p 100000' table='' path='' rounds=5
	guest=
fi

# shellcheck disable=SC2086
"$bin/bench_lookup" $lookup
# shellcheck disable=SC2086
"$bin/bench_table" $table
# shellcheck disable=SC2086
"$bin/bench_path" $path
# shellcheck disable=SC2086
"$bin/bench_gro" $path
if [ "$(id -u)" = 0 ]; then
	for e2e in bench_e2e bench_tunnel; do
		"$dir/$e2e.py" --cvswd tools/cvswd/cvswd \
			--null-tap "$bin/null_tap" \
			--udp-load "$bin/udp_load" --rounds "$rounds"
	done
	"$dir/bench_of.py" --cvswd tools/cvswd/cvswd \
		--cvsw-ofd tools/ofd/cvsw-ofd --of-load "$bin/of_load" \
		--rounds "$rounds"
else
	echo "bench_e2e, bench_tunnel and bench_of need root: left out" >&2
fi
# shellcheck disable=SC2086
"$dir/bench_guest.py" $guest
# shellcheck disable=SC2086
"$dir/bench_guest_tcp.py" $guest

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced first by every test here.  Runs the test again in mount, network and
# process namespaces of its own, so that nothing that it makes is seen outside
# or outlives it, however it ends.  Without the rights for that all is skipped.
#
#   host NAME...              network namespaces; `in_ns NAME COMMAND...`
#   cable NS1 IF1 NS2 IF2     a veth pair, both ends up
#   daemon [OPTION...]        start cvswd in this namespace, wait until it runs;
#                             its messages are in $tmp/log, its socket $sock
#   daemon_pid, daemon_stop   SIGTERM; fails when cvswd does not exit cleanly
#   until_ok SECONDS COMMAND  try again until it succeeds
#   strict_start NS IF [OPT]  a strict receiver (strict.c); strict_stop prints
#                             its figures and fails when anything was wrong
#   iperf_server NS           in the background
#
# check, skip and finish are tests/cases.sh's.

if [ -z "$CVSW_TAP_PRIVATE" ]; then
	if ! unshare --mount --net --pid --fork --mount-proc true 2>/dev/null ||
	   ! [ -w /dev/net/tun ]; then
		echo "1..0 # SKIP needs root for namespaces, and /dev/net/tun"
		exit 0
	fi
	CVSW_TAP_PRIVATE=1 exec timeout -s KILL --foreground "${CVSW_TAP_SECONDS:-240}" \
		unshare --mount --net --pid --fork --kill-child --mount-proc \
		bash "$0" "$@"
fi

mount -t tmpfs tmpfs /run
mkdir /run/netns
export TMPDIR=/run
. "${srcdir:-.}/tests/cases.sh"
ip link set lo up

here=$srcdir/tests/tap
cvswd=${CVSWD:-$builddir/tools/cvswd/cvswd}
nl=${CVSW_NL:-$builddir/tools/nl/cvsw-nl}
strict=${CVSW_STRICT:-$builddir/tests/tap/strict}
sock=$tmp/sock
daemon_pid=
declare -A strict_pid

host()
{
	for ns; do
		ip netns add "$ns"
		ip -n "$ns" link set lo up
		# no frames but those that a test sends
		in_ns "$ns" sysctl -q net.ipv6.conf.default.accept_dad=0 \
			net.ipv6.conf.default.router_solicitations=0
	done
}

in_ns()
{
	local ns=$1

	shift
	if [ "$ns" = . ]; then
		"$@"
	else
		ip netns exec "$ns" "$@"
	fi
}

cable()
{
	ip link add name cable0 type veth peer name cable1
	cable_end cable0 "$1" "$2"
	cable_end cable1 "$3" "$4"
}

cable_end()
{
	if [ "$2" = . ]; then
		ip link set "$1" name "$3" up
	else
		ip link set "$1" name "$3" netns "$2" up
	fi
}

until_ok()
{
	local end=$(($(date +%s) + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -le $end ] || return 1
		sleep 0.05
	done
}

# program_runs LOG WORDS: $!, which was just started, says so in LOG, or what else it said
# is shown
program_runs()
{
	until grep -q "$2" "$1"; do
		if ! kill -0 $! 2>/dev/null; then
			cat "$1"
			return 1
		fi
		sleep 0.02
	done
}

# program_ends PID LOG: SIGTERM; what it said is shown unless it exits cleanly
program_ends()
{
	local status

	kill -TERM "$1"
	wait "$1"
	status=$?
	[ $status -eq 0 ] || cat "$2"
	return $status
}

daemon()
{
	: >"$tmp/log"
	"$cvswd" --socket "$sock" "$@" 2>"$tmp/log" &
	daemon_pid=$!
	program_runs "$tmp/log" 'cvswd: running'
}

daemon_stop()
{
	program_ends $daemon_pid "$tmp/log"
}

strict_start()
{
	local ns=$1 iface=$2

	shift 2
	# so that $! is strict itself
	set -- "$strict" "$@" "$iface"
	[ "$ns" = . ] || set -- ip netns exec "$ns" "$@"
	"$@" >"$tmp/strict.$ns" 2>&1 &
	strict_pid[$ns]=$!
	until_ok 5 grep -q ready "$tmp/strict.$ns"
}

strict_stop()
{
	local status

	kill -TERM ${strict_pid[$1]}
	wait ${strict_pid[$1]}
	status=$?
	cat "$tmp/strict.$1"
	return $status
}

iperf_server()
{
	in_ns "$1" iperf3 -s >/dev/null 2>&1 &
	until_ok 5 in_ns "$1" sh -c 'ss -Hltn | grep -q :5201'
}

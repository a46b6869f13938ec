# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced by tests of tunnels in guests.  For scripts there
#
#   $tmp/talk     traffic between 10.NET.0.1, fdNET::1 and the same with 2, and
#                 what TCP and devices have counted
#   $tmp/peers    kinds of tunnels, by NET; for guests with a virtio_net
#
# and in_guest OPTION... SCRIPT [ARG...], which runs one with all that they need.

cat >"$tmp/talk" <<'EOF_GUEST'
us=02:00:00:00:00:11
them=02:00:00:00:00:22
failed=0

check()
{
	local what=$1

	shift
	if "$@" >/tmp/said 2>&1; then
		echo "ok: $what"
		return
	fi
	echo "failed: $what"
	cat /tmp/said
	failed=1
}

# all kinds of traffic; $near and $far begin commands at either end, at $net.1
# and $net.2
talk()
{
	local here=10.$net.0.1 there=10.$net.0.2

	$near ping -qn -c 2 -i 0.01 -W 2 $there &&
	$near ping -qn -c 1 -W 2 -s 1400 -M do $there &&
	$near ping -qn -c 1 -W 2 -s 8000 $there &&
	$near ping -qn -c 1 -W 2 -s 8000 fd$net::2 &&
	$near traffic tcp $there 9 0 2 $bytes &&
	$far traffic tcp $here 9 0 2 $bytes &&
	$near traffic tcp fd$net::2 9 0 1 $bytes &&
	$far traffic tcp fd$net::1 9 0 1 $bytes &&
	$near traffic udp $there 9 0.1 300 &&
	$far traffic udp fd$net::1 9 0.1 300
}

# IPv4 and IPv6 by interface $1, packets up to $mtu; $2: prefix of a command, $3: 1
# or 2
address()
{
	$2 ip addr add 10.$net.0.$3/24 dev $1
	$2 ip addr add fd$net::$3/64 dev $1 nodad noprefixroute
	$2 ip route replace 10.$net.0.0/24 dev $1 src 10.$net.0.$3 mtu ${mtu:-1500}
	$2 ip -6 route replace fd$net::/64 dev $1 metric 1 mtu ${mtu:-1500}
}

# packets and bytes that $1 has sent or received ($2: tx, rx)
count()
{
	cat /sys/class/net/$1/statistics/$2_packets \
		/sys/class/net/$1/statistics/$2_bytes
}

# segments that TCP has taken
segments()
{
	awk '/^Tcp: [0-9]/ { print $11 }' /proc/net/snmp
}

# of the switch that commands are sent to
no_drops()
{
	! $in cvsw-nl drops | awk '$2' | grep .
}

finish()
{
	kill -TERM $sinks
	for sink in $sinks; do
		wait $sink || failed=1
	done
	cat /tmp/sink.*
	grep -L 'datagrams=[1-9].* bad=0' /tmp/sink.* | grep . && failed=1
	exit $failed
}

sysctl -qw net.ipv6.conf.default.accept_dad=0
sysctl -qw net.ipv6.conf.default.router_solicitations=0
traffic sink 9 >/tmp/sink.here &
sinks=$!
EOF_GUEST

# peer NET: what is at 10.NET.0.2, and how to get there
cat >"$tmp/peers" <<'EOF_GUEST'
peer()
{
	csum=
	case $1 in
	1) kind=vxlan outer=4 ;;
	2) kind=geneve outer=6 csum=,csum ;;
	3) kind=nvgre outer=4 ;;
	4) kind=stt outer=4 ;;
	5) kind=stt outer=6 ;;
	6) kind=nvgre outer=6 ;;
	7) kind=geneve outer=4 csum=,csum ;;
	8) kind=vxlan outer=6 csum=,csum ;;
	9) kind=vxlan outer=4 csum=,csum ;;	# the kernel's
	esac
	case $kind in
	nvgre) id=vsid ;;
	stt) id=id ;;
	*) id=vni ;;
	esac
	[ $outer = 4 ] && tcp=tcp || tcp=tcp6
}

# push FROM TO MAC MAC: the action, for ends .FROM and .TO of the underlay
push()
{
	local src=172.16.0.$1 dst=172.16.0.$2

	[ $outer = 4 ] || src=fd16::$1 dst=fd16::$2
	echo "push_$kind($id=$net,src=$src,dst=$dst,eth_src=$3,eth_dst=$4$csum)"
}

# the frames that are to be popped
tunnelled()
{
	if [ $kind = stt ]; then
		echo "$tcp,tp_dst=7471"
	else
		echo "tun_id=$net"
	fi
}

# a command at the other end
remote()
{
	echo "$*" | nc 10.$net.0.2 7 >/tmp/remote
	cat /tmp/remote
	[ "$(tail -n 1 /tmp/remote)" = ok ]
}

# frames were as long as they may be, and merged before TCP
lengths()
{
	local tx=$1 txb=$2 rx=$3 rxb=$4 seg=$5 sent came

	set -- $(count eth0 tx) $(count eth0 rx) $(segments)
	sent=$((($2 - txb) / ($1 - tx)))
	came=$((($4 - rxb) / ($3 - rx)))
	rx=$(($3 - rx)) seg=$(($5 - seg))
	echo "frames of $sent bytes sent, of $came received;" \
		"$seg segments of $rx frames"
	# a kernel that checks everything is too slow for frames to meet
	[ ! -e /sys/kernel/debug/kmemleak ] || return 0
	case $card-$kind in
	plain-*) [ $sent -le 1614 ] && [ $came -le 1614 ] ;;
	pair-stt) [ $sent -gt 1614 ] && [ $came -gt 1614 ] ;;
	pair-*) ;;	# who sends is as slow as who receives
	*-stt) [ $sent -gt 2500 ] && [ $came -gt 2500 ] ;;
	*) [ $((seg * 2)) -lt $rx ] ;;
	esac
}

one()
{
	local before="$(count eth0 tx) $(count eth0 rx) $(segments)"

	talk && lengths $before
}
EOF_GUEST

# in_guest OPTION... SCRIPT [ARG...]
in_guest()
{
	local program

	set -- -t 240 -f "$tmp/talk:/talk" -i "$module" "$@"
	for program in tools/nl/cvsw-nl tests/tap/traffic tests/tap/strict; do
		set -- -f "$builddir/$program:/bin/${program##*/}" "$@"
	done
	for program in ip ethtool ping; do
		set -- -f "$(PATH=$PATH:/usr/sbin:/sbin command -v $program):/bin/$program" "$@"
	done
	guest "$@"
}

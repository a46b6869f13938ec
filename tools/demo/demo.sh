#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# demo.sh: two hosts, a machine on each, and an overlay between them.
#
# Builds it in namespaces, tries it with ping and iperf3 over IPv4 and IPv6,
# first with VXLAN, then with Geneve, NVGRE and STT, while the switches run.
# Then a controller stops pings and lets them through again; and a Linux vxlan
# device takes one host's place, and at last both.  Shows topology, flows and
# throughput.  Takes about half a minute as root, leaves nothing behind however
# it ends, and exits with 1 when any step fails.
#
# All of it runs in mount, network and process namespaces of its own; they go,
# with everything in them, when their first process goes.

srcdir=${srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
builddir=${builddir:-$srcdir}
cvswd=${CVSWD:-$builddir/tools/cvswd/cvswd}
nl=${CVSW_NL:-$builddir/tools/nl/cvsw-nl}
ofd=${CVSW_OFD:-$builddir/tools/ofd/cvsw-ofd}

if [ -z "$CVSW_DEMO_TMP" ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo 'The demo makes network namespaces: it needs root.' >&2
		exit 1
	fi
	CVSW_DEMO_TMP=$(mktemp -d) || exit 1
	export CVSW_DEMO_TMP
	unshare --mount --net --pid --fork --kill-child --mount-proc \
		bash "$0" &
	inside=$!
	trap 'rm -rf "$CVSW_DEMO_TMP"' EXIT
	trap 'kill -KILL $inside; wait $inside 2>/dev/null; exit 130' \
		HUP INT TERM
	wait $inside
	exit
fi

trap 'exit 130' HUP INT TERM
mount -t tmpfs tmpfs /run && mkdir /run/netns || exit 1
tmp=$CVSW_DEMO_TMP
declare -A pid rate

# Saying and doing

title()
{
	printf '\n== %s\n\n' "$*"
}

# step TEXT COMMAND...: do it; end the demo if it fails
step()
{
	local text=$1

	shift
	if "$@" >"$tmp/said" 2>&1; then
		printf '  ok      %s\n' "$text"
	else
		printf '  FAILED  %s\n' "$text"
		sed 's/^/          /' "$tmp/said"
		exit 1
	fi
}

# not for what goes to the background: $! would be a shell in between
in_ns()
{
	ip netns exec "$@"
}

retry()
{
	local i

	for i in $(seq 50); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}

# The underlay: host1 and host2, a bridge in each, a cable between them.  The
# bridge has the host's address; cvswd sends from an address of its own.

host_mac()
{
	echo 02:00:00:00:00:0$1
}

switch_mac()
{
	echo 02:00:00:00:01:0$1
}

# host_address HOST DEVICE: give them to the host's end of the underlay
host_address()
{
	ip -n host$1 link set $2 address $(host_mac $1) up
	ip -n host$1 addr add 172.16.0.$1/24 dev $2
	ip -n host$1 addr add fd16::$1/64 dev $2 nodad
}

underlay()
{
	local h

	ip link add c1 type veth peer name c2
	for h in 1 2; do
		ip netns add host$h
		ip netns add vm$h
		ip -n host$h link set lo up
		ip link set c$h netns host$h
		ip -n host$h link add br0 type bridge mcast_snooping 0
		ip -n host$h link set c$h master br0 up
		host_address $h br0
	done
	retry in_ns host1 ping -qn -c 1 -W 1 172.16.0.2
}

# what vm$1 has: its addresses on $2
vm_address()
{
	ip -n vm$1 addr add 10.0.0.$1/24 dev $2 &&
	ip -n vm$1 addr add fd00::$1/64 dev $2 nodad &&
	ip -n vm$1 link set $2 mtu 1450 up
}

# Host $1's switch; host $2 is at the other end, with MAC $3 and IP $4, by
# tunnel $5

switch_flows()
{
	local kind=${5:-vxlan} id=vni csum=,csum match

	case $kind in
	vxlan) match=udp,tp_dst=4789 ;;
	geneve) match=udp,tp_dst=6081 ;;
	nvgre) match=ip,nw_proto=47 id=vsid csum= ;;
	stt) match=tcp,tp_dst=7471 id=id csum= ;;
	esac
	cat <<-EOF
		# what the machine sends goes into the tunnel
		priority=10,in_port=vm$1,actions=push_$kind($id=10,src=172.16.0.1$1,dst=$4,eth_src=$(switch_mac $1),eth_dst=$3$csum),output:up$1
		# what comes out of it is looked up again, as from port 10
		priority=10,in_port=up$1,$match,nw_dst=172.16.0.1$1,actions=pop_$kind,resubmit:10
		# and if it has our network id, it is for the machine
		priority=10,in_port=10,tun_id=10,actions=output:vm$1
	EOF
}

# both switches go over to tunnel $1, all at once
switches_replace()
{
	local h other

	for h in 1 2; do
		other=$((3 - h))
		switch_flows $h $other $(switch_mac $other) 172.16.0.1$other $1 \
			>"$tmp/flows$h"
		"$nl" -s "$tmp/sock$h" flow replace "$tmp/flows$h" || return
	done
}

switch_start()
{
	switch_flows "$@" >"$tmp/flows$1"
	ip netns exec host$1 "$cvswd" --socket "$tmp/sock$1" --miss drop \
		--flows "$tmp/flows$1" --port tap:vm$1,netns=vm$1,up \
		--port tap:up$1,up 2>"$tmp/log$1" &
	pid[$1]=$!
	retry grep -q 'cvswd: running' "$tmp/log$1" || { cat "$tmp/log$1"; return 1; }
	ip -n host$1 link set up$1 master br0
	retry sh -c "bridge -n host$1 link show dev up$1 | grep -q forwarding"
	vm_address $1 vm$1
}

switch_stop()
{
	kill -TERM ${pid[$1]} && wait ${pid[$1]}
}

# A kernel vxlan device in the place of a switch, bridged to the machine.  It
# sends from the host's address to $2, which has MAC $3, straight to the cable:
# a bridge device would have the kernel cut its super-frames.
kernel_start()
{
	local h=$1 remote=$2

	ip -n host$h link del br0 2>/dev/null && host_address $h c$h
	[ -z "$3" ] || ip -n host$h neigh replace $remote lladdr $3 dev c$h
	ip -n host$h link add vx0 type vxlan id 10 dstport 4789 dev c$h \
		local 172.16.0.$h remote $remote udpcsum
	ip -n host$h link add br1 type bridge mcast_snooping 0
	ip -n host$h link add tovm type veth peer name eth0 netns vm$h
	ip -n host$h link set vx0 mtu 1450 master br1 up
	ip -n host$h link set tovm master br1 up
	ip -n host$h link set br1 up
	vm_address $h eth0
}

kernel_stop()
{
	ip -n host$1 link del vx0
	ip -n host$1 link del tovm
	ip -n host$1 link del br1
}

# A controller for host1: ovs-ofctl, which cvsw-ofd lets dial in.  It stops
# pings with one flow and lets them through again.

ofctl()
{
	ovs-ofctl "$1" "unix:$tmp/mgmt" "${@:2}"
}

controller_start()
{
	"$ofd" --socket "$tmp/sock1" --show-socket "$tmp/show" "punix:$tmp/mgmt" \
		2>"$tmp/ofd" &
	pid[ofd]=$!
	retry grep -q 'cvsw-ofd: running' "$tmp/ofd" || { cat "$tmp/ofd"; return 1; }
}

controller_blocks()
{
	ofctl add-flow "priority=99,in_port=1,icmp,actions=drop" &&
	! in_ns vm1 ping -qn -c 1 -W 1 10.0.0.2
}

controller_allows()
{
	ofctl del-flows --strict "priority=99,in_port=1,icmp" &&
	in_ns vm1 ping -qn -c 1 -W 1 10.0.0.2
}

controller_stop()
{
	kill -TERM ${pid[ofd]} && wait ${pid[ofd]}
}

# Trying it

ping_both()
{
	retry in_ns vm1 ping -qn -c 1 -W 1 10.0.0.2 &&
	in_ns vm1 ping -qn -c 3 -i 0.1 -W 2 10.0.0.2 &&
	in_ns vm1 ping -qn -c 3 -i 0.1 -W 2 fd00::2 &&
	in_ns vm1 ping -qn -c 2 -i 0.1 -W 2 -M do -s 1422 10.0.0.2
}

# throughput KEY NS1 NS2 ADDRESS4 ADDRESS6: TCP from NS1 to NS2
throughput()
{
	local key=$1 from=$2 to=$3 family server

	shift 3
	ip netns exec $to iperf3 -s >/dev/null 2>&1 &
	server=$!
	retry in_ns $to sh -c 'ss -Hltn | grep -q :5201'
	for family in 4 6; do
		in_ns $from iperf3 -J -t 1 -c $1 >"$tmp/iperf"
		rate[$key$family]=$(jq -r '.end.sum_received.bits_per_second
			| . / 1e8 | round / 10' "$tmp/iperf")
		shift
	done
	kill $server
	wait $server 2>/dev/null
	cat "$tmp/iperf"
	[ "${rate[${key}4]}" != null ] && [ "${rate[${key}6]}" != null ]
}

flows_show()
{
	"$nl" -s "$tmp/sock$1" flow dump | sed 's/^/    /'
}

row()
{
	printf '  %-44s %8s %8s\n' "$1" "${rate[${2}4]}" "${rate[${2}6]}"
}

# The demo

cat <<'EOF'

   vm1 10.0.0.1, fd00::1                        vm2 10.0.0.2, fd00::2
    |                                            |
    | TAP vm1                                    | TAP vm2
   +-+------------------------+                 +-+------------------------+
   | cvswd      VNI 10        |                 | cvswd      VNI 10        |
   |            172.16.0.11   |                 |            172.16.0.12   |
   +-+------------------------+                 +-+------------------------+
    | TAP up1 (tunnel segmentation)              | TAP up2
   host1 br0 172.16.0.1 ----- underlay ----- host2 br0 172.16.0.2
EOF

title 'Underlay'
step 'two hosts, joined by a cable' underlay
step 'throughput of the underlay' \
	throughput veth host1 host2 172.16.0.2 fd16::2

title 'Overlay: cvswd on both hosts'
step 'switch on host1' switch_start 1 2 $(switch_mac 2) 172.16.0.12
step 'switch on host2' switch_start 2 1 $(switch_mac 1) 172.16.0.11
step 'ping vm1 to vm2: IPv4, IPv6, whole MTU' ping_both
step 'throughput vm1 to vm2' throughput cvswd vm1 vm2 10.0.0.2 fd00::2
for h in 1 2; do
	printf '\n  flows on host%d:\n' $h
	flows_show $h || exit 1
done

for kind in geneve nvgre stt; do
	title "Overlay: ${kind^^}, the switches run on"
	step "other flows on both hosts" switches_replace $kind
	step 'ping vm1 to vm2: IPv4, IPv6, whole MTU' ping_both
	step 'throughput vm1 to vm2' throughput $kind vm1 vm2 10.0.0.2 fd00::2
done
printf '\n  flows on host1:\n'
flows_show 1 || exit 1

title 'A controller for host1, by OpenFlow 1.0'
if command -v ovs-ofctl >/dev/null && [ -x "$ofd" ]; then
	step 'cvsw-ofd beside the switch' controller_start
	step 'ovs-ofctl adds a flow that drops pings' controller_blocks
	step 'ovs-ofctl deletes it' controller_allows
	printf '\n  what cvsw-ofd tells:\n'
	"$nl" --agent "$tmp/show" of show | sed 's/^/    /'
	ofctl dump-aggregate | sed 's/^/    /'
	step 'cvsw-ofd ends, the flows stay' controller_stop
else
	echo '  skipped: it takes cvsw-ofd, and ovs-ofctl of openvswitch-common'
fi

title "Overlay: a Linux vxlan device in host2's place"
step 'host2 stops its switch' switch_stop 2
step 'host2 makes a vxlan device' kernel_start 2 172.16.0.11 $(switch_mac 1)
step 'host1 stops, and starts with host2 as peer' switch_stop 1
step 'switch on host1' switch_start 1 2 $(host_mac 2) 172.16.0.2
step 'ping vm1 to vm2: IPv4, IPv6, whole MTU' ping_both
step 'throughput vm1 (cvswd) to vm2 (kernel)' \
	throughput mixed vm1 vm2 10.0.0.2 fd00::2
step 'throughput vm2 (kernel) to vm1 (cvswd)' \
	throughput mixedback vm2 vm1 10.0.0.1 fd00::1
printf '\n  flows on host1:\n'
flows_show 1 || exit 1

title 'Overlay: Linux vxlan devices on both hosts'
step 'host1 stops its switch' switch_stop 1
step 'host1 makes a vxlan device' kernel_start 1 172.16.0.2
step 'host2 makes another one' eval 'kernel_stop 2 && kernel_start 2 172.16.0.1'
step 'ping vm1 to vm2: IPv4, IPv6, whole MTU' ping_both
step 'throughput vm1 to vm2' throughput kernel vm1 vm2 10.0.0.2 fd00::2

title 'TCP, Gbit/s (one stream, one second)'
printf '  %-44s %8s %8s\n' '' IPv4 IPv6
row 'host1 to host2, no tunnel' veth
row 'vm1 to vm2, kernel vxlan - kernel vxlan' kernel
row 'vm1 to vm2, cvswd - cvswd, VXLAN' cvswd
row 'vm1 to vm2, cvswd - cvswd, Geneve' geneve
row 'vm1 to vm2, cvswd - cvswd, NVGRE' nvgre
row 'vm1 to vm2, cvswd - cvswd, STT' stt
row 'vm1 to vm2, cvswd - kernel vxlan' mixed
row 'vm2 to vm1, kernel vxlan - cvswd' mixedback
echo

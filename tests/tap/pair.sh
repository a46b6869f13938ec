# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced by tests of tunnels between two cvswds.  The cable carries finished
# frames only, under the eyes of strict receivers at both ends; so do machines
# that take nothing unfinished.
#
#	 ns a         here                               far            ns b
#	+-----+   +-------+ up0       wire0     wire1       up1 +-------+   +-----+
#	| vma |---| cvswd |=== bridge ~~~~~~~~~~~~~~~ bridge ===| cvswd |---| vmb |
#	+-----+   +-------+                                     +-------+   +-----+
#
# The test sets
#
#   wire_mtu     MTU of uplinks and cable
#   vm_mtu       of the machines; 1500 unless set
#   outer        4 or 6
#   up, vm       "all" or "none": what uplinks and machines take and send
#                unfinished
#   merge        "yes" when the ends of the cable may merge what they take
#                (GRO): then it is not looked at
#   flows SRC DST MAC MAC   prints the flows of one side, whose ports are "vm"
#                and "up"
#   lengths      fails when mean lengths (see mean) are not what they should be
#
# and calls `combination [STRICT-OPTION...]`, which runs all kinds of traffic and
# fails when a frame was not right, was lost or is not accounted for.

. "${srcdir:-.}/tests/tap/lib.sh"

host a b far
# no frames but those of the cvswds
for ns in . far; do
	in_ns $ns sysctl -q net.ipv6.conf.default.disable_ipv6=1
done
cable . wire0 far wire1
for end in ./wire0 far/wire1; do
	in_ns ${end%/*} ethtool -K ${end#*/} tx off tso off gso off gro off \
		>"$tmp/ethtool" 2>&1
	in_ns ${end%/*} ip link set ${end#*/} mtu $wire_mtu
	in_ns ${end%/*} ip link add br0 type bridge mcast_snooping 0
	in_ns ${end%/*} ip link set ${end#*/} master br0
	in_ns ${end%/*} ip link set br0 up
done
mkdir "$tmp/a" "$tmp/b"

# end NAME NS UPLINK SRC DST MAC MAC: the cvswd of machine NAME
end()
{
	local netns=,netns=$2 mtu=${vm_mtu:-1500}

	[ $2 != . ] || netns=
	flows $4 $5 $6 $7 >"$tmp/$1/flows"
	sock=$tmp/$1/sock tmp=$tmp/$1 daemon --miss drop \
		--flows "$tmp/$1/flows" \
		--port tap:vm$1,netns=$1,up,mtu=$mtu,name=vm,rx_offload=$vm,tx_offload=$vm \
		--port tap:$3$netns,up,mtu=$wire_mtu,name=up,rx_offload=$up,tx_offload=$up ||
		return
	in_ns $2 ip link set $3 txqueuelen 5000 master br0 &&
	until_ok 5 in_ns $2 sh -c "bridge link show | grep -q '$3.*forwarding'"
}

# address NS DEVICE IPV4 IPV6
address()
{
	ip -n $1 addr add $3/24 dev $2
	ip -n $1 addr add $4/64 dev $2 nodad
}

begin()
{
	local src=172.16.0.1 dst=172.16.0.2
	local us=02:00:00:00:00:11 them=02:00:00:00:00:22

	[ $outer = 4 ] || src=fd16::1 dst=fd16::2
	end a . up0 $src $dst $us $them || return
	a=$daemon_pid
	end b far up1 $dst $src $them $us || return
	b=$daemon_pid
	address a vma 10.0.0.1 fd00::1
	address b vmb 10.0.0.2 fd00::2
}

# large datagrams, and those that the machine's kernel would have cut
udp()
{
	timeout 20 /usr/bin/python3 - <<-'END'
		import ctypes, os, socket
		def enter(name):
		    fd = os.open("/run/netns/" + name, os.O_RDONLY)
		    if ctypes.CDLL(None).setns(fd, 0x40000000):
		        raise OSError("setns")
		SIZES = (1, 1472, 8972, 30000, 65000)
		for family, any, to in ((socket.AF_INET, "0.0.0.0", "10.0.0.2"),
		                        (socket.AF_INET6, "::", "fd00::2")):
		    enter("b")
		    there = socket.socket(family, socket.SOCK_DGRAM)
		    there.setsockopt(socket.SOL_SOCKET, 33, 1 << 22)	# RCVBUFFORCE
		    there.settimeout(5)
		    there.bind((any, 9))
		    enter("a")
		    here = socket.socket(family, socket.SOCK_DGRAM)
		    for size in SIZES * 5:
		        data = os.urandom(size)
		        here.sendto(data, (to, 9))
		        assert there.recv(1 << 17) == data, (to, size)
		    here.setsockopt(17, 103, 1200)			# UDP_SEGMENT
		    data = os.urandom(60000)
		    here.sendto(data, (to, 9))
		    parts = [there.recv(1 << 17) for _ in range(50)]
		    assert b"".join(parts) == data, to
		    assert {len(part) for part in parts} == {1200}
	END
}

tcp()
{
	local args

	for args; do
		in_ns a timeout 10 iperf3 -J -w 256K -n 3M $args >"$tmp/iperf" || {
			cat "$tmp/iperf"
			return 1
		}
	done
}

talk()
{
	local mtu=${vm_mtu:-1500}

	in_ns a ping -qn -c 2 -i 0.02 -W 2 10.0.0.2 &&
	in_ns a ping -qn -c 1 -W 2 -s $((mtu - 28)) -M do 10.0.0.2 &&
	in_ns a ping -qn -c 2 -i 0.02 -W 2 -s 20000 fd00::2 &&
	tcp '-c 10.0.0.2' '-c 10.0.0.2 -R' '-c fd00::2' '-c fd00::2 -R -P 4' \
		'-c 10.0.0.2 -P 64 -n 128K' &&
	udp
}

# nothing lost, nothing unexplained
counts()
{
	local end

	for end in a b; do
		"$nl" -s "$tmp/$end/sock" drops >"$tmp/drops" || return
		if awk '$2 != 0 { bad = 1; print } END { exit !bad }' \
			"$tmp/drops"; then
			echo "($end)"
			return 1
		fi
	done
}

# mean NS DEVICE rx|tx: length of frames that came out of a daemon or went in
mean()
{
	in_ns $1 ip -s -j link show $2 |
		jq ".[0].stats64.$3 | .bytes / .packets | floor"
}

stop()
{
	local ok=0

	daemon_pid=$a
	tmp=$tmp/a daemon_stop || ok=1
	daemon_pid=$b
	tmp=$tmp/b daemon_stop || ok=1
	return $ok
}

# strict_watch start|stop [OPTION...]: every place where all is finished
strict_watch()
{
	local ok=0 what=$1 mtu=${vm_mtu:-1500}

	shift
	if [ "$merge" != yes ]; then
		strict_$what . wire0 -m $wire_mtu "$@" || ok=1
		strict_$what far wire1 -m $wire_mtu "$@" || ok=1
	fi
	if [ $vm = none ]; then
		strict_$what a vma -m $mtu || ok=1
		strict_$what b vmb -m $mtu || ok=1
	fi
	return $ok
}

combination()
{
	local ok=0

	begin || return
	strict_watch start "$@" || ok=1
	talk || ok=1
	counts || ok=1
	strict_watch stop || ok=1
	[ "$merge" = yes ] || grep -q ' tunnelled=[1-9]' "$tmp/strict.far" ||
		ok=1
	lengths || ok=1
	stop || ok=1
	return $ok
}

iperf_server b

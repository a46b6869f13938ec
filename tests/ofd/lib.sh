# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced first by every test here: tests/tap/lib.sh, and
#
#   wires N                   veth pairs, p1 to pN the switch's, h1 to hN the test's
#   agent [OPTION...] TARGET  start cvsw-ofd, wait until it runs; its messages are
#                             in $tmp/agent
#   agent_stop                SIGTERM; fails when it does not exit cleanly
#   dut TARGET...             a switch with these ports and an agent; with
#                             CVSW_DUT=ovs it is Open vSwitch, to test the tests
#   dut_stop                  both must exit cleanly
#   ovs_start, ovs_stop       a private Open vSwitch; `vsctl ARG...` to set it up

. "${srcdir:-.}/tests/tap/lib.sh"

there=$srcdir/tests/ofd
ofd=${CVSW_OFD:-$builddir/tools/ofd/cvsw-ofd}
dut=${CVSW_DUT:-cvsw}
python="/usr/bin/python3 -B"
agent_pid=
ports=
n_ports=0

if ! [ -x "$ofd" ] && [ "$dut" = cvsw ]; then
	echo '1..0 # SKIP no cvsw-ofd'
	exit 0
fi
sysctl -q net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1

wires()
{
	local i

	ports= n_ports=$1
	for i in $(seq "$1"); do
		ip link add name p$i address 02:00:00:00:01:0$i type veth \
			peer name h$i address 02:00:00:00:02:0$i
		ethtool -K p$i tx off rx off gso off tso off gro off
		ethtool -K h$i tx off rx off gso off tso off gro off
		ip link set p$i up
		ip link set h$i up
		ports="$ports${ports:+,}$i=h$i"
	done >"$tmp/said" 2>&1
}

agent()
{
	: >"$tmp/agent"
	"$ofd" --socket "$sock" "$@" 2>"$tmp/agent" &
	agent_pid=$!
	program_runs "$tmp/agent" 'cvsw-ofd: running'
}

agent_stop()
{
	program_ends $agent_pid "$tmp/agent"
}

dut()
{
	if [ "$dut" = ovs ]; then
		dut_ovs "$@"
		return
	fi
	local i args=

	for i in $(seq $n_ports); do
		args="$args --port packet:p$i,no=$i"
	done
	daemon $args && agent "$@"
}

dut_stop()
{
	if [ "$dut" = ovs ]; then
		ovs_stop
	else
		agent_stop && daemon_stop
	fi
}

# Open vSwitch

vsctl()
{
	ovs-vsctl --db="unix:$tmp/ovs/db.sock" --timeout=20 "$@"
}

ovs_start()
{
	mkdir "$tmp/ovs" || return
	export OVS_RUNDIR=$tmp/ovs OVS_DBDIR=$tmp/ovs OVS_LOGDIR=$tmp/ovs
	ovsdb-tool create "$tmp/ovs/conf.db" \
		/usr/share/openvswitch/vswitch.ovsschema &&
	ovsdb-server "$tmp/ovs/conf.db" --remote="punix:$tmp/ovs/db.sock" \
		--log-file=/dev/null --detach --pidfile="$tmp/ovs/ovsdb.pid" &&
	vsctl --no-wait init &&
	# what it does is what its flows say, and not what they said a while ago
	vsctl --no-wait set Open_vSwitch . other_config:flow-limit=0 &&
	ovs-vswitchd "unix:$tmp/ovs/db.sock" --log-file="$tmp/ovs/log" \
		--detach --pidfile="$tmp/ovs/vswitchd.pid"
}

ovs_stop()
{
	kill "$(cat "$tmp/ovs/vswitchd.pid")" "$(cat "$tmp/ovs/ovsdb.pid")"
}

dut_ovs()
{
	local i one targets=

	ovs_start || return
	vsctl add-br br0 -- set bridge br0 datapath_type=netdev \
		fail_mode=secure protocols=OpenFlow10 \
		other-config:disable-in-band=true || return
	for i in $(seq $n_ports); do
		vsctl add-port br0 p$i -- set interface p$i ofport_request=$i
	done
	for one; do
		[ "${one#-}" = "$one" ] && targets="$targets $one"
	done
	vsctl set-controller br0 $targets || return
	for one in $(vsctl --bare --columns=_uuid list controller); do
		vsctl set controller $one max_backoff=1000 \
			connection_mode=out-of-band
	done
}

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced after lib.sh by tests that say from outside what happens in the guest.
#
#   rig PROPERTIES PROGRAM [ARG...]
#           run a program of this folder, which uses rig.py, at the far ends of
#           the cards of a guest with $kernel; its cases become this test's.
#           PROPERTIES are those of the first two cards, as ,mrg_rxbuf=off
#
#	           guest                                 PROGRAM
#	+--------------------------------+
#	|        bridge                  |
#	|   eth1 ------ eth0 with switch |---- vnic0    the network
#	|                                |---- vnic1    what is behind the switch
#	|   eth2: a shell                |---- vnic2    what tells it what to do
#	+--------------------------------+
#
# The bridge sends all on, and learns nothing.

cat >"$tmp/rig" <<'EOF_GUEST'
#!/bin/sh
# a queue that keeps all frames in order
echo pfifo_fast >/proc/sys/net/core/default_qdisc
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link add br0 type bridge mcast_snooping 0 group_fwd_mask 0xfff8
for iface in eth0 eth1; do
	ethtool -K $iface gro off
	ip link set $iface up master br0
	ip link set $iface type bridge_slave learning off
done
ip link set br0 up
ip addr add 10.8.0.2/24 dev eth2
ip link set eth2 up
cvsw-nl attach eth0 || exit 1
until ping -c 1 -W 1 10.8.0.1 >/dev/null; do :; done
nc 10.8.0.1 7000 -e /bin/sh
[ -e /tmp/done ]
EOF_GUEST

rig()
{
	local properties=$1 program=$2 host

	shift 2
	host="for i in 0 1 2; do
			sysctl -q net.ipv6.conf.vnic\$i.disable_ipv6=1
		done
		ip link set lo up
		ip addr add 10.8.0.1/24 dev vnic2
		/usr/bin/python3 -B $srcdir/tests/guest/$program $* &"
	cases_of guest -m virtio_net -m bridge -i "$module" \
		-f "$builddir/tools/nl/cvsw-nl:/usr/bin/cvsw-nl" \
		-f "$builddir/tools/ofd/cvsw-ofd:/usr/bin/cvsw-ofd" \
		-f "$(command -v ip):/usr/bin/ip" \
		-f "$(command -v ethtool):/usr/bin/ethtool" \
		-n "vnic0$properties" -n "vnic1$properties" -n vnic2 \
		--host "$host" "$tmp/rig"
	check "${kernel##*/}: the guest of $program ends well" [ $? = 0 ]
}

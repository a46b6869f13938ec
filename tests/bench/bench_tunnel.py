#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Tunnels between two switches, against the same path without a tunnel.

  a tap -- cvswd -- tap [bridge] tap -- cvswd -- tap b

The underlay has MTU 1500, the guests what is left of it.  NAME-soft is NAME
without tunnel segmentation offload on the underlay and without our GRO,
NAME-gro the same with GRO.  Beside it stand the kernel's own VXLAN over a veth
pair and Open vSwitch's userspace.  TCP with 1, 4, 16 and 64 streams:
throughput, and CPU seconds of both switches a gigabyte.

The more streams there are, the smaller TCP makes their super-frames, with a
tunnel and without; .../total-WINDOW compares 64 streams with 4 where the window
has them all of one size.  Prints one JSON object a line, as the other benches
do.
"""

import os
import shutil

from paths import (MAC_A, MAC_B, Bench, CvswdVxlan, KernelVxlan, OvsVxlan,
                   Path, arguments, ip, report)

STREAMS = (1, 4, 16, 64)
WINDOW = "64K"
UNDERLAY = ("172.16.0.1", "172.16.0.2")
MAC_UL = ("02:00:00:00:0c:01", "02:00:00:00:0c:02")

PLAIN = "csum+tso4+tso6+tso_ecn+uso4+uso6"      # no tunnel, no gro


class Twin(Path):
    """Two cvswd with an underlay between them."""

    name = "no-tunnel"
    mtu = 1500
    push = pop = match = None
    guest = underlay = ""                       # options of the ports

    def dev_a(self):
        return "tapa"

    def dev_b(self):
        return "tapb"

    def flows(self, end):
        if not self.push:
            return ["in_port=1,actions=output:2", "in_port=2,actions=output:1"]
        push = self.push.format(src=UNDERLAY[end], dst=UNDERLAY[1 - end],
                                esrc=MAC_UL[end], edst=MAC_UL[1 - end])
        return [f"in_port=1,actions={push},output:2",
                f"in_port=2,{self.match},actions={self.pop},output:1"]

    def start(self, end):
        name = "ab"[end]
        path = os.path.join(self.bench.tmp, f"{self.name}-{name}")
        with open(path + ".flows", "w") as f:
            f.write("\n".join(self.flows(end)) + "\n")
        return self.bench.spawn(self.mid, [
            self.bench.args.cvswd, "-s", path + ".sock",
            "--port", f"tap:tap{name}{self.guest}",
            "--port", f"tap:ul{name}{self.underlay}",
            "--flows", path + ".flows", "--miss", "drop"])

    def join(self, dev):
        self.wait(dev)
        ip("-n", self.mid, "link", "set", dev, "master", "br0", "up")

    def build(self):
        self.mid = self.bench.netns(self.name + "-m")
        ip("-n", self.mid, "link", "add", "br0", "up", "type", "bridge",
           "stp_state", "0")
        self.middle = [self.start(0), self.start(1)]
        self.join("ula")
        self.join("ulb")
        self.move("tapa", self.a, MAC_A, "10.0.0.1/24")
        self.move("tapb", self.b, MAC_B, "10.0.0.2/24")
        ip("-n", self.a, "link", "set", "tapa", "mtu", str(self.mtu))
        ip("-n", self.b, "link", "set", "tapb", "mtu", str(self.mtu))


class Soft:
    """Nobody helps the tunnel."""

    guest = underlay = f",rx_offload={PLAIN},tx_offload={PLAIN}"


class Gro:
    """We merge what the underlay delivers in pieces."""

    guest = f",rx_offload={PLAIN},tx_offload={PLAIN}+gro"
    underlay = f",rx_offload={PLAIN},tx_offload={PLAIN}"


ENDS = "src={src},dst={dst},eth_src={esrc},eth_dst={edst}"


class Stt(Twin):
    name, mtu = "stt", 1428
    push, pop = f"push_stt(id=10,{ENDS})", "pop_stt"
    match = "tcp,tp_dst=7471"


class Vxlan(Twin):
    name, mtu = "vxlan", 1450
    push, pop = f"push_vxlan(vni=10,{ENDS})", "pop_vxlan"
    match = "udp,tp_dst=4789"


class VxlanSoft(Soft, Vxlan):
    name = "vxlan-soft"


class VxlanGro(Gro, Vxlan):
    name = "vxlan-gro"


class Geneve(Twin):
    name, mtu = "geneve", 1450
    push, pop = f"push_geneve(vni=10,{ENDS})", "pop_geneve"
    match = "udp,tp_dst=6081"


class GeneveSoft(Soft, Geneve):
    name = "geneve-soft"


class Nvgre(Twin):
    name, mtu = "nvgre", 1458
    push, pop = f"push_nvgre(vsid=4106,{ENDS})", "pop_nvgre"
    match = "ip,nw_proto=47"


class NvgreSoft(Soft, Nvgre):
    name = "nvgre-soft"


TWINS = [Twin, Stt, Vxlan, VxlanGro, VxlanSoft, Geneve, GeneveSoft, Nvgre,
         NvgreSoft]

# (ours, peer) besides no-tunnel
PEERS = [("stt", "vxlan-soft"), ("vxlan", "kernel-vxlan"),
         ("cvswd-vxlan", "ovs-vxlan")]


def ratios(label, unit, values, name, streams, which):
    """Report @name against no-tunnel and its other peers."""
    ours = [v[which] for v in values[name, streams]]
    peers = [p for o, p in PEERS if o == name]
    if name not in ("no-tunnel", "kernel-vxlan", "cvswd-vxlan", "ovs-vxlan"):
        peers.insert(0, "no-tunnel")
    if not peers:
        report(label, unit, ours)
    for peer in peers:
        theirs = values.get((peer, streams))
        if theirs and (which == 0 or peer != "kernel-vxlan"):
            report(label, unit, ours, peer, [v[which] for v in theirs])


def main():
    args = arguments(__doc__)
    kinds = TWINS + [KernelVxlan, CvswdVxlan]
    if shutil.which("ovs-vswitchd"):
        kinds.append(OvsVxlan)
    bench = Bench(args)
    tcp, held = {}, {}
    try:
        paths = [kind(bench) for kind in kinds]
        for path in paths:
            path.warm()
        for _ in range(args.rounds):
            for streams in STREAMS:
                for path in paths:
                    tcp.setdefault((path.name, streams), []).append(
                        bench.tcp(path, streams))
            for streams in (4, 64):
                for path in paths[:len(TWINS)]:
                    held.setdefault((path.name, streams), []).append(
                        bench.tcp(path, streams, window=WINDOW))
    finally:
        bench.close()
    for name, streams in tcp:
        label = f"tunnel/tcp-{streams}/{name}"
        ratios(label, "Gbit/s", tcp, name, streams, 0)
        if name != "kernel-vxlan":
            ratios(label + "/cpu", "s/GB", tcp, name, streams, 1)
    for kind in TWINS:
        for name, values in (("total", tcp), ("total-" + WINDOW, held)):
            report(f"tunnel/tcp-64/{kind.name}/{name}", "Gbit/s",
                   [v[0] for v in values[kind.name, 64]], "4 streams",
                   [v[0] for v in values[kind.name, 4]])


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""End to end between two namespaces: throughput and the switch's CPU time.

TCP and small UDP frames over the paths of paths.py.  Prints one JSON object a
line, as the other benches do.
"""

import shutil

from paths import (Bench, Cvswd, CvswdVxlan, KernelVxlan, Null, OvsVxlan, Path,
                   arguments, report)


def main():
    args = arguments(__doc__)
    kinds = [Path, KernelVxlan, Null, Cvswd, CvswdVxlan]
    if shutil.which("ovs-vswitchd"):
        kinds.append(OvsVxlan)
    bench = Bench(args)
    tcp, udp = {}, {}
    try:
        paths = [kind(bench) for kind in kinds]
        for path in paths:
            path.warm()
        for _ in range(args.rounds):
            for streams in (1, 4):
                for path in paths:
                    tcp.setdefault((path.name, streams), []).append(
                        bench.tcp(path, streams))
            for path in paths:
                tcp.setdefault((path.name, "back"), []).append(
                    bench.tcp(path, 1, reverse=True))
            for flows in (1, 1000):
                for path in paths:
                    udp.setdefault((path.name, flows), []).append(
                        bench.udp(path, flows))
    finally:
        bench.close()

    peers = {"kernel-vxlan": "veth", "cvswd": "null",
             "cvswd-vxlan": "kernel-vxlan", "ovs-vxlan": "kernel-vxlan"}
    for (name, streams), values in tcp.items():
        label = f"e2e/tcp-{streams}/{name}"
        theirs = tcp.get((peers.get(name), streams))
        report(label, "Gbit/s", [v[0] for v in values], peers.get(name),
               theirs and [v[0] for v in theirs])
        if name in ("null", "cvswd", "cvswd-vxlan", "ovs-vxlan"):
            peer = {"cvswd": "null", "cvswd-vxlan": "ovs-vxlan"}.get(name)
            theirs = tcp.get((peer, streams))
            report(label + "/cpu", "s/GB", [v[1] for v in values], peer,
                   theirs and [v[1] for v in theirs])
    for (name, flows), values in udp.items():
        label = f"e2e/udp-{flows}/{name}"
        theirs = udp.get((peers.get(name), flows))
        report(label, "frames/s", [v[0] for v in values], peers.get(name),
               theirs and [v[0] for v in theirs])
        if name in ("null", "cvswd", "cvswd-vxlan", "ovs-vxlan"):
            peer = {"cvswd": "null", "cvswd-vxlan": "ovs-vxlan"}.get(name)
            theirs = udp.get((peer, flows))
            report(label + "/cpu", "ns/frame", [v[1] for v in values], peer,
                   theirs and [v[1] for v in theirs])


if __name__ == "__main__":
    main()

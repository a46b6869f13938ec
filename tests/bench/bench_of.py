#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""cvswd and cvsw-ofd under an OpenFlow controller, beside Open vSwitch.

  of_load --- packet-ins, packet-outs, flow-mods --- switch
     `------ veth ------ port 1, port 2 ------ veth -----'

Both switches stand all the time, each with a controller (of_load) of its own,
and are measured in turn.  Flow-mods a second: `barrier/N` waits for a barrier
behind each N of them.  Frames that no flow matches, `packet-in/N` with N under
way: up, down again and out; as many a second, and how long one takes.  A table
of 100,000 flows read by ovs-ofctl; `client` is what ovs-ofctl itself needs of
that, which no switch can save.  Prints one JSON object a line, as the other
benches do.
"""

import os
import resource
import subprocess
import time

from paths import Bench, Ovs, ip, parser, report

FLOWS = 100000


class Under:
    """A switch under its controller."""

    def __init__(self, bench):
        self.bench = bench
        self.ns = bench.netns(self.name)
        for port in "12":
            ip("-n", self.ns, "link", "add", f"sw{port}", "up", "type", "veth",
               "peer", "name", f"peer{port}")
            ip("-n", self.ns, "link", "set", f"peer{port}", "up")
        self.load = subprocess.Popen(
            ["ip", "netns", "exec", self.ns, bench.args.of_load, "6653",
             "peer1", "peer2"], text=True, bufsize=1, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        bench.procs.append(self.load)
        self.start()
        self.answer()

    def answer(self):
        line = self.load.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name}: of_load ended")
        return line.split()

    def ask(self, *words):
        self.load.stdin.write(" ".join(map(str, words)) + "\n")
        return self.answer()

    def dump(self):
        """(seconds that ovs-ofctl takes, CPU seconds that it needs itself)"""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        proc = subprocess.run(["ovs-ofctl", "-O", "OpenFlow10", "dump-flows",
                               f"unix:{self.listens}"], check=True,
                              stdout=subprocess.PIPE)
        took = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if proc.stdout.count(b"nw_dst=") != FLOWS:
            raise RuntimeError(f"{self.name}: flows are missing")
        return took, (after.ru_utime + after.ru_stime -
                      before.ru_utime - before.ru_stime)


class Cvsw(Under):
    name = "cvsw"

    def start(self):
        sock = os.path.join(self.bench.tmp, "cvswd.sock")
        self.listens = os.path.join(self.bench.tmp, "of.sock")
        self.bench.spawn(self.ns, [
            self.bench.args.cvswd, "-s", sock, "--port", "packet:sw1",
            "--port", "packet:sw2"])
        self.bench.spawn(self.ns, [
            self.bench.args.cvsw_ofd, "--socket", sock, "--show-socket",
            os.path.join(self.bench.tmp, "show.sock"),
            "tcp:127.0.0.1:6653", f"punix:{self.listens}"])


class OpenVswitch(Under):
    name = "ovs"

    def start(self):
        ovs = Ovs(self.bench, self.ns)
        self.listens = f"{ovs.dir}/br0.mgmt"
        ovs.ctl("add-br", "br0", "--", "set", "bridge", "br0",
                "datapath_type=netdev", "protocols=OpenFlow10",
                "fail_mode=secure")
        for port in "12":
            ovs.ctl("add-port", "br0", f"sw{port}", "--", "set", "interface",
                    f"sw{port}", f"ofport_request={port}")
        ovs.ctl("set-controller", "br0", "tcp:127.0.0.1:6653")


def measure(under, mods, frames):
    """name -> figure, of one round"""
    out = {}
    for window, n in ((1, mods), (100, 20 * mods)):
        out[f"barrier/{window}"] = float(under.ask("mods", n, window)[0])
    for window, n in ((1, frames), (64, 4 * frames)):
        rate, p50, p99 = map(float, under.ask("frames", n, window))
        out[f"packet-in/{window}"] = rate
        out[f"packet-in/{window}/p50"] = p50
        out[f"packet-in/{window}/p99"] = p99
    under.ask("fill", FLOWS)
    out["dump"], out["dump/client"] = under.dump()
    return out


UNITS = {"barrier": "flow-mods/s", "packet-in": "frames/s", "dump": "s"}


def unit(name):
    return "us" if name[-3:] in ("p50", "p99") else UNITS[name.split("/")[0]]


def main():
    args = parser(__doc__)
    args.add_argument("--cvsw-ofd", required=True)
    args.add_argument("--of-load", required=True)
    args.add_argument("--mods", type=int, default=5000)
    args.add_argument("--frames", type=int, default=5000)
    bench = Bench(args.parse_args())
    try:
        cvsw, ovs = Cvsw(bench), OpenVswitch(bench)
        ours, theirs = [], []
        for _ in range(bench.args.rounds):
            ours.append(measure(cvsw, bench.args.mods, bench.args.frames))
            theirs.append(measure(ovs, bench.args.mods, bench.args.frames))
        for name in ours[0]:
            report(f"openflow/{name}", unit(name), [o[name] for o in ours],
                   "ovs", [t[name] for t in theirs])
    finally:
        bench.close()


main()

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Ways between two namespaces that benches measure, and how they do it.

  path         topology (each in namespaces of its own, MTU 1500)
  veth         a ---------------- veth ---------------- b
  kernel-vxlan a [vxlan] -------- veth -------- [vxlan] b
  null         a tap ----------- null_tap ---------- tap b
  cvswd        a tap ------------ cvswd ------------ tap b
  cvswd-vxlan  a tap ------- cvswd [push/pop] ------ tap [vxlan] b
  ovs-vxlan    a tap --- Open vSwitch, userspace --- tap [vxlan] b

All paths stand at the same time; the rounds visit them in turn, so that a
ratio compares figures had within seconds of each other.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

MAC_A, MAC_B = "02:00:00:00:0a:01", "02:00:00:00:0b:01"
MAC_UL = "02:00:00:00:0c:01"            # our end of the underlay
VNI = 10


def run(*args, **kwargs):
    return subprocess.run(args, check=True, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **kwargs).stdout


def ip(*args):
    return run("ip", *args)


class Path:
    """One way between two namespaces, and maybe a process in the middle."""

    name = "veth"

    def __init__(self, bench):
        self.bench = bench
        self.middle = []                # processes that carry the frames
        self.a, self.b = bench.netns(self.name + "-a"), bench.netns(self.name + "-b")
        self.build()

    def dev_a(self):
        return "veth0"

    def dev_b(self):
        return "veth0"

    def build(self):
        self.veth("10.0.0.1/24", "10.0.0.2/24")

    def veth(self, addr_a, addr_b):
        ip("-n", self.a, "link", "add", "veth0", "type", "veth",
           "peer", "name", "veth0", "netns", self.b)
        self.up(self.a, "veth0", None, addr_a)
        self.up(self.b, "veth0", None, addr_b)

    @staticmethod
    def up(ns, dev, mac, addr):
        if mac:
            ip("-n", ns, "link", "set", dev, "address", mac)
        ip("-n", ns, "link", "set", dev, "up")
        if addr:
            ip("-n", ns, "address", "add", addr, "dev", dev)

    def vxlan(self, ns, local, remote, mac, addr):
        ip("-n", ns, "link", "add", "vx0", "type", "vxlan", "id", str(VNI),
           "dstport", "4789", "local", local, "remote", remote)
        self.up(ns, "vx0", mac, addr)

    def wait(self, dev):
        """Until a process in the middle has made its device."""
        for _ in range(100):
            if subprocess.run(["ip", "-n", self.mid, "link", "show", dev],
                              capture_output=True).returncode == 0:
                break
            time.sleep(0.05)

    def move(self, dev, ns, mac, addr):
        """Give a TAP device of a process to one of the ends."""
        self.wait(dev)
        ip("-n", self.mid, "link", "set", dev, "netns", ns)
        self.up(ns, dev, mac, addr)

    def warm(self):
        """Does it work, and do all know their neighbours?"""
        run("ip", "netns", "exec", self.a, "ping", "-c", "3", "-i", "0.2",
            "-W", "2", "10.0.0.2")

    def cpu(self):
        """Seconds of CPU time that the processes in the middle have had."""
        total = 0
        for proc in self.middle:
            tasks = f"/proc/{proc.pid}/task"
            for task in os.listdir(tasks):
                with open(f"{tasks}/{task}/schedstat") as f:
                    total += int(f.read().split()[0])
        return total / 1e9


class KernelVxlan(Path):
    name = "kernel-vxlan"

    def dev_b(self):
        return "vx0"

    def build(self):
        self.veth("172.16.0.1/24", "172.16.0.2/24")
        self.vxlan(self.a, "172.16.0.1", "172.16.0.2", MAC_A, "10.0.0.1/24")
        self.vxlan(self.b, "172.16.0.2", "172.16.0.1", MAC_B, "10.0.0.2/24")


class Null(Path):
    name = "null"

    def dev_b(self):
        return "tap1"

    def start(self):
        return [self.bench.args.null_tap, "tap0", "tap1"]

    def build(self):
        self.mid = self.bench.netns(self.name + "-m")
        self.middle = [self.bench.spawn(self.mid, self.start())]
        self.move("tap0", self.a, MAC_A, "10.0.0.1/24")
        self.move("tap1", self.b, MAC_B, "10.0.0.2/24")


class Cvswd(Null):
    name = "cvswd"
    flows = ["in_port=1,actions=output:2", "in_port=2,actions=output:1"]

    def start(self):
        path = os.path.join(self.bench.tmp, self.name)
        with open(path + ".flows", "w") as f:
            f.write("\n".join(self.flows) + "\n")
        return [self.bench.args.cvswd, "-s", path + ".sock",
                "--port", "tap:tap0", "--port", "tap:tap1",
                "--flows", path + ".flows", "--miss", "drop"]


class CvswdVxlan(Cvswd):
    name = "cvswd-vxlan"
    flows = [
        f"in_port=1,actions=push_vxlan(vni={VNI},src=172.16.0.1,dst=172.16.0.2,"
        f"eth_src={MAC_UL},eth_dst={MAC_B}),output:2",
        f"in_port=2,udp,tp_dst=4789,tun_id={VNI},actions=pop_vxlan,output:1",
    ]

    def dev_b(self):
        return "vx0"

    def build(self):
        self.mid = self.bench.netns(self.name + "-m")
        self.middle = [self.bench.spawn(self.mid, self.start())]
        self.move("tap0", self.a, MAC_A, "10.0.0.1/24")
        ip("-n", self.a, "link", "set", "tap0", "mtu", "1450")
        self.far_end("tap1")

    def far_end(self, dev):
        """The other host: the kernel's own VXLAN over the device."""
        self.move(dev, self.b, MAC_B, "172.16.0.2/24")
        ip("-n", self.b, "neigh", "replace", "172.16.0.1", "lladdr", MAC_UL,
           "dev", dev)
        self.vxlan(self.b, "172.16.0.2", "172.16.0.1",
                   "02:00:00:00:0b:02", "10.0.0.2/24")


class Ovs:
    """An Open vSwitch of our own in a namespace, still without bridges."""

    def __init__(self, bench, ns):
        self.ns = ns
        self.dir = os.path.join(bench.tmp, f"ovs-{ns}")
        os.mkdir(self.dir)
        env = dict(os.environ, OVS_RUNDIR=self.dir, OVS_DBDIR=self.dir,
                   OVS_LOGDIR=self.dir)
        run("ovsdb-tool", "create", f"{self.dir}/conf.db",
            "/usr/share/openvswitch/vswitch.ovsschema")
        bench.spawn(ns, [
            "ovsdb-server", f"{self.dir}/conf.db",
            f"--remote=punix:{self.dir}/db.sock", "--log-file=/dev/null"],
            env=env)
        while not os.path.exists(f"{self.dir}/db.sock"):
            time.sleep(0.05)
        self.ctl("--no-wait", "init")
        self.vswitchd = bench.spawn(ns, [
            "ovs-vswitchd", f"unix:{self.dir}/db.sock",
            "--log-file=/dev/null"], env=env)

    def ctl(self, *args):
        return run("ip", "netns", "exec", self.ns, "ovs-vsctl",
                   f"--db=unix:{self.dir}/db.sock", "--timeout=20", *args)


class OvsVxlan(CvswdVxlan):
    name = "ovs-vxlan"

    def build(self):
        self.mid = self.bench.netns(self.name + "-m")
        ovs = Ovs(self.bench, self.mid)
        self.middle = [ovs.vswitchd]
        ovs.ctl("add-br", "br-phy", "--", "set", "bridge", "br-phy",
                 "datapath_type=netdev", f'other-config:hwaddr="{MAC_UL}"',
                "--", "add-port", "br-phy", "tap1", "--",
                 "set", "interface", "tap1", "type=tap")
        ovs.ctl("add-br", "br-int", "--", "set", "bridge", "br-int",
                 "datapath_type=netdev", "--", "add-port", "br-int", "tap0",
                 "--", "set", "interface", "tap0", "type=tap", "--",
                 "add-port", "br-int", "vx0", "--", "set", "interface", "vx0",
                 "type=vxlan", "options:remote_ip=172.16.0.2",
                 f"options:key={VNI}")
        ip("-n", self.mid, "address", "add", "172.16.0.1/24", "dev", "br-phy")
        ip("-n", self.mid, "link", "set", "br-phy", "up")
        self.move("tap0", self.a, MAC_A, "10.0.0.1/24")
        ip("-n", self.a, "link", "set", "tap0", "mtu", "1450")
        self.far_end("tap1")


class Bench:
    def __init__(self, args):
        self.args = args
        self.tmp = tempfile.mkdtemp(prefix="cvsw-bench-")
        self.tag = f"cb{os.getpid()}-"
        self.spaces, self.procs = [], []

    def netns(self, name):
        name = self.tag + name
        ip("netns", "add", name)
        self.spaces.append(name)
        # no router solicitations and the like in the middle of a run
        run("ip", "netns", "exec", name, "sh", "-c",
            "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; ip link set lo up")
        return name

    def spawn(self, ns, argv, **kwargs):
        log = open(os.path.join(self.tmp, f"log{len(self.procs)}"), "w")
        proc = subprocess.Popen(["ip", "netns", "exec", ns] + argv, stdout=log,
                                stderr=log, stdin=subprocess.DEVNULL, **kwargs)
        self.procs.append(proc)
        return proc

    def close(self):
        for proc in reversed(self.procs):
            proc.terminate()
        for proc in self.procs:
            try:
                proc.wait(5)
            except subprocess.TimeoutExpired:
                proc.kill()
                proc.wait()
        for name in self.spaces:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        shutil.rmtree(self.tmp, ignore_errors=True)

    def tcp(self, path, streams, reverse=False, window=None):
        """(Gbit/s, CPU seconds a GB) of TCP from a to b, or back."""
        server = self.spawn(path.b, ["iperf3", "-s", "-1", "-p", "5201"])
        argv = ["ip", "netns", "exec", path.a, "iperf3", "-c", "10.0.0.2", "-p",
                "5201", "-t", str(self.args.seconds), "-P", str(streams), "-J"]
        if reverse:
            argv.append("-R")
        if window:
            argv += ["-w", window]
        for _ in range(100):
            if run("ip", "netns", "exec", path.b, "ss", "-Hltn", "sport = :5201"):
                break
            time.sleep(0.02)
        cpu = path.cpu()
        out = json.loads(run(*argv))
        cpu = path.cpu() - cpu
        server.wait(10)
        self.procs.remove(server)
        total = out["end"]["sum_received"]
        return total["bits_per_second"] / 1e9, cpu / (total["bytes"] / 1e9)

    def udp(self, path, flows):
        """(frames per second that arrived, CPU ns each) for 60-byte frames."""
        dev = path.dev_b()
        stat = f"/sys/class/net/{dev}/statistics/rx_packets"

        def arrived():
            return int(run("ip", "netns", "exec", path.b, "cat", stat))

        sink = self.spawn(path.b, [self.args.udp_load, "sink", "9",
                                   str(self.args.seconds + 5)])
        time.sleep(0.1)
        frames, cpu, start = arrived(), path.cpu(), time.monotonic()
        run("ip", "netns", "exec", path.a, self.args.udp_load, "send",
            "10.0.0.2", "9", "18", str(flows), str(self.args.seconds))
        took = time.monotonic() - start
        time.sleep(0.1)
        frames, cpu = arrived() - frames, path.cpu() - cpu
        sink.terminate()
        sink.wait()
        self.procs.remove(sink)
        return frames / took, cpu / max(frames, 1) * 1e9


def parser(text):
    """What every bench over namespaces takes."""
    p = argparse.ArgumentParser(description=text.split("\n")[0])
    p.add_argument("--cvswd", required=True)
    p.add_argument("--rounds", type=int, default=5)
    if os.geteuid():
        sys.exit("needs root for network namespaces")
    return p


def arguments(text):
    """What every bench over paths takes."""
    p = parser(text)
    p.add_argument("--null-tap", required=True)
    p.add_argument("--udp-load", required=True)
    p.add_argument("--seconds", type=int, default=2)
    return p.parse_args()


def spread(values):
    """(max - min) / median, as in bench.h."""
    mid = statistics.median(values)
    return round((max(values) - min(values)) / mid, 3) if mid else 0


def report(name, unit, ours, peer=None, theirs=None):
    out = {"name": name, "value": round(statistics.median(ours), 3),
           "unit": unit, "peer": peer, "peer_value": None, "ratio": None,
           "runs": len(ours), "spread": spread(ours)}
    if theirs and statistics.median(theirs):
        out["peer_value"] = round(statistics.median(theirs), 3)
        out["ratio"] = round(statistics.median(
            o / t for o, t in zip(ours, theirs) if t), 3)
    print(json.dumps(out), flush=True)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""What the switch costs in a guest: kernel instructions for each packet.

One guest, without hardware virtualisation, whose virtio_net has two queue
pairs.  The same traffic goes through it in each way that it can be set up, in
turn, several rounds; a plugin of QEMU (insn.c) counts what the kernel executes
between two marks.  Instructions do not depend on how busy this machine is.

  stock      without our module
  attached   with it: no flow, miss=pass
  flows-1k   1000 flows; those that match rewrite the TOS and answer from the
             cache
  vxlan-dev  the kernel's own vxlan device
  vxlan      ours: a push and a pop by flows; likewise geneve, stt

udp-out and udp-in are frames of 64 bytes on the wire, with the system call that
sends or receives them; tcp-out super-frames of up to 64 KiB, as many as TCP hands
down, and tcp-in 64 KiB, in as many as TCP is given, with their acknowledgements
and all segmentation done in software.

Prints one JSON object a line, as the other benches do, and a table on standard
error.  NAME/cvsw is what of NAME is the module's own.
"""

import argparse
import bisect
import collections
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from paths import spread

GUEST = "02:00:00:00:0a:02"
HOST = "02:00:00:00:0c:01"
PEER = "02:00:00:00:0c:03"                      # cvswd
INNER = "02:00:00:00:0d:01"

# kind of traffic: packets of a full and of a quick run, and the function that
# is called once for each where they cannot be known
TRAFFIC = {
    "udp-out": (4000, 2000, None),
    "udp-in": (4000, 2000, None),
    "tcp-out": (400, 200, "__ip_queue_xmit"),
    "tcp-in": (400, 200, None),
}

# way: address of the other end, whom it is compared with
WAYS = {
    "stock": ("10.9.0.1", None),
    "attached": ("10.9.0.1", "stock"),
    "flows-1k": ("10.9.0.1", "stock"),
    "vxlan-dev": ("10.10.0.1", "stock"),
    "vxlan": ("10.11.0.1", "vxlan-dev"),
    "geneve": ("10.12.0.1", "vxlan-dev"),
    "stt": ("10.13.0.1", "stock"),
}

PUSH = {
    "vxlan": f"push_vxlan(vni=11,src=10.9.0.2,dst=10.9.0.1,eth_src={GUEST},eth_dst={HOST})",
    "geneve": f"push_geneve(vni=12,src=10.9.0.2,dst=10.9.0.3,eth_src={GUEST},eth_dst={PEER})",
    "stt": f"push_stt(id=13,src=10.9.0.2,dst=10.9.0.3,eth_src={GUEST},eth_dst={PEER})",
}
OUTER = {"vxlan": "udp,tp_dst=4789", "geneve": "udp,tp_dst=6081",
         "stt": "tcp,tp_dst=7471"}

PEER_FLOWS = f"""\
in_port=2,actions=push_geneve(vni=12,src=10.9.0.3,dst=10.9.0.2,eth_src={PEER},eth_dst={GUEST}),output:1
in_port=3,actions=push_stt(id=13,src=10.9.0.3,dst=10.9.0.2,eth_src={PEER},eth_dst={GUEST}),output:1
in_port=1,{OUTER["geneve"]},actions=pop_geneve,output:2
in_port=1,{OUTER["stt"]},actions=pop_stt,output:3
"""

HOST_SIDE = f"""
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link add br0 address {HOST} type bridge stp_state 0 mcast_snooping 0
ip link set vnic0 master br0
ip link set br0 up
ip addr add 10.9.0.1/24 dev br0
ip neigh replace 10.9.0.2 lladdr {GUEST} dev br0
for id in 10 11; do
	ip link add vx$id address {INNER} type vxlan id $id local 10.9.0.1 \\
		remote 10.9.0.2 dstport 4789 dev br0
	ip link set vx$id up
	ip addr add 10.$id.0.1/24 dev vx$id
done
ip neigh replace 10.11.0.2 lladdr {GUEST} dev vx11
"$cvswd" -s $dir/sock --port tap:ul --port tap:t12 --port tap:t13 \\
	--flows $dir/peer --miss drop >$dir/log 2>&1 &
until ip link show t13 >/dev/null 2>&1; do sleep 0.1; done
ip link set ul master br0 up
for id in 12 13; do
	ip link set t$id address {INNER}
	ip link set t$id up
	ip addr add 10.$id.0.1/24 dev t$id
	ip neigh replace 10.$id.0.2 lladdr {GUEST} dev t$id
done
ip link set t12 mtu 1450
"$load" serve >>$dir/log 2>&1 &
"""

GUEST_SIDE = """#!/bin/sh
set -e
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set eth0 up
for id in 9 11 12 13; do
	ip addr add 10.$id.0.2/24 dev eth0
done
for id in 11 12 13; do
	ip neigh replace 10.$id.0.1 lladdr @INNER@ dev eth0
done
ip neigh replace 10.9.0.1 lladdr @HOST@ dev eth0
for id in 11 12; do
	ip route replace 10.$id.0.1 dev eth0 src 10.$id.0.2 mtu 1450 advmss 1410
done
until ping -c 1 -W 1 10.9.0.1 >/dev/null; do :; done

start()
{
	case $1 in
	stock) ;;
	vxlan-dev)
		ip link add vx10 type vxlan id 10 local 10.9.0.2 \\
			remote 10.9.0.1 dstport 4789 dev eth0
		ip link set vx10 up
		ip addr add 10.10.0.2/24 dev vx10 ;;
	*)
		insmod /cvsw.ko attach=virtio_net
		[ $1 = attached ] ||
			cvsw-nl -s netlink:eth0 flow add - </flows/$1 ;;
	esac
	[ -e /out/symbols.$1 ] || grep -i ' [tw] ' /proc/kallsyms >/out/symbols.$1
}

stop()
{
	case $1 in
	stock) ;;
	vxlan-dev) ip link del vx10 ;;
	*)	cvsw-nl -s netlink:eth0 -j drops >/out/drops.$1
		rmmod cvsw ;;
	esac
}

rounds=$1
shift
while [ $rounds -gt 0 ]; do
	while read -r way address; do
		start $way
		while read -r traffic n; do
			echo $way $traffic $n | tee -a /out/done
			insn_load $traffic $address $n
		done </traffic
		stop $way
	done </ways
	rounds=$((rounds - 1))
done
"""


def flows(way):
    """The flows of a way, a line each."""
    if way == "flows-1k":
        yield from (f"priority={10 + n},ip,nw_dst=10.200.{n >> 8}.{n & 255},"
                    "actions=mod_nw_tos:4,output:2" for n in range(998))
        yield "in_port=1,ip,actions=mod_nw_tos:8,output:2"
        yield "in_port=2,ip,actions=mod_nw_tos:8,output:1"
    elif way in PUSH:
        address = WAYS[way][0]
        yield f"in_port=1,ip,nw_dst={address},actions={PUSH[way]},output:2"
        yield f"in_port=2,{OUTER[way]},actions=pop_{way},output:1"


def arguments():
    what, _, rest = __doc__.partition("\n")
    parser = argparse.ArgumentParser(
        description=what, epilog=rest.strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--builddir", type=Path, default=Path("."),
        help="where cvsw-nl, cvswd and insn_load are built")
    add("--kernel", metavar="NAME", default="6.1",
        help="of tests/guest/fetch.sh")
    add("--module", metavar="FILE", type=Path,
        help="cvsw.ko; made by make kmod unless given")
    add("--rounds", type=int, default=5)
    add("--quick", action="store_true", help="fewer packets, one round")
    add("--ways", default=",".join(WAYS), help="which, of those above")
    add("--traffic", default=",".join(TRAFFIC), help="likewise")
    add("--symbols", metavar="N", type=int, default=0,
        help="tell, for each way, the N functions that differ most from what "
        "it is compared with")
    args = parser.parse_args()
    args.srcdir = Path(__file__).resolve().parents[2]
    args.ways = args.ways.split(",")
    args.traffic = args.traffic.split(",")
    for name in args.ways + args.traffic:
        if name not in WAYS and name not in TRAFFIC:
            parser.error(f"there is no {name}")
    return args


def fetch(args):
    """The kernel's folder, kept where the tests keep it."""
    cache = os.environ.get("CVSW_KERNEL_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
        "cvsw")
    os.makedirs(cache, exist_ok=True)
    kernel = os.path.join(cache, args.kernel)
    subprocess.run(["flock", cache, args.srcdir / "tests/guest/fetch.sh",
                    args.kernel, kernel], check=True, stdout=sys.stderr)
    return kernel


def build_module(args, kernel, work):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith("MAKE") and name != "MFLAGS"}
    subprocess.run(["make", "-s", "-C", args.builddir, "kmod",
                    f"KERNEL_DIR={kernel}/build", f"KMOD_BUILD={work}/kmod",
                    "KMOD_FLAGS=CONFIG_DEBUG_INFO_BTF_MODULES="],
                   check=True, stdout=sys.stderr, env=env)
    return work / "kmod/kmod/cvsw.ko"


def build_plugin(args, work):
    plugin = work / "insn.so"
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-shared", "-fPIC",
                    "-o", plugin, args.srcdir / "tests/bench/insn.c"],
                   check=True)
    return plugin


def run_guest(args, work):
    """Boot it; what it leaves is in WORK/out, the counts in WORK/counts."""
    kernel = fetch(args)
    module = args.module or build_module(args, kernel, work)
    load = (args.builddir / "tests/bench/insn_load").resolve()
    cvsw_nl = (args.builddir / "tools/nl/cvsw-nl").resolve()
    cvswd = (args.builddir / "tools/cvswd/cvswd").resolve()
    script = GUEST_SIDE.replace("@INNER@", INNER).replace("@HOST@", HOST)
    (work / "script").write_text(script)
    (work / "peer").write_text(PEER_FLOWS)
    (work / "flows").mkdir()
    for way in args.ways:
        (work / "flows" / way).write_text(
            "".join(flow + "\n" for flow in flows(way)))
    (work / "ways").write_text(
        "".join(f"{way} {WAYS[way][0]}\n" for way in args.ways))
    (work / "traffic").write_text(
        "".join(f"{name} {TRAFFIC[name][args.quick]}\n"
                for name in args.traffic))
    ip = shutil.which("ip", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    host = f"dir={work}\nload={load}\ncvswd={cvswd}\n{HOST_SIDE}"
    files = [f"{module}:/cvsw.ko", f"{cvsw_nl}:/usr/bin/cvsw-nl",
             f"{load}:/usr/bin/insn_load", f"{work}/flows:/flows",
             f"{work}/ways:/ways", f"{work}/traffic:/traffic",
             f"{ip}:/usr/bin/ip"]
    libs = (args.builddir / "libcvsw/.libs").resolve()
    subprocess.run(
        [args.srcdir / "tests/guest/run", "-k", kernel, "-m", "virtio_net",
         "-m", "vxlan", *(word for name in files for word in ("-f", name)),
         "-n", f"vnic0,queues=2,mac={GUEST}", "--host", host,
         "-a", "nokaslr", "-o", work / "out", "-t", str(60 + 30 * args.rounds * len(args.ways)),
         "-q", f"-plugin {build_plugin(args, work)},out={work}/counts",
         work / "script", str(1 if args.quick else args.rounds)],
        check=True, stdout=sys.stderr,
        env={**os.environ, "LD_LIBRARY_PATH": str(libs)})


def lacking():
    """Why there can be no guest here, None when there can."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    for tool in ("qemu-system-x86_64", "busybox", "depmod", "unshare", "ip"):
        if not shutil.which(tool, path=path):
            return f"needs {tool}"
    if platform.machine() != "x86_64":
        return "its programs are for the guest, which is x86_64"
    return None


class Symbols:
    """The kernel's functions, by address."""

    def __init__(self, path):
        found = []
        for line in path.read_text().splitlines():
            address, _, name, *module = line.split()
            found.append((int(address, 16), name, bool(module) and
                          module[0] == "[cvsw]"))
        found.sort()
        self.address = [entry[0] for entry in found]
        self.entry = found

    def find(self, address):
        return self.entry[bisect.bisect_right(self.address, address) - 1]


class Count:
    """What was executed between two marks, for each packet."""

    def __init__(self, blocks, symbols, packets, function):
        self.by = collections.Counter()
        self.ours = 0
        for address, runs, n in blocks:
            start, name, ours = symbols.find(address)
            self.by[name] += n
            self.ours += n * ours
            if name == function and start == address:
                packets += runs
        self.all = sum(self.by.values()) / packets
        self.ours /= packets
        for name in self.by:
            self.by[name] /= packets


def sections(path):
    """Blocks of each section, as (address, executions, instructions)."""
    blocks = []
    with open(path) as lines:
        for line in lines:
            if line.startswith("mark"):
                if blocks is not None:
                    yield blocks
                blocks = []
            else:
                address, runs, n = line.split()
                blocks.append((int(address, 16), int(runs), int(n)))
    yield blocks


def counts(work):
    """Lists of Count by (traffic, way)."""
    symbols, found = {}, collections.defaultdict(list)
    # nothing, up to the first mark, up to the second, and so on
    between = list(sections(work / "counts"))[2::2]
    for done, blocks in zip((work / "out/done").read_text().splitlines(),
                            between, strict=True):
        way, traffic, n = done.split()
        if way not in symbols:
            symbols[way] = Symbols(work / f"out/symbols.{way}")
        function = TRAFFIC[traffic][2]
        found[traffic, way].append(
            Count(blocks, symbols[way], 0 if function else int(n), function))
    return found


def report(name, ours, peer, theirs):
    out = {"name": f"guest/{name}", "value": round(statistics.median(ours), 1),
           "unit": "instructions", "peer": peer, "peer_value": None,
           "ratio": None, "runs": len(ours), "spread": spread(ours)}
    if theirs:
        out["peer_value"] = round(statistics.median(theirs), 1)
        out["ratio"] = round(statistics.median(ours) /
                             statistics.median(theirs), 4)
    print(json.dumps(out), flush=True)
    print(f"{name:24} {out['value']:10.1f} {out['ratio'] or '':8} "
          f"{peer or '':10} {out['spread']:6.3f}", file=sys.stderr)


def median_by(found):
    """Instructions of each function, the median of the rounds."""
    names = {name for count in found for name in count.by}
    return {name: statistics.median(count.by[name] for count in found)
            for name in names}


def tell_symbols(title, ours, theirs, n):
    ours, theirs = median_by(ours), median_by(theirs)
    both = {name: ours.get(name, 0) - theirs.get(name, 0)
            for name in ours.keys() | theirs.keys()}
    print(title, file=sys.stderr)
    for name in sorted(both, key=lambda name: -abs(both[name]))[:n]:
        print(f"  {name:36} {ours.get(name, 0):8.1f} {both[name]:+8.1f}",
              file=sys.stderr)


def main():
    args = arguments()
    if lacking():
        print(f"bench_guest {lacking()}: left out", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="cvsw-bench-") as work:
        work = Path(work)
        run_guest(args, work)
        found = counts(work)
    for (traffic, way), ours in found.items():
        peer = WAYS[way][1]
        theirs = found.get((traffic, peer))
        report(f"{traffic}/{way}", [count.all for count in ours],
               theirs and peer, theirs and [count.all for count in theirs])
        if way not in ("stock", "vxlan-dev"):
            report(f"{traffic}/{way}/cvsw", [count.ours for count in ours],
                   None, None)
    for (traffic, way), ours in found.items():
        theirs = found.get((traffic, WAYS[way][1]))
        if args.symbols and theirs:
            tell_symbols(f"{traffic}/{way}", ours, theirs, args.symbols)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""How fast TCP is through tunnels of cvsw.ko in a guest.

One guest, without hardware virtualisation and so always busy, whose virtio_net
has two queue pairs; iperf3 to and from the host's side, each way in turn,
several rounds.  Ratios of the medians; this machine should have nothing else
to do.

  plain      without our module
  stt        to a cvswd: super-frames as they are
  vxlan      from the kernel's own vxlan device, one frame a segment
  vxlan-raw  the same, with what comes out of the tunnel not merged again
             (ethtool -K eth0 gro off)

Prints one JSON object a line, as the other benches do, and a table on standard
error.
"""

import argparse
import collections
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_guest import build_module, fetch, lacking
from paths import spread

GUEST = "02:00:00:00:0a:02"
HOST = "02:00:00:00:0c:01"
PEER = "02:00:00:00:0c:03"                      # cvswd
INNER = "02:00:00:00:0d:01"

# way: address of the other end, directions, whom it is compared with
WAYS = {
    "plain": ("10.9.0.1", ("out", "in"), None),
    "stt": ("10.13.0.1", ("out", "in"), "plain"),
    "vxlan-raw": ("10.11.0.1", ("in",), "plain"),
    "vxlan": ("10.11.0.1", ("in",), "vxlan-raw"),
}

def push(kind, tunnel, here, there):
    return (f"push_{kind}({tunnel},src=10.9.0.{here[0]},dst=10.9.0.{there[0]},"
            f"eth_src={here[1]},eth_dst={there[1]})")


US, KERNEL, CVSWD = (2, GUEST), (1, HOST), (3, PEER)

PEER_FLOWS = f"""\
in_port=2,actions={push("stt", "id=13", CVSWD, US)},output:1
in_port=1,tcp,tp_dst=7471,actions=pop_stt,output:2
"""

FLOWS = f"""\
in_port=1,ip,nw_dst=10.13.0.1,actions={push("stt", "id=13", US, CVSWD)},output:2
in_port=2,tcp,tp_dst=7471,actions=pop_stt,output:1
in_port=1,ip,nw_dst=10.11.0.1,actions={push("vxlan", "vni=11", US, KERNEL)},output:2
in_port=2,udp,tp_dst=4789,actions=pop_vxlan,output:1
"""

HOST_SIDE = f"""
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link add br0 address {HOST} type bridge stp_state 0 mcast_snooping 0
ip link set vnic0 txqueuelen 10000 master br0
ip link set br0 up
ip addr add 10.9.0.1/24 dev br0
ip neigh replace 10.9.0.2 lladdr {GUEST} dev br0
ip link add vx11 address {INNER} type vxlan id 11 local 10.9.0.1 \\
	remote 10.9.0.2 dstport 4789 dev br0
ip link set vx11 up
ip addr add 10.11.0.1/24 dev vx11
ip neigh replace 10.11.0.2 lladdr {GUEST} dev vx11
"$cvswd" -s $dir/sock --port tap:ul --port tap:t13 --flows $dir/peer \\
	--miss drop >$dir/log 2>&1 &
until ip link show t13 >/dev/null 2>&1; do sleep 0.1; done
ip link set ul txqueuelen 10000 master br0 up
ip link set t13 address {INNER}
ip link set t13 up
ip addr add 10.13.0.1/24 dev t13
ip neigh replace 10.13.0.2 lladdr {GUEST} dev t13
iperf3 -s >/dev/null &
"""

GUEST_SIDE = f"""#!/bin/sh
set -e
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set eth0 up
for id in 9 11 13; do
	ip addr add 10.$id.0.2/24 dev eth0
done
ip neigh replace 10.9.0.1 lladdr {HOST} dev eth0
ip neigh replace 10.11.0.1 lladdr {INNER} dev eth0
ip neigh replace 10.13.0.1 lladdr {INNER} dev eth0
ip route replace 10.11.0.1 dev eth0 src 10.11.0.2 mtu 1450 advmss 1410
until ping -c 1 -W 1 10.9.0.1 >/dev/null; do :; done

rounds=$1 seconds=$2
while [ $rounds -gt 0 ]; do
	while read -r way address directions; do
		[ $way = plain ] || {{
			insmod /cvsw.ko attach=virtio_net
			cvsw-nl -s netlink:eth0 flow add - </flows
		}}
		[ $way != vxlan-raw ] || ethtool -K eth0 gro off
		for direction in $directions; do
			[ $direction = in ] && reverse=-R || reverse=
			iperf3 -J -O 0.5 -t $seconds -c $address $reverse \\
				>/out/$way.$direction.$rounds
		done
		ethtool -K eth0 gro on
		[ $way = plain ] || rmmod cvsw
	done </ways
	rounds=$((rounds - 1))
done
"""


def arguments():
    what, _, rest = __doc__.partition("\n")
    parser = argparse.ArgumentParser(
        description=what, epilog=rest.strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--builddir", type=Path, default=Path("."),
        help="where cvsw-nl and cvswd are built")
    add("--kernel", metavar="NAME", default="6.1",
        help="of tests/guest/fetch.sh")
    add("--module", metavar="FILE", type=Path,
        help="cvsw.ko; made by make kmod unless given")
    add("--rounds", type=int, default=5)
    add("--seconds", type=float, default=3)
    add("--quick", action="store_true", help="one round")
    add("--ways", default=",".join(WAYS), help="which, of those above")
    args = parser.parse_args()
    args.srcdir = Path(__file__).resolve().parents[2]
    args.ways = args.ways.split(",")
    for name in args.ways:
        if name not in WAYS:
            parser.error(f"there is no {name}")
    if args.quick:
        args.rounds = 1
    return args


def run_guest(args, work):
    """Boot it; what iperf3 says is in WORK/out."""
    kernel = fetch(args)
    module = args.module or build_module(args, kernel, work)
    path = "/usr/sbin:/sbin:/usr/bin:/bin"
    tools = {name: shutil.which(name, path=path)
             for name in ("ip", "ethtool", "iperf3")}
    tools["cvsw-nl"] = (args.builddir / "tools/nl/cvsw-nl").resolve()
    cvswd = (args.builddir / "tools/cvswd/cvswd").resolve()
    (work / "script").write_text(GUEST_SIDE)
    (work / "peer").write_text(PEER_FLOWS)
    (work / "flows").write_text(FLOWS)
    (work / "ways").write_text("".join(
        f"{way} {WAYS[way][0]} {' '.join(WAYS[way][1])}\n"
        for way in args.ways))
    files = [f"{module}:/cvsw.ko", f"{work}/flows:/flows",
             f"{work}/ways:/ways",
             *(f"{where}:/usr/bin/{name}" for name, where in tools.items())]
    runs = args.rounds * sum(len(WAYS[way][1]) for way in args.ways)
    subprocess.run(
        [args.srcdir / "tests/guest/run", "-k", kernel, "-m", "virtio_net",
         *(word for name in files for word in ("-f", name)),
         "-n", f"vnic0,queues=2,mac={GUEST}",
         "--host", f"dir={work}\ncvswd={cvswd}\n{HOST_SIDE}",
         "-o", work / "out", "-t", str(60 + runs * (args.seconds + 4)),
         work / "script", str(args.rounds), str(args.seconds)],
        check=True, stdout=sys.stderr,
        env={**os.environ, "LD_LIBRARY_PATH":
             str((args.builddir / "libcvsw/.libs").resolve())})


def results(work):
    """Lists of Mbit/s by (way, direction)."""
    found = collections.defaultdict(list)
    for path in sorted((work / "out").iterdir()):
        way, direction, _ = path.name.rsplit(".", 2)
        said = json.loads(path.read_text())
        if "error" in said:
            raise RuntimeError(f"{path.name}: {said['error']}")
        found[way, direction].append(
            said["end"]["sum_received"]["bits_per_second"] / 1e6)
    return found


def main():
    args = arguments()
    if lacking() or not shutil.which("iperf3"):
        print(f"bench_guest_tcp {lacking() or 'needs iperf3'}: left out",
              file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="cvsw-bench-") as work:
        work = Path(work)
        run_guest(args, work)
        found = results(work)
    for (way, direction), ours in found.items():
        peer = WAYS[way][2]
        theirs = found.get((peer, direction))
        out = {"name": f"guest-tcp/{direction}/{way}",
               "value": round(statistics.median(ours), 1), "unit": "Mbit/s",
               "peer": theirs and peer, "peer_value": None, "ratio": None,
               "runs": len(ours), "spread": spread(ours)}
        if theirs:
            out["peer_value"] = round(statistics.median(theirs), 1)
            out["ratio"] = round(out["value"] / out["peer_value"], 3)
        print(json.dumps(out), flush=True)
        print(f"{way + ' ' + direction:16} {out['value']:8.1f} "
              f"{out['ratio'] or '':8} {out['peer'] or '':10} "
              f"{out['spread']:6.3f}", file=sys.stderr)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Gather what the benches print: a table, a JSON file, plots.

  bench_x | report.py OUTDIR

Standard input has one JSON object a line, {"name","value","unit","peer",
"peer_value","ratio","runs","spread"}; other lines are passed on to standard
error.  OUTDIR gets bench.json, the list of them, and where gnuplot is
installed one GROUP.svg for each first part of the names ("lookup", "e2e"), and
tunnel_streams.svg: throughput over streams, a line for each path.
"""

import json
import os
import shutil
import subprocess
import sys

FIELDS = {"name", "value", "unit", "peer", "peer_value", "ratio", "runs", "spread"}


def read(stream):
    for line in stream:
        try:
            item = json.loads(line)
        except ValueError:
            item = None
        if isinstance(item, dict) and FIELDS <= item.keys():
            print(f"  {item['name']}", file=sys.stderr)
            yield item
        else:
            sys.stderr.write(line)


def number(value):
    return "" if value is None else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"


def table(items):
    head = ("what", "ours", "unit", "peer", "peer's", "ratio", "spread")
    rows = [head] + [(i["name"], number(i["value"]), i["unit"], i["peer"] or "",
                      number(i["peer_value"]), number(i["ratio"]),
                      number(i["spread"])) for i in items]
    width = [max(len(r[c]) for r in rows) for c in range(len(head))]
    for row in rows:
        print("  ".join(cell.rjust(w) if c in (1, 4, 5, 6) else cell.ljust(w)
                        for c, (cell, w) in enumerate(zip(row, width))).rstrip())


def plot(group, items, path):
    """Horizontal bars of the ratio to the peer, 1 being the peer."""
    bars = [i for i in items if i["ratio"]]
    if not bars:
        return
    data = "\n".join(f'{n} {i["ratio"]} "{i["name"]} / {i["peer"]}"'
                     for n, i in enumerate(reversed(bars)))
    script = f"""
set terminal svg size 900,{120 + 26 * len(bars)} background "white"
set output "{path}"
set title "{group}: ratio to the peer (1 = as the peer)"
set logscale x
set xrange [{min(0.05, min(i["ratio"] for i in bars) / 1.3)}:{max(3, max(i["ratio"] for i in bars) * 1.3)}]
set yrange [-1:{len(bars)}]
set grid xtics
set lmargin 48
set arrow from 1,graph 0 to 1,graph 1 nohead lw 2
$d << EOD
{data}
EOD
set boxwidth 0.6
plot $d using ($2):($0):(0.01):($2):($0-0.3):($0+0.3):ytic(3) with boxxyerror fs solid 0.5 notitle
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def plot_streams(items, path):
    """Throughput of tunnel/tcp-STREAMS/NAME over STREAMS, a line for each NAME."""
    lines = {}
    for i in items:
        part = i["name"].split("/")
        if part[0] == "tunnel" and len(part) == 3:
            lines.setdefault(part[2], {})[int(part[1][4:])] = i["value"]
    if not lines:
        return
    data = "\n\n\n".join(
        f'"{name}"\n' + "\n".join(f"{n} {v}" for n, v in sorted(line.items()))
        for name, line in lines.items())
    script = f"""
set terminal svg size 900,560 background "white"
set output "{path}"
set title "TCP through a tunnel between two switches"
set xlabel "streams"
set ylabel "Gbit/s"
set logscale x 2
set yrange [0:*]
set grid
set key outside right
$d << EOD
{data}
EOD
plot for [n=0:{len(lines) - 1}] $d index n using 1:2 with linespoints title columnheader(1)
"""
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: report.py OUTDIR")
    out = sys.argv[1]
    items = list(read(sys.stdin))
    if not items:
        sys.exit("report: no results")
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "bench.json"), "w") as f:
        json.dump(items, f, indent=1)
        f.write("\n")
    table(items)
    if shutil.which("gnuplot"):
        for group in dict.fromkeys(i["name"].split("/")[0] for i in items):
            plot(group, [i for i in items if i["name"].split("/")[0] == group],
                 os.path.join(out, f"{group}.svg"))
        plot_streams(items, os.path.join(out, "tunnel_streams.svg"))
    print(f"\nwritten to {out}/bench.json", file=sys.stderr)


if __name__ == "__main__":
    main()

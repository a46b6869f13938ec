#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""storm.py PORT: ports 1 and 2 are one cable, and a frame goes round in it for ever,
telling the controller each time.  The controller must still get its way (as
oftest's LoadBarrier has it)."""

import sys
import time

import frames
import of10
from of10 import flow_mod, match, output


def barriers(sw):
    worst, told = 0, 0
    for _ in range(20):
        began = time.monotonic()
        sw.barrier(10)
        worst = max(worst, time.monotonic() - began)
        told += len(sw.queue)
        sw.queue.clear()
        time.sleep(0.05)
    print('# barriers within %.3f s, among %d PACKET_INs' % (worst, told))
    assert worst < 1
    assert told > 20


def other_work(sw):
    """flows, statistics and ports, all the while"""
    for i in range(20):
        sw.do(flow_mod(match(in_port=9, dl_type=i), output(1)))
    assert len(sw.flows(match(in_port=9))) == 20
    before = sw.port_stats(1)[1][0]
    time.sleep(0.2)
    assert sw.port_stats(1)[1][0] > before + 100
    sw.queue.clear()


def over(sw):
    sw.clear()
    time.sleep(0.2)
    before = sw.port_stats(1)
    time.sleep(0.3)
    assert sw.port_stats(1) == before


def main():
    cases = of10.Cases()
    sw = of10.Listener(int(sys.argv[1])).accept(10)
    sw.hello()
    sw.clear()
    sw.do(flow_mod(match(in_port=1), output(2) + output(of10.CONTROLLER)))
    for i in range(20):
        sw.send(of10.packet_out(bytes(frames.udp(dport=i)), output(2), 1))
    cases.run('barriers in a storm', barriers, sw)
    cases.run('other work in a storm', other_work, sw)
    cases.run('the storm is over', over, sw)
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

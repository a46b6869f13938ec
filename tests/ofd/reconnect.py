#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""reconnect.py PORT COUNT: a controller that comes and goes.  The switch has to be
back within 1.5 s of each loss, which is told in all the ways that there are, and
has kept its flows."""

import socket
import struct
import sys
import time

import of10
from of10 import equal, flow_mod, output

BACK = 1.5


class Controller:
    def __init__(self, port):
        self.port = port
        self.listener = of10.Listener(port)
        self.took = []
        self.lost = None

    def accept(self, wait=BACK):
        """the next session, handshake done"""
        sw = self.listener.accept(wait)
        if self.lost is not None:
            self.took.append(time.monotonic() - self.lost)
        sw.hello()
        sw.features()
        return sw

    def loses(self):
        self.lost = time.monotonic()

    def restart(self, after=0):
        """the listener too, as of a process that ends and is started anew"""
        self.listener.close()
        time.sleep(after)
        self.listener = of10.Listener(self.port)


def reset(sw):
    sw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                       struct.pack('ii', 1, 0))
    sw.close()


def drop(to, how):
    sw = to.accept()
    if how == 'in a message':
        sw.send(flow_mod()[:20])
    to.loses()
    if how == 'reset':
        reset(sw)
    elif how == 'half':
        sw.sock.shutdown(socket.SHUT_WR)
        assert sw.closed(1), 'still there'
        sw.close()
    else:
        sw.close()


def at_once(to):
    """accepted and dropped before a word is said"""
    sw = to.listener.accept(BACK)
    to.loses()
    sw.close()


def restarted(to):
    sw = to.accept()
    to.loses()
    to.listener.close()
    sw.close()
    time.sleep(0.2)
    to.restart()


def late(to, after):
    """comes back when the switch has been refused for a while"""
    sw = to.accept()
    to.listener.close()
    sw.close()
    to.lost = None
    time.sleep(after)
    to.restart()
    began = time.monotonic()
    to.accept(9).close()
    print('# met %.2f s after it came' % (time.monotonic() - began))
    to.loses()


def deaf(to, sw, limit):
    """does not answer, but is there: found out by probing"""
    began = time.monotonic()
    while True:
        try:
            sw.read(began + 30)
        except of10.Closed:
            break
    took = time.monotonic() - began
    assert took < limit, 'given up after %.1f s' % took
    print('# given up after %.1f s' % took)
    to.loses()
    sw.close()


def kept(to):
    """flows outlive sessions"""
    sw = to.accept()
    equal(sorted(flow.cookie for flow in sw.flows()), [1, 2, 3], 'flows')
    to.loses()
    sw.close()


def main():
    port, count = int(sys.argv[1]), int(sys.argv[2])
    cases = of10.Cases()
    to = Controller(port)
    sw = to.accept(15)
    sw.do(*(flow_mod(actions=output(2), cookie=i, in_port=i)
            for i in (1, 2, 3)))
    to.loses()
    sw.close()
    ways = ('closed', 'reset', 'in a message', 'half')
    for i in range(count):
        way = ways[i % len(ways)]
        cases.run('lost %d: %s' % (i, way), drop, to, way)
        if not i % 10:
            cases.run('lost %d: at once' % i, at_once, to)
            cases.run('lost %d: restarted' % i, restarted, to)
            cases.run('lost %d: flows are kept' % i, kept, to)
    cases.run('away for 5 s', late, to, 5)
    cases.run('no answers', lambda: deaf(to, to.accept(), 12))
    sw = to.listener.accept(BACK)
    sw.hello()
    cases.run('nothing but HELLO', deaf, to, sw, 9.5)
    cases.run('and back again', kept, to)
    worst = max(to.took)
    print('# %d times back, after %.2f s at most' % (len(to.took), worst))
    cases.run('within %.1f s' % BACK, lambda: equal(worst < BACK, True))
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

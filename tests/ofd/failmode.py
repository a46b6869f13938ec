#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""failmode.py PORT secure|standalone: what becomes of frames while the controller
is away.  The switch's ports are h1 and h2 at their far ends."""

import sys
import time

import frames
import lab
import of10
from of10 import equal, flow_mod, match, output

KNOWN, STRANGE = bytes(frames.tcp()), bytes(frames.udp())


def arrives(one, two, frame, wait):
    """it comes through, sooner or later"""
    end = time.monotonic() + wait
    while time.monotonic() < end:
        one.send(frame)
        if two.receive(0.1) == frame:
            return True
    return False


def there(sw, one, two):
    """misses are the controller's, and go nowhere else"""
    sw.barrier()
    two.drain()
    one.send(STRANGE)
    equal(of10.parse_packet_in(sw.get(of10.PACKET_IN).body).data, STRANGE,
          'PACKET_IN')
    equal(two.receive(0.2), None, 'frame')
    one.send(KNOWN)
    equal(two.receive(), KNOWN, 'by the flow')


def away(one, two, passes):
    equal(arrives(one, two, KNOWN, 1), True, 'by the flow')
    equal(arrives(one, two, STRANGE, 6), passes, 'a miss')
    equal(arrives(one, two, KNOWN, 1), True, 'by the flow')


def main():
    port, mode = int(sys.argv[1]), sys.argv[2]
    cases = of10.Cases()
    one, two = lab.Wire('h1'), lab.Wire('h2')
    cases.run(mode + ': before there ever was one', lambda: equal(
        arrives(one, two, STRANGE, 6), mode == 'standalone'))
    listener = of10.Listener(port)
    sw = listener.accept(9)
    sw.hello()
    sw.clear()
    sw.do(flow_mod(match(dl_type=0x800, nw_proto=6), output(2)))
    cases.run(mode + ': a controller', there, sw, one, two)
    listener.close()
    sw.close()
    two.drain()
    cases.run(mode + ': it is gone', away, one, two, mode == 'standalone')
    listener = of10.Listener(port)
    sw = listener.accept(9)
    sw.hello()
    cases.run(mode + ': it is back', there, sw, one, two)
    sw.close()
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

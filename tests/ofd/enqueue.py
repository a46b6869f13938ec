#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Queues of port 2, which are 1 (at least a tenth of its rate) and 7: what is
told of them, and which one frames leave by."""

import struct
import sys
import time

import frames
import lab
import of10
from of10 import equal, flow_mod, match, message, output

FRAME = bytes(frames.tcp())


def queue_stats(sw, port=of10.ALL, queue=of10.Q_ALL):
    """{(port, queue): (bytes, packets, errors)}"""
    body = sw.stats(of10.stats(of10.QUEUE, struct.pack('!HxxI', port, queue)))
    return {(one[0], one[1]): one[2:]
            for one in struct.iter_unpack('!HxxIQQQ', body)}


def told(sw):
    equal(sorted(queue_stats(sw)), [(2, 1), (2, 7)], 'all')
    equal(sorted(queue_stats(sw, 2)), [(2, 1), (2, 7)], 'of port 2')
    equal(sorted(queue_stats(sw, 2, 7)), [(2, 7)], 'one')
    equal(sorted(queue_stats(sw, of10.ALL, 7)), [(2, 7)], 'one of any port')
    equal(queue_stats(sw, 1), {}, 'of port 1')
    for port, queue, wanted in ((2, 3, (5, 1)), (1, 1, (5, 1)),
                                (of10.ALL, 3, (5, 1)), (77, 1, (5, 0)),
                                (0xff00, of10.Q_ALL, (5, 0)),
                                (2, 4294967290, (5, 1))):
        equal(sw.refused(of10.stats(of10.QUEUE, struct.pack(
            '!HxxI', port, queue))), wanted, 'ERROR')


def config(sw):
    reply = sw.ask(message(of10.QUEUE_GET_CONFIG_REQUEST,
                           struct.pack('!Hxx', 2)))
    equal(reply.type, of10.QUEUE_GET_CONFIG_REPLY, 'type')
    equal(struct.unpack_from('!H6x', reply.body)[0], 2, 'port')
    rest, found = reply.body[8:], {}
    while rest:
        no, length = struct.unpack_from('!IHxx', rest)
        rates, at = [], 8
        while at < length:
            kind, size, rate = struct.unpack_from('!HH4xH6x', rest, at)
            if kind:
                equal((kind, size), (1, 16), 'property')
                rates.append(rate)
            else:
                equal(size, 8, 'property')
            at += size
        found[no] = rates
        rest = rest[length:]
    equal(sorted(found), [1, 7], 'queues')
    # in 1/10 %; above 1000 there is none
    assert not found[7] or found[7][0] > 1000, found
    assert len(found[1]) == 1 and found[1][0] <= 1000, found


def leave(it, actions, queue):
    """one frame, by this queue and no other"""
    sw = it.switch
    sw.clear()
    sw.do(flow_mod(match(in_port=1), actions))
    it.ports[2].drain()
    before = queue_stats(sw)
    it.ports[1].send(FRAME)
    equal(it.ports[2].receive(), FRAME, 'frame')
    wanted = {no: (octets, packets, errors)
              for no, (octets, packets, errors) in before.items()}
    if queue:
        octets, packets, errors = wanted[2, queue]
        wanted[2, queue] = octets + len(FRAME), packets + 1, errors
    end = time.monotonic() + 3
    while queue_stats(sw) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    equal(queue_stats(sw), wanted, 'counters')


def packet_out(it):
    sw = it.switch
    before = queue_stats(sw)[2, 7][1]
    for _ in range(10):
        sw.send(of10.packet_out(FRAME, of10.enqueue(2, 7)))
    sw.barrier()
    for _ in range(10):
        equal(it.ports[2].receive(), FRAME, 'frame')
    end = time.monotonic() + 3
    while queue_stats(sw)[2, 7][1] < before + 10 and time.monotonic() < end:
        time.sleep(0.05)
    equal(queue_stats(sw)[2, 7][1], before + 10, 'packets')


def main():
    args = lab.arguments()
    cases = of10.Cases(args.ovs)
    it = lab.lab(args)
    sw, run = it.switch, cases.run
    assert sw.features()[3] & 0x40, 'no queue statistics'
    run('queue statistics', told, sw)
    run('queues of a port', config, sw)
    run('enqueue at 1', leave, it, of10.enqueue(2, 1), 1)
    run('enqueue at 7', leave, it, of10.enqueue(2, 7), 7)
    run('enqueue after rewriting', leave, it,
        of10.set_nw_tos(0x28) + of10.enqueue(2, 7), 7)
    run('output', leave, it, output(2), 0)
    run('enqueue where there is none', leave, it, of10.enqueue(2, 3), 0)
    run('enqueue, then output', leave, it,
        of10.enqueue(77, 1) + output(2), 0)
    run('PACKET_OUT by a queue', packet_out, it)
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

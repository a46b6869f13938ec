#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""crowd.py PORT SERVICE PID PORTS: several controllers at once, of which some do
not read or talk too much.  The switch dials PORT, and is dialled at SERVICE; PID
is its agent's."""

import os
import socket
import sys
import time

import of10
from of10 import equal, flow_mod, match, output, role
import frames
import lab

EQUAL, MASTER, SLAVE = range(3)
FRAME = bytes(frames.tcp())


def memory(pid):
    with open('/proc/%d/status' % pid) as file:
        for line in file:
            if line.startswith('VmRSS'):
                return int(line.split()[1])


def latency(sw, n=20):
    """the worst of some barriers, in s"""
    worst = 0
    for _ in range(n):
        began = time.monotonic()
        sw.barrier()
        worst = max(worst, time.monotonic() - began)
    return worst


def roles(one, two, wire):
    """a new master makes a slave of the old one; a slave hears of ports only"""
    port = one.features()[5][1]
    bad = of10.port_mod(1, port.mac, 0, 0)
    one.ask(role(MASTER))
    equal(two.refused(bad), None, 'equal')
    two.ask(role(MASTER))
    equal((one.refused(bad), two.refused(bad)), ((1, 5), None), 'master')
    wire.send(FRAME)
    two.get(of10.PACKET_IN)
    assert one.silent(of10.PACKET_IN)
    two.do(of10.port_mod(1, port.mac, of10.PC_NO_FLOOD, of10.PC_NO_FLOOD),
           of10.port_mod(1, port.mac, 0, of10.PC_NO_FLOOD))
    for sw in (one, two):
        for _ in range(2):
            sw.get(of10.PORT_STATUS)
    one.ask(role(EQUAL))
    two.ask(role(EQUAL))
    wire.send(FRAME)
    for sw in (one, two):
        equal(of10.parse_packet_in(sw.get(of10.PACKET_IN).body).data, FRAME,
              'frame')
    one.do(flow_mod(match(in_port=9), flags=of10.SEND_FLOW_REM))
    two.do(flow_mod(command=of10.DELETE))
    for sw in (one, two):
        sw.get(of10.FLOW_REMOVED)


def crowd(again):
    """more than may come: those that are there are served"""
    there = []
    for _ in range(60):
        sw = again()
        try:
            sw.hello()
            there.append(sw)
        except (of10.Closed, ConnectionError, of10.Timeout):
            sw.close()
    print('# %d of 60 are let in' % len(there))
    assert 16 <= len(there) < 60
    for sw in there:
        sw.barrier()
        sw.close()
    time.sleep(0.2)
    sw = again()
    sw.hello()
    sw.barrier()
    sw.close()


def slow(again, other, pid):
    """asks for much and reads nothing: bounded, and nobody waits for it"""
    other.clear()
    other.do(*(flow_mod(match(dl_type=0x800, nw_src='10.%d.%d.1' %
                              (i >> 8, i & 255)), output(2))
               for i in range(5000)))
    before, asked = memory(pid), 0
    sw = again()
    sw.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sw.hello()
    sw.sock.setblocking(False)
    request = of10.flow_stats()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            asked += sw.sock.send(request * 100)
        except BlockingIOError:
            time.sleep(0.02)
        took = latency(other, 3)
        assert took < 0.5, 'another one waited %.2f s' % took
    grown = memory(pid) - before
    print('# %d bytes of requests, %d kB more memory' % (asked, grown))
    assert grown < 16384, 'memory'
    sw.sock.setblocking(True)
    sw.close()
    other.clear()


def flood(again, other):
    """talks without end: others have their turns"""
    sw = again()
    sw.hello()
    data = b''.join(flow_mod(actions=output(1), in_port=i & 0xff)
                    for i in range(2000))
    child = os.fork()
    if not child:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            sw.sock.sendall(data)
        os._exit(0)
    worst = max(latency(other, 10) for _ in range(20))
    os.waitpid(child, 0)
    print('# the slowest barrier beside it took %.3f s' % worst)
    assert worst < 0.5
    sw.wait = 20
    sw.barrier()
    sw.close()
    other.clear()


def unread(one, two, wire):
    """PACKET_INs to one that does not read are lost, and not to the other"""
    n, got = 20000, 0
    for i in range(n):
        wire.send(FRAME)
        if not i % 200:
            two.barrier()
            got += len([msg for msg in two.queue
                        if msg.type == of10.PACKET_IN])
            two.queue.clear()
    print('# %d of %d' % (got, n))
    assert got > n / 100
    one.wait = 20
    one.barrier()
    one.queue.clear()
    wire.send(FRAME)
    two.get(of10.PACKET_IN)


def main():
    port, service, pid = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    cases = of10.Cases()
    listener = of10.Listener(port)
    other = of10.Listener(port + 1)

    def again():
        return of10.dial(service)

    one, two = listener.accept(12), other.accept(12)
    for sw in (one, two):
        sw.hello()
        sw.clear()
    wire = lab.Wire('h1')
    cases.run('roles of two', roles, one, two, wire)
    cases.run('a crowd', crowd, again)
    cases.run('a slow reader', slow, again, one, pid)
    two.barrier()
    cases.run('one that talks without end', flood, again, one)
    two.barrier()
    cases.run('PACKET_INs not read', unread, two, one, wire)
    cases.run('both are still there', lambda: (one.barrier(), two.barrier()))
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""A switch under test, with its controller's connection and the far ends of its
ports.

The programs here take

    --listen PORT     be the controller that the switch dials
    --dial TARGET     dial it: unix:PATH or tcp:HOST:PORT
    --ports 1=h1,...  interfaces at the far ends of its ports
    --ovs             it is Open vSwitch: leave out what it does otherwise
"""

import argparse
import select
import socket
import struct
import time

import of10

SOL_PACKET, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 263, 8, 23
ETH_P_ALL = 3
VLAN_VALID, TPID_VALID = 0x10, 0x40

# what ends each probe goes through a flow of its own, by this type
MARK_TYPE = 0xbeef


class Wire:
    """the far end of a port"""

    head = 0        # bytes in front of what is received

    def __init__(self, iface):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.sock.bind((iface, ETH_P_ALL))

    def send(self, frame):
        self.sock.send(bytes(frame))

    def receive(self, wait=1):
        """a frame with its tag, which the kernel keeps apart; None: none came"""
        if not select.select([self.sock], [], [], wait)[0]:
            return None
        data, said, _, _ = self.sock.recvmsg(1 << 16, 256)
        for level, kind, aux in said:
            if (level, kind) != (SOL_PACKET, PACKET_AUXDATA):
                continue
            status, tci, tpid = struct.unpack('=I12xHH', aux[:20])
            if status & VLAN_VALID:
                tpid = tpid if status & TPID_VALID else 0x8100
                at = self.head + 12
                data = data[:at] + struct.pack('!HH', tpid, tci) + data[at:]
        return data

    def drain(self):
        while self.receive(0) is not None:
            pass


class Lab:
    """switch: of10.Switch, its controller's; ports: {no: Wire}"""

    def __init__(self, switch, ports, ovs):
        self.switch = switch
        self.ports = ports
        self.ovs = ovs
        self.marks = 0

    def clear(self):
        """no flows but the one that marks go through"""
        self.switch.clear()
        self.add_mark()
        for wire in self.ports.values():
            wire.drain()

    def add_mark(self):
        self.switch.do(of10.flow_mod(
            actions=of10.output(of10.ALL) + of10.output(of10.IN_PORT) +
            of10.output(of10.CONTROLLER, 0xffff),
            priority=0xffff, dl_type=MARK_TYPE))

    def mark(self):
        self.marks += 1
        return (b'\xff' * 6 + b'\x02\0\0\0\0\x99' +
                struct.pack('!HI', MARK_TYPE, self.marks) + bytes(42))

    def inject(self, in_port, *frames):
        """what comes out of it: ({port: [frame]}, [PacketIn])"""
        for frame in frames:
            self.send(in_port, frame)
        return self.collect(in_port)

    def send(self, in_port, frame):
        if self.ovs:
            time.sleep(0.1)     # until what it does is what its flows say
        self.ports[in_port].send(frame)

    def collect(self, in_port):
        mark = self.mark()
        self.send(in_port, mark)
        out = {}
        for no, wire in self.ports.items():
            got = self.until(wire, mark)
            if got:
                out[no] = got
        return out, self.packet_ins(mark)

    @staticmethod
    def until(wire, mark):
        got = []
        while True:
            frame = wire.receive(3)
            assert frame is not None, 'the mark did not come out'
            if frame == mark:
                return got
            if frame[12:14] != struct.pack('!H', MARK_TYPE):
                got.append(frame)

    def packet_ins(self, mark):
        got = []
        while True:
            found = of10.parse_packet_in(
                self.switch.get(of10.PACKET_IN).body)
            if found.data == mark:
                return got
            if found.data[12:14] != struct.pack('!H', MARK_TYPE):
                got.append(found)

    def expect(self, in_port, frame, wanted, packet_ins=0):
        """@wanted: {port: frame or [frame]}; nothing else may come out"""
        out, told = self.inject(in_port, frame)
        wanted = {no: [bytes(one) for one in
                       (what if isinstance(what, list) else [what])]
                  for no, what in wanted.items()}
        assert sorted(out) == sorted(wanted), \
            'came out at %s, not %s' % (sorted(out), sorted(wanted))
        for no, frames in wanted.items():
            assert out[no] == frames, 'port %d: got %s, wanted %s' % (
                no, [one.hex() for one in out[no]],
                [one.hex() for one in frames])
        assert len(told) == packet_ins, '%d packet-ins' % len(told)
        return told


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--listen', type=int)
    parser.add_argument('--dial')
    parser.add_argument('--ports', default='')
    parser.add_argument('--ovs', action='store_true')
    return parser.parse_args()


def connect(args):
    """an of10.Switch, HELLO done"""
    if args.dial:
        switch = of10.dial(args.dial)
    else:
        listener = of10.Listener(args.listen)
        switch = listener.accept(15)
        listener.close()
    switch.hello()
    return switch


def lab(args):
    ports = {}
    for one in args.ports.split(','):
        no, _, iface = one.partition('=')
        ports[int(no)] = Wire(iface)
    return Lab(connect(args), ports, args.ovs)

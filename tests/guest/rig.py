# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""The far ends of a guest's cards, and a shell in the guest: see rig.sh.

Frames go out and come in with a virtio_net_hdr, as (bytes, header), so that
they may be unfinished: with a checksum to be completed, or to be cut."""

import collections
import json
import os
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                '../ofd'))
import frames                                                # noqa: E402
import lab                                                   # noqa: E402
from frames import Ether, IP, IPv6, TCP, UDP                 # noqa: E402

GUEST, NET, CONTROLLER = 1, 2, 65533
SHELL = ('10.8.0.1', 7000)
WAIT = 30

PACKET_VNET_HDR = 15
VNET = struct.Struct('=BBHHHH')
Vnet = collections.namedtuple('Vnet', 'flags gso headers size start offset')
NOTHING = Vnet(0, 0, 0, 0, 0, 0)
NEEDS_CSUM, GSO_TCP4, GSO_TCP6, GSO_ECN = 1, 1, 4, 0x80


# Frames that are not finished


def sum16(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def finished(data, vnet):
    """with the checksum that is to be completed"""
    if not vnet.flags & NEEDS_CSUM:
        return data
    total = ~sum16(data[vnet.start:]) & 0xffff or 0xffff
    at = vnet.start + vnet.offset
    return data[:at] + struct.pack('!H', total) + data[at + 2:]


def unfinished(frame, size=0):
    """the whole TCP or UDP frame of scapy's without its checksum; @size: to be
    cut into segments of so many bytes"""
    data = bytes(frame)
    kind, proto, offset = (TCP, 6, 16) if TCP in frame else (UDP, 17, 6)
    l4 = len(bytes(frame[kind]))
    start = len(data) - l4
    l3 = data[start - 8:start] if IP in frame else data[start - 32:start]
    seed = sum16(l3 + struct.pack('!HH', proto, l4))
    at = start + offset
    data = data[:at] + struct.pack('!H', seed) + data[at + 2:]
    gso = (GSO_TCP4 if IP in frame else GSO_TCP6) if size else 0
    headers = start + frame[TCP].dataofs * 4 if size else 0
    return data, Vnet(NEEDS_CSUM, gso, headers, size, start, offset)


def cut(data, size):
    """segments of a finished TCP super-frame, as bytes"""
    whole = Ether(data)
    load = bytes(whole[TCP].payload)
    found = []
    for at in range(0, len(load), size):
        one = whole.copy()
        tcp = one[TCP]
        tcp.remove_payload()
        tcp.add_payload(load[at:at + size])
        tcp.seq += at
        if at + size < len(load):
            tcp.flags &= ~0x09          # FIN, PSH
        del tcp.chksum
        if IP in one:
            one[IP].id += at // size
            del one[IP].len, one[IP].chksum
        else:
            del one[IPv6].plen
        found.append(bytes(one))
    return found


class Wire(lab.Wire):
    """the far end of a card: frames are (bytes, Vnet)"""

    head = VNET.size

    def __init__(self, iface):
        super().__init__(iface)
        self.sock.setsockopt(lab.SOL_PACKET, PACKET_VNET_HDR, 1)

    def send(self, frame):
        data, vnet = frame if isinstance(frame, tuple) else (frame, NOTHING)
        self.sock.send(VNET.pack(*vnet) + bytes(data))

    def receive(self, wait=1):
        data = super().receive(wait)
        if data is None:
            return None
        vnet = Vnet(*VNET.unpack_from(data))
        data = data[VNET.size:]
        # the kernel says where it would be without the tag
        if vnet.flags & NEEDS_CSUM and not self.seeded(data, vnet.start):
            vnet = vnet._replace(start=vnet.start + 4)
        return data, vnet

    @staticmethod
    def seeded(data, start):
        """is there an L4 header, by the headers in front?"""
        frame = Ether(data)
        for kind in (TCP, UDP):
            if kind in frame:
                return start == len(data) - len(bytes(frame[kind]))
        return True


class Shell:
    """of the guest, which calls"""

    def __init__(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(SHELL)
        listener.listen(1)
        self.sock, _ = listener.accept()
        listener.close()
        self.lines = self.sock.makefile('r')
        self.n = 0

    def try_(self, command):
        """(exit code, what it says)"""
        self.n += 1
        end = 'done-%d' % self.n
        self.sock.sendall(('{\n%s\n} 2>&1 </dev/null\n'
                           'status=$?; echo; echo %s $status\n' %
                           (command, end)).encode())
        said = ''
        self.sock.settimeout(WAIT)
        for line in self.lines:
            if line.startswith(end + ' '):
                return int(line.split()[1]), said[:-1]
            said += line
        raise EOFError('the guest is gone; it said %r' % said)

    def do(self, command):
        code, said = self.try_(command)
        assert code == 0, '%s: exit code %d: %s' % (command, code, said)
        return said

    def file(self, name, text):
        self.do("cat >%s <<'EOF_FILE'\n%s\nEOF_FILE" % (name, text))

    def until(self, command):
        end = time.monotonic() + WAIT
        while self.try_(command)[0]:
            assert time.monotonic() < end, '%s: not in %d s' % (command, WAIT)
            time.sleep(0.02)

    def json(self, command):
        return json.loads(self.do(command))

    def end(self):
        self.do('touch /tmp/done')
        self.sock.close()


def drops(shell):
    """{cause: frames}, of those that dropped any"""
    return {one['cause']: one['frames'] for one in
            shell.json('cvsw-nl -s netlink:eth0 -j drops') if one['frames']}


class Rig:
    """ports: {GUEST: Wire, NET: Wire}; shell: the guest's"""

    MARKS = 'priority=65535,dl_type=%#x,actions=all,in_port' % lab.MARK_TYPE

    def __init__(self):
        self.shell = Shell()
        self.ports = {GUEST: Wire('vnic1'), NET: Wire('vnic0')}
        self.marks = 0
        self.pass_(GUEST, NET)
        self.pass_(NET, GUEST)

    def pass_(self, port, other):
        """until frames do; a card that was set up just now may lose some"""
        end = time.monotonic() + WAIT
        found = None
        while not found or found[0] != self.mark():
            assert time.monotonic() < end, 'nothing passes from %d' % port
            self.ports[port].send(self.mark())
            found = self.ports[other].receive(0.2)

    def mark(self):
        return (b'\xff' * 6 + b'\x02\0\0\0\0\x99' +
                struct.pack('!HI', lab.MARK_TYPE, self.marks) + bytes(42))

    def nl(self, words):
        return self.shell.do('cvsw-nl -s netlink:eth0 ' + words)

    def flows(self, *flows):
        """these, and those for marks; nothing is left of frames before"""
        self.shell.file('/tmp/flows', '\n'.join((self.MARKS,) + flows))
        self.nl('flow replace /tmp/flows')
        for wire in self.ports.values():
            wire.drain()

    def drops(self):
        return drops(self.shell)

    def listen(self, kind='packet-in'):
        """a function that waits for N events of @kind from now on, and returns
        all that came"""
        shell = self.shell
        shell.do('rm -f /tmp/events; cvsw-nl -s netlink:eth0 -j monitor %s '
                 '>/tmp/events 2>&1 & echo $! >/tmp/monitor' % kind)
        shell.until("awk '$2 == 16 && $4 != \"00000000\" { n++ } "
                    "END { exit !n }' /proc/net/netlink")

        def told(n):
            shell.until('[ $(wc -l </tmp/events) -ge %d ]' % n)
            shell.do('kill $(cat /tmp/monitor); wait')
            found = [json.loads(line) for line in
                     shell.do('cat /tmp/events').splitlines()]
            assert all(kind in one['event'] for one in found), found
            return found
        return told

    def inject(self, port, *sent):
        """what comes out of these frames: {port: [(bytes, Vnet)]}"""
        for frame in sent:
            self.ports[port].send(frame)
        self.marks += 1
        mark = self.mark()
        self.ports[port].send(mark)
        out = {no: self.until(wire, mark) for no, wire in self.ports.items()}
        return {no: got for no, got in out.items() if got}

    @staticmethod
    def until(wire, mark):
        got = []
        while True:
            found = wire.receive(WAIT)
            assert found is not None, 'the mark did not come out'
            if found[0] == mark:
                return got
            if found[0][12:14] != mark[12:14]:
                got.append(found)

    def expect(self, port, frame, wanted):
        """@wanted: {port: bytes or [bytes]}, finished; nothing else may come
        out.  Super-frames come out whole or cut; all are finished here."""
        self.expects(port, [frame], wanted)

    def expects(self, port, sent, wanted, size=0):
        out = self.inject(port, *sent)
        for no in self.ports:
            want = wanted.get(no, [])
            want = want if isinstance(want, list) else [want]
            same(no, out.get(no, []), [bytes(one) for one in want], size)


def segments(data, vnet, size):
    data = finished(data, vnet)
    return cut(data, vnet.size or size) if size and len(data) > 1600 else [data]


def same(no, got, want, size):
    got = [one for frame in got for one in segments(*frame, size)]
    want = [one for data in want for one in segments(data, NOTHING, size)]
    for i, (a, b) in enumerate(zip(got, want)):
        assert a == b, 'port %d, frame %d of %d: got\n%s, wanted\n%s' % (
            no, i, len(want), a[:160].hex(), b[:160].hex())
    assert len(got) == len(want), 'port %d: %d frames, not %d: %s' % (
        no, len(got), len(want), [one[:60].hex() for one in got][:4])


def pcap(path):
    """[(seconds, microseconds, bytes)]"""
    with open(path, 'rb') as file:
        data = file.read()
    at, found = 24, []
    while at < len(data):
        seconds, micro, n, _ = struct.unpack_from('<4I', data, at)
        found.append((seconds, micro, data[at + 16:at + 16 + n]))
        at += 16 + n
    return found

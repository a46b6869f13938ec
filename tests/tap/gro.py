#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""gro.py PID: frames in VXLAN go into up0 of namespace far, all at once; what
comes out of v1 of namespace in, after cvswd (PID) and the kernel in between,
must be the very same frames in the order of each flow.

gro.py PID send: they go in, and that is all.

gro.py PID kernel: they go in, and into a TAP device where the kernel's own
GRO is at work; what became one on the way to vm0 of namespace vm must have
become one there.

gro.py udp: UDP datagrams, sent many at a time, from namespace far to in.

Random; CVSW_SEED sets the seed.
"""

import ctypes
import fcntl
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time

ETH_P_ALL = 3
SOL_PACKET, PACKET_AUXDATA, PACKET_VNET_HDR, VLAN_VALID = 263, 8, 15, 16
TUNSETIFF, IFF_TAP_NO_PI_NAPI = 0x400454ca, 0x1012
UDP_SEGMENT, SO_RCVBUFFORCE = 103, 33
US, THEM = bytes.fromhex('020000000011'), bytes.fromhex('020000000022')
TO = bytes.fromhex('020000007701')
TCP, UDP = 6, 17
PSH, CWR, ECE = 8, 128, 64


def enter(name):
    with open('/run/netns/' + name, encoding='ascii') as f:
        if ctypes.CDLL(None).setns(f.fileno(), 0x40000000):
            sys.exit('setns')


def packet(name, dev, option):
    if name:
        enter(name)
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    s.setsockopt(SOL_PACKET, option, 1)
    s.bind((dev, ETH_P_ALL))
    return s


def csum(data):
    if len(data) & 1:
        data += b'\0'
    s = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


class Flow:
    """one flow, and what is not quite usual about it"""

    def __init__(self, number, ver, proto, rng, odd=False):
        self.number, self.ver, self.proto, self.rng = number, ver, proto, rng
        self.odd = odd
        self.seq, self.id = rng.randrange(1 << 32), rng.randrange(1 << 16)
        self.size = rng.randrange(200, 1300)
        self.tag = rng.randrange(1, 4095) if rng.random() < .3 else 0
        self.options = bytes([1, 1, 8, 10]) + rng.randbytes(8)
        self.oddities = range(10)
        n = number + 1
        if ver == 4:
            self.addrs = bytes([10, 9, 0, n, 10, 9, 1, n])
        else:
            self.addrs = (b'\xfd' + bytes(14) + bytes([n])) * 2

    def l4(self, payload, flags):
        if self.proto == UDP:
            return struct.pack('!HHHH', 1000, 2000, 8 + len(payload), 0)
        return struct.pack('!HHIIBBHHH', 1000, 2000, self.seq, 77, 8 << 4,
                           flags, 500, 0, 0) + self.options

    def frame(self):
        rng = self.rng
        what = rng.choice(self.oddities) if self.odd else None
        payload = rng.randbytes(self.size if rng.random() < .98 else
                                rng.randrange(1, self.size))
        flags = 0x10 | (PSH if rng.random() < .03 else 0)
        flags |= CWR if what == 0 else ECE if what == 1 else 0
        l4 = self.l4(payload, flags)
        pseudo = self.addrs + struct.pack('!IHBB', len(l4) + len(payload), 0,
                                          0, self.proto)
        c = csum(pseudo + l4 + payload)
        if self.proto == UDP:
            c = c or 0xffff
        if what == 2:
            c ^= 0x5555
        at = 16 if self.proto == TCP else 6
        l4 = l4[:at] + struct.pack('!H', c) + l4[at + 2:] + payload
        ttl = 63 if what == 3 else 64
        if self.ver == 4:
            ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(l4), self.id,
                             0x4000, ttl, self.proto, 0) + self.addrs
            ip = ip[:10] + struct.pack('!H', csum(ip)) + ip[12:]
        else:
            ip = struct.pack('!IHBB', 6 << 28, len(l4), self.proto, ttl)
            ip += self.addrs
        self.seq = (self.seq + len(payload)) & 0xffffffff
        self.id = (self.id + (what != 4)) & 0xffff
        if what == 5:
            self.seq = (self.seq + 1000) & 0xffffffff
        tag = struct.pack('!HH', 0x8100, self.tag) if self.tag else b''
        return (TO + bytes([2, 0, 0, 0, 0x66, self.number]) + tag +
                (b'\x08\x00' if self.ver == 4 else b'\x86\xdd') + ip + l4)


def vxlan(inner):
    udp = struct.pack('!HHHH', 50000, 4789, 16 + len(inner), 0)
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 36 + len(inner), 0, 0x4000, 64, UDP,
                     0) + bytes([172, 16, 0, 2, 172, 16, 0, 1])
    ip = ip[:10] + struct.pack('!H', csum(ip)) + ip[12:]
    return (US + THEM + b'\x08\x00' + ip + udp +
            struct.pack('!II', 0x08000000, 10 << 8) + inner)


def receive(s):
    data, extra, _, _ = s.recvmsg(70000, 256)
    for level, kind, aux in extra:
        status, _, _, _, _, tci = struct.unpack('=IIIHHH', aux[:18])
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA) and status & VLAN_VALID:
            data = data[:12] + struct.pack('!HH', 0x8100, tci) + data[12:]
    return data


def flows(rng):
    return [Flow(n, 4 + n % 2 * 2, TCP if n % 4 < 2 else UDP, rng, n > 3)
            for n in range(8)]


def send(pid, frames):
    out = packet('far', 'up0', PACKET_AUXDATA)
    os.kill(pid, signal.SIGSTOP)
    for frame in frames:
        out.send(vxlan(frame))
    os.kill(pid, signal.SIGCONT)
    print('frames', len(frames))


def bursts(rng):
    all_flows = flows(rng)
    for _ in range(40):
        flow = rng.choice(all_flows)
        for _ in range(rng.randrange(1, 30)):
            yield flow.frame()


def exact(pid, rng):
    back = packet('in', 'v1', PACKET_AUXDATA)
    frames = list(bursts(rng))
    want = {n: [f for f in frames if f[11] == n] for n in range(8)}
    left = len(frames)
    send(pid, frames)
    back.settimeout(5)
    while left:
        frame = receive(back)
        if frame[:11] != TO + bytes([2, 0, 0, 0, 0x66]):
            continue
        expected = want[frame[11]].pop(0)
        if frame != expected:
            sys.exit(f'came {frame.hex()}\nnot  {expected.hex()}')
        left -= 1


def joints(s, left, max_wait):
    """(flow, n) for each frame n of a flow that came in one with the next"""
    found, count = set(), [0] * 8
    s.settimeout(max_wait)
    while left:
        data = s.recv(70000)
        _, kind, _, size, l4, at = struct.unpack('=BBHHHH', data[:10])
        data = data[10:]
        if data[:11] != TO + bytes([2, 0, 0, 0, 0x66]):
            continue
        flow, n = data[11], 1
        if kind:
            hlen = l4 + ((data[l4 + 12] >> 4) * 4 if at == 16 else 8)
            n = -(-(len(data) - hlen) // size)
        found |= {(flow, count[flow] + i) for i in range(n - 1)}
        count[flow] += n
        left -= n
    return found


def kernel_tap():
    fd = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH22x', b'k0',
                                           IFF_TAP_NO_PI_NAPI))
    subprocess.run(['ethtool', '-K', 'k0', 'gro', 'on',
                    'rx-udp-gro-forwarding', 'on'], check=True)
    subprocess.run(['ip', 'link', 'set', 'k0', 'up'], check=True)
    # frames that were written one by one wait so long for others, ns
    with open('/sys/class/net/k0/gro_flush_timeout', 'w',
              encoding='ascii') as f:
        f.write('3000000000')
    return fd


def kernel(pid, rng):
    # one batch; and nothing that the kernel sees in another way: equal IDs,
    # tags, and which frame may be the first after one that was not merged
    frames = []
    for flow in flows(rng):
        flow.oddities, flow.tag = (1, 5, None, None, None, None), 0
        frames += [flow.frame() for _ in range(15)]
    fd = kernel_tap()
    s = packet(None, 'k0', PACKET_VNET_HDR)
    for frame in frames:
        os.write(fd, frame)
    theirs = joints(s, len(frames), 10)
    s = packet('vm', 'vm0', PACKET_VNET_HDR)
    send(pid, frames)
    ours = joints(s, len(frames), 5)
    print('merged: ours', len(ours), 'theirs', len(theirs))
    if ours - theirs or len(ours) < len(theirs) * .5:
        sys.exit(f'ours alone {sorted(ours - theirs)}\n'
                 f'theirs alone {sorted(theirs - ours)}')


def udp(rng):
    enter('in')
    back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    back.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    back.bind(('10.0.0.1', 9000))
    back.settimeout(5)
    enter('far')
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.connect(('10.0.0.1', 9000))
    out.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, 1000)
    for _ in range(50):
        data = rng.randbytes(40 * 1000)
        out.send(data)
        for i in range(40):
            if back.recv(2000) != data[i * 1000:i * 1000 + 1000]:
                sys.exit(f'datagram {i} is wrong')
    print('frames', 2000)


def main():
    seed = int(os.environ.get('CVSW_SEED', time.time_ns() & 0xffffffff))
    print('seed', seed)
    rng = random.Random(seed)
    if sys.argv[1] == 'udp':
        udp(rng)
    elif sys.argv[2:] == ['send']:
        send(int(sys.argv[1]), list(bursts(rng)))
    elif sys.argv[2:] == ['kernel']:
        kernel(int(sys.argv[1]), rng)
    else:
        exact(int(sys.argv[1]), rng)


main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""stt.py send IFACE EXPECTED: STT frames by hand, as segments in any order
stt.py spread IFACE EXPECTED: one kind of frame from many senders
stt.py check PCAP EXPECTED: did the right frames come out, each of them once?

What is expected is found out by scapy alone.  EXPECTED also gets a line
"drops CAUSE N" for each cause that frames which must not get through have.
"""

import logging
import os
import random
import struct
import sys
import time

logging.getLogger('scapy.runtime').setLevel(logging.ERROR)
from scapy.all import (ARP, Ether, IP, IPv6, Raw, TCP, UDP, PcapReader,
                       conf)

US, THEM = '02:00:00:00:00:11', '02:00:00:00:00:22'
IDS = (0x123456789abcdef0, 0xf000000000000001)
OTHER_ID = 0x9abcdef0           # low half of the first
VERIFIED, PARTIAL, IPV4, IS_TCP = 1, 2, 4, 8

seed = int(os.environ.get('CVSW_SEED', time.time_ns() & 0xffffffff))
rng = random.Random(seed)
ack = rng.randrange(1 << 32)


def outer(v6, n):
    """headers to TCP's, of the nth sender"""
    eth = Ether(src=THEM, dst=US)
    if v6:
        return eth / IPv6(src='fd16::%x' % (2 + n), dst='fd16::1')
    return eth / IP(src='172.16.%d.%d' % (n >> 8, 2 + n & 0xff),
                    dst='172.16.0.1', id=rng.randrange(1 << 16), flags='DF')


def header(flags=0, l4=0, mss=0, vlan=None, ident=IDS[0], version=0):
    tci = 0 if vlan is None else vlan | 0x1000
    return struct.pack('>BBBBHHQH', version, flags, l4, 0, mss, tci, ident, 0)


def seg(v6, length, off, data, ident, sport, n=0, **tcp):
    return outer(v6, n) / TCP(sport=sport, dport=7471, window=0xffff,
                              seq=length << 16 | off, ack=ident, flags='PA',
                              **tcp) / Raw(data)


def next_ack():
    global ack
    ack = ack + 1 & 0xffffffff
    return ack


def segments(frame, size, v6, n=0):
    """an STT frame in segments of up to size bytes"""
    ident, sport = next_ack(), rng.randrange(49152, 65536)
    return [bytes(seg(v6, len(frame), i, frame[i:i + size], ident, sport, n))
            for i in range(0, len(frame), size)]


def inner(kind, size):
    eth = Ether(src='02:00:00:00:00:01', dst='02:00:00:00:00:02')
    ip = IPv6(src='fd00::1', dst='fd00::2') if '6' in kind else \
        IP(src='10.0.0.1', dst='10.0.0.2', id=rng.randrange(60000))
    data = Raw(rng.randbytes(size))
    if 'tcp' in kind:
        return eth / ip / TCP(sport=1000, dport=2000, flags='PA',
                              seq=rng.randrange(1 << 32)) / data
    if 'udp' in kind:
        return eth / ip / UDP(sport=1000, dport=2000) / data
    return eth / ARP(psrc='10.0.0.1', pdst='10.0.0.2') / data


def seeded(pkt):
    """the frame with nothing but the pseudo header in its L4 checksum"""
    pkt = pkt.__class__(bytes(pkt))
    l4 = pkt[TCP] if TCP in pkt else pkt[UDP]
    n = len(bytes(l4))
    if IPv6 in pkt:
        pseudo = bytes(pkt)[22:54] + struct.pack('>II', n, pkt[IPv6].nh)
    else:
        pseudo = bytes(pkt)[26:34] + struct.pack('>HH', pkt[IP].proto, n)
    total = sum(struct.unpack('>%dH' % (len(pseudo) // 2), pseudo))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    l4.chksum = total
    return bytes(pkt)


def cut(pkt, mss):
    """the TCP segments of a super-frame"""
    data, out = bytes(pkt[TCP].payload), []
    for i in range(0, len(data), mss):
        part = pkt.copy()
        part[TCP].remove_payload()
        part = part / Raw(data[i:i + mss])
        part[TCP].seq = (pkt[TCP].seq + i) & 0xffffffff
        if i + mss < len(data):
            part[TCP].flags = 'A'
        if IP in part:
            part[IP].id = pkt[IP].id + i // mss
        out.append(part)
    return out


def tagged(pkt, vlan):
    if vlan is None:
        return bytes(pkt)
    raw = bytes(pkt)
    return raw[:12] + struct.pack('>HH', 0x8100, vlan) + raw[12:]


def good(kind, size, v6, vlan, partial, mss):
    """segments, and the frames that have to come out"""
    pkt = inner(kind, size)
    l4 = 54 if '6' in kind else 34
    flags, want, raw = rng.choice((0, VERIFIED)), [pkt], bytes(pkt)
    if partial:
        flags = PARTIAL | (0 if '6' in kind else IPV4) | \
            (IS_TCP if 'tcp' in kind else 0)
        raw = seeded(pkt)
        if mss:
            want = cut(pkt, mss)
    frame = header(flags, l4 if partial else 0, mss, vlan,
                   rng.choice(IDS)) + raw
    size = rng.choice((1448, 1460, 536, len(frame) // 2 + 1, len(frame)))
    return segments(frame, min(size, 9000), v6), \
        [tagged(w, vlan) for w in want]


def good_ones():
    sent, want = [], []
    for v6 in (False, True):
        for vlan in (None, 100, 0xa000 | 7):
            for kind in ('tcp', 'tcp6', 'udp', 'udp6', 'arp'):
                for partial, mss in ((0, 0), (1, 0), (1, 1400), (1, 536)):
                    if partial and kind == 'arp' or mss and 'udp' in kind:
                        continue
                    size = rng.choice((9000, 30000)) if mss else \
                        rng.choice((0, 1, 100, 1400, 8000))
                    if kind == 'arp':
                        size = rng.choice((0, 18, 3000))
                    s, w = good(kind, size, v6, vlan, partial, mss)
                    sent.append(s)
                    want += w
    return sent, want


def bad_ones():
    """segments that lead to nothing, and what they are counted as"""
    frame = header() + bytes(inner('udp', 4000))
    n, sent, drops = len(frame), [], {}

    def add(cause, *segs):
        sent.append([bytes(s) for s in segs])
        drops[cause] = drops.get(cause, 0) + len(segs)

    def one(off, size, length=n, ident=None, **kw):
        return seg(False, length, off,
                   frame[off:off + size].ljust(size, b'x'),
                   next_ack() if ident is None else ident, 50000, **kw)

    a = next_ack()
    add('reasm-overlap', *[one(*x, ident=a) for x in (
        (0, 1400), (1399, 1400), (2800, 1400))])
    a = next_ack()
    add('reasm-overlap', *[one(*x, ident=a) for x in (
        (0, 1400), (0, 1400), (1400, 1400), (2800, n - 2800))])
    a = next_ack()
    add('reasm-length', *[one(*x, ident=a) for x in (
        (0, 1400), (n - 1000, 1001), (1400, 1400))])
    add('reasm-length', one(0, 31, length=31))
    add('reasm-length', one(0, 1400, length=65516))
    add('reasm-length', one(65535, 10, length=65000))
    add('reasm-timeout', one(0, 1400), one(1400, 1400), one(2800, 1000))
    add('tunnel-short', one(0, 0))
    add('tunnel-flags', one(0, 1400, dataofs=6))
    add('tunnel-csum', one(0, 1400, chksum=0x1234))
    for text in (header(version=1), header(VERIFIED | PARTIAL)):
        part = text + bytes(inner('udp', 1000))
        add('tunnel-flags', seg(False, len(part), 0, part, next_ack(), 50000))
    # the same when it was in pieces, which then count as the one frame
    whole = header(version=1) + bytes(inner('udp', 2000))
    sent.append(segments(whole, 1400, False))
    drops['tunnel-flags'] += 1
    whole = header(ident=OTHER_ID) + bytes(inner('udp', 2000))
    sent.append(segments(whole, 1400, False))
    drops['miss'] = 1
    return sent, drops


def shuffled(sent, order):
    """several frames at a time, each in an order of its own"""
    crowd, out = [], []
    sent = list(sent)
    while sent or crowd:
        while sent and len(crowd) < 20:
            segs = sent.pop()
            if order:
                rng.shuffle(segs)
            crowd.append(segs)
        at = rng.randrange(len(crowd))
        out.append(crowd[at].pop())
        if not crowd[at]:
            crowd.pop(at)
    return out


def transmit(iface, frames):
    sock = conf.L2socket(iface=iface)
    for i, frame in enumerate(frames):
        sock.outs.send(frame)
        if not i % 16:
            time.sleep(0.001)


def expect(path, want, drops):
    with open(path, 'w') as out:
        for frame in want:
            print(frame.hex(), file=out)
        for cause, n in sorted(drops.items()):
            print('drops', cause, n, file=out)


def send(iface, path):
    sent, want = good_ones()
    wrong, drops = bad_ones()
    # what must be lost is lost in the order that says why
    for segs in wrong:
        segs.reverse()
    mixed = shuffled(sent, True) + shuffled(wrong, False)
    print('%d segments of %d frames' % (len(mixed), len(sent) + len(wrong)))
    transmit(iface, mixed)
    expect(path, want, drops)


def spread(iface, path):
    sent, want = [], []
    for n in range(300):
        pkt = inner('udp', 4000)
        want.append(bytes(pkt))
        sent.append(segments(header() + bytes(pkt), 1400, n % 2, n % 7))
    transmit(iface, shuffled(sent, True))
    expect(path, want, {})


def check(pcap, path):
    want = sorted(line.strip() for line in open(path)
                  if not line.startswith('drops'))
    got = sorted(bytes(p).hex() for p in PcapReader(pcap))
    missing = list(want)
    surplus = []
    for frame in got:
        try:
            missing.remove(frame)
        except ValueError:
            surplus.append(frame)
    for name, frames in (('missing', missing), ('surplus', surplus)):
        for frame in frames[:4]:
            print(name, len(frame) // 2, frame[:240])
    print('%d frames, %d missing, %d surplus' % (len(got), len(missing),
                                                 len(surplus)))
    sys.exit(bool(missing or surplus))


if __name__ == '__main__':
    print('CVSW_SEED=%d' % seed)
    {'send': send, 'spread': spread, 'check': check}[sys.argv[1]](*sys.argv[2:])

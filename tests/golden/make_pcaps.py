#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Frames that go into a switch and those that must come out of it.

  tests/golden/make_pcaps.py tests/golden/cases

writes NAME.pcap and NAME.out.pcap for each NAME.flows there.  What must come
out is built here by scapy from the wanted fields, with lengths and checksums
of its own, and never by the switch.  A frame's time stamp says where: in
NAME.pcap seconds are the frame's number from 1 and microseconds its port; in
NAME.out.pcap seconds are the frame that it came of and microseconds the port
it leaves by, 65533 for a packet-in.  The source port of an outer UDP header,
or of one of STT, is 50000, the FlowID of NVGRE 7: golden.c checks the range of the one and then
makes both that.
"""

import os
import struct
import sys

from scapy.all import (ARP, Dot1Q, Ether, ICMP, ICMPv6EchoRequest,
                       ICMPv6PacketTooBig, IP, IPv6, IPv6ExtHdrDestOpt,
                       IPv6ExtHdrFragment, PadN, Raw, TCP, UDP)
from scapy.contrib.geneve import GENEVE, GeneveOptions
from scapy.layers.l2 import GRE
from scapy.layers.vxlan import VXLAN

CONTROLLER = 0xfffd
A, B, C = "02:00:00:00:00:0a", "02:00:00:00:00:0b", "02:00:00:00:00:0c"
OUTER = dict(src="02:00:00:00:09:01", dst="02:00:00:00:09:02")
CASES = {}


def case(function):
    CASES[function.__name__.replace("_", "-")] = function
    return function


class Frames:
    """One case: frames in, and behind each what comes out of it."""

    def __init__(self):
        self.into, self.out = [], []

    def put(self, port, frame, *outs):
        self.into.append((len(self.into) + 1, port, bytes(frame)))
        self.out += [(len(self.into), p, bytes(f)) for p, f in outs]


def eth(src=A, dst=B, **kw):
    return Ether(src=src, dst=dst, **kw)


def ip(src="10.0.0.1", dst="10.0.0.2", **kw):
    kw.setdefault("id", 7)
    return IP(src=src, dst=dst, **kw)


def ip6(src="fd00::1", dst="fd00::2", **kw):
    kw.setdefault("fl", 0x12345)
    return IPv6(src=src, dst=dst, **kw)


def tcp(sport=1234, dport=80, data=b"odd"):
    return TCP(sport=sport, dport=dport, seq=1000, ack=99, flags="PA") / Raw(data)


def udp(sport=1111, dport=7777, data=b"CVSW", **kw):
    return UDP(sport=sport, dport=dport, **kw) / Raw(data)


def echo(kind=8, code=0):
    return ICMP(type=kind, code=code, id=5, seq=6) / Raw(b"ping")


def echo6():
    return ICMPv6EchoRequest(id=5, seq=6, data=b"ping6")


def arp():
    return ARP(op=1, hwsrc=A, psrc="10.0.0.1", pdst="10.0.0.2")


def vxlan(inner, vni, head, **kw):
    return (Ether(**OUTER) / head / UDP(sport=50000, dport=4789, chksum=0, **kw) /
            VXLAN(flags="Instance", vni=vni, NextProtocol=None, reserved2=0) /
            Raw(bytes(inner)))


def option(kind, data=b"", classid=0x0102):
    return GeneveOptions(classid=classid, type=kind, data=data)


def geneve(inner, vni, head, *options, payload=0x6558, **kw):
    critical = any(o.type & 0x80 for o in options)
    kw.setdefault("critical", critical)
    return (Ether(**OUTER) / head / UDP(sport=50000, dport=6081, chksum=0) /
            GENEVE(vni=vni, proto=payload, options=list(options), **kw) /
            Raw(bytes(inner)))


def nvgre(inner, vsid, head, flow=7, **kw):
    head = head.copy()
    if IP in head:
        head.proto = 47
    else:
        head.nh = 47
    kw.setdefault("proto", 0x6558)
    return (Ether(**OUTER) / head /
            GRE(key_present=1, key=vsid << 8 | flow, **kw) / Raw(bytes(inner)))


def stt(inner, ident, head, number, flags=0, l4=0, mss=0, version=0):
    """a whole STT frame; its TCP checksum is the seed that the switch leaves"""
    inner = Ether(bytes(inner))
    vlan = 0
    if Dot1Q in inner:
        vlan = inner[Dot1Q].prio << 13 | 0x1000 | inner[Dot1Q].vlan
        kind, rest = inner[Dot1Q].type, inner[Dot1Q].payload
        inner = Ether(src=inner.src, dst=inner.dst, type=kind) / rest
    body = struct.pack("!BBBBHHQH", version, flags, l4, 0, mss, vlan, ident,
                       0) + bytes(inner)
    return segment(body, head, number, 0, len(body))


def segment(body, head, number, at, end):
    """bytes of an STT frame, in a segment; without a checksum yet"""
    return (Ether(**OUTER) / head /
            TCP(sport=50000, dport=7471, seq=len(body) << 16 | at, ack=number,
                flags="PA", window=0xffff) / Raw(body[at:end]))


def seeded(frame):
    """with the sum of the pseudo header as its TCP checksum"""
    frame = Ether(bytes(frame))
    raw = bytes(frame)
    tcp_at = raw.index(struct.pack("!HH", 50000, 7471))
    addresses = raw[26:34] if IP in frame else raw[22:54]
    words = struct.unpack("!%dH" % (len(addresses) // 2), addresses)
    total = sum(words) + 6 + len(raw) - tcp_at
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return raw[:tcp_at + 16] + struct.pack("!H", total) + raw[tcp_at + 18:]


def outer4(tos=0, ttl=64, **kw):
    return IP(src="172.16.0.1", dst="172.16.0.2", id=0, flags="DF", tos=tos,
              ttl=ttl, **kw)


def outer6(tc=0, hlim=64):
    return IPv6(src="fd00:9::1", dst="fd00:9::2", tc=tc, hlim=hlim)


@case
def outputs(f):
    x = eth() / ip() / tcp()
    f.put(1, x, (2, x), (3, x), (2, x))
    f.put(2, x, (2, x))
    f.put(3, x, (1, x), (2, x), (4, x))
    f.put(4, x)


@case
def vlan(f):
    def tagged(inner, vid, prio=0):
        return eth() / Dot1Q(vlan=vid, prio=prio) / inner
    for inner in (ip() / udp(), arp(), ip6() / tcp()):
        f.put(1, eth() / inner, (4, tagged(inner, 10)))
        f.put(1, tagged(inner, 7, 5), (4, tagged(inner, 10, 5)))
        f.put(2, eth() / inner, (4, tagged(inner, 0, 6)))
        f.put(2, tagged(inner, 7, 5), (4, tagged(inner, 7, 6)))
        f.put(3, eth() / inner, (4, eth() / inner))
        f.put(3, tagged(inner, 7, 5), (4, eth() / inner))
        f.put(4, eth() / inner, (1, eth() / inner), (2, tagged(inner, 4095, 7)))


@case
def mac(f):
    f.put(1, eth() / ip() / tcp(), (2, eth(C, A) / ip() / tcp()))
    f.put(1, eth() / arp(), (2, eth(C, A) / arp()))


@case
def nw(f):
    for make in (tcp, udp, echo):
        f.put(1, eth() / ip() / make(),
              (2, eth() / ip("10.9.9.9", "192.168.255.254") / make()))
    f.put(1, eth() / ip() / udp(chksum=0),
          (2, eth() / ip("10.9.9.9", "192.168.255.254") / udp(chksum=0)))
    f.put(1, eth() / ip(proto=47) / Raw(b"GRE or so"),
          (2, eth() / ip("10.9.9.9", "192.168.255.254", proto=47) /
           Raw(b"GRE or so")))
    options = [b"\x94\x04\x00\x00"]
    f.put(1, eth() / ip(options=options) / tcp(),
          (2, eth() / ip("10.9.9.9", "192.168.255.254", options=options) / tcp()))
    # no IPv4 header, no change
    f.put(1, eth() / arp(), (2, eth() / arp()))
    f.put(1, eth() / ip6() / tcp(), (2, eth() / ip6() / tcp()))


@case
def tos(f):
    for ecn in range(4):
        f.put(1, eth() / ip(tos=0x10 | ecn) / udp(),
              (2, eth() / ip(tos=0xb8 | ecn) / udp()))
        f.put(1, eth() / ip6(tc=0x10 | ecn) / udp(),
              (2, eth() / ip6(tc=0xb8 | ecn) / udp()))
    f.put(1, eth() / arp(), (2, eth() / arp()))


@case
def tp(f):
    for head in (ip, ip6):
        f.put(1, eth() / head() / tcp(), (2, eth() / head() / tcp(8080, 443)))
        f.put(1, eth() / head() / udp(), (2, eth() / head() / udp(8080, 443)))
    f.put(1, eth() / ip6() / IPv6ExtHdrDestOpt(options=PadN(optdata=b"\0" * 4)) /
          udp(), (2, eth() / ip6() /
                  IPv6ExtHdrDestOpt(options=PadN(optdata=b"\0" * 4)) /
                  udp(8080, 443)))
    f.put(1, eth() / ip() / udp(chksum=0),
          (2, eth() / ip() / udp(8080, 443, chksum=0)))
    f.put(3, eth() / ip() / echo(), (2, eth() / ip() / echo(0, 1)))
    f.put(1, eth() / arp(), (2, eth() / arp()))


@case
def ipv6(f):
    new = ("2001:db8::a", "2001:db8:ffff::b")
    for make in (tcp, udp, echo6):
        f.put(1, eth() / ip6() / make(), (2, eth() / ip6(*new) / make()))
    f.put(1, eth() / ip() / tcp(), (2, eth() / ip() / tcp()))


def inners():
    yield eth() / ip() / tcp(), 0
    yield eth() / ip(tos=0xba) / udp(), 2
    yield eth() / ip6(tc=0x01) / udp(), 1
    yield eth() / Dot1Q(vlan=5, prio=3) / ip(tos=3) / tcp(), 3
    yield eth() / arp(), 0
    yield eth(type=0x9000) / Raw(bytes(range(50))), 0


@case
def push_v4(f):
    for inner, ecn in inners():
        f.put(1, inner, (2, vxlan(inner, 77, outer4(0x28 | ecn, 9))))


@case
def push_v6(f):
    for inner, ecn in inners():
        f.put(1, inner, (2, vxlan(inner, 0xabcdef, outer6(ecn))))


@case
def push_geneve(f):
    """options over IPv4; without, and with another port, over IPv6"""
    for inner, ecn in inners():
        f.put(1, inner, (3, geneve(inner, 0xabcdef, outer4(ecn),
                                   option(0x80, b"\0\1\0\2"), option(1),
                                   option(2, bytes(range(124)), 0xffff))))
    for inner, ecn in inners():
        f.put(2, inner, (3, geneve(inner, 77, outer6(ecn))))


@case
def pop_geneve(f):
    """VNI 5 to port 1, or 3 by an option; VNI 6 likewise, looked up inside"""
    known, other = option(0x80, b"\0\1\0\2"), option(0x80, b"\0\1\0\3")
    unknown = option(0x81)
    web = eth() / ip() / tcp()
    for head in (outer4, outer6):
        for inner, _ in inners():
            if IP not in inner or inner[IP].tos & 3 == 0:
                f.put(2, geneve(inner, 5, head()), (1, inner))
        f.put(2, geneve(web, 5, head(), option(1, b"abcd")), (1, web))
        f.put(2, geneve(web, 5, head(), option(1), known), (3, web))
        f.put(2, geneve(web, 5, head(), known, option(1)), (3, web))
        # of a known type, though no flow asks for these data
        f.put(2, geneve(web, 5, head(), other), (1, web))
        f.put(2, geneve(web, 6, head(), known), (3, web))
        f.put(2, geneve(web, 6, head(), other))
        f.put(2, geneve(web, 5, head(), known, unknown))
        f.put(2, geneve(web, 5, head(), unknown))
        f.put(2, geneve(web, 5, head(), oam=1))
        f.put(2, geneve(web, 5, head(), version=1))
        f.put(2, geneve(web, 5, head(), critical=1))
        f.put(2, geneve(web, 5, head(), known, critical=0))
        f.put(2, geneve(web[IP], 5, head(), payload=0x800))
        f.put(2, geneve(web, 5, head(), optionlen=63))
        # reserved bits
        f.put(2, geneve(web, 5, head(), reserved=0x3f, reserved2=0xff),
              (1, web))
        f.put(2, geneve(web, 7, head()))


@case
def push_nvgre(f):
    """tagged frames are not for it"""
    for port, head in ((1, outer4), (2, outer6)):
        for inner, ecn in inners():
            out = () if Dot1Q in inner else (
                (3, nvgre(inner, 0x1000a, head(ecn))),)
            f.put(port, inner, *out)


@case
def pop_nvgre(f):
    web = eth() / ip() / tcp()
    for head in (outer4, outer6):
        for inner, _ in inners():
            if IP not in inner or inner[IP].tos & 3 == 0:
                f.put(2, nvgre(inner, 5, head(), 0xac), (1, inner))
        f.put(2, nvgre(web, 0xffffff, head(), 0), (3, web))
        f.put(2, nvgre(web, 6, head()))
        f.put(2, nvgre(eth() / Dot1Q(vlan=5) / ip() / tcp(), 5, head()))
        f.put(2, nvgre(eth(type=0x88a8) / Raw(bytes(60)), 5, head()))
        f.put(2, nvgre(web, 5, head(), chksum_present=1))
        f.put(2, nvgre(web, 5, head(), seqnum_present=1, sequence_number=1))
        f.put(2, nvgre(web, 5, head(), routing_present=1))
        f.put(2, nvgre(web, 5, head(), version=1))
        f.put(2, nvgre(web[IP], 5, head(), proto=0x800))
        f.put(2, nvgre(b"", 5, head()))


@case
def push_stt(f):
    """no offloads, so no flags; frames are numbered 256, 512, ..."""
    number = 0
    for port, head in ((1, outer4), (2, outer6)):
        for inner, ecn in inners():
            number += 256
            f.put(port, inner, (3, seeded(stt(inner, 0x123456789abcdef0,
                                              head(ecn), number))))


@case
def pop_stt(f):
    for head in (outer4, outer6):
        for inner, _ in inners():
            if IP not in inner or inner[IP].tos & 3 == 0:
                f.put(2, stt(inner, 5, head(), 1), (1, inner))
        web = eth() / ip() / tcp(data=bytes(range(200)))
        tagged = eth() / Dot1Q(vlan=9, prio=3) / ip() / udp()
        # checksum verified, ids of 64 bits, and unknown ones
        f.put(2, stt(tagged, 5, head(), 1, flags=1), (1, tagged))
        f.put(2, stt(web, 5 << 32, head(), 1), (3, web))
        f.put(2, stt(web, 5 << 32 | 5, head(), 1))
        # a checksum that is to be completed stays so
        part = Ether(bytes(web))
        part[TCP].chksum = 0x1234
        f.put(2, stt(part, 5, head(), 1, flags=0x0e, l4=34, mss=1400),
              (1, part))
        # in segments, whatever their order, and of two frames at once
        one, two = (bytes(stt(x, 5, head(), 1))[14 + len(head()) + 20:]
                    for x in (web, tagged))
        cuts = ((0, 100), (100, 102), (102, len(one)))
        for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
            parts = [segment(one, head(), 7, *cuts[i]) for i in order]
            f.put(2, parts[0])
            f.put(2, segment(two, head(), 8, 0, 20))
            f.put(2, parts[1])
            f.put(2, segment(two, head(), 8, 20, len(two)), (1, tagged))
            f.put(2, parts[2], (1, web))
        # CE on one of the segments
        ect = bytes(stt(eth() / ip(tos=2) / tcp(), 5, head(), 1))
        ect = ect[14 + len(head()) + 20:]
        f.put(2, segment(ect, head(3), 9, 50, len(ect)))
        f.put(2, segment(ect, head(2), 9, 0, 50),
              (1, eth() / ip(tos=3) / tcp()))
        # overlap: all of the frame goes, and what comes later of it
        f.put(2, segment(one, head(), 10, 0, 60))
        f.put(2, segment(one, head(), 10, 58, 100))
        f.put(2, segment(one, head(), 10, 100, len(one)))
        # impossible
        bad = Ether(bytes(stt(web, 5, head(), 1)))
        bad[TCP].chksum ^= 1
        f.put(2, bad)
        f.put(2, stt(web, 5, head(), 1, version=1))
        f.put(2, stt(web, 5, head(), 1, flags=3))
        f.put(2, stt(web, 5, head(), 1, flags=0x0e, l4=250))
        short = stt(web, 5, head(), 1)
        short[TCP].seq = 31 << 16
        f.put(2, short)
        beyond = stt(web, 5, head(), 11)
        beyond[TCP].seq += 1
        f.put(2, beyond)


def told(frame, mtu, **kw):
    """the ICMP error for @frame, with what it may quote"""
    quote = frame[IP] if IP in frame else frame[IPv6]
    head = eth(B, A) / frame[Dot1Q].copy() if Dot1Q in frame else eth(B, A)
    if Dot1Q in frame:
        head[Dot1Q].remove_payload()
    if quote.version == 4:
        return (head / IP(src=quote.dst, dst=quote.src, id=0, flags="DF") /
                ICMP(type=3, code=4, nexthopmtu=mtu) / Raw(bytes(quote)[:548]))
    return (head / IPv6(src=quote.dst, dst=quote.src) /
            ICMPv6PacketTooBig(mtu=mtu) / Raw(bytes(quote)[:1232]))


@case
def too_big(f):
    tag = Dot1Q(vlan=5, prio=3)
    data = bytes(i * 7 & 0xff for i in range(1480))
    for head, room, small in ((ip, 1430, {"flags": "DF"}), (ip6, 1410, {})):
        packet = head(**small) / udp(data=data[:room - 8])
        f.put(1, eth() / packet, (2, vxlan(eth() / packet, 77, outer4())))
        # a byte too many, and far too many; in TCP; with a tag, and so less
        for size in (room - 7, 1450):
            x = eth() / head(**small) / udp(data=data[:size])
            f.put(1, x, (1, told(x, 1450)))
        x = eth() / head(**small) / tcp(data=data[:1430])
        f.put(1, x, (1, told(x, 1450)))
        x = eth() / tag / packet
        f.put(1, x, (1, told(x, 1446)))
    # may be fragmented, later fragment, error, group
    f.put(1, eth() / ip() / udp(data=data))
    f.put(1, eth() / ip(flags="DF", frag=100) / Raw(data))
    f.put(1, eth() / ip(flags="DF") / ICMP(type=11) / Raw(data))
    f.put(1, eth() / ip(flags="DF", dst="224.0.0.7") / udp(data=data[:1450]))
    f.put(1, eth() / ip6(dst="ff02::7") / udp(data=data[:1450]))


@case
def clamp_mss(f):
    def syn(head, mss, first=()):
        return eth() / head() / TCP(sport=1234, dport=80, seq=1000, flags="S",
                                    options=[*first, ("MSS", mss)])
    odd = [("NOP", None)]
    for head, room in ((ip, 1410), (ip6, 1390)):
        for mss, first in ((1460, ()), (1460, odd), (room, ()), (536, ())):
            f.put(1, syn(head, mss, first),
                  (2, vxlan(syn(head, min(mss, room), first), 77, outer4())))


@case
def pop(f):
    """VNI 5 to port 1, TCP port 80 of VNI 6 to port 3, all else is dropped"""
    for head in (outer4, outer6):
        for inner, _ in inners():
            if IP not in inner or inner[IP].tos & 3 == 0:
                f.put(2, vxlan(inner, 5, head()), (1, inner))
        web, ssh = (eth() / ip() / tcp(dport=d) for d in (80, 22))
        f.put(2, vxlan(web, 6, head()), (3, web))
        f.put(2, vxlan(ssh, 6, head()))
        f.put(2, vxlan(web, 7, head()))
    # an outer checksum that is right, and one that is not
    good = Ether(bytes(vxlan(web, 5, outer4())))
    del good[UDP].chksum
    f.put(2, good, (1, web))
    bad = Ether(bytes(good))
    bad[UDP].chksum ^= 1
    f.put(2, bad)
    # RFC 6040: CE comes in where ECN is spoken, else the frame goes
    ect = eth() / ip(tos=2) / tcp()
    f.put(2, vxlan(ect, 5, outer4(3)), (1, eth() / ip(tos=3) / tcp()))
    f.put(2, vxlan(web, 5, outer4(3)))
    # not VXLAN: the I flag is missing, truncated, no UDP
    noflag = bytearray(bytes(vxlan(web, 5, outer4())))
    noflag[42] = 0
    f.put(2, noflag)
    f.put(2, eth() / ip() / tcp())


@case
def resubmit(f):
    f.put(1, eth() / ip() / tcp(),
          (3, eth(C) / ip(tos=0x20) / tcp()),
          (1, eth(C) / ip(tos=0x20) / tcp()),
          (4, eth(C, A) / ip(tos=0x20) / tcp()))
    f.put(1, eth() / arp())
    f.put(2, eth() / arp())


@case
def miss_pass(f):
    x, y = eth(A, B) / ip() / tcp(), eth(B, A) / arp()
    f.put(1, x, (2, x))
    f.put(2, y, (1, y))
    f.put(1, eth() / ip(dst="10.0.0.66") / tcp())


@case
def miss_drop(f):
    f.put(1, eth() / ip() / tcp())
    f.put(1, eth() / ip() / udp(), (2, eth() / ip() / udp()))


@case
def miss_controller(f):
    x = eth() / ip() / tcp()
    f.put(1, x, (CONTROLLER, x))
    f.put(2, x, (1, x), (CONTROLLER, eth(C) / ip() / tcp()))


@case
def normal(f):
    x = eth(A, B) / ip() / tcp()
    y = eth(B, A) / ip() / tcp()
    f.put(1, x, (2, x), (3, x), (4, x))
    f.put(2, y, (1, y))
    f.put(1, x, (2, x))
    f.put(3, eth(C, "ff:ff:ff:ff:ff:ff") / arp(),
          *((p, eth(C, "ff:ff:ff:ff:ff:ff") / arp()) for p in (1, 2, 4)))
    f.put(2, eth(B, C) / ip() / udp(), (3, eth(B, C) / ip() / udp()))
    f.put(1, eth(C, B) / ip() / udp(), (2, eth(C, B) / ip() / udp()))
    f.put(2, eth(B, C) / ip() / udp(), (1, eth(B, C) / ip() / udp()))
    # known to be where it came from
    f.put(1, eth(A, C) / ip() / udp())


def fragments():
    data = bytes(ip(proto=17) / udp(data=bytes(range(64))))[20:]
    first = eth() / ip(proto=17, flags="MF") / Raw(data[:40])
    later = eth() / ip(proto=17, frag=5) / Raw(data[40:])
    data6 = bytes(ip6(nh=17) / udp(data=bytes(range(64))))[40:]
    first6 = (eth() / ip6() / IPv6ExtHdrFragment(nh=17, offset=0, m=1, id=9) /
              Raw(data6[:40]))
    later6 = (eth() / ip6() / IPv6ExtHdrFragment(nh=17, offset=5, m=0, id=9) /
              Raw(data6[40:]))
    return first, later, first6, later6


@case
def frag_normal(f):
    """the ports of no fragment are seen; port 2 is for UDP port 7777"""
    for x in fragments():
        f.put(1, x, (3, x))
    f.put(1, eth() / ip() / udp(), (2, eth() / ip() / udp()))


@case
def frag_nx_match(f):
    first, later, first6, later6 = fragments()
    f.put(1, first, (2, first))
    f.put(1, later, (3, later))
    f.put(1, first6, (2, first6))
    f.put(1, later6, (3, later6))


@case
def frag_drop(f):
    for x in fragments():
        f.put(1, x)
    f.put(1, eth() / ip() / udp(), (2, eth() / ip() / udp()))


@case
def match(f):
    """longest prefix by priority, ports, VLANs, ARP, SNAP, 802.3"""
    for dst, port in (("10.1.2.3", 2), ("10.1.9.9", 3), ("10.9.9.9", 4)):
        x = eth() / ip(dst=dst) / tcp()
        f.put(1, x, (port, x))
    f.put(1, eth() / ip(dst="11.0.0.1") / tcp())
    x = eth() / Dot1Q(vlan=9) / ip(dst="11.0.0.1") / udp()
    f.put(1, x, (2, x))
    f.put(1, eth() / arp(), (3, eth() / arp()))
    f.put(1, eth() / ip6(dst="2001:db8:7::1") / udp(),
          (4, eth() / ip6(dst="2001:db8:7::1") / udp()))
    f.put(1, eth() / ip6(dst="2001:db8:8::1") / udp())
    mac = bytes(eth())[:12]
    body = bytes(ip(dst="10.1.2.3") / tcp())
    snap = mac + struct.pack("!H", 8 + len(body)) + b"\xaa\xaa\3\0\0\0\x08\0" + body
    f.put(1, snap, (2, snap))
    llc = mac + struct.pack("!H", 40) + b"\x42\x42\3" + bytes(37)
    f.put(1, llc, (4, llc))


@case
def nat(f):
    """all at once, on the way there and back"""
    f.put(1, eth(A, C) / ip("10.0.0.1", "198.51.100.1") / tcp(40000, 80),
          (2, eth(C, B) / ip("203.0.113.7", "198.51.100.1", tos=0x28) /
           tcp(5000, 80)))
    f.put(2, eth(B, C) / ip("198.51.100.1", "203.0.113.7") / tcp(80, 5000),
          (1, eth(C, A) / ip("198.51.100.1", "10.0.0.1") / tcp(80, 40000)))


def write(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for number, port, data in frames:
            out.write(struct.pack("<IIII", number, port, len(data), len(data)))
            out.write(data)


def main():
    folder = sys.argv[1]
    names = {n[:-6] for n in os.listdir(folder) if n.endswith(".flows")}
    if names != CASES.keys():
        sys.exit(f"cases without flows or the reverse: {names ^ CASES.keys()}")
    for name, function in CASES.items():
        frames = Frames()
        function(frames)
        write(os.path.join(folder, name + ".pcap"), frames.into)
        write(os.path.join(folder, name + ".out.pcap"), frames.out)


if __name__ == "__main__":
    main()

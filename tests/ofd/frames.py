# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Frames to try flows with, as scapy makes them."""

import logging
import struct

logging.getLogger('scapy').setLevel(logging.ERROR)
from scapy.layers.inet import ICMP, IP, TCP, UDP             # noqa: E402
from scapy.layers.inet6 import ICMPv6EchoRequest, IPv6       # noqa: E402
from scapy.layers.l2 import ARP, Dot1Q, Ether                # noqa: E402
from scapy.layers.sctp import SCTP, SCTPChunkData            # noqa: E402
from scapy.packet import Raw                                 # noqa: E402

SRC, DST = '02:00:00:00:0a:01', '02:00:00:00:0a:02'
LOAD = bytes(range(46))


def ether(src=SRC, dst=DST, vlan=None, **more):
    """vlan=(vid, pcp): with a tag"""
    head = Ether(src=src, dst=dst, **more)
    if vlan is not None:
        vid, pcp = vlan
        head = Ether(src=src, dst=dst) / Dot1Q(vlan=vid, prio=pcp, **more)
    return head


def ip(proto=None, src='10.0.0.1', dst='10.0.0.2', tos=0x28, vlan=None, **more):
    head = ether(vlan=vlan) / IP(src=src, dst=dst, tos=tos, **more)
    if proto is not None:
        head[IP].proto = proto
    return head


def tcp(sport=1234, dport=80, load=LOAD, **more):
    return ip(**more) / TCP(sport=sport, dport=dport) / Raw(load)


def udp(sport=1234, dport=53, load=LOAD, chksum=None, **more):
    return ip(**more) / UDP(sport=sport, dport=dport, chksum=chksum) / Raw(load)


def icmp(kind=8, code=0, load=LOAD, **more):
    return ip(**more) / ICMP(type=kind, code=code) / Raw(load)


def sctp(sport=1234, dport=80, **more):
    return ip(**more) / SCTP(sport=sport, dport=dport) / SCTPChunkData(
        data=LOAD + bytes(2))


def ip6(src='fd00::1', dst='fd00::2', tc=0x28, vlan=None, **more):
    return ether(vlan=vlan) / IPv6(src=src, dst=dst, tc=tc, **more)


def tcp6(sport=1234, dport=80, **more):
    return ip6(**more) / TCP(sport=sport, dport=dport) / Raw(LOAD)


def udp6(sport=1234, dport=53, **more):
    return ip6(**more) / UDP(sport=sport, dport=dport) / Raw(LOAD)


def icmp6(**more):
    return ip6(**more) / ICMPv6EchoRequest(data=LOAD)


def arp(op=1, spa='10.0.0.1', tpa='10.0.0.2', vlan=None, **more):
    return ether(vlan=vlan, dst='ff:ff:ff:ff:ff:ff') / ARP(
        op=op, psrc=spa, pdst=tpa, hwsrc=SRC, hwdst='00:00:00:00:00:00',
        **more) / Raw(bytes(18))


def plain(dl_type=0x88cc, load=LOAD):
    return ether(type=dl_type) / Raw(load)


def llc(head, load=LOAD, length=None):
    """802.3 with what follows its length"""
    data = bytes(head) + bytes(load)
    return bytes(ether())[:12] + struct.pack(
        '!H', len(data) if length is None else length) + data


def snap(dl_type, load=LOAD, oui=0):
    return llc(b'\xaa\xaa\x03' + struct.pack('!I', oui)[1:] +
               struct.pack('!H', dl_type), load)


def fragment(which, whole=None):
    """the first or a later fragment of a UDP packet"""
    whole = bytes(whole or udp(load=bytes(80)))
    load = whole[34:]
    one = IP(whole[14:34])
    del one.chksum, one.len
    if which == 'first':
        one.flags, one.frag, load = 'MF', 0, load[:40]
    else:
        one.flags, one.frag, load = 0, 5, load[40:]
    return Ether(whole[:14]) / one / Raw(load)


def shortened(frame, n):
    """the first @n bytes behind the Ethernet header"""
    return bytes(frame)[:14 + n]


def rebuilt(frame):
    """with checksums and lengths computed anew"""
    frame = frame.copy()
    for layer in (IP, TCP, UDP, ICMP):
        if layer in frame:
            del frame[layer].chksum
    return bytes(frame)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""What frames a match takes: each field, and frames that are not what they
seem.  A flow to port 2 has the match, one below it leads to port 3."""

import sys

import frames
from frames import (arp, ether, fragment, icmp, icmp6, ip, llc, plain, sctp,
                    shortened, snap, tcp, tcp6, udp, udp6)
import lab
import of10
from of10 import match, output

TAGGED, OTHER, ZERO = (5, 3), (6, 4), (0, 3)

# match: frames that it takes, frames that it does not
FIELDS = (
    (dict(), (tcp(), arp(), plain(), udp6(), llc(b'BB\3'), tcp(vlan=TAGGED)),
     ()),
    (dict(dl_src=frames.SRC), (tcp(), plain()),
     (ether(src='02:00:00:00:0a:03') / frames.Raw(bytes(50)),)),
    (dict(dl_dst=frames.DST), (tcp(), plain()), (arp(),)),
    (dict(dl_type=0x800), (tcp(), icmp(), tcp(vlan=TAGGED)),
     (arp(), udp6(), plain())),
    (dict(dl_type=0x806), (arp(), arp(vlan=TAGGED)), (tcp(), plain())),
    (dict(dl_type=0x86dd), (udp6(), icmp6()), (tcp(), arp())),
    (dict(dl_type=0x88cc), (plain(),), (tcp(), plain(0x88cd))),
    (dict(dl_type=0x8100), (), (tcp(vlan=TAGGED), tcp())),
    (dict(dl_type=0x5ff),
     (llc(b'BB\3'), llc(b'BB\3', b''), llc(b'3D\x12S', b''),
      snap(0x800, oui=1), llc(b'\xaa\xaa\3')), (tcp(), snap(0x88cc))),
    (dict(dl_vlan=5), (tcp(vlan=TAGGED), arp(vlan=(5, 0))),
     (tcp(vlan=OTHER), tcp(), tcp(vlan=ZERO))),
    (dict(dl_vlan=0xffff), (tcp(), arp(), plain()),
     (tcp(vlan=TAGGED), tcp(vlan=ZERO))),
    (dict(dl_vlan=0xffff, dl_vlan_pcp=3), (tcp(),),
     (tcp(vlan=TAGGED), tcp(vlan=ZERO))),
    (dict(dl_vlan=0), (tcp(vlan=ZERO),), (tcp(), tcp(vlan=TAGGED))),
    (dict(dl_vlan_pcp=3), (tcp(vlan=TAGGED), tcp(vlan=ZERO)),
     (tcp(vlan=OTHER), tcp())),
    (dict(dl_vlan_pcp=0), (tcp(vlan=(9, 0)),), (tcp(),)),
    (dict(dl_vlan=5, dl_vlan_pcp=3), (tcp(vlan=TAGGED),),
     (tcp(vlan=(5, 4)), tcp(vlan=(6, 3)), tcp())),
    (dict(dl_type=0x800, nw_src='10.0.0.1'), (tcp(), icmp()),
     (tcp(src='10.0.0.3'), arp(), udp6())),
    (dict(dl_type=0x800, nw_src='10.0.0.0/24'), (tcp(), tcp(src='10.0.0.9')),
     (tcp(src='10.0.1.1'),)),
    (dict(dl_type=0x800, nw_src='128.0.0.0/1'), (tcp(src='200.0.0.1'),),
     (tcp(),)),
    (dict(dl_type=0x800, nw_dst='10.0.0.2'), (tcp(), udp()),
     (tcp(dst='10.0.0.3'),)),
    (dict(dl_type=0x800, nw_dst='10.0.0.2/31'), (tcp(), tcp(dst='10.0.0.3')),
     (tcp(dst='10.0.0.4'),)),
    (dict(dl_type=0x800, nw_src='10.9.9.9/8'), (tcp(),),
     (tcp(src='11.0.0.1'),)),
    (dict(dl_type=0x800, nw_proto=6), (tcp(), tcp(vlan=TAGGED)),
     (udp(), icmp(), tcp6())),
    (dict(dl_type=0x800, nw_proto=47), (ip(proto=47) / frames.Raw(bytes(40)),),
     (tcp(),)),
    (dict(dl_type=0x800, nw_proto=0), (ip(proto=0) / frames.Raw(bytes(40)),),
     (tcp(), udp())),
    (dict(dl_type=0x800, nw_tos=0x28), (tcp(), tcp(tos=0x2b)),
     (tcp(tos=0x2c), tcp(tos=0))),
    (dict(dl_type=0x800, nw_tos=0x2b), (tcp(), tcp(tos=0x29)),
     (tcp(tos=0x2c),)),
    (dict(dl_type=0x800, nw_proto=6, tp_src=1234), (tcp(),),
     (tcp(sport=1235), udp())),
    (dict(dl_type=0x800, nw_proto=6, tp_dst=80), (tcp(), tcp(sport=5)),
     (tcp(dport=81),)),
    (dict(dl_type=0x800, nw_proto=17, tp_src=1234), (udp(),),
     (udp(sport=1), tcp())),
    (dict(dl_type=0x800, nw_proto=17, tp_dst=53), (udp(), udp(chksum=0)),
     (udp(dport=54),)),
    (dict(dl_type=0x800, nw_proto=17, tp_dst=0), (udp(dport=0),), (udp(),)),
    (dict(dl_type=0x800, nw_proto=132, tp_dst=80), (sctp(),),
     (sctp(dport=81),)),
    (dict(dl_type=0x800, nw_proto=1, tp_src=8), (icmp(),),
     (icmp(kind=0), icmp(kind=3, code=8))),
    (dict(dl_type=0x800, nw_proto=1, tp_dst=1), (icmp(kind=3, code=1),),
     (icmp(), icmp(kind=3, code=3))),
    (dict(dl_type=0x800, nw_proto=1, tp_src=8, tp_dst=0), (icmp(),),
     (icmp(code=1),)),
    (dict(dl_type=0x800, nw_proto=1, tp_src=0x108), (), (icmp(),)),
    (dict(dl_type=0x806, nw_proto=1), (arp(),), (arp(op=2),)),
    (dict(dl_type=0x806, nw_proto=2), (arp(op=2),), (arp(), arp(op=0x102))),
    (dict(dl_type=0x806, nw_src='10.0.0.1'), (arp(), arp(op=2)),
     (arp(spa='10.0.0.9'), tcp())),
    (dict(dl_type=0x806, nw_dst='10.0.0.0/30'), (arp(),),
     (arp(tpa='10.0.0.9'),)),
    (dict(dl_type=0x806, nw_proto=1, nw_src='10.0.0.1', nw_dst='10.0.0.2'),
     (arp(), arp(vlan=TAGGED)), (arp(tpa='1.2.3.4'),)),
    (dict(dl_type=0x86dd, nw_proto=6), (tcp6(), tcp6(vlan=TAGGED)),
     (udp6(), tcp())),
    (dict(dl_type=0x86dd, nw_proto=6, tp_src=1234), (tcp6(),),
     (tcp6(sport=5),)),
    (dict(dl_type=0x86dd, nw_proto=17, tp_dst=53), (udp6(),),
     (udp6(dport=5),)),
    (dict(dl_type=0x86dd, nw_tos=0x28), (tcp6(), tcp6(tc=0x2b)),
     (tcp6(tc=0x2c),)),
    # what is missing before it makes a field no field
    (dict(nw_src='10.0.0.1'), (arp(), plain(), tcp(src='1.1.1.1')), ()),
    (dict(tp_src=5), (tcp(), plain()), ()),
    (dict(dl_type=0x800, tp_src=5), (tcp(), icmp()), (arp(),)),
    (dict(dl_type=0x800, nw_proto=47, tp_src=5),
     (ip(proto=47) / frames.Raw(bytes(40)),), (tcp(),)),
    (dict(dl_type=0x88cc, nw_proto=6, nw_tos=4), (plain(),), ()),
    (dict(dl_type=0x806, nw_tos=4, tp_src=9), (arp(),), (tcp(),)),
    # SNAP is unwrapped
    (dict(dl_type=0x800, nw_proto=6, tp_dst=80),
     (snap(0x800, bytes(tcp())[14:]),), (snap(0x800),)),
    (dict(dl_type=0x800), (snap(0x800, b'S' * 10),),
     (snap(0x800, b'S' * 10, oui=1), llc(b'BB\3'))),
    (dict(dl_type=0x88cc), (snap(0x88cc),), (snap(0x88cd),)),
    # fragments: the first one has no ports either, unless asked for otherwise
    (dict(dl_type=0x800, nw_proto=17, tp_dst=53), (udp(),),
     (fragment('first'), fragment('later'))),
    (dict(dl_type=0x800, nw_proto=17, tp_src=0, tp_dst=0),
     (fragment('first'), fragment('later')), (udp(),)),
    (dict(dl_type=0x800, nw_proto=17, nw_dst='10.0.0.2'),
     (fragment('first'), fragment('later'), udp()), ()),
)

WHOLE = dict(dl_type=0x800, nw_proto=6, nw_src='10.0.0.1', nw_dst='10.0.0.2',
             nw_tos=0x28, tp_src=1234, tp_dst=80)
OPTIONS = bytes([1] * 40)


def with_options(n, frame):
    """@n bytes of options between IP and what follows"""
    data = bytearray(bytes(frame))
    head = frames.IP(bytes(data[14:34]))
    head.ihl = 5 + n // 4
    head.len = head.len + n
    del head.chksum
    return bytes(data[:14]) + bytes(head)[:20] + OPTIONS[:n] + bytes(data[34:])


def odd():
    """(name, frame) of TCP packets that are broken: their ports are not known"""
    for n in (1, 2, 3, 12, 16, 19):
        yield '%d bytes of IP' % n, shortened(tcp(), n)
    yield 'no TCP header', shortened(tcp(), 20)
    yield '2 bytes of TCP', shortened(tcp(), 22)
    yield 'header length 6', bytes(tcp(ihl=6))
    yield 'header length 15', bytes(tcp(ihl=15))
    yield 'header length 15 of a short one', bytes(tcp(ihl=15, load=b''))[:56]
    yield 'header length 4', bytes(tcp(ihl=4))
    yield 'header length 0', bytes(tcp(ihl=0))
    yield 'version 6', bytes(tcp(version=6))
    yield 'other ports behind options', with_options(8, tcp(dport=81))
    yield ('no TCP header, total length 100',
           shortened(tcp(len=100), 20))


def field(it, fields, yes, no):
    it.switch.clear()
    it.add_mark()
    it.switch.do(of10.flow_mod(match(**fields), output(2), priority=100),
                 of10.flow_mod(actions=output(3), priority=1))
    for frame in yes:
        it.expect(1, frame, {2: frame})
    for frame in no:
        it.expect(1, frame, {3: frame})


def in_port(it):
    it.clear()
    it.switch.do(of10.flow_mod(match(in_port=1), output(3)),
                 of10.flow_mod(match(in_port=2), output(4)))
    frame = tcp()
    it.expect(1, frame, {3: frame})
    it.expect(2, frame, {4: frame})
    it.expect(3, frame, {}, packet_ins=1)


def broken(it, frame):
    """goes through unharmed, but not where whole ones go"""
    it.clear()
    it.switch.do(of10.flow_mod(match(**WHOLE), output(2), priority=100),
                 of10.flow_mod(actions=output(3), priority=1))
    whole = tcp()
    it.expect(1, whole, {2: whole})
    it.expect(1, frame, {3: frame})


def options(it):
    it.clear()
    it.switch.do(of10.flow_mod(match(**WHOLE), output(2), priority=100),
                 of10.flow_mod(actions=output(3), priority=1))
    for n in range(0, 41, 4):
        frame = with_options(n, tcp())
        it.expect(1, frame, {2: frame})


def short(it):
    """down to the Ethernet header: nothing is padded, all goes through"""
    it.clear()
    it.switch.do(of10.flow_mod(match(dl_src=frames.SRC, dl_dst=frames.DST),
                               output(2)))
    for n in (14, 15, 17, 20, 40, 59, 60, 61):
        frame = bytes(ether(type=0x8922) / frames.Raw(bytes(64)))[:n]
        it.expect(1, frame, {2: frame})


def frag_modes(it):
    it.clear()
    it.switch.do(of10.flow_mod(match(dl_type=0x800, nw_proto=17, tp_dst=53),
                               output(2), priority=100),
                 of10.flow_mod(actions=output(3), priority=1))
    first, later, whole = fragment('first'), fragment('later'), udp()
    try:
        it.switch.do(of10.set_config(1, 128))
        it.expect(1, first, {})
        it.expect(1, later, {})
        it.expect(1, whole, {2: whole})
        it.switch.do(of10.set_config(3, 128))
        it.expect(1, first, {2: first})
        it.expect(1, later, {3: later})
    finally:
        it.switch.do(of10.set_config(0, 128))
    it.expect(1, first, {3: first})


def exact(it):
    """an exact match is above all others, whatever its priority"""
    it.clear()
    what = match(in_port=1, dl_src=frames.SRC, dl_dst=frames.DST,
                 dl_vlan=0xffff, dl_vlan_pcp=0, **WHOLE)
    assert of10.parse_match(what).wildcards == 0
    it.switch.do(of10.flow_mod(what, output(2), priority=10),
                 of10.flow_mod(match(in_port=1), output(3), priority=20))
    frame = tcp()
    it.expect(1, frame, {2: frame})
    it.switch.do(of10.flow_mod(what, command=of10.DELETE_STRICT, priority=10))
    it.expect(1, frame, {3: frame})


def priorities(it):
    it.clear()
    frame = tcp()
    for priority in (0, 1, 5, 0x8000, 0xfffe):
        no = 2 + priority % 3
        it.switch.do(of10.flow_mod(match(dl_type=0x800), output(no),
                                   priority=priority))
        it.expect(1, frame, {no: frame})
    for priority, no in ((0xfffe, 4), (0x8000, 4), (5, 3), (1, 2)):
        it.switch.do(of10.flow_mod(match(dl_type=0x800), priority=priority,
                                   command=of10.DELETE_STRICT))
        it.expect(1, frame, {no: frame})


def many(it):
    """the right one of many, also when it was looked up before"""
    it.clear()
    it.switch.do(*(of10.flow_mod(match(dl_type=0x800, nw_proto=17, tp_dst=i),
                                 output(2 + i % 3)) for i in range(300)))
    for i in range(0, 300, 7):
        frame = udp(dport=i)
        it.expect(1, frame, {2 + i % 3: frame})
    it.switch.do(*(of10.flow_mod(match(dl_type=0x800, nw_proto=17, tp_dst=i),
                                 output(2 + (i + 1) % 3))
                   for i in range(300)))
    for i in range(0, 300, 7):
        frame = udp(dport=i)
        it.expect(1, frame, {2 + (i + 1) % 3: frame})


def name_of(fields):
    return ','.join('%s=%s' % (key, hex(value) if key == 'dl_type' else value)
                    for key, value in fields.items()) or 'all'


def main():
    args = lab.arguments()
    cases = of10.Cases(args.ovs)
    it = lab.lab(args)
    for fields, yes, no in FIELDS:
        cases.run('match: ' + name_of(fields), field, it, fields, yes, no)
    cases.run('match: in_port', in_port, it)
    for name, frame in odd():
        cases.run('broken: ' + name, broken, it, frame,
                  ovs='does not look' if name == 'version 6' else None)
    cases.run('IP options', options, it)
    cases.run('short frames', short, it, ovs='pads some')
    cases.run('fragment modes', frag_modes, it)
    cases.run('exact matches', exact, it)
    cases.run('priorities', priorities, it)
    cases.run('one of 300', many, it)
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

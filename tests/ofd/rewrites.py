#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""What actions make of frames: each of them, their order, and checksums as scapy
computes them."""

import sys

import frames
from frames import (arp, fragment, icmp, ip, plain, rebuilt, sctp, snap, tcp,
                    tcp6, udp, udp6)
import lab
import of10
from of10 import output

TAG = (5, 3)
MAC = '02:00:00:00:0b:07'


def changed(frame, layer, **fields):
    frame = frame.copy()
    for name, value in fields.items():
        setattr(frame[layer], name, value)
    return rebuilt(frame)


# name, actions but for the output, frame, what comes out
TABLE = (
    ('nothing', b'', tcp(), tcp()),
    ('vid of an untagged one', of10.set_vlan_vid(7), tcp(), tcp(vlan=(7, 0))),
    ('vid 0 of an untagged one', of10.set_vlan_vid(0), tcp(),
     tcp(vlan=(0, 0))),
    ('vid of a tagged one', of10.set_vlan_vid(7), tcp(vlan=TAG),
     tcp(vlan=(7, 3))),
    ('pcp of an untagged one', of10.set_vlan_pcp(6), tcp(), tcp(vlan=(0, 6))),
    ('pcp of a tagged one', of10.set_vlan_pcp(6), tcp(vlan=TAG),
     tcp(vlan=(5, 6))),
    ('vid and pcp', of10.set_vlan_vid(9) + of10.set_vlan_pcp(1), arp(),
     arp(vlan=(9, 1))),
    ('pcp and vid', of10.set_vlan_pcp(1) + of10.set_vlan_vid(9), plain(),
     bytes(plain())[:12] + bytes.fromhex('81002009') + bytes(plain())[12:]),
    ('strip', of10.strip_vlan(), tcp(vlan=TAG), tcp()),
    ('strip an untagged one', of10.strip_vlan(), tcp(), tcp()),
    ('strip and tag', of10.strip_vlan() + of10.set_vlan_vid(8), tcp(vlan=TAG),
     tcp(vlan=(8, 0))),
    ('tag and strip', of10.set_vlan_vid(8) + of10.strip_vlan(), tcp(), tcp()),
    ('dl_src', of10.set_dl_src(MAC), tcp(), changed(tcp(), 'Ethernet',
                                                    src=MAC)),
    ('dl_dst', of10.set_dl_dst(MAC), plain(), changed(plain(), 'Ethernet',
                                                      dst=MAC)),
    ('dl_src of a tagged one', of10.set_dl_src(MAC), tcp(vlan=TAG),
     changed(tcp(vlan=TAG), 'Ethernet', src=MAC)),
    ('nw_src, TCP', of10.set_nw_src('192.168.7.9'), tcp(),
     tcp(src='192.168.7.9')),
    ('nw_dst, TCP', of10.set_nw_dst('192.168.7.9'), tcp(vlan=TAG),
     tcp(dst='192.168.7.9', vlan=TAG)),
    ('nw_src, UDP', of10.set_nw_src('192.168.7.9'), udp(),
     udp(src='192.168.7.9')),
    ('nw_dst, UDP without checksum', of10.set_nw_dst('192.168.7.9'),
     udp(chksum=0), udp(chksum=0, dst='192.168.7.9')),
    ('nw_src, ICMP', of10.set_nw_src('192.168.7.9'), icmp(),
     icmp(src='192.168.7.9')),
    ('nw_src, GRE', of10.set_nw_src('192.168.7.9'),
     ip(proto=47) / frames.Raw(bytes(40)),
     ip(proto=47, src='192.168.7.9') / frames.Raw(bytes(40))),
    ('nw_src, ARP', of10.set_nw_src('192.168.7.9'), arp(), arp()),
    ('nw_dst, IPv6', of10.set_nw_dst('192.168.7.9'), tcp6(), tcp6()),
    ('nw_tos', of10.set_nw_tos(0xb8), tcp(), tcp(tos=0xb8)),
    ('nw_tos keeps ECN', of10.set_nw_tos(0xb8), udp(tos=3), udp(tos=0xbb)),
    ('nw_tos, IPv6', of10.set_nw_tos(0xb8), tcp6(tc=1), tcp6(tc=0xb9)),
    ('nw_tos, ARP', of10.set_nw_tos(0xb8), arp(), arp()),
    ('tp_src, TCP', of10.set_tp_src(4321), tcp(), tcp(sport=4321)),
    ('tp_dst, TCP', of10.set_tp_dst(4321), tcp(vlan=TAG),
     tcp(dport=4321, vlan=TAG)),
    ('tp_src, UDP', of10.set_tp_src(4321), udp(), udp(sport=4321)),
    ('tp_dst, UDP without checksum', of10.set_tp_dst(9), udp(chksum=0),
     udp(dport=9, chksum=0)),
    ('tp_src, TCP over IPv6', of10.set_tp_src(4321), tcp6(),
     tcp6(sport=4321)),
    ('tp_dst, UDP over IPv6', of10.set_tp_dst(4321), udp6(vlan=TAG),
     udp6(dport=4321, vlan=TAG)),
    ('tp_src, SCTP', of10.set_tp_src(4321), sctp(), sctp(sport=4321)),
    ('tp_src, ICMP', of10.set_tp_src(0), icmp(), icmp(kind=0)),
    ('tp_dst, ICMP', of10.set_tp_dst(3), icmp(), icmp(code=3)),
    ('tp_src, GRE', of10.set_tp_src(9), ip(proto=47) / frames.Raw(bytes(40)),
     ip(proto=47) / frames.Raw(bytes(40))),
    ('tp_src, ARP', of10.set_tp_src(9), arp(), arp()),
    ('tp_src, later fragment', of10.set_tp_src(9), fragment('later'),
     fragment('later')),
    ('nw_src, later fragment', of10.set_nw_src('192.168.7.9'),
     fragment('later'),
     changed(fragment('later'), 'IP', src='192.168.7.9')),
    ('nw_src, first fragment', of10.set_nw_src('192.168.7.9'),
     fragment('first'),
     fragment('first', udp(load=bytes(80), src='192.168.7.9'))),
    ('tp_src, first fragment', of10.set_tp_src(9), fragment('first'),
     fragment('first', udp(load=bytes(80), sport=9))),
    ('nw_src inside SNAP', of10.set_nw_src('192.168.7.9'),
     snap(0x800, bytes(tcp())[14:]),
     snap(0x800, bytes(tcp(src='192.168.7.9'))[14:])),
    ('all', of10.set_vlan_vid(9) + of10.set_vlan_pcp(2) +
     of10.set_dl_src(MAC) + of10.set_dl_dst(MAC) +
     of10.set_nw_src('192.168.7.9') + of10.set_nw_dst('192.168.7.8') +
     of10.set_nw_tos(0x40) + of10.set_tp_src(1) + of10.set_tp_dst(2),
     tcp(vlan=TAG),
     changed(tcp(vlan=(9, 2), src='192.168.7.9', dst='192.168.7.8', tos=0x40,
                 sport=1, dport=2), 'Ethernet', src=MAC, dst=MAC)),
    ('all, the other way round', of10.set_tp_dst(2) + of10.set_tp_src(1) +
     of10.set_nw_tos(0x40) + of10.set_nw_dst('192.168.7.8') +
     of10.set_nw_src('192.168.7.9') + of10.set_dl_dst(MAC) +
     of10.set_dl_src(MAC) + of10.set_vlan_pcp(2) + of10.set_vlan_vid(9),
     udp(),
     changed(udp(vlan=(9, 2), src='192.168.7.9', dst='192.168.7.8', tos=0x40,
                 sport=1, dport=2), 'Ethernet', src=MAC, dst=MAC)),
    ('the same twice', of10.set_nw_src('1.1.1.1') +
     of10.set_nw_src('2.2.2.2'), tcp(), tcp(src='2.2.2.2')),
)


def by_flow(it, actions, frame, wanted):
    it.clear()
    it.switch.do(of10.flow_mod(actions=actions + output(2)))
    it.expect(1, frame, {2: wanted})


def by_packet_out(it, actions, frame, wanted):
    it.switch.do(of10.packet_out(bytes(frame), actions + output(2), 1))
    out, _ = it.collect(1)
    of10.equal(out, {2: [bytes(wanted)]}, 'frames')


def udp_zero(it):
    """a checksum that computes to zero is sent as all ones"""
    it.clear()
    it.switch.do(of10.flow_mod(actions=of10.set_tp_src(0) + output(2)))
    # with this port the sum is all ones, once the other one is 0
    dport = frames.Ether(bytes(udp(sport=0, dport=0)))[frames.UDP].chksum
    out, _ = it.inject(1, udp(sport=1, dport=dport))
    of10.equal(out[2][0][40:42], b'\xff\xff', 'checksum')


def order(it):
    """each output sends what the frame is by then"""
    it.clear()
    it.switch.do(of10.flow_mod(
        actions=output(2) + of10.set_vlan_vid(7) + output(3) +
        of10.set_nw_src('192.168.7.9') + output(4) + of10.strip_vlan() +
        output(2)))
    it.expect(1, tcp(), {
        2: [tcp(), tcp(src='192.168.7.9')], 3: tcp(vlan=(7, 0)),
        4: tcp(vlan=(7, 0), src='192.168.7.9')})


def controller_order(it):
    it.clear()
    it.switch.do(of10.flow_mod(
        actions=of10.set_tp_dst(1) + output(of10.CONTROLLER, 20) +
        of10.set_tp_dst(2) + output(2) + output(of10.CONTROLLER, 0xffff)))
    told = it.expect(1, tcp(), {2: tcp(dport=2)}, packet_ins=2)
    of10.equal([one.data for one in told],
               [bytes(tcp(dport=1)), bytes(tcp(dport=2))], 'packet-ins')


def nothing_after(it):
    """no output, or none at the end: dropped"""
    it.clear()
    it.switch.do(of10.flow_mod(actions=of10.set_vlan_vid(7)))
    it.expect(1, tcp(), {})
    it.switch.do(of10.flow_mod())
    it.expect(1, tcp(), {})
    it.switch.do(of10.flow_mod(actions=output(2) + of10.set_vlan_vid(7)))
    it.expect(1, tcp(), {2: tcp()})


def repeated(it):
    it.clear()
    it.switch.do(of10.flow_mod(actions=output(2) * 3 + output(3)))
    it.expect(1, tcp(), {2: [tcp()] * 3, 3: tcp()})


def main():
    args = lab.arguments()
    cases = of10.Cases(args.ovs)
    it = lab.lab(args)
    for name, actions, frame, wanted in TABLE:
        cases.run('flow: ' + name, by_flow, it, actions, frame, wanted)
    it.clear()
    for name, actions, frame, wanted in TABLE:
        cases.run('packet-out: ' + name, by_packet_out, it, actions, frame,
                  wanted)
    cases.run('UDP checksum 0', udp_zero, it)
    cases.run('order', order, it)
    cases.run('order to the controller', controller_order, it,
              ovs='cuts to max_len')
    cases.run('nothing comes after', nothing_after, it)
    cases.run('repeated outputs', repeated, it)
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""switch_tester.py FOLDER: tests in the form of os-ken's switch tester, each with
a flow, a frame, and what becomes of it: out by port 2, to the controller, or
past the flow."""

import json
import os
import sys

CONTROLLER = 65533
LOAD = "b'%s'" % ''.join('\\x%02x' % i for i in range(32))


def ethernet(kind, src='12:11:11:11:11:11', dst='22:22:22:22:22:22'):
    return "ethernet(dst='%s', src='%s', ethertype=%d)" % (dst, src, kind)


def tagged(kind, vid=100, pcp=3, **more):
    return [ethernet(0x8100, **more),
            'vlan(pcp=%d, cfi=0, vid=%d, ethertype=%d)' % (pcp, vid, kind)]


def ports(kind, sport=11111, dport=2222):
    if kind == 'tcp':
        return ("tcp(src_port=%d, dst_port=%d, option=bytes(b'\\x00' * 4))" %
                (sport, dport))
    return 'udp(src_port=%d, dst_port=%d)' % (sport, dport)


def ip4(l4='tcp', head=None, src='192.168.10.10', dst='192.168.20.20', tos=32,
        **more):
    return [*(head or [ethernet(0x800)]),
            "ipv4(tos=%d, proto=%d, src='%s', dst='%s', ttl=64)" %
            (tos, 6 if l4 == 'tcp' else 17, src, dst), ports(l4, **more), LOAD]


def ip6(l4='tcp', head=None, tc=32, **more):
    return [*(head or [ethernet(0x86dd)]),
            "ipv6(dst='20::20', flow_label=100, src='10::10', nxt=%d, "
            "hop_limit=64, traffic_class=%d)" % (6 if l4 == 'tcp' else 17, tc),
            ports(l4, **more), LOAD]


def arp(head=None, op=1, src='192.168.10.10'):
    return [*(head or [ethernet(0x806)]),
            "arp(dst_ip='192.168.20.20', dst_mac='22:22:22:22:22:22', "
            "opcode=%d, src_ip='%s', src_mac='12:11:11:11:11:11')" % (op, src),
            "bytes(b'\\x00' * 30)"]


IP, ARP, IP6 = 0x800, 0x806, 0x86dd

# match, a frame that it takes, one that it does not
MATCHES = (
    (dict(in_port=1), ip4(), None),
    (dict(dl_src='12:11:11:11:11:11'), ip6(),
     ip6(head=[ethernet(IP6, src='12:11:11:11:11:12')])),
    (dict(dl_dst='22:22:22:22:22:22'), arp(), None),
    (dict(dl_vlan=100), ip4(head=tagged(IP)), ip4(head=tagged(IP, vid=203))),
    (dict(dl_vlan=100, dl_vlan_pcp=3), arp(head=tagged(ARP)),
     arp(head=tagged(ARP, pcp=5))),
    (dict(dl_type=IP), ip4(head=tagged(IP)), ip6()),
    (dict(dl_type=IP, nw_tos=32), ip4(), ip4(tos=64)),
    (dict(dl_type=IP6, nw_tos=32), ip6(head=tagged(IP6)), ip6(tc=65)),
    (dict(dl_type=IP, nw_proto=6), ip4(), ip4('udp')),
    (dict(dl_type=IP6, nw_proto=6), ip6(), ip6('udp')),
    (dict(dl_type=ARP, nw_proto=1), arp(), arp(op=2)),
    (dict(dl_type=IP, nw_src='192.168.10.10'), ip4(), ip4(src='10.0.0.1')),
    (dict(dl_type=IP, nw_dst='192.168.20.0', nw_dst_mask=24), ip4(),
     ip4(dst='192.168.21.1')),
    (dict(dl_type=ARP, nw_src='192.168.10.0', nw_src_mask=24), arp(),
     arp(src='10.0.0.1')),
    (dict(dl_type=IP, nw_proto=6, tp_src=11111), ip4(), ip4(sport=9)),
    (dict(dl_type=IP, nw_proto=17, tp_dst=2222), ip4('udp'),
     ip4('udp', dport=9)),
    (dict(dl_type=IP6, nw_proto=6, tp_src=11111), ip6(head=tagged(IP6)),
     ip6(sport=9)),
    (dict(dl_type=IP6, nw_proto=17, tp_dst=2222), ip6('udp'),
     ip6('udp', dport=9)),
)

# actions, a frame, what it becomes
ACTIONS = (
    ({}, ip4(), ip4()),
    ({'OFPActionVlanVid': {'vlan_vid': 203}}, ip4(head=tagged(IP)),
     ip4(head=tagged(IP, vid=203))),
    ({'OFPActionVlanVid': {'vlan_vid': 203}}, ip6(),
     ip6(head=tagged(IP6, vid=203, pcp=0))),
    ({'OFPActionVlanPcp': {'vlan_pcp': 5}}, arp(head=tagged(ARP)),
     arp(head=tagged(ARP, pcp=5))),
    ({'OFPActionStripVlan': {}}, ip4(head=tagged(IP)), ip4()),
    ({'OFPActionSetDlSrc': {'dl_addr': '12:00:00:00:00:01'}}, ip4(),
     ip4(head=[ethernet(IP, src='12:00:00:00:00:01')])),
    ({'OFPActionSetDlDst': {'dl_addr': '12:00:00:00:00:01'}}, arp(),
     arp(head=[ethernet(ARP, dst='12:00:00:00:00:01')])),
    ({'OFPActionSetNwSrc': {'nw_addr': '10.10.10.10'}}, ip4(),
     ip4(src='10.10.10.10')),
    ({'OFPActionSetNwDst': {'nw_addr': '10.10.10.10'}}, ip4('udp'),
     ip4('udp', dst='10.10.10.10')),
    ({'OFPActionSetNwTos': {'tos': 64}}, ip4(), ip4(tos=64)),
    ({'OFPActionSetNwTos': {'tos': 64}}, ip6(), ip6(tc=64)),
    ({'OFPActionSetTpSrc': {'tp': 12345}}, ip4(head=tagged(IP)),
     ip4(head=tagged(IP), sport=12345)),
    ({'OFPActionSetTpDst': {'tp': 12345}}, ip4('udp'),
     ip4('udp', dport=12345)),
    ({'OFPActionSetTpSrc': {'tp': 12345}}, ip6('udp'),
     ip6('udp', sport=12345)),
    ({'OFPActionSetTpDst': {'tp': 12345}}, ip6(), ip6(dport=12345)),
)


def flow(fields, port, action=None):
    actions = [{'OFPActionOutput': {'port': port}}]
    if action:
        actions.insert(0, action)
    return {'OFPFlowMod': {'actions': actions, 'command': 0, 'cookie': 0,
                           'match': {'OFPMatch': fields}}}


def test(what, one, frame, **outcome):
    return {'description': what, 'prerequisite': [one],
            'tests': [{'ingress': frame, **outcome}]}


def main():
    matches, actions = ['match'], ['action']
    for fields, yes, no in MATCHES:
        name = json.dumps(fields)
        matches += [test(name, flow(fields, 2), yes, egress=yes),
                    test(name + ' to the controller', flow(fields, CONTROLLER),
                         yes, PACKET_IN=yes)]
        if no:
            matches.append(test(name + ' missed', flow(fields, 2), no,
                                **{'table-miss': [0]}))
    for action, frame, wanted in ACTIONS:
        actions.append(test(json.dumps(action), flow(dict(in_port=1), 2,
                                                     action), frame,
                            egress=wanted))
    for tests in (matches, actions):
        with open(os.path.join(sys.argv[1], tests[0] + '.json'), 'w') as file:
            json.dump(tests, file)


if __name__ == '__main__':
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Each action on frames of both directions, finished, with a checksum to be
completed, and as TCP super-frames; where frames go; what is counted and told."""

import os
import sys
import time

import rig
from rig import CONTROLLER, Ether, GUEST, IP, IPv6, NET, TCP, UDP, unfinished
import frames
import of10

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                     '../golden/cases')
MAC1, MAC2 = '02:00:00:00:0b:07', '02:00:00:00:0b:08'
TAG = (5, 3)
SIZE = 1000                     # of segments
LONG = bytes(i * 7 & 255 for i in range(5 * SIZE + 77))

# Rewriting


def build(kind, load, vlan=None, mac=None, **more):
    """a frame of scapy's: @kind is tcp, udp, tcp6 or udp6"""
    six = kind.endswith('6')
    names = ('src6', 'dst6', 'tos') if six else ('src', 'dst', 'tos')
    net = {name.rstrip('6'): more[name] for name in names if name in more}
    if six and 'tos' in net:
        net['tc'] = net.pop('tos')
    head = (frames.ip6 if six else frames.ip)(vlan=vlan, **net)
    if not six:
        head[IP].id = 7
    if mac:
        head[Ether].src, head[Ether].dst = mac
    ports = dict(sport=more.get('sport', 1234), dport=more.get('dport', 80))
    if kind.startswith('tcp'):
        l4 = TCP(seq=1000, flags='PA', **ports)
    else:
        l4 = UDP(**ports)
    return Ether(bytes(head / l4 / frames.Raw(load)))


# name, actions, what is different then; the tag by what it was
REWRITES = (
    ('nothing', '', {}, None),
    ('MAC addresses', 'mod_dl_src:%s,mod_dl_dst:%s,' % (MAC1, MAC2),
     dict(mac=(MAC1, MAC2)), None),
    ('VLAN id', 'mod_vlan_vid:7,', {}, lambda t: (7, t[1] if t else 0)),
    ('VLAN priority', 'mod_vlan_pcp:6,', {},
     lambda t: (t[0] if t else 0, 6)),
    ('no tag', 'strip_vlan,', {}, lambda t: None),
    ('another tag', 'strip_vlan,mod_vlan_vid:8,', {}, lambda t: (8, 0)),
    ('IPv4 addresses', 'mod_nw_src:192.168.7.9,mod_nw_dst:172.31.255.254,',
     dict(src='192.168.7.9', dst='172.31.255.254'), None),
    ('IPv6 addresses', 'mod_ipv6_src:2001:db8::a,mod_ipv6_dst:2001:db8:f::b,',
     dict(src6='2001:db8::a', dst6='2001:db8:f::b'), None),
    ('TOS', 'mod_nw_tos:184,', dict(tos=184), None),
    ('ports', 'mod_tp_src:4321,mod_tp_dst:443,', dict(sport=4321, dport=443),
     None),
    ('all', 'mod_vlan_vid:9,mod_vlan_pcp:1,mod_dl_src:%s,mod_dl_dst:%s,'
     'mod_nw_src:192.168.7.9,mod_nw_dst:172.31.255.254,'
     'mod_ipv6_src:2001:db8::a,mod_ipv6_dst:2001:db8:f::b,'
     'mod_nw_tos:64,mod_tp_src:1,mod_tp_dst:2,' % (MAC1, MAC2),
     dict(mac=(MAC1, MAC2), src='192.168.7.9', dst='172.31.255.254',
          src6='2001:db8::a', dst6='2001:db8:f::b', tos=64, sport=1, dport=2),
     lambda t: (9, 1)),
)


def pairs(change, tag):
    """frames to send, and what they are to be then"""
    for kind in ('tcp', 'udp', 'tcp6', 'udp6'):
        for vlan in (None, TAG):
            later = tag(vlan) if tag else vlan
            for load in (b'odd', LONG[:1400]):
                frame = build(kind, load, vlan)
                want = bytes(build(kind, load, later, **change))
                yield frame, want
                yield unfinished(frame), want
            if kind.startswith('tcp'):
                yield (unfinished(build(kind, LONG, vlan), SIZE),
                       bytes(build(kind, LONG, later, **change)))


def rewrite(it, port, actions, change, tag, outputs, to):
    it.flows('in_port=%d,actions=%s%s' % (port, actions, outputs))
    sent, want = zip(*pairs(change, tag))
    it.expects(port, sent, {no: [one for one in want for _ in range(n)]
                            for no, n in to.items()}, SIZE)


def rewrites(it, cases):
    for port, other in ((GUEST, NET), (NET, GUEST)):
        for name, actions, change, tag in REWRITES:
            for outputs, to in (
                    (str(other), {other: 1}), ('in_port', {port: 1}),
                    ('all,in_port,%d' % other, {other: 2, port: 1})):
                cases.run('%s, in by %d, out by %s' % (name, port, outputs),
                          rewrite, it, port, actions, change, tag, outputs, to)


# Frames of other kinds


def several_tags():
    inner = bytes(build('tcp', b'load'))
    for outer in ('88a80005', '81000005'):
        yield (inner[:12] + bytes.fromhex(outer + '8100600a') + inner[12:],
               outer)


def as_it_is(it, port, other):
    """frames that no action has to do with"""
    it.flows('actions=all')
    sent = [bytes(one) for one in (
        frames.arp(), frames.arp(vlan=TAG), frames.icmp(), frames.icmp6(),
        frames.plain(), frames.plain(0x88b5), frames.sctp(),
        frames.llc(b'BB\3'), frames.snap(0x88cc), frames.fragment('first'),
        frames.fragment('later'), frames.tcp(vlan=(0, 3)),
        frames.udp(chksum=0))] + [frame for frame, _ in several_tags()]
    it.expects(port, sent, {other: sent})


def stacked(it, port, other):
    """the outer 802.1Q tag counts; one of 802.1ad is no tag"""
    for frame, outer in several_tags():
        q = outer.startswith('81')
        bare = frame[:12] + frame[16:]
        for action, want in (
                ('strip_vlan', bare if q else frame),
                ('mod_vlan_vid:7', frame[:12] + bytes.fromhex('81000007') +
                 (frame[16:] if q else frame[12:]))):
            it.flows('actions=%s,all' % action)
            it.expect(port, frame, {other: want})


# Golden frames, of cases with two ports

GOLDEN = ('mac', 'nw', 'tos', 'ipv6', 'nat', 'miss-pass', 'miss-drop',
          'miss-controller', 'frag-drop')


def golden_setup(lines):
    words = dict(miss='drop', frag='normal', drops='')
    for line in lines:
        if line.startswith('#!'):
            words.update(word.split('=', 1) for word in line[2:].split())
    drops = dict(one.split(':') for one in words['drops'].split(',') if one)
    return words['miss'], words['frag'], {k: int(v) for k, v in drops.items()}


def golden(it, name):
    path = os.path.join(CASES, name)
    with open(path + '.flows', encoding='ascii') as file:
        lines = file.read().splitlines()
    miss, frag, drops = golden_setup(lines)
    it.flows(*(line for line in lines if not line.startswith('#')))
    it.nl('switch set miss=%s fragments=%s miss_send_len=65535' % (miss, frag))
    before, told = it.drops(), it.listen()
    out = {}
    for number, port, data in rig.pcap(path + '.out.pcap'):
        out.setdefault(number, {}).setdefault(port, []).append(data)
    try:
        for number, port, data in rig.pcap(path + '.pcap'):
            it.expect(port, data, out.get(number, {}))
        want = [data.hex() for _, port, data in rig.pcap(path + '.out.pcap')
                if port == CONTROLLER]
        of10.equal([one['frame'] for one in told(len(want))], want, 'packet-ins')
    finally:
        it.nl('switch set miss=pass fragments=normal miss_send_len=128')
    after = it.drops()
    of10.equal({cause: n - before.get(cause, 0) for cause, n in after.items()
                if n != before.get(cause, 0)}, drops, 'drops')


# Where frames go, and what is told of them

FRAME = bytes(build('udp', b'load'))


def to(it, port, frame, wanted, *flows):
    it.flows(*flows)
    it.expect(port, frame, wanted)


def outputs(it):
    """in the order of the list; each is what the frame is by then"""
    other = bytes(build('udp', b'load', dport=9))
    to(it, GUEST, FRAME, {NET: [FRAME, other], GUEST: FRAME},
       'actions=net,in_port,mod_tp_dst:9,net')
    to(it, NET, FRAME, {GUEST: [FRAME, other], NET: other},
       'actions=guest,mod_tp_dst:9,in_port,guest')
    to(it, GUEST, FRAME, {NET: FRAME}, 'actions=flood')
    to(it, GUEST, FRAME, {}, 'actions=drop')
    # it does not go back, and nobody else is there
    to(it, GUEST, FRAME, {}, 'actions=guest')
    to(it, GUEST, FRAME, {}, 'actions=77')


def normal(it):
    """with two ports there is nothing to learn"""
    for port, other in ((GUEST, NET), (NET, GUEST)):
        to(it, port, FRAME, {other: FRAME}, 'actions=normal')


def resubmit(it):
    """looks again, as from port 50, and comes back"""
    to(it, GUEST, FRAME, {NET: [bytes(build('udp', b'load', tos=32)),
                                bytes(build('udp', b'load', tos=32,
                                            dport=9))]},
       'in_port=guest,actions=mod_nw_tos:32,resubmit:50,mod_tp_dst:9,net',
       'in_port=50,actions=net')
    before = it.drops().get('resubmit', 0)
    to(it, GUEST, FRAME, {}, 'actions=resubmit')
    of10.equal(it.drops().get('resubmit', 0), before + 1, 'drops')


def packet_out(it):
    it.flows('in_port=net,actions=mod_tp_dst:9,guest')
    told = it.listen()
    for words, wanted in (
            ('guest %s net', {NET: FRAME}), ('net %s guest', {GUEST: FRAME}),
            ('none %s all', {NET: FRAME, GUEST: FRAME}),
            ('net %s in_port,mod_tp_dst:9,guest',
             {NET: FRAME, GUEST: bytes(build('udp', b'load', dport=9))}),
            ('net %s resubmit', {GUEST: bytes(build('udp', b'load',
                                                    dport=9))}),
            ('guest %s controller', {})):
        it.nl('packet-out ' + words % FRAME.hex())
        it.expects(GUEST, [], {no: [frame] for no, frame in wanted.items()})
    found, = told(1)
    of10.equal((found['frame'], found['in_port'], found['reason']),
               (FRAME.hex(), GUEST, 'action'), 'packet-in')


def rate(it):
    """packet-ins above their rate are counted"""
    it.flows('actions=controller')
    it.nl('switch set action_rate=1 action_burst=7')
    before, told = it.drops().get('rate', 0), it.listen()
    it.expects(GUEST, [FRAME] * 100, {})
    found = told(7)
    it.nl('switch set action_rate=1000 action_burst=1000')
    of10.equal(len(found) + it.drops().get('rate', 0) - before, 100,
               'packet-ins, and frames that made none')


def antispoof(it, port, other):
    """only these sources may be in frames from this port"""
    it.flows('actions=all')
    name = {GUEST: 'guest', NET: 'net'}[port]
    before = it.drops()
    good = [build('udp', b'load', mac=(MAC1, MAC2)),
            build('udp', b'load', TAG, mac=(MAC1, MAC2))]
    it.nl('port set %s allow_mac=%s allow_ipv4=10.0.0.1' % (name, MAC1))
    try:
        it.ports[other].drain()
        for frame in (FRAME, bytes(build('udp', b'load', mac=(MAC1, MAC2),
                                         src='10.0.0.9'))):
            it.ports[port].send(frame)
        for frame in good:
            it.ports[port].send(frame)
        for frame in good:
            found = it.ports[other].receive()
            assert found, 'nothing came'
            of10.equal(rig.finished(*found), bytes(frame), 'frame')
    finally:
        it.nl('port set %s antispoof=off' % name)
    after = it.drops()
    for cause in ('spoof-mac', 'spoof-ipv4'):
        of10.equal(after.get(cause, 0) - before.get(cause, 0), 1, cause)


# Counters and time


def flow(it, words):
    found, = it.shell.json('cvsw-nl -s netlink:eth0 -j flow dump ' + words)
    return found


def counters(it, port, other):
    """of super-frames segments count, with their headers"""
    it.flows('priority=5,udp,actions=%d' % other,
             'priority=6,tcp,actions=%d' % other)
    before = it.shell.json('cvsw-nl -s netlink:eth0 -j port show')
    plain, large = build('tcp', LONG[:1400]), build('tcp', LONG)
    it.inject(port, FRAME, bytes(plain), unfinished(large, SIZE))
    of10.equal([flow(it, one)[key] for one in ('udp', 'tcp')
                for key in ('packets', 'bytes')],
               [1, len(FRAME), 7, len(bytes(plain)) + len(bytes(large)) +
                5 * 54], 'flows')
    after = it.shell.json('cvsw-nl -s netlink:eth0 -j port show')
    more = {one['no']: {key: n - was['stats'][key]
                        for key, n in one['stats'].items()}
            for was, one in zip(before, after)}
    # the mark, to both
    of10.equal((more[port]['rx_packets'], more[other]['tx_packets']),
               (9, 9), 'ports')


def timeouts(it):
    """flows go when they are to, and that is told with what they counted"""
    it.flows()
    told = it.listen('flow')
    it.nl("flow add 'cookie=1,hard_timeout=1,send_flow_rem,udp,actions=net' "
          "'cookie=2,idle_timeout=1,send_flow_rem,tcp,actions=net' "
          "'cookie=3,idle_timeout=1,icmp,actions=net' "
          "'cookie=4,idle_timeout=100,arp,actions=net'")
    it.expect(GUEST, FRAME, {NET: FRAME})
    found = {one['flow']['cookie']: (one['reason'], one['flow']['packets'])
             for one in told(2)}
    of10.equal(found, {'0x1': ('hard', 1), '0x2': ('idle', 0)}, 'told')
    of10.equal(len(it.shell.json('cvsw-nl -s netlink:eth0 -j flow dump')), 2,
               'flows left')


def main():
    cases = of10.Cases()
    it = rig.Rig()
    rewrites(it, cases)
    for port, other in ((GUEST, NET), (NET, GUEST)):
        cases.run('as it is, in by %d' % port, as_it_is, it, port, other)
        cases.run('two tags, in by %d' % port, stacked, it, port, other)
    for name in GOLDEN:
        cases.run('golden: ' + name, golden, it, name)
    for what in (outputs, normal, resubmit, packet_out, rate):
        cases.run(what.__name__, what, it)
    for port, other in ((GUEST, NET), (NET, GUEST)):
        cases.run('antispoof at %d' % port, antispoof, it, port, other)
        cases.run('counters, in by %d' % port, counters, it, port, other)
    cases.run('timeouts', timeouts, it)
    it.shell.end()
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

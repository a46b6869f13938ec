#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Frames of the fuzzers' corpora, changed, by both cards of a guest whose switch
does with them whatever it can: frame_fuzz.py SEED FRAMES.

The kernel must not complain (tests/guest/run sees to that), the switch counts
each frame that comes in, and in the end it works as before."""

import collections
import os
import random
import struct
import sys

import rig
from rig import GUEST, NET, Vnet
import frames
import of10

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      '../fuzz/corpus')
# of which all bytes but the first few are a frame
PLAIN = {'decap': 1, 'key': 1, 'mtu': 2}
BATCH = 200

PUSH = 'src=172.16.0.1,dst=172.16.0.2,eth_src=02:00:00:00:08:01,' \
       'eth_dst=02:00:00:00:08:02'
FLOWS = (
    'priority=9,udp,tp_dst=4789,actions=pop_vxlan,resubmit:2',
    'priority=9,udp,tp_dst=6081,actions=pop_geneve,output:1,output:2,resubmit:2',
    'priority=9,tcp,tp_dst=7471,actions=pop_stt,output:1,resubmit:2',
    'priority=8,nw_proto=47,ip,actions=pop_nvgre,output:1,output:2',
    'priority=5,in_port=1,tcp,actions=mod_nw_src:10.1.1.1,mod_tp_src:99,'
    'push_stt(id=4,%s),output:2' % PUSH,
    'priority=5,in_port=1,udp,actions=mod_vlan_vid:5,'
    'push_geneve(vni=3,%s),output:2' % PUSH,
    'priority=4,in_port=1,ip,actions=mod_nw_tos:8,push_vxlan(vni=3,%s),'
    'output:2,controller' % PUSH,
    'priority=4,in_port=1,ipv6,actions=strip_vlan,push_nvgre(vsid=3,%s),'
    'output:2,normal' % PUSH,
    'priority=3,arp,actions=mod_dl_src:02:00:00:00:00:77,all',
    'priority=1,dl_vlan=0xffff,actions=mod_vlan_pcp:3,mod_vlan_vid:9,normal',
    'priority=0,actions=strip_vlan,normal',
)


def corpus():
    """frames, at least with an Ethernet header"""
    found = []
    for kind, skip in PLAIN.items():
        for name in sorted(os.listdir(os.path.join(CORPUS, kind))):
            with open(os.path.join(CORPUS, kind, name), 'rb') as file:
                found.append(file.read()[skip:])
    folder = os.path.join(CORPUS, 'inband_v2')
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), 'rb') as file:
            data = file.read()
        while len(data) > 2:
            n, = struct.unpack_from('!H', data)
            found.append(data[2:2 + n])
            data = data[2 + n:]
    return [one for one in found if len(one) >= 14]


def changed(rnd, data):
    data = bytearray(data)
    for _ in range(rnd.choice((0, 1, 1, 2, 4, 16))):
        at = rnd.randrange(12, len(data)) if len(data) > 12 else 0
        data[at] = rnd.choice((0, 0xff, rnd.randrange(256),
                               data[at] ^ 1 << rnd.randrange(8)))
    if not rnd.randrange(8):
        del data[max(14, rnd.randrange(len(data) + 1)):]
    if not rnd.randrange(8):
        data += rnd.randbytes(rnd.randrange(1, 1400))
    if rnd.randrange(4):
        data[:6] = rnd.choice((b'\xff' * 6, b'\x02\0\0\0\0\1'))
    return bytes(data[:1514])


def header(rnd, n):
    """most are finished; others say what may or may not be so"""
    if rnd.randrange(4):
        return rig.NOTHING
    return Vnet(rig.NEEDS_CSUM, rnd.choice((0, 0, 1, 4, 3, 5)), rnd.randrange(n),
                rnd.choice((0, 1, 100, 536, 1400)), rnd.randrange(n),
                rnd.choice((6, 16)))


def send(it, port, frame):
    """did the kernel take it to the card?"""
    try:
        it.ports[port].send(frame)
    except OSError:
        return 0
    return 1


def received(it):
    """frames that came in by the ports, or the reason that they did not"""
    return sum(port['stats']['rx_packets'] + port['stats']['rx_dropped']
               for port in it.shell.json('cvsw-nl -s netlink:eth0 -j port show'))


def fire(it, rnd, found, n):
    it.flows(*FLOWS)
    sent = 0
    for _ in range(n):
        data = changed(rnd, rnd.choice(found))
        sent += send(it, NET if rnd.randrange(3) else GUEST,
                     (data, header(rnd, len(data))))
    assert sent > n // 2, '%d of %d frames were taken' % (sent, n)
    return sent


def batch(it, rnd, found, n):
    before = received(it)
    it.nl('port set net inband=off')
    it.nl('port set net inband=v2')
    sent = fire(it, rnd, found, n)
    it.shell.until('cvsw-nl -s netlink:eth0 show >/dev/null')
    took = received(it) - before
    # some are lost in queues on the way, and super-frames are several
    assert took > sent // 2, '%d of %d frames came in' % (took, sent)


def as_before(it):
    it.nl('port set net inband=off mtu=1500')
    it.nl('port set guest mtu=1500')
    it.flows('in_port=1,actions=output:2', 'in_port=2,actions=output:1')
    frame = bytes(frames.tcp())
    for port, other in ((GUEST, NET), (NET, GUEST)):
        it.expect(port, frame, {other: frame})
    causes = collections.Counter(it.drops())
    assert len(causes) > 5, 'dropped for few reasons: %s' % dict(causes)


def main():
    seed, n = sys.argv[1], int(sys.argv[2])
    rnd = random.Random(seed)
    cases = of10.Cases()
    found = corpus()
    it = rig.Rig()
    for at in range(0, n, BATCH):
        cases.run('frames %d to %d, seed %s' % (at, at + BATCH, seed), batch,
                  it, rnd, found, BATCH)
    cases.run('as before', as_before, it)
    it.shell.end()
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""In-band control of 2014, with frames made here as a host switch made them.

    inband.py                  at the far ends of a guest's cards (tests/guest)
    inband.py GUEST NET PORT   of cvswd's: the guest's interface, the far end of
                               the network, and cvswd's port there"""

import json
import os
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, '../guest'), os.path.join(HERE, '../ofd')]
import rig                                                   # noqa: E402
from rig import Ether, GUEST, NET                            # noqa: E402
import frames                                                # noqa: E402
import of10                                                  # noqa: E402

ENTRIES = os.path.join(HERE, '../entries')
MAC = '02:00:00:00:00:01'               # of the port that the network is behind
ALL = b'\xff' * 6
HELLO, REGISTER, SET_ENTRY, DELETE_ENTRY, CHANGE_MTU, CHANGE_OFFLOAD = range(1, 7)
TYPE = 0xabba
WORDS = {'csum': 1, 'tso': 2, 'ufo': 4, 'gso': 8, 'gro': 16}
STATES = 'disconnected', 'connecting', 'connected'


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def message(kind, data=0, body=b'', dst=ALL, version=2, length=None):
    return dst + struct.pack('!BBHHH', version << 4 | kind, 0,
                             len(body) if length is None else length, data,
                             TYPE) + body


# Entries of 2014.  Senders left in fields that do not count what was there

W_ALL, W_IN_PORT, W_DL_VLAN, W_DL_DST = 0x3fffff, 1, 2, 8
W_TP_SRC, W_TP_DST, W_NW_SRC = 0x40, 0x80, 0x2000
JUNK = 0xa5


def flow_mod(priority, actions, command=0, junk=0, **match):
    wild, field = W_ALL, {}
    for name, bit in (('in_port', W_IN_PORT), ('dl_vlan', W_DL_VLAN),
                      ('dl_dst', W_DL_DST), ('tp_src', W_TP_SRC),
                      ('tp_dst', W_TP_DST), ('nw_src', W_NW_SRC)):
        if name in match:
            wild &= ~bit
        field[name] = match.get(name, bytes([junk]) * {'dl_dst': 6,
                                                       'nw_src': 4}.get(name, 2))
        if isinstance(field[name], int):
            field[name] = struct.pack('!H', field[name])
    j = bytes([junk])
    return (b'\0\x0e' + j * 6 + struct.pack('!I', wild) + field['in_port'] +
            j * 6 + field['dl_dst'] + field['dl_vlan'] + j * 2 + j * 2 + j * 2 +
            j * 2 + field['nw_src'] + j * 4 + field['tp_src'] + field['tp_dst'] +
            bytes(8) + struct.pack('!HHHH', command, 0, 0, priority) + j * 8 +
            b''.join(actions))


def set_dl(kind, addr):
    return struct.pack('!HH', kind, 16) + mac(addr) + bytes(6)


def set_nw(kind, addr):
    return struct.pack('!HH', kind, 8) + bytes(map(int, addr.split('.')))


def short(kind, fmt='', *value):
    return (struct.pack('!HH' + fmt, kind, 8, *value) + bytes(8))[:8]


def vid(value):
    return short(1, 'H', value)


def tos(value):
    return short(8, 'B', value)


def tp_src(value):
    return short(9, 'H', value)


STRIP_VLAN = short(3)
SET_DL_SRC, SET_DL_DST, SET_NW_SRC, SET_NW_DST = 4, 5, 6, 7


def push(kind, key):
    return (struct.pack('!HH', kind, 64) + b'\x22' * 6 + b'\x11' * 6 +
            bytes([172, 16, 0, 2]) + bytes(12) + bytes([172, 16, 0, 1]) +
            bytes(12) + key + bytes(8))


KINDS = {'vxlan': 0x1001, 'nvgre': 0x1003, 'stt': 0x1005, 'geneve': 0x1007,
         'sclp': 0x1009}


def tunnel(name):
    """the entries of a sample with a tunnel"""
    kind, way = name.split('_')
    key = bytes.fromhex('0000000a00000000' if kind == 'stt' else
                        '000000000000000a')
    if way.startswith('tx'):
        return [flow_mod(10000, [push(KINDS[kind], key)], in_port=GUEST)]
    return [flow_mod(10000, [short(KINDS[kind] + 1)], in_port=NET)]


def entry1():
    me = dict(in_port=GUEST)
    yield flow_mod(10000, [set_dl(SET_DL_DST, 'ff:ff:ff:ff:ff:ff')],
                   dl_dst=mac('52:54:00:22:22:22'), **me)
    me['junk'] = JUNK
    yield flow_mod(10001, [set_nw(SET_NW_SRC, '172.16.0.1')],
                   nw_src=bytes([192, 168, 0, 1]), **me)
    yield flow_mod(10002, [tp_src(65535)], tp_dst=50000, **me)
    yield flow_mod(10003, [vid(10)], tp_dst=60000, **me)
    yield flow_mod(10004, [set_dl(SET_DL_SRC, 'aa:aa:aa:aa:aa:aa'),
                           set_nw(SET_NW_DST, '172.16.0.2'), tos(0xc0),
                           tp_src(50000), vid(20)], tp_dst=65535, **me)


def entry2():
    me = dict(in_port=NET)
    yield flow_mod(10000, [set_dl(SET_DL_DST, '52:54:00:22:22:22')], dl_dst=ALL,
                   **me)
    me['junk'] = JUNK
    yield flow_mod(10001, [set_nw(SET_NW_SRC, '192.168.0.1')],
                   nw_src=bytes([172, 16, 0, 1]), **me)
    yield flow_mod(10002, [tp_src(44444)], tp_src=65535, **me)
    yield flow_mod(10003, [STRIP_VLAN], dl_vlan=10, **me)
    yield flow_mod(10004, [set_dl(SET_DL_SRC, '52:54:00:11:11:11'),
                           set_nw(SET_NW_DST, '192.168.0.2'), tos(0x80),
                           tp_src(65535), STRIP_VLAN],
                   dl_vlan=20, tp_src=50000, **me)


class Sample:
    """of 2014: what was sent, and the file that says the same"""

    def __init__(self, name):
        self.name = name
        self.path = os.path.join(ENTRIES, name + '.flows')
        with open(self.path, encoding='ascii') as file:
            self.text = file.read()
        words = dict(word.split('=') for line in self.text.splitlines()
                     if line.startswith('#!') for word in line[2:].split())
        self.mtu = int(words.get('mtu', 0))
        self.offload = words.get('offload')
        made = {'entry1': entry1, 'entry2': entry2}.get(name)
        self.entries = list(made() if made else tunnel(name))

    def messages(self):
        if self.mtu:
            yield message(CHANGE_MTU, self.mtu)
        if self.offload:
            yield message(CHANGE_OFFLOAD, sum(WORDS[word] for word in
                                              self.offload.split('+')))
        for entry in self.entries:
            yield message(SET_ENTRY, body=entry)


# Places


class Here:
    """cvswd is here"""

    def try_(self, command):
        done = subprocess.run(['/bin/sh', '-c', command], text=True, check=False,
                              stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                              stdout=subprocess.PIPE)
        return done.returncode, done.stdout

    do, until, file, json = (rig.Shell.do, rig.Shell.until, rig.Shell.file,
                             rig.Shell.json)

    def end(self):
        pass


class Daemon(rig.Rig):
    quick = False

    def __init__(self, guest, far, port):
        self.shell = Here()
        self.ports = {GUEST: rig.Wire(guest), NET: rig.Wire(far)}
        self.marks = 0
        self.device, self.guest, self.net = guest, guest, port

    def nl(self, words):
        return self.shell.do('%s -s %s %s' % (os.environ['CVSW_NL'],
                                              os.environ['CVSW_SOCKET'], words))

    def drops(self):
        return {one['cause']: one['frames']
                for one in json.loads(self.nl('-j drops')) if one['frames']}

    def settle(self):
        pass


class Guest(rig.Rig):
    quick = True            # commands in a guest take long

    def __init__(self):
        super().__init__()
        self.device, self.guest, self.net = 'eth0', 'guest', 'net'
        self.shell.do('ip link set eth0 address ' + MAC)

    def settle(self):
        """the switch knows its device"""
        self.wait(lambda: self.port(self.net)['mac'] == MAC)


class Inband:
    """what a host does"""

    def __init__(self, place):
        self.it = place
        self.counted = 0
        self.it.shell.file('/tmp/marks', self.it.MARKS)
        self.it.wait = self.wait
        self.it.port = self.port

    @staticmethod
    def wait(what):
        end = time.monotonic() + rig.WAIT
        while not what():
            assert time.monotonic() < end, 'not in %d s' % rig.WAIT
            time.sleep(0.02)

    def port(self, name):
        return json.loads(self.it.nl('-j port show ' + name))[0]

    def send(self, *sent, pad=60):
        for one in sent:
            self.it.ports[NET].send(one + bytes(max(0, pad - len(one))))

    def drop(self, cause):
        return self.it.drops().get(cause, 0)

    def done(self):
        """all that was sent is; the last message is one that is counted"""
        self.send(message(HELLO, version=15))
        self.counted += 1
        self.wait(lambda: self.drop('inband-version') == self.counted)

    def ask(self, *sent):
        self.send(*sent)
        self.done()

    def off(self):
        self.it.nl('port set %s inband=off' % self.it.net)

    def start(self, state='connecting'):
        """anew, with nothing in the table"""
        self.off()
        self.it.nl('flow replace /tmp/marks')
        self.it.nl('port set %s inband=v2' % self.it.net)
        for wire in self.it.ports.values():
            wire.drain()
        if state != 'disconnected':
            self.ask(message(HELLO))
        if state == 'connected':
            self.ask(message(DELETE_ENTRY, body=flow_mod(0, [], command=3)))
            self.ask(message(CHANGE_MTU, 1500))
        self.it.ports[NET].drain()

    def state(self):
        return self.port(self.it.net)['inband_state']

    def dump(self):
        return sorted(line for line in self.it.nl('flow dump --no-stats')
                      .splitlines() if 'priority=65535' not in line)

    def mtu(self):
        words = self.it.shell.do('ip link show ' + self.it.device).split()
        return int(words[words.index('mtu') + 1])


def register(it, me):
    me.start('disconnected')
    me.send(message(HELLO))
    end = time.monotonic() + rig.WAIT
    while time.monotonic() < end:
        got = it.ports[NET].receive(1)
        if got and got[0][12:14] == struct.pack('!H', TYPE):
            break
    of10.equal(got[0][:14], message(REGISTER, dst=mac(MAC)), 'REGISTER')
    assert not any(got[0][14:]), got[0].hex()
    me.wait(lambda: me.state() == 'connecting')
    assert it.ports[GUEST].receive(0.2) is None, 'the guest sees control frames'
    # a second one is out of turn
    before = me.drop('inband-state')
    me.ask(message(HELLO))
    of10.equal(me.drop('inband-state'), before + 1, 'drops')


# Samples: the same by file and by message, and what they do to frames


def both_ways(it, me, sample, effect):
    me.start('disconnected')
    it.shell.file('/tmp/sample.flows', sample.text)
    it.nl('flow add -f /tmp/sample.flows')
    by_file = me.dump()
    if not it.quick:
        effect(it)
    me.start()
    me.ask(*sample.messages())
    of10.equal(me.dump(), by_file, 'flows')
    effect(it)
    of10.equal(me.state(), 'connected', 'state')
    if sample.mtu:
        of10.equal(me.mtu(), sample.mtu, 'mtu of the device')
        of10.equal(me.port(it.guest)['mtu'], sample.mtu, 'mtu')
    if sample.offload:
        offloads(it, me, sample.offload.split('+'))


def offloads(it, me, named):
    """each is on or off as named; what the device cannot change stays"""
    port = me.port(it.guest)
    for word in WORDS:
        device = {'ufo': 'uso'}.get(word, word)
        if device not in port['device_fixed']:
            of10.equal(device in port['device_asked'], word in named,
                       'device: ' + word)
    if port['spec'].startswith('tap:'):
        for bit, word in (('csum', 'csum'), ('tso4', 'tso'), ('tso6', 'tso'),
                          ('uso4', 'ufo'), ('uso6', 'ufo')):
            for way in ('rx_asked', 'tx_asked'):
                of10.equal(bit in port[way], word in named, way + ' ' + bit)


def effect_entry1(it):
    for make in (frames.tcp, frames.udp):
        for change, want in (
                (dict(), dict()),
                (dict(src='192.168.0.1'), dict(src='172.16.0.1')),
                (dict(dport=50000), dict(dport=50000, sport=65535)),
                (dict(dport=60000), dict(dport=60000, vlan=(10, 0))),
                (dict(dport=65535), dict(dport=65535, sport=50000, tos=0xc0,
                                         dst='172.16.0.2', vlan=(20, 0)))):
            sent = make(**change)
            want = make(**want)
            if change.get('dport') == 65535:
                want[Ether].src = 'aa:aa:aa:aa:aa:aa'
            it.expect(GUEST, bytes(sent), {NET: bytes(want)})
            it.expect(NET, bytes(sent), {GUEST: bytes(sent)})
    sent = bytes(frames.arp())
    it.expect(GUEST, mac('52:54:00:22:22:22') + sent[6:],
              {NET: ALL + sent[6:]})


def effect_entry2(it):
    for make in (frames.tcp, frames.udp):
        for change, want in (
                (dict(src='172.16.0.1'), dict(src='192.168.0.1')),
                (dict(sport=65535), dict(sport=44444)),
                (dict(vlan=(10, 3)), dict()),
                (dict(vlan=(20, 3), sport=50000),
                 dict(sport=65535, dst='192.168.0.2', tos=0x80))):
            sent = make(**change)
            want = make(**want)
            if 'sport' in change and 'vlan' in change:
                want[Ether].src = '52:54:00:11:11:11'
            it.expect(NET, bytes(sent), {GUEST: bytes(want)})
    sent = bytes(frames.arp())
    it.expect(NET, sent, {GUEST: mac('52:54:00:22:22:22') + sent[6:]})
    it.expect(GUEST, sent, {NET: sent})


# bytes in front of the inner frame; IP protocol; port; and what has the id
TUNNELS = {'vxlan': (50, 17, 4789, (42, '0800000000000a00')),
           'nvgre': (42, 47, None, (34, '2000655800000a')),
           'geneve': (50, 17, 6081, (42, '0000655800000a00')),
           'stt': (72, 6, 7471, (62, '0000000a00000000'))}


def encapsulated(it, kind, inner):
    """what the guest's frame becomes; by tx, which is in force"""
    head, proto, port, (at, key) = TUNNELS[kind]
    out = it.inject(GUEST, inner)
    assert list(out) == [NET] and len(out[NET]) == 1, out
    data = rig.finished(*out[NET][0])
    of10.equal(data[:14], b'\x22' * 6 + mac(MAC) + b'\x08\0', 'outer Ethernet')
    of10.equal(data[23], proto, 'IP protocol')
    of10.equal(data[26:34].hex(), 'ac100001ac100002', 'outer addresses')
    if port:
        of10.equal(struct.unpack_from('!H', data, 36)[0], port, 'port')
    of10.equal(data[at:at + len(key) // 2].hex(), key, 'id')
    of10.equal(data[head:], inner, 'inner frame')
    return data


def effect_tx(kind):
    def effect(it):
        for make in (frames.tcp, frames.udp, frames.arp):
            encapsulated(it, kind, bytes(make()))
        sent = bytes(frames.tcp())
        it.expect(NET, sent, {GUEST: sent})
    return effect


def effect_rx(kind):
    """what the sender's sample makes comes out as it was"""
    def effect(it):
        for make in (frames.tcp, frames.udp, frames.arp):
            inner = bytes(make())
            it.nl('flow add -f %s' % it.tx_file)
            data = encapsulated(it, kind, inner)
            it.nl('flow del in_port=%d' % GUEST)
            it.nl("flow add '%s'" % it.MARKS)
            # it may be merged with others first, which takes time
            it.ports[NET].send(data)
            got = it.ports[GUEST].receive(rig.WAIT)
            of10.equal(got and rig.finished(*got), inner, 'inner frame')
        sent = bytes(frames.tcp())
        it.expect(GUEST, sent, {NET: sent})
    return effect


def samples(it, me, cases):
    cases.run('entries: entry1', both_ways, it, me, Sample('entry1'),
              effect_entry1)
    cases.run('entries: entry2', both_ways, it, me, Sample('entry2'),
              effect_entry2)
    for name in sorted(os.listdir(ENTRIES)):
        name = name.replace('.flows', '')
        if '_' not in name:
            continue
        kind, way = name.split('_')
        if it.quick and (kind not in ('vxlan', 'stt') or way == 'tx2'):
            continue
        if way.startswith('tx'):
            cases.run('entries: ' + name, both_ways, it, me, Sample(name),
                      effect_tx(kind))
        else:
            it.tx_file = '/tmp/tx.flows'
            it.shell.file(it.tx_file, Sample(kind + '_tx1').text)
            cases.run('entries: ' + name, both_ways, it, me, Sample(name),
                      effect_rx(kind))


# What is refused


def refused(it, me, why, state, *sent, pad=60):
    me.start(state)
    flows, before = me.dump(), me.drop(why)
    me.send(*sent, pad=pad)
    me.done()
    of10.equal(me.drop(why), before + len(sent), why)
    of10.equal(me.dump(), flows, 'flows')
    assert it.ports[GUEST].receive(0) is None, 'the guest sees control frames'


def refusals(it, me, cases):
    good = flow_mod(1, [], in_port=1)
    for name, why, state, *sent in (
            ('too early', 'inband-state', 'disconnected',
             message(SET_ENTRY, body=good), message(DELETE_ENTRY, body=good),
             message(CHANGE_MTU, 1400), message(CHANGE_OFFLOAD, 1)),
            ('DELETE_ENTRY before all else', 'inband-state', 'connecting',
             message(DELETE_ENTRY, body=good)),
            ('types', 'inband-malformed', 'connected',
             *(message(kind) for kind in range(16)
               if kind not in (1, 3, 4, 5, 6))),
            ('lengths', 'inband-malformed', 'connected',
             message(SET_ENTRY, body=good[:71]),
             message(SET_ENTRY, body=good, length=73),
             message(CHANGE_MTU, 1400, length=8),
             message(CHANGE_MTU, 1400, body=bytes(8)),
             message(SET_ENTRY, length=65535)),
            ('actions', 'inband-refused', 'connected',
             *(message(SET_ENTRY, body=flow_mod(1, [act], in_port=1))
               for act in (short(0x1010), struct.pack('!HHI', 1, 0, 0),
                           struct.pack('!HHI', 1, 7, 0), short(0x100a),
                           push(KINDS['sclp'], bytes(7) + b'\n'),
                           push(KINDS['vxlan'], bytes(4) + b'\1' + bytes(3))))),
            ('MTU', 'inband-refused', 'connected', message(CHANGE_MTU, 67)),
            ('for another', 'inband-other', 'connected',
             message(CHANGE_MTU, 1400, dst=mac('02:00:00:00:00:02')),
             message(REGISTER, dst=mac('02:00:00:00:00:03')))):
        if not it.quick or name in ('too early', 'lengths', 'actions'):
            cases.run('refused: ' + name, refused, it, me, why, state, *sent)


def versions(it, me):
    me.start('disconnected')
    me.counted += 15
    me.ask(*(message(HELLO, version=v) for v in range(16) if v != 2))
    of10.equal(me.state(), 'disconnected', 'state')


# of those with a source MAC that bridges do not take for one of a group
ANY = message(CHANGE_OFFLOAD) + bytes(46)


def by_guest(it, me):
    """control frames of the guest are no control, and go nowhere"""
    me.start('connected')
    me.ask(message(SET_ENTRY, body=flow_mod(1, [])))
    before, flows = me.drop('inband'), me.dump()
    entry = message(DELETE_ENTRY, body=flow_mod(0, [], command=3))
    it.expects(GUEST, [ANY, entry], {})
    of10.equal(me.drop('inband'), before + 2, 'drops')
    of10.equal(me.dump(), flows, 'flows')


def off(it, me):
    """then they are frames like any others"""
    me.start('connected')
    me.off()
    it.expect(GUEST, ANY, {NET: ANY})
    it.expect(NET, ANY, {GUEST: ANY})
    of10.equal(me.port(it.net)['inband'], 'off', 'inband')


def tagged(it, me):
    me.start('connected')
    sent = ANY[:12] + b'\x81\0\0\7' + ANY[12:]
    it.expect(NET, sent, {GUEST: sent})


def delete(it, me):
    me.start('connected')
    me.ask(message(SET_ENTRY, body=flow_mod(7, [tos(8)], in_port=1)),
           message(SET_ENTRY, body=flow_mod(8, [tos(8)], in_port=2)),
           message(SET_ENTRY, body=flow_mod(9, [tos(8)], tp_dst=80)))
    of10.equal(len(me.dump()), 4, 'flows')
    me.ask(message(DELETE_ENTRY, body=flow_mod(9, [], command=4, in_port=1)))
    of10.equal(len(me.dump()), 4, 'strict, another priority')
    me.ask(message(DELETE_ENTRY, body=flow_mod(7, [], command=4, in_port=1)))
    of10.equal(len(me.dump()), 3, 'strict')
    me.ask(message(DELETE_ENTRY, body=flow_mod(0, [], command=3, tp_dst=80)))
    of10.equal(len(me.dump()), 1, 'ports without a protocol')
    me.ask(message(DELETE_ENTRY, body=flow_mod(0, [], command=3)))
    of10.equal(it.nl('flow dump'), '', 'all')


def again(it, me):
    """a new MTU and other offloads while frames pass; twice is as once"""
    me.start('connected')
    sent = bytes(frames.tcp())
    for mtu in (1400, 1450, 1450, 1500)[it.quick and 2:]:
        me.ask(message(CHANGE_MTU, mtu))
        of10.equal(me.mtu(), mtu, 'mtu')
        it.expect(GUEST, sent, {NET: sent})
    for named in ((), ('csum', 'gso'), ('csum', 'gso'),
                  tuple(WORDS))[it.quick and 2:]:
        me.ask(message(CHANGE_OFFLOAD, sum(WORDS[word] for word in named)))
        offloads(it, me, named)
        it.expect(NET, sent, {GUEST: sent})


def flood(it, me):
    """of many, each is counted once, and traffic goes on"""
    me.start()
    n = 300 if it.quick else 1500
    names = 'inband-state', 'inband-rate'
    before = sum(me.drop(name) for name in names)
    me.send(*[message(HELLO)] * n)
    sent = bytes(frames.tcp())
    it.expect(NET, sent, {GUEST: sent})
    me.wait(lambda: sum(me.drop(name) for name in names) == before + n)
    time.sleep(0.6)
    me.ask(message(CHANGE_MTU, 1500))
    of10.equal(me.state(), 'connected', 'state')


def main():
    cases = of10.Cases()
    it = Daemon(*sys.argv[1:]) if len(sys.argv) > 1 else Guest()
    me = Inband(it)
    it.settle()
    cases.run('HELLO, REGISTER', register, it, me)
    samples(it, me, cases)
    refusals(it, me, cases)
    cases.run('refused: versions', versions, it, me)
    cases.run('control frames of the guest', by_guest, it, me)
    cases.run('switched off', off, it, me)
    cases.run('tagged ones pass', tagged, it, me)
    cases.run('DELETE_ENTRY', delete, it, me)
    cases.run('MTU and offloads again', again, it, me)
    cases.run('a flood', flood, it, me)
    it.shell.end()
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

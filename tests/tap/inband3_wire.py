#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""What a host of in-band control, version 3, may do to cvswd's vNICs, and what
nobody may: see inband3_wire.tap.

    inband3_wire.py FOLDER SOCKET SOCKET
    inband3_wire.py again FOLDER        a session, and another one after the vNIC
                                        was started anew"""

import fcntl
import json
import os
import random
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, '../ofd')]
import inband3                                               # noqa: E402
import inband3_talk as talk_                                 # noqa: E402
import lab                                                   # noqa: E402
import of10                                                  # noqa: E402
from inband3 import (ACK, ALL, ANNOUNCE, ASK, DATA, DISCONNECT, HELLO,  # noqa: E402
                     REJECT, START, WELCOME, Frame, mac)
from inband3_talk import DUMP, N, attr, attrs_of, get, nest  # noqa: E402

ME, A, B = (mac('02:00:00:00:00:' + one) for one in ('99', '01', '02'))
GUEST, NET = 1, 2
SIOCGIFMTU = 0x8921
WAIT = 10
SEED = int(os.environ.get('CVSW_SEED', 0)) or random.randrange(1, 1 << 32)


class Place:
    def __init__(self, folder, sockets):
        self.folder, self.sockets = folder, sockets
        self.wire = lab.Wire('hq')
        self.guest = lab.Wire('vm1')

    def key(self, name):
        """(id, key) of the first line of a file"""
        with open(os.path.join(self.folder, name), encoding='ascii') as file:
            number, key = file.readline().split()
        return int(number), bytes.fromhex(key)

    def nl(self, words, which=0):
        done = subprocess.run([os.environ['CVSW_NL'], '-s', self.sockets[which]] +
                              words.split(), text=True, check=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        return done.stdout

    def port(self, which=0):
        return json.loads(self.nl('-j port show net%d' % (which + 1), which))[0]

    def state(self, which=0):
        return self.port(which)['inband_state']

    def drops(self, cause, which=0):
        for one in json.loads(self.nl('-j drops', which)):
            if one['cause'] == cause:
                return one['frames']
        return 0

    def talk(self, vnic=A, key='a', lease=5000, me=ME, **more):
        number, secret = self.key(key)
        side = inband3.Host(me, vnic, secret, number, lease, **more)
        self.wire.drain()
        return talk_.Talk(side, self.wire)

    def until(self, what, name=''):
        end = time.monotonic() + WAIT
        while not what():
            assert time.monotonic() < end, '%s not in %d s' % (name, WAIT)
            time.sleep(0.02)

    def passes(self, frame, there=True):
        """does what the guest sends get out?"""
        self.wire.drain()
        self.guest.send(frame)
        end = time.monotonic() + (5 if there else 0.5)
        while time.monotonic() < end:
            if self.wire.receive(0.1) == frame:
                assert there, 'it got out'
                return
        assert not there, 'it did not get out'


def frame(last=1):
    return mac('02:00:00:00:0a:%02x' % last) + mac('02:00:00:00:0b:01') + \
        b'\x88\xb5' + bytes(range(60))


# What a host may


def begin(it):
    """a session, and its end"""
    talk = it.talk().begin()
    port = it.port()
    of10.equal(port['inband_state'], 'live', 'state')
    of10.equal(port['inband_host'], '02:00:00:00:00:99', 'host')
    talk.leave()
    it.until(lambda: it.state() == 'idle')


def by_group(it):
    """who has the key answers"""
    talk = it.talk(vnic=ALL).begin()
    of10.equal(talk.side.other, A, 'vNIC')
    talk.leave()


def requests(it):
    """flows and what they do, ports, switches, all by dumps, too"""
    talk = it.talk().begin()
    talk.ask('FLOW_REPLACE')
    of10.equal(talk_.flows(talk), 0, 'flows')
    it.passes(frame(), False)
    talk.ask('FLOW_MOD', talk_.flow(GUEST, NET))
    of10.equal(talk_.flows(talk), 1, 'flows')
    it.passes(frame())
    of10.equal(sorted(talk_.ports(talk)), ['net1', 'vm1'], 'ports')
    (cmd, attrs), = talk.ask('SWITCH_GET')
    of10.equal(cmd, N['CVSW_CMD_SWITCH_GET'], 'reply')
    one = attrs_of(get(attrs, 'A_SWITCH'))
    of10.equal(get(one, 'SWITCH_A_DATAPATH_ID', 'Q'), talk.side.dpid, 'dpid')
    talk.leave()


def errors(it):
    """errors say what was wrong"""
    talk = it.talk().begin()
    for attrs, errno, word in (
            ((nest('A_FLOW', attr('FLOW_A_PRIORITY', ('B', 1))),), 22, ''),
            ((talk_.flow(GUEST, NET, cmd=99),), 34, ''),
            ((attr('A_NAME', 'elsewhere'), talk_.flow(GUEST, NET)), 19, 'name')):
        try:
            talk.ask('FLOW_MOD', *attrs)
        except talk_.Failed as why:
            of10.equal(why.args[0], errno, 'errno')
            assert why.args[1] and word in why.args[1], why
        else:
            raise AssertionError('it was taken')
    of10.equal(it.state(), 'live', 'state')
    talk.leave()


def many(it):
    """a request of many frames, and an answer of many"""
    talk = it.talk().begin()
    wanted = [talk_.flow(GUEST, NET, dl_dst=struct.pack('!IH', i, 0))
              for i in range(1200)]
    talk.ask('FLOW_REPLACE', *wanted)
    of10.equal(talk_.flows(talk), len(wanted), 'flows')
    talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET))
    talk.leave()


def small_mtu(it):
    """no frame is longer than the host's MTU"""
    talk = it.talk(mtu=1076).begin()
    talk.ask('FLOW_REPLACE', *(
        talk_.flow(GUEST, NET, dl_dst=struct.pack('!IH', i, 0))
        for i in range(100)))
    longest = 0
    receive = it.wire.receive

    def measured(wait):
        nonlocal longest
        got = receive(wait)
        longest = max(longest, len(got or b''))
        return got

    it.wire.receive = measured
    of10.equal(talk_.flows(talk), 100, 'flows')
    it.wire.receive = receive
    assert 1000 < longest <= 1076 + 14, longest
    talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET))
    talk.leave()


def events(it):
    """events, as long as the session"""
    talk = it.talk().begin()
    talk.ask('SUBSCRIBE', attr('A_GROUPS', ('I', 1)))
    talk.ask('FLOW_MOD', talk_.flow(GUEST, priority=7, timeout=1, flags=1,
                                    dl_type=0x88cc))
    event = talk.event('FLOW_REMOVED')
    flow = attrs_of(get(event, 'A_FLOW'))
    of10.equal(get(flow, 'FLOW_A_PRIORITY', 'H'), 7, 'priority')
    # those of a session end with it
    talk.leave()
    talk = it.talk().begin()
    talk.ask('FLOW_MOD', talk_.flow(GUEST, priority=7, flags=1, dl_type=0x88cc))
    talk.ask('FLOW_MOD', talk_.flow(GUEST, priority=7, cmd=3, dl_type=0x88cc))
    assert not talk.events, talk.events
    talk.leave()


def mtu(it):
    """the MTU of the guest's device"""
    talk = it.talk().begin()
    for value in (1400, 1500):
        talk.ask('PORT_SET', nest('A_PORT', attr('PORT_A_NAME', 'vm1'),
                                  attr('PORT_A_MTU', ('I', value))))
        asked = fcntl.ioctl(it.wire.sock, SIOCGIFMTU, struct.pack('32s', b'vm1'))
        of10.equal(struct.unpack_from('=i', asked, 16)[0], value,
                   'mtu of the device')
        of10.equal(get(talk_.ports(talk)['vm1'], 'PORT_A_MTU', 'I'), value, 'mtu')
    talk.leave()


def loss(it, rng):
    """one frame in five is lost, doubled, or changed, either way"""
    talk = it.talk(lease=60000).begin()
    talk.ask('FLOW_REPLACE')
    receive = it.wire.receive

    def spoil(data):
        dice = rng.random()
        if dice < 0.2:
            return []
        if dice < 0.25:
            return [data, data]
        if dice < 0.3:
            i = rng.randrange(14, len(data))
            return [data[:i] + bytes([data[i] ^ 1 << rng.randrange(8)]) +
                    data[i + 1:]]
        return [data]

    def spoiled(wait):
        got = receive(wait)
        got = spoil(got) if got else []
        return got[0] if got else None

    talk.spoil = spoil
    it.wire.receive = spoiled
    n = 60
    for i in range(n):
        talk.ask('FLOW_MOD', *(
            talk_.flow(GUEST, NET, dl_dst=struct.pack('!HI', i, j))
            for j in range(i % 40 + 1)))
    wanted = sum(i % 40 + 1 for i in range(n))
    of10.equal(talk_.flows(talk), wanted, 'flows, seed %d' % SEED)
    talk.spoil = lambda data: [data]
    it.wire.receive = receive
    talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET))
    talk.leave()


# What nobody may


def two_keys(it):
    """each vNIC refuses the other's host, and neither is disturbed"""
    for key, vnic, which in (('a', B, 1), ('b', A, 0)):
        before = it.drops('inband-tag', which)
        talk = it.talk(vnic=vnic, key=key)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            talk.step()
        of10.equal(talk.side.state, 'calling', 'state of the host')
        of10.equal(it.state(which), 'idle', 'state')
        assert it.drops('inband-tag', which) > before
    one = it.talk().begin()
    other = it.talk(vnic=B, key='b').begin()
    for _ in range(3):
        one.ask('SWITCH_GET')
        other.ask('SWITCH_GET')
    one.leave()
    other.leave()


def refusals(it):
    """each thing that is wrong with a frame, by its cause; then all is as was"""
    talk = it.talk().begin()
    side = talk.side
    number, session = side.number + 100, side.keys.session
    key, link, number_id = side.keys.to_vnic, side.link, side.key_id
    answer = inband3.ACK_BODY.pack(side.chan.next, 0, bytes(16))

    def bound(kind, body=answer, ahead=0, **more):
        fields = dict(dst=A, src=ME, kind=kind, key_id=number_id, flags=0,
                      session=session, number=number + ahead, body=body)
        fields.update(more)
        return Frame(**fields).sealed(key)

    def outside(kind, body, **more):
        fields = dict(dst=A, src=ME, kind=kind, key_id=number_id, body=body)
        fields.update(more)
        return Frame(**fields).sealed(link)

    hello = bytes(16) + struct.pack('!I', 5000) + inband3.ORDER + bytes(2)
    good = bound(ACK)

    def changed(at, value, data=good):
        return data[:at] + bytes([value]) + data[at + 1:]

    for cause, frames in (
            ('malformed', (good[:53], changed(15, 0), changed(15, 9),
                           changed(15, 255), changed(20, 0x80),
                           changed(21, 0x02), changed(16, 0xff),
                           bound(ACK, number=0),
                           outside(HELLO, hello, session=1),
                           outside(HELLO, hello, number=1),
                           outside(HELLO, hello[:23]),
                           outside(HELLO, hello[:22] + b'\0\1'),
                           bound(START, bytes(40), number=2),
                           bound(START, bytes(39), number=1),
                           bound(ACK, answer[:23], 1),
                           bound(ACK, answer[:7] + b'\1' + answer[8:], 2),
                           bound(DATA, bytes(11), 3), bound(DATA, bytes(13), 4),
                           bound(DATA, inband3.DATA_HEAD.pack(9, 0, 1, 1) + b'x',
                                 5), bound(DISCONNECT, b'\0', 6))),
            ('version', (changed(14, 2), changed(14, 4))),
            # the bridge has to bring them
            ('other', (bound(ACK, dst=b'\3' + A[1:]),)),
            ('state', tuple(outside(kind, bytes(68)) for kind in
                            (ANNOUNCE, WELCOME, REJECT))),
            ('key', (outside(HELLO, hello, key_id=77),
                     bound(START, bytes(32) + struct.pack('!IHH', 5000, 1500, 0),
                           number=1, key_id=77))),
            ('session', (bound(ACK, session=session ^ 1),
                         bound(START, bytes(32) +
                               struct.pack('!IHH', 5000, 1500, 0), number=1,
                               session=session ^ 1))),
            ('replay', (bound(ACK, number=1), bound(ACK, number=number - 64))),
            ('tag', (changed(len(good) - 1, good[-1] ^ 1, bound(ACK, ahead=7)),
                     changed(18, 9, bound(ACK, ahead=7)),
                     bound(DATA, ahead=8)[:-1] + b'\0' + bytes(9),
                     outside(HELLO, hello)[:-1] + b'\0'))):
        before = it.drops('inband-' + cause)
        if cause == 'malformed':
            it.wire.send(bound(ACK, ahead=-1))      # what moves the window
        for one in frames:
            it.wire.send(one)
        it.until(lambda: it.drops('inband-' + cause) >= before + len(frames),
                 cause)
        of10.equal(it.drops('inband-' + cause), before + len(frames), cause)
    side.number = number + 200
    of10.equal(it.state(), 'live', 'state')
    talk.ask('SWITCH_GET')
    # a frame of the guest's is no control frame
    before = it.drops('inband')
    it.guest.send(bound(ACK, ahead=300))
    it.until(lambda: it.drops('inband') == before + 1)
    talk.leave()


def replay(it):
    """all frames of a session once more, in it and after it"""
    talk = it.talk().begin()
    kept = []
    talk.spoil = lambda data: kept.append(data) or [data]
    talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET, priority=1))
    talk.ask('FLOW_REPLACE')
    before = it.drops('inband-replay')
    for one in kept:
        it.wire.send(one)
    it.until(lambda: it.drops('inband-replay') == before + len(kept))
    of10.equal(talk_.flows(talk), 0, 'flows')
    talk.leave()
    it.until(lambda: it.state() == 'idle')
    talk = it.talk()
    talk.spoil = lambda data: kept.append(data) or [data]
    talk.begin()
    talk.leave()
    it.until(lambda: it.state() == 'idle')
    before = it.drops('inband-session')
    bound = [one for one in kept if one[15] >= START]
    for one in kept:
        it.wire.send(one)
    it.until(lambda: it.drops('inband-session') == before + len(bound))
    of10.equal(it.state(), 'idle', 'state')
    talk = it.talk().begin()
    of10.equal(talk_.flows(talk), 0, 'flows')
    talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET))
    talk.leave()


# Hosts that come and go


def killed(it):
    """a host that was killed and is started again; and one besides another"""
    it.talk().begin()                           # no farewell
    talk = it.talk().begin()
    of10.equal(talk_.flows(talk), 1, 'flows')
    other = it.talk(me=mac('02:00:00:00:00:98')).begin()
    of10.equal(it.port()['inband_host'], '02:00:00:00:00:98', 'host')
    before = it.drops('inband-session')
    talk.side.chan.acknowledge(ASK)
    talk.flush()
    it.until(lambda: it.drops('inband-session') == before + 1)
    other.ask('SWITCH_GET')
    other.leave()


def silent(it):
    """silence, by each policy, until there is a session again"""
    for policy, passes in (('drop', False), ('pass', True), ('keep', True),
                           ('pass', True)):
        it.nl('port set net1 inband_policy=' + policy)
        talk = it.talk(lease=1000).begin()
        # a flow that drops, but for keep
        talk.ask('FLOW_REPLACE', *([talk_.flow(GUEST, NET)]
                                   if policy == 'keep' else []))
        before = it.drops('inband-silent')
        it.until(lambda: it.state() == 'silent')
        it.passes(frame(2), passes)
        if policy == 'drop':
            assert it.drops('inband-silent') > before
        talk = it.talk().begin()
        it.passes(frame(3), policy == 'keep')
        talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET))
        it.passes(frame(4))
        talk.leave()
        it.until(lambda: it.state() == 'idle')
        it.passes(frame(5))
    it.nl('port set net1 inband_policy=drop')


def beats(it):
    """a host that has nothing to say is heard"""
    talk = it.talk(lease=1000).begin()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        talk.step()
        assert talk.side.state == 'talking'
    of10.equal(it.state(), 'live', 'state')
    talk.leave()


def keys(it):
    """a new key in the place of the old one; a session goes on meanwhile"""
    talk = it.talk().begin()
    it.nl('port set net1 key=%s/both' % it.folder)
    talk.ask('SWITCH_GET')
    talk.leave()
    talk = it.talk(key='new').begin()
    it.nl('port set net1 key=%s/new' % it.folder)
    talk.ask('SWITCH_GET')
    talk.leave()
    before = it.drops('inband-key')
    old = it.talk()
    old.step(0.2)
    it.until(lambda: it.drops('inband-key') > before)
    of10.equal(old.side.state, 'calling', 'state')
    it.nl('port set net1 key=%s/a' % it.folder)


def off(it):
    """switched off by the host itself, which is answered and told"""
    talk = it.talk().begin()
    talk.ask('PORT_SET', nest('A_PORT', attr('PORT_A_NAME', 'net1'),
                              attr('PORT_A_INBAND', ('B', 0))))
    talk.until(lambda: talk.side.state == 'ended')
    of10.equal(talk.side.why, 2, 'reason')
    of10.equal(it.port()['inband'], 'off', 'inband')
    it.nl('port set net1 inband=v3 inband_policy=drop key=%s/a' % it.folder)
    it.until(lambda: it.state() == 'idle')


def announced(it):
    """announced when it is switched on, and true by the key"""
    it.nl('port set net2 inband=off', 1)
    it.wire.drain()
    it.nl('port set net2 inband=v3 key=%s/b' % it.folder, 1)
    number, key = it.key('b')
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        data = it.wire.receive(0.2)
        if data and data[12:16] == b'\xab\xba\3\1' and data[6:12] == B:
            break
    got = Frame.read(data)
    of10.equal((got.dst, got.key_id, got.body[18], got.body[19],
                got.body[20:22]), (ALL, number, 0, 0, inband3.ORDER), 'ANNOUNCE')
    assert got.true(inband3.link_key(key), data)


def again(folder):
    it = Place(folder, [])
    talk = it.talk(lease=1500).begin()
    print('first', flush=True)
    boot = talk.side.boot
    talk.until(lambda: talk.side.state != 'talking', 20)
    if talk.side.state == 'ended':              # it was told
        talk = it.talk(lease=1500)
    talk.until(lambda: talk.side.state == 'talking', 20)
    assert talk.side.boot != boot
    talk.ask('SWITCH_GET')
    talk.leave()


def main():
    if sys.argv[1] == 'again':
        again(sys.argv[2])
        return 0
    cases = of10.Cases()
    it = Place(sys.argv[1], sys.argv[2:4])
    rng = random.Random(SEED)
    for what in (begin, by_group, requests, errors, many, small_mtu, events, mtu,
                 two_keys, refusals, replay, killed, silent, beats, keys, off,
                 announced):
        cases.run('host: ' + (what.__doc__ or what.__name__).split('\n')[0],
                  what, it)
    cases.run('host: loss, seed %d' % SEED, loss, it, rng)
    return cases.bad != 0


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""In-band control, version 3, made from its specification, cvsw-inband(7), and
from nothing else: both sides, without clock and sockets.

    inband3.py vector          the test vector of that page
    inband3.py check FILE...   are all frames and keys of it in these files?"""

import hashlib
import hmac
import os
import re
import struct
import sys

TYPE = 0xabba
(ANNOUNCE, HELLO, WELCOME, REJECT, START, DATA, ACK,
 DISCONNECT) = range(1, 9)
ASK = 0x0001
HEAD = struct.Struct('!6s6sHBBHHHQQ')
TAG = 16
BODY_MAX = 8192
ORDER = struct.pack('=H', 0x0102)
DATA_HEAD = struct.Struct('!IHHI')
ACK_BODY = struct.Struct('!II16s')
OVERHEAD = HEAD.size - 14 + TAG + DATA_HEAD.size
MTU_MIN = OVERHEAD + 1024
MSG_MAX = 131072
FRAGS_MAX = 128
WINDOW = 64
AGAIN, AGAIN_MAX, STARTS = 0.1, 1.6, 5
ALL = b'\xff' * 6


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def prf(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


class Refused(Exception):
    """a frame that is of no use, by cause"""


class Frame:
    """one, without Ethernet padding"""

    def __init__(self, dst, src, kind, key_id, flags=0, session=0, number=0,
                 body=b''):
        self.dst, self.src, self.kind, self.key_id = dst, src, kind, key_id
        self.flags, self.session, self.number = flags, session, number
        self.body = body

    def sealed(self, key):
        data = HEAD.pack(self.dst, self.src, TYPE, 3, self.kind, len(self.body),
                         self.key_id, self.flags, self.session,
                         self.number) + self.body
        return data + prf(key, data)[:TAG]

    @classmethod
    def read(cls, data):
        """the frame that @data is; its tag is not looked at"""
        if len(data) < HEAD.size + TAG:
            raise Refused('malformed')
        (dst, src, ethertype, version, kind, length, key_id, flags, session,
         number) = HEAD.unpack_from(data)
        assert ethertype == TYPE
        if version != 3:
            raise Refused('version')
        counted = number if kind >= START else not (number or session)
        if (not ANNOUNCE <= kind <= DISCONNECT or length > BODY_MAX or
                HEAD.size + length + TAG > len(data) or flags & ~ASK or
                src[0] & 1 or not counted):
            raise Refused('malformed')
        return cls(dst, src, kind, key_id, flags, session, number,
                   data[HEAD.size:HEAD.size + length])

    def true(self, key, data):
        end = HEAD.size + len(self.body)
        return hmac.compare_digest(prf(key, data[:end])[:TAG],
                                   data[end:end + TAG])


class Keys:
    """of a session"""

    def __init__(self, key, host_nonce, vnic_nonce, host_mac, vnic_mac):
        self.who = host_nonce + vnic_nonce + host_mac + vnic_mac
        self.to_vnic = prf(key, b'cvsw inband 3 to vnic' + self.who)
        self.to_host = prf(key, b'cvsw inband 3 to host' + self.who)
        name = prf(key, b'cvsw inband 3 session' + self.who)
        self.session, = struct.unpack_from('!Q', name)


def link_key(key):
    return prf(key, b'cvsw inband 3 link')


def parts(length, count):
    """how a datagram is cut"""
    size = -(-length // count)
    return [(at, min(at + size, length)) for at in range(0, size * count, size)]


class Channel:
    """of datagrams; @put(kind, body, flags) sends a frame of the session"""

    def __init__(self, room, put):
        self.room, self.put = room, put
        self.number = 0                 # of the datagram sent last
        self.out, self.missing = None, set()
        self.again, self.wait = None, 0
        self.next = 1                   # that is to come
        self.into, self.here = None, {}
        self.got = []

    def send(self, msg, now):
        assert self.out is None and 0 < len(msg) <= MSG_MAX
        self.number += 1
        self.out = msg
        self.count = -(-len(msg) // self.room)
        self.missing = set(range(self.count))
        self.wait = AGAIN
        self.repeat(now)

    def repeat(self, now):
        cut = parts(len(self.out), self.count)
        for i in sorted(self.missing):
            head = DATA_HEAD.pack(self.number, i, self.count, len(self.out))
            self.put(DATA, head + self.out[slice(*cut[i])],
                     ASK if i == max(self.missing) else 0)
        self.again = now + self.wait

    def tick(self, now):
        if self.out is not None and now >= self.again:
            self.wait = min(2 * self.wait, AGAIN_MAX)
            self.repeat(now)

    def acknowledge(self, flags=0):
        bits = bytearray(16)
        for i in self.here:
            bits[i // 8] |= 1 << i % 8
        self.put(ACK, ACK_BODY.pack(self.next, 0, bytes(bits)), flags)

    def ack(self, body, now):
        if len(body) != ACK_BODY.size:
            raise Refused('malformed')
        upto, zero, bits = ACK_BODY.unpack(body)
        ahead = (upto - self.number + 2 ** 31) % 2 ** 32 - 2 ** 31
        if zero or ahead > 1:
            raise Refused('malformed')
        if self.out is None or ahead < 0:
            return
        if ahead == 1:
            self.out = None
            return
        self.missing -= {i for i in self.missing if bits[i // 8] >> i % 8 & 1}
        self.repeat(now)

    def data(self, body, ask):
        if len(body) < DATA_HEAD.size:
            raise Refused('malformed')
        number, i, count, length = DATA_HEAD.unpack_from(body)
        part = body[DATA_HEAD.size:]
        if not 1 <= count <= FRAGS_MAX or i >= count or \
                not count <= length <= MSG_MAX:
            raise Refused('malformed')
        cut = parts(length, count)
        if cut[-1][0] >= length or cut[i][1] - cut[i][0] != len(part):
            raise Refused('malformed')
        ahead = (number - self.next + 2 ** 31) % 2 ** 32 - 2 ** 31
        if ahead == -1:
            self.acknowledge()
        if ahead < 0:
            return
        if ahead or self.here and self.into != (length, count):
            raise Refused('malformed')
        self.into = length, count
        self.here[i] = part
        if len(self.here) == count:
            self.got.append(b''.join(self.here[i] for i in range(count)))
            self.here = {}
            self.next += 1
            self.acknowledge()
        elif ask:
            self.acknowledge()


class Side:
    """what both sides of a session do; frames to be sent are in @out"""

    def __init__(self, me, key, key_id, mtu):
        self.me, self.key, self.key_id, self.mtu = me, key, key_id, mtu
        self.link = link_key(key)
        self.keys = None
        self.other = None
        self.out = []
        self.why = None

    def begin(self, keys, other, mtu, now, numbers=0):
        self.keys, self.other, self.heard = keys, other, now
        self.top, self.seen = 0, set()
        self.number = numbers
        self.chan = Channel(min(mtu - OVERHEAD, BODY_MAX - DATA_HEAD.size),
                            self.put)

    def put(self, kind, body, flags=0):
        self.number += 1
        self.out.append(Frame(self.other, self.me, kind, self.key_id, flags,
                              self.keys.session, self.number,
                              body).sealed(self.mine))

    def call(self, kind, body, dst):
        self.out.append(Frame(dst, self.me, kind, self.key_id,
                              body=body).sealed(self.link))

    def talk(self, frame, data, now):
        """a frame of the session"""
        if not self.keys or frame.session != self.keys.session:
            raise Refused('session')
        if frame.number + WINDOW <= self.top or frame.number in self.seen:
            raise Refused('replay')
        if not frame.true(self.theirs, data):
            raise Refused('tag')
        self.heard = now
        self.top = max(self.top, frame.number)
        self.seen = {one for one in self.seen | {frame.number}
                     if one + WINDOW > self.top}
        if frame.kind == DATA:
            self.chan.data(frame.body, frame.flags & ASK)
        elif frame.kind == ACK:
            self.chan.ack(frame.body, now)
            if frame.flags & ASK:
                self.chan.acknowledge()
        else:
            if len(frame.body) < 2:
                raise Refused('malformed')
            self.keys = None
            self.left(*struct.unpack_from('!H', frame.body))

    def leave(self, reason):
        if self.keys:
            self.put(DISCONNECT, struct.pack('!H', reason))
        self.keys = None


class Host(Side):
    """calls @vnic, or who answers first"""

    def __init__(self, me, vnic, key, key_id=0, lease=10000, mtu=1500,
                 random=os.urandom):
        super().__init__(me, key, key_id, mtu)
        self.vnic, self.lease, self.random = vnic, lease, random
        self.state = 'calling'
        self.due, self.wait, self.starts = 0, 0, 0

    mine = property(lambda self: self.keys.to_vnic)
    theirs = property(lambda self: self.keys.to_host)

    def be(self, state, why=None):
        self.state, self.why = state, why
        self.due, self.wait, self.starts = 0, 0, 0

    def left(self, reason):
        self.be('ended', reason)

    def tick(self, now):
        if self.keys and now - self.heard >= self.lease / 1000:
            self.keys = None
            self.be('calling', 'silent')
        if self.state == 'talking':
            if now >= self.due:
                if self.due:
                    self.chan.acknowledge(ASK)
                self.due = now + self.lease / 4000
            self.chan.tick(now)
        elif self.state != 'ended' and now >= self.due:
            if self.starts == STARTS:
                self.keys = None
                self.be('calling', 'silent')
            self.wait = min(2 * self.wait, AGAIN_MAX) or AGAIN
            self.due = now + self.wait
            if self.state == 'calling':
                self.hello()
            else:
                self.start()

    def hello(self):
        self.nonce = self.random(16)
        self.call(HELLO, self.nonce + struct.pack('!I', self.lease) + ORDER +
                  bytes(2), self.vnic)

    def start(self):
        self.starts += 1
        self.out.append(Frame(
            self.other, self.me, START, self.key_id, 0, self.keys.session, 1,
            self.keys.who[:32] + struct.pack('!IHH', self.lease, self.mtu, 0)
        ).sealed(self.mine))

    def input(self, data, now):
        frame = Frame.read(data)
        if frame.dst != self.me:
            raise Refused('other')
        if frame.kind in (WELCOME, REJECT):
            self.answer(frame, data, now)
        elif frame.kind in (DATA, ACK, DISCONNECT):
            self.talk(frame, data, now)
            if self.state == 'starting':
                self.be('talking')
        else:
            raise Refused('state')

    def answer(self, frame, data, now):
        if self.state != 'calling':
            raise Refused('state')
        if frame.key_id != self.key_id:
            raise Refused('key')
        if frame.body[:16] != self.nonce:
            raise Refused('session')
        if not frame.true(self.link, data):
            raise Refused('tag')
        if frame.kind == REJECT:
            if len(frame.body) != 20 or any(frame.body[18:]):
                raise Refused('malformed')
            self.be('ended', struct.unpack_from('!H', frame.body, 16)[0])
            return
        if len(frame.body) != 68:
            raise Refused('malformed')
        self.boot, self.dpid, mtu, zero = struct.unpack_from('!QQHH', frame.body,
                                                             32)
        self.name = frame.body[52:].split(b'\0')[0].decode()
        if zero or mtu < MTU_MIN:
            raise Refused('malformed')
        self.begin(Keys(self.key, self.nonce, frame.body[16:32], self.me,
                        frame.src), frame.src, min(mtu, self.mtu), now, 1)
        self.be('starting')


class Vnic(Side):
    """answers; @secret is of this boot"""

    def __init__(self, me, key, key_id=0, mtu=1500, boot=1, dpid=0, name='',
                 secret=None):
        super().__init__(me, key, key_id, mtu)
        self.boot, self.dpid, self.name = boot, dpid, name.encode()
        self.secret = secret or os.urandom(32)
        self.sessions = 0
        self.state, self.due = 'idle', 0
        self.policy = 0

    mine = property(lambda self: self.keys.to_host)
    theirs = property(lambda self: self.keys.to_vnic)

    def be(self, state):
        self.state, self.due = state, 0

    def left(self, _reason):
        self.be('idle')

    def nonce(self, host_nonce, host_mac):
        return prf(self.secret, host_nonce + bytes(16) + host_mac + self.me +
                   struct.pack('!Q', self.sessions))[:16]

    def announce(self):
        state = ('idle', 'live', 'silent').index(self.state)
        self.call(ANNOUNCE, struct.pack('!QQHBB', self.boot, self.dpid, self.mtu,
                                        state, self.policy) + ORDER + bytes(2) +
                  struct.pack('16s', self.name), ALL)

    def tick(self, now):
        if self.keys and now - self.heard >= self.lease:
            self.keys = None
            self.be('silent')
        if self.keys:
            self.chan.tick(now)
        elif now >= self.due:
            self.announce()
            self.due = now + 30

    def input(self, data, now):
        frame = Frame.read(data)
        if frame.dst != self.me and not (frame.kind == HELLO and
                                         frame.dst[0] & 1):
            raise Refused('other')
        if frame.kind in (HELLO, START):
            if frame.key_id != self.key_id:
                raise Refused('key')
            (self.hello if frame.kind == HELLO else self.start)(frame, data, now)
        elif frame.kind in (DATA, ACK, DISCONNECT):
            self.talk(frame, data, now)
        else:
            raise Refused('state')

    def hello(self, frame, data, _now):
        if not frame.true(self.link, data):
            raise Refused('tag')
        if len(frame.body) < 24 or any(frame.body[22:24]):
            raise Refused('malformed')
        nonce = frame.body[:16]
        lease, = struct.unpack_from('!I', frame.body, 16)
        if frame.body[20:22] != ORDER:
            self.call(REJECT, nonce + struct.pack('!HH', 1, 0), frame.src)
        elif not 1000 <= lease <= 3600000:
            self.call(REJECT, nonce + struct.pack('!HH', 2, 0), frame.src)
        else:
            self.call(WELCOME, nonce + self.nonce(nonce, frame.src) +
                      struct.pack('!QQHH16s', self.boot, self.dpid, self.mtu, 0,
                                  self.name), frame.src)

    def start(self, frame, data, now):
        if len(frame.body) != 40 or frame.number != 1:
            raise Refused('malformed')
        lease, mtu, zero = struct.unpack_from('!IHH', frame.body, 32)
        if zero or mtu < MTU_MIN or not 1000 <= lease <= 3600000:
            raise Refused('malformed')
        if not self.keys or frame.session != self.keys.session:
            nonce = self.nonce(frame.body[:16], frame.src)
            if frame.body[16:32] != nonce:
                raise Refused('session')
            keys = Keys(self.key, frame.body[:16], nonce, frame.src, self.me)
            if frame.session != keys.session or not frame.true(keys.to_vnic,
                                                               data):
                raise Refused('tag')
            self.begin(keys, frame.src, min(mtu, self.mtu), now)
            self.top, self.seen = 1, {1}
            self.lease = lease / 1000
            self.sessions += 1
            self.be('live')
        elif not frame.true(self.theirs, data):
            raise Refused('tag')
        self.chan.acknowledge()


# The test vector


def vector():
    """names and bytes, in the order in which cvsw-inband(7) has them"""
    key = bytes(range(32))
    host = Host(mac('020000000001'), mac('020000000002'), key, 5,
                random=lambda n: bytes(range(0xa0, 0xa0 + n)))
    vnic = Vnic(mac('020000000002'), key, 5, boot=0x1122334455667788,
                dpid=0x0000020000000002, name='eth0',
                secret=bytes(range(0x40, 0x60)))
    request = struct.pack('<IHHIIBBH', 20, 0x10, 0x5, 1, 0, 1, 1, 0)
    reply = struct.pack('<IHHIIi', 36, 2, 0x100, 1, 0, 0) + request[:16]
    lines = [('K', key), ('link', host.link),
             ('secret', vnic.secret)]

    def run(sides):
        """until both are quiet"""
        while host.out or vnic.out:
            for side, other in sides:
                for one in side.out[:]:
                    side.out.remove(one)
                    lines.append((NAMES[one[15]], one))
                    other.input(one, 0)

    both = (host, vnic), (vnic, host)
    for _ in range(2):
        host.tick(1)
        run(both)
    lines[3:3] = [('Nh', host.nonce), ('Nv', host.keys.who[16:32]),
                  ('session', struct.pack('!Q', host.keys.session)),
                  ('to-vnic', host.keys.to_vnic),
                  ('to-host', host.keys.to_host)]
    host.chan.send(request, 1)
    run(both)
    vnic.chan.send(reply, 1)
    run(both[::-1])
    host.leave(1)
    run(both)
    assert vnic.chan.got == [request] and host.chan.got == [reply]
    assert vnic.state == 'idle' and not vnic.keys
    return lines


NAMES = ('', 'ANNOUNCE', 'HELLO', 'WELCOME', 'REJECT', 'START', 'DATA', 'ACK',
         'DISCONNECT')


def wrapped(data):
    text = data.hex()
    return [text[at:at + 64] for at in range(0, len(text), 64)]


def main():
    lines = vector()
    if sys.argv[1:2] == ['vector']:
        for name, data in lines:
            print(name, *wrapped(data), sep='\n\t')
        return 0
    bad = 0
    for path in sys.argv[2:]:
        with open(path, encoding='utf-8') as file:
            words = ''.join(re.findall('[0-9a-f]+', file.read()))
        for name, data in lines:
            if data.hex() not in words:
                print('%s: no %s %s' % (path, name, data.hex()))
                bad += 1
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())

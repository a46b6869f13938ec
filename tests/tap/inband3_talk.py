# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""A host of in-band control, version 3, that asks: requests and answers of
<cvsw/nl.h>, whose numbers are read from that header, over the sessions of
inband3.py, over whatever carries frames.

A carrier has send(frame) and receive(seconds), which is None when none came."""

import os
import re
import struct
import time

import inband3

HERE = os.path.dirname(os.path.abspath(__file__))
NLMSG_ERROR, NLMSG_DONE, TYPE = 2, 3, 0x10
REQUEST, MULTI, ACK, DUMP, CAPPED, TLVS = 1, 2, 4, 0x300, 0x100, 0x200
NESTED = 0x8000
ERR_TEXT, ERR_OFFSET = 1, 2
WAIT = 10


def numbers():
    """all that the enums of the header name"""
    found = {}
    path = os.path.join(HERE, '../../include/cvsw/nl.h')
    with open(path, encoding='utf-8') as file:
        text = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
    for body in re.findall(r'enum cvsw_nl_\w+ \{(.*?)\}', text, re.S):
        value = -1
        for word in body.split(','):
            name, _, given = word.strip().partition('=')
            if name:
                value = int(given, 0) if given else value + 1
                found[name.strip()] = value
    return found


N = numbers()


# Messages


def attr(name, *value):
    """one attribute: of bytes, text, (format, number), or attributes"""
    kind, data = N['CVSW_' + name], b''
    for one in value:
        if isinstance(one, str):
            data += one.encode() + b'\0'
        elif isinstance(one, tuple):
            data += struct.pack('=' + one[0], one[1])
        else:
            data += one
    return struct.pack('=HH', 4 + len(data), kind) + data + bytes(-len(data) % 4)


def nest(name, *attrs):
    data = attr(name, *attrs)
    return data[:2] + struct.pack('=H', N['CVSW_' + name] | NESTED) + data[4:]


def attrs_of(data):
    """{number: the last of its values}, and all in order under None"""
    found = {None: []}
    while len(data) >= 4:
        length, kind = struct.unpack_from('=HH', data)
        found[kind & ~NESTED] = data[4:length]
        found[None].append((kind & ~NESTED, data[4:length]))
        data = data[(length + 3) & ~3:]
    return found


def get(attrs, name, fmt=None):
    value = attrs.get(N['CVSW_' + name])
    if value is not None and fmt:
        return struct.unpack('=' + fmt, value)[0]
    return value


def request(cmd, seq, *attrs, flags=ACK):
    body = struct.pack('BBH', N['CVSW_CMD_' + cmd], 1, 0) + b''.join(attrs)
    return struct.pack('=IHHII', 16 + len(body), TYPE, REQUEST | flags, seq,
                       0) + body


class Failed(Exception):
    """NLMSG_ERROR: errno, text, offset"""


def messages(data):
    """(type, flags, seq, body) of a datagram"""
    while data:
        length, kind, flags, seq, _ = struct.unpack_from('=IHHII', data)
        assert 16 <= length <= len(data), data.hex()
        yield kind, flags, seq, data[16:length]
        data = data[(length + 3) & ~3:]


def failure(flags, body):
    """what an NLMSG_ERROR says; None: nothing is wrong"""
    error, length = struct.unpack_from('=iI', body)
    if not error:
        return None
    said = attrs_of(body[20 if flags & CAPPED else 4 + (length + 3 & ~3):]
                    if flags & TLVS else b'')
    text = said.get(ERR_TEXT, b'').rstrip(b'\0').decode()
    return Failed(-error, text, said.get(ERR_OFFSET))


# Sessions


class Talk:
    """@side: inband3.Host, or what is like it"""

    def __init__(self, side, carrier, spoil=lambda frame: [frame]):
        self.side, self.carrier, self.spoil = side, carrier, spoil
        self.refused = {}
        self.events = []
        self.seq = 0

    def flush(self):
        out, self.side.out = self.side.out, []
        for frame in out:
            for one in self.spoil(frame):
                self.carrier.send(one)

    def step(self, wait=0.02):
        self.side.tick(time.monotonic())
        self.flush()
        frame = self.carrier.receive(wait)
        if frame is None or frame[12:14] != struct.pack('!H', inband3.TYPE):
            return
        try:
            self.side.input(frame, time.monotonic())
        except inband3.Refused as why:
            self.refused[str(why)] = self.refused.get(str(why), 0) + 1
        self.flush()

    def until(self, what, wait=WAIT):
        end = time.monotonic() + wait
        while not what():
            assert time.monotonic() < end, '%s: not in %d s' % (self.side.state,
                                                                wait)
            self.step()

    def begin(self):
        self.until(lambda: self.side.state == 'talking')
        return self

    def leave(self):
        self.side.leave(1)
        self.flush()

    def datagram(self):
        """the next one"""
        got = self.side.chan.got
        self.until(lambda: got or self.side.state != 'talking')
        assert got, self.side.state
        return got.pop(0)

    def send(self, data):
        self.until(lambda: self.side.chan.out is None)
        self.side.chan.send(data, time.monotonic())
        self.flush()

    def ask(self, cmd, *attrs, flags=ACK):
        """the bodies of the answers; what is wrong is raised"""
        self.seq += 1
        self.send(request(cmd, self.seq, *attrs, flags=flags))
        found = []
        while True:
            for kind, how, seq, body in messages(self.datagram()):
                if seq == 0:
                    self.events.append((body[0], attrs_of(body[4:])))
                    continue
                assert seq == self.seq, (seq, self.seq)
                if kind == NLMSG_ERROR:
                    wrong = failure(how, body)
                    if wrong:
                        raise wrong
                    return found
                if kind == NLMSG_DONE:
                    return found
                found.append((body[0], attrs_of(body[4:])))

    def event(self, cmd, wait=WAIT):
        """the next one of this kind; others are dropped"""
        while True:
            while self.events:
                kind, attrs = self.events.pop(0)
                if kind == N['CVSW_CMD_' + cmd]:
                    return attrs
            for _, _, seq, body in messages(self.datagram()):
                assert seq == 0
                self.events.append((body[0], attrs_of(body[4:])))


# What tests ask for


def flow(in_port, *actions, priority=100, cmd=None, timeout=None, flags=None,
         **key):
    """a CVSW_A_FLOW; actions: ports to send to"""
    out = b''.join(nest('ACTION_A_OUTPUT', attr('OUTPUT_A_PORT', ('H', port)))
                   for port in actions)
    match = attr('KEY_A_IN_PORT', ('H', in_port))
    if 'dl_dst' in key:
        match += attr('KEY_A_DL_DST', key['dl_dst'])
    if 'dl_type' in key:
        match += attr('KEY_A_DL_TYPE', struct.pack('!H', key['dl_type']))
    return nest('A_FLOW',
                attr('FLOW_A_CMD', ('B', cmd)) if cmd is not None else b'',
                nest('FLOW_A_KEY', match),
                attr('FLOW_A_PRIORITY', ('H', priority)),
                attr('FLOW_A_HARD_TIMEOUT', ('H', timeout)) if timeout else b'',
                attr('FLOW_A_FLAGS', ('H', flags)) if flags else b'',
                nest('FLOW_A_ACTIONS', out))


def flows(talk):
    """how many there are, by a dump"""
    return sum(len([1 for kind, _ in attrs[None] if kind == N['CVSW_A_FLOW']])
               for _, attrs in talk.ask('FLOW_GET', flags=DUMP))


def ports(talk):
    """{name: attributes}"""
    found = {}
    for _, attrs in talk.ask('PORT_GET', flags=DUMP):
        for kind, value in attrs[None]:
            if kind == N['CVSW_A_PORT']:
                port = attrs_of(value)
                found[get(port, 'PORT_A_NAME').rstrip(b'\0').decode()] = port
    return found

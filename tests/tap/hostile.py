#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""hostile.py SOCKET WHAT: a control client that means no good.

garbage   random datagrams and broken messages, seeded (CVSW_SEED)
crowd     more connections than the daemon takes, most of them silent
deaf      subscribes to all events and never reads
greedy    asks for dumps without end and never reads
"""

import os
import random
import socket
import struct
import sys
import time

TYPE = 0x10
SUBSCRIBE, FLOW_GET, SWITCH_GET = 17, 9, 1
A_FLOW, A_GROUPS = 4, 13
REQUEST, ACK, DUMP = 1, 4, 0x300


def connect(path):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.connect(path)
    return s


def message(cmd, flags, body=b'', length=None, kind=TYPE):
    if length is None:
        length = 20 + len(body)
    return struct.pack('=IHHIIBBH', length, kind, flags, 1, 0, cmd, 1, 0) + body


def attribute(kind, body, length=None):
    if length is None:
        length = 4 + len(body)
    return struct.pack('=HH', length, kind) + body + bytes(-len(body) % 4)


def nest(rng, depth):
    """a tree of attributes with types, lengths and contents at random"""
    out = b''
    for _ in range(rng.randrange(1, 6)):
        if depth and rng.random() < 0.6:
            body = nest(rng, depth - 1)
        else:
            body = rng.randbytes(rng.choice((0, 1, 2, 4, 6, 8, 16, 40)))
        length = None if rng.random() < 0.8 else rng.randrange(0, 70000) & 0xffff
        out += attribute(rng.randrange(0, 24) | rng.choice((0, 0x8000)), body,
                         length)
    return out


def one(rng):
    kind = rng.randrange(5)
    if kind == 0:
        return rng.randbytes(rng.randrange(1, 300))
    if kind == 1:
        return message(rng.randrange(256), rng.randrange(0x10000))
    if kind == 2:
        return message(rng.randrange(24), REQUEST | ACK, nest(rng, 4))
    if kind == 3:
        return message(rng.randrange(24), REQUEST | rng.choice((ACK, DUMP)),
                       nest(rng, 2), rng.randrange(0, 1 << 32))
    return message(rng.randrange(24), REQUEST, b'', None, rng.randrange(0x10000))


def garbage(path):
    seed = int(os.environ.get('CVSW_SEED', time.time_ns() & 0xffffffff))
    print('CVSW_SEED=%d' % seed, flush=True)
    rng = random.Random(seed)
    client = connect(path)
    for _ in range(5000):
        client.settimeout(5)
        try:
            client.send(one(rng))
            client.settimeout(0)
            while client.recv(1 << 18):
                pass
            raise ConnectionResetError
        except BlockingIOError:
            pass
        except (ConnectionResetError, BrokenPipeError):
            client.close()
            client = connect(path)
    for size in (100000, 131072, 131073, 200000):
        try:
            client.send(message(SWITCH_GET, REQUEST, bytes(size)))
        except OSError:
            client = connect(path)


def crowd(path):
    held = []
    for _ in range(200):
        held.append(connect(path))
    time.sleep(1)


def deaf(path):
    client = connect(path)
    client.send(message(SUBSCRIBE, REQUEST,
                        attribute(A_GROUPS, struct.pack('=I', 7))))
    print('ready', flush=True)
    time.sleep(3600)


def greedy(path):
    client = connect(path)
    client.settimeout(2)
    try:
        for _ in range(10000):
            client.send(message(FLOW_GET, REQUEST | DUMP))
    except TimeoutError:
        pass
    print('ready', flush=True)
    time.sleep(3600)


if __name__ == '__main__':
    {'garbage': garbage, 'crowd': crowd, 'deaf': deaf,
     'greedy': greedy}[sys.argv[2]](sys.argv[1])

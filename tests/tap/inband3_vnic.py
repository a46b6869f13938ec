#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""A vNIC of in-band control, version 3, that was made from cvsw-inband(7) alone,
for hosts of ours: what it is asked it asks cvswd, over its socket.  The wire
loses, doubles and changes some frames.

    inband3_vnic.py INTERFACE KEYFILE SOCKET PERCENT"""

import base64
import os
import random
import socket
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, '../ofd')]
import inband3                                               # noqa: E402
import lab                                                   # noqa: E402

ME = inband3.mac('02:00:00:00:00:77')


def bad(frame, rng, percent):
    """what arrives of it"""
    if rng.random() * 100 >= percent:
        return [frame]
    kind = rng.randrange(4)
    if kind == 0:
        return [frame, frame]
    if kind == 1:
        at = rng.randrange(14, len(frame))
        return [frame[:at] + bytes([frame[at] ^ 1 << rng.randrange(8)]) +
                frame[at + 1:]]
    return []


class Server:
    """the daemon, as a client of it that lasts as long as a session"""

    def __init__(self, path):
        self.path, self.sock, self.session = path, None, None

    def follow(self, keys):
        session = keys and keys.session
        if session == self.session:
            return
        self.session = session
        if self.sock:
            self.sock.close()
        self.sock = None
        if session is not None:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self.sock.connect(self.path)
            self.sock.setblocking(False)

    def carry(self, chan, now):
        while chan.got:
            self.sock.send(chan.got.pop(0))
        if chan.out is None:
            try:
                chan.send(self.sock.recv(inband3.MSG_MAX), now)
            except BlockingIOError:
                pass


def main():
    iface, path, sock, percent = sys.argv[1:5]
    seed = int(os.environ.get('CVSW_SEED', 0)) or random.randrange(1, 1 << 32)
    print('seed', seed, flush=True)
    rng = random.Random(seed)
    with open(path, encoding='ascii') as file:
        number, key = file.readline().split()
    wire, server = lab.Wire(iface), Server(sock)
    vnic = inband3.Vnic(ME, base64.b64decode(key), int(number), name='witness',
                        dpid=0x77)
    print('ready', flush=True)
    while True:
        now = time.monotonic()
        vnic.tick(now)
        server.follow(vnic.keys)
        if vnic.keys:
            server.carry(vnic.chan, now)
        for frame in vnic.out:
            for one in bad(frame, rng, float(percent)):
                wire.send(one)
        vnic.out.clear()
        frame = wire.receive(0.005)
        if not frame or frame[12:14] != b'\xab\xba':
            continue
        for one in bad(frame, rng, float(percent)):
            try:
                vnic.input(one, now)
            except inband3.Refused:
                pass
            server.follow(vnic.keys)


if __name__ == '__main__':
    main()

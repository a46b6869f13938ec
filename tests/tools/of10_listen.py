#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# of10_listen.py SOCKET FILE: as much of a switch of OpenFlow 1.0 as ovs-ofctl
# needs to send it flows.  Takes one connection after the other until nobody
# comes for a while, and writes the flow-mods that come over them to FILE.

import socket
import struct
import sys

HELLO, ECHO_REQUEST, VENDOR, FEATURES_REQUEST, FLOW_MOD, STATS_REQUEST, BARRIER_REQUEST = 0, 2, 4, 5, 14, 16, 18
NX_FLOW_MOD = struct.pack(">II", 0x2320, 13)


def receive(peer, n):
    data = b""
    while len(data) < n:
        more = peer.recv(n - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def serve(peer, file):
    peer.sendall(struct.pack(">BBHI", 1, HELLO, 8, 1))
    while True:
        head = receive(peer, 8)
        _, kind, length, xid = struct.unpack(">BBHI", head)
        body = receive(peer, length - 8)
        if kind == FLOW_MOD or (kind == VENDOR and body.startswith(NX_FLOW_MOD)):
            file.write(head + body)
            continue
        if kind == FEATURES_REQUEST:
            body = bytes(24)
        elif kind == STATS_REQUEST:
            body = body[:2] + bytes(2)
        elif kind == BARRIER_REQUEST:
            body = b""
        elif kind != ECHO_REQUEST:
            continue
        peer.sendall(struct.pack(">BBHI", 1, kind + 1, 8 + len(body), xid) + body)


def main():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.settimeout(20)
    listener.listen()
    with open(sys.argv[2], "wb", buffering=0) as file:
        while True:
            peer, _ = listener.accept()
            peer.settimeout(20)
            try:
                serve(peer, file)
            except EOFError:
                peer.close()


main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""mtu.py IFACE 4|6 [vlan]: send a UDP packet of 1500 bytes (with a tag
1504) and print the ICMP error that comes back, in hex.  To IFACE -: print the
frame.

The same frame from any interface, so that the answers of two switches can be
compared.  TTL, type of service and identification of the answer, which are
nobody's business, are left out, and so is the IPv4 checksum over them.
"""

import socket
import struct
import sys
import time

SRC, DST = bytes.fromhex("0200000000aa"), bytes.fromhex("0200000000bb")
V4 = socket.inet_aton("10.0.0.77"), socket.inet_aton("10.0.0.88")
V6 = (socket.inet_pton(socket.AF_INET6, "fd00::77"),
      socket.inet_pton(socket.AF_INET6, "fd00::88"))
SECONDS = 3


def csum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet(ver):
    """An IP packet with UDP of 1500 bytes."""
    size = 1480 if ver == 4 else 1460
    data = bytes(i * 7 & 0xff for i in range(size - 8))
    udp = struct.pack("!HHHH", 1024, 9, size, 0) + data
    if ver == 4:
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 1500, 7, 0x4000, 64, 17,
                           0, *V4)
        return head[:10] + struct.pack("!H", csum(head)) + head[12:] + udp
    pseudo = V6[0] + V6[1] + struct.pack("!II", size, 17)
    udp = udp[:6] + struct.pack("!H", csum(pseudo + udp)) + udp[8:]
    return struct.pack("!IHBB16s16s", 0x60012345, size, 17, 64, *V6) + udp


def answer(frame, ver):
    """The ICMP error in @frame, without what may differ; None if it is none."""
    if frame[:12] != SRC + DST:
        return None
    tag = 4 if frame[12:14] == b"\x81\0" else 0
    ip = bytearray(frame[14 + tag:])
    if ver == 4 and ip[0] == 0x45 and ip[9] == 1:
        assert csum(ip[:20]) == 0 and csum(ip[20:]) == 0
        ip[1] = ip[4] = ip[5] = ip[8] = ip[10] = ip[11] = 0
    elif ver == 6 and ip[0] >> 4 == 6 and ip[6] == 58 and ip[40] == 2:
        pseudo = ip[8:40] + struct.pack("!II", len(ip) - 40, 58)
        assert csum(pseudo + ip[40:]) == 0
        ip[7] = 0
    else:
        return None
    return frame[:14 + tag] + ip


def main():
    iface, ver, tag = sys.argv[1], int(sys.argv[2]), len(sys.argv) > 3
    frame = (DST + SRC + (b"\x81\0\x60\x05" if tag else b"") +
             struct.pack("!H", 0x0800 if ver == 4 else 0x86dd) + packet(ver))
    if iface == "-":
        print(frame.hex())
        return
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.setsockopt(263, 8, 1)      # SOL_PACKET, PACKET_AUXDATA: has the tag
    sock.bind((iface, 0))
    sock.settimeout(0.2)
    sock.send(frame)
    end = time.time() + SECONDS
    while time.time() < end:
        try:
            frame, aux, _, _ = sock.recvmsg(4096, 256)
        except TimeoutError:
            continue
        for level, kind, data in aux:
            status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", data[:20])
            if status & 0x10:       # TP_STATUS_VLAN_VALID
                frame = frame[:12] + struct.pack("!HH", tpid, tci) + frame[12:]
        found = answer(frame, ver)
        if found:
            print(found.hex())
            return
    sys.exit("no answer")


main()

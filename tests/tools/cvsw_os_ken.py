# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Tunnel actions of CVSW for applications on os-ken that speak OpenFlow 1.0.
# Import this, and the classes below are actions as any other:
#
#   actions = [PushVxlan(10, "172.16.0.2"), parser.OFPActionOutput(2)]
#   actions = [PopVxlan(), parser.OFPActionOutput(1)]
#
# They are vendor actions, and in replies os-ken reads them as these classes
# again.  cvsw-openflow(7) has their layout.

import ipaddress
import struct

from os_ken.lib import addrconv
from os_ken.lib.pack_utils import msg_pack_into
from os_ken.ofproto import ofproto_v1_0 as ofproto
from os_ken.ofproto.ofproto_v1_0_parser import OFPActionVendor

VENDOR = 0x00565357

HEAD = "!HHI"           # of a vendor action
BODY_HEAD = "!HH"       # of the action inside of it: type and length
PUSH = "!6s6s16s16sQ8x"
POP = "!4x"
ZERO_MAC = "00:00:00:00:00:00"


def address(text):
    return ipaddress.ip_address(text).packed if text else b""


def address_text(packed, ipv6):
    if not any(packed):
        return None
    return str(ipaddress.ip_address(packed if ipv6 else packed[:4]))


@OFPActionVendor.register_action_vendor(VENDOR)
class Tunnel(OFPActionVendor):
    """what pushes and pops have in common; KINDS: classes by type"""

    KINDS = {}

    def __init_subclass__(cls):
        super().__init_subclass__()
        if hasattr(cls, "TYPE"):
            Tunnel.KINDS[cls.TYPE] = cls

    @classmethod
    def parser(cls, buf, offset):
        at = offset + struct.calcsize(HEAD)
        kind, _ = struct.unpack_from(BODY_HEAD, buf, at)
        return Tunnel.KINDS[kind].parse_body(buf, at + struct.calcsize(BODY_HEAD))

    def body(self):
        raise NotImplementedError

    def serialize(self, buf, offset):
        body = self.body()
        body_len = struct.calcsize(BODY_HEAD) + len(body)
        self.len = struct.calcsize(HEAD) + body_len
        msg_pack_into(HEAD, buf, offset, ofproto.OFPAT_VENDOR, self.len, VENDOR)
        offset += struct.calcsize(HEAD)
        msg_pack_into(BODY_HEAD + "%ds" % len(body), buf, offset, self.TYPE, body_len, body)


class Push(Tunnel):
    """
    Put the frame into a tunnel.

    tun_id: VNI, VSID (24 bits) or the context id of STT (64 bits)
    nw_dst, nw_src: the outer addresses, both IPv4 or both IPv6
    dl_dst, dl_src: the outer MACs

    nw_src, dl_dst and dl_src may be left out: then the way to nw_dst says them.
    Without dl_dst, a push that is the last action sends the frame by that way.
    """

    def __init__(self, tun_id, nw_dst, nw_src=None, dl_dst=ZERO_MAC, dl_src=ZERO_MAC):
        super().__init__(VENDOR)
        self.tun_id = tun_id
        self.nw_dst = nw_dst
        self.nw_src = nw_src
        self.dl_dst = dl_dst
        self.dl_src = dl_src

    def body(self):
        return struct.pack(PUSH, addrconv.mac.text_to_bin(self.dl_dst),
                           addrconv.mac.text_to_bin(self.dl_src), address(self.nw_dst),
                           address(self.nw_src), self.tun_id)

    @classmethod
    def parse_body(cls, buf, offset):
        dl_dst, dl_src, dst, src, tun_id = struct.unpack_from(PUSH, buf, offset)
        ipv6 = any(dst[4:]) or any(src[4:])
        return cls(tun_id, address_text(dst, ipv6), address_text(src, ipv6),
                   addrconv.mac.bin_to_text(dl_dst), addrconv.mac.bin_to_text(dl_src))


class Pop(Tunnel):
    """Take the frame out of its tunnel; one that is in no such tunnel is dropped."""

    def __init__(self):
        super().__init__(VENDOR)

    def body(self):
        return struct.pack(POP)

    @classmethod
    def parse_body(cls, buf, offset):
        return cls()


class PushVxlan(Push):
    TYPE = 0x1001


class PopVxlan(Pop):
    TYPE = 0x1002


class PushNvgre(Push):
    TYPE = 0x1003


class PopNvgre(Pop):
    TYPE = 0x1004


class PushStt(Push):
    TYPE = 0x1005


class PopStt(Pop):
    TYPE = 0x1006


class PushGeneve(Push):
    TYPE = 0x1007


class PopGeneve(Pop):
    TYPE = 0x1008

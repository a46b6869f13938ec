#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
#   of10_os_ken.py write        flow-mods as os-ken writes them, in hex, each
#                               before the flow that it is
#   of10_os_ken.py read FILE    are the flow-mods in FILE those flows?

import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from os_ken.ofproto import ofproto_v1_0_parser as parser
from os_ken.ofproto.ofproto_protocol import ProtocolDesc
import cvsw_os_ken as cvsw

MACS = {"dl_dst": "02:00:00:00:00:02", "dl_src": "02:00:00:00:00:01"}
MACS_TEXT = ",eth_src=02:00:00:00:00:01,eth_dst=02:00:00:00:00:02"

FLOWS = [
    ([cvsw.PopVxlan(), parser.OFPActionOutput(1, 0)], "pop_vxlan,output:1"),
    ([cvsw.PopNvgre()], "pop_nvgre"),
    ([cvsw.PopStt()], "pop_stt"),
    ([cvsw.PopGeneve()], "pop_geneve"),
    ([cvsw.PushVxlan(10, "172.16.0.2", "172.16.0.1", **MACS), parser.OFPActionOutput(2, 0)],
     "push_vxlan(vni=10,src=172.16.0.1,dst=172.16.0.2%s),output:2" % MACS_TEXT),
    ([cvsw.PushVxlan(0xffffff, "172.16.0.2")], "push_vxlan(vni=16777215,dst=172.16.0.2)"),
    ([cvsw.PushNvgre(11, "fd00::2", "fd00::1", **MACS)],
     "push_nvgre(vsid=11,src=fd00::1,dst=fd00::2%s)" % MACS_TEXT),
    ([cvsw.PushStt(1 << 63, "172.16.0.2", "172.16.0.1", **MACS)],
     "push_stt(id=9223372036854775808,src=172.16.0.1,dst=172.16.0.2%s)" % MACS_TEXT),
    ([cvsw.PushGeneve(12, "fd00::2")], "push_geneve(vni=12,dst=fd00::2)"),
    ([cvsw.PopVxlan(), parser.NXActionSetTunnel(77), parser.NXActionResubmitTable(0xfff8, 0)],
     "pop_vxlan,set_tunnel:0x4d,resubmit(,0)"),
    ([parser.NXActionSetTunnel64(1 << 32)], "set_tunnel64:0x100000000"),
]


def write():
    for actions, text in FLOWS:
        message = parser.OFPFlowMod(ProtocolDesc(version=1), parser.OFPMatch(), 0, 0, actions=actions)
        message.serialize()
        print(message.buf.hex(), "actions=" + text)


def own(actions):
    return [str(a) for a in actions if isinstance(a, (cvsw.Tunnel, parser.OFPActionOutput))]


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    for actions, text in FLOWS:
        end = struct.unpack_from("!H", data, 2)[0]
        offset, got = 72, []
        while offset < end:
            got.append(parser.OFPAction.parser(data, offset))
            offset += struct.unpack_from("!H", data, offset + 2)[0]
        if own(got) != own(actions):
            sys.exit("%s: os-ken reads %s" % (text, got))
        data = data[end:]


if sys.argv[1] == "write":
    write()
else:
    read(sys.argv[2])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Flow-mods as scapy writes them, in hex, each before the flow that it is.

from scapy.contrib import openflow as of

ACTIONS = [
    (of.OFPATOutput(port=2), "output:2"),
    (of.OFPATOutput(port="CONTROLLER", max_len=128), "CONTROLLER:128"),
    (of.OFPATSetVLANVID(vlan_vid=5), "mod_vlan_vid:5"),
    (of.OFPATSetVLANPCP(vlan_pcp=3), "mod_vlan_pcp:3"),
    (of.OFPATStripVLAN(), "strip_vlan"),
    (of.OFPATSetDlSrc(dl_addr="02:00:00:00:00:01"), "mod_dl_src:02:00:00:00:00:01"),
    (of.OFPATSetDlDst(dl_addr="02:00:00:00:00:02"), "mod_dl_dst:02:00:00:00:00:02"),
    (of.OFPATSetNwSrc(nw_addr="1.2.3.4"), "mod_nw_src:1.2.3.4"),
    (of.OFPATSetNwDst(nw_addr="5.6.7.8"), "mod_nw_dst:5.6.7.8"),
    (of.OFPATSetNwToS(nw_tos=184), "mod_nw_tos:184"),
    (of.OFPATSetTpSrc(tp_port=1), "mod_tp_src:1"),
    (of.OFPATSetTpDst(tp_port=65535), "mod_tp_dst:65535"),
    (of.OFPATEnqueue(port=3, queue_id=9), "enqueue:3:9"),
]

MATCHES = [
    ({}, ""),
    ({"in_port": 3}, "in_port=3"),
    ({"dl_src": "02:00:00:00:00:01", "dl_dst": "02:00:00:00:00:02"},
     "dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02"),
    ({"dl_vlan": 5, "dl_vlan_pcp": 3}, "dl_vlan=5,dl_vlan_pcp=3"),
    ({"dl_type": 0x800, "nw_proto": 6, "tp_src": 80, "tp_dst": 443}, "tcp,tp_src=80,tp_dst=443"),
    ({"dl_type": 0x800, "nw_tos": 184}, "ip,nw_tos=184"),
    ({"dl_type": 0x800, "nw_src": "10.1.2.3", "nw_src_mask": 8, "nw_dst": "10.1.2.3",
      "nw_dst_mask": 0}, "ip,nw_src=10.1.2.0/24,nw_dst=10.1.2.3"),
]


def show(match, actions, text):
    message = of.OFPTFlowMod(match=of.OFPMatch(**match), cmd="OFPFC_ADD", priority=32768, actions=actions)
    print(bytes(message).hex(), text)


for action, text in ACTIONS:
    show({}, [action], "actions=" + text)
for match, text in MATCHES:
    show(match, [], text + (" " if text else "") + "actions=drop")

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""An application of os-ken that makes one network of the VMs of many hosts: a full
mesh of tunnels, VXLAN where the numbers of both ends are even or odd alike and
STT else, with flows and vendor actions of OpenFlow 1.0.  It answers ARP itself.

Host N has datapath id N, its VM behind port 1 and its underlay behind port 2;
addresses follow from N.  Nothing is kept: whoever connects is given all its
flows."""

import os
import sys

from os_ken.base import app_manager
from os_ken.controller import ofp_event
from os_ken.controller.handler import MAIN_DISPATCHER, set_ev_cls
from os_ken.lib.packet import arp, ethernet, packet
from os_ken.ofproto import ofproto_v1_0

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                '../tools'))
import cvsw_os_ken as cvsw                                   # noqa: E402

HOSTS = int(os.environ.get('CVSW_OVERLAY_HOSTS', 5))
VM, UNDERLAY = 1, 2
VNI = 0x2014


def vm_mac(n):
    return '02:00:00:00:aa:%02x' % n


def vm_ip(n):
    return '10.0.0.%d' % n


def host_mac(n):
    return '02:00:00:00:0f:%02x' % n


def host_ip(n):
    return '172.16.0.%d' % n


class Overlay(app_manager.OSKenApp):
    OFP_VERSIONS = [ofproto_v1_0.OFP_VERSION]

    def flow(self, dp, actions, **match):
        dp.send_msg(dp.ofproto_parser.OFPFlowMod(
            datapath=dp, match=dp.ofproto_parser.OFPMatch(**match),
            cookie=dp.id, command=dp.ofproto.OFPFC_ADD, actions=actions))

    @set_ev_cls(ofp_event.EventOFPStateChange, MAIN_DISPATCHER)
    def provision(self, ev):
        dp = ev.datapath
        out, me = dp.ofproto_parser.OFPActionOutput, dp.id
        for other in range(1, HOSTS + 1):
            if other == me:
                continue
            push = cvsw.PushStt if (me + other) % 2 else cvsw.PushVxlan
            self.flow(dp, [push(VNI, host_ip(other), host_ip(me),
                                host_mac(other), host_mac(me)), out(UNDERLAY)],
                      in_port=VM, dl_dst=vm_mac(other))
        self.flow(dp, [out(dp.ofproto.OFPP_CONTROLLER, 0xffff)], in_port=VM,
                  dl_type=0x806)
        self.flow(dp, [cvsw.PopVxlan(), out(VM)], in_port=UNDERLAY,
                  dl_type=0x800, nw_proto=17, tp_dst=4789)
        self.flow(dp, [cvsw.PopStt(), out(VM)], in_port=UNDERLAY,
                  dl_type=0x800, nw_proto=6, tp_dst=7471)
        dp.send_barrier()

    @set_ev_cls(ofp_event.EventOFPBarrierReply, MAIN_DISPATCHER)
    def provisioned(self, ev):
        print('host %d' % ev.msg.datapath.id, flush=True)

    @set_ev_cls(ofp_event.EventOFPErrorMsg, MAIN_DISPATCHER)
    def refused(self, ev):
        print('error %d %d' % (ev.msg.type, ev.msg.code), flush=True)

    @set_ev_cls(ofp_event.EventOFPPacketIn, MAIN_DISPATCHER)
    def answer(self, ev):
        dp = ev.msg.datapath
        asked = packet.Packet(ev.msg.data).get_protocol(arp.arp)
        if asked is None or asked.opcode != arp.ARP_REQUEST:
            return
        n = int(asked.dst_ip.rpartition('.')[2])
        if asked.dst_ip != vm_ip(n) or not 1 <= n <= HOSTS:
            return
        reply = packet.Packet()
        reply.add_protocol(ethernet.ethernet(asked.src_mac, vm_mac(n), 0x806))
        reply.add_protocol(arp.arp(
            opcode=arp.ARP_REPLY, src_mac=vm_mac(n), src_ip=asked.dst_ip,
            dst_mac=asked.src_mac, dst_ip=asked.src_ip))
        reply.serialize()
        dp.send_msg(dp.ofproto_parser.OFPPacketOut(
            datapath=dp, buffer_id=0xffffffff, in_port=dp.ofproto.OFPP_NONE,
            actions=[dp.ofproto_parser.OFPActionOutput(VM)],
            data=reply.data))

# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""An application of os-ken that takes a switch from its handshake to
FLOW_REMOVED, with os-ken's own classes both ways.  Its ports 1 and 2 are called
p1 and p2 and have interfaces h1 and h2 at their far ends, unless $CVSW_PORTS has
other names.  Ends when it is through."""

import os
import sys

from os_ken.base import app_manager
from os_ken.controller import ofp_event
from os_ken.controller.handler import MAIN_DISPATCHER, set_ev_cls
from os_ken.lib import hub
from os_ken.lib.packet import ethernet, packet
from os_ken.ofproto import ofproto_v1_0

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import frames                                                # noqa: E402
import lab                                                   # noqa: E402
import of10                                                  # noqa: E402

PORTS = [one.split('=') for one in
         os.environ.get('CVSW_PORTS', 'p1=h1,p2=h2').split(',')]
WAIT = 5


class Check(app_manager.OSKenApp):
    OFP_VERSIONS = [ofproto_v1_0.OFP_VERSION]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.told = hub.Queue()
        self.dp = None

    @set_ev_cls(ofp_event.EventOFPStateChange, MAIN_DISPATCHER)
    def ready(self, ev):
        if self.dp is None:
            self.dp = ev.datapath
            self.ofp, self.parser = self.dp.ofproto, self.dp.ofproto_parser
            hub.spawn(self.run)

    @set_ev_cls([ofp_event.EventOFPPacketIn, ofp_event.EventOFPFlowRemoved,
                 ofp_event.EventOFPPortStatus, ofp_event.EventOFPErrorMsg,
                 ofp_event.EventOFPBarrierReply, ofp_event.EventOFPDescStatsReply,
                 ofp_event.EventOFPFlowStatsReply,
                 ofp_event.EventOFPAggregateStatsReply,
                 ofp_event.EventOFPTableStatsReply,
                 ofp_event.EventOFPPortStatsReply,
                 ofp_event.EventOFPQueueStatsReply,
                 ofp_event.EventOFPQueueGetConfigReply,
                 ofp_event.EventOFPGetConfigReply], MAIN_DISPATCHER)
    def heard(self, ev):
        self.told.put(ev.msg)

    def get(self, name):
        """the next message of a class; others are dropped"""
        with hub.Timeout(WAIT):
            while True:
                msg = self.told.get()
                if type(msg).__name__ == name:
                    return msg

    def ask(self, request, name):
        self.dp.send_msg(request)
        msg = self.get(name)
        of10.equal(msg.xid, request.xid, 'xid')
        return msg

    def barrier(self):
        self.ask(self.parser.OFPBarrierRequest(self.dp), 'OFPBarrierReply')

    def flow(self, actions, command=None, **more):
        fields = more.pop('match', {})
        self.dp.send_msg(self.parser.OFPFlowMod(
            datapath=self.dp, match=self.parser.OFPMatch(**fields), cookie=7,
            command=self.ofp.OFPFC_ADD if command is None else command,
            actions=actions, **more))

    # Cases

    def handshake(self):
        assert self.dp.id
        found = sorted(no for no in self.dp.ports if no < self.ofp.OFPP_MAX)
        of10.equal(found, [1, 2], 'ports')
        of10.equal([self.dp.ports[no].name.decode() for no in found],
                   [name for name, _ in PORTS], 'names')

    def learning(self):
        """PACKET_IN, FLOW_MOD and PACKET_OUT, as os-ken's simple_switch"""
        frame = bytes(frames.tcp())
        self.wires[1].send(frame)
        msg = self.get('OFPPacketIn')
        of10.equal((msg.data, msg.in_port, msg.reason, msg.total_len,
                    msg.buffer_id), (frame, 1, self.ofp.OFPR_NO_MATCH,
                                     len(frame), 0xffffffff), 'PACKET_IN')
        head = packet.Packet(msg.data).get_protocol(ethernet.ethernet)
        actions = [self.parser.OFPActionOutput(2)]
        self.flow(actions, match=dict(in_port=1, dl_dst=head.dst,
                                      dl_src=head.src))
        self.dp.send_msg(self.parser.OFPPacketOut(
            datapath=self.dp, buffer_id=msg.buffer_id, in_port=1,
            actions=actions, data=msg.data))
        self.barrier()
        of10.equal(self.wires[2].receive(), frame, 'sent on')
        self.wires[1].send(frame)
        of10.equal(self.wires[2].receive(), frame, 'by the flow')

    def flow_stats(self):
        """the flow as it was made, as Ryu's switch tester compares them"""
        match, = [dict(in_port=1, dl_type=0x800, nw_proto=6,
                       nw_src='10.0.0.0', nw_src_mask=24, tp_dst=80)]
        actions = [self.parser.OFPActionVlanVid(5),
                   self.parser.OFPActionSetNwDst('10.0.0.9'),
                   self.parser.OFPActionOutput(2)]
        self.flow(actions, match=match, priority=99, idle_timeout=30)
        msg = self.ask(self.parser.OFPFlowStatsRequest(
            self.dp, 0, self.parser.OFPMatch(), 0xff, self.ofp.OFPP_NONE),
            'OFPFlowStatsReply')
        found, = [one for one in msg.body if one.priority == 99]
        wanted = self.parser.OFPMatch(**match).to_jsondict()['OFPMatch']
        got = found.match.to_jsondict()['OFPMatch']
        for one in (wanted, got):
            del one['wildcards']
        of10.equal(got, wanted, 'match')
        of10.equal(str(found.actions), str(actions), 'actions')
        of10.equal((found.cookie, found.idle_timeout), (7, 30), 'rest')

    def other_stats(self):
        dp, parser, ofp = self.dp, self.parser, self.ofp
        desc = self.ask(parser.OFPDescStatsRequest(dp, 0), 'OFPDescStatsReply')
        of10.equal(desc.body.mfr_desc, b'CVSW', 'manufacturer')
        total = self.ask(parser.OFPAggregateStatsRequest(
            dp, 0, parser.OFPMatch(), 0xff, ofp.OFPP_NONE),
            'OFPAggregateStatsReply').body[0]
        of10.equal((total.flow_count, total.packet_count), (2, 1), 'flows')
        table = self.ask(parser.OFPTableStatsRequest(dp, 0),
                         'OFPTableStatsReply').body[0]
        of10.equal((table.table_id, table.active_count), (0, 2), 'table')
        ports = self.ask(parser.OFPPortStatsRequest(dp, 0, ofp.OFPP_NONE),
                         'OFPPortStatsReply').body
        of10.equal([(one.port_no, one.rx_packets, one.tx_packets)
                    for one in ports], [(1, 2, 0), (2, 0, 2)], 'ports')
        queues = self.ask(parser.OFPQueueStatsRequest(
            dp, 0, ofp.OFPP_ALL, ofp.OFPQ_ALL), 'OFPQueueStatsReply')
        of10.equal(queues.body, [], 'queues')
        config = self.ask(parser.OFPGetConfigRequest(dp), 'OFPGetConfigReply')
        of10.equal(config.flags, 0, 'flags')

    def removed(self):
        self.flow([], match=dict(dl_type=0x88cc), priority=5, hard_timeout=1,
                  flags=self.ofp.OFPFF_SEND_FLOW_REM)
        msg = self.get('OFPFlowRemoved')
        of10.equal((msg.reason, msg.priority, msg.cookie, msg.duration_sec,
                    msg.match.dl_type), (self.ofp.OFPRR_HARD_TIMEOUT, 5, 7, 1,
                                         0x88cc), 'FLOW_REMOVED')
        self.flow([], match=dict(dl_type=0x88cc), priority=5,
                  flags=self.ofp.OFPFF_SEND_FLOW_REM)
        self.flow([], command=self.ofp.OFPFC_DELETE)
        of10.equal(self.get('OFPFlowRemoved').reason, self.ofp.OFPRR_DELETE,
                   'reason')

    def port_status(self):
        port = self.dp.ports[2]
        for config in (self.ofp.OFPPC_PORT_DOWN, 0):
            self.dp.send_msg(self.parser.OFPPortMod(
                self.dp, 2, port.hw_addr, config, self.ofp.OFPPC_PORT_DOWN, 0))
            msg = self.get('OFPPortStatus')
            of10.equal((msg.reason, msg.desc.port_no,
                        msg.desc.config & self.ofp.OFPPC_PORT_DOWN),
                       (self.ofp.OFPPR_MODIFY, 2, config), 'PORT_STATUS')

    def error(self):
        self.flow([self.parser.OFPActionVlanVid(5000)])
        msg = self.get('OFPErrorMsg')
        of10.equal((msg.type, msg.code), (self.ofp.OFPET_BAD_ACTION,
                                          self.ofp.OFPBAC_BAD_ARGUMENT),
                   'ERROR')
        assert len(msg.data) >= 64

    def run(self):
        cases = of10.Cases()
        self.wires = {no: lab.Wire(wire)
                      for no, (_, wire) in enumerate(PORTS, 1)}
        for what in (self.handshake, self.learning, self.flow_stats,
                     self.other_stats, self.removed, self.port_status,
                     self.error):
            cases.run('os-ken: %s' % what.__name__, what)
        sys.stdout.flush()
        os._exit(cases.bad != 0)

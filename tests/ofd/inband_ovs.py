# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""An application of os-ken that programs vNICs of cvswd through an Open vSwitch
which knows nothing of it: control frames go out as PACKET_OUT and come in as
PACKET_IN.  See inband_ovs.tap.

$CVSW_WHAT: "all"; "begin", which waits with a session until it is killed; or
"again", which comes after that."""

import json
import os
import subprocess
import sys
import time

from os_ken.base import app_manager
from os_ken.controller import ofp_event
from os_ken.controller.handler import MAIN_DISPATCHER, set_ev_cls
from os_ken.lib import hub
from os_ken.ofproto import ofproto_v1_0

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [HERE, os.path.join(HERE, '../tap')]
import inband3                                               # noqa: E402
import inband3_talk as talk_                                 # noqa: E402
import inband                                                # noqa: E402
import inband_page                                           # noqa: E402
import lab                                                   # noqa: E402
import of10                                                  # noqa: E402
from inband3 import mac                                      # noqa: E402

GUEST, NET = 1, 2
DIRECT, BRIDGED = 1, 3                  # ports of br0 that vNICs are behind
ME = mac('02:00:00:00:00:99')
MACS = {DIRECT: mac('02:00:00:00:00:01'), BRIDGED: mac('02:00:00:00:00:02')}
FOLDER = os.environ['CVSW_FOLDER']
WAIT = 10


class Carrier:
    """to and from one port of the bridge"""

    def __init__(self, app, port):
        self.app, self.port = app, port
        self.queue = hub.Queue()

    def send(self, frame):
        dp = self.app.dp
        parser, ofp = dp.ofproto_parser, dp.ofproto
        dp.send_msg(parser.OFPPacketOut(
            datapath=dp, buffer_id=0xffffffff, in_port=ofp.OFPP_NONE,
            actions=[parser.OFPActionOutput(self.port)],
            data=frame + bytes(max(0, 60 - len(frame)))))

    def receive(self, wait):
        try:
            return self.queue.get(timeout=wait)
        except hub.QueueEmpty:
            return None

    def drain(self):
        while self.receive(0.01) is not None:
            pass


class Control(app_manager.OSKenApp):
    OFP_VERSIONS = [ofproto_v1_0.OFP_VERSION]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dp = None
        self.carriers = {port: Carrier(self, port) for port in MACS}

    @set_ev_cls(ofp_event.EventOFPStateChange, MAIN_DISPATCHER)
    def ready(self, ev):
        if self.dp is None:
            self.dp = ev.datapath
            hub.spawn(self.run)

    @set_ev_cls(ofp_event.EventOFPPacketIn, MAIN_DISPATCHER)
    def heard(self, ev):
        if ev.msg.in_port in self.carriers:
            self.carriers[ev.msg.in_port].queue.put(ev.msg.data)

    # The vNICs, for comparison

    @staticmethod
    def nl(words, port=DIRECT):
        sock = os.environ['CVSW_SOCKET' if port == DIRECT else 'CVSW_SOCKET2']
        return subprocess.run([os.environ['CVSW_NL'], '-s', sock] + words.split(),
                              check=True, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE).stdout

    def port(self, port=DIRECT, name=None):
        name = name or 'net%d' % (1 if port == DIRECT else 2)
        return json.loads(self.nl('-j port show ' + name, port))[0]

    def drops(self, cause, port):
        return sum(one['frames'] for one in json.loads(self.nl('-j drops', port))
                   if one['cause'] == cause)

    @staticmethod
    def until(what):
        end = time.monotonic() + WAIT
        while not what():
            assert time.monotonic() < end, 'not in %d s' % WAIT
            hub.sleep(0.02)

    # Version 2

    def v2_start(self, port=DIRECT):
        name = 'net%d' % (1 if port == DIRECT else 2)
        self.nl('port set %s inband=off' % name, port)
        self.nl('port set %s inband=v2' % name, port)

    def v2_recipe(self):
        """as cvsw-inband(7) has it"""
        self.v2_start()
        self.nl('flow del')
        self.nl('port set vm1 mtu=1500')
        self.carriers[DIRECT].drain()
        flow = inband.flow_mod(10000, [inband.tp_src(65535)], in_port=b'\0\1',
                               tp_dst=50000)
        exec(inband_page.application(),           # pylint: disable=exec-used
             {'struct': __import__('struct'), 'dp': self.dp, 'flow_mod': flow})
        got = self.carriers[DIRECT].receive(WAIT)
        of10.equal(got[:14], inband.message(inband.REGISTER, dst=MACS[DIRECT]),
                   'REGISTER')
        self.until(lambda: self.port()['inband_state'] == 'connected' and
                   self.port(name='vm1')['mtu'] == 1400)
        self.until(lambda: len(self.nl('flow dump').splitlines()) == 2)

    def v2_samples(self):
        """each of 2014 makes the flows of its file"""
        carrier = self.carriers[DIRECT]
        for name in sorted(os.listdir(inband.ENTRIES)):
            sample = inband.Sample(name.replace('.flows', ''))
            self.v2_start()
            self.nl('flow replace ' + sample.path)
            wanted = sorted(self.nl('flow dump --no-stats').splitlines())
            self.nl('flow del')
            for one in (inband.message(inband.HELLO), *sample.messages()):
                carrier.send(one)
            self.until(lambda want=wanted: sorted(self.nl(
                'flow dump --no-stats').splitlines()) == want)
            if sample.mtu:
                self.until(lambda want=sample.mtu:
                           self.port(name='vm1')['mtu'] == want)

    def v2_effect(self):
        """what the guest sends comes out of the host's bridge in VXLAN"""
        guest, net = lab.Wire('vm1'), lab.Wire('h2')
        sent = ME + mac('02:00:00:00:0b:01') + b'\x88\xb5' + bytes(50)
        self.v2_start()
        self.nl('flow del')
        for one in (inband.message(inband.HELLO),
                    *inband.Sample('vxlan_tx1').messages()):
            self.carriers[DIRECT].send(one)
        self.until(lambda: self.nl('flow dump'))
        guest.send(sent)
        end = time.monotonic() + WAIT
        while True:
            got = net.receive(0)
            if got and got.endswith(sent):
                break
            assert time.monotonic() < end
            hub.sleep(0.02)
        of10.equal((got[12:14], got[23], got[36:38]),
                   (b'\x08\0', 17, b'\x12\xb5'), 'VXLAN')

    def v2_bridged(self):
        """a Linux bridge does not carry a HELLO"""
        self.v2_start(BRIDGED)
        self.carriers[BRIDGED].send(inband.message(inband.HELLO))
        hub.sleep(0.5)
        of10.equal(self.port(BRIDGED)['inband_state'], 'disconnected', 'state')

    # Version 3

    @staticmethod
    def key(name):
        with open(os.path.join(FOLDER, name), encoding='ascii') as file:
            number, key = file.readline().split()
        return int(number), bytes.fromhex(key)

    def v3_start(self):
        for port, key, no in ((DIRECT, 'a', 1), (BRIDGED, 'b', 2)):
            self.nl('flow del', port)
            self.nl('port set net%d inband=off' % no, port)
            self.nl('port set net%d inband=v3 key=%s/%s' % (no, FOLDER, key),
                    port)

    def talk(self, port, key, **more):
        number, secret = self.key(key)
        side = inband3.Host(ME, MACS[port], secret, number,
                            more.pop('lease', 5000), **more)
        self.carriers[port].drain()
        return talk_.Talk(side, self.carriers[port])

    def v3_session(self, port, key):
        talk = self.talk(port, key).begin()
        of10.equal(self.port(port)['inband_state'], 'live', 'state')
        of10.equal(self.port(port)['inband_host'], '02:00:00:00:00:99', 'host')
        talk.ask('FLOW_REPLACE', *(
            talk_.flow(GUEST, NET, dl_dst=i.to_bytes(6, 'big'))
            for i in range(300)))
        of10.equal(talk_.flows(talk), 300, 'flows')
        try:
            talk.ask('FLOW_MOD', talk_.flow(GUEST, NET, cmd=99))
        except talk_.Failed as why:
            assert why.args[1], why
        else:
            raise AssertionError('it was taken')
        talk.ask('SUBSCRIBE', talk_.attr('A_GROUPS', ('I', 1)))
        talk.ask('FLOW_MOD', talk_.flow(GUEST, priority=7, timeout=1, flags=1,
                                        dl_type=0x88cc))
        talk.event('FLOW_REMOVED')
        talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET))
        talk.leave()
        self.until(lambda: self.port(port)['inband_state'] == 'idle')

    def v3_direct(self):
        """requests of many frames, errors, events"""
        self.v3_session(DIRECT, 'a')

    def v3_bridged(self):
        """the same with a Linux bridge besides"""
        self.v3_session(BRIDGED, 'b')

    def v3_keys(self):
        """each vNIC refuses the other's host"""
        for port, key in ((DIRECT, 'b'), (BRIDGED, 'a')):
            before = self.drops('inband-tag', port)
            talk = self.talk(port, key)
            end = time.monotonic() + 1
            while time.monotonic() < end:
                talk.step()
            of10.equal(talk.side.state, 'calling', 'state')
            assert self.drops('inband-tag', port) > before

    def v3_both(self):
        """both vNICs at once"""
        talks = [self.talk(port, key).begin()
                 for port, key in ((DIRECT, 'a'), (BRIDGED, 'b'))]
        for _ in range(5):
            for talk in talks:
                talk.ask('SWITCH_GET')
        for talk in talks:
            talk.leave()

    # Life

    def begin(self):
        talk = self.talk(DIRECT, 'a', lease=60000).begin()
        talk.ask('FLOW_REPLACE', talk_.flow(GUEST, NET, priority=5))
        print('has a session', os.getpid(), flush=True)
        while True:
            talk.step()

    def again(self):
        """the vNIC takes it back, as it was left"""
        of10.equal(self.port()['inband_state'], 'live', 'state')
        talk = self.talk(DIRECT, 'a').begin()
        of10.equal(talk_.flows(talk), 1, 'flows')
        talk.leave()

    def run(self):
        cases = of10.Cases()
        what = os.environ['CVSW_WHAT']
        if what == 'begin':
            self.begin()
        if what == 'again':
            cases.run('controller: ' + self.again.__doc__, self.again)
        else:
            for one in (self.v2_recipe, self.v2_samples, self.v2_effect,
                        self.v2_bridged):
                cases.run('version 2: ' + one.__doc__, one)
            self.v3_start()
            for one in (self.v3_direct, self.v3_bridged, self.v3_keys,
                        self.v3_both):
                cases.run('version 3: ' + one.__doc__, one)
        sys.stdout.flush()
        os._exit(cases.bad != 0)

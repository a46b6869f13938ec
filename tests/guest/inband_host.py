#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""In-band control, version 3, of the switch in a guest's card, by the cvsw-nl of
the host at the far end of that card.

    inband_host.py CVSW_NL        that program, of this machine"""

import json
import os
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, '../tap')]
import rig                                                   # noqa: E402
from rig import GUEST, NET                                   # noqa: E402
import frames                                                # noqa: E402
import inband3                                               # noqa: E402
import inband3_talk as talk_                                 # noqa: E402
import of10                                                  # noqa: E402

ME = inband3.mac('02:00:00:00:00:99')
ABBA = b'\xab\xba'
MANY = 5000
KEYS = {1: '11' * 32, 2: '22' * 32, 3: '33' * 32}


class Bare:
    """a wire without what is unfinished"""

    def __init__(self, wire):
        self.wire = wire
        self.send = wire.send

    def receive(self, wait):
        got = self.wire.receive(wait)
        return got and got[0]


class Rig(rig.Rig):
    """and the host"""

    def __init__(self, program):
        super().__init__()
        self.program = program
        self.folder = tempfile.mkdtemp()
        for name, ids in (('one', (1,)), ('two', (2,)), ('both', (1, 2)),
                          ('new', (3,))):
            self.key(name, ''.join('%d %s\n' % (i, KEYS[i]) for i in ids))
        # right in all but its bits
        self.key('wrong', '1 ' + '12' * 32)

    def key(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='ascii') as file:
            file.write(text)
        os.chmod(path, 0o600)
        self.shell.do("umask 077; printf '%s' >/tmp/%s" %
                      (text.replace('\n', '\\n'), name))

    @staticmethod
    def until(wire, mark):
        """control frames are not traffic"""
        return [one for one in rig.Rig.until(wire, mark)
                if one[0][12:14] != ABBA]

    def words(self, words, key='one', lease=10):
        return [self.program, '--via', 'frame:vnic0,key=%s/%s,lease=%d' %
                (self.folder, key, lease)] + words.split()

    def try_host(self, words, key='one'):
        """(exit code, what it says)"""
        done = subprocess.run(self.words(words, key), check=False, timeout=60,
                              stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def host(self, words, key='one'):
        code, said = self.try_host(words, key)
        assert code == 0, '%s: exit code %d: %s' % (words, code, said)
        return said

    def start(self, words, lease=10):
        """a program that stays"""
        return subprocess.Popen(self.words(words, lease=lease), text=True,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def session(self, lease=10):
        """one that lives until it is killed"""
        host = self.start('monitor', lease)
        self.shell.until('cvsw-nl -s netlink:eth0 port show net | '
                         'grep "v3, live"')
        return host

    def talk(self, lease=10000):
        """another host, made from the page"""
        side = inband3.Host(ME, inband3.mac(self.port()['mac']),
                            bytes.fromhex(KEYS[1]), 1, lease)
        return talk_.Talk(side, Bare(self.ports[NET])).begin()

    def port(self, no=NET):
        shown = self.shell.json('cvsw-nl -s netlink:eth0 -j port show %d' % no)
        return shown if isinstance(shown, dict) else shown[0]

    def state(self, wanted):
        self.shell.until('cvsw-nl -s netlink:eth0 port show net | '
                         'grep -q "v3, %s"' % wanted)

    def on(self, words='key=/tmp/one'):
        self.nl('port set net inband=off')
        self.nl('port set net inband=v3 ' + words)


def announced(it):
    """who has the key sees it, who has another does not"""
    it.on()
    said = subprocess.run([it.program, '-j', 'register', 'vnic0,key=%s/one' %
                           it.folder], check=True, timeout=20,
                          stdout=subprocess.PIPE, text=True).stdout
    assert json.loads(said)['trust'] == 'true', said
    of10.equal(it.port()['inband_state'], 'idle', 'state')


def shown(it):
    """what is told in-band is what the guest is told, its switch only"""
    it.shell.do('cvsw-nl attach eth1')
    of10.equal(it.host('switch show').split()[:3],
               it.nl('switch show').split()[:3], 'switch')
    said = it.host('show')
    assert 'eth0' in said and 'eth1' not in said, said
    code, said = it.try_host('-d eth1 show')
    assert code and 'name: there is no switch called so' in said, said


def flows(it):
    """added in-band, they do to traffic what they say"""
    it.flows()
    udp, tcp = bytes(frames.udp()), bytes(frames.tcp())
    it.expect(NET, udp, {GUEST: udp})
    it.host('flow add priority=9,udp,actions=drop')
    it.expects(NET, [udp, tcp], {GUEST: tcp})
    it.host('flow del udp')
    it.expect(NET, udp, {GUEST: udp})


def flow_file(it, n):
    """with so many"""
    path = it.folder + '/flows'
    with open(path, 'w', encoding='ascii') as file:
        for i in range(n):
            file.write('priority=5,udp,nw_dst=10.%d.%d.1,actions=output:1\n' %
                       (i >> 8, i & 255))
    return path


def many(it):
    """flows, in one bundle"""
    it.flows()
    path = flow_file(it, MANY)
    start = time.monotonic()
    it.host('-b -f %s flow add' % path)
    added = time.monotonic()
    said = it.host('--no-stats --sort flow dump')
    print('# %d flows: added in %.1f s, dumped in %.1f s' %
          (MANY, added - start, time.monotonic() - added))
    of10.equal(said.count('priority=5,'), MANY, 'flows')
    of10.equal(said.split(), it.nl('--no-stats --sort flow dump').split(),
               'dump')


def bundled(it):
    """all of them or none"""
    it.flows()
    path = it.folder + '/flows'
    with open(path, 'w', encoding='ascii') as file:
        file.write('priority=1,udp,actions=drop\n'
                   'priority=1,udp,check_overlap,tp_dst=7,actions=drop\n')
    code, said = it.try_host('-b -f %s flow add' % path)
    assert code, said
    of10.equal(it.host('--no-stats flow dump').count('udp'), 0, 'flows')


def errors(it):
    """told as to any client"""
    for words in ('flow add priority=1,udp,actions=output:77',
                  'port set 9 mtu=1400', 'switch set seed=1 workers=0',
                  'port set net tunnel=on', 'queue add net 1 min_rate=1',
                  'port set net inband=v2 key=%s/one' % it.folder):
        code, said = it.try_host(words)
        other, wanted = it.shell.try_('cvsw-nl -s netlink:eth0 ' +
                                      words.replace(it.folder, '/tmp'))
        of10.equal((code, said.strip()), (other, wanted.strip()), words)


def events(it):
    """of flows, of ports, and packet-ins; those of other switches are not told"""
    it.flows('priority=7,udp,actions=controller')
    host = it.start('-j monitor flow port packet-in')
    it.state('live')
    sent = bytes(frames.udp())
    time.sleep(0.5)
    it.shell.do('cvsw-nl -s netlink:eth1 flow add '
                'priority=1,arp,send_flow_rem,actions=drop && '
                'cvsw-nl -s netlink:eth1 flow del')
    it.nl('flow add priority=3,tcp,send_flow_rem,actions=drop')
    it.nl('flow del tcp')
    it.nl('port set guest mtu=1400')
    it.nl('port set guest mtu=1500')
    it.inject(NET, sent)
    found = []
    for line in host.stdout:
        found.append(json.loads(line))
        if 'packet' in found[-1]['event']:
            break
    host.terminate()
    host.wait(10)
    host.stdout.close()
    kinds = [one['event'] for one in found]
    for kind in ('flow', 'port', 'packet'):
        assert any(kind in one for one in kinds), kinds
    assert 'eth1' not in str(found), found
    it.state('idle')
    it.shell.do('cvsw-nl detach eth1')


def device(it):
    """MTU and offloads"""
    it.host('port set guest mtu=1400')
    of10.equal(it.shell.do('cat /sys/class/net/eth0/mtu').strip(), '1400', 'MTU')
    it.host('port set guest mtu=1500')
    of10.equal(it.shell.do('cat /sys/class/net/eth0/mtu').strip(), '1500', 'MTU')
    for word in 'off', 'on':
        it.host('port set guest tso=' + word)
        said = it.shell.do('ethtool -k eth0')
        assert 'tcp-segmentation-offload: ' + word in said, said


def silent(it, policy):
    """the host is killed"""
    it.flows('priority=4,udp,actions=drop')
    udp, tcp = bytes(frames.udp()), bytes(frames.tcp())
    it.on('key=/tmp/one inband_policy=' + policy)
    host = it.session(lease=1)
    it.expects(NET, [udp, tcp], {GUEST: tcp})
    host.kill()
    host.wait()
    host.stdout.close()
    before = it.drops().get('inband-silent', 0)
    it.state('silent')
    out = {'keep': [tcp], 'pass': [udp, tcp], 'drop': []}[policy]
    for one in udp, tcp:
        it.ports[NET].send(one)
    got = []
    while True:
        found = it.ports[GUEST].receive(0.7)
        if found is None:
            break
        got.append(found[0])
    of10.equal(got, out, 'frames')
    lost = it.drops().get('inband-silent', 0) - before
    assert lost >= 2 if policy == 'drop' else not lost, lost
    # another comes, and it is as the flows say
    it.host('show')
    it.state('idle')
    it.expects(NET, [udp, tcp], {GUEST: tcp})


def taken_over(it):
    """a second host takes the place of the first, which is told nothing more"""
    host = it.session(lease=10)
    host.kill()
    host.wait()
    host.stdout.close()
    for _ in range(3):
        it.host('flow add priority=8,icmp,actions=drop')
    assert 'icmp' in it.nl('flow dump')


def keys(it):
    """from one to another, without a time when there is none"""
    it.on('key=/tmp/both')
    it.host('show', 'one')
    it.host('show', 'two')
    of10.equal(it.port()['inband_keys'], [1, 2], 'ids')
    # by the host itself, in-band
    it.host('port set net key=%s/new' % it.folder, 'two')
    before = it.drops().get('inband-key', 0)
    code, said = it.try_host('show', 'two')
    assert code and 'no vNIC answers' in said, said
    assert it.drops()['inband-key'] > before, it.drops()
    it.host('show', 'new')
    of10.equal(it.port()['inband_keys'], [3], 'ids')
    for text in KEYS.values():
        assert text not in it.nl('-j show'), 'a key is shown'


def wrong(it):
    it.on()
    before = it.drops().get('inband-tag', 0)
    code, said = it.try_host('show', 'wrong')
    assert code and 'no vNIC answers' in said, said
    assert it.drops()['inband-tag'] > before, it.drops()
    code, said = it.shell.try_('cvsw-nl -s netlink:eth0 port set guest inband=v3')
    assert code and 'key' in said, said


def bundles_end(it):
    """with the session that they are of: a busy host that is killed, then
    another"""
    it.on()
    it.flows()
    path = flow_file(it, MANY)
    for wait in 0.05, 0.1, 0.2:
        host = it.start('-b -f %s flow add' % path)
        time.sleep(wait)
        host.kill()
        host.wait()
        host.stdout.close()
        it.host('show')
    said = it.host('--no-stats flow dump').count('priority=5,')
    assert said in (0, MANY), said


def refused(it):
    """messages that are none, or another family's, and what is not for hosts"""
    it.on()
    talk = it.talk()
    good = talk_.request('SWITCH_GET', 7)
    for bad in (b'abc', good[:15], good[:-1], good + good, good + bytes(4),
                struct.pack('=I', 16) + good[4:16],
                struct.pack('=I', 0xfffffff0) + good[4:],
                good[:4] + struct.pack('=H', 0x11) + good[6:],
                good[:4] + struct.pack('=H', 0x1b) + good[6:],
                good[:4] + struct.pack('=H', 3) + good[6:],
                good + struct.pack('=IHHII', 20, 0x10, 5, 9, 0) +
                struct.pack('BBH', 3, 1, 0)):
        talk.send(bad)
        (kind, how, _, body), = talk_.messages(talk.datagram())
        of10.equal(kind, talk_.NLMSG_ERROR, bad.hex())
        of10.equal(talk_.failure(how, body).args[0], 22, bad.hex())
    for cmd in 'ATTACH', 'DETACH':
        try:
            talk.ask(cmd, talk_.attr('A_NAME', 'eth1'))
        except talk_.Failed as why:
            assert 'in-band' in why.args[1], why
        else:
            raise AssertionError(cmd + ' is done')
    of10.equal(len(talk.ask('SWITCH_GET', flags=talk_.DUMP)), 1, 'switches')
    talk.leave()


def unread(it):
    """a host that does not take what it is told loses events, and is told how
    many; requests go on"""
    it.on()
    it.flows('priority=7,udp,actions=controller:65535')
    talk = it.talk(lease=600000)
    talk.ask('SUBSCRIBE', talk_.attr('A_GROUPS', ('I', 8)))
    sent = bytes(frames.udp()) + bytes(1000)
    before = it.drops().get('no-controller', 0)
    for _ in range(30):
        for _ in range(50):
            it.ports[NET].send(sent)
        it.nl('stats')
    # more than those do not come in
    n = sum(one['packets'] for one in it.shell.json(
        'cvsw-nl -s netlink:eth0 -j flow dump udp'))
    told = lost = 0
    while told + lost < n:
        for _, _, _, body in talk_.messages(talk.datagram()):
            attrs = talk_.attrs_of(body[4:])
            if body[0] == talk_.N['CVSW_CMD_LOST']:
                lost += talk_.get(attrs, 'A_LOST', 'I')
            else:
                told += 1
    print('# %d told, %d lost' % (told, lost))
    of10.equal(told + lost, n, 'packet-ins')
    assert told and lost
    of10.equal(it.drops()['no-controller'] - before, lost, 'drops')
    talk.ask('SUBSCRIBE', talk_.attr('A_GROUPS', ('I', 0)))
    talk.leave()


def switched_off(it):
    """by the host itself, and it is told why it ends"""
    it.on()
    host = it.session()
    it.nl('port set net inband=off')
    host.wait(20)
    assert host.returncode, host.stdout.read()
    host.stdout.close()
    it.on()
    it.try_host('port set net inband=off')
    of10.equal(it.port()['inband'], 'off', 'inband')


def crowd(it):
    """requests of many sorts, while the same are asked for in the guest"""
    it.on()
    it.flows()
    it.shell.do('(for i in 1 2 3 4 5 6; do cvsw-nl -s netlink:eth0 show; '
                'cvsw-nl -s netlink:eth0 port set guest mtu=1400; '
                'cvsw-nl -s netlink:eth0 port set guest mtu=1500; done) '
                '>/tmp/crowd 2>&1 & echo $! >/tmp/crowd.pid')
    for words in ('show', 'flow dump', 'drops', 'stats', 'port show', 'path show',
                  'trace net arp'):
        it.host(words)
    it.shell.do('wait $(cat /tmp/crowd.pid); true')


def detached(it):
    """in the midst of a session, and of a dump; the host is told"""
    it.on()
    path = flow_file(it, MANY)
    host = it.session()
    it.shell.do('cvsw-nl detach eth0')
    host.wait(20)
    host.stdout.close()
    for wait in 0.02, 0.05, 0.1:
        it.shell.do('cvsw-nl attach eth0')
        it.nl('port set net inband=v3 key=/tmp/one')
        it.host('-b -f %s flow add' % path)
        host = it.start('flow dump')
        time.sleep(wait)
        it.shell.do('cvsw-nl detach eth0')
        host.kill()
        host.wait()
        host.stdout.close()
    it.shell.do('cvsw-nl attach eth0')


def moved(it):
    """the device goes to another namespace, is controlled there, and comes back
    when that ends in the midst of a session"""
    it.on()
    host = it.session()
    it.shell.do('ip netns add away && ip link set eth0 netns away')
    host.kill()
    host.wait()
    host.stdout.close()
    it.shell.do('ip netns exec away cvsw-nl attach eth0 && '
                'ip -n away link set eth0 up && '
                'ip netns exec away cvsw-nl -s netlink:eth0 port set net '
                'inband=v3 key=/tmp/one')
    end = time.monotonic() + 20
    while it.try_host('show')[0] and time.monotonic() < end:
        time.sleep(0.1)
    it.host('flow add priority=8,icmp,actions=drop')
    host = it.start('monitor')
    it.shell.until('ip netns exec away cvsw-nl -s netlink:eth0 port show net | '
                   'grep "v3, live"')
    it.shell.do('ip netns del away')
    it.shell.until('ip link show eth0')
    host.kill()
    host.wait()
    host.stdout.close()
    it.shell.do('ip link set eth0 up master br0; cvsw-nl attach eth0; '
                'ip link set eth0 type bridge_slave learning off')
    it.flows()
    it.on()
    end = time.monotonic() + 20
    while it.try_host('show')[0] and time.monotonic() < end:
        time.sleep(0.1)
    it.host('show')


def unloaded(it):
    """in the midst of a session; of a dump it may have to wait"""
    it.on()
    host = it.session()
    it.shell.do('rmmod cvsw')
    host.wait(20)
    host.stdout.close()
    assert 'cvsw' not in it.shell.do('cat /proc/modules')


def main():
    cases = of10.Cases()
    it = Rig(sys.argv[1])
    it.on()
    cases.run('announced', announced, it)
    cases.run('shown', shown, it)
    cases.run('flows', flows, it)
    cases.run('%d flows' % MANY, many, it)
    cases.run('a bundle', bundled, it)
    cases.run('errors', errors, it)
    cases.run('events', events, it)
    cases.run('the device', device, it)
    for policy in 'keep', 'pass', 'drop':
        cases.run('silent: ' + policy, silent, it, policy)
    cases.run('a host comes back', taken_over, it)
    cases.run('keys', keys, it)
    cases.run('a wrong key', wrong, it)
    cases.run('a host ends in a bundle', bundles_end, it)
    cases.run('refused', refused, it)
    cases.run('a host that does not read', unread, it)
    cases.run('switched off', switched_off, it)
    cases.run('a crowd', crowd, it)
    cases.run('detached', detached, it)
    cases.run('moved', moved, it)
    cases.run('unloaded', unloaded, it)
    it.shell.end()
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Controllers at the far side of a guest whose cvsw-ofd manages the switch in its
card: requests of the tests of cvsw-ofd, os-ken, ovs-ofctl; controllers, switch
and agent that come and go; a storm."""

import os
import subprocess
import sys
import time

os.environ['CVSW_CONTROLLER'] = '10.8.0.1'
os.environ['CVSW_PORTS'] = 'guest=vnic1,net=vnic0'
import rig                                                   # noqa: E402
from rig import GUEST, NET, lab                              # noqa: E402
import frames                                                # noqa: E402
import of10                                                  # noqa: E402
import rewrites                                              # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
OFD = os.path.join(HERE, '../ofd')
AGENT = 'tcp:10.8.0.2:6634'


def agent(shell, *words):
    shell.do('cvsw-ofd -s netlink:eth0 --fail-mode secure --max-backoff 1 '
             'ptcp:6634 %s >/tmp/agent 2>&1 & echo $! >/tmp/agent.pid' %
             ' '.join(words))
    shell.until('grep -q "cvsw-ofd: running" /tmp/agent')


def agent_ends(shell):
    shell.do('kill $(cat /tmp/agent.pid); wait || { cat /tmp/agent; false; }')


def again(shell):
    """a new switch, with nothing counted"""
    shell.do('cvsw-nl detach eth0 && cvsw-nl attach eth0')


def ofctl(*words):
    return subprocess.run(('ovs-ofctl', '-O', 'OpenFlow10', words[0], AGENT) +
                          words[1:], check=True, text=True, timeout=20,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT).stdout


def program(*words):
    """one that prints cases of its own"""
    sys.stdout.flush()
    subprocess.run(('/usr/bin/python3', '-B') + words, check=False,
                   timeout=100, cwd=OFD)


def until(what, wait=20):
    """it may refuse to talk meanwhile"""
    end = time.monotonic() + wait
    while True:
        try:
            if what():
                return
        except subprocess.CalledProcessError:
            pass
        assert time.monotonic() < end, 'not in %d s' % wait
        time.sleep(0.1)


def by_ovs(wires):
    """each kind of request of ovs-ofctl"""
    frame = bytes(frames.tcp())
    shown = ofctl('show')
    assert '1(guest)' in shown and '2(net)' in shown, shown
    ofctl('del-flows')
    ofctl('add-flow', 'priority=7,tcp,in_port=1,tp_dst=80,'
          'actions=mod_nw_tos:8,output:2')
    said = ofctl('dump-flows')
    assert 'priority=7,tcp,in_port=1,tp_dst=80 actions=mod_nw_tos:8,output:2' \
        in said.replace('"guest"', '1').replace('"net"', '2'), said
    wires[NET].drain()
    wires[GUEST].send(frame)
    of10.equal(wires[NET].receive(), bytes(frames.tcp(tos=8)), 'frame')
    until(lambda: 'n_packets=1' in ofctl('dump-flows'))
    ofctl('mod-flows', 'tcp,actions=drop')
    assert 'actions=drop' in ofctl('dump-flows')
    ofctl('packet-out', 'in_port=none packet=%s actions=output:2' %
          frame.hex())
    of10.equal(wires[NET].receive(), frame, 'packet-out')
    assert 'port' in ofctl('dump-ports')
    ofctl('mod-port', '2', 'no-flood')
    assert 'NO_FLOOD' in ofctl('show')
    ofctl('mod-port', '2', 'flood')
    ofctl('del-flows')
    of10.equal(ofctl('dump-flows').count('actions='), 0, 'flows')


def kept(shell):
    """what a controller wanted is there again in a new switch"""
    ofctl('add-flow', 'priority=9,udp,actions=output:2')
    again(shell)
    until(lambda: 'priority=9,udp' in ofctl('dump-flows'))
    ofctl('del-flows')


def reconnect():
    """controllers that go are dialled again, and flows stay"""
    listener = of10.Listener(6653)
    for n in range(4):
        switch = listener.accept(10)
        switch.hello()
        if not n:
            switch.clear()
            switch.do(of10.flow_mod(of10.match(dl_type=0x800),
                                    of10.output(NET)))
        of10.equal(len(switch.flows()), 1, 'flows')
        switch.close()
    listener.close()


def received(shell):
    return sum(port['stats']['rx_packets'] for port in
               shell.json('cvsw-nl -s netlink:eth0 -j port show guest'))


def storm(it, shell):
    """each frame missed is told of or counted; a controller is heard all the
    time"""
    it.clear()
    frame, n, told = bytes(frames.udp()), 0, 0
    shell.do('cvsw-nl -s netlink:eth0 switch set miss_rate=100 miss_burst=50')
    before, came = rig.drops(shell), received(shell)
    for _ in range(20):
        for _ in range(100):
            it.ports[GUEST].send(frame)
        it.switch.barrier(10)
    # fewer than were sent, where the guest is slower than the card's queue
    while n != received(shell) - came:
        n = received(shell) - came
        time.sleep(0.5)
    it.switch.barrier(10)
    told = sum(msg.type == of10.PACKET_IN for msg in it.switch.queue)
    it.switch.queue.clear()
    after = rig.drops(shell)
    lost = sum(after.get(cause, 0) - before.get(cause, 0)
               for cause in ('rate', 'no-controller'))
    print('# %d told, %d dropped' % (told, lost))
    of10.equal(told + lost, n, 'frames')
    assert 1000 < n <= 2000, n
    assert told < n, 'there is no rate limit'


def main():
    cases = of10.Cases()
    shell = rig.Shell()
    wires = {GUEST: lab.Wire('vnic1'), NET: lab.Wire('vnic0')}
    agent(shell, 'tcp:10.8.0.1:6653')
    listener = of10.Listener(6653)
    switch = listener.accept(20)
    switch.hello()
    it = lab.Lab(switch, wires, False)
    for name, actions, frame, wanted in rewrites.TABLE:
        cases.run('flow: ' + name, rewrites.by_flow, it, actions, frame,
                  wanted)
    it.clear()
    for name, actions, frame, wanted in rewrites.TABLE:
        cases.run('packet-out: ' + name, rewrites.by_packet_out, it, actions,
                  frame, wanted)
    for what in (rewrites.udp_zero, rewrites.controller_order,
                 rewrites.nothing_after):
        cases.run(what.__name__, what, it)
    cases.run('storm', storm, it, shell)
    switch.close()
    listener.close()
    cases.run('reconnect', reconnect)
    cases.run('ovs-ofctl', by_ovs, wires)
    cases.run('a new switch', kept, shell)
    again(shell)
    if os.path.exists('/usr/bin/osken-manager'):
        program('/usr/bin/osken-manager', '--default-log-level', '40',
                '--ofp-tcp-listen-port', '6653', '--ofp-listen-host',
                '10.8.0.1', OFD + '/osken.py')
    cases.run('the agent ends', agent_ends, shell)
    shell.end()
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

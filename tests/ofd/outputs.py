#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Where frames go: ports and those with special numbers, what PORT_MOD forbids,
PACKET_IN and PACKET_OUT, port status, and what several controllers are told."""

import subprocess
import sys
import time

import frames
from frames import arp, plain, tcp, udp
import lab
import of10
from of10 import equal, flow_mod, match, output

FRAME = bytes(tcp())
PORTS = (1, 2, 3, 4)


def to(it, port, in_port, wanted, packet_ins=0):
    it.clear()
    it.switch.do(flow_mod(actions=output(port)))
    return it.expect(in_port, FRAME, {no: FRAME for no in wanted}, packet_ins)


def out_of(it, port, in_port, wanted, packet_ins=0):
    """the same with a PACKET_OUT"""
    it.clear()
    it.switch.do(of10.packet_out(FRAME, output(port), in_port))
    out, told = it.collect(1)
    equal(out, {no: [FRAME] for no in wanted}, 'frames')
    equal(len(told), packet_ins, 'packet-ins')
    return told


RESERVED = (
    (2, 1, (2,)), (1, 1, ()), (77, 1, ()), (0xfeff, 1, ()),
    (of10.IN_PORT, 1, (1,)), (of10.IN_PORT, 3, (3,)),
    (of10.ALL, 1, (2, 3, 4)), (of10.ALL, 4, (1, 2, 3)),
    (of10.FLOOD, 2, (1, 3, 4)),
)


def several(it):
    """one list with some that lead nowhere"""
    it.clear()
    it.switch.do(flow_mod(actions=output(77) + output(1) + output(2) +
                          output(of10.ALL) + output(of10.IN_PORT)))
    it.expect(1, FRAME, {1: FRAME, 2: [FRAME, FRAME], 3: FRAME, 4: FRAME})


def normal(it):
    """learns where who is"""
    it.clear()
    it.switch.do(flow_mod(actions=output(of10.NORMAL), priority=1))
    a, b = '02:00:00:00:0c:0a', '02:00:00:00:0c:0b'

    def frame(src, dst):
        return bytes(frames.ether(src=src, dst=dst, type=0x88cc) /
                     frames.Raw(bytes(50)))

    def some(no, *others):
        return {other: frame(*no) for other in others}

    it.expect(1, frame(a, b), some((a, b), 2, 3, 4))
    it.expect(2, frame(b, a), some((b, a), 1))
    it.expect(1, frame(a, b), some((a, b), 2))
    it.expect(3, frame(a, b), some((a, b), 2))      # a has moved
    it.expect(2, frame(b, a), some((b, a), 3))
    it.expect(2, frame(b, b), {})                   # is where it came from
    it.expect(1, frame(a, 'ff:ff:ff:ff:ff:ff'),
              some((a, 'ff:ff:ff:ff:ff:ff'), 2, 3, 4))


# Port configuration


def port_config(it, no, config, mask=None):
    port = it.switch.features()[5][no]
    it.switch.do(of10.port_mod(no, port.mac, config,
                               config if mask is None else mask))


def shown(it, no, bit):
    """set, seen and set back; other bits stay"""
    for config in (bit, 0):
        port_config(it, no, config, bit)
        equal(it.switch.features()[5][no].config, config, 'config')


def with_config(it, config, what):
    """what() while ports have this config: {no: bits}"""
    it.clear()
    for no, bits in config.items():
        port_config(it, no, bits)
    try:
        what()
    finally:
        for no, bits in config.items():
            port_config(it, no, 0, bits)


def no_flood(it):
    with_config(it, {2: of10.PC_NO_FLOOD}, lambda: (
        to(it, of10.FLOOD, 1, (3, 4)), to(it, of10.ALL, 1, (2, 3, 4)),
        to(it, 2, 1, (2,)), to(it, of10.FLOOD, 2, (1, 3, 4)),
        out_of(it, of10.FLOOD, 1, (3, 4))))
    to(it, of10.FLOOD, 1, (2, 3, 4))


def no_fwd(it):
    """the mark cannot come out of such a port: another way to tell the end"""
    it.clear()
    it.switch.do(flow_mod(actions=output(2) + output(3) + output(of10.ALL)))
    port_config(it, 2, of10.PC_NO_FWD)
    try:
        it.send(1, FRAME)
        equal([it.ports[3].receive(), it.ports[3].receive()],
              [FRAME, FRAME], 'frames at 3')
        equal(it.ports[4].receive(), FRAME, 'frame at 4')
        equal(it.ports[2].receive(0.2), None, 'frame at 2')
    finally:
        port_config(it, 2, 0, of10.PC_NO_FWD)
    it.clear()
    to(it, 2, 1, (2,))


def no_recv(it):
    it.clear()
    it.switch.do(flow_mod(actions=output(2)))
    port_config(it, 1, of10.PC_NO_RECV)
    try:
        it.send(1, FRAME)
        equal(it.ports[2].receive(0.3), None, 'frame')
        it.expect(3, FRAME, {2: FRAME})
    finally:
        port_config(it, 1, 0, of10.PC_NO_RECV)
    it.expect(1, FRAME, {2: FRAME})


def no_packet_in(it):
    def misses():
        it.expect(1, FRAME, {})
        it.expect(2, FRAME, {}, packet_ins=1)

    with_config(it, {1: of10.PC_NO_PACKET_IN}, misses)
    it.expect(1, FRAME, {}, packet_ins=1)


def down(it):
    """is told of, and seen by the far end"""
    sw = it.switch
    it.clear()
    port_config(it, 2, of10.PC_DOWN)
    try:
        reason, port = port_status(sw)
        equal((reason, port.no), (2, 2), 'what is told')
        equal(port.config & of10.PC_DOWN, of10.PC_DOWN, 'config')
        port = wait_state(sw, 2, of10.PS_LINK_DOWN)
        equal(port.config, of10.PC_DOWN, 'config')
        sw.do(flow_mod(actions=output(2) + output(3)))
        it.send(1, FRAME)
        equal(it.ports[3].receive(), FRAME, 'frame at 3')
    finally:
        port_config(it, 2, 0, of10.PC_DOWN)
    port = wait_state(sw, 2, 0)
    equal((port.config, port.state), (0, 0), 'config and state')
    to(it, 2, 1, (2,))


def port_status(sw, wait=3):
    body = sw.get(of10.PORT_STATUS, wait).body
    return body[0], of10.parse_port(body[8:])


def wait_state(sw, no, state, wait=3):
    """until it is told, and is so"""
    end = time.monotonic() + wait
    while True:
        port = sw.features()[5][no]
        if port.state & 1 == state or time.monotonic() > end:
            equal(port.state & 1, state, 'state')
            sw.queue[:] = [msg for msg in sw.queue
                           if msg.type != of10.PORT_STATUS]
            return port
        time.sleep(0.02)


def link(it):
    """of the far end goes and comes back"""
    sw = it.switch
    sw.barrier()
    sw.queue.clear()
    for verb, state in (('down', of10.PS_LINK_DOWN), ('up', 0)):
        subprocess.run(['ip', 'link', 'set', 'h3', verb], check=True)
        reason, port = port_status(sw)
        while port.state & 1 != state:
            reason, port = port_status(sw)
        equal((reason, port.no), (2, 3), 'what is told')
        wait_state(sw, 3, state)
    time.sleep(0.1)
    it.ports[3] = lab.Wire('h3')
    to(it, 3, 1, (3,))


# PACKET_IN


def miss(it, frame):
    """whole, whatever miss_send_len and max_len say, as there are no buffers"""
    it.clear()
    frame = bytes(frame)
    for no in PORTS:
        for length in (128, 0, 32, 65535):
            it.switch.do(of10.set_config(0, length))
            told, = it.expect(no, frame, {}, packet_ins=1)
            equal(told, (of10.NO_BUFFER, len(frame), no, 0, frame),
                  'PACKET_IN')
    it.switch.do(of10.set_config(0, 128))


def action(it):
    it.clear()
    for length in (0, 32, 64, 100, 65535):
        it.switch.do(flow_mod(match(in_port=2),
                              output(of10.CONTROLLER, length)))
        told, = it.expect(2, FRAME, {}, packet_ins=1)
        equal(told[:4], (of10.NO_BUFFER, len(FRAME), 2, 1), 'PACKET_IN')
        equal(told.data, FRAME, 'frame')


def packet_in_order(it):
    it.clear()
    sent = [bytes(udp(dport=i)) for i in range(50)]
    _, told = it.inject(1, *sent)
    equal([one.data for one in told], sent, 'frames')


# PACKET_OUT


def through_table(it):
    it.clear()
    it.switch.do(flow_mod(match(in_port=3, dl_type=0x800), output(4)))
    it.switch.do(of10.packet_out(FRAME, output(of10.P_TABLE), 3))
    out, told = it.collect(1)
    equal((out, told), ({4: [FRAME]}, []), 'hit')
    it.switch.do(of10.packet_out(FRAME, output(of10.P_TABLE), 2))
    out, told = it.collect(1)
    equal(out, {}, 'frames of a miss')
    equal([(one.in_port, one.reason, one.data) for one in told],
          [(2, 0, FRAME)], 'PACKET_IN')


def to_controller(it):
    it.clear()
    it.switch.do(of10.packet_out(FRAME, of10.set_tp_dst(9) + output(
        of10.CONTROLLER, 0xffff), 2))
    _, told = it.collect(1)
    equal([(one.in_port, one.reason, one.data) for one in told],
          [(2, 1, bytes(tcp(dport=9)))], 'PACKET_IN')


def lists(it):
    """growing lists of ports, frames of all lengths"""
    it.clear()
    for frame in (tcp(), plain(), bytes(plain())[:40], arp(),
                  tcp(load=bytes(1460))):
        frame = bytes(frame)
        for n in range(1, 5):
            it.switch.do(of10.packet_out(frame, b''.join(
                output(no) for no in PORTS[:n])))
            out, _ = it.collect(1)
            equal(out, {no: [frame] for no in PORTS[:n]}, 'frames')


def out_order(it, n):
    it.clear()
    sent = [bytes(udp(dport=i)) for i in range(n)]
    it.switch.do(*(of10.packet_out(frame, output(2)) for frame in sent))
    out, _ = it.collect(1)
    equal(out, {2: sent}, 'frames')


def answered(it):
    """learning, the way a controller does it: PACKET_IN, FLOW_MOD, PACKET_OUT"""
    it.clear()
    sw = it.switch
    for i in range(20):
        frame = bytes(udp(dport=i))
        it.send(1, frame)
        told = of10.parse_packet_in(sw.get(of10.PACKET_IN).body)
        equal(told.data, frame, 'frame')
        sw.send(flow_mod(match(dl_type=0x800, nw_proto=17, tp_dst=i),
                         output(2)) +
                of10.packet_out(told.data, output(2), told.in_port))
        equal(it.ports[2].receive(), frame, 'sent on')
        sw.barrier()
        it.expect(1, frame, {2: frame})


# Several controllers


def roles(it):
    sw = it.switch
    it.clear()
    no, port = 1, sw.features()[5][1]
    for value, wanted in ((1, 1), (2, 0), (0, 1)):
        sw.ask(of10.role(value))
        it.send(1, FRAME)
        if wanted:
            of10.parse_packet_in(sw.get(of10.PACKET_IN).body)
        else:
            assert sw.silent(of10.PACKET_IN)
            # port status is for slaves too
            equal(sw.refused(of10.port_mod(no, port.mac, 0, 0)), (1, 5),
                  'ERROR')


def main():
    args = lab.arguments()
    cases = of10.Cases(args.ovs)
    it = lab.lab(args)
    run = cases.run
    for port, in_port, wanted in RESERVED:
        run('flow: %d to %#x' % (in_port, port), to, it, port, in_port, wanted)
        run('packet-out: %d to %#x' % (in_port, port), out_of, it, port,
            in_port, wanted)
    run('packet-out: no port to all', out_of, it, of10.ALL, of10.NONE, PORTS)
    run('packet-out: no port to flood', out_of, it, of10.FLOOD, of10.NONE,
        PORTS)
    run('packet-out: the controller to 3', out_of, it, 3, of10.CONTROLLER,
        (3,))
    run('packet-out: port 0 to 3', out_of, it, 3, 0, (3,))
    run('flow: to the local port', to, it, of10.LOCAL, 1, ())
    run('several ports', several, it)
    run('normal', normal, it, ovs='lags behind')
    for bit in (of10.PC_NO_FLOOD, of10.PC_NO_FWD, of10.PC_NO_PACKET_IN,
                of10.PC_NO_RECV):
        run('port config %#x' % bit, shown, it, 1, bit)
    run('no_flood', no_flood, it)
    run('no_fwd', no_fwd, it)
    run('no_recv', no_recv, it)
    run('no_packet_in', no_packet_in, it, ovs='lags behind')
    run('port down', down, it)
    run('link down', link, it)
    for name, frame in (('TCP', tcp()), ('a tag', tcp(vlan=(2, 0))),
                        ('LLDP', plain()), ('40 bytes', bytes(plain())[:40]),
                        ('1500 bytes', tcp(load=bytes(1460)))):
        run('miss: ' + name, miss, it, frame)
    run('to the controller', action, it, ovs='cuts to max_len')
    run('order of PACKET_INs', packet_in_order, it)
    run('PACKET_OUT through the table', through_table, it)
    run('PACKET_OUT to the controller', to_controller, it)
    run('PACKET_OUT to lists of ports', lists, it)
    run('PACKET_OUTs in order', out_order, it, 500)
    run('a controller that learns', answered, it, ovs='lags behind')
    run('roles', roles, it)
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

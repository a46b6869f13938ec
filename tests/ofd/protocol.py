#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""Each message of OpenFlow 1.0, and what is wrong with each: lengths, types,
fields.  A refused message must be answered with the one right ERROR and change
nothing."""

import os
import random
import select
import socket
import struct
import sys
import time

import of10
from of10 import (match, message, flow_mod, output, equal)
import lab

ABSENT = 77                     # a port that there is not

# Answers


def echo(sw, size):
    body = bytes(i & 0xff for i in range(size))
    request = message(of10.ECHO_REQUEST, body)
    reply = sw.ask(request)
    equal(reply, (1, of10.ECHO_REPLY,
                  struct.unpack_from('!I', request, 4)[0], body), 'reply')


def any_xid(sw, xid):
    reply = sw.ask(message(of10.BARRIER_REQUEST, xid=xid))
    equal(reply[1:3], (of10.BARRIER_REPLY, xid), 'reply')


def features(sw, ports):
    reply = sw.ask(message(of10.FEATURES_REQUEST))
    equal(reply.type, of10.FEATURES_REPLY, 'type')
    dpid, _, tables, capabilities, actions, found = sw.features()
    assert dpid and tables
    equal(capabilities & 0x87, 0x87, 'flow, table and port statistics, ARP')
    equal(capabilities & 0x38, 0, 'neither STP nor reassembly')
    equal(actions & 0x7ff, 0x7ff, 'actions')
    assert set(ports) <= set(found), found
    for no in ports:
        port = found[no]
        assert port.name and len(port.name) < 16
        assert port.mac != bytes(6)
        equal((port.config, port.state), (0, 0), 'config and state')
    equal(sw.features()[0], dpid, 'the same datapath id twice')


def config(sw, flags, miss_send_len):
    sw.do(of10.set_config(flags, miss_send_len))
    reply = sw.ask(message(of10.GET_CONFIG_REQUEST))
    equal(reply.type, of10.GET_CONFIG_REPLY, 'type')
    equal(struct.unpack('!HH', reply.body), (flags, miss_send_len), 'config')


def first_config(sw, service):
    """a service connection is told of no misses, unless it wants to be"""
    reply = sw.ask(message(of10.GET_CONFIG_REQUEST))
    equal(struct.unpack('!HH', reply.body)[1], 0 if service else 128,
          'miss_send_len')


def desc(sw):
    body = sw.stats(of10.stats(of10.DESC))
    equal(len(body), 1056, 'length')
    at = 0
    for name, size in (('mfr', 256), ('hw', 256), ('sw', 256), ('serial', 32),
                       ('dp', 256)):
        text = body[at:at + size]
        at += size
        assert text[-1] == 0, '%s does not end' % name
        text, _, rest = text.partition(b'\0')
        assert text or name == 'dp', '%s is empty' % name
        assert not any(rest), 'rubbish behind %s' % name
        assert text.isascii() and text.decode().isprintable()


def tables(sw):
    found = sw.tables()
    equal(found[0][0], 0, 'the first table')
    equal(found[0][2], 0x3fffff, 'wildcards')
    assert found[0][3] >= 32768, 'too few: %d' % found[0][3]
    equal(len({one[0] for one in found}), len(found), 'ids')


def port_stats(sw, ports):
    everything = sw.port_stats()
    assert set(ports) <= set(everything), everything
    for no in ports:
        one = sw.port_stats(no)
        equal(list(one), [no], 'port')
        equal(len(one[no]), 12, 'counters')
    equal(sw.port_stats(ABSENT), {}, 'of no port')


def no_queues(sw, port):
    body = sw.stats(of10.stats(of10.QUEUE, struct.pack(
        '!HxxI', of10.ALL, of10.Q_ALL)))
    equal(body, b'', 'queue statistics')
    body = sw.stats(of10.stats(of10.QUEUE, struct.pack(
        '!HxxI', port, of10.Q_ALL)))
    equal(body, b'', 'of a port')
    reply = sw.ask(message(of10.QUEUE_GET_CONFIG_REQUEST,
                           struct.pack('!Hxx', port)))
    equal(reply.type, of10.QUEUE_GET_CONFIG_REPLY, 'type')
    equal(reply.body, struct.pack('!H6x', port), 'queues')


def empty_stats(sw, ovs):
    sw.clear()
    equal(sw.stats(of10.flow_stats()), b'', 'flows')
    equal(sw.aggregate(), (0, 0, 0), 'aggregate')
    sw.do(flow_mod(actions=output(1)))
    equal(sw.stats(of10.flow_stats(table=ABSENT)), b'', 'of an absent table')
    equal(len(sw.flows(table=0)), 1, 'of table 0')
    if not ovs:                 # which has hidden flows there
        equal(sw.flows(table=0xfe), [], 'emergency')
    equal(sw.aggregate(table=ABSENT), (0, 0, 0), 'of an absent table')
    sw.clear()


def entry_bytes(sw):
    """every byte of a flow's statistics but for its times"""
    sw.clear()
    actions = (of10.set_vlan_vid(5) + of10.set_dl_src('02:00:00:00:00:01') +
               of10.set_nw_tos(0xb8) + output(2, 0xffe5) +
               output(of10.CONTROLLER, 77))
    what = match(in_port=1, dl_type=0x800, nw_proto=6, nw_dst='10.0.0.0/24',
                 tp_dst=80)
    sw.do(flow_mod(what, actions, priority=4386, idle=60, hard=300,
                   cookie=0x0123456789abcdef))
    body = sw.stats(of10.flow_stats())
    equal(body[:44], struct.pack('!HBx', 88 + len(actions), 0) + what, 'head')
    equal(body[52:], struct.pack('!HHH6xQQQ', 4386, 60, 300,
                                 0x0123456789abcdef, 0, 0) + actions, 'rest')
    sw.clear()


def roles(sw):
    for value in (1, 2, 0):
        request = of10.role(value)
        reply = sw.ask(request)
        equal((reply.type, reply.body),
              (of10.VENDOR, struct.pack('!III', of10.NICIRA, 11, value)),
              'reply')


def slave(sw, no, address):
    sw.clear()
    requests = (of10.port_mod(no, address, 0, 0),
                of10.packet_out(), flow_mod())
    for value, wanted in ((1, None), (2, (1, 5)), (0, None)):
        sw.ask(of10.role(value))
        for request in requests:
            equal(sw.refused(request), wanted, 'role %d' % value)
    sw.clear()


# Refusals


def cut(data):
    """the same message said to be this short"""
    return data[:2] + struct.pack('!H', len(data)) + data[4:]


def raw_action(kind, length, rest=bytes(4)):
    return struct.pack('!HH', kind, length) + rest


def lengths():
    """messages that are too long or too short"""
    fixed = (
        ('FEATURES_REQUEST', message(of10.FEATURES_REQUEST)),
        ('GET_CONFIG_REQUEST', message(of10.GET_CONFIG_REQUEST)),
        ('SET_CONFIG', of10.set_config(0, 128)),
        ('PORT_MOD', of10.port_mod(1, bytes(6), 0, 0)),
        ('BARRIER_REQUEST', message(of10.BARRIER_REQUEST)),
        ('QUEUE_GET_CONFIG_REQUEST',
         message(of10.QUEUE_GET_CONFIG_REQUEST, bytes.fromhex('00010000'))),
        ('DESC', of10.stats(of10.DESC)),
        ('TABLE', of10.stats(of10.TABLE)),
        ('FLOW', of10.flow_stats()),
        ('AGGREGATE', of10.flow_stats(kind=of10.AGGREGATE)),
        ('PORT', of10.stats(of10.PORT, bytes.fromhex('ffff000000000000'))),
        ('QUEUE', of10.stats(of10.QUEUE, bytes.fromhex('fffc0000ffffffff'))),
    )
    for name, data in fixed:
        yield '%s with a byte more' % name, cut(data + b'\0'), (1, 6)
        if len(data) > 12 or data[1] in (of10.SET_CONFIG,
                                         of10.QUEUE_GET_CONFIG_REQUEST):
            yield '%s with a byte less' % name, cut(data[:-1]), (1, 6)
            yield '%s, its header only' % name, cut(data[:8]), (1, 6)
    yield 'FLOW_MOD with a byte less', cut(flow_mod()[:-1]), (1, 6)
    yield 'FLOW_MOD, its header only', cut(flow_mod()[:8]), (1, 6)
    yield 'FLOW_MOD, its match only', cut(flow_mod()[:48]), (1, 6)
    yield 'PACKET_OUT with a byte less', cut(of10.packet_out()[:-1]), (1, 6)
    yield 'PACKET_OUT, its header only', cut(of10.packet_out()[:8]), (1, 6)
    yield 'STATS_REQUEST, its header only', message(of10.STATS_REQUEST), (1, 6)
    for n in range(4):
        yield 'VENDOR with %d bytes' % n, message(of10.VENDOR, bytes(n)), (1, 6)


def requests():
    for kind in (22, 100, 217, 255):
        yield 'type %d' % kind, message(kind), (1, 1)
    for kind in (of10.FEATURES_REPLY, of10.GET_CONFIG_REPLY, of10.PACKET_IN,
                 of10.FLOW_REMOVED, of10.PORT_STATUS, of10.STATS_REPLY,
                 of10.BARRIER_REPLY, of10.QUEUE_GET_CONFIG_REPLY):
        yield ('type %d, which switches send' % kind, message(kind, bytes(80)),
               {(1, 1), (1, 6)})
    for version in (0, 2, 4, 6, 255):
        for kind in (of10.FEATURES_REQUEST, of10.BARRIER_REQUEST,
                     of10.FLOW_MOD) + ((of10.ECHO_REQUEST,) if not version
                                       else ()):
            yield ('type %d of version %d' % (kind, version),
                   message(kind, bytes(64) if kind == of10.FLOW_MOD else b'',
                           version=version), (1, 0))
    yield 'vendor 0', message(of10.VENDOR, bytes(4)), {(1, 3), (1, 6)}
    yield 'vendor BSN', message(of10.VENDOR, bytes.fromhex(
        '005c16c70000000000000000')), (1, 3)
    yield ('an unknown subtype of Nicira', message(of10.VENDOR, struct.pack(
        '!II', of10.NICIRA, 9999)), {(1, 3), (1, 4)})
    yield 'a role there is not', of10.role(7), {(1, 3), (1, 4), (1, 5), (1, 6)}
    yield 'a role request that is short', message(
        of10.VENDOR, struct.pack('!II', of10.NICIRA, 10)), (1, 6)
    for kind in (6, 77, 0xfffe):
        yield 'statistics of type %d' % kind, of10.stats(kind), (1, 2)
    yield ('statistics of a vendor',
           of10.stats(0xffff, struct.pack('!I', 0x123456)), (1, 3))


def actions():
    """(name, list, ERROR) of lists in a FLOW_MOD"""
    for port in (0xff00, 0xff00 + 1, 0xfff7, of10.NONE, of10.P_TABLE):
        yield 'output to %#x' % port, output(port), (2, 4)
    for port in (of10.NONE, of10.CONTROLLER, of10.FLOOD, of10.ALL,
                 of10.NORMAL, of10.P_TABLE):
        yield 'enqueue at %#x' % port, of10.enqueue(port, 0), (2, 4)
    yield 'length 0', raw_action(0, 0), (2, 1)
    yield 'length 7', raw_action(0, 7), (2, 1)
    yield 'past the end', raw_action(0, 16), (2, 1)
    yield 'second past the end', output(1) + raw_action(0, 16), (2, 1)
    for kind, right in enumerate((8, 8, 8, 8, 16, 16, 8, 8, 8, 8, 8, 16)):
        wrong = 24 - right
        yield ('type %d, %d bytes' % (kind, wrong),
               raw_action(kind, wrong, bytes(wrong - 4)), (2, 1))
    yield 'a list of 4 bytes', raw_action(0, 4, b''), {(1, 6), (2, 1)}
    yield 'a list of 12 bytes', output(1) + bytes(4), {(1, 6), (2, 1)}
    yield 'a list of 9 bytes', output(1) + bytes(1), {(1, 6), (2, 1)}
    for kind in (12, 13, 0x1000, 0x1001, 0xfffe):
        yield 'type %#x' % kind, raw_action(kind, 8), (2, 0)
    yield 'vid 4096', of10.set_vlan_vid(4096), (2, 5)
    yield 'vid 65535', of10.set_vlan_vid(0xffff), (2, 5)
    yield 'pcp 8', of10.set_vlan_pcp(8), (2, 5)
    yield 'enqueue at queue 4294967290', of10.enqueue(1, 4294967290), (2, 8)
    yield '2900 of them', (of10.set_vlan_vid(5) + output(1)) * 1450, (2, 7)
    for tos in (1, 2, 3, 0xff):
        yield 'tos %#x' % tos, of10.set_nw_tos(tos), (2, 5)
    yield 'vendor 0x123456', of10.vendor_action(0x123456), (2, 2)
    yield 'vendor action of 8 bytes', of10.vendor_action(0x123456, b''), (2, 2)
    yield ('vendor Nicira, no such subtype', of10.vendor_action(
        of10.NICIRA, struct.pack('!H6x', 0x7fff)), {(2, 3), (2, 2), (2, 0)})
    yield 'a bad one behind good ones', output(1) * 5 + raw_action(99, 8), (2, 0)


GOOD = (
    ('none', b''),
    ('output to an absent port', output(ABSENT)),
    ('output to 0xfeff', output(0xfeff)),
    ('output to IN_PORT', output(of10.IN_PORT)),
    ('output to NORMAL', output(of10.NORMAL)),
    ('output to FLOOD', output(of10.FLOOD)),
    ('output to ALL', output(of10.ALL)),
    ('output to LOCAL', output(of10.LOCAL)),
    ('output to CONTROLLER, no bytes', output(of10.CONTROLLER, 0)),
    ('output to CONTROLLER, all bytes', output(of10.CONTROLLER, 0xffff)),
    ('the same output 30 times', output(1) * 30),
    ('set_vlan_vid 0 and 4095',
     of10.set_vlan_vid(0) + of10.set_vlan_vid(4095)),
    ('set_vlan_pcp 7', of10.set_vlan_pcp(7)),
    ('set_nw_src, nothing matched', of10.set_nw_src('1.2.3.4')),
    ('set_tp_dst, nothing matched', of10.set_tp_dst(80)),
    ('enqueue where no queue is', of10.enqueue(1, 7)),
    ('enqueue at IN_PORT', of10.enqueue(of10.IN_PORT, 0)),
    ('all of them', of10.set_vlan_vid(5) + of10.set_vlan_pcp(3) +
     of10.strip_vlan() + of10.set_dl_src('02:00:00:00:00:01') +
     of10.set_dl_dst('02:00:00:00:00:02') + of10.set_nw_src('10.0.0.1') +
     of10.set_nw_dst('10.0.0.2') + of10.set_nw_tos(0xfc) +
     of10.set_tp_src(1) + of10.set_tp_dst(2) + output(1) + output(2)),
)


def refuses(sw, request, wanted):
    before = sw.stats(of10.flow_stats())
    got = sw.refused(request)
    if not isinstance(wanted, set):
        wanted = {wanted}
    assert got in wanted, 'ERROR %s, wanted %s' % (got, sorted(wanted))
    after = sw.stats(of10.flow_stats())
    equal(len(after), len(before), 'bytes of flows')


def takes(sw, acts):
    sw.clear()
    sw.do(flow_mod(actions=acts, dl_type=0x800))
    found = sw.flows()
    equal([one.actions for one in found], [acts], 'actions')
    sw.clear()


def flow_mods(sw):
    """what is wrong but for lengths and actions"""
    sw.clear()
    sw.do(flow_mod(actions=output(1), priority=7, nw_src='10.0.0.0/8',
                   dl_type=0x800))
    for command in (5, 9, 0xffff):
        refuses(sw, flow_mod(command=command), (3, 4))
    refuses(sw, flow_mod(flags=of10.EMERG), (3, 0))
    refuses(sw, flow_mod(flags=of10.EMERG, idle=5), (3, 3))
    refuses(sw, flow_mod(flags=of10.EMERG, hard=5), (3, 3))
    refuses(sw, flow_mod(flags=of10.CHECK_OVERLAP, priority=7, dl_type=0x800,
                         nw_src='10.1.0.0/16'), (3, 1))
    refuses(sw, flow_mod(flags=of10.CHECK_OVERLAP, priority=7, in_port=1),
            (3, 1))
    for command in (of10.ADD, of10.MODIFY, of10.MODIFY_STRICT):
        refuses(sw, flow_mod(command=command, buffer=5, in_port=9), (1, 8))
    for command in (of10.DELETE, of10.DELETE_STRICT):
        refuses(sw, flow_mod(match(), raw_action(99, 8),
                             command=command), (2, 0))
    equal(sw.refused(flow_mod(command=of10.DELETE, buffer=5)), None,
          'a buffer does not count in DELETE')
    sw.clear()


def ignored(sw):
    """fields that do not count where they stand"""
    sw.clear()
    sw.do(flow_mod(match(wildcards=0xffffffff), output(1), flags=0x80),
          flow_mod(command=of10.MODIFY, out_port=5, actions=output(2)),
          flow_mod(command=of10.MODIFY_STRICT, out_port=0, actions=output(3)))
    found = sw.flows()
    equal(len(found), 1, 'flows')
    equal(found[0].actions, output(3), 'actions')
    sw.do(flow_mod(command=of10.DELETE, dl_type=0x1234),
          flow_mod(command=of10.DELETE_STRICT, dl_type=0x1234))
    equal(len(sw.flows()), 1, 'flows')
    sw.clear()


def packet_outs(sw):
    frame = bytes(60)
    for request, wanted in (
            (of10.packet_out(frame, output(1), buffer=5), (1, 8)),
            (of10.packet_out(b'', output(1), actions_len=16), (1, 6)),
            (of10.packet_out(frame, output(1), actions_len=0x100), (1, 6)),
            (of10.packet_out(frame, output(1), actions_len=7),
             {(1, 6), (2, 1)}),
            (of10.packet_out(frame, output(1), actions_len=4),
             {(1, 6), (2, 1)}),
            (of10.packet_out(frame, raw_action(99, 8)), (2, 0)),
            (of10.packet_out(frame, output(of10.NONE)), (2, 4)),
            (of10.packet_out(frame, of10.set_nw_tos(3)), (2, 5))):
        refuses(sw, request, wanted)
    for no in (of10.NONE, of10.CONTROLLER, of10.LOCAL, 0, ABSENT, 1):
        equal(sw.refused(of10.packet_out(frame, output(ABSENT), no)), None,
              'in_port %d' % no)
    equal(sw.refused(of10.packet_out()), None, 'nothing at all')


def packet_out_in_port(sw):
    for no in (of10.IN_PORT, of10.P_TABLE, 0xff00 + 5):
        got = sw.refused(of10.packet_out(bytes(60), output(1), no))
        assert got in ((1, 6), (2, 4), (2, 5)), '%#x: %s' % (no, got)


def port_mods(sw, no, address):
    wrong = bytes(5) + b'\x77'
    for request, wanted in (
            (of10.port_mod(ABSENT, address, 0, 0), (4, 0)),
            (of10.port_mod(0, address, 0, 0), (4, 0)),
            (of10.port_mod(of10.NONE, address, 0, 0), (4, 0)),
            (of10.port_mod(no, wrong, 0x10, 0x10), (4, 1)),
            (of10.port_mod(no, bytes(6), 0x10, 0x10), (4, 1))):
        equal(sw.refused(request), wanted, 'ERROR')
    sw.do(of10.port_mod(no, address, 0, 0xffff0000))
    equal(sw.features()[5][no].config, 0, 'config')


def queues(sw, port):
    for no, queue, wanted in ((ABSENT, of10.Q_ALL, (5, 0)),
                              (port, 4000, (5, 1)), (of10.ALL, 4000, (5, 1))):
        equal(sw.refused(of10.stats(of10.QUEUE, struct.pack(
            '!HxxI', no, queue))), wanted, 'ERROR')
    for no in (ABSENT, of10.NONE):
        equal(sw.refused(message(of10.QUEUE_GET_CONFIG_REQUEST, struct.pack(
            '!Hxx', no))), (5, 0), 'ERROR')


def never_answered(sw):
    """ERROR and ECHO_REPLY are not answered, whatever is in them"""
    for request in (message(of10.ERROR, bytes(4)), message(of10.ERROR),
                    message(of10.ERROR, bytes(300)),
                    message(of10.ECHO_REPLY), message(of10.ECHO_REPLY,
                                                      bytes(9))):
        equal(sw.refused(request), None, 'answer')


# The stream


def bytewise(sw, step):
    """@step bytes at a time"""
    sw.clear()
    data = b''.join(flow_mod(actions=output(i), priority=i)
                    for i in range(1, 9)) + message(of10.BARRIER_REQUEST,
                                                    xid=77)
    for i in range(0, len(data), step):
        sw.send(data[i:i + step])
        if not i % 64:
            time.sleep(0.001)
    sw.find(lambda msg: msg.type == of10.BARRIER_REPLY and msg.xid == 77)
    equal(len(sw.flows()), 8, 'flows')
    sw.clear()


def cut_everywhere(sw):
    request = flow_mod(actions=output(1), in_port=3)
    for i in range(1, len(request)):
        sw.send(request[:i])
        time.sleep(0.0005)
        sw.send(request[i:] + message(of10.ECHO_REQUEST, bytes([i]), i))
        reply = sw.get(of10.ECHO_REPLY)
        equal((reply.xid, reply.body), (i, bytes([i])), 'cut at %d' % i)
    sw.clear()


def pipelined(sw, n):
    """all answers, and in the order of the requests"""
    data, kinds = [], []
    for i in range(n):
        kind, request = (
            (of10.ECHO_REPLY, message(of10.ECHO_REQUEST, bytes(i % 50), i)),
            (None, flow_mod(actions=output(1), in_port=i & 0xff)),
            (of10.BARRIER_REPLY, message(of10.BARRIER_REQUEST, xid=i)),
            (of10.ERROR, message(99, xid=i)),
            (None, of10.packet_out(bytes(60), output(ABSENT))),
            (of10.STATS_REPLY, message(
                of10.STATS_REQUEST, struct.pack('!HH', of10.TABLE, 0), i)),
            (of10.FEATURES_REPLY, message(of10.FEATURES_REQUEST, xid=i)),
        )[i % 7]
        data.append(request)
        if kind is not None:
            kinds.append((kind, i))
    sw.queue.clear()
    # read while sending, or both sides may wait for the other to read
    data, got, at = b''.join(data), [], 0
    sw.sock.setblocking(False)
    while at < len(data):
        try:
            at += sw.sock.send(data[at:at + 65536])
        except BlockingIOError:
            pass
        got += take(sw)
    sw.sock.setblocking(True)
    while len(got) < len(kinds):
        msg = sw.find(lambda msg: True, 10)
        got.append((msg.type, msg.xid))
    for i, (one, wanted) in enumerate(zip(got, kinds)):
        equal(one, wanted, 'answer %d' % i)
    sw.clear()


def take(sw):
    got = []
    while True:
        try:
            msg = sw.read(time.monotonic() + 1e-4)
        except of10.Timeout:
            sw.sock.setblocking(False)
            return got
        got.append((msg.type, msg.xid))


def tiny(again, length):
    """no end of it can be told: the session is over, once it could read why"""
    sw = again()
    sw.send(struct.pack('!BBHI', 1, of10.ECHO_REQUEST, length, 1))
    equal(of10.error_of(sw.get(of10.ERROR)), (1, 6), 'ERROR')
    assert sw.closed(), 'went on'
    sw.close()
    again().close()


def garbage(again, rng):
    """whatever comes, the next session is as good as new"""
    sw = again()
    try:
        for _ in range(200):
            sw.send(rng.randbytes(rng.randrange(1, 2000)))
    except (ConnectionError, socket.timeout):
        pass
    sw.close()
    sw = again()
    sw.clear()
    sw.close()


def framed(again, rng):
    """right headers, random bodies"""
    sw = again()
    sent = 0
    try:
        for _ in range(2000):
            sw.send(message(rng.randrange(24), rng.randbytes(rng.choice(
                (0, 1, 4, 8, 24, 36, 64, 72, 80, 200))), version=rng.choice(
                    (1, 1, 1, 1, rng.randrange(256)))))
            sent += 1
            while select.select([sw.sock], [], [], 0)[0]:
                sw.read(time.monotonic() + 1)
    except (of10.Closed, ConnectionError, of10.Timeout, ValueError):
        pass
    sw.close()
    sw = again()
    sw.clear()
    sw.close()


def no_hello(again_raw):
    sw = again_raw()
    first = sw.get(of10.HELLO)
    equal((first.version, first.body), (1, b''), 'HELLO')
    began = time.monotonic()
    assert sw.closed(9.5), 'still there after 9.5 s'
    assert time.monotonic() - began > 1, 'closed at once'
    sw.close()


def hello_versions(again_raw):
    for version, body in ((1, b''), (1, b'OpenFlow Will Rule The World'),
                          (4, bytes.fromhex('0001000800000012')),
                          (6, b''), (255, bytes(300))):
        sw = again_raw()
        sw.send(message(of10.HELLO, body, version=version))
        sw.get(of10.HELLO)
        sw.barrier()
        sw.close()


def hello_refused(again_raw):
    sw = again_raw()
    sw.send(message(of10.HELLO, version=0))
    sw.get(of10.HELLO)
    equal(of10.error_of(sw.get(of10.ERROR)), (0, 0), 'ERROR')
    assert sw.closed(), 'went on'
    sw.close()


def not_hello(again_raw):
    """something else first is no way to begin"""
    sw = again_raw()
    sw.get(of10.HELLO)
    sw.send(message(of10.FLOW_MOD, bytes(64)))
    assert sw.closed(), 'went on'
    sw.close()


def second_hello(sw):
    """is let pass or refused, but ends nothing"""
    assert sw.refused(message(of10.HELLO)) in (None, (1, 1))


def sessions(run, again, again_raw, seed):
    """of those that begin or end badly"""
    run('HELLO of any version', hello_versions, again_raw)
    run('HELLO of version 0', hello_refused, again_raw, ovs='just closes')
    run('no HELLO', no_hello, again_raw)
    run('something else before HELLO', not_hello, again_raw)
    for n in range(8):
        run('a message of length %d' % n, tiny, again, n, ovs='just closes')
    run('garbage', garbage, again, random.Random(seed))
    run('random bodies', framed, again, random.Random(seed))


def main():
    args = lab.arguments()
    cases = of10.Cases(args.ovs)
    seed = int(os.environ.get('CVSW_SEED', time.time_ns() & 0xffffffff))
    print('# CVSW_SEED=%d' % seed, flush=True)
    ports = [int(one.partition('=')[0]) for one in args.ports.split(',')]
    listener = None if args.dial else of10.Listener(args.listen)

    def again_raw():
        return of10.dial(args.dial) if args.dial else listener.accept(12)

    def again():
        sw = again_raw()
        sw.hello()
        return sw

    run = cases.run
    if args.dial:               # another session is had at once
        sessions(run, again, again_raw, seed)
    else:
        run('no HELLO', no_hello, again_raw)

    sw = again()
    run('a second HELLO', second_hello, sw)
    run('first GET_CONFIG', first_config, sw, bool(args.dial))
    for size in (0, 1, 28, 1500, 65527):
        run('ECHO of %d bytes' % size, echo, sw, size)
    for xid in (0, 1, 0xffffffff):
        run('xid %d' % xid, any_xid, sw, xid)
    run('FEATURES', features, sw, ports)
    for flags in range(4):
        run('frag mode %d' % flags, config, sw, flags, 0xffff,
            ovs='has no reassembly' if flags == 2 else None)
    for n in (0, 1, 64, 65535, 128):
        run('miss_send_len %d' % n, config, sw, 0, n)
    run('DESC', desc, sw)
    run('TABLE', tables, sw, ovs='says what it has of 1.3')
    run('PORT', port_stats, sw, ports)
    run('no queues', no_queues, sw, ports[0])
    run('statistics of nothing', empty_stats, sw, args.ovs)
    run('bytes of a flow entry', entry_bytes, sw)
    run('roles', roles, sw)
    address = sw.features()[5][ports[0]].mac
    run('a slave may not', slave, sw, ports[0], address)
    for name, request, wanted in lengths():
        run(name, refuses, sw, request, wanted)
    for name, request, wanted in requests():
        run(name, refuses, sw, request, wanted,
            ovs='answers in that version' if 'version' in name else
            'has an ERROR of its own' if 'role' in name else None)
    for name, acts, wanted in actions():
        run('action: ' + name, refuses, sw, flow_mod(actions=acts), wanted,
            ovs='takes it' if acts == output(of10.P_TABLE) or
            wanted in ((2, 7), (2, 8)) else None)
        if acts != output(of10.P_TABLE) and not len(acts) % 8:
            run('packet-out: ' + name, refuses, sw,
                of10.packet_out(bytes(60), acts), wanted,
                ovs='takes it' if wanted in ((2, 7), (2, 8)) else None)
    for name, acts in GOOD:
        run('action: ' + name, takes, sw, acts)
    run('FLOW_MOD refused', flow_mods, sw)
    run('FLOW_MOD, ignored fields', ignored, sw, ovs='refuses flags')
    run('PACKET_OUT refused', packet_outs, sw)
    run('PACKET_OUT from no port', packet_out_in_port, sw,
        ovs='has an ERROR of its own')
    run('PORT_MOD refused', port_mods, sw, ports[0], address)
    run('queues refused', queues, sw, ports[0])
    run('ERROR is not answered', never_answered, sw,
        ovs='answers those that are wrong')
    for step in (1, 7, 100):
        run('%d bytes at a time' % step, bytewise, sw, step)
    run('cut everywhere', cut_everywhere, sw)
    run('7000 at once', pipelined, sw, 7000)
    run('still the same session', sw.barrier)
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

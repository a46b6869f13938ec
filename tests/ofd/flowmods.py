#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""What FLOW_MODs do to flows, which flows each command takes, overlap,
FLOW_REMOVED, timeouts, counters and barriers."""

import sys
import time

import frames
from frames import tcp, udp
import lab
import of10
from of10 import (ADD, DELETE, DELETE_STRICT, MODIFY, MODIFY_STRICT, equal,
                  flow_mod, match, output)

FRAME = bytes(tcp())
ALL = dict()
IP = dict(dl_type=0x800)
TEN = dict(dl_type=0x800, nw_dst='10.0.0.0/8')
ONE = dict(dl_type=0x800, nw_dst='10.0.0.2')
TCP = dict(dl_type=0x800, nw_proto=6)
WEB = dict(dl_type=0x800, nw_proto=6, tp_dst=80)
PORT1 = dict(in_port=1)
TAGGED = dict(dl_vlan=5)


def table(sw):
    """{(match, priority): actions}"""
    return {(one.match, one.priority): one.actions for one in sw.flows()}


def key(fields, priority=0x8000):
    return of10.parse_match(match(**fields)), priority


def one(sw):
    found = sw.flows()
    equal(len(found), 1, 'flows')
    return found[0]


# Which flows

SET = (ALL, IP, TEN, ONE, TCP, WEB, PORT1, TAGGED)


def selects(sw, command, fields, priority, taken):
    """a command takes these of SET, all of priority 100"""
    sw.clear()
    sw.do(*(flow_mod(match(**one), output(2), priority=100) for one in SET))
    sw.do(flow_mod(match(**fields), output(3), command, priority=priority))
    wanted = {key(one, 100): output(2) for one in SET}
    for one in taken:
        if command in (DELETE, DELETE_STRICT):
            del wanted[key(one, 100)]
        else:
            wanted[key(one, 100)] = output(3)
    if not taken and command in (MODIFY, MODIFY_STRICT):
        wanted[key(fields, priority)] = output(3)
    equal(table(sw), wanted, 'flows')


SELECTED = (
    (DELETE, ALL, 1, SET), (DELETE, IP, 1, (IP, TEN, ONE, TCP, WEB)),
    (DELETE, TEN, 1, (TEN, ONE)), (DELETE, ONE, 100, (ONE,)),
    (DELETE, TCP, 5, (TCP, WEB)), (DELETE, WEB, 5, (WEB,)),
    (DELETE, PORT1, 5, (PORT1,)), (DELETE, dict(in_port=2), 5, ()),
    (DELETE, dict(dl_type=0x800, nw_dst='0.0.0.0/1'), 5, (TEN, ONE)),
    (DELETE, dict(dl_type=0x800, nw_dst='10.0.0.0/31'), 5, ()),
    (DELETE, dict(dl_type=0x800, nw_dst='10.0.0.2/31'), 5, (ONE,)),
    (DELETE, dict(dl_vlan=0xffff), 5, ()),
    (DELETE_STRICT, IP, 100, (IP,)), (DELETE_STRICT, IP, 99, ()),
    (DELETE_STRICT, TEN, 100, (TEN,)),
    (DELETE_STRICT, dict(dl_type=0x800, nw_dst='10.9.9.9/8'), 100, (TEN,)),
    (DELETE_STRICT, dict(nw_dst='10.0.0.0/8'), 100, (ALL,)),
    (DELETE_STRICT, ALL, 100, (ALL,)),
    (MODIFY, ALL, 1, SET), (MODIFY, TEN, 1, (TEN, ONE)),
    (MODIFY, WEB, 1, (WEB,)), (MODIFY, dict(dl_type=0x806), 7, ()),
    (MODIFY_STRICT, IP, 100, (IP,)), (MODIFY_STRICT, IP, 7, ()),
    (MODIFY_STRICT, dict(dl_type=0x806), 100, ()),
)


def out_port(sw):
    """counts in DELETE and statistics, not elsewhere"""
    sw.clear()
    sw.do(flow_mod(actions=output(2), in_port=1),
          flow_mod(actions=output(3) + output(2), in_port=2),
          flow_mod(actions=output(3), in_port=3),
          flow_mod(actions=of10.enqueue(2, 1), in_port=4),
          flow_mod(actions=output(of10.CONTROLLER), in_port=5),
          flow_mod(in_port=6))

    def ports(**more):
        return sorted(one.match.in_port for one in sw.flows(**more))

    equal(ports(out_port=2), [1, 2, 4], 'to 2')
    equal(ports(out_port=3), [2, 3], 'to 3')
    equal(ports(out_port=of10.CONTROLLER), [5], 'to the controller')
    equal(ports(out_port=9), [], 'to 9')
    equal(sw.aggregate(out_port=2), (0, 0, 3), 'aggregate')
    sw.do(flow_mod(command=DELETE, out_port=3, in_port=1),
          flow_mod(command=DELETE_STRICT, out_port=3, in_port=1))
    equal(ports(), [1, 2, 3, 4, 5, 6], 'all')
    sw.do(flow_mod(command=DELETE_STRICT, out_port=3, in_port=2))
    equal(ports(), [1, 3, 4, 5, 6], 'strictly')
    sw.do(flow_mod(command=DELETE, out_port=of10.CONTROLLER))
    equal(ports(), [1, 3, 4, 6], 'to the controller')
    sw.do(flow_mod(command=DELETE, out_port=2))
    equal(ports(), [3, 6], 'to 2')
    sw.do(flow_mod(command=MODIFY, out_port=99, actions=output(9)),
          flow_mod(command=ADD, out_port=99, actions=output(9), in_port=7))
    equal(ports(out_port=9), [3, 6, 7], 'modified')


def kept(it, command, keeps):
    """what a flow that is there keeps: counters and duration, its timeouts"""
    sw = it.switch
    it.clear()
    sw.do(flow_mod(actions=output(2), idle=100, hard=200, cookie=1,
                   flags=of10.SEND_FLOW_REM, priority=5, **TCP))
    for _ in range(3):
        it.expect(1, FRAME, {2: FRAME})
    time.sleep(1.05)
    sw.do(flow_mod(match(**TCP), output(3), command, priority=5, idle=50,
                   hard=60, cookie=2))
    found = [flow for flow in sw.flows() if flow.priority == 5][0]
    equal(found.actions, output(3), 'actions')
    equal(found.cookie, 2, 'cookie')
    if keeps:
        equal((found.packets, found.bytes), (3, 3 * len(FRAME)), 'counters')
        equal((found.idle, found.hard), (100, 200), 'timeouts')
        assert found.sec >= 1, 'duration'
    else:
        equal((found.packets, found.bytes), (0, 0), 'counters')
        equal((found.idle, found.hard), (50, 60), 'timeouts')
        equal(found.sec, 0, 'duration')
    it.expect(1, FRAME, {3: FRAME})
    sw.queue.clear()
    sw.do(flow_mod(match(**TCP), command=DELETE))
    if keeps:
        sw.get(of10.FLOW_REMOVED)
    assert sw.silent(of10.FLOW_REMOVED)


def modify_adds(sw, command):
    sw.clear()
    sw.do(flow_mod(match(**WEB), output(2), command, priority=7, idle=8,
                   hard=9, cookie=10, flags=of10.SEND_FLOW_REM))
    found = one(sw)
    equal((found.match, found.priority, found.idle, found.hard, found.cookie,
           found.actions), (*key(WEB, 7), 8, 9, 10, output(2)), 'flow')
    sw.do(flow_mod(match(**WEB), output(2), command, priority=7))
    one(sw)
    sw.do(flow_mod(command=DELETE))
    sw.get(of10.FLOW_REMOVED)


# Overlap

OVERLAPS = (
    (ALL, IP, True), (IP, ALL, True), (TEN, WEB, True), (PORT1, WEB, True),
    (TEN, ONE, True), (TAGGED, IP, True), (WEB, TCP, True),
    (dict(dl_vlan=5), dict(dl_vlan_pcp=3), True),
    (dict(dl_vlan=5), dict(dl_vlan=6), False),
    (dict(dl_vlan=5), dict(dl_vlan=0xffff), False),
    (dict(dl_vlan_pcp=3), dict(dl_vlan=0xffff), False),
    (PORT1, dict(in_port=2), False), (IP, dict(dl_type=0x806), False),
    (TEN, dict(dl_type=0x800, nw_dst='11.0.0.0/8'), False),
    (ONE, dict(dl_type=0x800, nw_dst='10.0.0.3'), False),
    (dict(dl_type=0x800, nw_dst='10.0.0.0/9'),
     dict(dl_type=0x800, nw_dst='10.128.0.0/9'), False),
    (WEB, dict(dl_type=0x800, nw_proto=6, tp_dst=81), False),
    (WEB, dict(dl_type=0x800, nw_proto=17), False),
    (dict(dl_type=0x800, nw_tos=4), dict(dl_type=0x800, nw_tos=8), False),
    (dict(dl_src=frames.SRC), dict(dl_dst=frames.DST), True),
)


def overlap(sw, first, second, does):
    sw.clear()
    sw.do(flow_mod(match(**first), output(2), priority=9))
    request = flow_mod(match(**second), output(3), priority=9,
                       flags=of10.CHECK_OVERLAP)
    equal(sw.refused(request), (3, 1) if does else None, 'ERROR')
    equal(len(sw.flows()), 1 if does else 2, 'flows')
    # of another priority it never is; nor is an identical one
    sw.do(flow_mod(match(**second), output(3), priority=8,
                   flags=of10.CHECK_OVERLAP),
          flow_mod(match(**second), output(4), priority=8,
                   flags=of10.CHECK_OVERLAP))
    # and without the flag it does not matter
    sw.do(flow_mod(match(**second), output(3), priority=9))
    equal(len(sw.flows()), 3, 'flows')


def overlap_modify(sw):
    """counts when MODIFY adds"""
    sw.clear()
    sw.do(flow_mod(match(**TEN), output(2), priority=9))
    for command in (MODIFY, MODIFY_STRICT):
        equal(sw.refused(flow_mod(match(**TCP), output(3), command, priority=9,
                                  flags=of10.CHECK_OVERLAP)), (3, 1), 'ERROR')
    one(sw)


def overlap_exact(sw):
    """exact ones are all of one priority"""
    sw.clear()
    fields = dict(in_port=1, dl_src=frames.SRC, dl_dst=frames.DST,
                  dl_vlan=0xffff, dl_vlan_pcp=0, dl_type=0x800, nw_tos=0,
                  nw_proto=6, nw_src='10.0.0.1', nw_dst='10.0.0.2', tp_src=1,
                  tp_dst=2)
    sw.do(flow_mod(match(**fields), output(2), priority=9))
    sw.do(flow_mod(match(**fields), output(3), priority=10))
    equal(one(sw).actions, output(3), 'actions')
    equal(one(sw).priority, 65535, 'priority')
    del fields['tp_src']
    equal(sw.refused(flow_mod(match(**fields), output(2), priority=65535,
                              flags=of10.CHECK_OVERLAP)), (3, 1), 'ERROR')


# FLOW_REMOVED

WHAT = dict(in_port=1, dl_type=0x800, nw_proto=6, nw_src='10.0.0.0/24',
            nw_tos=0x28, tp_dst=80, dl_vlan=0xffff)


def removed(it, how):
    """idle 0, hard 1, delete 2, nothing: not asked for"""
    sw = it.switch
    it.clear()
    more = {'idle': dict(idle=1), 'hard': dict(hard=1), 'both': dict(
        idle=1, hard=1)}.get(how, {})
    flags = 0 if how == 'quiet' else of10.SEND_FLOW_REM
    if how == 'quiet':
        more = dict(hard=1)
    sw.do(flow_mod(match(**WHAT), output(2), priority=77, cookie=0xabcdef,
                   flags=flags, **more))
    for _ in range(2):
        it.expect(1, FRAME, {2: FRAME})
    if how == 'delete':
        sw.do(flow_mod(command=DELETE, dl_type=0x800))
    elif how == 'strict':
        sw.do(flow_mod(match(**WHAT), command=DELETE_STRICT, priority=77))
    elif how == 'replace':
        sw.do(flow_mod(match(**WHAT), output(3), priority=77))
        assert sw.silent(of10.FLOW_REMOVED)
        return
    elif how == 'quiet':
        assert sw.silent(of10.FLOW_REMOVED, 2.2)
        equal([flow for flow in sw.flows() if flow.priority == 77], [],
              'flows')
        return
    msg = sw.get(of10.FLOW_REMOVED, 3)
    equal(msg.xid, 0, 'xid')
    found = of10.parse_removed(msg.body)
    as_set = of10.parse_match(match(**WHAT))
    wild = of10.WILDCARDS['dl_vlan_pcp']
    equal(found.match._replace(wildcards=found.match.wildcards | wild),
          as_set, 'match')
    reason = {'idle': 0, 'hard': 1, 'both': 1}.get(how, 2)
    equal((found.cookie, found.priority, found.reason, found.idle),
          (0xabcdef, 77, reason, more.get('idle', 0)), 'flow')
    if reason != 2 or not it.ovs:   # which counts with a delay
        equal((found.packets, found.bytes), (2, 2 * len(FRAME)), 'counters')
    if reason != 2:
        equal(found.sec, 1, 'duration')
    assert found.nsec < 10 ** 9
    assert sw.silent(of10.FLOW_REMOVED), 'told twice'


def same_match(sw):
    """FLOW_REMOVED has the match as it was asked for (oftest's FlowExpire)"""
    sw.clear()
    for wild in (of10.WILDCARDS['dl_vlan_pcp'], 0):
        what = match(wildcards=wild, in_port=1, dl_src=frames.SRC,
                     dl_dst=frames.DST, dl_vlan=0xffff, dl_type=0x800,
                     nw_proto=6, nw_src='10.0.0.1', nw_dst='10.0.0.2',
                     tp_src=1234, tp_dst=80)
        sw.do(flow_mod(what, output(2), flags=of10.SEND_FLOW_REM))
        sw.do(flow_mod(command=DELETE))
        told = of10.parse_removed(sw.get(of10.FLOW_REMOVED).body)
        equal(told.match, of10.parse_match(what), 'match')


def idle(it):
    """each frame puts it off"""
    sw = it.switch
    it.clear()
    sw.do(flow_mod(match(**TCP), output(2), idle=2,
                   flags=of10.SEND_FLOW_REM))
    for _ in range(4):
        time.sleep(0.8)
        it.expect(1, FRAME, {2: FRAME})
    equal(len([flow for flow in sw.flows() if flow.idle]), 1, 'flows')
    last = time.monotonic()
    found = of10.parse_removed(sw.get(of10.FLOW_REMOVED, 5).body)
    assert 1.9 < time.monotonic() - last < 3.6
    equal((found.reason, found.packets), (0, 4), 'reason and packets')


# Counters


def counters(it):
    sw = it.switch
    it.clear()
    sw.do(flow_mod(match(**TCP), output(2)), flow_mod(
        match(dl_type=0x800, nw_proto=17)))
    sizes = (FRAME, bytes(tcp(load=b'')), bytes(tcp(load=bytes(1400))))
    for frame in sizes:
        it.expect(1, frame, {2: frame})
    it.expect(1, udp(), {})
    it.expect(2, udp(), {})
    until(lambda: sw.aggregate(match(**IP)),
          (5, sum(map(len, sizes)) + 2 * len(udp()), 2))
    found = {flow.match.nw_proto: (flow.packets, flow.bytes)
             for flow in sw.flows(match(**IP))}
    equal(found, {6: (3, sum(map(len, sizes))), 17: (2, 2 * len(udp()))},
          'counters')


def until(what, wanted, wait=3):
    end = time.monotonic() + wait
    while what() != wanted and time.monotonic() < end:
        time.sleep(0.05)
    equal(what(), wanted, 'after a while')


def lookups(it):
    """of the table: every frame is looked up, those with a flow matched"""
    sw = it.switch
    sw.clear()
    sw.do(flow_mod(match(**PORT1), output(2)))
    time.sleep(0.2)
    _, _, _, _, active, before, hits = sw.tables()[0]
    equal(active, 1, 'flows')
    for _ in range(5):
        it.send(1, FRAME)
    for _ in range(5):
        it.send(2, FRAME)

    def grown():
        now = sw.tables()[0]
        return now[5] - before, now[6] - hits

    until(grown, (10, 5))
    sw.do(flow_mod(command=DELETE))
    equal(grown(), (10, 5), 'when the flows are gone')
    equal(sw.tables()[0][4], 0, 'flows')


def port_counters(it):
    sw = it.switch
    it.clear()
    sw.do(flow_mod(match(in_port=1), output(2)))
    time.sleep(0.2)
    before = sw.port_stats()
    n, size = 12, len(FRAME)
    for _ in range(n):
        it.send(1, FRAME)

    def grown():
        now = sw.port_stats()
        return [[now[no][i] - before[no][i] for i in range(4)]
                for no in (1, 2, 3)]

    until(grown, [[n, 0, n * size, 0], [0, n, 0, n * size], [0] * 4])
    for no in it.ports:
        equal(sw.port_stats(no), {no: sw.port_stats()[no]}, 'one and all')


def duration(sw):
    sw.clear()
    began = time.monotonic()
    sw.do(flow_mod())
    for wait in (0.2, 1.2, 2.3):
        time.sleep(max(0, began + wait - time.monotonic()))
        found = one(sw)
        took = time.monotonic() - began
        said = found.sec + found.nsec / 1e9
        assert took - 0.3 < said < took + 0.05, '%f after %f' % (said, took)


# Barriers and bulk


def barrier(it):
    """what was before it counts when it is answered"""
    sw = it.switch
    it.clear()
    for i in range(30):
        no = 2 + i % 3
        sw.do(flow_mod(match(**TCP), output(no)))
        it.expect(1, FRAME, {no: FRAME})


def last_wins(it):
    """FLOW_MODs of one write take effect in their order"""
    sw = it.switch
    it.clear()
    for _ in range(5):
        sw.do(*(flow_mod(match(**TCP), output(2 + i % 3))
                for i in range(100)),
              flow_mod(match(**TCP), command=DELETE),
              flow_mod(match(**TCP), output(4)))
        it.expect(1, FRAME, {4: FRAME})


def bulk(sw, n):
    """@n flows in any order, as oftest loads a switch"""
    sw.clear()
    everyone = [flow_mod(match(dl_vlan=0xffff, dl_dst=bytes(
        (0, 1, 2, 3, j >> 8, j & 0xff))), output(of10.CONTROLLER),
        priority=n - j) for j in (i * 7919 % n for i in range(n))]
    began = time.monotonic()
    for i in range(0, n, 4096):
        sw.do(*everyone[i:i + 4096])
    equal(sw.tables()[0][4], n, 'flows')
    print('# %d flows in %.2f s' % (n, time.monotonic() - began))
    found = sw.flows()
    equal(len({flow.match.dl_dst for flow in found}), n, 'flows read')
    sw.clear()
    equal(sw.flows(), [], 'flows')


def errors_between(sw):
    """one that is refused does not touch those around it"""
    sw.clear()
    bad = flow_mod(actions=of10.set_vlan_vid(5000), in_port=2)
    sw.send(b''.join((flow_mod(in_port=1), bad, flow_mod(in_port=3), bad,
                      flow_mod(command=9), flow_mod(in_port=4))))
    sw.barrier()
    equal([of10.error_of(msg) for msg in sw.queue if msg.type == of10.ERROR],
          [(2, 5), (2, 5), (3, 4)], 'ERRORs')
    equal(sorted(flow.match.in_port for flow in sw.flows()), [1, 3, 4],
          'flows')
    sw.queue.clear()


def main():
    args = lab.arguments()
    cases = of10.Cases(args.ovs)
    it = lab.lab(args)
    sw, run = it.switch, cases.run
    names = ('ADD', 'MODIFY', 'MODIFY_STRICT', 'DELETE', 'DELETE_STRICT')
    for command, fields, priority, taken in SELECTED:
        run('%s %s priority=%d' % (names[command], fields, priority), selects,
            sw, command, fields, priority, taken,
            ovs='strictly only' if list(fields) == ['nw_dst'] else None)
    run('out_port', out_port, sw)
    for command in (ADD, MODIFY, MODIFY_STRICT):
        run('%s of a flow that is there' % names[command], kept, it, command,
            command != ADD)
    for command in (MODIFY, MODIFY_STRICT):
        run('%s of none' % names[command], modify_adds, sw, command)
    for first, second, does in OVERLAPS:
        run('overlap: %s and %s' % (first, second), overlap, sw, first, second,
            does)
    run('overlap: MODIFY', overlap_modify, sw)
    run('overlap: exact', overlap_exact, sw)
    for how in ('idle', 'hard', 'both', 'delete', 'strict', 'replace',
                'quiet'):
        run('FLOW_REMOVED: ' + how, removed, it, how)
    run('FLOW_REMOVED: match', same_match, sw,
        ovs='knows untagged in one way only')
    run('idle timeout', idle, it)
    run('counters of flows', counters, it)
    run('counters of the table', lookups, it)
    run('counters of ports', port_counters, it)
    run('duration', duration, sw)
    run('barriers', barrier, it, ovs='lags behind')
    run('order of FLOW_MODs', last_wins, it)
    run('refused among others', errors_between, sw)
    run('32678 flows', bulk, sw, 32678)
    sys.exit(cases.bad != 0)


if __name__ == '__main__':
    main()

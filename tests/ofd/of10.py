# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
"""OpenFlow 1.0 for tests: plain sockets and struct, nothing of the tree."""

import collections
import itertools
import os
import socket
import struct
import time

(HELLO, ERROR, ECHO_REQUEST, ECHO_REPLY, VENDOR, FEATURES_REQUEST,
 FEATURES_REPLY, GET_CONFIG_REQUEST, GET_CONFIG_REPLY, SET_CONFIG, PACKET_IN,
 FLOW_REMOVED, PORT_STATUS, PACKET_OUT, FLOW_MOD, PORT_MOD, STATS_REQUEST,
 STATS_REPLY, BARRIER_REQUEST, BARRIER_REPLY, QUEUE_GET_CONFIG_REQUEST,
 QUEUE_GET_CONFIG_REPLY) = range(22)

ADD, MODIFY, MODIFY_STRICT, DELETE, DELETE_STRICT = range(5)
SEND_FLOW_REM, CHECK_OVERLAP, EMERG = 1, 2, 4
DESC, FLOW, AGGREGATE, TABLE, PORT, QUEUE = range(6)

MAX, IN_PORT, P_TABLE, NORMAL, FLOOD, ALL, CONTROLLER, LOCAL, NONE = (
    0xff00, 0xfff8, 0xfff9, 0xfffa, 0xfffb, 0xfffc, 0xfffd, 0xfffe, 0xffff)
NO_BUFFER = 0xffffffff
Q_ALL = 0xffffffff

PC_DOWN, PC_NO_STP, PC_NO_RECV, PC_NO_RECV_STP = 1, 2, 4, 8
PC_NO_FLOOD, PC_NO_FWD, PC_NO_PACKET_IN = 0x10, 0x20, 0x40
PS_LINK_DOWN = 1

NICIRA = 0x2320

W_ALL = 0x3820ff               # of 32 bits of each address none counts
WILDCARDS = {
    'in_port': 1, 'dl_vlan': 2, 'dl_src': 4, 'dl_dst': 8, 'dl_type': 0x10,
    'nw_proto': 0x20, 'tp_src': 0x40, 'tp_dst': 0x80, 'nw_src': 0x3f00,
    'nw_dst': 0xfc000, 'dl_vlan_pcp': 0x100000, 'nw_tos': 0x200000,
}
MATCH = struct.Struct('!IH6s6sHBxHBBxx4s4sHH')
MATCH_FIELDS = ('wildcards', 'in_port', 'dl_src', 'dl_dst', 'dl_vlan',
                'dl_vlan_pcp', 'dl_type', 'nw_tos', 'nw_proto', 'nw_src',
                'nw_dst', 'tp_src', 'tp_dst')

Message = collections.namedtuple('Message', 'version type xid body')
Match = collections.namedtuple('Match', MATCH_FIELDS)
Port = collections.namedtuple(
    'Port', 'no mac name config state curr advertised supported peer')
Flow = collections.namedtuple(
    'Flow', 'table match sec nsec priority idle hard cookie packets bytes '
    'actions')
PacketIn = collections.namedtuple(
    'PacketIn', 'buffer total_len in_port reason data')
Removed = collections.namedtuple(
    'Removed', 'match cookie priority reason sec nsec idle packets bytes')

xids = itertools.count(0x1000)


class Timeout(Exception):
    """nothing came in time"""


class Closed(Exception):
    """the peer has closed the connection"""


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def message(kind, body=b'', xid=None, version=1, length=None):
    if xid is None:
        xid = next(xids)
    if length is None:
        length = 8 + len(body)
    return struct.pack('!BBHI', version, kind, length, xid) + body


# Matches


def match(wildcards=None, **fields):
    """what is named is matched; nw_src='10.0.0.0/8' is too.  Other wildcards by
    hand: wildcards="""
    wild = W_ALL
    value = dict.fromkeys(MATCH_FIELDS, 0)
    value.update(dl_src=bytes(6), dl_dst=bytes(6), nw_src=bytes(4),
                 nw_dst=bytes(4))
    for name, what in fields.items():
        wild &= ~WILDCARDS[name]
        if name in ('dl_src', 'dl_dst') and isinstance(what, str):
            what = mac(what)
        elif name in ('nw_src', 'nw_dst') and isinstance(what, str):
            what, _, bits = what.partition('/')
            ignored = 32 - int(bits or 32)
            wild |= ignored << (8 if name == 'nw_src' else 14)
            what = socket.inet_aton(what)
        value[name] = what
    value['wildcards'] = wild if wildcards is None else wildcards
    return MATCH.pack(*(value[name] for name in MATCH_FIELDS))


def parse_match(data):
    return Match(*MATCH.unpack_from(data))


def field(found, name):
    """a field of a Match as match() takes it, None when it is a wildcard"""
    wild = WILDCARDS[name]
    value = getattr(found, name)
    if name in ('nw_src', 'nw_dst'):
        ignored = found.wildcards >> (8 if name == 'nw_src' else 14) & 0x3f
        if ignored >= 32:
            return None
        return '%s/%d' % (socket.inet_ntoa(value), 32 - ignored)
    return None if found.wildcards & wild else value


# Actions


def output(port, max_len=0):
    return struct.pack('!HHHH', 0, 8, port, max_len)


def set_vlan_vid(vid):
    return struct.pack('!HHHxx', 1, 8, vid)


def set_vlan_pcp(pcp):
    return struct.pack('!HHBxxx', 2, 8, pcp)


def strip_vlan():
    return struct.pack('!HHxxxx', 3, 8)


def set_dl_src(address):
    return struct.pack('!HH6s6x', 4, 16, mac(address))


def set_dl_dst(address):
    return struct.pack('!HH6s6x', 5, 16, mac(address))


def set_nw_src(address):
    return struct.pack('!HH4s', 6, 8, socket.inet_aton(address))


def set_nw_dst(address):
    return struct.pack('!HH4s', 7, 8, socket.inet_aton(address))


def set_nw_tos(tos):
    return struct.pack('!HHBxxx', 8, 8, tos)


def set_tp_src(port):
    return struct.pack('!HHHxx', 9, 8, port)


def set_tp_dst(port):
    return struct.pack('!HHHxx', 10, 8, port)


def enqueue(port, queue):
    return struct.pack('!HHH6xI', 11, 16, port, queue)


def vendor_action(vendor, body=bytes(8)):
    return struct.pack('!HHI', 0xffff, 8 + len(body), vendor) + body


# Requests


def flow_mod(what=None, actions=b'', command=ADD, priority=0x8000, idle=0,
             hard=0, cookie=0, buffer=NO_BUFFER, out_port=NONE, flags=0,
             **fields):
    if what is None:
        what = match(**fields)
    return message(FLOW_MOD, what + struct.pack(
        '!QHHHHIHH', cookie, command, idle, hard, priority, buffer, out_port,
        flags) + actions)


def packet_out(data=b'', actions=b'', in_port=NONE, buffer=NO_BUFFER,
               actions_len=None):
    if actions_len is None:
        actions_len = len(actions)
    return message(PACKET_OUT, struct.pack('!IHH', buffer, in_port,
                                           actions_len) + actions + data)


def port_mod(no, address, config, mask, advertise=0):
    return message(PORT_MOD, struct.pack('!H6sIII4x', no, address, config,
                                         mask, advertise))


def set_config(flags, miss_send_len):
    return message(SET_CONFIG, struct.pack('!HH', flags, miss_send_len))


def stats(kind, body=b'', flags=0):
    return message(STATS_REQUEST, struct.pack('!HH', kind, flags) + body)


def flow_stats(what=None, table=0xff, out_port=NONE, kind=FLOW):
    return stats(kind, (what or match()) + struct.pack('!BxH', table, out_port))


def role(value):
    return message(VENDOR, struct.pack('!III', NICIRA, 10, value))


# Replies


def parse_port(data):
    no, address, name, *rest = struct.unpack('!H6s16sIIIIII', data)
    return Port(no, address, name.rstrip(b'\0').decode(), *rest)


def parse_flows(body):
    while body:
        (length, table, sec, nsec, priority, idle, hard, cookie, packets,
         size) = struct.unpack_from('!HBx40xIIHHH6xQQQ', body)
        yield Flow(table, parse_match(body[4:]), sec, nsec, priority, idle,
                   hard, cookie, packets, size, body[88:length])
        body = body[length:]


def parse_packet_in(body):
    return PacketIn(*struct.unpack_from('!IHHBx', body), body[10:])


def parse_removed(body):
    (cookie, priority, reason, sec, nsec, idle, packets,
     size) = struct.unpack('!QHBxIIHxxQQ', body[40:])
    return Removed(parse_match(body), cookie, priority, reason, sec, nsec, idle,
                   packets, size)


def error_of(msg):
    """(type, code) of an ERROR"""
    return struct.unpack_from('!HH', msg.body)


# Connections


class Switch:
    """a connection with a switch, however it came about"""

    def __init__(self, sock, wait=5):
        self.sock = sock
        self.wait = wait
        self.rest = b''
        self.queue = []

    def close(self):
        self.sock.close()

    def send(self, data):
        self.sock.settimeout(self.wait)
        self.sock.sendall(data)

    def read(self, end):
        """one message from the stream"""
        while True:
            if len(self.rest) >= 8:
                version, kind, length, xid = struct.unpack_from('!BBHI',
                                                                self.rest)
                if length < 8:
                    raise ValueError('message of length %d' % length)
                if len(self.rest) >= length:
                    body = self.rest[8:length]
                    self.rest = self.rest[length:]
                    return Message(version, kind, xid, body)
            left = end - time.monotonic()
            if left <= 0:
                raise Timeout
            self.sock.settimeout(left)
            try:
                data = self.sock.recv(1 << 16)
            except socket.timeout as e:
                raise Timeout from e
            except ConnectionError as e:
                raise Closed from e
            if not data:
                raise Closed
            self.rest += data

    def find(self, wanted, wait=None):
        """the first message that @wanted likes; others keep for later.  The
        switch's ECHO_REQUESTs are answered"""
        for i, msg in enumerate(self.queue):
            if wanted(msg):
                return self.queue.pop(i)
        end = time.monotonic() + (self.wait if wait is None else wait)
        while True:
            msg = self.read(end)
            if wanted(msg):
                return msg
            if msg.type == ECHO_REQUEST:
                self.send(message(ECHO_REPLY, msg.body, msg.xid))
            else:
                self.queue.append(msg)

    def get(self, kind, wait=None):
        return self.find(lambda msg: msg.type == kind, wait)

    def silent(self, kind, wait=0.3):
        """no message of this type comes for a while"""
        try:
            return not self.get(kind, wait)
        except Timeout:
            return True

    def closed(self, wait=None):
        """the switch closes within that time"""
        try:
            self.find(lambda msg: False, wait)
        except (Closed, ConnectionError):
            return True
        except Timeout:
            return False

    def ask(self, request, wait=None):
        """send, and return the answer: what has its xid"""
        xid = struct.unpack_from('!I', request, 4)[0]
        self.send(request)
        return self.find(lambda msg: msg.xid == xid and
                         msg.type != ECHO_REQUEST, wait)

    def hello(self):
        """exchange HELLOs; what the switch sent"""
        self.send(message(HELLO))
        return self.get(HELLO)

    def barrier(self, wait=None):
        reply = self.ask(message(BARRIER_REQUEST), wait)
        assert (reply.type, reply.body) == (BARRIER_REPLY, b''), reply

    def do(self, *requests):
        """send these, which must be accepted"""
        sent = {struct.unpack_from('!I', one, 4)[0] for one in requests}
        self.send(b''.join(requests))
        self.barrier()
        for msg in self.queue:
            assert msg.type != ERROR or msg.xid not in sent, \
                'refused with %s' % (error_of(msg),)

    def refused(self, request, wait=None):
        """(type, code) of the ERROR that answers it, which is checked"""
        xid = struct.unpack_from('!I', request, 4)[0]
        self.send(request)
        barrier = message(BARRIER_REQUEST)
        self.send(barrier)
        done = struct.unpack_from('!I', barrier, 4)[0]
        msg = self.find(lambda msg: msg.xid in (xid, done) and
                        msg.type != ECHO_REQUEST, wait)
        if msg.xid == done:
            return None
        assert msg.version == 1 and msg.type == ERROR, msg
        assert self.find(lambda msg: msg.xid == done).type == BARRIER_REPLY
        data = msg.body[4:]
        assert len(data) >= min(64, len(request)), 'ERROR quotes too little'
        assert request.startswith(data), 'ERROR quotes something else'
        return error_of(msg)

    def features(self):
        """(dpid, buffers, tables, capabilities, actions, {no: Port})"""
        reply = self.ask(message(FEATURES_REQUEST))
        assert reply.type == FEATURES_REPLY, reply
        head = struct.unpack_from('!QIB3xII', reply.body)
        ports = reply.body[24:]
        assert len(ports) % 48 == 0
        found = [parse_port(ports[i:i + 48])
                 for i in range(0, len(ports), 48)]
        return (*head, {port.no: port for port in found})

    def stats(self, request):
        """bodies of all parts of a reply, in one"""
        kind = struct.unpack_from('!H', request, 8)[0]
        xid = struct.unpack_from('!I', request, 4)[0]
        self.send(request)
        body = b''
        while True:
            msg = self.find(lambda msg: msg.xid == xid)
            assert msg.type == STATS_REPLY, (msg.type, msg.body[:4])
            got, flags = struct.unpack_from('!HH', msg.body)
            assert got == kind
            body += msg.body[4:]
            if not flags & 1:
                return body

    def flows(self, what=None, **more):
        return list(parse_flows(self.stats(flow_stats(what, **more))))

    def aggregate(self, what=None, **more):
        """(packets, bytes, flows)"""
        return struct.unpack('!QQI4x', self.stats(
            flow_stats(what, kind=AGGREGATE, **more)))

    def tables(self):
        """[(id, name, wildcards, max, active, lookups, matched)]"""
        body = self.stats(stats(TABLE))
        return [(no, name.rstrip(b'\0').decode(), *rest)
                for no, name, *rest in struct.iter_unpack('!B3x32sIIIQQ',
                                                          body)]

    def port_stats(self, no=NONE):
        """{no: (rx packets, tx packets, rx bytes, tx bytes, ...)}"""
        body = self.stats(stats(PORT, struct.pack('!H6x', no)))
        return {one[0]: one[1:] for one in struct.iter_unpack('!H6x12Q', body)}

    def clear(self):
        """no flows, and nothing left to hear of them"""
        self.do(flow_mod(command=DELETE))
        self.queue.clear()


HOST = os.environ.get('CVSW_CONTROLLER', '127.0.0.1')


class Listener:
    """a controller that switches dial"""

    def __init__(self, port=0, host=HOST, backlog=5):
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind((host, port))
        self.sock.listen(backlog)
        self.port = self.sock.getsockname()[1]

    def accept(self, wait=10):
        self.sock.settimeout(wait)
        try:
            sock, _ = self.sock.accept()
        except socket.timeout as e:
            raise Timeout from e
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Switch(sock)

    def close(self):
        self.sock.close()


def dial(target, wait=5):
    """a connection with a switch that listens: unix:PATH or tcp:HOST:PORT"""
    kind, _, rest = target.partition(':')
    if kind == 'unix':
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(wait)
        sock.connect(rest)
    else:
        host, _, port = rest.rpartition(':')
        sock = socket.create_connection((host, int(port)), wait)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Switch(sock, wait)


# Cases


class Cases:
    """prints a TAP line for each; with CVSW_CASE only those whose name has it"""

    def __init__(self, ovs=False):
        self.ovs = ovs
        self.only = os.environ.get('CVSW_CASE', '')
        self.bad = 0

    def run(self, name, what, *args, ovs=None):
        """what() must not raise; ovs='...': why Open vSwitch is not asked"""
        if self.only not in name:
            return
        if self.ovs and ovs:
            print('ok - %s # SKIP %s' % (name, ovs), flush=True)
            return
        try:
            what(*args)
        except Exception as e:     # any at all is a failed case
            self.bad += 1
            print('not ok - %s' % name)
            trace = e.__traceback__
            while trace.tb_next and 'of10.py' not in \
                    trace.tb_next.tb_frame.f_code.co_filename:
                trace = trace.tb_next
            print('# line %d: %s %s' % (trace.tb_lineno, type(e).__name__,
                                        str(e).replace('\n', '\n# ')),
                  flush=True)
        else:
            print('ok - %s' % name, flush=True)


def equal(got, wanted, what=''):
    assert got == wanted, '%s: got %r, wanted %r' % (what, got, wanted)

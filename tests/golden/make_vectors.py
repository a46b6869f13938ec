#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# An independent witness for tunnels and actions: frames before and after, all
# lengths and checksums by scapy.  tests/golden/vectors.h is what it prints:
#
#	tests/golden/make_vectors.py > tests/golden/vectors.h

from scapy.all import (Dot1Q, Ether, ICMP, ICMPv6EchoRequest, ICMPv6ND_NS,
                       ICMPv6NDOptSrcLLAddr, IP, IPOption_NOP, IPv6,
                       IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop,
                       IPv6ExtHdrRouting, PadN, Raw, SCTP, SCTPChunkData, TCP,
                       UDP)
from scapy.layers.inet6 import in6_chksum
from scapy.layers.vxlan import VXLAN

ETH = dict(src="52:54:00:00:00:01", dst="52:54:00:00:00:02")
OUTER = dict(src="02:00:00:00:00:11", dst="02:00:00:00:00:22")


def crc32c(data):
    """CRC32c bit by bit: Debian's python has none, nor has scapy without one"""
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return (crc ^ 0xffffffff).to_bytes(4, "little")


def sctp(**ports):
    """an SCTP packet whose checksum is right"""
    head = bytes(SCTP(tag=0x01020304, chksum=0, **ports) /
                 SCTPChunkData(data=b"CVSW, odd"))
    return Raw(head[:8] + crc32c(head) + head[12:])


def fix(pkt):
    """fill in what scapy computes"""
    return Ether(bytes(pkt))


def hexlines(pkt):
    h = bytes(pkt).hex()
    return "\n".join('\t\t"%s"' % h[i:i + 64] for i in range(0, len(h), 64))


inners = {
    "IPv4/UDP": Ether(**ETH) / IP(src="10.0.0.1", dst="10.0.0.2", id=7) /
    UDP(sport=1111, dport=7777) / b"CVSW",
    "IPv4/TCP, CE, DSCP 46": Ether(**ETH) /
    IP(src="10.0.0.1", dst="10.0.0.2", id=7, tos=0xbb, ttl=3) /
    TCP(sport=1234, dport=80, seq=1000, flags="PA") / b"odd",
    "tagged IPv6/UDP, ECT(0)": Ether(**ETH) / Dot1Q(vlan=10, prio=5) /
    IPv6(src="fd00:1::1", dst="fd00:1::2", tc=0x2a, hlim=9) /
    UDP(sport=1, dport=65535) / b"CVSW!",
    "IPv6/TCP": Ether(**ETH) / IPv6(src="fd00:1::1", dst="fd00:1::2") /
    TCP(sport=5001, dport=443, flags="S"),
    "not IP": Ether(type=0x9000, **ETH) / Raw(bytes(range(46))),
}

# name, VNI, family, C initialisers of struct cvsw_tunnel, IP and UDP arguments
endpoints = [
    ("IPv4", 10, 4, "", {}, {}),
    ("IPv4 with checksum, port 8472", 0xffffff, 4,
     ".flags = CVSW_TUNNEL_F_CSUM, .tp_dst = GOLDEN_BE16(8472),", {},
     dict(dport=8472, csum=True)),
    ("IPv4, DSCP 10, TTL 9", 1, 4, ".tos = 0x28, .ttl = 9,",
     dict(tos=0x28, ttl=9), {}),
    ("IPv6", 0xabcdef, 6, "", {}, {}),
    ("IPv6 with checksum, DSCP and hop limit inherited", 0, 6,
     ".flags = CVSW_TUNNEL_F_CSUM | CVSW_TUNNEL_F_TOS_INHERIT |\n"
     "\t\t  CVSW_TUNNEL_F_TTL_INHERIT,", "inherit", dict(csum=True)),
]


def inner_ip(pkt):
    if IP in pkt:
        return pkt[IP].tos, pkt[IP].ttl
    if IPv6 in pkt:
        return pkt[IPv6].tc, pkt[IPv6].hlim
    return 0, None


def encap(pkt, vni, family, ip, udp):
    tos, ttl = inner_ip(pkt)
    udp = dict(udp)
    csum = udp.pop("csum", False)
    udp.setdefault("dport", 4789)
    if ip == "inherit":
        ip = dict(tos=tos, ttl=ttl or 64)
    ip = dict(ip)
    ip["tos"] = ip.get("tos", 0) & 0xfc | tos & 3
    ip.setdefault("ttl", 64)
    if family == 4:
        head = IP(src="172.16.0.1", dst="172.16.0.2", id=0, flags="DF", **ip)
    else:
        head = IPv6(src="fd00::1", dst="fd00::2", tc=ip["tos"],
                    hlim=ip["ttl"])
    if not csum:
        udp["chksum"] = 0
    return (Ether(**OUTER) / head / UDP(sport=50000, **udp) /
            VXLAN(flags="Instance", vni=vni, NextProtocol=None, reserved2=0) /
            Raw(bytes(fix(pkt))))


def tunnels():
    for what, inner in inners.items():
        for name, vni, family, c, ip, udp in endpoints:
            outer = encap(inner, vni, family, ip, udp)
            print("\t{\n\t\t\"%s in %s\",\n\t\t{ .id = GOLDEN_BE64(%d), "
                  "GOLDEN_IPV%d\n\t\t  %s },\n%s,\n%s,\n\t},"
                  % (what, name, vni, family, c, hexlines(fix(inner)),
                     hexlines(outer)))


def ip4(**kw):
    kw.setdefault("src", "10.0.0.1")
    kw.setdefault("dst", "10.0.0.2")
    return IP(id=7, **kw)


def ip6(**kw):
    kw.setdefault("src", "fd00:1::1")
    kw.setdefault("dst", "fd00:1::2")
    return IPv6(fl=0x54321, **kw)


def tcp(**kw):
    kw.setdefault("sport", 1234)
    kw.setdefault("dport", 80)
    return TCP(seq=1000, ack=99, flags="PA", **kw)


def udp(**kw):
    kw.setdefault("sport", 1111)
    kw.setdefault("dport", 7777)
    return UDP(**kw)


def routed(dst, left, last):
    """UDP behind a routing header; its checksum is over the final address"""
    body = bytes(udp(chksum=0) / b"routed")
    body = body[:4] + len(body).to_bytes(2, "big") + body[6:]
    final = last if left else dst
    check = in6_chksum(17, IPv6(src="fd00:1::1", dst=final), body)
    return (ip6(dst=dst) /
            IPv6ExtHdrRouting(addresses=[last], segleft=left, nh=17) /
            Raw(body[:6] + check.to_bytes(2, "big") + body[8:]))


E = Ether(**ETH)
TAG = Dot1Q(vlan=10, prio=5)
PAY = Raw(b"odd payload")
NEW4 = "10.99.2.254"
NEW6 = "2001:db8:ffff::fffe:9"
NW6 = ", ".join("0x%02x" % b for b in
                bytes.fromhex("20010db8ffff000000000000fffe0009"))


def zero(p):
    """the same without a UDP checksum"""
    p = p.copy()
    p[UDP].chksum = 0
    return p


def actions():
    t = []

    def add(name, c, before, after):
        t.append((name, c, before, after))

    src4 = ".type = CVSW_ACT_SET_NW_SRC, .nw = { 10, 99, 2, 254 }"
    dst4 = ".type = CVSW_ACT_SET_NW_DST, .nw = { 10, 99, 2, 254 }"
    src6 = ".type = CVSW_ACT_SET_IPV6_SRC, .nw = { %s }" % NW6
    dst6 = ".type = CVSW_ACT_SET_IPV6_DST, .nw = { %s }" % NW6
    tos = ".type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8"
    tps = ".type = CVSW_ACT_SET_TP_SRC, .tp = GOLDEN_BE16(%d)"
    tpd = ".type = CVSW_ACT_SET_TP_DST, .tp = GOLDEN_BE16(%d)"
    vid = ".type = CVSW_ACT_SET_VLAN_VID, .vlan = %d"
    pcp = ".type = CVSW_ACT_SET_VLAN_PCP, .vlan = %d"
    strip = ".type = CVSW_ACT_STRIP_VLAN"
    dl = (".type = CVSW_ACT_SET_DL_%s, "
          ".mac = { 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54 }")
    mac = "fe:dc:ba:98:76:54"

    four = E / ip4() / tcp() / PAY
    six = E / TAG / ip6() / tcp() / PAY

    # Ethernet
    add("dl_src", dl % "SRC", four, Ether(src=mac, dst=ETH["dst"]) / four[IP])
    add("dl_dst", dl % "DST", four, Ether(src=ETH["src"], dst=mac) / four[IP])
    add("vid, tags", vid % 4095, four, E / Dot1Q(vlan=4095) / four[IP])
    add("vid, keeps pcp", vid % 1, six, E / Dot1Q(vlan=1, prio=5) / six[IPv6])
    add("pcp, tags", pcp % 7, four, E / Dot1Q(vlan=0, prio=7) / four[IP])
    add("pcp, keeps vid", pcp % 0, six,
        E / Dot1Q(vlan=10, prio=0) / six[IPv6])
    add("strip", strip, six, E / six[IPv6])
    add("strip, untagged", strip, four, four)
    add("strip, two tags", strip, E / TAG / Dot1Q(vlan=20) / ip4() / PAY,
        E / Dot1Q(vlan=20) / ip4() / PAY)

    # IPv4
    for name, l4 in (("tcp", tcp() / PAY), ("udp", udp() / PAY),
                     ("icmp", ICMP(id=1, seq=2) / PAY), ("gre", Raw(b"x" * 9))):
        proto = dict(proto=47) if name == "gre" else {}
        before = E / ip4(tos=1, **proto) / l4
        add("nw_src, " + name, src4, before,
            E / ip4(tos=1, src=NEW4, **proto) / l4)
        add("nw_dst, " + name, dst4, before,
            E / ip4(tos=1, dst=NEW4, **proto) / l4)
        add("nw_tos, " + name, tos, before, E / ip4(tos=0xb9, **proto) / l4)
    add("nw_dst, options", dst4,
        E / TAG / ip4(options=[IPOption_NOP()] * 4) / udp() / PAY,
        E / TAG / ip4(options=[IPOption_NOP()] * 4, dst=NEW4) / udp() / PAY)
    add("nw_dst, udp without checksum", dst4, zero(E / ip4() / udp() / PAY),
        zero(E / ip4(dst=NEW4) / udp() / PAY))
    add("nw_dst, padding", dst4, E / ip4() / udp() / b"x" / (b"\0" * 17),
        E / ip4(dst=NEW4) / udp() / b"x" / (b"\0" * 17))
    arp = E / Raw(b"")
    arp.type = 0x806
    arp = arp / bytes.fromhex("0001080006040001525400000001"
                              "0a0000010000000000000a000002")
    for c, name in ((src4, "nw_src"), (tos, "nw_tos"), (tps % 9, "tp_src")):
        add(name + ", arp", c, arp, arp)
    add("nw_src, ipv6", src4, six, six)

    # IPv6
    for name, l4 in (("tcp", tcp() / PAY), ("udp", udp() / PAY),
                     ("icmpv6", ICMPv6EchoRequest(id=1, seq=2, data=b"odd"))):
        before = E / TAG / ip6(tc=2) / l4
        add("ipv6_src, " + name, src6, before,
            E / TAG / ip6(tc=2, src=NEW6) / l4)
        add("ipv6_dst, " + name, dst6, before,
            E / TAG / ip6(tc=2, dst=NEW6) / l4)
        add("nw_tos, ipv6 " + name, tos, before, E / TAG / ip6(tc=0xba) / l4)
    ext = IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"1234")])
    add("ipv6_dst, extension headers", dst6, E / ip6() / ext / tcp() / PAY,
        E / ip6(dst=NEW6) / ext / tcp() / PAY)
    add("tp_dst, extension headers", tpd % 5, E / ip6() / ext / udp() / PAY,
        E / ip6() / ext / udp(dport=5) / PAY)
    add("ipv6_dst, segments left", dst6, E / routed("fd00:1::2", 1, "fd00:1::9"),
        E / routed(NEW6, 1, "fd00:1::9"))
    add("ipv6_dst, no segments left", dst6,
        E / routed("fd00:1::2", 0, "fd00:1::9"),
        E / routed(NEW6, 0, "fd00:1::9"))
    ns = ICMPv6ND_NS(tgt="fd00:1::2") / ICMPv6NDOptSrcLLAddr(lladdr=ETH["src"])
    add("ipv6_src, neighbour solicitation", src6, E / ip6(hlim=255) / ns,
        E / ip6(hlim=255, src=NEW6) / ns)
    add("ipv6_src, ipv4", src6, four, four)

    # ports
    for ver, ip in (("ipv4", ip4()), ("ipv6", ip6())):
        add("tp_src, tcp " + ver, tps % 65535, E / ip / tcp() / PAY,
            E / ip / tcp(sport=65535) / PAY)
        add("tp_dst, tcp " + ver, tpd % 0, E / ip / tcp() / PAY,
            E / ip / tcp(dport=0) / PAY)
        add("tp_src, udp " + ver, tps % 53, E / ip / udp() / PAY,
            E / ip / udp(sport=53) / PAY)
        add("tp_dst, udp " + ver, tpd % 53, E / ip / udp() / PAY,
            E / ip / udp(dport=53) / PAY)
    add("tp_dst, udp without checksum", tpd % 53, zero(E / ip4() / udp() / PAY),
        zero(E / ip4() / udp(dport=53) / PAY))
    add("tp_src, icmp", tps % 0, E / ip4() / ICMP(type=8, id=1) / PAY,
        E / ip4() / ICMP(type=0, id=1) / PAY)
    add("tp_dst, icmp", tpd % 13, E / ip4() / ICMP(type=3, code=1) / PAY,
        E / ip4() / ICMP(type=3, code=13) / PAY)
    add("tp_src, icmpv6", tps % 129,
        E / ip6() / ICMPv6EchoRequest(id=1, data=b"odd"),
        E / ip6() / ICMPv6EchoRequest(type=129, id=1, data=b"odd"))
    add("tp_dst, icmpv6", tpd % 4,
        E / ip6() / ICMPv6EchoRequest(id=1, data=b"odd"),
        E / ip6() / ICMPv6EchoRequest(code=4, id=1, data=b"odd"))
    add("tp_src, gre", tps % 9, E / ip4(proto=47) / PAY,
        E / ip4(proto=47) / PAY)
    p4, p6 = dict(proto=132), dict(nh=132)
    add("tp_src, sctp", tps % 9999,
        E / ip4(**p4) / sctp(sport=2905, dport=2906),
        E / ip4(**p4) / sctp(sport=9999, dport=2906))
    add("tp_dst, sctp", tpd % 9999,
        E / ip6(**p6) / sctp(sport=2905, dport=2906),
        E / ip6(**p6) / sctp(sport=2905, dport=9999))
    add("nw_src, sctp", src4, E / ip4(**p4) / sctp(sport=1, dport=2),
        E / ip4(src=NEW4, **p4) / sctp(sport=1, dport=2))

    # a UDP checksum that becomes 0 is sent as 0xffff
    before, after = udp_zero()
    add("tp_src, udp checksum 0", tps % after[UDP].sport, before, after)

    # fragments, whole packets of which are made from two
    add("tp_src, later fragment", tps % 9, E / ip4(frag=3, proto=17) / PAY,
        E / ip4(frag=3, proto=17) / PAY)
    add("nw_src, later fragment", src4, E / ip4(frag=3, proto=17) / PAY,
        E / ip4(frag=3, proto=17, src=NEW4) / PAY)
    later = IPv6ExtHdrFragment(nh=17, offset=3, id=5) / PAY
    add("ipv6_src, later fragment", src6, E / ip6() / later,
        E / ip6(src=NEW6) / later)
    add("tp_dst, sctp first fragment", tpd % 9,
        E / ip4(flags="MF", **p4) / sctp(sport=1, dport=2),
        E / ip4(flags="MF", **p4) / sctp(sport=1, dport=2))

    for name, c, before, after in t:
        print("\t{\n\t\t\"%s\",\n\t\t{ %s },\n%s,\n%s,\n\t},"
              % (name, c, hexlines(before), hexlines(after)))


def udp_zero():
    """find a source port with which the UDP checksum computes to 0"""
    for port in range(1, 65536):
        pkt = fix(E / ip4() / udp(sport=port) / PAY)
        if pkt[UDP].chksum == 0xffff:
            return E / ip4() / udp() / PAY, pkt
    raise SystemExit("no such port")


print("""/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */

/*
 * Made by tests/golden/make_vectors.py with scapy.  The outer source port is
 * 50000 throughout.
 */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define GOLDEN_BE16(x)	((__be16)__builtin_bswap16(x))
#define GOLDEN_BE64(x)	((__be64)__builtin_bswap64(x))
#else
#define GOLDEN_BE16(x)	((__be16)(x))
#define GOLDEN_BE64(x)	((__be64)(x))
#endif

/* the underlay of every tunnel here */
#define GOLDEN_MACS							\\
	.kind = CVSW_TUNNEL_VXLAN,					\\
	.dl_src = { 2, 0, 0, 0, 0, 0x11 },				\\
	.dl_dst = { 2, 0, 0, 0, 0, 0x22 }
#define GOLDEN_IPV4							\\
	.family = 4, .nw_src = { 172, 16, 0, 1 },			\\
	.nw_dst = { 172, 16, 0, 2 }, GOLDEN_MACS,
#define GOLDEN_IPV6							\\
	.family = 6, .nw_src = { [0] = 0xfd, [15] = 1 },		\\
	.nw_dst = { [0] = 0xfd, [15] = 2 }, GOLDEN_MACS,

static const struct golden_tunnel {
	const char *name;
	struct cvsw_tunnel tun;
	const char *inner;
	const char *outer;
} golden_tunnels[] = {""")
tunnels()
print("""};

static const struct golden_action {
	const char *name;
	struct cvsw_action act;
	const char *before;
	const char *after;
} golden_actions[] = {""")
actions()
print("};")

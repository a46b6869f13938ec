/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_ICMP_H
#define CVSW_ICMP_H

/*
 * What the sender of an IP packet is told that is too long for its way: ICMP
 * "fragmentation needed" (RFC 792, RFC 1191), ICMPv6 "packet too big" (RFC
 * 4443).  Floor 4 of the core; no state.
 *
 * A switch has no address of its own.  The answer comes from where the packet
 * was sent to, as from tunnels that Linux bridges to (net/ipv4/
 * ip_tunnel_core.c, iptunnel_pmtud_build_icmp()), so it passes each filter that
 * an answer of the receiver would pass.
 */

#include "hdr.h"
#include "pkt_ops.h"

/* less is not told: hosts need not take it (RFC 791; RFC 8200 section 5) */
#define CVSW_ICMP_MTU_MIN4	68
#define CVSW_ICMP_MTU_MIN6	1280

/* longest answer, an IP packet: RFC 1812 4.3.2.3, RFC 4443 2.4(c) */
#define CVSW_ICMP_LEN4		576
#define CVSW_ICMP_LEN6		1280

/**
 * cvsw_icmp_too_big - make the answer to a packet that is too long
 * @pkt:    its frame; parse results right or unknown
 * @len:    bytes of the IP packet, or of the longest of its segments
 * @mtu:    longest IP packet that would go on
 * @answer: receives a frame for the sender, with the VLAN tag of @pkt
 *
 * No answer is due to what is not IP, to IPv4 that may be fragmented, to later
 * fragments of it, to errors, to and from addresses that are not of one host,
 * and when what may be told would not make packets shorter.
 *
 * Return: 0; -ENOENT: no answer is due; -ENOMEM.
 */
int __must_check cvsw_icmp_too_big(struct cvsw_pkt *pkt, u32 len, u32 mtu,
				   struct cvsw_pkt *answer);

#endif /* CVSW_ICMP_H */

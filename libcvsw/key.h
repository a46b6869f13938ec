/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_KEY_H
#define CVSW_KEY_H

#include <cvsw/flow.h>

#include "os.h"

struct cvsw_pkt;

/**
 * enum cvsw_parse - where reading a frame ended
 * @CVSW_PARSE_OK:   all there is to read was read
 * @CVSW_PARSE_RUNT: shorter than an Ethernet header
 * @CVSW_PARSE_L2:   VLAN tag truncated
 * @CVSW_PARSE_L3:   ARP, IPv4 or IPv6 header (with its extension headers)
 *                   truncated, malformed, or longer than the frame
 * @CVSW_PARSE_L4:   TCP, UDP, SCTP or ICMP header truncated
 */
enum cvsw_parse {
	CVSW_PARSE_OK,
	CVSW_PARSE_RUNT,
	CVSW_PARSE_L2,
	CVSW_PARSE_L3,
	CVSW_PARSE_L4,
};

/* IPv6 extension headers of one frame that are read; more are malformed */
#define CVSW_KEY_EXT_MAX	8

/**
 * cvsw_key_extract - read the headers of a frame
 * @pkt:       the frame; its l3, l4, l3_len, l4_proto and frag are set
 * @frag_mode: enum cvsw_frag_mode: in CVSW_FRAG_MODE_NX_MATCH the key of a
 *             first fragment has its ports, in others ports 0
 * @key:       receives the fields; in_port and tun_id are those of @pkt
 *
 * Return: where reading ended.  The fields of that layer and of those above
 * are 0, but for the addresses and TOS of an IPv6 header whose extension
 * headers are not right.  @pkt->l3 is set for well-formed ARP, IPv4 and IPv6
 * only, @pkt->l3_len for IPv4 and IPv6 only, and @pkt->l4 when the L4 header
 * that its protocol has is there (in first fragments, too).
 */
enum cvsw_parse cvsw_key_extract(struct cvsw_pkt *pkt, u8 frag_mode,
				 struct cvsw_key *key);

#endif /* CVSW_KEY_H */

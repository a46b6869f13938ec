// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The anti-spoof preset: which source addresses the peer of a port may use.
 *
 * What cannot be read is refused: an IP header that is malformed or hidden
 * behind a second VLAN tag has no address that could be on the list.  The few
 * frames that hosts send before they own an address pass: DHCP discovery, ARP
 * probes, duplicate address detection, router solicitation and MLD reports.
 * Fragmented neighbour discovery is not looked into, as RFC 6980 has every
 * receiver ignore it.
 *
 * Pure functions over a preset that does not change; no state, no locks.
 */

#include "antispoof.h"
#include "hdr.h"

#define ANTISPOOF_ND_OPTIONS	16	/* more are not believed */
#define ANTISPOOF_MLD_REPORT	131
#define ANTISPOOF_MLD_DONE	132
#define ANTISPOOF_MLDV2_REPORT	143
#define ANTISPOOF_DHCP_SERVER	67
#define ANTISPOOF_DHCP_CLIENT	68

static const u8 antispoof_zero[16];

static bool antispoof_ipv4_ok(const struct cvsw_antispoof *as, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < as->n_ipv4; i++)
		if (!memcmp(as->ipv4[i], addr, 4))
			return true;
	return false;
}

/* the link-local address that RFC 4291 makes of the port's MAC */
static bool antispoof_is_link_local(const struct cvsw_antispoof *as,
				    const u8 *addr)
{
	const u8 *mac = as->mac;
	const u8 own[16] = {
		0xfe, 0x80, 0, 0, 0, 0, 0, 0, mac[0] ^ 2, mac[1], mac[2], 0xff,
		0xfe, mac[3], mac[4], mac[5],
	};

	return !memcmp(addr, own, sizeof(own));
}

static bool antispoof_ipv6_ok(const struct cvsw_antispoof *as, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < as->n_ipv6; i++)
		if (!memcmp(as->ipv6[i], addr, 16))
			return true;
	return antispoof_is_link_local(as, addr);
}

/* a client that has no address yet looks for a DHCP server */
static bool antispoof_is_dhcp(const struct cvsw_key *key)
{
	return !memcmp(key->nw_src, antispoof_zero, 4) &&
	       key->nw_proto == CVSW_IPPROTO_UDP &&
	       key->tp_src == cpu_to_be16(ANTISPOOF_DHCP_CLIENT) &&
	       key->tp_dst == cpu_to_be16(ANTISPOOF_DHCP_SERVER);
}

static enum cvsw_drop antispoof_ipv4(const struct cvsw_antispoof *as,
				     const struct cvsw_key *key)
{
	if (antispoof_ipv4_ok(as, key->nw_src) || antispoof_is_dhcp(key))
		return CVSW_DROP_NONE;
	return CVSW_DROP_SPOOF_IPV4;
}

static enum cvsw_drop antispoof_arp(const struct cvsw_antispoof *as,
				    const struct cvsw_pkt *pkt)
{
	const struct cvsw_arp_hdr *arp = NULL;

	if (pkt->l3)
		arp = cvsw_pkt_header(pkt, pkt->l3, sizeof(*arp));
	if (!arp || arp->htype != cpu_to_be16(CVSW_ARP_HTYPE_ETHER) ||
	    arp->ptype != cpu_to_be16(CVSW_ETH_P_IPV4) ||
	    arp->hlen != CVSW_ETH_ALEN || arp->plen != 4)
		return CVSW_DROP_SPOOF_ARP;
	if (as->checks & CVSW_ANTISPOOF_MAC &&
	    memcmp(arp->sha, as->mac, CVSW_ETH_ALEN))
		return CVSW_DROP_SPOOF_ARP;
	if (as->checks & CVSW_ANTISPOOF_IPV4 &&
	    memcmp(arp->spa, antispoof_zero, 4) &&
	    !antispoof_ipv4_ok(as, arp->spa))
		return CVSW_DROP_SPOOF_ARP;
	return CVSW_DROP_NONE;
}

/* the option of an ND message that tells the sender's own MAC, 0 if none */
static u8 antispoof_nd_option(unsigned int type)
{
	switch (type) {
	case CVSW_ICMPV6_RS:
	case CVSW_ICMPV6_RA:
	case CVSW_ICMPV6_NS:
		return CVSW_ND_OPT_SOURCE;
	case CVSW_ICMPV6_NA:
		return CVSW_ND_OPT_TARGET;
	default:
		return 0;
	}
}

/* do all options of kind @kind between @off and @end name the port's MAC? */
static bool antispoof_nd_mac_ok(const struct cvsw_antispoof *as,
				const struct cvsw_pkt *pkt, u32 off, u32 end,
				u8 kind)
{
	const struct cvsw_nd_opt *opt;
	unsigned int i;

	for (i = 0; i < ANTISPOOF_ND_OPTIONS && off < end; i++) {
		opt = cvsw_pkt_header(pkt, off, sizeof(*opt));
		if (!opt || !opt->len || off + opt->len * 8u > end)
			return false;
		if (opt->type == kind &&
		    memcmp(opt->mac, as->mac, CVSW_ETH_ALEN))
			return false;
		off += opt->len * 8u;
	}
	return off == end;
}

/* offset of the options in an ND message, 0 if it is none that has any */
static u32 antispoof_nd_options(unsigned int type)
{
	switch (type) {
	case CVSW_ICMPV6_RS:
		return 8;
	case CVSW_ICMPV6_RA:
		return 16;
	case CVSW_ICMPV6_NS:
	case CVSW_ICMPV6_NA:
		return sizeof(struct cvsw_nd_hdr);
	default:
		return 0;
	}
}

/* neighbour discovery: addresses that the message claims for its sender */
static bool antispoof_nd_ok(const struct cvsw_antispoof *as,
			    const struct cvsw_pkt *pkt,
			    const struct cvsw_key *key)
{
	unsigned int type = be16_to_cpu(key->tp_src);
	u32 options = antispoof_nd_options(type);
	u32 end = (u32)pkt->l3 + pkt->l3_len;
	bool dad = !memcmp(key->nw_src, antispoof_zero, 16);
	const struct cvsw_nd_hdr *nd;

	if (!options)
		return true;
	if (pkt->l4 + options > end)
		return false;
	if (as->checks & CVSW_ANTISPOOF_IPV6 &&
	    (type == CVSW_ICMPV6_NA || (type == CVSW_ICMPV6_NS && dad))) {
		nd = cvsw_pkt_header(pkt, pkt->l4, sizeof(*nd));
		if (!nd || !antispoof_ipv6_ok(as, nd->target))
			return false;
	}
	return !(as->checks & CVSW_ANTISPOOF_MAC) ||
	       antispoof_nd_mac_ok(as, pkt, pkt->l4 + options, end,
				   antispoof_nd_option(type));
}

/* what a host sends from the unspecified address */
static bool antispoof_is_early(const struct cvsw_key *key)
{
	if (memcmp(key->nw_src, antispoof_zero, 16) ||
	    key->nw_proto != CVSW_IPPROTO_ICMPV6)
		return false;
	switch (be16_to_cpu(key->tp_src)) {
	case CVSW_ICMPV6_NS:
	case CVSW_ICMPV6_RS:
	case ANTISPOOF_MLD_REPORT:
	case ANTISPOOF_MLD_DONE:
	case ANTISPOOF_MLDV2_REPORT:
		return true;
	default:
		return false;
	}
}

static enum cvsw_drop antispoof_ipv6(const struct cvsw_antispoof *as,
				     const struct cvsw_pkt *pkt,
				     const struct cvsw_key *key)
{
	if (as->checks & CVSW_ANTISPOOF_IPV6 &&
	    !antispoof_ipv6_ok(as, key->nw_src) && !antispoof_is_early(key))
		return CVSW_DROP_SPOOF_IPV6;
	if (key->nw_proto == CVSW_IPPROTO_ICMPV6 && pkt->l4 && !pkt->frag &&
	    !antispoof_nd_ok(as, pkt, key))
		return CVSW_DROP_SPOOF_IPV6;
	return CVSW_DROP_NONE;
}

/* the addresses behind a further tag cannot be seen */
static enum cvsw_drop antispoof_hidden(const struct cvsw_antispoof *as)
{
	if (as->checks & CVSW_ANTISPOOF_IPV4)
		return CVSW_DROP_SPOOF_IPV4;
	if (as->checks & CVSW_ANTISPOOF_IPV6)
		return CVSW_DROP_SPOOF_IPV6;
	return CVSW_DROP_NONE;
}

enum cvsw_drop cvsw_antispoof_check(const struct cvsw_antispoof *as,
				    const struct cvsw_pkt *pkt,
				    const struct cvsw_key *key)
{
	if (as->checks & CVSW_ANTISPOOF_MAC &&
	    memcmp(key->dl_src, as->mac, CVSW_ETH_ALEN))
		return CVSW_DROP_SPOOF_MAC;
	switch (be16_to_cpu(key->dl_type)) {
	case CVSW_ETH_P_IPV4:
		if (as->checks & CVSW_ANTISPOOF_IPV4)
			return antispoof_ipv4(as, key);
		return CVSW_DROP_NONE;
	case CVSW_ETH_P_ARP:
		if (as->checks & (CVSW_ANTISPOOF_MAC | CVSW_ANTISPOOF_IPV4))
			return antispoof_arp(as, pkt);
		return CVSW_DROP_NONE;
	case CVSW_ETH_P_IPV6:
		if (as->checks & (CVSW_ANTISPOOF_MAC | CVSW_ANTISPOOF_IPV6))
			return antispoof_ipv6(as, pkt, key);
		return CVSW_DROP_NONE;
	case CVSW_ETH_P_8021Q:
	case CVSW_ETH_P_8021AD:
		return antispoof_hidden(as);
	default:
		return CVSW_DROP_NONE;
	}
}

static int antispoof_error(struct cvsw_error *err, const char *text)
{
	if (err)
		*err = (struct cvsw_error){ .text = text, .index = -1,
					    .sub = -1 };
	return -EINVAL;
}

int cvsw_antispoof_config_check(const struct cvsw_antispoof *as,
				struct cvsw_error *err)
{
	if (as->checks & ~CVSW_ANTISPOOF_MASK)
		return antispoof_error(err, "antispoof: unknown check");
	if (as->n_ipv4 > CVSW_ANTISPOOF_ADDRS)
		return antispoof_error(err, "antispoof: too many of IPv4");
	if (as->n_ipv6 > CVSW_ANTISPOOF_ADDRS)
		return antispoof_error(err, "antispoof: too many of IPv6");
	if (as->checks & (CVSW_ANTISPOOF_MAC | CVSW_ANTISPOOF_IPV6) &&
	    (as->mac[0] & 1 || !memcmp(as->mac, antispoof_zero, 6)))
		return antispoof_error(err, "antispoof: not a unicast MAC");
	return 0;
}

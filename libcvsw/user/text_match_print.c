// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Matches and keys written as text.
 */

#include <string.h>

#include "hdr.h"
#include "match.h"
#include "text.h"

/* "name=value", with "/mask" unless all @bits count */
static void text_put_number(struct text_out *out, const char *name, bool hex,
			    __u64 value, __u64 mask, __u64 bits)
{
	if (!mask)
		return;
	cvsw_text_put_word(out, name);
	if (mask != bits)
		cvsw_text_put(out, "=0x%llx/0x%llx", (unsigned long long)value,
			      (unsigned long long)mask);
	else
		cvsw_text_put(out, hex ? "=0x%llx" : "=%llu",
			      (unsigned long long)value);
}

static void text_put_in_port(struct text_out *out, const struct cvsw_match *m,
			     const struct cvsw_text_names *names)
{
	if (!m->mask.in_port)
		return;
	cvsw_text_put_word(out, "in_port=");
	if (m->mask.in_port == 0xffff)
		cvsw_text_put_port(out, m->value.in_port, names);
	else
		cvsw_text_put(out, "%u/0x%x", m->value.in_port,
			      m->mask.in_port);
}

static void text_put_vlan(struct text_out *out, const struct cvsw_match *m)
{
	__u16 tci = m->value.vlan_tci, mask = m->mask.vlan_tci;
	__u16 vid = mask & CVSW_VLAN_VID_MASK, pcp = mask & CVSW_VLAN_PCP_MASK;

	if (!mask)
		return;
	if (mask == 0xffff && !tci) {
		cvsw_text_put_word(out, "vlan_tci=0x0000");
	} else if (!(tci & CVSW_VLAN_PRESENT) || !(vid || pcp) ||
		   (vid && vid != CVSW_VLAN_VID_MASK) ||
		   (pcp && pcp != CVSW_VLAN_PCP_MASK)) {
		cvsw_text_put_word(out, "vlan_tci=");
		cvsw_text_put(out, "0x%04x/0x%04x", tci, mask);
	} else {
		text_put_number(out, "dl_vlan", false, tci & CVSW_VLAN_VID_MASK,
				vid, vid);
		text_put_number(out, "dl_vlan_pcp", false,
				tci >> CVSW_VLAN_PCP_SHIFT, pcp, pcp);
	}
}

static void text_put_mac_mask(struct text_out *out, const char *name,
			      const __u8 *mac, const __u8 *mask)
{
	static const __u8 none[6], all[6] = { 255, 255, 255, 255, 255, 255 };

	if (!memcmp(mask, none, 6))
		return;
	cvsw_text_put_word(out, name);
	cvsw_text_put_mac(out, mac);
	if (!memcmp(mask, all, 6))
		return;
	cvsw_text_put(out, "/");
	cvsw_text_put_mac(out, mask);
}

/* length of the prefix that @mask of @n bytes is, -1 when it is none */
static int text_prefix_len(const __u8 *mask, unsigned int n)
{
	__u8 prefix[16];
	int bits = 0;

	while (bits < (int)n * 8 && mask[bits / 8] << (bits % 8) & 0x80)
		bits++;
	cvsw_match_prefix(prefix, n, (unsigned int)bits);
	return memcmp(prefix, mask, n) ? -1 : bits;
}

static void text_put_addr_mask(struct text_out *out, const char *name,
			       int family, const __u8 *addr, const __u8 *mask)
{
	unsigned int n = family == 4 ? 4 : 16;
	int bits = text_prefix_len(mask, n);

	if (!bits)
		return;
	cvsw_text_put_word(out, name);
	cvsw_text_put_addr(out, family, addr);
	if (bits == (int)n * 8)
		return;
	cvsw_text_put(out, "/");
	if (bits > 0)
		cvsw_text_put(out, "%d", bits);
	else
		cvsw_text_put_addr(out, family, mask);
}

static void text_put_addrs(struct text_out *out, const struct cvsw_match *m)
{
	int type = cvsw_text_dl_type(m),
	    family = type == CVSW_ETH_P_IPV6 ? 6 : 4;
	const char *src = "nw_src=", *dst = "nw_dst=";

	if (type == CVSW_ETH_P_ARP) {
		src = "arp_spa=";
		dst = "arp_tpa=";
	} else if (type == CVSW_ETH_P_IPV6) {
		src = "ipv6_src=";
		dst = "ipv6_dst=";
	}
	text_put_addr_mask(out, src, family, m->value.nw_src, m->mask.nw_src);
	text_put_addr_mask(out, dst, family, m->value.nw_dst, m->mask.nw_dst);
}

static void text_put_tos(struct text_out *out, const struct cvsw_match *m)
{
	__u8 frag = m->value.nw_tos & CVSW_FRAG_MASK;
	__u8 mask = m->mask.nw_tos & CVSW_FRAG_MASK;
	const char *name = cvsw_text_frag_name(frag, mask);

	text_put_number(out, "nw_tos", false,
			m->value.nw_tos & CVSW_TOS_DSCP_MASK,
			m->mask.nw_tos & CVSW_TOS_DSCP_MASK,
			CVSW_TOS_DSCP_MASK);
	if (!name)
		return;
	cvsw_text_put_word(out, "ip_frag=");
	cvsw_text_put(out, "%s", name);
}

static void text_put_ports(struct text_out *out, const struct cvsw_match *m)
{
	__u16 src = be16_to_cpu(m->value.tp_src);
	__u16 dst = be16_to_cpu(m->value.tp_dst);
	__u16 src_mask = be16_to_cpu(m->mask.tp_src);
	__u16 dst_mask = be16_to_cpu(m->mask.tp_dst);
	bool icmp =
		cvsw_text_nw_proto(m) ==
		(cvsw_text_dl_type(m) == CVSW_ETH_P_IPV6 ? CVSW_IPPROTO_ICMPV6 :
							   CVSW_IPPROTO_ICMP);

	if (icmp && src <= 0xff)
		text_put_number(out, "icmp_type", false, src,
				src_mask & 0xff, 0xff);
	else
		text_put_number(out, "tp_src", false, src, src_mask, 0xffff);
	if (icmp && dst <= 0xff)
		text_put_number(out, "icmp_code", false, dst,
				dst_mask & 0xff, 0xff);
	else
		text_put_number(out, "tp_dst", false, dst, dst_mask, 0xffff);
}

/* dl_type and nw_proto, as one word where there is one for them */
static void text_put_type(struct text_out *out, const struct cvsw_match *m)
{
	int type = cvsw_text_dl_type(m);
	const char *name;
	bool both;

	name = cvsw_text_proto_name(type, cvsw_text_nw_proto(m), &both);
	if (name)
		cvsw_text_put_word(out, name);
	else
		text_put_number(out, "dl_type", true,
				be16_to_cpu(m->value.dl_type),
				be16_to_cpu(m->mask.dl_type), 0xffff);
	if (both)
		return;
	text_put_number(out, type == CVSW_ETH_P_ARP ? "arp_op" : "nw_proto",
			false, m->value.nw_proto, m->mask.nw_proto, 0xff);
}

void cvsw_text_put_match(struct text_out *out, const struct cvsw_match *match,
			 const struct cvsw_text_names *names)
{
	text_put_type(out, match);
	text_put_number(out, "tun_id", true, be64_to_cpu(match->value.tun_id),
			be64_to_cpu(match->mask.tun_id), ~0ULL);
	text_put_in_port(out, match, names);
	text_put_vlan(out, match);
	text_put_mac_mask(out, "dl_src=", match->value.dl_src,
			  match->mask.dl_src);
	text_put_mac_mask(out, "dl_dst=", match->value.dl_dst,
			  match->mask.dl_dst);
	text_put_addrs(out, match);
	text_put_tos(out, match);
	text_put_ports(out, match);
}

int cvsw_text_match_print(char *buf, size_t size,
			  const struct cvsw_match *match,
			  const struct cvsw_text_names *names)
{
	struct text_out out = { .buf = buf, .size = size };

	cvsw_text_put_match(&out, match, names);
	return (int)out.len;
}

int cvsw_text_key_print(char *buf, size_t size, const struct cvsw_key *key,
			const struct cvsw_text_names *names)
{
	struct cvsw_match match = { .value = *key };

	memset(&match.mask, 0xff, sizeof(match.mask));
	if (!key->tun_id)
		match.mask.tun_id = 0;
	cvsw_match_normalize(&match);
	return cvsw_text_match_print(buf, size, &match, names);
}

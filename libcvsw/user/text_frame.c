// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Key to frame: the shortest frame from which the key would be read.
 */

#include <errno.h>
#include <string.h>

#include "csum.h"
#include "hdr.h"
#include "text.h"

#define FRAME_MIN	60		/* without FCS */
#define FRAME_TTL	64
#define FRAME_LATER	8		/* offset of a later fragment, bytes */

/**
 * struct frame - a frame that grows
 * @at:   its bytes; there is always room, see cvsw_text_frame()
 * @len:  so far
 */
struct frame {
	__u8 *at;
	size_t len;
};

static void *frame_put(struct frame *f, size_t n)
{
	f->len += n;
	return f->at + f->len - n;
}

static void frame_put_be16(struct frame *f, __u16 v)
{
	put_unaligned_be16(v, frame_put(f, 2));
}

/* ones' complement sum of @n bytes, as csum.h has it */
static u32 frame_sum(const void *data, size_t n, u32 sum)
{
	const __u8 *p = data;
	__be16 word;

	for (; n > 1; n -= 2, p += 2) {
		memcpy(&word, p, 2);
		sum = cvsw_csum_add(sum, cvsw_csum_word(word));
	}
	return sum;
}

static void frame_l2(struct frame *f, const struct cvsw_key *key)
{
	memcpy(frame_put(f, 6), key->dl_dst, 6);
	memcpy(frame_put(f, 6), key->dl_src, 6);
	if (key->vlan_tci & CVSW_VLAN_PRESENT) {
		frame_put_be16(f, CVSW_ETH_P_8021Q);
		frame_put_be16(f, key->vlan_tci ^ CVSW_VLAN_PRESENT);
	}
}

static void frame_arp(struct frame *f, const struct cvsw_key *key)
{
	struct cvsw_arp_hdr *arp = frame_put(f, sizeof(*arp));

	arp->htype = cpu_to_be16(CVSW_ARP_HTYPE_ETHER);
	arp->ptype = cpu_to_be16(CVSW_ETH_P_IPV4);
	arp->hlen = sizeof(arp->sha);
	arp->plen = sizeof(arp->spa);
	arp->op = cpu_to_be16(key->nw_proto);
	memcpy(arp->sha, key->dl_src, sizeof(arp->sha));
	memcpy(arp->spa, key->nw_src, sizeof(arp->spa));
	if (arp->op != cpu_to_be16(CVSW_ARP_OP_REQUEST))
		memcpy(arp->tha, key->dl_dst, sizeof(arp->tha));
	memcpy(arp->tpa, key->nw_dst, sizeof(arp->tpa));
}

/* finish the L4 header at @l4 with its checksum, which is at @at in it */
static void frame_l4_csum(struct frame *f, const struct cvsw_key *key,
			  size_t l4, size_t at)
{
	size_t len = f->len - l4;
	u32 sum = 0;

	if (key->nw_proto != CVSW_IPPROTO_ICMP) {	/* pseudo header */
		sum = frame_sum(key->nw_src, 32,
				cvsw_csum_word(cpu_to_be16((u16)len)));
		sum = cvsw_csum_add(sum, cvsw_csum_word(
				    cpu_to_be16(key->nw_proto)));
	}
	sum = frame_sum(f->at + l4, len, sum);
	*(__be16 *)(f->at + l4 + at) = key->nw_proto == CVSW_IPPROTO_UDP ?
		cvsw_csum_fold_udp(sum) : cvsw_csum_fold(sum);
}

static void frame_l4(struct frame *f, const struct cvsw_key *key)
{
	size_t l4 = f->len;
	struct cvsw_tcp_hdr *tcp;
	struct cvsw_udp_hdr *udp;
	struct cvsw_icmp_hdr *icmp;

	switch (key->nw_proto) {
	case CVSW_IPPROTO_TCP:
		tcp = frame_put(f, sizeof(*tcp));
		tcp->sport = key->tp_src;
		tcp->dport = key->tp_dst;
		tcp->doff = sizeof(*tcp) / 4 << 4;
		tcp->flags = CVSW_TCP_ACK;
		frame_l4_csum(f, key, l4, offsetof(struct cvsw_tcp_hdr, check));
		break;
	case CVSW_IPPROTO_UDP:
		udp = frame_put(f, sizeof(*udp));
		udp->sport = key->tp_src;
		udp->dport = key->tp_dst;
		udp->len = cpu_to_be16(sizeof(*udp));
		frame_l4_csum(f, key, l4, offsetof(struct cvsw_udp_hdr, check));
		break;
	case CVSW_IPPROTO_SCTP:
		udp = frame_put(f, sizeof(struct cvsw_sctp_hdr));
		udp->sport = key->tp_src;
		udp->dport = key->tp_dst;
		break;
	case CVSW_IPPROTO_ICMP:
	case CVSW_IPPROTO_ICMPV6:
		icmp = frame_put(f, sizeof(*icmp));
		icmp->type = (__u8)be16_to_cpu(key->tp_src);
		icmp->code = (__u8)be16_to_cpu(key->tp_dst);
		frame_l4_csum(f, key, l4, offsetof(struct cvsw_icmp_hdr, check));
		break;
	}
}

static void frame_ipv4(struct frame *f, const struct cvsw_key *key)
{
	struct cvsw_ipv4_hdr *ip = frame_put(f, sizeof(*ip));
	size_t l3 = f->len - sizeof(*ip);
	bool later = key->nw_tos & CVSW_FRAG_LATER;

	ip->ver_ihl = 0x45;
	ip->tos = key->nw_tos & CVSW_TOS_DSCP_MASK;
	if (later)
		ip->frag_off = cpu_to_be16(FRAME_LATER / 8);
	else if (key->nw_tos & CVSW_FRAG_ANY)
		ip->frag_off = cpu_to_be16(CVSW_IPV4_MF);
	ip->ttl = FRAME_TTL;
	ip->proto = key->nw_proto;
	memcpy(ip->src, key->nw_src, sizeof(ip->src));
	memcpy(ip->dst, key->nw_dst, sizeof(ip->dst));
	if (!later)
		frame_l4(f, key);
	ip->tot_len = cpu_to_be16((u16)(f->len - l3));
	ip->check = cvsw_csum_fold(frame_sum(ip, sizeof(*ip), 0));
}

static void frame_ipv6(struct frame *f, const struct cvsw_key *key)
{
	struct cvsw_ipv6_hdr *ip = frame_put(f, sizeof(*ip));
	struct cvsw_ipv6_frag_hdr *frag;
	size_t payload = f->len;
	u32 tc = key->nw_tos & CVSW_TOS_DSCP_MASK;
	bool later = key->nw_tos & CVSW_FRAG_LATER;

	ip->ver_tc_flow = cpu_to_be32(6u << 28 | tc << CVSW_IPV6_TC_SHIFT);
	ip->nexthdr = key->nw_proto;
	ip->hop_limit = FRAME_TTL;
	memcpy(ip->src, key->nw_src, sizeof(ip->src));
	memcpy(ip->dst, key->nw_dst, sizeof(ip->dst));
	if (key->nw_tos & CVSW_FRAG_MASK) {
		frag = frame_put(f, sizeof(*frag));
		frag->nexthdr = key->nw_proto;
		frag->frag_off = cpu_to_be16(later ? FRAME_LATER : CVSW_IPV6_MF);
		ip->nexthdr = CVSW_IPPROTO_FRAGMENT;
	}
	if (!later)
		frame_l4(f, key);
	ip->payload_len = cpu_to_be16((u16)(f->len - payload));
}

/* are there frames of type @type, with these fields */
static bool frame_exists(const struct cvsw_key *key, u16 type)
{
	bool icmp = key->nw_proto == CVSW_IPPROTO_ICMP ||
		    key->nw_proto == CVSW_IPPROTO_ICMPV6;

	if (icmp && (be16_to_cpu(key->tp_src) > 0xff ||
		     be16_to_cpu(key->tp_dst) > 0xff))
		return false;
	return type != CVSW_ETH_P_8021Q &&
	       (type == 0 || type >= CVSW_DL_TYPE_802_3);
}

int cvsw_text_frame(const struct cvsw_key *key, void *frame, size_t size)
{
	u16 type = be16_to_cpu(key->dl_type);
	struct frame f = { frame, 0 };

	if (size < CVSW_TEXT_FRAME_MAX || !frame_exists(key, type))
		return -EINVAL;
	memset(frame, 0, size);
	frame_l2(&f, key);
	frame_put_be16(&f, type >= CVSW_ETH_P_802_3_MIN ? type : 0);
	if (type == CVSW_ETH_P_ARP)
		frame_arp(&f, key);
	else if (type == CVSW_ETH_P_IPV4)
		frame_ipv4(&f, key);
	else if (type == CVSW_ETH_P_IPV6)
		frame_ipv6(&f, key);
	return f.len < FRAME_MIN ? FRAME_MIN : (int)f.len;
}

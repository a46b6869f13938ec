// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Generic receive offload: frames of one batch that follow each other in a TCP
 * or UDP flow become one super-frame, such that gso.c makes of it what came in,
 * byte for byte.
 *
 * Frames are not held here.  The caller has them in the order in which they are
 * to leave; a flow points to the last of its own among them, and what follows
 * is appended to that one.  So a flow's frames never change places, and at the
 * end of the batch there is nothing to do but write the headers.
 *
 * What is not sure to come out again as it was is not merged: IPv4 IDs that do
 * not count up, as those of senders that leave them 0; IP options, extension
 * headers and fragments; padding; a checksum that is wrong, absent, or not in
 * the form that it is computed in.  Nor is what a receiver counts segment by
 * segment, as CWR (accurate ECN).  Such a frame also ends what its flow could
 * be appended to, since what comes later must stay behind it.
 *
 * A checksum is looked at only when a frame is about to be merged: one that
 * does not belong to a busy flow costs no more than finding its headers.
 */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "csum.h"

#define GRO_FLOWS	127	/* of one batch; with more it begins anew */
#define GRO_CHAINS	256

#define GRO_MIX		0x9e3779b97f4a7c15ull	/* odd, and no pattern */

/* payload that is not copied any more: a frame that long is worth its way */
#define GRO_APPEND_MAX	8192

#define GRO_TCP_SIZE_MIN	8	/* Linux takes no less */
#define GRO_UDP_SEGMENTS_MAX	64	/* nor more */

#define GRO_TCP_FLAGS	(CVSW_TCP_ACK | CVSW_TCP_PSH | CVSW_TCP_FIN | \
			 CVSW_TCP_ECE)
#define GRO_TCP_LAST	(CVSW_TCP_PSH | CVSW_TCP_FIN)

/*
 * struct gro_hdr - headers of a frame: offsets in it, and what they are
 */
struct gro_hdr {
	u8	ver;
	u8	proto;
	u8	l3;
	u8	l4;
	u8	payload;
};

/*
 * struct gro_flow - a flow of this batch
 * @head: its last frame in the caller's hands
 * @hash: of addresses and ports
 * @seq:  TCP: sequence number of what may be appended
 * @id:   IPv4: likewise
 * @size: payload of each segment
 * @n:    segments in @head
 * @next: in the chain, one more than the index; 0 at its end
 * @open: something may be appended
 * @sure: the checksums of @head were found right
 * @merged: something was appended: the headers are yet to be written
 */
struct gro_flow {
	struct cvsw_pkt	*head;
	u32		hash;
	u32		seq;
	u16		id;
	u16		size;
	u16		n;
	u8		next;
	struct gro_hdr	hdr;
	bool		open;
	bool		sure;
	bool		merged;
};

/*
 * struct cvsw_gro - the flows of a batch, found by hash
 * @chain: one more than the index of a flow, 0 for none
 */
struct cvsw_gro {
	u32		n;
	u8		chain[GRO_CHAINS];
	struct gro_flow	flow[GRO_FLOWS];
};

/*
 * struct gro_look - what a frame looks like
 * @size: payload of each of its segments
 * @n:    segments
 * @plain: it can be part of a super-frame, as far as it alone is concerned
 * @ports: it has ports; else only its addresses are known
 */
struct gro_look {
	const u8	*data;
	u32		len;
	u32		payload;
	u32		seq;
	u32		hash;
	u32		queue;
	u16		id;
	u16		size;
	u16		n;
	u8		tcp_flags;
	struct gro_hdr	hdr;
	bool		plain;
	bool		ports;
};

struct cvsw_gro *cvsw_gro_new(void)
{
	return kzalloc(sizeof(struct cvsw_gro), GFP_KERNEL);
}

void cvsw_gro_free(struct cvsw_gro *gro)
{
	kfree(gro);
}

/* Look */

static u64 gro_load(const u8 *p)
{
	u64 word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static u32 gro_ports(const u8 *l4)
{
	u32 ports;

	memcpy(&ports, l4, sizeof(ports));
	return ports;
}

static u8 gro_type(const struct gro_hdr *hdr)
{
	if (hdr->proto == CVSW_IPPROTO_UDP)
		return CVSW_GSO_UDP_L4;
	return hdr->ver == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6;
}

static u32 gro_hash(const struct gro_look *look)
{
	const u8 *ip = look->data + look->hdr.l3;
	u64 word;

	if (look->hdr.ver == 4) {
		word = gro_load(ip + 12);
	} else {
		word = gro_load(ip + 8) * GRO_MIX + gro_load(ip + 16);
		word = word * GRO_MIX + gro_load(ip + 24);
		word = word * GRO_MIX + gro_load(ip + 32);
	}
	word = word * GRO_MIX + gro_ports(look->data + look->hdr.l4);
	return (u32)(word * GRO_MIX >> 32);
}

static void gro_look_ipv4(struct gro_look *look)
{
	const u32 l3 = look->hdr.l3;
	const struct cvsw_ipv4_hdr *ip = (const void *)(look->data + l3);

	look->hdr.ver = 4;
	look->hdr.proto = ip->proto;
	look->hdr.l4 = (u8)(l3 + CVSW_IPV4_HLEN);
	look->id = be16_to_cpu(ip->id);
	look->ports = ip->ver_ihl == 0x45 &&
		      !(ip->frag_off & cpu_to_be16(CVSW_IPV4_MF |
						   CVSW_IPV4_OFFSET));
	look->plain = be16_to_cpu(ip->tot_len) == look->len - l3;
}

/* @proto, if it is an extension header, has another behind it */
static bool gro_is_ext(u8 proto)
{
	return proto == CVSW_IPPROTO_HOPOPTS || proto == CVSW_IPPROTO_ROUTING ||
	       proto == CVSW_IPPROTO_FRAGMENT || proto == CVSW_IPPROTO_AH ||
	       proto == CVSW_IPPROTO_DSTOPTS;
}

static void gro_look_ipv6(struct gro_look *look)
{
	const u32 l3 = look->hdr.l3;
	const struct cvsw_ipv6_hdr *ip = (const void *)(look->data + l3);

	look->hdr.ver = 6;
	look->hdr.l4 = (u8)(l3 + CVSW_IPV6_HLEN);
	look->ports = !gro_is_ext(ip->nexthdr);
	look->hdr.proto = ip->nexthdr;
	look->plain = look->data[l3] >> 4 == 6 &&
		      be16_to_cpu(ip->payload_len) ==
		      look->len - l3 - CVSW_IPV6_HLEN;
}

static void gro_look_tcp(struct gro_look *look)
{
	const u32 l4 = look->hdr.l4;
	const struct cvsw_tcp_hdr *th = (const void *)(look->data + l4);
	u32 hlen;

	if (look->len < l4 + CVSW_TCP_HLEN) {
		look->plain = false;
		return;
	}
	hlen = (th->doff >> 4) * 4u;
	look->hdr.payload = (u8)(l4 + hlen);
	look->payload = look->len - l4 - hlen;
	look->seq = be32_to_cpu(th->seq);
	look->tcp_flags = th->flags;
	if (hlen < CVSW_TCP_HLEN || look->len <= l4 + hlen || th->doff & 15 ||
	    (th->flags | GRO_TCP_FLAGS) != GRO_TCP_FLAGS ||
	    !(th->flags & CVSW_TCP_ACK) ||
	    th->check == (__force __be16)0xffff)
		look->plain = false;
}

static void gro_look_udp(struct gro_look *look)
{
	const u32 l4 = look->hdr.l4;
	const struct cvsw_udp_hdr *udp = (const void *)(look->data + l4);

	look->hdr.payload = (u8)(l4 + CVSW_UDP_HLEN);
	look->payload = look->len - l4 - CVSW_UDP_HLEN;
	look->tcp_flags = 0;
	look->seq = 0;
	if (be16_to_cpu(udp->len) != look->len - l4 || !udp->check ||
	    !look->payload)
		look->plain = false;
}

/* its segments, if there are more than one */
static void gro_look_offload(struct gro_look *look,
			     const struct cvsw_offload *off)
{
	look->size = (u16)look->payload;
	look->n = 1;
	if (likely(!off->gso_type))
		return;
	look->size = off->gso_size;
	look->n = (u16)((look->payload + off->gso_size - 1) / off->gso_size);
	if (off->outer || off->gso_type != gro_type(&look->hdr))
		look->plain = false;
}

/* the IP header, behind one tag or none; false when there is none */
static bool gro_look_l3(struct gro_look *look)
{
	u32 l3 = CVSW_ETH_HLEN;
	u16 type;

	if (unlikely(look->len < l3 + CVSW_VLAN_HLEN))
		return false;
	type = get_unaligned_be16(look->data + l3 - 2);
	if (type == CVSW_ETH_P_8021Q) {
		l3 += CVSW_VLAN_HLEN;
		type = get_unaligned_be16(look->data + l3 - 2);
	}
	look->hdr.l3 = (u8)l3;
	if (type == CVSW_ETH_P_IPV4 &&
	    look->len >= l3 + CVSW_IPV4_HLEN + CVSW_UDP_HLEN)
		gro_look_ipv4(look);
	else if (type == CVSW_ETH_P_IPV6 &&
		 look->len >= l3 + CVSW_IPV6_HLEN + CVSW_UDP_HLEN)
		gro_look_ipv6(look);
	else
		return false;
	return true;
}

/* false for a frame that is of no flow */
static bool gro_look(struct gro_look *look, const struct cvsw_pkt *pkt)
{
	const struct cvsw_buf *buf = pkt->frame;

	look->data = buf->data;
	look->len = buf->len;
	look->queue = pkt->queue;
	if (!gro_look_l3(look))
		return false;
	if (unlikely(!look->ports))
		return true;
	if (look->hdr.proto == CVSW_IPPROTO_TCP)
		gro_look_tcp(look);
	else if (look->hdr.proto == CVSW_IPPROTO_UDP)
		gro_look_udp(look);
	else
		return false;
	if (look->plain)
		gro_look_offload(look, &buf->off);
	return true;
}

/* Judge */

static bool gro_same_addrs(const struct gro_flow *flow,
			   const struct gro_look *look)
{
	const u8 *a = flow->head->frame->data + flow->hdr.l3;
	const u8 *b = look->data + look->hdr.l3;

	if (flow->hdr.ver != look->hdr.ver)
		return false;
	if (look->hdr.ver == 4)
		return gro_load(a + 12) == gro_load(b + 12);
	return !memcmp(a + 8, b + 8, 32);
}

static bool gro_same(const struct gro_flow *flow, const struct gro_look *look)
{
	const u8 *data = flow->head->frame->data;

	return flow->hash == look->hash &&
	       flow->hdr.proto == look->hdr.proto &&
	       gro_same_addrs(flow, look) &&
	       gro_ports(data + flow->hdr.l4) ==
	       gro_ports(look->data + look->hdr.l4);
}

/* all but addresses, and what differs from segment to segment */
static bool gro_same_ip(const struct gro_flow *flow,
			const struct gro_look *look)
{
	const u8 *a = flow->head->frame->data + flow->hdr.l3;
	const u8 *b = look->data + look->hdr.l3;

	if (look->hdr.ver == 6)
		return !memcmp(a, b, 4) && a[7] == b[7];
	/* TOS; flags; TTL */
	return a[1] == b[1] && !memcmp(a + 6, b + 6, 3) &&
	       flow->id == look->id;
}

static bool gro_same_tcp(const struct gro_flow *flow,
			 const struct gro_look *look)
{
	const struct cvsw_tcp_hdr *a, *b;
	const u32 l4 = look->hdr.l4;

	a = (const void *)(flow->head->frame->data + l4);
	b = (const void *)(look->data + l4);
	return flow->seq == look->seq && a->ack == b->ack &&
	       a->window == b->window && a->urgent == b->urgent &&
	       !((a->flags ^ b->flags) & ~GRO_TCP_LAST) &&
	       !memcmp(a + 1, b + 1, look->hdr.payload - l4 - CVSW_TCP_HLEN);
}

static bool gro_fits(const struct gro_flow *flow, const struct gro_look *look)
{
	if (look->n > 1 ? look->size != flow->size :
			  look->payload > flow->size)
		return false;
	if (look->hdr.proto == CVSW_IPPROTO_UDP &&
	    flow->n + look->n > GRO_UDP_SEGMENTS_MAX)
		return false;
	return look->payload <= GRO_APPEND_MAX;
}

/* do the headers, and the queue it is for, say that it is what follows? */
static bool gro_follows(const struct gro_flow *flow,
			const struct gro_look *look)
{
	const u8 *data = flow->head->frame->data;

	return flow->open && look->plain && flow->head->queue == look->queue &&
	       flow->hdr.payload == look->hdr.payload &&
	       gro_same_ip(flow, look) &&
	       (look->hdr.proto == CVSW_IPPROTO_UDP ||
		gro_same_tcp(flow, look)) &&
	       !memcmp(data, look->data, look->hdr.l3) &&
	       gro_fits(flow, look);
}

static u32 gro_pseudo(const u8 *data, u32 len, const struct gro_hdr *hdr)
{
	const struct cvsw_ipv4_hdr *ip4 = (const void *)(data + hdr->l3);
	const struct cvsw_ipv6_hdr *ip6 = (const void *)(data + hdr->l3);

	len -= hdr->l4;
	if (hdr->ver == 4)
		return cvsw_csum_pseudo4(ip4->src, ip4->dst, hdr->proto, len);
	return cvsw_csum_pseudo6(ip6->src, ip6->dst, hdr->proto, len);
}

static u16 gro_csum_offset(const struct gro_hdr *hdr)
{
	return hdr->proto == CVSW_IPPROTO_TCP ?
	       offsetof(struct cvsw_tcp_hdr, check) :
	       offsetof(struct cvsw_udp_hdr, check);
}

/* are its checksums right? */
static bool gro_right(const struct cvsw_pkt *pkt, const struct gro_hdr *hdr)
{
	const u32 len = cvsw_pkt_len(pkt);
	const u8 *data = cvsw_pkt_header(pkt, 0, len);
	const struct cvsw_ipv4_hdr *ip = (const void *)(data + hdr->l3);
	u32 pseudo = gro_pseudo(data, len, hdr);
	struct cvsw_offload off;
	__be16 seed;

	if (hdr->ver == 4 && ip->check != cvsw_csum_ipv4(ip))
		return false;
	cvsw_pkt_offload_get(pkt, &off);
	switch (off.csum) {
	case CVSW_CSUM_GOOD:
		return true;
	case CVSW_CSUM_PARTIAL:
		memcpy(&seed, data + hdr->l4 + gro_csum_offset(hdr), 2);
		return off.csum_start == hdr->l4 &&
		       off.csum_offset == gro_csum_offset(hdr) &&
		       seed == cvsw_csum_seed(pseudo);
	default:
		return cvsw_csum_good(pkt, pseudo, hdr->l4, len - hdr->l4);
	}
}

/* Merge */

/* write the headers of what was merged */
static void gro_finish(struct gro_flow *flow)
{
	struct cvsw_buf *buf = flow->head->frame;
	const struct gro_hdr *hdr = &flow->hdr;
	struct cvsw_ipv4_hdr *ip4 = (void *)(buf->data + hdr->l3);
	struct cvsw_ipv6_hdr *ip6 = (void *)(buf->data + hdr->l3);
	struct cvsw_udp_hdr *udp = (void *)(buf->data + hdr->l4);
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.gso_type	= gro_type(hdr),
		.gso_size	= flow->size,
		.csum_start	= hdr->l4,
		.csum_offset	= gro_csum_offset(hdr),
	};
	__be16 seed;

	if (hdr->ver == 4) {
		ip4->tot_len = cpu_to_be16((u16)(buf->len - hdr->l3));
		ip4->check = cvsw_csum_ipv4(ip4);
	} else {
		ip6->payload_len = cpu_to_be16((u16)(buf->len - hdr->l4));
	}
	if (hdr->proto == CVSW_IPPROTO_UDP)
		udp->len = cpu_to_be16((u16)(buf->len - hdr->l4));
	seed = cvsw_csum_seed(gro_pseudo(buf->data, buf->len, hdr));
	memcpy(buf->data + hdr->l4 + off.csum_offset, &seed, sizeof(seed));
	buf->off = off;
	cvsw_buf_moved(buf, cvsw_buf_headroom(buf));
}

static void gro_close(struct gro_flow *flow)
{
	flow->open = false;
	if (!flow->merged)
		return;
	flow->merged = false;
	gro_finish(flow);
}

/* @flow begins anew with @pkt, if anything can follow that */
static void gro_open(struct gro_flow *flow, struct cvsw_pkt *pkt,
		     const struct gro_look *look)
{
	flow->head = pkt;
	flow->hash = look->hash;
	flow->hdr = look->hdr;
	flow->seq = look->seq + look->payload;
	flow->id = (u16)(look->id + look->n);
	flow->size = look->size;
	flow->n = look->n;
	flow->sure = false;
	flow->merged = false;
	flow->open = !(look->tcp_flags & GRO_TCP_LAST) &&
		     (u32)look->size * look->n == look->payload &&
		     (look->hdr.proto == CVSW_IPPROTO_UDP ||
		      look->size >= GRO_TCP_SIZE_MIN);
}

static bool gro_append(struct gro_flow *flow, const struct gro_look *look)
{
	struct cvsw_buf *buf = flow->head->frame;
	struct cvsw_tcp_hdr *th;

	if (cvsw_buf_append(buf, look->data + look->hdr.payload, look->payload))
		return false;
	if (look->tcp_flags & GRO_TCP_LAST) {
		th = (void *)(buf->data + look->hdr.l4);
		th->flags |= look->tcp_flags & GRO_TCP_LAST;
		flow->open = false;
	}
	if (look->payload != (u32)flow->size * look->n)
		flow->open = false;
	flow->seq += look->payload;
	flow->id = (u16)(flow->id + look->n);
	flow->n = (u16)(flow->n + look->n);
	flow->merged = true;
	return true;
}

static bool gro_merge(struct gro_flow *flow, const struct cvsw_pkt *pkt,
		      const struct gro_look *look)
{
	if (!gro_follows(flow, look))
		return false;
	if (!flow->sure) {
		flow->sure = gro_right(flow->head, &flow->hdr);
		if (!flow->sure)
			return false;
	}
	return gro_right(pkt, &look->hdr) && gro_append(flow, look);
}

/* Flows */

static struct gro_flow *gro_find(struct cvsw_gro *gro,
				 const struct gro_look *look)
{
	struct gro_flow *flow;
	unsigned int i;

	for (i = gro->chain[look->hash % GRO_CHAINS]; i; i = flow->next) {
		flow = &gro->flow[i - 1];
		if (gro_same(flow, look))
			return flow;
	}
	return NULL;
}

static struct gro_flow *gro_add(struct cvsw_gro *gro, u32 hash)
{
	u8 *chain = &gro->chain[hash % GRO_CHAINS];
	struct gro_flow *flow;

	if (unlikely(gro->n == GRO_FLOWS))
		cvsw_gro_flush(gro);
	flow = &gro->flow[gro->n++];
	flow->next = *chain;
	*chain = (u8)gro->n;
	return flow;
}

/* something between these addresses, of whatever flow */
static noinline void gro_close_addrs(struct cvsw_gro *gro,
				     const struct gro_look *look)
{
	unsigned int i;

	for (i = 0; i < gro->n; i++)
		if (gro_same_addrs(&gro->flow[i], look))
			gro_close(&gro->flow[i]);
}

static u32 gro_needs(const struct gro_hdr *hdr)
{
	if (hdr->proto == CVSW_IPPROTO_TCP)
		return CVSW_OFFLOAD_CSUM | (hdr->ver == 4 ? CVSW_OFFLOAD_TSO4 :
							    CVSW_OFFLOAD_TSO6);
	return CVSW_OFFLOAD_CSUM | (hdr->ver == 4 ? CVSW_OFFLOAD_USO4 :
						    CVSW_OFFLOAD_USO6);
}

int cvsw_gro_receive(struct cvsw_gro *gro, struct cvsw_pkt *frame,
		     u32 offloads)
{
	struct gro_flow *flow;
	struct gro_look look;

	if (!gro_look(&look, frame))
		return 0;
	if (unlikely(!look.ports)) {
		gro_close_addrs(gro, &look);
		return 0;
	}
	if (unlikely(gro_needs(&look.hdr) & ~offloads))
		return 0;
	look.hash = gro_hash(&look);
	flow = gro_find(gro, &look);
	if (flow) {
		if (gro_merge(flow, frame, &look)) {
			cvsw_frame_free(frame);
			return 1;
		}
		gro_close(flow);
	}
	if (!look.plain)
		return 0;
	if (!flow)
		flow = gro_add(gro, look.hash);
	gro_open(flow, frame, &look);
	return 0;
}

void cvsw_gro_flush(struct cvsw_gro *gro)
{
	struct gro_flow *flow;

	for (flow = gro->flow; gro->n; gro->n--, flow++) {
		gro_close(flow);
		gro->chain[flow->hash % GRO_CHAINS] = 0;
	}
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * STT (draft-davie-stt-08) as a tunnel type: a frame of up to 64 KiB behind
 * a header that looks like TCP, so that devices cut it and merge it again.
 *
 * Its header says what is left to do to the inner frame, a checksum to be
 * completed and segments to be cut, and has its VLAN tag.  What it has no
 * words for is done before.
 *
 * Segments of a frame are recognised by its identifier.  Each worker counts
 * its own, with its number in the low bits as Open vSwitch has it: two frames
 * of one switch never have the same, whichever flows they are of, and workers
 * share no counter.
 */

#include "ip.h"
#include "reasm.h"
#include "tunnel.h"

#define STT_MTU_DEFAULT	1500u
#define STT_MSS_MIN	8u	/* what anybody cuts a frame into, as in Linux */
#define STT_L4_OFF_MAX	0xff

static void stt_id(void *hdr, __be64 id)
{
	struct cvsw_stt_hdr *stt = hdr;

	memcpy(stt->id, &id, sizeof(stt->id));
}

/* Push */

/*
 * Has the header words for a partial checksum, and segments?  It must be of
 * the outermost L4 header, TCP or UDP, @tag bytes of what is in front of which
 * will not be there.  Segments of UDP, or inside another tunnel, it has not.
 */
static bool stt_can_say(const struct cvsw_pkt *pkt,
			const struct cvsw_offload *off, u32 tag)
{
	if (off->tunnel || off->gso_type == CVSW_GSO_UDP_L4 ||
	    !pkt->l4 || pkt->l4 != off->csum_start || pkt->frag ||
	    pkt->l4 - tag > STT_L4_OFF_MAX)
		return false;
	if (pkt->l4_proto == CVSW_IPPROTO_TCP)
		return off->csum_offset == offsetof(struct cvsw_tcp_hdr, check);
	return pkt->l4_proto == CVSW_IPPROTO_UDP &&
	       off->csum_offset == offsetof(struct cvsw_udp_hdr, check);
}

/* bytes of payload that one outer segment has; even, as sums like it */
static u32 stt_mss(const struct cvsw_tunnel_template *tmpl,
		   const struct cvsw_tunnel_tx *tx)
{
	u32 mtu = min_t(u32, tx->mtu ? tx->mtu : STT_MTU_DEFAULT,
			CVSW_FRAME_MAX);
	u32 headers = tmpl->l4 - CVSW_ETH_HLEN + CVSW_TCP_HLEN;

	return (max(mtu, headers + STT_MSS_MIN) - headers) & ~1u;
}

/* @n: bytes behind the header */
static void stt_fill_tcp(struct cvsw_tcp_hdr *th, u64 hash, u32 id, u32 n)
{
	th->sport = cvsw_tunnel_sport(hash);
	th->seq = cpu_to_be32(n << 16);
	th->ack = cpu_to_be32(id);
	th->doff = CVSW_TCP_HLEN / 4 << 4;
	th->flags = CVSW_TCP_PSH | CVSW_TCP_ACK;
	th->window = cpu_to_be16(0xffff);
}

/* @off: offload state of @pkt, a partial checksum only when it can be said;
 * @vlan: CVSW_STT_VLAN and the tag that it had, or 0 */
static void stt_fill(struct cvsw_stt_hdr *stt, const struct cvsw_pkt *pkt,
		     const struct cvsw_offload *off, u16 vlan)
{
	const u8 *ip = cvsw_pkt_header(pkt, pkt->l3, 1);

	stt->vlan = cpu_to_be16(vlan);
	if (off->csum == CVSW_CSUM_GOOD)
		stt->flags = CVSW_STT_VERIFIED;
	if (off->csum != CVSW_CSUM_PARTIAL)
		return;
	stt->flags = CVSW_STT_PARTIAL;
	if (ip && *ip >> 4 == 4)
		stt->flags |= CVSW_STT_IPV4;
	if (pkt->l4_proto == CVSW_IPPROTO_TCP)
		stt->flags |= CVSW_STT_TCP;
	stt->l4_off = (u8)pkt->l4;
	stt->mss = cpu_to_be16(off->gso_size);
}

/*
 * Put @hdr, which ends with STT, in front of the frame.  What was left to do
 * to it is forgotten: the header has it.  To everybody else it is now TCP, with
 * a checksum to be completed, and to be cut when its payload is longer than
 * @mss.
 */
static int stt_put(struct cvsw_pkt *pkt, const struct cvsw_tunnel_template *tmpl,
		   const u8 *hdr, u32 mss)
{
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.csum_start	= tmpl->l4,
		.csum_offset	= offsetof(struct cvsw_tcp_hdr, check),
	};
	u8 *data = cvsw_pkt_push(pkt, tmpl->len);
	u32 len = cvsw_pkt_len(pkt) - tmpl->l4;
	struct cvsw_tcp_hdr *th;

	if (!data)
		return -ENOMEM;
	memcpy(data, hdr, tmpl->len);
	th = (void *)(data + tmpl->l4);
	th->check = cvsw_csum_seed(cvsw_csum_pseudo(data + CVSW_ETH_HLEN,
						    CVSW_IPPROTO_TCP, len));
	if (len - CVSW_TCP_HLEN > mss) {
		off.gso_type = data[CVSW_ETH_HLEN] >> 4 == 4 ? CVSW_GSO_TCP4 :
							       CVSW_GSO_TCP6;
		off.gso_size = (u16)mss;
		off.outer = CVSW_OUTER_STT;
	}
	pkt->l3 = 0;
	pkt->l4 = 0;
	return cvsw_pkt_offload_set(pkt, &off);
}

/* put the frame, without a tag and with nothing in @off that cannot be said,
 * behind its headers */
static enum cvsw_drop stt_encap(struct cvsw_pkt *pkt,
				const struct cvsw_tunnel_template *tmpl,
				const struct cvsw_tunnel_tx *tx,
				struct cvsw_tunnel_inner in,
				const struct cvsw_offload *off, u16 vlan)
{
	u32 l4_end = tmpl->l4 + CVSW_TCP_HLEN;
	u32 len = cvsw_pkt_len(pkt) + tmpl->len;
	struct cvsw_tunnel_outer outer;
	u8 *hdr;
	int err;

	*tx->frame += CVSW_TUNNEL_FRAME_STEP;
	hdr = cvsw_tunnel_outer_make(&outer, pkt, tmpl, tx, in, len);
	stt_fill_tcp((void *)(hdr + tmpl->l4), in.hash, *tx->frame,
		     len - l4_end);
	stt_fill((void *)(hdr + l4_end), pkt, off, vlan);
	err = stt_put(pkt, tmpl, hdr, stt_mss(tmpl, tx));
	return err ? cvsw_tunnel_error(pkt, err) : CVSW_DROP_NONE;
}

static enum cvsw_drop stt_push(struct cvsw_pkt *pkt,
			       const struct cvsw_tunnel_template *tmpl,
			       const struct cvsw_tunnel_tx *tx)
{
	struct cvsw_tunnel_inner in = cvsw_tunnel_inner_read(pkt, tmpl);
	bool super = cvsw_pkt_is_super(pkt);
	struct cvsw_offload off;
	u16 tci, vlan = 0;
	u32 tag = 0;
	int err = 0;

	switch (cvsw_pkt_vlan_get(pkt, &tci)) {
	case CVSW_TAG_IN_BAND:
		tag = CVSW_VLAN_HLEN;
		fallthrough;
	case CVSW_TAG_OUT_OF_BAND:
		vlan = tci | CVSW_STT_VLAN;
	}
	if (cvsw_pkt_len(pkt) - tag + tmpl->len > CVSW_FRAME_MAX)
		return cvsw_tunnel_error(pkt, -EMSGSIZE);
	cvsw_pkt_offload_get(pkt, &off);
	if (off.csum == CVSW_CSUM_PARTIAL && !stt_can_say(pkt, &off, tag)) {
		if (super)
			return (enum cvsw_drop)CVSW_CUT;
		off.csum = CVSW_CSUM_NONE;
		err = cvsw_pkt_csum_finish(pkt);
	}
	if (!err && vlan)
		err = cvsw_pkt_vlan_pop(pkt);
	if (err)
		return cvsw_tunnel_error(pkt, err);
	return stt_encap(pkt, tmpl, tx, in, &off, vlan);
}

/* Pop */

/*
 * What the header says is left to do to the inner frame, @pkt, is believed
 * only where the headers for it are found.  Which IP and L4 those are is what
 * the frame says, not the flags.
 */
static enum cvsw_drop stt_claim(struct cvsw_pkt *pkt,
				const struct cvsw_stt_hdr *stt)
{
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.csum_start	= stt->l4_off,
		.csum_offset	= offsetof(struct cvsw_udp_hdr, check),
	};
	u32 hlen, len = cvsw_pkt_len(pkt), l4 = stt->l4_off;
	const struct cvsw_tcp_hdr *th;
	unsigned int ver;

	if (l4 < CVSW_ETH_HLEN + CVSW_IPV4_HLEN || l4 + CVSW_UDP_HLEN > len)
		return CVSW_DROP_TUNNEL_SHORT;
	ver = cvsw_ip_version(pkt);
	if (!ver || pkt->frag || pkt->l4 != l4)
		return CVSW_DROP_OFFLOAD;
	if (pkt->l4_proto == CVSW_IPPROTO_TCP) {
		th = cvsw_pkt_header(pkt, l4, CVSW_TCP_HLEN);
		if (!th)
			return CVSW_DROP_TUNNEL_SHORT;
		off.csum_offset = offsetof(struct cvsw_tcp_hdr, check);
		off.gso_size = be16_to_cpu(stt->mss);
		hlen = l4 + (th->doff >> 4) * 4u;
		if (off.gso_size && hlen + off.gso_size < len) {
			off.gso_type = ver == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6;
			off.gso_ecn = !!(th->flags & CVSW_TCP_CWR);
		} else {
			off.gso_size = 0;
		}
	} else if (pkt->l4_proto != CVSW_IPPROTO_UDP) {
		return CVSW_DROP_OFFLOAD;
	}
	return cvsw_pkt_offload_claim(pkt, &off) ? CVSW_DROP_OFFLOAD :
						   CVSW_DROP_NONE;
}

/* put a tag in front of those that the frame has */
static int stt_vlan_put(struct cvsw_pkt *pkt, u16 tci)
{
	u16 inner;

	return cvsw_pkt_vlan_get(pkt, &inner) ? cvsw_pkt_vlan_push(pkt, tci) :
						cvsw_pkt_vlan_set(pkt, tci);
}

/* take the inner frame from behind @n bytes and the STT header @stt */
static enum cvsw_drop stt_decap(struct cvsw_pkt *pkt, u32 n,
				const struct cvsw_stt_hdr *stt, u8 ecn)
{
	const struct cvsw_offload none = {}, off = {
		.csum = stt->flags & CVSW_STT_VERIFIED ? CVSW_CSUM_GOOD :
							 CVSW_CSUM_NONE,
	};
	u16 vlan = be16_to_cpu(stt->vlan);
	enum cvsw_drop why = CVSW_DROP_NONE;
	int err;

	err = cvsw_pkt_offload_set(pkt, &none) ?:
	      cvsw_pkt_decap(pkt, n + CVSW_STT_HLEN) ?:
	      cvsw_pkt_offload_set(pkt, &off);
	if (err)
		return cvsw_tunnel_error(pkt, err);
	memcpy(&pkt->tun_id, stt->id, sizeof(pkt->tun_id));
	pkt->tun_opts = 0;
	pkt->popped = true;
	if (stt->flags & CVSW_STT_PARTIAL)
		why = stt_claim(pkt, stt);
	if (!why && ecn)
		why = cvsw_tunnel_ecn(pkt, ecn);
	if (!why && vlan & CVSW_STT_VLAN &&
	    stt_vlan_put(pkt, vlan & (u16)~CVSW_STT_VLAN))
		why = CVSW_DROP_NO_MEMORY;
	return why;
}

/* a whole STT frame is at @from to @end, and at least CVSW_REASM_LEN_MIN */
static enum cvsw_drop stt_whole(struct cvsw_pkt *pkt, u32 from, u32 end, u8 ecn)
{
	const u8 both = CVSW_STT_VERIFIED | CVSW_STT_PARTIAL;
	const struct cvsw_stt_hdr *hdr;
	struct cvsw_stt_hdr stt;

	hdr = cvsw_pkt_header(pkt, from, CVSW_STT_HLEN);
	if (!hdr)
		return CVSW_DROP_TUNNEL_SHORT;
	if (hdr->version || (hdr->flags & both) == both)
		return CVSW_DROP_TUNNEL_FLAGS;
	stt = *hdr;
	if (cvsw_pkt_trim(pkt, end))
		return CVSW_DROP_OFFLOAD;
	return stt_decap(pkt, from, &stt, ecn);
}

static void stt_key(const struct cvsw_pkt *pkt, u8 ver,
		    const struct cvsw_tcp_hdr *th, struct cvsw_reasm_key *key)
{
	const struct cvsw_ipv4_hdr *ip4;
	const struct cvsw_ipv6_hdr *ip6;

	*key = (struct cvsw_reasm_key){
		.id	= th->ack,
		.sport	= th->sport,
		.dport	= th->dport,
		.len	= (u16)(be32_to_cpu(th->seq) >> 16),
		.family	= ver,
	};
	if (ver == 4) {
		ip4 = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV4_HLEN);
		memcpy(key->src, ip4->src, sizeof(ip4->src));
		memcpy(key->dst, ip4->dst, sizeof(ip4->dst));
	} else {
		ip6 = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV6_HLEN);
		memcpy(key->src, ip6->src, sizeof(ip6->src));
		memcpy(key->dst, ip6->dst, sizeof(ip6->dst));
	}
}

static enum cvsw_drop stt_reassemble(struct cvsw_pkt *pkt,
				     const struct cvsw_reasm_key *key,
				     struct cvsw_reasm_seg *seg,
				     struct cvsw_tunnel_rx *rx)
{
	unsigned int why;

	if (!rx->drops)
		return (enum cvsw_drop)CVSW_HELD;
	if (!rx->reasm)
		rx->reasm = cvsw_reasm_new(rx->seed);
	if (!rx->reasm)
		return CVSW_DROP_NO_MEMORY;
	why = cvsw_reasm_add(rx->reasm, pkt, key, seg, rx->now, rx->drops);
	return why ? (enum cvsw_drop)why :
		     stt_whole(pkt, 0, key->len, seg->ecn);
}

/*
 * A segment may be a super-frame, which the underlay merged or never cut; of
 * the outer TCP header, in any case.
 */
static enum cvsw_drop stt_tcp_fault(const struct cvsw_pkt *pkt,
				    const struct cvsw_tcp_hdr *th,
				    const struct cvsw_tunnel_opened *outer)
{
	struct cvsw_offload off;

	if (th->doff >> 4 != CVSW_TCP_HLEN / 4)
		return CVSW_DROP_TUNNEL_FLAGS;
	cvsw_pkt_offload_get(pkt, &off);
	if (off.csum == CVSW_CSUM_PARTIAL && off.csum_start != pkt->l4)
		return CVSW_DROP_OFFLOAD;
	if (!cvsw_tunnel_csum_good(pkt, &off, outer->ver,
				   outer->end - pkt->l4))
		return CVSW_DROP_TUNNEL_CSUM;
	return CVSW_DROP_NONE;
}

static enum cvsw_drop stt_pop(struct cvsw_pkt *pkt, struct cvsw_tunnel_rx *rx)
{
	struct cvsw_tunnel_opened outer;
	const struct cvsw_tcp_hdr *th;
	struct cvsw_reasm_key key;
	struct cvsw_reasm_seg seg;
	enum cvsw_drop why;

	why = cvsw_tunnel_open(pkt, CVSW_IPPROTO_TCP, CVSW_TCP_HLEN, &outer);
	if (why)
		return why;
	th = cvsw_pkt_header(pkt, pkt->l4, CVSW_TCP_HLEN);
	if (!th)
		return CVSW_DROP_TUNNEL_SHORT;
	why = stt_tcp_fault(pkt, th, &outer);
	if (why)
		return why;
	stt_key(pkt, outer.ver, th, &key);
	seg = (struct cvsw_reasm_seg){
		.off	= be32_to_cpu(th->seq) & 0xffff,
		.len	= outer.end - outer.hdr,
		.from	= outer.hdr,
		.ecn	= outer.ecn,
	};
	if (key.len < CVSW_REASM_LEN_MIN || key.len > CVSW_REASM_LEN_MAX)
		return CVSW_DROP_REASM_LENGTH;
	if (!seg.len)
		return CVSW_DROP_TUNNEL_SHORT;
	if (!seg.off && seg.len == key.len)
		return stt_whole(pkt, outer.hdr, outer.end, outer.ecn);
	if (!rx->drops && seg.off + seg.len > key.len)
		return CVSW_DROP_REASM_LENGTH;
	return stt_reassemble(pkt, &key, &seg, rx);
}

/* only the first segment of a frame shows its id */
static bool stt_peek(struct cvsw_pkt *pkt, u32 off,
		     const struct cvsw_opts *opts, __be64 *id)
{
	const struct cvsw_tcp_hdr *th;
	const struct cvsw_stt_hdr *stt;

	if (off + CVSW_STT_HLEN > (u32)pkt->l3 + pkt->l3_len)
		return false;
	stt = cvsw_pkt_header(pkt, off, CVSW_STT_HLEN);
	if (!stt || stt->version)
		return false;
	th = (const void *)((const u8 *)stt - CVSW_TCP_HLEN);
	if (th->doff >> 4 != CVSW_TCP_HLEN / 4 ||
	    be32_to_cpu(th->seq) & 0xffff)
		return false;
	memcpy(id, stt->id, sizeof(*id));
	return true;
}

const struct cvsw_tunnel_type cvsw_tunnel_stt = {
	.name	= "STT",
	.id_max	= ~0ull,
	.port	= CVSW_STT_PORT,
	.proto	= CVSW_IPPROTO_TCP,
	.l4_len	= CVSW_TCP_HLEN,
	.hlen	= CVSW_STT_HLEN,
	.any_len = true,
	.id	= stt_id,
	.push	= stt_push,
	.pop	= stt_pop,
	.peek	= stt_peek,
};

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "tunnel.h"

#include "csum.h"
#include "ip.h"

#define TUNNEL_ENTRY(kind, symbol)	[CVSW_TUNNEL_##kind] = &symbol,
static const struct cvsw_tunnel_type *const tunnel_types[] = {
	CVSW_TUNNEL_TYPES(TUNNEL_ENTRY)
};
#undef TUNNEL_ENTRY

const struct cvsw_tunnel_type *cvsw_tunnel_type_get(unsigned int kind)
{
	return kind < ARRAY_SIZE(tunnel_types) ? tunnel_types[kind] : NULL;
}

/* Endpoints */

static bool tunnel_is_zero(const u8 *bytes, unsigned int n)
{
	u8 any = 0;

	while (n--)
		any |= *bytes++;
	return !any;
}

static const char *tunnel_addr_fault(const struct cvsw_tunnel *tun)
{
	static const u8 broadcast[4] = { 0xff, 0xff, 0xff, 0xff };
	const u8 *src = tun->nw_src, *dst = tun->nw_dst;

	if (tun->family != 4 && tun->family != 6)
		return "tunnel: IP version is neither 4 nor 6";
	if (tun->family == 4 && (!tunnel_is_zero(src + 4, 12) ||
				 !tunnel_is_zero(dst + 4, 12)))
		return "tunnel: more than an IPv4 address";
	if (tunnel_is_zero(src, 16))
		return "tunnel: no source address";
	if (tunnel_is_zero(dst, 16))
		return "tunnel: no destination address";
	if (tun->family == 4 && (src[0] >> 4 == 0xe ||
				 !memcmp(src, broadcast, sizeof(broadcast))))
		return "tunnel: source address is not of one host";
	if (tun->family == 6 && src[0] == 0xff)
		return "tunnel: source address is not of one host";
	return NULL;
}

static const char *tunnel_fault(const struct cvsw_tunnel *tun,
				const struct cvsw_tunnel_type *type)
{
	if (be64_to_cpu(tun->id) > type->id_max)
		return "tunnel: id too large";
	if (tunnel_is_zero(tun->dl_src, CVSW_ETH_ALEN))
		return "tunnel: no source MAC";
	if (tunnel_is_zero(tun->dl_dst, CVSW_ETH_ALEN))
		return "tunnel: no destination MAC";
	if (tun->dl_src[0] & 1)
		return "tunnel: source MAC is a group address";
	if (tun->tos & ~CVSW_TOS_DSCP_MASK)
		return "tunnel: low bits of tos set";
	if (tun->flags & ~CVSW_TUNNEL_F_MASK)
		return "tunnel: unknown flag";
	if (tun->pad)
		return "tunnel: pad is not zero";
	return tunnel_addr_fault(tun);
}

static int tunnel_error(struct cvsw_error *err, const char *text, int code)
{
	if (err)
		*err = (struct cvsw_error){ .text = text, .index = -1, .sub = -1 };
	return code;
}

int cvsw_tunnel_check(const struct cvsw_tunnel *tun, struct cvsw_error *err)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(tun->kind);
	const char *fault;

	if (tun->kind == CVSW_TUNNEL_NONE || tun->kind > CVSW_TUNNEL_STT)
		return tunnel_error(err, "tunnel: unknown kind", -EINVAL);
	if (!type)
		return tunnel_error(err, "tunnel: kind not supported",
				    -EOPNOTSUPP);
	fault = tunnel_fault(tun, type);
	return fault ? tunnel_error(err, fault, -EINVAL) : 0;
}

/* Templates */

static void tunnel_header4(struct cvsw_tunnel_template *tmpl,
			   const struct cvsw_tunnel *tun)
{
	struct cvsw_ipv4_hdr *ip = (void *)(tmpl->hdr + CVSW_ETH_HLEN);

	ip->ver_ihl = 0x45;
	if (!(tun->flags & CVSW_TUNNEL_F_NO_DF))
		ip->frag_off = cpu_to_be16(CVSW_IPV4_DF);
	ip->proto = CVSW_IPPROTO_UDP;
	memcpy(ip->src, tun->nw_src, sizeof(ip->src));
	memcpy(ip->dst, tun->nw_dst, sizeof(ip->dst));
	tmpl->sum = (u16)~(__force u16)cvsw_csum_ipv4(ip);
	tmpl->l4 = CVSW_ETH_HLEN + CVSW_IPV4_HLEN;
}

static void tunnel_header6(struct cvsw_tunnel_template *tmpl,
			   const struct cvsw_tunnel *tun)
{
	struct cvsw_ipv6_hdr *ip = (void *)(tmpl->hdr + CVSW_ETH_HLEN);

	ip->ver_tc_flow = cpu_to_be32(0x60000000);
	ip->nexthdr = CVSW_IPPROTO_UDP;
	memcpy(ip->src, tun->nw_src, sizeof(ip->src));
	memcpy(ip->dst, tun->nw_dst, sizeof(ip->dst));
	tmpl->l4 = CVSW_ETH_HLEN + CVSW_IPV6_HLEN;
}

#define TUNNEL_COMMON_L4	(CVSW_ETH_HLEN + CVSW_IPV4_HLEN)
#define TUNNEL_COMMON_LEN	(TUNNEL_COMMON_L4 + CVSW_UDP_HLEN + 8)

/* the template of an IPv4 underlay with an 8-byte header and no extras? */
static bool tunnel_is_common(const struct cvsw_tunnel_template *tmpl)
{
	return tmpl->l4 == TUNNEL_COMMON_L4 && tmpl->len == TUNNEL_COMMON_LEN &&
	       !(tmpl->flags & (CVSW_TUNNEL_F_CSUM | CVSW_TUNNEL_F_NO_DF));
}

void cvsw_tunnel_template_init(struct cvsw_tunnel_template *tmpl,
			       const struct cvsw_tunnel *tun)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(tun->kind);
	struct cvsw_eth_hdr *eth = (void *)tmpl->hdr;
	bool v6 = tun->family == 6;
	struct cvsw_udp_hdr *udp;

	memset(tmpl, 0, sizeof(*tmpl));
	tmpl->type = type;
	tmpl->tos = tun->tos;
	tmpl->ttl = tun->ttl ? tun->ttl : CVSW_TUNNEL_TTL_DEFAULT;
	tmpl->flags = (u8)tun->flags;
	tmpl->tos_base = tmpl->tos;
	tmpl->tos_mask = CVSW_IP_ECN_MASK;
	if (tun->flags & CVSW_TUNNEL_F_TOS_INHERIT) {
		tmpl->tos_base = 0;
		tmpl->tos_mask = 0xff;
	}
	tmpl->ttl_base = tmpl->ttl;
	if (tun->flags & CVSW_TUNNEL_F_TTL_INHERIT) {
		tmpl->ttl_base = 0;
		tmpl->ttl_mask = 0xff;
	}

	memcpy(eth->dst, tun->dl_dst, CVSW_ETH_ALEN);
	memcpy(eth->src, tun->dl_src, CVSW_ETH_ALEN);
	eth->type = cpu_to_be16(v6 ? CVSW_ETH_P_IPV6 : CVSW_ETH_P_IPV4);
	if (v6)
		tunnel_header6(tmpl, tun);
	else
		tunnel_header4(tmpl, tun);
	udp = (void *)(tmpl->hdr + tmpl->l4);
	udp->dport = tun->tp_dst ? tun->tp_dst : cpu_to_be16(type->port);
	type->header(udp + 1, tun);
	tmpl->len = (u8)(tmpl->l4 + CVSW_UDP_HLEN + type->hlen);
	tmpl->common = tunnel_is_common(tmpl);
}

/* Push */

/*
 * struct tunnel_inner - what the outer headers take from the inner frame
 * @hash: of its flow
 * @tos:  its TOS byte, that of the endpoint when it is not IP
 * @ttl:  its TTL, likewise
 */
struct tunnel_inner {
	u64	hash;
	u8	tos;
	u8	ttl;
};

static __always_inline u64 tunnel_mix(u64 a, u64 b)
{
	a ^= b * 0x9e3779b97f4a7c15ULL;
	a *= 0xd6e8feb86659fd93ULL;
	a ^= a >> 32;
	return a * 0xd6e8feb86659fd93ULL;
}

static __always_inline u64 tunnel_mix_ports(u64 addrs, const u8 *ports,
					    u8 proto)
{
	return tunnel_mix(addrs, (u64)get_unaligned_be32(ports) << 8 | proto);
}

/*
 * Ports and protocol go into the hash, but not in fragments: all those of one
 * packet are to take the same way.
 */
static u64 tunnel_hash(const struct cvsw_pkt *pkt, u64 addrs)
{
	const u8 *ports;

	if (!pkt->l4 || pkt->frag)
		return tunnel_mix(addrs, 0);
	ports = cvsw_pkt_header(pkt, pkt->l4, 4);
	if (ports && (pkt->l4_proto == CVSW_IPPROTO_TCP ||
		      pkt->l4_proto == CVSW_IPPROTO_UDP ||
		      pkt->l4_proto == CVSW_IPPROTO_SCTP))
		return tunnel_mix_ports(addrs, ports, pkt->l4_proto);
	return tunnel_mix(addrs, pkt->l4_proto);
}

static struct tunnel_inner tunnel_inner_ipv4(const struct cvsw_pkt *pkt,
					     const struct cvsw_ipv4_hdr *ip)
{
	return (struct tunnel_inner){
		.hash = tunnel_hash(pkt, get_unaligned_be64(ip->src)),
		.tos = ip->tos,
		.ttl = ip->ttl,
	};
}

static struct tunnel_inner tunnel_inner_ipv6(const struct cvsw_pkt *pkt,
					     const struct cvsw_ipv6_hdr *ip)
{
	struct tunnel_inner in = {
		.tos = cvsw_ipv6_tos(ip),
		.ttl = ip->hop_limit,
	};

	in.hash = tunnel_mix(get_unaligned_be64(ip->src),
			     get_unaligned_be64(ip->src + 8));
	in.hash = tunnel_mix(in.hash, get_unaligned_be64(ip->dst));
	in.hash = tunnel_mix(in.hash, get_unaligned_be64(ip->dst + 8));
	in.hash = tunnel_hash(pkt, in.hash);
	return in;
}

static struct tunnel_inner
tunnel_inner_other(const struct cvsw_pkt *pkt,
		   const struct cvsw_tunnel_template *tmpl)
{
	const u8 *eth = cvsw_pkt_header(pkt, 0, CVSW_ETH_HLEN);
	struct tunnel_inner in = { .tos = tmpl->tos, .ttl = tmpl->ttl };

	if (eth)
		in.hash = tunnel_mix(get_unaligned_be64(eth),
				     get_unaligned_be64(eth + 6));
	return in;
}

static struct tunnel_inner
tunnel_inner_read(struct cvsw_pkt *pkt, const struct cvsw_tunnel_template *tmpl)
{
	unsigned int ver = cvsw_ip_version(pkt);
	const void *ip;

	ip = cvsw_pkt_header(pkt, pkt->l3,
			     ver == 6 ? CVSW_IPV6_HLEN : CVSW_IPV4_HLEN);
	if (!ver || !ip)
		return tunnel_inner_other(pkt, tmpl);
	return ver == 6 ? tunnel_inner_ipv6(pkt, ip) :
			  tunnel_inner_ipv4(pkt, ip);
}

/*
 * An outer packet that may be fragmented needs an ID of its own (RFC 6864).
 * There is no counter to take it from, so it is a hash of the first bytes of
 * the inner packet, which differ from packet to packet: IP ID, TCP sequence
 * number, checksums.
 */
static noinline __be16 tunnel_ip_id(const struct cvsw_pkt *pkt, u64 hash)
{
	u32 len = cvsw_pkt_len(pkt);
	const u8 *bytes;
	u32 off;

	for (off = CVSW_ETH_HLEN; off + 8 <= len && off < 96; off += 8) {
		bytes = cvsw_pkt_header(pkt, off, 8);
		if (!bytes)
			break;
		hash = tunnel_mix(hash, get_unaligned_be64(bytes));
	}
	return cpu_to_be16((u16)(hash >> 48));
}

static __always_inline u8
tunnel_outer_tos(const struct cvsw_tunnel_template *tmpl,
		 struct tunnel_inner in)
{
	return tmpl->tos_base | (in.tos & tmpl->tos_mask);
}

static __always_inline u8
tunnel_outer_ttl(const struct cvsw_tunnel_template *tmpl,
		 struct tunnel_inner in)
{
	return tmpl->ttl_base | (in.ttl & tmpl->ttl_mask);
}

/* @len: bytes of the outer IP packet */
static __always_inline void
tunnel_fill4(struct cvsw_ipv4_hdr *ip, const struct cvsw_tunnel_template *tmpl,
	     struct tunnel_inner in, u32 len, __be16 id)
{
	__be16 ttl;

	ip->tos = tunnel_outer_tos(tmpl, in);
	ip->ttl = tunnel_outer_ttl(tmpl, in);
	ip->tot_len = cpu_to_be16((u16)len);
	if (id)
		ip->id = id;
	ttl = cpu_to_be16((u16)(ip->ttl << 8));
	ip->check = cvsw_csum_fold(tmpl->sum + cvsw_csum_word(ip->tot_len) +
				   cvsw_csum_word(cpu_to_be16(ip->tos)) +
				   cvsw_csum_word(id) + cvsw_csum_word(ttl));
}

static __always_inline void
tunnel_fill6(struct cvsw_ipv6_hdr *ip, const struct cvsw_tunnel_template *tmpl,
	     struct tunnel_inner in, u32 len)
{
	cvsw_ipv6_tos_put(ip, tunnel_outer_tos(tmpl, in));
	ip->hop_limit = tunnel_outer_ttl(tmpl, in);
	ip->payload_len = cpu_to_be16((u16)(len - CVSW_IPV6_HLEN));
}

static noinline enum cvsw_drop tunnel_drop(int err)
{
	switch (err) {
	case -ENOMEM:
		return CVSW_DROP_NO_MEMORY;
	case -EMSGSIZE:
		return CVSW_DROP_TUNNEL_LONG;
	default:
		return CVSW_DROP_OFFLOAD;
	}
}

static __always_inline void tunnel_fill_udp(struct cvsw_udp_hdr *udp, u64 hash,
					    u32 len)
{
	udp->sport = cpu_to_be16((u16)(CVSW_TUNNEL_SPORT_MIN |
				       hash >> (64 - CVSW_TUNNEL_SPORT_BITS)));
	udp->len = cpu_to_be16((u16)len);
}

static noinline enum cvsw_drop
tunnel_push_any(struct cvsw_pkt *pkt, const struct cvsw_tunnel_template *tmpl)
{
	struct tunnel_inner in = tunnel_inner_read(pkt, tmpl);
	u32 len = cvsw_pkt_len(pkt) + tmpl->len;
	u64 words[CVSW_TUNNEL_HDR_MAX / 8];
	u8 *hdr = (u8 *)words;
	__be16 id = 0;
	int err;

	memcpy(hdr, tmpl->hdr, sizeof(words));
	if (tmpl->flags & CVSW_TUNNEL_F_NO_DF)
		id = tunnel_ip_id(pkt, in.hash);
	if (tmpl->l4 == CVSW_ETH_HLEN + CVSW_IPV4_HLEN)
		tunnel_fill4((void *)(hdr + CVSW_ETH_HLEN), tmpl, in,
			     len - CVSW_ETH_HLEN, id);
	else
		tunnel_fill6((void *)(hdr + CVSW_ETH_HLEN), tmpl, in,
			     len - CVSW_ETH_HLEN);
	tunnel_fill_udp((void *)(hdr + tmpl->l4), in.hash, len - tmpl->l4);
	err = cvsw_pkt_encap(pkt, hdr, tmpl->len, CVSW_ETH_HLEN, tmpl->l4,
			     tmpl->flags & CVSW_TUNNEL_F_CSUM);
	return err ? tunnel_drop(err) : CVSW_DROP_NONE;
}

/* an unfragmented IPv4 packet of TCP or UDP, its parse results known? */
static __always_inline bool tunnel_inner_is_common(const struct cvsw_pkt *pkt)
{
	return likely(pkt->l4 && !pkt->frag &&
		      (pkt->l4_proto == CVSW_IPPROTO_UDP ||
		       pkt->l4_proto == CVSW_IPPROTO_TCP));
}

/*
 * As tunnel_push_any().  The common case is written out with constant lengths,
 * so that it is straight code and its copies are a few moves.
 */
enum cvsw_drop cvsw_tunnel_push_udp(struct cvsw_pkt *pkt,
				    const struct cvsw_tunnel_template *tmpl)
{
	const struct cvsw_ipv4_hdr *ip;
	u32 l3 = pkt->l3, l4 = pkt->l4;
	struct tunnel_inner in;
	const u8 *ports;
	u32 len;
	u8 *hdr;

	if (unlikely(!tmpl->common || !tunnel_inner_is_common(pkt)))
		return tunnel_push_any(pkt, tmpl);
	ports = cvsw_pkt_header(pkt, l4, 4);
	if (unlikely(!ports))
		return tunnel_push_any(pkt, tmpl);
	ip = (const void *)(ports - l4 + l3);
	if (unlikely(ip->ver_ihl >> 4 != 4))
		return tunnel_push_any(pkt, tmpl);
	hdr = cvsw_pkt_encap_now(pkt, tmpl->hdr, TUNNEL_COMMON_LEN,
				 CVSW_ETH_HLEN, TUNNEL_COMMON_L4);
	if (unlikely(!hdr))
		return tunnel_push_any(pkt, tmpl);
	ip = (const void *)(hdr + TUNNEL_COMMON_LEN + l3);
	ports = hdr + TUNNEL_COMMON_LEN + l4;
	in.hash = tunnel_mix_ports(get_unaligned_be64(ip->src), ports,
				   pkt->l4_proto);
	in.tos = ip->tos;
	in.ttl = ip->ttl;
	len = cvsw_pkt_len(pkt);
	tunnel_fill4((void *)(hdr + CVSW_ETH_HLEN), tmpl, in,
		     len - CVSW_ETH_HLEN, 0);
	tunnel_fill_udp((void *)(hdr + TUNNEL_COMMON_L4), in.hash,
			len - TUNNEL_COMMON_L4);
	return CVSW_DROP_NONE;
}

/* Pop */

enum cvsw_drop cvsw_tunnel_pop(struct cvsw_pkt *pkt, unsigned int kind)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(kind);

	return likely(type) ? type->pop(pkt) : CVSW_DROP_NOT_TUNNEL;
}

void cvsw_tunnel_peek_id(const struct cvsw_pkt *pkt, struct cvsw_key *key,
			 unsigned int kind)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(kind);
	__be64 id;

	if (type && type->peek(pkt, pkt->l4 + CVSW_UDP_HLEN, &id))
		key->tun_id = id;
}

/*
 * Is the outer UDP checksum right, as far as there is one?  One that a device
 * verified or that is yet to be completed is, and so is one above a partial
 * inner checksum: both come from the same sender.
 */
static bool tunnel_csum_good(const struct cvsw_pkt *pkt,
			     const struct cvsw_offload *off, unsigned int ver,
			     u32 len)
{
	const struct cvsw_ipv4_hdr *ip4;
	const struct cvsw_ipv6_hdr *ip6;
	u32 pseudo;

	if (off->csum != CVSW_CSUM_NONE)
		return true;
	if (ver == 4) {
		ip4 = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV4_HLEN);
		pseudo = cvsw_csum_pseudo4(ip4->src, ip4->dst,
					   CVSW_IPPROTO_UDP, len);
	} else {
		ip6 = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV6_HLEN);
		pseudo = cvsw_csum_pseudo6(ip6->src, ip6->dst,
					   CVSW_IPPROTO_UDP, len);
	}
	return cvsw_csum_good(pkt, pseudo, pkt->l4, len);
}

/* is the frame cut into segments, if at all, with regard to its tunnel? */
static bool tunnel_gso_good(const struct cvsw_pkt *pkt,
			    const struct cvsw_offload *off)
{
	if (likely(off->gso_type == CVSW_GSO_NONE))
		return true;
	return off->tunnel && off->outer_l4 == pkt->l4;
}

static u8 tunnel_outer_ecn(const struct cvsw_pkt *pkt, unsigned int ver)
{
	const u8 *ip = cvsw_pkt_header(pkt, pkt->l3, 2);
	u8 tos = ver == 4 ? ip[1] : cvsw_ipv6_tos(ip);

	return tos & CVSW_IP_ECN_MASK;
}

enum cvsw_drop cvsw_tunnel_open_udp(struct cvsw_pkt *pkt,
				    struct cvsw_tunnel_outer *outer)
{
	unsigned int ver = cvsw_ip_version(pkt);
	const struct cvsw_udp_hdr *udp;
	struct cvsw_offload off;
	u32 len;

	if (!ver)
		return CVSW_DROP_NOT_TUNNEL;
	if (pkt->frag)
		return CVSW_DROP_TUNNEL_FRAG;
	if (pkt->l4_proto != CVSW_IPPROTO_UDP)
		return CVSW_DROP_NOT_TUNNEL;
	udp = cvsw_pkt_header(pkt, pkt->l4, CVSW_UDP_HLEN);
	if (!pkt->l4 || !udp)
		return CVSW_DROP_TUNNEL_SHORT;
	len = be16_to_cpu(udp->len);
	outer->hdr = pkt->l4 + CVSW_UDP_HLEN;
	outer->end = pkt->l4 + len;
	if (len < CVSW_UDP_HLEN || outer->end > (u32)pkt->l3 + pkt->l3_len)
		return CVSW_DROP_TUNNEL_SHORT;

	cvsw_pkt_offload_get(pkt, &off);
	if (!tunnel_gso_good(pkt, &off))
		return CVSW_DROP_OFFLOAD;
	if (udp->check && !tunnel_csum_good(pkt, &off, ver, len))
		return CVSW_DROP_TUNNEL_CSUM;
	outer->ecn = tunnel_outer_ecn(pkt, ver);
	return CVSW_DROP_NONE;
}

#define TUNNEL_ECN_DROP	0xff

/*
 * RFC 6040 figure 4, [outer][inner].  Not-ECT is 0, ECT(1) is 1, ECT(0) is 2
 * and CE is 3.
 */
static const u8 tunnel_ecn[4][4] = {
	{ 0,			1,	2,	3 },
	{ 0,			1,	1,	3 },
	{ 0,			1,	2,	3 },
	{ TUNNEL_ECN_DROP,	3,	3,	3 },
};

/* give the frame just popped the ECN field that its outer header asks for */
static enum cvsw_drop tunnel_ecn_merge(struct cvsw_pkt *pkt, u8 outer)
{
	unsigned int ver = cvsw_ip_version(pkt);
	u8 inner, ecn;

	if (!ver)
		return CVSW_DROP_NONE;
	inner = tunnel_outer_ecn(pkt, ver);
	ecn = tunnel_ecn[outer][inner];
	if (ecn == TUNNEL_ECN_DROP)
		return CVSW_DROP_TUNNEL_ECN;
	if (ecn == inner)
		return CVSW_DROP_NONE;
	return cvsw_ip_tos_set(pkt, ecn, CVSW_IP_ECN_MASK);
}

enum cvsw_drop cvsw_tunnel_close(struct cvsw_pkt *pkt,
				 const struct cvsw_tunnel_outer *outer,
				 u32 inner, __be64 id)
{
	int err;

	if (inner + CVSW_ETH_HLEN > outer->end)
		return CVSW_DROP_TUNNEL_SHORT;
	err = cvsw_pkt_trim(pkt, outer->end);
	if (!err)
		err = cvsw_pkt_decap(pkt, inner);
	if (unlikely(err))
		return tunnel_drop(err);
	pkt->tun_id = id;
	return outer->ecn ? tunnel_ecn_merge(pkt, outer->ecn) : CVSW_DROP_NONE;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Into tunnels: templates, and what pushes of all types have in common. */

#include "tunnel.h"

#include "csum.h"
#include "ip.h"

/* Templates */

static void push_header4(struct cvsw_tunnel_template *tmpl,
			 const struct cvsw_tunnel *tun)
{
	struct cvsw_ipv4_hdr *ip = (void *)(tmpl->hdr + CVSW_ETH_HLEN);

	ip->ver_ihl = 0x45;
	if (!(tun->flags & CVSW_TUNNEL_F_NO_DF))
		ip->frag_off = cpu_to_be16(CVSW_IPV4_DF);
	ip->proto = tmpl->type->proto;
	memcpy(ip->src, tun->nw_src, sizeof(ip->src));
	memcpy(ip->dst, tun->nw_dst, sizeof(ip->dst));
	tmpl->sum = (u16)~(__force u16)cvsw_csum_ipv4(ip);
	tmpl->l4 = CVSW_ETH_HLEN + CVSW_IPV4_HLEN;
}

static void push_header6(struct cvsw_tunnel_template *tmpl,
			 const struct cvsw_tunnel *tun)
{
	struct cvsw_ipv6_hdr *ip = (void *)(tmpl->hdr + CVSW_ETH_HLEN);

	ip->ver_tc_flow = cpu_to_be32(0x60000000);
	ip->nexthdr = tmpl->type->proto;
	memcpy(ip->src, tun->nw_src, sizeof(ip->src));
	memcpy(ip->dst, tun->nw_dst, sizeof(ip->dst));
	tmpl->l4 = CVSW_ETH_HLEN + CVSW_IPV6_HLEN;
}

#define PUSH_COMMON_L4	(CVSW_ETH_HLEN + CVSW_IPV4_HLEN)
#define PUSH_COMMON_LEN	(PUSH_COMMON_L4 + CVSW_UDP_HLEN + 8)

static enum cvsw_drop push_udp_plain(struct cvsw_pkt *pkt,
				     const struct cvsw_tunnel_template *tmpl,
				     const struct cvsw_tunnel_tx *tx);

/* the template of an IPv4 underlay with an 8-byte header and no extras? */
static bool push_is_common(const struct cvsw_tunnel_template *tmpl)
{
	return tmpl->type->proto == CVSW_IPPROTO_UDP && !tmpl->open &&
	       tmpl->l4 == PUSH_COMMON_L4 && tmpl->len == PUSH_COMMON_LEN &&
	       !(tmpl->flags & (CVSW_TUNNEL_F_CSUM | CVSW_TUNNEL_F_NO_DF |
				CVSW_TUNNEL_F_ID_FLOW));
}

static u8 push_open(const struct cvsw_tunnel *tun)
{
	u8 open = 0;

	if (cvsw_is_zero(tun->dl_src, sizeof(tun->dl_src)))
		open |= CVSW_TUNNEL_OPEN_DL_SRC;
	if (cvsw_is_zero(tun->dl_dst, sizeof(tun->dl_dst)))
		open |= CVSW_TUNNEL_OPEN_DL_DST;
	if (cvsw_is_zero(tun->nw_src, sizeof(tun->nw_src)))
		open |= CVSW_TUNNEL_OPEN_NW_SRC;
	return open;
}

static void push_inherit(struct cvsw_tunnel_template *tmpl,
			 const struct cvsw_tunnel *tun)
{
	tmpl->tos = tun->tos;
	tmpl->ttl = tun->ttl ? tun->ttl : CVSW_TUNNEL_TTL_DEFAULT;
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
}

/* L4 ports, for the types that have them at the same place as UDP */
static void push_ports(struct cvsw_tunnel_template *tmpl,
		       const struct cvsw_tunnel *tun)
{
	struct cvsw_udp_hdr *udp = (void *)(tmpl->hdr + tmpl->l4);

	if (tmpl->type->port)
		udp->dport = tun->tp_dst ? tun->tp_dst :
					   cpu_to_be16(tmpl->type->port);
}

static void push_option(u8 *hdr, const struct cvsw_tunnel_opt *opt)
{
	struct cvsw_geneve_opt_hdr *geneve = (void *)hdr;

	geneve->opt_class = opt->opt_class;
	geneve->type = opt->type;
	geneve->len = opt->len / 4;
	memcpy(geneve + 1, opt->data, opt->len);
}

size_t cvsw_tunnel_template_size(const struct cvsw_tunnel *tun, u32 opts)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(tun->kind);
	size_t len = CVSW_ETH_HLEN;

	len += tun->family == 6 ? CVSW_IPV6_HLEN : CVSW_IPV4_HLEN;
	len += type->l4_len + type->hlen + opts;
	return sizeof(struct cvsw_tunnel_template) + (len + 7) / 8 * 8;
}

void cvsw_tunnel_template_init(struct cvsw_tunnel_template *tmpl,
			       const struct cvsw_tunnel *tun,
			       const struct cvsw_tunnel_opt *opt,
			       unsigned int n_opts, size_t stride)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(tun->kind);
	struct cvsw_eth_hdr *eth = (void *)tmpl->hdr;
	bool v6 = tun->family == 6, critical = false;
	u32 hlen, opts = 0;
	u8 *hdr;

	tmpl->type = type;
	tmpl->flags = (u8)tun->flags;
	tmpl->open = push_open(tun);
	push_inherit(tmpl, tun);

	memcpy(eth->dst, tun->dl_dst, CVSW_ETH_ALEN);
	memcpy(eth->src, tun->dl_src, CVSW_ETH_ALEN);
	eth->type = cpu_to_be16(v6 ? CVSW_ETH_P_IPV6 : CVSW_ETH_P_IPV4);
	if (v6)
		push_header6(tmpl, tun);
	else
		push_header4(tmpl, tun);
	push_ports(tmpl, tun);
	hlen = tmpl->l4 + type->l4_len;
	hdr = tmpl->hdr + hlen;
	hlen += type->hlen;
	while (n_opts--) {
		push_option(tmpl->hdr + hlen + opts, opt);
		opts += cvsw_tunnel_opt_size(opt);
		critical |= opt->type & CVSW_TUNNEL_OPT_CRITICAL;
		opt = (const void *)((const u8 *)opt + stride);
	}
	if (type->header)
		type->header(hdr, opts, critical);
	type->id(hdr, tun->id);
	tmpl->len = (u16)(hlen + opts);
	tmpl->push = push_is_common(tmpl) ? push_udp_plain : type->push;
	if (!tmpl->open && !type->any_len &&
	    !(tun->flags & (CVSW_TUNNEL_F_CLAMP_MSS | CVSW_TUNNEL_F_ID_FLOW)) &&
	    opts <= 32)
		tmpl->short_len = CVSW_TUNNEL_SHORT;
}

/* Push */

static __always_inline u64 push_mix(u64 a, u64 b)
{
	a ^= b * 0x9e3779b97f4a7c15ULL;
	a *= 0xd6e8feb86659fd93ULL;
	a ^= a >> 32;
	return a * 0xd6e8feb86659fd93ULL;
}

/* bytes as they lie in memory, for a hash */
static __always_inline u64 push_load8(const void *p)
{
	u64 word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* both addresses */
static __always_inline u64 push_load_ipv4(const struct cvsw_ipv4_hdr *ip)
{
	return push_load8((const u8 *)ip + offsetof(struct cvsw_ipv4_hdr, src));
}

static __always_inline u64 push_mix_ports(u64 addrs, const u8 *ports,
					  u8 proto)
{
	u32 word;

	memcpy(&word, ports, sizeof(word));
	return push_mix(addrs, (u64)word << 8 | proto);
}

/*
 * Ports and protocol go into the hash, but not in fragments: all those of one
 * packet are to take the same way.
 */
static u64 push_hash(const struct cvsw_pkt *pkt, u64 addrs)
{
	const u8 *ports;

	if (!pkt->l4 || pkt->frag)
		return push_mix(addrs, 0);
	ports = cvsw_pkt_header(pkt, pkt->l4, 4);
	if (ports && (pkt->l4_proto == CVSW_IPPROTO_TCP ||
		      pkt->l4_proto == CVSW_IPPROTO_UDP ||
		      pkt->l4_proto == CVSW_IPPROTO_SCTP))
		return push_mix_ports(addrs, ports, pkt->l4_proto);
	return push_mix(addrs, pkt->l4_proto);
}

static struct cvsw_tunnel_inner push_inner_ipv4(const struct cvsw_pkt *pkt,
					     const struct cvsw_ipv4_hdr *ip)
{
	struct cvsw_tunnel_inner in = { .tos = ip->tos, .ttl = ip->ttl };

	in.hash = push_hash(pkt, push_load_ipv4(ip));
	return in;
}

static struct cvsw_tunnel_inner push_inner_ipv6(const struct cvsw_pkt *pkt,
					     const struct cvsw_ipv6_hdr *ip)
{
	struct cvsw_tunnel_inner in = {
		.tos = cvsw_ipv6_tos(ip),
		.ttl = ip->hop_limit,
	};

	in.hash = push_mix(push_load8(ip->src),
			     push_load8(ip->src + 8));
	in.hash = push_mix(in.hash, push_load8(ip->dst));
	in.hash = push_mix(in.hash, push_load8(ip->dst + 8));
	in.hash = push_hash(pkt, in.hash);
	return in;
}

static struct cvsw_tunnel_inner
push_inner_other(const struct cvsw_pkt *pkt,
		   const struct cvsw_tunnel_template *tmpl)
{
	const u8 *eth = cvsw_pkt_header(pkt, 0, CVSW_ETH_HLEN);
	struct cvsw_tunnel_inner in = { .tos = tmpl->tos, .ttl = tmpl->ttl };

	if (eth)
		in.hash = push_mix(push_load8(eth),
				     push_load8(eth + 6));
	return in;
}

struct cvsw_tunnel_inner
cvsw_tunnel_inner_read(struct cvsw_pkt *pkt,
		       const struct cvsw_tunnel_template *tmpl)
{
	unsigned int ver = cvsw_ip_version(pkt);
	const void *ip;

	ip = cvsw_pkt_header(pkt, pkt->l3,
			     ver == 6 ? CVSW_IPV6_HLEN : CVSW_IPV4_HLEN);
	if (!ver || !ip)
		return push_inner_other(pkt, tmpl);
	return ver == 6 ? push_inner_ipv6(pkt, ip) :
			  push_inner_ipv4(pkt, ip);
}

/*
 * An outer packet that may be fragmented needs an ID of its own (RFC 6864).
 * There is no counter to take it from, so it is a hash of the first bytes of
 * the inner packet, which differ from packet to packet: IP ID, TCP sequence
 * number, checksums.
 */
static noinline __be16 push_ip_id(const struct cvsw_pkt *pkt, u64 hash)
{
	u32 len = cvsw_pkt_len(pkt);
	const u8 *bytes;
	u32 off;

	for (off = CVSW_ETH_HLEN; off + 8 <= len && off < 96; off += 8) {
		bytes = cvsw_pkt_header(pkt, off, 8);
		if (!bytes)
			break;
		hash = push_mix(hash, push_load8(bytes));
	}
	return cpu_to_be16((u16)(hash >> 48));
}

static __always_inline u8
push_tos(const struct cvsw_tunnel_template *tmpl,
		 struct cvsw_tunnel_inner in)
{
	return tmpl->tos_base | (in.tos & tmpl->tos_mask);
}

static __always_inline u8
push_ttl(const struct cvsw_tunnel_template *tmpl,
		 struct cvsw_tunnel_inner in)
{
	return tmpl->ttl_base | (in.ttl & tmpl->ttl_mask);
}

/* @len: bytes of the outer IP packet */
static __always_inline void
push_fill4(struct cvsw_ipv4_hdr *ip, const struct cvsw_tunnel_template *tmpl,
	     struct cvsw_tunnel_inner in, u32 len, __be16 id, u32 sum)
{
	__be16 ttl;

	ip->tos = push_tos(tmpl, in);
	ip->ttl = push_ttl(tmpl, in);
	ip->tot_len = cpu_to_be16((u16)len);
	if (id)
		ip->id = id;
	ttl = cpu_to_be16((u16)(ip->ttl << 8));
	ip->check = cvsw_csum_fold(tmpl->sum + sum +
				   cvsw_csum_word(ip->tot_len) +
				   cvsw_csum_word(cpu_to_be16(ip->tos)) +
				   cvsw_csum_word(id) + cvsw_csum_word(ttl));
}

static __always_inline void
push_fill6(struct cvsw_ipv6_hdr *ip, const struct cvsw_tunnel_template *tmpl,
	     struct cvsw_tunnel_inner in, u32 len)
{
	cvsw_ipv6_tos_put(ip, push_tos(tmpl, in));
	ip->hop_limit = push_ttl(tmpl, in);
	ip->payload_len = cpu_to_be16((u16)(len - CVSW_IPV6_HLEN));
}

noinline enum cvsw_drop cvsw_tunnel_error(const struct cvsw_pkt *pkt, int err)
{
	switch (err) {
	case -ENOMEM:
		return CVSW_DROP_NO_MEMORY;
	case -EMSGSIZE:
		return cvsw_pkt_is_super(pkt) ? (enum cvsw_drop)CVSW_CUT :
						CVSW_DROP_TUNNEL_LONG;
	case -EOPNOTSUPP:
		return CVSW_CUT;
	default:
		return CVSW_DROP_OFFLOAD;
	}
}

static __always_inline void push_fill_udp(struct cvsw_udp_hdr *udp, u64 hash,
					  u32 len)
{
	udp->sport = cvsw_tunnel_sport(hash);
	udp->len = cpu_to_be16((u16)len);
}

/* fill in what the way to the far end says; the sum of it */
static u32 push_way(u8 *hdr, const struct cvsw_tunnel_template *tmpl,
		    const struct cvsw_way *way)
{
	struct cvsw_eth_hdr *eth = (void *)hdr;
	struct cvsw_ipv4_hdr *ip4 = (void *)(eth + 1);
	struct cvsw_ipv6_hdr *ip6 = (void *)(eth + 1);
	__be16 src[2];

	if (tmpl->open & CVSW_TUNNEL_OPEN_DL_SRC)
		memcpy(eth->src, way->dl_src, CVSW_ETH_ALEN);
	if (tmpl->open & CVSW_TUNNEL_OPEN_DL_DST)
		memcpy(eth->dst, way->dl_dst, CVSW_ETH_ALEN);
	if (!(tmpl->open & CVSW_TUNNEL_OPEN_NW_SRC))
		return 0;
	if (tmpl->l4 != PUSH_COMMON_L4) {
		memcpy(ip6->src, way->nw_src, sizeof(ip6->src));
		return 0;
	}
	memcpy(ip4->src, way->nw_src, sizeof(ip4->src));
	memcpy(src, way->nw_src, sizeof(src));
	return cvsw_csum_word(src[0]) + cvsw_csum_word(src[1]);
}

u8 *cvsw_tunnel_outer_make(struct cvsw_tunnel_outer *outer,
			   const struct cvsw_pkt *pkt,
			   const struct cvsw_tunnel_template *tmpl,
			   const struct cvsw_tunnel_tx *tx,
			   struct cvsw_tunnel_inner in, u32 len)
{
	u8 *hdr = (u8 *)outer->word;
	__be16 id = 0;
	u32 sum = 0;

	memcpy(hdr, tmpl->hdr, tmpl->len);
	if (tmpl->open)
		sum = push_way(hdr, tmpl, tx->way);
	if (tmpl->flags & CVSW_TUNNEL_F_ID_FLOW)
		tmpl->type->id(hdr + tmpl->l4 + tmpl->type->l4_len, pkt->tun_id);
	if (tmpl->flags & CVSW_TUNNEL_F_NO_DF)
		id = push_ip_id(pkt, in.hash);
	if (tmpl->l4 == PUSH_COMMON_L4)
		push_fill4((void *)(hdr + CVSW_ETH_HLEN), tmpl, in,
			     len - CVSW_ETH_HLEN, id, sum);
	else
		push_fill6((void *)(hdr + CVSW_ETH_HLEN), tmpl, in,
			     len - CVSW_ETH_HLEN);
	return hdr;
}

enum cvsw_drop cvsw_tunnel_push_udp(struct cvsw_pkt *pkt,
				    const struct cvsw_tunnel_template *tmpl,
				    const struct cvsw_tunnel_tx *tx)
{
	bool csum = tmpl->flags & CVSW_TUNNEL_F_CSUM;
	struct cvsw_tunnel_outer outer;
	struct cvsw_tunnel_inner in;
	struct cvsw_udp_hdr *udp;
	u8 *hdr;
	u32 len;
	int err;

	err = cvsw_pkt_vlan_in_band(pkt);
	if (err)
		return cvsw_tunnel_error(pkt, err);
	in = cvsw_tunnel_inner_read(pkt, tmpl);
	len = cvsw_pkt_len(pkt) + tmpl->len;
	hdr = cvsw_tunnel_outer_make(&outer, pkt, tmpl, tx, in, len);
	udp = (void *)(hdr + tmpl->l4);
	len -= tmpl->l4;
	push_fill_udp(udp, in.hash, len);
	if (csum)
		udp->check = cvsw_csum_seed(cvsw_csum_pseudo(
			hdr + CVSW_ETH_HLEN, CVSW_IPPROTO_UDP, len));
	err = cvsw_pkt_encap(pkt, hdr, tmpl->len, CVSW_ETH_HLEN, tmpl->l4,
			     csum);
	return err ? cvsw_tunnel_error(pkt, err) : CVSW_DROP_NONE;
}

/* offsets in a plain frame */
#define PUSH_PLAIN_L3	CVSW_ETH_HLEN
#define PUSH_PLAIN_L4	(CVSW_ETH_HLEN + CVSW_IPV4_HLEN)

/*
 * An unfragmented packet of TCP or UDP over IPv4 without options or tag, its
 * parse results known?  Nothing else has L4 so early.
 */
static __always_inline bool push_is_plain(const struct cvsw_pkt *pkt)
{
	return pkt->l4 == PUSH_PLAIN_L4 && cvsw_ip_is_plain(pkt);
}

/*
 * As cvsw_tunnel_push_udp(), of which this is what most frames need written
 * out with constant offsets and lengths: straight code, whose copies are a few
 * moves.
 */
static enum cvsw_drop push_udp_plain(struct cvsw_pkt *pkt,
				     const struct cvsw_tunnel_template *tmpl,
				     const struct cvsw_tunnel_tx *tx)
{
	const struct cvsw_ipv4_hdr *ip;
	struct cvsw_tunnel_inner in;
	u32 len;
	u8 *hdr;

	if (unlikely(!push_is_plain(pkt)))
		return cvsw_tunnel_push_udp(pkt, tmpl, tx);
	hdr = cvsw_pkt_encap_now(pkt, tmpl->hdr, PUSH_COMMON_LEN,
				 CVSW_ETH_HLEN, PUSH_COMMON_L4);
	if (unlikely(!hdr))
		return cvsw_tunnel_push_udp(pkt, tmpl, tx);
	ip = (const void *)(hdr + PUSH_COMMON_LEN + PUSH_PLAIN_L3);
	in.hash = push_mix_ports(push_load_ipv4(ip),
				 hdr + PUSH_COMMON_LEN + PUSH_PLAIN_L4,
				 pkt->l4_proto);
	in.tos = ip->tos;
	in.ttl = ip->ttl;
	len = cvsw_pkt_len(pkt);
	push_fill4((void *)(hdr + CVSW_ETH_HLEN), tmpl, in,
		   len - CVSW_ETH_HLEN, 0, 0);
	push_fill_udp((void *)(hdr + PUSH_COMMON_L4), in.hash,
		      len - PUSH_COMMON_L4);
	return CVSW_DROP_NONE;
}

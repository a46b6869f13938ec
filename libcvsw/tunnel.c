// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Tunnel types, their endpoints, and what pops of all types have in common. */

#include "tunnel.h"

#include "csum.h"
#include "ip.h"

#define TUNNEL_ENTRY(kind, symbol)	[CVSW_TUNNEL_##kind] = &symbol,
static const struct cvsw_tunnel_type *const tunnel_types[] = {
	CVSW_TUNNEL_TYPES(TUNNEL_ENTRY)
};
#undef TUNNEL_ENTRY
static_assert(ARRAY_SIZE(tunnel_types) ==
	      ARRAY_SIZE(((struct cvsw_tunnel_ports *)NULL)->port),
	      "each type has a port");

const struct cvsw_tunnel_type *cvsw_tunnel_type_get(unsigned int kind)
{
	return kind < ARRAY_SIZE(tunnel_types) ? tunnel_types[kind] : NULL;
}

/* Endpoints */

static const char *tunnel_addr_fault(const struct cvsw_tunnel *tun)
{
	static const u8 broadcast[4] = { 0xff, 0xff, 0xff, 0xff };
	const u8 *src = tun->nw_src, *dst = tun->nw_dst;

	if (tun->family != 4 && tun->family != 6)
		return "tunnel: IP version is neither 4 nor 6";
	if (tun->family == 4 && (!cvsw_is_zero(src + 4, 12) ||
				 !cvsw_is_zero(dst + 4, 12)))
		return "tunnel: more than an IPv4 address";
	if (cvsw_is_zero(dst, 16))
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
	if (tun->dl_src[0] & 1)
		return "tunnel: source MAC is a group address";
	if (tun->tos & ~CVSW_TOS_DSCP_MASK)
		return "tunnel: low bits of tos set";
	if (tun->flags & ~CVSW_TUNNEL_F_MASK)
		return "tunnel: unknown flag";
	if (tun->flags & CVSW_TUNNEL_F_ID_FLOW && tun->id)
		return "tunnel: an id, and that of the frame";
	if (tun->flags & CVSW_TUNNEL_F_CSUM && type->proto != CVSW_IPPROTO_UDP)
		return "tunnel: checksum flag on a tunnel without UDP";
	if (tun->tp_dst && !type->port)
		return "tunnel: port on a tunnel without ports";
	if (tun->pad)
		return "tunnel: pad is not zero";
	return tunnel_addr_fault(tun);
}

static int tunnel_error(struct cvsw_error *err, const char *text)
{
	if (err)
		*err = (struct cvsw_error){ .text = text, .index = -1, .sub = -1 };
	return -EINVAL;
}

int cvsw_tunnel_check(const struct cvsw_tunnel *tun, struct cvsw_error *err)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(tun->kind);
	const char *fault;

	if (!type)
		return tunnel_error(err, "tunnel: unknown kind");
	fault = tunnel_fault(tun, type);
	return fault ? tunnel_error(err, fault) : 0;
}

int cvsw_tunnel_opt_check(const struct cvsw_tunnel_opt *opt,
			  struct cvsw_error *err)
{
	if (opt->len > CVSW_TUNNEL_OPT_DATA || opt->len % 4)
		return tunnel_error(err, "option: length is not a multiple of 4 up to 124");
	if (!cvsw_is_zero(opt->data + opt->len,
			  CVSW_TUNNEL_OPT_DATA - opt->len))
		return tunnel_error(err, "option: data behind its length");
	return 0;
}

/* Look */

void cvsw_tunnel_ports_init(struct cvsw_tunnel_ports *ports,
			    const struct cvsw_config *config)
{
	unsigned int i;

	ports->mask = 0;
	ports->port[CVSW_TUNNEL_VXLAN] = cpu_to_be16(config->vxlan_port);
	ports->port[CVSW_TUNNEL_GENEVE] = cpu_to_be16(config->geneve_port);
	ports->port[CVSW_TUNNEL_NVGRE] = 0;	/* GRE has no ports */
	ports->port[CVSW_TUNNEL_STT] = cpu_to_be16(config->stt_port);
	for (i = CVSW_TUNNEL_VXLAN; i <= CVSW_TUNNEL_STT; i++)
		ports->mask |= 1ull << cvsw_tunnel_port_bit(ports->port[i]);
}

noinline void cvsw_tunnel_peek_any(struct cvsw_pkt *pkt, struct cvsw_key *key,
				   const struct cvsw_tunnel_ports *ports,
				   const struct cvsw_opts *opts)
{
	const struct cvsw_tunnel_type *type;
	u64 popped = pkt->tun_opts;
	unsigned int i;
	__be64 id;

	if (!pkt->l4 || pkt->frag)
		return;
	for (i = CVSW_TUNNEL_VXLAN; i < ARRAY_SIZE(tunnel_types); i++) {
		type = tunnel_types[i];
		if (!type || key->tp_dst != ports->port[i] ||
		    pkt->l4_proto != type->proto)
			continue;
		pkt->tun_opts = 0;
		if (type->peek(pkt, pkt->l4 + type->l4_len, opts, &id))
			key->tun_id = id;
		else
			pkt->tun_opts = popped;
		return;
	}
}

/* Pop */

enum cvsw_drop cvsw_tunnel_pop(struct cvsw_pkt *pkt, unsigned int kind,
			       struct cvsw_tunnel_rx *rx)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(kind);

	return likely(type) ? type->pop(pkt, rx) : CVSW_DROP_NOT_TUNNEL;
}

/*
 * Is the outer checksum right, as far as there is one?  One that a device
 * verified or that is yet to be completed is, and so is one above a partial
 * inner checksum: both come from the same sender.
 */
bool cvsw_tunnel_csum_good(const struct cvsw_pkt *pkt,
			   const struct cvsw_offload *off, u8 ver, u32 len)
{
	const void *ip;

	if (off->csum != CVSW_CSUM_NONE)
		return true;
	ip = cvsw_pkt_header(pkt, pkt->l3, ver == 4 ? CVSW_IPV4_HLEN :
						      CVSW_IPV6_HLEN);
	return cvsw_csum_good(pkt, cvsw_csum_pseudo(ip, pkt->l4_proto, len),
			      pkt->l4, len);
}

noinline enum cvsw_drop
cvsw_tunnel_super_any(const struct cvsw_pkt *pkt,
		      const struct cvsw_offload *off)
{
	if (off->tunnel && off->outer_l4 == pkt->l4)
		return CVSW_DROP_NONE;
	/* many datagrams, each with a frame: merged by the underlay */
	if (off->gso_type == CVSW_GSO_UDP_L4 && off->csum_start == pkt->l4)
		return CVSW_CUT;
	return CVSW_DROP_OFFLOAD;
}

static u8 tunnel_outer_ecn(const struct cvsw_pkt *pkt, unsigned int ver)
{
	const u8 *ip = cvsw_pkt_header(pkt, pkt->l3, 2);
	u8 tos = ver == 4 ? ip[1] : cvsw_ipv6_tos(ip);

	return tos & CVSW_IP_ECN_MASK;
}

static __always_inline enum cvsw_drop
tunnel_open(struct cvsw_pkt *pkt, u8 proto, u32 l4_len,
	    struct cvsw_tunnel_opened *outer)
{
	unsigned int ver = cvsw_ip_version(pkt);

	if (!ver)
		return CVSW_DROP_NOT_TUNNEL;
	if (pkt->frag)
		return CVSW_DROP_TUNNEL_FRAG;
	if (pkt->l4_proto != proto)
		return CVSW_DROP_NOT_TUNNEL;
	outer->ver = (u8)ver;
	outer->hdr = pkt->l4 + l4_len;
	outer->end = (u32)pkt->l3 + pkt->l3_len;
	if (!pkt->l4 || outer->hdr > outer->end)
		return CVSW_DROP_TUNNEL_SHORT;
	outer->ecn = tunnel_outer_ecn(pkt, ver);
	return CVSW_DROP_NONE;
}

enum cvsw_drop cvsw_tunnel_open(struct cvsw_pkt *pkt, u8 proto, u32 l4_len,
				struct cvsw_tunnel_opened *outer)
{
	return tunnel_open(pkt, proto, l4_len, outer);
}

enum cvsw_drop cvsw_tunnel_open_udp(struct cvsw_pkt *pkt,
				    struct cvsw_tunnel_opened *outer)
{
	const struct cvsw_udp_hdr *udp;
	struct cvsw_offload off;
	enum cvsw_drop why;
	u32 len;

	why = tunnel_open(pkt, CVSW_IPPROTO_UDP, CVSW_UDP_HLEN, outer);
	if (why)
		return why;
	udp = cvsw_pkt_header(pkt, pkt->l4, CVSW_UDP_HLEN);
	if (!udp)
		return CVSW_DROP_TUNNEL_SHORT;
	if (unlikely(cvsw_pkt_is_super(pkt))) {
		cvsw_pkt_offload_get(pkt, &off);
		why = cvsw_tunnel_super_fault(pkt, &off);
		if (why)
			return why;
	}
	len = be16_to_cpu(udp->len);
	if (len < CVSW_UDP_HLEN || pkt->l4 + len > outer->end)
		return CVSW_DROP_TUNNEL_SHORT;
	outer->end = pkt->l4 + len;
	if (!udp->check)
		return CVSW_DROP_NONE;
	cvsw_pkt_offload_get(pkt, &off);
	return cvsw_tunnel_csum_good(pkt, &off, outer->ver, len) ?
	       CVSW_DROP_NONE : CVSW_DROP_TUNNEL_CSUM;
}

#define TUNNEL_ECN_DROP	0xff

/*
 * RFC 6040 figure 4, [outer][inner].  Not-ECT is 0, ECT(1) is 1, ECT(0) is 2
 * and CE is 3.
 */
static const u8 tunnel_ecn_merged[4][4] = {
	{ 0,			1,	2,	3 },
	{ 0,			1,	1,	3 },
	{ 0,			1,	2,	3 },
	{ TUNNEL_ECN_DROP,	3,	3,	3 },
};

enum cvsw_drop cvsw_tunnel_ecn(struct cvsw_pkt *pkt, u8 outer)
{
	unsigned int ver = cvsw_ip_version(pkt);
	u8 inner, ecn;

	if (!ver)
		return CVSW_DROP_NONE;
	inner = tunnel_outer_ecn(pkt, ver);
	ecn = tunnel_ecn_merged[outer][inner];
	if (ecn == TUNNEL_ECN_DROP)
		return CVSW_DROP_TUNNEL_ECN;
	if (ecn == inner)
		return CVSW_DROP_NONE;
	return cvsw_ip_tos_set(pkt, ecn, CVSW_IP_ECN_MASK);
}

enum cvsw_drop cvsw_tunnel_close(struct cvsw_pkt *pkt,
				 const struct cvsw_tunnel_opened *outer,
				 u32 inner, __be64 id)
{
	int err;

	if (inner + CVSW_ETH_HLEN > outer->end)
		return CVSW_DROP_TUNNEL_SHORT;
	err = cvsw_pkt_trim(pkt, outer->end);
	if (!err)
		err = cvsw_pkt_decap(pkt, inner);
	if (unlikely(err))
		return cvsw_tunnel_error(pkt, err);
	pkt->tun_id = id;
	pkt->tun_opts = 0;
	pkt->popped = true;
	return outer->ecn ? cvsw_tunnel_ecn(pkt, outer->ecn) : CVSW_DROP_NONE;
}

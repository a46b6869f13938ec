/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TUNNEL_H
#define CVSW_TUNNEL_H

/*
 * Tunnels: the registry of tunnel types, and what all that run over UDP share.
 *
 * A type is one const struct cvsw_tunnel_type in a file of its own, entered in
 * CVSW_TUNNEL_TYPES below; nothing else knows it by name.
 *
 * An endpoint is turned once, when its flow is installed, into a template:
 * the whole stack of outer headers.  Pushing copies it and fills in what
 * differs from frame to frame: lengths, source port, DSCP, ECN and TTL where
 * they follow the inner frame, and the IPv4 header checksum.
 *
 * All of it is const after that.  Any worker may push and pop at any time.
 */

#include <cvsw/drop.h>
#include <cvsw/flow.h>
#include <cvsw/switch.h>

#include "hdr.h"
#include "pkt_ops.h"

/* The types: X(enum cvsw_tunnel_kind without its prefix, symbol) */
#define CVSW_TUNNEL_TYPES(X)						\
	X(VXLAN,	cvsw_tunnel_vxlan)

/* Ethernet, IPv6, UDP and the longest tunnel header, in whole words */
#define CVSW_TUNNEL_HDR_MAX	72

#define CVSW_TUNNEL_TTL_DEFAULT	64

/* outer source ports: CVSW_TUNNEL_SPORT_MIN up, 14 bits of flow hash */
#define CVSW_TUNNEL_SPORT_MIN	0xc000
#define CVSW_TUNNEL_SPORT_BITS	14

struct cvsw_tunnel_type;

/**
 * struct cvsw_tunnel_template - outer headers of one endpoint, ready to copy
 * @type:     of the tunnel
 * @sum:      sum of the outer IPv4 header without what differs per frame
 * @len:      bytes of @hdr in use
 * @l4:       offset of the outer L4 header in @hdr
 * @flags:    CVSW_TUNNEL_F_*
 * @common:   outer IPv4 with DF, UDP without checksum, an 8-byte header
 * @tos:      outer DSCP << 2 around what is not IP
 * @ttl:      outer TTL around what is not IP
 * @tos_base: outer TOS is this and the bits of the inner one in @tos_mask
 * @tos_mask: ECN, and DSCP when it is inherited
 * @ttl_base: likewise outer TTL
 * @ttl_mask: all ones when it is inherited, else 0
 * @hdr:      Ethernet header to tunnel header
 */
struct cvsw_tunnel_template {
	const struct cvsw_tunnel_type *type;
	u32	sum;
	u8	len;
	u8	l4;
	u8	flags;
	u8	common;
	u8	tos;
	u8	ttl;
	u8	tos_base;
	u8	tos_mask;
	u8	ttl_base;
	u8	ttl_mask;
	u8	pad[2];
	u8	hdr[CVSW_TUNNEL_HDR_MAX];
};

/**
 * struct cvsw_tunnel_type - a tunnel type
 * @name:   "VXLAN"
 * @id_max: highest id
 * @port:   destination port when the endpoint names none; host order
 * @hlen:   bytes of the tunnel header behind the outer L4 header
 * @header: write the tunnel header, @hlen bytes at @hdr
 * @push:   put a frame into the tunnel
 * @pop:    take one out
 * @peek:   the id, if there is a right tunnel header at @off of a frame
 */
struct cvsw_tunnel_type {
	const char	*name;
	u64		id_max;
	u16		port;
	u8		hlen;
	void		(*header)(void *hdr, const struct cvsw_tunnel *tun);
	enum cvsw_drop	(*push)(struct cvsw_pkt *pkt,
				const struct cvsw_tunnel_template *tmpl);
	enum cvsw_drop	(*pop)(struct cvsw_pkt *pkt);
	bool		(*peek)(const struct cvsw_pkt *pkt, u32 off, __be64 *id);
};

#define CVSW_TUNNEL_EXTERN(kind, symbol)				\
	extern const struct cvsw_tunnel_type symbol;
CVSW_TUNNEL_TYPES(CVSW_TUNNEL_EXTERN)
#undef CVSW_TUNNEL_EXTERN

/* Install */

/** cvsw_tunnel_type_get - the type of @kind, NULL when this build has none */
const struct cvsw_tunnel_type *cvsw_tunnel_type_get(unsigned int kind);

/**
 * cvsw_tunnel_check - is @tun an endpoint that frames can be sent to?
 * @err: receives the text of what is wrong; may be NULL
 * Return: 0, -EOPNOTSUPP for a kind without a type, or -EINVAL.
 */
int cvsw_tunnel_check(const struct cvsw_tunnel *tun, struct cvsw_error *err);

/** cvsw_tunnel_template_init - make the template of @tun, which was checked */
void cvsw_tunnel_template_init(struct cvsw_tunnel_template *tmpl,
			       const struct cvsw_tunnel *tun);

/* Frames.  Push and pop leave the parse results of @pkt unknown (l3 is 0) */

/**
 * cvsw_tunnel_push - put a frame into a tunnel
 * @pkt:  the inner frame; parse results right or unknown
 * @tmpl: the endpoint
 *
 * A super-frame becomes a tunnel super-frame.
 *
 * Return: CVSW_DROP_NONE; _TUNNEL_LONG: longer than CVSW_FRAME_MAX then (the
 * segments of a super-frame may fit); _OFFLOAD: a super-frame that is inside
 * a tunnel already; _NO_MEMORY.  @pkt is still the caller's.
 */
static inline enum cvsw_drop __must_check
cvsw_tunnel_push(struct cvsw_pkt *pkt, const struct cvsw_tunnel_template *tmpl)
{
	return tmpl->type->push(pkt, tmpl);
}

/**
 * cvsw_tunnel_pop - take a frame out of its tunnel
 * @pkt:  the outer frame; parse results right or unknown
 * @kind: the tunnel that it must be in.  The destination port is not looked
 *        at: which frames are of this tunnel is for the flow's match to say
 *
 * Sets pkt->tun_id to the id it came with.
 *
 * Return: CVSW_DROP_NONE; _NOT_TUNNEL, _TUNNEL_SHORT, _TUNNEL_FLAGS,
 * _TUNNEL_CSUM, _TUNNEL_ECN, _TUNNEL_FRAG; _OFFLOAD: a super-frame cut without
 * regard to tunnels; _NO_MEMORY.  @pkt is still the caller's, and after a
 * failure of no use.
 */
enum cvsw_drop __must_check cvsw_tunnel_pop(struct cvsw_pkt *pkt,
					    unsigned int kind);

/* out of line part of cvsw_tunnel_peek() */
void cvsw_tunnel_peek_id(const struct cvsw_pkt *pkt, struct cvsw_key *key,
			 unsigned int kind);

/**
 * cvsw_tunnel_peek - put the id of a tunnelled frame into its key
 * @pkt:        the frame
 * @key:        from cvsw_key_extract(); tun_id is set when it is VXLAN
 * @vxlan_port: UDP destination port that means VXLAN
 */
static inline void cvsw_tunnel_peek(const struct cvsw_pkt *pkt,
				    struct cvsw_key *key, __be16 vxlan_port)
{
	if (unlikely(key->tp_dst == vxlan_port) &&
	    pkt->l4_proto == CVSW_IPPROTO_UDP && pkt->l4 && !pkt->frag)
		cvsw_tunnel_peek_id(pkt, key, CVSW_TUNNEL_VXLAN);
}

/* For the types that run over UDP */

/** cvsw_tunnel_push_udp - ->push of such a type */
enum cvsw_drop cvsw_tunnel_push_udp(struct cvsw_pkt *pkt,
				    const struct cvsw_tunnel_template *tmpl);

/**
 * struct cvsw_tunnel_outer - outer headers of a frame to be popped
 * @hdr: offset of the tunnel header, behind the UDP header
 * @end: end of the UDP datagram
 * @ecn: of the outer IP header
 */
struct cvsw_tunnel_outer {
	u32	hdr;
	u32	end;
	u8	ecn;
};

/** cvsw_tunnel_open_udp - check outer headers up to UDP, checksum included */
enum cvsw_drop cvsw_tunnel_open_udp(struct cvsw_pkt *pkt,
				    struct cvsw_tunnel_outer *outer);

/**
 * cvsw_tunnel_close - the second half of a ->pop
 * @outer: from the first half
 * @inner: offset of the inner frame
 * @id:    of the tunnel
 *
 * Takes the outer headers off and gives the inner frame the ECN field of RFC
 * 6040.
 */
enum cvsw_drop cvsw_tunnel_close(struct cvsw_pkt *pkt,
				 const struct cvsw_tunnel_outer *outer,
				 u32 inner, __be64 id);

#endif /* CVSW_TUNNEL_H */

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
#include "path.h"
#include "pkt_ops.h"

/* The types: X(enum cvsw_tunnel_kind without its prefix, symbol) */
#define CVSW_TUNNEL_TYPES(X)						\
	X(VXLAN,	cvsw_tunnel_vxlan)				\
	X(GENEVE,	cvsw_tunnel_geneve)				\
	X(NVGRE,	cvsw_tunnel_nvgre)				\
	X(STT,		cvsw_tunnel_stt)

/* Ethernet, IPv6, and the longest behind it (Geneve with options), in words */
#define CVSW_TUNNEL_HDR_MAX	(56 + 8 + 8 + CVSW_TUNNEL_OPTS_MAX + 4)

#define CVSW_TUNNEL_TTL_DEFAULT	64

/* outer source ports: CVSW_TUNNEL_SPORT_MIN up, 14 bits of flow hash */
#define CVSW_TUNNEL_SPORT_MIN	0xc000
#define CVSW_TUNNEL_SPORT_BITS	14

/* frames up to this long fit every tunnel over every path */
#define CVSW_TUNNEL_SHORT	(CVSW_PMTU_MIN4 - 40 - 40)

struct cvsw_opts;
struct cvsw_path;
struct cvsw_reasm;
struct cvsw_tunnel_type;
struct cvsw_tunnel_tx;

/* struct cvsw_tunnel_template.open: what the way to the far end fills in */
#define CVSW_TUNNEL_OPEN_DL_SRC	0x1
#define CVSW_TUNNEL_OPEN_DL_DST	0x2
#define CVSW_TUNNEL_OPEN_NW_SRC	0x4
#define CVSW_TUNNEL_OPEN_PORT	0x8	/* where to output to */

/**
 * struct cvsw_tunnel_template - outer headers of one endpoint, ready to copy
 * @type:     of the tunnel
 * @push:     puts a frame into it, see cvsw_tunnel_push()
 * @path:     to its far end; NULL where there are no paths.  The flow holds
 *            the reference
 * @sum:      sum of the outer IPv4 header without what differs per frame, or
 *            comes from the way
 * @out_port: port of the first OUTPUT behind the PUSH in its list, 0 for none
 * @short_len: frames up to this long need nothing of struct cvsw_tunnel_tx, and
 *            have the id that is in @hdr: 0 when none does
 * @len:      bytes of @hdr in use
 * @l4:       offset of the outer L4 header in @hdr
 * @flags:    CVSW_TUNNEL_F_*
 * @open:     CVSW_TUNNEL_OPEN_*
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
	enum cvsw_drop (*push)(struct cvsw_pkt *pkt,
			       const struct cvsw_tunnel_template *tmpl,
			       const struct cvsw_tunnel_tx *tx);
	struct cvsw_path *path;
	u32	sum;
	u16	out_port;
	u16	short_len;
	u16	len;
	u8	l4;
	u8	flags;
	u8	open;
	u8	tos;
	u8	ttl;
	u8	tos_base;
	u8	tos_mask;
	u8	ttl_base;
	u8	ttl_mask;
	u8	pad[5];
	u8	hdr[];
};
static_assert(sizeof(struct cvsw_tunnel_template) % 8 == 0, "hdr is aligned");

/**
 * struct cvsw_tunnel_tx - what a push knows beside frame and template
 * @way:   to the far end; NULL when the template is not open
 * @frame: the worker's: identifier of the frame that was pushed last, among
 *         those of a type whose frames have one; counts in
 *         CVSW_TUNNEL_FRAME_STEP, so that workers never have the same
 * @mtu:   longest outer IP packet, 0 when that is not known
 */
struct cvsw_tunnel_tx {
	const struct cvsw_way	*way;
	u32			*frame;
	u32			mtu;
};

#define CVSW_TUNNEL_FRAME_STEP	CVSW_WORKERS_MAX

/**
 * struct cvsw_tunnel_rx - what a pop needs beside the frame; one worker's
 * @reasm: for frames that come in pieces, made when first needed
 * @opts:  options that flows ask for, NULL for none
 * @drops: drop counters, by cause, for frames that were held; NULL: nothing
 *         may be held (a trace)
 * @seed:  secret start value for hash functions
 * @now:   ns
 */
struct cvsw_tunnel_rx {
	struct cvsw_reasm	*reasm;
	const struct cvsw_opts	*opts;
	u64			*drops;
	u64			seed;
	u64			now;
};

/**
 * struct cvsw_tunnel_type - a tunnel type
 * @name:    "VXLAN"
 * @id_max:  highest id
 * @port:    destination port when the endpoint names none; host order, 0 for a
 *           type without ports
 * @proto:   CVSW_IPPROTO_* of the outer L4 header
 * @l4_len:  bytes of that header
 * @hlen:    bytes of the tunnel header behind it, without options
 * @opts:    takes Geneve options
 * @any_len: what is pushed may be longer than the outer MTU
 * @header:  write the fixed part of the tunnel header but for the id, @hlen
 *           zeroed bytes at @hdr; @opts: bytes of options that follow and are
 *           written already, @critical: one of them is.  May be NULL
 * @id:      write the id, at most @id_max
 * @push:    put a frame into the tunnel
 * @pop:     take one out
 * @peek:    is there a right tunnel header at @off of a frame?  Its id, and in
 *           pkt->tun_opts its options
 */
struct cvsw_tunnel_type {
	const char	*name;
	u64		id_max;
	u16		port;
	u8		proto;
	u8		l4_len;
	u8		hlen;
	bool		opts;
	bool		any_len;
	void		(*header)(void *hdr, u32 opts, bool critical);
	void		(*id)(void *hdr, __be64 id);
	enum cvsw_drop	(*push)(struct cvsw_pkt *pkt,
				const struct cvsw_tunnel_template *tmpl,
				const struct cvsw_tunnel_tx *tx);
	enum cvsw_drop	(*pop)(struct cvsw_pkt *pkt, struct cvsw_tunnel_rx *rx);
	bool		(*peek)(struct cvsw_pkt *pkt, u32 off,
				const struct cvsw_opts *opts, __be64 *id);
};

#define CVSW_TUNNEL_EXTERN(kind, symbol)				\
	extern const struct cvsw_tunnel_type symbol;
CVSW_TUNNEL_TYPES(CVSW_TUNNEL_EXTERN)
#undef CVSW_TUNNEL_EXTERN

/* Install */

/** cvsw_tunnel_type_get - the type of @kind, NULL when there is none */
const struct cvsw_tunnel_type *cvsw_tunnel_type_get(unsigned int kind);

/**
 * cvsw_tunnel_check - is @tun an endpoint that frames can be sent to?
 * @err: receives the text of what is wrong; may be NULL
 * Return: 0, or -EINVAL.
 */
int cvsw_tunnel_check(const struct cvsw_tunnel *tun, struct cvsw_error *err);

/** cvsw_tunnel_opt_check - is @opt an option that a header can have? */
int cvsw_tunnel_opt_check(const struct cvsw_tunnel_opt *opt,
			  struct cvsw_error *err);

/* an address that is left out, or the rest of a field: are all @n bytes 0? */
static inline bool cvsw_is_zero(const u8 *bytes, u32 n)
{
	u8 any = 0;

	while (n--)
		any |= *bytes++;
	return !any;
}

/* bytes that an option takes in a header */
static inline u32 cvsw_tunnel_opt_size(const struct cvsw_tunnel_opt *opt)
{
	return 4 + opt->len;
}

/** cvsw_tunnel_template_size - bytes of the template of @tun, a multiple of 8
 * @opts: bytes of its options in the header */
size_t cvsw_tunnel_template_size(const struct cvsw_tunnel *tun, u32 opts);

/**
 * cvsw_tunnel_template_init - make the template of @tun, which was checked
 * @tmpl: zeroed, of cvsw_tunnel_template_size()
 * @opt:  of @stride bytes each; @n_opts of them, which were checked
 */
void cvsw_tunnel_template_init(struct cvsw_tunnel_template *tmpl,
			       const struct cvsw_tunnel *tun,
			       const struct cvsw_tunnel_opt *opt,
			       unsigned int n_opts, size_t stride);

/* Frames.  Push and pop leave the parse results of @pkt unknown (l3 is 0) */

/**
 * cvsw_tunnel_push - put a frame into a tunnel
 * @pkt:  the inner frame; parse results right or unknown
 * @tmpl: the endpoint
 * @tx:   may be NULL for a frame of at most tmpl->short_len
 *
 * A super-frame becomes a tunnel super-frame.  Whether it fits the tx->mtu is
 * for the caller to look after.
 *
 * Return: CVSW_DROP_NONE; _TUNNEL_LONG: longer than CVSW_FRAME_MAX then;
 * _TUNNEL_VLAN; _NO_MEMORY; _OFFLOAD; CVSW_CUT: only its segments can be
 * pushed.  @pkt is still the caller's.
 */
static inline enum cvsw_drop __must_check
cvsw_tunnel_push(struct cvsw_pkt *pkt, const struct cvsw_tunnel_template *tmpl,
		 const struct cvsw_tunnel_tx *tx)
{
	return tmpl->push(pkt, tmpl, tx);
}

/**
 * cvsw_tunnel_pop - take a frame out of its tunnel
 * @pkt:  the outer frame; parse results right or unknown
 * @kind: the tunnel that it must be in.  The destination port is not looked
 *        at: which frames are of this tunnel is for the flow's match to say
 * @rx:   of the calling worker
 *
 * Sets pkt->tun_id and pkt->tun_opts to what it came with, and pkt->popped.
 *
 * Return: CVSW_DROP_NONE; CVSW_CUT: only its segments can be popped;
 * CVSW_HELD: it waits for the rest of its frame, or that was given up and
 * counted, and @pkt is taken (not so where nothing may be held); or why it is
 * dropped: _NOT_TUNNEL, _TUNNEL_*, _REASM_LENGTH, _OFFLOAD, _NO_MEMORY, and
 * @pkt is still the caller's, but of no use.
 */
enum cvsw_drop __must_check cvsw_tunnel_pop(struct cvsw_pkt *pkt,
					    unsigned int kind,
					    struct cvsw_tunnel_rx *rx);

/**
 * struct cvsw_tunnel_ports - by which frames show their tunnel id
 * @mask: bit cvsw_tunnel_port_bit() of each port
 * @port: by enum cvsw_tunnel_kind
 */
struct cvsw_tunnel_ports {
	u64	mask;
	__be16	port[CVSW_TUNNEL_STT + 1];
};

/* one bit of 64 for each port, seldom that of a tunnel for any other */
static inline u32 cvsw_tunnel_port_bit(__be16 port)
{
	return (__force u16)port * 0x9e3779b1u >> 26;
}

/** cvsw_tunnel_ports_init - those of a switch's settings */
void cvsw_tunnel_ports_init(struct cvsw_tunnel_ports *ports,
			    const struct cvsw_config *config);

/* out of line part of cvsw_tunnel_peek() */
void cvsw_tunnel_peek_any(struct cvsw_pkt *pkt, struct cvsw_key *key,
			  const struct cvsw_tunnel_ports *ports,
			  const struct cvsw_opts *opts);

/**
 * cvsw_tunnel_peek - put the id of a tunnelled frame into its key, and its
 * options into @pkt
 * @pkt:   the frame
 * @key:   from cvsw_key_extract()
 */
static inline void cvsw_tunnel_peek(struct cvsw_pkt *pkt, struct cvsw_key *key,
				    const struct cvsw_tunnel_ports *ports,
				    const struct cvsw_opts *opts)
{
	if (unlikely(ports->mask >> cvsw_tunnel_port_bit(key->tp_dst) & 1))
		cvsw_tunnel_peek_any(pkt, key, ports, opts);
}

/* For the types: push */

/**
 * struct cvsw_tunnel_inner - what the outer headers take from the inner frame
 * @hash: of its flow
 * @tos:  its TOS byte, that of the endpoint when it is not IP
 * @ttl:  its TTL, likewise
 */
struct cvsw_tunnel_inner {
	u64	hash;
	u8	tos;
	u8	ttl;
};

/** cvsw_tunnel_outer - the outer headers of one frame, in words on the stack */
struct cvsw_tunnel_outer {
	u64	word[CVSW_TUNNEL_HDR_MAX / 8];
};

/** cvsw_tunnel_inner_read - look at the frame that is about to be pushed */
struct cvsw_tunnel_inner
cvsw_tunnel_inner_read(struct cvsw_pkt *pkt,
		       const struct cvsw_tunnel_template *tmpl);

/** cvsw_tunnel_sport - an outer source port, from the flow's hash */
static inline __be16 cvsw_tunnel_sport(u64 hash)
{
	return cpu_to_be16((u16)(CVSW_TUNNEL_SPORT_MIN |
				 hash >> (64 - CVSW_TUNNEL_SPORT_BITS)));
}

/**
 * cvsw_tunnel_outer_make - outer headers around @pkt, all but the L4 header and
 * what is behind it, which is as in the template
 * @len: bytes of the outer frame
 * Return: the first of tmpl->len bytes, in @outer.
 */
u8 *cvsw_tunnel_outer_make(struct cvsw_tunnel_outer *outer,
			   const struct cvsw_pkt *pkt,
			   const struct cvsw_tunnel_template *tmpl,
			   const struct cvsw_tunnel_tx *tx,
			   struct cvsw_tunnel_inner inner, u32 len);

/** cvsw_tunnel_error - what a failed cvsw_pkt_*() makes of a push or pop of @pkt:
 * CVSW_CUT where segments fit of which the whole is too long */
enum cvsw_drop cvsw_tunnel_error(const struct cvsw_pkt *pkt, int err);

/** cvsw_tunnel_push_udp - ->push of the types that run over UDP */
enum cvsw_drop cvsw_tunnel_push_udp(struct cvsw_pkt *pkt,
				    const struct cvsw_tunnel_template *tmpl,
				    const struct cvsw_tunnel_tx *tx);

/* For the types: pop */

/**
 * struct cvsw_tunnel_opened - outer headers of a frame to be popped
 * @hdr: offset of the tunnel header, behind the outer L4 header
 * @end: end of the outer IP packet, or of its UDP datagram
 * @ver: of the outer IP header
 * @ecn: likewise
 */
struct cvsw_tunnel_opened {
	u32	hdr;
	u32	end;
	u8	ver;
	u8	ecn;
};

/**
 * cvsw_tunnel_open - check outer headers up to L4, not a fragment
 * @proto: CVSW_IPPROTO_* that it must be
 * @l4_len: bytes of the L4 header
 */
enum cvsw_drop cvsw_tunnel_open(struct cvsw_pkt *pkt, u8 proto, u32 l4_len,
				struct cvsw_tunnel_opened *outer);

/** cvsw_tunnel_open_udp - the same for UDP, checksum and offloads included */
enum cvsw_drop cvsw_tunnel_open_udp(struct cvsw_pkt *pkt,
				    struct cvsw_tunnel_opened *outer);

/* out of line part of cvsw_tunnel_super_fault() */
enum cvsw_drop cvsw_tunnel_super_any(const struct cvsw_pkt *pkt,
				     const struct cvsw_offload *off);

/**
 * cvsw_tunnel_super_fault - can a frame be popped as it is, if it is a super-frame?
 * @off: its offload state
 *
 * It can when its segments repeat the headers at pkt->l4.
 *
 * Return: CVSW_DROP_NONE; CVSW_CUT: each of its segments is in a tunnel of its
 * own; CVSW_DROP_OFFLOAD.
 */
static __always_inline enum cvsw_drop
cvsw_tunnel_super_fault(const struct cvsw_pkt *pkt,
			const struct cvsw_offload *off)
{
	return likely(off->gso_type == CVSW_GSO_NONE) ?
	       CVSW_DROP_NONE : cvsw_tunnel_super_any(pkt, off);
}

/** cvsw_tunnel_csum_good - is the checksum of the outer L4 header of @len bytes
 * with its payload right, or vouched for? */
bool cvsw_tunnel_csum_good(const struct cvsw_pkt *pkt,
			   const struct cvsw_offload *off, u8 ver, u32 len);

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
				 const struct cvsw_tunnel_opened *outer,
				 u32 inner, __be64 id);

/** cvsw_tunnel_ecn - the last of it: @ecn of the outer header into a frame that
 * was popped */
enum cvsw_drop cvsw_tunnel_ecn(struct cvsw_pkt *pkt, u8 ecn);

#endif /* CVSW_TUNNEL_H */

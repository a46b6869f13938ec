/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_PKT_OPS_H
#define CVSW_PKT_OPS_H

/*
 * The packet vocabulary: all that the core does to a frame.  Documented here
 * once; the bodies are in pkt_os.h, of which kmod/ (over struct sk_buff) and
 * libcvsw/user/ (over struct cvsw_buf) have one each, picked by -I.
 *
 * struct cvsw_pkt is a small descriptor on the stack of whoever handles the
 * frame; the frame itself is behind the handle @frame.  Offset 0 is always
 * the first byte of the outermost Ethernet header.  The outer 802.1Q tag may
 * be out of band (skb) or in band (TAP): only the _vlan_ calls know, and for
 * every other call the frame is untagged if and only if it is so in band.
 *
 * Calls that return a pointer return NULL, and those that return int a
 * negative errno, when it cannot be done; the frame is then unchanged and
 * still the caller's.  Pointers hold until the next call that moves, opens,
 * clones or makes writable, or that asks cvsw_pkt_header() or
 * cvsw_pkt_vlan_get() for bytes further behind than any before: these may have
 * to be put beside the others first (tests/moving.tap).  What was asked for
 * once is there as long as the frame is not moved.
 */

#include "hdr.h"

/**
 * enum cvsw_csum_kind - what is known of the innermost L4 checksum
 * @CVSW_CSUM_NONE:    nothing; it is in the frame, maybe wrong
 * @CVSW_CSUM_GOOD:    it was verified (VIRTIO_NET_HDR_F_DATA_VALID)
 * @CVSW_CSUM_PARTIAL: the field holds the pseudo-header sum; whoever sends
 *                     the frame out completes it (VIRTIO_NET_HDR_F_NEEDS_CSUM)
 */
enum cvsw_csum_kind {
	CVSW_CSUM_NONE,
	CVSW_CSUM_GOOD,
	CVSW_CSUM_PARTIAL,
};

/** enum cvsw_gso_type - what a super-frame is cut into */
enum cvsw_gso_type {
	CVSW_GSO_NONE,
	CVSW_GSO_TCP4,
	CVSW_GSO_TCP6,
	CVSW_GSO_UDP_L4,
};

/**
 * enum cvsw_outer - what the headers around a super-frame are
 * @CVSW_OUTER_UDP: of a UDP tunnel, repeated on each segment; or none
 * @CVSW_OUTER_GRE: of a GRE tunnel, likewise; no virtio_net_hdr can say so
 * @CVSW_OUTER_STT: the super-frame is one STT frame: plain TCP to everybody
 *                  else, but its segments may have any size
 */
enum cvsw_outer {
	CVSW_OUTER_UDP,
	CVSW_OUTER_GRE,
	CVSW_OUTER_STT,
};

/**
 * struct cvsw_offload - offload state of a frame, in the terms of virtio_net_hdr
 * @csum:        enum cvsw_csum_kind
 * @gso_type:    enum cvsw_gso_type, of the innermost L4 header
 * @gso_ecn:     CWR on the first segment only (VIRTIO_NET_HDR_GSO_ECN)
 * @tunnel:      0, 4 or 6: the super-frame is inside a tunnel over outer IPv4
 *               or IPv6, whose headers are repeated on each segment
 * @tunnel_csum: the outer UDP checksum field holds the pseudo-header sum and
 *               is to be completed on each segment
 * @outer:       enum cvsw_outer; 0 when there is no super-frame
 * @gso_size:    payload bytes of each segment but the last
 * @csum_start:  PARTIAL: offset of the L4 header the checksum belongs to
 * @csum_offset: PARTIAL: offset of the checksum field in that header
 * @outer_l4:    @tunnel: offset of the outer UDP or GRE header
 * @inner_l3:    @tunnel: offset of the inner IP header
 */
struct cvsw_offload {
	u8	csum;
	u8	gso_type;
	u8	gso_ecn;
	u8	tunnel;
	u8	tunnel_csum;
	u8	outer;
	u16	gso_size;
	u16	csum_start;
	u16	csum_offset;
	u16	outer_l4;
	u16	inner_l3;
};

/**
 * struct cvsw_pkt - one frame on its way through the switch
 * @frame:   storage: struct sk_buff * or struct cvsw_buf * (cvsw_frame_t of os.h)
 * @in_port: port it came in by
 * @l3:      offset of the outermost L3 header, 0 when there is none known;
 *           this and the next four are set by cvsw_key_extract()
 * @l4:      offset of the L4 header, 0 in later fragments and when not known
 * @l3_len:  bytes of the L3 packet with its header, as the header says
 * @l4_proto: IP protocol of @l4
 * @frag:    CVSW_FRAG_*
 * @popped:  it came out of a tunnel, and is in none
 * @queue:   of the port that it is to leave by, for ops->output; 0 for the
 *           port's default, as everywhere else
 * @tun_id:  id of the tunnel header popped last, or what SET_TUNNEL put in its
 *           place; 0 when none
 * @tun_opts: which of the Geneve options that flows ask for it had (opts.h)
 */
struct cvsw_pkt {
	cvsw_frame_t	frame;
	u16		in_port;
	u16		l3;
	u16		l4;
	u16		l3_len;
	u8		l4_proto;
	u8		frag;
	bool		popped;
	u32		queue;
	__be64		tun_id;
	u64		tun_opts;
};

/* beside enum cvsw_drop, what a call may answer about a frame */
#define CVSW_HELD	CVSW_DROP_COUNT		/* it is kept for later */
#define CVSW_CUT	(CVSW_DROP_COUNT + 1)	/* it must be cut into its segments first */

/* Look */

/* bytes of the frame */
static inline u32 cvsw_pkt_len(const struct cvsw_pkt *pkt);

/* is it a super-frame? */
static inline bool cvsw_pkt_is_super(const struct cvsw_pkt *pkt);

/* bytes of memory that the frame takes, shared or not */
static inline u32 cvsw_pkt_memory(const struct cvsw_pkt *pkt);

/* bytes on the wire of all segments together, and how many they are (at least
 * 1): every segment repeats the headers before the L4 payload */
static inline u32 cvsw_pkt_segments(const struct cvsw_pkt *pkt, u64 *bytes);

/* @n bytes at @off, readable and contiguous, or NULL when the frame is shorter */
static inline const void *cvsw_pkt_header(const struct cvsw_pkt *pkt, u32 off,
					  u32 n);

/* ones' complement sum, not folded or complemented, of @n bytes at @off added
 * to @sum; the caller has checked that the frame is long enough */
static inline u32 cvsw_pkt_sum(const struct cvsw_pkt *pkt, u32 off, u32 n,
			       u32 sum);

/* Write: un-shares what it must */

/* as cvsw_pkt_header(), writable; NULL also without memory */
static inline void *cvsw_pkt_writable(struct cvsw_pkt *pkt, u32 off, u32 n);

/* the same, but NULL also when it is not so yet: for a short way that has a
 * long one behind it */
static inline void *cvsw_pkt_writable_now(struct cvsw_pkt *pkt, u32 off,
					  u32 n);

/* Move.  Offload offsets follow by themselves */

/* @n bytes more in front, uninitialised; returns the new start or NULL */
static inline void *cvsw_pkt_push(struct cvsw_pkt *pkt, u32 n);

/* @n bytes less in front; returns the new start or NULL when that is too many */
static inline void *cvsw_pkt_pull(struct cvsw_pkt *pkt, u32 n);

/* cut the frame off after @len bytes (no-op when shorter) */
static inline int cvsw_pkt_trim(struct cvsw_pkt *pkt, u32 len);

/* the outer 802.1Q tag and *@tci (host order): CVSW_TAG_OUT_OF_BAND or
 * CVSW_TAG_IN_BAND (it takes 4 bytes at offset 12) when there is one, else 0 */
#define CVSW_TAG_OUT_OF_BAND	1
#define CVSW_TAG_IN_BAND	2
static inline int cvsw_pkt_vlan_get(const struct cvsw_pkt *pkt, u16 *tci);

/* the tag that is out of band, if there is one, goes in band */
static inline int __must_check cvsw_pkt_vlan_in_band(struct cvsw_pkt *pkt);

/* a tag of @tci in band, in front of any that is there */
static inline int __must_check cvsw_pkt_vlan_push(struct cvsw_pkt *pkt,
						  u16 tci);

/* set the outer tag to @tci, adding one to an untagged frame */
static inline int __must_check cvsw_pkt_vlan_set(struct cvsw_pkt *pkt, u16 tci);

/* take the outer tag off; 0 also when there is none */
static inline int __must_check cvsw_pkt_vlan_pop(struct cvsw_pkt *pkt);

/* Live */

/* a second frame with the same bytes; cheap, un-shared on write */
static inline int __must_check cvsw_pkt_clone(const struct cvsw_pkt *pkt,
					      struct cvsw_pkt *copy);
static inline void cvsw_pkt_free(struct cvsw_pkt *pkt);

/* Offload */

static inline void cvsw_pkt_offload_get(const struct cvsw_pkt *pkt,
					struct cvsw_offload *state);

/* 0, or -EINVAL when the offsets do not lie in the frame */
static inline int __must_check
cvsw_pkt_offload_set(struct cvsw_pkt *pkt, const struct cvsw_offload *state);

/* the same for state that a peer claims, of a checksum in the outermost L4
 * header: -EINVAL also when the frame has not the headers for it */
static inline int __must_check
cvsw_pkt_offload_claim(struct cvsw_pkt *pkt, const struct cvsw_offload *state);

/* complete a partial checksum in place (not of a super-frame) */
static inline int __must_check cvsw_pkt_csum_finish(struct cvsw_pkt *pkt);

/**
 * cvsw_pkt_encap - put @n bytes of outer headers in front of a frame
 * @pkt:       without a tag out of band
 * @hdr:       the headers, Ethernet to tunnel header, lengths filled in for
 *             the frame as it is, and with @csum the seed of that; copied
 * @outer_l3:  offset of the outer IP header in @hdr
 * @outer_l4:  offset of the outer UDP or GRE header in @hdr
 * @csum:      the outer UDP checksum is wanted; false for GRE
 *
 * Does what offloads ask for: a super-frame becomes a tunnel super-frame, any
 * other partial inner checksum is completed first (wire-formats rule: inner,
 * then outer), and the outer UDP checksum is computed or left to be completed.
 *
 * Return: 0; -EMSGSIZE: longer than CVSW_FRAME_MAX then; -EOPNOTSUPP: a
 * super-frame that can be in no tunnel, or not in one more (cut it first);
 * -EINVAL; -ENOMEM.
 */
static inline int __must_check cvsw_pkt_encap(struct cvsw_pkt *pkt,
					      const void *hdr, u32 n,
					      u32 outer_l3, u32 outer_l4,
					      bool csum);

/**
 * cvsw_pkt_encap_now - the same for a frame that asks for nothing of that
 *
 * No offload, no checksum, and room in front: for a short way that has a long
 * one behind it.
 *
 * Return: the new start, to change in @hdr's place what is not yet as it should
 * be; NULL when it takes more, and nothing was done.
 */
static inline void *cvsw_pkt_encap_now(struct cvsw_pkt *pkt, const void *hdr,
				       u32 n, u32 outer_l3, u32 outer_l4);

/**
 * cvsw_pkt_decap - take @n bytes of outer headers off
 *
 * A tunnel super-frame becomes an inner super-frame.  CVSW_CSUM_GOOD spoke of
 * the outer checksum: NONE, unless more is known.  The parse results are
 * cleared.
 *
 * Return: 0; -EINVAL: the frame is shorter, or its offload state not that of
 * such a frame; -EOPNOTSUPP: cut it first; -ENOMEM.
 */
static inline int __must_check cvsw_pkt_decap(struct cvsw_pkt *pkt, u32 n);

/* Cut and join */

/**
 * cvsw_pkt_cut - cut a super-frame into its segments
 * @pkt:  taken
 * @each: is given, and owns, each segment; their inner checksums are partial
 * @arg:  handed to @each
 * Return: how many segments there are that @each did not get: 0, or when
 * memory ran out or the headers are impossible, the rest of them.
 */
static inline u32 __must_check
cvsw_pkt_cut(struct cvsw_pkt *pkt,
	     void (*each)(void *arg, struct cvsw_pkt *seg), void *arg);

/**
 * cvsw_pkt_new_like - a frame of @len uninitialised bytes
 * @like: where it is to come from: same pool, in_port and tunnel id
 * @pkt:  receives it, without parse results and offload state
 */
static inline int __must_check
cvsw_pkt_new_like(struct cvsw_pkt *pkt, const struct cvsw_pkt *like, u32 len);

/* copy @n bytes at @from of @src to @off of @pkt, which is not shared; both are
 * long enough */
static inline void cvsw_pkt_copy(struct cvsw_pkt *pkt, u32 off,
				 const struct cvsw_pkt *src, u32 from, u32 n);

/*
 * Of the bodies alone: the next calls are made of these.  A tag out of band is
 * got, set or cleared; false when there is, or can be, none.
 */
static inline bool cvsw_pkt_tag_get(const struct cvsw_pkt *pkt, u16 *tci);
static inline bool cvsw_pkt_tag_set(struct cvsw_pkt *pkt, u16 tci);
static inline void cvsw_pkt_tag_clear(struct cvsw_pkt *pkt);

/* a second handle to a frame, and one of @len bytes that is like @like; NULL
 * without memory */
static inline cvsw_frame_t cvsw_pkt_frame_clone(cvsw_frame_t frame);
static inline cvsw_frame_t cvsw_pkt_frame_new(cvsw_frame_t like, u32 len);

#include "pkt_os.h"	/* the bodies */

static inline int __must_check cvsw_pkt_clone(const struct cvsw_pkt *pkt,
					      struct cvsw_pkt *copy)
{
	cvsw_frame_t frame = cvsw_pkt_frame_clone(pkt->frame);

	if (unlikely(!frame))
		return -ENOMEM;
	*copy = *pkt;
	copy->frame = frame;
	return 0;
}

static inline int __must_check
cvsw_pkt_new_like(struct cvsw_pkt *pkt, const struct cvsw_pkt *like, u32 len)
{
	cvsw_frame_t frame = cvsw_pkt_frame_new(like->frame, len);

	if (unlikely(!frame))
		return -ENOMEM;
	*pkt = (struct cvsw_pkt){
		.frame = frame,
		.in_port = like->in_port,
		.popped = like->popped,
		.tun_id = like->tun_id,
		.tun_opts = like->tun_opts,
	};
	return 0;
}

static inline int cvsw_pkt_vlan_get(const struct cvsw_pkt *pkt, u16 *tci)
{
	const u8 *data;

	if (cvsw_pkt_tag_get(pkt, tci))
		return CVSW_TAG_OUT_OF_BAND;
	data = cvsw_pkt_header(pkt, 0, CVSW_ETH_HLEN + CVSW_VLAN_HLEN);
	if (!data || get_unaligned_be16(data + 12) != CVSW_ETH_P_8021Q)
		return 0;
	*tci = get_unaligned_be16(data + 14);
	return CVSW_TAG_IN_BAND;
}

/* what starts behind the tag moved by @by bytes */
static inline void cvsw_pkt_moved(struct cvsw_pkt *pkt, int by)
{
	if (pkt->l3)
		pkt->l3 = (u16)(pkt->l3 + by);
	if (pkt->l4)
		pkt->l4 = (u16)(pkt->l4 + by);
}

static inline int __must_check cvsw_pkt_vlan_push(struct cvsw_pkt *pkt,
						  u16 tci)
{
	u8 *data = cvsw_pkt_push(pkt, CVSW_VLAN_HLEN);

	if (!data)
		return -ENOMEM;
	memmove(data, data + CVSW_VLAN_HLEN, 2 * CVSW_ETH_ALEN);
	put_unaligned_be16(CVSW_ETH_P_8021Q, data + 12);
	put_unaligned_be16(tci, data + 14);
	cvsw_pkt_moved(pkt, CVSW_VLAN_HLEN);
	return 0;
}

static inline int __must_check cvsw_pkt_vlan_set(struct cvsw_pkt *pkt, u16 tci)
{
	u8 *data;
	u16 old;

	if (cvsw_pkt_len(pkt) < CVSW_ETH_HLEN)
		return -EINVAL;
	if (cvsw_pkt_vlan_get(pkt, &old) != CVSW_TAG_IN_BAND)
		return cvsw_pkt_tag_set(pkt, tci) ? 0 :
						    cvsw_pkt_vlan_push(pkt, tci);
	data = cvsw_pkt_writable(pkt, 0, CVSW_ETH_HLEN + CVSW_VLAN_HLEN);
	if (!data)
		return -ENOMEM;
	put_unaligned_be16(tci, data + 14);
	return 0;
}

static inline int __must_check cvsw_pkt_vlan_pop(struct cvsw_pkt *pkt)
{
	u8 *data;
	u16 tci;

	switch (cvsw_pkt_vlan_get(pkt, &tci)) {
	case CVSW_TAG_OUT_OF_BAND:
		cvsw_pkt_tag_clear(pkt);
		return 0;
	case 0:
		return 0;
	}
	data = cvsw_pkt_writable(pkt, 0, CVSW_ETH_HLEN + CVSW_VLAN_HLEN);
	if (!data)
		return -ENOMEM;
	memmove(data + CVSW_VLAN_HLEN, data, 2 * CVSW_ETH_ALEN);
	cvsw_pkt_moved(pkt, -CVSW_VLAN_HLEN);
	return cvsw_pkt_pull(pkt, CVSW_VLAN_HLEN) ? 0 : -EINVAL;
}

static inline int __must_check cvsw_pkt_vlan_in_band(struct cvsw_pkt *pkt)
{
	u16 tci;

	if (likely(!cvsw_pkt_tag_get(pkt, &tci)))
		return 0;
	cvsw_pkt_tag_clear(pkt);
	return cvsw_pkt_vlan_push(pkt, tci);
}

#endif /* CVSW_PKT_OPS_H */

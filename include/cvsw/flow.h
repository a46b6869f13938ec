/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_FLOW_H
#define CVSW_FLOW_H

/*
 * The nouns of match and action: what a frame is looked up by, what a rule
 * asks for and what it does.  One form for every user of the switch; OpenFlow
 * 1.0, netlink attributes and the flow text are codecs at its rim.
 *
 * Everything here is passed by value, has a fixed layout without holes, and
 * is zero-initialised by "= {}".  The header compiles in the kernel, in C11
 * and in C++.
 */

#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#define CVSW_STATIC_ASSERT(cond, text)	static_assert(cond, text)
#else
#define CVSW_STATIC_ASSERT(cond, text)	_Static_assert(cond, text)
#endif

/**
 * enum cvsw_port_no - port numbers (OpenFlow 1.0, ofp_port)
 *
 * Ports of a switch are 1 to CVSW_PORT_MAX.  A two-port vNIC has its guest on
 * CVSW_PORT_HOST and the network on CVSW_PORT_NET.
 */
enum cvsw_port_no {
	CVSW_PORT_ANY		= 0,		/* no port, as a lookup's in_port */
	CVSW_PORT_HOST		= 1,
	CVSW_PORT_NET		= 2,
	CVSW_PORT_MAX		= 0xfeff,
	CVSW_PORT_ROUTE		= 0xfff7,	/* out by the way of the last push */
	CVSW_PORT_IN_PORT	= 0xfff8,	/* back where it came from */
	CVSW_PORT_TABLE		= 0xfff9,	/* run the table; packet-out only */
	CVSW_PORT_NORMAL	= 0xfffa,	/* the other port; learning on more */
	CVSW_PORT_FLOOD		= 0xfffb,	/* all but ingress and NO_FLOOD */
	CVSW_PORT_ALL		= 0xfffc,	/* all but ingress */
	CVSW_PORT_CONTROLLER	= 0xfffd,	/* a packet-in */
	CVSW_PORT_LOCAL		= 0xfffe,	/* the switch's own stack */
	CVSW_PORT_NONE		= 0xffff,	/* "any" in an out_port filter */
};

/* cvsw_key.vlan_tci: PCP in bits 15-13, VID in bits 11-0, and in place of DEI: */
#define CVSW_VLAN_PRESENT	0x1000		/* the frame carries a tag */
#define CVSW_VLAN_VID_MASK	0x0fff
#define CVSW_VLAN_PCP_SHIFT	13
#define CVSW_VLAN_PCP_MASK	0xe000

/* cvsw_key.nw_tos: DSCP in bits 7-2; ECN is not matched, its place holds: */
#define CVSW_TOS_DSCP_MASK	0xfc
#define CVSW_FRAG_ANY		0x01		/* any fragment */
#define CVSW_FRAG_LATER		0x02		/* one with a non-zero offset */
#define CVSW_FRAG_MASK		0x03

/* cvsw_key.dl_type of an 802.3 frame without a SNAP header (OFP_DL_TYPE_NOT_ETH_TYPE) */
#define CVSW_DL_TYPE_802_3	0x05ff

#define CVSW_KEY_WORDS		8

/**
 * struct cvsw_key - the header fields of one frame, one cache line
 * @in_port:  port it arrived on, or the one a resubmit named; host order
 * @vlan_tci: PCP, CVSW_VLAN_PRESENT and VID of the outer 802.1Q tag, host
 *            order; 0 when untagged
 * @dl_type:  EtherType behind the tag; of an 802.3 frame the SNAP type (OUI
 *            0) or CVSW_DL_TYPE_802_3
 * @nw_proto: IP protocol (of IPv6: behind the extension headers), or the ARP
 *            opcode (0 when above 255)
 * @nw_tos:   DSCP << 2 of IPv4 and IPv6, with CVSW_FRAG_* below
 * @dl_dst:   destination MAC
 * @dl_src:   source MAC
 * @tp_src:   TCP, UDP or SCTP source port; ICMP and ICMPv6 type; 0 in fragments
 * @tp_dst:   likewise destination port; ICMP and ICMPv6 code
 * @nw_src:   IPv6 source; IPv4 source and ARP SPA in the first 4 bytes, then 0
 * @nw_dst:   likewise destination and ARP TPA
 * @tun_id:   id of the tunnel header that this frame carries (VNI, VSID or
 *            context id), or that SET_TUNNEL or the last POP left; 0 when none.  Of the
 *            segments of an STT frame only the first carries it
 * @word:     the same as CVSW_KEY_WORDS words, for hashing and masking
 *
 * A field whose layer is absent, truncated or malformed is 0.  Extraction
 * follows OpenFlow 1.0.0 section 3.4.
 */
struct cvsw_key {
	union {
		struct {
			__u16	in_port;
			__u16	vlan_tci;
			__be16	dl_type;
			__u8	nw_proto;
			__u8	nw_tos;
			__u8	dl_dst[6];
			__u8	dl_src[6];
			__be16	tp_src;
			__be16	tp_dst;
			__u8	nw_src[16];
			__u8	nw_dst[16];
			__be64	tun_id;
		};
		__u64	word[CVSW_KEY_WORDS];
	};
};
CVSW_STATIC_ASSERT(sizeof(struct cvsw_key) == 64, "a key is one cache line");

/**
 * struct cvsw_match - which frames a rule is for
 * @value: the wanted bits; zero wherever @mask is zero
 * @mask:  the bits that count; all zero matches every frame
 *
 * A frame matches when (key & mask) == value in every word.
 */
struct cvsw_match {
	struct cvsw_key	value;
	struct cvsw_key	mask;
};
CVSW_STATIC_ASSERT(sizeof(struct cvsw_match) == 128, "struct cvsw_match");

/** enum cvsw_tunnel_kind - tunnel types; a number, once given, stays */
enum cvsw_tunnel_kind {
	CVSW_TUNNEL_NONE	= 0,
	CVSW_TUNNEL_VXLAN	= 1,		/* RFC 7348 */
	CVSW_TUNNEL_GENEVE	= 2,		/* RFC 8926 */
	CVSW_TUNNEL_NVGRE	= 3,		/* RFC 7637 */
	CVSW_TUNNEL_STT		= 4,		/* draft-davie-stt-08 */
};

/* struct cvsw_tunnel.flags */
#define CVSW_TUNNEL_F_CSUM		0x01	/* send an outer UDP checksum */
#define CVSW_TUNNEL_F_TOS_INHERIT	0x02	/* outer DSCP from the inner header */
#define CVSW_TUNNEL_F_TTL_INHERIT	0x04	/* outer TTL from the inner header */
#define CVSW_TUNNEL_F_NO_DF		0x08	/* clear DF in the outer IPv4 header */
#define CVSW_TUNNEL_F_CLAMP_MSS		0x10	/* lower the MSS of inner SYNs; not STT */
#define CVSW_TUNNEL_F_ID_FLOW		0x20	/* the id is the frame's, see SET_TUNNEL */
#define CVSW_TUNNEL_F_MASK		0x3f

/**
 * struct cvsw_tunnel - one tunnel endpoint, all that a push action needs
 *
 * @nw_src, @dl_src and @dl_dst may be left zero: then they come from the route
 * and the neighbour that lead to @nw_dst, as they are when a frame is pushed.
 *
 * @id:     VNI (24 bits), VSID (24 bits) or STT context id (64 bits); 0 with
 *          CVSW_TUNNEL_F_ID_FLOW.  Then a frame whose id is too large for the
 *          tunnel is dropped
 * @nw_src: outer source address; IPv4 in the first 4 bytes, then 0
 * @nw_dst: outer destination address, likewise
 * @dl_src: outer source MAC
 * @dl_dst: outer destination MAC
 * @tp_dst: outer destination port; 0 for the type's own (VXLAN 4789)
 * @kind:   enum cvsw_tunnel_kind
 * @family: 4 or 6, the outer IP version
 * @ttl:    outer TTL or hop limit; 0 for 64
 * @tos:    outer DSCP << 2; ECN always follows RFC 6040
 * @flags:  CVSW_TUNNEL_F_*
 */
struct cvsw_tunnel {
	__be64	id;
	__u8	nw_src[16];
	__u8	nw_dst[16];
	__u8	dl_src[6];
	__u8	dl_dst[6];
	__be16	tp_dst;
	__u8	kind;
	__u8	family;
	__u8	ttl;
	__u8	tos;
	__u16	flags;
	__u32	pad;
};
CVSW_STATIC_ASSERT(sizeof(struct cvsw_tunnel) == 64, "struct cvsw_tunnel");

#define CVSW_TUNNEL_OPT_DATA	124		/* bytes of data of one option */
#define CVSW_TUNNEL_OPTS_MAX	252		/* bytes of all options of one header */

/**
 * struct cvsw_tunnel_opt - one Geneve option (RFC 8926 section 3.5)
 * @opt_class: option class
 * @type:      type, CVSW_TUNNEL_OPT_CRITICAL included
 * @len:       bytes of @data, a multiple of 4
 * @data:      then 0
 */
struct cvsw_tunnel_opt {
	__be16	opt_class;
	__u8	type;
	__u8	len;
	__u8	data[CVSW_TUNNEL_OPT_DATA];
};
CVSW_STATIC_ASSERT(sizeof(struct cvsw_tunnel_opt) == 128, "struct cvsw_tunnel_opt");

#define CVSW_TUNNEL_OPT_CRITICAL	0x80	/* drop the frame if it is not known */

#define CVSW_OPT_MATCHES_MAX	8		/* options that one flow names */

/**
 * struct cvsw_opt_match - a Geneve option that a flow wants to see
 * @value: class, type and length that the option must have, and the wanted
 *         bits of its data; zero wherever @mask is zero
 * @mask:  the bits of the data that count; all zero: any data
 */
struct cvsw_opt_match {
	struct cvsw_tunnel_opt	value;
	__u8			mask[CVSW_TUNNEL_OPT_DATA];
};

/** enum cvsw_action_type - what an action does; a number, once given, stays */
enum cvsw_action_type {
	CVSW_ACT_OUTPUT		= 0,	/* .output: send the frame as it is now */
	CVSW_ACT_SET_VLAN_VID	= 1,	/* .vlan: 0-4095; tags an untagged frame */
	CVSW_ACT_SET_VLAN_PCP	= 2,	/* .vlan: 0-7; tags an untagged frame */
	CVSW_ACT_STRIP_VLAN	= 3,	/* no-op on an untagged frame */
	CVSW_ACT_SET_DL_SRC	= 4,	/* .mac */
	CVSW_ACT_SET_DL_DST	= 5,	/* .mac */
	CVSW_ACT_SET_NW_SRC	= 6,	/* .nw: 4 bytes; IPv4 frames only */
	CVSW_ACT_SET_NW_DST	= 7,	/* .nw: 4 bytes; IPv4 frames only */
	CVSW_ACT_SET_NW_TOS	= 8,	/* .tos: DSCP << 2; IPv4 and IPv6, keeps ECN */
	CVSW_ACT_SET_TP_SRC	= 9,	/* .tp: TCP, UDP, SCTP port; ICMP type */
	CVSW_ACT_SET_TP_DST	= 10,	/* .tp: TCP, UDP, SCTP port; ICMP code */
	CVSW_ACT_ENQUEUE	= 11,	/* .output: to a queue of a port */
	CVSW_ACT_SET_IPV6_SRC	= 12,	/* .nw: 16 bytes; IPv6 frames only */
	CVSW_ACT_SET_IPV6_DST	= 13,	/* .nw: 16 bytes; IPv6 frames only */
	CVSW_ACT_RESUBMIT	= 14,	/* .output.port: look up again as from it */
	CVSW_ACT_PUSH		= 15,	/* .tunnel: encapsulate */
	CVSW_ACT_POP		= 16,	/* .tunnel.kind: decapsulate, drop if it is none */
	CVSW_ACT_TUNNEL_OPT	= 17,	/* .opt: an option of the PUSH (Geneve) behind it */
	CVSW_ACT_SET_TUNNEL	= 18,	/* .tun_id: of the frame, for RESUBMIT and PUSH */
};

/**
 * struct cvsw_action - one action
 * @type:           enum cvsw_action_type
 * @pad:            0
 * @output:         OUTPUT, ENQUEUE and RESUBMIT
 * @output.port:    port number or enum cvsw_port_no; RESUBMIT: CVSW_PORT_IN_PORT
 *                  keeps the port the frame came in by
 * @output.max_len: bytes of the frame in a packet-in, 0 for the whole; kept, but
 *                  without effect, with other ports
 * @output.queue:   ENQUEUE only: queue id
 * @vlan:           VID or PCP
 * @tos:            DSCP << 2
 * @tp:             port, or ICMP type or code
 * @mac:            MAC address
 * @nw:             address; IPv4 in the first 4 bytes, then 0
 * @tunnel:         PUSH: the endpoint; POP: kind only
 * @opt:            TUNNEL_OPT
 * @tun_id:         SET_TUNNEL: takes the place of the id that the last POP left.
 *                  A frame that carries a tunnel header is looked up by the id
 *                  in that
 *
 * A PUSH to an endpoint without MACs, as the last of a list, sends the frame
 * too: as if an OUTPUT to CVSW_PORT_ROUTE stood behind it.
 */
struct cvsw_action {
	__u16	type;
	__u16	pad[3];
	union {
		struct {
			__u16	port;
			__u16	max_len;
			__u32	queue;
		} output;
		__u16			vlan;
		__u8			tos;
		__be16			tp;
		__u8			mac[6];
		__u8			nw[16];
		struct cvsw_tunnel	tunnel;
		struct cvsw_tunnel_opt	opt;
		__be64			tun_id;
	};
};
CVSW_STATIC_ASSERT(sizeof(struct cvsw_action) == 136, "struct cvsw_action");

/* Longest action list of one flow */
#define CVSW_ACTIONS_MAX	64

/* struct cvsw_flow.flags (OpenFlow 1.0 ofp_flow_mod_flags) */
#define CVSW_FLOW_F_SEND_REM		0x01	/* event when it is removed */
#define CVSW_FLOW_F_CHECK_OVERLAP	0x02	/* ADD only; not kept */
#define CVSW_FLOW_F_MASK		0x03

/**
 * struct cvsw_flow - one flow as it goes into the table and comes out of it
 * @match:        normalised on the way in (cvsw_match_normalize())
 * @cookie:       opaque to the switch
 * @packets:      frames matched; a super-frame counts each segment it stands for
 * @bytes:        bytes matched, without FCS, as those segments have on the wire
 * @age_ns:       time since installation, nanoseconds
 * @idle_ns:      time since the last match or installation, nanoseconds
 * @priority:     higher wins; of equal ones the flow installed first wins
 * @idle_timeout: seconds without a match until removal; 0 for never
 * @hard_timeout: seconds since installation until removal; 0 for never
 * @flags:        CVSW_FLOW_F_*
 * @n_actions:    entries of @actions; 0 drops the frame
 * @n_opts:       entries of @opts, at most CVSW_OPT_MATCHES_MAX
 * @pad:          0
 * @actions:      in execution order; owned by whoever filled the struct
 * @opts:         Geneve options that a frame must carry, or carried before
 *                the last pop, beside agreeing with @match; owned likewise
 *
 * On the way in the counters are ignored unless a restore asks for them.
 */
struct cvsw_flow {
	struct cvsw_match	match;
	__u64			cookie;
	__u64			packets;
	__u64			bytes;
	__u64			age_ns;
	__u64			idle_ns;
	__u16			priority;
	__u16			idle_timeout;
	__u16			hard_timeout;
	__u16			flags;
	__u16			n_actions;
	__u16			n_opts;
	__u16			pad[2];
	const struct cvsw_action *actions;
	const struct cvsw_opt_match *opts;
};

#define CVSW_PRIORITY_DEFAULT	32768		/* OFP_DEFAULT_PRIORITY */

/** enum cvsw_flow_cmd - flow-mod commands (OpenFlow 1.0 ofp_flow_mod_command) */
enum cvsw_flow_cmd {
	CVSW_FLOW_ADD		= 0,	/* replace an identical flow, counters zeroed */
	CVSW_FLOW_MOD		= 1,	/* new actions for every flow at least as specific */
	CVSW_FLOW_MOD_STRICT	= 2,	/* ... for the identical flow; both add if none */
	CVSW_FLOW_DEL		= 3,	/* every flow at least as specific */
	CVSW_FLOW_DEL_STRICT	= 4,	/* the identical flow */
	CVSW_FLOW_RESTORE	= 5,	/* ADD with counters and ages as given */
};

/**
 * struct cvsw_flow_mod - one change to the table
 * @cmd:         enum cvsw_flow_cmd
 * @out_port:    DEL, DEL_STRICT: only flows that output to it;
 *               CVSW_PORT_NONE for no filter
 * @pad:         0
 * @cookie_mask: MOD and DEL: only flows whose cookie equals @flow.cookie in
 *               these bits; 0 for no filter
 * @flow:        the flow, or the match (and cookie) that selects flows; MOD
 *               without @cookie_mask: its cookie becomes theirs unless it is
 *               CVSW_COOKIE_KEEP, which makes 0 of a flow that is added
 */
struct cvsw_flow_mod {
	__u16			cmd;
	__u16			out_port;
	__u32			pad;
	__u64			cookie_mask;
	struct cvsw_flow	flow;
};

#define CVSW_COOKIE_KEEP	(~0ull)

/** enum cvsw_removed_reason - why a flow went (OpenFlow 1.0 ofp_flow_removed_reason) */
enum cvsw_removed_reason {
	CVSW_REMOVED_IDLE	= 0,
	CVSW_REMOVED_HARD	= 1,
	CVSW_REMOVED_DELETE	= 2,
};

#ifdef __cplusplus
}
#endif

#endif /* CVSW_FLOW_H */

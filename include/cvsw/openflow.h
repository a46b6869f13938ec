/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OPENFLOW_H
#define CVSW_OPENFLOW_H

/*
 * OpenFlow 1.0 on the wire: messages, their parts and the numbers in them.
 * Layouts and numbers are those of the specification, version 1.0.0 (wire
 * version 0x01), in its order of sections 5.1 to 5.5; at the end what Nicira
 * added and what is our own.
 *
 * Network order throughout.  The structs are packed: they may be laid over a
 * message at any address.
 *
 * Ports are those of enum cvsw_port_no.  Bits of a port's configuration and
 * state are CVSW_PORT_C_* and CVSW_PORT_S_* of <cvsw/switch.h>, and so are
 * reasons of packet-ins and fragment modes; commands and flags of flow-mods and
 * reasons of removal are in <cvsw/flow.h>.
 */

#include <linux/types.h>
#include <cvsw/flow.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CVSW_OFP_WIRE		__attribute__((packed))
#define CVSW_OFP_SIZE(name, bytes)					\
	CVSW_STATIC_ASSERT(sizeof(struct cvsw_ofp_##name) == (bytes), #name)

#define CVSW_OFP_VERSION	0x01
#define CVSW_OFP_PORT		6653	/* TCP; 6633 in the days of 1.0 */
#define CVSW_OFP_MSG_MAX	65535
#define CVSW_OFP_NO_BUFFER	0xffffffff

/* Header (5.1) */

enum cvsw_ofp_type {
	CVSW_OFP_HELLO			= 0,
	CVSW_OFP_ERROR			= 1,
	CVSW_OFP_ECHO_REQUEST		= 2,
	CVSW_OFP_ECHO_REPLY		= 3,
	CVSW_OFP_VENDOR			= 4,
	CVSW_OFP_FEATURES_REQUEST	= 5,
	CVSW_OFP_FEATURES_REPLY		= 6,
	CVSW_OFP_GET_CONFIG_REQUEST	= 7,
	CVSW_OFP_GET_CONFIG_REPLY	= 8,
	CVSW_OFP_SET_CONFIG		= 9,
	CVSW_OFP_PACKET_IN		= 10,
	CVSW_OFP_FLOW_REMOVED		= 11,
	CVSW_OFP_PORT_STATUS		= 12,
	CVSW_OFP_PACKET_OUT		= 13,
	CVSW_OFP_FLOW_MOD		= 14,
	CVSW_OFP_PORT_MOD		= 15,
	CVSW_OFP_STATS_REQUEST		= 16,
	CVSW_OFP_STATS_REPLY		= 17,
	CVSW_OFP_BARRIER_REQUEST	= 18,
	CVSW_OFP_BARRIER_REPLY		= 19,
	CVSW_OFP_QUEUE_GET_CONFIG_REQUEST = 20,
	CVSW_OFP_QUEUE_GET_CONFIG_REPLY	= 21,
	CVSW_OFP_TYPES
};

/**
 * struct cvsw_ofp_header - in front of every message
 * @version: CVSW_OFP_VERSION
 * @type:    enum cvsw_ofp_type
 * @length:  bytes of the message, this header included
 * @xid:     of the request, in its reply
 */
struct cvsw_ofp_header {
	__u8	version;
	__u8	type;
	__be16	length;
	__be32	xid;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(header, 8);

/* Ports (5.2.1) */

#define CVSW_OFP_NAME_LEN	16	/* with the NUL */

struct cvsw_ofp_phy_port {
	__be16	port_no;
	__u8	hw_addr[6];
	char	name[CVSW_OFP_NAME_LEN];
	__be32	config;		/* CVSW_PORT_C_* */
	__be32	state;		/* CVSW_PORT_S_* */
	__be32	curr;		/* CVSW_OFP_PF_* */
	__be32	advertised;
	__be32	supported;
	__be32	peer;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(phy_port, 48);

#define CVSW_OFP_PF_10MB_HD	0x001
#define CVSW_OFP_PF_10MB_FD	0x002
#define CVSW_OFP_PF_100MB_HD	0x004
#define CVSW_OFP_PF_100MB_FD	0x008
#define CVSW_OFP_PF_1GB_HD	0x010
#define CVSW_OFP_PF_1GB_FD	0x020
#define CVSW_OFP_PF_10GB_FD	0x040
#define CVSW_OFP_PF_COPPER	0x080
#define CVSW_OFP_PF_FIBER	0x100
#define CVSW_OFP_PF_AUTONEG	0x200
#define CVSW_OFP_PF_PAUSE	0x400
#define CVSW_OFP_PF_PAUSE_ASYM	0x800

/* Queues (5.2.2) */

struct cvsw_ofp_queue {
	__be32	queue_id;
	__be16	len;		/* properties included */
	__u8	pad[2];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(queue, 8);

#define CVSW_OFP_QUEUE_MIN_RATE		1	/* property */
#define CVSW_OFP_QUEUE_RATE_MAX		1000	/* above: no guarantee */
#define CVSW_OFP_QUEUE_RATE_NONE	0xffff
#define CVSW_OFP_QUEUE_ALL		0xffffffff

struct cvsw_ofp_queue_min_rate {
	__be16	property;
	__be16	len;
	__u8	pad[4];
	__be16	rate;		/* tenths of a per cent of the port's rate */
	__u8	pad2[6];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(queue_min_rate, 16);

/* Match (5.2.3) */

#define CVSW_OFP_W_IN_PORT	0x000001
#define CVSW_OFP_W_DL_VLAN	0x000002
#define CVSW_OFP_W_DL_SRC	0x000004
#define CVSW_OFP_W_DL_DST	0x000008
#define CVSW_OFP_W_DL_TYPE	0x000010
#define CVSW_OFP_W_NW_PROTO	0x000020
#define CVSW_OFP_W_TP_SRC	0x000040
#define CVSW_OFP_W_TP_DST	0x000080
#define CVSW_OFP_W_NW_SRC_SHIFT	8	/* low bits of nw_src to ignore, 32: all */
#define CVSW_OFP_W_NW_DST_SHIFT	14
#define CVSW_OFP_W_NW_BITS	0x3f
#define CVSW_OFP_W_DL_VLAN_PCP	0x100000
#define CVSW_OFP_W_NW_TOS	0x200000
#define CVSW_OFP_W_MASK		0x3fffff

struct cvsw_ofp_match {
	__be32	wildcards;	/* CVSW_OFP_W_* */
	__be16	in_port;
	__u8	dl_src[6];
	__u8	dl_dst[6];
	__be16	dl_vlan;	/* 0xffff: untagged */
	__u8	dl_vlan_pcp;
	__u8	pad;
	__be16	dl_type;
	__u8	nw_tos;
	__u8	nw_proto;
	__u8	pad2[2];
	__u8	nw_src[4];
	__u8	nw_dst[4];
	__be16	tp_src;
	__be16	tp_dst;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(match, 40);

/* Actions (5.2.4); types below are those of enum cvsw_action_type */

#define CVSW_OFP_ACTIONS	12	/* how many types there are */
#define CVSW_OFP_ACT_VENDOR	0xffff

struct cvsw_ofp_action {
	__be16	type;
	__be16	len;		/* of all of it; a multiple of 8 */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action, 4);

struct cvsw_ofp_action_output {
	__be16	type;
	__be16	len;
	__be16	port;
	__be16	max_len;	/* counts with CVSW_PORT_CONTROLLER only */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_output, 8);

struct cvsw_ofp_action_vlan_vid {
	__be16	type;
	__be16	len;
	__be16	vlan_vid;
	__u8	pad[2];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_vlan_vid, 8);

struct cvsw_ofp_action_vlan_pcp {
	__be16	type;
	__be16	len;
	__u8	vlan_pcp;
	__u8	pad[3];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_vlan_pcp, 8);

/* STRIP_VLAN: no more than the head */
struct cvsw_ofp_action_strip_vlan {
	__be16	type;
	__be16	len;
	__u8	pad[4];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_strip_vlan, 8);

struct cvsw_ofp_action_dl_addr {
	__be16	type;
	__be16	len;
	__u8	dl_addr[6];
	__u8	pad[6];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_dl_addr, 16);

struct cvsw_ofp_action_nw_addr {
	__be16	type;
	__be16	len;
	__u8	nw_addr[4];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_nw_addr, 8);

struct cvsw_ofp_action_nw_tos {
	__be16	type;
	__be16	len;
	__u8	nw_tos;
	__u8	pad[3];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_nw_tos, 8);

struct cvsw_ofp_action_tp_port {
	__be16	type;
	__be16	len;
	__be16	tp_port;
	__u8	pad[2];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_tp_port, 8);

struct cvsw_ofp_action_enqueue {
	__be16	type;
	__be16	len;
	__be16	port;
	__u8	pad[6];
	__be32	queue_id;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_enqueue, 16);

struct cvsw_ofp_action_vendor {
	__be16	type;
	__be16	len;
	__be32	vendor;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(action_vendor, 8);

/* Handshake and settings (5.3.1, 5.3.2) */

#define CVSW_OFP_C_FLOW_STATS	0x01
#define CVSW_OFP_C_TABLE_STATS	0x02
#define CVSW_OFP_C_PORT_STATS	0x04
#define CVSW_OFP_C_STP		0x08
#define CVSW_OFP_C_IP_REASM	0x20
#define CVSW_OFP_C_QUEUE_STATS	0x40
#define CVSW_OFP_C_ARP_MATCH_IP	0x80

/* ports follow */
struct cvsw_ofp_features_reply {
	struct cvsw_ofp_header	header;
	__be64			datapath_id;
	__be32			n_buffers;
	__u8			n_tables;
	__u8			pad[3];
	__be32			capabilities;	/* CVSW_OFP_C_* */
	__be32			actions;	/* 1 << type */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(features_reply, 32);

#define CVSW_OFP_FRAG_REASM	2	/* beside enum cvsw_frag_mode */
#define CVSW_OFP_FRAG_MASK	3

#define CVSW_OFP_MISS_SEND_LEN	128	/* unless set otherwise */

struct cvsw_ofp_switch_config {
	struct cvsw_ofp_header	header;
	__be16			flags;		/* fragments */
	__be16			miss_send_len;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(switch_config, 12);

/* Flow table (5.3.3) */

#define CVSW_OFP_FLOW_F_EMERG	0x04	/* beside CVSW_FLOW_F_* */

/* actions follow */
struct cvsw_ofp_flow_mod {
	struct cvsw_ofp_header	header;
	struct cvsw_ofp_match	match;
	__be64			cookie;
	__be16			command;	/* enum cvsw_flow_cmd */
	__be16			idle_timeout;
	__be16			hard_timeout;
	__be16			priority;
	__be32			buffer_id;
	__be16			out_port;
	__be16			flags;		/* CVSW_FLOW_F_* */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(flow_mod, 72);

/* Ports (5.3.3) */

struct cvsw_ofp_port_mod {
	struct cvsw_ofp_header	header;
	__be16			port_no;
	__u8			hw_addr[6];
	__be32			config;		/* CVSW_PORT_C_* */
	__be32			mask;		/* which of @config count */
	__be32			advertise;	/* 0: as it is */
	__u8			pad[4];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(port_mod, 32);

/* Queues (5.3.4) */

struct cvsw_ofp_queue_get_config_request {
	struct cvsw_ofp_header	header;
	__be16			port;
	__u8			pad[2];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(queue_get_config_request, 12);

/* queues follow */
struct cvsw_ofp_queue_get_config_reply {
	struct cvsw_ofp_header	header;
	__be16			port;
	__u8			pad[6];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(queue_get_config_reply, 16);

/* Statistics (5.3.5) */

enum cvsw_ofp_stats_type {
	CVSW_OFP_STATS_DESC		= 0,
	CVSW_OFP_STATS_FLOW		= 1,
	CVSW_OFP_STATS_AGGREGATE	= 2,
	CVSW_OFP_STATS_TABLE		= 3,
	CVSW_OFP_STATS_PORT		= 4,
	CVSW_OFP_STATS_QUEUE		= 5,
	CVSW_OFP_STATS_VENDOR		= 0xffff,
};

#define CVSW_OFP_STATS_MORE	0x01	/* another reply follows */

/* of requests and replies; the body follows */
struct cvsw_ofp_stats {
	struct cvsw_ofp_header	header;
	__be16			type;	/* enum cvsw_ofp_stats_type */
	__be16			flags;	/* CVSW_OFP_STATS_MORE */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(stats, 12);

#define CVSW_OFP_DESC_LEN	256
#define CVSW_OFP_SERIAL_LEN	32

struct cvsw_ofp_desc_stats {
	char	mfr_desc[CVSW_OFP_DESC_LEN];
	char	hw_desc[CVSW_OFP_DESC_LEN];
	char	sw_desc[CVSW_OFP_DESC_LEN];
	char	serial_num[CVSW_OFP_SERIAL_LEN];
	char	dp_desc[CVSW_OFP_DESC_LEN];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(desc_stats, 1056);

#define CVSW_OFP_TABLE_ALL	0xff

/* body of FLOW and AGGREGATE */
struct cvsw_ofp_flow_stats_request {
	struct cvsw_ofp_match	match;
	__u8			table_id;
	__u8			pad;
	__be16			out_port;	/* CVSW_PORT_NONE: any */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(flow_stats_request, 44);

/* actions follow */
struct cvsw_ofp_flow_stats {
	__be16			length;		/* actions included */
	__u8			table_id;
	__u8			pad;
	struct cvsw_ofp_match	match;
	__be32			duration_sec;
	__be32			duration_nsec;
	__be16			priority;
	__be16			idle_timeout;
	__be16			hard_timeout;
	__u8			pad2[6];
	__be64			cookie;
	__be64			packet_count;
	__be64			byte_count;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(flow_stats, 88);

struct cvsw_ofp_aggregate_stats {
	__be64	packet_count;
	__be64	byte_count;
	__be32	flow_count;
	__u8	pad[4];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(aggregate_stats, 24);

#define CVSW_OFP_TABLE_NAME_LEN	32

struct cvsw_ofp_table_stats {
	__u8	table_id;
	__u8	pad[3];
	char	name[CVSW_OFP_TABLE_NAME_LEN];
	__be32	wildcards;	/* that flows may have */
	__be32	max_entries;
	__be32	active_count;
	__be64	lookup_count;
	__be64	matched_count;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(table_stats, 64);

struct cvsw_ofp_port_stats_request {
	__be16	port_no;	/* CVSW_PORT_NONE: all */
	__u8	pad[6];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(port_stats_request, 8);

/* all ones in a counter: unknown */
struct cvsw_ofp_port_stats {
	__be16	port_no;
	__u8	pad[6];
	__be64	rx_packets;
	__be64	tx_packets;
	__be64	rx_bytes;
	__be64	tx_bytes;
	__be64	rx_dropped;
	__be64	tx_dropped;
	__be64	rx_errors;
	__be64	tx_errors;
	__be64	rx_frame_err;
	__be64	rx_over_err;
	__be64	rx_crc_err;
	__be64	collisions;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(port_stats, 104);

struct cvsw_ofp_queue_stats_request {
	__be16	port_no;	/* CVSW_PORT_ALL: all */
	__u8	pad[2];
	__be32	queue_id;	/* CVSW_OFP_QUEUE_ALL: all */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(queue_stats_request, 8);

struct cvsw_ofp_queue_stats {
	__be16	port_no;
	__u8	pad[2];
	__be32	queue_id;
	__be64	tx_bytes;
	__be64	tx_packets;
	__be64	tx_errors;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(queue_stats, 32);

/* Frames (5.3.6, 5.4.1) */

/* actions follow, then the frame if buffer_id is CVSW_OFP_NO_BUFFER */
struct cvsw_ofp_packet_out {
	struct cvsw_ofp_header	header;
	__be32			buffer_id;
	__be16			in_port;
	__be16			actions_len;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(packet_out, 16);

/* the frame follows */
struct cvsw_ofp_packet_in {
	struct cvsw_ofp_header	header;
	__be32			buffer_id;
	__be16			total_len;	/* of the whole frame */
	__be16			in_port;
	__u8			reason;		/* enum cvsw_packet_in_reason */
	__u8			pad;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(packet_in, 18);

/* What happened (5.4) */

struct cvsw_ofp_flow_removed {
	struct cvsw_ofp_header	header;
	struct cvsw_ofp_match	match;
	__be64			cookie;
	__be16			priority;
	__u8			reason;		/* enum cvsw_removed_reason */
	__u8			pad;
	__be32			duration_sec;
	__be32			duration_nsec;
	__be16			idle_timeout;
	__u8			pad2[2];
	__be64			packet_count;
	__be64			byte_count;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(flow_removed, 88);

enum cvsw_ofp_port_reason {
	CVSW_OFP_PORT_ADD	= 0,
	CVSW_OFP_PORT_DELETE	= 1,
	CVSW_OFP_PORT_MODIFY	= 2,
};

struct cvsw_ofp_port_status {
	struct cvsw_ofp_header		header;
	__u8				reason;	/* enum cvsw_ofp_port_reason */
	__u8				pad[7];
	struct cvsw_ofp_phy_port	desc;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(port_status, 64);

/* Errors (5.4.4); names are TYPE_CODE */

enum cvsw_ofp_error_type {
	CVSW_OFP_E_HELLO_FAILED		= 0,
	CVSW_OFP_E_BAD_REQUEST		= 1,
	CVSW_OFP_E_BAD_ACTION		= 2,
	CVSW_OFP_E_FLOW_MOD_FAILED	= 3,
	CVSW_OFP_E_PORT_MOD_FAILED	= 4,
	CVSW_OFP_E_QUEUE_OP_FAILED	= 5,
};

enum cvsw_ofp_hello_failed {
	CVSW_OFP_HELLO_INCOMPATIBLE	= 0,
	CVSW_OFP_HELLO_EPERM		= 1,
};

enum cvsw_ofp_bad_request {
	CVSW_OFP_REQUEST_VERSION	= 0,
	CVSW_OFP_REQUEST_TYPE		= 1,
	CVSW_OFP_REQUEST_STAT		= 2,
	CVSW_OFP_REQUEST_VENDOR		= 3,
	CVSW_OFP_REQUEST_SUBTYPE	= 4,
	CVSW_OFP_REQUEST_EPERM		= 5,
	CVSW_OFP_REQUEST_LEN		= 6,
	CVSW_OFP_REQUEST_BUFFER_EMPTY	= 7,
	CVSW_OFP_REQUEST_BUFFER_UNKNOWN	= 8,
};

enum cvsw_ofp_bad_action {
	CVSW_OFP_ACTION_TYPE		= 0,
	CVSW_OFP_ACTION_LEN		= 1,
	CVSW_OFP_ACTION_VENDOR		= 2,
	CVSW_OFP_ACTION_VENDOR_TYPE	= 3,
	CVSW_OFP_ACTION_OUT_PORT	= 4,
	CVSW_OFP_ACTION_ARGUMENT	= 5,
	CVSW_OFP_ACTION_EPERM		= 6,
	CVSW_OFP_ACTION_TOO_MANY	= 7,
	CVSW_OFP_ACTION_QUEUE		= 8,
};

enum cvsw_ofp_flow_mod_failed {
	CVSW_OFP_FLOW_ALL_TABLES_FULL	= 0,
	CVSW_OFP_FLOW_OVERLAP		= 1,
	CVSW_OFP_FLOW_EPERM		= 2,
	CVSW_OFP_FLOW_EMERG_TIMEOUT	= 3,
	CVSW_OFP_FLOW_COMMAND		= 4,
	CVSW_OFP_FLOW_UNSUPPORTED	= 5,
};

enum cvsw_ofp_port_mod_failed {
	CVSW_OFP_PORT_BAD_PORT		= 0,
	CVSW_OFP_PORT_BAD_HW_ADDR	= 1,
};

enum cvsw_ofp_queue_op_failed {
	CVSW_OFP_QUEUE_BAD_PORT		= 0,
	CVSW_OFP_QUEUE_BAD_QUEUE	= 1,
	CVSW_OFP_QUEUE_EPERM		= 2,
};

/* the beginning of the request follows, or of HELLO_FAILED a text */
struct cvsw_ofp_error {
	struct cvsw_ofp_header	header;
	__be16			type;
	__be16			code;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(error, 12);

#define CVSW_OFP_ERROR_DATA	64	/* bytes of the request at least */

/* Vendors (5.5.4) */

struct cvsw_ofp_vendor {
	struct cvsw_ofp_header	header;
	__be32			vendor;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(vendor, 12);

/* Nicira, as Open vSwitch speaks it */

#define CVSW_OFP_NX_VENDOR	0x00002320

enum cvsw_ofp_nx_type {
	CVSW_OFP_NX_ROLE_REQUEST	= 10,
	CVSW_OFP_NX_ROLE_REPLY		= 11,
	CVSW_OFP_NX_SET_FLOW_FORMAT	= 12,
	CVSW_OFP_NX_FLOW_MOD		= 13,
	CVSW_OFP_NX_FLOW_REMOVED	= 14,
	CVSW_OFP_NX_FLOW_MOD_TABLE_ID	= 15,
	CVSW_OFP_NX_SET_PACKET_IN_FORMAT = 16,
	CVSW_OFP_NX_PACKET_IN		= 17,
	CVSW_OFP_NX_FLOW_AGE		= 18,
	CVSW_OFP_NX_SET_ASYNC_CONFIG	= 19,
	CVSW_OFP_NX_SET_CONTROLLER_ID	= 20,
};

struct cvsw_ofp_nx_message {
	struct cvsw_ofp_header	header;
	__be32			vendor;
	__be32			subtype;	/* enum cvsw_ofp_nx_type */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_message, 16);

enum cvsw_ofp_nx_role {
	CVSW_OFP_NX_ROLE_EQUAL	= 0,
	CVSW_OFP_NX_ROLE_MASTER	= 1,
	CVSW_OFP_NX_ROLE_SLAVE	= 2,
};

struct cvsw_ofp_nx_role_message {
	struct cvsw_ofp_nx_message	nx;
	__be32				role;	/* enum cvsw_ofp_nx_role */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_role_message, 20);

/* a match of NXM is a list of entries: this head, the value, and the mask if there is
 * one; behind the list zeros to a multiple of CVSW_OFP_NXM_ALIGN */
#define CVSW_OFP_NXM(nxm_class, field, bytes)				\
	((__u32)(nxm_class) << 16 | (field) << 9 | (bytes))
#define CVSW_OFP_NXM_MASKED	0x100	/* and twice the bytes */
#define CVSW_OFP_NXM_ALIGN	8

#define CVSW_OFP_NXM_IN_PORT	CVSW_OFP_NXM(0, 0, 2)
#define CVSW_OFP_NXM_ETH_DST	CVSW_OFP_NXM(0, 1, 6)
#define CVSW_OFP_NXM_ETH_SRC	CVSW_OFP_NXM(0, 2, 6)
#define CVSW_OFP_NXM_ETH_TYPE	CVSW_OFP_NXM(0, 3, 2)
#define CVSW_OFP_NXM_VLAN_TCI	CVSW_OFP_NXM(0, 4, 2)
#define CVSW_OFP_NXM_IP_TOS	CVSW_OFP_NXM(0, 5, 1)
#define CVSW_OFP_NXM_IP_PROTO	CVSW_OFP_NXM(0, 6, 1)
#define CVSW_OFP_NXM_IP_SRC	CVSW_OFP_NXM(0, 7, 4)
#define CVSW_OFP_NXM_IP_DST	CVSW_OFP_NXM(0, 8, 4)
#define CVSW_OFP_NXM_TCP_SRC	CVSW_OFP_NXM(0, 9, 2)
#define CVSW_OFP_NXM_TCP_DST	CVSW_OFP_NXM(0, 10, 2)
#define CVSW_OFP_NXM_UDP_SRC	CVSW_OFP_NXM(0, 11, 2)
#define CVSW_OFP_NXM_UDP_DST	CVSW_OFP_NXM(0, 12, 2)
#define CVSW_OFP_NXM_ICMP_TYPE	CVSW_OFP_NXM(0, 13, 1)
#define CVSW_OFP_NXM_ICMP_CODE	CVSW_OFP_NXM(0, 14, 1)
#define CVSW_OFP_NXM_ARP_OP	CVSW_OFP_NXM(0, 15, 2)
#define CVSW_OFP_NXM_ARP_SPA	CVSW_OFP_NXM(0, 16, 4)
#define CVSW_OFP_NXM_ARP_TPA	CVSW_OFP_NXM(0, 17, 4)
#define CVSW_OFP_NXM_TUN_ID	CVSW_OFP_NXM(1, 16, 8)
#define CVSW_OFP_NXM_IPV6_SRC	CVSW_OFP_NXM(1, 19, 16)
#define CVSW_OFP_NXM_IPV6_DST	CVSW_OFP_NXM(1, 20, 16)
#define CVSW_OFP_NXM_ICMPV6_TYPE CVSW_OFP_NXM(1, 21, 1)
#define CVSW_OFP_NXM_ICMPV6_CODE CVSW_OFP_NXM(1, 22, 1)
#define CVSW_OFP_NXM_IP_FRAG	CVSW_OFP_NXM(1, 26, 1)
#define CVSW_OFP_NXM_COOKIE	CVSW_OFP_NXM(1, 30, 8)
#define CVSW_OFP_NXM_SCTP_SRC	CVSW_OFP_NXM(0x8000, 17, 2) /* of OpenFlow 1.2 */
#define CVSW_OFP_NXM_SCTP_DST	CVSW_OFP_NXM(0x8000, 18, 2)

enum cvsw_ofp_nx_flow_format {
	CVSW_OFP_NX_FLOW_OPENFLOW10	= 0,
	CVSW_OFP_NX_FLOW_NXM		= 2,
};

enum cvsw_ofp_nx_packet_in_format {
	CVSW_OFP_NX_PACKET_IN_OPENFLOW10 = 0,
	CVSW_OFP_NX_PACKET_IN_NXM	= 1,
};

/* SET_FLOW_FORMAT, SET_PACKET_IN_FORMAT */
struct cvsw_ofp_nx_format {
	struct cvsw_ofp_nx_message	nx;
	__be32				format;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_format, 20);

struct cvsw_ofp_nx_flow_mod_table_id {
	struct cvsw_ofp_nx_message	nx;
	__u8				set;	/* upper half of a command: table */
	__u8				pad[7];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_flow_mod_table_id, 24);

/* bits are reasons; first those for an equal or master, then for a slave */
struct cvsw_ofp_nx_async_config {
	struct cvsw_ofp_nx_message	nx;
	__be32				packet_in[2];
	__be32				port_status[2];
	__be32				flow_removed[2];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_async_config, 40);

struct cvsw_ofp_nx_controller_id {
	struct cvsw_ofp_nx_message	nx;
	__u8				pad[6];
	__be16				id;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_controller_id, 24);

/* match and actions follow */
struct cvsw_ofp_nx_flow_mod {
	struct cvsw_ofp_nx_message	nx;
	__be64				cookie;
	__be16				command;
	__be16				idle_timeout;
	__be16				hard_timeout;
	__be16				priority;
	__be32				buffer_id;
	__be16				out_port;
	__be16				flags;
	__be16				match_len;	/* without its padding */
	__u8				pad[6];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_flow_mod, 48);

/* match follows */
struct cvsw_ofp_nx_flow_removed {
	struct cvsw_ofp_nx_message	nx;
	__be64				cookie;
	__be16				priority;
	__u8				reason;
	__u8				table;		/* number + 1 */
	__be32				duration_sec;
	__be32				duration_nsec;
	__be16				idle_timeout;
	__be16				match_len;
	__be64				packet_count;
	__be64				byte_count;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_flow_removed, 56);

/* match follows, zeros to a multiple of 8, two more, and the frame */
struct cvsw_ofp_nx_packet_in {
	struct cvsw_ofp_nx_message	nx;
	__be32				buffer_id;
	__be16				total_len;
	__u8				reason;
	__u8				table;
	__be64				cookie;
	__be16				match_len;
	__u8				pad[6];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_packet_in, 40);

enum cvsw_ofp_nx_stats_type {
	CVSW_OFP_NX_STATS_FLOW		= 0,
	CVSW_OFP_NX_STATS_AGGREGATE	= 1,
};

/* of requests and replies of CVSW_OFP_STATS_VENDOR; the body follows.  That of an
 * AGGREGATE reply is as in 1.0 */
struct cvsw_ofp_nx_stats {
	struct cvsw_ofp_stats	stats;
	__be32			vendor;
	__be32			subtype;	/* enum cvsw_ofp_nx_stats_type */
	__u8			pad[4];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_stats, 24);

/* body of FLOW and AGGREGATE; match follows */
struct cvsw_ofp_nx_flow_stats_request {
	__be16	out_port;
	__be16	match_len;
	__u8	table_id;
	__u8	pad[3];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_flow_stats_request, 8);

/* match and actions follow */
struct cvsw_ofp_nx_flow_stats {
	__be16	length;
	__u8	table_id;
	__u8	pad;
	__be32	duration_sec;
	__be32	duration_nsec;
	__be16	priority;
	__be16	idle_timeout;
	__be16	hard_timeout;
	__be16	match_len;
	__be16	idle_age;	/* seconds + 1 since its last frame; 0: unknown */
	__be16	hard_age;	/* likewise since it was modified */
	__be64	cookie;
	__be64	packet_count;
	__be64	byte_count;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_flow_stats, 48);

enum cvsw_ofp_nx_action_type {
	CVSW_OFP_NX_RESUBMIT		= 1,
	CVSW_OFP_NX_SET_TUNNEL		= 2,
	CVSW_OFP_NX_REG_LOAD		= 7,
	CVSW_OFP_NX_NOTE		= 8,
	CVSW_OFP_NX_SET_TUNNEL64	= 9,
	CVSW_OFP_NX_RESUBMIT_TABLE	= 14,
};

struct cvsw_ofp_nx_action {
	__be16	type;
	__be16	len;
	__be32	vendor;
	__be16	subtype;	/* enum cvsw_ofp_nx_action_type */
	__u8	pad[6];		/* of a NOTE its first bytes */
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_action, 16);

struct cvsw_ofp_nx_resubmit {
	__be16	type;
	__be16	len;
	__be32	vendor;
	__be16	subtype;
	__be16	in_port;	/* CVSW_PORT_IN_PORT: as it is */
	__u8	table;		/* RESUBMIT_TABLE */
	__u8	pad[3];
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_resubmit, 16);

struct cvsw_ofp_nx_set_tunnel {
	__be16	type;
	__be16	len;
	__be32	vendor;
	__be16	subtype;
	__u8	pad[2];
	__be32	tun_id;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_set_tunnel, 16);

struct cvsw_ofp_nx_set_tunnel64 {
	__be16	type;
	__be16	len;
	__be32	vendor;
	__be16	subtype;
	__u8	pad[6];
	__be64	tun_id;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_set_tunnel64, 24);

struct cvsw_ofp_nx_reg_load {
	__be16	type;
	__be16	len;
	__be32	vendor;
	__be16	subtype;
	__be16	ofs_nbits;	/* first bit << 6 | bits - 1 */
	__be32	dst;		/* CVSW_OFP_NXM_* */
	__be64	value;
} CVSW_OFP_WIRE;
CVSW_OFP_SIZE(nx_reg_load, 24);

/* Our own: a locally administered OUI, which is nobody's */

#define CVSW_OFP_VENDOR_ID	0x00565357

/*
 * A vendor action of ours is an action of the CVSW of 2014 whole, with its type
 * and length, behind the head: 16 bytes for a STRIP_, 72 for a SET_.
 */

#ifdef __cplusplus
}
#endif

#endif /* CVSW_OPENFLOW_H */

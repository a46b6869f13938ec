/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NL_H
#define CVSW_NL_H

/*
 * The control protocol of a switch, in netlink attributes.
 *
 * The same messages go over two transports: generic netlink (family "cvsw",
 * version 1, for the kernel module) and the Unix socket of cvswd
 * (SOCK_SEQPACKET, at most CVSW_NL_MSG_MAX bytes a datagram), on which
 * nlmsg_type is CVSW_NL_TYPE and a datagram to the client may hold several
 * messages.  A message is struct nlmsghdr, struct genlmsghdr, attributes.
 *
 * A request carries NLM_F_REQUEST and any of NLM_F_ACK, NLM_F_ECHO and
 * NLM_F_DUMP; other flags are refused.  It is answered by a reply with the
 * same command where one is listed below, then by NLMSG_ERROR when it asked
 * for an acknowledgement or failed.  A dump is a series of messages with
 * NLM_F_MULTI, each with any number of the repeated attribute, then NLMSG_DONE.
 * A flow that is in the table during all of a dump is in it once; a message has
 * NLM_F_DUMP_INTR when the table was changed since the one before.  A dump that
 * is refused, or ends early, may say so in NLMSG_DONE: a negative errno, then
 * NLMSGERR_ATTR_MSG if NLM_F_ACK_TLVS is set (the kernel's does, but for
 * attributes that are not valid; it has no offset there).
 * Errors carry NLMSGERR_ATTR_MSG, and NLMSGERR_ATTR_OFFS of the attribute at
 * fault where there is one.  Where a list was refused NLMSGERR_ATTR_COOKIE is
 * two s32: which flow (of a bundle: of all its flows) and which of its actions
 * is at fault, -1 for none.  A request that fails has changed nothing.
 *
 * Integers are in host byte order unless marked be.  Attributes that are
 * unknown, of a wrong length, or out of range are refused.  "*" marks an
 * attribute that may come several times; their order counts.  In braces are
 * the attributes of a nest (NLA_F_NESTED is set).
 *
 * CVSW_A_NAME (string) says which switch is meant; it may be left out when
 * there is only one.
 *
 * In-band control, version 3, is a third transport: a datagram of a session is
 * what one of the Unix socket is.  There a port's own switch is the only one.
 *
 * CVSW_CMD_SWITCH_GET: one switch, or with NLM_F_DUMP and no name all
 *
 *	request: CVSW_A_NAME
 *	reply:	 CVSW_A_SWITCH* {	(one message per switch in a dump)
 *			CVSW_SWITCH_A_NAME: string
 *			CVSW_SWITCH_A_DATAPATH_ID: u64
 *			CVSW_SWITCH_A_MAX_FLOWS: u32
 *			CVSW_SWITCH_A_MISS: u8, enum cvsw_miss
 *			CVSW_SWITCH_A_FRAG_MODE: u8, enum cvsw_frag_mode
 *			CVSW_SWITCH_A_MISS_SEND_LEN: u16
 *			CVSW_SWITCH_A_MISS_RATE: u32	(packet-ins a second)
 *			CVSW_SWITCH_A_MISS_BURST: u32
 *			CVSW_SWITCH_A_ACTION_RATE: u32
 *			CVSW_SWITCH_A_ACTION_BURST: u32
 *			CVSW_SWITCH_A_MAC_AGEING: u16, seconds
 *			CVSW_SWITCH_A_VXLAN_PORT: u16
 *			CVSW_SWITCH_A_GENEVE_PORT: u16
 *			CVSW_SWITCH_A_STT_PORT: u16
 *			CVSW_SWITCH_A_WORKERS: u16	(reply only)
 *			CVSW_SWITCH_A_STATS {		(reply only)
 *				CVSW_STATS_A_LOOKUPS: u64
 *				CVSW_STATS_A_MATCHED: u64
 *				CVSW_STATS_A_CACHE_HITS: u64
 *				CVSW_STATS_A_FLOWS: u32
 *				CVSW_STATS_A_MASKS: u32
 *				CVSW_STATS_A_SUBTABLES: u32
 *				CVSW_STATS_A_MEMORY: u64
 *				CVSW_STATS_A_MALFORMED: u64
 *			}
 *		 }
 *
 * CVSW_CMD_SWITCH_SET: change the settings that are named
 *
 *	request: CVSW_A_NAME, CVSW_A_SWITCH as above without the name
 *
 * CVSW_CMD_PORT_GET: one port, by number or name, or with NLM_F_DUMP all
 *
 *	request: CVSW_A_NAME, CVSW_A_PORT { CVSW_PORT_A_NO or CVSW_PORT_A_NAME }
 *	reply:	 CVSW_A_PORT* {
 *			CVSW_PORT_A_NO: u16
 *			CVSW_PORT_A_NAME: string
 *			CVSW_PORT_A_SPEC: string
 *			CVSW_PORT_A_MAC: 6 bytes
 *			CVSW_PORT_A_CONFIG: u32, CVSW_PORT_C_*
 *			CVSW_PORT_A_STATE: u32, CVSW_PORT_S_*
 *			CVSW_PORT_A_MTU: u32
 *			CVSW_PORT_A_MTU_AUTO: u8, it follows the tunnels
 *			CVSW_PORT_A_INBAND: u8, CVSW_INBAND_*
 *			CVSW_PORT_A_INBAND_STATE: u8, enum cvsw_inband_state
 *			CVSW_PORT_A_INBAND_POLICY: u8, enum cvsw_inband_policy
 *			CVSW_PORT_A_INBAND_HOST: 6 bytes
 *			CVSW_PORT_A_INBAND_KEY_IDS: u16 for each key
 *			CVSW_PORT_A_RX_OFFLOAD: u32, CVSW_OFFLOAD_*
 *			CVSW_PORT_A_TX_OFFLOAD: u32, CVSW_OFFLOAD_*
 *			CVSW_PORT_A_RX_ASKED: u32, likewise, as all of these
 *			CVSW_PORT_A_TX_ASKED: u32	see struct cvsw_port_info
 *			CVSW_PORT_A_RX_FAILED: u32
 *			CVSW_PORT_A_TX_FAILED: u32
 *			CVSW_PORT_A_DEVICE: u32, CVSW_DEVICE_*
 *			CVSW_PORT_A_DEVICE_ASKED: u32
 *			CVSW_PORT_A_DEVICE_FIXED: u32
 *			CVSW_PORT_A_QUEUES: u16
 *			CVSW_PORT_A_CURR: u32, CVSW_PORT_F_*, as the next
 *			CVSW_PORT_A_ADVERTISED: u32
 *			CVSW_PORT_A_SUPPORTED: u32
 *			CVSW_PORT_A_PEER: u32
 *			CVSW_PORT_A_ANTISPOOF {
 *				CVSW_ANTISPOOF_A_CHECKS: u8, CVSW_ANTISPOOF_*
 *				CVSW_ANTISPOOF_A_MAC: 6 bytes
 *				CVSW_ANTISPOOF_A_IPV4*: 4 bytes
 *				CVSW_ANTISPOOF_A_IPV6*: 16 bytes
 *			}
 *			CVSW_PORT_A_STATS {
 *				CVSW_PORT_STATS_A_*: u64, as struct cvsw_port_stats
 *			}
 *		 }
 *
 * CVSW_CMD_PORT_ADD: open a device and make it a port
 *
 *	request: CVSW_A_NAME, CVSW_A_PORT { CVSW_PORT_A_SPEC; CVSW_PORT_A_NO,
 *		 else the lowest free one }
 *	reply:	 as PORT_GET
 *
 * CVSW_CMD_PORT_DEL: close it
 *
 *	request: CVSW_A_NAME, CVSW_A_PORT { CVSW_PORT_A_NO or CVSW_PORT_A_NAME }
 *
 * CVSW_CMD_PORT_SET: change a port
 *
 *	request: CVSW_A_NAME, CVSW_A_PORT { CVSW_PORT_A_NO or CVSW_PORT_A_NAME;
 *		 what is to change of _CONFIG, _MTU (no longer automatic unless
 *		 _MTU_AUTO says so), _MTU_AUTO, _RX_OFFLOAD, _TX_OFFLOAD
 *		 (what is asked for; one that is left out: as it was asked for
 *		 before), _DEVICE_ASKED, _ANTISPOOF (replaced as a whole),
 *		 _INBAND, _INBAND_POLICY;
 *		 CVSW_PORT_A_CONFIG_MASK: u32, which bits of _CONFIG to change;
 *		 CVSW_PORT_A_INBAND_KEYS: for each key, 1 or 2, the id, u16, and
 *			then its 32 bytes; in place of those that there are }
 *
 * CVSW_CMD_PORT_TEST: test the offloads of a port, do without what fails
 *
 *	request: CVSW_A_NAME, CVSW_A_PORT { CVSW_PORT_A_NO or CVSW_PORT_A_NAME }
 *	reply:	 CVSW_A_TEST* {		(one for each offload)
 *			CVSW_TEST_A_OFFLOAD: u32, CVSW_OFFLOAD_*
 *			CVSW_TEST_A_RX: u8, enum cvsw_test_verdict
 *			CVSW_TEST_A_TX: u8, enum cvsw_test_verdict
 *			CVSW_TEST_A_TEXT: string, what was wrong
 *		 }
 *
 * CVSW_CMD_FLOW_MOD: change the table, all or none
 *
 *	request: CVSW_A_NAME, CVSW_A_FLOW* {
 *			CVSW_FLOW_A_CMD: u8, enum cvsw_flow_cmd (0 if absent)
 *			CVSW_FLOW_A_KEY {	(a field left out is not matched)
 *				CVSW_KEY_A_IN_PORT: u16
 *				CVSW_KEY_A_VLAN_TCI: u16, see struct cvsw_key
 *				CVSW_KEY_A_DL_TYPE: be16
 *				CVSW_KEY_A_NW_PROTO: u8
 *				CVSW_KEY_A_NW_TOS: u8, see struct cvsw_key
 *				CVSW_KEY_A_DL_DST: 6 bytes
 *				CVSW_KEY_A_DL_SRC: 6 bytes
 *				CVSW_KEY_A_TP_SRC: be16
 *				CVSW_KEY_A_TP_DST: be16
 *				CVSW_KEY_A_NW_SRC: 16 bytes, IPv4 in the first 4
 *				CVSW_KEY_A_NW_DST: 16 bytes, likewise
 *				CVSW_KEY_A_TUN_ID: be64
 *			}
 *			CVSW_FLOW_A_MASK {	(bits that count; a field of the
 *				CVSW_KEY_A_*	 key left out here: all of them)
 *			}
 *			CVSW_FLOW_A_OPT* {	(a Geneve option to match)
 *				CVSW_OPT_A_CLASS: be16
 *				CVSW_OPT_A_TYPE: u8
 *				CVSW_OPT_A_DATA: bytes, none if absent
 *				CVSW_OPT_A_MASK: as many, those of _DATA that
 *					count (all bits if absent)
 *			}
 *			CVSW_FLOW_A_PRIORITY: u16 (32768 if absent)
 *			CVSW_FLOW_A_COOKIE: u64	(MOD: absent to keep it)
 *			CVSW_FLOW_A_COOKIE_MASK: u64	(MOD and DEL: filter)
 *			CVSW_FLOW_A_OUT_PORT: u16	(DEL: filter)
 *			CVSW_FLOW_A_IDLE_TIMEOUT: u16, seconds
 *			CVSW_FLOW_A_HARD_TIMEOUT: u16, seconds
 *			CVSW_FLOW_A_FLAGS: u16, CVSW_FLOW_F_*
 *			CVSW_FLOW_A_ACTIONS {	(any of them, any number, in order)
 *				CVSW_ACTION_A_OUTPUT* {
 *					CVSW_OUTPUT_A_PORT: u16
 *					CVSW_OUTPUT_A_MAX_LEN: u16
 *				}
 *				CVSW_ACTION_A_SET_VLAN_VID*: u16
 *				CVSW_ACTION_A_SET_VLAN_PCP*: u16
 *				CVSW_ACTION_A_STRIP_VLAN*: flag
 *				CVSW_ACTION_A_SET_DL_SRC*: 6 bytes
 *				CVSW_ACTION_A_SET_DL_DST*: 6 bytes
 *				CVSW_ACTION_A_SET_NW_SRC*: 4 bytes
 *				CVSW_ACTION_A_SET_NW_DST*: 4 bytes
 *				CVSW_ACTION_A_SET_NW_TOS*: u8
 *				CVSW_ACTION_A_SET_TP_SRC*: be16
 *				CVSW_ACTION_A_SET_TP_DST*: be16
 *				CVSW_ACTION_A_ENQUEUE* {
 *					CVSW_OUTPUT_A_PORT: u16
 *					CVSW_OUTPUT_A_QUEUE: u32
 *				}
 *				CVSW_ACTION_A_SET_IPV6_SRC*: 16 bytes
 *				CVSW_ACTION_A_SET_IPV6_DST*: 16 bytes
 *				CVSW_ACTION_A_RESUBMIT*: u16, in_port
 *				CVSW_ACTION_A_PUSH* {
 *					CVSW_TUNNEL_A_KIND: u8, enum cvsw_tunnel_kind
 *					CVSW_TUNNEL_A_ID: be64
 *					CVSW_TUNNEL_A_NW_SRC: 4 bytes (IPv4) or 16,
 *						or absent as the MACs may be: see
 *						struct cvsw_tunnel
 *					CVSW_TUNNEL_A_NW_DST: 4 bytes (IPv4) or 16
 *					CVSW_TUNNEL_A_DL_SRC: 6 bytes
 *					CVSW_TUNNEL_A_DL_DST: 6 bytes
 *					CVSW_TUNNEL_A_TP_DST: be16
 *					CVSW_TUNNEL_A_TTL: u8
 *					CVSW_TUNNEL_A_TOS: u8
 *					CVSW_TUNNEL_A_FLAGS: u16, CVSW_TUNNEL_F_*
 *				}
 *				CVSW_ACTION_A_POP*: u8, enum cvsw_tunnel_kind
 *				CVSW_ACTION_A_TUNNEL_OPT* {	(of the PUSH behind it)
 *					CVSW_OPT_A_CLASS: be16
 *					CVSW_OPT_A_TYPE: u8
 *					CVSW_OPT_A_DATA: bytes, none if absent
 *				}
 *				CVSW_ACTION_A_SET_TUNNEL*: be64
 *			}
 *			CVSW_FLOW_A_PACKETS: u64	(RESTORE and replies)
 *			CVSW_FLOW_A_BYTES: u64		(likewise)
 *			CVSW_FLOW_A_AGE: u64, ns	(likewise)
 *			CVSW_FLOW_A_IDLE: u64, ns	(likewise)
 *		 }
 *
 * CVSW_CMD_FLOW_REPLACE: make the table consist of exactly these
 *
 *	request: CVSW_A_NAME, CVSW_A_FLOW* without the command and filters
 *
 * CVSW_CMD_FLOW_GET: NLM_F_DUMP only; flows that a filter selects
 *
 *	request: CVSW_A_NAME, CVSW_A_FLOW { _KEY, _MASK, _OPT, _OUT_PORT,
 *		 _COOKIE, _COOKIE_MASK as for DEL; or nothing for all }
 *	reply:	 CVSW_A_FLOW*
 *
 * CVSW_CMD_BUNDLE_BEGIN, _ADD, _COMMIT, _ABORT: a FLOW_MOD or FLOW_REPLACE
 * too long for one message.  Belongs to one client, ends with it.
 *
 *	BEGIN:	 CVSW_A_NAME, CVSW_A_BUNDLE: u32 that the client picks;
 *		 CVSW_A_REPLACE: flag, commit as FLOW_REPLACE
 *	ADD:	 CVSW_A_BUNDLE, CVSW_A_FLOW*
 *	COMMIT:	 CVSW_A_BUNDLE; also when it fails the bundle is gone
 *	ABORT:	 CVSW_A_BUNDLE
 *
 * CVSW_CMD_DROPS_GET: frames dropped, by cause
 *
 *	request: CVSW_A_NAME
 *	reply:	 CVSW_A_DROP* {
 *			CVSW_DROP_A_CAUSE: u16, enum cvsw_drop
 *			CVSW_DROP_A_NAME: string
 *			CVSW_DROP_A_TEXT: string
 *			CVSW_DROP_A_FRAMES: u64
 *		 }
 *
 * CVSW_CMD_PATH_GET: NLM_F_DUMP only; the far ends of tunnels, those that come
 * or go meanwhile or not
 *
 *	request: CVSW_A_NAME
 *	reply:	 CVSW_A_PATH* {
 *			CVSW_PATH_A_ADDR: 4 bytes (IPv4) or 16
 *			CVSW_PATH_A_STATE: u8, enum cvsw_path_state
 *			CVSW_PATH_A_FLOWS: u32, pushes that lead there
 *			CVSW_PATH_A_PMTU: u32, learnt; absent when none is
 *			CVSW_PATH_A_PMTU_LEFT: u32, seconds, likewise
 *			(CVSW_PATH_KNOWN: the way)
 *			CVSW_PATH_A_PORT: u16, absent when no port leads there
 *			CVSW_PATH_A_DL_SRC: 6 bytes
 *			CVSW_PATH_A_DL_DST: 6 bytes
 *			CVSW_PATH_A_NW_SRC: 4 bytes (IPv4) or 16
 *			CVSW_PATH_A_MTU: u32, absent when it is not known
 *		 }
 *
 * CVSW_CMD_QUEUE_GET: NLM_F_DUMP only; the queues of one port, or of all
 *
 *	request: CVSW_A_NAME, CVSW_A_QUEUE { CVSW_QUEUE_A_PORT } or nothing
 *	reply:	 CVSW_A_QUEUE* {
 *			CVSW_QUEUE_A_PORT: u16
 *			CVSW_QUEUE_A_ID: u32
 *			CVSW_QUEUE_A_MIN_RATE: u64, bits per second, 0: none
 *			CVSW_QUEUE_A_MAX_RATE: u64, likewise, 0: no limit
 *			CVSW_QUEUE_A_TX_BYTES: u64
 *			CVSW_QUEUE_A_TX_PACKETS: u64
 *			CVSW_QUEUE_A_TX_ERRORS: u64, dropped
 *		 }
 *
 * CVSW_CMD_QUEUE_SET: make a queue, or change its rates
 *
 *	request: CVSW_A_NAME, CVSW_A_QUEUE { CVSW_QUEUE_A_PORT, _ID; _MIN_RATE,
 *		 _MAX_RATE (0 if absent) }
 *
 * CVSW_CMD_QUEUE_DEL: remove it
 *
 *	request: CVSW_A_NAME, CVSW_A_QUEUE { CVSW_QUEUE_A_PORT, _ID
 *		 (CVSW_QUEUE_ALL: all of the port) }
 *
 * CVSW_CMD_TRACE: what would become of a frame
 *
 *	request: CVSW_A_NAME, CVSW_A_IN_PORT: u16, CVSW_A_FRAME: bytes
 *	reply:	 CVSW_A_STEP* {
 *			CVSW_STEP_A_WHAT: u16, enum cvsw_trace_what
 *			CVSW_STEP_A_DEPTH: u16
 *			CVSW_STEP_A_INDEX: u16
 *			CVSW_STEP_A_PORT: u16
 *			CVSW_STEP_A_DROP { as above without frames }
 *			CVSW_STEP_A_KEY { CVSW_KEY_A_* }
 *			CVSW_STEP_A_FLOW { CVSW_FLOW_A_* }
 *			CVSW_STEP_A_ACTIONS { one CVSW_ACTION_A_* }
 *			CVSW_STEP_A_LEN: u32, bytes of the frame now
 *			CVSW_STEP_A_FRAME: its first CVSW_NL_STEP_FRAME bytes
 *				(OUTPUT, CONTROLLER, DROP, and of the answer
 *				that is sent: ANSWER; left out when they
 *				are as in the step before that had it)
 *		 }
 *
 * CVSW_CMD_PACKET_OUT: run actions on a frame
 *
 *	request: CVSW_A_NAME, CVSW_A_IN_PORT: u16 (none if absent),
 *		 CVSW_A_FRAME: bytes, CVSW_A_ACTIONS { CVSW_ACTION_A_* }
 *
 * CVSW_CMD_SUBSCRIBE: Unix socket only; generic netlink has multicast groups
 *
 *	request: CVSW_A_NAME (all switches if absent),
 *		 CVSW_A_GROUPS: u32, CVSW_NL_GROUP_* bits; 0 ends it
 *
 * CVSW_CMD_ATTACH, CVSW_CMD_DETACH: generic netlink only; put a switch into a
 * network interface, or take it out again.  The switch is called as it is
 *
 *	request: CVSW_A_NAME, of the interface
 *
 * Events, with sequence number 0; those that a request causes are sent before
 * its answer:
 *
 * CVSW_CMD_FLOW_REMOVED (group "flow"): CVSW_A_NAME, CVSW_A_FLOW,
 *	CVSW_A_REASON: u16, enum cvsw_removed_reason
 * CVSW_CMD_PORT_EVENT (group "port"): CVSW_A_NAME, CVSW_A_PORT,
 *	CVSW_A_REASON: u16, enum cvsw_event_kind
 * CVSW_CMD_PACKET_IN (groups "packet-in" and "packet-in-whole"): CVSW_A_NAME,
 *	CVSW_A_REASON: u16, enum cvsw_packet_in_reason; CVSW_A_IN_PORT,
 *	CVSW_A_LEN: u32, of the whole frame; CVSW_A_COOKIE: u64;
 *	CVSW_A_TUN_ID: be64; CVSW_A_FRAME: in group "packet-in" as much of it as
 *	the action or miss_send_len asked for, in the other all of it, up to
 *	CVSW_NL_FRAME_MAX bytes.  Who is in both groups of the Unix socket gets
 *	the whole one.
 * CVSW_CMD_DETACH (group "port"): CVSW_A_NAME, that no switch has any more
 * CVSW_CMD_LOST: CVSW_A_LOST: u32, events not sent to this client since the
 *	last one because it did not read
 */

#define CVSW_GENL_NAME		"cvsw"
#define CVSW_GENL_VERSION	1

/* multicast groups, to join which takes CAP_NET_ADMIN */
#define CVSW_GENL_GROUP_FLOW		"flow"
#define CVSW_GENL_GROUP_PORT		"port"
#define CVSW_GENL_GROUP_PACKET_IN	"packet-in"
#define CVSW_GENL_GROUP_WHOLE		"packet-in-whole"

#define CVSW_NL_TYPE		0x10		/* nlmsg_type on the Unix socket */
#define CVSW_NL_MSG_MAX		131072		/* longest message there */
#define CVSW_NL_FRAME_MAX	65531		/* longest frame in an attribute */
#define CVSW_NL_STEP_FRAME	2048		/* bytes of a frame in a trace step */
#define CVSW_NL_KEY_LEN		34		/* of one in CVSW_PORT_A_INBAND_KEYS */

#define CVSW_NL_GROUP_FLOW		0x1
#define CVSW_NL_GROUP_PORT		0x2
#define CVSW_NL_GROUP_PACKET_IN		0x4
#define CVSW_NL_GROUP_PACKET_IN_WHOLE	0x8
#define CVSW_NL_GROUP_MASK		0xf

enum cvsw_nl_cmd {
	CVSW_CMD_UNSPEC,
	CVSW_CMD_SWITCH_GET,
	CVSW_CMD_SWITCH_SET,
	CVSW_CMD_PORT_GET,
	CVSW_CMD_PORT_ADD,
	CVSW_CMD_PORT_DEL,
	CVSW_CMD_PORT_SET,
	CVSW_CMD_FLOW_MOD,
	CVSW_CMD_FLOW_REPLACE,
	CVSW_CMD_FLOW_GET,
	CVSW_CMD_BUNDLE_BEGIN,
	CVSW_CMD_BUNDLE_ADD,
	CVSW_CMD_BUNDLE_COMMIT,
	CVSW_CMD_BUNDLE_ABORT,
	CVSW_CMD_DROPS_GET,
	CVSW_CMD_TRACE,
	CVSW_CMD_PACKET_OUT,
	CVSW_CMD_SUBSCRIBE,
	CVSW_CMD_FLOW_REMOVED,
	CVSW_CMD_PORT_EVENT,
	CVSW_CMD_PACKET_IN,
	CVSW_CMD_LOST,
	CVSW_CMD_PORT_TEST,
	CVSW_CMD_PATH_GET,
	CVSW_CMD_QUEUE_GET,
	CVSW_CMD_QUEUE_SET,
	CVSW_CMD_QUEUE_DEL,
	CVSW_CMD_ATTACH,
	CVSW_CMD_DETACH,
	__CVSW_CMD_LAST
};
#define CVSW_CMD_MAX	(__CVSW_CMD_LAST - 1)

enum cvsw_nl_attr {
	CVSW_A_UNSPEC,
	CVSW_A_NAME,
	CVSW_A_SWITCH,
	CVSW_A_PORT,
	CVSW_A_FLOW,
	CVSW_A_BUNDLE,
	CVSW_A_REPLACE,
	CVSW_A_DROP,
	CVSW_A_STEP,
	CVSW_A_IN_PORT,
	CVSW_A_FRAME,
	CVSW_A_ACTIONS,
	CVSW_A_GROUPS,
	CVSW_A_REASON,
	CVSW_A_LEN,
	CVSW_A_COOKIE,
	CVSW_A_TUN_ID,
	CVSW_A_LOST,
	CVSW_A_TEST,
	CVSW_A_PATH,
	CVSW_A_QUEUE,
	__CVSW_A_LAST
};
#define CVSW_A_MAX	(__CVSW_A_LAST - 1)

enum cvsw_nl_switch_attr {
	CVSW_SWITCH_A_UNSPEC,
	CVSW_SWITCH_A_NAME,
	CVSW_SWITCH_A_DATAPATH_ID,
	CVSW_SWITCH_A_MAX_FLOWS,
	CVSW_SWITCH_A_MISS,
	CVSW_SWITCH_A_FRAG_MODE,
	CVSW_SWITCH_A_MISS_SEND_LEN,
	CVSW_SWITCH_A_MISS_RATE,
	CVSW_SWITCH_A_MISS_BURST,
	CVSW_SWITCH_A_ACTION_RATE,
	CVSW_SWITCH_A_ACTION_BURST,
	CVSW_SWITCH_A_MAC_AGEING,
	CVSW_SWITCH_A_VXLAN_PORT,
	CVSW_SWITCH_A_WORKERS,
	CVSW_SWITCH_A_STATS,
	CVSW_SWITCH_A_GENEVE_PORT,
	CVSW_SWITCH_A_STT_PORT,
	__CVSW_SWITCH_A_LAST
};
#define CVSW_SWITCH_A_MAX	(__CVSW_SWITCH_A_LAST - 1)

enum cvsw_nl_stats_attr {
	CVSW_STATS_A_UNSPEC,
	CVSW_STATS_A_LOOKUPS,
	CVSW_STATS_A_MATCHED,
	CVSW_STATS_A_CACHE_HITS,
	CVSW_STATS_A_FLOWS,
	CVSW_STATS_A_MASKS,
	CVSW_STATS_A_SUBTABLES,
	CVSW_STATS_A_MEMORY,
	CVSW_STATS_A_MALFORMED,
	__CVSW_STATS_A_LAST
};
#define CVSW_STATS_A_MAX	(__CVSW_STATS_A_LAST - 1)

enum cvsw_nl_port_attr {
	CVSW_PORT_A_UNSPEC,
	CVSW_PORT_A_NO,
	CVSW_PORT_A_NAME,
	CVSW_PORT_A_SPEC,
	CVSW_PORT_A_MAC,
	CVSW_PORT_A_CONFIG,
	CVSW_PORT_A_CONFIG_MASK,
	CVSW_PORT_A_STATE,
	CVSW_PORT_A_MTU,
	CVSW_PORT_A_RX_OFFLOAD,
	CVSW_PORT_A_TX_OFFLOAD,
	CVSW_PORT_A_QUEUES,
	CVSW_PORT_A_ANTISPOOF,
	CVSW_PORT_A_STATS,
	CVSW_PORT_A_RX_ASKED,
	CVSW_PORT_A_TX_ASKED,
	CVSW_PORT_A_RX_FAILED,
	CVSW_PORT_A_TX_FAILED,
	CVSW_PORT_A_DEVICE,
	CVSW_PORT_A_DEVICE_ASKED,
	CVSW_PORT_A_DEVICE_FIXED,
	CVSW_PORT_A_MTU_AUTO,
	CVSW_PORT_A_CURR,
	CVSW_PORT_A_ADVERTISED,
	CVSW_PORT_A_SUPPORTED,
	CVSW_PORT_A_PEER,
	CVSW_PORT_A_INBAND,
	CVSW_PORT_A_INBAND_STATE,
	CVSW_PORT_A_INBAND_POLICY,
	CVSW_PORT_A_INBAND_HOST,
	CVSW_PORT_A_INBAND_KEY_IDS,
	CVSW_PORT_A_INBAND_KEYS,
	__CVSW_PORT_A_LAST
};
#define CVSW_PORT_A_MAX		(__CVSW_PORT_A_LAST - 1)

enum cvsw_nl_antispoof_attr {
	CVSW_ANTISPOOF_A_UNSPEC,
	CVSW_ANTISPOOF_A_CHECKS,
	CVSW_ANTISPOOF_A_MAC,
	CVSW_ANTISPOOF_A_IPV4,
	CVSW_ANTISPOOF_A_IPV6,
	__CVSW_ANTISPOOF_A_LAST
};
#define CVSW_ANTISPOOF_A_MAX	(__CVSW_ANTISPOOF_A_LAST - 1)

enum cvsw_nl_port_stats_attr {
	CVSW_PORT_STATS_A_UNSPEC,
	CVSW_PORT_STATS_A_RX_PACKETS,
	CVSW_PORT_STATS_A_RX_BYTES,
	CVSW_PORT_STATS_A_RX_DROPPED,
	CVSW_PORT_STATS_A_RX_ERRORS,
	CVSW_PORT_STATS_A_TX_PACKETS,
	CVSW_PORT_STATS_A_TX_BYTES,
	CVSW_PORT_STATS_A_TX_DROPPED,
	CVSW_PORT_STATS_A_TX_ERRORS,
	__CVSW_PORT_STATS_A_LAST
};
#define CVSW_PORT_STATS_A_MAX	(__CVSW_PORT_STATS_A_LAST - 1)

enum cvsw_nl_test_attr {
	CVSW_TEST_A_UNSPEC,
	CVSW_TEST_A_OFFLOAD,
	CVSW_TEST_A_RX,
	CVSW_TEST_A_TX,
	CVSW_TEST_A_TEXT,
	__CVSW_TEST_A_LAST
};
#define CVSW_TEST_A_MAX		(__CVSW_TEST_A_LAST - 1)

enum cvsw_nl_flow_attr {
	CVSW_FLOW_A_UNSPEC,
	CVSW_FLOW_A_CMD,
	CVSW_FLOW_A_KEY,
	CVSW_FLOW_A_MASK,
	CVSW_FLOW_A_PRIORITY,
	CVSW_FLOW_A_COOKIE,
	CVSW_FLOW_A_COOKIE_MASK,
	CVSW_FLOW_A_OUT_PORT,
	CVSW_FLOW_A_IDLE_TIMEOUT,
	CVSW_FLOW_A_HARD_TIMEOUT,
	CVSW_FLOW_A_FLAGS,
	CVSW_FLOW_A_ACTIONS,
	CVSW_FLOW_A_PACKETS,
	CVSW_FLOW_A_BYTES,
	CVSW_FLOW_A_AGE,
	CVSW_FLOW_A_IDLE,
	CVSW_FLOW_A_OPT,
	__CVSW_FLOW_A_LAST
};
#define CVSW_FLOW_A_MAX		(__CVSW_FLOW_A_LAST - 1)

enum cvsw_nl_key_attr {
	CVSW_KEY_A_UNSPEC,
	CVSW_KEY_A_IN_PORT,
	CVSW_KEY_A_VLAN_TCI,
	CVSW_KEY_A_DL_TYPE,
	CVSW_KEY_A_NW_PROTO,
	CVSW_KEY_A_NW_TOS,
	CVSW_KEY_A_DL_DST,
	CVSW_KEY_A_DL_SRC,
	CVSW_KEY_A_TP_SRC,
	CVSW_KEY_A_TP_DST,
	CVSW_KEY_A_NW_SRC,
	CVSW_KEY_A_NW_DST,
	CVSW_KEY_A_TUN_ID,
	__CVSW_KEY_A_LAST
};
#define CVSW_KEY_A_MAX		(__CVSW_KEY_A_LAST - 1)

/* enum cvsw_action_type plus one */
enum cvsw_nl_action_attr {
	CVSW_ACTION_A_UNSPEC,
	CVSW_ACTION_A_OUTPUT,
	CVSW_ACTION_A_SET_VLAN_VID,
	CVSW_ACTION_A_SET_VLAN_PCP,
	CVSW_ACTION_A_STRIP_VLAN,
	CVSW_ACTION_A_SET_DL_SRC,
	CVSW_ACTION_A_SET_DL_DST,
	CVSW_ACTION_A_SET_NW_SRC,
	CVSW_ACTION_A_SET_NW_DST,
	CVSW_ACTION_A_SET_NW_TOS,
	CVSW_ACTION_A_SET_TP_SRC,
	CVSW_ACTION_A_SET_TP_DST,
	CVSW_ACTION_A_ENQUEUE,
	CVSW_ACTION_A_SET_IPV6_SRC,
	CVSW_ACTION_A_SET_IPV6_DST,
	CVSW_ACTION_A_RESUBMIT,
	CVSW_ACTION_A_PUSH,
	CVSW_ACTION_A_POP,
	CVSW_ACTION_A_TUNNEL_OPT,
	CVSW_ACTION_A_SET_TUNNEL,
	__CVSW_ACTION_A_LAST
};
#define CVSW_ACTION_A_MAX	(__CVSW_ACTION_A_LAST - 1)

enum cvsw_nl_output_attr {
	CVSW_OUTPUT_A_UNSPEC,
	CVSW_OUTPUT_A_PORT,
	CVSW_OUTPUT_A_MAX_LEN,
	CVSW_OUTPUT_A_QUEUE,
	__CVSW_OUTPUT_A_LAST
};
#define CVSW_OUTPUT_A_MAX	(__CVSW_OUTPUT_A_LAST - 1)

enum cvsw_nl_tunnel_attr {
	CVSW_TUNNEL_A_UNSPEC,
	CVSW_TUNNEL_A_KIND,
	CVSW_TUNNEL_A_ID,
	CVSW_TUNNEL_A_NW_SRC,
	CVSW_TUNNEL_A_NW_DST,
	CVSW_TUNNEL_A_DL_SRC,
	CVSW_TUNNEL_A_DL_DST,
	CVSW_TUNNEL_A_TP_DST,
	CVSW_TUNNEL_A_TTL,
	CVSW_TUNNEL_A_TOS,
	CVSW_TUNNEL_A_FLAGS,
	__CVSW_TUNNEL_A_LAST
};
#define CVSW_TUNNEL_A_MAX	(__CVSW_TUNNEL_A_LAST - 1)

enum cvsw_nl_opt_attr {
	CVSW_OPT_A_UNSPEC,
	CVSW_OPT_A_CLASS,
	CVSW_OPT_A_TYPE,
	CVSW_OPT_A_DATA,
	CVSW_OPT_A_MASK,
	__CVSW_OPT_A_LAST
};
#define CVSW_OPT_A_MAX		(__CVSW_OPT_A_LAST - 1)

enum cvsw_nl_path_attr {
	CVSW_PATH_A_UNSPEC,
	CVSW_PATH_A_ADDR,
	CVSW_PATH_A_STATE,
	CVSW_PATH_A_FLOWS,
	CVSW_PATH_A_PMTU,
	CVSW_PATH_A_PMTU_LEFT,
	CVSW_PATH_A_PORT,
	CVSW_PATH_A_DL_SRC,
	CVSW_PATH_A_DL_DST,
	CVSW_PATH_A_NW_SRC,
	CVSW_PATH_A_MTU,
	__CVSW_PATH_A_LAST
};
#define CVSW_PATH_A_MAX		(__CVSW_PATH_A_LAST - 1)

enum cvsw_nl_queue_attr {
	CVSW_QUEUE_A_UNSPEC,
	CVSW_QUEUE_A_PORT,
	CVSW_QUEUE_A_ID,
	CVSW_QUEUE_A_MIN_RATE,
	CVSW_QUEUE_A_MAX_RATE,
	CVSW_QUEUE_A_TX_BYTES,
	CVSW_QUEUE_A_TX_PACKETS,
	CVSW_QUEUE_A_TX_ERRORS,
	__CVSW_QUEUE_A_LAST
};
#define CVSW_QUEUE_A_MAX	(__CVSW_QUEUE_A_LAST - 1)

enum cvsw_nl_drop_attr {
	CVSW_DROP_A_UNSPEC,
	CVSW_DROP_A_CAUSE,
	CVSW_DROP_A_NAME,
	CVSW_DROP_A_TEXT,
	CVSW_DROP_A_FRAMES,
	__CVSW_DROP_A_LAST
};
#define CVSW_DROP_A_MAX		(__CVSW_DROP_A_LAST - 1)

enum cvsw_nl_step_attr {
	CVSW_STEP_A_UNSPEC,
	CVSW_STEP_A_WHAT,
	CVSW_STEP_A_DEPTH,
	CVSW_STEP_A_INDEX,
	CVSW_STEP_A_PORT,
	CVSW_STEP_A_DROP,
	CVSW_STEP_A_KEY,
	CVSW_STEP_A_FLOW,
	CVSW_STEP_A_ACTIONS,
	CVSW_STEP_A_LEN,
	CVSW_STEP_A_FRAME,
	__CVSW_STEP_A_LAST
};
#define CVSW_STEP_A_MAX		(__CVSW_STEP_A_LAST - 1)

#endif /* CVSW_NL_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_SWITCH_H
#define CVSW_SWITCH_H

/*
 * The switch: ports, one flow table, and the way of a frame through them.
 *
 * Two kinds of callers:
 *
 *  - Workers bring frames: cvsw_input().  Each struct cvsw_worker belongs to
 *    one thread (CPU) at a time; any number of workers run in parallel and
 *    never wait for each other or for control calls.
 *  - Control calls (everything else) take the switch's mutex and may sleep.
 *    They may be made from any thread, never from inside an op.
 *
 * The switch knows no clock and no randomness: "now" is nanoseconds of any
 * monotonic clock, the same one in every call.  It performs no I/O: all that
 * leaves it goes through struct cvsw_ops.
 *
 * Errors are negative errno values.  A call that fails changes nothing.
 */

#include <linux/types.h>
#include <cvsw/drop.h>
#include <cvsw/flow.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cvsw_switch;
struct cvsw_worker;
struct cvsw_pkt;

#define CVSW_NAME_LEN		16	/* of ports and switches, with the NUL */
#define CVSW_WORKERS_MAX	256
#define CVSW_RESUBMIT_MAX	16	/* lookups of one frame after its first */

/**
 * struct cvsw_error - why a control call failed, for a person to read
 * @text:  static text that names the field at fault; NULL when there is none
 * @index: which element of a list (action, flow-mod), or -1
 * @sub:   which element inside it (the action of flow-mod @index), or -1
 */
struct cvsw_error {
	const char	*text;
	__s32		index;
	__s32		sub;
};

/* struct cvsw_port_config.config (OpenFlow 1.0 ofp_port_config) */
#define CVSW_PORT_C_DOWN		0x01
#define CVSW_PORT_C_NO_RECV		0x04
#define CVSW_PORT_C_NO_FLOOD		0x10
#define CVSW_PORT_C_NO_FWD		0x20
#define CVSW_PORT_C_NO_PACKET_IN	0x40
#define CVSW_PORT_C_MASK		0x75

/* struct cvsw_port_info.state (OpenFlow 1.0 ofp_port_state) */
#define CVSW_PORT_S_LINK_DOWN		0x01

/* struct cvsw_port_info.curr, .advertised, .supported and .peer (OpenFlow 1.0
 * ofp_port_features) */
#define CVSW_PORT_F_10MB_HD		0x001
#define CVSW_PORT_F_10MB_FD		0x002
#define CVSW_PORT_F_100MB_HD		0x004
#define CVSW_PORT_F_100MB_FD		0x008
#define CVSW_PORT_F_1GB_HD		0x010
#define CVSW_PORT_F_1GB_FD		0x020
#define CVSW_PORT_F_10GB_FD		0x040
#define CVSW_PORT_F_COPPER		0x080
#define CVSW_PORT_F_FIBER		0x100
#define CVSW_PORT_F_AUTONEG		0x200
#define CVSW_PORT_F_PAUSE		0x400
#define CVSW_PORT_F_PAUSE_ASYM		0x800
#define CVSW_PORT_F_MASK		0xfff

/* The words that people read them as */
#define CVSW_PORT_F_WORDS(X)				\
	X("10mb-hd",		CVSW_PORT_F_10MB_HD)	\
	X("10mb-fd",		CVSW_PORT_F_10MB_FD)	\
	X("100mb-hd",		CVSW_PORT_F_100MB_HD)	\
	X("100mb-fd",		CVSW_PORT_F_100MB_FD)	\
	X("1gb-hd",		CVSW_PORT_F_1GB_HD)	\
	X("1gb-fd",		CVSW_PORT_F_1GB_FD)	\
	X("10gb-fd",		CVSW_PORT_F_10GB_FD)	\
	X("copper",		CVSW_PORT_F_COPPER)	\
	X("fiber",		CVSW_PORT_F_FIBER)	\
	X("autoneg",		CVSW_PORT_F_AUTONEG)	\
	X("pause",		CVSW_PORT_F_PAUSE)	\
	X("pause-asym",		CVSW_PORT_F_PAUSE_ASYM)

/* Offloads of a port, as the peer behind it may use them towards us (rx) and
 * accepts them from us (tx) */
#define CVSW_OFFLOAD_CSUM		0x001	/* partial checksums */
#define CVSW_OFFLOAD_TSO4		0x002	/* TCPv4 super-frames */
#define CVSW_OFFLOAD_TSO6		0x004	/* TCPv6 super-frames */
#define CVSW_OFFLOAD_TSO_ECN		0x008	/* ... with CWR */
#define CVSW_OFFLOAD_USO4		0x020	/* UDP_L4 super-frames, IPv4 */
#define CVSW_OFFLOAD_USO6		0x040	/* ... IPv6 */
#define CVSW_OFFLOAD_TUNNEL		0x080	/* UDP-tunnel super-frames */
#define CVSW_OFFLOAD_TUNNEL_CSUM	0x100	/* ... with an outer checksum */
#define CVSW_OFFLOAD_GRE		0x200	/* GRE-tunnel super-frames */
#define CVSW_OFFLOAD_GRO		0x400	/* tx: merge what came out of tunnels for it */
#define CVSW_OFFLOAD_MASK		0x7ef

/* The words that people write them with; X("word", bit) */
#define CVSW_OFFLOAD_WORDS(X)				\
	X("csum",		CVSW_OFFLOAD_CSUM)	\
	X("tso4",		CVSW_OFFLOAD_TSO4)	\
	X("tso6",		CVSW_OFFLOAD_TSO6)	\
	X("tso_ecn",		CVSW_OFFLOAD_TSO_ECN)	\
	X("uso4",		CVSW_OFFLOAD_USO4)	\
	X("uso6",		CVSW_OFFLOAD_USO6)	\
	X("tunnel",		CVSW_OFFLOAD_TUNNEL)	\
	X("tunnel_csum",	CVSW_OFFLOAD_TUNNEL_CSUM) \
	X("gre",		CVSW_OFFLOAD_GRE)	\
	X("gro",		CVSW_OFFLOAD_GRO)

/* Settings of the network device behind a port, as ethtool(8) has them */
#define CVSW_DEVICE_CSUM		0x01	/* completes checksums that it sends */
#define CVSW_DEVICE_RX_CSUM		0x02	/* checks those that it receives */
#define CVSW_DEVICE_TSO			0x04	/* cuts TCP super-frames */
#define CVSW_DEVICE_USO			0x08	/* cuts UDP super-frames */
#define CVSW_DEVICE_TUNNEL		0x10	/* cuts super-frames in UDP tunnels */
#define CVSW_DEVICE_GSO			0x20	/* is sent super-frames, cut in software */
#define CVSW_DEVICE_GRO			0x40	/* merges what it receives */
#define CVSW_DEVICE_MASK		0x7f

#define CVSW_DEVICE_WORDS(X)				\
	X("csum",		CVSW_DEVICE_CSUM)	\
	X("rx_csum",		CVSW_DEVICE_RX_CSUM)	\
	X("tso",		CVSW_DEVICE_TSO)	\
	X("uso",		CVSW_DEVICE_USO)	\
	X("tunnel",		CVSW_DEVICE_TUNNEL)	\
	X("gso",		CVSW_DEVICE_GSO)	\
	X("gro",		CVSW_DEVICE_GRO)

/* struct cvsw_port_info.inband: which protocol control frames (EtherType 0xabba)
 * that come in by the port speak, see <cvsw/inband.h> */
#define CVSW_INBAND_OFF			0	/* there is no in-band control by it */
#define CVSW_INBAND_V2			2	/* that of 2014 */
#define CVSW_INBAND_V3			3	/* with keys, cvsw-inband(7) */

#define CVSW_INBAND_QUEUE	512	/* control frames that may wait */

/** enum cvsw_inband_state - struct cvsw_port_info.inband_state */
enum cvsw_inband_state {
	/* version 2 */
	CVSW_INBAND_DISCONNECTED	= 0,	/* no HELLO has come */
	CVSW_INBAND_CONNECTING		= 1,	/* and was answered */
	CVSW_INBAND_CONNECTED		= 2,	/* something was asked for since */
	/* version 3 */
	CVSW_INBAND_IDLE		= 3,	/* no session, or its host left */
	CVSW_INBAND_LIVE		= 4,	/* there is one */
	CVSW_INBAND_SILENT		= 5,	/* its host was silent too long */
	CVSW_INBAND_STATES
};

/** enum cvsw_inband_policy - what becomes of traffic in CVSW_INBAND_SILENT */
enum cvsw_inband_policy {
	CVSW_INBAND_KEEP	= 0,	/* what flows say */
	CVSW_INBAND_PASS	= 1,	/* as CVSW_MISS_PASS, past all flows */
	CVSW_INBAND_DROP	= 2,	/* nothing goes */
	CVSW_INBAND_POLICIES
};

#define CVSW_INBAND_KEYS	2	/* of a port, to change from one to another */
#define CVSW_INBAND_KEY_LEN	32

/**
 * struct cvsw_inband_keys - pre-shared keys of in-band control, version 3
 * @n:   how many there are
 * @id:  of each, no two alike
 * @key: of each
 */
struct cvsw_inband_keys {
	__u16	n;
	__u16	id[CVSW_INBAND_KEYS];
	__u8	key[CVSW_INBAND_KEYS][CVSW_INBAND_KEY_LEN];
};

/* Anti-spoof preset of a port: source addresses its peer may use */
#define CVSW_ANTISPOOF_ADDRS	8
#define CVSW_ANTISPOOF_MAC	0x1	/* source MAC, ARP SHA, ND link-layer options */
#define CVSW_ANTISPOOF_IPV4	0x2	/* IPv4 source, ARP SPA; DHCP discovery passes */
#define CVSW_ANTISPOOF_IPV6	0x4	/* IPv6 source, ND target; passes DAD, link-local of @mac */
#define CVSW_ANTISPOOF_MASK	0x7

/**
 * struct cvsw_antispoof - which source addresses a port accepts
 * @checks:  CVSW_ANTISPOOF_*; 0 accepts all
 * @n_ipv4:  entries of @ipv4
 * @n_ipv6:  entries of @ipv6
 * @mac:     the one source MAC
 * @ipv4:    addresses
 * @ipv6:    addresses
 */
struct cvsw_antispoof {
	__u8	checks;
	__u8	n_ipv4;
	__u8	n_ipv6;
	__u8	pad[3];
	__u8	mac[6];
	__u8	ipv4[CVSW_ANTISPOOF_ADDRS][4];
	__u8	ipv6[CVSW_ANTISPOOF_ADDRS][16];
};

/**
 * struct cvsw_port_stats - counters of one port; frames are counted as the
 * segments they stand for
 */
struct cvsw_port_stats {
	__u64	rx_packets;	/* from the peer into the switch */
	__u64	rx_bytes;
	__u64	rx_dropped;	/* refused at the port: down, NO_RECV, spoofed, runt */
	__u64	rx_errors;	/* of those, malformed */
	__u64	tx_packets;	/* out of the switch to the peer */
	__u64	tx_bytes;
	__u64	tx_dropped;	/* not sent: down, NO_FWD, queue full, too big */
	__u64	tx_errors;	/* of those, refused by the device */
};

/**
 * struct cvsw_port_info - one port
 * @no:         port number, 1 to CVSW_PORT_MAX, or CVSW_PORT_LOCAL
 * @name:       unique in the switch
 * @spec:       what it was opened from, e.g. "tap:vm1"
 * @mac:        MAC address of the port
 * @config:     CVSW_PORT_C_*
 * @state:      CVSW_PORT_S_*
 * @mtu:        longest IP packet it carries, bytes; 0 when unknown
 * @mtu_auto:   the glue makes @mtu what cvsw_tunnel_mtu() says
 * @mtu_rx:     @mtu is that of frames from the port: longer ones may be sent to it
 * @inband:     CVSW_INBAND_*
 * @inband_state: enum cvsw_inband_state, starts anew when @inband changes
 * @inband_policy: enum cvsw_inband_policy.  Where ports differ in CVSW_INBAND_SILENT
 *              the highest holds
 * @inband_host: MAC of the host that the session is with, 0 when there is none
 * @inband_keys: on the way out their ids only
 * @rx_offload: CVSW_OFFLOAD_* its frames may come with
 * @tx_offload: CVSW_OFFLOAD_* it accepts
 * @rx_asked:   those that were asked for: what the device cannot do, failed the
 *              self-test or builds on something that is off is not in
 *              @rx_offload; @tx_asked likewise
 * @rx_failed:  those that failed the self-test; @tx_failed likewise
 * @device:     CVSW_DEVICE_* that its network device really does
 * @device_asked: those that it was asked to do
 * @device_fixed: those that cannot be changed
 * @queues:     queues of the device
 * @curr:       what the link does now, CVSW_PORT_F_*; all four
 *              0 when the device does not say
 * @advertised: what it tells its peer; @supported: what it can do; @peer: what
 *              its peer tells
 * @antispoof:  the preset
 * @stats:      counters, on the way out only
 */
struct cvsw_port_info {
	__u16			no;
	__u16			queues;
	__u32			config;
	__u32			state;
	__u32			mtu;
	__u32			rx_offload;
	__u32			tx_offload;
	__u32			rx_asked;
	__u32			tx_asked;
	__u32			rx_failed;
	__u32			tx_failed;
	__u32			device;
	__u32			device_asked;
	__u32			device_fixed;
	__u32			curr;
	__u32			advertised;
	__u32			supported;
	__u32			peer;
	__u8			mac[6];
	__u8			mtu_auto;
	__u8			inband;
	__u8			inband_state;
	__u8			mtu_rx;
	__u8			inband_policy;
	__u8			pad;
	__u8			inband_host[6];
	struct cvsw_inband_keys	inband_keys;
	char			name[CVSW_NAME_LEN];
	char			spec[192];
	struct cvsw_antispoof	antispoof;
	struct cvsw_port_stats	stats;
};

#define CVSW_QUEUE_ALL		0xffffffff
#define CVSW_QUEUE_MAX		0xefff	/* the highest id */

/**
 * struct cvsw_queue_info - a queue of a port, a class of HTB on its device
 * @port:       number of the port
 * @id:         of the queue, which ENQUEUE names
 * @min_rate:   bits per second that it gets in any case, 0: none are promised
 * @max_rate:   bits per second that it gets at most, 0: no limit
 * @tx_bytes:   sent; likewise @tx_packets
 * @tx_errors:  frames that it dropped
 */
struct cvsw_queue_info {
	__u16	port;
	__u16	pad;
	__u32	id;
	__u64	min_rate;
	__u64	max_rate;
	__u64	tx_bytes;
	__u64	tx_packets;
	__u64	tx_errors;
};

/* struct cvsw_test.rx and .tx */
enum cvsw_test_verdict {
	CVSW_TEST_NONE		= 0,	/* not tried: not there, or builds on what failed */
	CVSW_TEST_PASSED	= 1,
	CVSW_TEST_FAILED	= 2,
};

#define CVSW_TESTS_MAX		16

/**
 * struct cvsw_test - what the self-test found out about one offload of a port
 * @offload: CVSW_OFFLOAD_*, one
 * @rx:      enum cvsw_test_verdict: when frames come in with it
 * @tx:      when they are sent with it
 * @text:    what was wrong first, empty when nothing was
 */
struct cvsw_test {
	__u32	offload;
	__u8	rx;
	__u8	tx;
	__u8	pad[2];
	char	text[120];
};

/** enum cvsw_miss - what becomes of a frame that no flow matches */
enum cvsw_miss {
	CVSW_MISS_PASS		= 0,	/* as output:NORMAL */
	CVSW_MISS_DROP		= 1,
	CVSW_MISS_CONTROLLER	= 2,	/* a packet-in */
};

/** enum cvsw_frag_mode - IP fragments (OpenFlow 1.0 ofp_config_flags) */
enum cvsw_frag_mode {
	CVSW_FRAG_MODE_NORMAL	= 0,	/* all fragments match with ports 0 */
	CVSW_FRAG_MODE_DROP		= 1,
	CVSW_FRAG_MODE_NX_MATCH	= 3,	/* first fragments match with their ports */
};

/** enum cvsw_packet_in_reason - (OpenFlow 1.0 ofp_packet_in_reason) */
enum cvsw_packet_in_reason {
	CVSW_PACKET_IN_MISS	= 0,
	CVSW_PACKET_IN_ACTION	= 1,
	CVSW_PACKET_IN_REASONS
};

/**
 * struct cvsw_config - settings of a switch
 * @name:          of the switch
 * @datapath_id:   OpenFlow datapath id
 * @max_flows:     bound of the table, at most 16,777,216
 * @miss:          enum cvsw_miss
 * @frag_mode:     enum cvsw_frag_mode
 * @miss_send_len: bytes of a missed frame in its packet-in; 0xffff for all,
 *                 0: none is sent, the frame is dropped as a miss
 * @packet_in_rate:  packet-ins per second by reason; 0 for no limit
 * @packet_in_burst: size of the token bucket by reason
 * @mac_ageing:    seconds until a learnt MAC is forgotten
 * @seed:          secret start value of hash functions; fixed at creation
 * @workers:       workers that may exist; fixed at creation
 * @vxlan_port:    UDP port whose frames show their VNI as tun_id; host order
 */
struct cvsw_config {
	char	name[CVSW_NAME_LEN];
	__u64	datapath_id;
	__u64	seed;
	__u32	max_flows;
	__u32	packet_in_rate[CVSW_PACKET_IN_REASONS];
	__u32	packet_in_burst[CVSW_PACKET_IN_REASONS];
	__u16	miss_send_len;
	__u16	mac_ageing;
	__u16	workers;
	__u16	vxlan_port;
	__u16	geneve_port;
	__u16	stt_port;
	__u8	miss;
	__u8	frag_mode;
	__u8	pad[6];
};

/** struct cvsw_table_stats - the flow table in numbers */
struct cvsw_table_stats {
	__u64	lookups;	/* frames looked up, resubmits included */
	__u64	matched;	/* of those, with a flow found */
	__u64	cache_hits;	/* of those, found by the exact-match cache */
	__u32	flows;
	__u32	max_flows;
	__u32	masks;		/* distinct masks */
	__u32	subtables;	/* hash tables searched for them */
	__u64	memory;		/* bytes held for flows and lookup structures */
	__u64	malformed;	/* frames with a truncated or malformed layer */
};

/**
 * struct cvsw_packet_in - what goes with a frame to a controller
 * @reason:    enum cvsw_packet_in_reason
 * @in_port:   where the frame came in
 * @max_len:   how many of its bytes to send; 0 for all
 * @total_len: its length
 * @cookie:    of the flow that sent it; all ones for a miss
 * @tun_id:    as in the key of the lookup
 */
struct cvsw_packet_in {
	__u16	reason;
	__u16	in_port;
	__u16	max_len;
	__u16	pad;
	__u32	total_len;
	__u32	pad2;
	__u64	cookie;
	__be64	tun_id;
};

/** enum cvsw_event_kind - what happened */
enum cvsw_event_kind {
	CVSW_EVENT_FLOW_REMOVED	= 1,	/* .flow and .reason */
	CVSW_EVENT_PORT_ADD	= 2,	/* .port */
	CVSW_EVENT_PORT_DEL	= 3,	/* .port */
	CVSW_EVENT_PORT_MOD	= 4,	/* .port */
};

/**
 * struct cvsw_event - one event; what it points to lives until the op returns
 */
struct cvsw_event {
	__u16				kind;
	__u16				reason;	/* enum cvsw_removed_reason */
	__u32				pad;
	const struct cvsw_flow		*flow;
	const struct cvsw_port_info	*port;
};

/**
 * struct cvsw_trace_step - one step of a traced frame
 * @what:   enum cvsw_trace_what
 * @depth:  0 for the first lookup, one more for each resubmit
 * @key:    LOOKUP: what is looked up
 * @flow:   MATCH: the flow found, NULL for a miss
 * @action: ACTION: what is about to be done
 * @index:  ACTION: its place in the list
 * @port:   OUTPUT, ANSWER: port number
 * @drop:   DROP: enum cvsw_drop
 * @pkt:    the frame as it is now; ANSWER: what its sender would get
 */
enum cvsw_trace_what {
	CVSW_TRACE_LOOKUP	= 1,
	CVSW_TRACE_MATCH	= 2,
	CVSW_TRACE_ACTION	= 3,
	CVSW_TRACE_OUTPUT	= 4,
	CVSW_TRACE_CONTROLLER	= 5,
	CVSW_TRACE_DROP		= 6,
	CVSW_TRACE_HELD		= 7,	/* it would wait: for its rest, or for a way */
	CVSW_TRACE_ANSWER	= 8,	/* its sender would be told that it is too long */
	CVSW_TRACE_INBAND	= 9,	/* it is a control frame, and would be taken */
};

struct cvsw_trace_step {
	__u16				what;
	__u16				depth;
	__u16				index;
	__u16				port;
	__u16				drop;
	__u16				pad[3];
	const struct cvsw_key		*key;
	const struct cvsw_flow		*flow;
	const struct cvsw_action	*action;
	const struct cvsw_pkt		*pkt;
};

/**
 * struct cvsw_way - how frames get to the far end of a tunnel
 * @dl_src: MAC of the interface they leave by
 * @dl_dst: MAC of the next hop
 * @nw_src: address they are to come from; IPv4 in the first 4 bytes, then 0
 * @port:   port of the switch that leads there; 0 when there is none
 * @pad:    0
 * @mtu:    longest IP packet of the route, 0 when unknown
 */
struct cvsw_way {
	__u8	dl_src[6];
	__u8	dl_dst[6];
	__u8	nw_src[16];
	__u16	port;
	__u16	pad;
	__u32	mtu;
};

/**
 * struct cvsw_ops - all that a switch does to the world
 *
 * @output:     takes @pkt, which it sends out of the port whose priv it is
 *              given, or frees and counts with cvsw_worker_drop(); called by
 *              workers, must not sleep; wctx is the worker's; the descriptor
 *              *@pkt is the caller's and has to be copied to keep it
 * @packet_in:  looks at @pkt, which stays the caller's; called by workers,
 *              must not sleep; returns 0 or -ENOTCONN when nobody listens
 * @inband:     takes @pkt, a control frame that came in by the port whose priv
 *              it is given, to be brought to cvsw_inband_input() by a thread
 *              that makes control calls; called by workers, must not sleep;
 *              NULL: no port can have in-band control.  @pkt as for @output
 * @frame_new:  makes @pkt a frame of the @len bytes at @data, which goes out; 0 or
 *              -ENOMEM.  Called by cvsw_inband_*() with the wctx of their worker
 * @inband_msg: a datagram has come whole by the port whose priv it is given, of
 *              one host; 0: it was taken; -EAGAIN: not now, it comes again
 * @inband_sent: the next datagram may go to the host, see cvsw_inband_send()
 * @inband_session: @live: another session begins.  What belongs to one before is
 *              to be forgotten: requests, answers, subscriptions, bundles.  NULL
 *              in place of these four: there is no version 3
 * @event:      something changed; called from control calls
 * @port_open:  a control request asks for a port; opens @spec and answers it
 *              with cvsw_port_add() before it returns
 * @port_close: closes a port's device after cvsw_port_del()
 * @port_set:   makes the device's mtu (and mtu_auto), its offloads (rx_asked, tx_asked) and
 *              its settings (device_asked) those of @want where they differ,
 *              and writes to @want what they really are now
 * @port_test:  tests the offloads of a port: fills @tests, of CVSW_TESTS_MAX,
 *              and *@n; what failed is left out of offloads from then on;
 *              NULL: there is no such test
 *
 * @queue_set:  makes a queue of a port, or changes its rates; checked but for
 *              what the device can do
 * @queue_del:  removes queue @id, CVSW_QUEUE_ALL: all that there are; -ENOENT
 *              when there is none such
 * @queue_walk: hands the queues of a port to @each, by rising id, until it
 *              returns non-zero; @each sets the number of the port
 *
 * @path_open:  flows push to @addr (4 or 16 bytes) without saying all of the
 *              way there: find it, keep it up to date with cvsw_path_set()
 * @path_close: no flow does any more, and the way is forgotten.  That may come
 *              a few cvsw_switch_expire() after the last such flow went
 * @path_wait:  a frame waits for the way to @addr; called by workers, must not
 *              sleep.  Until no frame waits for it any more the same worker
 *              does not call it again for this address
 *
 * All but @output may be NULL: then there are none.
 *
 * @event, @path_open and @path_close are called with the switch's mutex held:
 * they must not make control calls, cvsw_path_set() neither, but note what
 * there is to do.  A path is opened once before it is closed once; those that
 * are open when the switch is freed are not closed.
 *
 * @inband_msg, @inband_sent and @inband_session are called from inside
 * cvsw_inband_*(), without the mutex.  They may make control calls, and call
 * cvsw_inband_send(), but neither cvsw_inband_input() nor cvsw_inband_tick().
 *
 * After cvsw_path_set() the glue has every worker call cvsw_worker_resume() in
 * its own thread.  A way replaced by another takes effect with the next frame
 * by itself.
 */
struct cvsw_ops {
	void (*output)(void *wctx, void *port_priv, struct cvsw_pkt *pkt);
	int (*packet_in)(void *wctx, const struct cvsw_pkt *pkt,
			 const struct cvsw_packet_in *info);
	void (*inband)(void *wctx, void *port_priv, struct cvsw_pkt *pkt);
	int (*frame_new)(void *wctx, const void *data, __u32 len,
			 struct cvsw_pkt *pkt);
	int (*inband_msg)(void *ctx, void *port_priv, const void *msg,
			  __u32 len);
	void (*inband_sent)(void *ctx, void *port_priv);
	void (*inband_session)(void *ctx, void *port_priv, int live);
	void (*event)(void *ctx, const struct cvsw_event *event);
	int (*port_open)(void *ctx, const char *spec, __u16 no,
			 struct cvsw_error *err);
	void (*port_close)(void *ctx, void *port_priv);
	int (*port_set)(void *ctx, void *port_priv, struct cvsw_port_info *want,
			struct cvsw_error *err);
	int (*port_test)(void *ctx, void *port_priv, struct cvsw_test *tests,
			 unsigned int *n, struct cvsw_error *err);
	int (*queue_set)(void *ctx, void *port_priv,
			 const struct cvsw_queue_info *want,
			 struct cvsw_error *err);
	int (*queue_del)(void *ctx, void *port_priv, __u32 id,
			 struct cvsw_error *err);
	int (*queue_walk)(void *ctx, void *port_priv,
			  int (*each)(void *arg,
				      const struct cvsw_queue_info *info),
			  void *arg);
	void (*path_open)(void *ctx, __u8 family, const __u8 *addr);
	void (*path_close)(void *ctx, __u8 family, const __u8 *addr);
	void (*path_wait)(void *wctx, __u8 family, const __u8 *addr);
};

/* Life */

/** cvsw_config_default - fill @config with what a new switch starts from */
void cvsw_config_default(struct cvsw_config *config);

/**
 * cvsw_switch_new - make a switch
 * @out:    receives it
 * @config: copied; from cvsw_config_default() with changes
 * @ops:    borrowed for the life of the switch
 * @ctx:    handed to @ops
 * @err:    may be NULL
 * Return: 0, -EINVAL (field in @err) or -ENOMEM.
 */
int cvsw_switch_new(struct cvsw_switch **out, const struct cvsw_config *config,
		    const struct cvsw_ops *ops, void *ctx,
		    struct cvsw_error *err);

/**
 * cvsw_switch_free - free a switch, its ports and flows
 *
 * No worker may be inside cvsw_input() or a batch, no dump may be open.  Ports
 * are closed by @port_close, which may still call cvsw_worker_drop(); no
 * events are sent.
 */
void cvsw_switch_free(struct cvsw_switch *sw);

void cvsw_switch_config(struct cvsw_switch *sw, struct cvsw_config *config);

/** cvsw_switch_configure - change settings; those fixed at creation must agree */
int cvsw_switch_configure(struct cvsw_switch *sw,
			  const struct cvsw_config *config,
			  struct cvsw_error *err);

/* Workers and frames */

/**
 * cvsw_worker_get - the worker with number @id (below config.workers)
 * @wctx: handed to ops->output and ops->packet_in
 * Return: the worker, NULL without memory or for a wrong @id.  It lives as
 * long as the switch; getting it again only sets @wctx.
 */
struct cvsw_worker *cvsw_worker_get(struct cvsw_switch *sw, unsigned int id,
				    void *wctx);

/**
 * cvsw_input - take a frame in at @pkt->in_port
 * @w:   the calling thread's worker
 * @pkt: the frame; taken: it ends in ops->output, or is freed and counted
 * @now: nanoseconds
 *
 * Flow counters reach the flows before it returns, in a batch at the latest
 * with cvsw_worker_flush().
 */
void cvsw_input(struct cvsw_worker *w, struct cvsw_pkt *pkt, __u64 now);

/**
 * cvsw_pass - does a frame go straight through?
 * @w:   the calling thread's worker, in a batch
 * @pkt: the frame; not changed, and only its bytes and in_port are looked at
 *
 * A short way for who can let frames go on where they are.  When there is no
 * flow, misses pass, and two ports are a mere wire for this frame, it is counted
 * as having gone in by one and out by the other.
 *
 * In the kernel an RCU read-side section with bottom halves off is enough.
 *
 * Return: 1: put it out by the other port, as it is; 0: nothing was done or
 * counted, so give it to cvsw_input().
 */
int cvsw_pass(struct cvsw_worker *w, const struct cvsw_pkt *pkt);

/**
 * cvsw_worker_begin - start of a batch: frames of one wake-up
 *
 * Optional, and makes frames cheaper.  Until cvsw_worker_flush() the worker
 * must neither sleep nor make control calls, and control calls that take
 * something away wait for it.  So ops->output may keep frames and the priv of
 * their port until then, and send them before it calls cvsw_worker_flush().
 */
void cvsw_worker_begin(struct cvsw_worker *w);

/** cvsw_worker_flush - end of a batch: write back what the worker held */
void cvsw_worker_flush(struct cvsw_worker *w);

/**
 * cvsw_worker_resume - go on with frames that wait, give up those that waited
 * too long
 *
 * Call it after cvsw_path_set(), and about once a second as long as it returns
 * true.  A batch of its own, or inside one.
 *
 * Return: does anything wait, for a way or for the rest of its frame?
 */
int cvsw_worker_resume(struct cvsw_worker *w, __u64 now);

/**
 * struct cvsw_lost - frames that are no more
 * @bytes:  of them on the wire
 * @frames: how many; a super-frame is as many as it stands for
 */
struct cvsw_lost {
	__u64	bytes;
	__u32	frames;
	__u32	pad;
};

/** cvsw_worker_lost - count as not sent what was handed to ops->output; there or
 * later in the same batch */
void cvsw_worker_lost(struct cvsw_worker *w, __u16 port_no,
		      const struct cvsw_lost *lost, enum cvsw_drop why);

/** cvsw_worker_drop - free @pkt and count it so */
void cvsw_worker_drop(struct cvsw_worker *w, struct cvsw_pkt *pkt,
		      __u16 port_no, enum cvsw_drop why);

/**
 * cvsw_packet_out - run @actions on a frame that a controller sends
 * @pkt: taken, also on error; @pkt->in_port may be any port or CVSW_PORT_NONE
 * Return: 0, or -EINVAL with the bad action in @err->index.
 */
int cvsw_packet_out(struct cvsw_worker *w, struct cvsw_pkt *pkt,
		    const struct cvsw_action *actions, unsigned int n,
		    __u64 now, struct cvsw_error *err);

/**
 * cvsw_trace - show what cvsw_input() would do; sends and counts nothing
 * @pkt:  taken
 * @step: called for each step
 */
void cvsw_trace(struct cvsw_worker *w, struct cvsw_pkt *pkt, __u64 now,
		void (*step)(void *arg, const struct cvsw_trace_step *step),
		void *arg);

/* Flows */

/**
 * cvsw_flow_mods - change the table by @n flow-mods, all or none
 *
 * Later ones see earlier ones.  A frame in flight sees the table before all
 * of them or after all of them.  On failure @err->index is the flow-mod and
 * @err->sub the action at fault.
 *
 * Return: 0; -EINVAL: a field or action is not valid; -EEXIST: CHECK_OVERLAP
 * and it overlaps; -ENOSPC: table full; -ENOMEM.
 */
int cvsw_flow_mods(struct cvsw_switch *sw, const struct cvsw_flow_mod *mods,
		   unsigned int n, __u64 now, struct cvsw_error *err);

/** cvsw_flow_replace - make the table consist of exactly @flows, all or none;
 * flows that stay (same match, priority and actions) keep their counters */
int cvsw_flow_replace(struct cvsw_switch *sw, const struct cvsw_flow *flows,
		      unsigned int n, __u64 now, struct cvsw_error *err);

/**
 * struct cvsw_flow_dump - a walk over the table, in parts
 *
 * A flow that is in the table during the whole walk is seen once.
 */
struct cvsw_flow_dump;

/**
 * cvsw_flow_dump_start - begin a walk
 * @out:      receives it; ends with cvsw_flow_dump_stop()
 * @filter:   selects as CVSW_FLOW_DEL does; NULL for all
 * Return: 0, -ENOMEM, or -EINVAL when its options are not in order.
 */
int cvsw_flow_dump_start(struct cvsw_switch *sw, struct cvsw_flow_dump **out,
			 const struct cvsw_flow_mod *filter);

/**
 * cvsw_flow_dump_next - hand the next flows to @each until it returns non-zero
 * @each: its flow lives until it returns; non-zero means "not taken, later"
 * Return: 1 when there is more, 0 at the end.
 */
int cvsw_flow_dump_next(struct cvsw_flow_dump *dump, __u64 now,
			int (*each)(void *arg, const struct cvsw_flow *flow),
			void *arg);

/** cvsw_flow_dump_seq - a number, not 0, of the table as the last call saw it:
 * another one than that of the call before when it has changed between them */
__u32 cvsw_flow_dump_seq(const struct cvsw_flow_dump *dump);
void cvsw_flow_dump_stop(struct cvsw_flow_dump *dump);

/**
 * cvsw_switch_expire - remove flows whose time is up, forget old MACs
 *
 * Call it about once a second.  It also frees what flows left behind.
 */
void cvsw_switch_expire(struct cvsw_switch *sw, __u64 now);

void cvsw_switch_stats(struct cvsw_switch *sw, struct cvsw_table_stats *stats);

/** cvsw_switch_drops - drop counters by cause, @drops[CVSW_DROP_COUNT] */
void cvsw_switch_drops(struct cvsw_switch *sw, __u64 *drops);

/** cvsw_drop_name - "spoof-mac"; cvsw_drop_text() - a sentence; NULL beyond the last */
const char *cvsw_drop_name(unsigned int drop);
const char *cvsw_drop_text(unsigned int drop);

/* Ports */

/**
 * cvsw_port_add - add a port
 * @info: number (0 picks the lowest free one and is set), name and the rest
 * @priv: handed to ops
 * Return: 0, -EINVAL, -EEXIST (number or name taken) or -ENOMEM.
 */
int cvsw_port_add(struct cvsw_switch *sw, struct cvsw_port_info *info,
		  void *priv, struct cvsw_error *err);

/**
 * cvsw_port_open - have ops->port_open open @spec as port @no
 * Return: what it returns, -EOPNOTSUPP when there is no such op.
 *
 * Takes no lock itself: the op answers with cvsw_port_add().
 */
int cvsw_port_open(struct cvsw_switch *sw, const char *spec, __u16 no,
		   struct cvsw_error *err);

/**
 * cvsw_port_del - remove a port and have its device closed
 *
 * After it returns no worker uses the port's priv.
 */
int cvsw_port_del(struct cvsw_switch *sw, __u16 no, struct cvsw_error *err);

/** cvsw_port_close - the same when a control request asks for it; -EOPNOTSUPP
 * when none could be opened again */
int cvsw_port_close(struct cvsw_switch *sw, __u16 no, struct cvsw_error *err);

/** cvsw_port_get - @info of port @no with counters; -ENODEV when absent */
int cvsw_port_get(struct cvsw_switch *sw, __u16 no,
		  struct cvsw_port_info *info);

/** cvsw_port_next - the lowest port above @no, CVSW_PORT_NONE at the end */
__u16 cvsw_port_next(struct cvsw_switch *sw, __u16 no);

/** cvsw_port_find - number of the port called @name, CVSW_PORT_NONE when absent */
__u16 cvsw_port_find(struct cvsw_switch *sw, const char *name);

/* what of struct cvsw_port_info a cvsw_port_set() changes */
#define CVSW_PORT_SET_CONFIG	0x01
#define CVSW_PORT_SET_ANTISPOOF	0x02
#define CVSW_PORT_SET_MTU	0x04	/* and mtu_auto; through ops->port_set */
#define CVSW_PORT_SET_OFFLOAD	0x08	/* through ops->port_set */
#define CVSW_PORT_SET_STATE	0x10	/* link state and what really is, told by the glue */
#define CVSW_PORT_SET_DEVICE	0x20	/* through ops->port_set */
#define CVSW_PORT_SET_INBAND	0x40
#define CVSW_PORT_SET_INBAND_STATE 0x80	/* and _HOST; told by cvsw_inband_*() */
#define CVSW_PORT_SET_INBAND_POLICY 0x100
#define CVSW_PORT_SET_INBAND_KEYS 0x200	/* these replace all that there are */

/**
 * cvsw_port_set - change a port; sends CVSW_EVENT_PORT_MOD when it differs
 * @want: rx_offload, tx_offload and device_asked are what is asked for
 */
int cvsw_port_set(struct cvsw_switch *sw, const struct cvsw_port_info *want,
		  unsigned int what, struct cvsw_error *err);

/**
 * cvsw_port_test - test the offloads of port @no, and do without what fails
 * @tests: receives what was found, one for each offload; of CVSW_TESTS_MAX
 * @n:     how many
 * Return: 0 also when some failed; -ENODEV; -EOPNOTSUPP when there is no test;
 * another negative errno when it could not be made.
 */
int cvsw_port_test(struct cvsw_switch *sw, __u16 no, struct cvsw_test *tests,
		   unsigned int *n, struct cvsw_error *err);

/* Queues of ports, for ENQUEUE; a frame for one that a port does not have
 * leaves as by OUTPUT */

/**
 * cvsw_queue_set - make queue @info->id of port @info->port, or change its rates
 * Return: 0; -ENODEV: no such port; -EINVAL: a field is not valid; -EOPNOTSUPP:
 * the port cannot have queues; another negative errno of the device.
 */
int cvsw_queue_set(struct cvsw_switch *sw, const struct cvsw_queue_info *info,
		   struct cvsw_error *err);

/** cvsw_queue_del - remove queue @id of a port, CVSW_QUEUE_ALL: all of them;
 * -ENODEV: no such port, -ENOENT: no such queue */
int cvsw_queue_del(struct cvsw_switch *sw, __u16 port, __u32 id,
		   struct cvsw_error *err);

/**
 * cvsw_queues_walk - hand the queues of a port to @each, by rising id
 * @each: a non-zero return ends the walk; it must not make control calls
 * Return: 0, also when there are none; -ENODEV: no such port; another negative
 * errno when the device did not tell.
 */
int cvsw_queues_walk(struct cvsw_switch *sw, __u16 port,
		     int (*each)(void *arg, const struct cvsw_queue_info *info),
		     void *arg);

/* Paths: the ways to the far ends of tunnels */

/**
 * cvsw_path_set - tell the way to @addr, 4 or 16 bytes
 * @way: copied; NULL: there is none, and frames that wait for it, and those that
 *       come, are dropped until one is told
 * Return: 0; -ENOENT when @addr is not open (ops->path_open); -ENOMEM.
 *
 * Wakes nobody: see struct cvsw_ops.
 */
int cvsw_path_set(struct cvsw_switch *sw, __u8 family, const __u8 *addr,
		  const struct cvsw_way *way);

/**
 * cvsw_paths_look - look for the ways of all paths that are open
 * @find: writes the way to @addr, 4 or 16 bytes, to @way, which is all 0: returns
 *        0; -EAGAIN: it is being looked for, and what was told holds; another
 *        negative errno: there is none.  It must not make control calls
 * Return: was any told that is new?  Then as after cvsw_path_set().
 *
 * The same as a cvsw_path_set() for each, for glue that keeps no list of them.
 */
int cvsw_paths_look(struct cvsw_switch *sw,
		    int (*find)(void *arg, __u8 family, const __u8 *addr,
				struct cvsw_way *way), void *arg);

/** enum cvsw_path_state - what is known of a way */
enum cvsw_path_state {
	CVSW_PATH_FIXED		= 0,	/* flows say all of it */
	CVSW_PATH_ASKED		= 1,	/* not yet known */
	CVSW_PATH_KNOWN		= 2,
	CVSW_PATH_ABSENT	= 3,	/* there is none */
};

/**
 * struct cvsw_path_info - a path, as people look at it
 * @family:    4 or 6
 * @state:     enum cvsw_path_state
 * @flows:     pushes that lead there; those of flows removed a moment ago may
 *             still be among them
 * @pmtu:      learnt from ICMP errors, 0 when none
 * @pmtu_left: seconds until that is forgotten
 * @addr:      far end; IPv4 in the first 4 bytes, then 0
 * @way:       CVSW_PATH_KNOWN, else 0
 */
struct cvsw_path_info {
	__u8		family;
	__u8		state;
	__u8		pad[2];
	__u32		flows;
	__u32		pmtu;
	__u32		pmtu_left;
	__u8		addr[16];
	struct cvsw_way	way;
};

/** cvsw_paths_walk - hand each path to @each until it returns non-zero; it must
 * not make control calls */
void cvsw_paths_walk(struct cvsw_switch *sw, __u64 now,
		     int (*each)(void *arg, const struct cvsw_path_info *info),
		     void *arg);

/**
 * cvsw_tunnel_mtu - longest inner IP packet that fits every tunnel of the flows
 *
 * From the overhead of each PUSH, and the smaller of its path's MTU and that of
 * the port it outputs to.  STT counts as one that is not cut (72 bytes, and over
 * IPv6 20 more), though it carries longer ones.  Flows that were removed may
 * count until the next cvsw_switch_expire().
 *
 * Return: bytes, 0 when no flow pushes or no MTU is known.
 */
__u32 cvsw_tunnel_mtu(struct cvsw_switch *sw, __u64 now);

/** cvsw_tunnel_leaves_by - do frames leave by port @no in tunnels of the flows? */
int cvsw_tunnel_leaves_by(struct cvsw_switch *sw, __u16 no);

#ifdef __cplusplus
}
#endif

#endif /* CVSW_SWITCH_H */

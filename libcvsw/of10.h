/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OF10_H
#define CVSW_OF10_H

/*
 * OpenFlow 1.0 to and from the structs of the switch.  Pure functions over the
 * caller's buffers: no state, no memory, no I/O; whoever has the connection
 * brings whole messages here and sends what it is given.
 *
 * A get function reads what a controller sent, from any address.  It returns 0
 * (or a number) and fills what it was given, or it returns -EINVAL, fills @err
 * with the error that the controller is owed, and what else it filled means
 * nothing.  A put function writes a message, or a part of one, at any address;
 * it returns how many bytes that are, or -EMSGSIZE when there is not as much
 * room, whose content then means nothing.  All padding that it writes is 0.
 *
 * Two dialects: that of the specification, with our tunnel actions as vendor
 * actions, is spoken with controllers; that of the CVSW of 2014, which gave
 * bits of the wildcards and action types other meanings, comes in frames only.
 *
 * Controllers may also speak Nicira's extensions, whose matches (NXM) say all
 * that ours can.  Which function reads what, after cvsw_of10_check():
 *
 *	FLOW_MOD			cvsw_of10_flow_mod_get()
 *	PACKET_OUT			cvsw_of10_packet_out_get()
 *	PORT_MOD			cvsw_of10_port_mod_get()
 *	SET_CONFIG			cvsw_of10_config_get()
 *	QUEUE_GET_CONFIG_REQUEST	cvsw_of10_queue_config_get()
 *	STATS_REQUEST			cvsw_of10_stats_get(), Nicira's too
 *	VENDOR				cvsw_of10_vendor_get(), then by subtype:
 *	  ROLE_REQUEST			cvsw_of10_role_get()
 *	  FLOW_MOD			cvsw_of10_flow_mod_get()
 *	  SET_FLOW_FORMAT		cvsw_of10_flow_format_get()
 *	  FLOW_MOD_TABLE_ID		cvsw_of10_table_id_get()
 *	  SET_PACKET_IN_FORMAT		cvsw_of10_packet_in_format_get()
 *	  SET_ASYNC_CONFIG		cvsw_of10_async_get()
 *	  SET_CONTROLLER_ID, FLOW_AGE	nothing is in them for us: accepted
 *
 * and which writes what Nicira's form of has been asked for, in place of the one
 * of 1.0:
 *
 *	PACKET_IN	cvsw_of10_nx_packet_in_put()	SET_PACKET_IN_FORMAT
 *	FLOW_REMOVED	cvsw_of10_nx_flow_removed_put()	SET_FLOW_FORMAT
 *	STATS_REPLY	cvsw_of10_nx_stats_put(), then	the request (.nxm)
 *	  flows		cvsw_of10_nx_flow_stats_put()
 *	  aggregate	cvsw_of10_aggregate_put()
 *
 * Formats, table ids and filters hold for the connection that sent them, from
 * then on.  Flow statistics of 1.0 leave out of a match what 1.0 cannot say; then
 * @whole becomes false.
 */

#include <cvsw/flow.h>
#include <cvsw/openflow.h>
#include <cvsw/switch.h>

#include "os.h"
#include "hdr.h"

/**
 * struct cvsw_of10_error - why something was refused
 * @type: enum cvsw_ofp_error_type
 * @code: the code of that type
 * @text: static text that names the field at fault
 */
struct cvsw_of10_error {
	u16		type;
	u16		code;
	const char	*text;
};

static inline int cvsw_of10_refuse(struct cvsw_of10_error *err, u16 type,
				   u16 code, const char *text)
{
	*err = (struct cvsw_of10_error){ type, code, text };
	return -EINVAL;
}

/* of10_match.c */

/* 1.0 knows no addresses of IPv6 */
static inline bool cvsw_of10_is_ipv6(const struct cvsw_match *m)
{
	return m->mask.dl_type == cpu_to_be16(0xffff) &&
	       m->value.dl_type == cpu_to_be16(CVSW_ETH_P_IPV6);
}

/**
 * cvsw_of10_match_get - read a match; there is none that is wrong
 * @match: in normal form: a field without its prerequisite is not there
 */
void cvsw_of10_match_get(const struct cvsw_ofp_match *wire,
			 struct cvsw_match *match);

/**
 * cvsw_of10_match_get_2014 - read a match of 2014
 *
 * Its wildcards have no prefixes: bit 13 is for all of nw_src, 19 for all of
 * nw_dst.  16 to 19 ask for the id of VXLAN, NVGRE, STT and Geneve, in the
 * place of both ports; 19 does when there is no nw_dst.  The id of STT is then
 * the upper half of its context id.  Addresses and ports imply IPv4, an id the
 * outer header of its tunnel.  Ports without a protocol are those of TCP and of
 * UDP, which takes two matches to say.
 *
 * Return: how many of @match it takes, 1 or 2.
 */
unsigned int cvsw_of10_match_get_2014(const struct cvsw_ofp_match *wire,
				      struct cvsw_match match[2]);

/* of10_match_put.c */

/**
 * cvsw_of10_match_put - write a match
 * @match: in normal form
 * @wire:  receives it; what 1.0 cannot say is a wildcard
 * Return: does @wire say all of @match?
 */
bool cvsw_of10_match_put(const struct cvsw_match *match,
			 struct cvsw_ofp_match *wire);

/* of10_nxm.c */

/**
 * cvsw_of10_nxm_get - read a match of NXM
 * @list:        its entries
 * @len:         their bytes, without padding
 * @match:       in normal form
 * @cookie:      what a flow's cookie must be
 * @cookie_mask: in these bits; 0: any
 *
 * Return: 0; -EINVAL: BAD_REQUEST when a length is wrong, FLOW_MOD_FAILED with
 * UNSUPPORTED for all else: a field that we do not have or that is there twice, one
 * without its prerequisite, a value or mask that it cannot have, and what no frame
 * can ever match.
 */
int cvsw_of10_nxm_get(const void *list, u32 len, struct cvsw_match *match,
		      u64 *cookie, u64 *cookie_mask,
		      struct cvsw_of10_error *err);

/**
 * cvsw_of10_nxm_put - write a match of NXM, and its padding
 * @match: in normal form
 * @whole: becomes false when there is something that NXM cannot say, which is
 *         left out; may be NULL
 * Return: bytes without padding, but there must be room for it; -EMSGSIZE.
 */
int cvsw_of10_nxm_put(const struct cvsw_match *match, void *buf, u32 room,
		      bool *whole);

/* of10_action.c */

/* how many bytes those of the specification have, by type */
extern const u8 cvsw_of10_act_len[CVSW_OFP_ACTIONS];

/** enum cvsw_of10_place - where a list of actions stands */
enum cvsw_of10_place {
	CVSW_OF10_FLOW_MOD,
	CVSW_OF10_PACKET_OUT,	/* may output to CVSW_PORT_TABLE */
	CVSW_OF10_2014,		/* has the tunnel actions of 2014 as they were */
};

/**
 * cvsw_of10_actions_get - read a list of actions
 * @list:  the list
 * @len:   its bytes
 * @acts:  receives up to CVSW_ACTIONS_MAX of them
 *
 * A note does nothing, and so is no action.  In a list of 2014 an output to
 * CVSW_PORT_NONE drops the frame, so that the list is empty; one without any
 * output sends to the other port.
 *
 * The list is for cvsw_action_check() to judge as any other: what only the
 * core knows to be wrong passes here.
 *
 * Return: how many actions; -EINVAL.
 */
int cvsw_of10_actions_get(const void *list, u32 len, enum cvsw_of10_place place,
			  struct cvsw_action *acts,
			  struct cvsw_of10_error *err);

/* of10_action_put.c */

/**
 * cvsw_of10_actions_put - write a list of actions
 * @whole: becomes false when there is an action that has no form; in its place
 *         stands a note with its name.  May be NULL
 */
int cvsw_of10_actions_put(const struct cvsw_action *acts, unsigned int n,
			  void *buf, u32 room, bool *whole);

/**
 * cvsw_of10_actions_note - make notes of our vendor's actions
 * @list: as cvsw_of10_actions_put() wrote it
 * @len:  its bytes, which stay as many
 *
 * For who does not know our vendor, and so could not read the list: Open vSwitch's
 * tools give up a whole reply.
 */
void cvsw_of10_actions_note(void *list, u32 len);

/* of10_2014.c */

/**
 * cvsw_of10_flow_mod_get_2014 - read a FLOW_MOD that came in a frame
 * @set:  of a SET_ENTRY: it is an ADD, whatever its command; else its command
 *        must be one of DELETE
 * @mods: receives what it says, one flow-mod or two; @acts are their actions
 * @acts: room for CVSW_ACTIONS_MAX
 *
 * The header is not looked at, nor buffer, flags and out_port: senders leave
 * them 0.
 *
 * Return: how many of @mods; -EINVAL.
 */
int cvsw_of10_flow_mod_get_2014(const void *msg, u32 len, bool set,
				struct cvsw_flow_mod mods[2],
				struct cvsw_action *acts,
				struct cvsw_of10_error *err);

/* of10_flow.c */

/**
 * cvsw_of10_flow_mod_get - read a FLOW_MOD, or one of Nicira's
 * @msg:      the message
 * @len:      its bytes
 * @table_id: the connection has asked for table ids: the upper half of the
 *            command is one
 * @mod:      receives it, with @acts as its actions
 * @acts:     room for CVSW_ACTIONS_MAX
 */
int cvsw_of10_flow_mod_get(const void *msg, u32 len, bool table_id,
			   struct cvsw_flow_mod *mod, struct cvsw_action *acts,
			   struct cvsw_of10_error *err);

/**
 * cvsw_of10_flow_refused - what to tell when the switch refused a flow-mod
 * @ret:    as cvsw_flow_mods() returned it
 * @action: it is one of the actions that is at fault
 */
void cvsw_of10_flow_refused(int ret, bool action, struct cvsw_of10_error *err);

/** cvsw_of10_flow_removed_put - write a FLOW_REMOVED; @reason: enum cvsw_removed_reason */
int cvsw_of10_flow_removed_put(const struct cvsw_flow *flow, u8 reason,
			       void *buf, u32 room, bool *whole);

/**
 * cvsw_of10_flow_stats_put - write one entry of a STATS_REPLY
 * @whole: becomes false when it does not say all of @flow; may be NULL
 */
int cvsw_of10_flow_stats_put(const struct cvsw_flow *flow, void *buf, u32 room,
			     bool *whole);

/* the same in Nicira's form */
int cvsw_of10_nx_flow_removed_put(const struct cvsw_flow *flow, u8 reason,
				  void *buf, u32 room, bool *whole);
int cvsw_of10_nx_flow_stats_put(const struct cvsw_flow *flow, void *buf,
				u32 room, bool *whole);

/* of10_msg.c: messages, and what controllers ask */

/** struct cvsw_of10_head - the header of a message, host order */
struct cvsw_of10_head {
	u8	version;
	u8	type;
	u16	length;
	u32	xid;
};

/**
 * cvsw_of10_head_get - look at the beginning of a stream
 * Return: 0; -EAGAIN: too few bytes to tell; -EBADMSG: no message is that
 * short, and where the next one begins is not to be known.
 */
int cvsw_of10_head_get(const void *stream, u32 len,
		       struct cvsw_of10_head *head);

/**
 * cvsw_of10_check - has a message the version, length and direction of its type?
 *
 * Of HELLO, ERROR, ECHO_REQUEST and ECHO_REPLY any is taken, of any version.
 */
int cvsw_of10_check(const void *msg, u32 len, struct cvsw_of10_error *err);

/**
 * struct cvsw_of10_config - a SET_CONFIG
 * @flags:         as it came, but for unknown bits; to be told when asked for
 * @miss_send_len: bytes of a missed frame to send
 * @frag_mode:     enum cvsw_frag_mode; we do not reassemble
 */
struct cvsw_of10_config {
	u16	flags;
	u16	miss_send_len;
	u8	frag_mode;
};

int cvsw_of10_config_get(const void *msg, u32 len,
			 struct cvsw_of10_config *config,
			 struct cvsw_of10_error *err);

/**
 * struct cvsw_of10_packet_out - a PACKET_OUT
 * @frame:     the frame, inside of the message
 * @frame_len: its bytes
 * @in_port:   a port, CVSW_PORT_ANY, _LOCAL, _CONTROLLER or _NONE
 * @n_actions: how many actions there are
 */
struct cvsw_of10_packet_out {
	const void	*frame;
	u32		frame_len;
	u16		in_port;
	u16		n_actions;
};

/** cvsw_of10_packet_out_get - read one; @acts: room for CVSW_ACTIONS_MAX */
int cvsw_of10_packet_out_get(const void *msg, u32 len,
			     struct cvsw_of10_packet_out *out,
			     struct cvsw_action *acts,
			     struct cvsw_of10_error *err);

/**
 * struct cvsw_of10_port_mod - a PORT_MOD
 * @config: CVSW_PORT_C_*
 * @mask:   which of them count; those that we do not have are not there
 * @no:     the port
 * @mac:    which it must have
 */
struct cvsw_of10_port_mod {
	u32	config;
	u32	mask;
	u16	no;
	u8	mac[6];
};

int cvsw_of10_port_mod_get(const void *msg, u32 len,
			   struct cvsw_of10_port_mod *mod,
			   struct cvsw_of10_error *err);

/** cvsw_of10_port_mod_check - is it for this port?  @info: NULL when there is none */
int cvsw_of10_port_mod_check(const struct cvsw_of10_port_mod *mod,
			     const struct cvsw_port_info *info,
			     struct cvsw_of10_error *err);

/** cvsw_of10_queue_config_get - read a QUEUE_GET_CONFIG_REQUEST: its port */
int cvsw_of10_queue_config_get(const void *msg, u32 len, u16 *port,
			       struct cvsw_of10_error *err);

/** cvsw_of10_put - write a message of any type and body */
int cvsw_of10_put(u8 type, u32 xid, const void *body, u32 len, void *buf,
		  u32 room);

/** cvsw_of10_end - parts were put behind a message: now it has @len bytes */
void cvsw_of10_end(void *buf, u16 len);

/**
 * cvsw_of10_error_put - write an ERROR
 * @data: the request, of which as much as there is room for is put, but at
 *        least CVSW_OFP_ERROR_DATA bytes
 */
int cvsw_of10_error_put(const struct cvsw_of10_error *err, u32 xid,
			const void *data, u32 len, void *buf, u32 room);

/** cvsw_of10_features_put - begin a FEATURES_REPLY; ports follow, then the end;
 * @caps: CVSW_OFP_C_* */
int cvsw_of10_features_put(u64 datapath_id, u32 caps, u32 xid, void *buf,
			   u32 room);
int cvsw_of10_phy_port_put(const struct cvsw_port_info *info, void *buf,
			   u32 room);

/** cvsw_of10_config_put - write a GET_CONFIG_REPLY */
int cvsw_of10_config_put(const struct cvsw_of10_config *config, u32 xid,
			 void *buf, u32 room);

/** cvsw_of10_packet_in_put - write a PACKET_IN with @len bytes of the frame, or as
 * many as a message can have */
int cvsw_of10_packet_in_put(const struct cvsw_packet_in *info,
			    const void *frame, u32 len, void *buf, u32 room);

/** cvsw_of10_port_status_put - write a PORT_STATUS; @kind: CVSW_EVENT_PORT_* */
int cvsw_of10_port_status_put(u16 kind, const struct cvsw_port_info *info,
			      void *buf, u32 room);

/** cvsw_of10_queue_config_put - begin a QUEUE_GET_CONFIG_REPLY; queues follow */
int cvsw_of10_queue_config_put(u16 port, u32 xid, void *buf, u32 room);

/** cvsw_of10_queue_put - write a queue; @rate: of the port's, in tenths of a per
 * cent; above CVSW_OFP_QUEUE_RATE_MAX: no guarantee */
int cvsw_of10_queue_put(u32 id, u16 rate, void *buf, u32 room);

/* of10_nx.c: messages of Nicira */

/**
 * cvsw_of10_vendor_get - read whose a VENDOR is
 * @subtype: receives enum cvsw_ofp_nx_type, of those that controllers send: those
 *           of Nicira are all we know.  The length fits it
 */
int cvsw_of10_vendor_get(const void *msg, u32 len, u32 *subtype,
			 struct cvsw_of10_error *err);

/** cvsw_of10_role_get - read a role request: enum cvsw_ofp_nx_role */
int cvsw_of10_role_get(const void *msg, u32 len, u32 *role,
		       struct cvsw_of10_error *err);

/** cvsw_of10_flow_format_get - is FLOW_REMOVED to be of Nicira's form? */
int cvsw_of10_flow_format_get(const void *msg, u32 len, bool *nxm,
			      struct cvsw_of10_error *err);

/** cvsw_of10_packet_in_format_get - is PACKET_IN to be of Nicira's form? */
int cvsw_of10_packet_in_format_get(const void *msg, u32 len, bool *nxm,
				   struct cvsw_of10_error *err);

/** cvsw_of10_table_id_get - is there a table id in commands of flow-mods? */
int cvsw_of10_table_id_get(const void *msg, u32 len, bool *set,
			   struct cvsw_of10_error *err);

/**
 * struct cvsw_of10_async - what a connection wants to be told
 *
 * First what it wants as equal or master, then what as slave.  Bits are
 * 1 << reason: of enum cvsw_packet_in_reason, enum cvsw_ofp_port_reason and
 * enum cvsw_removed_reason.
 */
struct cvsw_of10_async {
	u32	packet_in[2];
	u32	port_status[2];
	u32	flow_removed[2];
};

int cvsw_of10_async_get(const void *msg, u32 len,
			struct cvsw_of10_async *async,
			struct cvsw_of10_error *err);

/** cvsw_of10_role_put - write a role reply */
int cvsw_of10_role_put(u32 role, u32 xid, void *buf, u32 room);

/** cvsw_of10_nx_packet_in_put - as cvsw_of10_packet_in_put(), with cookie and
 * tunnel id */
int cvsw_of10_nx_packet_in_put(const struct cvsw_packet_in *info,
			       const void *frame, u32 len, void *buf, u32 room);

/* of10_stats.c: statistics, but for flows */

/**
 * struct cvsw_of10_stats_request - a STATS_REQUEST
 * @type:   enum cvsw_ofp_stats_type; FLOW or AGGREGATE of one of Nicira's
 * @port:   PORT: CVSW_PORT_NONE for all; QUEUE: CVSW_PORT_ALL for all
 * @queue:  QUEUE: CVSW_OFP_QUEUE_ALL for all
 * @filter: FLOW, AGGREGATE: what is wanted, as CVSW_FLOW_DEL selects
 * @absent: FLOW, AGGREGATE: of a table that there is not
 * @nxm:    it is of Nicira's form, as the reply must be
 */
struct cvsw_of10_stats_request {
	u16			type;
	u16			port;
	u32			queue;
	struct cvsw_flow_mod	filter;
	bool			absent;
	bool			nxm;
};

int cvsw_of10_stats_get(const void *msg, u32 len,
			struct cvsw_of10_stats_request *req,
			struct cvsw_of10_error *err);

/** cvsw_of10_stats_put - begin a STATS_REPLY; entries follow */
int cvsw_of10_stats_put(u16 type, u32 xid, void *buf, u32 room);

/** cvsw_of10_nx_stats_put - begin one of Nicira's form; @type: FLOW or AGGREGATE */
int cvsw_of10_nx_stats_put(u16 type, u32 xid, void *buf, u32 room);

/** cvsw_of10_stats_end - it has @len bytes; @more: and is not the last */
void cvsw_of10_stats_end(void *buf, u16 len, bool more);

/** struct cvsw_of10_desc - what a switch says of itself; cut where too long */
struct cvsw_of10_desc {
	const char	*mfr;
	const char	*hw;
	const char	*sw;
	const char	*serial;
	const char	*dp;
};

int cvsw_of10_desc_put(const struct cvsw_of10_desc *desc, void *buf, u32 room);
int cvsw_of10_aggregate_put(u64 packets, u64 bytes, u32 flows, void *buf,
			    u32 room);
int cvsw_of10_table_stats_put(const struct cvsw_table_stats *stats, void *buf,
			      u32 room);
int cvsw_of10_port_stats_put(const struct cvsw_port_info *info, void *buf,
			     u32 room);

/** struct cvsw_of10_queue_stats - counters of a queue */
struct cvsw_of10_queue_stats {
	u32	queue;
	u16	port;
	u64	tx_bytes;
	u64	tx_packets;
	u64	tx_errors;
};

int cvsw_of10_queue_stats_put(const struct cvsw_of10_queue_stats *stats,
			      void *buf, u32 room);

#endif /* CVSW_OF10_H */

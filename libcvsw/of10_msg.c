// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Messages of OpenFlow 1.0: their heads, what controllers ask, and answers. */

#include "of10.h"

#include "hdr.h"

/* Heads */

#define OF10_ANY_LEN	CVSW_OFP_MSG_MAX

/**
 * struct of10_msg_form - what is known of a type of message
 * @min: bytes that it has at least
 * @max: and at most
 * @in:  controllers send it
 */
static const struct of10_msg_form {
	u16	min;
	u16	max;
	bool	in;
} of10_msg_forms[CVSW_OFP_TYPES] = {
	[CVSW_OFP_HELLO]		= { 8, OF10_ANY_LEN, true },
	[CVSW_OFP_ERROR]		= { 8, OF10_ANY_LEN, true },
	[CVSW_OFP_ECHO_REQUEST]		= { 8, OF10_ANY_LEN, true },
	[CVSW_OFP_ECHO_REPLY]		= { 8, OF10_ANY_LEN, true },
	[CVSW_OFP_VENDOR]		= { 12, OF10_ANY_LEN, true },
	[CVSW_OFP_FEATURES_REQUEST]	= { 8, 8, true },
	[CVSW_OFP_FEATURES_REPLY]	= { 32, OF10_ANY_LEN, false },
	[CVSW_OFP_GET_CONFIG_REQUEST]	= { 8, 8, true },
	[CVSW_OFP_GET_CONFIG_REPLY]	= { 12, 12, false },
	[CVSW_OFP_SET_CONFIG]		= { 12, 12, true },
	[CVSW_OFP_PACKET_IN]		= { 18, OF10_ANY_LEN, false },
	[CVSW_OFP_FLOW_REMOVED]		= { 88, 88, false },
	[CVSW_OFP_PORT_STATUS]		= { 64, 64, false },
	[CVSW_OFP_PACKET_OUT]		= { 16, OF10_ANY_LEN, true },
	[CVSW_OFP_FLOW_MOD]		= { 72, OF10_ANY_LEN, true },
	[CVSW_OFP_PORT_MOD]		= { 32, 32, true },
	[CVSW_OFP_STATS_REQUEST]	= { 12, OF10_ANY_LEN, true },
	[CVSW_OFP_STATS_REPLY]		= { 12, OF10_ANY_LEN, false },
	[CVSW_OFP_BARRIER_REQUEST]	= { 8, 8, true },
	[CVSW_OFP_BARRIER_REPLY]	= { 8, 8, false },
	[CVSW_OFP_QUEUE_GET_CONFIG_REQUEST] = { 12, 12, true },
	[CVSW_OFP_QUEUE_GET_CONFIG_REPLY] = { 16, OF10_ANY_LEN, false },
};

static int of10_msg_refuse(struct cvsw_of10_error *err, u16 code,
			   const char *text)
{
	return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST, code, text);
}

/* is @len a length of messages of @type? */
static int of10_msg_len(u8 type, u32 len, struct cvsw_of10_error *err)
{
	if (len < of10_msg_forms[type].min || len > of10_msg_forms[type].max)
		return of10_msg_refuse(err, CVSW_OFP_REQUEST_LEN,
				       "message: length is not that of its type");
	return 0;
}

int cvsw_of10_head_get(const void *stream, u32 len, struct cvsw_of10_head *head)
{
	const struct cvsw_ofp_header *wire = stream;

	if (len < sizeof(*wire))
		return -EAGAIN;
	head->version = wire->version;
	head->type = wire->type;
	head->length = be16_to_cpu(wire->length);
	head->xid = be32_to_cpu(wire->xid);
	return head->length < sizeof(*wire) ? -EBADMSG : 0;
}

int cvsw_of10_check(const void *msg, u32 len, struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_header *wire = msg;
	int ret;

	if (len < sizeof(*wire))
		return of10_msg_refuse(err, CVSW_OFP_REQUEST_LEN,
				       "message: truncated");
	if (wire->version != CVSW_OFP_VERSION &&
	    wire->type > CVSW_OFP_ECHO_REPLY)
		return of10_msg_refuse(err, CVSW_OFP_REQUEST_VERSION,
				       "message: not of OpenFlow 1.0");
	if (wire->type >= CVSW_OFP_TYPES)
		return of10_msg_refuse(err, CVSW_OFP_REQUEST_TYPE,
				       "message: unknown type");
	ret = of10_msg_len(wire->type, len, err);
	if (!ret && !of10_msg_forms[wire->type].in)
		ret = of10_msg_refuse(err, CVSW_OFP_REQUEST_TYPE,
				      "message: only switches send this");
	return ret;
}

/* What controllers ask */

int cvsw_of10_config_get(const void *msg, u32 len,
			 struct cvsw_of10_config *config,
			 struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_switch_config *wire = msg;
	int ret = of10_msg_len(CVSW_OFP_SET_CONFIG, len, err);

	if (ret)
		return ret;
	config->flags = be16_to_cpu(wire->flags) & CVSW_OFP_FRAG_MASK;
	config->miss_send_len = be16_to_cpu(wire->miss_send_len);
	config->frag_mode = (u8)config->flags;
	if (config->flags == CVSW_OFP_FRAG_REASM)
		config->frag_mode = CVSW_FRAG_MODE_NORMAL;
	return 0;
}

static bool of10_is_in_port(u16 port)
{
	return port <= CVSW_PORT_MAX || port == CVSW_PORT_LOCAL ||
	       port == CVSW_PORT_CONTROLLER || port == CVSW_PORT_NONE;
}

int cvsw_of10_packet_out_get(const void *msg, u32 len,
			     struct cvsw_of10_packet_out *out,
			     struct cvsw_action *acts,
			     struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_packet_out *wire = msg;
	u32 behind, acts_len;
	int n = of10_msg_len(CVSW_OFP_PACKET_OUT, len, err);

	if (n)
		return n;
	behind = len - (u32)sizeof(*wire);
	acts_len = be16_to_cpu(wire->actions_len);
	out->in_port = be16_to_cpu(wire->in_port);
	if (acts_len > behind)
		return of10_msg_refuse(err, CVSW_OFP_REQUEST_LEN,
				       "packet_out: actions beyond the end");
	if (!of10_is_in_port(out->in_port))
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_ACTION,
					CVSW_OFP_ACTION_OUT_PORT,
					"packet_out: no such in_port");
	n = cvsw_of10_actions_get(wire + 1, acts_len, CVSW_OF10_PACKET_OUT,
				  acts, err);
	if (n < 0)
		return n;
	if (be32_to_cpu(wire->buffer_id) != CVSW_OFP_NO_BUFFER)
		return of10_msg_refuse(err, CVSW_OFP_REQUEST_BUFFER_UNKNOWN,
				       "packet_out: unknown buffer");
	out->n_actions = (u16)n;
	out->frame = (const u8 *)(wire + 1) + acts_len;
	out->frame_len = behind - acts_len;
	return 0;
}

int cvsw_of10_port_mod_get(const void *msg, u32 len,
			   struct cvsw_of10_port_mod *mod,
			   struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_port_mod *wire = msg;
	int ret = of10_msg_len(CVSW_OFP_PORT_MOD, len, err);

	if (ret)
		return ret;
	mod->no = be16_to_cpu(wire->port_no);
	memcpy(mod->mac, wire->hw_addr, sizeof(mod->mac));
	mod->mask = be32_to_cpu(wire->mask) & CVSW_PORT_C_MASK;
	mod->config = be32_to_cpu(wire->config) & mod->mask;
	return 0;
}

int cvsw_of10_port_mod_check(const struct cvsw_of10_port_mod *mod,
			     const struct cvsw_port_info *info,
			     struct cvsw_of10_error *err)
{
	if (!info)
		return cvsw_of10_refuse(err, CVSW_OFP_E_PORT_MOD_FAILED,
					CVSW_OFP_PORT_BAD_PORT,
					"port_mod: no such port");
	if (memcmp(mod->mac, info->mac, sizeof(mod->mac)))
		return cvsw_of10_refuse(err, CVSW_OFP_E_PORT_MOD_FAILED,
					CVSW_OFP_PORT_BAD_HW_ADDR,
					"port_mod: not the MAC of the port");
	return 0;
}

int cvsw_of10_queue_config_get(const void *msg, u32 len, u16 *port,
			       struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_queue_get_config_request *wire = msg;
	int ret = of10_msg_len(CVSW_OFP_QUEUE_GET_CONFIG_REQUEST, len, err);

	if (!ret)
		*port = be16_to_cpu(wire->port);
	return ret;
}

/* Answers, and what is told unasked */

static struct cvsw_ofp_header of10_head(u8 type, u32 xid, u32 len)
{
	return (struct cvsw_ofp_header){
		.version = CVSW_OFP_VERSION,
		.type = type,
		.length = cpu_to_be16((u16)len),
		.xid = cpu_to_be32(xid),
	};
}

/* @head of @head_len bytes, and up to @len bytes behind it */
static int of10_put_both(const void *head, u32 head_len, const void *body,
			 u32 len, void *buf, u32 room)
{
	if (head_len > room || len > room - head_len)
		return -EMSGSIZE;
	memcpy(buf, head, head_len);
	if (len)
		memcpy((u8 *)buf + head_len, body, len);
	return (int)(head_len + len);
}

int cvsw_of10_put(u8 type, u32 xid, const void *body, u32 len, void *buf,
		  u32 room)
{
	struct cvsw_ofp_header head;

	if (len > CVSW_OFP_MSG_MAX - sizeof(head))
		return -EMSGSIZE;
	head = of10_head(type, xid, (u32)sizeof(head) + len);
	return of10_put_both(&head, sizeof(head), body, len, buf, room);
}

void cvsw_of10_end(void *buf, u16 len)
{
	struct cvsw_ofp_header *wire = buf;

	wire->length = cpu_to_be16(len);
}

int cvsw_of10_error_put(const struct cvsw_of10_error *err, u32 xid,
			const void *data, u32 len, void *buf, u32 room)
{
	struct cvsw_ofp_error wire = {
		.type = cpu_to_be16(err->type),
		.code = cpu_to_be16(err->code),
	};
	u32 least = min_t(u32, len, CVSW_OFP_ERROR_DATA);

	room = min_t(u32, room, CVSW_OFP_MSG_MAX);
	if (room < sizeof(wire) + least)
		return -EMSGSIZE;
	len = min_t(u32, len, room - (u32)sizeof(wire));
	wire.header = of10_head(CVSW_OFP_ERROR, xid, (u32)sizeof(wire) + len);
	return of10_put_both(&wire, sizeof(wire), data, len, buf, room);
}

int cvsw_of10_features_put(u64 datapath_id, u32 caps, u32 xid, void *buf,
			   u32 room)
{
	struct cvsw_ofp_features_reply wire = {
		.header = of10_head(CVSW_OFP_FEATURES_REPLY, xid, sizeof(wire)),
		.datapath_id = cpu_to_be64(datapath_id),
		.n_tables = 1,
		.capabilities = cpu_to_be32(caps),
		.actions = cpu_to_be32((1u << CVSW_OFP_ACTIONS) - 1),
	};

	return of10_put_both(&wire, sizeof(wire), NULL, 0, buf, room);
}

/* a port that is down for us has no link for others (as with Open vSwitch) */
static void of10_phy_port(const struct cvsw_port_info *info,
			  struct cvsw_ofp_phy_port *wire)
{
	memset(wire, 0, sizeof(*wire));
	wire->port_no = cpu_to_be16(info->no);
	memcpy(wire->hw_addr, info->mac, sizeof(wire->hw_addr));
	memcpy(wire->name, info->name,
	       strnlen(info->name, CVSW_OFP_NAME_LEN - 1));
	wire->config = cpu_to_be32(info->config);
	wire->state = cpu_to_be32(info->state |
				  (info->config & CVSW_PORT_C_DOWN ?
				   CVSW_PORT_S_LINK_DOWN : 0));
	wire->curr = cpu_to_be32(info->curr);
	wire->advertised = cpu_to_be32(info->advertised);
	wire->supported = cpu_to_be32(info->supported);
	wire->peer = cpu_to_be32(info->peer);
}

int cvsw_of10_phy_port_put(const struct cvsw_port_info *info, void *buf,
			   u32 room)
{
	struct cvsw_ofp_phy_port wire;

	of10_phy_port(info, &wire);
	return of10_put_both(&wire, sizeof(wire), NULL, 0, buf, room);
}

int cvsw_of10_config_put(const struct cvsw_of10_config *config, u32 xid,
			 void *buf, u32 room)
{
	struct cvsw_ofp_switch_config wire = {
		.header = of10_head(CVSW_OFP_GET_CONFIG_REPLY, xid,
				    sizeof(wire)),
		.flags = cpu_to_be16(config->flags),
		.miss_send_len = cpu_to_be16(config->miss_send_len),
	};

	return of10_put_both(&wire, sizeof(wire), NULL, 0, buf, room);
}

int cvsw_of10_packet_in_put(const struct cvsw_packet_in *info,
			    const void *frame, u32 len, void *buf, u32 room)
{
	struct cvsw_ofp_packet_in wire = {
		.buffer_id = cpu_to_be32(CVSW_OFP_NO_BUFFER),
		.total_len = cpu_to_be16((u16)min_t(u32, info->total_len,
						    0xffff)),
		.in_port = cpu_to_be16(info->in_port),
		.reason = (u8)info->reason,
	};

	len = min_t(u32, len, CVSW_OFP_MSG_MAX - (u32)sizeof(wire));
	wire.header = of10_head(CVSW_OFP_PACKET_IN, 0, (u32)sizeof(wire) + len);
	return of10_put_both(&wire, sizeof(wire), frame, len, buf, room);
}

int cvsw_of10_port_status_put(u16 kind, const struct cvsw_port_info *info,
			      void *buf, u32 room)
{
	struct cvsw_ofp_port_status wire = {
		.header = of10_head(CVSW_OFP_PORT_STATUS, 0, sizeof(wire)),
		.reason = CVSW_OFP_PORT_MODIFY,
	};

	if (kind == CVSW_EVENT_PORT_ADD)
		wire.reason = CVSW_OFP_PORT_ADD;
	else if (kind == CVSW_EVENT_PORT_DEL)
		wire.reason = CVSW_OFP_PORT_DELETE;
	of10_phy_port(info, &wire.desc);
	return of10_put_both(&wire, sizeof(wire), NULL, 0, buf, room);
}

int cvsw_of10_queue_config_put(u16 port, u32 xid, void *buf, u32 room)
{
	struct cvsw_ofp_queue_get_config_reply wire = {
		.header = of10_head(CVSW_OFP_QUEUE_GET_CONFIG_REPLY, xid,
				    sizeof(wire)),
		.port = cpu_to_be16(port),
	};

	return of10_put_both(&wire, sizeof(wire), NULL, 0, buf, room);
}

int cvsw_of10_queue_put(u32 id, u16 rate, void *buf, u32 room)
{
	struct cvsw_ofp_queue_min_rate prop = {
		.property = cpu_to_be16(CVSW_OFP_QUEUE_MIN_RATE),
		.len = cpu_to_be16(sizeof(prop)),
		.rate = cpu_to_be16(rate),
	};
	struct cvsw_ofp_queue wire = {
		.queue_id = cpu_to_be32(id),
		.len = cpu_to_be16(sizeof(wire) + sizeof(prop)),
	};

	return of10_put_both(&wire, sizeof(wire), &prop, sizeof(prop), buf,
			     room);
}

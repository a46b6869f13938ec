// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Messages of Nicira that are not flows: roles, formats and filters. */

#include "of10.h"

static int nx_refuse(struct cvsw_of10_error *err, u16 code, const char *text)
{
	return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST, code, text);
}

/* Read */

/* bytes of messages of @subtype, 0: controllers send no such.  Of a flow-mod it
 * is how many it has at least */
static u32 nx_len(u32 subtype)
{
	switch (subtype) {
	case CVSW_OFP_NX_ROLE_REQUEST:
		return sizeof(struct cvsw_ofp_nx_role_message);
	case CVSW_OFP_NX_SET_FLOW_FORMAT:
	case CVSW_OFP_NX_SET_PACKET_IN_FORMAT:
		return sizeof(struct cvsw_ofp_nx_format);
	case CVSW_OFP_NX_FLOW_MOD:
		return sizeof(struct cvsw_ofp_nx_flow_mod);
	case CVSW_OFP_NX_FLOW_MOD_TABLE_ID:
		return sizeof(struct cvsw_ofp_nx_flow_mod_table_id);
	case CVSW_OFP_NX_FLOW_AGE:
		return sizeof(struct cvsw_ofp_nx_message);
	case CVSW_OFP_NX_SET_ASYNC_CONFIG:
		return sizeof(struct cvsw_ofp_nx_async_config);
	case CVSW_OFP_NX_SET_CONTROLLER_ID:
		return sizeof(struct cvsw_ofp_nx_controller_id);
	default:
		return 0;
	}
}

int cvsw_of10_vendor_get(const void *msg, u32 len, u32 *subtype,
			 struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_message *wire = msg;
	u32 want;

	if (len < sizeof(struct cvsw_ofp_vendor))
		return nx_refuse(err, CVSW_OFP_REQUEST_LEN,
				 "vendor: truncated");
	if (be32_to_cpu(wire->vendor) != CVSW_OFP_NX_VENDOR)
		return nx_refuse(err, CVSW_OFP_REQUEST_VENDOR,
				 "vendor: unknown");
	if (len < sizeof(*wire))
		return nx_refuse(err, CVSW_OFP_REQUEST_LEN,
				 "vendor: truncated");
	*subtype = be32_to_cpu(wire->subtype);
	want = nx_len(*subtype);
	if (!want)
		return nx_refuse(err, CVSW_OFP_REQUEST_SUBTYPE,
				 "vendor: unknown subtype");
	if (len < want || (len > want && *subtype != CVSW_OFP_NX_FLOW_MOD))
		return nx_refuse(err, CVSW_OFP_REQUEST_LEN,
				 "vendor: length is not that of its subtype");
	return 0;
}

/* is the message of this subtype? */
static int nx_is(const void *msg, u32 len, u32 subtype,
		 struct cvsw_of10_error *err)
{
	u32 is;
	int ret = cvsw_of10_vendor_get(msg, len, &is, err);

	if (!ret && is != subtype)
		ret = nx_refuse(err, CVSW_OFP_REQUEST_SUBTYPE,
				"vendor: another subtype");
	return ret;
}

int cvsw_of10_role_get(const void *msg, u32 len, u32 *role,
		       struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_role_message *wire = msg;
	int ret = nx_is(msg, len, CVSW_OFP_NX_ROLE_REQUEST, err);

	if (ret)
		return ret;
	*role = be32_to_cpu(wire->role);
	if (*role > CVSW_OFP_NX_ROLE_SLAVE)
		return nx_refuse(err, CVSW_OFP_REQUEST_SUBTYPE,
				 "role request: no such role");
	return 0;
}

int cvsw_of10_flow_format_get(const void *msg, u32 len, bool *nxm,
			      struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_format *wire = msg;
	int ret = nx_is(msg, len, CVSW_OFP_NX_SET_FLOW_FORMAT, err);
	u32 format;

	if (ret)
		return ret;
	format = be32_to_cpu(wire->format);
	*nxm = format == CVSW_OFP_NX_FLOW_NXM;
	if (!*nxm && format != CVSW_OFP_NX_FLOW_OPENFLOW10)
		return nx_refuse(err, CVSW_OFP_REQUEST_EPERM,
				 "flow format: there is no such");
	return 0;
}

int cvsw_of10_packet_in_format_get(const void *msg, u32 len, bool *nxm,
				   struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_format *wire = msg;
	int ret = nx_is(msg, len, CVSW_OFP_NX_SET_PACKET_IN_FORMAT, err);
	u32 format;

	if (ret)
		return ret;
	format = be32_to_cpu(wire->format);
	*nxm = format == CVSW_OFP_NX_PACKET_IN_NXM;
	if (!*nxm && format != CVSW_OFP_NX_PACKET_IN_OPENFLOW10)
		return nx_refuse(err, CVSW_OFP_REQUEST_EPERM,
				 "packet-in format: there is no such");
	return 0;
}

int cvsw_of10_table_id_get(const void *msg, u32 len, bool *set,
			   struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_flow_mod_table_id *wire = msg;
	int ret = nx_is(msg, len, CVSW_OFP_NX_FLOW_MOD_TABLE_ID, err);

	if (!ret)
		*set = wire->set;
	return ret;
}

int cvsw_of10_async_get(const void *msg, u32 len,
			struct cvsw_of10_async *async,
			struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_async_config *wire = msg;
	int i, ret = nx_is(msg, len, CVSW_OFP_NX_SET_ASYNC_CONFIG, err);

	for (i = 0; i < 2 && !ret; i++) {
		async->packet_in[i] = be32_to_cpu(wire->packet_in[i]);
		async->port_status[i] = be32_to_cpu(wire->port_status[i]);
		async->flow_removed[i] = be32_to_cpu(wire->flow_removed[i]);
	}
	return ret;
}

/* Write */

static struct cvsw_ofp_nx_message nx_head(u32 subtype, u32 xid, u32 len)
{
	return (struct cvsw_ofp_nx_message){
		.header = {
			.version = CVSW_OFP_VERSION,
			.type = CVSW_OFP_VENDOR,
			.length = cpu_to_be16((u16)len),
			.xid = cpu_to_be32(xid),
		},
		.vendor = cpu_to_be32(CVSW_OFP_NX_VENDOR),
		.subtype = cpu_to_be32(subtype),
	};
}

int cvsw_of10_role_put(u32 role, u32 xid, void *buf, u32 room)
{
	struct cvsw_ofp_nx_role_message wire = {
		.nx = nx_head(CVSW_OFP_NX_ROLE_REPLY, xid, sizeof(wire)),
		.role = cpu_to_be32(role),
	};

	if (room < sizeof(wire))
		return -EMSGSIZE;
	memcpy(buf, &wire, sizeof(wire));
	return sizeof(wire);
}

#define NX_FRAME_PAD	2	/* in front of the frame of a packet-in */

int cvsw_of10_nx_packet_in_put(const struct cvsw_packet_in *info,
			       const void *frame, u32 len, void *buf, u32 room)
{
	struct cvsw_ofp_nx_packet_in wire = {
		.buffer_id = cpu_to_be32(CVSW_OFP_NO_BUFFER),
		.total_len = cpu_to_be16((u16)min_t(u32, info->total_len,
						    0xffff)),
		.reason = (u8)info->reason,
		.cookie = cpu_to_be64(info->cookie),
	};
	struct cvsw_match match = {
		.value = { .in_port = info->in_port, .tun_id = info->tun_id },
		.mask = { .in_port = 0xffff },
	};
	u8 *at = buf;
	u32 head;
	int ret;

	if (info->tun_id)
		match.mask.tun_id = cpu_to_be64(~0ull);
	if (room < sizeof(wire))
		return -EMSGSIZE;
	ret = cvsw_of10_nxm_put(&match, at + sizeof(wire),
				room - (u32)sizeof(wire), NULL);
	if (ret < 0)
		return ret;
	head = (u32)sizeof(wire) + ALIGN((u32)ret, CVSW_OFP_NXM_ALIGN);
	len = min_t(u32, len, CVSW_OFP_MSG_MAX - head - NX_FRAME_PAD);
	if (room - head < NX_FRAME_PAD + len)
		return -EMSGSIZE;
	wire.match_len = cpu_to_be16((u16)ret);
	wire.nx = nx_head(CVSW_OFP_NX_PACKET_IN, 0, head + NX_FRAME_PAD + len);
	memcpy(at, &wire, sizeof(wire));
	memset(at + head, 0, NX_FRAME_PAD);
	if (len)
		memcpy(at + head + NX_FRAME_PAD, frame, len);
	return (int)(head + NX_FRAME_PAD + len);
}

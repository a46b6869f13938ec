// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Vendors' requests: of Nicira's those that controllers use with 1.0. */

#include "msg.h"

/* bits by reason, as CONN_A_* */
static u32 vendor_told(const struct cvsw_of10_async *async, unsigned int which)
{
	return (async->packet_in[which] & 0xff) * CONN_A_PACKET_IN(0) |
	       (async->port_status[which] & 0xff) * CONN_A_PORT(0) |
	       (async->flow_removed[which] & 0xff) * CONN_A_REMOVED(0);
}

static int vendor_async(struct conn *conn, const void *msg, u32 len,
			struct cvsw_of10_error *err)
{
	struct cvsw_of10_async async;
	int ret = cvsw_of10_async_get(msg, len, &async, err);

	if (ret)
		return ret;
	conn->async[0] = vendor_told(&async, 0);
	conn->async[1] = vendor_told(&async, 1);
	conn_async(conn);
	return 0;
}

/* a setting of the connection, which stays as it is when it is refused */
static int vendor_set(int (*get)(const void *msg, u32 len, bool *set,
				 struct cvsw_of10_error *err),
		      const void *msg, u32 len, bool *set,
		      struct cvsw_of10_error *err)
{
	bool wanted;
	int ret = get(msg, len, &wanted, err);

	if (!ret)
		*set = wanted;
	return ret;
}

static int vendor_run(struct conn *conn, u32 subtype, const void *msg, u32 len,
		      struct cvsw_of10_error *err)
{
	switch (subtype) {
	case CVSW_OFP_NX_ROLE_REQUEST:
		role_request(conn, msg, len);
		return 0;
	case CVSW_OFP_NX_SET_FLOW_FORMAT:
		return vendor_set(cvsw_of10_flow_format_get, msg, len,
				  &conn->nxm, err);
	case CVSW_OFP_NX_SET_PACKET_IN_FORMAT:
		return vendor_set(cvsw_of10_packet_in_format_get, msg, len,
				  &conn->nxm_in, err);
	case CVSW_OFP_NX_FLOW_MOD_TABLE_ID:
		return vendor_set(cvsw_of10_table_id_get, msg, len,
				  &conn->table_id, err);
	case CVSW_OFP_NX_SET_ASYNC_CONFIG:
		return vendor_async(conn, msg, len, err);
	default:	/* well-formed, and nothing in it for us */
		return 0;
	}
}

u32 msg_vendors(struct conn *conn, const void *msgs, u32 len)
{
	u32 one = msg_len(msgs), subtype;
	struct cvsw_of10_error err;
	int ret = cvsw_of10_vendor_get(msgs, one, &subtype, &err);

	if (!ret && subtype == CVSW_OFP_NX_FLOW_MOD) {
		ret = msg_allowed(conn, CVSW_OFP_FLOW_MOD, &err);
		if (!ret)
			return msg_flows(conn, msgs, len);
	}
	if (!ret)
		ret = vendor_run(conn, subtype, msgs, one, &err);
	if (ret)
		conn_refuse(conn, msgs, one, &err);
	return one;
}

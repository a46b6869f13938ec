// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Roles, as Nicira added them to OpenFlow 1.0: there is at most one master,
 * who makes slaves of those that were it before; a slave is told of ports only
 * and changes nothing; all others are equal and never know.
 */

#include "ofd.h"

static void role_set(struct conn *conn, u32 role)
{
	conn->role = role;
	conn_async(conn);
}

static void role_be_master(struct conn *conn)
{
	struct conn *other;

	list_for_each_entry(other, &conn->sw->conns, link)
		if (other != conn && other->role == CVSW_OFP_NX_ROLE_MASTER)
			role_set(other, CVSW_OFP_NX_ROLE_SLAVE);
}

void role_request(struct conn *conn, const void *msg, u32 len)
{
	const struct cvsw_ofp_header *head = msg;
	struct cvsw_of10_error err;
	u32 role, size = sizeof(struct cvsw_ofp_nx_role_message);
	void *room;

	if (cvsw_of10_role_get(msg, len, &role, &err)) {
		conn_refuse(conn, msg, len, &err);
		return;
	}
	if (role == CVSW_OFP_NX_ROLE_MASTER)
		role_be_master(conn);
	role_set(conn, role);
	room = conn_room(conn, size);
	if (room && cvsw_of10_role_put(role, be32_to_cpu(head->xid), room,
				       size) > 0)
		conn_put(conn, size);
}

bool role_may(const struct conn *conn, u8 type)
{
	return conn->role != CVSW_OFP_NX_ROLE_SLAVE ||
	       (type != CVSW_OFP_PACKET_OUT && type != CVSW_OFP_FLOW_MOD &&
		type != CVSW_OFP_PORT_MOD);
}

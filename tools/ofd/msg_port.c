// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Ports and their queues: what there is, and changing it. */

#include "msg.h"

#define PORT_CAPS	(CVSW_OFP_C_FLOW_STATS | CVSW_OFP_C_TABLE_STATS | \
			 CVSW_OFP_C_PORT_STATS | CVSW_OFP_C_QUEUE_STATS | \
			 CVSW_OFP_C_ARP_MATCH_IP)

/**
 * struct port_list - a message that a list is put into
 * @buf:   the message
 * @len:   its bytes
 * @speed: QUEUE_GET_CONFIG: bits per second of the port, 0: unknown
 */
struct port_list {
	u8	*buf;
	u32	len;
	u64	speed;
};

/* @put bytes were put at the end; ends the list when it is full */
static int port_list_add(struct port_list *list, int put)
{
	if (put < 0)
		return 1;
	list->len += (u32)put;
	return 0;
}

/* it is whole, unless the switch failed with @ret */
static void port_list_end(struct conn *conn, struct port_list *list, int ret)
{
	if (ret) {
		if (sw_failed(conn->sw, ret))
			sw_tell(conn->sw, LOG_WARNING, "", "%s",
				cvsw_ctl_error(conn->sw->ctl)->text);
		return;
	}
	cvsw_of10_end(list->buf, (u16)list->len);
	conn_put(conn, list->len);
}

/* FEATURES */

static int port_list_port(void *arg, const struct cvsw_port_info *info)
{
	struct port_list *list = arg;

	return port_list_add(list,
			     cvsw_of10_phy_port_put(info, list->buf + list->len,
						    CVSW_OFP_MSG_MAX -
						    list->len));
}

void msg_features(struct conn *conn, const void *msg, u32 len)
{
	struct port_list list = { .buf = conn_room(conn, CVSW_OFP_MSG_MAX) };
	struct sw *sw = conn->sw;

	(void)len;
	if (!list.buf)
		return;
	port_list_add(&list, cvsw_of10_features_put(sw->config.datapath_id,
						    PORT_CAPS, msg_xid(msg),
						    list.buf,
						    CVSW_OFP_MSG_MAX));
	port_list_end(conn, &list, cvsw_ctl_port_dump(sw->ctl, port_list_port,
						      &list));
}

/* PORT_MOD */

/* 0, -ENODEV when there is no such port, or why the switch failed */
static int port_find(struct sw *sw, u16 no, struct cvsw_port_info *info)
{
	int ret;

	if (no == CVSW_PORT_ANY ||
	    (no > CVSW_PORT_MAX && no != CVSW_PORT_LOCAL))
		return -ENODEV;
	ret = cvsw_ctl_port_get(sw->ctl, no, NULL, info);
	if (ret && !sw_failed(sw, ret))
		return -ECONNRESET;
	return ret;
}

static void port_set(struct sw *sw, const struct cvsw_of10_port_mod *mod,
		     struct cvsw_port_info *info)
{
	int ret;

	if (!mod->mask)
		return;
	info->config = mod->config;
	ret = cvsw_ctl_port_set(sw->ctl, info, CVSW_PORT_SET_CONFIG, mod->mask);
	if (ret && sw_failed(sw, ret))
		sw_tell(sw, LOG_WARNING, info->name, "%s",
			cvsw_ctl_error(sw->ctl)->text);
}

void msg_port_mod(struct conn *conn, const void *msg, u32 len)
{
	struct cvsw_of10_port_mod mod;
	struct cvsw_of10_error err;
	struct cvsw_port_info info;
	int ret = cvsw_of10_port_mod_get(msg, len, &mod, &err);

	if (!ret) {
		ret = port_find(conn->sw, mod.no, &info);
		if (ret == -ECONNRESET)
			return;
		ret = cvsw_of10_port_mod_check(&mod, ret ? NULL : &info, &err);
	}
	if (ret)
		conn_refuse(conn, msg, len, &err);
	else
		port_set(conn->sw, &mod, &info);
}

/* QUEUE_GET_CONFIG */

/* bits per second of a port that says what its link does now */
static u64 port_speed(const struct cvsw_port_info *info)
{
	static const struct {
		u32	features;
		u64	speed;
	} speeds[] = {
		{ CVSW_OFP_PF_10GB_FD, 10000000000 },
		{ CVSW_OFP_PF_1GB_HD | CVSW_OFP_PF_1GB_FD, 1000000000 },
		{ CVSW_OFP_PF_100MB_HD | CVSW_OFP_PF_100MB_FD, 100000000 },
		{ CVSW_OFP_PF_10MB_HD | CVSW_OFP_PF_10MB_FD, 10000000 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(speeds); i++)
		if (info->curr & speeds[i].features)
			return speeds[i].speed;
	return 0;
}

/* in tenths of a per cent of the port's speed */
static u16 port_share(const struct port_list *list, u64 rate)
{
	if (!rate || !list->speed)
		return CVSW_OFP_QUEUE_RATE_NONE;
	if (rate >= list->speed)
		return CVSW_OFP_QUEUE_RATE_MAX;
	return (u16)(rate * CVSW_OFP_QUEUE_RATE_MAX / list->speed);
}

static int port_list_queue(void *arg, const struct cvsw_queue_info *info)
{
	struct port_list *list = arg;
	u16 rate = port_share(list, info->min_rate);

	return port_list_add(list, cvsw_of10_queue_put(info->id, rate,
						       list->buf + list->len,
						       CVSW_OFP_MSG_MAX -
						       list->len));
}

/* the reply for port @info */
static void port_queues(struct conn *conn, u32 xid,
			const struct cvsw_port_info *info)
{
	struct port_list list = { .speed = port_speed(info) };

	list.buf = conn_room(conn, CVSW_OFP_MSG_MAX);
	if (!list.buf)
		return;
	port_list_add(&list, cvsw_of10_queue_config_put(info->no, xid, list.buf,
							CVSW_OFP_MSG_MAX));
	port_list_end(conn, &list, cvsw_ctl_queue_dump(conn->sw->ctl, info->no,
						       port_list_queue, &list));
}

void msg_queues(struct conn *conn, const void *msg, u32 len)
{
	struct cvsw_of10_error err;
	struct cvsw_port_info info;
	u16 port;
	int ret = cvsw_of10_queue_config_get(msg, len, &port, &err);

	if (!ret) {
		ret = port_find(conn->sw, port, &info);
		if (ret == -ECONNRESET)
			return;
		if (ret)
			cvsw_of10_refuse(&err, CVSW_OFP_E_QUEUE_OP_FAILED,
					 CVSW_OFP_QUEUE_BAD_PORT,
					 "queue: no such port");
	}
	if (ret)
		conn_refuse(conn, msg, len, &err);
	else
		port_queues(conn, msg_xid(msg), &info);
}

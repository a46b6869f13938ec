// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Statistics of OpenFlow 1.0: requests, and entries of replies. */

#include "of10.h"

#define OF10_UNKNOWN	(~0ull)		/* a counter that we do not have */

static int of10_stats_refuse(struct cvsw_of10_error *err, u16 code,
			     const char *text)
{
	return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST, code, text);
}

/* Requests */

static void of10_stats_flow(const struct cvsw_ofp_flow_stats_request *wire,
			    struct cvsw_of10_stats_request *req)
{
	req->absent = wire->table_id && wire->table_id != CVSW_OFP_TABLE_ALL;
	req->filter.cmd = CVSW_FLOW_DEL;
	req->filter.out_port = be16_to_cpu(wire->out_port);
	cvsw_of10_match_get(&wire->match, &req->filter.flow.match);
}

/* A request of Nicira's: as that of the type, but for the match */

static int of10_stats_nx_head(const struct cvsw_ofp_nx_stats *wire, u32 len,
			      struct cvsw_of10_error *err)
{
	if (len < sizeof(wire->stats) + sizeof(wire->vendor))
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_LEN,
					 "stats: truncated");
	if (be32_to_cpu(wire->vendor) != CVSW_OFP_NX_VENDOR)
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_VENDOR,
					 "stats: unknown vendor");
	if (len < sizeof(*wire))
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_LEN,
					 "stats: truncated");
	if (be32_to_cpu(wire->subtype) > CVSW_OFP_NX_STATS_AGGREGATE)
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_SUBTYPE,
					 "stats: unknown subtype");
	return 0;
}

static int of10_stats_nx_match(const struct cvsw_ofp_nx_flow_stats_request *wire,
			       u32 len, struct cvsw_of10_stats_request *req,
			       struct cvsw_of10_error *err)
{
	u32 match_len;
	int ret;

	if (len < sizeof(*wire))
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_LEN,
					 "stats: truncated");
	match_len = be16_to_cpu(wire->match_len);
	if (len != sizeof(*wire) + ALIGN(match_len, CVSW_OFP_NXM_ALIGN))
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_LEN,
					 "stats: length is not that of the match");
	ret = cvsw_of10_nxm_get(wire + 1, match_len, &req->filter.flow.match,
				&req->filter.flow.cookie,
				&req->filter.cookie_mask, err);
	if (ret && err->type != CVSW_OFP_E_BAD_REQUEST)	/* this is no flow-mod */
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_SUBTYPE,
					 err->text);
	return ret;
}

static int of10_stats_nx(const void *msg, u32 len,
			 struct cvsw_of10_stats_request *req,
			 struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_nx_stats *head = msg;
	const struct cvsw_ofp_nx_flow_stats_request *wire =
		(const void *)(head + 1);
	int ret = of10_stats_nx_head(head, len, err) ?:
		  of10_stats_nx_match(wire, len - (u32)sizeof(*head), req, err);

	if (ret)
		return ret;
	req->nxm = true;
	req->type = CVSW_OFP_STATS_FLOW;
	if (be32_to_cpu(head->subtype) == CVSW_OFP_NX_STATS_AGGREGATE)
		req->type = CVSW_OFP_STATS_AGGREGATE;
	req->absent = wire->table_id && wire->table_id != CVSW_OFP_TABLE_ALL;
	req->filter.cmd = CVSW_FLOW_DEL;
	req->filter.out_port = be16_to_cpu(wire->out_port);
	return 0;
}

/* bytes of the body that requests of @type have, -1: there are no such */
static int of10_stats_body(u16 type)
{
	switch (type) {
	case CVSW_OFP_STATS_DESC:
	case CVSW_OFP_STATS_TABLE:
		return 0;
	case CVSW_OFP_STATS_FLOW:
	case CVSW_OFP_STATS_AGGREGATE:
		return sizeof(struct cvsw_ofp_flow_stats_request);
	case CVSW_OFP_STATS_PORT:
		return sizeof(struct cvsw_ofp_port_stats_request);
	case CVSW_OFP_STATS_QUEUE:
		return sizeof(struct cvsw_ofp_queue_stats_request);
	default:
		return -1;
	}
}

/* may there be a request of @type with @len bytes behind the head? */
static int of10_stats_check(u16 type, u32 len, struct cvsw_of10_error *err)
{
	int body = of10_stats_body(type);

	if (body < 0)
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_STAT,
					 "stats: unknown type");
	if (len != (u32)body)
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_LEN,
					 "stats: length is not that of the type");
	return 0;
}

int cvsw_of10_stats_get(const void *msg, u32 len,
			struct cvsw_of10_stats_request *req,
			struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_stats *wire = msg;
	const struct cvsw_ofp_port_stats_request *port = (const void *)(wire + 1);
	const struct cvsw_ofp_queue_stats_request *queue = (const void *)(wire + 1);
	int ret;

	if (len < sizeof(*wire))
		return of10_stats_refuse(err, CVSW_OFP_REQUEST_LEN,
					 "stats: truncated");
	memset(req, 0, sizeof(*req));
	req->type = be16_to_cpu(wire->type);
	if (req->type == CVSW_OFP_STATS_VENDOR)
		return of10_stats_nx(msg, len, req, err);
	ret = of10_stats_check(req->type, len - (u32)sizeof(*wire), err);
	if (ret)
		return ret;
	switch (req->type) {
	case CVSW_OFP_STATS_FLOW:
	case CVSW_OFP_STATS_AGGREGATE:
		of10_stats_flow((const void *)(wire + 1), req);
		break;
	case CVSW_OFP_STATS_PORT:
		req->port = be16_to_cpu(port->port_no);
		break;
	case CVSW_OFP_STATS_QUEUE:
		req->port = be16_to_cpu(queue->port_no);
		req->queue = be32_to_cpu(queue->queue_id);
		break;
	}
	return 0;
}

/* Replies */

static int of10_stats_copy(const void *wire, u32 len, void *buf, u32 room)
{
	if (len > room)
		return -EMSGSIZE;
	memcpy(buf, wire, len);
	return (int)len;
}

int cvsw_of10_stats_put(u16 type, u32 xid, void *buf, u32 room)
{
	struct cvsw_ofp_stats wire = {
		.header = {
			.version = CVSW_OFP_VERSION,
			.type = CVSW_OFP_STATS_REPLY,
			.length = cpu_to_be16(sizeof(wire)),
			.xid = cpu_to_be32(xid),
		},
		.type = cpu_to_be16(type),
	};

	return of10_stats_copy(&wire, sizeof(wire), buf, room);
}

int cvsw_of10_nx_stats_put(u16 type, u32 xid, void *buf, u32 room)
{
	struct cvsw_ofp_nx_stats wire = {
		.vendor = cpu_to_be32(CVSW_OFP_NX_VENDOR),
		.subtype = cpu_to_be32(type == CVSW_OFP_STATS_AGGREGATE ?
				       CVSW_OFP_NX_STATS_AGGREGATE :
				       CVSW_OFP_NX_STATS_FLOW),
	};

	cvsw_of10_stats_put(CVSW_OFP_STATS_VENDOR, xid, &wire.stats,
			    sizeof(wire.stats));
	return of10_stats_copy(&wire, sizeof(wire), buf, room);
}

void cvsw_of10_stats_end(void *buf, u16 len, bool more)
{
	struct cvsw_ofp_stats *wire = buf;

	wire->header.length = cpu_to_be16(len);
	wire->flags = cpu_to_be16(more ? CVSW_OFP_STATS_MORE : 0);
}

/* as much of @text as there is room for with its NUL; the rest is zero */
static void of10_stats_text(char *to, u32 size, const char *text)
{
	memcpy(to, text, strnlen(text, size - 1));
}

int cvsw_of10_desc_put(const struct cvsw_of10_desc *desc, void *buf, u32 room)
{
	struct cvsw_ofp_desc_stats *wire = buf;

	if (room < sizeof(*wire))
		return -EMSGSIZE;
	memset(wire, 0, sizeof(*wire));
	of10_stats_text(wire->mfr_desc, sizeof(wire->mfr_desc), desc->mfr);
	of10_stats_text(wire->hw_desc, sizeof(wire->hw_desc), desc->hw);
	of10_stats_text(wire->sw_desc, sizeof(wire->sw_desc), desc->sw);
	of10_stats_text(wire->serial_num, sizeof(wire->serial_num),
			desc->serial);
	of10_stats_text(wire->dp_desc, sizeof(wire->dp_desc), desc->dp);
	return sizeof(*wire);
}

int cvsw_of10_aggregate_put(u64 packets, u64 bytes, u32 flows, void *buf,
			    u32 room)
{
	struct cvsw_ofp_aggregate_stats wire = {
		.packet_count = cpu_to_be64(packets),
		.byte_count = cpu_to_be64(bytes),
		.flow_count = cpu_to_be32(flows),
	};

	return of10_stats_copy(&wire, sizeof(wire), buf, room);
}

int cvsw_of10_table_stats_put(const struct cvsw_table_stats *stats, void *buf,
			      u32 room)
{
	struct cvsw_ofp_table_stats wire = {
		.name = "flows",
		.wildcards = cpu_to_be32(CVSW_OFP_W_MASK),
		.max_entries = cpu_to_be32(stats->max_flows),
		.active_count = cpu_to_be32(stats->flows),
		.lookup_count = cpu_to_be64(stats->lookups),
		.matched_count = cpu_to_be64(stats->matched),
	};

	return of10_stats_copy(&wire, sizeof(wire), buf, room);
}

int cvsw_of10_port_stats_put(const struct cvsw_port_info *info, void *buf,
			     u32 room)
{
	const struct cvsw_port_stats *stats = &info->stats;
	struct cvsw_ofp_port_stats wire = {
		.port_no = cpu_to_be16(info->no),
		.rx_packets = cpu_to_be64(stats->rx_packets),
		.tx_packets = cpu_to_be64(stats->tx_packets),
		.rx_bytes = cpu_to_be64(stats->rx_bytes),
		.tx_bytes = cpu_to_be64(stats->tx_bytes),
		.rx_dropped = cpu_to_be64(stats->rx_dropped),
		.tx_dropped = cpu_to_be64(stats->tx_dropped),
		.rx_errors = cpu_to_be64(stats->rx_errors),
		.tx_errors = cpu_to_be64(stats->tx_errors),
		.rx_frame_err = cpu_to_be64(OF10_UNKNOWN),
		.rx_over_err = cpu_to_be64(OF10_UNKNOWN),
		.rx_crc_err = cpu_to_be64(OF10_UNKNOWN),
		.collisions = cpu_to_be64(OF10_UNKNOWN),
	};

	return of10_stats_copy(&wire, sizeof(wire), buf, room);
}

int cvsw_of10_queue_stats_put(const struct cvsw_of10_queue_stats *stats,
			      void *buf, u32 room)
{
	struct cvsw_ofp_queue_stats wire = {
		.port_no = cpu_to_be16(stats->port),
		.queue_id = cpu_to_be32(stats->queue),
		.tx_bytes = cpu_to_be64(stats->tx_bytes),
		.tx_packets = cpu_to_be64(stats->tx_packets),
		.tx_errors = cpu_to_be64(stats->tx_errors),
	};

	return of10_stats_copy(&wire, sizeof(wire), buf, room);
}

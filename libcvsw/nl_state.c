// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Switches, paths, counters, events and trace steps as attributes.
 */

#include "nl_codec.h"

/* Switches */

#define NL_TABLE_STAT(member, attr) \
	CVSW_NL_FIELD(struct cvsw_table_stats, member, CVSW_STATS_A_##attr)

static const struct cvsw_nl_field nl_table_stats[] = {
	NL_TABLE_STAT(lookups, LOOKUPS),
	NL_TABLE_STAT(matched, MATCHED),
	NL_TABLE_STAT(cache_hits, CACHE_HITS),
	NL_TABLE_STAT(flows, FLOWS),
	NL_TABLE_STAT(masks, MASKS),
	NL_TABLE_STAT(subtables, SUBTABLES),
	NL_TABLE_STAT(memory, MEMORY),
	NL_TABLE_STAT(malformed, MALFORMED),
};

static int nl_put_table_stats(struct sk_buff *skb,
			      const struct cvsw_table_stats *s)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_SWITCH_A_STATS);

	if (!nest || cvsw_nl_put_fields(skb, nl_table_stats,
					ARRAY_SIZE(nl_table_stats), ~0U, s))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

#define NL_CONFIG(member, attr) \
	CVSW_NL_FIELD(struct cvsw_config, member, CVSW_SWITCH_A_##attr)

static const struct cvsw_nl_field nl_config_fields[] = {
	NL_CONFIG(datapath_id, DATAPATH_ID),
	NL_CONFIG(workers, WORKERS),
	NL_CONFIG(max_flows, MAX_FLOWS),
	NL_CONFIG(miss, MISS),
	NL_CONFIG(frag_mode, FRAG_MODE),
	NL_CONFIG(miss_send_len, MISS_SEND_LEN),
	NL_CONFIG(mac_ageing, MAC_AGEING),
	NL_CONFIG(vxlan_port, VXLAN_PORT),
	NL_CONFIG(geneve_port, GENEVE_PORT),
	NL_CONFIG(stt_port, STT_PORT),
	NL_CONFIG(packet_in_rate[CVSW_PACKET_IN_MISS], MISS_RATE),
	NL_CONFIG(packet_in_burst[CVSW_PACKET_IN_MISS], MISS_BURST),
	NL_CONFIG(packet_in_rate[CVSW_PACKET_IN_ACTION], ACTION_RATE),
	NL_CONFIG(packet_in_burst[CVSW_PACKET_IN_ACTION], ACTION_BURST),
};

int cvsw_nl_put_config(struct sk_buff *skb, const struct cvsw_config *config,
		       u32 fields, const struct cvsw_table_stats *stats)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_SWITCH);

	if (!nest)
		return -EMSGSIZE;
	if ((nl_wanted(fields, CVSW_SWITCH_A_NAME) &&
	     nla_put_string(skb, CVSW_SWITCH_A_NAME, config->name)) ||
	    cvsw_nl_put_fields(skb, nl_config_fields,
			       ARRAY_SIZE(nl_config_fields), fields, config) ||
	    (stats && nl_put_table_stats(skb, stats))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int cvsw_nl_put_switch(struct sk_buff *skb, struct cvsw_switch *sw)
{
	struct cvsw_config config;
	struct cvsw_table_stats stats;

	cvsw_switch_config(sw, &config);
	cvsw_switch_stats(sw, &stats);
	return cvsw_nl_put_config(skb, &config, ~0U, &stats);
}

static int nl_get_table_stats(const struct nlattr *nest,
			      struct cvsw_table_stats *s,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_STATS_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_STATS_A_MAX, nest,
					  cvsw_nl_stats_policy, extack);
	if (!err)
		cvsw_nl_get_fields(tb, nl_table_stats,
				   ARRAY_SIZE(nl_table_stats), s);
	return err;
}

int cvsw_nl_get_config(const struct nlattr *nest, struct cvsw_config *config,
		       u32 *fields, struct cvsw_table_stats *stats,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_SWITCH_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_SWITCH_A_MAX, nest,
					  cvsw_nl_switch_policy, extack);
	if (err)
		return err;
	if (tb[CVSW_SWITCH_A_NAME])
		nla_strscpy(config->name, tb[CVSW_SWITCH_A_NAME],
			    sizeof(config->name));
	cvsw_nl_get_fields(tb, nl_config_fields, ARRAY_SIZE(nl_config_fields),
			   config);
	if (fields)
		*fields |= cvsw_nl_named(tb, CVSW_SWITCH_A_MAX);
	if (!stats)
		return 0;
	memset(stats, 0, sizeof(*stats));
	if (tb[CVSW_SWITCH_A_STATS])
		err = nl_get_table_stats(tb[CVSW_SWITCH_A_STATS], stats,
					 extack);
	stats->max_flows = config->max_flows;
	return err;
}

/* Paths */

static int nl_put_path_way(struct sk_buff *skb, const struct cvsw_way *way,
			   u8 family)
{
	if ((way->port && nla_put_u16(skb, CVSW_PATH_A_PORT, way->port)) ||
	    nla_put(skb, CVSW_PATH_A_DL_SRC, sizeof(way->dl_src),
		    way->dl_src) ||
	    nla_put(skb, CVSW_PATH_A_DL_DST, sizeof(way->dl_dst),
		    way->dl_dst) ||
	    nla_put(skb, CVSW_PATH_A_NW_SRC, family == 6 ? 16 : 4,
		    way->nw_src) ||
	    (way->mtu && nla_put_u32(skb, CVSW_PATH_A_MTU, way->mtu)))
		return -EMSGSIZE;
	return 0;
}

static int nl_put_path_fields(struct sk_buff *skb,
			      const struct cvsw_path_info *info)
{
	if (nla_put(skb, CVSW_PATH_A_ADDR, info->family == 6 ? 16 : 4,
		    info->addr) ||
	    nla_put_u8(skb, CVSW_PATH_A_STATE, info->state) ||
	    nla_put_u32(skb, CVSW_PATH_A_FLOWS, info->flows))
		return -EMSGSIZE;
	if (info->pmtu &&
	    (nla_put_u32(skb, CVSW_PATH_A_PMTU, info->pmtu) ||
	     nla_put_u32(skb, CVSW_PATH_A_PMTU_LEFT, info->pmtu_left)))
		return -EMSGSIZE;
	if (info->state != CVSW_PATH_KNOWN)
		return 0;
	return nl_put_path_way(skb, &info->way, info->family);
}

int cvsw_nl_put_path(struct sk_buff *skb, const struct cvsw_path_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_PATH);

	if (!nest)
		return -EMSGSIZE;
	if (nl_put_path_fields(skb, info)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

#define NL_PATH(member, attr) \
	CVSW_NL_FIELD(struct cvsw_path_info, member, CVSW_PATH_A_##attr)

static const struct cvsw_nl_field nl_path_fields[] = {
	NL_PATH(addr, ADDR),
	NL_PATH(state, STATE),
	NL_PATH(flows, FLOWS),
	NL_PATH(pmtu, PMTU),
	NL_PATH(pmtu_left, PMTU_LEFT),
	NL_PATH(way.port, PORT),
	NL_PATH(way.dl_src, DL_SRC),
	NL_PATH(way.dl_dst, DL_DST),
	NL_PATH(way.nw_src, NW_SRC),
	NL_PATH(way.mtu, MTU),
};

int cvsw_nl_get_path(const struct nlattr *nest, struct cvsw_path_info *info,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_PATH_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_PATH_A_MAX, nest,
					  cvsw_nl_path_policy, extack);
	if (err)
		return err;
	memset(info, 0, sizeof(*info));
	if (!tb[CVSW_PATH_A_ADDR])
		return cvsw_nl_refuse(extack, nest, "path: address is missing",
				      -EINVAL);
	info->family = nla_len(tb[CVSW_PATH_A_ADDR]) == 16 ? 6 : 4;
	cvsw_nl_get_fields(tb, nl_path_fields, ARRAY_SIZE(nl_path_fields),
			   info);
	return 0;
}

/* Drops, steps, events */

int cvsw_nl_put_drop(struct sk_buff *skb, int type, unsigned int cause,
		     const u64 *frames)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, CVSW_DROP_A_CAUSE, (u16)cause) ||
	    nla_put_string(skb, CVSW_DROP_A_NAME, cvsw_drop_name(cause)) ||
	    nla_put_string(skb, CVSW_DROP_A_TEXT, cvsw_drop_text(cause)) ||
	    (frames && nl_put_u64(skb, CVSW_DROP_A_FRAMES, *frames))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int nl_put_step_frame(struct sk_buff *skb, const void *frame, u32 len,
			     const struct nlattr **shown)
{
	int n = (int)min_t(u32, len, CVSW_NL_STEP_FRAME);
	const void *at;

	if (nla_put_u32(skb, CVSW_STEP_A_LEN, len))
		return -EMSGSIZE;
	if (*shown && nla_len(*shown) == n &&
	    !memcmp(nla_data(*shown), frame, (size_t)n))
		return 0;
	at = nlmsg_get_pos(skb);
	if (nla_put(skb, CVSW_STEP_A_FRAME, n, frame))
		return -EMSGSIZE;
	*shown = at;
	return 0;
}

static int nl_put_step_what(struct sk_buff *skb,
			    const struct cvsw_trace_step *step)
{
	struct cvsw_flow_mod mod = {};

	switch (step->what) {
	case CVSW_TRACE_LOOKUP:
		return cvsw_nl_put_key(skb, CVSW_STEP_A_KEY, step->key);
	case CVSW_TRACE_MATCH:
		if (!step->flow)
			return 0;
		mod.flow = *step->flow;
		return cvsw_nl_put_flow(skb, CVSW_STEP_A_FLOW, &mod,
					CVSW_NL_FLOW_STATS);
	case CVSW_TRACE_ACTION:
		return nla_put_u16(skb, CVSW_STEP_A_INDEX, step->index) ?:
		       cvsw_nl_put_actions(skb, CVSW_STEP_A_ACTIONS,
					   step->action, 1);
	case CVSW_TRACE_OUTPUT:
	case CVSW_TRACE_ANSWER:
		return nla_put_u16(skb, CVSW_STEP_A_PORT, step->port);
	case CVSW_TRACE_DROP:
		return cvsw_nl_put_drop(skb, CVSW_STEP_A_DROP, step->drop,
					NULL);
	default:
		return 0;
	}
}

int cvsw_nl_put_step(struct sk_buff *skb, const struct cvsw_trace_step *step,
		     const void *frame, u32 len, const struct nlattr **shown)
{
	bool shows = step->what == CVSW_TRACE_OUTPUT ||
		     step->what == CVSW_TRACE_CONTROLLER ||
		     step->what == CVSW_TRACE_DROP ||
		     step->what == CVSW_TRACE_ANSWER;
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_STEP);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, CVSW_STEP_A_WHAT, step->what) ||
	    nla_put_u16(skb, CVSW_STEP_A_DEPTH, step->depth) ||
	    nl_put_step_what(skb, step) ||
	    (shows && nl_put_step_frame(skb, frame, len, shown))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int cvsw_nl_put_event(struct sk_buff *skb, const char *name,
		      const struct cvsw_event *event)
{
	struct cvsw_flow_mod mod = {};

	if (nla_put_string(skb, CVSW_A_NAME, name))
		return -EMSGSIZE;
	if (event->kind != CVSW_EVENT_FLOW_REMOVED)
		return nla_put_u16(skb, CVSW_A_REASON, event->kind) ?:
		       cvsw_nl_put_port(skb, event->port,
					CVSW_NL_PORT_ALL, 0);
	mod.flow = *event->flow;
	return nla_put_u16(skb, CVSW_A_REASON, event->reason) ?:
	       cvsw_nl_put_flow(skb, CVSW_A_FLOW, &mod, CVSW_NL_FLOW_STATS);
}

void *cvsw_nl_put_packet_in(struct sk_buff *skb, const char *name,
			    const struct cvsw_packet_in *info, u32 len)
{
	struct nlattr *frame;

	if (nla_put_string(skb, CVSW_A_NAME, name) ||
	    nla_put_u16(skb, CVSW_A_REASON, info->reason) ||
	    nla_put_u16(skb, CVSW_A_IN_PORT, info->in_port) ||
	    nla_put_u32(skb, CVSW_A_LEN, info->total_len) ||
	    nl_put_u64(skb, CVSW_A_COOKIE, info->cookie) ||
	    nla_put_be64(skb, CVSW_A_TUN_ID, info->tun_id, CVSW_A_UNSPEC))
		return NULL;
	frame = nla_reserve(skb, CVSW_A_FRAME, (int)len);
	return frame ? nla_data(frame) : NULL;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Switches, paths, counters, events and trace steps as attributes.
 */

#include "nl_codec.h"

/* Switches */

static int nl_put_table_stats(struct sk_buff *skb,
			      const struct cvsw_table_stats *s)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_SWITCH_A_STATS);

	if (!nest ||
	    nl_put_u64(skb, CVSW_STATS_A_LOOKUPS, s->lookups) ||
	    nl_put_u64(skb, CVSW_STATS_A_MATCHED, s->matched) ||
	    nl_put_u64(skb, CVSW_STATS_A_CACHE_HITS, s->cache_hits) ||
	    nla_put_u32(skb, CVSW_STATS_A_FLOWS, s->flows) ||
	    nla_put_u32(skb, CVSW_STATS_A_MASKS, s->masks) ||
	    nla_put_u32(skb, CVSW_STATS_A_SUBTABLES, s->subtables) ||
	    nl_put_u64(skb, CVSW_STATS_A_MEMORY, s->memory) ||
	    nl_put_u64(skb, CVSW_STATS_A_MALFORMED, s->malformed))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int nl_put_identity(struct sk_buff *skb, const struct cvsw_config *c,
			   u32 fields)
{
	if ((nl_wanted(fields, CVSW_SWITCH_A_NAME) &&
	     nla_put_string(skb, CVSW_SWITCH_A_NAME, c->name)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_DATAPATH_ID) &&
	     nl_put_u64(skb, CVSW_SWITCH_A_DATAPATH_ID, c->datapath_id)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_WORKERS) &&
	     nla_put_u16(skb, CVSW_SWITCH_A_WORKERS, c->workers)))
		return -EMSGSIZE;
	return 0;
}

static int nl_put_settings(struct sk_buff *skb, const struct cvsw_config *c,
			   u32 fields)
{
	if ((nl_wanted(fields, CVSW_SWITCH_A_MAX_FLOWS) &&
	     nla_put_u32(skb, CVSW_SWITCH_A_MAX_FLOWS, c->max_flows)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_MISS) &&
	     nla_put_u8(skb, CVSW_SWITCH_A_MISS, c->miss)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_FRAG_MODE) &&
	     nla_put_u8(skb, CVSW_SWITCH_A_FRAG_MODE, c->frag_mode)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_MISS_SEND_LEN) &&
	     nla_put_u16(skb, CVSW_SWITCH_A_MISS_SEND_LEN, c->miss_send_len)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_MAC_AGEING) &&
	     nla_put_u16(skb, CVSW_SWITCH_A_MAC_AGEING, c->mac_ageing)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_VXLAN_PORT) &&
	     nla_put_u16(skb, CVSW_SWITCH_A_VXLAN_PORT, c->vxlan_port)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_GENEVE_PORT) &&
	     nla_put_u16(skb, CVSW_SWITCH_A_GENEVE_PORT, c->geneve_port)) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_STT_PORT) &&
	     nla_put_u16(skb, CVSW_SWITCH_A_STT_PORT, c->stt_port)))
		return -EMSGSIZE;
	return 0;
}

static int nl_put_rates(struct sk_buff *skb, const struct cvsw_config *c,
			u32 fields)
{
	const u32 *rate = c->packet_in_rate, *burst = c->packet_in_burst;

	if ((nl_wanted(fields, CVSW_SWITCH_A_MISS_RATE) &&
	     nla_put_u32(skb, CVSW_SWITCH_A_MISS_RATE,
			 rate[CVSW_PACKET_IN_MISS])) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_MISS_BURST) &&
	     nla_put_u32(skb, CVSW_SWITCH_A_MISS_BURST,
			 burst[CVSW_PACKET_IN_MISS])) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_ACTION_RATE) &&
	     nla_put_u32(skb, CVSW_SWITCH_A_ACTION_RATE,
			 rate[CVSW_PACKET_IN_ACTION])) ||
	    (nl_wanted(fields, CVSW_SWITCH_A_ACTION_BURST) &&
	     nla_put_u32(skb, CVSW_SWITCH_A_ACTION_BURST,
			 burst[CVSW_PACKET_IN_ACTION])))
		return -EMSGSIZE;
	return 0;
}

int cvsw_nl_put_config(struct sk_buff *skb, const struct cvsw_config *config,
		       u32 fields, const struct cvsw_table_stats *stats)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_SWITCH);

	if (!nest)
		return -EMSGSIZE;
	if (nl_put_identity(skb, config, fields) ||
	    nl_put_settings(skb, config, fields) ||
	    nl_put_rates(skb, config, fields) ||
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

static void nl_get_table_stats(const struct nlattr *nest,
			       struct cvsw_table_stats *s)
{
	const struct nlattr *nla;
	int rem;

	nla_for_each_nested(nla, nest, rem) {
		switch (nla_type(nla)) {
		case CVSW_STATS_A_LOOKUPS:
			s->lookups = nla_get_u64(nla);
			break;
		case CVSW_STATS_A_MATCHED:
			s->matched = nla_get_u64(nla);
			break;
		case CVSW_STATS_A_CACHE_HITS:
			s->cache_hits = nla_get_u64(nla);
			break;
		case CVSW_STATS_A_FLOWS:
			s->flows = nla_get_u32(nla);
			break;
		case CVSW_STATS_A_MASKS:
			s->masks = nla_get_u32(nla);
			break;
		case CVSW_STATS_A_SUBTABLES:
			s->subtables = nla_get_u32(nla);
			break;
		case CVSW_STATS_A_MEMORY:
			s->memory = nla_get_u64(nla);
			break;
		case CVSW_STATS_A_MALFORMED:
			s->malformed = nla_get_u64(nla);
			break;
		default:
			break;
		}
	}
}

static void nl_get_setting(const struct nlattr *nla, struct cvsw_config *c)
{
	switch (nla_type(nla)) {
	case CVSW_SWITCH_A_NAME:
		nla_strscpy(c->name, nla, sizeof(c->name));
		break;
	case CVSW_SWITCH_A_DATAPATH_ID:
		c->datapath_id = nla_get_u64(nla);
		break;
	case CVSW_SWITCH_A_MAX_FLOWS:
		c->max_flows = nla_get_u32(nla);
		break;
	case CVSW_SWITCH_A_MISS:
		c->miss = nla_get_u8(nla);
		break;
	case CVSW_SWITCH_A_FRAG_MODE:
		c->frag_mode = nla_get_u8(nla);
		break;
	case CVSW_SWITCH_A_MISS_SEND_LEN:
		c->miss_send_len = nla_get_u16(nla);
		break;
	case CVSW_SWITCH_A_MISS_RATE:
		c->packet_in_rate[CVSW_PACKET_IN_MISS] = nla_get_u32(nla);
		break;
	case CVSW_SWITCH_A_MISS_BURST:
		c->packet_in_burst[CVSW_PACKET_IN_MISS] = nla_get_u32(nla);
		break;
	case CVSW_SWITCH_A_ACTION_RATE:
		c->packet_in_rate[CVSW_PACKET_IN_ACTION] = nla_get_u32(nla);
		break;
	case CVSW_SWITCH_A_ACTION_BURST:
		c->packet_in_burst[CVSW_PACKET_IN_ACTION] = nla_get_u32(nla);
		break;
	case CVSW_SWITCH_A_MAC_AGEING:
		c->mac_ageing = nla_get_u16(nla);
		break;
	case CVSW_SWITCH_A_VXLAN_PORT:
		c->vxlan_port = nla_get_u16(nla);
		break;
	case CVSW_SWITCH_A_GENEVE_PORT:
		c->geneve_port = nla_get_u16(nla);
		break;
	case CVSW_SWITCH_A_STT_PORT:
		c->stt_port = nla_get_u16(nla);
		break;
	case CVSW_SWITCH_A_WORKERS:
		c->workers = nla_get_u16(nla);
		break;
	default:
		break;
	}
}

int cvsw_nl_get_config(const struct nlattr *nest, struct cvsw_config *config,
		       u32 *fields, struct cvsw_table_stats *stats,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_SWITCH_A_MAX + 1];
	int i, err;

	err = nla_parse_nested_deprecated(tb, CVSW_SWITCH_A_MAX, nest,
					  cvsw_nl_switch_policy, extack);
	if (err)
		return err;
	for (i = 1; i <= CVSW_SWITCH_A_MAX; i++) {
		if (!tb[i])
			continue;
		nl_get_setting(tb[i], config);
		if (fields)
			*fields |= 1U << i;
	}
	if (!stats)
		return 0;
	memset(stats, 0, sizeof(*stats));
	if (tb[CVSW_SWITCH_A_STATS])
		nl_get_table_stats(tb[CVSW_SWITCH_A_STATS], stats);
	stats->max_flows = config->max_flows;
	return 0;
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

static void nl_get_path_way(struct nlattr *const *tb, struct cvsw_way *way)
{
	if (tb[CVSW_PATH_A_PORT])
		way->port = nla_get_u16(tb[CVSW_PATH_A_PORT]);
	if (tb[CVSW_PATH_A_DL_SRC])
		nla_memcpy(way->dl_src, tb[CVSW_PATH_A_DL_SRC],
			   sizeof(way->dl_src));
	if (tb[CVSW_PATH_A_DL_DST])
		nla_memcpy(way->dl_dst, tb[CVSW_PATH_A_DL_DST],
			   sizeof(way->dl_dst));
	if (tb[CVSW_PATH_A_NW_SRC])
		nla_memcpy(way->nw_src, tb[CVSW_PATH_A_NW_SRC],
			   sizeof(way->nw_src));
	if (tb[CVSW_PATH_A_MTU])
		way->mtu = nla_get_u32(tb[CVSW_PATH_A_MTU]);
}

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
	nla_memcpy(info->addr, tb[CVSW_PATH_A_ADDR], sizeof(info->addr));
	if (tb[CVSW_PATH_A_STATE])
		info->state = nla_get_u8(tb[CVSW_PATH_A_STATE]);
	if (tb[CVSW_PATH_A_FLOWS])
		info->flows = nla_get_u32(tb[CVSW_PATH_A_FLOWS]);
	if (tb[CVSW_PATH_A_PMTU])
		info->pmtu = nla_get_u32(tb[CVSW_PATH_A_PMTU]);
	if (tb[CVSW_PATH_A_PMTU_LEFT])
		info->pmtu_left = nla_get_u32(tb[CVSW_PATH_A_PMTU_LEFT]);
	nl_get_path_way(tb, &info->way);
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

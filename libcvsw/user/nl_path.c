// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Names of attributes, so that an offset in a message can be told as a path.
 * The tables follow the tree in <cvsw/nl.h>.
 */

#include <stdio.h>
#include "nl_msg.h"

/**
 * struct nl_name - name of an attribute
 * @text: as people write it
 * @nest: names in it, NULL when it is none
 * @max:  highest type in @nest
 */
struct nl_name {
	const char		*text;
	const struct nl_name	*nest;
	u16			max;
};

#define NL_NEST(text, names)	{ text, names, ARRAY_SIZE(names) - 1 }
#define NL_LEAF(text)		{ text, NULL, 0 }

static const struct nl_name nl_stats_names[] = {
	[CVSW_STATS_A_LOOKUPS]		= NL_LEAF("lookups"),
	[CVSW_STATS_A_MATCHED]		= NL_LEAF("matched"),
	[CVSW_STATS_A_CACHE_HITS]	= NL_LEAF("cache_hits"),
	[CVSW_STATS_A_FLOWS]		= NL_LEAF("flows"),
	[CVSW_STATS_A_MASKS]		= NL_LEAF("masks"),
	[CVSW_STATS_A_SUBTABLES]	= NL_LEAF("subtables"),
	[CVSW_STATS_A_MEMORY]		= NL_LEAF("memory"),
	[CVSW_STATS_A_MALFORMED]	= NL_LEAF("malformed"),
};

static const struct nl_name nl_switch_names[] = {
	[CVSW_SWITCH_A_NAME]		= NL_LEAF("name"),
	[CVSW_SWITCH_A_DATAPATH_ID]	= NL_LEAF("datapath_id"),
	[CVSW_SWITCH_A_MAX_FLOWS]	= NL_LEAF("max_flows"),
	[CVSW_SWITCH_A_MISS]		= NL_LEAF("miss"),
	[CVSW_SWITCH_A_FRAG_MODE]	= NL_LEAF("frag_mode"),
	[CVSW_SWITCH_A_MISS_SEND_LEN]	= NL_LEAF("miss_send_len"),
	[CVSW_SWITCH_A_MISS_RATE]	= NL_LEAF("miss_rate"),
	[CVSW_SWITCH_A_MISS_BURST]	= NL_LEAF("miss_burst"),
	[CVSW_SWITCH_A_ACTION_RATE]	= NL_LEAF("action_rate"),
	[CVSW_SWITCH_A_ACTION_BURST]	= NL_LEAF("action_burst"),
	[CVSW_SWITCH_A_MAC_AGEING]	= NL_LEAF("mac_ageing"),
	[CVSW_SWITCH_A_VXLAN_PORT]	= NL_LEAF("vxlan_port"),
	[CVSW_SWITCH_A_GENEVE_PORT]	= NL_LEAF("geneve_port"),
	[CVSW_SWITCH_A_STT_PORT]	= NL_LEAF("stt_port"),
	[CVSW_SWITCH_A_WORKERS]		= NL_LEAF("workers"),
	[CVSW_SWITCH_A_STATS]		= NL_NEST("stats", nl_stats_names),
};

static const struct nl_name nl_antispoof_names[] = {
	[CVSW_ANTISPOOF_A_CHECKS]	= NL_LEAF("checks"),
	[CVSW_ANTISPOOF_A_MAC]		= NL_LEAF("mac"),
	[CVSW_ANTISPOOF_A_IPV4]		= NL_LEAF("ipv4"),
	[CVSW_ANTISPOOF_A_IPV6]		= NL_LEAF("ipv6"),
};

static const struct nl_name nl_port_names[] = {
	[CVSW_PORT_A_NO]		= NL_LEAF("no"),
	[CVSW_PORT_A_NAME]		= NL_LEAF("name"),
	[CVSW_PORT_A_SPEC]		= NL_LEAF("spec"),
	[CVSW_PORT_A_MAC]		= NL_LEAF("mac"),
	[CVSW_PORT_A_CONFIG]		= NL_LEAF("config"),
	[CVSW_PORT_A_CONFIG_MASK]	= NL_LEAF("config_mask"),
	[CVSW_PORT_A_STATE]		= NL_LEAF("state"),
	[CVSW_PORT_A_MTU]		= NL_LEAF("mtu"),
	[CVSW_PORT_A_RX_OFFLOAD]	= NL_LEAF("rx_offload"),
	[CVSW_PORT_A_TX_OFFLOAD]	= NL_LEAF("tx_offload"),
	[CVSW_PORT_A_QUEUES]		= NL_LEAF("queues"),
	[CVSW_PORT_A_ANTISPOOF]		= NL_NEST("antispoof", nl_antispoof_names),
	[CVSW_PORT_A_STATS]		= NL_LEAF("stats"),
	[CVSW_PORT_A_RX_ASKED]		= NL_LEAF("rx_asked"),
	[CVSW_PORT_A_TX_ASKED]		= NL_LEAF("tx_asked"),
	[CVSW_PORT_A_RX_FAILED]		= NL_LEAF("rx_failed"),
	[CVSW_PORT_A_TX_FAILED]		= NL_LEAF("tx_failed"),
	[CVSW_PORT_A_DEVICE]		= NL_LEAF("device"),
	[CVSW_PORT_A_DEVICE_ASKED]	= NL_LEAF("device_asked"),
	[CVSW_PORT_A_DEVICE_FIXED]	= NL_LEAF("device_fixed"),
	[CVSW_PORT_A_MTU_AUTO]		= NL_LEAF("mtu_auto"),
	[CVSW_PORT_A_INBAND]		= NL_LEAF("inband"),
	[CVSW_PORT_A_INBAND_STATE]	= NL_LEAF("inband_state"),
	[CVSW_PORT_A_INBAND_POLICY]	= NL_LEAF("inband_policy"),
	[CVSW_PORT_A_INBAND_HOST]	= NL_LEAF("inband_host"),
	[CVSW_PORT_A_INBAND_KEY_IDS]	= NL_LEAF("inband_key_ids"),
	[CVSW_PORT_A_INBAND_KEYS]	= NL_LEAF("inband_keys"),
	[CVSW_PORT_A_CURR]		= NL_LEAF("curr"),
	[CVSW_PORT_A_ADVERTISED]	= NL_LEAF("advertised"),
	[CVSW_PORT_A_SUPPORTED]		= NL_LEAF("supported"),
	[CVSW_PORT_A_PEER]		= NL_LEAF("peer"),
};

static const struct nl_name nl_key_names[] = {
	[CVSW_KEY_A_IN_PORT]		= NL_LEAF("in_port"),
	[CVSW_KEY_A_VLAN_TCI]		= NL_LEAF("vlan_tci"),
	[CVSW_KEY_A_DL_TYPE]		= NL_LEAF("dl_type"),
	[CVSW_KEY_A_NW_PROTO]		= NL_LEAF("nw_proto"),
	[CVSW_KEY_A_NW_TOS]		= NL_LEAF("nw_tos"),
	[CVSW_KEY_A_DL_DST]		= NL_LEAF("dl_dst"),
	[CVSW_KEY_A_DL_SRC]		= NL_LEAF("dl_src"),
	[CVSW_KEY_A_TP_SRC]		= NL_LEAF("tp_src"),
	[CVSW_KEY_A_TP_DST]		= NL_LEAF("tp_dst"),
	[CVSW_KEY_A_NW_SRC]		= NL_LEAF("nw_src"),
	[CVSW_KEY_A_NW_DST]		= NL_LEAF("nw_dst"),
	[CVSW_KEY_A_TUN_ID]		= NL_LEAF("tun_id"),
};

static const struct nl_name nl_output_names[] = {
	[CVSW_OUTPUT_A_PORT]		= NL_LEAF("port"),
	[CVSW_OUTPUT_A_MAX_LEN]		= NL_LEAF("max_len"),
	[CVSW_OUTPUT_A_QUEUE]		= NL_LEAF("queue"),
};

static const struct nl_name nl_tunnel_names[] = {
	[CVSW_TUNNEL_A_KIND]		= NL_LEAF("kind"),
	[CVSW_TUNNEL_A_ID]		= NL_LEAF("id"),
	[CVSW_TUNNEL_A_NW_SRC]		= NL_LEAF("nw_src"),
	[CVSW_TUNNEL_A_NW_DST]		= NL_LEAF("nw_dst"),
	[CVSW_TUNNEL_A_DL_SRC]		= NL_LEAF("dl_src"),
	[CVSW_TUNNEL_A_DL_DST]		= NL_LEAF("dl_dst"),
	[CVSW_TUNNEL_A_TP_DST]		= NL_LEAF("tp_dst"),
	[CVSW_TUNNEL_A_TTL]		= NL_LEAF("ttl"),
	[CVSW_TUNNEL_A_TOS]		= NL_LEAF("tos"),
	[CVSW_TUNNEL_A_FLAGS]		= NL_LEAF("flags"),
};

static const struct nl_name nl_opt_names[] = {
	[CVSW_OPT_A_CLASS]		= NL_LEAF("class"),
	[CVSW_OPT_A_TYPE]		= NL_LEAF("type"),
	[CVSW_OPT_A_DATA]		= NL_LEAF("data"),
	[CVSW_OPT_A_MASK]		= NL_LEAF("mask"),
};

static const struct nl_name nl_action_names[] = {
	[CVSW_ACTION_A_OUTPUT]		= NL_NEST("output", nl_output_names),
	[CVSW_ACTION_A_SET_VLAN_VID]	= NL_LEAF("set_vlan_vid"),
	[CVSW_ACTION_A_SET_VLAN_PCP]	= NL_LEAF("set_vlan_pcp"),
	[CVSW_ACTION_A_STRIP_VLAN]	= NL_LEAF("strip_vlan"),
	[CVSW_ACTION_A_SET_DL_SRC]	= NL_LEAF("set_dl_src"),
	[CVSW_ACTION_A_SET_DL_DST]	= NL_LEAF("set_dl_dst"),
	[CVSW_ACTION_A_SET_NW_SRC]	= NL_LEAF("set_nw_src"),
	[CVSW_ACTION_A_SET_NW_DST]	= NL_LEAF("set_nw_dst"),
	[CVSW_ACTION_A_SET_NW_TOS]	= NL_LEAF("set_nw_tos"),
	[CVSW_ACTION_A_SET_TP_SRC]	= NL_LEAF("set_tp_src"),
	[CVSW_ACTION_A_SET_TP_DST]	= NL_LEAF("set_tp_dst"),
	[CVSW_ACTION_A_ENQUEUE]		= NL_NEST("enqueue", nl_output_names),
	[CVSW_ACTION_A_SET_IPV6_SRC]	= NL_LEAF("set_ipv6_src"),
	[CVSW_ACTION_A_SET_IPV6_DST]	= NL_LEAF("set_ipv6_dst"),
	[CVSW_ACTION_A_RESUBMIT]	= NL_LEAF("resubmit"),
	[CVSW_ACTION_A_PUSH]		= NL_NEST("push", nl_tunnel_names),
	[CVSW_ACTION_A_POP]		= NL_LEAF("pop"),
	[CVSW_ACTION_A_TUNNEL_OPT]	= NL_NEST("tunnel_opt", nl_opt_names),
	[CVSW_ACTION_A_SET_TUNNEL]	= NL_LEAF("set_tunnel"),
};

static const struct nl_name nl_flow_names[] = {
	[CVSW_FLOW_A_CMD]		= NL_LEAF("cmd"),
	[CVSW_FLOW_A_KEY]		= NL_NEST("key", nl_key_names),
	[CVSW_FLOW_A_MASK]		= NL_NEST("mask", nl_key_names),
	[CVSW_FLOW_A_PRIORITY]		= NL_LEAF("priority"),
	[CVSW_FLOW_A_COOKIE]		= NL_LEAF("cookie"),
	[CVSW_FLOW_A_COOKIE_MASK]	= NL_LEAF("cookie_mask"),
	[CVSW_FLOW_A_OUT_PORT]		= NL_LEAF("out_port"),
	[CVSW_FLOW_A_IDLE_TIMEOUT]	= NL_LEAF("idle_timeout"),
	[CVSW_FLOW_A_HARD_TIMEOUT]	= NL_LEAF("hard_timeout"),
	[CVSW_FLOW_A_FLAGS]		= NL_LEAF("flags"),
	[CVSW_FLOW_A_ACTIONS]		= NL_NEST("actions", nl_action_names),
	[CVSW_FLOW_A_PACKETS]		= NL_LEAF("packets"),
	[CVSW_FLOW_A_BYTES]		= NL_LEAF("bytes"),
	[CVSW_FLOW_A_AGE]		= NL_LEAF("age"),
	[CVSW_FLOW_A_IDLE]		= NL_LEAF("idle"),
	[CVSW_FLOW_A_OPT]		= NL_NEST("opt", nl_opt_names),
};

static const struct nl_name nl_queue_names[] = {
	[CVSW_QUEUE_A_PORT]		= NL_LEAF("port"),
	[CVSW_QUEUE_A_ID]		= NL_LEAF("id"),
	[CVSW_QUEUE_A_MIN_RATE]		= NL_LEAF("min_rate"),
	[CVSW_QUEUE_A_MAX_RATE]		= NL_LEAF("max_rate"),
	[CVSW_QUEUE_A_TX_BYTES]		= NL_LEAF("tx_bytes"),
	[CVSW_QUEUE_A_TX_PACKETS]	= NL_LEAF("tx_packets"),
	[CVSW_QUEUE_A_TX_ERRORS]	= NL_LEAF("tx_errors"),
};

static const struct nl_name nl_names[] = {
	[CVSW_A_NAME]			= NL_LEAF("name"),
	[CVSW_A_SWITCH]			= NL_NEST("switch", nl_switch_names),
	[CVSW_A_PORT]			= NL_NEST("port", nl_port_names),
	[CVSW_A_FLOW]			= NL_NEST("flow", nl_flow_names),
	[CVSW_A_BUNDLE]			= NL_LEAF("bundle"),
	[CVSW_A_REPLACE]		= NL_LEAF("replace"),
	[CVSW_A_DROP]			= NL_LEAF("drop"),
	[CVSW_A_STEP]			= NL_LEAF("step"),
	[CVSW_A_IN_PORT]		= NL_LEAF("in_port"),
	[CVSW_A_FRAME]			= NL_LEAF("frame"),
	[CVSW_A_ACTIONS]		= NL_NEST("actions", nl_action_names),
	[CVSW_A_GROUPS]			= NL_LEAF("groups"),
	[CVSW_A_REASON]			= NL_LEAF("reason"),
	[CVSW_A_LEN]			= NL_LEAF("len"),
	[CVSW_A_COOKIE]			= NL_LEAF("cookie"),
	[CVSW_A_TUN_ID]			= NL_LEAF("tun_id"),
	[CVSW_A_LOST]			= NL_LEAF("lost"),
	[CVSW_A_TEST]			= NL_LEAF("test"),
	[CVSW_A_PATH]			= NL_LEAF("path"),
	[CVSW_A_QUEUE]			= NL_NEST("queue", nl_queue_names),
};

/* append ".text", or "attribute N" for one without a name */
static size_t nl_path_add(char *buf, size_t size, size_t used,
			  const char *text, int type)
{
	int n;

	if (used >= size)
		return used;
	if (text)
		n = snprintf(buf + used, size - used, "%s%s", used ? "." : "",
			     text);
	else
		n = snprintf(buf + used, size - used, "%sattribute %d",
			     used ? "." : "", type);
	return used + (size_t)n;
}

/* the attribute of a list in which @at lies */
static const struct nlattr *nl_attr_at(const struct nlattr *list, int len,
				       const u8 *at)
{
	const struct nlattr *nla;
	int rem;

	nla_for_each_attr(nla, list, len, rem)
		if (at >= (const u8 *)nla &&
		    at < (const u8 *)nla + nla->nla_len)
			return nla;
	return NULL;
}

void cvsw_nl_path(const struct nlmsghdr *nlh, u32 offs, char *buf, size_t size)
{
	const u8 *at = (const u8 *)nlh + offs;
	const struct nl_name *names = nl_names, *name;
	int len, max = CVSW_A_MAX, type;
	const struct nlattr *nla;
	size_t used = 0;

	buf[0] = '\0';
	if (!cvsw_nl_msg_ok(nlh) || offs >= nlh->nlmsg_len)
		return;
	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla = nl_attr_at(nla, len, at);
	while (nla) {
		type = nla_type(nla);
		name = type <= max ? &names[type] : NULL;
		used = nl_path_add(buf, size, used, name ? name->text : NULL,
				   type);
		if (at == (const u8 *)nla || !name || !name->nest)
			return;
		names = name->nest;
		max = name->max;
		nla = nl_attr_at(nla_data(nla), nla_len(nla), at);
	}
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What the attributes of <cvsw/nl.h> may hold: their kind, length and range.
 * Whether values make sense together is asked by those who use them.
 */

#include "nl_codec.h"

const struct nla_policy cvsw_nl_stats_policy[CVSW_STATS_A_MAX + 1] = {
	[CVSW_STATS_A_LOOKUPS]		= { .type = NLA_U64 },
	[CVSW_STATS_A_MATCHED]		= { .type = NLA_U64 },
	[CVSW_STATS_A_CACHE_HITS]	= { .type = NLA_U64 },
	[CVSW_STATS_A_FLOWS]		= { .type = NLA_U32 },
	[CVSW_STATS_A_MASKS]		= { .type = NLA_U32 },
	[CVSW_STATS_A_SUBTABLES]	= { .type = NLA_U32 },
	[CVSW_STATS_A_MEMORY]		= { .type = NLA_U64 },
	[CVSW_STATS_A_MALFORMED]	= { .type = NLA_U64 },
};

const struct nla_policy cvsw_nl_switch_policy[CVSW_SWITCH_A_MAX + 1] = {
	[CVSW_SWITCH_A_NAME]		= { .type = NLA_NUL_STRING,
					    .len = CVSW_NAME_LEN - 1 },
	[CVSW_SWITCH_A_DATAPATH_ID]	= { .type = NLA_U64 },
	[CVSW_SWITCH_A_MAX_FLOWS]	= { .type = NLA_U32 },
	[CVSW_SWITCH_A_MISS]		= NLA_POLICY_MAX(NLA_U8, CVSW_MISS_CONTROLLER),
	[CVSW_SWITCH_A_FRAG_MODE]	= NLA_POLICY_MAX(NLA_U8, CVSW_FRAG_MODE_NX_MATCH),
	[CVSW_SWITCH_A_MISS_SEND_LEN]	= { .type = NLA_U16 },
	[CVSW_SWITCH_A_MISS_RATE]	= { .type = NLA_U32 },
	[CVSW_SWITCH_A_MISS_BURST]	= { .type = NLA_U32 },
	[CVSW_SWITCH_A_ACTION_RATE]	= { .type = NLA_U32 },
	[CVSW_SWITCH_A_ACTION_BURST]	= { .type = NLA_U32 },
	[CVSW_SWITCH_A_MAC_AGEING]	= { .type = NLA_U16 },
	[CVSW_SWITCH_A_VXLAN_PORT]	= { .type = NLA_U16 },
	[CVSW_SWITCH_A_GENEVE_PORT]	= { .type = NLA_U16 },
	[CVSW_SWITCH_A_STT_PORT]	= { .type = NLA_U16 },
	[CVSW_SWITCH_A_WORKERS]		= { .type = NLA_U16 },
	[CVSW_SWITCH_A_STATS]		= NLA_POLICY_NESTED(cvsw_nl_stats_policy),
};

const struct nla_policy cvsw_nl_antispoof_policy[CVSW_ANTISPOOF_A_MAX + 1] = {
	[CVSW_ANTISPOOF_A_CHECKS]	= NLA_POLICY_MASK(NLA_U8, CVSW_ANTISPOOF_MASK),
	[CVSW_ANTISPOOF_A_MAC]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_ANTISPOOF_A_IPV4]		= NLA_POLICY_EXACT_LEN(4),
	[CVSW_ANTISPOOF_A_IPV6]		= NLA_POLICY_EXACT_LEN(16),
};

const struct nla_policy cvsw_nl_port_stats_policy[CVSW_PORT_STATS_A_MAX + 1] = {
	[CVSW_PORT_STATS_A_RX_PACKETS]	= { .type = NLA_U64 },
	[CVSW_PORT_STATS_A_RX_BYTES]	= { .type = NLA_U64 },
	[CVSW_PORT_STATS_A_RX_DROPPED]	= { .type = NLA_U64 },
	[CVSW_PORT_STATS_A_RX_ERRORS]	= { .type = NLA_U64 },
	[CVSW_PORT_STATS_A_TX_PACKETS]	= { .type = NLA_U64 },
	[CVSW_PORT_STATS_A_TX_BYTES]	= { .type = NLA_U64 },
	[CVSW_PORT_STATS_A_TX_DROPPED]	= { .type = NLA_U64 },
	[CVSW_PORT_STATS_A_TX_ERRORS]	= { .type = NLA_U64 },
};

const struct nla_policy cvsw_nl_port_policy[CVSW_PORT_A_MAX + 1] = {
	[CVSW_PORT_A_NO]		= { .type = NLA_U16 },
	[CVSW_PORT_A_NAME]		= { .type = NLA_NUL_STRING,
					    .len = CVSW_NAME_LEN - 1 },
	[CVSW_PORT_A_SPEC]		= { .type = NLA_NUL_STRING,
					    .len = sizeof(((struct cvsw_port_info *)0)->spec) - 1 },
	[CVSW_PORT_A_MAC]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_PORT_A_CONFIG]		= NLA_POLICY_MASK(NLA_U32, CVSW_PORT_C_MASK),
	[CVSW_PORT_A_CONFIG_MASK]	= NLA_POLICY_MASK(NLA_U32, CVSW_PORT_C_MASK),
	[CVSW_PORT_A_STATE]		= { .type = NLA_U32 },
	[CVSW_PORT_A_MTU]		= { .type = NLA_U32 },
	[CVSW_PORT_A_RX_OFFLOAD]	= NLA_POLICY_MASK(NLA_U32, CVSW_OFFLOAD_MASK),
	[CVSW_PORT_A_TX_OFFLOAD]	= NLA_POLICY_MASK(NLA_U32, CVSW_OFFLOAD_MASK),
	[CVSW_PORT_A_QUEUES]		= { .type = NLA_U16 },
	[CVSW_PORT_A_ANTISPOOF]		= NLA_POLICY_NESTED(cvsw_nl_antispoof_policy),
	[CVSW_PORT_A_STATS]		= NLA_POLICY_NESTED(cvsw_nl_port_stats_policy),
	[CVSW_PORT_A_RX_ASKED]		= NLA_POLICY_MASK(NLA_U32, CVSW_OFFLOAD_MASK),
	[CVSW_PORT_A_TX_ASKED]		= NLA_POLICY_MASK(NLA_U32, CVSW_OFFLOAD_MASK),
	[CVSW_PORT_A_RX_FAILED]		= NLA_POLICY_MASK(NLA_U32, CVSW_OFFLOAD_MASK),
	[CVSW_PORT_A_TX_FAILED]		= NLA_POLICY_MASK(NLA_U32, CVSW_OFFLOAD_MASK),
	[CVSW_PORT_A_DEVICE]		= NLA_POLICY_MASK(NLA_U32, CVSW_DEVICE_MASK),
	[CVSW_PORT_A_DEVICE_ASKED]	= NLA_POLICY_MASK(NLA_U32, CVSW_DEVICE_MASK),
	[CVSW_PORT_A_DEVICE_FIXED]	= NLA_POLICY_MASK(NLA_U32, CVSW_DEVICE_MASK),
	[CVSW_PORT_A_MTU_AUTO]		= NLA_POLICY_MAX(NLA_U8, 1),
	[CVSW_PORT_A_CURR]		= NLA_POLICY_MASK(NLA_U32, CVSW_PORT_F_MASK),
	[CVSW_PORT_A_ADVERTISED]	= NLA_POLICY_MASK(NLA_U32, CVSW_PORT_F_MASK),
	[CVSW_PORT_A_SUPPORTED]		= NLA_POLICY_MASK(NLA_U32, CVSW_PORT_F_MASK),
	[CVSW_PORT_A_PEER]		= NLA_POLICY_MASK(NLA_U32, CVSW_PORT_F_MASK),
	[CVSW_PORT_A_INBAND]		= { .type = NLA_U8 },
	[CVSW_PORT_A_INBAND_STATE]	= NLA_POLICY_MAX(NLA_U8, CVSW_INBAND_STATES - 1),
	[CVSW_PORT_A_INBAND_POLICY]	= NLA_POLICY_MAX(NLA_U8, CVSW_INBAND_POLICIES - 1),
	[CVSW_PORT_A_INBAND_HOST]	= NLA_POLICY_EXACT_LEN(6),
	[CVSW_PORT_A_INBAND_KEY_IDS]	= { .type = NLA_BINARY,
					    .len = CVSW_INBAND_KEYS * 2 },
	[CVSW_PORT_A_INBAND_KEYS]	= { .type = NLA_BINARY,
					    .len = CVSW_INBAND_KEYS * CVSW_NL_KEY_LEN },
};

const struct nla_policy cvsw_nl_test_policy[CVSW_TEST_A_MAX + 1] = {
	[CVSW_TEST_A_OFFLOAD]		= NLA_POLICY_MASK(NLA_U32, CVSW_OFFLOAD_MASK),
	[CVSW_TEST_A_RX]		= NLA_POLICY_MAX(NLA_U8, CVSW_TEST_FAILED),
	[CVSW_TEST_A_TX]		= NLA_POLICY_MAX(NLA_U8, CVSW_TEST_FAILED),
	[CVSW_TEST_A_TEXT]		= { .type = NLA_NUL_STRING,
					    .len = sizeof(((struct cvsw_test *)0)->text) - 1 },
};

const struct nla_policy cvsw_nl_key_policy[CVSW_KEY_A_MAX + 1] = {
	[CVSW_KEY_A_IN_PORT]		= { .type = NLA_U16 },
	[CVSW_KEY_A_VLAN_TCI]		= { .type = NLA_U16 },
	[CVSW_KEY_A_DL_TYPE]		= { .type = NLA_U16 },
	[CVSW_KEY_A_NW_PROTO]		= { .type = NLA_U8 },
	[CVSW_KEY_A_NW_TOS]		= { .type = NLA_U8 },
	[CVSW_KEY_A_DL_DST]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_KEY_A_DL_SRC]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_KEY_A_TP_SRC]		= { .type = NLA_U16 },
	[CVSW_KEY_A_TP_DST]		= { .type = NLA_U16 },
	[CVSW_KEY_A_NW_SRC]		= NLA_POLICY_EXACT_LEN(16),
	[CVSW_KEY_A_NW_DST]		= NLA_POLICY_EXACT_LEN(16),
	[CVSW_KEY_A_TUN_ID]		= { .type = NLA_U64 },
};

const struct nla_policy cvsw_nl_output_policy[CVSW_OUTPUT_A_MAX + 1] = {
	[CVSW_OUTPUT_A_PORT]		= { .type = NLA_U16 },
	[CVSW_OUTPUT_A_MAX_LEN]		= { .type = NLA_U16 },
	[CVSW_OUTPUT_A_QUEUE]		= { .type = NLA_U32 },
};

const struct nla_policy cvsw_nl_tunnel_policy[CVSW_TUNNEL_A_MAX + 1] = {
	[CVSW_TUNNEL_A_KIND]		= { .type = NLA_U8 },
	[CVSW_TUNNEL_A_ID]		= { .type = NLA_U64 },
	[CVSW_TUNNEL_A_NW_SRC]		= { .type = NLA_BINARY, .len = 16 },
	[CVSW_TUNNEL_A_NW_DST]		= { .type = NLA_BINARY, .len = 16 },
	[CVSW_TUNNEL_A_DL_SRC]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_TUNNEL_A_DL_DST]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_TUNNEL_A_TP_DST]		= { .type = NLA_U16 },
	[CVSW_TUNNEL_A_TTL]		= { .type = NLA_U8 },
	[CVSW_TUNNEL_A_TOS]		= { .type = NLA_U8 },
	[CVSW_TUNNEL_A_FLAGS]		= NLA_POLICY_MASK(NLA_U16, CVSW_TUNNEL_F_MASK),
};

const struct nla_policy cvsw_nl_opt_policy[CVSW_OPT_A_MAX + 1] = {
	[CVSW_OPT_A_CLASS]		= { .type = NLA_U16 },
	[CVSW_OPT_A_TYPE]		= { .type = NLA_U8 },
	[CVSW_OPT_A_DATA]		= { .type = NLA_BINARY,
					    .len = CVSW_TUNNEL_OPT_DATA },
	[CVSW_OPT_A_MASK]		= { .type = NLA_BINARY,
					    .len = CVSW_TUNNEL_OPT_DATA },
};

const struct nla_policy cvsw_nl_action_policy[CVSW_ACTION_A_MAX + 1] = {
	[CVSW_ACTION_A_OUTPUT]		= NLA_POLICY_NESTED(cvsw_nl_output_policy),
	[CVSW_ACTION_A_SET_VLAN_VID]	= NLA_POLICY_MAX(NLA_U16, 4095),
	[CVSW_ACTION_A_SET_VLAN_PCP]	= NLA_POLICY_MAX(NLA_U16, 7),
	[CVSW_ACTION_A_STRIP_VLAN]	= { .type = NLA_FLAG },
	[CVSW_ACTION_A_SET_DL_SRC]	= NLA_POLICY_EXACT_LEN(6),
	[CVSW_ACTION_A_SET_DL_DST]	= NLA_POLICY_EXACT_LEN(6),
	[CVSW_ACTION_A_SET_NW_SRC]	= NLA_POLICY_EXACT_LEN(4),
	[CVSW_ACTION_A_SET_NW_DST]	= NLA_POLICY_EXACT_LEN(4),
	[CVSW_ACTION_A_SET_NW_TOS]	= NLA_POLICY_MASK(NLA_U8, CVSW_TOS_DSCP_MASK),
	[CVSW_ACTION_A_SET_TP_SRC]	= { .type = NLA_U16 },
	[CVSW_ACTION_A_SET_TP_DST]	= { .type = NLA_U16 },
	[CVSW_ACTION_A_ENQUEUE]		= NLA_POLICY_NESTED(cvsw_nl_output_policy),
	[CVSW_ACTION_A_SET_IPV6_SRC]	= NLA_POLICY_EXACT_LEN(16),
	[CVSW_ACTION_A_SET_IPV6_DST]	= NLA_POLICY_EXACT_LEN(16),
	[CVSW_ACTION_A_RESUBMIT]	= { .type = NLA_U16 },
	[CVSW_ACTION_A_PUSH]		= NLA_POLICY_NESTED(cvsw_nl_tunnel_policy),
	[CVSW_ACTION_A_POP]		= { .type = NLA_U8 },
	[CVSW_ACTION_A_TUNNEL_OPT]	= NLA_POLICY_NESTED(cvsw_nl_opt_policy),
	[CVSW_ACTION_A_SET_TUNNEL]	= NLA_POLICY_EXACT_LEN(8),
};

const struct nla_policy cvsw_nl_flow_policy[CVSW_FLOW_A_MAX + 1] = {
	[CVSW_FLOW_A_CMD]		= NLA_POLICY_MAX(NLA_U8, CVSW_FLOW_RESTORE),
	[CVSW_FLOW_A_KEY]		= NLA_POLICY_NESTED(cvsw_nl_key_policy),
	[CVSW_FLOW_A_MASK]		= NLA_POLICY_NESTED(cvsw_nl_key_policy),
	[CVSW_FLOW_A_PRIORITY]		= { .type = NLA_U16 },
	[CVSW_FLOW_A_COOKIE]		= { .type = NLA_U64 },
	[CVSW_FLOW_A_COOKIE_MASK]	= { .type = NLA_U64 },
	[CVSW_FLOW_A_OUT_PORT]		= { .type = NLA_U16 },
	[CVSW_FLOW_A_IDLE_TIMEOUT]	= { .type = NLA_U16 },
	[CVSW_FLOW_A_HARD_TIMEOUT]	= { .type = NLA_U16 },
	[CVSW_FLOW_A_FLAGS]		= NLA_POLICY_MASK(NLA_U16, CVSW_FLOW_F_MASK),
	[CVSW_FLOW_A_ACTIONS]		= NLA_POLICY_NESTED(cvsw_nl_action_policy),
	[CVSW_FLOW_A_PACKETS]		= { .type = NLA_U64 },
	[CVSW_FLOW_A_BYTES]		= { .type = NLA_U64 },
	[CVSW_FLOW_A_AGE]		= { .type = NLA_U64 },
	[CVSW_FLOW_A_IDLE]		= { .type = NLA_U64 },
	[CVSW_FLOW_A_OPT]		= NLA_POLICY_NESTED(cvsw_nl_opt_policy),
};

const struct nla_policy cvsw_nl_drop_policy[CVSW_DROP_A_MAX + 1] = {
	[CVSW_DROP_A_CAUSE]		= { .type = NLA_U16 },
	[CVSW_DROP_A_NAME]		= { .type = NLA_NUL_STRING, .len = 63 },
	[CVSW_DROP_A_TEXT]		= { .type = NLA_NUL_STRING, .len = 255 },
	[CVSW_DROP_A_FRAMES]		= { .type = NLA_U64 },
};

const struct nla_policy cvsw_nl_step_policy[CVSW_STEP_A_MAX + 1] = {
	[CVSW_STEP_A_WHAT]		= { .type = NLA_U16 },
	[CVSW_STEP_A_DEPTH]		= { .type = NLA_U16 },
	[CVSW_STEP_A_INDEX]		= { .type = NLA_U16 },
	[CVSW_STEP_A_PORT]		= { .type = NLA_U16 },
	[CVSW_STEP_A_DROP]		= NLA_POLICY_NESTED(cvsw_nl_drop_policy),
	[CVSW_STEP_A_KEY]		= NLA_POLICY_NESTED(cvsw_nl_key_policy),
	[CVSW_STEP_A_FLOW]		= NLA_POLICY_NESTED(cvsw_nl_flow_policy),
	[CVSW_STEP_A_ACTIONS]		= NLA_POLICY_NESTED(cvsw_nl_action_policy),
	[CVSW_STEP_A_LEN]		= { .type = NLA_U32 },
	[CVSW_STEP_A_FRAME]		= { .type = NLA_BINARY },
};

const struct nla_policy cvsw_nl_path_policy[CVSW_PATH_A_MAX + 1] = {
	[CVSW_PATH_A_ADDR]		= { .type = NLA_BINARY, .len = 16 },
	[CVSW_PATH_A_STATE]		= NLA_POLICY_MAX(NLA_U8, CVSW_PATH_ABSENT),
	[CVSW_PATH_A_FLOWS]		= { .type = NLA_U32 },
	[CVSW_PATH_A_PMTU]		= { .type = NLA_U32 },
	[CVSW_PATH_A_PMTU_LEFT]		= { .type = NLA_U32 },
	[CVSW_PATH_A_PORT]		= { .type = NLA_U16 },
	[CVSW_PATH_A_DL_SRC]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_PATH_A_DL_DST]		= NLA_POLICY_EXACT_LEN(6),
	[CVSW_PATH_A_NW_SRC]		= { .type = NLA_BINARY, .len = 16 },
	[CVSW_PATH_A_MTU]		= { .type = NLA_U32 },
};

const struct nla_policy cvsw_nl_queue_policy[CVSW_QUEUE_A_MAX + 1] = {
	[CVSW_QUEUE_A_PORT]		= { .type = NLA_U16 },
	[CVSW_QUEUE_A_ID]		= { .type = NLA_U32 },
	[CVSW_QUEUE_A_MIN_RATE]		= { .type = NLA_U64 },
	[CVSW_QUEUE_A_MAX_RATE]		= { .type = NLA_U64 },
	[CVSW_QUEUE_A_TX_BYTES]		= { .type = NLA_U64 },
	[CVSW_QUEUE_A_TX_PACKETS]	= { .type = NLA_U64 },
	[CVSW_QUEUE_A_TX_ERRORS]	= { .type = NLA_U64 },
};

const struct nla_policy cvsw_nl_policy[CVSW_A_MAX + 1] = {
	[CVSW_A_NAME]			= { .type = NLA_NUL_STRING,
					    .len = CVSW_NAME_LEN - 1 },
	[CVSW_A_SWITCH]			= NLA_POLICY_NESTED(cvsw_nl_switch_policy),
	[CVSW_A_PORT]			= NLA_POLICY_NESTED(cvsw_nl_port_policy),
	[CVSW_A_FLOW]			= NLA_POLICY_NESTED(cvsw_nl_flow_policy),
	[CVSW_A_BUNDLE]			= { .type = NLA_U32 },
	[CVSW_A_REPLACE]		= { .type = NLA_FLAG },
	[CVSW_A_DROP]			= NLA_POLICY_NESTED(cvsw_nl_drop_policy),
	[CVSW_A_STEP]			= NLA_POLICY_NESTED(cvsw_nl_step_policy),
	[CVSW_A_IN_PORT]		= { .type = NLA_U16 },
	[CVSW_A_FRAME]			= { .type = NLA_BINARY },
	[CVSW_A_ACTIONS]		= NLA_POLICY_NESTED(cvsw_nl_action_policy),
	[CVSW_A_GROUPS]			= NLA_POLICY_MASK(NLA_U32, CVSW_NL_GROUP_MASK),
	[CVSW_A_REASON]			= { .type = NLA_U16 },
	[CVSW_A_LEN]			= { .type = NLA_U32 },
	[CVSW_A_COOKIE]			= { .type = NLA_U64 },
	[CVSW_A_TUN_ID]			= { .type = NLA_U64 },
	[CVSW_A_LOST]			= { .type = NLA_U32 },
	[CVSW_A_TEST]			= NLA_POLICY_NESTED(cvsw_nl_test_policy),
	[CVSW_A_PATH]			= NLA_POLICY_NESTED(cvsw_nl_path_policy),
	[CVSW_A_QUEUE]			= NLA_POLICY_NESTED(cvsw_nl_queue_policy),
};

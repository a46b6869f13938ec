// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A stream of OpenFlow 1.0 from a controller: each message is read as what it
 * is, and flow-mods as those of 2014 too.  What was taken is written again, and
 * that is read as the same and written as the same bytes: the normal form.
 */

#include <stdlib.h>

#include "action.h"
#include "match.h"
#include "of10.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* a refusal says why, by an error that 1.0 has */
static void check_error(const struct cvsw_of10_error *err)
{
	must(err->text && err->type <= CVSW_OFP_E_QUEUE_OP_FAILED);
	must(err->code <= 8);
}

/* in 1.0 a type or code of ICMP has 16 bits */
static bool is_impossible_icmp(const struct cvsw_match *match)
{
	u8 proto = match->value.nw_proto;

	return (proto == 1 || proto == 58) &&
	       (be16_to_cpu(match->value.tp_src) > 0xff ||
		be16_to_cpu(match->value.tp_dst) > 0xff);
}

/* NXM says all of any match */
static void check_nxm(const struct cvsw_match *match)
{
	u8 wire[256], again[256];
	struct cvsw_of10_error err;
	struct cvsw_match back;
	u64 cookie, mask;
	bool whole = true;
	int len = cvsw_of10_nxm_put(match, wire, sizeof(wire), &whole);

	must(len >= 0);
	must(whole || is_impossible_icmp(match));
	if (!whole)
		return;
	must(!cvsw_of10_nxm_get(wire, (u32)len, &back, &cookie, &mask, &err));
	must(cvsw_match_equal(&back, match) && !mask);
	must(cvsw_of10_nxm_put(&back, again, sizeof(again), NULL) == len);
	must(!memcmp(wire, again, (size_t)len));
}

/* @nxm: it comes from NXM */
static void check_match(const struct cvsw_match *match, bool nxm)
{
	struct cvsw_ofp_match wire, again;
	struct cvsw_match back = *match;

	cvsw_match_normalize(&back);
	must(cvsw_match_equal(&back, match));
	must(!cvsw_match_check(match, NULL));
	check_nxm(match);
	if (!cvsw_of10_match_put(match, &wire)) {
		must(nxm || match->mask.tun_id);	/* of 2014 */
		return;
	}
	cvsw_of10_match_get(&wire, &back);
	must(cvsw_match_equal(&back, match));
	must(cvsw_of10_match_put(&back, &again));
	must(!memcmp(&wire, &again, sizeof(wire)));
}

static void check_actions(const struct cvsw_action *acts, unsigned int n,
			  bool packet_out)
{
	static struct cvsw_action back[CVSW_ACTIONS_MAX];
	static u8 wire[CVSW_ACTIONS_MAX * 72];
	struct cvsw_of10_error err;
	struct cvsw_error fault = {};
	bool whole = true;
	int len;

	len = cvsw_of10_actions_put(acts, n, wire, sizeof(wire), &whole);
	must(len >= 0 && whole);
	must(cvsw_of10_actions_get(wire, (u32)len, CVSW_OF10_PACKET_OUT, back,
				   &err) == (int)n);
	must(!memcmp(acts, back, n * sizeof(*acts)));
	/* the core may know better about pushes only */
	if (packet_out ? cvsw_action_check_out(acts, n, &fault) :
			 cvsw_action_check(acts, n, &fault))
		must(acts[fault.index].type == CVSW_ACT_PUSH);
}

static void check_flow(const struct cvsw_flow_mod *mod, bool nxm)
{
	static u8 entry[sizeof(struct cvsw_ofp_flow_stats) + 256 +
			CVSW_ACTIONS_MAX * 72];
	int len;

	must(mod->cmd <= CVSW_FLOW_DEL_STRICT);
	must(!(mod->flow.flags & ~CVSW_FLOW_F_MASK));
	check_match(&mod->flow.match, nxm);
	check_actions(mod->flow.actions, mod->flow.n_actions, false);
	len = cvsw_of10_flow_stats_put(&mod->flow, entry, sizeof(entry), NULL);
	must(len >= (int)sizeof(struct cvsw_ofp_flow_stats) && len % 8 == 0);
	len = cvsw_of10_nx_flow_stats_put(&mod->flow, entry, sizeof(entry),
					  NULL);
	must(len >= (int)sizeof(struct cvsw_ofp_nx_flow_stats) && len % 8 == 0);
}

static int flow_mod(const u8 *msg, u32 len, struct cvsw_of10_error *err)
{
	static struct cvsw_action acts[CVSW_ACTIONS_MAX];
	struct cvsw_flow_mod mod, mods[2];
	struct cvsw_of10_error other;
	int ret, set;

	for (set = 0; set < 2; set++) {
		ret = cvsw_of10_flow_mod_get_2014(msg, len, set, mods, acts,
						  &other);
		if (ret < 0)
			check_error(&other);
		while (ret > 0)
			check_flow(&mods[--ret], false);
	}
	ret = cvsw_of10_flow_mod_get(msg, len, true, &mod, acts, &other);
	if (ret)
		check_error(&other);
	ret = cvsw_of10_flow_mod_get(msg, len, false, &mod, acts, err);
	if (!ret)
		check_flow(&mod, msg[1] == CVSW_OFP_VENDOR);
	return ret;
}

static int packet_out(const u8 *msg, u32 len, struct cvsw_of10_error *err)
{
	static struct cvsw_action acts[CVSW_ACTIONS_MAX];
	struct cvsw_of10_packet_out out;
	int ret = cvsw_of10_packet_out_get(msg, len, &out, acts, err);

	if (ret)
		return ret;
	check_actions(acts, out.n_actions, true);
	must((const u8 *)out.frame + out.frame_len == msg + len);
	return 0;
}

static int stats(const u8 *msg, u32 len, struct cvsw_of10_error *err)
{
	struct cvsw_of10_stats_request req;
	int ret = cvsw_of10_stats_get(msg, len, &req, err);

	if (!ret)
		check_match(&req.filter.flow.match, req.nxm);
	return ret;
}

static int port_mod(const u8 *msg, u32 len, struct cvsw_of10_error *err)
{
	struct cvsw_of10_port_mod mod;
	int ret = cvsw_of10_port_mod_get(msg, len, &mod, err);

	if (!ret)
		must(!(mod.config & ~mod.mask) &&
		     !(mod.mask & ~(u32)CVSW_PORT_C_MASK));
	return ret;
}

static int vendor(const u8 *msg, u32 len, struct cvsw_of10_error *err)
{
	struct cvsw_of10_async async;
	u32 role, subtype;
	bool on;

	if (cvsw_of10_vendor_get(msg, len, &subtype, err))
		return -EINVAL;
	switch (subtype) {
	case CVSW_OFP_NX_ROLE_REQUEST:
		return cvsw_of10_role_get(msg, len, &role, err);
	case CVSW_OFP_NX_FLOW_MOD:
		return flow_mod(msg, len, err);
	case CVSW_OFP_NX_SET_FLOW_FORMAT:
		return cvsw_of10_flow_format_get(msg, len, &on, err);
	case CVSW_OFP_NX_SET_PACKET_IN_FORMAT:
		return cvsw_of10_packet_in_format_get(msg, len, &on, err);
	case CVSW_OFP_NX_FLOW_MOD_TABLE_ID:
		return cvsw_of10_table_id_get(msg, len, &on, err);
	case CVSW_OFP_NX_SET_ASYNC_CONFIG:
		return cvsw_of10_async_get(msg, len, &async, err);
	default:
		must(subtype == CVSW_OFP_NX_FLOW_AGE ||
		     subtype == CVSW_OFP_NX_SET_CONTROLLER_ID);
		return 0;
	}
}

static int read_message(const u8 *msg, u32 len, u8 type,
			struct cvsw_of10_error *err)
{
	struct cvsw_of10_config config;
	u16 port;

	switch (type) {
	case CVSW_OFP_FLOW_MOD:
		return flow_mod(msg, len, err);
	case CVSW_OFP_PACKET_OUT:
		return packet_out(msg, len, err);
	case CVSW_OFP_PORT_MOD:
		return port_mod(msg, len, err);
	case CVSW_OFP_STATS_REQUEST:
		return stats(msg, len, err);
	case CVSW_OFP_SET_CONFIG:
		return cvsw_of10_config_get(msg, len, &config, err);
	case CVSW_OFP_VENDOR:
		return vendor(msg, len, err);
	case CVSW_OFP_QUEUE_GET_CONFIG_REQUEST:
		return cvsw_of10_queue_config_get(msg, len, &port, err);
	default:
		return 0;
	}
}

static void check_message(const u8 *msg, const struct cvsw_of10_head *head)
{
	static u8 reply[CVSW_OFP_MSG_MAX];
	struct cvsw_of10_error err = {};
	int checked, len;

	checked = cvsw_of10_check(msg, head->length, &err);
	if (checked)
		check_error(&err);
	/* each reader is on its own: it is called whatever the check says */
	if (!read_message(msg, head->length, head->type, &err) && !checked)
		return;
	check_error(&err);
	len = cvsw_of10_error_put(&err, head->xid, msg, head->length, reply,
				  sizeof(reply));
	must(len >= 12 + (int)min_t(u32, head->length, 64));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cvsw_of10_head head;

	while (size <= CVSW_OFP_MSG_MAX &&
	       !cvsw_of10_head_get(data, (u32)size, &head) &&
	       head.length <= size) {
		check_message(data, &head);
		data += head.length;
		size -= head.length;
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Flow-mods in the dialect of 2014, which control frames carry. */

#include "of10.h"

static void of10_old_flow(const struct cvsw_ofp_flow_mod *wire, u16 cmd,
			  struct cvsw_flow_mod *mod)
{
	memset(mod, 0, sizeof(*mod));
	mod->cmd = cmd;
	mod->out_port = CVSW_PORT_NONE;
	mod->flow.cookie = be64_to_cpu(wire->cookie);
	mod->flow.priority = be16_to_cpu(wire->priority);
	mod->flow.idle_timeout = be16_to_cpu(wire->idle_timeout);
	mod->flow.hard_timeout = be16_to_cpu(wire->hard_timeout);
}

static int of10_old_cmd(const struct cvsw_ofp_flow_mod *wire, bool set,
			struct cvsw_of10_error *err)
{
	u16 cmd = be16_to_cpu(wire->command);

	if (set)
		return CVSW_FLOW_ADD;
	if (cmd == CVSW_FLOW_DEL || cmd == CVSW_FLOW_DEL_STRICT)
		return cmd;
	return cvsw_of10_refuse(err, CVSW_OFP_E_FLOW_MOD_FAILED,
				CVSW_OFP_FLOW_COMMAND, "flow: does not delete");
}

int cvsw_of10_flow_mod_get_2014(const void *msg, u32 len, bool set,
				struct cvsw_flow_mod mods[2],
				struct cvsw_action *acts,
				struct cvsw_of10_error *err)
{
	const struct cvsw_ofp_flow_mod *wire = msg;
	struct cvsw_match match[2];
	unsigned int n, i;
	int cmd, n_acts;

	if (len < sizeof(*wire))
		return cvsw_of10_refuse(err, CVSW_OFP_E_BAD_REQUEST,
					CVSW_OFP_REQUEST_LEN,
					"flow: truncated");
	cmd = of10_old_cmd(wire, set, err);
	if (cmd < 0)
		return cmd;
	n_acts = cvsw_of10_actions_get(wire + 1, len - (u32)sizeof(*wire),
				       CVSW_OF10_2014, acts, err);
	if (n_acts < 0)
		return n_acts;
	n = cvsw_of10_match_get_2014(&wire->match, match);
	for (i = 0; i < n; i++) {
		of10_old_flow(wire, (u16)cmd, &mods[i]);
		mods[i].flow.match = match[i];
		mods[i].flow.actions = acts;
		mods[i].flow.n_actions = set ? (u16)n_acts : 0;
	}
	return (int)n;
}

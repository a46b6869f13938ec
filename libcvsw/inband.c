// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* In-band control: which version it is, and how it ends. */

#include "inband_in.h"

int cvsw_inband_be(struct cvsw_inband_in *in, enum cvsw_inband_state state)
{
	if (in->port.inband_state == state)
		return 0;
	in->port.inband_state = (u8)state;
	return cvsw_port_set(in->sw, &in->port, CVSW_PORT_SET_INBAND_STATE,
			     NULL);
}

int cvsw_inband_reply(struct cvsw_inband_in *in, const void *msg, u32 len)
{
	const struct cvsw_action out = {
		.type = CVSW_ACT_OUTPUT, .output = { .port = in->port.no },
	};
	void *at;

	if (cvsw_pkt_trim(in->pkt, len))
		return -ENOMEM;
	at = cvsw_pkt_writable(in->pkt, 0, len);
	if (!at)
		return -ENOMEM;
	memcpy(at, msg, len);
	in->pkt->in_port = CVSW_PORT_NONE;
	in->taken = true;
	return cvsw_packet_out(in->w, in->pkt, &out, 1, in->now, NULL);
}

/* by the port's version */
static enum cvsw_drop inband_run(struct cvsw_inband_in *in)
{
	u16 no = in->pkt->in_port;

	if (cvsw_port_get(in->sw, no, &in->port))
		return CVSW_DROP_INBAND;
	switch (in->port.inband) {
	case CVSW_INBAND_V2:
		return cvsw_inband_v2(in);
	case CVSW_INBAND_V3:
		return cvsw_inband_v3(in);
	}
	return CVSW_DROP_INBAND;	/* not any more */
}

void cvsw_inband_input(struct cvsw_switch *sw, struct cvsw_worker *w,
		       struct cvsw_pkt *pkt, __u64 now)
{
	struct cvsw_inband_in *in = kzalloc(sizeof(*in), GFP_KERNEL);
	const struct cvsw_lost one = { .bytes = cvsw_pkt_len(pkt), .frames = 1 };
	enum cvsw_drop why = CVSW_DROP_NO_MEMORY;
	bool taken = false;

	if (in) {
		in->sw = sw;
		in->w = w;
		in->pkt = pkt;
		in->now = now;
		why = inband_run(in);
		taken = in->taken;
	}
	kfree(in);
	if (why && taken)
		cvsw_worker_lost(w, CVSW_PORT_ANY, &one, why);
	else if (why)
		cvsw_worker_drop(w, pkt, CVSW_PORT_ANY, why);
	else if (!taken)
		cvsw_pkt_free(pkt);
}

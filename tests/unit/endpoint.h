/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef TEST_ENDPOINT_H
#define TEST_ENDPOINT_H

/* A tunnel's end in a test or fuzzer: push and pop without a switch around. */

#include "pkt_ops.h"
#include "tunnel.h"

/* a template with room for the longest headers */
struct endpoint {
	u64 word[(sizeof(struct cvsw_tunnel_template) + CVSW_TUNNEL_HDR_MAX) / 8];
};

static inline const struct cvsw_tunnel_template *
endpoint_init(struct endpoint *end, const struct cvsw_tunnel *tun)
{
	struct cvsw_tunnel_template *tmpl = (void *)end->word;

	memset(end, 0, sizeof(*end));
	cvsw_tunnel_template_init(tmpl, tun, NULL, 0, 0);
	return tmpl;
}

/* push over a path of MTU @mtu */
static inline enum cvsw_drop endpoint_push_mtu(struct cvsw_pkt *pkt,
					       const struct cvsw_tunnel *tun,
					       u32 mtu)
{
	static u32 frame;
	const struct cvsw_tunnel_tx tx = { .mtu = mtu, .frame = &frame };
	struct endpoint end;

	return cvsw_tunnel_push(pkt, endpoint_init(&end, tun), &tx);
}

static inline enum cvsw_drop endpoint_push(struct cvsw_pkt *pkt,
					   const struct cvsw_tunnel *tun)
{
	return endpoint_push_mtu(pkt, tun, 1500);
}

/* pop, with nothing held */
static inline enum cvsw_drop endpoint_pop(struct cvsw_pkt *pkt,
					  unsigned int kind)
{
	struct cvsw_tunnel_rx rx = {};

	return cvsw_tunnel_pop(pkt, kind, &rx);
}

/* the id that @pkt shows when VXLAN, Geneve and STT have these ports */
static inline void endpoint_peek(struct cvsw_pkt *pkt, struct cvsw_key *key,
				 u16 vxlan, u16 geneve, u16 stt)
{
	const struct cvsw_config config = {
		.vxlan_port = vxlan, .geneve_port = geneve, .stt_port = stt,
	};
	struct cvsw_tunnel_ports ports;

	cvsw_tunnel_ports_init(&ports, &config);
	cvsw_tunnel_peek(pkt, key, &ports, NULL);
}

#endif /* TEST_ENDPOINT_H */

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

/* a template that puts @n options of @opt into the header */
static inline const struct cvsw_tunnel_template *
endpoint_init_with(struct endpoint *end, const struct cvsw_tunnel *tun,
		   const struct cvsw_tunnel_opt *opt, unsigned int n)
{
	struct cvsw_tunnel_template *tmpl = (void *)end->word;

	memset(end, 0, sizeof(*end));
	cvsw_tunnel_template_init(tmpl, tun, opt, n, sizeof(*opt));
	return tmpl;
}

static inline const struct cvsw_tunnel_template *
endpoint_init(struct endpoint *end, const struct cvsw_tunnel *tun)
{
	return endpoint_init_with(end, tun, NULL, 0);
}

/* push over a path of MTU @mtu */
static inline enum cvsw_drop
endpoint_push_tmpl(struct cvsw_pkt *pkt,
		   const struct cvsw_tunnel_template *tmpl, u32 mtu)
{
	static u32 frame;
	const struct cvsw_tunnel_tx tx = { .mtu = mtu, .frame = &frame };

	return cvsw_tunnel_push(pkt, tmpl, &tx);
}

static inline enum cvsw_drop endpoint_push_mtu(struct cvsw_pkt *pkt,
					       const struct cvsw_tunnel *tun,
					       u32 mtu)
{
	struct endpoint end;

	return endpoint_push_tmpl(pkt, endpoint_init(&end, tun), mtu);
}

/* push with @n options of @opt */
static inline enum cvsw_drop
endpoint_push_with(struct cvsw_pkt *pkt, const struct cvsw_tunnel *tun,
		   const struct cvsw_tunnel_opt *opt, unsigned int n)
{
	struct endpoint end;

	return endpoint_push_tmpl(pkt, endpoint_init_with(&end, tun, opt, n),
				  1500);
}

static inline enum cvsw_drop endpoint_push(struct cvsw_pkt *pkt,
					   const struct cvsw_tunnel *tun)
{
	return endpoint_push_mtu(pkt, tun, 1500);
}

/* pop, with nothing held, where flows ask for the options of @opts */
static inline enum cvsw_drop endpoint_pop_with(struct cvsw_pkt *pkt,
					       unsigned int kind,
					       const struct cvsw_opts *opts)
{
	struct cvsw_tunnel_rx rx = { .opts = opts };

	return cvsw_tunnel_pop(pkt, kind, &rx);
}

static inline enum cvsw_drop endpoint_pop(struct cvsw_pkt *pkt,
					  unsigned int kind)
{
	return endpoint_pop_with(pkt, kind, NULL);
}

/* the id that @pkt shows when VXLAN, Geneve and STT have these ports, and which
 * of the options of @opts */
static inline void endpoint_peek_with(struct cvsw_pkt *pkt,
				      struct cvsw_key *key, u16 vxlan,
				      u16 geneve, u16 stt,
				      const struct cvsw_opts *opts)
{
	const struct cvsw_config config = {
		.vxlan_port = vxlan, .geneve_port = geneve, .stt_port = stt,
	};
	struct cvsw_tunnel_ports ports;

	cvsw_tunnel_ports_init(&ports, &config);
	cvsw_tunnel_peek(pkt, key, &ports, opts);
}

static inline void endpoint_peek(struct cvsw_pkt *pkt, struct cvsw_key *key,
				 u16 vxlan, u16 geneve, u16 stt)
{
	endpoint_peek_with(pkt, key, vxlan, geneve, stt, NULL);
}

#endif /* TEST_ENDPOINT_H */

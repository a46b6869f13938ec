// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A byte of choices and a frame behind it: peek into its tunnel, take it out
 * of as many as it is in, rewrite all that an action can and do what offloads
 * ask for; then put the frame into a tunnel and take it out again.
 */

#include <cvsw/pkt.h>
#include "action.h"
#include "gso.h"
#include "key.h"
#include "opts.h"
#include "tunnel.h"
#include "../unit/endpoint.h"

#define PARSE	0x01	/* look at it first, as a lookup does */
#define GOOD	0x02	/* a device has verified the outer checksum */
#define PUSH	0x1c	/* CVSW_TUNNEL_F_* of the way back */
#define IPV6	0x20	/* that is over IPv6 */
#define KIND	0xc0	/* of all tunnels: enum cvsw_tunnel_kind less 1 */

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* what flows ask for: a critical option, any data of another, all its bits */
static struct cvsw_opts opts;

static void opts_init(void)
{
	struct cvsw_opt_match critical = {
		{ .type = 0x80, .len = 4, .data = { 0, 1, 0, 2 } },
		{ 0xff, 0xff, 0xff, 0xff }
	};
	const struct cvsw_opt_match any = { { .type = 0x01, .len = 8 }, { 0 } };
	const struct cvsw_opt_match bits = {
		{ .type = 0x01, .len = 8, .data = { 0xff } }, { 0xff }
	};

	critical.value.opt_class = cpu_to_be16(0x0102);
	cvsw_opts_put(&opts, 0, &critical);
	cvsw_opts_put(&opts, 1, &any);
	cvsw_opts_put(&opts, 63, &bits);
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

/*
 * The frame ends where its memory ends, so that an overrun is noticed; one of
 * odd length a byte before, for frames start at even addresses.
 */
static struct cvsw_pkt frame(struct cvsw_pool *pool, const u8 *data, u32 len)
{
	struct cvsw_pkt pkt = { .in_port = 1 };
	struct cvsw_block *block;

	pkt.frame = cvsw_buf_new(pool, len);
	must(pkt.frame);
	block = pkt.frame->block;
	pkt.frame->data = block->mem + block->size - len - (len & 1);
	memcpy(pkt.frame->data, data, len);
	return pkt;
}

static unsigned int kind(u8 choice)
{
	return CVSW_TUNNEL_VXLAN + (choice & KIND) / 0x40;
}

/* bytes of the headers over IPv4 */
static u32 headers(u8 choice)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(kind(choice));

	return CVSW_ETH_HLEN + CVSW_IPV4_HLEN + type->l4_len + type->hlen;
}

/* out of one tunnel; whether it was in one */
static bool pop(struct cvsw_pkt *pkt, u8 choice)
{
	const struct cvsw_tunnel_type *type = cvsw_tunnel_type_get(kind(choice));
	u32 len = cvsw_pkt_len(pkt);
	struct cvsw_key key = { .tp_dst = 1 };
	u64 seen;

	pkt->tun_id = cpu_to_be64(~0ULL);
	if (choice & PARSE) {
		cvsw_key_extract(pkt, CVSW_FRAG_MODE_NX_MATCH, &key);
		endpoint_peek_with(pkt, &key, CVSW_VXLAN_PORT, CVSW_GENEVE_PORT,
				   CVSW_STT_PORT, &opts);
	}
	seen = pkt->tun_opts;
	if (endpoint_pop_with(pkt, kind(choice), &opts))
		return false;
	must(cvsw_pkt_len(pkt) >= CVSW_ETH_HLEN);
	/* STT brings back a tag */
	must(cvsw_pkt_len(pkt) + headers(choice) <= len + CVSW_VLAN_HLEN);
	must(be64_to_cpu(pkt->tun_id) <= type->id_max);
	must(!(pkt->tun_opts & ~opts.used));
	must(type->opts || !pkt->tun_opts);
	if (key.tp_dst == cpu_to_be16(type->port))
		must(key.tun_id == pkt->tun_id && seen == pkt->tun_opts);
	return true;
}

static void discard(void *arg, struct cvsw_pkt *pkt)
{
	cvsw_pkt_free(pkt);
}

/* STT has no place for the DEI bit of a tag */
static void clear_dei(struct cvsw_pkt *pkt)
{
	u8 *tag = cvsw_pkt_writable(pkt, 0, CVSW_ETH_HLEN + CVSW_VLAN_HLEN);
	u16 tci;

	if (cvsw_pkt_vlan_get(pkt, &tci))
		tag[CVSW_ETH_HLEN] &= 0xef;
}

/* into a tunnel and out again is no change */
static void round_trip(struct cvsw_pkt *pkt, u8 choice)
{
	struct cvsw_tunnel tun = {
		.id = cpu_to_be64(0x123456),
		.nw_src = { 10, 0, 0, 1 }, .nw_dst = { 10, 0, 0, 2 },
		.dl_src = { 2 }, .dl_dst = { 2 },
		.kind = (u8)kind(choice),
		.family = choice & IPV6 ? 6 : 4,
		.flags = (choice & PUSH) >> 2,
	};
	u32 len = cvsw_pkt_len(pkt);
	u8 *before = malloc(len);

	must(before);
	if (tun.kind == CVSW_TUNNEL_STT)
		clear_dei(pkt);
	if (cvsw_tunnel_type_get(tun.kind)->proto != CVSW_IPPROTO_UDP)
		tun.flags &= (u16)~CVSW_TUNNEL_F_CSUM;
	memcpy(before, cvsw_pkt_header(pkt, 0, len), len);
	must(!cvsw_tunnel_check(&tun, NULL));
	switch (endpoint_push_with(pkt, &tun, &opts.match[0].value,
				   tun.kind == CVSW_TUNNEL_GENEVE)) {
	case CVSW_DROP_NONE:
		must(!endpoint_pop_with(pkt, tun.kind, &opts));
		must(pkt->tun_id == tun.id);
		must(pkt->tun_opts == (tun.kind == CVSW_TUNNEL_GENEVE));
		break;
	case CVSW_DROP_TUNNEL_LONG:
		must(len + headers(choice) > CVSW_FRAME_MAX - 28);
		break;
	case CVSW_DROP_TUNNEL_VLAN:
		must(tun.kind == CVSW_TUNNEL_NVGRE);
		break;
	default:
		must(false);
	}
	must(cvsw_pkt_len(pkt) == len);
	must(!memcmp(before, cvsw_pkt_header(pkt, 0, len), len));
	free(before);
}

static void rewrite(struct cvsw_pkt *pkt)
{
	static const struct cvsw_action list[] = {
		{ .type = CVSW_ACT_SET_NW_SRC, .nw = { 1, 2, 3, 4 } },
		{ .type = CVSW_ACT_SET_NW_DST, .nw = { 1, 2, 3, 5 } },
		{ .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8 },
		{ .type = CVSW_ACT_SET_TP_SRC, .tp = 0x1234 },
		{ .type = CVSW_ACT_SET_TP_DST, .tp = 0x5678 },
		{ .type = CVSW_ACT_SET_VLAN_VID, .vlan = 7 },
		{ .type = CVSW_ACT_SET_IPV6_SRC, .nw = { 1, 2, 3, 4 } },
		{ .type = CVSW_ACT_SET_IPV6_DST, .nw = { 1, 2, 3, 5 } },
		{ .type = CVSW_ACT_STRIP_VLAN },
		{ .type = CVSW_ACT_STRIP_VLAN },
		{ .type = CVSW_ACT_SET_TP_DST, .tp = 0x5678 },
		{ .type = CVSW_ACT_SET_DL_SRC, .mac = { 2, 3 } },
		{ .type = CVSW_ACT_SET_DL_DST, .mac = { 2, 4 } },
		{ .type = CVSW_ACT_SET_VLAN_PCP, .vlan = 7 },
		{ .type = CVSW_ACT_SET_NW_TOS, .tos = 0x28 },
	};
	const struct cvsw_act *act;
	u64 blob[64];

	must(cvsw_action_size(list, ARRAY_SIZE(list)) <= sizeof(blob));
	cvsw_action_compile(list, ARRAY_SIZE(list), blob);
	for (act = cvsw_act_first(blob); act; act = cvsw_act_next(act))
		must(!cvsw_action_apply(act, pkt) ||
		     cvsw_pkt_len(pkt) > CVSW_FRAME_MAX - CVSW_VLAN_HLEN);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const struct cvsw_offload good = { .csum = CVSW_CSUM_GOOD };
	struct cvsw_pool *pool;
	struct cvsw_pkt pkt;
	u8 choice;

	if (size < 1 + CVSW_ETH_HLEN || size > 1 + CVSW_FRAME_MAX)
		return 0;
	opts_init();
	choice = data[0];
	pool = cvsw_pool_new();
	must(pool);
	pkt = frame(pool, data + 1, (u32)size - 1);
	if (choice & GOOD)
		must(!cvsw_pkt_offload_set(&pkt, &good));
	while (pop(&pkt, choice))
		;
	rewrite(&pkt);
	must(!cvsw_gso_lower(&pkt, 0, discard, NULL));

	pkt = frame(pool, data + 1, (u32)size - 1);
	round_trip(&pkt, choice);
	rewrite(&pkt);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
	return 0;
}

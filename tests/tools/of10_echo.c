// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flows between text and OpenFlow 1.0, for a witness to look at.
 *
 *   of10_echo encode            flows, one a line, to FLOW_MODs
 *   of10_echo encode-nxm        to Nicira's
 *   of10_echo decode            FLOW_MODs to flows, or "error TYPE CODE"
 *   of10_echo hex FLOW_MOD      one of them, in hex
 *   of10_echo random N SEED     N FLOW_MODs with random matches and actions
 *   of10_echo random-nxm N SEED the same of Nicira's
 *   of10_echo messages          one message of each type that a switch sends
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cvsw/text.h>

#include "match.h"
#include "of10.h"

static struct cvsw_action acts[CVSW_ACTIONS_MAX];
static u8 msg[CVSW_OFP_MSG_MAX];

/* write actions behind @head bytes, and their length into it; -1 when 1.0 cannot
 * say them */
static int put_message(const struct cvsw_flow *flow, u32 head, u8 type)
{
	bool whole = true;
	int len = cvsw_of10_actions_put(flow->actions, flow->n_actions,
					msg + head, sizeof(msg) - head, &whole);

	if (len < 0 || !whole)
		return -1;
	len += (int)head;
	msg[0] = CVSW_OFP_VERSION;
	msg[1] = type;
	cvsw_of10_end(msg, (u16)len);
	return fwrite(msg, (size_t)len, 1, stdout) == 1 ? 0 : -1;
}

/* write an ADD of @flow with this match; -1 when 1.0 cannot say its actions */
static int put_flow(const struct cvsw_ofp_match *match,
		    const struct cvsw_flow *flow)
{
	struct cvsw_ofp_flow_mod *mod = (void *)msg;

	memset(mod, 0, sizeof(*mod));
	mod->match = *match;
	mod->priority = cpu_to_be16(flow->priority);
	mod->buffer_id = cpu_to_be32(CVSW_OFP_NO_BUFFER);
	mod->out_port = cpu_to_be16(CVSW_PORT_NONE);
	return put_message(flow, sizeof(*mod), CVSW_OFP_FLOW_MOD);
}

/* the same of Nicira's form; -1 when NXM cannot say its match */
static int put_nxm(const struct cvsw_flow *flow)
{
	struct cvsw_ofp_nx_flow_mod *mod = (void *)msg;
	bool whole = true;
	int len;

	memset(mod, 0, sizeof(*mod));
	len = cvsw_of10_nxm_put(&flow->match, mod + 1,
				sizeof(msg) - sizeof(*mod), &whole);
	if (len < 0 || !whole)
		return -1;
	mod->nx.vendor = cpu_to_be32(CVSW_OFP_NX_VENDOR);
	mod->nx.subtype = cpu_to_be32(CVSW_OFP_NX_FLOW_MOD);
	mod->priority = cpu_to_be16(flow->priority);
	mod->buffer_id = cpu_to_be32(CVSW_OFP_NO_BUFFER);
	mod->out_port = cpu_to_be16(CVSW_PORT_NONE);
	mod->match_len = cpu_to_be16((u16)len);
	return put_message(flow, (u32)sizeof(*mod) +
			   ALIGN((u32)len, CVSW_OFP_NXM_ALIGN),
			   CVSW_OFP_VENDOR);
}

static int put_any(const struct cvsw_flow *flow, bool nxm)
{
	struct cvsw_ofp_match match;

	if (nxm)
		return put_nxm(flow);
	return cvsw_of10_match_put(&flow->match, &match) ?
	       put_flow(&match, flow) : -1;
}

static int encode(bool nxm)
{
	static struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	static char line[CVSW_TEXT_MAX];
	struct cvsw_flow_mod mod;
	int bad = 0;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (!cvsw_text_mod_parse(line, CVSW_FLOW_ADD, 0, NULL, &mod,
					 acts, CVSW_ACTIONS_MAX, opts, NULL) &&
		    !put_any(&mod.flow, nxm))
			continue;
		fprintf(stderr, "not for OpenFlow 1.0: %s\n", line);
		bad = 1;
	}
	return bad;
}

static void show(u32 len)
{
	static char text[CVSW_TEXT_MAX];
	struct cvsw_of10_error err;
	struct cvsw_flow_mod mod;

	if (cvsw_of10_flow_mod_get(msg, len, false, &mod, acts, &err)) {
		printf("error %u %u\n", err.type, err.code);
		return;
	}
	cvsw_text_flow_print(text, sizeof(text), &mod.flow, 0, NULL);
	puts(text);
}

static int decode(void)
{
	struct cvsw_of10_head head;

	while (fread(msg, sizeof(struct cvsw_ofp_header), 1, stdin) == 1) {
		if (cvsw_of10_head_get(msg, sizeof(struct cvsw_ofp_header),
				       &head) ||
		    fread(msg + sizeof(struct cvsw_ofp_header), 1,
			  head.length - sizeof(struct cvsw_ofp_header),
			  stdin) != head.length - sizeof(struct cvsw_ofp_header))
			return 1;
		if (head.type == CVSW_OFP_FLOW_MOD ||
		    head.type == CVSW_OFP_VENDOR)
			show(head.length);
	}
	return 0;
}

static int decode_hex(const char *hex)
{
	unsigned int byte;
	u32 len = 0;

	for (; sscanf(hex, "%2x", &byte) == 1 && len < sizeof(msg); hex += 2)
		msg[len++] = (u8)byte;
	show(len);
	return 0;
}

/* Random flows, most of whose fields go together; not in normal form */

static u64 state;

static u32 below(u32 n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (u32)((state >> 33) * n >> 31);
}

static void random_match(struct cvsw_ofp_match *match)
{
	static const u16 types[] = { 0x800, 0x800, 0x800, 0x806, 0x86dd, 0x88cc };
	static const u8 protos[] = { 1, 6, 17, 47, 58, 132 };
	u8 *bytes = (u8 *)match;
	u32 max_tp;
	size_t i;

	for (i = 0; i < sizeof(*match); i++)
		bytes[i] = (u8)below(256);
	match->wildcards = cpu_to_be32(below(1u << 30) & below(1u << 30));
	match->in_port = cpu_to_be16((u16)(1 + below(100)));
	match->dl_type = cpu_to_be16(types[below(6)]);
	match->nw_proto = protos[below(6)];
	match->dl_vlan = cpu_to_be16((u16)(below(3) ? below(4096) : 0xffff));
	max_tp = match->nw_proto == 1 || match->nw_proto == 58 ? 256 : 65536;
	match->tp_src = cpu_to_be16((u16)below(max_tp));
	match->tp_dst = cpu_to_be16((u16)below(max_tp));
}

static struct cvsw_action random_action(void)
{
	struct cvsw_action act = { .type = (u16)below(CVSW_ACT_ENQUEUE + 3) };

	if (act.type > CVSW_ACT_ENQUEUE)
		act.type = act.type % 2 ? CVSW_ACT_RESUBMIT :
			   CVSW_ACT_SET_TUNNEL;
	switch (act.type) {
	case CVSW_ACT_SET_TUNNEL:
		act.tun_id = cpu_to_be64((u64)below(3) << 32 | below(1u << 31));
		break;
	case CVSW_ACT_RESUBMIT:
		act.output.port = (u16)(1 + below(100));
		break;
	case CVSW_ACT_OUTPUT:
		act.output.port = (u16)(below(2) ? 1 + below(100) :
					0xfffa + below(5));
		if (act.output.port == CVSW_PORT_CONTROLLER)
			act.output.max_len = (u16)(1 + below(65535));
		break;
	case CVSW_ACT_ENQUEUE:
		act.output.port = (u16)(1 + below(100));
		act.output.queue = below(1000);
		break;
	case CVSW_ACT_SET_VLAN_VID:
		act.vlan = (u16)below(4096);
		break;
	case CVSW_ACT_SET_VLAN_PCP:
		act.vlan = (u16)below(8);
		break;
	case CVSW_ACT_SET_NW_TOS:
		act.tos = (u8)(below(64) << 2);
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		act.tp = cpu_to_be16((u16)below(65536));
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		put_unaligned_be32(below(1u << 31), act.nw);
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		put_unaligned_be32(below(1u << 31), act.mac + 2);
		break;
	}
	return act;
}

/* bits of a key, all of them more often than some */
static void random_bits(void *value, void *mask, size_t n)
{
	u8 *v = value, *m = mask;
	u32 how = below(4);
	size_t i;

	for (i = 0; i < n; i++) {
		m[i] = (u8)(how < 2 ? 0 : how < 3 ? 0xff : below(256));
		v[i] = (u8)(below(256) & m[i]);
	}
}

#define RANDOM_BITS(match, member)					\
	random_bits(&(match)->value.member, &(match)->mask.member,	\
		    sizeof((match)->value.member))

/* all or nothing of a number */
#define RANDOM_NUMBER(match, member, number) do {			\
	if (below(4)) {							\
		(match)->value.member = number;				\
		memset(&(match)->mask.member, 0xff,			\
		       sizeof((match)->mask.member));			\
	}								\
} while (0)

/* one that NXM can say, in normal form */
static void random_nxm(struct cvsw_match *m)
{
	static const u16 types[] = { 0x800, 0x806, 0x86dd, 0x88cc };
	static const u8 protos[] = { 1, 6, 17, 47, 58, 132, 6, 17 };
	static const u8 frags[][2] = { { 0, 0 }, { 0, 3 }, { 1, 1 }, { 1, 3 },
				       { 3, 3 }, { 0, 2 } };
	u32 frag = below(2) ? 0 : below(6);

	memset(m, 0, sizeof(*m));
	RANDOM_NUMBER(m, in_port, (u16)(1 + below(100)));
	RANDOM_BITS(m, dl_src);
	RANDOM_BITS(m, dl_dst);
	RANDOM_NUMBER(m, dl_type, cpu_to_be16(types[below(4)]));
	RANDOM_BITS(m, vlan_tci);
	RANDOM_NUMBER(m, nw_proto, protos[below(8)]);
	RANDOM_NUMBER(m, nw_tos, (u8)(below(64) << 2));
	m->value.nw_tos = (m->value.nw_tos & 0xfc) | frags[frag][0];
	m->mask.nw_tos = (m->mask.nw_tos & 0xfc) | frags[frag][1];
	RANDOM_BITS(m, nw_src);
	RANDOM_BITS(m, nw_dst);
	RANDOM_BITS(m, tun_id);
	if (m->value.nw_proto == 1 || m->value.nw_proto == 58) {
		RANDOM_NUMBER(m, tp_src, cpu_to_be16((u16)below(256)));
		RANDOM_NUMBER(m, tp_dst, cpu_to_be16((u16)below(256)));
	} else if (frags[frag][0] != 3) {
		RANDOM_BITS(m, tp_src);
		RANDOM_BITS(m, tp_dst);
	}
	if (m->value.dl_type != cpu_to_be16(0x86dd)) {
		memset(m->value.nw_src + 4, 0, 12);
		memset(m->value.nw_dst + 4, 0, 12);
	}
	if (m->mask.vlan_tci & CVSW_VLAN_PRESENT &&
	    !(m->value.vlan_tci & CVSW_VLAN_PRESENT))
		m->value.vlan_tci = 0;
	cvsw_match_normalize(m);
}

static int random_flows(unsigned int n, bool nxm)
{
	struct cvsw_ofp_match match;
	unsigned int i;

	while (n--) {
		struct cvsw_flow flow = {
			.priority = (u16)below(65536), .actions = acts,
			.n_actions = (u16)below(5),
		};

		if (nxm)
			random_nxm(&flow.match);
		else
			random_match(&match);
		for (i = 0; i < flow.n_actions; i++)
			acts[i] = random_action();
		if (nxm ? put_nxm(&flow) : put_flow(&match, &flow))
			return 1;
	}
	return 0;
}

/* Messages, each with numbers of its own */

static u32 at;

/* behind what there is in msg */
#define PUT(name, ...)							\
	(at += (u32)cvsw_of10_##name(__VA_ARGS__, msg + at,		\
				     (u32)sizeof(msg) - at))

static void send_message(void)
{
	cvsw_of10_end(msg, (u16)at);
	fwrite(msg, at, 1, stdout);
	at = 0;
}

static void send_stats(void)
{
	const struct cvsw_of10_desc desc = { "mfr", "hw", "sw", "serial", "dp" };
	const struct cvsw_table_stats table = {
		.lookups = 101, .matched = 100, .flows = 98, .max_flows = 97 };
	const struct cvsw_of10_queue_stats queue = { 7, 1, 201, 202, 203 };
	const struct cvsw_port_info port = { .no = 1,
		.stats = { 11, 12, 13, 14, 15, 16, 17, 18 } };
	const struct cvsw_flow flow = {
		.cookie = 0x1122, .packets = 10, .bytes = 640, .priority = 5,
		.age_ns = 61500000000, .idle_timeout = 60, .hard_timeout = 70,
		.idle_ns = 3500000000,
	};

	PUT(nx_stats_put, CVSW_OFP_STATS_FLOW, 31);
	at += (u32)cvsw_of10_nx_flow_stats_put(&flow, msg + at,
						 sizeof(msg) - at, NULL);
	send_message();
	PUT(nx_stats_put, CVSW_OFP_STATS_AGGREGATE, 32);
	PUT(aggregate_put, 301, 302, 303);
	cvsw_of10_stats_end(msg, (u16)at, true);
	send_message();
	PUT(stats_put, CVSW_OFP_STATS_DESC, 21);
	PUT(desc_put, &desc);
	send_message();
	PUT(stats_put, CVSW_OFP_STATS_FLOW, 22);
	at += (u32)cvsw_of10_flow_stats_put(&flow, msg + at, sizeof(msg) - at,
					      NULL);
	send_message();
	PUT(stats_put, CVSW_OFP_STATS_AGGREGATE, 23);
	PUT(aggregate_put, 301, 302, 303);
	send_message();
	PUT(stats_put, CVSW_OFP_STATS_TABLE, 24);
	PUT(table_stats_put, &table);
	send_message();
	PUT(stats_put, CVSW_OFP_STATS_PORT, 25);
	PUT(port_stats_put, &port);
	send_message();
	PUT(stats_put, CVSW_OFP_STATS_QUEUE, 26);
	PUT(queue_stats_put, &queue);
	cvsw_of10_stats_end(msg, (u16)at, true);
	send_message();
}

static int messages(void)
{
	static const u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xcc };
	const struct cvsw_port_info port = {
		.no = CVSW_PORT_LOCAL, .name = "vm1", .mac = { 2, 0, 0, 0, 0, 1 },
		.config = CVSW_PORT_C_MASK, .state = CVSW_PORT_S_LINK_DOWN,
	};
	const struct cvsw_flow flow = {
		.cookie = 0x1122, .packets = 10, .bytes = 640, .priority = 5,
		.age_ns = 61500000000, .idle_timeout = 60,
	};
	const struct cvsw_packet_in in = {
		.reason = CVSW_PACKET_IN_ACTION, .in_port = 3, .total_len = 60,
		.cookie = 0x1122, .tun_id = cpu_to_be64(5) };
	const struct cvsw_of10_config config = { 1, 128, 1 };
	const struct cvsw_of10_error err = { 3, 1, "" };

	PUT(put, CVSW_OFP_HELLO, 1, NULL, 0);
	send_message();
	PUT(put, CVSW_OFP_ECHO_REPLY, 2, "abc", 3);
	send_message();
	PUT(put, CVSW_OFP_BARRIER_REPLY, 3, NULL, 0);
	send_message();
	PUT(error_put, &err, 4, "\1\16\0\110\0\0\0\4", 8);
	send_message();
	PUT(features_put, 0x525400000001, 0xc7, 5);
	PUT(phy_port_put, &port);
	send_message();
	PUT(config_put, &config, 6);
	send_message();
	PUT(packet_in_put, &in, frame, sizeof(frame));
	send_message();
	at = (u32)cvsw_of10_flow_removed_put(&flow, CVSW_REMOVED_HARD, msg,
					      sizeof(msg), NULL);
	send_message();
	at = (u32)cvsw_of10_nx_flow_removed_put(&flow, CVSW_REMOVED_HARD, msg,
						sizeof(msg), NULL);
	send_message();
	PUT(nx_packet_in_put, &in, frame, sizeof(frame));
	send_message();
	PUT(port_status_put, CVSW_EVENT_PORT_DEL, &port);
	send_message();
	PUT(queue_config_put, 1, 7);
	PUT(queue_put, 9, 300);
	PUT(queue_put, 10, 0xffff);
	send_message();
	PUT(role_put, CVSW_OFP_NX_ROLE_SLAVE, 8);
	send_message();
	send_stats();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strncmp(argv[1], "encode", 6))
		return encode(argv[1][6]);
	if (argc == 2 && !strcmp(argv[1], "decode"))
		return decode();
	if (argc == 2 && !strcmp(argv[1], "messages"))
		return messages();
	if (argc == 3 && !strcmp(argv[1], "hex"))
		return decode_hex(argv[2]);
	if (argc != 4 || strncmp(argv[1], "random", 6))
		return 2;
	state = strtoull(argv[3], NULL, 0);
	return random_flows((unsigned int)atoi(argv[2]), argv[1][6]);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cvsw/text.h>
#include "request.h"

#define FLOWS_MAX	400
#define FRAME_LEN	600

unsigned int request_side;

/* a list of flows, with what they point to */
struct flows {
	struct cvsw_flow_mod	mods[FLOWS_MAX];
	struct cvsw_action	actions[FLOWS_MAX][4];
	struct cvsw_opt_match	opts[FLOWS_MAX][1];
	unsigned int		n;
};

uint32_t request_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32);
}

/* Flows */

static void flows_add(struct flows *f, uint16_t cmd, const char *text)
{
	struct cvsw_text_error err;
	unsigned int i = f->n++;
	int ret;

	ret = cvsw_text_mod_parse(text, cmd, 0, NULL, &f->mods[i],
				  f->actions[i], 4, NULL, &err);
	if (!ret)
		return;
	fprintf(stderr, "%s: %s\n", text, err.text);
	exit(1);
}

/* flow @i of many, of several masks */
static void flows_one(struct flows *f, uint16_t cmd, uint32_t i)
{
	static const char *const forms[] = {
		"priority=%u,udp,nw_dst=10.77.%u.%u,actions=mod_nw_tos:8,output:2",
		"priority=%u,tcp,nw_src=10.78.%u.0/24,tp_dst=%u,actions=output:1",
		"priority=%u,dl_vlan=%u,dl_src=02:00:00:00:00:%02x,idle_timeout=1,actions=flood",
		"priority=%u,ip,nw_dst=10.79.%u.%u,send_flow_rem,hard_timeout=1,actions=controller",
		"priority=%u,arp,arp_spa=10.80.%u.%u,actions=normal",
		"priority=%u,tun_id=%u/0xff00,tcp,tp_src=%u,actions=resubmit:2",
	};
	const char *form = forms[i % 6];
	char text[200];

	snprintf(text, sizeof(text), form, 100 + i % 50, i >> 6 & 0x7f,
		 i & 0x3f);
	if (cmd == CVSW_FLOW_DEL) {
		/* what selects them */
		*strstr(text, ",actions") = 0;
		if (strstr(text, "_timeout"))
			*strstr(text, i % 6 == 2 ? ",idle" : ",send") = 0;
		flows_add(f, cmd, strchr(text, ',') + 1);
		return;
	}
	flows_add(f, cmd, text);
}

static int flows_send(struct cvsw_ctl *ctl, struct flows *f)
{
	int ret = cvsw_ctl_flow_mods(ctl, f->mods, f->n);

	free(f);
	return ret;
}

/* @n of @cmd from the @from-th on */
static int flows_some(struct cvsw_ctl *ctl, uint16_t cmd, uint32_t from,
		      uint32_t n)
{
	struct flows *f = calloc(1, sizeof(*f));
	uint32_t i;

	for (i = 0; i < n; i++)
		flows_one(f, cmd, from + i);
	return flows_send(ctl, f);
}

int request_flows(struct cvsw_ctl *ctl, const char *text)
{
	struct flows *f = calloc(1, sizeof(*f));
	char *copy = strdup(text), *line, *rest = copy;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			flows_add(f, CVSW_FLOW_ADD, line);
	free(copy);
	return flows_send(ctl, f);
}

static int run_flow_add(struct cvsw_ctl *ctl, uint32_t rnd)
{
	return flows_some(ctl, CVSW_FLOW_ADD, rnd, 1);
}

static int run_flow_mod(struct cvsw_ctl *ctl, uint32_t rnd)
{
	return flows_some(ctl, rnd & 1 ? CVSW_FLOW_MOD : CVSW_FLOW_MOD_STRICT,
			  rnd, 1);
}

static int run_flow_del(struct cvsw_ctl *ctl, uint32_t rnd)
{
	return flows_some(ctl, CVSW_FLOW_DEL, rnd, 1);
}

/* so many that they take a bundle */
static int run_flow_many(struct cvsw_ctl *ctl, uint32_t rnd)
{
	return flows_some(ctl, CVSW_FLOW_ADD, rnd, 40 + rnd % 200);
}

/* a tunnel of each kind there and back; the same for whoever asks */
static int run_tunnel(struct cvsw_ctl *ctl, uint32_t rnd)
{
	static const char *const kinds[] = {
		"vxlan(vni", "geneve(vni", "nvgre(vsid", "stt(id",
	};
	const uint32_t kind = rnd % 4, me = request_side;
	char text[600];

	snprintf(text, sizeof(text),
		 "priority=9,in_port=1,ip,nw_dst=10.81.0.%u,actions="
		 "push_%s=%u,src=172.16.0.%u,dst=172.16.0.%u,"
		 "eth_src=02:00:00:00:08:0%u,eth_dst=02:00:00:00:08:0%u),"
		 "output:2\n"
		 "priority=9,in_port=2,tun_id=1,actions=pop_vxlan,output:1\n"
		 "priority=9,in_port=2,tun_id=2,actions=pop_geneve,output:1\n"
		 "priority=9,in_port=2,tun_id=3,actions=pop_nvgre,output:1\n"
		 "priority=9,in_port=2,tun_id=4,actions=pop_stt,output:1\n",
		 2 - me, kinds[kind], kind + 1, me + 1, 2 - me, me + 1, 2 - me);
	return request_flows(ctl, text);
}

static int run_flow_replace(struct cvsw_ctl *ctl, uint32_t rnd)
{
	const uint32_t n = rnd % 60;
	struct cvsw_flow flows[60];
	struct flows *f = calloc(1, sizeof(*f));
	uint32_t i;
	int ret;

	for (i = 0; i < n; i++) {
		flows_one(f, CVSW_FLOW_ADD, rnd + i);
		flows[i] = f->mods[i].flow;
	}
	ret = cvsw_ctl_flow_replace(ctl, flows, n);
	free(f);
	return ret;
}

static int ignore_flow(void *arg, const struct cvsw_flow *flow)
{
	(void)flow;
	return arg != NULL;
}

static int run_flow_dump(struct cvsw_ctl *ctl, uint32_t rnd)
{
	return cvsw_ctl_flow_dump(ctl, NULL, ignore_flow,
				  rnd & 1 ? ctl : NULL);
}

/* Switch, ports and queues */

static int run_switch_set(struct cvsw_ctl *ctl, uint32_t rnd)
{
	struct cvsw_config config = {
		.max_flows = 1000 + rnd % 3000,
		.mac_ageing = 300 + rnd % 5,
		.frag_mode = rnd % 3 == 2 ? CVSW_FRAG_MODE_NX_MATCH :
					    CVSW_FRAG_MODE_NORMAL,
		.miss = rnd % 8 ? CVSW_MISS_PASS : CVSW_MISS_CONTROLLER,
		.packet_in_rate = { 100, 100 },
		.stt_port = (uint16_t)(7471 + rnd % 2),
		.miss_send_len = 128,
	};

	return cvsw_ctl_switch_set(ctl, &config,
				   1u << CVSW_SWITCH_A_MAX_FLOWS |
				   1u << CVSW_SWITCH_A_MAC_AGEING |
				   1u << CVSW_SWITCH_A_FRAG_MODE |
				   1u << CVSW_SWITCH_A_MISS |
				   1u << CVSW_SWITCH_A_MISS_RATE |
				   1u << CVSW_SWITCH_A_STT_PORT);
}

static int ignore_switch(void *arg, const struct cvsw_config *config,
			 const struct cvsw_table_stats *stats)
{
	(void)arg;
	(void)config;
	(void)stats;
	return 0;
}

static int run_switch_dump(struct cvsw_ctl *ctl, uint32_t rnd)
{
	struct cvsw_table_stats stats;
	struct cvsw_config config;

	if (rnd & 1)
		return cvsw_ctl_switch_get(ctl, &config, &stats);
	return cvsw_ctl_switch_dump(ctl, ignore_switch, NULL);
}

static int run_port_set(struct cvsw_ctl *ctl, uint32_t rnd)
{
	struct cvsw_port_info info = {
		.no = (uint16_t)(1 + (rnd & 1)),
		.config = rnd & 2 ? CVSW_PORT_C_NO_FLOOD : 0,
		.mtu = 1400 + (rnd >> 2) % 100,
	};

	if (rnd % 6 == 1)
		return cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_MTU, 0);
	return cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_CONFIG,
				 CVSW_PORT_C_NO_FLOOD);
}

static int run_antispoof(struct cvsw_ctl *ctl, uint32_t rnd)
{
	struct cvsw_port_info info = { .no = 1 };
	unsigned int i;

	if (rnd & 1) {
		info.antispoof.checks = CVSW_ANTISPOOF_IPV4;
		info.antispoof.n_ipv4 = 3;
		for (i = 0; i < 3; i++)
			memcpy(info.antispoof.ipv4[i],
			       (uint8_t[]){ 10, (uint8_t)(79 + i), 0,
					    (uint8_t)(1 + request_side) }, 4);
	}
	return cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_ANTISPOOF, 0);
}

static int ignore_port(void *arg, const struct cvsw_port_info *info)
{
	(void)arg;
	(void)info;
	return 0;
}

static int run_port_dump(struct cvsw_ctl *ctl, uint32_t rnd)
{
	struct cvsw_port_info info;

	if (rnd & 1)
		return cvsw_ctl_port_get(ctl, 1, NULL, &info);
	return cvsw_ctl_port_dump(ctl, ignore_port, NULL);
}

static int ignore_path(void *arg, const struct cvsw_path_info *info)
{
	(void)arg;
	(void)info;
	return 0;
}

static int run_path_dump(struct cvsw_ctl *ctl, uint32_t rnd)
{
	(void)rnd;
	return cvsw_ctl_path_dump(ctl, ignore_path, NULL);
}

static void ignore_drop(void *arg, const char *name, const char *text,
			__u64 frames)
{
	(void)arg;
	(void)name;
	(void)text;
	(void)frames;
}

static int run_drops(struct cvsw_ctl *ctl, uint32_t rnd)
{
	(void)rnd;
	return cvsw_ctl_drops(ctl, ignore_drop, NULL);
}

/* Frames */

/* UDP over IPv4, to an address that flows may be for */
static void frame_make(uint8_t *frame, uint32_t rnd)
{
	static const uint8_t head[] = {
		0x02, 0, 0, 0, 8, 2, 0x02, 0, 0, 0, 8, 1, 0x08, 0,
		0x45, 0, 2, 74, 0, 0, 0, 0, 64, 17, 0, 0,
		10, 81, 0, 1, 10, 77, 0, 0, 0, 9, 0, 9, 2, 54, 0, 0,
	};

	memset(frame, 0, FRAME_LEN);
	memcpy(frame, head, sizeof(head));
	frame[33] = rnd & 0x3f;
	if (rnd % 5 == 0)
		frame[31] = 81;
}

static void ignore_step(void *arg, const struct cvsw_ctl_step *step)
{
	(void)arg;
	(void)step;
}

static int run_trace(struct cvsw_ctl *ctl, uint32_t rnd)
{
	uint8_t frame[FRAME_LEN];

	frame_make(frame, rnd);
	return cvsw_ctl_trace(ctl, (uint16_t)(1 + (rnd & 1)), frame,
			      sizeof(frame), ignore_step, NULL);
}

static int run_packet_out(struct cvsw_ctl *ctl, uint32_t rnd)
{
	static const char *const forms[] = {
		"output:1", "output:2", "flood", "controller", "resubmit:1",
		"push_vxlan(vni=1,src=172.16.0.1,dst=172.16.0.9,"
			"eth_src=02:00:00:00:08:01,"
			"eth_dst=02:00:00:00:08:02),output:2",
		"push_stt(id=4,src=172.16.0.1,dst=172.16.0.9,"
			"eth_src=02:00:00:00:08:01,"
			"eth_dst=02:00:00:00:08:02),output:1",
		"mod_vlan_vid:5,all",
	};
	struct cvsw_action actions[4];
	struct cvsw_text_error err;
	uint8_t frame[FRAME_LEN];
	int n;

	frame_make(frame, rnd >> 3);
	n = cvsw_text_actions_parse(forms[rnd % 8], NULL, actions, 4, &err);
	if (n < 0)
		exit(1);
	return cvsw_ctl_packet_out(ctl, (uint16_t)(1 + (rnd >> 3 & 1)), frame,
				   rnd & 16 ? 60 : sizeof(frame), actions,
				   (unsigned int)n);
}

const struct request requests[] = {
	{ "flow add", run_flow_add, 6 },
	{ "flow mod", run_flow_mod, 2 },
	{ "flow del", run_flow_del, 2 },
	{ "flow add, many", run_flow_many, 1 },
	{ "flow add, tunnels", run_tunnel, 4 },
	{ "flow replace", run_flow_replace, 3 },
	{ "flow dump", run_flow_dump, 1 },
	{ "switch set", run_switch_set, 3 },
	{ "switch dump", run_switch_dump, 2 },
	{ "port set", run_port_set, 4 },
	{ "antispoof", run_antispoof, 2 },
	{ "port dump", run_port_dump, 2 },
	{ "path dump", run_path_dump, 1 },
	{ "drops", run_drops, 1 },
	{ "trace", run_trace, 2 },
	{ "packet-out", run_packet_out, 8 },
};
const unsigned int n_requests = sizeof(requests) / sizeof(requests[0]);

int request_baseline(struct cvsw_ctl *ctl)
{
	static const char flows[] =
		"priority=5,udp,nw_dst=10.77.0.0/24,actions=output:2\n"
		"priority=6,in_port=2,tun_id=3,actions=pop_nvgre,output:1\n"
		"priority=103,ip,nw_dst=10.79.0.3,cookie=7,actions=1,2\n"
		"priority=7,dl_vlan=9,actions=strip_vlan,normal\n"
		"priority=8,arp,actions=normal\n";
	struct cvsw_port_info info = { .mtu = 1500 };
	struct cvsw_config config;
	int ret;

	cvsw_config_default(&config);
	ret = cvsw_ctl_switch_set(ctl, &config, 1u << CVSW_SWITCH_A_MAX_FLOWS |
				  1u << CVSW_SWITCH_A_MAC_AGEING |
				  1u << CVSW_SWITCH_A_FRAG_MODE |
				  1u << CVSW_SWITCH_A_MISS |
				  1u << CVSW_SWITCH_A_MISS_RATE |
				  1u << CVSW_SWITCH_A_STT_PORT) ?:
	      cvsw_ctl_flow_replace(ctl, NULL, 0) ?:
	      request_flows(ctl, flows);
	for (info.no = 1; !ret && info.no <= 2; info.no++)
		ret = cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_CONFIG |
					CVSW_PORT_SET_ANTISPOOF,
					CVSW_PORT_C_NO_FLOOD);
	return ret;
}

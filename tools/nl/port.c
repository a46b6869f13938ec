// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* port show, add, del */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

const struct port_word port_config_words[PORT_CONFIG_WORDS] = {
	{ "recv", CVSW_PORT_C_NO_RECV },
	{ "fwd", CVSW_PORT_C_NO_FWD },
	{ "flood", CVSW_PORT_C_NO_FLOOD },
	{ "packet_in", CVSW_PORT_C_NO_PACKET_IN },
};

#define PORT_WORD(word, bit)	{ word, bit },
const struct port_word port_offload_words[] = {
	CVSW_OFFLOAD_WORDS(PORT_WORD)
	{ NULL, 0 },
};

const struct port_word port_device_words[] = {
	CVSW_DEVICE_WORDS(PORT_WORD)
	{ NULL, 0 },
};

const struct port_word port_feature_words[] = {
	CVSW_PORT_F_WORDS(PORT_WORD)
	{ NULL, 0 },
};
#undef PORT_WORD

const char *const port_inband_words[PORT_INBAND_WORDS] = {
	[CVSW_INBAND_OFF] = "off",
	[CVSW_INBAND_V2] = "v2",
	[CVSW_INBAND_V3] = "v3",
};

const char *const port_policy_words[CVSW_INBAND_POLICIES] = {
	[CVSW_INBAND_KEEP] = "keep",
	[CVSW_INBAND_PASS] = "pass",
	[CVSW_INBAND_DROP] = "drop",
};

static const char *const port_inband_states[] = {
	[CVSW_INBAND_DISCONNECTED] = "disconnected",
	[CVSW_INBAND_CONNECTING] = "connecting",
	[CVSW_INBAND_CONNECTED] = "connected",
	[CVSW_INBAND_IDLE] = "idle",
	[CVSW_INBAND_LIVE] = "live",
	[CVSW_INBAND_SILENT] = "silent",
};

/* Show */

const char *port_inband(const struct cvsw_port_info *p)
{
	return p->inband < PORT_INBAND_WORDS && port_inband_words[p->inband] ?
	       port_inband_words[p->inband] : "unknown";
}

const char *port_inband_state(const struct cvsw_port_info *p)
{
	return p->inband_state < CVSW_INBAND_STATES ?
	       port_inband_states[p->inband_state] : "unknown";
}

const char *port_inband_policy(const struct cvsw_port_info *p)
{
	return p->inband_policy < CVSW_INBAND_POLICIES ?
	       port_policy_words[p->inband_policy] : "unknown";
}

static void port_state(const struct cvsw_port_info *p, char *text, size_t size)
{
	const char *link = p->state & CVSW_PORT_S_LINK_DOWN ? "no-link" : "up";
	size_t n, i;

	n = (size_t)snprintf(text, size, "%s", p->config & CVSW_PORT_C_DOWN ?
			     "down" : link);
	for (i = 0; i < PORT_CONFIG_WORDS && n < size; i++)
		if (p->config & port_config_words[i].bit)
			n += (size_t)snprintf(text + n, size - n, ",no-%s",
					      port_config_words[i].word);
}

void port_print_head(void)
{
	printf("  %5s %-15s %-8s %5s %12s %12s  %s\n", "PORT", "NAME", "STATE",
	       "MTU", "RX-PACKETS", "TX-PACKETS", "SPEC");
}

void port_print(const struct cvsw_port_info *p)
{
	char state[64];

	port_state(p, state, sizeof(state));
	printf("  %5u %-15s %-8s %5u %12llu %12llu  %s\n", p->no, p->name,
	       state, p->mtu, p->stats.rx_packets, p->stats.tx_packets,
	       p->spec);
}

static void print_bits(const char *what, __u32 have,
		       const struct port_word *words)
{
	printf("  %s", what);
	for (; words->word; words++)
		if (have & words->bit)
			printf(" %s", words->word);
	puts(have ? "" : " none");
}

/* what is, and what of it that was asked for is not */
static void print_offload(const char *what, __u32 have, __u32 asked,
			  __u32 failed)
{
	print_bits(what, have, port_offload_words);
	if (failed)
		print_bits("  failed self-test:", failed, port_offload_words);
	if (asked & ~have & ~failed)
		print_bits("  asked for, but off:", asked & ~have & ~failed,
			   port_offload_words);
}

static void print_device(const struct cvsw_port_info *p)
{
	if (!p->device && !p->device_fixed)
		return;
	print_bits("device", p->device, port_device_words);
	if (p->device_asked & ~p->device)
		print_bits("  asked for, but off:",
			   p->device_asked & ~p->device, port_device_words);
	if (p->device_fixed)
		print_bits("  fixed:", p->device_fixed, port_device_words);
}

/* what the device tells of its link */
static void print_link(const struct cvsw_port_info *p)
{
	if (p->curr)
		print_bits("link", p->curr, port_feature_words);
	if (p->supported)
		print_bits("  supported:", p->supported, port_feature_words);
	if (p->advertised)
		print_bits("  advertised:", p->advertised, port_feature_words);
	if (p->peer)
		print_bits("  peer:", p->peer, port_feature_words);
}

static void print_antispoof(const struct cvsw_antispoof *a)
{
	char text[64];
	int i;

	if (!a->checks) {
		puts("  antispoof off");
		return;
	}
	printf("  antispoof");
	if (a->checks & CVSW_ANTISPOOF_MAC)
		printf(" mac %02x:%02x:%02x:%02x:%02x:%02x", a->mac[0],
		       a->mac[1], a->mac[2], a->mac[3], a->mac[4], a->mac[5]);
	if (a->checks & CVSW_ANTISPOOF_IPV4)
		printf(" ipv4%s", a->n_ipv4 ? "" : " none");
	for (i = 0; i < a->n_ipv4; i++)
		printf(" %s", inet_ntop(AF_INET, a->ipv4[i], text,
					sizeof(text)));
	if (a->checks & CVSW_ANTISPOOF_IPV6)
		printf(" ipv6%s", a->n_ipv6 ? "" : " none");
	for (i = 0; i < a->n_ipv6; i++)
		printf(" %s", inet_ntop(AF_INET6, a->ipv6[i], text,
					sizeof(text)));
	putchar('\n');
}

/* how it is commanded in-band */
static void print_inband(const struct cvsw_port_info *p)
{
	const __u8 *host = p->inband_host;
	int i;

	if (!p->inband)
		return;
	printf("  inband %s, %s", port_inband(p), port_inband_state(p));
	if (p->inband_state == CVSW_INBAND_LIVE)
		printf(" with %02x:%02x:%02x:%02x:%02x:%02x", host[0], host[1],
		       host[2], host[3], host[4], host[5]);
	if (p->inband == CVSW_INBAND_V3) {
		printf(", policy %s, keys", port_inband_policy(p));
		for (i = 0; i < p->inband_keys.n; i++)
			printf(" %u", p->inband_keys.id[i]);
	}
	putchar('\n');
}

static void print_whole(const struct cvsw_port_info *p)
{
	const struct cvsw_port_stats *s = &p->stats;
	char state[64];

	port_state(p, state, sizeof(state));
	printf("%u: %s  %s  %s  mtu %u%s  queues %u\n", p->no, p->name, p->spec,
	       state, p->mtu, p->mtu_auto ? " (auto)" : "", p->queues);
	printf("  mac %02x:%02x:%02x:%02x:%02x:%02x\n", p->mac[0], p->mac[1],
	       p->mac[2], p->mac[3], p->mac[4], p->mac[5]);
	print_offload("rx_offload", p->rx_offload, p->rx_asked, p->rx_failed);
	print_offload("tx_offload", p->tx_offload, p->tx_asked, p->tx_failed);
	print_device(p);
	print_link(p);
	print_antispoof(&p->antispoof);
	print_inband(p);
	printf("  rx %llu packets %llu bytes %llu dropped %llu errors\n",
	       s->rx_packets, s->rx_bytes, s->rx_dropped, s->rx_errors);
	printf("  tx %llu packets %llu bytes %llu dropped %llu errors\n",
	       s->tx_packets, s->tx_bytes, s->tx_dropped, s->tx_errors);
}

static int show_port(void *arg, const struct cvsw_port_info *info)
{
	struct tool *tool = arg;

	if (tool->json)
		out_item(tool, out_port(info));
	else
		print_whole(info);
	return 0;
}

int cmd_port_show(struct tool *tool, int argc, char **argv)
{
	struct cvsw_port_info info;
	int err;

	if (tool->json)
		out_list_begin(tool);
	if (argc) {
		err = cvsw_ctl_port_get(tool_ctl(tool),
					tool_port(tool, argv[0]), NULL, &info);
		if (!err)
			show_port(tool, &info);
	} else {
		err = cvsw_ctl_port_dump(tool_ctl(tool), show_port, tool);
	}
	if (err)
		return tool_failed(tool, err);
	if (tool->json)
		out_list_end(tool);
	return EXIT_OK;
}

/* Add, delete */

static __u16 port_no(const char *text)
{
	if (!strcasecmp(text, "local"))
		return CVSW_PORT_LOCAL;
	return (__u16)tool_number("no", text, 1, CVSW_PORT_MAX);
}

int cmd_port_add(struct tool *tool, int argc, char **argv)
{
	struct cvsw_port_info info;
	const char *no = NULL;
	int err;

	if (argc == 3 && !strcmp(argv[1], "no"))
		no = argv[2];
	else if (argc != 1 && !(argc == 2 && tool_key(argv[1], "no", &no)))
		return tool_usage("usage: cvsw-nl port add SPEC [no N]");
	err = cvsw_ctl_port_add(tool_ctl(tool), argv[0], no ? port_no(no) : 0,
				&info);
	if (err)
		return tool_failed(tool, err);
	if (tool->json)
		out_object(tool, out_port(&info));
	else
		printf("port %u %s\n", info.no, info.name);
	return EXIT_OK;
}

int cmd_port_del(struct tool *tool, int argc, char **argv)
{
	__u16 no = tool_port(tool, argv[0]);
	int err;

	(void)argc;
	err = cvsw_ctl_port_del(tool_ctl(tool), no);
	return err ? tool_failed(tool, err) : EXIT_OK;
}

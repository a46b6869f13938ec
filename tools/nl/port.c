// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* port show, add, del, set */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* a bit that is a word: "up", "flood=off" */
struct port_bit {
	const char	*key;
	__u32		bit;	/* set when the value is "off" */
};

static const struct port_bit bits[] = {
	{ "recv", CVSW_PORT_C_NO_RECV },
	{ "fwd", CVSW_PORT_C_NO_FWD },
	{ "flood", CVSW_PORT_C_NO_FLOOD },
	{ "packet_in", CVSW_PORT_C_NO_PACKET_IN },
};

#define PORT_BIT(word, bit)	{ word, bit },
static const struct port_bit offloads[] = {
	CVSW_OFFLOAD_WORDS(PORT_BIT)
};
#undef PORT_BIT

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

/* Show */

static void port_state(const struct cvsw_port_info *p, char *text, size_t size)
{
	const char *link = p->state & CVSW_PORT_S_LINK_DOWN ? "no-link" : "up";
	size_t n, i;

	n = (size_t)snprintf(text, size, "%s", p->config & CVSW_PORT_C_DOWN ?
			     "down" : link);
	for (i = 0; i < COUNT(bits) && n < size; i++)
		if (p->config & bits[i].bit)
			n += (size_t)snprintf(text + n, size - n, ",no-%s",
					      bits[i].key);
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

static void print_offloads(const char *what, __u32 have)
{
	size_t i;

	printf("  %s", what);
	for (i = 0; i < COUNT(offloads); i++)
		if (have & offloads[i].bit)
			printf(" %s", offloads[i].key);
	puts(have ? "" : " none");
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

static void print_whole(const struct cvsw_port_info *p)
{
	const struct cvsw_port_stats *s = &p->stats;
	char state[64];

	port_state(p, state, sizeof(state));
	printf("%u: %s  %s  %s  mtu %u  queues %u\n", p->no, p->name, p->spec,
	       state, p->mtu, p->queues);
	printf("  mac %02x:%02x:%02x:%02x:%02x:%02x\n", p->mac[0], p->mac[1],
	       p->mac[2], p->mac[3], p->mac[4], p->mac[5]);
	print_offloads("rx_offload", p->rx_offload);
	print_offloads("tx_offload", p->tx_offload);
	print_antispoof(&p->antispoof);
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

/* Set */

struct port_change {
	struct cvsw_port_info	info;
	unsigned int		what;
	__u32			mask;
};

static bool set_bit_word(struct port_change *c, const char *word)
{
	const char *value;
	__u32 bit = 0;
	bool off;
	size_t i;

	if (!strcmp(word, "up") || !strcmp(word, "down")) {
		bit = CVSW_PORT_C_DOWN;
		off = !strcmp(word, "down");
	}
	for (i = 0; i < COUNT(bits) && !bit; i++) {
		if (!tool_key(word, bits[i].key, &value))
			continue;
		bit = bits[i].bit;
		off = !strcmp(value, "off");
		if (!off && strcmp(value, "on"))
			exit(tool_usage("%s: `%s` is neither on nor off",
					bits[i].key, value));
	}
	if (!bit)
		return false;
	c->what |= CVSW_PORT_SET_CONFIG;
	c->mask |= bit;
	c->info.config = off ? c->info.config | bit : c->info.config & ~bit;
	return true;
}

static __u32 offload_list(const char *key, const char *value)
{
	char *copy = strdup(value), *word, *rest;
	__u32 list = 0, bit;
	size_t i;

	for (word = strtok_r(copy, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest)) {
		bit = 0;
		for (i = 0; i < COUNT(offloads); i++)
			if (!strcmp(word, offloads[i].key))
				bit = offloads[i].bit;
		if (!bit && strcmp(word, "none"))
			exit(tool_usage("%s: `%s` is not an offload", key,
					word));
		list |= bit;
	}
	free(copy);
	return list;
}

static bool set_device_word(struct port_change *c, const char *word)
{
	const char *value;

	if (tool_key(word, "mtu", &value)) {
		c->info.mtu = (__u32)tool_number("mtu", value, 68, 65521);
		c->what |= CVSW_PORT_SET_MTU;
	} else if (tool_key(word, "rx_offload", &value)) {
		c->info.rx_offload = offload_list("rx_offload", value);
		c->what |= CVSW_PORT_SET_OFFLOAD;
	} else if (tool_key(word, "tx_offload", &value)) {
		c->info.tx_offload = offload_list("tx_offload", value);
		c->what |= CVSW_PORT_SET_OFFLOAD;
	} else {
		return false;
	}
	return true;
}

/* addresses separated by commas; returns how many */
static __u8 address_list(const char *key, const char *value, int family,
			 __u8 *out, size_t size)
{
	char *copy = strdup(value), *word, *rest;
	__u8 n = 0;

	for (word = strtok_r(copy, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest)) {
		if (n == CVSW_ANTISPOOF_ADDRS)
			exit(tool_usage("%s: more than %d addresses", key,
					CVSW_ANTISPOOF_ADDRS));
		if (inet_pton(family, word, out + n * size) != 1)
			exit(tool_usage("%s: `%s` is not an address", key,
					word));
		n++;
	}
	free(copy);
	return n;
}

static bool set_antispoof_word(struct port_change *c, const char *word)
{
	struct cvsw_antispoof *a = &c->info.antispoof;
	const char *value;
	int n = 0;

	if (!(c->what & CVSW_PORT_SET_ANTISPOOF))
		memset(a, 0, sizeof(*a));
	if (tool_key(word, "allow_mac", &value)) {
		a->checks |= CVSW_ANTISPOOF_MAC;
		if (sscanf(value, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%n", &a->mac[0],
			   &a->mac[1], &a->mac[2], &a->mac[3], &a->mac[4],
			   &a->mac[5], &n) != 6 || value[n])
			exit(tool_usage("allow_mac: `%s` is not a MAC address",
					value));
	} else if (tool_key(word, "allow_ipv4", &value)) {
		a->checks |= CVSW_ANTISPOOF_IPV4;
		a->n_ipv4 = address_list("allow_ipv4", value, AF_INET,
					 a->ipv4[0], 4);
	} else if (tool_key(word, "allow_ipv6", &value)) {
		a->checks |= CVSW_ANTISPOOF_IPV6;
		a->n_ipv6 = address_list("allow_ipv6", value, AF_INET6,
					 a->ipv6[0], 16);
	} else if (strcmp(word, "antispoof=off")) {
		return false;
	}
	c->what |= CVSW_PORT_SET_ANTISPOOF;
	return true;
}

int cmd_port_set(struct tool *tool, int argc, char **argv)
{
	struct port_change change = {};
	struct cvsw_port_info now;
	int i, err;

	err = cvsw_ctl_port_get(tool_ctl(tool), tool_port(tool, argv[0]), NULL,
				&now);
	if (err)
		return tool_failed(tool, err);
	change.info = now;
	for (i = 1; i < argc; i++)
		if (!set_bit_word(&change, argv[i]) &&
		    !set_device_word(&change, argv[i]) &&
		    !set_antispoof_word(&change, argv[i]))
			return tool_usage("`%s`: not a setting of a port; see cvsw-nl(8)",
					  argv[i]);
	err = cvsw_ctl_port_set(tool->ctl, &change.info, change.what,
				change.mask);
	return err ? tool_failed(tool, err) : EXIT_OK;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* show, switch show, switch set */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

static const char *const miss_names[] = { "pass", "drop", "controller" };
static const char *const frag_names[] = {
	"normal", "drop", "reassemble", "nx-match"
};

/* Show */

struct shown {
	struct cvsw_config	config;
	struct cvsw_table_stats	stats;
};

struct show {
	struct shown	*list;
	unsigned int	n;
};

static int keep_switch(void *arg, const struct cvsw_config *config,
		       const struct cvsw_table_stats *stats)
{
	struct show *show = arg;

	show->list = tool_alloc(show->list, show->n + 1, sizeof(*show->list));
	show->list[show->n++] = (struct shown){ *config, *stats };
	return 0;
}

static json_t *show_config(const struct cvsw_config *c)
{
	return json_pack("{s:o, s:I, s:s, s:s, s:i, s:I, s:I, s:I, s:I, s:i, s:i, s:i, s:i, s:i}",
			 "datapath_id", out_format("%016llx", c->datapath_id),
			 "max_flows", (json_int_t)c->max_flows,
			 "miss", miss_names[c->miss % 3],
			 "fragments", frag_names[c->frag_mode % 4],
			 "miss_send_len", (int)c->miss_send_len,
			 "miss_rate", (json_int_t)c->packet_in_rate[0],
			 "miss_burst", (json_int_t)c->packet_in_burst[0],
			 "action_rate", (json_int_t)c->packet_in_rate[1],
			 "action_burst", (json_int_t)c->packet_in_burst[1],
			 "mac_ageing", (int)c->mac_ageing,
			 "vxlan_port", (int)c->vxlan_port,
			 "geneve_port", (int)c->geneve_port,
			 "stt_port", (int)c->stt_port,
			 "workers", (int)c->workers);
}

struct ports {
	struct cvsw_port_info	*list;
	unsigned int		n;
};

static int keep_port(void *arg, const struct cvsw_port_info *info)
{
	struct ports *ports = arg;

	ports->list = tool_alloc(ports->list, ports->n + 1,
				 sizeof(*ports->list));
	ports->list[ports->n++] = *info;
	return 0;
}

static json_t *show_ports(const struct ports *ports)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < ports->n; i++)
		json_array_append_new(list, out_port(&ports->list[i]));
	return list;
}

static void print_rate(const char *what, __u32 rate, __u32 burst)
{
	if (rate)
		printf("%s %u/s burst %u", what, rate, burst);
	else
		printf("%s unlimited", what);
}

static void print_switch(const struct shown *s)
{
	const struct cvsw_config *c = &s->config;
	const struct cvsw_table_stats *t = &s->stats;

	printf("%s  dpid %016llx  miss %s  fragments %s\n", c->name,
	       c->datapath_id, miss_names[c->miss % 3],
	       frag_names[c->frag_mode % 4]);
	printf("  flows %u of %u, %u masks in %u subtables, %llu KiB\n",
	       t->flows, t->max_flows, t->masks, t->subtables,
	       t->memory / 1024);
	printf("  lookups %llu, matched %llu, from cache %llu\n", t->lookups,
	       t->matched, t->cache_hits);
	print_rate("  packet-ins: miss", c->packet_in_rate[0],
		   c->packet_in_burst[0]);
	print_rate(", action", c->packet_in_rate[1], c->packet_in_burst[1]);
	printf(", miss_send_len %u\n", c->miss_send_len);
	printf("  mac_ageing %u s  workers %u\n", c->mac_ageing, c->workers);
	printf("  vxlan_port %u  geneve_port %u  stt_port %u\n", c->vxlan_port,
	       c->geneve_port, c->stt_port);
}

static void print_ports(const struct ports *ports)
{
	unsigned int i;

	if (ports->n)
		port_print_head();
	for (i = 0; i < ports->n; i++)
		port_print(&ports->list[i]);
}

static int show_one(struct tool *tool, const struct shown *s)
{
	struct ports ports = {};
	int err;

	err = cvsw_ctl_use(tool->ctl, s->config.name) ?:
	      cvsw_ctl_port_dump(tool->ctl, keep_port, &ports);
	if (!err && tool->json) {
		out_item(tool, json_pack("{s:s, s:o, s:o, s:o}",
					 "name", s->config.name,
					 "config", show_config(&s->config),
					 "table", out_table(&s->stats),
					 "ports", show_ports(&ports)));
	} else if (!err) {
		print_switch(s);
		print_ports(&ports);
	}
	free(ports.list);
	/* of all, one that is detached meanwhile is none */
	return err == -ENODEV && !tool->name ? 0 : err;
}

int cmd_show(struct tool *tool, int argc, char **argv)
{
	struct show show = {};
	unsigned int i;
	int err;

	(void)argc;
	(void)argv;
	if (tool->name) {
		show.list = tool_alloc(NULL, 1, sizeof(*show.list));
		show.n = 1;
		err = cvsw_ctl_switch_get(tool_ctl(tool),
					  &show.list[0].config,
					  &show.list[0].stats);
	} else {
		err = cvsw_ctl_switch_dump(tool_ctl(tool), keep_switch, &show);
	}
	if (!err && tool->json)
		out_list_begin(tool);
	for (i = 0; i < show.n && !err; i++)
		err = show_one(tool, &show.list[i]);
	free(show.list);
	if (err)
		return tool_failed(tool, err);
	if (tool->json)
		out_list_end(tool);
	return EXIT_OK;
}

/* Set */

static __u8 one_of(const char *key, const char *value,
		   const char *const *names, __u8 n)
{
	__u8 i;

	for (i = 0; i < n; i++)
		if (!strcmp(value, names[i]))
			return i;
	exit(tool_usage("%s: `%s` is not known; see cvsw-nl(8)", key, value));
}

/* a setting that is a number */
struct number {
	const char		*key;
	int			attr;
	unsigned long long	max;
};

static const struct number numbers[] = {
	{ "datapath_id", CVSW_SWITCH_A_DATAPATH_ID, ~0ull },
	{ "max_flows", CVSW_SWITCH_A_MAX_FLOWS, 0xffffffff },
	{ "miss_send_len", CVSW_SWITCH_A_MISS_SEND_LEN, 0xffff },
	{ "miss_rate", CVSW_SWITCH_A_MISS_RATE, 0xffffffff },
	{ "miss_burst", CVSW_SWITCH_A_MISS_BURST, 0xffffffff },
	{ "action_rate", CVSW_SWITCH_A_ACTION_RATE, 0xffffffff },
	{ "action_burst", CVSW_SWITCH_A_ACTION_BURST, 0xffffffff },
	{ "mac_ageing", CVSW_SWITCH_A_MAC_AGEING, 0xffff },
	{ "vxlan_port", CVSW_SWITCH_A_VXLAN_PORT, 0xffff },
	{ "geneve_port", CVSW_SWITCH_A_GENEVE_PORT, 0xffff },
	{ "stt_port", CVSW_SWITCH_A_STT_PORT, 0xffff },
};

static void set_number(struct cvsw_config *c, int attr, unsigned long long n)
{
	switch (attr) {
	case CVSW_SWITCH_A_DATAPATH_ID:
		c->datapath_id = n;
		break;
	case CVSW_SWITCH_A_MAX_FLOWS:
		c->max_flows = (__u32)n;
		break;
	case CVSW_SWITCH_A_MISS_SEND_LEN:
		c->miss_send_len = (__u16)n;
		break;
	case CVSW_SWITCH_A_MISS_RATE:
		c->packet_in_rate[CVSW_PACKET_IN_MISS] = (__u32)n;
		break;
	case CVSW_SWITCH_A_MISS_BURST:
		c->packet_in_burst[CVSW_PACKET_IN_MISS] = (__u32)n;
		break;
	case CVSW_SWITCH_A_ACTION_RATE:
		c->packet_in_rate[CVSW_PACKET_IN_ACTION] = (__u32)n;
		break;
	case CVSW_SWITCH_A_ACTION_BURST:
		c->packet_in_burst[CVSW_PACKET_IN_ACTION] = (__u32)n;
		break;
	case CVSW_SWITCH_A_MAC_AGEING:
		c->mac_ageing = (__u16)n;
		break;
	case CVSW_SWITCH_A_GENEVE_PORT:
		c->geneve_port = (__u16)n;
		break;
	case CVSW_SWITCH_A_STT_PORT:
		c->stt_port = (__u16)n;
		break;
	default:
		c->vxlan_port = (__u16)n;
		break;
	}
}

/* one KEY=VALUE; returns its CVSW_SWITCH_A_*, 0 when there is no such key */
static int set_word(struct cvsw_config *c, const char *word)
{
	const struct number *number;
	const char *value;
	size_t i;

	if (tool_key(word, "miss", &value)) {
		c->miss = one_of("miss", value, miss_names, 3);
		return CVSW_SWITCH_A_MISS;
	}
	if (tool_key(word, "fragments", &value)) {
		c->frag_mode = one_of("fragments", value, frag_names, 4);
		return CVSW_SWITCH_A_FRAG_MODE;
	}
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		number = &numbers[i];
		if (!tool_key(word, number->key, &value))
			continue;
		set_number(c, number->attr,
			   tool_number(number->key, value, 0, number->max));
		return number->attr;
	}
	return 0;
}

int cmd_switch_set(struct tool *tool, int argc, char **argv)
{
	struct cvsw_config config = {};
	__u32 fields = 0;
	int attr, i, err;

	for (i = 0; i < argc; i++) {
		attr = set_word(&config, argv[i]);
		if (!attr)
			return tool_usage("`%s`: not a setting of a switch; see cvsw-nl(8)",
					  argv[i]);
		fields |= 1u << attr;
	}
	err = cvsw_ctl_switch_set(tool_ctl(tool), &config, fields);
	return err ? tool_failed(tool, err) : EXIT_OK;
}

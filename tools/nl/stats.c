// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* stats, drops */

#include <stdlib.h>
#include <string.h>
#include "tool.h"

/**
 * struct gathered - all counters of a switch
 * @config: for its name
 * @table:  of the table
 * @ports:  of the ports
 * @drops:  by cause: array of {cause, text, frames}
 */
struct gathered {
	struct cvsw_config	config;
	struct cvsw_table_stats	table;
	struct cvsw_port_info	*ports;
	unsigned int		n_ports;
	json_t			*drops;
};

static int gather_port(void *arg, const struct cvsw_port_info *info)
{
	struct gathered *all = arg;

	all->ports = tool_alloc(all->ports, all->n_ports + 1, sizeof(*info));
	all->ports[all->n_ports++] = *info;
	return 0;
}

static void gather_drop(void *arg, const char *name, const char *text,
			__u64 frames)
{
	json_array_append_new(arg, json_pack("{s:s, s:s, s:I}", "cause", name,
					     "text", text, "frames",
					     (json_int_t)frames));
}

static int gather(struct cvsw_ctl *ctl, struct gathered *all)
{
	int err;

	all->drops = json_array();
	err = cvsw_ctl_switch_get(ctl, &all->config, &all->table);
	if (!err)
		err = cvsw_ctl_port_dump(ctl, gather_port, all);
	if (!err)
		err = cvsw_ctl_drops(ctl, gather_drop, all->drops);
	return err;
}

static void release(struct gathered *all)
{
	free(all->ports);
	json_decref(all->drops);
}

/* For people */

static void print_stats(const struct gathered *all)
{
	const struct cvsw_table_stats *t = &all->table;
	const struct cvsw_port_stats *s;
	unsigned int i;

	printf("table  flows %u of %u  masks %u  subtables %u  memory %llu KiB\n",
	       t->flows, t->max_flows, t->masks, t->subtables,
	       t->memory / 1024);
	printf("       lookups %llu  matched %llu  from cache %llu  malformed %llu\n",
	       t->lookups, t->matched, t->cache_hits, t->malformed);
	printf("%-18s %4s %12s %15s %9s %9s\n", "port", "", "packets", "bytes",
	       "dropped", "errors");
	for (i = 0; i < all->n_ports; i++) {
		s = &all->ports[i].stats;
		printf("%5u %-12s %4s %12llu %15llu %9llu %9llu\n",
		       all->ports[i].no, all->ports[i].name, "rx",
		       s->rx_packets, s->rx_bytes, s->rx_dropped,
		       s->rx_errors);
		printf("%5s %-12s %4s %12llu %15llu %9llu %9llu\n", "", "",
		       "tx", s->tx_packets, s->tx_bytes, s->tx_dropped,
		       s->tx_errors);
	}
}

/* For programs */

static json_t *stats_json(const struct gathered *all)
{
	json_t *ports = json_array();
	unsigned int i;

	for (i = 0; i < all->n_ports; i++)
		json_array_append_new(ports, json_pack("{s:i, s:s, s:o}",
			"no", (int)all->ports[i].no,
			"name", all->ports[i].name,
			"stats", out_port_stats(&all->ports[i].stats)));
	return json_pack("{s:s, s:o, s:o}", "switch", all->config.name,
			 "table", out_table(&all->table), "ports", ports);
}

/* Prometheus text exposition format */

static void metric_head(const char *name, const char *type, const char *help)
{
	printf("# HELP cvsw_%s %s\n# TYPE cvsw_%s %s\n", name, help, name,
	       type);
}

/* a label value: backslash, quote and newline are escaped */
static void label(const char *name, const char *value, const char *before)
{
	printf("%s%s=\"", before, name);
	for (; *value; value++) {
		if (*value == '\n') {
			fputs("\\n", stdout);
			continue;
		}
		if (*value == '\\' || *value == '"')
			putchar('\\');
		putchar(*value);
	}
	putchar('"');
}

static void metric_table(const struct gathered *all, const char *name,
			 const char *type, const char *help, __u64 value)
{
	metric_head(name, type, help);
	printf("cvsw_%s", name);
	label("switch", all->config.name, "{");
	printf("} %llu\n", value);
}

static void metric_ports(const struct gathered *all, const char *name,
			 const char *help, size_t offset)
{
	const struct cvsw_port_stats *stats;
	unsigned int i;
	__u64 value;

	metric_head(name, "counter", help);
	for (i = 0; i < all->n_ports; i++) {
		stats = &all->ports[i].stats;
		memcpy(&value, (const char *)stats + offset, sizeof(value));
		printf("cvsw_%s", name);
		label("switch", all->config.name, "{");
		label("port", all->ports[i].name, ",");
		printf(",no=\"%u\"} %llu\n", all->ports[i].no, value);
	}
}

static void metric_drops(const struct gathered *all)
{
	json_t *drop;
	size_t i;

	metric_head("dropped_frames_total", "counter",
		    "Frames dropped, by cause.");
	json_array_foreach(all->drops, i, drop) {
		fputs("cvsw_dropped_frames_total", stdout);
		label("switch", all->config.name, "{");
		label("cause", json_string_value(json_object_get(drop, "cause")),
		      ",");
		printf("} %lld\n", (long long)json_integer_value(
			       json_object_get(drop, "frames")));
	}
}

static void print_prometheus(const struct gathered *all)
{
	const struct cvsw_table_stats *t = &all->table;

	metric_table(all, "flows", "gauge", "Flows in the table.", t->flows);
	metric_table(all, "flows_max", "gauge", "Bound of the table.",
		     t->max_flows);
	metric_table(all, "flow_masks", "gauge", "Distinct masks.", t->masks);
	metric_table(all, "flow_memory_bytes", "gauge",
		     "Memory of flows and lookup structures.", t->memory);
	metric_table(all, "lookups_total", "counter", "Frames looked up.",
		     t->lookups);
	metric_table(all, "matched_total", "counter",
		     "Lookups that found a flow.", t->matched);
	metric_table(all, "cache_hits_total", "counter",
		     "Lookups that the exact-match cache answered.",
		     t->cache_hits);
	metric_table(all, "malformed_total", "counter",
		     "Frames with a truncated or malformed layer.",
		     t->malformed);
	metric_ports(all, "port_rx_packets_total", "Frames from the port.",
		     offsetof(struct cvsw_port_stats, rx_packets));
	metric_ports(all, "port_rx_bytes_total", "Bytes from the port.",
		     offsetof(struct cvsw_port_stats, rx_bytes));
	metric_ports(all, "port_rx_dropped_total", "Frames refused at the port.",
		     offsetof(struct cvsw_port_stats, rx_dropped));
	metric_ports(all, "port_rx_errors_total", "Of those, malformed.",
		     offsetof(struct cvsw_port_stats, rx_errors));
	metric_ports(all, "port_tx_packets_total", "Frames to the port.",
		     offsetof(struct cvsw_port_stats, tx_packets));
	metric_ports(all, "port_tx_bytes_total", "Bytes to the port.",
		     offsetof(struct cvsw_port_stats, tx_bytes));
	metric_ports(all, "port_tx_dropped_total", "Frames not sent.",
		     offsetof(struct cvsw_port_stats, tx_dropped));
	metric_ports(all, "port_tx_errors_total",
		     "Of those, refused by the device.",
		     offsetof(struct cvsw_port_stats, tx_errors));
	metric_drops(all);
}

int cmd_stats(struct tool *tool, int argc, char **argv)
{
	struct gathered all = {};
	int err;

	(void)argc;
	(void)argv;
	if (tool->json && tool->options & OPT_PROMETHEUS)
		return tool_usage("either --json or --prometheus");
	err = gather(tool_ctl(tool), &all);
	if (err)
		err = tool_failed(tool, err);
	else if (tool->options & OPT_PROMETHEUS)
		print_prometheus(&all);
	else if (tool->json)
		out_object(tool, stats_json(&all));
	else
		print_stats(&all);
	release(&all);
	return err;
}

/* Drops */

int cmd_drops(struct tool *tool, int argc, char **argv)
{
	json_t *drops = json_array(), *drop;
	json_int_t frames;
	size_t i;
	int err;

	(void)argc;
	(void)argv;
	err = cvsw_ctl_drops(tool_ctl(tool), gather_drop, drops);
	if (err) {
		json_decref(drops);
		return tool_failed(tool, err);
	}
	if (tool->json) {
		out_object(tool, drops);
		return EXIT_OK;
	}
	json_array_foreach(drops, i, drop) {
		frames = json_integer_value(json_object_get(drop, "frames"));
		printf("%-14s %12lld  %s\n",
		       json_string_value(json_object_get(drop, "cause")),
		       (long long)frames,
		       json_string_value(json_object_get(drop, "text")));
	}
	json_decref(drops);
	return EXIT_OK;
}

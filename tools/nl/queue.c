// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* queue show, add, set, del */

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "tool.h"

/* Rates, with the units of tc(8) */

static const struct {
	const char	*unit;
	double		bits;
} rate_units[] = {
	{ "Tbit", 1e12 }, { "Gbit", 1e9 }, { "Mbit", 1e6 }, { "kbit", 1e3 },
	{ "bit", 1 },
	/* these are read only */
	{ "", 1 },
	{ "Kibit", 1024. }, { "Mibit", 1024. * 1024 },
	{ "Gibit", 1024. * 1024 * 1024 },
	{ "Tibit", 1024. * 1024 * 1024 * 1024 },
	{ "bps", 8 }, { "kbps", 8e3 }, { "Mbps", 8e6 }, { "Gbps", 8e9 },
	{ "Tbps", 8e12 },
	{ "Kibps", 8 * 1024. }, { "Mibps", 8 * 1024. * 1024 },
	{ "Gibps", 8 * 1024. * 1024 * 1024 },
	{ "Tibps", 8 * 1024. * 1024 * 1024 * 1024 },
};

#define RATE_UNITS	(sizeof(rate_units) / sizeof(*rate_units))
#define RATE_MAX	1e15		/* bits per second */

/* bits per second; exits with the name of the field */
static __u64 rate_read(const char *key, const char *text)
{
	double n = -1;
	size_t i;
	char *end;

	if (*text >= '0' && *text <= '9') {
		n = strtod(text, &end);
		for (i = 0; i < RATE_UNITS; i++)
			if (!strcasecmp(end, rate_units[i].unit))
				break;
		n = i < RATE_UNITS ? n * rate_units[i].bits : -1;
	}
	if (n >= 0 && n <= RATE_MAX)
		return (__u64)n;
	exit(tool_usage("%s: `%s` is not a rate, as 10Mbit", key, text));
}

struct rate_text {
	char	text[24];
};

/* in the largest unit that it is a whole number of; 0 is @none */
static struct rate_text rate_text(__u64 rate, const char *none)
{
	struct rate_text out;
	__u64 unit = 1;
	size_t i;

	for (i = 0; i + 1 < RATE_UNITS && rate_units[i].bits > 1; i++)
		if (rate % (__u64)rate_units[i].bits == 0)
			break;
	unit = (__u64)rate_units[i].bits;
	if (rate)
		snprintf(out.text, sizeof(out.text), "%llu%s", rate / unit,
			 rate_units[i].unit);
	else
		snprintf(out.text, sizeof(out.text), "%s", none);
	return out;
}

/* Show */

static json_t *queue_json(const struct cvsw_queue_info *q)
{
	return json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "port", q->port, "queue", (json_int_t)q->id,
			 "min_rate", (json_int_t)q->min_rate,
			 "max_rate", (json_int_t)q->max_rate,
			 "tx_packets", (json_int_t)q->tx_packets,
			 "tx_bytes", (json_int_t)q->tx_bytes,
			 "tx_errors", (json_int_t)q->tx_errors);
}

static int queue_show(void *arg, const struct cvsw_queue_info *q)
{
	struct tool *tool = arg;
	struct cvsw_text_names names = tool_names(tool);
	char port[32];

	if (tool->json) {
		out_item(tool, queue_json(q));
		return 0;
	}
	if (!tool->items++)
		printf("%-15s %5s %10s %10s %12s %15s %10s\n", "PORT", "QUEUE",
		       "MIN-RATE", "MAX-RATE", "TX-PACKETS", "TX-BYTES",
		       "TX-ERRORS");
	cvsw_text_port_print(port, sizeof(port), q->port, &names);
	printf("%-15s %5u %10s %10s %12llu %15llu %10llu\n", port, q->id,
	       rate_text(q->min_rate, "-").text,
	       rate_text(q->max_rate, "-").text, q->tx_packets, q->tx_bytes,
	       q->tx_errors);
	return 0;
}

int cmd_queue_show(struct tool *tool, int argc, char **argv)
{
	__u16 port = argc ? tool_port(tool, argv[0]) : CVSW_PORT_NONE;
	int err;

	if (tool->json)
		out_list_begin(tool);
	else if (tool->options & OPT_NAMES)
		tool_load_ports(tool);
	err = cvsw_ctl_queue_dump(tool_ctl(tool), port, queue_show, tool);
	if (err)
		return tool_failed(tool, err);
	if (tool->json)
		out_list_end(tool);
	return EXIT_OK;
}

/* Change */

static __u32 queue_id(const char *text)
{
	return (__u32)tool_number("queue", text, 0, CVSW_QUEUE_MAX);
}

/* the queue that is looked for, as it is */
struct queue_look {
	struct cvsw_queue_info	*want;
	bool			found;
};

static int queue_look(void *arg, const struct cvsw_queue_info *q)
{
	struct queue_look *look = arg;

	if (q->id != look->want->id)
		return 0;
	*look->want = *q;
	look->found = true;
	return 1;
}

/* @fresh: it must not be there yet; else it must */
static int queue_set(struct tool *tool, int argc, char **argv, bool fresh)
{
	struct cvsw_queue_info q = {
		.port = tool_port(tool, argv[0]), .id = queue_id(argv[1]),
	};
	struct queue_look look = { .want = &q };
	const char *value;
	int i, err;

	err = cvsw_ctl_queue_dump(tool_ctl(tool), q.port, queue_look, &look);
	if (err)
		return tool_failed(tool, err);
	if (look.found == fresh) {
		fprintf(stderr, "cvsw-nl: queue %u of port %s is %s\n", q.id,
			argv[0], fresh ? "there already" : "not there");
		return EXIT_REFUSED;
	}
	for (i = 2; i < argc; i++) {
		if (tool_key(argv[i], "min_rate", &value))
			q.min_rate = rate_read("min_rate", value);
		else if (tool_key(argv[i], "max_rate", &value))
			q.max_rate = rate_read("max_rate", value);
		else
			return tool_usage("`%s`: not min_rate=RATE or max_rate=RATE",
					  argv[i]);
	}
	err = cvsw_ctl_queue_set(tool_ctl(tool), &q);
	return err ? tool_failed(tool, err) : EXIT_OK;
}

int cmd_queue_add(struct tool *tool, int argc, char **argv)
{
	return queue_set(tool, argc, argv, true);
}

int cmd_queue_set(struct tool *tool, int argc, char **argv)
{
	return queue_set(tool, argc, argv, false);
}

int cmd_queue_del(struct tool *tool, int argc, char **argv)
{
	__u16 port = tool_port(tool, argv[0]);
	__u32 id = strcmp(argv[1], "all") ? queue_id(argv[1]) : CVSW_QUEUE_ALL;
	int err;

	(void)argc;
	err = cvsw_ctl_queue_del(tool_ctl(tool), port, id);
	return err ? tool_failed(tool, err) : EXIT_OK;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* flow add, mod, del, dump */

#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* Change */

static int change(struct tool *tool, const struct flow_list *list)
{
	struct cvsw_ctl *ctl = tool_ctl(tool);
	unsigned int i;
	int err;

	if (tool->options & OPT_BUNDLE) {
		err = cvsw_ctl_flow_mods(ctl, list->mods, list->n);
		return err ? flow_list_refused(tool, list, 0, err) : EXIT_OK;
	}
	for (i = 0; i < list->n; i++) {
		err = cvsw_ctl_flow_mods(ctl, &list->mods[i], 1);
		if (err)
			return flow_list_refused(tool, list, i, err);
	}
	return EXIT_OK;
}

static int read_and_change(struct tool *tool, __u16 cmd, int argc, char **argv)
{
	struct flow_list list = {};
	int code;

	code = flow_list_read(tool, &list, cmd, argc, argv);
	if (!code)
		code = change(tool, &list);
	flow_list_free(&list);
	return code;
}

int cmd_flow_add(struct tool *tool, int argc, char **argv)
{
	if (!argc && !tool->file)
		return tool_usage("usage: cvsw-nl flow add FLOW... | --file FILE");
	return read_and_change(tool, CVSW_FLOW_ADD, argc, argv);
}

int cmd_flow_mod(struct tool *tool, int argc, char **argv)
{
	if (!argc && !tool->file)
		return tool_usage("usage: cvsw-nl flow mod FLOW... | --file FILE");
	return read_and_change(tool, tool->options & OPT_STRICT ?
			       CVSW_FLOW_MOD_STRICT : CVSW_FLOW_MOD, argc,
			       argv);
}

int cmd_flow_del(struct tool *tool, int argc, char **argv)
{
	char nothing[] = "", *all[] = { nothing };

	if (!argc && !tool->file && tool->options & OPT_STRICT)
		return tool_usage("--strict: which flow?");
	if (!argc && !tool->file) {
		argc = 1;
		argv = all;
	}
	return read_and_change(tool, tool->options & OPT_STRICT ?
			       CVSW_FLOW_DEL_STRICT : CVSW_FLOW_DEL, argc,
			       argv);
}

/* Dump */

/**
 * struct line - a flow to be sorted
 * @flow: the flow, with actions and options of its own
 * @text: as it is printed
 */
struct line {
	struct cvsw_flow	flow;
	char			*text;
};

struct dump {
	struct tool		*tool;
	struct cvsw_text_names	names;
	unsigned int		flags;
	struct line		*lines;
	unsigned int		n;
	unsigned int		room;
};

static void dump_text(const struct dump *dump, const struct cvsw_flow *flow,
		      char *text, size_t size)
{
	cvsw_text_flow_print(text, size, flow, dump->flags, &dump->names);
}

static int dump_now(void *arg, const struct cvsw_flow *flow)
{
	struct dump *dump = arg;
	char text[CVSW_TEXT_MAX];

	if (dump->tool->json) {
		out_item(dump->tool, out_flow(dump->tool, flow));
		return 0;
	}
	dump_text(dump, flow, text, sizeof(text));
	puts(text);
	return ferror(stdout);
}

static int dump_later(void *arg, const struct cvsw_flow *flow)
{
	struct dump *dump = arg;
	char text[CVSW_TEXT_MAX];
	struct line *line;

	if (dump->n == dump->room) {
		dump->room = dump->room ? 2 * dump->room : 256;
		dump->lines = tool_alloc(dump->lines, dump->room,
					 sizeof(*dump->lines));
	}
	line = &dump->lines[dump->n++];
	line->flow = *flow;
	flow_keep(&line->flow);
	dump_text(dump, flow, text, sizeof(text));
	line->text = strdup(text);
	return 0;
}

static int by_text(const struct line *a, const struct line *b)
{
	return strcmp(a->text, b->text);
}

#define HIGHEST_FIRST(name, field)					\
static int by_##name(const void *x, const void *y)			\
{									\
	const struct line *a = x, *b = y;				\
									\
	if (a->flow.field != b->flow.field)				\
		return a->flow.field < b->flow.field ? 1 : -1;		\
	return by_text(a, b);						\
}
HIGHEST_FIRST(priority, priority)
HIGHEST_FIRST(packets, packets)
HIGHEST_FIRST(bytes, bytes)
HIGHEST_FIRST(age, age_ns)
HIGHEST_FIRST(cookie, cookie)

typedef int (*order_fn)(const void *x, const void *y);

static order_fn find_order(const char *key)
{
	static const struct {
		const char	*key;
		order_fn	order;
	} orders[] = {
		{ "priority", by_priority }, { "packets", by_packets },
		{ "bytes", by_bytes }, { "age", by_age },
		{ "cookie", by_cookie },
	};
	size_t i;

	for (i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (!strcmp(key, orders[i].key))
			return orders[i].order;
	exit(tool_usage("--sort: `%s` is none of priority, packets, bytes, age, cookie",
			key));
}

static void dump_sorted(struct dump *dump, order_fn order)
{
	unsigned int i;

	if (dump->n)
		qsort(dump->lines, dump->n, sizeof(*dump->lines), order);
	for (i = 0; i < dump->n; i++) {
		if (dump->tool->json)
			out_item(dump->tool, out_flow(dump->tool,
						      &dump->lines[i].flow));
		else
			puts(dump->lines[i].text);
		flow_free(&dump->lines[i].flow);
		free(dump->lines[i].text);
	}
	free(dump->lines);
}

int cmd_flow_dump(struct tool *tool, int argc, char **argv)
{
	order_fn order = tool->sort ? find_order(tool->sort) : NULL;
	struct flow_list filter = {};
	struct dump dump = { .tool = tool };
	int err, code;

	code = flow_list_read(tool, &filter, CVSW_FLOW_DEL, argc, argv);
	if (code)
		return code;
	dump.flags = tool->options & OPT_NO_STATS ? 0 : CVSW_TEXT_STATS;
	dump.names = tool_names(tool);
	if (tool->json)
		out_list_begin(tool);
	err = cvsw_ctl_flow_dump(tool_ctl(tool), filter.n ? filter.mods : NULL,
				 order ? dump_later : dump_now, &dump);
	flow_list_free(&filter);
	if (err)
		return tool_failed(tool, err);
	if (order)
		dump_sorted(&dump, order);
	if (tool->json)
		out_list_end(tool);
	return EXIT_OK;
}

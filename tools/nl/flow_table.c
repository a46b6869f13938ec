// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* flow replace, flow diff: a whole table against a whole file */

#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* the file, by word or by --file */
static const char *file_of(const struct tool *tool, int argc, char **argv)
{
	if (argc == 1 && !tool->file)
		return argv[0];
	if (!argc && tool->file)
		return tool->file;
	exit(tool_usage("one file, or - for standard input, is needed"));
}

/* the flows of a table: nothing but flows to add */
static int read_table(struct tool *tool, struct flow_list *list, int argc,
		      char **argv)
{
	unsigned int i;
	int code;

	code = flow_list_read_file(tool, list, CVSW_FLOW_ADD, true,
				   file_of(tool, argc, argv));
	for (i = 0; i < list->n && !code; i++) {
		if (list->mods[i].cmd == CVSW_FLOW_ADD)
			continue;
		fprintf(stderr, "%s:%u: a table consists of flows to add\n",
			list->file, list->lines[i]);
		code = EXIT_USAGE;
	}
	return code;
}

int cmd_flow_replace(struct tool *tool, int argc, char **argv)
{
	struct flow_list list = {};
	struct cvsw_flow *flows;
	unsigned int i;
	int err, code;

	code = read_table(tool, &list, argc, argv);
	if (code)
		goto out;
	flows = tool_alloc(NULL, list.n, sizeof(*flows));
	for (i = 0; i < list.n; i++)
		flows[i] = list.mods[i].flow;
	err = cvsw_ctl_flow_replace(tool_ctl(tool), flows, list.n);
	code = err ? flow_list_refused(tool, &list, 0, err) : EXIT_OK;
	free(flows);
out:
	flow_list_free(&list);
	return code;
}

/* Diff: both sides as sorted lines of text */

struct side {
	struct tool		*tool;
	struct cvsw_text_names	names;
	char			**lines;
	unsigned int		n;
	unsigned int		room;
};

static int side_add(void *arg, const struct cvsw_flow *flow)
{
	struct cvsw_flow plain = *flow;
	struct side *side = arg;
	char text[CVSW_TEXT_MAX];

	if (side->n == side->room) {
		side->room = side->room ? 2 * side->room : 256;
		side->lines = tool_alloc(side->lines, side->room,
					 sizeof(*side->lines));
	}
	/* asked for when it was added, not part of it */
	plain.flags &= (__u16)~CVSW_FLOW_F_CHECK_OVERLAP;
	cvsw_text_flow_print(text, sizeof(text), &plain, 0, &side->names);
	side->lines[side->n++] = strdup(text);
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void side_sort(struct side *side)
{
	if (side->n)
		qsort(side->lines, side->n, sizeof(*side->lines), compare);
}

static void side_free(struct side *side)
{
	while (side->n)
		free(side->lines[--side->n]);
	free(side->lines);
}

static void differs(struct tool *tool, char sign, const char *text)
{
	if (tool->json)
		out_item(tool, json_pack("{s:s, s:s}", "only_in",
					 sign == '-' ? "switch" : "file",
					 "flow", text));
	else
		printf("%c%s\n", sign, text);
}

/* returns whether there was a difference */
static bool merge(struct tool *tool, const struct side *table,
		  const struct side *file)
{
	unsigned int i = 0, j = 0;
	bool any = false;
	int order;

	while (i < table->n || j < file->n) {
		if (i == table->n)
			order = 1;
		else if (j == file->n)
			order = -1;
		else
			order = strcmp(table->lines[i], file->lines[j]);
		any |= order != 0;
		if (order < 0)
			differs(tool, '-', table->lines[i]);
		else if (order > 0)
			differs(tool, '+', file->lines[j]);
		i += order <= 0;
		j += order >= 0;
	}
	return any;
}

int cmd_flow_diff(struct tool *tool, int argc, char **argv)
{
	struct side table = { .tool = tool }, file = { .tool = tool };
	struct flow_list list = {};
	unsigned int i;
	int err, code;
	bool any;

	code = read_table(tool, &list, argc, argv);
	if (code)
		return code;
	table.names = tool_names(tool);
	file.names = table.names;
	err = cvsw_ctl_flow_dump(tool_ctl(tool), NULL, side_add, &table);
	if (err)
		return tool_failed(tool, err);
	for (i = 0; i < list.n; i++)
		side_add(&file, &list.mods[i].flow);
	side_sort(&table);
	side_sort(&file);
	if (tool->json)
		out_list_begin(tool);
	any = merge(tool, &table, &file);
	if (tool->json)
		out_list_end(tool);
	side_free(&table);
	side_free(&file);
	flow_list_free(&list);
	return any ? EXIT_DIFFER : EXIT_OK;
}

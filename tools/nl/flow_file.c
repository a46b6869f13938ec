// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flows from words of the command line and lines of files.  In a file empty
 * lines and what is behind a # at the start of a line do not count, and a line
 * may start with its command (add, modify, delete, ...).
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* a copy of @n bytes, of which there may be none */
static void *copy_of(const void *from, size_t n)
{
	void *copy = tool_alloc(NULL, n, 1);

	if (n)
		memcpy(copy, from, n);
	return copy;
}

void flow_keep(struct cvsw_flow *flow)
{
	flow->actions = copy_of(flow->actions,
				flow->n_actions * sizeof(*flow->actions));
	flow->opts = copy_of(flow->opts, flow->n_opts * sizeof(*flow->opts));
}

void flow_free(struct cvsw_flow *flow)
{
	free((void *)flow->actions);
	free((void *)flow->opts);
}

static void list_add(struct flow_list *list, const struct cvsw_flow_mod *mod,
		     unsigned int line)
{
	if (list->n == list->room) {
		list->room = list->room ? 2 * list->room : 16;
		list->mods = tool_alloc(list->mods, list->room,
					sizeof(*list->mods));
		list->lines = tool_alloc(list->lines, list->room,
					 sizeof(*list->lines));
	}
	list->mods[list->n] = *mod;
	flow_keep(&list->mods[list->n].flow);
	list->lines[list->n++] = line;
}

/* "FILE:LINE: column C: why", or without the first two for a word */
static void tell(const struct flow_list *list, unsigned int line,
		 const struct cvsw_text_error *err, const char *kind)
{
	if (list->file)
		fprintf(stderr, "%s:%u: ", list->file, line);
	else
		fputs("cvsw-nl: ", stderr);
	if (err->column)
		fprintf(stderr, "column %u: ", err->column);
	fprintf(stderr, "%s%s\n", kind, err->text);
}

static int list_parse(struct tool *tool, struct flow_list *list, __u16 cmd,
		      bool verbs, const char *text, unsigned int line)
{
	struct cvsw_text_names names = tool_names(tool);
	struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_action actions[CVSW_ACTIONS_MAX];
	struct cvsw_text_error err = {};
	struct cvsw_flow_mod mod;

	if (cvsw_text_mod_parse(text, cmd, verbs ? CVSW_TEXT_VERB : 0, &names,
				&mod, actions, CVSW_ACTIONS_MAX, opts, &err)) {
		tell(list, line, &err, "");
		return EXIT_USAGE;
	}
	if (*err.text)
		tell(list, line, &err, "warning: ");
	list_add(list, &mod, line);
	return 0;
}

static int list_lines(struct tool *tool, struct flow_list *list, __u16 cmd,
		      bool verbs, FILE *file)
{
	unsigned int line = 0;
	char *text = NULL, *start;
	size_t size = 0;
	int code = 0;

	while (!code && getline(&text, &size, file) >= 0) {
		line++;
		start = text + strspn(text, " \t\r\n");
		if (*start && *start != '#')
			code = list_parse(tool, list, cmd, verbs, text, line);
	}
	free(text);
	return code;
}

int flow_list_read_file(struct tool *tool, struct flow_list *list, __u16 cmd,
			bool verbs, const char *path)
{
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdin : fopen(path, "r");
	int code;

	if (!file)
		return tool_usage("%s: %s", path, strerror(errno));
	list->file = standard ? "<stdin>" : path;
	code = list_lines(tool, list, cmd, verbs, file);
	if (!code && ferror(file))
		code = tool_usage("%s: %s", path, strerror(errno));
	if (!standard)
		fclose(file);
	return code;
}

int flow_list_read(struct tool *tool, struct flow_list *list, __u16 cmd,
		   int argc, char **argv)
{
	int i, code = 0;

	if (tool->file && argc)
		return tool_usage("flows are in words or in a file, not both");
	if (tool->file)
		return flow_list_read_file(tool, list, cmd, true, tool->file);
	if (argc == 1 && !strcmp(argv[0], "-"))
		return flow_list_read_file(tool, list, cmd, true, "-");
	for (i = 0; i < argc && !code; i++)
		code = list_parse(tool, list, cmd, false, argv[i], 0);
	return code;
}

void flow_list_free(struct flow_list *list)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		flow_free(&list->mods[i].flow);
	free(list->mods);
	free(list->lines);
}

int flow_list_refused(struct tool *tool, const struct flow_list *list,
		      unsigned int i, int err)
{
	const struct cvsw_ctl_error *error = cvsw_ctl_error(tool->ctl);

	if (error->index >= 0)
		i += (unsigned int)error->index;
	if (i >= list->n || (!list->file && list->n == 1))
		return tool_failed(tool, err);
	if (list->file)
		fprintf(stderr, "%s:%u: ", list->file, list->lines[i]);
	else
		fprintf(stderr, "cvsw-nl: flow %u: ", i + 1);
	if (error->sub >= 0)
		fprintf(stderr, "action %d: ", error->sub + 1);
	fprintf(stderr, "%s\n", error->text);
	return err == -ECONNRESET ? EXIT_UNREACHED : EXIT_REFUSED;
}

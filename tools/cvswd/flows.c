// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "flows.h"

#include <stdio.h>

static int flow_list_grow(struct flow_list *list)
{
	unsigned int room = max_t(unsigned int, list->room * 2, 64);
	struct cvsw_flow *flow;
	unsigned int *line;

	if (list->n < list->room)
		return 0;
	flow = reallocarray(list->flow, room, sizeof(*flow));
	if (!flow)
		return -ENOMEM;
	list->flow = flow;
	line = reallocarray(list->line, room, sizeof(*line));
	if (!line)
		return -ENOMEM;
	list->line = line;
	list->room = room;
	return 0;
}

static int flow_list_add(struct flow_list *list, const struct cvsw_flow *flow,
			 unsigned int line)
{
	const size_t acts = flow->n_actions * sizeof(*flow->actions);
	const size_t opts = flow->n_opts * sizeof(*flow->opts);
	struct cvsw_flow copy = *flow;
	u8 *room = NULL;

	if (flow_list_grow(list))
		return -ENOMEM;
	if (acts + opts) {
		room = malloc(acts + opts);
		if (!room)
			return -ENOMEM;
	}
	copy.actions = (void *)room;
	if (acts)
		memcpy(room, flow->actions, acts);
	if (opts) {
		copy.opts = (void *)(room + acts);
		memcpy(room + acts, flow->opts, opts);
	}
	list->flow[list->n] = copy;
	list->line[list->n++] = line;
	return 0;
}

int flow_list_line(struct flow_list *list, const char *text, unsigned int line,
		   u16 cmd, const struct cvsw_text_names *names, char *why,
		   size_t size)
{
	struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_action actions[CVSW_ACTIONS_MAX];
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	int ret;

	text += strspn(text, " \t\r\n");
	if (!*text || *text == '#')
		return 0;
	ret = cvsw_text_mod_parse(text, cmd, 0, names, &mod, actions,
				  CVSW_ACTIONS_MAX, opts, &err);
	if (ret) {
		snprintf(why, size, "column %u: %s", err.column, err.text);
		return ret;
	}
	ret = flow_list_add(list, &mod.flow, line);
	if (ret)
		snprintf(why, size, "no memory");
	return ret;
}

int flow_list_read(struct flow_list *list, const char *path,
		   const struct cvsw_text_names *names, char *why, size_t size)
{
	unsigned int line = 0;
	char *text = NULL, reason[256];
	size_t room = 0;
	FILE *file;
	int ret = 0;

	file = fopen(path, "re");
	if (!file) {
		ret = -errno;
		snprintf(why, size, "%s: %s", path, strerror(-ret));
		return ret;
	}
	while (!ret && getline(&text, &room, file) >= 0)
		ret = flow_list_line(list, text, ++line, CVSW_FLOW_ADD, names,
				     reason, sizeof(reason));
	if (ret)
		snprintf(why, size, "%s:%u: %s", path, line, reason);
	free(text);
	fclose(file);
	return ret;
}

void flow_list_free(struct flow_list *list)
{
	while (list->n)
		free((void *)list->flow[--list->n].actions);
	free(list->flow);
	free(list->line);
	*list = (struct flow_list){};
}

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_FLOWS_H
#define CVSWD_FLOWS_H

/* Lists of flows from text files, one flow a line as in <cvsw/text.h>. */

#include <cvsw/text.h>
#include "os.h"

/**
 * struct flow_list - flows, with the lines they stood in
 * @flow: their actions and options belong to the list, one memory for each flow,
 *        which starts with the actions
 * @line: of each
 */
struct flow_list {
	struct cvsw_flow	*flow;
	unsigned int		*line;
	unsigned int		n;
	unsigned int		room;
};

/**
 * flow_list_line - add the flow of one line, if there is one
 * @cmd:  CVSW_FLOW_ADD or, to take counters too, CVSW_FLOW_RESTORE
 * @why:  receives what is wrong
 * @size: bytes of @why
 */
int flow_list_line(struct flow_list *list, const char *text, unsigned int line,
		   u16 cmd, const struct cvsw_text_names *names, char *why,
		   size_t size);

/**
 * flow_list_read - read a whole file
 * @why: receives "FILE:LINE: what is wrong"
 */
int flow_list_read(struct flow_list *list, const char *path,
		   const struct cvsw_text_names *names, char *why, size_t size);

void flow_list_free(struct flow_list *list);

#endif /* CVSWD_FLOWS_H */

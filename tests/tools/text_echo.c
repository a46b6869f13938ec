// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Reads flows, one a line, and prints each as the flow text has it. */

#include <stdio.h>
#include <string.h>
#include <cvsw/text.h>

int main(void)
{
	static struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	static struct cvsw_action actions[CVSW_ACTIONS_MAX];
	static char line[CVSW_TEXT_MAX], text[CVSW_TEXT_MAX];
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	int bad = 0;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (cvsw_text_mod_parse(line, CVSW_FLOW_ADD, 0, NULL, &mod,
					actions, CVSW_ACTIONS_MAX, opts, &err)) {
			fprintf(stderr, "%s: column %u: %s\n", line, err.column,
				err.text);
			bad = 1;
			continue;
		}
		cvsw_text_flow_print(text, sizeof(text), &mod.flow, 0, NULL);
		puts(text);
	}
	return bad;
}

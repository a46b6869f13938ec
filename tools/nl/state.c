// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* save, restore */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tool.h"

static int save_to(struct tool *tool, FILE *file)
{
	int err = cvsw_ctl_save(tool_ctl(tool), file);

	return err ? tool_failed(tool, err) : EXIT_OK;
}

/* beside its place, then into it, so that an old file is whole or replaced */
int cmd_save(struct tool *tool, int argc, char **argv)
{
	size_t size = strlen(argv[0]) + 8;
	char *path;
	FILE *file;
	int fd, code;

	(void)argc;
	if (!strcmp(argv[0], "-"))
		return save_to(tool, stdout);
	tool_ctl(tool);
	path = tool_alloc(NULL, size, 1);
	snprintf(path, size, "%s.XXXXXX", argv[0]);
	fd = mkstemp(path);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!file) {
		code = tool_usage("%s: %s", path, strerror(errno));
		free(path);
		return code;
	}
	code = save_to(tool, file);
	if (fclose(file) && !code)
		code = tool_usage("%s: %s", path, strerror(errno));
	if (!code && rename(path, argv[0]))
		code = tool_usage("%s: %s", argv[0], strerror(errno));
	if (code)
		unlink(path);
	free(path);
	return code;
}

int cmd_restore(struct tool *tool, int argc, char **argv)
{
	static const char *const words[] = { "switch", "ports", "flows" };
	bool standard = !strcmp(argv[0], "-");
	unsigned int what = 0, bit;
	FILE *file;
	int i, err;

	for (i = 1; i < argc; i++) {
		for (bit = 0; bit < 3 && strcmp(argv[i], words[bit]); bit++)
			;
		if (bit == 3)
			return tool_usage("`%s` is none of switch, ports, flows",
					  argv[i]);
		what |= 1u << bit;
	}
	file = standard ? stdin : fopen(argv[0], "r");
	if (!file)
		return tool_usage("%s: %s", argv[0], strerror(errno));
	err = cvsw_ctl_restore(tool_ctl(tool), file, what ? what :
			       CVSW_CTL_RESTORE_ALL);
	if (!standard)
		fclose(file);
	if (err == -EBADMSG)
		return tool_usage("%s: %s", argv[0],
				  cvsw_ctl_error(tool->ctl)->text);
	return err ? tool_failed(tool, err) : EXIT_OK;
}

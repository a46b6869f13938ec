// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* attach, detach: switches that the kernel module has in interfaces */

#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* of the kernel's switches, whatever the default is, but for a host's */
static int iface(struct tool *tool, const char *name,
		 int (*change)(struct cvsw_ctl *ctl, const char *iface))
{
	int err;

	if (!strncmp(tool->where, "frame:", 6))
		exit(tool_usage("%s: switches are attached in the guest",
				tool->where));
	if (strncmp(tool->where, "netlink:", 8))
		tool->where = "netlink:";
	err = change(tool_ctl(tool), name);
	return err ? tool_failed(tool, err) : EXIT_OK;
}

int cmd_attach(struct tool *tool, int argc, char **argv)
{
	(void)argc;
	return iface(tool, argv[0], cvsw_ctl_attach);
}

int cmd_detach(struct tool *tool, int argc, char **argv)
{
	(void)argc;
	return iface(tool, argv[0], cvsw_ctl_detach);
}

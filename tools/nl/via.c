// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control by frames.  A vNIC whose host goes without a word waits for it, and then
 * may stop its guest's traffic; so its session is ended in good order, also when a
 * signal ends us, or a command gives up.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "tool.h"

static const int via_signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGTERM };

#define VIA_SIGNALS	(sizeof(via_signals) / sizeof(*via_signals))

static struct tool *via_tool;
static volatile sig_atomic_t via_fd = -1;
static volatile sig_atomic_t via_signal;

static bool via_frames(const struct tool *tool)
{
	return !strncmp(tool->where, "frame:", 6);
}

bool via_blind(const struct tool *tool)
{
	return via_frames(tool) && !strstr(tool->where, ",key=");
}

void via_done(const struct tool *tool)
{
	if (!tool->ctl || !via_blind(tool))
		return;
	if (tool->json)
		out_object(tool, json_pack("{s:b}", "sent", 1));
	else
		puts("sent");
}

bool via_stopped(void)
{
	return via_signal;
}

/* what waits for an answer learns that there will be none */
static void via_stop(int signo)
{
	via_signal = signo;
	if (via_fd >= 0)
		shutdown(via_fd, SHUT_RDWR);
}

/* the last that we do */
static void via_leave(void)
{
	via_fd = -1;
	cvsw_ctl_close(via_tool->ctl);
	if (!via_signal)
		return;
	signal(via_signal, SIG_DFL);
	raise(via_signal);
}

static void via_ready(struct tool *tool)
{
	const struct sigaction action = { .sa_handler = via_stop };
	size_t i;

	via_tool = tool;
	via_fd = cvsw_ctl_fd(tool->ctl);
	for (i = 0; i < VIA_SIGNALS; i++)
		sigaction(via_signals[i], &action, NULL);
	atexit(via_leave);
}

/* a signal that comes meanwhile waits until we can heed it */
int via_open(struct tool *tool, struct cvsw_ctl_error *error)
{
	sigset_t set, before;
	size_t i;
	int err;

	if (!via_frames(tool))
		return cvsw_ctl_open(&tool->ctl, tool->where, error);
	sigemptyset(&set);
	for (i = 0; i < VIA_SIGNALS; i++)
		sigaddset(&set, via_signals[i]);
	sigprocmask(SIG_BLOCK, &set, &before);
	err = cvsw_ctl_open(&tool->ctl, tool->where, error);
	if (!err)
		via_ready(tool);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

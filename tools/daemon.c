// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "daemon.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTEN_BACKLOG	16

/* Log */

static const char *say_program = "";
static int say_priority = LOG_INFO;
static bool say_syslog;

void daemon_log(const char *program, int priority, bool to_syslog)
{
	say_program = program;
	say_priority = priority;
	say_syslog = to_syslog;
	if (to_syslog)
		openlog(program, LOG_PID, LOG_DAEMON);
}

void say(int priority, const char *format, ...)
{
	char line[1024];
	va_list args;

	if (priority > say_priority)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (say_syslog)
		syslog(priority, "%s", line);
	else
		fprintf(stderr, "%s: %s\n", say_program, line);
}

/* Process */

int daemon_background(int *ready_fd)
{
	int fds[2], null;
	char byte;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid) {
		close(fds[1]);
		_exit(read(fds[0], &byte, 1) == 1 ? 0 : 1);
	}
	close(fds[0]);
	*ready_fd = fds[1];
	setsid();
	null = open("/dev/null", O_RDWR);
	if (null < 0)
		return -errno;
	dup2(null, 0);
	dup2(null, 1);
	if (say_syslog)
		dup2(null, 2);
	close(null);
	return 0;
}

void daemon_ready(int ready_fd)
{
	if (ready_fd < 0)
		return;
	if (write(ready_fd, "", 1) < 0)
		say(LOG_WARNING, "nobody waits for us: %m");
	close(ready_fd);
}

/* open, and so locked, as long as the process lives */
int daemon_pidfile(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	int ret = 0;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) || ftruncate(fd, 0) ||
	    dprintf(fd, "%d\n", (int)getpid()) < 0)
		ret = -errno;
	if (ret)
		say(LOG_ERR, "%s: %s%s", path,
		    ret == -EWOULDBLOCK ? "held by another " : "",
		    ret == -EWOULDBLOCK ? say_program : strerror(-ret));
	return ret;
}

/* Signals */

int daemon_signals(void)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int daemon_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	say(LOG_NOTICE, "SIG%s from process %u",
	    sigabbrev_np((int)info.ssi_signo), info.ssi_pid);
	return (int)info.ssi_signo;
}

/* Rights */

static int daemon_capabilities(const unsigned int *caps, size_t n)
{
	size_t i;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	if (capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE)
		return 0;
	capng_clear(CAPNG_SELECT_BOTH);
	for (i = 0; i < n; i++)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			     caps[i]);
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

int daemon_drop_privileges(const unsigned int *caps, size_t n)
{
	int ret = daemon_capabilities(caps, n);

	if (ret)
		say(LOG_ERR, "cannot drop capabilities: %s", strerror(-ret));
	return ret;
}

/* Sockets */

/* is the socket left over from a daemon that was killed? */
static bool listen_is_stale(const struct sockaddr_un *addr, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	bool stale;

	if (fd < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) &&
		errno == ECONNREFUSED;
	close(fd);
	return stale;
}

/* the directory of the default socket is ours to make */
static void listen_mkdir(const struct sockaddr_un *addr)
{
	char dir[sizeof(addr->sun_path)];
	char *slash;

	strcpy(dir, addr->sun_path);
	slash = strrchr(dir, '/');
	if (slash && slash != dir) {
		*slash = '\0';
		mkdir(dir, 0755);
	}
}

static int listen_bind(int fd, const struct sockaddr_un *addr, int type)
{
	const struct sockaddr *sa = (const struct sockaddr *)addr;
	mode_t old = umask(0177);
	int ret = bind(fd, sa, sizeof(*addr)) ? -errno : 0;

	if (ret == -EADDRINUSE && listen_is_stale(addr, type)) {
		unlink(addr->sun_path);
		ret = bind(fd, sa, sizeof(*addr)) ? -errno : 0;
	}
	umask(old);
	if (!ret && listen(fd, LISTEN_BACKLOG)) {
		ret = -errno;
		unlink(addr->sun_path);
	}
	return ret;
}

int daemon_listen(const char *path, int type)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	listen_mkdir(&addr);
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	ret = listen_bind(fd, &addr, type);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

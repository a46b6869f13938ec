// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "quiet.h"

#include <stdlib.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include "os.h"

/* enum quiet_kind - GRE has no ports, and one socket for each IP version */
enum quiet_kind {
	QUIET_VXLAN,
	QUIET_GENEVE,
	QUIET_STT,
	QUIET_GRE4,
	QUIET_GRE6,
	QUIET_KINDS
};

static const struct {
	int family, type, proto;
} quiet_kinds[QUIET_KINDS] = {
	[QUIET_VXLAN]	= { AF_INET6, SOCK_DGRAM,  IPPROTO_UDP },
	[QUIET_GENEVE]	= { AF_INET6, SOCK_DGRAM,  IPPROTO_UDP },
	[QUIET_STT]	= { AF_INET6, SOCK_STREAM, IPPROTO_TCP },
	[QUIET_GRE4]	= { AF_INET,  SOCK_RAW,	   IPPROTO_GRE },
	[QUIET_GRE6]	= { AF_INET6, SOCK_RAW,	   IPPROTO_GRE },
};

/*
 * struct quiet
 * @fd: -1 where there is none.  The raw ones have no port to wait for, and
 *      work from the start: nobody else is served by "protocol unreachable"
 */
struct quiet {
	int	fd[QUIET_KINDS];
	bool	started;
};

/* nothing gets past it */
static int quiet_filter(int fd)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	const struct sock_fprog prog = { .len = 1, .filter = &drop };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
			  sizeof(prog));
}

static int quiet_socket(enum quiet_kind kind)
{
	int fd = socket(quiet_kinds[kind].family,
			quiet_kinds[kind].type | SOCK_CLOEXEC,
			quiet_kinds[kind].proto);

	if (fd >= 0 && quiet_filter(fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

struct quiet *quiet_new(void)
{
	struct quiet *quiet = calloc(1, sizeof(*quiet));
	unsigned int i;

	if (!quiet)
		return NULL;
	for (i = 0; i < QUIET_KINDS; i++)
		quiet->fd[i] = quiet_socket(i);
	return quiet;
}

void quiet_free(struct quiet *quiet)
{
	unsigned int i;

	if (!quiet)
		return;
	for (i = 0; i < QUIET_KINDS; i++)
		if (quiet->fd[i] >= 0)
			close(quiet->fd[i]);
	free(quiet);
}

/* a socket that cannot have the port is of no use */
static void quiet_bind(struct quiet *quiet, enum quiet_kind kind, u16 port)
{
	const struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr = IN6ADDR_ANY_INIT,
	};
	int fd = quiet->fd[kind];

	if (fd < 0)
		return;
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) ||
	    (quiet_kinds[kind].type == SOCK_STREAM && listen(fd, 1))) {
		close(fd);
		quiet->fd[kind] = -1;
	}
}

void quiet_start(struct quiet *quiet, const struct cvsw_config *config)
{
	if (!quiet || quiet->started)
		return;
	quiet->started = true;
	quiet_bind(quiet, QUIET_VXLAN, config->vxlan_port);
	quiet_bind(quiet, QUIET_GENEVE, config->geneve_port);
	quiet_bind(quiet, QUIET_STT, config->stt_port);
}

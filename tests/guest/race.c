// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * race SECONDS SEED SIDE IFACE...: random requests to the switches of IFACEs, by
 * three processes each, one of which listens for events.  Any of them is killed
 * at any time, whatever it is at, and another takes its place.  That a switch,
 * or the module, is not there is no error.  In the end it tells how often each
 * request was answered well.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "request.h"

#define EACH		3		/* processes for an interface */
#define IFACES_MAX	4
#define KINDS_MAX	32
#define PATIENCE_MS	30000

/* shared by all processes */
static struct {
	unsigned int	good[KINDS_MAX];
	unsigned int	attached;
	unsigned int	detached;
	unsigned int	events;
	unsigned int	unanswered;
} *tally;

static void pause_ms(unsigned int ms)
{
	poll(NULL, 0, (int)ms);
}

static struct cvsw_ctl *open_iface(const char *iface)
{
	struct cvsw_ctl_error err;
	struct cvsw_ctl *ctl;
	char where[64];

	snprintf(where, sizeof(where), "netlink:%s", iface);
	while (cvsw_ctl_open(&ctl, where, &err))
		pause_ms(50);
	cvsw_ctl_timeout(ctl, PATIENCE_MS);
	return ctl;
}

static void count(unsigned int *n)
{
	__atomic_fetch_add(n, 1, __ATOMIC_RELAXED);
}

/* a dump that is left half-way */
static int dump_some(struct cvsw_ctl *ctl)
{
	int ret = cvsw_ctl_flow_dump_begin(ctl, NULL);

	return ret ? ret : -ECONNRESET;
}

static int ask(struct cvsw_ctl *ctl, const char *iface, uint64_t *random)
{
	const unsigned int i = request_random(random) % (n_requests + 3);
	int ret;

	if (i < n_requests) {
		ret = requests[i].run(ctl, request_random(random));
		if (!ret)
			count(&tally->good[i]);
		return ret;
	}
	if (i == n_requests)
		return dump_some(ctl);
	if (i == n_requests + 1) {
		ret = request_random(random) % 8 ? 0 :
		      cvsw_ctl_detach(ctl, iface);
		tally->detached += !ret;
		return ret;
	}
	ret = cvsw_ctl_attach(ctl, iface);
	tally->attached += !ret;
	return ret;
}

static void work(const char *iface, uint64_t random)
{
	struct cvsw_ctl *ctl = open_iface(iface);
	int ret;

	for (;;) {
		pause_ms(request_random(&random) % 100);
		ret = ask(ctl, iface, &random);
		if (ret == -ETIMEDOUT)
			count(&tally->unanswered);
		if (ret == -ECONNRESET || ret == -ENOBUFS ||
		    ret == -EOPNOTSUPP || ret == -ETIMEDOUT ||
		    ret == -ENOENT) {
			cvsw_ctl_close(ctl);
			ctl = open_iface(iface);
		} else if (ret == -ENODEV) {
			pause_ms(20);
		}
	}
}

static void listen_to(const char *iface, uint64_t random)
{
	struct cvsw_ctl_event event;
	struct cvsw_ctl *ctl;

	for (;;) {
		ctl = open_iface(iface);
		cvsw_ctl_subscribe(ctl, CVSW_NL_GROUP_FLOW | CVSW_NL_GROUP_PORT |
				   (request_random(&random) & 1 ?
				    CVSW_NL_GROUP_PACKET_IN :
				    CVSW_NL_GROUP_PACKET_IN_WHOLE));
		while (cvsw_ctl_event(ctl, 1000, &event) > 0 &&
		       request_random(&random) % 500)
			count(&tally->events);
		cvsw_ctl_close(ctl);
	}
}

static pid_t begin(char **ifaces, unsigned int i, uint64_t random)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (i % EACH)
		work(ifaces[i / EACH], random);
	listen_to(ifaces[i / EACH], random);
	exit(0);
}

static void tell(void)
{
	unsigned int i;

	for (i = 0; i < n_requests; i++)
		printf("%s %u, ", requests[i].name, tally->good[i]);
	printf("attach %u, detach %u, events %u, unanswered %u\n",
	       tally->attached, tally->detached, tally->events,
	       tally->unanswered);
}

int main(int argc, char **argv)
{
	const unsigned int n = EACH * (unsigned int)(argc - 4);
	pid_t pids[EACH * IFACES_MAX];
	uint64_t random;
	unsigned int i;
	time_t end;

	if (argc < 5 || argc > 4 + IFACES_MAX || n_requests > KINDS_MAX) {
		fprintf(stderr, "usage: race SECONDS SEED SIDE IFACE...\n");
		return 1;
	}
	if (nice(10) < 0)	/* those who change interfaces come first */
		return 1;
	end = time(NULL) + atoi(argv[1]);
	random = strtoull(argv[2], NULL, 10) * 0x9e3779b97f4a7c15ull | 1;
	request_side = (unsigned int)atoi(argv[3]);
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		return 1;
	for (i = 0; i < n; i++)
		pids[i] = begin(argv + 4, i, random + i);
	while (time(NULL) < end) {
		pause_ms(request_random(&random) % 1000);
		i = request_random(&random) % n;
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
		random |= 1;
		pids[i] = begin(argv + 4, i, request_random(&random) | 1);
	}
	for (i = 0; i < n; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	tell();
	return tally->unanswered ? 1 : 0;
}

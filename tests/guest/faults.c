// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * faults IFACE MODULE: each allocation that the kernel makes for a request to
 * the switch of IFACE fails once (/proc/thread-self/fail-nth).  A request that
 * is refused then has changed nothing; nothing hangs.  So do those of attaching
 * and detaching, and of loading MODULE.
 *
 * Only system calls that carry a request are made to fail: sendmsg() and
 * recvfrom() below take the place of libc's.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cvsw/text.h>
#include "request.h"

#define FAULTS_MAX	5000		/* of one request */
#define PATIENCE_MS	20000

static int fault_fd;
static unsigned int fault_nth;		/* 0: none is to fail, or it has */
static const char *iface;
static unsigned int bad;

/* Faults */

static void fault_write(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fault_fd, text, (size_t)len, 0) == len)
		return;
	perror("fail-nth");
	exit(1);
}

static void fault_begin(void)
{
	if (fault_nth)
		fault_write(fault_nth);
}

static void fault_end(void)
{
	char text[16] = "";
	const int was = errno;

	if (!fault_nth)
		return;
	if (pread(fault_fd, text, sizeof(text) - 1, 0) <= 0) {
		perror("fail-nth");
		exit(1);
	}
	fault_nth = (unsigned int)strtoul(text, NULL, 10);
	fault_write(0);
	errno = was;
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	ssize_t n;

	fault_begin();
	n = syscall(SYS_sendmsg, fd, msg, flags);
	fault_end();
	return n;
}

ssize_t recvfrom(int fd, void *buf, size_t size, int flags,
		 struct sockaddr *from, socklen_t *len)
{
	ssize_t n;

	fault_begin();
	n = syscall(SYS_recvfrom, fd, buf, size, flags, from, len);
	fault_end();
	return n;
}

/* What a switch is like */

static int tell_flow(void *arg, const struct cvsw_flow *flow)
{
	char *text = malloc(CVSW_TEXT_MAX);

	cvsw_text_flow_print(text, CVSW_TEXT_MAX, flow, 0, NULL);
	fprintf(arg, "%s\n", text);
	free(text);
	return 0;
}

static int tell_port(void *arg, const struct cvsw_port_info *info)
{
	const uint8_t *spoof = (const uint8_t *)&info->antispoof;
	size_t i;

	fprintf(arg, "%u %s config %x mtu %u offload %x %x device %x ",
		info->no, info->name, info->config, info->mtu,
		info->rx_offload, info->tx_offload, info->device);
	for (i = 0; i < sizeof(info->antispoof); i++)
		fprintf(arg, "%02x", spoof[i]);
	fprintf(arg, "\n");
	return 0;
}

static char *state_get(struct cvsw_ctl *ctl)
{
	struct cvsw_table_stats stats = {};
	struct cvsw_config config = {};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (cvsw_ctl_switch_get(ctl, &config, &stats) ||
	    cvsw_ctl_port_dump(ctl, tell_port, out) ||
	    cvsw_ctl_flow_dump(ctl, NULL, tell_flow, out)) {
		printf("state: %s\n", cvsw_ctl_error(ctl)->text);
		bad++;
	}
	fprintf(out, "%s miss %u frag %u ageing %u max %u rate %u stt %u flows %u\n",
		config.name, config.miss, config.frag_mode, config.mac_ageing,
		config.max_flows, config.packet_in_rate[0], config.stt_port,
		stats.flows);
	fclose(out);
	return text;
}

static struct cvsw_ctl *ctl_open(bool with_switch)
{
	struct cvsw_ctl_error err;
	struct cvsw_ctl *ctl;
	char where[64];

	snprintf(where, sizeof(where), "netlink:%s", with_switch ? iface : "");
	if (cvsw_ctl_open(&ctl, where, &err)) {
		printf("%s: %s\n", where, err.text);
		exit(1);
	}
	cvsw_ctl_timeout(ctl, PATIENCE_MS);
	return ctl;
}

/* Requests */

/* what @ret of a request in which the @nth allocation failed has left behind,
 * @before and now */
static void judge(const char *name, unsigned int nth, int ret,
		  const char *before)
{
	struct cvsw_ctl *ctl;
	char *after;

	if (ret == -ETIMEDOUT) {
		printf("%s, allocation %u: no answer\n", name, nth);
		bad++;
	}
	/* without memory for the answer nobody knows what became of it */
	if (!ret || ret == -ENOBUFS)
		return;
	ctl = ctl_open(true);
	after = state_get(ctl);
	if (strcmp(before, after)) {
		printf("%s, allocation %u: refused (%s) but done\n%s---\n%s",
		       name, nth, strerror(-ret), before, after);
		bad++;
	}
	free(after);
	cvsw_ctl_close(ctl);
}

/* with its @nth allocation failing; false when there are not as many */
static bool try_request(const struct request *r, uint32_t form,
			unsigned int nth, unsigned int *refused)
{
	struct cvsw_ctl *ctl = ctl_open(true);
	bool failed;
	char *before;
	int ret;

	ret = request_baseline(ctl);
	if (ret) {
		printf("baseline: %s\n", cvsw_ctl_error(ctl)->text);
		bad++;
	}
	before = state_get(ctl);
	fault_nth = nth;
	ret = r->run(ctl, form);
	failed = !fault_nth;
	fault_nth = 0;
	cvsw_ctl_close(ctl);
	*refused += !!ret;
	if (failed)
		judge(r->name, nth, ret, before);
	free(before);
	return failed;
}

static void try_requests(void)
{
	unsigned int i, nth, refused;
	uint32_t form;

	for (i = 0; i < n_requests; i++)
		for (form = 0; form < requests[i].forms; form++) {
			refused = 0;
			nth = 1;
			while (nth < FAULTS_MAX &&
			       try_request(&requests[i], form, nth, &refused))
				nth++;
			printf("%s %u: %u allocations, %u refused\n",
			       requests[i].name, form, nth - 1, refused);
		}
}

/* Attach and detach */

static bool attached(void)
{
	struct cvsw_ctl *ctl = ctl_open(true);
	struct cvsw_config config;
	bool yes = !cvsw_ctl_switch_get(ctl, &config, NULL);

	cvsw_ctl_close(ctl);
	return yes;
}

/* @attach: or detach; false when it has less than @nth allocations */
static bool try_change(bool attach, unsigned int nth)
{
	struct cvsw_ctl *ctl = ctl_open(false);
	bool failed;
	int ret;

	fault_nth = nth;
	ret = attach ? cvsw_ctl_attach(ctl, iface) :
		       cvsw_ctl_detach(ctl, iface);
	failed = !fault_nth;
	fault_nth = 0;
	cvsw_ctl_close(ctl);
	if (ret != -ENOBUFS && attached() != (ret ? !attach : attach)) {
		printf("%s, allocation %u: %s, but %s\n",
		       attach ? "attach" : "detach", nth, strerror(-ret),
		       attached() ? "attached" : "not attached");
		bad++;
	}
	if (attached() == attach) {
		ctl = ctl_open(false);
		if (attach)
			cvsw_ctl_detach(ctl, iface);
		else
			cvsw_ctl_attach(ctl, iface);
		cvsw_ctl_close(ctl);
	}
	return failed;
}

static void try_changes(bool attach)
{
	unsigned int nth;

	for (nth = 1; nth < FAULTS_MAX && try_change(attach, nth); nth++)
		;
	printf("%s: %u allocations\n", attach ? "attach" : "detach", nth - 1);
}

/* The module */

static int load(int fd, const char *options, unsigned int nth, bool *failed)
{
	int ret;

	fault_nth = nth;
	fault_begin();
	ret = (int)syscall(SYS_finit_module, fd, options, 0);
	if (ret)
		ret = -errno;
	fault_end();
	*failed = !fault_nth;
	fault_nth = 0;
	return ret;
}

/* how many allocations it takes to load it */
static unsigned int load_count(int fd, const char *options)
{
	fault_nth = 1000000;
	fault_begin();
	if (syscall(SYS_finit_module, fd, options, 0)) {
		perror("finit_module");
		exit(1);
	}
	fault_end();
	return 1000000 - fault_nth;
}

/* the loader's own allocations, which come first, are tried now and then */
static void try_load(const char *module, unsigned int ours)
{
	int fd = open(module, O_RDONLY), ret;
	unsigned int nth, n, refused = 0;
	char options[64];
	bool failed;

	snprintf(options, sizeof(options), "attach=%s", iface);
	n = load_count(fd, options);
	fault_nth = 0;
	syscall(SYS_delete_module, "cvsw", O_NONBLOCK);
	for (nth = 1; nth <= n; nth += nth + ours < n ? 9 : 1) {
		ret = load(fd, options, nth, &failed);
		refused += !!ret;
		if (!ret && syscall(SYS_delete_module, "cvsw", O_NONBLOCK)) {
			perror("delete_module");
			bad++;
		}
		if (!access("/sys/module/cvsw", F_OK)) {
			printf("load, allocation %u: it is still there\n", nth);
			bad++;
			return;
		}
	}
	printf("load: %u allocations, %u refused\n", n, refused);
}

int main(int argc, char **argv)
{
	struct cvsw_ctl *ctl;

	if (argc != 3) {
		fprintf(stderr, "usage: faults IFACE MODULE\n");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	iface = argv[1];
	fault_fd = open("/proc/thread-self/fail-nth", O_RDWR);
	if (fault_fd < 0 || mlockall(MCL_CURRENT | MCL_FUTURE)) {
		perror("faults");
		return 1;
	}
	try_load(argv[2], 150);
	if (load(open(argv[2], O_RDONLY), "", 0, &(bool){ false })) {
		perror(argv[2]);
		return 1;
	}
	try_changes(true);
	ctl = ctl_open(false);
	cvsw_ctl_attach(ctl, iface);
	cvsw_ctl_close(ctl);
	try_requests();
	try_changes(false);
	return bad ? 1 : 0;
}

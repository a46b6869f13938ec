// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The least that a program between two TAP devices can do: read a frame from
 * one, write it to the other.  The peer that cvswd is measured against.
 *
 *	null_tap NAME NAME
 *
 * Makes both devices, with virtio-net headers and TCP segmentation offload,
 * says "ready" and copies until it is killed.
 */

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>

#define BATCH	64

static int tap_open(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int len = sizeof(struct virtio_net_hdr_mrg_rxbuf);
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name) - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) ||
	    ioctl(fd, TUNSETVNETHDRSZ, &len) ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6)) {
		perror(name);
		exit(1);
	}
	return fd;
}

static void copy(int from, int to)
{
	static char buf[65536 + 256];
	ssize_t n;
	int i;

	for (i = 0; i < BATCH; i++) {
		n = read(from, buf, sizeof(buf));
		if (n < 0)
			return;
		if (write(to, buf, (size_t)n) < 0 && errno == EINVAL)
			return;
	}
}

int main(int argc, char **argv)
{
	struct pollfd p[2];
	int i;

	if (argc != 3) {
		fprintf(stderr, "usage: null_tap NAME NAME\n");
		return 2;
	}
	for (i = 0; i < 2; i++)
		p[i] = (struct pollfd){ tap_open(argv[i + 1]), POLLIN, 0 };
	printf("ready\n");
	fflush(stdout);
	while (poll(p, 2, -1) >= 0)
		for (i = 0; i < 2; i++)
			if (p[i].revents & POLLIN)
				copy(p[i].fd, p[!i].fd);
	return 1;
}

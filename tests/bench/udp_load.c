// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Small UDP datagrams, as fast as the stack takes them, for a bounded time.
 *
 *	udp_load send ADDRESS PORT BYTES FLOWS SECONDS
 *	udp_load sink PORT SECONDS
 *
 * "send" prints how many it sent; each flow is a socket with its own source
 * port.  "sink" holds the port without reading, so that nothing is answered.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH	32
#define FLOWS	1024

static double clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int die(const char *what)
{
	perror(what);
	return 1;
}

static int load_send(char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	static char payload[1472];
	struct iovec iov = { payload, (size_t)atoi(argv[2]) };
	struct mmsghdr msgs[BATCH];
	int flows = atoi(argv[3]), fd[FLOWS], i;
	unsigned long sent = 0;
	double end;

	if (flows < 1 || flows > FLOWS || iov.iov_len > sizeof(payload) ||
	    inet_pton(AF_INET, argv[0], &to.sin_addr) != 1) {
		fprintf(stderr, "udp_load: bad address, size or flows\n");
		return 2;
	}
	to.sin_port = htons((unsigned short)atoi(argv[1]));
	for (i = 0; i < BATCH; i++)
		msgs[i] = (struct mmsghdr){
			.msg_hdr = { .msg_iov = &iov, .msg_iovlen = 1 } };
	for (i = 0; i < flows; i++) {
		fd[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd[i] < 0 ||
		    connect(fd[i], (struct sockaddr *)&to, sizeof(to)))
			return die("udp_load: connect");
	}
	end = clock_now() + atof(argv[4]);
	while (clock_now() < end)
		for (i = 0; i < flows; i++) {
			int n = sendmmsg(fd[i], msgs, flows > 1 ? 1 : BATCH, 0);

			sent += n > 0 ? (unsigned long)n : 0;
		}
	printf("%lu\n", sent);
	return 0;
}

static int load_sink(char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	at.sin_port = htons((unsigned short)atoi(argv[0]));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		return die("udp_load: bind");
	sleep((unsigned int)atoi(argv[1]));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 7 && !strcmp(argv[1], "send"))
		return load_send(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "sink"))
		return load_sink(argv + 2);
	fprintf(stderr, "usage: udp_load send ADDRESS PORT BYTES FLOWS SECONDS\n"
			"       udp_load sink PORT SECONDS\n");
	return 2;
}

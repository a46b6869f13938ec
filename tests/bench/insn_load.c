// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The same traffic each time, between two marks for insn.c.
 *
 *	insn_load serve				the other end
 *	insn_load udp-out ADDRESS N		N datagrams there
 *	insn_load udp-in  ADDRESS N		N from there
 *	insn_load tcp-out ADDRESS N		N times 64 KiB there
 *	insn_load tcp-in  ADDRESS N		N times 64 KiB from there
 *
 * Of what comes nothing is lost: datagrams do so a few at a time, when they are
 * asked for.  If something is, or takes too long, SIGALRM ends it.
 * Frames of datagrams are 60 bytes long, 64 with their checksum.  What is done
 * once for a flow (routes, neighbours, slow start, caches) is done before the
 * first mark.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "insn_mark.h"

#ifndef __x86_64__
static inline void insn_mark(void)
{
}
#endif

#define PORT	7		/* asked for datagrams, sink of streams */
#define SOURCE	8		/* of streams */
#define DISCARD	9		/* of datagrams: nobody reads them */
#define SMALL	18		/* makes an Ethernet frame of 60 bytes */
#define WINDOW	32		/* datagrams on their way at once */
#define BLOCK	65536
#define WARM	128		/* blocks or datagrams before the first mark */
#define PATIENCE	20	/* seconds */

static char buf[BLOCK];

static int die(const char *what)
{
	perror(what);
	exit(1);
}

static int open_socket(int type, const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		die("insn_load: socket");
	if (to && connect(fd, (const struct sockaddr *)to, sizeof(*to)))
		die("insn_load: connect");
	if (to && type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* all of it, or the end */
static void put(int fd, const void *data, size_t n)
{
	const char *p = data;
	ssize_t got;

	for (; n; p += got, n -= (size_t)got) {
		got = send(fd, p, n, MSG_NOSIGNAL);
		if (got <= 0)
			die("insn_load: send");
	}
}

static void get(int fd, uint64_t n)
{
	ssize_t got;

	for (; n; n -= (uint64_t)got) {
		got = recv(fd, buf, n < BLOCK ? n : BLOCK, MSG_WAITALL);
		if (got <= 0)
			die("insn_load: recv");
	}
}

/* The other end */

/*
 * A connection begins with how many blocks are asked for; none: whatever comes
 * is taken until the end, and answered with a byte.
 */
static void serve_stream(int fd)
{
	uint64_t n;

	while (recv(fd, &n, sizeof(n), MSG_WAITALL) == sizeof(n)) {
		for (; n; n--)
			put(fd, buf, BLOCK);
	}
}

static void serve_sink(int fd)
{
	uint64_t blocks;

	while (recv(fd, &blocks, sizeof(blocks), MSG_WAITALL) ==
	       sizeof(blocks)) {
		get(fd, blocks * BLOCK);
		put(fd, buf, 1);
	}
}

/* a datagram of 1 byte asks for that many */
static void serve_datagram(int fd)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	unsigned char n[SMALL];
	ssize_t got = recvfrom(fd, n, sizeof(n), 0, (struct sockaddr *)&from,
			       &len);
	int i;

	for (i = 0; got == 1 && i < n[0]; i++)
		sendto(fd, buf, SMALL, 0, (struct sockaddr *)&from, len);
}

static int serve_port(int type, uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	int fd = open_socket(type, NULL), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    (type == SOCK_STREAM && listen(fd, 8)))
		die("insn_load: bind");
	return fd;
}

static void serve_accept(int fd, void (*what)(int fd))
{
	int peer = accept(fd, NULL, NULL);

	if (peer < 0 || fork())
		close(peer);
	else {
		what(peer);
		exit(0);
	}
}

static int serve(void)
{
	int discard = serve_port(SOCK_DGRAM, DISCARD);
	struct pollfd fds[] = {
		{ .fd = serve_port(SOCK_DGRAM, PORT), .events = POLLIN },
		{ .fd = serve_port(SOCK_STREAM, PORT), .events = POLLIN },
		{ .fd = serve_port(SOCK_STREAM, SOURCE), .events = POLLIN },
	};

	while (poll(fds, 3, -1) > 0) {
		if (fds[0].revents)
			serve_datagram(fds[0].fd);
		if (fds[1].revents)
			serve_accept(fds[1].fd, serve_sink);
		if (fds[2].revents)
			serve_accept(fds[2].fd, serve_stream);
	}
	close(discard);
	return die("insn_load: poll");
}

/* This end */

static void udp_out(int fd, uint64_t n)
{
	for (; n; n--)
		if (send(fd, buf, SMALL, 0) != SMALL)
			die("insn_load: send");
}

static void udp_in(int fd, uint64_t n)
{
	unsigned char want;
	int i;

	for (; n; n -= want) {
		want = n < WINDOW ? (unsigned char)n : WINDOW;
		put(fd, &want, 1);
		for (i = 0; i < want; i++)
			get(fd, SMALL);
	}
}

static void tcp_out(int fd, uint64_t n)
{
	uint64_t i;

	put(fd, &n, sizeof(n));
	for (i = 0; i < n; i++)
		put(fd, buf, BLOCK);
	get(fd, 1);
}

static void tcp_in(int fd, uint64_t n)
{
	put(fd, &n, sizeof(n));
	get(fd, n * BLOCK);
}

static const struct load {
	const char	*name;
	int		type;
	uint16_t	port;
	void		(*run)(int fd, uint64_t n);
} loads[] = {
	{ "udp-out", SOCK_DGRAM, DISCARD, udp_out },
	{ "udp-in", SOCK_DGRAM, PORT, udp_in },
	{ "tcp-out", SOCK_STREAM, PORT, tcp_out },
	{ "tcp-in", SOCK_STREAM, SOURCE, tcp_in },
};

/* until it gets there and back, maybe behind datagrams that were too many */
static void try_path(struct sockaddr_in to)
{
	struct pollfd fds = { .events = POLLIN };
	const unsigned char want = 1;

	to.sin_port = htons(PORT);
	fds.fd = open_socket(SOCK_DGRAM, &to);
	do
		put(fds.fd, &want, 1);
	while (poll(&fds, 1, 200) != 1);
	close(fds.fd);
}

static void run(const struct load *load, struct sockaddr_in to, uint64_t n)
{
	cpu_set_t first;
	int fd;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	alarm(PATIENCE);
	try_path(to);
	to.sin_port = htons(load->port);
	fd = open_socket(load->type, &to);
	load->run(fd, WARM);
	usleep(20000);
	insn_mark();
	load->run(fd, n);
	insn_mark();
	close(fd);
	try_path(to);
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	size_t i;

	if (argc == 2 && !strcmp(argv[1], "serve"))
		return serve();
	for (i = 0; argc == 4 && i < sizeof(loads) / sizeof(*loads); i++)
		if (!strcmp(argv[1], loads[i].name) &&
		    inet_pton(AF_INET, argv[2], &to.sin_addr) == 1) {
			run(&loads[i], to, strtoull(argv[3], NULL, 10));
			return 0;
		}
	fprintf(stderr, "usage: insn_load serve\n"
		"       insn_load udp-out|udp-in|tcp-out|tcp-in ADDRESS N\n");
	return 2;
}

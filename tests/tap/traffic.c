// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * traffic - TCP and UDP whose every byte the receiver knows beforehand
 *
 *	traffic sink PORT
 *	traffic tcp HOST PORT SECONDS STREAMS [BYTES]
 *	traffic udp HOST PORT SECONDS PER_SECOND [MAX [MIN]]
 *
 * The sink takes both, over IPv4 and IPv6, says "ready", and at SIGTERM how
 * much there was and how much of it was wrong; it fails when any was.  A TCP
 * sender opens a connection, sends up to BYTES (8 MB), waits until the sink
 * says that it has all of it, and begins again.  A UDP sender sends datagrams
 * of MIN (12) to MAX (1400) bytes, every fourth time up to twelve at once as a
 * super-frame, and says how many there were.
 *
 * A stream starts with its name, a datagram with its name and its length; the
 * bytes after that follow from name and position.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif

#define CHUNK		65536u
#define CONNECTIONS	256
#define UDP_HEAD	12u		/* name, length */
#define UDP_BURST	12u
#define STALL_S		60		/* nothing moved for so long: broken */

static volatile sig_atomic_t done;

static void stop(int sig)
{
	done = 1;
}

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t mixed(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* a name that nobody else has */
static uint64_t new_name(void)
{
	static uint64_t n;

	return mixed(((uint64_t)getpid() << 40) + ++n +
		     (uint64_t)(seconds() * 1e6));
}

/* @n bytes from position @at on of what is called @name */
static void pattern(uint64_t name, uint64_t at, uint8_t *out, size_t n)
{
	uint64_t word;

	for (; n && at % 8; n--, at++)
		*out++ = (uint8_t)(mixed(name + at / 8) >> at % 8 * 8);
	for (; n >= 8; n -= 8, at += 8, out += 8) {
		word = mixed(name + at / 8);
		memcpy(out, &word, 8);
	}
	for (; n; n--, at++)
		*out++ = (uint8_t)(mixed(name + at / 8) >> at % 8 * 8);
}

static bool is_pattern(uint64_t name, uint64_t at, const uint8_t *p, size_t n)
{
	static uint8_t want[CHUNK];

	pattern(name, at, want, n);
	return !memcmp(p, want, n);
}

/* Sink */

/*
 * struct stream - a TCP connection
 * @at:  bytes so far
 */
struct stream {
	uint64_t	at;
	uint64_t	name;
	bool		bad;
};

static struct {
	unsigned long streams, tcp_bytes, datagrams, udp_bytes, bad;
} seen;

static struct stream stream[CONNECTIONS + 2];
static uint8_t buf[CHUNK];

static int listener(int type, const char *port)
{
	const struct sockaddr_in6 addr = {
		.sin6_family = AF_INET6, .sin6_addr = in6addr_any,
		.sin6_port = htons((uint16_t)atoi(port)),
	};
	int fd = socket(AF_INET6, type | SOCK_NONBLOCK, 0), no = 0, yes = 1;
	int room = 32 << 20;

	if (fd < 0)
		die("socket");
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (type == SOCK_DGRAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (bind(fd, (const void *)&addr, sizeof(addr)) ||
	    (type == SOCK_STREAM && listen(fd, CONNECTIONS)))
		die("bind");
	return fd;
}

static void judge_stream(struct stream *s, const uint8_t *p, size_t n)
{
	size_t k;

	for (; n && s->at < 8; n--, s->at++)
		s->name |= (uint64_t)*p++ << s->at * 8;
	for (; n && !s->bad; n -= k, p += k, s->at += k) {
		k = n < CHUNK ? n : CHUNK;
		s->bad = !is_pattern(s->name, s->at, p, k);
	}
	if (!n || !s->bad)
		return;
	printf("bad: stream %016jx near byte %ju\n", (uintmax_t)s->name,
	       (uintmax_t)s->at);
	seen.bad++;
	s->at += n;
}

/* false at its end; the sender is told how much there was */
static bool read_stream(int fd, struct stream *s)
{
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n > 0) {
		seen.tcp_bytes += (unsigned long)n;
		judge_stream(s, buf, (size_t)n);
		return true;
	}
	seen.streams++;
	if (write(fd, &s->at, sizeof(s->at)) < 0)
		return false;
	return false;
}

static void read_datagrams(int fd)
{
	uint32_t len;
	uint64_t name;
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) >= 0) {
		seen.datagrams++;
		seen.udp_bytes += (unsigned long)n;
		if (n < (ssize_t)UDP_HEAD) {
			seen.bad++;
			continue;
		}
		memcpy(&name, buf, 8);
		memcpy(&len, buf + 8, 4);
		if (len == n && is_pattern(name, UDP_HEAD, buf + UDP_HEAD,
					   len - UDP_HEAD))
			continue;
		printf("bad: datagram %016jx of %zd bytes\n", (uintmax_t)name,
		       n);
		seen.bad++;
	}
}

static nfds_t take(int fd, struct pollfd *fds, nfds_t n)
{
	int peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK);

	if (peer < 0)
		return n;
	if (n == CONNECTIONS + 2) {
		close(peer);
		return n;
	}
	fds[n] = (struct pollfd){ .fd = peer, .events = POLLIN };
	stream[n] = (struct stream){};
	return n + 1;
}

static int sink(const char *port)
{
	static struct pollfd fds[CONNECTIONS + 2];
	nfds_t i, n = 2;

	fds[0].fd = listener(SOCK_STREAM, port);
	fds[1].fd = listener(SOCK_DGRAM, port);
	fds[0].events = POLLIN;
	fds[1].events = POLLIN;
	printf("ready\n");
	fflush(stdout);
	while (!done) {
		if (poll(fds, n, -1) < 0)
			continue;
		for (i = n; i-- > 2;) {
			if (!fds[i].revents || read_stream(fds[i].fd,
							   &stream[i]))
				continue;
			close(fds[i].fd);
			fds[i] = fds[--n];
			stream[i] = stream[n];
		}
		if (fds[1].revents)
			read_datagrams(fds[1].fd);
		if (fds[0].revents)
			n = take(fds[0].fd, fds, n);
	}
	read_datagrams(fds[1].fd);
	printf("streams=%lu tcp_bytes=%lu datagrams=%lu udp_bytes=%lu bad=%lu\n",
	       seen.streams, seen.tcp_bytes, seen.datagrams, seen.udp_bytes,
	       seen.bad);
	return seen.bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Senders */

static int dial(int type, const char *host, const char *port)
{
	const struct addrinfo hints = {
		.ai_socktype = type, .ai_flags = AI_NUMERICHOST,
	};
	const struct timeval patience = { .tv_sec = STALL_S };
	struct addrinfo *to;
	int fd;

	if (getaddrinfo(host, port, &hints, &to))
		die(host);
	fd = socket(to->ai_family, type, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, to->ai_addr, to->ai_addrlen))
		die("connect");
	freeaddrinfo(to);
	return fd;
}

/* @n bytes over a connection of their own; all of them came */
static void send_stream(const char *host, const char *port, uint64_t n)
{
	int fd = dial(SOCK_STREAM, host, port);
	uint64_t name = new_name(), at = 8, came;
	size_t k;
	ssize_t sent;

	if (write(fd, &name, 8) != 8)
		die("write");
	while (at < n) {
		k = n - at < CHUNK ? (size_t)(n - at) : CHUNK;
		pattern(name, at, buf, k);
		sent = write(fd, buf, k);
		if (sent < 0)
			die("write");
		at += (uint64_t)sent;
	}
	shutdown(fd, SHUT_WR);
	if (recv(fd, &came, sizeof(came), MSG_WAITALL) != sizeof(came))
		die("no answer of the sink");
	if (came != at) {
		fprintf(stderr, "%ju bytes sent, %ju came\n", (uintmax_t)at,
			(uintmax_t)came);
		exit(EXIT_FAILURE);
	}
	close(fd);
}

static int send_tcp(char **arg, int n)
{
	double end = seconds() + atof(arg[2]);
	uint64_t most = n > 4 ? strtoull(arg[4], NULL, 0) : 8u << 20;
	int i, streams = atoi(arg[3]);
	pid_t pid[CONNECTIONS];
	int status, bad = 0;
	unsigned long times = 0;

	for (i = 0; i < streams && i < CONNECTIONS; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		do {
			send_stream(arg[0], arg[1], !times++ ? most :
				    8 + new_name() % most);
		} while (seconds() < end);
		exit(EXIT_SUCCESS);
	}
	while (i--)
		if (waitpid(pid[i], &status, 0) < 0 || status)
			bad++;
	if (bad)
		fprintf(stderr, "%d of %d senders failed\n", bad, streams);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* datagrams of @len bytes each, how many of them went */
static unsigned int send_datagrams(int fd, uint32_t len, unsigned int n)
{
	static uint8_t out[UDP_BURST * CHUNK];
	int segment = n > 1 ? (int)len : 0;
	unsigned int i;
	uint64_t name;

	for (i = 0; i < n; i++) {
		name = new_name();
		memcpy(out + i * len, &name, 8);
		memcpy(out + i * len + 8, &len, 4);
		pattern(name, UDP_HEAD, out + i * len + UDP_HEAD,
			len - UDP_HEAD);
	}
	setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
	/* what is too long for the path as it is now is not sent at all */
	return send(fd, out, n * len, 0) == (ssize_t)(n * len) ? n : 0;
}

static int send_udp(char **arg, int n)
{
	int fd = dial(SOCK_DGRAM, arg[0], arg[1]);
	double start = seconds(), end = start + atof(arg[2]);
	double rate = atof(arg[3]), now;
	uint32_t most = n > 4 ? (uint32_t)atoi(arg[4]) : 1400;
	uint32_t least = n > 5 ? (uint32_t)atoi(arg[5]) : UDP_HEAD, len;
	unsigned long sent = 0, tried = 0, k;

	while ((now = seconds()) < end && !done) {
		if ((double)tried > (now - start) * rate) {
			usleep(500);
			continue;
		}
		len = least + (uint32_t)(new_name() % (most - least + 1));
		k = new_name() % 4 ? 1 : 65000 / len;
		k = k < UDP_BURST ? k : UDP_BURST;
		sent += send_datagrams(fd, len, (unsigned int)k);
		tried += k;
	}
	printf("sent=%lu\n", sent);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const struct sigaction act = { .sa_handler = stop };

	sigaction(SIGTERM, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (argc == 3 && !strcmp(argv[1], "sink"))
		return sink(argv[2]);
	if (argc >= 6 && !strcmp(argv[1], "tcp"))
		return send_tcp(argv + 2, argc - 2);
	if (argc >= 6 && !strcmp(argv[1], "udp"))
		return send_udp(argv + 2, argc - 2);
	fprintf(stderr, "usage: traffic sink PORT | tcp|udp HOST PORT SECONDS N [BYTES]\n");
	return EXIT_FAILURE;
}

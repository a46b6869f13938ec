// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * impair IFACE IFACE LOST TWICE LATE - a bad cable between two interfaces
 *
 * Of 10000 frames each way so many are lost, come twice, or come after up to
 * LATE_MAX later ones (or 2 ms).  Says "ready", and at SIGTERM what it did.
 * CVSW_SEED is the seed of it.  For kernels without netem, and it counts.
 */

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#define LATE_MAX	16
#define LATE_NS		2000000u
#define FRAME_MAX	65536

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING	23
#endif

/* a frame that is to come late: after so many others, or at a time */
struct late {
	uint8_t		*data;
	ssize_t		len;
	unsigned int	after;
	uint64_t	until;
};

/* one way of the cable */
struct way {
	int		from, to;
	struct late	late[LATE_MAX];
	unsigned long	in, lost, twice, delayed, out, refused;
};

static volatile sig_atomic_t done;
static unsigned int lost, twice, late;
static uint64_t seed;
static uint8_t buf[FRAME_MAX];

static void stop(int sig)
{
	done = 1;
}

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static unsigned int below(unsigned int n)
{
	uint64_t x = seed += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return (unsigned int)((x ^ x >> 31) % n);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int open_end(const char *name)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(name),
	};
	const struct packet_mreq mreq = {
		.mr_ifindex = addr.sll_ifindex, .mr_type = PACKET_MR_PROMISC,
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	int yes = 1, room = 32 << 20;

	if (fd < 0 || !addr.sll_ifindex)
		die(name);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes,
		       sizeof(yes)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq,
		       sizeof(mreq)) ||
	    bind(fd, (void *)&addr, sizeof(addr)))
		die(name);
	return fd;
}

static void put(struct way *way, const uint8_t *data, ssize_t len)
{
	struct pollfd pollfd = { .fd = way->to, .events = POLLOUT };
	int again = 100;

	while (send(way->to, data, (size_t)len, 0) < 0) {
		if ((errno != EAGAIN && errno != ENOBUFS) || !again--) {
			way->refused++;
			return;
		}
		poll(&pollfd, 1, 1);
	}
	way->out++;
}

static void put_late(struct way *way, bool all)
{
	uint64_t now = now_ns();
	struct late *l;

	for (l = way->late; l < way->late + LATE_MAX; l++) {
		if (!l->data || (!all && l->after && now < l->until))
			continue;
		put(way, l->data, l->len);
		free(l->data);
		l->data = NULL;
	}
}

/* false when there are too many already */
static bool keep(struct way *way, ssize_t len)
{
	struct late *l = way->late;

	while (l < way->late + LATE_MAX && l->data)
		l++;
	if (l == way->late + LATE_MAX)
		return false;
	l->data = malloc((size_t)len);
	if (!l->data)
		return false;
	memcpy(l->data, buf, (size_t)len);
	l->len = len;
	l->after = 1 + below(LATE_MAX);
	l->until = now_ns() + LATE_NS;
	way->delayed++;
	return true;
}

static void pass(struct way *way, ssize_t len)
{
	unsigned int i;

	way->in++;
	for (i = 0; i < LATE_MAX; i++)
		way->late[i].after -= way->late[i].after > 0;
	if (below(10000) < lost) {
		way->lost++;
		return;
	}
	if (below(10000) < twice) {
		way->twice++;
		put(way, buf, len);
	}
	if (below(10000) >= late || !keep(way, len))
		put(way, buf, len);
	put_late(way, false);
}

static void tell(const char *name, const struct way *way)
{
	struct tpacket_stats missed = {};
	socklen_t len = sizeof(missed);

	getsockopt(way->from, SOL_PACKET, PACKET_STATISTICS, &missed, &len);
	printf("%s in=%lu lost=%lu twice=%lu late=%lu out=%lu refused=%lu missed=%u\n",
	       name, way->in, way->lost, way->twice, way->delayed, way->out,
	       way->refused, missed.tp_drops);
}

int main(int argc, char **argv)
{
	const struct sigaction act = { .sa_handler = stop };
	static struct way way[2];
	struct pollfd fds[2];
	ssize_t len;
	int i;

	if (argc != 6) {
		fprintf(stderr, "usage: impair IFACE IFACE LOST TWICE LATE\n");
		return EXIT_FAILURE;
	}
	sigaction(SIGTERM, &act, NULL);
	seed = getenv("CVSW_SEED") ? strtoull(getenv("CVSW_SEED"), NULL, 0) :
				     now_ns();
	printf("CVSW_SEED=%llu\n", (unsigned long long)seed);
	lost = (unsigned int)atoi(argv[3]);
	twice = (unsigned int)atoi(argv[4]);
	late = (unsigned int)atoi(argv[5]);
	for (i = 0; i < 2; i++) {
		way[i].from = open_end(argv[1 + i]);
		way[!i].to = way[i].from;
		fds[i] = (struct pollfd){ .fd = way[i].from, .events = POLLIN };
	}
	printf("ready\n");
	fflush(stdout);
	while (!done) {
		poll(fds, 2, 1);
		for (i = 0; i < 2; i++) {
			len = recv(way[i].from, buf, sizeof(buf), 0);
			if (len > 0)
				pass(&way[i], len);
			put_late(&way[i], false);
		}
	}
	for (i = 0; i < 2; i++)
		put_late(&way[i], true);
	tell("there", &way[0]);
	tell("back", &way[1]);
	return EXIT_SUCCESS;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Packet sockets for control frames, and how they are named. */

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cvsw/inband.h>
#include "inband_sock.h"
#include "inband_vnic.h"

#define SOCK_LEASE_MS	10000u
#define SOCK_ROOM	(2 << 20)	/* more than the longest message has frames */

static int sock_fail(char *why, int ret, const char *what)
{
	snprintf(why, CVSW_SOCK_WHY, "%s: %s", what, strerror(-ret));
	return ret;
}

/* The text */

static int where_key(struct cvsw_sock_where *where, const char *file, char *why)
{
	struct cvsw_error err;
	int ret = cvsw_keyfile_read(file, &where->keys, &err);

	where->has_keys = !ret;
	if (ret && err.index >= 0)
		snprintf(why, CVSW_SOCK_WHY, "%s (%.60s:%d)", err.text, file,
			 err.index + 1);
	else if (ret)
		snprintf(why, CVSW_SOCK_WHY, "%s (%.80s)", err.text, file);
	return ret;
}

static int where_vnic(struct cvsw_sock_where *where, const char *text, char *why)
{
	u8 *mac = where->vnic;
	int n = 0;

	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0],
		   &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &n) == 6 &&
	    !text[n])
		return 0;
	snprintf(why, CVSW_SOCK_WHY, "vnic: `%.40s` is not a MAC", text);
	return -EINVAL;
}

static int where_lease(struct cvsw_sock_where *where, const char *text, char *why)
{
	const unsigned long low = CVSW_V3_LEASE_MIN_MS / 1000;
	const unsigned long high = CVSW_V3_LEASE_MAX_MS / 1000;
	unsigned long n;
	char *end;

	n = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && n >= low && n <= high) {
		where->lease_ms = (u32)n * 1000;
		return 0;
	}
	snprintf(why, CVSW_SOCK_WHY, "lease: `%.40s` is not %lu to %lu seconds",
		 text, low, high);
	return -EINVAL;
}

static int where_word(struct cvsw_sock_where *where, const char *word, char *why)
{
	static const struct {
		const char	*name;
		int		(*read)(struct cvsw_sock_where *where,
					const char *value, char *why);
	} words[] = {
		{ "key=", where_key },
		{ "vnic=", where_vnic },
		{ "lease=", where_lease },
	};
	unsigned int i;
	size_t n;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		n = strlen(words[i].name);
		if (!strncmp(word, words[i].name, n))
			return words[i].read(where, word + n, why);
	}
	snprintf(why, CVSW_SOCK_WHY, "`%.40s` is not key=FILE, vnic=MAC or "
		 "lease=SECONDS", word);
	return -EINVAL;
}

static int where_iface(struct cvsw_sock_where *where, const char *name,
		       char *why)
{
	if (name && strlen(name) < sizeof(where->iface)) {
		strcpy(where->iface, name);
		return 0;
	}
	snprintf(why, CVSW_SOCK_WHY, "no name of an interface");
	return -EINVAL;
}

int cvsw_sock_where_read(struct cvsw_sock_where *where, const char *text,
			 char why[CVSW_SOCK_WHY])
{
	char *words = strdup(text), *rest = words, *word;
	int ret = -ENOMEM;

	*where = (struct cvsw_sock_where){ .lease_ms = SOCK_LEASE_MS };
	memset(where->vnic, 0xff, sizeof(where->vnic));
	if (words)
		ret = where_iface(where, strsep(&rest, ","), why);
	else
		sock_fail(why, ret, text);
	while (!ret && (word = strsep(&rest, ",")))
		ret = where_word(where, word, why);
	if (ret)
		memzero_explicit(&where->keys, sizeof(where->keys));
	free(words);
	return ret;
}

/* The socket */

/* what ioctl @request tells of the interface; 0 or a negative errno, said */
static int sock_ask(int fd, struct ifreq *req, unsigned long request, char *why)
{
	if (!ioctl(fd, request, req))
		return 0;
	if (errno == ENODEV)
		snprintf(why, CVSW_SOCK_WHY, "there is no such interface");
	else
		sock_fail(why, -errno, "interface");
	return -errno;
}

static int sock_look(struct cvsw_sock *sock, struct ifreq *req, char *why)
{
	int ret = sock_ask(sock->fd, req, SIOCGIFHWADDR, why);

	if (ret)
		return ret;
	if (req->ifr_hwaddr.sa_family != ARPHRD_ETHER) {
		snprintf(why, CVSW_SOCK_WHY, "it is not an Ethernet interface");
		return -EINVAL;
	}
	memcpy(sock->mac, req->ifr_hwaddr.sa_data, sizeof(sock->mac));
	ret = sock_ask(sock->fd, req, SIOCGIFMTU, why);
	if (ret)
		return ret;
	sock->mtu = (u16)min(req->ifr_mtu, 0xffff);
	ret = sock_ask(sock->fd, req, SIOCGIFFLAGS, why);
	if (ret || req->ifr_flags & IFF_UP)
		return ret;
	snprintf(why, CVSW_SOCK_WHY, "the interface is down");
	return -ENETDOWN;
}

static int sock_bind(const struct cvsw_sock *sock, struct ifreq *req, char *why)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(CVSW_INBAND_TYPE),
	};
	const int room = SOCK_ROOM;
	int ret = sock_ask(sock->fd, req, SIOCGIFINDEX, why);

	if (ret)
		return ret;
	ll.sll_ifindex = req->ifr_ifindex;
	if (bind(sock->fd, (struct sockaddr *)&ll, sizeof(ll)))
		return sock_fail(why, -errno, "interface");
	if (setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return 0;
}

int cvsw_sock_open(struct cvsw_sock *sock, const char *iface,
		   char why[CVSW_SOCK_WHY])
{
	struct ifreq req = {};
	int ret;

	strncpy(req.ifr_name, iface, sizeof(req.ifr_name) - 1);
	sock->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (sock->fd < 0)
		return sock_fail(why, -errno, errno == EPERM ?
				 "frames take CAP_NET_RAW" : "packet socket");
	ret = sock_look(sock, &req, why) ?: sock_bind(sock, &req, why);
	if (ret)
		close(sock->fd);
	return ret;
}

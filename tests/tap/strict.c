// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * strict IFACE [-m MTU] [-o zero|set] - look at every frame that comes in by
 * an interface as a strict receiver would who has no offloads: lengths must
 * agree, every checksum must be there and right, in VXLAN (UDP port 4789),
 * Geneve (6081) and NVGRE also those of the inner frame, and no frame may be
 * longer than the MTU.  In STT
 * (TCP port 7471) segments must be in order, the header must say what is true
 * of the inner frame and nothing else, and that frame, when its checksum is
 * completed, must be right.
 *
 *	-m	longest IP packet (1500)
 *	-o	the outer UDP checksum must be zero, or must be set
 *
 * Says "ready" when it looks.  At SIGTERM it prints what it saw and exits with
 * 0 if all of it was right.  Written without a line of the library, to be an
 * independent judge.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

enum { OUTER_ANY, OUTER_ZERO, OUTER_SET };

struct counts {
	unsigned long frames, bad, tunnelled, vlan, tcp, udp, icmp, fragments;
};

static struct counts seen;
static unsigned int mtu = 1500;
static int outer_rule = OUTER_ANY;
static volatile sig_atomic_t done;

static unsigned int get16(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

static uint32_t sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (; n > 1; n -= 2, p += 2)
		s += get16(p);
	if (n)
		s += (uint32_t)*p << 8;
	return s;
}

static unsigned int fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static bool bad(const char *what, const uint8_t *p, size_t len)
{
	size_t i;

	if (seen.bad < 5) {
		printf("bad: %s:", what);
		for (i = 0; i < len && i < 96; i++)
			printf(" %02x", p[i]);
		printf(" (%zu bytes)\n", len);
	}
	return false;
}

static bool look_ethernet(const uint8_t *p, size_t len, bool inner);

/* @len bytes of options of a Geneve header with @critical bit */
static bool look_options(const uint8_t *p, size_t len, bool critical)
{
	size_t n;

	for (; len; p += n, len -= n) {
		if (len < 4 || p[3] >> 5)
			return bad("Geneve option", p, len);
		n = 4 + p[3] * 4u;
		if (n > len)
			return bad("Geneve option length", p, len);
		if (p[2] & 0x80 && !critical)
			return bad("critical Geneve option without C", p, len);
	}
	return true;
}

static bool look_geneve(const uint8_t *p, size_t len)
{
	size_t options;

	if (len < 8 || p[0] >> 6 || p[1] & ~0x40 || get16(p + 2) != 0x6558 ||
	    p[7])
		return bad("Geneve header", p, len);
	options = p[0] * 4u;
	if (8 + options > len)
		return bad("Geneve OptLen", p, len);
	seen.tunnelled++;
	return look_options(p + 8, options, p[1]) &&
	       look_ethernet(p + 8 + options, len - 8 - options, true);
}

static bool look_vxlan(const uint8_t *p, size_t len)
{
	if (len < 8 || p[0] != 0x08 || p[1] || p[2] || p[3] || p[7])
		return bad("VXLAN header", p, len);
	seen.tunnelled++;
	return look_ethernet(p + 8, len - 8, true);
}

static bool look_nvgre(const uint8_t *p, size_t len)
{
	if (len < 22 || get16(p) != 0x2000 || get16(p + 2) != 0x6558)
		return bad("NVGRE header", p, len);
	if (get16(p + 20) == ETH_P_8021Q)
		return bad("tag inside NVGRE", p, len);
	seen.tunnelled++;
	return look_ethernet(p + 8, len - 8, true);
}

static bool look_udp(const uint8_t *p, size_t len, uint32_t pseudo, bool v6,
		     bool inner)
{
	bool tunnel = len >= 8 && (get16(p + 2) == 4789 ||
				   get16(p + 2) == 6081);

	seen.udp++;
	if (len < 8 || get16(p + 4) != len)
		return bad("UDP length", p, len);
	if (get16(p + 6) == 0) {
		if (v6 && !tunnel)
			return bad("UDP over IPv6 without a checksum", p, len);
		if (tunnel && outer_rule == OUTER_SET)
			return bad("outer UDP checksum missing", p, len);
	} else {
		if (fold(sum(p, len, pseudo)) != 0xffff)
			return bad("UDP checksum", p, len);
		if (tunnel && outer_rule == OUTER_ZERO)
			return bad("outer UDP checksum not asked for", p, len);
	}
	if (!tunnel)
		return true;
	if (inner)
		return bad("tunnel in a tunnel", p, len);
	if (get16(p) < 49152)
		return bad("source port outside 49152-65535", p, len);
	return get16(p + 2) == 4789 ? look_vxlan(p + 8, len - 8) :
				      look_geneve(p + 8, len - 8);
}

/* the STT frames that are being put together: queues of a device take turns, so
 * one of each flow, and of each worker, whose number is in the low bits of ids */
#define WORKERS	8
#define FLOWS	64

static struct stt {
	uint8_t frame[65536];
	size_t have;
	uint32_t ports, id;
} stt_of[FLOWS];

/* the last of its kind, or where it goes if it is the first; NULL when it is not */
static struct stt *stt_find(uint32_t ports, uint32_t id, bool first)
{
	static unsigned int next;
	unsigned int i;

	for (i = 0; i < FLOWS; i++)
		if (stt_of[i].ports == ports &&
		    stt_of[i].id % WORKERS == id % WORKERS)
			return &stt_of[i];
	return first ? &stt_of[next++ % FLOWS] : NULL;
}

/* the checksum field of the inner frame must have the seed; complete it */
static bool stt_complete(uint8_t *p, size_t len, unsigned int flags,
			 size_t l4, unsigned int mss)
{
	bool v4 = flags & 4, tcp = flags & 8;
	size_t l3 = v4 ? l4 - 20 : l4 - 40, check = l4 + (tcp ? 16 : 6);
	uint32_t pseudo;
	unsigned int whole;

	if (l4 < (v4 ? 34 : 54) || l4 + (tcp ? 20 : 8) > len)
		return bad("STT L4 offset", p, len);
	if (get16(p + 12) != (v4 ? 0x0800 : 0x86dd) || l4 != (v4 ? 34 : 54) ||
	    p[v4 ? l3 + 9 : l3 + 6] != (tcp ? IPPROTO_TCP : IPPROTO_UDP))
		return bad("STT flags", p, len);
	if (mss && !(tcp && l4 + (p[l4 + 12] >> 4) * 4u + mss < len))
		return bad("STT MSS of what need not be cut", p, len);
	pseudo = sum(p + l3 + (v4 ? 12 : 8), v4 ? 8 : 32, 0) +
		 (tcp ? IPPROTO_TCP : IPPROTO_UDP) + (uint32_t)(len - l4);
	if (get16(p + check) != fold(pseudo))
		return bad("STT partial checksum", p, len);
	whole = ~fold(sum(p + l4, len - l4, 0)) & 0xffff;
	p[check] = (uint8_t)(whole >> 8);
	p[check + 1] = (uint8_t)whole;
	return true;
}

static bool look_stt_frame(uint8_t *p, size_t len)
{
	unsigned int flags = p[1], mss = get16(p + 4);
	uint8_t *inner = p + 18;

	if (p[0] || flags & 0xf0 || p[3] || get16(p + 16) ||
	    (flags & 3) == 3)
		return bad("STT header", p, len);
	if (!(flags & 2) && (flags & 0xc || p[2] || mss))
		return bad("STT header, not partial", p, len);
	if (get16(p + 6) && !(get16(p + 6) & 0x1000))
		return bad("STT VLAN", p, len);
	if (get16(inner + 12) == ETH_P_8021Q)
		return bad("tag inside STT", p, len);
	seen.vlan += get16(p + 6) >> 12 & 1;
	seen.tunnelled++;
	if (flags & 2 && !stt_complete(inner, len - 18, flags, p[2], mss))
		return false;
	return look_ethernet(inner, len - 18, true);
}

static bool look_stt(const uint8_t *p, size_t len)
{
	size_t total = get16(p + 4), off = get16(p + 6), n = len - 20;
	uint32_t ports = get16(p) << 16 | get16(p + 2);
	uint32_t id = get16(p + 8) << 16 | get16(p + 10);
	struct stt *stt = stt_find(ports, id, !off);

	if (p[12] != 0x50 || total < 32 || !n || off + n > total)
		return bad("STT segment", p, len);
	if (get16(p) < 49152)
		return bad("source port outside 49152-65535", p, len);
	if (!off) {
		stt->have = 0;
		stt->ports = ports;
		stt->id = id;
	}
	if (!stt || off != stt->have || id != stt->id)
		return bad("STT segment out of order", p, len);
	memcpy(stt->frame + off, p + 20, n);
	stt->have += n;
	return stt->have < total || look_stt_frame(stt->frame, total);
}

static bool look_l4(unsigned int proto, const uint8_t *p, size_t len,
		    uint32_t addresses, bool v6, bool inner)
{
	uint32_t pseudo = addresses + proto + (uint32_t)len;

	switch (proto) {
	case IPPROTO_TCP:
		seen.tcp++;
		if (len < 20 || fold(sum(p, len, pseudo)) != 0xffff)
			return bad("TCP checksum", p, len);
		return inner || get16(p + 2) != 7471 || look_stt(p, len);
	case IPPROTO_UDP:
		return look_udp(p, len, pseudo, v6, inner);
	case IPPROTO_GRE:
		return inner ? bad("tunnel in a tunnel", p, len) :
			       look_nvgre(p, len);
	case IPPROTO_ICMP:
		seen.icmp++;
		if (fold(sum(p, len, 0)) != 0xffff)
			return bad("ICMP checksum", p, len);
		return true;
	case IPPROTO_ICMPV6:
		seen.icmp++;
		if (fold(sum(p, len, pseudo)) != 0xffff)
			return bad("ICMPv6 checksum", p, len);
		return true;
	}
	return true;
}

static bool look_ipv4(const uint8_t *p, size_t len, bool inner)
{
	size_t hlen, total;

	if (len < 20 || p[0] >> 4 != 4)
		return bad("IPv4 version", p, len);
	hlen = (p[0] & 0xfu) * 4;
	total = get16(p + 2);
	if (hlen < 20 || total < hlen || total > len)
		return bad("IPv4 length", p, len);
	if (fold(sum(p, hlen, 0)) != 0xffff)
		return bad("IPv4 checksum", p, len);
	if (!inner && total > mtu)
		return bad("longer than the MTU", p, len);
	if (get16(p + 6) & 0x3fff) {
		seen.fragments++;
		return true;
	}
	return look_l4(p[9], p + hlen, total - hlen, sum(p + 12, 8, 0), false,
		       inner);
}

static bool look_ipv6(const uint8_t *p, size_t len, bool inner)
{
	uint32_t addresses;
	unsigned int next;
	size_t off = 40, end;

	if (len < 40 || p[0] >> 4 != 6)
		return bad("IPv6 version", p, len);
	end = 40 + get16(p + 4);
	if (end > len)
		return bad("IPv6 length", p, len);
	if (!inner && end > mtu)
		return bad("longer than the MTU", p, len);
	addresses = sum(p + 8, 32, 0);
	next = p[6];
	if (next == IPPROTO_FRAGMENT) {
		seen.fragments++;
		return true;
	}
	while (next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS) {
		if (off + 8 > end || off + 8 + p[off + 1] * 8u > end)
			return bad("IPv6 options", p, len);
		next = p[off];
		off += 8 + p[off + 1] * 8u;
	}
	return look_l4(next, p + off, end - off, addresses, true, inner);
}

static bool look_ethernet(const uint8_t *p, size_t len, bool inner)
{
	unsigned int type;

	if (len < 14)
		return bad("runt", p, len);
	type = get16(p + 12);
	p += 14;
	len -= 14;
	if (type == ETH_P_8021Q) {
		if (len < 4)
			return bad("VLAN tag", p, len);
		seen.vlan++;
		type = get16(p + 2);
		p += 4;
		len -= 4;
	}
	if (type == ETH_P_IP)
		return look_ipv4(p, len, inner);
	if (type == ETH_P_IPV6)
		return look_ipv6(p, len, inner);
	return true;
}

/* the kernel says whether it left a checksum to the hardware */
static bool look_status(struct msghdr *msg, const uint8_t *p, size_t len)
{
	const struct tpacket_auxdata *aux;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		aux = (const struct tpacket_auxdata *)CMSG_DATA(c);
		if (aux->tp_status & TP_STATUS_CSUMNOTREADY)
			return bad("checksum left to the receiver", p, len);
		if (aux->tp_status & TP_STATUS_VLAN_VALID)
			seen.vlan++;
	}
	return true;
}

static void stop(int signal)
{
	done = 1;
}

static int open_socket(const char *iface)
{
	const struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(iface),
	};
	const struct timeval tick = { .tv_usec = 100000 };
	const int one = 1, size = 64 << 20;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick));
	if (fd < 0 || !addr.sll_ifindex ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)&addr, sizeof(addr))) {
		perror(iface);
		exit(2);
	}
	return fd;
}

static void run(int fd)
{
	static uint8_t frame[256 * 1024];
	uint8_t control[256];
	struct iovec iov = { frame, sizeof(frame) };
	struct msghdr msg;
	ssize_t len;

	while (!done) {
		msg = (struct msghdr){
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};
		len = recvmsg(fd, &msg, 0);
		if (len < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (len < 0) {
			perror("recvmsg");
			exit(2);
		}
		seen.frames++;
		if (!look_status(&msg, frame, (size_t)len) ||
		    !look_ethernet(frame, (size_t)len, false))
			seen.bad++;
	}
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = stop };
	int fd, opt;

	while ((opt = getopt(argc, argv, "m:o:")) != -1) {
		if (opt == 'm')
			mtu = (unsigned int)atoi(optarg);
		else if (opt == 'o')
			outer_rule = strcmp(optarg, "zero") ? OUTER_SET :
							      OUTER_ZERO;
		else
			return 2;
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: strict [-m MTU] [-o zero|set] IFACE\n");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	fd = open_socket(argv[optind]);
	puts("ready");
	fflush(stdout);
	run(fd);
	printf("frames=%lu bad=%lu tunnelled=%lu vlan=%lu tcp=%lu udp=%lu icmp=%lu fragments=%lu\n",
	       seen.frames, seen.bad, seen.tunnelled, seen.vlan, seen.tcp,
	       seen.udp, seen.icmp, seen.fragments);
	return seen.bad ? 1 : 0;
}

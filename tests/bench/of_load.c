// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * of_load PORT IN OUT - a controller that measures its switch
 *
 * Listens on PORT of the loopback interface for one OpenFlow 1.0 switch, whose
 * ports 1 and 2 are the other ends of the interfaces IN and OUT.  Reads words
 * from standard input, and for each prints the figures it got:
 *
 *	mods N WINDOW     N flow-mods, a barrier behind each WINDOW of them, which
 *	                  is waited for: flow-mods a second
 *	frames N WINDOW   N frames that no flow matches, WINDOW of them under way:
 *	                  in by IN, up, down again, out by OUT: frames a second,
 *	                  then the 50th and 99th percentile of the time, us
 *	fill N            N flows, nothing else
 */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cvsw/openflow.h>

#define WAIT_MS		5000
#define FRAME_LEN	60
#define WINDOW_MAX	1024

static int sw, in_fd, out_fd;
static uint8_t rx[1 << 20], tx[1 << 20];
static size_t rx_len, tx_len;

static void die(const char *what)
{
	fprintf(stderr, "of_load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Messages */

static void *put(uint8_t type, size_t len)
{
	struct cvsw_ofp_header *h = (void *)(tx + tx_len);

	memset(h, 0, len);
	h->version = CVSW_OFP_VERSION;
	h->type = type;
	h->length = htons((uint16_t)len);
	tx_len += len;
	return h;
}

static void flush(void)
{
	size_t at = 0;
	ssize_t n;

	for (; at < tx_len; at += (size_t)n) {
		n = send(sw, tx + at, tx_len - at, MSG_NOSIGNAL);
		if (n < 0)
			die("send");
	}
	tx_len = 0;
}

static void put_mod(uint16_t command, uint32_t wildcards, uint32_t nw_dst)
{
	struct cvsw_ofp_flow_mod *mod = put(CVSW_OFP_FLOW_MOD,
					    sizeof(*mod));

	mod->match.wildcards = htonl(wildcards);
	mod->match.dl_type = htons(ETHERTYPE_IP);
	memcpy(mod->match.nw_dst, &nw_dst, sizeof(nw_dst));
	mod->command = htons(command);
	mod->priority = htons(CVSW_PRIORITY_DEFAULT);
	mod->buffer_id = htonl(CVSW_OFP_NO_BUFFER);
	mod->out_port = htons(CVSW_PORT_NONE);
}

static void put_flow(uint32_t i)
{
	struct cvsw_ofp_flow_mod *mod = (void *)(tx + tx_len);
	struct cvsw_ofp_action_output *out;

	put_mod(CVSW_FLOW_ADD, CVSW_OFP_W_MASK & ~CVSW_OFP_W_DL_TYPE &
		~(CVSW_OFP_W_NW_BITS << CVSW_OFP_W_NW_DST_SHIFT),
		htonl(0x0b000000 + i));
	out = (void *)(mod + 1);
	memset(out, 0, sizeof(*out));
	out->len = htons(sizeof(*out));
	out->port = htons(2);
	tx_len += sizeof(*out);
	mod->header.length = htons(sizeof(*mod) + sizeof(*out));
}

/* read what there is; false when nothing came in time */
static bool fill(int ms)
{
	struct pollfd p = { .fd = sw, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return false;
	n = recv(sw, rx + rx_len, sizeof(rx) - rx_len, 0);
	if (n <= 0)
		die("the switch left");
	rx_len += (size_t)n;
	return true;
}

/* take each whole message */
static void messages(void (*each)(const struct cvsw_ofp_header *h))
{
	const struct cvsw_ofp_header *h;
	struct cvsw_ofp_header *reply;
	size_t at = 0, len;

	while (rx_len - at >= sizeof(*h)) {
		h = (const void *)(rx + at);
		len = ntohs(h->length);
		if (len < sizeof(*h) || len > rx_len - at)
			break;
		if (h->type == CVSW_OFP_ECHO_REQUEST) {
			reply = put(CVSW_OFP_ECHO_REPLY, sizeof(*h));
			reply->xid = h->xid;
		}
		if (h->type == CVSW_OFP_ERROR) {
			errno = EPROTO;
			die("the switch sent an error");
		}
		each(h);
		at += len;
	}
	memmove(rx, rx + at, rx_len - at);
	rx_len -= at;
	flush();
}

static unsigned int barriers;

static void barrier_each(const struct cvsw_ofp_header *h)
{
	barriers += h->type == CVSW_OFP_BARRIER_REPLY;
}

static void barrier(void)
{
	unsigned int before = barriers;

	put(CVSW_OFP_BARRIER_REQUEST, sizeof(struct cvsw_ofp_header));
	flush();
	while (barriers == before) {
		if (!fill(WAIT_MS))
			die("no barrier reply");
		messages(barrier_each);
	}
}

static void empty(void)
{
	put_mod(CVSW_FLOW_DEL, CVSW_OFP_W_MASK, 0);
	barrier();
}

static void mods(unsigned int n, unsigned int window)
{
	unsigned int i = 0, j;
	double start;

	empty();
	start = now();
	while (i < n) {
		for (j = 0; j < window && i < n; j++)
			put_flow(i++);
		barrier();
	}
	printf("%.0f\n", n / (now() - start));
	empty();
}

static void fill_table(unsigned int n)
{
	unsigned int i;

	empty();
	for (i = 0; i < n; i++) {
		put_flow(i);
		if (i % 1000 == 999)
			barrier();
	}
	barrier();
	puts("filled");
}

/* Frames */

static double sent[WINDOW_MAX], *took;
static unsigned int n_sent, n_done, n_frames;

static void frame_send(void)
{
	uint8_t frame[FRAME_LEN] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5,
	};
	unsigned int slot = n_sent++ % WINDOW_MAX;

	memcpy(frame + 14, &slot, sizeof(slot));
	sent[slot] = now();
	if (send(in_fd, frame, sizeof(frame), 0) < 0)
		die("frame");
}

static void frame_up(const struct cvsw_ofp_header *h)
{
	const struct cvsw_ofp_packet_in *in = (const void *)h;
	size_t len = ntohs(h->length) - sizeof(*in);
	struct cvsw_ofp_packet_out *po;
	struct cvsw_ofp_action_output *out;

	if (h->type != CVSW_OFP_PACKET_IN)
		return;
	po = put(CVSW_OFP_PACKET_OUT, sizeof(*po) + sizeof(*out) + len);
	po->buffer_id = htonl(CVSW_OFP_NO_BUFFER);
	po->in_port = in->in_port;
	po->actions_len = htons(sizeof(*out));
	out = (void *)(po + 1);
	out->len = htons(sizeof(*out));
	out->port = htons(2);
	memcpy(out + 1, in + 1, len);
}

static void frame_down(void)
{
	uint8_t frame[2048];
	unsigned int slot;
	ssize_t n;

	while ((n = recv(out_fd, frame, sizeof(frame), MSG_DONTWAIT)) > 0) {
		memcpy(&slot, frame + 14, sizeof(slot));
		if (n < FRAME_LEN || frame[12] != 0x88 || frame[13] != 0xb5 ||
		    slot >= WINDOW_MAX || n_done == n_frames)
			continue;
		took[n_done++] = (now() - sent[slot]) * 1e6;
		if (n_sent < n_frames)
			frame_send();
	}
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void frames(unsigned int n, unsigned int window)
{
	struct pollfd p[2] = {
		{ .fd = sw, .events = POLLIN },
		{ .fd = out_fd, .events = POLLIN },
	};
	double start;

	empty();
	took = calloc(n, sizeof(*took));
	n_frames = n;
	n_sent = n_done = 0;
	start = now();
	while (n_sent < window && n_sent < n)
		frame_send();
	while (n_done < n) {
		if (poll(p, 2, WAIT_MS) <= 0)
			die("a frame was lost");
		if (p[0].revents && fill(0))
			messages(frame_up);
		if (p[1].revents)
			frame_down();
	}
	start = now() - start;
	qsort(took, n, sizeof(*took), by_size);
	printf("%.0f %.1f %.1f\n", n / start, took[n / 2], took[n * 99ul / 100]);
	free(took);
}

/* Life */

static int packet_socket(const char *name)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(0x88b5),
		.sll_ifindex = (int)if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(0x88b5));

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die(name);
	return fd;
}

static void accept_switch(uint16_t port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1))
		die("listen");
	sw = accept(fd, NULL, NULL);
	if (sw < 0)
		die("accept");
	setsockopt(sw, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	close(fd);
}

static void handshake(void)
{
	put(CVSW_OFP_HELLO, sizeof(struct cvsw_ofp_header));
	put(CVSW_OFP_FEATURES_REQUEST, sizeof(struct cvsw_ofp_header));
	barrier();
	puts("ready");
}

static bool command(const char *word, unsigned int n, unsigned int window)
{
	if (window < 1 || window > WINDOW_MAX)
		return false;
	if (!strcmp(word, "mods"))
		mods(n, window);
	else if (!strcmp(word, "frames"))
		frames(n, window);
	else if (!strcmp(word, "fill"))
		fill_table(n);
	else
		return false;
	return true;
}

/* a line of input; what the switch asks meanwhile is answered */
static bool next_line(char *line, int size)
{
	struct pollfd p[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = sw, .events = POLLIN },
	};

	for (;;) {
		if (poll(p, 2, -1) < 0)
			die("poll");
		if (p[1].revents && fill(0))
			messages(barrier_each);
		if (p[0].revents)
			return fgets(line, size, stdin);
	}
}

int main(int argc, char **argv)
{
	unsigned int n, window;
	char line[80], word[16];

	if (argc != 4) {
		fputs("usage: of_load PORT IN OUT\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0);
	in_fd = packet_socket(argv[2]);
	out_fd = packet_socket(argv[3]);
	accept_switch((uint16_t)atoi(argv[1]));
	handshake();
	while (next_line(line, sizeof(line))) {
		n = window = 1;
		if (sscanf(line, "%15s %u %u", word, &n, &window) < 1 ||
		    !command(word, n, window)) {
			fprintf(stderr, "of_load: what is `%s`?\n", line);
			return 2;
		}
	}
	return 0;
}

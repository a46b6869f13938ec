// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What no program of a small guest does to a device:
 *
 *	poke send IFACE queued|bypass N		send N frames of type 0x88b5 by a
 *						packet socket, past the queues or
 *						not
 *	poke xdp IFACE driver|generic		have an XDP program pass its
 *						frames until killed; says "ready"
 */

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>

#define POKE_TYPE	0x88b5	/* for local experiments */

static int poke_die(const char *what)
{
	perror(what);
	return EXIT_FAILURE;
}

static int poke_send(unsigned int ifindex, int bypass, int n)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = (int)ifindex,
				  .sll_protocol = htons(POKE_TYPE) };
	uint8_t frame[100] = "\2\0\0\0\0\2\2\0\0\0\0\1\x88\xb5";
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass,
		       sizeof(bypass)))
		return poke_die("packet socket");
	while (n--)
		if (send(fd, frame, sizeof(frame), 0) != sizeof(frame))
			return poke_die("send");
	return EXIT_SUCCESS;
}

static int poke_bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int poke_xdp(unsigned int ifindex, unsigned int mode)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr;
	int program;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_XDP;
	attr.insns = (uintptr_t)pass;
	attr.insn_cnt = 2;
	attr.license = (uintptr_t)"GPL";
	program = poke_bpf(BPF_PROG_LOAD, &attr);
	if (program < 0)
		return poke_die("BPF_PROG_LOAD");
	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = (uint32_t)program;
	attr.link_create.target_ifindex = ifindex;
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = mode;
	if (poke_bpf(BPF_LINK_CREATE, &attr) < 0)
		return poke_die("BPF_LINK_CREATE");
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	unsigned int ifindex = argc > 3 ? if_nametoindex(argv[2]) : 0;

	if (!ifindex) {
		fprintf(stderr, "poke send IFACE queued|bypass N\n"
			"poke xdp IFACE driver|generic\n");
		return EXIT_FAILURE;
	}
	if (!strcmp(argv[1], "send") && argc > 4)
		return poke_send(ifindex, !strcmp(argv[3], "bypass"),
				 atoi(argv[4]));
	return poke_xdp(ifindex, !strcmp(argv[3], "driver") ?
			XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE);
}

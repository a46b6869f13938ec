// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A pcap file through a flow table: the smallest whole program that embeds
 * libcvsw.
 *
 *   filter 'FLOW' [FLOW...] <in.pcap >out.pcap
 *   filter 'tcp,tp_dst=80,actions=mod_nw_tos:184,out' <in.pcap >out.pcap
 *
 * Frames come in by port 1, "in"; what leaves by port 2, "out", is written.
 * What no flow matches is dropped.  At the end the flows with their counters
 * go to standard error, and why frames were dropped.
 *
 *   cc filter.c $(pkg-config --cflags --libs libcvsw libpcap)
 */

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cvsw/cvsw.h>

struct filter {
	struct cvsw_switch	*sw;
	struct cvsw_worker	*w;
	struct cvsw_pool	*pool;
	struct pcap_pkthdr	head;	/* of the frame that is in the switch */
	pcap_dumper_t		*out;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "filter: %s: %s\n", what, why);
	exit(1);
}

/* The outside of the switch: one op */

static void write_frame(void *wctx, void *port_priv, struct cvsw_pkt *frame)
{
	struct filter *filter = wctx;
	struct pcap_pkthdr head = filter->head;

	head.caplen = head.len = cvsw_frame_len(frame);
	if (port_priv)
		pcap_dump(port_priv, &head, cvsw_frame_data(frame));
	cvsw_frame_free(frame);
}

static const struct cvsw_ops ops = { .output = write_frame };

/* Setting up */

static void add_port(struct filter *filter, const char *name, void *priv)
{
	struct cvsw_port_info info = { .no = 0 };	/* the next free one */
	struct cvsw_error err;

	snprintf(info.name, sizeof(info.name), "%s", name);
	if (cvsw_port_add(filter->sw, &info, priv, &err))
		die(name, err.text);
}

static __u16 port_find(void *ctx, const char *name)
{
	return cvsw_port_find(ctx, name);
}

static void add_flow(struct filter *filter, const char *text)
{
	const struct cvsw_text_names names = {
		.port_find = port_find, .ctx = filter->sw,
	};
	struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_action actions[CVSW_ACTIONS_MAX];
	struct cvsw_text_error bad;
	struct cvsw_flow_mod mod;
	struct cvsw_error err;

	if (cvsw_text_mod_parse(text, CVSW_FLOW_ADD, 0, &names, &mod, actions,
				CVSW_ACTIONS_MAX, opts, &bad))
		die(text, bad.text);
	if (cvsw_flow_mods(filter->sw, &mod, 1, 0, &err))
		die(text, err.text);
}

static void start(struct filter *filter, char **flows)
{
	struct cvsw_config config;
	struct cvsw_error err;

	cvsw_config_default(&config);
	config.workers = 1;
	config.miss = CVSW_MISS_DROP;
	if (cvsw_switch_new(&filter->sw, &config, &ops, NULL, &err))
		die("switch", err.text);
	filter->w = cvsw_worker_get(filter->sw, 0, filter);
	filter->pool = cvsw_pool_new();
	if (!filter->w || !filter->pool)
		die("switch", "no memory");
	add_port(filter, "in", NULL);
	add_port(filter, "out", filter->out);
	while (*flows)
		add_flow(filter, *flows++);
}

/* Running */

static __u64 nanoseconds(const struct timeval *t)
{
	return (__u64)t->tv_sec * 1000000000u + (__u64)t->tv_usec * 1000u;
}

static void run(struct filter *filter, pcap_t *in)
{
	struct pcap_pkthdr *head;
	struct cvsw_pkt *frame;
	const u_char *bytes;

	while (pcap_next_ex(in, &head, &bytes) == 1) {
		frame = cvsw_frame_new(filter->pool, 1, head->caplen);
		if (!frame)
			die("frame", "too long, or no memory");
		memcpy(cvsw_frame_edit(frame), bytes, head->caplen);
		filter->head = *head;
		cvsw_input(filter->w, frame, nanoseconds(&head->ts));
	}
}

static int show_flow(void *arg, const struct cvsw_flow *flow)
{
	char text[CVSW_TEXT_MAX];

	cvsw_text_flow_print(text, sizeof(text), flow, CVSW_TEXT_STATS, NULL);
	fprintf(arg, "%s\n", text);
	return 0;
}

static void report(struct filter *filter)
{
	__u64 drops[CVSW_DROP_COUNT], now = nanoseconds(&filter->head.ts);
	struct cvsw_flow_dump *dump;
	unsigned int i;

	if (cvsw_flow_dump_start(filter->sw, &dump, NULL))
		die("flows", "no memory");
	while (cvsw_flow_dump_next(dump, now, show_flow, stderr))
		;
	cvsw_flow_dump_stop(dump);
	cvsw_switch_drops(filter->sw, drops);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		if (drops[i])
			fprintf(stderr, "%llu dropped: %s\n", drops[i],
				cvsw_drop_text(i));
}

int main(int argc, char **argv)
{
	struct filter filter = { 0 };
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *in;

	if (argc < 2) {
		fprintf(stderr, "usage: filter FLOW... <in.pcap >out.pcap\n");
		return 1;
	}
	in = pcap_open_offline("-", err);
	if (!in)
		die("standard input", err);
	if (pcap_datalink(in) != DLT_EN10MB)
		die("standard input", "not Ethernet");
	filter.out = pcap_dump_open(in, "-");
	if (!filter.out)
		die("standard output", pcap_geterr(in));
	start(&filter, argv + 1);
	run(&filter, in);
	report(&filter);
	cvsw_switch_free(filter.sw);
	cvsw_pool_free(filter.pool);
	pcap_dump_close(filter.out);
	pcap_close(in);
	return 0;
}

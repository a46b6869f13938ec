// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What merging costs a frame: of one flow that merges, against the checksum and
 * the copy of its payload alone; and of flows that do not.
 *
 *   bench_gro [RUNS]		time, one JSON object a line
 *   bench_gro CASE BATCHES	only run that case, for an instruction counter:
 *				valgrind --tool=callgrind
 *				--toggle-collect=gro_merge
 */

#include "os.h"

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "bench.h"
#include "csum.h"
#include "pkt_ops.h"

#define BATCH	44		/* segments of 64 KiB */
#define FLOWS	1000
#define TUNNEL	50		/* bytes that decapsulation took off */

struct gro_case {
	const char	*name;
	u8		ver;
	u8		proto;
	u32		payload;
	u32		flows;
};

static const struct gro_case cases[] = {
	{ "tcp4-merged",	4, CVSW_IPPROTO_TCP, 1386, 1 },
	{ "tcp6-merged",	6, CVSW_IPPROTO_TCP, 1366, 1 },
	{ "udp4-merged",	4, CVSW_IPPROTO_UDP, 1400, 1 },
	{ "tcp4-alone",		4, CVSW_IPPROTO_TCP, 1386, FLOWS },
	{ "udp4-small-alone",	4, CVSW_IPPROTO_UDP, 22, FLOWS },
	{ "udp6-small-alone",	6, CVSW_IPPROTO_UDP, 22, FLOWS },
};

struct frame {
	u32	len;
	u8	bytes[1600];
};

static struct frame frames[FLOWS];
static struct cvsw_pkt *batch[BATCH];
static struct cvsw_pool *pool;
static struct cvsw_gro *gro;
static u32 sink;

static u32 l4_of(const struct gro_case *c)
{
	return CVSW_ETH_HLEN + (c->ver == 4 ? CVSW_IPV4_HLEN : CVSW_IPV6_HLEN);
}

static u32 payload_of(const struct gro_case *c)
{
	/* TCP with a timestamp's room */
	return l4_of(c) + (c->proto == CVSW_IPPROTO_TCP ? CVSW_TCP_HLEN + 12 :
							  CVSW_UDP_HLEN);
}

/* the IP header of @f, of flow @flow; sum of its pseudo header */
static u32 build_ip(const struct gro_case *c, struct frame *f, u32 flow, u16 id)
{
	struct cvsw_ipv4_hdr *ip4 = (void *)(f->bytes + CVSW_ETH_HLEN);
	struct cvsw_ipv6_hdr *ip6 = (void *)ip4;
	u32 len = f->len - l4_of(c);

	if (c->ver == 4) {
		put_unaligned_be16(CVSW_ETH_P_IPV4, f->bytes + 12);
		ip4->ver_ihl = 0x45;
		ip4->tot_len = cpu_to_be16((u16)(f->len - CVSW_ETH_HLEN));
		ip4->id = cpu_to_be16(id);
		ip4->ttl = 64;
		ip4->proto = c->proto;
		put_unaligned_be32(flow, ip4->src);
		ip4->check = cvsw_csum_ipv4(ip4);
		return cvsw_csum_pseudo4(ip4->src, ip4->dst, c->proto, len);
	}
	put_unaligned_be16(CVSW_ETH_P_IPV6, f->bytes + 12);
	ip6->ver_tc_flow = cpu_to_be32(6u << 28);
	ip6->payload_len = cpu_to_be16((u16)len);
	ip6->nexthdr = c->proto;
	ip6->hop_limit = 64;
	put_unaligned_be32(flow, ip6->src);
	return cvsw_csum_pseudo6(ip6->src, ip6->dst, c->proto, len);
}

/* segment @i of flow @flow */
static void build(const struct gro_case *c, struct frame *f, u32 flow, u32 i)
{
	u8 *l4 = f->bytes + l4_of(c);
	struct cvsw_tcp_hdr *th = (void *)l4;
	struct cvsw_udp_hdr *udp = (void *)l4;
	u32 len, sum;

	*f = (struct frame){ .len = payload_of(c) + c->payload };
	memset(f->bytes + payload_of(c), 0x5a, c->payload);
	len = f->len - l4_of(c);
	sum = build_ip(c, f, flow, (u16)i);
	th->sport = cpu_to_be16(1000);
	th->dport = cpu_to_be16(2000);
	if (c->proto == CVSW_IPPROTO_UDP) {
		udp->len = cpu_to_be16((u16)len);
		udp->check = cvsw_csum_fold_udp(cvsw_buf_sum(l4, len, sum));
		return;
	}
	th->seq = cpu_to_be32(i * c->payload);
	th->doff = 8 << 4;
	th->flags = CVSW_TCP_ACK;
	th->check = cvsw_csum_fold(cvsw_buf_sum(l4, len, sum));
}

static void build_all(const struct gro_case *c)
{
	u32 i;

	for (i = 0; i < FLOWS; i++)
		build(c, &frames[i], c->flows == 1 ? 1 : i * 0x9e3779b1,
		      i % BATCH);
}

/* Steps of a batch */

static void batch_new(const struct frame *f)
{
	struct cvsw_buf *buf;
	u32 i;

	for (i = 0; i < BATCH; i++, f++) {
		batch[i] = cvsw_frame_new(pool, 1, CVSW_FRAME_MAX);
		if (!batch[i])
			abort();
		buf = batch[i]->frame;
		buf->data += TUNNEL;
		buf->len = f->len;
		memcpy(buf->data, f->bytes, f->len);
	}
}

/* frames that are left */
static noinline u32 gro_merge(void)
{
	u32 i, n = 0;

	for (i = 0; i < BATCH; i++)
		if (!cvsw_gro_receive(gro, batch[i], CVSW_OFFLOAD_MASK))
			batch[n++] = batch[i];
	cvsw_gro_flush(gro);
	return n;
}

/* what cannot be done without */
static noinline u32 gro_floor(const struct gro_case *c)
{
	u32 i, l4 = l4_of(c), at = payload_of(c);
	struct cvsw_buf *head = batch[0]->frame;

	for (i = 0; i < BATCH; i++) {
		const struct cvsw_buf *buf = batch[i]->frame;

		sink += cvsw_buf_sum(buf->data + l4, buf->len - l4, 0);
		if (!i)
			continue;
		memcpy(head->data + head->len, buf->data + at, c->payload);
		head->len += c->payload;
	}
	return BATCH;
}

static void batch_free(u32 n)
{
	while (n)
		cvsw_frame_free(batch[--n]);
}

/* ns a frame of @n batches */
static double run(const struct gro_case *c, u32 n, bool floor)
{
	double took = 0, start;
	u32 i, left;

	for (i = 0; i < n; i++) {
		batch_new(&frames[c->flows == 1 ? 0 :
				  i % (FLOWS / BATCH) * BATCH]);
		start = bench_wall();
		left = floor ? gro_floor(c) : gro_merge();
		took += bench_wall() - start;
		if (!floor && left != (c->flows == 1 ? 1 : BATCH))
			abort();
		batch_free(left);
	}
	return took / n / BATCH;
}

static void report(const struct gro_case *c, int runs)
{
	struct bench_series ours = {}, theirs = {};
	char name[64];

	build_all(c);
	run(c, 100, false);
	while (runs--) {
		bench_put(&ours, run(c, 2000, false));
		bench_put(&theirs, run(c, 2000, true));
	}
	snprintf(name, sizeof(name), "gro/%s", c->name);
	if (c->flows == 1)
		bench_print(name, "ns/frame", &ours, "checksum and copy",
			    &theirs);
	else
		bench_print(name, "ns/frame", &ours, NULL, NULL);
}

int main(int argc, char **argv)
{
	int runs = argc == 2 ? atoi(argv[1]) : 15;
	const struct gro_case *c;

	pool = cvsw_pool_new();
	gro = cvsw_gro_new();
	if (!pool || !gro)
		return 1;
	for (c = cases; c < cases + ARRAY_SIZE(cases); c++) {
		if (argc < 3) {
			report(c, max(1, min(runs, BENCH_RUNS_MAX)));
		} else if (!strcmp(c->name, argv[1])) {
			build_all(c);
			run(c, (u32)strtoul(argv[2], NULL, 0), false);
		}
	}
	cvsw_gro_free(gro);
	cvsw_pool_free(pool);
	return 0;
}

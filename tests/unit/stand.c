// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include <stdio.h>
#include "stand.h"

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "stand: %s\n", what);
	abort();
}

static void stand_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	struct stand *stand = wctx;
	u32 len = cvsw_frame_len(pkt);

	stand->sent++;
	stand->port = (u16)(uintptr_t)port_priv;
	stand->len = len;
	memcpy(stand->frame, cvsw_frame_data(pkt),
	       min_t(u32, len, sizeof(stand->frame)));
	cvsw_frame_free(pkt);
}

static int stand_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			   const struct cvsw_packet_in *info)
{
	struct stand *stand = wctx;

	return cvsw_nl_server_packet_in(stand->server, stand->sw, pkt, info);
}

static void stand_event(void *ctx, const struct cvsw_event *event)
{
	struct stand *stand = ctx;

	if (stand->server)
		cvsw_nl_server_event(stand->server, stand->sw, event);
}

static int stand_port_add(struct stand *stand, const char *name,
			  const char *spec, u16 no, struct cvsw_error *err)
{
	struct cvsw_port_info info = {
		.no = no, .queues = 1, .mtu = 1500, .mac = { 2 }
	};

	info.mac[5] = (u8)no;
	strncpy(info.name, name, sizeof(info.name) - 1);
	strncpy(info.spec, spec, sizeof(info.spec) - 1);
	return cvsw_port_add(stand->sw, &info, (void *)(uintptr_t)no, err);
}

/* "test:NAME" */
static int stand_port_open(void *ctx, const char *spec, u16 no,
			   struct cvsw_error *err)
{
	if (!strncmp(spec, "test:", 5) && spec[5])
		return stand_port_add(ctx, spec + 5, spec, no, err);
	if (err)
		*err = (struct cvsw_error){ "spec: no such kind of port", -1,
					    -1 };
	return -EINVAL;
}

static void stand_port_close(void *ctx, void *port_priv)
{
}

static int stand_port_set(void *ctx, void *port_priv,
			  struct cvsw_port_info *want, struct cvsw_error *err)
{
	const struct stand *stand = ctx;
	const u32 failed = stand->tested ? stand->wrong : 0;

	if (stand->mtu && want->mtu > stand->mtu) {
		if (err)
			*err = (struct cvsw_error){
				"mtu: more than the device takes", -1, -1
			};
		return -ERANGE;
	}
	want->rx_offload = want->rx_asked & ~failed;
	want->tx_offload = want->tx_asked & ~failed;
	want->rx_failed = failed;
	want->tx_failed = failed;
	/* no segmentation without checksums */
	want->device = want->device_asked;
	if (!(want->device & CVSW_DEVICE_CSUM))
		want->device &= ~(u32)CVSW_DEVICE_TSO;
	want->device_fixed = CVSW_DEVICE_RX_CSUM;
	return 0;
}

static int stand_port_test(void *ctx, void *port_priv, struct cvsw_test *tests,
			   unsigned int *n, struct cvsw_error *err)
{
	struct stand *stand = ctx;
	u32 bit;

	if (stand->mtu) {
		err->text = "self-test: there is none";
		return -EOPNOTSUPP;
	}
	stand->tested = true;
	for (bit = 1; bit <= CVSW_OFFLOAD_TSO6; bit <<= 1) {
		tests[*n] = (struct cvsw_test){
			.offload = bit,
			.rx = CVSW_TEST_PASSED,
			.tx = bit & stand->wrong ? CVSW_TEST_FAILED :
						   CVSW_TEST_PASSED,
		};
		if (bit & stand->wrong)
			strcpy(tests[*n].text, "it went wrong");
		++*n;
	}
	return 0;
}

/* the first queue of @no from @id on, or where it would be */
static struct cvsw_queue_info *stand_queue(struct stand *stand, u16 no, u32 id)
{
	struct cvsw_queue_info *q = stand->queue;

	while (q < stand->queue + stand->n_queues &&
	       (q->port < no || (q->port == no && q->id < id)))
		q++;
	return q;
}

static bool stand_is_queue(const struct stand *stand,
			   const struct cvsw_queue_info *q, u16 no)
{
	return q < stand->queue + stand->n_queues && q->port == no;
}

static int stand_queue_set(void *ctx, void *port_priv,
			   const struct cvsw_queue_info *want,
			   struct cvsw_error *err)
{
	u16 no = (u16)(uintptr_t)port_priv;
	struct stand *stand = ctx;
	struct cvsw_queue_info *q = stand_queue(stand, no, want->id);

	if (no == 3) {
		err->text = "queue: this port has none";
		return -EOPNOTSUPP;
	}
	if (!stand_is_queue(stand, q, no) || q->id != want->id) {
		if (stand->n_queues == STAND_QUEUES) {
			err->text = "queue: too many";
			return -ENOSPC;
		}
		memmove(q + 1, q, (size_t)(stand->queue + stand->n_queues - q) *
				  sizeof(*q));
		stand->n_queues++;
	}
	*q = *want;
	q->tx_bytes = want->id * 1000;
	q->tx_packets = want->id;
	q->tx_errors = 1;
	return 0;
}

static int stand_queue_del(void *ctx, void *port_priv, u32 id,
			   struct cvsw_error *err)
{
	u16 no = (u16)(uintptr_t)port_priv;
	struct stand *stand = ctx;
	bool all = id == CVSW_QUEUE_ALL;
	struct cvsw_queue_info *q = stand_queue(stand, no, all ? 0 : id), *end;

	for (end = q; stand_is_queue(stand, end, no) && (all || end->id == id);
	     end++)
		;
	if (!all && end == q) {
		err->text = "queue: no such id";
		return -ENOENT;
	}
	memmove(q, end, (size_t)(stand->queue + stand->n_queues - end) *
			sizeof(*q));
	stand->n_queues -= (unsigned int)(end - q);
	return 0;
}

static int stand_queue_walk(void *ctx, void *port_priv,
			    int (*each)(void *arg,
					const struct cvsw_queue_info *info),
			    void *arg)
{
	u16 no = (u16)(uintptr_t)port_priv;
	struct stand *stand = ctx;
	const struct cvsw_queue_info *q = stand_queue(stand, no, 0);

	for (; stand_is_queue(stand, q, no); q++)
		if (each(arg, q))
			break;
	return 0;
}

static const struct cvsw_ops stand_ops = {
	.output = stand_output,
	.packet_in = stand_packet_in,
	.event = stand_event,
	.port_open = stand_port_open,
	.port_close = stand_port_close,
	.port_set = stand_port_set,
	.port_test = stand_port_test,
	.queue_set = stand_queue_set,
	.queue_del = stand_queue_del,
	.queue_walk = stand_queue_walk,
};

static int stand_send(void *ctx, void *client_ctx, const void *msg, size_t len)
{
	struct stand *stand = client_ctx;
	struct stand_datagram *d;

	if (stand->lost)
		return -EPIPE;
	if (!stand->room)
		return -EAGAIN;
	must(stand->n_got < STAND_DATAGRAMS, "too many datagrams");
	stand->room--;
	d = &stand->got[stand->n_got++];
	d->len = len;
	memcpy(d->data, msg, len);
	return 0;
}

static void stand_wake(void *ctx)
{
	struct stand *stand = ctx;

	stand->wakes++;
}

static void stand_flush(void *ctx)
{
	struct stand *stand = ctx;

	stand->flushed = stand->n_got;
}

static const struct cvsw_nl_server_ops stand_server_ops = {
	.send = stand_send,
	.wake = stand_wake,
	.flush = stand_flush,
};

static void stand_switch(struct stand *stand, const char *name,
			 unsigned int ports)
{
	struct cvsw_config config;
	unsigned int i;
	char text[16];

	cvsw_config_default(&config);
	memset(config.name, 0, sizeof(config.name));
	strncpy(config.name, name, sizeof(config.name) - 1);
	config.miss = CVSW_MISS_DROP;
	config.max_flows = 100000;
	config.workers = 2;
	config.seed = 1;
	stand->now = 1000 * STAND_SECOND;
	stand->room = STAND_DATAGRAMS;
	stand->queue = calloc(STAND_QUEUES, sizeof(*stand->queue));
	must(stand->queue, "no queues");
	must(!cvsw_switch_new(&stand->sw, &config, &stand_ops, stand, NULL),
	     "no switch");
	stand->w = cvsw_worker_get(stand->sw, 0, stand);
	must(stand->w, "no worker");
	for (i = 1; i <= ports; i++) {
		snprintf(text, sizeof(text), "test:p%u", i);
		must(!stand_port_open(stand, text, (u16)i, NULL), "no port");
	}
}

static void stand_serve(struct stand *stand)
{
	struct cvsw_worker *w = cvsw_worker_get(stand->sw, 1, stand);

	must(w && !cvsw_nl_server_add(stand->server, stand->sw, w),
	     "not served");
}

void stand_open(struct stand *stand, const char *name, unsigned int ports)
{
	memset(stand, 0, sizeof(*stand));
	stand_switch(stand, name, ports);
	stand->got = calloc(STAND_DATAGRAMS, sizeof(*stand->got));
	stand->pool = cvsw_pool_new();
	stand->server = cvsw_nl_server_new(&stand_server_ops, stand);
	must(stand->got && stand->pool && stand->server, "no server");
	stand_serve(stand);
}

void stand_close(struct stand *stand)
{
	cvsw_nl_server_del(stand->server, stand->sw);
	cvsw_nl_server_free(stand->server);
	stand->server = NULL;
	cvsw_switch_free(stand->sw);
	cvsw_pool_free(stand->pool);
	free(stand->queue);
	free(stand->got);
}

void stand_join(struct stand *stand, struct stand *other, const char *name)
{
	memset(other, 0, sizeof(*other));
	stand_switch(other, name, 2);
	other->server = stand->server;
	stand_serve(other);
}

void stand_leave(struct stand *stand, struct stand *other)
{
	cvsw_nl_server_del(stand->server, other->sw);
	other->server = NULL;
	cvsw_switch_free(other->sw);
	free(other->queue);
}

static u64 stand_now(void *arg)
{
	const struct stand *stand = arg;

	return stand->now;
}

struct cvsw_ctl *stand_ctl(struct stand *stand)
{
	struct cvsw_ctl *ctl;

	must(!cvsw_ctl_open_local(&ctl, stand->server, stand_now, stand),
	     "no connection");
	return ctl;
}

void stand_input(struct stand *stand, u16 port, const void *bytes, u32 len)
{
	struct cvsw_pkt *pkt = cvsw_frame_new(stand->pool, port, len);

	must(pkt, "no frame");
	memcpy(cvsw_frame_edit(pkt), bytes, len);
	cvsw_input(stand->w, pkt, stand->now);
	cvsw_worker_flush(stand->w);
}

unsigned int stand_flows(const struct stand *stand)
{
	struct cvsw_table_stats stats;

	cvsw_switch_stats(stand->sw, &stats);
	return stats.flows;
}

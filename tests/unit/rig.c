// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "rig.h"

#include <stdlib.h>

static struct rig_sent *rig_keep(struct rig *rig, u16 port,
				 const struct cvsw_pkt *pkt)
{
	struct rig_sent *sent;

	assert_true(rig->n_sent < RIG_SENT);
	sent = &rig->sent[rig->n_sent++];
	*sent = (struct rig_sent){ .port = port, .queue = pkt->queue,
				   .len = cvsw_pkt_len(pkt) };
	sent->bytes = malloc(sent->len);
	assert_non_null(sent->bytes);
	memcpy(sent->bytes, cvsw_pkt_header(pkt, 0, sent->len), sent->len);
	cvsw_pkt_offload_get(pkt, &sent->off);
	return sent;
}

static void rig_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	struct rig *rig = wctx;
	u16 port = (u16)(uintptr_t)port_priv;

	if (rig->refuse) {
		cvsw_worker_drop(rig->w, pkt, port, rig->refuse);
		return;
	}
	rig_keep(rig, port, pkt);
	cvsw_pkt_free(pkt);
}

static int rig_packet_in(void *wctx, const struct cvsw_pkt *pkt,
			 const struct cvsw_packet_in *info)
{
	struct rig *rig = wctx;

	if (rig->deaf)
		return -ENOTCONN;
	rig_keep(rig, CVSW_PORT_CONTROLLER, pkt)->info = *info;
	return 0;
}

static void rig_inband(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	struct rig *rig = wctx;

	assert_int_equal(pkt->in_port, (uintptr_t)port_priv);
	if (rig->n_control < CVSW_INBAND_QUEUE)
		rig->control[rig->n_control++] = *pkt;
	else
		cvsw_worker_drop(rig->w, pkt, CVSW_PORT_ANY,
				 CVSW_DROP_INBAND_RATE);
}

void rig_control(struct rig *rig)
{
	unsigned int i;

	for (i = 0; i < rig->n_control; i++)
		cvsw_inband_input(rig->sw, rig->w, &rig->control[i], rig->now);
	rig->n_control = 0;
}

static int rig_frame_new(void *wctx, const void *data, u32 len,
			 struct cvsw_pkt *pkt)
{
	const struct rig *rig = wctx;
	struct cvsw_pkt *new = cvsw_frame_new(rig->pool, CVSW_PORT_NONE, len);

	if (!new)
		return -ENOMEM;
	memcpy(cvsw_frame_edit(new), data, len);
	cvsw_frame_give(pkt, new);
	return 0;
}

static void rig_tell(struct rig *rig, const char *what, const void *port_priv)
{
	size_t n = strlen(rig->told);

	assert_true(n + 16 < sizeof(rig->told));
	snprintf(rig->told + n, sizeof(rig->told) - n, "%s%s%lu", n ? " " : "",
		 what, (unsigned long)(uintptr_t)port_priv);
}

static int rig_inband_msg(void *ctx, void *port_priv, const void *msg, u32 len)
{
	struct rig *rig = ctx;

	rig_tell(rig, "msg", port_priv);
	return rig->msg ? rig->msg(rig, (u16)(uintptr_t)port_priv, msg, len) :
	       0;
}

static void rig_inband_sent(void *ctx, void *port_priv)
{
	rig_tell(ctx, "sent", port_priv);
}

static void rig_inband_session(void *ctx, void *port_priv, int live)
{
	rig_tell(ctx, live ? "live" : "end", port_priv);
}

static void rig_event(void *ctx, const struct cvsw_event *event)
{
	struct rig *rig = ctx;
	struct rig_event *last = &rig->event;

	rig->n_events++;
	last->event = *event;
	if (event->port)
		last->port = *event->port;
	if (event->flow) {
		last->flow = *event->flow;
		memcpy(last->actions, event->flow->actions,
		       event->flow->n_actions * sizeof(last->actions[0]));
		memcpy(last->opts, event->flow->opts,
		       event->flow->n_opts * sizeof(last->opts[0]));
	}
}

static void rig_port_close(void *ctx, void *port_priv)
{
	struct rig *rig = ctx;

	rig->closed++;
}

static int rig_port_set(void *ctx, void *port_priv,
			struct cvsw_port_info *want, struct cvsw_error *err)
{
	struct rig *rig = ctx;

	assert_non_null(err);
	if (rig->set_mtu)
		want->mtu = rig->set_mtu;
	return rig->set_error;
}

static void rig_path_note(struct rig *rig, char what, u8 family,
			  const u8 *addr)
{
	size_t n = strlen(rig->paths);

	snprintf(rig->paths + n, sizeof(rig->paths) - n, "%s%c%u",
		 n ? " " : "", what, addr[family == 4 ? 3 : 15]);
}

static void rig_path_open(void *ctx, u8 family, const u8 *addr)
{
	rig_path_note(ctx, '+', family, addr);
}

static void rig_path_close(void *ctx, u8 family, const u8 *addr)
{
	rig_path_note(ctx, '-', family, addr);
}

static void rig_path_wait(void *wctx, u8 family, const u8 *addr)
{
	rig_path_note(wctx, '?', family, addr);
}

const struct cvsw_ops rig_ops = {
	.output = rig_output,
	.packet_in = rig_packet_in,
	.inband = rig_inband,
	.frame_new = rig_frame_new,
	.inband_msg = rig_inband_msg,
	.inband_sent = rig_inband_sent,
	.inband_session = rig_inband_session,
	.event = rig_event,
	.port_close = rig_port_close,
	.port_set = rig_port_set,
	.path_open = rig_path_open,
	.path_close = rig_path_close,
	.path_wait = rig_path_wait,
};

struct cvsw_port_info rig_port(u16 no)
{
	struct cvsw_port_info info = { .no = no, .mac = { 2, 0, 0, 0, 0 } };

	info.mac[5] = (u8)no;
	snprintf(info.name, sizeof(info.name), "p%u", no);
	return info;
}

void rig_open(struct rig *rig, unsigned int ports,
	      const struct cvsw_config *config)
{
	struct cvsw_config standard;
	struct cvsw_port_info info;
	unsigned int i;

	memset(rig, 0, sizeof(*rig));
	rig->now = 1000 * RIG_SECOND;
	cvsw_config_default(&standard);
	standard.miss = CVSW_MISS_DROP;
	standard.workers = 2;
	assert_int_equal(cvsw_switch_new(&rig->sw, config ?: &standard,
					 &rig_ops, rig, NULL), 0);
	rig->w = cvsw_worker_get(rig->sw, 0, rig);
	assert_non_null(rig->w);
	rig->pool = cvsw_pool_new();
	assert_non_null(rig->pool);
	for (i = 1; i <= ports; i++) {
		info = rig_port((u16)i);
		assert_int_equal(cvsw_port_add(rig->sw, &info,
					       (void *)(uintptr_t)i, NULL), 0);
	}
	rig->n_events = 0;
}

void rig_close(struct rig *rig)
{
	rig_clear(rig);
	cvsw_switch_free(rig->sw);
	cvsw_pool_free(rig->pool);
}

void rig_clear(struct rig *rig)
{
	while (rig->n_sent)
		free(rig->sent[--rig->n_sent].bytes);
	rig->n_events = 0;
	rig->closed = 0;
	rig->paths[0] = 0;
	rig->told[0] = 0;
	memset(&rig->event, 0, sizeof(rig->event));
}

void rig_configure(struct rig *rig, void (*edit)(struct cvsw_config *config))
{
	struct cvsw_config config;

	cvsw_switch_config(rig->sw, &config);
	edit(&config);
	assert_int_equal(cvsw_switch_configure(rig->sw, &config, NULL), 0);
}

struct cvsw_pkt *rig_bytes(struct rig *rig, u16 port, const void *bytes,
			   u32 len)
{
	struct cvsw_pkt *pkt = cvsw_frame_new(rig->pool, port, len);

	assert_non_null(pkt);
	memcpy(cvsw_frame_edit(pkt), bytes, len);
	return pkt;
}

struct cvsw_pkt *rig_frame(struct rig *rig, u16 port,
			   const struct test_frame *frame)
{
	static u8 bytes[TEST_FRAME_MAX];

	return rig_bytes(rig, port, bytes, test_build(frame, bytes));
}

void rig_input(struct rig *rig, u16 port, const struct test_frame *frame)
{
	cvsw_input(rig->w, rig_frame(rig, port, frame), rig->now);
}

void rig_add(struct rig *rig, u16 priority, u16 in_port,
	     const struct cvsw_action *actions, unsigned int n)
{
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_ADD,
		.flow = {
			.priority = priority,
			.cookie = priority,
			.n_actions = (u16)n,
			.actions = actions,
		},
	};

	if (in_port) {
		mod.flow.match.value.in_port = in_port;
		mod.flow.match.mask.in_port = 0xffff;
	}
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now, NULL), 0);
}

void rig_sent_is(const struct rig *rig, const char *ports)
{
	char text[RIG_SENT * 7] = "";
	unsigned int i;

	for (i = 0; i < rig->n_sent; i++) {
		char *end = text + strlen(text);

		if (rig->sent[i].port == CVSW_PORT_CONTROLLER)
			sprintf(end, "%sC", i ? " " : "");
		else
			sprintf(end, "%s%u", i ? " " : "", rig->sent[i].port);
	}
	assert_string_equal(text, ports);
}

u64 rig_drops(const struct rig *rig)
{
	u64 drops[CVSW_DROP_COUNT], sum = 0;
	unsigned int i;

	cvsw_switch_drops(rig->sw, drops);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		sum += drops[i];
	return sum;
}

void rig_paths_are(struct rig *rig, const char *told)
{
	assert_string_equal(rig->paths, told);
	rig->paths[0] = 0;
}

void rig_drops_are(const struct rig *rig, enum cvsw_drop why, u64 n)
{
	u64 drops[CVSW_DROP_COUNT];
	unsigned int i;

	cvsw_switch_drops(rig->sw, drops);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		if (drops[i] != (i == why ? n : 0))
			fail_msg("%s: %llu", cvsw_drop_name(i), drops[i]);
}

struct rig_search {
	struct cvsw_flow	flow;
	u16			priority;
	unsigned int		n;
};

static int rig_count(void *arg, const struct cvsw_flow *flow)
{
	struct rig_search *search = arg;

	search->n++;
	if (flow->priority == search->priority) {
		search->flow = *flow;
		search->flow.actions = NULL;
	}
	return 0;
}

static struct rig_search rig_walk(const struct rig *rig, u16 priority)
{
	struct rig_search search = { .priority = priority };
	struct cvsw_flow_dump *dump;

	assert_int_equal(cvsw_flow_dump_start(rig->sw, &dump, NULL), 0);
	assert_int_equal(cvsw_flow_dump_next(dump, rig->now, rig_count,
					     &search), 0);
	cvsw_flow_dump_stop(dump);
	return search;
}

unsigned int rig_flows(const struct rig *rig)
{
	return rig_walk(rig, 0).n;
}

struct cvsw_flow rig_flow(const struct rig *rig, u16 priority)
{
	return rig_walk(rig, priority).flow;
}

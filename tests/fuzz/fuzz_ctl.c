// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Answers to the calls of <cvsw/ctl.h>, of a switch that may be a guest's, and so
 * may say anything: a byte that picks the call, then datagrams, each with its
 * length in front.  Sequence numbers are made to fit.
 */

#include <stdio.h>
#include "ctl_priv.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/**
 * struct script - what is answered
 * @next: its rest
 * @left: bytes of it
 * @seq:  of the request sent last
 */
struct script {
	const u8	*next;
	size_t		left;
	u32		seq;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Transport */

static int script_send(void *link, const void *msg, size_t len, bool wait)
{
	struct script *script = link;
	const struct nlmsghdr *nlh = msg;

	must(nlh->nlmsg_len == len);
	script->seq = nlh->nlmsg_seq;
	return 0;
}

/* but for events, all that is said answers what was asked last */
static void script_number(const struct script *script, void *buf, int n)
{
	struct nlmsghdr *nlh = buf;

	for (; cvsw_nl_msg_fits(nlh, n); nlh = mnl_nlmsg_next(nlh, &n))
		if (nlh->nlmsg_seq)
			nlh->nlmsg_seq = script->seq;
}

static ssize_t script_answer(void *link, void *buf, size_t size)
{
	struct script *script = link;
	size_t n;

	if (script->left < 2)
		return -ECONNRESET;
	n = get_unaligned_be16(script->next);
	script->next += 2;
	script->left -= 2;
	n = min(n, size);
	n = min(n, script->left);
	if (!n)
		return -ECONNRESET;
	memcpy(buf, script->next, n);
	script->next += n;
	script->left -= n;
	script_number(script, buf, (int)n);
	return (ssize_t)n;
}

static ssize_t script_recv(void *link, void *buf, size_t size, int timeout_ms)
{
	return script_answer(link, buf, size);
}

static int script_timeout(void *link, int ms)
{
	return 0;
}

static int script_fd(const void *link)
{
	return 0;
}

static void script_close(void *link)
{
}

static const struct cvsw_ctl_transport script_transport = {
	.send = script_send,
	.answer = script_answer,
	.recv = script_recv,
	.timeout = script_timeout,
	.fd = script_fd,
	.close = script_close,
};

/* Calls.  Text that is handed out ends, and what is counted is there */

static void check_text(const char *text, size_t size)
{
	must(strnlen(text, size) < size);
}

static int each_switch(void *arg, const struct cvsw_config *config,
		       const struct cvsw_table_stats *stats)
{
	check_text(config->name, sizeof(config->name));
	return 0;
}

static int each_port(void *arg, const struct cvsw_port_info *info)
{
	check_text(info->name, sizeof(info->name));
	check_text(info->spec, sizeof(info->spec));
	must(info->antispoof.n_ipv4 <= CVSW_ANTISPOOF_ADDRS);
	must(info->antispoof.n_ipv6 <= CVSW_ANTISPOOF_ADDRS);
	return 0;
}

static int each_flow(void *arg, const struct cvsw_flow *flow)
{
	u64 sum = 0;
	u16 i;

	must(flow->n_actions <= CVSW_ACTIONS_MAX);
	must(flow->n_opts <= CVSW_OPT_MATCHES_MAX);
	for (i = 0; i < flow->n_actions; i++)
		sum += flow->actions[i].type;
	for (i = 0; i < flow->n_opts; i++)
		sum += flow->opts[i].value.len;
	return sum == U64_MAX;
}

static int each_path(void *arg, const struct cvsw_path_info *info)
{
	return 0;
}

static int each_queue(void *arg, const struct cvsw_queue_info *info)
{
	return 0;
}

static void each_drop(void *arg, const char *name, const char *text, u64 frames)
{
	must(strlen(name) + strlen(text) < CVSW_NL_MSG_MAX);
}

static void each_test(void *arg, const struct cvsw_test *test)
{
	check_text(test->text, sizeof(test->text));
}

static void each_step(void *arg, const struct cvsw_ctl_step *step)
{
	const u8 *frame = step->frame;
	u64 sum = 0;
	size_t i;

	for (i = 0; i < step->frame_len; i++)
		sum += frame[i];
	if (step->flow)
		sum += (u64)each_flow(NULL, step->flow);
	if (step->drop_name)
		each_drop(NULL, step->drop_name, step->drop_text, sum);
}

static void events(struct cvsw_ctl *ctl)
{
	struct cvsw_ctl_event event;

	if (cvsw_ctl_subscribe(ctl, CVSW_NL_GROUP_MASK))
		return;
	while (cvsw_ctl_event(ctl, 0, &event) > 0) {
		check_text(event.name, sizeof(event.name));
		if (event.flow)
			each_flow(NULL, event.flow);
		if (event.port)
			each_port(NULL, event.port);
	}
}

static void packet_outs(struct cvsw_ctl *ctl)
{
	struct cvsw_ctl_packet_out outs[4] = {};
	static const u8 frame[60];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(outs); i++) {
		outs[i].frame = frame;
		outs[i].len = sizeof(frame);
	}
	cvsw_ctl_packet_outs(ctl, outs, ARRAY_SIZE(outs));
}

static void save(struct cvsw_ctl *ctl)
{
	FILE *file = fopen("/dev/null", "w");

	must(file);
	cvsw_ctl_save(ctl, file);
	fclose(file);
}

static void call(struct cvsw_ctl *ctl, u8 which)
{
	struct cvsw_table_stats stats;
	struct cvsw_port_info port;
	struct cvsw_config config;
	static const u8 frame[60];

	switch (which % 12) {
	case 0:
		cvsw_ctl_switch_get(ctl, &config, &stats);
		break;
	case 1:
		cvsw_ctl_switch_dump(ctl, each_switch, NULL);
		break;
	case 2:
		if (!cvsw_ctl_port_get(ctl, 1, NULL, &port))
			each_port(NULL, &port);
		break;
	case 3:
		cvsw_ctl_port_dump(ctl, each_port, NULL);
		break;
	case 4:
		cvsw_ctl_flow_dump(ctl, NULL, each_flow, NULL);
		break;
	case 5:
		cvsw_ctl_path_dump(ctl, each_path, NULL);
		break;
	case 6:
		cvsw_ctl_queue_dump(ctl, CVSW_PORT_NONE, each_queue, NULL);
		break;
	case 7:
		cvsw_ctl_drops(ctl, each_drop, NULL);
		break;
	case 8:
		cvsw_ctl_port_test(ctl, 1, each_test, NULL);
		break;
	case 9:
		cvsw_ctl_trace(ctl, 1, frame, sizeof(frame), each_step, NULL);
		break;
	case 10:
		events(ctl);
		packet_outs(ctl);
		break;
	case 11:
		save(ctl);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct script script = { .next = data + 1, .left = size - 1 };
	struct cvsw_ctl *ctl;

	if (!size)
		return 0;
	must(!cvsw_ctl_new(&ctl, &script_transport, &script));
	call(ctl, data[0]);
	check_text(cvsw_ctl_error(ctl)->text, sizeof(cvsw_ctl_error(ctl)->text));
	cvsw_ctl_close(ctl);
	return 0;
}

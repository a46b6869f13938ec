// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A client that sends whatever it likes to the control server.  The input is
 * a series of requests: command, flags (1: a dump, 2: the bytes are the whole
 * message, headers and all), length (2 bytes, low first), attributes.
 *
 * What must hold: every datagram back consists of whole messages, a request
 * that was refused has changed neither flows, ports, queues nor settings, and
 * what a dump shows is accepted as a restore.
 */

#include <stdlib.h>
#include "../unit/stand.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct fuzz {
	struct stand		stand;
	struct cvsw_nl_client	*client;
	u8			msg[CVSW_NL_MSG_MAX]
					__attribute__((aligned(8)));
};

/* what a refused request must leave alone */
struct snapshot {
	struct cvsw_config	config;
	unsigned int		flows;
	unsigned int		ports;
	unsigned int		queues;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void snapshot_take(const struct fuzz *fuzz, struct snapshot *s)
{
	u16 no = 0;

	memset(s, 0, sizeof(*s));
	cvsw_switch_config(fuzz->stand.sw, &s->config);
	s->flows = stand_flows(&fuzz->stand);
	s->queues = fuzz->stand.n_queues;
	while ((no = cvsw_port_next(fuzz->stand.sw, no)) != CVSW_PORT_NONE)
		s->ports++;
}

/* was anything that came back a refusal? */
static bool refused(const struct fuzz *fuzz)
{
	struct cvsw_nl_failure failure;
	const struct nlmsghdr *nlh;
	bool any = false;
	unsigned int i;
	int left;

	for (i = 0; i < fuzz->stand.n_got; i++) {
		nlh = (const void *)fuzz->stand.got[i].data;
		left = (int)fuzz->stand.got[i].len;
		for (; cvsw_nl_msg_fits(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left)) {
			if (nlh->nlmsg_type != NLMSG_ERROR)
				continue;
			must(!cvsw_nl_msg_failure(nlh, &failure));
			any |= failure.err != 0;
		}
		must(!left);
	}
	return any;
}

/* one request; how many bytes of @data it took */
static size_t request(struct fuzz *fuzz, const u8 *data, size_t size)
{
	struct stand *stand = &fuzz->stand;
	size_t n = min_t(size_t, (size_t)(data[2] | data[3] << 8), size - 4);
	u16 flags = NLM_F_REQUEST | (data[1] & 1 ? NLM_F_DUMP : NLM_F_ACK);
	struct snapshot before, after;
	struct sk_buff skb;
	u8 *payload = fuzz->msg;
	size_t len = n;

	if (!(data[1] & 2)) {
		must(!cvsw_nl_msg_begin(&skb, fuzz->msg, sizeof(fuzz->msg),
					flags, 1, data[0]));
		payload += CVSW_NL_HDRLEN;
		skb.nlh->nlmsg_len += (u32)n;
		len = skb.nlh->nlmsg_len;
	}
	memcpy(payload, data + 4, n);
	stand->n_got = 0;
	stand->room = STAND_DATAGRAMS - 4;
	snapshot_take(fuzz, &before);
	cvsw_nl_client_input(fuzz->client, fuzz->msg, len, stand->now);
	stand->room = STAND_DATAGRAMS - stand->n_got;
	must(!cvsw_nl_client_ready(fuzz->client, stand->now));
	snapshot_take(fuzz, &after);
	if (refused(fuzz))
		must(!memcmp(&before, &after, sizeof(before)));
	stand->now += STAND_SECOND;
	return 4 + n;
}

static int restore_flow(void *arg, const struct cvsw_flow *flow)
{
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_RESTORE,
		.out_port = CVSW_PORT_NONE,
		.flow = *flow,
	};

	must(!cvsw_ctl_flow_mods(arg, &mod, 1));
	return 0;
}

/* the flows of one switch into another */
static void restore(struct fuzz *fuzz)
{
	struct cvsw_ctl *from = stand_ctl(&fuzz->stand), *to;
	struct stand *fresh = calloc(1, sizeof(*fresh));

	must(fresh);
	stand_open(fresh, "fresh", 0);
	to = stand_ctl(fresh);
	must(!cvsw_ctl_flow_dump(from, NULL, restore_flow, to));
	must(stand_flows(fresh) == stand_flows(&fuzz->stand));
	cvsw_ctl_close(to);
	cvsw_ctl_close(from);
	stand_close(fresh);
	free(fresh);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz *fuzz = calloc(1, sizeof(*fuzz));
	size_t n;

	must(fuzz);
	stand_open(&fuzz->stand, "fuzz", 3);
	fuzz->client = cvsw_nl_client_new(fuzz->stand.server, &fuzz->stand);
	must(fuzz->client);
	while (size >= 4) {
		n = request(fuzz, data, size);
		data += n;
		size -= n;
	}
	restore(fuzz);
	cvsw_nl_client_free(fuzz->client);
	stand_close(&fuzz->stand);
	free(fuzz);
	return 0;
}

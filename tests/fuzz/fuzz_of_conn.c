// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Controllers that send whatever they like, in pieces of any length, over several
 * connections, to a switch in the same process.  The input is a series of steps:
 * what (upper 4 bits) by whom (lower 4), then
 *
 *	0	bytes of the stream: length (2 bytes, low first), bytes
 *	1	the peer reads: KiB (1 byte)
 *	2	time passes: quarters of a second (1 byte)
 *	3	a frame comes in by port 1 or 2: seed (1 byte)
 *	4	the peer is gone
 *	5	a message: length of what follows the header (2 bytes), type, body
 *
 * What must hold: whatever is sent is whole messages of 1.0, of types that
 * switches send, errors of its types with 64 bytes of the request or all of it;
 * all comes to rest; and what ends leaves nothing behind.
 */

#include "../unit/ofd_rig.h"
#include "../unit/stand.h"
#include "keep.h"

#define PEERS	4

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct stand stand;

/* the input that is left, and those who speak */
struct fuzz {
	struct chan	*peers[PEERS];
	const u8	*data;
	size_t		left;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* sw.c's, of which the thread and the search are left out */
int sw_open(const struct sw *sw, struct cvsw_ctl **out,
	    struct cvsw_ctl_error *err)
{
	*out = stand_ctl(&stand);
	return 0;
}

/* Input: 0 where it ends */

static u32 take(struct fuzz *fuzz)
{
	if (!fuzz->left)
		return 0;
	fuzz->left--;
	return *fuzz->data++;
}

static u32 take_two(struct fuzz *fuzz)
{
	u32 low = take(fuzz);

	return low | take(fuzz) << 8;
}

static const u8 *take_bytes(struct fuzz *fuzz, u32 *len)
{
	const u8 *bytes = fuzz->data;

	*len = min_t(u32, *len, (u32)fuzz->left);
	fuzz->data += *len;
	fuzz->left -= *len;
	return bytes;
}

/* What was sent */

static void check_error(const struct cvsw_ofp_error *msg, u32 len)
{
	u32 quoted = len - (u32)sizeof(*msg);

	must(len >= sizeof(*msg));
	must(be16_to_cpu(msg->type) <= CVSW_OFP_E_QUEUE_OP_FAILED);
	must(be16_to_cpu(msg->code) <= CVSW_OFP_ACTION_QUEUE);
	if (msg->type == cpu_to_be16(CVSW_OFP_E_HELLO_FAILED))
		return;
	must(quoted >= sizeof(struct cvsw_ofp_header));
	must(quoted >= min_t(u32, get_unaligned_be16((const u8 *)(msg + 1) + 2),
			     CVSW_OFP_ERROR_DATA));
	must(((const u8 *)(msg + 1))[1] != CVSW_OFP_ERROR);
}

static void check_sent(struct chan *chan)
{
	const struct cvsw_ofp_header *msg;

	while ((msg = rig_next(chan))) {
		switch (msg->type) {
		case CVSW_OFP_ERROR:
			check_error((const void *)msg,
				    be16_to_cpu(msg->length));
			break;
		case CVSW_OFP_HELLO:
		case CVSW_OFP_ECHO_REQUEST:
		case CVSW_OFP_ECHO_REPLY:
		case CVSW_OFP_VENDOR:
		case CVSW_OFP_FEATURES_REPLY:
		case CVSW_OFP_GET_CONFIG_REPLY:
		case CVSW_OFP_PACKET_IN:
		case CVSW_OFP_FLOW_REMOVED:
		case CVSW_OFP_PORT_STATUS:
		case CVSW_OFP_STATS_REPLY:
		case CVSW_OFP_BARRIER_REPLY:
		case CVSW_OFP_QUEUE_GET_CONFIG_REPLY:
			break;
		default:
			abort();
		}
	}
}

/* Steps */

/* is the chan still there?  Its address may belong to another meanwhile, which
 * is as good */
static struct chan *there(struct chan *chan)
{
	unsigned int i;

	for (i = 0; i < rig.n_chans; i++)
		if (rig.chans[i] == chan)
			return chan;
	return NULL;
}

/* one that is being dialled, NULL: there is none */
static struct chan *dialled(void)
{
	unsigned int i;

	for (i = 0; i < rig.n_chans; i++)
		if (!rig.chans[i]->target->listen && !rig.chans[i]->up)
			return rig.chans[i];
	return NULL;
}

/* one that is not there takes a call, or dials */
static struct chan *peer(struct fuzz *fuzz, unsigned int i)
{
	struct chan *chan = there(fuzz->peers[i]);

	if (!chan)
		chan = dialled() ?: rig_accept("peer");
	if (chan && !chan->up)
		rig_up(chan);
	rig_run();
	fuzz->peers[i] = there(chan);
	return fuzz->peers[i];
}

static void step_stream(struct fuzz *fuzz, struct chan *chan)
{
	u32 len = take_two(fuzz);
	const u8 *bytes = take_bytes(fuzz, &len);

	rig_send(chan, bytes, len);
}

static void step_message(struct fuzz *fuzz, struct chan *chan)
{
	u32 len = min_t(u32, take_two(fuzz), CVSW_OFP_MSG_MAX - 8);
	u8 head[8] = { CVSW_OFP_VERSION, 0, 0, 0, 0, 0, 0, 7 };
	const u8 *bytes;

	head[1] = (u8)take(fuzz);
	bytes = take_bytes(fuzz, &len);
	put_unaligned_be16((u16)(8 + len), head + 2);
	rig_send(chan, head, sizeof(head));
	rig_send(chan, bytes, len);
}

static void step_frame(u32 seed)
{
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45 };

	frame[23] = (u8)seed;
	stand_input(&stand, 1 + (seed & 1), frame, sizeof(frame));
	sw_events(&rig.sw);
}

static void step_time(u32 quarters)
{
	u64 ns = quarters * (RIG_SECOND / 4);

	stand.now += ns;
	cvsw_switch_expire(stand.sw, stand.now);
	sw_events(&rig.sw);
	rig_wait(ns);
}

static void step(struct fuzz *fuzz)
{
	u32 what = take(fuzz);
	struct chan *chan = peer(fuzz, what % PEERS);

	if (!chan)
		return;
	switch (what >> 4) {
	case 0:
		step_stream(fuzz, chan);
		break;
	case 1:
		rig_take(chan, take(fuzz) << 10);
		break;
	case 2:
		step_time(take(fuzz));
		break;
	case 3:
		step_frame(take(fuzz));
		break;
	case 4:
		rig_down(chan, "closed by the peer");
		break;
	case 5:
		step_message(fuzz, chan);
		break;
	}
	rig_run();
}

static void fuzz_open(void)
{
	static struct target targets[] = {
		{ .text = "tcp:one" },
		{ .text = "tcp:two" },
		{ .text = "ptcp:", .listen = true },
	};

	stand_open(&stand, "br0", 3);
	rig_open(targets, ARRAY_SIZE(targets));
	rig.conf.fail_mode = OFD_FAIL_STANDALONE;
	rig.sw.ctl = stand_ctl(&stand);
	cvsw_ctl_on_refused(rig.sw.ctl, msg_frame_refused, &rig.sw);
	rig.sw.events = stand_ctl(&stand);
	rig.sw.room = msg_room_new();
	must(rig.sw.room && !keep_new(&rig.sw.keep));
	must(!cvsw_ctl_switch_get(rig.sw.ctl, &rig.sw.config, NULL));
	rig.sw.config.miss = CVSW_MISS_CONTROLLER;
	must(!cvsw_ctl_switch_set(rig.sw.ctl, &rig.sw.config,
				  1u << CVSW_SWITCH_A_MISS));
	must(!cvsw_ctl_subscribe(rig.sw.events, CVSW_NL_GROUP_FLOW |
				 CVSW_NL_GROUP_PORT |
				 CVSW_NL_GROUP_PACKET_IN));
	remotes_start(&rig.sw);
}

static void fuzz_close(void)
{
	unsigned int i;

	for (i = 0; i < rig.n_chans; i++)
		check_sent(rig.chans[i]);
	rig_close();
	keep_free(rig.sw.keep);
	free(rig.sw.room);
	cvsw_ctl_close(rig.sw.events);
	cvsw_ctl_close(rig.sw.ctl);
	stand_close(&stand);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz fuzz = { .data = data, .left = size };
	unsigned int i;

	memset(&stand, 0, sizeof(stand));
	fuzz_open();
	while (fuzz.left) {
		step(&fuzz);
		for (i = 0; i < rig.n_chans; i++)
			check_sent(rig.chans[i]);
	}
	fuzz_close();
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames of in-band control, version 3, to a vNIC or to a host; the input says
 * which, and then what happens, one step after another: a frame as it is, or with
 * a header and a tag that are right so that what is behind them is reached, a
 * handshake, an old frame again, time, a datagram to send.
 *
 * What has no right tag does nothing and is not answered.  What is sent is whole,
 * true and not longer than the MTU, and has a number that none before had.  What
 * is refused changes no state, unless it is a body that is wrong.
 */

#include <stdlib.h>

#include <cvsw/inband.h>
#include "inband_host.h"
#include "inband_vnic.h"

#define KEY_ID		5
#define MTU		1500u
#define OLD_MAX		16u
#define FRAME_MAX	(CVSW_V3_FRAME_MAX + 64u)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int __wrap_cvsw_random(void *bytes, u32 n);

/**
 * struct bed - one side, and what the other one knows
 * @data:    what is left of the input, @size bytes
 * @now:     ns
 * @outside: of frames outside of sessions
 * @keys:    of the last session that there was
 * @who:     what they come of
 * @number:  of the last frame to the side
 * @top:     of the last frame from it
 * @state:   of the side
 * @sent:    frames that it sent
 * @old:     frames to it, the last of them, and @n_old in all
 * @mirror:  the last one that it sent, of @n_mirror bytes
 * @full:    it takes no datagrams
 */
struct bed {
	const u8		*data;
	size_t			size;
	u64			now;
	struct cvsw_v3_vnic	*vnic;
	struct cvsw_v3_host	*host;
	struct cvsw_hmac	*base;
	struct cvsw_hmac	*outside;
	struct cvsw_v3_keys	keys;
	struct cvsw_v3_who	who;
	u64			number;
	u64			top;
	int			state;
	u32			sent;
	u32			n_old;
	u32			n_mirror;
	bool			full;
	struct {
		u32	n;
		u8	bytes[FRAME_MAX];
	} old[OLD_MAX];
	u8			mirror[FRAME_MAX];
};

static const u8 host_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const u8 vnic_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const u8 key_bytes[CVSW_HMAC_LEN] = "a key of thirty-one bytes and 0";
static u8 random_next;

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* the same in each run, and never the same twice in one */
int __wrap_cvsw_random(void *bytes, u32 n)
{
	memset(bytes, ++random_next, n);
	return 0;
}

/* Input */

static u32 take(struct bed *bed, u32 bytes)
{
	u32 value = 0;

	while (bytes-- && bed->size) {
		value = value << 8 | *bed->data++;
		bed->size--;
	}
	return value;
}

/* at most @max bytes, of which there are as many as two bytes say */
static u32 take_bytes(struct bed *bed, u8 *to, u32 max)
{
	u32 n = min(take(bed, 2), max);

	n = min_t(u32, n, (u32)bed->size);
	memcpy(to, bed->data, n);
	bed->data += n;
	bed->size -= n;
	return n;
}

/* What the side does */

static void bed_rekey(struct bed *bed)
{
	cvsw_v3_keys_free(&bed->keys);
	must(!cvsw_v3_keys_make(&bed->keys, bed->base, &bed->who));
}

static struct cvsw_hmac *bed_hmac(const struct bed *bed, u8 type, bool from)
{
	if (type < CVSW_V3_START || !bed->keys.to_vnic)
		return bed->outside;
	return from == !bed->vnic ? bed->keys.to_vnic : bed->keys.to_host;
}

/* each frame of a session is the next one, but START, which may go again */
static void bed_number(struct bed *bed, const struct cvsw_v3_frame *frame)
{
	if (frame->type < CVSW_V3_START)
		return;
	must(frame->session == bed->keys.session);
	if (frame->type == CVSW_V3_START) {
		must(frame->number == 1);
		bed->top = max(bed->top, frame->number);
		return;
	}
	must(frame->number == bed->top + 1);
	bed->top++;
}

static void bed_send(void *ctx, const u8 *bytes, u32 n)
{
	const u8 *body = bytes + CVSW_V3_HLEN;
	struct cvsw_v3_frame frame;
	struct bed *bed = ctx;

	must(n <= MTU + 14 && !cvsw_v3_frame_read(bytes, n, &frame));
	must(n == CVSW_V3_HLEN + frame.len + CVSW_V3_TAG_LEN);
	must(cvsw_v3_frame_true(bed_hmac(bed, frame.type, true), bytes));
	bed_number(bed, &frame);
	if (frame.type == CVSW_V3_HELLO)
		memcpy(bed->who.host_nonce, body, CVSW_V3_NONCE_LEN);
	if (frame.type == CVSW_V3_WELCOME) {
		memcpy(bed->who.host_nonce, body, CVSW_V3_NONCE_LEN);
		memcpy(bed->who.vnic_nonce, body + CVSW_V3_NONCE_LEN,
		       CVSW_V3_NONCE_LEN);
	}
	memcpy(bed->mirror, bytes, n);
	bed->n_mirror = n;
	bed->sent++;
}

static int bed_deliver(void *ctx, const u8 *msg, u32 len)
{
	struct bed *bed = ctx;
	u8 sum = 0;
	u32 i;

	must(len && len <= CVSW_CHAN_MSG_MAX);
	for (i = 0; i < len; i += 97)
		sum ^= msg[i];
	bed->number += !(sum + 1u);	/* never, but it was read */
	return bed->full ? -EAGAIN : 0;
}

static void bed_sent(void *ctx)
{
}

static void bed_vnic_state(void *ctx, enum cvsw_v3_vnic_state state)
{
	struct bed *bed = ctx;

	bed->state = state;
}

static void bed_host_state(void *ctx, enum cvsw_v3_host_state state,
			   const char *why)
{
	struct bed *bed = ctx;

	must(why || bed->state != (int)state);
	bed->state = state;
}

static const struct cvsw_v3_vnic_ops vnic_ops = {
	.send = bed_send,
	.deliver = bed_deliver,
	.sent = bed_sent,
	.state = bed_vnic_state,
};

static const struct cvsw_v3_host_ops host_ops = {
	.send = bed_send,
	.deliver = bed_deliver,
	.sent = bed_sent,
	.state = bed_host_state,
};

static void bed_tick(struct bed *bed)
{
	u64 due = bed->vnic ? cvsw_v3_vnic_tick(bed->vnic, bed->now) :
			      cvsw_v3_host_tick(bed->host, bed->now);

	must(due > bed->now);
}

static struct cvsw_v3_vnic_info vnic_info(void)
{
	struct cvsw_v3_vnic_info info = { .dpid = 1, .mtu = MTU,
					  .name = "eth0" };

	memcpy(info.mac, vnic_mac, 6);
	return info;
}

/* What is done to it */

/* a frame arrives in a block of its own */
static enum cvsw_drop bed_input(struct bed *bed, const u8 *bytes, u32 n)
{
	u8 *tight = malloc(n ?: 1);
	u32 sent = bed->sent;
	int state = bed->state;
	enum cvsw_drop why;

	must(tight);
	memcpy(tight, bytes, n);
	why = bed->vnic ? cvsw_v3_vnic_input(bed->vnic, tight, n, bed->now) :
			  cvsw_v3_host_input(bed->host, tight, n, bed->now);
	free(tight);
	must(why < CVSW_DROP_COUNT);
	if (why && why != CVSW_DROP_INBAND_MALFORMED)
		must(bed->sent == sent);
	if (why)
		must(bed->state == state);
	return why;
}

static void bed_raw(struct bed *bed)
{
	static u8 bytes[FRAME_MAX];
	u32 sent = bed->sent;
	u32 n = take_bytes(bed, bytes, sizeof(bytes));

	must(bed_input(bed, bytes, n));
	must(bed->sent == sent);
}

/* @body of @n bytes in a frame that is true */
static enum cvsw_drop bed_true(struct bed *bed, struct cvsw_v3_frame frame,
			       const u8 *body, u32 n)
{
	u32 at = bed->n_old++ % OLD_MAX;

	memcpy(frame.dst, bed->vnic ? vnic_mac : host_mac, 6);
	memcpy(frame.src, bed->vnic ? host_mac : vnic_mac, 6);
	frame.key_id = KEY_ID;
	frame.len = (u16)n;
	if (frame.type >= CVSW_V3_START)
		frame.session = bed->keys.session;
	bed->old[at].n = (u32)cvsw_v3_put(bed->old[at].bytes, &frame, body,
					  bed_hmac(bed, frame.type, false));
	return bed_input(bed, bed->old[at].bytes, bed->old[at].n);
}

#define FIX_HOST	0x80		/* the nonces are those that there are */
#define FIX_VNIC	0x40
#define FIX_ASK		0x01

/* of the input: type, FIX_*, how much the number is ahead, body */
static void bed_sealed(struct bed *bed)
{
	static u8 body[CVSW_V3_BODY_MAX];
	struct cvsw_v3_frame frame = { .type = (u8)take(bed, 1) };
	u32 fix = take(bed, 1), n;
	s8 ahead = (s8)take(bed, 1);

	memset(body, 0, 64);
	n = take_bytes(bed, body, sizeof(body));
	if (fix & FIX_HOST)
		memcpy(body, bed->who.host_nonce, CVSW_V3_NONCE_LEN);
	if (fix & FIX_VNIC)
		memcpy(body + CVSW_V3_NONCE_LEN, bed->who.vnic_nonce,
		       CVSW_V3_NONCE_LEN);
	frame.flags = fix & FIX_ASK;
	if (frame.type >= CVSW_V3_START) {
		frame.number = frame.type == CVSW_V3_START ? 1 :
			       (u64)((s64)++bed->number + ahead);
	}
	/* what comes of these we would have to follow */
	if (frame.type == CVSW_V3_START || frame.type == CVSW_V3_WELCOME)
		n = min(n, 31u);
	bed_true(bed, frame, body, n);
}

static void bed_greet_vnic(struct bed *bed)
{
	struct cvsw_v3_hello hello = { .lease = cpu_to_be32(5000),
				       .order = CVSW_V3_ORDER };
	struct cvsw_v3_start start = { .lease = cpu_to_be32(5000),
				       .mtu = cpu_to_be16(MTU) };
	struct cvsw_v3_frame frame = { .type = CVSW_V3_HELLO };

	bed->now += 20000000;	/* in which four calls are looked at */
	__wrap_cvsw_random(hello.host_nonce, sizeof(hello.host_nonce));
	must(!bed_true(bed, frame, (const u8 *)&hello, sizeof(hello)));
	bed_rekey(bed);
	bed->top = 0;
	memcpy(start.host_nonce, bed->who.host_nonce, CVSW_V3_NONCE_LEN);
	memcpy(start.vnic_nonce, bed->who.vnic_nonce, CVSW_V3_NONCE_LEN);
	frame.type = CVSW_V3_START;
	frame.number = 1;
	must(!bed_true(bed, frame, (const u8 *)&start, sizeof(start)));
	bed->number = 1;
	must(bed->state == CVSW_V3_LIVE);
}

static void bed_greet_host(struct bed *bed)
{
	struct cvsw_v3_welcome welcome = { .mtu = cpu_to_be16(MTU) };
	struct cvsw_v3_frame frame = { .type = CVSW_V3_WELCOME };
	u8 ack[CVSW_CHAN_ACK_LEN] = { [3] = 1 };

	if (bed->state != CVSW_V3_CALLING)
		return;
	__wrap_cvsw_random(bed->who.vnic_nonce, CVSW_V3_NONCE_LEN);
	memcpy(welcome.host_nonce, bed->who.host_nonce, CVSW_V3_NONCE_LEN);
	memcpy(welcome.vnic_nonce, bed->who.vnic_nonce, CVSW_V3_NONCE_LEN);
	must(!bed_true(bed, frame, (const u8 *)&welcome, sizeof(welcome)));
	must(bed->state == CVSW_V3_STARTING);
	bed_rekey(bed);
	bed->top = 1;
	bed_tick(bed);
	frame.type = CVSW_V3_ACK;
	frame.number = bed->number = 1;
	must(!bed_true(bed, frame, ack, sizeof(ack)));
	must(bed->state == CVSW_V3_TALKING);
}

/* a frame that it had, and one of its own */
static void bed_again(struct bed *bed)
{
	u32 i = take(bed, 1);

	if (bed->n_old)
		i %= min(bed->n_old, OLD_MAX);
	if (i < bed->n_old)
		bed_input(bed, bed->old[i].bytes, bed->old[i].n);
	if (bed->n_mirror)
		must(bed_input(bed, bed->mirror, bed->n_mirror));
}

static void bed_datagram(struct bed *bed)
{
	static u8 msg[CVSW_CHAN_MSG_MAX];
	u32 n = take(bed, 3) % (sizeof(msg) + 2);
	int ret = bed->vnic ? cvsw_v3_vnic_send(bed->vnic, msg, n, bed->now) :
			      cvsw_v3_host_send(bed->host, msg, n, bed->now);

	must(!ret || ret == -EBUSY || ret == -EMSGSIZE || ret == -ENOTCONN);
}

/* the device's MTU becomes another one */
static void bed_tell(struct bed *bed)
{
	struct cvsw_v3_vnic_info info = vnic_info();

	info.mtu = (u16)(CVSW_V3_MTU_MIN + take(bed, 1));
	if (bed->vnic)
		cvsw_v3_vnic_tell(bed->vnic, &info);
}

static void bed_step(struct bed *bed)
{
	switch (take(bed, 1) % 9) {
	case 0:
		bed_raw(bed);
		break;
	case 1:
	case 2:
		bed_sealed(bed);
		break;
	case 3:
		if (bed->vnic)
			bed_greet_vnic(bed);
		else
			bed_greet_host(bed);
		break;
	case 4:
		bed_again(bed);
		break;
	case 5:
		bed->now += (u64)take(bed, 2) * 1000000;
		break;
	case 6:
		bed_datagram(bed);
		break;
	case 7:
		bed->full = !bed->full;
		break;
	case 8:
		bed_tell(bed);
		break;
	}
	bed_tick(bed);
}

/* Life */

static void bed_open_vnic(struct bed *bed)
{
	const struct cvsw_v3_vnic_info info = vnic_info();

	bed->vnic = cvsw_v3_vnic_new(&vnic_ops, bed, &info);
	must(bed->vnic && !cvsw_v3_vnic_key(bed->vnic, KEY_ID, key_bytes));
	bed->state = CVSW_V3_IDLE;
}

static void bed_open_host(struct bed *bed)
{
	struct cvsw_v3_host_info info = { .mtu = MTU, .key_id = KEY_ID,
					  .lease_ms = 5000 };

	memcpy(info.mac, host_mac, 6);
	memcpy(info.vnic, vnic_mac, 6);
	memcpy(info.key, key_bytes, sizeof(info.key));
	bed->host = cvsw_v3_host_new(&host_ops, bed, &info);
	must(bed->host);
	bed->state = CVSW_V3_CALLING;
}

static void bed_close(struct bed *bed)
{
	if (bed->vnic)
		cvsw_v3_vnic_free(bed->vnic);
	if (bed->host)
		cvsw_v3_host_free(bed->host);
	cvsw_v3_keys_free(&bed->keys);
	cvsw_hmac_free(bed->outside);
	cvsw_hmac_free(bed->base);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct bed bed;

	bed = (struct bed){ .data = data, .size = size, .now = 1000000000000ull };
	random_next = 0;
	bed.base = cvsw_hmac_new(key_bytes);
	bed.outside = cvsw_v3_link_key(bed.base);
	must(bed.outside);
	memcpy(bed.who.host_mac, host_mac, 6);
	memcpy(bed.who.vnic_mac, vnic_mac, 6);
	if (take(&bed, 1) & 1)
		bed_open_host(&bed);
	else
		bed_open_vnic(&bed);
	bed_tick(&bed);
	while (bed.size)
		bed_step(&bed);
	bed_close(&bed);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The host's side of in-band control, version 3. */

#include "inband_host.h"

#define HOST_MS		1000000ull

/**
 * struct cvsw_v3_host - a host's view of one vNIC
 * @peer:   the session, from the WELCOME on
 * @ops:    of its owner
 * @ctx:    which is handed to them
 * @info:   whom it calls
 * @base:   the pre-shared key
 * @link:   of frames outside of sessions
 * @who:    what the session's keys come of
 * @call:   when HELLO or START goes again; TALKING: the next ACK that asks
 * @wait:   how long after the last time that was
 * @state:  enum cvsw_v3_host_state
 */
struct cvsw_v3_host {
	struct cvsw_v3_peer		peer;
	const struct cvsw_v3_host_ops	*ops;
	void				*ctx;
	struct cvsw_v3_host_info	info;
	struct cvsw_hmac		*base;
	struct cvsw_hmac		*link;
	struct cvsw_v3_who		who;
	u64				call;
	u64				wait;
	u8				state;
};

static void host_be(struct cvsw_v3_host *host, u8 state, const char *why)
{
	host->call = 0;
	host->wait = 0;
	if (host->state == state && !why)
		return;
	host->state = state;
	host->ops->state(host->ctx, state, why);
}

/* Out */

static void host_put(struct cvsw_v3_host *host, struct cvsw_v3_frame *frame,
		     const u8 *dst, const void *body, u16 n,
		     struct cvsw_hmac *hmac)
{
	int len;

	frame->len = n;
	frame->key_id = host->info.key_id;
	memcpy(frame->dst, dst, sizeof(frame->dst));
	memcpy(frame->src, host->info.mac, sizeof(frame->src));
	len = cvsw_v3_put(host->peer.frame, frame, body, hmac);
	if (len > 0)
		host->ops->send(host->ctx, host->peer.frame, (u32)len);
}

/* each call has a nonce of its own: an answer to one that was given up is none */
static void host_hello(struct cvsw_v3_host *host)
{
	struct cvsw_v3_frame frame = { .type = CVSW_V3_HELLO };
	struct cvsw_v3_hello body = {
		.lease = cpu_to_be32(host->info.lease_ms),
		.order = CVSW_V3_ORDER,
	};

	if (cvsw_random(host->who.host_nonce, sizeof(host->who.host_nonce)))
		return;
	memcpy(body.host_nonce, host->who.host_nonce, sizeof(body.host_nonce));
	host_put(host, &frame, host->info.vnic, &body, sizeof(body),
		 host->link);
}

static void host_start(struct cvsw_v3_host *host)
{
	struct cvsw_v3_frame frame = {
		.type = CVSW_V3_START,
		.session = host->peer.keys.session,
		.number = 1,
	};
	struct cvsw_v3_start body = {
		.lease = cpu_to_be32(host->info.lease_ms),
		.mtu = cpu_to_be16(host->info.mtu),
	};

	memcpy(body.host_nonce, host->who.host_nonce, sizeof(body.host_nonce));
	memcpy(body.vnic_nonce, host->who.vnic_nonce, sizeof(body.vnic_nonce));
	host_put(host, &frame, host->who.vnic_mac, &body, sizeof(body),
		 host->peer.out);
}

/* Sessions */

static int host_deliver(void *ctx, const u8 *msg, u32 len)
{
	struct cvsw_v3_host *host = ctx;

	return host->ops->deliver(host->ctx, msg, len);
}

static void host_sent(void *ctx)
{
	struct cvsw_v3_host *host = ctx;

	host->ops->sent(host->ctx);
}

static void host_out(void *ctx, const u8 *frame, u32 len)
{
	struct cvsw_v3_host *host = ctx;

	host->ops->send(host->ctx, frame, len);
}

static void host_left(void *ctx, u16 reason, const u8 *text, u32 n)
{
	host_be(ctx, CVSW_V3_ENDED, reason == CVSW_V3_LEAVE_OFF ?
		"the vNIC takes no in-band control any more" :
		"the vNIC ended the session");
}

static const struct cvsw_v3_peer_ops host_peer_ops = {
	.send = host_out,
	.deliver = host_deliver,
	.sent = host_sent,
	.left = host_left,
};

static void host_begin(struct cvsw_v3_host *host,
		       const struct cvsw_v3_keys *keys, u16 mtu, u64 now)
{
	const struct cvsw_v3_begin begin = {
		.keys = keys,
		.who = &host->who,
		.host = true,
		.key_id = host->info.key_id,
		.mtu = (u16)min(mtu, host->info.mtu),
		.lease = host->info.lease_ms * HOST_MS,
		.now = now,
	};

	cvsw_v3_peer_begin(&host->peer, &begin);
	host->peer.number = 1;		/* that of START */
	host_be(host, CVSW_V3_STARTING, NULL);
}

static enum cvsw_drop host_welcome(struct cvsw_v3_host *host, const u8 *bytes,
				   const struct cvsw_v3_frame *frame, u64 now)
{
	const struct cvsw_v3_welcome *body = (const void *)(bytes + CVSW_V3_HLEN);
	struct cvsw_v3_keys keys;

	if (frame->len != sizeof(*body) || body->zero ||
	    be16_to_cpu(body->mtu) < CVSW_V3_MTU_MIN)
		return CVSW_DROP_INBAND_MALFORMED;
	memcpy(host->who.vnic_nonce, body->vnic_nonce,
	       sizeof(host->who.vnic_nonce));
	memcpy(host->who.host_mac, host->info.mac, sizeof(host->who.host_mac));
	memcpy(host->who.vnic_mac, frame->src, sizeof(host->who.vnic_mac));
	if (cvsw_v3_keys_make(&keys, host->base, &host->who))
		return CVSW_DROP_NO_MEMORY;
	host_begin(host, &keys, be16_to_cpu(body->mtu), now);
	return CVSW_DROP_NONE;
}

static enum cvsw_drop host_reject(struct cvsw_v3_host *host, const u8 *bytes,
				  const struct cvsw_v3_frame *frame)
{
	const struct cvsw_v3_reject *body = (const void *)(bytes + CVSW_V3_HLEN);

	if (frame->len != sizeof(*body) || body->zero)
		return CVSW_DROP_INBAND_MALFORMED;
	switch (be16_to_cpu(body->reason)) {
	case CVSW_V3_REJECT_ORDER:
		host_be(host, CVSW_V3_ENDED, "the vNIC has another byte order");
		break;
	case CVSW_V3_REJECT_LEASE:
		host_be(host, CVSW_V3_ENDED, "the vNIC does not take this lease");
		break;
	default:
		host_be(host, CVSW_V3_ENDED, "the vNIC refuses, and says not why");
		break;
	}
	return CVSW_DROP_NONE;
}

/* the answer to our last HELLO? */
static enum cvsw_drop host_answer(struct cvsw_v3_host *host, const u8 *bytes,
				  const struct cvsw_v3_frame *frame, u64 now)
{
	if (host->state != CVSW_V3_CALLING)
		return CVSW_DROP_INBAND_STATE;
	if (frame->key_id != host->info.key_id)
		return CVSW_DROP_INBAND_KEY;
	if (frame->len < CVSW_V3_NONCE_LEN ||
	    memcmp(bytes + CVSW_V3_HLEN, host->who.host_nonce,
		   CVSW_V3_NONCE_LEN))
		return CVSW_DROP_INBAND_SESSION;
	if (!cvsw_v3_frame_true(host->link, bytes))
		return CVSW_DROP_INBAND_TAG;
	if (frame->type == CVSW_V3_WELCOME)
		return host_welcome(host, bytes, frame, now);
	return host_reject(host, bytes, frame);
}

static enum cvsw_drop host_talk(struct cvsw_v3_host *host, const u8 *bytes,
				const struct cvsw_v3_frame *frame, u64 now)
{
	enum cvsw_drop why = cvsw_v3_peer_check(&host->peer, frame) ?:
			     cvsw_v3_peer_input(&host->peer, bytes, frame, now);

	if (!why && host->state == CVSW_V3_STARTING)
		host_be(host, CVSW_V3_TALKING, NULL);
	return why;
}

enum cvsw_drop cvsw_v3_host_input(struct cvsw_v3_host *host, const u8 *bytes,
				  u32 n, u64 now)
{
	struct cvsw_v3_frame frame;

	switch (cvsw_v3_frame_read(bytes, n, &frame)) {
	case CVSW_V3_OK:
		break;
	case CVSW_V3_VERSION:
		return CVSW_DROP_INBAND_VERSION;
	case CVSW_V3_MALFORMED:
		return CVSW_DROP_INBAND_MALFORMED;
	}
	if (memcmp(frame.dst, host->info.mac, sizeof(frame.dst)))
		return CVSW_DROP_INBAND_OTHER;
	switch (frame.type) {
	case CVSW_V3_WELCOME:
	case CVSW_V3_REJECT:
		return host_answer(host, bytes, &frame, now);
	case CVSW_V3_DATA:
	case CVSW_V3_ACK:
	case CVSW_V3_DISCONNECT:
		return host_talk(host, bytes, &frame, now);
	}
	return CVSW_DROP_INBAND_STATE;
}

int cvsw_v3_host_send(struct cvsw_v3_host *host, const void *msg, u32 len,
		      u64 now)
{
	if (host->state != CVSW_V3_TALKING)
		return -ENOTCONN;
	return cvsw_chan_send(&host->peer.chan, msg, len, now);
}

/* Time */

/* what goes out while there is no session; a START is good as long as no other
 * session begins, so that it is given up some time */
static u64 host_call(struct cvsw_v3_host *host, u64 now)
{
	if (now < host->call)
		return host->call;
	if (host->state == CVSW_V3_STARTING &&
	    host->wait == CVSW_CHAN_AGAIN_MAX_NS) {
		cvsw_v3_peer_end(&host->peer);
		host_be(host, CVSW_V3_CALLING, "the vNIC does not answer");
	}
	host->wait = host->wait ? min(2 * host->wait, CVSW_CHAN_AGAIN_MAX_NS) :
				  CVSW_CHAN_AGAIN_NS;
	host->call = now + host->wait;
	if (host->state == CVSW_V3_CALLING)
		host_hello(host);
	else
		host_start(host);
	return host->call;
}

/* three chances to be heard in each lease */
static u64 host_beat(struct cvsw_v3_host *host, u64 now)
{
	if (now >= host->call) {
		if (host->call)
			cvsw_v3_peer_ack(&host->peer, true);
		host->call = now + div_u64(host->peer.lease, 4);
	}
	return min(host->call, cvsw_chan_tick(&host->peer.chan, now));
}

u64 cvsw_v3_host_tick(struct cvsw_v3_host *host, u64 now)
{
	u64 due;

	if (host->state == CVSW_V3_ENDED)
		return CVSW_CHAN_NEVER;
	if (cvsw_v3_peer_live(&host->peer) &&
	    cvsw_v3_peer_over(&host->peer, now)) {
		cvsw_v3_peer_end(&host->peer);
		host_be(host, CVSW_V3_CALLING, "the vNIC does not answer");
	}
	due = host->state == CVSW_V3_TALKING ? host_beat(host, now) :
					       host_call(host, now);
	if (cvsw_v3_peer_live(&host->peer))
		due = min(due, host->peer.heard + host->peer.lease);
	return due;
}

/* Life */

struct cvsw_v3_host *cvsw_v3_host_new(const struct cvsw_v3_host_ops *ops,
				      void *ctx,
				      const struct cvsw_v3_host_info *info)
{
	struct cvsw_v3_host *host = kzalloc(sizeof(*host), GFP_KERNEL);

	if (!host)
		return NULL;
	host->ops = ops;
	host->ctx = ctx;
	host->info = *info;
	host->base = cvsw_hmac_new(info->key);
	if (host->base)
		host->link = cvsw_v3_link_key(host->base);
	if (host->link && !cvsw_v3_peer_init(&host->peer, &host_peer_ops, host))
		return host;
	cvsw_v3_host_free(host);
	return NULL;
}

void cvsw_v3_host_free(struct cvsw_v3_host *host)
{
	cvsw_v3_peer_leave(&host->peer, CVSW_V3_LEAVE_DONE, "");
	cvsw_v3_peer_free(&host->peer);
	cvsw_hmac_free(host->base);
	cvsw_hmac_free(host->link);
	memzero_explicit(&host->info, sizeof(host->info));
	kfree(host);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Sessions of in-band control: what is alike for host and vNIC. */

#include "inband_peer.h"

int cvsw_v3_put(u8 *to, const struct cvsw_v3_frame *frame, const void *body,
		struct cvsw_hmac *hmac)
{
	cvsw_v3_frame_put(frame, to);
	memcpy(to + CVSW_V3_HLEN, body, frame->len);
	return cvsw_v3_frame_seal(hmac, to);
}

/* Out */

/* a frame of the session, whose @n bytes of body are in peer->frame */
static void peer_send(struct cvsw_v3_peer *peer, u8 type, u32 n, bool ask)
{
	struct cvsw_v3_frame frame = {
		.type = type,
		.len = (u16)n,
		.key_id = peer->key_id,
		.flags = ask ? CVSW_V3_F_ASK : 0,
		.session = peer->keys.session,
		.number = ++peer->number,
	};
	int len;

	memcpy(frame.dst, peer->other, sizeof(frame.dst));
	memcpy(frame.src, peer->mac, sizeof(frame.src));
	cvsw_v3_frame_put(&frame, peer->frame);
	len = cvsw_v3_frame_seal(peer->out, peer->frame);
	if (len > 0)
		peer->ops->send(peer->ctx, peer->frame, (u32)len);
}

static void peer_data(void *ctx, const u8 head[CVSW_CHAN_DATA_HLEN],
		      const u8 *bytes, u32 n, bool ask)
{
	struct cvsw_v3_peer *peer = ctx;
	u8 *body = peer->frame + CVSW_V3_HLEN;

	memcpy(body, head, CVSW_CHAN_DATA_HLEN);
	memcpy(body + CVSW_CHAN_DATA_HLEN, bytes, n);
	peer_send(peer, CVSW_V3_DATA, CVSW_CHAN_DATA_HLEN + n, ask);
}

static void peer_chan_ack(void *ctx, const u8 body[CVSW_CHAN_ACK_LEN])
{
	struct cvsw_v3_peer *peer = ctx;

	memcpy(peer->frame + CVSW_V3_HLEN, body, CVSW_CHAN_ACK_LEN);
	peer_send(peer, CVSW_V3_ACK, CVSW_CHAN_ACK_LEN, false);
}

static int peer_deliver(void *ctx, const u8 *msg, u32 len)
{
	struct cvsw_v3_peer *peer = ctx;
	const struct cvsw_hmac *in = peer->in;
	const u64 session = peer->keys.session;
	int ret = peer->ops->deliver(peer->ctx, msg, len);

	return peer->in == in && peer->keys.session == session ? ret : -ESTALE;
}

static void peer_sent(void *ctx)
{
	struct cvsw_v3_peer *peer = ctx;

	peer->ops->sent(peer->ctx);
}

static const struct cvsw_chan_ops peer_chan_ops = {
	.data = peer_data,
	.ack = peer_chan_ack,
	.deliver = peer_deliver,
	.sent = peer_sent,
};

void cvsw_v3_peer_ack(struct cvsw_v3_peer *peer, bool ask)
{
	cvsw_chan_ack_body(&peer->chan, peer->frame + CVSW_V3_HLEN);
	peer_send(peer, CVSW_V3_ACK, CVSW_CHAN_ACK_LEN, ask);
}

/* Life */

int cvsw_v3_peer_init(struct cvsw_v3_peer *peer,
		      const struct cvsw_v3_peer_ops *ops, void *ctx)
{
	*peer = (struct cvsw_v3_peer){ .ops = ops, .ctx = ctx };
	peer->frame = kmalloc(CVSW_V3_FRAME_MAX, GFP_KERNEL);
	return peer->frame ? 0 : -ENOMEM;
}

void cvsw_v3_peer_free(struct cvsw_v3_peer *peer)
{
	cvsw_v3_peer_end(peer);
	kfree(peer->frame);
}

/* bytes of a datagram that a frame has room for */
static u32 peer_room(u16 mtu)
{
	return min(mtu - CVSW_V3_OVERHEAD,
		   CVSW_V3_BODY_MAX - CVSW_CHAN_DATA_HLEN);
}

void cvsw_v3_peer_begin(struct cvsw_v3_peer *peer,
			const struct cvsw_v3_begin *begin)
{
	const struct cvsw_v3_who *who = begin->who;

	cvsw_v3_peer_end(peer);
	peer->keys = *begin->keys;
	peer->in = begin->host ? peer->keys.to_host : peer->keys.to_vnic;
	peer->out = begin->host ? peer->keys.to_vnic : peer->keys.to_host;
	memcpy(peer->mac, begin->host ? who->host_mac : who->vnic_mac,
	       sizeof(peer->mac));
	memcpy(peer->other, begin->host ? who->vnic_mac : who->host_mac,
	       sizeof(peer->other));
	peer->key_id = begin->key_id;
	peer->lease = begin->lease;
	peer->heard = begin->now;
	peer->number = 0;
	peer->window = (struct cvsw_v3_window){};
	cvsw_chan_init(&peer->chan, &peer_chan_ops, peer,
		       peer_room(begin->mtu));
}

void cvsw_v3_peer_mtu(struct cvsw_v3_peer *peer, u16 mtu)
{
	peer->chan.room = peer_room(mtu);
}

void cvsw_v3_peer_end(struct cvsw_v3_peer *peer)
{
	if (!cvsw_v3_peer_live(peer))
		return;
	cvsw_chan_free(&peer->chan);
	cvsw_v3_keys_free(&peer->keys);
	peer->in = NULL;
	peer->out = NULL;
}

void cvsw_v3_peer_leave(struct cvsw_v3_peer *peer, u16 reason, const char *text)
{
	u32 n = (u32)strlen(text);

	if (!cvsw_v3_peer_live(peer))
		return;
	put_unaligned_be16(reason, peer->frame + CVSW_V3_HLEN);
	memcpy(peer->frame + CVSW_V3_HLEN + 2, text, n);
	peer_send(peer, CVSW_V3_DISCONNECT, 2 + n, false);
	cvsw_v3_peer_end(peer);
}

/* In */

static enum cvsw_drop peer_fault(int ret)
{
	if (ret == -ENOMEM)
		return CVSW_DROP_NO_MEMORY;
	return ret ? CVSW_DROP_INBAND_MALFORMED : CVSW_DROP_NONE;
}

static enum cvsw_drop peer_ack(struct cvsw_v3_peer *peer, const u8 *body,
			       const struct cvsw_v3_frame *frame, u64 now)
{
	int ret = cvsw_chan_ack(&peer->chan, body, frame->len, now);

	/* what it brought about may have been the end */
	if (!ret && frame->flags & CVSW_V3_F_ASK && cvsw_v3_peer_live(peer))
		cvsw_v3_peer_ack(peer, false);
	return peer_fault(ret);
}

static enum cvsw_drop peer_disconnect(struct cvsw_v3_peer *peer,
				      const u8 *body, u32 n)
{
	if (n < 2)
		return CVSW_DROP_INBAND_MALFORMED;
	cvsw_v3_peer_end(peer);
	peer->ops->left(peer->ctx, get_unaligned_be16(body), body + 2, n - 2);
	return CVSW_DROP_NONE;
}

enum cvsw_drop cvsw_v3_peer_check(const struct cvsw_v3_peer *peer,
				  const struct cvsw_v3_frame *frame)
{
	if (!cvsw_v3_peer_live(peer) || frame->session != peer->keys.session)
		return CVSW_DROP_INBAND_SESSION;
	if (!cvsw_v3_window_new(&peer->window, frame->number))
		return CVSW_DROP_INBAND_REPLAY;
	return CVSW_DROP_NONE;
}

enum cvsw_drop cvsw_v3_peer_input(struct cvsw_v3_peer *peer, const u8 *bytes,
				  const struct cvsw_v3_frame *frame, u64 now)
{
	const u8 *body = bytes + CVSW_V3_HLEN;

	if (!cvsw_v3_frame_true(peer->in, bytes))
		return CVSW_DROP_INBAND_TAG;
	cvsw_v3_window_add(&peer->window, frame->number);
	peer->heard = now;
	switch (frame->type) {
	case CVSW_V3_DATA:
		return peer_fault(cvsw_chan_data(&peer->chan, body, frame->len,
						 frame->flags & CVSW_V3_F_ASK));
	case CVSW_V3_ACK:
		return peer_ack(peer, body, frame, now);
	case CVSW_V3_DISCONNECT:
		return peer_disconnect(peer, body, frame->len);
	}
	return CVSW_DROP_INBAND_MALFORMED;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Datagrams in fragments: what is sent, what has come, what goes again. */

#include "inband_chan.h"

/* Fragments are of one size but the last, so that both sides know it. */
static u32 chan_size(const struct cvsw_chan_half *half)
{
	return DIV_ROUND_UP(half->len, half->n);
}

/* bytes of fragment @i */
static u32 chan_part(const struct cvsw_chan_half *half, u32 i)
{
	u32 size = chan_size(half);

	return i + 1 < half->n ? size : half->len - size * i;
}

static bool chan_has(const struct cvsw_chan_half *half, u32 i)
{
	return half->have[i / 64] >> i % 64 & 1;
}

static bool chan_whole(const struct cvsw_chan_half *half)
{
	u32 i;

	for (i = 0; i < half->n; i++)
		if (!chan_has(half, i))
			return false;
	return true;
}

static void chan_clear(struct cvsw_chan_half *half)
{
	kvfree(half->bytes);
	half->bytes = NULL;
	half->len = 0;
	half->n = 0;
	memset(half->have, 0, sizeof(half->have));
}

void cvsw_chan_init(struct cvsw_chan *chan, const struct cvsw_chan_ops *ops,
		    void *ctx, u32 room)
{
	*chan = (struct cvsw_chan){ .ops = ops, .ctx = ctx, .room = room,
				    .again = CVSW_CHAN_NEVER };
}

void cvsw_chan_free(struct cvsw_chan *chan)
{
	chan_clear(&chan->in);
	chan_clear(&chan->out);
	chan->held = false;
	chan->again = CVSW_CHAN_NEVER;
}

/* Out */

static void chan_put(const struct cvsw_chan *chan, u32 i, bool ask)
{
	const struct cvsw_chan_half *out = &chan->out;
	u8 head[CVSW_CHAN_DATA_HLEN];

	put_unaligned_be32(out->no, head);
	put_unaligned_be16((u16)i, head + 4);
	put_unaligned_be16((u16)out->n, head + 6);
	put_unaligned_be32(out->len, head + 8);
	chan->ops->data(chan->ctx, head, out->bytes + (size_t)chan_size(out) * i,
			chan_part(out, i), ask);
}

/* all fragments that are not there; the last of them asks for an ACK */
static void chan_put_missing(const struct cvsw_chan *chan)
{
	const struct cvsw_chan_half *out = &chan->out;
	u32 i, last = out->n;

	for (i = 0; i < out->n; i++) {
		if (chan_has(out, i))
			continue;
		if (last < out->n)
			chan_put(chan, last, false);
		last = i;
	}
	if (last < out->n)
		chan_put(chan, last, true);
}

static void chan_put_again(struct cvsw_chan *chan, u64 now)
{
	chan->again = now + chan->wait;
	chan->soon = now + CVSW_CHAN_SOON_NS;
	chan_put_missing(chan);
}

bool cvsw_chan_stuck(const struct cvsw_chan *chan)
{
	return chan->out.bytes && chan_size(&chan->out) > chan->room;
}

int cvsw_chan_send(struct cvsw_chan *chan, const void *msg, u32 len, u64 now)
{
	struct cvsw_chan_half *out = &chan->out;

	if (out->bytes)
		return -EBUSY;
	if (!len || len > CVSW_CHAN_MSG_MAX)
		return -EMSGSIZE;
	out->bytes = kvmalloc(len, GFP_KERNEL);
	if (!out->bytes)
		return -ENOMEM;
	memcpy(out->bytes, msg, len);
	out->len = len;
	out->n = DIV_ROUND_UP(len, chan->room);
	out->no++;
	chan->wait = CVSW_CHAN_AGAIN_NS;
	chan_put_again(chan, now);
	return 0;
}

/* What an ACK lacks may be on its way, or the other side does not take it yet: so
 * it does not go before that can be known, be there as many ACKs as may.  The wait
 * stays as long as it was. */
static void chan_hurry(struct cvsw_chan *chan, u64 now)
{
	if (now >= chan->soon) {
		chan_put_again(chan, now);
	} else if (chan->again > chan->soon) {
		chan->again = chan->soon;
		chan->wait /= 2;	/* cvsw_chan_tick() doubles it */
	}
}

int cvsw_chan_ack(struct cvsw_chan *chan, const u8 *body, u32 n, u64 now)
{
	struct cvsw_chan_half *out = &chan->out;
	s32 ahead;
	u32 i;

	if (n != CVSW_CHAN_ACK_LEN || get_unaligned_be32(body + 4))
		return -EBADMSG;
	ahead = (s32)(get_unaligned_be32(body) - out->no);
	if (ahead > 1)
		return -EBADMSG;
	if (!out->bytes || ahead < 0)
		return 0;	/* it was overtaken by another */
	if (ahead) {
		chan_clear(out);
		chan->again = CVSW_CHAN_NEVER;
		chan->ops->sent(chan->ctx);
		return 0;
	}
	for (i = 0; i < out->n; i++)
		if (body[8 + i / 8] >> i % 8 & 1)
			out->have[i / 64] |= 1ull << i % 64;
	chan_hurry(chan, now);
	return 0;
}

/* In */

void cvsw_chan_ack_body(const struct cvsw_chan *chan,
			u8 body[CVSW_CHAN_ACK_LEN])
{
	const struct cvsw_chan_half *in = &chan->in;
	u32 i;

	put_unaligned_be32(in->no + 1, body);
	put_unaligned_be32(0, body + 4);
	for (i = 0; i < CVSW_CHAN_FRAGS_MAX / 8; i++)
		body[8 + i] = (u8)(in->have[i / 8] >> i % 8 * 8);
}

/* what a DATA body says of its datagram, or -EBADMSG */
static int chan_read(const u8 *body, u32 n, struct cvsw_chan_half *said, u32 *i)
{
	if (n < CVSW_CHAN_DATA_HLEN)
		return -EBADMSG;
	said->no = get_unaligned_be32(body);
	*i = get_unaligned_be16(body + 4);
	said->n = get_unaligned_be16(body + 6);
	said->len = get_unaligned_be32(body + 8);
	if (!said->n || said->n > CVSW_CHAN_FRAGS_MAX || *i >= said->n ||
	    said->len > CVSW_CHAN_MSG_MAX || said->len < said->n ||
	    chan_size(said) * (said->n - 1) >= said->len ||
	    n - CVSW_CHAN_DATA_HLEN != chan_part(said, *i))
		return -EBADMSG;
	return 0;
}

/* @said is the next one that may come: make room for it */
static int chan_begin(struct cvsw_chan_half *in,
		      const struct cvsw_chan_half *said)
{
	if (in->bytes)
		return in->len == said->len && in->n == said->n ? 0 : -EBADMSG;
	in->bytes = kvmalloc(said->len, GFP_KERNEL);
	if (!in->bytes)
		return -ENOMEM;
	in->len = said->len;
	in->n = said->n;
	return 0;
}

static void chan_tell(const struct cvsw_chan *chan)
{
	u8 body[CVSW_CHAN_ACK_LEN];

	cvsw_chan_ack_body(chan, body);
	chan->ops->ack(chan->ctx, body);
}

/* the datagram is here.  Where it is not taken, one fragment counts as not here,
 * so that its sender asks again */
static void chan_done(struct cvsw_chan *chan)
{
	struct cvsw_chan_half *in = &chan->in;
	u8 *bytes = in->bytes;
	int ret;

	in->bytes = NULL;	/* whatever becomes of the channel meanwhile */
	ret = chan->ops->deliver(chan->ctx, bytes, in->len);
	if (ret == -EAGAIN) {
		in->bytes = bytes;
		in->have[0] &= ~1ull;
		chan->held = true;
		return;
	}
	kvfree(bytes);
	if (ret == -ESTALE)
		return;
	chan->held = false;
	chan_clear(in);
	in->no++;
	chan_tell(chan);
}

int cvsw_chan_data(struct cvsw_chan *chan, const u8 *body, u32 n, bool ask)
{
	struct cvsw_chan_half *in = &chan->in, said = {};
	s32 ahead;
	u32 i;
	int ret;

	ret = chan_read(body, n, &said, &i);
	if (ret)
		return ret;
	if (said.no == in->no) {
		chan_tell(chan);
		return 0;
	}
	ahead = (s32)(said.no - in->no);
	if (ahead != 1)
		return ahead < 0 ? 0 : -EBADMSG;	/* it was overtaken */
	ret = chan_begin(in, &said);
	if (ret)
		return ret;
	memcpy(in->bytes + (size_t)chan_size(in) * i, body + CVSW_CHAN_DATA_HLEN,
	       n - CVSW_CHAN_DATA_HLEN);
	in->have[i / 64] |= 1ull << i % 64;
	if (chan_whole(in))
		chan_done(chan);
	else if (ask)
		chan_tell(chan);
	return 0;
}

/* Time */

u64 cvsw_chan_tick(struct cvsw_chan *chan, u64 now)
{
	if (chan->held)
		chan_done(chan);
	if (now >= chan->again) {
		chan->wait = min(2 * chan->wait, CVSW_CHAN_AGAIN_MAX_NS);
		chan_put_again(chan, now);
	}
	return chan->again;
}

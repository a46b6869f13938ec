/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_CHAN_H
#define CVSW_INBAND_CHAN_H

/*
 * Datagrams over frames that may be lost, doubled, or overtake one another:
 * each arrives once, whole and in order.
 *
 * Either side of a session of in-band control (version 3) has a channel.  It
 * sends one datagram at a time, cut into fragments that go at once; what the
 * other side does not say it has goes again, after CVSW_CHAN_AGAIN_NS and then
 * after twice as long each time.  The bodies of DATA and ACK frames are made
 * and read here; cvsw-inband(7) has their layout.  Who carries the frames sees
 * to it that they are the other side's, and that none is brought twice.
 *
 * No clock, no timer, no lock: the owner brings the time, in nanoseconds, and
 * calls cvsw_chan_tick() when it is due.
 */

#include "os.h"

#define CVSW_CHAN_MSG_MAX	131072u	/* bytes of a datagram */
#define CVSW_CHAN_FRAGS_MAX	128u
#define CVSW_CHAN_FRAG_MIN	1024u	/* that a frame has to have room for */
#define CVSW_CHAN_DATA_HLEN	12u	/* of a DATA body, in front of the bytes */
#define CVSW_CHAN_ACK_LEN	24u	/* of an ACK body */
#define CVSW_CHAN_AGAIN_NS	100000000ull
#define CVSW_CHAN_AGAIN_MAX_NS	1600000000ull
#define CVSW_CHAN_SOON_NS	20000000ull	/* that an ACK can make it */
#define CVSW_CHAN_NEVER		U64_MAX

/**
 * struct cvsw_chan_ops - what a channel does to the world; none but @deliver and
 * @sent may call it
 * @data:    send a DATA frame: @head, then @n @bytes; @ask for an ACK
 * @ack:     send an ACK frame with this body
 * @deliver: a datagram has come; it stays the channel's.  0: it was taken; -EAGAIN:
 *           not now, so that it is not acknowledged, and brought again with the
 *           next cvsw_chan_tick() or when it comes again; -ESTALE: the channel has
 *           been freed meanwhile.  May call cvsw_chan_send()
 * @sent:    the other side has the one that was sent: another may be, later
 */
struct cvsw_chan_ops {
	void (*data)(void *ctx, const u8 head[CVSW_CHAN_DATA_HLEN],
		     const u8 *bytes, u32 n, bool ask);
	void (*ack)(void *ctx, const u8 body[CVSW_CHAN_ACK_LEN]);
	int (*deliver)(void *ctx, const u8 *msg, u32 len);
	void (*sent)(void *ctx);
};

/**
 * struct cvsw_chan_half - one direction
 * @bytes: the datagram under way, NULL when none is
 * @len:   of it
 * @no:    of the last one that was begun (sending) or that came (receiving);
 *         they count from 1
 * @n:     its fragments
 * @have:  those that the receiver has
 */
struct cvsw_chan_half {
	u8	*bytes;
	u32	len;
	u32	no;
	u32	n;
	u64	have[CVSW_CHAN_FRAGS_MAX / 64];
};

/**
 * struct cvsw_chan - a channel
 * @ops:   of its owner
 * @ctx:   which is handed to them
 * @out:   what is sent
 * @in:    what is received
 * @room:  bytes of a datagram that a frame has room for
 * @held:  what is received is whole, but was not taken yet
 * @again: when fragments go again, CVSW_CHAN_NEVER when none is out
 * @wait:  how long after the last time that was
 * @soon:  when an ACK may have them go at the earliest: it may be of before
 */
struct cvsw_chan {
	const struct cvsw_chan_ops *ops;
	void			*ctx;
	struct cvsw_chan_half	out;
	struct cvsw_chan_half	in;
	u32			room;
	bool			held;
	u64			again;
	u64			wait;
	u64			soon;
};

/** cvsw_chan_init - @room: see above, from CVSW_CHAN_FRAG_MIN on */
void cvsw_chan_init(struct cvsw_chan *chan, const struct cvsw_chan_ops *ops,
		    void *ctx, u32 room);

/** cvsw_chan_free - forget what is under way, both ways */
void cvsw_chan_free(struct cvsw_chan *chan);

/** cvsw_chan_busy - is a datagram on its way out? */
static inline bool cvsw_chan_busy(const struct cvsw_chan *chan)
{
	return chan->out.bytes;
}

/** cvsw_chan_stuck - are there fragments on their way out that frames have no room
 * for any more? */
bool cvsw_chan_stuck(const struct cvsw_chan *chan);

/**
 * cvsw_chan_send - send a datagram, of which it takes a copy
 * Return: 0; -EBUSY: one is under way; -EMSGSIZE: empty, or longer than
 * CVSW_CHAN_MSG_MAX; -ENOMEM.
 */
int cvsw_chan_send(struct cvsw_chan *chan, const void *msg, u32 len, u64 now);

/**
 * cvsw_chan_data - the @n bytes of a DATA frame's @body have come
 * @ask: it asked for an ACK
 * Return: 0; -EBADMSG: no fragment of a datagram that may come now; -ENOMEM,
 * with which it is as if it had been lost.
 */
int cvsw_chan_data(struct cvsw_chan *chan, const u8 *body, u32 n, bool ask);

/**
 * cvsw_chan_ack - an ACK frame's @body of @n bytes has come
 * Return: 0 or -EBADMSG.
 */
int cvsw_chan_ack(struct cvsw_chan *chan, const u8 *body, u32 n, u64 now);

/** cvsw_chan_ack_body - what an ACK says now */
void cvsw_chan_ack_body(const struct cvsw_chan *chan,
			u8 body[CVSW_CHAN_ACK_LEN]);

/** cvsw_chan_tick - send again what is due, bring what was not taken; when the next
 * time is */
u64 cvsw_chan_tick(struct cvsw_chan *chan, u64 now);

#endif /* CVSW_INBAND_CHAN_H */

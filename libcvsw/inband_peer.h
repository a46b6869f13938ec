/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_PEER_H
#define CVSW_INBAND_PEER_H

/*
 * A session of in-band control, version 3, as both sides have it: a channel of
 * datagrams whose frames are sealed, opened, and told from repeated ones.  How
 * it begins is inband_v3.c's (vNIC) and user/inband_host.c's (host).
 *
 * No clock, no timer, no lock, as in inband_chan.h.
 */

#include "inband_chan.h"
#include "inband_frame.h"
#include <cvsw/drop.h>

/* bytes of a frame behind its Ethernet header that are not of a datagram */
#define CVSW_V3_OVERHEAD	(CVSW_V3_HLEN - 14u + CVSW_V3_TAG_LEN +	\
				 CVSW_CHAN_DATA_HLEN)
#define CVSW_V3_MTU_MIN		(CVSW_V3_OVERHEAD + CVSW_CHAN_FRAG_MIN)

/**
 * struct cvsw_v3_peer_ops - what a session does to the world
 * @send:    a frame of @len bytes, which stays the session's
 * @deliver: see struct cvsw_chan_ops; may end the session, or begin another
 * @sent:    likewise
 * @left:    the other side has ended it, and says why in @n bytes of @text; the
 *           session is over already
 */
struct cvsw_v3_peer_ops {
	void (*send)(void *ctx, const u8 *frame, u32 len);
	int (*deliver)(void *ctx, const u8 *msg, u32 len);
	void (*sent)(void *ctx);
	void (*left)(void *ctx, u16 reason, const u8 *text, u32 n);
};

/**
 * struct cvsw_v3_peer - one side of a session
 * @ops:    of its owner
 * @ctx:    which is handed to them
 * @keys:   none when there is no session
 * @in:     that of frames received, one of @keys
 * @out:    that of frames sent
 * @window: of numbers received
 * @number: of the frame sent last
 * @lease:  ns without a frame after which it is over
 * @heard:  when there was one
 * @chan:   the channel
 * @frame:  CVSW_V3_FRAME_MAX bytes to make frames in
 * @mac:    ours
 * @other:  of the other side
 * @key_id: of the key that @keys come of
 */
struct cvsw_v3_peer {
	const struct cvsw_v3_peer_ops *ops;
	void			*ctx;
	struct cvsw_v3_keys	keys;
	struct cvsw_hmac	*in;
	struct cvsw_hmac	*out;
	struct cvsw_v3_window	window;
	u64			number;
	u64			lease;
	u64			heard;
	struct cvsw_chan	chan;
	u8			*frame;
	u8			mac[6];
	u8			other[6];
	u16			key_id;
};

/** cvsw_v3_peer_init - no session yet; 0 or -ENOMEM */
int cvsw_v3_peer_init(struct cvsw_v3_peer *peer,
		      const struct cvsw_v3_peer_ops *ops, void *ctx);

void cvsw_v3_peer_free(struct cvsw_v3_peer *peer);

static inline bool cvsw_v3_peer_live(const struct cvsw_v3_peer *peer)
{
	return peer->in;
}

/**
 * struct cvsw_v3_begin - what a session begins with
 * @keys:   become the session's
 * @who:    whose they are
 * @host:   we are the host
 * @key_id: of the pre-shared key
 * @mtu:    of the frames, without Ethernet header; CVSW_V3_MTU_MIN or more
 * @lease:  ns
 * @now:    likewise
 */
struct cvsw_v3_begin {
	const struct cvsw_v3_keys *keys;
	const struct cvsw_v3_who *who;
	u64			lease;
	u64			now;
	u16			key_id;
	u16			mtu;
	bool			host;
};

/** cvsw_v3_peer_begin - a session, in place of any other */
void cvsw_v3_peer_begin(struct cvsw_v3_peer *peer,
			const struct cvsw_v3_begin *begin);

/** cvsw_v3_peer_mtu - from now on frames may be so long */
void cvsw_v3_peer_mtu(struct cvsw_v3_peer *peer, u16 mtu);

/** cvsw_v3_peer_end - forget it; nothing is sent */
void cvsw_v3_peer_end(struct cvsw_v3_peer *peer);

/** cvsw_v3_peer_leave - end it, and say so */
void cvsw_v3_peer_leave(struct cvsw_v3_peer *peer, u16 reason,
			const char *text);

/** cvsw_v3_peer_check - what can be seen of a frame without its tag: is it of
 * the session, and new? */
enum cvsw_drop cvsw_v3_peer_check(const struct cvsw_v3_peer *peer,
				  const struct cvsw_v3_frame *frame);

/**
 * cvsw_v3_peer_input - a frame has come that was checked, and is not a START
 * @frame: what cvsw_v3_frame_read() said of @bytes
 * Return: CVSW_DROP_NONE, or why it is of no use.
 */
enum cvsw_drop cvsw_v3_peer_input(struct cvsw_v3_peer *peer, const u8 *bytes,
				  const struct cvsw_v3_frame *frame, u64 now);

/** cvsw_v3_peer_ack - send an ACK, which may @ask for one */
void cvsw_v3_peer_ack(struct cvsw_v3_peer *peer, bool ask);

/** cvsw_v3_peer_over - has nothing been heard for as long as the lease? */
static inline bool cvsw_v3_peer_over(const struct cvsw_v3_peer *peer, u64 now)
{
	return now - peer->heard >= peer->lease;
}

/** cvsw_v3_put - make a frame of @body in @to and seal it; its bytes, or a
 * negative errno */
int cvsw_v3_put(u8 *to, const struct cvsw_v3_frame *frame, const void *body,
		struct cvsw_hmac *hmac);

#endif /* CVSW_INBAND_PEER_H */

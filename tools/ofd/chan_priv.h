/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_CHAN_PRIV_H
#define CVSW_OFD_CHAN_PRIV_H

/*
 * What the files of a chan share.  Its owner is told things at one place,
 * chan_tell(), which is the last thing that is done in a call from ev: the chan
 * may be freed by then.
 */

#include "chan.h"
#include "chan_buf.h"

#define CHAN_UP_NS	10000000000ull	/* to be connected, and agreed */

struct chan_way;

enum chan_state {
	CHAN_WAITS,	/* for chan_take() */
	CHAN_DIALS,
	CHAN_SHAKES,	/* TLS */
	CHAN_UP,
	CHAN_OVER,	/* ->down() was called */
};

/**
 * struct chan - a stream of messages
 * @fd:       the descriptor, owned; -1: none
 * @watched:  events that it is watched for
 * @work:     to send what waits, and to tell what is to be told
 * @limit:    when it is to be up
 * @way:      CHAN_DIALS: what is still to be tried
 * @tls, @ssl: NULL: it is not TLS, or not yet
 * @state:    enum chan_state
 * @tell_up:  to be told: it is up
 * @tell_ready: to be told: messages, or room
 * @ended:    nothing more comes, because of @why; told when @whole is eaten
 * @dropped:  and @whole does not matter
 * @bad:      behind @whole there is no message; told when it is eaten
 * @shut:     by chan_shut()
 * @mute:     nothing more can be sent
 * @blocked:  the peer does not take what waits
 * @stuffed:  @in has all that it may have
 * @again:    read without waiting for an event
 * @full:     ->ready() is due when less than CHAN_OUT_FULL waits
 * @read_wants, @write_wants: events that go on with it; also of the handshake
 * @whole:    bytes of whole messages at the front of @in
 * @moved:    ns: when @blocked began, or the peer took something last
 */
struct chan {
	struct ev		*ev;
	const struct chan_ops	*ops;
	void			*arg;
	struct ev_fd		fd;
	u32			watched;
	struct ev_task		work;
	struct ev_timer		limit;
	struct chan_way		*way;
	SSL_CTX			*tls;
	SSL			*ssl;
	u8			state;
	bool			tell_up;
	bool			tell_ready;
	bool			ended;
	bool			dropped;
	bool			bad;
	bool			shut;
	bool			mute;
	bool			blocked;
	bool			stuffed;
	bool			again;
	bool			full;
	u32			read_wants;
	u32			write_wants;
	u32			whole;
	u64			moved;
	struct chan_buf		in;
	struct chan_buf		out;
	char			why[160];
};

/* chan.c */

/* one without a descriptor; NULL: no memory */
struct chan *chan_new(struct ev *ev, SSL_CTX *tls);

/* it is over, because of this, unless it was before */
void chan_end(struct chan *c, const char *why, ...)
	__attribute__((format(printf, 2, 3)));
void chan_end_errno(struct chan *c, int err);

/* tell what is to be told; @c may be freed then */
void chan_tell(struct chan *c);

/* @c->fd is connected, and watched: go on with TLS, or be up */
void chan_connected(struct chan *c, bool client);

/* chan_io.c */

/* read what has come, as far as there is room */
void chan_fill(struct chan *c);

/* send what waits, as far as the peer takes it */
void chan_flush(struct chan *c);

/* go on with the handshake; true: it is done */
bool chan_shake(struct chan *c);

/* chan_dial.c */

/* the descriptor that is being connected is ready, or too slow */
void chan_dial_ready(struct chan *c);
void chan_dial_late(struct chan *c);
void chan_way_free(struct chan_way *way);

/* chan_sys.c */

#define CHAN_NO_TLS	"no key and certificates are given for TLS"

/* what TCP is to do; nothing to a Unix socket */
void chan_tcp_set(int fd);

/* "connection refused": strerror() inside a sentence */
void chan_errno_text(int err, char *text, size_t size);

#endif /* CVSW_OFD_CHAN_PRIV_H */

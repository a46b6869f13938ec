/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_CHAN_H
#define CVSW_OFD_CHAN_H

/*
 * A stream of OpenFlow messages to one peer: TCP, TLS or a Unix socket.
 *
 * Whole messages are looked at where they came in and taken from the front.
 * What is put goes into a queue that is sent as the peer takes it; the queue
 * is bounded by CHAN_OUT_MAX.  Nothing here blocks.
 *
 * A chan never calls back from inside a call on it but ev's; after ->down() it
 * takes and sends nothing more and waits to be freed with chan_close(), which
 * may be called from inside any callback.
 */

#include <openssl/types.h>
#include "ev.h"
#include "target.h"

#define CHAN_IN_MAX	(128u << 10)	/* bytes that may wait to be eaten */
#define CHAN_OUT_MAX	(4u << 20)	/* bytes that may wait to be sent */
#define CHAN_OUT_FULL	(256u << 10)	/* from here on: answer nothing more */

#define CHAN_CLOSED	"closed by the peer"	/* why it is down, in peace */

struct chan;
struct chan_listener;

/**
 * struct chan_ops - what a chan tells
 * @up:    the peer is there: TCP is connected, TLS agreed
 * @ready: there are new whole messages, or there is room again: less than
 *         CHAN_OUT_FULL waits, after more did
 * @bad:   what comes next is no message, since its header, at @head, tells of
 *         fewer bytes than it has; the callee calls chan_shut(), or closes the
 *         chan.  May be NULL: then the chan goes down
 * @down:  it is over; @why for a person: "connection refused", "closed by the
 *         peer", "certificate verify failed: ...", "message of 4 bytes"
 */
struct chan_ops {
	void (*up)(void *arg);
	void (*ready)(void *arg);
	void (*bad)(void *arg, const void *head);
	void (*down)(void *arg, const char *why);
};

/**
 * chan_dial - begin to connect
 * @tls:  of TARGET_SSL; borrowed
 * @ops:  borrowed; called from ev
 * Return: 0 or a negative errno, with the reason in @why.
 *
 * Names are looked up without holding up the thread.
 */
int chan_dial(struct chan **out, struct ev *ev, const struct target *target,
	      SSL_CTX *tls, const struct chan_ops *ops, void *arg, char *why,
	      size_t size);

/**
 * chan_listen - listen
 * @each: called with each new chan, which belongs to the callee, not yet up, and
 *        the peer's address; the callee gives it its ops with chan_take(), or
 *        closes it
 */
int chan_listen(struct chan_listener **out, struct ev *ev,
		const struct target *target, SSL_CTX *tls,
		void (*each)(void *arg, struct chan *chan, const char *peer),
		void *arg, char *why, size_t size);
void chan_unlisten(struct chan_listener *listener);

/**
 * chan_open - over a descriptor that is connected and does not block, which it
 * owns; otherwise as one from chan_listen().  0 or -ENOMEM
 */
int chan_open(struct chan **out, struct ev *ev, int fd, SSL_CTX *tls);

/** chan_take - from now on @ops are called: of one that was accepted, also
 * ->up(), or of one that is up, instead of those before */
void chan_take(struct chan *chan, const struct chan_ops *ops, void *arg);

/** chan_shut - no more is put; what was is sent, and what comes is thrown away,
 * until the chan goes down because the peer closes it */
void chan_shut(struct chan *chan);

/** chan_close - free it; what waits is sent as far as the peer takes it now */
void chan_close(struct chan *chan);

/**
 * chan_look - the messages that have come
 * @len: receives how many bytes of whole messages there are
 * Return: the first, at any address; they hold until chan_eat() or return to ev.
 *
 * Lengths of headers have been looked at: each message is 8 bytes or more.
 */
const void *chan_look(struct chan *chan, u32 *len);

/** chan_eat - the first @len bytes, whole messages, are done with; when more are
 * left ->ready() is called again soon, after others had their turn */
void chan_eat(struct chan *chan, u32 len);

/**
 * chan_room - room for a message of up to @len bytes at the end of the queue
 * Return: NULL when the chan is down, or there is none: then it goes down, as a
 * peer that does not read.
 */
void *chan_room(struct chan *chan, u32 len);

/** chan_put - the first @len bytes of the room are a message to be sent; it is
 * on its way before the thread waits again */
void chan_put(struct chan *chan, u32 len);

/** chan_waiting - bytes put and not yet taken by the peer */
u32 chan_waiting(const struct chan *chan);

/** chan_stuck - ns since the peer took nothing though something waits; 0: it
 * takes what there is */
u64 chan_stuck(const struct chan *chan, u64 now);

/* tls.c */

/**
 * struct tls_files - what TLS needs, PEM: all of them
 * @key:  private key; @cert: certificate, and those between it and the CA;
 *        @ca: of those whom to believe
 *
 * Each side must show a certificate of @ca (mutual); names in it are not
 * compared, as Open vSwitch does not: the CA is for switches only.  The process
 * ignores SIGPIPE.
 */
struct tls_files {
	const char	*key;
	const char	*cert;
	const char	*ca;
};

/** tls_new - read them; -EINVAL with the file and the reason in @why */
int tls_new(SSL_CTX **out, const struct tls_files *files, char *why,
	    size_t size);
void tls_free(SSL_CTX *tls);

#endif /* CVSW_OFD_CHAN_H */

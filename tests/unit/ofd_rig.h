/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_OFD_RIG_H
#define CVSW_TEST_OFD_RIG_H

/*
 * What is below and beside the sessions of cvsw-ofd, without sockets and time:
 * ev.h, chan.h, the clock, the log and the switch.  Nothing happens but in
 * rig_run() and rig_wait().
 */

#include <stdio.h>
#include "ofd.h"

#define RIG_SECOND	1000000000ull
#define RIG_CHANS	64

/**
 * struct chan - a stream, of which the test is the other end
 * @in:      what came and was not eaten: @in_len bytes of @in_size
 * @look:    a copy of its whole messages, where tools see each overrun
 * @out:     what was put: @out_len bytes of @out_size, of which @seen were
 *           looked at and @taken left the queue
 * @since:   when the peer took something last, or had nothing to take
 * @ready:   ->ready() is to be called; @down: ->down()
 * @shut:    by chan_shut()
 */
struct chan {
	const struct target	*target;
	const struct chan_ops	*ops;
	void			*arg;
	u8			*in;
	u32			in_len;
	u32			in_size;
	u8			*look;
	u8			*out;
	u32			out_len;
	u32			out_size;
	u32			seen;
	u32			taken;
	u64			since;
	bool			up;
	bool			ready;
	bool			is_down;
	bool			shut;
	const char		*down;
};

struct chan_listener {
	const struct target	*target;
	void			(*each)(void *arg, struct chan *chan,
					const char *peer);
	void			*arg;
};

/**
 * struct rig - all of it
 * @fds:      struct ev_fd that are watched, and are ready whenever they are
 *            watched for something: @events; @n_fds
 * @now:      ns; @tick: that pass whenever somebody asks
 * @chans:    those that are open, in the order they came; @n_chans
 * @dialled:  how often chan_dial() was called
 * @refuse:   why dialling or listening fails at once; NULL: it does not
 * @lines:    what was said, at LOG_INFO and above: the number of lines
 * @line:     and the last of them
 * @misses:   calls of sw_miss()
 * @closed:   bytes that a chan had put when it was closed last
 */
struct rig {
	struct sw		sw;
	struct conf_sw		conf;
	u64			now;
	u64			tick;
	struct list_head	timers;
	struct list_head	tasks;
	struct ev_fd		*fds[RIG_CHANS];
	u32			events[RIG_CHANS];
	unsigned int		n_fds;
	struct chan		*chans[RIG_CHANS];
	unsigned int		n_chans;
	struct chan_listener	*listener;
	unsigned int		dialled;
	const char		*refuse;
	unsigned int		lines;
	char			line[400];
	unsigned int		misses;
	u8			closed[512];
	u32			closed_len;
};

extern struct rig rig;

/* a switch with these targets; they are borrowed */
void rig_open(struct target *targets, unsigned int n);
void rig_close(void);

/* do what is to be done now */
void rig_run(void);

/* let time pass */
void rig_wait(u64 ns);

/* the other end: send, take what waits up to @n bytes, connect, be gone */
void rig_send(struct chan *chan, const void *bytes, u32 len);
void rig_take(struct chan *chan, u32 n);
void rig_up(struct chan *chan);
void rig_down(struct chan *chan, const char *why);

/* dial in */
struct chan *rig_accept(const char *peer);

/* the next message that was put and not looked at, NULL: there is none */
const struct cvsw_ofp_header *rig_next(struct chan *chan);

#endif /* CVSW_TEST_OFD_RIG_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_CHAN_RIG_H
#define CVSW_TEST_CHAN_RIG_H

/* Chans in one thread: what their owner is told, and a clock to be put on. */

#include "util.h"

#include <cvsw/openflow.h>
#include "chan.h"

#define RIG_PATIENCE_NS	30000000000ull
#define RIG_MS		1000000ull

/* what ofd_now() is ahead of the clock, and how often something was said */
extern u64 rig_ahead;
extern unsigned int rig_said;

/* how many times ev_once() returned in rig_until() */
extern unsigned int rig_rounds;

/* have ev_once() return soon, also when nothing happens; fails when that was
 * done for too long.  @begin: 0 at first */
void rig_step(struct ev *ev, u64 *begin);

/* run until @cond */
#define rig_until(ev, cond)						\
	do {								\
		u64 _begin = 0;						\
		while (!(cond))						\
			rig_step(ev, &_begin);				\
	} while (0)

/* run what there is to do now, and fail if there is no end of it */
void rig_settle(struct ev *ev);

/* when an owner closes its chan */
enum rig_close {
	RIG_NEVER,
	RIG_IN_UP,
	RIG_IN_READY,
	RIG_IN_DOWN,
};

/**
 * struct side - one end of a stream
 * @fasts:  it eats nothing
 * @bite:   bytes at most that it eats of one look; 0: all
 * @close:  enum rig_close
 * @ups, @readies, @downs: how often it was told
 * @looks:  how often there was something to look at
 * @got:    what it has eaten
 */
struct side {
	struct ev	*ev;
	struct chan	*chan;
	bool		fasts;
	u32		bite;
	u8		close;
	unsigned int	ups;
	unsigned int	readies;
	unsigned int	downs;
	unsigned int	looks;
	char		why[200];
	u8		*got;
	u32		n_got;
};

extern const struct chan_ops side_ops;

/* eat what there is */
void side_eat(struct side *side);

/* the chan, and what was eaten */
void side_close(struct side *side);

/* put a message of @len bytes, its number in xid and in what is behind; false:
 * there is no room */
bool side_put(struct side *side, u32 no, u32 len);

/* a message like that at @out */
void rig_msg(u8 *out, u32 no, u32 len);

/* fails unless @bytes are messages number @first and on, of @len bytes each;
 * how many */
u32 rig_msgs_are(const u8 *bytes, u32 n, u32 first, u32 len);

/* an address of TCP on which nobody listens */
u16 rig_port_free(void);

#endif /* CVSW_TEST_CHAN_RIG_H */

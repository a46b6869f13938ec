/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_STAND_H
#define CVSW_TEST_STAND_H

/*
 * A switch with a control server, as a daemon has them, without sockets and
 * devices: frames that leave are counted, datagrams to a client are kept.
 */

#include <cvsw/ctl.h>
#include <cvsw/pkt.h>
#include "ctl_local.h"
#include "nl_codec.h"
#include "nl_msg.h"
#include "nl_server.h"

#define STAND_SECOND	1000000000ull
#define STAND_DATAGRAMS	64
#define STAND_QUEUES	3000	/* more than a message holds */

/* a datagram that the server sent */
struct stand_datagram {
	size_t	len;
	u8	data[CVSW_NL_MSG_MAX] __attribute__((aligned(8)));
};

/**
 * struct stand - the switch, its server and what they did
 * @now:     handed to every call
 * @sent:    frames that left
 * @port:    by which the last one did
 * @frame:   the start of it
 * @len:     its length
 * @wakes:   times the server's thread was to be woken
 * @room:    datagrams that the client still takes
 * @lost:    the client is gone
 * @got:     @n_got datagrams that it was sent
 * @flushed: how many when frames were sent last
 * @mtu:     what devices answer to a new mtu, 0: they take it
 * @wrong:   CVSW_OFFLOAD_* that they do wrong, which a self-test finds out
 * @tested:  there was one
 * @queue:   @n_queues queues of ports, by port and id; port 3 can have none
 */
struct stand {
	struct cvsw_switch	*sw;
	struct cvsw_worker	*w;
	struct cvsw_pool	*pool;
	struct cvsw_nl_server	*server;
	u64			now;
	unsigned int		sent;
	u16			port;
	u8			frame[256];
	u32			len;
	unsigned int		wakes;
	unsigned int		room;
	bool			lost;
	struct stand_datagram	*got;
	unsigned int		n_got;
	unsigned int		flushed;
	u32			mtu;
	u32			wrong;
	bool			tested;
	struct cvsw_queue_info	*queue;
	unsigned int		n_queues;
};

/* a switch called @name with ports 1 to @ports, served */
void stand_open(struct stand *stand, const char *name, unsigned int ports);
void stand_close(struct stand *stand);

/* one more switch on the server of @stand; ends before it */
void stand_join(struct stand *stand, struct stand *other, const char *name);
void stand_leave(struct stand *stand, struct stand *other);

struct cvsw_ctl *stand_ctl(struct stand *stand);

/* a frame of @len bytes comes in */
void stand_input(struct stand *stand, u16 port, const void *bytes, u32 len);

/* flows in the table */
unsigned int stand_flows(const struct stand *stand);

#endif /* CVSW_TEST_STAND_H */

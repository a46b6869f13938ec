// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "chan_rig.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "ofd.h"

u64 rig_ahead;
unsigned int rig_said;
unsigned int rig_rounds;

u64 ofd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec + rig_ahead;
}

void say(int priority, const char *format, ...)
{
	rig_said++;
}

/* did ev.c wait, and nothing happened? */
static bool quiet;

/* in place of the C library's */
int epoll_wait(int epfd, struct epoll_event *events, int max, int timeout)
{
	int n = epoll_pwait(epfd, events, max, timeout, NULL);

	quiet = !n && timeout;
	return n;
}

static void rig_due(struct ev_timer *t)
{
}

static void rig_once(struct ev *ev, u64 wait)
{
	struct ev_timer tick = { .due = rig_due };

	ev_at(ev, &tick, ofd_now() + wait);
	assert_int_equal(ev_once(ev, NULL), 0);
	ev_cancel(ev, &tick);
	rig_rounds++;
}

void rig_step(struct ev *ev, u64 *begin)
{
	const u64 now = ofd_now() - rig_ahead;

	if (!*begin)
		*begin = now;
	if (now - *begin > RIG_PATIENCE_NS)
		fail_msg("nothing happens");
	rig_once(ev, 10 * RIG_MS);
}

void rig_settle(struct ev *ev)
{
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		rig_once(ev, RIG_MS);
		if (quiet)
			return;
	}
	fail_msg("there is no end of events");
}

/* Sides */

void side_close(struct side *side)
{
	if (side->chan)
		chan_close(side->chan);
	side->chan = NULL;
	free(side->got);
	side->got = NULL;
	side->n_got = 0;
}

static void side_keep(struct side *side, const u8 *bytes, u32 len)
{
	side->got = realloc(side->got, side->n_got + len);
	assert_non_null(side->got);
	memcpy(side->got + side->n_got, bytes, len);
	side->n_got += len;
}

/* the whole messages in the first @most bytes, or one */
static u32 side_bite(const u8 *msgs, u32 len, u32 most)
{
	u32 n = 0;

	do {
		n += get_unaligned_be16(msgs + n + 2);
	} while (n < len && n + get_unaligned_be16(msgs + n + 2) <= most);
	return n;
}

void side_eat(struct side *side)
{
	const u8 *msgs;
	u32 len;

	msgs = chan_look(side->chan, &len);
	if (!len)
		return;
	side->looks++;
	if (side->bite)
		len = side_bite(msgs, len, side->bite);
	side_keep(side, msgs, len);
	chan_eat(side->chan, len);
}

static bool side_leaves(struct side *side, u8 when)
{
	if (side->close != when)
		return false;
	chan_close(side->chan);
	side->chan = NULL;
	return true;
}

static void side_up(void *arg)
{
	struct side *side = arg;

	side->ups++;
	side_leaves(side, RIG_IN_UP);
}

static void side_ready(void *arg)
{
	struct side *side = arg;

	side->readies++;
	if (!side_leaves(side, RIG_IN_READY) && !side->fasts)
		side_eat(side);
}

static void side_down(void *arg, const char *why)
{
	struct side *side = arg;

	side->downs++;
	snprintf(side->why, sizeof(side->why), "%s", why);
	side_leaves(side, RIG_IN_DOWN);
}

const struct chan_ops side_ops = {
	.up = side_up,
	.ready = side_ready,
	.down = side_down,
};

/* Messages */

void rig_msg(u8 *out, u32 no, u32 len)
{
	u32 i;

	out[0] = CVSW_OFP_VERSION;
	out[1] = CVSW_OFP_ECHO_REQUEST;
	put_unaligned_be16((u16)len, out + 2);
	put_unaligned_be32(no, out + 4);
	for (i = 8; i < len; i++)
		out[i] = (u8)(no + i);
}

bool side_put(struct side *side, u32 no, u32 len)
{
	u8 *room = chan_room(side->chan, len);

	if (!room)
		return false;
	rig_msg(room, no, len);
	chan_put(side->chan, len);
	return true;
}

u32 rig_msgs_are(const u8 *bytes, u32 n, u32 first, u32 len)
{
	u8 *want = malloc(len);
	u32 at, count = 0;

	assert_non_null(want);
	for (at = 0; at < n; at += len) {
		assert_true(n - at >= len);
		rig_msg(want, first + count++, len);
		assert_memory_equal(bytes + at, want, len);
	}
	free(want);
	return count;
}

u16 rig_port_free(void)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	close(fd);
	return ntohs(sin.sin_port);
}

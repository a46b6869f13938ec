// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The surroundings of sessions: see ofd_rig.h. */

#include <stdarg.h>
#include "ofd_rig.h"

#define RIG_ROUNDS	100000	/* in which all must come to rest */

struct rig rig;

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Clock, log, switch */

u64 ofd_now(void)
{
	rig.now += rig.tick;
	return rig.now;
}

void say(int priority, const char *format, ...)
{
	va_list args;
	char line[sizeof(rig.line)];

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (priority > LOG_INFO)
		return;
	rig.lines++;
	memcpy(rig.line, line, sizeof(line));
}

void sw_miss(struct sw *sw, u8 miss)
{
	sw->config.miss = miss;
	rig.misses++;
}

bool sw_failed(struct sw *sw, int err)
{
	return sw_there(sw);
}

void sw_events(struct sw *sw)
{
	struct cvsw_ctl_event event;

	while (sw->events && cvsw_ctl_event(sw->events, 0, &event) > 0)
		async_event(sw, &event);
}

/* ev.h */

void ev_at(struct ev *ev, struct ev_timer *t, u64 when)
{
	ev_cancel(ev, t);
	t->when = when;
	t->armed = true;
	list_add_tail(&t->link, &rig.timers);
}

void ev_cancel(struct ev *ev, struct ev_timer *t)
{
	if (t->armed)
		list_del(&t->link);
	t->armed = false;
}

void ev_soon(struct ev *ev, struct ev_task *task)
{
	if (task->armed)
		return;
	task->armed = true;
	list_add_tail(&task->link, &rig.tasks);
}

void ev_not_soon(struct ev *ev, struct ev_task *task)
{
	if (task->armed)
		list_del(&task->link);
	task->armed = false;
}

/* index + 1 of @f, or 0 */
static unsigned int rig_fd(const struct ev_fd *f)
{
	unsigned int i = rig.n_fds;

	while (i && rig.fds[i - 1] != f)
		i--;
	return i;
}

int ev_add(struct ev *ev, struct ev_fd *f, u32 events)
{
	must(rig.n_fds < RIG_CHANS && !rig_fd(f));
	rig.fds[rig.n_fds] = f;
	rig.events[rig.n_fds++] = events;
	return 0;
}

void ev_mod(struct ev *ev, struct ev_fd *f, u32 events)
{
	must(rig_fd(f));
	rig.events[rig_fd(f) - 1] = events;
}

void ev_del(struct ev *ev, struct ev_fd *f)
{
	unsigned int i = rig_fd(f);

	if (!i)
		return;
	rig.n_fds--;
	rig.fds[i - 1] = rig.fds[rig.n_fds];
	rig.events[i - 1] = rig.events[rig.n_fds];
}

/* the earliest timer that is due at @until; NULL: there is none */
static struct ev_timer *rig_timer(u64 until)
{
	struct ev_timer *timer, *first = NULL;

	list_for_each_entry(timer, &rig.timers, link)
		if (timer->when <= until && (!first || timer->when < first->when))
			first = timer;
	return first;
}

/* chan.h */

static struct chan *rig_chan(const struct target *target)
{
	struct chan *chan = calloc(1, sizeof(*chan));

	must(chan && rig.n_chans < RIG_CHANS);
	chan->target = target;
	chan->since = rig.now;
	rig.chans[rig.n_chans++] = chan;
	return chan;
}

int chan_dial(struct chan **out, struct ev *ev, const struct target *target,
	      SSL_CTX *tls, const struct chan_ops *ops, void *arg, char *why,
	      size_t size)
{
	rig.dialled++;
	if (rig.refuse) {
		snprintf(why, size, "%s", rig.refuse);
		return -ECONNREFUSED;
	}
	*out = rig_chan(target);
	chan_take(*out, ops, arg);
	return 0;
}

int chan_listen(struct chan_listener **out, struct ev *ev,
		const struct target *target, SSL_CTX *tls,
		void (*each)(void *arg, struct chan *chan, const char *peer),
		void *arg, char *why, size_t size)
{
	struct chan_listener *listener;

	if (rig.refuse) {
		snprintf(why, size, "%s", rig.refuse);
		return -EADDRINUSE;
	}
	listener = calloc(1, sizeof(*listener));
	must(listener && !rig.listener);
	listener->target = target;
	listener->each = each;
	listener->arg = arg;
	rig.listener = listener;
	*out = listener;
	return 0;
}

void chan_unlisten(struct chan_listener *listener)
{
	must(listener == rig.listener);
	rig.listener = NULL;
	free(listener);
}

void chan_take(struct chan *chan, const struct chan_ops *ops, void *arg)
{
	chan->ops = ops;
	chan->arg = arg;
}

void chan_shut(struct chan *chan)
{
	must(!chan->shut);
	chan->shut = true;
	chan->ready = false;
}

void chan_close(struct chan *chan)
{
	unsigned int i;

	for (i = 0; i < rig.n_chans && rig.chans[i] != chan; i++)
		;
	must(i < rig.n_chans);
	rig.closed_len = min_t(u32, chan->out_len, sizeof(rig.closed));
	if (rig.closed_len)
		memcpy(rig.closed, chan->out, rig.closed_len);
	memmove(&rig.chans[i], &rig.chans[i + 1],
		(--rig.n_chans - i) * sizeof(rig.chans[0]));
	free(chan->look);
	free(chan->in);
	free(chan->out);
	free(chan);
}

/* @bytes, of *@size with @len in use, with room for @more */
static u8 *rig_grow(u8 *bytes, u32 *size, u32 len, u32 more)
{
	if (more <= *size - len)
		return bytes;
	*size = 2 * (len + more);
	bytes = realloc(bytes, *size);
	must(bytes);
	return bytes;
}

static u32 rig_len(const u8 *msg)
{
	return get_unaligned_be16(msg + 2);
}

/* bytes of the whole messages that have come */
static u32 rig_whole(const struct chan *chan)
{
	u32 n = 0;

	while (chan->in_len - n >= 8 && rig_len(chan->in + n) >= 8 &&
	       rig_len(chan->in + n) <= chan->in_len - n)
		n += rig_len(chan->in + n);
	return n;
}

const void *chan_look(struct chan *chan, u32 *len)
{
	*len = chan->is_down || chan->shut ? 0 : rig_whole(chan);
	free(chan->look);
	chan->look = malloc(*len + 1);
	must(chan->look);
	if (*len)
		memcpy(chan->look + 1, chan->in, *len);	/* an odd address */
	return chan->look + 1;
}

void chan_eat(struct chan *chan, u32 len)
{
	must(len && len <= rig_whole(chan));
	if (chan->shut)
		return;
	chan->in_len -= len;
	memmove(chan->in, chan->in + len, chan->in_len);
	chan->ready |= rig_whole(chan) > 0;
}

void *chan_room(struct chan *chan, u32 len)
{
	must(len <= CVSW_OFP_MSG_MAX);
	must(!chan->shut);
	if (chan->is_down || !chan->up)
		return NULL;
	if (chan_waiting(chan) + len > CHAN_OUT_MAX) {
		chan->down = "does not read";
		return NULL;
	}
	chan->out = rig_grow(chan->out, &chan->out_size, chan->out_len, len);
	return chan->out + chan->out_len;
}

void chan_put(struct chan *chan, u32 len)
{
	must(rig_len(chan->out + chan->out_len) == len);
	must(chan->out[chan->out_len] == CVSW_OFP_VERSION);
	if (!chan_waiting(chan))
		chan->since = rig.now;
	chan->out_len += len;
}

u32 chan_waiting(const struct chan *chan)
{
	return chan->out_len - chan->taken;
}

u64 chan_stuck(const struct chan *chan, u64 now)
{
	return chan_waiting(chan) ? now - chan->since : 0;
}

/* The test's side */

void rig_open(struct target *targets, unsigned int n)
{
	memset(&rig, 0, sizeof(rig));
	rig.now = 100 * RIG_SECOND;
	INIT_LIST_HEAD(&rig.timers);
	INIT_LIST_HEAD(&rig.tasks);
	rig.conf.targets = targets;
	rig.conf.n_targets = n;
	rig.conf.probe_ms = 5000;
	rig.conf.backoff_max_ms = 8000;
	strcpy(rig.conf.name, "br0");
	strcpy(rig.sw.config.name, "br0");
	rig.sw.conf = &rig.conf;
	INIT_LIST_HEAD(&rig.sw.conns);
	INIT_LIST_HEAD(&rig.sw.remotes);
	INIT_LIST_HEAD(&rig.sw.services);
	must(!remotes_new(&rig.sw));
}

void rig_close(void)
{
	remotes_stop(&rig.sw, "the end");
	remotes_free(&rig.sw);
	must(!rig.n_chans && !rig.n_fds && !rig.listener);
	must(list_empty(&rig.timers) && list_empty(&rig.tasks));
	must(list_empty(&rig.sw.conns));
}

static bool rig_task(void)
{
	struct ev_task *task;

	if (list_empty(&rig.tasks))
		return false;
	task = list_first_entry(&rig.tasks, struct ev_task, link);
	ev_not_soon(NULL, task);
	task->run(task);
	return true;
}

/* is what comes next no message? */
static bool rig_is_bad(const struct chan *chan)
{
	return chan->in_len >= 8 && rig_len(chan->in) < 8;
}

/* one call for one chan */
static bool rig_chan_run(void)
{
	struct chan *chan;
	unsigned int i;

	for (i = 0; i < rig.n_chans; i++) {
		chan = rig.chans[i];
		if (chan->down && !chan->is_down && chan->ops) {
			chan->is_down = true;
			chan->ops->down(chan->arg, chan->down);
			return true;
		}
		if (rig_is_bad(chan) && !chan->shut && !chan->is_down) {
			chan->ops->bad(chan->arg, chan->in);
			return true;
		}
		if (chan->ready && !chan->is_down && chan->ops) {
			chan->ready = false;
			chan->ops->ready(chan->arg);
			return true;
		}
	}
	return false;
}

/* one call for each that is watched for something */
static bool rig_fds_run(void)
{
	bool any = false;
	unsigned int i;

	for (i = rig.n_fds; i--;)
		if (i < rig.n_fds && rig.events[i]) {
			rig.fds[i]->ready(rig.fds[i], rig.events[i]);
			any = true;
		}
	return any;
}

void rig_run(void)
{
	unsigned int rounds = 0;

	while (rig_task() || rig_chan_run() || rig_fds_run())
		must(++rounds < RIG_ROUNDS);
}

void rig_wait(u64 ns)
{
	u64 until = rig.now + ns;
	struct ev_timer *timer;

	rig_run();
	while ((timer = rig_timer(until))) {
		rig.now = max(rig.now, timer->when);
		ev_cancel(NULL, timer);
		timer->due(timer);
		rig_run();
	}
	rig.now = until;
}

void rig_send(struct chan *chan, const void *bytes, u32 len)
{
	chan->in = rig_grow(chan->in, &chan->in_size, chan->in_len, len + 8);
	memcpy(chan->in + chan->in_len, bytes, len);
	chan->in_len += len;
	chan->ready |= !chan->shut && rig_whole(chan) > 0;
}

void rig_take(struct chan *chan, u32 n)
{
	bool full = chan_waiting(chan) >= CHAN_OUT_FULL;

	n = min(n, chan_waiting(chan));
	chan->taken += n;
	if (n)
		chan->since = rig.now;
	chan->ready |= !chan->shut && full && chan_waiting(chan) < CHAN_OUT_FULL;
}

void rig_up(struct chan *chan)
{
	chan->up = true;
	chan->ops->up(chan->arg);
}

void rig_down(struct chan *chan, const char *why)
{
	if (!chan->down)
		chan->down = why;
}

struct chan *rig_accept(const char *peer)
{
	struct chan *chan = rig_chan(rig.listener->target);
	unsigned int n = rig.n_chans;

	rig.listener->each(rig.listener->arg, chan, peer);
	return rig.n_chans == n ? chan : NULL;
}

const struct cvsw_ofp_header *rig_next(struct chan *chan)
{
	const u8 *msg = chan->out + chan->seen;

	if (chan->seen == chan->out_len)
		return NULL;
	must(chan->seen + rig_len(msg) <= chan->out_len);
	chan->seen += rig_len(msg);
	return (const void *)msg;
}

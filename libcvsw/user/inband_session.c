// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Sessions of in-band control as a thread: frames on one side, users on the
 * other, the engine (inband_host.c) between. */

#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "inband_session.h"
#include "inband_users.h"

#define SESSION_FRAMES	64		/* read in one go */
#define SESSION_MS	1000000ull	/* ns */
#define SESSION_BURST	256u		/* frames sent at once, and then one each */
#define SESSION_PACE	125000ull	/* ns, that a vNIC is sure to take them */

/**
 * struct cvsw_session - a session
 * @users:  who uses it
 * @host:   the engine
 * @fd:     of frames
 * @wake:   eventfd: there is a user more, or none any more
 * @thread: session_run()
 * @lock:   for @refs, @over and @why
 * @refs:   users that have not been put
 * @over:   there is nobody to talk to any more
 * @why:    the reason
 * @state:  enum cvsw_v3_host_state, the thread's
 * @busy:   a datagram is under way, likewise
 * @paced:  the time, ns, up to which frames have been sent
 * @frame:  that is being read
 */
struct cvsw_session {
	struct cvsw_users	users;
	struct cvsw_v3_host	*host;
	int			fd;
	int			wake;
	pthread_t		thread;
	struct mutex		lock;
	unsigned int		refs;
	bool			over;
	char			why[CVSW_SESSION_WHY];
	u8			state;
	bool			busy;
	u64			paced;
	u8			frame[CVSW_V3_FRAME_MAX];
};

static u64 session_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000 * SESSION_MS + (u64)ts.tv_nsec;
}

static void session_end(struct cvsw_session *session, const char *why)
{
	mutex_lock(&session->lock);
	if (!session->over)
		snprintf(session->why, sizeof(session->why), "%s", why);
	session->over = true;
	mutex_unlock(&session->lock);
}

/* Engine */

/* a vNIC takes only so many frames a second: what is too fast goes again, which
 * takes longer than to wait here */
static void session_pace(struct cvsw_session *session)
{
	u64 now = session_now();
	struct timespec ts = {};

	session->paced = max(session->paced, now - SESSION_BURST * SESSION_PACE) +
			 SESSION_PACE;
	if (session->paced <= now)
		return;
	ts.tv_nsec = (long)(session->paced - now);
	nanosleep(&ts, NULL);
}

/* a frame that is not taken is as one that is lost */
static void session_send(void *ctx, const u8 *frame, u32 len)
{
	struct cvsw_session *session = ctx;

	session_pace(session);
	if (send(session->fd, frame, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return;
	if (errno == ENXIO || errno == ENODEV)
		session_end(session, "the interface is gone");
}

static int session_deliver(void *ctx, const u8 *msg, u32 len)
{
	struct cvsw_session *session = ctx;

	cvsw_users_give(&session->users, msg, len);
	return 0;
}

static void session_sent(void *ctx)
{
	struct cvsw_session *session = ctx;

	session->busy = false;
}

static void session_state(void *ctx, enum cvsw_v3_host_state state,
			  const char *why)
{
	struct cvsw_session *session = ctx;

	if (state == CVSW_V3_ENDED ||
	    (state == CVSW_V3_CALLING && session->state == CVSW_V3_TALKING))
		session_end(session, why);
	session->state = (u8)state;
}

static const struct cvsw_v3_host_ops session_ops = {
	.send = session_send,
	.deliver = session_deliver,
	.sent = session_sent,
	.state = session_state,
};

/* In and out */

static void session_frames(struct cvsw_session *session)
{
	unsigned int i;
	ssize_t n;

	for (i = 0; i < SESSION_FRAMES; i++) {
		n = recv(session->fd, session->frame, sizeof(session->frame),
			 MSG_DONTWAIT);
		if (n <= 0)
			return;
		cvsw_v3_host_input(session->host, session->frame, (u32)n,
				   session_now());
	}
}

static void session_request(struct cvsw_session *session)
{
	size_t n = session->busy ? 0 : cvsw_users_take(&session->users);
	int ret;

	if (!n)
		return;
	session->busy = true;
	ret = cvsw_v3_host_send(session->host, session->users.buf, (u32)n,
				session_now());
	if (ret)
		session_end(session, strerror(-ret));
}

static int session_ms(u64 due)
{
	u64 now = session_now();

	if (due == CVSW_CHAN_NEVER)
		return -1;
	if (due <= now)
		return 0;
	return (int)min((due - now + SESSION_MS - 1) / SESSION_MS,
			(u64)60000);
}

/* wait once, for no longer than @ms unless it is -1, and do what came of it */
static void session_once(struct cvsw_session *session, int ms)
{
	struct pollfd polls[2 + CVSW_USERS_MAX] = {
		{ .fd = session->fd, .events = POLLIN },
		{ .fd = session->wake, .events = POLLIN },
	};
	int due = session_ms(cvsw_v3_host_tick(session->host, session_now()));
	bool take = session->state == CVSW_V3_TALKING && !session->busy;
	eventfd_t count;
	unsigned int n;

	if (session->over)
		return;
	if (due < 0 || (ms >= 0 && ms < due))
		due = ms;
	n = 2 + cvsw_users_poll(&session->users, polls + 2, take);
	if (poll(polls, n, due) < 0)
		return;
	if (polls[1].revents)
		eventfd_read(session->wake, &count);
	if (polls[0].revents)
		session_frames(session);
	cvsw_users_polled(&session->users, polls + 2);
	session_request(session);
}

/* Thread */

static bool session_goes_on(struct cvsw_session *session)
{
	bool on;

	mutex_lock(&session->lock);
	on = session->refs && !session->over;
	mutex_unlock(&session->lock);
	return on;
}

/* the users learn of its end last: then it can be asked for its reason */
static void *session_run(void *arg)
{
	struct cvsw_session *session = arg;

	while (session_goes_on(session))
		session_once(session, -1);
	session_end(session, "");
	cvsw_v3_host_free(session->host);
	session->host = NULL;
	cvsw_users_free(&session->users);
	return NULL;
}

/* signals are for others */
static int session_thread(struct cvsw_session *session)
{
	sigset_t all, before;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = -pthread_create(&session->thread, NULL, session_run, session);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ret;
}

/* Life */

static void session_free(struct cvsw_session *session)
{
	if (session->host)
		cvsw_v3_host_free(session->host);
	if (session->wake >= 0)
		close(session->wake);
	close(session->fd);
	mutex_destroy(&session->lock);
	kfree(session);
}

/* until there is a session, or there will be none */
static int session_call(struct cvsw_session *session, int wait_ms)
{
	const u64 end = session_now() + (u64)wait_ms * SESSION_MS;

	while (session->state != CVSW_V3_TALKING && !session->over) {
		if (session_now() >= end)
			return -ETIMEDOUT;
		session_once(session, session_ms(end));
	}
	return session->over ? -ECONNREFUSED : 0;
}

static int session_start(struct cvsw_session *session,
			 const struct cvsw_v3_host_info *info, int wait_ms,
			 char *why)
{
	int ret = -ENOMEM;

	session->host = cvsw_v3_host_new(&session_ops, session, info);
	if (session->host && session->wake >= 0)
		ret = session_call(session, wait_ms);
	if (!ret)
		ret = session_thread(session);
	if (ret)
		snprintf(why, CVSW_SESSION_WHY, "%s", *session->why ?
			 session->why : strerror(-ret));
	return ret;
}

int cvsw_session_new(struct cvsw_session **out, int fd,
		     const struct cvsw_v3_host_info *info, int wait_ms,
		     char why[CVSW_SESSION_WHY])
{
	struct cvsw_session *session = kzalloc(sizeof(*session), GFP_KERNEL);
	int ret;

	if (!session) {
		close(fd);
		return -ENOMEM;
	}
	session->fd = fd;
	session->refs = 1;
	session->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	mutex_init(&session->lock);
	cvsw_users_init(&session->users);
	ret = session_start(session, info, wait_ms, why);
	if (!ret) {
		*out = session;
		return 0;
	}
	cvsw_users_free(&session->users);
	session_free(session);
	return ret;
}

int cvsw_session_get(struct cvsw_session *session)
{
	int fd = -ECONNRESET;

	mutex_lock(&session->lock);
	if (!session->over)
		fd = cvsw_users_add(&session->users);
	if (fd >= 0)
		session->refs++;
	mutex_unlock(&session->lock);
	if (fd >= 0)
		eventfd_write(session->wake, 1);
	return fd;
}

void cvsw_session_put(struct cvsw_session *session)
{
	bool last;

	mutex_lock(&session->lock);
	last = !--session->refs;
	mutex_unlock(&session->lock);
	if (!last)
		return;
	eventfd_write(session->wake, 1);
	pthread_join(session->thread, NULL);
	session_free(session);
}

void cvsw_session_why(struct cvsw_session *session, char why[CVSW_SESSION_WHY])
{
	mutex_lock(&session->lock);
	memcpy(why, session->why, CVSW_SESSION_WHY);
	mutex_unlock(&session->lock);
}

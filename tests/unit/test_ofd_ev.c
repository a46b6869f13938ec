// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* What a thread of cvsw-ofd waits for, and where its peers are. */

#include "chan_rig.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "ofd.h"

static int setup(void **state)
{
	return ev_new((struct ev **)state);
}

static int teardown(void **state)
{
	ev_free(*state);
	return 0;
}

/* Descriptors */

/* struct hand - one that is watched; it may take another's out when it is its
 * turn, and put a new one there which has the same number */
struct hand {
	struct ev	*ev;
	struct ev_fd	fd;
	struct hand	*victim;
	struct hand	*heir;
	unsigned int	calls;
	u32		events;
};

static void hand_ready(struct ev_fd *f, u32 events)
{
	struct hand *hand = container_of(f, struct hand, fd);
	struct hand *victim = hand->victim, *heir = hand->heir;

	hand->calls++;
	hand->events = events;
	if (!victim || !victim->fd.index)
		return;
	ev_del(victim->ev, &victim->fd);
	close(victim->fd.fd);
	if (!heir)
		return;
	heir->fd.fd = eventfd(0, EFD_NONBLOCK);
	assert_int_equal(heir->fd.fd, victim->fd.fd);
	assert_int_equal(ev_add(heir->ev, &heir->fd, EPOLLIN), 0);
}

static void hand_open(struct hand *hand, struct ev *ev, u64 count)
{
	*hand = (struct hand){ .ev = ev, .fd.ready = hand_ready };
	hand->fd.fd = eventfd((unsigned int)count, EFD_NONBLOCK);
	assert_true(hand->fd.fd >= 0);
	assert_int_equal(ev_add(ev, &hand->fd, EPOLLIN), 0);
}

static void hand_close(struct hand *hand)
{
	if (!hand->fd.index)
		return;
	ev_del(hand->ev, &hand->fd);
	close(hand->fd.fd);
}

static void test_fds(void **state)
{
	struct hand a, b;

	hand_open(&a, *state, 1);
	hand_open(&b, *state, 0);
	assert_int_equal(ev_once(*state, NULL), 0);
	assert_int_equal(a.calls, 1);
	assert_int_equal(a.events, EPOLLIN);
	assert_int_equal(b.calls, 0);

	ev_mod(*state, &a.fd, 0);
	ev_mod(*state, &b.fd, EPOLLOUT);
	assert_int_equal(ev_once(*state, NULL), 0);
	assert_int_equal(a.calls, 1);
	assert_int_equal(b.events, EPOLLOUT);
	hand_close(&a);
	hand_close(&b);
	ev_del(*state, &a.fd);
	a.fd.fd = -1;
	assert_int_equal(ev_add(*state, &a.fd, EPOLLIN), -EBADF);
	assert_int_equal(a.fd.index, 0);
}

/* each of two that are ready takes out the other: one is called */
static void test_taken_out(void **state)
{
	struct hand a, b;

	hand_open(&a, *state, 1);
	hand_open(&b, *state, 1);
	a.victim = &b;
	b.victim = &a;
	assert_int_equal(ev_once(*state, NULL), 0);
	assert_int_equal(a.calls + b.calls, 1);
	hand_close(&a);
	hand_close(&b);
}

/* and the new one with its number and its place has nothing to read */
static void test_same_number(void **state)
{
	struct hand a, b, heir = { .ev = *state, .fd.ready = hand_ready };

	hand_open(&a, *state, 1);
	hand_open(&b, *state, 1);
	a.victim = &b;
	b.victim = &a;
	a.heir = b.heir = &heir;
	assert_int_equal(ev_once(*state, NULL), 0);
	assert_int_equal(a.calls + b.calls, 1);
	assert_true(heir.fd.index != 0);
	assert_int_equal(heir.calls, 0);
	assert_int_equal(ev_once(*state, NULL), 0);
	assert_int_equal(heir.calls, 0);
	hand_close(&a);
	hand_close(&b);
	hand_close(&heir);
}

static void test_many_fds(void **state)
{
	struct hand hands[200];
	unsigned int i, calls = 0;

	for (i = 0; i < ARRAY_SIZE(hands); i++)
		hand_open(&hands[i], *state, 1);
	/* a round is some of them; all have their turn */
	for (i = 0; i < 8; i++)
		assert_int_equal(ev_once(*state, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(hands); i++) {
		calls += !!hands[i].calls;
		hand_close(&hands[i]);
	}
	assert_int_equal(calls, ARRAY_SIZE(hands));
}

/* Times and tasks */

/* struct turn - leaves its mark in the order of turns */
struct turn {
	struct ev	*ev;
	struct ev_timer	timer;
	struct ev_task	task;
	struct turn	*cancels;
	struct turn	*wants;
	char		mark;
};

static char turns[32];

static void turn_take(struct turn *turn)
{
	const size_t n = strlen(turns);

	assert_true(n + 1 < sizeof(turns));
	turns[n] = turn->mark;
	if (turn->cancels) {
		ev_cancel(turn->ev, &turn->cancels->timer);
		ev_not_soon(turn->ev, &turn->cancels->task);
	}
	if (turn->wants) {
		ev_at(turn->ev, &turn->wants->timer, 0);
		ev_soon(turn->ev, &turn->wants->task);
	}
}

static void turn_due(struct ev_timer *t)
{
	turn_take(container_of(t, struct turn, timer));
}

static void turn_run(struct ev_task *t)
{
	turn_take(container_of(t, struct turn, task));
}

static void turns_open(struct turn *turn, unsigned int n, struct ev *ev)
{
	unsigned int i;

	memset(turns, 0, sizeof(turns));
	for (i = 0; i < n; i++)
		turn[i] = (struct turn){ .ev = ev, .timer.due = turn_due,
					 .task.run = turn_run,
					 .mark = (char)('a' + i) };
}

static void turns_are(const char *want)
{
	assert_string_equal(turns, want);
	memset(turns, 0, sizeof(turns));
}

static void test_timers(void **state)
{
	struct turn t[5];

	turns_open(t, 5, *state);
	ev_at(*state, &t[0].timer, 30);
	ev_at(*state, &t[1].timer, 10);
	ev_at(*state, &t[2].timer, 20);
	ev_at(*state, &t[3].timer, 10);
	ev_at(*state, &t[4].timer, ofd_now() + 1000000000000ull);
	assert_int_equal(ev_once(*state, NULL), 0);
	turns_are("bdca");
	assert_false(t[0].timer.armed);
	assert_true(t[4].timer.armed);

	/* told another time it is not called for the one before */
	ev_at(*state, &t[0].timer, 5);
	ev_at(*state, &t[1].timer, 6);
	ev_at(*state, &t[0].timer, 7);
	assert_int_equal(ev_once(*state, NULL), 0);
	turns_are("ba");

	/* one cancels another that is due as well */
	ev_at(*state, &t[0].timer, 5);
	ev_at(*state, &t[1].timer, 6);
	ev_at(*state, &t[2].timer, 7);
	t[0].cancels = &t[1];
	assert_int_equal(ev_once(*state, NULL), 0);
	turns_are("ac");
	ev_cancel(*state, &t[4].timer);
}

/* a time that has passed, told in a callback, is for the next round */
static void test_timer_again(void **state)
{
	struct turn t[1];

	turns_open(t, 1, *state);
	t[0].wants = &t[0];
	ev_at(*state, &t[0].timer, 1);
	assert_int_equal(ev_once(*state, NULL), 0);
	/* as a timer, and as the task that it wanted */
	turns_are("aa");
	ev_cancel(*state, &t[0].timer);
	ev_not_soon(*state, &t[0].task);
}

static void test_timer_waits(void **state)
{
	struct turn t[1];
	u64 when = ofd_now() + 3 * RIG_MS;

	turns_open(t, 1, *state);
	ev_at(*state, &t[0].timer, when);
	rig_until(*state, *turns);
	assert_true(ofd_now() >= when);
	turns_are("a");
}

static void test_tasks(void **state)
{
	struct turn t[4];
	struct hand hand;

	turns_open(t, 4, *state);
	hand_open(&hand, *state, 1);
	ev_soon(*state, &t[2].task);
	ev_soon(*state, &t[0].task);
	ev_soon(*state, &t[2].task);
	ev_soon(*state, &t[1].task);
	t[2].cancels = &t[0];
	t[1].wants = &t[3];
	assert_int_equal(ev_once(*state, NULL), 0);
	turns_are("cb");
	assert_int_equal(hand.calls, 1);
	/* that which it wanted comes after descriptors had their turn */
	assert_int_equal(ev_once(*state, NULL), 0);
	turns_are("dd");
	assert_int_equal(hand.calls, 2);
	hand_close(&hand);
}

/* Other threads */

struct looker {
	struct ev	*ev;
	pthread_mutex_t	lock;
	bool		looked;
};

static void *looker_wake(void *arg)
{
	const struct looker *l = arg;

	ev_wake(l->ev);
	return NULL;
}

static void test_wake(void **state)
{
	struct looker l = { .ev = *state };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, looker_wake, &l), 0);
	assert_int_equal(ev_once(*state, NULL), 0);
	pthread_join(thread, NULL);
}

static void *looker_look(void *arg)
{
	struct looker *l = arg;

	ev_lock(l->ev, &l->lock);
	l->looked = true;
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* a thread that always has something to do lets others have the lock */
static void test_lock(void **state)
{
	struct looker l = { *state, PTHREAD_MUTEX_INITIALIZER, false };
	u64 begin = ofd_now();
	pthread_t thread;
	struct turn t[1];

	turns_open(t, 1, *state);
	pthread_mutex_lock(&l.lock);
	assert_int_equal(pthread_create(&thread, NULL, looker_look, &l), 0);
	while (!READ_ONCE(l.looked)) {
		memset(turns, 0, sizeof(turns));
		ev_soon(*state, &t[0].task);
		assert_int_equal(ev_once(*state, &l.lock), 0);
		assert_true(ofd_now() - begin < RIG_PATIENCE_NS);
	}
	pthread_mutex_unlock(&l.lock);
	pthread_join(thread, NULL);
}

static void test_lock_until(void **state)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	u64 until = ofd_now() + RIG_MS;

	assert_true(ev_lock_until(*state, &lock, until));
	assert_false(ev_lock_until(*state, &lock, until));
	assert_true(ofd_now() >= until);
	pthread_mutex_unlock(&lock);
	ev_lock(*state, &lock);
	pthread_mutex_unlock(&lock);
}

/* Targets */

static void test_targets(void **state)
{
	static const struct {
		const char	*text;
		u8		kind;
		bool		listen;
		u16		port;
		const char	*host;
		const char	*path;
	} cases[] = {
		{ "tcp:127.0.0.1", TARGET_TCP, false, 6653, "127.0.0.1", "" },
		{ "tcp:c0.example:6633", TARGET_TCP, false, 6633, "c0.example", "" },
		{ "tcp:[fd00::1]", TARGET_TCP, false, 6653, "fd00::1", "" },
		{ "ssl:[fe80::1%eth0]:1", TARGET_SSL, false, 1, "fe80::1%eth0", "" },
		{ "ssl:h:65535", TARGET_SSL, false, 65535, "h", "" },
		{ "unix:/run/c", TARGET_UNIX, false, 6653, "", "/run/c" },
		{ "unix:a:b", TARGET_UNIX, false, 6653, "", "a:b" },
		{ "ptcp:", TARGET_TCP, true, 6653, "", "" },
		{ "ptcp:6633", TARGET_TCP, true, 6633, "", "" },
		{ "ptcp:6633:127.0.0.1", TARGET_TCP, true, 6633, "127.0.0.1", "" },
		{ "ptcp::[::1]", TARGET_TCP, true, 6653, "::1", "" },
		{ "pssl:1:h", TARGET_SSL, true, 1, "h", "" },
		{ "punix:x", TARGET_UNIX, true, 6653, "", "x" },
	};
	struct target target;
	char why[200] = "";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(target_parse(cases[i].text, &target, why,
					      sizeof(why)), 0);
		assert_string_equal(target.text, cases[i].text);
		assert_int_equal(target.kind, cases[i].kind);
		assert_int_equal(target.listen, cases[i].listen);
		assert_int_equal(target.port, cases[i].port);
		assert_string_equal(target.host, cases[i].host);
		assert_string_equal(target.path, cases[i].path);
		assert_string_equal(why, "");
	}
}

static void test_bad_targets(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "", ": begins with none of tcp:, ssl:, unix:, ptcp:, pssl:, punix:" },
		{ "tcp", "tcp: begins with none of tcp:, ssl:, unix:, ptcp:, pssl:, punix:" },
		{ "udp:h", "udp:h: begins with none of tcp:, ssl:, unix:, ptcp:, pssl:, punix:" },
		{ "tcp:", "tcp:: no host" },
		{ "tcp::6633", "tcp::6633: no host" },
		{ "tcp:[]:1", "tcp:[]:1: no host" },
		{ "tcp:[::1", "tcp:[::1: no ] behind the address" },
		{ "tcp:[::1]x", "tcp:[::1]x: no : behind the address" },
		{ "tcp:fd00::1", "tcp:fd00::1: an IPv6 address stands in brackets" },
		{ "tcp:h:", "tcp:h:: a port is a number from 1 to 65535" },
		{ "tcp:h:0", "tcp:h:0: a port is a number from 1 to 65535" },
		{ "tcp:h:65536", "tcp:h:65536: a port is a number from 1 to 65535" },
		{ "tcp:h:4294967297", "tcp:h:4294967297: a port is a number from 1 to 65535" },
		{ "tcp:h:1x", "tcp:h:1x: a port is a number from 1 to 65535" },
		{ "tcp:h:-1", "tcp:h:-1: a port is a number from 1 to 65535" },
		{ "ptcp:x", "ptcp:x: a port is a number from 1 to 65535" },
		{ "ptcp:1:", "ptcp:1:: no host" },
		{ "ptcp:1:[::1]:2", "ptcp:1:[::1]:2: there is something behind the address" },
		{ "unix:", "unix:: no path" },
	};
	char text[TARGET_TEXT_MAX + 10], why[600];
	struct target target;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(target_parse(cases[i].text, &target, why,
					      sizeof(why)), -EINVAL);
		assert_string_equal(why, cases[i].why);
	}
	/* too long, and the place for the reason too short */
	memset(text, 'x', sizeof(text));
	memcpy(text, "unix:", 5);
	text[5 + sizeof(target.path)] = '\0';
	assert_int_equal(target_parse(text, &target, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "the path is longer than 107 bytes"));
	assert_int_equal(target_parse(text, &target, why, 10), -EINVAL);
	memcpy(text, "tcp:x", 5);
	memset(text + 5, 'x', sizeof(text) - 5);
	text[4 + sizeof(target.host)] = '\0';
	assert_int_equal(target_parse(text, &target, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "the host is too long"));
	memset(text + 5, 'x', sizeof(text) - 5);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(target_parse(text, &target, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "longer than 299 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_taken_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_number, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_fds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tasks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wake, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lock, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lock_until, setup, teardown),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_bad_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Streams of messages: cut anywhere, by thousands, too slow, over at once.
 * test_ofd_dial.c has how they begin, test_ofd_tls.c those through TLS.
 */

#include "chan_rig.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "ev.h"
#include "ofd.h"

/* struct wire - a chan, and the peer's descriptor */
struct wire {
	struct ev	*ev;
	struct side	side;
	int		peer;
};

static void wire_open(struct wire *w, struct ev *ev, int type)
{
	int fd[2];

	*w = (struct wire){ .ev = ev, .side.ev = ev };
	assert_int_equal(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, fd), 0);
	w->peer = fd[1];
	assert_int_equal(chan_open(&w->side.chan, ev, fd[0], NULL), 0);
	chan_take(w->side.chan, &side_ops, &w->side);
	rig_settle(ev);
	assert_int_equal(w->side.ups, 1);
}

static void wire_close(struct wire *w)
{
	side_close(&w->side);
	if (w->peer >= 0)
		close(w->peer);
	w->peer = -1;
}

static void wire_hang_up(struct wire *w)
{
	close(w->peer);
	w->peer = -1;
}

static int setup(void **state)
{
	struct wire *w = calloc(1, sizeof(*w));
	struct ev *ev;

	assert_non_null(w);
	rig_ahead = 0;
	rig_said = 0;
	assert_int_equal(ev_new(&ev), 0);
	wire_open(w, ev, SOCK_STREAM);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct wire *w = *state;

	wire_close(w);
	ev_free(w->ev);
	free(w);
	return 0;
}

/* all of it, at once */
static void peer_send(const struct wire *w, const void *bytes, u32 len)
{
	assert_int_equal(send(w->peer, bytes, len, 0), len);
}

/* messages @first and on, of @len bytes each */
static void peer_send_msgs(const struct wire *w, u32 first, u32 n, u32 len)
{
	u8 *bytes = malloc(n * len);
	u32 i;

	assert_non_null(bytes);
	for (i = 0; i < n; i++)
		rig_msg(bytes + i * len, first + i, len);
	peer_send(w, bytes, n * len);
	free(bytes);
}

/* what has come there; @size: of @buf */
static u32 peer_recv(const struct wire *w, u8 *buf, u32 size)
{
	ssize_t n;
	u32 len = 0;

	while (len < size) {
		n = recv(w->peer, buf + len, size - len, 0);
		if (n <= 0)
			break;
		len += (u32)n;
	}
	return len;
}

/* In */

static void test_cut(void **state)
{
	static const u32 lens[] = { 8, 13, 72 };
	struct wire *w = *state;
	u8 bytes[8 + 13 + 72];
	u32 i, at = 0, cut;

	for (i = 0; i < ARRAY_SIZE(lens); at += lens[i++])
		rig_msg(bytes + at, i, lens[i]);
	for (cut = 1; cut < sizeof(bytes); cut++) {
		peer_send(w, bytes, cut);
		rig_settle(w->ev);
		assert_int_equal(w->side.n_got,
				 cut < 8 ? 0 : cut < 21 ? 8 : 21);
		peer_send(w, bytes + cut, sizeof(bytes) - cut);
		rig_settle(w->ev);
		assert_int_equal(w->side.n_got, sizeof(bytes));
		assert_memory_equal(w->side.got, bytes, sizeof(bytes));
		w->side.n_got = 0;
	}
	for (i = 0; i < sizeof(bytes); i++) {
		peer_send(w, bytes + i, 1);
		rig_settle(w->ev);
	}
	assert_memory_equal(w->side.got, bytes, sizeof(bytes));
	assert_int_equal(w->side.n_got, sizeof(bytes));
	assert_int_equal(w->side.downs, 0);
}

/* a burst is looked at in few big pieces */
static void test_burst(void **state)
{
	struct wire *w = *state;

	peer_send_msgs(w, 0, 1000, 80);
	rig_settle(w->ev);
	assert_int_equal(rig_msgs_are(w->side.got, w->side.n_got, 0, 80), 1000);
	assert_true(w->side.looks <= 2);

	/* and one message is one event */
	w->side.looks = 0;
	w->side.n_got = 0;
	peer_send_msgs(w, 5, 1, 80);
	assert_int_equal(ev_once(w->ev, NULL), 0);
	assert_int_equal(w->side.looks, 1);
	assert_int_equal(w->side.n_got, 80);
}

static void test_longest(void **state)
{
	struct wire *w = *state;
	u32 len = 0xffff, sent = 0;
	u8 *msgs = malloc(3 * len);
	ssize_t n;

	assert_non_null(msgs);
	rig_msg(msgs, 0, len);
	rig_msg(msgs + len, 1, len);
	rig_msg(msgs + 2 * len, 2, len);
	while (sent < 3 * len) {
		n = send(w->peer, msgs + sent, 3 * len - sent, 0);
		if (n > 0)
			sent += (u32)n;
		rig_settle(w->ev);
	}
	assert_int_equal(rig_msgs_are(w->side.got, w->side.n_got, 0, len), 3);
	free(msgs);
}

/* an owner that eats a little has its turn again, until all is eaten */
static void test_bites(void **state)
{
	struct wire *w = *state;

	w->side.bite = 300;
	peer_send_msgs(w, 0, 100, 72);
	rig_settle(w->ev);
	assert_int_equal(rig_msgs_are(w->side.got, w->side.n_got, 0, 72), 100);
	assert_int_equal(w->side.looks, 25);
}

/* as much as goes of messages @no and on, which may be cut */
static u32 peer_stuff(const struct wire *w, u32 no)
{
	u32 len = 100, n = 0;
	u8 msg[100];
	ssize_t sent;

	for (;; n++) {
		rig_msg(msg, no + n, len);
		sent = send(w->peer, msg, len, 0);
		if (sent < 0)
			return n;
		assert_int_equal(sent, len);
	}
}

/* an owner that does not eat holds up its peer, and takes no time */
static void test_fast(void **state)
{
	struct wire *w = *state;
	u32 n = 0, more, len;

	w->side.fasts = true;
	do {
		more = peer_stuff(w, n);
		n += more;
		rig_settle(w->ev);
	} while (more);
	assert_non_null(chan_look(w->side.chan, &len));
	assert_true(len <= CHAN_IN_MAX && len > CHAN_IN_MAX - 100);
	assert_true(n * 100 > CHAN_IN_MAX);
	rig_rounds = 0;
	rig_settle(w->ev);
	assert_int_equal(rig_rounds, 1);

	w->side.fasts = false;
	w->side.bite = 10000;
	side_eat(&w->side);
	rig_settle(w->ev);
	assert_int_equal(rig_msgs_are(w->side.got, w->side.n_got, 0, 100), n);
	w->side.n_got = 0;
	peer_send_msgs(w, 7, 1, 100);
	rig_settle(w->ev);
	assert_int_equal(rig_msgs_are(w->side.got, w->side.n_got, 7, 100), 1);
}

/* what came before the end is looked at before it is told */
static void test_end(void **state)
{
	struct wire *w = *state;
	u32 len;

	w->side.fasts = true;
	peer_send_msgs(w, 0, 3, 20);
	peer_send(w, "\1\2\0", 3);
	wire_hang_up(w);
	rig_settle(w->ev);
	assert_int_equal(w->side.readies, 1);
	assert_int_equal(w->side.downs, 0);
	chan_look(w->side.chan, &len);
	assert_int_equal(len, 60);
	w->side.bite = 40;
	side_eat(&w->side);
	assert_int_equal(w->side.downs, 0);
	w->side.fasts = false;
	rig_settle(w->ev);
	assert_int_equal(w->side.n_got, 60);
	assert_int_equal(w->side.downs, 1);
	assert_string_equal(w->side.why, "closed by the peer");
	/* nothing more */
	assert_null(chan_look(w->side.chan, &len));
	assert_int_equal(len, 0);
	assert_null(chan_room(w->side.chan, 8));
	rig_settle(w->ev);
	assert_int_equal(w->side.downs, 1);
}

/* what was put arrives; what comes is thrown away, until the peer closes */
static void test_shut(void **state)
{
	enum { LEN = 60000, N = 20 };
	u8 *got = malloc(N * LEN), *more = calloc(1, LEN);
	struct wire *w = *state;
	u32 i, n = 0;

	assert_true(got && more);
	for (i = 0; i < N; i++)
		assert_true(side_put(&w->side, i, LEN));
	peer_send_msgs(w, 0, 3, 20);
	chan_shut(w->side.chan);
	while (n < N * LEN) {
		rig_settle(w->ev);
		n += peer_recv(w, got + n, N * LEN - n);
	}
	assert_int_equal(rig_msgs_are(got, n, 0, LEN), N);
	rig_settle(w->ev);
	for (i = 0; i < 10; i++) {
		peer_send(w, more, LEN);
		rig_settle(w->ev);
	}
	assert_int_equal(w->side.downs, 0);
	wire_hang_up(w);
	rig_settle(w->ev);
	assert_int_equal(w->side.downs, 1);
	assert_int_equal(w->side.readies, 0);
	assert_int_equal(w->side.n_got, 0);
	free(more);
	free(got);
}

static void test_bad_length(void **state)
{
	static const u8 bad[] = { 1, 0, 0, 4, 0, 0, 0, 0, 1, 0, 0, 8, 0, 0, 0, 0 };
	struct wire *w = *state;
	u8 bytes[40 + sizeof(bad)];
	u32 cut;

	rig_msg(bytes, 0, 20);
	rig_msg(bytes + 20, 1, 20);
	memcpy(bytes + 40, bad, sizeof(bad));
	for (cut = 0; cut < sizeof(bytes); cut += 3) {
		if (cut)
			peer_send(w, bytes, cut);
		rig_settle(w->ev);
		peer_send(w, bytes + cut, sizeof(bytes) - cut);
		rig_settle(w->ev);
		assert_int_equal(rig_msgs_are(w->side.got, w->side.n_got, 0, 20),
				 2);
		assert_int_equal(w->side.downs, 1);
		assert_string_equal(w->side.why, "message of 4 bytes");
		wire_close(w);
		wire_open(w, w->ev, SOCK_STREAM);
	}
}

/* Random pieces both ways, with an owner that eats now this, now that: what
 * comes out is what went in. */
static void test_random(void **state)
{
	struct wire *w = *state;
	u64 seed = test_seed();
	const u32 size = 300000;
	u8 *bytes = malloc(size), *back = malloc(size);
	u32 len = 0, sent = 0, put = 0, got = 0, n;
	ssize_t ret;

	assert_non_null(bytes);
	assert_non_null(back);
	for (;; len += n) {
		n = 8 + test_below(&seed, test_below(&seed, 8) ? 200 : 20000);
		if (len + n > size)
			break;
		rig_msg(bytes + len, len, n);
	}
	while (w->side.n_got < len || got < len) {
		n = min(test_below(&seed, 5000), len - sent);
		ret = send(w->peer, bytes + sent, n, 0);
		if (ret > 0)
			sent += (u32)ret;
		w->side.bite = test_below(&seed, 9000);
		w->side.fasts = !test_below(&seed, 3);
		if (!w->side.fasts)
			side_eat(&w->side);
		if (put < len && test_below(&seed, 2)) {
			n = get_unaligned_be16(bytes + put + 2);
			memcpy(chan_room(w->side.chan, n), bytes + put, n);
			chan_put(w->side.chan, n);
			put += n;
		}
		ret = recv(w->peer, back + got,
			   min(test_below(&seed, 5000) + 1, size - got), 0);
		if (ret > 0)
			got += (u32)ret;
		if (test_below(&seed, 2))
			rig_settle(w->ev);
	}
	assert_memory_equal(w->side.got, bytes, len);
	assert_memory_equal(back, bytes, len);
	assert_int_equal(w->side.downs, 0);
	free(bytes);
	free(back);
}

/* Out */

/* what is put in one turn goes by one send(): here each is one packet */
static void test_one_send(void **state)
{
	struct wire *w = *state;
	u8 buf[4096];
	u32 i;

	wire_close(w);
	wire_open(w, w->ev, SOCK_SEQPACKET);
	for (i = 0; i < 50; i++)
		assert_true(side_put(&w->side, i, 20));
	assert_int_equal(chan_waiting(w->side.chan), 1000);
	assert_int_equal(recv(w->peer, buf, sizeof(buf), 0), -1);
	assert_int_equal(ev_once(w->ev, NULL), 0);
	assert_int_equal(chan_waiting(w->side.chan), 0);
	assert_int_equal(chan_stuck(w->side.chan, ofd_now()), 0);
	assert_int_equal(recv(w->peer, buf, sizeof(buf), 0), 1000);
	assert_int_equal(rig_msgs_are(buf, 1000, 0, 20), 50);
	assert_int_equal(recv(w->peer, buf, sizeof(buf), 0), -1);
	assert_int_equal(w->side.readies, 0);
	/* much is not gathered up to the end of the turn */
	for (i = 0; i < 20; i++)
		assert_true(side_put(&w->side, i, 10000));
	assert_true(chan_waiting(w->side.chan) < 70000);
}

/* the owner puts a reply to each message it eats */
static void test_echo(void **state)
{
	struct wire *w = *state;
	u8 buf[200];

	peer_send_msgs(w, 3, 1, 100);
	/* the reply is there when the turn is over */
	w->side.fasts = true;
	assert_int_equal(ev_once(w->ev, NULL), 0);
	side_eat(&w->side);
	assert_true(side_put(&w->side, 3, 100));
	assert_int_equal(ev_once(w->ev, NULL), 0);
	assert_int_equal(recv(w->peer, buf, sizeof(buf), 0), 100);
	assert_memory_equal(buf, w->side.got, 100);
}

/* Its owner stops at CHAN_OUT_FULL, and is told when there is room again. */
static void test_full(void **state)
{
	struct wire *w = *state;
	u32 no = 0, got = 0, n;
	u8 buf[10000];
	u64 now;

	while (chan_waiting(w->side.chan) < CHAN_OUT_FULL)
		assert_true(side_put(&w->side, no++, 1000));
	rig_settle(w->ev);
	assert_int_equal(w->side.readies, 0);
	now = ofd_now();
	assert_true(chan_stuck(w->side.chan, now + 5000 * RIG_MS) >= 4000 * RIG_MS);
	rig_rounds = 0;
	rig_settle(w->ev);
	assert_int_equal(rig_rounds, 1);

	while ((n = peer_recv(w, buf, sizeof(buf)))) {
		got += rig_msgs_are(buf, n, got, 1000);
		if (!w->side.readies)
			assert_true(chan_waiting(w->side.chan) >= CHAN_OUT_FULL);
		rig_settle(w->ev);
	}
	assert_int_equal(got, no);
	assert_int_equal(w->side.readies, 1);
	assert_int_equal(chan_waiting(w->side.chan), 0);
	assert_int_equal(chan_stuck(w->side.chan, now + 5000 * RIG_MS), 0);
}

/* time counts from when the peer took something last */
static void test_stuck(void **state)
{
	struct wire *w = *state;
	u8 buf[400000];
	u32 no = 0;

	while (chan_waiting(w->side.chan) < CHAN_OUT_FULL)
		assert_true(side_put(&w->side, no++, 1000));
	rig_settle(w->ev);
	rig_ahead += 20000 * RIG_MS;
	assert_true(chan_stuck(w->side.chan, ofd_now()) >= 20000 * RIG_MS);
	assert_true(peer_recv(w, buf, sizeof(buf)) > 0);
	rig_settle(w->ev);
	assert_true(chan_waiting(w->side.chan) > 0);
	assert_true(chan_stuck(w->side.chan, ofd_now()) < 20000 * RIG_MS);
}

static void test_does_not_read(void **state)
{
	struct wire *w = *state;
	u32 no = 0, len;
	char why[80];

	while (side_put(&w->side, no, 60000))
		no++;
	len = no * 60000;
	assert_true(len >= CHAN_OUT_MAX);
	/* it is not told inside the call */
	assert_int_equal(w->side.downs, 0);
	assert_null(chan_room(w->side.chan, 8));
	assert_int_equal(chan_waiting(w->side.chan), 0);
	rig_settle(w->ev);
	assert_int_equal(w->side.downs, 1);
	snprintf(why, sizeof(why), "does not read: ");
	assert_memory_equal(w->side.why, why, strlen(why));
	assert_in_range(strtoul(w->side.why + strlen(why), NULL, 10),
			CHAN_OUT_MAX - 60000, CHAN_OUT_MAX);
}

/* the owner may still be looking at messages when its answer has no room */
static void test_no_room_while_looking(void **state)
{
	struct wire *w = *state;
	const u8 *msgs;
	u32 len;

	w->side.fasts = true;
	peer_send_msgs(w, 0, 100, 80);
	rig_settle(w->ev);
	while (side_put(&w->side, 0, 60000))
		continue;
	msgs = chan_look(w->side.chan, &len);
	assert_null(msgs);
	rig_settle(w->ev);
	assert_int_equal(w->side.downs, 1);

	wire_close(w);
	wire_open(w, w->ev, SOCK_STREAM);
	w->side.fasts = true;
	peer_send_msgs(w, 0, 100, 80);
	rig_settle(w->ev);
	msgs = chan_look(w->side.chan, &len);
	assert_int_equal(len, 8000);
	wire_hang_up(w);
	while (side_put(&w->side, 0, 60000))
		continue;
	assert_int_equal(rig_msgs_are(msgs, len, 0, 80), 100);
	chan_eat(w->side.chan, len);
	rig_settle(w->ev);
	assert_int_equal(w->side.downs, 1);
}

static void test_close_sends(void **state)
{
	struct wire *w = *state;
	u8 buf[100];

	peer_send_msgs(w, 0, 1, 50);
	assert_true(side_put(&w->side, 9, 40));
	side_close(&w->side);
	assert_int_equal(recv(w->peer, buf, sizeof(buf), 0), 40);
	assert_int_equal(rig_msgs_are(buf, 40, 9, 40), 1);
}

/* Over TCP a peer that hangs up without having read breaks the connection: what
 * it has sent is looked at all the same, and so it is when we do that. */
static void tcp_pair(int fd[2])
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr *sa = (struct sockaddr *)&sin;
	socklen_t len = sizeof(sin);
	int l = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(l, sa, sizeof(sin)), 0);
	assert_int_equal(listen(l, 1), 0);
	assert_int_equal(getsockname(l, sa, &len), 0);
	fd[1] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd[1], sa, sizeof(sin)), 0);
	fd[0] = accept(l, NULL, NULL);
	assert_true(fd[0] >= 0);
	close(l);
	assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
}

static void wire_open_tcp(struct wire *w)
{
	int fd[2];

	wire_close(w);
	tcp_pair(fd);
	w->peer = fd[1];
	w->side = (struct side){ .ev = w->ev };
	assert_int_equal(chan_open(&w->side.chan, w->ev, fd[0], NULL), 0);
	chan_take(w->side.chan, &side_ops, &w->side);
	rig_settle(w->ev);
}

static void test_broken(void **state)
{
	struct wire *w = *state;
	int before;

	/* found by reading, and by writing */
	for (before = 0; before < 2; before++) {
		wire_open_tcp(w);
		assert_true(side_put(&w->side, 0, 40));
		rig_settle(w->ev);
		peer_send_msgs(w, 0, 10, 40);
		wire_hang_up(w);
		if (before)
			assert_true(side_put(&w->side, 0, 40));
		rig_settle(w->ev);
		assert_int_equal(rig_msgs_are(w->side.got, w->side.n_got, 0, 40),
				 10);
		assert_int_equal(w->side.downs, 1);
		assert_string_equal(w->side.why, "connection reset by peer");
	}
}

static void test_last_words(void **state)
{
	struct wire *w = *state;
	u8 buf[100];

	wire_open_tcp(w);
	peer_send_msgs(w, 0, 10, 40);
	assert_true(side_put(&w->side, 5, 44));
	side_close(&w->side);
	assert_int_equal(recv(w->peer, buf, sizeof(buf), 0), 44);
	assert_int_equal(rig_msgs_are(buf, 44, 5, 44), 1);
	assert_int_equal(recv(w->peer, buf, sizeof(buf), 0), 0);
}

/* a peer that sends no more may still read */
static void test_half(void **state)
{
	struct wire *w = *state;
	u8 buf[200];

	w->side.fasts = true;
	peer_send_msgs(w, 0, 2, 40);
	assert_int_equal(shutdown(w->peer, SHUT_WR), 0);
	rig_settle(w->ev);
	assert_true(side_put(&w->side, 0, 40));
	assert_true(side_put(&w->side, 1, 40));
	side_eat(&w->side);
	rig_settle(w->ev);
	assert_int_equal(w->side.downs, 1);
	assert_int_equal(peer_recv(w, buf, sizeof(buf)), 80);
	assert_int_equal(rig_msgs_are(buf, 80, 0, 40), 2);
}

/* An owner that neither eats nor has eaten all it may is not asked for ever
 * about a peer that is gone. */
static void test_gone_while_fasting(void **state)
{
	struct wire *w = *state;
	u32 n = 0, more;

	w->side.fasts = true;
	do {
		more = peer_stuff(w, n);
		n += more;
		rig_settle(w->ev);
	} while (more);
	wire_hang_up(w);
	rig_settle(w->ev);
	assert_int_equal(w->side.downs, 0);
	w->side.fasts = false;
	side_eat(&w->side);
	rig_settle(w->ev);
	assert_true(w->side.n_got >= CHAN_IN_MAX - 100);
	assert_int_equal(w->side.downs, 1);
}

/* The end */

/* a chan is closed in any callback: nothing is called after that */
static void test_close_inside(void **state)
{
	struct wire *w = *state;
	int fd[2];
	u8 when;

	for (when = RIG_IN_UP; when <= RIG_IN_DOWN; when++) {
		wire_close(w);
		w->side = (struct side){ .ev = w->ev, .close = when };
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK,
					    0, fd), 0);
		w->peer = fd[1];
		peer_send_msgs(w, 0, 2, 40);
		wire_hang_up(w);
		assert_int_equal(chan_open(&w->side.chan, w->ev, fd[0], NULL), 0);
		chan_take(w->side.chan, &side_ops, &w->side);
		rig_settle(w->ev);
		assert_null(w->side.chan);
		assert_int_equal(w->side.ups, 1);
		assert_int_equal(w->side.readies, when >= RIG_IN_READY);
		assert_int_equal(w->side.downs, when >= RIG_IN_DOWN);
	}
}

/* one that is never taken, and one that is given from one owner to another */
static void test_take(void **state)
{
	struct wire *w = *state;
	struct side other = { .ev = w->ev };
	struct chan *c;
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(chan_open(&c, w->ev, fd[0], NULL), 0);
	rig_settle(w->ev);
	assert_null(chan_room(c, 8));
	chan_close(c);
	assert_int_equal(read(fd[1], fd, 1), 0);
	close(fd[1]);

	chan_take(w->side.chan, &side_ops, &other);
	other.chan = w->side.chan;
	w->side.chan = NULL;
	peer_send_msgs(w, 0, 2, 40);
	rig_settle(w->ev);
	assert_int_equal(w->side.readies, 0);
	assert_int_equal(other.ups, 0);
	assert_int_equal(other.n_got, 80);
	side_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(test_longest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bites, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fast, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_length, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_send, setup, teardown),
		cmocka_unit_test_setup_teardown(test_echo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stuck, setup, teardown),
		cmocka_unit_test_setup_teardown(test_does_not_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_room_while_looking, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_sends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_last_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_half, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone_while_fasting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_inside, setup, teardown),
		cmocka_unit_test_setup_teardown(test_take, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

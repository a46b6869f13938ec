// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "selftest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "gso.h"

#define SELFTEST_FRAMES		64	/* segments of one frame, at most */

/* A loop in the kernel answers before send() returns.  Only when it has not is
 * there a second, patient try: a busy machine is no broken one. */
#define SELFTEST_WAIT_MS	20
#define SELFTEST_PATIENCE_MS	200

/* a link that has just come up may lose the first */
#define SELFTEST_ALIVE_MS	5
#define SELFTEST_ALIVE_TRIES	100

/* frames that ask for nothing any more */
struct selftest_frames {
	unsigned int	n;
	struct cvsw_pkt	*frame[SELFTEST_FRAMES];
};

/*
 * struct selftest_run - the test under way
 * @taken: what frames may come in with now
 * @tag:   of the frame sent last
 * @got:   what came of it
 * @want:  what should
 */
struct selftest_run {
	const struct cvsw_selftest_loop	*loop;
	struct cvsw_selftest		*result;
	u32				taken;
	u16				tag;
	struct selftest_frames		got;
	struct selftest_frames		want;
	char				why[64];
};

static int selftest_why(struct selftest_run *run, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* note what is wrong; returns -EBADMSG */
static int selftest_why(struct selftest_run *run, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(run->why, sizeof(run->why), format, args);
	va_end(args);
	return -EBADMSG;
}

/* Frames */

static void selftest_keep(void *arg, struct cvsw_pkt *frame)
{
	struct selftest_frames *frames = arg;

	/* one too many is as telling as more */
	if (frames->n == SELFTEST_FRAMES)
		cvsw_pkt_free(frame);
	else
		frames->frame[frames->n++] = cvsw_frame_keep(frame);
}

static void selftest_forget(struct selftest_frames *frames)
{
	while (frames->n)
		cvsw_frame_free(frames->frame[--frames->n]);
}

static int selftest_order(const void *a, const void *b)
{
	const struct cvsw_pkt *x = *(const struct cvsw_pkt *const *)a;
	const struct cvsw_pkt *y = *(const struct cvsw_pkt *const *)b;
	u32 xlen = cvsw_frame_len(x), ylen = cvsw_frame_len(y);
	int ret = memcmp(cvsw_frame_data(x), cvsw_frame_data(y),
			 min(xlen, ylen));

	return ret ? ret : (xlen > ylen) - (xlen < ylen);
}

/* offset of the first difference, or of the end of the shorter */
static u32 selftest_differ(const struct cvsw_pkt *a, const struct cvsw_pkt *b)
{
	const u8 *x = cvsw_frame_data(a), *y = cvsw_frame_data(b);
	u32 n = min(cvsw_frame_len(a), cvsw_frame_len(b)), i = 0;

	while (i < n && x[i] == y[i])
		i++;
	return i;
}

static int selftest_compare(struct selftest_run *run)
{
	struct selftest_frames *got = &run->got, *want = &run->want;
	unsigned int i;

	qsort(got->frame, got->n, sizeof(got->frame[0]), selftest_order);
	qsort(want->frame, want->n, sizeof(want->frame[0]), selftest_order);
	if (got->n != want->n)
		return selftest_why(run, "%u frames came of %u", got->n,
				    want->n);
	for (i = 0; i < got->n; i++)
		if (selftest_order(&got->frame[i], &want->frame[i]))
			return selftest_why(run, "frame %u of %u differs at byte %u",
					    i + 1, got->n,
					    selftest_differ(got->frame[i],
							    want->frame[i]));
	return 0;
}

/* One frame */

/* take @frame, which came in */
static int selftest_take(struct selftest_run *run, struct cvsw_pkt *frame)
{
	u32 needs = cvsw_gso_needs(frame) & ~run->taken;

	if (needs) {
		cvsw_frame_free(frame);
		return selftest_why(run, "it came with %s left to do",
				    needs & ~(u32)CVSW_OFFLOAD_CSUM ?
				    "segmentation" : "a checksum");
	}
	if (cvsw_gso_lower(frame, 0, selftest_keep, &run->got))
		return selftest_why(run, "it came with impossible headers");
	return 0;
}

/* what comes within @wait_ms, until that is enough; one more is too many */
static int selftest_collect(struct selftest_run *run, int wait_ms)
{
	const struct cvsw_selftest_loop *loop = run->loop;
	struct cvsw_pkt *frame;
	bool enough;
	int ret;

	for (;;) {
		enough = run->got.n >= run->want.n;
		ret = loop->receive(loop->arg, enough ? 0 : wait_ms, &frame);
		if (ret == -EAGAIN)
			return 0;
		if (ret == -EPROTO)
			return selftest_why(run, "it came with an impossible virtio-net header");
		if (ret)
			return selftest_why(run, "it was not read: %s",
					    strerror(-ret));
		if (!cvsw_selftest_is(frame, run->tag)) {
			cvsw_frame_free(frame);
			continue;
		}
		ret = selftest_take(run, frame);
		if (ret)
			return ret;
	}
}

/* send @frame, which is taken, and look at what comes of it */
static int selftest_send(struct selftest_run *run, struct cvsw_pkt *frame,
			 int wait_ms)
{
	const struct cvsw_selftest_loop *loop = run->loop;
	int ret;

	ret = loop->send(loop->arg, frame);
	if (ret) {
		cvsw_frame_free(frame);
		return selftest_why(run, "it was not sent: %s", strerror(-ret));
	}
	if (cvsw_gso_lower(frame, 0, selftest_keep, &run->want))
		return selftest_why(run, "no memory");
	return selftest_collect(run, wait_ms);
}

static int selftest_try(struct selftest_run *run,
			const struct cvsw_selftest_case *c, int wait_ms)
{
	struct cvsw_pkt *frame;
	int ret;

	frame = cvsw_selftest_frame(run->loop->pool, c, ++run->tag);
	if (!frame)
		return -ENOMEM;
	ret = selftest_send(run, frame, wait_ms);
	if (!ret && run->got.n < run->want.n)
		ret = -EAGAIN;
	if (!ret || (ret == -EAGAIN && wait_ms == SELFTEST_PATIENCE_MS))
		ret = selftest_compare(run);
	selftest_forget(&run->got);
	selftest_forget(&run->want);
	return ret;
}

/* All frames */

static u32 selftest_last(u32 bits)
{
	while (bits & (bits - 1))
		bits &= bits - 1;
	return bits;
}

static struct cvsw_test *selftest_of(struct cvsw_selftest *result, u32 offload)
{
	unsigned int i;

	for (i = 0; i < result->n; i++)
		if (result->test[i].offload == offload)
			break;
	return &result->test[i];
}

/* what the frame of @c needs; 0 also when there is no such frame */
static u32 selftest_needs(const struct selftest_run *run,
			  const struct cvsw_selftest_case *c)
{
	struct cvsw_pkt *frame = cvsw_selftest_frame(run->loop->pool, c, 0);
	u32 needs;

	if (!frame)
		return 0;
	needs = cvsw_gso_needs(frame);
	cvsw_frame_free(frame);
	return needs;
}

/* @failed: of this direction; *@verdict: of the offload that @c tests */
static void selftest_one(struct selftest_run *run,
			 const struct cvsw_selftest_case *c,
			 struct cvsw_test *test, u8 *verdict, u32 *failed)
{
	char name[sizeof(test->text) - sizeof(run->why) - 1];
	int ret;

	ret = selftest_try(run, c, SELFTEST_WAIT_MS);
	if (ret == -EAGAIN)
		ret = selftest_try(run, c, SELFTEST_PATIENCE_MS);
	if (ret == -ENOMEM)
		return;
	*verdict = ret ? CVSW_TEST_FAILED : CVSW_TEST_PASSED;
	if (!ret)
		return;
	*failed |= test->offload;
	if (*test->text)
		return;
	cvsw_selftest_name(c, name, sizeof(name));
	snprintf(test->text, sizeof(test->text), "%s: %s", name, run->why);
}

/* all frames, as long as all that they need is in @can and has not failed */
static int selftest_all(struct selftest_run *run, u32 can, u32 *failed, bool rx)
{
	const struct cvsw_selftest_loop *loop = run->loop;
	const struct cvsw_selftest_case *c = cvsw_selftest_cases;
	const struct cvsw_selftest_case *end = c + cvsw_selftest_n;
	u32 needs, take = ~0u;
	struct cvsw_test *test;
	int ret;

	for (; c < end; c++) {
		needs = selftest_needs(run, c);
		if (!needs || needs & ~(can & ~*failed))
			continue;
		run->taken = rx ? can & ~*failed : 0;
		if (run->taken != take) {
			take = run->taken;
			ret = loop->take(loop->arg, take);
			if (ret)
				return ret;
		}
		test = selftest_of(run->result, selftest_last(needs));
		selftest_one(run, c, test, rx ? &test->rx : &test->tx, failed);
	}
	return 0;
}

/* wait until a frame that asks for nothing comes through */
static int selftest_alive(struct selftest_run *run)
{
	static const struct cvsw_selftest_case plain = {
		.inner = 4, .proto = CVSW_IPPROTO_UDP, .flags = SELFTEST_WHOLE,
		.payload = 100,
	};
	const struct cvsw_selftest_loop *loop = run->loop;
	struct cvsw_pkt *frame;
	unsigned int i;
	int ret;

	ret = loop->take(loop->arg, 0);
	if (ret)
		return ret;
	for (i = 0; i < SELFTEST_ALIVE_TRIES; i++) {
		ret = selftest_try(run, &plain, SELFTEST_ALIVE_MS);
		if (!ret || ret == -ENOMEM)
			return ret;
		/* it was not even sent, perhaps: wait here, too */
		if (!loop->receive(loop->arg, SELFTEST_ALIVE_MS, &frame))
			cvsw_frame_free(frame);
	}
	return -ENOLINK;
}

/* an entry for each bit that either side has */
static void selftest_begin(struct cvsw_selftest *result, u32 offloads)
{
	u32 bit;

	*result = (struct cvsw_selftest){};
	for (bit = 1; bit && result->n < CVSW_TESTS_MAX; bit <<= 1)
		if (offloads & bit)
			result->test[result->n++].offload = bit;
}

int cvsw_selftest_run(const struct cvsw_selftest_loop *loop,
		      struct cvsw_selftest *result)
{
	struct selftest_run *run = calloc(1, sizeof(*run));
	int ret;

	if (!run)
		return -ENOMEM;
	selftest_begin(result, loop->tx | loop->rx);
	run->loop = loop;
	run->result = result;
	ret = selftest_alive(run);
	if (!ret)
		ret = selftest_all(run, loop->tx, &result->tx_failed, false);
	/* what cannot be sent cannot be seen to come in */
	result->rx_failed = result->tx_failed;
	if (!ret)
		ret = selftest_all(run, loop->tx & loop->rx,
				   &result->rx_failed, true);
	free(run);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "port_test.h"

#include <poll.h>
#include <stdio.h>
#include "cvswd.h"
#include "ethtool.h"
#include "netns.h"
#include "port.h"

/* names in a namespace of their own */
#define TEST_BRIDGE	"cvsw-test"
#define TEST_TAP_IN	"cvsw-test-ti"
#define TEST_TAP_OUT	"cvsw-test-to"
#define TEST_VETH_IN	"cvsw-test-pi"
#define TEST_VETH_OUT	"cvsw-test-po"

/*
 * struct test_loop - the loop of one kind of ports
 * @ns:     where its devices are
 * @in:     port that frames are sent by
 * @out:    port that they come in by
 * @batch:  frames of @out that were read, from @next on not yet handed on
 * @ready:  @in and @out are open; else @why and @err tell why not
 * @tested: @result is from a test
 */
struct test_loop {
	const struct test_kind	*kind;
	struct netns		*ns;
	struct port		in;
	struct port		out;
	struct cvsw_pool	*pool;
	struct port_batch	batch;
	unsigned int		next;
	const char		*why;
	int			err;
	bool			ready;
	bool			tested;
	struct cvsw_selftest	result;
};

/*
 * struct test_kind - how a loop for a kind of ports is made
 * @links: make links that the ports are to be opened on; NULL: opening does
 * @join:  make a loop of the open ports; NULL: it is one
 * @take:  have frames come in with certain offloads only
 */
struct test_kind {
	const struct port_ops	*ops;
	const char		*in;
	const char		*out;
	int (*links)(struct test_loop *loop);
	int (*join)(struct test_loop *loop);
	int (*take)(void *arg, u32 offloads);
};

/* TAP: the far port says what the kernel may leave to it */

static int test_tap_join(struct test_loop *loop)
{
	return netns_bridge_new(loop->ns, TEST_BRIDGE, loop->in.ifindex,
				loop->out.ifindex);
}

static int test_tap_take(void *arg, u32 offloads)
{
	struct test_loop *loop = arg;

	return loop->out.ops->offload(&loop->out, offloads,
				      loop->out.tx_offload);
}

/* packet: the near device says what it leaves to the far one */

static int test_packet_links(struct test_loop *loop)
{
	return netns_veth_new(loop->ns, TEST_VETH_IN, TEST_VETH_OUT);
}

static int test_packet_take(void *arg, u32 offloads)
{
	struct test_loop *loop = arg;
	u32 on = 0;

	if (offloads & CVSW_OFFLOAD_CSUM)
		on |= CVSW_DEVICE_CSUM;
	if (offloads & (CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6))
		on |= CVSW_DEVICE_TSO;
	if (offloads & (CVSW_OFFLOAD_USO4 | CVSW_OFFLOAD_USO6))
		on |= CVSW_DEVICE_USO;
	return ethtool_set(loop->ns, loop->in.ifindex, CVSW_DEVICE_CSUM |
			   CVSW_DEVICE_TSO | CVSW_DEVICE_USO, on);
}

/* what is sent comes in as it was, unmerged */
static int test_packet_join(struct test_loop *loop)
{
	return ethtool_set(loop->ns, loop->out.ifindex, CVSW_DEVICE_GRO, 0);
}

static const struct test_kind test_kinds[] = {
	{ &port_packet, "packet:" TEST_VETH_IN, "packet:" TEST_VETH_OUT,
	  test_packet_links, test_packet_join, test_packet_take },
	{ &port_tap, "tap:" TEST_TAP_IN, "tap:" TEST_TAP_OUT,
	  NULL, test_tap_join, test_tap_take },
};

struct port_tests {
	struct netns		*ns;
	struct test_loop	loop[ARRAY_SIZE(test_kinds)];
};

/* Frames */

static int test_send(void *arg, const struct cvsw_pkt *frame)
{
	struct test_loop *loop = arg;
	struct cvsw_pkt *one = cvsw_frame_keep(frame);
	enum cvsw_drop why;

	if (loop->in.ops->write(&loop->in.queue[0], &one, 1, &why) == 1)
		return 0;
	return why == CVSW_DROP_TX_FULL ? -EAGAIN : -EIO;
}

/* read a batch; -EAGAIN when there is nothing */
static int test_read(struct test_loop *loop, int wait_ms)
{
	struct port_queue *q = &loop->out.queue[0];
	struct pollfd fd = { .fd = q->fd, .events = POLLIN };
	struct port_batch *b = &loop->batch;
	int ret;

	b->n = 0;
	b->n_bad = 0;
	b->bytes = 0;
	loop->next = 0;
	ret = q->port->ops->read(q, loop->pool, b);
	if (!ret && !b->n && !b->n_bad && wait_ms &&
	    poll(&fd, 1, wait_ms) > 0)
		ret = q->port->ops->read(q, loop->pool, b);
	if (ret)
		return ret;
	return b->n || b->n_bad ? 0 : -EAGAIN;
}

static int test_receive(void *arg, int wait_ms, struct cvsw_pkt **frame)
{
	struct test_loop *loop = arg;
	struct port_batch *b = &loop->batch;
	int ret;

	if (loop->next == b->n) {
		ret = test_read(loop, wait_ms);
		if (ret)
			return ret;
	}
	if (b->n_bad) {
		while (b->n_bad)
			cvsw_frame_free(b->bad[--b->n_bad]);
		return -EPROTO;
	}
	*frame = b->frame[loop->next++];
	return 0;
}

/* Life */

static void test_port_close(struct port *port)
{
	if (port->priv)
		port->ops->close(port);
}

static int test_port_open(struct test_loop *loop, struct port *port,
			  const char *text, const char **why)
{
	struct port_spec spec;
	unsigned int i;
	char wrong[64];
	int ret;

	port->ops = loop->kind->ops;
	port->n_queues = 1;
	for (i = 0; i < PORT_QUEUES_MAX; i++)
		port->queue[i] = (struct port_queue){
			.port = port, .index = i, .fd = -1,
		};
	*why = text;
	ret = port_spec_parse(text, &spec, wrong, sizeof(wrong));
	if (!ret)
		ret = netns_enter(loop->ns);
	if (ret)
		return ret;
	ret = port->ops->open(port, &spec, why);
	netns_leave(loop->ns);
	if (!ret)
		ret = netns_link_set(loop->ns, port->ifindex, 0, true);
	return ret;
}

static int test_loop_open(struct test_loop *loop)
{
	const struct test_kind *kind = loop->kind;
	int ret = 0;

	loop->why = "veth";
	if (kind->links)
		ret = kind->links(loop);
	if (!ret)
		ret = test_port_open(loop, &loop->in, kind->in, &loop->why);
	if (!ret)
		ret = test_port_open(loop, &loop->out, kind->out, &loop->why);
	if (!ret && kind->join) {
		loop->why = "joining two devices";
		ret = kind->join(loop);
	}
	return ret;
}

int port_tests_new(struct port_tests **out, const char **why)
{
	struct port_tests *tests = calloc(1, sizeof(*tests));
	struct test_loop *loop;
	unsigned int i;
	int ret;

	*why = "memory";
	if (!tests)
		return -ENOMEM;
	*why = "a network namespace of its own";
	ret = netns_scratch_new(&tests->ns);
	if (ret) {
		free(tests);
		return ret;
	}
	for (i = 0; i < ARRAY_SIZE(test_kinds); i++) {
		loop = &tests->loop[i];
		loop->kind = &test_kinds[i];
		loop->ns = tests->ns;
		loop->err = test_loop_open(loop);
		loop->ready = !loop->err;
	}
	*out = tests;
	return 0;
}

void port_tests_free(struct port_tests *tests)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(test_kinds); i++) {
		test_port_close(&tests->loop[i].in);
		test_port_close(&tests->loop[i].out);
	}
	netns_scratch_free(tests->ns);
	free(tests);
}

/* Tests */

/* say of each what is news */
static void test_tell(const struct test_loop *loop,
		      const struct cvsw_selftest *old, u64 ns)
{
	const struct cvsw_selftest *new = &loop->result;
	const u32 failed = new->tx_failed | new->rx_failed;
	const u32 before = old->tx_failed | old->rx_failed;
	unsigned int i;

	for (i = 0; i < new->n; i++)
		if (new->test[i].offload & failed & ~before)
			say(LOG_WARNING, "%s ports: off, it failed its self-test: %s",
			    loop->kind->ops->kind, new->test[i].text);
	if (!loop->tested || failed != before)
		say(failed ? LOG_WARNING : LOG_INFO,
		    "%s ports: self-test of offloads 0x%x in %llu us, 0x%x failed",
		    loop->kind->ops->kind,
		    loop->in.tx_offload & ~(u32)CVSW_OFFLOAD_GRO,
		    (unsigned long long)ns / 1000, failed);
}

static int test_run(struct test_loop *loop)
{
	const struct cvsw_selftest old = loop->result;
	struct cvsw_selftest_loop run = {
		.pool = cvsw_pool_new(),
		.tx = loop->in.tx_offload & ~(u32)CVSW_OFFLOAD_GRO,
		.rx = loop->in.rx_offload,
		.take = loop->kind->take,
		.send = test_send,
		.receive = test_receive,
		.arg = loop,
	};
	struct cvsw_selftest result;
	u64 start = cvswd_now();
	int ret;

	if (!run.pool)
		return -ENOMEM;
	loop->pool = run.pool;
	ret = cvsw_selftest_run(&run, &result);
	while (loop->next < loop->batch.n)
		cvsw_frame_free(loop->batch.frame[loop->next++]);
	cvsw_pool_free(run.pool);
	if (ret)
		return ret;
	loop->result = result;
	test_tell(loop, &old, cvswd_now() - start);
	loop->tested = true;
	return 0;
}

static struct test_loop *test_loop_of(struct port_tests *tests,
				      const struct port_ops *ops)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(test_kinds); i++)
		if (test_kinds[i].ops == ops)
			return &tests->loop[i];
	return NULL;
}

const struct cvsw_selftest *port_tests_of(struct port_tests *tests,
					  const struct port_ops *ops)
{
	struct test_loop *loop = test_loop_of(tests, ops);

	if (!loop)
		return NULL;
	if (loop->ready && !loop->tested) {
		loop->why = "nothing comes through its loop";
		loop->err = test_run(loop);
		loop->ready = !loop->err;
	}
	if (loop->ready)
		return &loop->result;
	/* once */
	if (loop->err)
		say(LOG_NOTICE, "no self-test of %s ports: %s: %s", ops->kind,
		    loop->why, strerror(-loop->err));
	loop->err = 0;
	return NULL;
}

int port_tests_again(struct port_tests *tests, const struct port_ops *ops,
		     const struct cvsw_selftest **out, const char **why)
{
	struct test_loop *loop = test_loop_of(tests, ops);
	int ret;

	*why = "self-test: such ports have nothing to be tested";
	if (!loop)
		return -EOPNOTSUPP;
	*why = "self-test: cvswd could not make a loop for it";
	if (!loop->ready)
		return -EOPNOTSUPP;
	*why = "self-test: nothing comes through its loop";
	ret = test_run(loop);
	if (!ret)
		*out = &loop->result;
	return ret;
}

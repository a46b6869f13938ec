// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The control client over a socket, with a server that answers what a test has
 * written before: other things than it was asked, late, badly, or not at all.
 */

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "util.h"
#include "stand.h"

struct counted {
	unsigned int	n;
	u64		priorities;	/* their sum */
};

static int count_flow(void *arg, const struct cvsw_flow *flow)
{
	struct counted *counted = arg;

	counted->n++;
	counted->priorities += flow->priority;
	return 0;
}

struct script {
	struct cvsw_ctl	*ctl;
	int		fd;
	u32		seq;
};

static void script_open(struct script *script)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/cvsw-test-XXXXXX";
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	assert_non_null(mkdtemp(dir));
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/s", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(cvsw_ctl_open(&script->ctl, sun.sun_path, NULL), 0);
	script->fd = accept(fd, NULL, NULL);
	assert_true(script->fd >= 0);
	script->seq = 1;
	close(fd);
	unlink(sun.sun_path);
	rmdir(dir);
}

static void script_close(struct script *script)
{
	close(script->fd);
	cvsw_ctl_close(script->ctl);
}

static void script_write(const struct script *script, const void *msg,
			 size_t len)
{
	assert_int_equal(write(script->fd, msg, len), (ssize_t)len);
}

static void script_done(struct script *script, int err)
{
	u8 buf[64] __attribute__((aligned(8)));

	script_write(script, buf, cvsw_nl_msg_done(buf, sizeof(buf),
						   script->seq++, err));
}

static void test_answers(void **state)
{
	u8 buf[256] __attribute__((aligned(8)));
	struct cvsw_ctl_event event;
	struct counted counted = {};
	struct script script;
	struct sk_buff skb;
	char request[256];
	struct nlattr *nest;

	script_open(&script);
	assert_true(cvsw_ctl_fd(script.ctl) >= 0);
	assert_int_equal(cvsw_ctl_event(script.ctl, 0, &event), 0);

	/* an answer to another request, an event, then a flow with an attribute
	 * of the future */
	cvsw_nl_msg_begin(&skb, buf, sizeof(buf), NLM_F_MULTI, 77,
			  CVSW_CMD_FLOW_GET);
	nest = nla_nest_start(&skb, CVSW_A_FLOW);
	nla_nest_end(&skb, nest);
	script_write(&script, buf, skb.nlh->nlmsg_len);
	skb.nlh->nlmsg_seq = 0;
	script_write(&script, buf, skb.nlh->nlmsg_len);
	cvsw_nl_msg_begin(&skb, buf, sizeof(buf), NLM_F_MULTI, 1,
			  CVSW_CMD_FLOW_GET);
	nest = nla_nest_start(&skb, CVSW_A_FLOW);
	nla_put_u16(&skb, CVSW_FLOW_A_PRIORITY, 9);
	nla_put_u16(&skb, CVSW_FLOW_A_MAX + 7, 9);
	nla_nest_end(&skb, nest);
	nla_put_u32(&skb, CVSW_A_MAX + 7, 9);
	script_write(&script, buf, skb.nlh->nlmsg_len);
	script_done(&script, 0);
	assert_int_equal(cvsw_ctl_flow_dump(script.ctl, NULL, count_flow,
					    &counted), 0);
	assert_int_equal(counted.n, 1);
	assert_true(counted.priorities == 9);
	assert_true(read(script.fd, request, sizeof(request)) > 0);

	script_done(&script, -ENODEV);
	assert_int_equal(cvsw_ctl_flow_dump(script.ctl, NULL, count_flow,
					    &counted), -ENODEV);
	assert_string_equal(cvsw_ctl_error(script.ctl)->text,
			    "dump ended early: No such device");

	cvsw_nl_msg_begin(&skb, buf, sizeof(buf), 0, 0, CVSW_CMD_LOST);
	nla_put_u32(&skb, CVSW_A_LOST, 5);
	script_write(&script, buf, skb.nlh->nlmsg_len);
	assert_int_equal(cvsw_ctl_event(script.ctl, -1, &event), 1);
	assert_int_equal(event.cmd, CVSW_CMD_LOST);
	assert_int_equal(event.lost, 5);

	close(script.fd);
	assert_int_equal(cvsw_ctl_event(script.ctl, -1, &event), -ECONNRESET);
	assert_int_equal(cvsw_ctl_port_del(script.ctl, 1), -ECONNRESET);
	assert_string_equal(cvsw_ctl_error(script.ctl)->text,
			    "connection lost");
	cvsw_ctl_close(script.ctl);
}

static void test_mark(void **state)
{
	u8 buf[256] __attribute__((aligned(8)));
	struct nlmsghdr to = { .nlmsg_len = 20, .nlmsg_seq = 1 };
	struct cvsw_ctl_event event;
	struct script script;
	struct sk_buff skb;
	size_t ack;

	script_open(&script);
	assert_int_equal(cvsw_ctl_event_mark(script.ctl), 0);
	cvsw_nl_msg_begin(&skb, buf, sizeof(buf), 0, 0, CVSW_CMD_LOST);
	nla_put_u32(&skb, CVSW_A_LOST, 5);
	script_write(&script, buf, skb.nlh->nlmsg_len);
	ack = cvsw_nl_msg_error(buf, sizeof(buf), &to, 0, NULL, NULL);
	script_write(&script, buf, ack);
	script_write(&script, buf, ack);
	assert_int_equal(cvsw_ctl_event(script.ctl, 0, &event), 1);
	assert_int_equal(event.cmd, CVSW_CMD_LOST);
	assert_int_equal(cvsw_ctl_event(script.ctl, 0, &event), 1);
	assert_int_equal(event.cmd, CVSW_CMD_UNSPEC);
	/* it was asked for once */
	assert_int_equal(cvsw_ctl_event(script.ctl, 0, &event), -EBADMSG);
	assert_int_equal(cvsw_ctl_event(script.ctl, 0, &event), 0);
	shutdown(script.fd, SHUT_RDWR);
	assert_int_equal(cvsw_ctl_event_mark(script.ctl), -ECONNRESET);
	script_close(&script);
}

static struct cvsw_ctl_packet_out no_frame(void)
{
	static const u8 frame[60];

	return (struct cvsw_ctl_packet_out){ .frame = frame, .len = 60 };
}

/* answers in another order, twice, or to nothing that was asked */
static void test_packet_outs(void **state)
{
	static const struct {
		u32	seq;
		int	err;
	} answers[] = {
		{ 3, -EINVAL }, { 77, -ENODEV }, { 0, -ENODEV }, { 1, 0 },
		{ 3, -ENODEV }, { 2, -EPERM }, { 4, 0 },
	};
	struct cvsw_ctl_packet_out outs[4] = { no_frame(), no_frame(),
					       no_frame(), no_frame() };
	u8 buf[256] __attribute__((aligned(8)));
	struct nlmsghdr to = { .nlmsg_len = 20 };
	struct script script;
	size_t i;

	script_open(&script);
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		to.nlmsg_seq = answers[i].seq;
		script_write(&script, buf,
			     cvsw_nl_msg_error(buf, sizeof(buf), &to,
					       answers[i].err, NULL, NULL));
	}
	assert_int_equal(cvsw_ctl_packet_outs(script.ctl, outs, 4), 0);
	assert_int_equal(outs[0].ret, 0);
	assert_int_equal(outs[1].ret, -EPERM);
	assert_int_equal(outs[2].ret, -EINVAL);
	assert_int_equal(outs[3].ret, 0);

	/* the connection fails after one of them */
	to.nlmsg_seq = 6;
	script_write(&script, buf, cvsw_nl_msg_error(buf, sizeof(buf), &to,
						     -EPERM, NULL, NULL));
	shutdown(script.fd, SHUT_WR);
	assert_int_equal(cvsw_ctl_packet_outs(script.ctl, outs, 4),
			 -ECONNRESET);
	assert_int_equal(outs[0].ret, -ECONNRESET);
	assert_int_equal(outs[1].ret, -EPERM);
	assert_int_equal(outs[3].ret, -ECONNRESET);
	script_close(&script);
}

struct refusals {
	u32	seq[4];
	int	err[4];
	int	n;
};

static void note_refusal(void *arg, u32 seq, int err)
{
	struct refusals *r = arg;

	assert_true(r->n < 4);
	r->seq[r->n] = seq;
	r->err[r->n++] = err;
}

static void script_error(struct script *script, u32 seq, int err)
{
	u8 buf[256] __attribute__((aligned(8)));
	struct nlmsghdr to = { .nlmsg_len = 20, .nlmsg_seq = seq };

	script_write(script, buf, cvsw_nl_msg_error(buf, sizeof(buf), &to, err,
						    NULL, NULL));
}

/* what is refused of the posted is told by the next call that reads */
static void test_packet_post(void **state)
{
	const struct cvsw_ctl_packet_out out = no_frame();
	struct refusals told = {};
	struct script script;
	u32 seq[3] = {};
	int i;

	script_open(&script);
	cvsw_ctl_on_refused(script.ctl, note_refusal, &told);
	for (i = 0; i < 3; i++)
		assert_int_equal(cvsw_ctl_packet_post(script.ctl, &out,
						      &seq[i]), 0);
	assert_int_equal(cvsw_ctl_posted(script.ctl), 0);
	assert_int_equal(told.n, 0);
	script_error(&script, seq[0], -EINVAL);
	assert_int_equal(cvsw_ctl_posted(script.ctl), 0);
	assert_int_equal(told.n, 1);
	assert_int_equal(told.seq[0], seq[0]);
	assert_int_equal(told.err[0], -EINVAL);

	script_error(&script, seq[2], -ENOMEM);
	script_error(&script, seq[2] + 1, 0);
	assert_int_equal(cvsw_ctl_port_del(script.ctl, 1), 0);
	assert_int_equal(told.n, 2);
	assert_int_equal(told.seq[1], seq[2]);
	assert_int_equal(told.err[1], -ENOMEM);

	shutdown(script.fd, SHUT_WR);
	assert_int_equal(cvsw_ctl_posted(script.ctl), -ECONNRESET);
	assert_int_equal(cvsw_ctl_packet_post(script.ctl, &out, &seq[0]),
			 -ECONNRESET);
	assert_int_equal(told.n, 2);
	script_close(&script);
}

enum { OUTS = 500 };

/* with each answer comes an event that takes much room, and a request is taken
 * only when there was some for both */
static void *answer_slowly(void *arg)
{
	static u8 in[CVSW_NL_MSG_MAX] __attribute__((aligned(8)));
	static u8 event[20000] __attribute__((aligned(8)));
	u8 out[64] __attribute__((aligned(8)));
	const struct script *script = arg;
	struct nlmsghdr *nlh = (void *)event;
	unsigned int i;

	nlh->nlmsg_len = sizeof(event);
	nlh->nlmsg_type = CVSW_NL_TYPE;
	for (i = 0; i < OUTS && read(script->fd, in, sizeof(in)) > 0; i++) {
		script_write(script, event, sizeof(event));
		script_write(script, out,
			     cvsw_nl_msg_error(out, sizeof(out), (void *)in,
					       -EPERM, NULL, NULL));
	}
	return NULL;
}

/* both sides' buffers full of large messages */
static void test_full(void **state)
{
	static u8 frame[60000];
	struct cvsw_ctl_packet_out outs[OUTS];
	struct script script;
	pthread_t thread;
	unsigned int i;

	script_open(&script);
	for (i = 0; i < OUTS; i++) {
		outs[i] = no_frame();
		outs[i].frame = frame;
		outs[i].len = i % 2 ? sizeof(frame) : 60;
	}
	assert_int_equal(pthread_create(&thread, NULL, answer_slowly, &script),
			 0);
	assert_int_equal(cvsw_ctl_packet_outs(script.ctl, outs, OUTS), 0);
	pthread_join(thread, NULL);
	for (i = 0; i < OUTS; i++)
		assert_int_equal(outs[i].ret, -EPERM);
	script_close(&script);
}

static int step(struct cvsw_ctl *ctl, struct counted *counted)
{
	return cvsw_ctl_flow_dump_step(ctl, 0, count_flow, counted);
}

static void test_timeout(void **state)
{
	struct counted counted = {};
	struct cvsw_ctl_packet_out out = no_frame();
	struct cvsw_ctl_event event;
	struct script script;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		script_open(&script);
		assert_int_equal(cvsw_ctl_timeout(script.ctl, 0), -EINVAL);
		assert_int_equal(cvsw_ctl_timeout(script.ctl, -2), -EINVAL);
		assert_int_equal(cvsw_ctl_timeout(script.ctl, 5), 0);
		script_done(&script, 0);
		assert_int_equal(cvsw_ctl_flow_dump(script.ctl, NULL,
						    count_flow, &counted), 0);
		assert_int_equal(cvsw_ctl_event(script.ctl, 0, &event), 0);
		if (i == 0) {
			assert_int_equal(cvsw_ctl_port_del(script.ctl, 1),
					 -ETIMEDOUT);
		} else if (i == 1) {
			assert_int_equal(cvsw_ctl_packet_outs(script.ctl, &out,
							      1), -ETIMEDOUT);
			assert_int_equal(out.ret, -ETIMEDOUT);
		} else {
			assert_int_equal(cvsw_ctl_flow_dump_begin(script.ctl,
								  NULL), 0);
			assert_int_equal(step(script.ctl, &counted), 1);
			assert_int_equal(cvsw_ctl_flow_dump_step(script.ctl, -1,
					 count_flow, &counted), -ETIMEDOUT);
		}
		assert_string_equal(cvsw_ctl_error(script.ctl)->text,
				    "no answer");
		/* an answer that comes now is none to what is asked next */
		script_done(&script, 0);
		assert_int_equal(cvsw_ctl_flow_dump(script.ctl, NULL,
						    count_flow, &counted),
				 -ECONNRESET);
		assert_int_equal(cvsw_ctl_packet_outs(script.ctl, &out, 1),
				 -ECONNRESET);
		assert_int_equal(step(script.ctl, &counted), -ECONNRESET);
		assert_int_equal(cvsw_ctl_event(script.ctl, -1, &event),
				 -ECONNRESET);
		script_close(&script);
	}
}

/* nor for ever for one that does not take what it is sent */
static void test_timeout_of_send(void **state)
{
	static u8 frame[60000];
	const struct cvsw_action action = { .type = CVSW_ACT_OUTPUT };
	struct script script;
	int err = 0, size = 4096;
	unsigned int i;

	script_open(&script);
	assert_int_equal(cvsw_ctl_timeout(script.ctl, 5), 0);
	setsockopt(cvsw_ctl_fd(script.ctl), SOL_SOCKET, SO_SNDBUF, &size,
		   sizeof(size));
	for (i = 0; i < 100 && !err; i++) {
		script_done(&script, 0);
		err = cvsw_ctl_packet_out(script.ctl, 1, frame, 3000, &action,
					  1);
	}
	assert_int_equal(err, -ETIMEDOUT);
	assert_in_range(i, 2, 99);
	script_close(&script);
}

/* malformed answers are told, not believed */
static void test_malformed(void **state)
{
	static const struct {
		u16	type;
		u32	len;
		u8	fill;
	} cases[] = {
		{ NLMSG_ERROR, 20, 0xff },	/* too short */
		{ NLMSG_DONE, 16, 0 },		/* without its number */
	};
	u8 buf[256] __attribute__((aligned(8)));
	struct nlmsghdr *nlh = (void *)buf;
	struct cvsw_ctl_event event;
	struct counted counted = {};
	struct script script;
	struct sk_buff skb;
	size_t i;

	script_open(&script);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(buf, cases[i].fill, sizeof(buf));
		*nlh = (struct nlmsghdr){
			.nlmsg_len = cases[i].len,
			.nlmsg_type = cases[i].type,
			.nlmsg_seq = script.seq++,
		};
		script_write(&script, buf, cases[i].len);
		assert_int_equal(cvsw_ctl_flow_dump(script.ctl, NULL,
						    count_flow, &counted),
				 -EBADMSG);
		assert_string_equal(cvsw_ctl_error(script.ctl)->text,
				    "malformed answer");
	}

	/* a flow whose priority has 4 bytes; what follows it is skipped */
	cvsw_nl_msg_begin(&skb, buf, sizeof(buf), NLM_F_MULTI, script.seq,
			  CVSW_CMD_FLOW_GET);
	nlh = (void *)nla_nest_start(&skb, CVSW_A_FLOW);
	nla_put_u32(&skb, CVSW_FLOW_A_PRIORITY, 9);
	nla_nest_end(&skb, (struct nlattr *)nlh);
	script_write(&script, buf, skb.nlh->nlmsg_len);
	script_write(&script, buf, skb.nlh->nlmsg_len);
	script_done(&script, 0);
	assert_int_equal(cvsw_ctl_flow_dump(script.ctl, NULL, count_flow,
					    &counted), -EBADMSG);
	assert_string_equal(cvsw_ctl_error(script.ctl)->text,
			    "malformed answer: flow");
	assert_int_equal(counted.n, 0);

	/* events without what makes them */
	for (i = CVSW_CMD_FLOW_REMOVED; i <= CVSW_CMD_LOST + 1; i++) {
		cvsw_nl_msg_begin(&skb, buf, sizeof(buf), 0, 0, (u8)i);
		script_write(&script, buf, skb.nlh->nlmsg_len);
		assert_int_equal(cvsw_ctl_event(script.ctl, -1, &event),
				 -EBADMSG);
	}
	script_write(&script, buf, 7);
	assert_int_equal(cvsw_ctl_event(script.ctl, -1, &event), -EBADMSG);
	script_close(&script);
}

/* touches all that a step points to */
static void count_step(void *arg, const struct cvsw_ctl_step *step)
{
	u32 *sum = arg;
	const u8 *byte = step->frame;
	u32 i;

	for (i = 0; byte && i < step->frame_len; i++)
		*sum += byte[i];
	if (step->key)
		*sum += step->key->in_port;
	for (i = 0; step->flow && i < step->flow->n_actions; i++)
		*sum += step->flow->actions[i].type;
	if (step->action)
		*sum += step->action->type;
	if (step->drop_name)
		*sum += (u32)strlen(step->drop_name) +
			(u32)strlen(step->drop_text);
}

/* real answers with bytes changed at random: anything but a crash */
static void test_random(void **state)
{
	struct stand *stand = *state;
	struct cvsw_action actions[] = {
		{ .type = CVSW_ACT_OUTPUT, .output.port = 2 },
		{ .type = CVSW_ACT_SET_NW_DST, .nw = { 1, 2, 3, 4 } }
	};
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_ADD,
		.out_port = CVSW_PORT_NONE,
		.flow = { .priority = 100, .n_actions = 2, .actions = actions },
	};
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	u8 data[8192] __attribute__((aligned(8)));
	u64 seed = test_seed();
	unsigned int i, n, failed = 0;
	struct script script;
	struct nlmsghdr *nlh = (void *)data;
	struct sk_buff skb;
	u32 sum = 0;

	assert_int_equal(cvsw_flow_mods(stand->sw, &mod, 1, stand->now, NULL),
			 0);
	script_open(&script);
	for (i = 0; i < 3000; i++) {
		struct cvsw_nl_client *client =
			cvsw_nl_client_new(stand->server, stand);

		/* the trace that the server would answer */
		cvsw_nl_msg_begin(&skb, data, sizeof(data), NLM_F_REQUEST,
				  script.seq, CVSW_CMD_TRACE);
		nla_put_u16(&skb, CVSW_A_IN_PORT, 1);
		nla_put(&skb, CVSW_A_FRAME, sizeof(frame), frame);
		stand->n_got = 0;
		stand->room = 1;
		assert_int_equal(cvsw_nl_client_input(client, data,
				 skb.nlh->nlmsg_len, stand->now), 0);
		cvsw_nl_client_free(client);
		assert_int_equal(stand->n_got, 1);
		assert_in_range(stand->got[0].len, 100, sizeof(data));
		memcpy(data, stand->got[0].data, stand->got[0].len);
		for (n = test_below(&seed, 4); n; n--)
			data[20 + test_below(&seed, (u32)stand->got[0].len - 20)] =
				(u8)test_rand(&seed);
		script_write(&script, nlh, stand->got[0].len);
		script_done(&script, 0);
		failed += cvsw_ctl_trace(script.ctl, 1, frame, sizeof(frame),
					 count_step, &sum) != 0;
		assert_true(read(script.fd, data, sizeof(data)) > 0);
	}
	assert_in_range(failed, 30, 2999);
	script_close(&script);
}

static int setup(void **state)
{
	struct stand *stand = calloc(1, sizeof(*stand));

	stand_open(stand, "br0", 3);
	*state = stand;
	return 0;
}

static int teardown(void **state)
{
	stand_close(*state);
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_packet_outs),
		cmocka_unit_test(test_packet_post),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_timeout_of_send),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

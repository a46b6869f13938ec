// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control by frames, all of it: the client with its session on one side, a vNIC
 * that serves a real switch on the other, in a thread of its own, and a wire
 * between, on which frames may be lost.
 */

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "util.h"
#include "ctl_inband.h"
#include "inband_vnic.h"
#include "nl_server_priv.h"
#include "stand.h"

#define FLOWS	10000u
#define MTU	1500u

/**
 * struct rig - the far side
 * @lose:   of a hundred frames, both ways
 * @mute:   it hears nothing and says nothing
 * @off:    in-band control is switched off there
 * @state:  of the vNIC, as it was told last
 * @lives:  sessions that began
 */
struct rig {
	struct stand		stand;
	struct cvsw_v3_vnic	*vnic;
	struct cvsw_nl_client	*client;
	pthread_t		thread;
	int			fd;
	int			wake;
	u64			seed;
	u32			lose;
	bool			mute;
	bool			off;
	bool			stop;
	u8			state;
	u32			lives;
};

static const u8 host_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const u8 vnic_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const u8 key_bytes[CVSW_HMAC_LEN] = "a key of thirty-one bytes and 0";

static u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

/* The vNIC, in its thread */

static bool rig_lost(struct rig *rig)
{
	return __atomic_load_n(&rig->mute, __ATOMIC_RELAXED) ||
	       test_below(&rig->seed, 100) <
	       __atomic_load_n(&rig->lose, __ATOMIC_RELAXED);
}

static void rig_send(void *ctx, const u8 *frame, u32 len)
{
	struct rig *rig = ctx;

	if (!rig_lost(rig))
		send(rig->fd, frame, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int rig_deliver(void *ctx, const u8 *msg, u32 len)
{
	struct rig *rig = ctx;
	u8 *copy = test_malloc(len);
	int ret;

	memcpy(copy, msg, len);
	ret = cvsw_nl_client_input(rig->client, copy, len, rig->stand.now);
	test_free(copy);
	return ret == -EBUSY ? -EAGAIN : ret;
}

static void rig_sent(void *ctx)
{
	struct rig *rig = ctx;

	eventfd_write(rig->wake, 1);
}

static int rig_answer(void *ctx, void *client_ctx, const void *msg, size_t len)
{
	struct rig *rig = client_ctx;
	int ret = cvsw_v3_vnic_send(rig->vnic, msg, (u32)len, now());

	return ret == -EBUSY ? -EAGAIN : ret;
}

static void rig_leave(struct rig *rig)
{
	if (rig->client)
		cvsw_nl_client_free(rig->client);
	rig->client = NULL;
}

static void rig_be(void *ctx, enum cvsw_v3_vnic_state state)
{
	struct rig *rig = ctx;

	rig_leave(rig);
	if (state == CVSW_V3_LIVE) {
		rig->lives++;
		rig->client = cvsw_nl_client_new(rig->stand.server, rig);
		rig->client->send = rig_answer;
	}
	__atomic_store_n(&rig->state, state, __ATOMIC_RELEASE);
}

static const struct cvsw_v3_vnic_ops rig_ops = {
	.send = rig_send,
	.deliver = rig_deliver,
	.sent = rig_sent,
	.state = rig_be,
};

static void rig_frames(struct rig *rig)
{
	u8 frame[CVSW_V3_FRAME_MAX];
	ssize_t n;

	while ((n = recv(rig->fd, frame, sizeof(frame), MSG_DONTWAIT)) > 0)
		if (!rig_lost(rig))
			cvsw_v3_vnic_input(rig->vnic, frame, (u32)n, now());
}

static void rig_once(struct rig *rig)
{
	struct pollfd polls[] = { { .fd = rig->fd, .events = POLLIN },
				  { .fd = rig->wake, .events = POLLIN } };
	u64 due = cvsw_v3_vnic_tick(rig->vnic, now()), t = now();
	eventfd_t count;

	poll(polls, 2, due <= t ? 0 : (int)min((due - t) / 1000000 + 1, 100ull));
	if (polls[1].revents)
		eventfd_read(rig->wake, &count);
	rig_frames(rig);
	if (rig->client)
		cvsw_nl_client_ready(rig->client, rig->stand.now);
}

static void rig_vnic(struct rig *rig)
{
	struct cvsw_v3_vnic_info info = { .dpid = 7, .mtu = MTU,
					  .name = "br0" };

	memcpy(info.mac, vnic_mac, sizeof(info.mac));
	rig->vnic = cvsw_v3_vnic_new(&rig_ops, rig, &info);
	assert_non_null(rig->vnic);
	assert_int_equal(cvsw_v3_vnic_key(rig->vnic, 5, key_bytes), 0);
}

static void *rig_run(void *arg)
{
	struct rig *rig = arg;

	while (!__atomic_load_n(&rig->stop, __ATOMIC_ACQUIRE)) {
		if (rig->vnic)
			rig_once(rig);
		if (rig->vnic && __atomic_load_n(&rig->off, __ATOMIC_ACQUIRE)) {
			cvsw_v3_vnic_free(rig->vnic);
			rig->vnic = NULL;
			rig_leave(rig);
		}
	}
	return NULL;
}

/* The near side */

static void rig_open(struct rig *rig, int fd[2])
{
	const int room = 4 << 20;

	memset(rig, 0, sizeof(*rig));
	stand_open(&rig->stand, "br0", 3);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd),
			 0);
	setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	setsockopt(fd[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	rig->fd = fd[1];
	rig->seed = test_seed();
	rig->wake = eventfd(0, EFD_NONBLOCK);
	rig_vnic(rig);
	assert_int_equal(pthread_create(&rig->thread, NULL, rig_run, rig), 0);
}

static void rig_close(struct rig *rig)
{
	__atomic_store_n(&rig->stop, true, __ATOMIC_RELEASE);
	eventfd_write(rig->wake, 1);
	pthread_join(rig->thread, NULL);
	if (rig->vnic)
		cvsw_v3_vnic_free(rig->vnic);
	rig_leave(rig);
	close(rig->wake);
	close(rig->fd);
	stand_close(&rig->stand);
}

static int session_call(struct cvsw_session **session, int fd, u32 lease_ms,
			const u8 *key, int wait_ms, char *why)
{
	struct cvsw_v3_host_info info = { .mtu = MTU, .key_id = 5,
					  .lease_ms = lease_ms };

	memcpy(info.mac, host_mac, sizeof(info.mac));
	memset(info.vnic, 0xff, sizeof(info.vnic));
	memcpy(info.key, key, sizeof(info.key));
	return cvsw_session_new(session, fd, &info, wait_ms, why);
}

static struct cvsw_ctl *rig_ctl(struct rig *rig, u32 lease_ms)
{
	struct cvsw_session *session;
	char why[CVSW_SESSION_WHY];
	struct cvsw_ctl *ctl;
	int fd[2];

	rig_open(rig, fd);
	assert_int_equal(session_call(&session, fd[0], lease_ms, key_bytes, 10000,
				      why), 0);
	assert_int_equal(cvsw_ctl_open_session(&ctl, session), 0);
	cvsw_session_put(session);
	return ctl;
}

static void until_state(struct rig *rig, u8 state)
{
	while (__atomic_load_n(&rig->state, __ATOMIC_ACQUIRE) != state)
		usleep(1000);
}

/* What is asked for */

static const struct cvsw_action out_2 = { .type = CVSW_ACT_OUTPUT,
					  .output.port = 2 };

static struct cvsw_flow_mod *flows_make(unsigned int n)
{
	struct cvsw_flow_mod *mods = test_calloc(n, sizeof(*mods));
	unsigned int i;

	for (i = 0; i < n; i++) {
		mods[i] = (struct cvsw_flow_mod){
			.cmd = CVSW_FLOW_ADD,
			.out_port = CVSW_PORT_NONE,
			.flow = { .priority = (u16)(i % 60000), .cookie = i,
				  .flags = CVSW_FLOW_F_SEND_REM,
				  .n_actions = 1, .actions = &out_2 },
		};
		mods[i].flow.match.value.dl_dst[5] = (u8)i;
		mods[i].flow.match.value.dl_dst[4] = (u8)(i >> 8);
		memset(mods[i].flow.match.mask.dl_dst, 0xff, 6);
	}
	return mods;
}

struct sum {
	unsigned int	n;
	u64		cookies;
};

static int sum_flow(void *arg, const struct cvsw_flow *flow)
{
	struct sum *sum = arg;

	sum->n++;
	sum->cookies += flow->cookie;
	return 0;
}

static void check_flows(struct cvsw_ctl *ctl, unsigned int n)
{
	struct sum sum = {};

	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, sum_flow, &sum), 0);
	assert_int_equal(sum.n, n);
	assert_int_equal(sum.cookies, (u64)n * (n - 1) / 2);
}

static int count_port(void *arg, const struct cvsw_port_info *info)
{
	++*(unsigned int *)arg;
	return 0;
}

static int count_queue(void *arg, const struct cvsw_queue_info *info)
{
	++*(unsigned int *)arg;
	return 0;
}

static void count_drop(void *arg, const char *name, const char *text, u64 frames)
{
	++*(unsigned int *)arg;
}

static void count_step(void *arg, const struct cvsw_ctl_step *step)
{
	++*(unsigned int *)arg;
}

static void check_ports(struct cvsw_ctl *ctl)
{
	struct cvsw_port_info info;
	unsigned int n = 0;

	assert_int_equal(cvsw_ctl_port_add(ctl, "test:more", 9, &info), 0);
	assert_string_equal(info.name, "more");
	info.mtu = 1400;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_MTU, 0), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 0, "more", &info), 0);
	assert_int_equal(info.mtu, 1400);
	assert_int_equal(cvsw_ctl_port_dump(ctl, count_port, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(cvsw_ctl_port_del(ctl, 9), 0);
	assert_int_equal(cvsw_ctl_port_del(ctl, 9), -ENODEV);
	assert_true(*cvsw_ctl_error(ctl)->text);
}

static void check_queues(struct cvsw_ctl *ctl)
{
	struct cvsw_queue_info queue = { .port = 1, .id = 4, .max_rate = 1000 };
	unsigned int n = 0;

	assert_int_equal(cvsw_ctl_queue_set(ctl, &queue), 0);
	assert_int_equal(cvsw_ctl_queue_dump(ctl, CVSW_PORT_NONE, count_queue, &n),
			 0);
	assert_int_equal(n, 1);
	assert_int_equal(cvsw_ctl_queue_del(ctl, 1, 4), 0);
}

static void check_frames(struct cvsw_ctl *ctl)
{
	struct cvsw_ctl_packet_out outs[100];
	static u8 frame[60000] = { 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x12 };
	struct cvsw_action nowhere = { .type = CVSW_ACTION_A_MAX + 1 };
	unsigned int n = 0, i;

	assert_int_equal(cvsw_ctl_drops(ctl, count_drop, &n), 0);
	assert_true(n > 10);
	n = 0;
	assert_int_equal(cvsw_ctl_trace(ctl, 1, frame, 60, count_step, &n), 0);
	assert_true(n >= 2);
	assert_int_equal(cvsw_ctl_packet_out(ctl, 1, frame, sizeof(frame), &out_2,
					     1), 0);
	for (i = 0; i < ARRAY_SIZE(outs); i++)
		outs[i] = (struct cvsw_ctl_packet_out){
			.in_port = 1, .frame = frame, .len = 60,
			.actions = i == 50 ? &nowhere : &out_2, .n_actions = 1,
		};
	assert_int_equal(cvsw_ctl_packet_outs(ctl, outs, ARRAY_SIZE(outs)), 0);
	for (i = 0; i < ARRAY_SIZE(outs); i++)
		assert_int_equal(!outs[i].ret, i != 50);
}

static void check_state(struct cvsw_ctl *ctl, unsigned int flows)
{
	FILE *file = tmpfile();

	assert_int_equal(cvsw_ctl_save(ctl, file), 0);
	assert_int_equal(cvsw_ctl_flow_replace(ctl, NULL, 0), 0);
	rewind(file);
	assert_int_equal(cvsw_ctl_restore(ctl, file, CVSW_CTL_RESTORE_ALL), 0);
	fclose(file);
	check_flows(ctl, flows);
}

static void all_requests(struct cvsw_ctl *ctl, unsigned int flows)
{
	const struct cvsw_action nowhere = { .type = CVSW_ACT_OUTPUT };
	struct cvsw_flow_mod *mods = flows_make(flows);
	struct cvsw_table_stats stats;
	struct cvsw_config config;

	assert_int_equal(cvsw_ctl_switch_get(ctl, &config, &stats), 0);
	assert_string_equal(config.name, "br0");
	config.miss = CVSW_MISS_PASS;
	assert_int_equal(cvsw_ctl_switch_set(ctl, &config,
					     1u << CVSW_SWITCH_A_MISS), 0);
	check_ports(ctl);
	check_queues(ctl);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, 1), 0);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, flows), 0);
	check_flows(ctl, flows);
	/* all or none */
	mods[flows - 1].flow.actions = &nowhere;
	assert_true(cvsw_ctl_flow_mods(ctl, mods, flows) < 0);
	assert_int_equal(cvsw_ctl_error(ctl)->index, (int)flows - 1);
	check_flows(ctl, flows);
	check_frames(ctl);
	check_state(ctl, flows);
	test_free(mods);
}

static void test_requests(void **state)
{
	struct rig rig;
	struct cvsw_ctl *ctl = rig_ctl(&rig, 10000);

	all_requests(ctl, FLOWS);
	cvsw_ctl_close(ctl);
	until_state(&rig, CVSW_V3_IDLE);
	assert_int_equal(rig.lives, 1);
	rig_close(&rig);
}

static void test_lossy(void **state)
{
	struct rig rig;
	struct cvsw_ctl *ctl = rig_ctl(&rig, 10000);

	__atomic_store_n(&rig.lose, 3, __ATOMIC_RELAXED);
	all_requests(ctl, 300);
	__atomic_store_n(&rig.lose, 0, __ATOMIC_RELAXED);
	cvsw_ctl_close(ctl);
	until_state(&rig, CVSW_V3_IDLE);
	assert_int_equal(rig.lives, 1);
	rig_close(&rig);
}

/* Several users */

/* what a request causes comes before the mark that is asked for behind it */
static void test_events(void **state)
{
	struct cvsw_flow_mod *mods = flows_make(1000);
	struct cvsw_ctl_event event;
	unsigned int removed = 0;
	struct cvsw_ctl *events, *ctl;
	struct rig rig;

	events = rig_ctl(&rig, 10000);
	assert_int_equal(cvsw_ctl_subscribe(events, CVSW_NL_GROUP_MASK), 0);
	assert_int_equal(cvsw_ctl_open_more(&ctl, events, NULL), 0);
	assert_true(cvsw_ctl_fd(ctl) >= 0);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, 1000), 0);
	assert_int_equal(cvsw_ctl_flow_replace(ctl, NULL, 0), 0);
	assert_int_equal(cvsw_ctl_event_mark(events), 0);
	while (cvsw_ctl_event(events, 10000, &event) > 0 &&
	       event.cmd != CVSW_CMD_UNSPEC)
		removed += event.cmd == CVSW_CMD_FLOW_REMOVED;
	assert_int_equal(event.cmd, CVSW_CMD_UNSPEC);
	assert_int_equal(removed, 1000);
	assert_int_equal(cvsw_ctl_event(ctl, 0, &event), 0);
	/* the session is there as long as anybody is */
	cvsw_ctl_close(events);
	check_flows(ctl, 0);
	assert_int_equal(rig.lives, 1);
	cvsw_ctl_close(ctl);
	until_state(&rig, CVSW_V3_IDLE);
	rig_close(&rig);
	test_free(mods);
}

/* a dump that is not read holds up no request, and no other dump for ever */
static void test_dumps(void **state)
{
	struct cvsw_flow_mod *mods = flows_make(FLOWS);
	struct cvsw_ctl *ctl, *slow, *left, *other;
	struct sum sum = {};
	struct rig rig;
	int ret;

	ctl = rig_ctl(&rig, 10000);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, FLOWS), 0);
	assert_int_equal(cvsw_ctl_open_more(&slow, ctl, NULL), 0);
	assert_int_equal(cvsw_ctl_open_more(&left, slow, NULL), 0);
	assert_int_equal(cvsw_ctl_open_more(&other, left, NULL), 0);
	assert_int_equal(cvsw_ctl_flow_dump_begin(slow, NULL), 0);
	assert_int_equal(cvsw_ctl_flow_dump_begin(left, NULL), 0);
	assert_int_equal(cvsw_ctl_switch_get(ctl, NULL, NULL), 0);
	check_flows(other, FLOWS);
	cvsw_ctl_close(left);
	check_flows(other, FLOWS);
	while ((ret = cvsw_ctl_flow_dump_step(slow, 10000, sum_flow, &sum)) > 0)
		;
	assert_int_equal(ret, 0);
	assert_int_equal(sum.n, FLOWS);
	cvsw_ctl_close(slow);
	cvsw_ctl_close(other);
	cvsw_ctl_close(ctl);
	rig_close(&rig);
	test_free(mods);
}

/* who asks for events and does not read them loses some, and is told */
static void test_overflow(void **state)
{
	static u8 frame[60000] = { 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x12 };
	struct cvsw_action up = { .type = CVSW_ACT_OUTPUT,
				  .output.port = CVSW_PORT_CONTROLLER };
	unsigned int i, got = 0, lost = 0, sent = 400;
	struct cvsw_ctl_event event;
	struct cvsw_ctl *events, *ctl;
	struct rig rig;

	events = rig_ctl(&rig, 10000);
	assert_int_equal(cvsw_ctl_subscribe(events,
					    CVSW_NL_GROUP_PACKET_IN_WHOLE), 0);
	assert_int_equal(cvsw_ctl_open_more(&ctl, events, NULL), 0);
	for (i = 0; i < sent; i++)
		assert_int_equal(cvsw_ctl_packet_out(ctl, 1, frame, sizeof(frame),
						     &up, 1), 0);
	while (got + lost < sent &&
	       cvsw_ctl_event(events, 10000, &event) > 0) {
		got += event.cmd == CVSW_CMD_PACKET_IN;
		lost += event.cmd == CVSW_CMD_LOST ? event.lost : 0;
	}
	assert_int_equal(got + lost, sent);
	assert_true(lost > 0);
	assert_true(got > 100);
	cvsw_ctl_close(ctl);
	cvsw_ctl_close(events);
	rig_close(&rig);
}

/* Beginning and end */

static void test_refused(void **state)
{
	struct cvsw_session *session;
	char why[CVSW_SESSION_WHY];
	u8 other[CVSW_HMAC_LEN];
	struct rig rig;
	int fd[2];

	rig_open(&rig, fd);
	assert_int_equal(session_call(&session, dup(fd[0]), 999, key_bytes,
				      10000, why), -ECONNREFUSED);
	assert_non_null(strstr(why, "lease"));
	memcpy(other, key_bytes, sizeof(other));
	other[0] ^= 1;
	assert_int_equal(session_call(&session, dup(fd[0]), 1000, other, 300,
				      why), -ETIMEDOUT);
	__atomic_store_n(&rig.mute, true, __ATOMIC_RELAXED);
	assert_int_equal(session_call(&session, fd[0], 1000, key_bytes, 300, why),
			 -ETIMEDOUT);
	rig_close(&rig);
}

/* an idle session goes on, whatever its users do */
static void test_idle(void **state)
{
	struct rig rig;
	struct cvsw_ctl *ctl = rig_ctl(&rig, 2000);

	usleep(3000000);
	assert_int_equal(cvsw_ctl_switch_get(ctl, NULL, NULL), 0);
	assert_int_equal(rig.lives, 1);
	assert_int_equal(rig.state, CVSW_V3_LIVE);
	cvsw_ctl_close(ctl);
	rig_close(&rig);
}

static void check_over(struct cvsw_ctl *ctl, const char *why)
{
	struct cvsw_ctl_event event;
	struct cvsw_ctl_error err;
	struct cvsw_ctl *more;

	assert_int_equal(cvsw_ctl_event(ctl, 10000, &event), -ECONNRESET);
	assert_non_null(strstr(cvsw_ctl_error(ctl)->text, why));
	assert_int_equal(cvsw_ctl_open_more(&more, ctl, &err), -ECONNRESET);
	assert_true(*err.text);
	cvsw_ctl_close(ctl);
}

static void test_off(void **state)
{
	struct rig rig;
	struct cvsw_ctl *ctl = rig_ctl(&rig, 10000);

	__atomic_store_n(&rig.off, true, __ATOMIC_RELEASE);
	check_over(ctl, "no in-band control any more");
	rig_close(&rig);
}

static void test_silence(void **state)
{
	struct rig rig;
	struct cvsw_ctl *ctl = rig_ctl(&rig, 1000);

	__atomic_store_n(&rig.mute, true, __ATOMIC_RELAXED);
	check_over(ctl, "does not answer");
	until_state(&rig, CVSW_V3_SILENT);
	rig_close(&rig);
}

/* The text */

static void test_where(void **state)
{
	static const struct {
		const char	*text;
		const char	*why;
	} bad[] = {
		{ "", "there is no such" },
		{ "an-interface-too-long", "no name" },
		{ "lo,", "is not key=FILE" },
		{ "lo,kee=x", "is not key=FILE" },
		{ "lo,vnic=02:00:00:00:00", "is not a MAC" },
		{ "lo,vnic=02:00:00:00:00:01:02", "is not a MAC" },
		{ "lo,lease=0", "1 to 3600" },
		{ "lo,lease=3601", "1 to 3600" },
		{ "lo,lease=10s", "1 to 3600" },
		{ "lo,key=/nonexistent/key", "no such file" },
		{ "nonexistent0", "" },
	};
	struct cvsw_ctl_error err;
	struct cvsw_ctl *ctl;
	char where[80];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(where, sizeof(where), "frame:%s", bad[i].text);
		assert_true(cvsw_ctl_open(&ctl, where, &err) < 0);
		assert_int_equal(strncmp(err.text, "frame:", 6), 0);
		/* without the rights for packet sockets that is said first */
		if (!strstr(err.text, "CAP_NET_RAW"))
			assert_non_null(strstr(err.text, bad[i].why));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_dumps),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Ports: numbers and names, settings, counters, and what fails changes nothing. */

#include "rig.h"

#include <pthread.h>

static const struct test_frame tcp = { .ver = 4, .proto = 6, .payload = 10 };

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct rig));
	rig_open(*state, 2, NULL);
	return 0;
}

static int teardown(void **state)
{
	rig_close(*state);
	free(*state);
	return 0;
}

static void test_numbers(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = rig_port(9);
	struct cvsw_error err;

	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), 0);
	/* 0: the lowest free one */
	info = rig_port(0);
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), 0);
	assert_int_equal(info.no, 3);
	info = rig_port(9);
	strcpy(info.name, "other");
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, &err), -EEXIST);
	assert_string_equal(err.text, "port: number taken");
	info = rig_port(10);
	strcpy(info.name, "p9");
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, &err), -EEXIST);
	assert_string_equal(err.text, "port: name taken");
	info = rig_port(CVSW_PORT_MAX + 1);
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), -EINVAL);
	info = rig_port(CVSW_PORT_MAX);
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), 0);
	info = rig_port(CVSW_PORT_LOCAL);
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), 0);
}

static void test_walk(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = rig_port(CVSW_PORT_LOCAL);

	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), 0);
	info = rig_port(40);
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), 0);
	assert_int_equal(cvsw_port_next(rig->sw, 0), 1);
	assert_int_equal(cvsw_port_next(rig->sw, 1), 2);
	assert_int_equal(cvsw_port_next(rig->sw, 2), 40);
	assert_int_equal(cvsw_port_next(rig->sw, 40), CVSW_PORT_LOCAL);
	assert_int_equal(cvsw_port_next(rig->sw, CVSW_PORT_LOCAL),
			 CVSW_PORT_NONE);
	assert_int_equal(cvsw_port_find(rig->sw, "p40"), 40);
	assert_int_equal(cvsw_port_find(rig->sw, "p4"), CVSW_PORT_NONE);
	assert_int_equal(cvsw_port_get(rig->sw, 40, &info), 0);
	assert_string_equal(info.name, "p40");
	assert_int_equal(cvsw_port_get(rig->sw, 41, &info), -ENODEV);
}

static void test_bad_ports(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = rig_port(5);

	info.name[0] = 0;
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), -EINVAL);
	memset(info.name, 'x', sizeof(info.name));
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), -EINVAL);
	info = rig_port(5);
	memset(info.spec, 'x', sizeof(info.spec));
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), -EINVAL);
	info = rig_port(5);
	info.config = 0x80;
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), -EINVAL);
	info = rig_port(5);
	info.tx_offload = 0x10;
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), -EINVAL);
	info = rig_port(5);
	info.antispoof.n_ipv4 = 200;
	assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), -EINVAL);
	assert_int_equal(rig->n_events, 0);
	assert_int_equal(cvsw_port_next(rig->sw, 2), CVSW_PORT_NONE);
}

static void test_del(void **state)
{
	struct rig *rig = *state;
	struct cvsw_action out = RIG_OUT(2);
	struct cvsw_port_info info;

	rig_add(rig, 1, 0, &out, 1);
	rig_input(rig, 1, &tcp);
	assert_int_equal(cvsw_port_del(rig->sw, 2, NULL), 0);
	assert_int_equal(rig->closed, 1);
	assert_int_equal(rig->n_events, 1);
	assert_int_equal(rig->event.event.kind, CVSW_EVENT_PORT_DEL);
	assert_int_equal(rig->event.port.no, 2);
	assert_int_equal(rig->event.port.stats.tx_packets, 1);
	assert_int_equal(cvsw_port_get(rig->sw, 2, &info), -ENODEV);
	assert_int_equal(cvsw_port_del(rig->sw, 2, NULL), -ENODEV);
	/* flows stay, and so do frames that come in */
	rig_input(rig, 1, &tcp);
	rig_input(rig, 2, &tcp);
	rig_sent_is(rig, "2");
	rig_drops_are(rig, CVSW_DROP_NO_PORT, 2);
	/* and a new port 2 takes over with counters of its own */
	info = rig_port(2);
	assert_int_equal(cvsw_port_add(rig->sw, &info, (void *)2, NULL), 0);
	rig_input(rig, 1, &tcp);
	rig_sent_is(rig, "2 2");
	cvsw_port_get(rig->sw, 2, &info);
	assert_int_equal(info.stats.tx_packets, 1);
}

static void test_set_config(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info want = rig_port(1), info;

	want.config = CVSW_PORT_C_NO_FLOOD;
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG,
				       NULL), 0);
	assert_int_equal(rig->n_events, 1);
	assert_int_equal(rig->event.event.kind, CVSW_EVENT_PORT_MOD);
	assert_int_equal(rig->event.port.config, CVSW_PORT_C_NO_FLOOD);
	/* the same again is no news */
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG,
				       NULL), 0);
	assert_int_equal(rig->n_events, 1);
	want.config = 0x100;
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG,
				       NULL), -EINVAL);
	want.no = 7;
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG,
				       NULL), -ENODEV);
	cvsw_port_get(rig->sw, 1, &info);
	assert_int_equal(info.config, CVSW_PORT_C_NO_FLOOD);
	assert_int_equal(rig->n_events, 1);
}

static void test_set_device(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info want = rig_port(1), info;

	want.mtu = 9000;
	want.rx_offload = CVSW_OFFLOAD_CSUM;
	rig->set_mtu = 4000;
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_MTU,
				       NULL), 0);
	cvsw_port_get(rig->sw, 1, &info);
	assert_int_equal(info.mtu, 4000);
	assert_int_equal(info.rx_offload, 0);
	rig->set_error = -EBUSY;
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_OFFLOAD,
				       NULL), -EBUSY);
	cvsw_port_get(rig->sw, 1, &info);
	assert_int_equal(info.rx_offload, 0);
	/* what the glue tells is not asked back */
	want.mtu = 1400;
	want.state = CVSW_PORT_S_LINK_DOWN;
	want.mac[0] = 0x52;
	want.curr = CVSW_PORT_F_1GB_FD;
	want.advertised = want.supported = want.peer = CVSW_PORT_F_AUTONEG;
	assert_int_equal(cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_STATE,
				       NULL), 0);
	cvsw_port_get(rig->sw, 1, &info);
	assert_int_equal(info.mtu, 1400);
	assert_int_equal(info.state, CVSW_PORT_S_LINK_DOWN);
	assert_int_equal(info.mac[0], 0x52);
	assert_int_equal(info.curr, CVSW_PORT_F_1GB_FD);
	assert_int_equal(info.advertised, CVSW_PORT_F_AUTONEG);
	assert_int_equal(info.supported, CVSW_PORT_F_AUTONEG);
	assert_int_equal(info.peer, CVSW_PORT_F_AUTONEG);
	assert_int_equal(rig->n_events, 2);
}

/* longer frames than its peer sends may be sent to a port */
static void test_mtu_of_one_way(void **state)
{
	const struct test_frame frame = { .ver = 4, .proto = 17, .payload = 900 };
	struct cvsw_port_info info = { .no = 9, .name = "p9", .mtu = 100 };
	struct rig *rig = *state;

	for (info.mtu_rx = 0; info.mtu_rx < 2; info.mtu_rx++) {
		assert_int_equal(cvsw_port_add(rig->sw, &info, NULL, NULL), 0);
		rig_add(rig, 1, 1, RIG_LIST(RIG_OUT(9)));
		rig_clear(rig);
		rig_input(rig, 1, &frame);
		assert_int_equal(rig->n_sent, info.mtu_rx);
		cvsw_port_del(rig->sw, 9, NULL);
	}
	rig_drops_are(rig, CVSW_DROP_TOO_BIG, 1);
}

static void test_counters_survive_set(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info want = rig_port(1), info;
	struct cvsw_worker *other = cvsw_worker_get(rig->sw, 1, rig);

	rig_input(rig, 1, &tcp);
	want.config = CVSW_PORT_C_NO_FLOOD;
	cvsw_port_set(rig->sw, &want, CVSW_PORT_SET_CONFIG, NULL);
	cvsw_input(other, rig_frame(rig, 1, &tcp), rig->now);
	cvsw_port_get(rig->sw, 1, &info);
	assert_int_equal(info.stats.rx_packets, 2);
	assert_int_equal(info.stats.rx_bytes, 2 * (14 + 20 + 20 + 10));
}

/* whichever allocation fails: nothing has changed, and again it works */
static void test_no_memory(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = rig_port(3);
	unsigned long nth = 0;
	int ret;

	do {
		cvsw_alloc_fail_at(++nth);
		ret = cvsw_port_add(rig->sw, &info, NULL, NULL);
		cvsw_alloc_fail_at(0);
		if (ret) {
			assert_int_equal(ret, -ENOMEM);
			assert_int_equal(cvsw_port_next(rig->sw, 2),
					 CVSW_PORT_NONE);
		}
	} while (ret);
	assert_true(nth > 3);
	for (nth = 1; nth <= 2; nth++) {
		info.config = CVSW_PORT_C_NO_FWD;
		cvsw_alloc_fail_at(nth);
		assert_int_equal(cvsw_port_set(rig->sw, &info,
					       CVSW_PORT_SET_CONFIG, NULL),
				 -ENOMEM);
		cvsw_alloc_fail_at(0);
		cvsw_port_get(rig->sw, 3, &info);
		assert_int_equal(info.config, 0);
	}
	cvsw_alloc_fail_at(1);
	assert_int_equal(cvsw_port_del(rig->sw, 3, NULL), -ENOMEM);
	cvsw_alloc_fail_at(0);
	assert_int_equal(rig->closed, 0);
	assert_int_equal(cvsw_port_del(rig->sw, 3, NULL), 0);
}

/*
 * Ports come and go, and change, while frames are sent to them: no worker may
 * see a port's device after it was closed, and no frame may be lost count of.
 */
struct churn {
	struct cvsw_switch	*sw;
	int			stop;
	u32			frames;
	u32			sent;
};

static void churn_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	struct churn *churn = wctx;
	u32 *open = port_priv;

	assert_int_equal(*open, 1);
	churn->sent++;
	cvsw_pkt_free(pkt);
}

static void churn_close(void *ctx, void *port_priv)
{
	*(u32 *)port_priv = 0;
	free(port_priv);
}

static void *churn_run(void *arg)
{
	struct churn *churn = arg;
	struct cvsw_worker *w = cvsw_worker_get(churn->sw, 1, churn);
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt *pkt;
	u8 bytes[128];
	u32 i, len = test_build(&tcp, bytes);

	do {
		cvsw_worker_begin(w);
		for (i = 0; i < 16; i++) {
			pkt = cvsw_frame_new(pool, 1, len);
			memcpy(cvsw_frame_edit(pkt), bytes, len);
			cvsw_input(w, pkt, i);
			churn->frames++;
		}
		cvsw_worker_flush(w);
	} while (!__atomic_load_n(&churn->stop, __ATOMIC_ACQUIRE));
	cvsw_pool_free(pool);
	return NULL;
}

static void churn_add(struct cvsw_switch *sw, u16 no)
{
	struct cvsw_port_info info = rig_port(no);
	u32 *open = malloc(sizeof(*open));

	*open = 1;
	assert_int_equal(cvsw_port_add(sw, &info, open, NULL), 0);
}

static void test_ports_under_traffic(void **state)
{
	static const struct cvsw_ops ops = {
		.output = churn_output, .port_close = churn_close,
	};
	struct cvsw_port_info want = { .no = 2 };
	struct churn churn = { 0 };
	struct cvsw_config config;
	u64 drops[CVSW_DROP_COUNT];
	pthread_t thread;
	u32 i;

	cvsw_config_default(&config);
	assert_int_equal(cvsw_switch_new(&churn.sw, &config, &ops, NULL, NULL),
			 0);
	churn_add(churn.sw, 1);
	churn_add(churn.sw, 2);
	assert_int_equal(pthread_create(&thread, NULL, churn_run, &churn), 0);
	for (i = 0; i < 400; i++) {
		churn_add(churn.sw, (u16)(3 + i % 5));
		want.config = i % 2 ? CVSW_PORT_C_NO_FWD : 0;
		assert_int_equal(cvsw_port_set(churn.sw, &want,
					       CVSW_PORT_SET_CONFIG, NULL), 0);
		config.miss = i % 3 ? CVSW_MISS_PASS : CVSW_MISS_DROP;
		assert_int_equal(cvsw_switch_configure(churn.sw, &config, NULL),
				 0);
		assert_int_equal(cvsw_port_del(churn.sw, (u16)(3 + i % 5),
					       NULL), 0);
	}
	__atomic_store_n(&churn.stop, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	cvsw_switch_drops(churn.sw, drops);
	assert_int_equal(drops[CVSW_DROP_IN_PORT], 0);
	assert_true(churn.frames > 0);
	assert_true(churn.sent + drops[CVSW_DROP_MISS] +
		    drops[CVSW_DROP_NO_FWD] >= churn.frames);
	cvsw_switch_free(churn.sw);
}

/* A device that keeps its frames until it is closed */

struct hoard {
	struct cvsw_worker	*w;
	struct cvsw_pkt		*pkt[4];
	unsigned int		n;
	unsigned int		dropped;
};

static void hoard_output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	struct hoard *hoard = wctx;

	hoard->pkt[hoard->n++] = cvsw_frame_keep(pkt);
}

/* closing any of them drops what was for port 2 */
static void hoard_close(void *ctx, void *port_priv)
{
	struct hoard *hoard = ctx;

	for (; hoard->n; hoard->dropped++)
		cvsw_worker_drop(hoard->w, hoard->pkt[--hoard->n], 2,
				 CVSW_DROP_TX_FULL);
}

static void test_free_closes_ports_first(void **state)
{
	const struct cvsw_ops ops = {
		.output = hoard_output, .port_close = hoard_close,
	};
	struct rig *rig = *state;
	struct hoard hoard = {};
	struct cvsw_config config;
	struct cvsw_port_info info;
	struct cvsw_switch *sw;
	u16 no;

	cvsw_config_default(&config);
	assert_int_equal(cvsw_switch_new(&sw, &config, &ops, &hoard, NULL), 0);
	hoard.w = cvsw_worker_get(sw, 0, &hoard);
	for (no = 1; no <= 2; no++) {
		info = rig_port(no);
		assert_int_equal(cvsw_port_add(sw, &info, NULL, NULL), 0);
	}
	for (no = 0; no < 4; no++)
		cvsw_input(hoard.w, rig_frame(rig, 1, &tcp), 0);
	assert_int_equal(hoard.n, 4);
	cvsw_switch_free(sw);
	assert_int_equal(hoard.dropped, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_walk, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_ports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_del, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_config, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_device, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mtu_of_one_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_counters_survive_set, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_free_closes_ports_first, setup, teardown),
		cmocka_unit_test(test_ports_under_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

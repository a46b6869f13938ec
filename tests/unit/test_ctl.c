// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The control client against a server in the same process: every call, what
 * it changes in the switch, and what it says when it is refused.
 */

#include "util.h"
#include "stand.h"

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

static struct cvsw_action output(u16 port)
{
	return (struct cvsw_action){ .type = CVSW_ACT_OUTPUT,
				     .output.port = port };
}

static struct cvsw_flow_mod add(u16 priority, u16 in_port,
				const struct cvsw_action *actions,
				unsigned int n)
{
	struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_ADD,
		.out_port = CVSW_PORT_NONE,
		.flow = {
			.priority = priority,
			.cookie = 0x1122334455667788,
			.n_actions = (u16)n,
			.actions = actions,
		},
	};

	mod.flow.match.value.in_port = in_port;
	mod.flow.match.mask.in_port = in_port ? 0xffff : 0;
	return mod;
}

/* Switch */

static int count_switch(void *arg, const struct cvsw_config *config,
			const struct cvsw_table_stats *stats)
{
	char *names = arg;

	strcat(names, config->name);
	strcat(names, " ");
	return 0;
}

static void test_switch(void **state)
{
	struct stand *stand = *state, other;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_config config, after;
	struct cvsw_table_stats stats;
	char names[64] = "";

	assert_int_equal(cvsw_ctl_switch_get(ctl, &config, &stats), 0);
	assert_string_equal(config.name, "br0");
	assert_int_equal(config.max_flows, 100000);
	assert_int_equal(stats.max_flows, 100000);
	assert_int_equal(config.workers, 2);

	config.miss = CVSW_MISS_CONTROLLER;
	config.datapath_id = 0xfedcba9876543210;
	config.packet_in_rate[CVSW_PACKET_IN_ACTION] = 77;
	config.max_flows = 5;
	assert_int_equal(cvsw_ctl_switch_set(ctl, &config,
			 1U << CVSW_SWITCH_A_MISS |
			 1U << CVSW_SWITCH_A_DATAPATH_ID |
			 1U << CVSW_SWITCH_A_ACTION_RATE), 0);
	cvsw_switch_config(stand->sw, &after);
	assert_int_equal(after.miss, CVSW_MISS_CONTROLLER);
	assert_true(after.datapath_id == 0xfedcba9876543210);
	assert_int_equal(after.packet_in_rate[CVSW_PACKET_IN_ACTION], 77);
	assert_int_equal(after.max_flows, 100000);	/* was not named */

	stand_join(stand, &other, "br1");
	assert_int_equal(cvsw_ctl_switch_dump(ctl, count_switch, names), 0);
	assert_string_equal(names, "br0 br1 ");
	assert_int_equal(cvsw_ctl_switch_get(ctl, &config, NULL), -ENODEV);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "name: there are several switches, say which");
	assert_int_equal(cvsw_ctl_use(ctl, "br1"), 0);
	assert_int_equal(cvsw_ctl_switch_get(ctl, &config, NULL), 0);
	assert_string_equal(config.name, "br1");
	*names = 0;
	assert_int_equal(cvsw_ctl_switch_dump(ctl, count_switch, names), 0);
	assert_string_equal(names, "br1 ");
	assert_int_equal(cvsw_ctl_use(ctl, "nix"), 0);
	assert_int_equal(cvsw_ctl_switch_dump(ctl, count_switch, names),
			 -ENODEV);
	assert_int_equal(cvsw_ctl_switch_get(ctl, &config, NULL), -ENODEV);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "name: there is no switch called so");
	assert_int_equal(cvsw_ctl_use(ctl, "a name longer than fits"), -EINVAL);
	assert_int_equal(cvsw_ctl_attach(ctl, "eth0"), -EOPNOTSUPP);
	assert_int_equal(cvsw_ctl_detach(ctl, "br1"), -EOPNOTSUPP);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "only the kernel module attaches to interfaces");
	stand_leave(stand, &other);
	cvsw_ctl_close(ctl);
}

static void test_switch_refused(void **state)
{
	static const struct {
		u32		field;
		const char	*text;
	} cases[] = {
		{ CVSW_SWITCH_A_NAME, "name, workers and stats" },
		{ CVSW_SWITCH_A_WORKERS, "name, workers and stats" },
		{ CVSW_SWITCH_A_MISS, "switch.miss: out of range" },
		{ CVSW_SWITCH_A_FRAG_MODE, "switch.frag_mode: out of range" },
	};
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_config config, before, after;
	size_t i;

	cvsw_switch_config(stand->sw, &before);
	config = before;
	config.miss = 9;
	config.frag_mode = 9;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(cvsw_ctl_switch_set(ctl, &config,
						1U << cases[i].field |
						1U << CVSW_SWITCH_A_MAC_AGEING) < 0);
		assert_non_null(strstr(cvsw_ctl_error(ctl)->text,
				       cases[i].text));
		cvsw_switch_config(stand->sw, &after);
		assert_memory_equal(&before, &after, sizeof(after));
	}
	cvsw_ctl_close(ctl);
}

/* Ports */

static int list_port(void *arg, const struct cvsw_port_info *info)
{
	char *text = arg;

	sprintf(text + strlen(text), "%u:%s ", info->no, info->name);
	return 0;
}

static void test_ports(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_port_info info, after;
	char text[128] = "";

	assert_int_equal(cvsw_ctl_port_del(ctl, 2), 0);
	assert_int_equal(cvsw_ctl_port_add(ctl, "test:new", 0, &info), 0);
	assert_int_equal(info.no, 2);	/* the lowest free one */
	assert_string_equal(info.spec, "test:new");
	assert_int_equal(cvsw_ctl_port_add(ctl, "test:far", 700, NULL), 0);
	assert_int_equal(cvsw_ctl_port_dump(ctl, list_port, text), 0);
	assert_string_equal(text, "1:p1 2:new 3:p3 700:far ");

	assert_int_equal(cvsw_ctl_port_get(ctl, 0, "far", &info), 0);
	assert_int_equal(info.no, 700);
	info.config = CVSW_PORT_C_NO_FLOOD | CVSW_PORT_C_DOWN;
	info.antispoof.checks = CVSW_ANTISPOOF_MAC | CVSW_ANTISPOOF_IPV6;
	info.antispoof.mac[5] = 9;
	info.antispoof.n_ipv4 = 2;
	info.antispoof.ipv4[1][3] = 7;
	info.antispoof.n_ipv6 = CVSW_ANTISPOOF_ADDRS;
	info.antispoof.ipv6[7][15] = 5;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_CONFIG |
					   CVSW_PORT_SET_ANTISPOOF,
					   CVSW_PORT_C_NO_FLOOD), 0);
	assert_int_equal(cvsw_port_get(stand->sw, 700, &after), 0);
	assert_int_equal(after.config, CVSW_PORT_C_NO_FLOOD);
	assert_memory_equal(&after.antispoof, &info.antispoof,
			    sizeof(info.antispoof));
	info.mtu = 9000;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_MTU, 0), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 700, NULL, &after), 0);
	assert_int_equal(after.mtu, 9000);
	assert_int_equal(after.mtu_auto, 0);
	assert_int_equal(after.config, CVSW_PORT_C_NO_FLOOD);
	info.mtu_auto = 1;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_MTU, 0), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 700, NULL, &after), 0);
	assert_int_equal(after.mtu, 9000);
	assert_int_equal(after.mtu_auto, 1);
	/* other changes leave it so, an MTU does not */
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_CONFIG,
					   CVSW_PORT_C_NO_FLOOD), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 700, NULL, &after), 0);
	assert_int_equal(after.mtu_auto, 1);
	info.mtu_auto = 0;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_MTU, 0), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 700, NULL, &after), 0);
	assert_int_equal(after.mtu_auto, 0);
	cvsw_ctl_close(ctl);
}

static void test_ports_refused(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_port_info info = { .no = 1, .mtu = 9000 };

	stand->mtu = 2000;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_MTU, 0),
			 -ERANGE);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "mtu: more than the device takes");
	assert_int_equal(cvsw_ctl_port_get(ctl, 9, NULL, &info), -ENODEV);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "port: there is none such");
	assert_int_equal(cvsw_ctl_port_del(ctl, 9), -ENODEV);
	assert_int_equal(cvsw_ctl_port_add(ctl, "tap", 0, NULL), -EINVAL);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "spec: no such kind of port");
	assert_int_equal(cvsw_ctl_port_add(ctl, "test:x", 3, NULL), -EEXIST);
	assert_int_equal(cvsw_ctl_port_add(ctl, "test:x", 0xff00, NULL),
			 -EINVAL);
	assert_int_equal(cvsw_ctl_port_add(ctl, "", 0, NULL), -EINVAL);
	info.no = 1;
	info.config = 0x80;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_CONFIG,
					   1), -ERANGE);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "port.config: out of range");
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, 0, 0), -EINVAL);
	cvsw_ctl_close(ctl);
}

/* what is asked for stays, whatever comes of it */
static void test_offloads(void **state)
{
	const u32 tso = CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6;
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_port_info info = {
		.no = 1, .rx_offload = CVSW_OFFLOAD_CSUM | tso,
		.tx_offload = CVSW_OFFLOAD_CSUM,
		.device_asked = CVSW_DEVICE_TSO,
	};

	stand->wrong = CVSW_OFFLOAD_TSO4;
	stand->tested = true;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_OFFLOAD |
					   CVSW_PORT_SET_DEVICE, 0), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 1, NULL, &info), 0);
	assert_int_equal(info.rx_asked, CVSW_OFFLOAD_CSUM | tso);
	assert_int_equal(info.rx_offload,
			 CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO6);
	assert_int_equal(info.rx_failed, CVSW_OFFLOAD_TSO4);
	assert_int_equal(info.tx_asked, CVSW_OFFLOAD_CSUM);
	assert_int_equal(info.tx_offload, CVSW_OFFLOAD_CSUM);
	assert_int_equal(info.device_asked, CVSW_DEVICE_TSO);
	assert_int_equal(info.device, 0);
	assert_int_equal(info.device_fixed, CVSW_DEVICE_RX_CSUM);
	/* also when something else is set */
	info.mtu = 9000;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_MTU, 0), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 1, NULL, &info), 0);
	assert_int_equal(info.rx_asked, CVSW_OFFLOAD_CSUM | tso);
	assert_int_equal(info.device_asked, CVSW_DEVICE_TSO);
	info.device_asked |= CVSW_DEVICE_CSUM;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_DEVICE, 0),
			 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 1, NULL, &info), 0);
	assert_int_equal(info.device, CVSW_DEVICE_CSUM | CVSW_DEVICE_TSO);
	info.device_asked = 0x80;
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_DEVICE, 0),
			 -ERANGE);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "port.device_asked: out of range");
	cvsw_ctl_close(ctl);
}

static void list_test(void *arg, const struct cvsw_test *test)
{
	char *text = arg;

	sprintf(text + strlen(text), "%x:%u%u%s%s ", test->offload, test->rx,
		test->tx, *test->text ? " " : "", test->text);
}

static void test_self_test(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_port_info info = {
		.no = 2, .tx_offload = CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO6,
	};
	char text[256] = "";

	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_OFFLOAD,
					   0), 0);
	assert_int_equal(cvsw_ctl_port_test(ctl, 2, list_test, text), 0);
	assert_string_equal(text, "1:11 2:11 4:11 ");
	assert_int_equal(cvsw_ctl_port_get(ctl, 2, NULL, &info), 0);
	assert_int_equal(info.tx_offload, info.tx_asked);
	/* what fails is off */
	*text = '\0';
	stand->wrong = CVSW_OFFLOAD_TSO6;
	assert_int_equal(cvsw_ctl_port_test(ctl, 2, list_test, text), 0);
	assert_string_equal(text, "1:11 2:11 4:12 it went wrong ");
	assert_int_equal(cvsw_ctl_port_get(ctl, 2, NULL, &info), 0);
	assert_int_equal(info.tx_offload, CVSW_OFFLOAD_CSUM);
	assert_int_equal(info.tx_failed, CVSW_OFFLOAD_TSO6);
	/* and on again when it does not any more */
	stand->wrong = 0;
	assert_int_equal(cvsw_ctl_port_test(ctl, 2, list_test, text), 0);
	assert_int_equal(cvsw_ctl_port_get(ctl, 2, NULL, &info), 0);
	assert_int_equal(info.tx_offload, info.tx_asked);
	/* none there, no such port */
	stand->mtu = 1;
	assert_int_equal(cvsw_ctl_port_test(ctl, 2, list_test, text),
			 -EOPNOTSUPP);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "self-test: there is none");
	assert_int_equal(cvsw_ctl_port_test(ctl, 9, list_test, text), -ENODEV);
	cvsw_ctl_close(ctl);
}

/* Queues */

static int list_queue(void *arg, const struct cvsw_queue_info *info)
{
	char *text = arg;

	sprintf(text + strlen(text), "%u:%u[%llu-%llu,%llu,%llu,%llu] ",
		info->port, info->id, (unsigned long long)info->min_rate,
		(unsigned long long)info->max_rate,
		(unsigned long long)info->tx_bytes,
		(unsigned long long)info->tx_packets,
		(unsigned long long)info->tx_errors);
	return strlen(text) > 100;
}

static void queues_are(struct cvsw_ctl *ctl, u16 port, const char *want)
{
	char text[256] = "";

	assert_int_equal(cvsw_ctl_queue_dump(ctl, port, list_queue, text), 0);
	assert_string_equal(text, want);
}

static void queue_set(struct cvsw_ctl *ctl, u16 port, u32 id, u64 min, u64 max)
{
	const struct cvsw_queue_info info = {
		.port = port, .id = id, .min_rate = min, .max_rate = max,
		.tx_bytes = 99,
	};

	assert_int_equal(cvsw_ctl_queue_set(ctl, &info), 0);
}

static void test_queues(void **state)
{
	struct cvsw_ctl *ctl = stand_ctl(*state);

	queues_are(ctl, CVSW_PORT_NONE, "");
	queues_are(ctl, 1, "");
	queue_set(ctl, 2, 7, 1000, 20000000000);
	queue_set(ctl, 1, 1, 0, 0);
	queue_set(ctl, 1, 0, 5, 5);
	queues_are(ctl, CVSW_PORT_NONE, "1:0[5-5,0,0,1] 1:1[0-0,1000,1,1] "
					"2:7[1000-20000000000,7000,7,1] ");
	queue_set(ctl, 1, 0, 5, 6);
	queues_are(ctl, 1, "1:0[5-6,0,0,1] 1:1[0-0,1000,1,1] ");
	queues_are(ctl, 3, "");
	assert_int_equal(cvsw_ctl_queue_del(ctl, 1, 0), 0);
	queues_are(ctl, 1, "1:1[0-0,1000,1,1] ");
	queue_set(ctl, 1, CVSW_QUEUE_MAX, 0, 0);
	assert_int_equal(cvsw_ctl_queue_del(ctl, 1, CVSW_QUEUE_ALL), 0);
	queues_are(ctl, CVSW_PORT_NONE, "2:7[1000-20000000000,7000,7,1] ");
	cvsw_ctl_close(ctl);
}

static int count_queue(void *arg, const struct cvsw_queue_info *info)
{
	u32 *n = arg;

	assert_int_equal(info->id, ++*n % STAND_QUEUES);
	return 0;
}

/* more than one message holds, also of one port */
static void test_queues_many(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	u32 n = 0;

	for (stand->n_queues = 0; stand->n_queues < STAND_QUEUES - 1;
	     stand->n_queues++)
		stand->queue[stand->n_queues] = (struct cvsw_queue_info){
			.port = 2, .id = stand->n_queues + 1,
		};
	assert_int_equal(cvsw_ctl_queue_dump(ctl, CVSW_PORT_NONE, count_queue,
					     &n), 0);
	assert_int_equal(n, STAND_QUEUES - 1);
	n = 0;
	assert_int_equal(cvsw_ctl_queue_dump(ctl, 2, count_queue, &n), 0);
	assert_int_equal(n, STAND_QUEUES - 1);
	cvsw_ctl_close(ctl);
}

static void test_queues_refused(void **state)
{
	static const struct {
		struct cvsw_queue_info	info;
		int			err;
		const char		*text;
	} cases[] = {
		{ { .port = 9 }, -ENODEV, "queue: no such port" },
		{ { .port = CVSW_PORT_NONE }, -ENODEV, "queue: no such port" },
		{ { .port = 3 }, -EOPNOTSUPP, "queue: this port has none" },
		{ { .port = 1, .id = CVSW_QUEUE_MAX + 1 }, -EINVAL,
		  "queue: id is too high" },
		{ { .port = 1, .id = CVSW_QUEUE_ALL }, -EINVAL,
		  "queue: id is too high" },
		{ { .port = 1, .min_rate = 2, .max_rate = 1 }, -EINVAL,
		  "queue: max_rate is below min_rate" },
	};
	struct cvsw_ctl *ctl = stand_ctl(*state);
	char text[256] = "";
	size_t i;

	queue_set(ctl, 1, 5, 2, 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(cvsw_ctl_queue_set(ctl, &cases[i].info),
				 cases[i].err);
		assert_string_equal(cvsw_ctl_error(ctl)->text, cases[i].text);
	}
	assert_int_equal(cvsw_ctl_queue_del(ctl, 1, 4), -ENOENT);
	assert_string_equal(cvsw_ctl_error(ctl)->text, "queue: no such id");
	assert_int_equal(cvsw_ctl_queue_del(ctl, 9, 4), -ENODEV);
	assert_int_equal(cvsw_ctl_queue_dump(ctl, 9, list_queue, text),
			 -ENODEV);
	assert_string_equal(cvsw_ctl_error(ctl)->text, "queue: no such port");
	queues_are(ctl, CVSW_PORT_NONE, "1:5[2-0,5000,5,1] ");
	cvsw_ctl_close(ctl);
}

/* Flows */

static int keep_flow(void *arg, const struct cvsw_flow *flow)
{
	struct cvsw_flow *kept = arg;

	*kept = *flow;
	return 0;
}

struct counted {
	unsigned int	n;
	unsigned int	stop_at;
	u64		priorities;	/* their sum */
};

static int count_flow(void *arg, const struct cvsw_flow *flow)
{
	struct counted *counted = arg;

	counted->n++;
	counted->priorities += flow->priority;
	return counted->n == counted->stop_at;
}

static void test_flow(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action actions[] = { output(2), output(3) };
	struct cvsw_flow_mod mod = add(100, 1, actions, 2), filter = {};
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	struct cvsw_flow flow;
	struct counted none = {};

	mod.flow.idle_timeout = 10;
	mod.flow.hard_timeout = 20;
	mod.flow.flags = CVSW_FLOW_F_SEND_REM;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	stand_input(stand, 1, frame, sizeof(frame));
	stand->now += 3 * STAND_SECOND;
	assert_int_equal(stand->sent, 2);
	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, keep_flow, &flow), 0);
	assert_int_equal(flow.packets, 1);
	assert_int_equal(flow.bytes, 60);
	assert_true(flow.age_ns == 3 * STAND_SECOND);
	assert_true(flow.idle_ns == 3 * STAND_SECOND);
	assert_true(flow.cookie == 0x1122334455667788);
	assert_int_equal(flow.priority, 100);
	assert_int_equal(flow.idle_timeout, 10);
	assert_int_equal(flow.hard_timeout, 20);
	assert_int_equal(flow.flags, CVSW_FLOW_F_SEND_REM);
	assert_int_equal(flow.n_actions, 2);
	assert_memory_equal(flow.actions, actions, sizeof(actions));
	assert_memory_equal(&flow.match, &mod.flow.match, sizeof(flow.match));

	filter.out_port = 1;
	assert_int_equal(cvsw_ctl_flow_dump(ctl, &filter, count_flow, &none), 0);
	assert_int_equal(none.n, 0);
	filter.out_port = 3;
	filter.flow.cookie = 0x88;
	filter.cookie_mask = 0xff;
	assert_int_equal(cvsw_ctl_flow_dump(ctl, &filter, count_flow, &none), 0);
	assert_int_equal(none.n, 1);
	cvsw_ctl_close(ctl);
}

/* Geneve options there and back, in filters, and through a state file */

static struct cvsw_opt_match option(u8 type, u8 len)
{
	struct cvsw_opt_match opt = {
		.value = { .opt_class = cpu_to_be16(0x0102), .type = type,
			   .len = len, .data = { 9 } },
		.mask = { 0xff },
	};

	if (!len)
		opt.value.data[0] = opt.mask[0] = 0;
	return opt;
}

static FILE *saved(struct cvsw_ctl *ctl);

static void test_options(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_opt_match opts[] = { option(0x81, 8), option(0x82, 0) };
	struct cvsw_opt_match other = option(0x82, 4);
	struct cvsw_action actions[] = {
		{ .type = CVSW_ACT_TUNNEL_OPT, .opt = opts[0].value },
		{ .type = CVSW_ACT_PUSH, .tunnel = {
			.kind = CVSW_TUNNEL_GENEVE, .family = 4,
			.nw_dst = { 10, 0, 0, 1 } } },
	};
	struct cvsw_flow_mod mod = add(100, 1, actions, 2);
	struct counted found = {};
	struct cvsw_flow flow;
	FILE *file;

	mod.flow.opts = opts;
	mod.flow.n_opts = 2;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	file = saved(ctl);
	mod.flow.n_opts = 0;
	assert_int_equal(cvsw_ctl_flow_replace(ctl, &mod.flow, 1), 0);
	assert_int_equal(cvsw_ctl_restore(ctl, file, CVSW_CTL_RESTORE_ALL), 0);
	fclose(file);
	assert_int_equal(stand_flows(stand), 1);
	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, keep_flow, &flow), 0);
	assert_int_equal(flow.n_opts, 2);
	assert_memory_equal(flow.opts, opts, sizeof(opts));
	assert_int_equal(flow.n_actions, 2);
	assert_memory_equal(flow.actions, actions, sizeof(actions));

	mod = (struct cvsw_flow_mod){ .out_port = CVSW_PORT_NONE };
	mod.flow.n_opts = 1;
	mod.flow.opts = &other;
	assert_int_equal(cvsw_ctl_flow_dump(ctl, &mod, count_flow, &found), 0);
	assert_int_equal(found.n, 0);
	mod.flow.opts = &opts[1];
	assert_int_equal(cvsw_ctl_flow_dump(ctl, &mod, count_flow, &found), 0);
	assert_int_equal(found.n, 1);
	opts[0].value.len = 6;
	mod.flow.opts = &opts[0];
	assert_int_equal(cvsw_ctl_flow_dump(ctl, &mod, count_flow, &found),
			 -EINVAL);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "options: not in order");
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), -EINVAL);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "option: length is not a multiple of 4 up to 124");
	cvsw_ctl_close(ctl);
}

/* a failing flow-mod leaves the table alone and says which it was */
static void test_flow_refused(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action bad[] = { output(2), output(0) };
	struct cvsw_flow_mod mods[3];

	mods[0] = add(1, 1, bad, 1);
	mods[1] = add(2, 1, bad, 2);
	mods[2] = add(3, 1, bad, 1);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, 3), -EINVAL);
	assert_int_equal(cvsw_ctl_error(ctl)->index, 1);
	assert_int_equal(cvsw_ctl_error(ctl)->sub, 1);
	assert_true(strlen(cvsw_ctl_error(ctl)->text) > 0);
	assert_int_equal(stand_flows(stand), 0);

	mods[2].flow.flags = 0x80;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, 3), -ERANGE);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "flow.flags: out of range");
	assert_int_equal(cvsw_ctl_error(ctl)->index, 2);
	assert_int_equal(stand_flows(stand), 0);
	cvsw_ctl_close(ctl);
}

/* more than one message holds: staged, and still all or none */
static void test_bundle(void **state)
{
	enum { MANY = 20000 };
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_flow_mod *mods = calloc(MANY, sizeof(*mods));
	struct cvsw_flow *flows = calloc(MANY, sizeof(*flows));
	struct cvsw_action actions[] = { output(2), output(0) };
	struct counted counted = {};
	unsigned int i;

	for (i = 0; i < MANY; i++)
		mods[i] = add((u16)(i + 1), 1, actions, 1);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, MANY), 0);
	assert_int_equal(stand_flows(stand), MANY);
	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, count_flow, &counted), 0);
	assert_int_equal(counted.n, MANY);
	assert_true(counted.priorities == (u64)MANY * (MANY + 1) / 2);

	/* the last one is bad: the switch finds out at the commit */
	for (i = 0; i < MANY; i++)
		mods[i].flow.priority = (u16)(i + MANY + 1);
	mods[MANY - 7].flow.n_actions = 2;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, MANY), -EINVAL);
	assert_int_equal(cvsw_ctl_error(ctl)->index, MANY - 7);
	assert_int_equal(cvsw_ctl_error(ctl)->sub, 1);
	assert_int_equal(stand_flows(stand), MANY);

	/* or the decoder, while it is filled */
	mods[MANY - 3].flow.flags = 0x40;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, MANY), -ERANGE);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "flow.flags: out of range");
	assert_int_equal(stand_flows(stand), MANY);

	/* a replacement, and a dump that is cut short */
	for (i = 0; i < MANY; i++)
		flows[i] = add((u16)(i + 100), 2, actions, 1).flow;
	assert_int_equal(cvsw_ctl_flow_replace(ctl, flows, MANY), 0);
	assert_int_equal(stand_flows(stand), MANY);
	counted = (struct counted){ .stop_at = 5 };
	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, count_flow, &counted), 0);
	assert_int_equal(counted.n, 5);
	assert_int_equal(cvsw_ctl_flow_replace(ctl, flows, 1), 0);
	assert_int_equal(stand_flows(stand), 1);
	assert_int_equal(cvsw_ctl_flow_replace(ctl, NULL, 0), 0);
	assert_int_equal(stand_flows(stand), 0);
	free(mods);
	free(flows);
	cvsw_ctl_close(ctl);
}

static int step(struct cvsw_ctl *ctl, struct counted *counted)
{
	return cvsw_ctl_flow_dump_step(ctl, 0, count_flow, counted);
}

/* datagram by datagram, which is some hundred flows each */
static void test_dump_steps(void **state)
{
	enum { MANY = 5000 };
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_flow_mod *mods = calloc(MANY, sizeof(*mods)), filter = {};
	struct cvsw_action actions[] = { output(2), output(3) };
	struct counted counted = { .stop_at = 1 };	/* does not count */
	struct cvsw_ctl_event event;
	unsigned int i, steps = 0;
	int more;

	assert_int_equal(step(ctl, &counted), -EINVAL);
	assert_string_equal(cvsw_ctl_error(ctl)->text, "no dump was begun");
	for (i = 0; i < MANY; i++)
		mods[i] = add((u16)(i + 1), 1, actions, i % 2 + 1);
	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, MANY), 0);

	assert_int_equal(cvsw_ctl_flow_dump_begin(ctl, NULL), 0);
	while ((more = step(ctl, &counted)) == 1) {
		assert_in_range(counted.n - steps, 1, MANY / 4);
		steps = counted.n;
		assert_int_equal(cvsw_ctl_port_del(ctl, 1), -EBUSY);
		assert_string_equal(cvsw_ctl_error(ctl)->text,
				    "a dump is under way");
		assert_int_equal(cvsw_ctl_flow_dump_begin(ctl, NULL), -EBUSY);
		assert_int_equal(cvsw_ctl_event(ctl, 0, &event), -EBUSY);
	}
	assert_int_equal(more, 0);
	assert_int_equal(counted.n, MANY);
	assert_true(counted.priorities == (u64)MANY * (MANY + 1) / 2);
	assert_int_equal(step(ctl, &counted), -EINVAL);

	/* some, none, and a filter that is refused */
	filter.out_port = 3;
	counted = (struct counted){};
	assert_int_equal(cvsw_ctl_flow_dump_begin(ctl, &filter), 0);
	while ((more = step(ctl, &counted)) == 1)
		;
	assert_int_equal(more, 0);
	assert_int_equal(counted.n, MANY / 2);
	filter.out_port = 77;
	assert_int_equal(cvsw_ctl_flow_dump_begin(ctl, &filter), 0);
	while ((more = step(ctl, &counted)) == 1)
		;
	assert_int_equal(more, 0);
	assert_int_equal(counted.n, MANY / 2);
	assert_int_equal(cvsw_ctl_use(ctl, "nix"), 0);
	assert_int_equal(cvsw_ctl_flow_dump_begin(ctl, NULL), 0);
	assert_int_equal(step(ctl, &counted), -ENODEV);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "name: there is no switch called so");
	assert_int_equal(step(ctl, &counted), -EINVAL);
	free(mods);
	cvsw_ctl_close(ctl);
}

/* Frames */

struct traced {
	char	text[256];
	u8	frame[64];
	u32	len;
};

static void keep_step(void *arg, const struct cvsw_ctl_step *step)
{
	static const char *const names[] = {
		"?", "lookup", "match", "action", "output", "controller", "drop"
	};
	struct traced *traced = arg;
	char *end = traced->text + strlen(traced->text);

	sprintf(end, "%s", names[step->what]);
	if (step->what == CVSW_TRACE_LOOKUP)
		sprintf(end, "lookup(%u)", step->key->in_port);
	if (step->what == CVSW_TRACE_MATCH && step->flow)
		sprintf(end, "match(%u)", step->flow->priority);
	if (step->what == CVSW_TRACE_ACTION)
		sprintf(end, "action(%u,%u)", step->index, step->action->type);
	if (step->what == CVSW_TRACE_OUTPUT)
		sprintf(end, "output(%u)", step->port);
	if (step->what == CVSW_TRACE_DROP)
		sprintf(end, "drop(%s)", step->drop_name);
	strcat(traced->text, " ");
	if (step->frame) {
		traced->len = step->len;
		memcpy(traced->frame, step->frame,
		       min_t(u32, step->frame_len, sizeof(traced->frame)));
	}
}

static void test_trace(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action actions[] = {
		output(2), { .type = CVSW_ACT_SET_DL_SRC, .mac = { 6, 6 } },
		output(3)
	};
	struct cvsw_flow_mod mod = add(100, 1, actions, 3);
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	struct traced traced = {};

	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	assert_int_equal(cvsw_ctl_trace(ctl, 1, frame, sizeof(frame), keep_step,
					&traced), 0);
	assert_string_equal(traced.text, "lookup(1) match(100) action(0,0) "
			    "output(2) action(1,4) action(2,0) output(3) ");
	assert_int_equal(traced.len, 60);
	assert_int_equal(traced.frame[6], 6);	/* as rewritten */
	assert_int_equal(stand->sent, 0);

	memset(&traced, 0, sizeof(traced));
	assert_int_equal(cvsw_ctl_trace(ctl, 2, frame, sizeof(frame), keep_step,
					&traced), 0);
	assert_string_equal(traced.text, "lookup(2) match drop(miss) ");
	assert_int_equal(cvsw_ctl_trace(ctl, 9, frame, sizeof(frame), keep_step,
					&traced), -ENODEV);
	assert_string_equal(cvsw_ctl_error(ctl)->text,
			    "in_port: there is no such port");
	cvsw_ctl_close(ctl);
}

/* Paths */

enum { PATHS = 5000 };	/* more than one message holds */

struct path_list {
	struct cvsw_path_info	info[PATHS];
	unsigned int		n;
	unsigned int		max;
};

static int list_path(void *arg, const struct cvsw_path_info *info)
{
	struct path_list *list = arg;

	assert_true(list->n < PATHS);
	list->info[list->n++] = *info;
	return list->n == list->max;
}

static int path_order(const void *a, const void *b)
{
	const struct cvsw_path_info *x = a, *y = b;

	return memcmp(x->addr, y->addr, sizeof(x->addr));
}

static void path_dump(struct cvsw_ctl *ctl, struct path_list *list)
{
	list->n = 0;
	assert_int_equal(cvsw_ctl_path_dump(ctl, list_path, list), 0);
	qsort(list->info, list->n, sizeof(list->info[0]), path_order);
}

static void test_paths(void **state)
{
	struct path_list *list = calloc(2, sizeof(*list)), *own = list + 1;
	struct cvsw_flow *flows = calloc(PATHS, sizeof(*flows));
	struct cvsw_action *acts = calloc(PATHS, sizeof(*acts));
	const struct cvsw_way way = {
		.dl_src = { 2, 1 }, .dl_dst = { 2, 2 }, .port = 3, .mtu = 1400,
		.nw_src = { 10, 1, 2, 3 },
	};
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	unsigned int i;

	path_dump(ctl, list);
	assert_int_equal(list->n, 0);
	for (i = 0; i < PATHS; i++) {
		struct cvsw_tunnel *tun = &acts[i].tunnel;

		acts[i].type = CVSW_ACT_PUSH;
		tun->kind = CVSW_TUNNEL_VXLAN;
		tun->family = i % 2 ? 6 : 4;
		put_unaligned_be32(0x0a000000 + i, tun->nw_dst);
		memcpy(tun->nw_dst + 4, "six six six", tun->family == 6 ? 12 : 0);
		if (i % 4 < 2) {
			memset(tun->nw_src, 1, tun->family == 6 ? 16 : 4);
			memset(tun->dl_src, 2, 6);
			memset(tun->dl_dst, 4, 6);
		}
		flows[i].actions = &acts[i];
		flows[i].n_actions = 1;
		flows[i].priority = (u16)i;
	}
	assert_int_equal(cvsw_ctl_flow_replace(ctl, flows, PATHS), 0);
	assert_int_equal(cvsw_path_set(stand->sw, 4, acts[2].tunnel.nw_dst,
				       &way), 0);
	assert_int_equal(cvsw_path_set(stand->sw, 6, acts[3].tunnel.nw_dst,
				       NULL), 0);
	path_dump(ctl, list);
	assert_int_equal(list->n, PATHS);
	cvsw_paths_walk(stand->sw, stand->now, list_path, own);
	qsort(own->info, PATHS, sizeof(own->info[0]), path_order);
	for (i = 0; i < PATHS; i++)
		assert_memory_equal(&list->info[i], &own->info[i],
				    sizeof(own->info[i]));
	assert_int_equal(list->info[1].state, CVSW_PATH_FIXED);
	assert_int_equal(list->info[2].state, CVSW_PATH_KNOWN);
	assert_memory_equal(&list->info[2].way, &way, sizeof(way));
	assert_int_equal(list->info[3].state, CVSW_PATH_ABSENT);
	assert_int_equal(list->info[6].state, CVSW_PATH_ASKED);
	list->max = 7;
	path_dump(ctl, list);
	assert_int_equal(list->n, 7);
	cvsw_ctl_close(ctl);
	free(list);
	free(flows);
	free(acts);
}

struct drop_sum {
	u64		frames;
	unsigned int	causes;
	char		last[32];
};

static void sum_drops(void *arg, const char *name, const char *text,
		      u64 frames)
{
	struct drop_sum *sum = arg;

	sum->causes++;
	sum->frames += frames;
	if (frames)
		strcpy(sum->last, name);
	assert_true(*text && strcmp(text, name));
}

static void test_packet_out_and_drops(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action actions[] = { output(3), output(0) };
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	u8 *big = calloc(1, 70000);
	struct drop_sum sum = {};

	assert_int_equal(cvsw_ctl_packet_out(ctl, CVSW_PORT_NONE, frame,
					     sizeof(frame), actions, 1), 0);
	assert_int_equal(stand->sent, 1);
	assert_int_equal(stand->port, 3);
	assert_memory_equal(stand->frame, frame, sizeof(frame));
	assert_int_equal(cvsw_ctl_packet_out(ctl, 1, frame, sizeof(frame),
					     actions, 2), -EINVAL);
	assert_int_equal(cvsw_ctl_error(ctl)->sub, 1);
	assert_int_equal(stand->sent, 1);
	assert_int_equal(cvsw_ctl_packet_out(ctl, 1, big, 70000, actions, 1),
			 -EMSGSIZE);
	stand_input(stand, 1, frame, sizeof(frame));
	stand_input(stand, 1, frame, sizeof(frame));
	assert_int_equal(cvsw_ctl_drops(ctl, sum_drops, &sum), 0);
	assert_int_equal(sum.frames, 2);
	assert_int_equal(sum.causes, CVSW_DROP_COUNT - 1);
	assert_string_equal(sum.last, "miss");
	free(big);
	cvsw_ctl_close(ctl);
}

static void test_packet_outs(void **state)
{
	enum { MANY = 100 };
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action actions[] = { output(3), output(0) };
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	struct cvsw_ctl_packet_out outs[MANY];
	unsigned int i;

	for (i = 0; i < MANY; i++)
		outs[i] = (struct cvsw_ctl_packet_out){
			.frame = frame, .len = sizeof(frame),
			.actions = actions, .n_actions = i % 10 ? 1 : 2,
			.in_port = CVSW_PORT_NONE, .ret = 5, .sub = 5,
		};
	outs[7].len = 70000;	/* is not sent at all */
	assert_int_equal(cvsw_ctl_packet_outs(ctl, outs, MANY), 0);
	assert_int_equal(stand->sent, MANY - MANY / 10 - 1);
	for (i = 0; i < MANY; i++) {
		assert_int_equal(outs[i].sub, i % 10 ? -1 : 1);
		assert_int_equal(outs[i].ret, i == 7 ? -EMSGSIZE :
				 i % 10 ? 0 : -EINVAL);
	}
	assert_int_equal(cvsw_ctl_packet_outs(ctl, outs, 0), 0);
	cvsw_ctl_close(ctl);
}

/* Events */

static void test_events(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand), *listener = stand_ctl(stand);
	struct cvsw_action actions[] = { output(2) };
	struct cvsw_flow_mod mod = add(100, 1, actions, 1);
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	struct cvsw_config config = { .miss = CVSW_MISS_CONTROLLER,
				      .miss_send_len = 20 };
	struct cvsw_ctl_event event;

	assert_int_equal(cvsw_ctl_switch_set(ctl, &config,
			 1U << CVSW_SWITCH_A_MISS |
			 1U << CVSW_SWITCH_A_MISS_SEND_LEN), 0);
	assert_int_equal(cvsw_ctl_subscribe(listener, CVSW_NL_GROUP_FLOW |
					    CVSW_NL_GROUP_PORT |
					    CVSW_NL_GROUP_PACKET_IN), 0);
	assert_int_equal(cvsw_ctl_event(listener, 0, &event), 0);

	mod.flow.flags = CVSW_FLOW_F_SEND_REM;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	mod.cmd = CVSW_FLOW_DEL;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	assert_int_equal(cvsw_ctl_event(listener, 0, &event), 1);
	assert_int_equal(event.cmd, CVSW_CMD_FLOW_REMOVED);
	assert_int_equal(event.reason, CVSW_REMOVED_DELETE);
	assert_string_equal(event.name, "br0");
	assert_int_equal(event.flow->priority, 100);
	assert_int_equal(event.flow->n_actions, 1);

	assert_int_equal(cvsw_ctl_port_add(ctl, "test:x", 0, NULL), 0);
	assert_int_equal(cvsw_ctl_event(listener, 0, &event), 1);
	assert_int_equal(event.cmd, CVSW_CMD_PORT_EVENT);
	assert_int_equal(event.reason, CVSW_EVENT_PORT_ADD);
	assert_string_equal(event.port->name, "x");

	stand_input(stand, 3, frame, sizeof(frame));
	assert_int_equal(cvsw_ctl_event(listener, 0, &event), 1);
	assert_int_equal(event.cmd, CVSW_CMD_PACKET_IN);
	assert_int_equal(event.reason, CVSW_PACKET_IN_MISS);
	assert_int_equal(event.in_port, 3);
	assert_int_equal(event.len, 60);
	assert_int_equal(event.frame_len, 20);
	assert_memory_equal(event.frame, frame, 20);
	assert_true(event.cookie == ~0ull);

	/* other calls on the same connection work between events */
	stand_input(stand, 3, frame, sizeof(frame));
	assert_int_equal(cvsw_ctl_port_del(listener, 3), 0);
	assert_int_equal(cvsw_ctl_subscribe(listener, 0), 0);
	cvsw_ctl_close(listener);
	cvsw_ctl_close(ctl);
}

/* State */

static FILE *saved(struct cvsw_ctl *ctl)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(cvsw_ctl_save(ctl, file), 0);
	rewind(file);
	return file;
}

static void test_save_restore(void **state)
{
	struct stand *stand = *state, *fresh = calloc(1, sizeof(*fresh));
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action actions[] = { output(2) };
	struct cvsw_flow_mod mod = add(100, 1, actions, 1);
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	struct cvsw_port_info info = { .no = 2,
				       .config = CVSW_PORT_C_NO_FLOOD };
	struct cvsw_config config = { .miss = CVSW_MISS_PASS };
	struct cvsw_flow flow;
	FILE *file;

	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	assert_int_equal(cvsw_ctl_port_set(ctl, &info, CVSW_PORT_SET_CONFIG,
					   CVSW_PORT_C_MASK), 0);
	assert_int_equal(cvsw_ctl_switch_set(ctl, &config,
					     1U << CVSW_SWITCH_A_MISS), 0);
	queue_set(ctl, 2, 4, 10, 20);
	stand_input(stand, 1, frame, sizeof(frame));
	stand->now += 5 * STAND_SECOND;
	file = saved(ctl);
	cvsw_ctl_close(ctl);

	stand_open(fresh, "br9", 1);
	ctl = stand_ctl(fresh);
	mod.flow.priority = 7;	/* must be gone afterwards */
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	assert_int_equal(cvsw_ctl_restore(ctl, file, CVSW_CTL_RESTORE_ALL), 0);
	cvsw_switch_config(fresh->sw, &config);
	assert_int_equal(config.miss, CVSW_MISS_PASS);
	assert_string_equal(config.name, "br9");
	assert_int_equal(cvsw_port_get(fresh->sw, 2, &info), 0);
	assert_string_equal(info.spec, "test:p2");
	assert_int_equal(info.config, CVSW_PORT_C_NO_FLOOD);
	assert_int_equal(cvsw_port_get(fresh->sw, 3, &info), 0);
	assert_int_equal(stand_flows(fresh), 1);
	assert_int_equal(cvsw_ctl_flow_dump(ctl, NULL, keep_flow, &flow), 0);
	assert_int_equal(flow.priority, 100);
	assert_int_equal(flow.packets, 1);
	assert_int_equal(flow.bytes, 60);
	assert_true(flow.age_ns == 5 * STAND_SECOND);
	queues_are(ctl, CVSW_PORT_NONE, "2:4[10-20,4000,4,1] ");
	fclose(file);
	cvsw_ctl_close(ctl);
	stand_close(fresh);
	free(fresh);
}

/* of equal priorities the one installed first wins, also afterwards; a flow
 * with a timeout may be dumped at another place than one without */
static void test_restore_order(void **state)
{
	enum { N = 40 };
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	u8 frame[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	struct cvsw_action actions[2] = { output(2), output(3) };
	struct cvsw_flow_mod mod;
	unsigned int i, round;
	FILE *file;

	for (round = 0; round < 2; round++) {
		/* all hit the frame; the first one goes to port 2 + round */
		for (i = 0; i < N; i++) {
			mod = add(5, 1, &actions[i ? !round : round], 1);
			mod.flow.match.value.dl_type =
				i ? (__force __be16)0 : cpu_to_be16(0x88b5);
			mod.flow.match.mask.dl_type =
				i ? (__force __be16)0 : (__force __be16)0xffff;
			mod.flow.match.value.dl_src[5] = i ? 1 : 0;
			mod.flow.match.mask.dl_src[5] = i ? (u8)(i << 1 | 1) : 0;
			mod.flow.idle_timeout = (i + round) & 1 ? 1000 : 0;
			assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
			stand->now += STAND_SECOND;
		}
		stand_input(stand, 1, frame, sizeof(frame));
		assert_int_equal(stand->port, 2 + round);
		file = saved(ctl);
		assert_int_equal(cvsw_ctl_flow_replace(ctl, NULL, 0), 0);
		assert_int_equal(cvsw_ctl_restore(ctl, file,
						  CVSW_CTL_RESTORE_ALL), 0);
		fclose(file);
		stand->port = 0;
		stand_input(stand, 1, frame, sizeof(frame));
		assert_int_equal(stand->port, 2 + round);
		assert_int_equal(cvsw_ctl_flow_replace(ctl, NULL, 0), 0);
	}
	cvsw_ctl_close(ctl);
}

/* every prefix is refused and changes nothing */
static void test_restore_damaged(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action actions[] = { output(2) };
	struct cvsw_flow_mod mod = add(100, 1, actions, 1);
	u8 data[4096];
	size_t len, n;
	FILE *file;

	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	file = saved(ctl);
	len = fread(data, 1, sizeof(data), file);
	fclose(file);
	assert_in_range(len, 100, sizeof(data) - 1);
	mod.cmd = CVSW_FLOW_DEL;
	assert_int_equal(cvsw_ctl_flow_mods(ctl, &mod, 1), 0);
	for (n = 0; n < len - 4; n++) {
		file = fmemopen(data, n ? n : 1, "r");
		assert_int_equal(cvsw_ctl_restore(ctl, file,
						  CVSW_CTL_RESTORE_ALL),
				 -EBADMSG);
		fclose(file);
		assert_int_equal(stand_flows(stand), 0);
	}
	cvsw_ctl_close(ctl);
}

/* bytes changed at random: whatever it says, a refused file changes nothing */
static void test_restore_random(void **state)
{
	struct stand *stand = *state;
	struct cvsw_ctl *ctl = stand_ctl(stand);
	struct cvsw_action actions[] = { output(2), output(3) };
	struct cvsw_flow_mod mods[2] = { add(100, 1, actions, 2),
					 add(200, 0, actions, 1) };
	struct cvsw_config before, after;
	u64 seed = test_seed();
	u8 data[4096], copy[4096];
	unsigned int i, n, refused = 0, flows;
	size_t len;
	FILE *file;

	assert_int_equal(cvsw_ctl_flow_mods(ctl, mods, 2), 0);
	file = saved(ctl);
	len = fread(data, 1, sizeof(data), file);
	fclose(file);
	for (i = 0; i < 2000; i++) {
		memcpy(copy, data, len);
		for (n = test_below(&seed, 4) + 1; n; n--)
			copy[test_below(&seed, (u32)len)] =
				(u8)test_rand(&seed);
		cvsw_switch_config(stand->sw, &before);
		flows = stand_flows(stand);
		file = fmemopen(copy, len, "r");
		if (cvsw_ctl_restore(ctl, file, CVSW_CTL_RESTORE_ALL) ==
		    -EBADMSG) {
			refused++;
			cvsw_switch_config(stand->sw, &after);
			assert_memory_equal(&before, &after, sizeof(after));
			assert_int_equal(stand_flows(stand), flows);
		}
		fclose(file);
	}
	assert_in_range(refused, 100, 1999);
	cvsw_ctl_close(ctl);
}

/* Opening */

static void test_open(void **state)
{
	struct cvsw_ctl_error err;
	struct cvsw_ctl *ctl;
	char path[200];

	assert_int_equal(cvsw_ctl_open(&ctl, "netlink:eth0", &err),
			 -EOPNOTSUPP);
	assert_memory_equal(err.text, "netlink:eth0: ", 14);
	assert_int_equal(cvsw_ctl_open(&ctl, "unix:/nonexistent/sock", &err),
			 -ENOENT);
	assert_string_equal(err.text,
			    "/nonexistent/sock: No such file or directory");
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(cvsw_ctl_open(&ctl, path, NULL), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_switch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_switch_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_ports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ports_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_offloads, setup, teardown),
		cmocka_unit_test_setup_teardown(test_self_test, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queues, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queues_many, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_queues_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_flow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_options, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flow_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_bundle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dump_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_packet_out_and_drops,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_packet_outs, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_events, setup, teardown),
		cmocka_unit_test_setup_teardown(test_save_restore, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_restore_order, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_restore_damaged, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_restore_random, setup,
						teardown),
		cmocka_unit_test(test_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The settings: what each is called, and how its value is read. */

#include "conf_priv.h"

static int set_daemon(struct conf *c, struct conf_sw *s, const char *value)
{
	return setting_bool(&c->settings, value, &c->daemon);
}

static int set_no_self_test(struct conf *c, struct conf_sw *s,
			    const char *value)
{
	return setting_bool(&c->settings, value, &c->no_self_test);
}

static int set_pidfile(struct conf *c, struct conf_sw *s, const char *value)
{
	return setting_string(&c->settings, &c->pidfile, value);
}

static int set_restore(struct conf *c, struct conf_sw *s, const char *value)
{
	return setting_string(&c->settings, &c->restore, value);
}

static int set_socket(struct conf *c, struct conf_sw *s, const char *value)
{
	return setting_string(&c->settings, &c->socket, value);
}

static int set_state(struct conf *c, struct conf_sw *s, const char *value)
{
	return setting_string(&c->settings, &c->state, value);
}

static int set_syslog(struct conf *c, struct conf_sw *s, const char *value)
{
	return setting_bool(&c->settings, value, &c->syslog);
}

static int set_workers(struct conf *c, struct conf_sw *s, const char *value)
{
	u64 n;
	int ret = setting_number(&c->settings, value, 1, CVSW_WORKERS_MAX - 1,
				 &n);

	c->workers = (unsigned int)n;
	return ret;
}

static int set_datapath_id(struct conf *c, struct conf_sw *s,
			   const char *value)
{
	u64 n;
	int ret = setting_number(&c->settings, value, 0, UINT64_MAX, &n);

	s->config.datapath_id = n;
	return ret;
}

static int set_flows(struct conf *c, struct conf_sw *s, const char *value)
{
	return setting_string(&c->settings, &s->flows, value);
}

static int set_frag_mode(struct conf *c, struct conf_sw *s,
			 const char *value)
{
	static const struct setting_word words[] = {
		{ "normal", CVSW_FRAG_MODE_NORMAL },
		{ "drop", CVSW_FRAG_MODE_DROP },
		{ "nx-match", CVSW_FRAG_MODE_NX_MATCH },
		{}
	};

	return setting_word(&c->settings, words, value, &s->config.frag_mode);
}

/* a number of at least @min */
static int set_u16(struct conf *c, const char *value, u16 min, __u16 *to)
{
	u64 n;
	int ret = setting_number(&c->settings, value, min, UINT16_MAX, &n);

	*to = (u16)n;
	return ret;
}

static int set_mac_ageing(struct conf *c, struct conf_sw *s,
			  const char *value)
{
	return set_u16(c, value, 1, &s->config.mac_ageing);
}

static int set_max_flows(struct conf *c, struct conf_sw *s,
			 const char *value)
{
	u64 n;
	int ret = setting_number(&c->settings, value, 1, 1 << 24, &n);

	s->config.max_flows = (u32)n;
	return ret;
}

static int set_miss(struct conf *c, struct conf_sw *s, const char *value)
{
	static const struct setting_word words[] = {
		{ "pass", CVSW_MISS_PASS },
		{ "drop", CVSW_MISS_DROP },
		{ "controller", CVSW_MISS_CONTROLLER },
		{}
	};

	return setting_word(&c->settings, words, value, &s->config.miss);
}

static int set_miss_send_len(struct conf *c, struct conf_sw *s,
			     const char *value)
{
	return set_u16(c, value, 0, &s->config.miss_send_len);
}

/* the same for both reasons; a second of it may come at once */
static int set_packet_in_rate(struct conf *c, struct conf_sw *s,
			      const char *value)
{
	u64 n;
	int ret = setting_number(&c->settings, value, 0, 1000000, &n);
	unsigned int i;

	for (i = 0; i < CVSW_PACKET_IN_REASONS; i++) {
		s->config.packet_in_rate[i] = (u32)n;
		s->config.packet_in_burst[i] = (u32)max_t(u64, n / 4, 1);
	}
	return ret;
}

static int set_port(struct conf *c, struct conf_sw *s, const char *value)
{
	struct port_spec *ports;
	char why[256];

	ports = reallocarray(s->ports, s->n_ports + 1, sizeof(*ports));
	if (!ports)
		return settings_fail(&c->settings, "no memory");
	s->ports = ports;
	if (port_spec_parse(value, &ports[s->n_ports], why, sizeof(why)))
		return settings_fail(&c->settings, "%s", why);
	s->n_ports++;
	return 0;
}

static int set_vxlan_port(struct conf *c, struct conf_sw *s,
			  const char *value)
{
	return set_u16(c, value, 1, &s->config.vxlan_port);
}

static int set_geneve_port(struct conf *c, struct conf_sw *s,
			   const char *value)
{
	return set_u16(c, value, 1, &s->config.geneve_port);
}

static int set_stt_port(struct conf *c, struct conf_sw *s,
			const char *value)
{
	return set_u16(c, value, 1, &s->config.stt_port);
}

const struct setting conf_items[] = {
	{ "daemon",	0, false, NULL, set_daemon, "run in the background" },
	{ "no-self-test", 0, false, NULL, set_no_self_test, "take offloads at their word" },
	{ "pidfile",	0, false, "FILE", set_pidfile, "write the process id there" },
	{ "restore",	0, false, "FILE", set_restore, "bring back flows and counters" },
	{ "socket",	's', false, "SOCKET", set_socket, "control socket (" CONF_SOCKET ")" },
	{ "state",	0, false, "FILE", set_state, "keep flows and counters there" },
	{ "syslog",	0, false, NULL, set_syslog, "messages go to syslog" },
	{ "workers",	'w', false, "N", set_workers, "threads that move frames (1)" },
	{ "datapath-id", 0, true, "N", set_datapath_id, "OpenFlow datapath id" },
	{ "flows",	0, true, "FILE", set_flows, "flows to start with" },
	{ "frag-mode",	0, true, "MODE", set_frag_mode, "normal, drop or nx-match" },
	{ "geneve-port", 0, true, "N", set_geneve_port, "the same for Geneve" },
	{ "mac-ageing",	0, true, "SECONDS", set_mac_ageing, "life of a learnt MAC (300)" },
	{ "max-flows",	0, true, "N", set_max_flows, "bound of the flow table" },
	{ "miss",	0, true, "POLICY", set_miss, "pass, drop or controller (pass)" },
	{ "miss-send-len", 0, true, "N", set_miss_send_len, "bytes of a missed frame to send" },
	{ "packet-in-rate", 0, true, "N", set_packet_in_rate, "packet-ins per second (0: all)" },
	{ "port",	'p', true, "SPEC", set_port, "a port, see below" },
	{ "stt-port",	0, true, "N", set_stt_port, "TCP port whose frames show their STT id" },
	{ "vxlan-port",	0, true, "N", set_vxlan_port, "UDP port whose frames show their VNI" },
};

const unsigned int conf_items_n = ARRAY_SIZE(conf_items);
static_assert(ARRAY_SIZE(conf_items) <= SETTINGS_MAX, "options of getopt");

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The settings: what each is called, and how its value is read. */

#include "conf_priv.h"

#include <stdarg.h>
#include <stdio.h>

/* keeps the first reason */
int conf_fail(struct conf *c, const char *format, ...)
{
	va_list args;

	if (!*c->why) {
		va_start(args, format);
		vsnprintf(c->why, sizeof(c->why), format, args);
		va_end(args);
	}
	return -EINVAL;
}

/* Values */

int conf_string(struct conf *c, char **to, const char *value)
{
	char *copy;

	if (!*value)
		return conf_fail(c, "a value is missing");
	copy = strdup(value);
	if (!copy)
		return conf_fail(c, "no memory");
	free(*to);
	*to = copy;
	return 0;
}

static int conf_number(struct conf *c, const char *value, u64 low, u64 high,
		       u64 *to)
{
	char *end;

	errno = 0;
	*to = strtoull(value, &end, 0);
	if (*value < '0' || *value > '9' || *end)
		return conf_fail(c, "`%s` is not a number", value);
	if (errno || *to < low || *to > high)
		return conf_fail(c, "`%s` is not between %llu and %llu", value,
				 low, high);
	return 0;
}

static int conf_bool(struct conf *c, const char *value, bool *to)
{
	*to = !value || !strcmp(value, "yes");
	if (!*to && strcmp(value, "no"))
		return conf_fail(c, "`%s` is neither yes nor no", value);
	return 0;
}

struct conf_word {
	const char	*word;
	u8		value;
};

static int conf_word(struct conf *c, const struct conf_word *words,
		     const char *value, u8 *to)
{
	for (; words->word; words++) {
		if (!strcmp(words->word, value)) {
			*to = words->value;
			return 0;
		}
	}
	return conf_fail(c, "`%s` is not one of its values", value);
}

/* Settings */

static int set_daemon(struct conf *c, struct conf_switch *s, const char *value)
{
	return conf_bool(c, value, &c->daemon);
}

static int set_no_self_test(struct conf *c, struct conf_switch *s,
			    const char *value)
{
	return conf_bool(c, value, &c->no_self_test);
}

static int set_pidfile(struct conf *c, struct conf_switch *s, const char *value)
{
	return conf_string(c, &c->pidfile, value);
}

static int set_restore(struct conf *c, struct conf_switch *s, const char *value)
{
	return conf_string(c, &c->restore, value);
}

static int set_socket(struct conf *c, struct conf_switch *s, const char *value)
{
	return conf_string(c, &c->socket, value);
}

static int set_state(struct conf *c, struct conf_switch *s, const char *value)
{
	return conf_string(c, &c->state, value);
}

static int set_syslog(struct conf *c, struct conf_switch *s, const char *value)
{
	return conf_bool(c, value, &c->syslog);
}

static int set_workers(struct conf *c, struct conf_switch *s, const char *value)
{
	u64 n;
	int ret = conf_number(c, value, 1, CVSW_WORKERS_MAX - 1, &n);

	c->workers = (unsigned int)n;
	return ret;
}

static int set_datapath_id(struct conf *c, struct conf_switch *s,
			   const char *value)
{
	u64 n;
	int ret = conf_number(c, value, 0, UINT64_MAX, &n);

	s->config.datapath_id = n;
	return ret;
}

static int set_flows(struct conf *c, struct conf_switch *s, const char *value)
{
	return conf_string(c, &s->flows, value);
}

static int set_frag_mode(struct conf *c, struct conf_switch *s,
			 const char *value)
{
	static const struct conf_word words[] = {
		{ "normal", CVSW_FRAG_MODE_NORMAL },
		{ "drop", CVSW_FRAG_MODE_DROP },
		{ "nx-match", CVSW_FRAG_MODE_NX_MATCH },
		{}
	};

	return conf_word(c, words, value, &s->config.frag_mode);
}

/* a number of at least @min */
static int set_u16(struct conf *c, const char *value, u16 min, __u16 *to)
{
	u64 n;
	int ret = conf_number(c, value, min, UINT16_MAX, &n);

	*to = (u16)n;
	return ret;
}

static int set_mac_ageing(struct conf *c, struct conf_switch *s,
			  const char *value)
{
	return set_u16(c, value, 1, &s->config.mac_ageing);
}

static int set_max_flows(struct conf *c, struct conf_switch *s,
			 const char *value)
{
	u64 n;
	int ret = conf_number(c, value, 1, 1 << 24, &n);

	s->config.max_flows = (u32)n;
	return ret;
}

static int set_miss(struct conf *c, struct conf_switch *s, const char *value)
{
	static const struct conf_word words[] = {
		{ "pass", CVSW_MISS_PASS },
		{ "drop", CVSW_MISS_DROP },
		{ "controller", CVSW_MISS_CONTROLLER },
		{}
	};

	return conf_word(c, words, value, &s->config.miss);
}

static int set_miss_send_len(struct conf *c, struct conf_switch *s,
			     const char *value)
{
	return set_u16(c, value, 0, &s->config.miss_send_len);
}

/* the same for both reasons; a second of it may come at once */
static int set_packet_in_rate(struct conf *c, struct conf_switch *s,
			      const char *value)
{
	u64 n;
	int ret = conf_number(c, value, 0, 1000000, &n);
	unsigned int i;

	for (i = 0; i < CVSW_PACKET_IN_REASONS; i++) {
		s->config.packet_in_rate[i] = (u32)n;
		s->config.packet_in_burst[i] = (u32)max_t(u64, n / 4, 1);
	}
	return ret;
}

static int set_port(struct conf *c, struct conf_switch *s, const char *value)
{
	struct port_spec *ports;
	char why[256];

	ports = reallocarray(s->ports, s->n_ports + 1, sizeof(*ports));
	if (!ports)
		return conf_fail(c, "no memory");
	s->ports = ports;
	if (port_spec_parse(value, &ports[s->n_ports], why, sizeof(why)))
		return conf_fail(c, "%s", why);
	s->n_ports++;
	return 0;
}

static int set_vxlan_port(struct conf *c, struct conf_switch *s,
			  const char *value)
{
	return set_u16(c, value, 1, &s->config.vxlan_port);
}

static int set_geneve_port(struct conf *c, struct conf_switch *s,
			   const char *value)
{
	return set_u16(c, value, 1, &s->config.geneve_port);
}

static int set_stt_port(struct conf *c, struct conf_switch *s,
			const char *value)
{
	return set_u16(c, value, 1, &s->config.stt_port);
}

const struct conf_item conf_items[] = {
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
static_assert(ARRAY_SIZE(conf_items) <= CONF_ITEMS_MAX, "options of getopt");

/* Switches */

int conf_switch_select(struct conf *c, const char *name)
{
	struct conf_switch *sw;
	unsigned int i;

	for (i = 0; i < c->n_sw; i++) {
		if (!strcmp(c->sw[i].config.name, name)) {
			c->current = (int)i;
			return 0;
		}
	}
	if (!*name || strlen(name) >= CVSW_NAME_LEN)
		return conf_fail(c, "`%s`: a switch's name has 1 to %d characters",
				 name, CVSW_NAME_LEN - 1);
	sw = reallocarray(c->sw, c->n_sw + 1, sizeof(*sw));
	if (!sw)
		return conf_fail(c, "no memory");
	c->sw = sw;
	sw += c->n_sw;
	*sw = (struct conf_switch){};
	cvsw_config_default(&sw->config);
	memset(sw->config.name, 0, sizeof(sw->config.name));
	strcpy(sw->config.name, name);
	c->current = (int)c->n_sw++;
	return 0;
}

int conf_set(struct conf *c, const struct conf_item *item, const char *value)
{
	struct conf_switch *sw = NULL;

	if (item->of_switch) {
		if (c->current < 0 && !c->n_sw &&
		    conf_switch_select(c, CONF_SWITCH))
			return -EINVAL;
		sw = &c->sw[c->current < 0 ? 0 : c->current];
	}
	return item->set(c, sw, value);
}

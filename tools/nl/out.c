// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* JSON output.  Names, once given, stay. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include "tool.h"

static size_t flags(const struct tool *tool)
{
	return JSON_REAL_PRECISION(15) |
	       (tool->pretty ? JSON_INDENT(2) : JSON_COMPACT);
}

void out_object(const struct tool *tool, json_t *object)
{
	json_dumpf(object, stdout, flags(tool));
	putchar('\n');
	json_decref(object);
}

void out_list_begin(struct tool *tool)
{
	putchar('[');
	tool->items = 0;
}

void out_item(struct tool *tool, json_t *item)
{
	fputs(tool->items++ ? ",\n" : "\n", stdout);
	json_dumpf(item, stdout, flags(tool));
	json_decref(item);
}

void out_list_end(struct tool *tool)
{
	fputs(tool->items ? "\n]\n" : "]\n", stdout);
}

json_t *out_format(const char *format, ...)
{
	char text[CVSW_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return json_string(text);
}

json_t *out_mac(const __u8 mac[6])
{
	return out_format("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
			  mac[2], mac[3], mac[4], mac[5]);
}

json_t *out_hex(const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *text = tool_alloc(NULL, 2 * len + 1, 1);
	const __u8 *byte = data;
	json_t *json;
	size_t i;

	for (i = 0; i < len; i++) {
		text[2 * i] = digits[byte[i] >> 4];
		text[2 * i + 1] = digits[byte[i] & 15];
	}
	json = json_stringn(text, 2 * len);
	free(text);
	return json;
}

/* what a frame must have: fields and options */
static void print_match(char *text, size_t size, const struct cvsw_flow *flow,
			const struct cvsw_text_names *names)
{
	size_t n = (size_t)cvsw_text_match_print(text, size, &flow->match,
						 names);

	if (!flow->n_opts)
		return;
	if (n)
		text[n++] = ',';
	cvsw_text_opts_print(text + n, size - n, flow->opts, flow->n_opts);
}

json_t *out_flow(struct tool *tool, const struct cvsw_flow *flow)
{
	struct cvsw_text_names names = tool_names(tool);
	char match[CVSW_TEXT_MAX] = "", actions[CVSW_TEXT_MAX];
	json_t *json;

	print_match(match, sizeof(match), flow, &names);
	cvsw_text_actions_print(actions, sizeof(actions), flow->actions,
				flow->n_actions, &names);
	json = json_pack("{s:i, s:s, s:s, s:o, s:i, s:i, s:b}",
			 "priority", (int)flow->priority, "match", match,
			 "actions", actions,
			 "cookie", out_format("0x%llx", flow->cookie),
			 "idle_timeout", (int)flow->idle_timeout,
			 "hard_timeout", (int)flow->hard_timeout,
			 "send_flow_rem", flow->flags & CVSW_FLOW_F_SEND_REM);
	if (tool->options & OPT_NO_STATS)
		return json;
	json_object_set_new(json, "packets",
			    json_integer((json_int_t)flow->packets));
	json_object_set_new(json, "bytes",
			    json_integer((json_int_t)flow->bytes));
	json_object_set_new(json, "duration",
			    json_real((double)flow->age_ns / 1e9));
	json_object_set_new(json, "idle_age",
			    json_real((double)flow->idle_ns / 1e9));
	return json;
}

/* bits of @bits as an array of names */
static json_t *out_bits(__u32 bits, const char *const *names,
			const __u32 *values, unsigned int n)
{
	json_t *json = json_array();
	unsigned int i;

	for (i = 0; i < n; i++)
		if (bits & values[i])
			json_array_append_new(json, json_string(names[i]));
	return json;
}

static json_t *out_words(__u32 bits, const struct port_word *words)
{
	json_t *json = json_array();

	for (; words->word; words++)
		if (bits & words->bit)
			json_array_append_new(json, json_string(words->word));
	return json;
}

static json_t *out_offloads(__u32 bits)
{
	return out_words(bits, port_offload_words);
}

static json_t *out_device(__u32 bits)
{
	return out_words(bits, port_device_words);
}

static json_t *out_features(__u32 bits)
{
	return out_words(bits, port_feature_words);
}

static json_t *out_config(__u32 bits)
{
	static const char *const names[] = {
		"down", "no_recv", "no_flood", "no_fwd", "no_packet_in",
	};
	static const __u32 values[] = {
		CVSW_PORT_C_DOWN, CVSW_PORT_C_NO_RECV, CVSW_PORT_C_NO_FLOOD,
		CVSW_PORT_C_NO_FWD, CVSW_PORT_C_NO_PACKET_IN,
	};

	return out_bits(bits, names, values, 5);
}

json_t *out_port_stats(const struct cvsw_port_stats *s)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "rx_packets", (json_int_t)s->rx_packets,
			 "rx_bytes", (json_int_t)s->rx_bytes,
			 "rx_dropped", (json_int_t)s->rx_dropped,
			 "rx_errors", (json_int_t)s->rx_errors,
			 "tx_packets", (json_int_t)s->tx_packets,
			 "tx_bytes", (json_int_t)s->tx_bytes,
			 "tx_dropped", (json_int_t)s->tx_dropped,
			 "tx_errors", (json_int_t)s->tx_errors);
}

static json_t *out_antispoof(const struct cvsw_antispoof *a)
{
	json_t *ipv4 = json_array(), *ipv6 = json_array();
	json_t *mac = json_null();
	char text[64];
	int i;

	if (a->checks & CVSW_ANTISPOOF_MAC)
		mac = out_mac(a->mac);
	for (i = 0; i < a->n_ipv4; i++)
		json_array_append_new(ipv4, json_string(
			inet_ntop(AF_INET, a->ipv4[i], text, sizeof(text))));
	for (i = 0; i < a->n_ipv6; i++)
		json_array_append_new(ipv6, json_string(
			inet_ntop(AF_INET6, a->ipv6[i], text, sizeof(text))));
	return json_pack("{s:b, s:b, s:b, s:o, s:o, s:o}",
			 "check_mac", a->checks & CVSW_ANTISPOOF_MAC,
			 "check_ipv4", a->checks & CVSW_ANTISPOOF_IPV4,
			 "check_ipv6", a->checks & CVSW_ANTISPOOF_IPV6,
			 "mac", mac, "ipv4", ipv4, "ipv6", ipv6);
}

/* null without a session */
static json_t *out_inband_host(const struct cvsw_port_info *p)
{
	return p->inband_state == CVSW_INBAND_LIVE ? out_mac(p->inband_host) :
						     json_null();
}

/* their ids are all that is shown of them */
static json_t *out_inband_keys(const struct cvsw_inband_keys *keys)
{
	json_t *list = json_array();
	int i;

	for (i = 0; i < keys->n; i++)
		json_array_append_new(list, json_integer(keys->id[i]));
	return list;
}

json_t *out_port(const struct cvsw_port_info *p)
{
	return json_pack("{s:i, s:s, s:s, s:o, s:b, s:o, s:i, s:b, s:i, s:o, s:o, s:o,"
			 " s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o,"
			 " s:s, s:s, s:s, s:o, s:o, s:o, s:o}",
			 "no", (int)p->no, "name", p->name, "spec", p->spec,
			 "mac", out_mac(p->mac),
			 "link", !(p->state & CVSW_PORT_S_LINK_DOWN),
			 "config", out_config(p->config),
			 "mtu", (int)p->mtu, "mtu_auto", p->mtu_auto,
			 "queues", (int)p->queues,
			 "rx_offload", out_offloads(p->rx_offload),
			 "tx_offload", out_offloads(p->tx_offload),
			 "rx_asked", out_offloads(p->rx_asked),
			 "tx_asked", out_offloads(p->tx_asked),
			 "rx_failed", out_offloads(p->rx_failed),
			 "tx_failed", out_offloads(p->tx_failed),
			 "device", out_device(p->device),
			 "device_asked", out_device(p->device_asked),
			 "device_fixed", out_device(p->device_fixed),
			 "curr", out_features(p->curr),
			 "advertised", out_features(p->advertised),
			 "supported", out_features(p->supported),
			 "peer", out_features(p->peer),
			 "inband", port_inband(p),
			 "inband_state", port_inband_state(p),
			 "inband_policy", port_inband_policy(p),
			 "inband_host", out_inband_host(p),
			 "inband_keys", out_inband_keys(&p->inband_keys),
			 "antispoof", out_antispoof(&p->antispoof),
			 "stats", out_port_stats(&p->stats));
}

json_t *out_table(const struct cvsw_table_stats *s)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			 "flows", (json_int_t)s->flows,
			 "max_flows", (json_int_t)s->max_flows,
			 "masks", (json_int_t)s->masks,
			 "subtables", (json_int_t)s->subtables,
			 "memory", (json_int_t)s->memory,
			 "lookups", (json_int_t)s->lookups,
			 "matched", (json_int_t)s->matched,
			 "cache_hits", (json_int_t)s->cache_hits,
			 "malformed", (json_int_t)s->malformed);
}

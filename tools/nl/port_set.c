// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* port set */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

/* Set */

/**
 * struct port_change - what is to change
 * @now:   the port as it is
 * @info:  and as it is to be
 * @what:  CVSW_PORT_SET_*
 * @mask:  bits of the configuration that are meant
 * @words: of port_features that were used: bit n is port_features[n]
 */
struct port_change {
	const struct cvsw_port_info	*now;
	struct cvsw_port_info		info;
	unsigned int			what;
	__u32				mask;
	__u32				words;
};

/* "on" or "off" as the value of @key; exits when it is neither */
static bool set_is_on(const char *key, const char *value)
{
	if (!strcmp(value, "on"))
		return true;
	if (!strcmp(value, "off"))
		return false;
	exit(tool_usage("%s: `%s` is neither on nor off", key, value));
}

static bool set_bit_word(struct port_change *c, const char *word)
{
	const char *value;
	__u32 bit = 0;
	bool off;
	size_t i;

	if (!strcmp(word, "up") || !strcmp(word, "down")) {
		bit = CVSW_PORT_C_DOWN;
		off = !strcmp(word, "down");
	}
	for (i = 0; i < PORT_CONFIG_WORDS && !bit; i++) {
		if (!tool_key(word, port_config_words[i].word, &value))
			continue;
		bit = port_config_words[i].bit;
		off = !set_is_on(port_config_words[i].word, value);
	}
	if (!bit)
		return false;
	c->what |= CVSW_PORT_SET_CONFIG;
	c->mask |= bit;
	c->info.config = off ? c->info.config | bit : c->info.config & ~bit;
	return true;
}

/* which of @n words it is, some of which may be NULL; exits when it is none */
static __u8 inband_word(const char *key, const char *value,
			const char *const *words, __u8 n)
{
	__u8 i;

	for (i = 0; i < n; i++)
		if (words[i] && !strcmp(value, words[i]))
			return i;
	exit(tool_usage("%s: `%s` is none of its values; see cvsw-nl(8)", key,
			value));
}

static void set_keys(struct port_change *c, const char *path)
{
	struct cvsw_error err = { .index = -1 };
	int ret = cvsw_keyfile_read(path, &c->info.inband_keys, &err);

	if (ret && err.index >= 0)
		exit(tool_usage("key: %s:%d: %s", path, err.index + 1,
				err.text));
	if (ret)
		exit(tool_usage("key: %s: %s", path,
				err.text ? err.text : strerror(-ret)));
	c->what |= CVSW_PORT_SET_INBAND_KEYS;
}

static bool set_inband_word(struct port_change *c, const char *word)
{
	const char *value;

	if (tool_key(word, "inband", &value)) {
		c->info.inband = inband_word("inband", value, port_inband_words,
					     PORT_INBAND_WORDS);
		c->what |= CVSW_PORT_SET_INBAND;
	} else if (tool_key(word, "inband_policy", &value)) {
		c->info.inband_policy = inband_word("inband_policy", value,
						    port_policy_words,
						    CVSW_INBAND_POLICIES);
		c->what |= CVSW_PORT_SET_INBAND_POLICY;
	} else if (tool_key(word, "key", &value)) {
		set_keys(c, value);
	} else {
		return false;
	}
	return true;
}

static __u32 offload_list(const char *key, const char *value)
{
	char *copy = strdup(value), *word, *rest;
	const struct port_word *w;
	__u32 list = 0, bit;

	for (word = strtok_r(copy, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest)) {
		bit = 0;
		for (w = port_offload_words; w->word; w++)
			if (!strcmp(word, w->word))
				bit = w->bit;
		if (!bit && strcmp(word, "none"))
			exit(tool_usage("%s: `%s` is not an offload", key,
					word));
		list |= bit;
	}
	free(copy);
	return list;
}

static bool set_device_word(struct port_change *c, const char *word)
{
	const char *value;

	if (tool_key(word, "mtu", &value)) {
		c->info.mtu_auto = !strcmp(value, "auto");
		if (!c->info.mtu_auto)
			c->info.mtu = (__u32)tool_number("mtu", value, 68,
							 65521);
		c->what |= CVSW_PORT_SET_MTU;
	} else if (tool_key(word, "rx_offload", &value)) {
		c->info.rx_offload = offload_list("rx_offload", value);
		c->what |= CVSW_PORT_SET_OFFLOAD;
	} else if (tool_key(word, "tx_offload", &value)) {
		c->info.tx_offload = offload_list("tx_offload", value);
		c->what |= CVSW_PORT_SET_OFFLOAD;
	} else {
		return false;
	}
	return true;
}

/*
 * The words of ethtool(8).  Of a TAP they say what its peer and we hand to each
 * other; of an interface what it does.
 * @offload: CVSW_OFFLOAD_* both ways
 * @merge:   CVSW_OFFLOAD_* towards the peer, of any port
 * @device:  CVSW_DEVICE_* of an interface
 * @any:     CVSW_DEVICE_* of a TAP's interface, too
 */
static const struct {
	const char	*word;
	__u32		offload;
	__u32		merge;
	__u32		device;
	__u32		any;
} port_features[] = {
	{ "csum", CVSW_OFFLOAD_CSUM, 0,
	  CVSW_DEVICE_CSUM | CVSW_DEVICE_RX_CSUM, 0 },
	{ "tso", CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6 | CVSW_OFFLOAD_TSO_ECN,
	  0, CVSW_DEVICE_TSO, 0 },
	{ "uso", CVSW_OFFLOAD_USO4 | CVSW_OFFLOAD_USO6, 0, CVSW_DEVICE_USO, 0 },
	{ "tunnel", CVSW_OFFLOAD_TUNNEL | CVSW_OFFLOAD_TUNNEL_CSUM, 0,
	  CVSW_DEVICE_TUNNEL, 0 },
	{ "gso", 0, 0, CVSW_DEVICE_GSO, CVSW_DEVICE_GSO },
	{ "gro", 0, CVSW_OFFLOAD_GRO, CVSW_DEVICE_GRO, 0 },
};

#define PORT_FEATURES	(sizeof(port_features) / sizeof(*port_features))

static bool port_is_tap(const struct cvsw_port_info *port)
{
	return !strncmp(port->spec, "tap:", 4);
}

/* what of its device word @i is about: not what cannot be changed, unless that
 * is all there is */
static __u32 feature_device(const struct cvsw_port_info *port, size_t i)
{
	__u32 bits = port_is_tap(port) ? port_features[i].any :
					 port_features[i].device;

	return bits & ~port->device_fixed ? bits & ~port->device_fixed : bits;
}

static __u32 feature_offload(const struct cvsw_port_info *port, size_t i)
{
	return port_is_tap(port) ? port_features[i].offload : 0;
}

static __u32 set_bits(__u32 old, __u32 bits, bool on)
{
	return on ? old | bits : old & ~bits;
}

static void set_feature(struct port_change *c, size_t i, bool on)
{
	const __u32 device = feature_device(c->now, i);
	const __u32 rx = feature_offload(c->now, i);
	const __u32 tx = rx | port_features[i].merge;

	c->words |= 1u << i;
	c->info.rx_offload = set_bits(c->info.rx_offload, rx, on);
	c->info.tx_offload = set_bits(c->info.tx_offload, tx, on);
	if (tx)
		c->what |= CVSW_PORT_SET_OFFLOAD;
	c->info.device_asked = set_bits(c->info.device_asked, device, on);
	if (device)
		c->what |= CVSW_PORT_SET_DEVICE;
}

static bool set_feature_word(struct port_change *c, const char *word)
{
	const char *value;
	size_t i;

	for (i = 0; i < PORT_FEATURES; i++) {
		if (!tool_key(word, port_features[i].word, &value))
			continue;
		if (!strncmp(c->now->spec, "pcap:", 5))
			exit(tool_usage("%s: a pcap port has no such setting",
					port_features[i].word));
		set_feature(c, i, set_is_on(port_features[i].word, value));
		return true;
	}
	return false;
}

/* asked for, and not in force: offloads and what the device does */
static __u32 idle_offloads(const struct cvsw_port_info *p)
{
	return (p->rx_asked & ~p->rx_offload) | (p->tx_asked & ~p->tx_offload);
}

static __u32 idle_device(const struct cvsw_port_info *p)
{
	return p->device_asked & ~p->device;
}

static void tell_idle(const char *what, __u32 bits, __u32 failed,
		      const struct port_word *words)
{
	if (!bits)
		return;
	fprintf(stderr, "cvsw-nl: %s, but off:", what);
	for (; words->word; words++)
		if (bits & words->bit)
			fprintf(stderr, " %s%s", words->word,
				failed & words->bit ?
				" (failed its self-test)" : "");
	fputc('\n', stderr);
}

/* what is named, or was in force before, and is not now */
static int tell_features(struct tool *tool, const struct port_change *c)
{
	__u32 offloads = ~idle_offloads(c->now), device = ~idle_device(c->now);
	struct cvsw_port_info p;
	size_t i;
	int err;

	err = cvsw_ctl_port_get(tool->ctl, c->info.no, NULL, &p);
	if (err)
		return tool_failed(tool, err);
	for (i = 0; i < PORT_FEATURES; i++) {
		if (!(c->words >> i & 1))
			continue;
		offloads |= feature_offload(&p, i) | port_features[i].merge;
		device |= feature_device(&p, i);
	}
	tell_idle("asked for", idle_offloads(&p) & offloads,
		  p.rx_failed | p.tx_failed, port_offload_words);
	tell_idle("asked of the device", idle_device(&p) & device, 0,
		  port_device_words);
	return EXIT_OK;
}

/* addresses separated by commas; returns how many */
static __u8 address_list(const char *key, const char *value, int family,
			 __u8 *out, size_t size)
{
	char *copy = strdup(value), *word, *rest;
	__u8 n = 0;

	for (word = strtok_r(copy, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest)) {
		if (n == CVSW_ANTISPOOF_ADDRS)
			exit(tool_usage("%s: more than %d addresses", key,
					CVSW_ANTISPOOF_ADDRS));
		if (inet_pton(family, word, out + n * size) != 1)
			exit(tool_usage("%s: `%s` is not an address", key,
					word));
		n++;
	}
	free(copy);
	return n;
}

static bool set_antispoof_word(struct port_change *c, const char *word)
{
	struct cvsw_antispoof *a = &c->info.antispoof;
	const char *value;
	int n = 0;

	if (!(c->what & CVSW_PORT_SET_ANTISPOOF))
		memset(a, 0, sizeof(*a));
	if (tool_key(word, "allow_mac", &value)) {
		a->checks |= CVSW_ANTISPOOF_MAC;
		if (sscanf(value, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx%n", &a->mac[0],
			   &a->mac[1], &a->mac[2], &a->mac[3], &a->mac[4],
			   &a->mac[5], &n) != 6 || value[n])
			exit(tool_usage("allow_mac: `%s` is not a MAC address",
					value));
	} else if (tool_key(word, "allow_ipv4", &value)) {
		a->checks |= CVSW_ANTISPOOF_IPV4;
		a->n_ipv4 = address_list("allow_ipv4", value, AF_INET,
					 a->ipv4[0], 4);
	} else if (tool_key(word, "allow_ipv6", &value)) {
		a->checks |= CVSW_ANTISPOOF_IPV6;
		a->n_ipv6 = address_list("allow_ipv6", value, AF_INET6,
					 a->ipv6[0], 16);
	} else if (strcmp(word, "antispoof=off")) {
		return false;
	}
	c->what |= CVSW_PORT_SET_ANTISPOOF;
	return true;
}

int cmd_port_set(struct tool *tool, int argc, char **argv)
{
	struct port_change change = {};
	struct cvsw_port_info now = {};
	int i, err = 0;

	now.no = tool_port(tool, argv[0]);
	tool_ctl(tool);
	if (!via_blind(tool))
		err = cvsw_ctl_port_get(tool->ctl, now.no, NULL, &now);
	if (err)
		return tool_failed(tool, err);
	change.now = &now;
	change.info = now;
	change.info.rx_offload = now.rx_asked;
	change.info.tx_offload = now.tx_asked;
	for (i = 1; i < argc; i++)
		if (!set_bit_word(&change, argv[i]) &&
		    !set_device_word(&change, argv[i]) &&
		    !set_inband_word(&change, argv[i]) &&
		    !set_feature_word(&change, argv[i]) &&
		    !set_antispoof_word(&change, argv[i]))
			return tool_usage("`%s`: not a setting of a port; see cvsw-nl(8)",
					  argv[i]);
	err = cvsw_ctl_port_set(tool->ctl, &change.info, change.what,
				change.mask);
	explicit_bzero(&change.info.inband_keys,
		       sizeof(change.info.inband_keys));
	if (err)
		return tool_failed(tool, err);
	return change.words && !via_blind(tool) ?
	       tell_features(tool, &change) : EXIT_OK;
}

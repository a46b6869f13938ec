// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The settings: what each is called, how its value is read, and what must fit.
 *
 * What is said of switches before any is named is for all of them, and if none
 * is named, for the only one that there is.
 */

#include "conf.h"

#include <stdio.h>

static const char conf_usage[] =
	"usage: cvsw-ofd [OPTION]... TARGET...\n"
	"Lets OpenFlow 1.0 controllers manage the switches of cvswd.\n\n"
	"  -f, --config FILE        read settings from FILE\n"
	"      --switch NAME        what follows is for this switch; what stands before\n"
	"                           is for all";

static const char conf_notes[] =
	"A TARGET is a controller to dial, or where to listen for some:\n"
	"  tcp:HOST[:PORT]  ssl:HOST[:PORT]  unix:PATH\n"
	"  ptcp:[PORT][:HOST]  pssl:[PORT][:HOST]  punix:PATH\n"
	"The port is 6653 unless said.\n\n"
	"See cvsw-ofd(8); `cvsw-nl of show` tells what goes on.";

/* Switches */

static int conf_sw_copy(struct settings *s, struct conf_sw *to,
			const struct conf_sw *from)
{
	*to = *from;
	to->where = from->where ? strdup(from->where) : NULL;
	to->targets = calloc(from->n_targets + 1, sizeof(*to->targets));
	if ((from->where && !to->where) || !to->targets)
		return settings_fail(s, "no memory");
	if (from->n_targets)
		memcpy(to->targets, from->targets,
		       from->n_targets * sizeof(*to->targets));
	return 0;
}

static int conf_sw_add(struct conf *c, const char *name)
{
	struct conf_sw *sw;

	sw = reallocarray(c->sw, c->n_sw + 1, sizeof(*sw));
	if (!sw)
		return settings_fail(&c->settings, "no memory");
	c->sw = sw;
	sw += c->n_sw++;
	if (conf_sw_copy(&c->settings, sw, &c->common))
		return -EINVAL;
	strcpy(sw->name, name);
	return 0;
}

/* make @name the current switch; a new one if need be */
static int conf_sw_select(struct settings *s, const char *name)
{
	struct conf *c = container_of(s, struct conf, settings);
	unsigned int i;

	if (!*name || strlen(name) >= CVSW_NAME_LEN)
		return settings_fail(s, "`%s`: a switch's name has 1 to %d characters",
				     name, CVSW_NAME_LEN - 1);
	for (i = 0; i < c->n_sw; i++)
		if (!strcmp(c->sw[i].name, name))
			break;
	s->current = (int)i;
	return i < c->n_sw ? 0 : conf_sw_add(c, name);
}

static int conf_set(struct settings *s, const struct setting *item,
		    const char *value)
{
	struct conf *c = container_of(s, struct conf, settings);
	unsigned int i;
	int ret;

	if (!item->of_switch)
		return item->set(c, NULL, value);
	if (s->current >= 0)
		return item->set(c, &c->sw[s->current], value);
	ret = item->set(c, &c->common, value);
	for (i = 0; i < c->n_sw && !ret; i++)
		ret = item->set(c, &c->sw[i], value);
	return ret;
}

/* Settings of the agent */

static int set_ca_cert(struct conf *c, struct conf_sw *sw, const char *value)
{
	return setting_string(&c->settings, &c->ca, value);
}

static int set_certificate(struct conf *c, struct conf_sw *sw,
			   const char *value)
{
	return setting_string(&c->settings, &c->cert, value);
}

static int set_daemon(struct conf *c, struct conf_sw *sw, const char *value)
{
	return setting_bool(&c->settings, value, &c->daemon);
}

static int set_pidfile(struct conf *c, struct conf_sw *sw, const char *value)
{
	return setting_string(&c->settings, &c->pidfile, value);
}

static int set_private_key(struct conf *c, struct conf_sw *sw,
			   const char *value)
{
	return setting_string(&c->settings, &c->key, value);
}

static int set_show_socket(struct conf *c, struct conf_sw *sw,
			   const char *value)
{
	c->show_asked = true;
	return setting_string(&c->settings, &c->show, value);
}

static int set_syslog(struct conf *c, struct conf_sw *sw, const char *value)
{
	return setting_bool(&c->settings, value, &c->syslog);
}

static int set_verbose(struct conf *c, struct conf_sw *sw, const char *value)
{
	return setting_bool(&c->settings, value, &c->verbose);
}

/* Settings of switches */

/* hexadecimal, as controllers show it */
static int set_datapath_id(struct conf *c, struct conf_sw *sw,
			   const char *value)
{
	size_t digits;

	if (!strncmp(value, "0x", 2))
		value += 2;
	digits = strspn(value, "0123456789abcdefABCDEF");
	if (!digits || digits > 16 || value[digits])
		return settings_fail(&c->settings,
				     "`%s` is not 1 to 16 hexadecimal digits",
				     value);
	sw->dpid = strtoull(value, NULL, 16);
	if (!sw->dpid)
		return settings_fail(&c->settings, "0 is nobody's");
	return 0;
}

static int set_fail_mode(struct conf *c, struct conf_sw *sw, const char *value)
{
	static const struct setting_word words[] = {
		{ "secure", OFD_FAIL_SECURE },
		{ "standalone", OFD_FAIL_STANDALONE },
		{}
	};

	return setting_word(&c->settings, words, value, &sw->fail_mode);
}

/* @low to @high seconds, kept in ms */
static int set_seconds(struct conf *c, const char *value, u64 low, u64 high,
		       u32 *to)
{
	u64 n;
	int ret = setting_number(&c->settings, value, low, high, &n);

	*to = (u32)n * 1000;
	return ret;
}

static int set_max_backoff(struct conf *c, struct conf_sw *sw,
			   const char *value)
{
	return set_seconds(c, value, 1, 3600, &sw->backoff_max_ms);
}

static int set_miss(struct conf *c, struct conf_sw *sw, const char *value)
{
	static const struct setting_word words[] = {
		{ "controller", CVSW_MISS_CONTROLLER },
		{ "pass", CVSW_MISS_PASS },
		{ "drop", CVSW_MISS_DROP },
		{ "keep", OFD_MISS_KEEP },
		{}
	};

	return setting_word(&c->settings, words, value, &sw->miss);
}

static int set_probe(struct conf *c, struct conf_sw *sw, const char *value)
{
	return set_seconds(c, value, 0, 3600, &sw->probe_ms);
}

static int set_socket(struct conf *c, struct conf_sw *sw, const char *value)
{
	return setting_string(&c->settings, &sw->where, value);
}

/* the same for a vNIC; version 2, which takes no key, does not answer */
static int set_via(struct conf *c, struct conf_sw *sw, const char *value)
{
	if (strncmp(value, "frame:", 6) || !strstr(value, ",key="))
		return settings_fail(&c->settings,
				     "`%s` is not frame:IFACE,key=FILE", value);
	return setting_string(&c->settings, &sw->where, value);
}

static int set_target(struct conf *c, struct conf_sw *sw, const char *value)
{
	struct target target, *targets;
	unsigned int i;
	char why[200];

	if (target_parse(value, &target, why, sizeof(why)))
		return settings_fail(&c->settings, "%s", why);
	for (i = 0; i < sw->n_targets; i++)
		if (!strcmp(sw->targets[i].text, target.text))
			return settings_fail(&c->settings,
					     "`%s`: said twice", value);
	targets = reallocarray(sw->targets, sw->n_targets + 1,
			       sizeof(*targets));
	if (!targets)
		return settings_fail(&c->settings, "no memory");
	sw->targets = targets;
	targets[sw->n_targets++] = target;
	return 0;
}

static const struct setting conf_items[] = {
	{ "ca-cert",	0, false, "FILE", set_ca_cert, "PEM, whom TLS believes" },
	{ "certificate", 0, false, "FILE", set_certificate, "PEM, to show by TLS" },
	{ "daemon",	0, false, NULL, set_daemon, "run in the background" },
	{ "pidfile",	0, false, "FILE", set_pidfile, "write the process id there" },
	{ "private-key", 0, false, "FILE", set_private_key, "PEM, of the certificate" },
	{ "show-socket", 0, false, "PATH", set_show_socket, "for cvsw-nl (" CONF_SHOW ")" },
	{ "syslog",	0, false, NULL, set_syslog, "messages go to syslog" },
	{ "verbose",	0, false, NULL, set_verbose, "tell of requests refused, too" },
	{ "datapath-id", 0, true, "HEX", set_datapath_id, "instead of the switch's own" },
	{ "fail-mode",	0, true, "MODE", set_fail_mode, "secure or standalone (secure)" },
	{ "max-backoff", 0, true, "SECONDS", set_max_backoff, "between two dials, at most (8)" },
	{ "miss",	0, true, "POLICY", set_miss, "for misses (controller)" },
	{ "probe",	0, true, "SECONDS", set_probe, "silence before an echo, 0: never (5)" },
	{ "socket",	's', true, "PATH", set_socket, "of cvswd (" CVSW_CTL_SOCKET ")" },
	{ "target",	0, true, "TARGET", set_target, "a target; the word alone does" },
	{ "via",	0, true, "ADDRESS", set_via, "a vNIC's, frame:IFACE,key=FILE" },
};

static_assert(ARRAY_SIZE(conf_items) <= SETTINGS_MAX, "options of getopt");

static int conf_word(struct settings *s, const char *word)
{
	const struct setting item = {
		.of_switch = true,
		.set = set_target,
	};

	return conf_set(s, &item, word);
}

/* The whole */

static bool conf_same_place(const struct target *a, const struct target *b)
{
	if (!a->listen || !b->listen)
		return false;
	if (a->kind == TARGET_UNIX || b->kind == TARGET_UNIX)
		return a->kind == b->kind && !strcmp(a->path, b->path);
	return a->port == b->port && !strcmp(a->host, b->host);
}

/* may both be? */
static int conf_check_two(struct conf *c, const struct conf_sw *a,
			  const struct conf_sw *b)
{
	unsigned int i, j;

	if (a->dpid && a->dpid == b->dpid)
		return settings_fail(&c->settings,
				     "datapath-id: %s and %s have the same",
				     a->name, b->name);
	for (i = 0; i < a->n_targets; i++)
		for (j = 0; j < b->n_targets; j++)
			if (conf_same_place(&a->targets[i], &b->targets[j]))
				return settings_fail(&c->settings,
						     "`%s`: %s and %s cannot both listen there",
						     b->targets[j].text,
						     a->name, b->name);
	return 0;
}

static int conf_check(struct conf *c)
{
	unsigned int i, j;

	for (i = 0; i < c->n_sw; i++) {
		if (!c->sw[i].n_targets)
			return settings_fail(&c->settings,
					     "%s%sno target to dial or to listen on; try --help",
					     c->sw[i].name,
					     *c->sw[i].name ? ": " : "");
		for (j = 0; j < i; j++)
			if (conf_check_two(c, &c->sw[j], &c->sw[i]))
				return -EINVAL;
	}
	if (conf_uses_tls(c) && (!c->key || !c->cert || !c->ca))
		return settings_fail(&c->settings,
				     "TLS takes --private-key, --certificate and --ca-cert");
	return 0;
}

bool conf_uses_tls(const struct conf *c)
{
	unsigned int i, j;

	for (i = 0; i < c->n_sw; i++)
		for (j = 0; j < c->sw[i].n_targets; j++)
			if (c->sw[i].targets[j].kind == TARGET_SSL)
				return true;
	return false;
}

int conf_load(struct conf *c, int argc, char **argv)
{
	int ret;

	*c = (struct conf){
		.settings = {
			.program = "cvsw-ofd",
			.section = "agent",
			.usage = conf_usage,
			.notes = conf_notes,
			.items = conf_items,
			.n_items = ARRAY_SIZE(conf_items),
			.select = conf_sw_select,
			.set = conf_set,
			.word = conf_word,
			.defaults = true,
		},
		.common = {
			.probe_ms = 5000,
			.backoff_max_ms = 8000,
			.fail_mode = OFD_FAIL_SECURE,
			.miss = CVSW_MISS_CONTROLLER,
		},
	};
	ret = setting_string(&c->settings, &c->show, CONF_SHOW);
	if (!ret)
		ret = setting_string(&c->settings, &c->common.where,
				     CVSW_CTL_SOCKET);
	if (!ret)
		ret = settings_load(&c->settings, argc, argv);
	if (!ret && !c->n_sw)
		ret = conf_sw_add(c, "");
	return ret ? ret : conf_check(c);
}

void conf_free(struct conf *c)
{
	unsigned int i;

	for (i = 0; i < c->n_sw; i++) {
		free(c->sw[i].where);
		free(c->sw[i].targets);
	}
	free(c->sw);
	free(c->common.where);
	free(c->common.targets);
	free(c->settings.file);
	free(c->key);
	free(c->cert);
	free(c->ca);
	free(c->pidfile);
	free(c->show);
}

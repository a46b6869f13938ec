// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The settings as a whole: the switches that they are for, and what must fit. */

#include "conf_priv.h"

static const char conf_usage[] =
	"usage: cvswd [OPTION]...\n"
	"Switches Ethernet frames between TAP devices, interfaces and files.\n\n"
	"  -f, --config FILE        read settings from FILE\n"
	"      --switch NAME        what follows is for this switch (" CONF_SWITCH ")";

static const char conf_notes[] =
	"A port is one of\n"
	"  tap:NAME[,queues=N][,persist][,LINK]...[,PORT]...\n"
	"  packet:IFACE[,queues=N][,LINK]...[,PORT]...\n"
	"  pcap:IN[,OUT][,PORT]...    (IN may be -)\n"
	"LINK: netns=NAME, mtu=N, mtu=auto, up, rx_offload=WORDS, tx_offload=WORDS,\n"
	"      mac=MAC, addr=ADDR/LEN, neigh=ADDR@MAC, route=PREFIX@GATEWAY\n"
	"PORT: no=N, name=NAME\n\n"
	"SIGHUP reads the settings again; see cvswd(8).";

/* make @name the current switch; a new one if need be */
static int conf_switch_select(struct settings *s, const char *name)
{
	struct conf *c = container_of(s, struct conf, settings);
	struct conf_sw *sw;
	unsigned int i;

	for (i = 0; i < c->n_sw; i++) {
		if (!strcmp(c->sw[i].config.name, name)) {
			s->current = (int)i;
			return 0;
		}
	}
	if (!*name || strlen(name) >= CVSW_NAME_LEN)
		return settings_fail(s, "`%s`: a switch's name has 1 to %d characters",
				     name, CVSW_NAME_LEN - 1);
	sw = reallocarray(c->sw, c->n_sw + 1, sizeof(*sw));
	if (!sw)
		return settings_fail(s, "no memory");
	c->sw = sw;
	sw += c->n_sw;
	*sw = (struct conf_sw){};
	cvsw_config_default(&sw->config);
	memset(sw->config.name, 0, sizeof(sw->config.name));
	strcpy(sw->config.name, name);
	s->current = (int)c->n_sw++;
	return 0;
}

static int conf_set(struct settings *s, const struct setting *item,
		    const char *value)
{
	struct conf *c = container_of(s, struct conf, settings);
	struct conf_sw *sw = NULL;

	if (item->of_switch) {
		if (s->current < 0 && !c->n_sw &&
		    conf_switch_select(s, CONF_SWITCH))
			return -EINVAL;
		sw = &c->sw[s->current < 0 ? 0 : s->current];
	}
	return item->set(c, sw, value);
}

/* no two ports of a switch may want the same name, number or device */
static int conf_ports_check(struct conf *c, const struct conf_sw *sw)
{
	const struct port_spec *a, *b;
	unsigned int i, j;

	for (i = 0; i < sw->n_ports; i++) {
		for (j = 0; j < i; j++) {
			a = &sw->ports[i];
			b = &sw->ports[j];
			if (!strcmp(a->name, b->name))
				return settings_fail(&c->settings,
						     "%s: two ports are called `%s`",
						     sw->config.name, a->name);
			if (a->no && a->no == b->no)
				return settings_fail(&c->settings,
						     "%s: two ports have number %u",
						     sw->config.name, a->no);
		}
	}
	return 0;
}

static int conf_finish(struct conf *c)
{
	unsigned int i;
	int ret = 0;

	if (!c->n_sw)
		ret = conf_switch_select(&c->settings, CONF_SWITCH);
	if (!ret && !c->socket)
		ret = setting_string(&c->settings, &c->socket, CONF_SOCKET);
	for (i = 0; i < c->n_sw && !ret; i++) {
		c->sw[i].config.workers = (u16)(c->workers + 1);
		ret = conf_ports_check(c, &c->sw[i]);
	}
	return ret;
}

int conf_load(struct conf *c, int argc, char **argv)
{
	int ret;

	*c = (struct conf){
		.settings = {
			.program = "cvswd",
			.section = "daemon",
			.usage = conf_usage,
			.notes = conf_notes,
			.items = conf_items,
			.n_items = conf_items_n,
			.select = conf_switch_select,
			.set = conf_set,
		},
		.workers = 1,
	};
	ret = settings_load(&c->settings, argc, argv);
	return ret ? ret : conf_finish(c);
}

void conf_free(struct conf *c)
{
	unsigned int i;

	for (i = 0; i < c->n_sw; i++) {
		free(c->sw[i].flows);
		/* there are keys among it */
		explicit_bzero(c->sw[i].ports,
			       c->sw[i].n_ports * sizeof(*c->sw[i].ports));
		free(c->sw[i].ports);
	}
	free(c->sw);
	free(c->settings.file);
	free(c->socket);
	free(c->pidfile);
	free(c->state);
	free(c->restore);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Reading the configuration file and the command line. */

#include "conf_priv.h"

#include <getopt.h>
#include <ini.h>
#include <stdio.h>

/* File */

struct conf_file {
	struct conf	*conf;
	FILE		*file;
	int		line;
	int		bad_line;	/* where conf->why is about; 0: nowhere */
};

/* is [@section] one, and if so of which kind? */
static int conf_file_section(struct conf *c, const char *section,
			     bool *of_switch)
{
	*of_switch = !strncmp(section, "switch ", 7);
	if (*of_switch)
		return conf_switch_select(c, section + 7);
	if (strcmp(section, "daemon"))
		return conf_fail(c, "`%s`: sections are [daemon] and [switch NAME]",
				 section);
	return 0;
}

static void conf_file_bad(struct conf_file *f)
{
	if (!f->bad_line)
		f->bad_line = f->line;
}

/* libinih is silent of sections without a line */
static void conf_file_look(struct conf_file *f, const char *line)
{
	char section[64];
	bool of_switch;

	if (sscanf(line, " [%63[^]]]", section) == 1 &&
	    conf_file_section(f->conf, section, &of_switch))
		conf_file_bad(f);
}

/* as fgets(), counting lines and refusing ones that do not fit */
static char *conf_file_line(char *buf, int size, void *arg)
{
	struct conf_file *f = arg;
	char *line = fgets(buf, size, f->file);

	if (!line)
		return NULL;
	f->line++;
	if (!strchr(line, '\n') && !feof(f->file)) {
		conf_file_bad(f);
		conf_fail(f->conf, "line longer than %d characters", size - 2);
		return NULL;
	}
	conf_file_look(f, line);
	return line;
}

static int conf_file_item(struct conf *c, const char *section,
			  const char *name, const char *value)
{
	bool of_switch;
	unsigned int i;

	if (conf_file_section(c, section, &of_switch))
		return -EINVAL;
	for (i = 0; i < conf_items_n; i++)
		if (conf_items[i].of_switch == of_switch &&
		    !strcmp(conf_items[i].name, name))
			return conf_set(c, &conf_items[i], value);
	return conf_fail(c, "`%s` is not a setting of [%s]", name, section);
}

static int conf_file_pair(void *arg, const char *section, const char *name,
			  const char *value)
{
	struct conf_file *f = arg;
	struct conf *c = f->conf;
	char why[sizeof(c->why)];

	if (*c->why)		/* one reason is enough */
		return 0;
	if (!conf_file_item(c, section, name, value))
		return 1;
	conf_file_bad(f);
	if (!strstr(c->why, name)) {
		memcpy(why, c->why, sizeof(why));
		snprintf(c->why, sizeof(c->why), "%s: %.400s", name, why);
	}
	return 0;
}

static int conf_file_read(struct conf *c, const char *path)
{
	struct conf_file f = { .conf = c };
	char why[sizeof(c->why)];
	int ret;

	f.file = fopen(path, "re");
	if (!f.file)
		return conf_fail(c, "%s: %m", path);
	ret = ini_parse_stream(conf_file_line, &f, conf_file_pair, &f);
	fclose(f.file);
	if (!ret && !*c->why)
		return 0;
	if (!*c->why)
		conf_fail(c, "neither [SECTION] nor NAME = VALUE");
	if (!f.bad_line)
		f.bad_line = ret;
	memcpy(why, c->why, sizeof(why));
	snprintf(c->why, sizeof(c->why), "%.200s:%d: %.280s", path, f.bad_line,
		 why);
	return -EINVAL;
}

/* Command line */

#define OPT_ITEM	0x100		/* plus an index into conf_items */
#define OPT_SWITCH	0x80

static void conf_help(void)
{
	unsigned int i;
	char left[40];

	puts("usage: cvswd [OPTION]...\n"
	     "Switches Ethernet frames between TAP devices, interfaces and files.\n\n"
	     "  -f, --config FILE        read settings from FILE\n"
	     "      --switch NAME        what follows is for this switch (" CONF_SWITCH ")");
	for (i = 0; i < conf_items_n; i++) {
		snprintf(left, sizeof(left), "%s%c%s --%s%s%s",
			 conf_items[i].letter ? "-" : " ",
			 conf_items[i].letter ? conf_items[i].letter : ' ',
			 conf_items[i].letter ? "," : " ", conf_items[i].name,
			 conf_items[i].arg ? " " : "",
			 conf_items[i].arg ? conf_items[i].arg : "");
		printf("  %-24s %s\n", left, conf_items[i].help);
	}
	puts("  -h, --help               show this\n"
	     "  -V, --version            show the version\n\n"
	     "A port is one of\n"
	     "  tap:NAME[,queues=N][,persist][,LINK]...[,PORT]...\n"
	     "  packet:IFACE[,queues=N][,LINK]...[,PORT]...\n"
	     "  pcap:IN[,OUT][,PORT]...    (IN may be -)\n"
	     "LINK: netns=NAME, mtu=N, mtu=auto, up, rx_offload=WORDS, tx_offload=WORDS,\n"
	     "      mac=MAC, addr=ADDR/LEN, neigh=ADDR@MAC, route=PREFIX@GATEWAY\n"
	     "PORT: no=N, name=NAME\n\n"
	     "SIGHUP reads the settings again; see cvswd(8).");
}

static void conf_options(struct option *options, char *letters)
{
	unsigned int i;

	letters += sprintf(letters, "+:f:hV");
	*options++ = (struct option){ "config", required_argument, NULL, 'f' };
	*options++ = (struct option){ "help", no_argument, NULL, 'h' };
	*options++ = (struct option){ "version", no_argument, NULL, 'V' };
	*options++ = (struct option){ "switch", required_argument, NULL,
				      OPT_SWITCH };
	for (i = 0; i < conf_items_n; i++) {
		*options++ = (struct option){
			conf_items[i].name,
			conf_items[i].arg ? required_argument : no_argument,
			NULL, OPT_ITEM + (int)i,
		};
		if (conf_items[i].letter)
			letters += sprintf(letters, "%c:", conf_items[i].letter);
	}
	*options = (struct option){};
}

static const struct conf_item *conf_option_item(int opt)
{
	unsigned int i;

	if (opt >= OPT_ITEM)
		return &conf_items[opt - OPT_ITEM];
	for (i = 0; i < conf_items_n; i++)
		if (opt && conf_items[i].letter == opt)
			return &conf_items[i];
	return NULL;
}

static int conf_option(struct conf *c, int opt, char **argv)
{
	const struct conf_item *item = conf_option_item(opt);
	char why[sizeof(c->why)];
	int ret;

	if (opt == ':')
		return conf_fail(c, "%s needs a value", argv[optind - 1]);
	if (opt == '?')
		return conf_fail(c, "`%s` is not an option (--help lists them)",
				 argv[optind - 1]);
	ret = item ? conf_set(c, item, optarg) :
		     conf_switch_select(c, optarg);
	if (ret) {
		memcpy(why, c->why, sizeof(why));
		snprintf(c->why, sizeof(c->why), "--%s: %.400s",
			 item ? item->name : "switch", why);
	}
	return ret;
}

/* the file comes first: what the command line says is added, or wins */
static int conf_first_pass(struct conf *c, int argc, char **argv,
			   const struct option *options, const char *letters)
{
	int opt;

	optind = 0;
	while ((opt = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (opt == 'f' && conf_string(c, &c->file, optarg))
			return -EINVAL;
		if (opt == 'h') {
			conf_help();
			return 1;
		}
		if (opt == 'V') {
			puts("cvswd " PACKAGE_VERSION);
			return 1;
		}
	}
	return c->file ? conf_file_read(c, c->file) : 0;
}

/* no two ports of a switch may want the same name, number or device */
static int conf_ports_check(struct conf *c, const struct conf_switch *sw)
{
	const struct port_spec *a, *b;
	unsigned int i, j;

	for (i = 0; i < sw->n_ports; i++) {
		for (j = 0; j < i; j++) {
			a = &sw->ports[i];
			b = &sw->ports[j];
			if (!strcmp(a->name, b->name))
				return conf_fail(c, "%s: two ports are called `%s`",
						 sw->config.name, a->name);
			if (a->no && a->no == b->no)
				return conf_fail(c, "%s: two ports have number %u",
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
		ret = conf_switch_select(c, CONF_SWITCH);
	if (!ret && !c->socket)
		ret = conf_string(c, &c->socket, CONF_SOCKET);
	for (i = 0; i < c->n_sw && !ret; i++) {
		c->sw[i].config.workers = (u16)(c->workers + 1);
		ret = conf_ports_check(c, &c->sw[i]);
	}
	return ret;
}

int conf_load(struct conf *c, int argc, char **argv)
{
	struct option options[CONF_ITEMS_MAX + 5];
	char letters[64];
	int opt, ret;

	*c = (struct conf){ .workers = 1, .current = -1 };
	conf_options(options, letters);
	opterr = 0;
	ret = conf_first_pass(c, argc, argv, options, letters);
	if (ret)
		return ret;
	c->current = -1;
	optind = 0;
	while ((opt = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (opt != 'f' && conf_option(c, opt, argv))
			return -EINVAL;
	}
	if (optind < argc)
		return conf_fail(c, "`%s` is not an option (--help lists them)",
				 argv[optind]);
	return conf_finish(c);
}

void conf_free(struct conf *c)
{
	unsigned int i;

	for (i = 0; i < c->n_sw; i++) {
		free(c->sw[i].flows);
		free(c->sw[i].ports);
	}
	free(c->sw);
	free(c->file);
	free(c->socket);
	free(c->pidfile);
	free(c->state);
	free(c->restore);
}

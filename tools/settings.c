// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "settings.h"

#include <getopt.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>

/* keeps the first reason */
int settings_fail(struct settings *s, const char *format, ...)
{
	va_list args;

	if (!*s->why) {
		va_start(args, format);
		vsnprintf(s->why, sizeof(s->why), format, args);
		va_end(args);
	}
	return -EINVAL;
}

/* Values */

int setting_string(struct settings *s, char **to, const char *value)
{
	char *copy;

	if (!*value)
		return settings_fail(s, "a value is missing");
	copy = strdup(value);
	if (!copy)
		return settings_fail(s, "no memory");
	free(*to);
	*to = copy;
	return 0;
}

int setting_number(struct settings *s, const char *value, u64 low, u64 high,
		   u64 *to)
{
	char *end;

	errno = 0;
	*to = strtoull(value, &end, 0);
	if (*value < '0' || *value > '9' || *end)
		return settings_fail(s, "`%s` is not a number", value);
	if (errno || *to < low || *to > high)
		return settings_fail(s, "`%s` is not between %llu and %llu",
				     value, low, high);
	return 0;
}

int setting_bool(struct settings *s, const char *value, bool *to)
{
	*to = !value || !strcmp(value, "yes");
	if (!*to && strcmp(value, "no"))
		return settings_fail(s, "`%s` is neither yes nor no", value);
	return 0;
}

/* "a, b or c" */
static void setting_words(const struct setting_word *words, char *text,
			  size_t size)
{
	const char *before = "";
	size_t n = 0;

	for (; words->word && n < size; words++) {
		n += (size_t)snprintf(text + n, size - n, "%s%s", before,
				      words->word);
		before = words[1].word && !words[2].word ? " or " : ", ";
	}
}

int setting_word(struct settings *s, const struct setting_word *words,
		 const char *value, u8 *to)
{
	const struct setting_word *word;
	char text[100] = "";

	for (word = words; word->word; word++) {
		if (!strcmp(word->word, value)) {
			*to = word->value;
			return 0;
		}
	}
	setting_words(words, text, sizeof(text));
	return settings_fail(s, "`%s` is not %s", value, text);
}

/* File */

struct settings_file {
	struct settings	*settings;
	FILE		*file;
	int		line;
	int		bad_line;	/* where ->why is about; 0: nowhere */
};

/* is [@section] one, and if so of which kind? */
static int settings_section(struct settings *s, const char *section,
			    bool *of_switch)
{
	*of_switch = !strncmp(section, "switch ", 7);
	if (*of_switch)
		return s->select(s, section + 7);
	s->current = -1;
	if (strcmp(section, s->section))
		return settings_fail(s, "`%s`: sections are [%s] and [switch NAME]",
				     section, s->section);
	return 0;
}

static void settings_file_bad(struct settings_file *f)
{
	if (!f->bad_line)
		f->bad_line = f->line;
}

/* libinih is silent of sections without a line */
static void settings_file_look(struct settings_file *f, const char *line)
{
	char section[64];
	bool of_switch;

	if (sscanf(line, " [%63[^]]]", section) == 1 &&
	    settings_section(f->settings, section, &of_switch))
		settings_file_bad(f);
}

/* as fgets(), counting lines and refusing ones that do not fit */
static char *settings_file_line(char *buf, int size, void *arg)
{
	struct settings_file *f = arg;
	char *line = fgets(buf, size, f->file);

	if (!line)
		return NULL;
	f->line++;
	if (!strchr(line, '\n') && !feof(f->file)) {
		settings_file_bad(f);
		settings_fail(f->settings, "line longer than %d characters",
			      size - 2);
		return NULL;
	}
	settings_file_look(f, line);
	return line;
}

static int settings_file_item(struct settings *s, const char *section,
			      const char *name, const char *value)
{
	const struct setting *item;
	bool of_switch;
	unsigned int i;

	if (settings_section(s, section, &of_switch))
		return -EINVAL;
	for (i = 0; i < s->n_items; i++) {
		item = &s->items[i];
		if (!strcmp(item->name, name) &&
		    (item->of_switch == of_switch ||
		     (item->of_switch && s->defaults)))
			return s->set(s, item, value);
	}
	return settings_fail(s, "`%s` is not a setting of [%s]", name, section);
}

static int settings_file_pair(void *arg, const char *section, const char *name,
			      const char *value)
{
	struct settings_file *f = arg;
	struct settings *s = f->settings;
	char why[sizeof(s->why)];

	if (*s->why)		/* one reason is enough */
		return 0;
	if (!settings_file_item(s, section, name, value))
		return 1;
	settings_file_bad(f);
	if (!strstr(s->why, name)) {
		memcpy(why, s->why, sizeof(why));
		snprintf(s->why, sizeof(s->why), "%s: %.400s", name, why);
	}
	return 0;
}

static int settings_file_read(struct settings *s, const char *path)
{
	struct settings_file f = { .settings = s };
	char why[sizeof(s->why)];
	int ret;

	f.file = fopen(path, "re");
	if (!f.file)
		return settings_fail(s, "%s: %m", path);
	ret = ini_parse_stream(settings_file_line, &f, settings_file_pair, &f);
	fclose(f.file);
	if (!ret && !*s->why)
		return 0;
	if (!*s->why)
		settings_fail(s, "neither [SECTION] nor NAME = VALUE");
	if (!f.bad_line)
		f.bad_line = ret;
	memcpy(why, s->why, sizeof(why));
	snprintf(s->why, sizeof(s->why), "%.200s:%d: %.280s", path, f.bad_line,
		 why);
	return -EINVAL;
}

/* Command line */

#define OPT_WORD	1		/* as getopt_long() has it */
#define OPT_SWITCH	0x80
#define OPT_ITEM	0x100		/* plus an index into items */

static void settings_help(const struct settings *s)
{
	const struct setting *item;
	unsigned int i;
	char left[40];

	puts(s->usage);
	for (i = 0; i < s->n_items; i++) {
		item = &s->items[i];
		snprintf(left, sizeof(left), "%s%c%s --%s%s%s",
			 item->letter ? "-" : " ",
			 item->letter ? item->letter : ' ',
			 item->letter ? "," : " ", item->name,
			 item->arg ? " " : "", item->arg ? item->arg : "");
		printf("  %-24s %s\n", left, item->help);
	}
	puts("  -h, --help               show this\n"
	     "  -V, --version            show the version\n");
	puts(s->notes);
}

/* words stand where they stand: they are for the switch before them */
static void settings_options(const struct settings *s, struct option *options,
			     char *letters)
{
	unsigned int i;

	letters += sprintf(letters, "-:f:hV");
	*options++ = (struct option){ "config", required_argument, NULL, 'f' };
	*options++ = (struct option){ "help", no_argument, NULL, 'h' };
	*options++ = (struct option){ "version", no_argument, NULL, 'V' };
	*options++ = (struct option){ "switch", required_argument, NULL,
				      OPT_SWITCH };
	for (i = 0; i < s->n_items; i++) {
		*options++ = (struct option){
			s->items[i].name,
			s->items[i].arg ? required_argument : no_argument,
			NULL, OPT_ITEM + (int)i,
		};
		if (s->items[i].letter)
			letters += sprintf(letters, "%c:", s->items[i].letter);
	}
	*options = (struct option){};
}

static const struct setting *settings_item(const struct settings *s, int opt)
{
	unsigned int i;

	if (opt >= OPT_ITEM)
		return &s->items[opt - OPT_ITEM];
	for (i = 0; i < s->n_items; i++)
		if (opt && s->items[i].letter == opt)
			return &s->items[i];
	return NULL;
}

static int settings_word(struct settings *s, const char *word)
{
	if (!s->word)
		return settings_fail(s, "`%s` is not an option (--help lists them)",
				     word);
	return s->word(s, word);
}

static int settings_option(struct settings *s, int opt, char **argv)
{
	const struct setting *item = settings_item(s, opt);
	char why[sizeof(s->why)];
	int ret;

	if (opt == OPT_WORD)
		return settings_word(s, optarg);
	if (opt == ':')
		return settings_fail(s, "%s needs a value", argv[optind - 1]);
	if (opt == '?')
		return settings_fail(s, "`%s` is not an option (--help lists them)",
				     argv[optind - 1]);
	ret = item ? s->set(s, item, optarg) : s->select(s, optarg);
	if (ret) {
		memcpy(why, s->why, sizeof(why));
		snprintf(s->why, sizeof(s->why), "--%s: %.400s",
			 item ? item->name : "switch", why);
	}
	return ret;
}

/* the file comes first: what the command line says is added, or wins */
static int settings_first_pass(struct settings *s, int argc, char **argv,
			       const struct option *options,
			       const char *letters)
{
	int opt;

	optind = 0;
	while ((opt = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (opt == 'f' && setting_string(s, &s->file, optarg))
			return -EINVAL;
		if (opt == 'h') {
			settings_help(s);
			return 1;
		}
		if (opt == 'V') {
			printf("%s %s\n", s->program, PACKAGE_VERSION);
			return 1;
		}
	}
	return s->file ? settings_file_read(s, s->file) : 0;
}

int settings_load(struct settings *s, int argc, char **argv)
{
	struct option options[SETTINGS_MAX + 5];
	char letters[64];
	int opt, ret;

	settings_options(s, options, letters);
	opterr = 0;
	s->current = -1;
	ret = settings_first_pass(s, argc, argv, options, letters);
	if (ret)
		return ret;
	s->current = -1;
	optind = 0;
	while ((opt = getopt_long(argc, argv, letters, options, NULL)) != -1)
		if (opt != 'f' && settings_option(s, opt, argv))
			return -EINVAL;
	for (; optind < argc; optind++)		/* behind -- */
		if (settings_word(s, argv[optind]))
			return -EINVAL;
	return 0;
}

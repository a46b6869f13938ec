// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * cvsw-nl: control of a running switch from the command line.  Here: options,
 * the table of commands, and what all of them need.
 */

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

/**
 * struct command - one command
 * @noun:    its first word
 * @verb:    its second; NULL when there is none
 * @run:     does it
 * @options: OPT_* that it takes
 * @min:     fewest words behind it
 * @max:     most; -1 for any number
 * @args:    words, for --help
 * @help:    what it does
 */
struct command {
	const char	*noun;
	const char	*verb;
	int		(*run)(struct tool *tool, int argc, char **argv);
	unsigned int	options;
	int		min;
	int		max;
	const char	*args;
	const char	*help;
};

/* abbreviations go to the first that fits; a noun alone is its first verb */
static const struct command commands[] = {
	{ "show", NULL, cmd_show, 0, 0, 0, "",
	  "switches with their settings and ports" },
	{ "switch", "show", cmd_show, 0, 0, 0, "", "the same" },
	{ "switch", "set", cmd_switch_set, 0, 1, -1, "KEY=VALUE...",
	  "change settings" },
	{ "port", "show", cmd_port_show, 0, 0, 1, "[PORT]",
	  "ports with all there is to tell" },
	{ "port", "add", cmd_port_add, 0, 1, 3, "SPEC [no N]",
	  "open a device as a port" },
	{ "port", "del", cmd_port_del, 0, 1, 1, "PORT", "close it" },
	{ "port", "set", cmd_port_set, 0, 2, -1, "PORT KEY=VALUE...",
	  "change a port" },
	{ "port", "test", cmd_port_test, 0, 0, 1, "[PORT]",
	  "test the offloads of a port, or of all" },
	{ "flow", "dump", cmd_flow_dump,
	  OPT_NAMES | OPT_NO_STATS | OPT_SORT, 0, 1, "[FILTER]",
	  "flows, as they can be read again" },
	{ "flow", "add", cmd_flow_add, OPT_BUNDLE | OPT_FILE, 0, -1, "FLOW...",
	  "add flows" },
	{ "flow", "mod", cmd_flow_mod, OPT_BUNDLE | OPT_FILE | OPT_STRICT, 0,
	  -1, "FLOW...", "change the actions of flows" },
	{ "flow", "del", cmd_flow_del, OPT_BUNDLE | OPT_FILE | OPT_STRICT, 0,
	  -1, "[FLOW...]", "delete flows; all without a word" },
	{ "flow", "replace", cmd_flow_replace, OPT_FILE, 0, 1, "FILE",
	  "make the table consist of the flows of a file" },
	{ "flow", "diff", cmd_flow_diff, OPT_FILE | OPT_NAMES, 0, 1, "FILE",
	  "how the table differs from a file" },
	{ "queue", "show", cmd_queue_show, OPT_NAMES, 0, 1, "[PORT]",
	  "queues of a port, or of all" },
	{ "queue", "add", cmd_queue_add, 0, 2, 4,
	  "PORT ID [min_rate=R] [max_rate=R]", "make a queue" },
	{ "queue", "set", cmd_queue_set, 0, 3, 4,
	  "PORT ID [min_rate=R] [max_rate=R]", "change its rates" },
	{ "queue", "del", cmd_queue_del, 0, 2, 2, "PORT ID|all",
	  "remove it, or all of the port" },
	{ "path", "show", cmd_path_show, OPT_NAMES, 0, 0, "",
	  "far ends of tunnels, and the ways there" },
	{ "of", "show", cmd_of_show, 0, 0, 0, "",
	  "what cvsw-ofd does with controllers" },
	{ "stats", NULL, cmd_stats, OPT_PROMETHEUS, 0, 0, "",
	  "counters of table and ports" },
	{ "drops", NULL, cmd_drops, 0, 0, 0, "",
	  "frames dropped, by cause" },
	{ "monitor", NULL, cmd_monitor, OPT_COUNT | OPT_NAMES, 0, 3,
	  "[flow] [port] [packet-in]", "events as they happen" },
	{ "trace", NULL, cmd_trace, OPT_NAMES, 2, 2, "PORT FRAME",
	  "what would become of a frame" },
	{ "packet-out", NULL, cmd_packet_out, 0, 3, 3, "PORT FRAME ACTIONS",
	  "run actions on a frame" },
	{ "save", NULL, cmd_save, 0, 1, 1, "FILE",
	  "write settings, ports, flows and counters" },
	{ "restore", NULL, cmd_restore, 0, 1, -1, "FILE [switch|ports|flows]...",
	  "bring them back" },
	{ "attach", NULL, cmd_attach, 0, 1, 1, "IFACE",
	  "put a switch of the kernel's into an interface" },
	{ "detach", NULL, cmd_detach, 0, 1, 1, "IFACE", "take it out again" },
	{ "register", NULL, cmd_register, OPT_LISTEN, 1, 1, "IFACE[,key=FILE]",
	  "vNICs that take control by frames" },
	{ "genkey", NULL, cmd_genkey, 0, 0, 1, "[ID]",
	  "make a key for that: a line of a key file" },
};

static const struct option long_options[] = {
	{ "agent",	required_argument,	NULL, 'a' },
	{ "bundle",	no_argument,		NULL, 'b' },
	{ "count",	required_argument,	NULL, 'c' },
	{ "file",	required_argument,	NULL, 'f' },
	{ "help",	no_argument,		NULL, 'h' },
	{ "json",	no_argument,		NULL, 'j' },
	{ "listen",	no_argument,		NULL, 'l' },
	{ "names",	no_argument,		NULL, 'n' },
	{ "no-stats",	no_argument,		NULL, 'N' },
	{ "pretty",	no_argument,		NULL, 'p' },
	{ "prometheus",	no_argument,		NULL, 'P' },
	{ "socket",	required_argument,	NULL, 's' },
	{ "sort",	optional_argument,	NULL, 'S' },
	{ "strict",	no_argument,		NULL, 'x' },
	{ "switch",	required_argument,	NULL, 'd' },
	{ "version",	no_argument,		NULL, 'V' },
	{ "via",	required_argument,	NULL, 's' },
	{ NULL,		0,			NULL, 0 },
};

static int help(void)
{
	const struct command *c;
	char words[64];

	puts("usage: cvsw-nl [OPTIONS] COMMAND [WORDS]\n\ncommands:");
	for (c = commands; c < commands + sizeof(commands) / sizeof(*c); c++) {
		snprintf(words, sizeof(words), "%s%s%s %s", c->noun,
			 c->verb ? " " : "", c->verb ? c->verb : "", c->args);
		printf("  %-38s %s\n", words, c->help);
	}
	puts("\noptions:\n"
	     "  -s, --socket PATH   socket of cvswd (" CVSW_CTL_SOCKET ",\n"
	     "                      or $CVSW_SOCKET), or netlink:IFACE for\n"
	     "                      that of the kernel module\n"
	     "      --via frame:IFACE[,key=FILE][,vnic=MAC][,lease=SECONDS]\n"
	     "                      the switch of a vNIC on that link, by control\n"
	     "                      frames; with a key version 3, else version 2\n"
	     "  -a, --agent PATH    socket of cvsw-ofd (" TOOL_AGENT ")\n"
	     "  -d, --switch NAME   which switch, when there are several\n"
	     "  -j, --json          JSON output\n"
	     "  -p, --pretty        JSON output with line breaks\n"
	     "  -h, --help          this text\n"
	     "  -V, --version       version\n"
	     "flow add, mod, del:\n"
	     "  -f, --file FILE     flows from a file, or - for standard input\n"
	     "  -b, --bundle        all of them or none\n"
	     "      --strict        mod, del: only the identical flow\n"
	     "flow dump:\n"
	     "  -n, --names         ports by name\n"
	     "      --no-stats      without counters and ages\n"
	     "      --sort[=KEY]    by priority, packets, bytes, age or cookie\n"
	     "stats:\n"
	     "      --prometheus    in Prometheus text format\n"
	     "monitor:\n"
	     "  -c, --count N       end after N events\n"
	     "register:\n"
	     "      --listen        go on and show who announces itself\n\n"
	     "Words may be shortened.  See cvsw-nl(8).");
	return EXIT_OK;
}

int tool_usage(const char *format, ...)
{
	va_list args;

	fputs("cvsw-nl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

void *tool_alloc(void *old, size_t n, size_t size)
{
	void *new = reallocarray(old, n ? n : 1, size);

	if (new)
		return new;
	fputs("cvsw-nl: no memory\n", stderr);
	exit(EXIT_USAGE);
}

bool tool_key(const char *word, const char *key, const char **value)
{
	size_t n = strlen(key);

	if (strncmp(word, key, n) || word[n] != '=')
		return false;
	*value = word + n + 1;
	return true;
}

unsigned long long tool_number(const char *key, const char *text,
			       unsigned long long min, unsigned long long max)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (!errno && *text >= '0' && *text <= '9' && !*end && n >= min &&
	    n <= max)
		return n;
	exit(tool_usage("%s: `%s` is not a number from %llu to %llu", key,
			text, min, max));
}

struct cvsw_ctl *tool_ctl(struct tool *tool)
{
	struct cvsw_ctl_error error;

	if (tool->ctl)
		return tool->ctl;
	if (via_open(tool, &error)) {
		fprintf(stderr, "cvsw-nl: %s\n", error.text);
		exit(EXIT_UNREACHED);
	}
	if (tool->name && cvsw_ctl_use(tool->ctl, tool->name))
		exit(tool_usage("%s", cvsw_ctl_error(tool->ctl)->text));
	return tool->ctl;
}

int tool_failed(const struct tool *tool, int err)
{
	const struct cvsw_ctl_error *error = cvsw_ctl_error(tool->ctl);

	if (via_stopped())
		return EXIT_UNREACHED;
	if (error->sub >= 0)
		fprintf(stderr, "cvsw-nl: action %d: %s\n", error->sub + 1,
			error->text);
	else
		fprintf(stderr, "cvsw-nl: %s\n",
			*error->text ? error->text : strerror(-err));
	return err == -ECONNRESET ? EXIT_UNREACHED : EXIT_REFUSED;
}

/* Ports by name */

static int keep_port(void *arg, const struct cvsw_port_info *info)
{
	struct tool *tool = arg;

	tool->ports = tool_alloc(tool->ports, tool->n_ports + 1,
				 sizeof(*info));
	tool->ports[tool->n_ports++] = *info;
	return 0;
}

void tool_load_ports(struct tool *tool)
{
	int err;

	if (tool->ports)
		return;
	tool->ports = tool_alloc(NULL, 1, sizeof(*tool->ports));
	err = cvsw_ctl_port_dump(tool_ctl(tool), keep_port, tool);
	if (err)
		exit(tool_failed(tool, err));
}

static __u16 find_port(void *ctx, const char *name)
{
	struct tool *tool = ctx;
	unsigned int i;

	tool_load_ports(tool);
	for (i = 0; i < tool->n_ports; i++)
		if (!strcmp(tool->ports[i].name, name))
			return tool->ports[i].no;
	return CVSW_PORT_NONE;
}

static const char *name_port(void *ctx, __u16 no)
{
	const struct tool *tool = ctx;
	unsigned int i;

	for (i = 0; i < tool->n_ports; i++)
		if (tool->ports[i].no == no)
			return tool->ports[i].name;
	return NULL;
}

struct cvsw_text_names tool_names(struct tool *tool)
{
	struct cvsw_text_names names = {
		.port_find = find_port, .port_name = NULL, .ctx = tool
	};

	if (tool->options & OPT_NAMES) {
		tool_load_ports(tool);
		names.port_name = name_port;
	}
	return names;
}

__u16 tool_port(struct tool *tool, const char *word)
{
	struct cvsw_text_names names = tool_names(tool);
	__u16 no;

	if (cvsw_text_port_parse(word, &names, &no))
		exit(tool_usage("`%s`: there is no such port", word));
	return no;
}

/* Command line */

static bool shortens(const char *word, const char *whole)
{
	return !strncmp(word, whole, strlen(word));
}

static const struct command *find_command(int *argc, char ***argv)
{
	const struct command *end = commands +
				    sizeof(commands) / sizeof(*commands);
	const struct command *noun = NULL, *c;

	for (c = commands; c < end && !noun; c++)
		if (shortens((*argv)[0], c->noun))
			noun = c;
	if (!noun)
		exit(tool_usage("`%s`: unknown command; try --help",
				(*argv)[0]));
	++*argv;
	--*argc;
	if (!noun->verb || !*argc)
		return noun;
	for (c = noun; c < end && !strcmp(c->noun, noun->noun); c++) {
		if (!shortens((*argv)[0], c->verb))
			continue;
		++*argv;
		--*argc;
		return c;
	}
	exit(tool_usage("`%s`: unknown word behind %s; try --help", (*argv)[0],
			noun->noun));
}

/* one option; returns false when it ends the run */
static bool take_option(struct tool *tool, int option)
{
	static const struct {
		char		letter;
		unsigned int	bit;
	} bits[] = {
		{ 'b', OPT_BUNDLE }, { 'n', OPT_NAMES }, { 'N', OPT_NO_STATS },
		{ 'P', OPT_PROMETHEUS }, { 'x', OPT_STRICT },
		{ 'c', OPT_COUNT }, { 'f', OPT_FILE }, { 'S', OPT_SORT },
		{ 'l', OPT_LISTEN },
	};
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		if (bits[i].letter == option)
			tool->options |= bits[i].bit;
	switch (option) {
	case 'a':
		tool->agent = optarg;
		break;
	case 'c':
		tool->count = tool_number("count", optarg, 1, ~0ul);
		break;
	case 'd':
		tool->name = optarg;
		break;
	case 'f':
		tool->file = optarg;
		break;
	case 'p':
		tool->pretty = true;
		/* fallthrough */
	case 'j':
		tool->json = true;
		break;
	case 's':
		tool->where = optarg;
		break;
	case 'S':
		tool->sort = optarg ? optarg : "priority";
		break;
	case 'h':
		help();
		return false;
	case 'V':
		puts("cvsw-nl " PACKAGE_VERSION);
		return false;
	case '?':
		exit(tool_usage("try --help"));
	default:
		break;
	}
	return true;
}

static int run(struct tool *tool, int argc, char **argv)
{
	const struct command *c;
	int code;

	if (!argc)
		return tool_usage("a command is missing; try --help");
	c = find_command(&argc, &argv);
	if (tool->options & ~c->options)
		return tool_usage("an option does not belong to %s%s%s; try --help",
				  c->noun, c->verb ? " " : "",
				  c->verb ? c->verb : "");
	if (argc < c->min || (c->max >= 0 && argc > c->max))
		return tool_usage("usage: cvsw-nl %s%s%s %s", c->noun,
				  c->verb ? " " : "", c->verb ? c->verb : "",
				  c->args);
	code = c->run(tool, argc, argv);
	if (!code)
		via_done(tool);
	if ((fflush(stdout) || ferror(stdout)) && !via_stopped()) {
		perror("cvsw-nl: standard output");
		return EXIT_USAGE;
	}
	return code;
}

int main(int argc, char **argv)
{
	static struct tool tool = { .agent = TOOL_AGENT };
	int option, code;

	tool.where = getenv("CVSW_SOCKET");
	if (!tool.where || !*tool.where)
		tool.where = CVSW_CTL_SOCKET;
	while ((option = getopt_long(argc, argv, "a:bc:d:f:hjnps:V",
				     long_options, NULL)) >= 0)
		if (!take_option(&tool, option))
			return EXIT_OK;
	code = run(&tool, argc - optind, argv + optind);
	cvsw_ctl_close(tool.ctl);
	tool.ctl = NULL;
	free(tool.ports);
	return code;
}

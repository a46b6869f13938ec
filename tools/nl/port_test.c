// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* port test */

#include <errno.h>
#include "tool.h"

static const char *const verdicts[] = {
	[CVSW_TEST_NONE] = "not tried",
	[CVSW_TEST_PASSED] = "passed",
	[CVSW_TEST_FAILED] = "failed",
};

static const char *offload_word(__u32 bit)
{
	const struct port_word *w = port_offload_words;

	while (w->word && w->bit != bit)
		w++;
	return w->word ? w->word : "unknown";
}

/* struct port_test - the tests of one port as they come in */
struct port_test {
	json_t		*json;	/* NULL: print */
	unsigned int	failed;
};

static void take_test(void *arg, const struct cvsw_test *t)
{
	struct port_test *test = arg;

	if (t->rx == CVSW_TEST_FAILED || t->tx == CVSW_TEST_FAILED)
		test->failed++;
	if (test->json)
		json_array_append_new(test->json,
			json_pack("{s:s, s:s, s:s, s:s}",
				  "offload", offload_word(t->offload),
				  "rx", verdicts[t->rx], "tx", verdicts[t->tx],
				  "text", t->text));
	else
		printf("  %-11s rx %-9s tx %s%s%s\n",
		       offload_word(t->offload), verdicts[t->rx],
		       verdicts[t->tx], *t->text ? ": " : "", t->text);
}

/* @all: one of many, of which some may have no test */
static int test_port(struct tool *tool, const struct cvsw_port_info *port,
		     bool all, unsigned int *failed)
{
	struct port_test test = {};
	int err;

	if (tool->json)
		test.json = json_array();
	else
		printf("%u: %s  %s\n", port->no, port->name, port->spec);
	err = cvsw_ctl_port_test(tool_ctl(tool), port->no, take_test, &test);
	*failed += test.failed;
	if (tool->json)
		out_item(tool, json_pack("{s:i, s:s, s:o}", "no", (int)port->no,
					 "name", port->name, "tests",
					 test.json));
	if (err == -EOPNOTSUPP && all) {
		if (!tool->json)
			printf("  %s\n", cvsw_ctl_error(tool->ctl)->text);
		return EXIT_OK;
	}
	return err ? tool_failed(tool, err) : EXIT_OK;
}

int cmd_port_test(struct tool *tool, int argc, char **argv)
{
	__u16 no = argc ? tool_port(tool, argv[0]) : CVSW_PORT_ANY;
	unsigned int i, failed = 0;
	int code = EXIT_OK;

	tool_load_ports(tool);
	if (tool->json)
		out_list_begin(tool);
	for (i = 0; i < tool->n_ports && code == EXIT_OK; i++)
		if (!argc || tool->ports[i].no == no)
			code = test_port(tool, &tool->ports[i], !argc, &failed);
	if (tool->json)
		out_list_end(tool);
	return code == EXIT_OK && failed ? EXIT_DIFFER : code;
}

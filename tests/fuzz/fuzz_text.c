// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A text, read as every command, as an action list and as a key.  What is
 * taken is printed and read again as the same; what is not has a reason and a
 * place in the text.
 */

#include <cvsw/text.h>
#include "os.h"

#define TEXT_MAX	4096

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static u16 port_find(void *ctx, const char *name)
{
	(void)ctx;
	return !strcmp(name, "vm1") ? 1 : CVSW_PORT_NONE;
}

static const char *port_name(void *ctx, u16 no)
{
	(void)ctx;
	return no == 1 ? "vm1" : NULL;
}

static const struct cvsw_text_names names = { port_find, port_name, NULL };

/* an error says what and where; a success says nothing or both */
static void check_error(const char *text, int rc,
			const struct cvsw_text_error *err)
{
	must(rc >= 0 || rc == -EINVAL || rc == -E2BIG);
	must(rc >= 0 || err->column);
	must(!err->column == !err->text[0]);
	must(err->column <= strlen(text) + 1);
	must(strlen(err->word) < sizeof(err->word));
	must(strlen(err->text) < sizeof(err->text));
}

static void check_flow(const struct cvsw_flow *flow)
{
	static struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	static struct cvsw_action actions[CVSW_ACTIONS_MAX];
	static char text[CVSW_TEXT_MAX];
	struct cvsw_flow_mod mod;
	int n;

	n = cvsw_text_flow_print(text, sizeof(text), flow, CVSW_TEXT_STATS, &names);
	must(n >= 0 && n < CVSW_TEXT_MAX);
	must(!cvsw_text_mod_parse(text, CVSW_FLOW_RESTORE, CVSW_TEXT_STRICT, &names,
				  &mod, actions, CVSW_ACTIONS_MAX, opts, NULL));
	must(mod.flow.n_actions == flow->n_actions);
	must(!memcmp(actions, flow->actions, flow->n_actions * sizeof(*actions)));
	must(mod.flow.n_opts == flow->n_opts);
	must(!flow->n_opts ||
	     !memcmp(opts, flow->opts, flow->n_opts * sizeof(*opts)));
	mod.flow.actions = flow->actions;
	mod.flow.opts = flow->opts;
	must(!memcmp(&mod.flow, flow, sizeof(*flow)));
}

static void check_mod(const char *text, u16 cmd)
{
	static struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	static struct cvsw_action actions[CVSW_ACTIONS_MAX];
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	int rc;

	rc = cvsw_text_mod_parse(text, cmd, CVSW_TEXT_VERB, &names, &mod, actions,
				 CVSW_ACTIONS_MAX, opts, &err);
	check_error(text, rc, &err);
	if (!rc && mod.flow.actions)
		check_flow(&mod.flow);
}

static void check_key(const char *text)
{
	struct cvsw_text_error err;
	u8 frame[CVSW_TEXT_FRAME_MAX];
	struct cvsw_key key;
	int rc;

	rc = cvsw_text_key(text, &names, &key, &err);
	check_error(text, rc, &err);
	if (!rc)
		must(cvsw_text_frame(&key, frame, sizeof(frame)) <= (int)sizeof(frame));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cvsw_action actions[4];
	struct cvsw_text_error err;
	char *text;
	u16 cmd;
	int rc;

	if (size > TEXT_MAX)
		return 0;
	text = malloc(size + 1);
	must(text);
	memcpy(text, data, size);
	text[size] = 0;
	for (cmd = CVSW_FLOW_ADD; cmd <= CVSW_FLOW_RESTORE; cmd++)
		check_mod(text, cmd);
	rc = cvsw_text_actions_parse(text, &names, actions, 4, &err);
	check_error(text, rc, &err);
	must(rc <= 4);
	check_key(text);
	free(text);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Whole flows and flow-mods as text, and keys: the words that are not fields
 * of the match.
 */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "text.h"

/* commands that a word has a meaning in */
#define FOR(cmd)	(1u << CVSW_FLOW_##cmd)
#define FOR_ADD		(FOR(ADD) | FOR(MOD) | FOR(MOD_STRICT) | FOR(RESTORE))
#define FOR_DEL		(FOR(DEL) | FOR(DEL_STRICT))
#define FOR_ALL		(FOR_ADD | FOR_DEL)

enum text_attr_id {
	ATTR_PRIORITY,
	ATTR_COOKIE,
	ATTR_IDLE_TIMEOUT,
	ATTR_HARD_TIMEOUT,
	ATTR_SEND_REM,
	ATTR_OVERLAP,
	ATTR_OUT_PORT,
	ATTR_TABLE,
	ATTR_DURATION,
	ATTR_PACKETS,
	ATTR_BYTES,
	ATTR_IDLE_AGE,
	ATTR_HARD_AGE,
	ATTR_COUNT
};

static const struct text_attr {
	const char *name;
	unsigned int cmds;
	__u64 max;		/* of a plain number, 0 for other values */
	bool flag;		/* takes no value */
} text_attrs[ATTR_COUNT] = {
	[ATTR_PRIORITY]	= { "priority", FOR_ADD | FOR(DEL_STRICT), 0xffff, false },
	[ATTR_COOKIE]	= { "cookie", FOR_ALL, 0, false },
	[ATTR_IDLE_TIMEOUT] = { "idle_timeout", FOR_ADD, 0xffff, false },
	[ATTR_HARD_TIMEOUT] = { "hard_timeout", FOR_ADD, 0xffff, false },
	[ATTR_SEND_REM]	= { "send_flow_rem", FOR_ADD, 0, true },
	[ATTR_OVERLAP]	= { "check_overlap", FOR_ADD, 0, true },
	[ATTR_OUT_PORT]	= { "out_port", FOR_DEL, 0, false },
	[ATTR_TABLE]	= { "table", FOR_ALL, 0xff, false },
	[ATTR_DURATION]	= { "duration", FOR_ALL, 0, false },
	[ATTR_PACKETS]	= { "n_packets", FOR_ALL, ~0ULL, false },
	[ATTR_BYTES]	= { "n_bytes", FOR_ALL, ~0ULL, false },
	[ATTR_IDLE_AGE]	= { "idle_age", FOR_ALL, 0, false },
	[ATTR_HARD_AGE]	= { "hard_age", FOR_ALL, 0, false },
};

static const char *const text_cmds[] = {
	[CVSW_FLOW_ADD]		= "add",
	[CVSW_FLOW_MOD]		= "modify",
	[CVSW_FLOW_MOD_STRICT]	= "modify_strict",
	[CVSW_FLOW_DEL]		= "delete",
	[CVSW_FLOW_DEL_STRICT]	= "delete_strict",
	[CVSW_FLOW_RESTORE]	= "restore",
};

/**
 * struct text_flow - a flow-mod that is being read
 * @tm:    its match
 * @mod:   the rest
 * @opts:  room for its options, or NULL
 * @given: words by ATTR_*
 */
struct text_flow {
	struct text_match tm;
	struct cvsw_flow_mod *mod;
	struct cvsw_opt_match *opts;
	unsigned int given;
};

#define TEXT_OPT	"geneve_opt"

static const char *text_word_name(size_t i)
{
	if (i < ATTR_COUNT)
		return text_attrs[i].name;
	i -= ATTR_COUNT;
	if (i < cvsw_text_match_names())
		return cvsw_text_match_name(i);
	return i == cvsw_text_match_names() ? TEXT_OPT : "actions";
}

static int text_unknown(const struct text_parser *ps,
			const struct text_word *word)
{
	size_t names = ATTR_COUNT + cvsw_text_match_names() + 2;
	const char *nearest = cvsw_text_nearest(word->name, names,
						text_word_name);

	if (nearest)
		return cvsw_text_fail(ps, word->name,
				      "unknown word; did you mean %s?",
				      nearest);
	return cvsw_text_fail(ps, word->name, "unknown word");
}

/* "12.345s": seconds with up to nine decimals; the s may be missing */
static int text_seconds(const struct text_parser *ps,
			const struct text_word *word, __u64 *ns)
{
	struct text_slice value = word->value, whole, part;
	__u64 unit = 1000000000, seconds = 0;
	size_t i;

	if (value.len && value.at[value.len - 1] == 's')
		value.len--;
	if (cvsw_text_cut(value, '.', &whole, &part) && !part.len)
		return cvsw_text_bad(ps, word, word->value,
				     "a time in seconds");
	if (cvsw_text_number(ps, word, whole, ~0ULL / unit - 1, &seconds))
		return -EINVAL;
	*ns = seconds * unit;
	for (i = 0; i < part.len; i++) {
		if (!isdigit((unsigned char)part.at[i]) || i == 9)
			return cvsw_text_bad(ps, word, word->value,
					     "a time in seconds");
		unit /= 10;
		*ns += unit * (__u64)(part.at[i] - '0');
	}
	return 0;
}

static int text_cookie(const struct text_parser *ps,
		       const struct text_word *word, struct cvsw_flow_mod *mod)
{
	struct text_slice head, tail;
	__u64 mask;

	mod->cookie_mask = 0;
	if (!cvsw_text_cut(word->value, '/', &head, &tail)) {
		if (FOR_DEL >> mod->cmd & 1)
			return cvsw_text_fail(ps, word->name,
				"say which bits select: cookie=N/-1 for all");
		return cvsw_text_number(ps, word, head, ~0ULL,
					&mod->flow.cookie);
	}
	if (mod->cmd == CVSW_FLOW_ADD || mod->cmd == CVSW_FLOW_RESTORE)
		return cvsw_text_fail(ps, word->name,
				      "a new flow has no use for a cookie mask");
	if (cvsw_text_is(tail, "-1"))
		mask = ~0ULL;
	else if (cvsw_text_number(ps, word, tail, ~0ULL, &mask))
		return -EINVAL;
	mod->cookie_mask = mask;
	return cvsw_text_number(ps, word, head, ~0ULL, &mod->flow.cookie);
}

static int text_set_attr(const struct text_parser *ps,
			 const struct text_word *word, enum text_attr_id id,
			 struct cvsw_flow_mod *mod)
{
	struct cvsw_flow *flow = &mod->flow;
	__u64 n = 0;

	if (text_attrs[id].max &&
	    cvsw_text_number(ps, word, word->value, text_attrs[id].max, &n))
		return -EINVAL;
	switch (id) {
	case ATTR_PRIORITY:
		flow->priority = (__u16)n;
		return 0;
	case ATTR_COOKIE:
		return text_cookie(ps, word, mod);
	case ATTR_IDLE_TIMEOUT:
		flow->idle_timeout = (__u16)n;
		return 0;
	case ATTR_HARD_TIMEOUT:
		flow->hard_timeout = (__u16)n;
		return 0;
	case ATTR_SEND_REM:
		flow->flags |= CVSW_FLOW_F_SEND_REM;
		return 0;
	case ATTR_OVERLAP:
		flow->flags |= CVSW_FLOW_F_CHECK_OVERLAP;
		return 0;
	case ATTR_OUT_PORT:
		return cvsw_text_port(ps, word, word->value, &mod->out_port);
	case ATTR_TABLE:
		if (n)
			return cvsw_text_fail(ps, word->name,
					      "there is only table 0");
		return 0;
	case ATTR_DURATION:
		return text_seconds(ps, word, &flow->age_ns);
	case ATTR_PACKETS:
		flow->packets = n;
		return 0;
	case ATTR_BYTES:
		flow->bytes = n;
		return 0;
	case ATTR_IDLE_AGE:
		return text_seconds(ps, word, &flow->idle_ns);
	default:		/* hard_age: read, not kept */
		return text_seconds(ps, word, &n);
	}
}

/* 1 when @word is one of the flow itself, 0 when not */
static int text_flow_attr(const struct text_parser *ps,
			  const struct text_word *word, struct text_flow *tf)
{
	size_t i;

	for (i = 0; i < ATTR_COUNT; i++)
		if (cvsw_text_is(word->name, text_attrs[i].name))
			break;
	if (i == ATTR_COUNT)
		return 0;
	if (!(text_attrs[i].cmds >> tf->mod->cmd & 1))
		return cvsw_text_fail(ps, word->name, "has no meaning for %s",
				      text_cmds[tf->mod->cmd]);
	if (tf->given >> i & 1)
		return cvsw_text_fail(ps, word->name, "said twice");
	if (word->has_value == text_attrs[i].flag)
		return cvsw_text_fail(ps, word->name,
				      word->has_value ? "takes no value" :
							"needs a value");
	tf->given |= 1u << i;
	return text_set_attr(ps, word, (enum text_attr_id)i, tf->mod) ? : 1;
}

/* the order in which options are kept: by class and type, which are first */
static int text_opt_order(const struct cvsw_opt_match *a,
			  const struct cvsw_opt_match *b)
{
	return memcmp(&a->value, &b->value,
		      offsetof(struct cvsw_tunnel_opt, len));
}

/* 1 when @word is an option, 0 when not */
static int text_flow_opt(const struct text_parser *ps,
			 const struct text_word *word, struct text_flow *tf)
{
	struct cvsw_flow *flow = &tf->mod->flow;
	struct cvsw_opt_match opt;
	int i = flow->n_opts, order = 1;

	if (!cvsw_text_is(word->name, TEXT_OPT))
		return 0;
	if (!tf->opts)
		return cvsw_text_fail(ps, word->name, "is not for here");
	if (i == CVSW_OPT_MATCHES_MAX)
		return cvsw_text_fail(ps, word->name, "more than %d of them",
				      CVSW_OPT_MATCHES_MAX);
	if (cvsw_text_opt_match(ps, word, &opt))
		return -EINVAL;
	while (i && (order = text_opt_order(&opt, &tf->opts[i - 1])) < 0) {
		tf->opts[i] = tf->opts[i - 1];
		i--;
	}
	if (!order)
		return cvsw_text_fail(ps, word->name,
				      "this option is said twice");
	tf->opts[i] = opt;
	flow->opts = tf->opts;
	flow->n_opts++;
	return 1;
}

static bool text_is_actions(const struct text_word *word)
{
	return cvsw_text_is(word->name, "actions") ||
	       cvsw_text_is(word->name, "action");
}

/* "actions=": all the rest of the text is the list */
static int text_flow_actions(struct text_parser *ps,
			     const struct text_word *word,
			     struct text_flow *tf, struct cvsw_action *actions,
			     unsigned int max)
{
	int n;

	if (FOR_DEL >> tf->mod->cmd & 1)
		return cvsw_text_fail(ps, word->name, "has no meaning for %s",
				      text_cmds[tf->mod->cmd]);
	if (!word->has_value || word->parens)
		return cvsw_text_fail(ps, word->name, "needs \"=\" and a list");
	ps->next = word->value.at;
	n = cvsw_text_actions(ps, actions, max);
	if (n < 0)
		return n;
	tf->mod->flow.n_actions = (__u16)n;
	tf->mod->flow.actions = actions;
	return 0;
}

static int text_flow_words(struct text_parser *ps, struct text_flow *tf,
			   struct cvsw_action *actions, unsigned int max)
{
	struct text_slice rest = { ps->next, 0 };
	struct text_word word;
	int rc;

	while ((rc = cvsw_text_next(ps, &word)) > 0) {
		if (text_is_actions(&word))
			return text_flow_actions(ps, &word, tf, actions, max);
		rc = text_flow_attr(ps, &word, tf);
		if (!rc)
			rc = text_flow_opt(ps, &word, tf);
		if (!rc)
			rc = cvsw_text_match_word(ps, &word, &tf->tm);
		if (!rc)
			return text_unknown(ps, &word);
		if (rc < 0)
			return rc;
	}
	if (rc || FOR_DEL >> tf->mod->cmd & 1)
		return rc;
	rest.at = ps->end;
	return cvsw_text_fail(ps, rest,
			      "actions= is missing (actions=drop for none)");
}

/* a verb in front of a flow */
static void text_flow_verb(struct text_parser *ps, __u16 *cmd)
{
	struct text_parser look = *ps;
	struct text_word word;
	__u16 i;

	look.err = NULL;
	if (cvsw_text_next(&look, &word) <= 0 || word.has_value)
		return;
	for (i = CVSW_FLOW_ADD; i <= CVSW_FLOW_DEL_STRICT; i++) {
		if (cvsw_text_is(word.name, text_cmds[i])) {
			*cmd = i;
			ps->next = look.next;
			return;
		}
	}
}

int cvsw_text_mod_parse(const char *text, __u16 cmd, unsigned int flags,
			const struct cvsw_text_names *names,
			struct cvsw_flow_mod *mod, struct cvsw_action *actions,
			unsigned int max, struct cvsw_opt_match *opts,
			struct cvsw_text_error *err)
{
	struct text_flow tf = { .mod = mod, .opts = opts };
	struct text_parser ps;
	int rc;

	cvsw_text_start(&ps, text, names, err);
	if (cmd > CVSW_FLOW_RESTORE)
		return -EINVAL;
	if (flags & CVSW_TEXT_VERB)
		text_flow_verb(&ps, &cmd);
	memset(mod, 0, sizeof(*mod));
	mod->cmd = cmd;
	mod->out_port = CVSW_PORT_NONE;
	mod->flow.priority = CVSW_PRIORITY_DEFAULT;
	if (cmd == CVSW_FLOW_MOD || cmd == CVSW_FLOW_MOD_STRICT)
		mod->flow.cookie = CVSW_COOKIE_KEEP;
	rc = text_flow_words(&ps, &tf, actions, max);
	if (rc)
		return rc;
	rc = cvsw_text_match_finish(&ps, &tf.tm, flags);
	mod->flow.match = tf.tm.match;
	return rc;
}

int cvsw_text_key(const char *text, const struct cvsw_text_names *names,
		  struct cvsw_key *key, struct cvsw_text_error *err)
{
	struct text_match tm = {};
	struct text_parser ps;
	struct text_word word;
	int rc;

	cvsw_text_start(&ps, text, names, err);
	while ((rc = cvsw_text_next(&ps, &word)) > 0) {
		if (memchr(word.value.at, '/', word.value.len))
			return cvsw_text_fail(&ps, word.name,
					      "a frame has values, not masks");
		rc = cvsw_text_match_word(&ps, &word, &tm);
		if (!rc && cvsw_text_is(word.name, TEXT_OPT))
			return cvsw_text_fail(&ps, word.name,
					      "no frame is made with options");
		if (!rc)
			return text_unknown(&ps, &word);
		if (rc < 0)
			return rc;
	}
	if (!rc)
		rc = cvsw_text_match_finish(&ps, &tm, CVSW_TEXT_STRICT);
	*key = tm.match.value;
	return rc;
}

/* Writing */

/* seconds with as many decimals as it takes */
static void text_put_seconds(struct text_out *out, __u64 ns)
{
	__u64 part = ns % 1000000000;
	int digits = 9;

	cvsw_text_put(out, "%llu", (unsigned long long)(ns / 1000000000));
	if (!part)
		return;
	for (; part % 10 == 0; part /= 10)
		digits--;
	cvsw_text_put(out, ".%0*llu", digits, (unsigned long long)part);
}

static void text_put_stats(struct text_out *out, const struct cvsw_flow *flow)
{
	cvsw_text_put(out, "duration=");
	text_put_seconds(out, flow->age_ns);
	cvsw_text_put(out, "s, table=0, n_packets=%llu, n_bytes=%llu, ",
		      (unsigned long long)flow->packets,
		      (unsigned long long)flow->bytes);
}

int cvsw_text_flow_print(char *buf, size_t size, const struct cvsw_flow *flow,
			 unsigned int flags,
			 const struct cvsw_text_names *names)
{
	struct text_out out = { .buf = buf, .size = size };
	bool stats = flags & CVSW_TEXT_STATS;

	if ((stats || flow->cookie) && !(flags & CVSW_TEXT_NO_COOKIE))
		cvsw_text_put(&out, "cookie=0x%llx, ",
			      (unsigned long long)flow->cookie);
	if (stats)
		text_put_stats(&out, flow);
	if (flow->idle_timeout)
		cvsw_text_put(&out, "idle_timeout=%u, ", flow->idle_timeout);
	if (flow->hard_timeout)
		cvsw_text_put(&out, "hard_timeout=%u, ", flow->hard_timeout);
	if (stats) {
		cvsw_text_put(&out, "idle_age=");
		text_put_seconds(&out, flow->idle_ns);
		cvsw_text_put(&out, ", ");
	}
	if (flow->flags & CVSW_FLOW_F_SEND_REM)
		cvsw_text_put(&out, "send_flow_rem ");
	if (flow->flags & CVSW_FLOW_F_CHECK_OVERLAP)
		cvsw_text_put(&out, "check_overlap ");
	if (flow->priority != CVSW_PRIORITY_DEFAULT) {
		cvsw_text_put_word(&out, "priority=");
		cvsw_text_put(&out, "%u", flow->priority);
	}
	cvsw_text_put_match(&out, &flow->match, names);
	cvsw_text_put_opts(&out, flow->opts, flow->n_opts);
	cvsw_text_put(&out, out.list ? " actions=" : "actions=");
	cvsw_text_put_actions(&out, flow->actions, flow->n_actions, names);
	return (int)out.len;
}

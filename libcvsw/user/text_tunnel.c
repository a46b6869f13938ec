// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The tunnel actions as text: a table of tunnels.
 */

#include <errno.h>
#include <string.h>

#include "hdr.h"
#include "text.h"

/* push_NAME(ID=...) and pop_NAME; another tunnel is another line */
static const struct text_tunnel {
	const char *push, *pop, *id;
	__u64 id_max;
	__u8 kind;
	bool ports;		/* has a destination port */
	bool udp;		/* has an optional checksum */
	bool opts;		/* has options */
} text_tunnels[] = {
	{ "push_vxlan", "pop_vxlan", "vni", 0xffffff, CVSW_TUNNEL_VXLAN,
	  true, true, false },
	{ "push_geneve", "pop_geneve", "vni", 0xffffff, CVSW_TUNNEL_GENEVE,
	  true, true, true },
	{ "push_nvgre", "pop_nvgre", "vsid", 0xffffff, CVSW_TUNNEL_NVGRE,
	  false, false, false },
	{ "push_stt", "pop_stt", "id", ~0ull, CVSW_TUNNEL_STT,
	  true, false, false },
};

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))

static const struct text_tunnel *text_tunnel_of(unsigned int kind)
{
	size_t i;

	for (i = 0; i < COUNT(text_tunnels); i++)
		if (text_tunnels[i].kind == kind)
			return &text_tunnels[i];
	return NULL;
}

bool cvsw_text_tunnel_opts(unsigned int kind)
{
	const struct text_tunnel *type = text_tunnel_of(kind);

	return type && type->opts;
}

/* an option by itself, not among the words of a push */
#define TEXT_OPT	"geneve_opt"

size_t cvsw_text_tunnel_names(void)
{
	return 2 * COUNT(text_tunnels) + 1;
}

const char *cvsw_text_tunnel_name(size_t i)
{
	if (i == 2 * COUNT(text_tunnels))
		return TEXT_OPT;
	return i % 2 ? text_tunnels[i / 2].pop : text_tunnels[i / 2].push;
}

/* Reading */

enum text_tunnel_word {
	TUNNEL_ID,
	TUNNEL_DST,
	TUNNEL_SRC,
	TUNNEL_ETH_SRC,
	TUNNEL_ETH_DST,
	TUNNEL_PORT,
	TUNNEL_TTL,
	TUNNEL_TOS,
	TUNNEL_CSUM,
	TUNNEL_NODF,
	TUNNEL_MSS,
	TUNNEL_OPT,
	TUNNEL_WORDS
};

#define TUNNEL_REQUIRED	2	/* the first so many */

static const char *text_tunnel_word(const struct text_tunnel *type, size_t i)
{
	static const char *const names[] = {
		NULL, "dst", "src", "eth_src", "eth_dst", "port", "ttl", "tos",
		"csum", "nodf", "clamp_mss", "opt",
	};

	return i == TUNNEL_ID ? type->id : names[i];
}

/* both ends are of the family of the one that is read first */
static int text_tunnel_addr(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_tunnel *tun, __u8 *addr)
{
	__u8 family = word->value.len && memchr(word->value.at, ':',
						word->value.len) ? 6 : 4;

	if (tun->family && tun->family != family)
		return cvsw_text_fail(ps, word->name,
				      "src and dst are of different IP versions");
	tun->family = family;
	return cvsw_text_addr(ps, word, word->value, family, addr);
}

/*
 * "N", "inherit", or "inherit/N": N where there is nothing to inherit.  Sets
 * @flag if it is to be; returns whether that is all, else N is @rest.
 */
static bool text_inherit(const struct text_word *word, struct cvsw_tunnel *tun,
			 __u16 flag, struct text_slice *rest)
{
	struct text_slice head;
	bool more = cvsw_text_cut(word->value, '/', &head, rest);

	if (!cvsw_text_is(head, "inherit")) {
		*rest = word->value;
		return false;
	}
	tun->flags |= flag;
	return !more;
}

static int text_tunnel_ttl(const struct text_parser *ps,
			   const struct text_word *word,
			   struct cvsw_tunnel *tun)
{
	struct text_slice rest;
	__u64 n = 0;
	int rc;

	if (text_inherit(word, tun, CVSW_TUNNEL_F_TTL_INHERIT, &rest))
		return 0;
	rc = cvsw_text_number(ps, word, rest, 255, &n);
	if (!rc && !n)
		rc = cvsw_text_bad(ps, word, rest, "a TTL");
	tun->ttl = (__u8)n;
	return rc;
}

static int text_tunnel_tos(const struct text_parser *ps,
			   const struct text_word *word,
			   struct cvsw_tunnel *tun)
{
	struct text_slice rest;

	if (text_inherit(word, tun, CVSW_TUNNEL_F_TOS_INHERIT, &rest))
		return 0;
	return cvsw_text_tos(ps, word, rest, &tun->tos);
}

static int text_tunnel_flag(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_tunnel *tun, __u16 flag)
{
	tun->flags |= flag;
	return cvsw_text_no_value(ps, word);
}

/* a number, or "flow": that of the frame */
static int text_tunnel_id(const struct text_parser *ps,
			  const struct text_word *word, __u64 max,
			  struct cvsw_tunnel *tun)
{
	__u64 n = 0;
	int rc = 0;

	if (cvsw_text_is(word->value, "flow"))
		tun->flags |= CVSW_TUNNEL_F_ID_FLOW;
	else
		rc = cvsw_text_number(ps, word, word->value, max, &n);
	tun->id = cpu_to_be64(n);
	return rc;
}

static int text_tunnel_read(const struct text_parser *ps,
			    const struct text_word *word,
			    const struct text_tunnel *type, size_t what,
			    struct cvsw_tunnel *tun)
{
	__u64 n = 0;
	int rc;

	switch (what) {
	case TUNNEL_ID:
		return text_tunnel_id(ps, word, type->id_max, tun);
	case TUNNEL_SRC:
		return text_tunnel_addr(ps, word, tun, tun->nw_src);
	case TUNNEL_DST:
		return text_tunnel_addr(ps, word, tun, tun->nw_dst);
	case TUNNEL_ETH_SRC:
		return cvsw_text_mac(ps, word, word->value, tun->dl_src);
	case TUNNEL_ETH_DST:
		return cvsw_text_mac(ps, word, word->value, tun->dl_dst);
	case TUNNEL_PORT:
		rc = cvsw_text_number(ps, word, word->value, 0xffff, &n);
		tun->tp_dst = cpu_to_be16((__u16)n);
		return rc;
	case TUNNEL_TTL:
		return text_tunnel_ttl(ps, word, tun);
	case TUNNEL_TOS:
		return text_tunnel_tos(ps, word, tun);
	case TUNNEL_CSUM:
		return text_tunnel_flag(ps, word, tun, CVSW_TUNNEL_F_CSUM);
	case TUNNEL_NODF:
		return text_tunnel_flag(ps, word, tun, CVSW_TUNNEL_F_NO_DF);
	default:
		return text_tunnel_flag(ps, word, tun, CVSW_TUNNEL_F_CLAMP_MSS);
	}
}

static size_t text_tunnel_find(const struct text_tunnel *type,
			       struct text_slice name)
{
	size_t i;

	for (i = 0; i < TUNNEL_WORDS; i++)
		if (cvsw_text_is(name, text_tunnel_word(type, i)) &&
		    (type->ports || i != TUNNEL_PORT) &&
		    (type->udp || i != TUNNEL_CSUM) &&
		    (type->opts || i != TUNNEL_OPT))
			break;
	return i;
}

/**
 * struct text_push - a push that is being read
 * @acts:  its options so far; the PUSH will follow them
 * @n:     how many they are
 * @max:   room for actions
 * @given: words by TUNNEL_*
 * @tun:   the endpoint
 */
struct text_push {
	struct cvsw_action *acts;
	unsigned int n, max;
	unsigned int given;
	struct cvsw_tunnel tun;
};

static int text_tunnel_opt(const struct text_parser *ps,
			   const struct text_word *word,
			   struct text_push *push)
{
	struct cvsw_action *act = &push->acts[push->n];

	if (push->n + 1 >= push->max) {
		cvsw_text_fail(ps, word->name, "too many actions");
		return -E2BIG;
	}
	push->n++;
	memset(act, 0, sizeof(*act));
	act->type = CVSW_ACT_TUNNEL_OPT;
	return cvsw_text_opt(ps, word, &act->opt);
}

static int text_push_word(const struct text_parser *ps,
			  const struct text_word *word,
			  const struct text_tunnel *type,
			  struct text_push *push)
{
	size_t i = text_tunnel_find(type, word->name);

	if (i == TUNNEL_WORDS)
		return cvsw_text_fail(ps, word->name, "no such word in %s",
				      type->push);
	if (i == TUNNEL_OPT)
		return text_tunnel_opt(ps, word, push);
	if (push->given >> i & 1)
		return cvsw_text_fail(ps, word->name, "said twice");
	push->given |= 1u << i;
	return text_tunnel_read(ps, word, type, i, &push->tun);
}

/* how many actions it makes */
static int text_tunnel_push(const struct text_parser *ps,
			    const struct text_word *name,
			    const struct text_tunnel *type,
			    struct cvsw_action *acts, unsigned int max)
{
	struct text_parser inner = cvsw_text_inside(ps, name->value);
	struct text_push push = {
		.acts = acts, .max = max, .tun.kind = type->kind,
	};
	struct text_word word;
	size_t i;
	int rc;

	if (!name->parens)
		return cvsw_text_fail(ps, name->name,
				      "needs (%s=..., dst=..., ...)", type->id);
	while ((rc = cvsw_text_next(&inner, &word)) > 0) {
		rc = text_push_word(ps, &word, type, &push);
		if (rc)
			return rc;
	}
	for (i = 0; !rc && i < TUNNEL_REQUIRED; i++)
		if (!(push.given >> i & 1))
			return cvsw_text_fail(ps, name->name, "%s= is missing",
					      text_tunnel_word(type, i));
	memset(&acts[push.n], 0, sizeof(*acts));
	acts[push.n].type = CVSW_ACT_PUSH;
	acts[push.n].tunnel = push.tun;
	return rc ? : (int)push.n + 1;
}

int cvsw_text_tunnel_action(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_action *acts, unsigned int max)
{
	size_t i;

	for (i = 0; i < COUNT(text_tunnels); i++) {
		if (cvsw_text_is(word->name, text_tunnels[i].push))
			return text_tunnel_push(ps, word, &text_tunnels[i],
						acts, max);
		if (!cvsw_text_is(word->name, text_tunnels[i].pop))
			continue;
		if (word->has_value)
			return cvsw_text_fail(ps, word->name, "takes no value");
		acts->type = CVSW_ACT_POP;
		acts->tunnel.kind = text_tunnels[i].kind;
		return 1;
	}
	if (!cvsw_text_is(word->name, TEXT_OPT))
		return 0;
	acts->type = CVSW_ACT_TUNNEL_OPT;
	return cvsw_text_opt(ps, word, &acts->opt) ? : 1;
}

/* Writing */

static void text_put_inherit(struct text_out *out, const char *name,
			     bool inherit, __u8 value)
{
	if (!inherit && !value)
		return;
	cvsw_text_put_word(out, name);
	if (inherit)
		cvsw_text_put(out, value ? "inherit/" : "inherit");
	if (value)
		cvsw_text_put(out, "%u", value);
}

static bool text_is_set(const __u8 *bytes, size_t n)
{
	while (n--)
		if (*bytes++)
			return true;
	return false;
}

static void text_put_mac(struct text_out *out, const char *name,
			 const __u8 *mac)
{
	if (!text_is_set(mac, 6))
		return;
	cvsw_text_put(out, "%s", name);
	cvsw_text_put_mac(out, mac);
}

void cvsw_text_put_push(struct text_out *out, const struct cvsw_tunnel *tun,
			const struct cvsw_action *opts, unsigned int n)
{
	const struct text_tunnel *type = text_tunnel_of(tun->kind);
	unsigned int i;

	if (!type) {
		cvsw_text_put(out, "push_%u", tun->kind);
		return;
	}
	cvsw_text_put(out, "%s(%s=", type->push, type->id);
	if (tun->flags & CVSW_TUNNEL_F_ID_FLOW)
		cvsw_text_put(out, "flow,");
	else
		cvsw_text_put(out, "%llu,",
			      (unsigned long long)be64_to_cpu(tun->id));
	if (text_is_set(tun->nw_src, sizeof(tun->nw_src))) {
		cvsw_text_put(out, "src=");
		cvsw_text_put_addr(out, tun->family, tun->nw_src);
		cvsw_text_put(out, ",");
	}
	cvsw_text_put(out, "dst=");
	cvsw_text_put_addr(out, tun->family, tun->nw_dst);
	text_put_mac(out, ",eth_src=", tun->dl_src);
	text_put_mac(out, ",eth_dst=", tun->dl_dst);
	if (tun->tp_dst)
		cvsw_text_put(out, ",port=%u", be16_to_cpu(tun->tp_dst));
	text_put_inherit(out, "ttl=", tun->flags & CVSW_TUNNEL_F_TTL_INHERIT,
			 tun->ttl);
	text_put_inherit(out, "tos=", tun->flags & CVSW_TUNNEL_F_TOS_INHERIT,
			 tun->tos);
	if (tun->flags & CVSW_TUNNEL_F_CSUM)
		cvsw_text_put(out, ",csum");
	if (tun->flags & CVSW_TUNNEL_F_NO_DF)
		cvsw_text_put(out, ",nodf");
	if (tun->flags & CVSW_TUNNEL_F_CLAMP_MSS)
		cvsw_text_put(out, ",clamp_mss");
	for (i = 0; i < n; i++) {
		cvsw_text_put(out, ",opt=");
		cvsw_text_put_opt(out, &opts[i].opt);
	}
	cvsw_text_put(out, ")");
}

void cvsw_text_put_pop(struct text_out *out, const struct cvsw_tunnel *tun)
{
	const struct text_tunnel *type = text_tunnel_of(tun->kind);

	if (type)
		cvsw_text_put(out, "%s", type->pop);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Words and values of the flow text, and its error messages.  No state.
 */

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "text.h"

/* Words */

void cvsw_text_start(struct text_parser *ps, const char *text,
		     const struct cvsw_text_names *names,
		     struct cvsw_text_error *err)
{
	ps->start = text;
	ps->next = text;
	ps->end = text + strcspn(text, "#");	/* a comment ends it */
	ps->names = names;
	ps->err = err;
	if (err)
		memset(err, 0, sizeof(*err));
}

struct text_parser cvsw_text_inside(const struct text_parser *ps,
				    struct text_slice slice)
{
	struct text_parser inner = *ps;

	inner.next = slice.at;
	inner.end = slice.at + slice.len;
	return inner;
}

static bool text_is_gap(char c)
{
	return c == ',' || isspace((unsigned char)c);
}

/* the end of a value: a gap outside of parentheses; NULL if they do not match */
static const char *text_value_end(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && --depth < 0)
			return NULL;
		else if (!depth && text_is_gap(*p))
			break;
	}
	return depth ? NULL : p;
}

/* @value is "(...)": take the parentheses off; false when more stands behind */
static bool text_open(struct text_slice *value)
{
	size_t i, depth = 0;

	for (i = 0; i < value->len; i++) {
		depth += value->at[i] == '(';
		if (value->at[i] == ')' && !--depth)
			break;
	}
	if (i + 1 != value->len)
		return false;
	value->at++;
	value->len -= 2;
	return true;
}

int cvsw_text_next(struct text_parser *ps, struct text_word *word)
{
	const char *p = ps->next, *start, *stop;
	struct text_slice whole;

	while (p < ps->end && text_is_gap(*p))
		p++;
	ps->next = start = p;
	if (p == ps->end)
		return 0;
	while (p < ps->end && !text_is_gap(*p) && !strchr("=:()", *p))
		p++;
	stop = text_value_end(p, ps->end);
	whole.at = start;
	whole.len = (size_t)((stop ? stop : ps->end) - start);
	if (!stop)
		return cvsw_text_fail(ps, whole, "parentheses do not match");
	ps->next = stop;
	word->name = (struct text_slice){ start, (size_t)(p - start) };
	word->value = (struct text_slice){ p, (size_t)(stop - p) };
	word->has_value = p < stop;
	word->parens = p < stop && *p == '(';
	if (!word->name.len)
		return cvsw_text_fail(ps, whole,
				      "a word cannot start like this");
	if (word->parens && !text_open(&word->value))
		return cvsw_text_fail(ps, whole,
				      "something stands behind \")\"");
	if (word->has_value && !word->parens) {
		word->value.at++;
		word->value.len--;
	}
	return 1;
}

bool cvsw_text_cut(struct text_slice slice, char c, struct text_slice *head,
		   struct text_slice *tail)
{
	const char *p = slice.len ? memchr(slice.at, c, slice.len) : NULL;

	*head = slice;
	*tail = (struct text_slice){ slice.at + slice.len, 0 };
	if (!p)
		return false;
	head->len = (size_t)(p - slice.at);
	tail->at = p + 1;
	tail->len = slice.len - head->len - 1;
	return true;
}

bool cvsw_text_is(struct text_slice slice, const char *name)
{
	if (!slice.len || (slice.at[0] ^ name[0]) & ~0x20)	/* most names */
		return false;
	return !strncasecmp(slice.at, name, slice.len) && !name[slice.len];
}

/* Errors */

/* copy @slice, its odd characters as "?", the rest as "..." if it is long */
static void text_copy(char *buf, size_t size, struct text_slice slice)
{
	size_t n = slice.len < size ? slice.len : size - 1, i;

	for (i = 0; i < n; i++)
		buf[i] = isprint((unsigned char)slice.at[i]) ? slice.at[i] : '?';
	buf[n] = 0;
	if (n < slice.len && n > 3)
		memcpy(buf + n - 3, "...", 3);
}

__attribute__((format(printf, 3, 0)))
static void text_say(const struct text_parser *ps, struct text_slice at,
		     const char *fmt, va_list args)
{
	struct cvsw_text_error *err = ps->err;
	int n;

	if (!err)
		return;
	err->column = (unsigned int)(at.at - ps->start) + 1;
	text_copy(err->word, sizeof(err->word), at);
	n = snprintf(err->text, sizeof(err->text), "`%s`: ", err->word);
	vsnprintf(err->text + n, sizeof(err->text) - (size_t)n, fmt, args);
}

int cvsw_text_fail(const struct text_parser *ps, struct text_slice at,
		   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_say(ps, at, fmt, args);
	va_end(args);
	return -EINVAL;
}

int cvsw_text_warn(const struct text_parser *ps, struct text_slice at,
		   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_say(ps, at, fmt, args);
	va_end(args);
	return 0;
}

int cvsw_text_bad(const struct text_parser *ps, const struct text_word *word,
		  struct text_slice value, const char *what)
{
	char buf[48];

	if (!word->has_value && value.at != word->name.at)
		return cvsw_text_fail(ps, word->name, "needs a value");
	text_copy(buf, sizeof(buf), value);
	if (!value.len)
		return cvsw_text_fail(ps, word->name,
				      "empty where %s should be", what);
	return cvsw_text_fail(ps, word->name, "%s is not %s", buf, what);
}

#define TEXT_SLIP_MAX	32	/* longest word that a slip is looked for in */

int cvsw_text_no_value(const struct text_parser *ps,
		       const struct text_word *word)
{
	if (!word->has_value)
		return 0;
	return cvsw_text_fail(ps, word->name, "takes no value");
}

/* how many slips (letter wrong, missing, added, two swapped) make @a of @b */
static size_t text_slips(struct text_slice a, const char *b)
{
	size_t d[TEXT_SLIP_MAX + 1][TEXT_SLIP_MAX + 1];
	size_t n = strlen(b), i, j, best;

	if (a.len > TEXT_SLIP_MAX || n > TEXT_SLIP_MAX)
		return a.len + n;
	for (i = 0; i <= a.len; i++)
		d[i][0] = i;
	for (j = 0; j <= n; j++)
		d[0][j] = j;
	for (i = 1; i <= a.len; i++) {
		for (j = 1; j <= n; j++) {
			best = d[i - 1][j - 1] + (a.at[i - 1] != b[j - 1]);
			best = best < d[i - 1][j] + 1 ? best : d[i - 1][j] + 1;
			best = best < d[i][j - 1] + 1 ? best : d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a.at[i - 1] == b[j - 2] &&
			    a.at[i - 2] == b[j - 1] && d[i - 2][j - 2] < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[a.len][n];
}

const char *cvsw_text_nearest(struct text_slice slice, size_t n,
			      const char *(*name)(size_t i))
{
	size_t best = slice.len < 4 ? 2 : 3, d, i;
	const char *nearest = NULL;

	for (i = 0; i < n; i++) {
		d = text_slips(slice, name(i));
		if (d < best) {
			best = d;
			nearest = name(i);
		}
	}
	return nearest;
}

/* Numbers */

/* 0, -EINVAL: not a number, -ERANGE: above @max */
static int text_to_number(struct text_slice s, __u64 max, __u64 *number)
{
	unsigned int base = 10, digit;
	__u64 n = 0;
	size_t i = 0;

	if (s.len > 2 && s.at[0] == '0' && (s.at[1] | 0x20) == 'x') {
		base = 16;
		i = 2;
	} else if (!s.len || (s.len > 1 && s.at[0] == '0')) {
		return -EINVAL;		/* 010: eight or ten? */
	}
	for (; i < s.len; i++) {
		if (!isxdigit((unsigned char)s.at[i]))
			return -EINVAL;
		digit = isdigit((unsigned char)s.at[i]) ?
			(unsigned int)(s.at[i] - '0') :
			(unsigned int)((s.at[i] | 0x20) - 'a') + 10;
		if (digit >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			return -ERANGE;
	}
	*number = n;
	return n > max ? -ERANGE : 0;
}

int cvsw_text_number(const struct text_parser *ps, const struct text_word *word,
		     struct text_slice value, __u64 max, __u64 *number)
{
	char what[48];
	int rc = text_to_number(value, max, number);

	if (!rc)
		return 0;
	if (rc == -EINVAL)
		return cvsw_text_bad(ps, word, value, "a number");
	snprintf(what, sizeof(what), "in the range 0 to %llu",
		 (unsigned long long)max);
	return cvsw_text_bad(ps, word, value, what);
}

int cvsw_text_tos(const struct text_parser *ps, const struct text_word *word,
		  struct text_slice value, __u8 *tos)
{
	__u64 n = 0;
	int rc;

	rc = cvsw_text_number(ps, word, value, 255, &n);
	if (!rc && n & 3)
		rc = cvsw_text_bad(ps, word, value,
				   "a TOS (the two lowest bits are ECN)");
	*tos = (__u8)n;
	return rc;
}

int cvsw_text_number_mask(const struct text_parser *ps,
			  const struct text_word *word, __u64 max,
			  __u64 *number, __u64 *mask)
{
	struct text_slice head, tail;
	int rc;

	*mask = max;
	if (cvsw_text_cut(word->value, '/', &head, &tail)) {
		rc = cvsw_text_number(ps, word, tail, max, mask);
		if (rc)
			return rc;
	}
	return cvsw_text_number(ps, word, head, max, number);
}

/* MAC addresses */

static bool text_to_mac(struct text_slice s, __u8 mac[6])
{
	struct text_slice part;
	unsigned int i, j;

	for (i = 0; i < 6; i++) {
		if (cvsw_text_cut(s, ':', &part, &s) != (i < 5))
			return false;
		if (!part.len || part.len > 2)
			return false;
		mac[i] = 0;
		for (j = 0; j < part.len; j++) {
			char c = part.at[j];

			if (!isxdigit((unsigned char)c))
				return false;
			mac[i] = (__u8)(mac[i] << 4 |
					(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10));
		}
	}
	return true;
}

int cvsw_text_mac(const struct text_parser *ps, const struct text_word *word,
		  struct text_slice value, __u8 mac[6])
{
	if (text_to_mac(value, mac))
		return 0;
	return cvsw_text_bad(ps, word, value, "a MAC address");
}

int cvsw_text_mac_mask(const struct text_parser *ps,
		       const struct text_word *word, __u8 mac[6], __u8 mask[6])
{
	struct text_slice head, tail;

	memset(mask, 0xff, 6);
	if (cvsw_text_cut(word->value, '/', &head, &tail) &&
	    cvsw_text_mac(ps, word, tail, mask))
		return -EINVAL;
	return cvsw_text_mac(ps, word, head, mac);
}

/* IP addresses */

static bool text_to_addr(struct text_slice s, int family, __u8 *addr)
{
	char buf[64];

	if (s.len >= sizeof(buf) || memchr(s.at, 0, s.len))
		return false;
	memcpy(buf, s.at, s.len);
	buf[s.len] = 0;
	return inet_pton(family == 4 ? AF_INET : AF_INET6, buf, addr) == 1;
}

int cvsw_text_addr(const struct text_parser *ps, const struct text_word *word,
		   struct text_slice value, int family, __u8 *addr)
{
	if (text_to_addr(value, family, addr))
		return 0;
	return cvsw_text_bad(ps, word, value,
			     family == 4 ? "an IPv4 address" :
					   "an IPv6 address");
}

int cvsw_text_addr_mask(const struct text_parser *ps,
			const struct text_word *word, int family, __u8 *addr,
			__u8 *mask)
{
	unsigned int n = family == 4 ? 4 : 16, i;
	struct text_slice head, tail;
	__u64 bits = n * 8;

	if (cvsw_text_cut(word->value, '/', &head, &tail)) {
		if (text_to_addr(tail, family, mask))
			return cvsw_text_addr(ps, word, head, family, addr);
		if (text_to_number(tail, n * 8, &bits))
			return cvsw_text_bad(ps, word, tail, family == 4 ?
				"a prefix length (0 to 32) or mask" :
				"a prefix length (0 to 128) or mask");
	}
	for (i = 0; i < n; i++) {
		mask[i] = (__u8)(bits >= 8 ? 0xff : 0xff00 >> bits);
		bits -= bits < 8 ? bits : 8;
	}
	return cvsw_text_addr(ps, word, head, family, addr);
}

/* Ports */

static const struct {
	const char *name;
	__u16 port;
} text_ports[] = {
	{ "IN_PORT",	CVSW_PORT_IN_PORT },
	{ "TABLE",	CVSW_PORT_TABLE },
	{ "NORMAL",	CVSW_PORT_NORMAL },
	{ "ROUTE",	CVSW_PORT_ROUTE },
	{ "FLOOD",	CVSW_PORT_FLOOD },
	{ "ALL",	CVSW_PORT_ALL },
	{ "CONTROLLER",	CVSW_PORT_CONTROLLER },
	{ "LOCAL",	CVSW_PORT_LOCAL },
	{ "NONE",	CVSW_PORT_NONE },
	{ "ANY",	CVSW_PORT_NONE },
};

#define TEXT_PORTS	(sizeof(text_ports) / sizeof(text_ports[0]))

const char *cvsw_text_port_reserved(__u16 port)
{
	size_t i;

	for (i = 0; i < TEXT_PORTS; i++)
		if (text_ports[i].port == port)
			return text_ports[i].name;
	return NULL;
}

/* 0, -EINVAL: no such name, -ERANGE: a number too large */
static int text_to_port(struct text_slice s,
			const struct cvsw_text_names *names, __u16 *port)
{
	char name[64];
	__u64 number = 0;
	size_t i;
	int rc;

	rc = text_to_number(s, 0xffff, &number);
	*port = (__u16)number;
	if (rc != -EINVAL)
		return rc;
	for (i = 0; i < TEXT_PORTS; i++) {
		if (cvsw_text_is(s, text_ports[i].name)) {
			*port = text_ports[i].port;
			return 0;
		}
	}
	if (!names || !names->port_find || !s.len || s.len >= sizeof(name))
		return -EINVAL;
	memcpy(name, s.at, s.len);
	name[s.len] = 0;
	*port = names->port_find(names->ctx, name);
	return *port == CVSW_PORT_NONE ? -EINVAL : 0;
}

int cvsw_text_port(const struct text_parser *ps, const struct text_word *word,
		   struct text_slice value, __u16 *port)
{
	int rc = text_to_port(value, ps->names, port);

	if (!rc)
		return 0;
	return cvsw_text_bad(ps, word, value,
			     rc == -ERANGE ? "a port number (0 to 65535)" :
					     "a port");
}

int cvsw_text_port_parse(const char *text, const struct cvsw_text_names *names,
			 __u16 *port)
{
	struct text_slice s = { text, strlen(text) };

	return text_to_port(s, names, port) ? -EINVAL : 0;
}

/* Writing */

void cvsw_text_put(struct text_out *out, const char *fmt, ...)
{
	size_t at = out->len < out->size ? out->len : out->size;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(out->size ? out->buf + at : NULL, out->size - at, fmt,
		      args);
	va_end(args);
	out->len += n > 0 ? (size_t)n : 0;
}

void cvsw_text_put_word(struct text_out *out, const char *name)
{
	cvsw_text_put(out, "%s%s", out->list ? "," : "", name);
	out->list = true;
}

/* can @name stand as a word, and be taken for nothing else */
static bool text_name_is_plain(const char *name)
{
	struct text_slice s = { name, strlen(name) };
	__u16 port;
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("-_.", name[i]))
			return false;
	return s.len && text_to_port(s, NULL, &port) == -EINVAL;
}

void cvsw_text_put_port(struct text_out *out, __u16 port,
			const struct cvsw_text_names *names)
{
	const char *name = cvsw_text_port_reserved(port);

	if (!name && names && names->port_name) {
		name = names->port_name(names->ctx, port);
		if (name && !text_name_is_plain(name))
			name = NULL;
	}
	if (name)
		cvsw_text_put(out, "%s", name);
	else
		cvsw_text_put(out, "%u", port);
}

void cvsw_text_put_mac(struct text_out *out, const __u8 mac[6])
{
	cvsw_text_put(out, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		      mac[2], mac[3], mac[4], mac[5]);
}

void cvsw_text_put_addr(struct text_out *out, int family, const __u8 *addr)
{
	char buf[INET6_ADDRSTRLEN];

	cvsw_text_put(out, "%s",
		      inet_ntop(family == 4 ? AF_INET : AF_INET6, addr, buf,
				sizeof(buf)));
}

int cvsw_text_port_print(char *buf, size_t size, __u16 port,
			 const struct cvsw_text_names *names)
{
	struct text_out out = { .buf = buf, .size = size };

	cvsw_text_put_port(&out, port, names);
	return (int)out.len;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Geneve options as text: CLASS:TYPE[:DATA], and of a match :DATA/MASK or :*N
 * for N bytes of anything.
 */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "os.h"
#include "text.h"

#define OPT_DATA_TEXT	"option data (0x and 8 digits for each 4 bytes)"

/* Reading */

static __u8 text_digit(char c)
{
	return (__u8)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* "0x01020304": bytes, a multiple of 4 of them; how many, -EINVAL if it is not */
static int text_to_data(struct text_slice s, __u8 data[CVSW_TUNNEL_OPT_DATA])
{
	size_t i;

	if (s.len < 2 || s.at[0] != '0' || (s.at[1] | 0x20) != 'x')
		return -EINVAL;
	s.at += 2;
	s.len -= 2;
	if (!s.len || s.len % 8 || s.len > 2 * CVSW_TUNNEL_OPT_DATA)
		return -EINVAL;
	for (i = 0; i < s.len; i++)
		if (!isxdigit((unsigned char)s.at[i]))
			return -EINVAL;
	for (i = 0; i < s.len; i += 2)
		data[i / 2] = (__u8)(text_digit(s.at[i]) << 4 |
				     text_digit(s.at[i + 1]));
	return (int)s.len / 2;
}

/* class and type; @data receives what stands behind them.  1 when there is
 * something, 0, or -EINVAL */
static int text_opt_head(const struct text_parser *ps,
			 const struct text_word *word,
			 struct cvsw_tunnel_opt *opt, struct text_slice *data)
{
	struct text_slice class, type, rest;
	__u64 n = 0, m = 0;
	bool more;

	if (!cvsw_text_cut(word->value, ':', &class, &rest))
		return cvsw_text_bad(ps, word, word->value,
				     "an option (CLASS:TYPE:DATA)");
	more = cvsw_text_cut(rest, ':', &type, data);
	if (cvsw_text_number(ps, word, class, 0xffff, &n) ||
	    cvsw_text_number(ps, word, type, 0xff, &m))
		return -EINVAL;
	opt->opt_class = cpu_to_be16((__u16)n);
	opt->type = (__u8)m;
	return more;
}

static int text_opt_data(const struct text_parser *ps,
			 const struct text_word *word, struct text_slice data,
			 struct cvsw_tunnel_opt *opt)
{
	int n = text_to_data(data, opt->data);

	if (n < 0)
		return cvsw_text_bad(ps, word, data, OPT_DATA_TEXT);
	opt->len = (__u8)n;
	return 0;
}

int cvsw_text_opt(const struct text_parser *ps, const struct text_word *word,
		  struct cvsw_tunnel_opt *opt)
{
	struct text_slice data;
	int rc;

	memset(opt, 0, sizeof(*opt));
	rc = text_opt_head(ps, word, opt, &data);
	return rc > 0 ? text_opt_data(ps, word, data, opt) : rc;
}

/* "*N" */
static int text_opt_any(const struct text_parser *ps,
			const struct text_word *word, struct text_slice data,
			struct cvsw_opt_match *opt)
{
	struct text_slice number = { data.at + 1, data.len - 1 };
	__u64 n = 0;

	if (cvsw_text_number(ps, word, number, CVSW_TUNNEL_OPT_DATA, &n))
		return -EINVAL;
	if (n % 4)
		return cvsw_text_bad(ps, word, number, "a multiple of 4");
	opt->value.len = (__u8)n;
	return 0;
}

static int text_opt_mask(const struct text_parser *ps,
			 const struct text_word *word, struct text_slice mask,
			 struct cvsw_opt_match *opt)
{
	int n = text_to_data(mask, opt->mask), i;

	if (n < 0)
		return cvsw_text_bad(ps, word, mask, OPT_DATA_TEXT);
	if (n != opt->value.len)
		return cvsw_text_bad(ps, word, mask, "as long as the data");
	for (i = 0; i < n; i++)
		opt->value.data[i] &= opt->mask[i];
	return 0;
}

int cvsw_text_opt_match(const struct text_parser *ps,
			const struct text_word *word,
			struct cvsw_opt_match *opt)
{
	struct text_slice data, head, mask;
	bool masked;
	int rc;

	memset(opt, 0, sizeof(*opt));
	rc = text_opt_head(ps, word, &opt->value, &data);
	if (rc <= 0)
		return rc;
	if (data.len && *data.at == '*')
		return text_opt_any(ps, word, data, opt);
	masked = cvsw_text_cut(data, '/', &head, &mask);
	if (text_opt_data(ps, word, head, &opt->value))
		return -EINVAL;
	if (masked)
		return text_opt_mask(ps, word, mask, opt);
	memset(opt->mask, 0xff, opt->value.len);
	return 0;
}

/* Writing */

static void text_put_data(struct text_out *out, const __u8 *data, __u8 len)
{
	__u8 i;

	cvsw_text_put(out, "0x");
	for (i = 0; i < len; i++)
		cvsw_text_put(out, "%02x", data[i]);
}

static void text_put_opt_head(struct text_out *out,
			      const struct cvsw_tunnel_opt *opt)
{
	cvsw_text_put(out, "0x%04x:0x%02x%s", be16_to_cpu(opt->opt_class),
		      opt->type, opt->len ? ":" : "");
}

void cvsw_text_put_opt(struct text_out *out, const struct cvsw_tunnel_opt *opt)
{
	text_put_opt_head(out, opt);
	if (opt->len)
		text_put_data(out, opt->data, opt->len);
}

/* are all @n bytes @c? */
static bool text_all(const __u8 *bytes, __u8 n, __u8 c)
{
	while (n--)
		if (*bytes++ != c)
			return false;
	return true;
}

static void text_put_opt_match(struct text_out *out,
			       const struct cvsw_opt_match *opt)
{
	__u8 len = opt->value.len;

	text_put_opt_head(out, &opt->value);
	if (!len)
		return;
	if (text_all(opt->mask, len, 0)) {
		cvsw_text_put(out, "*%u", len);
		return;
	}
	text_put_data(out, opt->value.data, len);
	if (text_all(opt->mask, len, 0xff))
		return;
	cvsw_text_put(out, "/");
	text_put_data(out, opt->mask, len);
}

void cvsw_text_put_opts(struct text_out *out,
			const struct cvsw_opt_match *opts, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		cvsw_text_put_word(out, "geneve_opt=");
		text_put_opt_match(out, &opts[i]);
	}
}

int cvsw_text_opts_print(char *buf, size_t size,
			 const struct cvsw_opt_match *opts, unsigned int n)
{
	struct text_out out = { .buf = buf, .size = size };

	cvsw_text_put(&out, "%s", "");	/* a NUL, if nothing else */
	cvsw_text_put_opts(&out, opts, n);
	return (int)out.len;
}

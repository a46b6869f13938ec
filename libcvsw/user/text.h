/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_USER_TEXT_H
#define CVSW_USER_TEXT_H

/*
 * What the files of the flow text share: cutting a text into words, the values
 * that stand in words, and saying what is wrong with one.  Slices point into
 * the caller's text, which is never written.
 */

#include <stdbool.h>
#include <stdio.h>
#include <cvsw/text.h>

struct text_slice {
	const char *at;
	size_t len;
};

/**
 * struct text_word - one word: "tcp", "tp_dst=80", "controller(max_len=5)"
 * @name:      up to "=", ":" or "("
 * @value:     behind it, without the parentheses
 * @has_value: there is one of these three
 * @parens:    it is a parenthesis
 */
struct text_word {
	struct text_slice name;
	struct text_slice value;
	bool has_value;
	bool parens;
};

/**
 * struct text_parser - a text that is being read
 * @start: column 1
 * @next:  what is still to be read
 * @end:   its end
 * @names: ports by name, or NULL
 * @err:   where to say what is wrong, or NULL
 */
struct text_parser {
	const char *start;
	const char *next;
	const char *end;
	const struct cvsw_text_names *names;
	struct cvsw_text_error *err;
};

/* text.c APIs: */

void cvsw_text_start(struct text_parser *ps, const char *text,
		     const struct cvsw_text_names *names,
		     struct cvsw_text_error *err);

/* a parser of the inside of @slice */
struct text_parser cvsw_text_inside(const struct text_parser *ps,
				    struct text_slice slice);

/* the next word: 1, 0 at the end, -EINVAL when it is not one */
int cvsw_text_next(struct text_parser *ps, struct text_word *word);

/* say what is wrong, or only warn, with the word @at; returns -EINVAL, 0 */
__attribute__((format(printf, 3, 4)))
int cvsw_text_fail(const struct text_parser *ps, struct text_slice at,
		   const char *fmt, ...);
__attribute__((format(printf, 3, 4)))
int cvsw_text_warn(const struct text_parser *ps, struct text_slice at,
		   const char *fmt, ...);

/* "`word`: value is not a <what>"; returns -EINVAL */
int cvsw_text_bad(const struct text_parser *ps, const struct text_word *word,
		  struct text_slice value, const char *what);

/* 0 when @word has no value, else -EINVAL with that said */
int cvsw_text_no_value(const struct text_parser *ps,
		       const struct text_word *word);

/* is @slice the word @name, in whatever case */
bool cvsw_text_is(struct text_slice slice, const char *name);

/**
 * text_nearest - the one of @n names that @slice may be a slip of, or NULL
 * @name: gives name @i
 */
const char *cvsw_text_nearest(struct text_slice slice, size_t n,
			      const char *(*name)(size_t i));

/* cut @slice in two at the first @c; false when there is none */
bool cvsw_text_cut(struct text_slice slice, char c, struct text_slice *head,
		   struct text_slice *tail);

/*
 * Values.  Each returns 0, or -EINVAL with the fault said; @value is a part of
 * @word, whose name the fault is said with.
 */
int cvsw_text_number(const struct text_parser *ps, const struct text_word *word,
		     struct text_slice value, __u64 max, __u64 *number);
int cvsw_text_tos(const struct text_parser *ps, const struct text_word *word,
		  struct text_slice value, __u8 *tos);
int cvsw_text_mac(const struct text_parser *ps, const struct text_word *word,
		  struct text_slice value, __u8 mac[6]);
int cvsw_text_addr(const struct text_parser *ps, const struct text_word *word,
		   struct text_slice value, int family, __u8 *addr);
int cvsw_text_port(const struct text_parser *ps, const struct text_word *word,
		   struct text_slice value, __u16 *port);

/* number, MAC or address, with a mask behind "/" or, without one, a full mask */
int cvsw_text_number_mask(const struct text_parser *ps,
			  const struct text_word *word, __u64 max,
			  __u64 *number, __u64 *mask);
int cvsw_text_mac_mask(const struct text_parser *ps,
		       const struct text_word *word, __u8 mac[6], __u8 mask[6]);
int cvsw_text_addr_mask(const struct text_parser *ps,
			const struct text_word *word, int family, __u8 *addr,
			__u8 *mask);

/* a port number of a reserved name, as it is written; NULL for other numbers */
const char *cvsw_text_port_reserved(__u16 port);

/**
 * struct text_out - a text that is being written
 * @buf:  the caller's buffer
 * @size: its size
 * @len:  length of the text so far, maybe more than fits
 * @list: a word of a list stands before, so that the next gets a comma
 */
struct text_out {
	char *buf;
	size_t size;
	size_t len;
	bool list;
};

__attribute__((format(printf, 2, 3)))
void cvsw_text_put(struct text_out *out, const char *fmt, ...);
/* begin the next word of a list with @name */
void cvsw_text_put_word(struct text_out *out, const char *name);
void cvsw_text_put_port(struct text_out *out, __u16 port,
			const struct cvsw_text_names *names);
void cvsw_text_put_mac(struct text_out *out, const __u8 mac[6]);
void cvsw_text_put_addr(struct text_out *out, int family, const __u8 *addr);

/* text_match.c APIs: */

#define TEXT_SLOTS	16

/**
 * struct text_match - a match that is being read
 * @match: so far
 * @said:  by slot (field), the word that set it
 * @given: by entry of the field table, whether it was said
 */
struct text_match {
	struct cvsw_match match;
	struct text_slice said[TEXT_SLOTS];
	__u64 given;
};

/* read @word if it is a field: 1, 0 when it is none, -EINVAL */
int cvsw_text_match_word(const struct text_parser *ps,
			 const struct text_word *word, struct text_match *tm);

/* all is read: see what lacks its prerequisite, check, normalise */
int cvsw_text_match_finish(const struct text_parser *ps, struct text_match *tm,
			   unsigned int flags);

/* names of fields, for cvsw_text_nearest() */
size_t cvsw_text_match_names(void);
const char *cvsw_text_match_name(size_t i);

/* dl_type and nw_proto if they are fixed in full, -1 when not */
int cvsw_text_dl_type(const struct cvsw_match *m);
int cvsw_text_nw_proto(const struct cvsw_match *m);

/* the word for these fragment bits, NULL when there is none */
const char *cvsw_text_frag_name(__u8 value, __u8 mask);

/* the word for a dl_type, and for nw_proto too (@both) if possible, or NULL */
const char *cvsw_text_proto_name(int type, int proto, bool *both);

/* text_match_print.c APIs: */

void cvsw_text_put_match(struct text_out *out, const struct cvsw_match *match,
			 const struct cvsw_text_names *names);

/* text_opt.c APIs: */

/* an option, the value of @word; 0 or -EINVAL */
int cvsw_text_opt(const struct text_parser *ps, const struct text_word *word,
		  struct cvsw_tunnel_opt *opt);
int cvsw_text_opt_match(const struct text_parser *ps,
			const struct text_word *word,
			struct cvsw_opt_match *opt);

void cvsw_text_put_opt(struct text_out *out, const struct cvsw_tunnel_opt *opt);

/* words of a match */
void cvsw_text_put_opts(struct text_out *out,
			const struct cvsw_opt_match *opts, unsigned int n);

/* text_action.c APIs: */

/* read all words up to the end of @ps; returns how many actions they are */
int cvsw_text_actions(struct text_parser *ps, struct cvsw_action *actions,
		      unsigned int max);

void cvsw_text_put_actions(struct text_out *out,
			   const struct cvsw_action *actions, unsigned int n,
			   const struct cvsw_text_names *names);

/* text_tunnel.c APIs: */

/* read @word if it is a tunnel action: how many actions it makes, which is 0
 * when it is none; -EINVAL, or -E2BIG when they are more than @max */
int cvsw_text_tunnel_action(const struct text_parser *ps,
			    const struct text_word *word,
			    struct cvsw_action *acts, unsigned int max);

/* names of tunnel actions, for cvsw_text_nearest() */
size_t cvsw_text_tunnel_names(void);
const char *cvsw_text_tunnel_name(size_t i);

/* does a push to a tunnel of @kind say its options? */
bool cvsw_text_tunnel_opts(unsigned int kind);

/* a PUSH, and the @n TUNNEL_OPTs before it */
void cvsw_text_put_push(struct text_out *out, const struct cvsw_tunnel *tun,
			const struct cvsw_action *opts, unsigned int n);
void cvsw_text_put_pop(struct text_out *out, const struct cvsw_tunnel *tun);

#endif /* CVSW_USER_TEXT_H */

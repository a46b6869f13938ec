/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_CONF_PRIV_H
#define CVSWD_CONF_PRIV_H

/* What conf.c and conf_items.c know of each other. */

#include "conf.h"

/**
 * struct conf_item - one setting, of the file and of the command line
 * @name:      its name there, and as --NAME
 * @letter:    short option, 0 for none
 * @of_switch: belongs to a switch, else to the daemon
 * @arg:       what its value is called; NULL: yes or no, as an option a flag
 * @set:       takes the value, NULL for a flag
 * @help:      a few words
 */
struct conf_item {
	const char	*name;
	char		letter;
	bool		of_switch;
	const char	*arg;
	int		(*set)(struct conf *c, struct conf_switch *s,
			       const char *value);
	const char	*help;
};

extern const struct conf_item conf_items[];
extern const unsigned int conf_items_n;
#define CONF_ITEMS_MAX	32

/* note why, if nothing was noted before; returns -EINVAL */
int conf_fail(struct conf *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

int conf_string(struct conf *c, char **to, const char *value);

/* make @name the current switch; a new one if need be */
int conf_switch_select(struct conf *c, const char *name);

int conf_set(struct conf *c, const struct conf_item *item, const char *value);

#endif /* CVSWD_CONF_PRIV_H */

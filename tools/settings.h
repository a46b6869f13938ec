/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_SETTINGS_H
#define CVSW_SETTINGS_H

/*
 * Settings of a daemon that manages switches: from a file of [SECTION] and
 * NAME = VALUE, and from the command line, which say the same things by the
 * same names.  The daemon brings the table; what it keeps is its own.
 */

#include "os.h"

struct conf;		/* the daemon's settings */
struct conf_sw;		/* those of one of its switches */

/**
 * struct setting - one of them
 * @name:      its name in the file, and as --NAME
 * @letter:    short option, 0 for none
 * @of_switch: belongs to a switch, else to the daemon
 * @arg:       what its value is called; NULL: yes or no, as an option a flag
 * @set:       takes the value, NULL for a flag
 * @help:      a few words
 */
struct setting {
	const char	*name;
	char		letter;
	bool		of_switch;
	const char	*arg;
	int		(*set)(struct conf *c, struct conf_sw *sw,
			       const char *value);
	const char	*help;
};

#define SETTINGS_MAX	32		/* in a table */

/**
 * struct settings - reading them
 * @program:  its name
 * @section:  of the daemon's settings in the file; a switch has [switch NAME]
 * @usage:    what --help begins with, up to the options
 * @notes:    what it ends with
 * @items:    the table
 * @select:   the switch called @name is meant from now on
 * @set:      calls @item->set() with what it needs
 * @word:     takes a word that is no option; NULL: there are none
 * @defaults: may the daemon's section have settings of switches?
 * @file:     where they came from, NULL for the command line alone
 * @current:  which switch is meant, an index; -1: none was selected
 * @why:      what is wrong, after a failure
 *
 * The functions return 0, or -EINVAL by settings_fail().
 */
struct settings {
	const char		*program;
	const char		*section;
	const char		*usage;
	const char		*notes;
	const struct setting	*items;
	unsigned int		n_items;
	int	(*select)(struct settings *s, const char *name);
	int	(*set)(struct settings *s, const struct setting *item,
		       const char *value);
	int	(*word)(struct settings *s, const char *word);
	bool			defaults;
	char			*file;
	int			current;
	char			why[512];
};

/**
 * settings_load - read the command line, and first the file that it names
 * Return: 0; 1 when only help or the version was asked for, and printed;
 * -EINVAL with @s->why.  @s->file is to be freed.
 */
int settings_load(struct settings *s, int argc, char **argv);

/** settings_fail - note why, if nothing was noted before; returns -EINVAL */
int settings_fail(struct settings *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Values.  Each returns 0, or -EINVAL having said why. */

/** setting_string - @to becomes a copy; what was there is freed */
int setting_string(struct settings *s, char **to, const char *value);

int setting_number(struct settings *s, const char *value, u64 low, u64 high,
		   u64 *to);

/** setting_bool - @value: "yes", "no" or NULL, which is yes */
int setting_bool(struct settings *s, const char *value, bool *to);

struct setting_word {
	const char	*word;
	u8		value;
};

/** setting_word - one of @words, which end with {} */
int setting_word(struct settings *s, const struct setting_word *words,
		 const char *value, u8 *to);

#endif /* CVSW_SETTINGS_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_CONF_H
#define CVSW_OFD_CONF_H

/*
 * What the agent is to be: from a configuration file and the command line,
 * which say the same things by the same names (conf.c has the table).
 */

#include "ofd.h"
#include "settings.h"

#define CONF_SHOW	"/run/cvsw/cvsw-ofd.sock"

/**
 * struct conf - the whole
 * @settings: how they are read, and what is wrong, after a failure
 * @common:   what was said before any switch was named, for all of them
 * @key, @cert, @ca: files of struct tls_files
 * @pidfile:  NULL for none
 * @show:     path of the socket that show.c answers on
 * @show_asked: somebody wants it there
 */
struct conf {
	struct settings		settings;
	struct conf_sw		common;
	struct conf_sw		*sw;
	unsigned int		n_sw;
	char			*key;
	char			*cert;
	char			*ca;
	char			*pidfile;
	char			*show;
	bool			show_asked;
	bool			daemon;
	bool			syslog;
	bool			verbose;
};

/**
 * conf_load - read the command line, and the file that it names
 * @conf: filled in; conf_free() also after a failure
 * Return: 0; 1 when only help or the version was asked for, and printed;
 * -EINVAL with @conf->settings.why.
 */
int conf_load(struct conf *conf, int argc, char **argv);
void conf_free(struct conf *conf);

/** conf_uses_tls - is there an ssl: or pssl: among the targets? */
bool conf_uses_tls(const struct conf *conf);

#endif /* CVSW_OFD_CONF_H */

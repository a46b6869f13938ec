/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_CONF_H
#define CVSWD_CONF_H

/*
 * What the daemon is to be: from a configuration file and the command line,
 * which say the same things by the same names (conf_items.c has the table).
 */

#include "port.h"
#include "settings.h"

#define CONF_SOCKET	"/run/cvsw/cvswd.sock"
#define CONF_SWITCH	"cvsw0"

/**
 * struct conf_sw - one switch
 * @config: its settings, with the number of workers left out
 * @flows:  file with its flows, NULL for none
 */
struct conf_sw {
	struct cvsw_config	config;
	char			*flows;
	struct port_spec	*ports;
	unsigned int		n_ports;
};

/**
 * struct conf - the whole
 * @settings: how they are read, and what is wrong, after a failure
 * @state:    file that flows are saved to, NULL for none
 * @restore:  file that they are brought back from, NULL for none
 */
struct conf {
	struct settings		settings;
	char			*socket;
	char			*pidfile;
	char			*state;
	char			*restore;
	unsigned int		workers;
	bool			daemon;
	bool			no_self_test;
	bool			syslog;
	struct conf_sw	*sw;
	unsigned int		n_sw;
};

/**
 * conf_load - read the command line, and the file that it names
 * @conf: filled in; conf_free() also after a failure
 * Return: 0; 1 when only help or the version was asked for, and printed;
 * -EINVAL with @conf->settings.why.
 */
int conf_load(struct conf *conf, int argc, char **argv);
void conf_free(struct conf *conf);

#endif /* CVSWD_CONF_H */

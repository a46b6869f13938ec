/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_GUEST_REQUEST_H
#define CVSW_GUEST_REQUEST_H

/* Every kind of request that a switch in the kernel takes, for race.c and
 * faults.c. */

#include <stdint.h>
#include <cvsw/ctl.h>

/**
 * struct request - a kind of request
 * @name:   what it is called in messages
 * @run:    send one of them, which one by @rnd; 0 or a negative errno
 * @forms:  how many there are that differ, @rnd below that gives each of them
 */
struct request {
	const char	*name;
	int		(*run)(struct cvsw_ctl *ctl, uint32_t rnd);
	uint32_t	forms;
};

extern const struct request requests[];
extern const unsigned int n_requests;

/* which end of the tunnels we are: 10.81.0.1 (0) or 10.81.0.2 (1) */
extern unsigned int request_side;

/**
 * request_flows - add flows
 * @text: one a line; MAC addresses, ports 1 and 2
 */
int request_flows(struct cvsw_ctl *ctl, const char *text);

/**
 * request_baseline - bring a switch into the state that it is in when all forms
 * are tried, whatever it is in now
 */
int request_baseline(struct cvsw_ctl *ctl);

/* the next number of the sequence that *@state, not 0, has come to */
uint32_t request_random(uint64_t *state);

#endif /* CVSW_GUEST_REQUEST_H */

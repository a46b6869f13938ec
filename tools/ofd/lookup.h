/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_LOOKUP_H
#define CVSW_OFD_LOOKUP_H

/*
 * Addresses of a name.  The resolver of the C library waits, so it does that in
 * a thread of its own, which is not waited for when nobody wants the answer any
 * more.
 */

#include <netdb.h>
#include "ev.h"

struct lookup;

/**
 * lookup_new - begin to ask for addresses of TCP
 * @done: called once from ev, with a list for freeaddrinfo(), or NULL and why
 *        (gai_strerror()); frees the lookup
 * Return: 0 or a negative errno.
 */
int lookup_new(struct lookup **out, struct ev *ev, const char *host, u16 port,
	       void (*done)(void *arg, struct addrinfo *list, const char *why),
	       void *arg);

/** lookup_free - the answer is not wanted; nothing if @l is NULL */
void lookup_free(struct lookup *l);

/**
 * lookup_address - what @host is without asking anybody: an address
 * @flags: AI_PASSIVE or 0
 * Return: 0, or EAI_* when it is none.
 */
int lookup_address(struct addrinfo **list, const char *host, u16 port,
		   int flags);

#endif /* CVSW_OFD_LOOKUP_H */

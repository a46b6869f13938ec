/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_ROUTE_H
#define CVSWD_ROUTE_H

/*
 * Ways to the far ends of tunnels that flows name by address alone.
 *
 * A far end is looked for in the routes of the namespaces of the switch's
 * ports; the first that leads out of one of them is it.  The kernel's neighbour
 * table gives the MAC of the next hop, and is kept asking for it.  What changes
 * there is followed, and the switch told.
 *
 * Main thread only.  The ops are called with the mutex of a switch held, and
 * only note what there is to do.
 */

#include <cvsw/switch.h>
#include "os.h"

struct cvswd;
struct netns;
struct routes;

/** routes_new - none yet; 0 or a negative errno */
int routes_new(struct cvswd *d, struct routes **out);
void routes_free(struct routes *routes);

/* ops->path_open and ops->path_close of struct cvsw_ops */
void route_path_open(void *ctx, u8 family, const u8 *addr);
void route_path_close(void *ctx, u8 family, const u8 *addr);

/** routes_changed - ports have: look again for all ways */
void routes_changed(struct routes *routes);

/** routes_tick - once a second: keep neighbours in mind */
void routes_tick(struct routes *routes);

/* a namespace comes into use, or goes out of it */
int routes_netns_add(struct routes *routes, struct netns *ns);
void routes_netns_del(struct routes *routes, struct netns *ns);

#endif /* CVSWD_ROUTE_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_KEEP_H
#define CVSW_OFD_KEEP_H

/*
 * The flows that controllers made, in case their switch forgets them.
 *
 * A switch that is started anew has no flows, or those of its last state file.
 * What was agreed with controllers since stands here: in a table like the
 * switch's own, which no frame ever sees.  Flows with a timeout are not kept:
 * how much of it is left only the switch knew, and a controller that sets one
 * is used to flows that go.
 */

#include <cvsw/ctl.h>
#include "os.h"

struct keep;

/** keep_new - make one; 0 or a negative errno */
int keep_new(struct keep **out);
void keep_free(struct keep *keep);

/**
 * keep_mods - the switch did as these @n told it
 * @ctl: may be asked what became of them
 *
 * A MODIFY that is not strict is the last of them, and a strict one too once
 * keep_asks(): how the switch is afterwards then tells what it did.  What does
 * not fit in memory is not kept.
 */
void keep_mods(struct keep *keep, struct cvsw_ctl *ctl,
	       const struct cvsw_flow_mod *mods, unsigned int n);

/** keep_asks - may keep_mods() look through the switch for what a MODIFY did? */
bool keep_asks(const struct keep *keep);

/**
 * keep_restore - bring back what the switch lacks
 * @n: receives how many flows were told to it
 * Return: 0 or a negative errno of cvsw_ctl_flow_mods().
 *
 * Those that it has keep counters and timeouts; their actions and cookies
 * become those that were agreed.
 */
int keep_restore(struct keep *keep, struct cvsw_ctl *ctl, unsigned int *n);

#endif /* CVSW_OFD_KEEP_H */

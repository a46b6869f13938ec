/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CLS_H
#define CVSW_CLS_H

/*
 * The classifier: which of many rules with priorities and any bit masks is
 * the best for a key.  It knows rules, ranks and versions, not flows.
 *
 * Readers call cvsw_cls_lookup() inside an RCU read-side section and take no
 * lock.  Everything else belongs to the one writer (the switch's mutex).
 */

#include "os.h"
#include <cvsw/flow.h>

struct cvsw_cls;
struct cvsw_cls_mask;

/**
 * struct cvsw_cls_rule - what the classifier knows of a rule
 * @mask:    its mask, shared by all rules that have the same
 * @rank:    higher wins; see cvsw_cls_rank()
 * @added:   first version that sees it
 * @removed: first version that no longer does
 * @next:    rule with the same match and a lower rank, or an older one
 * @value:   wanted bits, only of the words that @mask uses
 */
struct cvsw_cls_rule {
	const struct cvsw_cls_mask	*mask;
	u64				rank;
	u64				added;
	u64				removed;
	struct cvsw_cls_rule __rcu	*next;
	u64				value[];
};

#endif /* CVSW_CLS_H */

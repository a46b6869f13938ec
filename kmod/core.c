// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The core as one unit: this list is what runs in ring 0.  Static names are
 * therefore unique across the core; tests/lint/core.tap builds it in userspace.
 */

#include "../libcvsw/action.c"
#include "../libcvsw/antispoof.c"
#include "../libcvsw/cls.c"
#include "../libcvsw/cls_dim.c"
#include "../libcvsw/cls_mask.c"
#include "../libcvsw/cls_plan.c"
#include "../libcvsw/cls_sub.c"
#include "../libcvsw/cls_view.c"
#include "../libcvsw/csum.c"
#include "../libcvsw/drop.c"
#include "../libcvsw/fcache.c"
#include "../libcvsw/fdb.c"
#include "../libcvsw/flow.c"
#include "../libcvsw/geneve.c"
#include "../libcvsw/input.c"
#include "../libcvsw/ip.c"
#include "../libcvsw/key.c"
#include "../libcvsw/match.c"
#include "../libcvsw/nl_bundle.c"
#include "../libcvsw/nl_codec.c"
#include "../libcvsw/nl_policy.c"
#include "../libcvsw/nl_request.c"
#include "../libcvsw/nl_state.c"
#include "../libcvsw/nvgre.c"
#include "../libcvsw/opts.c"
#include "../libcvsw/port.c"
#include "../libcvsw/reasm.c"
#include "../libcvsw/stamp.c"
#include "../libcvsw/switch.c"
#include "../libcvsw/table.c"
#include "../libcvsw/table_ops.c"
#include "../libcvsw/table_walk.c"
#include "../libcvsw/tunnel.c"
#include "../libcvsw/tunnel_push.c"
#include "../libcvsw/vxlan.c"

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The part of the core that requests go through, and what happens to few
 * frames only, as one unit and compiled for size.  See core.c.
 */

#include "../libcvsw/action.c"
#include "../libcvsw/cls_dim.c"
#include "../libcvsw/cls_mask.c"
#include "../libcvsw/cls_plan.c"
#include "../libcvsw/cls_view.c"
#include "../libcvsw/drop.c"
#include "../libcvsw/flow.c"
#include "../libcvsw/flow_opts.c"
#include "../libcvsw/icmp.c"
#include "../libcvsw/inband.c"
#include "../libcvsw/inband_v2.c"
#include "../libcvsw/legacy.c"
#include "../libcvsw/match.c"
#include "../libcvsw/mss.c"
#include "../libcvsw/nl_bundle.c"
#include "../libcvsw/nl_codec.c"
#include "../libcvsw/nl_field.c"
#include "../libcvsw/nl_dump.c"
#include "../libcvsw/nl_policy.c"
#include "../libcvsw/nl_port.c"
#include "../libcvsw/nl_queue.c"
#include "../libcvsw/nl_request.c"
#include "../libcvsw/nl_state.c"
#include "../libcvsw/of10_2014.c"
#include "../libcvsw/of10_action.c"
#include "../libcvsw/of10_match.c"
#include "../libcvsw/path.c"
#include "../libcvsw/port.c"
#include "../libcvsw/queue.c"
#include "../libcvsw/reasm.c"
#include "../libcvsw/switch.c"
#include "../libcvsw/switch_path.c"
#include "../libcvsw/table_ops.c"
#include "../libcvsw/table_walk.c"
#include "../libcvsw/undo.c"
#include "../libcvsw/wait.c"

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The part of the core that frames go through, as one unit and compiled for
 * speed.  With control.c this is what runs in ring 0: static names are unique
 * across both, and tests/lint/core.tap builds them in userspace.
 */

#include "../libcvsw/action_apply.c"
#include "../libcvsw/antispoof.c"
#include "../libcvsw/cls.c"
#include "../libcvsw/cls_sub.c"
#include "../libcvsw/csum.c"
#include "../libcvsw/fcache.c"
#include "../libcvsw/fdb.c"
#include "../libcvsw/geneve.c"
#include "../libcvsw/input.c"
#include "../libcvsw/ip.c"
#include "../libcvsw/key.c"
#include "../libcvsw/nvgre.c"
#include "../libcvsw/opts.c"
#include "../libcvsw/stamp.c"
#include "../libcvsw/stt.c"
#include "../libcvsw/table.c"
#include "../libcvsw/tunnel.c"
#include "../libcvsw/tunnel_push.c"
#include "../libcvsw/vxlan.c"

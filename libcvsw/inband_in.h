/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_IN_H
#define CVSW_INBAND_IN_H

/*
 * What the versions of in-band control have in common.  Their state is that of
 * the port, which only control calls change.
 */

#include <cvsw/inband.h>

#include "os.h"
#include "pkt_ops.h"

/**
 * struct cvsw_inband_in - a control frame that came in
 * @sw:    the switch
 * @w:     worker for answers
 * @pkt:   the frame
 * @now:   ns
 * @port:  that it came by
 * @taken: the frame went out as an answer
 */
struct cvsw_inband_in {
	struct cvsw_switch	*sw;
	struct cvsw_worker	*w;
	struct cvsw_pkt		*pkt;
	u64			now;
	struct cvsw_port_info	port;
	bool			taken;
};

/** cvsw_inband_be - change the state of the port; 0 or -ENOMEM */
int cvsw_inband_be(struct cvsw_inband_in *in, enum cvsw_inband_state state);

/** cvsw_inband_reply - send the frame back as @len bytes at @msg; 0 or -ENOMEM */
int cvsw_inband_reply(struct cvsw_inband_in *in, const void *msg, u32 len);

/* inband_v2.c: do what the frame says; why not */
enum cvsw_drop cvsw_inband_v2(struct cvsw_inband_in *in);

/* inband_v3.c: likewise */
enum cvsw_drop cvsw_inband_v3(struct cvsw_inband_in *in);

#endif /* CVSW_INBAND_IN_H */

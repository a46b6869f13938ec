/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_GENL_H
#define CVSW_GENL_H

/* What genl.c and genl_event.c share. */

#include <linux/if_vlan.h>
#include <net/genetlink.h>
#include "pkt_ops.h"

enum {
	GENL_GROUP_FLOW,
	GENL_GROUP_PORT,
	GENL_GROUP_PACKET_IN,
	GENL_GROUP_WHOLE,
};

extern struct genl_family cvsw_genl_family;
extern bool cvsw_genl_up;	/* its groups are ours */

/* bytes of a frame on a wire; its tag may be in the skb's metadata */
static inline u32 cvsw_genl_len(const struct sk_buff *skb)
{
	return skb->len + (skb_vlan_tag_present(skb) ? VLAN_HLEN : 0);
}

/* the first @n of them, checksum and all */
void cvsw_genl_bytes(const struct sk_buff *skb, u8 *to, u32 n);

#endif /* CVSW_GENL_H */

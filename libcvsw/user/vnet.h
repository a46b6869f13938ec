/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_VNET_H
#define CVSW_VNET_H

/*
 * struct virtio_net_hdr to and from the offload state of a frame.
 *
 * The header is in host byte order, as TAP and AF_PACKET have it unless told
 * otherwise.  What a peer says in it is checked against the frame; nothing is
 * believed that would make us read or write elsewhere.
 */

#include "pkt_ops.h"

#define CVSW_VNET_HLEN		10	/* the first form */
#define CVSW_VNET_HLEN_BUFS	12	/* with num_buffers */
#define CVSW_VNET_HLEN_TUNNEL	24	/* with hash and tunnel fields */

/**
 * cvsw_vnet_decode - set a frame's offload state from its virtio_net_hdr
 * @pkt:  the frame, without the header
 * @hdr:  @size bytes
 * @size: CVSW_VNET_HLEN*
 *
 * A segmentation request that the frame is too small for is left out, and
 * refused in a tunnel.  Linux, whose check takes TCP options for payload, loses
 * such a frame when they let it pass, and any in a tunnel.
 *
 * Return: 0; -EINVAL when a field is unknown or the headers of the frame are
 * not what it says.
 */
int __must_check cvsw_vnet_decode(struct cvsw_pkt *pkt, const void *hdr,
				  u32 size);

/**
 * cvsw_vnet_encode - write the virtio_net_hdr of a frame
 * @hdr:  receives @size bytes
 * @size: CVSW_VNET_HLEN*
 * Return: 0; -EMSGSIZE when the frame is a tunnel super-frame, which needs
 * CVSW_VNET_HLEN_TUNNEL, or one in GRE, which has no header.
 */
int __must_check cvsw_vnet_encode(const struct cvsw_pkt *pkt, void *hdr,
				  u32 size);

#endif /* CVSW_VNET_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_PACKET_TUNNEL_H
#define CVSWD_PACKET_TUNNEL_H

/*
 * Super-frames in tunnels, from a packet socket.
 *
 * The kernel hands them up with a virtio-net header of 10 bytes, which cannot
 * say that there is a tunnel: only csum_start, at the inner L4 header, tells.
 * The rest can be read from the frame, VXLAN, Geneve and GRE as they are.
 */

#include <linux/virtio_net.h>
#include "pkt_ops.h"

/**
 * packet_tunnel - take a frame's offload state, if it is such a super-frame
 * @pkt: the frame
 * @v:   its header, with a gso_type
 * Return: 0; -ENOENT: it is not, and its header says all; -EINVAL: the header
 * and the frame do not agree.
 */
int packet_tunnel(struct cvsw_pkt *pkt, const struct virtio_net_hdr *v);

#endif /* CVSWD_PACKET_TUNNEL_H */

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_HOST_H
#define CVSW_INBAND_HOST_H

/*
 * The host's side of in-band control, version 3: calls a vNIC until it answers,
 * and keeps the session up.
 *
 * No clock, no timer, no lock, as in inband_chan.h.
 */

#include "inband_peer.h"

/** enum cvsw_v3_host_state - how far it has come */
enum cvsw_v3_host_state {
	CVSW_V3_CALLING,	/* HELLO goes out, again and again */
	CVSW_V3_STARTING,	/* WELCOME came, START goes out likewise */
	CVSW_V3_TALKING,	/* there is a session */
	CVSW_V3_ENDED,		/* the vNIC does not want one */
};

struct cvsw_v3_host;

/**
 * struct cvsw_v3_host_ops - what a host does to the world
 * @send:    a frame, which stays its own
 * @deliver: see struct cvsw_chan_ops
 * @sent:    likewise
 * @state:   it is another now; @why: for people, in CVSW_V3_ENDED and after a
 *           session is lost, else NULL
 */
struct cvsw_v3_host_ops {
	void (*send)(void *ctx, const u8 *frame, u32 len);
	int (*deliver)(void *ctx, const u8 *msg, u32 len);
	void (*sent)(void *ctx);
	void (*state)(void *ctx, enum cvsw_v3_host_state state, const char *why);
};

/**
 * struct cvsw_v3_host_info - whom to call, as whom
 * @mac:      of the interface that frames go out of
 * @vnic:     of the vNIC, or a group address: who answers first
 * @mtu:      of that interface; CVSW_V3_MTU_MIN or more
 * @key_id:   of the key
 * @key:      pre-shared
 * @lease_ms: to ask for
 */
struct cvsw_v3_host_info {
	u8	mac[6];
	u8	vnic[6];
	u16	mtu;
	u16	key_id;
	u8	key[CVSW_HMAC_LEN];
	u32	lease_ms;
};

/** cvsw_v3_host_new - begins with the first cvsw_v3_host_tick(); NULL: no
 * memory */
struct cvsw_v3_host *cvsw_v3_host_new(const struct cvsw_v3_host_ops *ops,
				      void *ctx,
				      const struct cvsw_v3_host_info *info);

/** cvsw_v3_host_free - end it; the vNIC is told */
void cvsw_v3_host_free(struct cvsw_v3_host *host);

/** cvsw_v3_host_input - a frame of CVSW_INBAND_TYPE, @n contiguous bytes
 * Return: CVSW_DROP_NONE, or why it is of no use. */
enum cvsw_drop cvsw_v3_host_input(struct cvsw_v3_host *host, const u8 *bytes,
				  u32 n, u64 now);

/** cvsw_v3_host_send - see cvsw_chan_send(); -ENOTCONN without a session */
int cvsw_v3_host_send(struct cvsw_v3_host *host, const void *msg, u32 len,
		      u64 now);

/** cvsw_v3_host_tick - do what is due at @now; when the next time is */
u64 cvsw_v3_host_tick(struct cvsw_v3_host *host, u64 now);

#endif /* CVSW_INBAND_HOST_H */

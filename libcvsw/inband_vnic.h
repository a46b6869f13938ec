/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_VNIC_H
#define CVSW_INBAND_VNIC_H

/*
 * The vNIC's side of in-band control, version 3: it announces itself, answers
 * hosts that have the key, and is in a session with one of them at a time.
 *
 * A HELLO costs a vNIC two sums and leaves nothing behind: its own nonce is made
 * of the host's, of how many sessions there were, and of a secret of this boot,
 * so it knows it again in the START.  A START is good for one session.
 *
 * No clock, no timer, no lock, as in inband_chan.h.
 */

#include "inband_peer.h"

#define CVSW_V3_KEYS		2	/* pre-shared, to change from one to another */
#define CVSW_V3_LEASE_MIN_MS	1000u
#define CVSW_V3_LEASE_MAX_MS	3600000u

/** enum cvsw_v3_vnic_state - see cvsw-inband(7) */
enum cvsw_v3_vnic_state {
	CVSW_V3_IDLE,		/* no session, or its host left */
	CVSW_V3_LIVE,
	CVSW_V3_SILENT,		/* the host was silent for longer than the lease */
};

struct cvsw_v3_vnic;

/**
 * struct cvsw_v3_vnic_ops - what a vNIC does to the world
 * @send:    a frame, which stays its own
 * @deliver: see struct cvsw_chan_ops
 * @sent:    likewise
 * @state:   it is another now
 */
struct cvsw_v3_vnic_ops {
	void (*send)(void *ctx, const u8 *frame, u32 len);
	int (*deliver)(void *ctx, const u8 *msg, u32 len);
	void (*sent)(void *ctx);
	void (*state)(void *ctx, enum cvsw_v3_vnic_state state);
};

/**
 * struct cvsw_v3_vnic_info - what it says of itself
 * @dpid:   datapath id
 * @mtu:    of frames by this port; CVSW_V3_MTU_MIN or more
 * @mac:    of the port
 * @policy: what becomes of traffic in CVSW_V3_SILENT, for people to know
 * @name:   of the switch
 */
struct cvsw_v3_vnic_info {
	u64	dpid;
	u16	mtu;
	u8	mac[6];
	u8	policy;
	char	name[16];
};

/** cvsw_v3_vnic_new - without keys, in CVSW_V3_IDLE; NULL: no memory, or no
 * random bytes */
struct cvsw_v3_vnic *cvsw_v3_vnic_new(const struct cvsw_v3_vnic_ops *ops,
				      void *ctx,
				      const struct cvsw_v3_vnic_info *info);

/** cvsw_v3_vnic_free - end it; its host is told */
void cvsw_v3_vnic_free(struct cvsw_v3_vnic *vnic);

/**
 * cvsw_v3_vnic_tell - from now on it says this, and says so soon
 *
 * A session goes on, unless there is a datagram under way in frames that have
 * become too long: then it is forgotten, and its host calls again.
 */
void cvsw_v3_vnic_tell(struct cvsw_v3_vnic *vnic,
		       const struct cvsw_v3_vnic_info *info);

/**
 * cvsw_v3_vnic_key - accept @key with this @id, or, when it is NULL, no longer
 * Return: 0; -ENOSPC: there are CVSW_V3_KEYS others; -ENOENT: none to forget;
 * -ENOMEM.  A session whose key goes away goes on.
 */
int cvsw_v3_vnic_key(struct cvsw_v3_vnic *vnic, u16 id,
		     const u8 key[CVSW_HMAC_LEN]);

#define CVSW_V3_NO_KEY		0x10000u

/** cvsw_v3_vnic_key_id - id of its @i'th key; CVSW_V3_NO_KEY: it has no more */
u32 cvsw_v3_vnic_key_id(const struct cvsw_v3_vnic *vnic, unsigned int i);

/** cvsw_v3_vnic_input - a frame of CVSW_INBAND_TYPE, @n contiguous bytes
 * Return: CVSW_DROP_NONE, or why it is of no use. */
enum cvsw_drop cvsw_v3_vnic_input(struct cvsw_v3_vnic *vnic, const u8 *bytes,
				  u32 n, u64 now);

/** cvsw_v3_vnic_send - see cvsw_chan_send(); -ENOTCONN without a session */
int cvsw_v3_vnic_send(struct cvsw_v3_vnic *vnic, const void *msg, u32 len,
		      u64 now);

/** cvsw_v3_vnic_tick - do what is due at @now; when the next time is */
u64 cvsw_v3_vnic_tick(struct cvsw_v3_vnic *vnic, u64 now);

/** cvsw_v3_vnic_host - MAC of the host that there is a session with, or NULL */
const u8 *cvsw_v3_vnic_host(const struct cvsw_v3_vnic *vnic);

#endif /* CVSW_INBAND_VNIC_H */

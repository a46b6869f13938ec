/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_FRAME_H
#define CVSW_INBAND_FRAME_H

/*
 * Frames of version 3 of in-band control: read, made, and told from forged and
 * from repeated ones.  cvsw-inband(7) is their specification; what follows is
 * big-endian.
 *
 *	offset	bytes
 *	0	6	destination
 *	6	6	source, the sender's own
 *	12	2	CVSW_INBAND_TYPE
 *	14	1	3
 *	15	1	enum cvsw_v3_type
 *	16	2	bytes of the body
 *	18	2	key id
 *	20	2	flags
 *	22	8	session
 *	30	8	number
 *	38		body
 *		16	tag: the first half of the HMAC-SHA-256 of all before
 */

#include "hmac.h"

#define CVSW_V3_HLEN		38u
#define CVSW_V3_TAG_LEN		16u
#define CVSW_V3_BODY_MAX	8192u
#define CVSW_V3_FRAME_MAX	(CVSW_V3_HLEN + CVSW_V3_BODY_MAX + CVSW_V3_TAG_LEN)
#define CVSW_V3_NONCE_LEN	16u
#define CVSW_V3_F_ASK		0x0001	/* DATA, ACK: answer by an ACK */

/** enum cvsw_v3_type - frames */
enum cvsw_v3_type {
	CVSW_V3_ANNOUNCE	= 1,	/* the vNIC's */
	CVSW_V3_HELLO		= 2,	/* the host's */
	CVSW_V3_WELCOME		= 3,	/* the vNIC's */
	CVSW_V3_REJECT		= 4,	/* the vNIC's */
	CVSW_V3_START		= 5,	/* the host's; this and the next in a session */
	CVSW_V3_DATA		= 6,
	CVSW_V3_ACK		= 7,
	CVSW_V3_DISCONNECT	= 8,
	CVSW_V3_TYPES
};

/* Bodies.  DATA and ACK are inband_chan.h's */

/* as the CPU of who sends it has it: both sides' messages are alike */
#define CVSW_V3_ORDER		0x0102

struct cvsw_v3_announce {
	__be64	boot;		/* another one after each boot */
	__be64	dpid;
	__be16	mtu;
	u8	state;		/* enum cvsw_v3_vnic_state */
	u8	policy;
	u16	order;
	__be16	zero;
	char	name[16];	/* ends with a 0 */
} __packed;

struct cvsw_v3_hello {
	u8	host_nonce[CVSW_V3_NONCE_LEN];
	__be32	lease;		/* ms */
	u16	order;
	__be16	zero;
} __packed;

struct cvsw_v3_welcome {
	u8	host_nonce[CVSW_V3_NONCE_LEN];
	u8	vnic_nonce[CVSW_V3_NONCE_LEN];
	__be64	boot;
	__be64	dpid;
	__be16	mtu;
	__be16	zero;
	char	name[16];
} __packed;

/** enum cvsw_v3_reject_reason - of a REJECT */
enum cvsw_v3_reject_reason {
	CVSW_V3_REJECT_ORDER	= 1,	/* our messages have another byte order */
	CVSW_V3_REJECT_LEASE	= 2,	/* out of bounds */
};

struct cvsw_v3_reject {
	u8	host_nonce[CVSW_V3_NONCE_LEN];
	__be16	reason;
	__be16	zero;
} __packed;

struct cvsw_v3_start {
	u8	host_nonce[CVSW_V3_NONCE_LEN];
	u8	vnic_nonce[CVSW_V3_NONCE_LEN];
	__be32	lease;
	__be16	mtu;		/* of frames that the host can take */
	__be16	zero;
} __packed;

/** enum cvsw_v3_leave_reason - of a DISCONNECT: a __be16, then text */
enum cvsw_v3_leave_reason {
	CVSW_V3_LEAVE_DONE	= 1,	/* the host has done what it wanted */
	CVSW_V3_LEAVE_OFF	= 2,	/* the vNIC takes no control any more */
};

/** enum cvsw_v3_fault - why a frame is none */
enum cvsw_v3_fault {
	CVSW_V3_OK,
	CVSW_V3_VERSION,	/* not 3 */
	CVSW_V3_MALFORMED,	/* the header, or the length */
};

/**
 * struct cvsw_v3_frame - the header of a frame
 * @dst:     destination
 * @src:     source
 * @session: 0 outside of one
 * @number:  likewise
 * @len:     bytes of the body
 * @key_id:  of the key that its tag, or its session, comes of
 * @flags:   CVSW_V3_F_*
 * @type:    enum cvsw_v3_type
 */
struct cvsw_v3_frame {
	u8	dst[6];
	u8	src[6];
	u64	session;
	u64	number;
	u16	len;
	u16	key_id;
	u16	flags;
	u8	type;
};

/**
 * cvsw_v3_frame_read - what the header of a frame says
 * @bytes: the frame, of CVSW_INBAND_TYPE, untagged, @n bytes with any padding
 *
 * Whether its tag is right is not looked at.
 */
enum cvsw_v3_fault cvsw_v3_frame_read(const u8 *bytes, u32 n,
				      struct cvsw_v3_frame *frame);

/** cvsw_v3_frame_put - make the header at @bytes; the body is behind it */
void cvsw_v3_frame_put(const struct cvsw_v3_frame *frame, u8 *bytes);

/** cvsw_v3_frame_seal - put the tag behind the body; the bytes of the frame, or
 * a negative errno */
int cvsw_v3_frame_seal(struct cvsw_hmac *hmac, u8 *bytes);

/** cvsw_v3_frame_true - is the tag that of @hmac?  @bytes were read before */
bool cvsw_v3_frame_true(struct cvsw_hmac *hmac, const u8 *bytes);

/**
 * struct cvsw_v3_window - numbers that were seen (as in RFC 4303, 3.4.3)
 * @top:  the highest
 * @seen: bit i: @top - i was
 */
struct cvsw_v3_window {
	u64	top;
	u64	seen;
};

/** cvsw_v3_window_new - may @number be a new one? */
bool cvsw_v3_window_new(const struct cvsw_v3_window *window, u64 number);

/** cvsw_v3_window_add - it was, and came from who it says */
void cvsw_v3_window_add(struct cvsw_v3_window *window, u64 number);

/**
 * struct cvsw_v3_keys - what the two sides of a session share
 * @to_vnic: of tags of the host's frames
 * @to_host: of the vNIC's
 * @session: its name
 */
struct cvsw_v3_keys {
	struct cvsw_hmac	*to_vnic;
	struct cvsw_hmac	*to_host;
	u64			session;
};

/** struct cvsw_v3_who - what a session's keys come of, besides the key */
struct cvsw_v3_who {
	u8	host_nonce[CVSW_V3_NONCE_LEN];
	u8	vnic_nonce[CVSW_V3_NONCE_LEN];
	u8	host_mac[6];
	u8	vnic_mac[6];
} __packed;

/** cvsw_v3_keys_make - of @key, which was made of a pre-shared one: 0 or a
 * negative errno, and then there is nothing to free */
int cvsw_v3_keys_make(struct cvsw_v3_keys *keys, struct cvsw_hmac *key,
		      const struct cvsw_v3_who *who);

void cvsw_v3_keys_free(struct cvsw_v3_keys *keys);

/** cvsw_v3_link_key - that of frames outside sessions; NULL: no memory */
struct cvsw_hmac *cvsw_v3_link_key(struct cvsw_hmac *key);

#endif /* CVSW_INBAND_FRAME_H */

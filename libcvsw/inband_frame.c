// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Frames of in-band control, version 3, and the keys of their tags. */

#include "inband_frame.h"
#include <cvsw/inband.h>

#define FRAME_VERSION	3

/* Frames */

/* those of a session have a number, others neither that nor a session */
static bool frame_counted(const struct cvsw_v3_frame *frame)
{
	if (frame->type >= CVSW_V3_START)
		return frame->number;
	return !frame->number && !frame->session;
}

enum cvsw_v3_fault cvsw_v3_frame_read(const u8 *bytes, u32 n,
				      struct cvsw_v3_frame *frame)
{
	if (n < CVSW_V3_HLEN + CVSW_V3_TAG_LEN)
		return CVSW_V3_MALFORMED;
	if (bytes[14] != FRAME_VERSION)
		return CVSW_V3_VERSION;
	memcpy(frame->dst, bytes, sizeof(frame->dst));
	memcpy(frame->src, bytes + 6, sizeof(frame->src));
	frame->type = bytes[15];
	frame->len = get_unaligned_be16(bytes + 16);
	frame->key_id = get_unaligned_be16(bytes + 18);
	frame->flags = get_unaligned_be16(bytes + 20);
	frame->session = get_unaligned_be64(bytes + 22);
	frame->number = get_unaligned_be64(bytes + 30);
	if (!frame->type || frame->type >= CVSW_V3_TYPES ||
	    frame->len > CVSW_V3_BODY_MAX ||
	    frame->len > n - CVSW_V3_HLEN - CVSW_V3_TAG_LEN ||
	    frame->flags & ~CVSW_V3_F_ASK || frame->src[0] & 1 ||
	    !frame_counted(frame))
		return CVSW_V3_MALFORMED;
	return CVSW_V3_OK;
}

void cvsw_v3_frame_put(const struct cvsw_v3_frame *frame, u8 *bytes)
{
	memcpy(bytes, frame->dst, sizeof(frame->dst));
	memcpy(bytes + 6, frame->src, sizeof(frame->src));
	put_unaligned_be16(CVSW_INBAND_TYPE, bytes + 12);
	bytes[14] = FRAME_VERSION;
	bytes[15] = frame->type;
	put_unaligned_be16(frame->len, bytes + 16);
	put_unaligned_be16(frame->key_id, bytes + 18);
	put_unaligned_be16(frame->flags, bytes + 20);
	put_unaligned_be64(frame->session, bytes + 22);
	put_unaligned_be64(frame->number, bytes + 30);
}

/* bytes in front of the tag */
static u32 frame_tagged(const u8 *bytes)
{
	return CVSW_V3_HLEN + get_unaligned_be16(bytes + 16);
}

int cvsw_v3_frame_seal(struct cvsw_hmac *hmac, u8 *bytes)
{
	u32 n = frame_tagged(bytes);
	u8 sum[CVSW_HMAC_LEN];
	int ret = cvsw_hmac_sum(hmac, bytes, n, sum);

	if (ret)
		return ret;
	memcpy(bytes + n, sum, CVSW_V3_TAG_LEN);
	return (int)(n + CVSW_V3_TAG_LEN);
}

bool cvsw_v3_frame_true(struct cvsw_hmac *hmac, const u8 *bytes)
{
	u32 n = frame_tagged(bytes);
	u8 sum[CVSW_HMAC_LEN];

	return !cvsw_hmac_sum(hmac, bytes, n, sum) &&
	       cvsw_secret_same(sum, bytes + n, CVSW_V3_TAG_LEN);
}

/* Numbers */

bool cvsw_v3_window_new(const struct cvsw_v3_window *window, u64 number)
{
	if (number > window->top)
		return true;
	return window->top - number < 64 &&
	       !(window->seen >> (window->top - number) & 1);
}

void cvsw_v3_window_add(struct cvsw_v3_window *window, u64 number)
{
	u64 ahead;

	if (number <= window->top) {
		window->seen |= 1ull << (window->top - number);
		return;
	}
	ahead = number - window->top;
	window->seen = ahead < 64 ? window->seen << ahead | 1 : 1;
	window->top = number;
}

/* Keys */

/* a key for @what, of @key and of @who if that is not NULL */
static int keys_derive(struct cvsw_hmac *key, const char *what,
		       const struct cvsw_v3_who *who, u8 out[CVSW_HMAC_LEN])
{
	u8 bytes[32 + sizeof(*who)];
	u32 n = (u32)strlen(what);

	memcpy(bytes, what, n);
	if (who) {
		memcpy(bytes + n, who, sizeof(*who));
		n += sizeof(*who);
	}
	return cvsw_hmac_sum(key, bytes, n, out);
}

static struct cvsw_hmac *keys_hmac(struct cvsw_hmac *key, const char *what,
				   const struct cvsw_v3_who *who)
{
	struct cvsw_hmac *hmac = NULL;
	u8 derived[CVSW_HMAC_LEN];

	if (!keys_derive(key, what, who, derived))
		hmac = cvsw_hmac_new(derived);
	memzero_explicit(derived, sizeof(derived));
	return hmac;
}

int cvsw_v3_keys_make(struct cvsw_v3_keys *keys, struct cvsw_hmac *key,
		      const struct cvsw_v3_who *who)
{
	u8 name[CVSW_HMAC_LEN];
	int ret = keys_derive(key, "cvsw inband 3 session", who, name);

	if (ret)
		return ret;
	keys->session = get_unaligned_be64(name);
	keys->to_vnic = keys_hmac(key, "cvsw inband 3 to vnic", who);
	keys->to_host = keys_hmac(key, "cvsw inband 3 to host", who);
	if (keys->to_vnic && keys->to_host)
		return 0;
	cvsw_v3_keys_free(keys);
	return -ENOMEM;
}

void cvsw_v3_keys_free(struct cvsw_v3_keys *keys)
{
	cvsw_hmac_free(keys->to_vnic);
	cvsw_hmac_free(keys->to_host);
	*keys = (struct cvsw_v3_keys){};
}

struct cvsw_hmac *cvsw_v3_link_key(struct cvsw_hmac *key)
{
	return keys_hmac(key, "cvsw inband 3 link", NULL);
}

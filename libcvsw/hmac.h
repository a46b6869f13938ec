/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_HMAC_H
#define CVSW_HMAC_H

/*
 * HMAC-SHA-256 (RFC 2104, RFC 6234) and random bytes.  Bodies: libcvsw/user/
 * hmac.c over OpenSSL, kmod/hmac.c over the kernel's crypto API.
 */

#include "os.h"

#define CVSW_HMAC_LEN	32u	/* of keys and of sums */

struct cvsw_hmac;

/** cvsw_hmac_new - get ready to sum with @key, which is copied; may sleep
 * Return: NULL without memory, or where there is no such algorithm. */
struct cvsw_hmac *cvsw_hmac_new(const u8 key[CVSW_HMAC_LEN]);

/** cvsw_hmac_free - forget it and its key; NULL is fine */
void cvsw_hmac_free(struct cvsw_hmac *hmac);

/** cvsw_hmac_sum - of @len bytes of @data; one caller at a time for one @hmac
 * Return: 0 or a negative errno, and then @sum is not to be used. */
int cvsw_hmac_sum(struct cvsw_hmac *hmac, const void *data, u32 len,
		  u8 sum[CVSW_HMAC_LEN]);

/** cvsw_secret_same - are @n bytes equal?  Takes as long if they are not */
bool cvsw_secret_same(const void *a, const void *b, u32 n);

/** cvsw_random - fill in @n bytes that nobody can guess; 0 or a negative errno */
int cvsw_random(void *bytes, u32 n);

#endif /* CVSW_HMAC_H */

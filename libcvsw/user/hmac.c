// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* HMAC-SHA-256 by OpenSSL. */

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include "hmac.h"

struct cvsw_hmac {
	EVP_MAC_CTX	*ctx;
};

/* a context that has the key; NULL without one */
static EVP_MAC_CTX *hmac_ctx(const u8 *key)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string("digest", digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;

	EVP_MAC_free(mac);
	if (ctx && EVP_MAC_init(ctx, key, CVSW_HMAC_LEN, params))
		return ctx;
	EVP_MAC_CTX_free(ctx);
	return NULL;
}

struct cvsw_hmac *cvsw_hmac_new(const u8 key[CVSW_HMAC_LEN])
{
	struct cvsw_hmac *hmac = kzalloc(sizeof(*hmac), GFP_KERNEL);

	if (!hmac)
		return NULL;
	hmac->ctx = hmac_ctx(key);
	if (hmac->ctx)
		return hmac;
	kfree(hmac);
	return NULL;
}

void cvsw_hmac_free(struct cvsw_hmac *hmac)
{
	if (!hmac)
		return;
	EVP_MAC_CTX_free(hmac->ctx);
	kfree(hmac);
}

int cvsw_hmac_sum(struct cvsw_hmac *hmac, const void *data, u32 len,
		  u8 sum[CVSW_HMAC_LEN])
{
	size_t n;

	/* begins anew with the key that it has */
	if (!EVP_MAC_init(hmac->ctx, NULL, 0, NULL) ||
	    !EVP_MAC_update(hmac->ctx, data, len) ||
	    !EVP_MAC_final(hmac->ctx, sum, &n, CVSW_HMAC_LEN) ||
	    n != CVSW_HMAC_LEN)
		return -EIO;
	return 0;
}

bool cvsw_secret_same(const void *a, const void *b, u32 n)
{
	return !CRYPTO_memcmp(a, b, n);
}

int cvsw_random(void *bytes, u32 n)
{
	return RAND_bytes(bytes, (int)n) == 1 ? 0 : -EIO;
}

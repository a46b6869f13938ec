// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* HMAC-SHA-256 and random bytes by the kernel. */

#include <crypto/algapi.h>
#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/random.h>
#include "hmac.h"

/* asked for by name, which depmod does not see */
MODULE_SOFTDEP("pre: crypto-hmac crypto-sha256");

struct cvsw_hmac {
	struct shash_desc	desc;	/* and what is behind it; the last */
};

struct cvsw_hmac *cvsw_hmac_new(const u8 key[CVSW_HMAC_LEN])
{
	struct crypto_shash *tfm = crypto_alloc_shash("hmac(sha256)", 0, 0);
	struct cvsw_hmac *hmac;

	if (IS_ERR(tfm))
		return NULL;
	hmac = kzalloc(sizeof(*hmac) + crypto_shash_descsize(tfm), GFP_KERNEL);
	if (hmac && !crypto_shash_setkey(tfm, key, CVSW_HMAC_LEN)) {
		hmac->desc.tfm = tfm;
		return hmac;
	}
	kfree(hmac);
	crypto_free_shash(tfm);
	return NULL;
}

void cvsw_hmac_free(struct cvsw_hmac *hmac)
{
	if (!hmac)
		return;
	crypto_free_shash(hmac->desc.tfm);
	kfree_sensitive(hmac);
}

int cvsw_hmac_sum(struct cvsw_hmac *hmac, const void *data, u32 len,
		  u8 sum[CVSW_HMAC_LEN])
{
	return crypto_shash_digest(&hmac->desc, data, len, sum);
}

bool cvsw_secret_same(const void *a, const void *b, u32 n)
{
	return !crypto_memneq(a, b, n);
}

int cvsw_random(void *bytes, u32 n)
{
	get_random_bytes(bytes, n);
	return 0;
}

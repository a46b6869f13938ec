// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Masks of rules: interning and relaxing.  See cls_mask.h. */

#include "cls_mask.h"

#define MASKS_MIN	64		/* chains to start with */

static u64 mask_hash(const struct cvsw_key *mask, u64 opts)
{
	u64 h = opts;
	unsigned int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++) {
		h = (h ^ mask->word[i]) * 0x9e3779b97f4a7c15ULL;
		h ^= h >> 32;
	}
	return h;
}

int cvsw_cls_masks_init(struct cvsw_cls_masks *masks)
{
	masks->count = 0;
	masks->size = MASKS_MIN;
	masks->chain = kvcalloc(MASKS_MIN, sizeof(*masks->chain), GFP_KERNEL);
	return masks->chain ? 0 : -ENOMEM;
}

void cvsw_cls_masks_fini(struct cvsw_cls_masks *masks)
{
	kvfree(masks->chain);
}

static struct cvsw_cls_mask **masks_chain(const struct cvsw_cls_masks *masks,
					  const struct cvsw_key *mask,
					  u64 opts)
{
	return &masks->chain[mask_hash(mask, opts) & (masks->size - 1)];
}

struct cvsw_cls_mask *cvsw_cls_mask_find(const struct cvsw_cls_masks *masks,
					 const struct cvsw_key *mask, u64 opts)
{
	struct cvsw_cls_mask *m = *masks_chain(masks, mask, opts);

	while (m && (m->opts != opts || memcmp(&m->key, mask, sizeof(*mask))))
		m = m->next;
	return m;
}

/* Twice as many chains; without memory the old ones will do */
static void masks_grow(struct cvsw_cls_masks *masks)
{
	struct cvsw_cls_masks more = { .size = masks->size * 2 };
	u32 i;

	more.chain = kvcalloc(more.size, sizeof(*more.chain), GFP_KERNEL);
	if (!more.chain)
		return;
	for (i = 0; i < masks->size; i++) {
		struct cvsw_cls_mask *m = masks->chain[i], *next;

		for (; m; m = next) {
			struct cvsw_cls_mask **chain;

			next = m->next;
			chain = masks_chain(&more, &m->key, m->opts);
			m->next = *chain;
			*chain = m;
		}
	}
	kvfree(masks->chain);
	masks->chain = more.chain;
	masks->size = more.size;
}

static struct cvsw_cls_mask *mask_new(const struct cvsw_key *key, u64 opts)
{
	struct cvsw_cls_mask *mask = kzalloc(sizeof(*mask), GFP_KERNEL);
	const u32 *part = (const u32 *)key;
	unsigned int i;

	if (!mask)
		return NULL;
	mask->key = *key;
	mask->opts = opts;
	for (i = 0; i < CVSW_CLS_KEY_PARTS; i++) {
		if (!part[i])
			continue;
		mask->idx[mask->n] = (u8)i;
		mask->part[mask->n++] = part[i];
	}
	return mask;
}

struct cvsw_cls_mask *cvsw_cls_mask_get(struct cvsw_cls_masks *masks,
					const struct cvsw_key *mask, u64 opts)
{
	struct cvsw_cls_mask *m = cvsw_cls_mask_find(masks, mask, opts);
	struct cvsw_cls_mask **chain;

	if (!m) {
		m = mask_new(mask, opts);
		if (!m)
			return NULL;
		if (masks->count >= masks->size)
			masks_grow(masks);
		chain = masks_chain(masks, mask, opts);
		m->next = *chain;
		*chain = m;
		masks->count++;
	}
	m->refs++;
	return m;
}

void cvsw_cls_mask_put(struct cvsw_cls_masks *masks,
		       struct cvsw_cls_mask *mask)
{
	struct cvsw_cls_mask **p;

	if (--mask->refs)
		return;
	p = masks_chain(masks, &mask->key, mask->opts);
	while (*p != mask)
		p = &(*p)->next;
	*p = mask->next;
	masks->count--;
	kfree(mask);
}

u32 cvsw_cls_mask_bits(const struct cvsw_key *mask)
{
	u32 n = 0;
	unsigned int i;

	for (i = 0; i < CVSW_KEY_WORDS; i++)
		n += hweight64(mask->word[i]);
	return n;
}

/* Keep @n bytes of a field when all their bits count */
static void mask_whole(const void *mask, void *out, size_t n)
{
	const u8 *m = mask;
	size_t i;

	for (i = 0; i < n; i++)
		if (m[i] != 0xff)
			return;
	memset(out, 0xff, n);
}

/* Keep the leading bits of an address, a multiple of @step of them */
static void mask_prefix(const u8 *mask, unsigned int step, u8 *out)
{
	unsigned int len = 0, i;

	while (len < 128 && mask[len / 8] & 0x80 >> len % 8)
		len++;
	len -= len % step;
	for (i = 0; i < len / 8; i++)
		out[i] = 0xff;
	if (len % 8)
		out[i] = (u8)(0xff00 >> len % 8);
}

void cvsw_cls_mask_relax(const struct cvsw_key *mask, unsigned int step,
			 struct cvsw_key *out)
{
	memset(out, 0, sizeof(*out));
	mask_whole(&mask->in_port, &out->in_port, sizeof(out->in_port));
	out->vlan_tci = mask->vlan_tci;
	mask_whole(&mask->dl_type, &out->dl_type, sizeof(out->dl_type));
	mask_whole(&mask->nw_proto, &out->nw_proto, sizeof(out->nw_proto));
	out->nw_tos = mask->nw_tos;
	mask_whole(mask->dl_dst, out->dl_dst, sizeof(out->dl_dst));
	mask_whole(mask->dl_src, out->dl_src, sizeof(out->dl_src));
	mask_whole(&mask->tp_src, &out->tp_src, sizeof(out->tp_src));
	mask_whole(&mask->tp_dst, &out->tp_dst, sizeof(out->tp_dst));
	mask_prefix(mask->nw_src, step, out->nw_src);
	mask_prefix(mask->nw_dst, step, out->nw_dst);
	mask_whole(&mask->tun_id, &out->tun_id, sizeof(out->tun_id));
}

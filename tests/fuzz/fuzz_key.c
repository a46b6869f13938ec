// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A byte of fragment mode and a frame behind it: what is read of the frame
 * lies in it, and can be said in flow text and read back.
 */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include <cvsw/text.h>
#include "hdr.h"
#include "key.h"
#include "match.h"
#include "pkt_ops.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* the frame ends where its memory ends, as near as an even address allows */
static struct cvsw_pkt frame(struct cvsw_pool *pool, const u8 *data, u32 len)
{
	struct cvsw_pkt pkt = { .in_port = 1 };
	struct cvsw_block *block;

	pkt.frame = cvsw_buf_new(pool, len);
	must(pkt.frame);
	block = pkt.frame->block;
	pkt.frame->data = block->mem + block->size - len - (len & 1);
	memcpy(pkt.frame->data, data, len);
	return pkt;
}

static void check_offsets(const struct cvsw_pkt *pkt, enum cvsw_parse parse,
			  const struct cvsw_key *key)
{
	u32 end = (u32)pkt->l3 + pkt->l3_len;

	must(end <= cvsw_pkt_len(pkt));
	must(!pkt->l3_len || pkt->l3);
	must(!pkt->l4 || (pkt->l4 > pkt->l3 && pkt->l4 <= end));
	must(!(key->tp_src || key->tp_dst) || (pkt->l4 && parse == CVSW_PARSE_OK));
	must(pkt->frag == (key->nw_tos & CVSW_FRAG_MASK));
	must(parse != CVSW_PARSE_L4 || pkt->l3_len);
}

static void check_text(const struct cvsw_key *key)
{
	struct cvsw_text_error err;
	struct cvsw_key again;
	char text[512];

	must(cvsw_text_key_print(text, sizeof(text), key, NULL) < 512);
	must(!cvsw_text_key(text, NULL, &again, &err));
	must(!memcmp(key, &again, sizeof(again)));
}

/* a match of all that the key says, and one of nothing, are hit by it */
static void check_match(const struct cvsw_key *key)
{
	struct cvsw_match all = { .value = *key }, any = {};

	memset(&all.mask, 0xff, sizeof(all.mask));
	cvsw_match_normalize(&all);
	must(cvsw_match_hits(&all, key));
	must(cvsw_match_hits(&any, key));
	must(cvsw_match_covers(&any, &all));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cvsw_pool *pool;
	struct cvsw_key key;
	struct cvsw_pkt pkt;
	enum cvsw_parse parse;

	if (!size || size > CVSW_FRAME_MAX)
		return 0;
	pool = cvsw_pool_new();
	must(pool);
	pkt = frame(pool, data + 1, (u32)size - 1);
	parse = cvsw_key_extract(&pkt, data[0] & 3, &key);
	check_offsets(&pkt, parse, &key);
	check_match(&key);
	if (parse != CVSW_PARSE_RUNT && parse != CVSW_PARSE_L2)
		check_text(&key);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
	return 0;
}

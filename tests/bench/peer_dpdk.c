// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * DPDK as it comes: rte_acl with the implementation it picks for this
 * processor, rte_hash with its CRC function.  Both read our key as it is;
 * rules of five-tuple sets have five fields, those of of10 all twelve.
 */

#include <sys/resource.h>
#include <unistd.h>

#include <rte_acl.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_hash.h>
#include <rte_hash_crc.h>

#include "peer.h"
#include "bench.h"

#define FIELDS_MAX	12

RTE_ACL_RULE_DEF(peer_rule, FIELDS_MAX);

struct peer_acl {
	struct rte_acl_ctx *ctx;
};

struct peer_hash {
	struct rte_hash *hash;
};

bool peer_init(void)
{
	char *argv[] = {
		"bench", "--no-huge", "--no-pci", "--no-shconf",
		"--no-telemetry", "-m", "2048", "-l", "0",
		"--log-level", "critical", NULL,
	};

	/* rte_acl_build() may ask for more than there is, and is then killed */
	rlim_t room = (rlim_t)sysconf(_SC_AVPHYS_PAGES) *
		      (rlim_t)sysconf(_SC_PAGESIZE) / 3 * 2;
	const struct rlimit limit = { room, room };

	setrlimit(RLIMIT_AS, &limit);
	return rte_eal_init(11, argv) >= 0;
}

/* Fields: offset in the key, bytes, kind, group of four bytes */

struct field {
	u8 offset, size, type, group;
};

#define F(field, skip, size, type, group)				\
	{ offsetof(struct cvsw_key, field) + (skip), size,		\
	  RTE_ACL_FIELD_TYPE_##type, group }

static const struct field five[] = {
	F(nw_proto, 0, 1, BITMASK, 0),
	F(nw_src, 0, 4, MASK, 1),
	F(nw_dst, 0, 4, MASK, 2),
	F(tp_src, 0, 2, RANGE, 3),
	F(tp_dst, 0, 2, RANGE, 3),
};

/* Those that split rules best come first, or the tries do not fit in memory */
static const struct field twelve[] = {
	F(nw_proto, 0, 1, BITMASK, 0),
	F(nw_dst, 0, 4, MASK, 1),
	F(dl_dst, 0, 4, BITMASK, 2),
	F(dl_dst, 4, 2, BITMASK, 3),
	F(dl_src, 0, 2, BITMASK, 3),
	F(nw_src, 0, 4, MASK, 4),
	F(dl_src, 2, 4, BITMASK, 5),
	F(tp_src, 0, 2, RANGE, 6),
	F(tp_dst, 0, 2, RANGE, 6),
	F(in_port, 0, 2, BITMASK, 7),
	F(vlan_tci, 0, 2, BITMASK, 7),
	F(dl_type, 0, 4, BITMASK, 8),		/* nw_proto and nw_tos behind it */
};

static u64 bytes_of(const struct cvsw_key *key, const struct field *f)
{
	const u8 *p = (const u8 *)key + f->offset;
	u64 x = 0;
	int i;

	for (i = 0; i < f->size; i++)
		x = x << 8 | p[i];
	return x;
}

static void fill_field(struct rte_acl_field *out, const struct field *f,
		       const struct cvsw_match *m)
{
	u64 value = bytes_of(&m->value, f), mask = bytes_of(&m->mask, f);

	switch (f->type) {
	case RTE_ACL_FIELD_TYPE_MASK:
		out->mask_range.u32 = (u32)__builtin_popcountll(mask);
		break;
	case RTE_ACL_FIELD_TYPE_RANGE:
		out->mask_range.u64 = value | (~mask & 0xffff);
		break;
	default:
		out->mask_range.u64 = mask;
		break;
	}
	out->value.u64 = value;
}

static int acl_fill(struct rte_acl_ctx *ctx, const struct bench_rules *rules,
		    const struct field *field, u32 fields)
{
	struct peer_rule rule;
	u32 i, j;
	int err = 0;

	for (i = 0; i < rules->n && !err; i++) {
		memset(&rule, 0, sizeof(rule));
		rule.data.category_mask = 1;
		rule.data.priority = (s32)(rules->n - i);
		rule.data.userdata = i + 1;
		for (j = 0; j < fields; j++)
			fill_field(&rule.field[j], &field[j], &rules->match[i]);
		err = rte_acl_add_rules(ctx, (struct rte_acl_rule *)&rule, 1);
	}
	return err;
}

struct peer_acl *peer_acl_new(const struct bench_rules *rules,
			      double *build_ns)
{
	const struct field *field = rules->kind == BENCH_OF10 ? twelve : five;
	u32 i, fields = rules->kind == BENCH_OF10 ? 12 : 5;
	struct rte_acl_param param = {
		.name = "peer",
		.socket_id = SOCKET_ID_ANY,
		.rule_size = RTE_ACL_RULE_SZ(FIELDS_MAX),
		.max_rule_num = rules->n,
	};
	struct rte_acl_config config = { .num_categories = 1 };
	struct peer_acl *acl = calloc(1, sizeof(*acl));
	double start;

	if (acl)
		acl->ctx = rte_acl_create(&param);
	if (!acl || !acl->ctx || acl_fill(acl->ctx, rules, field, fields))
		goto fail;
	config.num_fields = fields;
	for (i = 0; i < fields; i++)
		config.defs[i] = (struct rte_acl_field_def){
			.type = field[i].type,
			.size = field[i].size,
			.field_index = (u8)i,
			.input_index = field[i].group,
			.offset = field[i].offset,
		};
	start = bench_cpu();
	if (rte_acl_build(acl->ctx, &config))
		goto fail;
	*build_ns = bench_cpu() - start;
	return acl;
fail:
	peer_acl_free(acl);
	return NULL;
}

void peer_acl_free(struct peer_acl *acl)
{
	if (!acl)
		return;
	rte_acl_free(acl->ctx);
	free(acl);
}

void peer_acl_run(struct peer_acl *acl, const struct cvsw_key *key, u32 n,
		  u32 *out)
{
	const u8 *data;
	u32 i;

	for (i = 0; i < n; i++) {
		data = (const u8 *)&key[i];
		rte_acl_classify(acl->ctx, &data, &out[i], 1, 1);
		out[i]--;	/* 0 is none */
	}
}

struct peer_hash *peer_hash_new(const struct cvsw_key *key, u32 n, u32 flows)
{
	const struct rte_hash_parameters param = {
		.name = "peer",
		.entries = flows + flows / 8 + 8,
		.key_len = sizeof(*key),
		.hash_func = rte_hash_crc,
		.socket_id = SOCKET_ID_ANY,
	};
	struct peer_hash *hash = calloc(1, sizeof(*hash));
	u32 i;

	if (hash)
		hash->hash = rte_hash_create(&param);
	if (!hash || !hash->hash) {
		peer_hash_free(hash);
		return NULL;
	}
	for (i = 0; i < n; i++)
		if (rte_hash_add_key_data(hash->hash, &key[i],
					  (void *)(uintptr_t)(i + 1)))
			fprintf(stderr, "rte_hash is full\n");
	return hash;
}

void peer_hash_free(struct peer_hash *hash)
{
	if (!hash)
		return;
	rte_hash_free(hash->hash);
	free(hash);
}

u64 peer_hash_run(struct peer_hash *hash, const struct cvsw_key *key, u32 n)
{
	void *data = NULL;
	u64 sum = 0;
	u32 i;

	for (i = 0; i < n; i++)
		if (rte_hash_lookup_data(hash->hash, &key[i], &data) >= 0)
			sum += (uintptr_t)data;
	return sum;
}

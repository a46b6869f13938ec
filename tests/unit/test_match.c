// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Matches: the normal form by cases, and what normal form, "covers" and
 * "overlaps" promise by random matches and keys.
 */

#include "util.h"

#include "match.h"

static u64 seed;

/* a match with numbers in host order; @src: hex of nw_src and of its mask */
struct form {
	u16		type, type_mask;
	u8		proto, proto_mask;
	u8		tos, tos_mask;
	u16		tci, tci_mask;
	u16		tp_src, tp_src_mask, tp_dst, tp_dst_mask;
	const char	*src, *src_mask;
};

static struct cvsw_match form_match(const struct form *f)
{
	struct cvsw_match m = {};

	m.value.dl_type = cpu_to_be16(f->type);
	m.mask.dl_type = cpu_to_be16(f->type_mask);
	m.value.nw_proto = f->proto;
	m.mask.nw_proto = f->proto_mask;
	m.value.nw_tos = f->tos;
	m.mask.nw_tos = f->tos_mask;
	m.value.vlan_tci = f->tci;
	m.mask.vlan_tci = f->tci_mask;
	m.value.tp_src = cpu_to_be16(f->tp_src);
	m.mask.tp_src = cpu_to_be16(f->tp_src_mask);
	m.value.tp_dst = cpu_to_be16(f->tp_dst);
	m.mask.tp_dst = cpu_to_be16(f->tp_dst_mask);
	test_hex(f->src ? f->src : "", m.value.nw_src, 16);
	test_hex(f->src_mask ? f->src_mask : "", m.mask.nw_src, 16);
	return m;
}

#define IPV4	.type = 0x0800, .type_mask = 0xffff
#define IPV6	.type = 0x86dd, .type_mask = 0xffff
#define ARP	.type = 0x0806, .type_mask = 0xffff
#define TCP	.proto = 6, .proto_mask = 0xff
#define UDP	.proto = 17, .proto_mask = 0xff
#define SCTP	.proto = 132, .proto_mask = 0xff
#define ICMP	.proto = 1, .proto_mask = 0xff
#define ICMP6	.proto = 58, .proto_mask = 0xff
#define TPS	.tp_src = 1, .tp_src_mask = 0xffff, .tp_dst = 2, .tp_dst_mask = 0xffff
#define NET	.src = "0a000000", .src_mask = "ff000000"

static const struct {
	const char	*name;
	struct form	in, out;
} forms[] = {
	{ "any", {}, {} },
	{ "value outside mask", { .type = 0x1234, .type_mask = 0xff00, .tp_src = 5 },
	  { .type = 0x1200, .type_mask = 0xff00 } },
	{ "CIDR host bits", { IPV4, .src = "0a010203", .src_mask = "ff000000" },
	  { IPV4, NET } },

	/* prerequisites */
	{ "nw without dl_type", { TCP, TPS, NET, .tos = 4, .tos_mask = 0xfc }, {} },
	{ "nw with part of dl_type", { .type = 0x0800, .type_mask = 0xff00, TCP,
	  NET }, { .type = 0x0800, .type_mask = 0xff00 } },
	{ "nw with other dl_type", { .type = 0x88cc, .type_mask = 0xffff, TCP, NET },
	  { .type = 0x88cc, .type_mask = 0xffff } },
	{ "ARP", { ARP, .proto = 1, .proto_mask = 0xff, NET }, { ARP, .proto = 1,
	  .proto_mask = 0xff, NET } },
	{ "ARP has no TOS, no ports", { ARP, TCP, TPS, .tos = 4, .tos_mask = 0xff },
	  { ARP, TCP } },
	{ "ports without nw_proto", { IPV4, TPS }, { IPV4 } },
	{ "ports with part of nw_proto", { IPV4, .proto = 6, .proto_mask = 0xfe,
	  TPS }, { IPV4, .proto = 6, .proto_mask = 0xfe } },
	{ "ports of GRE", { IPV4, .proto = 47, .proto_mask = 0xff, TPS },
	  { IPV4, .proto = 47, .proto_mask = 0xff } },
	{ "TCP", { IPV4, TCP, TPS }, { IPV4, TCP, TPS } },
	{ "UDP", { IPV4, UDP, TPS }, { IPV4, UDP, TPS } },
	{ "SCTP", { IPV4, SCTP, TPS }, { IPV4, SCTP, TPS } },
	{ "ICMP", { IPV4, ICMP, TPS }, { IPV4, ICMP, TPS } },
	{ "ICMPv6 in IPv4", { IPV4, ICMP6, TPS }, { IPV4, ICMP6 } },
	{ "TCP6", { IPV6, TCP, TPS }, { IPV6, TCP, TPS } },
	{ "UDP6", { IPV6, UDP, TPS }, { IPV6, UDP, TPS } },
	{ "SCTP6", { IPV6, SCTP, TPS }, { IPV6, SCTP, TPS } },
	{ "ICMPv6", { IPV6, ICMP6, TPS }, { IPV6, ICMP6, TPS } },
	{ "ICMP in IPv6", { IPV6, ICMP, TPS }, { IPV6, ICMP } },
	{ "IPv6 address", { IPV6, .src = "fd000000000000000000000000000001",
	  .src_mask = "ffffffffffffffffffffffffffffffff" },
	  { IPV6, .src = "fd000000000000000000000000000001",
	  .src_mask = "ffffffffffffffffffffffffffffffff" } },
	{ "IPv4 address has 4 bytes", { IPV4, .src = "0a000001",
	  .src_mask = "ffffffffffff" }, { IPV4, .src = "0a000001",
	  .src_mask = "ffffffff" } },

	/* VLAN */
	{ "untagged", { .tci_mask = 0x1000 }, { .tci_mask = 0xffff } },
	{ "untagged, VID 0", { .tci_mask = 0x1fff }, { .tci_mask = 0xffff } },
	{ "untagged, VID 5", { .tci = 5, .tci_mask = 0xffff },
	  { .tci_mask = 0xffff } },
	{ "VID 5 means a tag", { .tci = 5, .tci_mask = 0x0fff },
	  { .tci = 0x1005, .tci_mask = 0x1fff } },
	{ "PCP 3 means a tag", { .tci = 0x6000, .tci_mask = 0xe000 },
	  { .tci = 0x7000, .tci_mask = 0xf000 } },
	{ "tagged", { .tci = 0x1000, .tci_mask = 0x1000 },
	  { .tci = 0x1000, .tci_mask = 0x1000 } },
	{ "untagged or VID 0", { .tci_mask = 0x0fff }, { .tci_mask = 0x0fff } },

	/* fragments */
	{ "later is any", { IPV4, .tos = 2, .tos_mask = 2 },
	  { IPV4, .tos = 3, .tos_mask = 3 } },
	{ "not any is not later", { IPV6, .tos_mask = 1 }, { IPV6, .tos_mask = 3 } },
	{ "not later", { IPV4, .tos_mask = 2 }, { IPV4, .tos_mask = 2 } },
	{ "any", { IPV4, .tos = 1, .tos_mask = 1 }, { IPV4, .tos = 1, .tos_mask = 1 } },
	{ "first", { IPV4, .tos = 1, .tos_mask = 3 }, { IPV4, .tos = 1, .tos_mask = 3 } },

	/* 8-bit values in 16-bit fields */
	{ "ICMP type", { IPV4, ICMP, .tp_src = 8, .tp_src_mask = 0xff },
	  { IPV4, ICMP, .tp_src = 8, .tp_src_mask = 0xffff } },
	{ "ICMP type, some bits", { IPV4, ICMP, .tp_src = 8, .tp_src_mask = 0x0f },
	  { IPV4, ICMP, .tp_src = 8, .tp_src_mask = 0xff0f } },
	{ "ICMP upper half 0", { IPV4, ICMP, .tp_dst_mask = 0xff00 }, { IPV4, ICMP } },
	{ "ICMP type 264", { IPV4, ICMP, .tp_src = 0x108, .tp_src_mask = 0xffff },
	  { IPV4, ICMP, .tp_src = 0x108, .tp_src_mask = 0xffff } },
	{ "ICMPv6 type", { IPV6, ICMP6, .tp_src = 135, .tp_src_mask = 0xff },
	  { IPV6, ICMP6, .tp_src = 135, .tp_src_mask = 0xffff } },
	{ "a port is 16 bits", { IPV4, TCP, .tp_src = 8, .tp_src_mask = 0xff },
	  { IPV4, TCP, .tp_src = 8, .tp_src_mask = 0xff } },
};

static void test_normalize(void **state)
{
	struct cvsw_match m, want;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		m = form_match(&forms[i].in);
		want = form_match(&forms[i].out);
		cvsw_match_normalize(&m);
		if (memcmp(&m, &want, sizeof(m)))
			fail_msg("case %zu: %s", i, forms[i].name);
	}
}

static void test_check(void **state)
{
	static const struct {
		struct form form;
		const char *field;	/* NULL: fine */
	} cases[] = {
		{ {}, NULL },
		{ { .tci = 0x1005, .tci_mask = 0x1fff }, NULL },
		{ { .tci = 5, .tci_mask = 0x0fff }, NULL },
		{ { .tci = 5, .tci_mask = 0x1fff }, "vlan_tci" },
		{ { .tci = 5, .tci_mask = 0x1000 }, NULL },
		{ { IPV4, .tos = 2, .tos_mask = 3 }, "nw_tos" },
		{ { IPV4, .tos = 2, .tos_mask = 2 }, NULL },
		{ { IPV4, .tos = 3, .tos_mask = 3 }, NULL },
		{ { IPV4, .src = "0a00000101", .src_mask = "ffffffffff" }, "nw_src" },
		{ { ARP, .src = "0a00000101", .src_mask = "ffffffffff" }, "nw_src" },
		{ { IPV6, .src = "0a00000101", .src_mask = "ffffffffff" }, NULL },
		{ { IPV4, .src = "0a00000101", .src_mask = "ffffffff" }, NULL },
	};
	struct cvsw_error err;
	struct cvsw_match m;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		m = form_match(&cases[i].form);
		err.text = NULL;
		rc = cvsw_match_check(&m, &err);
		assert_int_equal(rc, cases[i].field ? -EINVAL : 0);
		assert_int_equal(cvsw_match_check(&m, NULL), rc);
		if (!rc)
			continue;
		assert_memory_equal(err.text, cases[i].field,
				    strlen(cases[i].field));
		assert_int_equal(err.index, -1);
		assert_int_equal(err.sub, -1);
	}
	m = form_match(&(struct form){ IPV4 });
	m.value.nw_dst[15] = m.mask.nw_dst[15] = 1;
	assert_int_equal(cvsw_match_check(&m, &err), -EINVAL);
	assert_memory_equal(err.text, "nw_dst", 6);
}

/* the OpenFlow 1.0 matrix: which tags each pair of vid and pcp hits */
static void test_vlan(void **state)
{
	static const u16 tcis[] = { 0, 0x1000, 0x1005, 0x1006, 0x7005, 0xf000 };
	static const struct {
		int vid, pcp;
		u8 hits;		/* bit i: tcis[i] */
	} cases[] = {
		{ CVSW_MATCH_VID_ANY,	CVSW_MATCH_PCP_ANY,	0x3f },
		{ CVSW_MATCH_VID_NONE,	CVSW_MATCH_PCP_ANY,	0x01 },
		{ CVSW_MATCH_VID_NONE,	3,			0x01 },
		{ 5,			CVSW_MATCH_PCP_ANY,	0x14 },
		{ 5,			3,			0x10 },
		{ 0,			CVSW_MATCH_PCP_ANY,	0x22 },
		{ 0,			0,			0x02 },
		{ CVSW_MATCH_VID_ANY,	3,			0x10 },
		{ CVSW_MATCH_VID_ANY,	0,			0x0e },
		{ 0x1005,		11,			0x10 },
	};
	struct cvsw_match m, normal;
	struct cvsw_key key = {};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&m, 0, sizeof(m));
		m.mask.vlan_tci = 0xffff;	/* replaced, not added to */
		m.value.vlan_tci = 0x1fff;
		cvsw_match_set_vlan(&m, cases[i].vid, cases[i].pcp);
		normal = m;
		cvsw_match_normalize(&normal);
		assert_true(cvsw_match_equal(&m, &normal));
		for (j = 0; j < ARRAY_SIZE(tcis); j++) {
			key.vlan_tci = tcis[j];
			assert_int_equal(cvsw_match_hits(&m, &key),
					 cases[i].hits >> j & 1);
		}
	}
}

static void test_set(void **state)
{
	static const u8 addr[16] = { 10, 1, 2, 3, [15] = 255 };
	struct cvsw_match m = {};

	(void)state;
	cvsw_match_set_in_port(&m, 0xfffe);
	cvsw_match_set_dl_type(&m, 0x86dd);
	cvsw_match_set_nw_proto(&m, 58);
	assert_int_equal(m.value.in_port, 0xfffe);
	assert_int_equal(m.mask.in_port, 0xffff);
	assert_int_equal(be16_to_cpu(m.value.dl_type), 0x86dd);
	assert_int_equal(be16_to_cpu(m.mask.dl_type), 0xffff);
	assert_int_equal(m.value.nw_proto, 58);
	assert_int_equal(m.mask.nw_proto, 0xff);
	cvsw_match_set_nw_src(&m, addr, 16, 127);
	assert_int_equal(m.value.nw_src[15], 254);
	assert_int_equal(m.mask.nw_src[15], 254);
	cvsw_match_set_nw_src(&m, addr, 4, 15);
	assert_memory_equal(m.value.nw_src, "\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_memory_equal(m.mask.nw_src, "\xff\xfe\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	cvsw_match_set_nw_dst(&m, addr, 4, 99);
	assert_memory_equal(m.mask.nw_dst, "\xff\xff\xff\xff\0", 5);
	cvsw_match_set_nw_dst(&m, addr, 4, 0);
	assert_memory_equal(m.mask.nw_dst, "\0\0\0\0\0", 5);
}

/* Random matches and keys */

/* a number with few values, so that things meet */
static u8 few(void)
{
	return (u8)(1u << test_below(&seed, 8));
}

static u8 some_mask(void)
{
	static const u8 masks[] = { 0, 0, 0xff, 0xff, 0xf0, 0x01 };

	return masks[test_below(&seed, 6)];
}

/* key that extraction could have made */
static void random_key(struct cvsw_key *key)
{
	static const u16 types[] = { 0x0800, 0x86dd, 0x0806, 0x88cc };
	static const u8 protos[] = { 1, 6, 17, 58, 132, 47 };
	static const u8 frags[] = { 0, 1, 3 };
	u16 type = types[test_below(&seed, 4)];
	u8 icmp = type == 0x86dd ? 58 : 1;
	u32 i, n = type == 0x86dd ? 16 : type == 0x88cc ? 0 : 4;

	memset(key, 0, sizeof(*key));
	key->in_port = few();
	if (test_below(&seed, 2))
		key->vlan_tci = (u16)(0x1000 | few() | few() << 8);
	key->dl_type = cpu_to_be16(type);
	key->dl_src[5] = few();
	key->tun_id = cpu_to_be64(few());
	for (i = 0; i < n; i++) {
		key->nw_src[i] = few();
		key->nw_dst[i] = few();
	}
	if (n)
		key->nw_proto = protos[test_below(&seed, 6)];
	if (!n || type == 0x0806)
		return;
	key->nw_tos = (u8)((few() & 0xfc) | frags[test_below(&seed, 3)]);
	if (key->nw_tos & 3 || key->nw_proto == 47 ||
	    (key->nw_proto == (icmp ^ 1 ^ 58)))
		return;
	key->tp_src = cpu_to_be16(key->nw_proto == icmp ? few() : few() << 8);
	key->tp_dst = cpu_to_be16(few());
}

/* a match that @key hits, with random masks on fields it may have */
static void random_match(struct cvsw_match *m, const struct cvsw_key *key)
{
	u8 *mask = (u8 *)&m->mask;
	size_t i;

	memset(m, 0, sizeof(*m));
	for (i = 0; i < sizeof(m->mask); i++)
		mask[i] = some_mask();
	if (test_below(&seed, 2))
		m->mask.dl_type = cpu_to_be16(0xffff);
	if (test_below(&seed, 2))
		m->mask.nw_proto = 0xff;
	m->value = *key;
	for (i = 0; i < CVSW_KEY_WORDS; i++)
		m->value.word[i] &= m->mask.word[i];
}

/* normal form hits all that the raw form hits, and is its own normal form */
static void test_normal_form(void **state)
{
	struct cvsw_match m, again;
	struct cvsw_key key;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		random_key(&key);
		random_match(&m, &key);
		assert_true(cvsw_match_hits(&m, &key));
		assert_int_equal(cvsw_match_check(&m, NULL), 0);
		cvsw_match_normalize(&m);
		assert_true(cvsw_match_hits(&m, &key));
		again = m;
		cvsw_match_normalize(&again);
		assert_true(cvsw_match_equal(&m, &again));
	}
}

/* when all prerequisites are there, it hits nothing else either */
static void test_same_hits(void **state)
{
	struct cvsw_match raw, m;
	struct cvsw_key key, other;
	bool hits;
	int i, w, hit = 0;

	(void)state;
	for (i = 0; i < 200000; i++) {
		random_key(&key);
		random_match(&raw, &key);
		raw.mask.dl_type = cpu_to_be16(0xffff);
		raw.value.dl_type = key.dl_type;
		raw.mask.nw_proto = 0xff;
		raw.value.nw_proto = key.nw_proto;
		raw.mask.word[1 + test_below(&seed, 6)] = 0;
		raw.mask.in_port = raw.mask.nw_tos & 3;
		for (w = 0; w < CVSW_KEY_WORDS; w++)
			raw.value.word[w] &= raw.mask.word[w];
		m = raw;
		cvsw_match_normalize(&m);
		random_key(&other);
		if (test_below(&seed, 2))
			other = key;
		if (test_below(&seed, 2))
			other.vlan_tci = 0;
		hits = cvsw_match_hits(&raw, &other);
		assert_int_equal(cvsw_match_hits(&m, &other), hits);
		hit += hits;
	}
	assert_true(hit > 10000);
}

/* the answers about bits, bit by bit */
static void test_relations(void **state)
{
	struct cvsw_match a, b;
	struct cvsw_key key;
	bool covers, overlaps;
	int i, w, bit, yes = 0;

	(void)state;
	for (i = 0; i < 20000; i++) {
		random_key(&key);
		random_match(&a, &key);
		if (test_below(&seed, 2))
			random_key(&key);
		random_match(&b, &key);
		if (test_below(&seed, 2))
			for (w = 0; w < CVSW_KEY_WORDS; w++) {
				a.mask.word[w] &= b.mask.word[w];
				a.value.word[w] &= a.mask.word[w];
			}
		covers = overlaps = true;
		for (bit = 0; bit < 512; bit++) {
			bool am = a.mask.word[bit / 64] >> bit % 64 & 1;
			bool bm = b.mask.word[bit / 64] >> bit % 64 & 1;
			bool av = a.value.word[bit / 64] >> bit % 64 & 1;
			bool bv = b.value.word[bit / 64] >> bit % 64 & 1;

			covers &= !am || (bm && av == bv);
			overlaps &= !am || !bm || av == bv;
		}
		assert_int_equal(cvsw_match_covers(&a, &b), covers);
		assert_int_equal(cvsw_match_overlaps(&a, &b), overlaps);
		assert_int_equal(cvsw_match_overlaps(&b, &a), overlaps);
		assert_true(cvsw_match_covers(&b, &b));
		assert_true(cvsw_match_equal(&b, &b));
		assert_int_equal(cvsw_match_equal(&a, &b),
				 covers && cvsw_match_covers(&b, &a));
		yes += covers;
	}
	assert_true(yes > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normalize),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_normal_form),
		cmocka_unit_test(test_same_hits),
		cmocka_unit_test(test_relations),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Matches of OpenFlow 1.0 in both directions, and those of 2014. */

#include "of10.h"
#include "of10_vectors.h"
#include "match.h"
#include "util.h"

#define WILD_ALL	0x3820ffu

/* struct wire - a match on the wire, as a test names its fields; zero: 0 */
struct wire {
	u32	wild;		/* of WILD_ALL: bits that are not wildcards */
	u16	in_port, dl_vlan, dl_type, tp_src, tp_dst;
	u8	pcp, tos, proto;
	u8	src_bits, dst_bits;
	u32	nw_src, nw_dst;
};

static struct cvsw_ofp_match wire_of(const struct wire *w)
{
	struct cvsw_ofp_match m = {
		.in_port = cpu_to_be16(w->in_port),
		.dl_vlan = cpu_to_be16(w->dl_vlan),
		.dl_vlan_pcp = w->pcp,
		.dl_type = cpu_to_be16(w->dl_type),
		.nw_tos = w->tos,
		.nw_proto = w->proto,
		.tp_src = cpu_to_be16(w->tp_src),
		.tp_dst = cpu_to_be16(w->tp_dst),
	};
	u32 wild = (WILD_ALL & 0x3000ff & ~w->wild) |
		   (u32)(32 - w->src_bits) << 8 | (u32)(32 - w->dst_bits) << 14;

	m.wildcards = cpu_to_be32(wild);
	put_unaligned_be32(w->nw_src, m.nw_src);
	put_unaligned_be32(w->nw_dst, m.nw_dst);
	return m;
}

/* wildcard bits by short names */
enum {
	IN = 0x1, VLAN = 0x2, SRC = 0x4, DST = 0x8, TYPE = 0x10, PROTO = 0x20,
	TPS = 0x40, TPD = 0x80, PCP = 0x100000, TOS = 0x200000,
};

/* what is read of the first is written as the second */
static void test_normal_form(void **state)
{
	static const struct {
		const char *name;
		struct wire in, out;
	} t[] = {
		{ "nothing", { 0 }, { 0 } },
		{ "in_port", { .wild = IN, .in_port = 0xfffe },
		  { .wild = IN, .in_port = 0xfffe } },
		{ "values under wildcards",
		  { .in_port = 7, .dl_vlan = 7, .dl_type = 0x800, .tos = 4,
		    .tp_src = 5, .nw_src = 5 }, { 0 } },
		{ "nw without dl_type",
		  { .wild = PROTO | TOS, .proto = 6, .tos = 8, .src_bits = 8,
		    .nw_src = 0x0a000000 }, { 0 } },
		{ "addresses of IPv6",
		  { .wild = TYPE, .dl_type = 0x86dd, .src_bits = 32,
		    .nw_src = 1, .dst_bits = 32, .nw_dst = 1 },
		  { .wild = TYPE, .dl_type = 0x86dd } },
		{ "all else of IPv6, as Open vSwitch has it",
		  { .wild = TYPE | PROTO | TOS | TPD, .dl_type = 0x86dd,
		    .proto = 6, .tos = 8, .tp_dst = 80 },
		  { .wild = TYPE | PROTO | TOS | TPD, .dl_type = 0x86dd,
		    .proto = 6, .tos = 8, .tp_dst = 80 } },
		{ "ICMP of IPv6",
		  { .wild = TYPE | PROTO | TPS, .dl_type = 0x86dd,
		    .proto = 1, .tp_src = 8 },
		  { .wild = TYPE | PROTO, .dl_type = 0x86dd, .proto = 1 } },
		{ "tos of ARP",
		  { .wild = TYPE | TOS | PROTO, .dl_type = 0x806, .tos = 8,
		    .proto = 2 },
		  { .wild = TYPE | PROTO, .dl_type = 0x806, .proto = 2 } },
		{ "ports of ARP",
		  { .wild = TYPE | PROTO | TPS, .dl_type = 0x806, .proto = 6,
		    .tp_src = 6 },
		  { .wild = TYPE | PROTO, .dl_type = 0x806, .proto = 6 } },
		{ "ports without nw_proto",
		  { .wild = TYPE | TPD, .dl_type = 0x800, .tp_dst = 80 },
		  { .wild = TYPE, .dl_type = 0x800 } },
		{ "ports of another protocol",
		  { .wild = TYPE | PROTO | TPD, .dl_type = 0x800, .proto = 47,
		    .tp_dst = 80 },
		  { .wild = TYPE | PROTO, .dl_type = 0x800, .proto = 47 } },
		{ "ports of SCTP, as Open vSwitch has it",
		  { .wild = TYPE | PROTO | TPD, .dl_type = 0x800, .proto = 132,
		    .tp_dst = 80 },
		  { .wild = TYPE | PROTO | TPD, .dl_type = 0x800, .proto = 132,
		    .tp_dst = 80 } },
		{ "ICMP type and code",
		  { .wild = TYPE | PROTO | TPS | TPD, .dl_type = 0x800,
		    .proto = 1, .tp_src = 8 },
		  { .wild = TYPE | PROTO | TPS | TPD, .dl_type = 0x800,
		    .proto = 1, .tp_src = 8 } },
		{ "ICMP type that there is not",
		  { .wild = TYPE | PROTO | TPS, .dl_type = 0x800, .proto = 1,
		    .tp_src = 0x108 },
		  { .wild = TYPE | PROTO | TPS, .dl_type = 0x800, .proto = 1,
		    .tp_src = 0x108 } },
		{ "tos with ECN",
		  { .wild = TYPE | TOS, .dl_type = 0x800, .tos = 0xbb },
		  { .wild = TYPE | TOS, .dl_type = 0x800, .tos = 0xb8 } },
		{ "host bits",
		  { .wild = TYPE, .dl_type = 0x800, .src_bits = 8,
		    .nw_src = 0x0a010203, .dst_bits = 31,
		    .nw_dst = 0x0a010203 },
		  { .wild = TYPE, .dl_type = 0x800, .src_bits = 8,
		    .nw_src = 0x0a000000, .dst_bits = 31,
		    .nw_dst = 0x0a010202 } },
		{ "addresses of ARP",
		  { .wild = TYPE, .dl_type = 0x806, .src_bits = 32,
		    .nw_src = 1, .dst_bits = 1, .nw_dst = 0x80000000 },
		  { .wild = TYPE, .dl_type = 0x806, .src_bits = 32,
		    .nw_src = 1, .dst_bits = 1, .nw_dst = 0x80000000 } },
		{ "no 802.2 type below 0x600",
		  { .wild = TYPE, .dl_type = 0x5ff },
		  { .wild = TYPE, .dl_type = 0x5ff } },
		/* VLAN */
		{ "vid", { .wild = VLAN, .dl_vlan = 5 },
		  { .wild = VLAN, .dl_vlan = 5 } },
		{ "vid of 12 bits", { .wild = VLAN, .dl_vlan = 0x1005 },
		  { .wild = VLAN, .dl_vlan = 5 } },
		{ "vid 0", { .wild = VLAN }, { .wild = VLAN } },
		{ "pcp", { .wild = PCP, .pcp = 3 }, { .wild = PCP, .pcp = 3 } },
		{ "pcp of 3 bits", { .wild = PCP, .pcp = 0xfb },
		  { .wild = PCP, .pcp = 3 } },
		{ "vid and pcp", { .wild = VLAN | PCP, .dl_vlan = 5, .pcp = 7 },
		  { .wild = VLAN | PCP, .dl_vlan = 5, .pcp = 7 } },
		{ "untagged", { .wild = VLAN, .dl_vlan = 0xffff },
		  { .wild = VLAN, .dl_vlan = 0xffff } },
		{ "untagged with pcp",
		  { .wild = VLAN | PCP, .dl_vlan = 0xffff, .pcp = 3 },
		  { .wild = VLAN, .dl_vlan = 0xffff } },
	};
	struct cvsw_ofp_match in, out, want;
	struct cvsw_match m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		in = wire_of(&t[i].in);
		want = wire_of(&t[i].out);
		cvsw_of10_match_get(&in, &m);
		assert_true(cvsw_of10_match_put(&m, &out));
		if (memcmp(&out, &want, sizeof(out)))
			fail_msg("%s", t[i].name);
	}
}

/* any count from 32 on is "all" */
static void test_counts(void **state)
{
	struct wire w = { .wild = TYPE, .dl_type = 0x800, .nw_src = ~0u,
			  .nw_dst = ~0u };
	struct cvsw_ofp_match wire;
	struct cvsw_match m;
	u32 count, want;

	for (count = 0; count < 64; count++) {
		wire = wire_of(&w);
		wire.wildcards = cpu_to_be32((WILD_ALL & 0x3000ef) |
					     count << 8 | count << 14 |
					     0xffc00000);
		cvsw_of10_match_get(&wire, &m);
		want = count < 32 ? ~0u << count : 0;
		assert_int_equal(get_unaligned_be32(m.mask.nw_src), want);
		assert_int_equal(get_unaligned_be32(m.value.nw_dst), want);
	}
}

static void test_fields(void **state)
{
	static const u8 hex_src[] = { 2, 0, 0, 0, 0, 1 };
	struct cvsw_ofp_match wire;
	struct cvsw_match m;

	memset(&wire, 0, sizeof(wire));
	wire.wildcards = 0;			/* an exact match */
	wire.in_port = cpu_to_be16(3);
	memcpy(wire.dl_src, hex_src, 6);
	wire.dl_vlan = cpu_to_be16(0xffff);
	wire.dl_type = cpu_to_be16(0x800);
	wire.nw_proto = 17;
	wire.nw_tos = 0x28;
	wire.tp_src = cpu_to_be16(53);
	cvsw_of10_match_get(&wire, &m);
	assert_int_equal(m.value.in_port, 3);
	assert_memory_equal(m.value.dl_src, hex_src, 6);
	assert_int_equal(m.mask.vlan_tci, 0xffff);
	assert_int_equal(m.value.nw_tos, 0x28);
	assert_int_equal(m.mask.nw_tos, 0xfc);
	assert_int_equal(be16_to_cpu(m.value.tp_src), 53);
	assert_int_equal(m.mask.dl_dst[5], 0xff);
	assert_int_equal(m.mask.tun_id, 0);
}

/* matches that 1.0 cannot say: what is left of them is wider */
static void test_not_whole(void **state)
{
	struct cvsw_match t[12], back;
	struct cvsw_ofp_match wire;
	size_t i;

	memset(t, 0, sizeof(t));
	t[0].mask.tun_id = cpu_to_be64(~0ull);
	t[1].mask.dl_dst[0] = t[1].value.dl_dst[0] = 1;
	t[2].mask.in_port = 0xff00;
	t[3].mask.vlan_tci = t[3].value.vlan_tci = CVSW_VLAN_PRESENT;
	t[4].mask.vlan_tci = 0x100f;
	t[4].value.vlan_tci = 0x1005;
	t[5].mask.dl_type = cpu_to_be16(0xff00);
	for (i = 6; i < 11; i++)
		cvsw_match_set_dl_type(&t[i], 0x800);
	t[6].mask.nw_src[0] = t[6].mask.nw_src[2] = 0xff;
	t[7].mask.nw_tos = t[7].value.nw_tos = CVSW_FRAG_ANY;
	t[8].mask.nw_tos = 0x80;
	t[9].mask.nw_proto = 0xf0;
	cvsw_match_set_nw_proto(&t[10], 6);
	t[10].mask.tp_dst = cpu_to_be16(0xfff0);
	cvsw_match_set_dl_type(&t[11], 0x86dd);
	t[11].mask.nw_dst[0] = 0xff;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		cvsw_match_normalize(&t[i]);
		assert_false(cvsw_of10_match_put(&t[i], &wire));
		cvsw_of10_match_get(&wire, &back);
		assert_true(cvsw_match_covers(&back, &t[i]));
		assert_false(cvsw_match_equal(&back, &t[i]));
	}
}

/* a match of any bytes, in which a field is likely to be there */
static void random_wire(u64 *seed, struct cvsw_ofp_match *wire)
{
	static const u16 types[] = { 0x800, 0x800, 0x806, 0x86dd, 0x88cc };
	static const u8 protos[] = { 1, 6, 17, 132, 58 };
	u8 *bytes = (u8 *)wire;
	size_t i;

	for (i = 0; i < sizeof(*wire); i++)
		bytes[i] = (u8)test_rand(seed);
	wire->wildcards = cpu_to_be32(test_rand(seed) & test_rand(seed));
	if (test_below(seed, 8))
		wire->dl_type = cpu_to_be16(types[test_below(seed, 5)]);
	if (test_below(seed, 8))
		wire->nw_proto = protos[test_below(seed, 5)];
	if (!test_below(seed, 3))
		wire->dl_vlan = cpu_to_be16(0xffff);
	if (test_below(seed, 2))
		wire->tp_src = cpu_to_be16(test_below(seed, 256));
}

/* what is read can be written, and is then read as the same */
static void test_random(void **state)
{
	struct cvsw_ofp_match wire, normal, again;
	struct cvsw_match m, back;
	u64 seed = test_seed();
	u32 i;

	for (i = 0; i < 20000; i++) {
		random_wire(&seed, &wire);
		cvsw_of10_match_get(&wire, &m);
		assert_int_equal(cvsw_match_check(&m, NULL), 0);
		back = m;
		cvsw_match_normalize(&back);
		assert_true(cvsw_match_equal(&m, &back));
		assert_true(cvsw_of10_match_put(&m, &normal));
		cvsw_of10_match_get(&normal, &back);
		assert_true(cvsw_match_equal(&m, &back));
		assert_true(cvsw_of10_match_put(&back, &again));
		assert_memory_equal(&normal, &again, sizeof(again));
	}
}

/* what is written of any match covers it, and is it when it says so */
static void test_random_out(void **state)
{
	struct cvsw_ofp_match wire;
	struct cvsw_match m, back;
	u64 seed = test_seed();
	u32 i, k;
	bool whole;

	for (i = 0; i < 20000; i++) {
		random_wire(&seed, &wire);
		cvsw_of10_match_get(&wire, &m);
		for (k = 0; k < CVSW_KEY_WORDS; k++)
			if (!test_below(&seed, 6))
				m.mask.word[k] &= test_rand(&seed) |
						  (u64)test_rand(&seed) << 32;
		cvsw_match_normalize(&m);
		whole = cvsw_of10_match_put(&m, &wire);
		cvsw_of10_match_get(&wire, &back);
		assert_true(cvsw_match_covers(&back, &m));
		assert_int_equal(whole, cvsw_match_equal(&back, &m));
	}
}

/* 2014: wildcards that are not set */
enum {
	OLD_ALL = 0x3fffff, OLD_NW_SRC = 0x2000, OLD_NW_DST = 0x80000,
	OLD_VXLAN = 0x10000, OLD_NVGRE = 0x20000, OLD_STT = 0x40000,
	OLD_GENEVE = 0x80000,
};

static struct cvsw_match old_match(struct wire w, u32 fixed)
{
	struct cvsw_ofp_match wire = wire_of(&w);
	struct cvsw_match m[2];

	wire.wildcards = cpu_to_be32(OLD_ALL & ~fixed);
	assert_int_equal(cvsw_of10_match_get_2014(&wire, m), 1);
	return m[0];
}

static void test_2014_fields(void **state)
{
	struct cvsw_match m, all = {};

	m = old_match((struct wire){ 0 }, 0);
	assert_memory_equal(&m, &all, sizeof(m));
	m = old_match((struct wire){ .in_port = 2 }, IN);
	assert_int_equal(m.value.in_port, 2);
	m.value.in_port = m.mask.in_port = 0;
	assert_memory_equal(&m, &all, sizeof(m));
	/* whole addresses, which imply IPv4 */
	m = old_match((struct wire){ .nw_src = 0x0a000001,
				     .nw_dst = 0x0a000002 },
		      OLD_NW_SRC | OLD_NW_DST);
	assert_int_equal(get_unaligned_be32(m.mask.nw_src), ~0u);
	assert_int_equal(get_unaligned_be32(m.value.nw_dst), 0x0a000002);
	assert_int_equal(be16_to_cpu(m.value.dl_type), 0x800);
	assert_int_equal(m.mask.tun_id, 0);
	m = old_match((struct wire){ .proto = 6, .tp_dst = 80 }, PROTO | TPD);
	assert_int_equal(be16_to_cpu(m.value.dl_type), 0x800);
	assert_int_equal(be16_to_cpu(m.value.tp_dst), 80);
}

static void test_2014_tunnels(void **state)
{
	static const struct {
		u32 fixed;
		u8 proto;
		u16 port;
		u64 id;
	} t[] = {
		{ OLD_VXLAN, 17, 4789, 0x01000a },
		{ OLD_NVGRE, 47, 0, 0x01000a },
		{ OLD_STT, 6, 7471, 0x7701000aull << 32 },
		{ OLD_GENEVE, 17, 6081, 0x01000a },
	};
	struct cvsw_match m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		m = old_match((struct wire){ .tp_src = 0x7701, .tp_dst = 10 },
			      t[i].fixed);
		assert_int_equal(be64_to_cpu(m.value.tun_id), t[i].id);
		assert_int_equal(m.value.nw_proto, t[i].proto);
		assert_int_equal(be16_to_cpu(m.value.dl_type), 0x800);
		assert_int_equal(be16_to_cpu(m.value.tp_dst), t[i].port);
		assert_int_equal(m.mask.nw_dst[0], 0);
	}
	/* bit 19 with an address is nw_dst; the id is another tunnel's */
	m = old_match((struct wire){ .nw_dst = 1, .tp_dst = 10 },
		      OLD_NW_DST | OLD_VXLAN);
	assert_int_equal(get_unaligned_be32(m.value.nw_dst), 1);
	assert_int_equal(be64_to_cpu(m.value.tun_id), 10);
	assert_int_equal(be16_to_cpu(m.value.tp_dst), 4789);
}

/* ports without a protocol: of TCP and of UDP, if it is IP at all */
static void test_2014_any_port(void **state)
{
	static const struct {
		u32 fixed;
		u16 type;
		unsigned int n;
	} t[] = {
		{ TPS, 0, 2 },
		{ TPS | TYPE, 0x800, 2 },
		{ TPS | TYPE, 0x86dd, 2 },
		{ TPS | TYPE, 0x806, 1 },
	};
	struct cvsw_ofp_match wire;
	struct cvsw_match m[2];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		wire = wire_of(&(struct wire){ .dl_type = t[i].type,
					       .tp_src = 5 });
		wire.wildcards = cpu_to_be32(OLD_ALL & ~t[i].fixed);
		assert_int_equal(cvsw_of10_match_get_2014(&wire, m), t[i].n);
		if (t[i].n == 1) {
			assert_int_equal(m[0].mask.tp_src, 0);
			continue;
		}
		assert_int_equal(be16_to_cpu(m[0].value.dl_type),
				 t[i].type ? t[i].type : 0x800);
		assert_int_equal(be16_to_cpu(m[0].value.tp_src), 5);
		assert_int_equal(m[0].value.nw_proto, 6);
		assert_int_equal(m[1].value.nw_proto, 17);
		m[1].value.nw_proto = 6;
		assert_memory_equal(&m[0], &m[1], sizeof(m[0]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal_form),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_not_whole),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_out),
		cmocka_unit_test(test_2014_fields),
		cmocka_unit_test(test_2014_tunnels),
		cmocka_unit_test(test_2014_any_port),
	};

	return cmocka_run_group_tests_name("of10_match", tests, NULL, NULL);
}

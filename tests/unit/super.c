// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "super.h"

#define VNI	99

u32 test_super_segments(const struct test_super *s)
{
	u32 n = (s->inner.payload + s->size - 1) / s->size;

	return n ? n : 1;
}

u32 test_super_wrap(const struct test_super *s, u32 i, bool seeded,
		    const u8 *inner, u32 len, u8 *out)
{
	struct test_frame outer = s->outer;

	if (!outer.ver) {
		memcpy(out, inner, len);
		return len;
	}
	outer.id = (u16)(outer.id + i);
	if (s->gre)
		return test_gre(&outer, VNI, inner, len, out);
	outer.udp_zero = !s->outer_csum;
	outer.partial = seeded && s->outer_csum;
	return test_vxlan(&outer, VNI, inner, len, out);
}

static u8 gso_type(const struct test_frame *inner)
{
	if (inner->proto == 17)
		return CVSW_GSO_UDP_L4;
	return inner->ver == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6;
}

struct cvsw_pkt test_super_pkt(struct cvsw_pool *pool,
			       const struct test_super *s)
{
	static u8 inner[TEST_FRAME_MAX], whole[TEST_FRAME_MAX];
	struct test_frame f = s->inner;
	struct cvsw_offload off = {
		.csum		= CVSW_CSUM_PARTIAL,
		.csum_offset	= f.proto == 6 ? 16 : 6,
		.gso_type	= gso_type(&f),
		.gso_size	= s->size,
		.tunnel		= s->outer.ver,
		.tunnel_csum	= s->outer_csum,
		.outer		= s->gre && s->outer.ver ? CVSW_OUTER_GRE :
							  CVSW_OUTER_UDP,
	};
	u32 ilen, len, l3 = f.vlan_tci ? 18 : 14;
	struct cvsw_pkt pkt;

	f.partial = 1;
	ilen = test_build(&f, inner);
	len = test_super_wrap(s, 0, true, inner, ilen, whole);
	off.csum_start = (u16)(len - ilen + test_l4(&f));
	if (s->outer.ver) {
		off.outer_l4 = (u16)test_l4(&s->outer);
		off.inner_l3 = (u16)(len - ilen + l3);
	}
	pkt = test_pkt(pool, whole, len);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	return pkt;
}

void test_super_random(u64 *seed, struct test_super *s)
{
	struct test_frame *in = &s->inner;

	*s = (struct test_super){};
	in->ver = test_below(seed, 2) ? 4 : 6;
	in->proto = test_below(seed, 3) ? 6 : 17;
	in->payload = test_below(seed, test_below(seed, 8) ? 9000 : 65000);
	in->tos = (u8)test_rand(seed);
	in->ttl = (u8)test_rand(seed);
	in->id = (u16)test_rand(seed);
	in->seq = test_rand(seed);
	in->tcp_flags = (u8)(test_rand(seed) | 0x10);
	in->tcp_options = (u8)(test_below(seed, 11) * 4);
	in->ext = (u8)(test_below(seed, 4) * 8);
	in->tp_dst = (u16)test_below(seed, 4789);
	if (test_below(seed, 2))
		in->vlan_tci = (u16)(test_rand(seed) | CVSW_VLAN_PRESENT);
	s->size = (u16)(8 + test_below(seed, 2000));
	if (in->proto == 17)
		s->size = (u16)(s->size + in->payload / 128);
	if (test_below(seed, 2))
		return;
	s->outer.ver = test_below(seed, 2) ? 4 : 6;
	s->outer.id = (u16)test_rand(seed);
	s->outer.tp_src = (u16)test_rand(seed);
	s->outer.tos = (u8)test_rand(seed);
	s->gre = !test_below(seed, 3);
	s->outer_csum = !s->gre && test_below(seed, 2);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Action lists: what is refused, compiled and got back; and frames rewritten,
 * against scapy and against an oracle that builds each frame anew from its
 * description.
 */

#include "endpoint.h"
#include "util.h"

#include "../golden/vectors.h"
#include "action.h"
#include "key.h"

static u8 bytes[TEST_FRAME_MAX], more[TEST_FRAME_MAX];

static const struct cvsw_tunnel endpoint = {
	.id = GOLDEN_BE64(0x123456), GOLDEN_IPV4
};

/* Lists */

static void refused(const struct cvsw_action *act, const char *text, int ret)
{
	const struct cvsw_action list[3] = {
		{ .type = CVSW_ACT_STRIP_VLAN }, *act, { .type = 999 },
	};
	struct cvsw_error err = {};

	assert_int_equal(cvsw_action_check(list, 3, NULL), ret);
	assert_int_equal(cvsw_action_check(list, 3, &err), ret);
	assert_int_equal(err.index, 1);
	assert_int_equal(err.sub, -1);
	if (!strstr(err.text, text))
		fail_msg("\"%s\" for \"%s\"", err.text, text);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		struct cvsw_action act;
	} t[] = {
		{ "unknown action", { .type = 19 } },
		{ "unknown action", { .type = 0xffff } },
		{ "unknown action", { .type = CVSW_ACT_END } },
		{ "unknown action", { .type = 0x100 } },
		{ "pad", { .type = CVSW_ACT_STRIP_VLAN, .pad = { 0, 0, 1 } } },
		{ "no such port", { .type = CVSW_ACT_OUTPUT } },
		{ "no such port", { .output = { .port = 0xff00 } } },
		{ "without a push", { .output = { .port = CVSW_PORT_ROUTE } } },
		{ "no such port", { .output = { .port = CVSW_PORT_NONE } } },
		{ "to table", { .output = { .port = CVSW_PORT_TABLE } } },
		{ "queue", { .output = { .port = 1, .queue = 1 } } },
		{ "no such port", { .type = CVSW_ACT_ENQUEUE } },
		{ "no such port", { .type = CVSW_ACT_ENQUEUE,
				    .output = { .port = CVSW_PORT_FLOOD } } },
		{ "max_len", { .type = CVSW_ACT_ENQUEUE,
			       .output = { .port = 1, .max_len = 1 } } },
		{ "no such port", { .type = CVSW_ACT_RESUBMIT } },
		{ "no such port", { .type = CVSW_ACT_RESUBMIT,
				    .output = { .port = CVSW_PORT_ALL } } },
		{ "port only", { .type = CVSW_ACT_RESUBMIT,
				 .output = { .port = 1, .queue = 1 } } },
		{ "above 4095", { .type = CVSW_ACT_SET_VLAN_VID,
				  .vlan = 4096 } },
		{ "above 4095", { .type = CVSW_ACT_SET_VLAN_VID,
				  .vlan = 0xffff } },
		{ "above 7", { .type = CVSW_ACT_SET_VLAN_PCP, .vlan = 8 } },
		{ "low bits", { .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb9 } },
		{ "low bits", { .type = CVSW_ACT_SET_NW_TOS, .tos = 0x02 } },
		{ "IPv4", { .type = CVSW_ACT_SET_NW_SRC,
			    .nw = { 1, 2, 3, 4, 5 } } },
		{ "IPv4", { .type = CVSW_ACT_SET_NW_DST, .nw = { [15] = 1 } } },
		{ "unknown kind", { .type = CVSW_ACT_PUSH } },
		{ "no destination address", { .type = CVSW_ACT_PUSH,
				     .tunnel = { .kind = CVSW_TUNNEL_VXLAN,
						 .family = 4 } } },
		{ "unknown kind", { .type = CVSW_ACT_POP } },
		{ "unknown kind", { .type = CVSW_ACT_POP,
				    .tunnel = { .kind = 77 } } },
		{ "kind only", { .type = CVSW_ACT_POP,
				 .tunnel = { .kind = CVSW_TUNNEL_VXLAN,
					     .id = GOLDEN_BE64(1) } } },
		{ "of the frame", { .type = CVSW_ACT_PUSH,
				    .tunnel = { .id = GOLDEN_BE64(1),
						.flags = 0x20, GOLDEN_IPV4 } } },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		refused(&t[i].act, t[i].text, -EINVAL);
}

static void test_too_many(void **state)
{
	static struct cvsw_action list[CVSW_ACTIONS_MAX + 1];
	struct cvsw_error err;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(list); i++)
		list[i] = (struct cvsw_action){ .output = { .port = 1 } };
	assert_int_equal(cvsw_action_check(list, CVSW_ACTIONS_MAX, &err), 0);
	assert_int_equal(cvsw_action_check(list, CVSW_ACTIONS_MAX + 1, &err),
			 -EINVAL);
	assert_int_equal(err.index, CVSW_ACTIONS_MAX);
	assert_string_equal(err.text, "too many actions");
	list[CVSW_ACTIONS_MAX - 1].output.port = 0;
	assert_int_equal(cvsw_action_check(list, CVSW_ACTIONS_MAX + 1, &err),
			 -EINVAL);
	assert_int_equal(err.index, CVSW_ACTIONS_MAX - 1);
}

static void test_packet_out(void **state)
{
	static const struct cvsw_action list[] = {
		{ .output = { .port = CVSW_PORT_TABLE } },
	};
	static const struct cvsw_action bad[] = {
		{ .output = { .port = 0 } },
	};
	struct cvsw_error err;

	assert_int_equal(cvsw_action_check_out(list, 1, &err), 0);
	assert_int_equal(cvsw_action_check_out(bad, 1, &err), -EINVAL);
	assert_int_equal(err.index, 0);
}

/* one of each, with every field in use */
static const struct cvsw_action all[] = {
	{ .output = { .port = 1 } },
	{ .output = { .port = CVSW_PORT_MAX, .max_len = 1 } },
	{ .output = { .port = CVSW_PORT_IN_PORT } },
	{ .output = { .port = CVSW_PORT_NORMAL } },
	{ .output = { .port = CVSW_PORT_FLOOD } },
	{ .output = { .port = CVSW_PORT_ALL } },
	{ .output = { .port = CVSW_PORT_CONTROLLER, .max_len = 0xffff } },
	{ .output = { .port = CVSW_PORT_LOCAL } },
	{ .type = CVSW_ACT_SET_VLAN_VID, .vlan = 4095 },
	{ .type = CVSW_ACT_SET_VLAN_PCP, .vlan = 7 },
	{ .type = CVSW_ACT_STRIP_VLAN },
	{ .type = CVSW_ACT_SET_DL_SRC, .mac = { 1, 2, 3, 4, 5, 6 } },
	{ .type = CVSW_ACT_SET_DL_DST, .mac = { 6, 5, 4, 3, 2, 1 } },
	{ .type = CVSW_ACT_SET_NW_SRC, .nw = { 1, 2, 3, 4 } },
	{ .type = CVSW_ACT_SET_NW_DST, .nw = { 5, 6, 7, 8 } },
	{ .type = CVSW_ACT_SET_NW_TOS, .tos = 0xfc },
	{ .type = CVSW_ACT_SET_TP_SRC, .tp = GOLDEN_BE16(0x1234) },
	{ .type = CVSW_ACT_SET_TP_DST, .tp = GOLDEN_BE16(0xffff) },
	{ .type = CVSW_ACT_ENQUEUE,
	  .output = { .port = 3, .queue = 0xffffffff } },
	{ .type = CVSW_ACT_ENQUEUE, .output = { .port = CVSW_PORT_IN_PORT } },
	{ .type = CVSW_ACT_SET_IPV6_SRC,
	  .nw = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } },
	{ .type = CVSW_ACT_SET_IPV6_DST, .nw = { [15] = 1 } },
	{ .type = CVSW_ACT_RESUBMIT, .output = { .port = CVSW_PORT_IN_PORT } },
	{ .type = CVSW_ACT_RESUBMIT, .output = { .port = 9 } },
	{ .type = CVSW_ACT_PUSH, .tunnel = { .id = GOLDEN_BE64(5), GOLDEN_IPV6
					     .tp_dst = GOLDEN_BE16(8472),
					     .ttl = 3, .tos = 0x28,
					     .flags = 0xf } },
	{ .type = CVSW_ACT_PUSH, .tunnel = { GOLDEN_IPV4 } },
	{ .type = CVSW_ACT_PUSH, .tunnel = { GOLDEN_IPV4 .flags = 0x20 } },
	{ .type = CVSW_ACT_SET_TUNNEL,
	  .tun_id = GOLDEN_BE64(0x0123456789abcdef) },
	{ .type = CVSW_ACT_SET_TUNNEL },
	{ .type = CVSW_ACT_POP, .tunnel = { .kind = CVSW_TUNNEL_VXLAN } },
};

static void list_survives(const struct cvsw_action *list, unsigned int n)
{
	static struct cvsw_action out[CVSW_ACTIONS_MAX];
	size_t size = cvsw_action_size(list, n);
	const struct cvsw_act *act;
	u8 *blob = test_malloc(size);
	u8 *again = test_malloc(size);
	unsigned int i = 0;

	assert_int_equal(cvsw_action_check(list, n, NULL), 0);
	memset(blob, 0xaa, size);
	memset(again, 0x55, size);
	cvsw_action_compile(list, n, blob);
	cvsw_action_compile(list, n, again);
	assert_memory_equal(blob, again, size);
	assert_int_equal(cvsw_action_blob_size(blob), size);

	memset(out, 0x55, sizeof(out));
	assert_int_equal(cvsw_action_list(blob, out, n), n);
	assert_memory_equal(out, list, n * sizeof(*list));
	for (act = cvsw_act_first(blob); act; act = cvsw_act_next(act)) {
		assert_int_equal(act->type, list[i++].type);
		assert_int_equal(cvsw_act_is_last(act), i == n);
	}
	assert_int_equal(i, n);
	test_free(again);
	test_free(blob);
}

static void test_list_survives(void **state)
{
	unsigned int i;

	for (i = 0; i <= ARRAY_SIZE(all); i++) {
		list_survives(all, i);
		list_survives(all + i, ARRAY_SIZE(all) - i);
	}
	for (i = 0; i < ARRAY_SIZE(all); i++)
		list_survives(all + i, 1);
}

/* Options of tunnels */

#define OPT(class_, type_, len_)					\
	{ .type = CVSW_ACT_TUNNEL_OPT,					\
	  .opt = { .opt_class = GOLDEN_BE16(class_), .type = type_,	\
		   .len = len_, .data = { [0 ... (len_) - 1] = 0xa5 } } }
#define OPT_EMPTY(type_)						\
	{ .type = CVSW_ACT_TUNNEL_OPT, .opt = { .type = type_ } }
#define PUSH_AS(kind_)							\
	{ .type = CVSW_ACT_PUSH,					\
	  .tunnel = { .kind = kind_, .family = 4,			\
		      .nw_dst = { 172, 16, 0, 2 }, .dl_dst = { 2 } } }
#define PUSH_GENEVE	PUSH_AS(CVSW_TUNNEL_GENEVE)

static void test_options_survive(void **state)
{
	static const struct cvsw_action t[][6] = {
		{ OPT(0x0102, 0x80, 4), PUSH_GENEVE },
		{ OPT_EMPTY(7), PUSH_GENEVE, { .output = { .port = 1 } } },
		{ OPT(1, 2, 124), OPT(3, 4, 120), PUSH_GENEVE, PUSH_GENEVE },
		{ { .type = CVSW_ACT_STRIP_VLAN }, OPT(1, 2, 8), OPT_EMPTY(0xff),
		  PUSH_GENEVE, OPT(1, 2, 4), PUSH_GENEVE },
	};
	static const unsigned int n[] = { 2, 3, 4, 6 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		list_survives(t[i], n[i]);
}

/* as many as a list, and a header, has room for */
static void test_many_options(void **state)
{
	static struct cvsw_action list[CVSW_ACTIONS_MAX];
	static const struct cvsw_action push = PUSH_GENEVE;
	struct cvsw_act_push *made;
	const struct cvsw_act *act;
	unsigned int i;
	u8 *blob;

	for (i = 0; i < 63; i++)
		list[i] = (struct cvsw_action)OPT_EMPTY((u8)i);
	list[63] = push;
	list_survives(list, 64);
	blob = test_malloc(cvsw_action_size(list, 64));
	cvsw_action_compile(list, 64, blob);
	for (act = cvsw_act_first(blob); act->type != CVSW_ACT_PUSH;)
		act = cvsw_act_next(act);
	made = cvsw_act_push(act);
	assert_int_equal(made->tmpl.len, 50 + 252);
	for (i = 0; i < 63; i++)
		assert_int_equal(made->tmpl.hdr[50 + 4 * i + 2], i);
	test_free(blob);
}

static void test_options_refused(void **state)
{
	static const struct {
		const char *text;
		int index;
		unsigned int n;
		struct cvsw_action list[4];
	} t[] = {
		{ "option: length is not a multiple of 4 up to 124", 0, 2,
		  { OPT(1, 2, 3), PUSH_GENEVE } },
		{ "option: data behind its length", 0, 2,
		  { { .type = CVSW_ACT_TUNNEL_OPT, .opt.data = { 1 } },
		    PUSH_GENEVE } },
		{ "option: without a push behind it", 0, 1,
		  { OPT(1, 2, 4) } },
		{ "option: without a push behind it", 2, 3,
		  { OPT(1, 2, 4), PUSH_GENEVE, OPT(1, 2, 4) } },
		{ "option: without a push behind it", 1, 3,
		  { OPT(1, 2, 4), { .output = { .port = 1 } }, PUSH_GENEVE } },
		{ "option: without a push behind it", 1, 3,
		  { OPT(1, 2, 4),
		    { .type = CVSW_ACT_POP, .tunnel.kind = CVSW_TUNNEL_VXLAN },
		    PUSH_GENEVE } },
		{ "option: this tunnel has none", 1, 2,
		  { OPT(1, 2, 4), PUSH_AS(CVSW_TUNNEL_VXLAN) } },
		{ "option: this tunnel has none", 1, 2,
		  { OPT(1, 2, 4), PUSH_AS(CVSW_TUNNEL_NVGRE) } },
		{ "option: this tunnel has none", 1, 2,
		  { OPT(1, 2, 4), PUSH_AS(CVSW_TUNNEL_STT) } },
		{ "option: more than 252 bytes of them", 2, 4,
		  { OPT(1, 2, 124), OPT(1, 2, 120), OPT_EMPTY(1),
		    PUSH_GENEVE } },
		{ "option: more than 252 bytes of them", 1, 3,
		  { OPT(1, 2, 124), OPT(1, 2, 124), PUSH_GENEVE } },
	};
	struct cvsw_error err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		assert_int_equal(cvsw_action_check(t[i].list, t[i].n, &err),
				 -EINVAL);
		assert_string_equal(err.text, t[i].text);
		assert_int_equal(err.index, t[i].index);
	}
}

static void test_list_cut(void **state)
{
	struct cvsw_action out[2] = { { .type = 77 }, { .type = 77 } };
	u64 blob[8];

	assert_true(cvsw_action_size(all, 3) <= sizeof(blob));
	cvsw_action_compile(all, 3, blob);
	assert_int_equal(cvsw_action_list(blob, out, 1), 3);
	assert_memory_equal(&out[0], &all[0], sizeof(all[0]));
	assert_int_equal(out[1].type, 77);
	assert_int_equal(cvsw_action_list(blob, NULL, 0), 3);
}

static void test_sizes(void **state)
{
	static const struct {
		struct cvsw_action act;
		u32 size;
	} t[] = {
		{ { .output = { .port = 1 } }, 8 },
		{ { .type = CVSW_ACT_SET_NW_SRC }, 8 },
		{ { .type = CVSW_ACT_SET_DL_SRC }, 16 },
		{ { .type = CVSW_ACT_SET_IPV6_SRC }, 24 },
		{ { .type = CVSW_ACT_SET_TUNNEL }, 16 },
	};
	size_t i;

	assert_int_equal(cvsw_action_size(NULL, 0), 8);
	for (i = 0; i < ARRAY_SIZE(t); i++)
		assert_int_equal(cvsw_action_size(&t[i].act, 1), t[i].size);
}

static void test_outputs_to(void **state)
{
	static const struct cvsw_action list[] = {
		{ .type = CVSW_ACT_SET_VLAN_VID, .vlan = 7 },
		{ .type = CVSW_ACT_SET_DL_SRC, .mac = { 8 } },
		{ .output = { .port = 5 } },
		{ .type = CVSW_ACT_RESUBMIT, .output = { .port = 9 } },
		{ .type = CVSW_ACT_ENQUEUE, .output = { .port = 6 } },
		{ .output = { .port = CVSW_PORT_CONTROLLER } },
	};
	static const u16 no[] = { 0, 1, 7, 8, 9, CVSW_PORT_NONE };
	static const u16 yes[] = { 5, 6, CVSW_PORT_CONTROLLER };
	u64 blob[16];
	size_t i;

	assert_true(cvsw_action_size(list, 6) <= sizeof(blob));
	cvsw_action_compile(list, 6, blob);
	for (i = 0; i < ARRAY_SIZE(yes); i++)
		assert_true(cvsw_action_outputs_to(blob, yes[i]));
	for (i = 0; i < ARRAY_SIZE(no); i++)
		assert_false(cvsw_action_outputs_to(blob, no[i]));
	cvsw_action_compile(NULL, 0, blob);
	assert_false(cvsw_action_outputs_to(blob, 0));
	assert_null(cvsw_act_first(blob));
}

/* Frames */

static enum cvsw_drop apply(const struct cvsw_action *act, struct cvsw_pkt *pkt)
{
	u64 blob[32];

	assert_int_equal(cvsw_action_check(act, 1, NULL), 0);
	if (act->type == CVSW_ACT_PUSH)
		return endpoint_push(pkt, &act->tunnel);
	if (act->type == CVSW_ACT_POP)
		return endpoint_pop(pkt, act->tunnel.kind);
	assert_true(cvsw_action_size(act, 1) <= sizeof(blob));
	cvsw_action_compile(act, 1, blob);
	return cvsw_action_apply((void *)blob, pkt);
}

static void extract(struct cvsw_pkt *pkt)
{
	struct cvsw_key key;

	cvsw_key_extract(pkt, CVSW_FRAG_MODE_NORMAL, &key);
}

static void test_scapy(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i;

	/* parse results known and not */
	for (i = 0; i < 2 * ARRAY_SIZE(golden_actions); i++) {
		print_message("%s\n", golden_actions[i / 2].name);
		pkt = test_pkt_hex(pool, golden_actions[i / 2].before);
		if (i & 1)
			extract(&pkt);
		assert_int_equal(apply(&golden_actions[i / 2].act, &pkt),
				 CVSW_DROP_NONE);
		test_pkt_is(&pkt, more, test_hex(golden_actions[i / 2].after,
						 more, sizeof(more)));
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

/* Both fragments of a packet are rewritten; together they are right */

/* cut the IPv4 packet of @frame in two at byte @cut of its payload */
static u32 fragment_ipv4(const u8 *frame, u32 len, u32 cut, bool second,
			 u8 *out)
{
	u32 n = second ? len - 34 - cut : cut;

	memcpy(out, frame, 34);
	memcpy(out + 34, frame + 34 + (second ? cut : 0), n);
	put_unaligned_be16((u16)(20 + n), out + 16);
	put_unaligned_be16((u16)(second ? cut / 8 : 0x2000), out + 20);
	put_unaligned_be16(0, out + 24);
	put_unaligned_be16((u16)~test_sum(out + 14, 20, 0), out + 24);
	return 34 + n;
}

static u32 fragment_ipv6(const u8 *frame, u32 len, u32 cut, bool second,
			 u8 *out)
{
	u32 n = second ? len - 54 - cut : cut;

	memcpy(out, frame, 54);
	memset(out + 54, 0, 8);
	out[54] = out[20];
	out[20] = 44;
	put_unaligned_be16((u16)(second ? cut : 1), out + 56);
	memcpy(out + 62, frame + 54 + (second ? cut : 0), n);
	put_unaligned_be16((u16)(8 + n), out + 18);
	return 62 + n;
}

/* the other way round: the headers of @a, the payloads of both */
static u32 reassemble(const u8 *a, u32 len_a, const u8 *b, u32 len_b, u8 *out)
{
	u32 l3 = a[12] == 0x08 ? 34 : 54;
	u32 skip = l3 == 34 ? 34 : 62;

	memcpy(out, a, l3);
	memcpy(out + l3, a + skip, len_a - skip);
	memcpy(out + l3 + len_a - skip, b + skip, len_b - skip);
	len_a += len_b - 2 * skip + l3;
	if (l3 == 54) {
		out[20] = a[54];
		put_unaligned_be16((u16)(len_a - 54), out + 18);
		return len_a;
	}
	assert_int_equal(test_sum(a + 14, 20, 0), 0xffff);
	assert_int_equal(test_sum(b + 14, 20, 0), 0xffff);
	put_unaligned_be16((u16)(len_a - 14), out + 16);
	put_unaligned_be16(0, out + 20);
	put_unaligned_be16(0, out + 24);
	put_unaligned_be16((u16)~test_sum(out + 14, 20, 0), out + 24);
	return len_a;
}

/* @after: the same packet as it is to be, from its description */
static void fragments_case(struct cvsw_pool *pool, const struct test_frame *f,
			   const struct cvsw_action *act,
			   const struct test_frame *after)
{
	u32 (*cut_up)(const u8 *, u32, u32, bool, u8 *) =
		f->ver == 4 ? fragment_ipv4 : fragment_ipv6;
	u8 whole[400], part[2][400];
	struct cvsw_pkt pkt;
	u32 len, n[2], i;

	len = test_build(f, whole);
	for (i = 0; i < 2; i++) {
		n[i] = cut_up(whole, len, 64, i, part[i]);
		pkt = test_pkt(pool, part[i], n[i]);
		assert_int_equal(apply(act, &pkt), CVSW_DROP_NONE);
		assert_int_equal(cvsw_pkt_len(&pkt), n[i]);
		memcpy(part[i], cvsw_pkt_header(&pkt, 0, n[i]), n[i]);
		cvsw_pkt_free(&pkt);
	}
	len = reassemble(part[0], n[0], part[1], n[1], more);
	pkt = test_pkt(pool, more, len);
	test_pkt_is(&pkt, whole, test_build(after, whole));
	test_pkt_strict(&pkt);
	cvsw_pkt_free(&pkt);
}

static void test_fragments(void **state)
{
	static const u8 protos[2][3] = { { 6, 17, 1 }, { 6, 17, 58 } };
	static const struct cvsw_action acts[2][5] = {
		{ { .type = CVSW_ACT_SET_NW_SRC, .nw = { 99, 1, 2, 3 } },
		  { .type = CVSW_ACT_SET_NW_DST, .nw = { 99, 1, 2, 3 } },
		  { .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8 },
		  { .type = CVSW_ACT_SET_TP_SRC, .tp = GOLDEN_BE16(77) },
		  { .type = CVSW_ACT_SET_TP_DST, .tp = GOLDEN_BE16(77) } },
		{ { .type = CVSW_ACT_SET_IPV6_SRC, .nw = { 0x20, 1, 2, 3 } },
		  { .type = CVSW_ACT_SET_IPV6_DST, .nw = { 0x20, 1, 2, 3 } },
		  { .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8 },
		  { .type = CVSW_ACT_SET_TP_SRC, .tp = GOLDEN_BE16(77) },
		  { .type = CVSW_ACT_SET_TP_DST, .tp = GOLDEN_BE16(77) } },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	u32 i, j, v;

	for (v = 0; v < 2; v++) {
		for (i = 0; i < 3; i++) {
			for (j = 0; j < 5; j++) {
				struct test_frame f = {
					.ver = v ? 6 : 4, .payload = 131,
					.proto = protos[v][i], .tos = 2,
				};
				struct test_frame after = f;

				if (j == 0)
					memcpy(after.nw_src, acts[v][0].nw, 16);
				if (j == 1)
					memcpy(after.nw_dst, acts[v][1].nw, 16);
				if (j == 2)
					after.tos = 0xba;
				if (j == 3)
					after.tp_src = 77;
				if (j == 4)
					after.tp_dst = 77;
				fragments_case(pool, &f, &acts[v][j], &after);
			}
		}
	}
	cvsw_pool_free(pool);
}

/* Frames cut off at every length: whatever is done stays within them */
static void test_truncated(void **state)
{
	static const struct test_frame frames[] = {
		{ .ver = 4, .proto = 6, .vlan_tci = 0x1005, .payload = 4 },
		{ .ver = 4, .proto = 17, .payload = 4 },
		{ .ver = 6, .proto = 58, .ext = 8, .payload = 4 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	size_t i, j;
	u32 len, n;

	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		len = test_build(&frames[i], bytes);
		for (n = 14; n < len; n++) {
			for (j = 0; j < ARRAY_SIZE(all); j++) {
				if (all[j].type == CVSW_ACT_POP)
					continue;
				pkt = test_pkt(pool, bytes, n);
				assert_int_equal(apply(&all[j], &pkt),
						 CVSW_DROP_NONE);
				/* no IP header is right any more */
				if (all[j].type > CVSW_ACT_SET_DL_DST &&
				    all[j].type != CVSW_ACT_PUSH)
					test_pkt_is(&pkt, bytes, n);
				cvsw_pkt_free(&pkt);
			}
		}
	}
	cvsw_pool_free(pool);
}

/* how much the checksums of two frames differ, in ones' complement */
static u32 csum_distance(const u8 *a, const u8 *b, u32 off)
{
	return (get_unaligned_be16(a + off) + 0xffffu -
		get_unaligned_be16(b + off)) % 0xffff;
}

/* a checksum that was wrong by some amount is so afterwards */
static void test_wrong_stays_wrong(void **state)
{
	static const struct cvsw_action acts[] = {
		{ .type = CVSW_ACT_SET_NW_DST, .nw = { 99, 1, 2, 3 } },
		{ .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8 },
		{ .type = CVSW_ACT_SET_TP_DST, .tp = GOLDEN_BE16(77) },
	};
	static const u32 checks[] = { 24, 50 };		/* IP, TCP */
	struct test_frame f = { .ver = 4, .proto = 6, .payload = 9 };
	struct cvsw_pool *pool = cvsw_pool_new();
	u32 len = test_build(&f, bytes), wrong[2];
	struct cvsw_pkt pkt;
	size_t i;

	memcpy(more, bytes, len);
	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		more[checks[i]] ^= 0x4d;
		wrong[i] = csum_distance(more, bytes, checks[i]);
		assert_int_not_equal(wrong[i], 0);
	}
	pkt = test_pkt(pool, more, len);
	for (i = 0; i < ARRAY_SIZE(acts); i++)
		assert_int_equal(apply(&acts[i], &pkt), CVSW_DROP_NONE);
	memcpy(f.nw_dst, acts[0].nw, 4);
	f.tos = 0xb8;
	f.tp_dst = 77;
	test_build(&f, bytes);
	for (i = 0; i < ARRAY_SIZE(checks); i++)
		assert_int_equal(csum_distance(cvsw_pkt_header(&pkt, 0, len),
					       bytes, checks[i]), wrong[i]);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/* "no checksum" over IPv6, too, stays that */
static void test_udp6_zero(void **state)
{
	static const struct test_frame f = {
		.ver = 6, .proto = 17, .udp_zero = 1, .payload = 9,
	};
	static const struct cvsw_action acts[] = {
		{ .type = CVSW_ACT_SET_IPV6_DST, .nw = { 0x20, 1 } },
		{ .type = CVSW_ACT_SET_TP_DST, .tp = GOLDEN_BE16(77) },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt = test_pkt(pool, bytes, test_build(&f, bytes));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		assert_int_equal(apply(&acts[i], &pkt), CVSW_DROP_NONE);
		assert_int_equal(get_unaligned_be16(
				 cvsw_pkt_header(&pkt, 54 + 6, 2)), 0);
	}
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/*
 * The outer checksum above a partial inner one is for the inner one completed:
 * it is a checksum, not a seed.
 */
static void test_partial_inside_tunnel(void **state)
{
	static const struct cvsw_action acts[] = {
		{ .type = CVSW_ACT_SET_NW_DST, .nw = { 99, 1, 2, 3 } },
		{ .type = CVSW_ACT_SET_TP_SRC, .tp = GOLDEN_BE16(77) },
	};
	struct test_frame inner = { .ver = 6, .proto = 6, .payload = 77 };
	struct test_frame outer = { .ver = 4, .tos = 0x28 };
	const struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .csum_start = 50 + 54,
		.csum_offset = 16,
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt;
	u32 len, n;
	size_t i;

	n = test_build(&inner, bytes);
	len = test_vxlan(&outer, 1, bytes, n, more);
	inner.partial = 1;
	test_build(&inner, more + len - n);
	pkt = test_pkt(pool, more, len);
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
	for (i = 0; i < ARRAY_SIZE(acts); i++)
		assert_int_equal(apply(&acts[i], &pkt), CVSW_DROP_NONE);
	assert_int_equal(cvsw_pkt_csum_finish(&pkt), 0);
	test_pkt_strict(&pkt);
	memcpy(outer.nw_dst, acts[0].nw, 4);
	outer.tp_src = 77;
	inner.partial = 0;
	n = test_build(&inner, bytes);
	test_pkt_is(&pkt, more, test_vxlan(&outer, 1, bytes, n, more));
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
}

/* a clone that cannot be made its own is not written to */
static void test_no_memory(void **state)
{
	static const struct test_frame frames[] = {
		{ .ver = 4, .proto = 6, .vlan_tci = 0x1005 },
		{ .ver = 6, .proto = 17 },
	};
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_pkt pkt, copy;
	enum cvsw_drop drop;
	size_t i, j;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(frames) * ARRAY_SIZE(all); i++) {
		j = i / ARRAY_SIZE(frames);
		len = test_build(&frames[i % ARRAY_SIZE(frames)], bytes);
		pkt = test_pkt(pool, bytes, len);
		assert_int_equal(cvsw_pkt_clone(&pkt, &copy), 0);
		cvsw_alloc_fail_at(1);
		drop = apply(&all[j], &copy);
		if (cvsw_alloc_count()) {
			assert_int_equal(drop, CVSW_DROP_NO_MEMORY);
			test_pkt_is(&copy, bytes, len);
		} else if (all[j].type == CVSW_ACT_POP) {
			assert_int_not_equal(drop, CVSW_DROP_NONE);
		} else {
			assert_int_equal(drop, CVSW_DROP_NONE);
		}
		cvsw_alloc_fail_at(0);
		cvsw_pkt_free(&copy);
		test_pkt_is(&pkt, bytes, len);
		cvsw_pkt_free(&pkt);
		cvsw_pool_free(pool);
		pool = cvsw_pool_new();
	}
	cvsw_pool_free(pool);
}

/*
 * The oracle.  A frame is described by test_frames, the innermost first; an
 * action changes the description of the outermost, and the frame is built anew
 * from them.
 */

#define DEPTH_MAX	3

struct oracle {
	struct test_frame	f[DEPTH_MAX + 1];
	u32			vni[DEPTH_MAX + 1];
	u32			depth;
	u32			tun_id;
	struct cvsw_offload	off;
};

static u32 oracle_build(const struct oracle *o, u8 *out)
{
	u32 len = test_build(&o->f[0], out);
	u32 i;

	for (i = 1; i <= o->depth; i++) {
		u32 l3 = o->f[i].vlan_tci ? 18 : 14;

		len = test_vxlan(&o->f[i], o->vni[i], out, len, out);
		if (o->f[i].ver != 6)
			continue;
		out[l3 + 1] &= 0xf0;		/* no flow label */
		out[l3 + 2] = out[l3 + 3] = 0;
	}
	return len;
}

/* where the inner L4 header is */
static u32 oracle_csum_start(const struct oracle *o)
{
	u32 off = test_l4(&o->f[0]), i;

	for (i = 1; i <= o->depth; i++)
		off += test_l4(&o->f[i]) + 16;
	return off;
}

static void oracle_port(struct test_frame *f, u16 *port, u16 value)
{
	if (f->proto == 1 || f->proto == 58)
		*port = value & 0xff;
	else
		*port = value;
}

static void oracle_push(struct oracle *o, const struct cvsw_tunnel *tun)
{
	const struct test_frame *in = &o->f[o->depth];
	struct test_frame *f = &o->f[o->depth + 1];

	*f = (struct test_frame){
		.ver = tun->family,
		.tos = tun->tos | (in->ver ? in->tos & 3 : 0),
		.ttl = tun->ttl,
		.frag_off = tun->flags & CVSW_TUNNEL_F_NO_DF ? 0 : 0x4000,
		.tp_dst = be16_to_cpu(tun->tp_dst),
		.udp_zero = !(tun->flags & CVSW_TUNNEL_F_CSUM),
		.partial = o->off.gso_type && tun->flags & CVSW_TUNNEL_F_CSUM,
		.proto = 17,
	};
	if (tun->flags & CVSW_TUNNEL_F_TOS_INHERIT && in->ver)
		f->tos = in->tos;
	if (tun->flags & CVSW_TUNNEL_F_TTL_INHERIT && in->ver)
		f->ttl = in->ttl;
	memcpy(f->dl_src, tun->dl_src, 6);
	memcpy(f->dl_dst, tun->dl_dst, 6);
	memcpy(f->nw_src, tun->nw_src, 16);
	memcpy(f->nw_dst, tun->nw_dst, 16);
	o->vni[++o->depth] = tun->flags & CVSW_TUNNEL_F_ID_FLOW ? o->tun_id :
			     (u32)be64_to_cpu(tun->id);
	if (!o->off.gso_type) {
		o->f[0].partial = 0;
		o->off.csum = CVSW_CSUM_NONE;
	}
}

static void oracle_apply(struct oracle *o, const struct cvsw_action *act)
{
	struct test_frame *f = &o->f[o->depth];
	u16 tp = be16_to_cpu(act->tp);

	switch (act->type) {
	case CVSW_ACT_SET_VLAN_VID:
		f->vlan_tci = 0x1000 | (f->vlan_tci & 0xe000) | act->vlan;
		break;
	case CVSW_ACT_SET_VLAN_PCP:
		f->vlan_tci = (u16)(0x1000 | (f->vlan_tci & 0xfff) |
				    act->vlan << 13);
		break;
	case CVSW_ACT_STRIP_VLAN:
		f->vlan_tci = 0;
		break;
	case CVSW_ACT_SET_DL_SRC:
		memcpy(f->dl_src, act->mac, 6);
		break;
	case CVSW_ACT_SET_DL_DST:
		memcpy(f->dl_dst, act->mac, 6);
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_IPV6_SRC:
		if (f->ver == (act->type == CVSW_ACT_SET_NW_SRC ? 4 : 6))
			memcpy(f->nw_src, act->nw, 16);
		break;
	case CVSW_ACT_SET_NW_DST:
	case CVSW_ACT_SET_IPV6_DST:
		if (f->ver == (act->type == CVSW_ACT_SET_NW_DST ? 4 : 6))
			memcpy(f->nw_dst, act->nw, 16);
		break;
	case CVSW_ACT_SET_NW_TOS:
		f->tos = act->tos | (f->tos & 3);
		break;
	case CVSW_ACT_SET_TP_SRC:
		oracle_port(f, &f->tp_src, tp);
		break;
	case CVSW_ACT_SET_TP_DST:
		oracle_port(f, &f->tp_dst, tp);
		break;
	case CVSW_ACT_PUSH:
		oracle_push(o, &act->tunnel);
		break;
	case CVSW_ACT_POP:
		o->tun_id = o->vni[o->depth--];
		break;
	case CVSW_ACT_SET_TUNNEL:
		o->tun_id = (u32)be64_to_cpu(act->tun_id);
		break;
	}
}

static void random_bytes(u64 *seed, u8 *out, u32 n)
{
	while (n--)
		*out++ = (u8)(1 + test_below(seed, 255));
}

/* any action that makes sense for @o, whose outermost frame may lack the layer */
static struct cvsw_action random_action(u64 *seed, const struct oracle *o)
{
	struct cvsw_action act = { .type = (u16)(1 + test_below(seed, 18)) };

	switch (act.type) {
	case CVSW_ACT_SET_VLAN_VID:
		act.vlan = (u16)test_below(seed, 4096);
		break;
	case CVSW_ACT_SET_VLAN_PCP:
		act.vlan = (u16)test_below(seed, 8);
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		random_bytes(seed, act.mac, 6);
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		random_bytes(seed, act.nw, 4);
		break;
	case CVSW_ACT_SET_IPV6_SRC:
	case CVSW_ACT_SET_IPV6_DST:
		random_bytes(seed, act.nw, 16);
		break;
	case CVSW_ACT_SET_NW_TOS:
		act.tos = test_rand(seed) & 0xfc;
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		/* above 4789, so that nothing becomes VXLAN */
		act.tp = cpu_to_be16((u16)(5000 + test_below(seed, 60000)));
		break;
	case CVSW_ACT_PUSH:
		if (o->depth == (o->off.gso_type ? 1 : DEPTH_MAX))
			return (struct cvsw_action){
				.type = CVSW_ACT_STRIP_VLAN };
		act.tunnel = endpoint;
		if (test_below(seed, 2))
			act.tunnel = (struct cvsw_tunnel){ GOLDEN_IPV6 };
		act.tunnel.id = cpu_to_be64(test_below(seed, 1 << 24));
		act.tunnel.ttl = (u8)(1 + test_below(seed, 255));
		act.tunnel.tos = test_rand(seed) & 0xfc;
		act.tunnel.flags = (u16)test_below(seed, 8);
		if (test_below(seed, 2))
			break;
		act.tunnel.flags |= CVSW_TUNNEL_F_ID_FLOW;
		act.tunnel.id = 0;
		break;
	case CVSW_ACT_SET_TUNNEL:
		act.tun_id = cpu_to_be64(test_below(seed, 1 << 24));
		break;
	case CVSW_ACT_POP:
		if (!o->depth)
			return (struct cvsw_action){
				.type = CVSW_ACT_STRIP_VLAN };
		act.tunnel.kind = CVSW_TUNNEL_VXLAN;
		break;
	default:
		act.type = CVSW_ACT_STRIP_VLAN;
	}
	return act;
}

/* a random frame and its offload state */
static void random_oracle(u64 *seed, struct oracle *o)
{
	static const u8 protos[] = { 6, 17, 1, 47 };
	struct test_frame *f = &o->f[0];

	memset(o, 0, sizeof(*o));
	*f = (struct test_frame){
		.ver = (u8)(test_below(seed, 8) ? 4 + 2 * test_below(seed, 2) :
			    0),
		.proto = protos[test_below(seed, 4)],
		.vlan_tci = test_below(seed, 2) ? 0 : 0x7123,
		.dl_type = 0x9000,
		.tos = (u8)test_rand(seed),
		.ttl = (u8)(1 + test_below(seed, 255)),
		.tcp_options = (u8)(4 * test_below(seed, 3)),
		.ext = (u8)(8 * test_below(seed, 3)),
		.seq = test_rand(seed),
		.payload = 46 + test_below(seed, 200),
	};
	if (f->ver == 6 && f->proto == 1)
		f->proto = 58;
	f->udp_zero = f->ver == 4 && !test_below(seed, 3);
	if (!f->ver || (f->proto != 6 && f->proto != 17) || test_below(seed, 2))
		return;
	f->partial = 1;
	f->udp_zero = 0;
	o->off.csum = CVSW_CSUM_PARTIAL;
	o->off.csum_start = (u16)test_l4(f);
	o->off.csum_offset = f->proto == 6 ? 16 : 6;
	if (test_below(seed, 2))
		return;
	f->payload = 3000 + test_below(seed, 9000);
	o->off.gso_size = (u16)(500 + test_below(seed, 900));
	o->off.gso_type = f->proto == 17 ? CVSW_GSO_UDP_L4 :
			  f->ver == 4 ? CVSW_GSO_TCP4 : CVSW_GSO_TCP6;
}

/* the outer source port and IP ID of the frame are its own choice */
static void oracle_learn(struct oracle *o, const struct cvsw_pkt *pkt)
{
	struct test_frame *f = &o->f[o->depth];
	u32 l4 = test_l4(f);

	f->tp_src = get_unaligned_be16(cvsw_pkt_header(pkt, l4, 2));
	assert_in_range(f->tp_src, 49152, 65535);
	if (f->ver == 4)
		f->id = get_unaligned_be16(cvsw_pkt_header(pkt, 18, 2));
	if (f->frag_off)
		assert_int_equal(f->id, 0);
}

/*
 * A TCP checksum of 0 may as well be 0xffff, as RFC 1071 has it, and is so when
 * a partial one is completed by the rule for UDP.
 */
static bool same_but_for_zero(const u8 *a, const u8 *b, u32 len)
{
	u32 i;

	for (i = 0; i + 2 <= len; i += 2)
		if (memcmp(a + i, b + i, 2) &&
		    (u16)(get_unaligned_be16(a + i) +
			  get_unaligned_be16(b + i)) != 0xffff)
			return false;
	return !test_strict(a, len) && !test_strict(b, len);
}

/*
 * Would the strict receiver take it?  Not with checksums yet to be completed,
 * and UDP over IPv6 without one only for as long as it is a tunnel's.
 */
static bool oracle_is_strict(const struct oracle *o)
{
	u32 i;

	for (i = 1; i <= o->depth; i++)
		if (o->f[i].ver == 6 && o->f[i].udp_zero &&
		    o->f[i].tp_dst && o->f[i].tp_dst != 4789)
			return false;
	return !o->f[0].partial;
}

static void oracle_agrees(const struct oracle *o, const struct cvsw_pkt *pkt)
{
	u32 len = oracle_build(o, bytes);
	const u8 *frame = cvsw_pkt_header(pkt, 0, len);
	struct cvsw_offload off;

	if (!frame || cvsw_pkt_len(pkt) != len ||
	    (memcmp(frame, bytes, len) &&
	     !same_but_for_zero(frame, bytes, len)))
		test_pkt_is(pkt, bytes, len);
	if (oracle_is_strict(o))
		test_pkt_strict(pkt);
	assert_int_equal(be64_to_cpu(pkt->tun_id), o->tun_id);
	cvsw_pkt_offload_get(pkt, &off);
	assert_int_equal(off.csum, o->off.csum);
	if (off.csum != CVSW_CSUM_PARTIAL)
		return;
	assert_int_equal(off.csum_start, oracle_csum_start(o));
	assert_int_equal(off.csum_offset, o->off.csum_offset);
	assert_int_equal(off.gso_type, o->off.gso_type);
	assert_int_equal(off.gso_size, o->off.gso_size);
	assert_int_equal(off.tunnel, o->depth ? o->f[1].ver : 0);
}

static void random_list(struct cvsw_pool *pool, u64 *seed)
{
	u32 n = 1 + test_below(seed, 20);
	struct cvsw_action act;
	struct cvsw_pkt pkt;
	struct oracle o;

	random_oracle(seed, &o);
	pkt = test_pkt(pool, bytes, oracle_build(&o, bytes));
	assert_int_equal(cvsw_pkt_offload_set(&pkt, &o.off), 0);
	while (n--) {
		act = random_action(seed, &o);
		if (!test_below(seed, 4))
			extract(&pkt);
		assert_int_equal(apply(&act, &pkt), CVSW_DROP_NONE);
		oracle_apply(&o, &act);
		if (act.type == CVSW_ACT_PUSH)
			oracle_learn(&o, &pkt);
		oracle_agrees(&o, &pkt);
	}
	cvsw_pkt_free(&pkt);
}

static void test_random_lists(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	u64 seed = test_seed();
	u32 i;

	for (i = 0; i < 2000; i++)
		random_list(pool, &seed);
	cvsw_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_packet_out),
		cmocka_unit_test(test_list_survives),
		cmocka_unit_test(test_options_survive),
		cmocka_unit_test(test_many_options),
		cmocka_unit_test(test_options_refused),
		cmocka_unit_test(test_list_cut),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_outputs_to),
		cmocka_unit_test(test_scapy),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_wrong_stays_wrong),
		cmocka_unit_test(test_udp6_zero),
		cmocka_unit_test(test_partial_inside_tunnel),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_random_lists),
	};

	return cmocka_run_group_tests_name("action", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Geneve options that flows match: how a list of them is read and judged, and
 * in a switch which flow a frame finds, how options get numbers and lose them
 * again, and that no frame ever takes one number for another.
 */

#include "rig.h"

#include <pthread.h>
#include <stdlib.h>
#include <cvsw/text.h>
#include "opts.h"
#include "switch_priv.h"

#define OPTIONS		3000	/* random lists */

/* Lists, byte by byte */

static u32 put_opt(u8 *at, u16 class, u8 type, const u8 *data, u32 len)
{
	put_unaligned_be16(class, at);
	at[2] = type;
	at[3] = (u8)(len / 4);
	memcpy(at + 4, data, len);
	return 4 + len;
}

/* a random list of at most @max bytes in a world of few options */
static u32 random_list(u64 *seed, u8 *list, u32 max)
{
	u32 len = 0, n, i;
	u8 data[12];

	while (test_below(seed, 5)) {
		n = test_below(seed, 4) * 4;
		if (len + 4 + n > max)
			break;
		for (i = 0; i < n; i++)
			data[i] = (u8)test_below(seed, 2);
		len += put_opt(list + len, (u16)(test_below(seed, 2) * 0x100),
			       (u8)(test_below(seed, 3) |
				    test_below(seed, 2) << 7), data, n);
		list[len - n - 1] |= (u8)(test_below(seed, 8) << 5);
	}
	return len;
}

static void random_want(u64 *seed, struct cvsw_opt_match *want)
{
	u32 i;

	memset(want, 0, sizeof(*want));
	want->value.opt_class = cpu_to_be16((u16)(test_below(seed, 2) * 0x100));
	want->value.type = (u8)(test_below(seed, 3) | test_below(seed, 2) << 7);
	want->value.len = (u8)(test_below(seed, 4) * 4);
	for (i = 0; i < want->value.len; i++) {
		want->mask[i] = test_below(seed, 3) ? 0 : 0xff;
		want->value.data[i] = (u8)test_below(seed, 2) & want->mask[i];
	}
}

/* is @want in a list that is in order? */
static bool is_in(const struct cvsw_opt_match *want, const u8 *list, u32 len)
{
	const u8 *at, *w = (const u8 *)&want->value;
	bool hit;
	u32 i;

	for (at = list; at < list + len; at += 4 + (at[3] & 31) * 4) {
		hit = at[0] == w[0] && at[1] == w[1] && at[2] == w[2] &&
		      (at[3] & 31) * 4 == want->value.len;
		for (i = 0; hit && i < want->value.len; i++)
			hit = (at[4 + i] & want->mask[i]) ==
			      want->value.data[i];
		if (hit)
			return true;
	}
	return false;
}

static void test_read(void **state)
{
	static struct cvsw_opts set;
	struct cvsw_opt_match want;
	u64 seed = test_seed(), has;
	u8 list[CVSW_TUNNEL_OPTS_MAX];
	u32 n, i, len;

	(void)state;
	assert_true(cvsw_opts_read(NULL, list, 0) == 0);
	for (n = 0; n < OPTIONS; n++) {
		for (i = 0; i < CVSW_OPTS; i++) {
			random_want(&seed, &want);
			cvsw_opts_put(&set, i, &want);
		}
		set.used = (u64)test_rand(&seed) << 32 | test_rand(&seed);
		if (!test_below(&seed, 10))
			set.used = test_below(&seed, 2) ? ~0ULL : 0;
		len = random_list(&seed, list, sizeof(list));
		has = cvsw_opts_read(&set, list, len);
		for (i = 0; i < CVSW_OPTS; i++)
			assert_int_equal(has >> i & 1, set.used >> i & 1 &&
					 is_in(&set.match[i], list, len));
	}
}

/* what is wrong with a list, said in another way */
static enum cvsw_drop judge(const struct cvsw_opts *set, const u8 *list,
			    u32 len, bool critical)
{
	bool any = false, unknown = false, known;
	u32 off = 0, i;

	while (off < len) {
		if (off + 4 > len || off + 4 + (list[off + 3] & 31) * 4 > len)
			return CVSW_DROP_TUNNEL_SHORT;
		if (list[off + 2] & 0x80) {
			known = false;
			for (i = 0; i < CVSW_OPTS; i++)
				if (set->used >> i & 1 &&
				    !memcmp(&set->match[i], list + off, 3))
					known = true;
			any = true;
			unknown = unknown || !known;
		}
		off += 4 + (list[off + 3] & 31) * 4;
	}
	if (any != critical)
		return CVSW_DROP_TUNNEL_FLAGS;
	return unknown ? CVSW_DROP_TUNNEL_OPT : CVSW_DROP_NONE;
}

static void test_fault(void **state)
{
	static struct cvsw_opts set;
	u32 n, i, len, seen[CVSW_DROP_COUNT] = {};
	u8 list[CVSW_TUNNEL_OPTS_MAX];
	u64 seed = test_seed();
	struct cvsw_opt_match opt;
	enum cvsw_drop want;
	bool critical;

	(void)state;
	for (n = 0; n < OPTIONS; n++) {
		for (i = 0; i < 4; i++) {
			random_want(&seed, &opt);
			cvsw_opts_put(&set, i, &opt);
		}
		set.used = test_below(&seed, 16);
		len = random_list(&seed, list, sizeof(list));
		if (len && !test_below(&seed, 4))
			len -= test_below(&seed, len);
		if (len && !test_below(&seed, 8))
			list[test_below(&seed, len)] = (u8)test_rand(&seed);
		critical = test_below(&seed, 2);
		want = judge(&set, list, len, critical);
		assert_int_equal(cvsw_opts_fault(&set, list, len, critical),
				 want);
		seen[want]++;
		if (!set.used)
			assert_int_equal(cvsw_opts_fault(NULL, list, len,
							 critical), want);
	}
	assert_true(seen[CVSW_DROP_NONE] && seen[CVSW_DROP_TUNNEL_SHORT] &&
		    seen[CVSW_DROP_TUNNEL_FLAGS] && seen[CVSW_DROP_TUNNEL_OPT]);
}

/* Flows, as text */

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct rig));
	rig_open(*state, 4, NULL);
	return 0;
}

static int teardown(void **state)
{
	rig_close(*state);
	free(*state);
	return 0;
}

#define MODS	8

/* a list of flow-mods and what they point to */
struct mods {
	struct cvsw_flow_mod	mod[MODS];
	struct cvsw_action	actions[MODS][8];
	struct cvsw_opt_match	opts[MODS][CVSW_OPT_MATCHES_MAX];
	unsigned int		n;
};

static void mods_add(struct mods *list, u16 cmd, const char *text)
{
	struct cvsw_text_error err;
	unsigned int n = list->n++;

	assert_true(n < MODS);
	if (cvsw_text_mod_parse(text, cmd, 0, NULL, &list->mod[n],
				list->actions[n], 8, list->opts[n], &err))
		fail_msg("%s: %s", text, err.text);
}

static int flow_err(struct rig *rig, u16 cmd, const char *text,
		    struct cvsw_error *err)
{
	static struct mods list;

	list.n = 0;
	mods_add(&list, cmd, text);
	return cvsw_flow_mods(rig->sw, list.mod, 1, rig->now, err);
}

static void flow(struct rig *rig, u16 cmd, const char *text)
{
	struct cvsw_error err;

	if (flow_err(rig, cmd, text, &err))
		fail_msg("%s: %s", text, err.text);
}

struct lines {
	char	text[4096];
};

static int line_add(void *arg, const struct cvsw_flow *shown)
{
	struct lines *lines = arg;
	size_t n = strlen(lines->text);

	n += (size_t)cvsw_text_flow_print(lines->text + n,
					  sizeof(lines->text) - n, shown, 0,
					  NULL);
	assert_true(n + 2 < sizeof(lines->text));
	strcpy(lines->text + n, "\n");
	return 0;
}

/* the flows that @filter (NULL: none) selects, in order, one a line */
static void flows_are(struct rig *rig, const char *filter, const char *want)
{
	static struct mods list;
	struct cvsw_flow_dump *dump;
	struct lines lines = {};

	list.n = 0;
	if (filter)
		mods_add(&list, CVSW_FLOW_DEL, filter);
	assert_int_equal(cvsw_flow_dump_start(rig->sw, &dump, filter ?
					      list.mod : NULL), 0);
	memset(list.opts, 0xa5, sizeof(list.opts));	/* the dump has its own */
	assert_int_equal(cvsw_flow_dump_next(dump, rig->now, line_add, &lines),
			 0);
	cvsw_flow_dump_stop(dump);
	assert_string_equal(lines.text, want);
}

/* the numbers that are in use */
static u64 numbers(const struct rig *rig)
{
	const struct cvsw_opts *set = rcu_dereference_protected(rig->sw->opts,
								true);

	assert_null(rig->sw->opts_next);
	return set ? set->used : 0;
}

/* what is gone is freed */
static void settle(struct rig *rig)
{
	cvsw_switch_expire(rig->sw, rig->now);
	cvsw_switch_expire(rig->sw, rig->now);
}

/* Frames: Geneve of VNI 10 by port 4 with these options around TCP */

static void geneve_input(struct rig *rig, const u8 *list, u32 len)
{
	static const struct test_frame inner = { .ver = 4, .proto = 6 };
	static u8 bytes[TEST_FRAME_MAX], payload[TEST_FRAME_MAX];
	struct test_frame outer = { .ver = 4, .proto = 17, .tp_dst = 6081 };
	bool critical = false;
	u32 off;

	for (off = 0; off < len; off += 4 + (list[off + 3] & 31) * 4)
		critical |= list[off + 2] >> 7;
	memset(payload, 0, 8);
	payload[0] = (u8)(len / 4);
	payload[1] = critical ? 0x40 : 0;
	put_unaligned_be16(0x6558, payload + 2);
	payload[6] = 10;
	if (len)
		memcpy(payload + 8, list, len);
	outer.payload = 8 + len;
	outer.payload += test_build(&inner, payload + 8 + len);
	len = test_build_with(&outer, payload, bytes);
	rig_clear(rig);
	cvsw_input(rig->w, rig_bytes(rig, 4, bytes, len), rig->now);
}

/* where a frame goes that has no options, or one or two of 0x0102 with 4 bytes
 * of data */
static void goes(struct rig *rig, const char *ports)
{
	geneve_input(rig, NULL, 0);
	rig_sent_is(rig, ports);
}

static void goes1(struct rig *rig, u8 type, u8 data, const char *ports)
{
	u8 list[8];

	geneve_input(rig, list, put_opt(list, 0x0102, type,
					(u8 []){ 0, 0, 0, data }, 4));
	rig_sent_is(rig, ports);
}

static void goes2(struct rig *rig, u8 type, u8 data, u8 type2, u8 data2,
		  const char *ports)
{
	u8 list[16];
	u32 len;

	len = put_opt(list, 0x0102, type, (u8 []){ 0, 0, 0, data }, 4);
	len += put_opt(list + len, 0x0102, type2, (u8 []){ 0, 0, 0, data2 },
		       4);
	geneve_input(rig, list, len);
	rig_sent_is(rig, ports);
}

/* The best flow whose options the frame has */
static void test_match(void **state)
{
	struct rig *rig = *state;

	flow(rig, CVSW_FLOW_ADD, "priority=9,tun_id=10,"
	     "geneve_opt=0x0102:1:0x00000005 actions=1");
	flow(rig, CVSW_FLOW_ADD, "priority=8,tun_id=10,"
	     "geneve_opt=0x0102:1:0x00000001/0x00000001 actions=2");
	flow(rig, CVSW_FLOW_ADD, "priority=7,tun_id=10,"
	     "geneve_opt=0x0102:1:*4,geneve_opt=0x0102:2:*4 actions=3");
	flow(rig, CVSW_FLOW_ADD, "priority=6,tun_id=10 actions=1,2");
	goes(rig, "1 2");
	goes1(rig, 1, 5, "1");
	goes1(rig, 1, 7, "2");
	goes1(rig, 1, 8, "1 2");
	goes1(rig, 3, 5, "1 2");
	goes2(rig, 1, 8, 2, 0, "3");
	goes2(rig, 2, 0, 1, 8, "3");
	goes2(rig, 3, 0, 1, 5, "1");
	goes2(rig, 1, 6, 1, 9, "2");
	assert_int_equal(rig_drops(rig), 0);
}

/* The same match and priority, each with its own options; the first one wins */
static void test_side_by_side(void **state)
{
	struct rig *rig = *state;

	flow(rig, CVSW_FLOW_ADD, "geneve_opt=0x0102:1:*4 actions=1");
	flow(rig, CVSW_FLOW_ADD, "geneve_opt=0x0102:2:*4 actions=2");
	flow(rig, CVSW_FLOW_ADD, "actions=3");
	assert_int_equal(rig_flows(rig), 3);
	goes(rig, "3");
	goes1(rig, 1, 0, "1");
	goes1(rig, 2, 0, "2");
	goes2(rig, 2, 0, 1, 0, "1");
	flow(rig, CVSW_FLOW_ADD, "geneve_opt=0x0102:1:*4 actions=2,3");
	assert_int_equal(rig_flows(rig), 3);
	goes1(rig, 1, 0, "2 3");
}

/* Of a tunnel popped before a lookup, until another one shows */
static void test_pop(void **state)
{
	struct rig *rig = *state;

	flow(rig, CVSW_FLOW_ADD, "priority=9,udp,tp_dst=6081,"
	     "actions=pop_geneve,resubmit");
	flow(rig, CVSW_FLOW_ADD, "priority=5,tcp,geneve_opt=0x0102:1:0x00000003 "
	     "actions=1");
	flow(rig, CVSW_FLOW_ADD, "priority=4,tcp actions=2");
	goes(rig, "2");
	goes1(rig, 1, 3, "1");
	goes1(rig, 1, 4, "2");
	goes1(rig, 2, 3, "2");
}

/* A critical option is known as long as a flow asks for its type */
static void test_critical(void **state)
{
	struct rig *rig = *state;

	flow(rig, CVSW_FLOW_ADD, "priority=9,udp,tp_dst=6081,"
	     "actions=pop_geneve,resubmit");
	flow(rig, CVSW_FLOW_ADD, "priority=4,tcp actions=2");
	goes1(rig, 0x81, 3, "");
	rig_drops_are(rig, CVSW_DROP_TUNNEL_OPT, 1);
	flow(rig, CVSW_FLOW_ADD, "priority=5,tcp,"
	     "geneve_opt=0x0102:0x81:0x00000003 actions=1");
	goes1(rig, 0x81, 3, "1");
	goes1(rig, 0x81, 4, "2");
	goes2(rig, 0x81, 3, 0x82, 3, "");
	flow(rig, CVSW_FLOW_DEL, "geneve_opt=0x0102:0x81:0x00000003");
	settle(rig);
	goes1(rig, 0x81, 3, "");
	rig_drops_are(rig, CVSW_DROP_TUNNEL_OPT, 3);
}

/* Deleting, modifying and dumping: at least these options, or exactly these */
static void test_select(void **state)
{
	struct rig *rig = *state;

	flow(rig, CVSW_FLOW_ADD, "geneve_opt=1:2,geneve_opt=1:1 actions=1");
	flow(rig, CVSW_FLOW_ADD, "geneve_opt=1:1 actions=2");
	flow(rig, CVSW_FLOW_ADD, "actions=3");
	flows_are(rig, NULL,
		  "geneve_opt=0x0001:0x01,geneve_opt=0x0001:0x02 actions=output:1\n"
		  "geneve_opt=0x0001:0x01 actions=output:2\n"
		  "actions=output:3\n");
	flows_are(rig, "geneve_opt=1:2",
		  "geneve_opt=0x0001:0x01,geneve_opt=0x0001:0x02 actions=output:1\n");
	flows_are(rig, "geneve_opt=1:1,out_port=2",
		  "geneve_opt=0x0001:0x01 actions=output:2\n");
	flows_are(rig, "geneve_opt=1:3", "");
	flows_are(rig, "geneve_opt=1:1,geneve_opt=1:3", "");

	flow(rig, CVSW_FLOW_DEL, "geneve_opt=1:3");
	flow(rig, CVSW_FLOW_DEL_STRICT, "geneve_opt=1:2");
	assert_int_equal(rig_flows(rig), 3);
	flow(rig, CVSW_FLOW_MOD, "geneve_opt=1:1 actions=4");
	flow(rig, CVSW_FLOW_MOD_STRICT, "actions=normal");
	flows_are(rig, NULL,
		  "geneve_opt=0x0001:0x01,geneve_opt=0x0001:0x02 actions=output:4\n"
		  "geneve_opt=0x0001:0x01 actions=output:4\n"
		  "actions=NORMAL\n");
	flow(rig, CVSW_FLOW_DEL_STRICT, "geneve_opt=1:1");
	assert_int_equal(rig_flows(rig), 2);
	flow(rig, CVSW_FLOW_MOD, "geneve_opt=7:7 actions=1");	/* adds */
	flow(rig, CVSW_FLOW_MOD, "geneve_opt=8:8,cookie=1/1 actions=1");
	flows_are(rig, "geneve_opt=7:7",
		  "geneve_opt=0x0007:0x07 actions=output:1\n");
	assert_int_equal(rig_flows(rig), 3);
	settle(rig);
	assert_int_equal(hweight64(numbers(rig)), 3);
	flow(rig, CVSW_FLOW_DEL, "");
	assert_int_equal(rig_flows(rig), 0);
	settle(rig);
	assert_true(numbers(rig) == 0);
}

/* What is not an option, or not one of a flow */
static void test_refused(void **state)
{
	struct cvsw_action drop[1] = {};
	static struct cvsw_opt_match good[2], opts[9];
	struct rig *rig = *state;
	struct cvsw_flow_mod mod = {
		.out_port = CVSW_PORT_NONE, .flow.opts = opts,
		.flow.actions = drop,
	};
	struct cvsw_flow_dump *dump;
	struct cvsw_error err;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		good[i].value.type = (u8)i;
		good[i].value.len = 4;
		memset(good[i].mask, 0xff, 4);
	}
#define BAD(text_, edit)						\
	memcpy(opts, good, sizeof(good));				\
	mod.flow.n_opts = 2;						\
	edit;								\
	assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, 0, &err),	\
			 -EINVAL);					\
	assert_string_equal(err.text, text_);				\
	assert_int_equal(err.index, 0);					\
	assert_int_equal(err.sub, -1);					\
	assert_int_equal(cvsw_flow_replace(rig->sw, &mod.flow, 1, 0,	\
					   &err), -EINVAL);		\
	assert_int_equal(cvsw_flow_dump_start(rig->sw, &dump, &mod), -EINVAL)

	BAD("options: more than 8", mod.flow.n_opts = 9);
	BAD("option: length is not a multiple of 4 up to 124",
	    opts[1].value.len = 5);
	BAD("option: length is not a multiple of 4 up to 124",
	    opts[1].value.len = 128);
	BAD("option: data behind its length", opts[1].value.data[4] = 1);
	BAD("option: mask behind its length", opts[1].mask[4] = 1);
	BAD("option: value outside its mask",
	    (opts[0].mask[0] = 1, opts[0].value.data[0] = 2));
	BAD("options: one of them twice", opts[1].value.type = 0);
	BAD("options: more than 252 bytes of them",
	    (opts[0].value.len = 124, opts[1].value.len = 124));
#undef BAD
	assert_int_equal(rig_flows(rig), 0);
	assert_null(rig->sw->opts);
}

static char *nth_flow(unsigned int i)
{
	static char text[64];

	snprintf(text, sizeof(text), "geneve_opt=0x0102:1:0x%08x actions=1", i);
	return text;
}

/* As many as there are numbers, one more, and again when one is free */
static void test_too_many(void **state)
{
	struct rig *rig = *state;
	struct cvsw_error err;
	unsigned int i;

	for (i = 0; i < CVSW_OPTS; i++)
		flow(rig, CVSW_FLOW_ADD, nth_flow(i));
	assert_true(numbers(rig) == ~0ULL);
	goes1(rig, 1, 63, "1");
	goes1(rig, 1, 64, "");
	assert_int_equal(flow_err(rig, CVSW_FLOW_ADD, nth_flow(64), &err),
			 -ENOSPC);
	assert_string_equal(err.text, "options: more than 64 different ones");
	assert_int_equal(err.index, 0);
	assert_int_equal(rig_flows(rig), 64);
	flow(rig, CVSW_FLOW_ADD, "priority=5,geneve_opt=0x0102:1:0x00000009 "
	     "actions=2");
	flow(rig, CVSW_FLOW_DEL_STRICT, "geneve_opt=0x0102:1:0x00000009");
	assert_int_equal(flow_err(rig, CVSW_FLOW_ADD, nth_flow(64), &err),
			 -ENOSPC);		/* the other one asks for it */
	flow(rig, CVSW_FLOW_DEL, "geneve_opt=0x0102:1:0x00000008");
	flow(rig, CVSW_FLOW_ADD, nth_flow(64));	/* at once */
	goes1(rig, 1, 64, "1");
	goes1(rig, 1, 8, "");
	goes1(rig, 1, 9, "2");
	assert_true(numbers(rig) == ~0ULL);
}

/* A list that fails leaves neither flows nor numbers */
static void test_rollback(void **state)
{
	static struct mods list;
	struct rig *rig = *state;
	struct cvsw_error err;
	u64 before;

	flow(rig, CVSW_FLOW_ADD, "geneve_opt=1:1 actions=1");
	before = numbers(rig);
	mods_add(&list, CVSW_FLOW_ADD, "geneve_opt=1:2 actions=1");
	mods_add(&list, CVSW_FLOW_DEL, "geneve_opt=1:1");
	mods_add(&list, CVSW_FLOW_ADD,
		 "geneve_opt=1:3,geneve_opt=1:1 actions=1");
	mods_add(&list, CVSW_FLOW_ADD, "check_overlap,in_port=2 actions=1");
	mods_add(&list, CVSW_FLOW_ADD, "check_overlap,in_port=2,tcp actions=1");
	assert_int_equal(cvsw_flow_mods(rig->sw, list.mod, list.n, rig->now,
					&err), -EEXIST);
	assert_int_equal(err.index, 3);		/* overlaps with the first */
	assert_true(numbers(rig) == before);
	flows_are(rig, NULL, "geneve_opt=0x0001:0x01 actions=output:1\n");
	settle(rig);
	assert_true(numbers(rig) == before);
	list.n = 3;
	assert_int_equal(cvsw_flow_mods(rig->sw, list.mod, list.n, rig->now,
					NULL), 0);
	flows_are(rig, NULL, "geneve_opt=0x0001:0x02 actions=output:1\n"
		  "geneve_opt=0x0001:0x01,geneve_opt=0x0001:0x03 actions=output:1\n");
	assert_int_equal(hweight64(numbers(rig)), 3);
}

/* Added and deleted again in one list: nobody asks */
static void test_added_in_vain(void **state)
{
	static struct mods list;
	struct rig *rig = *state;

	mods_add(&list, CVSW_FLOW_ADD, "geneve_opt=1:2 actions=1");
	mods_add(&list, CVSW_FLOW_DEL, "geneve_opt=1:2");
	assert_int_equal(cvsw_flow_mods(rig->sw, list.mod, list.n, rig->now,
					NULL), 0);
	settle(rig);
	assert_true(numbers(rig) == 0);
	assert_int_equal(rig_flows(rig), 0);
}

/* Replacing keeps what is equal, options included */
static void test_replace(void **state)
{
	static struct mods list;
	struct rig *rig = *state;
	struct cvsw_flow flows[3];
	unsigned int i;

	flow(rig, CVSW_FLOW_ADD, "priority=2,geneve_opt=0x0102:1:*4 actions=1");
	flow(rig, CVSW_FLOW_ADD, "priority=1,geneve_opt=0x0102:2:*4 actions=1");
	goes1(rig, 1, 0, "1");
	goes1(rig, 2, 0, "1");
	mods_add(&list, CVSW_FLOW_ADD,
		 "priority=2,geneve_opt=0x0102:1:*4 actions=1");
	mods_add(&list, CVSW_FLOW_ADD,
		 "priority=1,geneve_opt=0x0102:3:*4 actions=1");
	mods_add(&list, CVSW_FLOW_ADD, "priority=0 actions=3");
	for (i = 0; i < list.n; i++)
		flows[i] = list.mod[i].flow;
	assert_int_equal(cvsw_flow_replace(rig->sw, flows, list.n, rig->now,
					   NULL), 0);
	assert_int_equal(rig_flow(rig, 2).packets, 1);
	assert_int_equal(rig_flow(rig, 1).packets, 0);
	goes1(rig, 2, 0, "3");
	goes1(rig, 3, 0, "1");
	settle(rig);
	assert_int_equal(hweight64(numbers(rig)), 2);
}

static void step(void *arg, const struct cvsw_trace_step *at)
{
	struct lines *lines = arg;

	if (at->what == CVSW_TRACE_MATCH && at->flow)
		line_add(lines, at->flow);
}

/* Events and traces show options */
static void test_shown(void **state)
{
	struct rig *rig = *state;
	struct lines lines = {};
	struct test_frame outer = {
		.ver = 4, .proto = 17, .tp_dst = 6081, .payload = 26,
	};
	u8 payload[64] = { 2, 0, 0x65, 0x58, 0, 0, 10, 0, 1, 2, 1, 1, 0, 0, 0,
			   7 };
	static u8 bytes[TEST_FRAME_MAX];
	u32 len = test_build_with(&outer, payload, bytes);

	flow(rig, CVSW_FLOW_ADD, "send_flow_rem,geneve_opt=0x0102:1:0x00000007 "
	     "actions=1");
	cvsw_trace(rig->w, rig_bytes(rig, 4, bytes, len), rig->now, step,
		   &lines);
	assert_string_equal(lines.text, "send_flow_rem "
			    "geneve_opt=0x0102:0x01:0x00000007 actions=output:1\n");
	flow(rig, CVSW_FLOW_DEL, "geneve_opt=0x0102:1:0x00000007");
	assert_int_equal(rig->n_events, 1);
	assert_int_equal(rig->event.flow.n_opts, 1);
	assert_int_equal(rig->event.opts[0].value.data[3], 7);
	assert_int_equal(rig->event.opts[0].mask[3], 0xff);
}

/* Without memory nothing is done, and with it all again */
static void test_no_memory(void **state)
{
	struct rig *rig = *state;
	unsigned long n;
	int ret = -ENOMEM;

	flow(rig, CVSW_FLOW_ADD, "geneve_opt=1:1 actions=1");
	for (n = 1; ret; n++) {
		cvsw_alloc_fail_at(n);
		ret = flow_err(rig, CVSW_FLOW_ADD, "geneve_opt=1:2 actions=2",
			       NULL);
		cvsw_alloc_fail_at(0);
		assert_true(!ret || ret == -ENOMEM);
		assert_int_equal(hweight64(numbers(rig)), ret ? 1 : 2);
		assert_int_equal(rig_flows(rig), ret ? 1 : 2);
	}
	assert_true(n > 3);
}

/*
 * One thread exchanges, in one transaction, the flow of an option by another
 * that asks for it in other words, among flows of other options that come and
 * go, so that numbers change their meaning all the time.  No frame may fall
 * between two flows, and none take the flow of an option that it has not.
 */

#define RACE_ROUNDS	400
#define RACE_OTHERS	40

struct race {
	struct rig	*rig;
	u64		seed;
	bool		done;
	const char	*bad;
};

static void race_round(struct race *race, struct mods *list, unsigned int i)
{
	u32 other = 100 + test_below(&race->seed, RACE_OTHERS);
	char text[96];

	list->n = 0;
	mods_add(list, CVSW_FLOW_DEL, "in_port=4,out_port=1");
	snprintf(text, sizeof(text), "in_port=4,"
		 "geneve_opt=0x0102:1:0x00000005/0x0000%02x07 actions=1",
		 i % 256);
	mods_add(list, CVSW_FLOW_ADD, text);
	snprintf(text, sizeof(text),
		 "priority=%u,in_port=4,geneve_opt=0x0102:1:0x000000%02x actions=2",
		 other, other);
	mods_add(list, CVSW_FLOW_ADD, text);
	snprintf(text, sizeof(text), "in_port=4,geneve_opt=0x0102:1:0x000000%02x",
		 100 + test_below(&race->seed, RACE_OTHERS));
	mods_add(list, CVSW_FLOW_DEL, text);
	if (cvsw_flow_mods(race->rig->sw, list->mod, list->n, race->rig->now,
			   NULL))
		race->bad = "flow-mods";
}

static void *race_write(void *arg)
{
	static struct mods list;
	struct race *race = arg;
	unsigned int i;

	for (i = 0; i < RACE_ROUNDS; i++) {
		race_round(race, &list, i);
		if (i % 4 == 0)
			cvsw_switch_expire(race->rig->sw, race->rig->now);
	}
	__atomic_store_n(&race->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void test_race(void **state)
{
	struct race race = { .rig = *state, .seed = test_seed() };
	unsigned int n = 0;
	pthread_t writer;

	flow(race.rig, CVSW_FLOW_ADD,
	     "in_port=4,geneve_opt=0x0102:1:0x00000005 actions=1");
	assert_int_equal(pthread_create(&writer, NULL, race_write, &race), 0);
	while (!__atomic_load_n(&race.done, __ATOMIC_ACQUIRE)) {
		if (n++ % 4 == 0)
			cvsw_worker_begin(race.rig->w);
		goes1(race.rig, 1, 5, "1");
		if (n % 4 == 0)
			cvsw_worker_flush(race.rig->w);
	}
	cvsw_worker_flush(race.rig->w);
	assert_int_equal(pthread_join(writer, NULL), 0);
	assert_null(race.bad);
	assert_int_equal(rig_drops(race.rig), 0);
}

int main(void)
{
#define IN_RIG(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_fault),
		IN_RIG(test_match),
		IN_RIG(test_side_by_side),
		IN_RIG(test_pop),
		IN_RIG(test_critical),
		IN_RIG(test_select),
		IN_RIG(test_refused),
		IN_RIG(test_too_many),
		IN_RIG(test_rollback),
		IN_RIG(test_added_in_vain),
		IN_RIG(test_replace),
		IN_RIG(test_shown),
		IN_RIG(test_no_memory),
		IN_RIG(test_race),
	};

	return cmocka_run_group_tests_name("opts", tests, NULL, NULL);
}

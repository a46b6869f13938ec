// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * In-band control, version 3: every frame in every state of both sides, with
 * nothing, one thing and two things wrong with it.  What is to become of it is
 * said by a few lines here that have their order from cvsw-inband(7).  Then
 * what happens when nothing comes, and how much is looked at.
 */

#include "util.h"

#include <stdlib.h>

#include <cvsw/inband.h>
#include "inband_host.h"
#include "inband_vnic.h"

#define KEY_ID		5
#define LEASE_MS	10000u
#define S_NS		1000000000ull
#define TENTH_NS	(S_NS / 10)
#define FRAME_MAX	9000u
#define SENT_MAX	8u
#define TYPES		11u		/* 0, 1 to 8, 9, and 255 */
#define BIG		8193u		/* a body that is too long */
#define BOUND(type)	((type) >= CVSW_V3_START)

/* what may be wrong, in the order in which it is looked at, as far as one type
 * is concerned; what is at the end is wrong for nobody, or tells of more */
enum flaw {
	F_NONE,
	F_SHORT,		/* a byte less than the shortest frame */
	F_VERSION,
	F_CUT,			/* longer than the frame */
	F_BIG,
	F_FLAG,
	F_SRC,			/* a group address */
	F_COUNT,		/* number where there is none, none where there is */
	F_SESSION,		/* of another session; or of one where there is none */
	F_DST,			/* another's */
	F_GROUP,
	F_KEY,
	F_REPLAY,
	F_OLD,			/* behind the window */
	F_NONCE,		/* Nv of START, Nh of what the vNIC sends */
	F_TAG,
	F_BODY,			/* a byte less than there must be */
	F_LONG,			/* a byte more */
	F_ZERO,			/* the reserved field */
	F_MTU,
	F_LEASE,
	F_ORDER,
	F_NUMBER,		/* START with another number than 1 */
	F_ASK,			/* none: in types that have no such flag */
	F_PAD,			/* none: padding */
	F_NEW,			/* none: START for another session */
	FLAWS
};

#define FLAW(f)		(1u << (f))

/**
 * struct frame - a frame, and what it says
 * @n:     bytes
 * @bytes: of it
 */
struct frame {
	u32	n;
	u8	bytes[FRAME_MAX];
};

static const u8 host_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const u8 vnic_mac[6] = { 2, 0, 0, 0, 0, 2 };
static const u8 key_bytes[CVSW_HMAC_LEN] = "a key of thirty-one bytes and 0";

/* what the side under test sent and said */
static struct frame sent[SENT_MAX];
static u32 n_sent, delivered, told;
static int said;
static u64 now;

/* the other side, which is here */
static struct cvsw_hmac *base, *outside;
static struct cvsw_v3_keys keys, stale;
static struct cvsw_v3_who who;

static struct cvsw_v3_vnic *vnic;
static struct cvsw_v3_host *host;

/* Ears */

static void on_send(void *ctx, const u8 *bytes, u32 n)
{
	assert_in_range(n_sent, 0, SENT_MAX - 1);
	assert_in_range(n, CVSW_V3_HLEN + CVSW_V3_TAG_LEN, FRAME_MAX);
	sent[n_sent].n = n;
	memcpy(sent[n_sent++].bytes, bytes, n);
}

static int on_deliver(void *ctx, const u8 *msg, u32 len)
{
	delivered++;
	return 0;
}

static void on_sent(void *ctx)
{
}

static void on_vnic_state(void *ctx, enum cvsw_v3_vnic_state state)
{
	said = state;
	told++;
}

static void on_host_state(void *ctx, enum cvsw_v3_host_state state,
			  const char *why)
{
	said = state;
	told++;
}

static const struct cvsw_v3_vnic_ops vnic_ops = {
	.send = on_send,
	.deliver = on_deliver,
	.sent = on_sent,
	.state = on_vnic_state,
};

static const struct cvsw_v3_host_ops host_ops = {
	.send = on_send,
	.deliver = on_deliver,
	.sent = on_sent,
	.state = on_host_state,
};

static void forget(void)
{
	n_sent = delivered = told = 0;
}

/* Frames */

static bool has(u32 flaws, enum flaw flaw)
{
	return flaws >> flaw & 1;
}

/* one frame of @type from the other side, without its body */
static struct cvsw_v3_frame head(u8 type, bool to_vnic, u64 number)
{
	struct cvsw_v3_frame frame = { .type = type, .key_id = KEY_ID };

	memcpy(frame.dst, to_vnic ? vnic_mac : host_mac, 6);
	memcpy(frame.src, to_vnic ? host_mac : vnic_mac, 6);
	if (BOUND(type)) {
		frame.session = keys.session;
		frame.number = number;
	}
	return frame;
}

/* the body that a frame of @type has; its length */
static u32 body_of(u8 type, u8 *body)
{
	static const u8 len[] = { 0, 40, 24, 68, 20, 40, 13, 24, 2 };
	const u16 order = CVSW_V3_ORDER;
	u32 n = type < ARRAY_SIZE(len) ? len[type] : 0;

	memset(body, 0, n + 1);
	switch (type) {
	case CVSW_V3_ANNOUNCE:
		memcpy(body + 20, &order, 2);
		break;
	case CVSW_V3_HELLO:
		put_unaligned_be32(LEASE_MS, body + 16);
		memcpy(body + 20, &order, 2);
		break;
	case CVSW_V3_WELCOME:
		put_unaligned_be16(1500, body + 48);
		break;
	case CVSW_V3_REJECT:
		put_unaligned_be16(2, body + 16);
		break;
	case CVSW_V3_START:
		memcpy(body + 16, who.vnic_nonce, 16);
		put_unaligned_be32(LEASE_MS, body + 32);
		put_unaligned_be16(1500, body + 36);
		break;
	case CVSW_V3_DATA:
		put_unaligned_be32(1, body);
		put_unaligned_be16(1, body + 6);
		put_unaligned_be32(1, body + 8);
		break;
	case CVSW_V3_ACK:
		put_unaligned_be32(1, body);
		break;
	case CVSW_V3_DISCONNECT:
		put_unaligned_be16(1, body);
		break;
	}
	if (type && type <= CVSW_V3_START)
		memcpy(body, who.host_nonce, min(n, 16u));
	return n;
}

/* where the reserved field of a body is */
static u32 zero_at(u8 type)
{
	static const u8 at[] = { 0, 22, 22, 50, 18, 38, 0, 4 };

	return type < ARRAY_SIZE(at) ? at[type] : 0;
}

static void spoil_body(u8 type, u32 flaws, u8 *body)
{
	const bool start = type == CVSW_V3_START;

	if (has(flaws, F_ZERO) && zero_at(type))
		body[zero_at(type)] = 1;
	if (has(flaws, F_NONCE))
		body[start ? 16 : 0] ^= 1;
	if (has(flaws, F_MTU))
		put_unaligned_be16(1075, body + (start ? 36 : 48));
	if (has(flaws, F_LEASE))
		put_unaligned_be32(3600001, body + (start ? 32 : 16));
	if (has(flaws, F_ORDER))
		body[20] ^= 3, body[21] ^= 3;
}

static void spoil_head(u32 flaws, struct cvsw_v3_frame *frame)
{
	const bool bound = BOUND(frame->type);

	if (has(flaws, F_COUNT))
		frame->number = bound ? 0 : 1;
	if (has(flaws, F_SESSION))
		frame->session ^= 1;
	if (has(flaws, F_FLAG))
		frame->flags |= 0x0002;
	if (has(flaws, F_ASK))
		frame->flags |= CVSW_V3_F_ASK;
	if (has(flaws, F_SRC))
		frame->src[0] |= 1;
	if (has(flaws, F_DST))
		frame->dst[5] = 9;
	if (has(flaws, F_GROUP))
		frame->dst[0] |= 1;
	if (has(flaws, F_KEY))
		frame->key_id++;
	if (has(flaws, F_REPLAY))
		frame->number = 100;
	if (has(flaws, F_OLD))
		frame->number = 36;
	if (has(flaws, F_NUMBER))
		frame->number = 2;
}

/* a frame of @type with @flaws that is sealed with @hmac */
static void make(struct frame *out, struct cvsw_v3_frame frame, u32 flaws,
		 struct cvsw_hmac *hmac)
{
	static u8 body[FRAME_MAX];

	frame.len = (u16)body_of(frame.type, body);
	spoil_head(flaws, &frame);
	spoil_body(frame.type, flaws, body);
	if (has(flaws, F_BODY))
		frame.len--;
	if (has(flaws, F_LONG))
		frame.len++;
	if (has(flaws, F_BIG))
		frame.len = BIG;
	memset(out->bytes, 0, sizeof(out->bytes));
	out->n = (u32)cvsw_v3_put(out->bytes, &frame, body, hmac);
	if (has(flaws, F_TAG))
		out->bytes[out->n - 1] ^= 0x80;
	if (has(flaws, F_VERSION))
		out->bytes[14] = 2;
	if (has(flaws, F_CUT))
		out->n--;
	if (has(flaws, F_PAD))
		out->n += 40;
	if (has(flaws, F_SHORT))
		out->n = CVSW_V3_HLEN + CVSW_V3_TAG_LEN - 1;
}

/* it arrives, at the end of its memory */
static enum cvsw_drop input(const struct frame *frame)
{
	u8 *tight = test_malloc(frame->n);
	enum cvsw_drop why;

	memcpy(tight, frame->bytes, frame->n);
	why = vnic ? cvsw_v3_vnic_input(vnic, tight, frame->n, now) :
		     cvsw_v3_host_input(host, tight, frame->n, now);
	test_free(tight);
	return why;
}

static enum cvsw_drop put(u8 type, u64 number, u32 flaws)
{
	static struct frame frame;
	struct cvsw_hmac *hmac = !BOUND(type) ? outside :
				 vnic ? keys.to_vnic : keys.to_host;

	make(&frame, head(type, vnic, number), flaws, hmac);
	return input(&frame);
}

/* is the frame sent as the @i-th true, and of @type? */
static void sent_is(u32 i, u8 type)
{
	struct cvsw_v3_frame frame;

	assert_in_range(i, 0, n_sent - 1);
	assert_int_equal(cvsw_v3_frame_read(sent[i].bytes, sent[i].n, &frame),
			 CVSW_V3_OK);
	assert_int_equal(frame.type, type);
	assert_int_equal(sent[i].n, CVSW_V3_HLEN + frame.len + CVSW_V3_TAG_LEN);
	assert_true(cvsw_v3_frame_true(!BOUND(type) ? outside :
				       vnic ? keys.to_host : keys.to_vnic,
				       sent[i].bytes));
}

/* The other side's view */

static void others(void)
{
	base = cvsw_hmac_new(key_bytes);
	outside = cvsw_v3_link_key(base);
	memcpy(who.host_mac, host_mac, 6);
	memcpy(who.vnic_mac, vnic_mac, 6);
	memset(who.host_nonce, 0x11, 16);
	memset(who.vnic_nonce, 0x22, 16);
	forget();
	assert_int_equal(cvsw_v3_keys_make(&keys, base, &who), 0);
	now = 1000 * S_NS;
	said = -1;
}

static void others_end(void)
{
	cvsw_v3_keys_free(&keys);
	cvsw_v3_keys_free(&stale);
	cvsw_hmac_free(outside);
	cvsw_hmac_free(base);
	vnic = NULL;
	host = NULL;
}

static void rekey(void)
{
	cvsw_v3_keys_free(&stale);
	stale = keys;
	keys = (struct cvsw_v3_keys){};
	assert_int_equal(cvsw_v3_keys_make(&keys, base, &who), 0);
}

/* The vNIC */

enum { FRESH, LEFT, LIVE, SILENT, VNIC_STATES };

static const u8 vnic_state[] = { CVSW_V3_IDLE, CVSW_V3_IDLE, CVSW_V3_LIVE,
				 CVSW_V3_SILENT };

/* HELLO, WELCOME: there are keys for a session */
static void vnic_greet(void)
{
	who.host_nonce[0]++;
	forget();
	assert_int_equal(put(CVSW_V3_HELLO, 0, 0), CVSW_DROP_NONE);
	assert_int_equal(n_sent, 1);
	sent_is(0, CVSW_V3_WELCOME);
	assert_memory_equal(sent[0].bytes, host_mac, 6);
	assert_memory_equal(sent[0].bytes + CVSW_V3_HLEN, who.host_nonce, 16);
	memcpy(who.vnic_nonce, sent[0].bytes + CVSW_V3_HLEN + 16, 16);
	rekey();
}

static void vnic_live(void)
{
	vnic_greet();
	assert_int_equal(put(CVSW_V3_START, 1, 0), CVSW_DROP_NONE);
	assert_int_equal(said, CVSW_V3_LIVE);
	sent_is(1, CVSW_V3_ACK);
	assert_int_equal(put(CVSW_V3_ACK, 100, 0), CVSW_DROP_NONE);
	forget();
}

static void vnic_be(int state)
{
	struct cvsw_v3_vnic_info info = { .dpid = 7, .mtu = 1500,
					  .name = "eth0" };

	memcpy(info.mac, vnic_mac, 6);
	vnic = cvsw_v3_vnic_new(&vnic_ops, NULL, &info);
	assert_non_null(vnic);
	assert_int_equal(cvsw_v3_vnic_key(vnic, KEY_ID, key_bytes), 0);
	if (state == FRESH) {
		vnic_greet();
		said = CVSW_V3_IDLE;
	} else {
		vnic_live();
	}
	if (state == LEFT)
		assert_int_equal(put(CVSW_V3_DISCONNECT, 101, 0), 0);
	if (state == SILENT)
		now += LEASE_MS * (S_NS / 1000);
	cvsw_v3_vnic_tick(vnic, now);
	assert_int_equal(said, vnic_state[state]);
	forget();
}

/* what a flaw of those that any receiver looks at first makes of it */
static enum cvsw_drop any_verdict(u8 type, u32 flaws, bool to_vnic)
{
	const u32 longer = FLAW(F_PAD) | FLAW(F_LONG) | FLAW(F_BIG);
	bool bodied = type && type <= 8;

	if (has(flaws, F_SHORT) ||
	    (has(flaws, F_CUT) && !bodied && !(flaws & longer)))
		return CVSW_DROP_INBAND_MALFORMED;
	if (has(flaws, F_VERSION))
		return CVSW_DROP_INBAND_VERSION;
	if (!type || type > 8 || has(flaws, F_BIG) || has(flaws, F_FLAG) ||
	    has(flaws, F_SRC) || has(flaws, F_COUNT) ||
	    (has(flaws, F_SESSION) && !BOUND(type)) ||
	    (has(flaws, F_CUT) && !has(flaws, F_PAD)))
		return CVSW_DROP_INBAND_MALFORMED;
	if (has(flaws, F_DST) && !(to_vnic && type == CVSW_V3_HELLO &&
				   has(flaws, F_GROUP)))
		return CVSW_DROP_INBAND_OTHER;
	if (has(flaws, F_GROUP) && !(to_vnic && type == CVSW_V3_HELLO))
		return CVSW_DROP_INBAND_OTHER;
	return CVSW_DROP_NONE;
}

/* lengths of bodies that are wrong */
static bool length_wrong(u32 flaws)
{
	return has(flaws, F_BODY) != has(flaws, F_LONG);
}

/* of DATA, ACK and DISCONNECT, where there is a session or not */
static enum cvsw_drop talk_verdict(u8 type, u32 flaws, bool session)
{
	/* the text of DISCONNECT may be longer */
	bool text = type == CVSW_V3_DISCONNECT && has(flaws, F_LONG);

	if (!session || has(flaws, F_SESSION))
		return CVSW_DROP_INBAND_SESSION;
	if (has(flaws, F_REPLAY) || has(flaws, F_OLD))
		return CVSW_DROP_INBAND_REPLAY;
	if (has(flaws, F_TAG))
		return CVSW_DROP_INBAND_TAG;
	if (!text && length_wrong(flaws))
		return CVSW_DROP_INBAND_MALFORMED;
	if (type == CVSW_V3_ACK && has(flaws, F_ZERO))
		return CVSW_DROP_INBAND_MALFORMED;
	return CVSW_DROP_NONE;
}

/**
 * struct outcome - what is to become of a frame
 * @why:    it is refused
 * @answer: type of the frame that is sent, 0: none
 * @state:  after it
 */
struct outcome {
	enum cvsw_drop	why;
	u8		answer;
	u8		state;
};

static struct outcome vnic_hello(u32 flaws, u8 state)
{
	struct outcome out = { .state = state };

	if (has(flaws, F_TAG))
		out.why = CVSW_DROP_INBAND_TAG;
	else if ((has(flaws, F_BODY) && !has(flaws, F_LONG)) ||
		 has(flaws, F_ZERO))
		out.why = CVSW_DROP_INBAND_MALFORMED;
	else if (has(flaws, F_ORDER) || has(flaws, F_LEASE))
		out.answer = CVSW_V3_REJECT;
	else
		out.answer = CVSW_V3_WELCOME;
	return out;
}

static struct outcome vnic_start(u32 flaws, u8 state)
{
	bool again = state == CVSW_V3_LIVE && !has(flaws, F_NEW) &&
		     !has(flaws, F_SESSION);
	struct outcome out = { .state = state };

	if (length_wrong(flaws) || has(flaws, F_ZERO) || has(flaws, F_MTU) ||
	    has(flaws, F_LEASE) || has(flaws, F_NUMBER) ||
	    has(flaws, F_REPLAY) || has(flaws, F_OLD))
		out.why = CVSW_DROP_INBAND_MALFORMED;
	else if (!again && (has(flaws, F_NONCE) ||
			    (state == CVSW_V3_LIVE && !has(flaws, F_NEW))))
		out.why = CVSW_DROP_INBAND_SESSION;
	else if (has(flaws, F_SESSION) || has(flaws, F_TAG))
		out.why = CVSW_DROP_INBAND_TAG;
	if (out.why)
		return out;
	out.answer = CVSW_V3_ACK;
	out.state = CVSW_V3_LIVE;
	return out;
}

static struct outcome vnic_verdict(u8 type, u32 flaws, u8 state)
{
	struct outcome out = { .state = state };

	out.why = any_verdict(type, flaws, true);
	if (out.why)
		return out;
	if (type == CVSW_V3_ANNOUNCE || type == CVSW_V3_WELCOME ||
	    type == CVSW_V3_REJECT) {
		out.why = CVSW_DROP_INBAND_STATE;
		return out;
	}
	if (type == CVSW_V3_HELLO || type == CVSW_V3_START) {
		if (has(flaws, F_KEY))
			out.why = CVSW_DROP_INBAND_KEY;
		else if (type == CVSW_V3_HELLO)
			out = vnic_hello(flaws, state);
		else
			out = vnic_start(flaws, state);
		return out;
	}
	out.why = talk_verdict(type, flaws, state == CVSW_V3_LIVE);
	if (out.why)
		return out;
	if (type == CVSW_V3_DATA || (type == CVSW_V3_ACK && has(flaws, F_ASK)))
		out.answer = CVSW_V3_ACK;
	if (type == CVSW_V3_DISCONNECT)
		out.state = CVSW_V3_IDLE;
	return out;
}

/* does the flaw say something of this type? */
static bool may(u8 type, u32 flaws)
{
	const bool start = type == CVSW_V3_START;

	if (!start && (flaws & (FLAW(F_NUMBER) | FLAW(F_NEW))))
		return false;
	if (!BOUND(type) && (flaws & (FLAW(F_REPLAY) | FLAW(F_OLD))))
		return false;
	if ((flaws & FLAW(F_NONCE)) && !start && type != CVSW_V3_WELCOME &&
	    type != CVSW_V3_REJECT)
		return false;
	if ((flaws & FLAW(F_MTU)) && !start && type != CVSW_V3_WELCOME)
		return false;
	if ((flaws & FLAW(F_LEASE)) && !start && type != CVSW_V3_HELLO)
		return false;
	if ((flaws & FLAW(F_ORDER)) && type != CVSW_V3_HELLO)
		return false;
	/* what has no body cannot have a shorter one */
	return type && type <= 8 ? true : !(flaws & FLAW(F_BODY));
}

static u32 numbered(u32 flaws)
{
	return !!has(flaws, F_COUNT) + !!has(flaws, F_REPLAY) +
	       !!has(flaws, F_OLD) + !!has(flaws, F_NUMBER);
}

/* the lease, which was over at @due, begins anew by what was taken in a session */
static void lease_is(u64 due, enum cvsw_drop why, u8 type)
{
	u64 then = cvsw_v3_vnic_tick(vnic, now);

	if (why == CVSW_DROP_INBAND_MALFORMED && type >= CVSW_V3_DATA)
		return;		/* which may have been after the tag */
	if (why || type < CVSW_V3_DATA)
		assert_int_equal(then, due);
	else
		assert_int_equal(then, now + LEASE_MS * (S_NS / 1000));
}

static void vnic_one(int state, u8 type, u32 flaws)
{
	struct outcome want = vnic_verdict(type, flaws, vnic_state[state]);
	enum cvsw_drop why;
	u64 due;

	vnic_be(state);
	if (has(flaws, F_NEW) || (state != LIVE && type == CVSW_V3_START))
		vnic_greet();
	forget();
	due = cvsw_v3_vnic_tick(vnic, now);
	now += S_NS;
	why = put(type, BOUND(type) && type != CVSW_V3_START ? 101 : 1, flaws);
	if (why != want.why || said != want.state ||
	    n_sent != !!want.answer)
		fail_msg("state %d, type %u, flaws %#x: %s for %s, state %d for %d, %u sent",
			 state, type, flaws, cvsw_drop_name(why),
			 cvsw_drop_name(want.why), said, want.state, n_sent);
	if (want.answer)
		sent_is(0, want.answer);
	assert_int_equal(delivered, !why && type == CVSW_V3_DATA);
	assert_int_equal(told, !why && (type == CVSW_V3_DISCONNECT ||
			 (type == CVSW_V3_START &&
			  (state != LIVE || has(flaws, F_NEW)))));
	if (state == LIVE && !told)
		lease_is(due, why, type);
	cvsw_v3_vnic_free(vnic);
}

/* Both */

static const u8 types[TYPES] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255 };

/* all that is to be tried in @states states, by @one */
static void every(int states, void (*one)(int state, u8 type, u32 flaws))
{
	u32 a, b, t, tried = 0, n = 0;
	int state;

	for (state = 0; state < states; state++)
		for (t = 0; t < TYPES; t++)
			for (a = 0; a < FLAWS; a++)
				for (b = a; b < FLAWS; b++) {
					u32 flaws = (FLAW(a) | FLAW(b)) & ~1u;

					if (!may(types[t], flaws) ||
					    numbered(flaws) > 1 ||
					    tried++ % test_part())
						continue;
					others();
					one(state, types[t], flaws);
					others_end();
					n++;
				}
	print_message("%u frames\n", n);
}

static void test_vnic(void **state)
{
	every(VNIC_STATES, vnic_one);
}

/* The host */

static void host_be(int state)
{
	struct cvsw_v3_host_info info = { .mtu = 1500, .key_id = KEY_ID,
					  .lease_ms = LEASE_MS };

	memcpy(info.mac, host_mac, 6);
	memcpy(info.vnic, vnic_mac, 6);
	memcpy(info.key, key_bytes, sizeof(info.key));
	host = cvsw_v3_host_new(&host_ops, NULL, &info);
	assert_non_null(host);
	said = CVSW_V3_CALLING;
	cvsw_v3_host_tick(host, now);
	sent_is(0, CVSW_V3_HELLO);
	assert_memory_equal(sent[0].bytes, vnic_mac, 6);
	memcpy(who.host_nonce, sent[0].bytes + CVSW_V3_HLEN, 16);
	memset(who.vnic_nonce, 0, 16);
	rekey();
	if (state == CVSW_V3_STARTING || state == CVSW_V3_TALKING) {
		assert_int_equal(put(CVSW_V3_WELCOME, 0, 0), 0);
		cvsw_v3_host_tick(host, now);
		sent_is(1, CVSW_V3_START);
	}
	if (state == CVSW_V3_TALKING)
		assert_int_equal(put(CVSW_V3_ACK, 100, 0), 0);
	if (state == CVSW_V3_ENDED)
		assert_int_equal(put(CVSW_V3_REJECT, 0, 0), 0);
	assert_int_equal(said, state);
	forget();
}

static struct outcome host_answer(u8 type, u32 flaws, u8 state)
{
	struct outcome out = { .state = state };

	if (state != CVSW_V3_CALLING)
		out.why = CVSW_DROP_INBAND_STATE;
	else if (has(flaws, F_KEY))
		out.why = CVSW_DROP_INBAND_KEY;
	else if (has(flaws, F_NONCE))
		out.why = CVSW_DROP_INBAND_SESSION;
	else if (has(flaws, F_TAG))
		out.why = CVSW_DROP_INBAND_TAG;
	else if (length_wrong(flaws) || has(flaws, F_ZERO) ||
		 has(flaws, F_MTU))
		out.why = CVSW_DROP_INBAND_MALFORMED;
	else
		out.state = type == CVSW_V3_WELCOME ? CVSW_V3_STARTING :
						      CVSW_V3_ENDED;
	return out;
}

static struct outcome host_verdict(u8 type, u32 flaws, u8 state)
{
	struct outcome out = { .state = state };
	bool session = state == CVSW_V3_STARTING || state == CVSW_V3_TALKING;

	out.why = any_verdict(type, flaws, false);
	if (out.why)
		return out;
	if (type == CVSW_V3_WELCOME || type == CVSW_V3_REJECT)
		return host_answer(type, flaws, state);
	if (type < CVSW_V3_DATA) {
		out.why = CVSW_DROP_INBAND_STATE;
		return out;
	}
	/* in STARTING no number was seen yet */
	if (state == CVSW_V3_STARTING)
		flaws &= ~(FLAW(F_REPLAY) | FLAW(F_OLD));
	out.why = talk_verdict(type, flaws, session);
	if (out.why)
		return out;
	if (type == CVSW_V3_DATA || (type == CVSW_V3_ACK && has(flaws, F_ASK)))
		out.answer = CVSW_V3_ACK;
	out.state = type == CVSW_V3_DISCONNECT ? CVSW_V3_ENDED :
						 CVSW_V3_TALKING;
	return out;
}

static void host_one(int state, u8 type, u32 flaws)
{
	struct outcome want = host_verdict(type, flaws, (u8)state);
	enum cvsw_drop why;

	host_be(state);
	why = put(type, 101, flaws);
	if (why != want.why || said != want.state || n_sent != !!want.answer)
		fail_msg("state %d, type %u, flaws %#x: %s for %s, state %d for %d, %u sent",
			 state, type, flaws, cvsw_drop_name(why),
			 cvsw_drop_name(want.why), said, want.state, n_sent);
	if (want.answer)
		sent_is(0, want.answer);
	assert_int_equal(delivered, !why && type == CVSW_V3_DATA);
	assert_int_equal(told, want.state != state);
	cvsw_v3_host_free(host);
}

static void test_host(void **state)
{
	every(CVSW_V3_ENDED + 1, host_one);
}

/* Time */

/* the next time that something is due, which is @after from now */
static void host_due(u64 after, u8 type)
{
	u64 due;

	forget();
	due = cvsw_v3_host_tick(host, now);
	assert_int_equal(n_sent, 0);
	assert_int_equal(due, now + after);
	assert_int_equal(cvsw_v3_host_tick(host, due - 1), due);
	assert_int_equal(n_sent, 0);
	now = due;
	cvsw_v3_host_tick(host, now);
	if (type) {
		assert_int_equal(n_sent, 1);
		sent_is(0, type);
	}
}

static void test_host_calls(void **state)
{
	static const u8 after[] = { 1, 2, 4, 8, 16, 16, 16 };
	u32 i;

	others();
	host_be(CVSW_V3_CALLING);
	for (i = 0; i < ARRAY_SIZE(after); i++) {
		host_due(after[i] * TENTH_NS, CVSW_V3_HELLO);
		/* with another nonce each time */
		assert_memory_not_equal(sent[0].bytes + CVSW_V3_HLEN,
					who.host_nonce, 16);
		memcpy(who.host_nonce, sent[0].bytes + CVSW_V3_HLEN, 16);
	}
	rekey();
	forget();
	assert_int_equal(put(CVSW_V3_WELCOME, 0, 0), 0);
	cvsw_v3_host_tick(host, now);
	sent_is(0, CVSW_V3_START);
	for (i = 0; i < 4; i++)
		host_due(after[i] * TENTH_NS, CVSW_V3_START);
	assert_int_equal(said, CVSW_V3_STARTING);
	host_due(16 * TENTH_NS, CVSW_V3_HELLO);
	assert_int_equal(said, CVSW_V3_CALLING);
	cvsw_v3_host_free(host);
	assert_int_equal(n_sent, 1);
	others_end();
}

static void test_host_beats(void **state)
{
	const u64 beat = LEASE_MS * (S_NS / 1000) / 4;
	u32 i;

	others();
	host_be(CVSW_V3_TALKING);
	cvsw_v3_host_tick(host, now);
	for (i = 0; i < 3; i++) {
		host_due(beat, CVSW_V3_ACK);
		assert_int_equal(sent[0].bytes[21], CVSW_V3_F_ASK);
	}
	/* nobody has answered */
	assert_int_equal(said, CVSW_V3_TALKING);
	host_due(beat, CVSW_V3_HELLO);
	assert_int_equal(said, CVSW_V3_CALLING);
	cvsw_v3_host_free(host);
	others_end();
}

static void vnic_due(u64 after, u32 frames, u8 type)
{
	u64 due;

	forget();
	due = cvsw_v3_vnic_tick(vnic, now);
	assert_int_equal(n_sent, 0);
	assert_int_equal(due, now + after);
	cvsw_v3_vnic_tick(vnic, due - 1);
	assert_int_equal(n_sent, 0);
	now = due;
	cvsw_v3_vnic_tick(vnic, now);
	assert_int_equal(n_sent, frames);
	while (frames)
		sent_is(--frames, type);
}

static void test_vnic_time(void **state)
{
	const u64 lease = LEASE_MS * (S_NS / 1000);

	others();
	vnic_be(FRESH);
	vnic_due(30 * S_NS, 1, CVSW_V3_ANNOUNCE);
	assert_int_equal(sent[0].bytes[CVSW_V3_HLEN + 18], CVSW_V3_IDLE);
	assert_memory_equal(sent[0].bytes, "\xff\xff\xff\xff\xff\xff", 6);
	vnic_due(30 * S_NS, 1, CVSW_V3_ANNOUNCE);
	vnic_live();
	vnic_due(lease, 1, CVSW_V3_ANNOUNCE);
	assert_int_equal(said, CVSW_V3_SILENT);
	assert_int_equal(sent[0].bytes[CVSW_V3_HLEN + 18], CVSW_V3_SILENT);
	vnic_due(30 * S_NS, 1, CVSW_V3_ANNOUNCE);
	vnic_live();
	forget();
	cvsw_v3_vnic_free(vnic);
	assert_int_equal(n_sent, 1);
	sent_is(0, CVSW_V3_DISCONNECT);
	assert_int_equal(sent[0].bytes[CVSW_V3_HLEN + 1], CVSW_V3_LEAVE_OFF);
	others_end();
}

/* Leases at their bounds, by HELLO */
static void test_bounds(void **state)
{
	static const struct {
		u32	lease;
		u8	answer;
	} t[] = {
		{ 0, CVSW_V3_REJECT }, { 999, CVSW_V3_REJECT },
		{ 1000, CVSW_V3_WELCOME }, { 3600000, CVSW_V3_WELCOME },
		{ 3600001, CVSW_V3_REJECT }, { 0xffffffff, CVSW_V3_REJECT },
	};
	static struct frame frame;
	u8 body[64];
	u32 i;

	others();
	vnic_be(FRESH);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		struct cvsw_v3_frame hello = head(CVSW_V3_HELLO, true, 0);

		forget();
		hello.len = (u16)body_of(CVSW_V3_HELLO, body);
		put_unaligned_be32(t[i].lease, body + 16);
		frame.n = (u32)cvsw_v3_put(frame.bytes, &hello, body, outside);
		assert_int_equal(input(&frame), 0);
		sent_is(0, t[i].answer);
		if (t[i].answer == CVSW_V3_REJECT)
			assert_int_equal(sent[0].bytes[CVSW_V3_HLEN + 17],
					 CVSW_V3_REJECT_LEASE);
	}
	cvsw_v3_vnic_free(vnic);
	others_end();
}

/* 200 at once, and then one each 5 ms; those of the session do not count */
static void test_rate(void **state)
{
	u32 i;

	others();
	vnic_be(LIVE);
	now += 10 * S_NS - 1;
	for (i = 0; i < 200; i++) {
		forget();
		assert_int_equal(put(CVSW_V3_HELLO, 0, 0), 0);
	}
	assert_int_equal(put(CVSW_V3_HELLO, 0, 0), CVSW_DROP_INBAND_RATE);
	assert_int_equal(put(CVSW_V3_START, 1, 0), CVSW_DROP_INBAND_RATE);
	forget();
	assert_int_equal(put(CVSW_V3_ACK, 101, 0), 0);
	now += S_NS / 200;
	assert_int_equal(put(CVSW_V3_START, 1, 0), 0);
	assert_int_equal(put(CVSW_V3_HELLO, 0, 0), CVSW_DROP_INBAND_RATE);
	/* forged ones of the session: none but who knows its name */
	for (i = 0; i < 20000; i++)
		assert_int_equal(put(CVSW_V3_DATA, 200 + i, FLAW(F_SESSION)),
				 CVSW_DROP_INBAND_SESSION);
	for (i = 0; i < 10000; i++)
		assert_int_equal(put(CVSW_V3_DATA, 200, FLAW(F_TAG)),
				 CVSW_DROP_INBAND_TAG);
	assert_int_equal(put(CVSW_V3_DATA, 200, FLAW(F_TAG)),
			 CVSW_DROP_INBAND_RATE);
	cvsw_v3_vnic_free(vnic);
	others_end();
}

/* a START that came too late begins nothing, for another session did */
static void test_late(void **state)
{
	static struct frame start;

	others();
	vnic_be(FRESH);
	make(&start, head(CVSW_V3_START, true, 1), 0, keys.to_vnic);
	vnic_live();
	assert_int_equal(input(&start), CVSW_DROP_INBAND_SESSION);
	assert_int_equal(said, CVSW_V3_LIVE);
	/* nor does that of a session that is over */
	make(&start, head(CVSW_V3_START, true, 1), 0, keys.to_vnic);
	assert_int_equal(put(CVSW_V3_DISCONNECT, 101, 0), 0);
	assert_int_equal(input(&start), CVSW_DROP_INBAND_SESSION);
	assert_int_equal(said, CVSW_V3_IDLE);
	cvsw_v3_vnic_free(vnic);
	others_end();
}

/* the frames of either side fit the lesser MTU */
static void test_mtu(void **state)
{
	static const u8 msg[5000];
	u32 i;

	others();
	vnic_be(LIVE);
	assert_int_equal(cvsw_v3_vnic_send(vnic, msg, sizeof(msg), now), 0);
	assert_int_equal(n_sent, 4);
	for (i = 0; i < n_sent; i++)
		assert_in_range(sent[i].n - 14, 1000, 1500);
	cvsw_v3_vnic_free(vnic);
	others_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vnic),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_host_calls),
		cmocka_unit_test(test_host_beats),
		cmocka_unit_test(test_vnic_time),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_mtu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

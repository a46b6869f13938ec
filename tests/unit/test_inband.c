// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * In-band control of 2014: each message in each state, what is wrong with
 * messages, what they do, and what control frames never do.
 */

#include "rig.h"

#include <stdlib.h>

#define GUEST	1
#define NET	2

#define ZERO8	"0000000000000000"
#define ZERO16	ZERO8 ZERO8
#define ALL	"ffffffffffff"

/* wire-formats: 17 to 24 */
#define HELLO		ALL "210000000000abba"
#define REGISTER	"525400000001220000000000abba"
#define ENTRY(type, len, command, wild, port)				\
	ALL type "00" len "0000abba" "000e000000000000" wild port	\
	ZERO16 ZERO16 "0000" ZERO8 command "000000002710" ZERO8
#define SET_VXLAN	ENTRY("23", "0088", "0000", "003ffffe", "0001")	\
	"10010040222222222222111111111111" "ac100002" ZERO8 "00000000"	\
	"ac100001" ZERO8 "00000000" "000000000000000a" ZERO8
#define SET_STT		ENTRY("23", "0088", "0000", "003ffffe", "0001")	\
	"10050040222222222222111111111111" "ac100002" ZERO8 "00000000"	\
	"ac100001" ZERO8 "00000000" "0000000a00000000" ZERO8
#define STRIP_VXLAN	ENTRY("23", "0050", "0000", "003ffffe", "0002")	\
	"1002000800000000"
#define DELETE_ENTRY	ENTRY("24", "0048", "0003", "003ffffe", "0001")
#define CHANGE_MTU	ALL "2500000005aaabba"
#define CHANGE_OFFLOAD	ALL "260000000019abba"

#define FRAME_MAX	2048

static u8 bytes[FRAME_MAX];

static void add_port(struct rig *rig, u16 no, u32 mtu)
{
	struct cvsw_port_info info = rig_port(no);

	info.mtu = mtu;
	if (no == NET) {
		memcpy(info.mac, "\x52\x54\0\0\0\1", 6);
		info.inband = CVSW_INBAND_V2;
	}
	assert_int_equal(cvsw_port_add(rig->sw, &info,
				       (void *)(uintptr_t)no, NULL), 0);
}

static void pass_misses(struct cvsw_config *config)
{
	config->miss = CVSW_MISS_PASS;
}

static struct rig *rig_new(void)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig_open(rig, 0, NULL);
	rig_configure(rig, pass_misses);
	add_port(rig, GUEST, 1500);
	add_port(rig, NET, 1500);
	rig_clear(rig);
	return rig;
}

static void rig_end(struct rig *rig)
{
	rig_close(rig);
	free(rig);
}

static int setup(void **state)
{
	*state = rig_new();
	return 0;
}

static int teardown(void **state)
{
	rig_end(*state);
	return 0;
}

static struct cvsw_port_info port_is(const struct rig *rig, u16 no)
{
	struct cvsw_port_info info;

	assert_int_equal(cvsw_port_get(rig->sw, no, &info), 0);
	return info;
}

static void input(struct rig *rig, u16 port, u32 len)
{
	cvsw_input(rig->w, rig_bytes(rig, port, bytes, len), rig->now);
}

/* the message, as it is or padded, comes from the network */
static void message(struct rig *rig, const char *hex, u32 pad)
{
	u32 len = test_hex(hex, bytes, sizeof(bytes));

	if (len < pad) {
		memset(bytes + len, 0, pad - len);
		len = pad;
	}
	input(rig, NET, len);
	rig_control(rig);
}

static void inband_set(struct rig *rig, u16 no, u8 version)
{
	struct cvsw_port_info info = port_is(rig, no);

	info.inband = version;
	assert_int_equal(cvsw_port_set(rig->sw, &info, CVSW_PORT_SET_INBAND,
				       NULL), 0);
}

static void state_is(const struct rig *rig, enum cvsw_inband_state state)
{
	assert_int_equal(port_is(rig, NET).inband_state, state);
}

static void be(struct rig *rig, enum cvsw_inband_state state)
{
	struct cvsw_port_info info = port_is(rig, NET);

	info.inband_state = (u8)state;
	assert_int_equal(cvsw_port_set(rig->sw, &info,
				       CVSW_PORT_SET_INBAND_STATE, NULL), 0);
}

/* Vectors, and what they do to frames */

static const struct test_frame udp = { .ver = 4, .proto = 17, .payload = 10 };

static void test_vectors(void **state)
{
	struct rig *rig = *state;
	u8 reply[64];
	u32 pad;

	for (pad = 0; pad <= 60; pad += 60) {
		inband_set(rig, NET, CVSW_INBAND_OFF);
		inband_set(rig, NET, CVSW_INBAND_V2);
		state_is(rig, CVSW_INBAND_DISCONNECTED);
		rig_clear(rig);
		message(rig, HELLO, pad);
		rig_sent_is(rig, "2");
		assert_int_equal(rig->sent[0].len,
				 test_hex(REGISTER, reply, sizeof(reply)));
		assert_memory_equal(rig->sent[0].bytes, reply, 14);
		state_is(rig, CVSW_INBAND_CONNECTING);
		assert_int_equal(rig->event.event.kind, CVSW_EVENT_PORT_MOD);
		assert_int_equal(rig->event.port.inband_state,
				 CVSW_INBAND_CONNECTING);
		message(rig, CHANGE_MTU, pad);
		state_is(rig, CVSW_INBAND_CONNECTED);
		assert_int_equal(port_is(rig, GUEST).mtu, 1450);
		assert_int_equal(port_is(rig, NET).mtu, 1500);
		message(rig, CHANGE_OFFLOAD, pad);
		message(rig, SET_VXLAN, pad);
		message(rig, STRIP_VXLAN, pad);
		assert_int_equal(rig_flows(rig), 2);
		message(rig, SET_STT, pad);
		assert_int_equal(rig_flows(rig), 2);
		message(rig, DELETE_ENTRY, pad);
		assert_int_equal(rig_flows(rig), 1);
	}
	rig_sent_is(rig, "2");
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

/* all headers of a tunnel of the samples over IPv4 */
#define OUTER	"222222222222525400000001" "0800" "4500"

static void test_tunnels(void **state)
{
	static const struct {
		const char *set;
		const char *strip;
		u32 hlen;
		u8 proto;
		u16 port;
		const char *id;		/* behind the L4 header */
		u32 id_at;
	} t[] = {
		{ "10010040", "10020008", 50, 17, 4789, "0800000000000a00", 42 },
		{ "10030040", "10040008", 42, 47, 0, "2000655800000a", 34 },
		{ "10070040", "10080008", 50, 17, 6081, "0000655800000a00", 42 },
	};
	struct rig *rig = *state;
	char hex[512];
	u8 want[32];
	size_t i;

	message(rig, HELLO, 60);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		rig_clear(rig);
		sprintf(hex, ENTRY("23", "0088", "0000", "003ffffe", "0001")
			"%s222222222222111111111111" "ac100002" ZERO8 "00000000"
			"ac100001" ZERO8 "00000000" "000000000000000a" ZERO8,
			t[i].set);
		message(rig, hex, 0);
		sprintf(hex, ENTRY("23", "0050", "0000", "003ffffe", "0002")
			"%s00000000", t[i].strip);
		message(rig, hex, 0);
		rig_input(rig, GUEST, &udp);
		rig_sent_is(rig, "2");
		assert_int_equal(rig->sent[0].len, 52 + t[i].hlen);
		test_hex(OUTER, want, sizeof(want));
		assert_memory_equal(rig->sent[0].bytes, want, 16);
		assert_int_equal(rig->sent[0].bytes[23], t[i].proto);
		test_hex("ac100001ac100002", want, sizeof(want));
		assert_memory_equal(rig->sent[0].bytes + 26, want, 8);
		if (t[i].port)
			assert_int_equal(get_unaligned_be16(rig->sent[0].bytes +
							    36), t[i].port);
		assert_memory_equal(rig->sent[0].bytes + t[i].id_at, want,
				    test_hex(t[i].id, want, sizeof(want)));
		/* and back, as what it was */
		cvsw_input(rig->w, rig_bytes(rig, NET, rig->sent[0].bytes,
					     rig->sent[0].len), rig->now);
		rig_sent_is(rig, "2 1");
		assert_memory_equal(rig->sent[1].bytes, rig->sent[0].bytes +
				    t[i].hlen, 52);
	}
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

/* the group address that samples have as the source is the port's own; one that
 * a frame may have is taken as it is */
static void test_own_mac(void **state)
{
	struct rig *rig = *state;
	u32 len;

	message(rig, HELLO, 0);
	message(rig, SET_STT, 0);
	rig_input(rig, GUEST, &udp);
	assert_memory_equal(rig->sent[1].bytes + 6, "\x52\x54\0\0\0\1", 6);
	len = test_hex(SET_STT, bytes, sizeof(bytes));
	bytes[14 + 72 + 10] = 2;
	input(rig, NET, len);
	rig_control(rig);
	rig_input(rig, GUEST, &udp);
	assert_int_equal(rig->sent[2].bytes[6], 2);
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

/* before a flow is there, frames pass; and after it is deleted */
static void test_pass(void **state)
{
	struct rig *rig = *state;

	rig_input(rig, GUEST, &udp);
	message(rig, HELLO, 0);
	rig_clear(rig);
	rig_input(rig, GUEST, &udp);
	rig_input(rig, NET, &udp);
	rig_sent_is(rig, "2 1");
	assert_int_equal(rig->sent[0].len, 52);
	message(rig, SET_VXLAN, 0);
	rig_input(rig, GUEST, &udp);
	assert_int_equal(rig->sent[2].len, 102);
	message(rig, DELETE_ENTRY, 0);
	rig_input(rig, GUEST, &udp);
	assert_int_equal(rig->sent[3].len, 52);
}

/* Every message in every state */

#define TURN(state)	(1u << CVSW_INBAND_##state)
#define BODY	(1u << 7)

static const struct {
	u8 turns;		/* 0: there is no such message */
	u8 next[CVSW_INBAND_STATES];
} messages[16] = {
	[1] = { TURN(DISCONNECTED), { 1, 1, 2 } },
	[3] = { BODY | TURN(CONNECTING) | TURN(CONNECTED), { 0, 2, 2 } },
	[4] = { BODY | TURN(CONNECTED), { 0, 1, 2 } },
	[5] = { TURN(CONNECTING) | TURN(CONNECTED), { 0, 2, 2 } },
	[6] = { TURN(CONNECTING) | TURN(CONNECTED), { 0, 2, 2 } },
};

static u32 make(unsigned int version, unsigned int type, u32 len)
{
	memset(bytes, 0, sizeof(bytes));
	test_hex(ENTRY("23", "0048", "0003", "003ffffe", "0001"), bytes,
		 sizeof(bytes));
	bytes[6] = (u8)(version << 4 | type);
	put_unaligned_be16((u16)len, bytes + 8);
	put_unaligned_be16(1400, bytes + 10);
	return 14 + len;
}

static enum cvsw_drop verdict(unsigned int version, unsigned int type,
			      unsigned int state, u32 len)
{
	bool body = messages[type].turns & BODY;

	if (version != 2)
		return CVSW_DROP_INBAND_VERSION;
	if (!messages[type].turns || (body ? len < 72 : len))
		return CVSW_DROP_INBAND_MALFORMED;
	if (!(messages[type].turns >> state & 1))
		return CVSW_DROP_INBAND_STATE;
	return CVSW_DROP_NONE;
}

static void one(unsigned int version, unsigned int type, unsigned int state,
		u32 len)
{
	struct rig *rig = rig_new();
	enum cvsw_drop why = verdict(version, type, state, len);
	struct cvsw_port_info was;
	unsigned int next;

	rig_add(rig, 10000, 1, NULL, 0);
	be(rig, (enum cvsw_inband_state)state);
	was = port_is(rig, GUEST);
	rig_clear(rig);
	input(rig, NET, make(version, type, len));
	rig_control(rig);
	rig_drops_are(rig, why, why != CVSW_DROP_NONE);
	next = why ? state : messages[type].next[state];
	state_is(rig, (enum cvsw_inband_state)next);
	rig_sent_is(rig, !why && type == 1 ? "2" : "");
	if (!why && type == 5)
		was.mtu = 1400;
	assert_int_equal(port_is(rig, GUEST).mtu, was.mtu);
	assert_int_equal(rig_flows(rig), why || type != 4);
	rig_end(rig);
}

static void test_states(void **state)
{
	static const u32 lens[] = { 0, 1, 71, 72, 73, 80 };
	unsigned int version, type, now;
	size_t i;

	for (type = 0; type < 16; type++)
		for (now = 0; now < CVSW_INBAND_STATES; now++)
			for (i = 0; i < ARRAY_SIZE(lens); i++)
				if (lens[i] < 73 || !(messages[type].turns &
						      BODY))
					one(2, type, now, lens[i]);
	for (version = 0; version < 16; version++)
		for (type = 0; type < 16; type++)
			one(version, type, type % CVSW_INBAND_STATES,
			    type == 3 || type == 4 ? 72 : 0);
}

/* What is wrong */

static void refused(const char *hex, int len, enum cvsw_drop why)
{
	struct rig *rig = rig_new();
	u32 n = test_hex(hex, bytes, sizeof(bytes));

	be(rig, CVSW_INBAND_CONNECTING);
	rig_clear(rig);
	input(rig, NET, len < 0 ? n - (u32)-len : n);
	rig_control(rig);
	rig_drops_are(rig, why, 1);
	rig_sent_is(rig, "");
	assert_int_equal(rig_flows(rig), 0);
	state_is(rig, why == CVSW_DROP_INBAND_REFUSED ? CVSW_INBAND_CONNECTED :
		 CVSW_INBAND_CONNECTING);
	rig_end(rig);
}

static void test_refused(void **state)
{
#define LIST(len, acts)	ENTRY("23", len, "0000", "003ffffe", "0001") acts
	/* the payload is longer than the frame */
	refused(SET_VXLAN, -1, CVSW_DROP_INBAND_MALFORMED);
	refused(ALL "23000048" "0000abba", 0, CVSW_DROP_INBAND_MALFORMED);
	refused(ALL "2300ffff" "0000abba", 0, CVSW_DROP_INBAND_MALFORMED);
	/* there is one */
	refused(ALL "2500000805aaabba" ZERO8, 0, CVSW_DROP_INBAND_MALFORMED);
	/* for somebody else */
	refused("525400000002" "2500000005aaabba", 0,
		CVSW_DROP_INBAND_OTHER);
	refused("525400000002" "220000000000abba", 0, CVSW_DROP_INBAND_OTHER);
	/* action lengths 0, 7, 12, past the end; unknown; half of one */
	refused(LIST("0050", "1002000000000000"), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("0050", "1002000700000000"), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("0050", "1002000c00000000"), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("0050", "1002001000000000"), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("0050", "1010000800000000"), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("004c", "10020008"), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("0050", "1001000800000000"), 0, CVSW_DROP_INBAND_REFUSED);
	/* VXLAN over SCLP; a VNI of more than 24 bits; a VID of 13 */
	refused(LIST("0050", "100a000800000000"), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("0088", "10010040222222222222111111111111" "ac100002"
		     ZERO8 "00000000" "ac100001" ZERO8 "00000000"
		     "0000000001000000" ZERO8), 0, CVSW_DROP_INBAND_REFUSED);
	refused(LIST("0050", "0001000810000000"), 0, CVSW_DROP_INBAND_REFUSED);
	/* less than IPv4 asks for */
	refused(ALL "250000000043abba", 0, CVSW_DROP_INBAND_REFUSED);
#undef LIST
}

/* what a device refuses, and a table that is full */
static void small(struct cvsw_config *config)
{
	config->max_flows = 1;
}

static void test_not_possible(void **state)
{
	struct rig *rig = *state;

	message(rig, HELLO, 0);
	rig->set_error = -EIO;
	message(rig, CHANGE_MTU, 0);
	message(rig, CHANGE_OFFLOAD, 0);
	rig_drops_are(rig, CVSW_DROP_INBAND_REFUSED, 2);
	assert_int_equal(port_is(rig, GUEST).mtu, 1500);
	state_is(rig, CVSW_INBAND_CONNECTED);
	rig_configure(rig, small);
	message(rig, SET_VXLAN, 0);
	message(rig, STRIP_VXLAN, 0);
	rig_drops_are(rig, CVSW_DROP_INBAND_REFUSED, 3);
	assert_int_equal(rig_flows(rig), 1);
}

/* a delete takes what is at least as specific; a strict one the very flow */
static void test_delete(void **state)
{
	struct rig *rig = *state;

	message(rig, HELLO, 0);
	message(rig, SET_VXLAN, 0);
	message(rig, STRIP_VXLAN, 0);
	message(rig, ENTRY("24", "0048", "0004", "003fffff", "0000"), 0);
	assert_int_equal(rig_flows(rig), 2);
	message(rig, ENTRY("24", "0048", "0004", "003ffffe", "0002"), 0);
	assert_int_equal(rig_flows(rig), 1);
	message(rig, STRIP_VXLAN, 0);
	message(rig, ENTRY("24", "0048", "0003", "003fffff", "0000"), 0);
	assert_int_equal(rig_flows(rig), 0);
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
	/* neither */
	message(rig, ENTRY("24", "0048", "0000", "003fffff", "0000"), 0);
	rig_drops_are(rig, CVSW_DROP_INBAND_REFUSED, 1);
}

/* Offloads and MTU */

static void test_offload(void **state)
{
	const u32 tso = CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6 |
			CVSW_OFFLOAD_TSO_ECN;
	struct rig *rig = *state;
	struct cvsw_port_info info;
	int twice;

	message(rig, HELLO, 0);
	info = port_is(rig, GUEST);
	info.rx_offload = info.tx_offload = CVSW_OFFLOAD_GRE;
	info.device_fixed = CVSW_DEVICE_RX_CSUM;
	assert_int_equal(cvsw_port_set(rig->sw, &info, CVSW_PORT_SET_OFFLOAD |
				       CVSW_PORT_SET_STATE, NULL), 0);
	for (twice = 0; twice < 2; twice++) {
		/* CSUM, TSO, GRO; not toggled */
		message(rig, ALL "260000000013abba", 0);
		info = port_is(rig, GUEST);
		assert_int_equal(info.device_asked, CVSW_DEVICE_CSUM |
				 CVSW_DEVICE_TSO | CVSW_DEVICE_GRO);
		assert_int_equal(info.rx_asked, CVSW_OFFLOAD_GRE |
				 CVSW_OFFLOAD_CSUM | tso);
		assert_int_equal(info.tx_asked, CVSW_OFFLOAD_GRE |
				 CVSW_OFFLOAD_CSUM | tso | CVSW_OFFLOAD_GRO);
	}
	message(rig, ALL "26000000000cabba", 0);
	info = port_is(rig, GUEST);
	assert_int_equal(info.device_asked, CVSW_DEVICE_USO | CVSW_DEVICE_GSO);
	assert_int_equal(info.rx_asked, CVSW_OFFLOAD_GRE | CVSW_OFFLOAD_USO4 |
			 CVSW_OFFLOAD_USO6);
	message(rig, ALL "260000000000abba", 0);
	info = port_is(rig, GUEST);
	assert_int_equal(info.device_asked, 0);
	assert_int_equal(info.tx_asked, CVSW_OFFLOAD_GRE);
	assert_int_equal(port_is(rig, NET).device_asked, 0);
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

/* no other port has an MTU: it is the device's own */
static void test_mtu_own(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = port_is(rig, GUEST);

	info.mtu = 0;
	assert_int_equal(cvsw_port_set(rig->sw, &info, CVSW_PORT_SET_STATE,
				       NULL), 0);
	message(rig, HELLO, 0);
	message(rig, CHANGE_MTU, 0);
	assert_int_equal(port_is(rig, GUEST).mtu, 0);
	assert_int_equal(port_is(rig, NET).mtu, 1450);
	/* what really is */
	rig->set_mtu = 1300;
	message(rig, CHANGE_MTU, 0);
	assert_int_equal(port_is(rig, NET).mtu, 1300);
}

/* What control frames never do */

static void test_guest(void **state)
{
	struct rig *rig = *state;
	u32 len = test_hex(HELLO, bytes, sizeof(bytes));

	input(rig, GUEST, len);
	assert_int_equal(rig->n_control, 0);
	rig_drops_are(rig, CVSW_DROP_INBAND, 1);
	/* with a flow for all frames, too */
	rig_add(rig, 1, 0, RIG_LIST(RIG_OUT(CVSW_PORT_ALL)));
	input(rig, GUEST, len);
	rig_drops_are(rig, CVSW_DROP_INBAND, 2);
	input(rig, NET, len);
	assert_int_equal(rig->n_control, 1);
	rig_sent_is(rig, "");
	assert_int_equal(rig_flow(rig, 1).packets, 0);
	rig_control(rig);
	rig_sent_is(rig, "2");
	/* off meanwhile */
	input(rig, NET, len);
	inband_set(rig, NET, CVSW_INBAND_OFF);
	rig_control(rig);
	rig_drops_are(rig, CVSW_DROP_INBAND, 3);
	/* nobody takes any */
	input(rig, GUEST, test_hex(HELLO, bytes, sizeof(bytes)));
	input(rig, NET, len);
	rig_sent_is(rig, "2 2 1");
	rig_drops_are(rig, CVSW_DROP_INBAND, 3);
}

/* a tag, or a SNAP header, before 0xabba: no control frame */
static void test_not_control(void **state)
{
	static const char *const t[] = {
		"ffffffffffff" "020000000001" "8100000a" "abba" ZERO16,
		"ffffffffffff" "020000000001" "81000000" "abba" ZERO16,
		"ffffffffffff" "020000000001" "0018" "aaaa03000000abba" ZERO16,
		"ffffffffffff" "020000000001" "abbb" ZERO16 ZERO16,
	};
	struct rig *rig = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		input(rig, NET, test_hex(t[i], bytes, sizeof(bytes)));
	rig_sent_is(rig, "1 1 1 1");
	assert_int_equal(rig->n_control, 0);
}

/* a port that does not receive takes no control frames */
static void test_barred(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = port_is(rig, NET);

	info.config = CVSW_PORT_C_NO_RECV;
	cvsw_port_set(rig->sw, &info, CVSW_PORT_SET_CONFIG, NULL);
	message(rig, HELLO, 0);
	rig_drops_are(rig, CVSW_DROP_NO_RECV, 1);
}

static void test_rate(void **state)
{
	struct rig *rig = *state;
	u32 len = test_hex(HELLO, bytes, sizeof(bytes));
	unsigned int i;

	for (i = 0; i < CVSW_INBAND_QUEUE + 10; i++)
		input(rig, NET, len);
	assert_int_equal(rig->n_control, CVSW_INBAND_QUEUE);
	rig_drops_are(rig, CVSW_DROP_INBAND_RATE, 10);
	rig_control(rig);
	rig->now += RIG_SECOND / 100;	/* 20 more */
	for (i = 0; i < 30; i++)
		input(rig, NET, len);
	assert_int_equal(rig->n_control, 20);
	rig_control(rig);
}

struct traced {
	unsigned int	inband;
	unsigned int	drop;
};

static void trace_step(void *arg, const struct cvsw_trace_step *step)
{
	struct traced *t = arg;

	if (step->what == CVSW_TRACE_INBAND)
		t->inband++;
	if (step->what == CVSW_TRACE_DROP)
		t->drop = step->drop;
	assert_int_not_equal(step->what, CVSW_TRACE_LOOKUP);
}

static void test_trace(void **state)
{
	struct rig *rig = *state;
	u32 len = test_hex(HELLO, bytes, sizeof(bytes));
	struct traced t = {};

	cvsw_trace(rig->w, rig_bytes(rig, NET, bytes, len), rig->now,
		   trace_step, &t);
	assert_int_equal(t.inband, 1);
	assert_int_equal(t.drop, 0);
	cvsw_trace(rig->w, rig_bytes(rig, GUEST, bytes, len), rig->now,
		   trace_step, &t);
	assert_int_equal(t.drop, CVSW_DROP_INBAND);
	assert_int_equal(rig->n_control, 0);
	rig_drops_are(rig, CVSW_DROP_NONE, 0);
}

/* The setting */

static void test_setting(void **state)
{
	struct rig *rig = *state;
	struct cvsw_port_info info = port_is(rig, GUEST);
	struct cvsw_error err;

	info.inband = 4;
	assert_int_equal(cvsw_port_set(rig->sw, &info, CVSW_PORT_SET_INBAND,
				       &err), -EINVAL);
	assert_string_equal(err.text, "port: unknown in-band protocol");
	/* setting what is does not start anew */
	message(rig, HELLO, 0);
	inband_set(rig, NET, CVSW_INBAND_V2);
	state_is(rig, CVSW_INBAND_CONNECTING);
	inband_set(rig, NET, CVSW_INBAND_OFF);
	state_is(rig, CVSW_INBAND_DISCONNECTED);
}

static const struct cvsw_ops plain_ops = {
	.output = NULL,
};

static void test_no_op(void **state)
{
	struct cvsw_port_info info = rig_port(1);
	struct cvsw_config config;
	struct cvsw_switch *sw;

	cvsw_config_default(&config);
	assert_int_equal(cvsw_switch_new(&sw, &config, &plain_ops, NULL, NULL),
			 0);
	info.inband = CVSW_INBAND_V2;
	assert_int_equal(cvsw_port_add(sw, &info, NULL, NULL), -EOPNOTSUPP);
	info.inband = CVSW_INBAND_OFF;
	assert_int_equal(cvsw_port_add(sw, &info, NULL, NULL), 0);
	cvsw_switch_free(sw);
}

#define RIG_TEST(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(test_vectors),
		RIG_TEST(test_tunnels),
		RIG_TEST(test_own_mac),
		RIG_TEST(test_pass),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_refused),
		RIG_TEST(test_not_possible),
		RIG_TEST(test_delete),
		RIG_TEST(test_offload),
		RIG_TEST(test_mtu_own),
		RIG_TEST(test_guest),
		RIG_TEST(test_not_control),
		RIG_TEST(test_barred),
		RIG_TEST(test_rate),
		RIG_TEST(test_trace),
		RIG_TEST(test_setting),
		cmocka_unit_test(test_no_op),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

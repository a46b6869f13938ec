// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Messages of OpenFlow 1.0 but for flows: heads, requests, answers, statistics. */

#include "of10.h"
#include "of10_vectors.h"
#include "util.h"

static u8 bytes[70000], back[70000];
static struct cvsw_of10_error err;

static void refused(int ret, u16 type, u16 code)
{
	assert_int_equal(ret, -EINVAL);
	if (err.type != type || err.code != code)
		fail_msg("(%u,%u) %s, not (%u,%u)", err.type, err.code,
			 err.text, type, code);
	assert_non_null(err.text);
}

/* what was put is the message @hex, and does not fit in less */
#define PUT_IS(hex, put, ...) do {					\
	u32 _len = test_hex(hex, bytes, sizeof(bytes));			\
									\
	memset(back, 0xff, sizeof(back));				\
	assert_int_equal(put(__VA_ARGS__, back, _len), _len);		\
	assert_memory_equal(back, bytes, _len);				\
	assert_int_equal(put(__VA_ARGS__, back, _len - 1), -EMSGSIZE);	\
} while (0)

/* each length below and above those of a message is refused with (1,6) */
#define LENGTHS(get, lo, hi, ...) do {					\
	u32 _len;							\
									\
	for (_len = 0; _len < (hi) + 9u; _len++)			\
		if (_len < (lo) || _len > (hi))				\
			refused(get(bytes, _len, __VA_ARGS__, &err), 1, 6); \
} while (0)

/* Heads */

static void test_head(void **state)
{
	struct cvsw_of10_head head;
	u32 len;

	test_hex(ROLE_REQUEST, bytes, sizeof(bytes));
	for (len = 0; len < 8; len++)
		assert_int_equal(cvsw_of10_head_get(bytes, len, &head),
				 -EAGAIN);
	assert_int_equal(cvsw_of10_head_get(bytes, 8, &head), 0);
	assert_int_equal(head.version, 1);
	assert_int_equal(head.type, CVSW_OFP_VENDOR);
	assert_int_equal(head.length, 20);
	assert_int_equal(head.xid, 12);
	bytes[3] = 7;
	assert_int_equal(cvsw_of10_head_get(bytes, 20, &head), -EBADMSG);
	bytes[3] = 0;
	assert_int_equal(cvsw_of10_head_get(bytes, 20, &head), -EBADMSG);
}

static void test_check_known(void **state)
{
	static const char *const t[] = {
		HELLO, FEATURES_REQUEST, SET_CONFIG, FLOW_MOD_ADD,
		FLOW_MOD_DELETE, PACKET_OUT, ERROR, BARRIER_REQUEST,
		STATS_REQUEST_FLOW, PORT_MOD, ROLE_REQUEST,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		assert_int_equal(cvsw_of10_check(bytes,
						 test_hex(t[i], bytes, 200),
						 &err), 0);
}

/* every type, with every length that a fixed part may have */
static void test_check_lengths(void **state)
{
	static const struct {
		u16 min, max;
		bool in;
	} t[] = {
		{ 8, 999, true }, { 8, 999, true }, { 8, 999, true },
		{ 8, 999, true }, { 12, 999, true }, { 8, 8, true },
		{ 32, 999, false }, { 8, 8, true }, { 12, 12, false },
		{ 12, 12, true }, { 18, 999, false }, { 88, 88, false },
		{ 64, 64, false }, { 16, 999, true }, { 72, 999, true },
		{ 32, 32, true }, { 12, 999, true }, { 12, 999, false },
		{ 8, 8, true }, { 8, 8, false }, { 12, 12, true },
		{ 16, 999, false },
	};
	u32 type, len;
	int ret;

	memset(bytes, 0, 128);
	bytes[0] = 1;
	for (type = 0; type < 256; type++) {
		bytes[1] = (u8)type;
		for (len = 0; len < 100; len++) {
			ret = cvsw_of10_check(bytes, len, &err);
			if (len < 8)
				refused(ret, 1, 6);
			else if (type >= ARRAY_SIZE(t))
				refused(ret, 1, 1);
			else if (len < t[type].min || len > t[type].max)
				refused(ret, 1, 6);
			else if (!t[type].in)
				refused(ret, 1, 1);
			else
				assert_int_equal(ret, 0);
		}
	}
}

static void test_check_version(void **state)
{
	u32 type, version;
	int ret;

	memset(bytes, 0, 128);
	for (type = 0; type < 22; type++)
		for (version = 0; version < 7; version++) {
			bytes[0] = (u8)version;
			bytes[1] = (u8)type;
			ret = cvsw_of10_check(bytes, 8, &err);
			if (type < 4)
				assert_int_equal(ret, 0);
			else if (version != 1)
				refused(ret, 1, 0);
		}
}

/* Requests */

static void test_config(void **state)
{
	static const struct {
		u16 flags, kept;
		u8 mode;
	} t[] = {
		{ 0, 0, CVSW_FRAG_MODE_NORMAL },
		{ 1, 1, CVSW_FRAG_MODE_DROP },
		{ 2, 2, CVSW_FRAG_MODE_NORMAL },
		{ 3, 3, CVSW_FRAG_MODE_NX_MATCH },
		{ 0xfffd, 1, CVSW_FRAG_MODE_DROP },
	};
	struct cvsw_of10_config config;
	size_t i;

	test_hex(SET_CONFIG, bytes, sizeof(bytes));
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		put_unaligned_be16(t[i].flags, bytes + 8);
		assert_int_equal(cvsw_of10_config_get(bytes, 12, &config, &err),
				 0);
		assert_int_equal(config.flags, t[i].kept);
		assert_int_equal(config.frag_mode, t[i].mode);
		assert_int_equal(config.miss_send_len, 128);
	}
	LENGTHS(cvsw_of10_config_get, 12, 12, &config);
	config = (struct cvsw_of10_config){ .flags = 2, .miss_send_len = 0xffff };
	PUT_IS("0108000c000000090002ffff", cvsw_of10_config_put, &config, 9);
}

static struct cvsw_of10_packet_out out;
static struct cvsw_action acts[CVSW_ACTIONS_MAX];

static int get_out(u32 len)
{
	return cvsw_of10_packet_out_get(bytes, len, &out, acts, &err);
}

static void test_packet_out(void **state)
{
	u32 len = test_hex(PACKET_OUT, bytes, sizeof(bytes));

	assert_int_equal(len, 70);
	assert_int_equal(get_out(len), 0);
	assert_int_equal(out.in_port, 1);
	assert_int_equal(out.n_actions, 1);
	assert_int_equal(acts[0].output.port, CVSW_PORT_FLOOD);
	assert_int_equal(out.frame_len, 46);
	assert_ptr_equal(out.frame, bytes + 24);
	/* no frame, no actions */
	assert_int_equal(get_out(24), 0);
	assert_int_equal(out.frame_len, 0);
	put_unaligned_be16(0, bytes + 14);
	assert_int_equal(get_out(16), 0);
	assert_int_equal(out.n_actions, 0);
	assert_int_equal(get_out(17), 0);
	assert_int_equal(out.frame_len, 1);
}

static void test_packet_out_in_port(void **state)
{
	static const struct {
		u16 port;
		bool good;
	} t[] = {
		{ 0, true }, { 1, true }, { 77, true }, { 0xfeff, true },
		{ 0xfffd, true }, { 0xfffe, true }, { 0xffff, true },
		{ 0xff00, false }, { 0xfff7, false }, { 0xfff8, false },
		{ 0xfff9, false }, { 0xfffa, false }, { 0xfffb, false },
		{ 0xfffc, false },
	};
	u32 len = test_hex(PACKET_OUT, bytes, sizeof(bytes));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		put_unaligned_be16(t[i].port, bytes + 12);
		if (t[i].good)
			assert_int_equal(get_out(len), 0);
		else
			refused(get_out(len), 2, 4);
	}
}

static void test_packet_out_refused(void **state)
{
	static const struct {
		u32 off;
		u16 value;
		u16 type, code;
	} t[] = {
		{ 8, 0, 1, 8 },			/* buffer */
		{ 14, 0x37, 1, 6 },		/* beyond the end */
		{ 14, 0xffff, 1, 6 },
		{ 14, 7, 1, 6 },
		{ 14, 9, 1, 6 },
		{ 14, 16, 2, 1 },		/* the frame is no action */
		{ 16, 0x1001, 2, 0 },
		{ 20, 0xffff, 2, 4 },
	};
	u32 len, i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		len = test_hex(PACKET_OUT, bytes, sizeof(bytes));
		put_unaligned_be16(t[i].value, bytes + t[i].off);
		refused(get_out(len), t[i].type, t[i].code);
	}
	len = test_hex(PACKET_OUT, bytes, sizeof(bytes));
	for (i = 0; i < 24; i++)
		refused(get_out(i), 1, 6);
	put_unaligned_be16(CVSW_PORT_TABLE, bytes + 20);
	assert_int_equal(get_out(len), 0);
}

static struct cvsw_port_info known_port(void)
{
	return (struct cvsw_port_info){
		.no = 1, .name = "host", .mac = { 2, 0x52, 0x54, 0, 0, 1 },
	};
}

static void test_port_mod(void **state)
{
	struct cvsw_port_info info = known_port();
	struct cvsw_of10_port_mod mod;

	test_hex(PORT_MOD, bytes, sizeof(bytes));
	assert_int_equal(cvsw_of10_port_mod_get(bytes, 32, &mod, &err), 0);
	assert_int_equal(mod.no, 1);
	assert_int_equal(mod.config, CVSW_PORT_C_NO_FLOOD);
	assert_int_equal(mod.mask, CVSW_PORT_C_NO_FLOOD);
	refused(cvsw_of10_port_mod_check(&mod, NULL, &err), 4, 0);
	refused(cvsw_of10_port_mod_check(&mod, &info, &err), 4, 1);
	memcpy(info.mac, mod.mac, 6);
	assert_int_equal(cvsw_of10_port_mod_check(&mod, &info, &err), 0);
	/* only what the mask names and we have */
	put_unaligned_be32(0xffffffff, bytes + 16);
	assert_int_equal(cvsw_of10_port_mod_get(bytes, 32, &mod, &err), 0);
	assert_int_equal(mod.config, CVSW_PORT_C_NO_FLOOD);
	put_unaligned_be32(0xffffffff, bytes + 20);
	assert_int_equal(cvsw_of10_port_mod_get(bytes, 32, &mod, &err), 0);
	assert_int_equal(mod.mask, CVSW_PORT_C_MASK);
	LENGTHS(cvsw_of10_port_mod_get, 32, 32, &mod);
}

static void test_vendor(void **state)
{
	u32 len = test_hex(ROLE_REQUEST, bytes, sizeof(bytes));
	u32 role, subtype;

	assert_int_equal(cvsw_of10_vendor_get(bytes, len, &subtype, &err), 0);
	assert_int_equal(subtype, 10);
	assert_int_equal(cvsw_of10_role_get(bytes, len, &role, &err), 0);
	assert_int_equal(role, CVSW_OFP_NX_ROLE_MASTER);
	LENGTHS(cvsw_of10_role_get, 20, 20, &role);
	put_unaligned_be32(3, bytes + 16);
	refused(cvsw_of10_role_get(bytes, len, &role, &err), 1, 4);
	put_unaligned_be32(11, bytes + 12);
	refused(cvsw_of10_role_get(bytes, len, &role, &err), 1, 4);
	put_unaligned_be32(0x112233, bytes + 8);
	refused(cvsw_of10_vendor_get(bytes, len, &subtype, &err), 1, 3);
	refused(cvsw_of10_vendor_get(bytes, 12, &subtype, &err), 1, 3);
	PUT_IS("010400140000000c000023200000000b00000001", cvsw_of10_role_put,
	       1, 12);
}

static void test_queue_config(void **state)
{
	u16 port;

	test_hex("0114000c0000000100020000", bytes, sizeof(bytes));
	assert_int_equal(cvsw_of10_queue_config_get(bytes, 12, &port, &err), 0);
	assert_int_equal(port, 2);
	LENGTHS(cvsw_of10_queue_config_get, 12, 12, &port);
	PUT_IS("01150010000000010002000000000000", cvsw_of10_queue_config_put,
	       2, 1);
	PUT_IS("00000007001800000001001000000000012c000000000000",
	       cvsw_of10_queue_put, 7, 300);
}

/* Answers, and what is told unasked */

static void test_put(void **state)
{
	PUT_IS(HELLO, cvsw_of10_put, CVSW_OFP_HELLO, 1, NULL, 0);
	PUT_IS("0103000c00000009deadbeef", cvsw_of10_put, CVSW_OFP_ECHO_REPLY,
	       9, "\xde\xad\xbe\xef", 4);
	PUT_IS("0113000800000007", cvsw_of10_put, CVSW_OFP_BARRIER_REPLY, 7,
	       NULL, 0);
	assert_int_equal(cvsw_of10_put(3, 0, bytes, 65527, back, 70000), 65535);
	assert_int_equal(get_unaligned_be16(back + 2), 65535);
	assert_int_equal(cvsw_of10_put(3, 0, bytes, 65528, back, 70000),
			 -EMSGSIZE);
	assert_int_equal(cvsw_of10_put(3, 0, NULL, 0, back, 0), -EMSGSIZE);
}

static void test_error(void **state)
{
	static u8 request[70000];
	u32 len = test_hex(ERROR_REQUEST, request, sizeof(request));

	err = (struct cvsw_of10_error){ 2, 0, "" };
	assert_int_equal(len, 80);
	assert_int_equal(test_hex(ERROR, bytes, sizeof(bytes)), 92);
	assert_int_equal(cvsw_of10_error_put(&err, 9, request, len, back, 92),
			 92);
	assert_memory_equal(back, bytes, 92);
	/* 64 bytes of it at least, or all there is */
	assert_int_equal(cvsw_of10_error_put(&err, 9, request, len, back, 80),
			 80);
	assert_int_equal(back[3], 80);
	assert_memory_equal(back + 12, request, 68);
	assert_int_equal(cvsw_of10_error_put(&err, 9, request, len, back, 76),
			 76);
	assert_int_equal(cvsw_of10_error_put(&err, 9, request, len, back, 75),
			 -EMSGSIZE);
	assert_int_equal(cvsw_of10_error_put(&err, 9, request, 8, back, 20),
			 20);
	assert_int_equal(cvsw_of10_error_put(&err, 9, request, 8, back, 19),
			 -EMSGSIZE);
	assert_int_equal(cvsw_of10_error_put(&err, 9, NULL, 0, back, 12), 12);
	assert_int_equal(cvsw_of10_error_put(&err, 9, request, 65535, back,
					     70000), 65535);
	assert_int_equal(get_unaligned_be16(back + 2), 65535);
}

static void test_features(void **state)
{
	struct cvsw_port_info info = known_port();
	u32 len = test_hex(FEATURES_REPLY, bytes, sizeof(bytes)), at;

	assert_int_equal(len, 128);
	memcpy(info.mac, bytes + 34, 6);
	at = (u32)cvsw_of10_features_put(0x525400000001, 0x87, 2, back, 32);
	assert_int_equal(at, 32);
	assert_int_equal(get_unaligned_be16(back + 2), 32);
	at += (u32)cvsw_of10_phy_port_put(&info, back + at, 48);
	info.no = 2;
	memcpy(info.name, "net", 4);
	info.name[4] = 0;
	memcpy(info.mac, bytes + 82, 6);
	at += (u32)cvsw_of10_phy_port_put(&info, back + at, 48);
	cvsw_of10_end(back, (u16)at);
	assert_int_equal(at, len);
	assert_memory_equal(back, bytes, len);
	assert_int_equal(cvsw_of10_features_put(1, 0, 2, back, 31), -EMSGSIZE);
	assert_int_equal(cvsw_of10_phy_port_put(&info, back, 47), -EMSGSIZE);
	memset(info.name, 'x', sizeof(info.name));
	info.curr = CVSW_PORT_F_1GB_FD | CVSW_PORT_F_COPPER;
	info.advertised = CVSW_PORT_F_MASK;
	info.supported = CVSW_PORT_F_PAUSE_ASYM;
	info.peer = CVSW_PORT_F_AUTONEG;
	cvsw_of10_phy_port_put(&info, back, 48);
	assert_memory_equal(back + 24, "\0\0\0\0" "\0\0\0\0" "\0\0\0\xa0"
			    "\0\0\x0f\xff" "\0\0\x08\0" "\0\0\x02\0", 24);
	assert_int_equal(back[8 + 14], 'x');
	assert_int_equal(back[8 + 15], 0);
}

static void test_packet_in(void **state)
{
	struct cvsw_packet_in info = {
		.reason = CVSW_PACKET_IN_MISS, .in_port = 1, .total_len = 46,
	};
	static u8 frame[70000];
	u32 len = test_hex(PACKET_IN, bytes, sizeof(bytes));

	memcpy(frame, bytes + 18, len - 18);
	PUT_IS(PACKET_IN, cvsw_of10_packet_in_put, &info, frame, 46);
	info.reason = CVSW_PACKET_IN_ACTION;
	info.total_len = 70000;
	assert_int_equal(cvsw_of10_packet_in_put(&info, frame, 70000, back,
						 70000), 65535);
	assert_int_equal(get_unaligned_be16(back + 2), 65535);
	assert_int_equal(get_unaligned_be16(back + 12), 65535);
	assert_int_equal(back[16], 1);
}

static void test_port_status(void **state)
{
	static const u16 kinds[] = {
		CVSW_EVENT_PORT_ADD, CVSW_EVENT_PORT_DEL, CVSW_EVENT_PORT_MOD,
	};
	struct cvsw_port_info info = known_port();
	u32 i;

	test_hex(PORT_STATUS, bytes, sizeof(bytes));
	memcpy(info.mac, bytes + 18, 6);
	info.config = CVSW_PORT_C_DOWN;
	info.state = CVSW_PORT_S_LINK_DOWN;
	PUT_IS(PORT_STATUS, cvsw_of10_port_status_put, CVSW_EVENT_PORT_MOD,
	       &info);
	info.state = 0;		/* down here is no link there */
	PUT_IS(PORT_STATUS, cvsw_of10_port_status_put, CVSW_EVENT_PORT_MOD,
	       &info);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		cvsw_of10_port_status_put(kinds[i], &info, back, 64);
		assert_int_equal(back[8], i);
	}
}

/* Statistics */

static struct cvsw_of10_stats_request req;

static int get_stats(const char *body)
{
	u32 len = 8 + test_hex(body, bytes + 8, 200);

	test_hex("0110000000000001", bytes, 8);
	return cvsw_of10_stats_get(bytes, len, &req, &err);
}

static void test_stats_requests(void **state)
{
	const struct cvsw_match all = {};
	u32 len = test_hex(STATS_REQUEST_FLOW, bytes, sizeof(bytes));

	assert_int_equal(cvsw_of10_stats_get(bytes, len, &req, &err), 0);
	assert_int_equal(req.type, CVSW_OFP_STATS_FLOW);
	assert_int_equal(req.filter.cmd, CVSW_FLOW_DEL);
	assert_int_equal(req.filter.out_port, CVSW_PORT_NONE);
	assert_memory_equal(&req.filter.flow.match, &all, sizeof(all));
	assert_false(req.absent);
	assert_int_equal(get_stats("00020000" MATCH_PORT_1 "00000002"), 0);
	assert_int_equal(req.type, CVSW_OFP_STATS_AGGREGATE);
	assert_int_equal(req.filter.out_port, 2);
	assert_int_equal(req.filter.flow.match.value.in_port, 1);
	assert_false(req.absent);
	assert_int_equal(get_stats("00010000" MATCH_ALL "fe00ffff"), 0);
	assert_true(req.absent);
	assert_int_equal(get_stats("00010000" MATCH_ALL "0100ffff"), 0);
	assert_true(req.absent);
	assert_int_equal(get_stats("00000000"), 0);
	assert_int_equal(get_stats("00030000"), 0);
	assert_int_equal(get_stats("00040000ffff000000000000"), 0);
	assert_int_equal(req.port, CVSW_PORT_NONE);
	assert_int_equal(get_stats("00050000fffc0000ffffffff"), 0);
	assert_int_equal(req.port, CVSW_PORT_ALL);
	assert_int_equal(req.queue, CVSW_OFP_QUEUE_ALL);
}

static void test_stats_refused(void **state)
{
	static const u8 body[] = { 0, 44, 44, 0, 8, 8 };
	u32 type, len;
	int ret;

	refused(get_stats("00060000"), 1, 2);
	refused(get_stats("00060000" ZERO8), 1, 2);
	refused(get_stats("fffe0000"), 1, 2);
	refused(get_stats("ffff0000"), 1, 6);
	refused(get_stats("ffff0000000000"), 1, 6);
	refused(get_stats("ffff000000112233"), 1, 3);
	refused(get_stats("ffff000000002320"), 1, 6);
	refused(get_stats("ffff00000000232000000000"), 1, 6);
	refused(get_stats("ffff000000002320" ZERO8), 1, 6);
	refused(get_stats("ffff0000000023200000000200000000"), 1, 4);
	for (type = 0; type < ARRAY_SIZE(body); type++)
		for (len = 0; len < 72; len++) {
			memset(bytes, 0, sizeof(bytes));
			put_unaligned_be16((u16)type, bytes + 8);
			ret = cvsw_of10_stats_get(bytes, len, &req, &err);
			if (len == 12u + body[type])
				assert_int_equal(ret, 0);
			else
				refused(ret, 1, 6);
		}
}

static void test_stats_port(void **state)
{
	struct cvsw_port_info info = known_port();
	u32 len = test_hex(STATS_REPLY_PORT, bytes, sizeof(bytes));

	assert_int_equal(len, 116);
	info.stats = (struct cvsw_port_stats){
		.rx_packets = 1, .tx_packets = 2, .rx_bytes = 3, .tx_bytes = 4,
		.rx_dropped = 5, .tx_dropped = 6, .rx_errors = 7,
		.tx_errors = 8,
	};
	assert_int_equal(cvsw_of10_stats_put(4, 10, back, 12), 12);
	assert_int_equal(cvsw_of10_port_stats_put(&info, back + 12, 104), 104);
	cvsw_of10_stats_end(back, 116, false);
	memset(bytes + 84, 0xff, 32);	/* what we do not count */
	assert_memory_equal(back, bytes, len);
	cvsw_of10_stats_end(back, 116, true);
	assert_int_equal(get_unaligned_be16(back + 10), 1);
	assert_int_equal(cvsw_of10_stats_put(4, 10, back, 11), -EMSGSIZE);
	assert_int_equal(cvsw_of10_port_stats_put(&info, back, 103), -EMSGSIZE);
}

static void test_stats_desc(void **state)
{
	struct cvsw_of10_desc desc = { "mfr", "hw", "sw", "serial", "dp" };
	static char longer[400];

	memset(back, 0xff, sizeof(back));
	assert_int_equal(cvsw_of10_desc_put(&desc, back, 1056), 1056);
	assert_string_equal((char *)back, "mfr");
	assert_string_equal((char *)back + 256, "hw");
	assert_string_equal((char *)back + 512, "sw");
	assert_string_equal((char *)back + 768, "serial");
	assert_string_equal((char *)back + 800, "dp");
	assert_int_equal(back[1055], 0);
	assert_int_equal(back[1056], 0xff);
	memset(longer, 'x', sizeof(longer) - 1);
	desc.serial = desc.mfr = longer;
	cvsw_of10_desc_put(&desc, back, 1056);
	assert_int_equal(strlen((char *)back), 255);
	assert_int_equal(strlen((char *)back + 768), 31);
	assert_int_equal(cvsw_of10_desc_put(&desc, back, 1055), -EMSGSIZE);
}

static void test_stats_entries(void **state)
{
	const struct cvsw_table_stats table = {
		.flows = 3, .max_flows = 0x10000, .lookups = 5, .matched = 4,
	};
	const struct cvsw_of10_queue_stats queue = {
		.queue = 7, .port = 2, .tx_bytes = 1, .tx_packets = 2,
		.tx_errors = 3,
	};

	PUT_IS("0000000000000001" "0000000000000002" "0000000300000000",
	       cvsw_of10_aggregate_put, 1, 2, 3);
	PUT_IS("00000000666c6f7773" "000000" ZERO16 ZERO8 "003fffff00010000"
	       "00000003" "0000000000000005" "0000000000000004",
	       cvsw_of10_table_stats_put, &table);
	PUT_IS("0002000000000007" "0000000000000001" "0000000000000002"
	       "0000000000000003", cvsw_of10_queue_stats_put, &queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_check_known),
		cmocka_unit_test(test_check_lengths),
		cmocka_unit_test(test_check_version),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_packet_out),
		cmocka_unit_test(test_packet_out_in_port),
		cmocka_unit_test(test_packet_out_refused),
		cmocka_unit_test(test_port_mod),
		cmocka_unit_test(test_vendor),
		cmocka_unit_test(test_queue_config),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_packet_in),
		cmocka_unit_test(test_port_status),
		cmocka_unit_test(test_stats_requests),
		cmocka_unit_test(test_stats_refused),
		cmocka_unit_test(test_stats_port),
		cmocka_unit_test(test_stats_desc),
		cmocka_unit_test(test_stats_entries),
	};

	return cmocka_run_group_tests_name("of10_msg", tests, NULL, NULL);
}

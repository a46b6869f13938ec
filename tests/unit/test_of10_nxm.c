// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Nicira's extensions of OpenFlow 1.0: matches of NXM, which are as ovs-ofctl
 * wrote them, flow-mods, statistics, and the messages about all that.
 */

#include <cvsw/text.h>

#include "of10.h"
#include "of10_vectors.h"
#include "match.h"
#include "util.h"

static u8 bytes[70000], back[70000];
static struct cvsw_of10_error err;
static struct cvsw_action acts[CVSW_ACTIONS_MAX];

static void refused(int ret, u16 type, u16 code, const char *what)
{
	assert_int_equal(ret, -EINVAL);
	if (err.type != type || err.code != code)
		fail_msg("%s: (%u,%u) %s, not (%u,%u)", what, err.type,
			 err.code, err.text, type, code);
	assert_non_null(err.text);
}

/* from memory of its own, so that an overrun is noticed */
static void *tight_copy(u32 len)
{
	u8 *tight = test_malloc(len ? len : 1);

	memcpy(tight, bytes, len);
	return tight;
}

/* Matches */

static int get(const char *hex, struct cvsw_match *match, u64 *cookie,
	       u64 *mask)
{
	u32 len = test_hex(hex, bytes, sizeof(bytes));
	u8 *tight = tight_copy(len);
	int ret = cvsw_of10_nxm_get(tight, len, match, cookie, mask, &err);

	test_free(tight);
	return ret;
}

static struct cvsw_match match_of(const char *text)
{
	static struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_flow_mod mod;

	assert_int_equal(cvsw_text_mod_parse(text, CVSW_FLOW_DEL, 0, NULL, &mod,
					     acts, CVSW_ACTIONS_MAX, opts,
					     NULL), 0);
	return mod.flow.match;
}

static void test_both_ways(void **state)
{
	static const struct {
		const char *text, *hex;
	} t[] = {
		{ "", "" },
		{ "in_port=1", "000000020001" },
		{ "in_port=LOCAL", "00000002fffe" },
		{ "dl_src=02:00:00:00:00:01", "00000406020000000001" },
		{ "dl_dst=01:00:00:00:00:00/01:00:00:00:00:00",
		  "0000030c010000000000010000000000" },
		{ "dl_type=0x88cc", "0000060288cc" },
		{ "dl_type=0x05ff", "0000060205ff" },
		{ "vlan_tci=0", "000008020000" },
		{ "dl_vlan=5", "0000090410051fff" },
		{ "dl_vlan_pcp=3", "000009047000f000" },
		{ "dl_vlan=5,dl_vlan_pcp=3", "000008027005" },
		{ "vlan_tci=0x1000/0x1000", "0000090410001000" },
		{ "ip,nw_src=10.0.0.0/8,nw_dst=10.1.2.3",
		  "00000602080000000f080a000000ff000000000010040a010203" },
		{ "ip,nw_src=10.0.1.0/255.0.255.0",
		  "00000602080000000f080a000100ff00ff00" },
		{ "ip,nw_tos=184", "00000602080000000a01b8" },
		{ "ip,nw_proto=47", "00000602080000000c012f" },
		{ "ipv6,ipv6_src=fe80::/10,ipv6_dst=::1",
		  "0000060286dd"
		  "00012720fe800000000000000000000000000000ffc0000000000000"
		  "00000000000000000001281000000000000000000000000000000001" },
		{ "tcp,tp_src=80,tp_dst=0x50/0xfff0",
		  "00000602080000000c0106000012020050000015040050fff0" },
		{ "tcp6,tp_dst=443",
		  "0000060286dd00000c01060000140201bb" },
		{ "udp,tp_src=53,tp_dst=53",
		  "00000602080000000c0111000016020035000018020035" },
		{ "sctp,tp_src=1,tp_dst=2",
		  "00000602080000000c0184800022020001800024020002" },
		{ "icmp,icmp_type=8,icmp_code=0",
		  "00000602080000000c010100001a010800001c0100" },
		{ "icmp6,icmp_type=135,icmp_code=0",
		  "0000060286dd00000c013a00012a018700012c0100" },
		{ "arp,arp_op=2,arp_spa=1.2.3.4,arp_tpa=1.2.0.0/16",
		  "00000602080600001e0200020000200401020304"
		  "0000230801020000ffff0000" },
		{ "ip,ip_frag=no", "0000060208000001340100" },
		{ "ip,ip_frag=yes", "000006020800000135020101" },
		{ "ip,ip_frag=first", "0000060208000001340101" },
		{ "ip,ip_frag=later", "0000060208000001340103" },
		{ "ip,ip_frag=not_later", "000006020800000135020002" },
		{ "tun_id=5", "000120080000000000000005" },
		{ "tun_id=0x100/0xff00",
		  "000121100000000000000100000000000000ff00" },
		{ "tun_id=5,in_port=1,tcp,dl_vlan=7,nw_src=1.2.3.4,nw_tos=4,ip_frag=no,tp_dst=80",
		  "0000000200010000060208000000090410071fff00000e0401020304"
		  "000134010000000a010400000c0106000014020050"
		  "000120080000000000000005" },
	};
	struct cvsw_match match, want;
	u64 cookie, mask;
	bool whole = true;
	u32 len, room;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		if (get(t[i].hex, &match, &cookie, &mask))
			fail_msg("%s: %s", t[i].text, err.text);
		want = match_of(t[i].text);
		if (!cvsw_match_equal(&match, &want))
			fail_msg("%s: another match", t[i].text);
		assert_true(!cookie && !mask);
		len = (u32)strlen(t[i].hex) / 2;
		for (room = 0; room < ALIGN(len, 8); room++)
			assert_int_equal(cvsw_of10_nxm_put(&match, back, room,
							   &whole), -EMSGSIZE);
		memset(back, 0xff, sizeof(back));
		assert_int_equal(cvsw_of10_nxm_put(&match, back, room, &whole),
				 len);
		assert_memory_equal(back, bytes, len);
		for (; len < room; len++)
			assert_int_equal(back[len], 0);
		assert_int_equal(back[len], 0xff);
	}
	assert_true(whole);
}

#define TYPE_IP		"000006020800"
#define TYPE_IPV6	"0000060286dd"
#define TYPE_ARP	"000006020806"
#define TCP		"00000c0106"
#define ICMP		"00000c0101"
#define ICMPV6		"00000c013a"

/* masks that are all or nothing, and what follows from other bits */
static void test_read_as(void **state)
{
	static const struct {
		const char *hex, *text;
	} t[] = {
		{ "00000104" "0003ffff", "in_port=3" },
		{ "00000104" "00000000", "" },
		{ "0000050c" "020000000001ffffffffffff",
		  "dl_src=02:00:00:00:00:01" },
		{ "0000050c" ZERO8 ZERO4, "" },
		{ "00000704" "0800ffff" "00000f08" "00000000" "00000000", "ip" },
		{ TYPE_IP "00000d02" "06ff" "000012020050", "tcp,tp_src=80" },
		{ TYPE_IP "00000d02" "0000", "ip" },
		{ TYPE_IP "00000b02" "b8ff", "ip,nw_tos=184" },
		{ TYPE_IP "00013502" "01ff", "ip,ip_frag=first" },
		{ TYPE_IP "00013502" "0202", "ip,ip_frag=later" },
		{ TYPE_IP "00013502" "00fc", "ip" },
		{ TYPE_IP ICMP "00001b02" "08ff", "icmp,icmp_type=8" },
		{ TYPE_ARP "00001f04" "0001ffff", "arp,arp_op=1" },
		{ TYPE_ARP "00001e02" "00ff", "arp,arp_op=255" },
		{ "00000904" "00050fff", "dl_vlan=5" },
		{ "00000904" "0000ffff", "vlan_tci=0" },
		{ "00012110" ZERO8 "ffffffffffffffff", "tun_id=0" },
		/* a field that asks for nothing may be there twice */
		{ "00000104" "00000000" "000000020001", "in_port=1" },
		/* whatever the order */
		{ "000120080000000000000005" "000000020001",
		  "in_port=1,tun_id=5" },
	};
	struct cvsw_match match, want;
	u64 cookie, mask;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		if (get(t[i].hex, &match, &cookie, &mask))
			fail_msg("%s: %s", t[i].hex, err.text);
		want = match_of(t[i].text);
		if (!cvsw_match_equal(&match, &want))
			fail_msg("%s: not %s", t[i].hex, t[i].text);
	}
}

static void test_match_refused(void **state)
{
	static const struct {
		const char *hex;
		u16 type, code;
	} t[] = {
		/* lengths */
		{ "00", 1, 6 },
		{ "000000", 1, 6 },
		{ "00000002", 1, 6 },
		{ "0000000200", 1, 6 },
		{ "0000000400000001", 1, 6 },
		{ "00000000", 1, 6 },
		{ "000001020001", 1, 6 },
		{ "0000010300010000", 1, 6 },
		{ "0000010600010001ffff", 1, 6 },
		{ "000000020001" "00", 1, 6 },
		{ "000120040000" "0005", 1, 6 },
		{ "ffff00", 1, 6 },
		/* fields that there are not, or that we have not */
		{ "0000240400000000", 3, 5 },
		{ "0001000400000000", 3, 5 },		/* reg0 */
		{ TYPE_ARP "00012206020000000001", 3, 5 }, /* arp_sha */
		{ TYPE_ARP "00012406020000000001", 3, 5 }, /* arp_tha */
		{ TYPE_IPV6 ICMPV6 "00012a0187"		/* nd_target */
		  "00012e10" ZERO16, 3, 5 },
		{ TYPE_IPV6 "0001360400000001", 3, 5 },	/* label */
		{ TYPE_IP "00013801" "01", 3, 5 },	/* ECN */
		{ TYPE_IP "00013a01" "40", 3, 5 },	/* TTL */
		{ TYPE_IP TCP "000144020002", 3, 5 },	/* tcp_flags */
		{ "8000000400000001", 3, 5 },		/* in_port of OXM */
		{ "ffff000400002320", 3, 5 },		/* experimenter */
		/* prerequisites */
		{ "00000a0108", 3, 5 },
		{ "00000c0106", 3, 5 },
		{ "00000e040a000001", 3, 5 },
		{ "00012610" ZERO16, 3, 5 },
		{ "00013401" "00", 3, 5 },
		{ "00001e020001", 3, 5 },
		{ "000020040a000001", 3, 5 },
		{ "0000060288cc" "00000c0106", 3, 5 },
		{ TYPE_ARP "00000c0106", 3, 5 },
		{ TYPE_ARP "00000e040a000001", 3, 5 },
		{ TYPE_IP "00001e020001", 3, 5 },
		{ TYPE_IP "00012610" ZERO16, 3, 5 },
		{ TYPE_IPV6 "00000e040a000001", 3, 5 },
		{ "000006028035" "00001e020001", 3, 5 },	/* RARP */
		{ TYPE_IP "000012020050", 3, 5 },
		{ TYPE_IP TCP "000016020050", 3, 5 },
		{ TYPE_IP TCP "00001a0108", 3, 5 },
		{ TYPE_IP TCP "800022020050", 3, 5 },
		{ TYPE_IP ICMPV6 "00012a0187", 3, 5 },
		{ TYPE_IPV6 ICMP "00001a0108", 3, 5 },
		{ TYPE_IPV6 ICMPV6 "00001a0108", 3, 5 },
		{ TCP TYPE_IP, 3, 5 },
		{ "00001304" "00000000", 3, 5 },
		{ TYPE_IP "00013401" "03" TCP "000012020050", 3, 5 },
		/* twice */
		{ "000000020001" "000000020001", 3, 5 },
		{ "000120080000000000000005" "000121100000000000000000"
		  "0000000000000001", 3, 5 },
		{ "00013c080000000000000005" "00013c080000000000000005", 3, 5 },
		/* masks and values */
		{ "000001040001fff0", 3, 5 },
		{ "000001040001ff0f", 3, 5 },
		{ "0000050c" "020000000001fffffffffffe", 3, 5 },
		{ "00000704" "0800ff00", 3, 5 },
		{ TYPE_IP "00000b02" "b8fc", 3, 5 },
		{ TYPE_IP "00000a01" "b9", 3, 5 },
		{ TYPE_IP "00000d02" "060f", 3, 5 },
		{ TYPE_IP "00000d02" "0406", 3, 5 },
		{ TYPE_IP "00013401" "04", 3, 5 },
		{ TYPE_IP "00013502" "0404", 3, 5 },
		{ TYPE_IP ICMP "00001b02" "080f", 3, 5 },
		{ TYPE_ARP "00001e02" "0101", 3, 5 },
		{ TYPE_ARP "00001f04" "000100ff", 3, 5 },
		/* what no frame is */
		{ "000008020005", 3, 5 },
		{ "00000904" "00051fff", 3, 5 },
		{ TYPE_IP "00013401" "02", 3, 5 },
	};
	struct cvsw_match match;
	u64 cookie, mask;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		refused(get(t[i].hex, &match, &cookie, &mask), t[i].type,
			t[i].code, t[i].hex);
}

static void test_cookie(void **state)
{
	struct cvsw_match match;
	u64 cookie, mask;

	assert_int_equal(get("00013c0800000000000000ff" "000000020001", &match,
			     &cookie, &mask), 0);
	assert_true(cookie == 0xff && mask == ~0ull);
	assert_int_equal(match.value.in_port, 1);
	assert_int_equal(get("00013d100000000000000001" "000000000000000f",
			     &match, &cookie, &mask), 0);
	assert_true(cookie == 1 && mask == 0xf);
	assert_int_equal(get("00013d10" ZERO16, &match, &cookie, &mask), 0);
	assert_true(!cookie && !mask);
	refused(get("00013d100000000000000001" ZERO8, &match, &cookie, &mask),
		3, 5, "cookie beyond its mask");
}

/* what is left out is not said to be all */
static void test_not_whole(void **state)
{
	struct cvsw_match t[7];
	bool whole;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		t[i] = match_of(i < 4 ? "tcp" : i < 6 ? "icmp" : "arp");
	t[0].mask.in_port = 0xff00;
	t[1].mask.nw_tos = 0x80;
	t[2].mask.nw_proto = 0x0e;
	t[3].mask.dl_type = cpu_to_be16(0xff00);
	t[4].mask.tp_src = cpu_to_be16(0xff0f);
	t[5].mask.tp_src = cpu_to_be16(0xffff);
	t[5].value.tp_src = cpu_to_be16(0x108);
	t[6].mask.nw_proto = 0x01;
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		cvsw_match_normalize(&t[i]);
		whole = true;
		assert_true(cvsw_of10_nxm_put(&t[i], back, sizeof(back),
					      &whole) >= 0);
		assert_false(whole);
		assert_true(cvsw_of10_nxm_put(&t[i], back, sizeof(back),
					      NULL) >= 0);
	}
}

/* Flow-mods */

#define NX_HEAD(len, subtype)	"0104" len "00000001" "00002320" subtype

/* cookie 0x1122, idle 60, priority 0x8000, flags 1 */
#define NX_SPEC(command, buffer)					\
	"0000000000001122" command "003c0000" "8000" buffer "ffff0001"
#define NX_ADD								\
	NX_HEAD("0048", "0000000d") NX_SPEC("0000", "ffffffff")		\
	"000c" ZERO4 "0000" "000120080000000000000005" ZERO4		\
	"0000000800020000"

static struct cvsw_flow_mod mod;

static int get_mod(u32 len, bool table_id)
{
	u8 *tight = tight_copy(len);
	int ret;

	memset(&mod, 0xa5, sizeof(mod));
	ret = cvsw_of10_flow_mod_get(tight, len, table_id, &mod, acts, &err);
	test_free(tight);
	return ret;
}

static int get_mod_hex(const char *hex)
{
	return get_mod(test_hex(hex, bytes, sizeof(bytes)), false);
}

static void test_flow_mod(void **state)
{
	const struct cvsw_match want = match_of("tun_id=5");
	u32 len = test_hex(NX_ADD, bytes, sizeof(bytes)), i;

	assert_int_equal(len, 72);
	assert_int_equal(get_mod(len, false), 0);
	assert_int_equal(mod.cmd, CVSW_FLOW_ADD);
	assert_int_equal(mod.out_port, CVSW_PORT_NONE);
	assert_int_equal(mod.cookie_mask, 0);
	assert_int_equal(mod.flow.cookie, 0x1122);
	assert_int_equal(mod.flow.idle_timeout, 60);
	assert_int_equal(mod.flow.priority, 0x8000);
	assert_int_equal(mod.flow.flags, CVSW_FLOW_F_SEND_REM);
	assert_int_equal(mod.flow.n_actions, 1);
	assert_ptr_equal(mod.flow.actions, acts);
	assert_int_equal(acts[0].output.port, 2);
	assert_true(cvsw_match_equal(&mod.flow.match, &want));
	/* 64: without actions */
	for (i = 0; i < len; i++)
		if (i != 64)
			refused(get_mod(i, false), 1, 6, "cut");
	assert_int_equal(get_mod(64, false), 0);
	assert_int_equal(mod.flow.n_actions, 0);
}

/* the upper half of a command, of either form */
static void test_table_id(void **state)
{
	static const char *const forms[] = { NX_ADD, FLOW_MOD_ADD };
	static const u32 at[] = { 24, 56 };
	u32 i, len;

	for (i = 0; i < 2; i++) {
		len = test_hex(forms[i], bytes, sizeof(bytes));
		assert_int_equal(get_mod(len, true), 0);
		bytes[at[i]] = 0xff;
		bytes[at[i] + 1] = 3;
		assert_int_equal(get_mod(len, true), 0);
		assert_int_equal(mod.cmd, CVSW_FLOW_DEL);
		refused(get_mod(len, false), 3, 4, "no table ids");
		bytes[at[i]] = 1;
		refused(get_mod(len, true), 3, 5, "table 1");
		bytes[at[i]] = 0;
		bytes[at[i] + 1] = 5;
		refused(get_mod(len, true), 3, 4, "command");
	}
}

#define NX_BARE(command, match)						\
	NX_HEAD("0030", "0000000d") NX_SPEC(command, "ffffffff")	\
	match ZERO4 "0000"
#define COOKIE_5 "00013c080000000000000005" ZERO4

static void test_flow_mod_cookies(void **state)
{
	assert_int_equal(get_mod_hex(NX_BARE("0003", "000c") COOKIE_5), 0);
	assert_int_equal(mod.cmd, CVSW_FLOW_DEL);
	assert_true(mod.flow.cookie == 5 && mod.cookie_mask == ~0ull);
	assert_int_equal(mod.out_port, CVSW_PORT_NONE);
	refused(get_mod_hex(NX_BARE("0000", "000c") COOKIE_5), 3, 5, "add");
	refused(get_mod_hex(NX_BARE("0001", "000c") COOKIE_5), 3, 5,
		"one to ask for, one to set");
	assert_int_equal(get_mod_hex(NX_HEAD("0040", "0000000d")
				     "ffffffffffffffff" "0001" "00000000"
				     "8000" "ffffffffffff0000" "000c" ZERO4
				     "0000" COOKIE_5), 0);
	assert_int_equal(mod.cmd, CVSW_FLOW_MOD);
	assert_true(mod.flow.cookie == 5 && mod.cookie_mask == ~0ull);
}

static void test_flow_mod_refused(void **state)
{
	static const struct {
		const char *hex;
		u16 type, code;
	} t[] = {
		{ NX_BARE("0000", "0001"), 1, 6 },
		{ NX_BARE("0000", "ffff"), 1, 6 },
		{ NX_BARE("0000", "0004") ZERO8, 1, 6 },
		{ NX_BARE("0009", "0000"), 3, 4 },
		{ NX_BARE("0100", "0000"), 3, 4 },
		{ NX_BARE("0000", "0000") "0000", 1, 6 },
		{ NX_BARE("0000", "0000") "0000000800000000", 2, 4 },
		{ NX_BARE("0003", "0000") "000c000800000000", 2, 0 },
		{ NX_BARE("0000", "0007") "0000060288cc" "0000", 1, 6 },
		{ NX_BARE("0000", "0005") "00000a0108000000", 3, 5 },
		{ NX_HEAD("0030", "0000000d") NX_SPEC("0000", "00000005")
		  "0000" ZERO4 "0000", 1, 8 },
		{ NX_HEAD("0030", "0000000e") NX_SPEC("0000", "ffffffff")
		  "0000" ZERO4 "0000", 1, 4 },
		{ "0104003000000001" "00112233" "0000000d"
		  NX_SPEC("0000", "ffffffff") "0000" ZERO4 "0000", 1, 4 },
		/* emergency flows */
		{ NX_HEAD("0030", "0000000d") ZERO8 ZERO8
		  "ffffffffffff0004" "0000" ZERO4 "0000", 3, 0 },
		{ NX_HEAD("0030", "0000000d") ZERO8 "0000000100000000"
		  "ffffffffffff0004" "0000" ZERO4 "0000", 3, 3 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		refused(get_mod_hex(t[i].hex), t[i].type, t[i].code, t[i].hex);
	/* which buffer does not matter to a delete */
	assert_int_equal(get_mod_hex(NX_HEAD("0030", "0000000d")
				     NX_SPEC("0003", "00000005")
				     "0000" ZERO4 "0000"), 0);
}

/* Statistics */

static struct cvsw_of10_stats_request req;

static int get_stats(const char *hex)
{
	u32 len = test_hex(hex, bytes, sizeof(bytes));
	u8 *tight = tight_copy(len);
	int ret;

	memset(&req, 0xa5, sizeof(req));
	ret = cvsw_of10_stats_get(tight, len, &req, &err);
	test_free(tight);
	return ret;
}

#define NX_STATS(len, subtype)						\
	"0110" len "00000004" "ffff0000" "00002320" subtype ZERO4

static void test_stats_requests(void **state)
{
	const struct cvsw_match all = {}, tun = match_of("tun_id=5");

	assert_int_equal(get_stats(NX_STATS("0020", "00000000")
				   "ffff0000ff000000"), 0);
	assert_int_equal(req.type, CVSW_OFP_STATS_FLOW);
	assert_true(req.nxm && !req.absent);
	assert_int_equal(req.filter.cmd, CVSW_FLOW_DEL);
	assert_int_equal(req.filter.out_port, CVSW_PORT_NONE);
	assert_true(cvsw_match_equal(&req.filter.flow.match, &all));
	assert_int_equal(req.filter.cookie_mask, 0);
	assert_int_equal(get_stats(NX_STATS("0040", "00000001")
				   "0003" "0018" "01000000"
				   "000120080000000000000005"
				   "00013c080000000000000007"), 0);
	assert_int_equal(req.type, CVSW_OFP_STATS_AGGREGATE);
	assert_true(req.nxm && req.absent);
	assert_int_equal(req.filter.out_port, 3);
	assert_true(cvsw_match_equal(&req.filter.flow.match, &tun));
	assert_true(req.filter.flow.cookie == 7);
	assert_true(req.filter.cookie_mask == ~0ull);
}

static void test_stats_refused(void **state)
{
	static const struct {
		const char *hex;
		u16 type, code;
	} t[] = {
		{ "0110001c00000004" "ffff0000" "00112233" ZERO8, 1, 3 },
		{ "0110001400000004" "ffff0000" "00002320" "00000000", 1, 6 },
		{ NX_STATS("0018", "00000000"), 1, 6 },
		{ NX_STATS("0018", "00000002"), 1, 4 },
		{ NX_STATS("001f", "00000000") "ffff0000ff0000", 1, 6 },
		{ NX_STATS("0028", "00000000") "ffff0000ff000000" ZERO8, 1, 6 },
		{ NX_STATS("0020", "00000000") "ffff0001ff000000", 1, 6 },
		{ NX_STATS("0028", "00000000") "ffff0004ff000000" ZERO8, 1, 6 },
		{ NX_STATS("0028", "00000000") "ffff0005ff000000"
		  "00000a0108000000", 1, 4 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		refused(get_stats(t[i].hex), t[i].type, t[i].code, t[i].hex);
}

static struct cvsw_flow known_flow(void)
{
	static const struct cvsw_action out = { .output = { .port = 2 } };

	return (struct cvsw_flow){
		.match = match_of("tun_id=5"), .cookie = 0x1122, .packets = 10,
		.bytes = 640, .age_ns = 61500000000, .idle_ns = 2500000000,
		.priority = 0x8000, .idle_timeout = 60, .hard_timeout = 70,
		.n_actions = 1, .actions = &out,
	};
}

/* what @put writes is @hex; it needs all of that room, and says whether it is
 * whole */
#define PUT_IS(hex, put) do {						\
	u32 room, len = test_hex(hex, bytes, sizeof(bytes));		\
									\
	for (room = 0; room < len; room++)				\
		assert_int_equal(put, -EMSGSIZE);			\
	memset(back, 0xff, sizeof(back));				\
	assert_int_equal(put, len);					\
	assert_memory_equal(back, bytes, len);				\
} while (0)

static void test_flow_stats_put(void **state)
{
	struct cvsw_flow flow = known_flow();
	struct cvsw_opt_match opt = {};
	bool whole = true;

	PUT_IS("0048" "0000" "0000003d" "1dcd6500" "8000" "003c" "0046" "000c"
	       "0003" "0000" "0000000000001122" "000000000000000a"
	       "0000000000000280" "000120080000000000000005" ZERO4
	       "0000000800020000",
	       cvsw_of10_nx_flow_stats_put(&flow, back, room, &whole));
	assert_true(whole);
	flow.idle_ns = ~0ull;
	flow.n_opts = 1;
	flow.opts = &opt;
	assert_int_equal(cvsw_of10_nx_flow_stats_put(&flow, back, sizeof(back),
						     &whole), 72);
	assert_false(whole);
	assert_int_equal(get_unaligned_be16(back + 20), 0xffff);
	PUT_IS("0111000c00000009" "ffff0000" "00002320" "00000000" ZERO4,
	       cvsw_of10_nx_stats_put(CVSW_OFP_STATS_FLOW, 9, back, room));
	PUT_IS("0111000c00000009" "ffff0000" "00002320" "00000001" ZERO4,
	       cvsw_of10_nx_stats_put(CVSW_OFP_STATS_AGGREGATE, 9, back, room));
	cvsw_of10_stats_end(back, 24, true);
	assert_memory_equal(back, "\1\21\0\30\0\0\0\11\377\377\0\1", 12);
}

static void test_flow_removed_put(void **state)
{
	struct cvsw_flow flow = known_flow();
	bool whole = true;

	PUT_IS("01040048" ZERO4 "00002320" "0000000e" "0000000000001122"
	       "8000" "01" "01" "0000003d" "1dcd6500" "003c" "000c"
	       "000000000000000a" "0000000000000280"
	       "000120080000000000000005" ZERO4,
	       cvsw_of10_nx_flow_removed_put(&flow, CVSW_REMOVED_HARD, back,
					     room, &whole));
	assert_true(whole);
}

static void test_packet_in_put(void **state)
{
	static u8 frame[CVSW_OFP_MSG_MAX];
	struct cvsw_packet_in info = {
		.reason = CVSW_PACKET_IN_ACTION, .in_port = 3, .total_len = 100,
		.cookie = 0x1122, .tun_id = cpu_to_be64(5),
	};

	PUT_IS("01040047" ZERO4 "00002320" "00000011" "ffffffff" "0064" "01"
	       "00" "0000000000001122" "0012" ZERO4 "0000" "000000020003"
	       "000120080000000000000005" ZERO4 "0000" "0000" "616263"
	       "6465", cvsw_of10_nx_packet_in_put(&info, "abcde", 5, back, room));
	info.tun_id = 0;
	PUT_IS("01040032" ZERO4 "00002320" "00000011" "ffffffff" "0064" "01"
	       "00" "0000000000001122" "0006" ZERO4 "0000" "000000020003"
	       "0000" "0000",
	       cvsw_of10_nx_packet_in_put(&info, NULL, 0, back, room));
	/* as many bytes as a message can have */
	assert_int_equal(cvsw_of10_nx_packet_in_put(&info, frame, sizeof(frame),
						    back, sizeof(back)),
			 CVSW_OFP_MSG_MAX);
}

/* Messages */

/* a vendor message of @subtype in bytes, with @len bytes */
static void nx(u32 subtype)
{
	memset(bytes, 0, 256);
	test_hex(NX_HEAD("0000", "00000000"), bytes, sizeof(bytes));
	put_unaligned_be32(subtype, bytes + 12);
}

static void test_vendor(void **state)
{
	static const struct {
		u32 subtype, len;
	} t[] = {
		{ CVSW_OFP_NX_ROLE_REQUEST, 20 },
		{ CVSW_OFP_NX_SET_FLOW_FORMAT, 20 },
		{ CVSW_OFP_NX_FLOW_MOD_TABLE_ID, 24 },
		{ CVSW_OFP_NX_SET_PACKET_IN_FORMAT, 20 },
		{ CVSW_OFP_NX_FLOW_AGE, 16 },
		{ CVSW_OFP_NX_SET_ASYNC_CONFIG, 40 },
		{ CVSW_OFP_NX_SET_CONTROLLER_ID, 24 },
	};
	static const u32 unknown[] = {
		0, 9, CVSW_OFP_NX_ROLE_REPLY, CVSW_OFP_NX_FLOW_REMOVED,
		CVSW_OFP_NX_PACKET_IN, 21, 0xffffffff,
	};
	u32 subtype, len;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(t); i++)
		for (len = 0; len < 48; len++) {
			nx(t[i].subtype);
			if (len != t[i].len) {
				refused(cvsw_of10_vendor_get(bytes, len,
					&subtype, &err), 1, 6, "length");
				continue;
			}
			assert_int_equal(cvsw_of10_vendor_get(bytes, len,
					 &subtype, &err), 0);
			assert_int_equal(subtype, t[i].subtype);
		}
	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		nx(unknown[i]);
		refused(cvsw_of10_vendor_get(bytes, 40, &subtype, &err), 1, 4,
			"subtype");
	}
	nx(CVSW_OFP_NX_FLOW_MOD);
	refused(cvsw_of10_vendor_get(bytes, 47, &subtype, &err), 1, 6, "short");
	assert_int_equal(cvsw_of10_vendor_get(bytes, 200, &subtype, &err), 0);
}

static void test_formats(void **state)
{
	bool nxm;

	nx(CVSW_OFP_NX_SET_FLOW_FORMAT);
	assert_int_equal(cvsw_of10_flow_format_get(bytes, 20, &nxm, &err), 0);
	assert_false(nxm);
	bytes[19] = 2;
	assert_int_equal(cvsw_of10_flow_format_get(bytes, 20, &nxm, &err), 0);
	assert_true(nxm);
	bytes[19] = 1;
	refused(cvsw_of10_flow_format_get(bytes, 20, &nxm, &err), 1, 5, "flow");
	refused(cvsw_of10_packet_in_format_get(bytes, 20, &nxm, &err), 1, 4,
		"another subtype");
	nx(CVSW_OFP_NX_SET_PACKET_IN_FORMAT);
	assert_int_equal(cvsw_of10_packet_in_format_get(bytes, 20, &nxm, &err),
			 0);
	assert_false(nxm);
	bytes[19] = 1;
	assert_int_equal(cvsw_of10_packet_in_format_get(bytes, 20, &nxm, &err),
			 0);
	assert_true(nxm);
	bytes[19] = 2;
	refused(cvsw_of10_packet_in_format_get(bytes, 20, &nxm, &err), 1, 5,
		"packet-in");
	nx(CVSW_OFP_NX_FLOW_MOD_TABLE_ID);
	assert_int_equal(cvsw_of10_table_id_get(bytes, 24, &nxm, &err), 0);
	assert_false(nxm);
	bytes[16] = 1;
	assert_int_equal(cvsw_of10_table_id_get(bytes, 24, &nxm, &err), 0);
	assert_true(nxm);
}

static void test_async(void **state)
{
	struct cvsw_of10_async async;
	u32 i;

	nx(CVSW_OFP_NX_SET_ASYNC_CONFIG);
	for (i = 0; i < 6; i++)
		bytes[19 + 4 * i] = (u8)(i + 1);
	assert_int_equal(cvsw_of10_async_get(bytes, 40, &async, &err), 0);
	assert_int_equal(async.packet_in[0], 1);
	assert_int_equal(async.packet_in[1], 2);
	assert_int_equal(async.port_status[0], 3);
	assert_int_equal(async.port_status[1], 4);
	assert_int_equal(async.flow_removed[0], 5);
	assert_int_equal(async.flow_removed[1], 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_read_as),
		cmocka_unit_test(test_match_refused),
		cmocka_unit_test(test_cookie),
		cmocka_unit_test(test_not_whole),
		cmocka_unit_test(test_flow_mod),
		cmocka_unit_test(test_table_id),
		cmocka_unit_test(test_flow_mod_cookies),
		cmocka_unit_test(test_flow_mod_refused),
		cmocka_unit_test(test_stats_requests),
		cmocka_unit_test(test_stats_refused),
		cmocka_unit_test(test_flow_stats_put),
		cmocka_unit_test(test_flow_removed_put),
		cmocka_unit_test(test_packet_in_put),
		cmocka_unit_test(test_vendor),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_async),
	};

	return cmocka_run_group_tests_name("of10_nxm", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The anti-spoof preset: each case is a frame, edited, and its fate. */

#include "util.h"

#include "antispoof.h"
#include "key.h"

#define ALL	CVSW_ANTISPOOF_MASK
#define MAC	CVSW_ANTISPOOF_MAC
#define IPV4	CVSW_ANTISPOOF_IPV4
#define IPV6	CVSW_ANTISPOOF_IPV6

#define OWN_MAC		{ 2, 0, 0, 0, 0, 1 }
#define OTHER_MAC	{ 2, 0, 0, 0, 0, 9 }
#define OWN_6		{ 0xfd, [15] = 1 }
#define OTHER_6		{ 0xfd, [15] = 9 }
#define LINK_LOCAL	{ 0xfe, 0x80, [11] = 0xff, [12] = 0xfe, [15] = 1 }
#define OTHER_LOCAL	{ 0xfe, 0x80, [11] = 0xff, [12] = 0xfe, [15] = 9 }
#define ANY_6		{ 0 }

/* the preset of all cases; test_build()'s own addresses are allowed */
static const struct cvsw_antispoof preset = {
	.checks = ALL,
	.n_ipv4 = 2,
	.n_ipv6 = 2,
	.mac = { 2, 0, 0, 0, 0, 1 },
	.ipv4 = { { 10, 0, 0, 7 }, { 10, 0, 0, 1 } },
	.ipv6 = { { 0xfd, [15] = 7 }, { 0xfd, [15] = 1 } },
};

static enum cvsw_drop check_bytes(struct cvsw_pool *pool, u8 checks,
				  const u8 *bytes, u32 len)
{
	struct cvsw_pkt pkt = test_pkt(pool, bytes, len);
	struct cvsw_antispoof as = preset;
	enum cvsw_drop why;
	struct cvsw_key key;

	as.checks = checks;
	cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NORMAL, &key);
	why = cvsw_antispoof_check(&as, &pkt, &key);
	cvsw_pkt_free(&pkt);
	return why;
}

struct ip_case {
	const char		*name;
	u8			checks;
	enum cvsw_drop		want;
	struct test_frame	frame;
};

static const struct ip_case ip_cases[] = {
	{ "own v4", ALL, CVSW_DROP_NONE, { .ver = 4, .proto = 6 } },
	{ "second v4", ALL, CVSW_DROP_NONE,
	  { .ver = 4, .proto = 6, .nw_src = { 10, 0, 0, 7 } } },
	{ "other v4", ALL, CVSW_DROP_SPOOF_IPV4,
	  { .ver = 4, .proto = 6, .nw_src = { 10, 0, 0, 9 } } },
	{ "other v4 unchecked", MAC | IPV6, CVSW_DROP_NONE,
	  { .ver = 4, .proto = 6, .nw_src = { 10, 0, 0, 9 } } },
	{ "other MAC", ALL, CVSW_DROP_SPOOF_MAC,
	  { .ver = 4, .proto = 6, .dl_src = OTHER_MAC } },
	{ "other MAC unchecked", IPV4 | IPV6, CVSW_DROP_NONE,
	  { .ver = 4, .proto = 6, .dl_src = OTHER_MAC } },
	{ "tagged, other v4", ALL, CVSW_DROP_SPOOF_IPV4,
	  { .ver = 4, .proto = 6, .nw_src = { 10, 0, 0, 9 },
	    .vlan_tci = CVSW_VLAN_PRESENT | 5 } },
	{ "later fragment, other v4", ALL, CVSW_DROP_SPOOF_IPV4,
	  { .ver = 4, .proto = 17, .nw_src = { 10, 0, 0, 9 },
	    .frag_off = 100, .payload = 64 } },
	{ "own v6", ALL, CVSW_DROP_NONE, { .ver = 6, .proto = 17 } },
	{ "second v6", ALL, CVSW_DROP_NONE,
	  { .ver = 6, .proto = 17, .nw_src = { 0xfd, [15] = 7 } } },
	{ "other v6", ALL, CVSW_DROP_SPOOF_IPV6,
	  { .ver = 6, .proto = 17, .nw_src = OTHER_6 } },
	{ "other v6 behind options", ALL, CVSW_DROP_SPOOF_IPV6,
	  { .ver = 6, .proto = 17, .nw_src = OTHER_6, .ext = 1 } },
	{ "other v6 unchecked", MAC | IPV4, CVSW_DROP_NONE,
	  { .ver = 6, .proto = 17, .nw_src = OTHER_6 } },
	{ "link-local of the MAC", ALL, CVSW_DROP_NONE,
	  { .ver = 6, .proto = 17, .nw_src = LINK_LOCAL } },
	{ "link-local of another MAC", ALL, CVSW_DROP_SPOOF_IPV6,
	  { .ver = 6, .proto = 17, .nw_src = OTHER_LOCAL } },
	{ "not IP", ALL, CVSW_DROP_NONE, { .dl_type = 0x88cc, .payload = 50 } },
	{ "second tag", ALL, CVSW_DROP_SPOOF_IPV4,
	  { .dl_type = 0x88a8, .payload = 50 } },
	{ "second tag, v6 only", IPV6, CVSW_DROP_SPOOF_IPV6,
	  { .dl_type = 0x88a8, .payload = 50 } },
	{ "second tag, MAC only", MAC, CVSW_DROP_NONE,
	  { .dl_type = 0x88a8, .payload = 50 } },
};

static void test_addresses(void **state)
{
	static u8 bytes[TEST_FRAME_MAX];
	enum cvsw_drop why;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(ip_cases); i++) {
		len = test_build(&ip_cases[i].frame, bytes);
		why = check_bytes(*state, ip_cases[i].checks, bytes, len);
		if (why != ip_cases[i].want)
			fail_msg("%s: %s", ip_cases[i].name,
				 cvsw_drop_name(why));
	}
}

/* what test_build() cannot make zero: addresses nobody owns */
static void zero_source(const struct test_frame *frame, u8 *bytes)
{
	u32 at = test_l4(frame) - (frame->ver == 4 ? 8 : 32);

	memset(bytes + at, 0, frame->ver == 4 ? 4 : 16);
}

static const struct ip_case zero_cases[] = {
	{ "DHCP discovery", ALL, CVSW_DROP_NONE,
	  { .ver = 4, .proto = 17, .tp_src = 68, .tp_dst = 67, .payload = 300 } },
	{ "not to a server", ALL, CVSW_DROP_SPOOF_IPV4,
	  { .ver = 4, .proto = 17, .tp_src = 68, .tp_dst = 68 } },
	{ "not from a client", ALL, CVSW_DROP_SPOOF_IPV4,
	  { .ver = 4, .proto = 17, .tp_src = 67, .tp_dst = 67 } },
	{ "TCP", ALL, CVSW_DROP_SPOOF_IPV4,
	  { .ver = 4, .proto = 6, .tp_src = 68, .tp_dst = 67 } },
	{ "RS", ALL, CVSW_DROP_NONE,
	  { .ver = 6, .proto = 58, .tp_src = 133, .tp_dst = 0 } },
	{ "MLDv2 report", ALL, CVSW_DROP_NONE,
	  { .ver = 6, .proto = 58, .tp_src = 143, .payload = 20 } },
	{ "echo", ALL, CVSW_DROP_SPOOF_IPV6,
	  { .ver = 6, .proto = 58, .tp_src = 128, .payload = 20 } },
	{ "UDP", ALL, CVSW_DROP_SPOOF_IPV6, { .ver = 6, .proto = 17 } },
};

static void test_no_address_yet(void **state)
{
	static u8 bytes[TEST_FRAME_MAX];
	enum cvsw_drop why;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(zero_cases); i++) {
		len = test_build(&zero_cases[i].frame, bytes);
		zero_source(&zero_cases[i].frame, bytes);
		why = check_bytes(*state, zero_cases[i].checks, bytes, len);
		if (why != zero_cases[i].want)
			fail_msg("%s: %s", zero_cases[i].name,
				 cvsw_drop_name(why));
	}
}

/* a header that cannot be read has no address that is allowed */
static void test_malformed(void **state)
{
	static const struct test_frame v4 = { .ver = 4, .proto = 6 };
	static const struct test_frame v6 = { .ver = 6, .proto = 6 };
	static u8 bytes[TEST_FRAME_MAX];

	test_build(&v4, bytes);
	assert_int_equal(check_bytes(*state, ALL, bytes, 30),
			 CVSW_DROP_SPOOF_IPV4);
	bytes[14] = 0x44;	/* IHL 4 */
	assert_int_equal(check_bytes(*state, ALL, bytes, 54),
			 CVSW_DROP_SPOOF_IPV4);
	test_build(&v6, bytes);
	assert_int_equal(check_bytes(*state, ALL, bytes, 50),
			 CVSW_DROP_SPOOF_IPV6);
}

struct arp_case {
	const char	*name;
	u8		checks;
	enum cvsw_drop	want;
	u8		sha[6];
	u8		spa[4];
	u8		at;		/* a byte of the ARP header to change */
	u8		to;
};

static const struct arp_case arp_cases[] = {
	{ "own", ALL, CVSW_DROP_NONE, OWN_MAC, { 10, 0, 0, 1 }, 0, 0 },
	{ "probe", ALL, CVSW_DROP_NONE, OWN_MAC, { 0 }, 0, 0 },
	{ "other SPA", ALL, CVSW_DROP_SPOOF_ARP, OWN_MAC, { 10, 0, 0, 9 }, 0, 0 },
	{ "other SPA, MAC only", MAC, CVSW_DROP_NONE, OWN_MAC, { 10, 0, 0, 9 },
	  0, 0 },
	{ "other SHA", ALL, CVSW_DROP_SPOOF_ARP, OTHER_MAC, { 10, 0, 0, 1 }, 0, 0 },
	{ "other SHA, v4 only", IPV4, CVSW_DROP_NONE, OTHER_MAC,
	  { 10, 0, 0, 1 }, 0, 0 },
	{ "v6 only", IPV6, CVSW_DROP_NONE, OTHER_MAC, { 10, 0, 0, 9 }, 0, 0 },
	{ "not Ethernet", ALL, CVSW_DROP_SPOOF_ARP, OWN_MAC, { 10, 0, 0, 1 },
	  1, 6 },
	{ "not IPv4", ALL, CVSW_DROP_SPOOF_ARP, OWN_MAC, { 10, 0, 0, 1 }, 2, 9 },
	{ "length of SHA", ALL, CVSW_DROP_SPOOF_ARP, OWN_MAC, { 10, 0, 0, 1 },
	  4, 8 },
	{ "length of SPA", ALL, CVSW_DROP_SPOOF_ARP, OWN_MAC, { 10, 0, 0, 1 },
	  5, 16 },
};

static void test_arp(void **state)
{
	static const u8 head[22] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 1,
	};
	enum cvsw_drop why;
	u8 bytes[42];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arp_cases); i++) {
		memset(bytes, 0, sizeof(bytes));
		memcpy(bytes, head, sizeof(head));
		memcpy(bytes + 22, arp_cases[i].sha, 6);
		memcpy(bytes + 28, arp_cases[i].spa, 4);
		if (arp_cases[i].at)
			bytes[14 + arp_cases[i].at] = arp_cases[i].to;
		why = check_bytes(*state, arp_cases[i].checks, bytes,
				  sizeof(bytes));
		if (why != arp_cases[i].want)
			fail_msg("%s: %s", arp_cases[i].name,
				 cvsw_drop_name(why));
		why = check_bytes(*state, arp_cases[i].checks, bytes, 40);
		assert_int_equal(why, arp_cases[i].checks == IPV6 ?
				 CVSW_DROP_NONE : CVSW_DROP_SPOOF_ARP);
	}
}

struct nd_case {
	const char	*name;
	u8		checks;
	enum cvsw_drop	want;
	u8		type;
	u8		src[16];
	u8		target[16];
	u8		option;		/* 0: none */
	u8		option_words;
	u8		mac[6];
};

static const struct nd_case nd_cases[] = {
	{ "NS", ALL, CVSW_DROP_NONE, 135, OWN_6, OTHER_6, 1, 1, OWN_MAC },
	{ "NS without option", ALL, CVSW_DROP_NONE, 135, OWN_6, OTHER_6,
	  0, 0, { 0 } },
	{ "NS from link-local", ALL, CVSW_DROP_NONE, 135, LINK_LOCAL, OTHER_6,
	  1, 1, OWN_MAC },
	{ "NS, other's MAC", ALL, CVSW_DROP_SPOOF_IPV6, 135, OWN_6, OTHER_6,
	  1, 1, OTHER_MAC },
	{ "NS, other's MAC unchecked", IPV6, CVSW_DROP_NONE, 135, OWN_6,
	  OTHER_6, 1, 1, OTHER_MAC },
	{ "NS, option of another kind", ALL, CVSW_DROP_NONE, 135, OWN_6,
	  OTHER_6, 14, 1, OTHER_MAC },
	{ "DAD", ALL, CVSW_DROP_NONE, 135, ANY_6, OWN_6, 0, 0, { 0 } },
	{ "DAD of link-local", ALL, CVSW_DROP_NONE, 135, ANY_6, LINK_LOCAL,
	  0, 0, { 0 } },
	{ "DAD of another's", ALL, CVSW_DROP_SPOOF_IPV6, 135, ANY_6, OTHER_6,
	  0, 0, { 0 } },
	{ "NA", ALL, CVSW_DROP_NONE, 136, OWN_6, OWN_6, 2, 1, OWN_MAC },
	{ "NA of another's", ALL, CVSW_DROP_SPOOF_IPV6, 136, OWN_6, OTHER_6,
	  2, 1, OWN_MAC },
	{ "NA of another's unchecked", MAC, CVSW_DROP_NONE, 136, OWN_6, OTHER_6,
	  2, 1, OWN_MAC },
	{ "NA, other's MAC", ALL, CVSW_DROP_SPOOF_IPV6, 136, OWN_6, OWN_6,
	  2, 1, OTHER_MAC },
	{ "NA from other", ALL, CVSW_DROP_SPOOF_IPV6, 136, OTHER_6, OWN_6,
	  2, 1, OWN_MAC },
	{ "option of length 0", ALL, CVSW_DROP_SPOOF_IPV6, 136, OWN_6, OWN_6,
	  2, 0, OWN_MAC },
	{ "option too long", ALL, CVSW_DROP_SPOOF_IPV6, 136, OWN_6, OWN_6,
	  2, 2, OWN_MAC },
};

static void test_neighbour_discovery(void **state)
{
	u8 bytes[14 + 40 + 24 + 8];
	enum cvsw_drop why;
	size_t i;
	u32 len;

	for (i = 0; i < ARRAY_SIZE(nd_cases); i++) {
		const struct nd_case *nd = &nd_cases[i];

		len = sizeof(bytes) - (nd->option ? 0 : 8);
		memset(bytes, 0, sizeof(bytes));
		memcpy(bytes, (const u8 []){ 0x33, 0x33, 0, 0, 0, 1, 2, 0, 0,
					     0, 0, 1, 0x86, 0xdd, 0x60 }, 15);
		bytes[19] = (u8)(len - 54);
		bytes[20] = 58;
		bytes[21] = 255;
		memcpy(bytes + 22, nd->src, 16);
		bytes[38] = 0xff;
		bytes[39] = 2;
		bytes[54] = nd->type;
		memcpy(bytes + 62, nd->target, 16);
		bytes[78] = nd->option;
		bytes[79] = nd->option_words;
		memcpy(bytes + 80, nd->mac, 6);
		why = check_bytes(*state, nd->checks, bytes, len);
		if (why != nd->want)
			fail_msg("%s: %s", nd->name, cvsw_drop_name(why));
	}
}

static void test_preset_check(void **state)
{
	struct cvsw_error err;
	struct cvsw_antispoof as = preset;

	assert_int_equal(cvsw_antispoof_config_check(&as, &err), 0);
	as.n_ipv4 = CVSW_ANTISPOOF_ADDRS + 1;
	assert_int_equal(cvsw_antispoof_config_check(&as, &err), -EINVAL);
	assert_non_null(strstr(err.text, "IPv4"));
	as = preset;
	as.n_ipv6 = CVSW_ANTISPOOF_ADDRS + 1;
	assert_int_equal(cvsw_antispoof_config_check(&as, NULL), -EINVAL);
	as = preset;
	as.checks = 0x8;
	assert_int_equal(cvsw_antispoof_config_check(&as, NULL), -EINVAL);
	as = preset;
	as.mac[0] = 3;
	assert_int_equal(cvsw_antispoof_config_check(&as, NULL), -EINVAL);
	as.checks = IPV4;	/* the MAC is not used */
	assert_int_equal(cvsw_antispoof_config_check(&as, NULL), 0);
}

static int setup(void **state)
{
	*state = cvsw_pool_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	cvsw_pool_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_no_address_yet),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_arp),
		cmocka_unit_test(test_neighbour_discovery),
		cmocka_unit_test(test_preset_check),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frame to key: each rule of extraction by a frame in hex, then frames at
 * random, damaged and cut, against a reader that goes byte by byte.
 */

#include "util.h"

#include <cvsw/switch.h>
#include <cvsw/text.h>

#include "hdr.h"
#include "key.h"

static u64 seed;
static struct cvsw_pool *pool;

static int setup(void **state)
{
	(void)state;
	pool = cvsw_pool_new();
	return pool ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	cvsw_pool_free(pool);
	return 0;
}

/* what a frame is read as; addresses and MACs are the same in all cases */
struct want {
	const char	*name;
	const char	*hex;
	u8		mode;		/* enum cvsw_frag_mode */
	u8		parse;		/* enum cvsw_parse */
	u8		ver;		/* addresses: 4, 6, or 0 for none */
	u8		proto, tos, frag;
	u16		tci, type, tp_src, tp_dst;
	u16		l3, l4, l3_len;
};

#define MACS	"020000000002 020000000001 "
#define ADDRS4	"0a000001 0a000002 "
#define ADDRS6	"fd000000000000000000000000000001 fd000000000000000000000000000002 "
#define ZEROS	"00000000000000000000000000000000000000000000"

/* version, IHL, TOS; total length; flags, offset; protocol */
#define IPV4(vt, len, frag, proto) \
	vt len "0000" frag "40" proto "0000 " ADDRS4
#define IPV6(vt, len, next)	vt "00000" len next "40 " ADDRS6
#define UDP			"0400 0035 0008 0000 "
#define TCP			"0400 0050 00000001 00000002 5010 ffff 0000 0000 "
#define SCTP			"0400 0050 00000001 00000002 "
#define PING			"0800 0000 00010001 "

static const struct want wants[] = {
	/* Ethernet */
	{ "runt", "020000000002 0200000000", .parse = CVSW_PARSE_RUNT },
	{ "empty", "", .parse = CVSW_PARSE_RUNT },
	{ "unknown type", MACS "88cc 0201", .type = 0x88cc },
	{ "type and nothing", MACS "88cc", .type = 0x88cc },
	{ "802.3", MACS "0005 424203 0000" ZEROS, .type = 0x05ff },
	{ "802.3, length 0", MACS "0000", .type = 0x05ff },
	{ "802.3, cut in LLC", MACS "0003 4242", .type = 0x05ff },
	{ "SNAP, IPv4", MACS "0024 aaaa03 000000 0800"
	  IPV4("4500", "001c", "0000", "11") UDP,
	  .type = 0x0800, .ver = 4, .proto = 17, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 22, .l4 = 42, .l3_len = 28 },
	{ "SNAP, other OUI", MACS "0008 aaaa03 00000c 2000", .type = 0x05ff },
	{ "SNAP, a length for a type", MACS "0008 aaaa03 000000 05ff",
	  .type = 0x05ff },
	{ "SNAP, other control", MACS "0008 aaaaf3 000000 0800", .type = 0x05ff },

	/* VLAN */
	{ "tagged", MACS "8100 6005 0800" IPV4("4500", "001c", "0000", "11") UDP,
	  .tci = 0x7005, .type = 0x0800, .ver = 4, .proto = 17, .tp_src = 1024,
	  .tp_dst = 53, .l3 = 18, .l4 = 38, .l3_len = 28 },
	{ "tagged, DEI set", MACS "8100 1fff 88cc", .tci = 0x1fff, .type = 0x88cc },
	{ "priority tag", MACS "8100 e000 88cc", .tci = 0xf000, .type = 0x88cc },
	{ "two tags", MACS "8100 0005 8100 0006 0800", .tci = 0x1005,
	  .type = 0x8100 },
	{ "service tag", MACS "88a8 0005 0800", .type = 0x88a8 },
	{ "tag cut", MACS "8100 0005 08", .parse = CVSW_PARSE_L2 },
	{ "tagged 802.3", MACS "8100 0005 0003 424203", .tci = 0x1005,
	  .type = 0x05ff },
	{ "tagged SNAP", MACS "8100 0005 0008 aaaa03 000000 88cc", .tci = 0x1005,
	  .type = 0x88cc },

	/* ARP */
	{ "ARP", MACS "0806 0001 0800 0604 0001 020000000001 0a000001"
	  "000000000000 0a000002", .type = 0x0806, .ver = 4, .proto = 1, .l3 = 14 },
	{ "ARP, padded", MACS "0806 0001 0800 0604 0002 020000000001 0a000001"
	  "020000000002 0a000002" ZEROS, .type = 0x0806, .ver = 4, .proto = 2,
	  .l3 = 14 },
	{ "ARP, opcode 257", MACS "0806 0001 0800 0604 0101 020000000001 0a000001"
	  "000000000000 0a000002", .type = 0x0806, .ver = 4, .l3 = 14 },
	{ "ARP, not for Ethernet", MACS "0806 0006 0800 0604 0001" ZEROS,
	  .type = 0x0806 },
	{ "ARP, not for IPv4", MACS "0806 0001 86dd 0610 0001" ZEROS,
	  .type = 0x0806 },
	{ "ARP, other lengths", MACS "0806 0001 0800 0806 0001" ZEROS,
	  .type = 0x0806 },
	{ "ARP, cut", MACS "0806 0001 0800 0604 0001 020000000001 0a000001"
	  "000000000000 0a0000", .parse = CVSW_PARSE_L3, .type = 0x0806 },

	/* IPv4 */
	{ "UDP", MACS "0800" IPV4("45bb", "001c", "4000", "11") UDP,
	  .type = 0x0800, .ver = 4, .proto = 17, .tos = 0xb8, .tp_src = 1024,
	  .tp_dst = 53, .l3 = 14, .l4 = 34, .l3_len = 28 },
	{ "TCP", MACS "0800" IPV4("4500", "0028", "4000", "06") TCP,
	  .type = 0x0800, .ver = 4, .proto = 6, .tp_src = 1024, .tp_dst = 80,
	  .l3 = 14, .l4 = 34, .l3_len = 40 },
	{ "SCTP", MACS "0800" IPV4("4500", "0020", "4000", "84") SCTP,
	  .type = 0x0800, .ver = 4, .proto = 132, .tp_src = 1024, .tp_dst = 80,
	  .l3 = 14, .l4 = 34, .l3_len = 32 },
	{ "ICMP", MACS "0800" IPV4("4500", "001c", "0000", "01") PING,
	  .type = 0x0800, .ver = 4, .proto = 1, .tp_src = 8, .l3 = 14, .l4 = 34,
	  .l3_len = 28 },
	{ "GRE", MACS "0800" IPV4("4500", "0018", "0000", "2f") "20006558",
	  .type = 0x0800, .ver = 4, .proto = 47, .l3 = 14, .l4 = 34, .l3_len = 24 },
	{ "ICMPv6 in IPv4", MACS "0800" IPV4("4500", "001c", "0000", "3a") PING,
	  .type = 0x0800, .ver = 4, .proto = 58, .l3 = 14, .l4 = 34, .l3_len = 28 },
	{ "options", MACS "0800" IPV4("4600", "0020", "0000", "11") "01010100" UDP,
	  .type = 0x0800, .ver = 4, .proto = 17, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 38, .l3_len = 32 },
	{ "padded", MACS "0800" IPV4("4500", "001c", "0000", "11") UDP ZEROS,
	  .type = 0x0800, .ver = 4, .proto = 17, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 34, .l3_len = 28 },
	{ "header cut", MACS "0800 4500 001c 0000 0000 4011 0000 0a000001 0a0000",
	  .parse = CVSW_PARSE_L3, .type = 0x0800 },
	{ "version 6", MACS "0800" IPV4("6500", "001c", "0000", "11") UDP,
	  .parse = CVSW_PARSE_L3, .type = 0x0800 },
	{ "IHL 4", MACS "0800" IPV4("4400", "001c", "0000", "11") UDP,
	  .parse = CVSW_PARSE_L3, .type = 0x0800 },
	{ "IHL beyond total length", MACS "0800"
	  IPV4("4f00", "001c", "0000", "11") UDP ZEROS ZEROS,
	  .parse = CVSW_PARSE_L3, .type = 0x0800 },
	{ "total length below header", MACS "0800"
	  IPV4("4500", "0013", "0000", "11") UDP, .parse = CVSW_PARSE_L3,
	  .type = 0x0800 },
	{ "total length beyond frame", MACS "0800"
	  IPV4("4500", "001d", "0000", "11") UDP, .parse = CVSW_PARSE_L3,
	  .type = 0x0800 },
	{ "UDP cut by total length", MACS "0800"
	  IPV4("4500", "001b", "0000", "11") UDP, .parse = CVSW_PARSE_L4,
	  .type = 0x0800, .ver = 4, .proto = 17, .l3 = 14, .l3_len = 27 },
	{ "TCP cut", MACS "0800" IPV4("4500", "0027", "0000", "06") TCP,
	  .parse = CVSW_PARSE_L4, .type = 0x0800, .ver = 4, .proto = 6, .l3 = 14,
	  .l3_len = 39 },
	{ "SCTP cut", MACS "0800" IPV4("4500", "001f", "0000", "84") SCTP,
	  .parse = CVSW_PARSE_L4, .type = 0x0800, .ver = 4, .proto = 132,
	  .l3 = 14, .l3_len = 31 },
	{ "ICMP cut", MACS "0800" IPV4("4500", "001b", "0000", "01") PING,
	  .parse = CVSW_PARSE_L4, .type = 0x0800, .ver = 4, .proto = 1, .l3 = 14,
	  .l3_len = 27 },
	{ "nothing behind IPv4", MACS "0800" IPV4("4500", "0014", "0000", "ff"),
	  .type = 0x0800, .ver = 4, .proto = 255, .l3 = 14, .l4 = 34,
	  .l3_len = 20 },

	/* IPv4 fragments */
	{ "first", MACS "0800" IPV4("4528", "001c", "2000", "11") UDP,
	  .type = 0x0800, .ver = 4, .proto = 17, .tos = 0x29, .frag = 1, .l3 = 14,
	  .l4 = 34, .l3_len = 28 },
	{ "first, mode drop", MACS "0800" IPV4("4500", "001c", "2000", "11") UDP,
	  .mode = CVSW_FRAG_MODE_DROP, .type = 0x0800, .ver = 4, .proto = 17,
	  .tos = 1, .frag = 1, .l3 = 14, .l4 = 34, .l3_len = 28 },
	{ "first, with ports", MACS "0800" IPV4("4500", "001c", "2000", "11") UDP,
	  .mode = CVSW_FRAG_MODE_NX_MATCH, .type = 0x0800, .ver = 4, .proto = 17,
	  .tos = 1, .frag = 1, .tp_src = 1024, .tp_dst = 53, .l3 = 14, .l4 = 34,
	  .l3_len = 28 },
	{ "first, TCP cut", MACS "0800" IPV4("4500", "001c", "2000", "06") PING,
	  .mode = CVSW_FRAG_MODE_NX_MATCH, .parse = CVSW_PARSE_L4,
	  .type = 0x0800, .ver = 4, .proto = 6, .tos = 1, .frag = 1, .l3 = 14,
	  .l3_len = 28 },
	{ "later", MACS "0800" IPV4("4500", "001c", "2001", "11") UDP,
	  .mode = CVSW_FRAG_MODE_NX_MATCH, .type = 0x0800, .ver = 4, .proto = 17,
	  .tos = 3, .frag = 3, .l3 = 14, .l3_len = 28 },
	{ "last, offset 4096", MACS "0800" IPV4("4500", "001c", "0200", "06") UDP,
	  .type = 0x0800, .ver = 4, .proto = 6, .tos = 3, .frag = 3, .l3 = 14,
	  .l3_len = 28 },
	{ "last, offset 32768", MACS "0800" IPV4("4500", "001c", "1000", "06") UDP,
	  .type = 0x0800, .ver = 4, .proto = 6, .tos = 3, .frag = 3, .l3 = 14,
	  .l3_len = 28 },

	/* IPv6 */
	{ "UDP6", MACS "86dd" IPV6("6bb", "0008", "11") UDP, .type = 0x86dd,
	  .ver = 6, .proto = 17, .tos = 0xb8, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 54, .l3_len = 48 },
	{ "TCP6, tagged", MACS "8100 0001 86dd" IPV6("600", "0014", "06") TCP,
	  .tci = 0x1001, .type = 0x86dd, .ver = 6, .proto = 6, .tp_src = 1024,
	  .tp_dst = 80, .l3 = 18, .l4 = 58, .l3_len = 60 },
	{ "SCTP6", MACS "86dd" IPV6("600", "000c", "84") SCTP, .type = 0x86dd,
	  .ver = 6, .proto = 132, .tp_src = 1024, .tp_dst = 80, .l3 = 14, .l4 = 54,
	  .l3_len = 52 },
	{ "ICMPv6", MACS "86dd" IPV6("600", "0008", "3a") "8701 0000 00000000",
	  .type = 0x86dd, .ver = 6, .proto = 58, .tp_src = 135, .tp_dst = 1,
	  .l3 = 14, .l4 = 54, .l3_len = 48 },
	{ "ICMP in IPv6", MACS "86dd" IPV6("600", "0008", "01") PING,
	  .type = 0x86dd, .ver = 6, .proto = 1, .l3 = 14, .l4 = 54, .l3_len = 48 },
	{ "padded6", MACS "86dd" IPV6("600", "0008", "11") UDP ZEROS,
	  .type = 0x86dd, .ver = 6, .proto = 17, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 54, .l3_len = 48 },
	{ "no next header", MACS "86dd" IPV6("600", "0000", "3b"), .type = 0x86dd,
	  .ver = 6, .proto = 59, .l3 = 14, .l4 = 54, .l3_len = 40 },
	{ "header6 cut", MACS "86dd 60000000 0000 3b40" ADDRS4 ADDRS4 ADDRS4,
	  .parse = CVSW_PARSE_L3, .type = 0x86dd },
	{ "version 4", MACS "86dd" IPV6("400", "0008", "11") UDP,
	  .parse = CVSW_PARSE_L3, .type = 0x86dd },
	{ "payload beyond frame", MACS "86dd" IPV6("600", "0009", "11") UDP,
	  .parse = CVSW_PARSE_L3, .type = 0x86dd },
	{ "UDP6 cut", MACS "86dd" IPV6("600", "0007", "11") UDP,
	  .parse = CVSW_PARSE_L4, .type = 0x86dd, .ver = 6, .proto = 17, .l3 = 14,
	  .l3_len = 47 },

	/* IPv6 extension headers */
	{ "hop-by-hop, routing, options", MACS "86dd" IPV6("600", "0028", "00")
	  "2b00010400000000 3c01000000000000 0000000000000000 1100010400000000" UDP,
	  .type = 0x86dd, .ver = 6, .proto = 17, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 86, .l3_len = 80 },
	{ "AH", MACS "86dd" IPV6("600", "0020", "33")
	  "11040000 00000001 00000001 000000000000000000000000" UDP,
	  .type = 0x86dd, .ver = 6, .proto = 17, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 78, .l3_len = 72 },
	{ "ESP ends it", MACS "86dd" IPV6("600", "0008", "32") UDP,
	  .type = 0x86dd, .ver = 6, .proto = 50, .l3 = 14, .l4 = 54, .l3_len = 48 },
	{ "eight", MACS "86dd" IPV6("600", "0048", "3c")
	  "3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000"
	  "3c00010400000000 3c00010400000000 3c00010400000000 1100010400000000" UDP,
	  .type = 0x86dd, .ver = 6, .proto = 17, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 118, .l3_len = 112 },
	{ "nine", MACS "86dd" IPV6("6b8", "0050", "3c")
	  "3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000"
	  "3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000"
	  "1100010400000000" UDP, .parse = CVSW_PARSE_L3, .type = 0x86dd, .ver = 6,
	  .tos = 0xb8, .l3 = 14, .l3_len = 120 },
	{ "cut", MACS "86dd" IPV6("600", "0007", "3c") "11000104000000",
	  .parse = CVSW_PARSE_L3, .type = 0x86dd, .ver = 6, .l3 = 14,
	  .l3_len = 47 },
	{ "too long", MACS "86dd" IPV6("600", "0010", "3c") "1102010400000000" UDP,
	  .parse = CVSW_PARSE_L3, .type = 0x86dd, .ver = 6, .l3 = 14,
	  .l3_len = 56 },
	{ "ends the packet", MACS "86dd" IPV6("600", "0008", "3c")
	  "1100010400000000" UDP, .parse = CVSW_PARSE_L4, .type = 0x86dd, .ver = 6,
	  .proto = 17, .l3 = 14, .l3_len = 48 },

	/* IPv6 fragments */
	{ "first6", MACS "86dd" IPV6("600", "0010", "2c") "1100000100000001" UDP,
	  .type = 0x86dd, .ver = 6, .proto = 17, .tos = 1, .frag = 1, .l3 = 14,
	  .l4 = 62, .l3_len = 56 },
	{ "first6, with ports", MACS "86dd" IPV6("600", "0010", "2c")
	  "1100000100000001" UDP, .mode = CVSW_FRAG_MODE_NX_MATCH, .type = 0x86dd,
	  .ver = 6, .proto = 17, .tos = 1, .frag = 1, .tp_src = 1024, .tp_dst = 53,
	  .l3 = 14, .l4 = 62, .l3_len = 56 },
	{ "later6", MACS "86dd" IPV6("600", "0010", "2c") "1100000900000001" UDP,
	  .mode = CVSW_FRAG_MODE_NX_MATCH, .type = 0x86dd, .ver = 6, .proto = 17,
	  .tos = 3, .frag = 3, .l3 = 14, .l3_len = 56 },
	{ "later6, options unread", MACS "86dd" IPV6("600", "0010", "2c")
	  "3c00000800000001" "11ff010400000000", .type = 0x86dd, .ver = 6,
	  .proto = 60, .tos = 3, .frag = 3, .l3 = 14, .l3_len = 56 },
	{ "atomic, reserved bits", MACS "86dd" IPV6("600", "0010", "2c")
	  "11ff000600000001" UDP, .type = 0x86dd, .ver = 6, .proto = 17,
	  .tp_src = 1024, .tp_dst = 53, .l3 = 14, .l4 = 62, .l3_len = 56 },
	{ "first6, options cut", MACS "86dd" IPV6("600", "0010", "2c")
	  "3c00000100000001" "1101010400000000", .parse = CVSW_PARSE_L3,
	  .type = 0x86dd, .ver = 6, .tos = 1, .frag = 1, .l3 = 14, .l3_len = 56 },
};

static struct cvsw_key want_key(const struct want *w)
{
	struct cvsw_key key = { .in_port = 7 };

	key.tun_id = cpu_to_be64(0x123456);
	if (w->parse == CVSW_PARSE_RUNT)
		return key;
	test_hex(MACS, key.dl_dst, 12);
	key.vlan_tci = w->tci;
	key.dl_type = cpu_to_be16(w->type);
	key.nw_proto = w->proto;
	key.nw_tos = w->tos;
	key.tp_src = cpu_to_be16(w->tp_src);
	key.tp_dst = cpu_to_be16(w->tp_dst);
	if (w->ver == 4) {
		test_hex("0a000001", key.nw_src, 4);
		test_hex("0a000002", key.nw_dst, 4);
	} else if (w->ver == 6) {
		test_hex(ADDRS6, key.nw_src, 32);
	}
	return key;
}

static void show(const struct cvsw_key *key)
{
	char text[512];

	cvsw_text_key_print(text, sizeof(text), key, NULL);
	print_error("%s\n", text);
}

static void check(const struct want *w)
{
	struct cvsw_pkt pkt = test_pkt_hex(pool, w->hex);
	struct cvsw_key key, want = want_key(w);
	enum cvsw_parse parse;

	memset(&key, 0xa5, sizeof(key));
	pkt.in_port = 7;
	pkt.tun_id = want.tun_id;
	pkt.l3 = pkt.l4 = pkt.l3_len = 0xa5a5;
	pkt.l4_proto = pkt.frag = 0xa5;
	parse = cvsw_key_extract(&pkt, w->mode, &key);
	if (parse != w->parse || memcmp(&key, &want, sizeof(key)) ||
	    pkt.l3 != w->l3 || pkt.l4 != w->l4 || pkt.l3_len != w->l3_len ||
	    pkt.l4_proto != (w->l3_len ? w->proto : 0) || pkt.frag != w->frag) {
		show(&key);
		show(&want);
		fail_msg("%s: parse %d, l3 %u, l4 %u, l3_len %u", w->name,
			 parse, pkt.l3, pkt.l4, pkt.l3_len);
	}
	cvsw_pkt_free(&pkt);
}

static void test_wants(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wants); i++)
		check(&wants[i]);
}

/* the longest frames: lengths are 16 bits, and are believed up to 65535 */
static void test_long(void **state)
{
	static u8 bytes[TEST_FRAME_MAX];
	struct test_frame frame = { .ver = 4, .proto = 6 };
	struct cvsw_key key;
	struct cvsw_pkt pkt;
	u32 len;

	(void)state;
	frame.payload = TEST_FRAME_MAX - 14 - 20 - 20;
	len = test_build(&frame, bytes);
	pkt = test_pkt(pool, bytes, len);
	assert_int_equal(cvsw_key_extract(&pkt, 0, &key), CVSW_PARSE_OK);
	assert_int_equal(pkt.l3_len, TEST_FRAME_MAX - 14);
	cvsw_pkt_free(&pkt);

	frame.ver = 6;
	frame.payload = TEST_FRAME_MAX - 14 - 40 - 20;
	len = test_build(&frame, bytes);
	pkt = test_pkt(pool, bytes, len);
	assert_int_equal(cvsw_key_extract(&pkt, 0, &key), CVSW_PARSE_OK);
	assert_int_equal(pkt.l3_len, TEST_FRAME_MAX - 14);
	cvsw_pkt_free(&pkt);
}

/* The reader that goes byte by byte */

struct reader {
	const u8	*p;
	u32		len;
	u8		mode;
	struct cvsw_key	key;
	struct cvsw_pkt	pkt;	/* offsets only */
};

static u32 word(const struct reader *r, u32 at)
{
	return (u32)(r->p[at] << 8 | r->p[at + 1]);
}

static enum cvsw_parse read_l4(struct reader *r, u32 at, u32 end, int icmp)
{
	u32 need[256] = { [6] = 20, [17] = 8, [132] = 12 };
	u8 proto = r->pkt.l4_proto;

	need[icmp] = 8;
	if (at + need[proto] > end)
		return CVSW_PARSE_L4;
	r->pkt.l4 = (u16)at;
	if (!need[proto] ||
	    (r->pkt.frag && r->mode != CVSW_FRAG_MODE_NX_MATCH))
		return CVSW_PARSE_OK;
	if (proto == icmp) {
		r->key.tp_src = cpu_to_be16(r->p[at]);
		r->key.tp_dst = cpu_to_be16(r->p[at + 1]);
	} else {
		r->key.tp_src = cpu_to_be16((u16)word(r, at));
		r->key.tp_dst = cpu_to_be16((u16)word(r, at + 2));
	}
	return CVSW_PARSE_OK;
}

static enum cvsw_parse read_ipv4(struct reader *r, u32 at)
{
	u32 ihl, total, i, offset;

	if (at + 20 > r->len || r->p[at] / 16 != 4)
		return CVSW_PARSE_L3;
	ihl = r->p[at] % 16 * 4u;
	total = word(r, at + 2);
	if (ihl < 20 || total < ihl || at + total > r->len)
		return CVSW_PARSE_L3;
	r->pkt.l3 = (u16)at;
	r->pkt.l3_len = (u16)total;
	r->key.nw_proto = r->pkt.l4_proto = r->p[at + 9];
	for (i = 0; i < 4; i++) {
		r->key.nw_src[i] = r->p[at + 12 + i];
		r->key.nw_dst[i] = r->p[at + 16 + i];
	}
	offset = word(r, at + 6) % 8192;
	if (offset)
		r->pkt.frag = 3;
	else if (r->p[at + 6] & 0x20)
		r->pkt.frag = 1;
	r->key.nw_tos = (u8)(r->p[at + 1] / 4 * 4 + r->pkt.frag);
	return offset ? CVSW_PARSE_OK : read_l4(r, at + ihl, at + total, 1);
}

static enum cvsw_parse read_ipv6(struct reader *r, u32 at)
{
	u32 end, here = at + 40, i, n, size;
	u8 next;

	if (at + 40 > r->len || r->p[at] / 16 != 6)
		return CVSW_PARSE_L3;
	end = here + word(r, at + 4);
	if (end > r->len)
		return CVSW_PARSE_L3;
	r->pkt.l3 = (u16)at;
	r->pkt.l3_len = (u16)(end - at);
	for (i = 0; i < 16; i++) {
		r->key.nw_src[i] = r->p[at + 8 + i];
		r->key.nw_dst[i] = r->p[at + 24 + i];
	}
	r->key.nw_tos = (u8)(word(r, at) / 16 % 256 / 4 * 4);
	next = r->p[at + 6];
	for (n = 0; next == 0 || next == 43 || next == 44 || next == 51 ||
	     next == 60; n++) {
		if (n == 8 || here + 8 > end)
			return CVSW_PARSE_L3;
		size = next == 44 ? 8 : next == 51 ? 4u * r->p[here + 1] + 8 :
		       8u * r->p[here + 1] + 8;
		if (here + size > end)
			return CVSW_PARSE_L3;
		if (next == 44) {
			r->pkt.frag = word(r, here + 2) / 8 ? 3 :
				      r->p[here + 3] % 2;
			r->key.nw_tos = r->key.nw_tos / 4 * 4 + r->pkt.frag;
		}
		next = r->p[here];
		here += size;
		if (r->pkt.frag == 3)
			break;
	}
	r->key.nw_proto = r->pkt.l4_proto = next;
	return r->pkt.frag == 3 ? CVSW_PARSE_OK : read_l4(r, here, end, 58);
}

static enum cvsw_parse read_arp(struct reader *r, u32 at)
{
	u32 i;

	if (at + 28 > r->len)
		return CVSW_PARSE_L3;
	if (word(r, at) != 1 || word(r, at + 2) != 0x800 ||
	    word(r, at + 4) != 0x604)
		return CVSW_PARSE_OK;
	r->pkt.l3 = (u16)at;
	r->key.nw_proto = word(r, at + 6) > 255 ? 0 : r->p[at + 7];
	for (i = 0; i < 4; i++) {
		r->key.nw_src[i] = r->p[at + 14 + i];
		r->key.nw_dst[i] = r->p[at + 24 + i];
	}
	return CVSW_PARSE_OK;
}

static enum cvsw_parse read_frame(struct reader *r)
{
	u32 at = 14, i, type;

	if (r->len < 14)
		return CVSW_PARSE_RUNT;
	for (i = 0; i < 6; i++) {
		r->key.dl_dst[i] = r->p[i];
		r->key.dl_src[i] = r->p[6 + i];
	}
	type = word(r, 12);
	if (type == 0x8100) {
		if (r->len < 18)
			return CVSW_PARSE_L2;
		r->key.vlan_tci = (u16)(word(r, 14) | 0x1000);
		type = word(r, 16);
		at = 18;
	}
	if (type < 0x600) {
		static const u8 snap[] = { 0xaa, 0xaa, 3, 0, 0, 0 };

		type = 0x5ff;
		if (at + 8 <= r->len && !memcmp(r->p + at, snap, 6) &&
		    word(r, at + 6) >= 0x600) {
			type = word(r, at + 6);
			at += 8;
		}
	}
	r->key.dl_type = cpu_to_be16((u16)type);
	return type == 0x800 ? read_ipv4(r, at) : type == 0x806 ? read_arp(r, at) :
	       type == 0x86dd ? read_ipv6(r, at) : CVSW_PARSE_OK;
}

static void compare(const u8 *bytes, u32 len, u8 mode)
{
	struct reader r = { .p = bytes, .len = len, .mode = mode };
	struct cvsw_pkt pkt = test_pkt(pool, bytes, len);
	struct cvsw_key key;
	enum cvsw_parse parse, want;

	r.key.in_port = pkt.in_port;
	want = read_frame(&r);
	parse = cvsw_key_extract(&pkt, mode, &key);
	assert_int_equal(parse, want);
	assert_memory_equal(&key, &r.key, sizeof(key));
	assert_int_equal(pkt.l3, r.pkt.l3);
	assert_int_equal(pkt.l4, r.pkt.l4);
	assert_int_equal(pkt.l3_len, r.pkt.l3_len);
	assert_int_equal(pkt.l4_proto, r.pkt.l4_proto);
	assert_int_equal(pkt.frag, r.pkt.frag);
	cvsw_pkt_free(&pkt);
}

/* a right frame of some kind, with 0 to 4 bytes of its headers changed, cut */
static u32 random_frame(u8 *bytes)
{
	static const u8 protos[] = { 1, 6, 17, 58, 132, 47, 0, 44, 43, 51, 60 };
	struct test_frame frame = { .payload = 60 };
	u32 len, n, headers;

	frame.ver = test_below(&seed, 2) ? 4 : 6;
	frame.proto = protos[test_below(&seed, 11)];
	if (test_below(&seed, 4) == 0)
		frame.vlan_tci = (u16)(test_rand(&seed) | CVSW_VLAN_PRESENT);
	if (test_below(&seed, 4) == 0)
		frame.frag_off = (u16)test_rand(&seed);
	frame.tos = (u8)test_rand(&seed);
	frame.ext = frame.ver == 6 && test_below(&seed, 2);
	len = test_build(&frame, bytes);
	headers = len < 100 ? len : 100;
	for (n = test_below(&seed, 5); n; n--)
		bytes[test_below(&seed, headers)] = test_below(&seed, 3) ?
			(u8)test_rand(&seed) : protos[test_below(&seed, 11)];
	return test_below(&seed, 3) ? len : test_below(&seed, len + 1);
}

static void test_random(void **state)
{
	static u8 bytes[TEST_FRAME_MAX];
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		u32 len = random_frame(bytes);

		compare(bytes, len, (u8)test_below(&seed, 4));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_wants, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

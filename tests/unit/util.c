// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include <ctype.h>
#include <time.h>
#include <unistd.h>

#include "util.h"

/* Random numbers */

u64 test_seed(void)
{
	const char *env = getenv("CVSW_SEED");
	u64 seed;

	if (env)
		seed = strtoull(env, NULL, 0);
	else
		seed = (u64)time(NULL) << 20 ^ (u64)getpid();
	print_message("CVSW_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}

u32 test_rand(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return (u32)(x ^ x >> 31);
}

u32 test_below(u64 *state, u32 n)
{
	return (u32)((u64)test_rand(state) * n >> 32);
}

u32 test_part(void)
{
	const char *env = getenv("CVSW_PART");

	return env ? (u32)strtoul(env, NULL, 0) : 1;
}

/* Frames */

static int hex_digit(char c)
{
	const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, tolower((unsigned char)c));

	assert_true(c && at);
	return (int)(at - digits);
}

u32 test_hex(const char *hex, u8 *out, u32 max)
{
	u32 n = 0;

	while (*hex) {
		if (isspace((unsigned char)*hex)) {
			hex++;
			continue;
		}
		assert_true(n < max);
		out[n++] = (u8)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
		hex += 2;
	}
	return n;
}

struct cvsw_pkt test_pkt(struct cvsw_pool *pool, const void *bytes, u32 len)
{
	struct cvsw_pkt pkt = { .in_port = 1 };

	pkt.frame = cvsw_buf_new(pool, len);
	assert_non_null(pkt.frame);
	memcpy(pkt.frame->data, bytes, len);
	return pkt;
}

struct cvsw_pkt test_pkt_tight(struct cvsw_pool *pool, const void *bytes,
			       u32 len)
{
	struct cvsw_pkt pkt = test_pkt(pool, bytes, len);
	struct cvsw_buf *buf = pkt.frame;

	buf->data = buf->head + ((buf->block->size - len) & ~1u);
	memcpy(buf->data, bytes, len);
	return pkt;
}

struct cvsw_pkt test_pkt_hex(struct cvsw_pool *pool, const char *hex)
{
	u8 bytes[4096];
	u32 len = test_hex(hex, bytes, sizeof(bytes));

	return test_pkt(pool, bytes, len);
}

static void dump(const char *title, const u8 *p, u32 len)
{
	u32 i;

	print_message("%s, %u bytes:", title, len);
	for (i = 0; i < len && i < 256; i++)
		print_message("%s%02x", i % 32 ? "" : "\n  ", p[i]);
	print_message("%s\n", i < len ? " ..." : "");
}

void test_pkt_is(const struct cvsw_pkt *pkt, const void *bytes, u32 len)
{
	const u8 *got = cvsw_pkt_header(pkt, 0, cvsw_pkt_len(pkt));
	const u8 *want = bytes;
	u32 i;

	if (cvsw_pkt_len(pkt) == len && !memcmp(got, want, len))
		return;
	for (i = 0; i < len && i < cvsw_pkt_len(pkt) && got[i] == want[i]; i++)
		;
	dump("got", got, cvsw_pkt_len(pkt));
	dump("want", want, len);
	fail_msg("frames differ at offset %u", i);
}

static void put16(u8 *p, u32 v)
{
	p[0] = (u8)(v >> 8);
	p[1] = (u8)v;
}

static u32 get16(const u8 *p)
{
	return (u32)p[0] << 8 | p[1];
}

static void put32(u8 *p, u32 v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static bool is_zero(const u8 *p, u32 n)
{
	while (n)
		if (p[--n])
			return false;
	return true;
}

static void put_addr(u8 *out, const u8 *addr, u8 ver, u8 last)
{
	u32 n = ver == 4 ? 4 : 16;

	memcpy(out, addr, n);
	if (!is_zero(addr, n))
		return;
	out[0] = ver == 4 ? 10 : 0xfd;
	out[n - 1] = last;
}

static void put_mac(u8 *out, const u8 *mac, u8 last)
{
	memcpy(out, mac, 6);
	if (!is_zero(mac, 6))
		return;
	out[0] = 2;
	out[5] = last;
}

/* offset of the L3 header */
static u32 frame_l3(const struct test_frame *f)
{
	return 14 + (f->vlan_tci & CVSW_VLAN_PRESENT ? 4 : 0);
}

u32 test_l4(const struct test_frame *f)
{
	u32 l3 = frame_l3(f);

	if (!f->ver)
		return l3;
	return l3 + (f->ver == 4 ? 20 : 40u + f->ext);
}

u32 test_payload(const struct test_frame *f)
{
	u32 l4 = test_l4(f);

	if (!f->ver)
		return l4;
	switch (f->proto) {
	case 6:
		return l4 + 20 + f->tcp_options;
	case 1:
	case 17:
	case 58:
		return l4 + 8;
	default:
		return l4;
	}
}

static void build_eth(const struct test_frame *f, u8 *out)
{
	u32 type = f->ver == 4 ? 0x0800 : f->ver == 6 ? 0x86dd : f->dl_type;

	put_mac(out, f->dl_dst, 2);
	put_mac(out + 6, f->dl_src, 1);
	if (f->vlan_tci & CVSW_VLAN_PRESENT) {
		put16(out + 12, 0x8100);
		put16(out + 14, f->vlan_tci & (u16)~CVSW_VLAN_PRESENT);
	}
	put16(out + frame_l3(f) - 2, type);
}

static void build_ip4(const struct test_frame *f, u8 *ip, u32 bytes)
{
	memset(ip, 0, 20);
	ip[0] = 0x45;
	ip[1] = f->tos;
	put16(ip + 2, bytes);
	put16(ip + 4, f->id);
	put16(ip + 6, f->frag_off);
	ip[8] = f->ttl ? f->ttl : 64;
	ip[9] = f->proto;
	put_addr(ip + 12, f->nw_src, 4, 1);
	put_addr(ip + 16, f->nw_dst, 4, 2);
	put16(ip + 10, ~test_sum(ip, 20, 0));
}

static void build_ip6(const struct test_frame *f, u8 *ip, u32 bytes)
{
	memset(ip, 0, 40u + f->ext);
	put32(ip, 6u << 28 | (u32)f->tos << 20 | 0x12345);
	put16(ip + 4, bytes - 40);
	ip[6] = f->proto;
	ip[7] = f->ttl ? f->ttl : 64;
	put_addr(ip + 8, f->nw_src, 6, 1);
	put_addr(ip + 24, f->nw_dst, 6, 2);
	if (!f->ext)
		return;
	ip[6] = 60;
	ip[40] = f->proto;
	ip[41] = (u8)(f->ext / 8 - 1);
	ip[42] = 1;				/* PadN over the rest */
	ip[43] = (u8)(f->ext - 4);
}

/* sum of the pseudo header of the IP header at @ip */
static u32 pseudo_sum(const u8 *ip, u32 proto, u32 len)
{
	u8 tail[4];

	put16(tail, proto);
	put16(tail + 2, len);
	if (*ip >> 4 == 4)
		return test_sum(tail, 4, test_sum(ip + 12, 8, 0));
	return test_sum(tail, 4, test_sum(ip + 8, 32, 0));
}

/* put the checksum, or its seed, of @len bytes from @l4 on at @l4 + @off */
static void build_csum(const struct test_frame *f, const u8 *ip, u8 *l4,
		       u32 off, u32 len)
{
	u32 sum;

	put16(l4 + off, 0);
	sum = f->proto == 1 ? 0 : pseudo_sum(ip, f->proto, len);
	if (f->partial) {
		put16(l4 + off, sum);
		return;
	}
	sum = ~test_sum(l4, len, sum) & 0xffff;
	if (f->proto == 17 && !sum)
		sum = 0xffff;
	put16(l4 + off, f->proto == 17 && f->udp_zero ? 0 : sum);
}

static void build_l4(const struct test_frame *f, const u8 *ip, u8 *l4, u32 len)
{
	u16 sport = f->tp_src ? f->tp_src : 1024;
	u16 dport = f->tp_dst ? f->tp_dst : 80;

	switch (f->proto) {
	case 6:
		memset(l4, 0, 20);
		put16(l4, sport);
		put16(l4 + 2, dport);
		put32(l4 + 4, f->seq);
		put32(l4 + 8, 0x01020304);
		l4[12] = (u8)((20 + f->tcp_options) / 4 << 4);
		l4[13] = f->tcp_flags ? f->tcp_flags : 0x10;
		put16(l4 + 14, 8192);
		memset(l4 + 20, 1, f->tcp_options);	/* NOPs */
		build_csum(f, ip, l4, 16, len);
		break;
	case 17:
		put16(l4, sport);
		put16(l4 + 2, dport);
		put16(l4 + 4, len);
		build_csum(f, ip, l4, 6, len);
		break;
	case 1:
	case 58:
		l4[0] = (u8)f->tp_src;
		l4[1] = (u8)f->tp_dst;
		put32(l4 + 4, 0x00010002);
		build_csum(f, ip, l4, 2, len);
		break;
	}
}

/* all but the payload, which is in place */
static u32 build_headers(const struct test_frame *f, u8 *out)
{
	u32 l3 = frame_l3(f), l4 = test_l4(f);
	u32 len = test_payload(f) + f->payload;

	assert_true(len <= TEST_FRAME_MAX);
	build_eth(f, out);
	if (f->ver == 4)
		build_ip4(f, out + l3, len - l3);
	else if (f->ver == 6)
		build_ip6(f, out + l3, len - l3);
	if (f->ver)
		build_l4(f, out + l3, out + l4, len - l4);
	return len;
}

u32 test_build(const struct test_frame *f, u8 *out)
{
	u8 *payload = out + test_payload(f);
	u32 i;

	for (i = 0; i < f->payload; i++)
		payload[i] = (u8)((i ^ i >> 8) + f->seq);
	return build_headers(f, out);
}

u32 test_build_with(const struct test_frame *f, const u8 *payload, u8 *out)
{
	memmove(out + test_payload(f), payload, f->payload);
	return build_headers(f, out);
}

u32 test_vxlan(const struct test_frame *outer, u32 vni, const u8 *inner,
	       u32 len, u8 *out)
{
	struct test_frame f = *outer;
	u8 *vxlan;

	f.proto = 17;
	f.tp_dst = f.tp_dst ? f.tp_dst : 4789;
	f.payload = 8 + len;
	vxlan = out + test_payload(&f);
	memmove(vxlan + 8, inner, len);
	put32(vxlan, 0x08000000);
	put32(vxlan + 4, vni << 8);
	return build_headers(&f, out);
}

u32 test_gre(const struct test_frame *outer, u32 key, const u8 *inner, u32 len,
	     u8 *out)
{
	struct test_frame f = *outer;
	u8 *gre;

	f.proto = 47;
	f.payload = 8 + len;
	gre = out + test_payload(&f);
	memmove(gre + 8, inner, len);
	put32(gre, 0x20006558);
	put32(gre + 4, key);
	return build_headers(&f, out);
}

/* Judgement */

u32 test_sum(const u8 *p, u32 n, u32 sum)
{
	u32 i;

	for (i = 0; i < n; i++) {
		sum += i & 1 ? p[i] : (u32)p[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

static bool is_tunnel_port(u32 port)
{
	return port == 4789 || port == 6081;
}

static const char *strict_udp(const u8 *ip, const u8 *udp, u32 len)
{
	if (len < 8 || get16(udp + 4) != len)
		return "UDP length";
	if (!get16(udp + 6))
		return *ip >> 4 == 6 && !is_tunnel_port(get16(udp + 2)) ?
		       "UDP over IPv6 without checksum" : NULL;
	if (test_sum(udp, len, pseudo_sum(ip, 17, len)) != 0xffff)
		return "UDP checksum";
	return NULL;
}

static const char *strict_vxlan(const u8 *p, u32 len)
{
	if (len < 8 || p[0] != 8 || !is_zero(p + 1, 3) || p[7])
		return "VXLAN header";
	return test_strict(p + 8, len - 8);
}

static const char *strict_geneve(const u8 *p, u32 len)
{
	u32 opts;

	if (len < 8 || p[0] >> 6 || p[1] & 0xbf || get16(p + 2) != 0x6558 ||
	    p[7])
		return "Geneve header";
	opts = p[0] * 4u;
	if (opts > len - 8)
		return "Geneve OptLen";
	return test_strict(p + 8 + opts, len - 8 - opts);
}

static const char *strict_l4(const u8 *ip, u8 proto, const u8 *l4, u32 len)
{
	const char *wrong;

	switch (proto) {
	case 6:
		if (len < 20 || (l4[12] >> 4) * 4u < 20 ||
		    (l4[12] >> 4) * 4u > len)
			return "TCP length";
		return test_sum(l4, len, pseudo_sum(ip, 6, len)) == 0xffff ?
		       NULL : "TCP checksum";
	case 17:
		wrong = strict_udp(ip, l4, len);
		if (wrong || !is_tunnel_port(get16(l4 + 2)))
			return wrong;
		return get16(l4 + 2) == 4789 ? strict_vxlan(l4 + 8, len - 8) :
					       strict_geneve(l4 + 8, len - 8);
	case 47:
		if (len < 8 || get16(l4) != 0x2000 || get16(l4 + 2) != 0x6558)
			return NULL;
		return test_strict(l4 + 8, len - 8);
	case 1:
		return len >= 8 && test_sum(l4, len, 0) == 0xffff ?
		       NULL : "ICMP";
	case 58:
		return len >= 8 && test_sum(l4, len, pseudo_sum(ip, 58, len)) ==
		       0xffff ? NULL : "ICMPv6";
	default:
		return NULL;
	}
}

/* bytes of @len that are the IP packet's, 0 when that is impossible */
static u32 strict_length(u32 says, u32 least, u32 l3, u32 len)
{
	if (says < least || says > len - l3)
		return 0;
	return says == len - l3 || len <= 60 ? says : 0;
}

static const char *strict_ip4(const u8 *frame, u32 l3, u32 len)
{
	const u8 *ip = frame + l3;
	u32 hlen, bytes;

	if (len - l3 < 20 || *ip >> 4 != 4)
		return "IPv4 header";
	hlen = (*ip & 15u) * 4;
	bytes = strict_length(get16(ip + 2), hlen, l3, len);
	if (hlen < 20 || !bytes)
		return "IPv4 length";
	if (test_sum(ip, hlen, 0) != 0xffff)
		return "IPv4 checksum";
	if (get16(ip + 6) & 0x3fff)
		return NULL;
	return strict_l4(ip, ip[9], ip + hlen, bytes - hlen);
}

static const char *strict_ip6(const u8 *frame, u32 l3, u32 len)
{
	const u8 *ip = frame + l3;
	u32 bytes, hlen, off = 40;
	u8 proto;

	if (len - l3 < 40 || *ip >> 4 != 6)
		return "IPv6 header";
	bytes = strict_length(get16(ip + 4) + 40, 40, l3, len);
	if (!bytes)
		return "IPv6 length";
	for (proto = ip[6]; proto == 0 || proto == 60; off += hlen) {
		if (off + 8 > bytes)
			return "IPv6 extension header";
		hlen = 8 + ip[off + 1] * 8u;
		proto = ip[off];
	}
	if (off > bytes)
		return "IPv6 extension header";
	return strict_l4(ip, proto, ip + off, bytes - off);
}

const char *test_strict(const u8 *frame, u32 len)
{
	u32 off = 12;

	if (len < 14)
		return "runt";
	while (get16(frame + off) == 0x8100) {
		off += 4;
		if (off + 2 > len)
			return "VLAN tag";
	}
	switch (get16(frame + off)) {
	case 0x0800:
		return strict_ip4(frame, off + 2, len);
	case 0x86dd:
		return strict_ip6(frame, off + 2, len);
	default:
		return NULL;
	}
}

void test_pkt_strict(const struct cvsw_pkt *pkt)
{
	const u8 *frame = cvsw_pkt_header(pkt, 0, cvsw_pkt_len(pkt));
	const char *wrong = test_strict(frame, cvsw_pkt_len(pkt));

	if (!wrong)
		return;
	dump("frame", frame, cvsw_pkt_len(pkt));
	fail_msg("%s is wrong", wrong);
}

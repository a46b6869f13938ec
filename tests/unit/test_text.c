// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Flow text: what is read is printed in its usual form, what is wrong is said
 * with its place, and what is printed at random is read as the same again.
 */

#include "util.h"

#include <cvsw/switch.h>
#include <cvsw/text.h>

#include "key.h"
#include "match.h"

static u64 seed;

/* two named ports, and one whose name cannot stand in a text */
static u16 port_find(void *ctx, const char *name)
{
	assert_ptr_equal(ctx, &seed);
	return !strcmp(name, "vm1") ? 1 : !strcmp(name, "net-0.5") ? 2 :
	       CVSW_PORT_NONE;
}

static const char *port_name(void *ctx, u16 no)
{
	assert_ptr_equal(ctx, &seed);
	return no == 1 ? "vm1" : no == 2 ? "net-0.5" : no == 3 ? "a,b" :
	       no == 4 ? "77" : no == 5 ? "local" : NULL;
}

static const struct cvsw_text_names names = { port_find, port_name, &seed };

static struct cvsw_action actions[CVSW_ACTIONS_MAX];
static struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];

static int parse(const char *text, u16 cmd, unsigned int flags,
		 struct cvsw_flow_mod *mod, struct cvsw_text_error *err)
{
	return cvsw_text_mod_parse(text, cmd, flags, &names, mod, actions,
				   CVSW_ACTIONS_MAX, opts, err);
}

#define TUN	"src=172.16.0.1,dst=172.16.0.2,eth_src=02:00:00:00:00:01," \
		"eth_dst=02:00:00:00:00:02"
#define TUN6	"src=fd00::1,dst=fd00::2,eth_src=02:00:00:00:00:01," \
		"eth_dst=02:00:00:00:00:02"

/* text, and as it is printed (NULL: the same) */
static const struct {
	const char *in, *out;
} texts[] = {
	{ "actions=drop", NULL },
	{ "actions=", "actions=drop" },
	{ " action=drop \n", "actions=drop" },
	{ "actions=drop # and why", "actions=drop" },
	{ "priority=100,in_port=vm1,tcp,nw_dst=10.0.0.0/8,tp_dst=80,"
	  "actions=mod_nw_dst:10.0.0.9,output:net-0.5",
	  "priority=100,tcp,in_port=1,nw_dst=10.0.0.0/8,tp_dst=80 "
	  "actions=mod_nw_dst:10.0.0.9,output:2" },
	{ "cookie=0x1f, idle_timeout=10, hard_timeout=0xff, send_flow_rem "
	  "check_overlap priority=0,ip actions=output:1", "cookie=0x1f, "
	  "idle_timeout=10, hard_timeout=255, send_flow_rem check_overlap "
	  "priority=0,ip actions=output:1" },
	{ "table=0,priority=32768 actions=1", "actions=output:1" },

	/* protocols */
	{ "ip actions=drop", NULL },
	{ "ipv6 actions=drop", NULL },
	{ "arp actions=drop", NULL },
	{ "icmp actions=drop", NULL },
	{ "tcp actions=drop", NULL },
	{ "udp actions=drop", NULL },
	{ "sctp actions=drop", NULL },
	{ "icmp6 actions=drop", NULL },
	{ "tcp6 actions=drop", NULL },
	{ "udp6 actions=drop", NULL },
	{ "sctp6 actions=drop", NULL },
	{ "ip,tcp actions=drop", "tcp actions=drop" },
	{ "tcp,ip,nw_proto=6 actions=drop", "tcp actions=drop" },
	{ "dl_type=0x800,nw_proto=6 actions=drop", "tcp actions=drop" },
	{ "nw_proto=6,eth_type=2048 actions=drop", "tcp actions=drop" },
	{ "IP,NW_Proto=47 ACTIONS=Drop", "ip,nw_proto=47 actions=drop" },
	{ "dl_type=0x88cc actions=drop", NULL },
	{ "dl_type=0x0800/0xff00 actions=drop",
	  "dl_type=0x800/0xff00 actions=drop" },
	{ "ip,nw_proto=6/0xfe actions=drop", "ip,nw_proto=0x6/0xfe actions=drop" },

	/* ports, Ethernet, VLAN */
	{ "in_port=LOCAL actions=drop", NULL },
	{ "in_port=65534 actions=drop", "in_port=LOCAL actions=drop" },
	{ "in_port=0x10/0xfff0 actions=drop", "in_port=16/0xfff0 actions=drop" },
	{ "dl_src=1:2:3:4:5:6,eth_dst=01:00:00:00:00:00/01:00:00:00:00:00 "
	  "actions=drop", "dl_src=01:02:03:04:05:06,"
	  "dl_dst=01:00:00:00:00:00/01:00:00:00:00:00 actions=drop" },
	{ "dl_vlan=5 actions=drop", NULL },
	{ "dl_vlan=5,dl_vlan_pcp=3 actions=drop", NULL },
	{ "dl_vlan_pcp=0 actions=drop", NULL },
	{ "dl_vlan=0xffff actions=drop", "vlan_tci=0x0000 actions=drop" },
	{ "dl_vlan=65535,dl_vlan_pcp=3 actions=drop",
	  "vlan_tci=0x0000 actions=drop" },
	{ "dl_vlan_pcp=3,dl_vlan=65535 actions=drop",
	  "vlan_tci=0x0000 actions=drop" },
	{ "vlan_tci=0 actions=drop", "vlan_tci=0x0000 actions=drop" },
	{ "vlan_tci=0x1005/0x1fff actions=drop", "dl_vlan=5 actions=drop" },
	{ "vlan_tci=0x1000/0x1000 actions=drop", NULL },
	{ "vlan_tci=0x0000/0x0fff actions=drop", NULL },
	{ "vlan_tci=0x1005/0x1007 actions=drop", NULL },
	{ "vlan_tci=0xf005/0xf007 actions=drop", NULL },

	/* addresses, TOS, fragments, ports */
	{ "ip,nw_src=10.1.2.3/8 actions=drop", "ip,nw_src=10.0.0.0/8 actions=drop" },
	{ "ip,ip_src=10.1.2.3/255.0.255.0 actions=drop",
	  "ip,nw_src=10.0.2.0/255.0.255.0 actions=drop" },
	{ "ip,nw_src=10.1.2.3/0 actions=drop", "ip actions=drop" },
	{ "ip,nw_dst=10.1.2.3/32 actions=drop", "ip,nw_dst=10.1.2.3 actions=drop" },
	{ "nw_dst=1.2.3.4,ip actions=drop", "ip,nw_dst=1.2.3.4 actions=drop" },
	{ "arp,nw_src=1.2.3.4 actions=drop", "arp,arp_spa=1.2.3.4 actions=drop" },
	{ "arp,arp_op=1,arp_spa=1.2.3.0/24,arp_tpa=1.2.3.4 actions=drop", NULL },
	{ "ipv6,ipv6_src=fe80::/10,ipv6_dst=FF02::1 actions=drop",
	  "ipv6,ipv6_src=fe80::/10,ipv6_dst=ff02::1 actions=drop" },
	{ "ipv6,ipv6_dst=::1/::ffff actions=drop", NULL },
	{ "ip,nw_tos=184 actions=drop", NULL },
	{ "ip,ip_dscp=46 actions=drop", "ip,nw_tos=184 actions=drop" },
	{ "ip,nw_tos=0x10/0xf0 actions=drop", "ip,nw_tos=0x10/0xf0 actions=drop" },
	{ "ip,ip_frag=no actions=drop", NULL },
	{ "ip,nw_frag=yes actions=drop", "ip,ip_frag=yes actions=drop" },
	{ "ip,ip_frag=first actions=drop", NULL },
	{ "ip,ip_frag=later actions=drop", NULL },
	{ "ipv6,ip_frag=not_later actions=drop", NULL },
	{ "tcp,tp_src=80/0xfff0 actions=drop",
	  "tcp,tp_src=0x50/0xfff0 actions=drop" },
	{ "tcp,tcp_src=1,tcp_dst=2 actions=drop", "tcp,tp_src=1,tp_dst=2 actions=drop" },
	{ "udp6,udp_src=1,udp_dst=2 actions=drop", "udp6,tp_src=1,tp_dst=2 actions=drop" },
	{ "sctp,sctp_src=1,sctp_dst=2 actions=drop", "sctp,tp_src=1,tp_dst=2 actions=drop" },
	{ "icmp,icmp_type=8,icmp_code=0 actions=drop", NULL },
	{ "icmp,tp_src=8 actions=drop", "icmp,icmp_type=8 actions=drop" },
	{ "icmp,tp_src=264 actions=drop", NULL },
	{ "icmp6,icmpv6_type=135,icmpv6_code=0 actions=drop",
	  "icmp6,icmp_type=135,icmp_code=0 actions=drop" },
	{ "tun_id=0x123456 actions=drop", NULL },
	{ "tun_id=5/0xff actions=drop", "tun_id=0x5/0xff actions=drop" },
	{ "tun_id=0xffffffffffffffff actions=drop", NULL },

	/* actions */
	{ "actions=1,output:2 3,output:65279",
	  "actions=output:1,output:2,output:3,output:65279" },
	{ "actions=in_port,all,flood,normal,local,controller",
	  "actions=IN_PORT,ALL,FLOOD,NORMAL,LOCAL,CONTROLLER" },
	{ "actions=output:NORMAL", "actions=NORMAL" },
	{ "actions=controller:128,controller(max_len=64),controller()",
	  "actions=CONTROLLER:128,CONTROLLER:64,CONTROLLER" },
	{ "actions=enqueue:1:2,enqueue(3,0x10)",
	  "actions=enqueue:1:2,enqueue:3:16" },
	{ "actions=mod_vlan_vid:4095,mod_vlan_pcp:7,strip_vlan", NULL },
	{ "actions=set_vlan_vid:1,set_vlan_pcp:2,pop_vlan",
	  "actions=mod_vlan_vid:1,mod_vlan_pcp:2,strip_vlan" },
	{ "actions=mod_dl_src:02:00:00:00:00:01,mod_dl_dst:02:00:00:00:00:02",
	  NULL },
	{ "actions=mod_nw_src:1.2.3.4,mod_nw_dst:5.6.7.8,mod_nw_tos:184", NULL },
	{ "actions=mod_tp_src:1,mod_tp_dst:65535", NULL },
	{ "actions=mod_ipv6_src:fe80::1,mod_ipv6_dst:::", NULL },
	{ "actions=set_field:1.2.3.4->ip_dst,set_field:fe80::1->ipv6_src,"
	  "set_field:53->udp_dst,set_field:2:0:0:0:0:1->eth_src",
	  "actions=mod_nw_dst:1.2.3.4,mod_ipv6_src:fe80::1,mod_tp_dst:53,"
	  "mod_dl_src:02:00:00:00:00:01" },
	{ "actions=resubmit,resubmit(,0),resubmit(,),resubmit:3,resubmit(4),"
	  "resubmit(5,0)", "actions=resubmit(,0),resubmit(,0),resubmit(,0),"
	  "resubmit:3,resubmit:4,resubmit:5" },
	{ "actions=push_vxlan(vni=10," TUN "),output:2", NULL },
	{ "actions=push_vxlan(vni=flow," TUN "),output:2", NULL },
	{ "actions=push_stt(" TUN ",id=flow,nodf)",
	  "actions=push_stt(id=flow," TUN ",nodf)" },
	{ "actions=set_tunnel:0x12345,resubmit(,0)", NULL },
	{ "actions=set_tunnel64:5,set_tunnel:0x100000000,set_tunnel:0",
	  "actions=set_tunnel:0x5,set_tunnel64:0x100000000,set_tunnel:0" },
	{ "actions=push_vxlan(vni=16777215," TUN6 ",port=8472,ttl=9,tos=8,csum,"
	  "nodf)", NULL },
	{ "actions=push_vxlan(tos=inherit , ttl=inherit/5," TUN ",vni=0)",
	  "actions=push_vxlan(vni=0," TUN ",ttl=inherit/5,tos=inherit)" },
	{ "tun_id=10 actions=pop_vxlan,resubmit(,0)",
	  "tun_id=0xa actions=pop_vxlan,resubmit(,0)" },

	/* options */
	{ "geneve_opt=0x0102:0x80 actions=drop", NULL },
	{ "geneve_opt=258:128:0X0aBbcCdd actions=drop",
	  "geneve_opt=0x0102:0x80:0x0abbccdd actions=drop" },
	{ "tun_id=0xa,geneve_opt=0x0102:0x80:*4,geneve_opt=0xffff:0x00:"
	  "0x0000000100000002 actions=pop_geneve", NULL },
	{ "geneve_opt=1:2:0xffffffff/0x0000ff00 actions=drop",
	  "geneve_opt=0x0001:0x02:0x0000ff00/0x0000ff00 actions=drop" },
	{ "geneve_opt=1:2:0x11223344/0x00000000 actions=drop",
	  "geneve_opt=0x0001:0x02:*4 actions=drop" },
	{ "geneve_opt=1:2:0x11223344/0xffffffff actions=drop",
	  "geneve_opt=0x0001:0x02:0x11223344 actions=drop" },
	{ "geneve_opt=256:1,geneve_opt=1:9,geneve_opt=1:255,geneve_opt=1:8 "
	  "actions=drop", "geneve_opt=0x0001:0x08,geneve_opt=0x0001:0x09,"
	  "geneve_opt=0x0001:0xff,geneve_opt=0x0100:0x01 actions=drop" },
	{ "geneve_opt=1:2:*0 actions=drop",
	  "geneve_opt=0x0001:0x02 actions=drop" },
	{ "priority=7,geneve_opt=0x0001:0x02,udp,tp_dst=6081 actions=drop",
	  "priority=7,udp,tp_dst=6081,geneve_opt=0x0001:0x02 actions=drop" },
	{ "actions=push_geneve(vni=10,dst=1.2.3.4,opt=0x0102:0x80:0x01020304,"
	  "opt=0x0102:0x01),output:2", NULL },
	{ "actions=geneve_opt:258:128,geneve_opt:0x0001:0x02:0xffffffff,"
	  "push_geneve(vni=10,dst=1.2.3.4,csum,opt=3:4),output:2",
	  "actions=push_geneve(vni=10,dst=1.2.3.4,csum,opt=0x0102:0x80,"
	  "opt=0x0001:0x02:0xffffffff,opt=0x0003:0x04),output:2" },
	{ "actions=push_vxlan(vni=10," TUN "),geneve_opt:0x0102:0x80,"
	  "push_vxlan(vni=10," TUN "),output:2", NULL },
	{ "actions=output:1,geneve_opt:0x0102:0x80", NULL },
};

static void test_texts(void **state)
{
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	char text[CVSW_TEXT_MAX];
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (parse(texts[i].in, CVSW_FLOW_ADD, CVSW_TEXT_STRICT, &mod, &err))
			fail_msg("%s: %s", texts[i].in, err.text);
		assert_int_equal(err.column, 0);
		n = cvsw_text_flow_print(text, sizeof(text), &mod.flow, 0, NULL);
		assert_int_equal(n, strlen(text));
		assert_string_equal(text, texts[i].out ? : texts[i].in);
	}
}

/* what is wrong, where, and what is said of it */
static const struct {
	const char *text;
	unsigned int column;
	const char *word, *why;
} errors[] = {
	{ "priority=5,ip,nw_dst=10.0.0.300,actions=1", 15, "nw_dst",
	  "10.0.0.300 is not an IPv4 address" },
	{ "ip", 3, "", "actions= is missing (actions=drop for none)" },
	{ "foo=5,actions=1", 1, "foo", "unknown word" },
	{ "ip,nw_dts=1.2.3.4,actions=1", 4, "nw_dts",
	  "unknown word; did you mean nw_dst?" },
	{ "pirority=5,actions=1", 1, "pirority",
	  "unknown word; did you mean priority?" },
	{ "=5,actions=1", 1, "=5", "a word cannot start like this" },
	{ "tcp=5,actions=1", 1, "tcp", "takes no value" },
	{ "in_port,actions=1", 1, "in_port", "needs a value" },
	{ "in_port=,actions=1", 1, "in_port", "empty where a port should be" },
	{ "in_port=eth9,actions=1", 1, "in_port", "eth9 is not a port" },
	{ "in_port=65536,actions=1", 1, "in_port",
	  "65536 is not a port number (0 to 65535)" },
	{ "priority=65536,actions=1", 1, "priority",
	  "65536 is not in the range 0 to 65535" },
	{ "priority=010,actions=1", 1, "priority", "010 is not a number" },
	{ "priority=-1,actions=1", 1, "priority", "-1 is not a number" },
	{ "priority=0x,actions=1", 1, "priority", "0x is not a number" },
	{ "n_bytes=18446744073709551616,actions=1", 1, "n_bytes",
	  "18446744073709551616 is not in the range 0 to 18446744073709551615" },
	{ "tun_id=0x10000000000000000,actions=1", 1, "tun_id",
	  "0x10000000000000000 is not in the range 0 to 18446744073709551615" },
	{ "dl_src=1:2:3:4:5,actions=1", 1, "dl_src", "1:2:3:4:5 is not a MAC address" },
	{ "dl_src=1:2:3:4:5:6:7,actions=1", 1, "dl_src",
	  "1:2:3:4:5:6:7 is not a MAC address" },
	{ "dl_src=1:2:3:4:5:678,actions=1", 1, "dl_src",
	  "1:2:3:4:5:678 is not a MAC address" },
	{ "ip,nw_src=1.2.3.4/33,actions=1", 4, "nw_src",
	  "33 is not a prefix length (0 to 32) or mask" },
	{ "ipv6,ipv6_src=::1/129,actions=1", 6, "ipv6_src",
	  "129 is not a prefix length (0 to 128) or mask" },
	{ "ipv6,ipv6_src=1.2.3.4,actions=1", 6, "ipv6_src",
	  "1.2.3.4 is not an IPv6 address" },
	{ "dl_vlan=4096,actions=1", 1, "dl_vlan",
	  "4096 is not a VLAN id (0 to 4095, or 0xffff for untagged)" },
	{ "dl_vlan_pcp=8,actions=1", 1, "dl_vlan_pcp",
	  "8 is not in the range 0 to 7" },
	{ "vlan_tci=5,actions=1", 1, "vlan_tci", "VID or PCP of an untagged frame" },
	{ "ip,nw_tos=3,actions=1", 4, "nw_tos",
	  "3 is not a TOS (the two lowest bits are ECN)" },
	{ "ip,ip_dscp=64,actions=1", 4, "ip_dscp", "64 is not in the range 0 to 63" },
	{ "ip,ip_frag=maybe,actions=1", 4, "ip_frag",
	  "maybe is not no, yes, first, later or not_later" },
	{ "icmp,icmp_type=256,actions=1", 6, "icmp_type",
	  "256 is not in the range 0 to 255" },
	{ "table=1,actions=1", 1, "table", "there is only table 0" },
	{ "duration=1.2.3,actions=1", 1, "duration",
	  "1.2.3 is not a time in seconds" },
	{ "duration=1.,actions=1", 1, "duration", "1. is not a time in seconds" },
	{ "out_port=1,actions=1", 1, "out_port", "has no meaning for add" },
	{ "cookie=1/2,actions=1", 1, "cookie",
	  "a new flow has no use for a cookie mask" },

	/* said twice, contradictions, prerequisites */
	{ "priority=1,priority=1,actions=1", 12, "priority", "said twice" },
	{ "tcp,tp_dst=80,tcp_dst=80,actions=1", 15, "tcp_dst",
	  "this field is said twice" },
	{ "dl_vlan=1,vlan_tci=0x1001,actions=1", 11, "vlan_tci",
	  "this field is said twice" },
	{ "dl_vlan_pcp=1,vlan_tci=0x1001,actions=1", 15, "vlan_tci",
	  "this field is said twice" },
	{ "vlan_tci=0x1001,dl_vlan_pcp=1,actions=1", 17, "dl_vlan_pcp",
	  "this field is said twice" },
	{ "dl_type=0x800,eth_type=0x800,actions=1", 15, "eth_type",
	  "this field is said twice" },
	{ "tcp,udp,actions=1", 5, "udp", "contradicts what was said before" },
	{ "tcp,nw_proto=17,actions=1", 5, "nw_proto",
	  "contradicts what was said before" },
	{ "dl_type=0x86dd,tcp,actions=1", 16, "tcp",
	  "contradicts what was said before" },
	{ "tcp,dl_type=0x86dd,actions=1", 5, "dl_type",
	  "contradicts what was said before" },
	{ "tcp,udp_dst=53,actions=1", 5, "udp_dst", "needs udp or udp6" },
	{ "arp,tp_dst=53,actions=1", 5, "tp_dst",
	  "needs tcp, udp, sctp or icmp (or tcp6 ...)" },
	{ "tcp6,nw_src=1.2.3.4,actions=1", 6, "nw_src", "needs ip or arp" },
	{ "ip,ipv6_src=::1,actions=1", 4, "ipv6_src", "needs ipv6" },
	{ "ip,arp_spa=1.2.3.4,actions=1", 4, "arp_spa", "needs arp" },
	{ "arp,nw_tos=4,actions=1", 5, "nw_tos", "needs ip or ipv6" },
	{ "dl_type=0x88cc,nw_proto=4,actions=1", 16, "nw_proto",
	  "needs ip, ipv6 or arp" },
	{ "icmp,icmpv6_type=4,actions=1", 6, "icmpv6_type", "needs icmp6" },
	{ "udp,sctp_src=4,actions=1", 5, "sctp_src", "needs sctp or sctp6" },
	{ "udp,tcp_src=4,actions=1", 5, "tcp_src", "needs tcp or tcp6" },
	{ "udp,icmp_type=4,actions=1", 5, "icmp_type", "needs icmp or icmp6" },

	/* actions */
	{ "actions", 1, "actions", "needs \"=\" and a list" },
	{ "actions=ouput:5", 9, "ouput",
	  "no such action or port; did you mean output?" },
	{ "actions=eth9", 9, "eth9", "no such action or port" },
	{ "actions=1,drop", 11, "drop", "must be the only action" },
	{ "actions=drop,1", 9, "drop", "must be the only action" },
	{ "actions=output", 9, "output", "needs a value" },
	{ "actions=output:eth9", 9, "output", "eth9 is not a port" },
	{ "actions=strip_vlan:1", 9, "strip_vlan", "takes no value" },
	{ "actions=pop_vxlan:1", 9, "pop_vxlan", "takes no value" },
	{ "actions=mod_vlan_vid:4096", 9, "mod_vlan_vid",
	  "4096 is not in the range 0 to 4095" },
	{ "actions=mod_nw_tos:5", 9, "mod_nw_tos",
	  "5 is not a TOS (the two lowest bits are ECN)" },
	{ "actions=1,controller(max_len=5", 11, "controller(max_len=5",
	  "parentheses do not match" },
	{ "actions=1)", 1, "actions=1)", "parentheses do not match" },
	{ "actions=1,2)", 11, "2)", "parentheses do not match" },
	{ "actions=70000", 9, "70000", "70000 is not a port number (0 to 65535)" },
	{ "actions=controller(1)(2)", 9, "controller(1)(2)",
	  "something stands behind \")\"" },
	{ "actions=controller(len=5)", 20, "len", "only max_len= is known here" },
	{ "actions=controller(max_len=5,id=1)", 30, "id",
	  "only max_len= is known here" },
	{ "actions=enqueue:1", 9, "enqueue", "needs a port and a queue" },
	{ "actions=resubmit(1,2)", 9, "resubmit", "there is only table 0" },
	{ "actions=resubmit:", 9, "resubmit", "empty where a port should be" },
	{ "actions=set_field:5", 9, "set_field", "needs VALUE->FIELD" },
	{ "actions=set_field:5->in_port", 9, "set_field",
	  "in_port is not a field that can be set" },
	{ "actions=push_vxlan", 9, "push_vxlan", "needs (vni=..., dst=..., ...)" },
	{ "actions=push_vxlan(vni=1,src=1.2.3.4)", 9, "push_vxlan",
	  "dst= is missing" },
	{ "actions=set_tunnel", 9, "set_tunnel", "needs a value" },
	{ "actions=set_tunnel:flow", 9, "set_tunnel", "flow is not a number" },
	{ "actions=push_vxlan(vni=flows)", 20, "vni", "flows is not a number" },
	{ "actions=push_vxlan(vni=16777216)", 20, "vni",
	  "16777216 is not in the range 0 to 16777215" },
	{ "actions=push_vxlan(vni=1,vni=1)", 26, "vni", "said twice" },
	{ "actions=push_vxlan(vni=1,vsid=1)", 26, "vsid",
	  "no such word in push_vxlan" },
	{ "actions=push_vxlan(src=1.2.3.4,dst=::1)", 32, "dst",
	  "src and dst are of different IP versions" },
	{ "actions=push_vxlan(ttl=0)", 20, "ttl", "0 is not a TTL" },
	{ "actions=push_vxlan(tos=1)", 20, "tos",
	  "1 is not a TOS (the two lowest bits are ECN)" },
	{ "actions=push_vxlan(csum=1)", 20, "csum", "takes no value" },
	{ "actions=push_vxlan(opt=1:2)", 20, "opt", "no such word in push_vxlan" },

	/* options */
	{ "geneve_opt,actions=1", 1, "geneve_opt", "needs a value" },
	{ "geneve_opt=1,actions=1", 1, "geneve_opt",
	  "1 is not an option (CLASS:TYPE:DATA)" },
	{ "geneve_opt=0x10000:2,actions=1", 1, "geneve_opt",
	  "0x10000 is not in the range 0 to 65535" },
	{ "geneve_opt=1:256,actions=1", 1, "geneve_opt",
	  "256 is not in the range 0 to 255" },
	{ "geneve_opt=1:2:,actions=1", 1, "geneve_opt",
	  "empty where option data (0x and 8 digits for each 4 bytes) should be" },
	{ "geneve_opt=1:2:5,actions=1", 1, "geneve_opt",
	  "5 is not option data (0x and 8 digits for each 4 bytes)" },
	{ "geneve_opt=1:2:0x0102030,actions=1", 1, "geneve_opt",
	  "0x0102030 is not option data (0x and 8 digits for each 4 bytes)" },
	{ "geneve_opt=1:2:0x0102030g,actions=1", 1, "geneve_opt",
	  "0x0102030g is not option data (0x and 8 digits for each 4 bytes)" },
	{ "geneve_opt=1:2:0x,actions=1", 1, "geneve_opt",
	  "0x is not option data (0x and 8 digits for each 4 bytes)" },
	{ "geneve_opt=1:2:0x01020304/1,actions=1", 1, "geneve_opt",
	  "1 is not option data (0x and 8 digits for each 4 bytes)" },
	{ "geneve_opt=1:2:0x01020304/0x0102030405060708,actions=1", 1,
	  "geneve_opt", "0x0102030405060708 is not as long as the data" },
	{ "geneve_opt=1:2:*5,actions=1", 1, "geneve_opt",
	  "5 is not a multiple of 4" },
	{ "geneve_opt=1:2:*128,actions=1", 1, "geneve_opt",
	  "128 is not in the range 0 to 124" },
	{ "geneve_opt=1:2:*,actions=1", 1, "geneve_opt",
	  "empty where a number should be" },
	{ "geneve_opt=1:2,geneve_opt=1:3,geneve_opt=1:2:*4,actions=1", 31,
	  "geneve_opt", "this option is said twice" },
	{ "geneve_opt=1:1,geneve_opt=1:2,geneve_opt=1:3,geneve_opt=1:4,"
	  "geneve_opt=1:5,geneve_opt=1:6,geneve_opt=1:7,geneve_opt=1:8,"
	  "geneve_opt=1:9,actions=1", 121, "geneve_opt", "more than 8 of them" },
	{ "geneve_opts=1:2,actions=1", 1, "geneve_opts",
	  "unknown word; did you mean geneve_opt?" },
	{ "actions=push_geneve(vni=1,dst=1.2.3.4,opt=1:2:*4)", 39, "opt",
	  "*4 is not option data (0x and 8 digits for each 4 bytes)" },
	{ "actions=geneve_opt:1,2", 9, "geneve_opt",
	  "1 is not an option (CLASS:TYPE:DATA)" },
	{ "actions=geneve_opt", 9, "geneve_opt", "needs a value" },
};

static void test_errors(void **state)
{
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	char want[200];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		if (parse(errors[i].text, CVSW_FLOW_ADD, 0, &mod, &err) != -EINVAL)
			fail_msg("%s: taken", errors[i].text);
		snprintf(want, sizeof(want), "`%s`: %s", errors[i].word,
			 errors[i].why);
		assert_string_equal(err.text, want);
		assert_string_equal(err.word, errors[i].word);
		assert_int_equal(err.column, errors[i].column);
		assert_int_equal(parse(errors[i].text, CVSW_FLOW_ADD, 0, &mod,
				       NULL), -EINVAL);
	}
}

/* a missing prerequisite: ignored with a warning, as ovs-ofctl has it */
static void test_warnings(void **state)
{
	static const struct {
		const char *text;
		unsigned int column;
		const char *why;
	} cases[] = {
		{ "tp_dst=80 actions=drop", 1,
		  "`tp_dst`: is ignored, for it needs tcp, udp, sctp or icmp (or tcp6 ...)" },
		{ "ip,tcp_dst=80 actions=drop", 4,
		  "`tcp_dst`: is ignored, for it needs tcp or tcp6" },
		{ "nw_src=1.2.3.4 actions=drop", 1,
		  "`nw_src`: is ignored, for it needs ip or arp" },
		{ "ipv6_src=::1 actions=drop", 1,
		  "`ipv6_src`: is ignored, for it needs ipv6" },
		{ "nw_proto=6 actions=drop", 1,
		  "`nw_proto`: is ignored, for it needs ip, ipv6 or arp" },
		{ "nw_tos=4 actions=drop", 1,
		  "`nw_tos`: is ignored, for it needs ip or ipv6" },
		{ "ip_frag=yes actions=drop", 1,
		  "`ip_frag`: is ignored, for it needs ip or ipv6" },
	};
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	struct cvsw_match any = {};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].text, CVSW_FLOW_ADD, 0, &mod,
				       &err), 0);
		assert_string_equal(err.text, cases[i].why);
		assert_int_equal(err.column, cases[i].column);
		if (cases[i].column == 1)
			assert_memory_equal(&mod.flow.match, &any, sizeof(any));
		assert_int_equal(parse(cases[i].text, CVSW_FLOW_ADD,
				       CVSW_TEXT_STRICT, &mod, &err), -EINVAL);
	}
}

/* what each command may say, and what the struct then has */
static void test_commands(void **state)
{
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;

	(void)state;
	assert_int_equal(parse("tcp,out_port=vm1,cookie=5/-1", CVSW_FLOW_DEL, 0,
			       &mod, &err), 0);
	assert_int_equal(mod.cmd, CVSW_FLOW_DEL);
	assert_int_equal(mod.out_port, 1);
	assert_int_equal(mod.flow.cookie, 5);
	assert_true(mod.cookie_mask == ~0ULL);
	assert_int_equal(mod.flow.n_actions, 0);

	assert_int_equal(parse("", CVSW_FLOW_DEL, 0, &mod, &err), 0);
	assert_int_equal(mod.out_port, CVSW_PORT_NONE);
	assert_int_equal(mod.cookie_mask, 0);
	assert_int_equal(parse("priority=5", CVSW_FLOW_DEL, 0, &mod, &err), -EINVAL);
	assert_string_equal(err.text, "`priority`: has no meaning for delete");
	assert_int_equal(parse("priority=5", CVSW_FLOW_DEL_STRICT, 0, &mod, &err), 0);
	assert_int_equal(mod.flow.priority, 5);
	assert_int_equal(parse("actions=1", CVSW_FLOW_DEL, 0, &mod, &err), -EINVAL);
	assert_int_equal(parse("cookie=5", CVSW_FLOW_DEL, 0, &mod, &err), -EINVAL);
	assert_string_equal(err.text,
			    "`cookie`: say which bits select: cookie=N/-1 for all");

	assert_int_equal(parse("actions=1", CVSW_FLOW_MOD, 0, &mod, &err), 0);
	assert_true(mod.flow.cookie == CVSW_COOKIE_KEEP);
	assert_int_equal(parse("cookie=3,actions=1", CVSW_FLOW_MOD_STRICT, 0, &mod,
			       &err), 0);
	assert_int_equal(mod.flow.cookie, 3);
	assert_int_equal(mod.cookie_mask, 0);
	assert_int_equal(parse("cookie=0x12/0xf0,actions=1", CVSW_FLOW_MOD, 0,
			       &mod, &err), 0);
	assert_int_equal(mod.cookie_mask, 0xf0);
	assert_int_equal(parse("tcp", CVSW_FLOW_MOD, 0, &mod, &err), -EINVAL);
	assert_int_equal(parse("actions=1", 99, 0, &mod, &err), -EINVAL);
}

static void test_verbs(void **state)
{
	static const struct {
		const char *text;
		int cmd;		/* -1: an error */
	} cases[] = {
		{ "add tcp,actions=1", CVSW_FLOW_ADD },
		{ "modify tcp,actions=1", CVSW_FLOW_MOD },
		{ " modify_strict tcp,actions=1", CVSW_FLOW_MOD_STRICT },
		{ "delete tcp", CVSW_FLOW_DEL },
		{ "delete", CVSW_FLOW_DEL },
		{ "delete_strict priority=5", CVSW_FLOW_DEL_STRICT },
		{ "tcp,actions=1", CVSW_FLOW_ADD },
		{ "restore tcp,actions=1", -1 },
		{ "tcp,delete", -1 },
		{ "add=1,actions=1", -1 },
	};
	struct cvsw_flow_mod mod;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		rc = parse(cases[i].text, CVSW_FLOW_ADD, CVSW_TEXT_VERB, &mod, NULL);
		assert_int_equal(rc ? -1 : mod.cmd, cases[i].cmd);
	}
	assert_int_equal(parse("delete tcp", CVSW_FLOW_ADD, 0, &mod, NULL), -EINVAL);
}

/* a dump of Open vSwitch's is read, statistics and all */
static void test_dump(void **state)
{
	static const char dump[] =
		" cookie=0x7, duration=12.345s, table=0, n_packets=4, n_bytes=392, "
		"idle_timeout=60, idle_age=5, hard_age=9, send_flow_rem "
		"priority=4,ip,in_port=2 actions=NORMAL";
	static const char ours[] =
		"cookie=0x7, duration=12.345s, table=0, n_packets=4, n_bytes=392, "
		"idle_timeout=60, idle_age=5, send_flow_rem "
		"priority=4,ip,in_port=net-0.5 actions=NORMAL";
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	char text[512];

	(void)state;
	assert_int_equal(parse(dump, CVSW_FLOW_RESTORE, CVSW_TEXT_STRICT, &mod,
			       &err), 0);
	assert_int_equal(mod.flow.age_ns, 12345000000);
	assert_int_equal(mod.flow.idle_ns, 5000000000);
	assert_int_equal(mod.flow.packets, 4);
	assert_int_equal(mod.flow.bytes, 392);
	cvsw_text_flow_print(text, sizeof(text), &mod.flow, CVSW_TEXT_STATS, &names);
	assert_string_equal(text, ours);
	cvsw_text_flow_print(text, sizeof(text), &mod.flow, CVSW_TEXT_NO_COOKIE,
			     NULL);
	assert_string_equal(text, "idle_timeout=60, send_flow_rem "
			    "priority=4,ip,in_port=2 actions=NORMAL");
}

static void test_names(void **state)
{
	static const struct {
		u16 port;
		const char *text;
	} cases[] = {
		{ 1, "vm1" }, { 2, "net-0.5" }, { 3, "3" }, { 4, "4" }, { 5, "5" },
		{ CVSW_PORT_LOCAL, "LOCAL" }, { CVSW_PORT_NONE, "NONE" },
		{ CVSW_PORT_CONTROLLER, "CONTROLLER" }, { 65280, "65280" },
	};
	char text[32];
	size_t i;
	u16 port;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cvsw_text_port_print(text, sizeof(text), cases[i].port, &names);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(cvsw_text_port_parse(text, &names, &port), 0);
		assert_int_equal(port, cases[i].port);
	}
	assert_int_equal(cvsw_text_port_parse("any", NULL, &port), 0);
	assert_int_equal(port, CVSW_PORT_NONE);
	assert_int_equal(cvsw_text_port_parse("vm1", NULL, &port), -EINVAL);
	assert_int_equal(cvsw_text_port_parse("", &names, &port), -EINVAL);
	assert_int_equal(cvsw_text_port_parse("vm2", &names, &port), -EINVAL);
}

/* Random flows */

static u8 some_mask(void)
{
	static const u8 masks[] = { 0, 0, 0xff, 0xff, 0xff, 0xf0, 0x5a };

	return masks[test_below(&seed, 7)];
}

/* a match whose prerequisites are mostly there, in normal form */
static void random_match(struct cvsw_match *m)
{
	static const u16 types[] = { 0x0800, 0x86dd, 0x0806, 0x88cc };
	static const u8 protos[] = { 1, 6, 17, 58, 132, 47 };
	u8 *value = (u8 *)&m->value, *mask = (u8 *)&m->mask;
	size_t i;
	u8 wide = 0;

	do {
		memset(m, 0, sizeof(*m));
		for (i = 0; i < sizeof(m->mask); i++) {
			if (i % 2 == 0)
				wide = some_mask();
			mask[i] = test_below(&seed, 8) ? wide : some_mask();
			value[i] = (u8)test_rand(&seed);
		}
		if (test_below(&seed, 2)) {
			cvsw_match_prefix(m->mask.nw_src, 16, test_below(&seed, 129));
			cvsw_match_prefix(m->mask.nw_dst, 16, test_below(&seed, 33));
		}
		if (test_below(&seed, 4))
			cvsw_match_set_dl_type(m, types[test_below(&seed, 4)]);
		if (test_below(&seed, 4))
			cvsw_match_set_nw_proto(m, protos[test_below(&seed, 6)]);
		if (test_below(&seed, 2))
			m->value.tp_src &= cpu_to_be16(0xff);
		if (m->value.dl_type != cpu_to_be16(0x86dd))
			memset(m->value.nw_src + 4, 0, 12);
		if (m->value.dl_type != cpu_to_be16(0x86dd))
			memset(m->value.nw_dst + 4, 0, 12);
	} while (cvsw_match_check(m, NULL));
	cvsw_match_normalize(m);
}

static void random_bytes(void *to, size_t n)
{
	u8 *p = to;

	while (n--)
		*p++ = (u8)test_rand(&seed);
}

static void random_tunnel(struct cvsw_tunnel *tun)
{
	tun->kind = test_below(&seed, 2) ? CVSW_TUNNEL_VXLAN :
		    CVSW_TUNNEL_GENEVE;
	tun->id = cpu_to_be64(test_below(&seed, 1 << 24));
	tun->family = test_below(&seed, 2) ? 4 : 6;
	random_bytes(tun->nw_src, tun->family == 4 ? 4 : 16);
	random_bytes(tun->nw_dst, tun->family == 4 ? 4 : 16);
	random_bytes(tun->dl_src, 12);
	tun->tp_dst = cpu_to_be16((u16)(test_rand(&seed) & test_rand(&seed)));
	tun->ttl = (u8)(test_rand(&seed) & test_rand(&seed));
	tun->tos = (u8)(test_rand(&seed) & test_rand(&seed) & 0xfc);
	tun->flags = (u16)(test_rand(&seed) & CVSW_TUNNEL_F_MASK);
	if (tun->flags & CVSW_TUNNEL_F_ID_FLOW)
		tun->id = 0;
}

static void random_opt(struct cvsw_tunnel_opt *opt)
{
	random_bytes(opt, 3);
	opt->len = (u8)(test_below(&seed, 4) * 4);
	if (!test_below(&seed, 20))
		opt->len = CVSW_TUNNEL_OPT_DATA;
	random_bytes(opt->data, opt->len);
}

static void random_opt_match(struct cvsw_opt_match *opt, u32 nth)
{
	u32 kind = test_below(&seed, 3), i;

	memset(opt, 0, sizeof(*opt));
	random_opt(&opt->value);
	opt->value.opt_class = cpu_to_be16((u16)(nth * 100));
	for (i = 0; i < opt->value.len; i++) {
		opt->mask[i] = kind == 0 ? 0 : kind == 1 ? 0xff :
			       (u8)test_rand(&seed);
		opt->value.data[i] &= opt->mask[i];
	}
}

static void random_action(struct cvsw_action *act)
{
	memset(act, 0, sizeof(*act));
	act->type = (u16)test_below(&seed, CVSW_ACT_SET_TUNNEL + 1);
	switch (act->type) {
	case CVSW_ACT_OUTPUT:
		act->output.port = (u16)test_rand(&seed);
		if (test_below(&seed, 4) == 0) {
			act->output.port = CVSW_PORT_CONTROLLER;
			act->output.max_len = (u16)test_rand(&seed);
		}
		break;
	case CVSW_ACT_RESUBMIT:
	case CVSW_ACT_ENQUEUE:
		act->output.port = (u16)test_rand(&seed);
		if (act->type == CVSW_ACT_ENQUEUE)
			act->output.queue = test_rand(&seed);
		break;
	case CVSW_ACT_SET_VLAN_VID:
		act->vlan = (u16)test_below(&seed, 4096);
		break;
	case CVSW_ACT_SET_VLAN_PCP:
		act->vlan = (u16)test_below(&seed, 8);
		break;
	case CVSW_ACT_SET_NW_TOS:
		act->tos = (u8)(test_rand(&seed) & 0xfc);
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		random_bytes(&act->tp, 2);
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		random_bytes(act->mac, 6);
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		random_bytes(act->nw, 4);
		break;
	case CVSW_ACT_SET_IPV6_SRC:
	case CVSW_ACT_SET_IPV6_DST:
		random_bytes(act->nw, 16);
		break;
	case CVSW_ACT_PUSH:
		random_tunnel(&act->tunnel);
		break;
	case CVSW_ACT_POP:
		act->tunnel.kind = CVSW_TUNNEL_VXLAN;
		break;
	case CVSW_ACT_TUNNEL_OPT:
		random_opt(&act->opt);
		break;
	case CVSW_ACT_SET_TUNNEL:
		act->tun_id = cpu_to_be64((u64)(test_rand(&seed) &
						test_rand(&seed)) << 32 |
					  test_rand(&seed));
		if (test_below(&seed, 2))
			act->tun_id = cpu_to_be64(test_rand(&seed));
		break;
	}
}

/* its options are valid until the next one */
static void random_flow(struct cvsw_flow *flow, struct cvsw_action *list)
{
	static struct cvsw_opt_match random_opts[CVSW_OPT_MATCHES_MAX];
	u32 i, n = test_below(&seed, 8);

	memset(flow, 0, sizeof(*flow));
	random_match(&flow->match);
	flow->cookie = (u64)test_rand(&seed) << 32 | test_rand(&seed);
	flow->packets = (u64)test_rand(&seed) << 32;
	flow->bytes = (u64)test_rand(&seed) << 30;
	flow->age_ns = test_rand(&seed) * (test_below(&seed, 2) ? 1ULL : 1000000000);
	flow->idle_ns = test_rand(&seed) * (test_below(&seed, 2) ? 10ULL : 1000000);
	flow->priority = (u16)(test_below(&seed, 2) ? CVSW_PRIORITY_DEFAULT :
			       test_rand(&seed));
	flow->idle_timeout = (u16)(test_rand(&seed) & test_rand(&seed));
	flow->hard_timeout = (u16)(test_rand(&seed) & test_rand(&seed));
	flow->flags = (u16)(test_rand(&seed) & CVSW_FLOW_F_MASK);
	for (i = 0; i < n; i++)
		random_action(&list[i]);
	flow->n_actions = (u16)n;
	flow->actions = list;
	if (test_below(&seed, 2))
		return;
	flow->n_opts = (u16)(1 + test_below(&seed, CVSW_OPT_MATCHES_MAX));
	for (i = 0; i < flow->n_opts; i++)
		random_opt_match(&random_opts[i], i);
	flow->opts = random_opts;
}

/* print, parse, compare all of the struct; print what differs */
static void round_trip(const struct cvsw_flow *flow)
{
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	char text[CVSW_TEXT_MAX], again[CVSW_TEXT_MAX];
	int n;

	n = cvsw_text_flow_print(text, sizeof(text), flow, CVSW_TEXT_STATS, &names);
	assert_int_equal(n, strlen(text));
	if (parse(text, CVSW_FLOW_RESTORE, CVSW_TEXT_STRICT, &mod, &err))
		fail_msg("%s: column %u: %s", text, err.column, err.text);
	assert_int_equal(mod.flow.n_actions, flow->n_actions);
	if (flow->n_actions)
		assert_memory_equal(mod.flow.actions, flow->actions,
				    flow->n_actions * sizeof(*flow->actions));
	assert_int_equal(mod.flow.n_opts, flow->n_opts);
	if (flow->n_opts)
		assert_memory_equal(mod.flow.opts, flow->opts,
				    flow->n_opts * sizeof(*flow->opts));
	mod.flow.actions = flow->actions;
	mod.flow.opts = flow->opts;
	if (!memcmp(&mod.flow, flow, sizeof(*flow)))
		return;
	cvsw_text_flow_print(again, sizeof(again), &mod.flow, CVSW_TEXT_STATS,
			     &names);
	fail_msg("%s\nwas read as\n%s", text, again);
}

static void test_round_trip(void **state)
{
	static struct cvsw_action list[8];
	struct cvsw_flow flow;
	int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		random_flow(&flow, list);
		round_trip(&flow);
	}
}

/* a buffer that is too small holds the beginning, and nothing behind it */
static void test_cut(void **state)
{
	static struct cvsw_action list[8];
	char text[CVSW_TEXT_MAX], small[CVSW_TEXT_MAX];
	struct cvsw_flow flow;
	int i, n;
	size_t size;

	(void)state;
	for (i = 0; i < 10; i++) {
		random_flow(&flow, list);
		n = cvsw_text_flow_print(text, sizeof(text), &flow,
					 CVSW_TEXT_STATS, NULL);
		for (size = 0; size <= (size_t)n + 1; size++) {
			memset(small, '!', size + 1);
			assert_int_equal(cvsw_text_flow_print(small, size, &flow,
							      CVSW_TEXT_STATS,
							      NULL), n);
			assert_int_equal(small[size], '!');
			if (!size)
				continue;
			assert_int_equal(small[size - 1], 0);
			assert_memory_equal(small, text, size - 1);
		}
		assert_int_equal(cvsw_text_flow_print(NULL, 0, &flow,
						      CVSW_TEXT_STATS, NULL), n);
	}
}

static void test_longest(void **state)
{
	static struct cvsw_action list[CVSW_ACTIONS_MAX];
	struct cvsw_text_error err;
	struct cvsw_flow flow;
	char text[CVSW_TEXT_MAX];
	int i, n;

	(void)state;
	random_flow(&flow, list);
	for (i = 0; i < CVSW_ACTIONS_MAX; i++) {
		memset(&list[i], 0, sizeof(list[i]));
		list[i].type = CVSW_ACT_PUSH;
		random_tunnel(&list[i].tunnel);
		list[i].tunnel.family = 6;
		random_bytes(list[i].tunnel.nw_src, 32);
		list[i].tunnel.flags = CVSW_TUNNEL_F_MASK -
				       CVSW_TUNNEL_F_ID_FLOW;
		list[i].tunnel.ttl = list[i].tunnel.tos = 252;
		list[i].tunnel.id = cpu_to_be64(0xffffff);
		list[i].tunnel.tp_dst = cpu_to_be16(0xffff);
	}
	flow.n_actions = CVSW_ACTIONS_MAX;
	n = cvsw_text_flow_print(text, sizeof(text), &flow, CVSW_TEXT_STATS, NULL);
	assert_true(n < CVSW_TEXT_MAX);
	round_trip(&flow);

	n = cvsw_text_actions_print(text, sizeof(text), list, CVSW_ACTIONS_MAX, NULL);
	assert_true(n < CVSW_TEXT_MAX - 3);
	assert_int_equal(cvsw_text_actions_parse(text, NULL, actions,
						 CVSW_ACTIONS_MAX, &err),
			 CVSW_ACTIONS_MAX);
	strcat(text, ",1");
	assert_int_equal(cvsw_text_actions_parse(text, NULL, actions,
						 CVSW_ACTIONS_MAX, &err), -E2BIG);
	assert_string_equal(err.text, "`1`: more than 64 actions");
	assert_int_equal(err.column, n + 2);
}

/* the most options there can be, and one more */
static void test_longest_options(void **state)
{
	static struct cvsw_opt_match most[CVSW_OPT_MATCHES_MAX];
	static struct cvsw_action list[CVSW_ACTIONS_MAX];
	struct cvsw_text_error err;
	char text[CVSW_TEXT_MAX];
	struct cvsw_flow flow;
	int i, n;

	(void)state;
	random_flow(&flow, list);
	memset(list, 0, sizeof(list));
	for (i = 0; i < CVSW_ACTIONS_MAX - 1; i++) {
		list[i].type = CVSW_ACT_TUNNEL_OPT;
		memset(&list[i].opt, 0xff, sizeof(list[i].opt));
		list[i].opt.len = CVSW_TUNNEL_OPT_DATA;
	}
	list[i].type = CVSW_ACT_PUSH;
	random_tunnel(&list[i].tunnel);
	list[i].tunnel.kind = CVSW_TUNNEL_GENEVE;
	flow.n_actions = CVSW_ACTIONS_MAX;
	for (i = 0; i < CVSW_OPT_MATCHES_MAX; i++) {
		most[i].value.type = (u8)i;
		most[i].value.len = CVSW_TUNNEL_OPT_DATA;
		memset(most[i].mask, 0xa5, CVSW_TUNNEL_OPT_DATA);
	}
	flow.opts = most;
	flow.n_opts = CVSW_OPT_MATCHES_MAX;
	round_trip(&flow);

	n = cvsw_text_actions_print(text, sizeof(text), list, CVSW_ACTIONS_MAX,
				    NULL);
	assert_int_equal(text[n - 1], ')');
	strcpy(text + n - 1, ",opt=1:2)");
	assert_int_equal(cvsw_text_actions_parse(text, NULL, actions,
						 CVSW_ACTIONS_MAX, &err), -E2BIG);
	assert_string_equal(err.text, "`opt`: too many actions");
	assert_int_equal(err.column, n + 1);
}

/* who has no room for options is told of them */
static void test_no_options(void **state)
{
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	struct cvsw_key key;
	char text[64] = "?";

	(void)state;
	assert_int_equal(cvsw_text_mod_parse("geneve_opt=1:2,actions=1",
					     CVSW_FLOW_ADD, 0, NULL, &mod,
					     actions, 1, NULL, &err), -EINVAL);
	assert_string_equal(err.text, "`geneve_opt`: is not for here");
	assert_int_equal(cvsw_text_key("tcp,geneve_opt=1:2", NULL, &key, &err),
			 -EINVAL);
	assert_string_equal(err.text,
			    "`geneve_opt`: no frame is made with options");
	assert_int_equal(cvsw_text_opts_print(text, sizeof(text), NULL, 0), 0);
	assert_string_equal(text, "");
	assert_int_equal(parse("geneve_opt=1:2,geneve_opt=3:4,actions=1",
			       CVSW_FLOW_ADD, 0, &mod, &err), 0);
	assert_int_equal(cvsw_text_opts_print(text, sizeof(text),
					      mod.flow.opts, mod.flow.n_opts),
			 strlen("geneve_opt=0x0001:0x02,geneve_opt=0x0003:0x04"));
	assert_string_equal(text,
			    "geneve_opt=0x0001:0x02,geneve_opt=0x0003:0x04");
}

/* Keys and frames */

static void test_key(void **state)
{
	static const struct {
		const char *in, *out;	/* out NULL: an error */
	} cases[] = {
		{ "in_port=vm1,udp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=53",
		  "udp,in_port=1,vlan_tci=0x0000,dl_src=00:00:00:00:00:00,"
		  "dl_dst=00:00:00:00:00:00,nw_src=10.0.0.1,nw_dst=10.0.0.2,"
		  "nw_tos=0,ip_frag=no,tp_src=0,tp_dst=53" },
		{ "arp,arp_op=1,dl_vlan=5,tun_id=7",
		  "arp,arp_op=1,tun_id=0x7,in_port=0,dl_vlan=5,dl_vlan_pcp=0,"
		  "dl_src=00:00:00:00:00:00,dl_dst=00:00:00:00:00:00,"
		  "arp_spa=0.0.0.0,arp_tpa=0.0.0.0" },
		{ "tcp6,ip_frag=later",
		  "tcp6,in_port=0,vlan_tci=0x0000,dl_src=00:00:00:00:00:00,"
		  "dl_dst=00:00:00:00:00:00,ipv6_src=::,ipv6_dst=::,nw_tos=0,"
		  "ip_frag=later,tp_src=0,tp_dst=0" },
		{ "ip,nw_src=10.0.0.0/8", NULL },
		{ "tp_dst=80", NULL },
		{ "priority=5", NULL },
		{ "actions=1", NULL },
	};
	struct cvsw_text_error err;
	struct cvsw_key key;
	char text[512];
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		rc = cvsw_text_key(cases[i].in, &names, &key, &err);
		assert_int_equal(rc, cases[i].out ? 0 : -EINVAL);
		assert_int_equal(!rc, !err.column);
		if (rc)
			continue;
		cvsw_text_key_print(text, sizeof(text), &key, NULL);
		assert_string_equal(text, cases[i].out);
	}
}

static void random_key(struct cvsw_key *key)
{
	static const u16 types[] = { 0x0800, 0x86dd, 0x0806, 0x88cc, 0x05ff, 0x88a8 };
	static const u8 protos[] = { 1, 6, 17, 58, 132, 47, 50 };
	static const u8 frags[] = { 0, 0, 1, 3 };
	static const u16 tunnels[] = { 4789, 6081, 7471 };
	u16 type = types[test_below(&seed, 6)];
	u8 proto = protos[test_below(&seed, 7)];
	u32 n = type == 0x86dd ? 16 : type == 0x0800 || type == 0x0806 ? 4 : 0;
	bool icmp = proto == (type == 0x86dd ? 58 : 1);
	size_t i;

	memset(key, 0, sizeof(*key));
	key->in_port = 1;
	random_bytes(key->dl_dst, 12);
	if (test_below(&seed, 2))
		key->vlan_tci = (u16)(test_rand(&seed) | CVSW_VLAN_PRESENT);
	key->dl_type = cpu_to_be16(type);
	random_bytes(key->nw_src, n);
	random_bytes(key->nw_dst, n);
	if (n)
		key->nw_proto = type == 0x0806 ? (u8)test_rand(&seed) : proto;
	if (!n || type == 0x0806)
		return;
	key->nw_tos = (u8)((test_rand(&seed) & 0xfc) | frags[test_below(&seed, 4)]);
	if ((key->nw_tos & 3) == 3 || proto > 132 || proto == 47 || proto == 50 ||
	    (!icmp && (proto == 1 || proto == 58)))
		return;
	key->tp_src = cpu_to_be16((u16)(test_rand(&seed) & (icmp ? 0xff : 0xffff)));
	key->tp_dst = cpu_to_be16((u16)(test_rand(&seed) & (icmp ? 0xff : 0xffff)));
	/* what looks like a tunnel would have to be one */
	for (i = 0; i < ARRAY_SIZE(tunnels); i++)
		if (key->tp_dst == cpu_to_be16(tunnels[i]))
			key->tp_dst = cpu_to_be16(80);
}

/* key to text to key, and key to frame to key; the frame's checksums are right */
static void test_frame(void **state)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_key key, again;
	struct cvsw_text_error err;
	u8 frame[CVSW_TEXT_FRAME_MAX];
	char text[512];
	struct cvsw_pkt pkt;
	int i, n;

	(void)state;
	for (i = 0; i < 10000; i++) {
		random_key(&key);
		cvsw_text_key_print(text, sizeof(text), &key, &names);
		if (cvsw_text_key(text, &names, &again, &err))
			fail_msg("%s: %s", text, err.text);
		assert_memory_equal(&again, &key, sizeof(key));

		n = cvsw_text_frame(&key, frame, sizeof(frame));
		assert_in_range(n, 60, sizeof(frame));
		pkt = test_pkt(pool, frame, (u32)n);
		pkt.in_port = key.in_port;
		if (cvsw_key_extract(&pkt, CVSW_FRAG_MODE_NX_MATCH, &again) ||
		    memcmp(&again, &key, sizeof(key)))
			fail_msg("%s: the frame has another key", text);
		if (!pkt.frag)
			test_pkt_strict(&pkt);
		cvsw_pkt_free(&pkt);
	}
	cvsw_pool_free(pool);
}

static void test_no_frame(void **state)
{
	struct cvsw_key key = {};
	u8 frame[CVSW_TEXT_FRAME_MAX];

	(void)state;
	assert_int_equal(cvsw_text_frame(&key, frame, sizeof(frame)), 60);
	assert_int_equal(cvsw_text_frame(&key, frame, sizeof(frame) - 1), -EINVAL);
	key.dl_type = cpu_to_be16(0x8100);
	assert_int_equal(cvsw_text_frame(&key, frame, sizeof(frame)), -EINVAL);
	key.dl_type = cpu_to_be16(0x0400);
	assert_int_equal(cvsw_text_frame(&key, frame, sizeof(frame)), -EINVAL);
	assert_int_equal(cvsw_text_key("icmp,tp_src=300", NULL, &key, NULL), 0);
	assert_int_equal(cvsw_text_frame(&key, frame, sizeof(frame)), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_verbs),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_longest_options),
		cmocka_unit_test(test_no_options),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_no_frame),
	};

	seed = test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

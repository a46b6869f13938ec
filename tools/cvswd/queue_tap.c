// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "queue_tap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <sys/syscall.h>
#include "netns.h"
#include "os.h"
#include "queue.h"
#include "tc.h"

#define QUEUE_CLSACT	(TC_H_CLSACT & 0xffff0000)
#define QUEUE_INGRESS	(QUEUE_CLSACT | TC_H_MIN_INGRESS)
#define QUEUE_IFB_LEN	1000		/* frames, where nothing else says so */

/* The program */

#define BPF_INSN(op, dst, src, offset, value)				\
	{ .code = (op), .dst_reg = (dst), .src_reg = (src),		\
	  .off = (offset), .imm = (value) }
#define BPF_GET(dst, field)	/* of the frame, r6 */			\
	BPF_INSN(BPF_LDX | BPF_MEM | BPF_W, dst, 6,			\
		 offsetof(struct __sk_buff, field), 0)
#define BPF_PUT(field, src)						\
	BPF_INSN(BPF_STX | BPF_MEM | BPF_W, 6, src,			\
		 offsetof(struct __sk_buff, field), 0)

/*
 * Take the tag off and make its VLAN id the class; a frame without goes to the
 * default one.  All match (-1), and so do what the filter has in store for them.
 */
int queue_tap_load(void)
{
	const struct bpf_insn insns[] = {
		BPF_INSN(BPF_ALU64 | BPF_MOV | BPF_X, 6, 1, 0, 0),
		BPF_INSN(BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 0),
		BPF_PUT(priority, 2),
		BPF_GET(2, vlan_present),
		BPF_INSN(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 8, 0),
		BPF_GET(2, vlan_proto),
		BPF_INSN(BPF_JMP | BPF_JNE | BPF_K, 2, 0, 6,
			 (__force int)cpu_to_be16(ETH_P_8021AD)),
		BPF_GET(2, vlan_tci),
		BPF_INSN(BPF_ALU64 | BPF_AND | BPF_K, 2, 0, 0, 0xfff),
		BPF_INSN(BPF_ALU64 | BPF_OR | BPF_K, 2, 0, 0, QUEUE_HANDLE),
		BPF_PUT(priority, 2),
		BPF_INSN(BPF_ALU64 | BPF_MOV | BPF_X, 1, 6, 0, 0),
		BPF_INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_skb_vlan_pop),
		BPF_INSN(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, -1),
		BPF_INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0),
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.insn_cnt = ARRAY_SIZE(insns),
		.insns = (__u64)(uintptr_t)insns,
		.license = (__u64)(uintptr_t)"Dual BSD/GPL",
		.prog_name = "cvswd_queue",
	};
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	return fd < 0 ? -errno : (int)fd;
}

/* The filter */

static int queue_clsact(struct netns *ns, int tap)
{
	const struct tc_node node = {
		.ifindex = tap, .parent = TC_H_CLSACT, .handle = QUEUE_CLSACT,
		.kind = "clsact",
	};
	struct nl_msg *msg;

	msg = tc_begin(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &node);
	return msg ? tc_send(ns, msg) : -ENOMEM;
}

/* as if it went out by @ifb */
static int queue_put_redirect(struct nl_msg *msg, int ifb)
{
	const struct tc_mirred mirred = {
		.action = TC_ACT_STOLEN,
		.eaction = TCA_EGRESS_REDIR,
		.ifindex = (__u32)ifb,
	};
	struct nlattr *list, *act, *opt;

	list = nla_nest_start(msg, TCA_BPF_ACT);
	act = nla_nest_start(msg, 1);
	if (!list || !act || nla_put_string(msg, TCA_ACT_KIND, "mirred"))
		return -ENOMEM;
	opt = nla_nest_start(msg, TCA_ACT_OPTIONS);
	if (!opt || nla_put(msg, TCA_MIRRED_PARMS, sizeof(mirred), &mirred))
		return -ENOMEM;
	nla_nest_end(msg, opt);
	nla_nest_end(msg, act);
	nla_nest_end(msg, list);
	return 0;
}

static int queue_filter(struct netns *ns, int tap, int prog, int ifb)
{
	const struct tc_node node = {
		.ifindex = tap, .parent = QUEUE_INGRESS, .kind = "bpf",
		.info = TC_H_MAKE(1 << 16,
				  (__force __u16)cpu_to_be16(ETH_P_ALL)),
	};
	struct nl_msg *msg;
	struct nlattr *opt;

	msg = tc_begin(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, &node);
	if (!msg)
		return -ENOMEM;
	opt = nla_nest_start(msg, TCA_OPTIONS);
	if (!opt || nla_put_u32(msg, TCA_BPF_FD, (__u32)prog) ||
	    nla_put_string(msg, TCA_BPF_NAME, "cvswd_queue") ||
	    queue_put_redirect(msg, ifb)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	nla_nest_end(msg, opt);
	return tc_send(ns, msg);
}

/* The detour */

/* of the IFB device: that of the TAP device, or what can be made of it */
static void queue_ifb_name(const char *tap, char *name)
{
	const char *p;
	u32 hash = 0x811c9dc5;		/* FNV-1a */

	if (strlen(tap) + 2 < IFNAMSIZ) {
		snprintf(name, IFNAMSIZ, "q-%s", tap);
		return;
	}
	for (p = tap; *p; p++)
		hash = (hash ^ (u8)*p) * 0x01000193;
	snprintf(name, IFNAMSIZ, "q-%.4s%08x", tap, hash);
}

void queue_tap_down(struct netns *ns, int tap, const char *name)
{
	char ifb[IFNAMSIZ];
	int ifindex;

	queue_ifb_name(name, ifb);
	ifindex = netns_ifb_find(ns, ifb);
	if (ifindex <= 0)
		return;
	/* before the device, without which frames would be lost */
	if (tap)
		tc_del(ns, tap, TC_H_CLSACT, QUEUE_CLSACT);
	netns_link_del(ns, ifindex);
}

int queue_tap_up(struct netns *ns, int prog, int tap, const char *name,
		 int *ifindex, const char **why)
{
	char ifb[IFNAMSIZ];
	int ret;

	*why = "queue: cvswd could not load the BPF program for TAP devices";
	if (prog < 0)
		return prog;
	queue_ifb_name(name, ifb);
	*why = "queue: cannot make an IFB device (q- and the name of the TAP device)";
	ret = netns_ifb_new(ns, ifb, QUEUE_IFB_LEN);
	if (ret)
		return ret;
	*ifindex = netns_ifb_find(ns, ifb);
	if (*ifindex <= 0)
		return -ENODEV;
	ret = queue_clsact(ns, tap);
	if (ret) {
		*why = ret == -EEXIST ?
		       "queue: the TAP device has filters of somebody else" :
		       "queue: the TAP device does not take a clsact qdisc";
		netns_link_del(ns, *ifindex);
		return ret;
	}
	*why = "queue: the TAP device does not take a bpf filter that redirects";
	ret = queue_filter(ns, tap, prog, *ifindex);
	if (ret)
		queue_tap_down(ns, tap, name);
	return ret;
}

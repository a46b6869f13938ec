// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "tc.h"

#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include "netns.h"
#include "os.h"

#define TC_TICK_NS	64	/* unit of times in the kernel's structs */
#define TC_BURST_NS	4000000	/* what a class may send at once, as a time */

/* what a class may send in its turn when several share what is left over: all
 * the same, and a whole super-frame */
#define TC_QUANTUM	65536

/* Messages */

struct nl_msg *tc_begin(int type, int flags, const struct tc_node *node)
{
	struct tcmsg tcm = {
		.tcm_family = AF_UNSPEC,
		.tcm_ifindex = node->ifindex,
		.tcm_parent = node->parent,
		.tcm_handle = node->handle,
		.tcm_info = node->info,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);

	if (!msg)
		return NULL;
	if (nlmsg_append(msg, &tcm, sizeof(tcm), NLMSG_ALIGNTO) ||
	    (node->kind && nla_put_string(msg, TCA_KIND, node->kind))) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/* libnl does not tell ENOENT from ENODEV */
static int tc_errno(int nle)
{
	return nle == -NLE_OBJ_NOTFOUND ? -ENOENT : netns_errno(nle);
}

int tc_send(struct netns *ns, struct nl_msg *msg)
{
	return tc_errno(nl_send_sync(netns_request(ns), msg));
}

int tc_del(struct netns *ns, int ifindex, __u32 parent, __u32 handle)
{
	const struct tc_node node = {
		.ifindex = ifindex, .parent = parent, .handle = handle,
	};
	struct nl_msg *msg = tc_begin(RTM_DELQDISC, 0, &node);

	return msg ? tc_send(ns, msg) : -ENOMEM;
}

static int tc_dump(struct netns *ns, int type, int ifindex,
		   int (*valid)(struct nl_msg *msg, void *arg), void *arg)
{
	const struct tc_node node = { .ifindex = ifindex };
	struct nl_sock *sock = netns_request(ns);
	struct nl_msg *msg = tc_begin(type, NLM_F_DUMP, &node);
	int ret;

	if (!msg)
		return -ENOMEM;
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, valid, arg);
	ret = nl_send_auto(sock, msg);
	nlmsg_free(msg);
	if (ret >= 0)
		ret = nl_recvmsgs_default(sock);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_DEFAULT, NULL, NULL);
	return tc_errno(ret);
}

/* Qdiscs */

struct tc_root {
	struct tc_node	node;
	int		is;
};

static int tc_root_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct tcmsg *tcm = nlmsg_data(nlh);
	struct tc_root *root = arg;
	struct nlattr *kind;

	if (!nlmsg_valid_hdr(nlh, sizeof(*tcm)) ||
	    tcm->tcm_ifindex != root->node.ifindex ||
	    tcm->tcm_parent != TC_H_ROOT)
		return NL_OK;
	kind = nlmsg_find_attr(nlh, sizeof(*tcm), TCA_KIND);
	root->is = tcm->tcm_handle == root->node.handle && kind &&
		   !nla_strcmp(kind, root->node.kind);
	return NL_OK;
}

int tc_root_is(struct netns *ns, int ifindex, const char *kind, __u32 handle)
{
	struct tc_root root = {
		.node = { .ifindex = ifindex, .handle = handle, .kind = kind },
	};
	int ret = tc_dump(ns, RTM_GETQDISC, ifindex, tc_root_message, &root);

	return ret ? ret : root.is;
}

int tc_htb_new(struct netns *ns, int ifindex, __u32 handle, __u32 minor)
{
	const struct tc_node node = {
		.ifindex = ifindex, .parent = TC_H_ROOT, .handle = handle,
		.kind = "htb",
	};
	const struct tc_htb_glob glob = {
		.version = 3, .rate2quantum = 10, .defcls = minor,
	};
	struct nl_msg *msg;
	struct nlattr *nest;

	msg = tc_begin(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &node);
	if (!msg)
		return -ENOMEM;
	nest = nla_nest_start(msg, TCA_OPTIONS);
	if (!nest || nla_put(msg, TCA_HTB_INIT, sizeof(glob), &glob)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	nla_nest_end(msg, nest);
	return tc_send(ns, msg);
}

int tc_bfifo_set(struct netns *ns, int ifindex, __u32 parent, __u32 bytes)
{
	const struct tc_node node = {
		.ifindex = ifindex, .parent = parent, .kind = "bfifo",
	};
	const struct tc_fifo_qopt opt = { .limit = bytes };
	struct nl_msg *msg;

	msg = tc_begin(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, &node);
	if (!msg)
		return -ENOMEM;
	if (nla_put(msg, TCA_OPTIONS, sizeof(opt), &opt)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return tc_send(ns, msg);
}

/* Classes */

static void tc_rate_spec(struct tc_ratespec *spec, __u32 *buffer, __u64 rate)
{
	/* a class that has not its burst cannot send what is on its way before
	 * the timer is */
	*buffer = TC_BURST_NS / TC_TICK_NS;
	spec->linklayer = TC_LINKLAYER_ETHERNET;
	spec->rate = (__u32)min_t(__u64, rate, 0xffffffff);
}

int tc_htb_class_set(struct netns *ns, int ifindex, __u32 parent, __u32 handle,
		     const struct tc_rate *rate)
{
	const struct tc_node node = {
		.ifindex = ifindex, .parent = parent, .handle = handle,
		.kind = "htb",
	};
	struct tc_htb_opt opt = { .quantum = TC_QUANTUM };
	struct nl_msg *msg;
	struct nlattr *nest;

	tc_rate_spec(&opt.rate, &opt.buffer, rate->rate);
	tc_rate_spec(&opt.ceil, &opt.cbuffer, rate->ceil);
	msg = tc_begin(RTM_NEWTCLASS, NLM_F_CREATE, &node);
	if (!msg)
		return -ENOMEM;
	nest = nla_nest_start(msg, TCA_OPTIONS);
	if (!nest || nla_put(msg, TCA_HTB_PARMS, sizeof(opt), &opt) ||
	    nla_put_u64(msg, TCA_HTB_RATE64, rate->rate) ||
	    nla_put_u64(msg, TCA_HTB_CEIL64, rate->ceil)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	nla_nest_end(msg, nest);
	return tc_send(ns, msg);
}

int tc_htb_class_del(struct netns *ns, int ifindex, __u32 handle)
{
	const struct tc_node node = { .ifindex = ifindex, .handle = handle };
	struct nl_msg *msg = tc_begin(RTM_DELTCLASS, 0, &node);

	return msg ? tc_send(ns, msg) : -ENOMEM;
}

/* Statistics */

struct tc_walk {
	int	ifindex;
	void	(*each)(void *arg, const struct tc_class *cl);
	void	*arg;
};

static void tc_stats(struct nlattr *nest, struct tc_class *cl)
{
	struct gnet_stats_queue queue;
	struct gnet_stats_basic basic;
	struct nlattr *nla;

	nla = nla_find(nla_data(nest), nla_len(nest), TCA_STATS_BASIC);
	/* the kernel's struct ends earlier than padding lets ours end */
	if (nla && nla_len(nla) >= 12) {
		nla_memcpy(&basic, nla, sizeof(basic));
		cl->bytes = basic.bytes;
		cl->packets = basic.packets;
	}
	nla = nla_find(nla_data(nest), nla_len(nest), TCA_STATS_PKT64);
	if (nla && nla_len(nla) == sizeof(cl->packets))
		nla_memcpy(&cl->packets, nla, sizeof(cl->packets));
	nla = nla_find(nla_data(nest), nla_len(nest), TCA_STATS_QUEUE);
	if (nla && nla_len(nla) >= (int)sizeof(queue)) {
		nla_memcpy(&queue, nla, sizeof(queue));
		cl->dropped = queue.drops;
	}
}

static int tc_class_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct tcmsg *tcm = nlmsg_data(nlh);
	const struct tc_walk *walk = arg;
	struct tc_class cl;
	struct nlattr *stats;

	if (!nlmsg_valid_hdr(nlh, sizeof(*tcm)) ||
	    tcm->tcm_ifindex != walk->ifindex)
		return NL_OK;
	cl = (struct tc_class){
		.handle = tcm->tcm_handle, .parent = tcm->tcm_parent,
	};
	stats = nlmsg_find_attr(nlh, sizeof(*tcm), TCA_STATS2);
	if (stats)
		tc_stats(stats, &cl);
	walk->each(walk->arg, &cl);
	return NL_OK;
}

int tc_classes(struct netns *ns, int ifindex,
	       void (*each)(void *arg, const struct tc_class *cl), void *arg)
{
	struct tc_walk walk = { ifindex, each, arg };

	return tc_dump(ns, RTM_GETTCLASS, ifindex, tc_class_message, &walk);
}

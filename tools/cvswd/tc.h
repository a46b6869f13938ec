/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_TC_H
#define CVSWD_TC_H

/*
 * Traffic control of links, over rtnetlink: queueing disciplines, and classes
 * of HTB.  Main thread only.
 *
 * Functions return 0 or a negative errno; -EEXIST when what is to be made is
 * there already, -ENOENT when what it is to be in, or to be removed, is not.
 */

#include <linux/types.h>

struct netns;
struct nl_msg;

/**
 * struct tc_node - a qdisc, class or filter of a link
 * @parent: TC_H_* of what it is in
 * @handle: its own
 * @info:   of a filter: priority and protocol
 */
struct tc_node {
	int		ifindex;
	__u32		parent;
	__u32		handle;
	__u32		info;
	const char	*kind;
};

/**
 * tc_begin - a request about @node
 * @type:  RTM_*
 * @flags: NLM_F_*
 * Return: the message, with the kind if there is one; NULL without memory.
 */
struct nl_msg *tc_begin(int type, int flags, const struct tc_node *node);

/** tc_send - send @msg, which is taken, and wait for its acknowledgement */
int tc_send(struct netns *ns, struct nl_msg *msg);

/** tc_del - remove a qdisc */
int tc_del(struct netns *ns, int ifindex, __u32 parent, __u32 handle);

/**
 * tc_root_is - is the root qdisc of a link of this kind and handle?
 * Return: 1 or 0, or a negative errno.
 */
int tc_root_is(struct netns *ns, int ifindex, const char *kind, __u32 handle);

/**
 * struct tc_class - one class as the kernel shows it
 * @bytes:   sent; likewise @packets
 * @dropped: frames
 */
struct tc_class {
	__u32	handle;
	__u32	parent;
	__u64	bytes;
	__u64	packets;
	__u64	dropped;
};

/** tc_classes - hand each class of a link to @each */
int tc_classes(struct netns *ns, int ifindex,
	       void (*each)(void *arg, const struct tc_class *cl), void *arg);

/** tc_htb_new - HTB as the root of a link; frames of no class go to class @minor */
int tc_htb_new(struct netns *ns, int ifindex, __u32 handle, __u32 minor);

/**
 * struct tc_rate - of a class, in bytes per second
 * @rate: that it gets in any case; @ceil: at most; neither is 0
 */
struct tc_rate {
	__u64	rate;
	__u64	ceil;
};

/**
 * tc_htb_class_set - make a class of HTB, or change its rates
 * @parent: handle of the class, or root, that it is in
 */
int tc_htb_class_set(struct netns *ns, int ifindex, __u32 parent, __u32 handle,
		     const struct tc_rate *rate);
int tc_htb_class_del(struct netns *ns, int ifindex, __u32 handle);

/** tc_bfifo_set - have the class @parent hold back at most @bytes */
int tc_bfifo_set(struct netns *ns, int ifindex, __u32 parent, __u32 bytes);

#endif /* CVSWD_TC_H */

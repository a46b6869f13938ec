/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CTL_PRIV_H
#define CVSW_CTL_PRIV_H

/* What the ctl*.c share: a connection, and the exchange. */

#include "ctl_transport.h"
#include "nl_codec.h"
#include "nl_msg.h"

/**
 * struct cvsw_ctl_run - a request on its way and what becomes of it
 * @request: it, in cvsw_ctl.out
 * @seq:     its sequence number
 * @each:    is given each message of the answer until it fails; may be NULL
 * @arg:     its argument
 * @err:     what the call will return
 * @over:    the answer is complete
 */
struct cvsw_ctl_run {
	const struct nlmsghdr	*request;
	u32			seq;
	int			(*each)(void *arg, const struct nlmsghdr *nlh);
	void			*arg;
	int			err;
	bool			over;
};

/**
 * struct cvsw_ctl - a connection
 * @transport: how to reach the other side, with
 * @link:      which is its state
 * @where:     as it was opened by cvsw_ctl_open(), else NULL
 * @seq:       sequence number of the request sent last
 * @bundle:    id of the bundle begun last
 * @groups:    what was subscribed to last
 * @mark:      sequence number of the mark among events asked for last
 * @lost:      it is good for nothing any more
 * @dumping:   @dump is under way, step by step
 * @dump:      of cvsw_ctl_flow_dump_begin()
 * @refused:   told what was posted and refused, with @refused_arg; may be NULL
 * @name:      the switch that is meant; empty: the only one
 * @error:     why the last call that failed did
 * @port:      of the event handed out last
 * @flow:      of the event or step handed out last
 * @action:    actions of @flow
 * @opt:       options of @flow
 * @step:      action of a step
 * @out:       the request
 * @in:        the answer
 */
struct cvsw_ctl {
	const struct cvsw_ctl_transport	*transport;
	void				*link;
	char				*where;
	u32				seq;
	u32				bundle;
	u32				groups;
	u32				mark;
	bool				lost;
	bool				dumping;
	struct cvsw_ctl_run		dump;
	void				(*refused)(void *arg, u32 seq, int err);
	void				*refused_arg;
	char				name[CVSW_NAME_LEN];
	struct cvsw_ctl_error		error;
	struct cvsw_port_info		port;
	struct cvsw_flow_mod		flow;
	struct cvsw_action		action[CVSW_ACTIONS_MAX];
	struct cvsw_opt_match		opt[CVSW_OPT_MATCHES_MAX];
	struct cvsw_action		step;
	u8	out[CVSW_NL_MSG_MAX] __attribute__((aligned(8)));
	u8	in[CVSW_NL_MSG_MAX] __attribute__((aligned(8)));
};

/* ctl.c */

/* note why a call fails; returns @ret */
int cvsw_ctl_fail(struct cvsw_ctl *ctl, int ret, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* begin a request in ctl->out, with the switch it is for */
int cvsw_ctl_begin(struct cvsw_ctl *ctl, struct sk_buff *skb, u8 cmd,
		   bool dump);

/* the same for the switch called @name, empty: the only one */
int cvsw_ctl_begin_for(struct cvsw_ctl *ctl, struct sk_buff *skb, u8 cmd,
		       bool dump, const char *name);

/* -ECONNRESET when the connection is lost, -EBUSY while a dump is under way */
int cvsw_ctl_usable(struct cvsw_ctl *ctl);

/* the connection failed: note why, and when that was for good; returns @err */
int cvsw_ctl_lost(struct cvsw_ctl *ctl, int err);

/* send the request of @skb; -EAGAIN when it may not @wait */
int cvsw_ctl_send(struct cvsw_ctl *ctl, const struct sk_buff *skb, bool wait);

/* wait for a datagram, into ctl->in: its length or a negative errno */
int cvsw_ctl_recv(struct cvsw_ctl *ctl);

/* what an NLMSG_ERROR says: 0 or a negative errno, noted; @request: NULL where
 * it has no flows */
int cvsw_ctl_refused(struct cvsw_ctl *ctl, const struct nlmsghdr *request,
		     const struct nlmsghdr *nlh);

/* take what of the datagram in ctl->in, @len bytes, answers @run */
void cvsw_ctl_take(struct cvsw_ctl *ctl, struct cvsw_ctl_run *run, int len);

/**
 * cvsw_ctl_run - send a request and wait until it is answered
 * @each: is given each message of the answer; an error of it becomes that of
 *        the call, after the rest of the answer was skipped; may be NULL
 */
int cvsw_ctl_run(struct cvsw_ctl *ctl, const struct sk_buff *skb,
		 int (*each)(void *arg, const struct nlmsghdr *nlh),
		 void *arg);

/* @nlh is no answer to what was asked: maybe it is to what was posted */
void cvsw_ctl_post_answer(struct cvsw_ctl *ctl, const struct nlmsghdr *nlh);

/* the common request of a switch name only */
int cvsw_ctl_get(struct cvsw_ctl *ctl, u8 cmd, bool dump,
		 int (*each)(void *arg, const struct nlmsghdr *nlh),
		 void *arg);

/* a flow of an answer, with actions in ctl->action and options in ctl->opt */
int cvsw_ctl_get_flow(struct cvsw_ctl *ctl, const struct nlattr *nest);

#endif /* CVSW_CTL_PRIV_H */

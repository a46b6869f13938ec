// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A control connection: opening it, and the exchange of one request for its
 * answer.  What the requests are is in ctl_switch.c, ctl_flow.c and so on.
 */

#include <stdarg.h>
#include "ctl_priv.h"

int cvsw_ctl_new(struct cvsw_ctl **out,
		 const struct cvsw_ctl_transport *transport, void *link)
{
	struct cvsw_ctl *ctl = calloc(1, sizeof(*ctl));

	if (!ctl) {
		transport->close(link);
		return -ENOMEM;
	}
	ctl->transport = transport;
	ctl->link = link;
	ctl->error.index = -1;
	ctl->error.sub = -1;
	*out = ctl;
	return 0;
}

static int ctl_open(struct cvsw_ctl **out, const char *where,
		    struct cvsw_ctl_error *err)
{
	if (!strncmp(where, "netlink:", 8))
		return cvsw_ctl_open_netlink(out, where + 8, err);
	if (!strncmp(where, "frame:", 6))
		return cvsw_ctl_open_inband(out, where + 6, err);
	if (!strncmp(where, "unix:", 5))
		where += 5;
	return cvsw_ctl_open_unix(out, where, err);
}

int cvsw_ctl_open(struct cvsw_ctl **out, const char *where,
		  struct cvsw_ctl_error *err)
{
	struct cvsw_ctl_error ignored;
	int ret;

	if (!err)
		err = &ignored;
	*err = (struct cvsw_ctl_error){ .index = -1, .sub = -1 };
	ret = ctl_open(out, where, err);
	if (ret)
		return ret;
	(*out)->where = strdup(where);
	if ((*out)->where)
		return 0;
	cvsw_ctl_close(*out);
	*out = NULL;
	return -ENOMEM;
}

int cvsw_ctl_open_more(struct cvsw_ctl **out, const struct cvsw_ctl *ctl,
		       struct cvsw_ctl_error *err)
{
	void *link;
	int ret;

	if (!ctl->transport->more)
		return ctl->where ? cvsw_ctl_open(out, ctl->where, err) :
				    -EOPNOTSUPP;
	if (err)
		*err = (struct cvsw_ctl_error){ .index = -1, .sub = -1 };
	ret = ctl->transport->more(ctl->link, &link);
	if (!ret)
		ret = cvsw_ctl_new(out, ctl->transport, link);
	if (ret && err)
		snprintf(err->text, sizeof(err->text), "%s", strerror(-ret));
	return ret;
}

void cvsw_ctl_close(struct cvsw_ctl *ctl)
{
	if (!ctl)
		return;
	ctl->transport->close(ctl->link);
	free(ctl->where);
	free(ctl);
}

int cvsw_ctl_use(struct cvsw_ctl *ctl, const char *name)
{
	if (!name)
		name = "";
	if (strlen(name) >= sizeof(ctl->name))
		return cvsw_ctl_fail(ctl, -EINVAL,
				     "name: longer than %zu characters",
				     sizeof(ctl->name) - 1);
	strcpy(ctl->name, name);
	return 0;
}

const struct cvsw_ctl_error *cvsw_ctl_error(const struct cvsw_ctl *ctl)
{
	return &ctl->error;
}

int cvsw_ctl_fd(const struct cvsw_ctl *ctl)
{
	return ctl->transport->fd(ctl->link);
}

int cvsw_ctl_timeout(struct cvsw_ctl *ctl, int ms)
{
	int err;

	if (!ms || ms < -1)
		return cvsw_ctl_fail(ctl, -EINVAL, "timeout: not -1 or more than 0");
	err = ctl->transport->timeout(ctl->link, ms);
	return err ? cvsw_ctl_lost(ctl, err) : 0;
}

int cvsw_ctl_fail(struct cvsw_ctl *ctl, int ret, const char *format, ...)
{
	va_list args;

	ctl->error.index = -1;
	ctl->error.sub = -1;
	va_start(args, format);
	vsnprintf(ctl->error.text, sizeof(ctl->error.text), format, args);
	va_end(args);
	return ret;
}

int cvsw_ctl_begin_for(struct cvsw_ctl *ctl, struct sk_buff *skb, u8 cmd,
		       bool dump, const char *name)
{
	u16 flags = NLM_F_REQUEST | (dump ? NLM_F_DUMP : NLM_F_ACK);
	int err = cvsw_ctl_usable(ctl);

	if (err)
		return err;
	if (!++ctl->seq)
		ctl->seq = 1;
	return cvsw_nl_msg_begin(skb, ctl->out, sizeof(ctl->out), flags,
				 ctl->seq, cmd) ?:
	       (*name ? nla_put_string(skb, CVSW_A_NAME, name) : 0);
}

int cvsw_ctl_begin(struct cvsw_ctl *ctl, struct sk_buff *skb, u8 cmd,
		   bool dump)
{
	return cvsw_ctl_begin_for(ctl, skb, cmd, dump, ctl->name);
}

/* which flow of a request has the attribute at @offs, or -1 */
static int ctl_flow_at(const struct nlmsghdr *request, u32 offs)
{
	const u8 *at = (const u8 *)request + offs;
	const struct nlattr *nla;
	int rem, len, index = -1;

	nla = cvsw_nl_msg_attrs(request, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) == CVSW_A_FLOW)
			index++;
		if (at < (const u8 *)nla + nla->nla_len)
			return nla_type(nla) == CVSW_A_FLOW ? index : -1;
	}
	return -1;
}

int cvsw_ctl_refused(struct cvsw_ctl *ctl, const struct nlmsghdr *request,
		     const struct nlmsghdr *nlh)
{
	struct cvsw_nl_failure failure;

	if (cvsw_nl_msg_failure(nlh, &failure))
		return cvsw_ctl_fail(ctl, -EBADMSG, "malformed answer");
	if (!failure.err)
		return 0;
	if (nlh->nlmsg_type == NLMSG_DONE && !failure.text)
		return cvsw_ctl_fail(ctl, failure.err, "dump ended early: %s",
				     strerror(-failure.err));
	if (request && failure.index < 0 && failure.offs)
		failure.index = ctl_flow_at(request, failure.offs);
	cvsw_ctl_fail(ctl, 0, "%s", failure.text ?: strerror(-failure.err));
	ctl->error.index = failure.index;
	ctl->error.sub = failure.sub;
	return failure.err;
}

static void ctl_answer(struct cvsw_ctl *ctl, struct cvsw_ctl_run *run,
		       const struct nlmsghdr *nlh)
{
	int err = 0;

	if (nlh->nlmsg_seq != run->seq) {
		cvsw_ctl_post_answer(ctl, nlh);
		return;
	}
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
		err = cvsw_ctl_refused(ctl, run->request, nlh);
		run->over = true;
	} else if (cvsw_nl_msg_ok(nlh) && run->each && !run->err) {
		err = run->each(run->arg, nlh);
	}
	if (!run->err)
		run->err = err;
}

void cvsw_ctl_take(struct cvsw_ctl *ctl, struct cvsw_ctl_run *run, int len)
{
	const struct nlmsghdr *nlh = (void *)ctl->in;

	for (; cvsw_nl_msg_fits(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		ctl_answer(ctl, run, nlh);
}

/* Exchange */

int cvsw_ctl_usable(struct cvsw_ctl *ctl)
{
	if (ctl->lost)
		return cvsw_ctl_fail(ctl, -ECONNRESET, "connection lost");
	if (ctl->dumping)
		return cvsw_ctl_fail(ctl, -EBUSY, "a dump is under way");
	return 0;
}

int cvsw_ctl_lost(struct cvsw_ctl *ctl, int err)
{
	const char *why;

	if (err == -ETIMEDOUT || err == -ECONNRESET)
		ctl->lost = true;
	if (err == -ETIMEDOUT)
		return cvsw_ctl_fail(ctl, err, "no answer");
	if (err == -ECONNRESET) {
		why = ctl->transport->why ? ctl->transport->why(ctl->link) :
					    NULL;
		return cvsw_ctl_fail(ctl, err, "connection lost%s%s",
				     why ? ": " : "", why ?: "");
	}
	return cvsw_ctl_fail(ctl, err, "%s", strerror(-err));
}

int cvsw_ctl_send(struct cvsw_ctl *ctl, const struct sk_buff *skb, bool wait)
{
	int err = ctl->transport->send(ctl->link, skb->nlh, skb->nlh->nlmsg_len,
				       wait);

	return err && err != -EAGAIN ? cvsw_ctl_lost(ctl, err) : err;
}

int cvsw_ctl_recv(struct cvsw_ctl *ctl)
{
	ssize_t n;

	do {
		n = ctl->transport->answer(ctl->link, ctl->in, sizeof(ctl->in));
	} while (!n);	/* a signal */
	return n < 0 ? cvsw_ctl_lost(ctl, (int)n) : (int)n;
}

int cvsw_ctl_run(struct cvsw_ctl *ctl, const struct sk_buff *skb,
		 int (*each)(void *arg, const struct nlmsghdr *nlh), void *arg)
{
	struct cvsw_ctl_run run = {
		.request = skb->nlh,
		.seq = skb->nlh->nlmsg_seq,
		.each = each,
		.arg = arg,
	};
	int n = cvsw_ctl_send(ctl, skb, true);

	while (!n && !run.over) {
		n = cvsw_ctl_recv(ctl);
		if (n < 0)
			break;
		cvsw_ctl_take(ctl, &run, n);
		n = 0;
	}
	return n ?: run.err;
}

int cvsw_ctl_get(struct cvsw_ctl *ctl, u8 cmd, bool dump,
		 int (*each)(void *arg, const struct nlmsghdr *nlh), void *arg)
{
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, cmd, dump) ?:
	       cvsw_ctl_run(ctl, &skb, each, arg);
}

int cvsw_ctl_get_flow(struct cvsw_ctl *ctl, const struct nlattr *nest)
{
	if (cvsw_nl_get_flow(nest, &ctl->flow, ctl->action, ctl->opt, NULL))
		return cvsw_ctl_fail(ctl, -EBADMSG, "malformed answer: flow");
	return 0;
}

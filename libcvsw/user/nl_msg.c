// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Headers, acknowledgements and errors around attributes. */

#include "nl_msg.h"

int cvsw_nl_msg_begin(struct sk_buff *skb, void *buf, size_t size, u16 flags,
		      u32 seq, u8 cmd)
{
	struct genlmsghdr *genl;

	if (size < CVSW_NL_HDRLEN)
		return -EMSGSIZE;
	skb->nlh = mnl_nlmsg_put_header(buf);
	skb->size = size;
	skb->nlh->nlmsg_type = CVSW_NL_TYPE;
	skb->nlh->nlmsg_flags = flags;
	skb->nlh->nlmsg_seq = seq;
	genl = mnl_nlmsg_put_extra_header(skb->nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = CVSW_GENL_VERSION;
	return 0;
}

bool cvsw_nl_msg_ok(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_type == CVSW_NL_TYPE &&
	       nlh->nlmsg_len >= CVSW_NL_HDRLEN;
}

u8 cvsw_nl_msg_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return genl->cmd;
}

const struct nlattr *cvsw_nl_msg_attrs(const struct nlmsghdr *nlh, int *len)
{
	*len = (int)(nlh->nlmsg_len - CVSW_NL_HDRLEN);
	return mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN);
}

static int nl_put_ext_ack(struct sk_buff *skb, const struct nlmsghdr *to,
			  const struct netlink_ext_ack *extack,
			  const char *text)
{
	const u8 *bad = extack ? (const u8 *)extack->bad_attr : NULL;

	if (text && nla_put_string(skb, NLMSGERR_ATTR_MSG, text))
		return -EMSGSIZE;
	if (bad && nla_put_u32(skb, NLMSGERR_ATTR_OFFS,
			       (u32)(bad - (const u8 *)to)))
		return -EMSGSIZE;
	if (extack && extack->cookie_len)
		return nla_put(skb, NLMSGERR_ATTR_COOKIE, extack->cookie_len,
			       extack->cookie);
	return 0;
}

size_t cvsw_nl_msg_error(void *buf, size_t size, const struct nlmsghdr *to,
			 int err, const struct netlink_ext_ack *extack,
			 const char *text)
{
	struct sk_buff skb = { .size = size };
	struct nlmsgerr *body;

	if (size < MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(*body)))
		return 0;
	skb.nlh = mnl_nlmsg_put_header(buf);
	skb.nlh->nlmsg_type = NLMSG_ERROR;
	skb.nlh->nlmsg_flags = NLM_F_CAPPED;
	skb.nlh->nlmsg_seq = to->nlmsg_seq;
	body = mnl_nlmsg_put_extra_header(skb.nlh, sizeof(*body));
	body->error = err;
	body->msg = *to;
	if (nl_put_ext_ack(&skb, to, extack, text))
		return 0;
	if (skb.nlh->nlmsg_len > MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(*body)))
		skb.nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	return skb.nlh->nlmsg_len;
}

size_t cvsw_nl_msg_done(void *buf, size_t size, u32 seq, int err)
{
	struct nlmsghdr *nlh;
	int *body;

	if (size < MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(*body)))
		return 0;
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_flags = NLM_F_MULTI;
	nlh->nlmsg_seq = seq;
	body = mnl_nlmsg_put_extra_header(nlh, sizeof(*body));
	*body = err;
	return nlh->nlmsg_len;
}

static const struct nla_policy nl_ext_ack_policy[NLMSGERR_ATTR_MAX + 1] = {
	[NLMSGERR_ATTR_MSG]	= { .type = NLA_NUL_STRING, .len = 1024 },
	[NLMSGERR_ATTR_OFFS]	= { .type = NLA_U32 },
	[NLMSGERR_ATTR_COOKIE]	= { .type = NLA_BINARY },
};

static int nl_get_ext_ack(const struct nlmsghdr *nlh, size_t skip,
			  struct cvsw_nl_failure *failure)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	s32 at[2];
	int err;

	err = cvsw_nla_parse(tb, NLMSGERR_ATTR_MAX,
			     (const void *)((const u8 *)nlh + skip),
			     (int)(nlh->nlmsg_len - skip), nl_ext_ack_policy,
			     false, NULL);
	if (err)
		return -EBADMSG;
	if (tb[NLMSGERR_ATTR_MSG])
		failure->text = nla_data(tb[NLMSGERR_ATTR_MSG]);
	if (tb[NLMSGERR_ATTR_OFFS])
		failure->offs = nla_get_u32(tb[NLMSGERR_ATTR_OFFS]);
	if (!tb[NLMSGERR_ATTR_COOKIE] ||
	    nla_len(tb[NLMSGERR_ATTR_COOKIE]) != sizeof(at))
		return 0;
	memcpy(at, nla_data(tb[NLMSGERR_ATTR_COOKIE]), sizeof(at));
	failure->index = at[0];
	failure->sub = at[1];
	return 0;
}

int cvsw_nl_msg_failure(const struct nlmsghdr *nlh,
			struct cvsw_nl_failure *failure)
{
	const bool done = nlh->nlmsg_type == NLMSG_DONE;
	const size_t fixed = MNL_NLMSG_HDRLEN + MNL_ALIGN(done ? sizeof(int) :
					       sizeof(struct nlmsgerr));

	*failure = (struct cvsw_nl_failure){ .index = -1, .sub = -1 };
	if ((!done && nlh->nlmsg_type != NLMSG_ERROR) || nlh->nlmsg_len < fixed)
		return -EBADMSG;
	/* both begin with it */
	memcpy(&failure->err, mnl_nlmsg_get_payload(nlh), sizeof(int));
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return 0;
	if (!done && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		return -EBADMSG;
	return nl_get_ext_ack(nlh, fixed, failure);
}

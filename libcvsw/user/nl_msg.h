/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NL_MSG_H
#define CVSW_NL_MSG_H

/*
 * Whole messages of <cvsw/nl.h>: headers around attributes, acknowledgements
 * and errors, and the names of attributes for people.  For server and client.
 */

#include <linux/genetlink.h>
#include <cvsw/nl.h>
#include "nla.h"

#define CVSW_NL_HDRLEN	(MNL_NLMSG_HDRLEN + GENL_HDRLEN)

/**
 * cvsw_nl_msg_begin - start a message with netlink and genl header
 * @skb:  receives it
 * @buf:  where, aligned to 4 bytes
 * @size: of @buf
 * Return: 0 or -EMSGSIZE.
 */
int cvsw_nl_msg_begin(struct sk_buff *skb, void *buf, size_t size, u16 flags,
		      u32 seq, u8 cmd);

static inline size_t cvsw_nl_msg_len(const struct sk_buff *skb)
{
	return skb->nlh->nlmsg_len;
}

/** cvsw_nl_msg_fits - is there a whole message in the @left bytes at @nlh?
 * mnl_nlmsg_ok() takes one of 2 GiB and more to be there. */
static inline bool cvsw_nl_msg_fits(const struct nlmsghdr *nlh, int left)
{
	return left >= (int)sizeof(*nlh) && nlh->nlmsg_len >= sizeof(*nlh) &&
	       nlh->nlmsg_len <= (unsigned int)left;
}

/** cvsw_nl_msg_cmd - command of a message that cvsw_nl_msg_ok() */
u8 cvsw_nl_msg_cmd(const struct nlmsghdr *nlh);

/** cvsw_nl_msg_ok - is this one of our messages, with both headers? */
bool cvsw_nl_msg_ok(const struct nlmsghdr *nlh);

/** cvsw_nl_msg_attrs - the attributes of a message that cvsw_nl_msg_ok() */
const struct nlattr *cvsw_nl_msg_attrs(const struct nlmsghdr *nlh, int *len);

/**
 * cvsw_nl_msg_error - write an NLMSG_ERROR, which with @err 0 is an ack
 * @buf:    where
 * @size:   of @buf
 * @to:     header of the request
 * @err:    0 or a negative errno
 * @extack: what else to tell; may be NULL
 * @text:   for NLMSGERR_ATTR_MSG; NULL for none
 * Return: its length, 0 when it does not fit.
 */
size_t cvsw_nl_msg_error(void *buf, size_t size, const struct nlmsghdr *to,
			 int err, const struct netlink_ext_ack *extack,
			 const char *text);

/** cvsw_nl_msg_done - write the NLMSG_DONE of a dump; its length or 0 */
size_t cvsw_nl_msg_done(void *buf, size_t size, u32 seq, int err);

/**
 * struct cvsw_nl_failure - what an NLMSG_ERROR or NLMSG_DONE tells
 * @err:   0 or a negative errno
 * @text:  NLMSGERR_ATTR_MSG, or NULL
 * @offs:  NLMSGERR_ATTR_OFFS, or 0
 * @index: flow at fault, or -1
 * @sub:   action at fault, or -1
 */
struct cvsw_nl_failure {
	int		err;
	const char	*text;
	u32		offs;
	s32		index;
	s32		sub;
};

/** cvsw_nl_msg_failure - read an NLMSG_ERROR or NLMSG_DONE; 0 or -EBADMSG */
int cvsw_nl_msg_failure(const struct nlmsghdr *nlh,
			struct cvsw_nl_failure *failure);

/**
 * cvsw_nl_path - name the attribute of a message at @offs: "flow.key.tp_dst"
 * @buf:  receives it, empty when there is none at @offs
 */
void cvsw_nl_path(const struct nlmsghdr *nlh, u32 offs, char *buf,
		  size_t size);

#endif /* CVSW_NL_MSG_H */

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Requests of a client: validate, have them handled, answer.
 *
 * Answers are sent at once as long as the client takes them; what it does not
 * take waits in its queue, and a dump stops until the queue is empty.
 */

#include <stdio.h>
#include "nl_server_priv.h"

struct cvsw_nl_client *cvsw_nl_client_new(struct cvsw_nl_server *server,
					  void *client_ctx)
{
	struct cvsw_nl_client *client = kzalloc(sizeof(*client), GFP_KERNEL);

	if (!client)
		return NULL;
	client->server = server;
	client->send = server->ops->send;
	client->send_ctx = server->ctx;
	client->ctx = client_ctx;
	cvsw_nl_session_init(&client->session);
	INIT_LIST_HEAD(&client->queue);
	list_add_tail(&client->list, &server->clients);
	return client;
}

static void nl_client_dump_stop(struct cvsw_nl_client *client)
{
	cvsw_nl_dump_stop(&client->dump);
	client->dump_cmd = 0;
}

void cvsw_nl_client_free(struct cvsw_nl_client *client)
{
	struct nl_out *out, *next;

	list_del(&client->list);
	cvsw_nl_server_groups(client->server);
	nl_client_dump_stop(client);
	cvsw_nl_session_free(&client->session);
	list_for_each_entry_safe(out, next, &client->queue, list)
		kfree(out);
	kfree(client);
}

bool cvsw_nl_client_pending(const struct cvsw_nl_client *client)
{
	return !list_empty(&client->queue) || client->dump_cmd;
}

/* Sending */

static int nl_client_try(struct cvsw_nl_client *client, const void *data,
			 size_t len)
{
	int err;

	if (client->gone)
		return client->gone;
	err = client->send(client->send_ctx, client->ctx, data, len);
	if (err && err != -EAGAIN)
		client->gone = err;
	return err;
}

static int nl_client_queue(struct cvsw_nl_client *client, const void *data,
			   size_t len, u32 group)
{
	struct nl_out *out = kmalloc(sizeof(*out) + len, GFP_KERNEL);

	if (!out)
		return -ENOMEM;
	out->from = NULL;
	out->group = group;
	out->len = len;
	memcpy(out->data, data, len);
	if (group)
		client->waiting += nl_event_cost(len);
	list_add_tail(&out->list, &client->queue);
	return 0;
}

/* tell how many events were lost, once there is room again */
static int nl_client_tell_lost(struct cvsw_nl_client *client, u32 group)
{
	u64 buf[8];
	struct sk_buff skb;
	int err;

	err = cvsw_nl_msg_begin(&skb, buf, sizeof(buf), 0, 0, CVSW_CMD_LOST) ?:
	      nla_put_u32(&skb, CVSW_A_LOST, client->lost);
	if (err)
		return err;
	client->lost = 0;
	return cvsw_nl_client_send(client, buf, cvsw_nl_msg_len(&skb), group);
}

int cvsw_nl_client_send(struct cvsw_nl_client *client, const void *data,
			size_t len, u32 group)
{
	int err = -EAGAIN;

	if (group && client->waiting >= NL_CLIENT_EVENTS_MAX) {
		client->lost++;
		return 0;
	}
	if (group && client->lost) {
		err = nl_client_tell_lost(client, group);
		if (err)
			return err;
		err = -EAGAIN;
	}
	if (list_empty(&client->queue))
		err = nl_client_try(client, data, len);
	if (err != -EAGAIN)
		return err;
	err = nl_client_queue(client, data, len, group);
	if (err && group) {
		client->lost++;
		return 0;
	}
	return err;
}

static int nl_client_flush(struct cvsw_nl_client *client)
{
	struct nl_out *out, *next;
	int err;

	list_for_each_entry_safe(out, next, &client->queue, list) {
		err = nl_client_try(client, out->data, out->len);
		if (err)
			return err;
		if (out->group)
			client->waiting -= nl_event_cost(out->len);
		list_del(&out->list);
		kfree(out);
	}
	return 0;
}

/* Switches */

/* the switch a request is for; its text if there is none */
static struct nl_served *nl_client_served(const struct cvsw_nl_client *client,
					  const struct nlattr *name,
					  const char **text)
{
	struct list_head *switches = &client->server->switches;
	struct nl_served *served;

	if (name) {
		list_for_each_entry(served, switches, list)
			if (!strcmp(served->name, nla_data(name)))
				return served;
		*text = "name: there is no switch called so";
		return NULL;
	}
	*text = "name: there is no switch";
	if (list_empty(switches))
		return NULL;
	served = list_first_entry(switches, struct nl_served, list);
	if (served->list.next == switches)
		return served;
	*text = "name: there are several switches, say which";
	return NULL;
}

void cvsw_nl_client_forget(struct cvsw_nl_client *client,
		      const struct nl_served *served)
{
	cvsw_nl_session_forget(&client->session, served->sw);
	if (client->only == served) {
		client->only = NULL;
		client->groups = 0;
	}
	if (client->dump_cmd && client->dump.sw == served->sw) {
		cvsw_nl_dump_stop(&client->dump);
		client->dump.sw = NULL;
	}
}

/* Dumps */

/* one part of a dump of switches: a message for each */
static int nl_dump_switches(struct cvsw_nl_client *client, struct sk_buff *skb,
			    size_t *used)
{
	struct cvsw_nl_server *server = client->server;
	struct nl_served *served;
	unsigned int i = 0;

	*used = 0;
	list_for_each_entry(served, &server->switches, list) {
		if (i++ < client->dump_at)
			continue;
		if (cvsw_nl_msg_begin(skb, server->buf + *used,
				      sizeof(server->buf) - *used, NLM_F_MULTI,
				      client->dump_seq, client->dump_cmd) ||
		    cvsw_nl_put_switch(skb, served->sw))
			return *used ? 1 : -EMSGSIZE;
		*used += cvsw_nl_msg_len(skb);
		client->dump_at++;
	}
	return 0;
}

static int nl_dump_part(struct cvsw_nl_client *client, u64 now, size_t *used)
{
	struct cvsw_nl_server *server = client->server;
	struct sk_buff skb;
	int more;

	*used = 0;
	if (client->dump_cmd == CVSW_CMD_SWITCH_GET)
		return nl_dump_switches(client, &skb, used);
	if (!client->dump.sw)
		return -ENODEV;
	more = cvsw_nl_msg_begin(&skb, server->buf, sizeof(server->buf),
				 NLM_F_MULTI, client->dump_seq,
				 client->dump_cmd);
	if (more)
		return more;
	more = cvsw_nl_dumpit(&client->dump, &skb, now);
	if (more >= 0)
		*used = cvsw_nl_msg_len(&skb);
	return more;
}

/* send parts of a dump until it is over or the client takes no more */
static int nl_client_dump(struct cvsw_nl_client *client, u64 now)
{
	struct cvsw_nl_server *server = client->server;
	size_t used, done;
	int more, err;

	while (client->dump_cmd && list_empty(&client->queue)) {
		more = nl_dump_part(client, now, &used);
		err = used ? cvsw_nl_client_send(client, server->buf, used, 0) :
			     0;
		if (err)
			return err;
		if (more > 0)
			continue;
		nl_client_dump_stop(client);
		done = cvsw_nl_msg_done(server->buf, sizeof(server->buf),
					client->dump_seq, more);
		return cvsw_nl_client_send(client, server->buf, done, 0);
	}
	return 0;
}

int cvsw_nl_client_ready(struct cvsw_nl_client *client, u64 now)
{
	int err = nl_client_flush(client) ?: nl_client_dump(client, now);

	return err == -EAGAIN ? 0 : err;
}

/* Requests */

static struct cvsw_pkt *nl_frame_make(void *ctx, u16 in_port, const void *data,
				      u32 len)
{
	struct cvsw_pkt *pkt = cvsw_frame_new(ctx, in_port, len);
	void *to = pkt ? cvsw_frame_edit(pkt) : NULL;

	if (to)
		memcpy(to, data, len);
	return pkt;
}

static const void *nl_frame_look(const struct cvsw_pkt *pkt, u32 *len)
{
	*len = cvsw_frame_len(pkt);
	return cvsw_frame_data(pkt);
}

static const struct cvsw_nl_frames nl_frames = {
	.make = nl_frame_make,
	.look = nl_frame_look,
};

static int nl_subscribe(struct cvsw_nl_client *client,
			const struct cvsw_nl_request *req)
{
	const struct nl_served *only = NULL;
	const char *text;
	int i;

	for (i = 1; i <= CVSW_A_MAX; i++)
		if (req->attrs[i] && i != CVSW_A_NAME && i != CVSW_A_GROUPS)
			return cvsw_nl_refuse(req->extack, req->attrs[i],
					      "attribute does not belong to this command",
					      -EINVAL);
	if (!req->attrs[CVSW_A_GROUPS])
		return cvsw_nl_refuse(req->extack, NULL, "groups is missing",
				      -EINVAL);
	if (req->attrs[CVSW_A_NAME]) {
		only = nl_client_served(client, req->attrs[CVSW_A_NAME], &text);
		if (!only)
			return cvsw_nl_refuse(req->extack,
					      req->attrs[CVSW_A_NAME], text,
					      -ENODEV);
	}
	client->only = only;
	client->groups = nla_get_u32(req->attrs[CVSW_A_GROUPS]);
	cvsw_nl_server_groups(client->server);
	return 0;
}

/* find the switch, then let the handler do it; 1 with a reply */
static int nl_client_handle(struct cvsw_nl_client *client,
			    struct cvsw_nl_request *req, bool dump,
			    struct sk_buff *reply)
{
	struct nl_served *served;
	const char *text;
	int err;

	if (req->cmd == CVSW_CMD_SUBSCRIBE && !dump)
		return nl_subscribe(client, req);
	if (req->cmd == CVSW_CMD_SWITCH_GET && dump) {
		client->dump_cmd = req->cmd;
		client->dump_at = 0;
		return 0;
	}
	served = nl_client_served(client, req->attrs[CVSW_A_NAME], &text);
	if (!served)
		return cvsw_nl_refuse(req->extack, req->attrs[CVSW_A_NAME],
				      text, -ENODEV);
	req->sw = served->sw;
	req->worker = served->worker;
	if (!dump)
		return cvsw_nl_doit(req, reply);
	err = cvsw_nl_dump_start(&client->dump, req);
	if (!err)
		client->dump_cmd = req->cmd;
	return err;
}

/* is the header of a request as it should be? */
static int nl_check_header(const struct nlmsghdr *nlh, size_t len,
			   const char **text)
{
	const u16 flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO | NLM_F_DUMP;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_len != len || nlh->nlmsg_len < CVSW_NL_HDRLEN)
		*text = "nlmsg_len is wrong";
	else if (nlh->nlmsg_type != CVSW_NL_TYPE)
		*text = "nlmsg_type is wrong";
	else if (!(nlh->nlmsg_flags & NLM_F_REQUEST))
		*text = "nlmsg_flags: NLM_F_REQUEST is missing";
	else if (nlh->nlmsg_flags & ~flags)
		*text = "nlmsg_flags: only REQUEST, ACK, ECHO and DUMP are known";
	else if (genl->version != CVSW_GENL_VERSION)
		*text = "genl version is not 1";
	else if (genl->reserved)
		*text = "genl reserved field is not 0";
	else
		return 0;
	return -EINVAL;
}

/* the reply, if any, and the ack or error, in one datagram */
static int nl_client_answer(struct cvsw_nl_client *client,
			    const struct nlmsghdr *nlh, size_t used, int err,
			    const struct netlink_ext_ack *extack,
			    const char *text)
{
	struct cvsw_nl_server *server = client->server;
	u8 *end = server->buf + used;

	if (err < 0 || nlh->nlmsg_flags & NLM_F_ACK)
		used += cvsw_nl_msg_error(end, sizeof(server->buf) - used, nlh,
					  err, extack, text);
	return used ? cvsw_nl_client_send(client, server->buf, used, 0) : 0;
}

static int nl_client_refuse(struct cvsw_nl_client *client,
			    const struct nlmsghdr *nlh, int err,
			    const struct netlink_ext_ack *extack,
			    const char *text)
{
	return nl_client_answer(client, nlh, 0, err, extack, text);
}

/* attributes do not hold what they may: say which, and why */
static int nl_client_bad_attr(struct cvsw_nl_client *client,
			      const struct nlmsghdr *nlh, int err,
			      const struct netlink_ext_ack *extack)
{
	const u8 *bad = (const u8 *)extack->bad_attr;
	char path[100] = "", text[160];

	if (bad)
		cvsw_nl_path(nlh, (u32)(bad - (const u8 *)nlh), path,
			     sizeof(path));
	snprintf(text, sizeof(text), "%s%s%s", path, *path ? ": " : "",
		 extack->_msg);
	return nl_client_refuse(client, nlh, err, extack, text);
}

/* @nlh has a good header and @req attributes that were checked */
static int nl_client_do(struct cvsw_nl_client *client,
			const struct nlmsghdr *nlh,
			struct cvsw_nl_request *req)
{
	bool dump = (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	struct cvsw_nl_server *server = client->server;
	struct sk_buff reply;
	size_t used = 0;
	int ret;

	/* what is left is for the acknowledgement */
	ret = cvsw_nl_msg_begin(&reply, server->buf, sizeof(server->buf) - 512,
				0, nlh->nlmsg_seq, req->cmd);
	if (!ret)
		ret = nl_client_handle(client, req, dump, &reply);
	if (ret < 0)
		return nl_client_refuse(client, nlh, ret, req->extack,
					req->extack->_msg);
	if (dump) {
		client->dump_seq = nlh->nlmsg_seq;
		return nl_client_dump(client, req->now);
	}
	if (ret > 0)
		used = cvsw_nl_msg_len(&reply);
	return nl_client_answer(client, nlh, used, 0, NULL, NULL);
}

int cvsw_nl_client_input(struct cvsw_nl_client *client, const void *msg,
			 size_t len, u64 now)
{
	struct nlattr *attrs[CVSW_A_MAX + 1];
	const struct nlmsghdr *nlh = msg;
	struct netlink_ext_ack extack = {};
	struct cvsw_nl_request req = {
		.session = &client->session,
		.frames = &nl_frames,
		.ctx = client->server->pool,
		.now = now,
		.attrs = attrs,
		.extack = &extack,
	};
	const char *text;
	int err;

	if (client->gone)
		return client->gone;
	if (cvsw_nl_client_pending(client))
		return -EBUSY;
	if (len < MNL_NLMSG_HDRLEN)
		return -EBADMSG;
	err = nl_check_header(nlh, len, &text);
	if (err)
		return nl_client_refuse(client, nlh, err, NULL, text);
	req.cmd = cvsw_nl_msg_cmd(nlh);
	req.list = cvsw_nl_msg_attrs(nlh, &req.len);
	err = nla_parse(attrs, CVSW_A_MAX, req.list, req.len, cvsw_nl_policy,
			&extack);
	if (err)
		return nl_client_bad_attr(client, nlh, err, &extack);
	return nl_client_do(client, nlh, &req);
}

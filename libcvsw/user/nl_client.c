// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Requests of a client: validate, have them handled, answer.
 *
 * A client has one request answered at a time, and a dump stops when it does
 * not take a part of it.
 */

#include <stdio.h>
#include "nl_server_priv.h"

#define NL_DUMP_PARTS	4	/* sent in one go */

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
	mutex_init(&client->lock);
	INIT_LIST_HEAD(&client->queue);
	client->id = ++server->last_id ?: ++server->last_id;
	down_write(&server->lock);
	list_add_tail(&client->list, &server->clients);
	up_write(&server->lock);
	return client;
}

void cvsw_nl_client_via(struct cvsw_nl_client *client,
			int (*send)(void *ctx, void *client_ctx,
				    const void *msg, size_t len),
			void *ctx)
{
	client->send = send;
	client->send_ctx = ctx;
}

void cvsw_nl_client_only(struct cvsw_nl_client *client,
			 const struct cvsw_switch *sw)
{
	client->home = cvsw_nl_server_find(client->server, sw);
}

static void nl_client_dump_stop(struct cvsw_nl_client *client)
{
	cvsw_nl_dump_stop(&client->dump);
	client->dump_cmd = 0;
}

void cvsw_nl_client_free(struct cvsw_nl_client *client)
{
	struct cvsw_nl_server *server = client->server;
	struct nl_served *served;
	struct nl_out *out, *next;

	down_write(&server->lock);
	list_del(&client->list);
	cvsw_nl_server_groups(server);
	up_write(&server->lock);
	nl_client_dump_stop(client);
	list_for_each_entry(served, &server->switches, list)
		cvsw_nl_bundles_forget(&served->bundles, client->id);
	list_for_each_entry_safe(out, next, &client->queue, list)
		kfree(out);
	mutex_destroy(&client->lock);
	kfree(client);
}

/* Switches */

static bool nl_client_knows(const struct cvsw_nl_client *client,
			    const struct nl_served *served)
{
	return !client->home || client->home == served;
}

/* the switch a request is for; NULL when there is none, which is told */
static struct nl_served *nl_client_served(const struct cvsw_nl_client *client,
					  const struct cvsw_nl_request *req)
{
	const struct nlattr *name = req->attrs[CVSW_A_NAME];
	struct nl_served *served, *found = NULL;
	unsigned int n = 0;

	list_for_each_entry(served, &client->server->switches, list) {
		if (!nl_client_knows(client, served) ||
		    (name && strcmp(served->name, nla_data(name))))
			continue;
		found = served;
		n++;
	}
	if (n == 1)
		return found;
	cvsw_nl_no_switch(req->extack, name, n);
	return NULL;
}

void cvsw_nl_client_unsubscribe(struct cvsw_nl_client *client,
				const struct nl_served *served)
{
	if (client->only != served)
		return;
	client->only = NULL;
	client->groups = 0;
}

void cvsw_nl_client_forget(struct cvsw_nl_client *client,
			   const struct nl_served *served)
{
	if (client->dump_cmd && client->dump.sw == served->sw) {
		cvsw_nl_dump_stop(&client->dump);
		client->dump.sw = NULL;
	}
	if (client->home != served)
		return;
	client->home = NULL;
	mutex_lock(&client->lock);
	client->gone = -ENODEV;
	mutex_unlock(&client->lock);
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
		if (!nl_client_knows(client, served) ||
		    i++ < client->dump_at)
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
	if (client->dump_all)
		return nl_dump_switches(client, &skb, used);
	if (!client->dump.sw)
		return -ENODEV;
	more = cvsw_nl_msg_begin(&skb, server->buf, sizeof(server->buf),
				 NLM_F_MULTI, client->dump_seq,
				 client->dump_cmd);
	if (more)
		return more;
	more = cvsw_nl_dumpit(&client->dump, &skb, now);
	if (client->dump_tab && client->dump_tab != client->dump.seq)
		skb.nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	client->dump_tab = client->dump.seq;
	if (more >= 0)
		*used = cvsw_nl_msg_len(&skb);
	return more;
}

/* send parts of a dump until it is over, the client takes no more, or others
 * should have a turn */
static int nl_client_dump(struct cvsw_nl_client *client, u64 now)
{
	struct cvsw_nl_server *server = client->server;
	unsigned int parts;
	size_t used, done;
	int more, err;

	for (parts = 0; client->dump_cmd && parts < NL_DUMP_PARTS; parts++) {
		more = nl_dump_part(client, now, &used);
		err = used ? cvsw_nl_client_send(client, server->buf, used) : 0;
		if (err)
			return err;
		if (more <= 0) {
			nl_client_dump_stop(client);
			done = cvsw_nl_msg_done(server->buf,
						sizeof(server->buf),
						client->dump_seq, more);
			return cvsw_nl_client_send(client, server->buf, done);
		}
		err = cvsw_nl_client_flush(client);
		if (err)
			return err == -EAGAIN ? 0 : err;
	}
	return 0;
}

int cvsw_nl_client_ready(struct cvsw_nl_client *client, u64 now)
{
	int err = cvsw_nl_client_flush(client) ?: nl_client_dump(client, now);

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

static const void *nl_frame_look(void *ctx, const struct cvsw_pkt *pkt,
				 u32 *len)
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
	const struct nl_served *only = client->home;
	int err = cvsw_nl_check(req);
	u32 groups;

	if (err)
		return err;
	if (req->attrs[CVSW_A_NAME]) {
		only = nl_client_served(client, req);
		if (!only)
			return -ENODEV;
	}
	groups = nla_get_u32(req->attrs[CVSW_A_GROUPS]);
	if (client->only == only && client->groups == groups)
		return 0;
	down_write(&client->server->lock);
	client->only = only;
	client->groups = groups;
	cvsw_nl_server_groups(client->server);
	up_write(&client->server->lock);
	return 0;
}

/* find the switch, then let the handler do it; 1 with a reply */
static int nl_client_handle(struct cvsw_nl_client *client,
			    struct cvsw_nl_request *req, bool dump,
			    struct sk_buff *reply)
{
	const bool all = dump && req->cmd == CVSW_CMD_SWITCH_GET &&
			 !req->attrs[CVSW_A_NAME];
	struct nl_served *served = NULL;
	int err;

	if (req->cmd == CVSW_CMD_SUBSCRIBE && !dump)
		return nl_subscribe(client, req);
	if (cvsw_nl_command(req->cmd) & CVSW_NL_DO && !all) {
		served = nl_client_served(client, req);
		if (!served)
			return -ENODEV;
		req->sw = served->sw;
		req->worker = served->worker;
		req->bundles = &served->bundles;
	}
	if (!dump)
		return cvsw_nl_doit(req, reply);
	err = cvsw_nl_dump_start(&client->dump, req);
	if (err)
		return err;
	client->dump_cmd = req->cmd;
	client->dump_all = all;
	client->dump_at = 0;
	client->dump_tab = 0;
	return 0;
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
	return used ? cvsw_nl_client_send(client, server->buf, used) : 0;
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
	if (server->ops->flush)
		server->ops->flush(server->ctx);
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
		.client = client->id,
		.frames = &nl_frames,
		.ctx = client->server->pool,
		.now = now,
		.attrs = attrs,
		.extack = &extack,
	};
	const char *text;
	int err;

	if (!(cvsw_nl_client_wants(client) & CVSW_NL_CLIENT_READ))
		return READ_ONCE(client->gone) ?: -EBUSY;
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

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What goes to one client: at once as long as it takes it and nothing waits in
 * front of it, else by way of a queue, in order.
 *
 * Its lock is held for no longer than it takes to hand over one datagram to
 * somebody who does not wait, so that any thread can have an event sent.
 */

#include "nl_server_priv.h"

static int nl_send_try(struct cvsw_nl_client *client, const void *data,
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

static int nl_send_queue(struct cvsw_nl_client *client, const void *data,
			 size_t len, bool event)
{
	struct nl_out *out = kmalloc(sizeof(*out) + len, GFP_KERNEL);

	if (!out)
		return -ENOMEM;
	out->event = event;
	out->len = len;
	memcpy(out->data, data, len);
	if (event)
		client->waiting += nl_event_cost(len);
	else
		client->answers++;
	list_add_tail(&out->list, &client->queue);
	return 0;
}

static int nl_send_locked(struct cvsw_nl_client *client, const void *data,
			  size_t len, bool event)
{
	int err = client->gone ?: -EAGAIN;

	if (list_empty(&client->queue))
		err = nl_send_try(client, data, len);
	return err == -EAGAIN ? nl_send_queue(client, data, len, event) : err;
}

int cvsw_nl_client_send(struct cvsw_nl_client *client, const void *data,
			size_t len)
{
	int err;

	mutex_lock(&client->lock);
	err = nl_send_locked(client, data, len, false);
	mutex_unlock(&client->lock);
	return err;
}

/* tell how many events were lost, once there is room again */
static int nl_send_lost(struct cvsw_nl_client *client)
{
	u64 buf[8];
	struct sk_buff skb;
	int err;

	if (!client->lost)
		return 0;
	err = cvsw_nl_msg_begin(&skb, buf, sizeof(buf), 0, 0, CVSW_CMD_LOST) ?:
	      nla_put_u32(&skb, CVSW_A_LOST, client->lost) ?:
	      nl_send_locked(client, buf, cvsw_nl_msg_len(&skb), true);
	if (!err)
		client->lost = 0;
	return err;
}

int cvsw_nl_client_event(struct cvsw_nl_client *client, const void *data,
			 size_t len, size_t max)
{
	bool idle, wake;
	int err;

	mutex_lock(&client->lock);
	idle = list_empty(&client->queue) && !client->gone;
	err = data && client->waiting < max ? 0 : -ENOBUFS;
	err = err ?: nl_send_lost(client) ?:
	      nl_send_locked(client, data, len, true);
	if (err)
		client->lost++;
	wake = idle && (client->gone || !list_empty(&client->queue));
	mutex_unlock(&client->lock);
	if (wake)
		client->server->ops->wake(client->server->ctx);
	return err;
}

/* the first datagram that waits; 0 when none did, 1 when there may be more */
static int nl_flush_one(struct cvsw_nl_client *client)
{
	struct nl_out *out;
	int err;

	if (list_empty(&client->queue))
		return nl_send_lost(client);
	out = list_first_entry(&client->queue, struct nl_out, list);
	err = nl_send_try(client, out->data, out->len);
	if (err)
		return err;
	if (out->event)
		client->waiting -= nl_event_cost(out->len);
	else
		client->answers--;
	list_del(&out->list);
	kfree(out);
	return 1;
}

int cvsw_nl_client_flush(struct cvsw_nl_client *client)
{
	int ret;

	do {
		mutex_lock(&client->lock);
		ret = nl_flush_one(client);
		mutex_unlock(&client->lock);
	} while (ret > 0);
	return ret;
}

unsigned int cvsw_nl_client_wants(struct cvsw_nl_client *client)
{
	unsigned int wants = 0;

	mutex_lock(&client->lock);
	if (!client->gone && !client->answers && !client->dump_cmd)
		wants |= CVSW_NL_CLIENT_READ;
	if (!client->gone && (!list_empty(&client->queue) || client->dump_cmd))
		wants |= CVSW_NL_CLIENT_WRITE;
	mutex_unlock(&client->lock);
	return wants;
}

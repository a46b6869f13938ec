// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Generic netlink: requests to the core's handler; genl_event.c has the events.
 *
 * A request is for the switch of one interface in the network namespace of the
 * socket that it came by, and takes CAP_NET_ADMIN in the user namespace that
 * owns that.  Requests for different switches run in parallel, those for one
 * wait for each other (cvsw_dev_lock()).  Bundles belong to the port id of a
 * socket and end with it; they and dumps hold a reference to their switch, so
 * that it may be detached under them.
 */

#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include "compat.h"
#include "cvsw.h"
#include "genl.h"
#include "nl_codec.h"

#define GENL_ROOM		NLMSG_DEFAULT_SIZE	/* of most replies */
#define GENL_DROPS_ROOM		SZ_16K
#define GENL_TRACE_ROOM		SZ_64K
#define GENL_DUMP_ROOM		((u32)SKB_WITH_OVERHEAD(SZ_32K))


/**
 * struct genl_session - what one socket has begun with one switch
 * @list:    in genl_sessions
 * @net:     of the socket; only compared
 * @portid:  of the socket
 * @dev:     the switch; a reference
 * @bundles: used under its lock
 */
struct genl_session {
	struct list_head	list;
	const struct net	*net;
	u32			portid;
	struct cvsw_dev		*dev;
	struct cvsw_nl_session	bundles;
};

bool cvsw_genl_up;

static LIST_HEAD(genl_sessions);
static DEFINE_MUTEX(genl_sessions_lock);

/* Sessions.  Nobody looks for that of a socket but a request of that socket, or
 * its end */

static struct genl_session *genl_session_find(const struct net *net, u32 portid,
					      const struct cvsw_dev *dev)
{
	struct genl_session *s, *found = NULL;

	mutex_lock(&genl_sessions_lock);
	list_for_each_entry(s, &genl_sessions, list)
		if (s->net == net && s->portid == portid && s->dev == dev)
			found = s;
	mutex_unlock(&genl_sessions_lock);
	return found;
}

/* takes a reference to @dev when there is memory */
static struct genl_session *genl_session_new(const struct net *net, u32 portid,
					     struct cvsw_dev *dev)
{
	struct genl_session *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->net = net;
	s->portid = portid;
	s->dev = dev;
	refcount_inc(&dev->ref);
	cvsw_nl_session_init(&s->bundles);
	mutex_lock(&genl_sessions_lock);
	list_add_tail(&s->list, &genl_sessions);
	mutex_unlock(&genl_sessions_lock);
	return s;
}

static void genl_session_free(struct genl_session *s)
{
	cvsw_nl_session_free(&s->bundles);
	cvsw_dev_put(s->dev);
	kfree(s);
}

/* a socket is gone */
static int genl_notify_release(struct notifier_block *block, unsigned long what,
			       void *arg)
{
	const struct netlink_notify *n = arg;
	struct genl_session *s, *next;
	LIST_HEAD(ended);

	if (what != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	mutex_lock(&genl_sessions_lock);
	list_for_each_entry_safe(s, next, &genl_sessions, list)
		if (s->net == n->net && s->portid == n->portid)
			list_move(&s->list, &ended);
	mutex_unlock(&genl_sessions_lock);
	list_for_each_entry_safe(s, next, &ended, list)
		genl_session_free(s);
	return NOTIFY_OK;
}

static struct notifier_block genl_notifier = {
	.notifier_call = genl_notify_release,
};

/* Frames */

/**
 * struct genl_frame - the frame of a request
 * @dev:   its switch
 * @pkt:   the frame
 * @bytes: room for CVSW_NL_STEP_FRAME bytes and a tag
 */
struct genl_frame {
	struct cvsw_dev	*dev;
	struct cvsw_pkt	pkt;
	u8		*bytes;
};

static struct cvsw_pkt *genl_frame_make(void *ctx, u16 in_port,
					const void *data, u32 len)
{
	struct genl_frame *frame = ctx;
	struct net_device *ndev = frame->dev->ndev;
	u32 room = LL_RESERVED_SPACE(ndev) + NET_SKB_PAD;
	struct sk_buff *skb = alloc_skb(room + len, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_put_data(skb, data, len);
	skb_reset_mac_header(skb);
	skb->dev = ndev;
	if (len >= ETH_HLEN)
		skb->protocol = eth_hdr(skb)->h_proto;
	frame->pkt = (struct cvsw_pkt){ .frame = skb, .in_port = in_port };
	return &frame->pkt;
}

static const void *genl_frame_look(void *ctx, const struct cvsw_pkt *pkt,
				   u32 *len)
{
	const struct genl_frame *frame = ctx;

	*len = pkt->frame->len + cvsw_genl_tag_len(pkt->frame);
	cvsw_genl_bytes(pkt->frame, frame->bytes, CVSW_NL_STEP_FRAME);
	return frame->bytes;
}

static const struct cvsw_nl_frames genl_frames = {
	.make = genl_frame_make,
	.look = genl_frame_look,
};

/* Requests */

/* a reference to the switch that is meant, or an error that is told */
static struct cvsw_dev *genl_dev(struct net *net, const struct nlattr *name,
				 struct netlink_ext_ack *extack)
{
	const char *text = "name: there is no switch called so";
	struct cvsw_dev *dev, *next;

	if (name) {
		dev = cvsw_dev_get(net, nla_data(name));
	} else {
		text = "name: there is no switch";
		dev = cvsw_dev_next(net, NULL);
	}
	if (!dev)
		return ERR_PTR(cvsw_nl_refuse(extack, name, text, -ENODEV));
	if (name)
		return dev;
	refcount_inc(&dev->ref);
	next = cvsw_dev_next(net, dev);
	if (!next)
		return dev;
	cvsw_dev_put(next);
	cvsw_dev_put(dev);
	return ERR_PTR(cvsw_nl_refuse(extack, NULL,
				      "name: there are several switches, say which",
				      -ENODEV));
}

static size_t genl_room(u8 cmd)
{
	switch (cmd) {
	case CVSW_CMD_TRACE:
		return GENL_TRACE_ROOM;
	case CVSW_CMD_DROPS_GET:
		return GENL_DROPS_ROOM;
	default:
		return GENL_ROOM;
	}
}

/* with the lock of @dev: carry out @req, with what the socket has begun */
static int genl_handle(struct cvsw_dev *dev, struct genl_info *info,
		       struct cvsw_nl_request *req, struct sk_buff *reply)
{
	const struct net *net = genl_info_net(info);
	struct genl_session *session;
	struct cvsw_nl_session none;
	int ret;

	session = genl_session_find(net, info->snd_portid, dev);
	if (!session && req->cmd == CVSW_CMD_BUNDLE_BEGIN) {
		session = genl_session_new(net, info->snd_portid, dev);
		if (!session)
			return -ENOMEM;
	}
	cvsw_nl_session_init(&none);
	req->session = session ? &session->bundles : &none;
	ret = cvsw_nl_doit(req, reply);
	if (session && !session->bundles.n) {
		mutex_lock(&genl_sessions_lock);
		list_del(&session->list);
		mutex_unlock(&genl_sessions_lock);
		genl_session_free(session);
	}
	return ret;
}

/* 1 with a reply, as cvsw_nl_doit() */
static int genl_request(struct cvsw_dev *dev, struct genl_info *info,
			struct sk_buff *reply)
{
	struct genl_frame frame = { .dev = dev };
	struct cvsw_nl_request req = {
		.sw = dev->sw,
		.frames = &genl_frames,
		.ctx = &frame,
		.now = cvsw_now(),
		.attrs = info->attrs,
		.list = nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
		.len = nlmsg_attrlen(info->nlhdr, GENL_HDRLEN),
		.cmd = info->genlhdr->cmd,
		.extack = info->extack,
	};
	int ret;

	if (req.cmd == CVSW_CMD_TRACE) {
		frame.bytes = kmalloc(CVSW_NL_STEP_FRAME + VLAN_HLEN,
				      GFP_KERNEL);
		if (!frame.bytes)
			return -ENOMEM;
	}
	ret = cvsw_dev_lock(dev);
	if (!ret) {
		req.worker = dev->ctl.worker;
		ret = genl_handle(dev, info, &req, reply);
		cvsw_dev_unlock(dev);
	}
	kfree(frame.bytes);
	return ret;
}

static int genl_doit(struct sk_buff *skb, struct genl_info *info)
{
	const u8 cmd = info->genlhdr->cmd;
	struct cvsw_dev *dev;
	struct sk_buff *reply;
	void *head;
	int ret;

	dev = genl_dev(genl_info_net(info), info->attrs[CVSW_A_NAME],
		       info->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	ret = -ENOMEM;
	reply = nlmsg_new(genl_room(cmd), GFP_KERNEL);
	if (reply) {
		head = genlmsg_put_reply(reply, info, &cvsw_genl_family, 0,
					 cmd);
		ret = genl_request(dev, info, reply);
		genlmsg_end(reply, head);
	}
	cvsw_dev_put(dev);
	if (ret > 0)
		return genlmsg_reply(reply, info);
	nlmsg_free(reply);
	return ret;
}

/* Attach and detach */

static int genl_iface_change(struct net *net, u8 cmd, const char *name,
			     struct cvsw_error *err)
{
	struct net_device *ndev = __dev_get_by_name(net, name);

	if (!ndev) {
		err->text = "name: there is no interface called so";
		return -ENODEV;
	}
	if (cmd == CVSW_CMD_ATTACH)
		return cvsw_dev_attach(ndev, err);
	err->text = "name: there is no switch in this interface";
	return cvsw_dev_detach(ndev);
}

static int genl_iface(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[CVSW_A_NAME];
	struct cvsw_error err = { .index = -1, .sub = -1 };
	int ret, i;

	for (i = 1; i <= CVSW_A_MAX; i++)
		if (info->attrs[i] && i != CVSW_A_NAME)
			return cvsw_nl_refuse(info->extack, info->attrs[i],
					      "attribute does not belong to this command",
					      -EINVAL);
	if (!name)
		return cvsw_nl_refuse(info->extack, NULL, "name is missing",
				      -EINVAL);
	rtnl_lock();
	ret = genl_iface_change(genl_info_net(info), info->genlhdr->cmd,
				nla_data(name), &err);
	rtnl_unlock();
	return ret ? cvsw_nl_refuse(info->extack, name, err.text, ret) : 0;
}

/* Dumps */

/**
 * struct genl_dump - a dump under way
 * @dev:  its switch; of a dump of switches, the next one.  A reference
 * @dump: the core's part
 * @over: all was put
 */
struct genl_dump {
	struct cvsw_dev		*dev;
	struct cvsw_nl_dump	dump;
	bool			over;
};

static struct genl_dump *genl_dump_of(struct netlink_callback *cb)
{
	return (struct genl_dump *)cb->args[0];
}

static u8 genl_dump_cmd(const struct netlink_callback *cb)
{
	const struct genlmsghdr *head = nlmsg_data(cb->nlh);

	return head->cmd;
}

static void *genl_dump_put(struct sk_buff *skb, struct netlink_callback *cb)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &cvsw_genl_family, NLM_F_MULTI, genl_dump_cmd(cb));
}

static int genl_dump_begin(struct genl_dump *d, struct netlink_callback *cb)
{
	struct nlattr **attrs = cvsw_genl_dump_attrs(cb);
	struct cvsw_nl_request req = {
		.attrs = attrs,
		.list = nlmsg_attrdata(cb->nlh, GENL_HDRLEN),
		.len = nlmsg_attrlen(cb->nlh, GENL_HDRLEN),
		.cmd = genl_dump_cmd(cb),
		.extack = cb->extack,
	};
	struct cvsw_dev *dev;
	int ret;

	dev = genl_dev(sock_net(cb->skb->sk), attrs[CVSW_A_NAME], cb->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	req.sw = dev->sw;
	ret = cvsw_dev_lock(dev);
	if (!ret) {
		ret = cvsw_nl_dump_start(&d->dump, &req);
		cvsw_dev_unlock(dev);
	}
	if (ret)
		cvsw_dev_put(dev);
	else
		d->dev = dev;
	return ret;
}

static int genl_dump_start(struct netlink_callback *cb)
{
	struct genl_dump *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int ret = 0;

	if (!d)
		return -ENOMEM;
	if (genl_dump_cmd(cb) == CVSW_CMD_SWITCH_GET)
		d->dev = cvsw_dev_next(sock_net(cb->skb->sk), NULL);
	else
		ret = genl_dump_begin(d, cb);
	if (ret) {
		kfree(d);
		return ret;
	}
	cb->args[0] = (long)d;
	cb->min_dump_alloc = GENL_DUMP_ROOM;
	return 0;
}

static int genl_dump_done(struct netlink_callback *cb)
{
	struct genl_dump *d = genl_dump_of(cb);

	cvsw_nl_dump_stop(&d->dump);
	if (d->dev)
		cvsw_dev_put(d->dev);
	kfree(d);
	return 0;
}

/* a message for each switch */
static int genl_dump_switches(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct genl_dump *d = genl_dump_of(cb);
	struct net *net = sock_net(cb->skb->sk);
	void *head;

	for (; d->dev; d->dev = cvsw_dev_next(net, d->dev)) {
		if (cvsw_dev_lock(d->dev))
			continue;
		head = genl_dump_put(skb, cb);
		if (!head || cvsw_nl_put_switch(skb, d->dev->sw)) {
			cvsw_dev_unlock(d->dev);
			genlmsg_cancel(skb, head);
			return skb->len ?: -EMSGSIZE;
		}
		cvsw_dev_unlock(d->dev);
		genlmsg_end(skb, head);
	}
	return skb->len;
}

static int genl_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct genl_dump *d = genl_dump_of(cb);
	void *head;
	int more;

	if (genl_dump_cmd(cb) == CVSW_CMD_SWITCH_GET)
		return genl_dump_switches(skb, cb);
	if (d->over)
		return 0;
	more = cvsw_dev_lock(d->dev);
	if (more)
		return more;
	head = genl_dump_put(skb, cb);
	more = head ? cvsw_nl_dumpit(&d->dump, skb, cvsw_now()) : -EMSGSIZE;
	cvsw_dev_unlock(d->dev);
	if (more < 0) {
		genlmsg_cancel(skb, head);
		return more;
	}
	d->over = !more;
	genlmsg_end(skb, head);
	return skb->len;
}

/* The family */

#define GENL_DO(command, function)					\
	{ .cmd = command, .flags = GENL_UNS_ADMIN_PERM, .doit = function }
#define GENL_DUMP(command)						\
	{ .cmd = command, .flags = GENL_UNS_ADMIN_PERM, .doit = genl_doit, \
	  .start = genl_dump_start, .dumpit = genl_dumpit,		\
	  .done = genl_dump_done }

static const struct genl_ops genl_ops[] = {
	GENL_DUMP(CVSW_CMD_SWITCH_GET),
	GENL_DO(CVSW_CMD_SWITCH_SET, genl_doit),
	GENL_DUMP(CVSW_CMD_PORT_GET),
	GENL_DO(CVSW_CMD_PORT_ADD, genl_doit),
	GENL_DO(CVSW_CMD_PORT_DEL, genl_doit),
	GENL_DO(CVSW_CMD_PORT_SET, genl_doit),
	GENL_DO(CVSW_CMD_FLOW_MOD, genl_doit),
	GENL_DO(CVSW_CMD_FLOW_REPLACE, genl_doit),
	GENL_DUMP(CVSW_CMD_FLOW_GET),
	GENL_DO(CVSW_CMD_BUNDLE_BEGIN, genl_doit),
	GENL_DO(CVSW_CMD_BUNDLE_ADD, genl_doit),
	GENL_DO(CVSW_CMD_BUNDLE_COMMIT, genl_doit),
	GENL_DO(CVSW_CMD_BUNDLE_ABORT, genl_doit),
	GENL_DO(CVSW_CMD_DROPS_GET, genl_doit),
	GENL_DO(CVSW_CMD_TRACE, genl_doit),
	GENL_DO(CVSW_CMD_PACKET_OUT, genl_doit),
	GENL_DO(CVSW_CMD_PORT_TEST, genl_doit),
	GENL_DUMP(CVSW_CMD_PATH_GET),
	GENL_DUMP(CVSW_CMD_QUEUE_GET),
	GENL_DO(CVSW_CMD_QUEUE_SET, genl_doit),
	GENL_DO(CVSW_CMD_QUEUE_DEL, genl_doit),
	GENL_DO(CVSW_CMD_ATTACH, genl_iface),
	GENL_DO(CVSW_CMD_DETACH, genl_iface),
};

static const struct genl_multicast_group genl_groups[] = {
	[GENL_GROUP_FLOW] = { CVSW_GENL_GROUP_FLOW, GENL_MCAST_CAP_NET_ADMIN },
	[GENL_GROUP_PORT] = { CVSW_GENL_GROUP_PORT, GENL_MCAST_CAP_NET_ADMIN },
	[GENL_GROUP_PACKET_IN] = { CVSW_GENL_GROUP_PACKET_IN,
				   GENL_MCAST_CAP_NET_ADMIN },
	[GENL_GROUP_WHOLE] = { CVSW_GENL_GROUP_WHOLE,
			       GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family cvsw_genl_family __ro_after_init = {
	.name = CVSW_GENL_NAME,
	.version = CVSW_GENL_VERSION,
	.maxattr = CVSW_A_MAX,
	.policy = cvsw_nl_policy,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = genl_ops,
	.n_ops = ARRAY_SIZE(genl_ops),
	.mcgrps = genl_groups,
	.n_mcgrps = ARRAY_SIZE(genl_groups),
};

int __init cvsw_genl_init(void)
{
	int err = netlink_register_notifier(&genl_notifier);

	if (err)
		return err;
	err = genl_register_family(&cvsw_genl_family);
	if (err)
		netlink_unregister_notifier(&genl_notifier);
	else
		WRITE_ONCE(cvsw_genl_up, true);
	return err;
}

void cvsw_genl_exit(void)
{
	struct genl_session *s, *next;

	WRITE_ONCE(cvsw_genl_up, false);
	synchronize_net();	/* for packet-ins */
	genl_unregister_family(&cvsw_genl_family);
	netlink_unregister_notifier(&genl_notifier);
	list_for_each_entry_safe(s, next, &genl_sessions, list)
		genl_session_free(s);
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Generic netlink: requests to the core's handler; genl_event.c has the events.
 *
 * A request is for the switch of one interface in the network namespace of the
 * socket that it came by, and takes CAP_NET_ADMIN in the user namespace that
 * owns that.  Requests for different switches run in parallel, those for one
 * wait for each other (cvsw_dev_lock()), and those that change its device hold
 * rtnl as well.  Bundles belong to a switch and the port id of a socket, and
 * end with either.  A dump holds a reference to its switch, so that it may be
 * detached under it.
 */

#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include "compat.h"
#include "cvsw.h"
#include "genl.h"
#include "nl_codec.h"

#define GENL_LONG_ROOM	SZ_64K		/* of a trace or the drops; others are short */
#define GENL_DUMP_ROOM	((u32)SKB_WITH_OVERHEAD(SZ_32K))

bool cvsw_genl_up;

/* Frames */

/**
 * struct genl_frame - the frame of a request
 * @dev:   its switch
 * @pkt:   the frame
 * @bytes: room for CVSW_NL_STEP_FRAME of its bytes
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

	if (cvsw_inband_frame(&frame->dev->ctl, data, len, &frame->pkt))
		return NULL;
	frame->pkt.in_port = in_port;
	return &frame->pkt;
}

static const void *genl_frame_look(void *ctx, const struct cvsw_pkt *pkt,
				   u32 *len)
{
	const struct genl_frame *frame = ctx;

	*len = cvsw_genl_len(pkt->frame);
	cvsw_genl_bytes(pkt->frame, frame->bytes,
			min_t(u32, *len, CVSW_NL_STEP_FRAME));
	return frame->bytes;
}

static const struct cvsw_nl_frames genl_frames = {
	.make = genl_frame_make,
	.look = genl_frame_look,
};

/* Requests */

/* a reference to the switch that is meant by @request, or an error that is told */
static struct cvsw_dev *genl_dev(const struct sk_buff *request,
				 const struct nlattr *name,
				 struct netlink_ext_ack *extack)
{
	const struct cvsw_session *session = cvsw_session_of(request);
	struct net *net = sock_net(request->sk);
	struct cvsw_dev *dev, *next;

	if (session && !name) {
		refcount_inc(&session->dev->ref);
		return session->dev;
	}
	dev = name ? cvsw_dev_get(net, nla_data(name)) : cvsw_dev_next(net, 0);
	next = dev && !name ? cvsw_dev_next(net, dev->id) : NULL;
	if (dev && !next && (!session || session->dev == dev))
		return dev;
	cvsw_dev_put(dev);
	cvsw_dev_put(next);
	return ERR_PTR(cvsw_nl_no_switch(extack, name, next));
}

static struct cvsw_nl_request genl_req(struct nlattr **attrs,
				       const struct nlmsghdr *nlh,
				       struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *head = nlmsg_data(nlh);

	return (struct cvsw_nl_request){
		.frames = &genl_frames,
		.now = cvsw_now(),
		.attrs = attrs,
		.list = nlmsg_attrdata(nlh, GENL_HDRLEN),
		.len = nlmsg_attrlen(nlh, GENL_HDRLEN),
		.cmd = head->cmd,
		.extack = extack,
	};
}

/* 1 with a reply, as cvsw_nl_doit() */
static int genl_request(struct cvsw_dev *dev, struct genl_info *info,
			struct sk_buff *reply)
{
	struct cvsw_nl_request req = genl_req(info->attrs, info->nlhdr,
					      info->extack);
	const bool device = cvsw_nl_command(req.cmd) & CVSW_NL_DEVICE;
	struct genl_frame frame = { .dev = dev };
	int ret = -ENOMEM;

	frame.bytes = kmalloc(CVSW_NL_STEP_FRAME, GFP_KERNEL);
	if (!frame.bytes)
		return ret;
	if (device)
		rtnl_lock();
	ret = cvsw_dev_lock(dev);
	if (!ret) {
		req.sw = dev->sw;
		req.worker = dev->ctl.worker;
		req.bundles = &dev->bundles;
		req.client = info->snd_portid;
		req.ctx = &frame;
		ret = cvsw_nl_doit(&req, reply);
		/* in-band control looks at what was changed */
		if (device)
			cvsw_dev_kick(dev);
		cvsw_dev_unlock(dev);
	}
	if (device)
		rtnl_unlock();
	kfree(frame.bytes);
	return ret;
}

static int genl_doit(struct sk_buff *skb, struct genl_info *info)
{
	const u8 cmd = info->genlhdr->cmd;
	const bool is_long = cmd == CVSW_CMD_TRACE || cmd == CVSW_CMD_DROPS_GET;
	struct cvsw_dev *dev;
	struct sk_buff *reply;
	void *head;
	int ret;

	dev = genl_dev(skb, info->attrs[CVSW_A_NAME], info->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	ret = -ENOMEM;
	reply = nlmsg_new(is_long ? GENL_LONG_ROOM : NLMSG_DEFAULT_SIZE,
			  GFP_KERNEL);
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

/* attach and detach */
static int genl_iface(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[CVSW_A_NAME];
	const struct cvsw_nl_request req = genl_req(info->attrs, info->nlhdr,
						    info->extack);
	struct cvsw_error err = {
		.text = "name: there is no switch in this interface",
	};
	struct net_device *ndev;
	int ret = cvsw_nl_check(&req);

	if (ret)
		return ret;
	if (cvsw_session_of(skb))
		return cvsw_nl_refuse(info->extack, NULL,
				      "not by in-band control", -EPERM);
	rtnl_lock();
	ndev = __dev_get_by_name(genl_info_net(info), nla_data(name));
	if (!ndev) {
		err.text = "name: there is no interface called so";
		ret = -ENODEV;
	} else if (req.cmd == CVSW_CMD_ATTACH) {
		ret = cvsw_dev_attach(ndev, &err);
	} else {
		ret = cvsw_dev_detach(ndev);
	}
	rtnl_unlock();
	return ret ? cvsw_nl_refuse(info->extack, name, err.text, ret) : 0;
}

/* others have multicast groups */
static int genl_subscribe(struct sk_buff *skb, struct genl_info *info)
{
	const struct cvsw_nl_request req = genl_req(info->attrs, info->nlhdr,
						    info->extack);
	struct cvsw_session *session = cvsw_session_of(skb);
	struct cvsw_dev *dev;
	int ret;

	if (!session)
		return -EOPNOTSUPP;
	ret = cvsw_nl_check(&req);
	if (ret)
		return ret;
	dev = genl_dev(skb, info->attrs[CVSW_A_NAME], info->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	cvsw_session_subscribe(session,
			       nla_get_u32(info->attrs[CVSW_A_GROUPS]));
	cvsw_dev_put(dev);
	return 0;
}

/* a socket is gone, and so are its bundles */
static int genl_release(struct notifier_block *block, unsigned long what,
			void *arg)
{
	const struct netlink_notify *n = arg;
	struct cvsw_dev *dev;
	u64 id = 0;

	if (what != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	while ((dev = cvsw_dev_next(n->net, id))) {
		id = dev->id;
		/* nobody but the socket would have added one of its own */
		if (!list_empty(&dev->bundles) && !cvsw_dev_lock(dev)) {
			cvsw_nl_bundles_forget(&dev->bundles, n->portid);
			cvsw_dev_unlock(dev);
		}
		cvsw_dev_put(dev);
	}
	return NOTIFY_OK;
}

static struct notifier_block genl_notifier = {
	.notifier_call = genl_release,
};

/* Dumps */

/**
 * struct genl_dump - a dump under way
 * @begun: its request was looked at
 * @all:   it is of all switches
 * @dev:   its switch, or the next one.  A reference; NULL when all was put
 * @dump:  the core's part
 */
struct genl_dump {
	bool			begun;
	bool			all;
	struct cvsw_dev		*dev;
	struct cvsw_nl_dump	dump;
};

static int genl_dump_start(struct netlink_callback *cb)
{
	cb->args[0] = (long)kzalloc(sizeof(struct genl_dump), GFP_KERNEL);
	cb->min_dump_alloc = GENL_DUMP_ROOM;
	return cb->args[0] ? 0 : -ENOMEM;
}

/* Not before there is an extended ack, which genl_dump_start() does not have */
static int genl_dump_begin(struct genl_dump *d, struct netlink_callback *cb)
{
	struct cvsw_nl_request req = genl_req(cvsw_genl_dump_attrs(cb), cb->nlh,
					      cb->extack);
	const struct nlattr *name = req.attrs[CVSW_A_NAME];
	struct cvsw_dev *dev;
	int ret;

	d->all = req.cmd == CVSW_CMD_SWITCH_GET && !name &&
		 !cvsw_session_of(cb->skb);
	dev = d->all ? cvsw_dev_next(sock_net(cb->skb->sk), 0) :
		       genl_dev(cb->skb, name, cb->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	req.sw = dev ? dev->sw : NULL;
	ret = cvsw_nl_dump_start(&d->dump, &req);
	if (ret)
		cvsw_dev_put(dev);
	else
		d->dev = dev;
	d->begun = !ret;
	return ret;
}

/* 1 when there is more, 0 at the end of what d->dev has, or an error */
static int genl_dump_part(struct genl_dump *d, struct sk_buff *skb,
			  struct netlink_callback *cb)
{
	void *head;
	int more = cvsw_dev_lock(d->dev);

	if (more)
		return more;
	head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &cvsw_genl_family, NLM_F_MULTI, d->dump.cmd);
	d->dump.sw = d->dev->sw;
	more = head ? cvsw_nl_dumpit(&d->dump, skb, cvsw_now()) : -EMSGSIZE;
	cvsw_dev_unlock(d->dev);
	if (more < 0) {
		genlmsg_cancel(skb, head);
		return more;
	}
	cb->seq = d->dump.seq;
	genl_dump_check_consistent(cb, head);
	genlmsg_end(skb, head);
	return more;
}

static void genl_dump_next(struct genl_dump *d, struct net *net)
{
	struct cvsw_dev *dev = d->dev;

	cvsw_nl_dump_stop(&d->dump);
	d->dev = d->all ? cvsw_dev_next(net, dev->id) : NULL;
	cvsw_dev_put(dev);
}

static int genl_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct genl_dump *d = (void *)cb->args[0];
	int ret = d->begun ? 0 : genl_dump_begin(d, cb);

	while (!ret && d->dev) {
		ret = genl_dump_part(d, skb, cb);
		/* full; a switch that is detached is none of all */
		if (ret > 0 || (ret == -EMSGSIZE && skb->len))
			return (int)skb->len;
		if (ret == -ENODEV && d->all)
			ret = 0;
		if (!ret)
			genl_dump_next(d, sock_net(cb->skb->sk));
	}
	return ret;
}

static int genl_dump_done(struct netlink_callback *cb)
{
	struct genl_dump *d = (void *)cb->args[0];

	cvsw_nl_dump_stop(&d->dump);
	cvsw_dev_put(d->dev);
	kfree(d);
	return 0;
}

/* The family */

static struct genl_ops genl_ops[CVSW_CMD_MAX] __ro_after_init;

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
	.mcgrps = genl_groups,
	.n_mcgrps = ARRAY_SIZE(genl_groups),
};

/* an op for each command that the core has */
static void __init genl_ops_make(void)
{
	struct genl_ops *op = genl_ops;
	unsigned int what;
	u8 cmd;

	for (cmd = 1; cmd <= CVSW_CMD_MAX; cmd++) {
		what = cvsw_nl_command(cmd);
		if (!what && cmd != CVSW_CMD_SUBSCRIBE)
			continue;
		op->cmd = cmd;
		op->flags = GENL_UNS_ADMIN_PERM;
		op->doit = !what ? genl_subscribe :
			   what & CVSW_NL_IFACE ? genl_iface : genl_doit;
		if (what & CVSW_NL_DUMP) {
			op->start = genl_dump_start;
			op->dumpit = genl_dumpit;
			op->done = genl_dump_done;
		}
		op++;
	}
	cvsw_genl_family.n_ops = (unsigned int)(op - genl_ops);
}

int __init cvsw_genl_init(void)
{
	int err = netlink_register_notifier(&genl_notifier);

	if (err)
		return err;
	genl_ops_make();
	err = genl_register_family(&cvsw_genl_family);
	if (err)
		netlink_unregister_notifier(&genl_notifier);
	else
		WRITE_ONCE(cvsw_genl_up, true);
	return err;
}

void cvsw_genl_exit(void)
{
	genl_unregister_family(&cvsw_genl_family);
	netlink_unregister_notifier(&genl_notifier);
}

MODULE_ALIAS_GENL_FAMILY(CVSW_GENL_NAME);

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Network devices with a switch in them: how they begin and end.
 *
 * Attach and detach are called under rtnl, as is all that may happen to a
 * device.  The list holds no reference to devices: the notifier of main.c
 * detaches them before they go away.  A request may go on with a switch whose
 * device is gone, which cvsw_dev_lock() tells it.
 */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include "cvsw.h"
#include "nl_codec.h"

#define DEV_HEADROOM	96	/* bytes that tunnels may need */

static LIST_HEAD(dev_list);

static const struct cvsw_ops dev_ops = {
	.output = cvsw_hook_output,
	.packet_in = cvsw_genl_packet_in,
	.inband = cvsw_inband_take,
	.frame_new = cvsw_inband_frame,
	.inband_msg = cvsw_session_take,
	.inband_sent = cvsw_session_sent,
	.inband_session = cvsw_session_begin,
	.event = cvsw_genl_event,
	.port_set = cvsw_offload_set,
	.path_open = cvsw_path_open,
	.path_close = cvsw_path_close,
};

/* the one of @ndev, NULL when there is none; under rtnl or RCU */
static struct cvsw_dev *dev_find(const struct net_device *ndev)
{
	struct cvsw_dev *dev;

	list_for_each_entry_rcu(dev, &dev_list, list, lockdep_rtnl_is_held())
		if (dev->ndev == ndev)
			return dev;
	return NULL;
}

/* Ports */

static int dev_port_add(struct cvsw_dev *dev, u16 no, const char *name,
			struct cvsw_error *err)
{
	struct cvsw_port_info info = {
		.no = no, .mtu_rx = no == CVSW_PORT_GUEST,
	};

	strscpy(info.name, name, sizeof(info.name));
	strscpy(info.spec, dev->ndev->name, sizeof(info.spec));
	info.queues = (u16)dev->ndev->real_num_tx_queues;
	cvsw_offload_info(dev, &info);
	return cvsw_port_add(dev->sw, &info, (void *)(unsigned long)no, err);
}

static int dev_port_tell(struct cvsw_dev *dev, u16 no)
{
	struct cvsw_port_info info;

	if (cvsw_port_get(dev->sw, no, &info))
		return 0;
	cvsw_offload_info(dev, &info);
	if (no == CVSW_PORT_NET)
		cvsw_offload_link(dev->ndev, &info);
	return cvsw_port_set(dev->sw, &info, CVSW_PORT_SET_STATE, NULL);
}

static int dev_name_tell(struct cvsw_dev *dev)
{
	struct cvsw_config config;

	cvsw_switch_config(dev->sw, &config);
	if (!strcmp(config.name, dev->ndev->name))
		return 0;
	cvsw_genl_gone(dev, config.name);
	strscpy(config.name, dev->ndev->name, sizeof(config.name));
	return cvsw_switch_configure(dev->sw, &config, NULL);
}

/* Work */

static void dev_queue(struct cvsw_dev *dev, long delay)
{
	refcount_inc(&dev->ref);
	if (!queue_delayed_work(cvsw_wq, &dev->work, max(delay, 0L)))
		refcount_dec(&dev->ref);
}

void cvsw_dev_kick(struct cvsw_dev *dev)
{
	refcount_inc(&dev->ref);
	if (mod_delayed_work(cvsw_wq, &dev->work, 0))
		refcount_dec(&dev->ref);
}

void cvsw_dev_changed(struct net_device *ndev)
{
	struct cvsw_dev *dev = dev_find(ndev);

	if (!dev)
		return;
	WRITE_ONCE(dev->changed, 1);
	WRITE_ONCE(dev->look, 1);
	cvsw_dev_kick(dev);
}

/* tell the switch of its device, which may first have to change itself */
static void dev_tell(struct cvsw_dev *dev)
{
	rtnl_lock();
	if (!cvsw_dev_lock(dev)) {
		cvsw_offload_follow(dev);
		/* without memory it is tried again */
		if (dev_name_tell(dev) || dev_port_tell(dev, CVSW_PORT_GUEST) ||
		    dev_port_tell(dev, CVSW_PORT_NET))
			WRITE_ONCE(dev->changed, 1);
		cvsw_dev_unlock(dev);
	}
	rtnl_unlock();
}

/* what there is to do once a second, or was asked for */
static void dev_look(struct cvsw_dev *dev)
{
	bool tick = time_after_eq(jiffies, dev->tick);

	if (tick) {
		dev->tick = jiffies + HZ;
		cvsw_switch_expire(dev->sw, cvsw_now());
	}
	cvsw_path_look(dev, tick);
	cvsw_worker_resume(dev->ctl.worker, cvsw_now());
	if (cvsw_offload_due(dev))
		WRITE_ONCE(dev->changed, 1);
}

static void dev_work(struct work_struct *work)
{
	struct cvsw_dev *dev = container_of(to_delayed_work(work),
					    struct cvsw_dev, work);

	if (!cvsw_dev_lock(dev)) {
		dev_look(dev);
		cvsw_dev_unlock(dev);
		if (xchg(&dev->changed, 0))
			dev_tell(dev);
		cvsw_inband_run(dev);
	}
	cvsw_session_run(dev);
	if (!cvsw_dev_lock(dev)) {
		dev_queue(dev, min(cvsw_inband_due(dev),
				   (long)(dev->tick - jiffies)));
		cvsw_dev_unlock(dev);
	}
	cvsw_dev_put(dev);
}

/* Life */

static void dev_free(struct cvsw_dev *dev)
{
	cvsw_nl_bundles_forget(&dev->bundles, CVSW_NL_CLIENT_ALL);
	skb_queue_purge(&dev->inband);
	cvsw_session_free(dev);
	cvsw_switch_free(dev->sw);
	free_percpu(dev->lane);
	mutex_destroy(&dev->lock);
	kfree_rcu(dev, rcu);
}

static int dev_lane(struct cvsw_dev *dev, unsigned int id,
		    struct cvsw_lane *lane)
{
	lane->worker = cvsw_worker_get(dev->sw, id, lane);
	if (!lane->worker)
		return -ENOMEM;
	cvsw_lane_init(lane, dev);
	return 0;
}

static int dev_lanes(struct cvsw_dev *dev)
{
	unsigned int cpu;
	int ret;

	dev->lane = alloc_percpu(struct cvsw_lane);
	if (!dev->lane)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		ret = dev_lane(dev, cpu, per_cpu_ptr(dev->lane, cpu));
		if (ret)
			return ret;
	}
	return dev_lane(dev, nr_cpu_ids, &dev->ctl);
}

static int dev_switch(struct cvsw_dev *dev, struct cvsw_error *err)
{
	struct cvsw_config config;
	int ret;

	cvsw_config_default(&config);
	strscpy(config.name, dev->ndev->name, sizeof(config.name));
	config.datapath_id = ether_addr_to_u64(dev->ndev->dev_addr);
	config.seed = get_random_u64();
	config.workers = (u16)min(nr_cpu_ids + 1, U16_MAX);
	ret = cvsw_switch_new(&dev->sw, &config, &dev_ops, dev, err);
	if (!ret)
		ret = dev_port_add(dev, CVSW_PORT_GUEST, "guest", err);
	if (!ret)
		ret = dev_port_add(dev, CVSW_PORT_NET, "net", err);
	return ret;
}

static int dev_make(struct net_device *ndev, struct cvsw_dev **out,
		    struct cvsw_error *err)
{
	struct cvsw_dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	if (!dev)
		return cvsw_refuse(err, "attach: no memory", -ENOMEM);
	dev->ndev = ndev;
	dev->net = dev_net(ndev);
	refcount_set(&dev->ref, 1);
	mutex_init(&dev->lock);
	skb_queue_head_init(&dev->inband);
	cvsw_session_init(dev);
	INIT_LIST_HEAD(&dev->bundles);
	INIT_DELAYED_WORK(&dev->work, dev_work);
	ret = dev_switch(dev, err);
	if (!ret && dev_lanes(dev))
		ret = cvsw_refuse(err, "attach: no memory", -ENOMEM);
	if (!ret && cvsw_hook_add(dev))
		ret = cvsw_refuse(err, "attach: no hooks", -ENOMEM);
	if (ret)
		dev_free(dev);
	else
		*out = dev;
	return ret;
}

static int dev_attach(struct net_device *ndev, struct cvsw_error *err)
{
	static u64 last_id;
	struct cvsw_dev *dev;
	int ret;

	if (ndev->type != ARPHRD_ETHER || ndev->reg_state != NETREG_REGISTERED)
		return cvsw_refuse(err, "attach: not an Ethernet device",
				   -EINVAL);
	if (dev_find(ndev))
		return cvsw_refuse(err, "attach: it is attached", -EEXIST);
	ret = dev_make(ndev, &dev, err);
	if (ret)
		return ret;
	dev->headroom = ndev->needed_headroom;
	WRITE_ONCE(ndev->needed_headroom, dev->headroom + DEV_HEADROOM);
	dev->id = ++last_id;
	cvsw_path_add(dev);
	list_add_tail_rcu(&dev->list, &dev_list);
	cvsw_dev_changed(ndev);
	netdev_info(ndev, "cvsw: attached\n");
	return 0;
}

int cvsw_dev_attach(struct net_device *ndev, struct cvsw_error *err)
{
	int ret;

	ASSERT_RTNL();
	/* none would detach what is attached from now on */
	if (!try_module_get(THIS_MODULE))
		return cvsw_refuse(err, "attach: cvsw is being removed",
				   -ENODEV);
	ret = dev_attach(ndev, err);
	module_put(THIS_MODULE);
	return ret;
}

int cvsw_dev_detach(struct net_device *ndev)
{
	struct cvsw_dev *dev = dev_find(ndev);

	ASSERT_RTNL();
	if (!dev)
		return -ENODEV;
	list_del_rcu(&dev->list);
	mutex_lock(&dev->lock);
	cvsw_inband_end(dev);
	WRITE_ONCE(dev->gone, true);
	cvsw_dev_unlock(dev);
	cvsw_path_del(dev);
	cvsw_hook_del(dev);
	cvsw_offload_restore(dev);
	cvsw_genl_gone(dev, ndev->name);
	/* somebody else may have set it since, bridges do */
	if (ndev->needed_headroom == dev->headroom + DEV_HEADROOM)
		WRITE_ONCE(ndev->needed_headroom, dev->headroom);
	netdev_info(ndev, "cvsw: detached\n");
	/* for the last time: it sees that it is gone, and lets go of all */
	cvsw_dev_kick(dev);
	cvsw_dev_put(dev);
	return 0;
}

/* References */

struct cvsw_dev *cvsw_dev_get(struct net *net, const char *name)
{
	const struct net_device *ndev;
	struct cvsw_dev *dev = NULL;

	rcu_read_lock();
	ndev = dev_get_by_name_rcu(net, name);
	if (ndev)
		dev = dev_find(ndev);
	if (dev && !refcount_inc_not_zero(&dev->ref))
		dev = NULL;
	rcu_read_unlock();
	return dev;
}

struct cvsw_dev *cvsw_dev_next(struct net *net, u64 id)
{
	struct cvsw_dev *dev, *found = NULL;

	rcu_read_lock();
	list_for_each_entry_rcu(dev, &dev_list, list)
		if (dev->id > id && net_eq(dev->net, net) &&
		    refcount_inc_not_zero(&dev->ref)) {
			found = dev;
			break;
		}
	rcu_read_unlock();
	return found;
}

void cvsw_dev_put(struct cvsw_dev *dev)
{
	if (dev && refcount_dec_and_test(&dev->ref))
		dev_free(dev);
}

int cvsw_dev_lock(struct cvsw_dev *dev)
{
	mutex_lock(&dev->lock);
	if (!dev->gone)
		return 0;
	mutex_unlock(&dev->lock);
	return -ENODEV;
}

void cvsw_dev_unlock(struct cvsw_dev *dev)
{
	local_bh_disable();
	cvsw_lane_send(&dev->ctl);
	local_bh_enable();
	mutex_unlock(&dev->lock);
}

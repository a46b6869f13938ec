// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The module: which devices get a switch by themselves, and what becomes of a
 * switch when something happens to its device.
 */

#include <linux/device.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>
#include "compat.h"
#include "cvsw.h"

struct workqueue_struct *cvsw_wq;

static char *attach[16];
static unsigned int attach_n;
module_param_array(attach, charp, &attach_n, 0444);
MODULE_PARM_DESC(attach,
		 "interfaces (eth0), drivers (virtio_net) or kinds (veth) to attach to");

/* is @ndev called @name, its driver, or its kind? */
static bool main_is(const struct net_device *ndev, const char *name)
{
	const struct device *parent = ndev->dev.parent;

	if (net_eq(dev_net(ndev), &init_net) && !strcmp(ndev->name, name))
		return true;
	if (parent && parent->driver && !strcmp(parent->driver->name, name))
		return true;
	return ndev->rtnl_link_ops && !strcmp(ndev->rtnl_link_ops->kind, name);
}

static void main_attach(struct net_device *ndev)
{
	struct cvsw_error err = {};
	unsigned int i;

	for (i = 0; i < attach_n; i++)
		if (main_is(ndev, attach[i]))
			break;
	if (i == attach_n)
		return;
	/* the notifier has it, but NAPI takes it; under rtnl nothing changes */
	netdev_unlock_ops(ndev);
	if (cvsw_dev_attach(ndev, &err))
		netdev_err(ndev, "cvsw: %s\n", err.text ?: "not attached");
	netdev_lock_ops(ndev);
}

static int main_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *ndev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_REGISTER:
		main_attach(ndev);
		break;
	case NETDEV_UNREGISTER:
		cvsw_dev_detach(ndev);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGEADDR:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGENAME:
	case NETDEV_FEAT_CHANGE:
		cvsw_dev_changed(ndev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block main_notifier = {
	.notifier_call = main_event,
};

static int __init cvsw_init(void)
{
	int err;

	cvsw_wq = alloc_workqueue("cvsw", WQ_UNBOUND, 0);
	if (!cvsw_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&cvsw_session_net);
	if (err)
		goto no_pernet;
	err = register_netdevice_notifier(&main_notifier);
	if (err)
		goto no_notifier;
	err = cvsw_genl_init();
	if (!err)
		return 0;
	unregister_netdevice_notifier(&main_notifier);
no_notifier:
	unregister_pernet_subsys(&cvsw_session_net);
no_pernet:
	destroy_workqueue(cvsw_wq);
	return err;
}

/* tells the notifier that all devices go away; nothing is attached from then on,
 * since cvsw_dev_attach() gets no reference to the module */
static void __exit cvsw_exit(void)
{
	unregister_netdevice_notifier(&main_notifier);
	cvsw_genl_exit();
	unregister_pernet_subsys(&cvsw_session_net);
	destroy_workqueue(cvsw_wq);
}

module_init(cvsw_init);
module_exit(cvsw_exit);

MODULE_AUTHOR("The CVSW authors");
MODULE_DESCRIPTION("OpenFlow-style switch in network devices");
MODULE_LICENSE("Dual BSD/GPL");
MODULE_VERSION("0.1.0");

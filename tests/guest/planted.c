// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A module that has one mistake, bug=NAME, which planted.tap expects the debug
 * kernel and tests/guest/run to find.
 */

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *bug = "";
module_param(bug, charp, 0444);

static int planted_shift = 40;
static int __rcu *planted_rcu;
static DEFINE_SPINLOCK(planted_a);
static DEFINE_SPINLOCK(planted_b);
static DEFINE_MUTEX(planted_mutex);

static u8 *planted_alloc(void)
{
	u8 *bytes = kmalloc(40, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(bytes);
	return bytes;
}

static void planted_bounds(void)
{
	u8 *bytes = planted_alloc();

	if (bytes)
		WRITE_ONCE(bytes[40], 1);
	kfree(bytes);
}

static void planted_free(void)
{
	u8 *bytes = planted_alloc();

	kfree(bytes);
	OPTIMIZER_HIDE_VAR(bytes);
	if (bytes)
		WRITE_ONCE(bytes[8], 1);
}

static void planted_leak(void)
{
	planted_alloc();
}

static void planted_sleep(void)
{
	spin_lock(&planted_a);
	mutex_lock(&planted_mutex);
	mutex_unlock(&planted_mutex);
	spin_unlock(&planted_a);
}

static void planted_inversion(void)
{
	spin_lock(&planted_a);
	spin_lock(&planted_b);
	spin_unlock(&planted_b);
	spin_unlock(&planted_a);
	spin_lock(&planted_b);
	spin_lock(&planted_a);
	spin_unlock(&planted_a);
	spin_unlock(&planted_b);
}

static void planted_reader(void)
{
	pr_info("%p\n", rcu_dereference(planted_rcu));
}

static void planted_undefined(void)
{
	pr_info("%d\n", 1 << READ_ONCE(planted_shift));
}

static void planted_reference(void)
{
	struct net_device *ndev = alloc_netdev(0, "planted", NET_NAME_UNKNOWN,
					       ether_setup);
	netdevice_tracker tracker;

	if (!ndev)
		return;
	netdev_hold(ndev, &tracker, GFP_KERNEL);
	free_netdev(ndev);
}

static const struct {
	const char	*name;
	void		(*plant)(void);
} planted[] = {
	{ "none",	NULL },
	{ "bounds",	planted_bounds },
	{ "free",	planted_free },
	{ "leak",	planted_leak },
	{ "sleep",	planted_sleep },
	{ "inversion",	planted_inversion },
	{ "reader",	planted_reader },
	{ "undefined",	planted_undefined },
	{ "reference",	planted_reference },
};

static int __init planted_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(planted); i++) {
		if (strcmp(planted[i].name, bug))
			continue;
		if (planted[i].plant)
			planted[i].plant();
		return 0;
	}
	return -EINVAL;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);

MODULE_DESCRIPTION("mistakes for the debug kernel to find");
MODULE_LICENSE("Dual BSD/GPL");

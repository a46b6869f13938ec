// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * What frames of a port may ask for, and what its device does: what follows
 * from what can be, what is asked for and what the self-test found.
 */

#include "port.h"

#include <stdio.h>
#include "cvswd.h"
#include "ethtool.h"
#include "port_test.h"

/* Offloads */

/* less what builds on others that are off */
static u32 port_offload_sane(u32 offload)
{
	const u32 tso = CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6;
	const u32 uso = CVSW_OFFLOAD_USO4 | CVSW_OFFLOAD_USO6;

	if (!(offload & CVSW_OFFLOAD_CSUM))
		return 0;
	if (!(offload & tso))
		offload &= ~(u32)CVSW_OFFLOAD_TSO_ECN;
	if (!(offload & (tso | uso)))
		offload &= ~(u32)(CVSW_OFFLOAD_TUNNEL | CVSW_OFFLOAD_GRO);
	if (!(offload & CVSW_OFFLOAD_TUNNEL))
		offload &= ~(u32)CVSW_OFFLOAD_TUNNEL_CSUM;
	return offload;
}

/* not before HTB: it would count a super-frame of ours as no frame at all, and
 * send all of it at once */
#define PORT_UNSHAPED	(CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6 | \
			 CVSW_OFFLOAD_USO4 | CVSW_OFFLOAD_USO6)

static u32 port_offload_of(const struct port_offload *o, u32 without)
{
	return port_offload_sane(o->can & o->asked & ~o->failed & ~without);
}

int port_offload_settle(struct port *port)
{
	const u32 rx = port_offload_of(&port->rx_why, 0);
	const u32 tx = port_offload_of(&port->tx_why,
				       port->shaped ? PORT_UNSHAPED : 0);

	if (!port->ops->offload ||
	    (rx == port->rx_offload && tx == port->tx_offload))
		return 0;
	return port->ops->offload(port, rx, tx);
}

static void port_offload_learn(struct port *port,
			       const struct cvsw_selftest *test)
{
	port->rx_why.failed = test->rx_failed & port->rx_why.can;
	port->tx_why.failed = test->tx_failed & port->tx_why.can;
}

/* who asks for everything does not ask for what there is not */
static struct port_offload port_offload_new(u32 can, u32 asked)
{
	return (struct port_offload){ .can = can, .asked = can & asked };
}

/* what the device can do and does right, unless it is to do less */
int port_offload_open(struct port *port, const struct port_spec *spec,
		      const char **why)
{
	struct port_tests *tests = port->vs->daemon->tests;
	const struct cvsw_selftest *test;

	*why = "offload";
	port->rx_why = port_offload_new(port->rx_offload, spec->rx_offload);
	port->tx_why = port_offload_new(port->tx_offload, spec->tx_offload);
	test = tests ? port_tests_of(tests, port->ops) : NULL;
	if (test)
		port_offload_learn(port, test);
	return port_offload_settle(port);
}

/* The device */

#define PORT_DEVICE_WORD(word, bit)	{ bit, word },
static const struct {
	u32		bit;
	const char	*word;
} port_device_words[] = {
	CVSW_DEVICE_WORDS(PORT_DEVICE_WORD)
};
#undef PORT_DEVICE_WORD

/* name the first of @bits in the reason */
static int port_device_error(struct port *port, u32 bits, const char *what,
			     struct cvsw_error *err, int ret)
{
	struct cvswd *d = port->vs->daemon;
	unsigned int i = 0;

	while (i < ARRAY_SIZE(port_device_words) - 1 &&
	       !(bits & port_device_words[i].bit))
		i++;
	snprintf(d->why, sizeof(d->why), "%s: %s", port_device_words[i].word,
		 what);
	err->text = d->why;
	return ret;
}

/* can the device be asked for other things than it was? */
static int port_device_check(struct port *port, u32 asked,
			     struct cvsw_error *err)
{
	const u32 change = asked ^ port->device;
	struct ethtool_features now;

	if (!change)
		return 0;
	if (!port->ns || !port->ifindex)
		return port_device_error(port, change,
					 "there is no device in reach", err,
					 -ENODEV);
	ethtool_get(port->ns, port->ifindex, &now);
	if (change & now.fixed)
		return port_device_error(port, change & now.fixed,
					 "fixed by the device", err,
					 -EOPNOTSUPP);
	return 0;
}

static int port_device_set(struct port *port, u32 asked, struct cvsw_error *err)
{
	const u32 change = asked ^ port->device;
	int ret;

	if (!change)
		return 0;
	ret = ethtool_set(port->ns, port->ifindex, change, asked);
	if (ret)
		return port_device_error(port, change, strerror(-ret), err, ret);
	port->device = asked;
	return 0;
}

/* what offloads and the device's settings are, and what they were to be */
void port_offload_info(struct port *port, struct cvsw_port_info *info)
{
	struct ethtool_features features = {};

	info->rx_offload = port->rx_offload;
	info->tx_offload = port->tx_offload;
	info->rx_asked = port->rx_why.asked;
	info->tx_asked = port->tx_why.asked;
	info->rx_failed = port->rx_why.failed;
	info->tx_failed = port->tx_why.failed;
	if (port->ns && port->ifindex)
		ethtool_get(port->ns, port->ifindex, &features);
	info->device = features.on;
	info->device_asked = features.asked;
	info->device_fixed = features.fixed;
	port->device = features.asked;
}

/* Changes */

struct port_asked port_offload_asked(const struct port *port)
{
	return (struct port_asked){
		port->rx_why.asked, port->tx_why.asked, port->device
	};
}

void port_offload_back(struct port *port, const struct port_asked *asked)
{
	const u32 change = port->device ^ asked->device;

	port->rx_why.asked = asked->rx;
	port->tx_why.asked = asked->tx;
	port_offload_settle(port);
	if (change)
		ethtool_set(port->ns, port->ifindex, change, asked->device);
	port->device = asked->device;
}

int port_offload_set(struct port *port, const struct cvsw_port_info *want,
		     struct cvsw_error *err)
{
	const struct port_asked before = port_offload_asked(port);
	int ret;

	ret = port_device_check(port, want->device_asked, err);
	if (ret)
		return ret;
	port->rx_why.asked = want->rx_asked;
	port->tx_why.asked = want->tx_asked;
	ret = port_offload_settle(port);
	if (ret)
		err->text = "offload: the device does not take it";
	else
		ret = port_device_set(port, want->device_asked, err);
	if (ret)
		port_offload_back(port, &before);
	return ret;
}

int port_test(void *ctx, void *priv, struct cvsw_test *tests, unsigned int *n,
	      struct cvsw_error *err)
{
	struct port *port = priv;
	struct port_tests *all = port->vs->daemon->tests;
	const struct cvsw_selftest *test;
	int ret;

	if (!all) {
		err->text = "self-test: cvswd has none, by choice or without rights";
		return -EOPNOTSUPP;
	}
	ret = port_tests_again(all, port->ops, &test, &err->text);
	if (ret)
		return ret;
	*n = test->n;
	memcpy(tests, test->test, test->n * sizeof(*tests));
	port_offload_learn(port, test);
	return 0;
}

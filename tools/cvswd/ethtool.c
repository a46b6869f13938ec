// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "ethtool.h"

#include <errno.h>
#include <string.h>
#include <linux/ethtool_netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <cvsw/switch.h>
#include "netns.h"
#include "os.h"

/* the kernel's names; as ethtool -K groups them */
static const struct {
	u32		bit;
	const char	*name;
} ethtool_names[] = {
	{ CVSW_DEVICE_CSUM,	"tx-checksum-ip-generic" },
	{ CVSW_DEVICE_CSUM,	"tx-checksum-ipv4" },
	{ CVSW_DEVICE_CSUM,	"tx-checksum-ipv6" },
	{ CVSW_DEVICE_RX_CSUM,	"rx-checksum" },
	{ CVSW_DEVICE_TSO,	"tx-tcp-segmentation" },
	{ CVSW_DEVICE_TSO,	"tx-tcp-ecn-segmentation" },
	{ CVSW_DEVICE_TSO,	"tx-tcp-mangleid-segmentation" },
	{ CVSW_DEVICE_TSO,	"tx-tcp6-segmentation" },
	{ CVSW_DEVICE_USO,	"tx-udp-segmentation" },
	{ CVSW_DEVICE_TUNNEL,	"tx-udp_tnl-segmentation" },
	{ CVSW_DEVICE_TUNNEL,	"tx-udp_tnl-csum-segmentation" },
	{ CVSW_DEVICE_GSO,	"tx-generic-segmentation" },
	{ CVSW_DEVICE_GRO,	"rx-gro" },
};

/* a set of names: bit n is ethtool_names[n] */
#define ETHTOOL_ALL	((1u << ARRAY_SIZE(ethtool_names)) - 1)
static_assert(ARRAY_SIZE(ethtool_names) < 32, "a set is one word");

/* which CVSW_DEVICE_* have any of @names */
static u32 ethtool_bits(u32 names)
{
	unsigned int i;
	u32 bits = 0;

	for (i = 0; i < ARRAY_SIZE(ethtool_names); i++)
		if (names >> i & 1)
			bits |= ethtool_names[i].bit;
	return bits;
}

/* Bit sets */

static u32 ethtool_name(struct nlattr *name)
{
	unsigned int i;

	for (i = 0; name && i < ARRAY_SIZE(ethtool_names); i++)
		if (!nla_strcmp(name, ethtool_names[i].name))
			return 1u << i;
	return 0;
}

/* names in the set @nest: those that are listed, or with a mask that are on */
static u32 ethtool_parse(struct nlattr *nest)
{
	struct nlattr *set[ETHTOOL_A_BITSET_MAX + 1];
	struct nlattr *bit[ETHTOOL_A_BITSET_BIT_MAX + 1];
	struct nlattr *nla;
	u32 names = 0;
	int rem;

	if (!nest || nla_parse_nested(set, ETHTOOL_A_BITSET_MAX, nest, NULL) ||
	    !set[ETHTOOL_A_BITSET_BITS])
		return 0;
	nla_for_each_nested(nla, set[ETHTOOL_A_BITSET_BITS], rem) {
		if (nla_parse_nested(bit, ETHTOOL_A_BITSET_BIT_MAX, nla, NULL))
			continue;
		if (set[ETHTOOL_A_BITSET_NOMASK] ||
		    bit[ETHTOOL_A_BITSET_BIT_VALUE])
			names |= ethtool_name(bit[ETHTOOL_A_BITSET_BIT_NAME]);
	}
	return names;
}

static int ethtool_put_bit(struct nl_msg *msg, const char *name, bool on)
{
	struct nlattr *bit = nla_nest_start(msg, ETHTOOL_A_BITSET_BITS_BIT |
						 NLA_F_NESTED);

	if (!bit || nla_put_string(msg, ETHTOOL_A_BITSET_BIT_NAME, name) ||
	    (on && nla_put_flag(msg, ETHTOOL_A_BITSET_BIT_VALUE)))
		return -NLE_NOMEM;
	return nla_nest_end(msg, bit);
}

static int ethtool_put_wanted(struct nl_msg *msg, u32 mask, u32 on)
{
	struct nlattr *set, *bits;
	unsigned int i;
	int ret = 0;

	set = nla_nest_start(msg, ETHTOOL_A_FEATURES_WANTED | NLA_F_NESTED);
	bits = nla_nest_start(msg, ETHTOOL_A_BITSET_BITS | NLA_F_NESTED);
	if (!set || !bits)
		return -NLE_NOMEM;
	for (i = 0; i < ARRAY_SIZE(ethtool_names) && !ret; i++)
		if (mask & ethtool_names[i].bit)
			ret = ethtool_put_bit(msg, ethtool_names[i].name,
					      on & ethtool_names[i].bit);
	if (ret)
		return ret;
	nla_nest_end(msg, bits);
	nla_nest_end(msg, set);
	return 0;
}

/* Messages */

static int ethtool_begin(struct netns *ns, int ifindex, u8 cmd, u32 flags,
			 struct nl_msg **out)
{
	int family = netns_ethtool(ns);
	struct nlattr *header;
	struct nl_msg *msg;

	if (family < 0)
		return family;
	msg = nlmsg_alloc();
	if (!msg)
		return -NLE_NOMEM;
	if (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
			 cmd == ETHTOOL_MSG_FEATURES_SET ? NLM_F_ACK : 0, cmd,
			 ETHTOOL_GENL_VERSION))
		goto full;
	header = nla_nest_start(msg, ETHTOOL_A_FEATURES_HEADER | NLA_F_NESTED);
	if (!header ||
	    nla_put_u32(msg, ETHTOOL_A_HEADER_DEV_INDEX, (u32)ifindex) ||
	    nla_put_u32(msg, ETHTOOL_A_HEADER_FLAGS, flags))
		goto full;
	nla_nest_end(msg, header);
	*out = msg;
	return 0;
full:
	nlmsg_free(msg);
	return -NLE_NOMEM;
}

struct ethtool_answer {
	struct ethtool_features	*features;
	bool			there;
};

static int ethtool_message(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[ETHTOOL_A_FEATURES_MAX + 1];
	struct ethtool_answer *answer = arg;
	struct ethtool_features *f = answer->features;
	u32 can;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, ETHTOOL_A_FEATURES_MAX, NULL))
		return NL_SKIP;
	can = ethtool_parse(tb[ETHTOOL_A_FEATURES_HW]) &
	      ~ethtool_parse(tb[ETHTOOL_A_FEATURES_NOCHANGE]);
	f->on = ethtool_bits(ethtool_parse(tb[ETHTOOL_A_FEATURES_ACTIVE]));
	f->fixed = CVSW_DEVICE_MASK & ~ethtool_bits(can);
	f->asked = ethtool_bits(ethtool_parse(tb[ETHTOOL_A_FEATURES_WANTED]) &
				can) | (f->on & f->fixed);
	answer->there = true;
	return NL_OK;
}

int ethtool_get(struct netns *ns, int ifindex,
		struct ethtool_features *features)
{
	struct nl_sock *sock = netns_generic(ns);
	struct ethtool_answer answer = { .features = features };
	struct nl_msg *msg;
	int ret;

	*features = (struct ethtool_features){};
	ret = ethtool_begin(ns, ifindex, ETHTOOL_MSG_FEATURES_GET, 0, &msg);
	if (ret)
		return netns_errno(ret);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, ethtool_message,
			    &answer);
	ret = nl_send_sync(sock, msg);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_DEFAULT, NULL, NULL);
	if (!ret && !answer.there)
		ret = -NLE_OPNOTSUPP;
	return netns_errno(ret);
}

int ethtool_set(struct netns *ns, int ifindex, __u32 mask, __u32 on)
{
	struct nl_msg *msg;
	int ret;

	ret = ethtool_begin(ns, ifindex, ETHTOOL_MSG_FEATURES_SET,
			    ETHTOOL_FLAG_OMIT_REPLY, &msg);
	if (ret)
		return netns_errno(ret);
	ret = ethtool_put_wanted(msg, mask, on);
	if (ret) {
		nlmsg_free(msg);
		return netns_errno(ret);
	}
	/* frees it */
	return netns_errno(nl_send_sync(netns_generic(ns), msg));
}

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
#include "ethtool_priv.h"
#include "netns.h"
#include "os.h"

/*
 * The kernel's names, of which it need not know all, as ethtool -K groups them.
 * @along: is set with the others, but tells nothing
 */
static const struct {
	u32		bit;
	bool		along;
	const char	*name;
} ethtool_names[] = {
	{ CVSW_DEVICE_CSUM, false, "tx-checksum-ip-generic" },
	{ CVSW_DEVICE_CSUM, false, "tx-checksum-ipv4" },
	{ CVSW_DEVICE_CSUM, false, "tx-checksum-ipv6" },
	{ CVSW_DEVICE_RX_CSUM, false, "rx-checksum" },
	{ CVSW_DEVICE_TSO, true, "tx-tcp-accecn-segmentation" },
	{ CVSW_DEVICE_TSO, true, "tx-tcp-ecn-segmentation" },
	{ CVSW_DEVICE_TSO, true, "tx-tcp-mangleid-segmentation" },
	{ CVSW_DEVICE_TSO, false, "tx-tcp-segmentation" },
	{ CVSW_DEVICE_TSO, false, "tx-tcp6-segmentation" },
	{ CVSW_DEVICE_USO, false, "tx-udp-segmentation" },
	{ CVSW_DEVICE_TUNNEL, false, "tx-udp_tnl-segmentation" },
	{ CVSW_DEVICE_TUNNEL, true, "tx-udp_tnl-csum-segmentation" },
	{ CVSW_DEVICE_GSO, false, "tx-generic-segmentation" },
	{ CVSW_DEVICE_GRO, false, "rx-gro" },
};

/* a set of names: bit n is ethtool_names[n] */
static_assert(ARRAY_SIZE(ethtool_names) < 32, "a set is one word");

/* what any of @names tells of, CVSW_DEVICE_* */
static u32 ethtool_bits(u32 names)
{
	unsigned int i;
	u32 bits = 0;

	for (i = 0; i < ARRAY_SIZE(ethtool_names); i++)
		if (names >> i & 1 && !ethtool_names[i].along)
			bits |= ethtool_names[i].bit;
	return bits;
}

/* Bit sets */

void ethtool_bits_each(struct nlattr *nest,
		       void (*each)(void *arg, const char *name, bool on),
		       void *arg)
{
	struct nla_policy policy[ETHTOOL_A_BITSET_BIT_MAX + 1] = {
		[ETHTOOL_A_BITSET_BIT_NAME] = { .type = NLA_STRING },
	};
	struct nlattr *set[ETHTOOL_A_BITSET_MAX + 1];
	struct nlattr *bit[ETHTOOL_A_BITSET_BIT_MAX + 1];
	struct nlattr *nla;
	int rem;

	if (!nest || nla_parse_nested(set, ETHTOOL_A_BITSET_MAX, nest, NULL) ||
	    !set[ETHTOOL_A_BITSET_BITS])
		return;
	nla_for_each_nested(nla, set[ETHTOOL_A_BITSET_BITS], rem)
		if (!nla_parse_nested(bit, ETHTOOL_A_BITSET_BIT_MAX, nla,
				      policy) &&
		    bit[ETHTOOL_A_BITSET_BIT_NAME])
			each(arg, nla_get_string(bit[ETHTOOL_A_BITSET_BIT_NAME]),
			     set[ETHTOOL_A_BITSET_NOMASK] ||
			     bit[ETHTOOL_A_BITSET_BIT_VALUE]);
}

struct ethtool_set {
	u32	names;
	bool	listed;		/* all, not those that are on */
};

static void ethtool_name(void *arg, const char *name, bool on)
{
	struct ethtool_set *set = arg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ethtool_names); i++)
		if ((on || set->listed) && !strcmp(name, ethtool_names[i].name))
			set->names |= 1u << i;
}

/* names in the set @nest: those that are on, or all that are @listed */
static u32 ethtool_parse(struct nlattr *nest, bool listed)
{
	struct ethtool_set set = { .listed = listed };

	ethtool_bits_each(nest, ethtool_name, &set);
	return set.names;
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

/* @known: names that the kernel knows */
static int ethtool_put_wanted(struct nl_msg *msg, u32 known, u32 mask, u32 on)
{
	struct nlattr *set, *bits;
	unsigned int i;
	int ret = 0;

	set = nla_nest_start(msg, ETHTOOL_A_FEATURES_WANTED | NLA_F_NESTED);
	bits = nla_nest_start(msg, ETHTOOL_A_BITSET_BITS | NLA_F_NESTED);
	if (!set || !bits)
		return -NLE_NOMEM;
	for (i = 0; i < ARRAY_SIZE(ethtool_names) && !ret; i++)
		if (known >> i & 1 && mask & ethtool_names[i].bit)
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

	static_assert((int)ETHTOOL_A_FEATURES_HEADER ==
		      (int)ETHTOOL_A_LINKMODES_HEADER &&
		      (int)ETHTOOL_A_FEATURES_HEADER ==
		      (int)ETHTOOL_A_LINKINFO_HEADER,
		      "all have their header in one place");
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

/* struct ethtool_answer - @known: names that the kernel has, in @features or not */
struct ethtool_answer {
	struct ethtool_features	features;
	u32			known;
};

static int ethtool_message(struct nl_msg *msg, void *arg)
{
	struct nlattr *tb[ETHTOOL_A_FEATURES_MAX + 1];
	struct ethtool_answer *answer = arg;
	struct ethtool_features *f = &answer->features;
	u32 can;

	if (genlmsg_parse(nlmsg_hdr(msg), 0, tb, ETHTOOL_A_FEATURES_MAX, NULL))
		return NL_SKIP;
	/* the kernel lists all that it has, on or not */
	answer->known = ethtool_parse(tb[ETHTOOL_A_FEATURES_HW], true);
	can = ethtool_parse(tb[ETHTOOL_A_FEATURES_HW], false) &
	      ~ethtool_parse(tb[ETHTOOL_A_FEATURES_NOCHANGE], false);
	f->on = ethtool_bits(ethtool_parse(tb[ETHTOOL_A_FEATURES_ACTIVE],
					   false));
	f->fixed = CVSW_DEVICE_MASK & ~ethtool_bits(can);
	f->asked = ethtool_bits(ethtool_parse(tb[ETHTOOL_A_FEATURES_WANTED],
					      false) & can);
	f->asked |= f->on & f->fixed;
	return NL_OK;
}

/* send @msg, which is taken, and read the one answer; returns libnl's error */
static int ethtool_exchange(struct nl_sock *sock, struct nl_msg *msg)
{
	int ret = nl_send_auto(sock, msg);

	nlmsg_free(msg);
	return ret < 0 ? ret : nl_recvmsgs_default(sock);
}

int ethtool_request(struct netns *ns, int ifindex, u8 cmd,
		    int (*valid)(struct nl_msg *msg, void *arg), void *arg)
{
	struct nl_sock *sock = netns_generic(ns);
	struct nl_msg *msg;
	int ret;

	ret = ethtool_begin(ns, ifindex, cmd, 0, &msg);
	if (ret)
		return ret;
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, valid, arg);
	ret = ethtool_exchange(sock, msg);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_DEFAULT, NULL, NULL);
	return ret;
}

/* returns libnl's error */
static int ethtool_ask(struct netns *ns, int ifindex,
		       struct ethtool_answer *answer)
{
	int ret;

	*answer = (struct ethtool_answer){};
	ret = ethtool_request(ns, ifindex, ETHTOOL_MSG_FEATURES_GET,
			      ethtool_message, answer);
	return !ret && !answer->known ? -NLE_OPNOTSUPP : ret;
}

int ethtool_get(struct netns *ns, int ifindex,
		struct ethtool_features *features)
{
	struct ethtool_answer answer;
	int ret = ethtool_ask(ns, ifindex, &answer);

	*features = answer.features;
	return netns_errno(ret);
}

int ethtool_set(struct netns *ns, int ifindex, __u32 mask, __u32 on)
{
	struct ethtool_answer answer;
	struct nl_msg *msg;
	int ret;

	ret = ethtool_ask(ns, ifindex, &answer);
	if (!ret)
		ret = ethtool_begin(ns, ifindex, ETHTOOL_MSG_FEATURES_SET,
				    ETHTOOL_FLAG_OMIT_REPLY, &msg);
	if (ret)
		return netns_errno(ret);
	ret = ethtool_put_wanted(msg, answer.known, mask, on);
	if (ret)
		nlmsg_free(msg);
	else
		ret = ethtool_exchange(netns_generic(ns), msg);
	return netns_errno(ret);
}
